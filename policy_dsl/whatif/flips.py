"""The smallest changes to a record that would change an outcome, every one confirmed by the interpreter.

The search rests on one law of the language: learning never overturns what is settled. So where forgetting some cells
leaves an outcome as it is, no change of them alters it, and none of those changes is tried.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve, field, frozen

from .. import model as m
from ..compiled import compile
from ..decide import Conclusion, Decision, Question, judge
from ..knowledge import as_known
from ..record import Record, Row
from ..values import settled
from .alternatives import Alternatives
from .cells import Cell, Change, cells, changed, forgotten, value_of
from .outcomes import Place, place_of, verdict_of, verdicts_of

# How often a record is run in one search, and how many changes are kept of one outcome.
RUNS: Final = 4000
KEPT: Final = 12


@frozen(eq=False)
class Flip:
    """Changes that together give an outcome another status, on the line it is told on; what that line then says."""

    changes: tuple[Change, ...]
    status: int
    after: Conclusion | None = None


@frozen(eq=False)
class Turning:
    """One outcome, on the whole text or (*printed*) on what is printed; the smallest changes that change it, found
    among those of up to *size* cells; *more* were found than are kept."""

    conclusion: Conclusion
    printed: bool
    flips: tuple[Flip, ...]
    size: int
    more: int = 0

    @property
    def status(self) -> int:
        return self.conclusion.printed if self.printed else self.conclusion.whole


@frozen(eq=False)
class Flips:
    """What was found of one record; *kept* are the names the outcomes turn on that nobody may suppose otherwise;
    *capped*: the search ended before everything of that size was tried."""

    decision: Decision
    turnings: tuple[Turning, ...]
    kept: tuple[str, ...]
    runs: int
    capped: bool


class Trials:
    """A policy run on variants of one record: the statuses of each outcome on its line; counted, and capped."""

    def __init__(self, policy: m.Policy, question: Question, asked: Mapping[Place, bool]):
        self.policy, self.question, self.asked = policy, question, asked
        self.lines = {line: compile(policy, question.frame(line)) for line in sorted(set(asked.values()))}
        self.runs = 0

    @property
    def spent(self) -> bool:
        return self.runs >= RUNS

    def statuses(self, record: Record) -> dict[Place, int]:
        """What each outcome comes to; of a row that is not there, nothing."""
        self.runs += 1
        given = as_known(record, self.policy.shape, self.question.as_of, self.question.known_as_of)
        found: dict[Place, int] = {}
        for line, compiled in self.lines.items():
            masks, _ = compiled.statuses(given)
            for (effect, of), mask in zip(compiled.verdicts, masks, strict=True):
                if of is None:
                    if self.asked.get((effect, None, None)) is line:
                        found[effect, None, None] = mask
                    continue
                for row, x in zip(given.lists[of].known, mask, strict=True):
                    if self.asked.get((effect, of, row.id)) is line:
                        found[effect, of, row.id] = x
        return found


@frozen(eq=False)
class _Search:
    """The search of one record: which outcomes still have no change, and what may be changed."""

    record: Record
    trials: Trials
    alternatives: Alternatives
    cells: tuple[Cell, ...]
    wanted: int
    before: Mapping[Place, int]
    found: dict[Place, list[Flip]] = field(factory=dict)
    values: dict[Cell, list[Change]] = field(factory=dict)

    def changes(self, cell: Cell) -> list[Change]:
        if cell not in self.values:
            self.values[cell] = [Change(cell, x) for x in self.alternatives.values(cell)]
        return self.values[cell]

    def search(self, size: int) -> None:
        """Every change of so many cells at once, of the outcomes nothing smaller changes."""
        places = tuple(p for p in self.before if p not in self.found)
        if places:
            self.grow((), self.record, {p: self.before[p] for p in places}, self.cells, size)

    def grow(
        self, made: tuple[Change, ...], record: Record, now: Mapping[Place, int], pool: Sequence[Cell], left: int
    ) -> None:
        """Add *left* more changes, of cells further on, to those made."""
        for i, cell in self.live(record, now, pool) if left == 1 else enumerate(pool):
            rest = pool[i + 1 :]
            if self.trials.spent or (left > 1 and not self.differs(record, now, pool[i:])):
                return
            for change in self.changes(cell):
                if self.trials.spent:
                    return
                other = changed(record, (change,))
                then = self.trials.statuses(other)
                then = {p: then[p] for p in now if p in then}
                if left > 1:
                    self.grow((*made, change), other, then, rest, left - 1)
                else:
                    self.keep((*made, change), then)

    def keep(self, changes: tuple[Change, ...], then: Mapping[Place, int]) -> None:
        for p, mask in then.items():
            if not mask & self.before[p] and (not self.wanted or mask == self.wanted):
                self.found.setdefault(p, []).append(Flip(changes, mask))

    def differs(self, record: Record, now: Mapping[Place, int], gone: Collection[Cell]) -> bool:
        """Whether any outcome may come out otherwise if these cells are changed."""
        then = self.trials.statuses(forgotten(record, gone))
        return any(then.get(p, mask) & ~mask or p not in then for p, mask in now.items())

    def live(
        self, record: Record, now: Mapping[Place, int], pool: Sequence[Cell], at: int = 0
    ) -> Iterator[tuple[int, Cell]]:
        """The cells any one of which may change an outcome, found by halves."""
        if self.trials.spent or not pool or not self.differs(record, now, pool):
            return
        if len(pool) == 1:
            yield at, pool[0]
            return
        half = len(pool) // 2
        yield from self.live(record, now, pool[:half], at)
        yield from self.live(record, now, pool[half:], at + half)


def flips(
    decision: Decision,
    conclusions: Collection[Conclusion],
    most: int = 2,
    kept: frozenset[str] = frozenset(),
    wanted: int = 0,
) -> Flips:
    """The smallest changes, of up to *most* cells at once, that change each of these outcomes of a decision (to the
    status *wanted*, if any); *kept* are the names nobody may suppose otherwise. An outcome that is settled on neither
    line has none: it waits for answers, not for changes."""
    policy, question = decision.policy, decision.question
    asked = {
        place_of(c): not settled(c.whole) for c in conclusions if settled(c.whole) or settled(c.printed)
    }  # fmt: skip
    trials = Trials(policy, question, asked)
    start = trials.statuses(decision.record)
    topics = {t for c in conclusions if place_of(c) in asked for t in verdict_of(policy, c).topics}
    search = _Search(
        decision.record,
        trials,
        Alternatives.of(policy, decision.given, question.as_of),
        tuple(cells(decision.given, topics, kept)),
        wanted,
        start,
    )
    size = 0
    while size < most and not trials.spent:
        size += 1
        search.search(size)
    turnings = []
    for c in conclusions:
        if place_of(c) in asked:
            ways = nearest(search.found.get(place_of(c), []), decision.record)
            tried = (confirmed(decision, c, f, asked[place_of(c)]) for f in ways[:KEPT])
            shown = tuple(f for f in tried if f is not None)
            reached = len(ways[0].changes) if ways else size
            turnings.append(Turning(c, asked[place_of(c)], shown, reached, max(0, len(ways) - KEPT)))
    every = cells(decision.given, topics)
    beyond = sorted(kept & {x for cell in every for x in (cell.name, cell.list)})
    return Flips(decision, tuple(turnings), tuple(beyond), trials.runs, trials.spent)


def nearest(ways: Sequence[Flip], record: Record) -> list[Flip]:
    """Of values that lead to the same, only the nearest on either side of what the record says."""
    least: dict[object, tuple[int, Flip]] = {}
    for i, f in enumerate(ways):
        key: object = i
        away = 0
        for n, change in enumerate(f.changes):
            now = value_of(record, change.cell)
            if isinstance(now, tuple) and isinstance(change.value, tuple) and change.value[0] <= change.value[1]:
                step = change.value[0] - now[0]
                rest = tuple((x.cell, id(x.value)) for k, x in enumerate(f.changes) if k != n)
                key, away = (change.cell, step > 0, rest, f.status), abs(step)
        if key not in least or away < least[key][0]:
            least[key] = away, f
    return [f for _, f in least.values()]


def confirmed(decision: Decision, c: Conclusion, flip: Flip, printed: bool) -> Flip | None:
    """The change with what the interpreter itself then concludes of the same effect at the same place; nothing, if that
    is not what the search found."""
    policy, question = decision.policy, decision.question
    given = as_known(changed(decision.record, flip.changes), policy.shape, question.as_of, question.known_as_of)
    row: Row | None = None
    if c.list is not None and c.row is not None:
        row = next((r for r in given.lists[c.list].known if r.id == c.row.id), None)
        if row is None:
            return None
    (after,) = judge(policy, given, question, [(verdicts_of(policy, c.effect), c.list, row)])
    then, now = (x.printed if printed else x.whole for x in (after, c))
    return None if then & ~flip.status or then & now else evolve(flip, status=then, after=after)
