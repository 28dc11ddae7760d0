"""Decisions a second of this project and of other engines, on the same records, each in a process and a turn of its own.

A second is one of processor time, of all threads together: what one core does, whoever else uses the machine.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import subprocess
import sys
import time
from typing import Any

import rules

# What is measured, of which module and function; how many records a turn; what it needs; what it gives.
CONTENDERS: dict[str, tuple[str, str, int, str, str]] = {
    "this project, decisions": ("ours", "atoms", 4000, "", "six statuses, unknown facts kept open, and the truth of every condition"),
    "this project, explanations": ("ours", "trees", 4000, "", "every step of every verdict, with its provision"),
    "this project, the walker": ("ours", "walker", 500, "", "the same; the definition of meaning"),
    "this project, reading": ("ours", "reading", 1000, "", "plain data to records, each cell checked"),
    "Python, generated": ("peers", "python_generated", 8000, "", "the step of the ladder"),
    "Python, walked": ("peers", "python_walked", 4000, "", "the step"),
    "Python, walked, every step kept": ("peers", "python_walked_with_steps", 2000, "", "the step, and what each condition saw"),
    "zen-engine": ("peers", "zen", 2000, "zen", "the step"),
    "zen-engine with trace": ("peers", "zen_with_trace", 1000, "zen", "the step, and what each node put in and out"),
    "CEL in Rust": ("peers", "cel", 1000, "cel", "the step; the host adds up"),
    "clingo": ("peers", "clingo", 1000, "clingo", "the step, of all records together"),
    "Cedar (cedarpy)": ("peers", "cedar", 1000, "cedarpy", "the step; the host counts, adds up and ranks"),
    "Rego (rego-cpp)": ("peers", "rego", 300, "regopy", "the step"),
}  # fmt: skip
WARM = 300


def turn(name: str, seed: int) -> None:
    """One contender on one seed's records, in this process: prints the seconds and the answers."""
    module, function, n, _, _ = CONTENDERS[name]
    records: list[Any] = rules.records(n + WARM, seed)
    own = importlib.import_module(module)
    run = getattr(own, function)()
    if module == "ours":
        records = [own.written(r) for r in records]
        records = records if function == "reading" else own.read(records)
    run(records[:WARM])
    gc.collect()
    start = time.process_time()
    answers = run(records[WARM:])
    seconds = time.process_time() - start
    said = None if function == "reading" else [own.rung(a) for a in answers] if module == "ours" else answers
    print(json.dumps({"seconds": seconds, "answers": said}), flush=True)


def measured(rounds: int) -> dict[str, tuple[float, float]]:
    """Records a second of each, the best and the worst of the rounds. Whoever disagrees ends the run."""
    found: dict[str, list[float]] = {}
    for seed in range(1, rounds + 1):
        right: dict[int, list[int]] = {}
        for name, (_, _, n, needs, _) in CONTENDERS.items():
            if needs and importlib.util.find_spec(needs) is None:
                continue
            if n not in right:
                right[n] = [rules.walked(r)[0] for r in rules.records(n + WARM, seed)[WARM:]]
            done = subprocess.run(
                [sys.executable, __file__, "turn", name, str(seed)], capture_output=True, text=True, check=False
            )
            lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
            if not lines:
                sys.exit(f"{name}: {done.stderr[-2000:]}")
            told = json.loads(lines[-1])
            if told["answers"] is not None:
                wrong = [
                    (i, a, b)
                    for i, (a, b) in enumerate(zip(told["answers"], right[n], strict=True))
                    if a is not None and a != b
                ]
                if wrong:
                    sys.exit(f"{name}, seed {seed}: {len(wrong)} answers differ, the first {wrong[0]}")
            found.setdefault(name, []).append(n / told["seconds"])
            print(f"  {seed}/{rounds} {name}: {found[name][-1]:,.0f}", file=sys.stderr)
    return {name: (max(x), min(x)) for name, x in found.items()}


def table(found: dict[str, tuple[float, float]]) -> str:
    """Against decisions and against explanations of this project, then the numbers."""
    decisions, explanations = found["this project, decisions"][0], found["this project, explanations"][0]
    rows = [
        "| engine | to our decisions | to our explanations | a second, best | worst | what it gives |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for name, (*_, gives) in CONTENDERS.items():
        if name not in found:
            rows.append(f"| {name} | | | not installed | | |")
            continue
        best, worst = found[name]
        rows.append(
            f"| {name} | {best / decisions:.3g} | {best / explanations:.3g} | {best:,.0f} | {worst:,.0f} | {gives} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["turn"]:
        turn(sys.argv[2], int(sys.argv[3]))
    else:
        print(table(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 5)))
