"""Cases: a fact that changed is written with its days, and becomes the history that a roster gives."""

from __future__ import annotations

import datetime
import random

import pytest
from packs import REGIME, VOCABULARY

from policy_dsl.cases import record_of, run
from policy_dsl.check import Checked, check
from policy_dsl.decide import Question
from policy_dsl.diagnostics import Diagnostic
from policy_dsl.language import syntax as s
from policy_dsl.language.fmt import fmt
from policy_dsl.language.source import Source
from policy_dsl.model import Policy
from policy_dsl.pack import Pack
from policy_dsl.record import History, Reader
from policy_dsl.trials.drafts import case_of, draft_of
from policy_dsl.values import Value

RULE = """规定 晋升免职 rule_of_rank
    对：每一 行为
    依据：T-02
    当：职级 副科以上
    应当：免职

"""
CASE = """案例 变动 moved
    决定日：2020年1月1日
    事实：
        （一）{}；
        （二）行为 1：发生日 {}、类型 迟到；
    结论：
        （一）行为 1：{} 免职；
"""


def checked(fact: str, day: str = "2018年5月1日", status: str = "未定") -> Checked:
    text = REGIME + RULE + CASE.format(fact, day, status)
    sources = (Source("words.policy", VOCABULARY), Source("case.policy", text))
    return check(Pack("cases", sources, {}, sources[1:]))


def policy(fact: str, day: str = "2018年5月1日", status: str = "未定") -> Policy:
    found = checked(fact, day, status)
    assert found.policy is not None, [d.message("zh") for d in found.findings]
    return found.policy


def problems(fact: str) -> list[Diagnostic]:
    p = policy(fact)
    return list(run(p, p.cases[0]).problems)


def steps(p: Policy, fact: str, case: s.Declaration | None = None) -> tuple[tuple[int, Value], ...]:
    """The history that a case's record has of a fact."""
    found: list[Diagnostic] = []
    record = record_of(p, case or p.cases[0], found)
    assert record is not None and not found
    kept = record.facts[fact]
    assert isinstance(kept, History)
    return kept.steps


RANK = "职级：自 2017年1月1日 起 科员、自 2018年5月1日 起 副科、自 2018年6月1日 起 不明、自 2018年7月1日 起 无"


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2016年12月31日", "未定"), ("2017年1月1日", "不发生"), ("2018年4月30日", "不发生"), ("2018年5月1日", "应当"),
        ("2018年5月31日", "应当"), ("2018年6月1日", "未定"), ("2018年6月30日", "未定"), ("2018年7月1日", "不发生"),
        # Known to the month only: the day of the change may lie on either side.
        ("2018年4月", "不发生"), ("2018年5月", "应当"), ("2018年", "未定"),
    ],
)  # fmt: skip
def test_a_fact_is_what_it_was_on_the_day(day: str, status: str) -> None:
    p = policy(RANK, day, status)
    assert run(p, p.cases[0]).problems == ()


def test_a_case_and_a_roster_give_one_history() -> None:
    """Any number of days, any values the fact may have."""
    rng = random.Random(5)
    first = datetime.date(2015, 1, 1).toordinal()
    for _ in range(40):
        days = sorted(rng.sample(range(first, first + 2000), rng.randint(1, 4)))
        said = [(datetime.date.fromordinal(d), rng.choice(("科员", "副科", "正科", "不明", "无"))) for d in days]
        zh = "、".join(f"自{d.year}年{d.month}月{d.day}日起{x}" for d, x in said)
        p = policy(f"职级：{zh}")
        reader = Reader(p.shape, p.lexicon)
        kept = reader.record({"编号": "1", "职级": [{"自": d.isoformat(), "值": x} for d, x in said]}, "")
        assert not reader.problems and kept is not None
        assert kept.facts["职级"] == History(steps(p, "职级"))
        assert [d for d, _ in steps(p, "职级")] == days


def test_a_text_and_one_day_alone() -> None:
    day = datetime.date(2018, 5, 1).toordinal()
    assert steps(policy("单位：自 2018年5月1日 起 “甲”"), "单位") == ((day, ("甲", "甲", False)),)
    p = policy("职级：自 2018年5月1日 起 无")
    assert steps(p, "职级") == ((day, p.shape.facts["职级"].type.none),)


