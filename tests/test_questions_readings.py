"""Questions 7.25–7.29: readings, who chooses them, units below the county, layers."""

from __future__ import annotations

import pytest
from attrs import evolve
from packs import (
    REGIME,
    at,
    both,
    cited,
    codes,
    decided,
    findings,
    gap,
    gaps,
    lines,
    policy,
    same,
    turns,
    unexplained,
    words,
)

from policy_dsl.diagnostics import render
from policy_dsl.report.json import plain
from policy_dsl.report.opinion import opinion

NAMES = "子丑寅卯辰巳午"
READINGS = "".join(
    f"解读 读{c} reading_{i}\n    依据：T-1{i}\n    问：怎么读\n        （一）{c}左 left_{i}：一；\n        （二）{c}右 right_{i}：二；\n\n"
    for i, c in enumerate(NAMES)
)


def rule(condition: str) -> str:
    return f"{REGIME}{READINGS}规定 甲 rule_a\n    依据：T-02\n    {condition}\n    应当：召回\n\n"


def test_7_25_settled_only_if_equal_under_every_reading() -> None:
    d = decided(rule("当：读子 取 子左 或 怀孕"), {"怀孕": "是"})
    assert both(d, "召回") == same("must") and at(d, "召回").turns == () and not d.gaps
    d = decided(rule("当：读子 取 子左 或 怀孕"), {"怀孕": "否"})
    c = at(d, "召回")
    assert turns(c) == {(("读子", "子左"),): same("must"), (("读子", "子右"),): same("silent")}
    assert gap(d, "读子").kind == "reading" and gap(d, "读子").who == ("解读者",) and "T-10" in cited(c)
    assert "读子" in opinion(d, "zh")


def test_7_25_readings_that_settle_the_same_by_different_ways_are_settled() -> None:
    """Kleene within each combination, all combinations across: left or not left is yes."""
    text = rule("有下列情形之一：\n        （一）读子 取 子左 且 怀孕；\n        （二）读子 取 子右 且 怀孕；")
    c = at(decided(text, {"怀孕": "是"}), "召回")
    assert lines(c) == same("must") and c.turns == () and c.same_whichever == ("读子",)
    d = decided(text, {})
    c = at(d, "召回")
    assert lines(c) == same("silent", "must") and c.turns == () and gaps(d) == {("not_asked", "怀孕")}


def test_7_25_only_readings_that_change_the_result_are_named() -> None:
    text = rule(
        "有下列情形之一：\n        （一）读子 取 子左；\n        （二）读丑 取 丑左 且 怀孕；\n        （三）读丑 取 丑右 且 怀孕；"
    )
    c = at(decided(text, {"怀孕": "是"}), "召回")
    assert lines(c) == same("must") and c.turns == ()
    c = at(decided(text, {"怀孕": "否"}), "召回")
    assert {k[0][0] for k in turns(c)} == {"读子"}


XOR = "（一）读子 取 子左 且 读丑 取 丑右；\n        （二）读子 取 子右 且 读丑 取 丑左；"


def test_7_25_two_readings_that_matter_only_together() -> None:
    c = at(decided(rule(f"有下列情形之一：\n        {XOR}")), "召回")
    assert {k: sorted(v[1]) for k, v in turns(c).items()} == {
        (("读丑", "丑左"), ("读子", "子左")): ["silent"], (("读丑", "丑右"), ("读子", "子左")): ["must"],
        (("读丑", "丑左"), ("读子", "子右")): ["must"], (("读丑", "丑右"), ("读子", "子右")): ["silent"],
    }  # fmt: skip


def test_7_25_beyond_the_cap_nothing_is_called_the_same_whichever() -> None:
    """Seven readings, 128 combinations: one at a time is said so, and proves nothing about two together."""
    rest = " 且 ".join(f"读{c} 取 {c}左" for c in NAMES[2:])
    d = decided(rule(f"有下列情形之一：\n        {XOR}\n        （三）怀孕 且 {rest}；"), {"怀孕": "是"})
    c = at(d, "召回")
    assert c.capped and lines(c) == same("silent", "must")
    assert not {"读子", "读丑"} & set(c.same_whichever), "the result turns on these two"
    assert {("reading", "读子"), ("reading", "读丑")} <= gaps(d) and not unexplained(d)


