"""What is missing of whom, as one statement over the cells: of everybody whose conclusions are not all settled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from attrs import frozen
from sqlglot import exp

from .. import model as m
from ..decide import Question
from ..leaves import Item
from .asking import Asking, Mirror
from .cells import PEOPLE, ROW, STATES, Cell, Layout, N
from .columns import NotColumnar
from .levels import selects, statement, table
from .running import carry_out
from .sql import case, coalesce, column, eq, number, or_, truth
from .statement import Refused, said

AMONG: Final = "未定"
LACKING: Final = "所缺"
ITEM: Final = "缺"
KIND: Final = "态"


@frozen(eq=False)
class Missing:
    """What is missing, in set operations.

    *statement* gives, for the persons in the relation `未定` (n), rows of n, 缺 and 态: that an item (by its number in
    *items*) is missing, and why; of a list, once for all its rows. They are a decision's gaps where no reading (one of
    *readings*, by number) is among them: what else is missing may turn on how it is read. *cells* are what it reads;
    of the effects in *refused* it says nothing.
    """

    policy: m.Policy
    question: Question
    layout: Layout
    statement: exp.Select
    items: tuple[Item, ...]
    cells: tuple[Cell, ...]
    refused: tuple[Refused, ...]

    @property
    def readings(self) -> frozenset[int]:
        return frozenset(i.number for i in self.items if i.kind == "reading")

    def sql(self, dialect: str = "duckdb") -> str:
        """The statement as a dialect has it."""
        return said(self.statement, dialect)


def missing(policy: m.Policy, question: Question, layout: Layout | None = None, gated: bool = False) -> Missing:
    """What is missing for a policy's conclusions under a question, for cells laid out so; *gated*: only for those that
    a cell beside them (`仍·` and the effect) says are still open."""
    roots: tuple[m.Expr, ...] = tuple(x for w in policy.verdicts for x in (w.person, *w.elements.values()))
    writer = Asking(policy, question, layout or Layout(), roots, gated)
    refused: list[Refused] = []
    for w in policy.verdicts:
        try:
            writer.conclusions(w)
        except NotColumnar as error:
            refused.append(Refused(w.effect, str(error)))
    writer.follow()
    told = tuple(writer.items.values())
    whole = statement([*writer.charts.items(), *_parts(writer)], _lacking(writer, told))
    return Missing(policy, question, writer.layout, whole, told, tuple(writer.cells.values()), tuple(refused))


def lacking(connection: Any, asked: Missing, result: str = LACKING) -> str:
    """Makes the relation of what is missing, in a DuckDB connection with the cells and `未定`."""
    carry_out(connection, asked.statement, result)
    return result


def _parts(writer: Asking) -> Iterable[tuple[str, exp.Expression]]:
    """The values, then the wants, of those persons only."""
    parts = dict(selects(writer.people))
    for mirror in writer.mirrors.values():
        if mirror.of.last(mirror.of.segments) not in parts:
            parts |= dict(selects(mirror.of))
    for select in parts.values():
        source = select.find(exp.From)
        assert isinstance(select, exp.Select) and source is not None
        if source.this.name not in parts and source.this.name:
            among = exp.select(column(N)).from_(table(AMONG))
            select.where(exp.In(this=column(N, "c"), query=exp.Subquery(this=among)), copy=False)
    for mirror in writer.mirrors.values():
        if mirror.last(mirror.segments) not in parts:
            parts |= dict(selects(mirror))
    return parts.items()


def _lacking(writer: Asking, told: tuple[Item, ...]) -> exp.Select:
    """Every item that is missing of a person, with why."""
    found: dict[int, tuple[Mirror, list[Any]]] = {}
    for mirror, item, wants in writer.missing.values():
        there = case((or_(*wants), number(item.number)))
        found.setdefault(id(mirror), (mirror, []))[1].append(there)
    ways = [_numbers(mirror, wanted) for mirror, wanted in found.values()]
    every: Any = ways[0] if ways else _nobody()
    for way in ways[1:]:
        every = exp.Union(this=every, expression=way, distinct=False)
    keyed = exp.Values(
        expressions=[
            exp.Tuple(
                expressions=[
                    number(i.number),
                    exp.Literal.string((i.list or PEOPLE) if i.name else ""),
                    exp.Literal.string(i.name),
                    exp.Literal.string(i.kind),
                ]
            )
            for i in told
        ],
        alias=_alias("k", (ITEM, "清单", "项目", KIND)),
    )
    state = exp.and_(
        eq(column(N, "s"), column(N, "w")), eq(column("行", "s"), column(ROW, "w")),
        *(eq(column(x, "s"), column(x, "k")) for x in ("清单", "项目")),
    )  # fmt: skip
    kind = exp.alias_(coalesce(column(KIND, "s"), column(KIND, "k")), KIND, quoted=True)
    return (
        exp.select(column(N, "w"), column(ITEM, "w"), kind)
        .distinct()
        .from_(exp.Subquery(this=every, alias=_alias("w")))
        .join(keyed, on=eq(column(ITEM, "k"), column(ITEM, "w")))
        .join(table(STATES, "s"), on=state, join_type="left")
    )


def _numbers(mirror: Mirror, wanted: list[Any]) -> exp.Select:
    """The numbers of what is wanted on a level, a row each."""
    row = column(ROW) if mirror.outer is not None else exp.alias_(number(-1), ROW, quoted=True)
    each = exp.alias_(exp.Explode(this=exp.Array(expressions=wanted)), ITEM, quoted=True)
    return exp.select(column(N), row, each).from_(table(mirror.last(mirror.segments)))


def _nobody() -> exp.Select:
    return (
        exp.select(column(N), exp.alias_(number(-1), ROW, quoted=True), exp.alias_(number(-1), ITEM, quoted=True))
        .from_(table(AMONG))
        .where(truth(False))
    )


def _alias(name: str, columns: Iterable[str] = ()) -> exp.TableAlias:
    return exp.TableAlias(
        this=exp.to_identifier(name, quoted=True), columns=[exp.to_identifier(c, quoted=True) for c in columns]
    )
