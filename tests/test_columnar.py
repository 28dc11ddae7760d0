"""The columnar engine says what the walker says, cell by cell: both lines, every row, every atom."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import generate as g
import packs
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from policy_dsl import model as m
from policy_dsl.check import check
from policy_dsl.columnar import Layout, Results, Staged, Statement, compiled, decide
from policy_dsl.columnar.cells import PEOPLE
from policy_dsl.columnar.columns import NotColumnar
from policy_dsl.columnar.gathering import Gathered
from policy_dsl.columnar.sql import absent, and_, case, coalesce, column, eq, full, not_, number, present
from policy_dsl.columnar.statement import PRINTED
from policy_dsl.compiled import PACKED, atoms
from policy_dsl.decide import Question
from policy_dsl.decide import decide as settle
from policy_dsl.evaluate import Evaluation
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.pack import load
from policy_dsl.record import Record

POLICIES = Path(__file__).parent.parent / "policies"
COUNTIES = sorted(p.name for p in POLICIES.iterdir() if p.name not in ("common", "national"))
Table = list[dict[str, Any]]
Decided = Callable[[Any, Statement], Results]


def table(connection: Any, name: str) -> Table:
    found = connection.execute(f'SELECT * FROM "{name}"')
    heads = [d[0] for d in found.description]
    return [dict(zip(heads, row, strict=True)) for row in found.fetchall()]


def engine(
    policy: m.Policy, question: Question, records: Iterable[Record], general: bool = True, decided: Decided = decide
) -> tuple[Statement, Staged, Table, Mapping[str, Table]]:
    """Everybody decided, in DuckDB or by another; *general*: by the statement for any cells, else by the one for these."""
    staged = Staged.of(policy, question, records)
    statement = compiled(policy, question, printed_atoms=True)
    if not general:
        statement = compiled(policy, question, staged.layout(statement.cells), printed_atoms=True)
    with duckdb.connect() as connection:
        staged.put(connection, statement.cells, statement.layout)
        made = decided(connection, statement)
        persons = sorted(table(connection, made.persons), key=lambda x: x["n"])
        return statement, staged, persons, {of: table(connection, name) for of, name in made.elements.items()}


def agree(
    policy: m.Policy, question: Question, records: Iterable[Record], general: bool = True, decided: Decided = decide
) -> Statement:
    """Every status and every atom is the walker's, on both lines."""
    statement, staged, persons, elements = engine(policy, question, records, general, decided)
    assert [p["编号"] for p in persons] == [r.id for r in staged.records]
    of_rows = {of: {(x["n"], x["编号"]): x for x in rows} for of, rows in elements.items()}
    for n, record in enumerate(staged.records):
        for suffix, printed in (("", False), (PRINTED, True)):
            walker = Evaluation(record, question.frame(printed))
            for w in policy.verdicts:
                if w.effect not in statement.columns:
                    continue
                assert persons[n][w.effect + suffix] == walker.why(w.person, ()).value, (n, w.effect, printed)
                for of, verdict in w.elements.items():
                    for row in record.lists[of].known:
                        want = walker.why(verdict, (row,)).value
                        assert of_rows[of][n, row.id][w.effect + suffix] == want, (n, of, row.id, w.effect, printed)
            for i, atom in enumerate(statement.atoms):
                truth = persons[n][statement.packed[i // PACKED] + suffix] >> 2 * (i % PACKED) & 3
                # What has no columnar form is packed as unknown.
                want = 3 if i in statement.loose else walker.why(atom, ()).value
                assert truth == want, (n, i, atom, printed)
    for of, rows in of_rows.items():
        assert len(rows) == len(elements[of]) == sum(len(r.lists[of].known) for r in staged.records)
    return statement


def asked(rng: random.Random, policy: m.Policy) -> Question:
    day = g.a_day(rng)
    known = day - rng.randrange(500) if rng.random() < 0.4 else day
    readings = {name: rng.choice(r.alternatives) for name, r in policy.readings.items()}
    return Question(day, known, readings, frozenset(DEFAULT_LAYERS))


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 60))
def test_the_columns_say_what_the_walker_says(seed: int) -> None:
    policy = g.grow(seed)[2].policy
    assert policy is not None
    rng = random.Random(seed)
    records = [g.read(g.person(rng, policy.shape), policy) for _ in range(4)]
    agree(policy, asked(rng, policy), records, seed % 2 == 0)


