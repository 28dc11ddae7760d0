"""Questions 7.17–7.24: what counts when, which text reaches which day, days that are only partly known."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from packs import REGIME, at, both, codes, decided, gap, gaps, lines, policy, refused, same, turns, unexplained

from policy_dsl.report.json import plain
from policy_dsl.report.opinion import opinion

COUNT = (
    REGIME
    + """参数 次数线 limit
    依据：T-06
    取值：三次

规定 甲 rule_a
    依据：T-02
    当：行为（类型 为 迟到%s）的次数 不少于 次数线
    应当：召回

"""
)
THREE = {
    "行为": [
        {"编号": str(i), "发生日": d, "类型": "迟到"}
        for i, d in enumerate(("2016-05-20", "2016-05-25", "2016-06-10"), 1)
    ],
    "齐备": ["行为"],
}


def test_7_17_nothing_is_filtered_implicitly_and_a_lint_asks() -> None:
    assert both(decided(COUNT % "", THREE), "召回") == same("must")
    assert "P400" in codes(COUNT % "")


def test_7_17_said_expressly_only_conduct_since_the_start_counts() -> None:
    assert both(decided(COUNT % "，发生日 不早于 施行日", THREE), "召回") == same("silent")
    assert "P400" not in codes(COUNT % "，发生日 不早于 施行日")
    first = [{"编号": str(i), "发生日": "2016-06-01", "类型": "迟到"} for i in range(3)]
    assert both(decided(COUNT % "，发生日 不早于 施行日", {"行为": first, "齐备": ["行为"]}), "召回") == same("must")


def each(modality: str, start: str = "自 2016年6月1日 起", back: str = "不溯及", more: str = "") -> str:
    head = f"制度 试验办法 lab_rules\n    依据：T-01\n    机关：县委\n    施行：{start}\n" + (
        f"    溯及：{back}\n" if back else ""
    )
    return f"{head}\n规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    {modality}\n{more}\n规定 乙 rule_b\n    依据：T-03\n    应当：学习\n\n"


def on_day(day: str) -> dict[str, object]:
    return {"行为": [{"编号": "1", "发生日": day}], "齐备": ["行为"]}


def test_7_18_the_day_of_the_row_or_of_the_decision_or_the_moment_named() -> None:
    text = each("应当：召回")
    assert both(decided(text, on_day("2016-05-31")), "召回", "1") == same("silent")
    assert both(decided(text, on_day("2016-06-01")), "召回", "1") == same("must")
    for day, status in (("2016-05-31", "silent"), ("2016-06-01", "must")):
        assert both(decided(text, {"齐备": ["行为"]}, on=day), "学习") == same(status)
    moved = each("应当：召回", more="    时点：次日\n")
    row = {"编号": "1", "发生日": "2016-05-31"}
    assert both(decided(moved, {"行为": [{**row, "次日": "2016-06-01"}]}), "召回", "1") == same("must")
    assert both(decided(moved, {"行为": [{**row, "次日": "2016-05-31"}]}), "召回", "1") == same("silent")
    assert both(decided(moved, {"行为": [row]}), "召回", "1") == same("silent", "must")


def test_7_18_an_unclear_text_makes_the_day_a_reading() -> None:
    text = (
        REGIME
        + """解读 何日 which_day
    依据：T-09
    问：以哪一天为准
        （一）按发生 by_happening：发生日；
        （二）按次日 by_next_day：次日；

定义 事由日 ground_day
    对：每一 行为
    依据：T-09
    是指：
        （一）何日 取 按发生：发生日；
        （二）何日 取 按次日：次日；

规定 甲 rule_a
    对：每一 行为
    依据：T-02
    当：事由日 不早于 施行日
    应当：登记

