"""Every form of roster holds what a record says: written and read back it is the same record, and misfits are named."""

from __future__ import annotations

import codecs
import datetime
import json
import random
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import generate
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyarrow.parquet import write_table

from policy_dsl import model as m
from policy_dsl.catalogue import CATALOGUE
from policy_dsl.check import check
from policy_dsl.diagnostics import Unusable
from policy_dsl.pack import load
from policy_dsl.record import STATES, Reader, Record, Rows
from policy_dsl.rosters import open_roster, read_roster
from policy_dsl.rosters.tables import WRITTEN, WRITTEN_ENGLISH
from policy_dsl.rosters.write import write_roster
from policy_dsl.shapes import ENGLISH_KEYS

ROOT = Path(__file__).parent.parent
COUNTIES = ("fenggang", "dongtou", "daye", "wuzhong", "moxian")
FORMS = ("json", "jsonl", "xlsx", "csv", "parquet")
SOURCES = (
    "考勤",
    "+86 1234",
    "-见卷宗",
    "@某",
    "'=撇号",
    "''",
    "'平常",
    "一，二、三\n第二行",
    '"引"号',
    "007",
    "是",
    "不明",
    "1.50",
    "1e5",
    "<&>",
    "_x000D_",
)
Raw = dict[str, Any]


@cache
def policy(county: str) -> m.Policy:
    checked = check(load(ROOT / "policies" / county))
    assert checked.policy is not None
    return checked.policy


def reader(county: str) -> Reader:
    return Reader(policy(county).shape, policy(county).lexicon)


def read(county: str, path: Path) -> list[Record]:
    return read_roster(path, policy(county).shape, policy(county).lexicon)


def written(county: str, records: list[Raw], form: str, folder: Path, lang: str = "zh") -> Path:
    path = folder / (f"r.{form}" if form in ("json", "jsonl", "xlsx") else f"r-{form}")
    write_roster(path, records, reader(county), form, lang)
    return path


def same(record: Record, shape: m.Shape) -> Any:
    """All a record says, but for how it was spelt."""
    lists = {}
    for name, listed in shape.lists.items():
        rows = record.lists.get(name, Rows(date=listed.date))
        lists[name] = [(r.id, dict(r.values)) for r in rows.known], rows.open, rows.complete_until, rows.date
    rest = (record.facts, record.findings, record.states, record.sources, record.assumed, record.answers)
    return (
        record.id,
        lists,
        *({k: x for k, x in part.items() if x != "not_asked"} if isinstance(part, dict) else part for part in rest),
    )


# Round trips.


def people(seed: int, shape: m.Shape, size: int) -> list[Raw]:
    """Records grown, some of their cells with a source or an assumption."""
    rng = random.Random(seed)
    records = []
    for i in range(size):
        raw = generate.person(rng, shape) | {"编号": f"{i:03}"}
        rows = [raw, *(row for x in raw.values() if isinstance(x, dict) and "行" in x for row in x["行"])]
        for row in rows:
            for name in list(row):
                plain = not isinstance(row[name], list) and not (isinstance(row[name], dict) and "行" in row[name])
                if name not in ("编号", "认定", "齐备") and plain and rng.random() < 0.15:
                    noted = {"值": row[name], rng.choice(("来源", "假定")): rng.choice(SOURCES)}
                    row[name] = noted
            if row is not raw and rng.random() < 0.3:
                row["来源"] = rng.choice(SOURCES)
        for finding in raw.get("认定", ()):
            if rng.random() < 0.3:
                finding |= {"理由": rng.choice(SOURCES), "机关": "某组", "认定日": generate.iso(generate.a_day(rng))}
        records.append(raw)
    return records


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(seed=st.integers(0, 10**9), lang=st.sampled_from(["zh", "en"]))
def test_a_record_is_the_same_in_every_form(
    tmp_path_factory: pytest.TempPathFactory, form: str, seed: int, lang: str
) -> None:
    shape = policy("daye").shape
    records = people(seed, shape, 3)
    folder = tmp_path_factory.mktemp("forms")
    want = read("daye", written("daye", records, "jsonl", folder))
    (folder / "other").mkdir()
    got = read("daye", written("daye", records, form, folder / "other", lang))
    assert [same(r, shape) for r in got] == [same(r, shape) for r in want]
    if form.startswith("json"):
        assert [r.digest for r in got] == [r.digest for r in want]


