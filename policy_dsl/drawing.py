"""Lotteries, ranks and shares over a roster of persons: the one thing that sees more than one record.

A lottery: of everybody in the range, the SHA-256 of “seed/编号” is taken, and those with the smallest values are drawn.
A rank: the greatest value is first, equal values share a place; a share is taken from the end, and who stands in a tie
across its bound is left open. What is not known of one person leaves open what it may change for the others, no more.
"""

from __future__ import annotations

import datetime
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Final

from attrs import evolve, frozen

from . import model as m
from . import values as v
from .check.rosters import ROUNDING
from .decide import READING_CAP, Question, gap_kind, suppliers
from .evaluate import Evaluation
from .explanation import Explanation, LeafKey, leaf_key
from .knowledge import as_known
from .record import Record
from .values import NO, UNKNOWN, YES, Range, Value, as_mask, as_range, hull, settled

Group = tuple[Value, ...]
# A whole: shares are kept in hundredths of a percent.
WHOLE: Final = 100 * v.SCALE["percent"]
# Everybody stands alike where the text orders nobody; somebody of whom no value is known may stand anywhere.
_ALIKE: Final[Range] = (0, 0, False)
_ANYWHERE: Final[Range] = (-v.INF, v.INF, False)


@frozen(eq=False)
class Standing:
    """One person: whether in the range and in which group (None: not settled), by what ordered (in a lottery the
    SHA-256), whether taken, in which place; *open* says why it is not settled whether taken."""

    id: str
    inside: int
    group: Group | None
    hash: str
    value: Value | None
    taken: int
    place: Range | None
    open: str = ""


@frozen(eq=False)
class Portion:
    """One group: how many are in it, and how many are taken, each from least to most."""

    group: Group
    size: tuple[int, int]
    number: tuple[int, int]


@frozen(eq=False)
class Outcome:
    """What a draw comes to under one combination of the readings it turns on."""

    readings: Mapping[str, str]
    portions: tuple[Portion, ...]
    standings: tuple[Standing, ...]

    @property
    def listed(self) -> tuple[str, ...]:
        """Who is certainly in the range, by number."""
        return tuple(s.id for s in self.standings if s.inside == YES)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the numbers of those in the range, in their order, a line each."""
        return hashlib.sha256("\n".join(self.listed).encode()).hexdigest()


@frozen(eq=False)
class Lack:
    """Something missing, of a person or (None) of the text."""

    id: str | None
    why: Explanation
    kind: str
    who: tuple[str, ...]


@frozen(eq=False)
class Drawing:
    """A roster carried out on one day: one outcome, or one for each way of reading that makes a difference."""

    policy: m.Policy
    roster: m.Roster
    question: Question
    seed: str
    outcomes: tuple[Outcome, ...]
    missing: tuple[Lack, ...]

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Each person, whichever way it is read."""
        return tuple(_joined(x) for x in zip(*(o.standings for o in self.outcomes), strict=True))

    @property
    def status(self) -> str:
        """'decided' when of everybody it is settled whether in the range, and what follows."""
        return "decided" if all(_sure(x, self.roster) for x in self.standings) else "undetermined"


def draw(policy: m.Policy, roster: m.Roster, records: Iterable[Record], question: Question, seed: str = "") -> Drawing:
    """Carry a roster out. *seed* belongs to a lottery, and to nothing else; the order of *records* is of no account."""
    frame = question.frame(False)
    people = sorted(
        ((r.id, Evaluation(as_known(r, policy.shape, question.as_of, question.known_as_of), frame)) for r in records),
        key=lambda x: x[0],
    )
    text = Evaluation(Record(""), frame)
    lacks = {**_lacking(text, None, (roster.share,), policy)}
    for id, court in people:
        if court.why(roster.within, ()).value != NO:
            lacks |= _lacking(court, id, (roster.within, *roster.every, roster.ranked), policy)
    made = [_outcome(roster, people, text, seed, question, x) for x in _ways(roster, question, lacks.values())]
    outcomes = _differing(made)
    matter = {name for o in outcomes for name in o.readings}
    # A reading is missing once, whoever it bears on, and only where it makes a difference.
    once = {
        (_reading(x) or place): evolve(x, id=None) if _reading(x) else x
        for place, x in lacks.items()
        if not _reading(x) or len(made) == 1 or _reading(x) in matter
    }
    if ROUNDING in matter:
        once[ROUNDING] = Lack(None, Explanation(_rounding(policy), UNKNOWN), "reading", ("解读者",))
    return Drawing(policy, roster, question, seed, outcomes, tuple(once.values()))


