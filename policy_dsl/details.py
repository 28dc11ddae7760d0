"""What rules tell besides the statuses of effects: options that arise, amounts, periods, days of stages and duties."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from attrs import frozen

from . import model as m
from .record import Record, Row
from .values import NO, Value

# What of a rule is told, in either tongue.
PARTS: Final[dict[str, tuple[str, str]]] = {
    "arises": ("发生", "arises"), "exactly": ("额度", "amount"),
    "from": ("至少", "at least"), "above": ("超过", "more than"),
    "to": ("至多", "at most"), "below": ("不足", "less than"),
    "begins": ("期间自", "lasts from"), "ends": ("期间至", "lasts until"), "running": ("期间未满", "is running"),
    "reached": ("走到", "is reached"), "begin": ("首日", "first day"), "due": ("末日", "last day"),
    "begun": ("已开始", "has begun"), "finished": ("已完成", "is done"), "late": ("已逾期", "is late"),
    "done": ("完成之日", "day done"), "next": ("转入", "leads to"),
}  # fmt: skip


@frozen(eq=False)
class Detail:
    """One thing a rule tells, on the whole text: *part* is what of the rule (see PARTS), of which *option*, or to which
    *stage* it leads (None: not printed). It is told where any of *where* may be so."""

    rule: m.Rule
    part: str
    node: m.Expr
    where: tuple[m.Expr, ...]
    option: m.Option | None = None
    stage: str | None = None


def details(policy: m.Policy, layers: frozenset[str]) -> Iterator[Detail]:
    """Everything that the rules of the layers admitted tell, in the policy's order."""
    for rule in policy.rules:
        if rule.layer in layers:
            yield from _of_rule(rule)


def _of_rule(rule: m.Rule) -> Iterator[Detail]:
    """Of each option whether it arises and how much it is; then from when until when it lasts; of a stage or duty
    whether it is reached, begun, done or late, its days, and where it leads."""
    for option in rule.options:
        here = (option.fires,)
        yield Detail(rule, "arises", option.fires, here, option)
        for part, e in _amount(option.amount) if option.amount is not None else ():
            if e is not None:
                yield Detail(rule, part, e, here, option)
    parts: list[tuple[str, m.Expr | None]] = []
    if rule.during is not None:
        parts += [("begins", rule.during.begin), ("ends", rule.during.end), ("running", rule.during.running)]
    there = tuple(o.fires for o in rule.options)
    if (clock := rule.clock) is not None:
        there = (rule.fires, *(() if clock.begun is None else (clock.begun,)))
        parts += [("reached", rule.fires), ("begin", clock.begin), ("due", clock.due), ("begun", clock.begun)]
        parts += [("finished", clock.finished), ("late", clock.late), *(("done", e) for e in clock.done)]
    for part, node in parts:
        if node is not None:
            yield Detail(rule, part, node, there)
    for stage, e in clock.next if clock is not None else ():
        yield Detail(rule, "next", e, (e,), None, stage)


def _amount(amount: m.Amount) -> list[tuple[str, m.Expr | None]]:
    if amount.low is amount.high:
        return [("exactly", amount.low)]
    return [("above" if amount.above else "from", amount.low), ("below" if amount.below else "to", amount.high)]


def told(
    every: tuple[Detail, ...], given: Record, value: Callable[[m.Expr, tuple[Row, ...]], Value]
) -> Iterator[tuple[Detail, Row | None, Value]]:
    """What is told of one record: of the person, and of each listed row; *value* is what a node may be there."""
    for x in every:
        for row in (None,) if x.rule.list is None else given.lists[x.rule.list].known:
            rows = () if row is None else (row,)
            if any(value(e, rows) != NO for e in x.where):
                yield x, row, value(x.node, rows)
