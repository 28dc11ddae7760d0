"""Working days counted in SQL are those the calendar counts, within it and on either side."""

from __future__ import annotations

import datetime

import duckdb
import packs
import pytest
from sqlglot import exp
from test_columnar import agree
from test_missing import RULE, alike

from policy_dsl.columnar.levels import statement, table
from policy_dsl.columnar.sql import column, number
from policy_dsl.columnar.workdays import Charts, after
from policy_dsl.decide import Question
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.working_days import NOWHERE, Calendar

# Two months, with a week off and a Sunday worked.
START, END = datetime.date(2024, 1, 1), datetime.date(2024, 2, 29)
OFF = {datetime.date(2024, 2, d) for d in range(12, 17)}
DAYS = [START + datetime.timedelta(i) for i in range((END - START).days + 1)]
WORKED = tuple(d.toordinal() for d in DAYS if (d.weekday() < 5 and d not in OFF) or d == datetime.date(2024, 2, 18))
SHORT = Calendar(START.toordinal(), END.toordinal(), WORKED)


@pytest.mark.parametrize("calendar", [SHORT, NOWHERE], ids=["two months", "none"])
@pytest.mark.parametrize("given", ["the number", "the day", "both"])
def test_the_calendar_is_counted_in_sql(calendar: Calendar, given: str) -> None:
    first, last = START.toordinal() - 75, END.toordinal() + 75
    with duckdb.connect() as base:
        base.execute(f"CREATE TABLE t AS SELECT x, k FROM range({first}, {last}) AS a(x), range(0, 50) AS b(k)")
        base.execute("INSERT INTO t VALUES (NULL, 3)")
        for sign in (1, -1):
            for late in (False, True):
                for fixed in (3, 44):
                    # One of the two may be the same for everybody.
                    day = column("x") if given != "the number" else START.toordinal() + fixed
                    many = column("k") if given != "the day" else fixed
                    charts: Charts = {}
                    made = after(day, many, sign, calendar, late, lambda e: exp.Paren(this=e), charts)
                    whole = statement(charts.items(), exp.select(column("x"), column("k"), made).from_(table("t")))
                    found = base.execute(whole.sql(dialect="duckdb")).fetchall()
                    assert len(found) == 50 * (last - first) + 1
                    for x, k, end in found:
                        start, n = (x if given != "the number" else day), (k if given != "the day" else fixed)
                        want = None if start is None else calendar.after(start, sign * n)[late]
                        assert end == want, (start, n, sign, late)


def test_what_needs_no_row_is_counted_at_once() -> None:
    charts: Charts = {}
    assert after(START.toordinal(), 1, 1, SHORT, False, lambda e: e, charts) == WORKED[1]
    assert after(None, number(1), 1, SHORT, False, lambda e: e, charts) is None and not charts


AFTER, WEEK = "决定日 晚于 自 入职日 起 五个工作日", "决定日 晚于 自 入职日 起 一周"
WITHIN = "有 行为（发生日 在近 三个工作日 内）"


@pytest.mark.parametrize("condition", [AFTER, WEEK, WITHIN])
@pytest.mark.parametrize("general", [True, False])
def test_a_rule_that_counts_them_is_decided_and_lacks_what_the_walker_says(condition: str, general: bool) -> None:
    policy = packs.policy(RULE.format(condition), calendar=SHORT)
    ways = {"期间起算": "当日计入", "周与日": "工作周"}, {"期间起算": "当日不计", "周与日": "日历周"}
    kinds = set()
    for on in ("2023-12-27", "2024-01-03", "2024-02-19", "2024-03-05"):
        day = packs.day(on)
        days = [datetime.date.fromordinal(day + i).isoformat() for i in (-12, -8, -7, -6, -5, -2, 0, 1)]
        cells = [*days, {"不早于": days[1], "不晚于": days[5]}]
        rows = [[{"编号": "1", "发生日": x}] for x in cells]
        raws = [{"入职日": x, "行为": {"齐备": True, "行": of}} for x, of in zip(cells, rows, strict=True)]
        records = [packs.record(policy, raw) for raw in (*raws, {})]
        for readings in ({}, *ways):
            known = {name: x for name, x in readings.items() if name in policy.readings}
            question = Question(day, day, known, frozenset(DEFAULT_LAYERS))
            if readings:
                assert not agree(policy, question, records, general).refused
            asked, _, found = alike(policy, question, records, general)
            assert not asked.refused
            kinds |= {kind for x in found for _, kind in x}
    assert kinds >= {"imprecise", "reading", "calendar"}
