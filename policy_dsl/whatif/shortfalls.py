"""Near misses: rules that do not arise for one part alone, and by how much it falls short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from .. import model as m
from .. import values as v
from ..decide import Conclusion, Decision, Ground
from ..evaluate import Evaluation, in_view
from ..explanation import Explanation
from ..record import Row
from ..values import NO, YES, settled
from .outcomes import of_record


@frozen(eq=False)
class Part:
    """A part of a condition that is not as the rule wants it; *short*: how far the value it measures lies from its
    bound, in the smallest unit, where both are known. *barred*: it holds, and the rule wants it not to."""

    step: Explanation
    barred: bool
    short: int | None = None

    @property
    def expr(self) -> m.Expr:
        """What the policy says there."""
        assert isinstance(self.step.node, m.Expr)
        return self.step.node

    @property
    def over(self) -> bool:
        """Whether what is measured lies above its bound, not below it."""
        e = self.expr
        return isinstance(e, m.AtLeast) and of_record(e.left) == self.barred


@frozen(eq=False)
class NearMiss:
    """A rule that falls short by this one part, of these effects at one place; everything else it asks for is there,
    *holding* parts of it."""

    conclusions: tuple[Conclusion, ...]
    ground: Ground
    part: Part
    holding: int


@frozen(eq=False)
class _Lack:
    """The fewest parts that stand against a condition, and how many speak for it; *open*: some are not known."""

    parts: tuple[Part, ...]
    holding: int
    open: bool = False


def near_misses(decision: Decision, conclusions: Sequence[Conclusion]) -> Iterator[NearMiss]:
    """The rules that do not arise for one part alone, those first that lack least; each rule once for each place."""
    walker = Evaluation(decision.given, decision.question.frame(False))
    found: dict[tuple[object, ...], NearMiss] = {}
    for c in conclusions:
        for g in c.grounds:
            if g.fires.value != NO or (c.list is None) != (g.rule.list is None):
                # Of the rows' own rules the rows tell, of the person's the person.
                continue
            lack = _lack(g.option.fires, True, () if c.row is None else (c.row,), walker)
            if len(lack.parts) != 1 or lack.open or not of_record(lack.parts[0].expr):
                continue
            (part,) = lack.parts
            if lack.holding or part.short is not None:
                key = g.rule.name, c.list, c.row and c.row.id, id(part.expr), part.step.rows
                seen = found.get(key)
                together = (c,) if seen is None else (*seen.conclusions, c)
                found[key] = NearMiss(tuple(dict.fromkeys(together)), g, part, lack.holding)
    # What is measured comes first, by the share of its bound that is wanting.
    yield from sorted(found.values(), key=lambda n: (n.part.short is None, _share(n.part), -n.holding))


def _share(p: Part) -> float:
    if p.short is None:
        return 0
    if isinstance(p.expr, m.AtLeast) and p.expr.left.type.kind == "day":
        return p.short / 365
    bound: int = max(abs(v.as_range(s.value)[0]) for s in p.step.because)
    return p.short / max(bound, 1)


def _lack(e: m.Expr, want: bool, rows: tuple[Row, ...], walker: Evaluation) -> _Lack:
    """The fewest parts that would have to be otherwise for a condition to hold, or, where not wanted, to fail."""
    match e:
        case m.Named(body=body):
            return _lack(body, want, rows, walker)
        case m.Not(part=part):
            return _lack(part, not want, rows, walker)
        case m.All(parts=parts) | m.Any(parts=parts):
            each = [_lack(p, want, rows, walker) for p in parts]
            if isinstance(e, m.All) == want:
                return _Lack(
                    tuple(x for one in each for x in one.parts),
                    sum(one.holding for one in each),
                    any(one.open for one in each),
                )
            return min(each, key=_distance)
        case m.Fold(how="some", where=where, slot=slot):
            known = [r for r in walker.rows(e.list) if r.id is not None]
            if want and known:
                # The row that comes nearest; a condition is not met by the parts of two rows.
                return min((_lack(where, True, in_view(rows, slot, r), walker) for r in known), key=_distance)
    return _atom(walker.why(e, rows), want)


def _distance(x: _Lack) -> tuple[int, bool, int, bool]:
    return len(x.parts), x.open, -x.holding, not any(p.short is not None for p in x.parts)


def _atom(step: Explanation, want: bool) -> _Lack:
    """A part no connective makes."""
    assert isinstance(step.node, m.Expr)
    if not settled(step.value):
        return _Lack((), 0, True)
    if step.value == (YES if want else NO):
        return _Lack((), int(of_record(step.node)))
    return _Lack((Part(step, not want, _short(step.node, step)),), 0)


def _short(e: m.Expr, step: Explanation) -> int | None:
    """How far what is measured lies from its bound, if both are known, and there is anything at all of it."""
    if not isinstance(e, m.AtLeast) or not of_record(e):
        return None
    a, b = (v.as_range(x.value) for x in step.because)
    if not settled(a) or not settled(b) or not isinstance(a[0], int) or not isinstance(b[0], int):
        return None
    measured = a[0] if of_record(e.left) else b[0]
    if e.left.type.kind == "number" and measured == 0:
        return None
    # Where they are equal, one of the smallest unit is wanting.
    return abs(a[0] - b[0]) or 1
