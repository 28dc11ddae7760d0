"""Properties proved of every record, or refuted with one; a difference nothing should make, with two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import z3
from attrs import evolve, frozen

from .. import model as m
from ..diagnostics import Diagnostic, found
from ..explanation import Frame
from ..language import syntax as s
from ..model import STATUS
from ..shapes import FINDINGS, ID, ROWS
from ..values import NO, YES, Value, as_mask, settled
from . import terms as t
from .asking import Claim, Witness, smallest
from .backing import before, decided, grounded
from .encode import Encoding
from .survey import Finding, Survey
from .terms import Bool
from .world import Found, World

# What leaves a person as he was.
_NOTHING: Final = STATUS.option("silent") | STATUS.option("must_not") | STATUS.option("should_not")


@frozen(eq=False)
class Proof:
    """A property and what became of it: proved, refuted or undecided."""

    name: s.Name
    outcome: str


def prove(survey: Survey, properties: Sequence[m.Property]) -> Iterator[tuple[Proof, tuple[Finding, ...]]]:
    """Each property, with a record against it where it does not hold."""
    for p in properties:
        findings = [*_always(survey, p.name, *p.always)] if p.always is not None else []
        for clause, ask in _ASKED.items():
            for named in p.named[clause]:
                findings += ask(survey, p.name, named)
        codes = {f.diagnostic.code for f in findings}
        outcome = "proved" if not codes else "undecided" if codes == {"A190"} else "refuted"
        yield Proof(p.name, outcome), tuple(findings)


def _always(
    survey: Survey, name: s.Name, premise: m.Expr | m.Concluded | None, claim: m.Expr | m.Concluded
) -> Iterator[Finding]:
    """Whenever the one holds, so does the other, on what is printed and on the whole text."""
    sides = [(x, wanted) for x, wanted in ((premise, True), (claim, False)) if x is not None]
    claims: list[Claim] = []
    conditions = [*survey.admitted()]
    for x, wanted in sides:
        if isinstance(x, m.Concluded):
            person = _person(survey, x.effect)
            if person is None:
                # No provision leads to it: it never arises.
                held = t.TRUE if (x.status == "silent") == wanted else t.FALSE
                conditions.append(held)
                continue
            held = survey.encoding.term(person) == m.STATUSES.index(x.status)
            claims.append(Claim(person, STATUS.option(x.status), (), not wanted))
        else:
            held = survey.truth(x)
            claims.append(Claim(x, YES if wanted else NO))
        conditions.append(held if wanted else z3.Not(held))
    yield from _refuted(survey, name, "A201", claims, conditions, {})


def _person(survey: Survey, effect: str) -> m.Strongest | None:
    return next((w.person for w in survey.policy.verdicts if w.effect == effect), None)


def _refuted(
    survey: Survey, name: s.Name, code: str, claims: Sequence[Claim], conditions: Sequence[Bool], values: dict[str, str]
) -> Iterator[Finding]:
    answer = survey.possible(*conditions)
    if answer is False:
        return
    witness = survey.shown(claims, *conditions) if answer else None
    if witness is None:
        yield survey.unproved(name)
    else:
        made = found(code, name.span, name=survey.named(name.text), **values)
        yield Finding(made, witness, tuple(claims))


def _bound(survey: Survey, name: s.Name, bound: str) -> Iterator[Finding]:
    """Nothing of the group is ever graver."""
    effects = survey.policy.shape.effects
    limit = effects[bound]
    for w in survey.policy.verdicts:
        effect = effects.get(w.effect)
        if effect is not None and effect.group == limit.group and (effect.rank or 0) > (limit.rank or 0):
            follows = z3.Not(t.among(survey.encoding.term(w.person), _NOTHING))
            claims = [Claim(w.person, _NOTHING, (), True)]
            values = {"effect": survey.named(w.effect), "bound": survey.named(bound)}
            yield from _refuted(survey, name, "A203", claims, [follows, *survey.admitted()], values)


# What makes no difference: two worlds that share everything but one fact.


def _invariant(survey: Survey, name: s.Name, fact: str) -> Iterator[Finding]:
    """Two records that differ in one fact or finding alone have the same conclusions."""
    topic: m.Topic = ("fact" if fact in survey.policy.shape.facts else "finding", fact)
    other = World(survey.policy.shape, survey.world.rows, survey.decided, differing=frozenset((topic,)))
    twin = Encoding(other)
    undecided = False
    for w in survey.policy.verdicts:
        for of, verdict in ((None, w.person.own), *w.elements.items()):
            if topic not in verdict.topics:
                continue
            view, there, rows = survey.there(of)
            differ = survey.encoding.term(verdict, view) != twin.term(verdict, view)
            # Where rows tie for the latest, either world may take either.
            conditions = [differ, *there, *other.side, *other.apart, *survey.world.apart, *survey.admitted()]
            answer = survey.possible(*conditions)
            if answer:
                finding = _difference(survey, other, name, fact, w.effect, Claim(verdict, 0, rows), conditions)
                if finding is not None:
                    yield finding
                    return
            undecided = undecided or answer is not False
    if undecided:
        yield survey.unproved(name)


def _difference(
    survey: Survey,
    other: World,
    name: s.Name,
    fact: str,
    effect: str,
    claim: Claim,
    conditions: Sequence[Bool],
) -> Finding | None:
    """The two records, of which the interpreter says two different things."""

    def second(w: Witness, cells: Mapping[str, Any]) -> Witness:
        """The record with the one fact, or finding, of the other."""
        if fact in survey.policy.shape.facts:
            return evolve(w, raw={**w.raw, fact: cells[fact]})
        answers = {f["问题"]: f for f in cells.get(FINDINGS, ()) if "所属" not in f}
        kept = [answers[fact] if f["问题"] == fact else f for f in w.raw.get(FINDINGS, ())]
        return evolve(w, raw={**w.raw, FINDINGS: kept})

    two = _two(survey, other, claim, conditions, second, lambda a, b: a != b)
    values = {"name": survey.named(name.text), "fact": survey.named(fact), "effect": survey.named(effect)}
    return None if two is None else _told(survey, found("A202", name.span, **values), claim, *two)


def _told(survey: Survey, diagnostic: Diagnostic, claim: Claim, one: Witness, two: Witness) -> Finding:
    shown = evolve(claim, value=one.value(survey.policy, claim) or 0)
    return Finding(diagnostic, one, (shown,), other=two)


def _two(
    survey: Survey,
    other: World,
    claim: Claim,
    conditions: Sequence[Bool],
    second: Callable[[Witness, Mapping[str, Any]], Witness],
    differ: Callable[[Value, Value], bool],
) -> tuple[Witness, Witness] | None:
    """A smallest record and the one made of it by *second*, of which the interpreter says what *differ* asks."""
    policy, topics = survey.policy, claim.expr.topics
    made = survey.plainest(*conditions)
    if made is None:
        return None
    cells = Found(other, made.model).raw(topics)
    whole = Witness(made.raw(topics), Frame(made.as_of, made.readings, made.layers, made.printed), made.given)

    def holds(w: Witness) -> bool:
        left, right = w.value(policy, claim), second(w, cells).value(policy, claim)
        return left is not None and right is not None and settled(left) and settled(right) and differ(left, right)

    if not holds(whole):
        return None
    small = smallest(whole, holds)
    return small, second(small, cells)


# What one more row of a list never does.


def _growing(survey: Survey, name: s.Name, of: str) -> Iterator[Finding]:
    """With one row more, and all else alike, nothing that burdens the person gets a weaker status."""
    differing = frozenset[m.Topic]((("list", of),))
    other = World(survey.policy.shape, survey.world.rows, survey.decided, differing=differing)
    twin = Encoding(other)
    undecided = False
    for w in survey.policy.verdicts:
        effect = survey.policy.shape.effects.get(w.effect)
        if effect is None or effect.polarity != "burden" or ("list", of) not in w.person.topics:
            continue
        lighter = t.strength(twin.term(w.person)) < t.strength(survey.encoding.term(w.person))
        last = [z3.Not(survey.world.slots(of)[-1].present), other.slots(of)[-1].present]
        apart = [*other.side, *other.apart, *survey.world.apart]
        conditions = [lighter, *last, *apart, *survey.admitted()]
        answer = survey.possible(*conditions)
        two = _two(survey, other, Claim(w.person, 0), conditions, _with_row(of), _lighter) if answer else None
        if two is not None:
            values = {"name": survey.named(name.text), "list": survey.named(of), "effect": survey.named(w.effect)}
            yield _told(survey, found("A204", name.span, **values), Claim(w.person, 0), *two)
            return
        undecided = undecided or answer is not False
    if undecided:
        yield survey.unproved(name)


def _lighter(before: Value, after: Value) -> bool:
    one, two = (m.STRENGTH.index(m.STATUSES[as_mask(x).bit_length() - 1]) for x in (before, after))
    return two < one


def _with_row(of: str) -> Callable[[Witness, Mapping[str, Any]], Witness]:
    """The record with the last row of the other, and what was found on it."""

    def second(w: Witness, cells: Mapping[str, Any]) -> Witness:
        row = cells[of][ROWS][-1]
        rows = {**w.raw.get(of, {}), ROWS: [*w.raw.get(of, {ROWS: []})[ROWS], row]}
        answers = [f for f in cells.get(FINDINGS, ()) if (f.get("所属"), f.get("所属编号")) == (of, row[ID])]
        found_ = [*w.raw.get(FINDINGS, ()), *answers]
        return evolve(w, raw={**w.raw, of: rows, **({FINDINGS: found_} if found_ else {})})

    return second


# What each clause of a property asks of everything it names.
_ASKED: Final[dict[str, Callable[[Survey, s.Name, str], Iterator[Finding]]]] = {
    "invariant": _invariant, "never_lighter": _growing, "never_graver": _bound, "always_grounded": grounded,
    "always_decided": decided, "no_effect_before": before,
}  # fmt: skip
