"""What of a policy its cases reach: of each provision, what was seen to happen and what never was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs
from attrs import frozen

from .. import model as m
from ..check import Checked
from ..check.procedures import NOWHERE
from ..language import syntax as s
from ..language.source import Span
from ..pack import Pack
from ..values import NO, YES
from .hearing import Base, Heard, verdict_of

# What may be seen of a place, in the order shown.
KINDS: Final = ("provision", "condition", "exception", "option", "transition", "reading")
_WRITTEN: Final = (s.Comparison, s.Within, s.Between, s.Some, s.Name, s.Apply, s.FieldOf, s.This)


@frozen
class Goal:
    """One thing to be seen: of which declaration, of which kind, what (as written), which way, and where it stands.

    *way*: "yes" that it arises, holds, is taken; "no" that it does not.
    """

    declaration: str
    kind: str
    what: str
    way: str
    span: Span


@frozen(eq=False)
class Reached:
    """Every goal of a policy, and those that some case reaches; *open* are conditions that were only ever unknown."""

    goals: tuple[Goal, ...]
    met: frozenset[Goal]
    open: frozenset[Goal]
    heard: int

    @property
    def missing(self) -> tuple[Goal, ...]:
        return tuple(g for g in self.goals if g not in self.met)

    @property
    def share(self) -> float:
        """How much of it is reached, in percent."""
        return 100 * len(self.met) / len(self.goals) if self.goals else 100.0

    def totals(self) -> Iterator[tuple[str, int, int]]:
        """For each kind how many goals are met, of how many."""
        for kind in KINDS:
            goals = [g for g in self.goals if g.kind == kind]
            if goals:
                yield kind, sum(g in self.met for g in goals), len(goals)


# A place that may be seen one way or the other: its goal's words, and the nodes that show it.
Place = tuple[str, str, str, Span, tuple[str, ...], list[m.Expr]]


def reached(pack: Pack, checked: Checked, base: Base, heard: Iterable[Heard]) -> Reached:
    """What the cases reach, through the conclusions they state: what no stated conclusion rests on is not tried."""
    cases = tuple(heard)
    own = {x.name for x in pack.own}
    places = [p for p in _places(checked, base) if p[3].source.name in own]
    seen, chosen = _seen(base, cases)
    goals: dict[Goal, bool] = {}
    open: set[Goal] = set()
    for declaration, kind, what, span, ways, nodes in places:
        values = set[int]().union(*(seen.get(id(e), set()) for e in nodes))
        for way in ways:
            goal = Goal(declaration, kind, what, way, span)
            goals[goal] = goals.get(goal, False) or (YES if way == "yes" else NO) in values
            if values and not values & {YES, NO}:
                open.add(goal)
    for reading in base.policy.readings.values():
        if (d := _declared(checked, reading.name)) is not None and d.span.source.name in own:
            for a in (x for c in d.clauses if isinstance(c, s.Clause) for x in c.items if isinstance(x, s.Alternative)):
                goals[Goal(reading.name, "reading", a.name.text, "yes", a.name.span)] = (
                    reading.name,
                    a.name.text,
                ) in chosen
    met = frozenset(g for g, done in goals.items() if done)
    return Reached(tuple(goals), met, frozenset(open - met), len(cases))


def _declared(checked: Checked, name: str) -> s.Declaration | None:
    every = (d for document in checked.documents for d in document.declarations)
    return next((d for d in every if d.kind == "reading" and d.name is not None and d.name.text == name), None)


def _seen(base: Base, heard: tuple[Heard, ...]) -> tuple[dict[int, set[int]], set[tuple[str, str]]]:
    """The truth values each node took under a conclusion some case states, rows that only may exist left out; and the
    readings that cases choose."""
    seen: dict[int, set[int]] = {}
    chosen: set[tuple[str, str]] = set()
    for h in heard:
        for sitting in h.sittings:
            if sitting.stated:
                chosen |= set(sitting.question.readings.items())
            for x in sitting.stated:
                if x.effect in base.verdicts and (judged := verdict_of(base.verdicts[x.effect], x.of)) is not None:
                    for line in (False, True):
                        sitting.court.under(line).why(judged, () if x.row is None else (x.row,))
            for evaluation in (*sitting.court.lines, *sitting.court.held.values()):
                for key, e in evaluation.memo.items():
                    if isinstance(e.value, int) and all(row.id is not None for row in e.rows):
                        seen.setdefault(key[0], set()).add(e.value)
    return seen, chosen


def _places(checked: Checked, base: Base) -> Iterator[Place]:
    """Everything there is to see, in the order of the texts' rules and definitions."""
    yield from _rules(base)
    written = _written(checked)
    shown: dict[tuple[Span, str], Place] = {}
    for e in base.nodes:
        if e.source is None or e.type.kind != "truth" or not _asks(e):
            continue
        found = written.get(_key(e.source))
        # What stands for a stage's rows was never written.
        if found is None or not isinstance(
            e.source, s.Comparison if isinstance(found[1], s.Between) else type(found[1])
        ):
            continue
        declaration, node = found
        place = shown.setdefault(
            _at(e.source), (declaration, "condition", node.span.text, node.span, ("yes", "no"), [])
        )
        place[5].append(e)
    # Of a denial and what it denies, written as one, the denial is what the text says.
    outer = {id(e.part) for e in base.nodes if isinstance(e, m.Not) and e.part.source is e.source}
    inner = {id(p) for e in base.nodes if isinstance(e, m.All) and isinstance(e.source, s.Within) for p in e.parts}
    for place in shown.values():
        nodes = [e for e in place[5] if id(e) not in outer and id(e) not in inner]
        if nodes:
            yield (*place[:5], nodes)


