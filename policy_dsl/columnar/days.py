"""Months and years on columns of day numbers (1 = 1 January of year 1), as `calendar_days` counts them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlglot import exp

from .. import calendar_days
from ..calendar_days import LAST_DAY
from .sql import big, binary, case, number, own
from .terms import as_sql

_FIRST: Final = date.min.isoformat()
# From here on the calendar has no month left.
_LAST_MONTH: Final = date(9999, 12, 1).toordinal()
_MOST: Final = 12 * 9999


def _between(x: Any, low: int, high: int) -> Any:
    if isinstance(x, int):
        return number(min(max(x, low), high))
    x = as_sql(x)
    inner = exp.Greatest(this=own(x), expressions=[number(low)], ignore_nulls=True)
    # NULL, unbounded, stays NULL.
    inside = exp.Least(this=inner, expressions=[number(high)], ignore_nulls=True)
    return case((exp.Not(this=exp.Is(this=own(x), expression=exp.null())), inside))


def as_date(day: Any) -> Any:
    """A day number as a date."""
    first = exp.cast(exp.Literal.string(_FIRST), "date")
    days = exp.cast(binary(exp.Sub, day, number(1)), "int")
    return exp.cast(exp.DateAdd(this=first, expression=days, unit=exp.var("DAY")), "date")


def as_number(day: Any) -> Any:
    """A date as its day number."""
    first = exp.cast(exp.Literal.string(_FIRST), "date")
    return binary(exp.Add, big(exp.DateDiff(this=day, expression=first, unit=exp.var("DAY"))), number(1))


def month_later(day: Any, months: Any, overflow: bool, less: int) -> Any:
    """The day so many months later, less one where the first day counts; NULL stays NULL."""
    if isinstance(day, int) and isinstance(months, int):
        return calendar_days.month_later(day, months, overflow) - less
    start = as_date(_between(day, 1, LAST_DAY))
    period = exp.cast(_between(months, -_MOST, _MOST), "int")
    end = exp.cast(exp.DateAdd(this=start, expression=period, unit=exp.var("MONTH")), "date")
    result = as_number(end)
    if overflow:
        short = binary(exp.LT, exp.Day(this=end.copy()), exp.Day(this=start.copy()))
        result = binary(exp.Add, result, case((short, number(1)), otherwise=number(0)))
    kept = case(
        (binary(exp.LT, result, number(1)), number(1)),
        (binary(exp.GTE, result, number(_LAST_MONTH)), number(LAST_DAY)),
        otherwise=result,
    )
    return binary(exp.Sub, kept, number(less)) if less else kept


def year_of(day: Any) -> Any:
    """The year that a day lies in; unbounded stays unbounded."""
    if day is None:
        return None
    if isinstance(day, int):
        return calendar_days.year_of(day)
    return big(exp.Year(this=as_date(_between(day, 1, LAST_DAY))))


def year_last_day(year: Any) -> Any:
    """31 December of a year; unbounded stays unbounded."""
    if year is None:
        return None
    if isinstance(year, int):
        return calendar_days.year_last_day(year)
    y = _between(year, 1, 9999)
    leap = [exp.IntDiv(this=y.copy(), expression=number(n)) for n in (4, 100, 400)]
    whole = binary(exp.Mul, y, number(365))
    return big(
        exp.Add(this=exp.Sub(this=exp.Add(this=whole, expression=leap[0]), expression=leap[1]), expression=leap[2])
    )
