"""Every lift and every fold against what it stands for: all it may still be, one by one.

A value stands for a set. A lift is sound if it holds the result of every choice from its arguments, exact if it holds
nothing more (for an ordered type: the range those results span), monotone if less in gives less out. On domains this
small all of it can be enumerated.
"""

from __future__ import annotations

import datetime
import os
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import combinations, product
from typing import Any

import pytest

from policy_dsl import model as m
from policy_dsl import values as v
from policy_dsl.calendar_days import LAST_DAY, month_later, year_last_day
from policy_dsl.check import check
from policy_dsl.evaluate import Evaluation
from policy_dsl.explanation import Frame
from policy_dsl.knowledge import as_known
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack
from policy_dsl.periods import moved
from policy_dsl.record import History, Record, Row, Rows
from policy_dsl.statuses import strongest
from policy_dsl.values import INF, NO, NONE, UNKNOWN, YES, Value, settled, within

SCALE = float(os.environ.get("LAWS_N", "1"))
TRUTHS = (NO, YES, UNKNOWN)
POINTS = (-1, 0, 1)
FINITE = [(a, b, none) for a in POINTS for b in POINTS if a <= b for none in (False, True)]
RANGES = [*FINITE, NONE]
OPEN = [*RANGES, *((a, b, none) for a, b in ((-INF, 0), (0, INF), (-INF, INF)) for none in (False, True))]
MASKS = range(1, 16)  # three options and 无
ABSENT = 8


def points(value: Value, near: Iterable[int] = range(-3, 4)) -> list[Any]:
    """What a value may be: options, or the numbers near by, and None for 无."""
    if isinstance(value, int):
        return [1 << i for i in range(value.bit_length()) if value >> i & 1]
    low, high, none = value
    return [x for x in near if low <= x <= high] + ([None] if none else [])  # type: ignore[operator]


def holds(value: Value, x: Any) -> bool:
    return within(NONE if x is None else x if isinstance(value, int) else (x, x, False), value)


def spanned(found: Iterable[Any]) -> Value:
    """The smallest range that holds them all."""
    found = list(found)
    numbers = [x for x in found if x is not None]
    return (min(numbers), max(numbers), None in found) if numbers else NONE


def narrower(values: Sequence[Value]) -> Iterator[tuple[Value, Value]]:
    return ((a, b) for a in values for b in values if a != b and within(a, b))


def lift(of: Callable[..., Value], concrete: Callable[..., Any], *domains: Sequence[Value], exact: bool = True) -> None:
    """Sound, exact and monotone, for every choice of arguments."""
    for given in product(*domains):
        results = [concrete(*x) for x in product(*map(points, given))]
        value = of(*given)
        assert all(holds(value, r) for r in results), (given, value, results)
        assert settled(value) or len(set(results)) > 1 or not all(map(settled, given)), (given, value)
        bounded = all(isinstance(x, int) or abs(x[0]) != INF != abs(x[1]) or x == NONE for x in given)  # type: ignore[arg-type]
        if exact and bounded:
            made = sum(set(results)) if isinstance(value, int) else spanned(results)
            assert value == made, (given, value, made)
    for i, domain in enumerate(domains):
        others = [d for j, d in enumerate(domains) if j != i]
        for less, more in narrower(domain):
            for rest in product(*others):
                a, b = list(rest), list(rest)
                a.insert(i, less)
                b.insert(i, more)
                assert within(of(*a), of(*b)), (a, b)


def truth(x: bool) -> int:
    return YES if x else NO


# The order of values.


def test_less_is_less() -> None:
    """`within` is inclusion; `hull` is the least that holds both; a value is settled when one thing is left."""
    for a, b in product(OPEN, OPEN):
        inside = all(holds(b, x) for x in points(a)) and (a == NONE or b == NONE or (b[0] <= a[0] and a[1] <= b[1]))
        assert within(a, b) == inside, (a, b)
        both = v.hull(a, b)
        assert within(a, both) and within(b, both)
        assert all(within(both, c) for c in OPEN if within(a, c) and within(b, c)), (a, b, both)
    for a, b in product(MASKS, MASKS):
        assert within(a, b) == (a | b == b) and v.hull(a, b) == a | b
    for a in (*RANGES, *MASKS):
        assert settled(a) == (len(points(a)) == 1), a
    assert not any(settled(a) for a in OPEN if a not in RANGES)