def _asks(e: m.Expr) -> bool:
    """Whether a truth value is a condition by itself: no connective of others, but for a denial written as one word
    (没有, 不属于) and the two ends of a window."""
    match e:
        case m.Not(part=part):
            return part.source is e.source
        case m.All():
            return isinstance(e.source, s.Within)
    return not isinstance(e, m.Any | m.Named | m.Constant | m.Admitted | m.Happened | m.Verdict)


def _key(e: s.Node) -> tuple[str, int, int]:
    return e.span.source.name, e.span.start, e.span.end


def _at(e: s.Node) -> tuple[Span, str]:
    return e.span, getattr(e, "op", "")


def _written(checked: Checked) -> dict[tuple[str, int, int], tuple[str, s.Node]]:
    """Every condition as written, by its place, with the declaration it stands in."""
    found: dict[tuple[str, int, int], tuple[str, s.Node]] = {}
    for document in checked.documents:
        for d in document.declarations:
            if d.name is not None and d.kind not in ("case", "vocabulary", "note", "property"):
                for inner in _within(d):
                    if isinstance(inner, _WRITTEN) and inner.span.source.name:
                        found.setdefault(_key(inner), (d.name.text, inner))
    return found


def _within(x: s.Node) -> Iterator[s.Node]:
    yield x
    for f in attrs.fields(type(x)):
        inner = getattr(x, f.name)
        for y in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(y, s.Node):
                yield from _within(y)


def _rules(base: Base) -> Iterator[Place]:
    """Each rule: that it arises and does not; its exceptions, options and transitions."""
    for rule in base.policy.rules:
        d = rule.span
        if not isinstance(d, s.Declaration) or d.name is None or d.name.text != rule.name:
            continue
        name, span = rule.name, d.name.span
        fires: list[m.Expr] = [e for e in base.nodes if isinstance(e, m.Named) and (e.name, e.role) in _roles(rule)]
        always = isinstance(rule.condition, m.Constant) and not rule.exceptions
        ways = (*(("yes",) if may_hold(rule.fires) else ()), *(() if always else ("no",)))
        yield name, "provision", name, span, ways, fires
        for other, e in zip(rule.defeated_by, rule.exceptions, strict=True):
            yield name, "exception", other, span, ("yes", "no") if may_hold(e) else ("no",), [e]
        for o in rule.options:
            if may_hold(o.fires):
                yield name, "option", o.effect, span, ("yes",), [o.fires]
        for to, when in rule.clock.next if rule.clock is not None else ():
            place = when.source.span if when.source is not None else span
            leads: list[m.Expr] = [e for e in base.nodes if isinstance(e, m.All) and e.source is when.source]
            yield name, "transition", to or NOWHERE, place, ("yes",), leads or fires


def _roles(rule: m.Rule) -> tuple[tuple[str, str], ...]:
    """What a rule is called among the nodes: it stands there once for each way it bears on a person."""
    return (rule.name, "rule"), (rule.name, "stage")


def may_hold(e: m.Expr) -> bool:
    """Whether a record could make it true: what rests on a condition that is not printed is never more than open."""
    match e:
        case m.Unprinted():
            return False
        case m.Named(body=body):
            return may_hold(body)
        case m.All(parts=inner):
            return all(map(may_hold, inner))
        case m.Any(parts=inner):
            return any(map(may_hold, inner))
    return True
