"""Instruments, rules, procedures and exceptions: when each reaches a matter, what defeats it, what follows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import evolve

from .. import model as m
from ..diagnostics import Note
from ..language import syntax as s
from ..language.numerals import days_of
from ..values import DAY, INF, NO, TEXT, YES, Type, number
from .clauses import MODAL
from .expressions import Elaborator
from .scope import Scope, cited, slots_of
from .symbols import Declared, Symbols

NOWHERE: Final = "去向未载明"
_ASSUMED_IN_FORCE: Final = ("plan",)


class RuleBook:
    """Builds the rules of a pack, each once, exceptions first."""

    def __init__(self, symbols: Symbols, values: Elaborator):
        self.symbols, self.values = symbols, values
        self.instruments: dict[str, m.Instrument] = {}
        self.root: str | None = None
        self.defeaters: dict[str, list[str]] = {}
        self.waivers: dict[str, list[str]] = {}
        self.built: dict[str, m.Rule] = {}
        self.stages: dict[str, m.Rule] = {}
        self.opening: list[str] = []
        self.stage_open: list[str] = []
        values.instrument_of = self.instrument
        values.stage_field = self.stage_field

    # Instruments.

    def instrument(self, name: str | None) -> m.Instrument | None:
        name = name or self.root
        if name is None or name not in self.symbols.regimes:
            return None
        if name not in self.instruments:
            self.instruments[name] = self.make_instrument(name, self.symbols.regimes[name].node)
        return self.instruments[name]

    def make_instrument(self, name: str, d: s.Declaration) -> m.Instrument:
        above_clause = d.clause("above")
        above_name = self.word_of(above_clause)
        above: m.Instrument | None = None
        if above_clause is not None and above_name:
            if above_name not in self.symbols.regimes:
                self.symbols.report(
                    "P200",
                    above_clause.span,
                    suggestion=self.symbols.alike(above_name, self.symbols.regimes),
                    name=above_name,
                )
            elif above_name != name:
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
        scope = Scope(
            (), self.values.today, None, authority or (above.authority if above else ()), f"{name}的施行日", cited(d)
        )
        start, end = self.force(d, scope, above)
        return m.Instrument(name, cited(d), layer, authority or (above.authority if above else ()), start, end, above_name,
                            self.symbols.unit_of(name))  # fmt: skip

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
            return self.day_leaf(scope, d, (1, INF)), None
        body = clause.body
        if isinstance(body, s.Period) and body.op:
            days = days_of(body.end.parts) if isinstance(body.end, s.Date) else None
            if days is None:
                return self.values.wrong("P317", body, shape=DAY, why="这里要的是日期\ta date is wanted"), None
            late = body.op in ("not_before", "after")
            return self.day_leaf(scope, body, (days[0], INF) if late else (1, days[1])), None
        if isinstance(body, s.Period) and body.start is not None:
            start = self.start_of(body.start, scope)
            return start, None if body.end is None else self.values.value(body.end, scope, DAY)
        if isinstance(body, s.Gap):
            return self.day_leaf(scope, body, (1, INF), body.kind), None
        return self.values.wrong("P317", clause, shape=DAY, why="写“自 某日 起”\twrite “from a day onward”"), None

    def start_of(self, node: s.Node, scope: Scope) -> m.Expr:
        if isinstance(node, s.Date) and (days := days_of(node.parts)) and days[0] != days[1]:
            return self.day_leaf(scope, node, days)
        return self.values.value(node, scope, DAY)

    def day_leaf(self, scope: Scope, node: s.Node, bounds: tuple[float, float], kind: str = "unprinted") -> m.Expr:
        return m.Leaf(
            name=scope.name, kind=kind, top=(*bounds, False), who=scope.who, type=DAY, basis=scope.basis, source=node
        )

    def layer_of(self, d: s.Declaration, home: m.Instrument | None) -> str:
        """The layer written; else the instrument's, if it is not the usual one; else what the first citation implies."""
        clause = d.clause("layer")
        if clause is not None and isinstance(clause.body, tuple) and clause.body and isinstance(clause.body[0], s.Word):
            return clause.body[0].key
        if home is not None and home.layer not in ("printed",):
            return home.layer
        for id in cited(d):
            if id in self.symbols.provisions:
                return self.symbols.provisions[id].layer
        return home.layer if home is not None else "printed"

    # Reach in time.

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
        if layer in _ASSUMED_IN_FORCE and isinstance(home.start, m.Leaf) and home.start.top == (1, INF, False):
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

        def reached(day: m.Expr) -> m.Expr:
            since = m.AtLeast(left=day, right=start, source=source, slots=day.slots)
            if end is None:
                return since
            until = m.AtLeast(left=end, right=day, source=source, slots=day.slots)
            return m.All(parts=(since, until), source=source, slots=day.slots)

        now = reached(today)
        if moment is today or polarity == "neutral":
            return now
        then = reached(moment)
        not_back = m.All(parts=(now, then), source=source, slots=then.slots)

        def by_word(key: str) -> m.Expr:
            if key == "not_back":
                return not_back
            if key == "milder_of_both":
                return now if polarity == "benefit" else not_back
            return now

        clause = self.reach_back(it.regime)
        body = clause.body if clause is not None else None
        if isinstance(body, s.Rows):
            scope = Scope((), today, start, home.authority, home.name, home.basis)
            return self.values.table(body, scope, lambda n: self.retro(n, by_word, now, not_back))
        if isinstance(body, s.Effects):
            return self.retro(body, by_word, now, not_back)
        return self.both_ways(now, not_back)

    def retro(self, n: s.Node, by_word: object, now: m.Expr, not_back: m.Expr) -> m.Expr:
        part = n.parts[0] if isinstance(n, s.Effects) else n
        if isinstance(part, s.Word) and callable(by_word):
            result: m.Expr = by_word(part.key)
            return result
        if isinstance(part, s.Follow):
            if part.name.text not in self.symbols.rules:
                self.symbols.unknown(part.name, self.symbols.rules)
            return now
        return self.both_ways(now, not_back)

    def both_ways(self, now: m.Expr, not_back: m.Expr) -> m.Expr:
        """A silent text: shown both ways, as a built-in reading."""
        leaf = self.values.built_in["施行前事项"]
        asked = m.Is(part=leaf, options=1, source=leaf.source)
        return m.Choose(condition=asked, then=not_back, otherwise=now, slots=not_back.slots)

    # Rules.

    def link_exceptions(self) -> None:
        """Who disapplies whom, before any rule is built."""
        for name, it in [
            *self.symbols.rules.items(),
            *((n, Declared(st, None)) for n, (_, st) in self.symbols.stages.items()),
        ]:
            for key, table in (("disapplies", self.defeaters), ("may_disapply", self.waivers)):
                clause = it.node.clause(key)
                for target in clause.body if clause is not None and isinstance(clause.body, tuple) else ():
                    if not isinstance(target, s.Name):
                        continue
                    if target.text in self.symbols.rules or target.text in self.symbols.stages:
                        table.setdefault(target.text, []).append(name)
                    elif self.symbols.role(target.text).startswith("未声明"):
                        self.symbols.unknown(target, [*self.symbols.rules, *self.symbols.stages])
                    else:
                        self.symbols.report("P306", target.span, name=target.text, have=self.symbols.role(target.text))

    def each_list(self, d: s.Declaration) -> str | None:
        clause = d.clause("for")
        if clause is None or not isinstance(clause.body, s.Name):
            return None
        if clause.body.text not in self.symbols.lists:
            self.symbols.unknown(clause.body, self.symbols.lists)
            return None
        return clause.body.text

    def rule(self, name: str) -> m.Rule | None:
        if name in self.built:
            return self.built[name]
        if name in self.symbols.stages:
            return self.stage_rule(name)
        it = self.symbols.rules[name]
        d = it.node
        home = self.instrument(it.regime)
        if home is None or d.name is None:
            self.symbols.report("P309", d.span)
            return None
        if name in self.opening:
            circle = " → ".join([*self.opening[self.opening.index(name) :], name])
            self.symbols.report("P304", d.name.span, circle=circle)
            return None
        self.opening.append(name)
        of = self.each_list(d)
        moment, rows = self.moment_of(d, of)
        scope = Scope(rows, moment, home.start, home.authority, name, cited(d))
        condition = self.condition_of(d, scope)
        if (within := self.stage_period(d)) is not None:
            condition = m.All(parts=(condition, within), source=condition.source or d, slots=slots_of(condition, within))
        rule = self.assemble(name, it, home, of, scope, condition)
        self.opening.pop()
        self.built[name] = rule
        return rule

    def moment_of(self, d: s.Declaration, of: str | None) -> tuple[m.Expr, tuple[str, ...]]:
        """Which day connects the rule to time: the row's date; for the person, the day of decision; or its 时点."""
        rows = () if of is None else (of,)
        clause = d.clause("moment")
        if clause is not None and isinstance(clause.body, s.Node):
            return self.values.value(clause.body, Scope(rows, self.values.today), DAY), rows
        if of is not None and (date := self.symbols.lists[of].date):
            return self.values.row_field(of, date, 0, d), rows
        return self.values.today, rows

    def condition_of(self, d: s.Declaration, scope: Scope) -> m.Expr:
        conditions = []
        for c in d.clauses:
            if not isinstance(c, s.Clause):
                continue
            if c.key == "when" and isinstance(c.body, s.Node):
                conditions.append(self.values.truth(c.body, scope))
            elif c.key in ("any_of", "all_of"):
                parts = tuple(self.values.truth(i.part, scope) for i in c.items if isinstance(i, s.Item))
                node = m.Any if c.key == "any_of" else m.All
                conditions.append(node(parts=parts, source=c, slots=slots_of(*parts)))
        if not conditions:
            return m.Constant(value=YES, source=d)
        return (
            conditions[0]
            if len(conditions) == 1
            else m.All(parts=tuple(conditions), source=d, slots=slots_of(*conditions))
        )

    def stage_period(self, d: s.Declaration) -> m.Expr | None:
        """期间：二次调配 — what lasts as long as a stage arises only where that stage is reached."""
        clause = d.clause("during")
        if clause is not None and isinstance(clause.body, s.Name) and clause.body.text in self.symbols.stages:
            stage = self.rule(clause.body.text)
            return stage.fires if stage is not None else None
        return None

    def scope_condition(self, regime: str | None) -> m.Expr | None:
        """适用, from the instrument or the nearest above."""
        seen: set[str] = set()
        name = regime or self.root
        while name is not None and name in self.symbols.regimes and name not in seen:
            seen.add(name)
            it = self.symbols.regimes[name]
            clause = it.node.clause("scope")
            if clause is not None and isinstance(clause.body, s.Node):
                return self.values.once(("scope", name), lambda: self.scope_of(name or "", clause, cited(it.node)))
            name = self.word_of(it.node.clause("above"))
        return None

    def scope_of(self, name: str, clause: s.Clause, basis: tuple[str, ...]) -> m.Expr:
        assert isinstance(clause.body, s.Node)
        inner = self.values.truth(clause.body, Scope((), self.values.today, name=name))
        return m.Named(name=name, body=inner, source=clause, role="scope", basis=basis)

    def assemble(
        self,
        name: str,
        it: Declared,
        home: m.Instrument,
        of: str | None,
        scope: Scope,
        condition: m.Expr,
        procedure: str = "",
    ) -> m.Rule:
        """Everything that must hold for a rule to arise, and what then follows."""
        d = it.node
        layer = self.layer_of(d, home)
        role = "stage" if procedure else "rule"
        admitted = m.Admitted(layer=layer, source=d)
        reach = self.scope_condition(it.regime)
        defeaters = self.exceptions_to(name, d, of, self.defeaters)
        waivers = self.exceptions_to(name, d, of, self.waivers)
        undefeated = tuple(m.Not(part=e.fires, source=e.span, slots=e.fires.slots) for e in defeaters)
        by_polarity: dict[str, m.Expr] = {}

        def fires(polarity: str) -> m.Expr:
            if polarity not in by_polarity:
                assert scope.moment is not None
                force = self.in_force(it, home, scope.moment, polarity, layer)
                parts = (condition, *([] if reach is None else [reach]), force, *undefeated, admitted)
                body = m.All(parts=parts, source=d, slots=slots_of(*parts))
                by_polarity[polarity] = m.Named(
                    name=name, body=body, source=d, slots=body.slots, role=role, basis=cited(d)
                )
            return by_polarity[polarity]

        options = tuple(self.options_of(d, scope, fires, waivers))
        own = (self.effect_option(name, "must", "one", fires),) if procedure and name in self.symbols.effects else ()
        if procedure:
            fires("neutral")
        main = fires("neutral") if not by_polarity else next(iter(by_polarity.values()))
        during = d.clause("during")
        deadline = d.clause("deadline")
        return m.Rule(
            name=name, category=d.kind, instrument=home, list=of, basis=cited(d), layer=layer, fires=main,
            options=own + options, decider=self.decider(d, scope), toward=self.toward(d),
            defeated_by=tuple(e.name for e in defeaters), exceptions=tuple(e.fires for e in defeaters),
            condition=condition, during=self.period(during, scope), deadline=self.last_day(deadline, scope),
            done_by=self.done(d, scope), span=d, procedure=procedure,
        )  # fmt: skip

    def exceptions_to(self, name: str, d: s.Declaration, of: str | None, table: dict[str, list[str]]) -> list[m.Rule]:
        found = []
        for other in table.get(name, ()):
            it = self.symbols.rules.get(other)
            theirs = self.each_list(it.node) if it is not None else of
            if theirs is not None and theirs != of:
                span = d.name.span if d.name else d.span
                self.symbols.report("P307", it.node.name.span if it is not None and it.node.name else span, Note(span, "被排除的规定", "the rule set aside"),
                                    name=name, theirs=_judged(of), ours=_judged(theirs))  # fmt: skip
                continue
            rule = self.rule(other)
            if rule is not None:
                found.append(rule)
        return found

    # What follows.

    def options_of(self, d: s.Declaration, scope: Scope, fires: object, waivers: list[m.Rule]) -> Iterable[m.Option]:
        assert callable(fires)
        for c in d.clauses:
            if not isinstance(c, s.Clause) or c.key not in MODAL:
                continue
            if isinstance(c.body, s.Rows):
                conditions = [self.values.any_key(r, scope) for r in c.body.rows]
                for i, row in enumerate(c.body.rows):
                    # Read from the top down: a row holds when its own condition does and none above it.
                    above = tuple(m.Not(part=x, source=x.source, slots=x.slots) for x in conditions[:i])
                    parts = (conditions[i], *above)
                    here = parts[0] if len(parts) == 1 else m.All(parts=parts, source=row, slots=slots_of(*parts))
                    if isinstance(row.outcome, s.Effects):
                        yield from self.effects_of(row.outcome, c.key, scope, fires, here, waivers)
            elif isinstance(c.body, s.Effects):
                yield from self.effects_of(c.body, c.key, scope, fires, None, waivers)

    def effects_of(
        self, e: s.Effects, modality: str, scope: Scope, fires: object, here: m.Expr | None, waivers: list[m.Rule]
    ) -> Iterable[m.Option]:
        assert callable(fires)
        join = "any" if e.join == "any" else "all" if len(e.parts) > 1 else "one"
        must = modality in ("must", "principle_must", "generally_must", "basically_must")
        choice = must and join == "any"
        for part in e.parts:
            name, amount, condition = self.effect_part(part, scope)
            for effect in self.effect_names(name):
                polarity = self.symbols.effects[effect].polarity
                base: m.Expr = fires(polarity)
                extra = tuple(x for x in (here, condition) if x is not None)
                flag = "one_of" if choice else modality
                whole = m.All(parts=(base, *extra), source=part, slots=slots_of(base, *extra)) if extra else base
                if waivers and must:
                    waived = m.Any(
                        parts=tuple(w.fires for w in waivers), source=part, slots=slots_of(*(w.fires for w in waivers))
                    )
                    kept = m.Not(part=waived, source=part, slots=waived.slots)
                    yield m.Option(
                        effect,
                        flag,
                        m.All(parts=(whole, kept), source=part, slots=slots_of(whole, kept)),
                        e.open,
                        join,
                        amount,
                        condition,
                    )
                    yield m.Option(
                        effect,
                        "waivable",
                        m.All(parts=(whole, waived), source=part, slots=slots_of(whole, waived)),
                        e.open,
                        join,
                        amount,
                        condition,
                    )
                else:
                    yield m.Option(effect, flag, whole, e.open, join, amount, condition)

    def effect_option(self, effect: str, flag: str, join: str, fires: object) -> m.Option:
        assert callable(fires)
        shape = self.symbols.effects.get(effect)
        return m.Option(effect, flag, fires(shape.polarity if shape else "neutral"), False, join)

    def effect_part(
        self, part: s.Node, scope: Scope
    ) -> tuple[s.Name, tuple[m.Expr | None, m.Expr | None] | None, m.Expr | None]:
        """An option: its effect, its amount, the condition under which it is open."""
        value = self.values
        match part:
            case s.Name():
                return part, None, None
            case s.Apply(name=name, parts=(condition,)):
                return name, None, value.truth(condition, scope)
            case s.Amount(effect=effect, quantity=quantity):
                inner, _, only_if = self.effect_part(effect, scope)
                exact = value.value(quantity, scope, self.amount_type(inner))
                return inner, (exact, exact), only_if
            case s.Comparison(op=op, left=s.Name() as name, right=right):
                bound = value.value(right, scope, self.amount_type(name))
                return name, (bound, None) if op in ("over", "at_least") else (None, bound), None
            case s.Between(part=s.Name() as name, low=low, high=high):
                type = self.amount_type(name)
                return name, (value.value(low, scope, type), value.value(high, scope, type)), None
        self.symbols.report(
            "P202", part.span, name=part.span.text, have="不是效果\tnot an effect", want="效果\tan effect"
        )
        return s.Name("", span=part.span), None, None

    def amount_type(self, name: s.Name) -> Type:
        shape = self.symbols.effects.get(name.text)
        return number(shape.unit) if shape is not None and shape.unit else number("number")

    def effect_names(self, name: s.Name) -> tuple[str, ...]:
        """An effect, or every effect of a group."""
        if name.text in self.symbols.effects:
            return (name.text,)
        if name.text in self.symbols.groups:
            return self.symbols.groups[name.text]
        if name.text:
            have = self.symbols.role(name.text)
            if have.startswith("未声明"):
                self.symbols.unknown(name, self.symbols.effects)
            else:
                self.symbols.report("P202", name.span, name=name.text, have=have, want="效果\tan effect")
        return ()

    def decider(self, d: s.Declaration, scope: Scope) -> m.Decider:
        clause = d.clause("by")
        if clause is None:
            return m.Decider(())
        if isinstance(clause.body, s.Rows):
            rows = []
            for r in clause.body.rows:
                bodies = r.outcome.parts if isinstance(r.outcome, s.Effects) else (r.outcome,)
                rows.append((self.values.any_key(r, scope), self.symbols.body_names(bodies)))
            return m.Decider(tuple(rows))
        return m.Decider(((None, self.symbols.body_names(clause.body if isinstance(clause.body, tuple) else ())),))

    def toward(self, d: s.Declaration) -> tuple[str, ...]:
        clause = d.clause("toward")
        return self.symbols.body_names(clause.body) if clause is not None and isinstance(clause.body, tuple) else ()

    def period(self, clause: s.Clause | None, scope: Scope) -> tuple[m.Expr | None, m.Expr | None] | None:
        if clause is None:
            return None
        if isinstance(clause.body, s.Period) and not clause.body.op:
            start = None if clause.body.start is None else self.values.value(clause.body.start, scope, DAY)
            end = (
                None
                if clause.body.end is None
                else self.values.value(clause.body.end, evolve(scope, name=f"{scope.name}的止期"), DAY)
            )
            return start, end
        if isinstance(clause.body, s.Gap):
            return None, self.values.value(clause.body, evolve(scope, name=f"{scope.name}的期间"), DAY)
        return None

    def last_day(self, clause: s.Clause | None, scope: Scope) -> m.Expr | None:
        if clause is None or not isinstance(clause.body, s.Node):
            return None
        if isinstance(clause.body, s.Period) and clause.body.op and clause.body.end is not None:
            return self.values.value(clause.body.end, scope, DAY)
        if isinstance(clause.body, s.Period):
            self.symbols.report("P317", clause.body.span, why="期限要有终点\ta deadline has an end")
            return None
        return self.values.value(clause.body, evolve(scope, name=f"{scope.name}的期限"), DAY)

    def done(self, d: s.Declaration, scope: Scope) -> tuple[m.Expr, ...]:
        clause = d.clause("done_by")
        names = clause.body if clause is not None and isinstance(clause.body, tuple) else ()
        return tuple(self.values.name(n, scope, None) for n in names if isinstance(n, s.Name))

    # Procedures.

    def stage_list(self, procedure: str) -> tuple[str, str, str, str] | None:
        """Of a procedure: the list it is for, the list its stages are recorded in, that list's name and owner fields."""
        d = self.symbols.procedures[procedure].node
        of, recorded = self.each_list(d), self.word_of(d.clause("recorded_in"))
        clause = d.clause("recorded_in")
        if of is None or recorded is None or clause is None:
            return None
        if recorded not in self.symbols.lists:
            self.symbols.report(
                "P200", clause.span, suggestion=self.symbols.alike(recorded, self.symbols.lists), name=recorded
            )
            return None
        fields = self.symbols.lists[recorded].fields
        name = next((f for f, x in fields.items() if x.type.name == "stage_name"), None)
        owner = next((f for f, x in fields.items() if x.refers_to == of), None)
        if name is None or owner is None:
            self.symbols.report("P202", clause.span, name=recorded, have="没有环节名或所属的清单\ta list without a stage name or an owner",
                                want=f"有环节名与“{of}”的清单\ta list with a stage name and a {of}")  # fmt: skip
            return None
        return of, recorded, name, owner

    def stage_field(self, stage: str, name: str, scope: Scope, e: s.Node) -> m.Expr | None:
        """A fact of a stage's row: of the latest row of that stage that belongs to the element under judgement."""
        if stage not in self.symbols.stages:
            return None
        shape = self.stage_list(self.symbols.stages[stage][0])
        if shape is None:
            return None
        of, recorded, name_field, owner = shape
        if name not in self.symbols.lists[recorded].fields or not scope.rows or scope.rows[0] != of:
            return None

        def make() -> m.Expr:
            named = self.values.row_field(recorded, name_field, 1, e)
            is_stage = m.Is(part=named, options=named.type.option(stage), source=e, slots=named.slots)
            mine = m.Equal(left=self.values.row_field(recorded, owner, 1, e), right=m.RowId(list=of, slot=0, type=TEXT, slots=frozenset((0,))),
                           source=e, slots=frozenset((0, 1)))  # fmt: skip
            value = self.values.row_field(recorded, name, 1, e)
            where = m.All(parts=(is_stage, mine), source=e, slots=frozenset((0, 1)))
            type = evolve(value.type, may_be_none=True)
            return m.Fold(list=recorded, slot=1, how="latest", where=where, value=value, date=self.symbols.lists[recorded].date,
                          type=type, source=s.FieldOf(s.Name(stage), s.Name(name), span=e.span), slots=frozenset((0,)))  # fmt: skip

        return self.values.once(("stage_field", stage, name), make)

    def stage_rule(self, name: str) -> m.Rule | None:
        if name in self.stages:
            return self.stages[name]
        procedure, d = self.symbols.stages[name]
        it = self.symbols.procedures[procedure]
        shape, home = self.stage_list(procedure), self.instrument(it.regime)
        if shape is None or home is None or d.name is None:
            return None
        if name in self.stage_open:
            self.symbols.report(
                "P305", d.name.span, circle=" → ".join([*self.stage_open[self.stage_open.index(name) :], name])
            )
            return None
        self.stage_open.append(name)
        of = shape[0]
        moment, rows = self.moment_of(d, of)
        scope = Scope(rows, moment, home.start, home.authority, name, cited(d), stage=(of, name))
        entered = self.entered(procedure, name, of)
        conditions = self.condition_of(d, scope)
        if not (isinstance(conditions, m.Constant) and conditions.value == YES):
            entered = m.All(parts=(entered, conditions), source=d, slots=slots_of(entered, conditions))
        if d.clause("basis") is None and (basis := it.node.clause("basis")) is not None:
            d = evolve(d, clauses=(basis, *d.clauses))
        rule = self.assemble(name, Declared(d, it.regime), home, of, scope, entered, procedure)
        self.stage_open.pop()
        self.stages[name] = rule
        self.built[name] = rule
        return rule

    def entered(self, procedure: str, stage: str, of: str) -> m.Expr:
        """A stage is reached at the start if it is the first, else by any transition that leads to it."""
        node = self.symbols.procedures[procedure].node
        if node.stages and node.stages[0].name is not None and node.stages[0].name.text == stage:
            return m.Constant(value=YES, source=node)
        ways = [way for _, way in self.transitions(procedure, of, stage)]
        if not ways:
            return m.Constant(value=NO, source=node)
        return ways[0] if len(ways) == 1 else m.Any(parts=tuple(ways), source=node, slots=slots_of(*ways))

    def transitions(self, procedure: str, of: str, to: str | None) -> Iterable[tuple[str, m.Expr]]:
        """The ways to a stage, or (None) to where the text does not say: from which stage, and when."""
        for d in self.symbols.procedures[procedure].node.stages:
            clause = d.clause("then")
            if clause is None or d.name is None:
                continue
            rows = clause.body.rows if isinstance(clause.body, s.Rows) else ()
            leads = [r.outcome for r in rows] or ([clause.body] if isinstance(clause.body, s.Node) else [])
            if to not in [self.target(x) for x in leads]:
                continue
            name = d.name.text
            here = self.stage_rule(name)
            if here is None:
                continue
            if not rows:
                yield name, here.fires
                continue
            scope = Scope((of,), self.values.today, None, here.instrument.authority, name, here.basis, stage=(of, name))
            conditions = [self.values.any_key(r, scope) for r in rows]
            for i, row in enumerate(rows):
                if self.target(row.outcome) != to:
                    continue
                above = tuple(m.Not(part=x, source=x.source, slots=x.slots) for x in conditions[:i])
                parts = (here.fires, conditions[i], *above)
                yield name, m.All(parts=parts, source=row, slots=slots_of(*parts))

    def struck(self, procedure: str) -> Iterable[m.Expr]:
        """A stage that would be entered and is disapplied: never skipped to the next, so nothing says what follows."""
        for d in self.symbols.procedures[procedure].node.stages:
            stage = self.stage_rule(d.name.text) if d.name is not None else None
            if stage is not None and stage.exceptions:
                barred = m.Any(parts=stage.exceptions, source=d, slots=slots_of(*stage.exceptions))
                yield m.All(parts=(stage.condition, barred), source=d, slots=slots_of(stage.condition, barred))

    def target(self, n: s.Node) -> str | None:
        part = n.parts[0] if isinstance(n, s.Effects) else n
        if isinstance(part, s.Gap):
            return None
        if isinstance(part, s.Name) and part.text in self.symbols.stages:
            return part.text
        if isinstance(part, s.Name):
            self.symbols.report(
                "P202", part.span, name=part.text, have=self.symbols.role(part.text), want="环节\ta stage"
            )
        return None

    def destinations(self, procedure: str) -> m.Rule | None:
        """The built-in conclusion that where a person goes next is not printed."""
        shape = self.stage_list(procedure)
        it = self.symbols.procedures[procedure]
        home = self.instrument(it.regime)
        if shape is None or home is None:
            return None
        ways = (*(way for _, way in self.transitions(procedure, shape[0], None)), *self.struck(procedure))
        if not ways:
            return None
        body = m.Any(parts=ways, source=it.node, slots=slots_of(*ways))
        fires = m.Named(
            name=f"{procedure}·{NOWHERE}",
            body=body,
            source=it.node,
            slots=body.slots,
            role="rule",
            basis=cited(it.node),
        )
        option = m.Option(NOWHERE, "must", fires, False, "one")
        return m.Rule(
            name=f"{procedure}·{NOWHERE}", category="rule", instrument=home, list=shape[0], basis=cited(it.node),
            layer=self.layer_of(it.node, home), fires=fires, options=(option,), decider=m.Decider(()), toward=(),
            defeated_by=(), exceptions=(), condition=body, during=None, deadline=None, done_by=(), span=it.node,
            procedure=procedure,
        )  # fmt: skip


