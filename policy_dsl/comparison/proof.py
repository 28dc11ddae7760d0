"""Whether one side is ever stricter than the other, asked of every record at once; each answer held to the interpreter.

Everything is asked within the world of `symbolic`: records whose lists are complete and hold no more rows than stated,
values both sides have a word for, on what is printed. Where a side's outcome would need something the text does not
say, the witness says what is supposed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

import z3
from attrs import field, frozen

from .. import model as m
from .. import values as v
from ..evaluate import Evaluation
from ..explanation import Explanation, Frame, LeafKey
from ..knowledge import as_known
from ..record import Reader, Record
from ..symbolic import terms as t
from ..symbolic.asking import Witness, bounds, period, solve
from ..symbolic.encode import same_term
from ..symbolic.terms import Bool, Int
from ..symbolic.world import FEWEST, Found, World
from ..values import YES
from .encoding import SideEncoding
from .leaner import less
from .population import groups, shape_of
from .sides import Pair
from .strictness import LEVELS, of_effect, of_group, ordered

# What A may be to B on one effect: more, less, or unlike in a way that is on no scale.
WAYS: Final = ("more", "less", "apart")
SECONDS: Final = 8.0
# The solver's own steps for one question: as far on a busy machine as on an idle one.
_EFFORT: Final = 4_000_000
# How many days back is of late: three years.
_OF_LATE: Final = 1096
_SILENT: Final = m.STATUSES.index("silent")


@frozen(eq=False)
class Seen:
    """One side of a witness: the record as this side sees it, its status, and why; no reasons where it has no rule."""

    given: Record
    status: int
    why: Explanation | None

    @property
    def rules(self) -> tuple[str, ...]:
        """The provisions that arise."""
        steps = self.why.walk() if self.why is not None else ()
        found = (e.node for e in steps if e.value == YES)
        return tuple(dict.fromkeys(x.name for x in found if isinstance(x, m.Named) and x.role in ("rule", "stage")))


@frozen(eq=False)
class Shown:
    """A record, as plain data, on which two outcomes are unlike, as the interpreter says: under which readings, on
    which day, and what is *supposed* of what the text does not say."""

    raw: Mapping[str, Any]
    as_of: int
    readings: Mapping[str, str]
    supposed: Mapping[LeafKey, v.Value]
    a: Seen
    b: Seen
    relation: str


@frozen(eq=False)
class Proved:
    """What is known of one effect: of each way A may be to B a record that shows it, that there is none (False), or
    that neither was settled in time (None)."""

    effect: str
    ways: Mapping[str, Shown | bool | None] = field(factory=dict)

    @property
    def shown(self) -> tuple[Shown, ...]:
        return tuple(x for x in self.ways.values() if isinstance(x, Shown))

    @property
    def relations(self) -> tuple[str, ...]:
        """Everything A may be to B here; *same* where it is never anything else, *open* where something is not
        settled."""
        found = dict.fromkeys(x.relation for x in self.shown)
        if None in self.ways.values():
            found["open"] = None
        return tuple(found) or ("same",)


@frozen(eq=False)
class Proof:
    """What was asked of every record, and what came of it: within how many rows of each list, on which days."""

    effects: tuple[Proved, ...]
    # Of the groups whose effects a text orders, and several of which are led to: what A may be to B on the whole.
    ladders: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, int]
    days: tuple[int, int]


class Prover:
    """One pair, every record."""

    def __init__(self, pair: Pair, seconds: float = SECONDS):
        self.pair, self.until = pair, time.monotonic() + seconds
        needed = [bounds(side.policy) for side in pair.sides]
        self.rows = {of: max(n.get(of, FEWEST) for n in needed) for of in pair.shape.lists}
        self.days = self.decided()
        self.world = World(pair.shape, self.rows, self.days)
        readings = [side.policy.readings for side in pair.sides]
        both = readings[0].keys() & readings[1].keys()
        alike = frozenset(n for n in both if readings[0][n].alternatives == readings[1][n].alternatives)
        versions: dict[tuple[str, str], LeafKey] | None = None
        if pair.a.policy is not pair.b.policy and pair.a.policy.name == pair.b.policy.name:
            versions = {}
        first = SideEncoding(self.world, pair.a, alike, versions)
        # What is asked of one side twice has one answer, whatever it is.
        self.encodings = (first, first if pair.one else SideEncoding(self.world, pair.b, alike, versions))
        self.solver = z3.Solver()
        # The older arithmetic of z3 is some ten times faster on dates.
        self.solver.set("smt.arith.solver", 2)
        self.solver.set("rlimit", _EFFORT)
        self.told = 0
        self.verdicts = [{w.effect: w.person for w in side.policy.verdicts} for side in pair.sides]
        nodes = m.walk(*(x for by in self.verdicts for x in by.values()))
        self.alike = {e.name for e in nodes if isinstance(e, m.Finding) and e.alike}

    def decided(self) -> tuple[int, int]:
        """The days on which it is decided: the earlier of the two named, or all that the policies bear on."""
        days = [side.as_of for side in self.pair.sides if side.as_of is not None]
        if days:
            return min(days), min(days)
        spans = [period(side.policy) for side in self.pair.sides]
        return min(s[0] for s in spans), max(s[1] for s in spans)

    def proof(self) -> Proof:
        """Every effect either leads to: first whether there is a record at all, of those both lead to before the
        others; then, while there is time, records with nothing in them that need not be."""
        every = dict.fromkeys(e for by in self.verdicts for e in by)
        asked = sorted(every, key=lambda e: not all(e in by for by in self.verdicts))
        found = {e: self.of(e) for e in asked}
        effects = []
        for e in every:
            ways = found[e].items()
            shown = {way: self.lean(e, x) if isinstance(x, Witness) else x for way, x in ways}
            effects.append(Proved(e, shown))
        ladders = {group: self.ladder(shapes) for group, shapes in groups(self.pair).items() if ordered(shapes)}
        return Proof(tuple(effects), ladders, self.rows, self.days)

    def of(self, effect: str) -> dict[str, Witness | bool | None]:
        """One effect. A question of one name that asks two things of the one record is not settled by it."""
        topics = [by[effect].topics if effect in by else frozenset[m.Topic]() for by in self.verdicts]
        if any(t[0] == "finding" and not self.pair.asks_alike(str(t[1])) for t in topics[0] & topics[1]):
            return dict.fromkeys(WAYS)
        a, b = (_possible(by.get(effect)) for by in self.verdicts)
        able = {way: any(_way(x, y) == way for x in a for y in b) for way in WAYS}
        terms = _ways(*(self.status(i, effect) for i in (0, 1))) if any(able.values()) else ()
        conditions = dict(zip(WAYS, terms, strict=False))
        return {way: self.way(effect, conditions[way]) if able[way] else False for way in WAYS}

    def status(self, i: int, effect: str) -> Int:
        """The number of the status of one side."""
        verdict = self.verdicts[i].get(effect)
        return z3.IntVal(_SILENT) if verdict is None else self.encodings[i].term(verdict)

    def way(self, effect: str, condition: Bool) -> Witness | bool | None:
        """A record on which A is so to B, confirmed by the interpreter; the easier to read the better."""
        # Of rows tied for the latest that disagree nothing follows on either side.
        asked = [condition, self.world.printed, *self.world.apart]
        result = self.check(*asked)
        if result != z3.sat:
            return False if result == z3.unsat else None
        first = self.confirmed(effect)
        for wish in (
            (*self.steady(), *self.few(), *self.plain()),
            (*self.steady(), *self.plain()),
            tuple(self.steady()),
        ):
            if self.check(*asked, *wish) == z3.sat and (better := self.confirmed(effect)) is not None:
                return better
        return first

    def check(self, *conditions: Bool) -> Any:
        """sat, unsat or unknown; what was asked before is forgotten, the model of the answer is kept."""
        self.forget()
        left = self.until - time.monotonic()
        if left <= 0:
            return z3.unknown
        result, self.told = solve(self.solver, self.world, self.told, conditions, left)
        return result

    def forget(self) -> None:
        while self.solver.num_scopes():
            self.solver.pop()

    def steady(self) -> Iterator[Bool]:
        """That no fact changes."""
        for (_, first), *later in self.world.facts.values():
            yield from (same_term(first, then) for _, then in later)

    def few(self) -> Iterator[Bool]:
        """That no list has a second row."""
        for slots in self.world.lists.values():
            yield from (t.no(slot.present) for slot in slots[1:])

    def plain(self) -> Iterator[Bool]:
        """That everything is of late, and no value is one a body would have to find alike to those listed."""
        for of, slots in self.world.lists.items():
            date = self.world.shape.lists[of].date
            for i, slot in enumerate(slots) if date else ():
                day = self.world.field(of, i, date)
                yield t.either((t.no(slot.present), day.none, day.at >= self.world.day - _OF_LATE))
        for (name, _), term in self.world.findings.items():
            if name in self.alike:
                yield term == 0

    def confirmed(self, effect: str) -> Witness | None:
        """The record of the solver's answer; None if the interpreter does not find the outcomes unlike."""
        made = self.drawn([effect])
        return made if self.relation(effect, made) not in (None, "same", "open") else None

    def drawn(self, effects: Sequence[str]) -> Witness:
        """The record of the solver's answer, with what these turn on."""
        found = Found(self.world, self.solver.model())
        topics = frozenset[m.Topic]().union(*(by[e].topics for e in effects for by in self.verdicts if e in by))
        readings = found.readings
        given = found.given
        for encoding in self.encodings:
            readings |= {name: e.type.options[found.number(term)] for name, (e, term) in encoding.open.items()}
            given |= {key: given[first] for key, first in encoding.other.items() if first in given}
        return Witness(found.raw(topics), Frame(found.as_of, readings, frozenset(), True), given)

    def ladder(self, shapes: Sequence[m.EffectShape]) -> tuple[str, ...]:
        """What A may be to B on an ordered group, by how far up each reaches at every strength."""
        rising = sorted(shapes, key=lambda e: e.rank or 0)
        levels = [[_level(self.status(i, e.name)) for e in rising] for i in (0, 1)]
        reach = [[_reach(own, at) for at in range(1, len(LEVELS))] for own in levels]
        higher, lower = (t.either(x > y for x, y in zip(a, b, strict=True)) for a, b in (reach, reach[::-1]))
        unlike = t.either(x != y for x, y in zip(*levels, strict=True))
        apart = t.either((t.both((higher, lower)), t.both((unlike, t.no(higher), t.no(lower)))))
        found: dict[str, None] = {}
        for condition in (t.both((higher, t.no(lower))), t.both((lower, t.no(higher))), apart):
            result = self.check(condition, self.world.printed, *self.world.apart)
            if result == z3.sat:
                w = self.drawn([e.name for e in rising])
                seen = {e.name: self.seen(e.name, w) for e in rising}
                statuses = [{name: x[i].status for name, x in seen.items() if x is not None} for i in (0, 1)]
                sound = len(statuses[0]) == len(rising)
                found[of_group(rising, statuses[0], statuses[1]) if sound else "open"] = None
            elif result != z3.unsat:
                found["open"] = None
        return tuple(found) or ("same",)

    def lean(self, effect: str, made: Witness) -> Shown:
        """What a record shows, without whatever it shows it without."""
        want = self.relation(effect, made)
        for smaller in less(made):
            if time.monotonic() >= self.until:
                break
            tried = smaller(made)
            if tried is not None and self.relation(effect, tried) == want:
                made = tried
        seen = self.seen(effect, made, True)
        assert seen is not None and want is not None
        return Shown(made.raw, made.frame.as_of, made.frame.readings, made.given, *seen, want)

    def relation(self, effect: str, w: Witness) -> str | None:
        seen = self.seen(effect, w)
        return None if seen is None else of_effect(shape_of(self.pair, effect), seen[0].status, seen[1].status)

    def seen(self, effect: str, w: Witness, rejected: bool = False) -> tuple[Seen, Seen] | None:
        """What the interpreter makes of a record on each side, on what is printed, with *rejected* also why what does
        not arise does not; None if it is no record."""
        reader = Reader(self.pair.shape, self.pair.lexicon)
        record = reader.record(dict(w.raw), "")
        if record is None or reader.problems:
            return None
        found = []
        for side, verdicts, own in zip(self.pair.sides, self.verdicts, self.pair.seen(record), strict=True):
            day = w.frame.as_of if side.as_of is None else side.as_of
            given = as_known(own, side.policy.shape, day, day)
            if effect not in verdicts:
                found.append(Seen(given, 1 << _SILENT, None))
                continue
            frame = Frame(day, {**w.frame.readings, **side.readings}, side.layers, True)
            why = Evaluation(given, frame, w.given, rejected=rejected).why(verdicts[effect], ())
            found.append(Seen(given, v.as_mask(why.value), why))
        return found[0], found[1]


