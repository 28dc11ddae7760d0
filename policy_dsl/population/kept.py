"""A result read back: what run it is of, and what it keeps of one person."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from ..rosters.csv_folder import bare
from ..rosters.forms import unusable
from ..rosters.sheets import Unsound, read_sheets
from .about import SCHEMA, about_of, asked, sheet_name
from .tables import heading

Rows = Iterator[Mapping[str, Any]]


@frozen(eq=False)
class Kept:
    """A result, and what it says of its own run."""

    path: Path
    about: Mapping[str, Any]

    @property
    def lang(self) -> str:
        return str(self.about["lang"])

    def rows(self, table: str, id: str) -> list[Mapping[str, Any]]:
        """The rows of a table that are of one person, by heading; an empty cell is None."""
        column = heading("id", self.lang)
        try:
            return list(_ROWS[self.about["form"]](self.path, table, column, id, self.lang))
        except (OSError, ValueError, KeyError, Unsound) as error:
            raise unusable(self.path, f"读不出“{table}”\t“{table}” cannot be read") from error


def read_result(path: Path) -> Kept:
    """A result of a run; Unusable if it is none."""
    about = about_of(path)
    if about is None or about.get("form") not in _ROWS:
        raise unusable(path, f"不是 policy run 的结果（{SCHEMA}）\tnot a result of `policy run` ({SCHEMA})")
    for key, type in _NEEDED.items():
        if not isinstance(about.get(key), type):
            raise unusable(path, f"“{key}”缺失或写得不对\t“{key}” is missing or not as it should be")
    return Kept(path, about)


# What a result must say of its run for one decision to be made again.
_NEEDED: Mapping[str, type] = {
    "lang": str, "regime": str, "policy_digest": str, "above": dict, "as_of": str, "known_as_of": str, "layers": list,
    "readings": dict, "readings_chosen_by": str, "atoms": dict, "table": dict,
}  # fmt: skip


def _csv(path: Path, table: str, column: str, id: str, lang: str) -> Rows:
    with (path / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if (bare(row[column]) or "") == id:
                yield {k: bare(x) for k, x in row.items()}


def _parquet(path: Path, table: str, column: str, id: str, lang: str) -> Rows:
    from pyarrow.parquet import read_table  # noqa: PLC0415

    found = read_table(path / f"{table}.parquet", filters=[(column, "==", id)]).to_pylist()
    yield from ({k: None if x == "" else x for k, x in row.items()} for row in found)


def _duckdb(path: Path, table: str, column: str, id: str, lang: str) -> Rows:
    names, *found = asked(path, f'SELECT * FROM "{table}" WHERE "{column}" = ?', id)
    yield from ({k: None if x == "" else x for k, x in zip(names, row, strict=True)} for row in found)


def _xlsx(path: Path, table: str, column: str, id: str, lang: str) -> Rows:
    sheets = {s.name: s.rows for s in read_sheets(path)}
    names, *rows = sheets[sheet_name(table, lang)]
    at = names.index(column)
    yield from (dict(zip(names, row, strict=False)) for row in rows if str(row[at]) == id)


_ROWS = {"csv": _csv, "parquet": _parquet, "duckdb": _duckdb, "xlsx": _xlsx}
