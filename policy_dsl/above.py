"""Texts above a county: decided apart on the same record, then laid over what the county concludes.

Neither changes the other. What a text above forbids or requires is set beside the county's own conclusion, with its
provision; a struck option stays visible, and a conflict is shown and never resolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from attrs import evolve, frozen

from . import model as m
from . import values as v
from .decide import Conclusion, Decision, Ground, Question, decide, judge
from .language.lexer import Lexicon
from .model import LEARNT
from .record import History, Record, Row, Rows
from .values import NO, YES, Type, Value

# How a text above stands to a county's own conclusion, from what matters most: the county must and it may not; the
# county may and it may not; the county may and it must; the county may not and it may; only the text above requires or
# opens it; only the text above forbids it; both say so; the text above says nothing.
RELATIONS: Final = ("conflict", "struck", "binds", "unreached", "adds", "bars", "agrees", "none")
_SILENT: Final = m.STATUS.option("silent")
_BARRED: Final = m.STATUS.option("must_not")
_DUTIES: Final = frozenset(
    ("must", "principle_must", "generally_must", "basically_must", "must_waivable", *(s for _, s in m.CHOICES.values()))
)


@frozen(eq=False)
class Regime:
    """A county's policy and those above it; the shape and words of a record that answers all of them."""

    policy: m.Policy
    above: tuple[m.Policy, ...] = ()

    @cached_property
    def shape(self) -> m.Shape:
        """The county's, with the questions only a text above asks. A name both use for different questions is the
        county's."""
        findings: dict[str, m.QuestionShape] = {}
        for policy in (*reversed(self.above), self.policy):
            findings |= policy.shape.findings
        return evolve(self.policy.shape, findings=findings)

    @cached_property
    def lexicon(self) -> Lexicon:
        english: dict[str, str] = {}
        for policy in (*reversed(self.above), self.policy):
            english |= policy.lexicon.english
        return Lexicon.of(english, self.policy.lexicon.ranks)

    @cached_property
    def readings(self) -> Mapping[str, m.Reading]:
        readings: dict[str, m.Reading] = {}
        for policy in (*reversed(self.above), self.policy):
            readings |= policy.readings
        return readings

    @cached_property
    def together(self) -> m.Policy:
        """All that a roster is asked for: the county's rules and words with those of the texts above.

        Nothing is decided by it, for each is decided apart."""
        definitions: dict[str, m.Expr] = {}
        for policy in (*reversed(self.above), self.policy):
            definitions |= policy.definitions
        rules = tuple(r for policy in (self.policy, *self.above) for r in policy.rules)
        return evolve(self.policy, shape=self.shape, lexicon=self.lexicon, rules=rules, definitions=definitions)

    def decide(self, record: Record, question: Question, rejected: bool = False) -> Decision:
        """The county's own decision, as it would be without any text above; beside it, those of the texts above that
        stand on a layer admitted."""
        if not self.above:
            return decide(self.policy, record, question, rejected=rejected)
        own = decide(*self.put(self.policy, record, question), rejected=rejected)
        admitted = [p for p in self.above if any(r.layer in question.layers for r in p.rules)]
        return evolve(own, above=tuple(decide(*self.put(p, record, question), what_if=False) for p in admitted))

    def put(self, policy: m.Policy, record: Record, question: Question) -> tuple[m.Policy, Record, Question]:
        """A policy with what it can see: the record in its own words, and the readings that are its own."""
        return policy, seen_by(record, self.shape, policy.shape), self.asked(policy, question)

    def asked(self, policy: m.Policy, question: Question) -> Question:
        """A question with the readings that are a policy's own."""
        readings = {
            name: x
            for name, x in question.readings.items()
            if name in policy.readings and x in policy.readings[name].alternatives
        }
        return evolve(question, readings=readings)


