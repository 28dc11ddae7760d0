"""What the rules tell of everybody besides their outcomes, from the cells of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from ..columnar.besides import Telling, Told
from ..columnar.cells import ROW
from ..columnar.running import carry_out
from .batches import arrow
from .laying import given
from .tables import DETAILS, Tables, quoted

_TOLD: Final = "所述"


def details(base: Any, tables: Tables, tellings: Sequence[Telling]) -> Iterator[Any]:
    """The table of details as Arrow batches: by person, in the policy's order, row by row."""
    base.execute("CREATE OR REPLACE TEMP TABLE 细 (n BIGINT, 次 BIGINT, 序 BIGINT, 编号 VARCHAR, 值 BIGINT)")
    words: dict[str, int] = {}
    for telling in tellings:
        carry_out(base, telling.select, _TOLD)
        for x in telling.told:
            _told(base, tables, x, words)
    said = list(words)
    of = [tables.detail_of(x) for x in tables.details]
    told: dict[int, Callable[[int], str]] = {
        1: lambda at: tables.detail_list(tables.details[at]), 3: lambda at: of[at][0], 4: lambda at: of[at][1],
        5: lambda at: of[at][2], 6: lambda at: said[at],
    }  # fmt: skip
    query = "SELECT r.编号, 次, d.编号, 次, 次, 次, 值 FROM 细 AS d JOIN 名册 AS r USING (n) ORDER BY n, 次, 序"
    return arrow(base, query, tables, DETAILS, told)


def _told(base: Any, tables: Tables, x: Told, words: dict[str, int]) -> None:
    """Everybody of whom one thing is told, with a number for each value in words."""
    at = tables.details.index(x.detail)
    columns = ", ".join(map(quoted, x.columns))
    values = base.execute(f"SELECT DISTINCT {columns} FROM {_TOLD} WHERE {quoted(x.where)}").fetchall()
    numbered = [
        (*cells, words.setdefault(tables.detail_value(x.detail, x.value(cells)), len(words))) for cells in values
    ]
    kinds = dict(zip(x.columns, x.kinds, strict=True))
    same = " AND ".join(f"t.{c} IS NOT DISTINCT FROM v.{c}" for c in map(quoted, x.columns))
    row = ("t." + quoted(ROW), "t.编号") if x.detail.rule.list is not None else ("0", "''")
    with given(base, kinds | {"值": "BIGINT"}, numbered) as known:
        told = f"SELECT n, {at}, {row[0]}, {row[1]}, v.值 FROM {_TOLD} AS t JOIN {known} AS v ON {same}"
        base.execute(f"INSERT INTO 细 {told} WHERE t.{quoted(x.where)}")
