"""Questions of meaning 7.21, of periods: where each ends, under each of the five built-in readings."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from packs import REGIME, VOCABULARY, at, both, codes, day, decided, gap, gaps, policy, record, same, turns

from policy_dsl.evaluate import evaluate
from policy_dsl.explanation import Frame
from policy_dsl.language.numerals import read_quantity, write_quantity
from policy_dsl.pack import load
from policy_dsl.report.json import plain
from policy_dsl.stages import stages
from policy_dsl.values import shown_day

CALENDAR = load(Path(__file__).parent.parent / "policies" / "common").calendar
FIRST, END, WEEK, REST, LAST = "期间起算", "月末对应", "周与日", "末日遇休", "期满当日"
# As the Civil Code has them, art. 201 to 203: one alternative of each, and nobody's default.
CODE = {FIRST: "当日不计", END: "落在月末", WEEK: "日历周", REST: "顺延", LAST: "当日在内"}


def lab(text: str) -> Any:
    return policy(REGIME + text, VOCABULARY, CALENDAR)


def ends(start: str, period: str, **readings: str) -> tuple[str, str]:
    """The earliest and the latest day a period may end that begins on a day, under some readings."""
    p = lab(f"定义 到期日 due_day\n    依据：T-02\n    是指：自 入职日 起 {period}\n\n")
    frame = Frame(day("2030-01-01"), readings)
    low, high, _ = evaluate(p.definitions["到期日"], record(p, {"入职日": start}), frame).value  # type: ignore[misc]
    return shown_day(low), shown_day(high)


# Where a period of months or years ends, the first day left out: where the month is too short, on its last day (left)
# or on the first of the next (right).
MONTH_ENDS = """
    2018-01-15  一个月    2018-02-15
    2018-01-28  一个月    2018-02-28
    2018-01-29  一个月    2018-02-28  2018-03-01
    2018-01-30  一个月    2018-02-28  2018-03-01
    2018-01-31  一个月    2018-02-28  2018-03-01
    2016-01-29  一个月    2016-02-29
    2016-01-30  一个月    2016-02-29  2016-03-01
    2016-01-31  一个月    2016-02-29  2016-03-01
    2018-02-28  一个月    2018-03-28
    2016-02-29  一个月    2016-03-29
    2018-03-31  一个月    2018-04-30  2018-05-01
    2018-04-30  一个月    2018-05-30
    2018-07-31  一个月    2018-08-31
    2018-12-31  一个月    2019-01-31
    2018-01-31  二个月    2018-03-31
    2017-11-30  三个月    2018-02-28  2018-03-01
    2015-11-30  三个月    2016-02-29  2016-03-01
    2018-08-31  六个月    2019-02-28  2019-03-01
    2018-12-15  一个月    2019-01-15
    2018-12-31  二个月    2019-02-28  2019-03-01
    2018-10-31  四个月    2019-02-28  2019-03-01
    2018-01-31  十二个月  2019-01-31
    2018-01-31  十三个月  2019-02-28  2019-03-01
    2016-02-29  一年      2017-02-28  2017-03-01
    2016-02-29  四年      2020-02-29
    2017-02-28  一年      2018-02-28
    2018-12-31  一年      2019-12-31
    2016-02-29  十二个月  2017-02-28  2017-03-01
"""


@pytest.mark.parametrize("line", MONTH_ENDS.strip().splitlines())
def test_7_21_month_ends(line: str) -> None:
    start, period, at_end, *over = line.split()
    beyond = over[0] if over else at_end
    assert ends(start, period, **{FIRST: "当日不计", END: "落在月末"}) == (at_end, at_end)
    assert ends(start, period, **{FIRST: "当日不计", END: "落在次月首日"}) == (beyond, beyond)
    assert ends(start, period, **{FIRST: "当日不计"}) == (at_end, beyond), "unchosen, it is the one or the other"
    eve = {x: shown_day(day(x) - 1) for x in (at_end, beyond)}
    assert ends(start, period, **{FIRST: "当日计入", END: "落在月末"}) == (eve[at_end], eve[at_end])
    assert ends(start, period) == (eve[at_end], beyond)


OTHERS = """
    2018-06-04  三十日      2018-07-04  2018-07-03
    2018-06-04  零日        2018-06-04  2018-06-03
    2018-12-31  一日        2019-01-01  2018-12-31
    2016-02-28  一日        2016-02-29  2016-02-28
    2018-06-04  五个工作日  2018-06-11  2018-06-08
    2018-06-09  五个工作日  2018-06-15  2018-06-15
    2018-09-28  五个工作日  2018-10-10  2018-10-09
    2018-02-13  三个工作日  2018-02-23  2018-02-22
