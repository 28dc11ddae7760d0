"""Advice where a provision says other than what the register says of its source; none where the register says less."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_analyze import WORDS

from policy_dsl.check import check
from policy_dsl.diagnostics import Diagnostic
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack, load
from policy_dsl.pages import EXAMPLE, VOCABULARY
from policy_dsl.register import Ambiguity, Provision, Said

POLICIES = Path(__file__).parent.parent / "policies"


def advice(text: str, *register: Provision) -> list[Diagnostic]:
    sources = Source(VOCABULARY, WORDS), Source(EXAMPLE, text)
    checked = check(Pack("trial", sources, {p.id: p for p in register}, sources[1:]))
    assert checked.policy is not None, [d.message("en") for d in checked.findings]
    return [d for d in checked.findings if d.code == "P409"]


def rule(*clauses: str, basis: str = "A-03", name: str = "甲 rule_a") -> str:
    return f"规定 {name}\n" + "".join(f"    {x}\n" for x in (f"依据：{basis}", *clauses))


def source(*modality: str, zh: str = "说到这件事。", id: str = "A-03") -> Provision:
    return Provision(id, modality=modality, zh=zh)


# Its force.


@pytest.mark.parametrize(
    ("modality", "clause", "told"),
    [
        (("must",), "不得：召回", True), (("must",), "应当：召回", False), (("must",), "可以：召回", True),
        (("must",), "原则上应当：召回", False), (("may",), "可以：召回", False), (("may",), "应当：召回", True),
        (("forbid",), "不得：召回", False), (("forbid",), "不宜：召回", False), (("forbid",), "应当：召回", True),
        (("must", "forbid"), "不得：召回", False), (("must", "document"), "不得：召回", True),
        # A practice neither orders nor permits, but it does not forbid.
        (("practice",), "应当：召回", False), (("plan",), "可以：召回", False), (("practice",), "不得：召回", True),
        # No force is registered.
        ((), "不得：召回", False),
    ],
)  # fmt: skip
def test_the_force_of_a_provision(modality: tuple[str, ...], clause: str, told: bool) -> None:
    by = () if "应当" in clause or "不得" in clause else ("由：县委",)
    found = advice(rule("当：领导职务", clause, *by), source(*modality))
    assert [d.span.text for d in found] == ([clause] if told else [])


def test_what_another_provision_says_of_the_same_source_is_said() -> None:
    """What must be done first may be put as what must not be done without."""
    first, then = rule("应当：召回"), rule("不得：提拔", name="乙 rule_b")
    assert advice(f"{first}\n{then}", source("must")) == []
    assert len(advice(f"{first.replace('应当', '不得')}\n{then}", source("must"))) == 2


def test_one_of_its_sources_is_enough() -> None:
    text = rule("不得：召回", basis="A-03、A-04")
    assert advice(text, source("must"), source("forbid", id="A-04")) == []
    (found,) = advice(text, source("must"), source("may", id="A-04"))
    assert "A-03、A-04 不合：这里写的是“不得”，登记的是“应当”、“可以”" in found.message("zh")
    assert "A-03, A-04: “must_not” here, “must”, “may” there" in found.message("en")


def test_a_stage_has_a_force_too() -> None:
    text = (
        "程序 流程 process\n    依据：A-03\n    对：每一 召回记录\n    记于：环节记录\n"
        "    环节 学习 study\n        依据：A-04\n        不得：提拔\n"
    )
    assert len(advice(text, source("must", id="A-04"))) == 1
    assert advice(text, source("forbid", id="A-04")) == []


# Its numbers and days.


@pytest.mark.parametrize(
    ("said", "when", "told"),
    [
        ("旷工两天以上的召回。", "有 行为（天数 二日以上）", []), ("旷工两天以上的召回。", "有 行为（天数 三日以上）", ["三日"]),
        ("旷工2天以上的召回。", "有 行为（天数 超过 1日）", ["1日"]),
        # Nothing is said in days.
        ("旷工两次以上的召回。", "有 行为（天数 三日以上）", []), ("旷工的召回。", "有 行为（天数 三日以上）", []),
        # One of several will do, and the same length in another unit.
        ("一天的批评，三天的召回。", "有 行为（天数 三日以上）", []), ("旷工一周的召回。", "有 行为（天数 七日以上）", []),
        ("旷工一周的召回。", "有 行为（天数 六日以上）", ["六日"]),
        # A day of a month is neither days nor months.
        ("每年9月1日起旷工的召回。", "有 行为（天数 三日以上）", []),
        ("2016年9月1日起旷工的召回。", "有 行为（天数 三日以上）", []),
        # A day, where it is printed in full.
        ("2016年9月12日以后的行为。", "有 行为（发生日 不早于 2016年9月12日）", []),
        ("2016年9月12日以后的行为。", "有 行为（发生日 不早于 2016年9月13日）", ["2016年9月13日"]),
        ("2016年9月以后的行为。", "有 行为（发生日 不早于 2016年9月13日）", []),
        # Nothing counts as nothing.
        ("旷工两天以上的召回。", "有 行为（天数 超过 零日）", []),
    ],
)  # fmt: skip
def test_the_numbers_of_a_provision(said: str, when: str, told: list[str]) -> None:
    assert [d.span.text for d in advice(rule(f"当：{when}", "应当：召回"), source(zh=said))] == told


@pytest.mark.parametrize(("said", "told"), [("半年", False), ("六个月", False), ("一年", True), ("六个月或者七个月", False)])
def test_the_length_of_a_period(said: str, told: bool) -> None:
    text = rule("对：每一 处理", "当：决定日 早于 自 生效日 起 六个月", "不得：提拔")
    assert bool(advice(text, source(zh=f"影响期{said}。"))) == told


def test_what_is_left_unclear_is_said_as_well() -> None:
    unclear = Ambiguity("A-03.a", Said("两日以上还是三日以上，前后不一。", "two days or three"))
    given = Provision("A-03", zh="旷工两天以上的召回。", ambiguities=(unclear,))
    assert advice(rule("当：有 行为（天数 三日以上）", "应当：召回"), given) == []
    assert len(advice(rule("当：有 行为（天数 四日以上）", "应当：召回"), given)) == 1


def test_a_day_of_another_start_is_told_in_both_tongues() -> None:
    text = "制度 镇细则 town_rules\n    依据：A-03\n    上位：示例制度\n    施行：自 2016年9月13日 起\n"
    (found,) = advice(text + rule("应当：召回", basis="A-09"), source(zh="2016年9月12日起施行。"))
    assert "这里写的是“2016年9月13日”，登记的是“2016年9月12日”" in found.message("zh")
    assert "“2016-09-13” here, “2016-09-12” there" in found.message("en")


def test_it_may_be_allowed_with_a_reason() -> None:
    text = rule("# 允许 P409：六日，再延长三日", "当：有 行为（天数 九日以上）", "应当：召回")
    assert advice(text, source(zh="旷工六天的召回，可以再延长三天。")) == []


@pytest.mark.parametrize("regime", sorted(p.parent.name for p in POLICIES.glob("*/sources.toml")))
def test_the_shipped_texts_agree_with_their_registers(regime: str) -> None:
    assert [d for d in check(load(POLICIES / regime)).findings if d.code == "P409"] == []
