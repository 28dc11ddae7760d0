"""The shipped rosters show what their tables say, in both forms, and between them every kind of outcome.

Besides: what a roster may hold, and what is refused rather than guessed at.
"""

from __future__ import annotations

import datetime
import json
import re
import runpy
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from policy_dsl import model as m
from policy_dsl.check import check
from policy_dsl.check.symbols import BUILT_IN_READINGS
from policy_dsl.decide import Decision, Question, decide
from policy_dsl.diagnostics import Unusable
from policy_dsl.language.keywords import DEFAULT_LAYERS, word
from policy_dsl.pack import load
from policy_dsl.record import Record
from policy_dsl.report.json import plain
from policy_dsl.report.words import GAPS
from policy_dsl.rosters import read_roster

ROOT = Path(__file__).parent.parent
# The day each roster is decided on, and the layer its rules have besides those always admitted.
COUNTIES = {
    "fenggang": ("2016-09-30", "hypothetical"),
    "dongtou": ("2019-12-31", "plan"),
    "daye": ("2018-07-10", "comparator"),
    "wuzhong": ("2018-09-30", "plan"),
    "moxian": ("2022-03-31", "comparator"),
}
BOUNDED = {
    "fenggang": set(),
    "dongtou": {"DT14", "DT29"},
    "daye": {"DY24"},
    "wuzhong": {"WZ33"},
    "moxian": {"MX26"},
}
SPREADSHEET = ROOT / "tools" / "make_workbooks.py"


def folder(county: str) -> Path:
    return ROOT / "policies" / county / "rosters"


@cache
def policy(county: str) -> m.Policy:
    checked = check(load(ROOT / "policies" / county))
    assert checked.policy is not None
    return checked.policy


def read(county: str, path: Path) -> list[Record]:
    return read_roster(path, policy(county).shape, policy(county).lexicon)


@cache
def records(county: str, form: str = "json") -> dict[str, Record]:
    return {r.id: r for r in read(county, folder(county) / f"cadres.{form}")}


def day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


def question(county: str, options: str = "") -> Question:
    """The question that options of the command put, on the county's day."""
    as_of = day(COUNTIES[county][0])
    known, readings, layers = as_of, {}, set(DEFAULT_LAYERS)
    words = iter(shlex.split(options))
    for option in words:
        value = next(words)
        if option == "--known-as-of":
            known = day(value)
        elif option == "--layers":
            layers.add(value.removeprefix("+"))
        else:
            assert option == "--reading", option
            name, _, alternative = value.partition("=")
            readings[name] = alternative
    return Question(as_of, known, readings, frozenset(layers))


@cache
def decision(county: str, person: str, options: str = "") -> Decision:
    return decide(policy(county), records(county)[person], question(county, options))


@cache
def told(county: str, person: str, options: str = "") -> dict[str, Any]:
    return plain(decision(county, person, options))


def every() -> Iterator[tuple[str, str, str]]:
    for county, (_, layer) in COUNTIES.items():
        for person in records(county):
            for options in ("", f"--layers +{layer}"):
                yield county, person, options


# The table of each README.


@cache
def table(county: str) -> list[tuple[str, ...]]:
    """Its lines: number, options, conclusion, status, where to look, and what it shows in both languages."""
    rows = []
    for line in (folder(county) / "README.md").read_text("utf-8").splitlines():
        if re.match(r"\| [A-Z]{2}\d\d \|", line):
            rows.append(tuple(part.strip().strip("`") for part in line.strip("|").split(" | ")))
    return rows


ROWS = [(county, row) for county in COUNTIES for row in table(county)]


def said(statuses: list[str]) -> str:
    return word("STATUS", statuses[0], "zh") if len(statuses) == 1 else "未定"


