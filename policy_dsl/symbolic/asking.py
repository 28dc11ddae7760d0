"""Questions put to the solver, and what it answers held to the interpreter: nothing unconfirmed is ever shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

import z3
from attrs import evolve, frozen

from .. import model as m
from .. import values as v
from ..evaluate import Evaluation
from ..explanation import Frame, LeafKey
from ..knowledge import as_known
from ..language.keywords import DEFAULT_LAYERS
from ..record import Reader, Record, Row
from ..shapes import COMPLETE, FINDINGS, ID, ROWS
from ..values import Value
from . import terms as t
from .encode import Encoding, View
from .terms import Bool
from .world import EARLIEST, FEWEST, LATEST, MOST_ROWS, Found, World

# The solver could not tell in the time given, or told what the interpreter does not confirm.
UNDECIDED: Final = "undecided"


@frozen(eq=False)
class Claim:
    """What an expression comes to on a witness, the rows in view named by list and number; or (*but*) that it comes to
    anything but that."""

    expr: m.Expr
    value: Value
    rows: tuple[tuple[str, str], ...] = ()
    but: bool = False

    def true(self, value: Value | None) -> bool:
        """Whether a value bears it out."""
        if self.but:
            return value is not None and v.as_mask(value) & v.as_mask(self.value) == 0
        return value == self.value


@frozen(eq=False)
class Witness:
    """A record that shows something, as plain data, with the question it is put under and what is *given* of what the
    text does not say."""

    raw: Mapping[str, Any]
    frame: Frame
    given: Mapping[LeafKey, Value]

    def record(self, policy: m.Policy) -> Record | None:
        """The record as it stood; None if it is none."""
        reader = Reader(policy.shape, policy.lexicon)
        record = reader.record(deepcopy(dict(self.raw)), "")
        if record is None or reader.problems:
            return None
        return as_known(record, policy.shape, self.frame.as_of, self.frame.as_of)

    def shows(self, policy: m.Policy, claims: Iterable[Claim]) -> bool:
        """Whether the interpreter finds every claim true of it."""
        court = self.court(policy)
        return court is not None and all(c.true(_said(court, c.expr, c.rows)) for c in claims)

    def value(self, policy: m.Policy, claim: Claim) -> Value | None:
        """What the interpreter says of what a claim is about; None if that cannot be asked."""
        court = self.court(policy)
        return None if court is None else _said(court, claim.expr, claim.rows)

    def court(self, policy: m.Policy) -> Evaluation | None:
        record = self.record(policy)
        return None if record is None else Evaluation(record, self.frame, self.given)


def _said(court: Evaluation, e: m.Expr, named: Iterable[tuple[str, str]]) -> Value | None:
    rows = [_row(court.record, of, id) for of, id in named]
    there = tuple(row for row in rows if row is not None)
    return None if len(there) < len(rows) else court.why(e, there).value


def _row(record: Record, of: str, id: str) -> Row | None:
    return next((row for row in record.lists[of].known if row.id == id), None)


class Inquiry:
    """One policy, every record; each question asked for at most so many seconds."""

    def __init__(
        self,
        policy: m.Policy,
        seconds: float = 5.0,
        more: int = 0,
        effort: int | None = None,
        beside: Sequence[m.Policy] = (),
    ):
        """*beside*: others in the same words that are asked about too. *more*: how many rows each list may hold beyond
        those that its counts need. *effort*: at most so many of the solver's own steps a question."""
        self.policy, self.seconds = policy, seconds
        both = (policy, *beside)
        needed, spans = [bounds(p) for p in both], [period(p) for p in both]
        rows = {of: max(n.get(of, FEWEST) for n in needed) + more for of in policy.shape.lists}
        self.decided = min(first for first, _ in spans), max(last for _, last in spans)
        self.world = World(policy.shape, rows, self.decided)
        self.encoding = Encoding(self.world)
        self.solver = z3.Solver()
        # The older arithmetic of z3 is some ten times faster on dates.
        self.solver.set("smt.arith.solver", 2)
        if effort is not None:
            self.solver.set("rlimit", effort)
        self.told = 0

    # What is asked.

    def truth(self, e: m.Expr, view: View = ()) -> Bool:
        return self.encoding.truth(e, view)

    def there(self, of: str | None) -> tuple[View, list[Bool], tuple[tuple[str, str], ...]]:
        """The view of a rule of a list's rows: its first row, which is there; and that row's number."""
        if of is None:
            return (), [], ()
        slot = self.world.slots(of)[0]
        return (0,), [slot.present], ((of, slot.id),)

    def admitted(self, *layers: str) -> list[Bool]:
        """The usual layers and these are admitted, and no others."""
        wanted = {*DEFAULT_LAYERS, *layers}
        return [x if name in wanted else z3.Not(x) for name, x in self.world.layers.items()]

    def check(self, *conditions: Bool) -> Any:
        """sat, unsat or unknown."""
        result, self.told = solve(self.solver, self.world, self.told, conditions, self.seconds)
        return result

    def possible(self, *conditions: Bool) -> bool | None:
        """Whether some record is so; None if that cannot be told in time."""
        result = self.check(*conditions)
        self.solver.pop()
        return None if result == z3.unknown else bool(result == z3.sat)

    def found(self, *conditions: Bool) -> Found | None:
        """Some world that is so."""
        result = self.check(*conditions)
        made = Found(self.world, self.solver.model()) if result == z3.sat else None
        self.solver.pop()
        return made

    def claimed(self, claim: Claim) -> list[Bool]:
        """A claim as conditions: its rows are there, and its truth or status is this."""
        slots = [(of, next(i for i, x in enumerate(self.world.slots(of)) if x.id == id)) for of, id in claim.rows]
        there = [self.world.slots(of)[i].present for of, i in slots]
        term = self.encoding.term(claim.expr, tuple(i for _, i in slots))
        if claim.expr.type.kind == "truth":
            held = t.truth(term) if claim.value == v.YES else t.no(t.truth(term))
        else:
            held = t.among(term, v.as_mask(claim.value))
        return [*there, t.no(held) if claim.but else held]

    def core(self, parts: Sequence[Bool], *conditions: Bool) -> list[int]:
        """Which of several conditions, as few as may be, cannot hold together under the others."""
        kept = list(range(len(parts)))
        for i in range(len(parts)):
            without = [k for k in kept if k != i]
            if self.possible(*conditions, *(parts[k] for k in without)) is False:
                kept = without
        return kept

    # Witnesses.

    def shown(self, claims: Sequence[Claim], *conditions: Bool) -> Witness | None:
        """A smallest record of which the interpreter says what is claimed; None if none was found."""
        topics = frozenset[m.Topic]().union(*(c.expr.topics for c in claims))
        found = self.plainest(*conditions)
        if found is None:
            return None
        frame = Frame(found.as_of, found.readings, found.layers, found.printed)
        whole = Witness(found.raw(topics), frame, found.given)
        return smallest(whole, lambda x: x.shows(self.policy, claims)) if whole.shows(self.policy, claims) else None

    def plainest(self, *conditions: Bool) -> Found | None:
        """Some world that is so, and easy to read."""
        wanted = [*conditions]
        for wish in self.wishes():
            if self.possible(*wanted, wish):
                wanted.append(wish)
        return self.found(*wanted)

    def numbers(self) -> Iterator[tuple[Any, int]]:
        """Every number of a record, or not printed, with what is not too many of its unit."""
        shape, world = self.policy.shape, self.world
        terms = [(shape.lists[of].fields[name].type, x) for (of, _, name), x in world.fields.items()]
        terms += [(shape.facts[name].type, x) for name, steps in world.facts.items() for _, x in steps]
        terms += [(e.type, x) for e, x in world.leaves.values()]
        return ((x, _A_NUMBER * v.SCALE[type.unit]) for type, x in terms if type.kind == "number")

    def wishes(self) -> Iterator[Bool]:
        """What makes a record easy to read: no ties, what is printed alone, few rows, facts that never change."""
        yield t.both(self.world.apart)
        yield self.world.printed
        yield z3.And(self.world.day >= _A_DAY - 3650, self.world.day <= _A_DAY + 3650)
        yield t.both(z3.Or(x.none, z3.And(x.at >= 0, x.at <= most)) for x, most in self.numbers())
        lists = [slots for of, slots in self.world.lists.items()]
        for turn in range(max(map(len, lists), default=0)):
            for slots in lists:
                if turn < len(slots):
                    yield z3.Not(slots[-1 - turn].present)
        dated = [(of, i, self.policy.shape.lists[of].date) for of, i, _ in self.world.fields]
        days = [self.world.fields[place] for place in dict.fromkeys(dated) if place in self.world.fields]
        yield t.both(z3.Or(x.none, x.at >= self.world.day - 700) for x in days)
        facts = [x for (_, x), *_ in self.world.facts.values()]
        born = [x for (name, x) in zip(self.world.facts, facts) if self.policy.shape.facts[name].type.kind == "day"]
        yield t.both(z3.Or(x.none, x.at <= self.world.day) for x in born)
        for (_, first), *later in self.world.facts.values():
            for _, then in later:
                yield _same(first, then)


