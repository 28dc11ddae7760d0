"""How long the command takes: checking some thousand lines, deciding a roster, running cases, and answering at all."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
COUNTY, DAY = "dongtou", "2019-12-31"
ROSTER = ROOT / "policies" / COUNTY / "rosters" / "cadres.json"


def spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds(*command: str) -> float:
    """Of processor time, so that whoever else uses the machine counts little."""
    before = spent()
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    # 1: the command did its work and found something to say.
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return spent() - before


def inside(code: str) -> float:
    """The seconds that a piece of code itself reports, in a fresh process."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


CHECK = f"""
import time
from policy_dsl.check import check
from policy_dsl.pack import load
start = time.process_time()
assert check(load({COUNTY!r})).ok
print(time.process_time() - start)
"""


def main(rounds: int) -> None:
    policy = ("-m", "policy_dsl")
    asked = {
        f"`check({COUNTY})`, imports apart": lambda: inside(CHECK),
        "`python -c pass`": lambda: seconds("-c", "pass"),
        "`policy --help`": lambda: seconds(*policy, "--help"),
        f"`policy check {COUNTY}`": lambda: seconds(*policy, "check", COUNTY),
        f"`policy decide {COUNTY}`, the roster": lambda: seconds(
            *policy, "decide", COUNTY, str(ROSTER), "--as-of", DAY
        ),
        f"`policy test {COUNTY}`": lambda: seconds(*policy, "test", COUNTY),
        f"`policy test {COUNTY} --mutate`": lambda: seconds(*policy, "test", COUNTY, "--mutate", "--seconds", "0"),
        f"`policy flip {COUNTY}`, one person": lambda: seconds(
            *policy, "flip", COUNTY, str(ROSTER), "--as-of", DAY, "--id", "DT15"
        ),
        f"`policy analyze {COUNTY}`": lambda: seconds(*policy, "analyze", COUNTY),
        "`policy analyze fenggang`": lambda: seconds(*policy, "analyze", "fenggang"),
        f"`policy compare fenggang {COUNTY}`": lambda: seconds(*policy, "compare", "fenggang", COUNTY, "--as-of", DAY),
    }
    found: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, ask in asked.items():
            found[name].append(ask())
    lines = sum(
        len(p.read_text("utf-8").splitlines())
        for of in (COUNTY, "common")
        for p in (ROOT / "policies" / of).glob("*.policy")
    )
    print(f"{COUNTY} with the common vocabulary: {lines} lines.\n")
    print("| what | seconds of one core, best | worst |\n| --- | ---: | ---: |")
    for name, x in found.items():
        print(f"| {name} | {min(x):.2f} | {max(x):.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
