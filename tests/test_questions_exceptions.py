"""Questions 7.9–7.16: exceptions, waivers, clashes, choices, and what may read what."""

from __future__ import annotations

import pytest
from packs import REGIME, at, both, cited, codes, decided, gap, gaps, lines, policy, same, unexplained, words

from policy_dsl.acts import acts
from policy_dsl.report.json import plain
from policy_dsl.report.opinion import opinion
from policy_dsl.report.summary import summary

RULE = (
    REGIME
    + """规定 甲 rule_a
    依据：T-02
    当：退休
    应当：召回

"""
)
EXCEPTED = (
    RULE
    + """除外 乙 rule_b
    依据：T-03
    当：怀孕
    不适用：甲

"""
)


def test_7_09_only_the_exception_is_open() -> None:
    d = decided(EXCEPTED, {"退休": "是"})
    c = at(d, "召回")
    assert lines(c) == same("silent", "must") and [g.awaits_exception for g in c.grounds] == [True]
    assert gaps(d) == {("not_asked", "怀孕")} and gap(d, "怀孕").who == ("记录填报单位",)
    assert {"T-02", "T-03"} <= cited(c) and "只待除外" in opinion(d, "zh")


def test_7_09_the_mark_needs_everything_else_to_hold() -> None:
    c = at(decided(EXCEPTED, {}), "召回")
    assert lines(c) == same("silent", "must") and [g.awaits_exception for g in c.grounds] == [False]
    for raw, status in (
        ({"退休": "是", "怀孕": "否"}, "must"),
        ({"退休": "是", "怀孕": "是"}, "silent"),
        ({"退休": "否"}, "silent"),
    ):
        d = decided(EXCEPTED, raw)
        assert both(d, "召回") == same(status) and not d.gaps
        assert [g.awaits_exception for g in at(d, "召回").grounds] == [False]


def test_7_09_each_answer_to_the_exception_is_shown() -> None:
    found = gap(decided(EXCEPTED, {"退休": "是"}, what_if=True), "怀孕")
    assert {label: words(results[0][3]) for label, results in found.answers} == {"是": {"silent"}, "否": {"must"}}


CHAIN = (
    EXCEPTED.replace("    当：退休\n", "")
    + """除外 丙 rule_c
    依据：T-04
    当：患病
    不适用：乙

除外 丁 rule_d
    依据：T-05
    当：退休
    不适用：甲

"""
)


@pytest.mark.parametrize(
    ("raw", "expected", "missing"),
    [
        ({}, {"silent", "must"}, {"怀孕", "患病", "退休"}),
        ({"怀孕": "是"}, {"silent", "must"}, {"患病", "退休"}),
        ({"怀孕": "是", "患病": "是"}, {"silent", "must"}, {"退休"}),
        ({"怀孕": "是", "患病": "是", "退休": "否"}, {"must"}, set()),
        ({"怀孕": "是", "患病": "否"}, {"silent"}, set()),
        ({"怀孕": "否", "退休": "否"}, {"must"}, set()),
        ({"患病": "是", "退休": "否"}, {"must"}, set()),
        ({"退休": "是"}, {"silent"}, set()),
    ],
)
def test_7_10_any_exception_defeats_and_exceptions_have_exceptions(
    raw: dict[str, str], expected: set[str], missing: set[str]
) -> None:
    d = decided(CHAIN, raw)
    assert both(d, "召回") == (expected, expected)
    assert gaps(d) == {("not_asked", x) for x in missing}


def test_7_10_a_circle_is_a_diagnostic() -> None:
    assert "P304" in codes(CHAIN.replace("    当：怀孕\n    不适用：甲\n", "    当：怀孕\n    不适用：甲、丙\n"))
    assert "P304" in codes(CHAIN.replace("    当：退休\n    不适用：甲\n", "    当：退休\n    不适用：甲、丁\n"))


def test_7_10_exceptions_name_rules_never_definitions() -> None:
    text = (
        RULE
        + "定义 好人 good_one\n    依据：T-05\n    是指：怀孕\n\n除外 乙 rule_b\n    依据：T-03\n    当：患病\n    不适用：好人\n\n"
    )
    assert "P306" in codes(text)


