"""Rosters of records as files: JSON, JSON Lines, and a workbook with a sheet per list joined by 编号."""

from __future__ import annotations

import datetime
import json
import warnings
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ..diagnostics import Unusable, found
from ..language.lexer import Lexicon
from ..language.source import NOWHERE
from ..model import Shape
from ..record import COMPLETE, FINDINGS, ID, Placed, Reader, Record

PERSONS: Final = "干部"
PERSON_ID: Final = "干部编号"
CHANGES: Final = "变动"
NOTES: Final = "出处"
_NOTES: Final = (PERSON_ID, "清单", "所属", ID, "项目", "来源", "假定")

Sheet = tuple[str, list[tuple[Any, ...]]]


def read_roster(path: Path, shape: Shape, lexicon: Lexicon) -> list[Record]:
    """Every record of a roster; raises Unusable with every misfit, each named by its place."""
    reader = Reader(shape, lexicon)
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise _unusable(path, "只读 .json、.jsonl、.xlsx\tonly .json, .jsonl and .xlsx are read")
    records: dict[str, Record] = {}
    try:
        for where, one in list(read(path, reader)):
            record = reader.record(one, where)
            if record is not None and record.id in records:
                reader.bad("R103", (where,), value=record.id)
            elif record is not None:
                records[record.id] = record
    except (OSError, UnicodeDecodeError, _Misread, RecursionError) as error:
        raise _unusable(path, str(error)) from error
    if reader.problems:
        raise Unusable(reader.problems)
    return list(records.values())


def _unusable(path: Path, why: str) -> Unusable:
    zh, tab, en = why.partition("\t")
    return Unusable([found("R100", NOWHERE, why=f"{path.name}：{zh}\t{path.name}: {en if tab else zh}")])


# JSON.


class _Misread(Exception):
    """What is no JSON, or says one thing twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different; the last of two alike would otherwise silently win."""
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [k for k, _ in pairs]
        twice = "、".join(k for k in data if names.count(k) > 1)
        raise _Misread(f"一个对象里“{twice}”写了两次\t“{twice}” is written twice in one object")
    return data


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
    except ValueError as error:
        raise _Misread(str(error)) from error


def _json(path: Path, reader: Reader) -> Iterator[tuple[str, Any]]:
    data = _parsed(path.read_bytes().decode("utf-8-sig"))
    if isinstance(data, dict) and "记录" in map(reader.key, data):
        table = reader.keyed(data, ())
        data = table.pop("记录")
        for name in table:
            if name not in ("说明", "note"):
                reader.bad("R101", (path.name,), name=reader.spelt[name])
        if not isinstance(data, list):
            reader.bad("R111", (path.name, "记录"), want="各人的列表\ta list of persons")
            return
    for i, one in enumerate(data if isinstance(data, list) else [data], 1):
        yield f"第{i}人\tperson {i}", one


def _jsonl(path: Path, reader: Reader) -> Iterator[tuple[str, Any]]:
    for i, line in enumerate(path.read_bytes().decode("utf-8-sig").split("\n"), 1):
        if line.strip():
            try:
                one = _parsed(line)
            except _Misread as error:
                zh, tab, en = str(error).partition("\t")
                raise _Misread(f"第{i}行：{zh}\tline {i}: {en if tab else zh}") from error
            yield f"第{i}行\tline {i}", one


# Workbooks.


