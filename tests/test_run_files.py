"""A run's table and its result as files: every form, counts by group, and what goes wrong on the way."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from policy_dsl.above import Regime
from policy_dsl.cli import main
from policy_dsl.commands.options import regime_of
from policy_dsl.diagnostics import Unusable
from policy_dsl.population import results
from policy_dsl.record import Reader
from policy_dsl.report.words import Wording
from policy_dsl.rosters import Aside, read_roster, sift
from policy_dsl.rosters.write import headings, pieces, write_roster

ROOT = Path(__file__).parent.parent
DAYE = ROOT / "policies" / "daye"
SHIPPED = DAYE / "rosters" / "cadres.json"
DAY = "2018-07-10"
FORMS = ("parquet", "duckdb", "csv", "xlsx")
Raw = dict[str, Any]


@cache
def regime() -> Regime:
    return regime_of(str(DAYE))


@pytest.fixture(autouse=True)
def checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("running", "deciding"):
        monkeypatch.setattr(f"policy_dsl.commands.{module}.regime_of", lambda name: regime())


def policy(*args: str, code: int = 0, lang: str = "en") -> Result:
    result = CliRunner().invoke(main, [*args, "--lang", lang], env={"POLICY_TRACEBACK": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result


def run(table: Path, *options: str, code: int = 0, lang: str = "en") -> Result:
    return policy("run", str(DAYE), str(table), "--as-of", DAY, *options, code=code, lang=lang)


def people() -> list[Raw]:
    """Everybody in the shipped roster, by number: the first are the same however it grows."""
    return sorted(json.loads(SHIPPED.read_text("utf-8"))["记录"], key=lambda x: x["编号"])


def count() -> tuple[int, int, int]:
    """Everybody in the shipped roster, and how many of them are decided and undetermined."""
    open_ = Counter(json.loads(x)["status"] for x in naive_lines())
    return sum(open_.values()), open_["decided"], open_["undetermined"]


@cache
def naive_lines() -> tuple[str, ...]:
    """The decisions of the shipped roster, printed whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("policy_dsl.commands.deciding.regime_of", lambda name: regime())
        return tuple(policy("decide", str(DAYE), str(SHIPPED), "--as-of", DAY, "--format", "jsonl").stdout.splitlines())


def reader() -> Reader:
    return Reader(regime().shape, regime().lexicon)


def lines(path: Path, raws: list[Raw]) -> Path:
    path.write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in raws), "utf-8")
    return path


