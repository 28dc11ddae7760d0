"""The workload as columns: cadres and incidents drawn by numpy, as plain tables, as cells of a statement, as records."""

from __future__ import annotations

from typing import Any

import numpy as np
import ours
import pyarrow as pa
import rules
from attrs import frozen

from policy_dsl.columnar import Layout, Staged, Statement, compiled
from policy_dsl.columnar.cells import PEOPLE, Cell
from policy_dsl.decide import Question
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.values import INF, SCALE

INCIDENTS = "事件"
NUMBERS = ("appraisal", "prev_appraisal", "satisfaction", "kpi", "years_in_post", "discipline_level")
# What of the laid out cells is held to those made of records.
LOOKED_AT = 400


@frozen
class Drawn:
    """Cadres, each a row of *facts*; what a fact leaves *missing*; and incidents, each of one cadre, in their order."""

    facts: dict[str, Any]
    missing: dict[str, Any]
    incidents: dict[str, Any]

    @property
    def size(self) -> int:
        return len(self.facts["id"])

    def some(self, first: int, beyond: int) -> Drawn:
        """Those from one place to another, numbered anew."""
        facts = {name: x[first:beyond] for name, x in self.facts.items()}
        rows = slice(*np.searchsorted(self.incidents["cid"], (first, beyond)))
        incidents = {name: x[rows] for name, x in self.incidents.items()}
        return Drawn(
            facts | {"id": np.arange(len(facts["id"]), dtype=np.int64)},
            {name: x[first:beyond] for name, x in self.missing.items()},
            incidents | {"cid": incidents["cid"] - first},
        )


def drawn(n: int, seed: int) -> Drawn:
    """As `rules.records` draws them, by another generator."""
    r = np.random.default_rng(seed)
    facts: dict[str, Any] = {
        "id": np.arange(n, dtype=np.int64),
        "appraisal": r.choice(np.array([1, 2, 3, 4], np.int8), n, p=[0.03, 0.12, 0.65, 0.2]),
        "prev_appraisal": r.choice(np.array([1, 2, 3, 4], np.int8), n, p=[0.03, 0.15, 0.62, 0.2]),
        "satisfaction": np.round(r.normal(78, 11, n).clip(0, 100), 1),
        "kpi": np.round(r.normal(0.92, 0.14, n).clip(0, 1.5), 3),
        "years_in_post": np.round(r.gamma(2, 2, n), 1),
        "discipline_level": r.choice(np.array([0, 1, 2, 3], np.int8), n, p=[0.86, 0.08, 0.04, 0.02]),
        **{flag: r.random(n) < often for flag, often in rules.FLAGS.items()},
    }
    missing = {"prev_appraisal": r.random(n) < 0.04, "satisfaction": r.random(n) < 0.05}
    many = r.binomial(100, 0.04, n)
    m = int(many.sum())
    first = np.cumsum(many) - many
    incidents = {
        "cid": np.repeat(facts["id"], many),
        "row": (np.arange(m) - np.repeat(first, many)).astype(np.int32),
        "kind": r.choice(np.arange(6, dtype=np.int8), m, p=[0.34, 0.16, 0.14, 0.08, 0.1, 0.18]),
        "day": (rules.DECIDED - r.integers(0, 1100, m)).astype(np.int32),
        "severity": r.choice(np.array([1, 2, 3, 4, 5], np.int8), m, p=[0.45, 0.3, 0.17, 0.06, 0.02]),
        "loss": np.round(r.lognormal(11, 2, m)).astype(np.int64),
    }
    return Drawn(facts, missing, incidents)


def tables(d: Drawn) -> tuple[pa.Table, pa.Table]:
    """Cadres and incidents as Arrow; what is missing is NULL."""
    facts = {name: pa.array(x, mask=d.missing.get(name)) for name, x in d.facts.items()}
    return pa.table(facts), pa.table(d.incidents)


