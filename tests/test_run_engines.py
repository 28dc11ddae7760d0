"""DuckDB as what decides everybody says what the interpreter says: every status, row, atom and thing missing."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import generate
import packs
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from test_run import DAYS, ROOT, asked, checked_once, policy, regime, roster

from policy_dsl.above import Regime
from policy_dsl.columnar import Results, Statement, decide, turns
from policy_dsl.columnar.cells import PEOPLE, Cell
from policy_dsl.columnar.columns import NotColumnar
from policy_dsl.columnar.gathering import Gathered
from policy_dsl.columnar.staging import told as laid
from policy_dsl.decide import Question
from policy_dsl.diagnostics import Unusable
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.model import STATUS
from policy_dsl.population import batches, engines, laying, sets, working
from policy_dsl.population.batches import untold
from policy_dsl.population.engines import ENGINES, Engine
from policy_dsl.population.kept import read_result
from policy_dsl.population.outcome import Population
from policy_dsl.population.rates import Rates
from policy_dsl.population.rebuilding import confirm, question, record_of
from policy_dsl.population.results import Result
from policy_dsl.population.run import run
from policy_dsl.population.sifting import sifted
from policy_dsl.population.tables import Tables
from policy_dsl.population.telling import told
from policy_dsl.record import Reader
from policy_dsl.rosters import sift
from policy_dsl.rosters.write import write_roster
from policy_dsl.values import TEXT, Type, number, point

__all__ = ["checked_once"]

# What differs between the engines.
OF_ENGINE = {"engine", "left_to_interpreter", "decided_in_sets", "decided_by_interpreter", "read_one_by_one"}
ABOUT = "run.json"
Told = dict[str, Any]


def decided(of: Population, out: Path, by: Sequence[str] = (), lang: str = "zh") -> Told:
    """A run's result in a folder of CSV; what it says of itself, and what is told on a terminal."""
    tables, rates = Tables(of.policy, lang, by), Rates(of.policy, of.question, by, lang)
    result = Result(out, "csv", tables.columns(), lang, [of.table.path], True)
    with result:
        about = run(of, rates, tables, result, "试验")
    return about | {"told": told(rates, about).splitlines()[2:]}


