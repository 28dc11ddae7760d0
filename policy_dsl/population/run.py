"""One run over a population: everybody decided and counted, the result written, what run it was."""

from __future__ import annotations

import datetime
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .. import __version__
from .. import model as m
from ..report.words import Wording
from ..rosters import Aside, table_digest
from ..rosters.forms import unusable
from . import tables as t
from .outcome import Outcome, Population, atoms_of
from .rates import Rates
from .results import Result

Watch = Callable[[Iterator[Outcome | Aside]], Iterator[Outcome | Aside]]


def run(
    population: Population, rates: Rates, tables: t.Tables, result: Result | None, regime: str, watch: Watch = iter
) -> dict[str, Any]:
    """Decides everybody once; what run it was, as its result says it. *regime* is the name of the policy's folder."""
    source = population.table.path
    digest = table_digest(source)
    aside = 0
    for x in watch(population.outcomes()):
        if isinstance(x, Aside):
            aside += 1
            for row in tables.aside(x) if result is not None else ():
                _add(result, t.ASIDE, row)
            continue
        rates.add(x)
        if result is not None:
            result.add(t.PERSONS, tables.person(x))
            for row in tables.elements(x):
                result.add(t.ELEMENTS, row)
    if table_digest(source) != digest:
        raise unusable(source, "正在读时被改动了，请再运行一次\tit was changed while it was being read; run again")
    about = _about(population, rates, regime, digest, aside)
    if result is not None:
        for name, rows in (
            (t.GROUPS, rates.group_rows()), (t.RATES, rates.rate_rows()), (t.MISSING, rates.missing_rows()),
        ):  # fmt: skip
            for row in rows:
                result.add(name, row)
        result.finish({**about, "table": {"path": _beside(source, result.path), "digest": digest}})
    return about


def _add(result: Result | None, table: str, row: t.Row) -> None:
    if result is not None:
        result.add(table, row)


def _about(population: Population, rates: Rates, regime: str, digest: str, aside: int) -> dict[str, Any]:
    policy, q = population.policy, population.question
    decided, persons = sum(rates.decided.values()), sum(rates.persons.values())
    return {
        "regime": regime,
        "name": policy.name,
        "name_en": policy.english,
        "policy_digest": policy.digest,
        "above": {x.name: x.digest for x in population.regime.above},
        "engine": population.engine,
        "left_to_interpreter": {x.effect: x.what for x in population.judge.left},
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
        "set_aside": aside,
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