def records(d: Drawn) -> list[rules.Record]:
    """The same as `rules.records` gives them."""
    names = list(rules.KINDS)
    columns = {name: x.tolist() for name, x in d.facts.items()}
    for name, gone in d.missing.items():
        columns[name] = [None if g else x for x, g in zip(columns[name], gone.tolist(), strict=True)]
    found: list[rules.Record] = [
        dict(zip(columns, row, strict=True)) | {"incidents": []} for row in zip(*columns.values(), strict=True)
    ]
    told = (d.incidents[x].tolist() for x in ("cid", "kind", "day", "severity", "loss"))
    for cid, kind, day, severity, loss in zip(*told, strict=True):
        found[cid]["incidents"].append({"kind": names[kind], "day": day, "severity": severity, "loss": loss})
    return found


def statement(with_atoms: bool, plain: bool) -> Statement:
    """Ours; *plain*: for cells of which each is one value or nothing, else for any that could be."""
    question = Question(rules.DECIDED, rules.DECIDED, {}, frozenset(DEFAULT_LAYERS))
    layout = None
    if plain:
        cells = compiled(ours.policy(), question, each_reading=False).cells
        layout = staged(drawn(LOOKED_AT, 0)).layout(cells)
    return compiled(ours.policy(), question, layout, with_atoms, each_reading=False, printed_atoms=with_atoms)


def staged(d: Drawn) -> Staged:
    question = Question(rules.DECIDED, rules.DECIDED, {}, frozenset(DEFAULT_LAYERS))
    return Staged.of(ours.policy(), question, ours.read([ours.written(r) for r in records(d)]))


def lay_out(connection: Any, d: Drawn, made: Statement) -> None:
    """The cells that a statement reads, by SQL over the plain tables."""
    cadres, incidents = tables(d)
    for name, given, heads in (
        (PEOPLE, cadres, ["id AS n", "CAST(id AS VARCHAR) AS 编号"]),
        (INCIDENTS, incidents, ["cid AS n", "row", "CAST(row AS VARCHAR) AS 编号", "true AS 确定"]),
    ):
        connection.register("given", given)
        told = [part for c in made.cells if c.table == name for part in _told(c, made.layout)]
        connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT {", ".join([*heads, *told])} FROM given')
        connection.unregister("given")


def _told(c: Cell, layout: Layout) -> list[str]:
    english = {z: e for e, z in ours.policy().lexicon.chinese.items()}
    source = {"事件类": "kind", "损失额": "loss", "程度": "severity", "发生日": "day"}.get(c.name) or english[c.name]
    plain = (c.table, c.stem) in layout.plain
    if c.type.finite:
        texts = [source if c.sql_types(plain) == ("BOOLEAN",) else f"1 << {source}"]
    else:
        x = source if c.type.kind == "day" else f"round({source} * {SCALE[c.type.unit]})"
        low = c.type.top[0] if not isinstance(c.type.top, int) else None
        floored = x if plain or low == -INF else f"coalesce({x}, {low})"
        texts = [x] if plain else [floored, x]
    pairs = zip(texts, c.columns(plain), c.sql_types(plain), strict=True)
    return [f'CAST({text} AS {kind}) AS "{name}"' for text, name, kind in pairs]


def hold(connection: Any, made: Statement) -> None:
    """Fails unless cells laid out so are those that the package itself makes of the same records."""
    d = drawn(LOOKED_AT, 0)
    lay_out(connection, d, made)
    ours_ = {
        name: connection.sql(f'SELECT * FROM "{name}" ORDER BY n, 编号').fetchall() for name in (PEOPLE, INCIDENTS)
    }
    heads = {name: connection.sql(f'FROM "{name}"').columns for name in ours_}
    with connection.cursor() as other:
        staged(d).put(other, made.cells, made.layout)
        for name, rows in ours_.items():
            chosen = ", ".join(f'"{c}"' for c in heads[name])
            assert other.sql(f'SELECT {chosen} FROM temp."{name}" ORDER BY n, 编号').fetchall() == rows, name
