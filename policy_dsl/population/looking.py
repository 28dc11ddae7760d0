"""What those who stay undetermined turn on, asked of generated functions once there are enough of them."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Final

from .. import model as m
from ..decide import Alternatives, Court, Question
from ..explanation import Explanation
from ..record import Record, Row
from ..tracing import Explainer, explainer
from ..turning import Turning, turning

# A policy is compiled for looking into so many persons, and an effect for its open readings when they have been asked
# of so many; to compile costs about what the walker takes for as many. So many functions are kept.
PERSONS: Final = 40
TIMES: Final = 3
MOST: Final = 5_000

Asked = tuple[bool, int, tuple[str, ...]]


class Courts:
    """A court for each person, all of one policy and question: the walker's for the first persons, then a faster."""

    def __init__(self, policy: m.Policy, question: Question, persons: int = PERSONS, times: int = TIMES):
        self.policy, self.question, self.persons, self.times = policy, question, persons, times
        self.asked: Counter[Asked] = Counter()
        self.made: dict[Asked, Turning] = {}

    def court(self, record: Record) -> Court:
        """Where what is open of a record, as `knowledge.as_known` leaves it, is looked into."""
        if self.persons > 0:
            self.persons -= 1
            return Court(record, self.question, False)
        return _Traced(record, self)

    @cached_property
    def lines(self) -> tuple[Explainer, Explainer]:
        """What explains: the whole text, and what is printed."""
        whole, printed = (explainer(self.policy, self.question.frame(x)) for x in (False, True))
        return whole, printed

    def turning(self, printed: bool, verdict: m.Verdict | m.Strongest, readings: Alternatives) -> Turning | None:
        """What tells an effect under each combination; None while it is not worth compiling."""
        key = printed, id(verdict), tuple(readings)
        if key not in self.made:
            self.asked[key] += 1
            if self.asked[key] <= self.times or len(self.made) >= MOST:
                return None
            line = self.lines[printed]
            self.made[key] = turning(line.tracing, line.frame, verdict, readings)
        return self.made[key]


class _Traced(Court):
    """What a record comes to by generated functions; whatever they have no form for is the walker's, as ever."""

    def __init__(self, record: Record, courts: Courts):
        super().__init__(record, courts.question, False)
        self.courts = courts
        self.seen = [x.seen(record) for x in courts.lines]

    def why(self, printed: bool, verdict: m.Verdict | m.Strongest, rows: tuple[Row, ...]) -> Explanation:
        return self.courts.lines[printed].why(self.seen[printed], verdict, rows[0] if rows else None)

    def masks(
        self, printed: bool, verdict: m.Verdict | m.Strongest, rows: tuple[Row, ...], readings: Alternatives
    ) -> list[int]:
        run = self.courts.turning(printed, verdict, readings)
        if run is None:
            return list(super().masks(printed, verdict, rows, readings))
        seen, row = self.seen[printed], rows[0] if rows else None
        round = self.courts.lines[printed].tracing.round_of.get(id(verdict))
        cells = () if row is None or round is None else seen.cells(round, row)
        return run(seen.record, seen.top, seen.rounds, row, cells)
