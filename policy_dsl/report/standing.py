"""Where each case stands in its procedure, and what the record says was done, told beside the conclusions."""

from __future__ import annotations

from collections.abc import Iterator

from ..acts import acts
from ..decide import Decision
from ..stages import Next, stages
from ..values import DAY, NO, YES
from .terms import Terms
from .words import NOWHERE, Wording


def stage_lines(decision: Decision, w: Wording) -> Iterator[str]:
    """Where each case stands, a line a stage."""
    for i, (stage, standing) in enumerate(stood(decision, w)):
        if i == 0:
            yield w.say("stages") + w.colon
        yield f"  {stage} — {standing}"


def stood(decision: Decision, w: Wording) -> Iterator[tuple[str, str]]:
    """The stages reached or begun, each with its days, who owes what, and what comes next."""
    for x in stages(decision):
        if x.state == "unreached":
            continue
        state = {"running": "running_stage", "open": "open_stage"}.get(x.state, x.state)
        parts = [w.say(state)]
        if x.begin is not None and x.state not in ("awaited", "open"):
            parts.append(f"{w.say('from')} {w.value(x.begin, DAY)}")
        if x.due is not None and x.state not in ("awaited", "open"):
            parts.append(f"{w.say('due')} {w.value(x.due, DAY)}")
        if x.by and x.state in ("running", "overdue"):
            parts.append(f"{w.say('owed_by')} {w.names(x.by)}")
        leads = [n for n in x.next if n.why.value != NO] if x.state != "awaited" else []
        if leads:
            named = (w.effect(n.stage or NOWHERE) + _perhaps(n, w) for n in leads)
            parts.append(f"{w.say('next')} {w.list_sep.join(named)}")
        if x.state == "open":
            parts.append(f"{w.say('missing')} {w.list_sep.join(dict.fromkeys(w.lacking(e) for e in x.missing()))}")
        yield f"{w.element(x.rule.list, x.row.id)} {w.name(x.rule.name)}", w.semi.join(parts)


def act_lines(decision: Decision, w: Wording) -> Iterator[str]:
    """What was done against a conclusion, a line an act."""
    for done, against in acted(decision, w):
        yield f"{w.say('acted')}{w.colon}{done} — {against}"


def acted(decision: Decision, w: Wording) -> Iterator[tuple[str, str]]:
    """What the record says was done against a conclusion, or without one: both are shown, and neither gives way."""
    terms = Terms(decision, w)
    for a in acts(decision):
        if a.relation in ("without_ground", "barred"):
            done = f"{w.element(a.list, a.row.id)} {w.effect(a.effect)}"
            yield done, f"{w.say(a.relation)}{w.semi}{terms.line_of(a.conclusion)}"


def _perhaps(n: Next, w: Wording) -> str:
    return "" if n.why.value == YES else w.paren(w.say("unknown"))
