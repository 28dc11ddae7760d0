"""calendar.toml: which days of a year depart from the week's own order, read and checked."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from .diagnostics import Diagnostic, found
from .language.source import NOWHERE
from .working_days import Calendar, Year

CALENDAR: Final = "calendar.toml"
# What a year says, and what each day under it is.
_LISTS: Final = {
    "rest": "那一年周一至周五的日期\ta weekday of that year",
    "work": "那一年周六、周日的日期\ta weekend day of that year",
}


def years(table: Mapping[str, Any], name: str, problems: list[Diagnostic]) -> dict[int, Year]:
    """The years a calendar gives; what is wrong in it is reported (P340) under the file's *name*."""

    def bad(value: object, want: str, *where: str) -> None:
        problems.append(found("P340", NOWHERE, where=" ".join((name, *where)), value=value, want=want))

    read: dict[int, Year] = {}
    for year, row in table.items():
        if not (year.isascii() and year.isdigit() and 1 <= int(year) <= 9998 and isinstance(row, dict)):
            bad(year, "一年的表，如 [2018]\ta table of a year, such as [2018]")
            continue
        read[int(year)] = row.get("rest") or [], row.get("work") or []
        for other in row.keys() - _LISTS.keys():
            bad(other, "rest 或 work\trest or work", year)
        for key, want in _LISTS.items():
            days = row.get(key)
            if not isinstance(days, list):
                bad(
                    "" if days is None else days,
                    "日期的列表，没有的写 []\ta list of dates, [] if there are none",
                    year,
                    key,
                )
                continue
            for day in days:
                dated = type(day) is datetime.date and day.year == int(year)
                if not dated or (day.weekday() < 5) != (key == "rest"):
                    bad(day, want, year, key)
    return read


def calendar(given: Mapping[int, Year], name: str, problems: list[Diagnostic]) -> Calendar:
    """The calendar of the years given, which follow one another: between two of them one would have to be guessed."""
    for year in range(min(given, default=0), max(given, default=0)):
        if year in given and year + 1 not in given:
            want = "连着写的：它的下一年也要有\tfollowed by the next, which there must be"
            problems.append(found("P340", NOWHERE, where=name, value=year, want=want))
    return Calendar.of({} if problems else given)