@pytest.mark.parametrize("unit", sorted(v.SCALE))
@pytest.mark.parametrize("none", [False, True])
def test_the_top_of_a_type_holds_every_value(unit: str, none: bool) -> None:
    number = v.Type("number", unit, unit=unit, may_be_none=none)
    low = 0 if unit in ("times", "days", "working_days", "weeks", "months", "years") else -(10**15)
    assert all(within((x, x, False), number.top) for x in (low, 0, 10**15))
    assert within(number.none, number.top) == none and settled(number.none)
    for finite in (v.Type("finite", "x", ("a", "b", "c"), may_be_none=none), v.Type("text", "x", may_be_none=none)):
        values = [finite.option(o) for o in finite.options] or [v.point(x) for x in ("", "甲", "\U0010ffff")]
        assert all(within(x, finite.top) and settled(x) for x in values)
        assert within(finite.none, finite.top) == none and settled(finite.none)


# Conditions.


def test_negation() -> None:
    lift(v.negation, lambda a: 3 - a, TRUTHS)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_and_and_or_are_kleenes(n: int) -> None:
    lift(lambda *x: v.every(x), lambda *x: min(x, default=YES), *[TRUTHS] * n)
    lift(lambda *x: v.some(x), lambda *x: max(x, default=NO), *[TRUTHS] * n)


@pytest.mark.parametrize("strict", [False, True])
def test_a_comparison_is_false_where_either_side_does_not_apply(strict: bool) -> None:
    def more(a: Any, b: Any) -> int:
        return truth(a is not None and b is not None and (a > b if strict else a >= b))

    lift(lambda a, b: v.at_least(a, b, strict), more, OPEN, OPEN)


def test_equality() -> None:
    lift(v.equal, lambda a, b: truth(a is not None and a == b), OPEN, OPEN)
    lift(lambda a, b: v.same(a, b, ABSENT), lambda a, b: truth(a == b != ABSENT), MASKS, MASKS)
    for options in range(8):
        lift(lambda a, o=options: v.is_in(a, o), lambda a, o=options: truth(bool(a & o)), MASKS)


def test_texts_are_equal_when_they_are() -> None:
    words = [v.point(x) for x in ("", "甲", "乙", "\U0010ffff")]
    for a, b in product(words, words):
        assert v.equal(a, b) == truth(a == b)
        assert v.equal((*v.TOP_TEXT, False), b) == UNKNOWN
    assert v.equal(v.TEXT_NONE, words[1]) == NO and v.equal((*v.TOP_TEXT, True), v.TEXT_NONE) == NO


# Numbers and days.


@pytest.mark.parametrize("n", [1, 2])
def test_sums(n: int) -> None:
    lift(lambda *x: v.add(x), lambda *x: None if None in x else sum(x), *[OPEN] * n)


@pytest.mark.parametrize("factor", [-2, -1, 0, 1, 3])
def test_products(factor: int) -> None:
    lift(lambda a: v.scale(factor, a), lambda a: None if a is None else factor * a, OPEN)


@pytest.mark.parametrize("most", [False, True])
@pytest.mark.parametrize("n", [1, 2])
def test_the_greatest_and_the_least(most: bool, n: int) -> None:
    def pick(*x: Any) -> Any:
        real = [y for y in x if y is not None]
        return None if not real else max(real) if most else min(real)

    lift(lambda *x: v.extreme(x, most), pick, *[OPEN] * n)


@pytest.mark.parametrize("most", [False, True])
def test_the_greatest_and_the_least_of_three(most: bool) -> None:
    for given in product(RANGES, repeat=3):
        results = [None if not (real := [y for y in x if y is not None]) else (max if most else min)(real) for x in product(*map(points, given))]
        assert v.extreme(given, most) == spanned(results), given


def test_units_hold_every_number_they_show() -> None:
    for unit, most in v.SCALE.items():
        for n in (*range(-25, 25), most, 10 * most, 12345 * most, 10**15):
            assert v.units(v.shown_number(n, unit), unit) == n, (unit, n)
        assert v.units(Decimal(1) / Decimal(most * 10), unit) is None
    assert v.units(Decimal(2), "weeks") == 2


