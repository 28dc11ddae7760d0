"""Rungs of one ladder in different provisions, and periods over before they begin: both sides of every bound."""

from __future__ import annotations

import pytest
from test_analyze import analysed

RUNG_CODES = ("A115", "A134", "A106")


def told(text: str) -> list[tuple[str, str]]:
    """The code and the English sentence of what is found of rungs, each borne out by its record."""
    one = analysed(text)
    found = [f for f in one.findings if f.diagnostic.code in RUNG_CODES]
    for f in found:
        assert f.witness is not None and f.witness.shows(one.survey.policy, f.claims)
    return [(f.diagnostic.code, f.diagnostic.message("en")) for f in found]


def codes(text: str) -> list[str]:
    return [code for code, _ in told(text)]


def ladder(high: str, low: str, *more: str, of: str = "    对：每一 行为\n", does: tuple[str, str] = ("记过", "警告")) -> str:
    return "\n".join(
        (
            f"规定 高档 high_rung\n    依据：A-03\n{of}    当：{high}\n    应当：{does[0]}\n",
            f"规定 低档 low_rung\n    依据：A-04\n{of}    当：{low}\n    应当：{does[1]}\n",
            *more,
        )
    )


@pytest.mark.parametrize(
    ("high", "low", "found"),
    [
        ("天数 三日以上", "天数 不足 三日", []), ("天数 超过 三日", "天数 三日以下", []),
        ("天数 三日以上", "天数 三日以下", ["A115"]), ("天数 超过 三日", "天数 不足 三日", ["A134"]),
        # One number too high, or too low.
        ("天数 四日以上", "天数 不足 三日", ["A134"]), ("天数 四日以上", "天数 三日以下", []),
        ("天数 二日以上", "天数 不足 三日", ["A115"]), ("天数 二日以上", "天数 三日以下", []),
        # Several numbers left out, or in both, may be meant.
        ("天数 五日以上", "天数 不足 三日", []), ("天数 一日以上", "天数 三日以下", []),
        # With what else they ask.
        ("天数 三日以上 且 属实", "天数 三日以下 且 类型 为 迟到", ["A115"]),
        ("天数 三日以上 且 类型 为 早退", "天数 三日以下 且 类型 为 迟到", []),
        ("天数 超过 三日 且 类型 为 早退", "天数 不足 三日 且 类型 为 迟到", []),
        ("天数 超过 三日 且 属实", "天数 不足 三日 且 类型 为 迟到", ["A134"]),
        # Another quantity, and one inside a list.
        ("决定日的职级 副科以上", "天数 三日以下", []), ("有 行为（天数 三日以上）", "有 行为（天数 三日以下）", []),
    ],
)  # fmt: skip
def test_numbers(high: str, low: str, found: list[str]) -> None:
    assert codes(ladder(high, low)) == found


@pytest.mark.parametrize(
    ("high", "low", "found"),
    [
        ("职级 副科以上", "职级 科员以下", []), ("职级 正科以上", "职级 科员以下", [("A134", "deputy_section")]),
        ("职级 副科以上", "职级 副科以下", [("A115", "deputy_section")]), ("职级 属于 {副科、正科}", "职级 科员以下", []),
        ("职级 正科以上", "职级 为 科员", [("A134", "deputy_section")]),
        ("行为的次数 三次以上", "行为的次数 不足 三次", []), ("行为的次数 三次以上", "行为的次数 三次以下", [("A115", "3 times")]),
        ("决定日 晚于 2018年5月1日", "决定日 早于 2018年5月1日", [("A134", "2018-05-01")]),
        ("决定日 不早于 2018年5月1日", "决定日 不晚于 2018年5月1日", [("A115", "2018-05-01")]),
        ("决定日 不早于 2018年5月1日", "决定日 早于 2018年5月1日", []),
    ],
)  # fmt: skip
def test_ranks_counts_and_days(high: str, low: str, found: list[tuple[str, str]]) -> None:
    said = told(ladder(high, low, of=""))
    assert [code for code, _ in said] == [code for code, _ in found]
    assert all(f"at “{value}” exactly" in message for (_, message), (_, value) in zip(said, found, strict=True))


def test_through_a_definition() -> None:
    text = "定义 久旷 long_absence\n    对：每一 行为\n    依据：A-05\n    是指：天数 超过 三日\n"
    assert codes(text + ladder("久旷", "天数 不足 三日")) == ["A134"]
    assert codes(text + ladder("久旷", "天数 三日以下")) == []


def test_a_hole_that_something_else_fills_is_none() -> None:
    filled = "规定 中档 middle_rung\n    依据：A-05\n    对：每一 行为\n    当：天数 为 三日\n    应当：记过\n"
    assert codes(ladder("天数 超过 三日", "天数 不足 三日", filled)) == []
    other = filled.replace("应当：记过", "应当：召回")
    assert codes(ladder("天数 超过 三日", "天数 不足 三日", other)) == ["A134"]


def test_of_effects_of_one_group_alone() -> None:
    assert codes(ladder("天数 三日以上", "天数 三日以下", does=("记过", "召回"))) == []
    assert codes(ladder("天数 三日以上", "天数 三日以下", does=("召回", "免职"))) == ["A115"]
    assert codes(ladder("天数 三日以上", "天数 三日以下").replace("应当：警告", "不得：警告")) == []


def test_what_an_exception_keeps_apart_does_not_overlap() -> None:
    exception = "除外 正三日 just_three\n    依据：A-05\n    对：每一 行为\n    当：天数 为 三日\n    不适用：低档\n"
    assert codes(ladder("天数 三日以上", "天数 三日以下", exception)) == []


def period(until: str, since: str = "2017年1月1日") -> str:
    return (
        "规定 不提 no_promotion\n    依据：A-03\n    对：每一 处理\n"
        f"    当：生效日 不早于 {since}\n    不得：提拔\n    期间：自 生效日 起 至 {until}\n"
    )


@pytest.mark.parametrize(
    ("until", "found"),
    [
        ("2016年12月31日", ["A106"]), ("2017年1月1日", []), ("2017年1月2日", []),
        # Of some records the end lies before the beginning, and not of all.
        ("告知日", []), ("自 生效日 起 六个月", []),
    ],
)  # fmt: skip
def test_a_period_over_before_it_begins(until: str, found: list[str]) -> None:
    assert codes(period(until)) == found
