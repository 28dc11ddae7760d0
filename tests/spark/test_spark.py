"""The same statement in Spark says what the walker says, cell by cell: in this process, and over Spark Connect.

`make spark` runs these; `make test` does not: Spark is large, and needs Java 17 or later.
"""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import generate as g
import packs
import pyspark
import pytest
from test_columnar import COUNTIES, CROWDED, POLICIES, agree, asked, county, table

from policy_dsl.columnar import Staged, compiled, spark
from policy_dsl.columnar import decide as in_duckdb
from policy_dsl.decide import Question
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.rosters import read_roster

# Compiling what a few rows run through once takes longer than anything else here.
SMALL = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "2",
}
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"


@contextmanager
def server() -> Iterator[str]:
    """A Spark Connect server of its own, at a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    bound = ("spark.connect.grpc.binding.address=127.0.0.1", f"spark.connect.grpc.binding.port={port}")
    settings = [x for c in (*bound, "spark.driver.bindAddress=127.0.0.1", "spark.driver.host=127.0.0.1", "spark.ui.enabled=false") for x in ("--conf", c)]
    command = [str(submit), "--master", "local[2]", *settings, "--class", SERVER]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        try:
            for _ in range(600):
                assert run.poll() is None, f"Spark Connect ended with {run.returncode}"
                with socket.socket() as knock:
                    if knock.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.2)
            yield f"sc://127.0.0.1:{port}"
        finally:
            run.terminate()


@pytest.fixture(scope="module", params=["here", "over a connection"])
def session(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "here":
        with spark.session() as made:
            yield small(made)
    else:
        with server() as url, spark.session(url) as made:
            yield small(made)


def small(made: Any) -> Any:
    for name, value in SMALL.items():
        made.conf.set(name, value)
    return made


@pytest.mark.parametrize("seed", [1, 4, 6, 9])
def test_spark_says_what_the_walker_says(seed: int, session: Any) -> None:
    policy = g.grow(seed)[2].policy
    assert policy is not None
    rng = random.Random(seed)
    records = [g.read(g.person(rng, policy.shape), policy) for _ in range(8)]
    agree(policy, asked(rng, policy), records, seed % 2 == 0, partial(spark.decide, spark=session))


def test_how_many_lie_within_one_period_or_one_year(session: Any) -> None:
    rows = [{"编号": str(i), "类型": "迟到", "发生日": d} for i, d in enumerate(["2017-12-30", "2017-12-31", "2018-01-09", "2018-01-10"])]
    rows.append({"编号": "9", "类型": "不明", "发生日": {"不早于": "2017-12-31", "不晚于": "2018-02-28"}})
    raws = [{"行为": {"齐备": n % 2 == 0, "行": rows[:n]}} for n in range(6)] + [{}]
    day = packs.day("2020-01-01")
    records = [packs.record(CROWDED, x) for x in raws]
    asked_of = Question(day, day, {}, frozenset(DEFAULT_LAYERS))
    assert not agree(CROWDED, asked_of, records, True, partial(spark.decide, spark=session)).refused


@pytest.mark.parametrize("name", COUNTIES)
def test_a_county_s_roster_and_generated_records(name: str, session: Any) -> None:
    policy, rng = county(name), random.Random(name)
    day = g.EPOCH + 2500
    records = [g.read(g.person(rng, policy.shape), policy) for _ in range(5)]
    readings = {n: rng.choice(r.alternatives) for n, r in policy.readings.items()}
    question = Question(day, day - 100, readings, frozenset(DEFAULT_LAYERS))
    statement = agree(policy, question, [*records, *roster(name)], True, partial(spark.decide, spark=session))
    assert not statement.refused


def roster(name: str) -> list[Any]:
    return list(read_roster(POLICIES / name / "rosters" / "cadres.json", county(name).shape, county(name).lexicon))


@pytest.mark.parametrize("name", COUNTIES)
def test_a_county_s_roster_on_its_day_as_in_duckdb(name: str, session: Any) -> None:
    """The statement for these cells alone, every reading open; nothing is left behind."""
    told = (POLICIES / name / "rosters" / "README.md").read_text("utf-8")
    found = re.search(r"--as-of (\d+)-(\d+)-(\d+)", told)
    assert found is not None
    day = g.datetime.date(*map(int, found.groups())).toordinal()
    question = Question(day, day, {}, frozenset(DEFAULT_LAYERS))
    staged = Staged.of(county(name), question, roster(name))
    cells = compiled(county(name), question, each_reading=False).cells
    statement = compiled(county(name), question, staged.layout(cells), each_reading=False, printed_atoms=True)
    with duckdb.connect() as connection:
        staged.put(connection, statement.cells, statement.layout)
        before = tables(connection)
        ours, theirs = in_duckdb(connection, statement), spark.decide(connection, statement, session, "火花")
        pairs = [(ours.persons, theirs.persons), *((ours.elements[of], theirs.elements[of]) for of in ours.elements)]
        for a, b in pairs:
            assert in_order(table(connection, a)) == in_order(table(connection, b)), a
            assert table(connection, a) or a != ours.persons
        assert tables(connection) - before == {x for pair in pairs for x in pair}
    assert not [t.name for t in session.catalog.listTables()]


def tables(connection: Any) -> set[str]:
    return {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda x: (x["n"], x.get("row", 0)))


def test_what_does_not_fit_is_an_error_and_never_null(session: Any) -> None:
    with pytest.raises(Exception, match="OVERFLOW"):
        session.sql("SELECT CAST(9223372036854775807 AS BIGINT) + 1 AS x").toArrow()


def test_a_run_by_spark_is_the_interpreter_s_to_the_byte(tmp_path: Path) -> None:
    county, made = POLICIES / "daye", {}
    # The sessions above leave word in the environment of where Spark is.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("SPARK_")}
    for engine in ("spark", "interpreter"):
        made[engine] = tmp_path / f"{engine}.csv"
        command = [sys.executable, "-m", "policy_dsl", "run", str(county), str(county / "rosters" / "cadres.json")]
        command += ["--as-of", "2018-07-10", "--engine", engine, "-o", str(made[engine]), "-q"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=alone)
    files = {p.name for p in made["spark"].iterdir()} - {"run.json"}
    assert {"persons.csv", "elements.csv", "missing.csv"} <= files
    for name in files:
        assert (made["spark"] / name).read_bytes() == (made["interpreter"] / name).read_bytes(), name


def test_a_spark_that_cannot_be_had_is_said_in_a_line(tmp_path: Path) -> None:
    county = POLICIES / "daye"
    command = [sys.executable, "-m", "policy_dsl", "run", str(county), str(county / "rosters" / "cadres.json")]
    command += ["--as-of", "2018-07-10", "--engine", "spark", "-o", str(tmp_path / "out.csv"), "-q"]
    both = {**os.environ, "POLICY_SPARK": "local[2]", "SPARK_REMOTE": "sc://127.0.0.1:1"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=both)
    assert done.returncode == 3 and "cannot read or write: Spark (local[2]): " in done.stderr
    assert len(done.stderr.splitlines()) == 1 and not list(tmp_path.iterdir())
