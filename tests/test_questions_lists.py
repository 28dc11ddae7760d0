"""Questions 7.30–7.38: stages, what several rows come to, ties, assumptions, amounts."""

from __future__ import annotations

import pytest
from packs import REGIME, at, both, cited, codes, decided, gap, gaps, same, unexplained

from policy_dsl.report.json import plain
from policy_dsl.report.opinion import opinion
from policy_dsl.report.summary import summary
from policy_dsl.report.tree import explain_text
from policy_dsl.stages import Stage
from policy_dsl.stages import stages as stand_of

PROCESS = (
    REGIME
    + """程序 流程 process
    对：每一 召回
    依据：T-20
    记于：环节
    环节 学习 study
        依据：T-21
        由：未载明
        之后：
            （一）结果 为 合格：收尾；
            （二）结果 为 不合格：考察；
    环节 考察 observation
        依据：T-22
        由：未载明
        之后：
            （一）结果 为 合格 且 愿接收：收尾；
            （二）结果 为 合格 且 愿接收 为 否：未载明（不愿接收）；
            （三）结果 为 不合格：免职；
    环节 免职 removal
        依据：T-23
        由：未载明
    环节 收尾 closing
        依据：T-24
        由：未载明

"""
)
BAR = "除外 不考察 no_observation\n    对：每一 召回\n    依据：T-30\n    当：患病\n    不适用：考察\n\n"
NOWHERE = "去向未载明"
STUDY_FAILED = {"名称": "学习", "开始日": "2018-02-01", "结果": "不合格"}


def stages(*rows: dict[str, str], complete: bool = True, **more: object) -> dict[str, object]:
    listed = [{"编号": str(i), "所属召回": "1", **r} for i, r in enumerate(rows, 1)]
    done = {"齐备": ["环节", "召回"]} if complete else {}
    return {"召回": [{"编号": "1", "召回日": "2018-01-01"}], "环节": listed, **done, **more}


def reached(text: str, raw: dict[str, object]) -> dict[str, set[str]]:
    d = decided(text, raw)
    names = ("学习", "考察", "收尾", "免职", *((NOWHERE,) if any(c.effect == NOWHERE for c in d.conclusions) else ()))
    return {n: both(d, n, "1")[1] for n in names}


MUST, SILENT, OPEN = {"must"}, {"silent"}, {"must", "silent"}


def test_7_30_a_struck_stage_is_never_skipped_to_the_next() -> None:
    raw = stages(STUDY_FAILED, {"名称": "考察", "开始日": "2018-03-01", "结果": "不合格"})
    assert reached(PROCESS + BAR, {**raw, "患病": "否"}) == {
        "学习": MUST,
        "考察": MUST,
        "收尾": SILENT,
        "免职": MUST,
        NOWHERE: SILENT,
    }
    assert reached(PROCESS + BAR, {**raw, "患病": "是"}) == {
        "学习": MUST,
        "考察": SILENT,
        "收尾": SILENT,
        "免职": SILENT,
        NOWHERE: MUST,
    }
    assert reached(PROCESS + BAR, raw) == {"学习": MUST, "考察": OPEN, "收尾": SILENT, "免职": OPEN, NOWHERE: OPEN}
    assert gaps(decided(PROCESS + BAR, raw)) == {("not_asked", "患病")}


def test_7_30_a_stage_never_reached_is_not_struck() -> None:
    raw = stages({**STUDY_FAILED, "结果": "合格"}, 患病="是")
    assert reached(PROCESS + BAR, raw) == {"学习": MUST, "考察": SILENT, "收尾": MUST, "免职": SILENT, NOWHERE: SILENT}


def test_7_30_a_struck_stage_of_a_layer_not_admitted_leads_nowhere() -> None:
    """A plan whose first stage a printed text strikes says nothing in a default run, not even 去向未载明."""
    plan = PROCESS.replace("        依据：T-21\n", "        依据：T-21\n        层级：计划\n")
    bar = BAR.replace("不适用：考察", "不适用：学习")
    assert both(decided(plan + bar, stages(患病="是")), NOWHERE, "1") == same("silent")


