"""The forms whose tables are joined by 编号, each as queries for its tables."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from ..record import Reader
from ..rosters import csv_folder, parquet
from ..rosters.tables import LAST, PERSONS, REMARK
from . import raw
from .flat import Source
from .raw import LINE, Unreadable
from .spellings import literal, one_file, quoted

_ATTACHED: Final = "名单"
# Tables of a database that a query of it may read nothing else by.
_TABLES: Final = (
    "SELECT table_name, table_type FROM information_schema.tables "
    "WHERE table_catalog = ? AND table_schema = 'main' ORDER BY 1"
)
_ELSEWHERE: Final = (
    "SELECT 1 FROM information_schema.tables "
    "WHERE table_catalog = ? AND table_schema NOT IN ('main', 'information_schema', 'pg_catalog')"
)
# A line without anything, of which DuckDB says nothing, and lines that end otherwise; a blank outside the quotes of a
# cell, which DuckDB passes over.
_OTHERWISE: Final = re.compile(rb"\n\r?\n|\r(?!\n)| \"|\" ")
# Bytes of a line: within it no cell is longer than Python reads.
_LONGEST: Final = 131_072
_TURN: Final = "file_row_number"


def parquet_folder(path: Path, reader: Reader, connection: Any) -> list[Source]:
    """The tables of a folder of Parquet."""
    csv_folder.nothing_astray(path, reader, parquet.SUFFIX)
    found: list[Source] = []
    for file in csv_folder.folder_of(path):
        if file.suffix.lower() == parquet.SUFFIX:
            names, size, alike = parquet.outline(file)
            raw.once(name.lower() for name in (_TURN, *names))
            if not alike:
                raise Unreadable
            if size:
                relation = f"read_parquet({one_file(file)}, {_TURN} = TRUE, hive_partitioning = FALSE)"
                _within_python(relation, connection)
                found += _known(file.stem, names, relation, f"{_TURN} + 2", reader)
    return found


def _within_python(relation: str, connection: Any) -> None:
    """Of a day that Python has no value for the Reader is to say so."""
    days = [quoted(name) for name, t in raw.columns_of(connection, relation) if t.id in ("date", "timestamp")]
    beyond = " OR ".join(f"bool_or(coalesce(year({x}) NOT BETWEEN 1 AND 9999, {x} IS NOT NULL))" for x in days)
    if days and connection.execute(f"SELECT {beyond} FROM {relation}").fetchall()[0][0]:
        raise Unreadable


def csv(path: Path, reader: Reader, connection: Any) -> list[Source]:
    """The tables of a folder of CSV in UTF-8."""
    csv_folder.nothing_astray(path, reader, csv_folder.SUFFIX)
    found: list[Source] = []
    for file in csv_folder.folder_of(path):
        suffix = file.suffix.lower()
        if suffix in (".xlsx", ".json", ".jsonl", ".parquet"):
            raise Unreadable
        if suffix == csv_folder.SUFFIX:
            encoding = csv_folder.encoding_of(file)
            if not encoding.startswith("utf-8") or _read_otherwise(file):
                raise Unreadable
            with file.open(encoding=encoding, newline="") as text:
                first = text.readline()
            separator = next((x for x in csv_folder.SEPARATORS if x in first), ",")
            headings = next(iter(csv_folder.Cells(file, encoding)), ())
            columns = ", ".join(f"c{i}: 'VARCHAR'" for i in range(len(headings)))
            relation = (
                f"read_csv({one_file(file)}, auto_detect = FALSE, header = TRUE, delim = {literal(separator)}, "
                f"quote = '\"', escape = '\"', columns = {{{columns}}}, hive_partitioning = FALSE, "
                f"max_line_size = {_LONGEST})"
            )
            found += _known(file.stem.strip(), headings, relation, "row_number() OVER () + 1", reader, True)
    return found


def _read_otherwise(file: Path) -> bool:
    """Whether DuckDB may read a CSV otherwise than Python, or count its rows otherwise."""
    if not file.stat().st_size:
        return False
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return _OTHERWISE.search(whole) is not None


def database(path: Path, reader: Reader, connection: Any) -> list[Source]:
    """The tables of a DuckDB file, which stays attached; a view is the Reader's."""
    at = quoted(_ATTACHED)
    # Of a file of SQLite DuckDB would fetch what reads it.
    connection.execute(f"ATTACH {literal(path)} AS {at} (READ_ONLY, TYPE duckdb)").fetchall()
    if connection.execute(_ELSEWHERE, [_ATTACHED]).fetchall():
        raise Unreadable
    found: list[Source] = []
    for name, kind in connection.execute(_TABLES, [_ATTACHED]).fetchall():
        if kind != "BASE TABLE":
            raise Unreadable
        relation = f"{at}.main.{quoted(name)}"
        names = [heading for heading, _ in raw.columns_of(connection, relation)]
        found += _known(name, names, relation, "row_number() OVER () + 1", reader)
    return found


def _known(
    name: str, headings: Iterable[Any], relation: str, line: str, reader: Reader, csv: bool = False
) -> Iterator[Source]:
    """A table by its name, unless it is for people to read."""
    key, headings = reader.key(name), list(headings)
    if name.startswith(REMARK) or not headings:
        return
    if key not in reader.shape.lists and key not in (PERSONS, *LAST):
        raise Unreadable
    names = [f"c{i}" for i in range(len(headings))]
    chosen = names if csv else [f"{quoted(h)} AS {c}" for h, c in zip(headings, names, strict=True)]
    query = f"SELECT {', '.join(chosen)}, {line} AS {LINE} FROM {relation}"
    yield Source(key, name, headings, query, *([_bare] if csv else []))


def _bare(cell: Any) -> Any:
    return None if cell is None else csv_folder.bare(cell)
