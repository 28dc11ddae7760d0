"""The third engine means what the interpreter means: on known records exactly, on partly known ones nothing beyond it."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator

import generate as g
import pytest
import z3

from policy_dsl import model as m
from policy_dsl.calendar_days import LAST_DAY, month_later, year_last_day
from policy_dsl.decide import Question
from policy_dsl.evaluate import Evaluation
from policy_dsl.knowledge import as_known
from policy_dsl.record import Record, Row
from policy_dsl.symbolic import terms as t
from policy_dsl.symbolic.asking import solve
from policy_dsl.symbolic.encode import Encoding
from policy_dsl.symbolic.world import World
from policy_dsl.values import Type, Value

Asked = tuple[str, m.Expr, tuple[Row, ...], tuple[int, ...], str | None]


def asked(policy: m.Policy, lists: dict[str, str | None], record: Record) -> Iterator[Asked]:
    """Every definition and verdict, of the person and of each row."""
    things: list[tuple[str, m.Expr, str | None]] = [(name, e, lists.get(name)) for name, e in policy.definitions.items() if lists or not e.slots]
    for w in policy.verdicts:
        things += [(w.effect, w.person, None), *((w.effect, e, of) for of, e in w.elements.items())]
    for name, e, of in things:
        if of is None or not e.slots:
            yield name, e, (), (), None
        else:
            for i, row in enumerate(record.lists[of].known):
                yield name, e, (row,), (i,), of


def within(world: World, term: t.Term, type: Type, value: Value) -> t.Bool:
    """Whether a term is one of what a value may be."""
    if isinstance(term, t.Ordered):
        assert not isinstance(value, int)
        return t.inside(term, world.held(type, value) if type.kind == "text" else value)
    assert isinstance(value, int)
    return t.among(t.index(term), value)


def beyond(policy: m.Policy, lists: dict[str, str | None], raw: g.Raw, day: int) -> tuple[int, list[str]]:
    """How much was asked, and what the solver finds possible that the interpreter excludes, on both lines."""
    question = Question(day, day)
    record = as_known(g.read(raw, policy), policy.shape, day, day)
    wrong, count = [], 0
    for printed in (False, True):
        world = World(policy.shape, decided=(day, day), record=record)
        encoding, court, solver = Encoding(world), Evaluation(record, question.frame(printed)), z3.Solver()
        solver.set("timeout", 20_000)
        solver.set("smt.arith.solver", 2)
        solver.add(world.printed == printed, *(x == (name in question.layers) for name, x in world.layers.items()))
        told = 0
        for name, e, rows, view, of in asked(policy, lists, record):
            held = within(world, encoding.term(e, view), e.type, court.why(e, rows).value)
            there = [world.slots(of)[view[0]].present] if of is not None else []
            count += 1
            result, told = solve(solver, world, told, (*there, z3.Not(held)), 60)
            if result != z3.unsat:
                wrong.append(f"{name} {'printed' if printed else 'whole'}")
            solver.pop()
        # Agreement in a world that cannot be would be none.
        assert solver.check() == z3.sat
    return count, wrong


@pytest.mark.parametrize("seed", range(16))
def test_on_known_records_the_two_engines_agree(seed: int) -> None:
    rng = random.Random(seed)
    _, policy, lists = g.sheet(seed, clear=True)
    assert beyond(policy, lists, g.person(rng, policy.shape, known=True), g.a_day(rng))[1] == []


@pytest.mark.parametrize("seed", range(10))
def test_on_partly_known_records_nothing_lies_beyond_the_interpreter(seed: int) -> None:
    rng = random.Random(seed)
    _, policy, lists = g.sheet(seed)
    assert beyond(policy, lists, g.person(rng, policy.shape), g.a_day(rng))[1] == []


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_what_rules_come_to_is_the_same(seed: int, known: bool) -> None:
    rng = random.Random(seed)
    policy = g.grow(seed, clear=known)[2].policy
    assert policy is not None
    count, wrong = beyond(policy, {}, g.person(rng, policy.shape, known), g.a_day(rng))
    assert wrong == [] and count


def test_an_engine_that_miscounts_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The agreement can fail: with a count that is one too many, it does."""

    def more(self: Encoding, e: m.Fold, inside: list[t.Bool], views: object) -> t.Ordered:
        return t.Ordered(t.count(inside) + 1, t.FALSE)

    monkeypatch.setitem(vars(__import__("policy_dsl.symbolic.encode", fromlist=["_"]))["_FOLDS"], "count", more)
    found = []
    for seed in range(16):
        rng = random.Random(seed)
        _, policy, lists = g.sheet(seed, clear=True)
        found += beyond(policy, lists, g.person(rng, policy.shape, known=True), g.a_day(rng))[1]
    assert found


# Dates.

EDGES = [datetime.date(y, *rest).toordinal() for y in (1900, 1999, 2000, 2016, 2019, 2100) for rest in ((1, 31), (2, 28), (3, 1), (12, 31))]


def split(number: int) -> tuple[int, int, int]:
    """The month of a day, as the calendar of the solver numbers it."""
    day = datetime.date.fromordinal(number)
    return *divmod(day.year - (day.month < 3), 4), (day.month - 3) % 12


def month(cycle: int, year: int, month: int) -> t.Month:
    return t.Month(z3.IntVal(cycle), z3.IntVal(year), z3.IntVal(month))


@pytest.mark.parametrize("overflow", [True, False])
def test_months_are_counted_to_the_day(overflow: bool) -> None:
    rng = random.Random(7)
    cases = [(d, n) for d in EDGES for n in (-13, -1, 0, 1, 6, 12)]
    cases += [(rng.randint(1000, LAST_DAY), rng.choice((-30000, -1201, 11, 25, 40000))) for _ in range(100)]
    for day, months in cases:
        here = month(*split(day))
        date = t.Date(here, z3.IntVal(datetime.date.fromordinal(day).day))
        assert z3.is_true(z3.simplify(date.of(z3.IntVal(day)))), day
        number = z3.simplify(here.number).as_long() + months
        target = month(number // 48, number % 48 // 12, number % 12)
        assert z3.simplify(date.moved(target, z3.BoolVal(overflow))).as_long() == month_later(day, months, overflow)


def test_a_day_lies_in_one_month_only() -> None:
    for day in EDGES[::3]:
        date = t.Date(t.Month(z3.Int("c"), z3.Int("y"), z3.Int("m")), z3.Int("d"))
        solver = z3.Solver()
        solver.add(date.of(z3.IntVal(day)), date.month.cycle > 400, date.month.cycle < 600)
        assert solver.check() == z3.sat
        found = tuple(solver.model()[x].as_long() for x in (date.month.cycle, date.month.year, date.month.month))
        assert found == split(day)
        solver.add(date.month.number != z3.simplify(month(*found).number))
        assert solver.check() == z3.unsat


def test_a_year_ends_on_its_last_day() -> None:
    for year in (-3, 0, 1, 4, 1900, 1999, 2000, 2018, 2100, 9999, 10_000):
        assert z3.simplify(t.year_last_day(z3.IntVal(year))).as_long() == year_last_day(year)
