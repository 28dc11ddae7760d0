"""The provisions of a policy in a list, and one of them in full: its text, what refers to it, what sets it aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from attrs import asdict, frozen

from .. import model as m
from ..check.scope import cited
from ..check.upkeep import Tried
from ..language import syntax as s
from ..language.keywords import clause_word, kind_word, word
from ..language.references import cites, references
from ..language.source import Span
from .vocabulary import spoken
from .words import Wording


@frozen
class Listed:
    """One declaration: what it is, what it rests on, where it stands."""

    kind: str
    name: str
    english: str
    basis: tuple[str, ...]
    layer: str
    place: str


def listed(policy: m.Policy, own: frozenset[str]) -> list[Listed]:
    """Every declaration of the texts named in *own*, stages after their procedure, in the order of the texts."""
    layers = {r.name: r.layer for r in policy.rules}
    rows = []
    for d in declared(policy):
        if d.name is not None and d.kind != "vocabulary" and d.span.source.name in own:
            rows.append(Listed(d.kind, d.name.text, d.english, cited(d), _layer(policy, d, layers), place(d.name.span)))
    return rows


def _layer(policy: m.Policy, d: s.Declaration, layers: dict[str, str]) -> str:
    """The layer it is on: as checked; else as written; else that of its first ground; '' for what has none."""
    if d.name is not None and d.name.text in layers:
        return layers[d.name.text]
    clause = d.clause("layer")
    written = clause.body if clause is not None and isinstance(clause.body, tuple) else ()
    own = next((w.key for w in written if isinstance(w, s.Word)), "")
    return own or next((policy.provisions[b].layer for b in cited(d) if b in policy.provisions), "")


def declared(policy: m.Policy) -> Iterator[s.Declaration]:
    for d in policy.declarations:
        yield d
        yield from d.stages


def place(span: Span) -> str:
    return f"{span.source.name}:{span.source.place(span.start)[0]}"


def plain(rows: Iterable[Listed]) -> list[dict[str, Any]]:
    """The rows for other programs; kinds and layers by their English words."""
    return [
        {**asdict(r), "kind": kind_word(r.kind, "en"), "layer": r.layer and word("LAYER", r.layer, "en")} for r in rows
    ]


# One of them.


def known(policy: m.Policy) -> list[str]:
    """Every name `show` answers to, in Chinese: what is declared, what a reading may be, the ids of provisions."""
    names = [x.name.text for x in declared(policy) if x.name is not None]
    return [*dict.fromkeys([*names, *policy.lexicon.english, *policy.readings, *policy.provisions])]


def meant(policy: m.Policy, name: str) -> str:
    """The name somebody most likely meant, in either tongue; '' if none is near."""
    near = get_close_matches(name, [*known(policy), *policy.lexicon.chinese], 1, 0.5)
    return near[0] if near else ""


def shown(policy: m.Policy, name: str, lang: str) -> str:
    """All there is to say of one name; '' if the policy does not know it."""
    name = policy.lexicon.chinese.get(name, name)
    if name in policy.provisions:
        return _Page(policy, name, lang).provision()
    return _Page(policy, name, lang).whole() if name in known(policy) else ""


class _Page:
    """What is said of one name, in one tongue."""

    def __init__(self, policy: m.Policy, name: str, lang: str):
        self.policy, self.name, self.lang = policy, name, lang
        self.words = Wording(policy, lang)
        self.rules = {r.name: r for r in policy.rules}
        self.lines: list[str] = []

    def say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def part(self, zh: str, en: str, lines: Iterable[str]) -> None:
        """A heading with its lines; nothing where there are none."""
        lines = list(lines)
        if lines:
            self.lines += ["", self.say(zh, en), *(f"    {line}" for line in lines)]

    def whole(self) -> str:
        declarations = [d for d in declared(self.policy) if d.name is not None and d.name.text == self.name]
        # A question of a finding is shown with the declaration that asks it.
        declarations += [d for d in declared(self.policy) if d.kind == "finding" and self.name in _questions(d)]
        if spoken_as := spoken(self.policy, self.name, self.lang):
            self.part("词汇", "Vocabulary", spoken_as)
        for d in dict.fromkeys(declarations):
            self.declaration(d)
        if self.name in self.policy.readings and not declarations:
            reading = self.policy.readings[self.name]
            built_in = self.say("内置的解读", "A built-in reading")
            options = self.words.list_sep.join(map(self.words.name, reading.alternatives))
            self.part(built_in, built_in, [reading.question, options])
        if self.name in self.policy.shape.findings and not declarations:
            # A question nobody wrote: what 等 leaves open is asked of a body.
            question = self.policy.shape.findings[self.name]
            asked = self.say("由“等”而来的一问", "A question that 等 (etc) asks")
            self.part(asked, asked, [question.text, self.words.names(question.by)])
        of = (r for r in self.policy.readings.values() if self.name in r.alternatives)
        self.part("一种读法", "An alternative of", (f"{self.words.name(r.name)}  {r.question}" for r in of))
        self.part("用到它的", "What refers to it", self.users())
        return "\n".join(self.lines).strip()

    def provision(self) -> str:
        p = self.policy.provisions[self.name]
        layer = word("LAYER", p.layer, self.lang).replace("_", " ")
        self.lines += [f"{p.id}  {p.locator}  [{layer}]", f"    {p.zh if self.lang == 'zh' else p.en}"]
        self.part("引它的", "What cites it", self.heads(d for d in declared(self.policy) if self.name in _cited_by(d)))
        return "\n".join(self.lines)

    def declaration(self, d: s.Declaration) -> None:
        self.lines += ["", f"{kind_word(d.kind, self.lang)}  {place(d.span)}"]
        self.lines += [f"    {line}" for line in self.words.writer.declaration(d)]
        rule = self.rules.get(d.name.text) if d.name is not None else None
        self.part("依据所说", "What its grounds say", self.grounds(d))
        if rule is not None:
            layer = word("LAYER", rule.layer, self.lang).replace("_", " ")
            self.part("属于", "Part of", [f"{self.words.name(rule.instrument.name)}  [{layer}]"])
            self.part("除外", "What sets it aside", self.exceptions(rule, 0))
        for key in ("disapplies", "may_disapply"):
            clause = d.clause(key)
            targets = [n.text for n in references(clause)] if clause is not None else []
            aside = clause_word(key, self.lang).replace("_", " ")
            self.part(aside, aside, (self.head(x) for x in declared(self.policy) if x.name and x.name.text in targets))
        roots = [rule.fires, *(o.fires for o in rule.options)] if rule is not None else []
        roots += [self.policy.definitions[self.name]] if self.name in self.policy.definitions else []
        leaves = [e for e in m.walk(*roots) if isinstance(e, m.Leaf | m.Unprinted)]
        self.part("取决于的解读", "Readings it turns on", self.readings(leaves))
        self.part("缺口", "Gaps", self.gaps(leaves))
        if d.kind != "case":
            self.part("案例", "Cases", self.cases(d, rule))

    def grounds(self, d: s.Declaration) -> Iterator[str]:
        for id in cited(d):
            if (p := self.policy.provisions.get(id)) is not None:
                yield f"{id}  {p.locator}  {p.zh if self.lang == 'zh' else p.en}"

    def exceptions(self, rule: m.Rule, depth: int) -> Iterator[str]:
        """A tree: what sets the rule aside, and, further in, what sets that aside."""
        waivers = [n for o in rule.options for n in o.waivers]
        for name in dict.fromkeys((*rule.defeated_by, *waivers)):
            by = self.rules.get(name)
            condition = self.words.source(by.condition) if by is not None else ""
            may = self.say("（可以不适用）", " (may)") if name in waivers else ""
            yield f"{'    ' * depth}└ {self.words.name(name)}{may}{self.words.colon}{condition}"
            if by is not None:
                yield from self.exceptions(by, depth + 1)

    def readings(self, leaves: list[m.Leaf | m.Unprinted]) -> Iterator[str]:
        for name in dict.fromkeys(e.name for e in leaves if e.kind == "reading"):
            reading = self.policy.readings.get(name)
            if reading is not None:
                options = self.words.list_sep.join(map(self.words.option, reading.alternatives))
                question = f"  {reading.question}" if reading.question else ""
                yield f"{self.words.name(name)}{self.words.colon}{options}{question}"

    def gaps(self, leaves: list[m.Leaf | m.Unprinted]) -> Iterator[str]:
        told: dict[str, None] = {}
        for e in leaves:
            if e.kind not in ("reading", "tie"):
                who = self.words.paren(self.words.names(e.who)) if e.who else ""
                note = f"  {e.note}" if e.note else ""
                told[f"{self.words.leaf_name(e.name)}{self.words.colon}{self.words.gap(e.kind)}{who}{note}"] = None
        yield from told

    def cases(self, d: s.Declaration, rule: m.Rule | None) -> Iterator[str]:
        """The cases that try a rule; for anything else, those that name it or cite a ground of its."""
        leads_to = {o.effect for o in rule.options} if rule is not None else set()
        for case in self.policy.cases:
            named = {n.text for n in references(case)} & {self.name}
            if named or Tried.by(case).are(set(cited(d)), leads_to):
                yield self.head(case)

    def users(self) -> Iterator[str]:
        users = (d for d in declared(self.policy) if d.kind != "case" and d.name is not None)
        return self.heads(d for d in users if d.name and d.name.text != self.name and self.name in _refers_to(d))

    def heads(self, declarations: Iterable[s.Declaration]) -> Iterator[str]:
        return (self.head(d) for d in declarations)

    def head(self, d: s.Declaration) -> str:
        name = self.words.name(d.name.text) if d.name is not None else ""
        return f"{kind_word(d.kind, self.lang)} {name}  {place(d.span)}"


def _questions(d: s.Declaration) -> set[str]:
    by = d.clause("by")
    return {q.name.text for q in by.items if isinstance(q, s.Question)} if by is not None else set()


def _refers_to(d: s.Declaration) -> set[str]:
    """What a declaration names, its stages left to speak for themselves."""
    return {n.text for c in d.clauses for n in references(c)}


def _cited_by(d: s.Declaration) -> set[str]:
    notes = (c.body.text for c in d.clauses if isinstance(c, s.Clause) and isinstance(c.body, s.Text))
    return {x.text for c in d.clauses for x in cites(c)} | {t.partition("：")[0].strip() for t in notes}
