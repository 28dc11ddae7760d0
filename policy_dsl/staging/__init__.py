"""Whole rosters laid out as cells by SQL, from their raw tables; by the Reader only whom SQL cannot read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..above import Regime
from ..diagnostics import Unusable
from ..record import Reader
from ..rosters import database, parquet
from ..rosters.forms import Misread
from ..shapes import FINDINGS
from .flat import Flat
from .laid import Batch, Laid
from .lines import Lines
from .nested import Nested
from .raw import Raw, Unreadable, id_column
from .sources import csv, parquet_folder
from .sources import database as of_database


def open_tables(path: Path, regime: Regime, connection: Any) -> Raw | None:
    """The raw tables of a roster, in a DuckDB connection; None where everybody is the Reader's: a form that SQL does
    not read here, or tables with which something is off as a whole."""
    import duckdb  # noqa: PLC0415

    reader = Reader(regime.shape, regime.lexicon)
    try:
        raw = _opened(path, reader, connection)
        for of, listed in raw.told.lists.items():
            if of != FINDINGS:
                id_column(listed.columns)
    except (Unreadable, Unusable, Misread, OSError, UnicodeDecodeError, duckdb.Error):
        return None
    return raw


def _opened(path: Path, reader: Reader, connection: Any) -> Raw:
    if not (path.is_dir() or path.is_file()):
        raise Unreadable
    if path.is_dir():
        form = parquet_folder if parquet.holds(path) else csv
        return Flat(form(path, reader, connection), reader, connection)
    if path.suffix.lower() == ".parquet":
        return Nested(path, reader, connection)
    if path.suffix.lower() == ".jsonl":
        return Lines(path, reader, connection)
    if path.suffix.lower() in database.SUFFIXES:
        return Flat(of_database(path, reader, connection), reader, connection)
    raise Unreadable


__all__ = ["Batch", "Laid", "Raw", "open_tables"]
