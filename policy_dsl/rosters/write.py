"""Writes rosters, from records as plain data, in the forms they are read in; whole or not at all."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .. import values as v
from ..language.lexer import Lexicon
from ..record import Reader
from ..shapes import COMPLETE, ENGLISH_KEYS, FINDINGS, ID, ROWS
from ..values import Type
from .csv_folder import FORMULA, neutral
from .forms import unusable
from .tables import CHANGES, LAST, NOTES, PERSON_ID, PERSONS

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

Row = dict[str, Any]
Raw = Mapping[str, Any]

_NOTED: Final = frozenset(("值", "来源", "假定"))
_TWINS: Final = {zh: en for en, zh in reversed(ENGLISH_KEYS.items())} | {
    "说明": "notes",
    "清单": "list",
}
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
# What a spreadsheet makes of what is typed over a cell.
_FORMATS: Final[dict[type, str]] = {str: "@", datetime.date: "yyyy-mm-dd"}
# The earliest day a zip file can bear: no run leaves a trace of when it was made.
_DAY: Final = datetime.datetime(1980, 1, 1)
# As many rows as a sheet has.
MOST_ROWS: Final = 1_048_576
# As many signs as a cell holds.
LONGEST_CELL: Final = 32_767
# What the name of a sheet may not hold.
_UNNAMED: Final = re.compile(r"[\[\]:*?/\\]")
# What no XML text can hold.
UNKEPT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def named(zh: str, lang: str, lexicon: Lexicon) -> str:
    """The name of a table or column in a tongue, as it is read back."""
    return zh if lang == "zh" else _TWINS.get(zh) or lexicon.written(zh, "en")


def write_roster(path: Path, records: Iterable[Raw], reader: Reader, form: str = "", lang: str = "zh") -> None:
    """Records as a file, or for CSV and Parquet a folder; *records* is gone through twice. *form*: else by the name.

    Raises Unusable where the form cannot hold what a record says.
    """
    form = form or path.suffix.lower().removeprefix(".") or "csv"
    if form == "jsonl":
        with written(path) as beside, beside.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(as_json(one) + "\n" for one in records)
    elif form == "json":
        put(path, ("[\n" + ",\n".join(as_json(one) for one in records) + "\n]\n").encode())
    elif form == "xlsx":
        put(path, saved(workbook(path, records, reader, lang=lang)))
    elif form == "csv":
        with written(path) as beside:
            _csv(beside, records, reader, lang)
    elif form == "parquet":
        with written(path) as beside:
            _parquet(beside, records, reader, lang)
    else:
        raise unusable(
            path, "只写 .json、.jsonl、.xlsx、csv、parquet\tonly .json, .jsonl, .xlsx, csv, parquet are written"
        )


def as_json(one: Raw) -> str:
    """One record, as a line."""
    return json.dumps(one, ensure_ascii=False, default=_literal)


def _literal(x: Any) -> Any:
    """A number or date of Python as JSON has it; a figure too long for a float as the text it is."""
    if isinstance(x, Decimal):
        return float(x) if Decimal(repr(float(x))) == x else str(x)
    return x.isoformat()


# Whole or not at all.


class written:
    """A file or folder beside the one to be, moved into place when all of it is there."""

    def __init__(self, path: Path):
        self.path, self.beside = path, path.with_name(path.name + ".new")

    def __enter__(self) -> Path:
        return self.beside

    def __exit__(self, failed: object, *_: object) -> None:
        if failed is not None:
            shutil.rmtree(self.beside) if self.beside.is_dir() else self.beside.unlink(missing_ok=True)
            return
        if self.beside.is_dir() and self.path.is_dir():
            # A folder gives way only while it is empty.
            self.path.rmdir()
        self.beside.replace(self.path)


def put(path: Path, raw: bytes) -> None:
    """A file's bytes, written beside and moved into place."""
    with written(path) as beside:
        beside.write_bytes(raw)


# Records as rows.