DAYS = [datetime.date(y, mth, d).toordinal() for y, mth in ((2015, 12), (2016, 1), (2016, 2), (2016, 3), (2017, 2)) for d in (1, 15, 27, 28)]
DAYS = sorted({d + i for d in DAYS for i in range(5)} | {1, 2, 31, LAST_DAY - 40, LAST_DAY - 1, LAST_DAY})


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_later_day_or_a_longer_period_never_ends_earlier(unit: str, sign: int) -> None:
    amounts = (-INF, -13, -1, 0, 1, 2, 11, 12, 13, 120_000, INF)
    for first, overflow in product((False, True), repeat=2):
        go = lambda d, n: moved(d, n, unit, sign, first, overflow)  # noqa: B023
        for n in amounts:
            ends = [go(d, n) for d in (-INF, *DAYS, INF)]
            assert ends == sorted(ends), (unit, sign, n)
        for d in DAYS:
            ends = [sign * go(d, n) for n in amounts]
            assert ends == sorted(ends), (unit, sign, d)


def test_months_and_years_on_the_calendar() -> None:
    day = lambda *x: datetime.date(*x).toordinal()
    assert month_later(day(2016, 1, 31), 1, False) == day(2016, 2, 29)
    assert month_later(day(2016, 1, 31), 1, True) == day(2016, 3, 1)
    assert month_later(day(2016, 3, 31), -1, False) == day(2016, 2, 29)
    assert month_later(day(2016, 12, 15), 1, False) == day(2017, 1, 15)
    assert month_later(day(2016, 5, 7), 12, True) == day(2017, 5, 7)
    years = [year_last_day(y) for y in (-INF, -5, 0, 1, 2016, 2017, 9999, 10**15, INF)]
    assert years == sorted(years) and year_last_day(2016) == day(2016, 12, 31)


# Facts over time.


def test_a_fact_over_time_is_whatever_held_on_the_days_it_may_be_asked_for() -> None:
    top = 7
    days = range(1, 6)
    moments = [(a, b, False) for a in days for b in days if a <= b] + [(-INF, 3, False), (3, INF, False), (-INF, INF, False)]
    for starts in ((), (2,), (2, 4), (1, 3)):
        for values in product((1, 2, 4, 6, top), repeat=len(starts)):
            history = History(tuple(zip(starts, values, strict=True)))
            for moment in moments:
                value = history.at(moment, top)
                for day in points(moment, days):
                    held = [x for start, x in history.steps if start <= day]
                    assert within(held[-1] if held else top, value), (history, moment, value)
            for less, more in narrower(moments):
                assert within(history.at(less, top), history.at(more, top)), (history, less, more)


@cache
def timed() -> m.Policy:
    text = """词汇 词汇甲 words
    类 身份 standing：公务员 civil、聘用人员 contract、村干部 village
    事实 身份 standing：身份 随时间
    事实 终日 last_day：日期 可无
    效果 办法 ways 中性：处理 deal
制度 甲制 rules
    依据：A-01
    施行：自 0001年1月1日 起
规定 条一 rule_1
    依据：A-01
    当：身份 为 公务员
    时点：终日
    应当：处理
"""
    checked = check(Pack("timed", (Source("timed.policy", text),)))
    assert checked.policy is not None, [f.message("zh") for f in checked.findings]
    return checked.policy


def test_a_fact_read_on_a_day_that_may_not_be_is_no_less_known_for_that() -> None:
    """Learning that the day does not apply never opens what was settled, and settles what is known."""
    person = timed().verdicts[0].person

    def of(history: History, moment: Value) -> Value:
        record = Record("一", {"身份": history, "终日": moment})
        return Evaluation(record, Frame(9, {}, frozenset(("printed",)), False)).why(person, ()).value

    days = range(1, 5)
    moments = [(a, b, none) for a in days for b in days if a <= b for none in (False, True)] + [NONE]
    for values in product((1, 2, 3, 7), repeat=2):
        history = History(((1, values[0]), (3, values[1])))
        found = {moment: of(history, moment) for moment in moments}
        for less, more in narrower(moments):
            assert within(found[less], found[more]), (history, less, more)
        for moment in moments:
            if all(map(settled, (*values, moment))):
                assert settled(found[moment]), (history, moment)


# Verdicts.

FLAGGED = {
    "应当": "must", "可以": "may", "不得": "must_not", "不宜": "should_not", "原则上应当": "principle_must", "一般应当": "generally_must",
    "基本应当": "basically_must",
}  # fmt: skip


