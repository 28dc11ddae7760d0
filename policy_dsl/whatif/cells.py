"""The places of a record that could have been otherwise, and the record with some of them changed or forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from attrs import evolve, frozen

from .. import model as m
from ..record import History, Record, Row, Rows
from ..values import Value

# What vocabularies call what a person is, beside the facts that have no history.
IDENTITY: Final = frozenset(("身份",))


@frozen
class Cell:
    """A fact of the person, a field of a row, a finding (of the person, or of a row), whether a row is there at all,
    or what rows a list has besides."""

    kind: str
    name: str
    list: str | None = None
    row: str | None = None


@frozen(eq=False)
class Added:
    """One more row in a list, with what was found of it."""

    row: Row
    findings: Mapping[str, Value]


@frozen(eq=False)
class Change:
    """A cell with another value; a row that is not there (None); a row more."""

    cell: Cell
    value: Value | Added | None


def protected(shape: m.Shape, protect: Collection[str] = (), allow: Collection[str] = ()) -> frozenset[str]:
    """The names nobody may suppose otherwise: who the person is (facts without a history, texts, references) and when
    things happened (days and years of rows); with those of *protect*, without those of *allow*."""
    names = {
        f.name
        for f in shape.facts.values()
        if not f.over_time or f.type.kind in ("text", "day") or f.name in IDENTITY or f.type.name in IDENTITY
    }
    for of in shape.lists.values():
        names |= {f.name for f in of.fields.values() if f.type.kind in ("text", "day") or f.type.unit == "years"}
    return frozenset((names | set(protect)) - set(allow))


def cells(given: Record, topics: Collection[m.Topic], kept: Collection[str] = ()) -> Iterator[Cell]:
    """What the record says on these topics, apart from the names kept as they are; in the order of the names."""
    for name in sorted(given.facts):
        if ("fact", name) in topics and name not in kept:
            yield Cell("fact", name)
    for of in sorted(given.lists):
        if of in kept or not any(t[0] in ("field", "list") and t[1] == of for t in topics):
            continue
        for row in sorted(given.lists[of].known, key=lambda r: r.id or ""):
            for name in sorted(row.values):
                if ("field", of, name) in topics and name not in kept:
                    yield Cell("field", name, of, row.id)
            yield Cell("row", "", of, row.id)
        if not given.lists[of].open:
            yield Cell("list", "", of)
    for name, of_list, id in sorted(given.findings, key=lambda q: (q[0], q[2] or "")):
        if ("finding", name) in topics and name not in kept and of_list not in kept:
            yield Cell("finding", name, of_list, id)


def changed(record: Record, changes: Collection[Change]) -> Record:
    """The record with these changes."""
    for c in changes:
        record = _changed(record, c)
    return record


def _changed(record: Record, change: Change) -> Record:
    cell, value = change.cell, change.value
    if isinstance(value, Added):
        assert cell.list is not None
        rows = record.lists[cell.list]
        lists = {**record.lists, cell.list: evolve(rows, known=(*rows.known, value.row))}
        findings = dict(record.findings)
        for name, x in value.findings.items():
            findings[name, cell.list, value.row.id] = x
        return evolve(record, lists=lists, findings=findings)
    if value is None:
        return _without(record, cell)
    place = cell.list, cell.row, cell.name
    states = {k: x for k, x in record.states.items() if k != place}
    if cell.kind == "fact":
        return evolve(record, facts={**record.facts, cell.name: value}, states=states)
    if cell.kind == "field":
        return evolve(_with_row(record, cell, {cell.name: value}), states=states)
    answers = tuple(
        evolve(a, value=value, state="") if (a.question, *a.of) == (cell.name, cell.list, cell.row) else a
        for a in record.answers
    )
    findings = {**record.findings, (cell.name, cell.list, cell.row): value}
    return evolve(record, findings=findings, answers=answers, states=states)


def _without(record: Record, cell: Cell) -> Record:
    """The record without a row and whatever was found of it."""
    assert cell.list is not None
    of = cell.list, cell.row
    rows = record.lists[cell.list]
    return evolve(
        record,
        lists={**record.lists, cell.list: evolve(rows, known=tuple(r for r in rows.known if r.id != cell.row))},
        findings={k: x for k, x in record.findings.items() if k[1:] != of},
        answers=tuple(a for a in record.answers if a.of != of),
        states={k: x for k, x in record.states.items() if k[:2] != of},
    )


def _with_row(record: Record, cell: Cell, values: Mapping[str, Value | None], sure: bool = True) -> Record:
    assert cell.list is not None
    rows: Rows = record.lists[cell.list]
    known = tuple(
        Row(
            r.id, {k: x for k, x in {**r.values, **values}.items() if x is not None}, r.sure and sure, r.doubts
        )
        if r.id == cell.row
        else r
        for r in rows.known
    )  # fmt: skip
    return evolve(record, lists={**record.lists, cell.list: evolve(rows, known=known)})


def forgotten(record: Record, gone: Collection[Cell]) -> Record:
    """The record as if these cells were not known: whatever any change of them leads to is possible of it."""
    for cell in gone:
        match cell.kind:
            case "fact":
                record = evolve(record, facts={k: x for k, x in record.facts.items() if k != cell.name})
            case "field":
                record = _with_row(record, cell, {cell.name: None})
            case "row":
                record = _with_row(record, cell, {}, sure=False)
            case "list":
                assert cell.list is not None
                rows = evolve(record.lists[cell.list], open=True, complete_until=None)
                record = evolve(record, lists={**record.lists, cell.list: rows})
            case "finding":
                of = cell.list, cell.row
                record = evolve(
                    record,
                    findings={k: x for k, x in record.findings.items() if k != (cell.name, *of)},
                    answers=tuple(a for a in record.answers if (a.question, *a.of) != (cell.name, *of)),
                )
    return record


def value_of(record: Record, cell: Cell) -> Value | History | None:
    """What the record says there."""
    match cell.kind:
        case "fact":
            return record.facts.get(cell.name)
        case "field":
            rows = record.lists[cell.list or ""].known
            return next((r.values.get(cell.name) for r in rows if r.id == cell.row), None)
        case "finding":
            return record.findings.get((cell.name, cell.list, cell.row))
    return None
