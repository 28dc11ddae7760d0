"""The one notion of value, in columns: a truth, a mask of options, a span from low to high; and every lift on them.

A truth is a nullable BOOLEAN. So is any class of two options that cannot be 无 (否 false, 是 true). Other classes are
masks in whole numbers, never NULL, in as many words of 62 bits as they need. An ordered value is its low and its high
end (NULL: unbounded) and whether it is 无, again a truth; while that is yes the ends mean nothing. A column *exact* has
no more than a value or NULL, and its NULL means everything from *floor* up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from attrs import evolve, field, frozen
from sqlglot import exp

from .. import values as v
from ..values import INF, Type
from .sql import (
    Truth,
    and_,
    binary,
    bits,
    case,
    coalesce,
    constant,
    eq,
    full,
    greatest,
    least,
    not_,
    number,
    or_,
    own,
    present,
    surely,
    truth,
    zero,
)

WORD: Final = 62
_EVER: Final = 1 << WORD
_FULL: Final = (1 << WORD) - 1

# An end of a span: a number or text, None for unbounded, or an expression whose NULL means unbounded.
End = Any


@frozen(eq=False)
class Mask:
    """The options still possible, word by word: a constant or an expression; *one*: always a single option."""

    words: tuple[Any, ...]
    one: bool = False


@frozen(eq=False)
class Span:
    low: End
    high: End
    none: Truth = False
    exact: Any = None
    floor: Any = field(default=-INF)


Term = Truth | Mask | Span
# Gives an expression a name, so that it may be said twice.
Let = Callable[[Any], Any]


def one(x: End, none: Truth = False) -> Span:
    """A value whose ends are one and the same."""
    return Span(x, x, none, None if const(x) else x)


def single(a: Span) -> bool:
    """Whether the ends of a value are one and the same: then it is known, or nothing is known of it."""
    if const(a.low) or const(a.high):
        return isinstance(a.low, int | str) and const(a.high) and a.low == a.high
    return a.low is a.high


def sure(a: Span) -> bool:
    """Whether a value is known, for every record."""
    return single(a) and full(a.low)


def is_truth(type: Type) -> bool:
    """Whether values of a type are truths here."""
    return type.finite and len(type.options) == 2 and not type.may_be_none


def words_of(type: Type) -> int:
    return -(-(len(type.options) + 1) // WORD)


def split(mask: int, words: int) -> tuple[int, ...]:
    return tuple(mask >> WORD * i & _FULL for i in range(words))


def fixed(value: v.Value, type: Type) -> Term:
    """A value that does not depend on the record."""
    if isinstance(value, int):
        if is_truth(type):
            return (None, False, True, None)[value]
        return Mask(split(value, words_of(type)))
    low, high, none = value
    if low > high:
        return Span(None, None, True)
    # A high end before everything, or a low one after, is no missing bound: an instrument in force since ever.
    ends = (None if low in (-INF, v.TOP_TEXT[0]) else low, None if high in (INF, v.TOP_TEXT[1]) else high)
    return Span(*ends, None if none else False)


def same_form(t: Term, type: Type) -> Term:
    """A finite term in the form of a type: a truth as a mask, where the type may be 无."""
    if isinstance(t, Mask | Span) or is_truth(type):
        return t
    if t is None or isinstance(t, bool):
        return Mask(split(3 if t is None else 1 + t, words_of(type)))
    mask = case((t, number(2)), (not_(t), number(1)), otherwise=number(3))
    return Mask((mask, *split(0, words_of(type) - 1)))


def const(x: Any) -> bool:
    """Whether an end or word is known here and now."""
    return x is None or isinstance(x, int | float | str)


def simple(x: Any) -> bool:
    return const(x) or isinstance(x, exp.Column)


def as_sql(x: Any) -> Any:
    if isinstance(x, float):
        return number(_EVER if x > 0 else -_EVER)
    return exp.null() if x is None else constant(x) if isinstance(x, int | str) else own(x)


# Masks.


def overlaps(m: Mask, options: int) -> Truth:
    """Whether a mask has any of these options; never unknown."""
    found: list[Truth] = []
    for word, wanted in zip(m.words, split(options, len(m.words)), strict=True):
        if isinstance(word, int):
            found.append(bool(word & wanted))
        elif wanted:
            found.append(binary(exp.NEQ, bits(word, wanted), number(0)))
    return or_(*found)


def is_in(m: Mask, options: int, type: Type) -> Truth:
    """Whether a finite value is one of *options*."""
    everything = (2 << len(type.options)) - 1
    inside, outside = overlaps(m, options), overlaps(m, everything & ~options)
    if inside is False or outside is False:
        return outside is False
    if inside is True and outside is True:
        return None
    if m.one:
        return inside
    return case((not_(inside), truth(False)), (not_(outside), truth(True)))


def is_alike(m: Mask, options: int, alike: Truth, type: Type, let: Let) -> Truth:
    """The same where the list is open: what lies beyond it counts if a body found it alike."""
    none = 1 << len(type.options)
    near, far = options | none, ((2 << len(type.options)) - 1) & ~options & ~none
    inside = is_in(
        Mask(tuple(_kept(w, n) for w, n in zip(m.words, split(near, len(m.words)), strict=True))), options, type
    )
    beyond = overlaps(m, far)
    if beyond is False:
        return inside
    if not (inside is None or isinstance(inside, bool)):
        inside = let(inside)
    if not (alike is None or isinstance(alike, bool)):
        alike = let(alike)
    agree = None if inside is None or alike is None else eq(truth(inside), truth(alike))
    return case((not_(beyond), truth(inside)), (not_(overlaps(m, near)), truth(alike)), (agree, truth(alike)))


def const_truth(t: Truth) -> bool:
    return t is None or isinstance(t, bool)


def _kept(word: Any, wanted: int) -> Any:
    return word & wanted if isinstance(word, int) else bits(word, wanted)


def same(a: Mask, b: Mask, type: Type) -> Truth:
    """a = b, for finite values."""
    none = split(1 << len(type.options), len(a.words))
    yes, no = [], []
    for one, other, n in zip(a.words, b.words, none, strict=True):
        x, y = as_sql(one), as_sql(other)
        both = bits(binary(exp.BitwiseAnd, x, y), _FULL & ~n)
        yes.append(binary(exp.NEQ, both, number(0)))
        if n:
            no.append(binary(exp.NEQ, bits(binary(exp.BitwiseOr, x, y), n), number(0)))
    # They may differ unless each is the very same one option.
    differ = [binary(exp.NEQ, as_sql(x), as_sql(y)) for x, y in zip(a.words, b.words, strict=True)]
    settled = one_option(a)
    may_differ = or_(*no, *differ, not_(settled))
    meet = or_(*yes)
    return case((not_(meet), truth(False)), (not_(may_differ), truth(True)))


def one_option(m: Mask) -> Truth:
    """Whether only one option is left."""
    if all(isinstance(w, int) for w in m.words):
        return sum(w.bit_count() for w in m.words) == 1
    single = [zero(binary(exp.BitwiseAnd, w, binary(exp.Sub, w, number(1)))) for w in map(as_sql, m.words)]
    if len(m.words) == 1:
        return single[0]
    others = [and_(*(zero(as_sql(x)) for j, x in enumerate(m.words) if j != i)) for i in range(len(m.words))]
    return or_(*(and_(s, o) for s, o in zip(single, others, strict=True)))


# Spans.


def compare(kind: type[Any], a: End, b: End) -> Truth:
    """A comparison of two ends; an unbounded one fulfils none."""
    if a is None or b is None:
        return None
    if const(a) and const(b):
        return {exp.GTE: a >= b, exp.GT: a > b, exp.LT: a < b, exp.LTE: a <= b, exp.EQ: a == b}[kind]
    return binary(kind, as_sql(a), as_sql(b))


def _outcome(yes: Truth, no: Truth) -> Truth:
    """A truth from when it is certainly so and when certainly not; neither is ever NULL for being unknown."""
    if yes is True or no is True:
        return yes is True
    if (yes is None or yes is False) and (no is None or no is False):
        return None
    return case((yes, truth(True)), (no, truth(False)))


def at_least(a: Span, b: Span, strict: bool) -> Truth:
    """a ≥ b, or a > b: false where either is 无."""
    above = exp.GT if strict else exp.GTE
    result: Truth
    if const(a.low) and const(a.high) and const(b.low) and const(b.high):
        result = (None, False, True, None)[v.at_least(_plain(a), _plain(b), strict)]
    elif a.exact is not None and isinstance(b.low, int) and b.low == b.high:
        result = True if (b.low < a.floor if strict else b.low <= a.floor) else compare(above, a.exact, b.low)
    elif b.exact is not None and isinstance(a.low, int) and a.low == a.high:
        result = False if (a.low <= b.floor if strict else a.low < b.floor) else compare(above, a.low, b.exact)
    elif a.exact is not None and b.exact is not None and a.floor == b.floor == -INF:
        result = compare(above, a.exact, b.exact)
    elif a.low == INF or b.high == -INF:
        other = b.high if a.low == INF else a.low
        result = (
            True
            if not strict
            else None
            if other is None
            else True
            if const(other)
            else case((present(other), truth(True)))
        )
    elif a.high == -INF or b.low == INF:
        other = b.low if a.high == -INF else a.high
        result = (
            False
            if strict
            else None
            if other is None
            else False
            if const(other)
            else case((present(other), truth(False)))
        )
    else:
        result = _outcome(compare(above, a.low, b.high), compare(exp.LTE if strict else exp.LT, a.high, b.low))
    return and_(not_(a.none), not_(b.none), result)


def _plain(a: Span) -> v.Range:
    """A span of constants, 无 apart, as the engine has it."""
    if isinstance(a.low, str) or isinstance(a.high, str):
        return a.low or "", a.high or v.TOP_TEXT[1], False
    return -INF if a.low is None else a.low, INF if a.high is None else a.high, False


def equal(a: Span, b: Span) -> Truth:
    """a = b, for ordered values: false where either is 无."""
    if (b.exact is None and a.exact is None) or (a.exact is None and not const(a.low)):
        pass
    elif b.exact is not None and (a.exact is None or b.floor == a.floor):
        a, b = b, a
    result: Truth
    point = const(b.low) and b.low is not None and b.low == b.high
    if a.exact is not None and point:
        result = False if not isinstance(b.low, str) and b.low < a.floor else compare(exp.EQ, a.exact, b.low)
    elif a.exact is not None and b.exact is not None and a.floor == b.floor:
        result = compare(exp.EQ, a.exact, b.exact)
    else:
        apart = or_(compare(exp.LT, a.high, b.low), compare(exp.LT, b.high, a.low))
        alike = and_(compare(exp.EQ, a.low, a.high), compare(exp.EQ, b.low, b.high), compare(exp.EQ, a.low, b.low))
        result = _outcome(alike, apart)
    return and_(not_(a.none), not_(b.none), result)


def nearer(a: End, b: End, most: bool) -> End:
    """The greater or lesser of two ends where an unbounded one wins."""
    if a is None or b is None:
        return None
    if const(a) and const(b):
        return max(a, b) if most else min(a, b)
    x, y = as_sql(a), as_sql(b)
    ahead, behind = (exp.GTE, exp.LT) if most else (exp.LTE, exp.GT)
    return case((binary(ahead, x, y), x), (binary(behind, x, y), y))


def hull_ends(a: Span, b: Span, most: bool) -> End:
    """The end of what it may be if it may be either: one that is 无 has none."""
    x, y = (a.high, b.high) if most else (a.low, b.low)
    if a.none is True:
        return y
    if b.none is True:
        return x
    both = nearer(x, y, most)
    if a.none is False and b.none is False:
        return both
    return case((surely(a.none), as_sql(y)), (surely(b.none), as_sql(x)), otherwise=as_sql(both))


def agreeing(a: Truth, b: Truth) -> Truth:
    """What two truths say if they say the same."""
    if const_truth(a) and const_truth(b):
        return a if a is b else None
    return case((None if a is None or b is None else eq(truth(a), truth(b)), truth(a)))


def choose(c: Truth, a: Term, b: Term) -> Term:
    """One or the other; where the condition is open, whatever either may be."""
    if isinstance(c, bool):
        return a if c else b
    if isinstance(a, Span) and isinstance(b, Span):
        agreed = agreeing(a.none, b.none)
        none = agreed if c is None or agreed is False else _chosen(c, *map(truth, (a.none, b.none, agreed)))
        if full(c) and sure(a) and sure(b):
            return one(_chosen(c, a.low, b.low, None), none)
        both = hull_ends(a, b, False), hull_ends(a, b, True)
        if c is None:
            return Span(*both, none)
        return Span(_chosen(c, a.low, b.low, both[0]), _chosen(c, a.high, b.high, both[1]), none)
    if isinstance(a, Mask) and isinstance(b, Mask):
        words = []
        for x, y in zip(a.words, b.words, strict=True):
            if x == y and const(x) and const(y):
                words.append(x)
                continue
            union = x | y if isinstance(x, int) and isinstance(y, int) else binary(exp.BitwiseOr, as_sql(x), as_sql(y))
            words.append(union if c is None else _chosen(c, x, y, union))
        return Mask(tuple(words))
    assert not isinstance(a, Mask | Span) and not isinstance(b, Mask | Span)
    if const_truth(a) and a is b:
        return a
    if a is True and b is False:
        return c
    if a is False and b is True:
        return not_(c)
    return agreeing(a, b) if c is None else _chosen(c, truth(a), truth(b), truth(agreeing(a, b)))


def _chosen(c: Any, x: Any, y: Any, both: Any) -> Any:
    if const(x) and const(y) and x == y:
        return x
    if full(c):
        return case((c, as_sql(x)), otherwise=as_sql(y))
    if both == y and (const(both) == const(y)):
        return case((c, as_sql(x)), otherwise=as_sql(y))
    if both == x and (const(both) == const(x)):
        return case((not_(c), as_sql(y)), otherwise=as_sql(x))
    return case((c, as_sql(x)), (not_(c), as_sql(y)), otherwise=as_sql(both))


def add(parts: Sequence[Span], let: Let) -> Span:
    """The sum; 无 if any part is. What both ends have in common is added up once."""
    none, common = or_(*(p.none for p in parts)), [p for p in parts if single(p)]
    if len(common) == len(parts):
        return one(total([p.low for p in parts]), none)
    if sum(not const(p.low) for p in common) > 1:
        parts = [one(let(total([p.low for p in common]))), *(p for p in parts if not single(p))]
    return Span(total([p.low for p in parts]), total([p.high for p in parts]), none)


def total(ends: Sequence[End]) -> End:
    """The sum of ends: unbounded if any is."""
    if any(x is None for x in ends):
        return None
    known = sum(x for x in ends if isinstance(x, int))
    rest = [x for x in ends if not isinstance(x, int)]
    if not rest:
        return known
    whole = as_sql(rest[0])
    for x in rest[1:]:
        whole = exp.Add(this=whole, expression=wrapped_end(x))
    return (
        binary(exp.Add, whole, number(known))
        if known > 0
        else binary(exp.Sub, whole, number(-known))
        if known
        else whole
    )


def wrapped_end(x: End) -> Any:
    e = as_sql(x)
    return exp.Paren(this=e) if isinstance(e, exp.Binary) else e


def scale(factor: int, a: Span) -> Span:
    """A constant times a number."""

    def times(x: End) -> End:
        return x if x is None else x * factor if isinstance(x, int) else binary(exp.Mul, as_sql(x), number(factor))

    if factor == 0 or single(a):
        return one(times(a.low) if factor else 0, a.none)
    low, high = (a.low, a.high) if factor > 0 else (a.high, a.low)
    return Span(times(low), times(high), a.none)


def extreme(parts: Sequence[Span], most: bool, let: Let) -> Span:
    """The greatest or the least of several; 无 only where all are."""
    parts = [p for p in parts if p.none is not True] or list(parts[:1])
    if len(parts) == 1:
        return evolve(parts[0], exact=None)
    if all(sure(p) and p.none is False for p in parts):
        ends = [p.low for p in parts]
        known = all(const(x) for x in ends)
        return one((max if most else min)(ends) if known else (greatest if most else least)([as_sql(x) for x in ends]))
    inner = [p.low if most else p.high for p in parts]
    none = and_(*(p.none for p in parts))
    # The far end: unbounded if any part is.
    far = _far(parts, most, let)
    there = [(not_(p.none), x) for p, x in zip(parts, inner, strict=True)]
    bounds = [x if c is True else case((surely(c), as_sql(x))) for c, x in there if c is not False and x is not None]
    choice = greatest if most else least
    near: End = None
    if bounds and all(const(x) for x in bounds):
        near = max(bounds) if most else min(bounds)
    elif bounds:
        near = choice([as_sql(x) for x in bounds])
    if not any(c is True for c, _ in there):
        # Perhaps none of them is certainly there: then it may be any.
        certain = or_(*(surely(c) for c, _ in there))
        near = case((certain, as_sql(near)), otherwise=as_sql(_far(parts, not most, let)))
    return Span(near, far, none) if most else Span(far, near, none)


def _far(parts: Sequence[Span], most: bool, let: Let) -> End:
    """The outermost end of all that may be there."""
    whole = parts[0]
    for p in parts[1:]:
        end = hull_ends(whole, p, most)
        end = end if simple(end) else let(end)
        none = and_(whole.none, p.none)
        none = none if const_truth(none) or simple(none) else let(none)
        whole = Span(None if most else end, end if most else None, none)
    return whole.high if most else whole.low


def own_coalesced(x: Any, term: Span) -> Any:
    """The low end of an exact column whose NULL means everything from its floor up."""
    return coalesce(x, number(int(term.floor)))
