"""The pages show what the commands print: every console block is run in order, on the files the page itself gives.

GOLDEN=write puts in what is printed; it never changes a command.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from policy_dsl.cli import COMMANDS, main

ROOT = Path(__file__).parent.parent
WRITE = os.environ.get("GOLDEN") == "write"
# A block that is run, or one that says which file it is.
BLOCK = re.compile(r"^```(console|\w+ file=(\S+))\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Where each page begins: in a copy of the policies, or in an empty folder.
PAGES = {"drafting": True, "commands": True, "schemas": True, "first-regime": False}


def printed(line: str, lang: str) -> str:
    """What a command line prints: `policy`, perhaps through `grep` and `head`; or `sed`, which prints nothing."""
    first, *filters = [shlex.split(part) for part in line.split(" | ")]
    if first[0] == "sed":
        subprocess.run(first, check=True, timeout=20)
        return ""
    assert first[0] == "policy"
    result = CliRunner().invoke(main, first[1:], prog_name="policy", env={"LC_ALL": {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang], "POLICY_TRACEBACK": None})
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
    others = {"decide", "explain", "test", "template"}
    for t in both("drafting").values():
        assert not [c.name for c in COMMANDS if c.name not in others and f"policy {c.name}" not in t]