def _possible(verdict: m.Strongest | None) -> frozenset[str]:
    """The statuses an effect may have at all, by the flags its rules carry."""
    verdicts = (verdict.own, *(x for _, x in verdict.rows)) if verdict is not None else ()
    flags = {f for x in verdicts for c in x.flags for f in ((c.flag,) if c.waived is None else (c.flag, "waivable"))}
    together = (frozenset(some) for n in range(len(flags) + 1) for some in combinations(sorted(flags), n))
    return frozenset(m.status_of(some) for some in together)


def _way(a: str, b: str) -> str:
    """What one status is to another, as the conditions of `_ways` say of their numbers."""
    if a == b:
        return "same"
    if a not in LEVELS or b not in LEVELS:
        return "apart"
    return "more" if LEVELS.index(a) > LEVELS.index(b) else "less"


def _ways(a: Int, b: Int) -> Sequence[Bool]:
    """That A binds more, less, or is unlike without being either, as conditions on the numbers of two statuses."""
    x, y = _level(a), _level(b)
    scaled = z3.And(x >= 0, y >= 0)
    return z3.And(scaled, x > y), z3.And(scaled, x < y), z3.And(a != b, z3.Not(scaled))


def _reach(levels: Sequence[Int], at: int) -> Int:
    """How far up a ladder goes that binds at least so much: the number of the highest rung, or 0."""
    result = z3.IntVal(0)
    for i, level in enumerate(levels, 1):
        result = t.when(level >= at, z3.IntVal(i), result)
    return result


def _level(status: Int) -> Int:
    result = z3.IntVal(-1)
    for i, name in enumerate(m.STATUSES):
        if name in LEVELS:
            result = t.when(status == i, z3.IntVal(LEVELS.index(name)), result)
    return result


def prove(pair: Pair, seconds: float = SECONDS) -> Proof:
    """Ask of every record whether A and B ever come out unlike, for at most so many seconds."""
    return Prover(pair, seconds).proof()
