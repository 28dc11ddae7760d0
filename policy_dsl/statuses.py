"""What rules make of one effect together, and which of several verdicts is the strongest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any, Final

from . import model as m
from . import values as v
from .values import NO, UNKNOWN, YES, settled

SILENT: Final = 1


def _moved(places: Sequence[int]) -> tuple[int, ...]:
    """For every mask, the mask with each bit in its new place."""
    table = [0]
    for place in places:
        table += [x | 1 << place for x in table]
    return tuple(table)


# A mask of statuses as a mask of strengths, weakest first; and back.
RANKED: Final = _moved([m.STRENGTH.index(status) for status in m.STATUSES])
UNRANKED: Final = _moved([m.STATUSES.index(status) for status in m.STRENGTH])


def strongest(masks: Sequence[int]) -> int:
    """Every status that may be the strongest of several."""
    every, floor = 0, 1
    for mask in masks:
        strengths = RANKED[mask]
        every, floor = every | strengths, max(floor, strengths & -strengths)
    return UNRANKED[every & ~(floor - 1)]


def strongest_parts(value: int, parts: Sequence[tuple[Any, int]], rejected: bool = False) -> Iterator[Any]:
    """Which parts determine the strongest: all that may reach it; where nothing arises, the person's own, or all if
    asked."""
    floor = RANKED[value] & -RANKED[value]
    for i, (part, mask) in enumerate(parts):
        silent = mask == SILENT
        if value == SILENT:
            if i == 0 or rejected:
                yield part
        elif RANKED[mask] >= floor and not silent:
            yield part


def verdict_parts(value: int, parts: Sequence[tuple[Any, int]]) -> Sequence[tuple[Any, int]]:
    """Which contributions determine a status: those that arise, or all where none does; while it is open, the open ones
    first. *parts* are pairs of anything and its truth."""
    sure = [p for p in parts if p[1] == YES]
    if settled(value):
        return sure or parts
    return [*(p for p in parts if p[1] == UNKNOWN), *sure]


def statuses_of(truths: Sequence[tuple[str, int, int | None]]) -> int:
    """The mask of statuses possible for contributions of (flag, whether it arises, whether its duty is set aside)."""
    plain: dict[str, int] = {}
    for flag, truth, waived in truths:
        if waived is None:
            plain[flag] = v.some((plain.get(flag, NO), truth))
    pairs = tuple(sorted((flag, truth, waived) for flag, truth, waived in truths if waived is not None))
    return _statuses(tuple(plain.get(f, NO) for f in m.FLAGS), pairs)


@cache
def _statuses(plain: tuple[int, ...], waivable: tuple[tuple[str, int, int], ...]) -> int:
    ways: list[list[str | None]] = []
    for flag, truth in zip(m.FLAGS, plain, strict=True):
        ways.append(([None] if truth & NO else []) + ([flag] if truth & YES else []))
    for flag, truth, waived in waivable:
        made: list[str | None] = [None] if truth & NO else []
        if truth & YES:
            made += ([flag] if waived & NO else []) + (["waivable"] if waived & YES else [])
        ways.append(made)
    mask = 0
    for chosen in product(*ways):
        mask |= m.STATUS.option(m.status_of(frozenset(f for f in chosen if f is not None)))
    return mask
