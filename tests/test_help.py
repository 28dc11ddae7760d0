"""Help is whole in either language: no sentence of a command without its Chinese, none left over, no line too long."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from policy_dsl.cli import COMMANDS, main
from policy_dsl.commands.helping import CHINESE, paragraphs
from policy_dsl.diagnostics import width

HAN = re.compile(r"[\u3400-\u9fff]")
# What a decorator has no part in.
CLICK = {"Options", "Commands", "Usage:", "Show this message and exit.", "Show the version and exit."}
LOCALES = {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}


def sentences(command: click.Command) -> set[str]:
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert all(o.help for o in options), command.name
    return {o.help or "" for o in options} | {p for p in paragraphs(command) if not p.startswith("\b")}


def helped(*args: str, lang: str = "") -> str:
    result = CliRunner().invoke(main, [*args, "--help"], prog_name="policy", env={"LC_ALL": LOCALES.get(lang, "C")}, terminal_width=80)
    assert result.exit_code == 0
    return result.output


def test_every_sentence_has_its_chinese_and_no_chinese_is_left_over() -> None:
    said = set().union(CLICK, *(sentences(c) for c in (main, *COMMANDS)))
    assert said == CHINESE.keys()


@pytest.mark.parametrize("name", ["", *(c.name or "" for c in COMMANDS)])
def test_help_is_in_one_language(name: str) -> None:
    zh, en = (helped(*name.split(), lang=lang) for lang in LOCALES)
    assert zh.startswith("用法：policy") and en.startswith("Usage: policy")
    # Lines of code apart, nothing in Chinese help is a sentence of English: no three words of letters in a row.
    prose = "\n".join(x for x in zh.splitlines() if ">" not in x)
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", prose), prose
    # The terms an option takes, and names, may stand in Chinese.
    assert len(HAN.findall(en)) < 15
    for line in (*zh.splitlines(), *en.splitlines()):
        assert width(line) <= 80 or ">" in line, line
        assert not line.strip().startswith(("，", "。", "；", "）", "、"))


def test_the_language_asked_for_before_help_goes_before_the_system_s() -> None:
    assert helped("decide", "--lang", "zh", lang="en") == helped("decide", lang="zh")
    assert helped("decide", "--lang", "en", lang="zh") == helped("decide", lang="en")
