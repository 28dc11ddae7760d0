"""What those who stay undetermined turn on, by generated functions: all that the walker says, to the last reading."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

import generate
import packs
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from test_run import DAYS, outcomes, population, said

from policy_dsl.decide import READING_CAP, Court, Question, look_into, places
from policy_dsl.knowledge import as_known
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.model import Policy, Strongest, Verdicts
from policy_dsl.population.looking import PERSONS, Courts
from policy_dsl.record import Record, Row

Asked = list[tuple[Verdicts, str | None, Row | None]]


def everywhere(policy: Policy, record: Record) -> Asked:
    return [(w, of, row) for w in policy.verdicts for of, row in places(w, record)]


def told(policy: Policy, court: Court, asked: Asked) -> tuple[list[Any], list[Any]]:
    """All that is said of some places: what each comes to under which readings, and what is missing."""
    conclusions, gaps = look_into(policy, court, asked)
    return (
        [
            (
                (c.effect, c.list, c.row, c.printed, c.whole, c.same_whichever, c.capped, c.grounds),
                [(dict(t.readings), t.printed, t.whole) for t in c.turns],
            )
            for c in conclusions
        ],
        [(g.key, g.kind, g.who, g.row, g.changes, g.answers, g.unit) for g in gaps],
    )


def alike(policy: Policy, question: Question, records: Iterable[Record]) -> Counter[str]:
    """That of each record the same is said, of every place there is or of a few alone; what was met on the way."""
    courts, met = Courts(policy, question, 0), Counter[str]()
    rng = random.Random(0)
    for i, record in enumerate(records):
        asked = everywhere(policy, record)
        if i % 2:
            rng.shuffle(asked)
            del asked[8:]
        walked = told(policy, Court(record, question, False), asked)
        assert told(policy, courts.court(record), asked) == walked
        for (*_, capped, _), turns in walked[0]:
            met["turning"] += bool(turns)
            met["capped"] += capped
        met["missing"] += len(walked[1])
    met["of rows"] = sum(not isinstance(v, Strongest) for v in asked_of(policy, courts))
    met["functions"] = len(courts.made)
    return met


def asked_of(policy: Policy, courts: Courts) -> list[Any]:
    verdicts = {id(x): x for w in policy.verdicts for x in (w.person, *w.elements.values())}
    return [verdicts[i] for _, i, _ in courts.made]


@pytest.mark.parametrize("county", DAYS)
def test_of_a_roster_the_same_is_said_as_by_the_walker(county: str) -> None:
    of = population(county)
    given = [of.given(x) for x in of.table if isinstance(x, Record)]
    met = alike(of.policy, of.asked, given[::2])
    assert met["functions"] and met["missing"], met
    assert met["turning"] and met["of rows"], met
    # Some readings chosen, the others open.
    rng = random.Random(county)
    chosen = {n: rng.choice(r.alternatives) for n, r in of.policy.readings.items() if rng.random() < 0.4}
    alike(of.policy, evolve(of.asked, readings=chosen), given[::8])


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_of_grown_policies_the_same_is_said_as_by_the_walker(seed: int) -> None:
    grown = generate.grow(seed)[2].policy
    assert grown is not None
    rng = random.Random(seed)
    day = generate.a_day(rng)
    readings = {n: rng.choice(r.alternatives) for n, r in grown.readings.items() if rng.random() < 0.2}
    question = Question(day, day - rng.randrange(500) * (seed % 2), readings, frozenset(DEFAULT_LAYERS))
    records = [generate.read(generate.person(rng, grown.shape, known=i % 2 == 0), grown) for i in range(4)]
    with pytest.MonkeyPatch.context() as patched:
        # Few combinations are too many for some, so that readings are tried one at a time.
        patched.setattr("policy_dsl.decide.READING_CAP", rng.choice((2, READING_CAP)))
        alike(grown, question, [as_known(r, grown.shape, day, question.known_as_of) for r in records])


def test_outcomes_do_not_turn_on_when_functions_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for persons, most in ((10**9, 0), (0, 10**9), (12, 5)):
        monkeypatch.setattr("policy_dsl.population.outcome.Courts", partial(Courts, persons=persons, most=most))
        of = population("daye")
        made.append([said(x) for x in outcomes(of)])
    assert made[0] == made[1] == made[2]
    assert any(x.gaps for x in outcomes(of))


def test_nothing_is_made_for_a_few_persons() -> None:
    of = population("daye")
    courts = Courts(of.policy, of.asked)
    given = [of.given(x) for x in of.table if isinstance(x, Record)]
    assert len(given) < PERSONS
    assert {type(courts.court(x)) for x in given} == {Court}
    assert "lines" not in vars(courts)
    for _ in range(PERSONS - len(given)):
        courts.court(given[0])
    for record in given:
        look_into(of.policy, courts.court(record), everywhere(of.policy, record))
    assert courts.made


ROWS = """解读 读法 how_read
    依据：T-11
    问：怎么读
        （一）宽 wide：一；
        （二）严 strict：二；

定义 多次 often
    依据：T-02
    是指：行为（类型 为 饮酒 或 读法 取 宽）的次数 2次以上

定义 病中 while_ill
    依据：T-03
    是指：行为（类型 为 饮酒 且 读法 取 严 且 有病）的次数 1次以上

规定 甲 rule_a
    对：每一 行为
    依据：T-02
    当：类型 为 饮酒 且 多次
    应当：登记

规定 乙 rule_b
    对：每一 行为
    依据：T-03
    当：类型 为 饮酒 且 病中
    可以：提醒
    由：县委

"""


def test_the_row_judged_is_not_taken_for_another_of_its_list() -> None:
    # The same is asked of the row that is judged, and of each row counted under a reading.
    lab = packs.policy(packs.REGIME + ROWS)
    rng = random.Random(1)
    question = Question(packs.day("2020-01-01"), packs.day("2020-01-01"))
    records = []
    for _ in range(30):
        rows = [
            {
                "编号": str(i),
                "发生日": "2018-01-01",
                "类型": rng.choice(("饮酒", "迟到", "不明")),
                "有病": rng.choice(("是", "否", "不明")),
            }
            for i in range(rng.randint(1, 3))
        ]
        raw = {"行为": {"行": rows, "齐备": rng.choice((True, "不明"))}}
        records.append(as_known(packs.record(lab, raw), lab.shape, question.as_of, question.known_as_of))
    met = alike(lab, question, records)
    assert met["turning"] > 10 and met["of rows"], met


def test_where_there_are_too_many_ways_the_same_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then readings are tried one at a time."""
    monkeypatch.setattr("policy_dsl.decide.READING_CAP", 4)
    of = population("fenggang")
    given = [of.given(x) for x in of.table if isinstance(x, Record)]
    met = alike(of.policy, of.asked, given[::4])
    assert met["capped"] and met["turning"], met
