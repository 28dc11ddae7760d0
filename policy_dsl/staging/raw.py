"""What the raw tables of a roster hold, batch by batch, told so that SQL can read it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from attrs import define, field, frozen

from ..record import Reader, Record
from ..rosters import Aside
from ..shapes import COMPLETE, FINDINGS, ID, ROWS
from . import spellings as s
from .spellings import Column, literal, quoted

# The views of a batch, and the columns in them: the person's place, the row's.
PREFIX: Final = "原·"
LINE: Final = "line"
_KINDS: Final = {
    "varchar": s.TEXT, "boolean": s.TRUTH, "date": s.DAY, "double": s.REAL,
    **dict.fromkeys(("tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger"), s.WHOLE),
}  # fmt: skip
# A decimal of more places Python may write with an exponent.
_PLACES: Final = 6


class Unreadable(Exception):
    """Something is off with the tables as a whole: the Reader is to say what."""


@frozen
class Listed:
    """The rows of a list, or the findings: their columns, and what makes a row's person left, as SQL over the row.
    *nested*: the pieces of the digest have their text."""

    columns: tuple[Column, ...]
    odd: tuple[str, ...] = ()
    nested: bool = False

    def column(self, item: str) -> Column | None:
        return next((c for c in self.columns if c.item == item), None)


@define(eq=False)
class Told:
    """What the view of persons holds, and the views of their rows.

    *complete*: for each list the columns that say until when it is complete, the first that says anything counting;
    *pieces*: the digest's text of what is no cell of the person's own, by name, where "LIST·文" stands for the rows of
    a list; *odd*: what makes a person left.
    """

    columns: list[Column] = field(factory=list)
    odd: list[str] = field(factory=list)
    lists: dict[str, Listed] = field(factory=dict)
    complete: dict[str, list[Column]] = field(factory=dict)
    pieces: list[tuple[str, str]] = field(factory=list)
    views: dict[str, str] = field(factory=dict)

    def column(self, item: str) -> Column | None:
        return next((c for c in self.columns if c.item == item), None)


class Raw(ABC):
    """A roster whose form SQL can read. *tables*: its records are joined from tables, which changes how the digest
    has figures; *kept*: columns of the persons' view that `checked` reads beside their texts."""

    size: int
    told: Told
    tables: bool = False
    kept: tuple[str, ...] = ()

    def checked(self, select: str) -> str:
        """What persons are read as, held to what else the form tells of them."""
        return select

    @abstractmethod
    def parts(self, size: int) -> Iterator[tuple[int, int]]:
        """Goes through the persons so many at a time: while it stands at one, the views are of it. (first, how many)"""

    @abstractmethod
    def read(self, places: Sequence[int]) -> Iterator[tuple[int, Record | Aside]]:
        """These persons of the batch, by the Reader."""


def kind_of(type: Any) -> str:
    """The kind of a column of DuckDB."""
    if type.id == "decimal" and dict(type.children)["scale"] <= _PLACES:
        return s.DECIMAL
    return _KINDS.get(type.id, s.ODD)


def columns_of(connection: Any, relation: str) -> list[tuple[str, Any]]:
    """The names and types of what a query gives."""
    found = connection.sql(f"SELECT * FROM {relation} LIMIT 0")
    return list(zip(found.columns, found.types, strict=True))


def once(items: Iterable[str]) -> None:
    """Of two columns for one item, or of one name, the Reader tells."""
    seen = list(items)
    if len(set(seen)) < len(seen):
        raise Unreadable


def persons(told: Told, reader: Reader, given: Iterable[tuple[str, str, str, Any, bool]], source: str) -> None:
    """Tells the columns of persons: (item, name in the digest, SQL, type, whether it holds numbers that name things).
    Lists, findings and 齐备 may be nested in them; *source* is the relation that has them."""
    for item, name, sql, type, names in given:
        if item in reader.shape.lists or item == FINDINGS:
            _listed(told, reader, item, name, sql, type, source)
        elif item == COMPLETE:
            _complete(told, reader, name, sql, type)
        else:
            column = Column(name, item, f"CAST({sql} AS VARCHAR)", s.TEXT, names) if type.id == "enum" else None
            told.columns.append(column or Column(name, item, sql, kind_of(type), names))


def text_of(of: str) -> str:
    """The column that has the digest's text of a person's rows."""
    return quoted(f"{of}·文")


