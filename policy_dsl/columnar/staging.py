"""Cells from records: the relations a statement reads, made in Python, exactly as the record stood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import define, field

from .. import model as m
from .. import values as v
from ..decide import Question
from ..knowledge import as_known
from ..record import NOT_ASKED, History, Of, Record, Row
from .cells import (
    CHANGED,
    DIGEST,
    FROM,
    ID,
    IMPRECISE,
    ITEM,
    LIST,
    OF_ROW,
    PEOPLE,
    REGISTER,
    ROW,
    STATE,
    STATES,
    SURE,
    UNTIL,
    Cell,
    Layout,
    N,
    history,
)
from .terms import is_truth, split, words_of


@define(eq=False)
class Staged:
    """Records as they stood, ready to be laid out; *numbers* are their persons' places, else those of the list."""

    policy: m.Policy
    question: Question
    records: list[Record] = field(factory=list)
    numbers: Sequence[int] = ()

    def __attrs_post_init__(self) -> None:
        self.numbers = self.numbers or range(len(self.records))

    def numbered(self) -> Iterable[tuple[int, Record]]:
        return zip(self.numbers, self.records, strict=True)

    @classmethod
    def of(cls, policy: m.Policy, question: Question, records: Iterable[Record]) -> Staged:
        days = question.as_of, question.known_as_of
        return cls(policy, question, [as_known(r, policy.shape, *days) for r in records])

    def values(self, cell: Cell) -> list[tuple[int, Row | None, v.Value | None]]:
        """What every row says of a cell: the person's number, the row, the value (None: nothing)."""
        found: list[tuple[int, Row | None, v.Value | None]] = []
        for n, record in self.numbered():
            if cell.table == PEOPLE and cell.kind == "fact":
                told: Any = record.facts.get(cell.name)
                day = v.point(self.question.as_of)
                found.append((n, None, told.at(day, cell.type.top) if isinstance(told, History) else told))
            elif cell.table == PEOPLE:
                found.append((n, None, record.findings.get((cell.name, None, None))))
            else:
                for row in self.rows(record, cell.table):
                    given = row.values.get(cell.name)
                    if cell.kind == "finding":
                        given = record.findings.get((cell.name, cell.table, row.id))
                    elif cell.kind == "doubt":
                        given = v.YES if row.id is not None and cell.name in row.doubts else v.NO
                    found.append((n, row, given))
        return found

    def rows(self, record: Record, of: str) -> tuple[Row, ...]:
        rows = record.lists.get(of, NOT_ASKED)
        return (*rows.known, *rows.unlisted(self.question.as_of))

    def steps(self, fact: str) -> list[tuple[int, int, int | None, v.Value]]:
        """The steps of a fact: the person's number, from which day, until which, the value."""
        made: list[tuple[int, int, int | None, v.Value]] = []
        for n, record in self.numbered():
            told = record.facts.get(fact)
            if isinstance(told, History):
                for i, (start, value) in enumerate(told.steps):
                    until = told.steps[i + 1][0] - 1 if i + 1 < len(told.steps) else None
                    made.append((n, start, until, value))
        return made

    def states(self) -> list[tuple[int, str, int, str, str]]:
        """Why cells are not settled: the person's number, the list, the row, the item, the state."""
        made: list[tuple[int, str, int, str, str]] = []
        for n, record in self.numbered():
            held: dict[Of, dict[str, str]] = {}
            for (of, id, name), state in record.states.items():
                held.setdefault((of, id), {})[name] = state
            own = held.get((None, None), {})
            for name, value in record.facts.items():
                if isinstance(value, History) or not v.settled(value):
                    own = own | {name: IMPRECISE}
            made += [(n, PEOPLE, -1, name, state) for name, state in own.items()]
            for of, rows in record.lists.items():
                for i, row in enumerate(rows.known):
                    here = held.get((of, row.id), {})
                    for name, value in row.values.items():
                        open_ = not v.settled(value) or name in row.doubts
                        if open_ and name not in here and (isinstance(value, int) or value[0] != -v.INF):
                            here = here | {name: IMPRECISE}
                    made += [(n, of, i, name, state) for name, state in here.items()]
        return made

    def layout(self, cells: Sequence[Cell]) -> Layout:
        """What holds of every one of these cells."""
        plain = {(c.table, c.stem) for c in cells if c.kind != "changed" and not c.type.finite and self._plain(c)}
        lists = self.policy.shape.lists
        sure = {of for of in lists if all(row.sure for r in self.records for row in r.lists.get(of, NOT_ASKED).known)}
        closed = {of for of in lists if not any(r.lists.get(of, NOT_ASKED).open for r in self.records)}
        steady = {
            f for f in self.policy.shape.facts if not any(isinstance(r.facts.get(f), History) for r in self.records)
        }
        full = {(c.table, c.stem) for c in cells if c.kind != "changed" and self._full(c)}
        return Layout(frozenset(plain), frozenset(sure), frozenset(closed), frozenset(steady), frozenset(full))

    def _full(self, cell: Cell) -> bool:
        if cell.alike or cell.table.startswith(history("")):
            return False
        values = [value for _, _, value in self.values(cell)]
        return all(x is not None and v.settled(x) and (isinstance(x, int) or x[0] <= x[1]) for x in values)

    def _plain(self, cell: Cell) -> bool:
        if cell.table.startswith(history("")):
            return all(v.settled(value) for *_, value in self.steps(cell.name))
        values = [value for _, _, value in self.values(cell)]
        return all(value is None or value == cell.type.top or v.settled(value) for value in values)

    def put(self, connection: Any, cells: Sequence[Cell], layout: Layout, add: bool = False) -> None:
        """Makes the relations that a statement over these cells reads; *add*: adds to them as they are."""
        kept = _added if add else relation
        cells = [c for c in cells if c.kind != "changed"]
        facts = {c.name for c in cells if c.table.startswith(history(""))}
        tables: dict[str, list[Cell]] = {PEOPLE: [], **{of: [] for of in self.policy.shape.lists}}
        for c in cells:
            tables.setdefault(c.table, []).append(c)
        for name, of in tables.items():
            if name.startswith(history("")):
                kept(connection, name, *self._history(name.removeprefix(history("")), of[0], layout))
                continue
            heads, rows = self._heads(name)
            for c in of:
                plain = (c.table, c.stem) in layout.plain
                heads += zip(c.columns(plain), c.sql_types(plain), strict=True)
                rows = [r + told(c, plain, value) for r, (_, _, value) in zip(rows, self.values(c), strict=True)]
            if name == PEOPLE:
                for fact in sorted(facts):
                    heads.append((f"{fact}·{CHANGED}", "BOOLEAN"))
                    flags = [isinstance(r.facts.get(fact), History) for r in self.records]
                    rows = [(*r, flag) for r, flag in zip(rows, flags, strict=True)]
            kept(connection, name, heads, rows)
        register = [(n, r.id, r.digest) for n, r in self.numbered()]
        kept(connection, REGISTER, [(N, "BIGINT"), (ID, "VARCHAR"), (DIGEST, "VARCHAR")], register)
        heads = [(N, "BIGINT"), (LIST, "VARCHAR"), (OF_ROW, "INTEGER"), (ITEM, "VARCHAR"), (STATE, "VARCHAR")]
        kept(connection, STATES, heads, self.states())

    def _heads(self, name: str) -> tuple[list[tuple[str, str]], list[tuple[Any, ...]]]:
        if name == PEOPLE:
            return [(N, "BIGINT"), (ID, "VARCHAR")], [(n, r.id) for n, r in self.numbered()]
        heads = [(N, "BIGINT"), (ROW, "INTEGER"), (ID, "VARCHAR"), (SURE, "BOOLEAN")]
        return heads, [
            (n, -1 if row.id is None else i, row.id, row.sure)
            for n, r in self.numbered()
            for i, row in enumerate(self.rows(r, name))
        ]

    def _history(self, fact: str, cell: Cell, layout: Layout) -> tuple[list[tuple[str, str]], list[tuple[Any, ...]]]:
        plain = (cell.table, cell.stem) in layout.plain
        heads = [(N, "BIGINT"), (ROW, "INTEGER"), (FROM, "INTEGER"), (UNTIL, "INTEGER")]
        heads += zip(cell.columns(plain), cell.sql_types(plain), strict=True)
        steps = self.steps(fact)
        return heads, [(n, i, start, until, *told(cell, plain, x)) for i, (n, start, until, x) in enumerate(steps)]


