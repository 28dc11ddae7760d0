"""Writes each roster kept as JSON also as the workbook an organisation department would keep: the same bytes each time.

Run as `python tools/make_workbooks.py [FOLDER …]`; without a folder, every policies/*/rosters.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

os.environ["OPENPYXL_LXML"] = "False"

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

ID, PERSON_ID, COMPLETE, FINDINGS = "编号", "干部编号", "齐备", "认定"
# The earliest day a zip file can bear: no run leaves a trace of when it was made.
DAY = datetime.datetime(1980, 1, 1)

Row = dict[str, Any]


def tables(records: list[Row]) -> dict[str, list[Row]]:
    """The sheets by name, in the order of the record; each row by its headings."""
    sheets: dict[str, list[Row]] = {"干部": []}
    last: dict[str, list[Row]] = {COMPLETE: [], FINDINGS: [], "变动": [], "出处": []}
    for record in records:
        owner = {PERSON_ID: record[ID]}
        person: Row = {}
        for name, value in record.items():
            if name == COMPLETE:
                last[COMPLETE] += [owner | {"清单": of, "齐备至": until} for of, until in value.items()]
            elif name == FINDINGS:
                last[FINDINGS] += [owner | row for row in value]
            elif isinstance(value, list) and all("值" in step for step in value):
                last["变动"] += [owner | {"事实": name, "自": step["自"], "值": step["值"]} for step in value]
            elif isinstance(value, list):
                rows = sheets.setdefault(name, [])
                for row in value:
                    notes = noted({"清单": name, ID: row[ID]}, row)
                    last["出处"] += [owner | note for note in notes]
                    rows.append(owner | bare(row))
            else:
                person[name] = value
        last["出处"] += [owner | note for note in noted({}, person)]
        sheets["干部"].append(bare(person))
    return sheets | {name: rows for name, rows in last.items() if rows}


def noted(place: Row, row: Row) -> Iterator[Row]:
    """A row of 出处 for each cell that says where it comes from or who assumed it."""
    for name, value in row.items():
        if isinstance(value, dict) and "值" in value:
            yield place | {"项目": name} | {k: value[k] for k in ("来源", "假定") if k in value}


def bare(row: Row) -> Row:
    """The row without what 出处 says of its cells."""
    return {k: v["值"] if isinstance(v, dict) and "值" in v else v for k, v in row.items()}


def cell(value: Any) -> Any:
    """A cell as a spreadsheet keeps it: a whole date as a date, bounds and alternatives as a line of text."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "、".join(f"{k} {v}" for k, v in value.items())
    if isinstance(value, list):
        return "或".join(value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return datetime.date.fromisoformat(value)
    return value


def workbook(roster: Path) -> bytes:
    """The roster as the bytes of an .xlsx file."""
    data = json.loads(roster.read_text("utf-8"))
    book = Workbook()
    book.properties.creator = ""
    book.remove(book.worksheets[0])
    about = book.create_sheet("说明")
    about.column_dimensions["A"].width = 100
    for line in (data["说明"], data["note"]):
        about.append([line])
    for name, rows in tables(data["记录"]).items():
        sheet = book.create_sheet(name)
        headings = list(dict.fromkeys(k for row in rows for k in row))
        if name == COMPLETE:
            headings = [PERSON_ID, "清单", "齐备至"]
        sheet.append(headings)
        sheet.freeze_panes = "B2"
        for column, heading in enumerate(headings, 1):
            sheet.cell(1, column).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(column)].width = max(12, 2 * len(heading) + 4)
        for at, row in enumerate(rows, 2):
            for column, heading in enumerate(headings, 1):
                value = cell(row.get(heading))
                if value is None:
                    continue
                written = sheet.cell(at, column, value)
                if isinstance(value, str):
                    written.number_format = "@"
                elif isinstance(value, datetime.date):
                    written.number_format = "yyyy-mm-dd"
    stream = io.BytesIO()
    book.save(stream)
    return undated(stream.getvalue())


def undated(raw: bytes) -> bytes:
    """The same package without its times, and stored, so that no compressor's version shows."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            body = old.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f"{DAY:%Y-%m-%dT%H:%M:%SZ}".encode(), body)
            member = zipfile.ZipInfo(name, DAY.timetuple()[:6])
            member.create_system, member.external_attr = 0, 0
            new.writestr(member, body)
    return stream.getvalue()


def main(folders: Iterable[Path]) -> None:
    for folder in folders:
        for roster in sorted(folder.glob("*.json")):
            target = roster.with_suffix(".xlsx")
            target.write_bytes(workbook(roster))
            print(target)


if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent
    main([Path(a) for a in sys.argv[1:]] or sorted((root / "policies").glob("*/rosters")))