def pieces(raw: Raw, reader: Reader) -> Iterator[tuple[str, Row]]:
    """The rows one record comes to: (table, cells by Chinese heading), each cell as a table keeps it."""
    data = reader.keyed(raw, ())
    facts, lists = reader.shape.facts, reader.shape.lists
    owner = {PERSON_ID: data[ID]}
    person: Row = {}
    complete: Row = {}
    for name, value in data.items():
        if name == COMPLETE:
            complete |= reader.keyed(dict.fromkeys(value, True) if isinstance(value, list) else value, ())
        elif name == FINDINGS:
            for row in value:
                yield FINDINGS, owner | _finding(row, reader)
        elif reader.is_list(value, name):
            listed = reader.keyed(value, ()) if isinstance(value, dict) else {ROWS: value}
            complete |= {name: listed[COMPLETE]} if COMPLETE in listed else {}
            types = {f.name: f.type for f in lists[name].fields.values()}
            for one in listed.get(ROWS, ()):
                row = reader.keyed(one, ())
                yield from ((NOTES, owner | note) for note in _notes({"清单": name, ID: row[ID]}, row, reader))
                yield name, owner | {k: cell(_bare(x, reader), types.get(k, v.TEXT), reader) for k, x in row.items()}
        elif isinstance(value, list) and name in facts and facts[name].over_time:
            for one in value:
                step = reader.keyed(one, ())
                when, what = cell(step["自"], v.DAY, reader), cell(step.get("值"), facts[name].type, reader)
                yield CHANGES, owner | {"事实": name, "自": when, "值": what}
        else:
            person[name] = value
    yield from ((NOTES, owner | note) for note in _notes({}, person, reader))
    types = {f.name: f.type for f in facts.values()}
    yield PERSONS, {k: cell(_bare(x, reader), types.get(k, v.TEXT), reader) for k, x in person.items()}
    for name, until in complete.items():
        if until not in (None, ""):
            yield COMPLETE, owner | {"清单": name, "齐备至": cell(until, v.DAY, reader)}


def _finding(raw: Any, reader: Reader) -> Row:
    row = reader.keyed(raw, ())
    question = reader.shape.findings.get(reader.key(row.get("问题")))
    types = {"答": question.type if question else v.TEXT, "认定日": v.DAY}
    return {k: cell(x, types.get(k, v.TEXT), reader) for k, x in row.items()}


def _notes(place: Row, row: Raw, reader: Reader) -> Iterator[Row]:
    """A row of 出处 for each cell that says where it comes from or who assumed it."""
    for name, value in row.items():
        if isinstance(value, dict) and _NOTED & (inner := reader.keyed(value, ())).keys():
            yield place | {"项目": name} | {k: inner[k] for k in ("来源", "假定") if k in inner}


def _bare(value: Any, reader: Reader) -> Any:
    """A cell without what 出处 says of it."""
    inner = reader.keyed(value, ()) if isinstance(value, dict) else {}
    return inner.get("值") if _NOTED & inner.keys() else value


def cell(value: Any, type: Type, reader: Reader) -> Any:
    """A cell as a table keeps it: a whole date as a date, bounds and alternatives as a line of text."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "、".join(f"{reader.key(k)} {x}" for k, x in value.items())
    if isinstance(value, list):
        return "或".join(map(str, value))
    if isinstance(value, str) and type.kind == "day" and _DATE.fullmatch(value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return value
    return None if value == "" else value


def headings(records: Iterable[Raw], reader: Reader) -> dict[str, list[str]]:
    """The tables that records come to, and the columns of each, in the order they come up."""
    columns: dict[str, dict[str, None]] = {PERSONS: {ID: None}}
    for raw in records:
        for name, row in sorted(pieces(raw, reader), key=lambda x: x[0] in LAST):
            columns.setdefault(name, {}).update(dict.fromkeys(row))
    last = {name: columns[name] for name in LAST if name in columns}
    return {name: list(x) for name, x in columns.items() if name not in LAST} | {k: list(x) for k, x in last.items()}


# Folders of CSV and of Parquet.


def _csv(folder: Path, records: Iterable[Raw], reader: Reader, lang: str) -> None:
    """A file for each table; one record at a time is held."""
    folder.mkdir()
    with ExitStack() as stack:
        files = {}
        for name, columns in headings(records, reader).items():
            path = folder / f"{named(name, lang, reader.lexicon)}.csv"
            # Spreadsheet programs take a file for UTF-8 by its mark.
            stream = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            files[name] = columns, csv.writer(stream)
            files[name][1].writerow([named(c, lang, reader.lexicon) for c in columns])
        for raw in records:
            for name, row in pieces(raw, reader):
                columns, file = files[name]
                file.writerow([line(row.get(c)) for c in columns])


def line(value: Any) -> str:
    """A cell as a line of text no spreadsheet takes for a formula."""
    return neutral(value) if isinstance(value, str) else _text(value) or ""


def _text(value: Any) -> str | None:
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _parquet(folder: Path, records: Iterable[Raw], reader: Reader, lang: str) -> None:
    """A file for each table; a column of one kind of value keeps it, any other is text."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow.parquet import write_table  # noqa: PLC0415

    folder.mkdir()
    for name, (columns, rows) in _tables(records, reader).items():
        table = {named(c, lang, reader.lexicon): _column([row.get(c) for row in rows]) for c in columns}
        write_table(pa.table(table), folder / f"{named(name, lang, reader.lexicon)}.parquet")


def _column(cells: list[Any]) -> list[Any]:
    kinds = {type(c) for c in cells if c is not None}
    return cells if len(kinds) == 1 and kinds <= {int, datetime.date} else [_text(c) for c in cells]


