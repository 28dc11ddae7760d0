"""The tree of reasons as text: about a line a step, a repeat referred to where it first stood."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from attrs import frozen

from .. import model as m
from ..decide import Conclusion, Decision, Question, gap_kind
from ..explanation import Explanation, Member
from ..language import syntax as s
from ..record import Record
from ..values import NO, YES, Value, settled
from .missing import gap_lines
from .overlay import overlay_lines
from .standing import act_lines, stage_lines
from .terms import Terms
from .turns import turn_lines
from .words import Wording

_OPERANDS = (m.Is, m.Same, m.Equal, m.AtLeast)
# Layers that go without saying: what a text itself prints.
_ORDINARY = frozenset(("printed", "national"))
_ROLE = {
    "rule": ("规定", "rule"),
    "stage": ("环节", "stage"),
    "definition": ("定义", "definition"),
    "parameter": ("参数", "parameter"),
    "scope": ("适用", "scope of"),
}


@frozen(eq=False)
class Step:
    """A step as it is told, in one tongue: what it says, what comes of it, on what ground, the values compared, and in
    what state it is. Met before, *seen* is the number it had and its parts are not repeated; else *number* is its own.
    *leaves* are the facts, findings and readings its line shows."""

    number: int
    seen: int
    says: str
    result: str
    basis: tuple[str, ...]
    compared: str
    state: str
    value: Value
    leaves: tuple[Explanation, ...]
    parts: tuple[Step, ...]

    @property
    def no(self) -> bool:
        """Whether it is a question answered no, or an effect that does not arise."""
        return isinstance(self.value, int) and self.value == NO


class Tree:
    """Tells the explanations of one decision in one tongue, numbering the steps through."""

    def __init__(self, wording: Wording, record: Record):
        self.wording, self.record = wording, record
        self.seen: dict[int, int] = {}
        self.count = 0

    def lines(self, step: Step, depth: int = 0) -> Iterator[str]:
        """A step and those under it, a line each."""
        pad, w = "  " * depth, self.wording
        text = (
            step.says
            + (w.paren(w.list_sep.join(step.basis)) if step.basis else "")
            + f" — {step.result}"
            + (w.paren(step.compared) if step.compared else "")
            + (f" [{step.state}]" if step.state else "")
        )
        if step.seen:
            yield f"{pad}{text} [{w.say('as_above')} {step.seen}]"
            return
        yield f"{pad}{step.number}. {text}"
        for part in step.parts:
            yield from self.lines(part, depth + 1)

    def steps(self, e: Explanation, top: bool = True) -> Iterator[Step]:
        """The steps under *e*; what only carries its part on is not given a step of its own."""
        if self.silent(e):
            return
        if not top and self.carries(e):
            for part in e.because:
                yield from self.steps(part, False)
            return
        seen = self.seen.get(id(e), 0) if e.because else 0
        number = 0
        if not seen:
            self.count += 1
            number = self.seen[id(e)] = self.count
        inlined = tuple(p for p in self.parts(e) if self.inline(e, p))
        leaves = inlined if e.because else (e,)
        says, result, basis, compared, state = self.told(e)
        rest = () if seen else (p for p in self.parts(e) if not self.inline(e, p))
        parts = tuple(s for p in rest for s in self.steps(p, False))
        yield Step(number, seen, says, result, basis, compared, state, e.value, leaves, parts)

    def carries(self, e: Explanation) -> bool:
        """What only passes its parts on says nothing new: a conjunction, a choice, an instrument in force, the person's
        own verdict under the person's line."""
        node = e.node
        if isinstance(node, m.All | m.Choose | m.Verdict) or (isinstance(node, m.Any) and len(e.because) <= 1):
            return True
        return isinstance(node, m.Named) and node.role == "force"

    def parts(self, e: Explanation) -> tuple[Explanation, ...]:
        """What a step rests on; “不是” and its comparison are one step."""
        return e.because[0].because if self.denies(e) else e.because

    def denies(self, e: Explanation) -> bool:
        node = e.node
        if not isinstance(node, m.Not) or not isinstance(node.part, _OPERANDS):
            return False
        said = node.source.part if isinstance(node.source, s.Negation) else node.source
        return node.part.source is said

    def silent(self, e: Explanation) -> bool:
        """A layer that is admitted goes without saying."""
        happened = isinstance(e.node, m.Happened)
        return ((isinstance(e.node, m.Admitted) or happened) and e.value == YES) or isinstance(e.node, m.Constant)

    def inline(self, e: Explanation, part: Explanation) -> bool:
        """A leaf compared is shown in the line of its comparison."""
        return (isinstance(e.node, _OPERANDS) or self.denies(e)) and not part.because

    def told(self, e: Explanation) -> tuple[str, str, tuple[str, ...], str, str]:
        """What a step says, what comes of it, its ground, the values compared, its state."""
        w, node = self.wording, e.node
        if isinstance(node, Member):
            row = w.element(node.list, node.id) if node.id else f"{w.name(node.list)}{w.colon}{w.say('row_unlisted')}"
            return row, w.result(e), (), "", ""
        if isinstance(node, m.Verdict | m.Strongest):
            return w.effect(node.effect), w.result(e), (), "", ""
        if isinstance(node, m.Named):
            role = _ROLE.get(node.role, ("", ""))[0 if w.zh else 1]
            rule = node.role in ("rule", "stage") and isinstance(e.value, int)
            result = w.say(("", "not_fired", "fired", "unknown")[_int(e)]) if rule else w.result(e)
            return f"{role} {w.source(node)}", result, node.basis, "", ""
        if isinstance(node, m.AtLeast) and not _asked(node):
            return f"{w.say('in_force')}{w.colon}{self.operands(e)}", w.result(e), (), "", ""
        if isinstance(node, m.Not) and isinstance(node.part, m.Named) and node.part.role in ("rule", "stage"):
            state = ("", "fired", "not_fired", "not_looked_into")[_int(e)]
            return f"{w.say('exception')} {w.name(node.part.name)}", w.say(state), (), "", ""
        compared = self.operands(e) if isinstance(node, _OPERANDS) or self.denies(e) else ""
        return w.source(node), w.result(e), (), compared, self.state(e)

    def operands(self, e: Explanation) -> str:
        """The values compared: 牌＝红牌."""
        w = self.wording
        parts = []
        for p in self.parts(e):
            if isinstance(p.node, Member | m.Constant):
                continue
            state = self.state(p)
            parts.append(f"{w.source(p.node)}{w.equals}{w.result(p)}" + (f" [{state}]" if state else ""))
        return ("，" if w.zh else ", ").join(parts)

    def state(self, e: Explanation) -> str:
        """In what state a leaf is that is not known, and who assumed one that is."""
        node = e.node
        if isinstance(node, Member) or e.because:
            return ""
        row = (
            e.rows[node.slot]
            if isinstance(node, m.Field | m.Finding | m.Happened) and node.slot is not None and node.slot < len(e.rows)
            else None
        )
        place = (
            (None, None, node.name)
            if isinstance(node, m.Fact)
            else (node.list, row.id if row else None, node.name)
            if isinstance(node, m.Field)
            else None
        )
        if place is not None and place in self.record.assumed:
            w = self.wording
            return f"{w.say('assumed')}{w.colon}{w.free(self.record.assumed[place], 'assumed_by')}"
        leaf = isinstance(node, m.Fact | m.Field | m.Finding | m.Happened | m.Leaf | m.Unprinted)
        if leaf and not settled(e.value) and not (row is not None and row.id is None):
            return self.wording.gap(gap_kind(node, row, self.record))
        return ""


