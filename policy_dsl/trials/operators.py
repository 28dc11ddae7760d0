"""The slips a drafter makes, as changes to the tree as written: one row a kind of slip."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from attrs import evolve, frozen

from ..language import syntax as s
from ..language.keywords import RULE_KINDS
from ..language.numerals import Date, days_of

# What a node may become.
Change = Callable[[s.Node], Iterator[s.Node]]


@frozen
class Operator:
    """One kind of slip: its name in both languages, and what it makes of a node."""

    key: str
    zh: str
    en: str
    change: Change


_SHIFTED: Final = {
    "at_least": "over", "over": "at_least", "at_most": "under", "under": "at_most",
    "not_before": "after", "after": "not_before", "not_after": "before", "before": "not_after",
}  # fmt: skip
_DENIED: Final = {
    "at_least": "under", "under": "at_least", "at_most": "over", "over": "at_most", "not_before": "before",
    "before": "not_before", "not_after": "after", "after": "not_after", "is": "is_not", "is_not": "is", "in": "not_in",
    "not_in": "in",
}  # fmt: skip
# A modality, and what it is most easily mistaken for.
_MISTAKEN: Final = {
    "must": "may", "may": "must", "must_not": "may", "should_not": "must_not", "principle_must": "must",
    "generally_must": "must", "basically_must": "must",
}  # fmt: skip
_UNITS: Final = {"months": "days", "years": "months", "days": "months", "weeks": "days"}
_CONDITIONS: Final = ("when", "any_of", "all_of")
_MEASURES: Final = {"min": "max", "max": "min", "latest": "min"}
_NEVER: Final = s.Clause("when", s.Word("TRUTH", "no"))


def _bound(e: s.Node) -> Iterator[s.Node]:
    """以上 for 超过: the very bound falls on the other side."""
    match e:
        case s.Comparison(op=op) if op in _SHIFTED:
            yield evolve(e, op=_SHIFTED[op])
        case s.Between(part=part, low=low, high=high, low_op=low_op, high_op=high_op):
            # 以上 and 以下 alone can stand on both sides of one value.
            for ops in ((_SHIFTED[low_op], high_op), (low_op, _SHIFTED[high_op])):
                ends = (s.Comparison(op, part, bound, span=e.span) for op, bound in zip(ops, (low, high), strict=True))
                yield s.Group(s.Connected("and", tuple(ends), span=e.span), span=e.span)


def _amount(e: s.Node) -> Iterator[s.Node]:
    match e:
        case s.Quantity(number=n):
            yield evolve(e, number=n + 1)
            if n >= 1:
                yield evolve(e, number=n - 1)
        case s.Date(parts=parts):
            for by in (1, -1):
                if (moved := _date_moved(parts, by)) is not None:
                    yield evolve(e, parts=moved)


def _date_moved(parts: Date, by: int) -> Date | None:
    """A date one day, month or year later, whichever is its smallest printed part; None off the calendar."""
    year, month, day = parts
    if not month:
        return year + by, 0, 0
    if not day:
        return (year, month + by, 0) if 1 <= month + by <= 12 else None
    first = days_of(parts)
    moved = None if first is None else datetime.date.fromordinal(first[0] + by)
    return None if moved is None else (moved.year, moved.month, moved.day)


def _unit(e: s.Node) -> Iterator[s.Node]:
    if isinstance(e, s.Quantity) and e.unit in _UNITS:
        yield evolve(e, unit=_UNITS[e.unit])


def _dropped(e: s.Node) -> Iterator[s.Node]:
    """A condition, a filter, an item, a value of a set: each left out."""
    match e:
        case s.Connected(parts=parts):
            for i in range(len(parts)):
                left = parts[:i] + parts[i + 1 :]
                yield left[0] if len(left) == 1 else evolve(e, parts=left)
        case s.Clause(key="any_of" | "all_of", items=items) if len(items) > 1:
            for i in range(len(items)):
                yield evolve(e, items=items[:i] + items[i + 1 :])
        case s.Apply(parts=parts) | s.Some(parts=parts) if len(parts) > 1:
            for i in range(len(parts)):
                yield evolve(e, parts=parts[:i] + parts[i + 1 :])
        case s.SetOf(parts=parts, open=open):
            for i in range(len(parts) if len(parts) > 1 else 0):
                yield evolve(e, parts=parts[:i] + parts[i + 1 :])
            if open:
                yield evolve(e, open=False)
        case s.Declaration(kind=kind) if kind in RULE_KINDS or kind == "stage":
            if any(c.key in _CONDITIONS for c in e.clauses if isinstance(c, s.Clause)):
                yield evolve(e, clauses=_without(e, *_CONDITIONS))


def _without(d: s.Declaration, *keys: str) -> tuple[s.Clause | s.Line, ...]:
    return tuple(c for c in d.clauses if not (isinstance(c, s.Clause) and c.key in keys))


def _joined(e: s.Node) -> Iterator[s.Node]:
    """且 for 或."""
    match e:
        case s.Connected(op=op):
            yield evolve(e, op="or" if op == "and" else "and")
        case s.Clause(key="any_of" | "all_of", items=items) if len(items) > 1:
            yield evolve(e, key="all_of" if e.key == "any_of" else "any_of")


def _denied(e: s.Node) -> Iterator[s.Node]:
    match e:
        case s.Comparison(op=op) if op in _DENIED:
            yield evolve(e, op=_DENIED[op])
        case s.Some(none=none):
            yield evolve(e, none=not none)
        case s.Negation(part=part):
            yield s.Group(part) if isinstance(part, s.Connected) else part
        case s.Connected(parts=parts):
            for i, p in enumerate(parts):
                if isinstance(p, s.Name):
                    yield evolve(e, parts=(*parts[:i], s.Negation(p, span=p.span), *parts[i + 1 :]))
        case s.Item(part=s.Name() as p) | s.Clause(key="when", body=s.Name() as p):
            denied = s.Negation(p, span=p.span)
            yield evolve(e, part=denied) if isinstance(e, s.Item) else evolve(e, body=denied)
        case s.Row(keys=keys):
            for i, k in enumerate(keys):
                if isinstance(k, s.Name):
                    yield evolve(e, keys=(*keys[:i], s.Negation(k, span=k.span), *keys[i + 1 :]))


def _modality(e: s.Node) -> Iterator[s.Node]:
    """应当 for 可以. Whoever may do something is named: where nobody is, 未载明."""
    if isinstance(e, s.Declaration):
        for i, c in enumerate(e.clauses):
            if isinstance(c, s.Clause) and c.key in _MISTAKEN:
                clauses = (*e.clauses[:i], evolve(c, key=_MISTAKEN[c.key]), *e.clauses[i + 1 :])
                if _MISTAKEN[c.key] == "may" and e.clause("by") is None:
                    clauses += (s.Clause("by", (s.Gap("unprinted"),)),)
                yield evolve(e, clauses=clauses)


def _waiver(e: s.Node) -> Iterator[s.Node]:
    """可以不适用 for 不适用."""
    if isinstance(e, s.Declaration):
        for i, c in enumerate(e.clauses):
            if isinstance(c, s.Clause) and c.key in ("disapplies", "may_disapply"):
                other = evolve(c, key="may_disapply" if c.key == "disapplies" else "disapplies")
                clauses = (*e.clauses[:i], other, *e.clauses[i + 1 :])
                yield evolve(
                    e, clauses=clauses if e.clause("by") else (*clauses, s.Clause("by", (s.Gap("unprinted"),)))
                )


def _excepted(e: s.Node) -> Iterator[s.Node]:
    """One of the rules an exception sets aside is left out of it."""
    match e:
        case s.Clause(key="disapplies" | "may_disapply", body=tuple() as names) if len(names) > 1:
            for i in range(len(names)):
                yield evolve(e, body=names[:i] + names[i + 1 :])


def _options(e: s.Node) -> Iterator[s.Node]:
    """An option left out; one of several for all of them; a list that stood open, closed."""
    match e:
        case s.Effects(parts=parts, join=join, open=open):
            for i in range(len(parts) if len(parts) > 1 else 0):
                left = parts[:i] + parts[i + 1 :]
                yield evolve(e, parts=left, join=join if len(left) > 1 else "all")
            if len(parts) > 1:
                yield evolve(e, join="all" if join == "any" else "any")
            if open:
                yield evolve(e, open=False)
        case s.Apply(name=name, parts=(_,)):
            yield name


def _rows(e: s.Node) -> Iterator[s.Node]:
    """A row of a table left out; what two rows lead to exchanged."""
    if isinstance(e, s.Rows):
        rows = e.rows
        for i in range(len(rows) if len(rows) > 1 else 0):
            yield evolve(e, rows=rows[:i] + rows[i + 1 :])
        for i, (a, b) in enumerate(pairwise(rows)):
            swapped = evolve(a, outcome=b.outcome), evolve(b, outcome=a.outcome)
            yield evolve(e, rows=(*rows[:i], *swapped, *rows[i + 2 :]))


def _measure(e: s.Node) -> Iterator[s.Node]:
    """最低 for 最高; the kinds of something for the rows; a window left out; a sum for a difference."""
    match e:
        case s.Measure(how=how) if how in _MEASURES:
            yield evolve(e, how=_MEASURES[how])
        case s.Measure(how="kinds"):
            yield evolve(e, how="count", name=None)
        case s.Crowded(part=part):
            yield part
        case s.Arithmetic(sign=sign) if sign in "+-":
            yield evolve(e, sign="-" if sign == "+" else "+")
        case s.ApplyWord(key="least" | "most" as key):
            yield evolve(e, key="most" if key == "least" else "least")


def _dead(e: s.Node) -> Iterator[s.Node]:
    """A provision that never arises."""
    if isinstance(e, s.Declaration) and (e.kind in RULE_KINDS or e.kind == "stage"):
        yield evolve(e, clauses=(*_without(e, *_CONDITIONS), _NEVER))


def reread(alternatives: Callable[[str], tuple[str, ...]]) -> Change:
    """取 another of a reading's alternatives; *alternatives* by the reading's name."""

    def change(e: s.Node) -> Iterator[s.Node]:
        match e:
            case s.Comparison(op="taken_as", left=s.Name(text=name), right=s.Name(text=taken)):
                yield from (evolve(e, right=s.Name(x)) for x in alternatives(name) if x != taken)

    return change


OPERATORS: Final = (
    Operator("bound", "界限含与不含", "bound in or out", _bound),
    Operator("amount", "数额差一", "amount off by one", _amount),
    Operator("unit", "期间单位", "unit of a period", _unit),
    Operator("drop", "漏写", "left out", _dropped),
    Operator("join", "且或互换", "and for or", _joined),
    Operator("deny", "正反颠倒", "denied", _denied),
    Operator("modality", "应当可以互换", "modality", _modality),
    Operator("waiver", "不适用与可以不适用", "set aside or may be", _waiver),
    Operator("exception", "漏写除外", "exception left out", _excepted),
    Operator("option", "效果选项", "options", _options),
    Operator("row", "表行", "rows of a table", _rows),
    Operator("measure", "计量", "measure", _measure),
    Operator("dead", "从不发生", "never arises", _dead),
)


def operators(alternatives: Callable[[str], tuple[str, ...]]) -> tuple[Operator, ...]:
    """Every kind of slip, for a policy whose readings have these alternatives."""
    return (*OPERATORS, Operator("reading", "取另一义", "another reading", reread(alternatives)))
