"""Working days on columns of day numbers: as `working_days` counts them, looked up in two relations of a statement.

A statement that counts so brings the calendar with it: `历·工作日` numbers the working days, `历·逐日` says of each
day how many there are up to it; with ·逆 both count backwards, on days turned to their negatives.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from sqlglot import exp

from ..working_days import SURELY_ONE, Calendar
from .levels import table
from .sql import binary, case, column, eq, number, own
from .terms import as_sql

# A name with · is no item's of a record.
_AT: Final = "序·历"
_DAY: Final = "日·历"
_UP_TO: Final = "前·历"

# Gives an expression a name, so that it may be said several times.
Let = Callable[[Any], Any]
Charts = dict[str, exp.Select]


def after(day: Any, n: Any, sign: int, calendar: Calendar, late: bool, let: Let, charts: Charts) -> Any:
    """The *n*-th working day after a day, before it where *sign* is −1: the earliest it may be or, if *late*, the
    latest; NULL, or None, stays so. What it looks up is added to *charts*."""
    if day is None or n is None:
        return None
    if isinstance(day, int) and isinstance(n, int):
        return calendar.after(day, sign * n)[late]
    if sign < 0:
        # The same with time turned round: the latest day is the least negative.
        turned = let(exp.Neg(this=exp.Paren(this=as_sql(day))))
        found = _after(turned, n, calendar.backward, not late, "·逆", let, charts)
        return let(exp.Neg(this=exp.Paren(this=found)))
    return _after(let(as_sql(day)), n, calendar, late, "", let, charts)


def _after(x: Any, n: Any, calendar: Calendar, late: bool, mark: str, let: Let, charts: Charts) -> Any:
    step, many = SURELY_ONE if late else 1, as_sql(n)
    beyond = binary(exp.Add, x, binary(exp.Mul, many, number(step)))
    if not calendar.working:
        return let(beyond)
    for name, select in _charted(calendar, mark).items():
        charts.setdefault(name, select)
    first, last, length = calendar.first, calendar.last, len(calendar.working)
    # Before the calendar begins so many working days there may be, or certainly are.
    before: Any = binary(exp.Sub, number(first - 1), x)
    early = let(exp.IntDiv(this=exp.Paren(this=before), expression=number(step)) if late else before)
    counted = _looked_up(_UP_TO, f"历·逐日{mark}", _DAY, x)
    place = case(
        (binary(exp.LT, x, number(first)), binary(exp.Sub, many, early)),
        (binary(exp.GT, x, number(last)), binary(exp.Add, many, number(length))),
        otherwise=binary(exp.Add, let(counted), many),
    )
    at = let(binary(exp.Sub, place, number(1)))
    left = binary(exp.Mul, binary(exp.Sub, at, number(length - 1)), number(step))
    end = case((binary(exp.GT, x, number(last)), x), otherwise=number(last))
    return let(
        case(
            (n == 0 if isinstance(n, int) else eq(many, number(0)), x),
            (exp.and_(binary(exp.LT, x, number(first - 1)), binary(exp.LTE, many, early)), beyond),
            (binary(exp.GTE, at, number(length)), binary(exp.Add, end, left)),
            otherwise=let(_looked_up(_DAY, f"历·工作日{mark}", _AT, at)),
        )
    )


def _looked_up(found: str, chart: str, key: str, x: Any) -> Any:
    """What a chart has for a key; NULL where it has none."""
    query = exp.select(exp.Max(this=column(found, "w"))).from_(table(chart, "w")).where(eq(column(key, "w"), own(x)))
    return exp.Subquery(this=query)


@cache
def _charted(calendar: Calendar, mark: str) -> Charts:
    """The two relations of a calendar."""
    numbered = list(enumerate(calendar.working))
    count, counted = 0, []
    for day in range(calendar.first, calendar.last + 1):
        count += count < len(calendar.working) and calendar.working[count] == day
        counted.append((day, count))
    return {
        f"历·工作日{mark}": _values(numbered, (_AT, _DAY)),
        f"历·逐日{mark}": _values(counted, (_DAY, _UP_TO)),
    }


def _values(rows: list[tuple[int, int]], heads: tuple[str, str]) -> exp.Select:
    made = exp.Values(
        expressions=[exp.Tuple(expressions=[number(x) for x in row]) for row in rows],
        alias=exp.TableAlias(
            this=exp.to_identifier("v", quoted=True), columns=[exp.to_identifier(h, quoted=True) for h in heads]
        ),
    )
    return exp.select(*(column(h) for h in heads)).from_(made)
