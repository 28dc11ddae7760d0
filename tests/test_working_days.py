"""Working days: the published calendar, what a county puts in its place, and what nobody has published yet."""

from __future__ import annotations

import datetime
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from policy_dsl.diagnostics import Unusable, render
from policy_dsl.pack import load
from policy_dsl.periods import ends, worked
from policy_dsl.values import INF
from policy_dsl.working_days import NOWHERE, SURELY_ONE, Calendar

ROOT = Path(__file__).parent.parent
COMMON = ROOT / "policies" / "common"


@cache
def published() -> Calendar:
    return load(COMMON).calendar


def day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        # A plain week.
        ("2018-06-04", 1, "2018-06-05"), ("2018-06-04", 5, "2018-06-11"), ("2018-06-08", 1, "2018-06-11"),
        ("2018-06-09", 1, "2018-06-11"), ("2018-06-10", 1, "2018-06-11"),
        # 28 April 2018 was a Saturday that was worked; 30 April and 1 May were not.
        ("2018-04-27", 1, "2018-04-28"), ("2018-04-28", 1, "2018-05-02"), ("2018-04-27", 5, "2018-05-07"),
        # National Day: 29 and 30 September were worked, seven days were not.
        ("2018-09-28", 2, "2018-09-30"), ("2018-09-30", 1, "2018-10-08"),
        # A year's end.
        ("2017-12-29", 1, "2018-01-02"), ("2018-12-28", 1, "2018-12-29"), ("2018-12-29", 1, "2019-01-02"),
        # Backwards.
        ("2018-05-02", -1, "2018-04-28"), ("2018-06-11", -1, "2018-06-08"), ("2018-06-10", -1, "2018-06-08"),
        # None at all stays where it is.
        ("2018-06-10", 0, "2018-06-10"),
        # The first and the last working day the calendar knows.
        ("2013-12-31", 1, "2014-01-02"), ("2026-12-30", 1, "2026-12-31"), ("2014-01-03", -1, "2014-01-02"),
    ],
)  # fmt: skip
def test_the_so_many_th_working_day(start: str, n: int, end: str) -> None:
    assert published().after(day(start), n) == (day(end), day(end))


@pytest.mark.parametrize(
    ("start", "n", "soonest", "latest"),
    [
        ("2026-12-31", 1, "2027-01-01", "2027-01-31"), ("2026-12-30", 2, "2027-01-01", "2027-01-31"),
        ("2030-03-01", 5, "2030-03-06", "2030-08-03"), ("2013-12-30", 1, "2013-12-31", "2014-01-02"),
        ("2013-12-30", 2, "2014-01-02", "2014-01-03"), ("2014-01-02", -1, "2013-12-01", "2013-12-31"),
    ],
)  # fmt: skip
def test_beyond_the_calendar_nothing_is_told_from_the_week(start: str, n: int, soonest: str, latest: str) -> None:
    assert published().after(day(start), n) == (day(soonest), day(latest))


def test_the_calendar_is_that_of_the_notices() -> None:
    """248 to 252 working days a year; each month between fifteen and twenty-three."""
    days = [datetime.date.fromordinal(d) for d in published().working]
    assert (published().first, published().last) == (day("2014-01-01"), day("2026-12-31"))
    for year in range(2014, 2027):
        assert 247 <= sum(d.year == year for d in days) <= 252, year
        assert all(15 <= sum((d.year, d.month) == (year, month) for d in days) <= 23 for month in range(1, 13))
    assert not [d for d in days if (d.month, d.day) in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))]
    gaps = [b - a for a, b in zip(published().working, published().working[1:], strict=False)]
    assert max(gaps) < SURELY_ONE / 2, "what is supposed of years to come is far from what any year has been"


SMALL = Calendar.of({2016: ((datetime.date(2016, 5, 2),), (datetime.date(2016, 12, 31),))})


@pytest.mark.parametrize("calendar", [SMALL, NOWHERE], ids=["one year", "no year"])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("first_day_counts", [False, True])
def test_a_later_day_or_a_longer_period_never_ends_earlier(
    calendar: Calendar, sign: int, first_day_counts: bool
) -> None:
    days = [-INF, 1, *range(day("2015-10-20"), day("2017-02-20")), INF]
    amounts = (-3, 0, 1, 2, 5, 40, 400, 10**15, INF)
    go = lambda d, n: worked(d, n, sign, first_day_counts, calendar)
    for n, side in product(amounts, (0, 1)):
        found = [go(d, n)[side] for d in days]
        assert found == sorted(found), (n, side)
    for d in days[1:-1:7]:
        for side in (0, 1):
            found = [sign * go(d, n)[side] for n in amounts]
            assert found == sorted(found), (d, side)
        assert all(low <= high for low, high in (go(d, n) for n in amounts))


