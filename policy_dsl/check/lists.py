"""What the rows of a list come to, sums, and days moved by periods."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from .. import model as m
from ..language import syntax as s
from ..periods import BY_CALENDAR, UNITS
from ..values import DAY, SCALE, TRUTH, YES, number
from .parameters import Parameters
from .scope import Scope, slots_of

# What a period's unit leaves open besides its first day.
_OF_UNIT: Final = {"weeks": ("周与日",), "months": ("月末对应",), "years": ("月末对应",)}


class Lists(Parameters):
    """Elaborates folds and arithmetic."""

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
        done = [self.value(p, scope, number("years") if key == "year_end" else None) for p in parts]
        slots = slots_of(*done)
        if key == "year_end":
            if len(done) != 1 or done[0].type.unit != "years":
                return self.wrong("P211", e, shape=DAY, op="年末\tyear_end")
            return m.YearEnd(
                part=done[0], type=evolve(DAY, may_be_none=done[0].type.may_be_none), source=e, slots=slots
            )
        done = [*self.in_days(*done)]
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
        have = "别的写法\tsomething else"
        return self.wrong("P202", owner, shape=number("times"), name=owner.span.text, have=have, want="清单\ta list")

    def fold(
        self, e: s.Node, name: s.Name, filters: tuple[s.Node, ...], how: str, measured: s.Name | None, scope: Scope
    ) -> m.Expr:
        """What the rows of a list that meet every filter come to."""
        sym, of = self.symbols, name.text
        if of not in sym.lists:
            if not name.known or sym.role(of).startswith("未声明"):
                return self.wrong("P200", name, suggestion=sym.alike(of, sym.lists), name=of)
            return self.wrong("P202", name, name=of, have=sym.role(of), want="清单\ta list")
        if sum(map(bool, scope.rows)) >= 2:
            return self.wrong("P209", e)
        slot = len(scope.rows)
        inner = evolve(scope, rows=(*scope.rows, of), stage=None)
        wheres = tuple(self.truth(f, inner) for f in filters)
        where: m.Expr = (
            wheres[0]
            if len(wheres) == 1
            else m.All(parts=wheres, source=e, slots=slots_of(*wheres))
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
        if not self.measurable(how, value):
            return self.wrong(
                "P202",
                measured or e,
                shape=type,
                name=measured.text if measured else how,
                have="不能这样计量的值\ta value that cannot be measured so",
                want="数量、日期或年份\ta quantity, a date or a year",
            )
        slots = slots_of(where, *([value] if value is not None else [])) - {slot}
        return m.Fold(
            list=of,
            slot=slot,
            how=how,
            where=where,
            value=value,
            day=self.day_of(of, slot, e),
            tie=self.tie(of, value, e) if how == "latest" and value is not None else None,
            happened=self.happened(of, slot),
            type=type,
            source=e,
            slots=slots,
        )

    def crowded(self, e: s.Node, amount: s.Node | None, part: s.Node, scope: Scope) -> m.Expr:
        """The most rows within any one period, or within one calendar year."""
        of = self.value(part, scope, None)
        if self.broken(of):
            return of
        if not isinstance(of, m.Fold) or of.how != "count" or of.day is None:
            want = "有日期的清单的次数\tthe count of a list that has a date"
            return self.wrong(
                "P202", part, shape=number("times"), name=part.span.text, have=self.type_words(of), want=want
            )
        if amount is None:
            return evolve(of, how="most_in_year", value=of.day, source=e)
        # A row whose date is 无 opens no period.
        end = self.shift(e, of.day, amount, 1, scope)
        if self.broken(end):
            return evolve(of, source=e)
        slots = of.slots | (end.slots - {of.slot})
        return evolve(of, how="most_within", value=end, source=e, slots=slots)

    def measurable(self, how: str, value: m.Expr | None) -> bool:
        """Whether rows can be measured so: sums of numbers, extremes of what has an order, runs of years."""
        kind = "" if value is None else value.type.kind
        if how == "sum":
            return kind == "number"
        if how in ("max", "min"):
            return kind in ("number", "day")
        if how == "run":
            return value is not None and value.type.unit == "years"
        return how not in ("latest", "kinds") or (kind != "truth" and (value is not None or how == "kinds"))

    def day_of(self, of: str, slot: int, e: s.Node) -> m.Expr | None:
        """The date of a list's rows."""
        date = self.symbols.lists[of].date
        return self.row_field(of, date, slot, e) if date in self.symbols.lists[of].fields else None

    def happened(self, of: str, slot: int) -> m.Happened | None:
        """Whether a row had happened by the day of decision and was known; a list without dates holds only what has."""
        date = self.symbols.lists[of].date
        if date not in self.symbols.lists[of].fields:
            return None
        written = s.Comparison("not_after", s.Name(date), s.Word("MOMENT", "decision_day"))
        key = ("happened", of, slot)
        at = s.Name(m.LEARNT)
        learnt = self.row_field(of, m.LEARNT, slot, at) if m.LEARNT in self.symbols.lists[of].fields else None

        def make() -> m.Happened:
            told = learnt if isinstance(learnt, m.Field) else None
            return m.Happened(list=of, name=date, slot=slot, learnt=told, source=written, slots=frozenset((slot,)))

        made = self.once(key, make)
        assert isinstance(made, m.Happened)
        return made

    def tie(self, of: str, value: m.Expr, e: s.Node) -> m.Leaf:
        """Which of the rows of one day is the later: nothing in a record says so."""
        return m.Leaf(name=f"{of}·同日先后", kind="tie", top=value.type.top, type=value.type, source=e)

    def arithmetic(self, e: s.Arithmetic, scope: Scope) -> m.Expr:
        left = self.value(e.left, scope, None)
        like_left = left.type if left.type.kind == "number" and e.sign != "*" else None
        right = self.value(e.right, scope, like_left)
        op = {"+": "＋\t+", "-": "－\t-", "*": "×\t*"}[e.sign]
        if left.type.kind != "number" or right.type.kind != "number":
            return self.wrong("P211", e, shape=number("number"), op=op)
        left, right = self.in_days(left, right) if e.sign != "*" else (left, right)
        slots = slots_of(left, right)
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
        # A sum is one node, however many parts were written.
        parts = (*left.parts, right) if isinstance(left, m.Add) and isinstance(e.left, s.Arithmetic) else (left, right)
        return m.Add(parts=parts, type=evolve(left.type, may_be_none=none), source=e, slots=slots)

    def shift(self, e: s.Node, day: m.Expr, amount: s.Node, sign: int, scope: Scope) -> m.Expr:
        length = self.value(amount, scope, None)
        if self.broken(length):
            return m.Constant(value=DAY.top, type=DAY, source=e)
        if length.type.kind != "number" or length.type.unit not in UNITS:
            why = "期间不是日、工作日、周、月、年\tits length is not in days, working days, weeks, months or years"
            return self.wrong("P317", e, shape=DAY, why=why)
        none = day.type.may_be_none or length.type.may_be_none
        return m.Shift(
            day=day,
            amount=length,
            unit=length.type.unit,
            sign=sign,
            readings=tuple(self.built_in[name] for name in ("期间起算", *_OF_UNIT.get(length.type.unit, ()))),
            calendar=self.calendar,
            uncharted=self.uncharted if length.type.unit in BY_CALENDAR else None,
            type=evolve(DAY, may_be_none=none),
            source=e,
            slots=slots_of(day, length),
        )
