"""The conversation: it asks what matters and nothing else, can go back, refuses what is no answer, and ends with a record
that decides the same."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import generate as g
import pytest
from click.testing import CliRunner, Result
from test_laws import law

from policy_dsl import model as m
from policy_dsl.above import Regime
from policy_dsl.cli import main
from policy_dsl.decide import Decision, Question, decide
from policy_dsl.record import Reader
from policy_dsl.report.interview import SAID, WORDS, meant, options
from policy_dsl.report.words import Wording
from policy_dsl.values import YES_NO, settled
from policy_dsl.whatif.interview import (
    Asking,
    Conversation,
    answered,
    begun,
    decided,
    one_more,
    passed,
    questions,
    read,
)
from policy_dsl.whatif.outcomes import place_of
from policy_dsl.whatif.settling import askable

VOCABULARY = """词汇 问答词汇 ask_words
    类 类型 kind：饮酒 drinking、旷工 absence
    序 职级 rank：科员 clerk ＜ 副科 deputy
    事实 职级 rank：职级 随时间 可无
    事实 退休 retired：是否
    事实 身高 height：数值
    清单 行为 conduct（发生日）：发生日 happened_on：日期、类型 kind：类型、天数 days_absent：日 可无
    清单 召回 recall（召回日）：召回日 recalled_on：日期
    清单 环节 stage（开始日）：开始日 started_on：日期、所属召回 of_recall：召回、愿接收 willing：是否 可无
    效果 负担 burdens 不利：免职 removal、调离 off_post、降职 demotion
    机关 组织部 department
"""
RULES = """制度 问答办法 ask_rules
    依据：T-01
    机关：组织部
    施行：自 2016年6月1日 起
    溯及：不溯及

规定 两次饮酒 drinks
    依据：T-02
    当：行为（类型 为 饮酒，属实，发生日 不早于 施行日）的次数 二次以上
    应当：免职

规定 副科调离 deputies
    依据：T-03
    当：职级 副科以上 且 退休 为 否
    应当：调离

规定 不愿接收 willing_ones
    对：每一 召回
    依据：T-04
    当：有 环节（所属召回 为 本 召回，愿接收 为 否）
    应当：降职

认定 问行为 on_conduct
    对：每一 行为
    依据：T-05
    由：组织部
        （一）属实 established：是否属实，T-05；
"""


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A county with a vocabulary of its own."""
    folder = tmp_path / "policies" / "ask"
    folder.mkdir(parents=True)
    (folder / "vocabulary.policy").write_text(VOCABULARY, "utf-8")
    (folder / "rules.policy").write_text(RULES, "utf-8")
    return folder


def ask(county: Path, typed: str, *args: str, lang: str = "zh") -> Result:
    return CliRunner().invoke(
        main, ["ask", str(county), "--as-of", "2020-01-01", "--lang", lang, *args], input=typed, env={"LC_ALL": "C"}
    )


def test_a_conversation_to_its_end(county: Path, tmp_path: Path) -> None:
    out = tmp_path / "record.json"
    typed = ["加", "2019-02-01", "1", "1", "加", "2019-03-01", "饮酒", "是"]
    result = ask(county, "".join(f"{x}\n" for x in typed), "--effect", "免职", "-o", str(out))
    assert result.exit_code == 0, result.output
    assert "不必再问" in result.stdout and "免职（本人）：应当" in result.stdout and "T-02" in result.stdout
    assert "由 组织部 认定" in result.stdout and "是否属实（T-05）" in result.stdout
    # Nothing was asked that does not bear on it.
    assert "职级" not in result.stdout and "环节" not in result.stdout and "天数" not in result.stdout
    (raw,) = json.loads(out.read_text("utf-8"))
    assert [r["类型"] for r in raw["行为"]["行"]] == ["饮酒", "饮酒"]
    again = CliRunner().invoke(main, ["decide", str(county), str(out), "--as-of", "2020-01-01", "--lang", "zh"])
    assert "免职（本人）：应当" in again.stdout


def test_the_same_in_english(county: Path) -> None:
    typed = "add\n2019-02-01\ndrinking\nyes\nadd\n2019-03-01\n1\n1\n"
    result = ask(county, typed, "--effect", "removal", lang="en")
    assert result.exit_code == 0, result.output
    assert "removal (the person): must" in result.stdout and "found by department" in result.stdout
    assert json.loads(result.stdout.splitlines()[-1])["行为"]["行"][0]["类型"] == "饮酒"


