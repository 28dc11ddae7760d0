"""What every effect must have behind it, proved or refuted: a ground, somebody who decides, a text in force."""

from __future__ import annotations

import pytest
from attrs import evolve
from test_analyze import WORDS

from policy_dsl.check import check
from policy_dsl.diagnostics import Diagnostic
from policy_dsl.language.fmt import fmt
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack
from policy_dsl.pages import EXAMPLE, VOCABULARY
from policy_dsl.register import Provision
from policy_dsl.symbolic.questions import Analysed, analyse
from policy_dsl.values import shown_day

REGISTER = {id: Provision(id) for id in ("A-03", "A-04")}


def pack(text: str) -> Pack:
    return Pack("trial", (Source(VOCABULARY, WORDS), Source(EXAMPLE, text)), REGISTER)


def analysed(text: str) -> Analysed:
    checked = check(pack(text))
    assert checked.policy is not None, [d.message("en") for d in checked.findings]
    return analyse(checked.policy, 20)


def against(text: str) -> list[Diagnostic]:
    """What refutes the one property of a text, confirmed by the interpreter."""
    one = analysed(text)
    found = [f for f in one.findings if f.diagnostic.code == "A205"]
    assert [p.outcome for p in one.proofs] == ["refuted" if found else "proved"]
    for f in found:
        assert f.witness is not None and f.claims and f.witness.shows(one.survey.policy, f.claims)
    return [f.diagnostic for f in found]


def rule(name: str, basis: str, *clauses: str, does: str = "应当：免职") -> str:
    return f"规定 {name[0]}{'乙' if name[-1] == 'b' else '甲'} rule_{name[1:]}\n" + "".join(
        f"    {x}\n" for x in (f"依据：{basis}", *clauses, does)
    )


def prop(*clauses: str) -> str:
    return "性质 例 instance\n    依据：A-04\n" + "".join(f"    {x}\n" for x in clauses)


# A ground.

GROUNDED = prop("必有依据：免职")


@pytest.mark.parametrize(
    ("rules", "refuted"),
    [
        ((rule("免a", "A-03"),), False),
        ((rule("免a", "公务员法第八十八条"),), True),
        ((rule("免a", "公务员法第八十八条、A-03"),), False),
        # Not in the register, though it looks like it.
        ((rule("免a", "A-99"),), True),
        # What bars an effect needs a ground as well.
        ((rule("免a", "公务员法第八十八条", does="不得：免职"),), True),
        # Wherever the one applies, the other does, and has a ground.
        ((rule("免a", "公务员法第八十八条", "当：领导职务 且 职级 正科以上"), rule("免b", "A-03", "当：领导职务")), False),
        ((rule("免a", "公务员法第八十八条", "当：领导职务"), rule("免b", "A-03", "当：领导职务 且 职级 正科以上")), True),
        # Of another effect, or of a row.
        ((rule("召a", "公务员法第八十八条", does="应当：召回"),), False),
        ((rule("免a", "公务员法第八十八条", "对：每一 行为", "当：属实"),), True),
    ],
)  # fmt: skip
def test_a_ground(rules: tuple[str, ...], refuted: bool) -> None:
    assert bool(against("\n".join((*rules, GROUNDED)))) == refuted


def test_it_says_which_provision_has_no_ground() -> None:
    rules = rule("免a", "公务员法第八十八条", "当：领导职务"), rule("免b", "A-03", "当：职级 正科以上")
    found, *more = against("\n".join((*rules, GROUNDED)))
    assert (
        not more
        and "“免甲”没有登记在册的依据" in found.message("zh")
        and [n.span.text for n in found.others] == ["免甲"]
    )
    assert "“rule_a”, which leads to it, rests on nothing in the register" in found.message("en")


def test_of_a_group_and_of_every_effect() -> None:
    rules = rule("免a", "公务员法第八十八条"), rule("提b", "公务员法第八十八条", "由：县委", does="可以：提拔")
    assert len(against("\n".join((*rules, prop("必有依据：组织处理"))))) == 1
    assert len(against("\n".join((*rules, prop("必有依据：任一效果"))))) == 2
    assert len(against("\n".join((*rules, prop("必有依据：处分"))))) == 0


# Somebody who decides.

DECIDED = prop("必有决定者：免职")


def by(*rows: str) -> str:
    marks = "一二三"
    return "由：" + "".join(f"\n        （{marks[i]}）{x}；" for i, x in enumerate(rows))


@pytest.mark.parametrize(
    ("rules", "refuted"),
    [
        ((rule("免a", "A-03", "由：县委"),), False),
        ((rule("免a", "A-03"),), True),
        ((rule("免a", "A-03", "由：未载明"),), True),
        ((rule("免a", "A-03", "由：隐去"),), True),
        ((rule("免a", "A-03", by("职级 正科以上：县委", "职级 正科以下：召回办", "其余：召回办")),), False),
        # 无 is no rank: no row holds.
        ((rule("免a", "A-03", by("职级 正科以上：县委", "职级 不足 正科：召回办")),), True),
        ((rule("免a", "A-03", "当：职级 科员以上", by("职级 正科以上：县委", "职级 不足 正科：召回办")),), False),
        ((rule("免a", "A-03", "当：职级 科员以上", by("职级 正科以上：县委", "职级 不足 副科：召回办")),), True),
        # Read from the top down: what a row above leaves open no row below fills.
        ((rule("免a", "A-03", by("职级 正科以上：未载明", "其余：县委")),), True),
        ((rule("免a", "A-03", "当：职级 不足 正科", by("职级 正科以上：未载明", "其余：县委")),), False),
        # One that names somebody is enough, where it applies as well.
        ((rule("免a", "A-03"), rule("免b", "A-03", "由：县委")), False),
        ((rule("免a", "A-03"), rule("免b", "A-03", "当：领导职务", "由：县委")), True),
        # Nobody has to decide what must not be.
        ((rule("免a", "A-03", does="不得：免职"),), False),
        ((rule("免a", "A-03", "由：未载明", does="可以：免职"),), True),
    ],
)  # fmt: skip
def test_somebody_who_decides(rules: tuple[str, ...], refuted: bool) -> None:
    assert bool(against("\n".join((*rules, DECIDED)))) == refuted


