"""Rosters as the tables of a database file, DuckDB's or SQLite's; read only, and nothing outside the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from ..record import Reader
from .forms import CHINA, Person, plain, unusable
from .tables import Table, is_table, joined

SUFFIXES: Final = (".duckdb", ".db", ".sqlite", ".sqlite3")
_SQLITE: Final = b"SQLite format 3\0"
_BATCH: Final = 1000
# What stands in each program's own schema is no roster's.
_DUCKDB_NAMES: Final = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1"
ELSEWHERE: Final = (
    "SELECT table_schema, table_name FROM information_schema.tables "
    "WHERE table_schema NOT IN ('main', 'information_schema', 'pg_catalog') ORDER BY 1, 2"
)
_SQLITE_NAMES: Final = (
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY 1"
)
Ask = Callable[[Path, str], Iterator[tuple[Any, ...]]]


def persons(path: Path, reader: Reader, _: list[str]) -> Iterator[Person]:
    """The persons of a database whose tables are named like the sheets of a workbook; in DuckDB a list may also stand
    nested in a column."""
    with path.open("rb") as stream:
        of_sqlite = stream.read(len(_SQLITE)) == _SQLITE
    if not of_sqlite:
        elsewhere = "、".join(f"{s}.{t}" for s, t in list(_duckdb(path, ELSEWHERE))[1:] if is_table(t, reader))
        if elsewhere:
            zh, en = f"只读 main 里的表，不读：{elsewhere}", f"only the tables of main are read, not {elsewhere}"
            raise unusable(path, f"{zh}\t{en}")
    ask, names = (_sqlite, _SQLITE_NAMES) if of_sqlite else (_duckdb, _DUCKDB_NAMES)
    # The first of the rows are the headings.
    tables: list[Table] = [(name, _Cells(path, ask, name)) for (name,) in list(ask(path, names))[1:]]
    return joined(path, tables, reader)


@frozen
class _Cells:
    """One table: headings, then cells; read again for each iteration."""

    path: Path
    ask: Ask
    name: str

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        quoted = self.name.replace('"', '""')
        for row in self.ask(self.path, f'SELECT * FROM "{quoted}"'):
            yield tuple(plain(cell) for cell in row)


def _sqlite(path: Path, query: str) -> Iterator[tuple[Any, ...]]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            rows = base.execute(query)
            yield tuple(column[0] for column in rows.description)
            yield from rows
    except sqlite3.Error as error:
        raise unusable(path, f"读不出其中的表（{error}）\tits tables cannot be read ({error})") from error


def _duckdb(path: Path, query: str) -> Iterator[tuple[Any, ...]]:
    try:
        import duckdb  # noqa: PLC0415
    except ImportError as error:
        raise unusable(path, "读 DuckDB 文件要装 duckdb\treading a DuckDB file needs duckdb installed") from error
    # A view in the file may not read other files.
    apart: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "lock_configuration": True,
    }
    try:
        with duckdb.connect(str(path), read_only=True, config=apart) as base:
            given = base.sql(query)
            columns = ", ".join(map(_shown, given.columns, given.types))
            rows = base.execute(f"SELECT {columns} FROM ({query})")
            yield tuple(given.columns)
            while some := rows.fetchmany(_BATCH):
                yield from some
    except duckdb.Error as error:
        why = str(error).splitlines()[0]
        if "pytz" in why:
            zh, en = (
                "有一列里套着带时区的时刻，请先换成日期",
                "a column holds, nested, moments with a time zone: make them days",
            )
            raise unusable(path, f"{zh}\t{en}") from error
        raise unusable(path, f"读不出其中的表（{why}）\tits tables cannot be read ({why})") from error


def _shown(name: str, type: Any) -> str:
    """A column as it is asked for: DuckDB gives a moment with a time zone to nobody without another library."""
    quoted = '"' + name.replace('"', '""') + '"'
    if type.id != "timestamp with time zone":
        return quoted
    return f"make_timestamp(epoch_us({quoted}) + {CHINA // timedelta(microseconds=1)}) AS {quoted}"
