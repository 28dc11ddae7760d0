"""The pages that explain the language say what is so: every block, table and command on them is run.

GOLDEN=write rewrites English twins and the output of commands, and never what they are made from.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from attrs import frozen
from click.testing import CliRunner

from policy_dsl import model as m
from policy_dsl.cases import run
from policy_dsl.check import Checked, check
from policy_dsl.check.clauses import NEEDS, TAKES
from policy_dsl.check.symbols import BUILT_IN_ENGLISH, BUILT_IN_READINGS
from policy_dsl.cli import main
from policy_dsl.diagnostics import Diagnostic, render
from policy_dsl.language.fmt import fmt
from policy_dsl.language.keywords import (
    CLAUSES,
    DEFAULT_LAYERS,
    KINDS,
    LAYERS,
    LINES,
    STAGE_WORDS,
    WORDS,
    Keyword,
    clause_word,
    kind_word,
    word,
)
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack, load
from policy_dsl.record import STATES, Reader
from policy_dsl.report.words import GAPS
from policy_dsl.working_days import Calendar

ROOT = Path(__file__).parent.parent
LANGUAGE = ROOT / "policy_dsl" / "LANGUAGE.md"
PAGES = (LANGUAGE, ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CONTRIBUTING.md")
WRITE = os.environ.get("GOLDEN") == "write"


# Pages.


@frozen
class Block:
    """A fenced block: its kind, the words after it, its text, and where it stands on its page."""

    page: Path
    kind: str
    marks: tuple[str, ...]
    text: str
    start: int
    end: int

    @property
    def place(self) -> str:
        line = self.page.read_text("utf-8").count("\n", 0, self.start)
        return f"{self.page.name}:{line}"

    def codes(self, key: str) -> set[str]:
        """The codes announced as fails=… or warns=…"""
        found = [mark.partition("=")[2] for mark in self.marks if mark.startswith(f"{key}=")]
        return {code for codes in found for code in codes.split(",")}


FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, kind: str) -> list[Block]:
    text = page.read_text("utf-8") if page.exists() else ""
    return [
        Block(page, found[1], tuple(found[2].split()), found[3], found.start(3), found.end(3))
        for found in FENCE.finditer(text)
        if found[1] == kind
    ]


def replaced(page: Path, changes: list[tuple[int, int, str]]) -> None:
    """Rewrite stretches of a page."""
    text = page.read_text("utf-8")
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    page.write_text(text, "utf-8")


TABLE = re.compile(r"^<!-- ([^\n]*) -->\n+((?:\|[^\n]*\n)+)", re.MULTILINE)


def tables(name: str) -> list[list[list[str]]]:
    """The tables under a comment of that name, each as rows of cells without the heading."""
    text = LANGUAGE.read_text("utf-8")
    found = [t[2] for t in TABLE.finditer(text) if name in t[1].split("; ")]
    assert found, name
    return [[_cells(row) for row in table.splitlines()[2:]] for table in found]


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip()[1:-1])]


def codes(cell: str) -> tuple[str, ...]:
    """What stands in code quotes in a cell."""
    return tuple(c.replace("\\|", "|") for c in re.findall(r"`` ?(.+?) ?``|`([^`]+)`", cell) for c in c if c)


# Blocks of policy.


def vocabulary() -> str:
    return next(b.text for b in blocks(LANGUAGE, "policy") if "vocabulary" in b.marks)


@cache
def calendar() -> Calendar:
    """The calendar the shipped policies share."""
    return load(ROOT / "policies" / "common").calendar


def checked(text: str) -> Checked:
    """A text checked after the page's vocabulary."""
    own = Source("page.policy", text)
    if text == vocabulary():
        return check(Pack("page", (own,)))
    # Excerpts: what a pack as a whole is advised of (unused words, untried provisions) is not asked of them.
    return check(Pack("page", (Source("words.policy", vocabulary()), own), calendar=calendar()))


def groups() -> Iterator[tuple[Block, str]]:
    """Each block of policy with the text it is checked in: its own, after those it continues."""
    before = ""
    for block in blocks(LANGUAGE, "policy"):
        if "twin" in block.marks:
            continue
        text = f"{before}\n{block.text}" if "continues" in block.marks else block.text
        yield block, text
        if not block.codes("fails"):
            before = text


