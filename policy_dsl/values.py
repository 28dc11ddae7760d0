"""The one notion of value: what something may still be.

A value of a finite type is a bit mask of the options still possible; a truth value is the mask of no (1) and yes (2),
so 3 is unknown. A value of an ordered type (number, day, text) is a triple (lowest, highest, may be 无). 无, does not
apply, is the bit above the options, or an empty range; comparisons with it are false. No value is ever empty.

Everything a lift does here is (a) monotone: less possible in, less possible out; (b) sound: each possible result is
among the results; (c) exact at points. From these follows that learning a fact never overturns a settled outcome.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from attrs import field, frozen

INF: Final = float("inf")
NO: Final = 1
YES: Final = 2
UNKNOWN: Final = 3

# An end of a range: a whole number or ±inf; for a text, the text itself.
Bound = Any
Range = tuple[Bound, Bound, bool]
Value = int | Range

NONE: Final[Range] = (INF, -INF, True)
TEXT_NONE: Final[Range] = ("\U0010ffff", "", True)
TOP_TEXT: Final = ("", "\U0010ffff")

# How many of the smallest unit make one: money in fen, points and plain numbers in thousandths, shares in hundredths
# of a percent. Nothing is ever a float.
SCALE: Final = {
    "times": 1, "days": 1, "working_days": 1, "weeks": 1, "months": 1, "years": 1, "yuan": 100, "points": 1000,
    "number": 1000, "percent": 100,
}  # fmt: skip
_NEVER_NEGATIVE: Final = frozenset(("times", "days", "working_days", "weeks", "months", "years"))


@frozen
class Type:
    """The type of a value: truth, finite (a class, or an order from low to high), number (with its unit), day, text."""

    kind: str
    name: str = ""
    options: tuple[str, ...] = ()
    ordered: bool = False
    unit: str = ""
    may_be_none: bool = False
    open: bool = field(default=False, eq=False)

    @property
    def finite(self) -> bool:
        return self.kind in ("truth", "finite")

    @property
    def none(self) -> Value:
        """无, in this type."""
        return 1 << len(self.options) if self.finite else TEXT_NONE if self.kind == "text" else NONE

    @property
    def top(self) -> Value:
        """Everything it may be, when nothing is known."""
        if self.kind == "truth":
            return UNKNOWN
        if self.kind == "finite":
            return (1 << len(self.options) + self.may_be_none) - 1
        if self.kind == "text":
            return (*TOP_TEXT, self.may_be_none)
        low = 0 if self.unit in _NEVER_NEGATIVE else -INF
        return (low, INF, self.may_be_none)

    def option(self, name: str) -> int:
        """The mask of one option."""
        return 1 << self.options.index(name)


TRUTH: Final = Type("truth", "是非", ("否", "是"))
YES_NO: Final = Type("finite", "是否", ("否", "是"))
DAY: Final = Type("day", "日期")
TEXT: Final = Type("text", "文本")


def number(unit: str) -> Type:
    """The type of a quantity of a unit."""
    return Type("number", unit, unit=unit)


def settled(value: Value) -> bool:
    """Whether only one thing is left that it may be."""
    if isinstance(value, int):
        return value & (value - 1) == 0
    low, high, none = value
    return (low == high and not none) or low > high


def as_mask(value: Value) -> int:
    """A value of a finite type, as the mask it is."""
    assert isinstance(value, int)
    return value


def as_range(value: Value) -> Range:
    """A value of an ordered type, as the triple it is."""
    assert not isinstance(value, int)
    return value


def hull(a: Value, b: Value) -> Value:
    """What it may be if it may be either."""
    if isinstance(a, int):
        return a | as_mask(b)
    low, high, none = as_range(b)
    return min(a[0], low), max(a[1], high), a[2] or none


def within(a: Value, b: Value) -> bool:
    """Whether *a* says at least as much as *b*."""
    if isinstance(a, int):
        return a & ~as_mask(b) == 0
    low, high, none = as_range(b)
    if a[0] > a[1]:
        return none
    return bool(low <= a[0] and a[1] <= high and (none or not a[2]))


def point(x: Bound) -> Range:
    """The value that can only be *x*."""
    return x, x, False


def negation(v: int) -> int:
    return (0, YES, NO, UNKNOWN)[v]


def every(values: Iterable[int]) -> int:
    """Kleene's and."""
    result = YES
    for v in values:
        if v == NO:
            return NO
        result |= v
    return result if result == YES else UNKNOWN


def some(values: Iterable[int]) -> int:
    """Kleene's or."""
    result = NO
    for v in values:
        if v == YES:
            return YES
        result |= v
    return result if result == NO else UNKNOWN


def at_least(a: Range, b: Range, strict: bool) -> int:
    """a ≥ b, or a > b: false where either is 无."""
    result = NO if a[2] or b[2] else 0
    if a[0] <= a[1] and b[0] <= b[1]:
        if a[1] > b[0] if strict else a[1] >= b[0]:
            result |= YES
        if a[0] <= b[1] if strict else a[0] < b[1]:
            result |= NO
    return result


def equal(a: Range, b: Range) -> int:
    """a = b, for ordered values: false where either is 无."""
    result = NO if a[2] or b[2] else 0
    if a[0] <= a[1] and b[0] <= b[1]:
        if a[0] <= b[1] and b[0] <= a[1]:
            result |= YES
        if not a[0] == a[1] == b[0] == b[1]:
            result |= NO
    return result


def same(a: int, b: int, none: int) -> int:
    """a = b, for finite values of one type whose 无 is *none*."""
    result = NO if (a | b) & none else 0
    a, b = a & ~none, b & ~none
    if a & b:
        result |= YES
    if a and b and not (a == b and a & (a - 1) == 0):
        result |= NO
    return result


def is_in(value: int, options: int) -> int:
    """Whether a finite value is one of *options*."""
    return (YES if value & options else 0) | (NO if value & ~options else 0)


def add(parts: Sequence[Range]) -> Range:
    """The sum; 无 if any part is."""
    if any(p[0] > p[1] for p in parts):
        return NONE
    return (
        sum(p[0] for p in parts),
        sum(p[1] for p in parts),
        any(p[2] for p in parts),
    )


def scale(factor: int, v: Range) -> Range:
    """A constant times a number."""
    if v[0] > v[1]:
        return v
    if factor == 0:
        return 0, 0, v[2]
    low, high = (v[0], v[1]) if factor > 0 else (v[1], v[0])
    return low * factor, high * factor, v[2]


def extreme(parts: Sequence[Range], most: bool) -> Range:
    """The greatest or the least of several; 无 only where all are."""
    real = [p for p in parts if p[0] <= p[1]]
    if not real:
        return parts[0]
    sure = [p for p in real if not p[2]]
    lows, highs = [p[0] for p in real], [p[1] for p in real]
    if most:
        low: Bound = max(p[0] for p in sure) if sure else min(lows)
        return low, max(highs), not sure
    high: Bound = min(p[1] for p in sure) if sure else max(highs)
    return min(lows), high, not sure


def units(number: Decimal, unit: str) -> int | None:
    """A number in the smallest units; None if it has more decimal places than the unit holds."""
    scaled = number * SCALE[unit]
    return int(scaled) if scaled == scaled.to_integral_value() else None


def shown_number(n: Bound, unit: str) -> Decimal:
    """The number a scaled value stands for."""
    value = Decimal(n) / SCALE[unit]
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def shown_day(n: Bound) -> str:
    """2018-05-01; the bare number outside the calendar."""
    return datetime.date.fromordinal(int(n)).isoformat() if 0 < n < 3_652_060 else str(n)
