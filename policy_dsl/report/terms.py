"""What a conclusion carries besides its status: how much, from when until when, by which last day, and whether over."""

from __future__ import annotations

from typing import Any, Final

from .. import model as m
from ..above import Point
from ..decide import Conclusion, Decision, Ground
from ..details import PARTS
from ..values import DAY, NO, NONE, YES, Value, as_range, settled
from .json import Periods
from .words import Wording

# Whether a last day is kept, by whether the duty is done, then by whether it is late.
_KEPT: Final = {(YES, NO): "done", (YES, YES): "done_late", (NO, YES): "overdue"}


class Terms:
    """Tells the amounts, periods and last days of one decision in one tongue."""

    def __init__(self, decision: Decision, w: Wording):
        self.periods, self.w, self.today = Periods(decision, w), w, decision.question.as_of

    def of(self, c: Conclusion | Point) -> str:
        """Those of every rule that bears on a conclusion; '' if there are none. Where rules differ, each is named; what
        follows for the person from rows has theirs."""
        if own := self._of_place(c):
            return own
        said = []
        for x in self.periods.decision.conclusions if c.row is None else ():
            if x.effect == c.effect and x.row is not None and x.arises and (text := self._of_place(x)):
                said.append(f"{self.w.element(x.list, x.row.id)}{self.w.colon}{text}")
        return self.w.semi.join(said)

    def _of_place(self, c: Conclusion | Point) -> str:
        live = [g for g in c.grounds if g.fires.value != NO]
        by_rule: dict[str, dict[str, None]] = {}
        for g in live:
            said = by_rule.setdefault(self.w.name(g.rule.name), {})
            if text := self.ground(g, c):
                said[text] = None
        if len({tuple(x) for x in by_rule.values()}) <= 1:
            return self.w.semi.join(next(iter(by_rule.values()), ()))
        named = (f"{rule}{self.w.colon}{self.w.comma.join(said)}" for rule, said in by_rule.items() if said)
        return self.w.semi.join(named)

    def line_of(self, c: Conclusion, names: tuple[str, ...] = ()) -> str:
        """A conclusion on a line, its terms beside it."""
        text = self.of(c)
        return self.w.line_of(c, names) + (f"{self.w.comma}{text}" if text else "")

    def ground(self, g: Ground, c: Conclusion | Point) -> str:
        """Those of one option of one rule."""
        found = self.periods.of(g, c) or {}
        rows = () if c.row is None or g.rule.list is None else (c.row,)
        parts = [self._amount(found["amount"])] if "amount" in found else []
        if g.rule.during is not None and "running" in found:
            parts.append(self._period(g.rule.during, rows))
        if g.rule.clock is not None and "last_day" in found:
            parts.append(self._last_day(g.rule.clock, rows))
        return self.w.comma.join(x for x in parts if x)

    def _amount(self, of: dict[str, Any]) -> str:
        """30%; 超过 1 万元; where it is not known, what it may be."""
        ends = {key: x for key, x in of.items() if x is not None}
        if not all(x["settled"] for x in ends.values()):
            known = self.w.list_sep.join(x["text"] for x in ends.values() if x["text"] != self.w.say("unknown"))
            return self.w.say("amount_open") + (self.w.paren(known) if known else "")
        if "exactly" in ends:
            return str(ends["exactly"]["text"])
        if len(ends) == 2 and not any(x.get("excluded") for x in ends.values()):
            return f"{ends['from']['text']}{self.w.say('amount_to')}{ends['to']['text']}"
        at = {("from", True): "above", ("to", True): "below"}
        said = ((PARTS[at.get((k, bool(x.get("excluded"))), k)][0 if self.w.zh else 1], x) for k, x in ends.items())
        return self.w.comma.join(f"{word} {x['text']}" for word, x in said)

    def _period(self, during: m.Period, rows: tuple[Any, ...]) -> str:
        """自 2024-04-01 至 2024-10-01（已过）."""
        begin, end, running = (
            None if e is None else self.periods.court.why(e, rows).value
            for e in (during.begin, during.end, during.running)
        )
        ending = "until" if end is None or settled(end) else "ends_on"
        parts = [
            f"{self.w.say(key)} {self.w.value(day, DAY)}"
            for key, day in (("from", begin), (ending, end))
            if day is not None and day not in (NONE, DAY.top)
        ]
        notes = [self.w.say("until_open")] if end is None else []
        if running == YES:
            notes += ["" if end is None else self.w.say("still_running")]
        else:
            begun = begin is None or as_range(begin)[1] <= self.today
            early = begin is not None and as_range(begin)[0] > self.today
            over = running == NO and (begun or (end is not None and self._before(end)))
            open_ = "perhaps_begun" if end is None else "until_unknown" if end == DAY.top else "perhaps_over"
            notes.append(self.w.say("not_begun" if early else "over" if over else open_))
        return " ".join(parts) + self.w.paren(self.w.comma.join(x for x in notes if x))

    def _last_day(self, clock: m.Clock, rows: tuple[Any, ...]) -> str:
        """最后一日 2024-05-01（已过）; of a duty that something shows to be done, whether it is."""
        due, finished, late = (
            None if e is None else self.periods.court.why(e, rows).value
            for e in (clock.due, clock.finished, clock.late)
        )
        assert due is not None
        if due == NONE:
            return ""
        ahead = as_range(due)[0] >= self.today
        state = "past" if self._before(due) else "not_past" if ahead else "perhaps_past"
        if isinstance(finished, int) and isinstance(late, int):
            state = _KEPT.get((finished, late), state)
        return f"{self.w.say('due')} {self.w.value(due, DAY)}{self.w.paren(self.w.say(state))}"

    def _before(self, day: Value) -> bool:
        """Whether a day, wherever in its bounds, lies before the day of decision."""
        return bool(as_range(day)[1] < self.today)
