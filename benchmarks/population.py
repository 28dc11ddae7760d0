"""A whole population decided, by this project's statement and by others: ratios, memory, and the same answers of all.

Run as `python benchmarks/population.py ROUNDS [LARGEST]`: 3 rounds up to 1,000,000 cadres unless said otherwise.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import columns
import numpy as np
import rules

# Of what module and function; the most cadres it is given; what it needs; what it gives.
Row = tuple[str, str, int, str, str]
EVER = 10**9
THREE, TWO = "six statuses, what is missing kept open", "the rung; what is missing counts as no"
CONTENDERS: dict[str, Row] = {
    "this project": ("sets", "ours", EVER, "duckdb", THREE + ", on both lines"),
    "this project, with conditions": ("sets", "ours_with_atoms", EVER, "duckdb", "the same, and the truth of every condition"),
    "this project, any cells": ("sets", "ours_for_any_cells", EVER, "duckdb", "the first, where any cell may be a range"),
    "this project, any cells, with conditions": ("sets", "ours_for_any_cells_with_atoms", EVER, "duckdb", "the second, likewise"),
    "this project, `policy run`": ("whole_run", "whole", 10**6, "duckdb", "from a roster in Parquet to a result in Parquet, with conditions and who could supply what is missing"),
    "DuckDB, SQL by hand": ("sets", "duckdb_by_hand", EVER, "duckdb", THREE),
    "Polars, by hand": ("sets", "polars", EVER, "polars", THREE),
    "numpy, by hand": ("sets", "numpy", EVER, "", TWO),
    "OpenFisca-Core, told and calculated": ("sets", "openfisca", 10**6, "openfisca_core", TWO),
    "Python, generated": ("peers", "python_generated", 10**6, "", TWO),
    "zen-engine": ("peers", "zen", 10**6, "zen", TWO),
    "CEL in Rust": ("peers", "cel", 10**5, "cel", TWO),
    "clingo": ("peers", "clingo", 10**5, "clingo", TWO),
    "Cedar (cedarpy)": ("peers", "cedar", 10**5, "cedarpy", TWO),
    "Rego (rego-cpp)": ("peers", "rego", 10_000, "regopy", TWO),
}  # fmt: skip
SIZES = (10**5, 10**6, 10**7)
WARM = 200
# So many records at a time for an engine of rows.
PORTION = 1000
WALKED = 10**5


def turn(name: str, n: int, seed: int, out: str) -> None:
    """One contender on one population, in this process: its answers into a file, its cost printed."""
    module, function, _, _, _ = CONTENDERS[name]
    of = getattr(importlib.import_module(module), function)
    if module != "peers":
        # Whatever is made ready only once, of a library or a plan, is so before the clock runs.
        run, read = of(columns.drawn(WARM, seed))
        read(run())
        run, read = of(columns.drawn(n, seed))
        gc.collect()
        start = time.process_time()
        made = run()
        spent, peak = time.process_time() - start, gigabytes()
        answers = read(made)
    else:
        one = of()
        by_portions(one, columns.drawn(WARM, seed))
        answers, spent = by_portions(one, columns.drawn(n, seed))
        peak = gigabytes()
    np.save(out, answers.astype(np.int8))
    print(json.dumps({"seconds": spent, "gigabytes": peak}))


def by_portions(one: Callable[[list[rules.Record]], list[Any]], d: columns.Drawn) -> tuple[Any, float]:
    """The answers of an engine of rows and its seconds: it is handed some at a time, made ready while no clock runs."""
    made: list[Any] = []
    spent = 0.0
    for first in range(0, d.size, PORTION):
        rows = columns.records(d.some(first, first + PORTION))
        start = time.process_time()
        made += one(rows)
        spent += time.process_time() - start
    return np.array(made), spent


def gigabytes() -> float:
    """The most memory this process has held, as Linux counts it: not what the one that started it held."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 2**20


def right(n: int, seed: int) -> Any:
    """What every answer is held to: Python's, walked; beyond what that bears, numpy's, whose own first are held to it."""
    import sets

    d = columns.drawn(n, seed)
    run, read = sets.numpy(d)
    found = read(run()).astype(np.int8)
    few = d if n <= WALKED else columns.drawn(WALKED, seed)
    if few is not d:
        run, read = sets.numpy(few)
    walked = [rules.walked(r)[0] for r in columns.records(few)]
    assert (read(run()) == walked).all()
    return found


def measured(rounds: int, largest: int) -> dict[tuple[str, int], list[dict[str, float]]]:
    """Every contender on every size it bears, in turns. Whoever disagrees ends the run."""
    found: dict[tuple[str, int], list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        out, kept = str(Path(folder) / "answers.npy"), Path(folder) / "kept"
        for seed in range(1, rounds + 1):
            for n in (n for n in SIZES if n <= largest):
                known, opened = {}, {}
                for name, (_, _, most, needs, _) in CONTENDERS.items():
                    size = min(n, most)
                    if (needs and importlib.util.find_spec(needs) is None) or (size < n and n != SIZES[0]):
                        continue
                    # Ten million are for ours, to see what a person costs then; numpy's answers are what they are held to.
                    if n > 10**6 and not name.startswith("this project"):
                        continue
                    # What a turn keeps on disk goes with it.
                    kept.mkdir()
                    done = subprocess.run(
                        [sys.executable, __file__, "turn", name, str(size), str(seed), out],
                        capture_output=True,
                        text=True,
                        check=False,
                        env={**os.environ, "TMPDIR": str(kept)},
                    )
                    shutil.rmtree(kept)
                    if done.returncode:
                        sys.exit(f"{name}, {n:,}: {done.stderr[-2000:]}")
                    told = json.loads(done.stdout.splitlines()[-1])
                    answers = np.load(out)
                    if size not in known:
                        known[size] = right(size, seed)
                    settled = answers >= 0
                    if wrong := int((answers != known[size])[settled].sum()):
                        sys.exit(f"{name}, {n:,}, seed {seed}: {wrong} answers differ")
                    if not settled.all() and (answers < 0).tolist() != opened.setdefault(size, (answers < 0).tolist()):
                        sys.exit(f"{name}, {n:,}, seed {seed}: other answers are open")
                    found.setdefault((name, size), []).append(told | {"open": float((~settled).sum())})
                    print(f"  {seed}/{rounds} {name}, {size:,}: {told}", file=sys.stderr, flush=True)
    return found


def table(found: dict[tuple[str, int], list[dict[str, float]]]) -> str:
    """Against this project at the same size, or at the smallest for an engine that bears no more."""
    cost = {key: min(x["seconds"] for x in all_) / key[1] for key, all_ in found.items()}
    rows = [
        "| engine | cadres | times ours | a second, best | median | open | peak GB | what it gives |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for (name, n), runs in sorted(found.items(), key=lambda x: (list(CONTENDERS).index(x[0][0]), x[0][1])):
        own = cost["this project", n if ("this project", n) in cost else SIZES[0]]
        median = n / statistics.median(x["seconds"] for x in runs)
        peak, open_ = max(x["gigabytes"] for x in runs), runs[0]["open"] / n
        rows.append(
            f"| {name} | {n:,} | {cost[name, n] / own:.3g} | {1 / cost[name, n]:,.0f} | {median:,.0f} | {open_:.1%} | {peak:.1f} | {CONTENDERS[name][4]} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["turn"]:
        turn(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
    else:
        asked = [int(x.replace("_", "").replace(",", "")) for x in sys.argv[1:]]
        print(table(measured(*(asked + [3, 10**6][len(asked) :]))))