@pytest.mark.parametrize(("county", "row"), ROWS, ids=lambda x: x[0] if isinstance(x, tuple) else x)
def test_each_person_shows_what_the_table_says(county: str, row: tuple[str, ...]) -> None:
    person, options, conclusion, status, look, zh, en = row
    d = told(county, person, options)
    found = re.fullmatch(r"([^（]+)(?:（(\S+) (\S+)）)?", conclusion)
    assert found is not None and zh and en
    element = {"list": found[2], "id": found[3]} if found[2] else None
    effect = next(e for e in d["effects"] if (e["name"], e["element"]) == (found[1], element))
    printed, whole = said(effect["printed"]), said(effect["whole"])
    assert status == (whole if printed == whole else f"就已载明者 {printed}、全文 {whole}")
    looked(look, d, effect)


def looked(look: str, d: dict[str, Any], effect: dict[str, Any]) -> None:
    """What the table says to look at is there."""
    key, _, value = look.partition(" ")
    at = (effect["name"], effect["element"])
    if key == "missing":
        here = [g["kind"] for g in d["missing"] if any((c["name"], c["element"]) == at for c in g["changes"])]
        assert value in here, here
    elif key == "turns_on":
        names = {n for t in d["turns_on"] for a in t["alternatives"] for n in a["readings"]}
        assert value in names, names
    elif key == "same_whichever":
        conclusion = next(c for c in decision_of(d).conclusions if (c.effect, element_of(c)) == at)
        assert value in conclusion.same_whichever
    elif key == "status":
        assert d["status"] == value
    elif key == "awaits_exception":
        assert effect["awaits_exception"]
    elif key == "assumptions":
        assert value in [a["what"] for a in d["assumptions"] if a["by"] == "复核人" or a["by"].startswith("县")]
    elif key == "findings":
        answers = decision_of(d).record.answers
        assert any(a.id == value and a.replaces for a in answers)
    elif key == "periods":
        assert value in [p.get("running") for p in effect["periods"]]
    else:
        assert not key


def decision_of(d: dict[str, Any]) -> Decision:
    county = next(c for c in COUNTIES if policy(c).name == d["regime"])
    return decision(county, d["subject"])


def element_of(c: Any) -> dict[str, Any] | None:
    return None if c.row is None else {"list": c.list, "id": c.row.id}


@pytest.mark.parametrize("county", COUNTIES)
def test_the_table_has_every_person(county: str) -> None:
    assert list(dict.fromkeys(row[0] for row in table(county))) == list(records(county))
    assert len(records(county)) >= 30


@pytest.mark.parametrize("county", COUNTIES)
def test_a_roster_says_that_it_is_invented(county: str) -> None:
    data = json.loads((folder(county) / "cadres.json").read_text("utf-8"))
    assert "虚构" in data["说明"] and "invented" in data["note"]
    book = openpyxl.load_workbook(folder(county) / "cadres.xlsx")
    assert [row[0].value for row in book["说明"].iter_rows()] == [data["说明"], data["note"]]


# The two forms.


@pytest.mark.parametrize("county", COUNTIES)
def test_both_forms_give_the_same_decisions(county: str) -> None:
    assert list(records(county, "xlsx")) == list(records(county))
    for options in ("", f"--layers +{COUNTIES[county][1]}"):
        for person, record in records(county, "xlsx").items():
            given = plain(decide(policy(county), record, question(county, options)))
            want = told(county, person, options)
            assert given | {"record_digest": ""} == want | {"record_digest": ""}, person


@pytest.mark.parametrize("county", COUNTIES)
def test_digests_differ_only_where_a_cell_is_written_otherwise(county: str) -> None:
    other = records(county, "xlsx")
    assert {p for p, r in records(county).items() if r.digest != other[p].digest} == BOUNDED[county]


@pytest.mark.parametrize("county", COUNTIES)
def test_the_workbook_is_what_the_generator_writes(county: str) -> None:
    workbook: Callable[[Path], bytes] = runpy.run_path(str(SPREADSHEET))["workbook"]
    made = workbook(folder(county) / "cadres.json")
    assert made == (folder(county) / "cadres.xlsx").read_bytes(), "run python tools/make_workbooks.py"


# Between them, everything.


