"""Whatever is handed in, by mistake or on purpose: a diagnostic or a bounded answer, and nothing lost unsaid.

No clock: work is counted in calls, for a text and for one twice as long.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import fuzz
import generate as g
import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from policy_dsl import plain_data
from policy_dsl.check import Checked, check
from policy_dsl.cli import main
from policy_dsl.decide import Question, decide
from policy_dsl.diagnostics import MOST_SHOWN, Unusable, found, render, shown, visible
from policy_dsl.language.lexer import LONGEST, MOST_FINDINGS
from policy_dsl.language.parse import DEEPEST
from policy_dsl.language.source import NOWHERE, Source, blocks
from policy_dsl.pack import MOST_BYTES, Pack, load
from policy_dsl.record import Reader
from policy_dsl.rosters import read_roster, sheets

BASE = "制度 甲制 first_rules\n    依据：A-01\n    施行：自 2016年1月1日 起\n"
RULE = "规定 乙 second\n    依据：A-01\n    当：{}\n    应当：警告\n"


def put(*texts: str) -> Checked:
    return check(Pack("hostile", (g.VOCABULARY_SOURCE, *(Source(f"文{i}.policy", x) for i, x in enumerate(texts)))))


def codes(*texts: str) -> list[str]:
    return [f.code for f in put(*texts).findings]


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, Python's own included."""
    count = 0

    def seen(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


# Every fault ever found, and a short run of what finds them.


@pytest.mark.parametrize("path", sorted(fuzz.CORPUS.iterdir()), ids=lambda p: p.name)
def test_what_once_failed(path: Path) -> None:
    fuzz.TARGETS[path.suffix[1:]](path.read_bytes())


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_damaged_input_ends_in_diagnostics_or_an_answer(target: str) -> None:
    @settings(max_examples=int(25 * float(os.environ.get("LAWS_N", "1"))), derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32 - 1))
    def tried(seed: int) -> None:
        fuzz.TARGETS[target](fuzz.damaged(target, random.Random(seed)))

    tried()


@settings(max_examples=60, derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=200))
def test_any_text_is_told_what_is_wrong_with_it(text: str) -> None:
    fuzz.policy_text(text.encode("utf-8", "surrogatepass"))
    fuzz.policy_text((BASE + RULE.format(text)).encode("utf-8", "surrogatepass"))


# Texts.


def test_an_indented_first_declaration_is_not_lost() -> None:
    text = "\n  规定 乙 second\n    依据：A-01\n    应当：警告\n"
    assert codes(BASE, text) == ["P104"]
    assert [b.kind for b in blocks(Source("x", "# 注\n    依据：A-01\n规定 乙 b\n"))] == [None, "rule"]


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\r"])
def test_a_line_ends_at_a_line_feed_only(end: str) -> None:
    text = BASE + f"# 注{end}规定 乙 second\n"
    assert len(blocks(Source("x", text))) == 1
    (finding,) = put(text).findings
    assert finding.code == "P105" and f"U+{ord(end):04X}" in render(finding, "en")


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x1b", "\u3164", "\ufe0f", "\U000e0041", "\ud800"])
def test_a_character_that_does_not_show_is_reported_wherever_it_stands(hidden: str) -> None:
    for text in (f"# 注{hidden}\n", RULE.format(f"单位 为 “某{hidden}镇”"), RULE.format(f"已{hidden}退休"), RULE.format("已退休").replace("A-01", f"A{hidden}-01"), f"说{hidden}明\n"):
        findings = put(BASE + text).findings
        assert "P105" in {f.code for f in findings}
        assert all(hidden not in render(f, lang) for f in findings for lang in ("zh", "en"))
        assert all(hidden not in visible(f.span.text) for f in findings)


def test_a_line_end_of_another_system_is_a_line_end(tmp_path: Path) -> None:
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "a.policy").write_bytes((BASE + "# 注\n").replace("\n", "\r\n").encode("utf-8-sig"))
    assert load(folder).own[0].text == BASE + "# 注\n"


