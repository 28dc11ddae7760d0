"""Every provision is tried by a case: with a rule, a stage or an exception out of the way, some case no longer holds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve

from policy_dsl import model as m
from policy_dsl.cases import run
from policy_dsl.check import Checked, build, check
from policy_dsl.language import syntax as s
from policy_dsl.language.keywords import RULE_KINDS
from policy_dsl.language.source import Span
from policy_dsl.pack import Pack, load

POLICIES = Path(__file__).parent.parent / "policies"
COUNTIES = sorted(p.parent.name for p in POLICIES.glob("*/sources.toml"))
# What is open for two reasons at once shows that it needs the one only with the other out of the way.
BESIDE = {("dongtou", "叠加召回"): ("其余四类召回",)}
CONDITIONS = ("when", "any_of", "all_of")
NEVER = s.Clause("when", s.Word("TRUTH", "no"))


@cache
def county(name: str) -> tuple[Pack, Checked]:
    pack = load(POLICIES / name)
    return pack, check(pack)


def provisions(name: str) -> Iterator[tuple[str, s.Declaration | None, s.Declaration]]:
    """Each rule and exception, and each stage with its procedure."""
    for document in county(name)[1].documents:
        for d in document.declarations:
            if d.kind in RULE_KINDS and d.name is not None:
                yield d.name.text, None, d
            for stage in d.stages:
                assert stage.name is not None
                yield stage.name.text, d, stage


def muted(d: s.Declaration) -> s.Declaration:
    """The same provision, arising never: out of the way, while what else names it still reads."""
    return evolve(d, clauses=(*(c for c in d.clauses if c.key not in CONDITIONS), NEVER))


def without(document: s.Document, whole: s.Declaration | None, d: s.Declaration) -> s.Document:
    old = whole or d
    new = muted(d) if whole is None else evolve(whole, stages=tuple(muted(x) if x is d else x for x in whole.stages))
    return evolve(document, declarations=tuple(new if x is old else x for x in document.declarations))


def citing(d: s.Declaration) -> set[str]:
    """What a declaration cites, anywhere in it."""
    return {x.text for x in _nodes(d) if isinstance(x, s.Citation)} | {
        x.text for x in _nodes(d) if isinstance(x, s.Name)
    }


def _nodes(x: object) -> Iterator[s.Node]:
    if isinstance(x, s.Node):
        yield x
        for f in type(x).__attrs_attrs__:
            yield from _nodes(getattr(x, f.name)) if f.eq else ()
    elif isinstance(x, tuple):
        for y in x:
            yield from _nodes(y)


def _holds(whole: Span, part: Span) -> bool:
    return whole.source is part.source and whole.start <= part.start and part.end <= whole.end


def test_with_nothing_out_of_the_way_every_case_holds() -> None:
    """Building the same trees again changes nothing: what fails below fails for want of the provision."""
    pack, checked = county(COUNTIES[0])
    policy, _ = build(pack, checked.documents, checked.lexicon)
    assert policy is not None and policy.cases
    assert not [p for case in policy.cases for p in run(policy, case).problems]


@pytest.mark.parametrize(
    ("name", "provision"), [(c, p) for c in COUNTIES for p, _, _ in provisions(c)], ids=lambda x: x
)
def test_some_case_needs_it(name: str, provision: str) -> None:
    """Cases that share a citation or an effect with the provision are run first; the rest only if none of them needs
    it."""
    pack, checked = county(name)
    found = {p: (whole, d) for p, whole, d in provisions(name)}

    def built(*out: str) -> m.Policy:
        documents = checked.documents
        for p in out:
            documents = tuple(without(x, *found[p]) for x in documents)
        policy, problems = build(pack, documents, checked.lexicon)
        wrong = [x.span for x in problems if x.severity == "error"]
        # A case that chooses the reading of what is taken out names what is no longer there: it needs it.
        assert policy is not None and all(any(_holds(c.span, x) for c in policy.cases) for x in wrong)
        return policy

    beside = BESIDE.get((name, provision), ())
    after = built(*beside, provision)
    before = built(*beside) if beside else after
    mine = citing(found[provision][1])
    cases = sorted(after.cases, key=lambda case: -len(mine & citing(case)))
    needs = (x for x in cases if not run(after, x).passed and (not beside or run(before, x).passed))
    assert next(needs, None) is not None, f"no case of {name} needs {provision}"