# A text in force.

BEFORE = prop("施行前无效力：示例制度")
UNDER = "制度 镇细则 town_rules\n    依据：A-03\n    上位：示例制度\n"


@pytest.mark.parametrize(
    ("text", "refuted"),
    [
        (rule("免a", "A-03"), False),
        (rule("免a", "A-03", "施行：自 2015年12月31日 起"), True),
        (rule("免a", "A-03", "施行：自 2016年1月1日 起"), False),
        (rule("免a", "A-03", "施行：自 2016年1月2日 起"), False),
        (rule("免a", "A-03", "对：每一 行为", "当：属实"), False),
        # Not printed: it may have been earlier.
        (rule("免a", "A-03", "施行：未载明"), True),
        # What a plan says is not admitted.
        (rule("免a", "A-03", "层级：计划", "施行：自 2015年12月31日 起"), False),
        # What stands under a regime is its, and is in force with it unless it says otherwise.
        (UNDER + rule("免a", "A-03"), False),
        (UNDER + "    施行：自 2015年12月31日 起\n" + rule("免a", "A-03"), True),
        # To reach back to earlier matters is not to have an effect earlier.
        (UNDER + "    溯及：及于既往\n" + rule("免a", "A-03", "对：每一 行为"), False),
        # What replaces it is another text.
        ("制度 新办法 new_rules\n    依据：A-03\n    上位：示例制度\n    接替：示例制度\n    施行：自 2018年1月1日 起\n" + rule("免a", "A-03"), False),
    ],
)  # fmt: skip
def test_a_text_in_force(text: str, refuted: bool) -> None:
    assert bool(against(f"{BEFORE}\n{text}")) == refuted


def test_of_a_text_alone() -> None:
    """Of what stands under a regime only its own start is asked."""
    text = UNDER + "    施行：自 2015年12月31日 起\n" + rule("免a", "A-03")
    assert not against(f"{prop('施行前无效力：镇细则')}\n{text}")


def test_a_start_that_is_not_printed_is_supposed() -> None:
    one = analysed(f"{BEFORE}\n{rule('免a', 'A-03', '施行：未载明')}")
    (finding,) = (f for f in one.findings if f.diagnostic.code == "A205")
    assert finding.witness is not None and len(finding.witness.given) == 1
    assert "还没有施行（得出它的是“免甲”）" in finding.diagnostic.message("zh")
    # Without supposing a day the effect is undetermined, which is no effect.
    untold = evolve(finding.witness, given={})
    assert not untold.shows(one.survey.policy, finding.claims)


def test_of_a_year_that_is_over_nothing_need_be_supposed() -> None:
    one = analysed(f"{BEFORE}\n{rule('免a', 'A-03', '施行：自 2015年 起')}")
    (finding,) = (f for f in one.findings if f.diagnostic.code == "A205")
    assert finding.witness is not None and not finding.witness.given
    assert shown_day(finding.witness.frame.as_of) == "2015-12-31"


# What may be named.


@pytest.mark.parametrize(
    ("clause", "code", "text"),
    [
        ("必有依据：某某", "P200", "某某"), ("必有依据：职级", "P202", "职级"), ("必有依据：未载明", "P202", "未载明"),
        ("必有决定者：示例制度", "P202", "示例制度"), ("施行前无效力：免职", "P202", "免职"),
        ("施行前无效力：某某", "P200", "某某"), ("施行前无效力：任一效果", "P202", "任一效果"), ("不变于：免职", "P202", "免职"),
        ("增而不轻：免职", "P202", "免职"), ("不重于：召回", "P202", "召回"), ("不重于：未载明", "P202", "未载明"),
    ],
)  # fmt: skip
def test_what_is_named_wrongly_is_said(clause: str, code: str, text: str) -> None:
    found = [d for d in check(pack(prop(clause) + rule("免a", "A-03"))).findings if d.severity == "error"]
    assert [(d.code, d.span.text) for d in found] == [(code, text)]


def test_both_tongues() -> None:
    text = prop("必有依据：任一效果", "必有决定者：组织处理、提拔", "施行前无效力：示例制度")
    checked = check(pack(text))
    english = fmt(checked.documents[1], checked.lexicon, "en")
    for line in (
        "always_grounded: any_effect",
        "always_with_decider: handling, promotion",
        "no_effect_before_start_of: example_regime",
    ):
        assert f"    {line}\n" in english
    again = check(Pack("trial", (Source(VOCABULARY, WORDS), Source(EXAMPLE, english)), REGISTER))
    assert fmt(again.documents[1], again.lexicon, "zh") == text
