"""Every case of a policy heard once: what it states, and the evaluations that a changed policy shares with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

import attrs
from attrs import field, frozen

from .. import model as m
from ..cases import agrees, posed
from ..check.worked import row_id
from ..decide import Court, Question, Standing, places, standing
from ..evaluate import Evaluation
from ..explanation import Explanation
from ..knowledge import as_known
from ..language import syntax as s
from ..record import Record, Row

Verdict = m.Verdict | m.Strongest
# One effect at one place: of the person, or of a row of a list.
Place = tuple[str, str | None, Row | None]


@frozen(eq=False)
class Stated:
    """One conclusion that a case states: *status* of *effect* at a place, on the line it names ('' for both)."""

    said: s.Expected
    effect: str
    of: str | None
    row: Row | None
    status: str
    line: str

    def holds(self, whole: int, printed: int) -> bool:
        masks = (("printed", printed), ("whole", whole))
        return all(agrees(self.status, mask, name, self.line) for name, mask in masks if self.line in ("", name))


@frozen(eq=False)
class Sitting:
    """One record under one question, with what is stated of it."""

    record: Record
    question: Question
    court: Court
    stated: tuple[Stated, ...]


@frozen(eq=False)
class Heard:
    """One case: its record, and a sitting for each choice of readings its outcomes make."""

    case: s.Declaration
    sittings: tuple[Sitting, ...]

    @cached_property
    def effects(self) -> frozenset[str]:
        """Every effect it states something of."""
        return frozenset(x.effect for sitting in self.sittings for x in sitting.stated)


def hear(policy: m.Policy, case: s.Declaration) -> Heard | None:
    """One case, prepared; None where it cannot be read."""
    asked = posed(policy, case, [])
    if asked is None:
        return None
    by_reading: dict[tuple[tuple[str, str], ...], list[s.Concluded]] = {}
    questions: dict[tuple[tuple[str, str], ...], Question] = {}
    for item, question in asked.lines:
        key = tuple(sorted(question.readings.items()))
        by_reading.setdefault(key, []).append(item)
        questions[key] = question
    return Heard(case, tuple(_sitting(policy, asked.record, questions[k], items) for k, items in by_reading.items()))


def _sitting(policy: m.Policy, record: Record, question: Question, items: list[s.Concluded]) -> Sitting:
    given = as_known(record, policy.shape, question.as_of, question.known_as_of)
    court = Court(given, question, False)
    found = {w.effect: w for w in policy.verdicts}
    stated: list[Stated] = []
    for item in items:
        row = row_id(item.row) if item.row is not None else None
        status, line = "", ""
        for x in item.expected:
            status, line = x.status or status, x.line or line if not x.status else x.line
            effect = x.name.text if x.name is not None else "去向未载明"
            at: Iterator[tuple[str | None, Row | None]] = iter(())
            if effect in found:
                at = places(found[effect], given)
            wanted = item.list.text if item.list is not None else None
            for of, here in at:
                if (here.id if here else None) == row and (wanted is None or of == wanted):
                    stated.append(Stated(x, effect, of, here, status, line))
                    break
    return Sitting(record, question, court, tuple(stated))


def verdict_of(verdicts: m.Verdicts, of: str | None) -> Verdict | None:
    """What judges an effect of the person, or of a list's rows."""
    return verdicts.person if of is None else verdicts.elements.get(of)


# What two policies share.

# What tells two nodes of a kind apart: not where they are written.
_OWN: Final[dict[type[m.Expr], tuple[str, ...]]] = {}