NESTED = {
    "brackets": lambda n: "（" * n + "已退休" + "）" * n,
    "left open": lambda n: "（" * n,
    "nots": lambda n: "并非（" * n + "已退休" + "）" * n,
    "lists": lambda n: "有 行为（" * n + "已退休" + "）" * n,
    "the least of the least": lambda n: "取小（" * n + "谈话数" + "）" * n + " 超过 三次",
    "sums": lambda n: "谈话数" + " + 谈话数" * n + " 超过 三次",
    "days from days": lambda n: "自 " * n + "出生日" + " 起 三日" * n + " 早于 决定日",
    "fields of fields": lambda n: "行为" + "的类型" * n + " 为 迟到",
}  # fmt: skip


@pytest.mark.parametrize("what", NESTED)
@pytest.mark.parametrize("n", [100, 1000, 6000])
def test_nesting_has_an_end(what: str, n: int) -> None:
    assert codes(BASE + RULE.format(NESTED[what](n))) == ["P108"]


def test_nesting_up_to_its_end_is_decided() -> None:
    for what, most in (("brackets", DEEPEST), ("nots", DEEPEST), ("the least of the least", DEEPEST - 1), ("sums", 50)):
        policy = put(BASE + RULE.format(NESTED[what](most))).policy
        assert policy is not None
        decide(policy, g.read(g.person(random.Random(0), policy.shape), policy), Question(736_330, 736_330))
    assert codes(BASE + RULE.format(NESTED["brackets"](DEEPEST + 1))) == ["P108"]


def chain(n: int, form: str, backwards: bool) -> str:
    name = lambda i: "链" + "".join("子丑寅卯辰巳午未申酉"[int(c)] for c in f"{i:04}")
    texts = [f"定义 {name(i)} link_{i}\n    依据：A-01\n    是指：{form.format(name(i + 1)) if i < n - 1 else '已退休'}\n" for i in range(n)]
    return BASE + "".join(reversed(texts) if backwards else texts) + RULE.format(name(0))


@pytest.mark.parametrize("form", ["{} 且 党员", "并非（{}）", "有 行为（{}）", "（（（（{}））））", "{0} 且 （{0} 或 党员）"])
@pytest.mark.parametrize("backwards", [False, True])
def test_definitions_upon_definitions_have_an_end(form: str, backwards: bool) -> None:
    assert set(codes(chain(300, form, backwards))) == {"P108"}
    policy = put(chain(12, form, backwards)).policy
    assert policy is not None
    decide(policy, g.read(g.person(random.Random(0), policy.shape), policy), Question(736_330, 736_330))


@pytest.mark.parametrize(
    ("figures", "code"),
    [("9" * 16, "P107"), ("1000000000000000", None), ("9" * 17, "P107"), ("9" * 5000, "P107"), ("九" * 31, "P107"), ("一" + "万" * 300, "P107"), ("0." + "3" * 11, "P107"), ("0.3333333333", "P316")],
)  # fmt: skip
def test_a_number_has_an_end(figures: str, code: str | None) -> None:
    assert codes(BASE + RULE.format(f"综合分 超过 {figures}分")) == ([code] if code else [])
    english = f"regime first_rules 甲制\n    basis: A-01\n    in_force: from 2016-01-01 onward\nrule second 乙\n    basis: A-01\n    when: 综合分 over {figures} points\n    must: 警告\n"
    assert not figures.isascii() or codes(english) == ([code] if code else [])


def test_a_name_has_an_end() -> None:
    named = "定义 {} {}\n    依据：A-01\n    是指：已退休\n"
    assert codes(BASE + named.format("乙" * LONGEST, "b" * LONGEST)) == []
    assert "P109" in codes(BASE + named.format("乙" * (LONGEST + 1), "b"))
    assert "P109" in codes(BASE + named.format("乙", "b" * (LONGEST + 1)))


GROWING = {
    "a name": lambda n: "定义 " + "乙" * n + " second\n    依据：A-01\n    是指：已退休\n",
    "an unknown word": lambda n: RULE.format("丙" * n),
    "keywords in a row": lambda n: RULE.format("不是" * n),
    "digits": lambda n: RULE.format("综合分 超过 " + "9" * n + "分"),
    "numerals": lambda n: RULE.format("谈话数 超过 " + "九" * n + "次"),
    "numerals in short runs": lambda n: RULE.format("谈话数 超过 " + "九九甲" * n + "次"),
    "quotation marks left open": lambda n: RULE.format("“" * n),
    "marks": lambda n: RULE.format("@" * n),
    "marks of two kinds": lambda n: RULE.format("@^" * n),
    "bad lines": lambda n: RULE.format("已退休") + "    当：且且\n" * n,
    "lines at the margin": lambda n: "胡言乱语\n" * n,
    "clauses": lambda n: "存录 乙 second\n" + "    A-01：只此一例\n" * n,
    "items": lambda n: RULE.replace("{}", "有 行为（类型 属于 {" + "、".join(["迟到"] * n) + "}）"),
    "hidden characters": lambda n: "\u200b甲" * n,
    "open brackets": lambda n: RULE.format("（" * n),
    "spaces": lambda n: RULE.format("已退休" + " " * n),
    "comments": lambda n: "#\n" * n,
}  # fmt: skip