def test_7_25_choosing_one_reading_leaves_the_others_open() -> None:
    d = decided(rule(f"有下列情形之一：\n        {XOR}"), readings={"读子": "子左"})
    assert turns(at(d, "召回")) == {(("读丑", "丑左"),): same("silent"), (("读丑", "丑右"),): same("must")}
    assert plain(d)["readings"] == {"读子": "子左"}


def test_7_25_a_reading_behind_an_incomplete_list_is_named() -> None:
    """Under the narrow reading nothing follows whatever the list still holds: the outcome turns on it."""
    text = rule("当：有 行为（读子 取 子左 且 类型 为 饮酒）")
    assert both(decided(text, readings={"读子": "子右"}), "召回") == same("silent")
    d = decided(text)
    assert turns(at(d, "召回")) == {(("读子", "子左"),): same("silent", "must"), (("读子", "子右"),): same("silent")}
    assert gaps(d) == {("list_open", "行为"), ("reading", "读子")}


def test_7_26_a_chosen_reading_is_shown_and_no_text_chooses_one() -> None:
    text = rule("当：读子 取 子左")
    assert both(decided(text), "召回") == same("silent", "must")
    d = decided(text, readings={"读子": "子左"})
    assert both(d, "召回") == same("must") and "读子 取 子左" in opinion(d, "zh").splitlines()[2]
    assert plain(d)["readings_chosen_by"] == ""
    by = evolve(d, question=evolve(d.question, chosen_by="县委法规室"))
    assert (
        "读子 取 子左（由 县委法规室）" in opinion(by, "zh").splitlines()[2]
        and plain(by)["readings_chosen_by"] == "县委法规室"
    )


def units(allowed: str, given: str) -> str:
    head = "制度 试验办法 lab_rules\n    依据：T-01\n    机关：县委\n    施行：自 2016年6月1日 起\n    溯及：不溯及\n    下级：单位\n"
    return f"""{head}
参数 次数线 limit
    依据：T-06
    单位：次
    授权：{allowed}

定义 另列情形 further_ground
    依据：T-07
    授权：未载明

规定 甲 rule_a
    依据：T-02
    当：行为的次数 不少于 次数线
    应当：召回

规定 乙 rule_b
    依据：T-03
    当：另列情形
    应当：登记

制度 东镇细则 east_rules
    依据：东镇细则第一条
    上位：试验办法
    单位：“东镇”
    施行：自 2017年1月1日 起

参数 次数线 limit
    依据：东镇细则第二条
    取值：{given}

"""


def acts(n: int) -> dict[str, object]:
    return {"行为": [{"编号": str(i), "发生日": "2016-07-01"} for i in range(n)], "齐备": ["行为"]}


@pytest.mark.parametrize(("n", "expected"), [(2, same("silent")), (3, same("must"))])
def test_7_27_a_unit_gives_what_is_delegated(n: int, expected: object) -> None:
    d = decided(units("一次以上", "三次"), {"单位": "东镇", **acts(n)})
    assert both(d, "召回") == expected and "东镇细则第二条" in cited(at(d, "召回"))
    assert both(d, "登记") == ({"silent"}, {"silent", "must"}), "what it does not give stays not obtained"
    assert ("not_obtained", "另列情形") in gaps(d)


def test_7_27_an_absent_unit_text_is_not_obtained_with_the_unit_named() -> None:
    d = decided(units("一次以上", "三次"), {"单位": "西镇", **acts(2)})
    assert both(d, "召回") == same("silent", "must") and gap(d, "次数线").kind == "not_obtained"
    assert both(decided(units("一次以上", "三次"), {"单位": "西镇", **acts(0)}), "召回") == same("silent")
    assert "西镇" in opinion(d, "zh"), "which unit's text is wanting"


