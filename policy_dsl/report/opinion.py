"""The numbered opinion a legal reviewer reads: 事实 — 认定 — 依据 — 适用 — 例外 — 解读 — 结论, one heading a conclusion."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from .. import model as m
from ..decide import Conclusion, Decision
from ..evaluate import Explanation, Member
from ..language.keywords import word
from ..language.numerals import to_chinese
from ..values import YES, settled
from .json import _Periods
from .summary import groups
from .tree import Tree, gap_lines, head, told
from .turns import turn_lines
from .words import Wording


def opinion(decision: Decision, lang: str) -> str:
    """The whole opinion, as text."""
    w = Wording(decision.policy, lang)
    title = (
        f"就 {w.name(decision.policy.name)} {w.say('on')} {decision.record.id} 的适用说明"
        if w.zh
        else f"{w.say('opinion_of')} {w.name(decision.policy.name)} {w.say('on')} {decision.record.id}"
    )
    lines = [title, *head(decision, w)[1:], _digests(decision, w), ""]
    kept, quiet = told(decision)
    shown = groups(kept)
    for n, alike in enumerate(shown, 1):
        lines.append(f"{_mark(n, w)}{w.line_of(alike[0], tuple(c.effect for c in alike))}")
        lines += [f"   {x}" for x in _body(alike[0], decision, w)]
    if quiet:
        lines.append(
            f"{_mark(len(shown) + 1, w)}{w.say('rest')}{w.colon}" + w.list_sep.join(w.effect(c.effect) for c in quiet)
        )
    lines += ["", *_tail(decision, w)]
    return "\n".join(lines).rstrip() + "\n"


def _mark(n: int, w: Wording) -> str:
    return f"{to_chinese(n)}、" if w.zh else f"{n}. "


def _digests(decision: Decision, w: Wording) -> str:
    return f"policy {decision.policy.digest[:12]}  record {decision.record.digest[:12]}"


def _body(c: Conclusion, decision: Decision, w: Wording) -> Iterator[str]:
    sep, colon = ("；", " ") if w.zh else ("; ", " ")
    if facts := list(dict.fromkeys(_leaves(c.why, w, decision, m.Fact, m.Field))):
        yield w.say("facts") + colon + sep.join(facts)
    if found := list(dict.fromkeys(_findings(c.why, w, decision))):
        yield w.say("findings") + colon + sep.join(found)
    live = [g for g in c.grounds if g.fires.value != 1]
    for rule in dict.fromkeys(g.rule for g in live):
        yield w.say("ground") + colon + _ground(rule, decision, w)
    for line in _application(c, decision, w):
        yield line
    for rule in dict.fromkeys(g.rule for g in live):
        for name, x in zip(rule.defeated_by, rule.exceptions, strict=True):
            state = _state(x, c)
            yield w.say("exceptions") + colon + f"{w.name(name)}：{w.say(state)}"
    for line in turn_lines(c.turns, w, c.capped):
        yield w.say("readings") + colon + line
    if c.same_whichever:
        yield w.say("readings") + colon + f"{w.names(c.same_whichever)}：{w.say('same_whichever')}"
    bodies = tuple(dict.fromkeys(b for g in live for b in g.by))
    text = w.line_of(c) + (
        f"；{w.say('by')} {w.names(bodies)}"
        if bodies and w.zh
        else f"; {w.say('by')} {w.names(bodies)}"
        if bodies
        else ""
    )
    if any(g.option.open_list for g in live):
        text += f"（{w.say('not_limited')}）"
    if any(g.awaits_exception for g in live):
        text += f"（{w.say('awaits_exception')}）"
    yield w.say("conclusion") + colon + text


def _leaves(e: Explanation, w: Wording, decision: Decision, *kinds: type) -> Iterator[str]:
    tree = Tree(w, decision.record)
    for x in e.walk():
        if isinstance(x.node, Member) or not isinstance(x.node, kinds):
            continue
        row = x.rows[x.node.slot] if isinstance(x.node, m.Field) and x.node.slot < len(x.rows) else None
        if row is not None and row.id is None:
            continue
        where = f"{w.element(x.node.list, row.id)} " if isinstance(x.node, m.Field) and row is not None else ""
        state = tree.state(x)
        place = (
            (None, None, x.node.name)
            if isinstance(x.node, m.Fact)
            else (getattr(x.node, "list", None), row.id if row else None, getattr(x.node, "name", ""))
        )
        source = decision.record.sources.get(place) or decision.record.sources.get((place[0], place[1], ""))
        notes = [n for n in (state, source) if n]
        yield f"{where}{w.source(x.node)} {w.result(x)}" + (f"（{'，'.join(notes)}）" if notes else "")


def _findings(e: Explanation, w: Wording, decision: Decision) -> Iterator[str]:
    for x in e.walk():
        if isinstance(x.node, m.Finding):
            row = x.rows[x.node.slot] if x.node.slot is not None else None
            if row is not None and row.id is None:
                continue
            of = x.node.list, row.id if row else None
            answer = next(
                (a for a in reversed(decision.record.answers) if a.question == x.node.name and a.of == of), None
            )
            body = w.names(decision.policy.shape.findings[x.node.name].by)
            where = f"{w.element(*of)} " if row is not None else ""
            if settled(x.value) and answer is not None:
                day = datetime.date.fromordinal(answer.day).isoformat() if answer.day else ""
                notes = [n for n in (answer.body, day, answer.reasons) if n]
                yield f"{where}{w.source(x.node)} {w.result(x)}" + (f"（{'，'.join(notes)}）" if notes else "")
            else:
                yield f"{where}{w.source(x.node)} {w.gap('pending')}（{w.say('by')} {body}）"


def _ground(rule: m.Rule, decision: Decision, w: Wording) -> str:
    """The provision, where it stands in its source, its layer, and the text it belongs to."""
    cited = []
    for id in rule.basis:
        p = decision.policy.provisions.get(id)
        cited.append(f"{id}（{p.locator}）" if p and p.locator else id)
    layer = word("LAYER", rule.layer, w.lang)
    start = w.value(rule.instrument.start.top, rule.instrument.start.type) if isinstance(rule.instrument.start, m.Leaf) else w.value(
        rule.instrument.start.value, rule.instrument.start.type) if isinstance(rule.instrument.start, m.Constant) else "…"  # fmt: skip
    return f"{w.name(rule.name)} — {'、'.join(cited)}，{w.say('layer')} {layer}；{w.name(rule.instrument.name)}，{w.say('in_force')} {start}"


def _application(c: Conclusion, decision: Decision, w: Wording) -> Iterator[str]:
    """Only what settled it, or keeps it open, a step a line."""
    tree = Tree(w, decision.record)
    for line in tree.lines(c.why):
        yield f"{w.say('applies')} {line}"
    periods = _Periods(decision, w)
    for g in c.grounds:
        if g.fires.value != 1 and (p := periods.of(g, c)) is not None:
            for key, name in (("amount", "amount"), ("from", "period"), ("until", "period"), ("last_day", "deadline")):
                part = p.get(key)
                if isinstance(part, dict) and "text" in part:
                    yield (
                        f"{w.say(name)} {'自' if key == 'from' else '至' if key == 'until' else ''} {part['text']}"
                        if w.zh
                        else f"{w.say(name)} {key} {part['text']}"
                    )
                elif key == "amount" and isinstance(part, dict):
                    said = "；".join(f"{k} {x['text']}" for k, x in part.items() if x)
                    yield f"{w.say('amount')} {said}"


def _state(exception: m.Expr, c: Conclusion) -> str:
    for x in c.why.walk():
        if x.node is exception:
            return "fired" if x.value == YES else "not_looked_into" if x.value == 3 else "not_fired"
    return "not_fired"


def _tail(decision: Decision, w: Wording) -> Iterator[str]:
    yield from gap_lines(decision, w)
    remedies = [
        c
        for c in decision.conclusions
        if any(g.rule.category == "remedy" and g.fires.value != 1 for g in c.grounds) and c.arises
    ]
    colon = "：" if w.zh else ": "
    yield w.say("remedies") + colon + ("；".join(w.line_of(c) for c in remedies) if remedies else w.say("none_printed"))
    left = [r for r in decision.policy.rules if r.layer not in decision.question.layers]
    if left:
        yield (
            w.say("not_considered")
            + colon
            + ("；" if w.zh else "; ").join(f"{w.name(r.name)}（{word('LAYER', r.layer, w.lang)}）" for r in left)
        )
