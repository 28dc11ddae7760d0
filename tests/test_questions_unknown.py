"""Questions 7.1–7.8: what is not printed, not asked, not known, not applicable, not agreed."""

from __future__ import annotations

import pytest
from packs import REGIME, at, both, cited, codes, decided, gap, gaps, lines, policy, refused, same, turns, unexplained

from policy_dsl import model as m


def rule(condition: str, effect: str = "应当：召回") -> str:
    return f"{REGIME}规定 甲 rule_a\n    依据：T-02\n    当：{condition}\n    {effect}\n\n"


def acts(*kinds: str, **more: str) -> list[dict[str, str]]:
    return [{"编号": str(i), "发生日": f"2018-01-0{i}", "类型": k, **more} for i, k in enumerate(kinds, 1)]


UNPRINTED = (
    REGIME
    + """规定 甲 rule_a
    依据：T-02
    有下列情形之一：
        （一）有 行为（类型 为 饮酒）；
        （二）未载明（另外两种情形）；
    应当：召回

规定 乙 rule_b
    依据：T-03
    应当：登记

除外 丙 rule_c
    依据：T-04
    当：未载明（不登记的情形）
    不适用：乙

"""
)


def test_7_01_unprinted_branch_is_shown_on_two_lines() -> None:
    d = decided(UNPRINTED, {"齐备": ["行为"]})
    assert both(d, "召回") == ({"silent"}, {"silent", "must"})
    assert gap(d, "甲·另外两种情形").kind == "unprinted" and gap(d, "甲·另外两种情形").who == ("县委",)
    assert "T-02" in cited(at(d, "召回")) and not at(d, "召回").settled and d.status == "undetermined"


def test_7_01_a_printed_branch_that_holds_settles_both_lines() -> None:
    d = decided(UNPRINTED, {"行为": acts("饮酒"), "齐备": ["行为"]})
    assert both(d, "召回") == same("must") and at(d, "召回").settled


def test_7_01_an_unprinted_exception_vanishes_on_the_printed_line_only() -> None:
    d = decided(UNPRINTED, {"齐备": ["行为"]})
    assert both(d, "登记") == ({"must"}, {"must", "silent"})
    assert ("unprinted", "丙·不登记的情形") in gaps(d)
    assert [g.awaits_exception for g in at(d, "登记").grounds] == [True]


ALIKE = "有 行为（类型 属于 {迟到、早退、等}）"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("迟到", same("must")), ("饮酒", ({"silent"}, {"silent", "must"})), ("不明", same("silent", "must"))],
)
def test_7_02_etc_in_a_condition(kind: str, expected: object) -> None:
    d = decided(rule(ALIKE), {"行为": acts(kind), "齐备": ["行为"]})
    assert both(d, "召回") == expected
    assert ({k for k, _ in gaps(d)} >= {"not_found_alike"}) == (kind != "迟到")


@pytest.mark.parametrize("condition", ["没有 行为（类型 属于 {迟到、早退、等}）", "并非（" + ALIKE + "）"])
def test_7_02_etc_under_negation_is_not_settled_by_silence(condition: str) -> None:
    d = decided(rule(condition), {"行为": acts("饮酒"), "齐备": ["行为"]})
    assert both(d, "召回") == ({"must"}, {"silent", "must"})


def test_7_02_an_undeclared_value_refuses_the_record() -> None:
    assert refused(policy(rule(ALIKE)), {"行为": acts("跳舞")}) == {"R102"}


def test_7_02_what_the_body_would_settle_by_finding_it_alike() -> None:
    d = decided(rule(ALIKE), {"行为": acts("饮酒"), "齐备": ["行为"]}, what_if=True)
    found = next(g for g in d.gaps if g.kind == "not_found_alike")
    answers = {answer: results[0][3] for answer, results in found.answers}
    assert found.row is not None and found.row.id == "1" and found.who == ("县委",)
    assert answers == {"否": 1 << 0, "是": m.STATUS.option("must")}, "是 must give 应当, 否 不发生"


@pytest.mark.parametrize(("answer", "expected"), [("是", same("must")), ("否", same("silent"))])
def test_7_02_the_body_answers_in_the_record(answer: str, expected: object) -> None:
    answered = {"问题": "甲之等", "所属": "行为", "所属编号": "1", "答": answer, "机关": "县委"}
    d = decided(rule(ALIKE), {"行为": acts("饮酒"), "齐备": ["行为"], "认定": [answered]})
    assert both(d, "召回") == expected and d.status == "decided"
    english = answered | {"问题": "rule_a_etc"}
    assert both(decided(rule(ALIKE), {"行为": acts("饮酒"), "齐备": ["行为"], "认定": [english]}), "召回") == expected


