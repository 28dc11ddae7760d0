"""What the rows of a list come to, and facts at a moment of their history: aggregates, joined to whom they are of."""

from __future__ import annotations

from typing import Any

from attrs import evolve
from sqlglot import exp

from .. import model as m
from ..values import Type
from . import terms as t
from .cells import CHANGED, FROM, PEOPLE, UNTIL, Cell, history
from .columns import Columns, View
from .days import year_of
from .levels import SEGMENT, Level
from .sql import (
    Truth,
    absent,
    and_,
    big,
    binary,
    case,
    coalesce,
    column,
    count,
    eq,
    full,
    greatest,
    least,
    not_,
    number,
    or_,
    own,
    perhaps,
    present,
    surely,
    truth,
    zero,
)
from .terms import Mask, Span, Term, as_sql, const


class Gathered(Columns):
    """Writes folds: those over one list that do not wait for one another share one pass."""

    def fold(self, e: m.Fold, level: Level, view: View) -> Term:
        rows = self.child(level, e.list, e.slot, self.wait(e, level.slot))
        inside = self.inside(e, rows, view)
        if e.how == "some":
            return self.some(rows, level, inside, self.listed(rows, e.list))
        if e.how == "count" or (e.how == "kinds" and e.value is None):
            return self.count(rows, level, inside, self.listed(rows, e.list))
        assert e.value is not None, e
        value = self.named(self.code(e.value, rows, view), rows, "值")
        if e.how == "kinds":
            return self.different(rows, level, inside, value, e.value, self.listed(rows, e.list))
        if e.how == "latest":
            return self.latest(e, rows, level, inside, value, view)
        assert isinstance(value, Span), e
        if e.how in ("most_within", "most_in_year"):
            return self.crowded(e, rows, level, inside, value, view)
        if e.how == "run":
            return self.run(rows, level, inside, value, self.listed(rows, e.list))
        if e.how == "sum":
            return self.sum(rows, level, inside, value, self.listed(rows, e.list))
        return self.extreme(rows, level, inside, value, e.how == "max")

    def inside(self, e: m.Fold, rows: Level, view: View) -> Truth:
        """Whether a row is in: open where it is only perhaps, or perhaps does not count."""
        where = and_(self.truth(e.where, rows, view), self.sure(rows, e.list))
        named = self.named(where, rows, "在内")
        assert not isinstance(named, Mask | Span)
        return named

    def there(self, rows: Level, level: Level) -> Any:
        """How many rows there are; NULL for none."""
        return rows.once("there", lambda: level.joined(rows, exp.Count(this=exp.Star()), "行数"))

    def some(self, rows: Level, level: Level, inside: Truth, listed: Truth) -> Term:
        if inside is False:
            return False
        if listed is True and full(inside):
            there = level.joined(rows, exp.Max(this=case((inside, number(1)), otherwise=number(0))), "有")
            return eq(coalesce(there, number(0)), number(1))
        state = case((inside, number(2)), (not_(inside), number(0)), otherwise=number(1))
        most = level.joined(rows, exp.Max(this=state), "有")
        return case((eq(most, number(2)), truth(True)), (eq(coalesce(most, number(0)), number(0)), truth(False)))

    def count(self, rows: Level, level: Level, inside: Truth, listed: Truth) -> Term:
        if inside is False:
            return Span(0, 0)
        low = level.joined(rows, count(inside), "至少")
        if full(inside) and listed is True:
            low = self.let(level, "数")(coalesce(low, number(0)))
            return Span(low, low, False, low)
        return Span(coalesce(low, number(0)), self.most(rows, level, count(perhaps(inside)), inside, listed, low))

    def most(self, rows: Level, level: Level, most: Any, inside: Truth, listed: Truth, low: Any) -> Any:
        """An upper bound, none where an incomplete list may hold more; *low* is NULL where there are no rows at all."""
        if listed is True:
            return coalesce(level.joined(rows, most, "至多"), number(0))
        more = count(and_(perhaps(inside), not_(listed)))
        high = level.joined(rows, case((zero(more), most)), "至多")
        return case((absent(low), number(0)), otherwise=high)

    def sum(self, rows: Level, level: Level, inside: Truth, value: Span, listed: Truth) -> Term:
        real = and_(perhaps(inside), not_(surely(value.none)))
        sure = and_(inside, not_(value.none))
        if listed is True and full(inside) and value.none is False and full(value.exact):
            total = level.joined(rows, big(exp.Sum(this=case((inside, as_sql(value.exact))))), "合计")
            whole = self.let(level, "合计")(coalesce(total, number(0)))
            return Span(whole, whole, False, whole)
        ends = []
        for end, further, kind in ((value.low, least, exp.LT), (value.high, greatest, exp.GT)):
            if end is None:
                unbounded, part = real, number(0)
            else:
                x = as_sql(end)
                beyond = and_(not_(listed), t.compare(kind, end, 0))
                unbounded = and_(real, or_(False if const(end) else absent(x), beyond))
                part = case((sure, x), (real, further([x, number(0)])))
            total = coalesce(exp.Sum(this=part), number(0))
            whole = total if unbounded is False else case((zero(count(unbounded)), total))
            ends.append(level.joined(rows, big(whole), "合计"))
        there = self.there(rows, level)
        return Span(*(case((absent(there), number(0)), otherwise=x) for x in ends))

    def extreme(self, rows: Level, level: Level, inside: Truth, value: Span, most: bool) -> Term:
        real = and_(perhaps(inside), not_(surely(value.none)))
        sure = and_(inside, not_(value.none))
        if full(inside) and value.none is False and full(value.exact):
            kind = exp.Max if most else exp.Min
            only = level.joined(rows, kind(this=case((inside, as_sql(value.exact)))), "最多" if most else "最少")
            return Span(only, only, exp.Is(this=own(only), expression=exp.null()))
        near, far = (value.low, value.high) if most else (value.high, value.low)
        toward, away = (exp.Max, exp.Min) if most else (exp.Min, exp.Max)
        surest = case((sure, as_sql(near)))
        anyone = self.bounded(real, near, away)
        inner = case((binary(exp.GT, count(sure), number(0)), toward(this=surest)), otherwise=anyone)
        outer = self.bounded(real, far, toward)
        none = case((binary(exp.GT, count(sure), number(0)), truth(False)), (zero(count(real)), truth(True)))
        a, b = level.joined(rows, inner, "最近"), level.joined(rows, outer, "最远")
        return Span(*((a, b) if most else (b, a)), self.nothing(rows, level, none))

    def bounded(self, real: Truth, end: Any, kind: type[Any]) -> Any:
        """The outermost end of the rows that may be in; NULL if one of them is unbounded."""
        if end is None:
            return exp.null()
        unbounded = False if const(end) else and_(real, absent(end))
        whole = kind(this=case((real, as_sql(end))))
        return whole if unbounded is False else case((zero(count(unbounded)), whole))

    def nothing(self, rows: Level, level: Level, none: Any) -> Truth:
        """Whether it is 无, of rows that may not be there at all."""
        found = level.joined(rows, none, "无")
        return case((absent(self.there(rows, level)), truth(True)), otherwise=found)

    def latest(self, e: m.Fold, rows: Level, level: Level, inside: Truth, value: Term, view: View) -> Term:
        """Every row that may be the latest; tied rows all count."""
        assert e.value is not None
        day = self.day(e, rows, view)
        floor: Any = None
        if day.low is not None:
            placed = and_(inside, not_(surely(day.none)))
            known = exp.Max(this=case((placed, as_sql(day.low))))
            partition = [column(k) for k in level.keys_below]
            floor = rows.let(exp.Window(this=known, partition_by=partition), "最迟")
        last: Truth = True
        if floor is not None:
            reaches = or_(False if const(day.high) else absent(day.high), t.compare(exp.GTE, day.high, floor))
            if day.high is None:
                reaches = True
            last = or_(absent(floor), and_(not_(surely(day.none)), reaches))
        named = self.named(and_(perhaps(inside), last), rows, "或最迟")
        assert not isinstance(named, Mask | Span)
        return self.hull(e.type, rows, level, named, inside, self.dated(e, value, floor))

    def dated(self, e: m.Fold, value: Term, floor: Any) -> Term:
        """The date of the latest row is no earlier than that of any row there is."""
        if e.value is not e.day or floor is None or not isinstance(value, Span):
            return value
        low = floor if value.low is None else greatest([as_sql(value.low), floor])
        return Span(low, value.high, value.none)

    def hull(self, type: Type, rows: Level, level: Level, those: Truth, sure: Truth, value: Term) -> Term:
        """Whatever any of those rows says; 无 as well unless one is *sure*."""
        unsure = zero(count(sure))
        value = t.same_form(value, evolve(type, may_be_none=True))
        if isinstance(value, Mask):
            none = t.split(1 << len(type.options), len(value.words))
            words = []
            for word, bit in zip(value.words, none, strict=True):
                found = coalesce(exp.BitwiseOrAgg(this=case((those, as_sql(word)))), number(0))
                if bit:
                    found = binary(exp.BitwiseOr, found, case((unsure, number(bit)), otherwise=number(0)))
                words.append(coalesce(level.joined(rows, big(found), "最近者"), number(bit)))
            return Mask(tuple(words))
        assert isinstance(value, Span)
        real = and_(those, not_(surely(value.none)))
        low = level.joined(rows, self.bounded(real, value.low, exp.Min), "最近者低")
        high = level.joined(rows, self.bounded(real, value.high, exp.Max), "最近者高")
        open_ = and_(those, perhaps(value.none))
        settled = zero(count(open_)) if open_ is not False else True
        none = case((zero(count(real)), truth(True)), (and_(not_(unsure), settled), truth(False)))
        return Span(low, high, self.nothing(rows, level, none))

    def different(self, rows: Level, level: Level, inside: Truth, value: Term, e: m.Expr, listed: Truth) -> Term:
        """How many different values the rows have: between what must differ and what may."""
        here = and_(perhaps(inside), listed)
        given: Truth
        sure_vague: Truth = False
        values: list[Any]
        if isinstance(value, Mask):
            given, none = t.one_option(value), t.split(1 << len(e.type.options), len(value.words))
            here = and_(
                here, or_(*(not_(eq(as_sql(w), number(n))) for w, n in zip(value.words, none, strict=True) if n))
            )
            values = [case((not_(zero(as_sql(w))), as_sql(w))) for w in value.words]
        elif isinstance(value, Span):
            here = and_(here, not_(surely(value.none)))
            given = surely(and_(t.compare(exp.EQ, value.low, value.high), not_(value.none)))
            sure_vague = and_(inside, here, not_(given), surely(not_(value.none)))
            values = [as_sql(value.low)]
        else:
            given, values = present(truth(value)), [case((value, number(2)), (not_(value), number(1)))]
        # Each distinct value stands in one word alone.
        low = self.distinct(rows, level, [case((and_(inside, here, given), x)) for x in values])
        settled = [exp.Count(this=exp.Distinct(expressions=[own(case((and_(here, given), x)))])) for x in values]
        most: Any = settled[0]
        for x in (*settled[1:], count(and_(here, not_(given)))):
            most = exp.Add(this=most, expression=x)
        high = self.most(rows, level, most, inside, listed, low)
        least_: Any = coalesce(low, number(0))
        if sure_vague is not False:
            vague = level.joined(rows, count(sure_vague), "不明者")
            least_ = case(
                (binary(exp.GT, low, number(0)), low),
                (binary(exp.GT, vague, number(0)), number(1)),
                otherwise=number(0),
            )
        return Span(least_, high)

    def distinct(self, rows: Level, level: Level, values: list[Any]) -> Any:
        whole: Any = None
        for x in values:
            found = exp.Count(this=exp.Distinct(expressions=[x]))
            whole = found if whole is None else exp.Add(this=whole, expression=found)
        return level.joined(rows, whole, "种数")

    def run(self, rows: Level, level: Level, inside: Truth, value: Span, listed: Truth) -> Term:
        """The longest run of consecutive years: of those that certainly are, and of all that may be."""
        here = and_(perhaps(inside), listed, not_(surely(value.none)))
        dated = surely(not_(value.none))
        known = self.one(and_(here, dated, surely(t.compare(exp.EQ, value.low, value.high))), rows)
        certain = self.one(and_(surely(inside), listed, dated), rows)
        sure = self.one(and_(certain, known), rows)
        year = rows.let(as_sql(value.low), "年度")
        # A row whose year is not known is a run of its own.
        longest = case((sure, self.length(rows, level, sure, year)), (certain, number(1)), otherwise=number(0))
        least_ = level.joined(rows, exp.Max(this=longest), "连年")
        most: Any = exp.Max(this=case((known, self.length(rows, level, known, year)), otherwise=number(0)))
        vague = and_(here, not_(known))
        if vague is not False:
            # It may join two others: no run is longer than all there is.
            more = count(vague)
            every = exp.Add(this=exp.Count(this=exp.Distinct(expressions=[case((known, year))])), expression=more)
            joined = exp.Add(this=binary(exp.Mul, most, binary(exp.Add, more, number(1))), expression=own(more))
            most = least([every, joined])
        return Span(coalesce(least_, number(0)), self.most(rows, level, most, inside, listed, least_))

    def length(self, rows: Level, level: Level, those: Truth, year: Any) -> Any:
        """How many consecutive years there are up to the row's own, of those rows."""
        among = [*(column(k) for k in level.keys_below), *([] if isinstance(those, bool) else [those])]
        order = exp.Order(expressions=[exp.Ordered(this=own(year))])
        place = rows.let(exp.Window(this=exp.DenseRank(), partition_by=[own(x) for x in among], order=order), "第几")
        apart = [*among, binary(exp.Sub, year, place)]
        first = rows.let(exp.Window(this=exp.Min(this=own(place)), partition_by=[own(x) for x in apart]), "首位")
        return exp.Add(this=binary(exp.Sub, place, first), expression=number(1))

    def crowded(self, e: m.Fold, rows: Level, level: Level, inside: Truth, last: Span, view: View) -> Span:
        """The most rows in any one of the periods their days open, of which *last* is the last day, or in any one
        calendar year: of each row, how many lie in its own."""
        day = self.day(e, rows, view)
        since, until = day.low, day.high
        first, final = since, last
        if e.how == "most_in_year":
            since, until = (self.let(rows, "年度")(year_of(x)) for x in (since, until))
            first, final = since, Span(since, since)
        listed = self.listed(rows, e.list)
        here = self.one(and_(perhaps(inside), listed, not_(surely(day.none))), rows)
        sure = self.one(and_(surely(inside), here), rows)
        ends = [x for x in (since, until, final.low, final.high, here, sure) if isinstance(x, exp.Column)]
        pair = self.child(rows, None, rows.slot, max((rows.depth(x) for x in ends), default=0) // SEGMENT + 1)

        def of(x: Any) -> Any:
            return pair.brought(x.name) if isinstance(x, exp.Column) else x

        def its(x: Any) -> Any:
            return pair.cell(x.name) if isinstance(x, exp.Column) else x

        def unbounded(x: Any) -> Truth:
            return x is None if const(x) else absent(x)

        begun = [unbounded(its(since)), t.compare(exp.LTE, its(since), of(final.high))]
        if e.how == "most_within":
            begun.append(unbounded(of(final.high)))
        not_over = or_(unbounded(its(until)), unbounded(of(first)), t.compare(exp.GTE, its(until), of(first)))
        most = rows.joined(pair, count(and_(its(here), or_(*begun), not_over)), "同在")
        # Rows that all lie between the earliest day a period may begin and the earliest it may end then lie in one
        # period, whichever day the first of them was.
        inner = and_(t.compare(exp.GTE, its(since), of(first)), t.compare(exp.LTE, its(until), of(final.low)))
        fewest = rows.joined(pair, count(and_(its(sure), inner)), "必同在")
        of_each = case((sure, greatest([fewest, number(1)])), otherwise=number(0))
        low = level.joined(rows, exp.Max(this=of_each), "最密")
        high = exp.Max(this=case((here, most), otherwise=number(0)))
        return Span(coalesce(low, number(0)), self.most(rows, level, high, inside, listed, low))

    def day(self, e: m.Fold, rows: Level, view: View) -> Span:
        """The day of each row; any, of a list without days."""
        if not isinstance(e.day, m.Field):
            return Span(None, None)
        day = self.named(self.code(e.day, rows, view), rows, "日")
        assert isinstance(day, Span)
        return day

    # Facts over time.

    def moving(self, e: m.Fact, now: Term, level: Level, view: View) -> Term:
        """The values of every step that may hold at the moment; anything, where it may lie before the first."""
        assert e.moment is not None
        source = history(e.name)
        steps = self.child(level, source, level.slot + 1, self.wait(e, level.slot))
        moment = self.code(e.moment, steps, view)
        assert isinstance(moment, Span)
        start, until = steps.cell(FROM), steps.cell(UNTIL)
        before = t.compare(exp.LTE, start, moment.high)
        reached = or_(False if const(moment.high) else absent(moment.high), before) if moment.high is not None else True
        follows = or_(absent(until), t.compare(exp.GTE, until, moment.low))
        those = self.named(surely(and_(reached, follows)), steps, "其时")
        assert not isinstance(those, Mask | Span)
        term = self.named(self.cell(steps, Cell(source, "fact", e.name, e.type), view), steps, "值")
        first = level.joined(steps, exp.Min(this=own(start)), "起")
        found = self.hull_of_steps(e, steps, level, those, term)
        here = self.code(e.moment, level, view)
        assert isinstance(here, Span)
        placed = surely(and_(not_(here.none), t.compare(exp.GTE, here.low, first)))
        top = t.fixed(e.type.top, e.type)
        past = t.choose(self.one(placed, level), self.named(found, level, e.name), top)
        changed = self.changed(e, level)
        return t.choose(changed, self.named(past, level, e.name), self.named(now, level, e.name))

    def one(self, c: Truth, level: Level) -> Truth:
        named = self.named(c, level, "是否")
        assert not isinstance(named, Mask | Span)
        return named

    def changed(self, e: m.Fact, level: Level) -> Truth:
        """Whether the record gives a history of the fact; never unknown."""
        name = f"{e.name}·{CHANGED}"
        self.cells.setdefault((PEOPLE, "changed", e.name), Cell(PEOPLE, "changed", e.name, e.type))
        term = self.people.cell(name)
        if level is not self.people:
            return self.brought(term, self.people, level)
        return term

    def hull_of_steps(self, e: m.Fact, steps: Level, level: Level, those: Truth, value: Term) -> Term:
        if isinstance(value, Mask):
            words = []
            for word in value.words:
                found = exp.BitwiseOrAgg(this=case((those, as_sql(word))))
                words.append(coalesce(level.joined(steps, big(found), e.name), number(1)))
            return Mask(tuple(words))
        if isinstance(value, Span):
            real = and_(those, not_(surely(value.none)))
            low = level.joined(steps, self.bounded(real, value.low, exp.Min), e.name)
            high = level.joined(steps, self.bounded(real, value.high, exp.Max), e.name)
            none = case((zero(count(real)), truth(True)), (zero(count(and_(those, perhaps(value.none)))), truth(False)))
            return Span(low, high, level.joined(steps, none, "无") if e.type.may_be_none else False)
        yes, no = count(and_(those, perhaps(value))), count(and_(those, perhaps(not_(value))))
        return level.joined(steps, case((zero(yes), truth(False)), (zero(no), truth(True))), e.name)
