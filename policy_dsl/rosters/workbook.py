"""Rosters as workbooks: a sheet for each table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..record import Reader
from .forms import Misread, Person
from .sheets import Unsound, read_sheets
from .tables import REMARK, Table, joined


def persons(path: Path, reader: Reader, _: list[str]) -> Iterator[Person]:
    """The sheet 干部 holds persons; the sheets of lists, 齐备, 认定, 变动 (facts over time) and 出处 (where a cell
    comes from, and who assumed it) join it by 干部编号."""
    return joined(path, _tables(path, reader), reader)


def _tables(path: Path, reader: Reader) -> Iterator[Table]:
    """The sheets that hold anything; one that people cannot see, or whose cells are merged, is reported."""
    try:
        sheets = read_sheets(path)
    except Unsound as error:
        raise Misread(str(error)) from error
    for sheet in sheets:
        told = not sheet.empty and not sheet.name.startswith(REMARK)
        for area in sheet.merged if told else ():
            reader.bad(
                "R111", (sheet.name, area), want=f"一格一个值；{area} 合并了\tone value a cell; {area} is merged"
            )
        if told and sheet.hidden:
            want = "看得见的表；取消隐藏，或删去\ta sheet that can be seen; unhide or delete it"
            reader.bad("R111", (sheet.name,), want=want)
        yield sheet.name, sheet.rows
