"""Whoever turns on open readings, copied once for each way to take them: what comes of any way, and what matters.

As a decision has it (`decide.standing`): a conclusion is whatever any combination of its readings makes of it; of a
reading that changes nothing whatever the others are, nothing is missing; nor of a conclusion that every way settles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, Final

from attrs import evolve, frozen
from sqlglot import exp

from .. import model as m
from ..decide import READING_CAP, Question
from ..leaves import Item
from .asking import STILL
from .cells import PEOPLE, ROW, Cell, Layout, N
from .missing import AMONG, ITEM, LACKING, Missing, missing
from .running import Results, carry_out
from .staging import relation, told
from .statement import PRINTED, Statement, compiled

# So many copies are decided at once, unless one person has more.
_COPIES: Final = 200_000

TURNED: Final = "转"
_SETS, _WAYS, _PART, _COPY, _UNITED, _MATTER = "转·组", "转·法", "转·段", "转·副·", "转·并", "转·系"
_SET, _WAY, _PLACE = "组", "次", "位"


@frozen(eq=False)
class Turns:
    """What decides copies of persons under readings that their cells tell, and asks again what is missing of whom."""

    readings: tuple[Item, ...]
    sources: tuple[str, ...]
    statement: Statement
    missing: Missing

    @property
    def cells(self) -> tuple[Cell, ...]:
        """What it reads of a person's own cells."""
        return tuple(c for c in (*self.statement.cells, *self.missing.cells) if c.kind != "reading")

    def united(self, base: Any, made: Results, at_least: int) -> Results:
        """What was concluded, with what comes of any way in its place, of everybody who turns on no more combinations
        of readings than the interpreter tries, if there are *at_least* so many. What is `所缺` of them is replaced as
        well. Those are in `转` (n)."""
        if self.turning(base) < at_least:
            base.execute(f'CREATE OR REPLACE TEMP TABLE "{TURNED}" (n BIGINT)')
            return made
        united = {PEOPLE: _UNITED, **{of: f"{_UNITED}·{of}" for of in self.statement.elements}}
        base.execute(f'CREATE OR REPLACE TEMP TABLE "{_MATTER}" (n BIGINT, "{ITEM}" BIGINT)')
        parts = base.execute(f'SELECT max(段) + 1 FROM "{TURNED}"').fetchone()[0]
        for part in range(parts):
            self.part(base, part, united)
        effects = self.statement.of_rows
        whole = Results(
            _replaced(base, made.persons, _UNITED, self.statement.columns, (N,)),
            {
                of: _replaced(base, name, united[of], effects[of], (N, ROW)) if of in united else name
                for of, name in made.elements.items()
            },
        )
        self.asked_again(base, whole)
        return whole

    # Whom, and which ways.

    def turning(self, base: Any) -> int:
        """Makes `转` (n, 组, 段) and `转·法` (组, 次, the readings, what each adds to 次); how many persons."""
        numbers = ", ".join(str(i.number) for i in self.readings)
        base.execute(
            f'CREATE OR REPLACE TEMP TABLE "{TURNED}" AS SELECT n, list_sort(list("{ITEM}")) AS 读 FROM "{LACKING}" '
            f'WHERE "{ITEM}" IN ({numbers}) GROUP BY n'
        )
        sets: list[tuple[int, ...]] = [
            tuple(x) for (x,) in base.execute(f'SELECT DISTINCT 读 FROM "{TURNED}" ORDER BY 读').fetchall()
        ]
        known = {i.number: i for i in self.readings}
        sets = [x for x in sets if prod(len(_options(known[i])) for i in x) <= READING_CAP]
        heads = [(_SET, "INTEGER"), (_WAY, "INTEGER")]
        for i in self.readings:
            cell = _cell(i)
            heads += [*zip(cell.columns(True), cell.sql_types(True), strict=True), (f"{_PLACE}·{i.number}", "INTEGER")]
        ways = [way for number, some in enumerate(sets) for way in self.ways(number, [known[i] for i in some])]
        relation(base, _WAYS, heads, ways)
        many = [(list(x), k, prod(len(_options(known[i])) for i in x)) for k, x in enumerate(sets)]
        base.execute(f'CREATE OR REPLACE TEMP TABLE "{_SETS}" (读 BIGINT[], "{_SET}" INTEGER, 几 INTEGER)')
        for row in many:
            base.execute(f'INSERT INTO "{_SETS}" VALUES (?, ?, ?)', row)
        base.execute(
            f'CREATE OR REPLACE TEMP TABLE "{TURNED}" AS SELECT n, g."{_SET}", '
            f"(sum(几) OVER (ORDER BY n) - 几) // {_COPIES} AS 段 "
            f'FROM "{TURNED}" JOIN "{_SETS}" AS g USING (读)'
        )
        return int(base.execute(f'SELECT count(*) FROM "{TURNED}"').fetchone()[0])

    def ways(self, number: int, some: Sequence[Item]) -> Iterator[tuple[Any, ...]]:
        """A row for each combination of some readings; the others stay open."""
        places = {i.number: prod(len(_options(x)) for x in some[k + 1 :]) for k, i in enumerate(some)}
        for way, picked in enumerate(product(*(range(len(_options(i))) for i in some))):
            taken = dict(zip(places, picked, strict=True))
            row: list[Any] = [number, way]
            for i in self.readings:
                at = taken.get(i.number)
                cell = _cell(i)
                row += told(cell, True, None if at is None else 1 << at)
                row.append(None if at is None else at * places[i.number])
            yield tuple(row)

    # Copies.

    def part(self, base: Any, part: int, united: Mapping[str, str]) -> None:
        """Decides the copies of some persons, and adds what comes of them."""
        base.execute(f'CREATE OR REPLACE TEMP TABLE "{_PART}" AS SELECT n, "{_SET}" FROM "{TURNED}" WHERE 段 = {part}')
        own = ", ".join(f'w."{x}"' for i in self.readings for x in _cell(i).columns(True))
        for name in self.sources:
            more = f", {own}" if name == PEOPLE else ""
            base.execute(
                f'CREATE OR REPLACE TEMP TABLE "{_COPY}{name}" AS SELECT c.* REPLACE '
                f'(c.n * {READING_CAP} + w."{_WAY}" AS n){more} FROM "{name}" AS c '
                f'JOIN "{_PART}" AS t ON t.n = c.n JOIN "{_WAYS}" AS w ON w."{_SET}" = t."{_SET}"'
            )
        s = self.statement
        for of, select, effects in (
            (PEOPLE, s.persons, s.columns), *((of, x, s.of_rows[of]) for of, x in s.elements.items()),
        ):  # fmt: skip
            result = f"{_COPY}结论·{of}"
            carry_out(base, select, result)
            keys = ["n"] if of == PEOPLE else ["n", f'"{ROW}"']
            masks = [x for e in effects for x in (e, e + PRINTED)]
            kept = ", ".join(f'bit_or("{x}") AS "{x}"' for x in masks)
            every = ", ".join([f"n // {READING_CAP} AS n", *keys[1:], kept])
            made = f'SELECT {every} FROM "{result}" GROUP BY {", ".join([f"n // {READING_CAP}", *keys[1:]])}'
            how = f'CREATE OR REPLACE TEMP TABLE "{united[of]}" AS' if part == 0 else f'INSERT INTO "{united[of]}"'
            base.execute(f"{how} {made}")
            self.matter(base, result, united[of], effects, keys)
            base.execute(f'DROP TABLE "{result}"')
        for name in self.sources:
            base.execute(f'DROP TABLE "{_COPY}{name}"')

    def matter(self, base: Any, result: str, united: str, effects: Sequence[str], keys: Sequence[str]) -> None:
        """Adds the readings by which two ways that differ in no other differ in what stays open."""
        verdicts = {w.effect: w for w in self.statement.policy.verdicts}
        for i in self.readings:
            topic = "reading", _name(i)
            turned = [
                e
                for e in effects
                if any(topic in x.topics for x in (verdicts[e].person, *verdicts[e].elements.values()))
            ]
            if not turned:
                continue
            differ = " OR ".join(
                f'bool_or({still(e, "u")}) AND (min(s."{e}") <> max(s."{e}") OR '
                f'min(s."{e + PRINTED}") <> max(s."{e + PRINTED}"))'
                for e in turned
            )
            place = f'w."{_PLACE}·{i.number}"'
            rows = "".join(f" AND u.{k} = s.{k}" for k in keys[1:])
            base.execute(
                f'INSERT INTO "{_MATTER}" SELECT DISTINCT n, {i.number} FROM (SELECT t.n FROM "{result}" AS s '
                f'JOIN "{_PART}" AS t ON t.n = s.n // {READING_CAP} '
                f'JOIN "{_WAYS}" AS w ON w."{_SET}" = t."{_SET}" AND w."{_WAY}" = s.n % {READING_CAP} '
                f'JOIN "{united}" AS u ON u.n = t.n{rows} WHERE {place} IS NOT NULL '
                f'GROUP BY {", ".join(["t.n", *(f"s.{k}" for k in keys[1:])])}, w."{_WAY}" - {place} HAVING {differ})'
            )

    # What is missing.

    def asked_again(self, base: Any, made: Results) -> None:
        """Of those with a conclusion that is still open: what is missing for it, and the readings that matter."""
        every = [w.effect for w in self.missing.policy.verdicts]
        flags = ", ".join(f'{still(e, "p")} AS "{STILL}{e}"' for e in every)
        base.execute(
            f'CREATE OR REPLACE TEMP TABLE "{STILL}{PEOPLE}" AS SELECT c.*, {flags} FROM "{PEOPLE}" AS c '
            f'JOIN "{TURNED}" AS t ON t.n = c.n JOIN "{made.persons}" AS p ON p.n = c.n'
        )
        for of, name in made.elements.items():
            here = [w.effect for w in self.missing.policy.verdicts if of in w.elements]
            flags = ", ".join(f'coalesce({still(e, "p")}, FALSE) AS "{STILL}{e}"' for e in here)
            base.execute(
                f'CREATE OR REPLACE TEMP TABLE "{STILL}{of}" AS SELECT c.*, {flags} FROM "{of}" AS c '
                f'JOIN "{TURNED}" AS t ON t.n = c.n LEFT JOIN "{name}" AS p ON p.n = c.n AND p."{ROW}" = c."{ROW}"'
            )
        base.execute(f'CREATE OR REPLACE TEMP TABLE "{AMONG}" AS SELECT n FROM "{TURNED}"')
        carry_out(base, self.missing.statement, f"{LACKING}·{STILL}")
        readings = ", ".join(str(i.number) for i in self.readings)
        for change in (
            f'DELETE FROM "{LACKING}" WHERE n IN (SELECT n FROM "{TURNED}")',
            f'INSERT INTO "{LACKING}" SELECT * FROM "{LACKING}·{STILL}" WHERE "{ITEM}" NOT IN ({readings})',
            f'INSERT INTO "{LACKING}" SELECT DISTINCT n, "{ITEM}", \'reading\' FROM "{_MATTER}"',
        ):
            base.execute(change)


