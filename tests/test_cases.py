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
    return check(Pack("cases", sources, {}, sources[1:], "县委"))


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
        ("行为：自 2018年5月1日 起 是", "C103", "行为"),
        ("职级：自 2018年5月 起 科员", "C103", "2018年5月"),
        ("职级：自 2018年2月30日 起 科员", "C103", "2018年2月30日"),
        ("职级：自 2018年5月1日 起 科员、自 2018年5月1日 起 副科", "C103", "2018年5月1日"),
        ("职级：自 2018年5月2日 起 科员、自 2018年5月1日 起 副科", "C103", "2018年5月1日"),
        ("职级：自 2018年5月1日 起 科员、自 2018年5月2日 起 三次", "R102", "三次"),
        ("职级：自 2018年5月1日 起 “科长”、自 2018年5月2日 起 副科", "R102", "“科长”"),
        ("身份：自 2018年5月1日 起 无", "R108", "无"),
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
    fact = "职级：自 2018年5月2日 起 三次、自 2018年5月1日 起 “科长”、自 2018年5月 起 副科"
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
