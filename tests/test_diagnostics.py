"""Every code has a page under policy_dsl/diagnostics_pages: what causes it, how it is shown, how it is mended.

GOLDEN=write rewrites a page's heading and renderings, and never its causes; a page whose cause no longer yields its
finding fails in write mode as well, so that a rendering of nothing can never be recorded.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import string
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from attrs import evolve

from policy_dsl.above import Regime
from policy_dsl.calendars import CALENDAR, calendar, years
from policy_dsl.cases import run
from policy_dsl.catalogue import CATALOGUE, Entry
from policy_dsl.check import check
from policy_dsl.decide import Question
from policy_dsl.diagnostics import Diagnostic, Unusable, render, visible, width
from policy_dsl.language.source import Source
from policy_dsl.model import Policy
from policy_dsl.pack import Pack
from policy_dsl.pages import EXAMPLE, LANGUAGES, VOCABULARY, Block, Page, heading_of
from policy_dsl.population.kept import read_result
from policy_dsl.population.outcome import Population
from policy_dsl.population.rates import Rates
from policy_dsl.population.rebuilding import confirm, record_of
from policy_dsl.population.rebuilding import question as asked_by
from policy_dsl.population.results import Result
from policy_dsl.population.run import run as run_all
from policy_dsl.population.tables import Tables
from policy_dsl.register import FILE, Register, read
from policy_dsl.rosters import read_roster, sift
from policy_dsl.symbolic.questions import analyse

PACKAGE = Path(__file__).parent.parent / "policy_dsl"
PAGES = PACKAGE / "diagnostics_pages"
WRITE = os.environ.get("GOLDEN") == "write"
CODES = sorted(CATALOGUE)


# From causes to findings.


def findings_of(causes: dict[str, Block], folder: Path, code: str = "") -> list[Diagnostic]:
    """Everything found in the texts of a page, in the cases they hold, and in its record; on the page of an analysis,
    also of every record at once."""
    texts = {VOCABULARY: (PAGES / VOCABULARY).read_text("utf-8")}
    texts |= {name: b.text for name, b in causes.items() if b.kind == "policy"}
    sources = tuple(Source(name, text) for name, text in texts.items())
    findings: list[Diagnostic] = []
    register = read(Source(FILE, causes[FILE].text), findings) if FILE in causes else Register()
    own = tuple(x for x in sources if x.name != VOCABULARY)
    if CALENDAR in causes:
        calendar(years(tomllib.loads(causes[CALENDAR].text), CALENDAR, findings), CALENDAR, findings)
    checked = check(Pack("page", sources, register.provisions, own, register=register))
    findings += checked.findings
    if checked.policy is None:
        return findings
    for case in checked.policy.cases:
        findings += run(checked.policy, case).problems
    if code.startswith("A"):
        findings += analysed(tuple(texts.items()), code)
    for name, b in causes.items():
        if b.kind == "run":
            findings += acted(b.text, folder, sources, checked.policy)
        elif b.kind not in ("policy", "toml"):
            path = folder / name
            if b.kind == "workbook":
                workbook(b.text, path)
            else:
                path.write_text(b.text, "utf-8")
            try:
                read_roster(path, checked.policy.shape, checked.lexicon)
            except Unusable as unusable:
                findings += unusable.diagnostics
    return findings


def acted(text: str, folder: Path, sources: tuple[Source, ...], policy: Policy) -> list[Diagnostic]:
    """What is found in what is done with a page's policy and record, a line an act: `run RESULT`; `policy OLD NEW` and
    `result FILE OLD NEW` put one word for another; `explain RESULT ID`."""
    question = Question(*[date(2018, 6, 1).toordinal()] * 2)
    try:
        for act, name, *words in (line.split() for line in text.splitlines()):
            path = folder / name
            regime = Regime(policy)
            if act == "run":
                shutil.rmtree(path, ignore_errors=True)
                population = Population(regime, question, sift(folder / "record.json", regime.shape, regime.lexicon), "interpreter")
                tables = Tables(policy, "zh")
                with Result(path, "csv", tables.columns(), "zh", []) as result:
                    run_all(population, Rates(policy, question, (), "zh"), tables, result, "page")
            elif act == "policy":
                changed = tuple(evolve(x, text=x.text.replace(name, words[0])) if x.name == EXAMPLE else x for x in sources)
                policy = check(Pack("page", changed, {}, changed[1:])).policy
            elif act == "result":
                path.write_text(path.read_text("utf-8").replace(words[0], words[1]), "utf-8")
            else:
                kept = read_result(path)
                confirm(kept, regime, regime.decide(record_of(kept, regime, words[0]), asked_by(kept)))
    except Unusable as unusable:
        return list(unusable.diagnostics)
    return []


@cache
def analysed(texts: tuple[tuple[str, str], ...], code: str) -> list[Diagnostic]:
    """What is found of every record; on the page that says that nothing was, with next to no effort."""
    checked = check(Pack("page", tuple(Source(name, text) for name, text in texts)))
    assert checked.policy is not None
    effort = 1 if code == "A190" else None
    return [f.diagnostic for f in analyse(checked.policy, 60, effort).findings]


def workbook(text: str, path: Path) -> None:
    """A workbook from its description: a line `[name]` begins a sheet; a row is its cells between bars.

    A figure is stored as a number, as a spreadsheet program would, and what begins with = as a formula.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheet = None
    for line in text.splitlines():
        if line.startswith("["):
            sheet = book.create_sheet(line.strip("[]"))
        elif line.strip():
            cells = [cell.strip() for cell in line.split("|")]
            sheet.append([float(c) if re.fullmatch(r"[\d.]+(?:E\+?\d+)?", c) else c.strip("'") or None for c in cells])
    book.save(path)