def told(cell: Cell, plain: bool, value: v.Value | None) -> tuple[Any, ...]:
    """What a cell's columns hold for a value; None for one that says nothing."""
    if cell.alike:
        return (value,)
    value = cell.type.top if value is None else value
    if isinstance(value, int):
        return ((None, False, True, None)[value],) if is_truth(cell.type) else split(value, words_of(cell.type))
    low, high, none = value
    ends = tuple(None if x in (v.INF, -v.INF, *v.TOP_TEXT) else x for x in (low, high)) if low <= high else (None, None)
    # An unbounded end stays open; a plain cell is one value, or anything.
    ends = (ends[0] if low == high else None,) if plain else ends
    return (*ends, True if low > high else None if none else False) if cell.type.may_be_none else ends


def relation(connection: Any, name: str, heads: list[tuple[str, str]], rows: list[tuple[Any, ...]]) -> None:
    """Makes a relation of these columns and rows."""
    columns = ", ".join(f'"{head}" {kind}' for head, kind in heads)
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" ({columns})')
    _added(connection, name, heads, rows)


def _added(connection: Any, name: str, heads: list[tuple[str, str]], rows: list[tuple[Any, ...]]) -> None:
    if rows:
        # A list for each column: row by row takes DuckDB a hundred times as long.
        given = ", ".join(f"unnest(?::{kind}[])" for _, kind in heads)
        connection.execute(f'INSERT INTO "{name}" SELECT {given}', [list(c) for c in zip(*rows, strict=True)])