def test_7_31_a_destination_not_printed_is_a_conclusion_of_its_own() -> None:
    raw = stages(STUDY_FAILED, {"名称": "考察", "开始日": "2018-03-01", "结果": "合格", "愿接收": "否"})
    assert reached(PROCESS, raw) == {"学习": MUST, "考察": MUST, "收尾": SILENT, "免职": SILENT, NOWHERE: MUST}
    d = decided(PROCESS, raw)
    assert (
        both(d, NOWHERE, "1") == same("must") and "T-20" in cited(at(d, NOWHERE, "1")) and NOWHERE in opinion(d, "zh")
    )
    wanted = stages(STUDY_FAILED, {"名称": "考察", "开始日": "2018-03-01", "结果": "合格", "愿接收": "是"})
    assert reached(PROCESS, wanted)[NOWHERE] == SILENT and reached(PROCESS, wanted)["收尾"] == MUST


def test_7_32_no_result_leaves_every_destination_open() -> None:
    raw = stages(STUDY_FAILED, {"名称": "考察", "开始日": "2018-03-01"})
    assert reached(PROCESS, raw) == {"学习": MUST, "考察": MUST, "收尾": OPEN, "免职": OPEN, NOWHERE: OPEN}
    d = decided(PROCESS, raw)
    assert {("not_asked", "结果"), ("not_asked", "愿接收")} <= gaps(d) and not unexplained(d)


def test_7_32_an_incomplete_list_of_stages_leaves_them_open() -> None:
    assert reached(PROCESS, stages(complete=False)) == {
        "学习": MUST,
        "考察": OPEN,
        "收尾": OPEN,
        "免职": OPEN,
        NOWHERE: OPEN,
    }
    assert reached(PROCESS, stages()) == {"学习": MUST, "考察": SILENT, "收尾": SILENT, "免职": SILENT, NOWHERE: SILENT}


def test_7_32_a_stage_of_another_recall_says_nothing_here() -> None:
    two = [{"编号": "1", "召回日": "2018-01-01"}, {"编号": "2", "召回日": "2018-01-15"}]
    other = {**stages(), "召回": two, "环节": [{"编号": "1", "所属召回": "2", **STUDY_FAILED}]}
    assert reached(PROCESS, other)["考察"] == SILENT
    assert both(decided(PROCESS, other), "考察", "2") == same("must")


GROUNDS = (
    REGIME
    + """规定 甲 rule_a
    对：每一 行为
    依据：T-02
    当：类型 为 迟到
    可以：召回
    由：县委

规定 乙 rule_b
    对：每一 行为
    依据：T-03
    当：类型 为 饮酒
    应当：召回

规定 丙 rule_c
    依据：T-04
    当：怀孕
    应当：召回

"""
)


def acts(*kinds: str) -> list[dict[str, str]]:
    return [{"编号": str(i), "发生日": f"2018-01-0{i}", "类型": k} for i, k in enumerate(kinds, 1)]


def test_7_33_one_conclusion_for_each_element_and_the_strongest_for_the_person() -> None:
    d = decided(GROUNDS, {"行为": acts("迟到", "饮酒", "早退"), "齐备": ["行为"], "怀孕": "否"})
    assert [both(d, "召回", x)[1] for x in ("1", "2", "3", None)] == [{"may"}, {"must"}, {"silent"}, {"must"}]


def test_7_33_the_person_is_shown_all_grounds() -> None:
    d = decided(GROUNDS, {"行为": acts("迟到", "饮酒"), "齐备": ["行为"], "怀孕": "否"})
    of_person = next(e for e in plain(d)["effects"] if e["name"] == "召回" and e["element"] is None)
    assert {b["id"] for b in of_person["basis"]} == {"T-02", "T-03"}


def latest(raw: dict[str, object]) -> object:
    text = REGIME + "规定 甲 rule_a\n    依据：T-02\n    当：考核的等第最近 为 不合格\n    应当：召回\n\n"
    return decided(text, raw)


def appraisals(*rows: tuple[str, str]) -> dict[str, object]:
    return {"考核": [{"编号": str(i), "评定日": d, "等第": g} for i, (d, g) in enumerate(rows, 1)], "齐备": ["考核"]}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("2018-01-01", "不合格"), ("2018-01-02", "合格")], "silent"), ([("2018-01-02", "合格"), ("2018-01-01", "不合格")], "silent"),
        ([("2018-01-01", "不合格"), ("2018-01-01", "不合格")], "must"), ([("2018年1月", "合格"), ("2018-02-01", "不合格")], "must"), ([], "silent"),
    ],
)  # fmt: skip
def test_7_34_the_latest_row(rows: list[tuple[str, str]], expected: str) -> None:
    assert both(latest(appraisals(*rows)), "召回") == same(expected)  # type: ignore[arg-type]


