"""What the columns say is missing is what a decision says: the same things, for the same reasons."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import duckdb
import generate as g
import packs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_run import DAYS, checked_once, population

from policy_dsl import model as m
from policy_dsl.columnar import Staged
from policy_dsl.columnar.columns import NotColumnar
from policy_dsl.columnar.gathering import Gathered
from policy_dsl.columnar.missing import AMONG, Missing, lacking, missing
from policy_dsl.decide import Conclusion, Court, Gap, Question, look_into, places
from policy_dsl.knowledge import as_known
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.leaves import item_key
from policy_dsl.record import Record

__all__ = ["checked_once"]

Lacks = set[tuple[int, str]]


def told(policy: m.Policy, question: Question, records: Sequence[Record], general: bool) -> tuple[Missing, list[Lacks]]:
    """What the columns say is missing of each."""
    staged, asked = Staged(policy, question, list(records)), missing(policy, question)
    if not general:
        asked = missing(policy, question, staged.layout(asked.cells))
    found: list[Lacks] = [set() for _ in records]
    with duckdb.connect() as connection:
        staged.put(connection, asked.cells, asked.layout)
        connection.execute(f'CREATE TEMP TABLE "{AMONG}" AS SELECT n FROM "干部"')
        name = lacking(connection, asked)
        for n, item, kind in connection.execute(f'SELECT * FROM "{name}"').fetchall():
            assert (item, kind) not in found[n], "said twice"
            found[n].add((item, kind))
    return asked, found


def walked(
    policy: m.Policy, question: Question, record: Record, refused: frozenset[str]
) -> tuple[list[Conclusion], list[Gap]]:
    asked = [(w, *place) for w in policy.verdicts if w.effect not in refused for place in places(w, record)]
    return look_into(policy, Court(record, question, False), asked)


def alike(
    policy: m.Policy, question: Question, records: Sequence[Record], general: bool = True
) -> tuple[Missing, int, list[Lacks]]:
    """Every leaf is the walker's, and every reason where no reading is missing; how many lack nothing."""
    asked, found = told(policy, question, records, general)
    numbers = {i.key: i.number for i in asked.items}
    refused = frozenset(r.effect for r in asked.refused)
    settled = 0
    for n, record in enumerate(records):
        conclusions, gaps = walked(policy, question, record, refused)
        keys = {item_key(e.node) for c in conclusions for e in c.why.missing()} - {None}
        assert {asked.items[i].key for i, _ in found[n]} == keys, n
        on_both = {item_key(e.node) for c in conclusions for e in (*c.why.missing(), *c.why_printed.missing())}
        readings = {key for key in on_both if key is not None and key[0] == "reading"}
        assert {asked.items[i].key for i, _ in found[n] if i in asked.readings} == readings, n
        if not readings:
            assert found[n] == {(numbers[item_key(x.node)], x.kind) for x in gaps if item_key(x.node)}, n
            assert all(set(x.who) == set(asked.items[numbers[item_key(x.node)]].who) for x in gaps)
        settled += not keys
    return asked, settled, found


@pytest.mark.parametrize("county", DAYS)
def test_a_roster_lacks_what_the_walker_says(county: str) -> None:
    of = population(county)
    given = [of.given(x) for x in of.table if isinstance(x, Record)]
    asked, settled, _ = alike(of.policy, of.asked, given[::4])
    assert not asked.refused and settled < len(given[::4])


def grown(seed: int, count: int, chosen: float) -> tuple[m.Policy, Question, list[Record]]:
    policy = g.grow(seed)[2].policy
    assert policy is not None
    rng = random.Random(seed)
    day = g.a_day(rng)
    readings = {n: rng.choice(r.alternatives) for n, r in policy.readings.items() if rng.random() < chosen}
    question = Question(day, day - rng.randrange(500) * (seed % 2), readings, frozenset(DEFAULT_LAYERS))
    records = [g.read(g.person(rng, policy.shape, known=i % 2 == 0), policy) for i in range(count)]
    return policy, question, [as_known(r, policy.shape, day, question.known_as_of) for r in records]


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10**9), chosen=st.sampled_from([0.5, 1.0]), general=st.booleans())
def test_grown_policies_lack_what_the_walker_says(seed: int, chosen: float, general: bool) -> None:
    alike(*grown(seed, 5, chosen), general)


# Each by itself: what is missing and what is not, and why.

RULE = packs.REGIME + "处置 试验处置 lab_rule\n    依据：T-02\n    当：{0}\n    应当：提醒\n    由：未载明\n"
both = pytest.mark.parametrize("general", [True, False])


def lacks(
    condition: str, general: bool, *raws: dict[str, Any], known: str = "2020-01-01"
) -> list[set[tuple[str, str]]]:
    """What each lacks under a rule with one condition, by name and reason; the walker says the same."""
    policy = packs.policy(RULE.format(condition))
    question = Question(packs.day("2020-01-01"), packs.day(known), {}, frozenset(DEFAULT_LAYERS))
    days = question.as_of, question.known_as_of
    records = [as_known(packs.record(policy, raw), policy.shape, *days) for raw in raws]
    asked, _, found = alike(policy, question, records, general)
    return [{(asked.items[i].name or str(asked.items[i].list), kind) for i, kind in x} for x in found]


def rows(of: str, *given: dict[str, Any], complete: bool = True) -> dict[str, Any]:
    numbered = [{"编号": str(i), **row} for i, row in enumerate(given, 1)]
    return {of: {"行": numbered, **({"齐备": True} if complete else {})}}


LATE = {"发生日": "2019-05-01", "类型": "迟到"}
PREGNANT, ILL = ("怀孕", "not_asked"), ("患病", "not_asked")


