"""For each effect, what all rules together make of it."""

from __future__ import annotations

from collections.abc import Iterable

from .. import model as m
from .procedures import NOWHERE


def verdicts(rules: Iterable[m.Rule], effects: Iterable[str]) -> tuple[m.Verdicts, ...]:
    """For each effect, what all rules together make of it, for the person and for each row."""
    given: dict[str, list[tuple[m.Rule, m.Option]]] = {}
    for rule in rules:
        for option in rule.options:
            given.setdefault(option.effect, []).append((rule, option))
    result = []
    order = [e for e in (*effects, NOWHERE) if e in given]
    for effect in order:
        person: list[tuple[str, m.Expr]] = [(o.flag, o.fires) for r, o in given[effect] if r.list is None]
        barred = tuple(x for flag, x in person if flag == "must_not")
        elements: dict[str, m.Verdict] = {}
        for of in dict.fromkeys(r.list for r, _ in given[effect] if r.list is not None):
            own = [(o.flag, o.fires) for r, o in given[effect] if r.list == of]
            flags = (*own, *(("must_not", x) for x in barred))
            elements[of] = m.Verdict(effect=effect, flags=flags, type=m.STATUS, slots=frozenset((0,)))
            person += _for_the_person(of, own)
        result.append(m.Verdicts(effect, m.Verdict(effect=effect, flags=tuple(person), type=m.STATUS), elements))
    return tuple(result)


def _for_the_person(of: str, own: list[tuple[str, m.Expr]]) -> list[tuple[str, m.Expr]]:
    """What rows contribute to the person's line: a duty on one row and a bar on another do not conflict."""
    bars = tuple(x for flag, x in own if flag == "must_not")
    free = m.Not(part=m.Any(parts=bars, slots=frozenset((0,))), slots=frozenset((0,))) if bars else None
    found: list[tuple[str, m.Expr]] = []
    for flag, x in own:
        if flag == "must_not":
            found.append(("elsewhere", _some(of, x)))
            continue
        clear = x if free is None else m.All(parts=(x, free), source=x.source, slots=frozenset((0,)))
        found.append((flag, _some(of, clear)))
        if bars and flag in ("must", "waivable"):
            clash = m.All(parts=(x, m.Any(parts=bars, slots=frozenset((0,)))), source=x.source, slots=frozenset((0,)))
            found.append(("conflict", _some(of, clash)))
    return found


def _some(of: str, where: m.Expr) -> m.Expr:
    return m.Fold(list=of, slot=0, how="some", where=where, source=where.source)