def test_every_status_the_policies_know() -> None:
    """A conclusion settled on each status that some rule can give; the others no rule of the five can."""
    flags = {o.flag for county in COUNTIES for rule in policy(county).rules for o in rule.options}
    reachable = {m.status_of(frozenset({f})) for f in flags} | {"silent"}
    seen = {s for x in every() for e in told(*x)["effects"] if len(e["whole"]) == 1 for s in e["whole"]}
    assert seen == reachable
    assert reachable == {"silent", "may", "must_one_of", "basically_must", "principle_must", "must", "must_not"}


def test_every_kind_of_gap() -> None:
    seen = {g["kind"] for x in every() for g in told(*x)["missing"]}
    # No county's text counts working days in a condition.
    assert seen == GAPS.keys() - {"calendar"}


def test_two_lines_turns_and_what_is_the_same_whichever() -> None:
    decisions = [decision(*x) for x in every()]
    conclusions = [c for d in decisions for c in d.conclusions]
    assert any(c.printed != c.whole for c in conclusions)
    assert any(c.turns for c in conclusions) and any(c.same_whichever for c in conclusions)
    assert any(g.awaits_exception for c in conclusions for g in c.grounds)
    assert {d.status for d in decisions} == {"decided", "undetermined"}


@pytest.mark.parametrize("county", COUNTIES)
def test_every_reading_matters_to_somebody(county: str) -> None:
    people = records(county)
    layers = {options for c, _, options in every() if c == county}
    seen = {
        n
        for p in people
        for o in layers
        for c in decision(county, p, o).conclusions
        for t in c.turns
        for n in t.readings
    }
    # 红牌条件 bears only on a property, which no decision reads.
    assert set(policy(county).readings) - BUILT_IN_READINGS.keys() - seen <= {"红牌条件"}


@pytest.mark.parametrize("county", ["fenggang", "dongtou"])
def test_every_stage_and_destination(county: str) -> None:
    stages = {s for p in policy(county).shape.lists["环节"].fields["名称"].type.options for s in [p]}
    settled = {
        e["name"]
        for x in every()
        if x[0] == county
        for e in told(*x)["effects"]
        if e["modality"] not in (None, "silent")
    }
    assert stages <= settled, stages - settled
    assert "去向未载明" in settled


def test_histories_replacements_and_assumptions() -> None:
    everybody = [r for county in COUNTIES for r in records(county).values()]
    assert any(type(f).__name__ == "History" for r in everybody for f in r.facts.values())
    assert any(a.replaces for r in everybody for a in r.answers)
    assert any(r.assumed for r in everybody) and any(r.sources for r in everybody)


def test_every_word_of_the_workings_is_in_some_roster() -> None:
    """Each list some rule of a county reads has a row in its roster."""
    for county in COUNTIES:
        lists = {r.list for r in policy(county).rules if r.list is not None}
        filled = {name for r in records(county).values() for name, rows in r.lists.items() if rows.known}
        assert lists <= filled, (county, lists - filled)


# What a roster may hold, and what is refused.


def written(tmp_path: Path, people: Any, name: str = "r.json") -> Path:
    path = tmp_path / name
    path.write_text(people if isinstance(people, str) else json.dumps(people, ensure_ascii=False), "utf-8")
    return path


def refused(tmp_path: Path, people: Any, county: str = "fenggang", name: str = "r.json") -> list[tuple[str, str]]:
    with pytest.raises(Unusable) as error:
        read(county, written(tmp_path, people, name))
    return [(d.code, d.message("zh")) for d in error.value.diagnostics]


ROW = {"编号": "1", "发生日": "2016-08-01", "类型": "迟到", "场合": "上班", "事由号": "甲"}


