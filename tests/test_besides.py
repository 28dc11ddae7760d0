"""What a decision tells besides its conclusions is, in columns, what the walker says: options, amounts, periods, days."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import duckdb
import generate as g
import packs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_columnar import COUNTIES, asked, county, table
from test_run import DAYS, population

from policy_dsl import model as m
from policy_dsl.columnar import Layout, Staged
from policy_dsl.columnar.besides import tellings
from policy_dsl.columnar.running import carry_out
from policy_dsl.decide import Question
from policy_dsl.details import details, told
from policy_dsl.evaluate import Evaluation
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.record import Record, Row
from policy_dsl.values import Value


def agree(policy: m.Policy, question: Question, records: Sequence[Record], general: bool) -> Counter[str]:
    """Everything told is the walker's, of every person and row; how many values there were of each part."""
    staged = Staged.of(policy, question, records)
    walkers = [Evaluation(r, question.frame(False)) for r in staged.records]
    seen: Counter[str] = Counter()
    asked_of, layout = tuple(details(policy, question.layers)), None
    if not general:
        layout = staged.layout([c for t in tellings(policy, question, asked_of).values() for c in t.cells])
    for of, telling in tellings(policy, question, asked_of, layout).items():
        assert not telling.refused and len(telling.told) == sum(x.rule.list == of for x in asked_of)
        kept = tuple(x.detail for x in telling.told)
        with duckdb.connect() as connection:
            staged.put(connection, telling.cells, layout or Layout())
            carry_out(connection, telling.select, "所告")
            rows = table(connection, "所告")
        by = {(x["n"], x["编号"] if of else None): x for x in rows}
        for n, record in enumerate(staged.records):

            def value(e: m.Expr, rows: tuple[Row, ...], walker: Evaluation = walkers[n]) -> Value:
                return walker.why(e, rows).value

            for row in (None,) if of is None else record.lists[of].known:
                view = () if row is None else (row,)
                cells = by[n, None if row is None else row.id]
                for x in telling.told:
                    want = value(x.detail.node, view)
                    assert x.value([cells[c] for c in x.columns]) == want, (record.id, view, x.name)
                    seen[x.detail.part] += want != x.detail.node.type.top
            said = {(x, None if row is None else row.id) for x, row, _ in told(kept, record, value)}
            assert said == {(x.detail, row) for (k, row), cells in by.items() if k == n for x in telling.told if cells[x.where]}
        assert len(by) == sum(1 if of is None else len(r.lists[of].known) for r in staged.records)
    return seen


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 60))
def test_what_generated_rules_tell(seed: int) -> None:
    policy = g.grow(seed)[2].policy
    assert policy is not None
    rng = random.Random(seed)
    records = [g.read(g.person(rng, policy.shape), policy) for _ in range(3)]
    agree(policy, asked(rng, policy), records, seed % 2 == 0)


@pytest.mark.parametrize("name", COUNTIES)
def test_what_the_rules_of_a_county_tell(name: str) -> None:
    # The shipped cadres where there are any, and made-up ones: readings open and chosen.
    rng, policy, records = random.Random(name), county(name), []
    if name in DAYS:
        of = population(name)
        policy, records = of.policy, [of.given(x) for x in of.table if isinstance(x, Record)][:12]
    records += [g.read(g.person(rng, policy.shape), policy) for _ in range(3)]
    readings = {n: rng.choice(r.alternatives) for n, r in policy.readings.items() if rng.random() < 0.5}
    day = packs.day(DAYS[name]) if name in DAYS else g.EPOCH + 2500
    seen = agree(policy, Question(day, day, readings, frozenset(DEFAULT_LAYERS)), records, False)
    assert seen["arises"]
