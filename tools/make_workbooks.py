"""Writes each roster kept as JSON also as the workbook an organisation department would keep: the same bytes each time.

Run as `python tools/make_workbooks.py [FOLDER …]`; without a folder, every policies/*/rosters.
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

os.environ["OPENPYXL_LXML"] = "False"

from policy_dsl.check import check
from policy_dsl.pack import load
from policy_dsl.record import Reader
from policy_dsl.rosters import write


def workbook(roster: Path) -> bytes:
    """The roster as the bytes of an .xlsx file: stored, so that no compressor's version shows."""
    data = json.loads(roster.read_text("utf-8"))
    checked = check(load(roster.parent.parent))
    assert checked.policy is not None
    reader = Reader(checked.policy.shape, checked.policy.lexicon)
    book = write.workbook(roster, data["记录"], reader, (data["说明"], data["note"]))
    return write.saved(book, zipfile.ZIP_STORED)


def main(folders: Iterable[Path]) -> None:
    for folder in folders:
        for roster in sorted(folder.glob("*.json")):
            target = roster.with_suffix(".xlsx")
            target.write_bytes(workbook(roster))
            print(target)


if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent
    main([Path(a) for a in sys.argv[1:]] or sorted((root / "policies").glob("*/rosters")))
