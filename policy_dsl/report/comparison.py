"""A comparison as it is told in one tongue: parts of notes and tables, which every form of output shows alike."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from attrs import frozen

from .. import model as m
from ..comparison.alignment import CATEGORIES, Aligned
from ..comparison.compared import Compared
from ..comparison.sides import Side
from ..language.keywords import clause_word, kind_word
from .comparison_words import say
from .facets import FACETS, Facets, Teller, readings, roots

Cell = tuple[str, ...]


@frozen(eq=False)
class Table:
    """A table: its cells are lines of text. A *grid* is of short cells, told column by column; any other is told row by
    row, the first cell of a row being its heading."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    grid: bool = False
    notes: tuple[str, ...] = ()


@frozen(eq=False)
class Part:
    """A part of a comparison under its own heading."""

    key: str
    title: str
    notes: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


def line(*cells: str | Iterable[str]) -> tuple[Cell, ...]:
    """A row: a cell is a text or several."""
    return tuple((c,) if isinstance(c, str) else tuple(c) for c in cells)


class Telling:
    """Tells what two sides have in common and what not, in one tongue."""

    def __init__(self, compared: Compared, lang: str):
        self.compared, self.pair, self.lang = compared, compared.pair, lang
        self.zh = lang == "zh"
        self.tellers = Teller.of(self.pair.a, lang), Teller.of(self.pair.b, lang)
        self.chinese = Teller.of(self.pair.a, "zh"), Teller.of(self.pair.b, "zh")

    def say(self, key: str, *values: object) -> str:
        return say(key, self.lang, *values)

    @cached_property
    def names(self) -> tuple[str, str]:
        """The two as they are called: 甲 and 乙 with the regime's name, and with what tells one from the other."""
        regimes = [t.w.name(t.side.policy.name) for t in self.tellers]
        marks = [("", ""), *self._marks()]
        said = []
        for i, key in enumerate(("a", "b")):
            more = [pair[i] for pair in marks if pair[0] != pair[1] and pair[i]] if regimes[0] == regimes[1] else []
            paren = self.tellers[i].w.paren(self.tellers[i].w.semi.join(more)) if more else ""
            said.append(f"{self.say(key)} {regimes[i]}{paren}")
        return said[0], said[1]

    def _marks(self) -> Iterator[tuple[str, str]]:
        """What may tell two versions of one regime from each other: its folder, the day, the unit, the readings."""
        for mark in (_called, _as_of, _unit):
            yield mark(self.pair.a), mark(self.pair.b)
        yield self._readings(0), self._readings(1)

    def _readings(self, i: int) -> str:
        w = self.tellers[i].w
        taken = w.word("COMPARE", "taken_as")
        chosen = (f"{w.name(k)} {taken} {w.name(x)}" for k, x in sorted(self.pair.sides[i].readings.items()))
        return w.list_sep.join(chosen)

    @property
    def title(self) -> str:
        return self.say("title", *self.names)

    def provisions(self) -> list[Part]:
        """What the texts say, side by side: by category, then across the categories."""
        return [
            *self.structure(), self.limits(), self.roles(), self.parameters(), self.readings(), self.gaps(),
            self.words(),
        ]  # fmt: skip

    # What is compared.

    def head(self) -> Part:
        rows = [line(self.say(key), *(f(i) for i in (0, 1))) for key, f in self._head()]
        kept = tuple(r for r in rows if any(r[1]) or any(r[2]))
        notes = () if self.pair.a.as_of is not None else (self.say("no_day"),)
        return Part("head", self.say("asked"), notes, (Table(self.say("asked"), ("", *self.names), kept),))

    def _head(self) -> Iterator[tuple[str, Callable[[int], Cell]]]:
        yield "regime", lambda i: (self.tellers[i].w.name(self.pair.sides[i].policy.name), self.pair.sides[i].called)
        yield "as_of", lambda i: (_as_of(self.pair.sides[i]),)
        yield "known", lambda i: (_known(self.pair.sides[i]),)
        yield "unit", lambda i: (self.pair.sides[i].unit,)
        yield "layers", lambda i: (self._layers(i),)
        yield "chosen", lambda i: (self._readings(i),)
        yield "texts", lambda i: tuple(self._texts(i))
        for key, clause in (("authority", "authority"), ("scope", "scope"), ("reach", "reach_back")):
            yield key, self._regimes_say(clause)
        yield "digest", lambda i: (self.pair.sides[i].policy.digest,)

    def _layers(self, i: int) -> str:
        w = self.tellers[i].w
        return w.list_sep.join(w.word("LAYER", x) for x in sorted(self.pair.sides[i].layers))

    def _texts(self, i: int) -> Iterator[str]:
        """Each text with the day it is in force from, and whether it is."""
        t = self.tellers[i]
        regimes = {d.name.text: d for d in t.side.policy.declarations if d.kind == "regime" and d.name is not None}
        for instrument in t.side.policy.instruments:
            clause = regimes[instrument.name].clause("in_force") if instrument.name in regimes else None
            since = " ".join(t.clause(clause)) if clause is not None else ""
            said = [x for x in (since, *t.force(instrument)) if x]
            yield t.w.name(instrument.name) + (t.w.paren(t.w.semi.join(said)) if said else "")

    def _regimes_say(self, key: str) -> Callable[[int], Cell]:
        return lambda i: tuple(self._of_regimes(i, key))

    def _of_regimes(self, i: int, key: str) -> Iterator[str]:
        """What each text says under one heading."""
        t = self.tellers[i]
        for d in t.side.policy.declarations:
            clause = d.clause(key) if d.kind == "regime" else None
            if clause is not None and d.name is not None:
                head = clause_word(key, self.lang) + t.w.writer.colon
                said = " ".join(t.clause(clause)).removeprefix(head).strip()
                yield f"{t.w.name(d.name.text)}{t.w.colon}{said}"

    # By category.

    def overview(self) -> Part:
        """How many provisions of each category both have, and each alone."""
        rows = []
        for category in CATEGORIES:
            here = [r for r in self.compared.rows if r.category == category]
            if here:
                counts = [sum(f(r) for r in here) for f in (_both, _only_a, _only_b)]
                rows.append(line(kind_word(category, self.lang), *map(str, counts)))
        columns = tuple(self.say(k) for k in ("category", "both", "only_a", "only_b"))
        notes = [self.say("how")]
        for i, name in enumerate(self.names):
            idle = [x.name for x in self.pair.sides[i].policy.instruments if not self.pair.sides[i].governs(x)]
            if idle:
                notes.append(self.say("idle", name, self._listing(map(self.tellers[i].w.name, idle))))
            have = {x.category for r in self.compared.rows if (x := (r.a, r.b)[i]) is not None}
            others = {x.category for r in self.compared.rows if (x := (r.b, r.a)[i]) is not None}
            notes += [self.say("lacks", name, kind_word(c, self.lang)) for c in CATEGORIES if c in others - have]
        return Part(
            "structure",
            self.say("structure"),
            tuple(notes),
            (Table(self.say("structure"), columns, tuple(rows), True),),
        )

    def structure(self) -> Iterator[Part]:
        for category in CATEGORIES:
            here = [r for r in self.compared.rows if r.category == category]
            if not here:
                continue
            told = [(r, self.differing(r)) for r in here if r.a is not None and r.b is not None]
            alike = [self.tellers[0].w.name(r.rule.name) for r, differing in told if not differing]
            notes = (self.say("identical") + self.tellers[0].w.list_sep.join(alike),) if alike else ()
            tables = [self._beside(r, differing) for r, differing in told if differing]
            tables += self._alone([r for r in here if r.a is None or r.b is None])
            yield Part(f"structure-{category}", kind_word(category, self.lang), notes, tuple(tables))

    def differing(self, r: Aligned) -> tuple[str, ...]:
        """The facets in which two that answer to each other are not the same, by their Chinese texts."""
        first, second = self.facets_zh(0, r.a), self.facets_zh(1, r.b)
        return tuple(k for k in (*FACETS, "standing") if first.get(k, ()) != second.get(k, ()))

    def facets_zh(self, i: int, rule: m.Rule | None) -> Facets:
        return {} if rule is None else self.chinese[i].facets(rule)

    def facets(self, i: int, rule: m.Rule | None) -> Facets:
        return {} if rule is None else self.tellers[i].facets(rule)

    def _beside(self, r: Aligned, differing: tuple[str, ...]) -> Table:
        """Two that answer to each other, facet by facet."""
        first, second = self.facets(0, r.a), self.facets(1, r.b)
        w = self.tellers[0].w
        rows = [
            line(self.say(k), first.get(k, ()), second.get(k, ()))
            for k in (*FACETS, "ground", "standing")
            if k in first or k in second
        ]
        notes = [self.say("alike", f"{r.alike:.0%}")]
        if r.shared:
            notes.append(self.say("both_read", w.list_sep.join(w.name(x) for x in r.shared)))
        notes.append(self.say("differs", w.list_sep.join(self.say(k) for k in differing)))
        names = [self._named(i, rule) for i, rule in enumerate((r.a, r.b))]
        title = names[0].partition(" ")[2] + " ↔ " + names[1].partition(" ")[2]
        return Table(title, ("", *names), tuple(rows), notes=(w.semi.join(notes),))

    def _named(self, i: int, rule: m.Rule | None) -> str:
        assert rule is not None
        return f"{self.say('ab'[i])} {self.tellers[i].w.name(rule.name)}"

    def _alone(self, rows: Sequence[Aligned]) -> Iterator[Table]:
        """Those nothing answers to, by the effects they lead to: A's, then B's."""
        by: dict[tuple[str, ...], list[tuple[int, m.Rule]]] = {}
        for r in rows:
            i, rule = (0, r.a) if r.a is not None else (1, r.rule)
            by.setdefault(self._leads(i, rule), []).append((i, rule))
        columns = tuple(self.say(k) for k in ("provision", "content", "by", "unprinted", "ground"))
        for effects, found in by.items():
            told = [self._one(i, rule) for i, rule in sorted(found, key=lambda x: x[0])]
            yield Table(self._listing(self.effect(e) for e in effects) or self.say("apart"), columns, tuple(told))

    def effect(self, name: str) -> str:
        """An effect by its name, whichever side has it."""
        has = (t for t in self.tellers if name in t.side.policy.shape.effects)
        return next(has, self.tellers[0]).w.effect(name)

    def _one(self, i: int, rule: m.Rule) -> tuple[Cell, ...]:
        f = self.facets(i, rule)
        said = [f.get(k, ()) for k in ("when", "terms", "leads", "numbers", "time", "then")]
        said.append(tuple(f"{self.say('exceptions')} {x}" for x in f.get("exceptions", ())))
        missing = (*f.get("unprinted", ()), *(f"{self.say('turns_on')} {x}" for x in f.get("turns_on", ())))
        where = (*f.get("ground", ()), *f.get("standing", ()))
        return line(self._named(i, rule), (x for part in said for x in part), f.get("by", ()), missing, where)

    def _leads(self, i: int, rule: m.Rule) -> tuple[str, ...]:
        """What it leads to; of what sets others aside, what those lead to."""
        if rule.options:
            return tuple(dict.fromkeys(o.effect for o in rule.options))
        aside = (r for r in self.pair.sides[i].policy.rules if rule.name in r.defeated_by)
        return tuple(dict.fromkeys(o.effect for r in aside for o in r.options))

    # Across the categories.

    def limits(self) -> Part:
        """Every time limit, side by side."""
        rows = []
        for r in self.compared.rows:
            found = [self.facets(i, rule).get("time", ()) for i, rule in enumerate((r.a, r.b))]
            if any(found):
                names = [self._named(i, x) for i, x in enumerate((r.a, r.b)) if x is not None]
                rows.append(line(names, *found))
        return self._part("limits", ("provision", *self.names), rows)

    def roles(self) -> Part:
        """Every body, with what it decides, does or hands in."""
        done: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
        shown: dict[str, str] = {}
        for i, t in enumerate(self.tellers):
            for rule in t.side.rules:
                owed = rule.clock.owed_by if rule.clock is not None else ()
                for body in (*(b for _, bodies in rule.decider.rows for b in bodies), *rule.toward, *owed):
                    done.setdefault(body, ({}, {}))[i][t.w.name(rule.name)] = None
                    shown.setdefault(body, t.w.who(body))
        rows = [line(shown[body], *(self._listed(x) for x in both)) for body, both in done.items()]
        return self._part("roles", ("body", *self.names), rows)

    def parameters(self) -> Part:
        """Every number a provision rests on."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for i, t in enumerate(self.tellers):
            for rule in t.side.rules:
                for text in t.numbers(rule):
                    name, _, said = text.partition(t.w.colon)
                    found.setdefault(name, [(), ()])[i] = (said,)
        return self._part("parameters", ("parameter", *self.names), [line(k, *x) for k, x in found.items()])

    def readings(self) -> Part:
        """Every reading, what it asks and what it may be, or what was chosen."""
        found: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        for i, t in enumerate(self.tellers):
            used = readings([x for rule in t.side.rules for x in roots(rule)], t.side.policy)
            for name in used:
                r = t.side.policy.readings[name]
                chosen = t.side.readings.get(name)
                ways = [f"{'● ' if a == chosen else ''}{t.w.name(a)}" for a in r.alternatives]
                said = (t.w.list_sep.join(ways), *((r.question,) if r.question else ()))
                found.setdefault((name, t.w.name(name)), [(), ()])[i] = said
        return self._part("readings", ("readings", *self.names), [line(k[1], *x) for k, x in found.items()])

    def gaps(self) -> Part:
        """What each leaves unprinted: the provision, and what is missing in it."""
        rows = []
        for r in self.compared.rows:
            found = [self.facets(i, rule).get("unprinted", ()) for i, rule in enumerate((r.a, r.b))]
            if any(found):
                names = [self._named(i, x) for i, x in enumerate((r.a, r.b)) if x is not None]
                rows.append(line(names, *found))
        return self._part("gaps", ("provision", *self.names), rows)

    def words(self) -> Part:
        """What conditions of both read, and of one alone."""
        read = [self._read(t) for t in self.tellers]
        shown = {x: t.w.name(x) for t in reversed(self.tellers) for x in self._read(t)}
        sets = (read[0] & read[1], read[0] - read[1], read[1] - read[0])
        keys = ("words_both", "words_a", "words_b")
        rows = [line(self.say(k), self._listed(shown[x] for x in sorted(of))) for k, of in zip(keys, sets, strict=True)]
        return self._part("words", ("words", "fact"), rows)

    def _read(self, t: Teller) -> set[str]:
        topics = {x for rule in t.side.rules for root in roots(rule) for x in root.topics}
        asked = t.side.policy.shape.findings
        open_ = {x for x in topics if x[0] == "finding" and asked[str(x[1])].text == ""}
        return {"·".join(map(str, x[1:])) for x in topics - open_ if x[0] in ("fact", "field", "finding")}

    def _listing(self, names: Iterable[str]) -> str:
        return self.tellers[0].w.list_sep.join(names)

    def _listed(self, names: Iterable[str]) -> Cell:
        text = self._listing(names)
        return (text,) if text else ()

    def _part(self, key: str, columns: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> Part:
        """A part of one table; a column is a label or a text."""
        title = self.say(key)
        shown = tuple(c if c in self.names else self.say(c) for c in columns)
        return Part(key, title, (), (Table(title, shown, tuple(rows)),) if rows else ())


def _called(side: Side) -> str:
    return side.called


def _as_of(side: Side) -> str:
    return "" if side.as_of is None else datetime.date.fromordinal(side.as_of).isoformat()


def _known(side: Side) -> str:
    return "" if side.known_as_of is None else datetime.date.fromordinal(side.known_as_of).isoformat()


def _unit(side: Side) -> str:
    return side.unit


def _both(r: Aligned) -> bool:
    return r.a is not None and r.b is not None


def _only_a(r: Aligned) -> bool:
    return r.b is None


def _only_b(r: Aligned) -> bool:
    return r.a is None
