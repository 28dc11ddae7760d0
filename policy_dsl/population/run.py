"""One run over a population: everybody decided and counted, the result written, what run it was."""

from __future__ import annotations

import datetime
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field

from .. import __version__
from .. import model as m
from ..diagnostics import side
from ..report.words import Wording
from ..rosters import Aside, table_digest
from ..rosters.forms import unusable
from . import tables as t
from .engines import ENGINES
from .outcome import Outcome, Population, atoms_of
from .rates import Rates
from .results import Result
from .working import working

if TYPE_CHECKING:
    from ..columnar.besides import Telling
    from .laying import Batch

# Passes on how many persons were decided, as the work goes on.
Watch = Callable[[Iterator[int]], Iterator[int]]


def run(
    population: Population, rates: Rates, tables: t.Tables, result: Result | None, regime: str, watch: Watch = iter
) -> dict[str, Any]:
    """Decides everybody once; what run it was, as its result says it. *regime* is the name of the policy's folder."""
    source = population.table.path
    digest = table_digest(source)
    made = _Made(population, rates, tables, result)
    changed = unusable(source, "正在读时被改动了，请再运行一次\tit was changed while it was being read; run again")
    try:
        for _ in watch(made.everybody()):
            pass
    except Exception as error:
        # What is half another table may fail anywhere.
        if _another(source, digest):
            raise changed from error
        raise
    if _another(source, digest):
        raise changed
    about = _about(population, made, regime, digest)
    if result is not None:
        for name, rows in (
            (t.GROUPS, rates.group_rows()), (t.RATES, rates.rate_rows()), (t.MISSING, rates.missing_rows()),
        ):  # fmt: skip
            for row in rows:
                result.add(name, row)
        result.finish({**about, "table": {"path": _beside(source, result.path), "digest": digest}})
    return about


def _another(source: Path, digest: str) -> bool:
    try:
        return table_digest(source) != digest
    except OSError:
        return True


@define
class _Made:
    """What a run adds up and writes."""

    population: Population
    rates: Rates
    tables: t.Tables
    result: Result | None
    aside: int = 0
    in_sets: int = 0
    read: int = 0
    why: Mapping[str, int] = field(factory=dict)
    left: Mapping[str, str] = field(factory=dict)

    def everybody(self) -> Iterator[int]:
        """So many more persons done, each time."""
        population = self.population
        sets = ENGINES[population.engine].sets
        if sets is None:
            for x in population.outcomes():
                self.one(x)
                yield 1
            return
        from .laying import Batch  # noqa: PLC0415
        from .sets import Sets  # noqa: PLC0415

        with working(self.result) as base, sets() as decide:
            made = Sets(population, self.tables, base, decide)
            self.left = {name: side(what, self.tables.lang) for name, what in made.formless.items()}
            for done in made.everybody():
                if isinstance(done, Batch):
                    self.batch(done, base, made.tellings)
                elif isinstance(done, int):
                    yield done
                else:
                    self.one(done)
                    yield 1
            self.in_sets, self.read, self.why = made.in_sets, made.read, made.why

    def one(self, x: Outcome | Aside) -> None:
        """One person."""
        if isinstance(x, Aside):
            self.aside += 1
            if self.result is not None:
                for row in self.tables.aside(x):
                    self.result.add(t.ASIDE, row)
            return
        self.rates.add(x)
        if self.result is not None:
            self.result.add(t.PERSONS, self.tables.person(x))
            for row in self.tables.elements(x):
                self.result.add(t.ELEMENTS, row)
            for told in self.population.told(x.record) if self.tables.details else ():
                self.result.add(t.DETAILS, self.tables.detail(x.record.id, *told))

    def batch(self, x: Batch, base: Any, tellings: Sequence[Telling]) -> None:
        """Everybody of a batch."""
        from .batches import counts, elements, persons  # noqa: PLC0415
        from .detailing import details  # noqa: PLC0415

        for one in x.aside:
            self.one(one)
        self.rates.add_all(counts(base, self.tables.policy, x.layout, self.rates.by))
        if self.result is not None:
            for part in persons(base, self.tables):
                self.result.put(t.PERSONS, part)
            for part in elements(base, self.tables):
                self.result.put(t.ELEMENTS, part)
            for part in details(base, self.tables, tellings) if tellings else ():
                self.result.put(t.DETAILS, part)


def _about(population: Population, made: _Made, regime: str, digest: str) -> dict[str, Any]:
    policy, q, rates = population.policy, population.question, made.rates
    decided, persons = sum(rates.decided.values()), sum(rates.persons.values())
    return {
        "regime": regime,
        "name": policy.name,
        "name_en": policy.english,
        "policy_digest": policy.digest,
        "above": {x.name: x.digest for x in population.regime.above},
        "engine": population.engine,
        "left_to_interpreter": dict(made.left),
        "decided_in_sets": made.in_sets,
        "read_one_by_one": made.read,
        "decided_by_interpreter": {why: n for why, n in sorted(made.why.items()) if n},
        "version": __version__,
        "as_of": _day(q.as_of),
        "known_as_of": _day(q.known_as_of),
        "layers": sorted(q.layers),
        "readings": dict(sorted(q.readings.items())),
        "readings_chosen_by": q.chosen_by,
        "atoms": {"count": len(atoms_of(policy)), "digest": atoms_digest(policy)},
        "group_by": list(rates.by),
        "persons": persons,
        "decided": decided,
        "undetermined": persons - decided,
        "set_aside": made.aside,
        "table": {"path": "", "digest": digest},
    }


def _day(n: int) -> str:
    return datetime.date.fromordinal(n).isoformat()


def _beside(source: Path, result: Path) -> str:
    """The way from where a result stands to the table it is of, so that both may be moved together."""
    try:
        return Path(os.path.relpath(source.resolve(), result.resolve().parent)).as_posix()
    except ValueError:  # on another drive there is none
        return source.name


def atom_names(policy: m.Policy) -> list[str]:
    """What each atom is: the place where it is written, and its words."""
    w = Wording(policy, "zh")
    return [f"{'' if a.source is None else a.source.span} {w.source(a)}".strip() for a in atoms_of(policy)]


def atoms_digest(policy: m.Policy) -> str:
    return hashlib.sha256("\n".join(atom_names(policy)).encode()).hexdigest()
