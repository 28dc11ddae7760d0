"""Rungs of one ladder in different provisions: bounds of one quantity that meet at a value, or leave it out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import combinations
from typing import Final

import z3
from attrs import frozen

from .. import model as m
from .. import values as v
from ..diagnostics import Diagnostic, found
from ..language.keywords import LANGUAGES
from ..language.numerals import write_date, write_quantity
from ..values import NO, YES
from . import terms as t
from .asking import Claim
from .encode import Encoding
from .survey import Finding, Place, Survey, name_of, note
from .terms import Bool

# A provision, and one outcome of it.
Ruled = tuple[m.Rule, m.Option]

_BARS: Final = ("must_not", "should_not")


@frozen(eq=False)
class Bound:
    """Where a condition says of a quantity that it is at least, or at most (*upper*), a value; both in whole steps."""

    condition: m.Expr
    quantity: m.Expr
    last: int
    upper: bool


def rungs(survey: Survey) -> Iterator[Finding]:
    """Pairs of provisions that lead to effects of one group, each on one side of a value: both at it, or neither."""
    groups: dict[tuple[str, str | None], list[Ruled]] = {}
    for rule in survey.rules():
        for o in rule.options:
            effect = survey.policy.shape.effects.get(o.effect)
            if effect is not None and o.flag not in _BARS:
                groups.setdefault((effect.group, rule.list), []).append((rule, o))
    done: set[frozenset[str]] = set()
    for ladder in groups.values():
        bounds = {id(o): tuple(_bounds(o.fires)) for _, o in ladder}
        for one, two in combinations(ladder, 2):
            pair = frozenset((one[0].name, two[0].name))
            for low in bounds[id(one[1])]:
                for high in bounds[id(two[1])] if len(pair) == 2 and pair not in done else ():
                    finding = _met(survey, ladder, (one, low), (two, high))
                    if finding is not None:
                        done.add(pair)
                        yield finding


def _met(survey: Survey, ladder: list[Ruled], one: tuple[Ruled, Bound], two: tuple[Ruled, Bound]) -> Finding | None:
    """What two bounds of one quantity, from opposite sides, make of the one value that is in both or in neither."""
    ((low_rule, low), (high_rule, high)) = (one, two) if one[1].upper else (two, one)
    if low.upper == high.upper or _same(low.quantity) != _same(high.quantity):
        return None
    if low.last == high.last:
        return _overlap(survey, low_rule, high_rule, (low, high))
    if low.last + 2 == high.last:
        return _hole(survey, ladder, (low_rule, low), (high_rule, high))
    return None


def _overlap(survey: Survey, one: Ruled, two: Ruled, bounds: tuple[Bound, Bound]) -> Finding | None:
    """Both apply to a record, and never but at that value."""
    (a, x), (b, y) = one, two
    at, layers = survey.of_rule(a), frozenset((a.layer, b.layer))
    here = _is(bounds[0].quantity, bounds[0].last)
    given = [survey.truth(x.fires, at.view), survey.truth(y.fires, at.view), *at.there, *survey.admitted(*layers)]
    if not survey.possible(*given) or survey.possible(*given, z3.Not(survey.truth(here, at.view))) is not False:
        return None
    both = (Claim(x.fires, YES, at.rows), Claim(y.fires, YES, at.rows))
    made = _told(survey, "A115", one, two, bounds, bounds[0].last)
    return Finding(made, survey.shown(both, *given), both, (*both, Claim(here, NO, at.rows)), layers)


def _hole(survey: Survey, ladder: list[Ruled], one: tuple[Ruled, Bound], two: tuple[Ruled, Bound]) -> Finding | None:
    """Neither applies to a record at that value, nor anything else of the group; but for its bound, each would."""
    ((a, x), low), ((b, y), high) = one, two
    at, layers = survey.of_rule(a), frozenset((a.layer, b.layer))
    here = _is(low.quantity, low.last + 1)
    every = {id(o.fires): o.fires for _, o in ladder}
    conditions = [
        survey.truth(here, at.view),
        *(z3.Not(survey.truth(e, at.view)) for e in every.values()),
        _but_for(survey, x.fires, low.condition, at),
        _but_for(survey, y.fires, high.condition, at),
        *at.there,
        *survey.admitted(*layers),
    ]
    if not survey.possible(*conditions):
        return None
    claims = (Claim(here, YES, at.rows), *(Claim(e, NO, at.rows) for e in every.values()))
    witness = survey.shown(claims, *conditions)
    made = _told(survey, "A134", (a, x), (b, y), (low, high), low.last + 1)
    return None if witness is None else Finding(made, witness, claims)


def _but_for(survey: Survey, fires: m.Expr, condition: m.Expr, at: Place) -> Bool:
    """That a provision would apply if one of its conditions held."""
    supposing = Encoding(survey.world)
    supposing.suppose(condition, t.TRUE, at.view)
    return supposing.truth(fires, at.view)


def _told(survey: Survey, code: str, one: Ruled, two: Ruled, bounds: tuple[Bound, Bound], value: int) -> Diagnostic:
    notes = [n for b in bounds for n in note(b.condition, "这一端", "this bound")]
    at = _value(bounds[0].quantity.type, value, survey)
    return found(code, name_of(one[0]), *notes, name=survey.named(one[0]), other=survey.named(two[0]), value=at)


def _value(type: v.Type, value: int, survey: Survey) -> str:
    if type.finite:
        return survey.named(type.options[value])
    if type.kind == "day":
        parts = datetime.date.fromordinal(value).timetuple()[:3]
        return "\t".join(write_date(parts, lang) for lang in LANGUAGES)
    return "\t".join(write_quantity(v.shown_number(value, type.unit), type.unit, lang) for lang in LANGUAGES)


# Bounds.


def _bounds(fires: m.Expr) -> Iterator[Bound]:
    """Every bound of a quantity that is asked anywhere in a condition of what is in view, and not of rows of lists."""
    for e in _outside_lists(fires):
        match e:
            case m.AtLeast(left=m.Constant(value=(a, b, False)), right=quantity) if a == b and abs(a) != v.INF:
                yield Bound(e, quantity, int(a) - e.strict, True)
            case m.AtLeast(left=quantity, right=m.Constant(value=(a, b, False))) if a == b and abs(a) != v.INF:
                yield Bound(e, quantity, int(a) + e.strict, False)
            case m.Is(part=quantity, options=options, alike=None) if quantity.type.ordered:
                yield from _of_order(e, quantity, options)


def _of_order(e: m.Is, quantity: m.Expr, options: int) -> Iterator[Bound]:
    """A rank and all above it, or all below."""
    every, lowest = (1 << len(quantity.type.options)) - 1, (options & -options).bit_length() - 1
    if options and options != every and options | ((1 << lowest) - 1) == every:
        yield Bound(e, quantity, lowest, False)
    if options and options != every and options & (options + 1) == 0:
        yield Bound(e, quantity, options.bit_length() - 1, True)


def _outside_lists(e: m.Expr) -> Iterator[m.Expr]:
    stack, seen = [e], set[int]()
    while stack:
        x = stack.pop()
        if id(x) not in seen:
            seen.add(id(x))
            yield x
            stack += () if isinstance(x, m.Fold) else m.parts(x)


def _same(e: m.Expr) -> object:
    """What is the same of two expressions that ask the same: a name, or how it is written."""
    match e:
        case m.Fact(name=name, moment=moment):
            return "fact", name, None if moment is None else _same(moment)
        case m.Field(list=of, name=name, slot=slot):
            return "field", of, name, slot
        case m.Named(name=name, slots=slots):
            return "named", name, slots
        case m.DecisionDay():
            return "today"
    return e.source


def _is(quantity: m.Expr, value: int) -> m.Expr:
    """That a quantity is a value."""
    type, slots = quantity.type, quantity.slots
    if type.finite:
        return m.Is(part=quantity, options=1 << value, slots=slots)
    return m.Equal(left=quantity, right=m.Constant(value=v.point(value), type=type), slots=slots)
