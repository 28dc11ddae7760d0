"""What is missing: of which kind, who could supply it, and what each answer would change."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from ..decide import Decision, Gap
from .words import Wording


@frozen(eq=False)
class Lack:
    """Something missing, as it is told in one tongue; *answers* are those that change something, each with the
    statuses it gives and the effects that get them."""

    gap: Gap
    what: str
    kind: str
    who: str
    bears: tuple[str, ...]
    answers: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]


def lacks(decision: Decision, w: Wording) -> Iterator[Lack]:
    """Everything missing, in the order the decision met it."""
    now = {(c.effect, c.list, c.row.id if c.row else None): c.whole for c in decision.conclusions}
    for g in decision.gaps:
        bears = tuple(dict.fromkeys(w.effect(effect) for effect, _, _ in g.changes))
        answers = []
        for label, results in g.answers:
            zh, tab, en = label.partition("\t")
            by: dict[int, dict[str, None]] = {}
            for effect, of, id, mask in results:
                if now.get((effect, of, id), mask) != mask:
                    by.setdefault(mask, {})[w.effect(effect)] = None
            if by:
                shown = en if tab and not w.zh else w.option(zh)
                answers.append((shown, tuple((w.status(mask), tuple(effects)) for mask, effects in by.items())))
        yield Lack(g, w.gap_name(g), w.gap(g.kind), w.supplier(g), bears, tuple(answers))


def gap_lines(decision: Decision, w: Wording) -> Iterator[str]:
    """The same, a line each."""
    for i, x in enumerate(lacks(decision, w)):
        if i == 0:
            yield w.say("missing") + w.colon
        who = f"{w.say('who')}{w.colon}{x.who}"
        bears = f"{w.say('would_change')}{w.colon}{w.list_sep.join(x.bears)}"
        yield f"  - {x.what}{w.paren(x.kind)}{w.semi}{who}{w.semi}{bears}"
        for answer, changes in x.answers:
            changed = w.semi.join(f"{status} {w.list_sep.join(effects)}" for status, effects in changes)
            yield f"      {w.say('if')} {answer} → {changed}"
