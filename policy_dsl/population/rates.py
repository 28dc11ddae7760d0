"""Outcomes counted by group, with what stays undetermined and what is most often missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from attrs import frozen

from .. import model as m
from ..decide import Question
from ..record import History, Record
from ..report.chart import Bar, drawing
from ..report.words import Wording
from ..values import INF, Value, point, settled
from .outcome import Outcome
from .tables import Row, lacking

OPEN: Final = "undetermined"
# The key of an outcome, beside the statuses themselves.
_SILENT: Final = "silent"

Group = tuple[str, ...]


@frozen
class Counts:
    """Persons counted: the values of each group, and by its place among them how many persons and decided; by effect
    and settled status (0: open); lacking what, why and whom to ask; lacking what."""

    groups: Sequence[Sequence[Value]]
    persons: Sequence[tuple[int, int, int]]
    outcomes: Sequence[tuple[int, str, int, int]]
    missing: Sequence[tuple[int, str, str, str, int]]
    lacking: Sequence[tuple[int, str, int]]


class Rates:
    """Counts of one run, in one tongue. A group is named by the values its persons have of some facts on the day."""

    def __init__(self, policy: m.Policy, question: Question, by: Sequence[str], lang: str):
        self.policy, self.question, self.by = policy, question, tuple(by)
        self.w = Wording(policy, lang)
        self.order: dict[Group, tuple[tuple[bool, Value], ...]] = {}
        self.persons: Counter[Group] = Counter()
        self.decided: Counter[Group] = Counter()
        self.outcomes: Counter[tuple[Group, str, str]] = Counter()
        self.missing: Counter[tuple[Group, str, str, str]] = Counter()
        self.lacking: Counter[tuple[Group, str]] = Counter()

    def add(self, x: Outcome) -> None:
        """One person."""
        group = self.group([self.value(x.record, name) for name in self.by])
        self.persons[group] += 1
        self.decided[group] += not x.open
        for verdicts, (printed, whole) in zip(self.policy.verdicts, x.statuses, strict=True):
            certain = printed == whole and settled(whole)
            self.outcomes[group, verdicts.effect, m.STATUSES[whole.bit_length() - 1] if certain else OPEN] += 1
        missing = lacking(self.w, x.gaps)
        for what in missing:
            self.missing[group, *what] += 1
        # One thing may be missing of a person in two ways.
        for fact in dict.fromkeys(fact for fact, *_ in missing):
            self.lacking[group, fact] += 1

    def add_all(self, c: Counts) -> None:
        """As many as were counted."""
        groups = [self.group(values) for values in c.groups]
        for g, persons, decided in c.persons:
            self.persons[groups[g]] += persons
            self.decided[groups[g]] += decided
        for g, effect, mask, n in c.outcomes:
            self.outcomes[groups[g], effect, m.STATUSES[mask.bit_length() - 1] if mask else OPEN] += n
        for g, fact, kind, who, n in c.missing:
            self.missing[groups[g], fact, kind, who] += n
        for g, fact, n in c.lacking:
            self.lacking[groups[g], fact] += n

    def group(self, values: Sequence[Value]) -> Group:
        """The name of a group."""
        group = tuple(self.named(*v) for v in zip(self.by, values, strict=True))
        # Low ranks before high, and what is not known last; the same whoever comes first.
        order = tuple((not settled(v), v) for v in values)
        self.order[group] = min(self.order.get(group, order), order)
        return group

    def value(self, record: Record, name: str) -> Value:
        """What is known of a fact on the day of decision."""
        top = self.policy.shape.facts[name].type.top
        held = record.facts.get(name, top)
        return held.at(point(self.question.as_of), top) if isinstance(held, History) else held

    def named(self, name: str, value: Value) -> str:
        """A value of a fact, as a group is named; it may be several things."""
        type = self.policy.shape.facts[name].type
        if value in (type.top, (-INF, INF, False)):
            return "未知" if self.w.zh else "unknown"
        if type.kind == "text" and settled(value) and not isinstance(value, int) and value[0] <= value[1]:
            return str(value[0])
        return self.w.value(value, type)

    @property
    def groups(self) -> list[Group]:
        """Every group, in the order of its values."""
        return sorted(self.persons, key=lambda g: self.order[g])

    # As tables.

    def group_rows(self) -> Iterator[Row]:
        for g in self.groups:
            yield *g, self.persons[g], self.decided[g], self.persons[g] - self.decided[g]

    def rate_rows(self) -> Iterator[Row]:
        """Every effect in every group; what arises for nobody there is said so."""
        for g in self.groups:
            for verdicts in self.policy.verdicts:
                for key in (*m.STATUSES, OPEN):
                    if n := self.outcomes[g, verdicts.effect, key]:
                        yield *g, self.w.effect(verdicts.effect), self.word(key), n

    def missing_rows(self) -> Iterator[Row]:
        """What is missing in each group, most often first."""
        for (g, *what), n in sorted(self.missing.items(), key=lambda x: (self.order[x[0][0]], -x[1], x[0])):
            yield *g, *what, n

    def word(self, key: str) -> str:
        return self.w.say(key) if key == OPEN else self.w.word("STATUS", key)

    # On a terminal, and drawn.

    def keys(self) -> list[str]:
        """The outcomes that occur, in the order of statuses."""
        there = {key for _, _, key in self.outcomes}
        return [k for k in (*m.STATUSES, OPEN) if k in there]

    def told_effects(self) -> list[str]:
        """The effects that arise, or may, for somebody."""
        some = {effect for (_, effect, key), n in self.outcomes.items() if n and key != _SILENT}
        return [v.effect for v in self.policy.verdicts if v.effect in some]

    def quiet_effects(self) -> list[str]:
        """The effects that arise for nobody."""
        told = set(self.told_effects())
        return [v.effect for v in self.policy.verdicts if v.effect not in told]

    def chart(self, title: str) -> str:
        """Bars by effect and group, each divided by outcome, to one scale; a page by itself."""
        keys = self.keys()
        bars = []
        for effect in self.told_effects():
            for g in self.groups:
                name = " · ".join((self.w.effect(effect), *g))
                bars.append(Bar(name, tuple((k, self.outcomes[g, effect, k]) for k in keys)))
        most = max(self.persons.values(), default=0)
        return drawing(bars, [(k, self.word(k)) for k in keys], most, title, self.w.lang)
