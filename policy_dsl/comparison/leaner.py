"""A witness with one thing less in it: what is tried, so that a record holds nothing it shows a difference without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from attrs import evolve

from ..explanation import LeafKey
from ..shapes import FINDINGS, ID, ROWS
from ..symbolic.asking import Witness


def less(w: Witness) -> Iterator[Callable[[Witness], Witness | None]]:
    """Ways to leave one thing out of a record, the largest first; each is None where the thing is gone already."""
    lists = [name for name, cell in w.raw.items() if isinstance(cell, dict)]
    yield from (partial(_without, name) for name in w.raw if name != ID)
    for name in lists:
        for row in w.raw[name][ROWS]:
            yield partial(_without_row, name, row[ID])
    yield from (partial(_supposing_less, key) for key in w.given)
    yield from (partial(_unread, name) for name in w.frame.readings)
    for name in lists:
        for row in w.raw[name][ROWS]:
            yield from (partial(_without_cell, name, row[ID], field) for field in row if field != ID)
    yield from (partial(_unanswered, i) for i in reversed(range(len(w.raw.get(FINDINGS, ())))))


def _without(name: str, w: Witness) -> Witness | None:
    kept = {k: x for k, x in w.raw.items() if k != name}
    return evolve(w, raw=_answering(kept)) if name in w.raw else None


def _without_row(name: str, id: str, w: Witness) -> Witness | None:
    if name not in w.raw:
        return None
    cell = w.raw[name]
    rows = [row for row in cell[ROWS] if row[ID] != id]
    return evolve(w, raw=_answering({**w.raw, name: {**cell, ROWS: rows}}))


def _without_cell(name: str, id: str, field: str, w: Witness) -> Witness | None:
    if not any(row[ID] == id and field in row for row in w.raw.get(name, {ROWS: ()})[ROWS]):
        return None
    cell = w.raw[name]
    rows = [{k: x for k, x in row.items() if row[ID] != id or k != field} for row in cell[ROWS]]
    return evolve(w, raw={**w.raw, name: {**cell, ROWS: rows}})


def _unanswered(i: int, w: Witness) -> Witness | None:
    found = w.raw.get(FINDINGS, ())
    return evolve(w, raw={**w.raw, FINDINGS: [*found[:i], *found[i + 1 :]]}) if i < len(found) else None


def _supposing_less(key: LeafKey, w: Witness) -> Witness | None:
    return evolve(w, given={k: x for k, x in w.given.items() if k != key})


def _unread(name: str, w: Witness) -> Witness | None:
    return evolve(w, frame=evolve(w.frame, readings={k: x for k, x in w.frame.readings.items() if k != name}))


def _answering(raw: dict[str, Any]) -> dict[str, Any]:
    """The record with answers only about rows it has."""
    there = {(name, row[ID]) for name, cell in raw.items() if isinstance(cell, dict) for row in cell[ROWS]}
    kept = [f for f in raw.get(FINDINGS, ()) if "所属" not in f or (f["所属"], f["所属编号"]) in there]
    return {k: x for k, x in raw.items() if k != FINDINGS} | ({FINDINGS: kept} if kept else {})
