"""What rules make of an effect together, in columns: every status they may give it, the strongest over many rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from attrs import frozen
from sqlglot import exp

from .. import model as m
from .columns import View
from .gathering import Gathered
from .levels import Level
from .sql import Truth, and_, binary, case, coalesce, greatest, not_, number, or_, perhaps, surely, wrapped

_ORDER: Final = ("must", "principle_must", "generally_must", "basically_must")
_DUTIES: Final = frozenset(("must", "waivable"))


@frozen
class Flag:
    """What contributions of one flag come to: whether it may be there and whether it may be missing; a duty that may be
    set aside gives its own flag or *waivable*."""

    flag: str
    fires: Truth
    waived: Truth = False


def _statuses() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """For each status but conflict: the flags that must be there, and those that must not."""
    barred = {"conflict"}
    made: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def next_(status: str, *wanted: str, without: Sequence[str] = ()) -> None:
        made[status] = frozenset(wanted), frozenset(barred | set(without))

    next_("must_not", "must_not", without=("must", "waivable"))
    barred.add("must_not")
    for strength in _ORDER:
        next_(strength, strength)
        barred.add(strength)
    next_("must_waivable", "waivable")
    barred.add("waivable")
    for flag, status in m.CHOICES.values():
        next_(status, flag)
        barred.add(flag)
    next_("may_unadvised", "may", "should_not")
    next_("may", "may", without=("should_not",))
    barred.add("may")
    next_("should_not", "should_not")
    barred.add("should_not")
    next_("silent")
    return made


_STATUSES: Final = _statuses()


@frozen(eq=False)
class Ranked:
    """A mask of statuses by strength, weakest first, and those it can have at all; *fires* where it is that alone."""

    mask: Any
    reach: int
    fires: Truth = None


def ranks(reach: int) -> list[int]:
    return [i for i in range(len(m.STRENGTH)) if reach >> i & 1]


class Judging(Gathered):
    """Writes verdicts."""

    def flags(self, e: m.Verdict, level: Level, view: View) -> list[Flag]:
        plain: dict[str, list[Truth]] = {}
        made: list[Flag] = []
        for c in e.flags:
            fires = self.one(self.truth(c.fires, level, view), level)
            if c.waived is None:
                plain.setdefault(c.flag, []).append(fires)
            else:
                made.append(Flag(c.flag, fires, self.one(self.truth(c.waived, level, view), level)))
        made += [Flag(flag, self.one(or_(*truths), level)) for flag, truths in plain.items()]
        return [f for f in made if f.fires is not False]

    def verdict(self, e: m.Verdict, level: Level, view: View) -> Ranked:
        """Every status possible, by strength."""
        key = ("verdict", id(e), self.apart(e, view))
        found = level.once(key, lambda: self._verdict(e, level, view))
        assert isinstance(found, Ranked)
        return found

    def _verdict(self, e: m.Verdict, level: Level, view: View) -> Ranked:
        given = self.flags(e, level, view)
        if len(given) == 1 and given[0].waived is False:
            return _single(given[0], level, e.effect)
        mask, known, reach = None, 0, 0
        for status, condition in _conditions(given):
            bit = 1 << m.STRENGTH.index(status)
            if condition is False:
                continue
            reach |= bit
            if condition is True:
                known |= bit
                continue
            part = case((condition, number(bit)), otherwise=number(0))
            mask = part if mask is None else exp.Add(this=mask, expression=part)
        if mask is None:
            return Ranked(known, reach)
        whole = binary(exp.Add, mask, number(known)) if known else mask
        return Ranked(level.let(whole, e.effect), reach)

    def strongest(self, e: m.Strongest, view: View) -> Ranked:
        """The person's line: every status that may be the strongest of the person's own and those of the rows."""
        own, people = self.verdict(e.own, self.people, view), self.people
        parts = [own.mask]
        floors = [_lowest(own.mask)]
        reach = own.reach
        for of, verdict in e.rows:
            rows = self.rows_of(of)
            here = self.verdict(verdict, rows, view)
            if here.mask == 1:
                continue
            sure = self.sure(rows, of)
            key = ("row", id(verdict), self.apart(verdict, view))
            some, least = rows.once(key, partial(self._of_rows, here, rows, sure))
            parts.append(some)
            floors.append(least)
            reach |= here.reach | 1
        if len(parts) == 1:
            return own
        every = parts[0]
        for x in parts[1:]:
            every = x if isinstance(every, int) and every == 1 else binary(exp.BitwiseOr, _sql(every), x)
        # Nothing weaker than the weakest that one of them certainly is.
        lowest = greatest([_sql(f) for f in floors])
        return Ranked(people.let(binary(exp.BitwiseAnd, every, exp.Neg(this=wrapped(lowest))), e.effect), reach)

    def _of_rows(self, here: Ranked, rows: Level, sure: Truth) -> tuple[Any, Any]:
        mask = here.mask
        if sure is not True and not (isinstance(mask, int) and mask & 1):
            mask = case((sure, _sql(mask)), otherwise=binary(exp.BitwiseOr, _sql(mask), number(1)))
        mask = mask if isinstance(mask, int) else rows.let(mask, "强弱")
        some = self.people.joined(rows, exp.BitwiseOrAgg(this=_sql(mask)), "各行")
        least = self.people.joined(rows, exp.Max(this=_sql(_lowest(mask))), "至弱")
        return coalesce(some, number(1)), coalesce(least, number(1))

    def rows_of(self, of: str) -> Level:
        """The level where the rows of a list are judged: after everything any verdict on them waits for."""
        verdicts = [w.elements[of] for w in self.policy.verdicts if of in w.elements]
        verdicts += [x for w in self.policy.verdicts for name, x in w.person.rows if name == of]
        return self.child(self.people, of, 0, 1 + max(self.wait(x, -1) for x in verdicts))


def united(ways: Sequence[Ranked]) -> Ranked:
    """Whatever one of them has."""
    if len(ways) == 1:
        return ways[0]
    known = reach = 0
    found: list[Any] = []
    for r in ways:
        reach |= r.reach
        if isinstance(r.mask, int):
            known |= r.mask
        elif r.mask not in found:
            found.append(r.mask)
    if not found:
        return Ranked(known, reach)
    whole = found[0]
    for mask in (*found[1:], *([number(known)] if known else [])):
        whole = binary(exp.BitwiseOr, whole, mask)
    return Ranked(whole, reach)


def statuses(r: Ranked) -> Any:
    """A mask by strength as one in the order of `model.STATUSES`."""
    if isinstance(r.mask, int):
        return sum(1 << m.STATUSES.index(m.STRENGTH[i]) for i in ranks(r.mask))
    if r.fires is not None:
        none, some = (1 << m.STATUSES.index(m.STRENGTH[i]) for i in ranks(r.reach))
        return case((r.fires, number(some)), (not_(r.fires), number(none)), otherwise=number(some | none))
    whole: Any = None
    for i in ranks(r.reach):
        to = 1 << m.STATUSES.index(m.STRENGTH[i])
        bit = binary(exp.BitwiseAnd, r.mask, number(1 << i))
        part = bit if to == 1 << i else case((binary(exp.NEQ, bit, number(0)), number(to)), otherwise=number(0))
        part = exp.Paren(this=part) if isinstance(part, exp.Binary) else part
        whole = part if whole is None else exp.Add(this=whole, expression=part)
    return whole


def _sql(x: Any) -> Any:
    return number(x) if isinstance(x, int) else x


def _lowest(mask: Any) -> Any:
    return mask & -mask if isinstance(mask, int) else binary(exp.BitwiseAnd, mask, exp.Neg(this=mask.copy()))


def _single(f: Flag, level: Level, effect: str) -> Ranked:
    bit = 1 << m.STRENGTH.index(m.status_of(frozenset((f.flag,))))
    if f.fires is True or f.fires is None:
        return Ranked(bit if f.fires else bit | 1, bit if f.fires else bit | 1)
    mask = case((f.fires, number(bit)), (not_(f.fires), number(1)), otherwise=number(bit | 1))
    return Ranked(level.let(mask, effect), bit | 1, f.fires)


def _conditions(given: list[Flag]) -> list[tuple[str, Truth]]:
    """Whether each status is possible: flags are independent of one another."""
    found: list[tuple[str, Truth]] = [("conflict", _conflict(given))]
    for status, (wanted, barred) in _STATUSES.items():
        parts = [_without(f, barred if wanted else frozenset(m.FLAGS)) for f in given]
        parts += [_with(given, flag, barred) for flag in wanted]
        found.append((status, and_(*parts)))
    return found


def _without(f: Flag, barred: frozenset[str]) -> Truth:
    """Whether it may give none of these."""
    ways = [not_(surely(f.fires))]
    if f.flag not in barred:
        ways.append(and_(perhaps(f.fires), not_(surely(f.waived))))
    if f.waived is not False and "waivable" not in barred:
        ways.append(and_(perhaps(f.fires), perhaps(f.waived)))
    return or_(*ways)


def _with(given: list[Flag], flag: str, barred: frozenset[str]) -> Truth:
    """Whether one of them may give a flag."""
    ways = [and_(perhaps(f.fires), not_(surely(f.waived))) for f in given if f.flag == flag]
    if flag == "waivable":
        ways += [and_(perhaps(f.fires), perhaps(f.waived)) for f in given if f.waived is not False]
    return or_(*ways)


def _conflict(given: list[Flag]) -> Truth:
    duty = or_(*(_with(given, flag, frozenset()) for flag in _DUTIES))
    return or_(_with(given, "conflict", frozenset()), and_(_with(given, "must_not", frozenset()), duty))
