"""A record that tells a policy from a mutant of it: cases with a few facts changed, judged by both."""

from __future__ import annotations

import datetime
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from attrs import evolve, frozen

from .. import model as m
from .. import values as v
from ..calendar_days import month_later
from ..cases import posed
from ..check.worked import row_id
from ..decide import Court, places
from ..diagnostics import Diagnostic
from ..knowledge import as_known
from ..language import syntax as s
from ..language.numerals import Date
from ..record import Row
from .drafts import Draft, Line, case_of, chosen_of, draft_of
from .hearing import Base, CourtAgain, Heard, Likeness, Place, masks, verdict_of
from .mutants import Mutant

# How many facts of a case may be changed at once, and how many cases a search starts from.
MOST_EDITS: Final = 4
SEEDS: Final = 8
# Since when a fact has been what a case says it is, once it is given a history.
LONG_BEFORE: Final = (1950, 1, 1)


@frozen(eq=False)
class Telling:
    """A record that tells two policies apart: the case it makes, where they differ, and what each says there (on the
    whole text, on what is printed). *known*: a case of the policy has the very record, and states nothing there."""

    case: s.Declaration
    place: Place
    before: tuple[int, int]
    after: tuple[int, int]
    known: s.Declaration | None = None


@frozen(eq=False)
class Same:
    """That no record tells two policies apart which is decided within these *days* and holds so many *rows* of each
    list, its facts changing once at most."""

    days: tuple[int, int]
    rows: Mapping[str, int]


@frozen(eq=False)
class Hanging:
    """That two policies differ only where something is supposed of what the text does not say, which no case can state:
    of what (*things*, by name), where, and what each says there supposing it."""

    things: tuple[str, ...]
    place: Place
    before: int
    after: int


def telling(base: Base, mutant: Mutant, heard: Sequence[Heard], seconds: float, seed: int = 0) -> Telling | None:
    """A record on which the mutant concludes something else; None if none is found within *seconds*, which proves
    nothing."""
    until = time.monotonic() + seconds
    seeds = [h for h in heard if not h.effects.isdisjoint(mutant.effects)] or list(heard)
    for h in seeds:
        for sitting in h.sittings:
            if time.monotonic() > until:
                return None
            draft = draft_of(h.case, sitting.question)
            differs = _differs(base, mutant, sitting.court)
            if draft is not None and differs is not None:
                return _told(draft, differs, h.case)
    pool = Pool(base, mutant)
    chance = random.Random(seed)
    drafts = [d for h in seeds for x in h.sittings if (d := draft_of(h.case, x.question)) is not None]
    chance.shuffle(drafts)
    tries = pool.singles(drafts[:SEEDS], chance)
    while drafts and time.monotonic() < until:
        trial = next(tries, None) or pool.edited(pool.read(chance.choice(drafts), chance), chance)
        if (found := told_on(base, mutant, trial, seconds)) is not None:
            return found
    return None


def told_on(base: Base, mutant: Mutant, d: Draft, seconds: float) -> Telling | None:
    """What a draft tells apart, with as little said as can be found out in *seconds*; None if it tells nothing."""
    found = _judged(base, mutant, d)
    return None if found is None else _told(*_least(base, mutant, d, found, time.monotonic() + seconds))


Difference = tuple[Place, tuple[int, int], tuple[int, int]]


def _differs(base: Base, mutant: Mutant, court: Court) -> Difference | None:
    """The first place where the two conclude differently."""
    again = CourtAgain(court, mutant.likeness)
    for effect in mutant.effects:
        old, new = base.verdicts.get(effect), mutant.likeness.verdicts.get(effect)
        for of, row in dict.fromkeys(x for w in (old, new) if w is not None for x in places(w, court.record)):
            judged = verdict_of(new, of) if new is not None else None
            if judged is not None and not mutant.likeness.changed(judged):
                continue
            before, after = masks(old, of, row, court), masks(new, of, row, again)
            if any(map(statable, before, after)):
                return (effect, of, row), before, after
    return None


def statable(before: int, after: int) -> bool:
    """Whether a case that states the one would notice the other: it can say that a line is open, not how far."""
    return before != after if v.settled(before) else v.settled(after)


