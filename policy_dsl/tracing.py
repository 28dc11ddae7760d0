"""Whole explanations at speed: the compiled function's own values, made into the trees the walker would give.

The function hands back the value of every node, of the person and of each row; a tree is then built from the top, only
through what settles each node. Lists inside a row's condition are left to the walker. The tests hold the trees equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import define, frozen

from . import model as m
from .compiled import Traced, trace
from .evaluate import Evaluation, behind, row_part
from .explanation import Explanation, Frame, Member
from .record import Record, Row
from .statuses import SILENT, strongest_parts, verdict_parts
from .values import NO, UNKNOWN, YES, settled


@define
class Seen:
    """One record's values: of the person, and of each row of each round of loops."""

    top: tuple[Any, ...]
    rounds: tuple[list[tuple[Row, tuple[Any, ...]]], ...]
    walker: Evaluation
    memo: list[Explanation | None]
    row_memo: dict[tuple[int, int], Explanation]


Build = Callable[[Seen, tuple[Row, ...], tuple[Any, ...]], Explanation]


@frozen
class Explainer:
    """A policy under a frame: the explanation of every verdict, for the person and for each row."""

    policy: m.Policy
    frame: Frame
    traced: Traced
    person: tuple[Build, ...]
    rows: tuple[tuple[int, Build], ...]

    def explain(self, record: Record) -> tuple[tuple[Explanation, ...], tuple[tuple[Explanation, ...], ...]]:
        """The person's explanations in the order of `policy.verdicts`, then those of each list's rows."""
        top, rounds = self.traced.run(record)
        seen = Seen(top, rounds, Evaluation(record, self.frame), [None] * len(top), {})
        person = tuple([build(seen, (), ()) for build in self.person])
        rows = tuple(
            tuple([build(seen, (row,), values) for row, values in rounds[i] if row.id is not None])
            for i, build in self.rows
        )
        return person, rows


def explainer(policy: m.Policy, frame: Frame) -> Explainer:
    """Compile a policy for explanations."""
    traced = trace(policy, frame)
    make = _Maker(traced, frame)
    person = tuple(make.build(w.person, None) for w in policy.verdicts)
    elements = [x for w in policy.verdicts for x in w.elements.values()]
    rows = tuple((traced.round_of[id(x)], make.build(x, traced.round_of[id(x)])) for x in elements)
    return Explainer(policy, frame, traced, person, rows)