def test_7_34_tied_rows_that_disagree_are_unknown_in_any_order() -> None:
    for rows in (
        [("2018-01-01", "不合格"), ("2018-01-01", "合格")],
        [("2018-01-01", "合格"), ("2018-01-01", "不合格")],
    ):
        assert both(latest(appraisals(*rows)), "召回") == same("silent", "must")  # type: ignore[arg-type]


@pytest.mark.parametrize("day", ["2018-01-01", "2018年1月"])
def test_7_34_what_keeps_the_latest_open_is_named(day: str) -> None:
    """Tied or not told apart by their days: the days of these rows are what is missing."""
    d = latest(appraisals((day, "不合格"), ("2018-01-01", "合格")))
    assert both(d, "召回") == same("silent", "must") and not unexplained(d)  # type: ignore[arg-type]


def test_7_34_an_unlisted_row_may_be_later() -> None:
    raw = appraisals(("2018-01-01", "不合格"))
    assert gaps(latest({**raw, "齐备": {"考核": "2019-12-31"}})) == {("list_open", "考核")}  # type: ignore[arg-type]
    assert both(latest({**raw, "齐备": {"考核": "2020-01-01"}}), "召回") == same("must")  # type: ignore[arg-type]


INCIDENTS = (
    REGIME
    + """解读 同一事由 same_incident
    依据：T-08
    问：同一事由计几次
        （一）按次 per_act：一次算一次；
        （二）按事由 per_incident：一个事由算一次；

规定 甲 rule_a
    依据：T-02
    有下列情形之一：
        （一）同一事由 取 按次 且 行为的次数 不少于 二次；
        （二）同一事由 取 按事由 且 行为的事由号种数 不少于 二次；
    应当：召回

"""
)
PER_ACT, PER_INCIDENT = (("同一事由", "按次"),), (("同一事由", "按事由"),)


@pytest.mark.parametrize(
    ("numbers", "per_incident"),
    [
        (("x", "y"), MUST),
        (("x", "x"), SILENT),
        (("x", None), OPEN),
        ((None, None), OPEN),
        (("x", "不明"), OPEN),
        (("x", "无"), SILENT),
    ],
)
def test_7_35_same_incident_unknown(numbers: tuple[str | None, str | None], per_incident: set[str]) -> None:
    rows = [{**a, **({"事由号": n} if n else {})} for a, n in zip(acts("迟到", "迟到"), numbers, strict=True)]
    for reading, expected in (("按次", MUST), ("按事由", per_incident)):
        d = decided(INCIDENTS, {"行为": rows, "齐备": ["行为"]}, readings={"同一事由": reading})
        assert both(d, "召回") == (expected, expected)
        if expected == OPEN:
            assert gap(d, "事由号").kind in ("not_asked", "not_known")
    d = decided(INCIDENTS, {"行为": rows, "齐备": ["行为"]})
    assert both(d, "召回") == (per_incident | MUST, per_incident | MUST)


def test_7_36_unknown_until_somebody_assumes_it_and_shown_as_assumed() -> None:
    text = REGIME + "规定 甲 rule_a\n    依据：T-02\n    当：悔改\n    应当：减责\n\n"
    d = decided(text, {})
    assert both(d, "减责") == same("silent", "must") and gaps(d) == {("not_asked", "悔改")}
    d = decided(text, {"悔改": {"值": "是", "假定": "张三"}})
    assert both(d, "减责") == same("must") and "张三" in opinion(d, "zh")
    assert plain(d)["assumptions"] == [{"what": "悔改", "element": None, "by": "张三"}]


def test_a_day_of_a_row_that_has_not_come_is_told_with_what_is_taken_as_so() -> None:
    text = REGIME + "规定 甲 rule_a\n    依据：T-02\n    对：每一 环节\n    当：结果 为 不合格\n    应当：召回\n\n"
    row = {"编号": "1", "开始日": "2019-05-01", "所属召回": "1", "结束日": "2019-06-30", "结果": "不合格"}
    raw = {"环节": {"齐备": True, "行": [row]}, "召回": {"齐备": True, "行": [{"编号": "1", "召回日": "2019-04-01"}]}}
    for day, told in (("2019-06-29", ["结束日晚于决定日，该行所载仍当作决定日已有"]), ("2019-06-30", [])):
        d = decided(text, raw, on=day)
        assert both(d, "召回", "1", "环节") == same("must")
        assert [a["what"] for a in plain(d)["assumptions"]] == told
        if told:
            assert plain(d)["assumptions"][0]["element"] == {"list": "环节", "id": "1"}
    # Of a row that nobody asks about, nothing is taken.
    unread = text.replace("对：每一 环节", "对：每一 召回").replace("结果 为 不合格", "召回日 早于 2019年5月1日")
    assert plain(decided(unread, raw, on="2019-06-29"))["assumptions"] == []