def _judged(base: Base, mutant: Mutant, d: Draft) -> Difference | None:
    problems: list[Diagnostic] = []
    case = case_of(d, "试", "trial", (s.Concluded(chosen_of(d), None, None, (), ()),))
    asked = posed(base.policy, case, problems)
    if asked is None or problems:
        return None
    question = asked.lines[0][1]
    given = as_known(asked.record, base.policy.shape, question.as_of, question.known_as_of)
    return _differs(base, mutant, Court(given, question, False))


def _least(base: Base, mutant: Mutant, d: Draft, found: Difference, until: float) -> tuple[Draft, Difference]:
    """The same with as little said as still tells them apart, by what the policy settled there."""
    again = True
    while again:
        again = False
        for less in d.smaller():
            if time.monotonic() > until:
                return d, found
            now = _judged(base, mutant, less)
            if now is not None and now[1] == found[1] and (settled_both(now[1]) <= settled_both(found[1])):
                d, found, again = less, now, True
                break
    return d, found


def settled_both(x: tuple[int, int]) -> bool:
    """Whether both lines are settled."""
    return all(map(v.settled, x))


def _told(d: Draft, found: Difference, known: s.Declaration | None = None) -> Telling:
    (effect, of, row), before, after = found
    line = s.Concluded(chosen_of(d), s.Name(of) if of else None, _number(d, of, row), expected(effect, before), ())
    name, english = ("新案例", "new_case")
    case = case_of(d, name, english, (line,))
    return Telling(case, found[0], before, after, known)


def _number(d: Draft, of: str | None, row: Row | None) -> s.Node | None:
    return next((r.id for r in d.rows if row is not None and r.list == of and row_id(r.id) == row.id), None)


def expected(effect: str, masks: tuple[int, int]) -> tuple[s.Expected, ...]:
    """What a case would state of an effect: one line where both lines are settled alike, else two; for what is open
    without a line says nothing of what is printed."""
    name = None if effect == "去向未载明" else s.Name(effect)
    whole, printed = (_status(x) for x in masks)
    if whole == printed != "open":
        return (s.Expected("", whole, name),)
    return s.Expected("printed", printed, name), s.Expected("whole", whole, name)


def _status(mask: int) -> str:
    return m.STATUSES[mask.bit_length() - 1] if v.settled(mask) else "open"


