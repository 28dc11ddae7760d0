"""A decision in a few lines: what follows, what is open, what is missing."""

from __future__ import annotations

from ..decide import Conclusion, Decision
from ..values import NO
from .missing import gap_lines
from .overlay import overlay_lines
from .standing import act_lines, stage_lines
from .terms import Terms
from .tree import facts_of, head, told
from .words import Wording


def summary(decision: Decision, lang: str) -> str:
    """Each conclusion on a line with its ground and decider; what is missing below."""
    w = Wording(decision.policy, lang)
    lines = head(decision, w)
    kept, quiet = told(decision)
    terms = Terms(decision, w)
    for alike in groups(kept, terms):
        lines.append(f"  {terms.line_of(alike[0], tuple(c.effect for c in alike))}")
        lines += [f"      {x}" for x in facts_of(alike[0], w)]
    if quiet:
        lines.append(f"  {w.say('rest')}{w.paren(str(len(quiet)))}")
    lines += [*stage_lines(decision, w), *act_lines(decision, w), *gap_lines(decision, w)]
    lines += overlay_lines(decision, w)
    return "\n".join(lines) + "\n"


def groups(conclusions: list[Conclusion], terms: Terms) -> list[list[Conclusion]]:
    """Conclusions that differ only in their effect, told together: the options of one choice, with the same terms, in
    the order of its text."""
    by: dict[object, list[Conclusion]] = {}
    for c in conclusions:
        live = tuple(dict.fromkeys(g.rule.name for g in c.grounds if g.fires.value != NO))
        turns = tuple((tuple(t.readings.items()), t.printed, t.whole) for t in c.turns)
        by.setdefault((c.list, c.row, c.printed, c.whole, live, turns, c.same_whichever, terms.of(c)), []).append(c)
    return [sorted(alike, key=_in_the_text) for alike in by.values()]


def _in_the_text(c: Conclusion) -> tuple[int, ...]:
    """Where its effect stands among those of each provision it comes from."""
    return tuple(g.rule.options.index(g.option) for g in c.grounds if g.fires.value != NO)