def test_7_37_one_question_as_printed_and_split_only_under_a_reading() -> None:
    text = (
        REGIME
        + """认定 决策 decision_finding
    由：上级
        （一）科学民主 sound：是否经过科学、民主的决策，T-50；
        （二）科学 scientific：是否科学，T-50；
        （三）民主 democratic：是否民主，T-50；

解读 一问两问 one_or_two
    依据：T-50
    问：一并认定还是分别认定
        （一）一并 together：一并；
        （二）分别 apart：分别；

规定 甲 rule_a
    依据：T-02
    有下列情形之一：
        （一）一问两问 取 一并 且 科学民主；
        （二）一问两问 取 分别 且 科学 且 民主；
    应当：免责

"""
    )
    answers = [{"问题": "科学民主", "答": "是"}, {"问题": "科学", "答": "是"}, {"问题": "民主", "答": "否"}]
    d = decided(text, {"认定": answers})
    assert both(d, "免责") == same("silent", "must") and gaps(d) == {("reading", "一问两问")}
    assert both(decided(text, {"认定": [{**answers[2], "答": "是"}, *answers[:2]]}), "免责") == same("must")


def test_7_38_an_amount_over_a_sum_is_an_interval() -> None:
    text = REGIME + "规定 甲 rule_a\n    依据：T-02\n    应当：扣奖 超过20000元\n\n"
    effect = next(e for e in plain(decided(text))["effects"] if e["name"] == "扣奖")
    amount = effect["periods"][0]["amount"]
    assert amount["from"]["low"] == "20000" and amount["to"] is None


def test_7_38_an_amount_partly_known_is_compared_as_an_interval() -> None:
    text = REGIME + "规定 甲 rule_a\n    依据：T-02\n    当：行为的金额最高 超过 20000元\n    应当：召回\n\n"
    for money, expected in (
        ({"至少": "20001元"}, MUST),
        ({"至少": "20000元"}, OPEN),
        ({"至多": "20000元"}, SILENT),
        ("不明", OPEN),
    ):
        d = decided(text, {"行为": [{"编号": "1", "发生日": "2018-01-01", "金额": money}], "齐备": ["行为"]})
        assert both(d, "召回") == (expected, expected)


def test_7_34_row_order_means_nothing() -> None:
    rows = acts("迟到", "饮酒", "早退")
    one, other = (decided(GROUNDS, {"行为": r, "齐备": ["行为"], "怀孕": "否"}) for r in (rows, rows[::-1]))
    for row in ("1", "2", "3", None):
        assert both(one, "召回", row) == both(other, "召回", row)


CLOCKED = PROCESS.replace(
    "    环节 考察 observation\n", "    环节 考察 observation\n        为期：一个月\n        提交：结束日，由 组织部\n"
)

# The two readings of a last day are asked apart, in test_questions_periods.
STANDS = {"末日遇休": "不顺延", "期满当日": "当日在内"}


def stand(raw: dict[str, object], on: str) -> Stage:
    """Where the observation of the one recall stands."""
    return next(x for x in stand_of(decided(CLOCKED, raw, on=on, readings=STANDS)) if x.rule.name == "考察")


OBSERVED = {"名称": "考察", "开始日": "2018-03-01"}


@pytest.mark.parametrize(
    ("on", "row", "state"),
    [
        ("2018-03-15", {"结束日": "无"}, "running"),
        ("2018-03-31", {"结束日": "无"}, "running"),
        # The first of April is the last day, or the day after it: a reading of how periods are counted.
        ("2018-04-01", {"结束日": "无"}, "open"),
        ("2018-04-02", {"结束日": "无"}, "overdue"),
        ("2018-04-02", {"结束日": "2018-03-31"}, "done"),
        # The text gives no day by which the form is due: it was wanting, and is not late.
        ("2018-04-30", {"结束日": "2018-04-02"}, "done"),
        # A day still to come is no day yet.
        ("2018-03-15", {"结束日": "2018-03-31"}, "running"),
        ("2018-04-02", {}, "open"),
    ],
)
def test_7_32_a_stage_is_running_done_or_late_by_its_days(on: str, row: dict[str, str], state: str) -> None:
    x = stand(stages(STUDY_FAILED, {**OBSERVED, **row}), on)
    assert x.state == state
    assert x.by == ("组织部",)
    assert (not list(x.missing())) == (state != "open")