@pytest.mark.parametrize(
    ("fact", "code", "at"),
    [
        ("患病：自 2018年5月1日 起 是", "C103", "患病"),
        ("职级：自 2018年5月 起 科员", "C103", "2018年5月"),
        ("职级：自 2018年2月30日 起 科员", "C103", "2018年2月30日"),
        ("职级：自 2018年5月1日 起 科员、自 2018年5月1日 起 副科", "C103", "2018年5月1日"),
        ("职级：自 2018年5月2日 起 科员、自 2018年5月1日 起 副科", "C103", "2018年5月1日"),
        ("职级：自 2018年5月1日 起 “科长”、自 2018年5月2日 起 副科", "R102", "“科长”"),
    ],
)
def test_what_is_no_history_is_reported_once_where_it_stands(fact: str, code: str, at: str) -> None:
    (found,) = problems(fact)
    start = found.span.source.text.index(fact) + fact.rindex(at)
    assert (found.code, found.span.text, found.span.start) == (code, at, start)


@pytest.mark.parametrize(
    "said",
    [
        "职级：科员；\n        （三）职级：副科", "职级：科员；\n        （三）职级：自 2018年5月1日 起 副科",
        "行为 2：发生日 2018年5月1日、类型 迟到、类型 饮酒", "齐备：行为、行为",
    ],
)  # fmt: skip
def test_what_is_said_twice_is_reported_at_the_second_place(said: str) -> None:
    (found,) = (d for d in problems(said) if d.code == "P301")
    (before,) = found.others
    assert before.span.start < found.span.start and found.span.text == before.span.text


def test_every_step_that_is_wrong_is_reported() -> None:
    fact = "职级：自 2018年5月2日 起 “三次”、自 2018年5月1日 起 “科长”、自 2018年5月 起 副科"
    assert sorted(d.code for d in problems(fact)) == ["C103", "C103", "R102", "R102"]
    assert [d.code for d in checked("职级：自 2018年5月1日 起 科员、副科").findings] == ["P101"]


def test_a_draft_keeps_a_history_and_may_leave_a_step_of_it_out() -> None:
    p = policy(RANK)
    case = p.cases[0]
    day = datetime.date(2020, 1, 1).toordinal()
    draft = draft_of(case, Question(day, day))
    assert draft is not None
    assert steps(p, "职级", case_of(draft, "变动", "moved")) == steps(p, "职级")
    assert {len(dict(d.facts).get("职级", ())) for d in draft.smaller()} == {0, 3, 4}


def test_both_tongues_write_it_and_the_formatter_sets_it_apart() -> None:
    close = checked("职级：自2017年1月1日起科员、自2018年5月1日起副科")
    zh, en = (fmt(close.documents[1], close.lexicon, lang) for lang in ("zh", "en"))
    assert "（一）职级：自 2017年1月1日 起 科员、自 2018年5月1日 起 副科；" in zh
    assert "(1) rank: from 2017-01-01 onward clerk, from 2018-05-01 onward deputy" in en


# What can be told of a case without deciding it.


def told(said: str) -> list[tuple[str, str, str]]:
    """What checking finds in a case, with the words it points at and the word it thinks was meant."""
    return [(d.code, d.span.text, d.suggestion) for d in checked(said).findings if d.severity == "error"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("身分：公务员", ("P200", "身分", "身份")),
        ("行为：是", ("P202", "行为", "")),
        ("行为：自 2018年5月1日 起 是", ("P202", "行为", "")),
        ("身份：公务人员", ("P205", "公务人员", "公务员")),
        ("身份：正科", ("P205", "正科", "")),
        ("身份：三次", ("P202", "三次", "")),
        ("身份：无", ("R108", "无", "")),
        ("身份：自 2018年5月1日 起 无", ("R108", "无", "")),
        ("职级：自 2018年5月1日 起 科员、自 2018年5月2日 起 三次", ("P202", "三次", "")),
        ("怀孕：三日", ("P202", "三日", "")),
        ("怀孕：科员", ("P205", "科员", "")),
        ("入职日：2018年2月30日", ("P315", "2018年2月30日", "")),
        ("入职日：是", ("P202", "是", "")),
        ("入职日：科员", ("P202", "科员", "")),
        ("得分：三日", ("P202", "三日", "")),
        ("得分：1.23456分", ("P316", "1.23456分", "")),
        ("得分：2018年5月1日", ("P202", "2018年5月1日", "")),
        ("行偽 2：类型 迟到", ("P200", "行偽", "行为")),
        ("身份 2：类型 迟到", ("P202", "身份", "")),
        ("行为 2：类形 迟到", ("P200", "类形", "类型")),
        ("行为 2：类型 吃到", ("P205", "吃到", "迟到")),
        ("行为 2：发生日 2018年2月30日", ("P315", "2018年2月30日", "")),
        ("认定（行为 1）：查實 是", ("P200", "查實", "查实")),
        ("认定（行偽 1）：查实 是", ("P200", "行偽", "行为")),
        ("认定（行为 9）：查实 是", ("R106", "9", "")),
        ("认定（行为 1）：查实 三次", ("P202", "三次", "")),
        ("认定：查实 公务员", ("P205", "公务员", "")),
        ("齐备：行偽", ("P200", "行偽", "行为")),
        ("齐备：身份", ("P202", "身份", "")),
    ],
)
def test_what_no_record_is_needed_for_is_found_by_checking(said: str, found: tuple[str, str, str]) -> None:
    finding = "认定 查问 asked\n    对：每一 行为\n    依据：T-03\n    由：县委\n        （一）查实 proven：是否查实，T-03；\n\n"
    text = REGIME + finding + RULE + CASE.format(said, "2018年5月1日", "未定")
    sources = (Source("words.policy", VOCABULARY), Source("case.policy", text))
    findings = check(Pack("cases", sources, {}, sources[1:])).findings
    assert [(d.code, d.span.text, d.suggestion) for d in findings if d.severity == "error"] == [found]


