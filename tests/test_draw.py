"""Lotteries, ranks and shares: what is settled is settled whichever way the rest turns out, and anyone can go over it."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import REGIME, codes, day, policy

from policy_dsl import model as m
from policy_dsl import values as v
from policy_dsl.check import check
from policy_dsl.cli import main
from policy_dsl.decide import Question, decide
from policy_dsl.drawing import Drawing, draw, hashed, period, rounded
from policy_dsl.entering import entered
from policy_dsl.pack import load
from policy_dsl.record import Reader, Record
from policy_dsl.report.drawing import differences, plain, rows, told
from policy_dsl.rosters import open_roster
from policy_dsl.values import NO, UNKNOWN, YES

ON = day("2020-01-01")
MARKS = """
认定 试验认定 lab_findings
    由：县委
        （一）抽中 was_drawn：本年是否抽中，T-02；
        （二）列末 at_the_end：是否列入末档，T-03；

规定 抽中即学 study_when_drawn
    依据：T-02
    当：抽中
    应当：学习
"""
LOT = """
名册 抽签 lot
    依据：T-02
    范围：退休 为 否
    每：年
    抽取：{share}
    取整：{rounding}
    得出：抽中
    由：县委
"""
RANK = """
名册 末档 last_grade
    依据：T-03
    范围：退休 为 否
    每：单位
    排名：得分
    占比：{share}
    取整：{rounding}
    得出：列末
    由：组织部
"""
PLACES = """
词汇 名次词汇 place_words
    事实 名次 place：数值 可无

名册 排位 places
    依据：T-03
    范围：退休 为 否
    排名：得分
    得出：名次