def test_what_a_calendar_may_still_say_lies_between_the_ends() -> None:
    """With each calendar that a missing year may yet have, the day is one of those thought possible."""
    known = Calendar.of({2016: ((), ())})
    off = lambda *days: tuple(datetime.date.fromisoformat(d) for d in days)
    for rest, work in (((), ()), (off("2017-01-02", "2017-01-03"), ()), ((), off("2017-01-01", "2017-01-07"))):
        later = Calendar.of({2016: ((), ()), 2017: (rest, work)})
        for start, n in product(range(day("2016-12-20"), day("2017-02-01")), range(1, 9)):
            low, high = known.after(start, n)
            (end, same) = later.after(start, n)
            assert end == same and low <= end <= high


@pytest.mark.parametrize(
    ("start", "first_day", "working_week", "end"),
    [
        ("2018-06-04", False, False, "2018-06-11"), ("2018-06-04", True, False, "2018-06-10"),
        ("2018-06-04", False, True, "2018-06-11"), ("2018-06-04", True, True, "2018-06-08"),
        # Over the Dragon Boat Festival, Monday 18 June.
        ("2018-06-14", False, False, "2018-06-21"), ("2018-06-14", False, True, "2018-06-22"),
        # From a Sunday: it is no working day, so it does not matter whether it counts.
        ("2018-06-10", False, True, "2018-06-15"), ("2018-06-10", True, True, "2018-06-15"),
    ],
)  # fmt: skip
def test_one_week(start: str, first_day: bool, working_week: bool, end: str) -> None:
    at, one, ways = (day(start), day(start), False), (1, 1, False), [(first_day, working_week)]
    assert ends(at, one, "weeks", 1, ways, published()) == ((day(end), day(end), False), False)


# The files.

PLAIN = "规定 甲 rule_a\n    依据：T-01\n    应当：谈话\n"


def county(tmp_path: Path, own: str | None = None, common: str | None = None) -> Path:
    for folder, text in (("jia", own), ("common", common)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "text.policy").write_text(PLAIN, "utf-8")
        if text is not None:
            (tmp_path / folder / "calendar.toml").write_text(text, "utf-8")
    return tmp_path / "jia"


YEAR = "[2018]\nrest = [2018-06-18]\nwork = []\n"


def test_a_countys_own_calendar_stands_in_place_of_the_shared_one_year_by_year(tmp_path: Path) -> None:
    shared = "[2017]\nrest = [2017-06-19]\nwork = []\n" + YEAR
    made = load(county(tmp_path, "[2018]\nrest = [2018-06-19]\nwork = []\n", shared)).calendar
    assert made.after(day("2018-06-15"), 1) == (day("2018-06-18"),) * 2
    assert made.after(day("2018-06-18"), 1) == (day("2018-06-20"),) * 2
    assert made.after(day("2017-06-16"), 1) == (day("2017-06-20"),) * 2


def test_without_a_calendar_every_year_is_missing(tmp_path: Path) -> None:
    assert load(county(tmp_path)).calendar.working == ()


def test_the_digest_covers_the_calendar(tmp_path: Path) -> None:
    folder = county(tmp_path, YEAR)
    before = load(folder).digest
    (folder / "calendar.toml").write_text("# 注释\n" + YEAR, "utf-8")
    assert load(folder).digest == before, "a comment changes no day"
    (folder / "calendar.toml").write_text(YEAR.replace("06-18", "06-19"), "utf-8")
    assert load(folder).digest != before


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("[2018]\nrest = [2018-06-16]\nwork = []\n", "P340", "2018-06-16"),
        ("[2018]\nrest = []\nwork = [2018-06-18]\n", "P340", "2018-06-18"),
        ("[2018]\nrest = [2017-06-19]\nwork = []\n", "P340", "2017-06-19"),
        ('[2018]\nrest = ["2018-06-18"]\nwork = []\n', "P340", "2018-06-18"),
        ("[2018]\nrest = [2018-06-18T10:00:00]\nwork = []\n", "P340", "2018-06-18"),
        ("[2018]\nrest = 2018-06-18\nwork = []\n", "P340", "rest"),
        ("[2018]\nrest = []\n", "P340", "work"),
        ("[2018]\nrest = []\nwork = []\nfree = []\n", "P340", "free"),
        ("[year]\nrest = []\nwork = []\n", "P340", "year"),
        ("2018 = 1\n", "P340", "2018"),
        ("[2018]\nrest = []\nwork = []\n[2020]\nrest = []\nwork = []\n", "P340", "2018"),
        ("[2018\n", "R100", "calendar.toml"),
        ("[2018]\nrest = []\nwork = []\n# \u200b\n", "P105", "U+200B"),
    ],
)  # fmt: skip
def test_a_calendar_that_is_wrong_is_refused(tmp_path: Path, text: str, code: str, said: str) -> None:
    with pytest.raises(Unusable) as caught:
        load(county(tmp_path, text))
    assert {p.code for p in caught.value.diagnostics} == {code}
    for lang in ("zh", "en"):
        assert any(said in render(p, lang) for p in caught.value.diagnostics), [
            render(p, lang) for p in caught.value.diagnostics
        ]
