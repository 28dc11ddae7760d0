"""Holds the engines of `policy run` to the interpreter over many generated records: every table of the result, by the byte.

Run as `python benchmarks/agreement.py 20000 [ENGINE ...]`: so many records for each county, partly known, with intervals,
histories, incomplete lists and findings. Ends with exit code 1, naming the county and the table, where an engine differs.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from policy_dsl.check import check
from policy_dsl.model import Shape
from policy_dsl.pack import load

sys.path.append(str(Path(__file__).parent.parent / "tests"))
import generate

ROOT = Path(__file__).parent.parent
COUNTIES = ("fenggang", "dongtou", "daye", "wuzhong", "moxian")
# Long enough after the texts for most of what is generated to have happened, and within their reach.
AS_OF = generate.iso(generate.EPOCH + 2500)
TABLES = ("persons", "elements", "groups", "rates", "missing", "aside")


def records(shape: Shape, seed: str, many: int) -> Iterator[dict[str, Any]]:
    """Partly known persons, and every third with nothing left to ask."""
    rng = random.Random(seed)
    for i in range(many):
        yield generate.person(rng, shape, known=i % 3 == 0) | {"编号": f"{i + 1:08}"}


def run(county: str, roster: Path, engine: str, out: Path) -> float:
    """Seconds of the whole command."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "policy_dsl", "run", str(ROOT / "policies" / county), str(roster)]
    command += ["--as-of", AS_OF, "--engine", engine, "-o", str(out), "-q", "--lang", "en"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def differing(a: Path, b: Path) -> list[str]:
    """The tables that are not the same to the byte."""
    return [t for t in TABLES if (a / f"{t}.csv").read_bytes() != (b / f"{t}.csv").read_bytes()]


def main(many: int, engines: tuple[str, ...]) -> int:
    wrong = 0
    print("| county | records | left open |", *(f" {e} |" for e in ("interpreter", *engines)), " differing tables |")
    for county in COUNTIES:
        policy = check(load(ROOT / "policies" / county)).policy
        assert policy is not None
        with tempfile.TemporaryDirectory() as folder:
            roster, first = Path(folder, "cadres.jsonl"), Path(folder, "interpreter.csv")
            with roster.open("w", encoding="utf-8") as stream:
                for one in records(policy.shape, county, many):
                    stream.write(json.dumps(one, ensure_ascii=False, default=str) + "\n")
            seconds = [run(county, roster, "interpreter", first)]
            found: list[str] = []
            for engine in engines:
                out = Path(folder, f"{engine}.csv")
                seconds.append(run(county, roster, engine, out))
                found += (f"{engine}: {t}" for t in differing(first, out))
            about = json.loads((first / "run.json").read_text("utf-8"))
        times = " | ".join(f"{s:.1f} s" for s in seconds)
        print(f"| {county} | {many} | {about['undetermined']} | {times} | {', '.join(found) or 'none'} |", flush=True)
        wrong += bool(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), tuple(sys.argv[2:]) or ("duckdb",)))