class Numbering:
    """One number for expressions that say the same, across the policies numbered."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[Any, ...], int] = {}

    def of(self, *roots: m.Expr) -> dict[int, int]:
        """The number of every node under the roots, by identity."""
        found: dict[int, int] = {}

        def number(e: m.Expr) -> int:
            if id(e) not in found:
                kind = type(e)
                if kind not in _OWN:
                    _OWN[kind] = tuple(f.name for f in attrs.fields(kind) if f.name not in ("source", "slots"))
                key = (kind, *(said(getattr(e, name)) for name in _OWN[kind]))
                found[id(e)] = self.numbers.setdefault(key, len(self.numbers))
            return found[id(e)]

        def said(x: Any) -> Any:
            if isinstance(x, m.Expr):
                return number(x)
            if isinstance(x, tuple):
                return tuple(map(said, x))
            if isinstance(x, m.Contribution):
                return x.flag, said(x.fires), said(x.waived)
            return x

        for e in m.walk(*roots):
            number(e)
        return found


@frozen(eq=False)
class Likeness:
    """Which nodes of a changed policy say the same as one of the policy it was made from."""

    same: Mapping[int, m.Expr]
    verdicts: Mapping[str, m.Verdicts] = field(factory=dict)

    def changed(self, e: m.Expr) -> bool:
        return id(e) not in self.same


class Base:
    """A policy that others are compared with."""

    def __init__(self, policy: m.Policy):
        self.policy = policy
        self.numbering = Numbering()
        roots = [w.person for w in policy.verdicts]
        self.nodes = tuple(m.walk(*roots))
        numbers = self.numbering.of(*roots)
        self.by_number = {numbers[id(e)]: e for e in self.nodes}
        self.verdicts = {w.effect: w for w in policy.verdicts}

    def likeness(self, other: m.Policy) -> Likeness:
        numbers = self.numbering.of(*(w.person for w in other.verdicts))
        same = {i: self.by_number[n] for i, n in numbers.items() if n in self.by_number}
        return Likeness(same, {w.effect: w for w in other.verdicts})


class Again(Evaluation):
    """The same record under a changed policy: what both say alike is not judged again."""

    def __init__(self, first: Evaluation, likeness: Likeness):
        super().__init__(first.record, first.frame, first.given, first.rejected)
        self.first, self.likeness, self.there = first, likeness, first.there

    def why(self, e: m.Expr, rows: tuple[Row, ...]) -> Explanation:
        known = self.likeness.same.get(id(e))
        return super().why(e, rows) if known is None else self.first.why(known, rows)


class CourtAgain(Court):
    """The court of a changed policy, beside the one it was made from."""

    def __init__(self, first: Court, likeness: Likeness):
        super().__init__(first.record, first.question, False)
        self.first, self.likeness = first, likeness
        self.again: dict[tuple[bool, tuple[tuple[str, str], ...]], Again] = {}

    def under(self, printed: bool, readings: Mapping[str, str] | None = None) -> Evaluation:
        key = printed, tuple(sorted((readings or {}).items()))
        if key not in self.again:
            first = self.first.under(printed, readings)
            one = self.again[key] = Again(first, self.likeness)
            if readings:
                one.like, one.apart = self.under(printed), first.apart
        return self.again[key]


def silent() -> tuple[int, int]:
    """What is said of an effect that no rule yields."""
    return m.STATUS.option("silent"), m.STATUS.option("silent")


def masks(verdicts: m.Verdicts | None, of: str | None, row: Row | None, court: Court) -> tuple[int, int]:
    """The statuses possible on the whole text, and on what is printed."""
    verdict = verdict_of(verdicts, of) if verdicts is not None else None
    if verdict is None:
        return silent()
    x: Standing = standing(verdict, () if row is None else (row,), court)
    return x.whole, x.printed


def heard_cases(base: Base) -> tuple[Heard, ...]:
    """The cases of a policy, each prepared once; those that do not hold to begin with tell nothing."""
    every = (hear(base.policy, case) for case in base.policy.cases)
    return tuple(h for h in every if h is not None and _holds(base, h))


def _holds(base: Base, h: Heard) -> bool:
    return all(
        x.holds(*masks(base.verdicts.get(x.effect), x.of, x.row, sitting.court))
        for sitting in h.sittings
        for x in sitting.stated
    )
