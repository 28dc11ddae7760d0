"""The terms of the solver and what the operators of the language do to them, parallel to `values.py`.

A truth is a Bool; a value of a finite type an Int, the number of its option, 无 the number after the last; a value of
an ordered type an Int beside a Bool that it is 无. There is no unknown here: what nobody knows is a variable.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Final

import z3
from attrs import frozen

from .. import model as m
from ..calendar_days import LAST_DAY
from ..values import INF, SCALE, Range, Type

# z3 has no types of its own: a Bool, an Int.
Bool = Any
Int = Any

# An endless day or number, where a policy writes one.
ENDLESS: Final = 10**16
# The most a number may be, in whole units.
MOST: Final = 10**12

TRUE: Final = z3.BoolVal(True)
FALSE: Final = z3.BoolVal(False)


@frozen(eq=False)
class Ordered:
    """A number, day or text as a whole number, and whether it is 无."""

    at: Int
    none: Bool


Term = Any  # Bool, Int or Ordered


def both(parts: Iterable[Bool]) -> Bool:
    """Every one of several."""
    kept = [p for p in parts if not z3.is_true(p)]
    if any(z3.is_false(p) for p in kept):
        return FALSE
    return z3.And(kept) if len(kept) > 1 else kept[0] if kept else TRUE


def either(parts: Iterable[Bool]) -> Bool:
    """Any one of several."""
    kept = [p for p in parts if not z3.is_false(p)]
    if any(z3.is_true(p) for p in kept):
        return TRUE
    return z3.Or(kept) if len(kept) > 1 else kept[0] if kept else FALSE


def no(part: Bool) -> Bool:
    return FALSE if z3.is_true(part) else TRUE if z3.is_false(part) else z3.Not(part)


def when(condition: Bool, then: Any, otherwise: Any) -> Any:
    if z3.is_true(condition):
        return then
    if z3.is_false(condition):
        return otherwise
    return z3.If(condition, then, otherwise)


def choose(condition: Bool, then: Term, otherwise: Term) -> Term:
    if isinstance(then, Ordered):
        return Ordered(when(condition, then.at, otherwise.at), when(condition, then.none, otherwise.none))
    return when(condition, then, otherwise)


def truth(term: Term) -> Bool:
    """A yes-or-no answer as a truth."""
    return term if z3.is_bool(term) else term == 1


def index(term: Term) -> Int:
    """A truth as a yes-or-no answer."""
    return when(term, z3.IntVal(1), z3.IntVal(0)) if z3.is_bool(term) else term


def among(term: Int, options: int) -> Bool:
    """Whether the number of an option is one of a mask's; options that stand together are one range."""
    runs: list[Bool] = []
    start = 0
    while options >> start:
        if not options >> start & 1:
            start += 1
            continue
        end = start
        while options >> end + 1 & 1:
            end += 1
        runs.append(term == start if start == end else z3.And(term >= start, term <= end))
        start = end + 1
    return either(runs)


def point(value: int, none: bool = False) -> Ordered:
    return Ordered(z3.IntVal(value), z3.BoolVal(none))


NONE: Final = point(0, True)


def bound(x: float) -> int:
    """An end of a range as a whole number."""
    return ENDLESS if x == INF else -ENDLESS if x == -INF else int(x)


def inside(term: Ordered, value: Range) -> Bool:
    """Whether an ordered value is what a range says it may be."""
    low, high, none = value
    if low > high:
        return term.none
    limits = [term.at >= bound(low)] if low != -INF else []
    limits += [term.at <= bound(high)] if high != INF else []
    return either((term.none, both(limits))) if none else both((no(term.none), *limits))


def at_least(a: Ordered, b: Ordered, strict: bool) -> Bool:
    return both((no(a.none), no(b.none), a.at > b.at if strict else a.at >= b.at))


def equal(a: Ordered, b: Ordered) -> Bool:
    return both((no(a.none), no(b.none), a.at == b.at))


def add(parts: Sequence[Ordered]) -> Ordered:
    return Ordered(z3.Sum([p.at for p in parts]), either(p.none for p in parts))


def extreme(parts: Sequence[Ordered], most: bool) -> Ordered:
    """The greatest or the least of several; 无 only where all are."""
    result = parts[0]
    for p in parts[1:]:
        better = p.at > result.at if most else p.at < result.at
        taken = both((no(p.none), either((result.none, better))))
        result = Ordered(when(taken, p.at, result.at), both((p.none, result.none)))
    return result


def count(parts: Iterable[Bool]) -> Int:
    found = [when(p, z3.IntVal(1), z3.IntVal(0)) for p in parts if not z3.is_false(p)]
    return z3.Sum(found) if found else z3.IntVal(0)


