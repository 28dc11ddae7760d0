"""The numbered opinion a legal reviewer reads, one heading a conclusion.

事实 — 认定 — 依据 — 适用 — 例外 — 解读 — 结论, always in this order.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from .. import model as m
from ..decide import Conclusion, Decision, gap_kind
from ..explanation import Explanation
from ..language.keywords import word
from ..language.numerals import to_chinese
from ..record import Answer, Of
from ..values import DAY, NO, UNKNOWN, YES, settled
from .choices import assumption_lines, option_lines
from .missing import gap_lines
from .overlay import overlay_lines
from .standing import act_lines, stage_lines
from .summary import groups
from .terms import Terms
from .tree import Step, Tree, head, only_on, told, told_by_a_row
from .turns import turn_lines
from .words import Wording


@frozen(eq=False)
class Cited:
    """A rule a conclusion rests on: its provisions with where they stand, its layer, its text, and from when that is
    in force."""

    rule: str
    provisions: tuple[tuple[str, str], ...]
    layer: str
    instrument: str
    start: str


@frozen(eq=False)
class Heading:
    """One heading of an opinion in one tongue: what is concluded of effects that fare alike, and its parts."""

    mark: str
    conclusion: Conclusion
    effects: tuple[str, ...]
    title: str
    terms: str
    facts: tuple[str, ...]
    findings: tuple[str, ...]
    ground: tuple[Cited, ...]
    steps: tuple[Step, ...]
    exceptions: tuple[tuple[str, str], ...]
    same: str
    by: str
    notes: tuple[str, ...]


def headings(decision: Decision, w: Wording, tree: Tree, why_not: bool = False) -> tuple[list[Heading], list[str]]:
    """The headings, and the effects of which nothing is to be said."""
    kept, quiet = told(decision, why_not)
    terms = Terms(decision, w)
    made = [_heading(n, alike, decision, w, tree, terms) for n, alike in enumerate(groups(kept, terms), 1)]
    return made, [w.effect(x) for x in dict.fromkeys(c.effect for c in quiet)]


def _heading(n: int, alike: list[Conclusion], decision: Decision, w: Wording, tree: Tree, terms: Terms) -> Heading:
    c = alike[0]
    names = tuple(x.effect for x in alike)
    live = [g for g in c.grounds if g.fires.value != NO]
    rules = list(dict.fromkeys(g.rule for g in live))
    notes = (
        ("not_limited", any(g.option.open_list for g in live)),
        ("awaits_exception", any(g.awaits_exception for g in live)),
    )
    return Heading(
        mark=_mark(n, w),
        conclusion=c,
        effects=tuple(w.effect(x) for x in names),
        title=terms.line_of(c, names),
        terms=terms.of(c),
        facts=tuple(dict.fromkeys(_leaves(c.why, w, decision))),
        findings=tuple(dict.fromkeys(_findings(c.why, w, decision))),
        ground=tuple(_cited(rule, decision, w) for rule in rules),
        steps=tuple(tree.steps(c.why)),
        exceptions=tuple(dict.fromkeys((w.name(x), w.say(state)) for r in rules for x, state in _exceptions(r, c))),
        same=f"{w.names(c.same_whichever)}{w.colon}{w.say('same_whichever')}" if c.same_whichever and c.settled else "",
        by=w.deciders(live),
        notes=tuple(w.say(note) for note, holds in notes if holds),
    )


def title(decision: Decision, w: Wording) -> str:
    """What the opinion is on."""
    of = f"{w.name(decision.policy.name)} {w.say('on')} {w.subject(decision.record)}"
    only = only_on(decision, w)
    return (f"就 {of} 的适用说明" if w.zh else f"{w.say('opinion_of')} {of}") + (w.paren(only) if only else "")


def opinion(decision: Decision, lang: str) -> str:
    """The whole opinion, as text; a step that stood under an earlier heading is referred to."""
    w = Wording(decision.policy, lang)
    lines = [title(decision, w), *head(decision, w)[1:], _digests(decision), ""]
    tree = Tree(w, decision.given)
    made, rest = headings(decision, w, tree)
    for h in made:
        lines.append(f"{h.mark}{h.title}")
        for label, body in _body(h, w, tree):
            lines += [f"   {w.say(label) if i == 0 else '    '} {line}" for i, line in enumerate(body)]
    if rest:
        lines.append(f"{_mark(len(made) + 1, w)}{w.say('rest')}{w.colon}{w.list_sep.join(rest)}")
    lines += ["", *_tail(decision, w)]
    return "\n".join(lines).rstrip() + "\n"


def _mark(n: int, w: Wording) -> str:
    return f"{to_chinese(n)}、" if w.zh else f"{n}. "


def _digests(decision: Decision) -> str:
    return f"policy {decision.policy.digest[:12]}  record {decision.record.digest[:12]}"


def _body(h: Heading, w: Wording, tree: Tree) -> Iterator[tuple[str, list[str]]]:
    """The parts of one heading in their fixed order, each with its lines."""
    yield "facts", list(h.facts)
    yield "findings", list(h.findings)
    yield "ground", [_ground(x, w) for x in h.ground]
    yield "applies", [line for step in h.steps for line in tree.lines(step)]
    yield "exceptions", [f"{name}{w.colon}{state}" for name, state in h.exceptions]
    yield "readings", [*turn_lines(h.conclusion.turns, w, h.conclusion.capped), *([h.same] if h.same else [])]
    text = h.title + (f"{w.semi}{w.say('by')} {h.by}" if h.by else "")
    yield "conclusion", [text + (w.paren(w.semi.join(h.notes)) if h.notes else "")]


def _leaves(e: Explanation, w: Wording, decision: Decision) -> Iterator[str]:
    tree = Tree(w, decision.given)
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
        notes = [n for n in (state, w.free(source or "", "source")) if n]
        yield f"{where}{w.source(x.node)} {w.result(x)}" + (w.paren(w.comma.join(notes)) if notes else "")


def _findings(e: Explanation, w: Wording, decision: Decision) -> Iterator[str]:
    for x in e.walk():
        if isinstance(x.node, m.Finding):
            row = x.rows[x.node.slot] if x.node.slot is not None else None
            if row is not None and row.id is None:
                continue
            of = x.node.list, row.id if row else None
            answer = _standing(decision, x.node.name, of)
            by = f"{w.say('by')} {w.names(decision.policy.shape.findings[x.node.name].by)}"
            where = f"{w.element(*of)} " if row is not None else ""
            if settled(x.value) and answer is not None:
                day = w.value(answer.day, DAY) if answer.day is not None else ""
                notes = [n for n in (w.free(answer.body, "body"), day, w.free(answer.reasons, "reasons")) if n]
                yield f"{where}{w.source(x.node)} {w.result(x)}" + (w.paren(w.comma.join(notes)) if notes else "")
            else:
                yield f"{where}{w.source(x.node)} {w.gap(gap_kind(x.node, row, decision.given))}{w.paren(by)}"


def _standing(decision: Decision, question: str, of: Of) -> Answer | None:
    """The finding that stood, as far as was known: nobody replaced it."""
    answers = [a for a in decision.given.answers if a.question == question and a.of == of]
    replaced = {a.replaces for a in answers if a.replaces}
    return next((a for a in answers if not a.id or a.id not in replaced), None)


def _cited(rule: m.Rule, decision: Decision, w: Wording) -> Cited:
    """The provisions of a rule, its layer, and the text it belongs to."""
    found = ((id, decision.policy.provisions.get(id)) for id in rule.basis)
    home, start = rule.instrument, rule.instrument.start
    if isinstance(start, m.Leaf):
        since = w.start(start.top, start.kind)
    else:
        since = w.start(start.value) if isinstance(start, m.Constant) else f"{w.say('in_force')} …"
    return Cited(
        w.name(rule.name),
        tuple((id, p.locator if p else "") for id, p in found),
        word("LAYER", rule.layer, w.lang),
        w.name(home.name),
        since,
    )


def _ground(x: Cited, w: Wording) -> str:
    cited = w.list_sep.join(f"{id}{w.paren(place)}" if place else id for id, place in x.provisions)
    text = f"{x.rule} — {cited}{w.comma}{w.say('layer')} {x.layer}{w.semi}"
    return text + f"{x.instrument}{w.comma}{x.start}"


def _exceptions(rule: m.Rule, c: Conclusion) -> Iterator[tuple[str, str]]:
    """Each exception once: fired, not fired, or not yet looked into."""
    seen = {id(x.node): x.value for x in c.why.walk()}
    states: dict[str, str] = {}
    for name, x in zip(rule.defeated_by, rule.exceptions, strict=True):
        value = seen.get(id(x))
        state = "fired" if value == YES else "not_looked_into" if value == UNKNOWN else "not_fired"
        states[name] = state if value is not None else states.get(name, state)
    yield from states.items()


def remedies(decision: Decision) -> list[Conclusion]:
    """What the person may ask for."""
    return [
        c
        for c in decision.conclusions
        if any(g.rule.category == "remedy" and g.fires.value != 1 for g in c.grounds)
        and c.arises
        and not told_by_a_row(c, decision)
    ]


def _tail(decision: Decision, w: Wording) -> Iterator[str]:
    yield from stage_lines(decision, w)
    yield from act_lines(decision, w)
    yield from gap_lines(decision, w)
    yield from option_lines(decision, w)
    yield from assumption_lines(decision, w)
    found = remedies(decision)
    colon = "：" if w.zh else ": "
    terms = Terms(decision, w)
    # Of some effects alone it is not told what remedies there are.
    if found or not decision.only:
        yield w.say("remedies") + colon + (w.semi.join(map(terms.line_of, found)) if found else w.say("none_printed"))
    yield from overlay_lines(decision, w)
    left = [r for r in decision.policy.rules if r.layer not in decision.question.layers]
    if left:
        yield (
            w.say("not_considered")
            + colon
            + w.semi.join(f"{w.name(r.name)}{w.paren(w.word('LAYER', r.layer))}" for r in left)
        )