def turns(policy: m.Policy, question: Question, layout: Layout | None = None) -> Turns | None:
    """For cells laid out so; None where no conclusion turns on an open reading."""
    asked = missing(policy, question, layout, gated=True)
    open_ = tuple(i for i in asked.items if i.kind == "reading" and _name(i) not in question.readings)
    if not open_:
        return None
    made = compiled(policy, question, layout, False, False, taken=frozenset(map(_name, open_)))
    sources = _sources(made)
    of_copies = {x: _COPY + x for x in sources}
    made = evolve(
        made,
        persons=_elsewhere(made.persons, of_copies),
        elements={of: _elsewhere(x, of_copies) for of, x in made.elements.items()},
    )
    gated = {x: STILL + x for x in (PEOPLE, *(of for w in policy.verdicts for of in w.elements))}
    return Turns(open_, sources, made, evolve(asked, statement=_elsewhere(asked.statement, gated)))


def still(effect: str, of: str = "") -> str:
    """Whether an effect is not settled, or not the same on both lines, in a relation of conclusions."""
    table = f"{of}." if of else ""
    printed, whole = f'{table}"{effect}{PRINTED}"', f'{table}"{effect}"'
    return f"({printed} <> {whole} OR {whole} & ({whole} - 1) <> 0)"


def _replaced(base: Any, name: str, united: str, effects: Sequence[str], keys: Sequence[str]) -> str:
    """What was concluded, with what comes of any way in its place."""
    masks = [x for e in effects for x in (e, e + PRINTED)]
    given = ", ".join(f'coalesce(u."{x}", p."{x}") AS "{x}"' for x in masks)
    on = " AND ".join(f'u."{k}" = p."{k}"' for k in keys)
    base.execute(
        f'CREATE OR REPLACE TEMP TABLE "{name}·并" AS SELECT p.* REPLACE ({given}) '
        f'FROM "{name}" AS p LEFT JOIN "{united}" AS u ON {on}'
    )
    return f"{name}·并"


def _sources(statement: Statement) -> tuple[str, ...]:
    """The relations of cells that a statement reads, persons first."""
    found = dict.fromkeys((PEOPLE,))
    for select in (statement.persons, *statement.elements.values()):
        made = {x.alias for x in select.find_all(exp.CTE)}
        found |= {t.name: None for t in select.find_all(exp.Table) if t.name not in made and t.name}
    return tuple(found)


def _elsewhere(select: exp.Select, names: Mapping[str, str]) -> exp.Select:
    """The same of relations of other names."""
    made = select.copy()
    for t in made.find_all(exp.Table):
        if t.name in names:
            t.set("this", exp.to_identifier(names[t.name], quoted=True))
    return made


def _name(i: Item) -> str:
    assert isinstance(i.node, m.Leaf)
    return i.node.name


def _options(i: Item) -> tuple[str, ...]:
    assert isinstance(i.node, m.Leaf)
    return i.node.type.options


def _cell(i: Item) -> Cell:
    assert isinstance(i.node, m.Leaf)
    return Cell(PEOPLE, "reading", i.node.name, i.node.type)