"""
    )
    row = {"编号": "1", "发生日": "2016-05-31", "次日": "2016-06-01"}
    c = at(decided(text, {"行为": [row], "齐备": ["行为"]}), "登记", "1")
    assert turns(c) == {(("何日", "按发生"),): same("silent"), (("何日", "按次日"),): same("must")}
    c = at(decided(text, {"行为": [{**row, "发生日": "2016-06-01"}], "齐备": ["行为"]}), "登记", "1")
    assert lines(c) == same("must") and c.turns == ()


BURDEN, BENEFIT, NEUTRAL = "应当：召回", "应当：表彰", "应当：提醒"
EFFECT = {BURDEN: "召回", BENEFIT: "表彰", NEUTRAL: "提醒", "不得：提拔": "提拔", "不得：免职": "免职"}
STATUS = {m: "must_not" if m.startswith("不得") else "must" for m in EFFECT}


@pytest.mark.parametrize(
    ("back", "modality", "reaches"),
    [
        ("不溯及", BURDEN, False), ("不溯及", BENEFIT, False), ("不溯及", NEUTRAL, True),
        ("及于既往", BURDEN, True), ("及于既往", BENEFIT, True), ("及于既往", NEUTRAL, True),
        ("从旧兼从轻", BURDEN, False), ("从旧兼从轻", BENEFIT, True), ("从旧兼从轻", NEUTRAL, True),
        ("未载明", NEUTRAL, True), ("", NEUTRAL, True),
        # Forbidding a benefit burdens; forbidding a burden benefits.
        ("从旧兼从轻", "不得：提拔", False), ("从旧兼从轻", "不得：免职", True),
    ],
)  # fmt: skip
def test_7_19_whether_an_earlier_matter_is_reached(back: str, modality: str, reaches: bool) -> None:
    for day in ("2016-05-31", "2016年5月"):
        d = decided(each(modality, back=back), on_day(day))
        assert both(d, EFFECT[modality], "1") == same(STATUS[modality] if reaches else "silent")
        assert at(d, EFFECT[modality], "1").turns == ()
    assert both(decided(each(modality, back=back), on_day("2016-06-01")), EFFECT[modality], "1") == same(
        STATUS[modality]
    )


@pytest.mark.parametrize("back", ["未载明", ""])
@pytest.mark.parametrize("modality", [BURDEN, BENEFIT, "不得：提拔"])
def test_7_19_a_silent_text_is_shown_both_ways(back: str, modality: str) -> None:
    effect, status = EFFECT[modality], STATUS[modality]
    d = decided(each(modality, back=back), on_day("2016-05-31"))
    c = at(d, effect, "1")
    assert lines(c) == same("silent", status) and ("reading", "施行前事项") in gaps(d)
    assert turns(c) == {(("施行前事项", "不及于"),): same("silent"), (("施行前事项", "及于"),): same(status)}
    assert at(decided(each(modality, back=back), on_day("2016-06-01")), effect, "1").turns == ()
    chosen = decided(each(modality, back=back), on_day("2016-05-31"), readings={"施行前事项": "及于"})
    assert both(chosen, effect, "1") == same(status) and not chosen.gaps


def test_7_19_a_day_on_both_sides_of_the_start_is_missing_itself() -> None:
    d = decided(each(BURDEN), on_day("2016年"))
    assert both(d, "召回", "1") == same("silent", "must") and ("imprecise", "发生日") in gaps(d)
    d = decided(each(BURDEN, back="及于既往"), on_day("2016年"))
    assert both(d, "召回", "1") == same("must")


@pytest.mark.parametrize("back", ["从旧兼从轻", "不溯及"])
def test_7_19_a_text_that_has_ended_still_governs_what_arose_under_it(back: str) -> None:
    """从旧: the law of the day of the conduct. Its end later must not settle that nothing follows."""
    text = each(BURDEN, start="自 2016年6月1日 起 至 2017年5月31日", back=back)
    for decided_on in ("2017-05-31", "2017-06-01", "2018-01-01"):
        d = decided(text, on_day("2016-09-01"), on=decided_on)
        assert "must" in both(d, "召回", "1")[1], decided_on
    assert both(decided(text, on_day("2017-06-01"), on="2018-01-01"), "召回", "1") == same("silent")


@pytest.mark.parametrize(
    ("start", "before", "unknown", "after"),
    [
        ("自 2016年6月1日 起", "2016-05-31", None, "2016-06-01"),
        ("自 2016年6月 起", "2016-05-31", "2016-06-01", "2016-06-30"),
        ("自 2016年6月 起", "2016-05-31", "2016-06-29", "2016-06-30"),
        ("不晚于 2016年6月", None, "2016-06-29", "2016-06-30"),
        ("不早于 2016年6月1日", "2016-05-31", "2016-06-01", None),
        ("晚于 2016年6月1日", "2016-06-01", "2016-06-02", None),
        ("早于 2016年6月1日", None, "2016-05-30", "2016-05-31"),
        ("未载明", None, "2020-01-01", None),
    ],
)
def test_7_19_the_first_day_in_force_and_the_day_before(
    start: str, before: str | None, unknown: str | None, after: str | None
) -> None:
    for day, expected in ((before, {"silent"}), (unknown, {"silent", "must"}), (after, {"must"})):
        if day is not None:
            d = decided(each(BURDEN, start=start), {"齐备": ["行为"]}, on=day)
            assert both(d, "学习") == (expected, expected), (start, day)
            assert gaps(d) == ({("unprinted", "试验办法的施行日")} if day == unknown else set())


def test_7_19_the_last_day_in_force_counts() -> None:
    text = each(BURDEN, start="自 2016年6月1日 起 至 2017年5月31日")
    assert both(decided(text, {"齐备": ["行为"]}, on="2017-05-31"), "学习") == same("must")
    assert both(decided(text, {"齐备": ["行为"]}, on="2017-06-01"), "学习") == same("silent")


LATER = (
    each("应当：表彰", back="从旧兼从轻")
    + """制度 后来办法 later_rules
    依据：T-09
    上位：试验办法
    施行：自 2018年1月1日 起
    溯及：不溯及

