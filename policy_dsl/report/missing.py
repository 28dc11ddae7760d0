"""What is missing: of which kind, who could supply it, and what each answer would change."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from attrs import frozen

from ..decide import Decision, Gap
from ..explanation import Member
from ..values import SCALE
from .words import Wording

# The statuses an answer gives, each with the effects that get it.
Changed = tuple[tuple[str, tuple[str, ...]], ...]


@frozen(eq=False)
class Lack:
    """Something missing, as it is told in one tongue; *answers* are those that change something, each with the
    statuses it gives and the effects that get them."""

    gap: Gap
    what: str
    kind: str
    who: str
    bears: tuple[str, ...]
    answers: tuple[tuple[str, Changed], ...]


def lacks(decision: Decision, w: Wording) -> Iterator[Lack]:
    """Everything missing, in the order the decision met it."""
    now = {(c.effect, c.list, c.row.id if c.row else None): c.whole for c in decision.conclusions}
    for g in decision.gaps:
        bears = tuple(dict.fromkeys(w.effect(effect) for effect, _, _ in g.changes))
        found: list[tuple[list[str], Changed]] = []
        for label, results in g.answers:
            by: dict[int, dict[str, None]] = {}
            for effect, of, id, mask in results:
                if now.get((effect, of, id), mask) != mask:
                    by.setdefault(mask, {})[w.effect(effect)] = None
            changed = tuple((w.status(mask), tuple(effects)) for mask, effects in by.items())
            if found and found[-1][1] == changed:
                found[-1][0].append(label)
            else:
                found.append(([label], changed))
        every = [label for label, _ in g.answers]
        answers = tuple((_said(labels, every, g, w), changed) for labels, changed in found if changed)
        yield Lack(g, w.gap_name(g), w.gap(g.kind), w.supplier(g), bears, answers)


def _said(labels: list[str], every: list[str], g: Gap, w: Wording) -> str:
    """Answers that fare alike. A number tried on either side of a bound is said by its bound, and goes unsaid where the
    bound fares no differently."""
    scale = 1 if isinstance(g.node, Member) else SCALE.get(g.node.type.unit, 1)
    said: dict[str, None] = {}
    for label in labels:
        key, bound = (label, label) if scale == 1 else _beside(label, every, Decimal(1) / scale)
        if bound == label or bound not in labels:
            zh, tab, en = bound.partition("\t")
            text = en if tab and not w.zh else w.option(zh)
            said[text if bound == label else w.say(key).format(text)] = None
    return ("或" if w.zh else " or ").join(said)


def _beside(label: str, every: list[str], least: Decimal) -> tuple[str, str]:
    """On which side of which rounder answer an answer lies by the least there is; itself, if beside none."""
    if label == "无":
        return label, label
    for key, other in (("just_over", Decimal(label) - least), ("just_under", Decimal(label) + least)):
        for x in every:
            if x != "无" and Decimal(x) == other and len(x) < len(label):
                return key, x
    return label, label


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
