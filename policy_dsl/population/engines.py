"""What decides everybody: a row an engine, each held to the walker's meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from .. import model as m
from ..decide import Question
from .lines import Judge, interpreter

if TYPE_CHECKING:
    from ..columnar import Results, Statement

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


ENGINES: Final[dict[str, Engine]] = {"interpreter": Engine(), "duckdb": Engine(sets=duckdb)}