def test_7_02_a_body_that_cannot_say_leaves_it_open() -> None:
    answered = {"问题": "甲之等", "所属": "行为", "所属编号": "1", "答": "不能认定"}
    d = decided(rule(ALIKE), {"行为": acts("饮酒"), "齐备": ["行为"], "认定": [answered]})
    assert both(d, "召回") == ({"silent"}, {"silent", "must"})
    assert {g.kind for g in d.gaps} == {"unanswerable"}


def test_7_02_an_answer_is_of_its_row_and_of_its_list() -> None:
    two = ALIKE + " 且 有 行为（类型 属于 {打牌、等}）"
    answers = [{"问题": "甲之等", "所属": "行为", "所属编号": "1", "答": "是"}]
    d = decided(rule(two), {"行为": acts("饮酒", "饮酒"), "齐备": ["行为"], "认定": answers})
    assert both(d, "召回") == ({"silent"}, {"silent", "must"})
    answers += [{"问题": "甲之等二", "所属": "行为", "所属编号": "2", "答": "是"}]
    assert both(decided(rule(two), {"行为": acts("饮酒", "饮酒"), "齐备": ["行为"], "认定": answers}), "召回") == same(
        "must"
    )


OPTIONS = (
    REGIME
    + """规定 甲 rule_a
    依据：T-02
    应当：免职、调离或者降职（患病） 等
    由：未载明

规定 乙 rule_b
    依据：T-03
    当：退休
    可以：表彰
    由：县委

"""
)


def test_7_03_options_are_not_limited_to_those_listed() -> None:
    d = decided(OPTIONS, {"患病": "否", "退休": "否"})
    assert both(d, "免职") == both(d, "调离") == same("must_one_of")
    assert both(d, "降职") == same("silent")
    assert all(g.option.open_list for g in at(d, "免职").grounds)
    assert both(d, "表彰") == same("silent")
    d = decided(OPTIONS, {})
    assert both(d, "降职") == same("must_one_of", "silent") and ("not_asked", "患病") in gaps(d)


def limit(clause: str) -> str:
    return f"""{REGIME}参数 次数线 limit
    依据：T-06
    单位：次
    {clause}

规定 甲 rule_a
    依据：T-02
    当：行为的次数 不少于 次数线
    应当：召回

"""


@pytest.mark.parametrize(("n", "expected"), [(0, same("silent")), (1, same("silent", "must")), (3, same("must"))])
def test_7_04_possible_values_are_executed_as_a_reading(n: int, expected: object) -> None:
    d = decided(limit("可能：一次、二次、三次"), {"行为": acts(*["迟到"] * n), "齐备": ["行为"]})
    c = at(d, "召回")
    assert lines(c) == expected
    if n == 1:
        assert turns(c) == {
            (("次数线", "一次"),): same("must"),
            (("次数线", "二次"),): same("silent"),
            (("次数线", "三次"),): same("silent"),
        }
        assert gap(d, "次数线").kind == "reading"
    else:
        assert c.turns == () and not d.gaps


def test_7_04_what_each_value_of_an_open_limit_would_give_is_shown() -> None:
    d = decided(limit("授权：一次以上"), {"行为": acts("迟到", "迟到"), "齐备": ["行为"]}, what_if=True)
    answers = {label: results[0][3] for label, results in gap(d, "次数线").answers}
    assert {1 << 0, m.STATUS.option("must")} == set(answers.values()), "below and at two 应当, above 不发生"


@pytest.mark.parametrize(
    ("n", "expected"), [(0, same("silent")), (1, same("silent", "must")), (9, same("silent", "must"))]
)
def test_7_04_bounds_alone_are_an_interval(n: int, expected: object) -> None:
    d = decided(limit("授权：一次以上"), {"行为": acts(*["迟到"] * n), "齐备": ["行为"]})
    assert both(d, "召回") == expected
    assert gaps(d) == (set() if n == 0 else {("not_obtained", "次数线")})


def test_7_04_an_upper_bound_settles_what_reaches_it() -> None:
    raw = {"行为": acts("迟到", "迟到", "迟到"), "齐备": ["行为"]}
    assert both(decided(limit("授权：一次以上、三次以下"), raw), "召回") == same("must")
    assert both(decided(limit("授权：一次以上、四次以下"), raw), "召回") == same("silent", "must")


def test_7_04_bounds_under_possible_are_no_alternatives() -> None:
    """可能：一次以上 says between what it lies, never that it is one."""
    for clause in ("可能：一次以上", "可能：一次以上、三次以下"):
        d = decided(limit(clause), {"行为": acts("迟到", "迟到"), "齐备": ["行为"]})
        c = at(d, "召回")
        assert lines(c) == same("silent", "must"), clause
        assert c.turns == () and {k for k, _ in gaps(d)} == {"unprinted"}, clause


