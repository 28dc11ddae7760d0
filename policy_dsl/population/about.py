"""What a result says of its own run, whatever its form."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from ..rosters.sheets import Unsound, read_sheets
from .tables import SHEETS

SCHEMA: Final = "policy-run/1"
ABOUT: Final = "run.json"
RUN: Final = "run"


def about_of(path: Path) -> Any:
    """What stands where a result says of which run it is; None of what is no result."""
    about: Any = None
    with suppress(OSError, ValueError, Unsound, RecursionError):
        about = _about(path)
    return about if isinstance(about, dict) and about.get("schema") == SCHEMA else None


def _about(path: Path) -> Any:
    if path.is_dir():
        return json.loads((path / ABOUT).read_text("utf-8"))
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"PK"
    if zipped:
        named = {sheet_name(RUN, lang) for lang in ("zh", "en")}
        pairs = [row for s in read_sheets(path) if s.name in named for row in s.rows[1:]]
    else:
        pairs = list(asked(path, f"SELECT key, value FROM {RUN}"))
    return {str(key): json.loads(str(value)) for key, value, *_ in pairs}


def asked(path: Path, query: str, *values: str) -> list[Any]:
    """What a DuckDB file answers; ValueError where it is none, or has no such table."""
    import duckdb  # noqa: PLC0415

    try:
        with duckdb.connect(str(path), read_only=True, config={"enable_external_access": False}) as base:
            rows = base.execute(query, values)
            return (
                [tuple(column[0] for column in rows.description or ()), *rows.fetchall()] if values else rows.fetchall()
            )
    except duckdb.Error as error:
        raise ValueError(str(error)) from error


def sheet_name(table: str, lang: str) -> str:
    return SHEETS[table][lang == "en"]
