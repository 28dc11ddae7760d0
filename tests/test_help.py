"""Help is whole in either language, and the page of commands says the same.

GOLDEN=write puts what help says into the page.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from policy_dsl.cli import COMMANDS, main
from policy_dsl.commands.helping import CHINESE, Speaking, noted, paragraphs, said, split
from policy_dsl.commands.options import DONE, FINDINGS, MISUSE, UNUSABLE
from policy_dsl.diagnostics import width

ROOT = Path(__file__).parent.parent
HAN = re.compile(r"[\u3400-\u9fff]")
# What a decorator has no part in.
CLICK = {"Options", "Commands", "Usage:", "Show this message and exit.", "Show the version and exit."}
LOCALES = {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}


def sentences(command: click.Command) -> set[str]:
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert all(o.help for o in options), command.name
    return {o.help or "" for o in options} | {p for p in paragraphs(command) if not p.startswith("\b")}


def leaves(commands: Iterable[click.Command]) -> Iterator[tuple[str, click.Command]]:
    """The commands that do something, by what is typed."""
    for command in commands:
        if isinstance(command, click.Group):
            yield from ((f"{command.name} {name}", c) for name, c in leaves(command.commands.values()))
        else:
            yield command.name or "", command


GROUPS = [main, *(c for c in COMMANDS if isinstance(c, click.Group))]
LEAVES = dict(leaves(COMMANDS))


def helped(*args: str, lang: str = "") -> str:
    result = CliRunner().invoke(main, [*args, "--help"], prog_name="policy", env={"LC_ALL": LOCALES.get(lang, "C")}, terminal_width=80)
    assert result.exit_code == 0
    return result.output


def test_every_sentence_has_its_chinese_and_no_chinese_is_left_over() -> None:
    told = set().union(CLICK, *(sentences(c) for c in (*GROUPS, *LEAVES.values())))
    assert told == CHINESE.keys()


@pytest.mark.parametrize("name", ["", *(c.name or "" for c in COMMANDS), *(n for n in LEAVES if " " in n)])
def test_help_is_in_one_language(name: str) -> None:
    zh, en = (helped(*name.split(), lang=lang) for lang in LOCALES)
    assert zh.startswith("用法：policy") and en.startswith("Usage: policy")
    # Lines of code apart, nothing in Chinese help is a sentence of English: no three words of letters in a row.
    prose = "\n".join(x for x in zh.splitlines()[1:] if ">" not in x)
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", prose), prose
    # The terms an option takes, and names, may stand in Chinese.
    assert len(HAN.findall(en)) < 15
    for line in (*zh.splitlines(), *en.splitlines()):
        assert width(line) <= 80 or ">" in line, line
        assert not line.strip().startswith(("，", "。", "；", "）", "、"))


def test_the_language_asked_for_before_help_goes_before_the_system_s() -> None:
    assert helped("decide", "--lang", "zh", lang="en") == helped("decide", lang="zh")
    assert helped("decide", "--lang", "en", lang="zh") == helped("decide", lang="en")


# The page of commands.

PART = re.compile(r"(?ms)^<!-- command ([\w ]+) -->\n(.*?)^<!-- end -->$")
WRITE = os.environ.get("GOLDEN") == "write"


def part(name: str, command: click.Command, lang: str) -> str:
    """What the page says of a command: its usage, what its help says, and a table of its options."""
    ctx = Speaking(command, info_name=f"policy {name}")
    usage = " ".join([f"policy {name}", *command.collect_usage_pieces(ctx)[1:]])
    first, *others = [said(p, lang) for p in paragraphs(command) if not p.startswith("\b")]
    rows = []
    for option in (p for p in command.params if isinstance(p, click.Option)):
        record = option.get_help_record(ctx)
        assert record is not None
        text, extra = split(record[1])
        rows.append((record[0].replace("|", r"\|"), said(text, lang) + (noted(extra) if lang == "zh" else f" {extra}" if extra else "")))
    head = ("选项", "说明") if lang == "zh" else ("option", "meaning")
    table = "".join(f"| {a} | {b} |\n" for a, b in [head, ("---", "---"), *((f"`{a}`", b) for a, b in rows)])
    return f"{first}\n\n`{usage}`\n\n" + "".join(f"{p}\n\n" for p in others) + (table if rows else "")


@pytest.mark.parametrize("lang", LOCALES)
def test_the_page_of_commands_says_what_help_says(lang: str) -> None:
    page = ROOT / "docs" / f"commands.{lang}.md"
    text = page.read_text("utf-8")
    assert sorted(name for name, _ in PART.findall(text)) == sorted(LEAVES)
    real = PART.sub(lambda m: f"<!-- command {m[1]} -->\n\n{part(m[1], LEAVES[m[1]], lang)}\n<!-- end -->", text)
    if WRITE:
        page.write_text(real, "utf-8")
    assert real == text or WRITE


# What the page says of exit codes, command by command.
EXITS = [
    ("new jia", DONE), ("new jia", MISUSE), ("new Jia", MISUSE),
    ("check jia", DONE), ("check nowhere", UNUSABLE), ("check broken", FINDINGS),
    ("fmt jia --check", DONE), ("fmt loose --check", FINDINGS), ("fmt loose --diff", FINDINGS), ("fmt garbled", UNUSABLE),
    ("test jia", DONE), ("test failing", FINDINGS), ("test broken", UNUSABLE),
    ("analyze daye", DONE), ("analyze jia", FINDINGS), ("analyze broken", UNUSABLE),
    ("rule P405", DONE), ("rule P999", MISUSE),
    ("template jia -o a.xlsx", DONE), ("template jia -o a.xlsx", MISUSE), ("template jia -o a.xlsx --force", DONE), ("template broken -o b.xlsx", UNUSABLE),
    ("decide jia cadre.json --as-of 2024-06-01", DONE), ("decide jia cadre.json --as-of 2024-06-01 --fail-on undetermined", FINDINGS),
    ("decide jia cadre.json --as-of 2024-06-01 --reading a=b", MISUSE), ("decide jia wrong.json --as-of 2024-06-01", UNUSABLE), ("decide broken cadre.json --as-of 2024-06-01", UNUSABLE),
    ("explain jia cadre.json --as-of 2024-06-01", DONE), ("explain jia cadre.json --as-of 2024-06-01 --id B", MISUSE),
    ("explain jia cadre.json --as-of 2024-06-01 --effect a", MISUSE), ("explain jia wrong.json --as-of 2024-06-01", UNUSABLE),
    ("run jia cadre.json --as-of 2024-06-01 -o a.csv", DONE), ("run jia cadre.json --as-of 2024-06-01 -o a.csv", MISUSE), ("run jia cadre.json --as-of 2024-06-01 --group-by a", MISUSE),
    ("run jia wrong.json --as-of 2024-06-01", UNUSABLE), ("run jia wrong.json --as-of 2024-06-01 --on-error aside", FINDINGS), ("run broken cadre.json --as-of 2024-06-01", UNUSABLE),
    ("explain --from a.csv A", DONE), ("explain --from a.csv B", UNUSABLE), ("explain --from a.csv loose A", UNUSABLE), ("explain --from a.csv A --as-of 2024-06-01", MISUSE),
    ("explain jia cadre.json", MISUSE), ("explain jia --as-of 2024-06-01", MISUSE), ("explain jia nowhere.json --as-of 2024-06-01", MISUSE),
    ("flip jia cadre.json --as-of 2024-06-01", DONE), ("flip jia cadre.json --as-of 2024-06-01 --to a", MISUSE), ("flip jia wrong.json --as-of 2024-06-01", UNUSABLE),
    ("ask jia --as-of 2024-06-01 --record cadre.json", DONE), ("ask jia --as-of 2024-06-01 --effect a", MISUSE), ("ask jia --as-of 2024-06-01 --record wrong.json", UNUSABLE),
    ("compare jia daye --no-prove", DONE), ("compare jia nowhere", UNUSABLE), ("compare jia broken", UNUSABLE), ("compare jia daye --records cadre.json", MISUSE),
    ("compare jia daye --as-of 2024-06-01 --no-prove --records wrong.json", UNUSABLE), ("compare jia daye --reading a=b", MISUSE),
    ("show recall jia", DONE), ("show nothing jia", FINDINGS), ("show recall broken", UNUSABLE),
    ("list jia", DONE), ("list jia --kind a", MISUSE), ("list jia --layer a", MISUSE), ("list broken", UNUSABLE),
    ("vocabulary jia", DONE), ("vocabulary broken", UNUSABLE),
    ("doc jia", DONE), ("doc jia -o nowhere/a.md", MISUSE), ("doc broken", UNUSABLE),
    ("sources list jia", DONE), ("sources coverage jia", DONE), ("sources coverage broken", UNUSABLE), ("sources list nowhere", UNUSABLE),
    ("sources verify daye --texts .", FINDINGS), ("sources pin jia --texts .", DONE), ("sources pin jia --texts nowhere", MISUSE),
    ("draw jia nothing cadre.json --as-of 2024-06-01", MISUSE), ("draw broken nothing cadre.json --as-of 2024-06-01", UNUSABLE),
    ("sql jia --as-of 2024-06-01", DONE), ("sql jia --as-of 2024-06-01 --of a", MISUSE), ("sql broken --as-of 2024-06-01", UNUSABLE),
    ("completion bash", DONE), ("completion a", MISUSE),
]  # fmt: skip


def test_exit_codes_are_those_the_page_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cadre.json").write_text('{"id": "A"}', "utf-8")
    shutil.copytree(ROOT / "policies", "policies", ignore=shutil.ignore_patterns("rosters"))
    (tmp_path / "wrong.json").write_text('{"id": "A", "nothing": 1}', "utf-8")
    # Each a new county with one thing put otherwise.
    others = {"broken": ("应当：召回", "应当：召唤"), "loose": ("应当：", "应当:"), "garbled": ("应当：", "应当"), "failing": ("取值：三次", "取值：零次")}
    for line, code in EXITS:
        result = CliRunner().invoke(main, line.split(), prog_name="policy")
        assert result.exit_code == code, (line, result.output)
        if line == "new jia" and code == DONE:
            for name, (old, new) in others.items():
                shutil.copytree("policies/jia", f"policies/{name}")
                rules = Path("policies", name, "rules.policy")
                assert old in rules.read_text("utf-8")
                rules.write_text(rules.read_text("utf-8").replace(old, new), "utf-8")
    assert all(any(line.startswith(name) for line, _ in EXITS) for name in LEAVES)
