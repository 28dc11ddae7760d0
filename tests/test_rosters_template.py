"""The empty roster of a regime: filled in it is read back, and each column says what it means and who asks for it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from policy_dsl import model as m
from policy_dsl.above import Regime
from policy_dsl.check import check
from policy_dsl.cli import main
from policy_dsl.decide import Question, decide
from policy_dsl.language.keywords import LAYERS
from policy_dsl.pack import load
from policy_dsl.record import Reader
from policy_dsl.report.json import plain
from policy_dsl.rosters import read_roster
from policy_dsl.rosters.template import readers, template
from policy_dsl.rosters.write import line, named, pieces

ROOT = Path(__file__).parent.parent
DAYS = {"fenggang": 736237, "dongtou": 737424, "daye": 736885}


@cache
def policy(county: str) -> m.Policy:
    checked = check(load(ROOT / "policies" / county))
    assert checked.policy is not None
    return checked.policy


def reader(county: str) -> Reader:
    return Reader(policy(county).shape, policy(county).lexicon)


@cache
def shipped(county: str) -> list[dict[str, Any]]:
    text = (ROOT / "policies" / county / "rosters" / "cadres.json").read_text("utf-8")
    records: list[dict[str, Any]] = json.loads(text, parse_float=Decimal)["记录"]
    return records


def empty(county: str, lang: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(template(policy(county), lang)))


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, args, env={"POLICY_TRACEBACK": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@cache
def decided(county: str, path: Path) -> list[dict[str, Any]]:
    question = Question(DAYS[county], DAYS[county], {}, frozenset(LAYERS))
    records = read_roster(path, policy(county).shape, policy(county).lexicon)
    return [plain(decide(policy(county), r, question)) | {"record_digest": ""} for r in records]


@pytest.mark.parametrize(("county", "lang"), [("fenggang", "zh"), ("dongtou", "en")])
def test_a_template_filled_in_decides_the_same(tmp_path: Path, county: str, lang: str) -> None:
    book = empty(county, lang)
    lexicon = policy(county).lexicon
    # The columns of 出处 and 认定 are called alike in English; a clerk goes by the sheet.
    columns = {s.title: {c.value: c.column for c in s[1]} for s in book}
    filled: Counter[str] = Counter()
    for raw in shipped(county):
        for name, row in pieces(raw, reader(county)):
            title = named(name, lang, lexicon)
            filled[title] += 1
            for item, value in row.items():
                if value is not None:
                    # As typed into a column of text.
                    typed = value.isoformat() if hasattr(value, "isoformat") else value
                    book[title].cell(filled[title] + 1, columns[title][named(item, lang, lexicon)], typed)
    path = tmp_path / "filled.xlsx"
    book.save(path)
    assert decided(county, path) == decided(county, ROOT / "policies" / county / "rosters" / "cadres.json")


@pytest.mark.parametrize("county", DAYS)
def test_whatever_a_decision_reads_its_column_says_who_reads_it(county: str) -> None:
    who = readers(policy(county))
    question = Question(DAYS[county], DAYS[county], {}, frozenset(LAYERS))
    read: set[tuple[str | None, str]] = set()
    path = ROOT / "policies" / county / "rosters" / "cadres.json"
    for record in read_roster(path, policy(county).shape, policy(county).lexicon):
        for c in decide(policy(county), record, question).conclusions:
            for e in (*c.why.walk(), *c.why_printed.walk()):
                if isinstance(e.node, m.Fact):
                    read.add((None, e.node.name))
                elif isinstance(e.node, m.Field | m.Finding | m.Happened):
                    read.add((e.node.list, e.node.name))
    assert len(read) > 5 and read <= who.keys()
    shape = policy(county).shape
    places = {(None, f) for f in shape.facts} | {(of, f) for of, x in shape.lists.items() for f in x.fields}
    places |= {(q.list, q.name) for q in shape.findings.values()} | {(of, "") for of in shape.lists}
    assert who.keys() <= places and not who.keys() >= places
    for zh, en in {x for some in who.values() for x in some}:
        assert zh.partition("“")[0] in ("规定", "定义", "参数", "适用范围", "施行") and not re.search(
            "[一-鿿]", en.partition(" (")[0]
        )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("county", DAYS)
def test_notes_choices_and_layout(county: str, lang: str) -> None:
    book, shape, lexicon = empty(county, lang), policy(county).shape, policy(county).lexicon
    remark = "说明" if lang == "zh" else "notes"
    tables = [s for s in book if not s.title.startswith(remark)]
    names = {named(n, lang, lexicon) for n in ("干部", *shape.lists, "认定", "齐备", "变动", "出处")}
    assert {s.title for s in tables} == names
    assert [s.title for s in book.worksheets[:2]] == [remark, named("干部", lang, lexicon)]
    assert book.worksheets[-1].sheet_state == "hidden"
    for sheet in tables:
        assert sheet.freeze_panes in ("B2", "C2")
        for cell in sheet[1]:
            zh, _, en = cell.comment.text.partition("\n")
            assert cell.font.bold and any("\u4e00" <= c <= "\u9fff" for c in zh) and en, (sheet.title, cell.value)
            assert sheet.column_dimensions[cell.column_letter].width >= 12
    of = {c: zh for zh in shape.lists for c in [named(zh, lang, lexicon)]} | {named("干部", lang, lexicon): None}
    for sheet in tables:
        if sheet.title not in of:
            continue
        facts = shape.facts if of[sheet.title] is None else shape.lists[of[sheet.title]].fields
        ranges = {str(d.sqref).partition("2:")[0]: d for d in sheet.data_validations.dataValidation}
        for cell in sheet[1]:
            fact = next((f for f in facts.values() if named(f.name, lang, lexicon) == cell.value), None)
            style = sheet.column_dimensions[cell.column_letter].number_format
            assert style == ("General" if fact is not None and fact.type.kind == "number" else "@")
            if fact is None or fact.type.kind != "finite" or not fact.type.options:
                assert cell.column_letter not in ranges or fact is not None
                continue
            check = ranges[cell.column_letter]
            title, _, at = check.formula1.partition("!")
            letter = at.split("$")[1]
            last = int(at.rpartition("$")[2])
            offered = [book[title.strip("'")][f"{letter}{i}"].value for i in range(1, last + 1)]
            want = Reader(shape, lexicon)
            read = [want.cell(fact.type, o, ("x", "y")) for o in offered]
            assert not want.problems
            values = [value for value, state in read if value is not None]
            assert sorted(values) == [1 << i for i in range(len(fact.type.options) + fact.type.may_be_none)]
            assert [state for _, state in read if state] == ["not_known"]
            assert check.type == "list" and check.errorStyle == "warning" and len(check.error) <= 225


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_writes_a_workbook_that_holds_nobody(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "t.xlsx"
    done = run("template", str(ROOT / "policies" / "daye"), "-o", str(path), "--lang", lang)
    assert done.exit_code == 0 and done.stdout.strip() == str(path)
    assert read_roster(path, policy("daye").shape, policy("daye").lexicon) == []
    again = run("template", str(ROOT / "policies" / "daye"), "-o", str(path), "--lang", lang)
    assert again.exit_code == 2 and "--force" in again.output
    before = path.read_bytes()
    assert run("template", str(ROOT / "policies" / "daye"), "-o", str(path), "--lang", lang, "--force").exit_code == 0
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["t.xlsx"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_asks_what_the_texts_above_ask(tmp_path: Path, lang: str) -> None:
    """Every question of the national layer is there to be chosen and explained; a column says which of its provisions
    reads it, and nothing of the county's is lost."""
    path = tmp_path / "名单"
    county, national = policy("daye"), policy("national")
    args = ("--format", "csv", "--lang", lang)
    assert run("template", str(ROOT / "policies" / "daye"), "-o", str(path), *args).exit_code == 0
    with next(p for p in path.glob("*.csv") if p.stem.startswith(("说明·", "notes "))).open(encoding="utf-8-sig") as f:
        said = {(table, column): "".join(rest) for table, column, *rest in csv.reader(f)}
    regime = Regime(county, (national,))
    words = {column for _, column in said}
    for name in {*county.shape.findings, *national.shape.findings}:
        assert named(name, lang, regime.lexicon) in words, name
    only = next(q for q in national.shape.findings if q not in county.shape.findings)
    assert any("N-1" in x for (_, column), x in said.items() if column == named(only, lang, regime.lexicon))
    assert not any("N-1" in who for both in readers(county).values() for who, _ in both)
    assert readers(regime.together).keys() == readers(county).keys() | readers(national).keys()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_empty_folder_filled_in_decides_the_same(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "名单"
    args = ("template", str(ROOT / "policies" / "daye"), "-o", str(path), "--format", "csv", "--lang", lang)
    assert run(*args).exit_code == 0
    lexicon = policy("daye").lexicon
    assert all(p.read_bytes().startswith(b"\xef\xbb\xbf") for p in path.iterdir())
    for raw in shipped("daye"):
        for name, row in pieces(raw, reader("daye")):
            file = path / f"{named(name, lang, lexicon)}.csv"
            with file.open(encoding="utf-8-sig", newline="") as stream:
                headings = next(csv.reader(stream))
            cells = {named(item, lang, lexicon): line(value) for item, value in row.items()}
            assert cells.keys() <= set(headings)
            with file.open("a", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerow([cells.get(h, "") for h in headings])
    assert decided("daye", path) == decided("daye", ROOT / "policies" / "daye" / "rosters" / "cadres.json")
    refused = run(*args)
    assert refused.exit_code == 2 and "not empty" in refused.output
