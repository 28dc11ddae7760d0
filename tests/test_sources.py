"""The register of sources: read, held against the policy and against the texts. Texts and county are invented."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from policy_dsl import passages
from policy_dsl.check import check
from policy_dsl.check.coverage import Entry
from policy_dsl.cli import main
from policy_dsl.diagnostics import Diagnostic, Unusable, render
from policy_dsl.language.source import Source
from policy_dsl.pack import load
from policy_dsl.passages import cited_lines, compared, normalised, passage
from policy_dsl.register import FILE, MODALITIES, read

ROOT = Path(__file__).parent.parent
COUNTIES = sorted(p.name for p in (ROOT / "policies").iterdir() if (p / "sources.toml").is_file())
LANGUAGES = ("zh", "en")

TEXT = "某县办法\n\n  一、迟到三次的，应当召回。\n　二、有特殊情况的除外。\n三、召回是为了不召回。"
POLICY = """\
词汇 试验词汇 lab_words
    类 类型 kind：迟到 late、早退 early、等
    清单 行为 conduct（发生日）：发生日 happened_on：日期、类型 kind：类型
    效果 组织处理 handling 不利：召回 recall
    机关 县委 committee

制度 试验办法 lab_rules
    依据：T-01
    机关：县委
    施行：自 2016年6月1日 起
    溯及：不溯及

参数 迟到次数 late_limit
    依据：T-01
    取值：三次

召回情形 迟到召回 recall_for_lateness
    依据：T-01
    当：行为（类型 属于 {迟到、等}，发生日 不早于 施行日）的次数 不少于 迟到次数
    应当：召回
    由：未载明

除外 特殊情况 special_case
    依据：T-02
    当：未载明（特殊情况）
    不适用：迟到召回

认定 诸问 questions
    对：每一 行为
    由：县委
        （一）属实 established：是否属实，T-02；

案例 清白 clean
    依据：T-01
    决定日：2018年6月1日
    事实：
        （一）齐备：行为；
    结论：
        （一）不发生 召回；

存录 宗旨 principles
    T-03：原则，只说目的
"""
REGISTER = """\
[document]
title = "某县办法"
issuer = "某县"
date = "2016-06-01"
kind = "虚构"
file = "lab.txt"

[provisions."T-01"]
locator = "一 [L3]"
layer = "printed"
modality = ["must"]
zh = "迟到三次召回。"
en = "Three times late recalls."

[provisions."T-02"]
locator = "二 [L4]；标题 [L1]"
layer = "printed"
zh = "特殊情况除外。"
en = "Except in special cases."

[provisions."T-02".ambiguities.a]
zh = "何为特殊没有写。"
en = "What is special is not said."
carried_by = ["未载明 特殊情况"]