"""
UP, DOWN, HALF = "进一", "舍去", "四舍五入"


def pack(text: str, **values: str) -> m.Policy:
    return policy(REGIME + MARKS + text.format(**values))


def lot(share: str = "百分之十", rounding: str = UP) -> m.Policy:
    return pack(LOT, share=share, rounding=rounding)


def rank(share: str = "百分之十", rounding: str = UP) -> m.Policy:
    return pack(RANK, share=share, rounding=rounding)


def people(p: m.Policy, raws: Iterable[Mapping[str, Any]]) -> list[Record]:
    reader = Reader(p.shape, p.lexicon)
    found = [reader.record({"编号": f"{i:03}", "单位": "甲", **raw}, "试验") for i, raw in enumerate(raws, 1)]
    assert not reader.problems
    return [x for x in found if x is not None]


def drawn(p: m.Policy, records: Iterable[Record], seed: str = "种", **readings: str) -> Drawing:
    (roster,) = p.rosters
    return draw(p, roster, records, Question(ON, ON, readings), seed if roster.lot else "")


def taken(d: Drawing) -> dict[str, int]:
    return {x.id: x.taken for x in d.standings}


IN, OUT, ASKED = {"退休": "否"}, {"退休": "是"}, {"退休": "不明"}


# How many.


@pytest.mark.parametrize(
    ("size", "up", "down", "half"),
    [(0, 0, 0, 0), (1, 1, 0, 0), (4, 1, 0, 0), (5, 1, 0, 1), (9, 1, 0, 1), (10, 1, 1, 1), (11, 2, 1, 1), (14, 2, 1, 1),
     (15, 2, 1, 2), (20, 2, 2, 2)],
)  # fmt: skip
def test_a_share_is_rounded_as_the_text_says(size: int, up: int, down: int, half: int) -> None:
    for how, number in ((UP, up), (DOWN, down), (HALF, half)):
        d = drawn(lot(rounding=how), people(lot(), [IN] * size))
        assert sum(x == YES for x in taken(d).values()) == number
        assert d.status == "decided" and UNKNOWN not in taken(d).values()


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_rounding_is_exact(share: int, size: int) -> None:
    exact = Fraction(share * size, 10_000)
    assert rounded(share, size, DOWN) <= exact < rounded(share, size, DOWN) + 1
    assert rounded(share, size, UP) - 1 < exact <= rounded(share, size, UP)
    assert rounded(share, size, HALF) - Fraction(1, 2) <= exact < rounded(share, size, HALF) + Fraction(1, 2)


@pytest.mark.parametrize(("share", "size", "number"), [("3", 2, 2), ("3", 3, 3), ("3", 5, 3), ("0", 5, 0), ("百分之百", 4, 4), ("百分之零", 4, 0)])  # fmt: skip
def test_a_number_or_a_whole_share(share: str, size: int, number: int) -> None:
    d = drawn(lot(share), people(lot(), [IN] * size))
    assert sum(x == YES for x in taken(d).values()) == number and d.status == "decided"


def test_a_rounding_that_is_not_printed_is_a_reading() -> None:
    p = lot(rounding="未载明")
    same = drawn(p, people(p, [IN] * 10))
    assert len(same.outcomes) == 1 and not same.outcomes[0].readings and same.status == "decided"
    other = drawn(p, people(p, [IN] * 11))
    assert [sum(x.taken == YES for x in o.standings) for o in other.outcomes] == [2, 1, 1]
    assert other.status == "undetermined" and [x.open for x in other.standings].count("reading") == 1
    assert [x.kind for x in other.missing] == ["reading"]
    chosen = drawn(p, people(p, [IN] * 11), 取整办法=UP)
    assert chosen.status == "decided" and sum(x == YES for x in taken(chosen).values()) == 2


def test_only_what_is_possible_is_tried() -> None:
    p = policy(REGIME + MARKS + LOT.format(share="百分之十", rounding="未载明") + "    可能：进一、舍去\n")
    assert [o.readings["取整办法"] for o in drawn(p, people(p, [IN] * 11)).outcomes] == [UP, DOWN]


def test_a_share_that_is_not_printed_is_a_gap() -> None:
    p = policy(REGIME + MARKS + LOT.format(share="未载明", rounding="未载明"))
    d = drawn(p, people(p, [IN] * 3))
    assert set(taken(d).values()) == {UNKNOWN} and {x.open for x in d.standings} == {"number"}
    assert [(x.id, x.kind, x.who) for x in d.missing] == [(None, "unprinted", ("县委",))]
    assert len(d.outcomes) == 1


# The procedure.


def test_the_procedure_is_the_published_one() -> None:
    """Done over by hand: SHA-256 of seed, slash, number; the smallest first."""
    p = lot("百分之三十")
    d = drawn(p, people(p, [IN] * 10), "2020年第1号公告")
    order = sorted(
        (f"{i:03}" for i in range(1, 11)), key=lambda id: hashlib.sha256(f"2020年第1号公告/{id}".encode()).hexdigest()
    )
    assert [id for id in order if taken(d)[id] == YES] == order[:3]
    assert d.outcomes[0].digest == hashlib.sha256("\n".join(f"{i:03}" for i in range(1, 11)).encode()).hexdigest()
    # One that a clerk has worked out with another program: printf '种/001' | sha256sum
    assert hashed("种", "001") == "447831be8d599ded73fe58766de2efaace180640c0d1ecca5482cfe3a76c9a02"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from((IN, OUT, ASKED)), max_size=9), st.text("甲乙ab1", min_size=1, max_size=4), st.randoms()
)
def test_the_order_of_the_roster_is_of_no_account(raws: list[Any], seed: str, rng: random.Random) -> None:
    p = lot("百分之三十", HALF)
    records = people(p, raws)
    mixed = records[:]
    rng.shuffle(mixed)
    assert plain(drawn(p, records, seed), "lab") == plain(drawn(p, mixed, seed), "lab")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.booleans(), min_size=1, max_size=9),
    st.text("甲乙ab1", min_size=1, max_size=4),
    st.lists(st.sampled_from(("科员", "副科", "正科")), min_size=9, max_size=9),
)
def test_a_lot_turns_on_the_seed_the_set_and_its_size_alone(inside: list[bool], seed: str, ranks: list[str]) -> None:
    """Whatever else the records say, and whoever else is on the roster outside the range."""
    p = lot("百分之三十", HALF)
    plainly = people(p, [IN if x else OUT for x in inside])
    otherwise = people(
        p, [{**(IN if x else OUT), "职级": r, "单位": "乙", "患病": "是"} for x, r in zip(inside, ranks)]
    )
    alone = [r for r, x in zip(plainly, inside) if x]
    found = taken(drawn(p, plainly, seed))
    assert found == taken(drawn(p, otherwise, seed))
    assert {r.id: found[r.id] for r in alone} == taken(drawn(p, alone, seed))
    assert {found[r.id] for r, x in zip(plainly, inside) if not x} <= {NO}


def test_another_seed_draws_others() -> None:
    p = lot("百分之十")
    records = people(p, [IN] * 40)
    assert len({tuple(taken(drawn(p, records, f"{i}")).items()) for i in range(8)}) == 8


def test_every_person_is_drawn_about_as_often() -> None:
    p = lot("1", UP)
    records = people(p, [IN] * 5)
    counts = dict.fromkeys((r.id for r in records), 0)
    for i in range(400):
        (id,) = [id for id, x in taken(drawn(p, records, f"第{i}次")).items() if x == YES]
        counts[id] += 1
    assert all(50 <= n <= 110 for n in counts.values()), counts


# What is not known.


def completions(raws: list[dict[str, Any]], scores: bool) -> Iterable[list[dict[str, Any]]]:
    """Every way the unknowns of a few persons may turn out."""
    ways = []
    for raw in raws:
        inside = (IN, OUT) if raw["退休"] == "不明" else ({"退休": raw["退休"]},)
        score = raw.get("得分")
        values = range(1, 4) if isinstance(score, dict) or score == "不明" else (score,)
        if isinstance(score, dict):
            values = range(score["至少"], score["至多"] + 1)
        units = ("甲", "乙") if raw.get("单位") == "不明" else (raw.get("单位", "甲"),)
        ways.append(
            [{**i, "单位": u, **({"得分": s} if scores else {})} for i in inside for s in values for u in units]
        )
    return itertools.product(*ways)  # type: ignore[return-value]


PERSON = st.fixed_dictionaries({"退休": st.sampled_from(("否", "否", "否", "不明", "是"))})
SCORED = st.fixed_dictionaries(
    {
        "退休": st.sampled_from(("否", "否", "否", "不明")),
        "单位": st.sampled_from(("甲", "甲", "甲", "乙", "不明")),
        "得分": st.one_of(st.integers(1, 3), st.sampled_from(({"至少": 1, "至多": 2}, {"至少": 2, "至多": 3}))),
    }
)
SHARES = st.sampled_from(("百分之十", "百分之三十", "百分之四十九", "百分之六十", "2"))


@settings(max_examples=80, deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=6), SHARES, st.sampled_from((UP, DOWN, HALF)), st.sampled_from("甲乙丙"))
def test_a_lot_settles_just_what_is_the_same_whichever_way(raws: list[Any], share: str, how: str, seed: str) -> None:
    p = lot(share, how)
    found = taken(drawn(p, people(p, raws), seed))
    seen = dict.fromkeys(found, 0)
    for one in completions(raws, scores=False):
        for id, x in taken(drawn(p, people(p, one), seed)).items():
            assert x != UNKNOWN
            seen[id] |= x
    assert found == seen


@settings(max_examples=80, deadline=None)
@given(st.lists(SCORED, min_size=1, max_size=4), SHARES, st.sampled_from((UP, DOWN, HALF)))
def test_a_share_of_a_rank_settles_just_what_is_the_same(raws: list[Any], share: str, how: str) -> None:
    """Exact, but for those whose own group is not known, of whom nothing is said."""
    p = rank(share, how)
    d = drawn(p, people(p, raws))
    seen = dict.fromkeys(taken(d), 0)
    places: dict[str, set[int]] = {id: set() for id in seen}
    for one in completions(raws, scores=True):
        for x in drawn(p, people(p, one)).standings:
            seen[x.id] |= x.taken
            if x.place is not None:
                assert x.place[0] == x.place[1]
                places[x.id].add(x.place[0])
    for x in d.standings:
        assert x.taken == (UNKNOWN if x.open == "group" else seen[x.id]), x
        if x.place is not None and places[x.id]:
            assert x.place[0] == min(places[x.id]) and max(places[x.id]) == x.place[1], (x, places[x.id])


def test_an_unsettled_person_is_named_with_what_is_missing() -> None:
    p = lot("百分之五十")
    d = drawn(p, people(p, [IN, IN, ASKED, OUT]))
    assert d.status == "undetermined"
    assert [(x.id, x.kind, x.who) for x in d.missing] == [("003", "not_known", ("记录填报单位",))]
    assert "003" in told(d, "zh") and "退休" in told(d, "zh") and "retired" in told(d, "en")
    assert [x.inside for x in d.standings] == [YES, YES, UNKNOWN, NO]


# Ranks.


def scored(p: m.Policy, *scores: Any) -> list[Record]:
    return people(p, [{**IN, "得分": s} for s in scores])


def test_a_share_is_taken_from_the_end() -> None:
    p = rank("百分之四十", DOWN)
    d = drawn(p, scored(p, 90, 70, 80, 60, 85))
    assert taken(d) == {"001": NO, "002": YES, "003": NO, "004": YES, "005": NO}
    assert [x.place for x in d.standings] == [(n, n, False) for n in (1, 4, 3, 5, 2)]


def test_a_tie_across_the_bound_is_open_and_one_within_is_not() -> None:
    p = rank("百分之四十", DOWN)
    across = drawn(p, scored(p, 90, 70, 70, 60, 85))
    assert taken(across) == {"001": NO, "002": UNKNOWN, "003": UNKNOWN, "004": YES, "005": NO}
    assert [x.open for x in across.standings] == ["", "tie", "tie", "", ""] and across.status == "undetermined"
    assert [x.place for x in across.standings][1:3] == [(3, 3, False)] * 2
    assert "由 组织部" in told(across, "zh") and "并列" in told(across, "zh")
    within = drawn(p, scored(p, 90, 70, 60, 60, 85))
    assert taken(within) == {"001": NO, "002": NO, "003": YES, "004": YES, "005": NO} and within.status == "decided"


def test_groups_stand_apart() -> None:
    p = rank("1", UP)
    d = drawn(p, people(p, [{**IN, "单位": u, "得分": s} for u, s in (("甲", 1), ("甲", 2), ("乙", 8), ("乙", 9))]))
    assert taken(d) == {"001": YES, "002": NO, "003": YES, "004": NO}
    assert [(x.size, x.number) for x in d.outcomes[0].portions] == [((2, 2), (1, 1))] * 2


def test_what_does_not_apply_ranks_nobody() -> None:
    """A person without a score is neither first nor last."""
    p = rank("1", UP)
    d = drawn(p, scored(p, 1, "无"))
    assert taken(d) == {"001": UNKNOWN, "002": UNKNOWN} and d.status == "undetermined"


def test_where_nothing_orders_them_a_body_decides() -> None:
    text = RANK.replace("    排名：得分\n", "")
    p = pack(text, share="百分之五十", rounding=DOWN)
    d = drawn(p, people(p, [IN] * 5))
    assert {x.open for x in d.standings} == {"body"} and d.outcomes[0].portions[0].number == (2, 2)
    assert d.status == "undetermined" and "由 组织部" in told(d, "zh")


def test_places_alone() -> None:
    p = pack(PLACES)
    d = drawn(p, scored(p, 90, 80, 80, 70))
    assert [x.place for x in d.standings] == [(n, n, False) for n in (1, 2, 2, 4)] and d.status == "decided"
    open = drawn(p, scored(p, 90, {"至少": 75, "至多": 85}, 80, 70))
    assert [x.place for x in open.standings] == [(1, 1, False), (2, 3, False), (2, 3, False), (4, 4, False)]
    assert open.status == "undetermined" and [x.id for x in open.missing] == ["002"]


# Readings, layers, time.


def test_readings_of_the_range_are_tried() -> None:
    reading = """
