"""Rosters of records as files: JSON, JSON Lines, workbooks, CSV, Parquet, databases; all read by the one Reader."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from ..diagnostics import Diagnostic, Unusable, found
from ..language.lexer import Lexicon
from ..language.source import NOWHERE
from ..model import Shape
from ..record import MOST_FINDINGS, Reader, Record
from ..shapes import ID
from . import csv_folder, database, json, parquet, workbook
from .forms import UNREAD, Form, Misread, Person, unusable

# By how the name ends: what gives the persons, and whether it need not hold them all at once.
_FORMS: Final[dict[str, tuple[Form, bool]]] = {
    ".json": (json.whole, False), ".jsonl": (json.lines, True), ".xlsx": (workbook.persons, False),
    ".parquet": (parquet.persons, True), **dict.fromkeys(database.SUFFIXES, (database.persons, True)),
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
    for where, one in _persons(path, reader, notes, MOST_BYTES):
        if one is UNREAD:
            continue
        record = reader.record(one, where)
        if record is not None and record.id in ids:
            reader.bad("R103", (where,), value=record.id)
        elif record is not None:
            ids.add(record.id)
            yield record
    if reader.problems:
        raise Unusable(reader.found())


def _persons(path: Path, reader: Reader, notes: list[str], most: int) -> Iterator[Person]:
    """The persons of a file of no more than so many bytes; Unusable where it cannot be read at all."""
    try:
        form = _form(path)[0]
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise Misread("不是文件\tnot a file")
        if path.is_file() and path.stat().st_size > most:
            raise Misread(f"超过 {most >> 20} MB\tlarger than {most >> 20} MB")
        yield from form(path, reader, notes)
    except UnicodeDecodeError as error:
        raise unusable(path, f"不是 UTF-8 编码（第{error.start}字节）\tnot in UTF-8 (byte {error.start})") from error
    except (OSError, Misread) as error:
        raise unusable(path, str(error)) from error


def _form(path: Path) -> tuple[Form, bool]:
    """What reads a file, or a folder with a file for each table."""
    if path.is_dir():
        return (parquet.folder if parquet.holds(path) else csv_folder.persons), True
    form = _FORMS.get(path.suffix.lower())
    if form is None:
        why = f"只读 {_KNOWN}，或每表一个 .csv 的文件夹\tonly {_KNOWN.replace('、', ', ')} or a folder of .csv is read"
        raise unusable(path, why)
    return form


# Of many persons, the sound apart from the others.


@frozen(eq=False)
class Aside:
    """A person of whom nothing can be decided: where the file has them, whose number it is if that can be told, and
    everything that is not as it should be."""

    where: str
    id: str
    problems: tuple[Diagnostic, ...]


@frozen(eq=False)
class Sifted:
    """A roster of any size, read person by person: a record where it is sound, else what is wrong with it.

    What is wrong with the tables as a whole, or with a row that belongs to nobody, could be wrong with anybody: it is
    Unusable however many are sound. *twice* are the numbers that more than one person bears, *wrong* what is wrong with
    whom, where that is known already; not *by_sql*: it holds what only Python reads.
    """

    path: Path
    shape: Shape
    lexicon: Lexicon
    size: int
    sound: int
    notes: tuple[str, ...]
    twice: frozenset[str] = field(repr=False)
    wrong: tuple[Diagnostic, ...] | None = field(default=None, repr=False)
    by_sql: bool = True

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Record | Aside]:
        for where, one in _sifted(self.path, Reader(self.shape, self.lexicon), []):
            if isinstance(one, Record) and one.id in self.twice:
                reader = Reader(self.shape, self.lexicon)
                reader.bad("R103", (where,), value=one.id)
                yield Aside(where, one.id, tuple(reader.found()))
            else:
                yield one

    def problems(self) -> list[Diagnostic]:
        """What is wrong with everybody that is not sound, and how much more than is worth listing."""
        listed = self.wrong
        if listed is None:
            listed = tuple(d for one in self if isinstance(one, Aside) for d in one.problems)
        more = [found("R113", NOWHERE, count=len(listed) - MOST_FINDINGS)] if len(listed) > MOST_FINDINGS else []
        return [*listed[:MOST_FINDINGS], *more]


def sift(path: Path, shape: Shape, lexicon: Lexicon) -> Sifted:
    """A roster read through once, the sound told from the others."""
    notes: list[str] = []
    seen: set[str] = set()
    twice: dict[str, int] = {}
    size = aside = 0
    for size, (_, one) in enumerate(_sifted(path, Reader(shape, lexicon), notes), 1):  # noqa: B007
        if isinstance(one, Aside):
            aside += 1
        elif one.id in seen:
            twice[one.id] = twice.get(one.id, 1) + 1
        else:
            seen.add(one.id)
    return Sifted(path, shape, lexicon, size, size - aside - sum(twice.values()), tuple(notes), frozenset(twice))


def _sifted(path: Path, reader: Reader, notes: list[str]) -> Iterator[tuple[str, Record | Aside]]:
    """Each person with their place; what was reported since the last is theirs."""
    for where, one in _persons(path, reader, notes, _most(path)):
        if one is UNREAD and not where:
            raise Unusable(reader.found())
        yield where, told_apart(reader, where, one)
    if reader.problems:
        raise Unusable(reader.found())


def told_apart(reader: Reader, where: str, one: Any) -> Record | Aside:
    """One person of plain data: a record where it is sound, else what was reported since the last."""
    record = None if one is UNREAD else reader.record(one, where)
    problems, reader.problems, reader.unlisted = reader.found(), [], 0
    return Aside(where, record.id if record else "", tuple(problems)) if record is None or problems else record


def find(path: Path, shape: Shape, lexicon: Lexicon, id: str) -> Record | Aside | None:
    """The first person of a number; nobody else's record is read."""
    reader, other = Reader(shape, lexicon), Reader(shape, lexicon)
    for where, one in _persons(path, reader, [], _most(path)):
        named = [x for k, x in one.items() if reader.key(k) == ID] if isinstance(one, dict) else []
        if named and other.identifier(named[0], ()) == id:
            record = reader.record(one, where)
            problems = tuple(reader.found())
            return Aside(where, id, problems) if record is None or problems else record
        reader.problems, reader.unlisted = [], 0
    return None


def _most(path: Path) -> int:
    """The largest file that is read: of one that need not be held whole, any."""
    return 1 << 63 if _form(path)[1] else MOST_BYTES


def table_digest(path: Path) -> str:
    """SHA-256 over a file, or over the names and digests of a folder's files."""
    if path.is_dir():
        files = "".join(f"{p.name}\0{table_digest(p)}\n" for p in csv_folder.folder_of(path))
        return hashlib.sha256(files.encode()).hexdigest()
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


__all__ = [
    "Aside",
    "Misread",
    "Roster",
    "Sifted",
    "find",
    "open_roster",
    "read_roster",
    "sift",
    "table_digest",
    "told_apart",
]
