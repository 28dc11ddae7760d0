"""Definitions and parameters, what is delegated to units, and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from attrs import evolve

from .. import model as m
from ..diagnostics import Note
from ..language import syntax as s
from ..language.numerals import write_date, write_quantity
from ..language.source import Span
from ..values import DAY, NO, TEXT, UNKNOWN, YES, YES_NO, Range, Type, as_range, number, point
from .naming import Names
from .scope import Scope, cited, slots_of
from .symbols import Declared

# How many missing options a finding names.
SHOWN: Final = 6


class Parameters(Names):
    """Elaborates what has a name of its own."""

    def definition(self, name: str, slot: int | None, scope: Scope, e: s.Node) -> m.Expr:
        """A definition, seen from where it is used: facts that change over time are read at the user's moment."""
        of = self.list_of(name)
        rows = (*scope.rows[:slot], of) if slot is not None and of is not None else scope.unseen
        # Its own moment where it has one to read at; it is shared by every user that reads at the same moment.
        shared = ("definition", name, slot)
        key = (*shared, id(scope.moment))
        if shared in self.memo or key in self.memo:
            return self.memo.get(shared) or self.memo[key]
        if name in self.open:
            return self.circle(name, e)
        self.open.append(name)
        it = self.symbols.definitions[name]
        home = self.instrument_of(it.regime)
        start, authority = (home.start, home.authority) if home else (None, ())
        inner = Scope(
            rows, scope.moment, start, authority, name, cited(it.node), own=len(scope.unseen) if slot is None else slot
        )
        body = self.body_of(it.node, inner)
        texts = self.symbols.unit_texts.get(name, [])
        if it.node.clause("delegated") is not None:
            body = self.delegated(it.node, name, body, texts, inner)
        self.open.pop()
        result = m.Named(name=name, body=body, type=body.type, source=it.node, slots=body.slots, basis=cited(it.node))
        reads_moment = any(isinstance(x, m.Fact) and x.moment is not None for x in m.walk(body))
        self.memo[key if reads_moment else shared] = result
        return result

    def body_of(self, d: s.Declaration, scope: Scope) -> m.Expr:
        clause = d.clause("means", "any_of", "all_of")
        if clause is None:
            if d.clause("delegated") is not None:
                return m.Leaf(name=scope.name, kind="not_obtained", top=UNKNOWN, who=scope.who, source=d)
            return self.wrong("P302", d, clause="是指\tmeans")
        if clause.key in ("any_of", "all_of"):
            parts = tuple(self.truth(i.part, scope) for i in clause.items if isinstance(i, s.Item))
            node = m.Any if clause.key == "any_of" else m.All
            return node(parts=parts, source=clause, slots=slots_of(*parts))
        if isinstance(clause.body, s.Rows):
            return self.table(clause.body, scope, lambda n: self.either(self.single(n), scope))
        if isinstance(clause.body, s.Effects):
            return self.either(self.single(clause.body), scope)
        return self.wrong("P302", d, clause="是指\tmeans")

    def table(
        self,
        rows: s.Rows,
        scope: Scope,
        outcome: Callable[[s.Node], m.Expr],
        keys: Callable[[s.Row], m.Expr] | None = None,
    ) -> m.Expr:
        """The first row whose condition holds; with none, a condition is false and a value is 无."""
        conditions = [keys(r) if keys else self.any_key(r, scope) for r in rows.rows]
        outcomes = [outcome(r.outcome) for r in rows.rows]
        said = [o for o in outcomes if not isinstance(o, m.Unprinted) and not self.broken(o)]
        shaped = (said or outcomes)[0].type
        # A gap among values is a gap of their type.
        outcomes = [
            o
            if not isinstance(o, m.Unprinted) or shaped.kind == "truth"
            else m.Leaf(name=o.name, kind=o.kind, top=shaped.top, who=o.who, note=o.note, type=shaped, source=o.source)
            for o in outcomes
        ]
        for r, o in zip(rows.rows, outcomes, strict=True):
            if not self.comparable(o.type, shaped):
                return o if self.broken(o) else self.mismatch(r.outcome, o, shaped)
        otherwise: m.Expr
        if exhaustive(conditions):
            otherwise, conditions, rest = outcomes[-1], conditions[:-1], outcomes[:-1]
            type = shaped
        else:
            type = shaped if shaped.kind == "truth" else evolve(shaped, may_be_none=True)
            otherwise = m.Constant(value=NO if shaped.kind == "truth" else shaped.none, type=type, source=rows)
            rest = outcomes
        for c, o in zip(reversed(conditions), reversed(rest), strict=True):
            otherwise = m.Choose(
                condition=c, then=o, otherwise=otherwise, type=type, source=rows, slots=slots_of(c, o, otherwise)
            )
        return otherwise

    def any_key(self, row: s.Row, scope: Scope) -> m.Expr:
        keys = tuple(self.truth(k, scope) for k in row.keys)
        return keys[0] if len(keys) == 1 else m.Any(parts=keys, source=row, slots=slots_of(*keys))

    def parameter(self, name: str, e: s.Node, argument: m.Expr | None) -> m.Expr:
        it = self.symbols.parameters[name]
        d = it.node
        keyed = d.clause("keyed_by")
        if ("parameter", name) in self.memo:
            return self.memo["parameter", name]
        if name in self.open:
            return self.circle(name, e)
        self.open.append(name)
        if keyed is not None:
            made = self.keyed(name, e, d, argument, it.regime)
        else:
            made = self.memo["parameter", name] = self.plain_parameter(name, it.regime, d)
        self.open.pop()
        return made

    def circle(self, name: str, e: s.Node) -> m.Expr:
        """A definition or parameter that needs itself."""
        return self.wrong("P305", e, circle=" → ".join([*self.open[self.open.index(name) :], name]))

    def plain_parameter(self, name: str, regime: str | None, d: s.Declaration) -> m.Expr:
        home = self.instrument_of(regime)
        scope = Scope((), self.today, home.start if home else None, home.authority if home else (), name, cited(d))
        possible, value, delegated = d.clause("possible"), d.clause("value"), d.clause("delegated")
        body: m.Expr
        if value is not None:
            body = self.given(value, d, scope)
        elif possible is not None and isinstance(possible.body, tuple):
            self.all_bounds_or_none(possible.body)
            if any(isinstance(x, s.Limit) for x in possible.body):
                # Bounds say between what it lies, never that it is one of a few.
                body = self.bounded_leaf(name, possible, scope, d, "unprinted")
            else:
                body = self.possible(name, possible.body, scope, d)
        elif delegated is not None:
            body = self.bounded_leaf(name, delegated, scope, d)
        else:
            body = self.wrong("P302", d, shape=number("number"), clause="取值\tvalue")
        if delegated is not None:
            body = self.delegated(d, name, body, self.symbols.unit_texts.get(name, []), scope)
        return m.Named(name=name, body=body, type=body.type, source=d, role="parameter", basis=cited(d))

    def given(self, clause: s.Clause, d: s.Declaration, scope: Scope) -> m.Expr:
        """What 取值 says, by itself or row by row, in the unit *d* declares."""
        unit = self.unit_type(d)
        if isinstance(clause.body, s.Rows):
            return self.table(clause.body, scope, lambda n: self.value(self.single(n), scope, unit))
        return (
            self.value(self.single(clause.body), scope, unit)
            if isinstance(clause.body, s.Effects)
            else self.wrong("P302", clause, shape=unit, clause="取值\tvalue")
        )

    def all_bounds_or_none(self, values: tuple[s.Node, ...]) -> None:
        """A list of possible values is of values or of bounds: of both it could not be read."""
        bounds = [x for x in values if isinstance(x, s.Limit)]
        for x in values if bounds else ():
            if not isinstance(x, s.Limit):
                have, want = "一个值\ta value", "界限，如“三次以上”\ta bound, such as “3 times or_more”"
                self.wrong("P202", x, name=x.span.text, have=have, want=want)

    def unit_type(self, d: s.Declaration) -> Type:
        """The type of an unprinted parameter: its 单位, or a plain number."""
        clause = d.clause("unit")
        if clause is not None and isinstance(clause.body, tuple) and clause.body:
            first = clause.body[0]
            if isinstance(first, s.Word) and first.terminal == "TYPE":
                return {"day": DAY, "text": TEXT, "truth": YES_NO}.get(first.key) or number(first.key)
            if isinstance(first, s.Name) and first.text in self.symbols.classes:
                return self.symbols.classes[first.text]
        for c in ("delegated", "possible"):
            clause = d.clause(c)
            for part in clause.body if clause is not None and isinstance(clause.body, tuple) else ():
                inner = part.part if isinstance(part, s.Limit) else part
                if isinstance(inner, s.Quantity):
                    return number(inner.unit)
        return number("number")

    def possible(self, name: str, values: tuple[s.Node, ...], scope: Scope, d: s.Declaration) -> m.Expr:
        """A parameter that is not printed and can only be one of a few: executed as a reading."""
        done = [self.value(v.part if isinstance(v, s.Limit) else v, scope, self.unit_type(d)) for v in values]
        for v, x in zip(values[1:], done[1:], strict=True):
            if not self.comparable(x.type, done[0].type):
                self.mismatch(v, x, done[0].type)
                return done[0]
        labels = tuple(self.label(v) for v in values)
        type = Type("finite", name, labels)
        leaf = m.Leaf(name=name, kind="reading", top=type.top, type=type, basis=cited(d), source=d)
        self.leaves[name] = leaf
        result = done[-1]
        for i in range(len(done) - 2, -1, -1):
            result = m.Choose(
                condition=m.Is(part=leaf, options=1 << i, source=d),
                then=done[i],
                otherwise=result,
                type=done[i].type,
                source=d,
            )
        return result

    def label(self, v: s.Node) -> str:
        """How a possible value is named when it is chosen: in Chinese, whichever tongue wrote it."""
        match v:
            case s.Limit(part=part):
                return self.label(part)
            case s.Quantity(number=amount, unit=unit):
                return write_quantity(amount, unit, "zh")
            case s.Date(parts=parts):
                return write_date(parts, "zh")
            case s.Name(text=text) | s.Quote(text=text):
                return text
        return v.span.text

    def limits(self, clause: s.Clause, scope: Scope, type: Type) -> Range:
        """The least and the greatest value a clause of bounds allows; any value where the bounds cannot be meant."""
        low, high, _ = (0, 0, False) if type.finite else as_range(type.top)
        bounds: dict[bool, tuple[s.Limit, m.Constant]] = {}
        for part in clause.body if isinstance(clause.body, tuple) else ():
            if not isinstance(part, s.Limit):
                continue
            bound, upper = self.value(part.part, scope, type), part.op == "at_most"
            if self.broken(bound):
                continue
            if not self.comparable(bound.type, type):
                self.mismatch(part.part, bound, type)
            elif not isinstance(bound, m.Constant):
                have = "没有写明的值\tnot a value written out"
                self.wrong("P202", part.part, name=part.part.span.text, have=have, want=self.type_words(bound))
            elif upper in bounds:
                place = Note(bounds[upper][0].span, "前一处", "the one before")
                which = "上限\tan upper bound" if upper else "下限\ta lower bound"
                self.symbols.report("P301", part.span, place, clause=which)
            elif not isinstance(bound.value, int):
                bounds[upper] = part, bound
                if upper:
                    high = bound.value[0]
                else:
                    low = bound.value[0] + (part.op == "over")
        if len(bounds) == 2:
            (lower, least), (upper_, most) = bounds[False], bounds[True]
            if self.inverted(least, most, lower.part, upper_.part, lower.op == "over"):
                return as_range(type.top)
        return low, high, False

    def bounded_leaf(
        self, name: str, clause: s.Clause, scope: Scope, d: s.Declaration, kind: str = "not_obtained"
    ) -> m.Expr:
        type = self.unit_type(d)
        top = type.top if type.finite else self.limits(clause, scope, type)
        return m.Leaf(name=name, kind=kind, top=top, who=scope.who, type=type, basis=cited(d), source=d)

    def delegated(self, d: s.Declaration, name: str, absent: m.Expr, texts: Iterable[Declared], scope: Scope) -> m.Expr:
        """What units write themselves: the text of the person's unit, within its bounds; else not obtained."""
        clause = d.clause("delegated")
        who = self.unit_of_person()
        if clause is None or who is None:
            return absent
        result: m.Expr = (
            absent
            if isinstance(absent, m.Choose)
            else (
                m.Leaf(
                    name=name,
                    kind="not_obtained",
                    top=absent.top,
                    who=scope.who,
                    type=absent.type,
                    basis=cited(d),
                    source=d,
                )
                if isinstance(absent, m.Leaf)
                else absent
            )
        )
        if result.type.kind == "truth":
            result = m.Unprinted(name=name, kind="not_obtained", who=scope.who, source=d)
        units: dict[str | None, Span] = {}
        for it in texts:
            if it.regime is None:
                continue
            home = self.instrument_of(it.regime)
            start, who_writes = (home.start, home.authority) if home else (None, scope.who)
            inner = Scope(scope.rows, scope.moment, start, who_writes, name, cited(it.node))
            value = it.node.clause("value")
            if it.node.kind == "parameter" and value is not None:
                given = self.given(value, d, inner)
                self.inside(given, result.type, clause, scope, value, it.node)
            else:
                given = self.body_of(it.node, inner)
            if not self.comparable(given.type, result.type):
                if not self.broken(given):
                    self.mismatch(given.source or it.node, given, result.type)
                continue
            if home is None:
                continue
            text = m.Constant(value=point(home.unit or ""), type=TEXT, source=it.node)
            mine = m.Equal(left=who, right=text, source=it.node, slots=who.slots)
            since = m.AtLeast(left=self.today, right=home.start, source=it.node)
            parts: list[m.Expr] = [m.Admitted(layer=home.layer, source=it.node), mine, since]
            if home.end is not None:
                parts.append(m.AtLeast(left=home.end, right=self.today, source=it.node))
            applies = m.All(parts=tuple(parts), source=it.node, slots=who.slots)
            if home.unit in units and it.node.name is not None:
                self.symbols.report(
                    "P201", it.node.name.span, Note(units[home.unit], "前一处", "first here"), name=name
                )
            units[home.unit] = it.node.span
            named = m.Named(
                name=f"{home.name}·{name}",
                body=given,
                type=given.type,
                source=it.node,
                slots=given.slots,
                basis=cited(it.node),
            )
            result = m.Choose(
                condition=applies,
                then=named,
                otherwise=result,
                type=result.type,
                source=it.node,
                slots=slots_of(applies, named, result),
            )
        return result

    def inside(
        self, given: m.Expr, type: Type, clause: s.Clause, scope: Scope, value: s.Clause, text: s.Declaration
    ) -> None:
        """Every value a unit's text writes out lies within what is delegated."""
        low, high, _ = self.limits(clause, scope, type)
        for x in endings(given):
            if not isinstance(x, m.Constant) or self.broken(x) or type.finite or not self.comparable(x.type, type):
                continue
            worth, _, none = as_range(x.value)
            if not none and not low <= worth <= high:
                place = Note(clause.span, "授权在此", "delegated here")
                mine, county = "、".join(cited(text)), "、".join(scope.basis)
                self.wrong("P311", x.source or value, place, name=scope.name, own=mine, basis=county)

    def keyed(self, name: str, e: s.Node, d: s.Declaration, argument: m.Expr | None, regime: str | None) -> m.Expr:
        """A keyed parameter, looked up by what stands in its brackets."""
        if argument is None:
            return self.wrong("P313", e, shape=number("number"), name=name)
        type = self.key_of(d)
        if not argument.type.finite or type is None:
            if type is not None and not self.broken(argument):
                have = self.type_words(argument)
                self.wrong("P202", e, name=name, have=have, want="类的值\ta value of a class")
            return m.Constant(value=number("number").top, type=number("number"), source=e)
        if not self.comparable(argument.type, type):
            words = self.type_words(m.Constant(value=type.top, type=type))
            return self.wrong("P203", e, shape=number("number"), left=self.type_words(argument), right=words)
        return self.looked_up(name, d, argument, regime)

    def key_of(self, d: s.Declaration) -> Type | None:
        """What a parameter is keyed by: a class by its name, or a fact or field that is of one; None where it is
        not."""
        e = k.body if (k := d.clause("keyed_by")) is not None else None
        if not isinstance(e, s.Node):
            return None
        if isinstance(e, s.Name) and e.text in self.symbols.classes:
            return self.symbols.classes[e.text]
        if isinstance(e, s.Name) and e.text not in self.symbols.bare:
            # A field by its own name, where every list that has it has it of one class.
            found = [self.filled(x.fields[e.text].type) for x in self.symbols.lists.values() if e.text in x.fields]
            if found and all(t.finite and t.options == found[0].options for t in found):
                return found[0]
        owner = e.owner if isinstance(e, s.FieldOf) else None
        of = owner.name if isinstance(owner, s.This) else owner
        rows = (of.text,) if isinstance(of, s.Name) and of.text in self.symbols.lists else ()
        key = self.value(e, Scope(rows, self.today), None)
        if key.type.finite and key.type.kind != "truth":
            return key.type
        if not self.broken(key):
            self.wrong("P202", e, name=e.span.text, have=self.type_words(key), want="类的值\ta value of a class")
        return None

    def check_keyed(self, name: str) -> None:
        """A keyed parameter is checked whole, whether or not a rule looks it up."""
        it = self.symbols.parameters[name]
        d, type = it.node, self.key_of(it.node)
        keyed = d.clause("keyed_by")
        if type is None or keyed is None:
            return
        any_key = m.Leaf(name=name, kind="unprinted", top=type.top, type=type)
        self.parameter(name, d, any_key)
        rows = [r for r in keyed.items if isinstance(r, s.Row)]
        keys = [k for r in rows for k in r.keys]
        self.symbols.all_different(k for k in keys if isinstance(k, s.Name))
        missing = [o for o in type.options if o not in {k.text for k in keys if isinstance(k, s.Name)}]
        if rows and missing and not any(isinstance(k, s.Word) and k.terminal == "ELSE" for k in keys):
            place = d.name.span if d.name is not None else d.span
            shown = "、".join(missing[:SHOWN]) + (" 等\t" if len(missing) > SHOWN else "\t")
            shown += "、".join(missing[:SHOWN]) + (" and others" if len(missing) > SHOWN else "")
            self.symbols.report("P314", place, name=name, options=shown)

    def looked_up(self, name: str, d: s.Declaration, argument: m.Expr, regime: str | None) -> m.Expr:
        """The rows of a keyed parameter, for one argument."""
        home = self.instrument_of(regime)
        scope = Scope((), self.today, home.start if home else None, home.authority if home else (), name, cited(d))
        keyed = d.clause("keyed_by")
        rows = s.Rows(tuple(r for r in (keyed.items if keyed is not None else ()) if isinstance(r, s.Row)), span=d.span)
        if not rows.rows:
            return self.wrong("P302", d, shape=number("number"), clause="（一）…：…\t(1) …: …")
        outcomes = [self.single(r.outcome) for r in rows.rows]
        first = next((x for x in outcomes if isinstance(x, s.Quantity)), None)
        expected = self.unit_type(d)
        if first is not None and d.clause("unit") is None:
            expected = number(first.unit)

        def key(r: s.Row) -> m.Expr:
            if any(isinstance(k, s.Word) and k.terminal == "ELSE" for k in r.keys):
                return m.Constant(value=YES, source=r)
            mask = 0
            for k in r.keys:
                option = self.value(k, scope, argument.type)
                mask |= option.value if isinstance(option, m.Constant) and isinstance(option.value, int) else 0
            return m.Is(part=argument, options=mask, source=r, slots=argument.slots)

        body = self.table(rows, scope, lambda n: self.value(self.single(n), scope, expected), key)
        return m.Named(
            name=name, body=body, type=body.type, source=d, slots=body.slots, role="parameter", basis=cited(d)
        )


def endings(e: m.Expr) -> Iterator[m.Expr]:
    """What the rows of a table come to."""
    if isinstance(e, m.Choose):
        yield from (*endings(e.then), *endings(e.otherwise))
    else:
        yield e


def exhaustive(conditions: list[m.Expr]) -> bool:
    """Whether the conditions ask which option one thing is, and leave none out; a last 其余 does as well."""
    if isinstance(conditions[-1], m.Constant) and conditions[-1].value == YES:
        return True
    if not all(isinstance(c, m.Is) and c.alike is None for c in conditions):
        return False
    asked = {id(c.part) for c in conditions if isinstance(c, m.Is)}
    mask = 0
    for c in conditions:
        if isinstance(c, m.Is):
            mask |= c.options
    top = conditions[0].part.type.top if isinstance(conditions[0], m.Is) else 0
    return len(asked) == 1 and mask == top