@cache
def county(name: str) -> m.Policy:
    policy = check(load(str(POLICIES / name))).policy
    assert policy is not None
    return policy


@pytest.mark.parametrize("name", COUNTIES)
def test_a_county_over_generated_records(name: str) -> None:
    # Readings are chosen here; left open, many are tried at once, below.
    policy, rng = county(name), random.Random(name)
    readings = {n: rng.choice(r.alternatives) for n, r in policy.readings.items()}
    records = [g.read(g.person(rng, policy.shape), policy) for _ in range(3)]
    statement = agree(policy, Question(g.EPOCH + 2500, g.EPOCH + 2400, readings, frozenset(DEFAULT_LAYERS)), records)
    assert not statement.refused
    assert statement.atoms == tuple(atoms([w.person for w in policy.verdicts]))


def united(policy: m.Policy, question: Question, records: list[Record], general: bool) -> Statement:
    """Every conclusion is the decision's, over every way to take the readings that are open."""
    statement, _, persons, elements = engine(policy, question, records, general)
    of_rows = {(of, x["n"], x["编号"]): x for of, rows in elements.items() for x in rows}
    for n, record in enumerate(records):
        for c in settle(policy, record, question, what_if=False).conclusions:
            if c.effect in statement.columns:
                row = persons[n] if c.row is None else of_rows[c.list, n, c.row.id]
                assert (row[c.effect], row[c.effect + PRINTED]) == (c.whole, c.printed), (n, c.effect, c.list)
    return statement


@pytest.mark.parametrize("seed", [3, 7])
def test_open_readings_are_each_taken(seed: int) -> None:
    policy = g.grow(seed)[2].policy
    assert policy is not None
    rng = random.Random(seed)
    records = [g.read(g.person(rng, policy.shape), policy) for _ in range(2)]
    day = g.a_day(rng)
    united(policy, Question(day, day, {}, frozenset(DEFAULT_LAYERS)), records, seed % 2 == 0)


def test_a_county_under_every_reading_and_what_turns_on_too_many() -> None:
    question = Question(g.EPOCH + 2500, g.EPOCH + 2500, {}, frozenset(DEFAULT_LAYERS))
    rng, policy = random.Random(1), county("wuzhong")
    records = [g.read(g.person(rng, policy.shape), policy) for _ in range(3)]
    assert not united(policy, question, records, True).refused
    named = {r.effect: r.what for r in compiled(county("fenggang"), question).refused}
    assert "召回" in named and all("> 64" in what for what in named.values())


# Traps, each by itself.

RULES = (
    packs.REGIME
    + """
处置 试验处置 lab_rule
    依据：T-02
    当：{0}
    应当：提醒
    由：未载明
"""
)


def status(
    condition: str, raw: Mapping[str, Any], general: bool, on: str = "2020-01-01", known: str | None = None
) -> tuple[set[str], set[str]]:
    """What a rule with one condition says, on what is printed and on the whole text; the walker says the same."""
    policy = packs.policy(RULES.format(condition))
    question = Question(packs.day(on), packs.day(known or on), {}, frozenset(DEFAULT_LAYERS))
    record = packs.record(policy, raw)
    agree(policy, question, [record], general)
    (person,) = engine(policy, question, [record], general)[2]
    return packs.words(person["提醒" + PRINTED]), packs.words(person["提醒"])


both = pytest.mark.parametrize("general", [True, False])
OPEN, MUST, SILENT = ({"silent", "must"},) * 2, ({"must"},) * 2, ({"silent"},) * 2


@both
def test_unknown_is_not_false(general: bool) -> None:
    assert status("并非（怀孕）", {}, general) == OPEN
    assert status("并非（怀孕）", {"怀孕": "否"}, general) == MUST
    assert status("得分 不足 60分", {}, general) == OPEN
    assert status("得分 不足 60分", {"得分": "无"}, general) == SILENT


@both
@pytest.mark.parametrize("points, want", [("59.999", MUST), ("60", SILENT)])
def test_both_sides_of_a_limit(points: str, want: Any, general: bool) -> None:
    assert status("得分 不足 60分", {"得分": float(points)}, general) == want


