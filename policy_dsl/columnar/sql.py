"""Pieces of SQL as expression trees: names always quoted, brackets where needed, nothing pasted as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlglot import exp

# A truth is a constant (True, False, None), or an expression that is a nullable BOOLEAN: SQL's three-valued logic is
# Kleene's. To the type checker, as any expression of sqlglot's, it is anything.
Truth = Any

_PLAIN: Final = (
    exp.Column,
    exp.Literal,
    exp.Func,
    exp.Case,
    exp.Cast,
    exp.Paren,
    exp.Null,
    exp.Boolean,
    exp.Window,
    exp.Neg,
)
_FEW: Final = 2**31
# Comparisons that say the reverse, and are unknown together.
_OPPOSITE: Final[dict[Any, Any]] = {
    exp.EQ: exp.NEQ, exp.NEQ: exp.EQ, exp.GT: exp.LTE, exp.LTE: exp.GT, exp.LT: exp.GTE, exp.GTE: exp.LT,
}  # fmt: skip


def own(e: Any) -> Any:
    """An expression that may be put into another: nothing stands in two trees."""
    return e.copy() if e.parent is not None else e


def wrapped(e: Any) -> Any:
    """The same, in brackets unless it binds by itself."""
    e = own(e)
    if isinstance(e, _PLAIN) and not isinstance(e, exp.Connector):
        return e
    return exp.Paren(this=e)


def column(name: str, table: str | None = None, there: bool = False) -> exp.Column:
    """A column; *there*: known never to be NULL."""
    made = exp.column(name, table=table, quoted=True)
    if there:
        made.meta["there"] = True
    return made


def full(e: Any) -> bool:
    """Whether an expression is known never to be NULL; a truth, never to be unknown."""
    if not isinstance(e, exp.Expression):
        return e is not None
    if isinstance(e, exp.Column):
        return bool(e._meta) and "there" in e.meta
    if isinstance(e, exp.Case):
        default = e.args.get("default")
        return default is not None and all(map(full, (default, *(x.args["true"] for x in e.args["ifs"]))))
    if isinstance(e, exp.Coalesce | exp.Greatest | exp.Least):
        return any(map(full, (e.this, *e.expressions)))
    if isinstance(e, exp.IntDiv | exp.Div | exp.Mod):
        # Nothing divided by nothing is NULL.
        return False
    if isinstance(e, exp.Paren | exp.Not | exp.Neg | exp.Cast):
        return full(e.this)
    if isinstance(e, exp.Is | exp.NullSafeEQ | exp.NullSafeNEQ | exp.Count | exp.Literal | exp.Boolean):
        return True
    return isinstance(e, exp.Binary) and full(e.this) and full(e.expression)


def number(n: int) -> Any:
    """A whole number; a large one says that it is large, where a dialect would else read 32 bits."""
    literal: Any = exp.Literal.number(abs(n))
    if n < 0:
        literal = exp.Neg(this=literal)
    return literal if -_FEW < n < _FEW else exp.cast(literal, "bigint")


def constant(x: int | str) -> Any:
    return exp.Literal.string(x) if isinstance(x, str) else number(x)


def truth(t: Truth) -> Any:
    """A truth as an expression."""
    if t is None:
        return exp.cast(exp.null(), "boolean")
    return exp.Boolean(this=t) if isinstance(t, bool) else own(t)


def binary(kind: type[Any], a: Any, b: Any) -> Any:
    return kind(this=wrapped(a), expression=wrapped(b))


def eq(a: Any, b: Any) -> Any:
    return binary(exp.EQ, a, b)


def not_(t: Truth) -> Truth:
    if t is None or isinstance(t, bool):
        return None if t is None else not t
    if isinstance(t, exp.Not):
        return own(t.this)
    if (other := _OPPOSITE.get(type(t))) is not None:
        return other(this=own(t.this), expression=own(t.expression))
    return exp.Not(this=wrapped(t))


def _joined(parts: Iterable[Truth], settling: bool, kind: type[Any]) -> Truth:
    """Kleene's and, or: one settling part settles."""
    found: list[Any] = []
    unknown = False
    for p in parts:
        if p is settling:
            return settling
        if p is None:
            unknown = True
        elif not isinstance(p, bool) and p not in found:
            found.append(p)
    if not found:
        return None if unknown else not settling
    if unknown:
        found.append(truth(None))
    whole = wrapped(found[0]) if len(found) > 1 else own(found[0])
    for p in found[1:]:
        whole = kind(this=whole, expression=wrapped(p))
    return whole


def and_(*parts: Truth) -> Truth:
    return _joined(parts, False, exp.And)


def or_(*parts: Truth) -> Truth:
    return _joined(parts, True, exp.Or)


def case(*arms: tuple[Truth, Any], otherwise: Any = None) -> Any:
    """The first arm that holds; an arm that is not known does not hold."""
    ifs: list[Any] = []
    for condition, value in arms:
        if condition is True:
            otherwise = value
            break
        if condition is not False and condition is not None:
            ifs.append(exp.If(this=own(condition), true=own(value)))
    rest = exp.null() if otherwise is None else own(otherwise)
    # An arm that gives what the rest is given says nothing; what is NULL throughout has no type that engines agree on.
    while ifs and ifs[-1].args["true"] == rest:
        ifs.pop()
    if not ifs:
        return rest
    return exp.Case(ifs=ifs, default=None if otherwise is None else rest)


def surely(t: Truth) -> Truth:
    """Whether a truth is certainly yes; never unknown."""
    if t is None or isinstance(t, bool):
        return t is True
    if full(t):
        return own(t)
    return exp.Is(this=wrapped(t), expression=exp.true())


def perhaps(t: Truth) -> Truth:
    """Whether a truth may be yes; never unknown."""
    if t is None or isinstance(t, bool):
        return t is not False
    if full(t):
        return own(t)
    return exp.NullSafeNEQ(this=wrapped(t), expression=exp.false())


def absent(e: Any) -> Truth:
    if full(e):
        return False
    return exp.Is(this=wrapped(e), expression=exp.null())


def present(e: Any) -> Truth:
    if full(e):
        return True
    return exp.Not(this=exp.Is(this=wrapped(e), expression=exp.null()))


def coalesce(e: Any, other: Any) -> Any:
    if full(e):
        return own(e)
    return exp.Coalesce(this=own(e), expressions=[own(other)])


def bits(a: Any, mask: int) -> Any:
    """The bits of a mask that are among these."""
    return binary(exp.BitwiseAnd, a, number(mask))


def zero(e: Any) -> Truth:
    return eq(e, number(0))


def count(condition: Truth) -> Any:
    """How many rows certainly fulfil it."""
    return exp.Count(this=case((condition, number(1))))


def big(e: Any) -> Any:
    return exp.cast(own(e), "bigint")


def greatest(parts: list[Any]) -> Any:
    """The greatest of those there are: an unbounded low end is outdone by any other."""
    first, *rest = map(own, parts)
    return exp.Greatest(this=first, expressions=rest, ignore_nulls=True) if rest else first


def least(parts: list[Any]) -> Any:
    first, *rest = map(own, parts)
    return exp.Least(this=first, expressions=rest, ignore_nulls=True) if rest else first