def _tables(records: Iterable[Raw], reader: Reader) -> dict[str, tuple[list[str], list[Row]]]:
    tables: dict[str, tuple[list[str], list[Row]]] = {k: (x, []) for k, x in headings(records, reader).items()}
    for raw in records:
        for name, row in pieces(raw, reader):
            tables[name][1].append(row)
    return tables


# Workbooks.


def workbook(
    path: Path, records: Iterable[Raw], reader: Reader, about: Sequence[str] = (), lang: str = "zh"
) -> Workbook:
    """A workbook with a sheet for each table, headings in bold and kept in view; *about* goes before."""
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    book.properties.creator = ""
    book.remove(book.worksheets[0])
    if about:
        sheet = book.create_sheet(named("说明", lang, reader.lexicon))
        sheet.column_dimensions["A"].width = 100
        for text in about:
            sheet.append([text])
    for name, (columns, rows) in _tables(records, reader).items():
        sheet = book.create_sheet(named(name, lang, reader.lexicon))
        sheet.freeze_panes = "B2"
        for at, column in enumerate(columns, 1):
            title = named(column, lang, reader.lexicon)
            enter(sheet.cell(1, at), title, path).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(at)].width = max(12, 2 * len(title) + 4)
            for down, row in enumerate(rows, 2):
                value = row.get(column)
                if value is not None:
                    enter(sheet.cell(down, at), value, path).number_format = _FORMATS.get(type(value), "General")
    return book


def enter(to: Cell, value: Any, path: Path) -> Cell:
    """Writes one cell: text as text, never as a formula; a figure only where a spreadsheet keeps all of it."""
    if isinstance(value, Decimal) and Decimal(repr(float(value))) != value:
        value = str(value)
    if isinstance(value, str) and UNKEPT.search(value):
        why = f"“{value}”里有工作簿不能保存的字符\t“{value}” holds a character no workbook can keep"
        raise unusable(path, why)
    to.value = value
    if isinstance(value, str):
        to.data_type = "s"
        to.quotePrefix = value.startswith(FORMULA)
    return to


def saved(book: Workbook, compression: int = zipfile.ZIP_DEFLATED, ours: bool = True) -> bytes:
    """A workbook as bytes that do not tell when it was written; of one that is not *ours*, when it was made is kept."""
    raw, stream = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(stream, "w", compression) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            body = old.read(name)
            if name == "docProps/core.xml":
                told = rb"(?<=>)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ" + (b"" if ours else rb"(?=</dcterms:modified>)")
                body = re.sub(told, f"{_DAY:%Y-%m-%dT%H:%M:%SZ}".encode(), body)
            member = zipfile.ZipInfo(name, _DAY.timetuple()[:6])
            member.create_system, member.external_attr = 0, 0
            new.writestr(member, body, compression)
    return stream.getvalue()


def sheets(tables: Iterable[tuple[str, Sequence[Sequence[Any]]]], path: Path) -> bytes:
    """A workbook of several sheets (name, rows), the first row of each in bold and kept in view; text is never a
    formula, what no sheet can keep is shown as �, and a sheet's name is what a spreadsheet allows."""
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    book = Workbook()
    book.properties.creator = ""
    book.remove(book.worksheets[0])
    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    for name, rows in tables:
        sheet = book.create_sheet(_UNNAMED.sub(" ", name)[:31])
        sheet.freeze_panes = "B2"
        for down, row in enumerate(rows[:MOST_ROWS], 1):
            for at, value in enumerate(row, 1):
                text = UNKEPT.sub("\ufffd", value)[:LONGEST_CELL] or None if isinstance(value, str) else value
                cell = enter(sheet.cell(down, at), text, path)
                cell.alignment = wrapped
                if down == 1:
                    cell.font = bold
        for at in range(1, max(map(len, rows), default=0) + 1):
            sheet.column_dimensions[sheet.cell(1, at).column_letter].width = 18 if at == 1 else 44
    return saved(book)


class Lines:
    """A workbook of one table, a row after another; when a sheet is full the next begins."""

    def __init__(self, path: Path):
        from openpyxl import Workbook  # noqa: PLC0415

        self.path, self.book = path, Workbook(write_only=True)
        self.sheet, self.count = self.book.create_sheet(), 0
        self.headings: Sequence[str] = ()

    def add(self, row: Sequence[str]) -> None:
        """One row; the first is the headings."""
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

        self.headings = self.headings or row
        if self.count == MOST_ROWS:
            self.sheet, self.count = self.book.create_sheet(), 0
            self.add(self.headings)
        self.sheet.append([enter(WriteOnlyCell(self.sheet), text or None, self.path) for text in row])
        self.count += 1

    def saved(self) -> bytes:
        return saved(self.book)

    def close(self) -> None:
        """Lets go of what is not saved."""
        for sheet in self.book.worksheets:
            sheet.close()