@cache
def ruled() -> m.Policy:
    """A rule of each modality on one effect, each under a fact of its own; the duties may be set aside."""
    facts = "".join(f"    事实 事由{i} fact_{i}：是否\n" for i in range(len(FLAGGED) + 1))
    text = f"词汇 词汇甲 words\n{facts}    效果 办法 ways 中性：处理 deal\n    机关 县委 committee\n"
    text += "制度 甲制 rules\n    依据：A-01\n    施行：自 2010年1月1日 起\n"
    for i, modality in enumerate(FLAGGED):
        text += f"规定 规定{i} rule_{i}\n    依据：A-01\n    当：事由{i}\n    {modality}：处理\n    由：县委\n".replace(f"规定 规定{i}", f"规定 条{'一二三四五六七'[i]}")
    text += f"规定 条八 rule_8\n    依据：A-01\n    当：事由{len(FLAGGED)}\n    可以不适用：条一\n    由：县委\n"
    for i in range(len(FLAGGED) + 1):
        text = text.replace(f"事由{i}", f"事由{'甲乙丙丁戊己庚辛'[i]}")
    checked = check(Pack("ruled", (Source("ruled.policy", text),)))
    assert checked.policy is not None, [f.message("zh") for f in checked.findings]
    return checked.policy


def test_a_verdict_is_exactly_what_the_rules_may_come_to() -> None:
    """Each rule under a fact of its own: the statuses possible are those of the completions, no more and no fewer."""
    policy = ruled()
    names = [f"事由{c}" for c in "甲乙丙丁戊己庚辛"]
    person = policy.verdicts[0].person
    frame = Frame(736_000, {}, frozenset(("printed",)), False)

    def of(truths: Sequence[int]) -> int:
        value = Evaluation(Record("一", dict(zip(names, truths, strict=True))), frame).why(person, ()).value
        assert isinstance(value, int)
        return value

    known = {x: of(x) for x in product((NO, YES), repeat=len(names))}
    assert all(settled(x) for x in known.values())
    assert len(set(known.values())) >= 9, "of the twelve statuses"
    rng = random.Random(1)
    tried = [x for x in product(TRUTHS, repeat=len(names)) if x.count(UNKNOWN) <= 2]
    for truths in rng.sample(tried, int(600 * min(SCALE, 3))):
        made = 0
        for x in product(*map(points, truths)):
            made |= known[x]
        assert of(truths) == made, truths


def test_the_strongest_of_several_is_exactly_the_strongest_of_each_choice() -> None:
    rank = {1 << m.STATUSES.index(x): i for i, x in enumerate(m.STRENGTH)}
    masks = [a | b for a, b in combinations([1 << i for i in range(len(m.STATUSES))], 2)] + list(rank)
    rng = random.Random(2)
    for _ in range(int(2000 * SCALE)):
        given = [rng.choice(masks) for _ in range(rng.choice((1, 2, 3)))]
        made = 0
        for x in product(*map(points, given)):
            made |= max(x, key=rank.__getitem__)
        assert strongest(given) == made, given


# Folds.

LIST = """词汇 词汇甲 words
    类 类型 kind：一类 kind_a、二类 kind_b、三类 kind_c
    清单 事 matter（当日）：当日 day_of：日期、中 chosen：是否、数 amount：分 可无、型 sort：类型 可无、岁 for_year：年
制度 甲制 rules
    依据：A-01
    施行：自 2010年1月1日 起
"""
FOLDS = {
    "some": "有 事（中）", "count": "事（中）的次数", "sum": "事（中）的数合计", "max": "事（中）的数最高", "min": "事（中）的数最低",
    "latest": "事（中）的数最近", "latest_sort": "事（中）的型最近", "kinds": "事（中）的型种数", "kinds_of_numbers": "事（中）的数种数",
    "run": "事（中）的岁连续年数", "last_day": "事（中）的当日最高", "first_day": "事（中）的当日最低",
}  # fmt: skip
AS_OF = 2
TYPES = (1, 2, 4)


@cache
def folds() -> m.Policy:
    text = LIST + "".join(f"定义 定{'甲乙丙丁戊己庚辛壬癸子丑'[i]} fold_{n}\n    依据：A-01\n    是指：{x}\n" for i, (n, x) in enumerate(FOLDS.items()))
    checked = check(Pack("folds", (Source("folds.policy", text),)))
    assert checked.policy is not None, [f.message("zh") for f in checked.findings]
    return checked.policy


def folded(rows: Rows) -> dict[str, Value]:
    """What each fold makes of a list, as it stands on the day of decision."""
    record = as_known(Record("一", lists={"事": rows}), folds().shape, AS_OF, AS_OF)
    court = Evaluation(record, Frame(AS_OF, {}, frozenset(("printed",)), False))
    return {how: court.why(folds().definitions[f"定{'甲乙丙丁戊己庚辛壬癸子丑'[i]}"], ()).value for i, how in enumerate(FOLDS)}