def _listed(told: Told, reader: Reader, of: str, name: str, sql: str, type: Any, source: str) -> None:
    """The rows of a list in a column, or of a list an object of its rows with its completeness."""
    if text := _rows(told, reader, of, sql, type, source):
        told.pieces.append((name, s.piece(name, text)))
    elif type.id == "struct" and of != FINDINGS:
        parts: list[tuple[str, str]] = []
        fields = [(reader.key(k), k, f"{sql}.{quoted(k)}", t) for k, t in type.children]
        once(item for item, *_ in fields)
        for item, key, at, of_type in fields:
            if item == ROWS and (text := _rows(told, reader, of, at, of_type, source)):
                parts.append((key, s.piece(key, text)))
            elif item == COMPLETE:
                column = Column(key, COMPLETE, at, kind_of(of_type))
                told.complete.setdefault(of, []).append(column)
                parts.append((key, s.as_json(column, False)))
            else:
                told.odd.append(f"{at} IS NOT NULL")
        whole = f"CASE WHEN {sql} IS NOT NULL THEN {s.object_of(parts)} END"
        told.pieces.append((name, s.piece(name, whole)))
    else:
        told.odd.append(f"{sql} IS NOT NULL")


def _rows(told: Told, reader: Reader, of: str, sql: str, type: Any, source: str) -> str:
    """A list of structs as a view of its rows; the text of it in the digest, "" if it is no such list."""
    if type.id != "list" or (inside := type.children[0][1]).id != "struct" or of in told.lists:
        return ""
    fields = [(reader.key(k), k, f"c{i}", t) for i, (k, t) in enumerate(inside.children)]
    once(item for item, *_ in fields)
    chosen = [f"r.{quoted(k)} AS {at}" for _, k, at, _ in fields]
    told.views[of] = (
        f"SELECT n, {LINE}, r IS NULL AS missing, {', '.join(chosen)} FROM "
        f"(SELECT n, generate_subscripts({sql}, 1) AS {LINE}, unnest({sql}) AS r FROM {source})"
    )
    told.lists[of] = Listed(tuple(Column(k, item, at, kind_of(t)) for item, k, at, t in fields), ("missing",), True)
    one = s.object_of((k, s.as_json(Column(k, item, f"r.{quoted(k)}", kind_of(t)), False)) for item, k, _, t in fields)
    return f"'[' || array_to_string(list_transform({sql}, lambda r: {one}), ',') || ']'"


def _complete(told: Told, reader: Reader, name: str, sql: str, type: Any) -> None:
    """齐备 in a column: an object of lists, or the names of those that are complete."""
    there = f"{sql} IS NOT NULL"
    if type.id == "struct":
        fields = [(reader.key(k), k, f"{sql}.{quoted(k)}", kind_of(t)) for k, t in type.children]
        once(item for item, *_ in fields)
        columns = [Column(k, item, at, kind) for item, k, at, kind in fields]
        for c in columns:
            if c.item in reader.shape.lists:
                told.complete.setdefault(c.item, []).insert(0, c)
            else:
                told.odd.append(f"{c.sql} IS NOT NULL")
        text = s.object_of((c.name, s.as_json(c, False)) for c in columns)
        told.pieces.append((name, s.piece(name, f"CASE WHEN {there} THEN {text} END")))
    elif type.id == "list" and type.children[0][1].id == "varchar":
        words = {
            of: [w for w in (of, reader.lexicon.written(of, "en")) if reader.key(w) == of] for of in reader.shape.lists
        }
        known = ", ".join(literal(w) for of in words.values() for w in of)
        told.odd.append(
            f"({there} AND len({sql}) <> len(list_filter({sql}, lambda x: coalesce(x IN ({known}), FALSE))))"
        )
        for of, spelt in words.items():
            count = f"len(list_filter({sql}, lambda x: x IN ({', '.join(map(literal, spelt))})))"
            told.odd.append(f"({there} AND {count} > 1)")
            whole = f"CASE WHEN {there} AND {count} = 1 THEN TRUE END"
            told.complete.setdefault(of, []).insert(0, Column(of, COMPLETE, f"({whole})", s.TRUTH))
        array = f"""CASE WHEN len({sql}) = 0 THEN '[]' ELSE '["' || array_to_string({sql}, '","') || '"]' END"""
        told.pieces.append((name, s.piece(name, f"CASE WHEN {there} THEN {array} END")))
    else:
        told.odd.append(there)


def checked_ids(connection: Any, column: Column, source: str) -> int:
    """How many persons there are; Unreadable unless everybody has a number of their own, plainly spelled."""
    text = number(column)
    query = f"SELECT count(*), count({text}), count(DISTINCT {text}), coalesce(bool_or({s.words_left(column)}), FALSE)"
    size, there, different, odd = connection.execute(f"{query} FROM {source}").fetchall()[0]
    if odd or there < size or different < size:
        raise Unreadable
    return int(size)


def number(column: Column) -> str:
    """A 编号 as the text it is read as, NULL where there is none."""
    return f"nullif({s.inner(column)}, '')" if column.kind != s.WHOLE else f"CAST({column.sql} AS VARCHAR)"


def id_column(columns: Sequence[Column], item: str = ID) -> Column:
    """The column of numbers; Unreadable without one that SQL can read."""
    found = [c for c in columns if c.item == item and c.kind in (s.TEXT, s.WHOLE, s.JSON)]
    if len(found) != 1:
        raise Unreadable
    return found[0]