"""


@pytest.mark.parametrize("line", OTHERS.strip().splitlines())
def test_7_21_days_and_working_days(line: str) -> None:
    """Where a period of days ends: the first day left out, and counted."""
    start, period, left_out, counted = line.split()
    assert ends(start, period, **{FIRST: "当日不计"}) == (left_out, left_out)
    assert ends(start, period, **{FIRST: "当日计入"}) == (counted, counted)


def test_7_21_a_year_without_a_calendar_is_missing_and_named() -> None:
    text = "规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    当：决定日 晚于 自 发生日 起 五个工作日\n    应当：提醒\n\n"
    p = lab(text)
    days = {"行为": [{"编号": "1", "发生日": "2026-12-29"}], "齐备": ["行为"]}
    d = decided(p, days, on="2027-01-06", what_if=True)
    assert both(d, "提醒", "1") == same("silent", "must")
    assert ("calendar", "放假安排") in gaps(d) and gap(d, "放假安排").answers == ()
    assert both(decided(p, days, on="2027-01-02"), "提醒", "1") == same("silent"), "three days cannot be five"
    assert both(decided(p, days, on="2028-01-01"), "提醒", "1") == same("must"), "nor can a year be less"
    within = decided(p, {"行为": [{"编号": "1", "发生日": "2018-06-04"}], "齐备": ["行为"]}, on="2018-06-12")
    assert both(within, "提醒", "1") == same("must") and not within.gaps
    partly = decided(p, {"行为": [{"编号": "1", "发生日": "2018年6月"}], "齐备": ["行为"]}, on="2018-06-12")
    assert gaps(partly) == {("imprecise", "发生日")}


def test_7_21_a_week_turns_on_its_reading_only_where_it_matters() -> None:
    p = lab("规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    当：决定日 晚于 自 发生日 起 一周\n    应当：提醒\n\n")
    on = lambda start, when: at(decided(p, {"行为": [{"编号": "1", "发生日": start}], "齐备": ["行为"]}, on=when), "提醒", "1")
    assert turns(on("2018-06-04", "2018-06-12")) == {}
    assert turns(on("2018-09-28", "2018-10-09")) == {((WEEK, "日历周"),): same("must"), ((WEEK, "工作周"),): same("silent")}


@pytest.mark.parametrize("amount", ["十日", "一周", "五个工作日", "一个月"])
def test_7_21_weeks_beside_days_are_seven_each_and_working_days_are_not_days(amount: str) -> None:
    text = REGIME + "参数 宽限 grace\n    依据：T-02\n    取值：八日\n\n规定 甲 rule_a\n    依据：T-02\n    当：宽限 超过 %s\n    应当：提醒\n\n"
    fits = amount in ("十日", "一周")
    assert ("P203" in codes(text % amount)) != fits
    if fits:
        assert both(decided(text % amount), "提醒") == same("must" if amount == "一周" else "silent")


def test_7_21_a_parameter_in_weeks_is_counted_as_weeks() -> None:
    p = lab("参数 宽限 grace\n    依据：T-02\n    取值：一周\n\n定义 到期日 due_day\n    依据：T-02\n    是指：自 入职日 起 宽限\n\n")
    frame = Frame(day("2030-01-01"), {FIRST: "当日不计"})
    low, high, _ = evaluate(p.definitions["到期日"], record(p, {"入职日": "2018-09-28"}), frame).value  # type: ignore[misc]
    assert (shown_day(low), shown_day(high)) == ("2018-10-05", "2018-10-10")


# Last days.

DUTY = "规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    应当：提醒\n    由：县委\n    期限：%s\n    完成：次日\n\n"


def told(text: str, row: dict[str, str], on: str, readings: dict[str, str]) -> dict[str, Any]:
    d = decided(lab(text), {"行为": [{"编号": "1", **row}], "齐备": ["行为"]}, on=on, readings=readings)
    effect = next(e for e in plain(d)["effects"] if e["name"] == "提醒" and e["element"])
    found: dict[str, Any] = effect["periods"][0]
    return found


# A talk owed within so long; the last day; on which day it is late, by 期满当日: the last day in, and out.
# Under 末日遇休 as the first two columns say. 2018-06-16 was a Saturday, 18 June the Dragon Boat Festival.
LATE = """
    2018-06-04  十日      不顺延  2018-06-14  2018-06-15  2018-06-14
    2018-06-04  十日      顺延    2018-06-14  2018-06-15  2018-06-14
    2018-06-06  十日      不顺延  2018-06-16  2018-06-17  2018-06-16
    2018-06-06  十日      顺延    2018-06-19  2018-06-20  2018-06-19
    2018-09-01  一个月    顺延    2018-10-08  2018-10-09  2018-10-08
    2018-09-01  一个月    不顺延  2018-10-01  2018-10-02  2018-10-01
    2018-04-21  七日      顺延    2018-04-28  2018-04-29  2018-04-28
    2018-04-21  一周      顺延    2018-04-28  2018-04-29  2018-04-28
