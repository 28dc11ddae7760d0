"""What nothing answers: gaps in tables, stages that lead nowhere, outcomes that nothing can settle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import z3

from .. import model as m
from .. import values as v
from ..diagnostics import Note, found
from ..explanation import Frame, LeafKey, leaf_key
from ..values import NO, YES
from . import terms as t
from .asking import Claim, Witness
from .encode import Encoding, View
from .survey import Finding, Place, Survey, name_of
from .terms import Bool, Term

Gap = m.Leaf | m.Unprinted

# What a person can settle by choosing, or by looking at the record again.
_SETTLED: Final = ("reading", "tie", "calendar")
# So many ways in which what is not printed may turn out are tried beside each other.
_ROUNDS: Final = 16


def gaps(survey: Survey) -> Iterator[Finding]:
    """Situations within a provision that none of its rows answers; stages that end and lead nowhere."""
    for rule in survey.rules():
        at = survey.of_rule(rule)
        tabled = [
            o.base.parts for o in rule.options if isinstance(o.base, m.All) and isinstance(o.base.parts[0], m.Named)
        ]
        if tabled:
            premises = {id(parts[0]): parts[0] for parts in tabled}
            asked, follows = [parts[1] for parts in tabled], [o.fires for o in rule.options]
            yield from _gap(survey, rule, "A131", list(premises.values()), asked, follows, at)
        bodies = [c for c, _ in rule.decider.rows if c is not None]
        if bodies and len(bodies) == len(rule.decider.rows):
            yield from _gap(survey, rule, "A133", [rule.fires], bodies, bodies, at)
        clock = rule.clock
        leads = [e for _, e in clock.next] if rule.procedure and clock is not None else []
        ways = [survey.truth(e, at.view) for e in leads]
        if clock is not None and all(m.parts(e) for e in leads) and ways and survey.possible(t.either(ways)):
            over = [clock.finished] if clock.finished is not None else []
            yield from _gap(survey, rule, "A132", [rule.fires, *over], leads, leads, at)


def _gap(
    survey: Survey,
    rule: m.Rule,
    code: str,
    premises: Sequence[m.Expr],
    asked: Sequence[m.Expr],
    follows: Sequence[m.Expr],
    at: Place,
) -> Iterator[Finding]:
    """Everything that is asked has an answer, and nothing follows."""
    conditions = [
        *(survey.truth(x, at.view) for x in premises),
        *(_there(survey, x, at.view) for x in asked),
        *(z3.Not(survey.truth(x, at.view)) for x in follows),
        *at.there,
        *survey.admitted(rule.layer),
    ]
    answer = survey.possible(*conditions)
    if answer is False:
        return
    claims = (*(Claim(x, YES, at.rows) for x in premises), *(Claim(x, NO, at.rows) for x in follows))
    witness = survey.shown(claims, *conditions) if answer else None
    if witness is None:
        yield survey.undecided(name_of(rule), "{0}有无空缺", "whether {0} leaves a gap", rule)
    else:
        yield Finding(found(code, name_of(rule), name=survey.named(rule)), witness, claims)


def _there(survey: Survey, e: m.Expr, view: View) -> Bool:
    """That nothing an expression compares of the rows in view is 无: what does not exist yet is no gap."""
    parts: list[Bool] = []
    stack = [e]
    while stack:
        x = stack.pop()
        if x.type.kind != "truth" and x.type.may_be_none and x.reach <= len(view):
            term = survey.encoding.term(x, view)
            parts.append(t.no(term.none) if isinstance(term, t.Ordered) else term != len(x.type.options))
        if not isinstance(x, m.Fold):
            stack += [p for p in m.parts(x) if p.reach <= len(view)]
    return t.both(parts)


def stages(survey: Survey) -> Iterator[Finding]:
    """Stages from which no record ever comes to an end, nor to where the text says no more."""
    by_name = {r.name: r for r in survey.rules() if r.procedure}
    ways: dict[str, set[str | None]] = {}
    for name, rule in by_name.items():
        at = survey.of_rule(rule)
        given = (*at.there, *survey.admitted(rule.layer), survey.truth(rule.fires, at.view))
        leads = rule.clock.next if rule.clock is not None else ()
        ways[name] = {to for to, e in leads if survey.possible(survey.truth(e, at.view), *given) is not False}
        if not leads:
            ways[name].add(None)
    ends = {name for name, to in ways.items() if None in to}
    while more := {name for name, to in ways.items() if name not in ends and to & ends}:
        ends |= more
    for name, rule in by_name.items():
        at = survey.of_rule(rule)
        conditions = (survey.truth(rule.fires, at.view), *at.there, *survey.admitted(rule.layer))
        if name not in ends and survey.possible(*conditions):
            claims = (Claim(rule.fires, YES, at.rows),)
            yield Finding(
                found("A142", name_of(rule), name=survey.named(rule)), survey.shown(claims, *conditions), claims
            )


def unsettled(survey: Survey) -> Iterator[Finding]:
    """Provisions whose applying nothing can settle: whatever the record, the findings and the readings, it waits for
    what the text does not print. Said of each thing not printed, with all that waits for it."""
    waiting: dict[LeafKey, tuple[Gap, list[m.Rule]]] = {}
    rules = {rule.name: _left_out(rule.fires) for rule in survey.rules()}
    every = {key: e for left_out in rules.values() for key, e in left_out.items()}
    ends = [Encoding(survey.world, {key: _end(survey, e, last) for key, e in every.items()}) for last in (True, False)]
    for rule in survey.rules():
        left_out = rules[rule.name]
        answer = _settleable(survey, rule, left_out, ends) if left_out else True
        if answer is None:
            yield survey.undecided(
                name_of(rule), "{0}能否断定为适用", "whether it can be settled that {0} applies", rule
            )
        elif not answer:
            key = _blamed(survey, rule, left_out)
            waiting.setdefault(key, (left_out[key], []))[1].append(rule)
    for e, waits in waiting.values():
        span = e.source.span if e.source is not None and e.source.span.source.text else name_of(waits[0])
        notes = [Note(name_of(r), "总要等它", "always waits for it") for r in waits if name_of(r) != span]
        at = survey.of_rule(waits[0])
        claims = (Claim(waits[0].fires, YES, at.rows),)
        conditions = (survey.truth(waits[0].fires, at.view), *at.there, *survey.admitted(waits[0].layer))
        made = found("A151", span, *notes, what=e.name, rules=survey.named(*waits))
        yield Finding(made, survey.shown(claims, *conditions), claims)


def _blamed(survey: Survey, rule: m.Rule, left_out: dict[LeafKey, Gap]) -> LeafKey:
    """The one thing that, were it printed, would let the provision be settled; the last, if no one of them would."""
    # A condition that is not printed rather than a day: it is nearer to the provision.
    for key in sorted(left_out, key=lambda k: not isinstance(left_out[k], m.Unprinted)):
        others = {k: x for k, x in left_out.items() if k != key}
        ends = [Encoding(survey.world, {k: _end(survey, x, last) for k, x in others.items()}) for last in (True, False)]
        if not others or _settleable(survey, rule, others, ends):
            return key
    return key


def _left_out(e: m.Expr) -> dict[LeafKey, Gap]:
    """What the text does not say and an expression asks."""
    leaves = (x for x in m.walk(e) if isinstance(x, m.Unprinted) or (isinstance(x, m.Leaf) and x.kind not in _SETTLED))
    return {key: x for x in leaves if isinstance(x, Gap) and (key := leaf_key(x, ())) is not None}


def _settleable(survey: Survey, rule: m.Rule, left_out: dict[LeafKey, Gap], ends: Sequence[Encoding]) -> bool | None:
    """Whether some record makes a provision apply whatever these turn out to be: first at their *ends*, then by trying
    one way after another in which it fails. The interpreter, which is told nothing of them, has the last word."""
    at, world = survey.of_rule(rule), survey.world
    given = (*at.there, *survey.admitted(rule.layer), z3.Not(world.printed))
    fails = z3.Not(survey.truth(rule.fires, at.view))
    conditions = [*given, *(x.truth(rule.fires, at.view) for x in ends)]
    claims = (Claim(rule.fires, YES, at.rows),)
    for _ in range(_ROUNDS):
        made = survey.found(*conditions)
        if made is None:
            return False if survey.possible(*conditions) is False else None
        frame = Frame(made.as_of, made.readings, made.layers)
        said = {key: x for key, x in made.given.items() if key not in left_out}
        if Witness(made.raw(rule.fires.topics), frame, said).shows(survey.policy, claims):
            return True
        other = survey.found(fails, *given, *made.fixed(left_out))
        if other is None:
            return None
        supposed = {key: other.term(key) for key in left_out}
        conditions.append(Encoding(world, supposed).truth(rule.fires, at.view))
    return None


def _end(survey: Survey, e: Gap, last: bool) -> Term:
    """The first or the last thing something not printed may be."""
    if isinstance(e, m.Unprinted) or isinstance(e.top, int):
        mask = 3 if isinstance(e, m.Unprinted) else v.as_mask(e.top)
        option = mask.bit_length() - 1 if last else (mask & -mask).bit_length() - 1
        return z3.BoolVal(last) if e.type.kind == "truth" else z3.IntVal(option)
    low, high, _ = v.as_range(survey.world.unsaid(e))
    return t.point(int(high if last else low))
