"""Writes a roster of as many invented cadres as asked for, each a shipped one under another number.

Run as `python benchmarks/many_cadres.py REGIME 50000 OUT`; OUT ends in .jsonl, .json or .xlsx, or is a folder to make.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import frozen

from policy_dsl.check import check
from policy_dsl.pack import load
from policy_dsl.record import Reader
from policy_dsl.rosters.write import write_roster

ROOT = Path(__file__).resolve().parent.parent


@frozen
class Many:
    """The shipped cadres over and over, never held all at once."""

    shipped: list[dict[str, Any]]
    size: int

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for i in range(self.size):
            one = self.shipped[i % len(self.shipped)]
            yield one | {"编号": f"{one['编号']}-{i:06}"}


def main(regime: str, size: str, out: str) -> None:
    roster = ROOT / "policies" / regime / "rosters" / "cadres.json"
    shipped = json.loads(roster.read_text("utf-8"), parse_float=Decimal)["记录"]
    policy = check(load(ROOT / "policies" / regime)).policy
    assert policy is not None
    write_roster(Path(out), Many(shipped, int(size)), Reader(policy.shape, policy.lexicon))


if __name__ == "__main__":
    main(*sys.argv[1:])