@pytest.mark.parametrize("county", COUNTIES)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_shipped_roster_in_another_form(tmp_path: Path, county: str, form: str) -> None:
    shipped = ROOT / "policies" / county / "rosters" / "cadres.json"
    records = json.loads(shipped.read_text("utf-8"), parse_float=Decimal)["记录"]
    shape = policy(county).shape
    got = open_roster(written(county, records, form, tmp_path), shape, policy(county).lexicon)
    assert [same(r, shape) for r in got] == [same(r, shape) for r in read(county, shipped)]
    assert len(got) == len(records) and got.held is None


# Folders of CSV.

CONDUCT = "干部编号,编号,发生日,类型\n"


def folder(tmp_path: Path, encoding: str = "utf-8", **files: str) -> Path:
    path = tmp_path / "名单"
    path.mkdir()
    for name, text in files.items():
        (path / f"{name}.csv").write_bytes(text.encode(encoding))
    return path


def misfits(path: Path, lang: str = "zh") -> list[tuple[str, str]]:
    with pytest.raises(Unusable) as error:
        read("fenggang", path)
    return [(d.code, d.message(lang)) for d in error.value.diagnostics]


@pytest.mark.parametrize(
    ("encoding", "guessed"),
    [("utf-8", False), ("utf-8-sig", False), ("utf-16", False), ("gb18030", True)],
)
def test_a_folder_in_every_encoding_and_what_was_guessed_is_said(tmp_path: Path, encoding: str, guessed: bool) -> None:
    # 𠮷 is in GB18030 and not in GBK.
    path = folder(
        tmp_path, encoding, 干部="编号,身份,单位\n007,公务员,𠮷镇\n", 行为=CONDUCT + "007,1,2016-08-01,迟到\n"
    )
    roster = open_roster(path, policy("fenggang").shape, policy("fenggang").lexicon)
    (record,) = roster
    assert record.id == "007" and record.facts["单位"] == ("𠮷镇", "𠮷镇", False)
    assert record.lists["行为"].known[0].values["类型"] == 1
    assert len(roster.notes) == (2 if guessed else 0)
    assert all("GB18030" in side for note in roster.notes for side in note.split("\t"))


def test_big_endian_tabs_semicolons_and_line_ends(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "cadres.csv").write_bytes(codecs.BOM_UTF16_BE + "id\tidentity\r\n甲\tcivil_servant\r\n".encode("utf-16-be"))
    (path / "conduct.csv").write_bytes("cadre;id;happened_on\r甲;1;2016-08-01\r".encode())
    (path / "说明.csv").write_text("随便写", "utf-8")
    (path / ".行为.csv").write_text("隐藏", "utf-8")
    (record,) = read("fenggang", path)
    assert record.id == "甲" and len(record.lists["行为"].known) == 1


