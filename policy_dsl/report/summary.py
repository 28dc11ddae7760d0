"""A decision in a few lines: what follows, what is open, what is missing."""

from __future__ import annotations

from ..decide import Decision
from .tree import facts_of, gap_lines, head
from .words import Wording


def summary(decision: Decision, lang: str) -> str:
    """Each conclusion on a line with its ground and decider; what is missing below."""
    w = Wording(decision.policy, lang)
    lines = head(decision, w)
    rest = 0
    for c in decision.conclusions:
        if not c.arises:
            rest += 1
            continue
        lines.append(f"  {w.line_of(c)}")
        lines += [f"      {x}" for x in facts_of(c, w)]
    if rest:
        lines.append(f"  {w.say('rest')}（{rest}）")
    lines += list(gap_lines(decision, w))
    return "\n".join(lines) + "\n"
