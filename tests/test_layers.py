"""Imports go down the layers, never up and never in a circle; outside libraries stay where the table puts them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "policy_dsl"

# From the bottom up. A module may import what stands in a row above its own, and its neighbours in the row as long as
# that makes no circle. A package's name stands for everything in it that has no row of its own.
LAYERS = (
    ("words, values and wording", "language.keywords language.numerals language.source language.syntax language.wording catalogue catalogue_of_analysis calendar_days values working_days periods"),
    ("what is wrong, said once", "diagnostics pages"),
    ("the language read and written", "language highlight"),
    ("what the sources say, registered", "toml_text register passages calendars"),
    ("a policy as checked, and where its texts come from", "shapes model pack"),
    ("from text to policy", "check fixes"),
    ("what is known of one person", "plain_data record knowledge rosters"),
    ("what a policy says of a record", "explanation statuses folds evaluate emit compiled tracing turning"),
    ("decisions", "decide"),
    ("decisions beside what was done", "acts stages drawing entering above leaves details"),
    ("what decisions turn on", "whatif"),
    ("decisions as set operations", "columnar"),
    ("everybody's cells laid out at once", "staging"),
    ("worked examples", "cases beginning"),
    ("worked examples tried", "trials"),
    ("every record at once", "symbolic"),
    ("two policies beside each other", "comparison"),
    ("decisions told", "report"),
    ("everybody decided", "population"),
    ("the commands", "commands"),
    ("the command", "cli __main__"),
)  # fmt: skip

# Outside libraries, each with the only modules or packages that may import it; attrs is everywhere.
OUTSIDE = {
    "lark": {"language.build", "language.lexer", "language.parse"},
    "openpyxl": {"rosters", "report.annotate", "population"},
    "pyarrow": {"rosters", "staging", "population"},
    "duckdb": {"rosters.database", "staging", "population"},
    "pygments": {"highlight"},
    "sqlglot": {"columnar"},
    "pyspark": {"columnar.spark"},
    "watchfiles": {"commands.watching"},
    "z3": {"symbolic", "comparison.encoding", "comparison.proof"},
    "click": {"cli", "commands"},
}


def module(path: Path) -> str:
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    return name.removesuffix(".__init__") if name != "__init__" else ""


FILES = {module(p): p for p in sorted(PACKAGE.rglob("*.py"))}


@cache
def imports(name: str) -> tuple[set[str], set[str]]:
    """The package's modules a module imports, at its top or inside a function, and the outside libraries."""
    path = FILES[name]
    package = ["policy_dsl", *path.relative_to(PACKAGE).parts[:-1]]
    inside: set[str] = set()
    outside: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            whole = ".".join([*base, *([node.module] if node.module else [])])
            # What is imported may be a module or something in one.
            names = [f"{whole}.{a.name}" if f"{whole}.{a.name}".removeprefix("policy_dsl.") in FILES else whole for a in node.names]  # fmt: skip
        else:
            continue
        for n in names:
            if n.split(".")[0] == "policy_dsl":
                inside.add(n.removeprefix("policy_dsl").removeprefix("."))
            else:
                outside.add(n.split(".")[0])
    return inside - {"", name}, outside


def layer(name: str) -> int:
    """The row a module stands in: its own, else its package's."""
    for wanted in (name, name.rpartition(".")[0]):
        for i, (_, modules) in enumerate(LAYERS):
            if wanted and wanted in modules.split():
                return i
    raise AssertionError(f"{name} stands in no layer: give it a row")


MODULES = [name for name in FILES if name]


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_down(name: str) -> None:
    up = {other for other in imports(name)[0] if layer(other) > layer(name)}
    assert not up, f"{name} imports upwards: {sorted(up)}"


def test_no_circle() -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join((*path, name))
        if name not in done:
            for other in sorted(imports(name)[0]):
                visit(other, (*path, name))
            done.add(name)

    for name in MODULES:
        visit(name, ())


def test_every_row_is_of_a_module() -> None:
    named = {n for _, modules in LAYERS for n in modules.split()}
    assert named <= set(MODULES), named - set(MODULES)


@pytest.mark.parametrize("library", OUTSIDE)
def test_outside_libraries_stay_where_they_are(library: str) -> None:
    users = {name for name in MODULES if library in imports(name)[1]}
    places = {name if name in OUTSIDE[library] else name.rpartition(".")[0] or name for name in users}
    assert places == OUTSIDE[library]


def test_counties_are_data() -> None:
    """No Python beside the policies, and no county's name in the Python."""
    assert not list((ROOT / "policies").rglob("*.py"))
    counties = [p.name for p in (ROOT / "policies").iterdir() if p.is_dir() and p.name not in ("common", "national")]
    assert counties
    for path in FILES.values():
        text = path.read_text("utf-8").lower()
        assert not [c for c in (*counties, "凤冈", "洞头", "大冶", "吴中") if c in text], path.name