def test_an_answer_that_excludes_ends_the_questions(county: Path) -> None:
    result = ask(county, "完\n", "--effect", "免职")
    assert "不必再问" in result.stdout and "不发生" in result.stdout and result.stdout.count("> ") == 1
    assert json.loads(result.stdout.splitlines()[-1])["行为"]["齐备"] == "2020-01-01"


def test_what_is_no_answer_is_told_and_asked_again(county: Path) -> None:
    result = ask(county, "副课\n2019-13-01 副科\n副科\n3\n是\n", "--effect", "调离")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("> ") == 5 and result.stdout.count("未能采用") >= 3
    assert "副课" in result.stdout and "不必再问" in result.stdout
    english = ask(county, "副课\n副科\n3\n", "--effect", "off_post", lang="en").stdout
    assert "rank: “副课” is not clerk, deputy." in english and "“3” is not no, yes." in english


def test_going_back_undoes_the_answer(county: Path) -> None:
    straight = ask(county, "副科\n否\n", "--effect", "调离")
    back = ask(county, "返回\n不明\n返回\n副科\n返回\n副科\n否\n", "--effect", "调离")
    assert "这是第一问" in back.stdout
    assert straight.stdout.splitlines()[-1] == back.stdout.splitlines()[-1]
    assert "调离（本人）：应当" in back.stdout


def test_what_nobody_knows_is_left_open_and_not_asked_again(county: Path) -> None:
    result = ask(county, "不明\n不明\n", "--effect", "调离")
    assert "没有可以再问的了" in result.stdout and result.stdout.count("> ") == 2
    raw = json.loads(result.stdout.splitlines()[-1])
    assert raw == {"编号": "1", "职级": "不明", "退休": "不明"}


def test_none_is_an_answer(county: Path) -> None:
    result = ask(county, "无\n", "--effect", "调离")
    assert json.loads(result.stdout.splitlines()[-1])["职级"] == "无" and "不必再问" in result.stdout


def test_a_fact_over_time_with_its_days(county: Path) -> None:
    result = ask(county, "2015-01-01 科员；2018-05-01 副科\n否\n", "--effect", "调离")
    assert json.loads(result.stdout.splitlines()[-1])["职级"] == [
        {"自": "2015-01-01", "值": "科员"},
        {"自": "2018-05-01", "值": "副科"},
    ]
    assert "调离（本人）：应当" in result.stdout


def test_a_row_named_is_there(county: Path) -> None:
    result = ask(county, "加\n2019-01-01\n加\n2019-02-01\n甲\n退出\n", "--effect", "降职")
    raw = json.loads(result.stdout.splitlines()[-1])
    assert raw["环节"]["行"][0]["所属召回"] == "甲" and {"编号": "甲"} in raw["召回"]["行"]