def rendered(findings: list[Diagnostic], lang: str) -> str:
    return "\n\n".join(render(d, lang) for d in findings) + "\n"


# What comes only after others, and never alone.
FOLLOWS = {"P106": ("P101",), "R113": ("R111",), "R204": ("R102",), "A142": ("A141",)}


def settle(path: Path, write: bool, folder: Path) -> Page:
    """A page after its causes have been run: as it is, or with its renderings written anew."""
    page, code = Page(path.read_text("utf-8")), path.stem
    findings = findings_of(page.causes(mended=False), folder, code)
    own = [d for d in findings if d.code == code]
    assert own, f"{path.name}: its cause yields no {code}; found {[d.code for d in findings]}"
    besides = [d for d in findings if d.code not in (code, *FOLLOWS.get(code, ())) and d.severity != "note"]
    assert not besides, f"{path.name}: its cause yields besides\n{rendered(besides, 'en')}"
    expected = page.rewritten(heading_of(CATALOGUE[code]), {lang: rendered(own, lang) for lang in LANGUAGES})
    if write and expected != page:
        path.write_text(expected.text, "utf-8")
        page = expected
    assert page.heading == expected.heading
    for lang in LANGUAGES:
        assert page.shown(lang) == expected.shown(lang)
    return page


# The pages.


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert sorted(p.stem for p in PAGES.glob("*.md")) == CODES
    assert [p.name for p in PAGES.iterdir() if p.suffix != ".md"] == [VOCABULARY]


def test_the_shared_vocabulary_is_sound(tmp_path: Path) -> None:
    assert findings_of({}, tmp_path) == []


@pytest.mark.parametrize("code", CODES)
def test_page(code: str, tmp_path: Path) -> None:
    settle(PAGES / f"{code}.md", WRITE, tmp_path)


@pytest.mark.parametrize("code", CODES)
def test_page_mended(code: str, tmp_path: Path) -> None:
    page = Page((PAGES / f"{code}.md").read_text("utf-8"))
    assert any(b.mended for b in page.blocks)
    left = [d for d in findings_of(page.causes(mended=True), tmp_path, code[:1]) if d.code == code or d.severity != "note"]
    assert left == [], rendered(left, "en")


@pytest.mark.parametrize("code", CODES)
def test_page_reads_as_documentation(code: str) -> None:
    page = Page((PAGES / f"{code}.md").read_text("utf-8"))
    zh, en = page.prose
    assert re.search(r"[\u3400-\u9fff]", zh)
    assert zh.endswith("。")
    assert re.match(r"[A-Z“]", en)
    assert en.endswith(".")
    kinds = [(b.kind, b.mended) for b in page.blocks]
    shown = kinds.index(("zh", False))
    assert kinds[shown : shown + 2] == [("zh", False), ("en", False)]
    assert not any(mended for _, mended in kinds[:shown])
    assert all(mended for _, mended in kinds[shown + 2 :])


