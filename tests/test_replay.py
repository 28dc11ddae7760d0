"""Printed figures and invariants, replayed on invented people: what can be reconciled is, with where it is printed."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packs import both, day, gaps, lines, same

from policy_dsl import model as m
from policy_dsl.acts import acts
from policy_dsl.check import check
from policy_dsl.decide import Decision, Question, decide
from policy_dsl.explanation import Explanation, Member
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.pack import load
from policy_dsl.record import Reader, Record
from policy_dsl.report.summary import summary
from policy_dsl.rosters import read_roster
from policy_dsl.stages import stages
from policy_dsl.values import YES

POLICIES = Path(__file__).parent.parent / "policies"
COHORT = POLICIES / "dongtou" / "rosters" / "cohort_2017.json"
ON = "2018-12-31"
# Each trigger, the list it judges, the figure printed for it, and the provision and place that print it.
FIGURES = {
    "红牌召回": ("积分考核", 4, "D-06", "二一是"),
    "落聘召回": ("竞聘", 8, "D-06", "二一是"),
    "较差召回": ("年度考核", 2, "D-06", "二一是"),
}
# What the Measure of 2018 brings, and what follows where second placement is struck: no destination.
SHIELDED = {"人事关系暂挂", "二次调配", "扣发绩效奖", "补发绩效奖", "停发绩效奖", "扣减考绩奖", "去向未载明"}
YEAR = {"事由时点": "按年度"}


@cache
def policy(county: str) -> m.Policy:
    checked = check(load(POLICIES / county))
    assert checked.policy is not None
    return checked.policy


def ask(on: str, readings: Mapping[str, str] | None = None) -> Question:
    return Question(day(on), day(on), dict(readings or {}), frozenset(DEFAULT_LAYERS))


def record(county: str, raw: Mapping[str, Any]) -> Record:
    reader = Reader(policy(county).shape, policy(county).lexicon)
    made = reader.record(dict(raw), "试验")
    assert made is not None and not reader.problems, reader.problems
    return made


def judged(county: str, raw: Mapping[str, Any], on: str, readings: Mapping[str, str] | None = None) -> Decision:
    return decide(policy(county), record(county, raw), ask(on, readings), what_if=False)


@cache
def cohort() -> dict[str, dict[str, Any]]:
    return {r["编号"]: r for r in json.loads(COHORT.read_text("utf-8"))["记录"]}


@cache
def decided_once(id: str, readings: tuple[tuple[str, str], ...] = ()) -> Decision:
    return judged("dongtou", cohort()[id], ON, dict(readings))


def recalled_by(d: Decision) -> set[str]:
    """The triggers under which a person must be recalled, however the open readings go."""
    return {
        g.rule.name
        for c in d.conclusions
        if c.effect == "召回" and c.row is not None and lines(c) == same("must")
        for g in c.grounds
        if g.fires.value == YES
    }


# Dongtou: the first batch.


def batch(raws: Mapping[str, dict[str, Any]]) -> Counter[str]:
    return Counter(t for raw in raws.values() for t in recalled_by(judged("dongtou", raw, ON)))


def test_the_first_batch_is_fourteen_and_no_fifteenth() -> None:
    found = {id: recalled_by(decided_once(id)) for id in cohort()}
    count = Counter(t for x in found.values() for t in x)
    assert count == {trigger: n for trigger, (_, n, _, _) in FIGURES.items()}
    assert all(len(x) <= 1 for x in found.values()) and sum(count.values()) == 14
    for id, ground in found.items():
        person = both(decided_once(id), "召回")
        if ground:
            assert person == same("must")
        else:
            # Four of the seven categories are not printed: on what is printed no, on the whole text open.
            assert person[0] in ({"silent"}, {"silent", "must"}) and person[1] == {"silent", "must"}


@pytest.mark.parametrize("trigger", FIGURES)
def test_each_figure_stands_where_it_is_said_to(trigger: str) -> None:
    of, n, provision, place = FIGURES[trigger]
    rule = next(r for r in policy("dongtou").rules if r.name == trigger)
    assert rule.list == of and provision in rule.basis
    assert policy("dongtou").provisions[provision].locator.startswith(place)
    assert sum(trigger in recalled_by(decided_once(id)) for id in cohort()) == n


def test_an_unreported_loser_adds_one_and_changes_nobody_else() -> None:
    """No quota: the fifteenth is recalled, and not in anybody's place."""
    found = decided_once("SB01")
    assert not recalled_by(found) and ("not_known", "结果") in gaps(found), "unreported: open, not cleared"
    reported = dict(cohort())
    reported["SB01"] = {**reported["SB01"], "竞聘": [{**reported["SB01"]["竞聘"][0], "结果": "落聘"}]}
    assert batch(reported) == {**{t: n for t, (_, n, _, _) in FIGURES.items()}, "落聘召回": 9}
    del reported["SB01"], reported["LP01"]
    assert batch(reported)["落聘召回"] == 7, "nor is anybody recalled in the place of one who is not"


