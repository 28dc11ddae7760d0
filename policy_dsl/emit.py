"""Code for conditions and values: each node of the model as `ast` nodes over a record's cells."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from attrs import define, field, frozen

from . import model as m
from . import values as v
from .calendar_days import year_last_day
from .explanation import Frame
from .folds import Judged
from .periods import BY_CALENDAR, ends, reached, ways
from .record import NOT_ASKED, History
from .values import INF, NO, UNKNOWN, YES

Mask = int | ast.expr


@frozen
class Span:
    """An ordered value in the generated code."""

    low: ast.expr
    high: ast.expr
    none: ast.expr | None


Code = Mask | Span


@cache
def _template(text: str) -> tuple[ast.stmt, ...]:
    return tuple(ast.parse(text).body)


def _filled(x: Any, nodes: dict[str, Any]) -> Any:
    """A copy of a template, with what is to stand where its names do."""
    if isinstance(x, list):
        return [_filled(one, nodes) for one in x]
    if isinstance(x, ast.Name):
        found = nodes.get(x.id)
        if found is None or isinstance(found, ast.Name):
            return ast.Name(x.id if found is None else found.id, x.ctx)
        return found if isinstance(found, ast.AST) else ast.Constant(found)
    # An operator has no parts and says the same wherever it stands.
    return type(x)(*[_filled(getattr(x, f), nodes) for f in x._fields]) if isinstance(x, ast.AST) and x._fields else x


def stmts(text: str, **nodes: Any) -> list[ast.stmt]:
    return [_filled(s, nodes) for s in _template(text)]


def expr(text: str, **nodes: Any) -> ast.expr:
    found = stmts(text, **nodes)[0]
    assert isinstance(found, ast.Expr)
    return found.value


def number_code(x: v.Bound) -> ast.expr:
    if x in (INF, -INF):
        return expr("INF" if x > 0 else "-INF")
    return ast.Constant(x)


@define(eq=False)
class Block:
    """Statements of one scope: the function, or the body of a loop over rows; *slot* is the loop's row."""

    slot: int
    parent: Block | None
    body: list[ast.stmt] = field(factory=list)
    known: dict[int, Code] = field(factory=dict)
    rows: dict[int, str] = field(factory=dict)


def _year_end(parts: list[v.Range]) -> v.Range:
    low, high, none = parts[0]
    return v.NONE if low > high else (year_last_day(low), year_last_day(high), none)


class Kinds:
    """Numbers expressions so that two have one number where they say the same."""

    def __init__(self) -> None:
        self.kinds: dict[tuple[Any, ...], int] = {}
        self.kind_of: dict[int, int] = {}
        self.keep: list[Any] = []

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


