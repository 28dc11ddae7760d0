"""Advice on what checks and yet may not be meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import model as m
from ..diagnostics import Note
from ..language import syntax as s
from ..language.source import NOWHERE, Span
from .meeting import never_meet
from .symbols import Symbols


def lint(symbols: Symbols, rules: list[m.Rule], definitions: Iterable[m.Expr]) -> None:
    """Advice on every rule and definition."""
    for rule in rules:
        if rule.list is None and any(_burdens(o, symbols) for o in rule.options):
            _counted_before_the_rule(rule, symbols)
    _exceptions_that_never_meet(rules, symbols)
    seen: set[int] = set()
    for e in m.walk(*(r.condition for r in rules), *definitions):
        if isinstance(e, m.All):
            _unguarded(e.parts, symbols, seen)
    for e in m.walk(*(r.condition for r in rules), *definitions):
        _unguarded((e,), symbols, seen)


def _counted_before_the_rule(rule: m.Rule, symbols: Symbols) -> None:
    """A burdensome rule of the person that counts conduct without saying whether conduct before the rule counts."""
    for fold in m.walk(rule.condition):
        if (
            not isinstance(fold, m.Fold)
            or fold.how not in ("count", "sum", "kinds")
            or not isinstance(fold.day, m.Field)
        ):
            continue
        if fold.source is not None and not any(e is fold.day for e in m.walk(fold.where)):
            symbols.report("P400", fold.source.span, date=fold.day.name)


def _exceptions_that_never_meet(rules: list[m.Rule], symbols: Symbols) -> None:
    """An exception that asks for what excludes the rule it sets aside sets nothing aside."""
    by_name = {r.name: r for r in rules}
    for rule in rules:
        for name in dict.fromkeys(rule.defeated_by):
            exception = by_name.get(name)
            # An exception's own exceptions are no part of this: they only make it arise less often.
            against = exception and never_meet(rule.condition, exception.condition)
            if exception is None or not against:
                continue
            theirs, ours = (e.source for e in against)
            if theirs is None or ours is None or not isinstance(exception.span, s.Declaration):
                continue
            others = [
                Note(theirs.span, "规定要的是这样", "what the rule asks for"),
                Note(ours.span, "除外要的是这样", "what the exception asks for"),
            ]
            symbols.report("P406", _target(exception.span, rule.name), *others, name=rule.name, exception=name)


def _target(exception: s.Declaration, rule: str) -> Span:
    clause = exception.clause("disapplies")
    names = clause.body if clause is not None and isinstance(clause.body, tuple) else ()
    return next((n.span for n in names if isinstance(n, s.Name) and n.text == rule), exception.span)


def _burdens(option: m.Option, symbols: Symbols) -> bool:
    shape = symbols.effects.get(option.effect)
    bars = option.flag in ("must_not", "should_not")
    return shape is not None and shape.polarity == ("benefit" if bars else "burden")


def _unguarded(parts: tuple[m.Expr, ...], symbols: Symbols, seen: set[int]) -> None:
    """A negation over what may be 无, where no condition beside it says that it applies."""
    for part in parts:
        if not isinstance(part, m.Not) or not _written(part) or id(part) in seen:
            continue
        seen.add(id(part))
        guards = {id(x) for other in parts if other is not part for x in _operands(other)}
        for leaf in _operands(part.part):
            if leaf.type.may_be_none and id(leaf) not in guards and part.source is not None:
                symbols.report("P402", part.source.span, name=leaf.name)
                break


def _written(e: m.Not) -> bool:
    """Whether an author wrote it; exceptions and tables are negated by the engine."""
    denial = isinstance(e.source, s.Negation) and e.source.span is not NOWHERE
    return denial or (isinstance(e.source, s.Comparison) and e.source.op in ("is_not", "not_in"))


def _operands(e: m.Expr) -> Iterator[m.Fact | m.Field]:
    """The facts a condition compares, through definitions and connectives, not into lists."""
    match e:
        case m.Fact() | m.Field():
            yield e
        case m.Named() | m.All() | m.Any() | m.Is() | m.AtLeast() | m.Equal() | m.Same():
            for part in m.parts(e):
                yield from _operands(part)
