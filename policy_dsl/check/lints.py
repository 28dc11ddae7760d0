"""Advice on what checks and yet may not be meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import model as m
from ..language import syntax as s
from .symbols import Symbols


def lint(symbols: Symbols, rules: list[m.Rule], definitions: Iterable[m.Expr]) -> None:
    """Advice on every rule and definition."""
    for rule in rules:
        if rule.list is None and any(_burdens(o, symbols) for o in rule.options):
            _counted_before_the_rule(rule, symbols)
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
    return isinstance(e.source, s.Negation) or (
        isinstance(e.source, s.Comparison) and e.source.op in ("is_not", "not_in")
    )


def _operands(e: m.Expr) -> Iterator[m.Fact | m.Field]:
    """The facts a condition compares, through definitions and connectives, not into lists."""
    match e:
        case m.Fact() | m.Field():
            yield e
        case m.Named() | m.All() | m.Any() | m.Is() | m.AtLeast() | m.Equal() | m.Same():
            for part in m.parts(e):
                yield from _operands(part)
