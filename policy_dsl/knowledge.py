"""A record as it stood: what had happened by one day, as far as it was known by another."""

from __future__ import annotations

from attrs import evolve

from . import values as v
from .model import LEARNT, ListShape, Shape
from .record import NOT_ASKED, Answer, Of, Place, Record, Row, Rows
from .values import NO, UNKNOWN, YES, Value


def as_known(record: Record, shape: Shape, as_of: int, known: int) -> Record:
    """The record as it stood: rows that happened by the day of decision and were known by the day of knowledge."""
    lists = {
        name: _as_known(record.lists.get(name, NOT_ASKED), listed, as_of, known) for name, listed in shape.lists.items()
    }
    heard = {id(a): _heard(a.day, as_of, known) for a in record.answers}
    answers = tuple(a for a in record.answers if heard[id(a)] != NO)
    if all(x == YES for x in heard.values()):
        return evolve(record, lists=lists)
    sure = frozenset(id(a) for a in answers if heard[id(a)] == YES)
    findings, states = _found(record.answers, answers, sure)
    before = {(*a.of, a.question) for a in record.answers}
    kept = {place: x for place, x in record.states.items() if place not in before}
    return evolve(record, lists=lists, findings=findings, states=kept | states, answers=answers)


def _as_known(rows: Rows, listed: ListShape, as_of: int, known: int) -> Rows:
    """One list. A row that was perhaps not known, or was not, shows that the list was not complete as it was then
    known; a row after the days for which it is said to be complete shows nothing of them."""
    kept: list[Row] = []
    open, until = rows.open, rows.complete_until
    hidden = False
    for row in rows.known:
        day = row.values.get(listed.date) if listed.date else v.point(as_of)
        happened = UNKNOWN if day is None else v.at_least(v.point(as_of), v.as_range(day), False)
        if happened == NO:
            continue
        learnt = listed.fields.get(LEARNT)
        if learnt is not None and learnt.type.kind == "day":
            heard, by = _heard(row.values.get(LEARNT), as_of, known), LEARNT
        else:
            # A list that does not say when its rows became known: a row was known from its date.
            heard, by = (YES if known >= as_of or not listed.date else _heard(day, as_of, known)), listed.date
        covered = until is None or day is None or v.as_range(day)[0] <= until
        hidden = hidden or (covered and heard != YES)
        if heard != NO:
            doubts = ((listed.date,) if happened == UNKNOWN else ()) + ((by,) if heard == UNKNOWN else ())
            kept.append(row if not doubts else _perhaps(row, listed.date, as_of, doubts))
    if hidden:
        open, until = True, None
    elif not open and known < as_of:
        # Of what happens afterwards nobody can know that it is everything.
        open, until = True, known
    elif until is not None:
        until = min(until, known)
        open = until < as_of
    return Rows(tuple(kept), open, until if open else None, listed.date)


def _perhaps(row: Row, date: str, as_of: int, doubts: tuple[str, ...]) -> Row:
    """A row that perhaps counts: if it does, it had happened by the day of decision."""
    low, high = v.as_range(row.values[date])[:2] if date in row.values else (-v.INF, v.INF)
    day = {date: (low, min(high, as_of), False)} if date else {}
    return Row(row.id, {**row.values, **day}, False, tuple(dict.fromkeys(doubts)))


def _heard(day: Value | None, as_of: int, known: int) -> int:
    """Whether what became known on a day was known by another. A record says what is known on the day of decision; of
    an earlier day it tells only where it says when each thing became known."""
    if day is None or v.as_range(day)[2]:
        return YES if known >= as_of else UNKNOWN
    return v.at_least(v.point(known), v.as_range(day), False)


def _found(
    every: tuple[Answer, ...], heard: tuple[Answer, ...], sure: frozenset[int]
) -> tuple[dict[tuple[str, str | None, str | None], Value], dict[Place, str]]:
    """What the findings came to: each answer that may have stood then; none, if perhaps none had been made."""
    replaced = {a.replaces for a in heard if a.replaces and id(a) in sure}
    standing: dict[tuple[str, Of], list[Answer]] = {(a.question, a.of): [] for a in every}
    for a in heard:
        if not a.id or a.id not in replaced:
            standing[a.question, a.of].append(a)
    findings: dict[tuple[str, str | None, str | None], Value] = {}
    states: dict[Place, str] = {}
    for (question, of), answers in standing.items():
        value: Value | None = None
        for a in answers:
            if a.value is not None:
                value = a.value if value is None else v.hull(value, a.value)
        if value is None or any(a.value is None for a in answers) or not any(id(a) in sure for a in answers):
            state = answers[0].state if answers and all(id(a) in sure for a in answers) else ""
            states[*of, question] = state or "pending"
        else:
            findings[question, *of] = value
            if not v.settled(value):
                states[*of, question] = "pending"
    return findings, states
