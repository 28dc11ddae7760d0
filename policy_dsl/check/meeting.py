"""Whether two conditions can hold at once, told from what each compares with fixed values; 'perhaps' counts as yes."""

from __future__ import annotations

from collections.abc import Iterator

from .. import model as m
from ..values import INF, Range, as_mask, as_range

Key = tuple[object, ...]


def never_meet(*conditions: m.Expr) -> tuple[m.Expr, m.Expr] | None:
    """Two comparisons, one of each side, that exclude one another; None if nothing shows that they do."""
    masks: dict[Key, tuple[int, m.Expr]] = {}
    ranges: dict[Key, tuple[Range, m.Expr]] = {}
    for condition in conditions:
        for e in _conjuncts(condition):
            if (finite := _options(e)) is not None:
                key, mask = finite
                before, first = masks.get(key, (-1, e))
                if not before & mask:
                    return first, e
                masks[key] = before & mask, e
            if (bounded := _bounds(e)) is not None:
                key, (low, high, _) = bounded
                (least, most, _), first = ranges.get(key, ((-INF, INF, False), e))
                least, most = max(least, low), min(most, high)
                if least > most:
                    return first, e
                ranges[key] = (least, most, False), e
    return None


def _conjuncts(e: m.Expr) -> Iterator[m.Expr]:
    """What must all hold for a condition to hold."""
    match e:
        case m.All(parts=parts):
            for part in parts:
                yield from _conjuncts(part)
        case m.Named(body=body):
            yield from _conjuncts(body)
        case _:
            yield e


def _key(e: m.Expr) -> Key | None:
    """The same key for the same thing of the record, or the same reading, wherever it is read."""
    match e:
        case m.Fact(name=name, moment=None):
            return "fact", name
        case m.Fact(name=name, moment=moment) if moment is not None:
            at = _key(moment)
            return None if at is None else ("fact", name, at)
        case m.Field(list=of, name=name, slot=slot):
            return "field", of, name, slot
        case m.Finding(name=name, list=of, slot=slot):
            return "finding", name, of, slot
        case m.Leaf(name=name, kind="reading"):
            return "reading", name
        case m.DecisionDay():
            return ("decision_day",)
    return None


def _options(e: m.Expr) -> tuple[Key, int] | None:
    """A comparison with fixed options, as what is compared and which options it leaves."""
    match e:
        case m.Is(part=part, options=options, alike=None) if (key := _key(part)) is not None:
            return key, options
        case m.Not(part=m.Is(part=part, options=options, alike=None)) if (key := _key(part)) is not None:
            return key, as_mask(part.type.top) & ~options
    return None


def _bounds(e: m.Expr) -> tuple[Key, Range] | None:
    """A comparison with a fixed number or day, as what is compared and the range it leaves."""
    if isinstance(e, m.AtLeast | m.Equal) and (e.left.type.finite or e.left.type.kind == "text"):
        return None
    match e:
        case m.AtLeast(left=part, right=m.Constant(value=value), strict=strict) if (key := _key(part)) is not None:
            return key, (as_range(value)[0] + strict, INF, False)
        case m.AtLeast(left=m.Constant(value=value), right=part, strict=strict) if (key := _key(part)) is not None:
            return key, (-INF, as_range(value)[1] - strict, False)
        case m.Equal(left=part, right=m.Constant(value=value)) if (key := _key(part)) is not None:
            return key, (as_range(value)[0], as_range(value)[1], False)
    return None