def solve(solver: Any, world: World, told: int, conditions: Iterable[Bool], seconds: float) -> tuple[Any, int]:
    """Whether some record is so, and how much of the world has been told; what was asked stays on the solver's stack.

    A model that counts working days as no calendar does is corrected, and the question asked again.
    """
    for _ in range(_CORRECTIONS):
        told, new = len(world.side), world.side[told:]
        solver.add(*new)
        solver.push()
        solver.add(*conditions)
        result = _answer(solver, seconds)
        said = world.corrected(solver.model()) if result == z3.sat and world.worked else []
        if not said:
            return result, told
        solver.pop()
        world.side += said
    solver.push()
    return z3.unknown, told


def _answer(solver: Any, seconds: float) -> Any:
    """sat, unsat or unknown. How long a search takes hangs on chance: one that drags on is begun anew, another way."""
    result = z3.unknown
    for seed, share in enumerate(_TRIES):
        solver.set("smt.random_seed", seed)
        solver.set("timeout", max(1, int(seconds * share * 1000)))
        result = solver.check()
        if result != z3.unknown:
            break
    return result


# What part of its time a question gets, try by try.
_TRIES: Final = (0.05, 0.1, 0.15, 0.7)
# So often a model is corrected before the question is given up.
_CORRECTIONS: Final = 60
_A_NUMBER: Final = 3000
_A_DAY: Final = 736_695  # 1 January 2018