@pytest.mark.parametrize(
    ("person", "code", "says"),
    [
        ({}, "R104", "第1人"),
        ({"编号": 1.5}, "R107", "1.5"),
        ({"编号": True}, "R102", "编号"),
        ({"编号": ["甲"]}, "R102", "编号"),
        ({"编号": "甲", "编号 ": "乙"}, "R111", "一项只写一次"),
        ({"编号": "甲", "身份": "公务员", "identity": "公务员"}, "R111", "一项只写一次"),
        ({"编号": "甲", "行为": [ROW | {"编号": 1.5}]}, "R107", "行为 1"),
        ({"编号": "甲", "行为": [ROW, ROW]}, "R103", "行为 2"),
        ({"编号": "甲", "行为": [ROW | {"颜色": "红"}]}, "R101", "颜色"),
        ({"编号": "甲", "行为": [ROW | {"发生日": {"值": "2016-08-01", "出处": "考勤"}}]}, "R101", "出处"),
        ({"编号": "甲", "行为": [ROW | {"天数": "3周月"}]}, "R102", "天数"),
        ({"编号": "甲", "行为": [ROW | {"发生日": "不早于 2016-09-01、不晚于 2016-08-01"}]}, "R110", "发生日"),
        ({"编号": "甲", "行为": [ROW | {"类型": "迟到或起晚"}]}, "R102", "类型"),
        ({"编号": "甲", "行为": [ROW | {"天数": "9" * 5000}]}, "R102", "天数"),
        ({"编号": "甲", "行为": [ROW | {"场合": "#N/A"}]}, "R109", "场合"),
        ({"编号": "甲", "处理": [{"编号": "1", "生效日": "2016-08-01", "种类": "警告", "月数": "三周"}]}, "R102", "月数"),
        ({"编号": "甲", "环节": [{"编号": "1", "所属召回": "9", "名称": "集中教育"}]}, "R106", "召回 9"),
        ({"编号": "甲", "齐备": "行为"}, "R111", "齐备"),
        ({"编号": "甲", "齐备": [{"行为": True}]}, "R111", "齐备"),
        ({"编号": "甲", "齐备": {"行为": "大概"}}, "R102", "齐备 行为"),
        ({"编号": "甲", "单位": [{"自": "2016-01-01", "值": "甲镇"}, {"自": "2016-01-01", "值": "乙镇"}]}, "R111", "单位 2"),
        ({"编号": "甲", "单位": [{"自": "2016-01", "值": "甲镇"}]}, "R111", "单位 1"),
        ({"编号": "甲", "认定": [{"问题": "属实", "所属": "行为", "所属编号": "1", "答": "是"}]}, "R106", "行为 1"),
        ({"编号": "甲", "行为": [ROW], "认定": [{"问题": "属实", "所属编号": "1", "答复": "是"}]}, "R101", "答复"),
        ({"编号": "甲", "行为": [ROW], "认定": [{"编号": "一", "问题": "属实", "所属编号": "1", "答": "是", "取代": "二"}]}, "R106", "取代"),
        ({"编号": "甲", "行为": [ROW], "认定": [{"编号": "一", "问题": "属实", "所属编号": "1", "答": "是", "取代": "一"}]}, "R106", "取代"),
        ({"编号": "甲", "行为": [ROW], "认定": [{"问题": "属实", "所属编号": "1", "答": a} for a in "是否"]}, "R105", "属实"),
    ],
)  # fmt: skip
def test_a_misfit_is_refused_by_its_place(tmp_path: Path, person: Any, code: str, says: str) -> None:
    problems = refused(tmp_path, [person])
    assert any(c == code and says in message for c, message in problems), problems


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "r.json"),
        ('[{"编号": "甲", "单位": "一", "单位": "二"}]', "“单位”写了两次"),
        ('{"记录": {"编号": "甲"}}', "各人的列表"),
        ('{"记录": [], "齐备": []}', "齐备"),
        ("[" * 3000, "r.json"),
        ('[{"编号": "甲", "综合分": ' + "9" * 5000 + "}]", "r.json"),
        ("[1]", "一个人的记录"),
    ],
)
def test_json_that_cannot_be_read_as_it_stands_is_refused(tmp_path: Path, text: str, says: str) -> None:
    problems = refused(tmp_path, text)
    assert any(says in message for _, message in problems), problems


