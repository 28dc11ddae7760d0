"""What outcomes turn on, as text: the smallest changes, near misses, and the answers that would settle what is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from .. import model as m
from .. import values as v
from ..decide import Conclusion, Decision
from ..record import History
from ..values import Value
from ..whatif.cells import Added, Change, value_of
from ..whatif.flips import Flip, Flips, Turning
from ..whatif.settling import Answered, Open, gaps_of
from ..whatif.shortfalls import NearMiss, Part
from .tree import head
from .words import Wording

# No more near misses, and answers to one outcome, than are read.
SHOWN: Final = 12

SAID: Final[dict[str, tuple[str, str]]] = {
    "about": (
        "以下说明结论取决于哪些事实，不是对事实的主张；事实如何，以查明为准。",
        "This tells what the outcomes turn on, not what the facts are: that is for whoever establishes them.",
    ),
    "turns": ("已定的结论，最少改变什么就不同", "What is settled, and the least that would make it otherwise"),
    "near": ("只差一处而不发生的规定", "Rules that do not arise for one part alone"),
    "open": ("未定的结论，答什么就能定", "What is open, and the answers that would settle it"),
    "nothing_turns": ("没有已定而发生的结论", "nothing that is settled arises"),
    "no_flip": ("改变{n}处以内不会不同", "no change of {n} of these makes it otherwise"),
    "no_flip_capped": ("试过的都不能使之不同（未能试遍）", "nothing that was tried makes it otherwise (not all was)"),
    "capped": ("组合过多，未能试遍：可能还有别的", "too many combinations to try them all: there may be others"),
    "more": ("另有{n}种", "{n} more"),
    "kept": ("视为不能改变的", "Taken to be beyond change"),
    "not_there": ("若没有 {what}", "if {what} were not there"),
    "one_more": ("若另有一行 {what}", "if there were one more row: {what}"),
    "were": ("若 {what} 为 {new}，不是 {now}", "if {what} were {new} instead of {now}"),
    "throughout": ("一直为 {new}", "{new} throughout"),
    "and": ("，且", " and "), "another": ("另一", "another"),
    "then": ("{then}，不是 {now}", "{then} instead of {now}"),
    "short": ("差{n}", "{n} short"), "over": ("超出{n}", "{n} over"),
    "wants": ("要求：{what}", "asked for: {what}"), "wants_not": ("要求并非：{what}", "asked for: not {what}"),
    "is": ("现为 {now}", "the record: {now}"),
    "answer": ("若 {what} 答 {answer}", "if {what} is answered {answer}"),
    "complete": ("若 {what} 已齐备", "if {what} is complete"),
    "whichever": ("怎样回答都能定", "settled whichever way it is answered"),
    "beyond": ("问谁也不能定，还取决于", "no answer settles it; it turns as well on"),
    "no_way": ("单凭三项以内的回答不能定，尚待", "no three answers settle it; it waits for"),
}  # fmt: skip


class Telling:
    """Tells what one decision turns on, in one tongue."""

    def __init__(self, decision: Decision, w: Wording):
        self.decision, self.w = decision, w

    def say(self, key: str, **of: object) -> str:
        return SAID[key][0 if self.w.zh else 1].format(**of)

    # Changes.

    def change(self, c: Change) -> str:
        """If something were otherwise."""
        w, cell = self.w, c.cell
        if c.value is None:
            return self.say("not_there", what=w.element(cell.list, cell.row))
        if isinstance(c.value, Added):
            return self.say("one_more", what=self.row(c.value, cell.list or ""))
        type = self.type(c)
        now = value_of(self.decision.given, cell)
        new = w.value(c.value, type)
        if isinstance(now, History):
            said = w.list_sep.join(f"{v.shown_day(day)} {w.say('from')} {w.value(x, type)}" for day, x in now.steps)
            if w.zh:
                said = w.list_sep.join(f"自 {v.shown_day(day)} {w.value(x, type)}" for day, x in now.steps)
            return self.say("were", what=w.name(cell.name), new=self.say("throughout", new=new), now=said)
        what = w.name(cell.name)
        if cell.list is not None:
            what = f"{w.element(cell.list, cell.row)} {what}"
        return self.say("were", what=what, new=new, now="" if now is None else w.value(now, type))

    def type(self, c: Change) -> v.Type:
        shape, cell = self.decision.policy.shape, c.cell
        if cell.kind == "finding":
            return shape.findings[cell.name].type
        return (shape.facts if cell.list is None else shape.lists[cell.list].fields)[cell.name].type

    def row(self, added: Added, of: str) -> str:
        """A row there might be besides: what the policy reads of it."""
        w, shape = self.w, self.decision.policy.shape
        read = {t for x in self.decision.policy.verdicts for t in x.person.topics}
        fields = shape.lists[of].fields
        cells = [
            f"{w.name(name)} {self.cell(of, name, added.row.values[name], fields[name].type)}"
            for name in fields
            if name in added.row.values and ("field", of, name) in read
        ]
        cells += [f"{w.name(n)} {w.value(x, shape.findings[n].type)}" for n, x in sorted(added.findings.items())]
        return f"{w.name(of)}{w.paren(w.list_sep.join(cells))}"

    def cell(self, of: str, name: str, value: Value, type: v.Type) -> str:
        """A field of a row there might be; a text no row has is only another than theirs."""
        rows = self.decision.given.lists[of].known
        if type.kind == "text" and not any(r.values.get(name) == value for r in rows):
            return self.say("another")
        return self.w.value(value, type)

    def then(self, flip: Flip, now: Conclusion) -> str:
        """What would follow, and on what ground."""
        w, after = self.w, flip.after
        assert after is not None
        said = self.say("then", then=w.lines(after.printed, after.whole), now=w.lines(now.printed, now.whole))
        ground = basis(after)
        return said + (w.paren(f"{w.say('basis')} {w.list_sep.join(ground)}") if ground else "")

    def turning(self, turnings: Sequence[Turning], found: Flips) -> Iterator[str]:
        """Outcomes that turn on the same, and what each change would make of them."""
        w, first = self.w, turnings[0]
        ground = basis(first.conclusion)
        cited = f"  {w.say('basis')} {w.list_sep.join(ground)}" if ground else ""
        yield f"  {w.line_of(first.conclusion, tuple(t.conclusion.effect for t in turnings))}{cited}"
        if not first.flips:
            yield "      " + (self.say("no_flip_capped") if found.capped else self.say("no_flip", n=first.size))
        for ways in alike(first.flips):
            yield f"      {self.ways(ways)} → {self.then(ways[0], first.conclusion)}"
        if first.more:
            yield "      " + self.say("more", n=first.more)

    def ways(self, flips: Sequence[Flip]) -> str:
        """Changes of the same that lead to the same."""
        first = flips[0].changes
        if len(flips) == 1 or len(first) > 1 or not isinstance(first[0].value, int):
            return self.say("and").join(self.change(c) for c in first)
        together = 0
        for f in flips:
            value = f.changes[0].value
            assert isinstance(value, int)
            together |= value
        return self.change(Change(first[0].cell, together))

    # Near misses.

    def near(self, n: NearMiss) -> str:
        w = self.w
        names = w.list_sep.join(dict.fromkeys(w.effect(c.effect) for c in n.conclusions))
        place = w.paren(w.element(n.conclusions[0].list, n.conclusions[0].row.id)) if n.conclusions[0].row else ""
        ground = w.paren(w.list_sep.join(n.ground.basis)) if n.ground.basis else ""
        return f"  {names}{place} — {w.name(n.ground.rule.name)}{ground}{w.colon}{self.part(n.part)}"

    def part(self, p: Part) -> str:
        """What is wanting, and by how much."""
        w, e = self.w, p.expr
        wanted = self.say("wants_not" if p.barred else "wants", what=w.source(e))
        at = next((r for r in p.step.rows if r.id is not None), None)
        of = next((str(t[1]) for t in e.topics if t[0] == "field"), None)
        where = f"{w.element(of, at.id)} " if at is not None and of is not None and e.slots else ""
        parts = [f"{where}{wanted}"]
        if now := self.now(p):
            parts.append(self.say("is", now=now))
        if p.short is not None and isinstance(e, m.AtLeast):
            type = v.number("days") if e.left.type.kind == "day" else e.left.type
            parts.append(self.say("over" if p.over else "short", n=w.bound(p.short, type)))
        return w.semi.join(parts)

    def now(self, p: Part) -> str:
        """What the record says instead, where the part measures or compares one thing."""
        e = p.expr
        if isinstance(e, m.Is | m.AtLeast | m.Equal) and p.step.because:
            first = p.step.because[0]
            if isinstance(e, m.AtLeast | m.Equal) and isinstance(first.node, m.Constant | m.DecisionDay):
                first = p.step.because[-1]
            if isinstance(first.node, m.Expr):
                return self.w.value(first.value, first.node.type)
        return ""

    # What is open.

    def open(self, alike_: Sequence[Open]) -> Iterator[str]:
        w, first = self.w, alike_[0]
        yield f"  {w.line_of(first.conclusion, tuple(x.conclusion.effect for x in alike_))}"
        for s in first.ways[:SHOWN]:
            sure = w.paren(self.say("whichever")) if s.certain else ""
            yield f"      {self.say('and').join(map(self.answered, s.answers))} → {w.status(s.status)}{sure}"
        if len(first.ways) > SHOWN:
            yield "      " + self.say("more", n=len(first.ways) - SHOWN)
        if not first.ways:
            waits = first.beyond or gaps_of(self.decision, first.conclusion)
            names = w.list_sep.join(dict.fromkeys(f"{w.gap_name(g)}{w.paren(w.gap(g.kind))}" for g in waits))
            yield f"      {self.say('beyond' if first.beyond else 'no_way')}{w.colon}{names}"
        if first.capped:
            yield "      " + self.say("capped")

    def answered(self, a: Answered) -> str:
        w = self.w
        zh, tab, _ = a.label.partition("\t")
        if tab:
            return self.say("complete", what=w.name(a.gap.node.list) if a.gap.key[0] == "list" else zh)  # type: ignore[union-attr]
        return self.say("answer", what=w.gap_name(a.gap), answer=w.option(zh))


def basis(c: Conclusion) -> tuple[str, ...]:
    """The grounds of a conclusion that arise, or may; of one that does not arise, none."""
    return tuple(dict.fromkeys(b for g in c.grounds if g.fires.value != v.NO for b in g.basis)) if c.arises else ()


def alike(flips: Sequence[Flip]) -> list[list[Flip]]:
    """Changes of the same single cell to values that lead to the same, together."""
    by: dict[object, list[Flip]] = {}
    for i, f in enumerate(flips):
        one = len(f.changes) == 1 and isinstance(f.changes[0].value, int)
        after = f.after
        key = (f.changes[0].cell, f.status, basis(after) if after else ()) if one else i
        by.setdefault(key, []).append(f)
    return list(by.values())


def grouped(found: Flips) -> list[list[Turning]]:
    """Outcomes at one place that turn on the same changes, with the same results on the same grounds."""
    by: dict[object, list[Turning]] = {}
    for t in found.turnings:
        ways = tuple(
            (tuple((c.cell, _said(c)) for c in f.changes), f.status, basis(f.after) if f.after else ()) for f in t.flips
        )
        c = t.conclusion
        by.setdefault((c.list, c.row, c.printed, c.whole, basis(c), t.size, ways, t.more), []).append(t)
    return list(by.values())


def _said(c: Change) -> object:
    return c.value if not isinstance(c.value, Added) else (str(c.value.row.values), str(c.value.findings))


def waiting(opens: Sequence[Open]) -> list[list[Open]]:
    """Outcomes at one place that the same answers settle the same way."""
    by: dict[object, list[Open]] = {}
    for x in opens:
        c = x.conclusion
        ways = tuple((tuple((a.gap.key, a.label) for a in s.answers), s.status, s.certain) for s in x.ways)
        beyond = tuple(g.key for g in x.beyond)
        by.setdefault((c.list, c.row, c.printed, c.whole, ways, beyond, x.capped), []).append(x)
    return list(by.values())


def turning_text(found: Flips, near: Sequence[NearMiss], opens: Sequence[Open], lang: str) -> str:
    """All of it, for people."""
    decision = found.decision
    w = Wording(decision.policy, lang)
    t = Telling(decision, w)
    out = [*head(decision, w), t.say("about"), "", t.say("turns") + w.colon]
    for group in grouped(found):
        out += t.turning(group, found)
    if not found.turnings:
        out.append("  " + t.say("nothing_turns"))
    if found.capped:
        out.append("  " + t.say("capped"))
    if found.kept:
        out.append(f"  {t.say('kept')}{w.colon}{w.names(found.kept)}")
    if near:
        out += ["", t.say("near") + w.colon, *map(t.near, near[:SHOWN])]
        if len(near) > SHOWN:
            out.append("  " + t.say("more", n=len(near) - SHOWN))
    if opens:
        out += ["", t.say("open") + w.colon]
        for each in waiting(opens):
            out += t.open(each)
    return "\n".join(line.rstrip() for line in out) + "\n"