@pytest.mark.parametrize("what", GROWING)
def test_twice_the_text_is_twice_the_work(what: str) -> None:
    small, large = (calls(lambda n=n: put(BASE + GROWING[what](n))) for n in (600, 1200))
    base = calls(lambda: put(BASE))
    assert large - base <= 2.3 * max(small - base, 10_000), (base, small, large)


def test_more_wrong_than_is_read_is_said() -> None:
    findings = put("胡言乱语\n" * 1000).findings
    assert [f.code for f in findings] == ["P100"] * MOST_FINDINGS + ["P106"]
    assert len(list(shown([found("P102", NOWHERE, character=str(i)) for i in range(1000)], "en"))) == MOST_SHOWN + 1


# Folders of policies.


@pytest.fixture
def county(tmp_path: Path) -> Path:
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "a.policy").write_text(BASE, "utf-8")
    return folder


def refused(folder: Path) -> list[str]:
    with pytest.raises(Unusable) as caught:
        load(folder)
    return [render(d, "en") for d in caught.value.diagnostics]


def test_a_link_is_never_followed_out_of_the_folder(county: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("规定 密 secret\n", "utf-8")
    (tmp_path / "elsewhere").mkdir()
    (county / "b.policy").symlink_to(tmp_path / "secret")
    (county / "sources.toml").symlink_to(tmp_path / "secret")
    (county / "c").symlink_to(tmp_path / "elsewhere")
    (county / "d.policy").symlink_to(county / "nothing")
    (county / "e.policy").symlink_to(county / "e.policy")
    said = refused(county)
    assert len(said) == 5 and not any("密" in x for x in said)
    assert sum("leads out of the folder" in x for x in said) == 2


def test_a_link_within_the_folder_is_read(county: Path) -> None:
    (county / "b.policy").symlink_to(county / "a.policy")
    assert len(load(county).own) == 2


def test_everything_that_cannot_be_read_is_named_at_once(county: Path) -> None:
    (county / "b.policy").mkdir()
    (county / "c.policy").write_bytes(b"#\n#\n\xff\n")
    os.mkfifo(county / "d.policy")
    with (county / "e.policy").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    said = refused(county)
    assert len(said) == 4
    for name, why in (("b", "folder"), ("c", "line 3"), ("d", "not a file"), ("e", "larger")):
        assert any(f"{name}.policy" in x and why in x for x in said), name


@pytest.mark.parametrize(
    "text",
    ["provisions = 3\n", "provisions = [1]\n", "[provisions]\nA = 1\n", "[provisions.A]\nlocator = 3\n", "[provisions.A]\nlayer = 'pinted'\n", "[provisions.A]\nplace = 'x'\n",
     "document = 'x'\n", "[document]\nissuer = 3\n", "[document]\nissuer = '甲\u202e'\n", "[provision.A]\n", "a = [" + "[" * 5000 + "\n", "x = " + "9" * 5000 + "\n", "x = 2016-02-30\n", "\x00"],
)  # fmt: skip
def test_a_register_of_another_form_is_refused(county: Path, text: str) -> None:
    (county / "sources.toml").write_text(text, "utf-8")
    assert all("sources.toml" in x for x in refused(county))


# Records.


def problems(raw: Any) -> list[str]:
    policy = fuzz.policy()
    reader = Reader(policy.shape, policy.lexicon)
    record = reader.record(raw, "某处")
    assert record is not None or reader.problems
    for d in reader.found():
        assert d.code in render(d, "zh") and d.code in render(d, "en")
    return [d.code for d in reader.found()]


def deep(n: int, shell: str) -> Any:
    x: Any = "2016"
    for _ in range(n):
        x = {shell: x} if shell else [x]
    return x


@pytest.mark.parametrize("raw", [
    None, [], "", 0, True, {}, {"编号": None}, {"编号": ""}, {"编号": []}, {"编号": True}, {"编号": 1.5}, {"编号": "#N/A"}, {"编号": "=A1"}, {"id": "一", "编号": "二"},
    {1: 2, "编号": "一"}, {None: 1, "编号": "一"}, {"编号": "一", "齐备": "是"}, {"编号": "一", "齐备": [{}]}, {"编号": "一", "认定": [None]}, {"编号": "一", "行为": "无"},
    {"编号": "一", "出生日": "0000"}, {"编号": "一", "出生日": "0000-01-01"}, {"编号": "一", "出生日": "2016-02-30"}, {"编号": "一", "出生日": 43221}, {"编号": "一", "出生日": "10000-01-01"},
    {"编号": "一", "谈话数": True}, {"编号": "一", "谈话数": float("nan")}, {"编号": "一", "谈话数": float("inf")}, {"编号": "一", "谈话数": Decimal("1e999999")}, {"编号": "一", "谈话数": 10**400},
    {"编号": "一", "谈话数": "9" * 5000}, {"编号": "一", "谈话数": "一" * 5000}, {"编号": "一", "谈话数": {"至少": 1, "at_least": 2}}, {"编号": "一", "谈话数": "至少1、至少2"},
    {"编号": "一", "单位": "\ud800"}, {"编号": "一\u200b"}, {"编号": "一", "单位\u202e": "x"}, {"编号": "一", "单位": {"值": "甲", "来源": []}}, {"编号": "一", "单位": "\x00"},
    {"编号": "一", "认定": [{"编号": [], "问题": "属实"}]}, {"编号": "一", "认定": [{"问题": {}}]}, {"编号": "一", "认定": [{}]},
])  # fmt: skip
def test_a_record_that_would_have_to_be_guessed_at_is_refused(raw: Any) -> None:
    assert problems(raw)


@pytest.mark.parametrize("shell", ["", "不早于", "至少", "齐备", "行", "值"])
@pytest.mark.parametrize("name", ["编号", "出生日", "谈话数", "行为", "齐备", "认定"])
def test_data_nested_without_end_is_refused(name: str, shell: str) -> None:
    for n in (3, plain_data.DEEPEST, 300, 50_000):
        assert problems({"编号": "一", name: deep(n, shell)})


def test_lines_in_a_text_are_only_lines() -> None:
    assert problems({"编号": "一", "单位": "某镇\r\n某村\u2028某组"}) == []
    assert visible("某镇\u2028某村\x85") == "某镇\ufffd某村\ufffd"


def test_misfits_beyond_a_number_are_counted() -> None:
    found = problems({"编号": "一", "行为": [0] * 1234})
    assert len(found) == 101 and found[-1] == "R113"


@pytest.mark.parametrize("what", ["rows", "findings", "one after another", "wrong"])
def test_a_list_twice_as_long_is_twice_the_work(what: str) -> None:
    policy = fuzz.policy()
    question = next(q for q in policy.shape.findings.values() if q.list)
    rows = lambda n: [{"编号": str(i)} for i in range(n)]
    finding = lambda i, **more: {"编号": f"认{i}", "问题": question.name, "所属": question.list, "所属编号": "0", "答": "不明", **more}
    made: dict[str, Callable[[int], Any]] = {
        "rows": lambda n: {question.list: rows(n)},
        "findings": lambda n: {question.list: rows(n), "认定": [finding(i, 所属编号=str(i)) for i in range(n)]},
        "one after another": lambda n: {question.list: rows(1), "认定": [finding(i, **({"取代": f"认{i - 1}"} if i else {})) for i in range(n)]},
        "wrong": lambda n: {question.list: [[]] * n},
    }  # fmt: skip
    raw = [{"编号": "一", **made[what](n)} for n in (500, 1000)]
    assert what == "wrong" or problems(raw[0]) == []
    small, large = (calls(lambda x=x: Reader(policy.shape, policy.lexicon).record(x, "")) for x in raw)
    assert large <= 2.2 * small, (small, large)


def roster(tmp_path: Path, data: bytes, name: str = "r.json") -> list[str]:
    path = tmp_path / name
    path.write_bytes(data)
    try:
        read_roster(path, fuzz.policy().shape, fuzz.policy().lexicon)
    except Unusable as error:
        return [render(d, "en") for d in error.diagnostics]
    return []


@pytest.mark.parametrize(("data", "says"), [
    (b'{"\xe7\xbc\x96\xe5\x8f\xb7": "1", "a": 1, "a": 2}', "twice"), (b"[" * 100_000, "nested"), (b"[" * 900 + b"]" * 900, "record"), (b"\xff\xfe", "UTF-8"), (b"", "not JSON"), (b"9" * 5000, "read"),
    (b"null", "person"), (b'{"id": "\\ud800"}', "U+D800"), (b'{"id": "\\u0000"}', "U+0000"), (b'[{"id": "1"}, {"id": "1"}]', "occurs twice"), (b'{"id": NaN}', "nan"),
])  # fmt: skip
def test_json_that_is_no_record_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    said = roster(tmp_path, data)
    assert said and any(says in x for x in said), said


def test_every_bad_line_is_named(tmp_path: Path) -> None:
    said = roster(tmp_path, b'{"id": "1"}\n{\n{"id": "2", "x": 1}\n]\n', "r.jsonl")
    assert ["line 2" in x for x in said].count(True) == ["line 4" in x for x in said].count(True) == 1 and len(said) == 3


# Workbooks.


def book(tmp_path: Path, change: Callable[[Any], None]) -> list[str]:
    made = openpyxl.Workbook()
    made.active.title = "干部"
    for row in (["编号", "党员", "出生日"], ["甲", "是", "1970-01-01"], ["乙", "否", "1980-01-01"]):
        made.active.append(row)
    change(made)
    made.save(tmp_path / "made.xlsx")
    return roster(tmp_path, (tmp_path / "made.xlsx").read_bytes(), "r.xlsx")


def cells(**values: Any) -> Callable[[Any], None]:
    def change(made: Any) -> None:
        for at, x in values.items():
            made["干部"][at] = x

    return change


def second(name: str, *rows: list[Any], state: str = "visible") -> Callable[[Any], None]:
    def change(made: Any) -> None:
        sheet = made.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)

    return change