def test_one_person_a_line_and_a_fault_named_by_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, '{"编号": "甲", "单位": "一\u2028镇"}\n\n{"编号": "乙"}\n', "r.jsonl")
    assert [r.id for r in read("fenggang", path)] == ["甲", "乙"]
    assert "r.jsonl 第2行：第6列不合 JSON 的写法" in refused(tmp_path, '{"编号": "甲"}\n{"编号"\n', name="r.jsonl")[0][1]


def test_every_misfit_is_reported_at_once(tmp_path: Path) -> None:
    people = [
        {"编号": "甲", "身份": "皇帝", "行为": [ROW | {"发生日": "2016-02-30"}]},
        {"编号": "甲"},
        {"身份": "公务员"},
    ]
    assert sorted(code for code, _ in refused(tmp_path, people)) == ["R102", "R103", "R104", "R110"]


def test_english_names_give_the_same_record(tmp_path: Path) -> None:
    english = {
        "id": "A", "identity": "civil_servant", "unit": [{"from": "2015-01-01", "value": "某镇"}],
        "conduct": [{"id": "1", "happened_on": "2016-08", "kind": "late", "occasion": "at_work", "incident": "甲", "ill_effect": "no", "source": "考勤"}],
        "findings": [{"question": "established", "list": "conduct", "row": 1, "answer": "yes", "date": "2016-09-01", "body": "某组"}],
        "complete": {"conduct": True, "measure": "2016-09-01"},
    }  # fmt: skip
    chinese = {
        "编号": "A", "身份": "公务员", "单位": [{"自": "2015-01-01", "值": "某镇"}],
        "行为": [{"编号": "1", "发生日": "2016年8月", "类型": "迟到", "场合": "上班", "事由号": "甲", "不良后果": "否", "来源": "考勤"}],
        "认定": [{"问题": "属实", "所属": "行为", "所属编号": "1", "答": "是", "认定日": "2016-09-01", "机关": "某组"}],
        "齐备": {"行为": "是", "处理": "2016年9月1日"},
    }  # fmt: skip
    one, other = (
        read("fenggang", written(tmp_path, {k: [p]}))[0] for k, p in (("records", english), ("记录", chinese))
    )
    for part in ("facts", "findings", "states", "sources", "assumed", "answers"):
        assert getattr(one, part) == getattr(other, part)
    assert {n: [(r.id, r.values) for r in x.known] for n, x in one.lists.items()} == {
        n: [(r.id, r.values) for r in x.known] for n, x in other.lists.items()
    }


def test_a_cell_of_text_may_hold_bounds_or_alternatives(tmp_path: Path) -> None:
    rows = [
        ROW
        | {"发生日": {"不早于": "2016-08-01", "不晚于": "2016-08-20"}, "天数": {"至少": 2}, "类型": ["迟到", "早退"]},
        ROW | {"发生日": "不早于 2016-08-01、不晚于 2016-08-20", "天数": "至少 2", "类型": "迟到或早退"},
        ROW
        | {
            "发生日": "not_before 2016-08-01, not_after 2016-08-20",
            "天数": "at_least 2 days",
            "类型": "late or early_leave",
        },
    ]
    read_ = [
        read("fenggang", written(tmp_path, [{"编号": "甲", "行为": [r]}]))[0].lists["行为"].known[0].values
        for r in rows
    ]
    assert read_[0] == read_[1] == read_[2]


# Workbooks.


