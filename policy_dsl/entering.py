"""Enters what a roster yields into the records it was carried out on: a fact with its source, or a finding."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from . import values as v
from .drawing import Drawing, Standing
from .record import Reader, Record
from .shapes import FINDINGS, ID
from .values import NO, YES, Value, settled

Raw = dict[str, Any]


def entered(
    d: Drawing, people: Iterable[tuple[Record, Any]], reader: Reader, lang: str
) -> tuple[list[Raw], list[tuple[str, str]]]:
    """The records as plain data, with what is settled of each person entered; and who already has another fact there:
    (number, what is there). What is open is not entered: nobody has settled it.

    A finding that answers otherwise is replaced and stays; a fact has no such trace, and is never overwritten.
    """
    standings = {x.id: x for x in d.standings}
    kept: list[Raw] = []
    clashes: list[tuple[str, str]] = []
    for record, raw in people:
        data = reader.keyed(raw, ())
        answer = _answer(d, standings[record.id])
        if answer is not None and d.roster.yields in d.policy.shape.findings:
            _find(data, d, record, answer, reader, lang)
        elif answer is not None and not _state(data, d, record, answer, lang):
            clashes.append((record.id, _plain(data[d.roster.yields], reader)))
        kept.append(data)
    return kept, clashes


def _answer(d: Drawing, x: Standing) -> tuple[Value, Any] | None:
    """What is settled of a person: as a value, and as a cell has it."""
    if d.roster.share is not None:
        return {YES: (2, "是"), NO: (1, "否")}.get(x.taken)
    type = d.policy.shape.facts[d.roster.yields].type
    if x.inside == NO:
        return (type.none, "无") if type.may_be_none else None
    if x.inside != YES or x.place is None or not settled(x.place):
        return None
    return v.point(x.place[0] * v.SCALE[type.unit]), int(x.place[0])


def note(d: Drawing, lang: str) -> str:
    """Which draw it was: roster, day, seed, list."""
    on = datetime.date.fromordinal(d.question.as_of).isoformat()
    lists = [o.digest for o in d.outcomes]
    name = d.policy.lexicon.written(d.roster.name, lang)
    if lang == "zh":
        return f"名册“{name}”，{on}" + (f"，种子“{d.seed}”" if d.seed else "") + f"，名单摘要 {'、'.join(lists)}"
    return f"roster “{name}”, {on}" + (f", seed “{d.seed}”" if d.seed else "") + f", list {', '.join(lists)}"


def _state(data: Raw, d: Drawing, record: Record, answer: tuple[Value, Any], lang: str) -> bool:
    """Enter a fact; False where another one stands."""
    name = d.roster.yields
    there = record.facts.get(name)
    if there is not None:
        return there == answer[0]
    data[name] = {"值": answer[1], "来源": note(d, lang)}
    return True


def _find(data: Raw, d: Drawing, record: Record, answer: tuple[Value, Any], reader: Reader, lang: str) -> None:
    """Enter a finding, in the place of those that answered before."""
    name, on = d.roster.yields, datetime.date.fromordinal(d.question.as_of).isoformat()
    rows = [reader.keyed(x, ()) for x in data.get(FINDINGS) or []]
    replaced = {a.replaces for a in record.answers if a.replaces}
    live = [i for i, a in enumerate(record.answers) if a.question == name and a.id not in (replaced - {""})]
    said = note(d, lang)
    if any(rows[i].get("理由") == said and record.answers[i].value == answer[0] for i in live):
        return
    taken = {a.id for a in record.answers}
    bodies = [b for b in d.roster.by if b in d.policy.shape.bodies]

    def number(stem: str) -> str:
        id, turn = stem, 1
        while id in taken:
            id, turn = f"{stem}-{turn}", turn + 1
        taken.add(id)
        return id

    earlier: list[int | None] = [*live] or [None]
    for i in earlier:
        row = {ID: number(f"{d.roster.name}-{on}"), "问题": name, "答": answer[1], "认定日": on, "理由": said}
        if bodies:
            row["机关"] = "、".join(bodies)
        if i is not None:
            # One without a number could not be named.
            rows[i][ID] = record.answers[i].id or number(f"{name}-1")
            row["取代"] = rows[i][ID]
        rows.append(row)
    data[FINDINGS] = rows


def _plain(cell: Any, reader: Reader) -> str:
    inner = reader.keyed(cell, ()) if isinstance(cell, dict) else {}
    return str(inner.get("值", cell))


__all__ = ["entered", "note"]