def seen_by(record: Record, shape: m.Shape, other: m.Shape) -> Record:
    """A record of one shape as a text sees whose shape is another: what it has no word for, it does not know."""
    facts: dict[str, Value | History] = {}
    for name, x in record.facts.items():
        if name in other.facts:
            a, b = shape.facts[name].type, other.facts[name].type
            facts[name] = (
                History(tuple((day, _said(y, a, b)) for day, y in x.steps))
                if isinstance(x, History)
                else _said(x, a, b)
            )
    lists = {
        name: evolve(
            rows,
            known=tuple(_row(r, shape.lists[name], other.lists[name]) for r in rows.known),
            date=other.lists[name].date,
        )
        for name, rows in record.lists.items()
        if name in other.lists
    }
    same = {name for name, q in other.findings.items() if shape.findings.get(name) == q}
    findings = {
        (name, of, id): _said(x, shape.findings[name].type, other.findings[name].type)
        for (name, of, id), x in record.findings.items()
        if name in same
    }
    foreign = shape.findings.keys() - same
    states = {place: x for place, x in record.states.items() if place[2] not in foreign}
    answers = tuple(a for a in record.answers if a.question in same)
    return evolve(record, facts=facts, lists=lists, findings=findings, states=states, answers=answers)


def _row(row: Row, here: m.ListShape, there: m.ListShape) -> Row:
    values = {
        name: _said(x, here.fields[name].type, there.fields[name].type)
        for name, x in row.values.items()
        if name in there.fields
    }
    return evolve(row, values=values)


def _said(value: Value, here: Type, there: Type) -> Value:
    """A value in the options of another text's type; one it has no option for leaves it open there."""
    if here == there or not isinstance(value, int):
        return value if here.kind == there.kind else there.top
    if not there.finite:
        return there.top
    mask = v.as_mask(there.none) if value & v.as_mask(here.none) and there.may_be_none else 0
    for i, name in enumerate(here.options):
        if value >> i & 1:
            if name not in there.options:
                return there.top
            mask |= there.option(name)
    return mask or there.top


# What the one makes of the other.


@frozen(eq=False)
class Point:
    """One effect at one place: what the county concludes, what the text above makes of it, on which
    grounds; how the two may stand to each other should the county's conclusion arise, the gravest first, *none* where
    they may not meet."""

    effect: str
    list: str | None
    row: Row | None
    own: Conclusion | None
    printed: int
    whole: int
    grounds: tuple[Ground, ...]
    possible: tuple[str, ...]

    @property
    def certain(self) -> bool:
        return len(self.possible) == 1


@frozen(eq=False)
class Overlay:
    """What one text above makes of a decision: the points they meet at; what the person may do about what was done;
    and what he could do about what would be done, were it done and told to him on the day of decision."""

    above: Decision
    points: tuple[Point, ...]
    remedies: tuple[Conclusion, ...]
    if_done: Decision


def overlays(decision: Decision) -> Iterator[Overlay]:
    """Each text above, laid over the decision."""
    for above in decision.above:
        found = tuple(c for c in above.conclusions if c.row is not None and c.arises and _is_remedy(c))
        yield Overlay(above, tuple(points(decision, above)), found, _if_done(decision, above))


def points(decision: Decision, above: Decision) -> Iterator[Point]:
    """Where they meet, row before person; the person's line is left out where a row's says the same."""
    own = {_place(c): c for c in decision.conclusions}
    theirs = {_place(c): c for c in above.conclusions}
    rows_met: set[tuple[str, str]] = set()
    for key in sorted(dict.fromkeys((*own, *theirs)), key=lambda k: k[1] is None):
        a, b = own.get(key), theirs.get(key)
        if b is None and key[1] is not None and (person := theirs.get((key[0], None, None))) is not None:
            printed, whole, grounds = _reaching(person)
        elif b is not None:
            printed, whole, grounds = b.printed, b.whole, tuple(g for g in b.grounds if g.fires.value != NO)
        else:
            continue
        if whole | printed == _SILENT or (b is not None and _is_remedy(b)):
            continue
        arising = 0 if a is None else (a.whole | a.printed) & ~_SILENT
        possible = relations(arising or _SILENT, whole | printed)
        if possible == ("none",) or (b is None and possible[0] == "bars"):
            continue
        place = a or b
        assert place is not None
        if place.row is not None:
            rows_met.add((key[0], possible[0]))
        elif (key[0], possible[0]) in rows_met and a is not None and a.arises and not _own(a):
            continue
        yield Point(key[0], place.list, place.row, a, printed, whole, grounds, possible)


