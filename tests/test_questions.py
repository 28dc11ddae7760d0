"""LANGUAGE.md §4: the tricky provisions, on records of our own, against the policies as shipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packs import at, both, cited, decided, gap, gaps, lines, same, turns, words

from policy_dsl import model as m
from policy_dsl.check import check
from policy_dsl.decide import Decision
from policy_dsl.pack import load

ROOT = Path(__file__).parent.parent / "policies"
COUNTIES = ("daye", "dongtou", "fenggang", "moxian", "wuzhong")


@cache
def shipped(county: str) -> m.Policy:
    checked = check(load(ROOT / county))
    assert checked.policy is not None
    return checked.policy


def ask(county: str, raw: dict[str, Any], **more: Any) -> Decision:
    return decided(shipped(county), raw, **{"on": "2019-06-30", **more})


MATTER = {
    "编号": "9",
    "发生日": "2017-03-01",
    "主体": "个人主体",
    "明令禁止": "否",
    "失误": "是",
    "偏差": "否",
    "影响": "否",
    "未达预期": "否",
    "损失": "无",
}
QUESTIONS = (
    "经科学民主决策",
    "阳光运行",
    "谋取不当利益",
    "合于决策部署",
    "最大程度补救",
    "先行先试",
    "探索性失误",
    "围绕战略主动作为",
    "因政策变化所致",
)


def found(**answers: str) -> list[dict[str, str]]:
    return [{"问题": q, "所属": "容错事项", "所属编号": "9", "答": a} for q, a in answers.items()]


def test_daye_every_fact_of_condition_a_opens_exemption() -> None:
    answers = found(经科学民主决策="是", 阳光运行="是", 谋取不当利益="否")
    d = ask("daye", {"容错事项": [MATTER], "齐备": ["容错事项"], "认定": answers})
    for effect in ("免责", "减责"):
        c = at(d, effect, "9")
        assert lines(c) == same("may") and {b for g in c.grounds for b in g.by} == {"未载明"}
        assert {"Y-02", "Y-03"} <= cited(c)


@pytest.mark.parametrize("broken", ["经科学民主决策", "阳光运行", "谋取不当利益"])
def test_daye_each_fact_of_condition_a_is_needed(broken: str) -> None:
    facts = dict.fromkeys(QUESTIONS, "否") | {"经科学民主决策": "是", "阳光运行": "是"}
    facts[broken] = "否" if facts[broken] == "是" else "是"
    d = ask("daye", {"容错事项": [MATTER], "齐备": ["容错事项"], "认定": found(**facts)})
    assert both(d, "免责", "9") == ({"silent"}, {"silent", "may"})


def test_daye_none_of_the_printed_conditions_is_undetermined_and_never_refused() -> None:
    d = ask("daye", {"容错事项": [MATTER], "齐备": ["容错事项"], "认定": found(**dict.fromkeys(QUESTIONS, "否"))})
    for effect in ("免责", "减责"):
        assert both(d, effect, "9") == ({"silent"}, {"silent", "may"})
    assert any(g.kind == "unprinted" and "六种" in str(getattr(g.node, "note", "")) for g in d.gaps)
    assert not any("must_not" in words(c.whole | c.printed) for c in d.conclusions)


def test_daye_no_cadre_is_recalled() -> None:
    d = ask("daye", {"齐备": list(shipped("daye").shape.lists)})
    assert not any(c.effect == "召回" and c.arises for c in d.conclusions)


RED = {"编号": "1", "评定日": "2018-02-01", "年度": "2017年", "牌": "红牌"}


def red_2017(
    rank: str = "正科", leading: str = "否", result: str = "不合格", recalled: str = "2018-05-20"
) -> dict[str, Any]:
    stage = {
        "编号": "1",
        "所属召回": "1",
        "名称": "一线回炉",
        "开始日": "2018-07-01",
        "结束日": "2018-09-30",
        "结果": result,
        "鉴定日": "2018-10-10",
    }
    return {
        "身份": "公务员", "职级": rank, "领导职务": leading, "积分考核": [RED],
        "召回": [{"编号": "1", "召回日": recalled, "考核年度": "2017年", "评定日": "2018-02-01"}], "环节": [stage], "齐备": ["环节", "召回"],
    }  # fmt: skip


def test_dongtou_a_red_card_of_2017_leads_to_recall_under_every_reading() -> None:
    c = at(ask("dongtou", red_2017()), "召回", "1", "积分考核")
    assert lines(c) == same("must") and c.turns == () and {"D-02", "D-06"} <= cited(c)


def test_dongtou_strict_against_narrated_differ_only_in_three_measures() -> None:
    chosen = {"事由时点": "按评定", "分支口径": "领导职务者", "一般干部口径": "非领导职务", "扣奖出处": "出自召回", "二次名称": "同一", "首批去向": "中途减员"}
    strict, narrated = (ask("dongtou", red_2017(), readings={**chosen, "溯及往年": x}) for x in ("从严", "照述"))
    for effect, then in (
        ("人事关系暂挂", "must"),
        ("二次调配", "must"),
        ("扣发绩效奖", "must"),
        ("停发绩效奖", "must"),
    ):
        assert both(strict, effect, "1", "召回") == same("silent"), effect
        assert both(narrated, effect, "1", "召回") == same(then), effect
    differ = {
        c.effect
        for c in strict.conclusions
        if lines(c) != both(narrated, c.effect, c.row.id if c.row else None, c.list)
    }
    assert differ == {"人事关系暂挂", "二次调配", "扣发绩效奖", "停发绩效奖", "扣减考绩奖", "去向未载明"}
    assert both(strict, "召回", "1", "积分考核") == both(narrated, "召回", "1", "积分考核") == same("must")


def test_dongtou_which_day_a_ground_arose_decides_under_the_strict_reading() -> None:
    d = ask("dongtou", red_2017(recalled="2018-06-01"), readings={"溯及往年": "从严"})
    by_day = {k[0][1]: v[1] for k, v in turns(at(d, "人事关系暂挂", "1", "召回")).items()}
    assert by_day == {"按年度": {"silent"}, "按评定": {"silent"}, "按召回": {"must"}}
    d = ask("dongtou", red_2017(recalled="2018年5月"), readings={"溯及往年": "从严", "事由时点": "按召回"})
    assert both(d, "人事关系暂挂", "1", "召回") == same("silent", "must")
    assert {("imprecise", "召回日"), ("unprinted", "召回办法的施行日")} <= gaps(d)


@pytest.mark.parametrize(
    ("rank", "leading", "branch", "measures", "placement"),
    [
        ("正科", "是", "领导职务者", "must", "silent"), ("正科", "是", "科级者", "must", "silent"), ("正科", "否", "领导职务者", "silent", "must"),
        ("副科", "否", "科级者", "must", "silent"), ("科员", "否", "科级者", "silent", "must"), ("科员", "是", "领导职务者", "silent", "must"),
    ],
)  # fmt: skip
def test_dongtou_failed_rework_branches_on_rank(
    rank: str, leading: str, branch: str, measures: str, placement: str
) -> None:
    d = ask("dongtou", red_2017(rank, leading), readings={"溯及往年": "照述", "分支口径": branch, "首批去向": "中途减员"})
    assert both(d, "组织措施", "1", "召回") == same(measures) and both(d, "二次调配", "1", "召回") == same(placement)


def test_dongtou_rank_unknown_leaves_both_branches_open_and_never_asks_for_gravity() -> None:
    raw = red_2017()
    del raw["职级"]
    d = ask("dongtou", raw, readings={"溯及往年": "照述", "分支口径": "科级者"})
    assert both(d, "组织措施", "1", "召回") == both(d, "二次调配", "1", "召回") == same("silent", "must")
    assert ("not_asked", "职级") in gaps(d) and not any(name == "情节" for _, name in gaps(d))


def test_dongtou_the_two_lists_of_measures_are_a_reading() -> None:
    d = ask("dongtou", red_2017(leading="是"), readings={"溯及往年": "照述", "首批去向": "中途减员"})
    c = at(d, "降职", "1", "召回")
    assert turns(c) == {(("措施清单", "三项"),): same("silent"), (("措施清单", "四项"),): same("must_one_of")}
    assert both(d, "免职", "1", "召回") == same("must_one_of") and all(g.option.open_list for g in c.grounds)


EDUCATED = {"编号": "1", "所属召回": "1", "名称": "集中教育", "开始日": "2017-03-01", "结束日": "2017-03-07"}
TRACKED = {"编号": "2", "所属召回": "1", "名称": "跟踪考察", "开始日": "2017-03-08", "结束日": "2017-04-07"}


def tracked(education: str, tracking: str | None = None, willing: str | None = None) -> dict[str, Any]:
    second = [{**TRACKED, "结果": tracking, "鉴定日": "2017-04-10", **({"愿接收": willing} if willing else {})}] if tracking else []
    return {
        "身份": "公务员", "召回": [{"编号": "1", "召回日": "2017-02-20"}], "环节": [{**EDUCATED, "结果": education}, *second], "齐备": ["环节", "召回"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("result", "placed", "other"),
    [("合格", "单位重点工作", "县级重点项目"), ("不合格", "县级重点项目", "单位重点工作")],
)
def test_fenggang_pass_and_fail_both_lead_to_tracking_differently_placed(result: str, placed: str, other: str) -> None:
    d = ask("fenggang", tracked(result))
    assert both(d, "跟踪考察", "1", "召回") == same("must")
    assert both(d, placed, "1", "召回") == same("must") and both(d, other, "1", "召回") == same("silent")
    body = {"合格": "所在单位党委", "不合格": "县委"}[result]
    assert {b for g in at(d, "跟踪考察", "1", "召回").grounds for b in g.by} == {body}


@pytest.mark.parametrize(
    ("result", "willing", "destination"),
    [
        ("不合格", "是", "进入组织处理"),
        ("不合格", "否", "进入组织处理"),
        ("合格", "是", "回原单位"),
        ("合格", "否", "去向未载明"),
    ],
)
def test_fenggang_where_tracking_leads(result: str, willing: str, destination: str) -> None:
    d = ask("fenggang", tracked("合格", result, willing))
    for name in ("进入组织处理", "回原单位", "去向未载明"):
        assert both(d, name, "1", "召回") == same("must" if name == destination else "silent"), name


def test_fenggang_an_appraisal_without_its_day_leaves_open_whether_it_was_made_yet() -> None:
    raw = tracked("合格", "不合格", "是")
    del raw["环节"][1]["鉴定日"]
    d = ask("fenggang", raw)
    assert both(d, "进入组织处理", "1", "召回") == same("silent", "must") and ("not_asked", "鉴定日") in gaps(d)


def test_fenggang_willingness_not_asked_leaves_two_destinations() -> None:
    d = ask("fenggang", tracked("合格", "合格"))
    assert both(d, "回原单位", "1", "召回") == both(d, "去向未载明", "1", "召回") == same("silent", "must")
    assert both(d, "进入组织处理", "1", "召回") == same("silent") and ("not_asked", "愿接收") in gaps(d)


def late(n: int, unit: str) -> dict[str, Any]:
    rows = [
        {"编号": str(i), "发生日": f"2017-03-0{i}", "类型": "迟到", "场合": "上班", "事由号": str(i)}
        for i in range(1, n + 1)
    ]
    proven = [{"问题": "属实", "所属": "行为", "所属编号": str(i), "答": "是"} for i in range(1, n + 1)]
    reminder = {"编号": "1", "生效日": "2017-01-02", "种类": "谈话提醒"}
    return {"身份": "公务员", "单位": unit, "行为": rows, "处理": [reminder], "认定": proven, "齐备": ["行为", "处理"]}


def test_fenggang_a_unit_gives_only_what_is_delegated_and_an_absent_one_is_not_obtained() -> None:
    readings = {"应召尽召": "羁束"}
    for n, expected in ((2, same("silent")), (3, same("must"))):
        d = ask("fenggang", late(n, "虚构镇"), readings=readings, layers=("hypothetical",))
        assert both(d, "召回") == expected
    d = ask("fenggang", late(1, "虚构局"), readings=readings, layers=("hypothetical",))
    assert both(d, "召回") == same("must")
    d = ask("fenggang", late(2, "没有细则的乡"), readings=readings)
    assert both(d, "召回")[1] == {"silent", "must"} and ("not_obtained", "单位所列情形") in gaps(d)
    assert gap(d, "单位所列情形").who == ("本人所在单位",) or "没有细则的乡" in gap(d, "单位所列情形").who


def cards(*rows: tuple[str, str, str]) -> dict[str, Any]:
    listed = [
        {"编号": str(i), "亮牌日": d, "颜色": c, "状态": "有效", "事由号": n} for i, (d, c, n) in enumerate(rows, 1)
    ]
    return {"身份": "村社干部", "职级": "无", "村社牌": listed, "齐备": ["村社牌", "环节", "召回"]}


def test_village_two_yellow_cards_count_as_a_red_one() -> None:
    two = cards(("2019-01-10", "黄牌", "甲"), ("2019-03-10", "黄牌", "乙"))
    assert both(ask("dongtou", two, layers=("plan",)), "免职") == same("must_one_of")
    assert both(ask("dongtou", cards(("2019-01-10", "黄牌", "甲")), layers=("plan",)), "免职") == same("silent")
    assert both(ask("dongtou", cards(("2019-01-10", "红牌", "甲")), layers=("plan",)), "免职") == same("must_one_of")
    assert both(ask("dongtou", two), "免职") == same("silent"), "a plan, not in a default run"


@pytest.mark.parametrize(
    ("first", "number", "reading", "alternative"),
    [("2018-03-01", "乙", "黄牌计数期", "限一年"), ("2019-03-01", "甲", "同一事由", "按事由")],
)
def test_village_window_and_same_incident_are_readings(first: str, number: str, reading: str, alternative: str) -> None:
    d = ask("dongtou", cards((first, "黄牌", number), ("2019-06-01", "黄牌", "甲")), layers=("plan",))
    result = {k[0]: v[1] for k, v in turns(at(d, "免职")).items()}
    assert {k[0] for k in result} == {reading} and result[reading, alternative] == {"silent"}
    assert set(map(frozenset, result.values())) == {frozenset({"silent"}), frozenset({"must_one_of"})}


@pytest.mark.parametrize("county", COUNTIES)
def test_exemption_never_cancels_recall(county: str) -> None:
    rules = {r.name: r for r in shipped(county).rules}
    for r in rules.values():
        if any(o.effect == "召回" for o in r.options):
            assert not any(
                rules[x].category == "exemption" or any("责" in o.effect for o in rules[x].options)
                for x in r.defeated_by
            )


def test_dongtou_an_exempted_matter_changes_no_conclusion_on_recall() -> None:
    matter = {**MATTER, "容错决定": "免责", "决定日期": "2017-12-01", "事由号": "甲"}
    with_, without = ask("dongtou", {**red_2017(), "容错事项": [matter]}), ask("dongtou", red_2017())
    assert [(c.effect, c.list, lines(c)) for c in with_.conclusions if c.effect == "召回"] == [
        (c.effect, c.list, lines(c)) for c in without.conclusions if c.effect == "召回"
    ]


@pytest.mark.parametrize("county", COUNTIES)
def test_a_clean_cadre_with_complete_lists_is_not_recalled_on_what_is_printed(county: str) -> None:
    raw = {
        "身份": "公务员",
        "职级": "正科",
        "领导职务": "是",
        "单位": "某乡",
        "齐备": list(shipped(county).shape.lists),
    }
    d = ask(county, raw)
    for c in d.conclusions:
        if c.effect in ("召回", "列入初步名单", "人事关系暂挂", "组织措施"):
            assert words(c.printed) == {"silent"}, c.effect


@pytest.mark.parametrize("county", ["dongtou", "fenggang"])
def test_without_complete_lists_nobody_is_cleared(county: str) -> None:
    d = ask(county, {"身份": "公务员", "职级": "正科", "领导职务": "是", "单位": "某乡"})
    assert len(both(d, "召回")[0]) > 1 and any(k == "list_open" for k, _ in gaps(d))