@pytest.mark.parametrize(("change", "says"), [
    (cells(C2="=TODAY()"), "row 2 No. 甲 出生日"), (cells(C3="#SPILL!"), "row 3 No. 乙 出生日"), (cells(A2="#N/A"), "row 2"), (cells(C2=43221), "row 2 No. 甲 出生日"), (cells(C1="党员"), "党员"),
    (cells(A2=330322199001011237.0), "row 2"), (cells(D2="x"), "column 4"), (cells(D1="色", D2="红"), "色"), (cells(C1="出生\u200b日"), "U+200B"),
    (cells(D1="行为", D2="无"), "行为"), (lambda b: b["干部"].merge_cells("B2:B3"), "B2:B3 is merged"),
    (second("行为", ["干部编号", "编号"], ["甲", "1"], state="hidden"), "行为"), (second("表二", ["x"]), "表二"), (second("行为", ["干部编号"], ["丙"]), "丙"),
    (lambda b: (cells(D1="行为", D2="无")(b), second("行为", ["干部编号", "编号"], ["甲", "1"])(b)), "no column “行为”"),
    (lambda b: (cells(D1="齐备", D2="是")(b), second("齐备", ["干部编号", "清单", "齐备至"], ["甲", "行为", "是"])(b)), "no column “齐备”"),
])  # fmt: skip
def test_a_misfit_in_a_workbook_is_named_by_its_place(tmp_path: Path, change: Callable[[Any], None], says: str) -> None:
    said = book(tmp_path, change)
    assert said and any(says in x for x in said), said