def _own(person: Conclusion) -> bool:
    """Whether rules of the person bear on the person's line, and not rows alone."""
    return any(g.rule.list is None and g.fires.value != NO for g in person.grounds)


def relations(own: int, theirs: int) -> tuple[str, ...]:
    """How the statuses still possible may stand to each other, the gravest first."""
    found = {_relation(a, b) for a in _statuses(own) for b in _statuses(theirs)}
    return tuple(r for r in RELATIONS if r in found)


def _statuses(mask: int) -> list[str]:
    return [name for i, name in enumerate(m.STATUSES) if mask >> i & 1]


def _relation(own: str, theirs: str) -> str:
    """For one status of each; a duty in principle gives way to a must-not, as within one text."""
    if theirs == "silent":
        return "none"
    if "conflict" in (own, theirs):
        return "conflict"
    if theirs == "must_not":
        if own in ("silent", "must_not"):
            return "bars" if own == "silent" else "agrees"
        return "conflict" if own in ("must", "must_waivable") else "struck"
    if own == "silent":
        return "adds"
    if own == "must_not":
        return "conflict" if theirs in ("must", "must_waivable") else "unreached"
    return "binds" if theirs in _DUTIES and own not in _DUTIES else "agrees"


def _reaching(person: Conclusion) -> tuple[int, int, tuple[Ground, ...]]:
    """What of a person's line reaches every row: only the bars of the person's own rules."""
    bars = tuple(
        g for g in person.grounds if g.rule.list is None and g.option.flag == "must_not" and g.fires.value != NO
    )
    mask = _BARRED if any(g.fires.value == YES for g in bars) else _BARRED | _SILENT if bars else _SILENT
    return mask, mask, bars


def _place(c: Conclusion) -> tuple[str, str | None, str | None]:
    return c.effect, c.list, None if c.row is None else c.row.id


def _is_remedy(c: Conclusion) -> bool:
    """Whether rules headed 救济 are what gives it."""
    return any(g.rule.category == "remedy" for g in c.grounds)


def _if_done(decision: Decision, above: Decision) -> Decision:
    """The remedies against each measure the decision may lead to, as if each were on record, told on the day."""
    policy, given = above.policy, above.given
    wanted = dict.fromkeys(c.effect for c in decision.conclusions if c.whole & ~(_SILENT | _BARRED))
    remedial = {o.effect for r in policy.rules if r.category == "remedy" for o in r.options}
    lists: dict[str, Rows] = dict(given.lists)
    asked: list[tuple[m.Verdicts, str | None, Row | None]] = []
    for of, shape in policy.shape.lists.items():
        rows = tuple(_supposed(shape, wanted, above.question.as_of))
        lists[of] = evolve(given.lists[of], known=(*given.lists[of].known, *rows))
        for verdicts in policy.verdicts:
            if verdicts.effect in remedial and of in verdicts.elements:
                asked += [(verdicts, of, row) for row in rows]
    supposed = evolve(given, lists=lists)
    found = judge(policy, supposed, above.question, asked)
    return evolve(above, conclusions=found, gaps=(), given=supposed)


def _supposed(shape: m.ListShape, effects: Iterable[str], day: int) -> Iterator[Row]:
    """A row for each measure, numbered by its name, in a list that records acts."""
    kinds = [f for f in shape.fields.values() if f.type.name == "effect"]
    days = {f.name: v.point(day) for f in shape.fields.values() if f.type.kind == "day" and f.name != LEARNT}
    for field in kinds:
        for effect in effects:
            if effect in field.type.options:
                yield Row(effect, {**days, field.name: field.type.option(effect)})
