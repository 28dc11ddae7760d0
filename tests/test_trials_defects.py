"""Defects put into the shipped policies, one at a time, as a drafter might: the cases that ship with them notice."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from attrs import evolve
from seeded import CASES, CHECK, DEFECTS, NEITHER, POLICIES, with_defect

from policy_dsl.check import Checked, build, check
from policy_dsl.language.parse import parse
from policy_dsl.pack import Pack, load
from policy_dsl.trials.hearing import Base, heard_cases
from policy_dsl.trials.mutants import Bench, Mutant, Slip
from policy_dsl.trials.operators import Operator


@cache
def county(name: str) -> tuple[Pack, Checked, Base, Bench]:
    pack = load(POLICIES / name)
    checked = check(pack)
    assert checked.policy is not None
    base = Base(checked.policy)
    return pack, checked, base, Bench(heard_cases(base))


def noticed(name: str, old: str, new: str) -> str:
    """What notices a defect: a text that checks no longer, a case, or neither."""
    pack, checked, base, bench = county(name)
    text = with_defect(pack, old, new)
    parsed = parse(text, checked.lexicon)
    if any(p.severity == "error" for p in parsed.problems):
        return CHECK
    index = [x.name for x in pack.sources].index(text.name)
    documents = (*checked.documents[:index], parsed.document, *checked.documents[index + 1 :])
    policy, problems = build(pack, documents, checked.lexicon)
    if policy is None or any(p.severity == "error" for p in problems):
        return CHECK
    likeness = base.likeness(policy)
    effects = tuple(
        e for e in base.verdicts if e not in likeness.verdicts or likeness.changed(likeness.verdicts[e].person)
    )
    d = parsed.document.declarations[0]
    slip = Slip(Operator("defect", "", "", lambda _: iter(())), d, d, d, (index, 0))
    return CASES if bench.killer(Mutant(slip, policy, likeness, effects)) is not None else NEITHER


@pytest.mark.parametrize(
    ("name", "kind", "old", "new", "by"), DEFECTS, ids=[f"{d[0]}-{d[1]}-{d[2][:18]}" for d in DEFECTS]
)
def test_a_defect_is_noticed(name: str, kind: str, old: str, new: str, by: str) -> None:
    assert noticed(name, old, new) == by


def test_there_are_enough_of_every_kind() -> None:
    kinds = Counter(kind for _, kind, *_ in DEFECTS)
    assert len(DEFECTS) >= 60
    assert set(kinds) == {"contradicting", "dead", "overlapping", "gap", "bound"} and min(kinds.values()) >= 10
    assert {name for name, *_ in DEFECTS} == {p.parent.name for p in POLICIES.glob("*/sources.toml")}
    assert sum(by == CASES for *_, by in DEFECTS) / len(DEFECTS) > 0.9


def test_nothing_changed_is_nothing_noticed() -> None:
    """What is noticed above is the defect: the same text, read again, is the same policy."""
    pack, checked, base, _ = county("daye")
    again = tuple(evolve(parse(x, checked.lexicon).document) for x in pack.sources)
    policy, problems = build(pack, again, checked.lexicon)
    assert policy is not None and not [p for p in problems if p.severity == "error"]
    likeness = base.likeness(policy)
    assert not [e for e, w in likeness.verdicts.items() if likeness.changed(w.person)]