def _xlsx(path: Path, reader: Reader) -> Iterator[tuple[str, Any]]:
    """The sheet 干部 holds persons; the sheets of lists, 齐备, 认定, 变动 (facts over time) and 出处 (where a cell
    comes from, and who assumed it) join it by 干部编号."""
    sheets: dict[str, Sheet] = {}
    for name, cells in _sheets(path):
        key = reader.key(name)
        if name.startswith(("说明", "note")) or not any(c is not None for row in cells for c in row):
            continue
        if key in sheets:
            reader.bad("R111", (name,), want="每样内容一张表\tone sheet for each thing")
        elif key not in reader.shape.lists and key not in (PERSONS, COMPLETE, FINDINGS, CHANGES, NOTES):
            reader.bad("R101", (path.name,), name=name)
        else:
            sheets[key] = name, cells
    if PERSONS not in sheets:
        raise _unusable(path, f"没有“{PERSONS}”这张表\tthere is no sheet “{PERSONS}” (cadres)")
    people: dict[str, Placed] = {}
    for row in _rows(*sheets.pop(PERSONS), reader):
        id = reader.identifier(row.get(ID), row.where)
        if id is not None and id in people:
            reader.bad("R103", row.where, value=id)
        elif id is not None:
            people[id] = row
    # Lists first: the other sheets speak of their rows.
    for key in sorted(sheets, key=lambda k: k in (COMPLETE, FINDINGS, CHANGES, NOTES)):
        for row in _rows(*sheets[key], reader):
            owner = reader.identifier(row.pop(PERSON_ID, None), (*row.where, PERSON_ID))
            if owner is not None and owner not in people:
                reader.bad("R106", row.where, value=owner)
            elif owner is not None:
                _join(key, row, people[owner], reader)
    for person in people.values():
        yield "", person


def _join(key: str, row: Placed, person: Placed, reader: Reader) -> None:
    """One row of another sheet, put where the person's record has it."""
    if key == COMPLETE:
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
    rows = [person] if not of else [r for r in person.get(of, ()) if isinstance(r, Placed)]
    at = next((r for r in rows if not of or str(r.get(ID, "")) == str(row.get(ID, ""))), None)
    if at is None or item not in at or isinstance(at[item], list | dict):
        reader.bad("R106", row.where, value=" ".join(str(row.get(k, "")) for k in ("清单", ID, "项目")).strip())
    else:
        at[item] = {"值": at[item], **{k: row[k] for k in ("来源", "假定") if k in row}}


def _sheets(path: Path) -> list[Sheet]:
    """Every sheet with its cells as they stand."""
    try:
        from openpyxl import load_workbook  # noqa: PLC0415
    except ImportError as error:
        raise _unusable(path, "读 .xlsx 要装 openpyxl\treading .xlsx needs openpyxl installed") from error
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
        raise _unusable(path, f"不是完好的工作簿（{error}）\tnot a sound workbook ({error})") from error


def _rows(name: str, cells: list[tuple[Any, ...]], reader: Reader) -> Iterator[Placed]:
    """Each row that holds anything, its cells by the heading of their column; an empty cell is left out."""
    headings = [None if h is None or not str(h).strip() else reader.key(h) for h in (cells[0] if cells else ())]
    for twice in {h for h in headings if h is not None and headings.count(h) > 1}:
        reader.bad("R111", (name, twice), want="一项只写一列\tone column for each item")
    for i, line in enumerate(cells[1:], 2):
        row = Placed()
        row.where = (name, f"第{i}行\trow {i}")
        for column, cell in enumerate(line):
            heading = headings[column] if column < len(headings) else None
            if cell is None or (isinstance(cell, str) and not cell.strip()):
                continue
            if heading is None:
                reader.bad("R101", row.where, name=f"第{column + 1}列（没有列名）\tcolumn {column + 1} (no heading)")
            else:
                row[heading] = _plain(cell)
        if row:
            yield row


def _plain(cell: Any) -> Any:
    """A cell as the record takes it: a figure of more digits than a spreadsheet keeps is not a whole number."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        whole = isinstance(cell, int) or cell.is_integer()
        return int(cell) if whole and abs(cell) < 10**15 else Decimal(str(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date()
    return cell if isinstance(cell, str | bool | datetime.date) else str(cell)


_READERS: Final = {".json": _json, ".jsonl": _jsonl, ".xlsx": _xlsx}
__all__ = ["read_roster"]
