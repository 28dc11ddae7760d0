"""Where each case stands in its procedure: what has begun, what is due when and from whom, what is late or next."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from . import model as m
from .decide import Decision
from .evaluate import Evaluation
from .explanation import Explanation
from .record import Row
from .values import UNKNOWN, YES, Value


@frozen(eq=False)
class Next:
    """Where a stage leads (None: the text does not say), and why that follows or does not."""

    stage: str | None
    why: Explanation


@frozen(eq=False)
class Stage:
    """One stage of one case on the day of decision.

    *reached* is whether the text leads here; *begun*, *finished* and *late* what the record's days say, None where the
    text gives nothing to tell by. *by* are the bodies that owe what is to be handed in.
    """

    rule: m.Rule
    row: Row
    reached: Explanation
    begun: Explanation | None
    finished: Explanation | None
    late: Explanation | None
    begin: Value | None
    due: Value | None
    done: tuple[Value, ...]
    by: tuple[str, ...]
    next: tuple[Next, ...]

    @property
    def state(self) -> str:
        """unreached, awaited (reached, and not begun), begun (and nothing tells how it ends), running, overdue (past
        its last day, and not done), done, done_late, or open."""
        reached, begun, finished, late = map(_truth, (self.reached, self.begun, self.finished, self.late))
        if UNKNOWN in (begun, finished):
            return "open"
        if finished == YES:
            return ("done", "done", "done_late", "open")[late]
        if begun == YES and not finished:
            return "begun"
        if begun == YES:
            return ("running", "running", "overdue", "open")[late]
        return ("open", "unreached", "awaited", "open")[reached]

    def missing(self) -> Iterator[Explanation]:
        """What would settle where the case stands."""
        for x in (self.reached, self.begun, self.finished, self.late):
            if x is not None:
                yield from x.missing()


def stages(decision: Decision) -> Iterator[Stage]:
    """Every stage of every case whose layer is admitted, in the order of the policy and of the rows."""
    court = Evaluation(decision.given, decision.question.frame(False))
    for rule in decision.policy.rules:
        clock, of = rule.clock, rule.list
        if clock is None or not rule.procedure or of is None or rule.layer not in decision.question.layers:
            continue
        for row in decision.given.lists[of].known:
            yield _stage(rule, clock, row, court)


def _stage(rule: m.Rule, clock: m.Clock, row: Row, court: Evaluation) -> Stage:
    def why(e: m.Expr | None) -> Explanation | None:
        return None if e is None else court.why(e, (row,))

    def value(e: m.Expr | None) -> Value | None:
        return None if e is None else court.why(e, (row,)).value

    return Stage(
        rule,
        row,
        court.why(rule.fires, (row,)),
        why(clock.begun),
        why(clock.finished),
        why(clock.late),
        value(clock.begin),
        value(clock.due),
        tuple(court.why(x, (row,)).value for x in clock.done),
        clock.owed_by,
        tuple(Next(target, court.why(x, (row,))) for target, x in clock.next),
    )


def _truth(e: Explanation | None) -> int:
    """A truth; 0 where the text gives nothing to tell by."""
    return e.value if e is not None and isinstance(e.value, int) else 0
