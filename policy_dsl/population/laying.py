"""Batches of persons as cells in a connection: by SQL where their tables are plain, else from records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, Final

from attrs import frozen

from .. import model as m
from ..columnar import Staged
from ..columnar.cells import PEOPLE, Cell, Layout
from ..record import Record
from ..rosters import Aside
from ..staging import Batch as Part
from ..staging import Laid, Raw
from .outcome import Population

# So many persons are in the connection at once; so many records are held, or read, at once.
_PART: Final = 100_000
_HELD: Final = 20_000
_READ: Final = 1_000


@frozen(eq=False)
class Batch:
    """Persons to be laid out, by *lay* unless they are: in which layout, everybody in order, how many of them have a
    record, who has none, how many of them were read as records, and the records of those asked for."""

    lay: Callable[[], None]
    layout: Layout
    everybody: Iterable[Record | Aside]
    sound: int
    aside: Sequence[Aside]
    read: int
    records: Callable[[Sequence[int]], Iterator[tuple[int, Record]]]


def facts_of(policy: m.Policy, by: Sequence[str]) -> list[Cell]:
    """The cells of facts that persons are grouped by."""
    return [Cell(PEOPLE, "fact", name, policy.shape.facts[name].type) for name in by]


def read(population: Population, base: Any, cells: Sequence[Cell], layout: Layout) -> Iterator[Batch]:
    """Everybody, each read as a record."""
    persons = iter(population.table)
    while some := list(islice(persons, _HELD)):
        yield _batch(population, base, layout, cells, some)


def of_tables(population: Population, base: Any, raw: Raw, cells: Sequence[Cell], layout: Layout) -> Iterator[Batch]:
    """Everybody, laid out by SQL; read as a record only whom SQL cannot read, or who is asked for."""
    for part in Laid(raw, population.regime, population.asked, cells, layout, base).batches(_PART):
        aside = [x for x in part.left.values() if isinstance(x, Aside)]
        everybody = range(part.first, part.first + part.size)
        persons = _each(raw, part.left, everybody)
        sound, read = part.size - len(aside), len(part.left) - len(aside)
        yield Batch(_nothing, layout, (x for _, x in persons), sound, aside, read, partial(_sound, raw, part))


def _sound(raw: Raw, part: Part, wanted: Sequence[int]) -> Iterator[tuple[int, Record]]:
    return ((n, x) for n, x in _each(raw, part.left, wanted) if isinstance(x, Record))


def _each(raw: Raw, left: Mapping[int, Record | Aside], wanted: Sequence[int]) -> Iterator[tuple[int, Record | Aside]]:
    """The persons of some places, read unless they are already."""
    for i in range(0, len(wanted), _READ):
        some = wanted[i : i + _READ]
        read = dict(raw.read([n for n in some if n not in left]))
        yield from ((n, left[n] if n in left else read[n]) for n in some)


def _nothing() -> None:
    """What is laid out already."""


def _batch(
    population: Population, base: Any, layout: Layout, cells: Sequence[Cell], some: Sequence[Record | Aside]
) -> Batch:
    records = [x for x in some if isinstance(x, Record)]
    aside = [x for x in some if isinstance(x, Aside)]

    def lay() -> None:
        staged = Staged(population.policy, population.asked, [population.given(x) for x in records])
        staged.put(base, cells, layout)

    sound = len(records)
    return Batch(lay, layout, some, sound, aside, sound, lambda wanted: ((n, records[n]) for n in wanted))


_ARROW: Final = {"BIGINT": "int64", "VARCHAR": "string", "BOOLEAN": "bool_"}


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