@both
def test_an_interval_across_a_limit_is_open(general: bool) -> None:
    assert status("得分 不足 60分", {"得分": {"至少": 59, "至多": 60}}, general) == OPEN
    assert status("得分 不足 60分", {"得分": {"至少": 10, "至多": 59}}, general) == MUST


@both
def test_an_incomplete_list_may_hold_more(general: bool) -> None:
    row = {"编号": "1", "发生日": "2019-05-01", "类型": "迟到"}
    count = "行为（类型 为 迟到）的次数 二次以上"
    assert status(count, {"行为": {"齐备": True, "行": [row]}}, general) == SILENT
    assert status(count, {"行为": {"行": [row]}}, general) == OPEN
    assert status(count, {"行为": {"行": [row, row | {"编号": "2"}]}}, general) == MUST
    assert status("没有 行为（类型 为 迟到）", {"行为": {"齐备": True, "行": []}}, general) == MUST
    assert status("没有 行为（类型 为 迟到）", {}, general) == OPEN


@both
def test_a_date_that_may_lie_later_only_perhaps_counts(general: bool) -> None:
    for until, want in (("2019-12-31", MUST), ("2020-01-01", MUST), ("2020-01-02", OPEN)):
        row = {"编号": "1", "发生日": {"不早于": "2019-05-01", "不晚于": until}, "类型": "迟到"}
        assert status("有 行为（类型 为 迟到）", {"行为": {"齐备": True, "行": [row]}}, general) == want


@both
def test_what_became_known_later_is_not_yet_known(general: bool) -> None:
    row = {"编号": "1", "发生日": "2019-05-01", "类型": "迟到", "知悉日": "2019-09-01"}
    raw = {"行为": {"齐备": True, "行": [row]}}
    assert status("有 行为（类型 为 迟到）", raw, general, known="2019-09-01") == MUST
    assert status("有 行为（类型 为 迟到）", raw, general, known="2019-08-31") == OPEN


@both
def test_what_is_not_printed_parts_the_two_lines(general: bool) -> None:
    assert status("怀孕 或 未载明（另外三种情形）", {"怀孕": "否"}, general) == ({"silent"}, {"silent", "must"})


def test_what_has_no_columns_is_named_and_the_rest_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    text = RULES.format("任意三年内 考核的次数 3次以上") + "\n处置 另一处置 other_rule\n    依据：T-03\n    当：患病\n    应当：登记\n    由：未载明\n"
    question = Question(1, 1)
    every = compiled(packs.policy(text), question, Layout())
    assert not every.refused and set(every.columns) == {"登记", "提醒"}
    # Everything has; were there something that had none:
    def formless(*_: Any) -> None:
        raise NotColumnar("如此这般\tso and so")

    monkeypatch.setattr(Gathered, "crowded", formless)
    statement = compiled(packs.policy(text), question, Layout())
    assert [(r.effect, r.what) for r in statement.refused] == [("提醒", "如此这般\tso and so")]
    assert statement.columns == ("登记",)


@pytest.mark.parametrize("dialect", ["duckdb", "spark", "postgres"])
def test_the_statement_names_its_provisions_in_every_dialect(dialect: str) -> None:
    text = (
        packs.REGIME
        + "\n定义 要紧 matters\n    依据：T-07\n    是指：患病 且 怀孕\n\n处置 试验处置 lab_rule\n    依据：T-02\n    当：要紧\n    应当：提醒\n    由：未载明\n"
    )
    sql = compiled(packs.policy(text), Question(1, 1)).sql(dialect)
    assert "要紧、T-07" in sql and "提醒" in sql
    assert ("MATERIALIZED" in compiled(county("wuzhong"), Question(1, 1)).sql(dialect)) == (dialect != "spark")


# What a county's statement is written with in Spark, as it is read back: what another engine has to know.
WRITTEN = """
    Add AddMonths Alias And BitwiseAnd BitwiseOr BitwiseOrAgg Boolean CTE Case Cast Coalesce Column Count DataType DateDiff Day
    Distinct EQ From GT GTE Greatest Group Identifier If IntDiv Is Join LT LTE Least Literal Max Min Mul NEQ Neg Not Null
    NullSafeNEQ Or Paren Select Star Sub Sum Table TableAlias TryCast TsOrDsAdd TsOrDsToDate Var Where Window With
"""