def test_7_04_a_limit_that_is_not_printed_at_all_is_unknown() -> None:
    d = decided(limit("取值：未载明"), {"齐备": ["行为"]})
    assert both(d, "召回") == same("silent", "must") and gap(d, "次数线").kind == "unprinted"


@pytest.mark.parametrize(
    ("raw", "none", "some"),
    [
        ({}, same("silent", "must"), same("silent", "must")),
        ({"行为": []}, same("silent", "must"), same("silent", "must")),
        ({"齐备": ["行为"]}, same("must"), same("silent")),
        ({"行为": acts("迟到")}, same("silent"), same("must")),
        ({"行为": acts("迟到"), "齐备": ["行为"]}, same("silent"), same("must")),
        ({"行为": acts("早退")}, same("silent", "must"), same("silent", "must")),
        ({"行为": acts("早退"), "齐备": ["行为"]}, same("must"), same("silent")),
    ],
)
def test_7_05_an_empty_list_is_not_a_complete_one(raw: dict[str, object], none: object, some: object) -> None:
    d = decided(rule("没有 行为（类型 为 迟到）"), raw)
    assert both(d, "召回") == none and both(decided(rule("有 行为（类型 为 迟到）"), raw), "召回") == some
    assert gaps(d) == ({("list_open", "行为")} if none == same("silent", "must") else set())


@pytest.mark.parametrize(("until", "expected"), [("2018-06-30", same("must")), ("2018-06-29", same("silent", "must"))])
def test_7_05_complete_until_a_day(until: str, expected: object) -> None:
    text = rule("没有 行为（发生日 不晚于 2018年6月30日）")
    assert both(decided(text, {"齐备": {"行为": until}}, on="2018-12-31"), "召回") == expected


def test_7_05_rows_of_an_incomplete_list_are_a_lower_bound() -> None:
    raw = {"行为": acts("迟到", "迟到")}
    assert both(decided(rule("行为的次数 不少于 二次"), raw), "召回") == same("must")
    assert both(decided(rule("行为的次数 不少于 三次"), raw), "召回") == same("silent", "must")
    assert both(decided(rule("行为的次数 不超过 二次"), raw), "召回") == same("silent", "must")


def test_7_05_a_row_hidden_because_it_was_learnt_later_leaves_the_list_open() -> None:
    """Settling 没有 on a list from which a row was taken out is overturned the day it is learnt."""
    raw = {"行为": acts("迟到", 知悉日="2018-11-15"), "齐备": ["行为"]}
    text = rule("没有 行为（类型 为 迟到）")
    assert both(decided(text, raw, on="2018-11-15"), "召回") == same("silent")
    assert both(decided(text, raw, on="2018-10-31"), "召回") == same("silent", "must")


def test_7_05_what_was_hidden_may_have_happened_before_the_day_of_knowledge() -> None:
    raw = {"行为": acts("迟到", 知悉日="2018-09-15"), "齐备": ["行为"]}
    text = rule("没有 行为（发生日 早于 2018年3月1日）")
    assert both(decided(text, raw, on="2018-10-31"), "召回") == same("silent")
    assert both(decided(text, raw, on="2018-10-31", known="2018-06-30"), "召回") == same("silent", "must")


@pytest.mark.parametrize(
    "condition", ["职级 副科以上", "职级 科员以下", "职级 为 科员", "得分 不足 60分", "得分 不少于 60分", "悔改 为 否"]
)
def test_7_06_a_comparison_with_none_is_false(condition: str) -> None:
    nothing = {"职级": "无", "得分": "无", "悔改": "无"}
    assert both(decided(rule(condition), nothing), "召回") == same("silent")
    assert both(decided(rule(condition), {}), "召回") == same("silent", "must")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("行为的次数 不少于 一次", "silent"), ("行为的次数 不超过 零次", "must"), ("行为的金额合计 不超过 0元", "must"),
        ("行为的金额最高 超过 0元", "silent"), ("行为的金额最低 不足 100元", "silent"), ("行为的类型最近 为 迟到", "silent"),
    ],
)  # fmt: skip
def test_7_06_nothing_counted_is_zero_and_nothing_highest_is_none(condition: str, expected: str) -> None:
    assert both(decided(rule(condition), {"齐备": ["行为"]}), "召回") == same(expected)
    assert both(decided(rule(condition), {}), "召回") == same("silent", "must")


@pytest.mark.parametrize(
    "condition",
    [
        "并非（悔改）",
        "职级 不是 副科",
        "职级 不属于 {副科、正科}",
        "并非（职级 副科以上）",
        "并非（得分 不少于 60分）",
        "并非（职级 为 副科）",
    ],
)
def test_7_06_negation_over_what_may_be_none_is_linted(condition: str) -> None:
    assert "P402" in codes(rule(condition))