def rows(result: Path, table: str) -> list[dict[str, Any]]:
    """A table of a result, read by the libraries analysts use; what is empty is ''."""
    if result.suffix == ".parquet":
        found = pq.read_table(result / f"{table}.parquet").to_pylist()
    elif result.suffix == ".csv":
        with (result / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
            found = list(csv.DictReader(stream))
    elif result.suffix == ".duckdb":
        with duckdb.connect(str(result), read_only=True) as base:
            told = base.execute(f"SELECT * FROM {table}")
            names = [c[0] for c in told.description]
            found = [dict(zip(names, row, strict=True)) for row in told.fetchall()]
    else:
        names, *cells = openpyxl.load_workbook(result)[table].iter_rows(values_only=True)
        found = [dict(zip(names, row, strict=True)) for row in cells]
    return [{k: "" if x is None else str(x) for k, x in row.items()} for row in found]


TABLES = ("persons", "elements", "aside", "groups", "rates", "missing")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same run in every form."""
    folder = tmp_path_factory.mktemp("made")
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("policy_dsl.commands.running.regime_of", lambda name: regime())
        for form in FORMS:
            found[form] = folder / f"out.{form}"
            run(SHIPPED, "-o", str(found[form]), "--group-by", "身份,rank")
    return found


# Results.


def test_every_form_holds_the_same(made: dict[str, Path]) -> None:
    for table in TABLES:
        want = rows(made["parquet"], table)
        assert (len(want) > 0) == (table != "aside")
        for form in FORMS[1:]:
            assert rows(made[form], table) == want, (form, table)
    about = json.loads((made["csv"] / "run.json").read_text("utf-8"))
    with duckdb.connect(str(made["duckdb"]), read_only=True) as base:
        kept = {k: json.loads(x) for k, x in base.execute("SELECT key, value FROM run").fetchall()}
    sheet = openpyxl.load_workbook(made["xlsx"])["run"]
    book = {k: json.loads(x) for k, x in list(sheet.iter_rows(values_only=True))[1:]}
    assert about | {"form": ""} == kept | {"form": ""} == book | {"form": ""}
    assert (about["persons"], about["decided"], about["undetermined"]) == count()
    assert len(rows(made["csv"], "persons")) == count()[0]
    assert not Path(about["table"]["path"]).is_absolute()


def test_equal_inputs_give_equal_bytes(made: dict[str, Path], tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        out = made["csv"].parent / f"again.{form}"
        run(SHIPPED, "-o", str(out), "--group-by", "身份,rank")
        for path in out.iterdir():
            assert path.read_bytes() == (made[form] / path.name).read_bytes(), path.name


def test_whole_numbers_and_words_have_their_types(made: dict[str, Path]) -> None:
    with duckdb.connect(str(made["duckdb"]), read_only=True) as base:
        types = dict(base.execute("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'persons'").fetchall())
    schema = {f.name: str(f.type) for f in pq.read_schema(made["parquet"] / "persons.parquet")}
    for name, type in types.items():
        figures = name.startswith("atoms_") or name == "undetermined_effects"
        assert (type, schema[name]) == (("BIGINT", "int64") if figures else ("VARCHAR", "string"))


def test_headings_and_words_follow_the_tongue(tmp_path: Path) -> None:
    zh = tmp_path / "甲.xlsx"
    shown = run(SHIPPED, "-o", str(zh), "--group-by", "单位", lang="zh").stdout
    book = openpyxl.load_workbook(zh)
    assert book.sheetnames == ["人员", "各行", "搁置", "分组", "结论人数", "所缺人数", "运行"]
    assert next(book["人员"].iter_rows(values_only=True))[:7] == ("编号", "记录摘要", "是否已定", "未定效果数", "尚缺", "免责_就已载明者", "免责_全文")
    many, decided, open_ = count()
    assert f"{many} 人：已定 {decided}，未定 {open_}" in shown and "未知" in shown


# Tables.


def database(path: Path, raws: list[Raw]) -> Path:
    """The tables of a roster in a database."""
    tables: dict[str, list[Raw]] = {}
    for raw in raws:
        for name, row in pieces(raw, reader()):
            tables.setdefault(name, []).append(row)
    base: Any = duckdb.connect(str(path)) if path.suffix == ".duckdb" else sqlite3.connect(path)
    for name, columns in headings(raws, reader()).items():
        cells = [[None if row.get(c) is None else str(row[c]) for c in columns] for row in tables[name]]
        base.execute(f'CREATE TABLE "{name}" ({", ".join(f"{json.dumps(c, ensure_ascii=False)} VARCHAR" for c in columns)})')
        base.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(columns))})', cells)
    if path.suffix != ".duckdb":
        base.commit()
    base.close()
    return path


def told(path: Path) -> list[Any]:
    found = read_roster(path, regime().shape, regime().lexicon)
    return [(r.id, r.facts, {k: ([(x.id, x.values) for x in v.known], v.open) for k, v in r.lists.items() if v.known}, r.findings, r.answers) for r in found]


@pytest.mark.parametrize("name", ["r.duckdb", "r.db", "r.sqlite"])
def test_a_database_holds_what_a_workbook_does(name: str, tmp_path: Path) -> None:
    raws = people()
    write_roster(tmp_path / "r.xlsx", raws, reader())
    path = database(tmp_path / name, raws)
    assert told(path) == told(tmp_path / "r.xlsx")
    many, decided, open_ = count()
    assert f"{many} persons: {decided} decided, {open_} undetermined" in run(path).stdout


NESTED = """
CREATE TABLE 干部 (编号 VARCHAR, 身份 VARCHAR, 容错事项 STRUCT(编号 VARCHAR, 发生日 DATE, 主体 VARCHAR, 失误 VARCHAR)[]);
INSERT INTO 干部 VALUES
    ('甲', '公务员', [{编号: '1', 发生日: DATE '2017-03-01', 主体: '个人主体', 失误: '是'}, {编号: '2', 发生日: NULL, 主体: NULL, 失误: '否'}]),
    ('乙', NULL, NULL);
CREATE TABLE 齐备 (干部编号 VARCHAR, 清单 VARCHAR, 齐备至 TIMESTAMP);
INSERT INTO 齐备 VALUES ('甲', '容错事项', TIMESTAMP '2018-01-01 00:00:00');
"""


def test_a_list_may_stand_nested_in_a_table_of_duckdb(tmp_path: Path) -> None:
    """Some lists in a column, others in a table of their own, dates as dates and as times."""
    with duckdb.connect(str(tmp_path / "r.duckdb")) as base:
        base.execute(NESTED)
    matters = [{"编号": "1", "发生日": "2017-03-01", "主体": "个人主体", "失误": "是"}, {"编号": "2", "失误": "否"}]
    plain = [{"编号": "甲", "身份": "公务员", "容错事项": matters, "齐备": {"容错事项": "2018-01-01"}}, {"编号": "乙"}]
    assert told(tmp_path / "r.duckdb") == told(lines(tmp_path / "r.jsonl", plain))


def test_a_database_is_read_and_nothing_else_is(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("编号\n甲\n", "utf-8")
    with duckdb.connect(str(tmp_path / "v.duckdb")) as base:
        base.execute(f"CREATE VIEW 干部 AS SELECT * FROM read_csv('{secret}')")
    before = (tmp_path / "v.duckdb").read_bytes()
    with pytest.raises(Unusable) as caught:
        told(tmp_path / "v.duckdb")
    assert [d.code for d in caught.value.diagnostics] == ["R100"] and "disabled" in caught.value.diagnostics[0].message("en")
    assert (tmp_path / "v.duckdb").read_bytes() == before
    for name, raw in (("a.db", b"SQLite format 3\0 no"), ("b.db", b"nothing"), ("c.duckdb", b"")):
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(Unusable):
            told(tmp_path / name)


# Who is not sound.


def unsound() -> list[Raw]:
    """The shipped roster with three who are not sound, and two of one number."""
    raws = people()
    raws[3] |= {"身份": "局长"}
    raws[7] |= {"爱好": "钓鱼"}
    raws[9] = {k: x for k, x in raws[9].items() if k != "编号"}
    raws[12] |= {"编号": raws[11]["编号"]}
    return raws


def test_what_is_not_sound_stops_the_run_with_everything_said(tmp_path: Path) -> None:
    table = lines(tmp_path / "r.jsonl", unsound())
    with table.open("a", encoding="utf-8") as stream:
        stream.write("{broken\n")
    output = run(table, "-o", str(tmp_path / "out.csv"), code=3).output
    assert Counter(re.findall(r"error\[(R\d+)]", output)) == {"R102": 1, "R101": 1, "R104": 1, "R103": 2, "R100": 1}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.jsonl"]


@pytest.mark.parametrize("form", FORMS)
def test_who_is_not_sound_is_set_aside_with_the_place_and_nobody_is_lost(form: str, tmp_path: Path) -> None:
    table = lines(tmp_path / "r.jsonl", unsound())
    with table.open("a", encoding="utf-8") as stream:
        stream.write("{broken\n")
    out = tmp_path / f"out.{form}"
    sound = len(people()) - 5
    assert f"{sound} persons:" in (text := run(table, "-o", str(out), "--on-error", "aside", code=1).stdout) and "6 set aside" in text
    aside = rows(out, "aside")
    assert [(x["id"], x["place"], x["code"]) for x in aside] == [
        ("DY04", "line 4", "R102"), ("DY08", "line 8", "R101"), ("", "line 10", "R104"),
        ("DY12", "line 12", "R103"), ("DY12", "line 13", "R103"), ("", f"line {len(people()) + 1}", "R100"),
    ]  # fmt: skip
    assert all(x["message"] for x in aside)
    kept = {x["id"] for x in rows(out, "persons")}
    assert kept == {x["编号"] for x in people()} - {"DY04", "DY08", "DY10", "DY12", "DY13"} and len(kept) == sound
    said = policy("explain", "--from", str(out), "DY04", code=3).output
    assert "R204" in said and "局长" in said


def test_an_outcome_is_the_same_whoever_is_set_aside(tmp_path: Path) -> None:
    raws = people()
    whole, part = tmp_path / "whole.csv", tmp_path / "part.csv"
    run(lines(tmp_path / "a.jsonl", raws), "-o", str(whole))
    raws[5] |= {"身份": "局长"}
    run(lines(tmp_path / "b.jsonl", raws), "-o", str(part), "--on-error", "aside", code=1)
    assert rows(part, "persons") == [x for x in rows(whole, "persons") if x["id"] != raws[5]["编号"]]


@pytest.mark.parametrize("fault", ["row of nobody", "person twice", "table unknown"])
def test_what_could_be_anybodys_stops_the_run_even_so(fault: str, tmp_path: Path) -> None:
    folder = tmp_path / "r"
    write_roster(folder, people(), reader(), "csv")
    if fault == "table unknown":
        (folder / "容错事顶.csv").write_text("干部编号,编号\nDY01,1\n", "utf-8")
    else:
        path = folder / ("容错事项.csv" if fault == "row of nobody" else "干部.csv")
        text = path.read_text("utf-8")
        path.write_text(text + text.splitlines()[1].replace("DY02", "DY92"), "utf-8")
    for how in ("stop", "aside"):
        output = run(folder, "-o", str(tmp_path / "out.csv"), "--on-error", how, code=3).output
        assert {"row of nobody": "R106", "person twice": "R103", "table unknown": "R101"}[fault] in output
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_cell_of_a_table_sets_its_person_aside_alone(form: str, tmp_path: Path) -> None:
    raws = people()
    raws[1]["容错事项"][0]["主体"] = "无人"
    path = tmp_path / ("r.xlsx" if form == "xlsx" else "r")
    write_roster(path, raws, reader(), form)
    found = list(sift(path, regime().shape, regime().lexicon))
    (aside,) = [x for x in found if isinstance(x, Aside)]
    assert aside.id == "DY02" and "容错事项 第2行 主体" in aside.problems[0].message("zh")
    assert len(found) == len(raws)


# Counts.


def naive(by: list[str]) -> tuple[Counter[Any], Counter[Any]]:
    """Counted again, from decisions printed whole."""
    raws = {x["编号"]: x for x in people()}
    persons: Counter[Any] = Counter()
    effects: Counter[Any] = Counter()
    for decision in map(json.loads, naive_lines()):
        group = tuple(raws[decision["subject"]].get(x, "?") for x in by)
        persons[group, decision["status"]] += 1
        for e in decision["effects"]:
            if e["element"] is None:
                effects[group, e["name"], e["modality"] if e["settled"] else "undetermined"] += 1
    return persons, effects


def test_rates_are_those_of_the_decisions(made: dict[str, Path]) -> None:
    persons, effects = naive(["身份"])
    out = made["csv"].parent / "rates.csv"
    run(SHIPPED, "-o", str(out), "--group-by", "身份", lang="zh")
    w = Wording(regime().policy, "zh")
    groups = {(x["身份"],): x for x in rows(out, "groups")}
    assert {g for g, _ in persons} == set(groups)
    for g, x in groups.items():
        assert (int(x["已定人数"]), int(x["未定人数"])) == (persons[g, "decided"], persons[g, "undetermined"])
        assert int(x["人数"]) == persons[g, "decided"] + persons[g, "undetermined"]
    counted = {((x["身份"],), x["效果"], x["结论"]): int(x["人数"]) for x in rows(out, "rates")}
    word = {k: w.say(k) if k == "undetermined" else w.word("STATUS", k) for _, _, k in effects}
    assert counted == {(g, w.effect(e), word[k]): n for (g, e, k), n in effects.items()}
    for effect in {e for _, e, _ in counted}:
        assert sum(n for (_, e, _), n in counted.items() if e == effect) == len(people())


def test_missing_is_counted_once_a_person(made: dict[str, Path]) -> None:
    of = [x["missing"].split("; ") for x in rows(made["csv"], "persons") if x["missing"]]
    by_person = Counter(what for names in of for what in set(names))
    most: Counter[str] = Counter()
    for x in rows(made["csv"], "missing"):
        most[x["fact"]] = max(most[x["fact"]], int(x["persons"]))
    assert set(most) == set(by_person) and all(most[k] <= n for k, n in by_person.items())


def test_a_fact_over_time_is_that_of_the_day(tmp_path: Path) -> None:
    one = {"编号": "1", "职级": [{"自": "2015-01-01", "值": "科员"}, {"自": "2018-07-10", "值": "副科"}]}
    table = lines(tmp_path / "r.jsonl", [one, {"编号": "2"}, {"编号": "3", "职级": "无"}, {"编号": "4", "职级": ["科员", "副科"]} | {"职级": "科员或副科"}])
    for day, want in (("2018-07-09", "section_member"), ("2018-07-10", "deputy_section"), ("2014-12-31", "unknown")):
        out = tmp_path / f"{day}.csv"
        policy("run", str(DAYE), str(table), "--as-of", day, "-o", str(out), "--group-by", "rank")
        found = [x["rank"] for x in rows(out, "groups")]
        expected = {want, "unknown", "does not apply", "section_member or deputy_section"}
        assert set(found) == expected and found[-1] != "section_member"


def test_no_such_fact_is_told_with_those_there_are() -> None:
    for by in ("nothing", "rank,nothing", ""):
        output = run(SHIPPED, "--group-by", by, code=2).output
        assert "identity" in output and "no such fact" in output


def test_of_very_many_groups_the_first_are_told_and_all_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy_dsl.population.telling._MOST_LINES", 20)
    table = lines(tmp_path / "r.jsonl", [people()[0] | {"编号": str(i), "单位": f"某乡{i:03}"} for i in range(30)])
    out = tmp_path / "out.csv"
    shown = run(table, "-o", str(out), "--group-by", "unit").stdout
    assert "某乡019" in shown and "某乡020" not in shown and "10 more lines: see the result" in shown
    assert [x["unit"] for x in rows(out, "groups")] == [f"某乡{i:03}" for i in range(30)]


HOSTILE = ["+1+1", "<script>alert(1)</script>", "@某", "]]>&amp;", '"引"，号']


def test_words_of_a_record_do_nothing_anywhere(tmp_path: Path) -> None:
    table = lines(tmp_path / "r.jsonl", [people()[1] | {"编号": f"@{i}", "单位": x} for i, x in enumerate(HOSTILE)])
    chart = tmp_path / "c.svg"
    for form in FORMS:
        out = tmp_path / f"out.{form}"
        run(table, "-o", str(out), "--group-by", "unit", "--chart", str(chart), "--force")
        strip = (lambda x: x.removeprefix("'")) if form == "csv" else (lambda x: x)
        assert sorted(strip(x["unit"]) for x in rows(out, "groups")) == sorted(HOSTILE)
        assert policy("explain", "--from", str(out), "@3").stdout.startswith("daye_tolerance to No. @3")
    with (tmp_path / "out.csv" / "groups.csv").open(encoding="utf-8-sig") as stream:
        assert {row[0] for row in csv.reader(stream)} >= {"'+1+1", "'@某"}
    for sheet in openpyxl.load_workbook(tmp_path / "out.xlsx"):
        assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    svg = chart.read_text("utf-8")
    assert "<script" not in svg
    texts = ["".join(e.itertext()) for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("}text")]
    assert all(any(x in t for t in texts) for x in HOSTILE)


def test_the_chart_shows_what_the_table_says(made: dict[str, Path], tmp_path: Path) -> None:
    chart = tmp_path / "c.svg"
    run(SHIPPED, "--group-by", "identity", "--chart", str(chart))
    root = ElementTree.fromstring(chart.read_text("utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    told = Counter(t.text for r in root.iter(f"{space}rect") for t in r.iter(f"{space}title"))
    out = tmp_path / "out.csv"
    run(SHIPPED, "--group-by", "identity", "-o", str(out))
    silent = {x["effect"] for x in rows(out, "rates")} - {x["effect"] for x in rows(out, "rates") if x["outcome"] != "does not arise"}
    assert told == Counter(f"{x['outcome']} {x['persons']}" for x in rows(out, "rates") if x["effect"] not in silent)
    wide = float(root.get("width", "0"))
    for r in root.iter(f"{space}rect"):
        assert float(r.get("x", "0")) >= 0 and float(r.get("x", "0")) + float(r.get("width", "0")) <= wide
    assert root.find(f"{space}title") is not None and not re.search(r"href|url\((?!#)|@import", chart.read_text("utf-8"))


def test_an_empty_table_is_counted_as_nobody(tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    assert "0 persons" in run(lines(tmp_path / "r.jsonl", []), "-o", str(out), "--chart", str(tmp_path / "c.svg"), "--group-by", "rank").stdout
    assert rows(out, "persons") == [] and pq.read_schema(out / "persons.parquet").names[0] == "id"
    ElementTree.fromstring((tmp_path / "c.svg").read_text("utf-8"))


# Faults.


def test_what_is_there_is_replaced_only_if_asked_and_only_if_it_is_a_result(tmp_path: Path) -> None:
    table = lines(tmp_path / "r.jsonl", people()[:3])
    out = tmp_path / "out.csv"
    run(table, "-o", str(out))
    (out / "persons.csv").write_text("older", "utf-8")
    assert "--force" in run(table, "-o", str(out), code=2).output
    assert (out / "persons.csv").read_text("utf-8") == "older"
    run(table, "-o", str(out), "--force")
    assert len(rows(out, "persons")) == 3
    run(table, "-o", str(out), "--force", "--format", "xlsx")
    assert out.is_file()
    run(table, "-o", str(out), "--force", "--format", "parquet")
    assert out.is_dir()
    other = tmp_path / "other"
    other.mkdir()
    (other / "diary.txt").write_text("mine", "utf-8")
    for place in (other, table, tmp_path / "none" / "out.csv"):
        assert run(table, "-o", str(place), "--force", code=2).output
    (tmp_path / "link.csv").symlink_to(out)
    assert "a link" in run(table, "-o", str(tmp_path / "link.csv"), "--force", code=2).output
    assert (other / "diary.txt").read_text("utf-8") == "mine" and table.read_text("utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.csv", "other", "out.csv", "r.jsonl"]


def test_a_chart_replaces_nothing_unasked(tmp_path: Path) -> None:
    table = lines(tmp_path / "r.jsonl", people()[:2])
    chart = tmp_path / "c.svg"
    chart.write_text("mine", "utf-8")
    assert "--force" in run(table, "--chart", str(chart), code=2).output
    for place in (table, tmp_path / "out.csv", tmp_path / "none" / "c.svg"):
        run(table, "-o", str(tmp_path / "out.csv"), "--chart", str(place), "--force", code=2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c.svg", "r.jsonl"] and chart.read_text("utf-8") == "mine"
    run(table, "--chart", str(chart), "--force")
    assert ElementTree.fromstring(chart.read_text("utf-8")).tag.endswith("svg")


def test_a_table_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = lines(tmp_path / "r.jsonl", people()[:3])
    add = results.Result.add

    def adding(self: results.Result, name: str, row: Any) -> None:
        with table.open("a") as stream:
            stream.write("\n")
        add(self, name, row)

    monkeypatch.setattr(results.Result, "add", adding)
    assert "changed while it was being read" in run(table, "-o", str(tmp_path / "out.csv"), code=3).output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.jsonl"]


SCRIPT = """
import resource, sys
limit = int(sys.argv[1])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from policy_dsl.cli import main
main(sys.argv[2:])
"""


def started(table: Path, out: Path, limit: int = 0) -> subprocess.Popen[str]:
    """The command in a process of its own, whose files may be no longer than a limit."""
    args = [sys.executable, "-c", SCRIPT, str(limit), "run", str(DAYE), str(table), "--as-of", DAY, "-o", str(out), "--lang", "en"]
    return subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=out.parent, env={**os.environ, "TMPDIR": str(out.parent)})


@pytest.mark.parametrize("form", FORMS)
def test_no_room_is_said_plainly_and_nothing_is_left(form: str, tmp_path: Path) -> None:
    """A limit on the length of a file stops a writer as a full disk does: within it, with an error of the system."""
    table = lines(tmp_path / "r.jsonl", [x | {"编号": f"{x['编号']}-{i}"} for i in range(3) for x in people()])
    run_ = started(table, tmp_path / f"out.{form}", 9000)
    output, errors = run_.communicate(timeout=60)
    assert run_.returncode == 3, (output, errors)
    assert f"error[R200]: “out.{form}” cannot be written" in errors and "Traceback" not in errors
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.jsonl"]


def test_too_little_memory_is_said_with_what_bounds_it(tmp_path: Path) -> None:
    table, out = lines(tmp_path / "r.jsonl", people()), tmp_path / "out.csv"
    told = CliRunner().invoke(
        main, ["run", str(DAYE), str(table), "--as-of", DAY, "--engine", "duckdb", "-o", str(out)], env={"POLICY_MEMORY": "1MB"}
    )  # fmt: skip
    assert told.exit_code == 3 and "(POLICY_MEMORY)" in told.output and "internal error" not in told.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.jsonl"]


@pytest.mark.parametrize("engine", ["interpreter", "duckdb"])
def test_what_is_no_file_is_no_table(engine: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "r.jsonl")
    assert "not a file" in run(tmp_path / "r.jsonl", "--engine", engine, code=3).output


def test_a_run_that_is_killed_leaves_no_result(tmp_path: Path) -> None:
    many = [x | {"编号": f"{x['编号']}-{i}"} for i in range(40) for x in people()]
    table, out = lines(tmp_path / "r.jsonl", many), tmp_path / "out.csv"
    process = started(table, out)
    try:
        began = time.monotonic()
        while not list(tmp_path.glob("out.csv.partial-*/result/persons.csv")):
            assert process.poll() is None and time.monotonic() - began < 60, process.communicate()
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert not out.exists()
    (left,) = [p.name for p in tmp_path.iterdir() if p != table]
    assert re.fullmatch(r"out\.csv\.partial-[0-9a-f]{8}", left)
    # What is left is no result, and does not stand in the way of the next.
    assert "not a result" in policy("explain", "--from", str(tmp_path / left), "DY01-0", code=3).output
    run(lines(tmp_path / "few.jsonl", many[:3]), "-o", str(out))
    assert len(rows(out, "persons")) == 3


def test_a_sheet_that_is_full_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MOST_ROWS", 10)
    output = run(SHIPPED, "-o", str(tmp_path / "out.xlsx"), code=3).output
    assert "R200" in output and "no more rows" in output
    assert not list(tmp_path.iterdir())


def test_progress_is_told_where_it_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr("policy_dsl.commands.running.watched", lambda items, total, lang, quiet, count: seen.append((total, lang, quiet)) or items)
    run(lines(tmp_path / "r.jsonl", people()[:5]), "-q")
    run(lines(tmp_path / "r.jsonl", people()[:5]), lang="zh")
    assert seen == [(5, "en", True), (5, "zh", False)]


def test_without_an_output_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert f"{len(people())} persons" in run(SHIPPED).stdout
    assert not list(tmp_path.iterdir())
