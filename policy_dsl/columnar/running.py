"""Runs a statement where its cells are: the conclusions as relations beside them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from attrs import frozen
from sqlglot import exp

from .levels import table
from .pieces import pieces
from .statement import Statement


@frozen
class Results:
    """The names of the relations made: of the persons, and of the rows of each list that an effect is judged of."""

    persons: str
    elements: Mapping[str, str]


def wanted(statement: Statement, prefix: str) -> tuple[Results, list[tuple[str, exp.Select]]]:
    """The relations to be made, and of what each is made."""
    made = Results(prefix, {of: f"{prefix}·{of}" for of in statement.elements})
    of_rows = [(made.elements[of], select) for of, select in statement.elements.items()]
    return made, [(made.persons, statement.persons), *of_rows]


def decide(connection: Any, statement: Statement, prefix: str = "结论") -> Results:
    """Decides everybody in the cells of a DuckDB connection; the results are temporary tables of these names."""
    made, statements = wanted(statement, prefix)
    for result, whole in statements:
        carry_out(connection, whole, result)
    return made


def carry_out(connection: Any, whole: exp.Select, result: str) -> None:
    """Makes what one statement gives, as a temporary table of a DuckDB connection that holds its cells."""
    for step in _steps(whole, result):
        connection.execute(step)


@lru_cache(maxsize=64)
def _steps(whole: exp.Select, result: str) -> tuple[str, ...]:
    """What is executed for it, the same for every batch of persons."""
    made = [(name, _making(name or result, select)) for name, select in pieces(whole)]
    dropped = (f"DROP TABLE {table(name).sql(dialect='duckdb')}" for name, _ in made if name)
    return (*(making for _, making in made), *dropped)


def _making(name: str, select: exp.Select) -> str:
    kind = exp.Properties(expressions=[exp.TemporaryProperty()])
    create = exp.Create(this=table(name), kind="TABLE", replace=True, expression=select, properties=kind)
    return str(create.sql(dialect="duckdb", copy=False, comments=False))
