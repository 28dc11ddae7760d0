"""What the text leaves to somebody's choice, and what was taken as so although nobody established it, a line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ..decide import Decision
from ..values import NO
from .assumptions import assumptions
from .json import measures
from .labels import label
from .words import Wording

# What is open under a rule: surely, perhaps, and no more.
OPEN: Final = ("open", "perhaps", "struck")


def option_lines(decision: Decision, w: Wording) -> Iterator[str]:
    """Options still open: under which rule, on what, what may be chosen and by whom."""
    for i, x in enumerate(measures(decision)):
        if i == 0:
            yield label("options", w.lang) + w.colon
        place = x["element"] or {"list": None, "id": None}
        ground = w.paren(w.list_sep.join(b["id"] for b in x["basis"])) if x["basis"] else ""
        parts = []
        for key in OPEN:
            if x[key]:
                more = w.paren(w.say("not_limited")) if key == "open" and x["not_limited"] else ""
                parts.append(f"{label(key, w.lang).lower()} {w.list_sep.join(map(w.effect, x[key]))}{more}")
        parts.append(f"{label('chosen_by', w.lang).lower()}{w.colon}{chosen_by(x, decision, w)}")
        where = w.paren(w.element(place["list"], place["id"]))
        yield f"  - {w.name(x['rule'])}{ground}{where}{w.colon}{w.semi.join(parts)}"


def chosen_by(x: dict[str, Any], decision: Decision, w: Wording) -> str:
    """Who chooses among the options of one rule at one place."""
    place = x["element"] or {"list": None, "id": None}
    at = (c for c in decision.conclusions if (c.list, c.row and c.row.id) == (place["list"], place["id"]))
    return w.deciders(g for c in at for g in c.grounds if g.rule.name == x["rule"] and g.fires.value != NO)


def assumption_lines(decision: Decision, w: Wording) -> Iterator[str]:
    """The same of what is taken as so."""
    for i, text in enumerate(assumed(decision, w)):
        if i == 0:
            yield label("assumptions", w.lang) + w.colon
        yield f"  - {text}"


def assumed(decision: Decision, w: Wording) -> Iterator[str]:
    """What is taken as so, and by whom; a plan by whoever gave the command its layers."""
    for a in assumptions(decision):
        where = f"{w.element(a.of, a.id)} " if a.of is not None else ""
        what = w.name(a.name) if a.kind == "cell" else label(a.kind, w.lang).format(w.name(a.name))
        by = w.free(a.by, "assumed_by") if a.kind == "cell" else w.who(a.by)
        how = f"{label('assumed_by', w.lang)}{w.colon}{by}"
        if a.kind == "in_force":
            how = label("assumed_by_option", w.lang).format(a.by)
        yield f"{where}{what}{w.semi}{how}"
