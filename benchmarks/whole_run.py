"""`policy run` as a whole on the workload: from a roster in Parquet to tables of results in Parquet, atoms and all."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import Any

import columns
import numpy as np
from columns import INCIDENTS, Drawn
from ours import MUST, SILENT, policy
from rules import DECIDED, KINDS, MEASURES
from sets import OPEN, Ready, settled

# The outcomes that a measure of the workload may have, in the words of a result.
OUTCOMES = {"does not arise": SILENT, "must": MUST, "undetermined (does not arise or must)": OPEN}


def roster(d: Drawn, path: Path) -> None:
    """The cadres as a clerk's file has them, their incidents as a nested column."""
    import duckdb

    names = policy().lexicon.chinese
    facts = ", ".join(f'{x} AS "{names[x]}"' for x in d.facts if x != "id")
    kinds = ", ".join(f"'{x}'" for x in KINDS.values())
    row = f"编号: row::VARCHAR, 发生日: DATE '0001-01-01' + (day - 1), 事件类: [{kinds}][kind + 1], 程度: severity, 损失额: loss"
    with duckdb.connect() as base:
        for name, given in zip(("cadre", "incident"), columns.tables(d), strict=True):
            base.register(name, given)
        base.execute(
            f"""COPY (
                WITH listed AS (SELECT cid, list({{{row}}} ORDER BY row) AS 行 FROM incident GROUP BY cid)
                SELECT c.id::VARCHAR AS 编号, {facts}, {{齐备: true, 行: coalesce(i.行, [])}} AS "{INCIDENTS}"
                FROM cadre c LEFT JOIN listed i ON i.cid = c.id ORDER BY c.id
            ) TO '{path}' (FORMAT parquet)"""
        )


def whole(d: Drawn) -> Ready:
    from policy_dsl.cli import main

    folder = Path(tempfile.mkdtemp(prefix="population"))
    given, made = folder / "cadres.parquet", folder / "result.parquet"
    roster(d, given)
    regime = str(Path(__file__).parent / "workload")
    asked = ["--as-of", datetime.date.fromordinal(DECIDED).isoformat(), "--engine", "duckdb"]
    arguments = ["run", regime, str(given), *asked, "-o", str(made), "--force", "-q", "--lang", "en"]

    def run() -> Path:
        main(arguments, standalone_mode=False)
        return made

    def read(made: Path) -> Any:
        import duckdb

        found = duckdb.sql(f"FROM '{made}/persons.parquet' ORDER BY id::BIGINT").fetchnumpy()
        english = {zh: en for en, zh in policy().lexicon.chinese.items()}
        told = [found[f"{english[x]}_printed"] for x in MEASURES]
        return settled([np.array([OUTCOMES[x] for x in outcomes]) for outcomes in told])

    return run, read