"""


@pytest.mark.parametrize("line", LATE.strip().splitlines())
def test_7_21_when_a_duty_is_late(line: str) -> None:
    start, period, rest, last, late_in, late_out = line.split()
    text = DUTY % f"自 发生日 起 {period}"
    for alternative, first_late in (("当日在内", late_in), ("当日在外", late_out)):
        readings = {**CODE, REST: rest, LAST: alternative}
        for on, late in ((shown_day(day(first_late) - 1), "no"), (first_late, "yes")):
            shown = told(text, {"发生日": start, "次日": "无"}, on, readings)
            assert (shown["last_day"]["text"], shown["late"]) == (last, late), (on, alternative)
            done = told(text, {"发生日": start, "次日": on}, "2019-06-01", readings)
            assert done["late"] == late, ("done on that day", on, alternative)


@pytest.mark.parametrize(
    ("on", "unknown"), [("2018-06-15", set()), ("2018-06-16", {REST, LAST}), ("2018-06-18", {REST}), ("2018-06-19", {REST, LAST}), ("2018-06-20", set())]
)  # fmt: skip
def test_7_21_lateness_turns_on_the_readings_only_about_the_last_day(on: str, unknown: set[str]) -> None:
    text = DUTY % "自 发生日 起 十日"
    row = {"发生日": "2018-06-06", "次日": "无"}
    found = {
        (a, b): told(text, row, on, {FIRST: "当日不计", REST: a, LAST: b})["late"]
        for a, b in product(("不顺延", "顺延"), ("当日在内", "当日在外"))
    }
    assert (len(set(found.values())) == 2) == bool(unknown)
    assert told(text, row, on, {FIRST: "当日不计"})["late"] == ("unknown" if unknown else next(iter(found.values())))


@pytest.mark.parametrize(("written", "last"), [("不晚于 2018年6月16日", "2018-06-16"), ("早于 2018年6月17日", "2018-06-16")])
def test_7_21_a_last_day_that_is_written_out_stands(written: str, last: str) -> None:
    for rest, within in product(("不顺延", "顺延"), ("当日在内", "当日在外")):
        for on, late in ((last, "no"), ("2018-06-17", "yes")):
            shown = told(DUTY % written, {"发生日": "2018-06-01", "次日": "无"}, on, {REST: rest, LAST: within})
            assert (shown["last_day"]["text"], shown["late"]) == (last, late)


@pytest.mark.parametrize("form", ["期间：自 发生日 起 十日", "期间：自 发生日 起 至 自 发生日 起 十日"])
@pytest.mark.parametrize(
    ("rest", "within", "until", "runs_to"),
    [
        ("不顺延", "当日在内", "2018-06-16", "2018-06-16"), ("不顺延", "当日在外", "2018-06-16", "2018-06-15"),
        ("顺延", "当日在内", "2018-06-19", "2018-06-19"), ("顺延", "当日在外", "2018-06-19", "2018-06-18"),
    ],
)  # fmt: skip
def test_7_21_until_when_a_period_runs(form: str, rest: str, within: str, until: str, runs_to: str) -> None:
    text = f"规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    应当：提醒\n    {form}\n\n"
    for on, running in ((runs_to, "yes"), (shown_day(day(runs_to) + 1), "no")):
        shown = told(text, {"发生日": "2018-06-06"}, on, {**CODE, REST: rest, LAST: within})
        assert (shown["until"]["text"], shown["running"]) == (until, running)


def test_7_21_a_window_that_looks_back_is_not_moved() -> None:
    p = lab("规定 甲 rule_a\n    依据：T-02\n    当：有 行为（发生日 在近 十日 内）\n    应当：提醒\n\n")
    for start, expected in (("2018-06-09", "must"), ("2018-06-08", "silent")):
        d = decided(p, {"行为": [{"编号": "1", "发生日": start}], "齐备": ["行为"]}, on="2018-06-19", readings={FIRST: "当日不计"})
        assert both(d, "提醒") == same(expected)
        assert not at(d, "提醒").turns and not gaps(d)


def test_7_21_a_window_of_working_days() -> None:
    """Three working days back from Tuesday 19 June: 15, 14 and 13 June."""
    p = lab("规定 甲 rule_a\n    依据：T-02\n    当：有 行为（发生日 在近 三个工作日 内）\n    应当：提醒\n\n")
    for start, expected in (("2018-06-13", "must"), ("2018-06-12", "silent")):
        d = decided(p, {"行为": [{"编号": "1", "发生日": start}], "齐备": ["行为"]}, on="2018-06-19", readings={FIRST: "当日不计"})
        assert both(d, "提醒") == same(expected)


STAGED = """程序 召回程序 recall_steps
    对：每一 召回
    依据：T-02
    记于：环节
    环节 集训 camp
        由：县委
        为期：一周
        完成：结束日
        应当：学习

