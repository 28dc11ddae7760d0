"""What is found of a policy as a whole: true, shown by a smallest record, and nothing where there is nothing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import generate as g
import pytest
from click.testing import CliRunner

from policy_dsl.check import Checked, check
from policy_dsl.cli import main
from policy_dsl.commands.options import DONE, FINDINGS
from policy_dsl.language import syntax as s
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack, load
from policy_dsl.pages import EXAMPLE, VOCABULARY, Page
from policy_dsl.report.analysis import told
from policy_dsl.symbolic.asking import less
from policy_dsl.symbolic.attack import Attack
from policy_dsl.symbolic.questions import Analysed, Survey, analyse

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "policy_dsl" / "diagnostics_pages"
SEEDED = sorted(p.stem for p in PAGES.glob("A*.md") if p.stem != "A190")
WORDS = (PAGES / VOCABULARY).read_text("utf-8")


def checked_of(text: str) -> Checked:
    checked = check(Pack("trial", (Source(VOCABULARY, WORDS), Source(EXAMPLE, text))))
    assert checked.policy is not None, [d.message("en") for d in checked.findings]
    return checked


@cache
def analysed(text: str) -> Analysed:
    checked = checked_of(text)
    assert checked.policy is not None
    return analyse(checked.policy, 60)


def codes(text: str) -> list[str]:
    return [f.diagnostic.code for f in analysed(text).findings]


# Each kind of finding is true of what its page shows, and its record shows it.


@pytest.mark.parametrize("code", SEEDED)
def test_what_is_shown_is_so_and_nothing_in_it_is_idle(code: str) -> None:
    text = Page((PAGES / f"{code}.md").read_text("utf-8")).causes(mended=False)[EXAMPLE].text
    one = analysed(text)
    policy = one.survey.policy
    found = [f for f in one.findings if f.diagnostic.code == code]
    assert found
    for f in found:
        # Of a branch that nobody comes to there is nothing to show.
        assert f.witness is not None or code in ("A104", "A141")
        if f.witness is None:
            continue
        assert f.witness.shows(policy, f.claims)
        if f.other is None:
            assert not [x for x in less(f.witness) if x.shows(policy, f.claims)]
        else:
            (claim,) = f.claims
            assert f.witness.value(policy, claim) != f.other.value(policy, claim)
        for lang in ("zh", "en"):
            assert code in told(one.survey, f, lang)


@pytest.mark.parametrize("code", SEEDED)
def test_what_is_said_of_every_record_stands_against_random_ones(code: str) -> None:
    text = Page((PAGES / f"{code}.md").read_text("utf-8")).causes(mended=False)[EXAMPLE].text
    one = analysed(text)
    for f in one.findings:
        for seed in range(1, 4) if f.never else ():
            assert Attack(one.survey.policy, f.never, f.layers, one.survey.decided, seed).refuted() is None


def test_random_records_refute_what_is_not_so() -> None:
    """The attack can succeed: two conditions that differ only at one number."""
    one = analysed(TWO.format(first="三次以上", second="四次以上"))
    rules = one.survey.policy.rules
    from policy_dsl.symbolic.asking import Claim
    from policy_dsl.values import NO, YES

    claims = (Claim(rules[0].fires, YES), Claim(rules[1].fires, NO))
    assert Attack(one.survey.policy, claims, (), one.survey.decided).refuted() is not None


TWO = """\
规定 甲提拔 promotion_a
    依据：A-03
    当：处理的次数 {first}
    可以：提拔
    由：县委

规定 乙提拔 promotion_b
    依据：A-04
    当：处理的次数 {second}
    可以：提拔
    由：县委
"""


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("三次以上", "不少于 三次", ["A111"]),
        ("三次以上", "超过 两次", ["A111"]),
        ("三次以上", "超过 三次", ["A112"]),
        ("三次以上", "不足 三次", []),
    ],
)
def test_both_sides_of_a_bound(first: str, second: str, found: list[str]) -> None:
    assert codes(TWO.format(first=first, second=second)) == found


def test_a_sum_is_not_taken_for_what_few_rows_make_of_it() -> None:
    """Of two amounts that make more than thirty one is more than fifteen; of three none need be."""
    text = """\
规定 长假提拔 promotion_a
    依据：A-03
    有下列情形之一：
        （一）有 行为（天数 超过 十五日）；
        （二）行为的天数合计 超过 三十日；
    可以：提拔
    由：县委
"""
    assert "A105" not in codes(text)


def test_longer_lists_undo_what_short_ones_seem_to_say() -> None:
    """Three of one sort and two of another need five rows."""
    text = """\
规定 多项提拔 promotion_a
    依据：A-03
    当：处理（待执行）的次数 三次以上 且 处理（待执行 为 否）的次数 两次以上
    可以：提拔
    由：县委