def test_7_06_negation_of_a_definition_over_what_may_be_none_is_linted() -> None:
    text = REGIME + "定义 高职 high\n    依据：T-05\n    是指：职级 副科以上\n\n"
    assert "P402" in codes(text + "规定 甲 rule_a\n    依据：T-02\n    当：并非（高职）\n    应当：召回\n\n")


FINDINGS = (
    REGIME
    + """认定 查实 inquiry
    对：每一 行为
    由：组织部
        （一）属实 proven：是否属实，T-50；

认定 考察结论 appraisal_finding
    由：上级
        （一）胜任 fit：是否胜任，T-51；

规定 甲 rule_a
    对：每一 行为
    依据：T-02
    当：属实
    应当：召回

规定 乙 rule_b
    依据：T-03
    当：并非（胜任）
    应当：免职

"""
)


def found(**more: str) -> dict[str, str]:
    return {"问题": "属实", "所属": "行为", "所属编号": "1", **more}


def with_findings(*answers: dict[str, str]) -> dict[str, object]:
    return {"行为": acts("迟到"), "齐备": ["行为"], "认定": list(answers)}


def test_7_07_a_finding_that_cannot_be_made_stays_unknown() -> None:
    d = decided(FINDINGS, with_findings(found(答="不能认定")))
    assert both(d, "召回", "1") == same("silent", "must")
    assert (gap(d, "属实").kind, gap(d, "属实").who) == ("unanswerable", ("组织部",))
    assert (gap(d, "胜任").kind, gap(d, "胜任").who) == ("pending", ("上级",))
    assert both(d, "免职") == same("silent", "must"), "a finding nobody made is not a no under 并非"


def test_7_08_disagreeing_findings_refuse_unless_one_replaces_the_other() -> None:
    p = policy(FINDINGS)
    one, other = found(编号="a", 答="是"), found(编号="b", 答="否")
    assert refused(p, with_findings(one, other)) == {"R105"}
    assert refused(p, with_findings(one, {**other, "答": "是"})) == set()
    assert both(decided(p, with_findings(one, {**other, "取代": "a"})), "召回", "1") == same("silent")


def test_7_08_a_replacement_not_yet_made_leaves_the_earlier_finding() -> None:
    early, late = found(编号="a", 答="是", 认定日="2018-02-01"), found(编号="b", 答="否", 取代="a", 认定日="2019-02-01")
    assert both(decided(FINDINGS, with_findings(early, late), on="2019-01-31"), "召回", "1") == same("must")
    assert both(decided(FINDINGS, with_findings(early, late), on="2019-02-01"), "召回", "1") == same("silent")
    d = decided(FINDINGS, with_findings(found(答="否", 认定日="2019-02-01")), on="2019-01-31")
    assert both(d, "召回", "1") == same("silent", "must") and gap(d, "属实").kind == "pending"


@pytest.mark.parametrize(
    "answers",
    [
        (found(编号="a", 答="是", 取代="a"),),
        (found(编号="a", 答="是"), found(编号="b", 答="是", 取代="没有这一号")),
        (found(编号="a", 答="是", 取代="b"), found(编号="b", 答="否", 取代="a")),
        (found(编号="a", 答="是"), {"编号": "b", "问题": "胜任", "答": "是", "取代": "a"}),
    ],
    ids=["itself", "nothing", "each other", "another question"],
)
def test_7_08_a_replacement_of_what_it_cannot_replace_is_refused(answers: tuple[dict[str, str], ...]) -> None:
    assert refused(policy(FINDINGS), with_findings(*answers))


def test_7_05_a_row_that_may_lie_after_the_decision_is_not_judged_as_certain() -> None:
    """2018年10月 on 15 October: it may not have happened; learning that it did not must not overturn anything."""
    text = REGIME + "规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    当：类型 为 迟到\n    应当：召回\n\n"
    raw = {"行为": [{"编号": "1", "发生日": "2018年10月", "类型": "迟到"}], "齐备": ["行为"]}
    d = decided(text, raw, on="2018-10-15")
    assert both(d, "召回") == same("silent", "must") and both(d, "召回", "1") == same("silent", "must")
    assert ("imprecise", "发生日") in gaps(d) and not unexplained(d)


@pytest.mark.parametrize(("body", "who"), [("县委", "县委"), ("未载明", "未载明")])
def test_only_the_body_whose_text_it_is_could_say_what_it_leaves_out(body: str, who: str) -> None:
    """Whoever published the text is the county committee in both."""
    lab = REGIME.replace("机关：县委", f"机关：{body}")
    d = decided(
        lab + "规定 甲 rule_a\n    依据：A-01\n    当：退休 或 未载明（另外两种情形）\n    应当：提醒\n", {"退休": "否"}
    )
    assert gap(d, "甲·另外两种情形").who == (who,)