"""


@pytest.mark.parametrize(
    ("on", "readings", "state"),
    [
        ("2018-10-04", {}, "running"), ("2018-10-05", {}, "open"), ("2018-10-12", {}, "overdue"), ("2018-10-09", {}, "open"),
        ("2018-10-09", {WEEK: "工作周", FIRST: "当日不计", REST: "顺延", LAST: "当日在内"}, "running"),
        ("2018-10-09", {WEEK: "日历周", FIRST: "当日不计", REST: "不顺延", LAST: "当日在内"}, "overdue"),
        ("2018-10-09", {WEEK: "日历周", FIRST: "当日不计", REST: "顺延", LAST: "当日在内"}, "overdue"),
        ("2018-10-08", {WEEK: "日历周", FIRST: "当日不计", REST: "顺延", LAST: "当日在内"}, "running"),
    ],
)  # fmt: skip
def test_7_21_a_stage_of_a_week_over_national_day(on: str, readings: dict[str, str], state: str) -> None:
    row = {"编号": "1", "所属召回": "1", "名称": "集训", "开始日": "2018-09-29", "结束日": "无"}
    raw = {"召回": [{"编号": "1", "召回日": "2018-09-20"}], "环节": [row], "齐备": ["召回", "环节"]}
    (camp,) = [x for x in stages(decided(lab(STAGED), raw, on=on, readings=readings)) if x.rule.name == "集训"]
    assert camp.state == state


@pytest.mark.parametrize(
    ("zh", "en"), [("五个工作日", "5 working days"), ("一个工作日", "1 working day"), ("二周", "2 weeks"), ("十个工作日", "10 working days")]
)
def test_7_21_working_days_in_both_languages(zh: str, en: str) -> None:
    found = read_quantity(zh, 0, "zh")
    assert found is not None and found == (len(zh), read_quantity(en, 0, "en")[1])  # type: ignore[index]
    assert write_quantity(*found[1], "zh") == zh and write_quantity(*found[1], "en") == en


def test_7_21_a_fact_in_working_days() -> None:
    words = VOCABULARY.replace("    事实 得分", "    事实 缺勤 absent：工作日\n    事实 得分")
    text = REGIME + "规定 甲 rule_a\n    依据：T-02\n    当：缺勤 超过 十五个工作日\n    应当：提醒\n\n"
    p = policy(text, words)
    for said, expected in (("15个工作日", "silent"), ("16 working days", "must"), ("十六个工作日", "must"), (16, "must")):
        assert both(decided(p, {"缺勤": said}), "提醒") == same(expected)
