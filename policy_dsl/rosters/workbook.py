"""Rosters as workbooks: a sheet for each table."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..record import Reader
from .forms import Person, unusable
from .tables import joined

Sheet = tuple[str, list[tuple[Any, ...]]]


def persons(path: Path, reader: Reader, _: list[str]) -> Iterator[Person]:
    """The sheet 干部 holds persons; the sheets of lists, 齐备, 认定, 变动 (facts over time) and 出处 (where a cell
    comes from, and who assumed it) join it by 干部编号."""
    return joined(path, _sheets(path), reader)


def _sheets(path: Path) -> list[Sheet]:
    """Every sheet with its cells as they stand."""
    try:
        from openpyxl import load_workbook  # noqa: PLC0415
    except ImportError as error:
        raise unusable(path, "读 .xlsx 要装 openpyxl\treading .xlsx needs openpyxl installed") from error
    try:
        with warnings.catch_warnings(), path.open("rb") as stream:
            warnings.simplefilter("ignore")
            book = load_workbook(stream, read_only=True)
            read: list[Sheet] = []
            for sheet in book.worksheets:
                # What a writer says of a sheet's size may be wrong, and would cut it short.
                sheet.reset_dimensions()
                read.append((sheet.title, list(sheet.iter_rows(values_only=True))))
            return read
    except OSError:
        raise
    except Exception as error:  # a damaged workbook makes openpyxl raise almost anything
        raise unusable(path, f"不是完好的工作簿（{error}）\tnot a sound workbook ({error})") from error