[provisions."T-03"]
locator = "三 [L5]"
layer = "principle"
zh = "目的。"
en = "The purpose."
"""
AMBIGUITY = '\n[provisions."T-01".ambiguities.a]\nzh = "不明。"\nen = "Unclear."\n'


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """A county with its text beside it, pinned."""
    county, texts = tmp_path / "lab", tmp_path / "texts"
    county.mkdir()
    texts.mkdir()
    (county / "lab.policy").write_text(POLICY, "utf-8")
    (county / "sources.toml").write_text(REGISTER, "utf-8")
    (texts / "lab.txt").write_text(TEXT, "utf-8")
    assert run(county, "pin", "--texts", str(texts)).exit_code == 0
    return county


def run(county: Path, command: str, *options: str) -> Result:
    result = CliRunner().invoke(main, ["sources", command, str(county), *options], env={"POLICY_TRACEBACK": "1"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def change(county: Path, old: str, new: str) -> None:
    path = county / "sources.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def add(county: Path, text: str) -> None:
    with (county / "sources.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def found(county: Path) -> list[str]:
    return [d.code for d in check(load(county)).findings if d.severity != "note" and d.code < "P404"]


def entry(county: Path, id: str) -> Entry:
    coverage = check(load(county)).coverage
    assert coverage is not None
    return next(e for e in coverage.entries if e.provision.id == id)


# Normalising and digesting.


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        (TEXT + "\n\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
)
def test_a_text_is_the_same_however_its_lines_end(raw: bytes) -> None:
    assert normalised(raw) == TEXT


def test_a_passage_is_its_lines_in_order_without_the_space_around_them() -> None:
    assert passage(TEXT, (4, 1)) == "二、有特殊情况的除外。\n某县办法"
    assert passage(TEXT, (5,)) is not None and passage(TEXT, (6,)) is None
    assert passage(TEXT, (1, 4)) != passage(TEXT, (4, 1))


@pytest.mark.parametrize(("locator", "lines"), [
    ("二(一)二是 [L25]；导语 [L7]", (25, 7)), ("三 [L33,L35,L37]", (33, 35, 37)), ("二(一) [L3-5]", (3, 4, 5)), ("一 [L3]；二 [L3]", (3,)), ("第一条", ()), ("[附件]二 L4", ()),
])  # fmt: skip
def test_the_lines_a_locator_names(locator: str, lines: tuple[int, ...]) -> None:
    assert cited_lines(locator) == lines


# Against the texts.


def test_what_was_pinned_stands(lab: Path) -> None:
    register = load(lab).register
    assert register.provisions["T-02"].lines == (4, 1)
    assert register.provisions["T-02"].digest == hashlib.sha256("二、有特殊情况的除外。\n某县办法".encode()).hexdigest()
    assert register.documents[""].sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    result = run(lab, "verify", "--texts", str(lab.parent / "texts"), "--lang", "en")
    assert result.exit_code == 0 and result.output == "4 as registered, 0 not.\n"


def test_pinning_again_changes_nothing_and_never_replaces(lab: Path) -> None:
    before = (lab / "sources.toml").read_text("utf-8")
    (lab.parent / "texts" / "lab.txt").write_text("另一篇\n" * 9, "utf-8")
    run(lab, "pin", "--texts", str(lab.parent / "texts"))
    assert (lab / "sources.toml").read_text("utf-8") == before


def states(lab: Path) -> dict[str, str]:
    return {c.provision: c.state for c in compared(load(lab).register, lab.parent / "texts")}


@pytest.mark.parametrize(("text", "want"), [
    (TEXT + "\n", {"": "same", "T-01": "same", "T-02": "same", "T-03": "same"}),
    (TEXT.replace("  一", "一"), {"": "differs", "T-01": "same", "T-02": "same", "T-03": "same"}),
    (TEXT.replace("三次", "四次"), {"": "differs", "T-01": "differs", "T-02": "same", "T-03": "same"}),
    ("题记\n" + TEXT, {"": "differs", "T-01": "moved", "T-02": "moved", "T-03": "moved"}),
    (TEXT.replace("\n\n", "\n"), {"": "differs", "T-01": "moved", "T-02": "differs", "T-03": "moved"}),
    (TEXT.rpartition("\n")[0], {"": "differs", "T-01": "same", "T-02": "same", "T-03": "beyond"}),
    ("", {"": "differs", "T-01": "beyond", "T-02": "beyond", "T-03": "beyond"}),
])  # fmt: skip
def test_what_moved_is_named(lab: Path, text: str, want: dict[str, str]) -> None:
    (lab.parent / "texts" / "lab.txt").write_text(text, "utf-8")
    assert states(lab) == want
    result = run(lab, "verify", "--texts", str(lab.parent / "texts"), "--lang", "zh")
    assert result.exit_code == (0 if set(want.values()) == {"same"} else 1)
    for id, state in want.items():
        assert state == "same" or passages.STATES[state][0] in next(
            x for x in result.output.splitlines() if (id or "文件") in x
        )


def test_where_a_passage_moved_to_is_said(lab: Path) -> None:
    (lab.parent / "texts" / "lab.txt").write_text("题记\n\n" + TEXT, "utf-8")
    moved = {c.provision: c.now for c in compared(load(lab).register, lab.parent / "texts") if c.state == "moved"}
    assert moved == {"T-01": (5,), "T-02": (6, 3), "T-03": (7,)}


def test_a_document_under_another_name_is_known_by_its_digest(lab: Path) -> None:
    texts = lab.parent / "texts"
    (texts / "broken").write_bytes(b"\xff\xfe")
    (texts / "lab.txt").rename(texts / "renamed.txt")
    assert set(states(lab).values()) == {"same"}


def test_a_missing_document_is_named_with_all_it_holds(lab: Path) -> None:
    (lab.parent / "texts" / "lab.txt").unlink()
    assert set(states(lab).values()) == {"missing"}
    result = run(lab, "verify", "--texts", str(lab.parent / "texts"), "--lang", "en")
    assert result.exit_code == 1 and "document 某县办法  the document was not found" in result.output


def test_a_text_that_is_no_text_is_refused(lab: Path) -> None:
    (lab.parent / "texts" / "lab.txt").write_bytes(b"\xff\xfe")
    assert run(lab, "verify", "--texts", str(lab.parent / "texts")).exit_code == 3


def test_an_unregistered_digest_is_told_and_given(lab: Path) -> None:
    digest = load(lab).register.provisions["T-01"].digest
    change(lab, f'digest = "{digest}"\n', "")
    result = run(lab, "verify", "--texts", str(lab.parent / "texts"), "--lang", "en")
    assert result.exit_code == 1 and digest in result.output and "no digest is registered" in result.output


def test_several_documents_each_hold_their_own_passages(lab: Path) -> None:
    change(lab, "[document]", "[documents.one]")
    change(lab, '[provisions."T-01"]', '[provisions."T-01"]\ndocument = "one"')
    with pytest.raises(Unusable):  # With two documents, each provision says which.
        add(lab, '\n[documents.two]\ntitle = "又一篇"\n')
        load(lab)
    change(lab, '[provisions."T-02"]', '[provisions."T-02"]\ndocument = "one"')
    change(lab, '[provisions."T-03"]', '[provisions."T-03"]\ndocument = "two"')
    assert states(lab) == {"": "missing", "T-01": "same", "T-02": "same", "T-03": "missing"}


# Against the policy.


def test_everything_that_rests_on_a_provision_encodes_it(lab: Path) -> None:
    assert [e.kind for e in entry(lab, "T-01").encodings] == ["regime", "parameter", "trigger"]
    assert [e.kind for e in entry(lab, "T-02").encodings] == ["exception", "finding"]
    kept = entry(lab, "T-03")
    assert kept.kept and [(e.kind, e.line) for e in kept.encodings] == [("note", "原则，只说目的")]
    assert [d.name.text for d in entry(lab, "T-01").cases if d.name] == ["清白"]
    assert found(lab) == []


def test_a_case_encodes_nothing(lab: Path) -> None:
    add(lab, '\n[provisions."T-04"]\nlocator = "四"\nzh = "四。"\nen = "Four."\n')
    with (lab / "lab.policy").open("a", encoding="utf-8") as file:
        file.write(
            "\n案例 又一 another\n    依据：T-04\n    决定日：2018年6月1日\n    事实：\n        （一）齐备：行为；\n    结论：\n        （一）不发生 召回；\n    理由：T-04\n"
        )
    assert found(lab) == ["P331"]
    assert run(lab, "coverage").exit_code == 1
    assert CliRunner().invoke(main, ["check", str(lab)]).exit_code == 1


@pytest.mark.parametrize(("carrier", "carries"), [
    ("参数 迟到次数", True), ("parameter late_limit", True), ("参数 late_limit", True), ("参数 迟到召回", False), ("参数 迟到", False),
    ("召回情形 迟到召回", True), ("召回情形 迟到召回 由", True), ("trigger recall_for_lateness by", True), ("召回情形 迟到召回 期限", False), ("召回情形 迟到召回 说明", False),
    ("召回情形 迟到召回 依据", False), ("召回情形 迟到召回 由来", False), ("认定 属实", True), ("认定 诸问", True), ("认定 迟到召回之等", True), ("解读 期间起算", True), ("解读 起算", False),
    ("未载明 特殊情况", True), ("unprinted 特殊情况", True), ("隐去 特殊情况", False), ("未载明", False), ("案例 清白", False), ("存录 宗旨", False), ("词汇 试验词汇", False), ("特殊情况", False),
])  # fmt: skip
def test_what_carries_an_ambiguity_exists(lab: Path, carrier: str, carries: bool) -> None:
    add(lab, AMBIGUITY + f'carried_by = ["{carrier}"]\n')
    assert found(lab) == ([] if carries else ["P332"])
    e = entry(lab, "T-01")
    assert e.standing(e.provision.ambiguities[0]) == ("carried" if carries else "unaccounted")
    assert run(lab, "coverage").exit_code == (0 if carries else 1)


@pytest.mark.parametrize(("line", "standing", "codes", "code"), [
    ("", "unaccounted", ["P333"], 1), ('no_effect = { zh = "无", en = "none" }\n', "no_effect", [], 0), ('open = { zh = "缺", en = "missing" }\n', "open", ["P334"], 1),
    ('carried_by = ["参数 迟到次数"]\nopen = { zh = "缺", en = "missing" }\n', "open", ["P334"], 1), ('carried_by = ["参数 没有"]\nopen = { zh = "缺", en = "missing" }\n', "open", ["P332", "P334"], 1),
])  # fmt: skip
def test_every_ambiguity_is_accounted_for(lab: Path, line: str, standing: str, codes: list[str], code: int) -> None:
    add(lab, AMBIGUITY + line)
    e = entry(lab, "T-01")
    assert e.standing(e.provision.ambiguities[0]) == standing
    assert sorted(found(lab)) == codes
    assert run(lab, "coverage").exit_code == code


def test_what_is_left_out_does_not_stop_a_policy_from_being_run(lab: Path) -> None:
    add(lab, AMBIGUITY)
    assert check(load(lab)).policy is not None
    assert CliRunner().invoke(main, ["test", str(lab)]).exit_code == 0


def test_a_text_with_errors_is_not_said_to_leave_provisions_out(lab: Path) -> None:
    path = lab / "lab.policy"
    path.write_text(path.read_text("utf-8").replace("取值：三次", "取值：三"), "utf-8")
    add(lab, AMBIGUITY)
    assert not {"P331", "P332", "P333"} & set(found(lab))


def test_a_finding_stands_at_the_word_that_is_wrong(lab: Path) -> None:
    add(lab, AMBIGUITY + 'carried_by = ["参数 迟到次数", "参数 迟到数"]\n')
    (d,) = [d for d in check(load(lab)).findings if d.code == "P332"]
    assert d.span.text == "参数 迟到数" and d.suggestion == "参数 迟到次数" and "lab/sources.toml" in render(d, "en")


# The form of a register.


@pytest.mark.parametrize(("old", "new"), [
    ('modality = ["must"]', 'modality = ["shall"]'), ('modality = ["must"]', "modality = []"), ('modality = ["must"]', 'modality = "must"'), ("lines = [3]", "lines = [0]"), ("lines = [3]", "lines = []"), ("lines = [3]", "lines = [true]"),
    ("lines = [3]", 'lines = "3"'), ('zh = "目的。"', 'zh = ""'), ('zh = "目的。"\n', ""), ('layer = "principle"', 'layer = "原则"'), ('layer = "principle"', 'layers = "principle"'), ('layer = "principle"', 'document = "two"'),
    ('carried_by = ["未载明 特殊情况"]', 'carried_by = "未载明 特殊情况"'), ('carried_by = ["未载明 特殊情况"]', "carried_by = []"), ('carried_by = ["未载明 特殊情况"]', 'no_effect = "无"'), ('carried_by = ["未载明 特殊情况"]', 'no_effect = { zh = "无" }'),
    ('carried_by = ["未载明 特殊情况"]', 'carried_by = ["未载明 特殊情况"]\nno_effect = { zh = "无", en = "none" }'), ("ambiguities.a]", "ambiguity.a]"), ("[document]", "[documents]"), ('kind = "虚构"', "kind = 3"),
])  # fmt: skip
def test_a_register_of_another_form_is_told_where(lab: Path, old: str, new: str) -> None:
    change(lab, old, new)
    with pytest.raises(Unusable) as caught:
        load(lab)
    assert {d.code for d in caught.value.diagnostics} == {"P330"}
    for d in caught.value.diagnostics:
        assert d.span.source.name == "lab/sources.toml" and d.message("zh") != d.message("en")
    assert run(lab, "list").exit_code == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_registers_that_can_be_read(lang: str) -> None:
    page = (ROOT / "docs" / f"sources.{lang}.md").read_text("utf-8")
    text = "\n".join(re.findall(r"(?ms)^```toml\n(.*?)^```$", page)).replace("…", "0" * 64)
    problems: list[Diagnostic] = []
    register = read(Source("sources.toml", text), problems)
    assert not problems and register.provisions["T-01"].ambiguities
    assert register.provisions["T-01"].lines == cited_lines(register.provisions["T-01"].locator)
    assert all(f"`{x}`" in page for x in MODALITIES)
    commands = main.commands["sources"].commands  # type: ignore[attr-defined]
    assert all(f"policy sources {name}" in page for name in commands) and "policy doc" in page


# Told.


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", ["list", "coverage"])
def test_every_provision_and_ambiguity_is_told(lab: Path, command: str, lang: str) -> None:
    out = run(lab, command, "--lang", lang).output
    assert all(id in out for id in ("T-01", "T-02", "T-03"))
    assert (({"zh": "何为特殊没有写。", "en": "What is special is not said."}[lang]) in out) == (command == "coverage")
    if command == "coverage":
        assert {"zh": "有承担：未载明 特殊情况", "en": "carried: unprinted 特殊情况"}[lang] in out


def test_json_says_what_text_says(lab: Path) -> None:
    data = json.loads(run(lab, "coverage", "--format", "json").output)
    assert data["totals"] == {
        "provisions": 3,
        "encoded": 2,
        "kept": 1,
        "unencoded": 0,
        "ambiguities": 1,
        "carried": 1,
        "no_effect": 0,
        "open": 0,
        "unaccounted": 0,
    }
    assert [e["zh"] for e in data["provisions"][1]["encoded_by"]] == ["特殊情况", "诸问"]
    listed = json.loads(run(lab, "list", "--format", "json").output)
    assert [p["lines"] for p in listed["provisions"]] == [[3], [4, 1], [5]]
    verified: list[dict[str, Any]] = json.loads(
        run(lab, "verify", "--texts", str(lab.parent / "texts"), "--format", "json").output
    )
    assert [v["provision"] for v in verified] == [None, "T-01", "T-02", "T-03"]


# The counties of the project.


@pytest.mark.parametrize("county", COUNTIES)
def test_everything_a_county_registers_is_accounted_for(county: str) -> None:
    coverage = check(load(ROOT / "policies" / county)).coverage
    assert coverage is not None and coverage.whole
    # The texts above are cited by article; only a county's documents are kept line by line.
    kept = any(d.file for d in load(ROOT / "policies" / county).register.documents.values())
    for e in coverage.entries:
        p = e.provision
        assert not kept or (p.modality and p.digest and p.lines == cited_lines(p.locator)), p.id
        for a in p.ambiguities:
            assert a.said.zh.endswith("。") and a.said.en.endswith("."), a.id


def test_a_county_without_a_register_is_not_asked_for_one(lab: Path) -> None:
    (lab / "sources.toml").unlink()
    shutil.rmtree(lab.parent / "texts")
    assert found(lab) == [] and run(lab, "coverage").exit_code == 0


def test_a_date_of_the_register_is_one_of_the_calendar_where_it_is_written_as_one() -> None:
    for text, wrong in (("2023-02-30", True), ("2023年2月30日", True), ("2023-02-28", False), ("未载明", False), ("", False)):
        problems: list[Diagnostic] = []
        read(Source(FILE, f'[document]\ndate = "{text}"\n'), problems)
        assert [(d.code, d.span.text) for d in problems] == ([("P330", "date")] if wrong else [])


@pytest.mark.parametrize(
    ("text", "again", "before"),
    [
        ('[provisions."A-01"]\nzh = "甲"\n[provisions."A-01"]\nzh = "乙"\n', '[provisions."A-01"]', 1),
        ('[document]\ntitle = "甲"\ntitle = "乙"\n', 'title = "乙"', 2),
        ('[document]\nzh = "甲"\n[provisions."A-01"]\nzh = "乙"\nzh = "丙"\n', 'zh = "丙"', 4),
    ],
)
def test_what_is_registered_twice_is_shown_in_both_places(text: str, again: str, before: int) -> None:
    problems: list[Diagnostic] = []
    read(Source(FILE, text), problems)
    (found,) = problems
    assert (found.code, found.span.text, found.span.source.place(found.span.start)[0] > before) == ("R100", again, True)
    assert found.others[0].span.source.place(found.others[0].span.start)[0] == before
    assert "twice" in found.message("en") and not re.search("[A-Za-z]{5}", found.message("zh").replace(FILE, "").replace("provisions", "").replace("title", ""))


def test_what_is_no_toml_is_shown_where_it_stops_being_it() -> None:
    problems: list[Diagnostic] = []
    read(Source(FILE, "[document]\ntitle = \n"), problems)
    (found,) = problems
    assert found.code == "R100" and found.span.source.place(found.span.start) == (2, 9)
