"""Advice on what checks and yet may not be meant."""

from __future__ import annotations

from .. import model as m
from .expressions import Elaborator
from .symbols import Symbols


def lint(symbols: Symbols, values: Elaborator, rules: list[m.Rule]) -> None:
    """Burdensome rules of the person that count conduct without saying whether conduct before the rule counts."""
    for rule in rules:
        if rule.list is not None or not any(_burdens(o, symbols) for o in rule.options):
            continue
        for fold in m.walk(rule.condition):
            if not isinstance(fold, m.Fold) or fold.how not in ("count", "sum", "kinds") or not fold.date:
                continue
            if fold.source is not None and not _asks_date(fold):
                symbols.report("P400", fold.source.span, date=fold.date)


def _burdens(option: m.Option, symbols: Symbols) -> bool:
    shape = symbols.effects.get(option.effect)
    return shape is not None and shape.polarity == "burden" and option.flag not in ("must_not", "should_not")


def _asks_date(fold: m.Fold) -> bool:
    return any(isinstance(e, m.Field) and e.name == fold.date for e in m.walk(fold.where))
