"""Advice on a pack: unused words, untried provisions, exceptions that never meet, unregistered grounds, what is allowed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from packs import REGIME, VOCABULARY

from policy_dsl.check import check
from policy_dsl.diagnostics import Diagnostic
from policy_dsl.language.source import Source
from policy_dsl.model import Provision
from policy_dsl.pack import Pack, load

ROOT = Path(__file__).parent.parent
COUNTIES = sorted(p.parent.name for p in (ROOT / "policies").glob("*/sources.toml"))


def advised(text: str, ids: tuple[str, ...] = ()) -> list[Diagnostic]:
    """The advice on a text put after the vocabulary and a regime; the text has no error."""
    words, own = Source("vocabulary.policy", VOCABULARY), Source("lab.policy", REGIME + text)
    checked = check(Pack("lab", (words, own), {i: Provision(i) for i in ids}, (own,)))
    assert checked.ok, checked.findings
    return [d for d in checked.findings if d.severity != "note"]


def codes(text: str, ids: tuple[str, ...] = ()) -> list[str]:
    return [d.code for d in advised(text, ids)]


RULE = "规定 提醒条 must_remind\n    依据：T-01\n    当：{}\n    应当：提醒\n\n"


@pytest.mark.parametrize("county", COUNTIES)
def test_the_shipped_policies_are_clean(county: str) -> None:
    findings = check(load(ROOT / "policies" / county)).findings
    assert [d for d in findings if d.severity != "note"] == []


def test_a_shared_vocabulary_alone_is_not_called_unused() -> None:
    assert check(load(ROOT / "policies" / "common")).findings == ()


# Unused words.

DECLARED = {
    "parameter": ("参数 线 limit\n    依据：T-01\n    取值：三次\n\n", "行为（发生日 不早于 施行日）的次数 不少于 线"),
    "definition": ("定义 甲况 state_a\n    依据：T-01\n    是指：怀孕\n\n", "甲况"),
    "reading": ("解读 甲解 reading_a\n    依据：T-01\n    问：怎样读\n        （一）宽 wide：从宽；\n        （二）严 strict：从严；\n\n", "甲解 取 宽"),
    "finding": ("认定 诸问 questions\n    由：县委\n        （一）查实 proven：是否查实，T-01；\n\n", "查实"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DECLARED)
def test_a_word_is_unused_until_a_provision_names_it(kind: str) -> None:
    declared, condition = DECLARED[kind]
    assert codes(declared + RULE.format("怀孕")) == ["P404"]
    assert codes(declared + RULE.format(condition)) == []


def test_a_word_only_a_case_names_is_unused() -> None:
    case = "案例 一例 case_one\n    依据：T-01\n    决定日：2020年1月1日\n    事实：\n        （一）怀孕：是；\n        （二）认定：查实 是；\n    结论：\n        （一）应当 提醒，因 T-01；\n"
    assert codes(DECLARED["finding"][0] + RULE.format("怀孕") + case) == ["P404"]


def test_nothing_is_called_unused_while_something_could_not_be_read() -> None:
    words, own = Source("vocabulary.policy", VOCABULARY), Source("lab.policy", REGIME + DECLARED["parameter"][0] + RULE.format("行为的次数 不少于 线 且"))
    found = {d.code for d in check(Pack("lab", (words, own), {}, (own,))).findings}
    assert "P103" in found and "P404" not in found


# Untried provisions.

CASE = "案例 一例 case_one\n    依据：{}\n    决定日：2020年1月1日\n    事实：\n        （一）怀孕：是；\n    结论：\n        （一）应当 {}；\n"
OTHER = "规定 另条 other_rule\n    依据：T-02\n    当：怀孕\n    应当：登记\n\n"
ASIDE = "除外 不登记 not_registered\n    依据：T-03\n    当：退休\n    不适用：另条\n\n"


def untried(text: str) -> list[str]:
    return [d.span.text for d in advised(text) if d.code == "P405"]


def test_a_provision_is_tried_by_its_ground_and_its_effect_together() -> None:
    rule = RULE.format("怀孕")
    assert untried(rule + OTHER) == []
    assert untried(rule + OTHER + CASE.format("T-01", "提醒")) == ["另条"]
    assert untried(rule + OTHER + CASE.format("T-01、T-02", "提醒")) == ["另条"]
    assert untried(rule + OTHER + CASE.format("T-01", "提醒、应当 登记")) == ["另条"]
    assert untried(rule + OTHER + CASE.format("T-01、T-02", "提醒、应当 登记")) == []


def test_an_exception_is_tried_by_its_ground() -> None:
    assert untried(OTHER + ASIDE + CASE.format("T-02", "登记")) == ["不登记"]
    assert untried(OTHER + ASIDE + CASE.format("T-02、T-03", "登记")) == []


# Exceptions that never meet their rule.

MEETING = [
    ("身份 为 公务员", "身份 为 村干部", False),
    ("身份 为 公务员", "身份 属于 {公务员、村干部}", True),
    ("身份 为 公务员", "身份 不是 公务员", False),
    ("身份 为 公务员", "并非（身份 为 公务员）", False),
    ("身份 不是 公务员", "身份 不是 村干部", True),
    ("身份 为 公务员 且 怀孕", "怀孕 为 否", False),
    ("怀孕 或 患病", "怀孕 为 否", True),
    ("职级 副科以上", "职级 为 科员", False),
    ("职级 副科以上", "职级 副科以下", True),
    ("得分 60分以上", "得分 不足 60分", False),
    ("得分 60分以上", "得分 60分以下", True),
    ("入职日 不早于 2018年1月1日", "入职日 早于 2018年1月1日", False),
    ("入职日 不早于 2018年1月1日", "入职日 不晚于 2018年1月1日", True),
    ("身份 属于 {公务员、等}", "身份 为 村干部", True),
    ("有 行为（类型 为 迟到）", "有 行为（类型 为 早退）", True),
    ("身份 为 公务员", "决定日的 身份 为 村干部", False),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "exception", "meet"), MEETING)
def test_an_exception_meets_its_rule_or_is_told_of(rule: str, exception: str, meet: bool) -> None:
    text = OTHER.replace("怀孕", rule) + ASIDE.replace("退休", exception)
    found = [d for d in advised(text) if d.code == "P406"]
    assert [d.span.text for d in found] == ([] if meet else ["另条"])


@pytest.mark.parametrize(("condition", "meet"), [("甲解 取 宽", True), ("甲解 取 严", False)])
def test_one_reading_is_not_another(condition: str, meet: bool) -> None:
    text = DECLARED["reading"][0] + OTHER.replace("怀孕", "甲解 取 宽") + ASIDE.replace("退休", condition)
    assert ("P406" in codes(text)) is not meet


def test_facts_of_different_rows_are_different_facts() -> None:
    rule = "规定 另条 other_rule\n    对：每一 行为\n    依据：T-02\n    当：类型 为 迟到\n    应当：登记\n\n"
    aside = "除外 不登记 not_registered\n    对：每一 行为\n    依据：T-03\n    当：{}\n    不适用：另条\n\n"
    assert codes(rule + aside.format("有 处理（种类 为 警告）")) == []
    assert codes(rule + aside.format("类型 为 早退")) == ["P406"]


# Grounds.


def test_a_ground_is_looked_up_where_there_is_a_register() -> None:
    assert codes(OTHER) == []
    assert codes(OTHER, ("T-01", "T-02")) == []
    assert [(d.code, d.span.text) for d in advised(OTHER, ("T-01",))] == [("P407", "T-02")]
    assert codes(OTHER.replace("T-02", "公务员法第九十五条第二款"), ("T-01",)) == []


# Allowing.

UNUSED = DECLARED["parameter"][0]


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("# 允许 P404：留待细则", []),
        ("#允许 p404: 留待细则", []),
        ("＃ allow P404: kept for the unit rules", []),
        ("# 先写一句。\n# 允许 P404：留待细则", []),
        ("# 允许 P404：留待细则\n\n# 再写一句。", []),
        ("# 允许 P404", ["P408", "P404"]),
        ("# 允许 P404：", ["P408", "P404"]),
        ("# 允许 P402：写错了代码", ["P408", "P404"]),
        ("# 允许 P200：不能允许", ["P408", "P404"]),
        ("# 允许 P999：没有这个代码", ["P408", "P404"]),
        ("# 允许 P408：允许自己", ["P408", "P404"]),
        ("# 不允许 P404：只是说话", ["P404"]),
    ],
)
def test_advice_is_allowed_with_its_code_and_a_reason(comment: str, left: list[str]) -> None:
    assert codes(f"{comment}\n{UNUSED}{RULE.format('怀孕')}") == left


def test_an_indented_allowance_covers_the_next_line_alone() -> None:
    both = "规定 丙条 rule_c\n    依据：T-01\n    有下列情形之一：\n{}        （一）职级 不是 科员；\n        （二）职级 不是 副科；\n    应当：登记\n"
    assert codes(both.format("")) == ["P402", "P402"]
    (left,) = advised(both.format("        # 允许 P402：本意如此\n"))
    assert (left.code, left.span.text) == ("P402", "职级 不是 副科")
    assert codes("# 允许 P402：本意如此\n" + both.format("")) == []


def test_an_allowance_at_the_margin_ends_with_its_declaration() -> None:
    one = "规定 丙条 rule_c\n    依据：T-01\n    当：职级 不是 科员\n    应当：登记\n\n"
    other = one.replace("丙条 rule_c", "丁条 rule_d")
    assert codes("# 允许 P402：本意如此\n" + one + other) == ["P402"]
    assert codes(one + "# 允许 P402：本意如此\n" + other) == ["P402"]


def test_an_allowance_of_a_shared_text_is_not_called_useless() -> None:
    words = Source("vocabulary.policy", "# 允许 P404：别县用到\n" + VOCABULARY)
    own = Source("lab.policy", REGIME + RULE.format("怀孕"))
    assert check(Pack("lab", (words, own), {}, (own,))).findings == ()
    assert [d.code for d in check(Pack("lab", (words, own), {}, (words, own))).findings] == ["P408"]


def test_allowances_survive_any_text() -> None:
    rng = random.Random(7)
    for _ in range(200):
        lines = [rng.choice(("# 允许 P404：甲", "", "    # 允许 P402：乙", "规定 甲 a", "    当：甲", "\t", "# 允许 P4")) for _ in range(6)]
        source = Source("lab.policy", "\n".join(lines))
        check(Pack("lab", (source,), {}, (source,)))