除外 丙 rule_c
    对：每一 行为
    依据：T-03
%s    不适用：甲

"""
)


@pytest.mark.parametrize("also", ["", "    应当：登记\n", "    应当：免职\n"])
def test_7_19_an_exception_that_takes_a_benefit_away_burdens(also: str) -> None:
    """It reaches back as its text says, whatever else the same provision orders."""
    assert both(decided(LATER % also, on_day("2017-12-31")), "表彰", "1") == same("must")
    assert both(decided(LATER % also, on_day("2018-01-01")), "表彰", "1") == same("silent")


PERIOD = (
    REGIME
    + """规定 甲 rule_a
    对：每一 行为
    依据：T-02
    当：决定日 不早于 自 发生日 起 一个月
    应当：提醒

"""
)
FIRST, END = "期间起算", "月末对应"


def test_7_21_a_partial_day_is_an_interval_never_equal() -> None:
    text = REGIME + "规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    当：发生日 为 次日\n    应当：提醒\n\n"
    row = {"编号": "1", "发生日": "2018年5月"}
    for other, expected in (
        ("2018年5月", same("silent", "must")),
        ("2018-05-10", same("silent", "must")),
        ("2018-06-01", same("silent")),
    ):
        assert both(decided(text, {"行为": [{**row, "次日": other}], "齐备": ["行为"]}), "提醒", "1") == expected
    d = decided(text, {"行为": [{**row, "次日": "2018年5月"}], "齐备": ["行为"]})
    assert gaps(d) == {("imprecise", "发生日"), ("imprecise", "次日")}


@pytest.mark.parametrize(
    ("day", "before", "since"),
    [
        ("2018-04-30", {"must"}, {"silent"}), ("2018-05-01", {"silent", "must"}, {"silent", "must"}),
        ("2018-05-30", {"silent", "must"}, {"silent", "must"}), ("2018-05-31", {"silent"}, {"must"}), ("2018年4月", {"must"}, {"silent"}),
    ],
)  # fmt: skip
def test_7_21_a_month_in_the_text_is_a_day_not_printed(day: str, before: set[str], since: set[str]) -> None:
    text = REGIME + "规定 甲 rule_a\n    依据：T-02\n    当：入职日 早于 2018年5月\n    应当：提醒\n\n"
    text += "规定 乙 rule_b\n    依据：T-03\n    当：入职日 不早于 2018年5月\n    应当：登记\n\n"
    d = decided(text, {"入职日": day})
    assert both(d, "提醒") == (before, before) and both(d, "登记") == (since, since)
    assert gaps(d) == ({("unprinted", "2018年5月")} if len(before) == 2 else set())


@pytest.mark.parametrize(
    ("day", "on", "expected"),
    [
        ("2018-01-15", "2018-02-13", {}), ("2018-01-15", "2018-02-15", {}),
        ("2018-01-15", "2018-02-14", {((FIRST, "当日不计"),): "silent", ((FIRST, "当日计入"),): "must"}),
        ("2018-01-31", "2018-02-26", {}), ("2018-01-31", "2018-03-01", {}),
    ],
)  # fmt: skip
def test_7_21_periods_are_readings_reported_only_where_the_outcome_turns(
    day: str, on: str, expected: dict[tuple[tuple[str, str], ...], str]
) -> None:
    c = at(decided(PERIOD, on_day(day), on=on), "提醒", "1")
    assert turns(c) == {k: same(v) for k, v in expected.items()}
    assert (len(lines(c)[1]) == 2) == bool(expected)


def test_7_21_month_end_and_first_day_together() -> None:
    c = at(decided(PERIOD, on_day("2018-01-31"), on="2018-02-28"), "提醒", "1")
    assert {k: v[1] for k, v in turns(c).items()} == {
        ((END, "落在月末"), (FIRST, "当日不计")): {"must"},
        ((END, "落在月末"), (FIRST, "当日计入")): {"must"},
        ((END, "落在次月首日"), (FIRST, "当日不计")): {"silent"},
        ((END, "落在次月首日"), (FIRST, "当日计入")): {"must"},
    }


def test_7_22_whether_it_arises_and_whether_it_still_runs_are_two_questions() -> None:
    text = (
        REGIME
        + "后果 甲 rule_a\n    对：每一 召回\n    依据：T-02\n    应当：调离\n    由：县委\n    期间：自 召回日 起 至 未载明\n\n"
    )
    raw = {"召回": [{"编号": "1", "召回日": "2018-01-01"}], "齐备": ["召回"]}
    d = decided(text, raw)
    assert both(d, "调离", "1") == same("must") and at(d, "调离", "1").settled
    period = next(e for e in plain(d)["effects"] if e["name"] == "调离" and e["element"])["periods"][0]
    assert period["running"] == "unknown" and period["from"]["text"] and not period["until"]["settled"]
    ended = text.replace("至 未载明", "至 2018年12月31日")
    for on, running in (("2018-12-31", "yes"), ("2019-01-01", "no")):
        effects = plain(decided(ended, raw, on=on))["effects"]
        assert next(e for e in effects if e["name"] == "调离" and e["element"])["periods"][0]["running"] == running


@pytest.mark.parametrize(
    ("day", "expected"), [("2018-12-31", {"silent"}), ("2019-01-02", {"must"}), ("2020-01-01", {"must"})]
)
def test_7_23_a_window_ends_at_the_decision(day: str, expected: set[str]) -> None:
    text = REGIME + "规定 甲 rule_a\n    依据：T-02\n    当：有 行为（发生日 在近 一年 内）\n    应当：召回\n\n"
    assert both(decided(text, on_day(day)), "召回") == (expected, expected)
    assert "P401" in codes(text)
    c = at(decided(text, on_day("2019-01-01")), "召回")
    assert turns(c) == {((FIRST, "当日不计"),): same("must"), ((FIRST, "当日计入"),): same("silent")}


def windowed(condition: str) -> str:
    return REGIME + f"规定 甲 rule_a\n    依据：T-02\n    当：{condition}\n    应当：召回\n\n"


ANY_YEAR = windowed("任意一年内 行为（类型 为 迟到）的次数 二次以上")
CALENDAR = windowed("同一自然年内 行为（类型 为 迟到）的次数 二次以上")


def late_on(*days: str, complete: bool = True) -> dict[str, Any]:
    rows = [{"编号": str(i), "发生日": d, "类型": "迟到"} for i, d in enumerate(days)]
    return {"行为": rows, **({"齐备": ["行为"]} if complete else {})}


@pytest.mark.parametrize(
    ("days", "sliding", "calendar"),
    [
        (("2017-03-01", "2018-02-27"), {"must"}, {"silent"}),
        (("2017-03-01", "2018-03-02"), {"silent"}, {"silent"}),
        (("2018-01-01", "2018-12-31"), {"must"}, {"must"}),
        (("2017-12-31", "2018-01-01"), {"must"}, {"silent"}),
        (("2016-12-31", "2018-01-01", "2019-06-01"), {"silent"}, {"silent"}),
        # To the month: between the first and the last day of it.
        (("2017-03-15", "2018-03"), {"must", "silent"}, {"silent"}),
        (("2018-03", "2018-12"), {"must"}, {"must"}),
        (("2018-03", "2018"), {"must"}, {"must"}),
        (("2018-03",), {"silent"}, {"silent"}),
        ((), {"silent"}, {"silent"}),
    ],
)
def test_7_23_any_period_and_any_calendar_year(days: tuple[str, ...], sliding: set[str], calendar: set[str]) -> None:
    raw = late_on(*days)
    assert both(decided(ANY_YEAR, raw, on="2019-12-31"), "召回") == (sliding, sliding)
    assert both(decided(CALENDAR, raw, on="2019-12-31"), "召回") == (calendar, calendar)
    assert "P401" not in codes(ANY_YEAR) | codes(CALENDAR), "neither window moves with the day of decision"


def test_7_23_whether_a_period_holds_its_last_day_is_a_reading() -> None:
    c = at(decided(ANY_YEAR, late_on("2017-03-01", "2018-03-01"), on="2019-12-31"), "召回")
    assert turns(c) == {((FIRST, "当日不计"),): same("must"), ((FIRST, "当日计入"),): same("silent")}


def test_7_23_a_list_that_may_hold_more_can_only_add() -> None:
    open_list = late_on("2018-03-01", complete=False)
    assert both(decided(CALENDAR, open_list, on="2019-12-31"), "召回") == same("silent", "must")
    enough = late_on("2018-03-01", "2018-04-01", complete=False)
    assert both(decided(ANY_YEAR, enough, on="2019-12-31"), "召回") == same("must")


@pytest.mark.parametrize(
    "condition", ["任意一年内 行为的金额合计 超过 3元", "任意三次内 行为的次数 二次以上", "同一自然年内 得分 超过 3分"]
)
def test_7_23_only_counts_stand_in_windows(condition: str) -> None:
    assert codes(windowed(condition)) & {"P113", "P202"}


RANKS = [{"自": "2010-01-01", "值": "科员"}, {"自": "2018-01-01", "值": "副科"}]
MOMENTS = (
    REGIME
    + """规定 甲 rule_a
    对：每一 行为
    依据：T-02
    当：职级 副科以上
    应当：登记

