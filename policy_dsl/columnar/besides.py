"""What a decision tells besides its conclusions, in columns: which options arise, amounts, periods, days and stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import frozen
from sqlglot import exp

from .. import model as m
from .. import values as v
from ..decide import Question
from ..details import Detail
from .cells import ID, ROW, Cell, Layout, N
from .columns import NotColumnar, View
from .levels import Level, selects, statement, table
from .sql import column, or_, own, perhaps
from .terms import WORD, Mask, Span, Term, as_sql, is_truth, words_of
from .verdicts import Judging


@frozen(eq=False)
class Told:
    """A detail, and the columns that hold it: a truth as BOOLEAN, another class as words of a mask, what is ordered as
    its ends and whether it is 无; *where*: the column that says whether it is told."""

    detail: Detail
    name: str

    @property
    def where(self) -> str:
        return f"{self.name}·述"

    @property
    def columns(self) -> tuple[str, ...]:
        type = self.detail.node.type
        if is_truth(type):
            return (self.name,)
        if type.finite:
            return tuple(f"{self.name}·{i + 1}" for i in range(words_of(type)))
        return tuple(f"{self.name}·{end}" for end in ("低", "高", "无"))

    @property
    def kinds(self) -> tuple[str, ...]:
        """What each column holds, in DuckDB's words."""
        type = self.detail.node.type
        if is_truth(type):
            return ("BOOLEAN",)
        end = "VARCHAR" if type.kind == "text" else "BIGINT"
        return ("BIGINT",) * len(self.columns) if type.finite else (end, end, "BOOLEAN")

    def value(self, cells: Sequence[Any]) -> v.Value:
        """What the columns hold, as what it may still be; an end that is not there is as far as it can be."""
        type = self.detail.node.type
        if is_truth(type):
            return v.UNKNOWN if cells[0] is None else v.YES if cells[0] else v.NO
        if type.finite:
            return int(sum(word << WORD * i for i, word in enumerate(cells)))
        if cells[2]:
            return type.none
        first, last = v.TOP_TEXT if type.kind == "text" else (-v.INF, v.INF)
        low, high = (first if cells[0] is None else cells[0], last if cells[1] is None else cells[1])
        return low, high, cells[2] is None


@frozen(eq=False)
class Telling:
    """The statement of what rules of the person tell (list None), or of the rows of one list: n (row, 编号), and the
    columns of everything *told*; *refused* names what has no columnar form, and why."""

    list: str | None
    select: exp.Select
    told: tuple[Told, ...]
    refused: tuple[tuple[Detail, str], ...]
    cells: tuple[Cell, ...]


def tellings(
    policy: m.Policy, question: Question, asked: Iterable[Detail], layout: Layout | None = None
) -> dict[str | None, Telling]:
    """Of what is *asked* under a question, by the list it is of; without a *layout*, for any cells."""
    by: dict[str | None, list[Detail]] = {}
    for x in asked:
        by.setdefault(x.rule.list, []).append(x)
    return {of: _telling(policy, question, layout or Layout(), of, things) for of, things in by.items()}


def _telling(policy: m.Policy, question: Question, layout: Layout, of: str | None, things: Sequence[Detail]) -> Telling:
    roots = tuple(dict.fromkeys(e for x in things for e in (x.node, *x.where)))
    writer = Judging(policy, question, layout, roots)
    level = writer.people
    if of is not None:
        level = writer.child(writer.people, of, 0, 1 + max(writer.wait(e, -1) for e in roots))
    made: list[Told] = []
    refused: list[tuple[Detail, str]] = []
    columns: list[Any] = []
    for i, x in enumerate(things):
        told = Told(x, f"{x.rule.name}·{i}")
        try:
            where = or_(*(perhaps(writer.truth(e, level, View())) for e in x.where))
            cells = [*_columns(told, writer.code(x.node, level, View())), _named(where, told.where)]
        except NotColumnar as error:
            refused.append((x, str(error)))
            continue
        made.append(told)
        columns += cells
    level.cell(ID)
    keys = [column(N), column(ID)] if of is None else [column(N), column(ROW), column(ID)]
    parts = list(_parts(writer, level))
    final = exp.select(*keys, *columns, copy=False).from_(table(level.last(level.segments)), copy=False)
    listed = True if of is None else writer.listed(level, of)
    whole = statement(parts, final if listed is True else final.where(listed, copy=False))
    return Telling(of, whole, tuple(made), tuple(refused), tuple(writer.cells.values()))


def _parts(writer: Judging, level: Level) -> Iterator[tuple[str, exp.Expression]]:
    yield from writer.charts.items()
    if level is not writer.people and level.imports:
        yield from selects(writer.people, level.wait - 1)
    yield from selects(level)


def _columns(x: Told, term: Term) -> Iterator[Any]:
    """A term as the columns of what it is told of."""
    parts: tuple[Any, ...] = (term,)
    if isinstance(term, Mask):
        parts = term.words
    elif isinstance(term, Span):
        parts = term.low, term.high, term.none
    for name, part in zip(x.columns, parts, strict=True):
        yield _named(part, name)


def _named(part: Any, name: str) -> Any:
    e = exp.Boolean(this=part) if isinstance(part, bool) else as_sql(part)
    return exp.alias_(own(e), name, quoted=True, copy=False)