def test_the_three_removed_are_acts_of_four_with_red_cards() -> None:
    """D-43: the removals are what was done, shown beside a conclusion that does not yield them."""
    removed = {id for id, raw in cohort().items() if any(x["种类"] == "免职" for x in raw.get("处理", ()))}
    red = {id for id in cohort() if "红牌召回" in recalled_by(decided_once(id))}
    assert len(removed) == 3 and len(red) == 4 and removed < red
    for id in removed:
        d = decided_once(id)
        assert [a.row.id for a in acts(d)] and "must_one_of" not in both(d, "免职")[0]


def test_ten_go_to_the_front_line_under_one_reading_and_fourteen_under_the_other() -> None:
    for reading, n in (("科级另办", 10), ("中途减员", 14)):
        chosen = (("溯及往年", "照述"), ("首批去向", reading))
        assert sum(both(decided_once(id, chosen), "一线回炉") == same("must") for id in cohort()) == n


def test_the_workbook_holds_the_same_persons() -> None:
    shape, words = policy("dongtou").shape, policy("dongtou").lexicon
    plain, book = (
        {
            r.id: (r.facts, {of: [(x.id, x.values) for x in kept.known] for of, kept in r.lists.items()})
            for r in read_roster(COHORT.with_suffix(suffix), shape, words)
        }
        for suffix in (".json", ".xlsx")
    )
    assert plain == book and len(plain) == len(cohort()) == 19


def test_dynamic_points_keep_within_what_was_observed() -> None:
    deltas = [x["分值"] for raw in cohort().values() for x in raw.get("积分变动", ())]
    assert deltas and max(deltas) == 0.5 and min(deltas) == -3.5


# Strict and narrated.


def under(id: str, reading: str, source: str) -> Decision:
    return decided_once(id, (("溯及往年", reading), ("扣奖出处", source), *YEAR.items()))


def steps(*trees: Explanation) -> dict[tuple[Any, ...], Explanation]:
    """Every step of some explanations, by its place in the policy and the rows in view."""

    def place(e: Explanation) -> tuple[Any, ...]:
        at = (e.node.list, e.node.id) if isinstance(e.node, Member) else (id(e.node),)
        return *at, *(r.id for r in e.rows)

    return {place(e): e for tree in trees for e in tree.walk()}


def reads(e: Explanation) -> bool:
    """Whether a step asks how far back the Measure reaches."""
    return isinstance(e.node, m.Expr) and ("reading", "溯及往年") in e.node.topics


def test_strict_and_narrated_part_only_where_the_measure_of_2018_bites() -> None:
    seen: set[str] = set()
    for id in cohort():
        for source in ("出自召回", "出自积分"):
            strict, narrated = under(id, "从严", source), under(id, "照述", source)
            parted = set()
            for x, y in zip(strict.conclusions, narrated.conclusions, strict=True):
                assert (x.effect, x.list) == (y.effect, y.list)
                if (x.printed, x.whole) != (y.printed, y.whole):
                    parted.add(x.effect)
                if x.list == "召回" and x.effect in SHIELDED - {"去向未载明"}:
                    assert lines(x) == same("silent"), "no measure of 2018 on grounds of 2017"
                if x.effect not in SHIELDED:
                    one, other = steps(x.why, x.why_printed), steps(y.why, y.why_printed)
                    assert one.keys() == other.keys(), "the same steps"
                    assert all(one[k].value == other[k].value for k in one if not isinstance(one[k].node, m.Leaf))
            assert parted <= SHIELDED - ({"扣减考绩奖"} if source == "出自积分" else set())
            seen |= parted
    assert seen == SHIELDED


def test_the_two_trees_part_only_at_the_reading() -> None:
    """A step that both explanations take comes to the same, unless it asks how far back the Measure reaches.

    (That a row counts is no step of its own: it is in because of the steps beneath, which are compared.)
    """
    parted = 0
    for id in cohort():
        strict, narrated = (
            steps(*(w for c in under(id, r, "出自召回").conclusions for w in (c.why, c.why_printed)))
            for r in ("从严", "照述")
        )
        for key in strict.keys() & narrated.keys():
            if strict[key].value != narrated[key].value and not isinstance(strict[key].node, Member):
                parted += 1
                assert reads(strict[key]), strict[key].node
    assert parted


# Fenggang: from the decision to the earliest disposition; who failed still gets the month; nothing without failed tracking.


