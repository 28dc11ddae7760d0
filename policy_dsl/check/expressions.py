"""Conditions and values: names resolved, types agreed, everything the language offers built from the model's nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from attrs import evolve, frozen

from .. import model as m
from ..diagnostics import Note
from ..language import syntax as s
from ..language.keywords import word
from ..language.numerals import days_of, write_date, write_quantity
from ..values import DAY, NO, SCALE, TEXT, TRUTH, UNKNOWN, YES, YES_NO, Range, Type, number, point, settled, units
from .symbols import BUILT_IN_READINGS, Declared, Symbols

_ORDER_OPS: Final = {
    "at_least": (False, False), "over": (False, True), "at_most": (True, False), "under": (True, True),
    "not_before": (False, False), "after": (False, True), "not_after": (True, False), "before": (True, True),
}  # fmt: skip
_UNIT_ZH: Final = {
    "times": "次", "days": "日", "months": "个月", "years": "年", "yuan": "元", "points": "分", "percent": "比例",
    "number": "数值",
}  # fmt: skip


@frozen
class Scope:
    """Where a condition stands: the rows in view, the moment facts are read at, the bodies that could supply a gap."""

    rows: tuple[str, ...] = ()
    moment: m.Expr | None = None
    start: m.Expr | None = None
    who: tuple[str, ...] = ()
    name: str = ""
    basis: tuple[str, ...] = ()
    stage: tuple[str, str] | None = None
    outer: int = 0

    @property
    def inner(self) -> str | None:
        return self.rows[-1] if self.rows else None


class Elaborator:
    """Turns conditions and values as written into the model's nodes; what is wrong is reported and stands as unknown."""

    def __init__(self, symbols: Symbols):
        self.symbols = symbols
        self.today = m.DecisionDay(type=DAY)
        self.built_in = {
            name: m.Leaf(name=name, kind="reading", top=UNKNOWN, type=Type("finite", name, alternatives), note=question)
            for name, (_, question, alternatives) in BUILT_IN_READINGS.items()
        }
        self.leaves: dict[str, m.Leaf] = {}
        self.memo: dict[tuple[object, ...], m.Expr] = {}
        self.open: list[str] = []
        self.used: set[str] = set()
        self.stage_field: Callable[[str, str, Scope, s.Node], m.Expr | None] = lambda *_: None
        self.instrument_of: Callable[[str | None], m.Instrument | None] = lambda _: None
        self.negated = 0
        self.unit_of_person: s.Node | None = None

    # What is wrong.

    def wrong(
        self, code: str, node: s.Node, *notes: Note, shape: Type = TRUTH, suggestion: str = "", **values: object
    ) -> m.Expr:
        self.symbols.report(code, node.span, *notes, suggestion=suggestion, **values)
        return m.Constant(value=shape.top, type=shape, source=node)

    def type_words(self, e: m.Expr) -> str:
        t = e.type
        if t.kind == "truth":
            return "条件\ta condition"
        if t.kind == "day":
            return "日期\ta date"
        if t.kind == "text":
            return "文本\ttext"
        if t.kind == "number":
            return f"数量（{_UNIT_ZH.get(t.unit, t.unit)}）\ta quantity ({t.unit})"
        return f"“{t.name}”的值\ta value of “{t.name}”"

    # Conditions.

    def truth(self, e: s.Node, scope: Scope) -> m.Expr:
        """A condition."""
        match e:
            case s.Group(part=part):
                return self.truth(part, scope)
            case s.Connected(op=op, parts=parts):
                done = tuple(self.truth(p, scope) for p in parts)
                node = m.All if op == "and" else m.Any
                return node(parts=done, source=e, slots=_slots(*done))
            case s.Negation(part=part):
                self.negated += 1
                inner = self.truth(part, scope)
                self.negated -= 1
                return m.Not(part=inner, source=e, slots=inner.slots)
            case s.Comparison():
                return self.comparison(e, scope)
            case s.Within(part=part, amount=amount):
                return self.within(e, part, amount, scope)
            case s.Some(name=name, parts=parts, none=none):
                fold = self.fold(e, name, parts, "some", None, scope)
                return m.Not(part=fold, source=e, slots=fold.slots) if none else fold
            case s.Gap(kind=kind, note=note):
                return m.Unprinted(
                    name=f"{scope.name}·{note}" if note else scope.name, kind=kind, who=scope.who, note=note, source=e
                )
            case s.Word(terminal="ELSE"):
                return m.Constant(value=YES, source=e)
            case s.Word(terminal="TRUTH", key=key):
                return m.Constant(value=YES if key == "yes" else NO, source=e)
            case s.Between(part=part, low=low, high=high, low_op=low_op, high_op=high_op):
                return self.truth(
                    s.Connected("and", (s.Comparison(low_op, part, low, span=e.span), s.Comparison(high_op, part, high, span=e.span)),
                                span=e.span), scope)  # fmt: skip
        value = self.value(e, scope, None)
        return self.as_truth(value, e)

    def as_truth(self, value: m.Expr, e: s.Node) -> m.Expr:
        if value.type.kind == "truth":
            return value
        if value.type.kind == "finite" and value.type.options == YES_NO.options:
            if value.type.may_be_none and self.negated and isinstance(e, s.Name):
                self.symbols.report("P402", e.span, name=e.text)
            return m.Is(part=value, options=2, source=e, slots=value.slots)
        return self.wrong("P207", e, have=self.type_words(value))

    def comparison(self, e: s.Comparison, scope: Scope) -> m.Expr:
        op = e.op
        if op == "taken_as":
            return self.taken(e)
        if op in ("in", "not_in"):
            inside = self.membership(e, scope)
            return m.Not(part=inside, source=e, slots=inside.slots) if op == "not_in" else inside
        left = self.value(e.left, scope, None)
        if (
            left.type.kind == "truth"
            and isinstance(e.right, s.Word)
            and e.right.terminal == "TRUTH"
            and op in ("is", "is_not")
        ):
            agrees = (e.right.key == "yes") == (op == "is")
            return left if agrees else m.Not(part=left, source=e, slots=left.slots)
        right = self.value(e.right, scope, left.type)
        if self.broken(left) or self.broken(right):
            return m.Constant(value=UNKNOWN, source=e)
        if not self.comparable(left.type, right.type):
            return self.wrong("P203", e, left=self.type_words(left), right=self.type_words(right))
        slots = _slots(left, right)
        if op in ("is", "is_not"):
            if left.type.finite:
                if isinstance(right, m.Constant) and isinstance(right.value, int):
                    same: m.Expr = m.Is(part=left, options=right.value, source=e, slots=slots)
                else:
                    same = m.Same(left=left, right=right, source=e, slots=slots)
            else:
                same = m.Equal(left=left, right=right, source=e, slots=slots)
            if op == "is_not":
                self.none_lint(left, e.left)
                return m.Not(part=same, source=e, slots=slots)
            return same
        if left.type.kind == "text" or (left.type.finite and not left.type.ordered):
            return self.wrong(
                "P204", e, type=self.type_words(left), op=word("COMPARE", op, "zh") + "\t" + word("COMPARE", op, "en")
            )
        swap, strict = _ORDER_OPS[op]
        if left.type.finite:
            if not (isinstance(right, m.Constant) and isinstance(right.value, int)):
                return self.wrong("P204", e, type=self.type_words(right), op=op)
            bit, all_ = right.value, (1 << len(left.type.options)) - 1
            above = all_ & ~(bit - 1)
            mask = (
                above & ~bit
                if not swap and strict
                else above
                if not swap
                else all_ & ~above
                if strict
                else all_ & ~above | bit
            )
            return m.Is(part=left, options=mask, source=e, slots=slots)
        a, b = (right, left) if swap else (left, right)
        return m.AtLeast(left=a, right=b, strict=strict, source=e, slots=slots)

    def none_lint(self, value: m.Expr, node: s.Node) -> None:
        if value.type.may_be_none and isinstance(node, s.Name):
            self.symbols.report("P402", node.span, name=node.text)

    def broken(self, e: m.Expr) -> bool:
        return isinstance(e, m.Constant) and not settled(e.value)

    def comparable(self, a: Type, b: Type) -> bool:
        if a.finite or b.finite:
            return a.finite and b.finite and a.options == b.options
        if a.kind == "number" and b.kind == "number":
            return a.unit == b.unit
        return a.kind == b.kind

    def taken(self, e: s.Comparison) -> m.Expr:
        leaf = self.reading(e.left)
        if leaf is None or not isinstance(e.right, s.Name | s.Quantity):
            return self.wrong(
                "P202",
                e.left,
                name=getattr(e.left, "text", "?"),
                have=self.symbols.role(getattr(e.left, "text", "")),
                want="解读\ta reading",
            )
        name = self.label(e.right)
        if name not in leaf.type.options:
            return self.wrong("P205", e.right, suggestion=self.symbols.alike(name, leaf.type.options), name=name, type=leaf.name,
                              options="、".join(leaf.type.options))  # fmt: skip
        return m.Is(part=leaf, options=leaf.type.option(name), source=e)

    def reading(self, node: s.Node) -> m.Leaf | None:
        """The leaf of a 解读, of a parameter with 可能, or of a built-in reading."""
        if not isinstance(node, s.Name):
            return None
        name = node.text
        if name in self.built_in:
            return self.built_in[name]
        if name not in self.leaves and (it := self.symbols.readings.get(name)):
            clause = it.node.clause("question")
            options = tuple(a.name.text for a in (clause.items if clause else ()) if isinstance(a, s.Alternative))
            type = Type("finite", name, options)
            self.leaves[name] = m.Leaf(
                name=name, kind="reading", top=type.top, type=type, basis=cited(it.node), source=node
            )
        return self.leaves.get(name)

    def membership(self, e: s.Comparison, scope: Scope) -> m.Expr:
        left = self.value(e.left, scope, None)
        if not left.type.finite or left.type.kind == "truth":
            return self.wrong(
                "P202",
                e.left,
                name=getattr(e.left, "text", "?"),
                have=self.type_words(left),
                want="类的值\ta value of a class",
            )
        if e.op == "not_in":
            self.none_lint(left, e.left)
        mask, open = 0, False
        if isinstance(e.right, s.SetOf):
            open = e.right.open
            for part in e.right.parts:
                option = self.value(part, scope, left.type)
                mask |= option.value if isinstance(option, m.Constant) and isinstance(option.value, int) else 0
        elif isinstance(e.right, s.Name) and e.right.text in self.symbols.groups:
            members = self.symbols.groups[e.right.text]
            mask = sum(left.type.option(o) for o in members if o in left.type.options)
        else:
            return self.wrong("P202", e.right, name=getattr(e.right, "text", "?"), have=self.symbols.role(getattr(e.right, "text", "")),
                              want="集合或效果组\ta set or a group of effects")  # fmt: skip
        alike = m.Alike(name=scope.name, who=scope.who, source=e, slots=left.slots) if open else None
        return m.Is(part=left, options=mask, alike=alike, source=e, slots=left.slots)

    def within(self, e: s.Node, part: s.Node, amount: s.Node, scope: Scope) -> m.Expr:
        day = self.value(part, scope, DAY)
        start = self.shift(e, self.today, amount, -1, scope)
        if day.type.kind != "day":
            return self.wrong("P203", e, left=self.type_words(day), right="日期\ta date")
        self.symbols.report("P401", e.span)
        lower = m.AtLeast(left=day, right=start, source=e, slots=day.slots)
        upper = m.AtLeast(left=self.today, right=day, source=e, slots=day.slots)
        return m.All(parts=(lower, upper), source=e, slots=day.slots)

    # Values.

    def value(self, e: s.Node, scope: Scope, expected: Type | None) -> m.Expr:
        """A value; *expected* tells which class an option belongs to."""
        match e:
            case s.Group(part=part):
                return self.value(part, scope, expected)
            case s.Name():
                return self.name(e, scope, expected)
            case s.Quantity(number=amount, unit=unit):
                return self.quantity(e, scope, expected)
            case s.Date(parts=parts):
                return self.date(e, expected)
            case s.Quote(text=text):
                return m.Constant(value=point(text), type=TEXT, source=e)
            case s.Word(terminal="TRUTH", key=key):
                return m.Constant(value=2 if key == "yes" else 1, type=YES_NO, source=e)
            case s.Word(terminal="MOMENT", key="decision_day"):
                return self.today
            case s.Word(terminal="MOMENT"):
                return scope.start or self.today
            case s.Gap(kind=kind, note=note):
                if expected is None or expected.kind == "truth":
                    return self.truth(e, scope)
                return m.Leaf(name=f"{scope.name}·{note}" if note else scope.name, kind=kind, top=expected.top, who=scope.who, note=note,
                              type=expected, source=e, basis=scope.basis)  # fmt: skip
            case s.This(name=name):
                return self.this(e, name, scope)
            case s.FieldOf(owner=owner, name=name):
                return self.field_of(e, owner, name, scope)
            case s.Apply(name=name, parts=parts):
                return self.apply(e, name, parts, scope)
            case s.ApplyWord(key=key, parts=parts):
                return self.apply_word(e, key, parts, scope)
            case s.Measure(owner=owner, name=name, how=how):
                return self.measure(e, owner, name, how, scope)
            case s.Arithmetic():
                return self.arithmetic(e, scope)
            case s.Shifted(start=start, amount=amount):
                day = self.value(start, scope, DAY)
                if day.type.kind != "day":
                    return self.wrong("P317", e, shape=DAY, why="起点不是日期\tit does not start from a date")
                return self.shift(e, day, amount, 1, scope)
        return self.truth(e, scope)

    def quantity(self, e: s.Quantity, scope: Scope, expected: Type | None) -> m.Expr:
        unit = "days" if e.unit == "weeks" else e.unit
        if unit == "number" and expected is not None and expected.kind == "number":
            unit = expected.unit
        value = units(e.number, "weeks" if e.unit == "weeks" else unit)
        if value is None:
            places = len(str(SCALE[unit])) - 1
            return self.wrong("P316", e, shape=number(unit), value=e.number, unit=_UNIT_ZH[unit], places=places)
        return m.Constant(value=point(value), type=number(unit), source=e)

    def date(self, e: s.Date, expected: Type | None) -> m.Expr:
        year, month, _ = e.parts
        if not month and expected is not None and expected.kind == "number":
            return m.Constant(value=point(year), type=number("years"), source=e)
        days = days_of(e.parts)
        if days is None:
            return self.wrong("P315", e, shape=DAY, date=write_date(e.parts, "zh"))
        if days[0] == days[1]:
            return m.Constant(value=point(days[0]), type=DAY, source=e)
        # A date printed only to the month is not a value but a gap: which day it was is not printed.
        name = write_date(e.parts, "zh")
        return m.Leaf(name=name, kind="unprinted", top=(*days, False), type=DAY, note="日未载明", source=e)

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
                self.symbols.report("P206", e.span, name=text, list=scope.inner, first=f"{scope.inner}的{text}\tthe field of {scope.inner}",
                                    second=f"本人的{text}\tthe fact of the person")  # fmt: skip
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
        if text in sym.rules or text in sym.stages:
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
        self.symbols.report("P205", e.span, suggestion=self.symbols.alike(e.text, expected.options), name=e.text, type=expected.name,
                            options="、".join(expected.options))  # fmt: skip
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

    def row_field(self, of: str, name: str, slot: int, e: s.Node) -> m.Expr:
        shape = self.symbols.lists[of].fields[name]
        return self.once(
            ("field", of, name, slot),
            lambda: m.Field(
                list=of, name=name, slot=slot, type=self.filled(shape.type), source=e, slots=frozenset((slot,))
            ),
        )

    def filled(self, type: Type) -> Type:
        """The types that name every stage or every effect of the pack."""
        if type.kind == "finite" and type.name == "stage_name":
            return evolve(type, options=tuple(self.symbols.stages))
        if type.kind == "finite" and type.name == "effect":
            return evolve(type, options=tuple(self.symbols.effects))
        return type

    def once(self, key: tuple[object, ...], make: Callable[[], m.Expr]) -> m.Expr:
        """One node for one thing, so that it is evaluated once."""
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]

    def list_of(self, definition: str) -> str | None:
        clause = self.symbols.definitions[definition].node.clause("for")
        return clause.body.text if clause is not None and isinstance(clause.body, s.Name) else None

    def this(self, e: s.Node, name: s.Name, scope: Scope) -> m.Expr:
        if not scope.rows or scope.rows[0] != name.text:
            return self.wrong("P208", name, shape=TEXT, name=f"本{name.text}", list=name.text)
        return m.RowId(list=name.text, slot=0, type=Type("text", name.text), source=e, slots=frozenset((0,)))

    def field_of(self, e: s.FieldOf, owner: s.Node, name: s.Name, scope: Scope) -> m.Expr:
        sym = self.symbols
        if isinstance(owner, s.This):
            if not scope.rows or scope.rows[0] != owner.name.text:
                return self.wrong("P208", owner, name=f"本{owner.name.text}", list=owner.name.text)
            outer = evolve(scope, rows=scope.rows[:1], stage=None)
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
            return self.wrong("P208", e, name=f"{owner.text}的{name.text}", list=owner.text)
        if isinstance(owner, s.Name) and owner.text in sym.lists and scope.inner == owner.text:
            found = self.of_row(name, scope)
            if found is not None:
                return found
            self.unknown_field(name, owner.text)
            return m.Constant(value=UNKNOWN, source=e)
        if isinstance(owner, s.Name) and not owner.known:
            return self.wrong("P200", owner, suggestion=sym.alike(owner.text), name=owner.text)
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

    # Definitions and parameters.

    def definition(self, name: str, slot: int | None, scope: Scope, e: s.Node) -> m.Expr:
        """A definition, seen from where it is used: facts that change over time are read at the user's moment."""
        of = self.list_of(name)
        rows = scope.rows[:slot] + (of,) if slot is not None and of is not None else ()
        # Its own moment where it has one to read at; it is shared by every user that reads at the same moment.
        shared = ("definition", name, slot)
        key = (*shared, id(scope.moment))
        if shared in self.memo or key in self.memo:
            return self.memo.get(shared) or self.memo[key]
        if name in self.open:
            circle = " → ".join([*self.open[self.open.index(name) :], name])
            return self.wrong("P305", e, circle=circle)
        self.open.append(name)
        it = self.symbols.definitions[name]
        home = self.instrument_of(it.regime)
        inner = Scope(
            rows, scope.moment, home.start if home else None, home.authority if home else (), name, cited(it.node)
        )
        negated, self.negated = self.negated, 0
        body = self.body_of(it.node, inner)
        self.negated = negated
        self.open.pop()
        texts = self.symbols.unit_texts.get(name, [])
        if it.node.clause("delegated") is not None:
            body = self.delegated(it.node, name, body, texts, inner)
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
            return node(parts=parts, source=clause, slots=_slots(*parts))
        if isinstance(clause.body, s.Rows):
            return self.table(clause.body, scope, lambda n: self.either(self.single(n), scope))
        if isinstance(clause.body, s.Effects):
            return self.either(self.single(clause.body), scope)
        return self.wrong("P302", d, clause="是指\tmeans")

    def single(self, n: s.Node) -> s.Node:
        if isinstance(n, s.Effects):
            if len(n.parts) != 1:
                self.symbols.report(
                    "P202", n.span, name="、", have="几个并列的值\tseveral values", want="一个值\tone value"
                )
            return n.parts[0]
        return n

    def either(self, e: s.Node, scope: Scope, expected: Type | None = None) -> m.Expr:
        """A condition or a value, whichever it is; a yes-or-no fact counts as a condition."""
        value = self.value(e, scope, expected)
        if value.type.kind == "finite" and value.type.options == YES_NO.options and expected is None:
            return self.as_truth(value, e)
        return value

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
        shaped = next((o.type for o in outcomes if not isinstance(o, m.Unprinted)), outcomes[0].type)
        # A gap among values is a gap of their type.
        outcomes = [
            o if not isinstance(o, m.Unprinted) or shaped.kind == "truth"
            else m.Leaf(name=o.name, kind=o.kind, top=shaped.top, who=o.who, note=o.note, type=shaped, source=o.source)
            for o in outcomes
        ]  # fmt: skip
        for r, o in zip(rows.rows, outcomes, strict=True):
            if not self.comparable(o.type, shaped):
                self.wrong("P203", r.outcome, left=self.type_words(outcomes[0]), right=self.type_words(o))
                return m.Constant(value=shaped.top, type=shaped, source=rows)
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
                condition=c, then=o, otherwise=otherwise, type=type, source=rows, slots=_slots(c, o, otherwise)
            )
        return otherwise

    def any_key(self, row: s.Row, scope: Scope) -> m.Expr:
        keys = tuple(self.truth(k, scope) for k in row.keys)
        return keys[0] if len(keys) == 1 else m.Any(parts=keys, source=row, slots=_slots(*keys))

    def parameter(self, name: str, e: s.Node, argument: m.Expr | None) -> m.Expr:
        it = self.symbols.parameters[name]
        d = it.node
        keyed = d.clause("keyed_by")
        if keyed is not None:
            return self.keyed(name, e, d, keyed, argument, it.regime)
        return self.once(("parameter", name), lambda: self.plain_parameter(name, it.regime, d))

    def plain_parameter(self, name: str, regime: str | None, d: s.Declaration) -> m.Expr:
        home = self.instrument_of(regime)
        scope = Scope((), self.today, home.start if home else None, home.authority if home else (), name, cited(d))
        possible, value, delegated = d.clause("possible"), d.clause("value"), d.clause("delegated")
        body: m.Expr
        if value is not None and isinstance(value.body, s.Rows):
            body = self.table(value.body, scope, lambda n: self.given_value(self.single(n), d, scope))
        elif value is not None and isinstance(value.body, s.Effects):
            body = self.given_value(self.single(value.body), d, scope)
        elif possible is not None and isinstance(possible.body, tuple):
            body = self.possible(name, possible.body, scope, d)
        elif delegated is not None:
            body = self.bounded_leaf(name, delegated, scope, d)
        else:
            body = self.wrong("P302", d, shape=number("number"), clause="取值\tvalue")
        if delegated is not None:
            body = self.delegated(d, name, body, self.symbols.unit_texts.get(name, []), scope)
        return m.Named(name=name, body=body, type=body.type, source=d, role="parameter", basis=cited(d))

    def given_value(self, e: s.Node, d: s.Declaration, scope: Scope) -> m.Expr:
        return self.value(e, scope, self.unit_type(d))

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
                    return number("days" if inner.unit == "weeks" else inner.unit)
        return number("number")

    def possible(self, name: str, values: tuple[s.Node, ...], scope: Scope, d: s.Declaration) -> m.Expr:
        """A parameter that is not printed and can only be one of a few: executed as a reading."""
        done = [self.value(v.part if isinstance(v, s.Limit) else v, scope, self.unit_type(d)) for v in values]
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
        low, high, _ = type.top if not type.finite else (0, 0, False)
        for part in clause.body if isinstance(clause.body, tuple) else ():
            if isinstance(part, s.Limit):
                bound = self.value(part.part, scope, type)
                if isinstance(bound, m.Constant) and not isinstance(bound.value, int):
                    if part.op == "at_least":
                        low = bound.value[0]
                    else:
                        high = bound.value[0]
        return low, high, False

    def bounded_leaf(self, name: str, clause: s.Clause, scope: Scope, d: s.Declaration) -> m.Expr:
        type = self.unit_type(d)
        top = type.top if type.finite else self.limits(clause, scope, type)
        return m.Leaf(name=name, kind="not_obtained", top=top, who=scope.who, type=type, basis=cited(d), source=d)

    def delegated(self, d: s.Declaration, name: str, absent: m.Expr, texts: Iterable[Declared], scope: Scope) -> m.Expr:
        """What units write themselves: the text of the unit the person belongs to, within its bounds; else not obtained."""
        clause = d.clause("delegated")
        if clause is None or self.unit_of_person is None:
            return absent
        who = self.value(self.unit_of_person, Scope((), self.today), TEXT)
        result: m.Expr = absent if isinstance(absent, m.Choose) else (
            m.Leaf(name=name, kind="not_obtained", top=absent.top, who=scope.who, type=absent.type, basis=cited(d), source=d)
            if isinstance(absent, m.Leaf) else absent)  # fmt: skip
        if result.type.kind == "truth":
            result = m.Unprinted(name=name, kind="not_obtained", who=scope.who, source=d)
        for it in texts:
            if it.regime is None:
                continue
            home = self.instrument_of(it.regime)
            inner = Scope(scope.rows, scope.moment, home.start if home else None, scope.who, name, cited(it.node))
            value = it.node.clause("value")
            if it.node.kind == "parameter" and value is not None and isinstance(value.body, s.Effects):
                given = self.given_value(self.single(value.body), d, inner)
                bounds = self.limits(clause, scope, given.type)
                if isinstance(given, m.Constant) and not isinstance(given.value, int) and not (
                    bounds[0] <= given.value[0] <= bounds[1]):  # fmt: skip
                    self.wrong("P311", value, Note(clause.span, "授权在此", "delegated here"))
            else:
                given = self.body_of(it.node, inner)
            if home is None or not self.comparable(given.type, result.type):
                continue
            text = m.Constant(value=point(home.unit or ""), type=TEXT, source=it.node)
            mine = m.Equal(left=who, right=text, source=it.node, slots=who.slots)
            since = m.AtLeast(left=self.today, right=home.start, source=it.node)
            applies = m.All(
                parts=(m.Admitted(layer=home.layer, source=it.node), mine, since), source=it.node, slots=who.slots
            )
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
                slots=_slots(applies, named, result),
            )
        return result

    def keyed(
        self, name: str, e: s.Node, d: s.Declaration, keyed: s.Clause, argument: m.Expr | None, regime: str | None
    ) -> m.Expr:
        if argument is None:
            return self.wrong("P313", e, shape=number("number"), name=name)
        home = self.instrument_of(regime)
        scope = Scope((), self.today, home.start if home else None, home.authority if home else (), name, cited(d))
        rows = s.Rows(tuple(r for r in keyed.items if isinstance(r, s.Row)), span=keyed.span)
        if not rows.rows:
            return self.wrong("P302", d, shape=number("number"), clause="（一）…：…\t(1) …: …")
        first = next(
            (self.single(r.outcome) for r in rows.rows if isinstance(self.single(r.outcome), s.Quantity)), None
        )
        expected = (
            number("days" if isinstance(first, s.Quantity) and first.unit == "weeks" else first.unit)
            if isinstance(first, s.Quantity)
            else self.unit_type(d)
        )

        def key(r: s.Row) -> m.Expr:
            mask = 0
            for k in r.keys:
                option = self.value(k, scope, argument.type)
                mask |= option.value if isinstance(option, m.Constant) and isinstance(option.value, int) else 0
            return m.Is(part=argument, options=mask, source=r, slots=argument.slots)

        body = self.table(rows, scope, lambda n: self.value(self.single(n), scope, expected), key)
        return m.Named(
            name=name, body=body, type=body.type, source=d, slots=body.slots, role="parameter", basis=cited(d)
        )

    # Lists.

    def apply(self, e: s.Apply, name: s.Name, parts: tuple[s.Node, ...], scope: Scope) -> m.Expr:
        if name.text in self.symbols.parameters and len(parts) == 1:
            return self.parameter(name.text, e, self.value(parts[0], scope, None))
        if name.text in self.symbols.lists:
            return self.fold(e, name, parts, "some", None, scope)
        if (name.text in self.symbols.definitions and self.list_of(name.text) is None) or not name.known:
            return self.lost(name, scope, None)
        return self.wrong(
            "P202",
            name,
            name=name.text,
            have=self.symbols.role(name.text),
            want="清单或按值取的参数\ta list or a keyed parameter",
        )

    def apply_word(self, e: s.Node, key: str, parts: tuple[s.Node, ...], scope: Scope) -> m.Expr:
        done = [self.value(p, scope, None) for p in parts]
        slots = _slots(*done)
        if key == "year_end":
            if len(done) != 1 or done[0].type.unit != "years":
                return self.wrong("P211", e, shape=DAY, op="年末\tyear_end")
            return m.YearEnd(
                part=done[0], type=evolve(DAY, may_be_none=done[0].type.may_be_none), source=e, slots=slots
            )
        shaped = done[0].type
        if any(not self.comparable(d.type, shaped) or d.type.finite for d in done):
            return self.wrong("P203", e, shape=shaped, left=self.type_words(done[0]), right=self.type_words(done[-1]))
        none = all(d.type.may_be_none for d in done)
        return m.Extreme(
            parts=tuple(done), most=key == "most", type=evolve(shaped, may_be_none=none), source=e, slots=slots
        )

    def measure(self, e: s.Measure, owner: s.Node, name: s.Name | None, how: str, scope: Scope) -> m.Expr:
        if isinstance(owner, s.Apply):
            return self.fold(e, owner.name, owner.parts, how, name, scope)
        if isinstance(owner, s.Name):
            return self.fold(e, owner, (), how, name, scope)
        return self.wrong(
            "P202", owner, shape=number("times"), name=owner.span.text, have="不是清单\tnot a list", want="清单\ta list"
        )

    def fold(
        self, e: s.Node, name: s.Name, filters: tuple[s.Node, ...], how: str, measured: s.Name | None, scope: Scope
    ) -> m.Expr:
        """What the rows of a list that meet every filter come to."""
        sym, of = self.symbols, name.text
        if of not in sym.lists:
            if not name.known or sym.role(of).startswith("未声明"):
                return self.wrong("P200", name, suggestion=sym.alike(of, sym.lists), name=of)
            return self.wrong("P202", name, name=of, have=sym.role(of), want="清单\ta list")
        if len(scope.rows) >= 2:
            return self.wrong("P209", e)
        slot = len(scope.rows)
        inner = evolve(scope, rows=(*scope.rows, of), stage=None)
        wheres = tuple(self.truth(f, inner) for f in filters)
        where: m.Expr = (
            wheres[0]
            if len(wheres) == 1
            else m.All(parts=wheres, source=e, slots=_slots(*wheres))
            if wheres
            else m.Constant(value=YES, source=e)
        )
        value: m.Expr | None = None
        type = TRUTH if how == "some" else number("times") if how in ("count", "kinds") else number("years")
        if how == "run" and measured is None:
            years = [f for f, shape in sym.lists[of].fields.items() if shape.type.unit == "years"]
            if not years:
                return self.wrong(
                    "P202",
                    name,
                    shape=type,
                    name=of,
                    have="没有年份的清单\ta list without a year",
                    want="有年份的清单\ta list with a year",
                )
            value = self.row_field(of, years[0], slot, e)
        if measured is not None:
            value = self.name(measured, inner, None)
            if how in ("max", "min", "latest"):
                type = evolve(value.type, may_be_none=True)
            elif how == "sum":
                type = value.type
        if (how == "sum" and (value is None or value.type.kind != "number")) or (
            how in ("max", "min") and (value is None or value.type.finite or value.type.kind == "text")
        ):
            return self.wrong(
                "P202",
                measured or e,
                shape=type,
                name=measured.text if measured else how,
                have="不能相加或比较的值\ta value that cannot be summed or ranked",
                want="数量\ta quantity",
            )
        slots = _slots(where, *([value] if value is not None else [])) - {slot}
        return m.Fold(
            list=of,
            slot=slot,
            how=how,
            where=where,
            value=value,
            date=sym.lists[of].date,
            type=type,
            source=e,
            slots=slots,
        )

    # Arithmetic.

    def arithmetic(self, e: s.Arithmetic, scope: Scope) -> m.Expr:
        left = self.value(e.left, scope, None)
        right = self.value(e.right, scope, left.type if left.type.kind == "number" else None)
        op = {"+": "＋\t+", "-": "－\t-", "*": "×\t*"}[e.sign]
        if left.type.kind != "number" or right.type.kind != "number":
            return self.wrong("P211", e, shape=number("number"), op=op)
        slots = _slots(left, right)
        if e.sign == "*":
            constant, other = (left, right) if isinstance(left, m.Constant) else (right, left)
            if (
                not isinstance(constant, m.Constant)
                or isinstance(constant.value, int)
                or constant.type.unit not in ("times", "number")
            ):
                return self.wrong("P211", e, shape=other.type, op=op)
            per = SCALE[constant.type.unit]
            factor = constant.value[0]
            if not isinstance(factor, int) or factor % per:
                return self.wrong("P211", e, shape=other.type, op=op)
            return m.Scale(factor=factor // per, part=other, type=other.type, source=e, slots=slots)
        if left.type.unit != right.type.unit:
            return self.wrong("P203", e, shape=left.type, left=self.type_words(left), right=self.type_words(right))
        if e.sign == "-":
            right = m.Scale(factor=-1, part=right, type=right.type, source=e.right, slots=right.slots)
        none = left.type.may_be_none or right.type.may_be_none
        return m.Add(parts=(left, right), type=evolve(left.type, may_be_none=none), source=e, slots=slots)

    def shift(self, e: s.Node, day: m.Expr, amount: s.Node, sign: int, scope: Scope) -> m.Expr:
        length = self.value(amount, scope, None)
        if length.type.kind != "number" or length.type.unit not in ("days", "months", "years"):
            return self.wrong(
                "P317", e, shape=DAY, why="期间不是日、月、年\tits length is not in days, months or years"
            )
        none = day.type.may_be_none or length.type.may_be_none
        return m.Shift(
            day=day, amount=length, unit=length.type.unit, sign=sign, first_day=self.built_in["期间起算"],
            month_end=self.built_in["月末对应"], type=evolve(DAY, may_be_none=none), source=e, slots=_slots(day, length),
        )  # fmt: skip


def cited(d: s.Declaration) -> tuple[str, ...]:
    """The citations of a declaration's 依据."""
    clause = d.clause("basis")
    if clause is None or not isinstance(clause.body, tuple):
        return ()
    return tuple(c.text for c in clause.body if isinstance(c, s.Citation))


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


def _slots(*parts: m.Expr) -> frozenset[int]:
    return frozenset().union(*(p.slots for p in parts)) if parts else frozenset()
