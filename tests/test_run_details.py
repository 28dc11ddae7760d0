"""What rules tell besides outcomes is written into a result: the same from either engine, and what a decision says."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from test_run import DAYS, ROOT, checked_once, policy, population, roster

from policy_dsl.decide import decide
from policy_dsl.details import PARTS, details
from policy_dsl.record import Record
from policy_dsl.stages import stages
from policy_dsl.values import NO

__all__ = ["checked_once"]
COUNTY = "dongtou"


def told(tmp_path: Path, engine: str, lang: str = "en") -> tuple[bytes, list[dict[str, Any]]]:
    out = tmp_path / f"{engine}.{lang}.csv"
    table = str(roster(COUNTY))
    county = str(ROOT / "policies" / COUNTY)
    policy("run", county, table, "--as-of", DAYS[COUNTY], "--engine", engine, "--details", "-o", str(out), lang=lang)
    text = (out / "details.csv").read_bytes()
    return text, list(csv.DictReader(text.decode("utf-8-sig").splitlines()))


def test_both_engines_tell_the_same_and_what_a_decision_says(tmp_path: Path) -> None:
    text, rows = told(tmp_path, "duckdb")
    assert text == told(tmp_path, "interpreter")[0]
    of = population(COUNTY)
    records = [x for x in of.table if isinstance(x, Record)]
    lexicon = of.regime.lexicon
    # Where a stage stands is said by its decision in the same days and words.
    places = {(r["id"], r["row"], r["rule"], r["part"]): r["value"] for r in rows}
    stood = 0
    for record in records:
        for stage in stages(decide(of.policy, record, of.asked, what_if=False)):
            if stage.reached.value == NO and (stage.begun is None or stage.begun.value == NO):
                continue
            key = record.id, stage.row.id, lexicon.written(stage.rule.name, "en")
            for part, x in (("reached", stage.reached), ("begun", stage.begun), ("late", stage.late)):
                if x is not None:
                    assert places[(*key, PARTS[part][1])] == ("", "no", "yes", "unknown")[int(x.value)]  # type: ignore[arg-type]
                    stood += 1
    assert stood > 10
    # An option is told of where it arises or may, and nowhere else.
    arising = [r for r in rows if r["part"] == "arises"]
    assert {r["value"] for r in arising} == {"yes", "unknown"} and all(r["effect"] for r in arising)
    assert {"amount", "lasts from", "last day"} <= {r["part"] for r in rows}


def test_they_are_told_in_either_tongue_and_only_into_a_result(tmp_path: Path) -> None:
    zh = told(tmp_path, "interpreter", "zh")[1]
    en = told(tmp_path, "interpreter", "en")[1]
    assert len(zh) == len(en) and {r["细目"].split()[0] for r in zh} <= {w for w, _ in PARTS.values()}
    county, table = str(ROOT / "policies" / COUNTY), str(roster(COUNTY))
    assert "-o" in policy("run", county, table, "--as-of", DAYS[COUNTY], "--details", code=2).output


@pytest.mark.parametrize("county", DAYS)
def test_everything_a_rule_may_tell_is_of_a_part_with_a_name(county: str) -> None:
    of = population(county)
    every = list(details(of.policy, of.asked.layers))
    assert {x.part for x in every} <= PARTS.keys()
    assert {x.rule.name for x in every} <= {r.name for r in of.policy.rules}
    assert not list(details(of.policy, frozenset()))
