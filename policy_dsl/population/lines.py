"""What an engine says of one record after another: the statuses and atoms of each, on both lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import model as m
from ..compiled import compile
from ..decide import Question
from ..record import Record

# What one record comes to on one line: in the order of `Compiled.verdicts` a mask of statuses (of the person) or a
# tuple of them (of each known row of a list); and the atoms of the person, two bits each from the lowest.
Line = tuple[tuple[Any, ...], int]
Lines = tuple[Line, Line]

# Made for one policy and one question: it gives for a record, as `knowledge.as_known` leaves it, the line of what is
# printed and that of the whole text. Readings that are not chosen are open in them, as unknown; a status that cannot be
# settled may be open too.
Judge = Callable[[Record], Lines]


def interpreter(policy: m.Policy, question: Question) -> Judge:
    """By the function generated from the policy."""
    printed, whole = (compile(policy, question.frame(line)).statuses for line in (True, False))
    return lambda record: (printed(record), whole(record))
