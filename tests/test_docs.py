"""The pages show what the commands print: every console block is run in order, on the files the page itself gives.

GOLDEN=write puts in what is printed; it never changes a command.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from policy_dsl.check import check
from policy_dsl.cli import COMMANDS, main
from policy_dsl.diagnostics import Diagnostic, width
from policy_dsl.model import Policy
from policy_dsl.pack import load
from policy_dsl.record import Reader, Record

ROOT = Path(__file__).parent.parent
WRITE = os.environ.get("GOLDEN") == "write"
# A block that is run, or one that says which file it is.
BLOCK = re.compile(r"^```(console|\w+ file=(\S+))\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Where each page begins: in a copy of the policies, or in an empty folder.
PAGES = {"drafting": True, "commands": True, "populations": True, "schemas": True, "first-regime": False}


def printed(line: str, lang: str) -> str:
    """What a command line prints: `policy`, perhaps told something by `printf`, perhaps through `grep` and `head`; or
    `sed`, which prints nothing."""
    first, *filters = [shlex.split(part) for part in line.split(" | ")]
    typed = None
    if first[0] == "printf":
        typed, first = first[1].replace("\\n", "\n"), filters.pop(0)
    if first[0] == "sed":
        subprocess.run(first, check=True, timeout=20)
        return ""
    assert first[0] == "policy"
    result = CliRunner().invoke(main, first[1:], input=typed, prog_name="policy", env={"LC_ALL": {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang], "POLICY_TRACEBACK": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    lines = result.output.rstrip("\n").splitlines()
    for name, *args in filters:
        lines = [x for x in lines if args[0] in x] if name == "grep" else lines[: int(args[0][1:])]
    return "".join(f"{x}\n" for x in lines)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_the_page_shows_what_is_printed(name: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ROOT / "docs" / f"{name}.{lang}.md"
    if PAGES[name]:
        shutil.copytree(ROOT / "policies", tmp_path / "policies", ignore=shutil.ignore_patterns("*.xlsx", "*.parquet", "*.csv", "*.jsonl"))
    monkeypatch.chdir(tmp_path)

    def run(block: re.Match[str]) -> str:
        if block[2]:
            Path(block[2]).write_text(block[3], "utf-8")
            return block[0]
        lines = [x for x in block[3].splitlines() if x.startswith("$ ")]
        assert lines
        return "```console\n" + "".join(f"{x}\n{printed(x[2:], lang)}" for x in lines) + "```"

    text = page.read_text("utf-8")
    real = BLOCK.sub(run, text)
    if WRITE:
        page.write_text(real, "utf-8")
    assert real == text or WRITE


def both(name: str) -> dict[str, str]:
    return {lang: (ROOT / "docs" / f"{name}.{lang}.md").read_text("utf-8") for lang in ("zh", "en")}


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_show_the_same(name: str) -> None:
    pages = both(name)
    asked = {lang: [line.split()[1:3] for block in CONSOLE.findall(t) for line in block.splitlines() if line.startswith("$ ")] for lang, t in pages.items()}
    assert asked["zh"] and [a for a, _ in asked["zh"]] == [a for a, _ in asked["en"]]
    for heading in ("## ", "### ", "```"):
        assert len({len(re.findall(f"(?m)^{heading}", t)) for t in pages.values()}) == 1, heading


def test_the_page_of_drafting_names_every_drafting_command() -> None:
    others = {"ask", "compare", "decide", "draw", "explain", "sql", "flip", "run", "test", "template"}
    for t in both("drafting").values():
        assert not [c.name for c in COMMANDS if c.name not in others and f"policy {c.name}" not in t]


# The page of schemas.

RECORD = re.compile(r"^```json file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PART = re.compile(r"^```json from=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def faults(schema: str, data: object) -> list[str]:
    form = json.loads((ROOT / "policy_dsl" / schema).read_text("utf-8"))
    return [e.message for e in Draft202012Validator(form).iter_errors(data)]


@cache
def vocabulary() -> Policy:
    policy = check(load(str(ROOT / "policies" / "fenggang"))).policy
    assert policy is not None
    return policy


def read(text: str) -> tuple[list[Record], list[Diagnostic]]:
    """A page's records, read by a vocabulary, with what it refuses."""
    policy = vocabulary()
    reader = Reader(policy.shape, policy.lexicon)
    data = json.loads(text)
    found = [reader.record(x, "") for x in data.get("记录", data.get("records", [data]))]
    return [r for r in found if r is not None], list(reader.problems)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_records_on_the_page_keep_to_the_schema_and_are_read(lang: str) -> None:
    for name, text in RECORD.findall(both("schemas")[lang]):
        assert not faults("record.schema.json", json.loads(text)), name
        records, problems = read(text)
        assert bool(problems) == (name == "wrong.json") and (problems or records), name


def test_records_in_both_languages_are_the_same() -> None:
    zh, en = (dict(RECORD.findall(t)) for t in both("schemas").values())
    assert zh.keys() == en.keys()
    # What is free text stays in the language it was written in.
    for name in ("facts.json", "history.json", "lists.json", "roster.json"):
        (a, _), (b, _) = read(zh[name]), read(en[name])
        assert str([evolve(r, digest="") for r in a]) == str([evolve(r, digest="") for r in b]), name


def laid_out(data: Any, indent: str = "") -> str:
    """JSON with whatever fits on one line on one line."""
    whole = json.dumps(data, ensure_ascii=False)
    if width(indent + whole) <= 110 or not isinstance(data, dict | list):
        return whole
    deeper = indent + "  "
    parts = [f"{json.dumps(k)}: {laid_out(v, deeper)}" for k, v in data.items()] if isinstance(data, dict) else [laid_out(v, deeper) for v in data]
    opening, closing = "{}" if isinstance(data, dict) else "[]"
    return opening + "".join(f"\n{deeper}{part}," for part in parts)[:-1] + f"\n{indent}{closing}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_decision_on_the_page_is_one(lang: str) -> None:
    """Its parts are parts of what is said of the first person of a roster who is undetermined."""
    roster = ROOT / "policies" / "daye" / "rosters" / "cadres.json"
    result = CliRunner().invoke(main, ["decide", str(ROOT / "policies" / "daye"), str(roster), "--as-of", "2018-07-10", "--format", "jsonl"])
    decision = next(x for x in map(json.loads, result.stdout.splitlines()) if x["status"] == "undetermined")
    assert not faults("report/decision.schema.json", decision)
    page = ROOT / "docs" / f"schemas.{lang}.md"

    def part(block: re.Match[str]) -> str:
        at = decision
        for key in block[1].strip("/").split("/"):
            at = at[int(key)] if key.isdigit() else at[key]
        return f"```json from={block[1]}\n{laid_out(at)}\n```"

    text = page.read_text("utf-8")
    real = PART.sub(part, text)
    if WRITE:
        page.write_text(real, "utf-8")
    assert PART.search(text) and (real == text or WRITE)
    top = set(json.loads((ROOT / "policy_dsl/report/decision.schema.json").read_text("utf-8"))["properties"])
    told = {name for row in re.findall(r"(?m)^\| (`[a-z_` ]+`) \|", text) for name in re.findall(r"`(\w+)`", row)}
    assert told == top == set(decision)
