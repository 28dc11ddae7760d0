"""A decision as plain data, by the published schema `decision.schema.json`; equal inputs give equal bytes."""

from __future__ import annotations

import datetime
import json as _json
from collections.abc import Iterable
from typing import Any, Final

from .. import model as m
from .. import values as v
from ..above import Overlay, Point, overlays
from ..acts import acts
from ..decide import Conclusion, Decision, Gap, Ground, gap_kind
from ..evaluate import Evaluation
from ..explanation import Explanation, Member
from ..language.keywords import LAYERS
from ..record import Row
from ..stages import stages
from ..values import YES, Value, settled
from .assumptions import Assumption, assumptions
from .words import GAPS, Wording

SCHEMA: Final = "policy-decision/1"
TRUTH: Final = ("", "no", "yes", "unknown")


def dumps(data: Any) -> str:
    """One line of canonical JSON."""
    return _json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def plain(decision: Decision, why_not: bool = False) -> dict[str, Any]:
    """The whole decision."""
    policy, q = decision.policy, decision.question
    zh, en = Wording(policy, "zh"), Wording(policy, "en")
    tree = _Tree(zh, en, decision)
    period = Periods(decision, zh)
    effects = [_effect(c, decision, zh, period) for c in decision.conclusions]
    return {
        "schema": SCHEMA,
        "regime": policy.name,
        "regime_en": policy.english,
        "policy_digest": policy.digest,
        "record_digest": decision.record.digest,
        "subject": decision.record.id,
        "as_of": _day(q.as_of),
        "known_as_of": _day(q.known_as_of),
        "readings": dict(sorted(q.readings.items())),
        "readings_chosen_by": q.chosen_by,
        "status": decision.status,
        "effects": effects,
        "liability": _liability(decision, zh),
        "measures": measures(decision),
        "consequences": _consequences(decision),
        "missing": [_gap(g, zh, en) for g in decision.gaps],
        "assumptions": [_assumed(a) for a in assumptions(decision)],
        "findings": _findings(decision, zh),
        "acts": _acts(decision),
        "stages": _stages(decision, zh, en),
        "layers": {"admitted": [x for x in LAYERS if x in q.layers], "not_considered": left_out(decision)},
        "turns_on": _turns(decision),
        "overlays": [_overlay(x, why_not) for x in overlays(decision)],
        "explanation": [tree.conclusion(c) for c in decision.conclusions if c.arises or why_not],
    }


def _overlay(x: Overlay, why_not: bool) -> dict[str, Any]:
    """What a text above makes of the decision: its conclusions, where the two meet, the remedies it gives."""
    policy, zh, en = x.above.policy, Wording(x.above.policy, "zh"), Wording(x.above.policy, "en")
    period, supposed = Periods(x.above, zh), Periods(x.if_done, zh)
    return {
        "regime": policy.name,
        "regime_en": policy.english,
        "policy_digest": policy.digest,
        "readings": dict(sorted(x.above.question.readings.items())),
        "status": x.above.status,
        "points": [
            {
                "name": p.effect,
                "name_en": en.effect(p.effect),
                "element": None if p.row is None else {"list": p.list, "id": p.row.id},
                "relation": p.possible[0],
                "possible": list(p.possible),
                "own": None if p.own is None else {"printed": _mask(p.own.printed), "whole": _mask(p.own.whole)},
                "above": {"printed": _mask(p.printed), "whole": _mask(p.whole)},
                "rules": list(dict.fromkeys(g.rule.name for g in p.grounds)),
                "basis": basis((b for g in p.grounds for b in g.basis), policy),
            }
            for p in x.points
        ],
        "effects": [_effect(c, x.above, zh, period) for c in x.above.conclusions if c.arises or why_not],
        "remedies": [_effect(c, x.above, zh, period) for c in x.remedies],
        "remedies_if_done": [_effect(c, x.if_done, zh, supposed) for c in x.if_done.conclusions],
        "missing": [_gap(g, zh, en) for g in x.above.gaps],
    }


def _day(n: int) -> str:
    return datetime.date.fromordinal(n).isoformat()


def _mask(mask: int) -> list[str]:
    return [k for i, k in enumerate(m.STATUSES) if mask >> i & 1]


def _element(c: Conclusion) -> dict[str, Any] | None:
    return None if c.row is None else {"list": c.list, "id": c.row.id}


def basis(ids: Iterable[str], policy: m.Policy) -> list[dict[str, str]]:
    """Citations with where they stand in the source."""
    out = []
    for id in dict.fromkeys(ids):
        p = policy.provisions.get(id)
        out.append({"id": id, "locator": p.locator if p else "", "layer": p.layer if p else ""})
    return out


