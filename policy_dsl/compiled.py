"""The same meaning as one generated function: for one policy under one frame, statuses and packed atoms.

The code is built as `ast` nodes from the checked model: what an author wrote enters it only as constants. A finite
value is a local that holds a mask; an ordered one is two or three locals (lowest, highest, may be 无). Folds over one
list that do not wait for one another share a loop; an expression that stands twice is evaluated once. The walker in
`evaluate` defines the meaning; the tests hold this to it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any

from attrs import define, field, frozen

from . import model as m
from . import values as v
from .calendar_days import year_last_day
from .evaluate import moved
from .explanation import Frame
from .folds import FOLDS, Judged
from .record import NOT_ASKED, History, Record
from .statuses import SILENT, ranked, statuses_of, unranked
from .values import INF, NO, UNKNOWN, YES

Mask = int | ast.expr


@frozen
class Span:
    """An ordered value in the generated code."""

    low: ast.expr
    high: ast.expr
    none: ast.expr | None


Code = Mask | Span
Output = tuple[str | None, m.Verdict | m.Strongest]


@frozen
class Compiled:
    """A policy under a frame, ready to run: one call a record."""

    policy: m.Policy
    frame: Frame
    atoms: tuple[m.Expr, ...]
    verdicts: tuple[tuple[str, str | None], ...]
    run: Callable[[Record], tuple[tuple[Any, ...], int]]

    def statuses(self, record: Record) -> tuple[tuple[Any, ...], int]:
        """For each verdict a mask (of the person) or a tuple of masks (a list's rows), and the packed atoms."""
        return self.run(record)


def compile(policy: m.Policy, frame: Frame) -> Compiled:
    """The function of a policy under a frame. It takes records as `record.as_known` leaves them."""
    outputs: list[tuple[str, str | None, m.Verdict | m.Strongest]] = []
    for w in policy.verdicts:
        outputs.append((w.effect, None, w.person))
        outputs += [(w.effect, of, x) for of, x in w.elements.items()]
    kept = tuple(atoms([x for _, of, x in outputs if of is None]))
    run = _Emitter(frame).function([(of, x) for _, of, x in outputs], kept)
    return Compiled(policy, frame, kept, tuple((effect, of) for effect, of, _ in outputs), run)


@frozen
class Traced:
    """The function that hands back the value of every node, and where each stands in what it returns."""

    run: Callable[[Record], tuple[tuple[Any, ...], tuple[list[Any], ...]]]
    top_at: dict[int, int]
    row_at: list[dict[int, int]]
    round_of: dict[int, int]


def trace(policy: m.Policy, frame: Frame) -> Traced:
    """The function of a policy that `tracing` builds explanations from."""
    outputs: list[Output] = []
    for w in policy.verdicts:
        outputs.append((None, w.person))
        outputs += w.elements.items()
    return _Emitter(frame).traced(outputs)


def atoms(outputs: list[m.Verdict | m.Strongest]) -> Iterator[m.Expr]:
    """The outermost truth values of the person that no connective makes: what an explanation is rebuilt from."""
    for e in m.walk(*outputs):
        connective = m.All | m.Any | m.Not | m.Named | m.Choose | m.Constant | m.Admitted
        if (
            e.type.kind == "truth"
            and not e.slots
            and not isinstance(e, connective)
            and not isinstance(e, m.Verdict | m.Strongest)
        ):
            yield e


def unpack(kept: tuple[m.Expr, ...], packed: int) -> dict[int, int]:
    """The truth values of a row's atoms, by the identity of their node."""
    return {id(a): packed >> 2 * i & 3 for i, a in enumerate(kept)}


# Code as trees: templates of our own, in which names are replaced by nodes.


@cache
def _template(text: str) -> tuple[ast.stmt, ...]:
    return tuple(ast.parse(text).body)


class _Replace(ast.NodeTransformer):
    def __init__(self, nodes: dict[str, Any]):
        self.nodes = nodes

    def visit_Name(self, node: ast.Name) -> ast.AST:
        found = self.nodes.get(node.id)
        if found is None:
            return node
        if isinstance(found, ast.Name):
            return ast.Name(found.id, node.ctx)
        return found if isinstance(found, ast.AST) else ast.Constant(found)


def _stmts(text: str, **nodes: Any) -> list[ast.stmt]:
    change = _Replace(nodes)
    return [change.visit(deepcopy(s)) for s in _template(text)]


def _expr(text: str, **nodes: Any) -> ast.expr:
    found = _stmts(text, **nodes)[0]
    assert isinstance(found, ast.Expr)
    return found.value


def _number(x: v.Bound) -> ast.expr:
    if x in (INF, -INF):
        return _expr("INF" if x > 0 else "-INF")
    return ast.Constant(x)


@define(eq=False)
class _Block:
    """Statements of one scope: the function, or the body of a loop over rows; *slot* is the loop's row."""

    slot: int
    parent: _Block | None
    body: list[ast.stmt] = field(factory=list)
    known: dict[int, Code] = field(factory=dict)
    rows: dict[int, str] = field(factory=dict)


class _Emitter:
    """Writes one function."""

    def __init__(self, frame: Frame):
        self.frame = frame
        self.top = _Block(-1, None)
        self.kinds: dict[tuple[Any, ...], int] = {}
        self.kind_of: dict[int, int] = {}
        self.count = 0
        self.scope: dict[str, Any] = {
            "INF": INF, "History": History, "NOT_ASKED": NOT_ASKED, "Judged": Judged, "moved": moved, "point": v.point,
        }  # fmt: skip
        self.results: dict[int, Code] = {}
        self.depth_of: dict[int, int] = {}
        self.keep: list[Any] = []
        self.account: dict[int, tuple[ast.Name, ast.Name]] = {}

    # Names and sharing.

    def fresh(self, stem: str = "v") -> ast.Name:
        self.count += 1
        return ast.Name(f"{stem}{self.count}", ast.Load())

    def constant(self, value: Any, stem: str) -> ast.Name:
        name = self.fresh(stem)
        self.scope[name.id] = value
        return name

    def kind(self, e: m.Expr) -> int:
        """One number for expressions that say the same, so that each is evaluated once."""
        if id(e) not in self.kind_of:
            inner = tuple(self.kind(p) for p in m.parts(e))
            own: tuple[Any, ...]
            match e:
                case m.Constant(value=value):
                    own = (value, e.type.kind, e.type.options)
                case m.Fact(name=name) | m.Leaf(name=name):
                    own = (name,) if isinstance(e, m.Fact) else (name, id(e))
                case (
                    m.Field(list=of, name=name, slot=slot)
                    | m.Finding(list=of, name=name, slot=slot)
                    | m.Happened(list=of, name=name, slot=slot)
                ):
                    own = (of, name, slot)
                case m.Is(options=options):
                    own = (options,)
                case m.AtLeast(strict=strict):
                    own = (strict,)
                case m.Scale(factor=factor):
                    own = (factor,)
                case m.Extreme(most=most):
                    own = (most,)
                case m.Fold(list=of, slot=slot, how=how):
                    own = (of, slot, how)
                case (
                    m.Named() | m.Not() | m.All() | m.Any() | m.Same() | m.Equal() | m.Choose() | m.Add() | m.YearEnd()
                ):
                    own = ()
                case _:
                    own = (id(e),)
            key = (type(e).__name__, own, inner)
            self.kind_of[id(e)] = self.kinds.setdefault(key, len(self.kinds))
            self.keep.append(e)
        return self.kind_of[id(e)]

    def home(self, e: m.Expr, block: _Block) -> _Block:
        """The outermost block where everything *e* reads is in view."""
        need = max(e.slots, default=-1)
        while block.slot > need and block.parent is not None:
            block = block.parent
        return block

    # Values.

    def mask(self, e: m.Expr, block: _Block) -> Mask:
        code = self.code(e, block)
        assert not isinstance(code, Span)
        return code

    def span(self, e: m.Expr, block: _Block) -> Span:
        code = self.code(e, block)
        assert isinstance(code, Span)
        return code

    def code(self, e: m.Expr, block: _Block) -> Code:
        block = self.home(e, block)
        key = self.kind(e)
        at: _Block | None = block
        while at is not None:
            if key in at.known:
                return at.known[key]
            at = at.parent
        code = self.write(e, block)
        block.known[key] = code
        return code

    def let(self, block: _Block, value: ast.expr) -> ast.Name:
        name = self.fresh()
        block.body += _stmts("name = value", name=name, value=value)
        return name

    def write(self, e: m.Expr, block: _Block) -> Code:
        match e:
            case m.Constant(value=value):
                return self.fixed(value)
            case m.Fact(name=name, moment=moment):
                return self.fact(e, name, moment, block)
            case m.Field(name=name, slot=slot):
                row = ast.Name(self.row(slot, block), ast.Load())
                return self.opened(
                    e.type,
                    self.let(block, _expr("row.get(name, top)", row=row, name=name, top=self.top_of(e.type))),
                    block,
                )
            case m.Happened(slot=slot):
                row = ast.Name(self.row(slot, block) + "r", ast.Load())
                return self.let(block, _expr("2 if row.sure else 3", row=row))
            case m.RowId(slot=slot):
                row = ast.Name(self.row(slot, block) + "r", ast.Load())
                top = self.top_of(e.type)
                return self.opened(
                    e.type, self.let(block, _expr("top if row.id is None else point(row.id)", row=row, top=top)), block
                )
            case m.Finding(name=name, list=of, slot=slot):
                row_id: ast.expr = (
                    ast.Constant(None)
                    if slot is None
                    else _expr("row.id", row=ast.Name(self.row(slot, block) + "r", ast.Load()))
                )
                found = _expr(
                    "findings.get((name, of, id), top)",
                    name=name,
                    of=ast.Constant(of),
                    id=row_id,
                    top=self.top_of(e.type),
                )
                return self.opened(e.type, self.let(block, found), block)
            case m.Leaf(name=name, kind=kind, top=top):
                chosen = self.frame.readings.get(name) if kind == "reading" else None
                return self.fixed(top if chosen is None else e.type.option(chosen))
            case m.Unprinted() | m.Alike():
                return NO if self.frame.printed else UNKNOWN
            case m.DecisionDay():
                return self.fixed(v.point(self.frame.as_of))
            case m.Admitted(layer=layer):
                return YES if layer in self.frame.layers else NO
            case m.Named(body=body):
                return self.code(body, block)
            case m.Not(part=part):
                a = self.mask(part, block)
                return v.negation(a) if isinstance(a, int) else self.let(block, _expr("(0, 2, 1, 3)[a]", a=a))
            case m.All(parts=parts):
                return self.junction([self.mask(p, block) for p in parts], NO, YES, block)
            case m.Any(parts=parts):
                return self.junction([self.mask(p, block) for p in parts], YES, NO, block)
            case m.Is(part=part, options=options, alike=alike):
                return self.is_in(part, options, alike, block)
            case m.Same(left=left, right=right):
                same = self.constant(v.same, "same")
                a, b = self.mask(left, block), self.mask(right, block)
                return self.let(block, _expr("same(a, b, none)", same=same, a=a, b=b, none=left.type.none))
            case m.Equal(left=left, right=right):
                return self.equal(self.span(left, block), self.span(right, block), block)
            case m.AtLeast(left=left, right=right, strict=strict):
                return self.at_least(self.span(left, block), self.span(right, block), strict, block)
            case m.Choose(condition=condition, then=then, otherwise=otherwise):
                return self.choose(
                    self.mask(condition, block), self.code(then, block), self.code(otherwise, block), block
                )
            case m.Add(parts=parts):
                return (
                    self.called(v.add, parts, block)
                    if any(p.type.may_be_none for p in parts)
                    else self.add(parts, block)
                )
            case m.Scale(factor=factor, part=part):
                return self.called(lambda ps: v.scale(factor, ps[0]), (part,), block)
            case m.Extreme(parts=parts, most=most):
                return self.extreme(parts, most, block)
            case m.Shift():
                return self.shift(e, block)
            case m.YearEnd(part=part):
                return self.called(_year_end, (part,), block)
            case m.Fold():
                return self.fold(e, block)
            case m.Verdict(flags=flags):
                return self.verdict(flags, block)
            case m.Strongest():
                return self.strongest(e, block)
        raise TypeError(e)

    def fixed(self, value: v.Value) -> Code:
        if isinstance(value, int):
            return value
        return Span(_number(value[0]), _number(value[1]), ast.Constant(True) if value[2] else None)

    def top_of(self, type: v.Type) -> ast.expr:
        return self.constant(type.top, "top") if not isinstance(type.top, int) else ast.Constant(type.top)

    def opened(self, type: v.Type, value: ast.Name, block: _Block) -> Code:
        """A value as read from the record: a mask as it is, a triple as three locals."""
        if type.finite:
            return value
        low, high, none = self.fresh(), self.fresh(), self.fresh()
        block.body += _stmts("low, high, none = value", low=low, high=high, none=none, value=value)
        return Span(low, high, none if type.may_be_none else None)

    def closed(self, span: Span) -> ast.expr:
        return ast.Tuple([span.low, span.high, span.none or ast.Constant(False)], ast.Load())

    def row(self, slot: int, block: _Block | None) -> str:
        while block is not None:
            if slot in block.rows:
                return block.rows[slot]
            block = block.parent
        raise KeyError(slot)

    def fact(self, e: m.Fact, name: str, moment: m.Expr | None, block: _Block) -> Code:
        value = self.let(block, _expr("facts.get(name, top)", name=name, top=self.top_of(e.type)))
        day: ast.expr = (
            self.constant(v.point(self.frame.as_of), "day") if moment is None else self.closed(self.span(moment, block))
        )
        block.body += (
            _stmts(
                "if isinstance(value, History):\n    value = value.at(day, top)",
                value=value,
                day=day,
                top=self.top_of(e.type),
            )
            if moment is not None
            else []
        )
        return self.opened(e.type, value, block)

    # Truth.

    def junction(self, parts: list[Mask], settling: int, neutral: int, block: _Block) -> Mask:
        if settling in [p for p in parts if isinstance(p, int)]:
            return settling
        fixed = [p for p in parts if isinstance(p, int) and p != neutral]
        rest: list[ast.expr] = list({ast.dump(p): p for p in parts if not isinstance(p, int)}.values())
        if not rest:
            return UNKNOWN if fixed else neutral
        if fixed:
            rest.append(ast.Constant(UNKNOWN))
        if len(rest) == 1:
            return rest[0]
        both, one = rest[0], rest[0]
        for p in rest[1:]:
            both = _expr("a & b", a=both, b=p)
            one = _expr("a | b", a=one, b=p)
        if settling == NO:
            return self.let(block, _expr("(both & 2) | (one & 1)", both=both, one=one))
        return self.let(block, _expr("(one & 2) | (both & 1)", both=both, one=one))

    def is_in(self, part: m.Expr, options: int, alike: m.Alike | None, block: _Block) -> Mask:
        a = self.mask(part, block)
        size = 1 << len(part.type.options) + 1
        none = 1 << len(part.type.options)
        beyond = 0 if alike is None else (NO if self.frame.printed else UNKNOWN)

        def of(value: int) -> int:
            far = value & ~options & ~none if alike is not None else 0
            return v.is_in(value & ~far, options) | (beyond if far else 0)

        if isinstance(a, int):
            return of(a)
        if size <= 256:
            # Every mask's answer, looked up.
            table = self.constant(tuple(of(x) for x in range(size)), "in")
            return self.let(block, _expr("table[a]", table=table, a=a))
        others, far = (size - 1) & ~options, (size - 1) & ~options & ~none
        if beyond:
            others &= ~far
        inside = _expr("(2 if a & options else 0) | (1 if a & others else 0)", a=a, options=options, others=others)
        if beyond:
            inside = _expr("inside | (beyond if a & far else 0)", inside=inside, beyond=beyond, a=a, far=far)
        return self.let(block, inside)

    def none_of(self, *spans: Span) -> ast.expr | None:
        nones = [s.none for s in spans if s.none is not None]
        if not nones:
            return None
        return nones[0] if len(nones) == 1 else _expr("a or b", a=nones[0], b=nones[1])

    def at_least(self, a: Span, b: Span, strict: bool, block: _Block) -> Mask:
        none = self.none_of(a, b)
        yes, no = ("ah > bl", "al <= bh") if strict else ("ah >= bl", "al < bh")
        names = {"al": a.low, "ah": a.high, "bl": b.low, "bh": b.high}
        if none is None:
            return self.let(block, _expr(f"((3 if {no} else 2) if {yes} else 1)", **names))
        whole = f"((2 if {yes} else 0) | (1 if {no} or none else 0)) if al <= ah and bl <= bh else 1"
        return self.let(block, _expr(whole, none=none, **names))

    def equal(self, a: Span, b: Span, block: _Block) -> Mask:
        none = self.none_of(a, b)
        names = {"al": a.low, "ah": a.high, "bl": b.low, "bh": b.high}
        if none is None:
            return self.let(
                block, _expr("((2 if al == ah == bl == bh else 3) if al <= bh and bl <= ah else 1)", **names)
            )
        sides = "(0 if al == ah == bl == bh else 1) | (2 if al <= bh and bl <= ah else 0) | (1 if none else 0)"
        whole = f"({sides}) if al <= ah and bl <= bh else 1"
        return self.let(block, _expr(whole, none=none, **names))

    def choose(self, c: Mask, a: Code, b: Code, block: _Block) -> Code:
        if isinstance(c, int) and c != UNKNOWN:
            return a if c == YES else b
        if isinstance(a, Span) and isinstance(b, Span):
            if isinstance(c, int):
                c = ast.Constant(c)
            if (
                all(isinstance(x, ast.Constant) for x in (a.low, a.high, b.low, b.high))
                and a.none is None
                and b.none is None
            ):
                return self.chosen(c, a, b, block)
            low = self.let(block, _expr("a if c == 2 else b if c == 1 else a if a < b else b", c=c, a=a.low, b=b.low))
            high = self.let(
                block, _expr("a if c == 2 else b if c == 1 else a if a > b else b", c=c, a=a.high, b=b.high)
            )
            none = None
            if a.none is not None or b.none is not None:
                x, y = a.none or ast.Constant(False), b.none or ast.Constant(False)
                none = self.let(block, _expr("a if c == 2 else b if c == 1 else a or b", c=c, a=x, b=y))
            return Span(low, high, none)
        assert not isinstance(a, Span) and not isinstance(b, Span)
        return self.let(block, _expr("a if c == 2 else b if c == 1 else a | b", c=c, a=a, b=b))

    def chosen(self, c: ast.expr, a: Span, b: Span, block: _Block) -> Span:
        """Between two constants: looked up by the condition."""
        x: list[Any] = [p.value for p in (a.low, a.high, b.low, b.high) if isinstance(p, ast.Constant)]
        low = self.constant((0, x[2], x[0], min(x[0], x[2])), "low")
        high = self.constant((0, x[3], x[1], max(x[1], x[3])), "high")
        return Span(
            self.let(block, _expr("table[c]", table=low, c=c)),
            self.let(block, _expr("table[c]", table=high, c=c)),
            None,
        )

    # Numbers.

    def add(self, parts: tuple[m.Expr, ...], block: _Block) -> Span:
        flat = [self.span(p, block) for p in self.flattened(parts)]
        low, high = flat[0].low, flat[0].high
        for s in flat[1:]:
            low, high = _expr("a + b", a=low, b=s.low), _expr("a + b", a=high, b=s.high)
        return Span(self.let(block, low), self.let(block, high), None)

    def flattened(self, parts: tuple[m.Expr, ...]) -> Iterator[m.Expr]:
        for p in parts:
            if isinstance(p, m.Add) and not p.slots and not any(x.type.may_be_none for x in p.parts):
                yield from self.flattened(p.parts)
            else:
                yield p

    def extreme(self, parts: tuple[m.Expr, ...], most: bool, block: _Block) -> Span:
        if any(p.type.may_be_none for p in parts):
            return self.called(lambda ps: v.extreme(ps, most), parts, block)
        spans = [self.span(p, block) for p in parts]
        low, high = spans[0].low, spans[0].high
        for s in spans[1:]:
            low = self.let(block, _expr(f"a if a {'>' if most else '<'} b else b", a=low, b=s.low))
            high = self.let(block, _expr(f"a if a {'>' if most else '<'} b else b", a=high, b=s.high))
        return Span(low, high, None)

    def called(self, lift: Callable[[list[v.Range]], v.Value], parts: tuple[m.Expr, ...], block: _Block) -> Span:
        """The lift of `values` itself, where speed is not wanted."""
        name = self.constant(lift, "lift")
        given = ast.List([self.closed(self.span(p, block)) for p in parts], ast.Load())
        low, high, none = self.fresh(), self.fresh(), self.fresh()
        block.body += _stmts("low, high, none = lift(given)", low=low, high=high, none=none, lift=name, given=given)
        return Span(low, high, none)

    def shift(self, e: m.Shift, block: _Block) -> Span:
        first, end = self.mask(e.first_day, block), self.mask(e.month_end, block)
        assert isinstance(first, int) and isinstance(end, int)
        ways = [(i == 1, j == 1) for i in range(2) if first >> i & 1 for j in range(2) if end >> j & 1]
        unit, sign = e.unit, e.sign

        def of(ps: list[v.Range]) -> v.Range:
            a, n = ps
            if a[0] > a[1] or n[0] > n[1]:
                return v.NONE
            days = [moved(d, k, unit, sign, x, y) for x, y in ways for d in a[:2] for k in n[:2]]
            return min(days), max(days), a[2] or n[2]

        return self.called(of, (e.day, e.amount), block)

    # Lists.

    def fold(self, e: m.Fold, block: _Block) -> Code:
        """A fold that stands inside a row's condition, or waits for another: a loop of its own."""
        if id(e) in self.results:
            return self.results[id(e)]
        code, start, step = self.folding(e)
        inner = _Block(e.slot, block)
        block.body += start
        step(inner)
        self.loop(e.list, e.slot, inner, block)
        return code(block)

    def loop(self, of: str, slot: int, inner: _Block, block: _Block) -> None:
        name = inner.rows[slot]
        members, row, cells = self.fresh("l"), ast.Name(name + "r", ast.Load()), ast.Name(name, ast.Load())
        head = _stmts("members = lists.get(of, NOT_ASKED)", members=members, of=of)
        loop = _stmts(
            "for row in (members.known + members.unlisted(day) if members.open else members.known):\n"
            "    cells = row.values",
            row=row, members=members, cells=cells, day=self.frame.as_of,
        )  # fmt: skip
        assert isinstance(loop[0], ast.For)
        loop[0].body += inner.body
        block.body += head + loop

    def enter(self, inner: _Block) -> str:
        if inner.slot not in inner.rows:
            self.count += 1
            inner.rows[inner.slot] = f"m{self.count}"
        return inner.rows[inner.slot]

    def folding(self, e: m.Fold) -> tuple[Callable[[_Block], Code], list[ast.stmt], Callable[[_Block], None]]:
        """How a fold starts, what it does with a row, and what it comes to."""
        low, high, total = self.fresh("lo"), self.fresh("hi"), self.fresh("all")

        def where(inner: _Block) -> tuple[ast.expr, ast.expr]:
            row = ast.Name(self.enter(inner) + "r", ast.Load())
            w = self.mask(e.where, inner)
            return (ast.Constant(w) if isinstance(w, int) else w), row

        if e.how == "some":

            def step_some(inner: _Block) -> None:
                w, row = where(inner)
                inner.body += _stmts(
                    "if w != 1 and s != 2:\n    s = 2 if w == 2 and row.sure else 3", w=w, s=low, row=row
                )

            return (lambda _: low), _stmts("s = 1", s=low), step_some
        if e.how == "count":

            def step_count(inner: _Block) -> None:
                w, row = where(inner)
                inner.body += _stmts(
                    "if w != 1:\n    if row.id is None:\n        hi = INF\n    else:\n        hi += 1\n"
                    "        if w == 2 and row.sure:\n            lo += 1",
                    w=w, hi=high, lo=low, row=row,
                )  # fmt: skip

            return (lambda _: Span(low, high, None)), _stmts("lo = hi = 0", lo=low, hi=high), step_count
        return self.gathered(e, total, where)

    def gathered(
        self, e: m.Fold, total: ast.Name, where: Any
    ) -> tuple[Callable[[_Block], Code], list[ast.stmt], Callable[[_Block], None]]:
        """Other folds: the rows as judged are handed to the walker's own fold."""
        of = self.constant(lambda judged: FOLDS[e.how](e, judged), "fold")

        def step(inner: _Block) -> None:
            w, row = where(inner)
            value: ast.expr = ast.Constant(None)
            if e.value is not None:
                code = self.code(e.value, inner)
                value = (
                    self.closed(code)
                    if isinstance(code, Span)
                    else ast.Constant(code)
                    if isinstance(code, int)
                    else code
                )
            inner.body += _stmts(
                "if w != 1:\n    all.append(Judged(row, w if row.sure else 3, value, None, None))",
                w=w,
                all=total,
                row=row,
                value=value,
            )

        def result(block: _Block) -> Code:
            value = self.let(block, _expr("of(all)", of=of, all=total))
            return value if e.type.finite else self.opened(e.type, value, block)

        return result, _stmts("all = []", all=total), step

    def depth(self, e: m.Expr) -> int:
        """How many rounds of loops over lists must have run before *e* can be evaluated for the person."""
        if id(e) not in self.depth_of:
            inner = max((self.depth(p) for p in m.parts(e)), default=0)
            own = isinstance(e, m.Fold) and e.slot == 0 and not e.slots
            self.depth_of[id(e)] = inner + own
            self.keep.append(e)
        return self.depth_of[id(e)]

    # The whole.

    def verdict(self, flags: tuple[m.Contribution, ...], block: _Block) -> Mask:
        """Every combination of truths, looked up: two bits for each flag, and two more for each duty's waiver."""
        by: dict[str, list[Mask]] = {}
        pairs: list[tuple[str, Mask, Mask]] = []
        for c in flags:
            if c.waived is None:
                by.setdefault(c.flag, []).append(self.mask(c.fires, block))
            else:
                pairs.append((c.flag, self.mask(c.fires, block), self.mask(c.waived, block)))
        names = sorted(by, key=m.FLAGS.index)
        truths = [self.junction(by[n], YES, NO, block) for n in names] + [x for _, f, w in pairs for x in (f, w)]

        def of(given: tuple[int, ...]) -> int:
            plain = [(n, t, None) for n, t in zip(names, given, strict=False)]
            rest = given[len(names) :]
            waived = [(flag, rest[2 * i], rest[2 * i + 1]) for i, (flag, _, _) in enumerate(pairs)]
            return statuses_of([*plain, *waived])

        fixed = [t for t in truths if isinstance(t, int)]
        if len(fixed) == len(truths):
            return of(tuple(fixed))
        index: ast.expr = ast.Constant(0)
        for i, t in enumerate(map(self.as_expr, truths)):
            index = t if i == 0 else _expr("a | t << n", a=index, t=t, n=2 * i)
        if len(truths) <= 5:
            table = []
            for n in range(1 << 2 * len(truths)):
                given = tuple(n >> 2 * i & 3 for i in range(len(truths)))
                table.append(of(given) if all(given) else 0)
            return self.let(block, _expr("table[i]", table=self.constant(tuple(table), "status"), i=index))
        call = self.constant(of, "status")
        return self.let(
            block, _expr("of(given)", of=call, given=ast.Tuple(list(map(self.as_expr, truths)), ast.Load()))
        )

    def strongest(self, e: m.Strongest, block: _Block) -> Mask:
        """The person's line, of the rounds' own accounts: what rows may be, and the weakest that one certainly is."""
        own = self.mask(e.own, block)
        strengths = self.constant(tuple(ranked(i) for i in range(1 << len(m.STATUSES))), "rank")
        back = self.constant(tuple(unranked(i) for i in range(1 << len(m.STATUSES))), "unrank")
        mine = self.let(block, _expr("t[a]", t=strengths, a=self.as_expr(own)))
        every: ast.expr = mine
        floor: ast.expr = self.let(block, _expr("a & -a", a=mine))
        for _, x in e.rows:
            some, least = self.account[id(x)]
            every = _expr("a | b", a=every, b=some)
            floor = self.let(block, _expr("a if a > b else b", a=floor, b=least))
        return self.let(block, _expr("t[a & -b]", t=back, a=every, b=floor))

    def function(self, outputs: list[Output], kept: tuple[m.Expr, ...]) -> Callable[[Record], Any]:
        """The function of one policy: round by round of loops, then the statuses and the atoms."""
        top = self.top
        top.body += _stmts("facts = record.facts\nlists = record.lists\nfindings = record.findings")
        each: dict[int, ast.Name] = {id(x): self.fresh("each") for of, x in outputs if of is not None}
        for of, members in self.rounds(outputs):
            self.round(of, members, each)
        done = [each[id(x)] if of is not None else self.as_expr(self.mask(x, top)) for of, x in outputs]
        packed: ast.expr = ast.Constant(0)
        for i, a in enumerate(kept):
            digit = self.as_expr(self.mask(a, top))
            packed = digit if i == 0 else _expr("a | d << n", a=packed, d=digit, n=2 * i)
        top.body += _stmts("return done, packed", done=ast.Tuple(list(done), ast.Load()), packed=packed)
        return self.made()

    def rounds(self, outputs: list[Output]) -> list[tuple[str, list[m.Fold | m.Verdict]]]:
        """The loops to run, in order: folds of the person that wait for no other come first; a fold said twice is
        listed twice, and evaluated once."""
        found: dict[tuple[int, str], list[m.Fold | m.Verdict]] = {}
        for e in m.walk(*(x for _, x in outputs)):
            if isinstance(e, m.Fold) and e.slot == 0 and not e.slots:
                found.setdefault((self.depth(e), e.list), []).append(e)
        for of, x in outputs:
            if of is not None and isinstance(x, m.Verdict):
                found.setdefault((self.depth(x) + 1, of), []).append(x)
        return [(of, members) for (_, of), members in sorted(found.items(), key=lambda r: r[0])]

    def traced(self, outputs: list[Output]) -> Traced:
        """The same function with every node's value handed back."""
        top = self.top
        top.body += _stmts("facts = record.facts\nlists = record.lists\nfindings = record.findings")
        row_at: list[dict[int, int]] = []
        round_of: dict[int, int] = {}
        kept: list[ast.expr] = []
        for n, (of, members) in enumerate(self.rounds(outputs)):
            rows = self.fresh("rows")
            top.body += _stmts("rows = []", rows=rows)
            places: dict[int, int] = {}
            roots = [x for e in members for x in (m.parts(e) if isinstance(e, m.Fold) else (e,))]
            self.round(of, members, {}, (rows, [e for e in m.walk(*roots) if e.slots == {0}], places))
            row_at.append(places)
            round_of |= {id(e): n for e in members}
            kept.append(rows)
        top_at: dict[int, int] = {}
        values: list[ast.expr] = []
        for e in m.walk(*(x for _, x in outputs)):
            if not e.slots:
                top_at[id(e)] = len(values)
                values.append(self.as_value(self.code(e, top)))
        found = ast.Tuple([ast.Tuple(values, ast.Load()), ast.Tuple(kept, ast.Load())], ast.Load())
        top.body += _stmts("return found", found=found)
        return Traced(self.made(), top_at, row_at, round_of)

    def as_value(self, code: Code) -> ast.expr:
        return self.closed(code) if isinstance(code, Span) else self.as_expr(code)

    def made(self) -> Callable[[Record], Any]:
        """What has been written, as a function."""
        head = ast.parse("def decide(record):\n    pass").body[0]
        assert isinstance(head, ast.FunctionDef)
        head.body = self.top.body
        module = ast.fix_missing_locations(ast.Module([head], []))
        exec(builtins.compile(module, "<policy>", "exec"), self.scope)
        run: Callable[[Record], Any] = self.scope["decide"]
        return run

    def as_expr(self, mask: Mask) -> ast.expr:
        return ast.Constant(mask) if isinstance(mask, int) else mask

    def reckon(self, e: m.Verdict, status: ast.expr, row: ast.Name, inner: _Block) -> list[ast.stmt]:
        """Keep account of a row's statuses for the person's line."""
        some, least = self.account.setdefault(id(e), (self.fresh("some"), self.fresh("least")))
        strengths = self.constant(tuple(ranked(i) for i in range(1 << len(m.STATUSES))), "rank")
        inner.body += _stmts(
            "s = t[status if row.sure else status | silent]\nsome |= s\nif s & -s > least:\n    least = s & -s",
            s=self.fresh(), t=strengths, status=status, row=row, silent=SILENT, some=some, least=least,
        )  # fmt: skip
        return _stmts("some = 0\nleast = 1", some=some, least=least)

    def round(
        self,
        of: str,
        members: list[m.Fold | m.Verdict],
        each: dict[int, ast.Name],
        seen: tuple[ast.Name, list[m.Expr], dict[int, int]] | None = None,
    ) -> None:
        """One loop over a list: every fold that is ready, the statuses of its rows, and each row's values if asked."""
        inner = _Block(0, self.top)
        self.enter(inner)
        after: list[tuple[m.Fold, Callable[[_Block], Code]]] = []
        starts: list[ast.stmt] = []
        for e in members:
            if isinstance(e, m.Fold):
                if self.kind(e) in {self.kind(f) for f, _ in after}:
                    continue
                code, start, step = self.folding(e)
                starts += start
                step(inner)
                after.append((e, code))
            else:
                status, row = self.as_expr(self.mask(e, inner)), ast.Name(inner.rows[0] + "r", ast.Load())
                if id(e) in each:
                    starts += _stmts("all = []", all=each[id(e)])
                    inner.body += _stmts(
                        "if row.id is not None:\n    all.append(status)", row=row, all=each[id(e)], status=status
                    )
                starts += self.reckon(e, status, row, inner)
        if seen is not None:
            rows, nodes, places = seen
            cells: list[ast.expr] = []
            for x in nodes:
                places[id(x)] = len(cells)
                cells.append(self.as_value(self.code(x, inner)))
            row = ast.Name(inner.rows[0] + "r", ast.Load())
            pair = ast.Tuple([row, ast.Tuple(cells, ast.Load())], ast.Load())
            inner.body += _stmts("rows.append(pair)", rows=rows, pair=pair)
        self.top.body += starts
        self.loop(of, 0, inner, self.top)
        for e, code in after:
            self.top.known[self.kind(e)] = code(self.top)


def _year_end(parts: list[v.Range]) -> v.Range:
    low, high, none = parts[0]
    return v.NONE if low > high else (year_last_day(low), year_last_day(high), none)