# The calendar. Years run from March, so that the leap day ends one: a month is a cycle of four years, the year in it
# (0 to 3) and the month in that (0 is March). Split so, a date is found by cases, and never by division.

_BEFORE: Final = (0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337)
_LENGTHS: Final = (31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29)
_SINCE: Final = datetime.date(2000, 3, 1).toordinal() - (365 * 2000 + 500 - 15)


@frozen(eq=False)
class Month:
    """A month of the calendar."""

    cycle: Int
    year: Int
    month: Int

    @property
    def within(self) -> Bool:
        return z3.And(self.year >= 0, self.year <= 3, self.month >= 0, self.month <= 11)

    @property
    def number(self) -> Int:
        """How many months after that in which the calendar begins."""
        return 48 * self.cycle + 12 * self.year + self.month

    @property
    def first_day(self) -> Int:
        year = 4 * self.cycle + self.year
        centuries = z3.If(z3.And(year >= 1900, year < 2100), z3.IntVal(-15), year / 400 - year / 100)
        return 1461 * self.cycle + 365 * self.year + listed(_BEFORE, self.month) + centuries + _SINCE

    @property
    def length(self) -> Int:
        """How many days it has."""
        year = 4 * self.cycle + self.year + 1
        century = z3.And(z3.Or(year <= 1900, year >= 2100), year % 100 == 0, year % 400 != 0)
        short = z3.And(self.month == 11, z3.Or(self.year != 3, century))
        return z3.If(short, z3.IntVal(28), listed(_LENGTHS, self.month))

    @property
    def of_year(self) -> Int:
        """The calendar year it lies in."""
        return 4 * self.cycle + self.year + z3.If(self.month >= 10, z3.IntVal(1), z3.IntVal(0))


@frozen(eq=False)
class Date:
    """A day of the calendar: its month, and which day of it."""

    month: Month
    day: Int

    def of(self, number: Int) -> Bool:
        """Whether it is the day of a number."""
        inside = z3.And(self.month.within, self.day >= 1, self.day <= self.month.length)
        return z3.And(inside, number == self.month.first_day + self.day - 1)

    def moved(self, target: Month, overflow: Bool) -> Int:
        """The day in another month; where that is too short, its last, or the first of the next; outside the calendar
        its first or its last day."""
        last = target.length
        found = target.first_day + when(self.day <= last, self.day - 1, when(overflow, last, last - 1))
        number = target.number
        return when(number < 10, z3.IntVal(1), when(number > 12 * 9999 + 9, z3.IntVal(LAST_DAY), found))


def listed(numbers: Sequence[int], place: Int) -> Int:
    """The number at a place of a list."""
    result = z3.IntVal(numbers[-1])
    for i in range(len(numbers) - 2, -1, -1):
        result = z3.If(place == i, z3.IntVal(numbers[i]), result)
    return result


def year_last_day(year: Int) -> Int:
    """31 December of a year; of a year outside the calendar, of the first or the last."""
    year = when(year < 1, z3.IntVal(1), when(year > 9999, z3.IntVal(9999), year))
    return 365 * year + year / 4 - year / 100 + year / 400


# What rules make of an effect together, parallel to `model.status_of`.


def status(flags: dict[str, Bool]) -> Int:
    """The number of the status that the flags give, in the order of STATUSES."""

    def has(*names: str) -> Bool:
        return either(flags.get(n, FALSE) for n in names)

    ladder: list[tuple[str, Bool]] = [
        ("conflict", either((has("conflict"), both((has("must_not"), has("must", "waivable")))))),
        ("must_not", has("must_not")),
        *((s, has(s)) for s in ("must", "principle_must", "generally_must", "basically_must")),
        ("must_waivable", has("waivable")),
        *((name, has(flag)) for flag, name in m.CHOICES.values()),
        ("may_unadvised", both((has("may"), has("should_not")))),
        ("may", has("may")),
        ("should_not", has("should_not")),
    ]
    result = z3.IntVal(m.STATUSES.index("silent"))
    for name, condition in reversed(ladder):
        result = when(condition, z3.IntVal(m.STATUSES.index(name)), result)
    return result


def strongest(terms: Sequence[Int]) -> Int:
    """The strongest of several statuses."""
    result = terms[0]
    for t in terms[1:]:
        result = when(strength(t) > strength(result), t, result)
    return result


def strength(term: Int) -> Int:
    """How strong a status is, from weak to strong."""
    result = z3.IntVal(0)
    for i, name in enumerate(m.STATUSES):
        if (rank := m.STRENGTH.index(name)) != 0:
            result = when(term == i, z3.IntVal(rank), result)
    return result


def most_of(type: Type) -> int:
    """The greatest number a variable of a type may be."""
    return MOST * SCALE.get(type.unit, 1)
