"""A comparison for a terminal: grids column by column, everything else row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diagnostics import width
from .comparison import Cell, Part, Table

_GAP = "  "
_WIDEST = 40


def text(title: str, parts: Sequence[Part]) -> str:
    """The whole comparison."""
    return "\n".join([title, *(x for p in parts for x in _part(p))]).rstrip() + "\n"


def _part(part: Part) -> Iterator[str]:
    yield from ("", f"== {part.title} ==")
    yield from part.notes
    for table in part.tables:
        if table.title != part.title:
            yield from ("", f"◆ {table.title}")
        yield from table.notes
        yield from _grid(table) if table.grid else _records(table)


def _grid(table: Table) -> Iterator[str]:
    """Columns as wide as what is in them; a cell of several lines, or a long one, makes its column the last to wait."""
    rows = [table.columns, *(tuple("；".join(c) for c in row) for row in table.rows)]
    wide = [min(max(width(r[i]) for r in rows), _WIDEST) for i in range(len(table.columns))]
    for row in rows:
        cells = (cell + " " * max(w - width(cell), 0) for cell, w in zip(row, wide, strict=True))
        yield "  " + _GAP.join(cells).rstrip()


def _records(table: Table) -> Iterator[str]:
    """Each row: its first cell as a heading, under it every other cell that says something, by its column."""
    for head, *cells in table.rows:
        yield "  ○ " + "｜".join(head)
        for name, cell in zip(table.columns[1:], cells, strict=True):
            yield from _cell(name, cell)


def _cell(name: str, cell: Cell) -> Iterator[str]:
    if not cell:
        yield f"      {name}  —"
        return
    first, *more = cell
    if not more:
        yield f"      {name}  {first}"
        return
    yield f"      {name}"
    yield from (f"          {x}" for x in cell)