# Write mode.


def test_write_mode_restores_the_renderings_and_leaves_the_causes(tmp_path: Path) -> None:
    page = Path(shutil.copy(PAGES / "P200.md", tmp_path))
    whole = page.read_text("utf-8")
    spoilt = re.sub(r"^```(zh|en)\n.*?^```$", r"```\1\nspoilt\n```", whole, flags=re.MULTILINE | re.DOTALL)
    page.write_text(spoilt, "utf-8")
    with pytest.raises(AssertionError):
        settle(page, False, tmp_path)
    assert page.read_text("utf-8") == spoilt
    settle(page, True, tmp_path)
    assert page.read_text("utf-8") == whole


def test_write_mode_never_records_a_cause_that_causes_nothing(tmp_path: Path) -> None:
    path = Path(shutil.copy(PAGES / "P200.md", tmp_path))
    page = Page(path.read_text("utf-8"))
    cause, mended = (page.causes(which)[EXAMPLE].text for which in (False, True))
    harmless = page.text.replace(cause, mended)
    path.write_text(harmless, "utf-8")
    with pytest.raises(AssertionError, match="yields no P200"):
        settle(path, True, tmp_path)
    assert path.read_text("utf-8") == harmless


# The catalogue against the code that reports.


def reported() -> Iterator[tuple[str, str, set[str] | None]]:
    """(place, code, the values given) wherever the package reports a code by name; None where they cannot be read."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name in ("catalogue.py", "catalogue_of_analysis.py"):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        calls = {id(a): n for n in ast.walk(tree) if isinstance(n, ast.Call) for a in n.args}
        for node in ast.walk(tree):
            code = node.value if isinstance(node, ast.Constant) else None
            if not isinstance(code, str) or not re.fullmatch(r"[PRCA]\d{3}", code):
                continue
            call = calls.get(id(node))
            direct = call is not None and _called(call) in REPORTERS and all(k.arg for k in call.keywords)
            yield f"{path.name}:{node.lineno}", code, {k.arg or "" for k in call.keywords} if direct else None


REPORTERS = ("found", "report", "wrong", "bad")


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def placeholders(entry: Entry) -> set[str]:
    texts = (entry.zh, entry.en, entry.remedy_zh, entry.remedy_en)
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_is_reported_somewhere_and_every_report_is_in_the_catalogue() -> None:
    assert {code for _, code, _ in reported()} == set(CATALOGUE)


def test_every_report_gives_the_values_its_sentence_names() -> None:
    for place, code, given in reported():
        if given is not None:
            missing = placeholders(CATALOGUE[code]) - given - ({"where"} if code.startswith("R") else set())
            assert not missing, f"{place}: {code} lacks {missing}"


@pytest.mark.parametrize("code", CODES)
def test_both_languages_name_the_same_values(code: str) -> None:
    entry = CATALOGUE[code]
    assert entry.severity in ("error", "warning", "note")
    for zh, en in ((entry.zh, entry.en), (entry.remedy_zh, entry.remedy_en)):
        named = [{n for _, n, _, _ in string.Formatter().parse(t) if n} for t in (zh, en)]
        assert named[0] == named[1]
    assert all(t.endswith(("。", "？")) for t in (entry.zh, entry.remedy_zh))
    assert all(t.endswith((".", "?")) for t in (entry.en, entry.remedy_en))


# How findings are shown.


def found_in(text: str, tmp_path: Path) -> list[Diagnostic]:
    return findings_of({EXAMPLE: Block("policy", False, text)}, tmp_path)


def columns(text: str) -> int:
    """Columns of a text on a terminal, by the plainest rule: two for a Chinese character or mark, else one."""
    return sum(2 if "\u2e80" <= c <= "\uffef" else 1 for c in text)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_carets_stand_under_what_they_mean(code: str, lang: str, tmp_path: Path) -> None:
    page = Page((PAGES / f"{code}.md").read_text("utf-8"))
    for d in findings_of(page.causes(mended=False), tmp_path, code):
        shown = render(d, lang).splitlines()
        at = [i for i, line in enumerate(shown) if re.fullmatch(r" *\| *\^+.*", line)]
        spans = [s for s in (d.span, *(n.span for n in d.others)) if s.source.text]
        assert len(at) == len(spans)
        for i, span in zip(at, spans, strict=True):
            line = shown[i - 1].partition(" | ")[2]
            before, carets = re.match(r" *\| ( *)(\^+)", shown[i]).groups()
            marked = span.text.partition("\n")[0]
            start = span.source.place(span.start)[1] - 1
            assert line[start:].startswith(visible(marked))
            assert len(before) == columns(line[:start])
            assert len(carets) == max(1, columns(marked))


def test_a_chinese_character_takes_two_columns(tmp_path: Path) -> None:
    text = "规定 甲规 rule_a\n    依据：A-03\n    当：身份 为 公务员 且 领导职位\n    应当：召回\n"
    (finding,) = found_in(text, tmp_path)
    assert render(finding, "zh").splitlines()[1:5] == [
        " --> example.policy:3:18",
        "  |",
        "3 |     当：身份 为 公务员 且 领导职位",
        "  |                           ^^^^^^^^",
    ]


def test_an_english_text_is_marked_by_single_columns(tmp_path: Path) -> None:
    text = "rule rule_a 甲规\n    basis: A-03\n    when: identity is civil_servant and leading_pst\n    must: recall\n"
    (finding,) = found_in(text, tmp_path)
    assert render(finding, "en").splitlines()[1:5] == [
        " --> example.policy:3:41",
        "  |",
        "3 |     when: identity is civil_servant and leading_pst",
        "  |                                         ^^^^^^^^^^^",
    ]


def test_width_agrees_with_the_character_database() -> None:
    for c in "规（）：；，、。“”—×＋＜{}aé\u0301":
        wide = unicodedata.east_asian_width(c) in "WF"
        assert width(c) == (0 if unicodedata.combining(c) else 2 if wide else 1)


SEVERAL = """\
规定 甲规 rule_a
    依据：A-03
    当：职级 为 副厅 且 领导职位
    应当：召唤

