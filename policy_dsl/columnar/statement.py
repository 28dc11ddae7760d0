"""A policy under a question as SQL: one statement of the persons' conclusions, and one for each list of its rows'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from math import prod
from typing import Any, Final

from attrs import frozen
from sqlglot import exp

from .. import model as m
from ..compiled import PACKED, atoms
from ..decide import READING_CAP, Question
from .cells import ID, ROW, Cell, Layout, N
from .columns import NotColumnar, View
from .levels import SEGMENT, Level, selects, statement, table
from .sql import Truth, big, binary, coalesce, column, full, number, own
from .terms import const_truth, simple, total
from .verdicts import Judging, Ranked, statuses, united

PRINTED: Final = "·印"
# Who can be told to work a part out once.
_MATERIALIZING: Final = ("duckdb", "postgres")
WHOLE: Final = View()


@frozen
class Refused:
    """An effect that has no columnar form here, and what of it has none."""

    effect: str
    what: str


@frozen(eq=False)
class Statement:
    """What a policy comes to in set operations.

    *persons* gives a row for each person: n, 编号, two columns of statuses for each effect (on the whole text and, with
    ·印, on what is printed), and the packed atoms, of the whole text or of both lines alike; *elements* the statuses of
    each listed row of a list. *cells* are what it reads, *columns* the effects in order, *refused* what it leaves to
    the interpreter, *loose* the places of the atoms it does, which are packed as unknown.
    """

    policy: m.Policy
    question: Question
    layout: Layout
    persons: exp.Select
    elements: Mapping[str, exp.Select]
    columns: tuple[str, ...]
    of_rows: Mapping[str, tuple[str, ...]]
    atoms: tuple[m.Expr, ...]
    packed: tuple[str, ...]
    loose: tuple[int, ...]
    cells: tuple[Cell, ...]
    refused: tuple[Refused, ...]

    def sql(self, dialect: str = "duckdb", of: str | None = None) -> str:
        """The statement of the persons, or of the rows of a list, as a dialect has it."""
        return said(self.persons if of is None else self.elements[of], dialect)


def said(select: exp.Select, dialect: str) -> str:
    """A select as a dialect has it."""
    if dialect not in _MATERIALIZING:
        select = select.copy()
        for part in select.find_all(exp.CTE):
            part.set("materialized", None)
    return select.sql(dialect=dialect, pretty=True)


def compiled(
    policy: m.Policy,
    question: Question,
    layout: Layout | None = None,
    with_atoms: bool = True,
    each_reading: bool = True,
    printed_atoms: bool = False,
    taken: frozenset[str] = frozenset(),
) -> Statement:
    """A policy under a question, for cells laid out so; without a *layout*, for any.

    Readings that are not chosen are each taken, and what comes of any is possible, as a decision has it; not so with
    *each_reading* false: then they are unknown, as to the interpreter. *printed_atoms*: the atoms of both lines.
    *taken*: readings that a cell of each person tells; then only of the effects that turn on one of them.
    """
    told = [w for w in policy.verdicts if not taken or _turns_on(w, taken)]
    roots: tuple[m.Expr, ...] = tuple(x for w in told for x in (w.person, *w.elements.values()))
    writer = Judging(policy, question, layout or Layout(), roots, taken)
    refused: list[Refused] = []
    persons: dict[str, tuple[Any, Any]] = {}
    elements: dict[str, dict[str, tuple[Any, Any]]] = {}
    for w in told:
        try:
            persons[w.effect] = _lines(w.person, question, each_reading, partial(writer.strongest, w.person))
            for of, verdict in w.elements.items():
                judge = partial(writer.verdict, verdict, writer.rows_of(of))
                elements.setdefault(of, {})[w.effect] = _lines(verdict, question, each_reading, judge)
        except NotColumnar as error:
            persons.pop(w.effect, None)
            for of in w.elements:
                elements.get(of, {}).pop(w.effect, None)
            refused.append(Refused(w.effect, str(error)))
    kept = tuple(atoms([w.person for w in told if w.effect in persons])) if with_atoms else ()
    loose: set[int] = set()
    packed = _packed(writer, kept, WHOLE, loose)
    printed = _packed(writer, kept, View(True), loose) if printed_atoms else {}
    writer.people.cell(ID)
    lines = {name: (e, printed[name]) for name, e in packed.items()} if printed else {}
    kept_once = {} if printed else packed
    chosen = [column(N), column(ID), *_both(persons, writer.people), *_both(lines, writer.people), *_named(kept_once)]
    parts = [*writer.charts.items(), *selects(writer.people)]
    source = table(writer.people.last(writer.people.segments))
    whole = statement(parts, exp.select(*chosen, copy=False).from_(source, copy=False))
    of_rows = {of: _of_rows(writer, of, made) for of, made in elements.items()}
    return Statement(
        policy,
        question,
        writer.layout,
        whole,
        of_rows,
        tuple(persons),
        {of: tuple(made) for of, made in elements.items()},
        kept,
        tuple(packed),
        tuple(sorted(loose)),
        tuple(writer.cells.values()),
        tuple(refused),
    )


def _turns_on(w: m.Verdicts, readings: frozenset[str]) -> bool:
    of_rows = (x.topics for x in w.elements.values())
    return any(x[0] == "reading" and x[1] in readings for topics in (w.person.topics, *of_rows) for x in topics)


def _lines(verdict: m.Expr, question: Question, each_reading: bool, judge: Callable[[View], Ranked]) -> tuple[Any, Any]:
    """The statuses on the whole text and on what is printed: whatever each way to take the open readings gives; without
    *each_reading*, what is known while none is taken.

    The interpreter tries the readings that are missing; the others it turns on change nothing, so all are tried here.
    """
    topics = verdict.topics if each_reading else ()
    turning = {name for kind, name, *_ in topics if kind == "reading" and name not in question.readings}
    leaves = {e.name: e.type.options for e in m.walk(verdict) if isinstance(e, m.Leaf) and e.name in turning}
    total = prod(len(options) for options in leaves.values())
    if total > READING_CAP:
        raise NotColumnar(f"{total} > {READING_CAP}：{'、'.join(sorted(leaves))}")
    made = []
    for printed in (False, True):
        ways = product(*(leaves[name] for name in sorted(leaves)))
        views = [View(printed, dict(zip(sorted(leaves), way, strict=True))) for way in ways]
        made.append(statuses(united([judge(view) for view in views])))
    return made[0], made[1]


def _both(made: Mapping[str, tuple[Any, Any]], level: Level) -> list[Any]:
    """Two columns for each name: on the whole text, and on what is printed; where they are alike, worked out once."""
    found: list[Any] = []
    for name, lines in made.items():
        alike = lines[0] == lines[1] and not simple(lines[0])
        shown = (level.let(lines[0], name),) * 2 if alike else lines
        for x, mark in zip(shown, ("", PRINTED), strict=True):
            found.append(
                exp.alias_(number(x) if isinstance(x, int) else x.copy(), name + mark, quoted=True, copy=False)
            )
    return found


def _of_rows(writer: Judging, of: str, made: Mapping[str, tuple[Any, Any]]) -> exp.Select:
    """The statement of the rows of a list."""
    rows = writer.rows_of(of)
    rows.cell(ID)
    chosen = _both(made, rows)
    parts = [*selects(writer.people, rows.wait - 1), *selects(rows)] if rows.imports else [*selects(rows)]
    keys = column(N), column(ROW), column(ID)
    final = exp.select(*keys, *chosen, copy=False).from_(table(rows.last(rows.segments)), copy=False)
    listed = writer.listed(rows, of)
    return statement([*writer.charts.items(), *parts], final if listed is True else final.where(listed, copy=False))


def _named(made: Mapping[str, Any]) -> list[Any]:
    return [exp.alias_(e, name, quoted=True, copy=False) for name, e in made.items()]


def _packed(writer: Judging, kept: tuple[m.Expr, ...], view: View, loose: set[int]) -> dict[str, Any]:
    """Every atom's truth, two bits each; *loose* takes the places of those that have no columnar form."""
    made: dict[str, Any] = {}
    for i in range(0, len(kept), PACKED):
        fixed, parts = 0, dict[int, list[Any]]()
        for place, a in enumerate(kept[i : i + PACKED]):
            try:
                least, more = _digit(writer.one(writer.truth(a, writer.people, view), writer.people), place)
            except NotColumnar:
                loose.add(i + place)
                least, more = _digit(None, place)
            fixed += least
            if more is not None:
                parts.setdefault(writer.people.depth(more) // SEGMENT, []).append(more)
        # What is known before a list is gathered is added up before: it need not be carried along.
        sums = [writer.people.let(total(x), "原子") for _, x in sorted(parts.items())]
        whole = total([*sums, fixed])
        made[f"原子{i // PACKED + 1}"] = big(number(whole) if isinstance(whole, int) else whole)
    return made


def _digit(t: Truth, place: int) -> tuple[int, Any]:
    """What a truth's two bits are at least, and what comes to that (None: nothing).

    In a DOUBLE, where whole numbers of so few bits are exact: no sum of it is asked whether it is too large.
    """
    no, yes, open_ = (d << 2 * place for d in (1, 2, 3))
    if const_truth(t):
        return open_ if t is None else yes if t else no, None
    more = binary(exp.Mul, exp.cast(exp.cast(own(t), "int"), "double"), exp.cast(number(no), "double"))
    return no, more if full(t) else coalesce(more, exp.cast(number(yes), "double"))