"""
    assert codes(text) == []


@pytest.mark.parametrize(("months", "found"), [("12", []), ("11", ["A101"])])
def test_periods_are_counted_by_the_calendar(months: str, found: list[str]) -> None:
    """A year after a day in 2016 is a day in 2017; eleven months after the first of January it is still 2016."""
    text = f"""\
规定 次年提拔 promotion_a
    依据：A-03
    当：处理（生效日 为 2016年1月1日，自 生效日 起 {months}个月 不早于 2017年1月1日）的次数 不少于 一次
    可以：提拔
    由：县委
"""
    # Whether the first day counts is a matter of reading, and one of the two is enough for the rule to apply.
    assert codes(text) == found


def test_a_property_that_holds_is_proved() -> None:
    text = Page((PAGES / "A201.md").read_text("utf-8")).causes(mended=True)[EXAMPLE].text
    assert [(p.name.text, p.outcome) for p in analysed(text).proofs] == [("领导方可提拔", "proved")]


# Whole policies.


@pytest.mark.parametrize("seed", range(3))
def test_of_grown_policies_every_answer_is_confirmed(seed: int) -> None:
    policy = g.grow(seed, rules=5, definitions=3)[2].policy
    assert policy is not None
    one = analyse(policy, seconds=0.5)
    for f in one.findings:
        if f.witness is not None:
            assert f.witness.shows(policy, f.claims), f.diagnostic.message("en")
        if f.never:
            assert Attack(policy, f.never, f.layers, one.survey.decided, 5).refuted() is None, f.diagnostic.message("en")


@pytest.mark.parametrize("regime", ["daye", "wuzhong"])
def test_a_county_leaves_nothing_undecided(regime: str) -> None:
    checked = check(load(str(ROOT / "policies" / regime)))
    assert checked.policy is not None
    one = analyse(checked.policy, 20)
    assert one.findings == ()
    assert {p.outcome for p in one.proofs} <= {"proved"}


@pytest.mark.parametrize("seed", [*range(3), "daye", "fenggang"])
def test_nothing_follows_before_its_text_is_in_force(seed: int | str) -> None:
    """Of a text whose first day is printed; what only a plan says is assumed by whoever admits it."""
    policy = g.grow(seed, rules=5, definitions=3)[2].policy if isinstance(seed, int) else check(load(str(ROOT / "policies" / seed))).policy
    assert policy is not None
    survey = Survey(policy, 10)
    asked = 0
    for rule in survey.rules():
        own = isinstance(rule.span, s.Declaration) and rule.span.clause("in_force") is not None
        if rule.layer == "plan" or own or rule.procedure:
            continue
        at = survey.of_rule(rule)
        early = survey.world.day < survey.encoding.term(rule.instrument.start).at
        assert survey.possible(survey.truth(rule.fires, at.view), early, *at.there, *survey.admitted(rule.layer)) is False, rule.name
        asked += 1
    assert asked


# The command.


def run(*args: str) -> Any:
    return CliRunner().invoke(main, ["analyze", *args], prog_name="policy")


def test_for_programs() -> None:
    regime = str(ROOT / "policies" / "fenggang")
    made = run(regime, "--format", "json")
    assert made.exit_code == FINDINGS
    finding, *_ = json.loads(made.stdout)["findings"]
    assert finding["code"] == "A151" and finding["place"]["file"].endswith("procedure.policy")
    assert finding["witness"]["record"]["召回"]["行"]
    sarif = json.loads(run(regime, "--format", "sarif").stdout)
    result, *_ = sarif["runs"][0]["results"]
    assert result["ruleId"] == "A151" and result["properties"]["witness"].keys() == finding["witness"].keys()
    assert run(str(ROOT / "policies" / "daye"), "--format", "json").exit_code == DONE


def test_properties_for_programs() -> None:
    made = json.loads(run(str(ROOT / "policies" / "wuzhong"), "--format", "json").stdout)
    assert made["findings"] == []
    assert [p["name"] for p in made["properties"]] == ["不漏人", "中止须有问题", "凡事有据", "签名与报告有人", "多一问题不轻"]
    assert {p["outcome"] for p in made["properties"]} == {"proved"}


def test_a_witness_can_be_decided(tmp_path: Path) -> None:
    """The record that is shown is one that `policy decide` reads."""
    regime = str(ROOT / "policies" / "fenggang")
    finding, *_ = json.loads(run(regime, "--format", "json").stdout)["findings"]
    w = finding["witness"]
    path = tmp_path / "record.json"
    path.write_text(json.dumps(w["record"], ensure_ascii=False), "utf-8")
    result = CliRunner().invoke(main, ["decide", regime, str(path), "--as-of", w["as_of"], "--format", "json"])
    assert result.exit_code == DONE, result.output


def test_both_languages() -> None:
    regime = str(ROOT / "policies" / "fenggang")
    zh, en = (run(regime, "--lang", lang).stdout for lang in ("zh", "en"))
    assert "最小的记录" in zh and "性质“一视同仁”：已证明" in zh
    assert "a smallest record" in en and "property “equal_treatment”: proved" in en


