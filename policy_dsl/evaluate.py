"""What a policy says of one record, and why: this is the meaning of the language.

Evaluation returns one tree: each node with what it may still be, and only the parts that settle it or keep it open.
Everything else a decision tells (missing facts, citations, findings, readings) is read off that tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from . import model as m
from . import values as v
from .calendar_days import year_last_day
from .explanation import Explanation, Frame, LeafKey, Member, leaf_key
from .folds import FOLDS, Judged, day_of
from .periods import ends, ways
from .record import NOT_ASKED, History, Record, Row
from .statuses import SILENT, statuses_of, strongest, strongest_parts, verdict_parts
from .values import NO, UNKNOWN, YES, Range, Value, settled


def evaluate(expr: m.Expr, record: Record, frame: Frame, rows: tuple[Row, ...] = ()) -> Explanation:
    """What *expr* may still be for a record, under a frame, with these rows in view."""
    return Evaluation(record, frame).why(expr, rows)


class Evaluation:
    """One record under one frame; each node is judged once for each row it concerns."""

    def __init__(
        self, record: Record, frame: Frame, given: Mapping[LeafKey, Value] | None = None, rejected: bool = False
    ):
        """*given*: what to suppose of leaves nobody has answered, by their key. *rejected*: keep the rows that a list's
        conditions leave out, for whoever asks why not."""
        self.record, self.frame, self.given, self.rejected = record, frame, given or {}, rejected
        self.memo: dict[tuple[int, ...], Explanation] = {}
        self.there: dict[str, tuple[Row, ...]] = {}
        self.like: Evaluation | None = None
        self.apart: frozenset[m.Topic] = frozenset()

    def but(self, frame: Frame, apart: Iterable[m.Topic], given: Mapping[LeafKey, Value] | None = None) -> Evaluation:
        """The same record under other readings or suppositions, which differ on the topics *apart* alone: whatever does
        not turn on them is not judged again."""
        other = Evaluation(self.record, frame, given, self.rejected)
        other.like, other.apart, other.there = self, frozenset(apart), self.there
        return other

    def rows(self, of: str) -> tuple[Row, ...]:
        """The rows of a list, with the one that an incomplete list may hold besides."""
        members = self.record.lists.get(of, NOT_ASKED)
        if ("list", of) in self.given:
            return members.known
        if of not in self.there:
            self.there[of] = (*members.known, *members.unlisted(self.frame.as_of))
        return self.there[of]

    def why(self, e: m.Expr, rows: tuple[Row, ...]) -> Explanation:
        """What *e* may still be with these rows in view, and why."""
        if len(rows) > e.reach:
            rows = rows[: e.reach]
        key = (id(e), *map(id, rows))
        found = self.memo.get(key)
        if found is None:
            like = self.like if self.apart.isdisjoint(e.topics) else None
            found = self.memo[key] = self.judge(e, rows) if like is None else like.why(e, rows)
        return found

    def judge(self, e: m.Expr, rows: tuple[Row, ...]) -> Explanation:
        """One node, of its parts."""
        why = self.why
        if self.given and (leaf := leaf_key(e, rows)) is not None and leaf in self.given:
            supposed = self.given[leaf]
            if isinstance(e, m.Happened):
                supposed = v.at_least(v.point(self.frame.as_of), v.as_range(supposed), False)
            return Explanation(e, supposed, (), rows)
        match e:
            case m.Constant(value=value):
                return Explanation(e, value)
            case m.Fact(name=name, moment=moment):
                return self.fact(e, name, moment, rows)
            case m.Field(name=name, slot=slot):
                return Explanation(e, rows[slot].values.get(name, e.type.top), (), rows)
            case m.Happened(slot=slot):
                return Explanation(e, YES if rows[slot].sure else UNKNOWN, doubts(e, rows), rows)
            case m.RowId(slot=slot):
                number = rows[slot].id
                return Explanation(e, e.type.top if number is None else v.point(number), (), rows)
            case m.Finding(name=name, list=of, slot=slot, alike=alike):
                question = name, of, rows[slot].id if slot is not None else None
                pending = NO if alike and self.frame.printed else e.type.top
                return Explanation(e, self.record.findings.get(question, pending), (), rows)
            case m.Leaf(name=name, kind=kind, top=top):
                chosen = self.frame.readings.get(name) if kind == "reading" else None
                return Explanation(e, top if chosen is None else e.type.option(chosen))
            case m.Unprinted():
                return Explanation(e, NO if self.frame.printed else UNKNOWN)
            case m.DecisionDay():
                return Explanation(e, v.point(self.frame.as_of))
            case m.Admitted(layer=layer):
                return Explanation(e, YES if layer in self.frame.layers else NO)
            case m.Named(body=body):
                inner = why(body, rows)
                return Explanation(e, inner.value, (inner,), rows)
            case m.Not(part=part):
                inner = why(part, rows)
                return Explanation(e, v.negation(_truth(inner)), (inner,), rows)
            case m.All(parts=parts):
                return junction(e, [why(p, rows) for p in parts], NO, YES, rows)
            case m.Any(parts=parts):
                return junction(e, [why(p, rows) for p in parts], YES, NO, rows)
            case m.Is(part=part, options=options, alike=alike):
                inner = why(part, rows)
                far = _truth(inner) & ~options & ~_none(part) if alike is not None else 0
                if alike is None or not far:
                    return Explanation(e, v.is_in(_truth(inner), options), (inner,), rows)
                # 等: another declared value may be alike; a body must find so.
                beyond = why(alike, rows)
                value = _truth(beyond)
                if near := _truth(inner) & ~far:
                    value |= v.is_in(near, options)
                return Explanation(e, value, (inner, beyond), rows)
            case m.Same(left=left, right=right):
                a, b = why(left, rows), why(right, rows)
                return Explanation(e, v.same(_truth(a), _truth(b), _none(left)), (a, b), rows)
            case m.Equal(left=left, right=right):
                a, b = why(left, rows), why(right, rows)
                return Explanation(e, v.equal(_range(a), _range(b)), (a, b), rows)
            case m.AtLeast(left=left, right=right, strict=strict):
                a, b = why(left, rows), why(right, rows)
                return Explanation(e, v.at_least(_range(a), _range(b), strict), (a, b), rows)
            case m.Choose(condition=condition, then=then, otherwise=otherwise):
                asked = why(condition, rows)
                if asked.value != UNKNOWN:
                    taken = why(then if asked.value == YES else otherwise, rows)
                    return Explanation(e, taken.value, (asked, taken), rows)
                a, b = why(then, rows), why(otherwise, rows)
                value = v.hull(a.value, b.value)
                return Explanation(e, value, (a, b) if settled(value) else (asked, a, b), rows)
            case m.Add(parts=parts):
                done = tuple(why(p, rows) for p in parts)
                return Explanation(e, v.add([_range(p) for p in done]), done, rows)
            case m.Scale(factor=factor, part=part):
                inner = why(part, rows)
                return Explanation(e, v.scale(factor, _range(inner)), (inner,), rows)
            case m.Extreme(parts=parts, most=most):
                done = tuple(why(p, rows) for p in parts)
                return Explanation(e, v.extreme([_range(p) for p in done], most), done, rows)
            case m.Shift(day=day, amount=amount, readings=readings, uncharted=uncharted):
                inside = tuple(why(p, rows) for p in (day, amount, *readings))
                return shifted(e, inside, None if uncharted is None else why(uncharted, rows), rows)
            case m.YearEnd(part=part):
                inner = why(part, rows)
                low, high, none = _range(inner)
                value = v.NONE if low > high else (year_last_day(low), year_last_day(high), none)
                return Explanation(e, value, (inner,), rows)
            case m.Fold():
                return self.fold(e, rows)
            case m.Verdict(flags=flags):
                given = [(c, why(c.fires, rows), None if c.waived is None else why(c.waived, rows)) for c in flags]
                return verdict(e, given, rows)
            case m.Strongest():
                return self.strongest(e)
        raise TypeError(e)

    def strongest(self, e: m.Strongest) -> Explanation:
        """The person's line: the strongest of the person's own verdict and those of every row there is or may be."""
        parts = [(own := self.why(e.own, ()), _truth(own))]
        for of, of_row in e.rows:
            for row in self.rows(of):
                x = self.why(of_row, (row,))
                mask = _truth(x) if row.sure else _truth(x) | SILENT
                parts.append((row_part(of, row, x, mask), mask))
                if row.id is None:
                    parts += [(leaf, mask) for leaf in behind(x, 0)]
        value = strongest([mask for _, mask in parts])
        return Explanation(e, value, tuple(strongest_parts(value, parts, self.rejected)))

    def fact(self, e: m.Expr, name: str, moment: m.Expr | None, rows: tuple[Row, ...]) -> Explanation:
        value: Any = self.record.facts.get(name)
        if value is None:
            return Explanation(e, e.type.top)
        if not isinstance(value, History):
            return Explanation(e, value)
        if moment is None:
            return Explanation(e, value.at(v.point(self.frame.as_of), e.type.top))
        at = self.why(moment, rows)
        result = value.at(_range(at), e.type.top)
        return Explanation(e, result, () if settled(at.value) else (at,), rows)

    def fold(self, e: m.Fold, rows: tuple[Row, ...]) -> Explanation:
        """Rows in, rows perhaps in, and perhaps more rows than are listed."""
        judged: list[Judged] = []
        for row in self.rows(e.list):
            inner = in_view(rows, e.slot, row)
            where = self.why(e.where, inner)
            if where.value == NO and row.id is not None:
                judged.append(Judged(row, NO, None, where, None))
                continue
            state = UNKNOWN if where.value == YES and not row.sure else _truth(where)
            measured = self.why(e.value, inner) if e.value is not None and state != NO else None
            day = self.why(e.day, inner) if e.how == "latest" and e.day is not None and state != NO else None
            judged.append(Judged(row, state, measured.value if measured else None, where, measured, day))
        value = FOLDS[e.how](e, judged)
        return Explanation(e, value, tuple(_members(e, judged, value, rows, self.rejected)), rows)


def counted(e: m.Happened, rows: tuple[Row, ...]) -> Explanation:
    """That a row may not count, and why."""
    return Explanation(e, UNKNOWN, doubts(e, rows), rows)


def doubts(e: m.Happened, rows: tuple[Row, ...]) -> tuple[Explanation, ...]:
    """What leaves open whether a row counts, where that is not its date alone: the day on which it was learnt."""
    row = rows[e.slot]
    if e.learnt is None or e.learnt.name not in row.doubts:
        return ()
    told = row.values.get(e.learnt.name, v.NONE)
    learnt = Explanation(e.learnt, e.learnt.type.top if settled(told) else told, (), rows)
    return (Explanation(e, UNKNOWN, (), rows), learnt) if e.name in row.doubts else (learnt,)


def _truth(e: Explanation) -> int:
    assert isinstance(e.value, int)
    return e.value


def _range(e: Explanation) -> Range:
    assert not isinstance(e.value, int)
    return e.value


def _none(e: m.Expr) -> int:
    return 1 << len(e.type.options)


def junction(
    e: m.Expr, parts: Sequence[Explanation], settling: int, neutral: int, rows: tuple[Row, ...]
) -> Explanation:
    """One settling part settles; else the unknown parts leave it open; else all together decide."""
    if found := tuple(p for p in parts if p.value == settling):
        return Explanation(e, settling, found, rows)
    if found := tuple(p for p in parts if p.value == UNKNOWN):
        return Explanation(e, UNKNOWN, found, rows)
    return Explanation(e, neutral, tuple(parts), rows)


def shifted(
    e: m.Shift, parts: tuple[Explanation, ...], uncharted: Explanation | None, rows: tuple[Row, ...]
) -> Explanation:
    """A day moved by a period: whatever the readings of period arithmetic that are still open would give, and the days
    the calendar does not reach."""
    day, amount, *taken = parts
    open_ways = ways(_truth(x) for x in taken)
    value, beyond = ends(_range(day), _range(amount), e.unit, e.sign, open_ways, e.calendar)
    if settled(value):
        return Explanation(e, value, (day, amount), rows)
    return Explanation(e, value, (*parts, uncharted) if beyond and uncharted is not None else parts, rows)


def behind(where: Explanation, slot: int) -> Iterator[Explanation]:
    """What a row that is not listed would turn on besides its own facts."""
    for leaf in where.missing():
        if isinstance(leaf.node, Member) or leaf.node.reach <= slot:
            yield leaf


def _tied(e: m.Fold, kept: list[Judged]) -> bool:
    """Whether rows that certainly count share one known latest day, so that nothing tells which is the later."""
    days = [day_of(e, j) for j in kept if j.state == YES and j.row.id is not None]
    last = max((d[0] for d in days), default=None)
    return len([d for d in days if settled(d) and d[0] == last]) > 1


_NOBODY: Final = Row(None, {})


def in_view(rows: tuple[Row, ...], slot: int, row: Row) -> tuple[Row, ...]:
    """The rows in view inside a list's brackets; an outer row that nothing there reads may be left out."""
    return (*rows[:slot], *((_NOBODY,) * (slot - len(rows))), row)


