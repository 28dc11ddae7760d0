"""Names: what each means where it stands."""

from __future__ import annotations

from attrs import evolve

from .. import model as m
from ..language import syntax as s
from ..values import DAY, TEXT, UNKNOWN, Type
from .scope import Ground, Scope, cited


class Names(Ground):
    """Resolves the names of a condition."""

    def name(self, e: s.Name, scope: Scope, expected: Type | None) -> m.Expr:
        sym, text = self.symbols, e.text
        if expected is not None and expected.finite and text in expected.options:
            return m.Constant(value=expected.option(text), type=expected, source=e)
        if scope.stage is not None and scope.inner == scope.stage[0]:
            own = self.stage_field(scope.stage[1], text, scope, e)
            if own is not None:
                return own
        row = self.of_row(e, scope)
        person = (
            text in sym.facts
            or text in sym.parameters
            or (text in sym.definitions and self.list_of(text) is None)
            or (text in sym.findings and sym.findings[text].list is None)
        )
        if row is not None:
            if person and scope.inner is not None and text in sym.lists[scope.inner].fields and text in sym.facts:
                self.symbols.report(
                    "P206",
                    e.span,
                    name=text,
                    list=scope.inner,
                    first=f"{scope.inner}的{text}\tthe field of {scope.inner}",
                    second=f"本人的{text}\tthe fact of the person",
                )
            return row
        if text in sym.facts:
            self.used.add(text)
            shape = sym.facts[text]
            moment = scope.moment if shape.over_time else None
            return self.once(
                ("fact", text, id(moment)),
                lambda: m.Fact(
                    name=text,
                    moment=moment,
                    type=self.filled(shape.type),
                    source=e,
                    slots=moment.slots if moment else frozenset(),
                ),
            )
        if text in sym.findings and sym.findings[text].list is None:
            q = sym.findings[text]
            return self.once(
                ("finding", text), lambda: m.Finding(name=text, list=None, slot=None, type=q.type, source=e)
            )
        if text in sym.definitions and self.list_of(text) is None:
            return self.definition(text, None, scope, e)
        if text in sym.parameters:
            return self.parameter(text, e, None)
        return self.lost(e, scope, expected)

    def lost(self, e: s.Name, scope: Scope, expected: Type | None) -> m.Expr:
        """A name that means nothing here: say why, as exactly as can be said."""
        sym, text = self.symbols, e.text
        if text in sym.rules or text in sym.stages or text in sym.effects or text in sym.groups:
            return self.wrong("P210", e, name=text)
        homes = [x for x, shape in sym.lists.items() if text in shape.fields]
        homes += [x for x in (self.list_of(text) if text in sym.definitions else None,) if x]
        homes += [sym.findings[text].list or ""] if text in sym.findings else []
        if homes:
            return self.wrong("P208", e, name=text, list="、".join(dict.fromkeys(homes)))
        if expected is not None and expected.kind == "finite":
            if expected.options:
                return self.not_an_option(e, expected)
            return self.wrong("P200", e, shape=expected, suggestion=sym.alike(text), name=text)
        if sym.role(text).startswith("“"):
            want = f"条件，如“… 为 {text}”“… 属于 {{{text}、…}}”"
            want += f"\ta condition, such as “… is {text}” or “… in {{{text}, …}}”"
            return self.wrong("P202", e, name=text, have=sym.role(text), want=want)
        if sym.role(text) != "未声明的词\tan undeclared word":
            return self.wrong(
                "P202",
                e,
                name=text,
                have=sym.role(text),
                want="事实、定义、参数或认定\ta fact, definition, parameter or finding",
            )
        return self.wrong("P200", e, suggestion=sym.alike(text), name=text)

    def not_an_option(self, e: s.Name, expected: Type) -> m.Expr:
        self.symbols.report(
            "P205",
            e.span,
            suggestion=self.symbols.alike(e.text, expected.options),
            name=e.text,
            type=self.type_name(expected),
            options="、".join(expected.options),
        )
        return m.Constant(value=expected.top, type=expected, source=e)

    def of_row(self, e: s.Name, scope: Scope) -> m.Expr | None:
        """A bare name as the innermost row's: its field, a definition over its list, a finding on it."""
        sym, text, of = self.symbols, e.text, scope.inner
        if of is None or of not in sym.lists:
            return None
        slot = len(scope.rows) - 1
        if text in sym.lists[of].fields:
            return self.row_field(of, text, slot, e)
        if text in sym.findings and sym.findings[text].list == of:
            q = sym.findings[text]
            return self.once(
                ("finding", text, slot),
                lambda: m.Finding(name=text, list=of, slot=slot, type=q.type, source=e, slots=frozenset((slot,))),
            )
        if text in sym.definitions and self.list_of(text) == of:
            return self.definition(text, slot, scope, e)
        return None

    def this(self, e: s.Node, name: s.Name, scope: Scope) -> m.Expr:
        own = scope.own
        if len(scope.rows) <= own or scope.rows[own] != name.text:
            return self.wrong("P208", name, shape=TEXT, name=f"本{name.text}", list=name.text)
        return m.RowId(list=name.text, slot=own, type=Type("text", name.text), source=e, slots=frozenset((own,)))

    def field_of(self, e: s.FieldOf, owner: s.Node, name: s.Name, scope: Scope) -> m.Expr:
        sym = self.symbols
        if isinstance(owner, s.This):
            if len(scope.rows) <= scope.own or scope.rows[scope.own] != owner.name.text:
                return self.wrong("P208", owner, name=f"本{owner.name.text}", list=owner.name.text)
            outer = evolve(scope, rows=scope.rows[: scope.own + 1], stage=None)
            found = self.of_row(name, outer)
            if found is not None:
                return found
            self.unknown_field(name, owner.name.text)
            return m.Constant(value=UNKNOWN, source=e)
        if isinstance(owner, s.Word) and owner.key == "decision_day":
            if name.text not in sym.facts:
                self.symbols.unknown(name, sym.facts)
                return m.Constant(value=UNKNOWN, source=e)
            return self.name(name, evolve(scope, rows=(), moment=self.today, stage=None), None)
        if isinstance(owner, s.Name) and owner.text in sym.stages:
            own = self.stage_field(owner.text, name.text, scope, e)
            if own is not None:
                return own
            each = sym.procedures[sym.stages[owner.text][0]].node.clause("for")
            of = each.body.text if each is not None and isinstance(each.body, s.Name) else owner.text
            return self.wrong("P208", e, name=f"{owner.text}的{name.text}", list=of)
        if isinstance(owner, s.Name) and owner.text in sym.lists and scope.inner == owner.text:
            found = self.of_row(name, scope)
            if found is not None:
                return found
            self.unknown_field(name, owner.text)
            return m.Constant(value=UNKNOWN, source=e)
        if isinstance(owner, s.Name) and not owner.known:
            return self.wrong("P200", owner, suggestion=sym.alike(owner.text), name=owner.text)
        if name.text in sym.facts and isinstance(owner, s.Name) and owner.text in sym.definitions:
            moment = self.value(owner, scope, DAY)
            if moment.type.kind == "day":
                return self.name(name, evolve(scope, rows=(), moment=moment, stage=None), None)
            return moment if self.broken(moment) else self.mismatch(owner, moment, DAY)
        return self.wrong(
            "P202",
            owner,
            name=getattr(owner, "text", "?"),
            have=sym.role(getattr(owner, "text", "")),
            want="本事项或环节\tthis element or a stage",
        )

    def unknown_field(self, name: s.Name, of: str) -> None:
        fields = self.symbols.lists[of].fields if of in self.symbols.lists else ()
        self.symbols.unknown(name, fields)

    def reading(self, node: s.Node) -> m.Leaf | None:
        """The leaf of a 解读, of a parameter with 可能, or of a built-in reading."""
        if not isinstance(node, s.Name):
            return None
        name = node.text
        if name in self.built_in:
            return self.built_in[name]
        if name not in self.leaves and name in self.symbols.parameters:
            # A parameter with possible values is a reading, made with the parameter.
            if self.symbols.parameters[name].node.clause("possible") is not None:
                self.parameter(name, node, None)
        elif name not in self.leaves and (it := self.symbols.readings.get(name)):
            clause = it.node.clause("question")
            options = tuple(a.name.text for a in (clause.items if clause else ()) if isinstance(a, s.Alternative))
            type = Type("finite", name, options)
            self.leaves[name] = m.Leaf(
                name=name, kind="reading", top=type.top, type=type, basis=cited(it.node), source=node
            )
        return self.leaves.get(name)
