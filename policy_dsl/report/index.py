"""The index of a folder of pages: who stands how, counted by status, by effect and by what is missing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from attrs import frozen

from .. import __version__
from .. import model as m
from ..decide import Decision, Question
from .chart import Bar, chart
from .frame import LANGUAGES, page, said, section, table, words
from .labels import label
from .markup import Content, Markup, el, put
from .masking import Mask
from .tree import asked, told
from .words import Wording

_KINDS = ("follows", "barred", "open")
_LABELS = {"follows": "follows", "barred": "barred", "open": "may_follow"}


@frozen(eq=False)
class Line:
    """What the index keeps of one decision, so that a roster need not be held whole: how each effect stands with the
    person, and what is missing of which kind and who could supply it, in each language."""

    subject: dict[str, str]
    file: str
    status: str
    effects: dict[str, str]
    missing: dict[str, tuple[tuple[str, str, str], ...]]
    digest: str


def line(decision: Decision, file: str, names: bool) -> Line:
    """The line of one decision, whose page is *file*."""
    kept, _ = told(decision)
    effects: dict[str, str] = {}
    for c in kept:
        kind = "open" if not c.settled else "barred" if c.whole == m.STATUS.option("must_not") else "follows"
        # Over several rows the effect is open if it is on one, and barred only if it is on all.
        if effects.get(c.effect) is None or kind == "open" or (kind == "follows" and effects[c.effect] == "barred"):
            effects[c.effect] = kind
    subject, missing = {}, {}
    for lang in LANGUAGES:
        w = Wording(decision.policy, lang, None if names else Mask())
        subject[lang] = w.subject(decision.record)
        # A row's number tells of one person only: what is missing is counted by what it is.
        found = ((w.gap_name(g, of_row=False), w.gap(g.kind), w.names(g.who)) for g in decision.gaps)
        missing[lang] = tuple(dict.fromkeys(found))
    return Line(subject, file, decision.status, effects, missing, decision.record.digest)


def index_page(policy: m.Policy, question: Question, lines: Sequence[Line], lang: str, names: bool) -> str:
    """The whole index, in both languages, *lang* shown first."""
    articles, titles = {}, {}
    for tongue in LANGUAGES:
        index = _Index(Wording(policy, tongue), question, lines, names)
        titles[tongue] = index.title
        articles[tongue] = index.whole()
    return page(titles, articles, lang, ("print",))


class _Index:
    """The index in one tongue."""

    def __init__(self, w: Wording, question: Question, lines: Sequence[Line], names: bool):
        self.w, self.lang, self.question, self.lines, self.names = w, w.lang, question, lines, names
        self.title = f"{w.name(w.policy.name)}{w.colon}{label('index', self.lang)}"

    def whole(self) -> Markup:
        if not self.lines:
            return put([self.head(), el("p", self.say("empty"))])
        return put([self.head(), self.by_status(), self.by_effect(), self.by_missing(), self.people()])

    def say(self, key: str, *values: object) -> Markup:
        return said(key, self.lang, *values)

    def text(self, text: str) -> Markup:
        return words(text, self.lang)

    def figures(self, key: str, columns: tuple[str, ...], rows: list[list[Content]]) -> Markup:
        """A table of counts: all but its first column are figures, or, where it says what is missing, its last."""
        kind = "figures" if key == "by_missing" else "figures counts"
        return table(self.lang, self.say(key), columns, rows, class_=kind)

    def head(self) -> Markup:
        w = self.w
        total = hashlib.sha256("\n".join(x.digest for x in self.lines).encode()).hexdigest()
        pairs: list[tuple[Content, Content]] = [(self.say("regime"), self.text(w.name(w.policy.name)))]
        pairs += [(self.text(w.say(k)), self.text(x)) for k, x in asked(self.question, w)]
        pairs += [
            (self.say("policy_digest"), el("code", w.policy.digest)),
            (self.say("roster_digest"), el("code", total)),
            (self.say("program"), f"policy-dsl {__version__}"),
        ]
        return el(
            "header",
            el("p", self.say("index"), class_="kicker"),
            el("h1", self.text(w.name(w.policy.name))),
            el("dl", [el("div", el("dt", k), el("dd", x)) for k, x in pairs], class_="head"),
            el("p", self.say("shown" if self.names else "masked"), class_="note"),
            class_="title",
        )

    def by_status(self) -> Markup:
        counts = Counter(x.status for x in self.lines)
        rows: list[list[Content]] = [[self.text(self.w.say(k)), str(counts[k])] for k in ("decided", "undetermined")]
        rows.append([self.say("people"), str(len(self.lines))])
        return section(
            self.lang, "by-status", self.say("by_status"), self.figures("by_status", ("status", "persons"), rows)
        )

    def by_effect(self) -> Markup:
        """Persons by effect, as a chart and as a table; what arises for nobody is named below."""
        counts = {
            v.effect: Counter(x.effects.get(v.effect, "nothing") for x in self.lines) for v in self.w.policy.verdicts
        }
        told_ = {e: n for e, n in counts.items() if any(n[k] for k in _KINDS)}
        rest = [self.w.effect(e) for e in counts if e not in told_]
        bars = [Bar(self.w.effect(e), tuple((k, n[k]) for k in _KINDS)) for e, n in told_.items()]
        rows: list[list[Content]] = [
            [self.text(self.w.effect(e)), *(str(n[k]) for k in (*_KINDS, "nothing"))] for e, n in told_.items()
        ]
        keys = [(k, label(_LABELS[k], self.lang)) for k in _KINDS if any(n[k] for n in told_.values())]
        most = max((sum(n for _, n in b.parts) for b in bars), default=0)
        drawn = chart(bars, keys, most, label("chart", self.lang), f"{self.lang}-chart", self.lang) if bars else None
        columns = ("what_follows", *(_LABELS[k] for k in _KINDS), "nothing")
        below = el("p", self.say("rest"), self.w.colon, self.text(self.w.list_sep.join(rest)), class_="rest")
        return section(
            self.lang,
            "by-effect",
            self.say("by_effect"),
            drawn,
            self.figures("by_effect", columns, rows) if rows else None,
            below if rest else None,
        )

    def by_missing(self) -> Markup:
        counts = Counter(x for one in self.lines for x in one.missing[self.lang])
        rows: list[list[Content]] = [
            [self.text(what), self.text(kind), self.text(who), str(n)]
            for (what, kind, who), n in sorted(counts.items(), key=lambda x: (-x[1], x[0]))
        ]
        columns = ("what", "kind", "who", "persons")
        shown = self.figures("by_missing", columns, rows) if rows else el("p", self.say("nothing_missing"))
        return section(self.lang, "by-missing", self.say("by_missing"), shown)

    def people(self) -> Markup:
        """Everybody, a line each, with a field to find by and headings to sort by where the page's script runs."""
        rows = []
        kinds = [k for k in _KINDS if k != "barred" or any(k in x.effects.values() for x in self.lines)]
        columns = ("number", "status", *(_LABELS[k] for k in kinds), "missing")
        names = [label(c, self.lang) for c in columns]
        for x in self.lines:
            sets: list[Content] = [
                self.text(self.w.list_sep.join(self.w.effect(e) for e, k in x.effects.items() if k == kind))
                for kind in kinds
            ]
            kind = "set" if x.status == "decided" else "open"
            status = el("span", self.text(self.w.say(x.status)), class_=f"status {kind}")
            cells = [status, *sets, str(len(x.missing[self.lang]))]
            link = el("a", self.text(x.subject[self.lang]), href=f"{x.file}#{self.lang}")
            told_ = [el("td", c, data_label=n) for n, c in zip(names[1:], cells, strict=True)]
            rows.append(el("tr", el("th", link, scope="row"), told_, data_status=x.status))
        option = [el("option", self.say("any_status"), value="")]
        option += [el("option", self.text(self.w.say(k)), value=k) for k in ("decided", "undetermined")]
        find = el(
            "div",
            el("label", self.say("filter"), " ", el("input", type="search")),
            el("label", self.say("status"), " ", el("select", option)),
            el("span", self.say("shown_rows"), " ", el("output")),
            el("span", self.say("sort"), class_="note"),
            class_="find",
            hidden=True,
        )
        head = el("thead", el("tr", [el("th", self.text(n), scope="col") for n in names]))
        shown = el("table", el("caption", self.say("people")), head, el("tbody", rows), class_="people")
        return section(self.lang, "people", self.say("people"), find, shown)