def recalled(*stages_: dict[str, str]) -> dict[str, Any]:
    rows = [{"编号": str(i), "所属召回": "1", **x} for i, x in enumerate(stages_, 1)]
    return {
        "编号": "一",
        "身份": "公务员",
        "单位": "某局",
        "召回": [{"编号": "1", "召回日": "2016-07-04"}],
        "环节": rows,
        "齐备": ["环节"],
    }


def due(d: Decision, name: str) -> str:
    """The last day of a stage, where the reckoning is settled."""
    value = next(x.due for x in stages(d) if x.rule.name == name)
    assert isinstance(value, tuple) and value[0] == value[1]
    return datetime.date.fromordinal(int(value[0])).isoformat()


NEXT_DAY = {"期间起算": "当日不计"}
EDUCATION = {"名称": "集中教育", "开始日": "2016-07-04"}
TRACKING = {"名称": "跟踪考察", "开始日": "2016-07-11"}


def test_from_decision_to_the_earliest_disposition_are_a_week_and_a_month() -> None:
    """F-17, F-24, with no gap between the stages; nobody enters handling before, though the stages run."""
    d = judged("fenggang", recalled(EDUCATION), "2016-07-04", NEXT_DAY)
    assert due(d, "集中教育") == TRACKING["开始日"] == "2016-07-11"
    running = recalled(
        {**EDUCATION, "结束日": "2016-07-11", "结果": "不合格"},
        {**TRACKING, "结束日": "无", "结果": "无", "愿接收": "无"},
    )
    assert due(judged("fenggang", running, "2016-07-11", NEXT_DAY), "跟踪考察") == "2016-08-11"
    for on in ("2016-07-11", "2016-08-10", "2016-08-11", "2016-09-30"):
        d = judged("fenggang", running, on, NEXT_DAY)
        assert both(d, "进入组织处理", "1") == same("silent"), "no lapse of time leads there"
    failed = {**TRACKING, "结束日": "2016-08-11", "结果": "不合格", "愿接收": "否", "鉴定日": "2016-08-11"}
    d = judged("fenggang", recalled({**EDUCATION, "结束日": "2016-07-11", "结果": "不合格"}, failed), "2016-08-11")
    assert both(d, "进入组织处理", "1") == same("must")


@pytest.mark.parametrize(("result", "work"), [("合格", "单位重点工作"), ("不合格", "县级重点项目")])
def test_a_month_of_tracking_whether_education_was_passed_or_not(result: str, work: str) -> None:
    d = judged(
        "fenggang", recalled({**EDUCATION, "结束日": "2016-07-11", "结果": result}, TRACKING), "2016-07-20", NEXT_DAY
    )
    assert both(d, "跟踪考察", "1") == both(d, work, "1") == same("must") and due(d, "跟踪考察") == "2016-08-11"
    assert both(
        judged("fenggang", recalled({**EDUCATION, "结束日": "2016-07-11", "结果": result}), "2016-07-20"),
        "跟踪考察",
        "1",
    ) == same("must")


@pytest.mark.parametrize("education", ["合格", "不合格", "不明"])
@pytest.mark.parametrize("tracking", ["合格", "不合格", "不明", None])
@pytest.mark.parametrize("willing", ["是", "否", "不明"])
def test_no_disposition_without_failed_tracking(education: str, tracking: str | None, willing: str) -> None:
    track = () if tracking is None else ({**TRACKING, "结束日": "2016-08-11", "结果": tracking, "愿接收": willing, "鉴定日": "2016-08-12"},)  # fmt: skip
    d = judged(
        "fenggang",
        recalled({**EDUCATION, "结束日": "2016-07-11", "结果": education}, *track),
        "2016-09-30",
        {"辞退解聘": "照列"},
    )
    want = {"不合格": same("must"), "不明": same("silent", "must")}.get(str(tracking), same("silent"))
    assert both(d, "进入组织处理", "1") == want
    one = {"must": "must_one_of", "silent": "silent"}
    for effect in ("转岗", "待岗", "免职", "降职", "降级", "辞退", "解聘"):
        assert both(d, effect, "1") == same(*(one[x] for x in want[0]))


# Daye: what is printed of A to D, and the end of an influence period.

