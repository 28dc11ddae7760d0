"""Columns of types that programs keep differently come out the same by every engine; no table is passed over in silence."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_run_files import SHIPPED, checked_once, run

__all__ = ["checked_once"]

ONE = {"编号": ["P0"]}


def folder(place: Path, **lists: dict[str, Any]) -> Path:
    """A folder of Parquet: one person, and these rows."""
    place.mkdir()
    for name, columns in {"干部": ONE, **lists}.items():
        pq.write_table(pa.table(columns), place / f"{name}.parquet")
    return place


def row(**cells: Any) -> dict[str, Any]:
    return {"干部编号": ["P0"], "编号": ["1"], "发生日": ["2017-03-01"], **cells}


def by_both(table: Path, place: Path, *options: str, code: int = 0) -> str:
    """What the engines say alike; every table of the result is the same to the byte."""
    said = []
    for engine in ("interpreter", "duckdb"):
        done = run(table, "--engine", engine, "-o", str(place / f"{engine}.csv"), "-q", *options, code=code)
        said.append(done.stderr)
    if not code:
        first, second = ({p.name: p.read_bytes() for p in (place / f"{e}.csv").glob("*.csv")} for e in ("interpreter", "duckdb"))
        assert first == second and first
    assert said[0] == said[1]
    return said[0]


def test_a_length_of_time_is_no_figure(tmp_path: Path) -> None:
    days = pa.array([datetime.timedelta(days=3)], pa.duration("us"))
    said = by_both(folder(tmp_path / "r", 行为=row(天数=days)), tmp_path, code=3)
    assert "R102" in said and "3 days" in said


def test_types_of_arrows_own_are_read_as_it_reads_them(tmp_path: Path) -> None:
    truth = pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1], pa.int8()))
    by_both(folder(tmp_path / "a", 干部={**ONE, "已退休": truth}), tmp_path)
    wide = pa.array([Decimal(3)], pa.decimal256(40, 2))
    by_both(folder(tmp_path / "b", 容错事项=row(损失=wide)), tmp_path, "--force")


# Midnight of 1 August 1975 in China.
MOMENT = pa.array([datetime.datetime(1975, 7, 31, 16)], pa.timestamp("us", "UTC"))


@pytest.mark.parametrize("form", ["parquet", "folder", "duckdb"])
def test_a_moment_is_the_day_it_fell_on_in_china(form: str, tmp_path: Path) -> None:
    table = pa.table({**ONE, "出生日": MOMENT})
    if form == "duckdb":
        path = tmp_path / "r.duckdb"
        with duckdb.connect(str(path)) as base:
            base.register("given", table)
            base.execute("CREATE TABLE 干部 AS FROM given")
            assert base.execute("SELECT typeof(出生日) FROM 干部").fetchall() == [("TIMESTAMP WITH TIME ZONE",)]
    elif form == "folder":
        path = folder(tmp_path / "r", 干部=dict(zip(table.column_names, table.columns, strict=True)))
    else:
        path = tmp_path / "r.parquet"
        pq.write_table(table, path)
    by_both(path, tmp_path)
    assert "1975-08-01" in run(path, "--group-by", "出生日", "-q").stdout


def test_a_moment_within_a_list_of_duckdb_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r.duckdb"
    with duckdb.connect(str(path)) as base:
        base.execute("CREATE TABLE 干部 AS SELECT 'P0' AS 编号, [{'编号': '1', '发生日': TIMESTAMPTZ '2017-01-01'}] AS 行为")
    try:
        import pytz  # noqa: F401
    except ImportError:
        assert "time zone" in by_both(path, tmp_path, code=3)
    else:
        by_both(path, tmp_path)


@pytest.mark.parametrize("form", ["folder", "duckdb"])
def test_a_whole_number_of_eighteen_figures_is_kept_whole(form: str, tmp_path: Path) -> None:
    number = 330326199001011234
    if form == "folder":
        path = folder(tmp_path / "r", 干部={"编号": pa.array([number])})
    else:
        path = tmp_path / "r.duckdb"
        with duckdb.connect(str(path)) as base:
            base.execute(f"CREATE TABLE 干部 AS SELECT {number}::BIGINT AS 编号")
    by_both(path, tmp_path)
    assert str(number) in (tmp_path / "duckdb.csv" / "persons.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("place", ["行为.tsv", "conduct.xls", "年=2018/干部.csv"])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_table_that_is_not_read_is_not_passed_over(place: str, form: str, tmp_path: Path) -> None:
    here = folder(tmp_path / "r")
    if form == "csv":
        (here / "干部.parquet").unlink()
        (here / "干部.csv").write_text("编号\nP0\n", "utf-8")
    astray = here / place
    astray.parent.mkdir(parents=True, exist_ok=True)
    astray.write_text("干部编号,编号\nP0,1\n", "utf-8")
    assert astray.name in by_both(here, tmp_path, "--force", code=3)
    # What is called otherwise is nobody's table.
    astray.rename(astray.with_name(f"往年 {astray.name}"))
    run(here, "-q")


def test_tables_elsewhere_in_a_database_are_named(tmp_path: Path) -> None:
    path = tmp_path / "r.duckdb"
    with duckdb.connect(str(path)) as base:
        base.execute("CREATE TABLE 干部 AS SELECT 'P0' AS 编号; CREATE SCHEMA 县; CREATE TABLE 县.备忘 AS SELECT 1 AS x")
    by_both(path, tmp_path)
    with duckdb.connect(str(path)) as base:
        base.execute("CREATE TABLE 县.行为 AS SELECT 'P0' AS 干部编号, '1' AS 编号")
    assert "县.行为" in by_both(path, tmp_path, "--force", code=3)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["notes.parquet", "notes.duckdb", "notes.xlsx", "notes.csv"])
def test_what_is_no_result_is_not_replaced(name: str, lang: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("hi\n", "utf-8")
    for force in ([], ["--force"]):
        done = run(SHIPPED, "-o", str(tmp_path / name), *force, code=2, lang=lang)
        assert ("不是 policy run 的结果" if lang == "zh" else "no result of `policy run`") in done.stderr
    assert (tmp_path / name).read_text("utf-8") == "hi\n"


def test_a_name_that_promises_another_form_is_not_taken(tmp_path: Path) -> None:
    for name in ("o.json", "o.XLS"):
        assert "is not written as" in run(SHIPPED, "-o", str(tmp_path / name), code=2).stderr
    assert list(tmp_path.iterdir()) == []
    run(SHIPPED, "-o", str(tmp_path / "o.json"), "--format", "csv")
    assert (tmp_path / "o.json" / "persons.csv").is_file()