@both
def test_only_what_can_still_change_the_answer_is_missing(general: bool) -> None:
    raws = {}, {"患病": "是"}, {"患病": "否"}
    assert lacks("怀孕 且 患病", general, *raws) == [{PREGNANT, ILL}, {PREGNANT}, set()]
    assert lacks("怀孕 且 （患病 或 退休）", general, {"患病": "是"}) == [{PREGNANT}]


@both
def test_why_it_is_missing(general: bool) -> None:
    points = "不明", {"至少": 59, "至多": 60}, {"至少": 10, "至多": 59}
    found = lacks("得分 不足 60分", general, *({"得分": x} for x in points))
    assert found == [{("得分", "not_known")}, {("得分", "imprecise")}, set()]
    row = rows("行为", LATE | {"类型": "未核实"})
    assert lacks("有 行为（类型 为 迟到）", general, row) == [{("类型", "unverified")}]
    assert lacks("怀孕 或 未载明（另外三种情形）", general, {"怀孕": "否"}) == [{("None", "unprinted")}]


@both
def test_rows_are_told_of_once_and_only_those_that_bear(general: bool) -> None:
    raw = rows("行为", *(LATE | {"类型": x} for x in ("不明", "", "", "早退")))
    kinds = {("类型", "not_known"), ("类型", "not_asked")}
    assert lacks("有 行为（类型 为 迟到 且 有病）", general, raw) == [kinds | {("有病", "not_asked")}]
    assert lacks("有 行为（类型 为 早退）", general, raw) == [set()]


@both
def test_a_row_that_is_not_listed_lacks_only_what_is_the_persons(general: bool) -> None:
    open_ = ("行为", "list_open")
    assert lacks("有 行为（类型 为 迟到 且 患病）", general, {}) == [{open_, ILL}]
    graded, late = rows("考核", {"评定日": "2019-12-20", "年度": 2019}), rows("行为", LATE, complete=False)
    # The grade is of a row as well: behind one that is not listed it is not asked for.
    found = lacks("有 行为（类型 为 迟到 且 有 考核（等第 为 不合格））", general, graded, graded | late, late)
    assert found == [{open_}, {open_, ("等第", "not_asked")}, {open_, ("考核", "list_open")}]


@both
def test_whether_a_row_counts_may_be_what_is_missing(general: bool) -> None:
    dated = LATE | {"发生日": {"不早于": "2019-05-01", "不晚于": "2020-01-02"}, "知悉日": "2019-06-01"}
    raws = rows("行为", dated), rows("行为", LATE | {"知悉日": "不明"})
    late = "有 行为（类型 为 迟到）"
    assert lacks(late, general, *raws) == [{("发生日", "imprecise")}, set()]
    found = lacks(late, general, raws[1], known="2019-12-31")
    assert found == [{("知悉日", "not_known"), ("行为", "list_open")}]


@both
def test_rows_of_one_day_lack_their_order(general: bool) -> None:
    first = {"评定日": "2019-12-20", "年度": 2019, "等第": "合格"}
    ways = {"等第": "不合格"}, {"等第": "不合格", "评定日": "2019-12-21"}, {"等第": "不明", "评定日": "2019-12-21"}
    found = lacks("考核的等第最近 为 不合格", general, *(rows("考核", first, first | x) for x in ways))
    assert found == [{("None", "tie")}, set(), {("等第", "not_known")}]


@both
def test_a_fact_over_time_lacks_what_its_history_leaves_open(general: bool) -> None:
    raws = {"身份": [{"自": "2018-01-01", "值": "村干部"}]}, {"身份": [{"自": "2020-01-02", "值": "村干部"}]}, {}
    found = lacks("身份 为 公务员", general, *raws)
    assert found == [set(), {("身份", "imprecise")}, {("身份", "not_asked")}]


def test_of_what_has_no_columns_nothing_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    policy, question = packs.policy(RULE.format("同一自然年内 考核的次数 3次以上 且 患病")), Question(1, 1)
    assert not missing(policy, question).refused

    def formless(*_: Any) -> None:
        raise NotColumnar("如此这般\tso and so")

    # Everything has, today.
    monkeypatch.setattr(Gathered, "crowded", formless)
    assert [(r.effect, r.what) for r in missing(policy, question).refused] == [("提醒", "如此这般\tso and so")]


@both
def test_what_lies_within_one_calendar_year_may_be_missing(general: bool) -> None:
    count = "同一自然年内 行为（类型 为 迟到）的次数 3次以上"
    days = "2018-12-31", "2019-01-01", {"不早于": "2018-12-31", "不晚于": "2019-01-01"}
    raws = [rows("行为", LATE, LATE, LATE | {"发生日": day}) for day in days]
    found = lacks(count, general, *raws, rows("行为", LATE, LATE, complete=False))
    assert found == [set(), set(), {("发生日", "imprecise")}, {("行为", "list_open")}]


def test_a_reading_is_said_to_be_missing() -> None:
    day = packs.day("2020-01-01")
    # Whether the first day counts is a reading: it makes a difference on one day alone.
    policy = packs.policy(RULE.format("决定日 不早于 自 入职日 起 一个月"))
    question = Question(day, day, {}, frozenset(DEFAULT_LAYERS))
    days = ("2019-11-30", "2019-12-01", "2019-12-02", "2019-12-03")
    records = [packs.record(policy, {"入职日": joined}) for joined in days]
    asked, _, found = alike(policy, question, records)
    assert [bool(x) for x in found] == [False, False, True, False]
    assert {i for i, _ in found[2]} <= asked.readings