MATTER: dict[str, Any] = {
    "编号": "1", "发生日": "2017-03-01", "主体": "个人主体", "明令禁止": "是", "失误": "否", "偏差": "否", "影响": "否", "损失": "无",
    "未达预期": "否", "领域": "无", "政策调整日": "无", "事由号": "甲",
}  # fmt: skip
QUESTIONS = (
    "经科学民主决策", "阳光运行", "谋取不当利益", "合于决策部署", "最大程度补救", "先行先试", "探索性失误", "围绕战略主动作为", "因政策变化所致",
    "只由他种文件禁止",
)  # fmt: skip
# What makes each condition hold, of the matter and of the findings.
HOLDS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "甲": ({"明令禁止": "否", "失误": "是"}, ("经科学民主决策", "阳光运行")),
    "乙": ({"偏差": "是"}, ("合于决策部署", "最大程度补救")),
    "丙": ({"未达预期": "是"}, ("先行先试",)),
    "丁": ({"影响": "是", "领域": "招商引资", "政策调整日": "2017-09-01"}, ("围绕战略主动作为", "因政策变化所致")),
}


def matter(facts: Mapping[str, str], found: tuple[str, ...], gain: str = "否") -> Decision:
    findings = [
        {
            "问题": q,
            "所属": "容错事项",
            "所属编号": "1",
            "答": gain if q == "谋取不当利益" else "是" if q in found else "否",
        }
        for q in QUESTIONS
    ]
    raw = {
        "编号": "一",
        "身份": "公务员",
        "容错事项": [{**MATTER, **facts}],
        "认定": findings,
        "齐备": ["容错事项", "处理"],
    }
    return judged("daye", raw, "2018-06-06")


@pytest.mark.parametrize("letter", HOLDS)
def test_with_all_of_a_condition_it_may_and_never_must(letter: str) -> None:
    d = matter(*HOLDS[letter])
    assert both(d, "免责", "1") == both(d, "减责", "1") == same("may")


@pytest.mark.parametrize(
    ("letter", "wanting"), [(k, x) for k, (facts, found) in HOLDS.items() for x in (*facts, *found)]
)
def test_with_one_element_wanting_it_is_not_refused(letter: str, wanting: str) -> None:
    """On what is printed nothing follows, on the whole text it is open: six conditions are not printed. Never 不得."""
    facts, found = HOLDS[letter]
    d = matter({k: v for k, v in facts.items() if k != wanting}, tuple(x for x in found if x != wanting))
    if (letter, wanting) in {("丁", "政策调整日"), ("丁", "领域")}:
        # Whether the change must come after the act, and whether the fields are examples, are readings.
        assert both(d, "免责", "1") == ({"silent", "may"}, {"silent", "may"})
        return
    assert both(d, "免责", "1") == both(d, "减责", "1") == ({"silent"}, {"silent", "may"})
    assert [g for g in d.gaps if g.kind == "unprinted" and "六种" in str(getattr(g.node, "note", ""))]


def test_gain_bars_only_a_unless_read_of_all() -> None:
    for letter, (facts, found) in HOLDS.items():
        printed = both(matter(facts, found, gain="是"), "免责", "1")[0]
        assert printed == ({"silent"} if letter == "甲" else {"silent", "may"})


@pytest.mark.parametrize(
    ("on", "free", "next_day"),
    [("2018-07-09", "silent", "silent"), ("2018-07-10", "must", "silent"), ("2018-07-11", "must", "must")],
)
def test_use_is_free_from_the_end_of_the_influence_period(on: str, free: str, next_day: str) -> None:
    """Six months of a warning from 10 January: the day before its end, the end, the day after."""
    raw = {
        "编号": "一", "身份": "公务员", "容错事项": [{**MATTER, "容错决定": "减责", "决定日期": "2018-01-08"}],
        "处理": [{"编号": "1", "生效日": "2018-01-10", "种类": "警告", "事由号": "甲"}], "齐备": ["容错事项", "处理"],
    }  # fmt: skip
    for reading, want in (("当日在外", free), ("当日在内", next_day)):
        assert both(judged("daye", raw, on, {**NEXT_DAY, "期满当日": reading}), "使用不受影响", "1") == same(want)


def test_the_seven_measures_are_told_in_the_order_of_the_text() -> None:
    """降级 is a sanction of the vocabulary, and stands fifth among the seven of the text."""
    raw = {
        "编号": "甲", "身份": "公务员", "职级": "科员", "领导职务": "否", "单位正职": "否",
        "召回": [{"编号": "1", "召回日": "2016-07-01"}],
        "环节": [
            {"编号": "1", "所属召回": "1", "名称": "集中教育", "开始日": "2016-07-04", "结束日": "2016-07-10", "结果": "合格"},
            {"编号": "2", "所属召回": "1", "名称": "跟踪考察", "开始日": "2016-07-11", "结束日": "2016-08-10", "结果": "不合格",
             "鉴定日": "2016-08-10"},
        ],
        "齐备": ["召回", "环节"],
    }  # fmt: skip
    told = summary(judged("fenggang", raw, "2016-12-31", {"辞退解聘": "照列"}), "zh")
    assert "\n  转岗、待岗、免职、降职、降级、辞退、解聘（召回1）：应当择一\n" in told
