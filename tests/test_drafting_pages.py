"""The pages for drafters show what the commands print: every console block is run, in order, on a copy of the policies.

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
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


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
def test_the_page_shows_what_is_printed(lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ROOT / "docs" / f"drafting.{lang}.md"
    shutil.copytree(ROOT / "policies", tmp_path / "policies", ignore=shutil.ignore_patterns("rosters"))
    monkeypatch.chdir(tmp_path)

    def run(block: re.Match[str]) -> str:
        lines = [x for x in block[1].splitlines() if x.startswith("$ ")]
        assert lines
        return "```console\n" + "".join(f"{x}\n{printed(x[2:], lang)}" for x in lines) + "```"

    text = page.read_text("utf-8")
    real = CONSOLE.sub(run, text)
    if WRITE:
        page.write_text(real, "utf-8")
    assert real == text or WRITE


def test_both_pages_show_the_same_and_name_every_drafting_command() -> None:
    pages = {lang: (ROOT / "docs" / f"drafting.{lang}.md").read_text("utf-8") for lang in ("zh", "en")}
    asked = {lang: [line.split()[1:3] for block in CONSOLE.findall(t) for line in block.splitlines() if line.startswith("$ ")] for lang, t in pages.items()}
    assert asked["zh"] and [a for a, _ in asked["zh"]] == [a for a, _ in asked["en"]]
    others = {"decide", "explain", "test", "template"}
    for t in pages.values():
        assert len(re.findall(r"(?m)^## ", t)) == len(re.findall(r"(?m)^## ", pages["zh"]))
        assert not [c.name for c in COMMANDS if c.name not in others and f"policy {c.name}" not in t]
