"""What the columns say is missing is what a decision says: the same things, for the same reasons."""

from __future__ import annotations

import random
from collections.abc import Sequence

import duckdb
import generate as g
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_run import DAYS, checked_once, population

from policy_dsl import model as m
from policy_dsl.columnar import Staged
from policy_dsl.columnar.missing import AMONG, Missing, lacking, missing
from policy_dsl.decide import Conclusion, Gap, Question, look_into, places
from policy_dsl.knowledge import as_known
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.leaves import item_key
from policy_dsl.record import Record

__all__ = ["checked_once"]

Lacks = set[tuple[int, str]]


def told(policy: m.Policy, question: Question, records: Sequence[Record], general: bool) -> tuple[Missing, list[Lacks]]:
    """What the columns say is missing of each."""
    staged, asked = Staged(policy, question, list(records)), missing(policy, question)
    if not general:
        asked = missing(policy, question, staged.layout(asked.cells))
    found: list[Lacks] = [set() for _ in records]
    with duckdb.connect() as connection:
        staged.put(connection, asked.cells, asked.layout)
        connection.execute(f'CREATE TEMP TABLE "{AMONG}" AS SELECT n FROM "干部"')
        name = lacking(connection, asked)
        for n, item, kind in connection.execute(f'SELECT * FROM "{name}"').fetchall():
            assert (item, kind) not in found[n], "said twice"
            found[n].add((item, kind))
    return asked, found


def walked(
    policy: m.Policy, question: Question, record: Record, refused: frozenset[str]
) -> tuple[list[Conclusion], list[Gap]]:
    asked = [(w, *place) for w in policy.verdicts if w.effect not in refused for place in places(w, record)]
    return look_into(policy, record, question, asked)


def alike(policy: m.Policy, question: Question, records: Sequence[Record], general: bool = True) -> tuple[Missing, int]:
    """Every leaf is the walker's, and every reason where no reading is missing; how many are settled."""
    asked, found = told(policy, question, records, general)
    numbers = {i.key: i.number for i in asked.items}
    refused = frozenset(r.effect for r in asked.refused)
    settled = 0
    for n, record in enumerate(records):
        conclusions, gaps = walked(policy, question, record, refused)
        keys = {item_key(e.node) for c in conclusions for e in c.why.missing()} - {None}
        assert {asked.items[i].key for i, _ in found[n]} == keys, n
        on_both = {item_key(e.node) for c in conclusions for e in (*c.why.missing(), *c.why_printed.missing())}
        readings = {key for key in on_both if key is not None and key[0] == "reading"}
        assert {asked.items[i].key for i, _ in found[n] if i in asked.readings} == readings, n
        if not readings:
            assert found[n] == {(numbers[item_key(x.node)], x.kind) for x in gaps if item_key(x.node)}, n
            assert all(set(x.who) == set(asked.items[numbers[item_key(x.node)]].who) for x in gaps)
        settled += not keys
    return asked, settled


@pytest.mark.parametrize("county", DAYS)
def test_a_roster_lacks_what_the_walker_says(county: str) -> None:
    of = population(county)
    given = [of.given(x) for x in of.table if isinstance(x, Record)]
    asked, settled = alike(of.policy, of.asked, given)
    assert not asked.refused and 0 < settled < len(given)


def grown(seed: int, count: int, chosen: float) -> tuple[m.Policy, Question, list[Record]]:
    policy = g.grow(seed)[2].policy
    assert policy is not None
    rng = random.Random(seed)
    day = g.a_day(rng)
    readings = {n: rng.choice(r.alternatives) for n, r in policy.readings.items() if rng.random() < chosen}
    question = Question(day, day - rng.randrange(500) * (seed % 2), readings, frozenset(DEFAULT_LAYERS))
    records = [g.read(g.person(rng, policy.shape, known=i % 2 == 0), policy) for i in range(count)]
    return policy, question, [as_known(r, policy.shape, day, question.known_as_of) for r in records]


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10**9), chosen=st.sampled_from([0.5, 1.0]), general=st.booleans())
def test_grown_policies_lack_what_the_walker_says(seed: int, chosen: float, general: bool) -> None:
    alike(*grown(seed, 5, chosen), general)