@pytest.mark.parametrize("typed", ["", "加\n", "加\n2019-01-01\n退出\n加\n", "\n\n"])
def test_the_end_of_what_is_typed_ends_it_politely(county: Path, typed: str, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    result = ask(county, typed, "-o", str(out))
    assert result.exit_code == 0 and "问到此为止" in result.stdout and "尚缺" in result.stdout
    assert json.loads(out.read_text("utf-8"))[0]["编号"] == "1"


def test_why(county: Path) -> None:
    result = ask(county, "?\n？\n退出\n", "--effect", "调离")
    assert result.stdout.count("若答 科员 → 调离 不发生") == 2 and "T-03" in result.stdout


def test_going_on_from_a_record(county: Path, tmp_path: Path) -> None:
    start = tmp_path / "start.json"
    start.write_text(json.dumps({"id": "Z-9", "rank": "deputy", "complete": ["conduct"], "conduct": []}), "utf-8")
    result = ask(county, "否\n完\n", "--record", str(start))
    raw = json.loads(result.stdout.splitlines()[-1])
    assert raw["编号"] == "Z-9" and raw["职级"] == "deputy" and raw["行为"]["齐备"] is True and raw["退休"] == "否"
    assert "调离（本人）：应当" in result.stdout and "有没有 行为" not in result.stdout
    many = tmp_path / "many.json"
    many.write_text('[{"id": "1"}, {"id": "2"}]', "utf-8")
    assert ask(county, "", "--record", str(many)).exit_code == 2


def test_nothing_is_overwritten_unless_told(county: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("mine", "utf-8")
    assert ask(county, "", "-o", str(out)).exit_code == 2 and out.read_text("utf-8") == "mine"
    assert ask(county, "", "-o", str(out), "--force").exit_code == 0 and out.read_text("utf-8") != "mine"


def test_words_of_the_conversation_are_in_both_tongues() -> None:
    assert all(zh and en and zh != en for zh, en in SAID.values())
    han = {x for x in WORDS if not x.isascii()}
    assert {WORDS[x] for x in han} == {WORDS[x] for x in WORDS if x.isascii()}


def test_yes_comes_before_no_and_numbers_mean_what_is_shown() -> None:
    _, _, checked = g.grow(1)
    assert checked.policy is not None
    w = Wording(checked.policy, "zh")
    assert [meant(x, YES_NO, w) for x in ("1", "2", "3")] == [("value", "是"), ("value", "否"), ("value", "3")]
    assert [meant(x, None, w)[0] for x in ("1", "2", "3", "有", "没有", "无", "不明")] == [
        "add",
        "done",
        "pass",
        "add",
        "done",
        "done",
        "pass",
    ]
    assert options(YES_NO) == ("是", "否") and meant(" BACK ", YES_NO, w) == ("back", "")


# Laws.


class Truth:
    """Somebody who knows everything there is to know of a person, and answers whatever is asked."""

    def __init__(self, raw: dict[str, Any]):
        self.raw = raw

    def row(self, of: str, id: str) -> dict[str, Any]:
        found: dict[str, Any] = next(r for r in self.raw[of]["行"] if r["编号"] == id)
        return found

    def says(self, a: Asking) -> str:
        if a.kind == "finding":
            found = [x for x in self.raw["认定"] if x["问题"] == a.name and x.get("所属编号") == a.row]
            return str(found[0]["答"])
        cell = self.raw[a.name] if a.kind == "fact" else self.row(a.list or "", a.row or "")[a.name]
        if isinstance(cell, list):
            return "；".join(f"{x['自']} {x['值']}" for x in cell)
        return str(cell)

    def answer(self, c: Conversation, a: Asking, regime: Regime, as_of: int) -> Conversation:
        if a.kind == "list":
            if len(c.raw.get(a.name, {}).get("行", ())) < len(self.raw[a.name]["行"]):
                return one_more(c, a.name)
            return answered(c, a, g.iso(as_of), regime)[0]
        then, problems = answered(c, a, self.says(a), regime)
        assert not problems, (a.name, self.says(a), [p.message("en") for p in problems])
        return then


def held(truth: Truth, p: m.Policy, on: int, rng: random.Random | None) -> tuple[Decision, Conversation, int]:
    """A whole conversation, each time with the first question, or with any."""
    regime, question = Regime(p), Question(on, on)
    c = begun({"编号": "一"}, Reader(p.shape, p.lexicon))
    for n in range(400):
        d = decided(c, regime, question)
        open_ = questions(c, d)
        if not open_:
            return d, c, n
        c = truth.answer(c, rng.choice(open_) if rng else open_[0], regime, on)
    raise AssertionError("it does not end")


def statuses(d: Decision) -> dict[object, int]:
    return {place_of(c): c.whole for c in d.conclusions}


@law(5)
def test_asking_until_done_settles_whatever_can_be_settled_in_whichever_order(seed: int) -> None:
    """Held to somebody who knows everything: what the whole record settles, the conversation has settled so."""
    rng = random.Random(seed)
    _, _, checked = g.grow(seed % 6, rules=3)
    p = checked.policy
    assert p is not None
    raw, on = g.person(rng, p.shape, known=True), g.a_day(rng)
    whole = statuses(decide(p, g.read(raw, p), Question(on, on), what_if=False))
    for order in (None, random.Random(seed + 1)):
        d, c, _ = held(Truth(raw), p, on, order)
        for place, mask in statuses(d).items():
            if place in whole and settled(whole[place]):
                assert mask == whole[place], (place, order)
        # The record read again decides the same.
        record, problems = read(Conversation(json.loads(json.dumps(c.raw))), Regime(p))
        assert record is not None and not problems
        assert statuses(decide(p, record, Question(on, on), what_if=False)) == statuses(d)


@law(8)
def test_nothing_is_asked_that_nothing_waits_for(seed: int) -> None:
    rng = random.Random(seed)
    _, _, checked = g.grow(seed % 6, rules=3)
    p = checked.policy
    assert p is not None
    on = g.a_day(rng)
    regime, question = Regime(p), Question(on, on)
    c = begun(g.person(rng, p.shape), Reader(p.shape, p.lexicon))
    if read(c, regime)[1]:
        return
    d = decided(c, regime, question)
    for a in questions(c, d):
        assert a.waiting and askable(a.gap) and not any(x.settled for x in a.waiting)
        assert all(a.gap.key != x.gap.key for x in questions(passed(c, a), d))
