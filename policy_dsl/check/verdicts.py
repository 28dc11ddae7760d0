"""For each effect, what all rules together make of it."""

from __future__ import annotations

from collections.abc import Iterable

from .. import model as m
from ..language import syntax as s
from .procedures import NOWHERE
from .scope import slots_of

Given = list[tuple[m.Rule, m.Option]]


def verdicts(rules: Iterable[m.Rule], effects: Iterable[str]) -> tuple[m.Verdicts, ...]:
    """For each effect, what all rules together make of it, for the person and for each row."""
    given: dict[str, Given] = {}
    for rule in rules:
        for option in rule.options:
            given.setdefault(option.effect, []).append((rule, option))
    result = []
    for effect in (*effects, NOWHERE):
        if effect not in given:
            continue
        bears = given[effect]
        own = _verdict(effect, [(r, o) for r, o in bears if r.list is None], given)
        elements: dict[str, m.Verdict] = {}
        for of in dict.fromkeys(r.list for r, _ in bears if r.list is not None):
            # What binds the person binds every row: a bar or a duty of the person's own meets those of the row.
            bars = [(r, o) for r, o in bears if r.list is None and o.flag in ("must_not", "should_not")]
            elements[of] = _verdict(effect, [*((r, o) for r, o in bears if r.list == of), *bars], given)
        person = m.Strongest(effect=effect, own=own, rows=tuple(elements.items()), type=m.STATUS)
        result.append(m.Verdicts(effect, person, elements))
    return tuple(result)


def _verdict(effect: str, bears: Given, given: dict[str, Given]) -> m.Verdict:
    flags = [m.Contribution(o.flag, o.fires, o.waived) for _, o in bears]
    flags += [m.Contribution("conflict", x) for r, o in bears if (x := _none_left(r, o, given)) is not None]
    slots = frozenset((0,)) if any(r.list is not None for r, _ in bears) else frozenset[int]()
    return m.Verdict(effect=effect, flags=tuple(flags), type=m.STATUS, slots=slots)


def _none_left(rule: m.Rule, option: m.Option, given: dict[str, Given]) -> m.Expr | None:
    """When a duty to choose cannot be met: every option is barred, or not open here. Never where the list is open."""
    if option.flag != "one_of" or option.open_list or option.base is None:
        return None
    closed: list[m.Expr] = []
    for other in rule.options:
        if other.group != option.group:
            continue
        bars = tuple(o.fires for r, o in given[other.effect] if o.flag == "must_not" and r.list in (None, rule.list))
        ways = list(bars)
        if other.condition is not None:
            written = s.Negation(other.condition.source) if other.condition.source is not None else None
            ways.append(m.Not(part=other.condition, source=written, slots=other.condition.slots))
        if not ways:
            return None
        closed.append(ways[0] if len(ways) == 1 else m.Any(parts=tuple(ways), slots=slots_of(*ways)))
    parts = (option.base, *closed)
    return m.All(parts=parts, source=option.base.source, slots=slots_of(*parts))
