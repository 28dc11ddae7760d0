"""What gives the statuses and atoms of many records: a row an engine, each held to the walker's meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import frozen

from .. import model as m
from ..decide import Question
from .lines import Judge, interpreter
from .sets import duckdb


@frozen
class Engine:
    """What makes a judge, and how many records it is given at a time."""

    judge: Callable[[m.Policy, Question], Judge]
    batch: int


ENGINES: Final[dict[str, Engine]] = {"interpreter": Engine(interpreter, 500), "duckdb": Engine(duckdb, 20_000)}
