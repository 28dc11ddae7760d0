"""The days of stages and duties: when one begins, its last day, what shows it done, where it leads."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from .. import model as m
from ..language import syntax as s
from ..values import DAY, NO, YES, number, point
from .expressions import Elaborator
from .scope import Scope, slots_of

Lead = tuple[str | None, m.Expr]


def clock(
    values: Elaborator,
    d: s.Declaration,
    scope: Scope,
    due: m.Expr | None,
    done: Iterable[m.Expr],
    leads: tuple[Lead, ...],
) -> m.Clock | None:
    """The clock of a rule or a stage; None for a rule without a last day.

    *due* and *done* are its 期限 and 完成; a stage that gives none is due when its 为期 has run, and done when what is
    to be handed in (提交) has a day.
    """
    begin, bodies, finishing = None, tuple[str, ...](), tuple(done)
    # What is handed in when a stage has run has no last day of its own: it can be wanting, and not late.
    timed = bool(finishing) or due is not None
    if scope.stage is not None:
        begin = _begin(values, d, scope)
        due = due if due is not None else _runs_out(values, d, scope, begin)
        files = d.clause("files")
        if files is not None and isinstance(files.body, s.Files):
            bodies = values.symbols.body_names(() if files.body.by is None else (files.body.by,))
            handed_in = values.name(files.body.name, scope, None)
            if not finishing and handed_in.type.kind == "day":
                finishing = (handed_in,)
    elif due is None:
        return None
    last = due if due is None else within(values, due)
    due = due if due is None else put_off(values, due)
    begun = None if begin is None else _by(values.today, begin, d)
    finished = _all(tuple(_by(values.today, x, d) for x in finishing), d)
    late = None
    if last is not None and finished is not None:
        after = tuple(_by(x, last, d, strict=True) for x in finishing) if timed else (m.Constant(value=NO, source=d),)
        overran = after[0] if len(after) == 1 else m.Any(parts=after, source=d, slots=slots_of(*after))
        pending = _by(values.today, last, d, strict=True)
        slots = slots_of(finished, overran, pending)
        late = m.Choose(condition=finished, then=overran, otherwise=pending, source=d, slots=slots)
    return m.Clock(begin, due, finishing, begun, finished, late, bodies, leads)


def period(values: Elaborator, begin: m.Expr | None, end: m.Expr | None, source: s.Node) -> m.Period:
    """A period of days, and whether the day of decision lies in it."""
    asked = [] if begin is None else [m.AtLeast(left=values.today, right=begin, source=source, slots=begin.slots)]
    if end is not None:
        last = within(values, end)
        asked.append(m.AtLeast(left=last, right=values.today, source=source, slots=last.slots))
        end = put_off(values, end)
    if not asked:
        return m.Period(begin, end, m.Constant(value=YES, source=source))
    return m.Period(begin, end, m.All(parts=tuple(asked), source=source, slots=slots_of(*asked)))


def put_off(values: Elaborator, last: m.Expr) -> m.Expr:
    """The last day a period is counted to; by the reading 末日遇休, the first working day from it on."""
    if not counted(last):
        return last
    one = m.Constant(value=point(1), type=number("working_days"), source=last.source)
    later = m.Shift(
        day=_day_before(last),
        amount=one,
        unit="working_days",
        sign=1,
        readings=(),
        calendar=values.calendar,
        uncharted=values.uncharted,
        type=last.type,
        source=last.source,
        slots=last.slots,
    )
    return _read(values, "末日遇休", "顺延", later, last)


def within(values: Elaborator, last: m.Expr) -> m.Expr:
    """The day after which it is too late: by the reading 期满当日, the last day of the period or the one before."""
    if not counted(last):
        return last
    last = put_off(values, last)
    return _read(values, "期满当日", "当日在外", _day_before(last), last)


def counted(day: m.Expr) -> bool:
    """Whether a day is reached by counting a period; a day that is written out is what is written."""
    match day:
        case m.Shift():
            return day.sign > 0
        case m.Named(body=body):
            return counted(body)
        case m.Choose(then=a, otherwise=b):
            return counted(a) or counted(b)
        case m.Extreme(parts=parts):
            return any(counted(x) for x in parts)
    return False


def _read(values: Elaborator, reading: str, alternative: str, then: m.Expr, otherwise: m.Expr) -> m.Expr:
    leaf = values.built_in[reading]
    asked = m.Is(part=leaf, options=leaf.type.option(alternative), source=otherwise.source)
    return m.Choose(
        condition=asked, then=then, otherwise=otherwise,
        type=otherwise.type, source=otherwise.source, slots=otherwise.slots,
    )  # fmt: skip


def _day_before(day: m.Expr) -> m.Expr:
    less = m.Constant(value=point(-1), type=number("days"), source=day.source)
    return m.Add(parts=(day, less), type=day.type, source=day.source, slots=day.slots)


def _by(later: m.Expr, day: m.Expr, d: s.Declaration, strict: bool = False) -> m.Expr:
    return m.AtLeast(left=later, right=day, strict=strict, source=d, slots=slots_of(later, day))


def _all(parts: tuple[m.Expr, ...], d: s.Declaration) -> m.Expr | None:
    if len(parts) <= 1:
        return parts[0] if parts else None
    return m.All(parts=parts, source=d, slots=slots_of(*parts))


def _begin(values: Elaborator, d: s.Declaration, scope: Scope) -> m.Expr | None:
    """The day of the stage's own row."""
    if scope.stage is None:
        return None
    recorded = values.stage_recorded(scope.stage[1])
    date = values.symbols.lists[recorded].date if recorded is not None else ""
    return values.stage_field(scope.stage[1], date, scope, d) if date else None


def _runs_out(values: Elaborator, d: s.Declaration, scope: Scope, begin: m.Expr | None) -> m.Expr | None:
    """The last day of a stage: its first, and so long after."""
    lasts = d.clause("lasts")
    if lasts is None or not isinstance(lasts.body, s.Node):
        return None
    if isinstance(lasts.body, s.Gap):
        return values.value(lasts.body, evolve(scope, name=f"{scope.name}的期限"), DAY)
    return values.shift(lasts.body, begin or values.today, lasts.body, 1, scope) if begin is not None else None
