"""What those who stay undetermined turn on, asked of generated functions once there are enough of them."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from .. import model as m
from ..decide import Alternatives, Court, Question
from ..explanation import Explanation
from ..record import Record, Row
from ..tracing import Explainer, explainer
from ..turning import Turning, turning

# After so many persons a policy is compiled: to compile costs about what the walker takes for as many. An effect is
# compiled for some open readings when they are first met, which the walker would take longer for; so many are kept.
PERSONS: Final = 60
MOST: Final = 5_000

Asked = tuple[bool, int, tuple[str, ...]]


class Courts:
    """A court for each person, all of one policy and question: the walker's for the first persons, then a faster."""

    def __init__(self, policy: m.Policy, question: Question, persons: int = PERSONS, most: int = MOST):
        self.policy, self.question, self.persons, self.most = policy, question, persons, most
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
        """What tells an effect under each combination; None where as many are kept as may be."""
        key = printed, id(verdict), tuple(readings)
        if key not in self.made:
            if len(self.made) >= self.most:
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