def _live(c: Conclusion) -> list[Ground]:
    return [g for g in c.grounds if g.fires.value != 1]


def _effect(c: Conclusion, decision: Decision, zh: Wording, periods: Periods) -> dict[str, Any]:
    live = _live(c)
    options = [x for g in live for x in _siblings(g, c, decision)]
    unique = {(o["rule"], o["name"]): o for o in options}
    return {
        "name": c.effect,
        "name_en": decision.policy.lexicon.written(c.effect, "en")
        if c.effect != "去向未载明"
        else "destination_unprinted",
        "element": _element(c),
        "modality": _mask(c.whole)[0] if settled(c.whole) else None,
        "settled": c.settled,
        "printed": _mask(c.printed),
        "whole": _mask(c.whole),
        "decider": list(dict.fromkeys(b for g in live for b in g.by)),
        "toward": list(dict.fromkeys(b for g in live for b in g.rule.toward)),
        "options": list(unique.values()),
        "not_limited": any(g.option.open_list for g in live),
        "awaits_exception": any(g.awaits_exception for g in live),
        "rules": list(dict.fromkeys(g.rule.name for g in live)),
        "basis": basis((b for g in live for b in g.basis), decision.policy),
        "layers": list(dict.fromkeys(g.rule.layer for g in live)),
        "periods": [p for g in live if (p := periods.of(g, c)) is not None],
        "missing": len({id(e.node) for e in c.why.missing()}),
    }


def _siblings(g: Ground, c: Conclusion, decision: Decision) -> list[dict[str, Any]]:
    """The other options of the same choice, each with its status here."""
    if g.option.join != "any" and not g.option.open_list:
        return []
    same = {x.effect: x for x in decision.conclusions if (x.list, x.row) == (c.list, c.row)}
    names = dict.fromkeys(o.effect for o in g.rule.options if o.group == g.option.group)
    return [{"rule": g.rule.name, "name": n, "status": _mask(same[n].whole)} for n in names if n in same]


class Periods:
    """Amounts, periods and last days, evaluated on the rows they concern."""

    def __init__(self, decision: Decision, zh: Wording):
        self.court = Evaluation(decision.given, decision.question.frame(False))
        self.decision, self.zh = decision, zh

    def range(self, e: m.Expr | None, rows: tuple[Row, ...], excluded: bool = False) -> dict[str, Any] | None:
        """A value; *excluded*: as the end of an amount that must be passed (超过) or not reached (不足)."""
        if e is None:
            return None
        value = self.court.why(e, rows).value
        shown = {"text": self.zh.value(value, e.type), "settled": settled(value), **_bounds(value, e.type)}
        return {**shown, "excluded": True} if excluded else shown

    def of(self, g: Ground, c: Conclusion | Point) -> dict[str, Any] | None:
        rule = g.rule
        rows = () if c.row is None or rule.list is None else (c.row,)
        if rule.list is not None and c.row is None:
            return None
        out: dict[str, Any] = {"rule": rule.name}
        if g.option.amount is not None:
            amount = g.option.amount
            if amount.low is amount.high:
                out["amount"] = {"exactly": self.range(amount.low, rows)}
            else:
                out["amount"] = {
                    "from": self.range(amount.low, rows, amount.above),
                    "to": self.range(amount.high, rows, amount.below),
                }
        if rule.during is not None:
            out["from"], out["until"] = self.range(rule.during.begin, rows), self.range(rule.during.end, rows)
            out["running"] = _truth(self.court.why(rule.during.running, rows))
        if rule.clock is not None and rule.clock.due is not None and not rule.procedure:
            out["last_day"] = self.range(rule.clock.due, rows)
            out["done"] = [self.range(d, rows) for d in rule.clock.done]
            if rule.clock.late is not None:
                out["late"] = _truth(self.court.why(rule.clock.late, rows))
        return out if len(out) > 1 else None


def _bounds(value: Value, type: v.Type) -> dict[str, Any]:
    if isinstance(value, int):
        return {}
    low, high, none = value

    def one(x: v.Bound) -> str | None:
        if x in (v.INF, -v.INF):
            return None
        return (
            v.shown_day(x)
            if type.kind == "day"
            else str(x)
            if type.kind == "text"
            else str(v.shown_number(x, type.unit))
        )

    if low > high:
        return {"none": True}
    return {"low": one(low), "high": one(high), **({"may_be_none": True} if none else {})}