def _judged(of: str | None) -> str:
    return f"按每一“{of}”判断\tjudged for each “{of}”" if of else "按人判断\tjudged of the person"


def verdicts(rules: Iterable[m.Rule], effects: Iterable[str]) -> tuple[m.Verdicts, ...]:
    """For each effect, what all rules together make of it, for the person and for each row."""
    given: dict[str, list[tuple[m.Rule, m.Option]]] = {}
    for rule in rules:
        for option in rule.options:
            given.setdefault(option.effect, []).append((rule, option))
    result = []
    order = [e for e in (*effects, NOWHERE) if e in given]
    for effect in order:
        person: list[tuple[str, m.Expr]] = [(o.flag, o.fires) for r, o in given[effect] if r.list is None]
        barred = tuple(x for flag, x in person if flag == "must_not")
        elements: dict[str, m.Verdict] = {}
        for of in dict.fromkeys(r.list for r, _ in given[effect] if r.list is not None):
            own = [(o.flag, o.fires) for r, o in given[effect] if r.list == of]
            flags = (*own, *(("must_not", x) for x in barred))
            elements[of] = m.Verdict(effect=effect, flags=flags, type=m.STATUS, slots=frozenset((0,)))
            person += _for_the_person(of, own)
        result.append(m.Verdicts(effect, m.Verdict(effect=effect, flags=tuple(person), type=m.STATUS), elements))
    return tuple(result)


def _for_the_person(of: str, own: list[tuple[str, m.Expr]]) -> list[tuple[str, m.Expr]]:
    """What rows contribute to the person's line: a duty on one row and a bar on another do not conflict."""
    bars = tuple(x for flag, x in own if flag == "must_not")
    free = m.Not(part=m.Any(parts=bars, slots=frozenset((0,))), slots=frozenset((0,))) if bars else None
    found: list[tuple[str, m.Expr]] = []
    for flag, x in own:
        if flag == "must_not":
            found.append(("elsewhere", _some(of, x)))
            continue
        clear = x if free is None else m.All(parts=(x, free), source=x.source, slots=frozenset((0,)))
        found.append((flag, _some(of, clear)))
        if bars and flag in ("must", "waivable"):
            clash = m.All(parts=(x, m.Any(parts=bars, slots=frozenset((0,)))), source=x.source, slots=frozenset((0,)))
            found.append(("conflict", _some(of, clash)))
    return found


def _some(of: str, where: m.Expr) -> m.Expr:
    return m.Fold(list=of, slot=0, how="some", where=where, source=where.source)