def test_7_27_an_unknown_unit_is_asked_for() -> None:
    d = decided(units("一次以上", "三次"), acts(2))
    assert both(d, "召回") == same("silent", "must") and {("not_asked", "单位"), ("not_obtained", "次数线")} <= gaps(d)


def test_7_27_a_unit_text_counts_from_its_own_first_day() -> None:
    text = units("一次以上", "三次")
    assert both(decided(text, {"单位": "东镇", **acts(3)}, on="2016-12-31"), "召回") == same("silent", "must")
    assert both(decided(text, {"单位": "东镇", **acts(3)}, on="2017-01-01"), "召回") == same("must")


def test_7_27_one_unit_for_the_whole_decision() -> None:
    moved = [{"自": "2010-01-01", "值": "西镇"}, {"自": "2018-06-01", "值": "东镇"}]
    text = units("一次以上", "三次")
    assert both(decided(text, {"单位": moved, **acts(2)}), "召回") == same("silent"), "the unit of the day of decision"
    assert both(decided(text, {"单位": moved, **acts(2)}, on="2018-05-31"), "召回") == same("silent", "must")


GOVERNING = """解读 适用单位 whose_rules
    依据：T-08
    问：调动过的人，照哪个单位的细则办
        （一）现单位 present_one：决定之日所在的；
        （二）原单位 former_one：末次行为之日所在的；

定义 末次行为日 last_acted_on
    依据：T-08
    是指：行为的发生日最近

定义 细则所属单位 governing
    依据：T-08
    是指：
        （一）适用单位 取 原单位 且 有 行为：末次行为日的单位；
        （二）其余：决定日的单位；

"""
SOUTH = """制度 南镇细则 south_rules
    依据：南镇细则第一条
    上位：试验办法
    单位：“南镇”
    施行：自 2016年7月1日 起

参数 次数线 limit
    依据：南镇细则第二条
    取值：一次

"""


def moving(*steps: tuple[str, str]) -> dict[str, object]:
    """A person with two events of 2016-07-01, in these units from these days."""
    return {"单位": [{"自": day, "值": unit} for day, unit in steps], **acts(2)}


def governed() -> str:
    text = units("一次以上", "三次").replace("    下级：单位\n", "    下级：细则所属单位\n")
    # The county's own declarations stand before the first unit's text.
    return text.replace("制度 东镇细则", GOVERNING + "制度 东镇细则") + SOUTH


def test_7_27_whose_rules_govern_a_moved_person_is_a_reading() -> None:
    d = decided(governed(), moving(("2010-01-01", "南镇"), ("2018-06-01", "东镇")))
    assert turns(at(d, "召回")) == {(("适用单位", "现单位"),): same("silent"), (("适用单位", "原单位"),): same("must")}
    assert ("reading", "适用单位") in gaps(d) and gap(d, "适用单位").who == ("解读者",)
    for unit, article in (("原单位", "南镇细则第二条"), ("现单位", "东镇细则第二条")):
        d = decided(governed(), moving(("2010-01-01", "南镇"), ("2018-06-01", "东镇")), readings={"适用单位": unit})
        assert at(d, "召回").settled and article in cited(at(d, "召回"))


@pytest.mark.parametrize(("day", "reading"), [("2016-06-30", False), ("2016-07-01", False), ("2016-07-02", True)])
def test_7_27_it_matters_only_from_the_day_after_the_conduct(day: str, reading: bool) -> None:
    d = decided(governed(), moving(("2010-01-01", "南镇"), (day, "东镇")))
    assert (("reading", "适用单位") in gaps(d)) == reading
    assert at(d, "召回").settled != reading


def test_7_27_whose_rules_is_not_asked_of_who_never_moved() -> None:
    for unit in ("东镇", [{"自": "2010-01-01", "值": "东镇"}]):
        d = decided(governed(), {"单位": unit, **acts(3)})
        assert both(d, "召回") == same("must") and ("reading", "适用单位") not in gaps(d)


