"""Procedures: which stage a case has reached, and where the text does not say what comes next."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Final

from attrs import evolve

from .. import model as m
from ..language import syntax as s
from ..values import NO, TEXT, YES
from .instruments import Instruments
from .scope import Scope, cited, denied, slots_of
from .symbols import Declared

NOWHERE: Final = "去向未载明"


class Procedures(Instruments):
    """The stages of procedures, as rules of their element."""

    @abstractmethod
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

    @abstractmethod
    def moment_of(self, d: s.Declaration, of: str | None) -> tuple[m.Expr, tuple[str, ...]]:
        """Which day connects a rule to time."""

    @abstractmethod
    def condition_of(self, d: s.Declaration, scope: Scope) -> m.Expr:
        """What a rule asks."""

    def stage_list(self, procedure: str) -> tuple[str, str, str, str] | None:
        """The list a procedure is for, the list its stages are recorded in, that list's name and owner fields."""
        d = self.symbols.procedures[procedure].node
        of, recorded = self.each_list(d), self.word_of(d.clause("recorded_in"))
        clause = d.clause("recorded_in")
        if of is None or recorded is None or clause is None:
            return None
        place = clause.body[0].span if isinstance(clause.body, tuple) else clause.span
        if recorded not in self.symbols.lists:
            self.symbols.report(
                "P200", place, suggestion=self.symbols.alike(recorded, self.symbols.lists), name=recorded
            )
            return None
        fields = self.symbols.lists[recorded].fields
        name = next((f for f, x in fields.items() if x.type.name == "stage_name"), None)
        owner = next((f for f, x in fields.items() if x.refers_to == of), None)
        if name is None or owner is None:
            self.symbols.report(
                "P202",
                place,
                name=recorded,
                have="没有环节名或所属的清单\ta list without a stage name or an owner",
                want=f"有环节名与“{of}”的清单\ta list with a stage name and a {of}",
            )
            return None
        return of, recorded, name, owner

    def stage_recorded(self, stage: str) -> str | None:
        shape = self.stage_list(self.symbols.stages[stage][0]) if stage in self.symbols.stages else None
        return None if shape is None else shape[1]

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
            called = s.Comparison("is", s.Name(name_field), s.Name(stage), span=e.span)
            is_stage = m.Is(part=named, options=named.type.option(stage), source=called, slots=named.slots)
            this = s.This(s.Name(of), span=e.span)
            mine = m.Equal(
                left=self.values.row_field(recorded, owner, 1, e),
                right=m.RowId(list=of, slot=0, type=TEXT, source=this, slots=frozenset((0,))),
                source=s.Comparison("is", s.Name(owner), this, span=e.span),
                slots=frozenset((0, 1)),
            )
            value = self.values.row_field(recorded, name, 1, e)
            where = m.All(parts=(is_stage, mine), source=e, slots=frozenset((0, 1)))
            type = evolve(value.type, may_be_none=True)
            return m.Fold(
                list=recorded,
                slot=1,
                how="latest",
                where=where,
                value=value,
                day=self.values.day_of(recorded, 1, e),
                tie=self.values.tie(recorded, value, e),
                happened=self.values.happened(recorded, 1),
                type=type,
                source=s.FieldOf(s.Name(stage), s.Name(name), span=e.span),
                slots=frozenset((0,)),
            )

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
        for key in ("basis", "layer", "in_force"):
            if d.clause(key) is None and (clause := it.node.clause(key)) is not None:
                d = evolve(d, clauses=(clause, *d.clauses))
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
            here = self.stage_rule(d.name.text)
            if here is None:
                continue
            scope = Scope((of,), self.values.today, None, here.instrument.authority, here.name, here.basis)
            for target, parts, source in self.leads(d, evolve(scope, stage=(of, here.name))):
                if target == to:
                    whole = (here.fires, *parts)
                    yield (
                        here.name,
                        (m.All(parts=whole, source=source, slots=slots_of(*whole)) if parts else here.fires),
                    )

    def leads(self, d: s.Declaration, scope: Scope) -> Iterable[tuple[str | None, tuple[m.Expr, ...], s.Node]]:
        """Where a stage leads, and under which conditions: a row holds when none above it does."""
        clause = d.clause("then")
        if clause is None or not isinstance(clause.body, s.Node):
            return
        if not isinstance(clause.body, s.Rows):
            yield self.target(clause.body), (), clause
            return
        conditions = [self.values.any_key(r, scope) for r in clause.body.rows]
        for i, row in enumerate(clause.body.rows):
            above = tuple(denied(x, r) for x, r in zip(conditions[:i], clause.body.rows, strict=False))
            yield self.target(row.outcome), (conditions[i], *above), row

    def struck(self, procedure: str) -> Iterable[m.Expr]:
        """A stage that would be entered and is disapplied: never skipped to the next, so nothing says what follows."""
        for d in self.symbols.procedures[procedure].node.stages:
            stage = self.stage_rule(d.name.text) if d.name is not None else None
            if stage is not None and stage.exceptions:
                barred = m.Any(parts=stage.exceptions, source=d, slots=slots_of(*stage.exceptions))
                yield m.All(parts=(stage.ready, barred), source=d, slots=slots_of(stage.ready, barred))

    def target(self, n: s.Node) -> str | None:
        part = self.values.single(n)
        if isinstance(part, s.Gap):
            return None
        if isinstance(part, s.Name) and part.text in self.symbols.stages:
            return part.text
        have = self.symbols.role(part.span.text)
        self.symbols.report("P202", part.span, name=part.span.text, have=have, want="环节\ta stage")
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
            name=f"{procedure}·{NOWHERE}",
            category="rule",
            instrument=home,
            list=shape[0],
            basis=cited(it.node),
            layer=self.layer_of(it.node, home),
            fires=fires,
            ready=fires,
            options=(option,),
            decider=m.Decider(()),
            toward=(),
            defeated_by=(),
            exceptions=(),
            condition=body,
            during=None,
            clock=None,
            span=it.node,
            procedure=procedure,
        )
