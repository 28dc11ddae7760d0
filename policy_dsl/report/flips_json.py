"""What outcomes turn on, as plain data; equal inputs give equal bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from .. import model as m
from .. import values as v
from ..decide import Conclusion
from ..values import Value
from ..whatif.cells import Added, Change
from ..whatif.flips import Flips, Turning
from ..whatif.settling import Open, gaps_of
from ..whatif.shortfalls import NearMiss
from .flips import Telling, basis
from .json import basis as cited
from .json import dumps
from .words import Wording

SCHEMA: Final = "policy-flips/1"


def plain(found: Flips, near: Sequence[NearMiss], opens: Sequence[Open]) -> dict[str, Any]:
    """All of it."""
    decision = found.decision
    q = decision.question
    told = tuple(Telling(decision, Wording(decision.policy, lang)) for lang in ("zh", "en"))
    return {
        "schema": SCHEMA,
        "regime": decision.policy.name,
        "regime_en": decision.policy.english,
        "policy_digest": decision.policy.digest,
        "record_digest": decision.record.digest,
        "subject": decision.record.id,
        "as_of": v.shown_day(q.as_of),
        "known_as_of": v.shown_day(q.known_as_of),
        "readings": dict(sorted(q.readings.items())),
        "beyond_change": list(found.kept),
        "all_tried": not found.capped,
        "outcomes": [_turning(t, *told) for t in found.turnings],
        "near_misses": [_near(n, *told) for n in near],
        "open": [_open(x, *told) for x in opens],
    }


def _conclusion(c: Conclusion, t: Telling) -> dict[str, Any]:
    return {
        "name": c.effect,
        "name_en": t.decision.policy.lexicon.written(c.effect, "en")
        if c.effect in t.decision.policy.lexicon.english
        else c.effect,
        "element": None if c.row is None else {"list": c.list, "id": c.row.id},
        "printed": _mask(c.printed),
        "whole": _mask(c.whole),
        "basis": cited(basis(c), t.decision.policy),
    }


def _mask(mask: int) -> list[str]:
    return [k for i, k in enumerate(m.STATUSES) if mask >> i & 1]


def _turning(x: Turning, zh: Telling, en: Telling) -> dict[str, Any]:
    return {
        **_conclusion(x.conclusion, zh),
        "line": "printed" if x.printed else "whole",
        "tried_up_to": x.size,
        "more": x.more,
        "flips": [
            {
                "changes": [_change(c, zh, en) for c in f.changes],
                "then": None if f.after is None else _conclusion(f.after, zh),
            }
            for f in x.flips
        ],
    }


def _change(c: Change, zh: Telling, en: Telling) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": c.cell.kind,
        "name": c.cell.name or None,
        "element": None if c.cell.list is None else {"list": c.cell.list, "id": c.cell.row},
        "text": zh.change(c),
        "text_en": en.change(c),
    }
    if isinstance(c.value, Added):
        shape = zh.decision.policy.shape
        fields = shape.lists[c.cell.list or ""].fields
        data["row"] = {n: _value(x, fields[n].type) for n, x in sorted(c.value.row.values.items())}
        data["findings"] = {n: _value(x, shape.findings[n].type) for n, x in sorted(c.value.findings.items())}
    elif c.value is not None:
        data["value"] = _value(c.value, zh.type(c))
    return data


def _value(x: Value, type: v.Type) -> Any:
    """One value; the options of a finite type; the bounds of what is not exact."""
    if isinstance(x, int):
        return [o for i, o in enumerate((*type.options, "无")) if x >> i & 1]
    if x[0] > x[1]:
        return "无"
    ends = [None if e in (v.INF, -v.INF) else _bound(e, type) for e in x[:2]]
    return ends[0] if x[0] == x[1] else ends


def _bound(e: v.Bound, type: v.Type) -> str:
    return v.shown_day(e) if type.kind == "day" else e if type.kind == "text" else str(v.shown_number(e, type.unit))


def _near(n: NearMiss, zh: Telling, en: Telling) -> dict[str, Any]:
    c, e = n.conclusions[0], n.part.expr
    short: dict[str, Any] | None = None
    if n.part.short is not None and isinstance(e, m.AtLeast):
        unit = "days" if e.left.type.kind == "day" else e.left.type.unit
        short = {"amount": str(v.shown_number(n.part.short, unit)), "unit": unit, "over": n.part.over}
    return {
        "effects": list(dict.fromkeys(x.effect for x in n.conclusions)),
        "element": None if c.row is None else {"list": c.list, "id": c.row.id},
        "rule": n.ground.rule.name,
        "basis": cited(n.ground.basis, zh.decision.policy),
        "part": zh.part(n.part),
        "part_en": en.part(n.part),
        "wanted": not n.part.barred,
        "short": short,
    }


def _open(x: Open, zh: Telling, en: Telling) -> dict[str, Any]:
    waits = x.beyond or gaps_of(zh.decision, x.conclusion)
    return {
        **_conclusion(x.conclusion, zh),
        "all_tried": not x.capped,
        "settled_by": [
            {
                "answers": [{"text": zh.answered(a), "text_en": en.answered(a)} for a in s.answers],
                "whole": _mask(s.status),
                "whichever": s.certain,
            }
            for s in x.ways
        ],
        "beyond": [
            {"what": zh.w.gap_name(g), "what_en": en.w.gap_name(g), "kind": g.kind, "who": list(g.who)} for g in waits
        ],
    }


__all__ = ["dumps", "plain"]
