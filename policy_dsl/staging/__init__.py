"""Whole rosters laid out as cells by SQL, from their raw tables; by the Reader only whom SQL cannot read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..above import Regime
from ..record import FINDINGS, Reader
from .laid import Batch, Laid
from .nested import Nested
from .raw import Raw, Unreadable, id_column


def open_tables(path: Path, regime: Regime, connection: Any) -> Raw | None:
    """The raw tables of a roster, in a DuckDB connection; None where everybody is the Reader's: a form that SQL does
    not read here, or tables with which something is off as a whole."""
    reader = Reader(regime.shape, regime.lexicon)
    try:
        if path.is_file() and path.suffix.lower() == ".parquet":
            raw: Raw = Nested(path, reader, connection)
        else:
            return None
        for of, listed in raw.told.lists.items():
            if of != FINDINGS:
                id_column(listed.columns)
    except Unreadable:
        return None
    return raw


__all__ = ["Batch", "Laid", "Raw", "open_tables"]