@pytest.mark.parametrize(
    ("files", "code", "says"),
    [
        ({"干部": "编号,身份\n3.30325E+17,公务员\n"}, "R107", "干部 第2行：“3.30325E+17”"),
        ({"干部": "编号,身份\n甲,公务员\n330325198001011234.0,公务员\n"}, "R107", "干部 第3行"),
        ({"干部": "编号\n甲\n", "行为": CONDUCT + "甲,1,42583,迟到\n"}, "R121", "行为 第2行 发生日：“42583”"),
        ({"干部": "编号\n甲\n", "行为": CONDUCT + "甲,1,2016.08,迟到\n"}, "R122", "行为 第2行 发生日：“2016.08”"),
        ({"干部": "编号\n甲\n", "行为": CONDUCT + "甲,1,20160801,迟到\n"}, "R122", "行为 第2行 发生日"),
        ({"干部": "编号\n甲\n", "行为": CONDUCT + "甲,1,########,迟到\n"}, "R102", "行为 第2行 发生日：“########”"),
        ({"干部": "编号\n甲\n", "行为": CONDUCT + "\n甲,1,何日,迟到\n"}, "R102", "行为 第3行 发生日：“何日”不是日期"),
        ({"干部": "编号\n甲\n", "行为": CONDUCT + "甲,1,2016-08-01,=A1\n"}, "R109", "行为 第2行 类型"),
        ({"干部": "编号\n甲\n", "行为": CONDUCT + "甲,1,2016-08-01,迟到,多出\n"}, "R101", "第5列（没有列名）"),
        ({"干部": "编号\n甲\n", "行为": CONDUCT + "乙,1,2016-08-01,迟到\n"}, "R106", "行为 第2行"),
        ({"干部": "编号,身份（年.月）\n甲,公务员\n"}, "R111", "干部 身份（年.月）：这里应是日期的列"),
        ({"干部": "编号\n甲\n", "奖惩": "干部编号\n甲\n"}, "R101", "没有“奖惩”"),
        ({"名单": "编号\n甲\n"}, "R100", "没有“干部”这张表"),
        ({"干部": '编号,身份\n甲,"公务员\n'}, "R100", "干部.csv 第"),
        ({"干部": "编号\n甲\n", "cadres": "id\nA\n"}, "R111", "每样内容一张表"),
    ],
)  # fmt: skip
def test_a_misfit_in_a_folder_is_refused_by_file_row_and_column(
    tmp_path: Path, files: dict[str, str], code: str, says: str
) -> None:
    problems = misfits(folder(tmp_path, **files))
    assert any(c == code and says in message for c, message in problems), problems


def test_every_misfit_of_a_folder_at_once(tmp_path: Path) -> None:
    path = folder(
        tmp_path, 干部="编号,身份\n1.5E+17,公务员\n甲,皇帝\n", 行为=CONDUCT + "甲,1,42583,迟到\n甲,2,2016.8,起晚\n"
    )
    assert [code for code, _ in misfits(path)] == ["R102", "R102", "R107", "R121", "R122"]


def test_bytes_of_no_encoding_are_refused(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "干部.csv").write_bytes(b"\xff\x80\xff,\xfe")
    assert [code for code, _ in misfits(path)] == ["R100"]
    (path / "干部.csv").write_bytes("编号\n甲\n".encode("utf-16-le"))
    assert [code for code, _ in misfits(path)] == ["R100"]


def test_a_folder_of_two_forms_and_a_table_alone_are_refused(tmp_path: Path) -> None:
    path = folder(tmp_path)
    assert "没有 .csv" in misfits(path)[0][1] and "no .csv" in misfits(path, "en")[0][1]
    (path / "干部.csv").write_text("编号\n甲\n", "utf-8")
    assert misfits(path / "干部.csv")[0][0] == "R100"
    (path / "r.json").write_text("[]", "utf-8")
    assert "另一种名单" in misfits(path)[0][1]
    assert "another form" in misfits(path, "en")[0][1]


@pytest.mark.parametrize("county", COUNTIES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_written_is_a_formula(tmp_path: Path, county: str, form: str) -> None:
    raw = {"编号": "甲", "行为": [{"编号": "1", "来源": s} for s in ("+1", "-1+1", "@sum", "'=1")][:6]}
    raw["行为"] = [row | {"编号": str(i)} for i, row in enumerate(raw["行为"])]
    path = written(county, [raw], form, tmp_path)
    if form == "csv":
        cells = [
            cell for line in (path / "行为.csv").read_text("utf-8-sig").splitlines()[1:] for cell in line.split(",")
        ]
        assert not [c for c in cells if c.strip('"').startswith(("=", "+", "-", "@", "\t"))]
    else:
        sheet = openpyxl.load_workbook(path)["行为"]
        assert {c.data_type for row in sheet.iter_rows() for c in row} == {"s"}
    assert dict.fromkeys(read(county, path)[0].sources.values()) == {row["来源"]: None for row in raw["行为"]}


def test_a_character_no_workbook_keeps_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="no workbook can keep"):
        written("daye", [{"编号": "甲", "单位": "a\x00b"}], "xlsx", tmp_path)
    assert list(tmp_path.iterdir()) == []


# Dates as cadre tables write them.