def persons(out: Path) -> list[list[str]]:
    with (out / "persons.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))[1:]


def same(of: Population, folder: Path, by: Sequence[str] = (), lang: str = "zh") -> Told:
    """The same from both engines, to the byte; what DuckDB's says of itself."""
    about = {e: decided(evolve(of, engine=e), folder / f"{e}.csv", by, lang) for e in ("interpreter", "duckdb")}
    a, b = about.values()
    assert {k for k in a if a[k] != b[k]} <= OF_ENGINE | {"told"}
    assert a["told"] == b["told"][len(b["told"]) - len(a["told"]) :]
    written = folder / "duckdb.csv"
    names = {p.name for p in written.iterdir()}
    assert names == {p.name for p in (folder / "interpreter.csv").iterdir()}
    for name in names - {ABOUT}:
        assert (written / name).read_bytes() == (folder / "interpreter.csv" / name).read_bytes(), name
    assert b["decided_in_sets"] + sum(b["decided_by_interpreter"].values()) == b["persons"]
    return b


def everybody(county: str, table: Path | None = None, **more: Any) -> Population:
    r = regime(county)
    return Population(r, asked(county, **more), sift(table or roster(county), r.shape, r.lexicon), "duckdb")


FORMS = {"fenggang": "csv", "dongtou": "parquet", "daye": "jsonl", "wuzhong": "json", "moxian": "csv"}
# So many turn on more combinations of readings than are tried.
BEYOND = {"fenggang": 1, "dongtou": 1, "daye": 1}


@pytest.mark.parametrize("county", DAYS)
def test_every_shipped_roster_comes_out_the_same_to_the_byte(
    county: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one form or another; with a person who is not sound, set aside by either; readings taken each way in sets, but
    where they are more than the interpreter tries."""
    monkeypatch.setattr(sets, "TURNING", 1)
    r, form = regime(county), FORMS[county]
    raws = json.loads(roster(county).read_text("utf-8"), parse_float=Decimal)["记录"]
    raws[4] |= {next(iter(r.policy.shape.facts)): "=1+1"}
    path = tmp_path / f"r.{form}" if form.startswith("json") else tmp_path / "r"
    write_roster(path, raws, Reader(r.shape, r.lexicon), form)
    table, engine = sifted(path, r, asked(county), "duckdb")
    plain = sift(path, r.shape, r.lexicon)
    assert engine == "duckdb" and (len(table), table.sound) == (len(plain), plain.sound) == (len(raws), len(raws) - 1)
    assert [d.message("zh") for d in table.problems()] == [d.message("zh") for d in plain.problems()]
    facts = list(r.policy.shape.facts)[:3]
    about = same(Population(r, asked(county), table, "duckdb"), tmp_path, facts, "en" if county == "daye" else "zh")
    assert about["set_aside"] == 1 and about["left_to_interpreter"] == {}
    assert about["decided_by_interpreter"] == ({"reading": BEYOND[county]} if county in BEYOND else {})
    assert (about["read_one_by_one"] < len(raws) / 2) == (form != "json")


def test_readings_are_taken_each_way_in_sets_for_enough_persons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of Wuzhong's roster 15 turn on readings: 13 on two ways to take them, one on four, one on sixteen."""
    about = decided(evolve(everybody("wuzhong"), engine="interpreter"), tmp_path / "a.csv")
    for least, most, left in ((15, 64, 0), (16, 64, 15), (1, 4, 1), (1, 3, 2)):
        monkeypatch.setattr(sets, "TURNING", least)
        monkeypatch.setattr(turns, "READING_CAP", most)
        out = tmp_path / f"{least}-{most}.csv"
        made = decided(everybody("wuzhong"), out)
        assert made["decided_by_interpreter"] == ({"reading": left} if left else {}), (least, most)
        assert made["undetermined"] == about["undetermined"]
        for path in out.glob("*.csv"):
            assert path.read_bytes() == (tmp_path / "a.csv" / path.name).read_bytes(), path.name


def test_every_person_of_a_result_is_explained(tmp_path: Path) -> None:
    of = everybody("daye")
    decided(of, tmp_path / "out.csv")
    kept = evolve(
        read_result(tmp_path / "out.csv"),
        about=json.loads((tmp_path / "out.csv" / ABOUT).read_text("utf-8")) | {"table": {"path": str(roster("daye"))}},
    )
    ids = [row[0] for row in persons(tmp_path / "out.csv")]
    assert len(ids) == len(of.table)
    for id in ids[::4]:
        confirm(kept, regime("daye"), regime("daye").decide(record_of(kept, regime("daye"), id), question(kept)))


def lines(path: Path, raws: Sequence[Any]) -> Path:
    path.write_text("".join(json.dumps(x, ensure_ascii=False, default=str) + "\n" for x in raws), "utf-8")
    return path


def test_the_engine_is_chosen_by_how_many_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    r = regime("daye")
    raws = json.loads(roster("daye").read_text("utf-8"))["记录"]
    tables = [roster("daye"), lines(tmp_path / "r.jsonl", raws)]

    def chosen() -> set[str]:
        return {sifted(path, r, asked("daye"))[1] for path in tables}

    assert chosen() == {"interpreter"}
    monkeypatch.setattr(engines, "MANY", len(raws))
    assert chosen() == {"duckdb"}
    monkeypatch.setattr(engines, "MANY", len(raws) + 1)
    assert chosen() == {"interpreter"}
    monkeypatch.setattr(engines, "MANY", 0)
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    assert chosen() == {"interpreter"}


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_grown_rosters_come_out_the_same(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of grown policies, on days and with readings of their own, few persons at a time; some are set aside."""
    grown = generate.grow(seed)[2].policy
    assert grown is not None
    rng = random.Random(seed)
    day = generate.a_day(rng)
    readings = {n: rng.choice(r.alternatives) for n, r in grown.readings.items() if rng.random() < 0.5}
    question = Question(day, day - rng.randrange(500) * (seed % 2), readings, frozenset(DEFAULT_LAYERS))
    folder = tmp_path_factory.mktemp("grown")
    raws = [generate.person(rng, grown.shape, known=i % 2 == 0) | {"编号": f"@{i}"} for i in range(9)]
    raws[3] |= {"爱好": "钓鱼"}
    twice = seed % 2
    raws[6] |= {"编号": "@5"} if twice else {}
    table = sift(lines(folder / "r.jsonl", raws), grown.shape, grown.lexicon)
    of = Population(Regime(grown), question, table, "duckdb")
    facts = rng.sample(list(grown.shape.facts), min(2, len(grown.shape.facts)))
    with pytest.MonkeyPatch.context() as patch:
        for module, name, n in (
            (laying, "_HELD", 4),
            (laying, "_PART", 4),
            (sets, "_AT_ONCE", 3),
            (sets, "TURNING", 1 + 100 * (seed % 5 == 0)),
            (turns, "_COPIES", 5),
            (batches, "_ROWS", 2),
        ):
            patch.setattr(module, name, n)
        about = same(of, folder, facts, rng.choice(["zh", "en"]))
    assert (about["persons"], about["set_aside"]) == ((6, 3) if twice else (8, 1))


def test_the_command_says_how_many_were_decided_how(tmp_path: Path) -> None:
    out = tmp_path / "o.csv"
    for lang, says in (("zh", "成批判断 "), ("en", "decided in sets: ")):
        shown = policy(
            "run",
            str(ROOT / "policies" / "daye"),
            str(roster("daye")),
            "--as-of",
            DAYS["daye"],
            "--engine",
            "duckdb",
            "-o",
            str(out),
            "--force",
            lang=lang,
        ).stdout
        about = json.loads((out / ABOUT).read_text("utf-8"))
        assert shown.splitlines()[0].endswith("  duckdb")
        assert f"{says}{about['decided_in_sets']}" in shown and str(about["decided_by_interpreter"]["reading"]) in shown


# Held to the interpreter.


def other(change: Callable[[Any, Results], None]) -> Engine:
    """DuckDB, with something done to what it concluded."""

    @contextmanager
    def changed() -> Iterator[Any]:
        def run(base: Any, statement: Statement) -> Results:
            made = decide(base, statement)
            change(base, made)
            return made

        yield run

    return Engine(sets=changed)


RULES = (
    packs.REGIME
    + """
处置 试验处置 lab_rule
    依据：T-02
    当：任意三年内 考核（等第 为 合格）的次数 3次以上 且 患病
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


def small(folder: Path, rules: str, raws: Sequence[Any], form: str = "jsonl") -> Population:
    checked, path = packs.policy(rules), lines(folder / "r.jsonl", raws)
    if form == "json":
        path = folder / "r.json"
        path.write_text(json.dumps(raws, ensure_ascii=False), "utf-8")
    day = packs.day("2020-01-01")
    return Population(
        Regime(checked),
        Question(day, day),
        sift(path, checked.shape, checked.lexicon),
        "duckdb",
    )


PLAIN = RULES.replace("任意三年内 考核（等第 为 合格）的次数 3次以上 且 患病", "患病")
THREE = [{"编号": "A", "患病": "是", "得分": 50}, {"编号": "B", "患病": "否", "得分": 70}, {"编号": "C", "得分": 50}]


def test_what_is_left_open_is_settled_as_the_interpreter_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is open, and nothing is missing of them."""
    of = small(tmp_path, PLAIN, THREE)
    assert same(of, tmp_path)["decided_by_interpreter"] == {}

    def opened(base: Any, made: Results) -> None:
        base.execute(f"UPDATE \"{made.persons}\" SET 提醒 = {STATUS.top} WHERE 编号 IN ('A', 'B')")

    monkeypatch.setitem(ENGINES, "duckdb", other(opened))
    assert same(of, tmp_path)["decided_by_interpreter"] == {"reading": 2}


def test_what_is_said_otherwise_than_by_the_interpreter_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def turned(base: Any, made: Results) -> None:
        base.execute(f'UPDATE "{made.persons}" SET 提醒 = {STATUS.top}, 登记 = {STATUS.option("conflict")} WHERE n = 0')

    monkeypatch.setitem(ENGINES, "duckdb", other(turned))
    with pytest.raises(RuntimeError, match=r"the engine says otherwise than the interpreter of \['A'\]"):
        decided(small(tmp_path, PLAIN, THREE), tmp_path / "o.csv")


# What has no columns.


def test_what_has_no_columns_is_named_and_left_to_the_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Everything has, today.
    def formless(*_: Any) -> None:
        raise NotColumnar("任意期间之内\twithin any one period")

    monkeypatch.setattr(Gathered, "crowded", formless)
    raws = [
        {"编号": "A", "患病": "是", "得分": 50, "考核": years(2017, 2018, 2019)},
        {"编号": "B", "患病": "是", "得分": 70, "考核": years(2019)},
        {"编号": "C", "得分": 50},
    ]
    of = small(tmp_path, RULES, raws)
    for lang, says in (("zh", "由解释器判断：提醒（任意期间之内）"), ("en", "judged by the interpreter: reminder (within any one period)")):
        about = same(of, tmp_path, lang=lang)
        why = "任意期间之内" if lang == "zh" else "within any one period"
        assert about["left_to_interpreter"] == {"提醒": why} and about["decided_by_interpreter"] == {"form": 3}
        assert any(says in line for line in about["told"])


@pytest.mark.parametrize("points", [2**63 - 1, 2**63, 10**30, 10**60])
def test_a_number_beyond_what_columns_hold_is_judged_all_the_same(
    points: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No record is read with so many; arithmetic may reach them.
    monkeypatch.setattr(
        Population,
        "given",
        lambda self, record: (
            evolve(record, facts={**record.facts, "得分": point(points)}) if record.id == "B" else record
        ),
    )
    of = small(tmp_path, PLAIN, [{"编号": x, "得分": 50, "患病": "是"} for x in "ABC"], "json")
    about = same(of, tmp_path)
    assert about["decided_by_interpreter"] in ({}, {"number": 3}) and about["decided"] == 3


# Groups.

TYPES = (
    TEXT, evolve(TEXT, may_be_none=True), number("years"), number("points"), evolve(number("yuan"), may_be_none=True),
    Type("day", "日期"), Type("day", "日期", may_be_none=True), Type("finite", "是否", ("否", "是")),
    Type("finite", "三", ("甲", "乙", "丙")), Type("finite", "三", ("甲", "乙", "丙"), may_be_none=True),
    Type("finite", "多", tuple(map(str, range(70))), may_be_none=True),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_cell_gives_back_its_value(data: st.DataObject) -> None:
    type = data.draw(st.sampled_from(TYPES))
    cell, plain = Cell(PEOPLE, "fact", "事", type), data.draw(st.booleans())
    ends = st.sampled_from(["甲", "乙"]) if type.kind == "text" else st.integers(1, 10**9)
    value: Any = data.draw(st.sampled_from([type.top, *([type.none] if type.may_be_none else [])]))
    if data.draw(st.booleans()):
        if type.finite:
            value = data.draw(st.integers(1, type.top))
        else:
            low, high = sorted((data.draw(ends), data.draw(ends)))
            value = (low, low, False) if plain else (low, high, type.may_be_none and data.draw(st.booleans()))
    assert untold(cell, laid(cell, plain, value)) == value


# Bounds.


def test_what_memory_and_disk_cannot_hold_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings_ = working.settings
    monkeypatch.setenv(working.MEMORY, "4MB")
    monkeypatch.setattr(working, "settings", lambda spill: settings_(spill) | {"max_temp_directory_size": "1KB"})
    with pytest.raises(Unusable) as caught:
        decided(everybody("daye"), tmp_path / "o.csv")
    assert [d.code for d in caught.value.diagnostics] == ["R200"] and "o.csv" in caught.value.diagnostics[0].message(
        "en"
    )
    assert not list(tmp_path.iterdir())
