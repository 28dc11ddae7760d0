"""A roster decided under both: who is treated differently, how outcomes go together, and which rules account for it.

Nothing but counts is kept of those treated alike. A person is counted on each of the two lines: on what is printed, and
on the whole text, where more stays open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import define, field, frozen

from .. import model as m
from ..decide import Conclusion, judge
from ..explanation import Member
from ..knowledge import as_known
from ..record import Record, Row
from ..values import NO, YES
from .sides import Pair, Side
from .strictness import of_effect, of_group

LINES: Final = ("printed", "whole")
SILENT: Final = m.STATUS.option("silent")
_TOPICS: Final = frozenset(("fact", "field", "finding", "list"))

Masks = tuple[int, int]


@frozen(eq=False)
class Outcome:
    """What one side concludes at one place; none where it has no rule that leads to the effect."""

    conclusion: Conclusion | None

    @property
    def lines(self) -> Masks:
        """The statuses possible on what is printed, and on the whole text."""
        return (SILENT, SILENT) if self.conclusion is None else (self.conclusion.printed, self.conclusion.whole)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules the outcome rests on: those that arise, else those that may."""
        grounds = self.conclusion.grounds if self.conclusion is not None else ()
        sure = [g for g in grounds if g.fires.value == YES]
        live = sure or [g for g in grounds if g.fires.value != NO]
        return tuple(dict.fromkeys(g.rule.name for g in live))

    @property
    def missing(self) -> set[str]:
        """What keeps it open on the whole text, by name."""
        leaves = self.conclusion.why.missing() if self.conclusion is not None and not self.conclusion.settled else ()
        return {missing_name(e.node) for e in leaves} - {""}

    def topics(self, line: int) -> set[str]:
        """What the reasons read: facts, fields after their list, findings, lists."""
        if self.conclusion is None:
            return set()
        why = (self.conclusion.why_printed, self.conclusion.why)[line]
        leaves = (e.node for e in why.walk() if isinstance(e.node, m.Expr))
        return {"·".join(map(str, t[1:])) for node in leaves for t in m.own_topics(node) if t[0] in _TOPICS}


@frozen(eq=False)
class Difference:
    """One place where one person's outcomes are not the same: what each comes to, and what A's is to B's, on each line.

    A place is an effect, of the person or of a row that both judge.
    """

    effect: str
    list: str | None
    row: str | None
    a: Outcome
    b: Outcome
    relations: tuple[str, str]

    def differs(self, line: int) -> bool:
        """Whether it is certain that the outcomes are not the same."""
        return not self.a.lines[line] & self.b.lines[line]

    @property
    def kind(self) -> str:
        """Why they are not the same: only one side has a rule on it; under one it does not arise; both arise, unlike;
        or it is not settled."""
        if not (self.differs(0) or self.differs(1)):
            return "open"
        if self.a.conclusion is None or self.b.conclusion is None:
            return "only_b" if self.a.conclusion is None else "only_a"
        line = 0 if self.differs(0) else 1
        silent = [x.lines[line] == SILENT for x in (self.a, self.b)]
        return "arises_b" if silent[0] else "arises_a" if silent[1] else "unlike"

    @property
    def reason(self) -> Reason:
        return Reason(self.effect, self.kind, self.a.rules, self.b.rules)


@frozen
class Reason:
    """Why outcomes are not the same: of which effect, in what way, under which rules of each."""

    effect: str
    kind: str
    a: tuple[str, ...]
    b: tuple[str, ...]


@frozen(eq=False)
class Example:
    """One person on whom a reason can be seen, as each side sees the record."""

    record: Record
    a: Record
    b: Record
    difference: Difference


@frozen(eq=False)
class Person:
    """One of those treated differently, or perhaps differently: where."""

    id: str
    record: Record
    differences: tuple[Difference, ...]

    def differs(self, line: int) -> bool:
        return any(d.differs(line) for d in self.differences)


@define(eq=False)
class Tally:
    """Persons by what A's outcome is to B's, and by both outcomes, on each line."""

    relations: tuple[Counter[str], Counter[str]] = field(factory=lambda: (Counter(), Counter()))
    matrix: tuple[Counter[Masks], Counter[Masks]] = field(factory=lambda: (Counter(), Counter()))


@define(eq=False)
class Population:
    """What comes of a roster under two policies. *standing* counts persons by same, different, open, on each line."""

    pair: Pair
    total: int = 0
    standing: tuple[Counter[str], Counter[str]] = field(factory=lambda: (Counter(), Counter()))
    effects: dict[str, Tally] = field(factory=dict)
    groups: dict[str, Tally] = field(factory=dict)
    reasons: Counter[Reason] = field(factory=Counter)
    examples: dict[Reason, Example] = field(factory=dict)
    topics: Counter[str] = field(factory=Counter)
    missing: tuple[Counter[str], Counter[str]] = field(factory=lambda: (Counter(), Counter()))
    persons: list[Person] = field(factory=list)
    unshared: tuple[Counter[str], Counter[str]] = field(factory=lambda: (Counter(), Counter()))


