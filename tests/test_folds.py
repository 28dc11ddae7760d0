"""What a partly known list comes to, held to every list it may turn out to be, counted here one by one."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations_with_replacement, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from packs import REGIME, policy, record

from policy_dsl import model as m
from policy_dsl.evaluate import evaluate
from policy_dsl.explanation import Frame
from policy_dsl.knowledge import as_known
from policy_dsl.values import within

# (day, kind or None for not known, year, money)
Row = tuple[int, str, int, int]
START = datetime.date(2017, 12, 28).toordinal()
SPAN, AS_OF = 9, START + 6
FRAME = {"期间起算": "当日不计", "月末对应": "落在月末"}

ASKED = {
    "长窗": "任意三日内 行为（类型 为 迟到）的次数",
    "短窗": "任意一日内 行为（类型 为 迟到）的次数",
    "年内": "同一自然年内 行为（类型 为 迟到）的次数",
    "几次": "行为（类型 为 迟到）的次数",
    "总额": "行为（类型 为 迟到）的金额合计",
    "顶额": "行为（类型 为 迟到）的金额最高",
    "底额": "行为（类型 为 迟到）的金额最低",
    "末日": "行为（类型 为 迟到）的发生日最近",
    "几样": "行为（类型 为 迟到）的金额种数",
    "连年": "行为（类型 为 迟到）的连续年数",
}


@cache
def lab() -> m.Policy:
    """A policy of one definition for each thing that is asked of a list."""
    words = """词汇 行数词汇 fold_words
    类 类型 kind：迟到 late、早退 early
    清单 行为 conduct（发生日）：发生日 happened_on：日期、类型 kind：类型、年度 for_year：年、金额 money：元
    效果 事务 affairs 中性：提醒 reminder
    机关 县委 committee
"""
    parts = [f"定义 {n} asked_{i}\n    依据：T-02\n    是指：{e}\n" for i, (n, e) in enumerate(ASKED.items())]
    rule = "规定 甲 rule_a\n    依据：T-02\n    当：几次 一次以上\n    应当：提醒\n"
    return policy(REGIME + "\n".join([*parts, rule]), words)


def within_days(rows: list[Row], days: int) -> int:
    return max((sum(a[0] <= b[0] <= a[0] + days for b in rows) for a in rows), default=0)


def longest(years: set[int]) -> int:
    return max((next(n for n in range(1, 99) if y + n not in years) for y in years), default=0)


def year(row: Row) -> int:
    return datetime.date.fromordinal(row[0]).year


# What each comes to when everything is known, by the words of the reference.
COUNTED: dict[str, Callable[[list[Row]], int | None]] = {
    "长窗": lambda rows: within_days(rows, 3),
    "短窗": lambda rows: within_days(rows, 1),
    "年内": lambda rows: max((sum(year(b) == year(a) for b in rows) for a in rows), default=0),
    "几次": len,
    "总额": lambda rows: sum(100 * r[3] for r in rows),
    "顶额": lambda rows: max((100 * r[3] for r in rows), default=None),
    "底额": lambda rows: min((100 * r[3] for r in rows), default=None),
    "末日": lambda rows: max((r[0] for r in rows), default=None),
    "几样": lambda rows: len({r[3] for r in rows}),
    "连年": lambda rows: longest({r[2] for r in rows}),
}

Partly = tuple[tuple[int, int], tuple[str, ...], tuple[int, int], tuple[int, int]]


def a_range(low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(low, high), st.integers(0, 2)).map(lambda x: (x[0], min(high, x[0] + x[1])))


# Besides its day, one column of a row is partly known; all of them in all rows would be too many to count.
a_row = st.tuples(
    a_range(START, START + SPAN),
    st.sampled_from([("迟到",), ("迟到",), ("早退",), ("迟到", "早退")]),
    st.one_of(
        st.tuples(st.integers(2016, 2019).map(lambda y: (y, y)), a_range(0, 3)),
        st.tuples(a_range(2016, 2019), st.integers(0, 3).map(lambda w: (w, w))),
    ),
).map(lambda r: (r[0], r[1], *r[2]))


def told(rows: list[Partly], until: int | None) -> dict[str, Any]:
    """The record of a partly known list."""
    shown = [
        {
            "编号": str(i),
            "发生日": {"不早于": datetime.date.fromordinal(d[0]), "不晚于": datetime.date.fromordinal(d[1])},
            "类型": list(kinds),
            "年度": {"至少": y[0], "至多": y[1]},
            "金额": {"至少": w[0], "至多": w[1]},
        }
        for i, (d, kinds, y, w) in enumerate(rows)
    ]
    return {"行为": shown, "齐备": {"行为": True if until is None else datetime.date.fromordinal(until)}}


def ways(row: Partly) -> list[Row]:
    """Every row that it may turn out to be."""
    days, kinds, years, money = row
    spans = (range(x[0], x[1] + 1) for x in (days, years, money))
    a, b, c = spans
    return [(d, k, y, w) for d, k, y, w in product(a, kinds, b, c)]


def completions(rows: list[Partly], until: int | None) -> Iterator[list[Row]]:
    """Every list it may turn out to be, with up to two rows more where it is not complete."""
    more = [(d, "迟到", 2018, 2) for d in range(max(START, (until or AS_OF) + 1), AS_OF + 1)]
    extra = [x for n in range(3 if until is not None else 1) for x in combinations_with_replacement(more, n)]
    for chosen in product(*(ways(r) for r in rows)):
        in_ = [r for r in chosen if r[1] == "迟到" and r[0] <= AS_OF]
        for x in extra:
            yield [*in_, *x]


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    st.lists(a_row, max_size=3),
    st.sampled_from([None, None, START - 1, START + 2, AS_OF]),
)
def test_every_list_it_may_turn_out_to_be_lies_within_what_is_said(rows: list[Partly], until: int | None) -> None:
    p = lab()
    frame = Frame(AS_OF, FRAME)
    known = as_known(record(p, told(rows, until)), p.shape, AS_OF, AS_OF)
    said = {name: evaluate(p.definitions[name], known, frame).value for name in ASKED}
    reached: dict[str, set[int | None]] = {name: set() for name in ASKED}
    for full in completions(rows, until):
        for name, count in COUNTED.items():
            reached[name].add(count(full))
    for name, values in reached.items():
        for x in values:
            one = p.definitions[name].type.none if x is None else (x, x, False)
            assert within(one, said[name]), (name, ASKED[name], rows, until, said[name], x)
    if until is None and all(len(ways(r)) == 1 for r in rows):
        for name, (x,) in reached.items():
            assert said[name] == (p.definitions[name].type.none if x is None else (x, x, False)), (name, rows, x)
