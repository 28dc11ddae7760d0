"""A slip in a policy's texts, asked of every record: a case that tells it apart, or that none does within bounds."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from attrs import evolve

from .. import model as m
from .. import values as v
from ..decide import places
from ..explanation import Frame, LeafKey
from ..language import syntax as s
from ..language.keywords import DEFAULT_LAYERS
from ..model import STATUS
from ..shapes import COMPLETE, FINDINGS, ID, ROWS
from ..symbolic import terms as t
from ..symbolic.asking import Claim, Inquiry, Witness
from ..symbolic.encode import same_term
from ..symbolic.terms import Bool
from ..symbolic.world import Found
from ..trials.drafts import Cells, Draft, Line
from ..trials.hearing import Base, Place, verdict_of
from ..trials.mutants import Mutant
from ..trials.search import Hanging, Same, Telling, told_on

_SILENT: Final = m.STATUSES.index("silent")
# How many rows more each list may hold when none of few rows tells a slip apart.
_WIDER: Final = 2


def settled(base: Base, mutant: Mutant, seconds: float) -> Telling | Hanging | Same | None:
    """A record on which the mutant concludes something else, confirmed by the interpreter; what that hangs on, where no
    case can say it; or that there is none; None where nothing was settled in *seconds* for a question."""
    if _words(base.policy) != _words(mutant.policy):
        return None
    same: Same | None = None
    # Two counts of one list may need more rows together than either does.
    for more in (0, _WIDER):
        inquiry = Inquiry(base.policy, seconds, more, beside=(mutant.policy,))
        differs = t.either(_differing(base, mutant, inquiry))
        possible = inquiry.possible(differs) if _alike(inquiry) else None
        if possible is None:
            return same
        if possible:
            return _case(base, mutant, inquiry, differs, seconds) or _hanging(base, mutant, inquiry, differs)
        same = Same(inquiry.decided, {of: len(slots) for of, slots in inquiry.world.lists.items()})
    return same


def _case(base: Base, mutant: Mutant, inquiry: Inquiry, differs: Bool, seconds: float) -> Telling | None:
    """The record as a case; None where the interpreter does not confirm one, or none can be stated."""
    # The search looks for facts that changed; a case need not name the layers that are admitted anyway.
    stated = (differs, *_steady(inquiry))
    for conditions in ((*stated, *inquiry.admitted()), stated):
        for found in _found(inquiry, seconds, conditions):
            # It may differ in how far it is open, which no case states: then nothing is told.
            if (told := told_on(base, mutant, _draft(base.policy, found), seconds)) is not None:
                return told
    return None


def _hanging(base: Base, mutant: Mutant, inquiry: Inquiry, differs: Bool) -> Hanging | None:
    """What must be supposed of what the text does not say for the two to differ: as little as will do."""
    found = inquiry.found(differs, *inquiry.admitted()) or inquiry.found(differs)
    if found is None:
        return None
    frame = Frame(found.as_of, found.readings, found.layers, found.printed)
    made = Witness(found.raw(), frame, found.given)
    if (differing := _unlike(base, mutant, made)) is None:
        return None
    # Both texts call what they leave out by one name, and it is supposed of both or of neither.
    alike: dict[str, list[LeafKey]] = {}
    for key in made.given:
        alike.setdefault(str(inquiry.world.leaves[key][1]), []).append(key)
    for keys in alike.values():
        less = evolve(made, given={key: x for key, x in made.given.items() if key not in keys})
        if (still := _unlike(base, mutant, less)) is not None:
            made, differing = less, still
    things = dict.fromkeys(inquiry.world.leaves[key][0].name for key in made.given)
    return Hanging(tuple(things), *differing) if things else None


def _unlike(base: Base, mutant: Mutant, made: Witness) -> tuple[Place, int, int] | None:
    """The first place where the interpreter finds the two settled and different on a record, with what each says."""
    if (record := made.record(base.policy)) is None:
        return None
    for effect in mutant.effects:
        both = base.verdicts.get(effect), mutant.likeness.verdicts.get(effect)
        for of, row in dict.fromkeys(x for w in both if w is not None for x in places(w, record)):
            rows = () if of is None or row is None else ((of, row.id or ""),)
            masks = []
            for policy, w in zip((base.policy, mutant.policy), both, strict=True):
                verdict = verdict_of(w, of) if w is not None else None
                said = STATUS.option("silent") if verdict is None else made.value(policy, Claim(verdict, 0, rows))
                masks.append(0 if said is None else v.as_mask(said))
            if masks[0] != masks[1] and all(x and v.settled(x) for x in masks):
                return (effect, of, row), masks[0], masks[1]
    return None


def _found(inquiry: Inquiry, seconds: float, conditions: Sequence[Bool]) -> Iterator[Found]:
    """A record that is easy to read, as far as *seconds* go; then any."""
    if (first := inquiry.found(*conditions)) is None:
        return
    until, wanted = time.monotonic() + seconds, list(conditions)
    for wish in inquiry.wishes():
        if time.monotonic() < until and inquiry.possible(*wanted, wish):
            wanted.append(wish)
    if (plain := inquiry.found(*wanted)) is not None:
        yield plain
    yield first


def _words(policy: m.Policy) -> tuple[object, ...]:
    """What two policies must have in common to be asked about in the same words: types, and readings' alternatives."""
    shape = policy.shape
    return (
        {name: x.type for name, x in shape.facts.items()},
        {name: (x.date, {n: f.type for n, f in x.fields.items()}) for name, x in shape.lists.items()},
        {name: (x.list, x.type) for name, x in shape.findings.items()},
        {name: x.alternatives for name, x in policy.readings.items()},
    )