def test_7_27_whose_rules_is_not_asked_where_they_are_alike() -> None:
    text = governed().replace("依据：南镇细则第二条\n    取值：一次", "依据：南镇细则第二条\n    取值：三次")
    d = decided(text, moving(("2010-01-01", "南镇"), ("2018-06-01", "东镇")))
    assert both(d, "召回") == same("silent") and ("reading", "适用单位") not in gaps(d)


def test_7_27_one_unit_governs_events_in_two() -> None:
    """One event in each unit, under one unit's text: never one's text for the one and the other's for the other."""
    both_units = moving(("2010-01-01", "东镇"), ("2017-06-01", "南镇"))
    both_units["行为"] = [{"编号": "1", "发生日": "2017-01-01"}, {"编号": "2", "发生日": "2017-07-01"}]
    for unit in ("原单位", "现单位"):
        d = decided(governed(), both_units, readings={"适用单位": unit})
        assert both(d, "召回") == same("must") and not {"东镇细则第二条"} & cited(at(d, "召回"))


def test_7_27_the_unit_whose_text_is_absent_is_named() -> None:
    d = decided(governed(), moving(("2010-01-01", "西镇"), ("2018-06-01", "北镇")), readings={"适用单位": "原单位"})
    assert gap(d, "次数线").unit == "西镇" and "本人所在单位“西镇”" in opinion(d, "zh")
    assert {g["unit"] for g in plain(d)["missing"] if g["kind"] == "not_obtained"} == {"西镇"}
    d = decided(governed(), moving(("2010-01-01", "西镇"), ("2018-06-01", "北镇")))
    assert gap(d, "次数线").unit == "", "which of the two is open"


def test_7_27_a_fact_is_read_on_the_day_a_definition_comes_to() -> None:
    text = REGIME + GOVERNING.split("定义 细则所属单位", maxsplit=1)[0]
    assert "P202" in codes(text.replace("是指：行为的发生日最近", "是指：行为的次数") + RANKED)
    ranks = [{"自": "2010-01-01", "值": "科员"}, {"自": "2016-07-02", "值": "副科"}]
    assert both(decided(text + RANKED, {"职级": ranks, **acts(1)}), "召回") == same("silent")
    ranks[1]["自"] = "2016-07-01"
    assert both(decided(text + RANKED, {"职级": ranks, **acts(1)}), "召回") == same("must")


RANKED = "规定 甲 rule_a\n    依据：T-02\n    当：末次行为日的职级 为 副科\n    应当：召回\n\n"


@pytest.mark.parametrize(
    ("allowed", "given", "within"),
    [("一次以上", "一次", True), ("二次以上", "一次", False), ("一次以上、三次以下", "三次", True), ("一次以上、三次以下", "四次", False),
     ("一次以外", "一次", False), ("一次以外", "二次", True)],
)  # fmt: skip
def test_7_27_a_unit_text_keeps_within_its_bounds(allowed: str, given: str, within: bool) -> None:
    found = [d for d in findings(units(allowed, given)) if d.code == "P311"]
    assert (not found) == within
    for d in found:
        assert (
            "东镇细则第二条" in render(d, "zh")
            and "T-06" in render(d, "en")
            and d.others[0].span.text.startswith("授权")
        )


def test_7_27_a_unit_cannot_give_what_is_not_delegated() -> None:
    text = units("一次以上", "三次").replace("    单位：次\n    授权：一次以上\n", "    取值：二次\n")
    assert "P310" in codes(text)
    found = next(d for d in findings(text) if d.code == "P310")
    assert [n.span.text for n in found.others] == ["次数线"], "the county's provision beside the unit's"
    assert "P310" in codes(
        units("一次以上", "三次") + "参数 别的线 other_limit\n    依据：东镇细则第三条\n    取值：三次\n\n"
    )


LAYERED = (
    REGIME
    + """规定 甲 rule_a
    依据：T-02
    层级：计划
    应当：召回

规定 乙 rule_b
    依据：T-03
    应当：登记

除外 丙 rule_c
    依据：T-04
    层级：计划
    不适用：乙

除外 丁 rule_d
    依据：T-05
    层级：国家
    当：怀孕
    不适用：乙

规定 戊 rule_e
    依据：T-06
    层级：假设
    不得：登记

"""
)


