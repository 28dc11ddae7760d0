"""What every file of the project keeps to."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 600
BUILT = {".git", ".venv", "__pycache__", ".pytest_cache", ".hypothesis", ".mypy_cache", ".ruff_cache", "dist", "build"}
FILES = [p for p in sorted(ROOT.rglob("*")) if p.is_file() and not BUILT & set(p.relative_to(ROOT).parts)]
# The package and its tools; tests may run on.
PYTHON = [p for p in FILES if p.suffix == ".py" and "tests" not in p.relative_to(ROOT).parts]
# What is not text, and what is odd on purpose.
TEXT = [p for p in FILES if p.suffix != ".xlsx" and p.parent.name != "corpus"]
LOCKS = [p for p in FILES if p.suffix == ".lock"]

# A folder of one machine. The brackets keep the pattern from finding itself.
ABSOLUTE = re.compile(r"(?<![\w.])/(?:[h]ome|[r]oot|[w]ork|[U]sers|[t]mp|[o]pt)/\w|\b[A-Z]:\\\\?[U]sers")


def named(p: Path) -> str:
    return p.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_a_module_opens_with_one_sentence(path: Path) -> None:
    text = path.read_text("utf-8")
    first = text.partition("\n")[0]
    assert first.startswith('"""') and ast.get_docstring(ast.parse(text))
    sentence = first.strip('"')
    assert re.fullmatch(r"\S.*[.。]", sentence), first
    assert not re.search(r"[.?!] [A-Z“]", sentence), f"more than one sentence: {first}"


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_no_module_is_too_long(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


def test_texts_are_utf_8_with_plain_line_ends() -> None:
    for path in TEXT:
        raw = path.read_bytes()
        assert b"\r" not in raw and not raw.startswith(b"\xef\xbb\xbf"), named(path)
        assert not raw or raw.endswith(b"\n"), named(path)
        raw.decode("utf-8")


def test_no_path_of_one_machine() -> None:
    found = [f"{named(p)}: {m[0]}" for p in TEXT for m in ABSOLUTE.finditer(p.read_text("utf-8"))]
    assert not found


def test_lock_files_name_no_host() -> None:
    assert LOCKS
    for path in LOCKS:
        text = path.read_text("utf-8")
        assert not re.search(r"://|localhost|--(?:extra-)?index-url|--find-links|--trusted-host|@ file", text), named(
            path
        )


def test_the_lock_pins_everything_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    locked = re.search(r"(?m)^LOCKED := (.+)$", (ROOT / "Makefile").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    # Spark is too large to install for the tests that everybody runs.
    assert locked is not None and {*locked[1].split(), "spark"} == extras.keys()
    asked += [x for extra in locked[1].split() for x in extras[extra]]
    pinned = dict(re.findall(r"(?m)^([\w.-]+)==(\S+) \\$", (ROOT / "requirements.lock").read_text("utf-8")))
    for requirement in asked:
        found = re.match(r"([\w.-]+)(?:>=([\d.]+))?", requirement)
        assert found is not None
        name, least = found[1].lower().replace("_", "-"), found[2] or "0"
        assert [int(x) for x in pinned[name].split(".")] >= [int(x) for x in least.split(".")], requirement


def test_every_pinned_package_has_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    entries = re.split(r"(?m)^(?=[\w.-]+==)", text)[1:]
    assert entries and all("--hash=sha256:" in e for e in entries)
