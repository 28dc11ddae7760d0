"""Comparisons and what outcomes turn on keep to their published schemas, whose tables are the code's."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner
from test_rosters import COUNTIES, ROOT, records
from test_schema import PACKAGE, faults, objects, schema

from policy_dsl import model as m
from policy_dsl.cli import main
from policy_dsl.comparison.proof import WAYS
from policy_dsl.comparison.strictness import RELATIONS
from policy_dsl.language.keywords import LAYERS
from policy_dsl.report import comparison_json, flips_json
from policy_dsl.report.facets import FACETS, PLACES
from policy_dsl.report.words import GAPS

COMPARED, FLIPS = PACKAGE / "report" / "comparison.schema.json", PACKAGE / "report" / "flips.schema.json"
SCHEMAS = ((COMPARED, comparison_json.SCHEMA), (FLIPS, flips_json.SCHEMA))


@cache
def output(*args: str) -> str:
    result = CliRunner().invoke(main, [*args, "--format", "json"], env={"LC_ALL": "C"})
    assert result.exit_code in (0, 1), result.output
    return result.stdout


def printed(*args: str) -> Any:
    return json.loads(output(*args))


def roster(county: str) -> str:
    return str(ROOT / f"policies/{county}/rosters/cadres.json")


# Comparisons.


@pytest.mark.parametrize(
    "args",
    [
        ("fenggang", "dongtou", "--no-prove"),
        ("fenggang", "dongtou", "--no-prove", "--as-of", "2018-10-31", "--records", roster("dongtou")),
        ("daye", "wuzhong", "--prove", "--seconds", "1"),
        ("fenggang", "dongtou", "--prove", "--seconds", "1"),
    ],
)  # fmt: skip
def test_a_comparison_keeps_to_the_schema(args: tuple[str, ...]) -> None:
    data = printed("compare", *args)
    assert not faults(COMPARED, data)
    assert ("population" in data, "proof" in data) == ("--records" in args, "--prove" in args)


# What outcomes turn on.


@pytest.mark.parametrize("county", COUNTIES)
def test_what_outcomes_turn_on_keeps_to_the_schema(county: str) -> None:
    day = COUNTIES[county][0]
    person = list(records(county))[1]
    data = printed("flip", county, roster(county), "--as-of", day, "--id", person)
    assert data["subject"] == person and not faults(FLIPS, data)


# The schemas themselves.


@pytest.mark.parametrize(("path", "title"), SCHEMAS)
def test_they_are_strict_and_versioned(path: Any, title: str) -> None:
    top = schema(path)
    assert top["$schema"].endswith("2020-12/schema") and top["properties"]["schema"]["const"] == title == top["title"]
    described = [o for o in objects(top) if o.get("description") != "A record by record.schema.json."]
    assert all("additionalProperties" in o for o in described)
    assert all(o["additionalProperties"] is False and set(o["required"]) <= set(o["properties"]) for o in described if "properties" in o)
    defs = top["$defs"]
    assert tuple(defs["status"]["enum"]) == m.STATUSES and tuple(defs["layer"]["enum"]) == LAYERS


def test_their_tables_are_the_codes() -> None:
    defs = schema(COMPARED)["$defs"]
    assert tuple(defs["relation"]["enum"]) == RELATIONS
    assert set(defs["proof"]["properties"]["effects"]["items"]["properties"]["ways"]["properties"]) == set(WAYS)
    assert set(defs["provision"]["properties"]["facets"]["propertyNames"]["enum"]) == {*FACETS, *PLACES}
    beyond = schema(FLIPS)["$defs"]["open"]["properties"]["beyond"]["items"]["properties"]
    assert set(beyond["kind"]["enum"]) == GAPS.keys()


@pytest.mark.parametrize(("path", "at", "wrong"), [
    (COMPARED, ("a", "as_of"), "yesterday"), (COMPARED, ("provisions", 0, "category"), "law"),
    (COMPARED, ("a", "colour"), "red"), (FLIPS, ("outcomes", 0, "line"), "third"), (FLIPS, ("all_tried",), "yes"),
])  # fmt: skip
def test_what_is_not_so_is_no_such_thing(path: Any, at: tuple[Any, ...], wrong: str) -> None:
    if path == COMPARED:
        data = printed("compare", "fenggang", "dongtou", "--no-prove")
    else:
        data = printed("flip", "fenggang", roster("fenggang"), "--as-of", "2018-10-31", "--id", "FG28")
    assert not faults(path, data)
    place = data
    for key in at[:-1]:
        place = place[key]
    place[at[-1]] = wrong
    assert faults(path, data)