def _int(e: Explanation) -> int:
    assert isinstance(e.value, int)
    return e.value


def _asked(node: m.AtLeast) -> bool:
    """Whether an author wrote the comparison; those of 施行 are the engine's."""
    return not isinstance(node.source, s.Clause | s.Declaration)


def explain_text(decision: Decision, lang: str, why_not: bool = False) -> str:
    """Every conclusion with its reasons, the turns, what is missing."""
    w = Wording(decision.policy, lang)
    tree = Tree(w, decision.given)
    out: list[str] = [*head(decision, w), ""]
    kept, quiet = told(decision, why_not)
    terms = Terms(decision, w)
    for c in kept:
        out.append(f"◆ {terms.line_of(c)}")
        out += ["  " + line for line in facts_of(c, w)]
        out += ["  " + line for step in tree.steps(c.why) for line in tree.lines(step)]
        out.append("")
    if quiet:
        out += [f"{w.say('rest')}{w.paren(str(len(quiet)))}", ""]
    out += [*stage_lines(decision, w), *act_lines(decision, w), *gap_lines(decision, w)]
    out += overlay_lines(decision, w)
    return "\n".join(out).rstrip() + "\n"


def told(decision: Decision, why_not: bool = False) -> tuple[list[Conclusion], list[Conclusion]]:
    """What is worth a line, and what does not arise; the person's line is left out where a row's says as much."""
    kept, quiet = [], []
    for c in decision.conclusions:
        if not c.arises and not why_not:
            if c.row is None:
                quiet.append(c)
        elif not told_by_a_row(c, decision):
            kept.append(c)
    return kept, quiet