@pytest.mark.parametrize("name", COUNTIES)
def test_a_county_in_spark_needs_no_more_than_plain_sql(name: str) -> None:
    statement = compiled(county(name), Question(1, 1), each_reading=False)
    read = sqlglot.parse_one(statement.sql("spark"), read="spark")
    assert {type(e).__name__ for e in read.walk()} <= set(WRITTEN.split())
    # Nothing is read but cells and what the statement itself has made.
    made = {x.alias for x in read.find_all(sqlglot.exp.CTE)}
    cells = {PEOPLE, *county(name).shape.lists, *(c.table for c in statement.cells)}
    assert {t.name for t in read.find_all(sqlglot.exp.Table)} <= made | cells


THERE, PERHAPS = column("a", there=True), column("b")


@pytest.mark.parametrize(
    "e, never_null",
    [
        (THERE, True), (PERHAPS, False), (number(3), True), (exp.null(), False), (eq(THERE, number(1)), True),
        (eq(THERE, PERHAPS), False), (and_(THERE, PERHAPS), False), (not_(THERE), True), (coalesce(PERHAPS, THERE), True),
        (coalesce(PERHAPS, PERHAPS), False), (case((PERHAPS, number(1)), otherwise=number(0)), True),
        (case((THERE, number(1))), False), (case((THERE, PERHAPS), otherwise=number(0)), False),
        (exp.IntDiv(this=THERE.copy(), expression=number(2)), False), (exp.Count(this=PERHAPS.copy()), True),
        (exp.Max(this=THERE.copy()), False), (exp.cast(THERE.copy(), "bigint"), True), (exp.cast(PERHAPS.copy(), "int"), False),
    ],
)  # fmt: skip
def test_what_is_known_never_to_be_null(e: Any, never_null: bool) -> None:
    assert full(e) is never_null
    # What is known so needs no asking.
    assert (present(e) is True) is (absent(e) is False) is never_null


@both
def test_a_list_may_be_called_as_a_part_of_the_statement_is(general: bool) -> None:
    words = "    清单 人 people（到任日）：到任日 came_on：日期\n    清单 行为各行 every_conduct（到任日）：到任日 came_on：日期\n"
    condition = "有 人（到任日 早于 2019年1月1日） 且 有 行为各行（到任日 早于 2019年1月1日） 且 有 行为（类型 为 迟到）"
    policy = packs.policy(RULES.format(condition), packs.VOCABULARY + words)
    old, late = {"编号": "1", "到任日": "2018-05-01"}, {"编号": "1", "发生日": "2019-05-01", "类型": "迟到"}
    raw = {of: {"齐备": True, "行": [row]} for of, row in (("人", old), ("行为各行", old), ("行为", late))}
    day = packs.day("2020-01-01")
    records = [packs.record(policy, x) for x in (raw, raw | {"人": {"齐备": True, "行": []}}, {"行为": raw["行为"]})]
    agree(policy, Question(day, day, {}, frozenset(DEFAULT_LAYERS)), records, general)


@both
def test_consecutive_years_are_counted_where_rows_are_partly_known(general: bool) -> None:
    """Gaps, the same year twice, years that are a range or not known, rows that are perhaps in, and lists left open."""
    policy = packs.policy(RULES.format("考核（等第 为 合格）的连续年数 3年以上"), packs.VOCABULARY)

    def listed(*years: Any, complete: Any = True) -> dict[str, Any]:
        rows: list[dict[str, Any]] = []
        for i, year in enumerate(years):
            of, how = year if isinstance(year, tuple) else (year, "合格")
            told = {} if of is None else {"年度": of}
            rows.append({"编号": str(i), "评定日": "2019-12-20", "等第": how, **told})
        return {"考核": {"齐备": complete, "行": rows}}

    among = {"至少": 2015, "至多": 2017}
    raws = [
        {}, listed(), listed(complete=False), listed(2015, 2016, 2017), listed(2015, 2016, 2018), listed(2017, 2015, 2016, 2016),
        listed(2015, 2016, (2017, "不明")), listed(2015, (2016, "不合格"), 2017), listed(2015, None, 2017), listed(None),
        listed(2013, among, 2016), listed(among, among, among), listed((2015, "不明"), (2017, "不明"), 2016),
        listed(2015, 2016, complete=False), listed(2015, None, complete="2019-06-30"),
    ]  # fmt: skip
    day = packs.day("2020-01-01")
    records = [packs.record(policy, x) for x in raws]
    statement = agree(policy, Question(day, day, {}, frozenset(DEFAULT_LAYERS)), records, general)
    assert not statement.refused


