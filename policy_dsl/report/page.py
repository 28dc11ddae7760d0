"""A decision as one page for a legal reviewer: head, numbered opinion, what is missing, options, readings, provisions.

It says what the text opinion and the JSON say, from the same structures; nothing is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .. import __version__
from .. import model as m
from ..decide import Conclusion, Decision, Turn
from ..explanation import leaf_key
from ..language.keywords import word
from ..values import settled
from .choices import OPEN, assumed, chosen_by
from .frame import LANGUAGES, page, said, section, table, words
from .json import left_out, measures
from .markup import Content, Markup, anchor, el, put
from .masking import Mask
from .missing import lacks
from .opinion import Heading, headings, remedies, title
from .overlay import told_over
from .standing import acted, stood
from .terms import Terms
from .tree import Step, Tree, asked, only_on
from .turns import Branch, branches, result, taken
from .words import Wording

_OPEN_TO = 2
# The status a rule's option gives when it arises alone; what may be set aside is still a duty.
_MODALITY = {"one_of": "must_one_of", "waivable": "must_waivable"}


def decision_page(decision: Decision, lang: str, why_not: bool = False, names: bool = False, home: str = "") -> str:
    """The whole page, in both languages, *lang* shown first. Unless *names*, what may tell who the person is is
    withheld. *home* is the address of an index to go back to."""
    mask = None if names else Mask()
    articles, titles = {}, {}
    for tongue in LANGUAGES:
        w = Wording(decision.policy, tongue, mask)
        titles[tongue] = title(decision, w)
        articles[tongue] = _Article(decision, w, why_not, home).whole()
    return page(titles, articles, lang, ("open_all", "close_all", "print"))


class _Article:
    """One decision in one tongue."""

    def __init__(self, decision: Decision, w: Wording, why_not: bool, home: str):
        self.decision, self.w, self.lang, self.home = decision, w, w.lang, home
        self.tree = Tree(w, decision.given)
        self.headings, self.rest = headings(decision, w, self.tree, why_not)
        self.lacks = list(lacks(decision, w))
        self.gaps = {x.gap.key: n for n, x in enumerate(self.lacks, 1)}
        self.cited: dict[str, None] = {}

    def whole(self) -> Markup:
        parts = [
            self.head(),
            self.overview(),
            self.reasons(),
            self.missing(),
            self.options(),
            self.readings(),
            self.assumptions(),
            *self.standing(),
            *self.over(),
            self.tail(),
        ]
        # What the parts cite is known only now.
        return put([*parts, self.provisions()])

    # Small pieces.

    def say(self, key: str, *values: object) -> Markup:
        return said(key, self.lang, *values)

    def text(self, text: str) -> Markup:
        return words(text, self.lang)

    def id(self, *parts: str) -> str:
        return anchor(self.lang, *parts)

    def link(self, *to: str, text: Content, **attributes: str) -> Markup:
        return el("a", text, href=f"#{self.id(*to)}", **attributes)

    def cite(self, ids: Iterable[str]) -> Content:
        """Provisions, each a link to where the page tells of it."""
        out: list[Content] = []
        for id in dict.fromkeys(ids):
            self.cited.setdefault(id)
            out += [self.w.list_sep if out else None, self.link("p", id, text=id, class_="cite")]
        return out

    def status(self, mask: int) -> Markup:
        kind = "open" if not settled(mask) else "quiet" if mask == 1 else "set"
        return el("span", self.text(self.w.status(mask)), class_=f"status {kind}")

    def verdict(self, c: Conclusion) -> Content:
        """The status; on two lines where the text is not wholly printed."""
        if c.printed == c.whole:
            return self.status(c.whole)
        lines = ((self.w.say("printed_line"), c.printed), (self.w.say("whole_line"), c.whole))
        return el(
            "span",
            [el("span", el("i", self.text(k)), " ", self.status(x), class_="line") for k, x in lines],
            class_="two",
        )

    def borne(self, h: Heading) -> Content:
        """The status with its amount, period and last day."""
        return [self.verdict(h.conclusion), el("span", " ", self.text(h.terms), class_="terms") if h.terms else None]

    def element(self, c: Conclusion) -> str:
        return self.w.element(c.list, c.row.id if c.row else None)

    def named(self, effects: Sequence[str]) -> Markup:
        return self.text(self.w.list_sep.join(effects))

    # The parts, in their order.

    def head(self) -> Markup:
        d, w = self.decision, self.w
        pairs: list[tuple[Content, Content]] = [(self.say("regime"), self.text(w.name(d.policy.name)))]
        pairs += [(self.text(w.say(k)), self.text(x)) for k, x in asked(d.question, w)]
        pairs += [
            (self.say("policy_digest"), el("code", d.policy.digest)),
            (self.say("record_digest"), el("code", d.record.digest)),
            (self.say("program"), f"policy-dsl {__version__}"),
        ]
        open_ = sum(not c.settled for h in self.headings for c in [h.conclusion] * len(h.effects))
        count = sum(len(h.effects) for h in self.headings)
        kind = "set" if d.status == "decided" else "open"
        return el(
            "header",
            el("p", self.say("opinion"), class_="kicker"),
            el("h1", self.text(title(d, w))),
            el(
                "p",
                el("strong", self.text(w.say(d.status)), class_=f"status {kind}"),
                self.text(w.paren(only)) if (only := only_on(d, w)) else None,
                " ",
                self.say("counts", count, open_, len(self.lacks)),
                class_="standing",
            ),
            el("dl", [el("div", el("dt", k), el("dd", x)) for k, x in pairs], class_="head"),
            el("p", self.say("shown" if w.mask is None else "masked"), class_="note"),
            el("p", el("a", self.say("to_index"), href=self.home), class_="home") if self.home else None,
            class_="title",
        )

    def overview(self) -> Markup:
        rows: list[list[Content]] = []
        for n, h in enumerate(self.headings, 1):
            c = h.conclusion
            number = self.link("c", str(n), text=h.mark.strip("、. "))
            rows.append(
                [number, self.named(h.effects), self.text(self.element(c)), self.borne(h), self.text(h.by) or "—"]
            )
        columns = ("no", "what_follows", "of", "status", "decided_by")
        shown = table(self.lang, self.say("overview"), columns, rows, class_="overview") if rows else None
        quiet = el("p", self.say("rest"), self.w.colon, self.named(self.rest), class_="rest") if self.rest else None
        return section(self.lang, "overview", self.say("overview"), shown, quiet)

    def reasons(self) -> Markup:
        return section(
            self.lang,
            "reasons",
            self.say("reasons"),
            el("p", self.say("parts"), class_="note"),
            [self.heading(n, h) for n, h in enumerate(self.headings, 1)],
        )

    def heading(self, n: int, h: Heading) -> Markup:
        c, w = h.conclusion, self.w
        id = self.id("c", str(n))
        parts: list[tuple[str, list[Content]]] = [
            ("facts", [self.text(x) for x in h.facts]),
            ("findings", [self.text(x) for x in h.findings]),
            ("ground", [self.ground(h, i) for i in range(len(h.ground))]),
            ("applies", [self.steps(h)]),
            ("exceptions", [[self.text(name), w.colon, self.text(state)] for name, state in h.exceptions]),
            ("readings", [self.turns(c), self.text(h.same) if h.same else None]),
            ("conclusion", [self.conclusion(h)]),
        ]
        rows = []
        for key, items in parts:
            if filled := [x for x in map(put, items) if x]:
                rows.append(el("div", el("dt", self.text(w.say(key))), [el("dd", x) for x in filled], class_=key))
        where = el("span", self.text(self.element(c)), class_="of")
        mark = el("span", h.mark, class_="mark")
        return el(
            "section",
            el("h3", mark, self.named(h.effects), " ", where, " ", self.borne(h), id=f"{id}-h"),
            el("dl", rows, class_="parts"),
            id=id,
            class_="conclusion",
            aria_labelledby=f"{id}-h",
        )

    def ground(self, h: Heading, i: int) -> Content:
        x, w = h.ground[i], self.w
        cited: list[Content] = []
        for id, place in x.provisions:
            cited += [w.list_sep if cited else None, self.cite([id]), self.text(w.paren(place)) if place else None]
        layer = f"{w.comma}{w.say('layer')} {x.layer}{w.semi}{x.instrument}{w.comma}{x.start}"
        return [self.text(x.rule), " — ", cited, self.text(layer)]

    def conclusion(self, h: Heading) -> Content:
        w = self.w
        text = h.title + (f"{w.semi}{w.say('by')} {h.by}" if h.by else "")
        return el("strong", self.text(text + (w.paren(w.semi.join(h.notes)) if h.notes else "")))

    # The steps.

    def steps(self, h: Heading) -> Content:
        return el("ol", [self.step(s, 0) for s in h.steps], class_="steps") if h.steps else None

    def step(self, s: Step, depth: int) -> Markup:
        w = self.w
        leaves = dict.fromkeys(n for e in s.leaves if (n := self.gaps.get(leaf_key(e.node, e.rows) or ())))
        readings = [
            e.node.name for e in s.leaves if isinstance(e.node, m.Leaf) and e.node.name in self.decision.policy.readings
        ]
        kind = "open" if not settled(s.value) else "no" if s.no else "yes"
        line: list[Content] = [
            el("span", f"{s.number}.", class_="n") if s.number else None,
            self.text(s.says),
            el("span", " 〔" if w.zh else " [", self.cite(s.basis), "〕" if w.zh else "]", class_="cites")
            if s.basis
            else None,
            " — ",
            el("b", self.text(s.result), class_=kind),
            el("span", self.text(w.paren(s.compared)), class_="compared") if s.compared else None,
            [" ", el("span", self.text(s.state), class_="state")] if s.state else None,
            [[" ", self.link("g", str(n), text=self.say("lack_no", n), class_="gap")] for n in leaves],
            [[" ", self.link("r", r, text=self.say("reading"), class_="gap")] for r in dict.fromkeys(readings)],
        ]
        if s.seen:
            line += [" ", self.link("s", str(s.seen), text=self.text(f"{w.say('as_above')} {s.seen}"), class_="seen")]
            return el("li", el("p", line))
        id = self.id("s", str(s.number))
        if not s.parts:
            return el("li", el("p", line), id=id)
        inner = el("ol", [self.step(p, depth + 1) for p in s.parts])
        return el("li", el("details", el("summary", line), inner, open=depth < _OPEN_TO), id=id)

    # Readings.

    def turns(self, c: Conclusion) -> Content:
        if not c.turns:
            return None
        if c.capped:
            items = [el("li", self.text(f"{taken(t, self.w)} → "), self.outcome(t)) for t in c.turns]
            return el("p", self.say("capped")), el("ul", items, class_="turns")
        tree = branches(c.turns)
        return None if isinstance(tree, Turn) else self.branch(tree)

    def branch(self, b: Branch) -> Markup:
        """The readings a conclusion turns on: a list in a list for each."""
        w, (name, ways) = self.w, b
        items = []
        for alternatives, inner in ways:
            chosen = [
                self.link("r", name, text=self.text(w.name(name))),
                self.text(f" {w.word('COMPARE', 'taken_as')} {w.list_sep.join(w.name(a) for a in alternatives)}"),
            ]
            end = [" → ", self.outcome(inner)] if isinstance(inner, Turn) else [w.colon, self.branch(inner)]
            items.append(el("li", chosen, end))
        return el("ul", items, class_="turns")

    def outcome(self, t: Turn) -> Markup:
        return self.status(t.whole) if t.printed == t.whole else self.text(result(t, self.w))

    def readings(self) -> Markup | None:
        policy, chosen, w = self.decision.policy, self.decision.question.readings, self.w
        at: dict[str, list[int]] = {name: [] for name in chosen}
        for n, h in enumerate(self.headings, 1):
            for name in (*h.conclusion.same_whichever, *(r for t in h.conclusion.turns for r in t.readings)):
                at.setdefault(name, [])
            for name in dict.fromkeys(r for t in h.conclusion.turns for r in t.readings):
                at[name].append(n)
        for h in self.headings:
            for e in h.conclusion.why.walk():
                if isinstance(e.node, m.Leaf) and e.node.name in policy.readings:
                    at.setdefault(e.node.name, [])
        capped = any(h.conclusion.capped for h in self.headings)
        rows: list[list[Content]] = []
        for name, numbers in at.items():
            r = policy.readings[name]
            ways = [
                el("li", el("b", self.text(w.name(a))), self.text(w.colon + r.notes[a]) if r.notes.get(a) else None)
                for a in r.alternatives
            ]
            none = "turns_chosen" if name in chosen else "turns_capped" if capped else "turns_none"
            turning: list[Content] = []
            for n in numbers:
                h = self.headings[n - 1]
                turning += [w.list_sep if turning else None, self.link("c", str(n), text=h.mark.strip("、. "))]
            rows.append(
                [
                    el("span", self.text(w.name(name)), id=self.id("r", name)),
                    [self.text(r.question), " ", el("span", self.cite(r.basis), class_="cites")],
                    el("ol", ways),
                    self.text(w.name(chosen[name])) if name in chosen else self.text(w.say("none_chosen")),
                    turning or self.say(none),
                ]
            )
        if not rows:
            return None
        columns = ("reading", "asks", "ways", "chosen", "turning")
        return section(
            self.lang,
            "readings",
            self.say("readings"),
            table(self.lang, self.say("readings"), columns, rows, class_="wide"),
        )

    # What is missing, open, taken as so, left out.

    def missing(self) -> Markup:
        rows: list[list[Content]] = []
        for n, x in enumerate(self.lacks, 1):
            changes = [
                el(
                    "li",
                    self.text(f"{self.w.say('if')} {answer} → "),
                    self.text(
                        self.w.semi.join(f"{status} {self.w.list_sep.join(effects)}" for status, effects in given)
                    ),
                )
                for answer, given in x.answers
            ]
            what = el("span", self.say("lack_no", n), self.w.colon, self.text(x.what), id=self.id("g", str(n)))
            answers = el("ul", changes) if changes else self.say("no_change" if x.gap.answers else "untried")
            rows.append([what, self.text(x.kind), self.text(x.who), self.named(x.bears), answers])
        columns = ("what", "kind", "who", "bears", "if_answered")
        shown = (
            table(self.lang, self.say("missing"), columns, rows, class_="wide")
            if rows
            else el("p", self.say("nothing_missing"))
        )
        return section(self.lang, "missing", self.say("missing"), shown)

    def options(self) -> Markup | None:
        w = self.w
        rows: list[list[Content]] = []
        for x in measures(self.decision):
            place = x["element"] or {"list": None, "id": None}
            lists: list[Content] = [self.named([w.effect(e) for e in x[k]]) or "—" for k in OPEN]
            if x["not_limited"]:
                lists[0] = [lists[0], self.text(w.paren(w.say("not_limited")))]
            rule = [
                self.text(w.name(x["rule"])),
                " ",
                el("span", self.cite(b["id"] for b in x["basis"]), class_="cites"),
            ]
            rows.append(
                [
                    rule,
                    self.text(w.element(place["list"], place["id"])),
                    *lists,
                    self.text(chosen_by(x, self.decision, w)),
                ]
            )
        if not rows:
            return None
        columns = ("choice_under", "element", "open", "perhaps", "struck", "chosen_by")
        note = el("p", self.say("never_chosen"), class_="note")
        return section(
            self.lang,
            "options",
            self.say("options"),
            note,
            table(self.lang, self.say("options"), columns, rows, class_="wide"),
        )

    def assumptions(self) -> Markup:
        items = [el("li", self.text(x)) for x in assumed(self.decision, self.w)]
        return section(
            self.lang, "assumptions", self.say("assumptions"), el("ul", items) if items else el("p", self.say("none"))
        )

    def standing(self) -> list[Markup]:
        """Where each case stands in its procedure; what was done against a conclusion or without one."""
        parts = (("stages", stood(self.decision, self.w)), ("acted", acted(self.decision, self.w)))
        made = []
        for key, lines in parts:
            if items := [el("li", el("b", self.text(what)), self.text(f" — {how}")) for what, how in lines]:
                made.append(section(self.lang, key, self.say(key), el("ul", items)))
        return made

    def over(self) -> Iterator[Markup]:
        """What each text above makes of it, part by part."""
        for n, told in enumerate(told_over(self.decision, self.w), 1):
            content: list[Content] = [el("p", self.text(f"{self.w.say('laid_over')}{self.w.colon}{told.title}"))]
            for key, lines in told.parts:
                items = [
                    el(
                        "li",
                        self.text(x.text),
                        el("span", " ", self.cite(x.basis), class_="cites") if x.basis else None,
                    )
                    for x in lines
                ]
                content.append(put([el("h3", self.text(self.w.say(key))), el("ul", items)]))
            yield section(self.lang, f"over-{n}", self.say("over"), content)

    def tail(self) -> Markup:
        w = self.w
        found = [el("li", self.text(Terms(self.decision, w).line_of(c))) for c in remedies(self.decision)]
        left: dict[str, list[str]] = {}
        for x in left_out(self.decision):
            left.setdefault(x["layer"], []).append(w.name(x["rule"]))
        skipped = [
            el("li", self.text(f"{w.say('layer')} {word('LAYER', layer, self.lang)}{w.colon}"), self.named(rules))
            for layer, rules in left.items()
        ]
        return put(
            [
                section(
                    self.lang,
                    "remedies",
                    self.say("remedies"),
                    el("ul", found) if found else el("p", self.text(w.say("none_printed"))),
                )
                if found or not self.decision.only
                else None,
                section(
                    self.lang,
                    "left-out",
                    self.say("not_considered"),
                    el("ul", skipped) if skipped else el("p", self.say("none")),
                ),
            ]
        )

    def provisions(self) -> Markup:
        """Every provision the page cites: where it stands, its layer, its substance, how what rests on it binds."""
        entries = [self.provision(id) for id in sorted(self.cited)]
        note = el("p", self.say("own_words"), class_="note")
        return section(self.lang, "provisions", self.say("provisions"), note, entries)

    def provision(self, id: str) -> Markup:
        policies = (self.decision.policy, *(a.policy for a in self.decision.above))
        policy = next((x for x in policies if id in x.provisions), policies[0])
        w, p = Wording(policy, self.lang, self.w.mask), policy.provisions.get(id)
        modality: dict[str, list[str]] = {}
        for rule in policy.rules:
            if id in rule.basis:
                for o in rule.options:
                    bound = f"{w.name(rule.name)}{w.colon}{w.word('STATUS', _MODALITY.get(o.flag, o.flag))}"
                    modality.setdefault(bound, []).append(w.effect(o.effect))
        binds = [
            el("li", self.text(f"{bound} "), self.named(list(dict.fromkeys(effects))))
            for bound, effects in modality.items()
        ]
        at = [(n, h) for n, h in enumerate(self.headings, 1) if any(id == x for g in h.ground for x, _ in g.provisions)]
        used: list[Content] = []
        for n, h in at:
            used += [w.list_sep if used else None, self.link("c", str(n), text=h.mark.strip("、. "))]
        pairs: list[tuple[str, Content]] = []
        if p is None:
            pairs.append(("stands_at", self.say("not_registered")))
        else:
            zh, en = (el("span", x, lang=t) if x else None for x, t in ((p.zh, "zh"), (p.en, "en")))
            pairs += [
                ("stands_at", self.text(p.locator) if p.locator else self.say("not_registered")),
                ("layer", self.text(word("LAYER", p.layer, self.lang))),
                ("paraphrase", (zh or en) if w.zh else (en or zh)),
            ]
        pairs += [("modality", el("ul", binds) if binds else self.say("no_modality"))]
        if used:
            pairs.append(("cited_at", used))
        name = self.id("p", id)
        return el(
            "section",
            el("h3", id, id=f"{name}-h"),
            el("dl", [el("div", el("dt", self.say(k)), el("dd", x)) for k, x in pairs], class_="parts"),
            id=name,
            class_="provision",
            aria_labelledby=f"{name}-h",
        )