def told_by_a_row(c: Conclusion, decision: Decision) -> bool:
    if c.row is not None or any(g.rule.list is None and g.fires.value != NO for g in c.grounds):
        return False
    return any(
        x.effect == c.effect and x.row is not None and x.arises and (x.whole, x.printed) == (c.whole, c.printed)
        for x in decision.conclusions
    )


def head(decision: Decision, w: Wording) -> list[str]:
    """Subject, days, layers, readings."""
    about = dict(asked(decision.question, w))
    days = "  ".join(f"{w.say(key)} {about[key]}" for key in ("as_of", "known_as_of", "layers"))
    only = only_on(decision, w)
    status = w.say(decision.status) + (w.paren(only) if only else "")
    return [
        f"{w.name(decision.policy.name)} {w.say('on')} {w.subject(decision.record)} — {status}",
        days,
        f"{w.say('readings')} {about['readings']}",
    ]


def only_on(decision: Decision, w: Wording) -> str:
    """That a decision is of some effects only, and is the status of these alone; '' where it is whole."""
    if not decision.only:
        return ""
    names = w.list_sep.join(map(w.effect, decision.only))
    return f"只就“{names}”而言" if w.zh else f"on {names} alone"


def asked(q: Question, w: Wording) -> Iterator[tuple[str, str]]:
    """What was asked: the day decided, what was known when, the layers admitted, the readings chosen."""
    yield "as_of", datetime.date.fromordinal(q.as_of).isoformat()
    same = q.known_as_of == q.as_of
    yield "known_as_of", w.say("same_day") if same else datetime.date.fromordinal(q.known_as_of).isoformat()
    yield "layers", w.list_sep.join(w.word("LAYER", x) for x in sorted(q.layers))
    chosen = (f"{w.name(k)} {w.word('COMPARE', 'taken_as')} {w.name(x)}" for k, x in sorted(q.readings.items()))
    by = w.paren(f"{w.say('by')} {w.free(q.chosen_by, 'chosen_by')}") if q.chosen_by else ""
    yield "readings", w.comma.join(chosen) + by if q.readings else w.say("none_chosen")


def facts_of(c: Conclusion, w: Wording) -> Iterator[str]:
    """Who decides, what is open, on what ground; the readings it turns on."""
    live = [g for g in c.grounds if g.fires.value != 1]
    basis = w.list_sep.join(dict.fromkeys(b for g in live for b in g.basis))
    layers = dict.fromkeys(g.rule.layer for g in live)
    if live:
        by = f"  {w.say('by')} {bodies}" if (bodies := w.deciders(live)) else ""
        of = f"  {w.say('layer')} {w.list_sep.join(w.word('LAYER', x) for x in layers)}"
        yield f"{w.say('basis')} {basis}{by}" + ("" if _ORDINARY.issuperset(layers) else of)
    if any(g.awaits_exception for g in live):
        yield w.say("awaits_exception")
    if any(g.option.open_list for g in live):
        yield w.say("not_limited")
    if c.turns:
        yield w.say("turns_on") + w.colon
        yield from ("  " + line for line in turn_lines(c.turns, w, c.capped))
    if c.same_whichever and c.settled:
        yield f"{w.say('same_whichever')}{w.colon}{w.names(c.same_whichever)}"
    if c.capped:
        yield w.say("capped")