@pytest.mark.parametrize("change", [
    cells(C1=" 出生\n日 "), second("行为"), second("说明", ["=1+1"]), second("行为", ["干部编号", "编号"]), lambda b: setattr(b, "epoch", openpyxl.utils.datetime.MAC_EPOCH),
])  # fmt: skip
def test_what_does_no_harm_in_a_workbook_is_read(tmp_path: Path, change: Callable[[Any], None]) -> None:
    assert book(tmp_path, change) == []


@pytest.mark.parametrize("epoch", ["WINDOWS_EPOCH", "MAC_EPOCH"])
def test_a_day_is_the_same_in_either_calendar_of_a_workbook(tmp_path: Path, epoch: str) -> None:
    import datetime

    made = openpyxl.Workbook()
    made.epoch = getattr(openpyxl.utils.datetime, epoch)
    made.active.title = "干部"
    made.active.append(["编号", "出生日"])
    made.active.append(["甲", datetime.date(1970, 3, 1)])
    made.save(tmp_path / "r.xlsx")
    (record,) = read_roster(tmp_path / "r.xlsx", fuzz.policy().shape, fuzz.policy().lexicon)
    day = datetime.date(1970, 3, 1).toordinal()
    assert record.facts["出生日"] == (day, day, False)


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


@pytest.mark.parametrize(("parts", "says"), [
    ({"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'}, "document type"),
    ({"xl/worksheets/sheet1.xml": '<!DOCTYPE x SYSTEM "file:///etc/hostname"><worksheet/>'}, "document type"),
    ({"xl/vbaProject.bin": "x"}, "macros"),
    ({"xl/worksheets/sheet1.xml": SHEET.format("".join(f'<row r="{i}"><c r="XFD{i}"><v>1</v></c></row>' for i in range(1, 1500)))}, "cells"),
    ({"xl/worksheets/sheet1.xml": SHEET.format('<row r="2"/><row r="1"/>')}, "rows are out of order"),
    ({"xl/worksheets/sheet1.xml": SHEET.format('<row r="1"><c r="B1"/><c r="A1"/></row>')}, "cells of a row are out of order"),
    ({"xl/worksheets/sheet1.xml": SHEET.format('<row r="9999999"/>')}, "order"),
    ({"xl/worksheets/sheet1.xml": "<worksheet"}, "not a sound workbook"),
])  # fmt: skip
def test_a_workbook_that_is_a_trap_is_not_sprung(tmp_path: Path, parts: dict[str, str], says: str) -> None:
    (said,) = roster(tmp_path, fuzz.zipped(parts), "r.xlsx")
    assert says in said


def test_a_workbook_is_not_unpacked_beyond_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_BYTES", 2**20)
    (said,) = roster(tmp_path, fuzz.zipped({"xl/media/a.bin": "0" * (2**20 + 1)}), "r.xlsx")
    assert "more than 1 MB" in said
    monkeypatch.setattr(sheets, "MOST_CELLS", 3)
    (said,) = roster(tmp_path, fuzz.zipped({}), "r.xlsx")
    assert "more than 3 cells" in said


# The command line.


def test_a_command_is_never_at_a_loss_for_words(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "r.json")
    ours = str(fuzz.POLICIES / "daye")
    rows = str(fuzz.POLICIES / "daye" / "rosters" / "cadres.json")
    for args in (
        ["check", "a" * 5000], ["check", "\x00"], ["check", rows], ["check", str(tmp_path)], ["decide", ours, str(tmp_path), "--as-of", "2018-07-10"],
        ["decide", ours, str(tmp_path / "r.json"), "--as-of", "2018-07-10"], ["decide", ours, "无.json", "--as-of", "2018-07-10"], ["decide", ours, rows, "--as-of", "2018-02-30"],
        ["decide", ours, rows, "--as-of", "九月"], ["decide", ours, rows, "--as-of", "2018-07-10", "--reading", "\x1b[31m"], ["fmt", rows],
    ):  # fmt: skip
        result = CliRunner().invoke(main, args)
        assert result.exit_code in (2, 3) and isinstance(result.exception, SystemExit), (args, result.output)
        assert "internal error" not in result.output


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_a_terminal_of_another_encoding_is_spoken_to(encoding: str) -> None:
    for args in (["--help"], ["check", "daye"], ["check", "无"]):
        done = subprocess.run([sys.executable, "-m", "policy_dsl", *args], env={**os.environ, "PYTHONIOENCODING": encoding}, cwd=fuzz.POLICIES.parent, capture_output=True, timeout=60, check=False)
        assert done.returncode in (0, 3) and b"Traceback" not in done.stderr and b"internal error" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("args", [["--help"], ["check", "daye"]])
def test_an_output_that_is_full_is_said(args: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-m", "policy_dsl", *args], cwd=fuzz.POLICIES.parent, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 3 and b"cannot read or write" in done.stderr and b"Traceback" not in done.stderr
