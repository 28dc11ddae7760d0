"""Rosters of tables joined by 编号, a folder of Parquet or CSV or a DuckDB file, with the tables kept by person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from attrs import define

from ..record import Placed, Reader, Record
from ..rosters import Aside, told_apart
from ..rosters.forms import plain
from ..rosters.tables import CHANGES, NOTES, PERSON_ID, PERSONS, Headed, headed, join, order_of, placed
from ..shapes import COMPLETE
from . import raw
from . import spellings as s
from .raw import LINE, PREFIX, Listed, Raw, Told, Unreadable, text_of
from .spellings import Column, literal, quoted

_WHOLE: Final = "全·"
# What a database and a program have in one way; nothing else is taken over.
_SAFE: Final = frozenset(
    ("varchar", "boolean", "date", "double", "decimal", "timestamp", "enum", "null", "tinyint", "smallint", "integer")
) | frozenset(("bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint"))


def _safe(type: Any) -> bool:
    inside = [t for _, t in type.children] if type.id in ("list", "struct") else []
    return all(map(_safe, inside)) if inside else type.id in _SAFE


@define(eq=False)
class Source:
    """A table as its form has it: its key and name, its headings, a query for its rows with the columns c0, c1, … and
    *line*, the turn of the row in the file, of which the headings are the first; what the form makes of a cell."""

    key: str
    name: str
    headings: Sequence[Any]
    query: str
    cell: Callable[[Any], Any] = plain


class Flat(Raw):
    """The tables of a roster, brought into the connection with everybody's place."""

    tables = True

    def __init__(self, sources: Sequence[Source], reader: Reader, connection: Any):
        self.reader, self.connection = reader, connection
        self.cell = {x.key: x.cell for x in sources}
        self.heads: dict[str, Headed] = {}
        self.columns: dict[str, list[Column]] = {}
        self.told = Told()
        known = {x.key: x for x in sources}
        if PERSONS not in known or len(known) < len(sources):
            raise Unreadable
        self.order = order_of(known)
        for key in self.order:
            self._bring(known[key])
        nested = {*self.told.lists, *(COMPLETE for _ in self.told.complete)}
        if nested & known.keys():
            raise Unreadable
        for key in self.order[1:]:
            self._tell(key)

    def _run(self, query: str) -> list[tuple[Any, ...]]:
        return list(self.connection.execute(query).fetchall())

    def _bring(self, table: Source) -> None:
        """One table, each row with its person's place; a row of nobody is the Reader's to report."""
        reader, key = self.reader, table.key
        head = headed(table.name, table.headings, reader, key)
        if reader.problems or any(item is None for item, _ in head.columns):
            raise Unreadable
        types = raw.columns_of(self.connection, f"({table.query})")[: len(table.headings)]
        if not all(_safe(type) for _, type in types):
            raise Unreadable
        self.heads[key] = head
        given = [
            (item, item, f"c{i}", type, item in head.numbers, written)
            for i, ((item, written), (_, type)) in enumerate(zip(head.columns, types, strict=True))
            if item
        ]
        # An empty text is an empty cell.
        cells = ", ".join(
            f"nullif(c{i}, '') AS c{i}" if t.id == "varchar" else f"c{i}" for i, (_, t) in enumerate(types)
        )
        marked = {item for item, *_, written in given if written}
        if key == PERSONS:
            whole = quoted(_WHOLE + PERSONS)
            self._run(
                f"CREATE OR REPLACE TEMP TABLE {whole} AS SELECT {LINE} - 2 AS n, {LINE}, {cells} FROM ({table.query})"
            )
            view = f"SELECT * FROM {whole} AS p{{joined}} WHERE n BETWEEN {{first}} AND {{last}}"
            self.told.views[PERSONS] = view
            raw.persons(self.told, reader, [x[:5] for x in given if not x[5]], quoted(PREFIX + PERSONS))
            self.told.columns += [Column(item, item, sql, s.ODD) for item, _, sql, _, _, written in given if written]
            self.id = raw.id_column(self.told.columns)
            self.size = raw.checked_ids(self.connection, self.id, whole)
            return
        columns = [
            Column(item, item, sql, s.ODD if item in marked else raw.kind_of(type), names)
            for item, _, sql, type, names, _ in given
        ]
        owner = raw.id_column(columns, PERSON_ID)
        self.columns[key] = [c for c in columns if c is not owner]
        persons = f"(SELECT n, {raw.number(self.id)} AS whose FROM {quoted(_WHOLE + PERSONS)}) AS p"
        rows = f"(SELECT {LINE}, {cells} FROM ({table.query})) AS t"
        name = quoted(_WHOLE + key)
        self._run(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT p.n, t.* FROM {rows} JOIN {persons} "
            f"ON {raw.number(owner)} = p.whose"
        )
        if self._run(f"SELECT count(*) FROM {name}") != self._run(f"SELECT count(*) FROM ({table.query})"):
            raise Unreadable

    def _tell(self, key: str) -> None:
        """What a table beside that of the persons says of them."""
        told, columns = self.told, self.columns[key]
        if key in (CHANGES, NOTES):
            self._beside(key, f"SELECT DISTINCT n, TRUE AS {quoted('有·' + key)} FROM {quoted(_WHOLE + key)}")
            told.odd.append(f"coalesce({quoted('有·' + key)}, FALSE)")
        elif key == COMPLETE:
            self._tell_complete(columns)
        else:
            told.views[key] = f"SELECT * FROM {quoted(_WHOLE + key)} WHERE n BETWEEN {{first}} AND {{last}}"
            told.lists[key] = Listed(tuple(columns))
            text = text_of(key)
            whole = s.piece(key, f"'[' || {text} || ']'")
            told.pieces.append((key, f"CASE WHEN {text} IS NOT NULL THEN {whole} END"))

    def _tell_complete(self, columns: Sequence[Column]) -> None:
        """齐备: a row for each list that is complete, with until when."""
        lists = self.reader.shape.lists
        named = [c for c in columns if c.item in ("清单", "所属") and c.kind == s.TEXT]
        untils = [c for c in columns if c.item == "齐备至" and c.kind in (s.TEXT, s.TRUTH, s.DAY)]
        if len(named) != 1 or len(untils) != 1 or len(columns) != 2:
            raise Unreadable
        until = untils[0]
        whens = [
            f"WHEN {literal(w)} THEN {literal(of)}"
            for of in lists
            for w in dict.fromkeys((of, self.reader.lexicon.written(of, "en")))
            if self.reader.key(w) == of
        ]
        name = f"CASE {named[0].sql} {' '.join(whens)} END"
        said = f"CAST({until.sql} AS VARCHAR)"
        # A list said to be complete is so in a record; a text is as it stands.
        text = said if until.kind == s.TRUTH else f"'\"' || {said} || '\"'"
        if until.kind == s.TEXT:
            text = f"CASE WHEN {said} IN ('是', 'yes') THEN 'true' ELSE {text} END"
        each = f"concat('\"', 名, '\":', {text})"
        one = f"SELECT *, {name} AS 名 FROM {quoted(_WHOLE + COMPLETE)} WHERE n BETWEEN {{first}} AND {{last}}"
        of_lists = ", ".join(
            f"any_value({until.sql}) FILTER (WHERE 名 = {literal(of)}) AS {quoted('至·' + of)}" for of in lists
        )
        self._beside(
            COMPLETE,
            f"SELECT n, bool_or(名 IS NULL OR {until.sql} IS NULL) OR count(*) > count(DISTINCT 名) "
            f"AS {quoted('误·齐备')}, string_agg({each}, ',' ORDER BY 名) AS {text_of(COMPLETE)}, "
            f"{of_lists} FROM ({one}) GROUP BY n",
        )
        self.told.odd.append(f"coalesce({quoted('误·齐备')}, FALSE)")
        for of in lists:
            self.told.complete[of] = [
                Column(of, COMPLETE, quoted(f"至·{of}"), until.kind),
                *self.told.complete.get(of, ()),
            ]
        there = f"{text_of(COMPLETE)} IS NOT NULL"
        whole = s.piece(COMPLETE, f"concat('{{', {text_of(COMPLETE)}, '}}')")
        self.told.pieces.append((COMPLETE, f"CASE WHEN {there} THEN {whole} END"))

    def _beside(self, key: str, select: str) -> None:
        """Puts what a query says of persons beside their own columns."""
        name = quoted(f"旁·{key}")
        view = self.told.views[PERSONS]
        self.told.views[PERSONS] = view.replace("{joined}", f" LEFT JOIN ({select}) AS {name} USING (n){{joined}}")

    def parts(self, size: int) -> Iterator[tuple[int, int]]:
        views = dict(self.told.views)
        for first in range(0, self.size, size):
            last = min(first + size, self.size) - 1
            for key, view in views.items():
                filled = view.replace("{joined}", "")
                self.told.views[key] = filled.replace("{first}", str(first)).replace("{last}", str(last))
            yield first, last - first + 1
        self.told.views.update(views)

    def read(self, places: Sequence[int]) -> Iterator[tuple[int, Record | Aside]]:
        rows: dict[int, list[tuple[str, Placed]]] = {n: [] for n in places}
        wanted = ", ".join(map(str, places))
        for key in self.order:
            head = self.heads[key]
            cells = ", ".join(f"c{i}" for i in range(len(head.columns)))
            query = f"SELECT n, {LINE}, {cells} FROM {quoted(_WHOLE + key)} WHERE n IN ({wanted}) ORDER BY n, {LINE}"
            for n, line, *given in self._run(query):
                row = placed(head, line, [self.cell[key](x) for x in given], self.reader)
                rows[n].append((key, row))
        for n, of in rows.items():
            (_, person), *others = of
            for key, row in others:
                row.pop(PERSON_ID, None)
                join(key, row, person, self.reader)
            yield n, told_apart(self.reader, "", person)
