"""Which days are working days, by the calendar the State Council publishes, and the so-many-th one after a day."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from attrs import frozen

# In so many days in a row at least one is a working day, whatever a calendar nobody has seen may say.
SURELY_ONE: Final = 31
# The days that differ from the week's own order: weekdays that are rest days, weekend days that are worked.
Year = tuple[Iterable[datetime.date], Iterable[datetime.date]]


@frozen(eq=False)
class Calendar:
    """The working days of some years in a row, as day numbers; *first* and *last* are the days it knows of."""

    first: int = 0
    last: int = -1
    working: tuple[int, ...] = ()

    @classmethod
    def of(cls, years: Mapping[int, Year]) -> Calendar:
        """The calendar of years that follow one another, from what each departs from the week's own order."""
        if not years:
            return NOWHERE
        first = datetime.date(min(years), 1, 1).toordinal()
        last = datetime.date(max(years), 12, 31).toordinal()
        rest = {d.toordinal() for off, _ in years.values() for d in off}
        work = {d.toordinal() for _, on in years.values() for d in on}
        # Day 1 was a Monday.
        weekdays = (d for d in range(first, last + 1) if (d - 1) % 7 < 5)
        return cls(first, last, tuple(sorted({*weekdays} - rest | work)))

    @cached_property
    def backward(self) -> Calendar:
        """The same with time turned round."""
        return Calendar(-self.last, -self.first, tuple(-d for d in reversed(self.working)))

    def after(self, day: int, n: int) -> tuple[int, int]:
        """The *n*-th working day after a day, before it if *n* is negative: the earliest and the latest it may be.

        They differ only where the calendar does not reach: each day of a year it leaves out may be a working day, and
        of so many in a row (`SURELY_ONE`) one is. A later day or a greater *n* never gives an earlier result.
        """
        if n == 0:
            return day, day
        if n < 0:
            low, high = self.backward.after(-day, -n)
            return -high, -low
        before = self.first - 1 - day
        if not self.working or before <= 0:
            return self._inside(day, n)
        soon = day + n if n <= before else self._inside(self.first - 1, n - before)[0]
        few = before // SURELY_ONE
        late = day + SURELY_ONE * n if n <= few else self._inside(self.first - 1, n - few)[1]
        return soon, late

    def _inside(self, day: int, n: int) -> tuple[int, int]:
        """The same, from a day the calendar reaches or has left behind."""
        at = bisect_right(self.working, day) + n - 1
        if at < len(self.working):
            return self.working[at], self.working[at]
        end, left = max(day, self.last) if self.working else day, at - len(self.working) + 1
        return end + left, end + SURELY_ONE * left


NOWHERE: Final = Calendar()
