"""The tables of a result as Arrow batches, from what was decided in sets (`sets.py`); and what there is to count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from .. import model as m
from .. import values as v
from ..columnar.cells import PEOPLE, Cell, Layout
from ..columnar.statement import PRINTED
from ..columnar.terms import WORD, is_truth
from ..values import Value
from .laying import facts_of
from .rates import Counts
from .tables import ELEMENTS, PERSONS, Tables, quoted

# So many rows are held at once.
_ROWS: Final = 50_000


def masks(policy: m.Policy) -> list[str]:
    """The columns of the effects: recall on what is printed, then on the whole text."""
    return [name for w in policy.verdicts for name in (w.effect + PRINTED, w.effect)]


def atoms(tables: Tables) -> list[str]:
    """The columns of the packed atoms, in the result's order."""
    return [f"原子{i + 1}{mark}" for mark in (PRINTED, "") for i in range(tables.chunks)]


def persons(base: Any, tables: Tables) -> Iterator[Any]:
    """The table of persons, in order."""
    w = tables.w
    told = masks(tables.policy)
    kept = ", ".join(quoted(x) for x in (*told, *atoms(tables)))
    said = (
        "SELECT n, string_agg(事项, $semi ORDER BY 次) AS 尚缺 FROM "
        "(SELECT n, 事项, min(次) AS 次 FROM 缺 JOIN 项 USING (项) GROUP BY n, 事项) GROUP BY n"
    )
    query = (
        f"SELECT r.编号, r.摘要, (开 > 0)::BIGINT, 开, coalesce(尚缺, ''), {kept} FROM 定 JOIN 名册 AS r USING (n) "
        f"LEFT JOIN ({said}) USING (n) ORDER BY n"
    )
    words: dict[int, Callable[[int], str]] = dict.fromkeys(range(5, 5 + len(told)), w.status)
    words[2] = lambda open_: w.say("undetermined" if open_ else "decided")
    return arrow(base, query, tables, PERSONS, words, {"semi": w.semi})


def elements(base: Any, tables: Tables) -> Iterator[Any]:
    """The table of effects on rows, in order."""
    w = tables.w
    places = [(x.effect, of) for x in tables.policy.verdicts for of in x.elements]
    query = "SELECT r.编号, 处, e.编号, 处, 印, 全 FROM 行定 AS e JOIN 名册 AS r USING (n) ORDER BY n, 处, 序"
    words: dict[int, Callable[[int], str]] = {
        1: lambda at: w.name(places[at][1]), 3: lambda at: w.effect(places[at][0]), 4: w.status, 5: w.status,
    }  # fmt: skip
    return arrow(base, query, tables, ELEMENTS, words)


def arrow(
    base: Any, query: str, tables: Tables, table: str, words: dict[int, Callable[[int], str]], values: Any = None
) -> Iterator[Any]:
    """What a query gives, so many rows at a time, with a word in the place of each number of some columns."""
    import pyarrow as pa  # noqa: PLC0415

    columns = tables.columns()[table]
    kinds = [pa.int64() if c.figures else pa.string() for c in columns]
    for part in base.sql(query, params=values or {}).to_arrow_reader(_ROWS):
        cells = (_said(x, words[i]) if i in words else x for i, x in enumerate(part.columns))
        made = [x.cast(kind) for x, kind in zip(cells, kinds, strict=True)]
        yield pa.table(made, names=[c.name for c in columns])


def _said(numbers: Any, word: Callable[[int], str]) -> Any:
    """A word for each of a few numbers."""
    import pyarrow as pa  # noqa: PLC0415

    found = numbers.dictionary_encode()
    return pa.DictionaryArray.from_arrays(found.indices, pa.array(map(word, found.dictionary.to_pylist()), pa.string()))


def counts(base: Any, policy: m.Policy, layout: Layout, by: Sequence[str]) -> Counts:
    """How many persons of each group there are, of every outcome, and lacking what."""
    cells = facts_of(policy, by)
    names = [c.columns((c.table, c.stem) in layout.plain) for c in cells]
    groups = _groups(base, [quoted(x) for of in names for x in of])
    values: list[tuple[Value, ...]] = []
    for row in groups:
        told = iter(row)
        values.append(tuple(untold(c, [next(told) for _ in of]) for c, of in zip(cells, names, strict=True)))

    def asked(query: str) -> Any:
        return base.execute(query).fetchall()

    outcomes = []
    for w in policy.verdicts:
        printed, whole = quoted(w.effect + PRINTED), quoted(w.effect)
        certain = f"CASE WHEN {printed} = {whole} AND {whole} & ({whole} - 1) = 0 THEN {whole} ELSE 0 END"
        query = f"SELECT 组, {certain} AS 结论, count(*) FROM 定 JOIN 分 USING (n) GROUP BY ALL"
        outcomes += [(g, w.effect, mask, many) for g, mask, many in asked(query)]
    lacking = "FROM 缺 JOIN 项 USING (项) JOIN 分 USING (n) GROUP BY ALL"
    return Counts(
        values,
        asked("SELECT 组, count(*), count(*) FILTER (开 = 0) FROM 定 JOIN 分 USING (n) GROUP BY ALL"),
        outcomes,
        asked(f"SELECT 组, 事项, 情形, 可提供者, count(DISTINCT n) {lacking}"),
        asked(f"SELECT 组, 事项, count(DISTINCT n) {lacking}"),
    )


def _groups(base: Any, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Makes `分` (n, 组); what the columns hold in each group, by its number."""
    if not columns:
        base.execute("CREATE OR REPLACE TEMP TABLE 分 AS SELECT n, 0 AS 组 FROM 定")
        return [()]
    kept = ", ".join(columns)
    each = f"SELECT row_number() OVER () - 1 AS 组, * FROM (SELECT DISTINCT {kept} FROM {PEOPLE})"
    base.execute(f"CREATE OR REPLACE TEMP TABLE 组 AS {each}")
    same = " AND ".join(f"p.{x} IS NOT DISTINCT FROM g.{x}" for x in columns)
    base.execute(f"CREATE OR REPLACE TEMP TABLE 分 AS SELECT p.n, g.组 FROM {PEOPLE} AS p JOIN 组 AS g ON {same}")
    found: list[tuple[Any, ...]] = base.execute(f"SELECT {kept} FROM 组 ORDER BY 组").fetchall()
    return found


def untold(cell: Cell, columns: Sequence[Any]) -> Value:
    """The value that the columns of a cell hold: the other way round of `staging.told`."""
    if is_truth(cell.type):
        return {None: v.UNKNOWN, False: v.NO, True: v.YES}[columns[0]]
    if cell.type.finite:
        return sum(int(word) << WORD * i for i, word in enumerate(columns))
    *ends, none = columns if cell.type.may_be_none else (*columns, False)
    if none:
        return cell.type.none
    if len(ends) == 1:
        return cell.type.top if ends[0] is None else v.point(ends[0])
    least, most = v.TOP_TEXT if cell.type.kind == "text" else (-v.INF, v.INF)
    low, high = ends
    return (least if low is None else low, most if high is None else high, none is None)
