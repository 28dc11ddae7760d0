"""DuckDB as an engine: many records laid out as cells, and decided by one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .. import model as m
from ..decide import Question
from ..record import Record
from .lines import Judge, Left, Line, Lines, interpreter

Row = Mapping[str, Any]


def duckdb(policy: m.Policy, question: Question) -> Judge:
    """Every batch at once. What has no columnar form is the interpreter's, and so is a batch that holds what SQL cannot
    keep: a number of more digits than its whole numbers have."""
    import duckdb as base  # noqa: PLC0415

    from ..columnar import Staged, compiled, decide  # noqa: PLC0415
    from ..columnar.cells import ROW, N  # noqa: PLC0415
    from ..columnar.statement import PACKED, PRINTED  # noqa: PLC0415

    statement = compiled(policy, question, each_reading=False, printed_atoms=True)
    places = [(w.effect, of) for w in policy.verdicts for of in (None, *w.elements)]
    columnar = frozenset(statement.columns)
    interpreted = interpreter(policy, question).lines

    def line(person: Row, rows: Mapping[str, Sequence[Row]], mark: str) -> Line:
        """One person on one line; nothing stands for an effect that the statement has not."""
        masks = (
            None
            if effect not in columnar
            else person[effect + mark]
            if of is None
            else tuple(row[effect + mark] for row in rows[of])
            for effect, of in places
        )
        return tuple(masks), sum(person[name + mark] << 2 * PACKED * i for i, name in enumerate(statement.packed))

    def decided(records: Sequence[Record]) -> list[Lines]:
        staged = Staged(policy, question, list(records))
        with base.connect() as connection:
            staged.put(connection, statement.cells, statement.layout)
            made = decide(connection, statement)
            persons = _rows(connection, f'SELECT * FROM "{made.persons}" ORDER BY "{N}"')
            of_rows: list[dict[str, list[Row]]] = [{of: [] for of in made.elements} for _ in records]
            for of, name in made.elements.items():
                for row in _rows(connection, f'SELECT * FROM "{name}" ORDER BY "{N}", "{ROW}"'):
                    of_rows[row[N]][of].append(row)
        return [
            (line(person, rows, PRINTED), line(person, rows, "")) for person, rows in zip(persons, of_rows, strict=True)
        ]

    def lines(records: Sequence[Record]) -> Iterable[Lines]:
        try:
            made = decided(records)
        except (base.DataError, base.InvalidInputException):
            return interpreted(records)
        if not statement.refused and not statement.loose:
            return made
        return ((_whole(a, c), _whole(b, d)) for (a, b), (c, d) in zip(made, interpreted(records), strict=True))

    return Judge(lines, tuple(Left(r.effect, r.what) for r in statement.refused))


def _whole(of_sets: Line, interpreted: Line) -> Line:
    """A line where the interpreter has what the statement has not, its atoms included."""
    masks = zip(of_sets[0], interpreted[0], strict=True)
    return tuple(other if mask is None else mask for mask, other in masks), interpreted[1]


def _rows(connection: Any, query: str) -> list[dict[str, Any]]:
    told = connection.execute(query)
    names = [c[0] for c in told.description]
    return [dict(zip(names, row, strict=True)) for row in told.fetchall()]
