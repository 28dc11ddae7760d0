"""Everybody decided in sets, a batch of persons after another; whom the statements leave open, by the interpreter.

In the connection stand, of the batch in hand: its cells; `名册` (n, 编号, 摘要); `定`, a row for each person with
the masks of every effect on both lines, the packed atoms, and how many effects are open (`开`); `行定`, a row for each
effect on a row of a list that arises or may (n, 处, 序, 编号, 印, 全); `缺` (n, 次, 项), what is missing of whom, in
order. `项` says each thing missing in words (项, 事项, 情形, 可提供者).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from ..columnar import Results, Statement, compiled
from ..columnar.besides import tellings
from ..columnar.cells import PEOPLE, REGISTER, ROW, STATES, Cell, Layout, N
from ..columnar.missing import AMONG, ITEM, KIND, LACKING, lacking, missing
from ..columnar.statement import PRINTED
from ..columnar.turns import TURNED, still, turns
from ..record import Record
from ..rosters import Aside
from ..staging import open_tables
from ..statuses import SILENT
from .batches import atoms, masks
from .engines import Decider
from .laying import Batch, facts_of, given, of_tables, read
from .outcome import Outcome, Population
from .tables import Lacking, Tables, quoted
from .tables import lacking as in_words

# So many persons of the interpreter are put beside the others at once.
_AT_ONCE: Final = 1000
# Of so many persons of a batch who turn on readings, every way to take them is decided in sets: the interpreter takes
# as long for about as many as it takes to write and plan the statements.
TURNING: Final = 3_000

# What stands beside the relations of lists, which bear the names the county gave them.
OURS: Final = frozenset(
    (PEOPLE, REGISTER, STATES, LACKING, AMONG, TURNED, *"定缺项分组细余", "结论", "行定", "所给", "所述")
)
# Why a person is the interpreter's: it turns on an open reading, an effect has no columns, a number no column holds,
# a list has a name of ours.
READING: Final = "reading"
FORM: Final = "form"
NUMBER: Final = "number"
NAME: Final = "name"


class Sets:
    """A population decided in a connection."""

    def __init__(self, population: Population, tables: Tables, base: Any, decide: Decider):
        self.population, self.tables, self.base, self.run = population, tables, base, decide
        self.policy = population.policy
        self.statement: Statement = compiled(self.policy, population.asked, each_reading=False, printed_atoms=True)
        self.missing = missing(self.policy, population.asked)
        self.turns = turns(self.policy, population.asked) if len(population.table) >= TURNING else None
        self.tellings = tuple(tellings(self.policy, population.asked, tables.details).values())
        self.effects = [w.effect for w in self.policy.verdicts]
        self.columns = (*masks(self.policy), *atoms(tables))
        places = [(w.effect, of) for w in self.policy.verdicts for of in w.elements]
        self.places = {place: i for i, place in enumerate(places)}
        self.words: dict[Lacking, int] = {}
        self.in_sets, self.read, self.why = 0, 0, Counter[str]()
        base.execute("CREATE TEMP TABLE 项 (项 INTEGER, 事项 VARCHAR, 情形 VARCHAR, 可提供者 VARCHAR)")

    @property
    def formless(self) -> dict[str, str]:
        """What of the policy has no columnar form, by the name of its effect or rule; nothing, where the statements say
        everything the result keeps."""
        refused = [(x.effect, x.what) for x in (*self.statement.refused, *self.missing.refused)]
        return dict([*refused, *((x.rule.name, what) for t in self.tellings for x, what in t.refused)])

    def everybody(self) -> Iterator[int | Batch | Outcome | Aside]:
        """Everybody, in the table's order. A batch, when its relations are complete; before it, so many persons of it
        as the work goes on. Where a batch holds what no column keeps, its persons one by one."""
        import duckdb  # noqa: PLC0415

        named = not OURS.isdisjoint(self.policy.shape.lists)
        if named or self.formless or self.statement.loose:
            yield from self.one_by_one(self.population.table, NAME if named else FORM)
            return
        told = [c for t in self.tellings for c in t.cells]
        by = facts_of(self.policy, self.tables.by)
        turned = () if self.turns is None else self.turns.cells
        cells = dict.fromkeys((*self.statement.cells, *self.missing.cells, *turned, *told, *by))
        for batch in self.batches(tuple(cells), self.statement.layout):
            try:
                batch.lay()
                made = self.run(self.base, self.statement)
            except (duckdb.DataError, duckdb.InvalidInputException):
                yield from self.one_by_one(batch.everybody, NUMBER)
            else:
                yield from self.decided(batch, made)

    def batches(self, cells: Sequence[Cell], layout: Layout) -> Iterator[Batch]:
        population = self.population
        table = population.table
        raw = open_tables(table.path, population.regime, self.base) if table.by_sql else None
        if raw is None:
            return read(population, self.base, cells, layout)
        return of_tables(population, self.base, raw, cells, layout)

    def one_by_one(self, persons: Iterable[Record | Aside], why: str) -> Iterator[Outcome | Aside]:
        for x in persons:
            if isinstance(x, Record):
                self.why[why] += 1
            yield x if isinstance(x, Aside) else self.population.outcome(x)

    def decided(self, batch: Batch, made: Results) -> Iterator[int | Batch]:
        """What the statement made of a batch as the relations of its result."""
        self.base.execute(self._persons(made))
        self.base.execute(f"CREATE OR REPLACE TEMP TABLE {AMONG} AS SELECT n FROM 定 WHERE 开 > 0")
        lacking(self.base, self.missing)
        if self.turns is not None and (united := self.turns.united(self.base, made, TURNING)) is not made:
            made = united
            self.base.execute(self._persons(made))
        self.base.execute(self._rows(made))
        self.base.execute("CREATE OR REPLACE TEMP TABLE 缺 (n BIGINT, 次 BIGINT, 项 BIGINT)")
        left = self.lacking()
        self.in_sets += batch.sound - len(left)
        self.read += batch.read
        self.why[READING] += len(left)
        yield batch.sound + len(batch.aside) - len(left)
        yield from self.left(batch.records(left))
        yield batch

    def _persons(self, made: Results) -> str:
        """Every person's masks and atoms, how many effects are open in them or in a row, and the group."""
        joins, counts = [], {e: [still(e, "p")] for e in self.effects}
        for i, (of, name) in enumerate(made.elements.items()):
            opened = ", ".join(f"bool_or({still(e)}) AS {quoted(e)}" for e in self.statement.of_rows[of])
            joins.append(f"LEFT JOIN (SELECT n, {opened} FROM {quoted(name)} GROUP BY n) AS r{i} USING (n)")
            for e in self.statement.of_rows[of]:
                counts[e].append(f"coalesce(r{i}.{quoted(e)}, FALSE)")
        kept = ", ".join(f"p.{quoted(x)}::BIGINT AS {quoted(x)}" for x in self.columns)
        count = " + ".join(f"({' OR '.join(x)})::BIGINT" for x in counts.values()) or "0"
        every = f"SELECT p.n, {kept}, {count} AS 开 FROM {quoted(made.persons)} AS p {' '.join(joins)}"
        return f"CREATE OR REPLACE TEMP TABLE 定 AS {every}"

    def _rows(self, made: Results) -> str:
        """Every effect on a row that arises, or may."""
        parts = ["SELECT 0::BIGINT AS n, 0 AS 处, 0 AS 序, '' AS 编号, 0::BIGINT AS 印, 0::BIGINT AS 全 WHERE FALSE"]
        for (effect, of), at in self.places.items():
            printed, whole = quoted(effect + PRINTED), quoted(effect)
            parts.append(
                f"SELECT {N}, {at}, {quoted(ROW)}, 编号, {printed}, {whole} FROM {quoted(made.elements[of])}"
                f" WHERE {printed} <> {SILENT} OR {whole} <> {SILENT}"
            )
        return f"CREATE OR REPLACE TEMP TABLE 行定 AS {' UNION ALL '.join(parts)}"

    def lacking(self) -> list[int]:
        """Tells what is missing of whom. Where it turns on a reading, so does what else is missing: those are left, and
        any of whom nothing is; but not who is among `转`, whose readings are taken each way."""
        open_ = ", ".join(map(str, sorted(self.missing.readings))) or "-1"
        told = []
        for item, kind in self.base.execute(f"SELECT DISTINCT {ITEM}, {KIND} FROM {LACKING}").fetchall():
            (said,) = in_words(self.tables.w, [self.missing.items[item].gap(kind)])
            told.append((item, kind, self.word(said)))
        with given(self.base, {ITEM: "BIGINT", KIND: "VARCHAR", "项": "BIGINT"}, told) as words:
            self.base.execute(f"INSERT INTO 缺 SELECT n, {ITEM}, 项 FROM {LACKING} JOIN {words} USING ({ITEM}, {KIND})")
        turned = "FALSE" if self.turns is None else f"n IN (SELECT n FROM {TURNED})"
        told_of = f"SELECT n FROM {LACKING} GROUP BY n HAVING NOT bool_or({ITEM} IN ({open_})) OR {turned}"
        left = f"SELECT n FROM 定 ANTI JOIN ({told_of}) USING (n) WHERE 开 > 0 ORDER BY n"
        return [n for (n,) in self.base.execute(left).fetchall()]

    # Whom the statement leaves.

    def left(self, records: Iterator[tuple[int, Record]]) -> Iterator[int]:
        """Each decided by the interpreter, put in the place of what the statement made of them."""
        some: list[tuple[int, Outcome]] = []
        for n, record in records:
            some.append((n, self.population.outcome(record)))
            yield 1
            if len(some) == _AT_ONCE:
                self.put(some)
                some = []
        if some:
            self.put(some)

    def put(self, some: Sequence[tuple[int, Outcome]]) -> None:
        """What the statement made of them gives way; it may have left more open than the interpreter, never less."""
        statuses = [
            (n, *(x for lines in o.statuses for x in lines), *self.tables.packed(o), len(o.open)) for n, o in some
        ]
        with given(self.base, dict.fromkeys((N, *self.columns, "开"), "BIGINT"), statuses) as rows:
            less = " OR ".join(f"x.{quoted(c)} & ~d.{quoted(c)} <> 0" for c in self.columns)
            wrong = f"SELECT r.编号 FROM 定 AS d JOIN {rows} AS x USING (n) JOIN 名册 AS r USING (n) WHERE {less}"
            if found := self.base.execute(wrong).fetchall():
                raise RuntimeError(f"the engine says otherwise than the interpreter of {[x for (x,) in found]}")
            for made in ("定", "行定", "缺"):
                self.base.execute(f"DELETE FROM {made} WHERE n IN (SELECT n FROM {rows})")
            self.base.execute(f"INSERT INTO 定 BY NAME FROM {rows}")
        elements = [
            (n, self.places[e.effect, e.list], i, e.row, e.printed, e.whole)
            for n, o in some
            for i, e in enumerate(o.elements)
        ]
        kinds = dict.fromkeys((N, "处", "序", "编号", "印", "全"), "BIGINT") | {"编号": "VARCHAR"}
        with given(self.base, kinds, elements) as rows:
            self.base.execute(f"INSERT INTO 行定 BY NAME FROM {rows}")
        missing = [(n, i, self.word(told)) for n, o in some for i, told in enumerate(in_words(self.tables.w, o.gaps))]
        with given(self.base, dict.fromkeys((N, "次", "项"), "BIGINT"), missing) as rows:
            self.base.execute(f"INSERT INTO 缺 BY NAME FROM {rows}")

    def word(self, told: Lacking) -> int:
        """The number of what is missing, as it is said."""
        if told not in self.words:
            self.words[told] = len(self.words)
            self.base.execute("INSERT INTO 项 VALUES (?, ?, ?, ?)", (self.words[told], *told))
        return self.words[told]
