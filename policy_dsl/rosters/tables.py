"""Rosters as tables joined by 编号: one of persons, one for each list, and 齐备, 认定, 变动, 出处.

The rows of a person lie apart in the tables; a temporary database brings them together, so that a long roster need not
be held in memory.
"""

from __future__ import annotations

import datetime
import pickle
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from ..model import FactShape, Shape
from ..record import Placed, Reader
from ..shapes import COMPLETE, FINDINGS, ID
from .forms import UNREAD, Misread, Person, unusable

PERSONS: Final = "干部"
PERSON_ID: Final = "干部编号"
CHANGES: Final = "变动"
NOTES: Final = "出处"
LAST: Final = (COMPLETE, FINDINGS, CHANGES, NOTES)
# What begins so is for people to read: a table, or a column, that says nothing of anybody.
REMARK: Final = ("说明", "note")
_NOTES: Final = (PERSON_ID, "清单", "所属", ID, "项目", "来源", "假定")
_DAYS: Final = {FINDINGS: "认定日", COMPLETE: "齐备至", CHANGES: "自"}
_NUMBERS: Final = (ID, PERSON_ID, "所属编号", "取代")

# How a column of dates may say it is written, and what such a cell looks like. A month after a point has two digits,
# or 1 could be what a spreadsheet left of 10.
_MONTH: Final = "0[1-9]|1[0-2]"
WRITTEN: Final = {
    "年.月": rf"(\d{{4}})\.({_MONTH}|[2-9])", "年.月.日": rf"(\d{{4}})\.({_MONTH}|[1-9])\.([0-3]?[1-9]|[123]0)",
    "年月": rf"(\d{{4}})({_MONTH})", "年月日": rf"(\d{{4}})({_MONTH})([0-3][1-9]|[123]0)",
}  # fmt: skip
WRITTEN_ENGLISH: Final = {"yyyy.mm": "年.月", "yyyy.mm.dd": "年.月.日", "yyyymm": "年月", "yyyymmdd": "年月日"}
_MARKED: Final = re.compile(r"(.+?)\s*[（(]([年月日.]+|y{4}\.?m{2}(?:\.?d{2})?)[）)]")
# What a long figure turns to where a spreadsheet writes it as text, and a whole one where a program does.
_FIGURE: Final = re.compile(r"\d(\.\d+)?E\+\d\d+|\d+\.0+")

# A table: its name as its file has it, and its rows, the first of them the headings.
Table = tuple[str, Iterable[tuple[Any, ...]]]


def joined(path: Path, tables: Iterable[Table], reader: Reader) -> Iterator[Person]:
    """The persons of tables; each cell knows its table and row."""
    known = known_tables(path, tables, reader)
    if PERSONS not in known:
        raise unusable(path, f"没有“{PERSONS}”这张表\tthere is no sheet “{PERSONS}” (cadres)")
    # A database without a name is SQLite's own temporary one: in memory while it is small, then on disk.
    rows = sqlite3.connect("", isolation_level=None)
    try:
        rows.execute("CREATE TABLE rows (person INTEGER, sheet INTEGER, line INTEGER, row BLOB)")
        rows.execute("BEGIN")
        rows.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", _kept(known, reader))
        if reader.problems:
            yield "", UNREAD
        order = order_of(known)
        stored = rows.execute("SELECT person, sheet, row FROM rows ORDER BY person, sheet, line")
        for _, parts in groupby(stored, key=lambda row: row[0]):
            (_, _, own), *others = parts
            person = _row(own)
            for _, sheet, row in others:
                join(order[sheet], _row(row), person, reader)
            yield "", person
    except sqlite3.Error as error:
        raise Misread(f"读时出错（{error}）\tit failed in reading ({error})") from error
    finally:
        rows.close()


def known_tables(path: Path, tables: Iterable[Table], reader: Reader) -> dict[str, Table]:
    """The tables that hold anything, by what they hold."""
    known: dict[str, Table] = {}
    for name, cells in tables:
        key = reader.key(name)
        if name.startswith(REMARK) or not any(c is not None for row in cells for c in row):
            continue
        if key in known:
            reader.bad("R111", (name,), want="每样内容一张表\tone sheet for each thing")
        elif not is_table(name, reader):
            reader.bad("R101", (path.name,), name=name)
        else:
            known[key] = name, cells
    return known


