"""A record as it stood: what had happened by one day, as far as it was known by another."""

from __future__ import annotations

from attrs import evolve

from . import values as v
from .model import Shape
from .record import LEARNT, NOT_ASKED, Record, Row, Rows


def _perhaps(row: Row, date: str, as_of: int) -> Row:
    """A row that may lie after the day of decision: if it counts at all, it had happened by then."""
    low = v.as_range(row.values[date])[0] if date in row.values else -v.INF
    return Row(row.id, {**row.values, date: (low, as_of, False)}, sure=False)


def as_known(record: Record, shape: Shape, as_of: int, known: int) -> Record:
    """The record as it stood: rows that happened by the day of decision and were known by the day of knowledge."""
    lists: dict[str, Rows] = {}
    for name, listed in shape.lists.items():
        rows, date = record.lists.get(name, NOT_ASKED), listed.date
        kept: list[Row] = []
        hidden = False
        for row in rows.known:
            learnt = row.values.get(LEARNT)
            if isinstance(learnt, tuple) and known < learnt[0] <= learnt[1]:
                hidden = True
                continue
            day = v.point(as_of) if not date else row.values.get(date)
            happened = v.UNKNOWN if day is None else v.at_least(v.point(as_of), v.as_range(day), False)
            if happened != v.NO:
                kept.append(row if happened == v.YES else _perhaps(row, date, as_of))
        # A row learnt of later shows that the list was not complete as it was then known, for any day.
        open, until = (True, None) if hidden else (rows.open, rows.complete_until)
        if until is not None:
            until = min(until, known)
            open = until < as_of
        lists[name] = Rows(tuple(kept), open, until if open else None, date)
    findings, states = dict(record.findings), dict(record.states)
    late = [a for a in record.answers if a.day is not None and a.day > known]
    on_time = tuple(a for a in record.answers if a not in late)
    replaced = {a.replaces for a in on_time if a.replaces}
    for a in late:
        findings.pop((a.question, *a.of), None)
        states[*a.of, a.question] = "pending"
    for a in on_time if late else ():
        if a.id not in replaced and a.value is not None:
            findings[a.question, *a.of] = a.value
            states.pop((*a.of, a.question), None)
        elif a.id not in replaced:
            states[*a.of, a.question] = a.state
    return evolve(record, lists=lists, findings=findings, states=states, answers=on_time)