ELEMENT = (
    REGIME
    + """规定 甲 rule_a
    对：每一 行为
    依据：T-02
    应当：召回

除外 乙 rule_b
    依据：T-03
    当：怀孕
    不适用：甲

除外 丙 rule_c
    对：每一 行为
    依据：T-04
    当：有病
    不适用：甲

"""
)
TWO = {
    "行为": [{"编号": "1", "发生日": "2018-01-01", "有病": "是"}, {"编号": "2", "发生日": "2018-01-02", "有病": "否"}],
    "齐备": ["行为"],
}


def test_7_10_an_element_is_excepted_alone_and_a_person_wholly() -> None:
    d = decided(ELEMENT, {**TWO, "怀孕": "否"})
    assert [both(d, "召回", x) for x in ("1", "2", None)] == [same("silent"), same("must"), same("must")]
    d = decided(ELEMENT, {**TWO, "怀孕": "是"})
    assert [both(d, "召回", x) for x in ("1", "2", None)] == [same("silent")] * 3
    d = decided(ELEMENT, TWO)
    assert both(d, "召回", "1") == same("silent") and both(d, "召回", "2") == same("silent", "must")


def test_7_10_an_exception_of_an_element_cannot_reach_the_person() -> None:
    assert "P307" in codes(ELEMENT.replace("规定 甲 rule_a\n    对：每一 行为\n", "规定 甲 rule_a\n"))


STAGE_BAR = (
    REGIME
    + """规定 乙 rule_b
    对：每一 行为
    依据：T-40
    应当：提醒

程序 流程 process
    对：每一 召回
    依据：T-20
    记于：环节
    环节 学习 study
        依据：T-21
        由：未载明
        不适用：乙

"""
)


def test_7_10_a_stage_cannot_set_aside_a_rule_judged_for_another_list() -> None:
    assert "P307" in codes(STAGE_BAR)


CLASHES = [
    ("应当", "可以", "must"), ("可以", "应当", "must"), ("可以", "不得", "must_not"), ("原则上应当", "不得", "must_not"),
    ("一般应当", "不得", "must_not"), ("基本应当", "不得", "must_not"), ("不宜", "可以", "may_unadvised"), ("不宜", "应当", "must"),
    ("不宜", "不得", "must_not"), ("应当", "不得", "conflict"), ("不得", "应当", "conflict"), ("原则上应当", "应当", "must"),
    ("原则上应当", "可以", "principle_must"), ("不得", "不得", "must_not"),
]  # fmt: skip
ALONE = {
    "应当": "must",
    "可以": "may",
    "原则上应当": "principle_must",
    "一般应当": "generally_must",
    "基本应当": "basically_must",
    "不得": "must_not",
    "不宜": "should_not",
}


@pytest.mark.parametrize(("first", "second", "expected"), CLASHES)
def test_7_11_the_table_of_clashes(first: str, second: str, expected: str) -> None:
    text = f"{REGIME}规定 甲 rule_a\n    依据：T-02\n    {first}：召回\n    由：县委\n\n"
    text += f"规定 乙 rule_b\n    依据：T-03\n    当：怀孕\n    {second}：召回\n    由：县委\n\n"
    d = decided(text, {"怀孕": "是"})
    assert both(d, "召回") == same(expected) and {g.rule.name for g in at(d, "召回").grounds} == {"甲", "乙"}
    assert both(decided(text, {"怀孕": "否"}), "召回") == same(ALONE[first])
    assert both(decided(text, {}), "召回") == same(ALONE[first], expected), (
        "under an unknown, exactly the set of results"
    )


def test_7_11_a_principle_beside_a_duty_does_not_soften_the_conflict() -> None:
    text = REGIME + "".join(
        f"规定 {zh} rule_{en}\n    依据：T-02\n    {modality}：召回\n    由：县委\n\n"
        for zh, en, modality in (("甲", "a", "应当"), ("乙", "b", "原则上应当"), ("丙", "c", "不得"))
    )
    assert both(decided(text), "召回") == same("conflict")


BOUND_AND_BARRED = (
    REGIME
    + """规定 甲 rule_a
    对：每一 行为
    依据：T-02
    应当：召回

规定 乙 rule_b
    对：每一 行为
    依据：T-03
    当：有病
    不得：召回

"""
)


