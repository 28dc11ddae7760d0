"""Small policies written in the test: a vocabulary of their own, checked, and decided on plain data."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from policy_dsl import model as m
from policy_dsl.check import check
from policy_dsl.decide import Conclusion, Decision, Gap, Question, decide
from policy_dsl.diagnostics import Diagnostic, render
from policy_dsl.explanation import Member
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack
from policy_dsl.record import Reader, Record
from policy_dsl.working_days import NOWHERE, Calendar

VOCABULARY = """词汇 试验词汇 lab_words
    类 身份 standing：公务员 civil、聘用人员 contract、村干部 village、等
    类 类型 kind：迟到 late、早退 early、饮酒 drinking、打牌 gambling、等
    类 评定 mark：合格 passed、不合格 failed
    序 职级 rank：科员 clerk ＜ 副科 deputy ＜ 正科 section
    事实 身份 standing：身份 随时间
    事实 职级 rank：职级 随时间 可无
    事实 单位 unit：文本 随时间
    事实 怀孕 pregnant：是否
    事实 患病 ill：是否
    事实 退休 retired：是否
    事实 悔改 repentant：是否 可无
    事实 入职日 joined_on：日期
    事实 得分 score：分 可无
    清单 行为 conduct（发生日）：发生日 happened_on：日期、类型 kind：类型、次日 day_after：日期 可无、事由号 incident：文本 可无、金额 money：元 可无、有病 sick：是否、知悉日 learnt_on：日期 可无
    清单 处理 measure（生效日）：生效日 effective_on：日期、种类 type：任一效果、事由号 incident：文本 可无、月数 months：个月 可无、知悉日 learnt_on：日期 可无
    清单 考核 appraisal（评定日）：评定日 assessed_on：日期、年度 for_year：年、等第 grade：评定、知悉日 learnt_on：日期 可无
    清单 召回 recall（召回日）：召回日 recalled_on：日期、知悉日 learnt_on：日期 可无
    清单 环节 stage（开始日）：开始日 started_on：日期、所属召回 of_recall：召回、名称 name：环节名、结束日 ended_on：日期 可无、结果 result：评定 可无、愿接收 willing：是否 可无
    效果 负担 burdens 不利：召回 recall、免职 removal、调离 off_post、降职 demotion、扣奖 cut（元）
    效果 处分 sanctions 不利 由轻到重：警告 warning ＜ 记过 demerit ＜ 开除 expulsion
    效果 事务 affairs 中性：提醒 reminder、登记 registration、学习 study、考察 observation、收尾 closing
    效果 好处 benefits 有利：提拔 promotion、表彰 praise、免责 exempt、减责 reduce
    机关 县委 committee、组织部 department、上级 superior
"""

REGIME = """制度 试验办法 lab_rules
    依据：T-01
    机关：县委
    施行：自 2016年6月1日 起
    溯及：不溯及