解读 口径 whom
    依据：T-02
    问：含不含患病的人
        （一）不含 without：不含；
        （二）含 with_them：含；
"""
    text = reading + LOT.replace("退休 为 否", "退休 为 否 且 （口径 取 含 或 患病 为 否）")
    p = pack(text, share="百分之五十", rounding=UP)
    records = people(p, [{**IN, "患病": x} for x in ("否", "否", "是", "否")])
    d = drawn(p, records)
    assert [o.readings for o in d.outcomes] == [{"口径": "不含"}, {"口径": "含"}]
    assert [len(o.listed) for o in d.outcomes] == [3, 4] and d.status == "undetermined"
    assert drawn(p, records, 口径="含").status == "decided"
    nobody_ill = drawn(p, people(p, [{**IN, "患病": "否"}] * 4))
    assert len(nobody_ill.outcomes) == 1 and nobody_ill.status == "decided" and not nobody_ill.missing


def test_before_it_is_in_force_nobody_is_in_the_range() -> None:
    p = lot()
    (roster,) = p.rosters
    for on, inside in ((day("2016-05-31"), NO), (day("2016-06-01"), YES)):
        d = draw(p, roster, people(p, [IN]), Question(on, on), "种")
        assert [x.inside for x in d.standings] == [inside]


def test_the_period() -> None:
    (roster,) = lot().rosters
    assert period(roster, day("2020-12-31")) == "2020"
    assert period(evolve(roster, period="months"), day("2020-02-01")) == "2020-02"
    assert period(evolve(roster, period=""), ON) == ""


# No quota: a decision never turns on other people's cases.


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(("科员", "副科", "正科", "不明")), min_size=1, max_size=5),
    st.lists(st.sampled_from(("是", "否", None)), min_size=5, max_size=5),
    st.randoms(),
)
def test_a_roster_is_decided_as_each_alone(ranks: list[str], marks: list[str | None], rng: random.Random) -> None:
    """Deciding a roster is deciding each alone, in any order: there is nothing of the others for a rule to read."""
    from policy_dsl.report.json import plain as as_plain

    p = lot()
    raws = [{"职级": r, "认定": [{"问题": "抽中", "答": x}] if x else []} for r, x in zip(ranks, marks)]
    records = people(p, raws)
    question = Question(ON, ON)
    alone = {r.id: as_plain(decide(p, people(p, raws)[i], question)) for i, r in enumerate(records)}
    rng.shuffle(records)
    assert {r.id: as_plain(decide(p, r, question)) for r in records} == alone


def test_no_condition_reads_another_record() -> None:
    """The topics of a policy are those of one record: what a roster comes to is not among them."""
    p = lot()
    read = {t[0] for r in p.rules for o in r.options for t in o.fires.topics}
    assert read <= {"fact", "field", "finding", "reading", "list", "unprinted", "masked", "unverified", "not_obtained"}
    assert not any(isinstance(x, m.Roster) for r in p.rules for o in r.options for x in m.walk(o.fires))


# What is entered.


def entering(
    d: Drawing, raws: list[dict[str, Any]], lang: str = "zh"
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    reader = Reader(d.policy.shape, d.policy.lexicon)
    full = [{"编号": f"{i:03}", **raw} for i, raw in enumerate(raws, 1)]
    return entered(d, ((r, raw) for raw in full if (r := reader.record(raw, "试验")) is not None), reader, lang)


def test_what_is_drawn_is_decided_on() -> None:
    p = lot("百分之五十")
    raws: list[dict[str, Any]] = [
        IN,
        OUT,
        {**IN, "认定": [{"问题": "抽中", "答": "否", "认定日": "2019-01-01"}]},
        ASKED,
    ]
    d = drawn(p, people(p, raws))
    records, clashes = entering(d, raws)
    assert not clashes
    for x, read in zip(d.standings, people(p, records)):
        known = read.findings.get(("抽中", None, None))
        assert known == (None if x.taken == UNKNOWN else x.taken)
        (c,) = [c for c in decide(p, read, Question(ON, ON)).conclusions if c.effect == "学习"]
        assert c.settled == (x.taken != UNKNOWN)
    old, new = records[2]["认定"]
    assert new["取代"] == old["编号"] and new["认定日"] == "2020-01-01" and new["机关"] == "县委"
    assert "种" in new["理由"] and d.outcomes[0].digest in new["理由"]
    # Entering it a second time changes nothing.
    again = [{k: x for k, x in r.items() if k != "编号"} for r in records]
    assert entering(drawn(p, people(p, again)), again)[0] == records


def test_a_fact_is_entered_with_its_source_and_never_overwritten() -> None:
    p = pack(PLACES)
    raws: list[dict[str, Any]] = [{**IN, "得分": 90}, {**IN, "得分": 80, "名次": 2}, {**IN, "得分": 70, "名次": 1}, OUT]
    records, clashes = entering(drawn(p, people(p, raws)), raws)
    assert clashes == [("003", "1")]
    assert records[0]["名次"]["值"] == 1 and "排位" in records[0]["名次"]["来源"] and records[1]["名次"] == 2
    assert records[3]["名次"]["值"] == "无"
    (first, *_) = people(p, records[:2])
    assert first.facts["名次"] == v.point(1000)


# What is wrong in the text.


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("    抽取：百分之十\n", "", "P302"), ("    取整：进一\n", "", "P302"), ("    范围：退休 为 否\n", "", "P302"),
        ("    抽取：百分之十\n", "    抽取：百分之十\n    排名：得分\n", "P312"),
        ("    抽取：百分之十\n", "    抽取：百分之十\n    占比：百分之十\n", "P312"),
        ("抽取：百分之十", "抽取：百分之一百零一", "P321"), ("抽取：百分之十", "抽取：2.5", "P321"),
        ("抽取：百分之十", "抽取：三日", "P202"), ("抽取：百分之十", "抽取：得分", "P202"),
        ("取整：进一", "取整：县委", "P205"), ("取整：进一", "取整：进一、舍去", "P202"),
        ("    取整：进一\n", "    取整：进一\n    可能：舍去\n", "P312"),
        ("得出：抽中", "得出：学习", "P202"), ("得出：抽中", "得出：得分", "P202"), ("得出：抽中", "得出：身份", "P202"),
        ("得出：抽中", "得出：某样事物", "P200"), ("退休 为 否", "抽中 为 否", "P305"), ("每：年", "每：县委", "P202"),
        ("每：年", "每：日", "P202"), ("由：县委", "由：退休", "P202"), ("退休 为 否", "某样事物", "P200"),
        ("抽取：百分之十", "占比：百分之十", ""), ("    由：县委\n", "", ""), ("    每：年\n", "", ""),
    ],
)  # fmt: skip
def test_what_a_roster_needs(old: str, new: str, code: str) -> None:
    text = LOT.format(share="百分之十", rounding=UP)
    assert old in text
    assert {c for c in codes(REGIME + MARKS + text.replace(old, new)) if c < "P4"} == ({code} if code else set())


def test_who_decides_a_share_is_said_and_what_ranks_has_an_order() -> None:
    text = REGIME + MARKS + RANK.format(share="百分之十", rounding=UP)
    assert not {c for c in codes(text) if c < "P4"}
    assert {c for c in codes(text.replace("    由：组织部\n", "")) if c < "P4"} == {"P303"}
    assert {c for c in codes(text.replace("排名：得分", "排名：身份")) if c < "P4"} == {"P204"}
    assert not {c for c in codes(text.replace("排名：得分", "排名：职级")) if c < "P4"}
    twice = text + RANK.format(share="百分之十", rounding=UP)
    assert {c for c in codes(twice) if c < "P4"} == {"P201"}


# The command.


def folder(tmp_path: Path, text: str, raws: list[dict[str, Any]]) -> tuple[str, str]:
    from packs import VOCABULARY

    here = tmp_path / "policies" / "lab"
    here.mkdir(parents=True)
    (here / "words.policy").write_text(VOCABULARY, "utf-8")
    (here / "rules.policy").write_text(REGIME + MARKS + text, "utf-8")
    roster = tmp_path / "r.json"
    full = [{"编号": f"{i:03}", **raw} for i, raw in enumerate(raws, 1)]
    roster.write_text(json.dumps(full, ensure_ascii=False), "utf-8")
    return str(here), str(roster)


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["draw", *args])


LOTTERY = LOT.format(share="百分之五十", rounding=UP)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_draw_and_verify(tmp_path: Path, lang: str) -> None:
    lab, roster = folder(tmp_path, LOTTERY, [IN, IN, OUT, IN])
    shown = run(lab, "抽签" if lang == "zh" else "lot", roster, "--as-of", "2020-01-01", "--seed", "甲", "--lang", lang)
    assert shown.exit_code == 0 and hashed("甲", "001") in shown.stdout and "“甲”" in shown.stdout
    result = tmp_path / "result.json"
    out = tmp_path / "out.xlsx"
    made = run(lab, "抽签", roster, "--as-of", "2020-01-01", "--seed", "甲", "--format", "json", "-o", str(out))
    assert made.exit_code == 0
    result.write_text(made.stdout, "utf-8")
    again = run("--verify", str(result), lab, roster, "--lang", lang)
    assert again.exit_code == 0, again.output
    # The roster written back is decided on, and the draw over it is the same.
    assert run("--verify", str(result), lab, str(out)).exit_code == 0
    policy_of = lot("百分之五十")
    read = open_roster(out, policy_of.shape, policy_of.lexicon)
    data = json.loads(made.stdout)
    said = {r.id: r.findings.get(("抽中", None, None)) for r in read}
    assert said == {x["id"]: {"yes": YES, "no": NO}[x["taken"]] for x in data["outcomes"][0]["persons"]}
    lines = run(lab, "抽签", roster, "--as-of", "2020-01-01", "--seed", "甲", "--format", "csv").stdout.splitlines()
    assert len(lines) == 5


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_is_changed_in_a_result_is_found(data: st.DataObject) -> None:
    p = lot("百分之五十")
    d = drawn(p, people(p, [IN, IN, OUT, ASKED]))
    was, now = (json.loads(json.dumps(plain(d, "lab"))) for _ in range(2))
    assert not list(differences(was, now))
    place = data.draw(
        st.sampled_from([("person", k) for k in was["outcomes"][0]["persons"][0]] + [("", k) for k in was])
    )
    target = was["outcomes"][0]["persons"][data.draw(st.integers(0, 3))] if place[0] else was
    change = data.draw(st.sampled_from(("replace", "remove")))
    if change == "remove":
        gone = target.pop(place[1])
        assert list(differences(was, now)) or gone is None
    else:
        target[place[1]] = "改过"
        assert list(differences(was, now))


def test_a_person_left_out_twice_or_added_is_found() -> None:
    p = lot("百分之五十")
    now = plain(drawn(p, people(p, [IN, IN, OUT])), "lab")
    for change in (lambda x: x.pop(), lambda x: x.append(dict(x[0])), lambda x: x.append({**x[0], "id": "009"})):
        was = json.loads(json.dumps(now))
        change(was["outcomes"][0]["persons"])
        assert list(differences(was, now))


def test_verify_says_where_it_does_not_agree(tmp_path: Path) -> None:
    lab, roster = folder(tmp_path, LOTTERY, [IN, IN, OUT, IN])
    made = run(lab, "抽签", roster, "--as-of", "2020-01-01", "--seed", "甲", "--format", "json")
    data = json.loads(made.stdout)
    result = tmp_path / "result.json"

    def verified(change: Any) -> Result:
        copy = json.loads(made.stdout)
        change(copy)
        result.write_text(json.dumps(copy), "utf-8")
        return run("--verify", str(result), lab, roster, "--lang", "en")

    seed = verified(lambda x: x.update(seed="乙"))
    assert (
        seed.exit_code == 1
        and "001 sha256" in seed.stdout
        and data["outcomes"][0]["persons"][0]["sha256"] in seed.stdout
    )
    swapped = verified(lambda x: x["outcomes"][0]["persons"][0].update(taken="maybe"))
    assert swapped.exit_code == 1 and "001 taken" in swapped.stdout
    (tmp_path / "r.json").write_text(json.dumps([{"编号": "001", **IN}], ensure_ascii=False), "utf-8")
    assert "persons 002" in verified(lambda x: None).stdout


@pytest.mark.parametrize(
    "args",
    [
        ["L", "抽签", "R", "--as-of", "2020-01-01"], ["L", "抽签", "R", "--seed", "甲"], ["L", "抽签", "--seed", "甲"],
        ["L", "没有", "R", "--as-of", "2020-01-01", "--seed", "甲"], ["L", "抽签", "R", "--as-of", "2020-01-01", "--seed", " "],
        ["L", "抽签", "R", "--as-of", "2020-01-01", "--seed", "甲\u200b"], ["L", "抽签", "nowhere", "--as-of", "2020-01-01", "--seed", "甲"],
        ["--verify", "R"], ["--verify", "R", "L", "R", "--seed", "甲"], ["L", "抽签", "R", "--as-of", "2020-01-01", "--seed", "甲", "-o", "R"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_misuse_is_said_in_a_line(tmp_path: Path, args: list[str], lang: str) -> None:
    lab, roster = folder(tmp_path, LOTTERY, [IN])
    result = run(*({"L": lab, "R": roster}.get(a, a) for a in args), "--lang", lang)
    assert result.exit_code in (2, 3) and "Traceback" not in result.output and result.output.strip()


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"schema": "policy-draw/1"}', '{"schema": "policy-draw/1", "pack": 3}']
)
def test_what_is_no_result_is_refused(tmp_path: Path, text: str) -> None:
    lab, roster = folder(tmp_path, LOTTERY, [IN])
    (tmp_path / "x.json").write_text(text, "utf-8")
    assert run("--verify", str(tmp_path / "x.json"), lab, roster).exit_code == 3


def test_a_rank_takes_no_seed(tmp_path: Path) -> None:
    lab, roster = folder(tmp_path, RANK.format(share="1", rounding=UP), [{**IN, "得分": 1, "单位": "甲"}])
    assert run(lab, "末档", roster, "--as-of", "2020-01-01", "--seed", "甲").exit_code == 2
    for lang in ("zh", "en"):
        assert run(lab, "末档", roster, "--as-of", "2020-01-01", "--lang", lang).exit_code == 0


def test_the_table_and_the_text_are_in_both_languages() -> None:
    p = rank("百分之四十", DOWN)
    d = drawn(p, scored(p, 90, 70, 70, 60, "不明"))
    for lang in ("zh", "en"):
        table = list(rows(d, lang))
        assert len(table) == 6 and len({len(r) for r in table}) == 1
    assert not any("\u4e00" <= c <= "\u9fff" for c in told(d, "en").replace("甲", ""))


# What is shipped.

ROOT = Path(__file__).parent.parent / "policies"


@pytest.mark.parametrize("county", sorted(p.parent.name for p in ROOT.glob("*/rosters")))
def test_every_roster_of_a_county_is_carried_out(county: str) -> None:
    """In both languages, on the persons shipped with it; whoever is open has a reason or something that is missing."""
    checked = check(load(str(ROOT / county)))
    assert checked.policy is not None
    persons = open_roster(ROOT / county / "rosters" / "cadres.json", checked.policy.shape, checked.lexicon)
    for roster in checked.policy.rosters:
        d = draw(
            checked.policy,
            roster,
            persons,
            Question(day("2019-12-31"), day("2019-12-31")),
            "公告" if roster.lot else "",
        )
        assert len(d.standings) == len(persons)
        assert all(told(d, lang) for lang in ("zh", "en"))
        assert {x.id for x in d.missing} >= {x.id for x in d.standings if x.inside == UNKNOWN and x.open != "reading"}
        assert all(x.open for x in d.standings if x.taken == UNKNOWN)
        again = draw(checked.policy, roster, [*persons][::-1], d.question, d.seed)
        assert not list(differences(plain(d, county), plain(again, county)))


def test_a_forced_share_that_is_not_printed_leaves_everybody_open() -> None:
    """Whom a head places in the last grades, and how many, no text says: nothing is computed of anybody."""
    checked = check(load(str(ROOT / "dongtou")))
    assert checked.policy is not None
    (roster,) = [r for r in checked.policy.rosters if r.name == "副职末两档"]
    reader = Reader(checked.policy.shape, checked.lexicon)
    post = [{"编号": "1", "起日": "2017-01-01", "副职": "是", "现任": "是"}]
    raws = [{"编号": f"{i}", "身份": "公务员", "单位": "甲局", "任职": post} for i in range(3)]
    records = [r for raw in raws if (r := reader.record(raw, "试验")) is not None]
    d = draw(checked.policy, roster, records, Question(day("2018-12-31"), day("2018-12-31")))
    assert [(x.inside, x.taken, x.open) for x in d.standings] == [(YES, UNKNOWN, "number")] * 3
    assert [x.kind for x in d.missing] == ["unprinted"] and roster.by == ("单位一把手",)