def population(pair: Pair, records: Iterable[Record]) -> Population:
    """Decide every record under both."""
    judges = _Judge(pair.a), _Judge(pair.b)
    found = Population(pair)
    grouped = groups(pair)
    for record in records:
        found.total += 1
        seen = pair.seen(record)
        for side, said in zip(found.unshared, pair.unshared(record), strict=True):
            side.update(said)
        given = judges[0].given(seen[0]), judges[1].given(seen[1])
        outcomes = judges[0].of_person(given[0]), judges[1].of_person(given[1])
        differences = []
        for effect in _either(pair):
            d = _difference(pair, effect, None, outcomes[0][effect], outcomes[1][effect])
            _count(found.effects.setdefault(effect, Tally()), d.relations, (d.a.lines, d.b.lines))
            if d.relations != ("same", "same"):
                differences.append(d)
            elif d.a.lines != (SILENT, SILENT):
                differences += _of_rows(pair, effect, judges, given)
        for name, shapes in grouped.items():
            lines = [
                [{e.name: outcomes[side][e.name].lines[line] for e in shapes} for side in (0, 1)] for line in (0, 1)
            ]
            of = of_group(shapes, *lines[0]), of_group(shapes, *lines[1])
            _count(found.groups.setdefault(name, Tally()), of, None)
        _file(found, Person(record.id, record, tuple(differences)), given)
    return found


def _file(found: Population, person: Person, given: tuple[Record, Record]) -> None:
    """Counts one person; by what is missing, too, where that leaves something open."""
    for line, counts in enumerate(found.standing):
        open_ = any(d.relations[line] != "same" for d in person.differences)
        counts["different" if person.differs(line) else "open" if open_ else "same"] += 1
    if not person.differences:
        return
    found.persons.append(person)
    told: dict[Reason, Difference] = {}
    topics: set[str] = set()
    for d in person.differences:
        told.setdefault(d.reason, d)
        if d.kind != "open":
            line = 0 if d.differs(0) else 1
            topics |= d.a.topics(line) | d.b.topics(line)
    found.reasons.update(told.keys())
    found.topics.update(topics)
    for side, counts in enumerate(found.missing):
        outcomes = ((d.a, d.b)[side] for d in person.differences)
        counts.update(set().union(*(x.missing for x in outcomes)))
    for reason, d in told.items():
        found.examples.setdefault(reason, Example(person.record, *given, d))


def missing_name(node: m.Expr | Member) -> str:
    """What a missing leaf is called: a field after its list."""
    match node:
        case Member(list=of):
            return of
        case m.Field(list=of, name=name) | m.Happened(list=of, name=name):
            return f"{of}·{name}"
    return str(getattr(node, "name", ""))


def _count(tally: Tally, relations: tuple[str, str], lines: tuple[Masks, Masks] | None) -> None:
    for line in (0, 1):
        tally.relations[line][relations[line]] += 1
        if lines is not None:
            tally.matrix[line][lines[0][line], lines[1][line]] += 1


def _difference(pair: Pair, effect: str, row: tuple[str, str] | None, a: Outcome, b: Outcome) -> Difference:
    shape = shape_of(pair, effect)
    relations = tuple(of_effect(shape, x, y) for x, y in zip(a.lines, b.lines, strict=True))
    of, id = row or (None, None)
    return Difference(effect, of, id, a, b, (relations[0], relations[1]))


def _of_rows(pair: Pair, effect: str, judges: tuple[_Judge, _Judge], given: tuple[Record, Record]) -> list[Difference]:
    """Where rows that both judge come out unlike, though the person's line is the same."""
    first, second = (judge.of_rows(effect, record) for judge, record in zip(judges, given, strict=True))
    met = [_difference(pair, effect, at, first[at], second[at]) for at in first if at in second]
    return [d for d in met if d.relations != ("same", "same")]


def shape_of(pair: Pair, effect: str) -> m.EffectShape | None:
    """An effect as both understand it; none where they place it differently."""
    found = {side.policy.shape.effects[effect] for side in pair.sides if effect in side.policy.shape.effects}
    return found.pop() if len(found) == 1 else None


def _either(pair: Pair) -> list[str]:
    """The effects a rule of either leads to, in the order of the common vocabulary."""
    led = {w.effect for side in pair.sides for w in side.policy.verdicts}
    known = [e for e in pair.shape.effects if e in led]
    return known + sorted(led - set(known))


def groups(pair: Pair) -> Mapping[str, list[m.EffectShape]]:
    """The groups of which more than one effect is led to, with those effects; an ordered group in its order."""
    found: dict[str, list[m.EffectShape]] = {}
    for effect in _either(pair):
        if (shape := shape_of(pair, effect)) is not None:
            found.setdefault(shape.group, []).append(shape)
    return {name: shapes for name, shapes in found.items() if len(shapes) > 1}


class _Judge:
    """Puts records to one side."""

    def __init__(self, side: Side):
        self.side, self.policy, self.question = side, side.policy, side.question
        self.verdicts = {w.effect: w for w in side.policy.verdicts}

    def given(self, record: Record) -> Record:
        return as_known(record, self.policy.shape, self.question.as_of, self.question.known_as_of)

    def of_person(self, given: Record) -> Mapping[str, Outcome]:
        """The person's line of every effect; of one it has no rule for, nothing."""
        asked: list[tuple[m.Verdicts, str | None, Row | None]] = [(w, None, None) for w in self.policy.verdicts]
        found = {c.effect: Outcome(c) for c in judge(self.policy, given, self.question, asked)}
        return _OrNothing(found)

    def of_rows(self, effect: str, given: Record) -> dict[tuple[str, str], Outcome]:
        """The line of every row that bears on an effect."""
        if effect not in self.verdicts:
            return {}
        verdicts = self.verdicts[effect]
        asked = [(verdicts, of, row) for of in verdicts.elements for row in given.lists[of].known]
        found = judge(self.policy, given, self.question, asked)
        return {(c.list or "", c.row.id or ""): Outcome(c) for c in found if c.row is not None}


class _OrNothing(dict[str, Outcome]):
    def __missing__(self, effect: str) -> Outcome:
        return Outcome(None)
