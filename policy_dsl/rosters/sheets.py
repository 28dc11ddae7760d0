"""The sheets of a workbook as they stand: nothing in it is run, unpacked without bound, or passed over unsaid."""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from attrs import field, frozen

# What a workbook may hold once it is unpacked, and how many cells its sheets may span; a roster of a county is a
# thousandth of it.
MOST_BYTES: Final = 256 * 2**20
MOST_PARTS: Final = 10_000
MOST_CELLS: Final = 20_000_000
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_VALUES: Final = (str, bool, int, float, datetime.date, datetime.time, datetime.timedelta)
_PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Unsound(Exception):
    """Why a workbook cannot be read, as 'zh\\ten'."""


@frozen
class Sheet:
    """A sheet: its name, its cells by row, the ranges that are merged, and whether it is hidden."""

    name: str
    rows: list[tuple[Any, ...]] = field(repr=False)
    merged: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def empty(self) -> bool:
        return not any(c is not None for row in self.rows for c in row)


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet, its formulas as '=…' and never their values; raises Unsound or OSError."""
    try:
        from openpyxl import load_workbook  # noqa: PLC0415
    except ImportError as error:
        raise Unsound("读 .xlsx 要装 openpyxl\treading .xlsx needs openpyxl installed") from error
    try:
        merged = _inspected(path)
        with warnings.catch_warnings(), path.open("rb") as stream:
            warnings.simplefilter("ignore")
            book = load_workbook(stream, read_only=True, keep_links=False)
            read: list[Sheet] = []
            for sheet in book.worksheets:
                # What a writer says of a sheet's size may be wrong, and would cut it short.
                sheet.reset_dimensions()
                rows = [tuple(map(_plain, row)) for row in sheet.iter_rows(values_only=True)]
                part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
                read.append(Sheet(sheet.title, rows, merged.get(part, ()), sheet.sheet_state != "visible"))
            return read
    except (OSError, Unsound):
        raise
    except Exception as error:  # a damaged workbook makes openpyxl raise almost anything
        raise Unsound(f"不是完好的工作簿（{error}）\tnot a sound workbook ({error})") from error


def _plain(cell: Any) -> Any:
    """A cell's value; a formula over several cells is a formula like any other, and of a figure of more than fifteen
    digits the spreadsheet kept no more."""
    if isinstance(cell, int) and abs(cell) >= 10**15:
        return float(cell)
    return cell if cell is None or isinstance(cell, _VALUES) else "="


def _inspected(path: Path) -> dict[str, tuple[str, ...]]:
    """The merged ranges of each sheet's part, once the whole has been found safe to read."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        names = [p.filename for p in parts]
        if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_BYTES:
            size = MOST_BYTES >> 20
            raise Unsound(f"解开以后超过 {size} MB\tmore than {size} MB once it is unpacked")
        if len(set(names)) < len(names):
            raise Unsound("同一部分存了两份\tit holds one part twice")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Unsound("里面有宏；另存为不带宏的 .xlsx\tit holds macros; save it as .xlsx without them")
        merged, cells = {}, 0
        for name in names:
            if name.lower().endswith((".xml", ".rels")):
                scan = _Scan(name.startswith("xl/worksheets/"), MOST_CELLS - cells)
                with archive.open(name) as stream:
                    scan.run(stream)
                merged[name] = tuple(scan.merged)
                cells += scan.cells
        return merged


class _Scan:
    """One part read through: no document type, so that nothing can be expanded or fetched; on a sheet, rows and columns
    in order and within bounds, or a reader would drop or pad them."""

    def __init__(self, sheet: bool, most: int):
        self.most, self.cells, self.row, self.column = most, 0, 0, 0
        self.merged: list[str] = []
        self.done = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.element if sheet else self.root

    def run(self, stream: Any) -> None:
        while not self.done and (data := stream.read(1 << 16)):
            self.parser.Parse(data, False)
        if not self.done:
            self.parser.Parse(b"", True)

    def doctype(self, *_: Any) -> None:
        raise Unsound("里面的 XML 带有文档类型声明\tits XML declares a document type")

    def root(self, name: str, attributes: dict[str, str]) -> None:
        """A document type stands before the first element or nowhere."""
        self.done = True

    def element(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            place = _PLACE.fullmatch(attributes["r"]) if "r" in attributes else None
            last, self.column = self.column, _column(place[1]) if place else self.column + 1
            self.cells += self.column - last
            if self.column <= last or self.column > _LAST_COLUMN or ("r" in attributes and place is None):
                raise Unsound("一行里的单元格次序不对\tthe cells of a row are out of order")
        elif tag == "row":
            last, self.column = self.row, 0
            self.row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self.row + 1
            self.cells += self.row - last
            if self.row <= last or self.row > _LAST_ROW:
                raise Unsound("行的次序不对\tits rows are out of order")
        elif tag == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        if self.cells > self.most:
            raise Unsound(f"各表合起来超过 {MOST_CELLS} 格\tits sheets span more than {MOST_CELLS} cells")


def _column(letters: str) -> int:
    """A → 1, AA → 27."""
    n = 0
    for c in letters:
        n = n * 26 + ord(c) - ord("A") + 1
    return n


__all__ = ["Sheet", "Unsound", "read_sheets"]