def _same(a: Any, b: Any) -> Bool:
    if isinstance(a, t.Ordered):
        return t.both((a.at == b.at, a.none == b.none))
    return a == b


# The smallest record.


def smallest(witness: Witness, holds: Callable[[Witness], bool]) -> Witness:
    """The witness with everything left out that it shows without."""
    again = True
    while again:
        again = False
        for smaller in less(witness):
            if holds(smaller):
                witness, again = smaller, True
                break
    return witness


def less(w: Witness) -> Iterator[Witness]:
    """The witness without one thing, the largest first."""
    for key in w.given:
        yield evolve(w, given={k: x for k, x in w.given.items() if k != key})
    for name in w.frame.readings:
        yield evolve(w, frame=evolve(w.frame, readings={k: x for k, x in w.frame.readings.items() if k != name}))
    for raw in _smaller(w.raw):
        yield evolve(w, raw=raw)


def _smaller(raw: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, cell in raw.items():
        if name != ID:
            yield {k: x for k, x in raw.items() if k != name}
        if isinstance(cell, dict):
            rows = cell[ROWS]
            for i, row in enumerate(rows):
                findings = [f for f in raw.get(FINDINGS, ()) if (f.get("所属"), f.get("所属编号")) != (name, row[ID])]
                made = {**raw, name: {**cell, ROWS: [*rows[:i], *rows[i + 1 :]]}}
                yield _with_findings(made, findings)
            if COMPLETE in cell and rows:
                yield {**raw, name: {ROWS: rows}}
            for i, row in enumerate(rows):
                for field in row:
                    if field != ID:
                        short = {k: x for k, x in row.items() if k != field}
                        yield {**raw, name: {**cell, ROWS: [*rows[:i], short, *rows[i + 1 :]]}}
    for i in range(len(raw.get(FINDINGS, ()))):
        yield _with_findings(dict(raw), [*raw[FINDINGS][:i], *raw[FINDINGS][i + 1 :]])


def _with_findings(raw: dict[str, Any], findings: list[Any]) -> dict[str, Any]:
    rest = {k: x for k, x in raw.items() if k != FINDINGS}
    return rest | ({FINDINGS: findings} if findings else {})


# The bounds of a policy's world.


def roots(policy: m.Policy) -> list[m.Expr]:
    """Everything a policy says of a record."""
    found: list[m.Expr] = [e for w in policy.verdicts for e in (w.person, *w.elements.values())]
    for rule in policy.rules:
        clock = rule.clock
        found += [rule.fires, rule.condition]
        if clock is not None:
            given = (clock.begin, clock.due, *clock.done, clock.begun, clock.finished, clock.late)
            found += [e for e in given if e is not None] + [e for _, e in clock.next]
    return found + list(policy.definitions.values())


def bounds(policy: m.Policy) -> dict[str, int]:
    """How many rows each list needs for every number its rows are counted against to be passed, within limits."""
    needed: dict[str, int] = {}
    for e in m.walk(*roots(policy)):
        if not isinstance(e, m.AtLeast | m.Equal):
            continue
        for one, other in ((e.left, e.right), (e.right, e.left)):
            folds = [x for x in m.walk(one) if isinstance(x, m.Fold) and x.how not in ("some", "latest", "max", "min")]
            numbers = [
                int(x.value[0])
                for x in m.walk(other)
                if isinstance(x, m.Constant) and not isinstance(x.value, int) and x.type.unit in ("times", "years")
                and 0 <= x.value[0] <= MOST_ROWS
            ]  # fmt: skip
            for fold in folds:
                # Three small amounts may make more than any two of them.
                most = max(numbers, default=2 if fold.how == "sum" else 1) + 1
                needed[fold.list] = min(MOST_ROWS, max(needed.get(fold.list, FEWEST), most))
    return needed


def period(policy: m.Policy) -> tuple[int, int]:
    """The days of decision: from well before the first day a policy names until well after the last."""
    days = [
        int(x)
        for e in m.walk(*roots(policy), *(i.start for i in policy.instruments))
        if e.type.kind == "day" and isinstance(e, m.Constant | m.Leaf)
        for x in v.as_range(e.value if isinstance(e, m.Constant) else e.top)[:2]
        if abs(x) != v.INF
    ]
    first, last = min(days, default=_A_DAY), max(days, default=_A_DAY)
    return max(EARLIEST, first - 366), min(LATEST, last + 20 * 366)