"""


def findings(text: str, vocabulary: str = VOCABULARY) -> tuple[Diagnostic, ...]:
    """What checking says of a text put after the vocabulary, without failing."""
    return _checked(text, vocabulary).findings


def codes(text: str, vocabulary: str = VOCABULARY) -> set[str]:
    return {d.code for d in findings(text, vocabulary)}


@cache
def _checked(text: str, vocabulary: str, calendar: Calendar = NOWHERE) -> Any:
    sources = (Source("vocabulary.policy", vocabulary), Source("lab.policy", text))
    return check(Pack("lab", sources, {}, sources[1:], calendar=calendar))


def policy(text: str, vocabulary: str = VOCABULARY, calendar: Calendar = NOWHERE) -> m.Policy:
    """A policy of one inline text; fails with the diagnostics as a user would see them."""
    checked = _checked(text, vocabulary, calendar)
    errors = [render(d, "zh") for d in checked.findings if d.severity == "error"]
    assert checked.policy is not None, "\n" + "\n".join(errors)
    result: m.Policy = checked.policy
    return result


def day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


def record(p: m.Policy, raw: Mapping[str, Any]) -> Record:
    """Plain data read as a record; fails with every misfit."""
    reader = Reader(p.shape, p.lexicon)
    result = reader.record({"编号": "一", **raw}, "试验")
    assert result is not None and not reader.problems, "\n".join(render(d, "zh") for d in reader.problems)
    return result


def refused(p: m.Policy, raw: Mapping[str, Any]) -> set[str]:
    """The codes with which a record is refused."""
    reader = Reader(p.shape, p.lexicon)
    reader.record({"编号": "一", **raw}, "试验")
    return {d.code for d in reader.problems}


def decided(
    text: str | m.Policy,
    raw: Mapping[str, Any] | None = None,
    on: str = "2020-01-01",
    known: str | None = None,
    readings: Mapping[str, str] | None = None,
    layers: Iterable[str] = (),
    what_if: bool = False,
) -> Decision:
    """Decide plain data under a policy, or under the text of one."""
    p = policy(text) if isinstance(text, str) else text
    question = Question(day(on), day(known or on), dict(readings or {}), frozenset(DEFAULT_LAYERS) | frozenset(layers))
    return decide(p, record(p, raw or {}), question, what_if)


def at(d: Decision, effect: str, row: str | None = None, of: str | None = None) -> Conclusion:
    """The conclusion on an effect: of the person, or of one row."""
    found = [
        c
        for c in d.conclusions
        if c.effect == effect and (c.row.id if c.row else None) == row and (of is None or c.list == of)
    ]
    have = [(c.effect, c.list, c.row.id if c.row else None) for c in d.conclusions]
    assert len(found) == 1, f"{effect} {row}: {have}"
    return found[0]


def words(mask: int) -> set[str]:
    return {s for i, s in enumerate(m.STATUSES) if mask >> i & 1}


def lines(c: Conclusion) -> tuple[set[str], set[str]]:
    """The statuses possible on what is printed, and on the whole text."""
    return words(c.printed), words(c.whole)


def both(d: Decision, effect: str, row: str | None = None, of: str | None = None) -> tuple[set[str], set[str]]:
    return lines(at(d, effect, row, of))


def same(*statuses: str) -> tuple[set[str], set[str]]:
    """The same statuses on both lines."""
    return set(statuses), set(statuses)


def gap_name(g: Gap) -> str:
    if isinstance(g.node, Member):
        return g.node.list
    return str(getattr(g.node, "name", ""))


def gaps(d: Decision) -> set[tuple[str, str]]:
    """What is missing: (kind, what)."""
    return {(g.kind, gap_name(g)) for g in d.gaps}


def gap(d: Decision, name: str) -> Gap:
    found = [g for g in d.gaps if gap_name(g) == name]
    assert found, f"{name}: {gaps(d)}"
    return found[0]


def turns(c: Conclusion) -> dict[tuple[tuple[str, str], ...], tuple[set[str], set[str]]]:
    """What a conclusion comes to under each combination of the readings it turns on."""
    return {tuple(sorted(t.readings.items())): (words(t.printed), words(t.whole)) for t in c.turns}


def cited(c: Conclusion) -> set[str]:
    """Every ground of the rules that bear on a conclusion and of the steps that lead to it."""
    out = {b for g in c.grounds for b in g.rule.basis}
    for x in c.why.walk():
        out |= set(getattr(x.node, "basis", ()) or ())
    return out


def unexplained(d: Decision) -> list[str]:
    """Conclusions left open with nothing said to be missing: no reader could ever close them."""
    waiting = {change for g in d.gaps for change in g.changes}
    return [
        f"{c.effect} {c.list} {c.row.id if c.row else ''}"
        for c in d.conclusions
        if not c.settled and not c.turns and (c.effect, c.list, c.row.id if c.row else None) not in waiting
    ]
