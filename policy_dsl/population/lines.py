"""What an engine says of many records: the statuses and atoms of each, on both lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from attrs import frozen

from .. import model as m
from ..compiled import compile
from ..decide import Question
from ..record import Record

# What one record comes to on one line: in the order of `Compiled.verdicts` a mask of statuses (of the person) or a
# tuple of them (of each known row of a list); and the atoms of the person, two bits each from the lowest.
Line = tuple[tuple[Any, ...], int]
Lines = tuple[Line, Line]


@frozen
class Left:
    """An effect that an engine leaves to the interpreter, and what of it it has no form for."""

    effect: str
    what: str


@frozen
class Judge:
    """What judges, made for one policy and one question.

    *lines* gives for each record, as `knowledge.as_known` leaves it, the line of what is printed and that of the whole
    text. Readings that are not chosen are open in them, as unknown; a status that cannot be settled may be open too.
    """

    lines: Callable[[Sequence[Record]], Iterable[Lines]]
    left: tuple[Left, ...] = ()


def interpreter(policy: m.Policy, question: Question) -> Judge:
    """One record after another, by the function generated from the policy."""
    printed, whole = (compile(policy, question.frame(line)).statuses for line in (True, False))
    return Judge(lambda records: ((printed(r), whole(r)) for r in records))