def hashed(seed: str, id: str) -> str:
    """The value a person is drawn by: SHA-256 of seed, a slash and 编号, in UTF-8."""
    return hashlib.sha256(f"{seed}/{id}".encode()).hexdigest()


def rounded(share: int, size: int, how: str) -> int:
    """How many of *size* persons a share, in hundredths of a percent, comes to."""
    exact = share * size
    return {"进一": -(-exact // WHOLE), "舍去": exact // WHOLE, "四舍五入": (2 * exact + WHOLE) // (2 * WHOLE)}[how]


# Ways of reading.


def _lacking(
    court: Evaluation, id: str | None, asked: Iterable[m.Expr | None], policy: m.Policy
) -> dict[tuple[str | None, LeafKey], Lack]:
    """What is missing of one person, or of the text."""
    found = {}
    for e in asked:
        for leaf in court.why(e, ()).missing() if e is not None else ():
            if (key := leaf_key(leaf.node, leaf.rows)) is not None:
                slot = leaf.node.slot if isinstance(leaf.node, m.Field | m.Finding | m.Happened) else None
                kind = gap_kind(leaf.node, leaf.rows[slot] if slot is not None else None, court.record)
                found[id, key] = Lack(id, leaf, kind, suppliers(leaf.node, policy))
    return found


def _reading(x: Lack) -> str:
    return x.why.node.name if x.kind == "reading" and isinstance(x.why.node, m.Leaf) else ""


def _ways(roster: m.Roster, question: Question, lacks: Iterable[Lack]) -> Iterator[Mapping[str, str]]:
    """Every combination of the readings nobody chose; beyond a number of them none, and they stay open."""
    open = {name: x.why.node.type.options for x in lacks if (name := _reading(x)) and isinstance(x.why.node, m.Leaf)}
    if len(ways := _roundings(roster, question)) > 1:
        open[ROUNDING] = ways
    total = 1
    for options in open.values():
        total *= len(options)
    if total > READING_CAP:
        open = {ROUNDING: ways} if len(ways) > 1 else {}
    names = sorted(open)
    return (dict(zip(names, pick, strict=True)) for pick in product(*(open[n] for n in names)))


def _rounding(policy: m.Policy) -> m.Leaf:
    """How to round, as a reading nobody chose."""
    asked = policy.readings[ROUNDING]
    return m.Leaf(name=ROUNDING, kind="reading", top=UNKNOWN, type=v.Type("finite", ROUNDING, asked.alternatives))


def _roundings(roster: m.Roster, question: Question) -> tuple[str, ...]:
    """The ways to round that are still possible; none matters where no share of persons is taken."""
    if roster.share is None or roster.share.type.unit != "percent" or roster.share.type.kind != "number":
        return ()
    chosen = question.readings.get(ROUNDING)
    return (chosen,) if chosen in roster.rounding else roster.rounding


def _differing(made: list[Outcome]) -> tuple[Outcome, ...]:
    """One outcome for each combination of the readings that matter."""
    results = [tuple((x.inside, x.group, x.taken, x.place) for x in o.standings) for o in made]
    matter = []
    for name in made[0].readings:
        seen: dict[object, object] = {}
        for o, result in zip(made, results, strict=True):
            rest = tuple((k, x) for k, x in o.readings.items() if k != name)
            if seen.setdefault(rest, result) != result:
                matter.append(name)
                break
    kept: dict[object, Outcome] = {}
    for o in made:
        shown = {n: o.readings[n] for n in matter}
        kept.setdefault(tuple(shown.items()), evolve(o, readings=shown))
    return tuple(kept.values())


# One way of reading.


def _outcome(
    roster: m.Roster,
    people: list[tuple[str, Evaluation]],
    text: Evaluation,
    seed: str,
    question: Question,
    readings: Mapping[str, str],
) -> Outcome:
    own = {k: x for k, x in readings.items() if k != ROUNDING}
    frame, apart = question.frame(False, own), [("reading", name) for name in own]
    share = None if roster.share is None else text.but(frame, apart).why(roster.share, ()).value
    how = (readings[ROUNDING],) if ROUNDING in readings else _roundings(roster, question)
    quota = None if share is None or roster.share is None else _Quota(as_range(share), roster.share.type.unit, how)
    found = [_standing(roster, id, court.but(frame, apart) if own else court, seed) for id, court in people]
    inside = [x for x in found if x.inside != NO]
    groups = dict.fromkeys(x.group for x in inside if x.group is not None)
    done: dict[str, Standing] = {x.id: x for x in found}
    portions = []
    for group in sorted(groups, key=repr):
        field = _Field(roster, group, inside, quota)
        portions.append(field.portion)
        done |= {x.id: field.judged(x) for x in inside if x.group == group}
    return Outcome(readings, tuple(portions), tuple(done.values()))


def _standing(roster: m.Roster, id: str, court: Evaluation, seed: str) -> Standing:
    """A person before anybody is compared."""
    inside = as_mask(court.why(roster.within, ()).value)
    values = tuple(court.why(e, ()).value for e in roster.every) if inside != NO else ()
    value = court.why(roster.ranked, ()).value if roster.ranked is not None and inside != NO else None
    known = all(settled(x) for x in values)
    taken = NO if inside == NO else UNKNOWN
    # What a group that is not known would come to stays open; the others are judged group by group.
    why = "" if inside == NO else "group"
    hash = hashed(seed, id) if roster.lot and inside != NO else ""
    return Standing(id, inside, values if known and inside != NO else None, hash, value, taken, None, why)


@frozen
class _Quota:
    """How many of a number of persons are taken, from least to most."""

    share: Range
    unit: str
    how: tuple[str, ...]

    def of(self, size: int) -> tuple[int, int]:
        low, high, _ = self.share
        if low > high:
            return 0, size
        if self.unit != "percent":
            scale = v.SCALE[self.unit]
            least = 0 if low <= 0 else -(-int(min(low, size * scale)) // scale)
            return least, size if high >= size * scale else max(0, int(high) // scale)
        low, high = (int(min(max(x, 0), WHOLE)) for x in (low, high))
        # Without 取整 the share itself is not printed.
        return min(rounded(low, size, x) for x in self.how), max(rounded(high, size, x) for x in self.how)


class _Field:
    """Those of one group, against whom each of them stands: the smaller the key, the sooner taken."""

    def __init__(self, roster: m.Roster, group: Group, inside: list[Standing], quota: _Quota | None):
        self.roster, self.group, self.quota = roster, group, quota
        sure = [x for x in inside if x.inside == YES and x.group == group]
        # Whoever may belong here: the group of a person without one has not been compared.
        maybe = [x for x in inside if x.group is None or (x.group == group and x.inside == UNKNOWN)]
        self.sure, self.maybe = [self.key(x) for x in sure], [self.key(x) for x in maybe]
        self.sure_low, self.sure_high = sorted(k[0] for k in self.sure), sorted(k[1] for k in self.sure)
        self.maybe_low, self.maybe_high = sorted(k[0] for k in self.maybe), sorted(k[1] for k in self.maybe)

    def key(self, x: Standing) -> Range:
        if self.roster.lot:
            n = int(x.hash, 16)
            return n, n, False
        if x.value is None:
            return _ALIKE
        return place_of(x.value)

    @property
    def portion(self) -> Portion:
        least, most = len(self.sure), len(self.sure) + len(self.maybe)
        number = (0, 0) if self.quota is None else (self.quota.of(least)[0], self.quota.of(most)[1])
        return Portion(self.group, (least, most), number)

    def judged(self, x: Standing) -> Standing:
        """Whether *x* is taken, against the best and the worst that those who are not settled may do to it; its place
        counts those with more."""
        low, high, _ = self.key(x)
        own = x.inside == UNKNOWN
        place = None
        if self.roster.ranked is not None:
            first = 1 + len(self.sure) - bisect_right(self.sure_low, high)
            more = (
                len(self.sure)
                - bisect_right(self.sure_high, low)
                + len(self.maybe)
                - bisect_right(self.maybe_high, low)
            )
            place = (first, 1 + more - (high > low), own)
        if self.quota is None:
            return evolve(x, place=place, taken=NO, open="")
        # At worst everybody who may stand before it, or beside it, does; at best nobody, and the others are many.
        before = bisect_right(self.maybe_low, high)
        worst = bisect_right(self.sure_low, high) + before
        best = bisect_left(self.sure_high, low)
        behind = len(self.maybe) - bisect_left(self.maybe_high, low)
        taken = UNKNOWN
        if worst <= self.quota.of(len(self.sure) + before)[0]:
            taken = YES
        elif best >= self.quota.of(len(self.sure) + behind)[1]:
            taken = NO
        if own:
            taken |= NO
        return evolve(x, place=place, taken=taken, open="" if settled(taken) else self.reason(x))

    def reason(self, x: Standing) -> str:
        """Why it is open whether *x* is taken."""
        assert self.quota is not None
        low, high, _ = self.key(x)
        least, most = self.quota.of(len(self.sure))
        if x.inside == UNKNOWN:
            return "inside"
        if least != most:
            return "number"
        if not self.roster.lot and self.roster.ranked is None:
            return "body"
        if low != high:
            return "value"
        return "others" if self.maybe or self.sure_low != self.sure_high else "tie"


def place_of(value: Value) -> Range:
    """A value as an order takes it, from low to high; what does not apply may stand anywhere."""
    if isinstance(value, int):
        bits = [i for i in range(value.bit_length()) if value >> i & 1]
        return bits[0], bits[-1], False
    low, high, none = value
    return _ANYWHERE if none or low > high else (low, high, False)


def _joined(several: tuple[Standing, ...]) -> Standing:
    """One person under every way of reading."""
    first = several[0]
    inside, taken = first.inside, first.taken
    for x in several[1:]:
        inside, taken = inside | x.inside, taken | x.taken
    places = [x.place for x in several if x.place is not None]
    place = places[0] if places else None
    for other in places[1:]:
        place = as_range(hull(as_range(place), other)) if place is not None else other
    if place is not None and len(places) < len(several):
        place = (*place[:2], True)
    groups = [x.group for x in several if x.inside != NO]
    group = groups[0] if groups and all(x == groups[0] for x in groups) else None
    each = all(settled(x.inside) and settled(x.taken) for x in several)
    open = next((x.open for x in several if x.open), "")
    if each and not (settled(inside) and settled(taken)):
        open = "reading"
    hash = next((x.hash for x in several if x.hash), "")
    return evolve(first, inside=inside, taken=taken, place=place, group=group, hash=hash, open=open)


def _sure(x: Standing, roster: m.Roster) -> bool:
    """Whether all that is asked of a person is settled."""
    if x.inside == NO:
        return True
    if x.inside == UNKNOWN or x.group is None:
        return False
    placed = roster.ranked is None or roster.share is not None or (x.place is not None and settled(x.place))
    return placed and settled(x.taken)


def period(roster: m.Roster, as_of: int) -> str:
    """The period a result is of: '2018', '2018-12', or '' where the text names none."""
    day = datetime.date.fromordinal(as_of).isoformat()
    return {"years": day[:4], "months": day[:7]}.get(roster.period, "")


__all__ = ["Drawing", "Lack", "Outcome", "Portion", "Standing", "draw", "hashed", "period", "rounded"]
