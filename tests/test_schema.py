"""Every decision keeps to the published schema, and equal inputs give equal bytes.

The schema's own tables are held to the code's, so that neither grows without the other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from test_rosters import COUNTIES, ROOT, ROWS, decision, folder, records, told

from policy_dsl import model as m
from policy_dsl.explanation import Member
from policy_dsl.language.keywords import LAYERS
from policy_dsl.report.json import SCHEMA, dumps, plain
from policy_dsl.report.words import GAPS

PACKAGE = ROOT / "policy_dsl"
DECISION = PACKAGE / "report" / "decision.schema.json"
ROSTER = PACKAGE / "record.schema.json"


@cache
def schema(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


@cache
def validator(path: Path) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema(path))
    return Draft202012Validator(schema(path))


def faults(path: Path, data: Any) -> list[str]:
    return [f"{e.json_path}: {e.message[:300]}" for e in validator(path).iter_errors(data)]


@pytest.mark.parametrize("county", COUNTIES)
def test_every_decision_keeps_to_the_schema(county: str) -> None:
    asked = [(p, o) for p in records(county) for o in ("", f"--layers +{COUNTIES[county][1]}")]
    asked += [(row[0], row[1]) for c, row in ROWS if c == county]
    for person, options in dict.fromkeys(asked):
        assert not faults(DECISION, json.loads(dumps(told(county, person, options)))), (person, options)


@pytest.mark.parametrize("county", COUNTIES)
def test_so_does_a_decision_that_says_why_not(county: str) -> None:
    for person in list(records(county))[:10]:
        assert not faults(DECISION, json.loads(dumps(plain(decision(county, person), why_not=True)))), person


def objects(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [x for part in node for x in objects(part)]
    if not isinstance(node, dict):
        return []
    here = [node] if node.get("type") == "object" else []
    return here + [x for part in node.values() for x in objects(part)]


def test_the_schema_is_strict_and_versioned() -> None:
    top = schema(DECISION)
    assert top["$schema"].endswith("2020-12/schema") and top["properties"]["schema"]["const"] == SCHEMA == top["title"]
    assert all("additionalProperties" in o or "if" in o for o in objects(top))
    assert all(o.get("additionalProperties") is False or "properties" not in o for o in objects(top))


def test_its_tables_are_the_code_s() -> None:
    defs = schema(DECISION)["$defs"]
    assert tuple(defs["status"]["enum"]) == m.STATUSES
    assert tuple(defs["layer"]["enum"]) == LAYERS
    assert set(defs["gap_kind"]["enum"]) == GAPS.keys()
    nodes = {c.__name__.lower() for c in subclasses(m.Expr)} | {Member.__name__.lower()}
    assert set(defs["step"]["else"]["properties"]["kind"]["enum"]) == nodes


def subclasses(c: type) -> set[type]:
    # attrs makes each class twice: the one it replaces lives on until it is collected.
    found = {x for x in c.__subclasses__() if getattr(m, x.__name__, None) is x}
    return found | {y for x in found for y in subclasses(x)}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"extra": 1}, "extra"),
        ({"status": "perhaps"}, "perhaps"),
        ({"as_of": "2018年5月"}, "2018年5月"),
        ({"policy_digest": "abc"}, "abc"),
        ({"schema": "policy-decision/2"}, "policy-decision/1"),
        ({"effects": [{}]}, "required"),
    ],
)
def test_the_schema_refuses_what_is_not_a_decision(change: dict[str, Any], says: str) -> None:
    found = faults(DECISION, told("daye", "DY02") | change)
    assert any(says in f for f in found), found


# Rosters.


@pytest.mark.parametrize("county", COUNTIES)
def test_rosters_keep_to_the_general_form(county: str) -> None:
    data = json.loads((folder(county) / "cadres.json").read_text("utf-8"))
    assert not faults(ROSTER, data) and not faults(ROSTER, data["记录"]) and not faults(ROSTER, data["记录"][0])


@pytest.mark.parametrize(
    "data",
    [
        {"身份": "公务员"},
        {"记录": [], "齐备": []},
        {"编号": 1.5},
        {"编号": "甲", "行为": [{"类型": "迟到"}]},
        {"编号": "甲", "认定": [{"问题": "属实", "答复": "是"}]},
        {"编号": "甲", "身份": {"值": "公务员", "说明": "某"}},
    ],
)
def test_the_general_form_refuses(data: Any) -> None:
    assert faults(ROSTER, data)


# Equal bytes.


def decided(county: str, roster: Path, seed: str) -> bytes:
    day, layer = COUNTIES[county]
    command = [sys.executable, "-m", "policy_dsl", "decide", str(ROOT / "policies" / county), str(roster)]
    command += ["--as-of", day, "--layers", f"+{layer}", "--format", "jsonl"]
    env = os.environ | {"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, check=True, timeout=120).stdout


def turned(x: Any) -> Any:
    """The same data with the keys of every object in the opposite order."""
    if isinstance(x, dict):
        return {k: turned(v) for k, v in reversed(x.items())}
    return [turned(v) for v in x] if isinstance(x, list) else x


@pytest.mark.parametrize("county", COUNTIES)
def test_the_same_bytes_whatever_the_hash_seed_and_the_order_of_keys(county: str, tmp_path: Path) -> None:
    roster = folder(county) / "cadres.json"
    first = decided(county, roster, "0")
    assert len(first.splitlines()) == len(records(county)) and decided(county, roster, "1") == first
    other = tmp_path / "turned.json"
    other.write_text(json.dumps(turned(json.loads(roster.read_text("utf-8"))), ensure_ascii=False), "utf-8")
    assert decided(county, other, "2") == first


@pytest.mark.parametrize("county", COUNTIES)
def test_no_decision_depends_on_another(county: str, tmp_path: Path) -> None:
    """Each person alone, and all in the opposite order, are decided as before: no quota, no ranking."""
    data = json.loads((folder(county) / "cadres.json").read_text("utf-8"))
    other = tmp_path / "reversed.json"
    other.write_text(json.dumps(data["记录"][::-1], ensure_ascii=False), "utf-8")
    lines = decided(county, folder(county) / "cadres.json", "0").splitlines()
    assert decided(county, other, "0").splitlines() == lines[::-1]
    alone = tmp_path / "alone.json"
    alone.write_text(json.dumps(data["记录"][7], ensure_ascii=False), "utf-8")
    assert decided(county, alone, "0").splitlines() == [lines[7]]