def test_7_28_a_national_exception_reaches_a_county_rule() -> None:
    assert both(decided(LAYERED, {"怀孕": "是"}), "登记") == same("silent")
    assert both(decided(LAYERED, {"怀孕": "否"}), "登记") == same("must")


def test_7_28_a_county_exception_does_not_reach_a_national_rule() -> None:
    text = REGIME + "规定 甲 rule_a\n    依据：T-02\n    层级：国家\n    不得：免职\n\n"
    text += "除外 乙 rule_b\n    依据：T-03\n    当：怀孕\n    不适用：甲\n\n"
    if any(c.startswith("P3") for c in codes(text)):
        return
    assert both(decided(text, {"怀孕": "是"}), "免职") == same("must_not")


def test_7_29_a_plan_neither_binds_nor_excepts_in_a_default_run() -> None:
    d = decided(LAYERED, {"怀孕": "否"})
    assert both(d, "召回") == same("silent") and both(d, "登记") == same("must")
    left = {(x["rule"], x["layer"]) for x in plain(d)["layers"]["not_considered"]}
    assert left == {("甲", "plan"), ("丙", "plan"), ("戊", "hypothetical")}


def test_7_29_an_admitted_layer_counts_and_is_an_assumption() -> None:
    d = decided(LAYERED, {"怀孕": "否"}, layers=("plan",))
    assert both(d, "召回") == same("must") and both(d, "登记") == same("silent")
    assert [a["what"] for a in plain(d)["assumptions"]] == ["试验办法已施行"]
    assert both(decided(LAYERED, {"怀孕": "否"}, layers=("hypothetical",)), "登记") == same("conflict")


def test_7_29_a_plan_alone_says_it_is_a_plan() -> None:
    d = decided(LAYERED, {"怀孕": "否"})
    at_rule = [g for g in at(d, "召回").grounds if g.rule.name == "甲"]
    assert words(at(d, "召回").whole) == {"silent"} and at_rule and "计划" in opinion(d, "zh")
    assert policy(LAYERED).rules[0].layer == "plan"


VERSIONS = """制度 试验办法 lab_rules
    依据：T-01
    机关：县委
    施行：自 2016年6月1日 起
    溯及：从旧兼从轻

规定 甲 rule_a
    对：每一 行为
    依据：T-02
    应当：记过

制度 新办法 new_rules
    依据：T-09
    上位：试验办法
    接替：试验办法
    施行：自 2018年1月1日 起

规定 乙 rule_b
    对：每一 行为
    依据：T-03
    应当：%s

"""


def under(new: str, day: str, on: str = "2018-01-01") -> tuple[tuple[set[str], set[str]], tuple[set[str], set[str]]]:
    d = decided(VERSIONS % new, {"行为": [{"编号": "1", "发生日": day}], "齐备": ["行为"]}, on=on)
    return both(d, "记过", "1"), both(d, new, "1")


def test_7_20_each_version_governs_what_arose_under_it() -> None:
    assert under("警告", "2017-01-01", "2017-12-31") == (same("must"), same("silent"))
    assert under("警告", "2018-01-01") == (same("silent"), same("must"))


def test_7_20_which_version_is_milder_is_shown_both_ways() -> None:
    for new in ("警告", "开除", "扣奖"):
        d = decided(
            VERSIONS % new, {"行为": [{"编号": "1", "发生日": "2017-12-31"}], "齐备": ["行为"]}, on="2018-01-01"
        )
        for effect, milder in (("记过", "旧的较轻"), (new, "新的较轻")):
            by = {k[0]: v[1] for k, v in turns(at(d, effect, "1")).items()}
            assert {k[1] for k, v in by.items() if v == {"must"}} == {milder}


def test_7_20_conduct_before_either_version_is_reached_by_neither() -> None:
    assert under("警告", "2016-05-31") == (same("silent"), same("silent"))
