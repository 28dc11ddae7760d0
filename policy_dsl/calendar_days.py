"""Months and years counted on day numbers (1 = 1 January of year 1)."""

from __future__ import annotations

import calendar
import datetime
from typing import Final

LAST_DAY: Final = datetime.date.max.toordinal()
_LAST_MONTH: Final = 9999 * 12 - 1
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def month_later(day: int, months: int, overflow: bool) -> int:
    """The day so many months later; where that month is too short, its last day, or the first of the next.

    Days outside the calendar stay at its edge, so that a later day never gives an earlier result.
    """
    start = datetime.date.fromordinal(min(max(day, 1), LAST_DAY))
    index = start.year * 12 + start.month - 1 + months
    if index < 12:
        return 1
    if index > _LAST_MONTH + 12 - 1:
        return LAST_DAY
    year, month = divmod(index, 12)
    last = 29 if month == 1 and calendar.isleap(year) else _LENGTHS[month]
    if start.day <= last:
        return datetime.date(year, month + 1, start.day).toordinal()
    end = datetime.date(year, month + 1, last).toordinal()
    return min(end + 1, LAST_DAY) if overflow else end


def year_of(day: int) -> int:
    """The year a day lies in."""
    return datetime.date.fromordinal(min(max(day, 1), LAST_DAY)).year


def year_last_day(year: float) -> float:
    """31 December of a year, as a day; unbounded stays unbounded."""
    if year in (float("inf"), float("-inf")):
        return year
    return datetime.date(min(max(int(year), 1), 9999), 12, 31).toordinal()