def _liability(decision: Decision, zh: Wording) -> list[dict[str, Any]]:
    """Matter by matter: what exemption or reduction is open, who decides, on what ground."""
    rules = [r for r in decision.policy.rules if r.category == "exemption"]
    found: dict[tuple[str | None, str | None], dict[str, Any]] = {}
    for c in decision.conclusions:
        live = [g for g in c.grounds if g.rule in rules]
        if c.row is None or not live:
            continue
        entry = found.setdefault(
            (c.list, c.row.id),
            {
                "element": _element(c),
                "outcomes": {},
                "decider": list(dict.fromkeys(b for g in live for b in g.by)),
                "basis": basis((b for g in live for b in g.basis), decision.policy),
            },
        )
        entry["outcomes"][c.effect] = {"printed": _mask(c.printed), "whole": _mask(c.whole)}
    return list(found.values())


def measures(decision: Decision) -> list[dict[str, Any]]:
    """What is open to somebody's choice, and who chooses; nobody here does."""
    out: dict[tuple[str, str | None, str | None], dict[str, Any]] = {}
    for c in decision.conclusions:
        for g in _live(c):
            waivable = g.option.waived is not None and bool(c.whole & m.STATUS.option("must_waivable"))
            choice = g.option.flag in ("may", "should_not", *(flag for flag, _ in m.CHOICES.values())) or waivable
            if not choice or (c.row is None and g.rule.list is not None):
                continue
            entry = out.setdefault(
                (g.rule.name, c.list, c.row.id if c.row else None),
                {
                    "rule": g.rule.name,
                    "element": _element(c),
                    "open": [],
                    "perhaps": [],
                    "struck": [],
                    "not_limited": g.option.open_list,
                    "chosen_by": list(g.by),
                    "basis": basis(g.basis, decision.policy),
                },
            )
            if c.whole == m.STATUS.option("must_not"):
                entry["struck"].append(c.effect)
            else:
                entry["open" if g.fires.value == YES else "perhaps"].append(c.effect)
    return list(out.values())


def _consequences(decision: Decision) -> list[dict[str, Any]]:
    out = []
    for c in decision.conclusions:
        live = [g for g in _live(c) if g.rule.category in ("consequence", "influence")]
        if live and (c.row is not None or all(g.rule.list is None for g in live)):
            out.append(
                {
                    "name": c.effect,
                    "element": _element(c),
                    "printed": _mask(c.printed),
                    "whole": _mask(c.whole),
                    "basis": basis((b for g in live for b in g.basis), decision.policy),
                }
            )
    return out


def _gap(g: Gap, zh: Wording, en: Wording) -> dict[str, Any]:
    def place(of: str | None, id: str | None) -> dict[str, Any] | None:
        return None if of is None else {"list": of, "id": id}

    answers = [
        {
            "answer": label.partition("\t")[0],
            "then": [{"name": e, "element": place(of, id), "whole": _mask(x)} for e, of, id, x in results],
        }
        for label, results in g.answers
    ]
    row = (
        None
        if g.row is None or not isinstance(g.node, m.Field | m.Finding | m.Happened) or g.node.list is None
        else {"list": g.node.list, "id": g.row.id}
    )
    return {
        "what": zh.gap_name(g),
        "what_en": en.gap_name(g),
        "element": row,
        "kind": g.kind,
        "kind_zh": GAPS[g.kind][0],
        "who": list(g.who),
        "unit": g.unit or None,
        "changes": [{"name": e, "element": place(of, id)} for e, of, id in g.changes],
        "answers": answers,
    }


_ASSUMED: Final = {
    "in_force": "{}已施行", "steady": "{}未载起止，按前后一致", "ahead": "{}晚于决定日，该行所载仍当作决定日已有",
}  # fmt: skip


def _assumed(a: Assumption) -> dict[str, Any]:
    what = _ASSUMED.get(a.kind, "{}").format(a.name)
    return {"what": what, "element": None if a.of is None else {"list": a.of, "id": a.id}, "by": a.by}


def _findings(decision: Decision, zh: Wording) -> list[dict[str, Any]]:
    return [
        {
            "question": a.question,
            "element": None if a.of[0] is None else {"list": a.of[0], "id": a.of[1]},
            "answer": a.state
            or (zh.value(a.value, decision.policy.shape.findings[a.question].type) if a.value is not None else ""),
            "body": a.body,
            "date": None if a.day is None else _day(a.day[0]) if v.settled(a.day) else _bounds(a.day, v.DAY),
            "reasons": a.reasons,
            "replaces": a.replaces or None,
        }
        for a in decision.given.answers
    ]


def left_out(decision: Decision) -> list[dict[str, str]]:
    return [
        {"rule": r.name, "layer": r.layer} for r in decision.policy.rules if r.layer not in decision.question.layers
    ]


