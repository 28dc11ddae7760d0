"""Whatever reads a row reads one that is in view, of the very list it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import generate as g
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_columnar import POLICIES

from policy_dsl import model as m
from policy_dsl.check import check
from policy_dsl.pack import load

COUNTIES = ("fenggang", "dongtou", "daye", "wuzhong", "moxian", "national")


def astray(policy: m.Policy) -> Iterator[tuple[str, int, str]]:
    """What reads a place where another list's row stands, or none: its list, the place, and the effect it is of."""

    @cache
    def reads(e: m.Expr) -> frozenset[tuple[str, int]]:
        """The rows that an expression reads of those outside it, by list and place."""
        found = frozenset[tuple[str, int]]().union(*map(reads, m.parts(e)))
        if isinstance(e, m.Field | m.Happened | m.RowId | m.Finding) and e.slot is not None and e.list is not None:
            found |= {(e.list, e.slot)}
        if isinstance(e, m.Fold):
            wrong.extend((of, at) for of, at in found if at == e.slot and of != e.list)
            found = frozenset(x for x in found if x[1] != e.slot)
        return found

    wrong: list[tuple[str, int]] = []
    for w in policy.verdicts:
        for of, verdict in w.elements.items():
            wrong += reads(verdict) - {(of, 0)}
        for verdict in (w.person.own, *(x for _, x in w.person.rows)):
            reads(verdict)
        wrong += reads(w.person.own)
        yield from ((*x, w.effect) for x in wrong)
        wrong.clear()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 60))
@example(40)  # a regime's scope looks through a list and reads a fact at the day of another list's row
def test_of_a_grown_policy(seed: int) -> None:
    policy = g.grow(seed)[2].policy
    assert policy is not None
    assert list(astray(policy)) == []


@pytest.mark.parametrize("name", COUNTIES)
def test_of_a_shipped_policy(name: str) -> None:
    policy = check(load(str(POLICIES / name))).policy
    assert policy is not None and list(astray(policy)) == []
