"""Rosters as folders of CSV: a file for each table, in UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from ..record import Reader
from .forms import Misread, Person, unusable
from .tables import Table, is_table, joined

SUFFIX: Final = ".csv"
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SEPARATORS: Final = (",", "\t", ";")
# A cell that a spreadsheet would take for a formula is kept behind an apostrophe.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def persons(path: Path, reader: Reader, notes: list[str]) -> Iterator[Person]:
    """The persons of a folder; its files are named like the sheets of a workbook."""
    others = [p.name for p in folder_of(path) if p.suffix.lower() in (".xlsx", ".json", ".jsonl", ".parquet")]
    if others:
        names = "、".join(others)
        raise unusable(path, f"文件夹里还有另一种名单：{names}\tthe folder holds a roster of another form too: {names}")
    tables: list[Table] = []
    for file in folder_of(path):
        if file.suffix.lower() == SUFFIX:
            encoding = encoding_of(file)
            if encoding == "gb18030":
                notes.append(
                    f"{file.name}：不是 UTF-8，按 GB18030 读；有乱码的，另存为 UTF-8"
                    f"\t{file.name}: not UTF-8, read as GB18030; if it reads as nonsense, save it as UTF-8"
                )
            tables.append((file.stem.strip(), Cells(file, encoding)))
    if not tables:
        raise unusable(path, "文件夹里没有 .csv 表\tthe folder holds no .csv table")
    nothing_astray(path, reader, SUFFIX)
    yield from joined(path, tables, reader)


def nothing_astray(path: Path, reader: Reader, suffix: str) -> None:
    """Refuses a folder where something is named like a table and is none that is read: of another form, or further
    down."""
    files = [p for p in folder_of(path) if p.suffix.lower() != suffix]
    files += sorted(p for p in path.glob("*/**/*") if p.is_file() and not p.name.startswith((".", "~")))
    names = "、".join(str(p.relative_to(path)) for p in files if is_table(p.stem.strip(), reader))
    if names:
        zh, en = f"像是其中的表，但不在此读：{names}", f"named like a table, but not read here: {names}"
        raise unusable(path, f"{zh}\t{en}")


def folder_of(path: Path) -> list[Path]:
    """The files of a folder that programs have not hidden, by name."""
    return sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "~")))


def encoding_of(path: Path) -> str:
    """By its mark; without one, UTF-8 if all of it is, and else GB18030."""
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        try:
            with path.open(encoding=name, newline="") as text:
                # No text has the character 0; UTF-16 that lost its mark has it at every figure and comma.
                while (part := text.read(1 << 16)) and "\0" not in part:
                    pass
                if not part:
                    return name
        except UnicodeDecodeError:
            continue
    raise Misread(f"{path.name}：既不是 UTF-8，也不是 GB18030\t{path.name}: neither UTF-8 nor GB18030")


@frozen
class Cells:
    """The rows of one file, read again for each iteration; an empty cell is None."""

    path: Path
    encoding: str

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        name, line = self.path.name, 0
        with self.path.open(encoding=self.encoding, newline="") as text:
            first = text.readline()
            text.seek(0)
            separator = next((s for s in SEPARATORS if s in first), ",")
            rows = csv.reader(text, delimiter=separator, strict=True)
            try:
                for row in rows:
                    line = rows.line_num
                    yield tuple(bare(cell) for cell in row)
            except csv.Error as error:
                why = f"{name} 第{line + 1}行：{error}\t{name} line {line + 1}: {error}"
                raise Misread(why) from error


def bare(cell: str) -> str | None:
    """A cell without the apostrophe that keeps it from being a formula."""
    if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA):
        cell = cell[1:]
    return cell or None


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text
