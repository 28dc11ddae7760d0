"""Batches of persons as cells in a connection, with `名册` (n, 编号, 摘要) beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from attrs import frozen

from .. import model as m
from ..columnar import Staged
from ..columnar.cells import PEOPLE, Cell, Layout, N
from ..record import Record
from ..rosters import Aside
from .outcome import Population

# So many records are held at once.
_HELD: Final = 20_000


@frozen(eq=False)
class Batch:
    """Persons to be laid out: in which layout, everybody in order, how many of them have a record, who has none, and
    the records of those asked for."""

    lay: Callable[[], None]
    layout: Layout
    everybody: Iterable[Record | Aside]
    sound: int
    aside: Sequence[Aside]
    records: Callable[[Sequence[int]], Iterator[tuple[int, Record]]]


def facts_of(policy: m.Policy, by: Sequence[str]) -> list[Cell]:
    """The cells of facts that persons are grouped by."""
    return [Cell(PEOPLE, "fact", name, policy.shape.facts[name].type) for name in by]


def read(population: Population, base: Any, cells: Sequence[Cell], layout: Layout) -> Iterator[Batch]:
    """Everybody, each read as a record."""
    persons = iter(population.table)
    while some := list(islice(persons, _HELD)):
        yield _batch(population, base, layout, cells, some)


def _batch(
    population: Population, base: Any, layout: Layout, cells: Sequence[Cell], some: Sequence[Record | Aside]
) -> Batch:
    records = [x for x in some if isinstance(x, Record)]
    aside = [x for x in some if isinstance(x, Aside)]

    def lay() -> None:
        staged = Staged(population.policy, population.asked, [population.given(x) for x in records])
        staged.put(base, cells, layout)
        names = [(n, x.id, x.digest) for n, x in enumerate(records)]
        with given(base, {N: "BIGINT", "编号": "VARCHAR", "摘要": "VARCHAR"}, names) as rows:
            base.execute(f"CREATE OR REPLACE TEMP TABLE 名册 AS FROM {rows}")

    return Batch(lay, layout, some, len(records), aside, lambda wanted: ((n, records[n]) for n in wanted))


_ARROW: Final = {"BIGINT": "int64", "VARCHAR": "string"}


@contextmanager
def given(base: Any, heads: dict[str, str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Rows as a relation, for as long as it is used; its name."""
    import pyarrow as pa  # noqa: PLC0415

    columns = list(zip(*rows, strict=True)) or [()] * len(heads)
    arrays = [pa.array(c, getattr(pa, _ARROW[kind])()) for c, kind in zip(columns, heads.values(), strict=True)]
    base.register("所给", pa.table(arrays, names=list(heads)))
    try:
        yield "所给"
    finally:
        base.unregister("所给")