def window(inside: str) -> str:
    """Two, three, four within a window: each an atom of its own."""
    return " 且 ".join(f"{inside} 行为（类型 为 迟到）的次数 {n}次以上" for n in (1, 2, 3, 4))


CROWDED = packs.policy(RULES.format(" 且 ".join(window(x) for x in ("任意十日内", "任意两个月内", "同一自然年内"))), packs.VOCABULARY)
DAYS_OF_CONDUCT = st.sampled_from([
    *(f"2017-12-{n}" for n in (20, 28, 29, 30, 31)), *(f"2018-{n}" for n in ("01-01", "01-09", "01-10", "02-28", "03-01", "12-31")),
])  # fmt: skip
ROWS_OF_CONDUCT = st.lists(
    st.tuples(
        st.one_of(
            DAYS_OF_CONDUCT,
            st.tuples(DAYS_OF_CONDUCT, DAYS_OF_CONDUCT).map(lambda x: {"不早于": min(x), "不晚于": max(x)}),
            DAYS_OF_CONDUCT.map(lambda x: {"不早于": x}), DAYS_OF_CONDUCT.map(lambda x: {"不晚于": x}), st.none(),
        ),
        st.sampled_from(["迟到", "迟到", "迟到", "不明", "早退"]),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(ROWS_OF_CONDUCT, st.sampled_from([True, False, "2018-01-31"])), min_size=8, max_size=8), st.booleans())
def test_how_many_lie_within_one_period_or_one_year(lists: list[Any], general: bool) -> None:
    """Days at the bounds of a window, on both sides of a new year; ranges of days, rows perhaps in, lists left open."""
    raws = []
    for rows, complete in lists:
        made = [{"编号": str(i), "类型": how, **({} if d is None else {"发生日": d})} for i, (d, how) in enumerate(rows)]
        raws.append({"行为": {"齐备": complete, "行": made}})
    day = packs.day("2020-01-01")
    records = [packs.record(CROWDED, x) for x in raws]
    statement = agree(CROWDED, Question(day, day, {}, frozenset(DEFAULT_LAYERS)), records, general)
    assert not statement.refused and not statement.loose


OF_MEASURES = """
处置 试验处置 lab_rule
    依据：T-02
    {0}
    应当：提醒
    由：未载明
"""
LATER = "行为（类型 为 迟到，发生日 不早于 {0}）的次数 {1}次以上"


@both
@pytest.mark.parametrize("times", [1, 2, 3, 4])
@pytest.mark.parametrize("inside", ["任意十日内", "任意两个月内", "同一自然年内"])
def test_what_lies_within_one_period_of_rows_beside_another(inside: str, times: int, general: bool) -> None:
    """Only those that stand beside the very row: of each measure by a rule, or by a condition on its list."""
    days, raws = ("2017-01-01", "2017-01-05", "2017-01-08", "2017-06-01"), []
    for measures in (("2017-01-01",), ("2017-01-01", "2017-01-06"), ("2017-01-01", "2017-01-03", "2017-05-01", "2018-01-01")):
        for vague in (None, "不明"):
            conduct = [{"编号": str(i), "类型": vague or "迟到" if i == 2 else "迟到", "发生日": x} for i, x in enumerate(days)]
            measure = [{"编号": str(i), "种类": "警告", "生效日": x} for i, x in enumerate(measures)]
            raws.append({"行为": {"齐备": not vague, "行": conduct}, "处理": {"齐备": True, "行": measure}})
    by_rule = "对：每一 处理\n    当：" + f"{inside} {LATER.format('本处理的生效日', times)}"
    by_list = f"当：处理（{inside} {LATER.format('本处理的生效日', times)}）的次数 二次以上"
    day = packs.day("2020-01-01")
    for clauses in (by_rule, by_list):
        policy = packs.policy(packs.REGIME + OF_MEASURES.format(clauses), packs.VOCABULARY)
        agree(policy, Question(day, day, {}, frozenset(DEFAULT_LAYERS)), [packs.record(policy, x) for x in raws], general)
