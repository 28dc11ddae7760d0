"""JSON Lines, so many lines at a time; every item is the JSON of a cell.

Who has more in the line than the digest's text was made of is left: an item of another name, or one written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from ..language.lexer import Lexicon
from ..record import FINDING, Reader, Record
from ..rosters import Aside, told_apart
from ..rosters.json import of_line
from ..rosters.tables import PERSONS
from ..shapes import COMPLETE, ENGLISH_KEYS, FINDINGS, ID, ROWS, SOURCE
from . import raw
from . import spellings as s
from .raw import LINE, PREFIX, Listed, Raw, Told, Unreadable, text_of
from .spellings import JSON, Column, literal, quoted

_BATCH: Final = f"{PREFIX}行文"
_READ: Final = 50_000
# Figures that some readers of JSON write otherwise than they are, and a comma behind which some allow nothing more.
_OTHERWISE: Final = (
    r"[:\[,\s](?:-0|-?(?:[0-9]+(?:\.[0-9]+)?[eE]|[0-9]+\.[0-9]+0[^0-9]|[0-9]+\.[0-9]{7}|[0-9]{16}|0[0-9]))"
    r"|,\s*[\]}]"
)
_FIGURE: Final = r"(\":)(-?[0-9]+\.[0-9]+)([,}])"


class Lines(Raw):
    """The lines of a file, each one person."""

    kept = ("长·",)

    def __init__(self, path: Path, reader: Reader, connection: Any):
        self.path, self.reader, self.connection = path, reader, connection
        self.told, self.size, self.first = Told(), 0, 0
        ids = quoted(f"{PREFIX}编号")
        for turns, lines in self._batches(_READ):
            self._put(turns, lines)
            if not self.size:
                self._tell(lines)
                self.id = raw.id_column(self.told.columns)
                self._run(f"CREATE OR REPLACE TEMP TABLE {ids} (id VARCHAR)")
            self._run(f"INSERT INTO {ids} SELECT {self.id.sql} FROM ({self.told.views[PERSONS]})")
            self.size += len(lines)
        if not self.size:
            raise Unreadable
        raw.checked_ids(connection, Column(ID, ID, "id", JSON), ids)

    def parts(self, size: int) -> Iterator[tuple[int, int]]:
        self.first = 0
        for turns, lines in self._batches(size):
            self._put(turns, lines)
            yield self.first, len(lines)
            self.first += len(lines)

    def checked(self, select: str) -> str:
        """The digest's text held to the line it is of; a figure with places is the text it is, as a record has it."""
        figures = f"regexp_replace(文·, {literal(_FIGURE)}, '\\1\"\\2\"\\3', 'g')"
        text = f"CASE WHEN contains(文·, '.') THEN {figures} ELSE 文· END"
        return f"SELECT * REPLACE (odd· OR strlen(文·) <> 长· AS odd·, {text} AS 文·) FROM ({select})"

    def read(self, places: Sequence[int]) -> Iterator[tuple[int, Record | Aside]]:
        for n in places:
            turn, text = self.turns[n - self.first], self.lines[n - self.first]
            one = of_line(self.path, self.reader, turn, text)
            yield n, told_apart(self.reader, f"第{turn}行\tline {turn}", one)

    def _run(self, query: str) -> None:
        self.connection.execute(query).fetchall()

    def _batches(self, size: int) -> Iterator[tuple[list[int], list[str]]]:
        """The lines that say anything, and which they are."""
        with self.path.open("rb") as stream:
            turns = ((i, line.decode("utf-8-sig" if i == 1 else "utf-8")) for i, line in enumerate(stream, 1))
            said = ((i, text) for i, text in turns if text.strip())
            while some := list(islice(said, size)):
                yield [i for i, _ in some], [text for _, text in some]

    def _put(self, turns: list[int], lines: list[str]) -> None:
        import pyarrow as pa  # noqa: PLC0415

        self.turns, self.lines = turns, lines
        places = range(self.first, self.first + len(lines))
        table = pa.table({"n": pa.array(places, pa.int64()), "line": pa.array(lines, pa.large_string())})
        self.connection.register(_BATCH, table)

    def _tell(self, lines: list[str]) -> None:
        """What the lines hold, by the names that the first of them have; whoever has another is left."""
        told, shape, lexicon = self.told, self.reader.shape, self.reader.lexicon
        text = "\n".join(lines)

        def here(items: Iterable[str]) -> list[tuple[str, str]]:
            both = [(item, name) for item in items for name in _spellings(item, lexicon) if f'"{name}"' in text]
            return [(item, name) for item, name in both if self.reader.key(name) == item and '"' not in name]

        own = here((ID, *shape.facts, *shape.lists, FINDINGS, COMPLETE))
        told.views[PERSONS] = (
            f"SELECT n, 长·, 误, {_cells(len(own))} FROM (SELECT n, strlen(json(line)) AS 长·, contains(line, '\\') OR "
            f"regexp_matches(line, {literal(_OTHERWISE)}) AS 误, {_extracted('line', own)} FROM {quoted(_BATCH)})"
        )
        told.odd.append("误")
        self.inside: list[str] = []
        items = [item for item, _ in own]
        twice = {item for item in items if items.count(item) > 1}
        for i, (item, name) in enumerate(own):
            at = f"c{i}"
            if (item in twice and any(c.item == item for c in told.columns)) or item in told.lists:
                told.columns.append(Column(name, f"{item}·", at, s.ODD))
            elif item == FINDINGS:
                self._listed(item, name, f"c{i}", here(FINDING), here)
            elif item in shape.lists:
                self._listed(item, name, f"c{i}", here((ID, SOURCE, *shape.lists[item].fields)), here)
            elif item == COMPLETE:
                self._complete(name, at, here(shape.lists))
            else:
                told.columns.append(Column(name, item, f"c{i}", JSON))

        if self.inside:
            more = ", ".join(f"{sql} AS i{k}" for k, sql in enumerate(self.inside))
            told.views[PERSONS] = f"SELECT *, {more} FROM ({told.views[PERSONS]})"

    def _inside(self, at: str, key: str) -> str:
        """A column for what an object in a cell holds."""
        self.inside.append(f"CAST(json_extract({at}, {literal(_path(key))}) AS VARCHAR)")
        return f"i{len(self.inside) - 1}"

    def _listed(self, of: str, name: str, at: str, fields: list[tuple[str, str]], here: Any) -> None:
        """A list as an array of its rows, or as an object of them with its completeness."""
        told = self.told
        kind, rows, parts = f"json_type({at})", f"CASE WHEN json_type({at}) = 'ARRAY' THEN {at} END", ""
        if of != FINDINGS:
            pieces = []
            for item, key in here((ROWS, COMPLETE)):
                inside = self._inside(at, key)
                if item == ROWS:
                    rows = f"CASE {kind} WHEN 'ARRAY' THEN {at} WHEN 'OBJECT' THEN {inside} END"
                    array = f"CASE WHEN {inside} IS NOT NULL THEN concat('[', coalesce({text_of(of)}, ''), ']') END"
                    pieces.append((key, s.piece(key, array)))
                else:
                    told.complete.setdefault(of, []).append(Column(key, COMPLETE, inside, JSON))
                    pieces.append((key, s.as_json(Column(key, COMPLETE, inside, JSON), False)))
            parts = f" WHEN 'OBJECT' THEN {s.object_of(pieces)}"
        whole = f"CASE {kind} WHEN 'ARRAY' THEN concat('[', coalesce({text_of(of)}, ''), ']'){parts} END"
        told.pieces.append((name, s.piece(name, whole)))
        # What is neither, or has rows that are no array, the Reader is to say.
        good = "'ARRAY', 'OBJECT'" if parts else "'ARRAY'"
        told.odd.append(f"({at} IS NOT NULL AND {kind} NOT IN ({good}))")
        told.odd.append(f"coalesce(json_type({rows}) <> 'ARRAY', FALSE)")
        array = f"CASE WHEN json_type({rows}) = 'ARRAY' THEN CAST(({rows}) AS JSON[]) END"
        source = f"SELECT n, {array} AS of_rows FROM {quoted(PREFIX + PERSONS)} WHERE {at} IS NOT NULL"
        each = f"SELECT n, generate_subscripts(of_rows, 1) AS {LINE}, unnest(of_rows) AS r FROM ({source})"
        told.views[of] = (
            f"SELECT n, {LINE}, coalesce(json_type(r) <> 'OBJECT', TRUE) AS missing, {_cells(len(fields))} FROM "
            f"(SELECT n, {LINE}, r, {_extracted('r', fields)} FROM ({each}))"
        )
        known: set[str] = set()
        columns = []
        for i, (item, key) in enumerate(fields):
            columns.append(
                Column(key, f"{item}·" if item in known else item, f"c{i}", s.ODD if item in known else JSON)
            )
            known.add(item)
        told.lists[of] = Listed(tuple(columns), ("missing",))

    def _complete(self, name: str, at: str, lists: list[tuple[str, str]]) -> None:
        """齐备 as an object of lists; as the names of those that are complete it is the Reader's."""
        told = self.told
        columns = [Column(k, of, self._inside(at, k), JSON) for of, k in lists]
        for i, c in enumerate(columns):
            if c.item in {x.item for x in columns[:i]}:
                told.odd.append(f"({c.sql} IS NOT NULL)")
            else:
                told.complete.setdefault(c.item, []).insert(0, c)
        text = s.object_of((c.name, s.as_json(c, False)) for c in columns)
        told.pieces.append((name, s.piece(name, f"CASE WHEN {at} IS NOT NULL THEN {text} END")))
        told.odd.append(f"coalesce(json_type({at}) <> 'OBJECT', FALSE)")


def _spellings(item: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The names of an item in either tongue."""
    return tuple(
        dict.fromkeys((item, lexicon.written(item, "en"), *(e for e, zh in ENGLISH_KEYS.items() if zh == item)))
    )


def _path(key: str) -> str:
    return f'$."{key}"'


def _extracted(text: str, fields: Sequence[tuple[str, str]]) -> str:
    paths = ", ".join(literal(_path(key)) for _, key in fields)
    return f"CAST(json_extract({text}, [{paths}]) AS VARCHAR[]) AS cells"


def _cells(count: int) -> str:
    return ", ".join(f"cells[{i + 1}] AS c{i}" for i in range(count))
