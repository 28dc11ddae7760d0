"""Conditions and values: names resolved, types agreed, everything the language offers built from the model's nodes."""

from __future__ import annotations

from typing import Final

from .. import model as m
from ..language import syntax as s
from ..language.keywords import word
from ..language.numerals import days_of, write_date
from ..language.parse import ETC, etc_name
from ..values import DAY, NO, SCALE, TEXT, TRUTH, UNKNOWN, YES, YES_NO, Type, number, point, units
from .lists import Lists
from .scope import UNIT_ZH, Scope, slots_of
from .several import without_braces

_ORDER_OPS: Final = {
    "at_least": (False, False),
    "over": (False, True),
    "at_most": (True, False),
    "under": (True, True),
    "not_before": (False, False),
    "after": (False, True),
    "not_after": (True, False),
    "before": (True, True),
}


class Elaborator(Lists):
    """Turns conditions and values as written into the model's nodes; what is wrong is reported and
    stands as unknown."""

    def truth(self, e: s.Node, scope: Scope) -> m.Expr:
        """A condition."""
        if (apart := without_braces(e, self.symbols)) is not None:
            self.symbols.problems.append(apart)
            return m.Constant(value=UNKNOWN, source=e)
        match e:
            case s.Group(part=part):
                return self.truth(part, scope)
            case s.Connected(op=op, parts=parts):
                done = tuple(self.truth(p, scope) for p in parts)
                node = m.All if op == "and" else m.Any
                return node(parts=done, source=e, slots=slots_of(*done))
            case s.Negation(part=part):
                inner = self.truth(part, scope)
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
                self.both_ends(e, self.value(part, scope, None).type, scope)
                return self.truth(
                    s.Connected(
                        "and",
                        (s.Comparison(low_op, part, low, span=e.span), s.Comparison(high_op, part, high, span=e.span)),
                        span=e.span,
                    ),
                    scope,
                )
        value = self.value(e, scope, None)
        return self.as_truth(value, e)

    def both_ends(self, e: s.Between, type: Type, scope: Scope) -> None:
        """The bounds of a range, one above the other."""
        ends = sorted(((e.low_op, e.low), (e.high_op, e.high)), key=lambda x: x[0] == "at_most")
        (strict, lower), (last, upper) = ends
        if last == "at_most" and strict != "at_most":
            least, most = self.value(lower, scope, type), self.value(upper, scope, type)
            self.inverted(least, most, lower, upper, strict == "over")

    def as_truth(self, value: m.Expr, e: s.Node) -> m.Expr:
        if value.type.kind == "truth":
            return value
        if value.type.kind == "finite" and value.type.options == YES_NO.options:
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
        if self.broken(left) and isinstance(e.right, s.Name):
            # Which class its option would be of is not known.
            return m.Constant(value=UNKNOWN, source=e)
        right = self.value(e.right, scope, left.type)
        if self.broken(left) or self.broken(right):
            return m.Constant(value=UNKNOWN, source=e)
        left, right = self.in_days(left, right)
        if not self.comparable(left.type, right.type):
            return self.wrong("P203", e, left=self.type_words(left), right=self.type_words(right))
        slots = slots_of(left, right)
        if op in ("is", "is_not"):
            if left.type.finite:
                if isinstance(right, m.Constant) and isinstance(right.value, int):
                    same: m.Expr = m.Is(part=left, options=right.value, source=e, slots=slots)
                else:
                    same = m.Same(left=left, right=right, source=e, slots=slots)
            else:
                same = m.Equal(left=left, right=right, source=e, slots=slots)
            if op == "is_not":
                return m.Not(part=same, source=e, slots=slots)
            return same
        order = self.order_of(left.type, right)
        if left.type.kind == "text" or (left.type.finite and not order):
            return self.wrong(
                "P204", e, type=self.type_words(left), op=word("COMPARE", op, "zh") + "\t" + word("COMPARE", op, "en")
            )
        swap, strict = _ORDER_OPS[op]
        if left.type.finite:
            if not (isinstance(right, m.Constant) and isinstance(right.value, int)):
                have = "没有写明的值\tnot a value written out"
                return self.wrong("P202", e.right, name=e.right.span.text, have=have, want=self.type_words(left))
            at = next(i for i, name in enumerate(order) if left.type.option(name) == right.value)
            lower = order[: at if strict else at + 1]
            higher = order[at + 1 if strict else at :]
            mask = sum(left.type.option(name) for name in (lower if swap else higher))
            return m.Is(part=left, options=mask, source=e, slots=slots)
        a, b = (right, left) if swap else (left, right)
        return m.AtLeast(left=a, right=b, strict=strict, source=e, slots=slots)

    def order_of(self, type: Type, bound: m.Expr) -> tuple[str, ...]:
        """The options among which *bound* is more or less, from low to high: an order's, or those of its effect's
        group where a text ranks it. An effect of another group is neither."""
        if type.ordered or type.name != "effect" or not isinstance(bound, m.Constant):
            return type.options if type.ordered else ()
        shape = next((x for n, x in self.symbols.effects.items() if type.option(n) == bound.value), None)
        return self.symbols.groups[shape.group] if shape is not None and shape.rank is not None else ()

    def taken(self, e: s.Comparison) -> m.Expr:
        leaf = self.reading(e.left)
        if leaf is None and isinstance(e.left, s.Name):
            among = dict.fromkeys((*self.built_in, *self.leaves, *self.symbols.readings))
            self.symbols.wanted(e.left, {n: n for n in among if n != e.left.text}, "解读\ta reading")
            return m.Constant(value=UNKNOWN, source=e)
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
            return self.wrong(
                "P205",
                e.right,
                suggestion=self.symbols.alike(name, leaf.type.options),
                name=name,
                type=leaf.name,
                options="、".join(leaf.type.options),
            )
        return m.Is(part=leaf, options=leaf.type.option(name), source=e)

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
            return self.wrong(
                "P202",
                e.right,
                name=getattr(e.right, "text", "?"),
                have=self.symbols.role(getattr(e.right, "text", "")),
                want="集合或效果组\ta set or a group of effects",
            )
        alike = self.alike(e, left, scope) if open else None
        return m.Is(part=left, options=mask, alike=alike, source=e, slots=left.slots)

    def alike(self, e: s.Comparison, left: m.Expr, scope: Scope) -> m.Finding:
        """The question an open list leaves to a body: whether a value beyond those listed is alike them (甲之等)."""
        asked = self.symbols.alike_questions
        # A fact is the person's, whichever row's day it is read at.
        slot = None if isinstance(left, m.Fact) else max(left.slots, default=None)
        name = asked.get(id(e.right))
        if name is None:
            turn = 1 + sum(1 for x in asked.values() if x.startswith(scope.name + ETC))
            name = asked[id(e.right)] = etc_name(scope.name, turn)
        of = None if slot is None else scope.rows[slot]
        slots = frozenset[int]() if slot is None else frozenset((slot,))
        text = f"是否与“{e.span.text}”所列相当"
        self.symbols.findings.setdefault(name, m.QuestionShape(name, of, YES_NO, text, scope.who, scope.basis))
        return m.Finding(name=name, list=of, slot=slot, alike=True, type=TRUTH, source=e, slots=slots)

    def within(self, e: s.Node, part: s.Node, amount: s.Node, scope: Scope) -> m.Expr:
        day = self.value(part, scope, DAY)
        start = self.shift(e, self.today, amount, -1, scope)
        if day.type.kind != "day":
            return self.wrong("P203", e, left=self.type_words(day), right="日期\ta date")
        self.symbols.report("P401", e.span)
        lower = m.AtLeast(left=day, right=start, source=e, slots=day.slots)
        upper = m.AtLeast(left=self.today, right=day, source=e, slots=day.slots)
        return m.All(parts=(lower, upper), source=e, slots=day.slots)

    def value(self, e: s.Node, scope: Scope, expected: Type | None) -> m.Expr:
        """A value; *expected* tells which class an option belongs to."""
        match e:
            case s.Group(part=part):
                return self.value(part, scope, expected)
            case s.Name():
                return self.name(e, scope, expected)
            case s.Quantity():
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
                return m.Leaf(
                    name=f"{scope.name}·{note}" if note else scope.name,
                    kind=kind,
                    top=expected.top,
                    who=scope.who,
                    note=note,
                    type=expected,
                    source=e,
                    basis=scope.basis,
                )
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
            case s.Crowded(amount=amount, part=part):
                return self.crowded(e, amount, part, scope)
            case s.Shifted(start=start, amount=amount):
                day = self.value(start, scope, DAY)
                if day.type.kind != "day":
                    return self.wrong("P317", e, shape=DAY, why="起点不是日期\tit does not start from a date")
                return self.shift(e, day, amount, 1, scope)
            case s.Connected() | s.Negation() | s.Comparison() | s.Within() | s.Some() | s.Between():
                return self.truth(e, scope)
            case s.Word(terminal="ELSE"):
                return self.truth(e, scope)
        have = "不能这样用的写法\tsomething that cannot stand here"
        return self.wrong("P202", e, name=e.span.text, have=have, want="条件或值\ta condition or a value")

    def quantity(self, e: s.Quantity, scope: Scope, expected: Type | None) -> m.Expr:
        unit, amount = e.unit, e.number
        if unit == "weeks" and expected is not None and expected.unit == "days":
            unit, amount = "days", 7 * amount
        if unit == "number" and expected is not None and expected.kind == "number":
            unit = expected.unit
        value = units(amount, unit)
        if value is None:
            places = len(str(SCALE[unit])) - 1
            both = f"{UNIT_ZH[unit]}\t{unit}"
            return self.wrong("P316", e, shape=number(unit), value=e.number, unit=both, places=places)
        return m.Constant(value=point(value), type=number(unit), source=e)

    def date(self, e: s.Date, expected: Type | None) -> m.Expr:
        year, month, _ = e.parts
        if not month and expected is not None and expected.kind == "number":
            return m.Constant(value=point(year), type=number("years"), source=e)
        days = days_of(e.parts)
        if days is None:
            return self.wrong("P315", e, shape=DAY, date="\t".join(write_date(e.parts, x) for x in ("zh", "en")))
        if days[0] == days[1]:
            return m.Constant(value=point(days[0]), type=DAY, source=e)
        # A date printed only to the month is not a value but a gap: which day it was is not printed.
        name = write_date(e.parts, "zh")
        return m.Leaf(name=name, kind="unprinted", top=(*days, False), type=DAY, note="日未载明", source=e)

    def day(self, e: s.Node, scope: Scope) -> m.Expr:
        """A value that must be a date."""
        value = self.value(e, scope, DAY)
        if value.type.kind == "day" or self.broken(value):
            return value
        return self.wrong("P202", e, shape=DAY, name=e.span.text, have=self.type_words(value), want="日期\ta date")

    def either(self, e: s.Node, scope: Scope, expected: Type | None = None) -> m.Expr:
        """A condition or a value, whichever it is; a yes-or-no fact counts as a condition."""
        value = self.value(e, scope, expected)
        if value.type.kind == "finite" and value.type.options == YES_NO.options and expected is None:
            return self.as_truth(value, e)
        return value