@pytest.mark.parametrize(
    ("mark", "cell", "want"),
    [
        ("（年.月）", "1975.08", "1975-08"), ("(年.月)", "1975.10", "1975-10"), ("（年.月）", "1975.8", "1975-08"),
        ("(yyyy.mm)", "1975.12", "1975-12"), ("（年.月.日）", "1975.8.1", "1975-08-01"), ("(yyyy.mm.dd)", "1975.08.31", "1975-08-31"),
        ("（年月）", "197508", "1975-08"), ("(yyyymm)", "197512", "1975-12"), ("（年月日）", "19750801", "1975-08-01"),
        ("(yyyymmdd)", "19751231", "1975-12-31"), ("（年.月）", "1975-08-02", "1975-08-02"), ("（年.月）", "1975年", "1975"),
        ("（年.月）", "不明", None),
    ],
)  # fmt: skip
def test_a_date_is_read_as_its_heading_says(tmp_path: Path, mark: str, cell: str, want: str | None) -> None:
    (record,) = read("fenggang", folder(tmp_path, 干部=f"编号,出生日{mark}\n甲,{cell}\n"))
    plain = Reader(policy("fenggang").shape, policy("fenggang").lexicon).record({"编号": "甲", "出生日": want}, "")
    assert plain is not None and record.facts == plain.facts and bool(record.facts) == (want is not None)


@pytest.mark.parametrize("cell", ["1975.1", "1975.13", "1975.00", "75.08", "1975.8.1", "197508"])
def test_a_month_that_is_not_certain_is_refused(tmp_path: Path, cell: str) -> None:
    ((code, message),) = misfits(folder(tmp_path, 干部=f"编号,出生日（年.月）\n甲,{cell}\n"))
    assert code in ("R110", "R121", "R122") and f"“{cell}”" in message


def test_a_workbook_keeps_1975_10_as_a_figure(tmp_path: Path) -> None:
    """A figure 1975.1 is January or October; 1975.08 can only be August."""
    path = tmp_path / "r.xlsx"
    for figure, code in ((1975.1, "R122"), (1975.08, None), (27607, "R121")):
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.title = "干部"
        for row in (["编号", "出生日（年.月）"], ["甲", figure]):
            book.active.append(row)
        book.save(path)
        assert (misfits(path)[0][0] if code else read("fenggang", path)[0].facts["出生日"]) == (
            code or (721201, 721231, False)
        )


def test_a_column_that_is_a_remark_says_nothing(tmp_path: Path) -> None:
    (record,) = read("fenggang", folder(tmp_path, 干部="编号,说明·结论,notes\n甲,应当召回,=1\n"))
    assert (record.id, dict(record.facts)) == ("甲", {})


# Parquet.


def test_one_file_of_nested_columns(tmp_path: Path) -> None:
    raw: Raw = {
        "编号": "甲", "身份": "公务员", "出生日": datetime.date(1975, 8, 1), "单位": [{"自": "2015-01-01", "值": "某镇"}],
        "行为": [{"编号": "1", "发生日": datetime.datetime(2016, 8, 1), "类型": "迟到", "天数": 3}, {"编号": "2", "发生日": None, "类型": "不明", "天数": None}],
        "齐备": {"行为": "2016-09-01"}, "认定": [{"问题": "属实", "所属": "行为", "所属编号": "1", "答": "是"}],
    }  # fmt: skip
    path = tmp_path / "r.parquet"
    write_table(pa.Table.from_pylist([raw, {"编号": "乙", "身份": None}]), path)
    first, second = open_roster(path, policy("fenggang").shape, policy("fenggang").lexicon)
    plain = json.loads(
        json.dumps(raw, default=lambda x: x.date().isoformat() if isinstance(x, datetime.datetime) else x.isoformat())
    )
    want = reader("fenggang").record(plain, "")
    assert want is not None and same(first, policy("fenggang").shape) == same(want, policy("fenggang").shape)
    assert (second.id, dict(second.facts), dict(second.lists)) == ("乙", {}, {})