@pytest.mark.parametrize(
    "said",
    [
        "身份：不明", "身份：公务员", "职级：无", "怀孕：否", "入职日：2018年5月", "入职日：2018年", "得分：三分", "得分：3",
        "单位：甲局", "单位：“甲局”", "考核 1：评定日 2018年1月1日、年度 2017年、等第 合格", "处理 1：种类 召回、月数 3",
        "环节 1：开始日 2018年1月1日、名称 不明", "行为 2：来源 “举报”", "齐备至 2018年5月1日：行为",
    ],
)  # fmt: skip
def test_what_a_record_could_say_a_case_may_say(said: str) -> None:
    assert told(said) == []


def test_a_day_of_decision_that_never_was() -> None:
    text = REGIME + RULE + CASE.format("职级：科员", "2018年5月1日", "不发生").replace("2020年1月1日", "2023年2月29日")
    sources = (Source("words.policy", VOCABULARY), Source("case.policy", text))
    findings = check(Pack("cases", sources, {}, sources[1:])).findings
    assert [(d.code, d.span.text) for d in findings if d.severity == "error"] == [("P315", "2023年2月29日")]


@pytest.mark.parametrize(
    ("said", "code", "at"),
    [
        ("身份：“公务人员”", "R102", "身份：“公务人员”"),
        ("行为 2：发生日 “去年”、类型 迟到", "R102", "发生日 “去年”"),
        ("行为 1：类型 迟到", "R103", "行为 1"),
        ("环节 1：所属召回 “七”", "R106", "所属召回 “七”"),
    ],
)
def test_what_a_record_is_needed_for_is_found_at_its_entry(said: str, code: str, at: str) -> None:
    (found,) = problems(said)
    assert (found.code, found.span.text) == (code, at)


def test_no_two_cases_have_one_name() -> None:
    case = CASE.format("职级：科员", "2018年5月1日", "不发生")
    for second, expected in (
        (case, [("P201", "变动")]),
        (case.replace("变动", "又变"), [("P122", "又变")]),
        (case.replace("moved", "moved_again"), [("P121", "变动"), ("P201", "变动")]),
        (case.replace("变动 moved", "又变 moved_again"), []),
    ):
        text = f"{REGIME}{RULE}{case}\n{second}"
        sources = (Source("words.policy", VOCABULARY), Source("case.policy", text))
        findings = check(Pack("cases", sources, {}, sources[1:])).findings
        wrong = [d for d in findings if d.severity == "error"]
        assert sorted((d.code, d.span.text) for d in wrong) == expected
        assert all(d.span.start > text.rindex(second) for d in wrong)
        assert all(d.others[0].span.start < text.rindex(second) for d in wrong)


def test_an_outcome_of_a_row_that_was_not_there_yet_says_so() -> None:
    for day, notes in (("2020年1月1日", 0), ("2020年1月2日", 1)):
        p = policy("职级：科员", day, "应当")
        found = [x for x in run(p, p.cases[0]).problems if x.code in ("C100", "C102")]
        assert [(x.code, x.span.text) for x in found] == [("C102" if notes else "C100", "应当 免职")]
        assert [(x.span.text, x.zh.startswith("到决定日还没有这一行")) for x in found[0].others] == [("1", True)] * notes