def _differing(base: Base, mutant: Mutant, inquiry: Inquiry) -> Iterator[Bool]:
    """For each effect, of the person and of each row, that the two give it another status."""
    for effect in mutant.effects:
        both = base.verdicts.get(effect), mutant.likeness.verdicts.get(effect)
        lists = dict.fromkeys(of for w in both if w is not None for of in w.elements)
        for of in (None, *lists):
            one, other = (verdict_of(w, of) if w is not None else None for w in both)
            for i, there in enumerate([t.TRUE] if of is None else [x.present for x in inquiry.world.slots(of)]):
                view = () if of is None else (i,)
                terms = [_SILENT if x is None else inquiry.encoding.term(x, view) for x in (one, other)]
                yield t.both((there, terms[0] != terms[1]))


def _alike(inquiry: Inquiry) -> bool:
    """Whether what the text leaves unsaid at one place may be the same to both: a slip may have changed how far it
    reaches, and one variable stands for it."""
    found: dict[str, tuple[v.Type, v.Value]] = {}
    for e, term in inquiry.world.leaves.values():
        own = e.type, e.type.top if isinstance(e, m.Unprinted) else e.top
        if found.setdefault(str(term), own) != own:
            return False
    return True


def _steady(inquiry: Inquiry) -> Iterator[Bool]:
    """That no fact changes."""
    for (_, first), *later in inquiry.world.facts.values():
        yield from (same_term(first, then) for _, then in later)


# What the solver found, as a draft of a case.


def _draft(policy: m.Policy, found: Found) -> Draft:
    shape, raw = policy.shape, found.raw()
    lists = {name: cell for name, cell in raw.items() if isinstance(cell, Mapping)}
    facts = tuple((n, (_cell(x, shape.facts[n].type),)) for n, x in raw.items() if n in shape.facts)
    rows = tuple(
        Line(of, _numbered(row[ID]), _cells(row, shape.lists[of])) for of, cell in lists.items() for row in cell[ROWS]
    )
    findings = tuple(
        (
            (f["所属"], _numbered(f["所属编号"])) if "所属" in f else None,
            f["问题"],
            _cell(f["答"], shape.findings[f["问题"]].type),
        )
        for f in raw.get(FINDINGS, ())
    )
    complete = tuple((of, None) for of, cell in lists.items() if cell.get(COMPLETE))
    chosen = {n: x for n, x in found.readings.items() if n in policy.readings}
    more = tuple(s.Word("LAYER", x) for x in sorted(found.layers - frozenset(DEFAULT_LAYERS)))
    others = (s.Clause("layer", more),) if more else ()
    return Draft(_day(found.as_of), facts, rows, findings, complete, chosen, others)


def _cells(row: Mapping[str, Any], shape: m.ListShape) -> Cells:
    return tuple((n, _cell(x, shape.fields[n].type)) for n, x in row.items() if n != ID)


def _numbered(id: str) -> s.Node:
    return s.Quantity(Decimal(id), "number")


def _cell(x: Any, type: v.Type) -> s.Node:
    """A value written plainly, as an author writes it."""
    if x == "无" and type.may_be_none:
        return s.Word("STATE", "not_applicable")
    if type.finite:
        yes_no = type.options == v.YES_NO.options
        return s.Word("TRUTH", "yes" if x == type.options[-1] else "no") if yes_no else s.Name(x)
    if type.kind == "day":
        return s.Date(_parts(datetime.date.fromisoformat(x)))
    return s.Quantity(Decimal(x), type.unit) if type.kind == "number" else s.Quote(x)


def _day(n: int) -> tuple[int, int, int]:
    return _parts(datetime.date.fromordinal(n))


def _parts(x: datetime.date) -> tuple[int, int, int]:
    return x.year, x.month, x.day
