"""Rosters as JSON: a list of persons or one with a note, and JSON Lines, a person a line."""

from __future__ import annotations

import json as _json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..record import Reader
from .forms import UNREAD, Misread, Person


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different; the last of two alike would otherwise silently win."""
    data = dict(pairs)
    if len(data) < len(pairs):
        twice = "、".join(k for k, n in Counter(k for k, _ in pairs).items() if n > 1)
        raise Misread(f"一个对象里“{twice}”写了两次\t“{twice}” is written twice in one object")
    return data


def parsed(text: str, by_line: bool = False) -> Any:
    """Plain data; where it cannot be read is told by line and column, by the latter alone if *by_line* is read."""
    try:
        return _json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
    except _json.JSONDecodeError as error:
        zh, en = f"第{error.lineno}行第{error.colno}列", f"line {error.lineno}, column {error.colno}"
        if by_line:
            zh, en = f"第{error.pos + 1}列", f"column {error.pos + 1}"
        raise Misread(f"{zh}不合 JSON 的写法\tnot JSON at {en}") from error
    except RecursionError as error:
        raise Misread("套得太深\tit is nested too deep") from error
    except ValueError as error:
        raise Misread(str(error)) from error


def whole(path: Path, reader: Reader, _: list[str]) -> Iterator[Person]:
    """The persons of one JSON text."""
    data = parsed(path.read_bytes().decode("utf-8-sig"))
    if isinstance(data, dict) and "记录" in map(reader.key, data):
        table = reader.keyed(data, ())
        data = table.pop("记录")
        for name in table:
            if name not in ("说明", "note"):
                reader.bad("R101", (path.name,), name=reader.spelt[name])
                yield "", UNREAD
        if not isinstance(data, list):
            reader.bad("R111", (path.name, "记录"), want="各人的列表\ta list of persons")
            yield "", UNREAD
            return
    for i, one in enumerate(data if isinstance(data, list) else [data], 1):
        yield f"第{i}人\tperson {i}", one


def lines(path: Path, reader: Reader, _: list[str]) -> Iterator[Person]:
    """The persons of a file with one on each line; only a line at a time is held."""
    with path.open("rb") as stream:
        # A file of bytes ends its lines at line feeds alone.
        for i, raw in enumerate(stream, 1):
            line = raw.decode("utf-8-sig" if i == 1 else "utf-8")
            if line.strip():
                yield f"第{i}行\tline {i}", of_line(path, reader, i, line)


def of_line(path: Path, reader: Reader, turn: int, line: str) -> Any:
    """What one line says; UNREAD where it cannot be read, which is reported: the others are still to be."""
    try:
        return parsed(line.rstrip(), by_line=True)
    except Misread as error:
        zh, tab, en = str(error).partition("\t")
        why = f"{path.name} 第{turn}行：{zh}\t{path.name} line {turn}: {en if tab else zh}"
        reader.bad("R100", (), why=why)
        return UNREAD
