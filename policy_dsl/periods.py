"""Days moved by periods, under one reading of each question that period arithmetic leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any, Final

from . import values as v
from .calendar_days import month_later
from .values import Range
from .working_days import Calendar

UNITS: Final = ("days", "working_days", "weeks", "months", "years")
# Units that may be counted by the calendar of working days.
BY_CALENDAR: Final = frozenset(("working_days", "weeks"))
# One way to count: does the first day count; and is the other alternative of the unit's own question taken (a month
# end goes to the next month; a week is five working days).
Way = tuple[bool, bool]


def ways(masks: Iterable[int]) -> tuple[Way, ...]:
    """Every way that is still open, from the masks of the readings: of the first day, then of the unit."""
    first, other = (*([i == 1 for i in range(2) if mask >> i & 1] for mask in masks), [False], [False])[:2]
    return tuple(product(first, other))


def moved(day: Any, amount: Any, unit: str, sign: int, first_day_counts: bool, overflow: bool) -> Any:
    """One day moved by one whole number of days, weeks of seven days, months or years; unbounded stays unbounded."""
    if day in (v.INF, -v.INF) or amount in (v.INF, -v.INF):
        return (
            v.INF * sign
            if day not in (v.INF, -v.INF) and amount == v.INF
            else day
            if abs(day) == v.INF
            else -v.INF * sign
        )
    less = sign if first_day_counts else 0
    if unit == "days":
        return day + sign * amount - less
    if unit == "weeks":
        return day + sign * 7 * amount - less
    return month_later(day, sign * amount * (12 if unit == "years" else 1), overflow) - less


def worked(day: Any, amount: Any, sign: int, first_day_counts: bool, calendar: Calendar) -> tuple[Any, Any]:
    """One day moved by so many working days: the earliest and the latest it may be, as far as the calendar reaches."""
    if day in (v.INF, -v.INF) or amount in (v.INF, -v.INF):
        end = moved(day, amount, "days", sign, first_day_counts, False)
        return end, end
    # Where the first day counts, it is the first working day only if it is one.
    return calendar.after(day - (sign if first_day_counts else 0), sign * amount)


def reached(day: Range, amount: Range, unit: str, sign: int, open_ways: Iterable[Way]) -> Range:
    """What a day moved by a period may be, where no calendar of working days tells it."""
    if day[0] > day[1] or amount[0] > amount[1]:
        return v.NONE
    days = [moved(d, n, unit, sign, x, y) for x, y in open_ways for d in _ends_of(day) for n in _ends_of(amount)]
    return min(days), max(days), day[2] or amount[2]


def _ends_of(range: Range) -> tuple[Any, ...]:
    return range[:1] if range[0] == range[1] else range[:2]


def ends(
    day: Range, amount: Range, unit: str, sign: int, open_ways: Iterable[Way], calendar: Calendar
) -> tuple[Range, bool]:
    """What a day moved by a period may be, and whether the calendar of working days does not reach so far."""
    if day[0] > day[1] or amount[0] > amount[1]:
        return v.NONE, False
    found: list[tuple[Any, Any]] = []
    for first_day_counts, other in open_ways:
        by_calendar = unit == "working_days" or (unit == "weeks" and other)
        for d in _ends_of(day):
            for n in _ends_of(amount):
                if by_calendar:
                    found.append(worked(d, n if unit == "working_days" else 5 * n, sign, first_day_counts, calendar))
                else:
                    end = moved(d, n, unit, sign, first_day_counts, other)
                    found.append((end, end))
    value = min(low for low, _ in found), max(high for _, high in found), day[2] or amount[2]
    return value, any(low != high for low, high in found)
