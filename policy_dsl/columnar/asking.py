"""What is missing, in columns: from each open conclusion down to the leaves whose learning can still change it.

A node is *wanted* where one that it keeps open is wanted, and is itself open. Wants go from wholes to parts: from
persons into the rows of lists and, of what is the person's own, back. Values are gathered from the innermost lists
outwards, so wants pass the same levels the other way round: each level of values has a *mirror*, which waits for those
that waited for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from attrs import define, field
from sqlglot import exp

from .. import model as m
from ..decide import Question
from ..explanation import Member
from ..leaves import Item, item_key, items
from ..values import TRUTH
from . import terms as t
from .cells import ROW, Cell, Layout
from .columns import View
from .levels import SEGMENT, Level, table
from .sql import Truth, absent, and_, binary, case, coalesce, column, count, eq, not_, number, or_, own, perhaps, surely
from .terms import Mask, Span, as_sql
from .verdicts import Judging, Ranked

WHOLE = View()
# The cell that says whether a conclusion is still open, once its readings are taken each way.
STILL: Final = "仍·"


@define(eq=False)
class Mirror(Level):
    """The wants of what stands on a level of values, whose columns are its cells."""

    of: Level = field(kw_only=True)

    def first(self) -> exp.Select:
        cells = [column(c, "c") for c in dict.fromkeys((*self.keys, *self.cells))]
        select = exp.select(*cells).from_(table(self.of.last(self.of.segments), "c"))
        if self.outer is None or not self.imports:
            return select
        pairs = zip(self.outer.keys, self.outer.keys_below, strict=True)
        on = exp.and_(*(eq(column(a, "o"), column(b, "c")) for a, b in pairs))
        brought = [exp.alias_(column(a, "o"), b, quoted=True) for a, b in self.imports.items()]
        return select.select(*brought).join(table(self.outer.last(self.wait - 1), "o"), on=on)


class Asking(Judging):
    """Writes wants. A *bar* is the slot of the outermost row on the way that is not listed: of what such a row turns on
    only what is of no row at or inside that slot can be learnt."""

    def __init__(
        self, policy: m.Policy, question: Question, layout: Layout, roots: tuple[m.Expr, ...], gated: bool = False
    ):
        super().__init__(policy, question, layout, roots)
        self.gated = gated
        self.items = items(policy)
        self.nodes: dict[int, m.Expr] = {}
        for e in m.walk(*roots):
            self.nodes.setdefault(self.kind(e), e)
        self.mirrors: dict[int, Mirror] = {}
        self.wants: dict[int, dict[tuple[int, int | None], tuple[Level, list[Truth]]]] = {}
        self.missing: dict[tuple[int, int], tuple[Mirror, Item, list[Truth]]] = {}
        self.rounds: dict[int, int] = {}
        self.deepest: dict[int, int] = {}
        self.opens: dict[tuple[int, int], Truth] = {}

    # Where wants stand.

    def mirror(self, level: Level) -> Mirror:
        if id(level) not in self.mirrors:
            outer = None if level.outer is None else self.mirror(level.outer)
            made = Mirror(f"缺·{level.name}", "", level.slot, outer, of=level)
            if outer is not None:
                slot = outer.slot
                if slot not in self.rounds:
                    self.rounds[slot] = 1 + max(self.wait(e, slot) for e in self.nodes.values())
                made.wait = 1 + self.rounds[slot] - level.wait
                outer.children.append(made)
            self.mirrors[id(level)] = made
        return self.mirrors[id(level)]

    def seen(self, level: Level, value: Any) -> Any:
        """What is said on a level of values, in its mirror."""
        if t.const(value) or t.const_truth(value):
            return value
        mirror = self.mirror(level)
        for c in value.find_all(exp.Column):
            mirror.cell(c.name)
        return own(value)

    def column(self, level: Level, want: Truth) -> Truth:
        """A want that can be said twice."""
        return want if t.simple(want) or t.const_truth(want) else self.mirror(level).let(want, "缺")

    def inward(self, level: Level, inner: Level, x: Any) -> Any:
        """A column of a mirror, in that of a level inside."""
        if t.const(x) or t.const_truth(x):
            return x
        mirror, further = self.mirror(level), self.mirror(inner)
        assert mirror.at.get(x.name, 0) < further.wait * SEGMENT, (level.name, inner.name)
        return further.brought(x.name)

    def outward(self, level: Level, want: Truth) -> Truth:
        """Whether any of the rows beside a row wants it."""
        if want is False:
            return False
        outer = level.outer
        assert outer is not None and want is not None
        mirror = self.mirror(level)
        key = ("wanted", as_sql(want) if not isinstance(want, bool) else want)
        any_ = mirror.once(key, lambda: self.mirror(outer).joined(mirror, exp.LogicalOr(this=_said(want)), "缺"))
        return coalesce(any_, exp.false())

    def listed_rows(self, level: Level) -> Iterator[Truth]:
        """That every row in view is listed."""
        if level.outer is not None:
            if level.source not in self.layout.closed:
                yield binary(exp.GTE, column(ROW), number(0))
            if level.outer.outer is not None and level.outer.source not in self.layout.closed:
                yield binary(exp.GTE, column(level.outer.keys_below[1]), number(0))

    def depth(self, e: m.Expr) -> int:
        """How many of the rows in view anything of it may read."""
        key = self.kind(e)
        if key not in self.deepest:
            self.deepest[key] = max((e.reach, *(self.depth(p) for p in m.parts(e))))
        return self.deepest[key]

    # Asking.

    def ask(self, e: m.Expr, level: Level, bar: int | None, want: Truth) -> None:
        """That a part is wanted at a level; *want* is never unknown."""
        if want is False:
            return
        if level is not self.home(e, level):
            outer = level.outer
            assert outer is not None
            if level.source in self.layout.closed or self.depth(e) <= level.slot:
                self.ask(e, outer, bar, self.outward(level, want))
                return
            there = binary(exp.GTE, column(ROW), number(0))
            want = self.column(level, want)
            self.ask(e, outer, bar, self.outward(level, and_(want, there)))
            inner = level.slot if bar is None else min(bar, level.slot)
            self.ask(e, outer, inner, self.outward(level, and_(want, not_(there))))
            return
        if bar is not None and self.depth(e) <= bar:
            bar = None
        at = self.wants.setdefault(self.kind(e), {})
        at.setdefault((id(level), bar), (level, []))[1].append(want)

    def follow(self) -> None:
        """From what is asked to the leaves, wholes before parts."""
        for kind, e in reversed(self.nodes.items()):
            for (_, bar), (level, wants) in self.wants.pop(kind, {}).items():
                want = or_(*wants)
                if not isinstance(e, m.Named | m.Not):
                    want = and_(want, self.seen(level, self.open(e, level)))
                if want is not False:
                    self.parted_want(e, level, bar, want)

    def open(self, e: m.Expr, level: Level) -> Truth:
        """Whether a value is not settled; never unknown."""
        key = self.kind(e), id(level)
        if key not in self.opens:
            self.opens[key] = self._open(e, level)
        return self.opens[key]

    def _open(self, e: m.Expr, level: Level) -> Truth:
        if isinstance(e, m.Verdict):
            return self.undecided(self.verdict(e, level, WHOLE))
        term = self.code(e, level, WHOLE)
        if isinstance(term, Mask):
            return not_(t.one_option(self.mask(e, level, WHOLE)))
        if isinstance(term, Span):
            return unsettled(self.span(e, level, WHOLE, True))
        return term is None if t.const_truth(term) else absent(self.let(level)(term))

    def undecided(self, r: Ranked) -> Truth:
        if isinstance(r.mask, int):
            return bool(r.mask & (r.mask - 1))
        less = binary(exp.Sub, r.mask, number(1))
        return binary(exp.NEQ, binary(exp.BitwiseAnd, r.mask, less), number(0))

    def parted_want(self, e: m.Expr, level: Level, bar: int | None, want: Truth) -> None:
        """What an open node that is wanted wants in its turn: the parts that keep it open."""
        match e:
            case (
                m.Named() | m.Not() | m.All() | m.Any() | m.Same() | m.Equal() | m.AtLeast()
                | m.Add() | m.Scale() | m.Extreme() | m.YearEnd()
            ):  # fmt: skip
                self.each(m.parts(e), level, bar, want)
            case m.Shift(day=day, amount=amount, readings=readings, uncharted=uncharted):
                want = self.column(level, want) if uncharted is not None else want
                self.each((day, amount, *readings), level, bar, want)
                if uncharted is not None:
                    self.ask(uncharted, level, bar, and_(want, self.seen(level, self.beyond(e, level))))
            case m.Verdict(flags=flags):
                want = self.column(level, want)
                for c in flags:
                    self.ask(c.fires, level, bar, want)
                    if c.waived is not None:
                        fires = perhaps(self.truth(c.fires, level, WHOLE))
                        self.ask(c.waived, level, bar, and_(want, self.seen(level, fires)))
            case m.Is(part=part, options=options, alike=alike):
                want = self.column(level, want) if alike is not None else want
                self.ask(part, level, bar, want)
                if alike is not None:
                    far = (1 << len(part.type.options)) - 1 & ~options
                    beyond = t.overlaps(self.mask(part, level, WHOLE), far)
                    self.ask(alike, level, bar, and_(want, self.seen(level, beyond)))
            case m.Choose(condition=condition, then=then, otherwise=otherwise):
                want = self.column(level, want)
                c = self.truth(condition, level, WHOLE)
                self.ask(condition, level, bar, want)
                self.ask(then, level, bar, and_(want, self.seen(level, perhaps(c))))
                self.ask(otherwise, level, bar, and_(want, self.seen(level, perhaps(not_(c)))))
            case m.Fold():
                self.rows_wanted(e, level, bar, self.column(level, want))
            case m.Fact():
                self.fact_wanted(e, level, bar, want)
            case m.Happened():
                self.doubt_wanted(e, level, bar, want)
            case m.Field() | m.Finding() | m.Leaf() | m.Unprinted():
                self.lack(e, level, bar, want)

    def each(self, parts: Sequence[m.Expr], level: Level, bar: int | None, want: Truth) -> None:
        want = self.column(level, want) if len(parts) > 1 else want
        for p in parts:
            self.ask(p, level, bar, want)

    def rows_wanted(self, e: m.Fold, level: Level, bar: int | None, want: Truth) -> None:
        """The rows in and perhaps in, and that there may be more."""
        rows = self.child(level, e.list, e.slot, self.wait(e, level.slot))
        want = self.inward(level, rows, want)
        where = self.truth(e.where, rows, WHOLE)
        inside = self.column(rows, and_(want, self.seen(rows, perhaps(where))))
        listed = self.listed(rows, e.list)
        self.ask(e.where, rows, bar, want)
        if e.value is not None:
            self.ask(e.value, rows, bar, inside)
        if e.how == "latest" and e.day is not None:
            self.ask(e.day, rows, bar, and_(inside, listed))
        if e.happened is not None:
            doubtful = not_(surely(self.sure(rows, e.list)))
            self.doubt_wanted(e.happened, rows, bar, and_(inside, listed, self.seen(rows, doubtful)))
        self.lack(Member(e.list, None), rows, None, and_(inside, not_(listed)))
        if e.tie is not None and isinstance(e.day, m.Field):
            tied = self.tied(e, e.day, rows, and_(where, self.sure(rows, e.list), listed))
            self.lack(e.tie, level, None, and_(self.outward(rows, want), tied))

    def tied(self, e: m.Fold, date: m.Field, rows: Level, sure: Truth) -> Truth:
        """Whether rows that certainly count share one known latest day."""
        outer, mirror = rows.outer, self.mirror(rows)
        assert outer is not None
        day = self.span(date, rows, WHOLE, True)
        none, low = surely(day.none), self.seen(rows, as_sql(day.low))
        sure, none = self.column(rows, surely(self.seen(rows, sure))), self.seen(rows, none)
        known = and_(sure, not_(none), self.seen(rows, not_(self.open(date, rows))))
        # A row that has no day comes after every other.
        last = exp.Max(this=case((and_(sure, not_(none)), low)))
        partition = [column(k) for k in self.mirror(outer).keys_below]
        latest = mirror.let(exp.Window(this=last, partition_by=partition), "最迟")
        ties, without = count(and_(known, binary(exp.EQ, low, latest))), count(and_(sure, none))
        several = case(
            (binary(exp.GT, without, number(0)), binary(exp.GT, without, number(1))),
            otherwise=binary(exp.GT, ties, number(1)),
        )
        return coalesce(self.mirror(outer).joined(mirror, several, "同日"), exp.false())

    def fact_wanted(self, e: m.Fact, level: Level, bar: int | None, want: Truth) -> None:
        """A fact; of one that changed, first the moment at which it is read."""
        if self.steady(e) or e.moment is None:
            self.lack(e, level, bar, want)
            return
        want = self.column(level, want)
        moment = self.code(e.moment, level, WHOLE)
        assert isinstance(moment, Span)
        changed = self.changed(e, level)
        self.ask(e.moment, level, bar, and_(want, self.seen(level, surely(changed))))
        self.lack(e, level, bar, and_(want, self.seen(level, not_(and_(surely(changed), unsettled(moment))))))

    def doubt_wanted(self, e: m.Happened, level: Level, bar: int | None, want: Truth) -> None:
        """What leaves open whether a row counts: its date, or the day on which it was learnt."""
        if e.learnt is None:
            self.lack(e, level, bar, want)
            return
        want = self.column(level, want)
        date, learnt = (
            self.seen(level, self.cell(level, Cell(e.list, "doubt", name, TRUTH), WHOLE))
            for name in (e.name, e.learnt.name)
        )
        self.lack(e, level, bar, and_(want, or_(not_(learnt), date)))
        self.lack(e.learnt, level, bar, and_(want, learnt))

    def lack(self, e: m.Expr | Member, level: Level, bar: int | None, want: Truth) -> None:
        """A leaf that is missing."""
        key = item_key(e)
        reach = 0 if isinstance(e, Member) else e.reach
        if want is False or key is None or (bar is not None and reach > bar):
            return
        item = self.items[key]
        if reach > level.slot:
            want = and_(want, *self.listed_rows(level))
        while not item.of_rows and level.outer is not None:
            want, level = self.outward(level, self.column(level, want)), level.outer
        if want is not False:
            mirror = self.mirror(level)
            self.missing.setdefault((id(mirror), item.number), (mirror, item, []))[2].append(want)

    # Conclusions.

    def conclusions(self, w: m.Verdicts) -> None:
        """Asks for what keeps open an effect: the person's line, and that of each listed row."""
        people = self.people
        whole, own_ = self.strongest(w.person, WHOLE), self.verdict(w.person.own, people, WHOLE)
        # Every value before any want: an effect that has no columnar form asks for nothing.
        judged, elements = (
            [(of, x, self.rows_of(of), self.verdict(x, self.rows_of(of), WHOLE)) for of, x in verdicts]
            for verdicts in (w.person.rows, w.elements.items())
        )
        undecided = self.column(people, self.open_still(people, w.effect, whole))
        if undecided is not False:
            mask = self.seen(people, _said(whole.mask))
            floor = self.mirror(people).let(binary(exp.BitwiseAnd, mask, exp.Neg(this=mask.copy())), "至少")
            self.ask(w.person.own, people, None, and_(undecided, self.reaches(own_, people, floor)))
            for of, x, rows, here in judged:
                there = self.inward(people, rows, undecided)
                reached = and_(there, self.reaches(here, rows, self.inward(people, rows, floor)))
                reached = self.column(rows, reached)
                self.ask(x, rows, None, reached)
                self.lack(Member(of, None), rows, None, and_(reached, not_(self.listed(rows, of))))
        for of, x, rows, here in elements:
            self.ask(x, rows, None, and_(self.open_still(rows, w.effect, here), self.listed(rows, of)))

    def open_still(self, level: Level, effect: str, r: Ranked) -> Truth:
        """Whether a conclusion is not settled, and, where that is told, is still open."""
        undecided = self.seen(level, self.undecided(r))
        return and_(undecided, self.seen(level, level.cell(STILL + effect))) if self.gated else undecided

    def beyond(self, e: m.Shift, level: Level) -> Truth:
        """Whether the calendar of working days does not reach as far as a day is moved, either way it is counted."""
        day, amount = self.span(e.day, level, WHOLE, True), self.span(e.amount, level, WHOLE, True)
        taken = [self.ways(self.write(leaf, level, WHOLE)) for leaf in e.readings]
        first, over = (*taken, (False,), (False,))[:2]
        if e.unit == "weeks" and True not in over:
            return False
        found: list[Truth] = []
        for d in (day.low, day.high) if day.exact is None else (day.high,):
            for n in (amount.low, amount.high) if amount.exact is None else (amount.high,):
                for counts in first:
                    ends = [self.worked(e, d, n, e.sign * counts, late, level) for late in (False, True)]
                    found.append(surely(not_(t.compare(exp.EQ, *ends))))
        return self.one(or_(*found), level)

    def reaches(self, r: Ranked, level: Level, floor: Any) -> Truth:
        """Whether a part may be as strong as the weakest that the whole may be, and may arise at all."""
        if isinstance(r.mask, int) and r.mask == 1:
            return False
        mask = self.seen(level, _said(r.mask))
        return and_(binary(exp.GTE, mask, floor), binary(exp.NEQ, mask.copy(), number(1)))


def _said(x: Any) -> Any:
    """A mask or a truth as an expression."""
    return exp.Boolean(this=x) if isinstance(x, bool) else number(x) if isinstance(x, int) else own(x)


def unsettled(span: Span) -> Truth:
    """Whether an ordered value is not settled; never unknown."""
    same = surely(t.compare(exp.EQ, span.low, span.high))
    return not_(or_(surely(span.none), and_(surely(not_(span.none)), same)))