BLOCKS = list(groups())


def shown(findings: tuple[Diagnostic, ...]) -> str:
    return "\n".join(render(d, "en") for d in findings)


@pytest.mark.parametrize(("block", "text"), BLOCKS, ids=[b.place for b, _ in BLOCKS])
def test_blocks_check(block: Block, text: str) -> None:
    """A block checks, but for the findings it announces; its cases hold."""
    result = checked(text)
    assert {d.code for d in result.findings if d.severity == "error"} == block.codes("fails"), shown(result.findings)
    assert {d.code for d in result.findings if d.severity != "error"} == block.codes("warns"), shown(result.findings)
    if result.policy is not None:
        for case in result.policy.cases:
            assert run(result.policy, case).passed, shown(run(result.policy, case).problems)


@pytest.mark.parametrize(("block", "text"), BLOCKS, ids=[b.place for b, _ in BLOCKS])
def test_blocks_are_canonical(block: Block, text: str) -> None:
    """A block is in its canonical form, unless it is meant to fail or says that it is not."""
    if block.codes("fails") or "loose" in block.marks:
        return
    result = checked(text)
    lang = result.documents[-1].lang
    assert fmt(result.documents[-1], result.lexicon, lang) == text


def test_twins() -> None:
    """A twin is what fmt writes of the block before it, and reads as the same tree."""
    changes = []
    before: tuple[Block, str] | None = None
    by_start = {b.start: (b, text) for b, text in BLOCKS}
    for block in blocks(LANGUAGE, "policy"):
        if "twin" not in block.marks:
            before = by_start[block.start]
            continue
        assert before is not None, block.place
        source, whole = before
        result = checked(whole)
        written = fmt(result.documents[-1], result.lexicon, "en")
        head = (
            fmt(checked(whole[: -len(source.text)]).documents[-1], result.lexicon, "en") if whole != source.text else ""
        )
        english = written[len(head) :].lstrip("\n")
        if WRITE:
            changes.append((block.start, block.end, english))
        else:
            assert block.text == english, block.place
        again = checked(head + "\n" + english if head else english)
        assert again.documents[-1].declarations == result.documents[-1].declarations, block.place
    if WRITE:
        replaced(LANGUAGE, changes)


def test_records_are_read() -> None:
    """A record on the page fits the page's vocabulary."""
    policy = checked(vocabulary()).policy
    assert policy is not None
    found = [b for b in blocks(LANGUAGE, "json") if "record" in b.marks]
    assert found
    for block in found:
        reader = Reader(policy.shape, policy.lexicon)
        assert reader.record(json.loads(block.text), "") is not None and not reader.problems, shown(
            tuple(reader.problems)
        )


# Words.


def pairs(rows: list[list[str]]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(codes(row[0]), codes(row[1])) for row in rows]


@pytest.mark.parametrize(
    ("name", "keywords"), [("kinds", KINDS), ("clauses", CLAUSES), ("lines", LINES), ("words", WORDS)]
)
def test_every_word_is_on_the_page(name: str, keywords: tuple[Keyword, ...]) -> None:
    """The tables of words are those of the language: nothing missing, nothing else, every spelling, each once."""
    listed = [pair for table in tables(name) for pair in pairs(table)]
    wanted = [(k.zh, k.en) for k in keywords]
    if name == "kinds":
        wanted.append((STAGE_WORDS.zh, STAGE_WORDS.en))
    assert sorted(listed) == sorted(wanted)


def test_clauses_of_each_kind() -> None:
    (rows,) = tables("takes")
    common, *rest = rows
    shared = frozenset.intersection(*(t for kind, t in TAKES.items() if kind not in ("case", "note")))
    assert set(codes(common[2])) == {clause_word(k, "zh") for k in shared}
    listed = {}
    for row in rest:
        for kind in codes(row[0]):
            listed[kind] = set(codes(row[1])), set(codes(row[2]))
    assert set(listed) == {kind_word(k, "zh") for k in TAKES}
    for kind, takes in TAKES.items():
        needs = {clause_word(k, "zh") for k in NEEDS.get(kind, ())}
        own = {clause_word(k, "zh") for k in takes if k != "line" and (k not in shared or kind in ("case", "note"))}
        have_needs, have_takes = listed[kind_word(kind, "zh")]
        assert have_needs == needs, kind
        assert have_takes | (needs & own) == own, kind


