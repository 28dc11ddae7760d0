"""The whole of a comparison in one tongue: what it comes to first, then the provisions, the records and the persons."""

from __future__ import annotations

from attrs import frozen

from ..comparison.compared import Compared
from .comparison import Part, Telling
from .comparison_people import People
from .comparison_proof import Proving


@frozen(eq=False)
class Whole:
    """A comparison as every form of output shows it; *people* tells the persons, where there are any."""

    telling: Telling
    parts: tuple[Part, ...]
    people: People | None

    @property
    def title(self) -> str:
        return self.telling.title


def whole(compared: Compared, lang: str, masked: bool = False, all_records: bool = True, all_: bool = False) -> Whole:
    """*masked*: nothing that may tell who a person is. *all_records*, *all_*: no record, no row is left out for being
    one of many."""
    telling = Telling(compared, lang)
    proving = None if compared.proof is None else Proving(telling, compared.proof, all_records)
    people = None if compared.population is None else People(telling, compared.population, masked, all_)
    parts = [telling.head(), telling.overview()]
    parts += [proving.verdicts()] if proving is not None else []
    parts += [people.standing(), people.groups(), people.effects()] if people is not None else []
    parts += telling.provisions()
    parts += [proving.differences()] if proving is not None else []
    parts += [people.matrices(), people.reasons(), people.missing(), people.persons()] if people is not None else []
    return Whole(telling, tuple(p for p in parts if p.notes or p.tables), people)