def test_7_11_a_clash_is_a_clash_on_the_row_where_it_stands() -> None:
    d = decided(BOUND_AND_BARRED, TWO)
    assert both(d, "召回", "1") == same("conflict") and both(d, "召回", "2") == same("must")
    assert both(d, "召回") == same("conflict")


def test_7_11_under_unknowns_the_person_gets_only_what_can_result() -> None:
    """A duty that arises and a bar that may: 应当 or 冲突; 不发生 and 不得 cannot come of it."""
    d = decided(BOUND_AND_BARRED, {"行为": [{"编号": "1", "发生日": "2018-01-01"}], "齐备": ["行为"]})
    assert both(d, "召回", "1") == same("must", "conflict")
    assert both(d, "召回") == same("must", "conflict")


def waiver(modality: str = "应当", effect: str = "召回") -> str:
    return f"""{REGIME}规定 甲 rule_a
    依据：T-02
    {modality}：{effect}
    由：县委

除外 乙 rule_b
    依据：T-03
    当：怀孕
    可以不适用：甲
    由：组织部

"""


def test_7_12_a_duty_that_may_be_set_aside() -> None:
    for answer, status in (("是", "must_waivable"), ("否", "must")):
        assert both(decided(waiver(), {"怀孕": answer}), "召回") == same(status)
    assert "T-03" in cited(at(decided(waiver(), {"怀孕": "是"}), "召回"))


def test_7_12_an_unknown_waiver_leaves_a_duty_that_perhaps_may_be_set_aside() -> None:
    d = decided(waiver(), {})
    assert both(d, "召回") == same("must", "must_waivable"), "不发生 cannot come of it"
    assert gaps(d) == {("not_asked", "怀孕")}


def test_7_12_the_body_of_the_exception_chooses() -> None:
    d = plain(decided(waiver(), {"怀孕": "是"}))
    measure = next(x for x in d["measures"] if "召回" in x["open"])
    assert "组织部" in measure["chosen_by"], "who may set the duty aside"
    assert "T-03" in {b["id"] for e in d["effects"] for b in e["basis"]}


@pytest.mark.parametrize(("modality", "effect"), [("不得", "提拔"), ("可以", "表彰"), ("不宜", "提拔")])
def test_7_12_a_waiver_of_what_is_no_duty_is_not_silently_ignored(modality: str, effect: str) -> None:
    text = waiver(modality, effect)
    if any(c.startswith("P3") for c in codes(text)):
        return
    with_, without = (both(decided(text, {"怀孕": a}), effect) for a in ("是", "否"))
    assert with_ != without


def test_7_12_a_waiver_may_itself_be_defeated_and_a_bar_is_not_waived() -> None:
    defeated = waiver() + "除外 丙 rule_c\n    依据：T-04\n    当：患病\n    不适用：乙\n\n"
    assert both(decided(defeated, {"怀孕": "是", "患病": "是"}), "召回") == same("must")
    assert both(decided(defeated, {"怀孕": "是", "患病": "否"}), "召回") == same("must_waivable")
    barred = waiver() + "规定 丙 rule_c\n    依据：T-05\n    不得：召回\n\n"
    assert both(decided(barred, {"怀孕": "是"}), "召回") == same("conflict")


WAIVED_STAGE = (
    REGIME
    + """程序 流程 process
    对：每一 召回
    依据：T-20
    记于：环节
    环节 学习 study
        依据：T-21
        由：未载明

除外 乙 rule_b
    对：每一 召回
    依据：T-03
    当：怀孕
    可以不适用：学习
    由：组织部

"""
)


def test_7_12_a_stage_may_be_waived_too() -> None:
    raw = {"召回": [{"编号": "1", "召回日": "2018-01-01"}], "齐备": ["召回", "环节"]}
    if any(c.startswith("P3") for c in codes(WAIVED_STAGE)):
        return
    assert both(decided(WAIVED_STAGE, {**raw, "怀孕": "是"}), "学习", "1") == same("must_waivable")