参数 次数线 limit
    取值：三次

规定 乙规 rule_b
    依据：A-03
    当：职级 为 且
    可以：召回

规訂 丙规 rule_c
    依据：A-03
"""


def test_everything_wrong_is_reported_in_one_run(tmp_path: Path) -> None:
    found = [(d.code, d.span.source.place(d.span.start)[0], d.span.text) for d in found_in(SEVERAL, tmp_path)]
    assert found == [
        ("P205", 3, "副厅"),
        ("P200", 3, "领导职位"),
        ("P200", 4, "召唤"),
        ("P302", 6, "次数线"),
        ("P101", 11, "且"),
        ("P303", 12, "可以：召回"),
        ("P100", 14, "规訂 丙规 rule_c"),
    ]


def test_every_misfit_of_a_roster_is_reported_in_one_run(tmp_path: Path) -> None:
    record = [{"编号": "1", "职级": "正局", "级别": "正科"}, {"身份": "公务员"}, {"编号": "3", "身份": "无"}]
    block = Block("json", False, json.dumps(record, ensure_ascii=False))
    assert [d.code for d in findings_of({"record.json": block}, tmp_path)] == ["R101", "R102", "R104", "R108"]


@pytest.mark.parametrize(
    ("clause", "meant"),
    [
        ("当：领导职位", "领导职务"),
        ("当：职级 为 副厅", "副科"),
        ("当：有 行偽（类型 为 迟到）", "行为"),
        ("可以：召唤", "召回"),
        ("由：县尉", "县委"),
        ("不适用：乙規", "乙规"),
    ],
)
def test_a_misspelt_word_is_met_with_the_one_that_was_meant(clause: str, meant: str, tmp_path: Path) -> None:
    rule_b = "规定 乙规 rule_b\n    依据：A-03\n    应当：免职\n\n"
    text = f"{rule_b}规定 甲规 rule_a\n    依据：A-03\n    应当：召回\n    {clause}\n"
    findings = [d for d in found_in(text, tmp_path) if d.code in ("P200", "P205")]
    assert [d.suggestion for d in findings] == [meant]
    assert f"是否指“{meant}”？" in render(findings[0], "zh")
    assert f"Did you mean “{meant}”?" in render(findings[0], "en")


def test_a_word_like_no_other_is_met_with_no_guess(tmp_path: Path) -> None:
    (finding,) = found_in("规定 甲规 rule_a\n    依据：A-03\n    当：莫须罪名\n    应当：召回\n", tmp_path)
    assert finding.suggestion == ""
