"""Instruments: from when each text is in force, what it reaches back to, on which layer it stands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final

from .. import model as m
from ..language import syntax as s
from ..language.numerals import days_of
from ..values import DAY, INF, YES
from .expressions import Elaborator
from .scope import Scope, cited
from .symbols import Declared, Symbols

_ASSUMED_IN_FORCE: Final = ("plan",)


class Instruments(ABC):
    """The instruments of a pack, each made once."""

    def __init__(self, symbols: Symbols, values: Elaborator):
        self.symbols, self.values = symbols, values
        self.instruments: dict[str, m.Instrument] = {}
        self.root: str | None = None
        self.defeaters: dict[str, list[str]] = {}
        self.waivers: dict[str, list[str]] = {}
        self.built: dict[str, m.Rule] = {}
        self.stages: dict[str, m.Rule] = {}
        self.making: list[str] = []
        self.fires_of: dict[str, Callable[[str], m.Expr]] = {}
        self.opening: list[str] = []
        self.stage_open: list[str] = []
        values.instrument_of = self.instrument
        values.stage_field = self.stage_field
        values.stage_recorded = self.stage_recorded

    @abstractmethod
    def stage_recorded(self, stage: str) -> str | None:
        """The list a stage's rows stand in."""

    @abstractmethod
    def stage_field(self, stage: str, name: str, scope: Scope, e: s.Node) -> m.Expr | None:
        """A fact of a stage's row."""

    def instrument(self, name: str | None) -> m.Instrument | None:
        name = name or self.root
        if name is None or name not in self.symbols.regimes:
            return None
        if name not in self.instruments:
            node = self.symbols.regimes[name].node
            if name in self.making:
                circle = " → ".join([*self.making[self.making.index(name) :], name])
                self.symbols.report("P305", (node.name or node).span, circle=circle)
                return None
            self.making.append(name)
            self.instruments[name] = self.make_instrument(name, node)
            self.making.pop()
        return self.instruments[name]

    def make_instrument(self, name: str, d: s.Declaration) -> m.Instrument:
        above_clause = d.clause("above")
        above_name = self.word_of(above_clause)
        above: m.Instrument | None = None
        if above_clause is not None and above_name:
            if above_name not in self.symbols.regimes:
                self.symbols.report(
                    "P200",
                    above_clause.body[0].span if isinstance(above_clause.body, tuple) else above_clause.span,
                    suggestion=self.symbols.alike(above_name, self.symbols.regimes),
                    name=above_name,
                )
            else:
                above = self.instrument(above_name)
        authority_clause = d.clause("authority")
        authority = self.symbols.body_names(
            authority_clause.body if authority_clause is not None and isinstance(authority_clause.body, tuple) else ()
        )
        layer = (
            self.layer_of(d, None)
            if d.clause("layer")
            else above.layer
            if above and above.unit
            else self.layer_of(d, None)
        )
        if not authority:
            # What a unit's own text leaves out, the unit could supply, not the county above it.
            authority = (m.OWN_UNIT,) if d.clause("unit") is not None else above.authority if above else ()
        scope = Scope((), self.values.today, None, authority, f"{name}的施行日", cited(d))
        start, end = self.force(d, scope, above)
        return m.Instrument(
            name,
            cited(d),
            layer,
            authority,
            start,
            end,
            above_name,
            self.symbols.unit_of(name),
        )

    def word_of(self, clause: s.Clause | None) -> str | None:
        if clause is None or not isinstance(clause.body, tuple) or not clause.body:
            return None
        first = clause.body[0]
        return first.text if isinstance(first, s.Name | s.Quote) else None

    def force(self, d: s.Declaration, scope: Scope, above: m.Instrument | None) -> tuple[m.Expr, m.Expr | None]:
        """From which day, until which; a day that is not printed, or only to the month, is a gap with its bounds."""
        clause = d.clause("in_force")
        if clause is None:
            if above is not None:
                return above.start, above.end
            return self.day_leaf(scope, d, (-INF, INF)), None
        body = clause.body
        if isinstance(body, s.Period) and body.op:
            days = days_of(body.end.parts) if isinstance(body.end, s.Date) else None
            if days is None:
                return self.values.wrong("P317", body, shape=DAY, why="这里要的是日期\ta date is wanted"), None
            bounds = {
                "not_before": (days[0], INF), "after": (days[1] + 1, INF), "not_after": (-INF, days[1]),
                "before": (-INF, days[0] - 1),
            }  # fmt: skip
            if body.op not in bounds:
                return self.values.wrong("P317", body, shape=DAY, why="写“不晚于 某日”\twrite “not_after a day”"), None
            return self.day_leaf(scope, body, bounds[body.op]), None
        if isinstance(body, s.Period) and body.start is not None:
            start = self.start_of(body.start, scope)
            if body.end is None:
                return start, None
            end = self.values.day(body.end, scope)
            self.values.inverted(start, end, body.start, body.end)
            return start, end
        if isinstance(body, s.Gap):
            return self.day_leaf(scope, body, (-INF, INF), body.kind), None
        return self.values.wrong("P317", clause, shape=DAY, why="写“自 某日 起”\twrite “from a day onward”"), None

    def start_of(self, node: s.Node, scope: Scope) -> m.Expr:
        if isinstance(node, s.Date) and (days := days_of(node.parts)) and days[0] != days[1]:
            return self.day_leaf(scope, node, days)
        return self.values.day(node, scope)

    def day_leaf(self, scope: Scope, node: s.Node, bounds: tuple[float, float], kind: str = "unprinted") -> m.Expr:
        return m.Leaf(
            name=scope.name, kind=kind, top=(*bounds, False), who=scope.who, type=DAY, basis=scope.basis, source=node
        )

    def layer_of(self, d: s.Declaration, home: m.Instrument | None) -> str:
        """The layer written; else the instrument's, if not the usual one; else what the first citation implies."""
        clause = d.clause("layer")
        words = clause.body if clause is not None and isinstance(clause.body, tuple) else ()
        if words and isinstance(words[0], s.Word):
            return words[0].key
        if home is not None and home.layer not in ("printed",):
            return home.layer
        for id in cited(d):
            if id in self.symbols.provisions:
                return self.symbols.provisions[id].layer
        return home.layer if home is not None else "printed"

    def reach_back(self, regime: str | None) -> s.Clause | None:
        """The 溯及 clause that governs an instrument: its own or the nearest above."""
        seen: set[str] = set()
        name = regime or self.root
        while name is not None and name in self.symbols.regimes and name not in seen:
            seen.add(name)
            node = self.symbols.regimes[name].node
            if (clause := node.clause("reach_back")) is not None:
                return clause
            name = self.word_of(node.clause("above"))
        return None

    def in_force(self, it: Declared, home: m.Instrument, moment: m.Expr, polarity: str, layer: str) -> m.Expr:
        """Whether the rule's instrument reaches the matter, with the instrument's own ground."""
        body = self.reaches(it, home, moment, polarity, layer)
        return m.Named(name=home.name, body=body, source=body.source, slots=body.slots, role="force", basis=home.basis)

    def reaches(self, it: Declared, home: m.Instrument, moment: m.Expr, polarity: str, layer: str) -> m.Expr:
        """The condition itself, which depends on whether the rule burdens or benefits."""
        source = it.node.clause("in_force") or self.symbols.regimes[home.name].node
        if layer in _ASSUMED_IN_FORCE and isinstance(home.start, m.Leaf) and home.start.top == (-INF, INF, False):
            # A plan nobody carried out has no date: whoever admits the layer assumes it to be in force.
            return m.Constant(value=YES, source=source)
        today = self.values.today
        start, end = home.start, home.end
        if it.node.clause("in_force") is not None:
            start, end = self.force(
                it.node,
                Scope(
                    (),
                    today,
                    None,
                    home.authority,
                    f"{it.node.name.text if it.node.name else ''}的施行日",
                    cited(it.node),
                ),
                None,
            )

        newer = self.newer(home)

        def reached(day: m.Expr) -> m.Expr:
            parts: list[m.Expr] = [m.AtLeast(left=day, right=start, source=source, slots=day.slots)]
            if end is not None:
                parts.append(m.AtLeast(left=end, right=day, source=source, slots=day.slots))
            if newer is not None:
                later = m.AtLeast(left=day, right=newer.start, source=source, slots=day.slots)
                parts.append(m.Not(part=later, source=source, slots=day.slots))
            return parts[0] if len(parts) == 1 else m.All(parts=tuple(parts), source=source, slots=day.slots)

        now = reached(today)
        if moment is today or polarity == "neutral":
            return now
        then = reached(moment)
        # A text that has been replaced since still governs what happened under it.
        begun = m.AtLeast(left=today, right=start, source=source)
        not_back = m.All(parts=(begun, then), source=source, slots=then.slots)

        def by_word(key: str) -> m.Expr:
            if key == "not_back":
                return not_back
            if key == "milder_of_both" and polarity == "burden":
                return self.old_or_new(home, newer, not_back, now, moment)
            return now

        clause = self.reach_back(it.regime)
        body = clause.body if clause is not None else None
        if isinstance(body, s.Rows):
            scope = Scope((), today, start, home.authority, home.name, home.basis)
            return self.values.table(body, scope, lambda n: self.retro(n, by_word, now, not_back))
        if isinstance(body, s.Effects):
            return self.retro(body, by_word, now, not_back)
        return self.both_ways(now, not_back)

    def newer(self, home: m.Instrument) -> m.Instrument | None:
        """The version that replaces an instrument (接替)."""
        for name, it in self.symbols.regimes.items():
            if name != home.name and self.word_of(it.node.clause("replaces")) == home.name:
                return self.instrument(name)
        return None

    def old_or_new(
        self, home: m.Instrument, newer: m.Instrument | None, not_back: m.Expr, now: m.Expr, moment: m.Expr
    ) -> m.Expr:
        """从旧兼从轻, for a burden: the version then in force, unless the later one is milder.

        Which of two whole versions is milder for a matter is asked of whoever decides, and both answers are shown.
        """
        replaces = self.word_of(self.symbols.regimes[home.name].node.clause("replaces"))
        leaf = self.values.built_in["新旧轻重"]
        new_milder = m.Is(part=leaf, options=2, source=leaf.source)
        if newer is not None:
            since = m.AtLeast(left=moment, right=newer.start, source=leaf.source, slots=moment.slots)
            decided = m.AtLeast(left=self.values.today, right=newer.start, source=leaf.source)
            earlier = m.Not(part=m.All(parts=(decided, new_milder), source=leaf.source), source=leaf.source)
            before = m.Not(part=since, source=leaf.source, slots=since.slots)
            return m.All(parts=(not_back, before, earlier), source=leaf.source, slots=not_back.slots)
        old = self.instrument(replaces) if replaces is not None else None
        if old is not None:
            # What happened before either text was no breach of any.
            under = m.AtLeast(left=moment, right=old.start, source=leaf.source, slots=moment.slots)
            back = m.All(parts=(now, new_milder, under), source=leaf.source, slots=under.slots)
            return m.Any(parts=(not_back, back), source=leaf.source, slots=not_back.slots)
        return not_back

    def retro(self, n: s.Node, by_word: object, now: m.Expr, not_back: m.Expr) -> m.Expr:
        part = n.parts[0] if isinstance(n, s.Effects) else n
        if isinstance(part, s.Word) and callable(by_word):
            result: m.Expr = by_word(part.key)
            return result
        if isinstance(part, s.Follow):
            return now
        return self.both_ways(now, not_back)

    def both_ways(self, now: m.Expr, not_back: m.Expr) -> m.Expr:
        """A silent text: shown both ways, as a built-in reading."""
        leaf = self.values.built_in["施行前事项"]
        asked = m.Is(part=leaf, options=1, source=leaf.source)
        return m.Choose(condition=asked, then=not_back, otherwise=now, slots=not_back.slots)

    def scope_condition(self, regime: str | None, at: Scope) -> m.Expr | None:
        """适用, from the instrument or the nearest above, asked at the moment of whoever it concerns."""
        seen: set[str] = set()
        name = regime or self.root
        while name is not None and name in self.symbols.regimes and name not in seen:
            seen.add(name)
            it = self.symbols.regimes[name]
            clause = it.node.clause("scope")
            if clause is not None and isinstance(clause.body, s.Node):
                return self.scope_of(name, clause, cited(it.node), at)
            name = self.word_of(it.node.clause("above"))
        return None

    def scope_of(self, name: str, clause: s.Clause, basis: tuple[str, ...], at: Scope) -> m.Expr:
        def make() -> m.Expr:
            assert isinstance(clause.body, s.Node)
            inner = self.values.truth(clause.body, Scope(at.unseen, at.moment, name=name, own=len(at.unseen)))
            return m.Named(name=name, body=inner, source=clause, slots=inner.slots, role="scope", basis=basis)

        return self.values.once(("scope", name, id(at.moment)), make)

    def each_list(self, d: s.Declaration) -> str | None:
        clause = d.clause("for")
        if clause is None or not isinstance(clause.body, s.Name):
            return None
        known = self.symbols.wanted(clause.body, self.symbols.lists, "清单\ta list")
        return clause.body.text if known else None