def _members(
    e: m.Fold,
    judged: list[Judged],
    value: Value,
    rows: tuple[Row, ...],
    rejected: bool,
) -> Iterator[Explanation]:
    """The rows that matter: those in and perhaps in; for 有, those that settle it. Others only if asked for."""
    kept = [j for j in judged if j.state != NO]
    if e.how == "some" and value == YES:
        kept = [j for j in kept if j.state == YES]
    for j in kept:
        inner = in_view(rows, e.slot, j.row)
        past = None if j.row.sure or e.happened is None else counted(e.happened, inner)
        parts = tuple(x for x in (j.where, j.measured, j.day, past) if x is not None)
        if j.row.id is None:
            yield Explanation(Member(e.list, None), UNKNOWN, (), inner)
            for x in (j.where, j.measured):
                if x is not None:
                    yield from behind(x, e.slot)
        else:
            open = not all(settled(p.value) for p in parts)
            yield Explanation(Member(e.list, j.row.id), UNKNOWN if open else YES, parts, inner)
    if e.tie is not None and not settled(value) and _tied(e, kept):
        yield Explanation(e.tie, e.tie.top)
    for j in judged if rejected else ():
        if j.state == NO:
            yield Explanation(Member(e.list, j.row.id), NO, (j.where,), in_view(rows, e.slot, j.row))


def row_part(of: str, row: Row, x: Explanation, mask: int) -> Explanation:
    """A row's part in the person's line; a row that is not listed is only a place."""
    if row.id is None:
        return Explanation(Member(of, None), UNKNOWN if mask != SILENT else NO, (), (row,))
    return Explanation(Member(of, row.id), YES if settled(mask) else UNKNOWN, (x,), (row,))


Judgement = tuple[m.Contribution, Explanation, "Explanation | None"]


def verdict(e: m.Verdict, given: Sequence[Judgement], rows: tuple[Row, ...]) -> Explanation:
    """Every status the rules together may give the effect, whichever way the open ones turn out."""
    truths = [(c.flag, _truth(x), None if w is None else _truth(w)) for c, x, w in given]
    value = statuses_of(truths)
    parts = [(x, _truth(x)) for _, x, _ in given]
    parts += [(w, _truth(w)) for _, x, w in given if w is not None and x.value != NO]
    return Explanation(e, value, tuple(x for x, _ in verdict_parts(value, parts)), rows)