STRUCK = (
    REGIME
    + """规定 甲 rule_a
    依据：T-02
    应当：免职或者调离
    由：县委

规定 乙 rule_b
    依据：T-03
    当：怀孕
    不得：免职

规定 丙 rule_c
    依据：T-04
    当：患病
    不得：调离

"""
)


def test_7_13_a_struck_option_is_shown_with_what_strikes_it() -> None:
    d = decided(STRUCK, {"怀孕": "是", "患病": "否"})
    assert both(d, "免职") == same("must_not") and both(d, "调离") == same("must_one_of")
    assert {"T-02", "T-03"} <= {b for g in at(d, "免职").grounds for b in g.rule.basis}
    entry = next(x for x in plain(d)["measures"] if x["rule"] == "甲")
    assert (entry["open"], entry["struck"], entry["chosen_by"]) == (["调离"], ["免职"], ["县委"])


def test_7_13_unknown_eligibility_is_perhaps_open() -> None:
    d = decided(STRUCK, {"怀孕": "是"})
    assert both(d, "免职")[1] >= {"must_not"} and {"must_one_of", "must_not"} <= both(d, "调离")[1]
    assert gaps(d) == {("not_asked", "患病")}


def test_7_13_all_options_struck_is_a_conflict() -> None:
    d = decided(STRUCK, {"怀孕": "是", "患病": "是"})
    assert "conflict" in both(d, "免职")[1] | both(d, "调离")[1], (
        "the duty to choose cannot be met, and nothing says so"
    )


def test_7_14_conditions_of_a_may_not_met() -> None:
    text = RULE.replace("应当：召回", "可以：召回\n    由：县委")
    assert both(decided(text, {"退休": "否"}), "召回") == same("silent"), "nothing follows; not 不得"
    assert both(decided(text, {"退休": "是"}), "召回") == same("may")
    assert both(decided(text, {}), "召回") == same("silent", "may")


def test_7_15_an_act_against_the_conclusion_changes_nothing() -> None:
    raw = {"退休": "否", "召回": [{"编号": "1", "召回日": "2018-01-01"}], "齐备": ["召回"]}
    d = decided(RULE, raw)
    assert both(d, "召回") == same("silent") and d.given.lists["召回"].known[0].id == "1"


@pytest.mark.parametrize(
    ("retired", "relation"), [("否", "without_ground"), ("是", "in_accord"), ("不明", "open")]
)
def test_7_15_an_act_and_the_conclusion_are_both_shown(retired: str, relation: str) -> None:
    raw = {"退休": retired, "处理": [{"编号": "1", "生效日": "2018-01-01", "种类": "召回"}], "齐备": ["处理"]}
    d = decided(RULE, raw)
    assert [(a.row.id, a.effect, a.relation) for a in acts(d)] == [("1", "召回", relation)]
    told = "记录所载之举：处理1 召回 — 以决定日论本制度未得出此举，或另有依据；召回（本人）：不发生"
    assert (told in summary(d, "zh")) == (told in opinion(d, "zh")) == (relation == "without_ground")
    assert plain(d)["acts"][0]["relation"] == relation


def test_7_15_an_act_answers_to_its_own_matter_and_to_a_bar() -> None:
    barred = RULE.replace("应当：召回", "不得：召回")
    raw = {"退休": "是", "处理": [{"编号": "1", "生效日": "2018-01-01", "种类": "召回"}, {"编号": "2", "生效日": "2030-01-01", "种类": "召回"}]}
    assert [(a.row.id, a.relation) for a in acts(decided(barred, raw))] == [("1", "barred")]
    raw["处理"][0]["种类"] = "表彰"
    assert not list(acts(decided(barred, raw))), "表彰 is not this regime's to give"


def test_7_16_conditions_never_read_conclusions() -> None:
    assert "P210" in codes(RULE + "规定 丁 rule_d\n    依据：T-06\n    当：甲\n    应当：免职\n\n")
    policy(RULE + "规定 丁 rule_d\n    依据：T-06\n    当：有 处理（种类 为 召回）\n    应当：免职\n\n")


def test_no_conclusion_is_left_open_with_nothing_missing() -> None:
    for text in (EXCEPTED, CHAIN, ELEMENT, BOUND_AND_BARRED, waiver(), STRUCK):
        assert not unexplained(decided(text, {}))
