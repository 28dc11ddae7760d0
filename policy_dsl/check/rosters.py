"""Rosters: whom a lottery, a rank or a share of persons concerns, how many it takes, and what it yields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .. import model as m
from ..diagnostics import Note
from ..language import syntax as s
from ..values import SCALE, YES_NO, number
from .expressions import Elaborator
from .procedures import Procedures
from .scope import Scope, cited, slots_of
from .symbols import BUILT_IN_READINGS, Declared, Symbols

ROUNDING: Final = "取整办法"
# What a 每 may say that is no group but how often: the period a result is named after.
PERIODS: Final = ("years", "months")
# A number of persons has one of these units.
_COUNTED: Final = ("number", "times")
# What 得出 may name, where somebody is taken or not, and where everybody has a place.
_YIELDS: Final = {
    True: "本人的“是否”事实或认定\ta fact or finding of the person, yes or no",
    False: "本人的、单位为“数值”或“次”的事实\ta fact of the person in a_number or in_times",
}


def rosters(symbols: Symbols, values: Elaborator, book: Procedures) -> tuple[m.Roster, ...]:
    """Every 名册 of the pack, with its own clauses alone: what else it needs is said by `check_clauses`."""
    made: dict[str, m.Roster] = {}
    for it in symbols.others:
        d = it.node
        if d.kind != "roster" or d.name is None:
            continue
        if (first := made.get(d.name.text)) is not None and first.span.name is not None:
            note = Note(first.span.name.span, "前一处", "declared first here")
            symbols.report("P201", d.name.span, note, name=d.name.text)
        elif (roster := _Reader(it, symbols, values, book).roster()) is not None:
            made[d.name.text] = roster
    return tuple(made.values())


class _Reader:
    """Reads one declaration."""

    def __init__(self, it: Declared, symbols: Symbols, values: Elaborator, book: Procedures):
        self.it, self.symbols, self.values, self.book = it, symbols, values, book
        self.d, self.name = it.node, it.node.name.text if it.node.name else ""

    def roster(self) -> m.Roster | None:
        d, home = self.d, self.book.instrument(self.it.regime)
        if home is None:
            self.symbols.report("P309", d.span)
            return None
        scope = Scope((), self.values.today, home.start, home.authority, self.name, cited(d))
        ranked, share = self.ranked(scope), self.share(scope)
        every, period = self.every(scope)
        by = d.clause("by")
        roster = m.Roster(
            name=self.name,
            within=self.within(home, scope),
            every=every,
            period=period,
            ranked=ranked,
            share=share,
            lot=d.clause("drawn") is not None,
            rounding=self.rounding(share),
            yields=self.yields(share is not None or ranked is None),
            by=self.symbols.body_names(by.body if by is not None and isinstance(by.body, tuple) else ()),
            span=d,
        )
        self.no_circle(roster)
        return roster

    def within(self, home: m.Instrument, scope: Scope) -> m.Expr:
        """范围, for whom the instrument reaches, where it is in force and its layer admitted."""
        clause = self.d.clause("range")
        own = self.values.truth(clause.body, scope) if clause is not None and isinstance(clause.body, s.Node) else None
        layer = self.book.layer_of(self.d, home)
        reach = self.book.scope_condition(self.it.regime, scope)
        force = self.book.in_force(self.it, home, self.values.today, "neutral", layer)
        parts = tuple(x for x in (own, reach, force, m.Admitted(layer=layer, source=self.d)) if x is not None)
        body = m.All(parts=parts, source=clause or self.d, slots=slots_of(*parts))
        return m.Named(name=self.name, body=body, source=self.d, role="roster", basis=cited(self.d))

    def every(self, scope: Scope) -> tuple[tuple[m.Expr, ...], str]:
        """每: what persons are grouped by, and how often."""
        clause = self.d.clause("every")
        groups: list[m.Expr] = []
        period = ""
        for n in clause.body if clause is not None and isinstance(clause.body, tuple) else ():
            if isinstance(n, s.Word) and n.terminal == "TYPE" and n.key in PERIODS:
                period = n.key
            elif isinstance(n, s.Name):
                groups.append(self.values.value(n, scope, None))
            elif isinstance(n, s.Node):
                have, want = (
                    "别的写法\tsomething else",
                    "年、月或分组的事实、定义\tin_years, in_months, or what groups them",
                )
                self.symbols.report("P202", n.span, name=n.span.text, have=have, want=want)
        return tuple(groups), period

    def ranked(self, scope: Scope) -> m.Expr | None:
        clause = self.d.clause("ranked")
        if clause is None or not isinstance(clause.body, s.Node):
            return None
        value = self.values.value(clause.body, scope, None)
        if not self.values.broken(value) and value.type.kind not in ("number", "day") and not value.type.ordered:
            op = "排名\tranked"
            self.symbols.report("P204", clause.body.span, type=self.values.type_words(value), op=op)
        return value

    def share(self, scope: Scope) -> m.Expr | None:
        """How many, or what share of them: the same for everybody, whoever is in the range."""
        clause = self.d.clause("drawn", "share")
        if clause is None or not isinstance(clause.body, s.Node):
            return None
        expected = number("percent") if isinstance(clause.body, s.Gap) else None
        value = self.values.value(clause.body, scope, expected)
        if self.values.broken(value):
            return value
        span = clause.body.span
        want = "人数或比例\ta number of persons, or a share of them"
        if value.type.kind != "number" or value.type.unit not in (*_COUNTED, "percent"):
            self.symbols.report("P202", span, name=span.text, have=self.values.type_words(value), want=want)
        elif any(t[0] in ("fact", "field", "finding", "list") for t in value.topics):
            have = "因人而异的值\ta value that differs from person to person"
            self.symbols.report("P202", span, name=span.text, have=have, want=want)
        elif any(not _possible(x) for x in _given(value)):
            self.symbols.report("P321", span, value=span.text)
        return value

    def rounding(self, share: m.Expr | None) -> tuple[str, ...]:
        """取整: the one that is printed; where none is, those it may be."""
        _, _, alternatives = BUILT_IN_READINGS[ROUNDING]
        clause, possible = self.d.clause("rounding"), self.d.clause("possible")
        words = clause.body if clause is not None and isinstance(clause.body, tuple) else ()
        printed = [self.alternative(n) for n in words[:1] if not isinstance(n, s.Gap)]
        may_be = possible.body if possible is not None and isinstance(possible.body, tuple) else ()
        if printed and possible is not None and clause is not None:
            note = Note(clause.span, "另一处", "the other one")
            self.symbols.report("P312", possible.span, note, clause="可能\tpossible", other="取整\trounding")
        written = self.d.clause("drawn", "share")
        gap = written is not None and isinstance(written.body, s.Gap)
        if clause is None and share is not None and share.type.unit == "percent" and not gap:
            self.symbols.report("P302", self.d.name.span if self.d.name else self.d.span, clause="取整\trounding")
        return tuple(x for x in printed or map(self.alternative, may_be) if x) or alternatives

    def alternative(self, n: s.Node) -> str:
        """One way to round, by its name."""
        _, _, alternatives = BUILT_IN_READINGS[ROUNDING]
        if isinstance(n, s.Name) and n.text in alternatives:
            return n.text
        alike, options = self.symbols.alike(n.span.text, alternatives), "、".join(alternatives)
        self.symbols.report("P205", n.span, suggestion=alike, name=n.span.text, type="取整", options=options)
        return ""

    def yields(self, truth: bool) -> str:
        """得出: a fact or finding of the person, which says yes or no, or the place."""
        clause = self.d.clause("yields")
        words = clause.body if clause is not None and isinstance(clause.body, tuple) else ()
        if not words or not isinstance(n := words[0], s.Node):
            return ""
        name = n.text if isinstance(n, s.Name) else n.span.text
        fact, question = self.symbols.facts.get(name), self.symbols.findings.get(name)
        type = fact.type if fact else question.type if question and question.list is None else None
        if type is None and isinstance(n, s.Name) and not n.known:
            self.symbols.unknown(n, [*self.symbols.facts, *self.symbols.findings])
        elif type is None:
            self.symbols.report("P202", n.span, name=name, have=self.symbols.role(name), want=_YIELDS[truth])
        elif fact is not None and fact.over_time:
            self.symbols.report("P202", n.span, name=name, have="随时间的事实\ta fact over time", want=_YIELDS[truth])
        elif type.options != YES_NO.options if truth else type.unit not in _COUNTED:
            have = self.values.type_words(m.Constant(value=type.top, type=type))
            self.symbols.report("P202", n.span, name=name, have=have, want=_YIELDS[truth])
        else:
            return name
        return ""

    def no_circle(self, roster: m.Roster) -> None:
        """What a roster yields may not say who is in it."""
        read = [x for x in (roster.within, *roster.every, roster.ranked) if x is not None]
        own = {("fact", roster.yields), ("finding", roster.yields)}
        clause = self.d.clause("yields")
        if roster.yields and clause is not None and any(own & x.topics for x in read):
            circle = f"{roster.name} → {roster.yields} → {roster.name}"
            self.symbols.report("P305", clause.span, circle=circle)


def _given(e: m.Expr) -> Iterator[m.Constant]:
    """The values a parameter may have, where they are written out."""
    match e:
        case m.Constant():
            yield e
        case m.Named(body=body):
            yield from _given(body)
        case m.Choose(then=then, otherwise=otherwise):
            yield from _given(then)
            yield from _given(otherwise)


def _possible(e: m.Constant) -> bool:
    """Whether so many persons can be taken: a whole number, or a share from none to all."""
    low = e.value[0] if isinstance(e.value, tuple) else 0
    whole = e.type.unit == "percent" or low % SCALE[e.type.unit] == 0
    return bool(low >= 0 and whole and (e.type.unit != "percent" or low <= 100 * SCALE["percent"]))
