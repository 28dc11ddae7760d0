"""Advice on what a provision says beside what the register says of its source: its force, its numbers, its days.

What the register says is in somebody's own words and may leave things out: only where it speaks of a thing of the same
kind, and never of this one, is it told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Final

from attrs import frozen

from .. import model as m
from ..diagnostics import Diagnostic, found
from ..language import syntax as s
from ..language.keywords import LANGUAGES, clause_word
from ..language.numerals import Date, Quantity, read_date, read_quantity, write_date, write_quantity
from ..language.references import cites, within
from ..language.source import Span
from ..register import MODALITIES, Provision
from .clauses import MODAL
from .scope import cited

# What a provision says of an effect, clause by clause, in the words of the register.
_FORCE: Final = {**dict.fromkeys(MODAL, "must"), "may": "may", "must_not": "forbid", "should_not": "forbid"}
_FORCES: Final = frozenset(_FORCE.values())
# What encodes no provision, or only asks something of the others.
_APART: Final = ("case", "note", "vocabulary", "property")


def agreement(policy: m.Policy, own: frozenset[str]) -> Iterator[Diagnostic]:
    """Advice on the texts named in *own*."""
    theirs = [d for d in policy.declarations if d.span.source.name in own and d.kind not in _APART]
    yield from _forces([x for d in theirs for x in (d, *d.stages)], policy)
    for d in theirs:
        yield from _numbers(d, policy)


# Its force.


@frozen(eq=False)
class _Spoken:
    """A declaration, its clauses by their force, and the provisions it rests on of which the register says a force."""

    name: s.Name
    clauses: dict[str, s.Clause]
    provisions: tuple[Provision, ...]

    @property
    def said(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(x for p in self.provisions for x in p.modality))

    def agrees(self, said: Iterable[str]) -> bool:
        """Whether it says one of these forces; where only a practice or the like is told of, does not only forbid."""
        forces = _FORCES & {*said}
        return bool(forces & self.clauses.keys()) if forces else bool(self.clauses.keys() - {"forbid"})


def _forces(every: list[s.Declaration], policy: m.Policy) -> Iterator[Diagnostic]:
    """What the source does not say, unless another provision that rests on the same says what the source does."""
    spoken = [x for d in every if (x := _spoken(d, policy)) is not None]
    for x in spoken:
        ids = {p.id for p in x.provisions}
        beside = (y for y in spoken if y is x or ids & {p.id for p in y.provisions})
        if not any(y.agrees(x.said) for y in beside):
            clause = next(iter(x.clauses.values()))
            here = _in_both(clause_word, clause.key)
            yield _told(policy, x.name, clause.span, x.provisions, here, [MODALITIES[key] for key in x.said])


def _spoken(d: s.Declaration, policy: m.Policy) -> _Spoken | None:
    clauses = {_FORCE[c.key]: c for c in d.clauses if isinstance(c, s.Clause) and c.key in _FORCE}
    provisions = tuple(p for id in cited(d) if (p := policy.provisions.get(id)) is not None and p.modality)
    return _Spoken(d.name, clauses, provisions) if d.name is not None and clauses and provisions else None


# Its numbers and days.

# A day of a month without its year, which is neither days nor months; half a year is six months.
_DAY_OF_YEAR: Final = re.compile(r"\d{1,2}月\d{1,2}日")
_HALF_A_YEAR: Final = "半年"
# The same length in a smaller unit: 一年 and 十二个月 agree.
_SMALLER: Final = {"years": ("months", 12), "weeks": ("days", 7)}


def _numbers(d: s.Declaration, policy: m.Policy) -> Iterator[Diagnostic]:
    """A number in a unit, or a day, other than all those of which the register speaks."""
    ids = dict.fromkeys(c.text for c in cites(d))
    provisions = [policy.provisions[id] for id in ids if id in policy.provisions]
    texts = [x for p in provisions for x in (p.zh, *(a.said.zh for a in p.ambiguities))]
    days = sorted({date for text in texts for date in _days(text)})
    numbers = sorted({n for text in texts for n in _quantities(text)}, key=_in_small)
    for e in within(d) if d.name is not None else ():
        here: tuple[str, ...] = ()
        if isinstance(e, s.Quantity) and e.number and e.unit != "number":
            number = e.number, e.unit
            alike = [n for n in numbers if _in_small(n)[0] == _in_small(number)[0]]
            if alike and _in_small(number) not in map(_in_small, alike):
                here, there = _in_both(write_quantity, *number), [_in_both(write_quantity, *n) for n in alike]
        elif isinstance(e, s.Date) and e.parts[2] and days and e.parts not in days:
            here, there = _in_both(write_date, e.parts), [_in_both(write_date, x) for x in days]
        if here and d.name is not None:
            yield _told(policy, d.name, e.span, provisions, here, there)


def _in_small(n: Quantity) -> tuple[str, Decimal]:
    small, factor = _SMALLER.get(n[1], (n[1], 1))
    return small, n[0] * factor


def _in_both(write: Callable[..., str], *value: object) -> tuple[str, ...]:
    return tuple(write(*value, lang) for lang in LANGUAGES)


def _days(text: str) -> Iterator[Date]:
    """The days of a text that are printed in full."""
    for at in range(len(text)):
        if (read := read_date(text, at, "zh")) is not None and read[1][2]:
            yield read[1]


def _quantities(text: str) -> Iterator[Quantity]:
    """The numbers of a text that have a unit."""
    text = _DAY_OF_YEAR.sub("", text.replace(_HALF_A_YEAR, write_quantity(Decimal(6), "months", "zh")))
    at = 0
    while at < len(text):
        date, quantity = read_date(text, at, "zh"), read_quantity(text, at, "zh")
        if date is None and quantity is not None and quantity[1][1] != "number":
            yield quantity[1]
        at = date[0] if date is not None else quantity[0] if quantity is not None else at + 1


def _told(
    policy: m.Policy,
    name: s.Name,
    span: Span,
    provisions: Iterable[Provision],
    here: tuple[str, ...],
    there: Iterable[tuple[str, ...]],
) -> Diagnostic:
    ids = [p.id for p in provisions]
    zh, en = zip(*dict.fromkeys(there), strict=True)
    return found(
        "P409",
        span,
        name=f"{name.text}\t{policy.lexicon.written(name.text, 'en')}",
        ids=f"{'、'.join(ids)}\t{', '.join(ids)}",
        here="\t".join(f"“{x}”" for x in here),
        there=f"{'、'.join(f'“{x}”' for x in zh)}\t{', '.join(f'“{x}”' for x in en)}",
    )
