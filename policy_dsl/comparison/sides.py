"""What is compared: a policy with the question put to it, twice; and one record as each of the two sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import asdict, evolve, field, frozen

from .. import model as m
from .. import values as v
from ..above import seen_by
from ..decide import Question
from ..evaluate import Evaluation
from ..explanation import Explanation, Frame
from ..language.keywords import DEFAULT_LAYERS
from ..language.lexer import Lexicon
from ..record import Record
from ..values import NO, YES, Type

_NOBODY: Final = Record("")


@frozen(eq=False)
class Side:
    """One of the two: a policy, what it was called, and under what it is asked. Without a day nothing is judged; *unit*
    is the unit whose own rules are taken, where units write some."""

    policy: m.Policy
    called: str
    as_of: int | None = None
    known_as_of: int | None = None
    readings: Mapping[str, str] = field(factory=dict)
    layers: frozenset[str] = frozenset(DEFAULT_LAYERS)
    unit: str = ""
    chosen_by: str = ""

    @property
    def question(self) -> Question:
        """What is asked of it; there must be a day."""
        assert self.as_of is not None
        known = self.as_of if self.known_as_of is None else self.known_as_of
        return Question(self.as_of, known, self.readings, self.layers, self.chosen_by)

    @property
    def unit_facts(self) -> tuple[str, ...]:
        """The facts of the person that name the unit whose rules govern."""
        found = m.walk(self.policy.unit) if self.policy.unit is not None else ()
        return tuple(dict.fromkeys(e.name for e in found if isinstance(e, m.Fact) and e.type.kind == "text"))

    def in_unit(self, record: Record) -> Record:
        """The record of one who is in this side's unit, if one was named."""
        if not self.unit:
            return record
        facts = {**record.facts, **{name: v.point(self.unit) for name in self.unit_facts}}
        states = {place: x for place, x in record.states.items() if place[:2] != (None, None) or place[2] not in facts}
        return evolve(record, facts=facts, states=states)

    def governs(self, instrument: m.Instrument) -> bool:
        """Whether a text may govern: of units' own rules only those of the unit named, none that is not in force."""
        return (not self.unit or instrument.unit in (None, self.unit)) and self.in_force(instrument) != NO

    @property
    def rules(self) -> tuple[m.Rule, ...]:
        """The rules of the texts that may govern."""
        return tuple(r for r in self.policy.rules if self.governs(r.instrument))

    def in_force(self, instrument: m.Instrument) -> int:
        """Whether a text is in force on the day: yes, no, or not to be told from what is printed."""
        if self.as_of is None:
            return YES
        start = v.at_least(v.point(self.as_of), v.as_range(self.of_nobody(instrument.start).value), False)
        if instrument.end is None:
            return start
        over = v.at_least(v.point(self.as_of), v.as_range(self.of_nobody(instrument.end).value), True)
        return v.every((start, v.negation(over)))

    def of_nobody(self, e: m.Expr) -> Explanation:
        """What the text alone makes of a value, without any record but the unit's name."""
        day = 1 if self.as_of is None else self.as_of
        return Evaluation(self.in_unit(_NOBODY), Frame(day, self.readings, self.layers)).why(e, ())


@frozen(eq=False)
class Pair:
    """Two sides, and the record that can be put to both: a word only one of them has is known to that one alone."""

    a: Side
    b: Side
    shape: m.Shape
    lexicon: Lexicon

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.a, self.b

    @property
    def one(self) -> bool:
        """Whether the two are one: the same policy asked the same."""
        a, b = (evolve(side, called="", chosen_by="") for side in self.sides)
        return a.policy is b.policy and asdict(a, recurse=False) == asdict(b, recurse=False)

    @property
    def mirrored(self) -> Pair:
        return pair(self.b, self.a)

    def seen(self, record: Record) -> tuple[Record, Record]:
        """One record of the common shape, as each side sees it."""
        first, second = (side.in_unit(seen_by(record, self._asking(side), side.policy.shape)) for side in self.sides)
        return first, second

    def _asking(self, side: Side) -> m.Shape:
        """The common shape, with the questions both ask alike put in this side's words."""
        own = side.policy.shape.findings
        alike = {name: own[name] for name, q in self.shape.findings.items() if name in own and self._one(q, own[name])}
        return evolve(self.shape, findings={**self.shape.findings, **alike})

    def _one(self, a: m.QuestionShape, b: m.QuestionShape) -> bool:
        """Whether two questions of one name are one question: of two versions of a regime, or in the same words."""
        versions = self.a.policy.name == self.b.policy.name
        return a.list == b.list and a.type.kind == b.type.kind and (versions or a.text == b.text)

    def asks_alike(self, finding: str) -> bool:
        """Whether a question of one name is one question to both; also where only one of them asks it."""
        asked = [side.policy.shape.findings.get(finding) for side in self.sides]
        return asked[0] is None or asked[1] is None or self._one(asked[0], asked[1])

    def unshared(self, record: Record) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What a record says that the one side, and that the other, has no word for."""
        said = [*record.facts]
        for of, rows in record.lists.items():
            said += [of] if rows.known else []
            said += dict.fromkeys(f"{of}·{name}" for row in rows.known for name in row.values)
        said += dict.fromkeys(name for name, _, _ in record.findings)
        first, second = (tuple(x for x in said if not self._has(side, x)) for side in self.sides)
        return first, second

    def _has(self, side: Side, said: str) -> bool:
        shape = side.policy.shape
        of, dot, name = said.partition("·")
        if dot:
            return of in shape.lists and name in shape.lists[of].fields
        asked = said in shape.findings and self._one(self.shape.findings[said], shape.findings[said])
        return said in shape.facts or said in shape.lists or asked


def pair(a: Side, b: Side) -> Pair:
    """The two beside each other."""
    one, other = a.policy.shape, b.policy.shape
    facts = {
        x.name: evolve(x, type=_either(x.type, other.facts[x.name].type)) if x.name in other.facts else x
        for x in (*other.facts.values(), *one.facts.values())
    }
    lists = {
        name: _lists([s.lists[name] for s in (one, other) if name in s.lists]) for name in {**one.lists, **other.lists}
    }
    findings = {**other.findings, **one.findings}
    effects = {**other.effects, **one.effects}
    bodies = tuple(dict.fromkeys((*one.bodies, *other.bodies)))
    english = {**b.policy.lexicon.english, **a.policy.lexicon.english}
    lexicon = Lexicon.of(english, a.policy.lexicon.ranks | b.policy.lexicon.ranks)
    return Pair(a, b, m.Shape(facts, lists, findings, effects, bodies), lexicon)


def _lists(shapes: list[m.ListShape]) -> m.ListShape:
    fields: dict[str, m.FactShape] = {}
    for shape in shapes:
        for name, x in shape.fields.items():
            fields[name] = evolve(fields[name], type=_either(fields[name].type, x.type)) if name in fields else x
    return evolve(shapes[0], fields=fields)


def _either(a: Type, b: Type) -> Type:
    """A type that holds what either does."""
    if a.kind != b.kind or not a.finite:
        return a
    options = tuple(dict.fromkeys((*a.options, *b.options)))
    return evolve(a, options=options, may_be_none=a.may_be_none or b.may_be_none, open=a.open or b.open)