class Emitter(Kinds, ABC):
    """Writes the values of nodes into blocks, each said once."""

    @abstractmethod
    def fold(self, e: m.Fold, block: Block) -> Code:
        """A fold that stands inside a row's condition, or waits for another: a loop of its own."""

    @abstractmethod
    def verdict(self, flags: tuple[m.Contribution, ...], block: Block) -> Mask:
        """Every combination of truths, looked up."""

    @abstractmethod
    def strongest(self, e: m.Strongest, block: Block) -> Mask:
        """The person's line."""

    def __init__(self, frame: Frame):
        super().__init__()
        self.frame = frame
        self.top = Block(-1, None)
        self.count = 0
        self.scope: dict[str, Any] = {
            "INF": INF, "History": History, "NOT_ASKED": NOT_ASKED, "Judged": Judged, "point": v.point,
        }  # fmt: skip
        self.results: dict[int, Code] = {}
        self.depth_of: dict[int, int] = {}
        self.account: dict[int, tuple[ast.Name, ast.Name]] = {}

    def fresh(self, stem: str = "v") -> ast.Name:
        self.count += 1
        return ast.Name(f"{stem}{self.count}", ast.Load())

    def constant(self, value: Any, stem: str) -> ast.Name:
        name = self.fresh(stem)
        self.scope[name.id] = value
        return name

    def home(self, e: m.Expr, block: Block) -> Block:
        """The outermost block where everything *e* reads is in view."""
        need = max(e.slots, default=-1)
        while block.slot > need and block.parent is not None:
            block = block.parent
        return block

    def mask(self, e: m.Expr, block: Block) -> Mask:
        code = self.code(e, block)
        assert not isinstance(code, Span)
        return code

    def span(self, e: m.Expr, block: Block) -> Span:
        code = self.code(e, block)
        assert isinstance(code, Span)
        return code

    def code(self, e: m.Expr, block: Block) -> Code:
        block = self.home(e, block)
        key = self.kind(e)
        at: Block | None = block
        while at is not None:
            if key in at.known:
                return at.known[key]
            # Beyond the block of its row, the same is said of another row.
            at = None if e.slots & at.rows.keys() else at.parent
        code = self.write(e, block)
        block.known[key] = code
        return code

    def let(self, block: Block, value: ast.expr) -> ast.Name:
        name = self.fresh()
        block.body += stmts("name = value", name=name, value=value)
        return name

    def write(self, e: m.Expr, block: Block) -> Code:
        match e:
            case m.Constant(value=value):
                return self.fixed(value)
            case m.Fact(name=name, moment=moment):
                return self.fact(e, name, moment, block)
            case m.Field(name=name, slot=slot):
                row = ast.Name(self.row(slot, block), ast.Load())
                return self.opened(
                    e.type,
                    self.let(block, expr("row.get(name, top)", row=row, name=name, top=self.top_of(e.type))),
                    block,
                )
            case m.Happened(slot=slot):
                row = ast.Name(self.row(slot, block) + "r", ast.Load())
                return self.let(block, expr("2 if row.sure else 3", row=row))
            case m.RowId(slot=slot):
                row = ast.Name(self.row(slot, block) + "r", ast.Load())
                top = self.top_of(e.type)
                return self.opened(
                    e.type, self.let(block, expr("top if row.id is None else point(row.id)", row=row, top=top)), block
                )
            case m.Finding(name=name, list=of, slot=slot, alike=alike):
                row_id: ast.expr = (
                    ast.Constant(None)
                    if slot is None
                    else expr("row.id", row=ast.Name(self.row(slot, block) + "r", ast.Load()))
                )
                found = expr(
                    "findings.get((name, of, id), top)",
                    name=name,
                    of=ast.Constant(of),
                    id=row_id,
                    top=ast.Constant(NO) if alike and self.frame.printed else self.top_of(e.type),
                )
                return self.opened(e.type, self.let(block, found), block)
            case m.Leaf(name=name, kind=kind, top=top):
                chosen = self.frame.readings.get(name) if kind == "reading" else None
                return self.fixed(top if chosen is None else e.type.option(chosen))
            case m.Unprinted():
                return NO if self.frame.printed else UNKNOWN
            case m.DecisionDay():
                return self.fixed(v.point(self.frame.as_of))
            case m.Admitted(layer=layer):
                return YES if layer in self.frame.layers else NO
            case m.Named(body=body):
                return self.code(body, block)
            case m.Not(part=part):
                a = self.mask(part, block)
                return v.negation(a) if isinstance(a, int) else self.let(block, expr("(0, 2, 1, 3)[a]", a=a))
            case m.All(parts=parts):
                return self.junction([self.mask(p, block) for p in parts], NO, YES, block)
            case m.Any(parts=parts):
                return self.junction([self.mask(p, block) for p in parts], YES, NO, block)
            case m.Is(part=part, options=options, alike=alike):
                return self.is_in(part, options, alike, block)
            case m.Same(left=left, right=right):
                same = self.constant(v.same, "same")
                a, b = self.mask(left, block), self.mask(right, block)
                return self.let(block, expr("same(a, b, none)", same=same, a=a, b=b, none=left.type.none))
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
        return Span(number_code(value[0]), number_code(value[1]), ast.Constant(True) if value[2] else None)

    def top_of(self, type: v.Type) -> ast.expr:
        return self.constant(type.top, "top") if not isinstance(type.top, int) else ast.Constant(type.top)

    def opened(self, type: v.Type, value: ast.Name, block: Block) -> Code:
        """A value as read from the record: a mask as it is, a triple as three locals."""
        if type.finite:
            return value
        low, high, none = self.fresh(), self.fresh(), self.fresh()
        block.body += stmts("low, high, none = value", low=low, high=high, none=none, value=value)
        return Span(low, high, none if type.may_be_none else None)

    def closed(self, span: Span) -> ast.expr:
        return ast.Tuple([span.low, span.high, span.none or ast.Constant(False)], ast.Load())

    def row(self, slot: int, block: Block | None) -> str:
        while block is not None:
            if slot in block.rows:
                return block.rows[slot]
            block = block.parent
        raise KeyError(slot)

    def fact(self, e: m.Fact, name: str, moment: m.Expr | None, block: Block) -> Code:
        value = self.let(block, expr("facts.get(name, top)", name=name, top=self.top_of(e.type)))
        day: ast.expr = (
            self.constant(v.point(self.frame.as_of), "day") if moment is None else self.closed(self.span(moment, block))
        )
        block.body += (
            stmts(
                "if isinstance(value, History):\n    value = value.at(day, top)",
                value=value,
                day=day,
                top=self.top_of(e.type),
            )
            if moment is not None
            else []
        )
        return self.opened(e.type, value, block)

    def junction(self, parts: list[Mask], settling: int, neutral: int, block: Block) -> Mask:
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
            both = expr("a & b", a=both, b=p)
            one = expr("a | b", a=one, b=p)
        if settling == NO:
            return self.let(block, expr("(both & 2) | (one & 1)", both=both, one=one))
        return self.let(block, expr("(one & 2) | (both & 1)", both=both, one=one))

    def is_in(self, part: m.Expr, options: int, alike: m.Finding | None, block: Block) -> Mask:
        a = self.mask(part, block)
        size, none = 2 << len(part.type.options), 1 << len(part.type.options)
        # Of an open list, what lies beyond it is asked apart: another declared value counts if a body found it alike.
        far = 0 if alike is None else (size - 1) & ~options & ~none

        def near(value: int) -> int:
            return v.is_in(value & ~far, options) if value & ~far or not value else 0

        inside: Mask
        if isinstance(a, int):
            inside = near(a)
        elif size <= 256:
            # Every mask's answer, looked up.
            inside = expr("table[a]", table=self.constant(tuple(near(x) for x in range(size)), "in"), a=a)
        else:
            others = (size - 1) & ~options & ~far
            inside = expr("(2 if a & options else 0) | (1 if a & others else 0)", a=a, options=options, others=others)
        if alike is None or (isinstance(a, int) and not a & far):
            return inside if isinstance(inside, int) else self.let(block, inside)
        a, inside, beyond = (self.as_expr(x) for x in (a, inside, self.mask(alike, block)))
        return self.let(block, expr("i | (b if a & far else 0)", i=inside, b=beyond, a=a, far=far))

    def none_of(self, *spans: Span) -> ast.expr | None:
        nones = [s.none for s in spans if s.none is not None]
        if not nones:
            return None
        return nones[0] if len(nones) == 1 else expr("a or b", a=nones[0], b=nones[1])

    def at_least(self, a: Span, b: Span, strict: bool, block: Block) -> Mask:
        none = self.none_of(a, b)
        yes, no = ("ah > bl", "al <= bh") if strict else ("ah >= bl", "al < bh")
        names = {"al": a.low, "ah": a.high, "bl": b.low, "bh": b.high}
        if none is None:
            return self.let(block, expr(f"((3 if {no} else 2) if {yes} else 1)", **names))
        whole = f"((2 if {yes} else 0) | (1 if {no} or none else 0)) if al <= ah and bl <= bh else 1"
        return self.let(block, expr(whole, none=none, **names))

    def equal(self, a: Span, b: Span, block: Block) -> Mask:
        none = self.none_of(a, b)
        names = {"al": a.low, "ah": a.high, "bl": b.low, "bh": b.high}
        if none is None:
            return self.let(
                block, expr("((2 if al == ah == bl == bh else 3) if al <= bh and bl <= ah else 1)", **names)
            )
        sides = "(0 if al == ah == bl == bh else 1) | (2 if al <= bh and bl <= ah else 0) | (1 if none else 0)"
        whole = f"({sides}) if al <= ah and bl <= bh else 1"
        return self.let(block, expr(whole, none=none, **names))

    def choose(self, c: Mask, a: Code, b: Code, block: Block) -> Code:
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
            low = self.let(block, expr("a if c == 2 else b if c == 1 else a if a < b else b", c=c, a=a.low, b=b.low))
            high = self.let(block, expr("a if c == 2 else b if c == 1 else a if a > b else b", c=c, a=a.high, b=b.high))
            none = None
            if a.none is not None or b.none is not None:
                x, y = a.none or ast.Constant(False), b.none or ast.Constant(False)
                none = self.let(block, expr("a if c == 2 else b if c == 1 else a or b", c=c, a=x, b=y))
            return Span(low, high, none)
        assert not isinstance(a, Span) and not isinstance(b, Span)
        return self.let(block, expr("a if c == 2 else b if c == 1 else a | b", c=c, a=a, b=b))

    def chosen(self, c: ast.expr, a: Span, b: Span, block: Block) -> Span:
        """Between two constants: looked up by the condition."""
        x: list[Any] = [p.value for p in (a.low, a.high, b.low, b.high) if isinstance(p, ast.Constant)]
        low = self.constant((0, x[2], x[0], min(x[0], x[2])), "low")
        high = self.constant((0, x[3], x[1], max(x[1], x[3])), "high")
        return Span(
            self.let(block, expr("table[c]", table=low, c=c)),
            self.let(block, expr("table[c]", table=high, c=c)),
            None,
        )

    def add(self, parts: tuple[m.Expr, ...], block: Block) -> Span:
        flat = [self.span(p, block) for p in self.flattened(parts)]
        low, high = flat[0].low, flat[0].high
        for s in flat[1:]:
            low, high = expr("a + b", a=low, b=s.low), expr("a + b", a=high, b=s.high)
        return Span(self.let(block, low), self.let(block, high), None)

    def flattened(self, parts: tuple[m.Expr, ...]) -> Iterator[m.Expr]:
        for p in parts:
            if isinstance(p, m.Add) and not p.slots and not any(x.type.may_be_none for x in p.parts):
                yield from self.flattened(p.parts)
            else:
                yield p

    def extreme(self, parts: tuple[m.Expr, ...], most: bool, block: Block) -> Span:
        if any(p.type.may_be_none for p in parts):
            return self.called(lambda ps: v.extreme(ps, most), parts, block)
        spans = [self.span(p, block) for p in parts]
        low, high = spans[0].low, spans[0].high
        for s in spans[1:]:
            low = self.let(block, expr(f"a if a {'>' if most else '<'} b else b", a=low, b=s.low))
            high = self.let(block, expr(f"a if a {'>' if most else '<'} b else b", a=high, b=s.high))
        return Span(low, high, None)

    def called(self, lift: Callable[[list[v.Range]], v.Value], parts: tuple[m.Expr, ...], block: Block) -> Span:
        """The lift of `values` itself, where speed is not wanted."""
        name = self.constant(lift, "lift")
        given = ast.List([self.closed(self.span(p, block)) for p in parts], ast.Load())
        low, high, none = self.fresh(), self.fresh(), self.fresh()
        block.body += stmts("low, high, none = lift(given)", low=low, high=high, none=none, lift=name, given=given)
        return Span(low, high, none)

    def shift(self, e: m.Shift, block: Block) -> Span:
        taken = [self.mask(r, block) for r in e.readings]
        assert all(isinstance(mask, int) for mask in taken)
        open_ways = ways(mask for mask in taken if isinstance(mask, int))
        unit, sign, calendar = e.unit, e.sign, e.calendar

        def of(ps: list[v.Range]) -> v.Range:
            return reached(ps[0], ps[1], unit, sign, open_ways)

        def by_calendar(ps: list[v.Range]) -> v.Range:
            return ends(ps[0], ps[1], unit, sign, open_ways, calendar)[0]

        return self.called(by_calendar if unit in BY_CALENDAR else of, (e.day, e.amount), block)

    def as_expr(self, mask: Mask) -> ast.expr:
        return ast.Constant(mask) if isinstance(mask, int) else mask