def test_layers() -> None:
    (rows,) = tables("layers")
    listed = {codes(row[0])[0]: row[2] for row in rows}
    assert listed == {word("LAYER", k, "zh"): "yes" if k in DEFAULT_LAYERS else "no" for k in LAYERS}


def test_built_in_readings() -> None:
    (rows,) = tables("built-in readings")
    listed = {codes(row[0]): (codes(row[1])) for row in rows}
    wanted = {}
    for name, (english, _, alternatives) in BUILT_IN_READINGS.items():
        wanted[name, english] = tuple(x for a in alternatives for x in (a, BUILT_IN_ENGLISH[a]))
    assert listed == wanted


def test_kinds_of_gap() -> None:
    (rows,) = tables("gaps")
    assert [(row[0], row[1]) for row in rows] == [GAPS[k] for k in GAPS]


def test_states_of_a_cell() -> None:
    (rows,) = tables("states")
    assert {c for row in rows for c in codes(row[0])} == {s for s in STATES if s} | {"无", "not_applicable"}


def test_statuses_combine_as_the_table_says() -> None:
    flags = {word("STATUS", k, "zh"): k for k in m.STATUSES} | {"应当择一": "one_of", "应当可免": "waivable"}
    (rows,) = tables("statuses")
    for row in rows:
        given = frozenset(flags[c] for c in codes(row[0]))
        assert word("STATUS", m.status_of(given), "zh") == codes(row[1])[0], row
    seen = {flags[c] for row in rows for c in codes(row[0])}
    assert seen == set(m.FLAGS) - {"conflict"}
    (words_of,) = tables("status words")
    assert [codes(row[0])[0] for row in words_of] == [word("STATUS", k, "zh") for k in m.STATUSES]
    (((strength,),),) = tables("strength")
    assert codes(strength) == tuple(word("STATUS", k, "zh") for k in m.STRENGTH)


# Tables of conditions, spellings, quantities.


@pytest.mark.parametrize("name", ["conditions", "values"])
def test_conditions_are_twins(name: str) -> None:
    """Each row of these tables is a condition, or a value, on an element of 行为, in both languages."""
    for table in tables(name):
        for row in table:
            chinese, english = codes(row[0])[0], codes(row[1])[0]
            written = {}
            for lang, text in (("zh", chinese), ("en", english)):
                wrapped = {
                    "zh": f"定义 某例 one_example\n    对：每一 行为\n    依据：A-01\n    是指：{text}\n",
                    "en": f"definition one_example 某例\n    for: each conduct\n    basis: A-01\n    means: {text}\n",
                }
                result = checked(wrapped[lang])
                assert result.ok, shown(result.findings)
                for to in ("zh", "en"):
                    written[lang, to] = fmt(result.documents[-1], result.lexicon, to)
                assert written[lang, lang] == wrapped[lang], row
            assert written["zh", "en"] == written["en", "en"] and written["en", "zh"] == written["zh", "zh"], row


def test_spellings() -> None:
    """What may be written otherwise, and how fmt writes it."""
    (rows,) = tables("spellings")
    for row in rows:
        (canonical,) = codes(row[1])
        for loose in codes(row[0]):
            result = checked(f"定义 某例 one_example\n    对：每一 行为\n    依据：A-01\n    是指：{loose}\n")
            assert result.ok, shown(result.findings)
            assert fmt(result.documents[-1], result.lexicon, "zh").partition("是指：")[2] == canonical + "\n", row


DECLARED = {
    "规定": "规定 某例 one_example\n    对：每一 处理\n    依据：A-01\n    由：县委\n    {}\n",
    "参数": "参数 某例 one_example\n    依据：A-01\n    {}\n    单位：次\n",
    "制度": "制度 某例 one_example\n    依据：A-01\n    上位：示例制度\n    {}\n",
}