规定 乙 rule_b
    对：每一 行为
    依据：T-03
    当：决定日的职级 副科以上
    应当：学习

定义 高职 high
    依据：T-04
    是指：职级 副科以上

规定 丙 rule_c
    对：每一 行为
    依据：T-05
    当：高职
    应当：提醒

规定 丁 rule_d
    依据：T-06
    当：高职
    应当：观察

""".replace("观察", "考察")
)


@pytest.mark.parametrize(
    ("day", "then"),
    [
        ("2017-12-31", {"silent"}),
        ("2018-01-01", {"must"}),
        ("2017年12月", {"silent"}),
        ("2018年1月", {"must"}),
        ("2017年", {"silent"}),
        ("不明", {"silent", "must"}),
    ],
)
def test_7_24_a_fact_that_changes_is_read_at_the_rules_moment(day: str, then: set[str]) -> None:
    d = decided(MOMENTS, {"职级": RANKS, **on_day(day)}, on="2018-06-01")
    assert both(d, "登记", "1") == (then, then) and both(d, "提醒", "1") == (then, then), (
        "directly and through a definition"
    )
    assert both(d, "考察") == same("must")
    if day == "不明":
        assert gap(d, "发生日").kind == "not_known"
    else:
        assert both(d, "学习", "1") == same("must")


def test_7_24_before_the_history_begins_nothing_is_known() -> None:
    d = decided(MOMENTS, {"职级": RANKS[1:], **on_day("2017-12-31")}, on="2018-06-01")
    assert both(d, "登记", "1") == same("silent", "must") and not unexplained(d)


def test_7_24_two_values_from_one_day_are_refused() -> None:
    steps = [{"自": "2010-01-01", "值": "科员"}, {"自": "2010-01-01", "值": "副科"}]
    assert refused(policy(MOMENTS), {"职级": steps}), "the order of rows must not decide which holds"


def test_7_24_whom_a_text_is_for_is_asked_at_the_same_moment() -> None:
    """适用：身份 为 公务员 — of the day of the conduct, as every other fact the rule reads."""
    text = each(NEUTRAL).replace("    溯及：", "    适用：身份 为 公务员\n    溯及：")
    history = [{"自": "2010-01-01", "值": "公务员"}, {"自": "2018-01-01", "值": "村干部"}]
    d = decided(text, {"身份": history, **on_day("2017-01-01")}, on="2018-06-01")
    assert both(d, "提醒", "1") == same("must") and both(d, "学习") == same("silent")


# What was known when: the fourth day, beside those of the matter, the decision and the text.

KNOWN = REGIME + "规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    当：类型 为 迟到\n    应当：召回\n\n"
FOUND = (
    REGIME
    + "认定 查实 looking_into\n    对：每一 行为\n    依据：T-02\n    由：县委\n        （一）属实 established：是否属实，T-02；\n\n"
    + "规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    当：属实\n    应当：召回\n\n"
)
LEARNT = "知悉日"


def late(**more: object) -> dict[str, object]:
    return {"行为": [{"编号": "1", "发生日": "2018-03-05", "类型": "迟到", **more}], "齐备": ["行为"]}


@pytest.mark.parametrize(
    ("learnt", "known", "status"),
    [
        ("2018-05-01", "2018-05-01", {"must"}),
        ("2018-04", "2018-05-01", {"must"}),
        # Partly before and partly after, or nobody says when: perhaps known.
        ("2018-05", "2018-05-01", {"silent", "must"}),
        ("2018-05", "2018-05-31", {"must"}),
        ("不明", "2018-05-31", {"silent", "must"}),
        ("", "2018-05-31", {"silent", "must"}),
        ("无", "2018-05-31", {"silent", "must"}),
        # On the day of decision the record says what is known, unless it says when each thing became known.
        ("", "2018-06-15", {"must"}),
        ("无", "2018-06-15", {"must"}),
        ("2018-06", "2018-06-15", {"silent", "must"}),
    ],
)
def test_7_18_what_was_perhaps_known_is_not_taken_as_known(learnt: str, known: str, status: set[str]) -> None:
    d = decided(KNOWN, late(**({LEARNT: learnt} if learnt else {})), on="2018-06-15", known=known)
    assert both(d, "召回", "1") == (status, status)
    assert (LEARNT in {name for _, name in gaps(d)}) == (len(status) == 2)
    assert not unexplained(d)


def test_7_18_what_was_learnt_later_is_left_out_and_its_list_not_complete() -> None:
    for learnt in ("2018-05-02", "2018-06"):
        d = decided(KNOWN, late(知悉日=learnt), on="2018-06-15", known="2018-05-01")
        assert [c.row for c in d.conclusions if c.effect == "召回"] == [None]
        assert both(d, "召回") == same("silent", "must") and gaps(d) == {("list_open", "行为")}


def test_7_18_learning_when_it_became_known_never_overturns() -> None:
    """From not asked to the month to the day, each narrows; the list was as complete as its rows were known."""
    for steps in (("", "2018", "2018-04"), ("不明", "2018-05", "2018-05-20"), ("", "2018", "2018-05-01")):
        wider = {"silent", "must"}
        for learnt in steps:
            d = decided(KNOWN, late(**({LEARNT: learnt} if learnt else {})), on="2018-06-15", known="2018-05-10")
            assert both(d, "召回")[1] <= wider
            wider = both(d, "召回")[1]


def test_7_18_nobody_knows_beforehand_that_a_list_will_stay_complete() -> None:
    raw = {"齐备": ["行为"]}
    assert both(decided(KNOWN, raw, on="2018-06-15"), "召回") == same("silent")
    assert both(decided(KNOWN, raw, on="2018-06-15", known="2018-06-14"), "召回") == same("silent", "must")


def test_7_18_a_row_of_a_list_that_does_not_say_when_it_was_learnt_is_known_from_its_date() -> None:
    text = REGIME + "规定 甲 rule_a\n    对：每一 环节\n    依据：T-02\n    应当：登记\n\n"
    step = lambda day: {
        "召回": [{"编号": "1", "召回日": "2018-01-01"}],
        "环节": [{"编号": "1", "所属召回": "1", "开始日": day}],
    }
    for day, expected in (("2018-05-01", {"must"}), ("2018-05", {"silent", "must"})):
        d = decided(text, step(day), on="2018-06-15", known="2018-05-01")
        assert both(d, "登记", "1") == (expected, expected) and not unexplained(d)
    assert not [c for c in decided(text, step("2018-05-02"), on="2018-06-15", known="2018-05-01").conclusions if c.row]
    assert both(decided(text, step("2018-06"), on="2018-06-30"), "登记", "1") == same("must")


YES_THEN_NO = [
    {"编号": "认一", "问题": "属实", "所属": "行为", "所属编号": "1", "答": "是", "认定日": "2018-04-01"},
    {"编号": "认二", "问题": "属实", "所属": "行为", "所属编号": "1", "答": "否", "取代": "认一"},
]


@pytest.mark.parametrize(
    ("first", "second", "known", "status"),
    [
        ("2018-04-01", "2018-05-10", "2018-05-10", {"silent"}),
        ("2018-04-01", "2018-05-10", "2018-05-09", {"must"}),
        # The later one perhaps stood, perhaps the earlier still did.
        ("2018-04-01", "2018-05", "2018-05-10", {"silent", "must"}),
        ("2018-04-01", "", "2018-05-10", {"silent", "must"}),
        ("2018-04-01", "2018-05", "2018-05-31", {"silent"}),
        # The earlier one needs no day once the later stands.
        ("", "2018-05-10", "2018-05-10", {"silent"}),
        ("", "2018-05-11", "2018-05-10", {"silent", "must"}),
        ("2018-05-11", "2018-05-11", "2018-05-10", {"silent", "must"}),
        ("", "", "2018-06-15", {"silent"}),
    ],
)
def test_7_18_a_finding_perhaps_not_made_yet_is_not_taken_as_made(
    first: str, second: str, known: str, status: set[str]
) -> None:
    answers = [
        {**a, "认定日": day} if day else {k: x for k, x in a.items() if k != "认定日"}
        for a, day in zip(YES_THEN_NO, (first, second), strict=True)
    ]
    for order in (answers, answers[::-1]):
        d = decided(FOUND, {**late(知悉日="2018-03-06"), "认定": order}, on="2018-06-15", known=known)
        assert both(d, "召回", "1") == (status, status)
        assert (("pending", "属实") in gaps(d)) == (len(status) == 2)
        assert not unexplained(d)


def test_7_18_what_a_decision_shows_of_findings_is_what_was_known() -> None:
    first = {**YES_THEN_NO[0], "理由": "甲理由"}
    second = {**YES_THEN_NO[1], "认定日": "2018-05-10", "理由": "乙理由"}
    raw = {**late(知悉日="2018-03-06"), "认定": [first, second]}
    then, now = (decided(FOUND, raw, on="2018-06-15", known=k) for k in ("2018-05-01", "2018-06-15"))
    assert [f["reasons"] for f in plain(then)["findings"]] == ["甲理由"]
    assert [f["reasons"] for f in plain(now)["findings"]] == ["甲理由", "乙理由"]
    again = [first, {**second, "答": "是"}]
    for order in (again, again[::-1]):
        for known, told, untold in (
            ("2018-05-01", "2018-04-01，甲理由", "乙"),
            ("2018-06-15", "2018-05-10，乙理由", "甲"),
        ):
            text = opinion(decided(FOUND, {**raw, "认定": order}, on="2018-06-15", known=known), "zh")
            assert told in text and f"{untold}理由" not in text
    month = decided(FOUND, {**raw, "认定": [{**first, "认定日": "2018-04"}]}, on="2018-06-15")
    assert plain(month)["findings"][0]["date"] == {"low": "2018-04-01", "high": "2018-04-30"}
    assert "2018-04-01至2018-04-30间某日" in opinion(month, "zh")


def test_a_definition_of_the_person_reads_a_fact_at_the_day_of_the_row_it_is_asked_for() -> None:
    text = REGIME + (
        "定义 公务员不合格 failed_civil\n    依据：T-03\n    是指：有 考核（等第 为 不合格 且 身份 为 公务员）\n\n"
        "规定 甲 rule_a\n    依据：T-02\n    对：每一 行为\n    当：公务员不合格\n    应当：召回\n\n"
    )
    history = [{"自": "2010-01-01", "值": "公务员"}, {"自": "2019-06-01", "值": "村干部"}]
    appraised = {"编号": "1", "评定日": "2019-12-20", "年度": 2019, "等第": "不合格"}
    # So does the condition of whom a regime applies to.
    scope = "    适用：有 考核（等第 为 不合格 且 身份 为 公务员）\n"
    within = REGIME.rstrip("\n") + "\n" + scope + "\n规定 甲 rule_a\n    依据：T-02\n    对：每一 行为\n    当：类型 为 迟到\n    应当：召回\n\n"
    # “本” is the row looked at there, whoever asks.
    own = [x.replace("考核（等第", "考核（本考核的等第") for x in (text, within)]
    for (day, status), rules in product((("2019-05-31", "must"), ("2019-06-01", "silent")), (text, within, *own)):
        row = {"编号": "1", "发生日": day, "类型": "迟到"}
        lists = {"行为": {"齐备": True, "行": [row]}, "考核": {"齐备": True, "行": [appraised]}}
        d = decided(rules, {"身份": history, **lists})
        assert both(d, "召回", "1", "行为") == same(status) and not d.gaps
