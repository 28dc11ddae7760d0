"""Rules and exceptions: when each arises, what defeats it, what follows, who decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import evolve

from .. import model as m
from ..diagnostics import Note
from ..language import syntax as s
from ..language.source import Span
from ..values import DAY, INF, YES, number
from .clauses import MODAL
from .clocks import clock, period
from .procedures import Procedures
from .scope import Scope, cited, denied, slots_of
from .symbols import Declared

Fires = Callable[[str], m.Expr]
DUTIES = tuple(m.CHOICES)
OPPOSITE = {"burden": "benefit", "benefit": "burden", "neutral": "neutral"}


class RuleBook(Procedures):
    """Builds the rules of a pack, each once, exceptions first."""

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
                        have = "别的写法\tsomething else"
                        self.symbols.report("P306", target.span, name=target.span.text, have=have)
                    elif target.text in self.symbols.rules or target.text in self.symbols.stages:
                        table.setdefault(target.text, []).append(name)
                    elif self.symbols.role(target.text).startswith("未声明"):
                        self.symbols.unknown(target, [*self.symbols.rules, *self.symbols.stages])
                    else:
                        self.symbols.report("P306", target.span, name=target.text, have=self.symbols.role(target.text))

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
            condition = m.All(
                parts=(condition, within), source=condition.source or d, slots=slots_of(condition, within)
            )
        rule = self.assemble(name, it, home, of, scope, condition)
        self.opening.pop()
        self.built[name] = rule
        return rule

    def moment_of(self, d: s.Declaration, of: str | None) -> tuple[m.Expr, tuple[str, ...]]:
        """Which day connects the rule to time: the row's date; for the person, the day of decision; or its 时点."""
        rows = () if of is None else (of,)
        clause = d.clause("moment")
        if clause is not None and isinstance(clause.body, s.Node):
            return self.values.day(clause.body, Scope(rows, self.values.today)), rows
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
            if stage is not None and stage.list != self.each_list(d):
                theirs, ours = _judged(stage.list), _judged(self.each_list(d))
                self.symbols.report("P307", clause.body.span, name=stage.name, theirs=theirs, ours=ours)
                return None
            return stage.fires if stage is not None else None
        return None

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
        reach = self.scope_condition(it.regime, scope)
        happened = self.happened(of, d)
        dated = None
        if scope.moment is not None and scope.moment.type.may_be_none:
            # A rule asked at a day that does not exist reaches nothing.
            ever = m.Constant(value=(-INF, -INF, False), type=DAY, source=d)
            dated = m.AtLeast(left=scope.moment, right=ever, source=d, slots=scope.moment.slots)
        defeaters = self.exceptions_to(name, d, of, self.defeaters, it.regime)
        waivers = self.exceptions_to(name, d, of, self.waivers, it.regime)
        barred: list[tuple[str, m.Expr]] = []
        by_polarity: dict[str, m.Expr] = {}
        ready: dict[str, m.Expr] = {}

        def fires(polarity: str) -> m.Expr:
            if polarity not in by_polarity:
                assert scope.moment is not None
                force = self.in_force(it, home, scope.moment, polarity, layer)
                given = (condition, *(x for x in (happened, dated, reach) if x is not None), force, admitted)
                ready[polarity] = m.All(parts=given, source=d, slots=slots_of(*given))
                # What sets a burden aside benefits, and reaches back as a benefit does; and the other way round.
                bars = [(e.name, self.fires_of[e.name](OPPOSITE[polarity])) for e in defeaters]
                barred.extend(bars)
                parts = (*given, *(m.Not(part=x, source=d, slots=x.slots) for _, x in bars))
                body = m.All(parts=parts, source=d, slots=slots_of(*parts))
                by_polarity[polarity] = m.Named(
                    name=name, body=body, source=d, slots=body.slots, role=role, basis=cited(d)
                )
            return by_polarity[polarity]

        self.fires_of[name] = fires
        options = tuple(self.options_of(d, scope, fires, waivers))
        reached = procedure and name in self.symbols.effects
        own = (self.effect_option(name, fires, waivers, d),) if reached else ()
        if waivers and d.name is not None and not any(o.waived is not None for o in own + options):
            self.symbols.report("P318", d.name.span, name=name)
        if procedure:
            fires("neutral")
        main = fires("neutral") if not by_polarity else next(iter(by_polarity.values()))
        during = d.clause("during")
        return m.Rule(
            name=name,
            category=d.kind,
            instrument=home,
            list=of,
            basis=cited(d),
            layer=layer,
            fires=main,
            ready=next(iter(ready.values())),
            options=own + options,
            decider=self.decider(d, scope),
            toward=self.toward(d),
            defeated_by=tuple(n for n, _ in barred),
            exceptions=tuple(x for _, x in barred),
            condition=condition,
            during=self.period(during, scope),
            clock=self.clock_of(d, scope, procedure),
            span=d,
            procedure=procedure,
        )

    def clock_of(self, d: s.Declaration, scope: Scope, procedure: str) -> m.Clock | None:
        leads = tuple(
            (target, m.All(parts=parts, source=source, slots=slots_of(*parts)))
            for target, parts, source in (self.leads(d, scope) if procedure else ())
        )
        return clock(self.values, d, scope, self.last_day(d.clause("deadline"), scope), self.done(d, scope), leads)

    def happened(self, of: str | None, d: s.Declaration) -> m.Expr | None:
        """A row that may lie after the day of decision may not have happened."""
        date = self.symbols.lists[of].date if of is not None else ""
        if of is None or not date:
            return None
        return self.values.happened(of, 0)

    def exceptions_to(
        self, name: str, d: s.Declaration, of: str | None, table: dict[str, list[str]], home: str | None
    ) -> list[m.Rule]:
        """The rules that set this one aside, or may; a county's never reach a national rule."""
        found = []
        for other in table.get(name, ()):
            it = self.symbols.rules.get(other)
            if it is not None:
                theirs = self.each_list(it.node)
            else:
                procedure = self.symbols.procedures.get(self.symbols.stages[other][0])
                theirs = self.each_list(procedure.node) if procedure is not None else of
            if theirs is not None and theirs != of:
                span = d.name.span if d.name else d.span
                self.symbols.report(
                    "P307",
                    span if it is None else _naming(it.node, name),
                    Note(span, "被排除的规定", "the rule set aside"),
                    name=name,
                    theirs=_judged(of),
                    ours=_judged(theirs),
                )
                continue
            rule = self.rule(other)
            if rule is None:
                continue
            if (
                self.layer_of(d, self.instrument(home)) == "national"
                and rule.layer != "national"
                and d.name is not None
            ):
                county = rule.span.name if isinstance(rule.span, s.Declaration) else None
                self.symbols.report(
                    "P319",
                    (county or rule.span).span,
                    Note(d.name.span, "国家层的规定", "the national rule"),
                    name=name,
                )
                continue
            found.append(rule)
        return found

    def options_of(self, d: s.Declaration, scope: Scope, fires: Fires, waivers: list[m.Rule]) -> Iterable[m.Option]:
        for c in d.clauses:
            if not isinstance(c, s.Clause) or c.key not in MODAL:
                continue
            if isinstance(c.body, s.Rows):
                conditions = [self.values.any_key(r, scope) for r in c.body.rows]
                for i, row in enumerate(c.body.rows):
                    # Read from the top down: a row holds when its own condition does and none above it.
                    above = tuple(denied(x, r) for x, r in zip(conditions[:i], c.body.rows, strict=False))
                    parts = (conditions[i], *above)
                    here = parts[0] if len(parts) == 1 else m.All(parts=parts, source=row, slots=slots_of(*parts))
                    if isinstance(row.outcome, s.Effects):
                        yield from self.effects_of(row.outcome, c.key, scope, fires, here, waivers)
            elif isinstance(c.body, s.Effects):
                yield from self.effects_of(c.body, c.key, scope, fires, None, waivers)

    def effects_of(
        self, e: s.Effects, modality: str, scope: Scope, fires: Fires, here: m.Expr | None, waivers: list[m.Rule]
    ) -> Iterable[m.Option]:
        """The options of one list of effects; a bar on what benefits burdens, and the other way round."""
        join = "any" if e.join == "any" else "all" if len(e.parts) > 1 else "one"
        must = modality in DUTIES
        flag = m.CHOICES[modality][0] if must and join == "any" else modality
        for part in e.parts:
            name, amount, condition = self.effect_part(part, scope)
            for effect in self.effect_names(name):
                polarity = self.symbols.effects[effect].polarity
                waived = self.waived(waivers, e, polarity) if must else None
                base = fires(OPPOSITE[polarity] if modality in ("must_not", "should_not") else polarity)
                if here is not None:
                    base = m.All(parts=(base, here), source=part, slots=slots_of(base, here))
                whole = base
                if condition is not None:
                    whole = m.All(parts=(base, condition), source=part, slots=slots_of(base, condition))
                yield m.Option(
                    effect, flag, whole, e.open, join, amount, condition, base, id(e), waived,
                    tuple(w.name for w in waivers) if waived is not None else (),
                )  # fmt: skip

    def waived(self, waivers: list[m.Rule], source: s.Node, polarity: str) -> m.Expr | None:
        """When a duty may be set aside: any of the rules that say so arises."""
        parts = tuple(self.fires_of[w.name](OPPOSITE[polarity]) for w in waivers)
        if len(parts) <= 1:
            return parts[0] if parts else None
        return m.Any(parts=parts, source=source, slots=slots_of(*parts))

    def effect_option(self, effect: str, fires: Fires, waivers: list[m.Rule], source: s.Node) -> m.Option:
        """A stage that is reached, as the effect of its name."""
        polarity = self.symbols.effects[effect].polarity
        base = fires(polarity)
        names = tuple(w.name for w in waivers)
        return m.Option(
            effect, "must", base, False, "one", base=base, waived=self.waived(waivers, source, polarity), waivers=names
        )

    def effect_part(self, part: s.Node, scope: Scope) -> tuple[s.Name, m.Amount | None, m.Expr | None]:
        """An option: its effect, its amount, the condition under which it is open."""
        value = self.values
        match part:
            case s.Name():
                return part, None, None
            case s.Apply(name=name, parts=(condition,)):
                return name, None, value.truth(condition, scope)
            case s.Amount(effect=effect, quantity=quantity):
                inner, _, only_if = self.effect_part(effect, scope)
                exact = self.amount(inner, quantity, scope)
                return inner, m.Amount(exact, exact), only_if
            case s.Comparison(op=op, left=s.Name() as name, right=right):
                bound = self.amount(name, right, scope)
                if op in ("over", "at_least"):
                    return name, m.Amount(bound, None, above=op == "over"), None
                if op in ("under", "at_most"):
                    return name, m.Amount(None, bound, below=op == "under"), None
            case s.Between(part=s.Name() as name, low=low, high=high, low_op=low_op, high_op=high_op):
                if low_op == "at_most":
                    (low, low_op), (high, high_op) = (high, high_op), (low, low_op)
                ends = self.amount(name, low, scope), self.amount(name, high, scope)
                if low_op == "at_most" or high_op != "at_most":
                    have = "两个上限或两个下限\ttwo upper or two lower bounds"
                    want = "一个下限、一个上限\ta lower and an upper bound"
                    self.symbols.report("P202", part.span, name=part.span.text, have=have, want=want)
                else:
                    value.inverted(*ends, low, high, low_op == "over")
                return name, m.Amount(*ends, above=low_op == "over"), None
        self.symbols.report(
            "P202", part.span, name=part.span.text, have="别的写法\tsomething else", want="效果\tan effect"
        )
        return s.Name("", span=part.span), None, None

    def amount(self, effect: s.Name, e: s.Node, scope: Scope) -> m.Expr:
        """How much of an effect: in the unit the vocabulary gives it."""
        members = self.symbols.groups.get(effect.text, (effect.text,))
        units = {x.unit for name in members if (x := self.symbols.effects.get(name)) is not None}
        if "" in units or len(units) > 1:
            have = "没有数额的效果\tan effect without an amount" if "" in units else "单位不一的效果\tin several units"
            want = "写明单位的效果\tan effect with a unit"
            return self.values.wrong("P202", effect, name=effect.text, have=have, want=want)
        type = number(next(iter(units), "number"))
        value = self.values.value(e, scope, type)
        if units and not self.values.broken(value) and not self.values.comparable(value.type, type):
            return self.values.mismatch(e, value, type)
        return value

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
                if isinstance(r.outcome, s.Effects) and r.outcome.open:
                    self.values.single(r.outcome)
                rows.append((self.values.any_key(r, scope), self.symbols.body_names(bodies)))
            return m.Decider(tuple(rows))
        return m.Decider(((None, self.symbols.body_names(clause.body if isinstance(clause.body, tuple) else ())),))

    def toward(self, d: s.Declaration) -> tuple[str, ...]:
        clause = d.clause("toward")
        return self.symbols.body_names(clause.body) if clause is not None and isinstance(clause.body, tuple) else ()

    def period(self, clause: s.Clause | None, scope: Scope) -> m.Period | None:
        if clause is None:
            return None
        if isinstance(clause.body, s.Period) and not clause.body.op:
            start = None if clause.body.start is None else self.values.day(clause.body.start, scope)
            end = (
                None
                if clause.body.end is None
                else self.values.day(clause.body.end, evolve(scope, name=f"{scope.name}的止期"))
            )
            if start is not None and end is not None and clause.body.start is not None and clause.body.end is not None:
                self.values.inverted(start, end, clause.body.start, clause.body.end)
            return period(self.values, start, end, clause)
        if isinstance(clause.body, s.Shifted):
            end = self.values.day(clause.body, evolve(scope, name=f"{scope.name}的止期"))
            return period(self.values, self.values.day(clause.body.start, scope), end, clause)
        if isinstance(clause.body, s.Gap):
            end = self.values.value(clause.body, evolve(scope, name=f"{scope.name}的期间"), DAY)
            return period(self.values, None, end, clause)
        if isinstance(clause.body, s.Name) and clause.body.text in self.symbols.stages:
            return None  # As long as that stage: a condition, not a period of days.
        if isinstance(clause.body, s.Name) and self.symbols.role(clause.body.text).startswith("未声明"):
            self.symbols.unknown(clause.body, self.symbols.stages)
            return None
        why = "期间要有起点，或者是一个环节\ta period has a start, or is that of a stage"
        self.symbols.report("P317", clause.body.span if isinstance(clause.body, s.Node) else clause.span, why=why)
        return None

    def last_day(self, clause: s.Clause | None, scope: Scope) -> m.Expr | None:
        if clause is None or not isinstance(clause.body, s.Node):
            return None
        if (
            isinstance(clause.body, s.Period)
            and clause.body.op in ("before", "not_after")
            and clause.body.end is not None
        ):
            day = self.values.day(clause.body.end, scope)
            if clause.body.op == "not_after":
                return day
            # Before a day: the last day is the one before it.
            less = m.Constant(value=(-1, -1, False), type=number("days"), source=clause.body)
            return m.Add(parts=(day, less), type=day.type, source=clause.body, slots=day.slots)
        if isinstance(clause.body, s.Period):
            self.symbols.report("P317", clause.body.span, why="期限要有终点\ta deadline has an end")
            return None
        return self.values.day(clause.body, evolve(scope, name=f"{scope.name}的期限"))

    def done(self, d: s.Declaration, scope: Scope) -> tuple[m.Expr, ...]:
        clause = d.clause("done_by")
        names = clause.body if clause is not None and isinstance(clause.body, tuple) else ()
        return tuple(self.values.day(n, scope) for n in names if isinstance(n, s.Node))


def _naming(d: s.Declaration, name: str) -> Span:
    """Where an exception names what it sets aside."""
    for c in (d.clause("disapplies"), d.clause("may_disapply")):
        for n in c.body if c is not None and isinstance(c.body, tuple) else ():
            if isinstance(n, s.Name) and n.text == name:
                return n.span
    return (d.name or d).span


def _judged(of: str | None) -> str:
    return f"按每一“{of}”判断\tjudged for each “{of}”" if of else "按人判断\tjudged of the person"
