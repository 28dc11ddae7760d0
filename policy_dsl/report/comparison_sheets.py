"""A comparison as a workbook: a sheet for each part, its tables one under another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..rosters.write import sheets
from .comparison import Cell, Part


def workbook(title: str, parts: Sequence[Part], path: Path) -> bytes:
    """The workbook as bytes; every text in it is text, and figures are figures."""
    return sheets([(p.title, _rows(title if i == 0 else "", p)) for i, p in enumerate(parts)], path)


def _rows(title: str, part: Part) -> list[list[Any]]:
    rows: list[list[Any]] = [[title or part.title]]
    rows += [[note] for note in part.notes]
    for table in part.tables:
        rows.append([])
        if table.title != part.title:
            rows.append([table.title])
        rows += [[note] for note in table.notes]
        rows.append(list(table.columns))
        rows += [[_cell(cell) for cell in row] for row in table.rows]
    return rows


def _cell(cell: Cell) -> str | int:
    """A cell's lines; a count as the figure it is."""
    text = "\n".join(cell)
    return int(text) if text.isascii() and text.isdigit() and str(int(text)) == text else text
