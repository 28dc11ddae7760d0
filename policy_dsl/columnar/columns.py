"""Columns for conditions and values: each node of the model as terms over the cells, at the level of what it reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen
from sqlglot import exp

from .. import model as m
from .. import values as v
from ..decide import Question
from ..emit import Kinds
from . import terms as t
from .cells import PEOPLE, ROW, SURE, Cell, Layout, read
from .days import month_later, year_last_day
from .levels import Level
from .sql import Truth, and_, binary, case, greatest, least, not_, number, or_, truth
from .terms import Mask, Span, Term, const, simple
from .workdays import after


class NotColumnar(Exception):
    """A construct that has no columnar form, by name; as 'zh\\ten' where a user may meet it."""


@frozen
class View:
    """One way to look at the text: on what is *printed* or as a whole, under these readings."""

    printed: bool = False
    readings: Mapping[str, str] = field(factory=dict)


class Columns(Kinds, ABC):
    """Writes the terms of nodes into levels, each said once."""

    def __init__(
        self,
        policy: m.Policy,
        question: Question,
        layout: Layout,
        roots: tuple[m.Expr, ...],
        taken: frozenset[str] = frozenset(),
    ):
        """*taken*: the readings that a cell of each person tells."""
        super().__init__()
        self.policy, self.question, self.layout, self.taken = policy, question, layout, taken
        # A name with · is no list's: their relations have the names that the county gave them.
        self.people = Level("人·", PEOPLE, -1)
        self.levels: dict[tuple[int, str | None, int, int], Level] = {}
        self.cells: dict[tuple[str, str, str], Cell] = {}
        self.waits: dict[tuple[int, int], int] = {}
        self.charts: dict[str, exp.Select] = {}
        nodes = list(m.walk(*roots))
        self.alike = {("finding", e.name) for e in nodes if isinstance(e, m.Finding) and e.alike}
        # What is said in several places has a column of its own.
        self.often: set[int] = set()
        once: set[int] = set()
        for e in {self.kind(e): e for e in nodes}.values():
            for part in {self.kind(p) for p in m.parts(e)}:
                (self.often if part in once else once).add(part)

    @abstractmethod
    def fold(self, e: m.Fold, level: Level, view: View) -> Term:
        """What the rows of a list come to."""

    @abstractmethod
    def moving(self, e: m.Fact, now: Term, level: Level, view: View) -> Term:
        """A fact that has a history, at a moment; *now* is what the cell says of those who have none."""

    # Where things stand.

    def child(self, outer: Level, source: str | None, slot: int, wait: int) -> Level:
        """The level of a list's rows beside those of another, for folds that wait for as many others; without a
        *source*, of the same rows once more."""
        key = (id(outer), source, slot, wait)
        if key not in self.levels:
            name = "_".join(
                [
                    *([outer.name] if outer.outer is not None else []),
                    "两两" if source is None else f"{source}·各行",
                    *([f"次{wait}"] if wait > 1 else []),
                ]
            )
            if any(x.name == name for x in self.levels.values()):
                name += f"·{len(self.levels)}"
            self.levels[key] = Level(name, source, slot, outer, wait)
            outer.children.append(self.levels[key])
        return self.levels[key]

    def gathers(self, e: m.Expr) -> bool:
        """Whether a node is of several rows of the cells."""
        return isinstance(e, m.Fold) or (isinstance(e, m.Fact) and not self.steady(e))

    def steady(self, e: m.Fact) -> bool:
        return e.moment is None or isinstance(e.moment, m.DecisionDay) or e.name in self.layout.steady

    def wait(self, e: m.Expr, slot: int) -> int:
        """How many rounds of gathering for a level must have run before a node can be evaluated there."""
        key = id(e), slot
        if key not in self.waits:
            inner = max((self.wait(p, slot) for p in m.parts(e)), default=0)
            self.waits[key] = inner + (self.gathers(e) and max(e.slots, default=-1) == slot)
        return self.waits[key]

    def home(self, e: m.Expr, level: Level) -> Level:
        """The outermost level where everything a node reads is in view."""
        need = max(e.slots, default=-1)
        while level.slot > need and level.outer is not None:
            level = level.outer
        return level

    def apart(self, e: m.Expr, view: View) -> tuple[Any, ...]:
        """What of a view a node turns on."""
        lined = view.printed and any(x[0] == "unprinted" or x in self.alike for x in e.topics)
        return (lined, *sorted((n, x) for n, x in view.readings.items() if ("reading", n) in e.topics))

    # Terms.

    def code(self, e: m.Expr, level: Level, view: View) -> Term:
        home = self.home(e, level)
        key = self.kind(e), e.type.may_be_none, self.apart(e, view)
        if key not in home.known:
            term = self.write(e, home, view)
            if isinstance(e, m.Named) or self.kind(e) in self.often or home is not level:
                term = self.named(term, home, *self.told(e, view))
            home.known[key] = term
        term = home.known[key]
        if home is level:
            return term
        if key not in level.known:
            home.known[key] = term = self.named(term, home, *self.told(e, view))
            level.known[key] = self.brought(term, home, level)
        return level.known[key]

    def told(self, e: m.Expr, view: View) -> tuple[str, str]:
        """What a column is called, and the provision it is of."""
        if not isinstance(e, m.Named):
            return type(e).__name__.lower(), ""
        line = "（印）" if self.apart(e, view)[0] else ""
        return e.name + line, "、".join((e.name, *e.basis)) + line

    def parted(self, term: Term, change: Any) -> Term:
        """A term with each of its expressions changed."""
        if isinstance(term, Mask):
            return evolve(term, words=tuple(x if const(x) else change(x) for x in term.words))
        if isinstance(term, Span):
            if term.exact is not None and (simple(term.exact) or term.low is term.exact):
                # An exact column stays one: whatever else it is made of follows from it.
                x = change(term.exact)
                low = x if term.low is term.exact else t.own_coalesced(x, term)
                return evolve(
                    term, low=low, high=x, exact=x, none=term.none if t.const_truth(term.none) else change(term.none)
                )
            low, high, none = (
                x if const(x) or isinstance(x, bool) else change(x) for x in (term.low, term.high, term.none)
            )
            return Span(low, high, none)
        return term if t.const_truth(term) else change(term)

    def named(self, term: Term, level: Level, stem: str, note: str = "") -> Term:
        """A term each of whose parts can be said twice."""
        return self.parted(term, lambda x: x if simple(x) else level.let(x, stem, note))

    def brought(self, term: Term, home: Level, level: Level) -> Term:
        """A named term of an outer level, further in."""
        outer = level.outer
        assert outer is not None
        if outer is not home:
            term = self.brought(term, home, outer)
        return self.parted(term, lambda x: level.brought(x.name))

    def let(self, level: Level, stem: str = "值") -> t.Let:
        return lambda x: x if simple(x) else level.let(x, stem)

    def truth(self, e: m.Expr, level: Level, view: View) -> Truth:
        term = self.code(e, level, view)
        assert not isinstance(term, Mask | Span), e
        return term

    def mask(self, e: m.Expr, level: Level, view: View) -> Mask:
        """A finite value as a mask that can be said twice."""
        term = t.same_form(self.code(e, level, view), evolve(e.type, may_be_none=True))
        assert isinstance(term, Mask), e
        done = self.named(term, level, "类")
        assert isinstance(done, Mask)
        return done

    def span(self, e: m.Expr, level: Level, view: View, twice: bool = False) -> Span:
        term = self.code(e, level, view)
        if twice:
            term = self.named(term, level, "界")
        assert isinstance(term, Span), e
        return term

    def cell(self, level: Level, cell: Cell, view: View) -> Term:
        """A cell of the record, as read where it stands."""
        if cell.table != level.source:
            raise NotColumnar(f"{cell.table}·{cell.name}")
        self.cells.setdefault((cell.table, cell.kind, cell.name), cell)
        full = (cell.table, cell.stem) in self.layout.full
        if full:
            level.there.update(cell.columns(self.plain(cell)))
        return read(cell, self.plain(cell), level.cell, view.printed, full)

    def plain(self, cell: Cell) -> bool:
        return (cell.table, cell.stem) in self.layout.plain

    def write(self, e: m.Expr, level: Level, view: View) -> Term:
        match e:
            case m.Constant(value=value):
                return t.fixed(value, e.type)
            case m.Fact():
                return self.fact(e, level, view)
            case m.Field(list=of, name=name):
                return self.cell(level, Cell(of, "field", name, e.type), view)
            case m.Happened(list=of):
                return self.sure(level, of)
            case m.RowId():
                x = level.cell("编号")
                return Span(x, x, False, x)
            case m.Finding(name=name, list=of, alike=alike):
                return self.cell(level, Cell(of or PEOPLE, "finding", name, e.type, alike), view)
            case m.Leaf(name=name, kind=kind, top=top):
                if self.told_by_cell(e, view):
                    return self.cell(level, Cell(PEOPLE, "reading", name, e.type), view)
                chosen = {**self.question.readings, **view.readings}.get(name) if kind == "reading" else None
                return t.fixed(top if chosen is None else e.type.option(chosen), e.type)
            case m.Unprinted():
                return False if view.printed else None
            case m.DecisionDay():
                return t.fixed(v.point(self.question.as_of), e.type)
            case m.Admitted(layer=layer):
                return layer in self.question.layers
            case m.Named(body=body):
                return t.same_form(self.code(body, level, view), e.type)
            case m.Not(part=part):
                return not_(self.truth(part, level, view))
            case m.All(parts=parts):
                return and_(*(self.truth(p, level, view) for p in parts))
            case m.Any(parts=parts):
                return or_(*(self.truth(p, level, view) for p in parts))
            case m.Is(part=part, options=options, alike=alike):
                return self.is_in(part, options, alike, level, view)
            case m.Same(left=left, right=right):
                return t.same(self.mask(left, level, view), self.mask(right, level, view), left.type)
            case m.Equal(left=left, right=right):
                return t.equal(self.span(left, level, view, True), self.span(right, level, view, True))
            case m.AtLeast(left=left, right=right, strict=strict):
                return t.at_least(self.span(left, level, view), self.span(right, level, view), strict)
            case m.Choose(condition=condition, then=then, otherwise=otherwise):
                c = self.named(self.code(condition, level, view), level, "是否")
                assert not isinstance(c, Mask | Span)
                ways = [
                    self.named(t.same_form(self.code(x, level, view), e.type), level, "值") for x in (then, otherwise)
                ]
                return t.choose(c, *ways)
            case m.Add(parts=parts):
                return t.add([self.span(p, level, view) for p in parts], self.let(level))
            case m.Scale(factor=factor, part=part):
                return t.scale(factor, self.span(part, level, view))
            case m.Extreme(parts=parts, most=most):
                return t.extreme([self.span(p, level, view, True) for p in parts], most, self.let(level))
            case m.Shift():
                return self.shift(e, level, view)
            case m.YearEnd(part=part):
                x = self.span(part, level, view, True)
                return Span(year_last_day(x.low), year_last_day(x.high), x.none)
            case m.Fold():
                return self.fold(e, level, view)
        raise NotColumnar(type(e).__name__)

    def fact(self, e: m.Fact, level: Level, view: View) -> Term:
        cell = Cell(PEOPLE, "fact", e.name, e.type)
        now = self.cell(self.people, cell, view)
        if level is not self.people:
            now = self.brought(now if const(now) else self.named(now, self.people, e.name), self.people, level)
        return now if self.steady(e) else self.moving(e, now, level, view)

    def sure(self, level: Level, of: str) -> Truth:
        """Whether a row certainly counts."""
        if of in self.layout.sure and of in self.layout.closed:
            return True
        return level.once("sure", lambda: case((level.cell(SURE), truth(True))))

    def listed(self, level: Level, of: str) -> Truth:
        """Whether a row is one of the list's, rather than one that it may hold besides; never unknown."""
        return True if of in self.layout.closed else binary(exp.GTE, level.cell(ROW), number(0))

    def is_in(self, part: m.Expr, options: int, alike: m.Finding | None, level: Level, view: View) -> Truth:
        if t.is_truth(part.type) and alike is None:
            x = self.truth(part, level, view)
            return (False, not_(x), x, True)[options & 3]
        a = self.mask(part, level, view)
        if alike is None:
            return t.is_in(a, options, part.type)
        return t.is_alike(a, options, self.truth(alike, level, view), part.type, self.let(level))

    def told_by_cell(self, e: m.Leaf, view: View) -> bool:
        """Whether a leaf is a reading that a cell tells."""
        return e.kind == "reading" and e.name in self.taken and e.name not in view.readings

    def shift(self, e: m.Shift, level: Level, view: View) -> Span:
        """A day moved by a period: as far as the readings of period arithmetic that are open may take it."""
        for leaf in e.readings:
            if self.told_by_cell(leaf, view):
                views = [evolve(view, readings={**view.readings, leaf.name: x}) for x in leaf.type.options]
                first, second = (self.named(self.shift(e, level, x), level, "日") for x in views)
                taken = self.named(self.code(leaf, level, view), level, "解读")
                assert not isinstance(taken, Mask | Span)
                moved = t.choose(taken, second, first)
                assert isinstance(moved, Span)
                return moved
        day, amount = self.span(e.day, level, view, True), self.span(e.amount, level, view, True)
        taken = [self.ways(self.write(leaf, level, view)) for leaf in e.readings]
        first, over = (*taken, (False,), (False,))[:2]
        periods = (amount.low, amount.high)[:: e.sign]
        ends = []
        for day_end, period, most in ((day.low, periods[0], False), (day.high, periods[1], True)):
            less = (min if most else max)(e.sign if counts else 0 for counts in first)
            found = []
            if e.unit != "working_days" and not (e.unit == "weeks" and False not in over):
                found.append(self.moved(e, day_end, period, less, (max if most else min)(over)))
            if e.unit == "working_days" or (e.unit == "weeks" and True in over):
                found.append(self.worked(e, day_end, period, less, most, level))
            # Whatever one way to count leaves unbounded is.
            outermost = greatest if most else least
            several = len(found) > 1
            ends.append(None if None in found else outermost([t.as_sql(x) for x in found]) if several else found[0])
        none = or_(day.none, amount.none)
        return t.one(ends[0], none) if ends[0] is not None and ends[0] == ends[1] else Span(ends[0], ends[1], none)

    def worked(self, e: m.Shift, day: Any, period: Any, less: int, late: bool, level: Level) -> Any:
        """A day moved by working days, or by weeks of five of them: the earliest or the latest it may be."""
        let = self.let(level, "工作日")
        if period is not None and e.unit == "weeks":
            period = t.scale(5, Span(period, period)).low
        if day is not None and less:
            day = t.total([day, -less])
        return after(day, period if const(period) else let(period), e.sign, e.calendar, late, let, self.charts)

    def ways(self, value: Term) -> tuple[bool, ...]:
        """The options of a reading that are open, of its two."""
        if t.const_truth(value):
            return (False, True) if value is None else (value is True,)
        assert isinstance(value, Mask) and isinstance(value.words[0], int)
        return tuple(i == 1 for i in range(2) if value.words[0] >> i & 1)

    def moved(self, e: m.Shift, day: Any, period: Any, less: int, overflow: bool) -> Any:
        if day is None or period is None:
            return None
        if e.unit in ("days", "weeks"):
            each = e.sign * (7 if e.unit == "weeks" else 1)
            return t.total([day, t.scale(each, Span(period, period)).low, -less])
        months = t.scale(e.sign * (12 if e.unit == "years" else 1), Span(period, period))
        return month_later(day, months.low, overflow, less)