class _Maker:
    """Makes one builder for each node in each place it stands."""

    def __init__(self, traced: Traced, frame: Frame):
        self.traced, self.frame = traced, frame
        self.made: dict[tuple[int, int | None], Build] = {}

    def build(self, e: m.Expr, round: int | None) -> Build:
        at = round if e.reach else None
        key = id(e), at
        if key not in self.made:
            made = self.make(e, at)
            self.made[key] = made if e.reach or not m.parts(e) else self.once(self.traced.top_at[id(e)], made)
        return self.made[key]

    def once(self, i: int, make: Build) -> Build:
        """What stands twice in a tree is made once."""

        def once(seen: Seen, rows: tuple[Row, ...], values: tuple[Any, ...]) -> Explanation:
            found = seen.memo[i]
            if found is None:
                found = seen.memo[i] = make(seen, (), ())
            return found

        return once

    def index(self, e: m.Expr, round: int | None) -> tuple[bool, int]:
        """Where the node's value stands: among the person's, or among a row's."""
        return (False, self.traced.top_at[id(e)]) if round is None else (True, self.traced.row_at[round][id(e)])

    def make(self, e: m.Expr, round: int | None) -> Build:
        if isinstance(e, m.Fold) and (e.slot != 0 or e.reach or e.tie is not None):
            return lambda seen, rows, values: seen.walker.why(e, rows)
        of_row, i = self.index(e, round)
        match e:
            case m.Named(body=body):
                return self.named(e, self.build(body, round), of_row)
            case m.All(parts=parts):
                return self.junction(e, parts, round, NO)
            case m.Any(parts=parts):
                return self.junction(e, parts, round, YES)
            case m.Choose(condition=condition, then=then, otherwise=otherwise):
                return self.choose(e, condition, then, otherwise, round)
            case m.Fold():
                return self.fold(e, i)
            case m.Verdict():
                return self.verdict(e, round)
            case m.Strongest():
                return self.strongest(e, i)
            case m.Fact(moment=None):
                return lambda seen, rows, values: Explanation(e, seen.top[i])
            case m.Fact() | m.Shift() | m.Is(alike=m.Finding()):
                return lambda seen, rows, values: seen.walker.why(e, rows)
        inner = tuple(self.build(p, round) for p in m.parts(e))
        bare = isinstance(e, m.Constant | m.Leaf | m.Unprinted | m.DecisionDay | m.Admitted)
        if bare and not inner:
            # It says the same of every record.
            said = Evaluation(Record(""), self.frame).why(e, ())
            return lambda seen, rows, values: said
        if not inner and not of_row:
            return lambda seen, rows, values: Explanation(e, seen.top[i])
        if not inner:
            return lambda seen, rows, values: Explanation(e, values[i], (), rows)
        if of_row:
            return lambda seen, rows, values: Explanation(
                e, values[i], tuple([b(seen, rows, values) for b in inner]), rows
            )
        return lambda seen, rows, values: Explanation(e, seen.top[i], tuple([b(seen, (), ()) for b in inner]))

    def named(self, e: m.Named, body: Build, of_row: bool) -> Build:
        key = id(e)

        def of_a_row(seen: Seen, rows: tuple[Row, ...], values: tuple[Any, ...]) -> Explanation:
            at = key, id(rows[0])
            found = seen.row_memo.get(at)
            if found is None:
                part = body(seen, rows, values)
                found = seen.row_memo[at] = Explanation(e, part.value, (part,), rows)
            return found

        def of_the_person(seen: Seen, rows: tuple[Row, ...], values: tuple[Any, ...]) -> Explanation:
            part = body(seen, (), ())
            return Explanation(e, part.value, (part,))

        return of_a_row if of_row else of_the_person

    def junction(self, e: m.Expr, parts: tuple[m.Expr, ...], round: int | None, settling: int) -> Build:
        of_row, i = self.index(e, round)
        built = tuple((self.build(p, round), *self.index(p, round if p.reach else None)) for p in parts)
        decided = (settling, UNKNOWN)

        def junction(seen: Seen, rows: tuple[Row, ...], values: tuple[Any, ...]) -> Explanation:
            top = seen.top
            value = values[i] if of_row else top[i]
            if value in decided:
                because = [b(seen, rows, values) for b, r, j in built if (values[j] if r else top[j]) == value]
            else:
                because = [b(seen, rows, values) for b, _, _ in built]
            return Explanation(e, value, tuple(because), rows if of_row else ())

        return junction

    def choose(self, e: m.Expr, condition: m.Expr, then: m.Expr, otherwise: m.Expr, round: int | None) -> Build:
        of_row, i = self.index(e, round)
        c_of_row, c_at = self.index(condition, round if condition.reach else None)
        c, a, b = (self.build(x, round) for x in (condition, then, otherwise))

        def choose(seen: Seen, rows: tuple[Row, ...], values: tuple[Any, ...]) -> Explanation:
            asked = values[c_at] if c_of_row else seen.top[c_at]
            value = values[i] if of_row else seen.top[i]
            here = rows if of_row else ()
            if asked != UNKNOWN:
                taken = (a if asked == YES else b)(seen, rows, values)
                return Explanation(e, value, (c(seen, rows, values), taken), here)
            both = (a(seen, rows, values), b(seen, rows, values))
            return Explanation(e, value, both if settled(value) else (c(seen, rows, values), *both), here)

        return choose

    def fold(self, e: m.Fold, i: int) -> Build:
        round = self.traced.round_of[id(e)]
        w_of_row, w_at = self.index(e.where, round if e.where.reach else None)
        where = self.build(e.where, round)
        measured = None if e.value is None else self.build(e.value, round)
        some = e.how == "some"

        def fold(seen: Seen, rows: tuple[Row, ...], values: tuple[Any, ...]) -> Explanation:
            whole = seen.top[i]
            because = []
            only_sure = some and whole == YES
            for row, cells in seen.rounds[round]:
                state = cells[w_at] if w_of_row else seen.top[w_at]
                if state == NO or (only_sure and (state != YES or not row.sure)):
                    continue
                here = (row,)
                if row.id is None:
                    because.append(Explanation(Member(e.list, None), UNKNOWN, (), here))
                    said = [where(seen, here, cells)] + ([] if measured is None else [measured(seen, here, cells)])
                    because += [leaf for x in said for leaf in behind(x, 0)]
                    continue
                first = where(seen, here, cells)
                parts = (first,) if measured is None else (first, measured(seen, here, cells))
                if not row.sure and e.happened is not None:
                    parts = (*parts, Explanation(e.happened, UNKNOWN, (), here))
                open = not all(settled(p.value) for p in parts)
                because.append(Explanation(Member(e.list, row.id), UNKNOWN if open else YES, parts, here))
            return Explanation(e, whole, tuple(because))

        return fold

    def verdict(self, e: m.Verdict, round: int | None) -> Build:
        of_row, i = self.index(e, round)
        fires = [(self.build(c.fires, round), *self.index(c.fires, round if c.fires.reach else None)) for c in e.flags]
        waived = [
            (n, self.build(c.waived, round), *self.index(c.waived, round if c.waived.reach else None))
            for n, c in enumerate(e.flags)
            if c.waived is not None
        ]

        def verdict(seen: Seen, rows: tuple[Row, ...], values: tuple[Any, ...]) -> Explanation:
            value = values[i] if of_row else seen.top[i]
            top = seen.top
            found = [(b, values[j] if r else top[j]) for b, r, j in fires]
            found += [(b, values[j] if r else top[j]) for n, b, r, j in waived if found[n][1] != NO]
            because = [b(seen, rows, values) for b, _ in verdict_parts(value, found)]
            return Explanation(e, value, tuple(because), rows if of_row else ())

        return verdict

    def strongest(self, e: m.Strongest, i: int) -> Build:
        own, at = self.build(e.own, None), self.traced.top_at[id(e.own)]
        lists = [
            (of, round := self.traced.round_of[id(x)], self.build(x, round), self.traced.row_at[round].get(id(x)), x)
            for of, x in e.rows
        ]

        def strongest(seen: Seen, rows: tuple[Row, ...], values: tuple[Any, ...]) -> Explanation:
            parts: list[tuple[Callable[[], Explanation], int]] = [(lambda: own(seen, (), ()), seen.top[at])]
            for of, round, build, j, x in lists:
                for row, cells in seen.rounds[round]:
                    said = cells[j] if j is not None else seen.top[self.traced.top_at[id(x)]]
                    mask = said if row.sure else said | SILENT
                    parts.append((_part(of, row, build, seen, cells, mask), mask))
                    if row.id is None:
                        parts += [(_same(leaf), mask) for leaf in behind(build(seen, (row,), cells), 0)]
            value = seen.top[i]
            return Explanation(e, value, tuple([make() for make in strongest_parts(value, parts)]))

        return strongest


def _same(said: Explanation) -> Callable[[], Explanation]:
    return lambda: said


def _part(of: str, row: Row, build: Build, seen: Seen, cells: tuple[Any, ...], mask: int) -> Callable[[], Explanation]:
    return lambda: row_part(of, row, build(seen, (row,), cells), mask)
