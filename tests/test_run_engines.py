"""DuckDB as what decides everybody says what the interpreter says: both lines, every row, every atom."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import generate
import packs
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from test_run import DAYS, ROOT, checked_once, outcomes, policy, population, roster, said

from policy_dsl.above import Regime
from policy_dsl.decide import Question
from policy_dsl.knowledge import as_known
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.model import Policy
from policy_dsl.population.engines import ENGINES, Engine
from policy_dsl.population.lines import Judge, Left, interpreter
from policy_dsl.population.outcome import Population
from policy_dsl.population.rates import Rates
from policy_dsl.population.run import run
from policy_dsl.population.sets import duckdb
from policy_dsl.population.tables import Tables
from policy_dsl.population.telling import told
from policy_dsl.record import Record
from policy_dsl.rosters import sift
from policy_dsl.values import point

__all__ = ["checked_once"]


def lines(judge: Judge, records: Sequence[Record]) -> list[Any]:
    """What an engine says, rows as tuples."""
    return [
        [([tuple(m) if isinstance(m, list | tuple) else m for m in masks], atoms) for masks, atoms in both]
        for both in judge.lines(records)
    ]


def alike(policy: Policy, question: Question, records: Sequence[Record]) -> Judge:
    """Exactly the interpreter's lines."""
    judge = duckdb(policy, question)
    assert lines(judge, records) == lines(interpreter(policy, question), records)
    return judge


@pytest.mark.parametrize("county", DAYS)
def test_a_roster_has_the_lines_of_the_interpreter(county: str) -> None:
    # Readings are open here: unknown to both.
    of = population(county)
    given = [of.given(x) for x in of.table if isinstance(x, Record)]
    assert len(given) == len(of.table) > 30
    assert alike(of.policy, of.asked, given).left == ()


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_grown_policies_have_the_lines_of_the_interpreter(seed: int) -> None:
    grown = generate.grow(seed)[2].policy
    assert grown is not None
    rng = random.Random(seed)
    day = generate.a_day(rng)
    readings = {n: rng.choice(r.alternatives) for n, r in grown.readings.items() if rng.random() < 0.5}
    question = Question(day, day - rng.randrange(500) * (seed % 2), readings, frozenset(DEFAULT_LAYERS))
    records = [generate.read(generate.person(rng, grown.shape, known=i % 2 == 0), grown) for i in range(4)]
    alike(grown, question, [as_known(r, grown.shape, day, question.known_as_of) for r in records])


def test_the_result_is_the_same_to_the_byte(tmp_path: Path) -> None:
    about = {}
    for engine in ENGINES:
        out = tmp_path / f"{engine}.csv"
        told = policy(
            "run",
            str(ROOT / "policies" / "daye"),
            str(roster("daye")),
            "--as-of",
            DAYS["daye"],
            "--engine",
            engine,
            "-o",
            str(out),
        )
        assert told.stdout.splitlines()[0].endswith(f"  {engine}")
        about[engine] = json.loads((out / "run.json").read_text("utf-8"))
    assert {k for k in about["duckdb"] if about["duckdb"][k] != about["interpreter"][k]} == {"engine"}
    files = {p.name for p in (tmp_path / "duckdb.csv").iterdir()} - {"run.json"}
    assert {"persons.csv", "elements.csv", "rates.csv"} <= files
    for name in files:
        assert (tmp_path / "duckdb.csv" / name).read_bytes() == (tmp_path / "interpreter.csv" / name).read_bytes(), name


def test_batches_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "duckdb", Engine(duckdb, 20))
    assert list(map(said, outcomes(population("daye", "duckdb")))) == list(map(said, outcomes(population("daye"))))


RULES = (
    packs.REGIME
    + """
处置 试验处置 lab_rule
    依据：T-02
    当：考核（等第 为 合格）的连续年数 3年以上 且 患病
    应当：提醒
    由：未载明

处置 另一处置 other_rule
    依据：T-03
    当：得分 不足 60分
    应当：登记
    由：未载明
"""
)


def years(*of: int) -> dict[str, Any]:
    return {"齐备": True, "行": [{"编号": str(y), "年度": y, "评定日": f"{y}-12-20", "等第": "合格"} for y in of]}


def test_what_has_no_columns_is_named_and_left_to_the_interpreter(tmp_path: Path) -> None:
    rules = packs.policy(RULES)
    day = packs.day("2020-01-01")
    raws = [
        {"编号": "A", "患病": "是", "得分": 50, "考核": years(2017, 2018, 2019)},
        {"编号": "B", "患病": "是", "得分": 70, "考核": years(2019)},
        {"编号": "C", "得分": 50},
    ]
    path = tmp_path / "r.json"
    path.write_text(json.dumps(raws, ensure_ascii=False), "utf-8")
    of = Population(Regime(rules), Question(day, day), sift(path, rules.shape, rules.lexicon), "duckdb")
    assert of.judge.left == (Left("提醒", "run"),)
    plain = evolve(of, engine="interpreter")
    assert plain.judge.left == () and list(map(said, outcomes(of))) == list(map(said, outcomes(plain)))
    assert len({x.statuses for x in outcomes(of)}) == 3
    for lang, says in (("zh", "由解释器判断：提醒（run）"), ("en", "judged by the interpreter: ")):
        rates = Rates(rules, of.question, (), lang)
        about = run(of, rates, Tables(rules, lang), None, "试验")
        assert about["left_to_interpreter"] == {"提醒": "run"} and says in told(rates, about)


@pytest.mark.parametrize("points", [2**63 - 1, 2**63, 10**30, 10**60])
def test_a_number_beyond_what_columns_hold_is_judged_all_the_same(points: int) -> None:
    # No record is read with so many; arithmetic may reach them.
    rules = packs.policy(RULES)
    day = packs.day("2020-01-01")
    question = Question(day, day, {}, frozenset(DEFAULT_LAYERS))
    records = [as_known(packs.record(rules, {"得分": 5}), rules.shape, day, day)]
    records.append(evolve(records[0], facts={"得分": point(points)}))
    judge = alike(rules, question, records)
    assert lines(judge, records[:1]) != lines(judge, records[1:])