def is_table(name: str, reader: Reader) -> bool:
    """Whether a name is that of a table."""
    key = reader.key(name)
    return key in reader.shape.lists or key in (PERSONS, *LAST)


def order_of(known: Iterable[str]) -> list[str]:
    """Persons, then lists: the other tables speak of their rows."""
    return sorted(known, key=lambda k: (k != PERSONS, k in LAST))


def _kept(known: dict[str, Table], reader: Reader) -> Iterator[tuple[int, int, int, bytes]]:
    """Each row with the person's turn, the table's and its own; a row of nobody is reported."""
    people: dict[str, int] = {}
    for sheet, key in enumerate(order_of(known)):
        name, cells = known[key]
        for line, row in enumerate(_rows(name, cells, reader, key)):
            if key == PERSONS:
                id = reader.identifier(row.get(ID), row.where)
                if id is not None and id in people:
                    reader.bad("R103", row.where, value=id)
                    continue
                if id is not None:
                    people[id] = len(people)
            else:
                id = reader.identifier(row.pop(PERSON_ID, None), (*row.where, PERSON_ID))
                if id is not None and id not in people:
                    reader.bad("R106", row.where, value=id)
                    continue
            if id is not None:
                yield people[id], sheet, line, pickle.dumps((row.where, dict(row)), pickle.HIGHEST_PROTOCOL)


def _row(stored: bytes) -> Placed:
    where, cells = pickle.loads(stored)
    row = Placed(cells)
    row.where = where
    return row


def join(key: str, row: Placed, person: Placed, reader: Reader) -> None:
    """One row of another table, put where the person's record has it."""
    held = person.get(key)
    if held is not None and not isinstance(held, dict if key == COMPLETE else list):
        # The person's own row says something of it as well.
        want = f"“{PERSONS}”表里没有“{key}”这一列\tno column “{key}” on the sheet “{PERSONS}”"
        reader.bad("R111", person.where, want=want)
    elif key == COMPLETE:
        _complete(row, person.setdefault(COMPLETE, {}), reader)
    elif key == CHANGES:
        fact = reader.key(row.pop("事实", ""))
        shape, steps = reader.shape.facts.get(fact), person.get(fact, [])
        if shape is None or not shape.over_time or not isinstance(steps, list):
            want = "随时间的事实，且“干部”表里留空\ta fact over time, left empty in the sheet “cadres”"
            reader.bad("R111", (*row.where, "事实"), want=want)
        else:
            person[fact] = [*steps, row]
    elif key == NOTES:
        _note(row, person, reader)
    else:
        person.setdefault(key, []).append(row)


def _complete(row: Placed, complete: dict[str, Any], reader: Reader) -> None:
    name = reader.key(row.pop("清单", row.pop("所属", "")))
    until = row.pop("齐备至", None)
    for other in row:
        reader.bad("R101", row.where, name=reader.spelt[other])
    if name in complete:
        reader.bad("R103", row.where, value=name)
    elif until is None or name not in reader.shape.lists:
        want = "清单，以及是、否或日期\ta list, with yes, no or a date"
        reader.bad("R102", row.where, value=name if until is not None else "", want=want)
    else:
        complete[name] = True if until in ("是", "yes") else until


def _note(row: Placed, person: Placed, reader: Reader) -> None:
    """Turns the cell a row of 出处 speaks of into one that says so."""
    for other in row.keys() - set(_NOTES):
        reader.bad("R101", row.where, name=reader.spelt[other])
    of, item = reader.key(row.get("清单", row.get("所属", ""))), reader.key(row.get("项目", ""))
    held = person.get(of, ())
    rows = [person] if not of else [r for r in held if isinstance(r, Placed)] if isinstance(held, list) else []
    at = next((r for r in rows if not of or str(r.get(ID, "")) == str(row.get(ID, ""))), None)
    known = reader.shape.lists[of].fields if of in reader.shape.lists else reader.shape.facts
    if at is None or item not in known or isinstance(at.get(item), list | dict):
        reader.bad("R106", row.where, value=" ".join(str(row.get(k, "")) for k in ("清单", ID, "项目")).strip())
    else:
        at[item] = {"值": at.get(item), **{k: row[k] for k in ("来源", "假定") if k in row}}


