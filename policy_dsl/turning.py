"""What an effect comes to under every combination of some readings: one generated function of a trace's values.

A loop stands for each reading, one inside another. What turns on a reading is reckoned inside its loop and no deeper;
what turns on none of them is what the trace has of it already. The tests hold it to the walker under each combination.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import define

from . import model as m
from .compiled import Function, Tracing
from .emit import Block, Code, Mask, Span, expr, stmts
from .explanation import Frame
from .periods import ends, ways
from .record import Record, Row

# A record, a trace's values of it (of the person, and of each row of each round), and the row that is judged with its
# values, if one is: the mask under each combination, that of the last reading changing first.
Turning = Callable[[Record, tuple[Any, ...], tuple[Any, ...], Row | None, tuple[Any, ...]], list[int]]

# The row that is judged; in the code its number ends in r, its values in the trace in c.
_JUDGED: Final = "m"

# What is shorter to say than to look up.
_SAID: Final = m.Constant | m.Leaf | m.Unprinted | m.DecisionDay | m.Admitted


def turning(
    tracing: Tracing, frame: Frame, verdict: m.Verdict | m.Strongest, readings: Mapping[str, tuple[str, ...]]
) -> Turning:
    """Compile one effect for some readings that the frame leaves open, of what a trace was asked for."""
    return _Turning(tracing, frame).under(verdict, readings)


@define(eq=False)
class _Under(Block):
    """The loop over a reading's alternatives."""

    reading: str = ""


class _Turning(Function):
    """Writes one function."""

    def __init__(self, tracing: Tracing, frame: Frame):
        super().__init__(frame)
        self.tracing = tracing
        self.over: dict[str, ast.Name] = {}
        self.round_of_row: dict[str, int] = {}

    def under(self, verdict: m.Verdict | m.Strongest, readings: Mapping[str, tuple[str, ...]]) -> Turning:
        """The loops over the readings, with the effect inside the last."""
        top = self.top
        top.body += stmts("masks = []\nfacts = record.facts\nlists = record.lists\nfindings = record.findings")
        if verdict.reach:
            top.rows[0] = _JUDGED
            self.round_of_row[_JUDGED] = self.tracing.round_of[id(verdict)]
            top.body += stmts("m = mr.values")
        inner: Block = top
        for name in readings:
            self.over[name] = self.fresh("chosen")
            inner = _Under(-1, inner, reading=name)
        mask = self.mask(verdict, inner)
        inner.body += stmts("masks.append(mask)", mask=mask)
        while isinstance(inner, _Under) and inner.parent is not None:
            options = [ast.Constant(1 << i) for i in range(len(readings[inner.reading]))]
            (loop,) = stmts(
                "for chosen in each:\n    pass",
                chosen=self.over[inner.reading], each=ast.Tuple(list(options), ast.Load()),
            )  # fmt: skip
            assert isinstance(loop, ast.For)
            loop.body = inner.body
            inner.parent.body.append(loop)
            inner = inner.parent
        top.body += stmts("return masks")
        return self.made("record, top, rounds, mr, mc")

    def home(self, e: m.Expr, block: Block) -> Block:
        """The outermost block where every row it reads and every reading it turns on is in view."""
        need = max(e.slots, default=-1)
        while block.parent is not None:
            if ("reading", block.reading) in e.topics if isinstance(block, _Under) else block.slot <= need:
                break
            block = block.parent
        return block

    def write(self, e: m.Expr, block: Block) -> Code:
        if isinstance(e, m.Leaf) and e.kind == "reading" and e.name in self.over:
            return self.over[e.name]
        return self.of_trace(e, block) or super().write(e, block)

    def of_trace(self, e: m.Expr, block: Block) -> Code | None:
        """What the trace has of a node that turns on none of the readings; None if it was not asked for it."""
        if isinstance(e, _SAID) or not e.topics.isdisjoint(("reading", name) for name in self.over):
            return None
        round, values = None, "top"
        if e.reach:
            row = self.row(0, block) if e.slots == {0} else ""
            if row not in self.round_of_row:
                return None
            round, values = self.round_of_row[row], row + "c"
        asked = self.tracing.asked[round].get(id(e))
        if asked is None:
            return None
        found = expr("values[i]", values=ast.Name(values, ast.Load()), i=asked[0])
        return self.opened(e.type, self.let(block, found), block)

    def fold(self, e: m.Fold, block: Block) -> Code:
        """A list's loop, of its own; over a round's rows, if it is of the person."""
        inner = Block(e.slot, block)
        name = self.enter(inner)
        if id(e) in self.tracing.round_of:
            self.round_of_row[name] = self.tracing.round_of[id(e)]
        code, start, step = self.folding(e)
        step(inner)
        block.body += start
        self.loop(e.list, e.slot, inner, block)
        return code(block)

    def strongest(self, e: m.Strongest, block: Block) -> Mask:
        for of, x in e.rows:
            # Rows whose own line does not turn on a reading are gone through outside its loop.
            outside = block
            while isinstance(outside, _Under) and ("reading", outside.reading) not in x.topics and outside.parent:
                outside = outside.parent
            inner = Block(0, outside)
            name = self.enter(inner)
            self.round_of_row[name] = self.tracing.round_of[id(x)]
            status = self.as_expr(self.mask(x, inner))
            start = self.reckon(x, status, ast.Name(name + "r", ast.Load()), inner)
            outside.body += start
            self.loop(of, 0, inner, outside)
        return super().strongest(e, block)

    def loop(self, of: str, slot: int, inner: Block, block: Block) -> None:
        name = inner.rows[slot]
        if name not in self.round_of_row:
            super().loop(of, slot, inner, block)
            return
        (loop,) = stmts(
            "for row, values in rounds[i]:\n    cells = row.values",
            row=ast.Name(name + "r", ast.Load()), values=ast.Name(name + "c", ast.Load()),
            cells=ast.Name(name, ast.Load()), i=self.round_of_row[name],
        )  # fmt: skip
        assert isinstance(loop, ast.For)
        loop.body += inner.body
        block.body.append(loop)

    def shift(self, e: m.Shift, block: Block) -> Span:
        """A day moved by a period whose ways of counting are among the readings, as the walker moves it."""
        taken = [self.mask(r, block) for r in e.readings]
        if all(isinstance(mask, int) for mask in taken):
            return super().shift(e, block)
        unit, sign, calendar = e.unit, e.sign, e.calendar
        lift = self.constant(lambda day, amount, masks: ends(day, amount, unit, sign, ways(masks), calendar)[0], "lift")
        low, high, none = self.fresh(), self.fresh(), self.fresh()
        block.body += stmts(
            "low, high, none = lift(day, amount, masks)",
            low=low, high=high, none=none, lift=lift,
            day=self.closed(self.span(e.day, block)), amount=self.closed(self.span(e.amount, block)),
            masks=ast.Tuple([self.as_expr(mask) for mask in taken], ast.Load()),
        )  # fmt: skip
        return Span(low, high, none)