@pytest.mark.parametrize(
    ("raw", "code", "says"),
    [
        ({"编号": 3.3e17}, "R107", "第1人"),
        ({"编号": "甲", "出生日": 27607}, "R121", "出生日"),
        ({"编号": "甲", "出生日": 1975.08}, "R122", "1975.08"),
        ({"编号": "甲", "出生日": True}, "R102", "出生日"),
        ({"编号": "甲", "行为": [{"编号": "1", "颜色": "红"}]}, "R101", "颜色"),
        ({"身份": "公务员"}, "R104", "第1人"),
    ],
)  # fmt: skip
def test_a_misfit_in_parquet_is_refused(tmp_path: Path, raw: Raw, code: str, says: str) -> None:
    path = tmp_path / "r.parquet"
    write_table(pa.Table.from_pylist([raw]), path)
    problems = misfits(path)
    assert any(c == code and says in message for c, message in problems), problems


def test_a_damaged_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    write_table(pa.Table.from_pylist([{"编号": "甲"}]), path)
    path.write_bytes(path.read_bytes()[:-7])
    assert misfits(path)[0][0] == "R100"
    names = pa.schema([("编号", pa.string()), ("编号", pa.string())])
    write_table(pa.table([["甲"], ["乙"]], schema=names), path)
    assert "两列同名" in misfits(path)[0][1]


# Long rosters.


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_long_roster_is_read_a_record_at_a_time(tmp_path: Path, form: str) -> None:
    import tracemalloc

    def persons(n: int) -> list[Raw]:
        return [
            {"编号": f"{i:05}", "身份": "公务员", "行为": [{"编号": "1", "发生日": "2016-08-01", "类型": "迟到"}]}
            for i in range(n)
        ]

    peaks = []
    for size in (200, 1500):
        (tmp_path / str(size)).mkdir()
        path = written("fenggang", persons(size), form, tmp_path / str(size))
        tracemalloc.start()
        roster = open_roster(path, policy("fenggang").shape, policy("fenggang").lexicon)
        assert len(roster) == size == sum(len(r.lists["行为"].known) for r in roster)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # What grows with the roster is the set of numbers alone.
    assert peaks[1] < peaks[0] + 1300 * 400, peaks


# The page for clerks.


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_names_every_state_table_mark_and_finding(lang: str) -> None:
    page = (ROOT / "docs" / f"rosters.{lang}.md").read_text("utf-8")
    chinese = re.compile("[\u4e00-\u9fff]")
    states = [s for s in (*STATES, "无", "not_applicable") if s and bool(chinese.search(s)) == (lang == "zh")]
    marks = WRITTEN if lang == "zh" else WRITTEN_ENGLISH
    findings = [c for c in CATALOGUE if c.startswith("R1")]
    columns = [
        x for key in ENGLISH_KEYS.values() for x in [key] if key in ("编号", "干部编号", "取代", "认定日", "假定")
    ]
    tables = ("齐备", "认定", "变动", "出处")
    for word in (
        *states,
        *marks,
        *findings,
        *tables,
        *(columns if lang == "zh" else ()),
        "--annotate",
        "--force",
        "--known-as-of",
    ):
        assert word in page, word
    assert set(re.findall(r"\bR1\d\d\b", page)) == set(findings)


def test_what_the_page_says_a_cell_may_hold_is_read(tmp_path: Path) -> None:
    """Each line of both pages' tables of cells, read where a cell of its kind stands."""
    for lang, heads in (("zh", ("迟到或早退", "至少")), ("en", ("late or early_leave", "at_least"))):
        page = (ROOT / "docs" / f"rosters.{lang}.md").read_text("utf-8")
        cells = [line.split(" | ")[0].lstrip("| ") for line in page.splitlines() if line.startswith("| ")]
        kinds = {heads[0]: "类型", heads[1]: "天数", "2018-05-01": "发生日", "2018-05": "发生日", heads[0][:2]: "类型"}
        tried = 0
        for cell in cells:
            item = next((column for start, column in kinds.items() if cell.startswith(start)), None)
            if item is not None:
                values = [cell] if "at_least" in cell or "至少" in cell or item == "类型" else re.split("[、,] ?", cell)
                for value in values:
                    raw = {"编号": "甲", "行为": [{"编号": "1", item: value}]}
                    want = reader("fenggang")
                    record = want.record(raw, "")
                    assert record is not None and not want.problems, (value, [d.message("zh") for d in want.problems])
                    tried += item in record.lists["行为"].known[0].values
        assert tried >= 6