def book(tmp_path: Path, **sheets: list[list[Any]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "r.xlsx"
    made.save(path)
    return path


def misfits(path: Path, county: str = "fenggang") -> list[tuple[str, str]]:
    with pytest.raises(Unusable) as error:
        read(county, path)
    return [(d.code, d.message("zh")) for d in error.value.diagnostics]


PEOPLE = [["编号", "身份"], ["甲", "公务员"]]
CONDUCT = ["干部编号", "编号", "发生日", "类型"]


@pytest.mark.parametrize(
    ("sheets", "code", "says"),
    [
        ({"干部": [["编号", "身份", "身份"], ["甲", "公务员", "公务员"]]}, "R111", "干部 身份"),
        ({"干部": [["编号", "身份"], ["甲", "皇帝"]]}, "R102", "干部 第2行 编号 甲 身份"),
        ({"干部": [["编号", "", "身份"], ["甲", "公务员", ""]]}, "R101", "第2列"),
        ({"干部": [["编号"], ["甲"], ["甲"]]}, "R103", "干部 第3行"),
        ({"干部": [["编号", "身份"], [None, "公务员"]]}, "R104", "干部 第2行"),
        ({"干部": [["编号"], [330325198001011234]]}, "R107", "干部 第2行"),
        ({"干部": [["编号"], [3.5]]}, "R107", "3.5"),
        ({"干部": [["编号"], ["=A1"]]}, "R109", "干部 第2行"),
        ({"干部": PEOPLE, "行为": [CONDUCT, ["甲", "1", "=TODAY()", "迟到"]]}, "R109", "行为 第2行 发生日"),
        ({"干部": PEOPLE, "行为": [CONDUCT, ["甲", "1", "2016-08-01", "迟到"], ["甲", "2", "何日", "迟到"]]}, "R102", "行为 第3行 发生日"),
        ({"干部": PEOPLE, "行为": [CONDUCT, ["乙", "1", "2016-08-01", "迟到"]]}, "R106", "乙"),
        ({"干部": PEOPLE, "行为": [CONDUCT, [None, "1", "2016-08-01", "迟到"]]}, "R104", "行为 第2行 干部编号"),
        ({"干部": PEOPLE, "行为": [[*CONDUCT, "颜色"], ["甲", "1", "2016-08-01", "迟到", "红"]]}, "R101", "行为 第2行：没有“颜色”"),
        ({"干部": PEOPLE, "行为": [CONDUCT, ["甲", "1", "2016-08-01", "迟到"]], "conduct": [["cadre", "id"], ["甲", "2"]]}, "R111", "conduct"),
        ({"干部": PEOPLE, "工资": [["干部编号", "元"], ["甲", 1]]}, "R101", "工资"),
        ({"干部": PEOPLE, "齐备": [["干部编号", "清单", "齐备至"], ["甲", "行为", None]]}, "R102", "齐备 第2行"),
        ({"干部": PEOPLE, "齐备": [["干部编号", "清单", "齐备到"], ["甲", "行为", "是"]]}, "R101", "齐备到"),
        ({"干部": PEOPLE, "齐备": [["干部编号", "清单", "齐备至"], ["甲", "行为", "是"], ["甲", "行为", "否"]]}, "R103", "齐备 第3行"),
        ({"干部": PEOPLE, "认定": [["干部编号", "问题", "所属", "所属编号", "答"], ["甲", "属实", "行为", "1", "是"]]}, "R106", "认定 第2行"),
        ({"干部": PEOPLE, "变动": [["干部编号", "事实", "自", "值"], ["甲", "身份", "2016-01-01", "公务员"]]}, "R111", "变动 第2行"),
        ({"干部": PEOPLE, "变动": [["干部编号", "事实", "自", "值"], ["甲", "单位", "2016年", "某镇"]]}, "R111", "变动 第2行"),
        ({"干部": PEOPLE, "出处": [["干部编号", "清单", "编号", "项目", "来源"], ["甲", "行为", "1", "类型", "考勤"]]}, "R106", "出处 第2行"),
        ({"干部": PEOPLE, "出处": [["干部编号", "清单", "项目", "来源"], ["甲", "身份", "身份", "考勤"]]}, "R106", "出处 第2行"),
        ({"cadres": [["id"]], "行为": [CONDUCT, ["甲", "1", "2016-08-01", "迟到"]]}, "R106", "甲"),
        ({"名单": PEOPLE}, "R100", "没有“干部”这张表"),
    ],
)  # fmt: skip
def test_a_misfit_in_a_workbook_is_refused_by_sheet_row_and_column(
    tmp_path: Path, sheets: dict[str, Any], code: str, says: str
) -> None:
    problems = misfits(book(tmp_path, **sheets))
    assert any(c == code and says in message for c, message in problems), problems


def test_a_workbook_in_english(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        notes=[["invented"]],
        cadres=[["id", "identity"], [7, "civil_servant"]],
        conduct=[["cadre", "id", "happened_on", "kind"], [7, 1, datetime.datetime(2016, 8, 1), "late"]],
        complete=[["cadre", "list", "until"], [7, "conduct", "yes"]],
        findings=[["cadre", "question", "row", "answer"], [7, "established", 1, "yes"]],
        changes=[["cadre", "fact", "from", "value"], [7, "unit", datetime.datetime(2015, 1, 1), "某镇"]],
        provenance=[["cadre", "list", "id", "item", "source"], [7, "conduct", 1, "kind", "考勤"]],
        Sheet3=[],
    )
    record = read("fenggang", path)[0]
    assert record.id == "7" and record.lists["行为"].known[0].id == "1" and not record.lists["行为"].open
    assert record.sources == {("行为", "1", "类型"): "考勤"} and len(record.findings) == 1
    assert list(record.facts) == ["身份", "单位"]


def test_a_workbook_that_misstates_its_size_is_read_whole(tmp_path: Path) -> None:
    import zipfile

    path = book(tmp_path, 干部=[["编号", "身份"], ["甲", "公务员"], ["乙", "事业人员"]])
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrong, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', old.read(name)))
    assert [r.id for r in read("fenggang", wrong)] == ["甲", "乙"]


@pytest.mark.parametrize("damage", ["truncated", "no sheet", "not xml", "chart only"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, damage: str) -> None:
    import zipfile

    path = book(tmp_path, 干部=PEOPLE)
    broken = tmp_path / "broken.xlsx"
    if damage == "truncated":
        broken.write_bytes(path.read_bytes()[:-400])
    elif damage == "chart only":
        made = openpyxl.Workbook()
        made.create_chartsheet("图")
        made.save(broken)
    else:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
            for name in old.namelist():
                if damage == "no sheet" and "sheet1" in name:
                    continue
                body = b"<worksheet" if damage == "not xml" and "sheet1" in name else old.read(name)
                new.writestr(name, body)
    assert misfits(broken)[0][0] == "R100"


def test_what_was_not_known_at_the_time_is_left_out(tmp_path: Path) -> None:
    """A finding not answerable at the time stays so, whatever was found later; 知悉日 无 hides nothing."""
    person = {
        "编号": "甲", "单位": "虚构局", "身份": "公务员", "行为": [ROW | {"知悉日": "无"}], "齐备": ["行为", "处理"],
        "认定": [
            {"编号": "一", "问题": "属实", "所属编号": "1", "答": "不能认定", "认定日": "2016-08-10"},
            {"编号": "二", "问题": "属实", "所属编号": "1", "答": "是", "认定日": "2016-09-20", "取代": "一"},
        ],
    }  # fmt: skip
    record = read("fenggang", written(tmp_path, [person]))[0]
    layers = frozenset((*DEFAULT_LAYERS, "hypothetical"))
    then = decide(policy("fenggang"), record, Question(day("2016-09-30"), day("2016-09-01"), {}, layers))
    now = decide(policy("fenggang"), record, Question(day("2016-09-30"), day("2016-09-30"), {}, layers))
    assert "unanswerable" in {g.kind for g in then.gaps} and "unanswerable" not in {g.kind for g in now.gaps}
    assert [r.id for r in now.given.lists["行为"].known] == ["1"]


def test_a_list_complete_beyond_the_day_of_decision_is_complete(tmp_path: Path) -> None:
    lists = dict.fromkeys(("行为", "线索", "处理", "召回", "环节"), "2016-12-31")
    person = {"编号": "甲", "单位": "虚构镇", "身份": "公务员", "齐备": lists}
    record = read("fenggang", written(tmp_path, [person]))[0]
    for on, want in (("2016-09-30", "decided"), ("2016-12-31", "decided"), ("2017-01-01", "undetermined")):
        asked = Question(day(on), day(on), {}, frozenset((*DEFAULT_LAYERS, "hypothetical")))
        assert decide(policy("fenggang"), record, asked).status == want, on