Concrete = tuple[int, Any, Any, int]  # the day, the amount, the sort, the year of a row that counts


def longest(years: Iterable[int]) -> int:
    there = set(years)
    return max((next(n for n in range(1, 99) if y + n not in there) for y in there), default=0)


def outcomes(rows: Sequence[Concrete]) -> dict[str, list[Any]]:
    """What each fold comes to for rows fully known: one thing, or, of rows that tie for the latest, each of theirs."""
    amounts = [r[1] for r in rows if r[1] is not None]
    last = [r for r in rows if r[0] == max(x[0] for x in rows)]
    return {
        "some": [truth(bool(rows))],
        "count": [len(rows)],
        "sum": [sum(amounts)],
        "max": [max(amounts, default=None)],
        "min": [min(amounts, default=None)],
        "latest": [r[1] for r in last] or [None],
        "latest_sort": [r[2] for r in last] or [ABSENT],
        "kinds": [len({r[2] for r in rows} - {ABSENT})],
        "kinds_of_numbers": [len({r[1] for r in rows} - {None})],
        "run": [longest(r[3] for r in rows)],
        "last_day": [max((r[0] for r in rows), default=None)],
        "first_day": [min((r[0] for r in rows), default=None)],
    }


def ways(row: Row) -> list[Concrete | None]:
    """Every way a row may turn out; None where it does not count."""
    chosen = points(row.values["中"])
    found: list[Concrete | None] = [None] if NO in chosen or not row.sure else []
    if YES in chosen:
        days = [d for d in points(row.values["当日"], range(1, 5)) if row.sure or d <= AS_OF]
        found += product(days, points(row.values["数"]), points(row.values["型"]), points(row.values["岁"], range(1, 6)))
    return found


def completions(rows: Rows, extra: Sequence[tuple[Concrete, ...]]) -> Iterator[tuple[Concrete, ...]]:
    for listed in product(*map(ways, rows.known)):
        there = tuple(r for r in listed if r is not None)
        for more in extra if rows.open else ((),):
            yield there + more


def extras(rng: random.Random, until: int | None) -> list[tuple[Concrete, ...]]:
    """None, one or two rows more, of the time not covered."""
    days = [d for d in (-5, 0, 1, 2) if until is None or d > until]
    one = [(d, a, t, y) for d in days for a, t, y in ((None, 1, 2), (0, 2, 3), (-9, ABSENT, 7), (9, 4, 1))]
    return [(), *((x,) for x in rng.sample(one, min(4, len(one)))), *((rng.choice(one), rng.choice(one)) for _ in range(4 if one else 0))]


class Lists:
    """Small lists, each cell anything it may be."""

    def __init__(self, rng: random.Random):
        self.rng = rng

    def row(self, id: str, until: int | None = None) -> Row:
        rng = self.rng
        start = 1 if until is None else until + 1
        low = rng.randint(start, max(start, 3))
        high = rng.choice((low, low, low + 1))
        day = (low, high, False)
        vague = rng.random() < 0.4
        return Row(id, {
            "当日": day, "中": rng.choice((YES, YES, UNKNOWN, NO)), "数": rng.choice(RANGES if vague else [(x, x, False) for x in POINTS]),
            "型": rng.choice(range(1, 16)) if vague else rng.choice((*TYPES, ABSENT)),
            "岁": (lambda y: (y, y + rng.choice((0, 0, 1, 2)) * vague, False))(rng.randint(1, 3)),
        }, sure=high <= AS_OF)  # fmt: skip

    def rows(self, n: int, open: bool) -> Rows:
        until = self.rng.choice((None, None, 1)) if open else None
        made = tuple(r for i in range(n) if (r := self.row(str(i))).values["当日"][0] <= AS_OF)  # type: ignore[index]
        return Rows(made, open, until, "当日")

    def learnt(self, rows: Rows) -> Rows:
        """One thing more known of a list."""
        rng, known, roll = self.rng, list(rows.known), self.rng.random()
        if known and roll < 0.7:
            i = rng.randrange(len(known))
            row = known[i]
            name = rng.choice(list(row.values))
            value = row.values[name]
            x = rng.choice(points(value, range(-3, 9)))
            new = v.NONE if x is None else x if isinstance(value, int) else (x, x, False)
            if name == "当日" and x > AS_OF:
                del known[i]
            else:
                values = {**row.values, name: new}
                known[i] = Row(row.id, values, values["当日"][1] <= AS_OF)  # type: ignore[index]
            return Rows(tuple(known), rows.open, rows.complete_until, "当日")
        if not rows.open:
            return rows
        if roll < 0.9:
            row = self.row(str(len(known)), rows.complete_until)
            if row.values["当日"][0] > AS_OF:  # type: ignore[index]
                return rows
            known.insert(rng.randint(0, len(known)), row)
            return Rows(tuple(known), rng.random() < 0.7, rows.complete_until, "当日")
        return Rows(rows.known, False, None, "当日")


