"""Write the calendar of working days that the policies share.

It takes the days the State Council's yearly notices on public holidays set apart from the package `chinesecalendar`,
which is needed for this alone: `pip install chinesecalendar`, then `python tools/make_calendar.py`. A new year is
added here once the notice for it is out and the package knows it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import chinese_calendar

YEARS = range(2014, 2027)
OUT = Path(__file__).parent.parent / "policies" / "common" / "calendar.toml"
HEAD = """# 放假安排：国务院办公厅历年关于部分节假日安排的通知。与周一至周五工作、周六周日休息不同的日子，逐年列出；
# 没有列出的年份，哪天工作、哪天休息不得推定。县里另有安排的，在本县文件夹里放同名文件，按年代替。
# The calendar of rest days. Of each year: `rest`, weekdays that are rest days; `work`, weekend days that are worked.
"""


def days(year: int) -> Iterator[datetime.date]:
    first = datetime.date(year, 1, 1)
    yield from (first + datetime.timedelta(n) for n in range(366) if (first + datetime.timedelta(n)).year == year)


def listed(name: str, found: list[datetime.date]) -> str:
    """One line a month."""
    months = sorted({d.month for d in found})
    lines = ["    " + " ".join(f"{d.isoformat()}," for d in found if d.month == month) for month in months]
    return "\n".join([f"{name} = [", *lines, "]"])


def main() -> None:
    parts = [HEAD]
    for year in YEARS:
        apart = [d for d in days(year) if chinese_calendar.is_workday(d) != (d.weekday() < 5)]
        rest, work = [d for d in apart if d.weekday() < 5], [d for d in apart if d.weekday() >= 5]
        parts.append(f"[{year}]\n{listed('rest', rest)}\n{listed('work', work)}\n")
    OUT.write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    main()
