"""Rosters of records as files: JSON, JSON Lines, workbooks, folders of CSV, Parquet; all read by the one Reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import field, frozen

from ..diagnostics import Unusable
from ..language.lexer import Lexicon
from ..model import Shape
from ..record import Reader, Record
from . import csv_folder, json, parquet, workbook
from .forms import Form, Misread, Person, unusable

# By how the name ends: what gives the persons, and whether it need not hold them all at once.
_FORMS: Final[dict[str, tuple[Form, bool]]] = {
    ".json": (json.whole, False), ".jsonl": (json.lines, True), ".xlsx": (workbook.persons, False),
    ".parquet": (parquet.persons, True),
}  # fmt: skip
# The largest file that is read, in bytes; a county's roster is a thousandth of it.
MOST_BYTES: Final = 512 * 2**20
_KNOWN: Final = "、".join(_FORMS)


@frozen(eq=False)
class Roster:
    """The records of a roster, every one of them sound; *notes* say, as 'zh\\ten', what was taken for what in reading.

    A form that can be read piece by piece is read again for each iteration, so that one record at a time is held.
    """

    path: Path
    shape: Shape
    lexicon: Lexicon
    size: int
    notes: tuple[str, ...] = ()
    held: tuple[Record, ...] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Record]:
        if self.held is not None:
            return iter(self.held)
        return _records(self.path, Reader(self.shape, self.lexicon), [])

    def raw(self) -> Iterator[Person]:
        """Each person as plain data, with the place where the file keeps them."""
        return _form(self.path)[0](self.path, Reader(self.shape, self.lexicon), [])


def open_roster(path: Path, shape: Shape, lexicon: Lexicon) -> Roster:
    """A roster read through once; raises Unusable with every misfit, each named by its place."""
    notes: list[str] = []
    records = _records(path, Reader(shape, lexicon), notes)
    if _form(path)[1]:
        size = sum(1 for _ in records)
        return Roster(path, shape, lexicon, size, tuple(notes))
    held = tuple(records)
    return Roster(path, shape, lexicon, len(held), tuple(notes), held)


def read_roster(path: Path, shape: Shape, lexicon: Lexicon) -> list[Record]:
    """Every record of a roster; raises Unusable with every misfit, each named by its place."""
    return list(_records(path, Reader(shape, lexicon), []))


def _records(path: Path, reader: Reader, notes: list[str]) -> Iterator[Record]:
    """The records as they are read; Unusable after the last, if anything was not as it should be."""
    ids: set[str] = set()
    try:
        form = _form(path)[0]
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise Misread("不是文件\tnot a file")
        if path.is_file() and path.stat().st_size > MOST_BYTES:
            raise Misread(f"超过 {MOST_BYTES >> 20} MB\tlarger than {MOST_BYTES >> 20} MB")
        for where, one in form(path, reader, notes):
            record = reader.record(one, where)
            if record is not None and record.id in ids:
                reader.bad("R103", (where,), value=record.id)
            elif record is not None:
                ids.add(record.id)
                yield record
    except UnicodeDecodeError as error:
        raise unusable(path, f"不是 UTF-8 编码（第{error.start}字节）\tnot in UTF-8 (byte {error.start})") from error
    except (OSError, Misread) as error:
        raise unusable(path, str(error)) from error
    if reader.problems:
        raise Unusable(reader.found())


def _form(path: Path) -> tuple[Form, bool]:
    """What reads a file, or a folder with a file for each table."""
    if path.is_dir():
        return (parquet.folder if parquet.holds(path) else csv_folder.persons), True
    form = _FORMS.get(path.suffix.lower())
    if form is None:
        why = f"只读 {_KNOWN}，或每表一个 .csv 的文件夹\tonly {_KNOWN.replace('、', ', ')} or a folder of .csv is read"
        raise unusable(path, why)
    return form


__all__ = ["Misread", "Roster", "open_roster", "read_roster"]
