"""Two provisions beside each other: the same, one in the other, an exception and its rule, must against must not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import z3

from .. import model as m
from ..diagnostics import Note, found
from ..language.keywords import DEFAULT_LAYERS
from ..model import STATUS
from ..values import NO, YES
from .asking import Claim
from .survey import Finding, Survey, name_of

# A provision, and one outcome of it.
Ruled = tuple[m.Rule, m.Option]


def pairs(survey: Survey) -> Iterator[Finding]:
    """Provisions that lead to one effect alike, where one applies whenever the other does."""
    bears: dict[tuple[str, str, str | None], list[Ruled]] = {}
    for rule in survey.rules():
        for o in rule.options:
            if o.amount is None and o.waived is None:
                bears.setdefault((o.effect, o.flag, rule.list), []).append((rule, o))
    done: set[tuple[str, str]] = set()
    for given in bears.values():
        for one, two in combinations(given, 2):
            names = one[0].name, two[0].name
            if names[0] != names[1] and names not in done:
                done.add(names)
                yield from _pair(survey, one, two)


def _pair(survey: Survey, one: Ruled, two: Ruled) -> Iterator[Finding]:
    (a, x), (b, y) = one, two
    at, layers = survey.of_rule(a), frozenset((a.layer, b.layer))
    given = (*at.there, *survey.admitted(*layers))
    p, q = survey.truth(x.fires, at.view), survey.truth(y.fires, at.view)
    left, right = survey.possible(p, z3.Not(q), *given), survey.possible(q, z3.Not(p), *given)
    if left is None or right is None:
        yield survey.undecided(name_of(a), "{0}与{1}是否相同", "whether {0} and {1} coincide", a, b)
        return
    if (left and right) or not survey.possible(p, *given) or not survey.possible(q, *given):
        return  # Neither is in the other; or one never applies, which is said of it alone.
    (small, narrow), (large, wide) = (two, one) if left else (one, two)
    claims = (Claim(x.fires, YES, at.rows), Claim(y.fires, YES, at.rows))
    names = {"name": survey.named(small), "other": survey.named(large), "effect": survey.named(x.effect)}
    there = Note(name_of(large), "另一条", "the other one")
    made = found("A112" if left or right else "A111", name_of(small), there, **names)
    refuted = (Claim(narrow.fires, YES, at.rows), Claim(wide.fires, NO, at.rows))
    yield Finding(made, survey.shown(claims, p, q, *given), claims, refuted, layers)


def exceptions(survey: Survey) -> Iterator[Finding]:
    """Exceptions that never meet what they set aside, and those that swallow it."""
    by_name = {r.name: r for r in survey.policy.rules}
    for rule in survey.rules():
        bars: dict[str, m.Expr] = {}
        for name, e in zip(rule.defeated_by, rule.exceptions, strict=True):
            bars.setdefault(name, e)
        for name, e in bars.items():
            yield from _exception(survey, rule, by_name[name], e)


def _exception(survey: Survey, rule: m.Rule, other: m.Rule, e: m.Expr) -> Iterator[Finding]:
    at, layers = survey.of_rule(rule), frozenset((rule.layer, other.layer))
    given = (*at.there, *survey.admitted(*layers))
    ready, bars = survey.truth(rule.ready, at.view), survey.truth(e, at.view)
    if not survey.possible(ready, *given) or not survey.possible(bars, *given):
        return  # One of the two never applies: said of it alone.
    meets, spares = survey.possible(ready, bars, *given), survey.possible(ready, z3.Not(bars), *given)
    if meets is None or spares is None:
        yield survey.undecided(name_of(other), "{0}能否排除{1}", "whether {0} can set aside {1}", other, rule)
        return
    there = Note(name_of(rule), "它排除的规定", "what it sets aside")
    names = {"name": survey.named(other), "other": survey.named(rule)}
    ready_, bars_ = Claim(rule.ready, YES, at.rows), Claim(e, YES, at.rows)
    # Where it has kept an earlier stage from being reached, it is itself why the two do not meet.
    itself = any(isinstance(x, m.Named) and x.role == "rule" and x.name == other.name for x in m.walk(rule.ready))
    if not meets and not itself:
        claims: tuple[Claim, ...] = (bars_, Claim(rule.ready, NO, at.rows))
        witness = survey.shown(claims, bars, *given)
        yield Finding(found("A113", name_of(other), there, **names), witness, claims, (ready_, bars_), layers)
    elif meets and not spares:
        claims = (ready_, bars_, Claim(rule.fires, NO, at.rows))
        witness = survey.shown(claims, ready, *given)
        refuted = (ready_, Claim(e, NO, at.rows))
        yield Finding(found("A114", name_of(other), there, **names), witness, claims, refuted, layers)


def conflicts(survey: Survey) -> Iterator[Finding]:
    """Records of which one provision says must and another must not."""
    done: set[tuple[str, str]] = set()
    for w in survey.policy.verdicts:
        for of, verdict in ((None, w.person.own), *w.elements.items()):
            bears = [
                (r, o) for r in survey.policy.rules for o in r.options
                if o.effect == w.effect and r.layer in DEFAULT_LAYERS
                and (r.list == of or (r.list is None and o.flag == "must_not"))
            ]  # fmt: skip
            duties = [(r, o) for r, o in bears if o.flag == "must" or o.waived is not None]
            for one in duties:
                for two in bears:
                    names = one[0].name, two[0].name
                    if two[1].flag == "must_not" and names not in done:
                        done.add(names)
                        yield from _conflict(survey, verdict, of, one, two)


def _conflict(survey: Survey, verdict: m.Verdict, of: str | None, one: Ruled, two: Ruled) -> Iterator[Finding]:
    (a, x), (b, y) = one, two
    view, there, rows = survey.there(of)
    p, q = survey.truth(x.fires, view), survey.truth(y.fires, view)
    answer = survey.possible(p, q, *there, *survey.admitted())
    if answer is False:
        return
    claims = (
        Claim(verdict, STATUS.option("conflict"), rows),
        Claim(x.fires, YES, rows if a.list is not None else ()),
        Claim(y.fires, YES, rows if b.list is not None else ()),
    )
    witness = survey.shown(claims, p, q, *there, *survey.admitted()) if answer else None
    if witness is None:
        yield survey.undecided(name_of(a), "{0}与{1}能否冲突", "whether {0} and {1} can clash", a, b)
        return
    names = {"name": survey.named(a), "other": survey.named(b), "effect": survey.named(x.effect)}
    yield Finding(found("A121", name_of(a), Note(name_of(b), "不得", "must not"), **names), witness, claims)
