"""The forms whose tables are joined by 编号, each as queries for its tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from ..record import Reader
from ..rosters import csv_folder
from ..rosters.tables import LAST, PERSONS, REMARK
from . import raw
from .flat import Source
from .raw import LINE, Unreadable
from .spellings import literal, quoted

_ATTACHED: Final = "名单"
# Tables of a database that a query of it may read nothing else by.
_TABLES: Final = (
    "SELECT table_name, table_type FROM information_schema.tables "
    "WHERE table_catalog = ? AND table_schema = 'main' ORDER BY 1"
)
_BLANK_LINE: Final = re.compile(rb"\n\r?\n|\r(?!\n)")


def parquet_folder(path: Path, reader: Reader, connection: Any) -> list[Source]:
    """The tables of a folder of Parquet."""
    found: list[Source] = []
    for file in csv_folder.folder_of(path):
        if file.suffix.lower() == ".parquet":
            relation = f"read_parquet({literal(file)}, file_row_number = TRUE)"
            names = [name for name, _ in raw.columns_of(connection, relation)]
            if names[-1:] != ["file_row_number"] or names.count("file_row_number") > 1:
                raise Unreadable
            found += _known(file.stem, names[:-1], relation, "file_row_number + 2", reader, connection)
    return found


def csv(path: Path, reader: Reader, connection: Any) -> list[Source]:
    """The tables of a folder of CSV in UTF-8."""
    found: list[Source] = []
    for file in csv_folder.folder_of(path):
        suffix = file.suffix.lower()
        if suffix in (".xlsx", ".json", ".jsonl", ".parquet"):
            raise Unreadable
        if suffix == csv_folder.SUFFIX:
            encoding = csv_folder.encoding_of(file)
            # The turn of a row counts the lines without anything, of which DuckDB says nothing.
            if not encoding.startswith("utf-8") or _BLANK_LINE.search(file.read_bytes()):
                raise Unreadable
            with file.open(encoding=encoding, newline="") as text:
                first = text.readline()
            separator = next((x for x in csv_folder.SEPARATORS if x in first), ",")
            headings = next(iter(csv_folder.Cells(file, encoding)), ())
            columns = ", ".join(f"c{i}: 'VARCHAR'" for i in range(len(headings)))
            relation = (
                f"read_csv({literal(file)}, auto_detect = FALSE, header = TRUE, delim = {literal(separator)}, "
                f"quote = '\"', escape = '\"', columns = {{{columns}}})"
            )
            found += _known(file.stem.strip(), headings, relation, "row_number() OVER () + 1", reader, connection, True)
    return found


def database(path: Path, reader: Reader, connection: Any) -> list[Source]:
    """The tables of a DuckDB file, which stays attached; a view is the Reader's."""
    at = quoted(_ATTACHED)
    connection.execute(f"ATTACH {literal(path)} AS {at} (READ_ONLY)").fetchall()
    found: list[Source] = []
    for name, kind in connection.execute(_TABLES, [_ATTACHED]).fetchall():
        if kind != "BASE TABLE":
            raise Unreadable
        relation = f"{at}.main.{quoted(name)}"
        names = [heading for heading, _ in raw.columns_of(connection, relation)]
        found += _known(name, names, relation, "row_number() OVER () + 1", reader, connection)
    return found


def _known(
    name: str, headings: Iterable[Any], relation: str, line: str, reader: Reader, connection: Any, csv: bool = False
) -> Iterator[Source]:
    """A table by its name, unless it is for people to read; one without rows says nothing."""
    key, headings = reader.key(name), list(headings)
    if name.startswith(REMARK):
        return
    if key not in reader.shape.lists and key not in (PERSONS, *LAST):
        raise Unreadable
    names = [f"c{i}" for i in range(len(headings))]
    chosen = names if csv else [f"{quoted(h)} AS {c}" for h, c in zip(headings, names, strict=True)]
    query = f"SELECT {', '.join(chosen)}, {line} AS {LINE} FROM {relation}"
    if not headings or not connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0]:
        return
    yield Source(key, name, headings, query, *([_bare] if csv else []))


def _bare(cell: Any) -> Any:
    return None if cell is None else csv_folder.bare(cell)