# Rows and cells.


def facts_of(key: str, shape: Shape) -> Mapping[str, FactShape]:
    """The facts a table has columns for."""
    return shape.facts if key == PERSONS else shape.lists[key].fields if key in shape.lists else {}


def _of_kind(kind: str, key: str, shape: Shape) -> frozenset[str]:
    return frozenset(f.name for f in facts_of(key, shape).values() if f.type.kind == kind)


@frozen
class Headed:
    """The columns of a table: the item each holds ("" for a remark, None without a heading) and how it says its dates
    are written; *numbers* are the items that name things."""

    name: str
    columns: tuple[tuple[str | None, str], ...]
    numbers: frozenset[str]


def headed(name: str, headings: Iterable[Any], reader: Reader, key: str) -> Headed:
    """The columns of a table by its headings; two for one item are reported."""
    days = _of_kind("day", key, reader.shape) | {_DAYS.get(key, "")}
    columns = tuple(_heading(name, h, reader, days) for h in headings)
    for twice in {h for h, _ in columns if h and (sum(h == other for other, _ in columns) > 1)}:
        reader.bad("R111", (name, twice), want="一项只写一列\tone column for each item")
    return Headed(name, columns, _of_kind("text", key, reader.shape) | set(_NUMBERS))


def _rows(name: str, cells: Iterable[tuple[Any, ...]], reader: Reader, key: str) -> Iterator[Placed]:
    """Each row that holds anything."""
    lines = iter(cells)
    table = headed(name, next(lines, ()), reader, key)
    for i, line in enumerate(lines, 2):
        if row := placed(table, i, line, reader):
            yield row


def placed(table: Headed, turn: int, cells: Iterable[Any], reader: Reader) -> Placed:
    """One row, its cells by the heading of their column; an empty cell is left out."""
    row = Placed()
    row.where = (table.name, f"第{turn}行\trow {turn}")
    for column, cell in enumerate(cells):
        heading, written = table.columns[column] if column < len(table.columns) else (None, "")
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        if heading is None:
            reader.bad("R101", row.where, name=f"第{column + 1}列（没有列名）\tcolumn {column + 1} (no heading)")
        elif heading:
            row[heading] = _plain(cell, written, heading in table.numbers)
    return row


def _heading(name: str, cell: Any, reader: Reader, days: frozenset[str]) -> tuple[str | None, str]:
    """The item a column holds, and how it says its dates are written; "" for a remark, None for no heading."""
    text = "" if cell is None else str(cell).strip()
    if not text.isascii():
        # Spaces and line ends that a column's width asked for: no Chinese name holds any.
        text = "".join(text.split())
    if not text:
        return None, ""
    marked = _MARKED.fullmatch(text)
    written = marked and WRITTEN_ENGLISH.get(marked[2], marked[2])
    if marked and written in WRITTEN:
        item = reader.key(marked[1])
        if item in days:
            return item, written
        reader.bad("R111", (name, text), want="日期的列才标明写法\tonly a column of dates says how it is written")
        return item, ""
    item = reader.key(text)
    shape = reader.shape
    if text.startswith(REMARK) and item not in shape.facts and not any(item in x.fields for x in shape.lists.values()):
        return "", ""
    return item, ""


def _plain(cell: Any, written: str, numbers: bool) -> Any:
    """A cell as the record takes it: a figure of more digits than a spreadsheet keeps is not a whole number.

    *written*: how the column says its dates are; *numbers*: whether it holds numbers that name things.
    """
    if written and isinstance(cell, str | int | float) and (parts := re.fullmatch(WRITTEN[written], str(cell).strip())):
        return "-".join(f"{int(p):02}" for p in parts.groups())
    if isinstance(cell, str):
        return Decimal(cell.strip()) if numbers and _FIGURE.fullmatch(cell.strip()) else cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 10**15 else Decimal(str(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date()
    # A list that stands nested in a column is plain data already.
    return cell if isinstance(cell, bool | int | datetime.date | Decimal | list | dict) else str(cell)
