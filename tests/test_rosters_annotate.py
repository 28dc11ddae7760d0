"""A roster given back with the outcome beside each person; decisions as tables; progress on a terminal."""

from __future__ import annotations

import csv
import datetime
import io
import json
import sys
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from policy_dsl import model as m
from policy_dsl.check import check
from policy_dsl.cli import main
from policy_dsl.commands.progress import watched
from policy_dsl.decide import Decision, Question, decide
from policy_dsl.diagnostics import Unusable
from policy_dsl.pack import load
from policy_dsl.record import Reader, Record
from policy_dsl.report.annotate import HEADINGS, REASONS, opened
from policy_dsl.report.standing import act_lines
from policy_dsl.report.words import Wording
from policy_dsl.rosters import read_roster
from policy_dsl.rosters.write import write_roster

ROOT = Path(__file__).parent.parent
DAYE = str(ROOT / "policies" / "daye")
SHIPPED = ROOT / "policies" / "daye" / "rosters" / "cadres.json"
DAY = "2018-07-10"


@cache
def policy() -> m.Policy:
    checked = check(load(DAYE))
    assert checked.policy is not None
    return checked.policy


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, args, env={"POLICY_TRACEBACK": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def annotate(roster: Path, out: Path, *options: str, lang: str = "zh") -> Result:
    return run("decide", DAYE, str(roster), "--as-of", DAY, "--annotate", str(out), "--lang", lang, *options)


def records(path: Path) -> list[Record]:
    return read_roster(path, policy().shape, policy().lexicon)


@cache
def few() -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = json.loads(SHIPPED.read_text("utf-8"))["记录"]
    return people[::4]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of these few."""
    path = tmp_path_factory.mktemp("small") / "small.xlsx"
    write_roster(path, few(), Reader(policy().shape, policy().lexicon))
    return path


@cache
def decisions() -> tuple[Decision, ...]:
    day = 736885
    reader = Reader(policy().shape, policy().lexicon)
    people = [reader.record(json.loads(json.dumps(raw), parse_float=Decimal), "") for raw in few()]
    return tuple(decide(policy(), r, Question(day, day)) for r in people if r is not None)


@pytest.fixture
def clerks(tmp_path: Path, small: Path) -> Path:
    """A workbook as a clerk keeps it: coloured, noted, with a drop-down, a filter and notes of their own."""
    book = openpyxl.load_workbook(small)
    sheet = book["干部"]
    sheet["A2"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["A3"].comment = Comment("待核", "某")
    sheet.column_dimensions["A"].width = 33
    sheet.auto_filter.ref = "A1:B9"
    check = DataValidation("list", '"公务员,事业人员"')
    check.add("B2:B99")
    sheet.add_data_validation(check)
    book.create_sheet("说明")["C1"] = "=1+1"
    path = tmp_path / "名单.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_clerks_workbook_comes_back_with_the_outcome_beside_each_person(
    tmp_path: Path, clerks: Path, lang: str
) -> None:
    before, out = clerks.read_bytes(), tmp_path / "out.xlsx"
    done = annotate(clerks, out, lang=lang)
    assert (done.exit_code, done.stdout) == (0, ""), done.output
    assert clerks.read_bytes() == before
    book = openpyxl.load_workbook(out)
    sheet = book["干部"]
    # What was there is as it was.
    assert sheet["A2"].fill.fgColor.rgb == "00FFFF00" and sheet["A3"].comment.text == "待核"
    assert sheet.column_dimensions["A"].width == 33 and sheet.auto_filter.ref == "A1:B9"
    assert [str(d.sqref) for d in sheet.data_validations.dataValidation] == ["B2:B99"]
    assert book["说明"]["C1"].value == "=1+1"
    old = openpyxl.load_workbook(clerks)
    for name in old.sheetnames:
        for row in old[name].iter_rows():
            for cell in row:
                now = book[name][cell.coordinate]
                assert (now.value, now.data_type, now.number_format) == (cell.value, cell.data_type, cell.number_format)
    # The outcome is what the report says.
    w = Wording(policy(), lang)
    columns = {c.value: c.column for c in sheet[1]}
    assert list(columns)[-3:] == list(HEADINGS[lang])
    by_id = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert len(by_id) == len(decisions())
    for d in decisions():
        conclusion, unsettled, missing = (str(by_id[d.record.id][columns[h] - 1].value or "") for h in HEADINGS[lang])
        assert bool(unsettled) == (d.status == "undetermined") and bool(missing) == bool(d.gaps)
        for g in d.gaps:
            assert f"{w.gap_name(g)}{w.paren(w.gap(g.kind))}" in missing.replace("\n", "")
        for line in act_lines(d, w):
            assert line in conclusion.split("\n")
        for c in d.conclusions:
            if c.row is not None and c.arises:
                assert w.status(c.whole) in (conclusion if c.settled else unsettled)
    # A block a person, indented, with the grounds.
    told = [[c for c in row] for row in book[REASONS[lang]].iter_rows(min_row=2)]
    assert list(dict.fromkeys(row[0].value for row in told)) == [d.record.id for d in decisions()]
    assert {row[1].alignment.indent for row in told} >= {0, 1, 2, 3, 4}
    assert any(row[2].value and "Y-07" in row[2].value for row in told)
    heads = [row[1] for row in told if not row[1].alignment.indent]
    assert len(heads) == len(decisions()) and all(c.font.bold for c in heads)


def test_an_annotated_workbook_is_still_the_roster(tmp_path: Path, clerks: Path) -> None:
    out = tmp_path / "out.xlsx"
    annotate(clerks, out)
    assert [r.digest for r in records(out)] == [r.digest for r in records(clerks)]
    again, english = tmp_path / "again.xlsx", tmp_path / "english.xlsx"
    assert annotate(out, again).exit_code == annotate(out, english, lang="en").exit_code == 0
    first, second, third = (openpyxl.load_workbook(p) for p in (out, again, english))
    assert first.sheetnames == second.sheetnames
    assert third.sheetnames == [*first.sheetnames[:-1], REASONS["en"]]
    for name in first.sheetnames:
        assert [r for r in first[name].values] == [r for r in second[name].values]
    # One outcome, in one language.
    assert third["干部"].max_column == first["干部"].max_column
    assert [c.value for c in third["干部"][1]][-3:] == list(HEADINGS["en"])


@pytest.mark.parametrize("form", ["json", "csv", "parquet"])
def test_a_roster_of_another_form_gets_a_new_workbook(tmp_path: Path, form: str) -> None:
    raw = few()
    path = tmp_path / (f"r.{form}" if form.startswith("json") else form)
    write_roster(path, raw, Reader(policy().shape, policy().lexicon), form)
    out = tmp_path / "out.xlsx"
    assert annotate(path, out).exit_code == 0
    assert [r.id for r in records(out)] == [r["编号"] for r in raw]
    workbook, other = tmp_path / "r.xlsx", tmp_path / "from-xlsx.xlsx"
    write_roster(workbook, raw, Reader(policy().shape, policy().lexicon))
    annotate(workbook, other)
    want, got = (openpyxl.load_workbook(p) for p in (other, out))
    assert [row[-3:] for row in got["干部"].values] == [row[-3:] for row in want["干部"].values]
    assert list(got[REASONS["zh"]].values) == list(want[REASONS["zh"]].values)


def test_reasons_that_fill_a_sheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy_dsl.report.annotate.MOST_ROWS", 120)
    monkeypatch.setattr("policy_dsl.rosters.write.MOST_ROWS", 20)
    roster, out, table = (tmp_path / n for n in ("r.json", "out.xlsx", "t.xlsx"))
    roster.write_text(json.dumps(few(), ensure_ascii=False), "utf-8")
    done = annotate(roster, out, "--format", "xlsx", "-o", str(table))
    assert done.exit_code == 0
    book = openpyxl.load_workbook(out)
    sheets = [book[n] for n in book.sheetnames if n.startswith(REASONS["zh"])]
    assert len(sheets) > 1 and all(s.max_row <= 120 and s["A1"].value == "编号" for s in sheets)
    people = [row[0] for s in sheets for row in s.iter_rows(min_row=2, values_only=True)]
    assert list(dict.fromkeys(people)) == [r["编号"] for r in few()]
    rows = [row for s in openpyxl.load_workbook(table) for row in s.iter_rows(min_row=2, values_only=True)]
    whole = run("decide", DAYE, str(roster), "--as-of", DAY, "--format", "csv", "--lang", "zh").stdout
    assert len(rows) == len(whole.splitlines()) - 1 > 20


# What is there stays.


def test_nothing_is_replaced_unless_told(tmp_path: Path, clerks: Path) -> None:
    before = clerks.read_bytes()
    refused = annotate(clerks, clerks)
    assert refused.exit_code == 2 and "--force" in refused.output and clerks.read_bytes() == before
    assert annotate(clerks, clerks, "--force").exit_code == 0
    assert REASONS["zh"] in openpyxl.load_workbook(clerks).sheetnames
    for out, says in ((tmp_path / "out.csv", ".xlsx"), (tmp_path / "none" / "out.xlsx", "no such folder")):
        result = annotate(clerks, out)
        assert result.exit_code == 2 and says in result.output and not out.exists()
    both = annotate(clerks, tmp_path / "o.xlsx", "--format", "xlsx", "-o", str(tmp_path / "o.xlsx"))
    assert both.exit_code == 2


@pytest.mark.parametrize("form", ["annotate", "xlsx", "csv", "jsonl"])
def test_a_file_is_whole_or_not_there(tmp_path: Path, clerks: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    def failing(*args: Any, **more: Any) -> Decision:
        nonlocal count
        count += 1
        if count > 5:
            raise KeyError("fails on purpose")
        return decide(*args, **more)

    monkeypatch.setattr("policy_dsl.above.decide", failing)
    out = tmp_path / "out.xlsx"
    before = sorted(p.name for p in tmp_path.iterdir())
    if form == "annotate":
        result = annotate(clerks, out)
    else:
        result = run("decide", DAYE, str(clerks), "--as-of", DAY, "--format", form, "-o", str(out))
    assert result.exit_code == 4 and count == 6
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_macros_and_links_are_refused_and_what_is_lost_is_said(tmp_path: Path, clerks: Path) -> None:
    def with_part(name: str) -> Path:
        path = tmp_path / f"{Path(name).stem}.xlsx"
        path.write_bytes(clerks.read_bytes())
        with zipfile.ZipFile(path, "a") as package:
            package.writestr(name, b"<x/>")
        return path

    for part, zh, en in (
        ("xl/vbaProject.bin", "宏", "macros"),
        ("xl/externalLinks/externalLink1.xml", "外部链接", "links to other"),
        ("xl/activeX/a.bin", "控件", "controls"),
        ("xl/embeddings/o.bin", "嵌入", "embedded"),
    ):
        with pytest.raises(Unusable) as error:
            opened(with_part(part))
        (d,) = error.value.diagnostics
        assert d.code == "R100" and zh in d.message("zh") and en in d.message("en")
        out = tmp_path / "out.xlsx"
        result = annotate(tmp_path / f"{Path(part).stem}.xlsx", out)
        assert result.exit_code == 3 and not out.exists()
    macro = tmp_path / "m.xlsm"
    macro.write_bytes(clerks.read_bytes())
    assert annotate(macro, tmp_path / "out.xlsx").exit_code == 3
    for lang, says in (("zh", "不保留：自定义数据"), ("en", "not kept in the workbook given back: custom data")):
        done = annotate(with_part("customXml/item1.xml"), tmp_path / f"{lang}.xlsx", lang=lang)
        assert done.exit_code == 0 and says in done.stderr
    assert opened(clerks)[1] == []


# Nothing written is a formula.

BEGINNINGS = ("=1+1", "+1", "-1", "@甲", "\t=1")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_cell_of_a_person_becomes_a_formula(tmp_path: Path, lang: str) -> None:
    people = [{"编号": f"{b[0]}甲{i}"} for i, b in enumerate(("+", "-", "@"))]
    people.append({"编号": "甲", "容错事项": [{"编号": "@1", "发生日": "2018-01-01", "来源": "+cmd|'/c calc'!A1"}]})
    path = tmp_path / "r.json"
    path.write_text(json.dumps(people, ensure_ascii=False), "utf-8")
    out, table, text = (tmp_path / n for n in ("out.xlsx", "t.xlsx", "t.csv"))
    assert annotate(path, out, lang=lang).exit_code == 0
    for file, form in ((table, "xlsx"), (text, "csv")):
        assert (
            run("decide", DAYE, str(path), "--as-of", DAY, "--format", form, "-o", str(file), "--lang", lang).exit_code
            == 0
        )
    for file in (out, table):
        for sheet in openpyxl.load_workbook(file):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f"
                    if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                        assert cell.data_type == "s" and cell.quotePrefix
    raw = text.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {"'+甲0", "'-甲1", "'@甲2", "甲"}
    assert not [c for row in rows for c in row if c.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_text_that_looks_like_a_formula(tmp_path: Path, beginning: str) -> None:
    from policy_dsl.rosters.write import enter, line

    book = openpyxl.Workbook()
    assert book.active is not None
    enter(book.active["A1"], beginning, tmp_path)
    book.save(tmp_path / "x.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0]["A1"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (beginning, "s", True)
    assert line(beginning) == f"'{beginning}"


# Tables for analysts.


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_row_for_each_person_and_effect(tmp_path: Path, small: Path, lang: str) -> None:
    asked = ("decide", DAYE, str(small), "--as-of", DAY, "--lang", lang)
    printed = run(*asked, "--format", "csv").stdout
    for form in ("csv", "xlsx"):
        assert run(*asked, "--format", form, "-o", str(tmp_path / f"t.{form}")).exit_code == 0
    rows = list(csv.reader(io.StringIO(printed)))
    assert rows == list(csv.reader(io.StringIO((tmp_path / "t.csv").read_bytes().decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]
    assert [[c or "" for c in row] for row in sheet.values] == rows
    w = Wording(policy(), lang)
    want = []
    for d in decisions():
        arising = [c for c in d.conclusions if c.arises]
        want += [(d.record.id, w.effect(c.effect), w.status(c.printed), w.status(c.whole)) for c in arising]
        want += [] if arising else [(d.record.id, "", "", "")]
    assert [(row[0], row[2], row[5], row[6]) for row in rows[1:]] == want
    assert run(*asked, "--format", "xlsx").exit_code == 2


def test_a_file_holds_what_the_terminal_shows(tmp_path: Path) -> None:
    roster = tmp_path / "r.json"
    roster.write_text(json.dumps(few(), ensure_ascii=False), "utf-8")
    asked = ("decide", DAYE, str(roster), "--as-of", DAY, "--lang", "zh")
    for form in ("text", "json", "jsonl", "opinion"):
        out = tmp_path / form
        done = run(*asked, "--format", form, "-o", str(out))
        assert (done.exit_code, done.stdout) == (0, "")
        assert out.read_text("utf-8") == run(*asked, "--format", form).stdout


def test_what_was_guessed_is_said_in_the_language_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "名单"
    folder.mkdir()
    (folder / "干部.csv").write_bytes("编号\n甲\n".encode("gb18030"))
    (folder / "说明.csv").write_bytes("编码".encode("gb18030"))
    for command in ("decide", "explain"):
        for lang, says in (
            ("zh", "干部.csv：不是 UTF-8，按 GB18030 读"),
            ("en", "干部.csv: not UTF-8, read as GB18030"),
        ):
            done = run(command, DAYE, str(folder), "--as-of", DAY, "--lang", lang)
            assert done.exit_code == 0 and says in done.stderr and "甲" in done.stdout


# Progress.


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(x * 0.15 for x in range(100))
    monkeypatch.setattr("policy_dsl.commands.progress.time.monotonic", lambda: next(now))
    to = Terminal()
    assert list(watched(range(5), 5, "zh", to=to)) == list(range(5))
    assert "/5" in to.getvalue() and to.getvalue().endswith("5 人，用时 0:01\n")
    to = Terminal()
    assert list(watched(range(5), 5, "en", to=to)) == list(range(5)) and "about" in to.getvalue()
    for stream, quiet in ((io.StringIO(), False), (Terminal(), True)):
        assert list(watched(range(5), 5, "zh", quiet, stream)) == list(range(5)) and stream.getvalue() == ""


@pytest.mark.parametrize(("lang", "says"), [("zh", "要装 openpyxl（pip install 'policy-dsl[xlsx]'）"), ("en", "openpyxl must be installed (pip install 'policy-dsl[xlsx]')")])
def test_a_form_whose_library_is_missing_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, says: str
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    done = run("template", DAYE, "-o", str(tmp_path / "t.xlsx"), "--lang", lang)
    assert (done.exit_code, done.stderr.strip()) == (3, says) and not list(tmp_path.iterdir())


def test_an_annotated_roster_does_not_tell_when_it_was_written(tmp_path: Path, small: Path) -> None:
    """Made twice it is the same bytes; when the clerk's own workbook was made is kept."""
    roster, out = tmp_path / "roster.xlsx", tmp_path / "out.xlsx"
    book = openpyxl.load_workbook(small)
    book.properties.created = datetime.datetime(2018, 7, 1, 8, 30)
    book.save(roster)
    assert annotate(roster, out).exit_code == 0
    with zipfile.ZipFile(out) as package:
        assert {x.date_time[0] for x in package.infolist()} == {1980}
    made = openpyxl.load_workbook(out).properties
    assert made.created == datetime.datetime(2018, 7, 1, 8, 30) and made.modified.year == 1980