HULLS = ("some", "count", "sum", "max", "min", "last_day", "first_day")


def tried(rows: Rows, rng: random.Random) -> None:
    """Every fold of one list holds what each completion comes to, and where it must, nothing more."""
    values = folded(rows)
    found: dict[str, set[Any]] = {how: set() for how in FOLDS}
    points_only = not rows.open and all(r.sure and all(map(settled, r.values.values())) for r in rows.known)
    for there in completions(rows, extras(rng, rows.complete_until)):
        for how, results in outcomes(there).items():
            found[how].update(results)
    for how, results in found.items():
        assert all(holds(values[how], x) for x in results), (how, values[how], results, rows)
        if not rows.open and how in HULLS:
            made = sum(results) if how == "some" else spanned(results)
            assert values[how] == made, (how, values[how], made, rows)
        if points_only:
            assert settled(values[how]) or len(results) > 1, (how, values[how], results, rows)


@pytest.mark.parametrize("open", [False, True])
def test_a_fold_holds_what_every_completion_of_its_list_comes_to(open: bool) -> None:
    rng = random.Random(3)
    lists = Lists(rng)
    for _ in range(int((1500 if open else 2500) * SCALE)):
        tried(lists.rows(rng.choice((0, 1, 2, 2)), open), rng)


def test_a_fold_of_three_rows_holds_what_every_completion_comes_to() -> None:
    rng = random.Random(4)
    lists = Lists(rng)
    for _ in range(int(200 * SCALE)):
        rows = lists.rows(3, rng.random() < 0.3)
        if sum(len(ways(r)) for r in rows.known) < 60:
            tried(rows, rng)


def test_a_fold_of_two_closed_rows_is_exact_for_every_amount() -> None:
    """All pairs of amounts and states: the hull of the results, no wider."""
    for a, b in combinations(product(RANGES, (YES, UNKNOWN)), 2):
        known = tuple(
            Row(str(i), {"当日": (1 + i, 1 + i, False), "中": state, "数": amount, "型": 1, "岁": (1, 1, False)})
            for i, (amount, state) in enumerate((a, b))
        )
        tried(Rows(known, False, None, "当日"), random.Random(0))


def test_learning_of_a_list_never_widens_a_fold() -> None:
    rng = random.Random(5)
    lists = Lists(rng)
    for _ in range(int(1200 * SCALE)):
        rows = lists.rows(rng.choice((0, 1, 2, 3)), rng.random() < 0.6)
        before = folded(rows)
        for _ in range(5):
            rows = lists.learnt(rows)
            after = folded(rows)
            for how in FOLDS:
                assert within(after[how], before[how]), (how, before[how], after[how], rows)
            before = after


def test_the_order_of_rows_never_changes_a_fold() -> None:
    rng = random.Random(6)
    lists = Lists(rng)
    for _ in range(int(400 * SCALE)):
        rows = lists.rows(3, rng.random() < 0.5)
        again = Rows(tuple(rng.sample(rows.known, len(rows.known))), rows.open, rows.complete_until, "当日")
        assert folded(rows) == folded(again), rows


def test_a_list_nobody_asked_about_is_open() -> None:
    """Never empty: nothing of it is settled, and what it may hold is bounded only by the type."""
    values = folded(Rows(date="当日"))
    assert values["some"] == UNKNOWN and values["count"] == (0, INF, False) and values["sum"] == (-INF, INF, False)
    assert not any(settled(x) for x in values.values())
    empty = folded(Rows((), False, None, "当日"))
    assert empty["some"] == NO and empty["count"] == empty["sum"] == empty["run"] == (0, 0, False) and empty["max"] == NONE
    assert empty["latest_sort"] == ABSENT


def test_a_list_complete_until_the_day_of_decision_or_later_is_complete() -> None:
    """Complete until a day past the one decided on leaves nothing open."""
    for until in (AS_OF, AS_OF + 1, AS_OF + 400):
        values = folded(Rows((), True, until, "当日"))
        assert all(settled(x) for x in values.values()) and values["count"] == (0, 0, False), (until, values)
