"""Rosters of records as files: JSON, JSON Lines, and a workbook with a sheet per list joined by 编号."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from .diagnostics import Unusable, found
from .language.lexer import Lexicon
from .language.source import NOWHERE
from .model import Shape
from .record import COMPLETE, FINDINGS, ID, ROWS, Reader, Record

PERSONS = "干部"
PERSON_ID = "干部编号"
_PERSON_SHEETS = (PERSONS, "cadres")


def read_roster(path: Path, shape: Shape, lexicon: Lexicon) -> list[Record]:
    """Every record of a roster; raises Unusable with every misfit, each named by its place."""
    reader = Reader(shape, lexicon)
    try:
        raw = _READERS[path.suffix.lower()](path, reader) if path.suffix.lower() in _READERS else None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Unusable([found("R100", NOWHERE, why=f"{path.name}：{error}\t{path.name}: {error}")]) from error
    if raw is None:
        raise Unusable([found("R100", NOWHERE, why=f"{path.name}\t{path.name}")])
    records: list[Record] = []
    ids: set[str] = set()
    for where, one in raw:
        record = reader.record(one, where)
        if record is None:
            continue
        if record.id in ids:
            reader.bad("R103", where, value=record.id)
        ids.add(record.id)
        records.append(record)
    if reader.problems:
        raise Unusable(reader.problems)
    return records


def _json(path: Path, reader: Reader) -> list[tuple[str, Any]]:
    data = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    if isinstance(data, dict) and "记录" in data:
        data = data["记录"]
    people = data if isinstance(data, list) else [data]
    return [(f"第{i}人", one) for i, one in enumerate(people, 1)]


def _jsonl(path: Path, reader: Reader) -> list[tuple[str, Any]]:
    people = []
    for i, line in enumerate(path.read_bytes().decode("utf-8-sig").splitlines(), 1):
        if line.strip():
            people.append((f"第{i}行", json.loads(line, parse_float=Decimal)))
    return people


def _xlsx(path: Path, reader: Reader) -> list[tuple[str, Any]]:
    """The sheet 干部 holds persons; a sheet for each list, 齐备 and 认定 join it by 干部编号."""
    from zipfile import BadZipFile  # noqa: PLC0415

    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(path, data_only=False, read_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise Unusable([found("R100", NOWHERE, why=f"{path.name}：{error}\t{path.name}: {error}")]) from error
    people: dict[str, dict[str, Any]] = {}
    order: list[tuple[str, Any]] = []
    sheets = {reader.key(name): name for name in book.sheetnames}
    persons = next((sheets[n] for n in (*_PERSON_SHEETS, reader.key("cadres")) if n in sheets), None)
    if persons is None:
        raise Unusable(
            [found("R100", NOWHERE, why=f"{path.name} 里没有“{PERSONS}”这张表\t{path.name} has no sheet “{PERSONS}”")]
        )
    for where, row in _sheet(book[persons], persons, reader):
        id = _number(row.pop(ID, None), f"{where} {ID}", reader)
        if id is None:
            reader.bad("R104", where)
            continue
        if id in people:
            reader.bad("R103", where, value=id)
        people[id] = {ID: id, **row}
        order.append((where, people[id]))
    for key, name in sheets.items():
        if name != persons:
            _join(key, book[name], name, people, reader)
    return order


def _join(key: str, sheet: Any, name: str, people: dict[str, dict[str, Any]], reader: Reader) -> None:
    if key not in reader.shape.lists and key not in (COMPLETE, FINDINGS):
        if not name.startswith("说明"):
            reader.bad("R101", name, name=name)
        return
    for where, row in _sheet(sheet, name, reader):
        owner = _number(row.pop(PERSON_ID, row.pop("cadre", None)), f"{where} {PERSON_ID}", reader)
        if owner not in people:
            reader.bad("R106", where, value=owner)
            continue
        person = people[owner]
        if key == COMPLETE:
            until = row.get("齐备至")
            person.setdefault(COMPLETE, {})[str(row.get("清单") or "")] = True if until in (None, "") else until
        elif key == FINDINGS:
            row["所属编号"] = _number(row.get("所属编号"), where, reader)
            person.setdefault(FINDINGS, []).append(row)
        else:
            row[ID] = _number(row.get(ID), f"{where} {ID}", reader)
            person.setdefault(key, []).append(row)


def _sheet(sheet: Any, name: str, reader: Reader) -> list[tuple[str, dict[str, Any]]]:
    """(place, cells by heading) for each row that holds anything."""
    rows = sheet.iter_rows(values_only=True)
    headings = [reader.key(h) if h is not None else None for h in next(rows, ())]
    found_: list[tuple[str, dict[str, Any]]] = []
    for i, cells in enumerate(rows, 2):
        row = {h: _plain(c) for h, c in zip(headings, cells, strict=False) if h is not None}
        if any(c not in (None, "") for c in row.values()):
            found_.append((f"{name} {i}", row))
    return found_


def _plain(cell: Any) -> Any:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 10**15 else Decimal(str(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date()
    return cell


def _number(cell: Any, where: str, reader: Reader) -> str | None:
    if isinstance(cell, Decimal):
        reader.bad("R107", where, value=cell)
        return str(cell)
    return None if cell is None or str(cell).strip() == "" else str(cell).strip()


_READERS = {".json": _json, ".jsonl": _jsonl, ".xlsx": _xlsx}
__all__ = ["ROWS", "read_roster"]