@pytest.mark.parametrize(
    ("ended", "state"), [("2018-03-31", "done"), ("2018-04-01", "open"), ("2018-04-02", "done_late")]
)
def test_7_32_a_stage_that_ended_after_its_last_day(ended: str, state: str) -> None:
    text = CLOCKED.replace("提交：结束日，由 组织部", "完成：结束日")
    raw = stages(STUDY_FAILED, {**OBSERVED, "结束日": ended})
    assert (
        next(x for x in stand_of(decided(text, raw, on="2018-04-30", readings=STANDS)) if x.rule.name == "考察").state
        == state
    )


def test_7_32_overdue_leaves_every_destination_open() -> None:
    d = decided(CLOCKED, stages(STUDY_FAILED, {**OBSERVED, "结束日": "无"}), on="2018-04-02", readings=STANDS)
    told = next(x for x in plain(d)["stages"] if x["stage"] == "考察")
    assert told["state"] == "overdue" and told["owed_by"] == ["组织部"] and told["late"] == "yes"
    assert told["due"]["low"] == "2018-03-31" and told["due"]["high"] == "2018-04-01"
    assert told["next"] == [{"stage": n, "follows": "unknown"} for n in ("收尾", None, "免职")]
    assert "召回1 考察 — 期满未完成；自 2018-03-01；最后一日 2018-03-31至2018-04-01间某日；应提交者 组织部" in summary(
        d, "zh"
    )
    assert "past its last day, and not done" in summary(d, "en")


def test_7_32_a_stage_reached_and_not_begun_is_awaited() -> None:
    assert stand(stages(STUDY_FAILED), "2018-04-02").state == "awaited"
    assert stand(stages({**STUDY_FAILED, "结果": "合格"}), "2018-04-02").state == "unreached"
    assert stand(stages(STUDY_FAILED, complete=False), "2018-04-02").state == "open"


@pytest.mark.parametrize(("bound", "last"), [("早于", "2018-01-09"), ("不晚于", "2018-01-10")])
def test_7_32_a_last_day_before_a_day_is_the_day_before(bound: str, last: str) -> None:
    text = REGIME + (
        f"规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    应当：登记\n    期限：{bound} 2018年1月10日\n    完成：次日\n\n"
    )
    for done, late in ((last, "no"), ("2018-01-11", "yes")):
        rows = [{"编号": "1", "发生日": "2018-01-01", "类型": "迟到", "次日": done}]
        effects = plain(decided(text, {"行为": rows}, on="2018-02-01"))["effects"]
        period = next(e for e in effects if e["element"])["periods"][0]
        assert period["last_day"]["low"] == last and period["late"] == late
    assert "P317" in codes(text.replace(bound, "晚于"))


def test_7_32_a_duty_is_late_by_its_own_days() -> None:
    text = REGIME + (
        "规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    应当：登记\n"
        "    期限：自 发生日 起 十日\n    完成：次日\n\n"
    )
    for done, late in (("2018-01-09", "no"), ("2018-01-12", "yes"), ("无", "yes"), ("不明", "unknown")):
        rows = [{"编号": "1", "发生日": "2018-01-01", "类型": "迟到", "次日": done}]
        effects = plain(decided(text, {"行为": rows}, on="2018-02-01", readings=STANDS))["effects"]
        assert next(e for e in effects if e["element"])["periods"][0]["late"] == late
    rows = [{"编号": "1", "发生日": "2018-01-01", "类型": "迟到", "次日": "无"}]
    effects = plain(decided(text, {"行为": rows}, on="2018-01-05", readings=STANDS))["effects"]
    assert next(e for e in effects if e["element"])["periods"][0]["late"] == "no"


def test_a_row_passed_over_is_told_as_its_denial() -> None:
    told = explain_text(decided(PROCESS, stages(STUDY_FAILED)), "zh")
    assert "并非（结果 为 合格） — 是（学习的结果＝不合格）" in told
    assert "名称 为 学习 — 是（名称＝学习）" in told and "所属召回 为 本召回 — 是" in told
    assert "\n" + " " * 6 + "结果 为 合格 — 是" not in told


def test_options_by_rows_are_told_with_the_rows_passed_over() -> None:
    text = (
        REGIME
        + "规定 甲 rule_a\n    依据：T-02\n    应当：\n        （一）退休、患病：登记；\n        （二）怀孕：学习；\n\n"
    )
    told = explain_text(decided(text, {"退休": "否", "患病": "否", "怀孕": "是"}), "zh")
    assert "并非（退休 或 患病） — 是" in told