class Pool:
    """The facts a mutant's change turns on, and the values worth trying: each option of a class; at and beside each
    bound the policy names; days at and beside every period's ends."""

    def __init__(self, base: Base, mutant: Mutant):
        self.policy = base.policy
        shape = base.policy.shape
        likeness: Likeness = mutant.likeness
        fresh = [e for w in likeness.verdicts.values() for e in m.walk(w.person) if likeness.changed(e)]
        kept = {id(e) for e in likeness.same.values()}
        gone = [e for e in base.nodes if id(e) not in kept]
        near = [e for e in fresh if not any(likeness.changed(p) for p in m.parts(e))]
        near += [e for e in gone if all(id(p) in kept for p in m.parts(e))]
        self.near = self._known(frozenset[m.Topic]().union(*(e.topics for e in near)))
        wide = frozenset[m.Topic]().union(
            *(base.verdicts[x].person.topics for x in mutant.effects if x in base.verdicts)
        )
        self.wide = self._known(wide) or self.near
        asked = sorted({str(t[1]) for t in wide if t[0] == "reading"})
        self.readings = [n for n in asked if n in base.policy.readings]
        constants = [e for e in (*base.nodes, *fresh) if isinstance(e, m.Constant) and v.settled(e.value)]
        self.numbers: dict[str, set[int]] = {}
        self.days: set[int] = set()
        for e in constants:
            if e.type.kind == "number" and not isinstance(e.value, int) and isinstance(e.value[0], int):
                self.numbers.setdefault(e.type.unit, set()).add(e.value[0])
            elif e.type.kind == "day" and not isinstance(e.value, int) and isinstance(e.value[0], int):
                self.days.add(e.value[0])
        self.lists = {str(t[1]) for t in (*self.near, *self.wide) if t[0] in ("field", "list")} & set(shape.lists)

    def _known(self, topics: frozenset[m.Topic]) -> list[m.Topic]:
        """Those a record can answer."""
        shape = self.policy.shape
        held = {"fact": shape.facts, "finding": shape.findings, "list": shape.lists}
        fields = [
            t for t in topics if t[0] == "field" and t[1] in shape.lists and t[2] in shape.lists[str(t[1])].fields
        ]
        return sorted([*fields, *(t for t in topics if t[0] in held and t[1] in held[str(t[0])])], key=repr)

    def cells(self, type: v.Type, d: Draft) -> list[s.Node]:
        """The values worth trying in a cell."""
        none: list[s.Node] = [s.Word("STATE", "not_applicable")] if type.may_be_none else []
        if type.finite:
            if type.options == v.YES_NO.options:
                return [s.Word("TRUTH", "yes"), s.Word("TRUTH", "no"), *none]
            return [*(s.Name(x) for x in type.options), *none]
        if type.kind == "day":
            return [*(s.Date(_date(x)) for x in self.dates(d)), *none]
        if type.kind == "number":
            step = v.SCALE.get(type.unit, 1)
            near = {c + by * k for c in self.numbers.get(type.unit, set()) for by in (-1, 0, 1) for k in {1, step}}
            return [
                *(s.Quantity(Decimal(n) / v.SCALE[type.unit], type.unit) for n in sorted({0, step, *near}) if n >= 0),
                *none,
            ]
        texts = {x.text for r in d.rows for _, x in r.cells if isinstance(x, s.Quote)}
        return [*(s.Quote(x) for x in sorted({*texts, "甲", "乙"})), *none]

    def dates(self, d: Draft) -> list[int]:
        """Days beside those a draft and the policy name, and beside the ends of the policy's periods from them."""
        anchors = {_ordinal(d.decided_on), *self.days}
        anchors |= {_ordinal(x.parts) for r in d.rows for _, x in r.cells if isinstance(x, s.Date) and all(x.parts)}
        anchors |= {_ordinal(x.start.parts) for _, of in d.facts for x in of if isinstance(x, s.Since)}
        found = set(anchors)
        for a in anchors:
            for unit, lengths in self.numbers.items():
                for n in lengths if unit in ("days", "months", "years") else ():
                    for sign in (1, -1):
                        found.add(_moved(a, n, unit, sign))
        return sorted(x + by for x in found for by in (-1, 0, 1) if 700_000 < x < 780_000)

    def read(self, d: Draft, chance: random.Random) -> Draft:
        """The draft with a reading chosen wherever it chooses none: what is open under many readings costs as many
        judgements, and hides what differs under one."""
        drawn = {n: chance.choice(self.policy.readings[n].alternatives) for n in self.readings}
        return evolve(d, chosen={**drawn, **d.chosen})

    def singles(self, drafts: Sequence[Draft], chance: random.Random) -> Iterator[Draft]:
        """Each draft with one fact near the change set to each value worth trying: of all of them those of few values
        first."""
        for days in (False, True):
            for d in drafts:
                for topic in self.near:
                    if topic[0] == "list":
                        yield from () if days else self.toggled(self.read(d, chance), str(topic[1]))
                    elif days == (self.type_of(topic).kind == "day"):
                        for place in self.spots(topic, d):
                            for x in self.cells(self.type_of(topic), d):
                                yield self.put(self.read(d, chance), topic, place, x)

    def type_of(self, topic: m.Topic) -> v.Type:
        shape = self.policy.shape
        if topic[0] == "field":
            return shape.lists[str(topic[1])].fields[str(topic[2])].type
        return shape.facts[str(topic[1])].type if topic[0] == "fact" else shape.findings[str(topic[1])].type

    def spots(self, topic: m.Topic, d: Draft) -> list[Line | None]:
        """Where a topic may be answered: of the person, or of each row of its list."""
        of = topic[1] if topic[0] == "field" else None
        if topic[0] == "finding":
            of = self.policy.shape.findings[str(topic[1])].list
        return [None] if of is None else [r for r in d.rows if r.list == of]

    def put(self, d: Draft, topic: m.Topic, place: Line | None, x: s.Node) -> Draft:
        """The draft with one cell written."""
        if topic[0] == "fact":
            return evolve(d, facts=(*(f for f in d.facts if f[0] != topic[1]), (str(topic[1]), (x,))))
        if topic[0] == "finding":
            of = None if place is None else (place.list, place.id)
            kept = (f for f in d.findings if f[:2] != (of, topic[1]))
            return evolve(d, findings=(*kept, (of, str(topic[1]), x)))
        assert place is not None
        cells = (*(c for c in place.cells if c[0] != topic[2]), (str(topic[2]), x))
        return evolve(d, rows=tuple(evolve(r, cells=cells) if r is place else r for r in d.rows))

    def toggled(self, d: Draft, of: str) -> Iterator[Draft]:
        """A list said to be complete, or no longer; a row of it out."""
        there = any(n == of for n, _ in d.complete)
        kept = tuple(c for c in d.complete if c[0] != of)
        yield evolve(d, complete=kept if there else (*kept, (of, None)))
        for r in d.rows:
            if r.list == of:
                yield evolve(d, rows=tuple(x for x in d.rows if x is not r))

    def edited(self, d: Draft, chance: random.Random) -> Draft:
        """The draft with a few things changed at random, mostly near the change."""
        for _ in range(chance.randint(1, MOST_EDITS)):
            turn = chance.random()
            if turn < 0.1:
                d = evolve(d, decided_on=_date(chance.choice(self.dates(d)) + chance.choice((0, 0, 30, 400))))
            elif turn < 0.3 and self.lists:
                d = self.longer(d, chance.choice(sorted(self.lists)), chance)
            else:
                topics = self.near if chance.random() < 0.7 and self.near else self.wide
                if not topics:
                    return d
                topic = chance.choice(topics)
                if topic[0] == "list":
                    d = chance.choice(list(self.toggled(d, str(topic[1]))))
                elif topic[0] == "fact" and self.policy.shape.facts[str(topic[1])].over_time and chance.random() < 0.5:
                    d = self.changed(d, str(topic[1]), chance)
                elif spots := self.spots(topic, d):
                    d = self.put(d, topic, chance.choice(spots), chance.choice(self.cells(self.type_of(topic), d)))
        return d

    def changed(self, d: Draft, fact: str, chance: random.Random) -> Draft:
        """The draft with a fact that becomes something else on some day; what it is already, it is from long before."""
        told = dict(d.facts).get(fact, ())
        steps = dict((x.start.parts, x.value) if isinstance(x, s.Since) else (LONG_BEFORE, x) for x in told)
        steps[_date(chance.choice(self.dates(d)))] = chance.choice(self.cells(self.policy.shape.facts[fact].type, d))
        since = tuple(s.Since(s.Date(day), x) for day, x in sorted(steps.items()))
        return evolve(d, facts=(*(f for f in d.facts if f[0] != fact), (fact, since)))

    def longer(self, d: Draft, of: str, chance: random.Random) -> Draft:
        """One more row of a list: as another is, or with every cell the policy may ask of it."""
        number = 1 + max((int(x) for r in d.rows if r.list == of and (x := row_id(r.id)).isdigit()), default=0)
        id = s.Quantity(Decimal(number), "number")
        like = [r for r in d.rows if r.list == of]
        if like:
            one = chance.choice(like)
            found = tuple(((of, id), q, x) for o, q, x in d.findings if o == (of, one.id))
            return evolve(d, rows=(*d.rows, evolve(one, id=id)), findings=(*d.findings, *found))
        fields = self.policy.shape.lists[of].fields
        asked = {t[2] for t in self.wide if t[0] == "field" and t[1] == of} | {self.policy.shape.lists[of].date}
        cells = tuple((n, chance.choice(self.cells(x.type, d))) for n, x in fields.items() if n in asked)
        return evolve(d, rows=(*d.rows, Line(of, id, cells)))


def _date(day: int) -> Date:
    x = datetime.date.fromordinal(day)
    return x.year, x.month, x.day


def _ordinal(parts: Date) -> int:
    year, month, day = parts
    return datetime.date(year, month or 1, day or 1).toordinal()


def _moved(day: int, n: int, unit: str, sign: int) -> int:
    return day + sign * n if unit == "days" else month_later(day, sign * n * (12 if unit == "years" else 1), False)