@pytest.mark.parametrize("kind", DECLARED)
def test_clauses_check(kind: str) -> None:
    """Each clause shown in a table may stand in a declaration of its kind."""
    for table in tables(f"clauses of {kind}"):
        for row in table:
            for clause in codes(row[0]):
                rest = "" if kind != "规定" or clause.startswith(("应当", "可以")) else "    应当：召回\n"
                result = checked(DECLARED[kind].format(clause) + rest)
                assert not result.findings, shown(result.findings)


def values(chinese: str, english: str) -> dict[str, dict[str, str]]:
    """A value as fmt writes it in either tongue, read from either."""
    wrapped = {
        "zh": f"参数 某例 one_example\n    依据：A-01\n    取值：{chinese}\n",
        "en": f"parameter one_example 某例\n    basis: A-01\n    value: {english}\n",
    }
    written = {}
    for lang, text in wrapped.items():
        result = checked(text)
        assert result.ok, shown(result.findings)
        heads = {"zh": "取值：", "en": "value: "}
        written[lang] = {
            to: fmt(result.documents[-1], result.lexicon, to).partition(head)[2].strip() for to, head in heads.items()
        }
    return written


@pytest.mark.parametrize("name", ["quantities", "dates"])
def test_quantities_and_dates(name: str) -> None:
    """What may be written, how it is printed, and its twin."""
    (rows,) = tables(name)
    for row in rows:
        (canonical,), (english,) = (
            (codes(row[1]), codes(row[2])) if name == "quantities" else (codes(row[0]), codes(row[1]))
        )
        for chinese in (*codes(row[0]), canonical):
            for written in values(chinese, english).values():
                assert written == {"zh": canonical, "en": english}, row


# Commands and excerpts.


def printed(block: Block, folder: Path) -> str:
    """What the command of a block prints, run in a folder that holds the files its page gives; cut short as the page
    cuts it, with a last line of dots."""
    if not (folder / "policies").exists():
        (folder / "policies").symlink_to(ROOT / "policies")
    for kind in ("json", "policy"):
        for given in blocks(block.page, kind):
            for mark in given.marks:
                if mark.startswith("file="):
                    path = folder / mark.removeprefix("file=")
                    path.parent.mkdir(exist_ok=True)
                    path.write_text(given.text, "utf-8")
    command, _, output = block.text.partition("\n")
    assert command.startswith("$ policy "), block.place
    result = CliRunner().invoke(main, shlex.split(command.removeprefix("$ policy ")), prog_name="policy")
    assert result.exit_code in (0, 1), result.output
    lines = [line.rstrip() for line in result.output.rstrip("\n").split("\n")]
    if output.endswith("\n……\n"):
        lines = [*lines[: output.count("\n") - 1], "……"]
    return f"{command}\n" + "\n".join(lines) + "\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run commands in, in Chinese or in English as the page is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    return tmp_path


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "console")], ids=lambda p: p.name)
def test_commands(page: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command prints what its page shows."""
    monkeypatch.setenv("LANG", "zh_CN.UTF-8" if page.name.endswith(".zh.md") else "C.UTF-8")
    changes = [(b.start, b.end, printed(b, here)) for b in blocks(page, "console")]
    if WRITE:
        replaced(page, changes)
    assert [b.text for b in blocks(page, "console")] == [new for _, _, new in changes]


EXCERPTS = [b for page in PAGES if page != LANGUAGE for b in blocks(page, "policy") if b.marks]


@pytest.mark.parametrize("block", EXCERPTS, ids=[b.place for b in EXCERPTS])
def test_excerpts(block: Block) -> None:
    """What a page shows of a county's policy stands so in its files, or in what fmt prints of them."""
    (county,) = (mark.removeprefix("from=") for mark in block.marks)
    result = check(load(ROOT / "policies" / county))
    texts = [fmt(d, result.lexicon, lang) for d in result.documents for lang in ("zh", "en")]
    for declaration in block.text.strip().split("\n\n"):
        assert any(f"{declaration}\n" in text for text in texts), declaration
