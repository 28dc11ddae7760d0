"""Decisions as a table for analysts: a row for each person and effect that follows or may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..decide import Conclusion, Decision
from ..values import NO
from .terms import Terms
from .words import Wording

HEADINGS: Final = {
    "zh": ("编号", "是否已定", "效果", "清单", "行编号", "就已载明者", "全文", "由", "依据", "取决于解读", "尚缺",
           "额度与期间"),
    "en": ("id", "decided", "effect", "list", "row", "printed", "whole", "by", "basis", "turns_on", "missing", "terms"),
}  # fmt: skip


def rows(decision: Decision, w: Wording) -> Iterator[tuple[str, ...]]:
    """The rows of one decision; a person of whom nothing follows has one, with the first two cells alone."""
    start = decision.record.id, w.say(decision.status)
    terms = Terms(decision, w)
    arising = [c for c in decision.conclusions if c.arises]
    for c in arising:
        yield *start, *_row(c, decision, w), terms.of(c)
    if not arising:
        yield *start, *[""] * (len(HEADINGS[w.lang]) - len(start))


def _row(c: Conclusion, decision: Decision, w: Wording) -> tuple[str, ...]:
    live = [g for g in c.grounds if g.fires.value != NO]
    here = c.effect, c.list, c.row.id if c.row else None
    turns = dict.fromkeys(name for t in c.turns for name in t.readings)
    missing = [f"{w.gap_name(g)}{w.paren(w.gap(g.kind))}" for g in decision.gaps if here in g.changes]
    element = (w.name(c.list), (c.row.id if c.row else None) or "") if c.list else ("", "")
    return (
        w.effect(c.effect), *element, w.status(c.printed), w.status(c.whole),
        w.deciders(live), w.list_sep.join(dict.fromkeys(b for g in live for b in g.basis)),
        w.list_sep.join(w.name(n) for n in turns), w.semi.join(missing),
    )  # fmt: skip
