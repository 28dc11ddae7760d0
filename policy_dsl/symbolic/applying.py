"""What never applies, and what always does: provisions, their outcomes, and the branches of their conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import z3

from .. import model as m
from ..diagnostics import Note, found
from ..language import syntax as s
from ..values import NO, YES
from . import terms as t
from .asking import Claim, Witness
from .survey import Finding, Place, Survey, conjuncts, name_of, note
from .terms import Bool


def never(survey: Survey) -> Iterator[Finding]:
    """Provisions, and single outcomes of provisions, that no record brings about."""
    for rule in survey.rules():
        at = survey.of_rule(rule)
        given = (*at.there, *survey.admitted(rule.layer))
        answer = survey.possible(survey.truth(rule.fires, at.view), *given)
        if answer is None:
            yield survey.undecided(name_of(rule), "{0}能否适用", "whether {0} can apply", rule)
        elif answer:
            yield from _without_outcome(survey, rule, at, given)
        elif not survey.possible(survey.truth(rule.ready, at.view), *given):
            # Where an exception keeps it from applying, that is said of the exception.
            yield _never(survey, rule, at, given)


def _never(survey: Survey, rule: m.Rule, at: Place, given: Sequence[Bool]) -> Finding:
    """Which of its conditions cannot hold together; the record shows all of them but one."""
    parts = list(conjuncts(rule.fires))
    core = [parts[i] for i in survey.core([survey.truth(p, at.view) for p in parts], *given)]
    notes: dict[object, Note] = {}
    for p in core:
        for n in note(p, "与其余的不能同时成立", "cannot hold together with the rest") if len(core) > 1 else ():
            notes.setdefault((n.span.source.name, n.span.start, n.span.end), n)
    claims: tuple[Claim, ...] = ()
    witness: Witness | None = None
    if len(core) > 1:
        claims = (*(Claim(p, YES, at.rows) for p in core[:-1]), Claim(rule.fires, NO, at.rows))
        witness = survey.shown(claims, *(survey.truth(p, at.view) for p in core[:-1]), *given)
    code = "A141" if rule.procedure else "A101"
    refuted = (Claim(rule.fires, YES, at.rows),)
    made = found(code, name_of(rule), *notes.values(), name=survey.named(rule))
    return Finding(made, witness, claims, refuted, frozenset((rule.layer,)))


def _without_outcome(survey: Survey, rule: m.Rule, at: Place, given: Sequence[Bool]) -> Iterator[Finding]:
    """Outcomes that never follow, although the provision applies."""
    asked: set[int] = {id(rule.fires)}
    for o in rule.options:
        if id(o.fires) in asked:
            continue
        asked.add(id(o.fires))
        if survey.possible(survey.truth(o.fires, at.view), *given) is False:
            claims = (Claim(rule.fires, YES, at.rows), Claim(o.fires, NO, at.rows))
            witness = survey.shown(claims, survey.truth(rule.fires, at.view), *given)
            where = o.condition.source if o.condition is not None else o.fires.source
            span = where.span if where is not None else name_of(rule)
            made = found("A102", span, name=survey.named(rule), effect=survey.named(o.effect))
            yield Finding(made, witness, claims, (Claim(o.fires, YES, at.rows),), frozenset((rule.layer,)))


def always(survey: Survey) -> Iterator[Finding]:
    """Conditions an author wrote that hold of every record: they ask nothing."""
    for rule in survey.rules():
        at = survey.of_rule(rule)
        if isinstance(rule.condition, m.Constant) or rule.procedure:
            continue
        condition = survey.truth(rule.condition, at.view)
        if survey.possible(z3.Not(condition), *at.there) is False:
            claims = (Claim(rule.condition, YES, at.rows),)
            there = note(rule.condition, "这一条件", "this condition")
            made = found("A103", name_of(rule), *there, name=survey.named(rule))
            refuted = (Claim(rule.condition, NO, at.rows),)
            yield Finding(made, survey.shown(claims, condition, *at.there), claims, refuted)


def branches(survey: Survey) -> Iterator[Finding]:
    """Alternatives and rows of tables that no record comes to, and alternatives that say nothing more."""
    seen: set[object] = set()
    for e in m.walk(*(r.condition for r in survey.rules()), *survey.policy.definitions.values()):
        match e:
            case m.Any(parts=parts, source=s.Clause() | s.Connected()):
                yield from _alternatives(survey, e, parts, seen)
            case m.Choose(source=s.Rows()):
                yield from _rows(survey, e, seen)


def _first(seen: set[object], e: m.Expr) -> bool:
    """Whether a part has a place of its own that was not asked of yet."""
    if e.source is None or not e.source.span.source.text or isinstance(e, m.Constant):
        return False
    key = e.source.span.source.name, e.source.span.start, e.source.span.end
    new = key not in seen
    seen.add(key)
    return new


def _alternatives(survey: Survey, e: m.Expr, parts: Sequence[m.Expr], seen: set[object]) -> Iterator[Finding]:
    """Each alternative against the others that are not themselves covered."""
    at = survey.place(e)
    if at is None:
        return
    terms = [survey.truth(p, at.view) for p in parts]
    kept = list(range(len(parts)))
    for i, p in enumerate(parts):
        if not _first(seen, p) or p.source is None:
            continue
        if survey.possible(terms[i], *at.there) is False:
            kept.remove(i)
            yield Finding(found("A104", p.source.span), never=(Claim(p, YES, at.rows),))
            continue
        others = [k for k in kept if k != i]
        if others and survey.possible(terms[i], z3.Not(t.either(terms[k] for k in others)), *at.there) is False:
            kept.remove(i)
            claims = (Claim(p, YES, at.rows),)
            wider = (k for k in others if survey.possible(terms[i], z3.Not(terms[k]), *at.there) is False)
            notes = tuple(n for k in list(wider)[:1] for n in note(parts[k], "已经包括它", "this includes it already"))
            refuted = (*claims, *(Claim(parts[k], NO, at.rows) for k in others))
            witness = survey.shown(claims, terms[i], *at.there)
            yield Finding(found("A105", p.source.span, *notes), witness, claims, refuted)


def _rows(survey: Survey, e: m.Choose, seen: set[object]) -> Iterator[Finding]:
    """A table's rows, read from the top down: one is reached only where none above it holds."""
    chain: list[m.Expr] = []
    x: m.Expr = e
    while isinstance(x, m.Choose) and x.source is e.source:
        chain.append(x.condition)
        x = x.otherwise
    at = survey.place(e)
    for i, row in enumerate(chain if at is not None else ()):
        if at is None or not _first(seen, row) or row.source is None:
            continue
        above = [z3.Not(survey.truth(p, at.view)) for p in chain[:i]]
        if survey.possible(survey.truth(row, at.view), *above, *at.there) is False:
            higher = tuple(Claim(p, NO, at.rows) for p in chain[:i])
            yield Finding(found("A104", row.source.span), never=(Claim(row, YES, at.rows), *higher))


def lasting(survey: Survey) -> Iterator[Finding]:
    """Provisions whose period is over before it begins, whoever they apply to."""
    for rule in survey.rules():
        if rule.during is None or rule.during.begin is None or rule.during.end is None:
            continue
        begin, end = rule.during.begin, rule.during.end
        at, slots = survey.of_rule(rule), begin.slots | end.slots
        lasts = m.AtLeast(left=end, right=begin, slots=slots)
        given = (survey.truth(rule.fires, at.view), *at.there, *survey.admitted(rule.layer))
        if survey.possible(*given) and survey.possible(*given, survey.truth(lasts, at.view)) is False:
            applies, over = Claim(rule.fires, YES, at.rows), m.AtLeast(left=begin, right=end, strict=True, slots=slots)
            claims = (applies, Claim(over, YES, at.rows))
            clause = rule.span.clause("during") if isinstance(rule.span, s.Declaration) else None
            place = clause.span if clause is not None else name_of(rule)
            made = found("A106", place, name=survey.named(rule))
            witness = survey.shown(claims, *given, survey.truth(over, at.view))
            yield Finding(made, witness, claims, (applies, Claim(lasts, YES, at.rows)), frozenset((rule.layer,)))
