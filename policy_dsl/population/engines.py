"""What decides everybody: a row an engine, each held to the walker's meaning."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from .. import model as m
from ..decide import Question
from .lines import Judge, interpreter

if TYPE_CHECKING:
    from ..columnar import Results, Statement

# Of so many persons DuckDB is done sooner, although it plans its statement for seconds first.
MANY: Final = 10_000
# Where Spark is: a master, or `sc://…` of a server; without it, two threads of this process.
SPARK: Final = "POLICY_SPARK"

# Runs a statement over the cells of a DuckDB connection, and leaves what it concludes there as relations.
Decider = Callable[[Any, "Statement"], "Results"]


@frozen
class Engine:
    """*sets*, where an engine has it, decides everybody of a batch at once; *judge* makes what decides one record after
    another: all of them, or those that are left."""

    judge: Callable[[m.Policy, Question], Judge] = interpreter
    sets: Callable[[], AbstractContextManager[Decider]] | None = None


@contextmanager
def duckdb() -> Iterator[Decider]:
    """Where the cells are."""
    from ..columnar import decide  # noqa: PLC0415

    yield decide


@contextmanager
def spark() -> Iterator[Decider]:
    """In a session of Spark of its own, in this process or where SPARK says, or Spark's own SPARK_REMOTE."""
    from ..columnar.spark import decide, session  # noqa: PLC0415

    with session(os.environ.get(SPARK) or os.environ.get("SPARK_REMOTE", "")) as here:
        yield lambda base, statement: decide(base, statement, here)


ENGINES: Final[dict[str, Engine]] = {
    "interpreter": Engine(), "duckdb": Engine(sets=duckdb), "spark": Engine(sets=spark),
}  # fmt: skip


def by_itself(persons: int) -> str:
    """What decides where nobody says: DuckDB, where it is installed and there are persons enough for it to pay."""
    there = all(find_spec(name) is not None for name in ("duckdb", "sqlglot", "pyarrow"))
    return "duckdb" if there and persons >= MANY else "interpreter"
