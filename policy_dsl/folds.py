"""What the rows of a list come to, when some are only perhaps in and there may be more."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable
from typing import Final

from attrs import frozen

from . import model as m
from . import values as v
from .calendar_days import year_of
from .explanation import Explanation
from .record import Row
from .values import NO, UNKNOWN, YES, Range, Value, settled


@frozen
class Judged:
    """One row of a fold: whether it is in, what is measured of it, and why. A row not listed has no number."""

    row: Row
    state: int
    value: Value | None
    where: Explanation
    measured: Explanation | None
    day: Explanation | None = None


def _some(e: m.Fold, judged: list[Judged]) -> Value:
    return v.some(j.state for j in judged)


def _count(e: m.Fold, judged: list[Judged]) -> Value:
    low = sum(j.state == YES for j in judged)
    high: float = low + sum(j.state == UNKNOWN for j in judged)
    return low, v.INF if _more(judged) else high, False


def _more(judged: list[Judged]) -> bool:
    return any(j.row.id is None and j.state == UNKNOWN for j in judged)


def _total(e: m.Fold, judged: list[Judged]) -> Value:
    low: float = 0
    high: float = 0
    for j in judged:
        if j.state == NO:
            continue
        a, b, none = v.as_range(j.value or e.type.top)
        if a > b:
            continue
        sure = j.state == YES and not none
        if j.row.id is None:
            low, high = low + (-v.INF if a < 0 else 0), high + (v.INF if b > 0 else 0)
        else:
            low, high = low + (a if sure else min(0, a)), high + (b if sure else max(0, b))
    return low, high, False


def _extreme(most: bool) -> Callable[[m.Fold, list[Judged]], Value]:
    def of(e: m.Fold, judged: list[Judged]) -> Value:
        parts: list[Range] = []
        for j in judged:
            if j.state != NO:
                a, b, none = v.as_range(j.value or e.type.top)
                parts.append((a, b, none or j.state == UNKNOWN))
        return v.extreme(parts, most) if parts else v.NONE

    return of


def _latest(e: m.Fold, judged: list[Judged]) -> Value:
    """What the latest row says: every row that may be the latest; tied rows all count, never row order."""
    inside = [j for j in judged if j.state != NO]
    sure = [day_of(e, j) for j in inside if j.state == YES]
    floor = max((d[0] for d in sure if d[0] <= d[1]), default=-v.INF)
    value: Value | None = None if sure else e.type.none
    for j in inside:
        if day_of(e, j)[1] >= floor:
            part = e.type.top if j.value is None else j.value
            if e.value is e.day and e.day is not None and not isinstance(part, int):
                # The date of the latest row is no earlier than that of any row there is.
                part = (max(part[0], floor), part[1], part[2])
            value = part if value is None else v.hull(value, part)
    return e.type.none if value is None else value


def day_of(e: m.Fold, j: Judged) -> Range:
    day = j.row.values.get(e.day.name) if isinstance(e.day, m.Field) else None
    return (-v.INF, v.INF, True) if day is None else v.as_range(day)


def _kinds(e: m.Fold, judged: list[Judged]) -> Value:
    """How many different values the rows have: between what must differ and what may."""
    if e.value is None:
        return _count(e, judged)
    known = {j.value for j in judged if j.state == YES and j.value is not None and settled(j.value)}
    known.discard(e.value.type.none)
    open_rows = [
        j for j in judged
        if j.row.id is not None and j.state != NO and j.value != e.value.type.none
        and not (j.state == YES and j.value is not None and settled(j.value))
    ]  # fmt: skip
    perhaps = {j.value for j in open_rows if j.value is not None and settled(j.value)} - known
    vague = [j for j in open_rows if j.value is None or not settled(j.value)]
    certain_vague = any(j.state == YES and not _may_be_none(j.value) for j in vague)
    low = len(known) or int(certain_vague)
    return low, v.INF if _more(judged) else len(known) + len(perhaps) + len(vague), False


def _may_be_none(value: Value | None) -> bool:
    return value is None or isinstance(value, int) or value[2]


def _run(e: m.Fold, judged: list[Judged]) -> Value:
    """The longest run of consecutive years among the rows."""
    sure: set[int] = set()
    perhaps: set[int] = set()
    vague = 0
    for j in judged:
        if j.state == NO or j.row.id is None:
            continue
        low, high, none = v.as_range(j.value or e.type.top)
        if low > high:
            continue
        if low == high and not none:
            (sure if j.state == YES else perhaps).add(int(low))
        else:
            vague += 1
    least, most = longest(sure), longest(sure | perhaps)
    if vague:
        # A row whose year is not known may join two runs: bounded by everything there is.
        most = min(len(sure | perhaps) + vague, most * (vague + 1) + vague)
        least = max(
            least, int(any(j.state == YES and j.value is not None and not _may_be_none(j.value) for j in judged))
        )
    return least, v.INF if _more(judged) else most, False


def longest(years: set[int]) -> int:
    """The length of the longest run of consecutive numbers."""
    best = 0
    for y in years:
        if y - 1 not in years:
            n = 1
            while y + n in years:
                n += 1
            best = max(best, n)
    return best


def _most_within(e: m.Fold, judged: list[Judged]) -> Value:
    """The most rows in any one of the periods their days open; what is measured of a row is the last day of its own."""
    days = [(*day_of(e, j)[:2], *v.as_range(j.value or v.DAY.top)[:2], j.state) for j in _placed(e, judged)]
    lows, highs = sorted(d[0] for d in days), sorted(d[1] for d in days)
    most = max((bisect_right(lows, end) - bisect_left(highs, low) for low, _, _, end, _ in days), default=0)
    # Rows that all lie between the earliest day a period may begin and the earliest it may end then lie in one period,
    # whichever day the first of them was.
    least, since = 0, list[v.Bound]()
    for _, high, end, _, state in sorted(days, key=lambda d: (-d[0], d[1])):
        if state == YES:
            insort(since, high)
            least = max(least, bisect_right(since, end), 1)
    return least, v.INF if _more(judged) else most, False


def _most_in_year(e: m.Fold, judged: list[Judged]) -> Value:
    """The most rows in any one calendar year."""
    placed = _placed(e, judged)
    years = [tuple(x if abs(x) == v.INF else year_of(int(x)) for x in day_of(e, j)[:2]) for j in placed]
    sure = [low if low == high else None for j, (low, high) in zip(placed, years, strict=True) if j.state == YES]
    least = max(Counter(y for y in sure if y is not None).values(), default=int(bool(sure)))
    lows, highs = sorted(low for low, _ in years), sorted(high for _, high in years)
    most = max((bisect_right(lows, y) - bisect_left(highs, y) for y in lows), default=0)
    return least, v.INF if _more(judged) else most, False


def _placed(e: m.Fold, judged: list[Judged]) -> list[Judged]:
    """The rows that may be in and have a day."""
    return [j for j in judged if j.row.id is not None and j.state != NO and day_of(e, j)[0] <= day_of(e, j)[1]]


FOLDS: Final[dict[str, Callable[[m.Fold, list[Judged]], Value]]] = {
    "some": _some, "count": _count, "sum": _total, "max": _extreme(True), "min": _extreme(False), "latest": _latest,
    "kinds": _kinds, "run": _run, "most_within": _most_within, "most_in_year": _most_in_year,
}  # fmt: skip
