"""Each node of a policy as a term of the solver, parallel to `evaluate.py`: the meaning it has where all is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import z3

from .. import model as m
from ..explanation import LeafKey, leaf_key
from ..language.keywords import LAYERS
from ..values import Range
from ..working_days import SURELY_ONE, Calendar
from . import terms as t
from .terms import Bool, Int, Ordered, Term
from .world import World

# The rows in view, a place in its list for each slot.
View = tuple[int, ...]


class Encoding:
    """The terms of one world; each node once for each row it concerns. *supposed*: what to take the text to say of what
    it leaves out."""

    def __init__(self, world: World, supposed: Mapping[LeafKey, Term] | None = None):
        self.world, self.supposed = world, supposed or {}
        # By the node itself, which is kept: the number of one that is gone would be given to another.
        self.memo: dict[tuple[object, ...], Term] = {}

    def truth(self, e: m.Expr, view: View = ()) -> Bool:
        """A condition."""
        return t.truth(self.term(e, view))

    def term(self, e: m.Expr, view: View = ()) -> Term:
        """A condition or value with these rows in view."""
        key = (e, *(view[s] for s in sorted(e.slots)))
        if key not in self.memo:
            self.memo[key] = self.encoded(e, view)
        return self.memo[key]

    def suppose(self, e: m.Expr, term: Term, view: View = ()) -> None:
        """Take a condition or value to be this, with these rows in view, whatever its parts are."""
        self.memo[e, *(view[s] for s in sorted(e.slots))] = term

    def encoded(self, e: m.Expr, view: View) -> Term:
        """One node, of its parts."""
        world, term, truth = self.world, self.term, self.truth
        match e:
            case m.Constant(value=value):
                return self.constant(e, value)
            case m.Fact(name=name, moment=moment):
                return world.fact(name, e.type, None if moment is None else term(moment, view))
            case m.Field(list=of, name=name, slot=slot):
                return world.field(of, view[slot], name)
            case m.Happened(list=of, slot=slot):
                return world.slots(of)[view[slot]].present
            case m.RowId(list=of, slot=slot):
                return t.point(world.text(world.slots(of)[view[slot]].id))
            case m.Finding(name=name, list=of, slot=slot):
                return world.finding(name, of, None if slot is None else view[slot])
            case m.Leaf():
                return self.leaf(e)
            case m.Unprinted():
                return t.both((t.no(world.printed), self.leaf(e)))
            case m.DecisionDay():
                return Ordered(world.day, t.FALSE)
            case m.Admitted(layer=layer):
                return world.layers[layer] if layer in LAYERS else t.FALSE
            case m.Named(body=body):
                return term(body, view)
            case m.Not(part=part):
                return t.no(truth(part, view))
            case m.All(parts=parts):
                return t.both([truth(p, view) for p in parts])
            case m.Any(parts=parts):
                return t.either([truth(p, view) for p in parts])
            case m.Is(part=part, options=options, alike=alike):
                inner = t.index(term(part, view))
                held = t.among(inner, options)
                if alike is None:
                    return held
                # 等: another declared value may be alike; a body must find so.
                near = options | 1 << len(part.type.options)
                return t.either((held, t.both((t.no(t.among(inner, near)), truth(alike, view)))))
            case m.Same(left=left, right=right):
                a, b = t.index(term(left, view)), t.index(term(right, view))
                return t.both((a == b, a != len(left.type.options)))
            case m.Equal(left=left, right=right):
                return t.equal(term(left, view), term(right, view))
            case m.AtLeast(left=left, right=right, strict=strict):
                return t.at_least(term(left, view), term(right, view), strict)
            case m.Choose(condition=condition, then=then, otherwise=otherwise):
                return t.choose(truth(condition, view), *self.alike(term(then, view), term(otherwise, view)))
            case m.Add(parts=parts):
                return t.add([term(p, view) for p in parts])
            case m.Scale(factor=factor, part=part):
                inner = term(part, view)
                return Ordered(inner.at * factor, inner.none)
            case m.Extreme(parts=parts, most=most):
                return t.extreme([term(p, view) for p in parts], most)
            case m.Shift():
                return self.shift(e, view)
            case m.YearEnd(part=part):
                year = term(part, view)
                return Ordered(t.year_last_day(year.at), year.none)
            case m.Fold():
                return self.fold(e, view)
            case m.Verdict(flags=flags):
                return self.verdict(flags, view)
            case m.Strongest(own=own, rows=rows):
                return self.strongest(own, rows)
        raise TypeError(e)

    def leaf(self, e: m.Leaf | m.Unprinted) -> Term:
        """What no record says."""
        key = leaf_key(e, ()) if self.supposed else None
        return self.supposed[key] if key is not None and key in self.supposed else self.world.leaf(e)

    def constant(self, e: m.Expr, value: int | Range) -> Term:
        if isinstance(value, int):
            if e.type.kind == "truth" and value in (1, 2):
                return t.TRUE if value == 2 else t.FALSE
            if value & (value - 1) == 0:
                return z3.IntVal(value.bit_length() - 1)
            return self.world.variable(e.type, f"常数 {id(e)}", value)
        if value[0] > value[1]:
            return t.NONE
        if e.type.kind == "text":
            return t.point(self.world.text(str(value[0])))
        if value[0] != value[1] or value[2]:
            return self.world.variable(e.type, f"常数 {id(e)}", value)
        return t.point(t.bound(value[0]))

    def alike(self, a: Term, b: Term) -> tuple[Term, Term]:
        """Two terms of one sort."""
        if isinstance(a, Ordered) or z3.is_bool(a) == z3.is_bool(b):
            return a, b
        return t.index(a), t.index(b)

    def date(self, day: Ordered) -> t.Date:
        """A day by month and day; one day is one date in every encoding of a world."""
        key = ("date", day.at.get_id(), day.none.get_id())
        if key not in self.world.kept:
            date = t.Date(self.month(), self.world.auxiliary("日"))
            self.world.kept[key] = date, day
            self.world.side.append(z3.Or(day.none, date.of(day.at)))
        found: t.Date = self.world.kept[key][0]
        return found

    def month(self) -> t.Month:
        return t.Month(*(self.world.auxiliary(name) for name in ("四年", "年", "月")))

    def shift(self, e: m.Shift, view: View) -> Ordered:
        """A day moved by a period, under the readings of period arithmetic."""
        day, amount = self.term(e.day, view), self.term(e.amount, view)
        first, other = (*(self.leaf(x) == 1 for x in e.readings), t.FALSE, t.FALSE)[:2]
        less = t.when(first, z3.IntVal(e.sign), z3.IntVal(0))
        none = t.either((day.none, amount.none))
        moved = e.sign * amount.at
        match e.unit:
            case "days":
                return Ordered(day.at + moved - less, none)
            case "working_days":
                return Ordered(self.worked(day.at - less, moved, none, e.calendar), none)
            case "weeks":
                by_calendar = self.worked(day.at - less, 5 * moved, none, e.calendar)
                return Ordered(t.when(other, by_calendar, day.at + 7 * moved - less), none)
        months = z3.simplify(moved * (12 if e.unit == "years" else 1))
        date, target = self.date(day), self.later(day, months, none)
        return Ordered(date.moved(target, other) - less, none)

    def worked(self, day: Int, count: Int, none: Bool, calendar: Calendar) -> Int:
        """The day so many working days later, or earlier: first only between what it must lie between."""
        key = ("worked", day.get_id(), count.get_id(), none.get_id(), id(calendar))
        if key not in self.world.kept:
            end = self.world.auxiliary("工作日")
            self.world.kept[key] = end, day, count, none, calendar
            late, early = (
                z3.And(end >= day + count, end <= day + SURELY_ONE * count),
                z3.And(end <= day + count, end >= day + SURELY_ONE * count),
            )
            self.world.side.append(z3.Or(none, z3.If(count >= 0, late, early)))
            self.world.worked.append((day, count, end, none, calendar))
        return self.world.kept[key][0]

    def later(self, day: Ordered, months: Int, none: Bool) -> t.Month:
        """The month so many months after that of a day."""
        key = ("later", day.at.get_id(), months.get_id(), none.get_id())
        if key not in self.world.kept:
            target = self.month()
            self.world.kept[key] = target, day, months, none
            number = self.date(day).month.number + months
            self.world.side.append(z3.Or(none, z3.And(target.within, target.number == number)))
        found: t.Month = self.world.kept[key][0]
        return found

    # Lists.

    def fold(self, e: m.Fold, view: View) -> Term:
        """Rows in, and what they come to."""
        inner = [(*(*view, 0, 0)[: e.slot], i) for i in range(len(self.world.slots(e.list)))]
        places = zip(self.world.slots(e.list), inner, strict=True)
        inside = [t.both((slot.present, self.truth(e.where, x))) for slot, x in places]
        kept = [(w, x) for w, x in zip(inside, inner, strict=True) if not z3.is_false(w)]
        return _FOLDS[e.how](self, e, [w for w, _ in kept], [x for _, x in kept])

    def measured(self, e: m.Fold, views: Sequence[View]) -> list[Term]:
        return [] if e.value is None else [self.term(e.value, x) for x in views]

    def days(self, e: m.Fold, views: Sequence[View]) -> list[Ordered]:
        return [t.NONE if e.day is None else self.term(e.day, x) for x in views]

    def some(self, e: m.Fold, inside: list[Bool], views: list[View]) -> Bool:
        return t.either(inside)

    def counted(self, e: m.Fold, inside: list[Bool], views: list[View]) -> Ordered:
        return Ordered(t.count(inside), t.FALSE)

    def total(self, e: m.Fold, inside: list[Bool], views: list[View]) -> Ordered:
        values = zip(inside, self.measured(e, views), strict=True)
        return Ordered(
            z3.Sum([z3.IntVal(0), *(t.when(t.both((w, t.no(x.none))), x.at, z3.IntVal(0)) for w, x in values)]), t.FALSE
        )

    def extreme(self, e: m.Fold, inside: list[Bool], views: list[View]) -> Ordered:
        values = zip(inside, self.measured(e, views), strict=True)
        return t.extreme([t.NONE, *(Ordered(x.at, t.either((t.no(w), x.none))) for w, x in values)], e.how == "max")

    def latest(self, e: m.Fold, inside: list[Bool], views: list[View]) -> Term:
        """What the latest row says; of rows tied, any one."""
        none: Term = t.NONE if not e.type.finite else z3.IntVal(len(e.type.options))
        values, days = self.measured(e, views), self.days(e, views)
        if not values:
            return none
        chosen = self.world.auxiliary("最近")
        ways = []
        result = none
        for j, (value, day) in enumerate(zip(values, days, strict=True)):
            last = [z3.Implies(w, t.either((d.none, day.at >= d.at))) for w, d in zip(inside, days, strict=True)]
            ways.append(t.both((chosen == j, inside[j], *last)))
            for k, (other, d) in enumerate(zip(values[:j], days[:j], strict=True)):
                same = t.both((inside[j], inside[k], day.at == d.at))
                self.world.apart.append(z3.Implies(same, same_term(value, other)))
            result = t.choose(t.both((inside[j], chosen == j)), *self.alike(value, result))
        self.world.side.append(t.either((t.no(t.either(inside)), *ways)))
        return result

    def kinds(self, e: m.Fold, inside: list[Bool], views: list[View]) -> Ordered:
        """How many different values the rows have."""
        if e.value is None:
            return self.counted(e, inside, views)
        values = self.measured(e, views)
        finite = e.value.type.finite
        none = [t.index(x) == len(e.value.type.options) if finite else x.none for x in values]
        there = [t.both((w, t.no(x))) for w, x in zip(inside, none, strict=True)]
        new = [
            t.both((there[j], *(t.no(t.both((there[i], same_term(values[i], values[j])))) for i in range(j))))
            for j in range(len(values))
        ]
        return Ordered(t.count(new), t.FALSE)

    def run(self, e: m.Fold, inside: list[Bool], views: list[View]) -> Ordered:
        """The longest run of consecutive years among the rows."""
        values = self.measured(e, views)
        there = [t.both((w, t.no(x.none))) for w, x in zip(inside, values, strict=True)]

        def in_year(j: int, later: int) -> Bool:
            same = ((there[i], values[i].at == values[j].at + later) for i in range(len(values)))
            return t.either(t.both(x) for x in same)

        longest = z3.IntVal(0)
        for length in range(1, len(values) + 1):
            runs = (t.both((there[j], *(in_year(j, n) for n in range(1, length)))) for j in range(len(values)))
            longest = t.when(t.either(runs), z3.IntVal(length), longest)
        return Ordered(longest, t.FALSE)

    def most_within(self, e: m.Fold, inside: list[Bool], views: list[View]) -> Ordered:
        """The most rows in any one of the periods their days open; what is measured of a row is the last day of its
        own."""
        days, ends = self.days(e, views), self.measured(e, views)
        there = [t.both((w, t.no(d.none))) for w, d in zip(inside, days, strict=True)]

        def within(i: int, j: int) -> Bool:
            return t.both((there[i], days[i].at >= days[j].at, days[i].at <= ends[j].at))

        counts = [t.count(t.both((there[j], within(i, j))) for i in range(len(days))) for j in range(len(days))]
        return greatest(counts)

    def most_in_year(self, e: m.Fold, inside: list[Bool], views: list[View]) -> Ordered:
        """The most rows in any one calendar year."""
        days = self.days(e, views)
        there = [t.both((w, t.no(d.none))) for w, d in zip(inside, days, strict=True)]
        years = [self.date(d).month.of_year for d in days]
        counts = [
            t.count(t.both((there[j], there[i], years[i] == years[j])) for i in range(len(days)))
            for j in range(len(days))
        ]
        return greatest(counts)

    # What rules make of an effect.

    def verdict(self, flags: Sequence[m.Contribution], view: View) -> Int:
        found: dict[str, list[Bool]] = {}
        for c in flags:
            fires = self.truth(c.fires, view)
            waived = t.FALSE if c.waived is None else self.truth(c.waived, view)
            found.setdefault(c.flag, []).append(t.both((fires, t.no(waived))))
            found.setdefault("waivable", []).append(t.both((fires, waived)))
        return t.status({flag: t.either(parts) for flag, parts in found.items()})

    def strongest(self, own: m.Verdict, rows: Sequence[tuple[str, m.Verdict]]) -> Int:
        silent = z3.IntVal(m.STATUSES.index("silent"))
        parts = [self.term(own)]
        for of, verdict in rows:
            for i, slot in enumerate(self.world.slots(of)):
                parts.append(t.when(slot.present, self.term(verdict, (i,)), silent))
        return t.strongest(parts)


def same_term(a: Term, b: Term) -> Bool:
    if isinstance(a, Ordered):
        return t.either((t.both((a.none, b.none)), t.equal(a, b)))
    return t.index(a) == t.index(b)


def greatest(counts: Sequence[Int]) -> Ordered:
    result = z3.IntVal(0)
    for x in counts:
        result = t.when(x > result, x, result)
    return Ordered(result, t.FALSE)


_FOLDS: Final[dict[str, Any]] = {
    "some": Encoding.some, "count": Encoding.counted, "sum": Encoding.total, "max": Encoding.extreme,
    "min": Encoding.extreme, "latest": Encoding.latest, "kinds": Encoding.kinds, "run": Encoding.run,
    "most_within": Encoding.most_within, "most_in_year": Encoding.most_in_year,
}  # fmt: skip
