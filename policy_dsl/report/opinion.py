"""The numbered opinion a legal reviewer reads, one heading a conclusion.

事实 — 认定 — 依据 — 适用 — 例外 — 解读 — 结论, always in this order.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from .. import model as m
from ..decide import Conclusion, Decision
from ..explanation import Explanation
from ..language.keywords import word
from ..language.numerals import to_chinese
from ..values import NO, UNKNOWN, YES, settled
from .json import Periods
from .summary import groups
from .tree import Tree, gap_lines, head, told
from .turns import turn_lines
from .words import Wording


def opinion(decision: Decision, lang: str) -> str:
    """The whole opinion, as text; a step that stood under an earlier heading is referred to."""
    w = Wording(decision.policy, lang)
    of = f"{w.name(decision.policy.name)} {w.say('on')} {decision.record.id}"
    title = f"就 {of} 的适用说明" if w.zh else f"{w.say('opinion_of')} {of}"
    lines = [title, *head(decision, w)[1:], _digests(decision), ""]
    kept, quiet = told(decision)
    shown = groups(kept)
    tree = Tree(w, decision.record)
    for n, alike in enumerate(shown, 1):
        names = tuple(c.effect for c in alike)
        lines.append(f"{_mark(n, w)}{w.line_of(alike[0], names)}")
        for label, body in _body(alike[0], names, decision, w, tree):
            lines += [f"   {w.say(label) if i == 0 else '    '} {line}" for i, line in enumerate(body)]
    if quiet:
        names = tuple(dict.fromkeys(c.effect for c in quiet))
        lines.append(f"{_mark(len(shown) + 1, w)}{w.say('rest')}{w.colon}{w.list_sep.join(map(w.effect, names))}")
    lines += ["", *_tail(decision, w)]
    return "\n".join(lines).rstrip() + "\n"


def _mark(n: int, w: Wording) -> str:
    return f"{to_chinese(n)}、" if w.zh else f"{n}. "


def _digests(decision: Decision) -> str:
    return f"policy {decision.policy.digest[:12]}  record {decision.record.digest[:12]}"


def _body(
    c: Conclusion, names: tuple[str, ...], decision: Decision, w: Wording, tree: Tree
) -> Iterator[tuple[str, list[str]]]:
    """The parts of one heading in their fixed order, each with its lines."""
    live = [g for g in c.grounds if g.fires.value != NO]
    rules = list(dict.fromkeys(g.rule for g in live))
    yield "facts", list(dict.fromkeys(_leaves(c.why, w, decision)))
    yield "findings", list(dict.fromkeys(_findings(c.why, w, decision)))
    yield "ground", [_ground(rule, decision, w) for rule in rules]
    yield "applies", [*tree.lines(c.why), *_periods(c, decision, w)]
    yield "exceptions", [f"{w.name(n)}{w.colon}{w.say(x)}" for rule in rules for n, x in _exceptions(rule, c)]
    same = [f"{w.names(c.same_whichever)}{w.colon}{w.say('same_whichever')}"] if c.same_whichever and c.settled else []
    yield "readings", [*turn_lines(c.turns, w, c.capped), *same]
    bodies = tuple(dict.fromkeys(b for g in live for b in g.by))
    text = w.line_of(c, names) + (f"{w.semi}{w.say('by')} {w.names(bodies)}" if bodies else "")
    notes = [
        w.say(note)
        for note, holds in (
            ("not_limited", any(g.option.open_list for g in live)),
            ("awaits_exception", any(g.awaits_exception for g in live)),
        )
        if holds
    ]
    yield "conclusion", [text + (w.paren(w.semi.join(notes)) if notes else "")]


def _periods(c: Conclusion, decision: Decision, w: Wording) -> Iterator[str]:
    """Amounts, periods and last days."""
    periods = Periods(decision, w)
    for g in c.grounds:
        found = periods.of(g, c) if g.fires.value != NO else None
        if found is None:
            continue
        for key, name in (("amount", "amount"), ("from", "from"), ("until", "until"), ("last_day", "deadline")):
            part = found.get(key)
            if isinstance(part, dict) and "text" in part:
                yield f"{w.say(name)} {part['text']}"
            elif isinstance(part, dict):
                ends = {"exactly": "", "from": w.say("from"), "to": w.say("until")}
                yield f"{w.say(name)} " + " ".join(f"{ends[k]} {x['text']}".strip() for k, x in part.items() if x)


def _leaves(e: Explanation, w: Wording, decision: Decision) -> Iterator[str]:
    tree = Tree(w, decision.record)
    for x in e.walk():
        if not isinstance(x.node, m.Fact | m.Field):
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
        yield f"{where}{w.source(x.node)} {w.result(x)}" + (w.paren(w.comma.join(notes)) if notes else "")


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
            by = f"{w.say('by')} {w.names(decision.policy.shape.findings[x.node.name].by)}"
            where = f"{w.element(*of)} " if row is not None else ""
            if settled(x.value) and answer is not None:
                day = datetime.date.fromordinal(answer.day).isoformat() if answer.day else ""
                notes = [n for n in (answer.body, day, answer.reasons) if n]
                yield f"{where}{w.source(x.node)} {w.result(x)}" + (w.paren(w.comma.join(notes)) if notes else "")
            else:
                yield f"{where}{w.source(x.node)} {w.gap('pending')}{w.paren(by)}"


def _ground(rule: m.Rule, decision: Decision, w: Wording) -> str:
    """The provision, where it stands in its source, its layer, and the text it belongs to."""
    cited = []
    for id in rule.basis:
        p = decision.policy.provisions.get(id)
        cited.append(f"{id}{w.paren(p.locator)}" if p and p.locator else id)
    layer = word("LAYER", rule.layer, w.lang)
    home = rule.instrument
    day = (
        home.start.top
        if isinstance(home.start, m.Leaf)
        else home.start.value
        if isinstance(home.start, m.Constant)
        else None
    )
    start = "…" if day is None else w.value(day, home.start.type)
    text = f"{w.name(rule.name)} — {w.list_sep.join(cited)}{w.comma}{w.say('layer')} {layer}{w.semi}"
    return text + f"{w.name(home.name)}{w.comma}{w.say('in_force')} {start}"


def _exceptions(rule: m.Rule, c: Conclusion) -> Iterator[tuple[str, str]]:
    """Each exception once: fired, not fired, or not yet looked into."""
    seen = {id(x.node): x.value for x in c.why.walk()}
    states: dict[str, str] = {}
    for name, x in zip(rule.defeated_by, rule.exceptions, strict=True):
        value = seen.get(id(x))
        state = "fired" if value == YES else "not_looked_into" if value == UNKNOWN else "not_fired"
        states[name] = state if value is not None else states.get(name, state)
    yield from states.items()


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
            + w.semi.join(f"{w.name(r.name)}{w.paren(w.word('LAYER', r.layer))}" for r in left)
        )