def _stages(decision: Decision, zh: Wording, en: Wording) -> list[dict[str, Any]]:
    """Where each case stands: only the stages that are reached or begun, or may be."""
    out = []
    for x in stages(decision):
        if x.state == "unreached":
            continue
        clock = x.rule.clock
        assert clock is not None

        def days(value: Value | None) -> dict[str, Any] | None:
            return (
                None
                if value is None
                else {"text": zh.value(value, v.DAY), "settled": settled(value), **_bounds(value, v.DAY)}
            )

        out.append(
            {
                "procedure": x.rule.procedure,
                "stage": x.rule.name,
                "stage_en": en.name(x.rule.name),
                "element": {"list": x.rule.list, "id": x.row.id},
                "state": x.state,
                "reached": _truth(x.reached),
                "begun": _truth(x.begun),
                "done": _truth(x.finished),
                "late": _truth(x.late),
                "begin": days(x.begin),
                "due": days(x.due),
                "done_on": [days(d) for d in x.done],
                "owed_by": list(x.by),
                "next": [{"stage": n.stage, "follows": _truth(n.why)} for n in x.next],
                "missing": list(dict.fromkeys(zh.lacking(e) for e in x.missing())),
                "basis": basis(x.rule.basis, decision.policy),
            }
        )
    return out


def _truth(e: Explanation | None) -> str | None:
    return None if e is None or not isinstance(e.value, int) else TRUTH[e.value]


def _acts(decision: Decision) -> list[dict[str, Any]]:
    return [
        {
            "name": a.effect,
            "element": {"list": a.list, "id": a.row.id},
            "relation": a.relation,
            "printed": _mask(a.conclusion.printed),
            "whole": _mask(a.conclusion.whole),
        }
        for a in acts(decision)
    ]


def _turns(decision: Decision) -> list[dict[str, Any]]:
    return [
        {
            "name": c.effect,
            "element": _element(c),
            "capped": c.capped,
            "same_whichever": list(c.same_whichever),
            "alternatives": [
                {"readings": dict(t.readings), "printed": _mask(t.printed), "whole": _mask(t.whole)} for t in c.turns
            ],
        }
        for c in decision.conclusions
        if c.turns
    ]


class _Tree:
    """Explanations as nested data; a step met before is referred to by its number."""

    def __init__(self, zh: Wording, en: Wording, decision: Decision):
        self.zh, self.en, self.decision = zh, en, decision
        self.seen: dict[int, int] = {}

    def conclusion(self, c: Conclusion) -> dict[str, Any]:
        both = {"name": c.effect, "element": _element(c), "why": self.step(c.why)}
        if c.printed != c.whole:
            both["why_printed"] = self.step(c.why_printed)
        return both

    def step(self, e: Explanation) -> dict[str, Any]:
        if id(e) in self.seen:
            return {"ref": self.seen[id(e)]}
        number = len(self.seen) + 1
        if e.because:
            self.seen[id(e)] = number
        node = e.node
        out: dict[str, Any] = {"step": number if e.because else 0, "kind": type(node).__name__.lower()}
        if isinstance(node, Member):
            out |= {
                "element": {"list": node.list, "id": node.id},
                "text": self.zh.name(node.list),
                "text_en": self.en.name(node.list),
            }
        else:
            name = node.effect if isinstance(node, m.Verdict | m.Strongest) else None
            out |= {
                "text": name or self.zh.source(node),
                "text_en": self.en.name(name) if name else self.en.source(node),
            }
        out["value"], out["settled"] = self.zh.result(e), settled(e.value)
        if isinstance(node, m.Named | m.Leaf) and node.basis:
            out["basis"] = basis(node.basis, self.decision.policy)
        out |= self.leaf(e)
        if e.because:
            out["because"] = [self.step(p) for p in e.because]
        return out

    def leaf(self, e: Explanation) -> dict[str, Any]:
        """A leaf's state, source and whoever assumed it."""
        node, record = e.node, self.decision.given
        if e.because or not isinstance(node, m.Fact | m.Field | m.Finding | m.Happened | m.Leaf | m.Unprinted):
            return {}
        row = (
            e.rows[node.slot] if isinstance(node, m.Field | m.Finding | m.Happened) and node.slot is not None else None
        )
        out: dict[str, Any] = {}
        if row is not None and isinstance(node, m.Field | m.Finding):
            out["element"] = {"list": node.list, "id": row.id}
        if not settled(e.value):
            out["gap"] = gap_kind(node, row, record)
        if isinstance(node, m.Fact | m.Field):
            place = (
                (None, None, node.name) if isinstance(node, m.Fact) else (node.list, row.id if row else None, node.name)
            )
            source = record.sources.get(place) or record.sources.get((place[0], place[1], ""))
            out |= {k: x for k, x in (("source", source), ("assumed_by", record.assumed.get(place))) if x}
        return out
