"""What gives the statuses and atoms of many records: a row an engine, each held to the walker's meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from attrs import frozen

from .. import model as m
from ..compiled import compile
from ..decide import Question
from ..record import Record

# What one record comes to on one line: in the order of `Compiled.verdicts` a mask of statuses (of the person) or a
# tuple of them (of each known row of a list); and the atoms of the person, two bits each from the lowest.
Line = tuple[tuple[Any, ...], int]
# For each record, as `knowledge.as_known` leaves it: the line of what is printed, and that of the whole text.
Judge = Callable[[Sequence[Record]], Iterable[tuple[Line, Line]]]


@frozen
class Engine:
    """What judges, made once for a policy and a question, and how many records it is given at a time. Readings that are
    not chosen it leaves open, as unknown; a status it cannot settle it may leave open too."""

    judge: Callable[[m.Policy, Question], Judge]
    batch: int


def interpreter(policy: m.Policy, question: Question) -> Judge:
    """One record after another, by the function generated from the policy."""
    printed, whole = (compile(policy, question.frame(line)).statuses for line in (True, False))
    return lambda records: ((printed(r), whole(r)) for r in records)


ENGINES: Final[dict[str, Engine]] = {"interpreter": Engine(interpreter, 500)}
