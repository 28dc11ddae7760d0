"""Rosters that their form's readers read differently: every engine says the same of them, and never breaks."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import packs
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow.parquet import write_table

from policy_dsl.above import Regime
from policy_dsl.cli import main
from policy_dsl.population import run
from policy_dsl.population.working import working

RULES = (
    packs.REGIME
    + """
处置 甲处置 a_rule
    依据：T-02
    当：得分 不足 60分 或 患病
    应当：提醒
    由：未载明

处置 乙处置 b_rule
    依据：T-03
    当：行为（类型 为 迟到）的次数 2次以上
    应当：考察
    由：未载明
"""
)
# What differs between the engines.
OF_ENGINE = ("engine", "left_to_interpreter", "decided_in_sets", "decided_by_interpreter", "read_one_by_one")
Tables = dict[str, Any]


@cache
def lab() -> Regime:
    return Regime(packs.policy(RULES))


@pytest.fixture(autouse=True)
def checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy_dsl.commands.running.regime_of", lambda name: lab())


def told(table: Path, engine: str, out: Path, *options: str) -> tuple[int, str, dict[str, Any]]:
    """What a run ends with, what it says is wrong, and its result."""
    args = ["run", "lab", str(table), "--as-of", "2020-01-01", "--engine", engine, "-o", str(out), "--lang", "en"]
    ended = CliRunner().invoke(main, [*args, "--on-error", "aside", *options], env={"POLICY_TRACEBACK": None})
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    made: dict[str, Any] = {p.name: p.read_bytes() for p in out.iterdir()} if out.is_dir() else {}
    if made:
        about = json.loads(made["run.json"])
        made["run.json"] = {k: x for k, x in about.items() if k not in OF_ENGINE}
    return ended.exit_code, ended.stderr, made


def same(table: Path, beside: Path, code: int = 0) -> dict[str, Any]:
    """The result of either engine, which is the other's."""
    one, other = (told(table, e, beside / f"{e}.csv") for e in ("interpreter", "duckdb"))
    assert one == other
    assert one[0] == code, one[1]
    return one[2]


def numbers(made: dict[str, Any]) -> list[str]:
    return [line.split(",")[0] for line in made["persons.csv"].decode("utf-8-sig").splitlines()[1:]]


def in_parquet(folder: Path, **tables: Tables) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in tables.items():
        write_table(pa.table(columns), folder / f"{name}.parquet")
    return folder


def in_csv(folder: Path, **tables: Sequence[str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


IDS = ["1", "2", "3"]
PEOPLE = ["编号,得分,患病", "1,50,是", "2,70,否"]


# Names of files that stand for others.


@pytest.mark.parametrize("name", ["a[1]", "a*", "a?", "得分=4", "编号=4"])
def test_a_folder_is_read_by_its_name_alone(name: str, tmp_path: Path) -> None:
    for other in ("a1", "ab"):
        in_csv(tmp_path / "csv" / other, 干部=PEOPLE)
        in_parquet(tmp_path / "parquet" / other, 干部={"编号": IDS})
    (tmp_path / "out").mkdir()
    own = in_csv(tmp_path / "csv" / name, 干部=["编号,得分", "7,1"])
    assert numbers(same(own, tmp_path / "out")) == ["7"]
    own = in_parquet(tmp_path / "parquet" / name, 干部={"编号": ["9"]})
    (tmp_path / "more").mkdir()
    assert numbers(same(own, tmp_path / "more")) == ["9"]
    (tmp_path / "one").mkdir()
    write_table(pa.table({"编号": ["5"]}), tmp_path / f"{name}.parquet")
    write_table(pa.table({"编号": ["5", "6"]}), tmp_path / "a1.parquet")
    assert numbers(same(tmp_path / f"{name}.parquet", tmp_path / "one")) == ["5"]


# What one reader of JSON or CSV takes and another does not.


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"编号":"2","得分":50,}', 1),
        ('{"编号":"2","行为":[{"编号":"1","类型":"迟到"} , ]}', 1),
        ('{"编号":"2","行为":[{"编号":"1","类型":"迟到",\t}]}', 1),
        ('{"编号":"2","行为":[{"编号":"1","类型":"迟到"},Nan]}', 1),
        ('{"编号":"2","单位":",]"}', 0),
        ('{"编号":"2\\ud800","得分":50}', 1),
    ],
)
def test_a_line_is_json_to_both_or_to_neither(line: str, code: int, tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"编号":"1","得分":50,"患病":"是"}\n' + line + "\n", "utf-8")
    assert numbers(same(path, tmp_path, code)) == ["1", "2"][: 2 - code]


@pytest.mark.parametrize("form", ["parquet", "duckdb", "xlsx"])
def test_what_no_form_keeps_is_set_aside_in_any(form: str, tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"编号":"1"}\n{"编号":"2\\ud800"}\n{"编号":"3","单位":"\\u0001"}\n', "utf-8")
    for engine in ("interpreter", "duckdb"):
        assert told(path, engine, tmp_path / f"{engine}.{form}")[0] == 1


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["编号,得分,单位", '1,50,"甲" ', "2,70,乙"], 3),
        (["编号,得分,单位", '1,50, "甲"', "2,70,乙"], 0),
        (["编号,得分,单位", '1,50,"甲"乙'], 3),
        (["编号,得分,单位", '1,50,"甲,""乙"""', '2,70,"乙\n丙"'], 0),
        (["编号,得分,单位", f"1,50,{'a' * 131_072}"], 0),
        (["编号,得分,单位", f"1,50,{'a' * 131_073}"], 3),
        (["编号,得分,单位", "1,50,甲,,", "2,70,乙"], 0),
        (["编号,得分,单位", "1,50,甲,x"], 3),
    ],
)
def test_a_table_is_read_by_both_or_by_neither(lines: list[str], code: int, tmp_path: Path) -> None:
    same(in_csv(tmp_path / "r", 干部=lines), tmp_path, code)


@pytest.mark.parametrize(
    "tables",
    [
        {"行为": ["干部编号,编号,编号"]},
        {"行为": ["干部编号,编号"], "conduct": ["cadre,id"]},
        {"行为": ["干部编号,编号,类型（年.月）"]},
    ],
)
def test_headings_without_rows_are_held_to_the_same(tables: dict[str, list[str]], tmp_path: Path) -> None:
    same(in_csv(tmp_path / "r", 干部=PEOPLE, **tables), tmp_path, 3)
    if "（" not in str(tables):
        with duckdb.connect(str(tmp_path / "r.duckdb")) as base:
            base.execute("CREATE TABLE 干部 AS SELECT '1' AS 编号")
            for name, (heads,) in tables.items():
                columns = dict.fromkeys(
                    f'"{h if heads.count(h) == 1 else x}"'
                    for h, x in zip(heads.split(","), ("", "id", "编号"), strict=False)
                )
                base.execute(f'CREATE TABLE "{name}" ({", ".join(f"{c} VARCHAR" for c in columns)})')
        (tmp_path / "out").mkdir()
        same(tmp_path / "r.duckdb", tmp_path / "out", 3)


# Columns of kinds that SQL does not read.

ROW = pa.struct([("编号", pa.string()), ("类型", pa.string())])


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"身份": [[{"自": datetime.date(2017, 1, 1), "值": "公务员"}], [], None]}, 0),
        ({"职级": [["科员", "副科"], [], None]}, 1),
        ({"得分": [{"值": 5, "来源": "某表"}, None, None]}, 0),
        ({"N": pa.nulls(3)}, 0),
        ({"N": [1, 2, 3]}, 1),
        ({"ID": pa.nulls(3)}, 0),
        ({"odd": pa.nulls(3), "未": pa.nulls(3), "行为": pa.array([[{"编号": "1"}], [], None], pa.list_(ROW))}, 0),
        ({"行为": pa.array([[None], [{"编号": "1", "类型": None}], None], pa.list_(ROW))}, 1),
        ({"齐备": pa.array([[("行为", "是")], None, []], pa.map_(pa.string(), pa.string()))}, 0),
        ({"齐备": pa.array([[("行为", "是"), ("行为", "否")], None, []], pa.map_(pa.string(), pa.string()))}, 3),
        ({"入职日": pa.array([1, 10**18 + 1, None], pa.timestamp("ns"))}, 3),
        ({"入职日": pa.array([10**15, -(10**15), None], pa.timestamp("ms"))}, 3),
        ({"入职日": pa.array([10**7, 0, None], pa.int32()).cast(pa.date32())}, 3),
        ({"入职日": pa.array([datetime.datetime(2009, 12, 31, 20)] * 3, pa.timestamp("us", "Asia/Shanghai"))}, 0),
        ({"得分": pa.array([Decimal("1.50"), None, Decimal(2)], pa.decimal256(50, 2))}, 0),
        ({"单位": pa.Array.from_buffers(pa.string(), 3, pa.array([b"ok", b"\xff\xfe", b"x"]).buffers())}, 3),
    ],
)  # fmt: skip
def test_odd_columns_come_out_the_same(columns: Tables, code: int, tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    write_table(pa.table({"编号": IDS, **columns}), path)
    same(path, tmp_path, code)


@pytest.mark.parametrize("column", ["入职日", "身份"])
def test_odd_columns_of_tables_come_out_the_same(column: str, tmp_path: Path) -> None:
    far = pa.array([10**7, 0, None], pa.int32()).cast(pa.date32())
    changed = pa.array([[{"自": datetime.date(2017, 1, 1), "值": "公务员"}], [], None])
    of = {"编号": IDS, column: far if column == "入职日" else changed}
    same(in_parquet(tmp_path / "r", 干部=of), tmp_path, 3 if column == "入职日" else 0)


def test_a_page_that_is_damaged_is_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    write_table(pa.table({"编号": [str(i) for i in range(3000)], "单位": [f"某{i}" for i in range(3000)]}), path)
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 2000] = b"\xff" * 2000
    path.write_bytes(bytes(whole))
    same(path, tmp_path, 3)


# Names that a county may give, and that ours are.


@pytest.mark.parametrize(
    ("fact", "list_", "field"),
    [("文", "行为", "金额"), ("知", "行为", "日期号"), ("得分", "行为", "文"), ("得分", "行为", "在案"), ("长", "行为", "隐"),
     ("得分", "名册", "金额"), ("得分", "状态", "金额"), ("得分", "行定", "金额"), ("得分", "结论", "金额")],
)  # fmt: skip
def test_what_a_county_names_as_we_do_is_its_own(
    fact: str, list_: str, field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vocabulary = f"""词汇 试验词汇 lab_words
    事实 {fact} fact1：是否
    清单 {list_} list1（发生日）：发生日 happened_on：日期、{field} field1：是否
    效果 事务 affairs 中性：提醒 reminder、登记 registration
    机关 县委 committee
"""
    rules = f"""
处置 甲处置 a_rule
    依据：T-02
    当：{fact}
    应当：提醒
    由：未载明

处置 乙处置 b_rule
    依据：T-03
    当：{list_}（{field}）的次数 2次以上
    应当：登记
    由：未载明
"""
    regime = Regime(packs.policy(packs.REGIME + rules, vocabulary))
    monkeypatch.setattr("policy_dsl.commands.running.regime_of", lambda name: regime)
    words, path = ("是", "否"), tmp_path / "r.jsonl"
    raws = []
    for i in range(4):
        rows = [{"编号": f"{j}", "发生日": f"201{j}-01-01", field: words[(i + j) % 2]} for j in range(3)]
        raws.append({"编号": f"{i}", fact: words[i % 2], list_: {"齐备": True, "行": rows}})
    path.write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in raws), "utf-8")
    same(path, tmp_path)
    about = json.loads((tmp_path / "duckdb.csv" / "run.json").read_text("utf-8"))
    assert about["decided_by_interpreter"] == ({} if list_ == "行为" else {"name": 4})


# What happens on the way.


@pytest.mark.parametrize("engine", ["interpreter", "duckdb"])
@pytest.mark.parametrize("then", [b"", b"PAR1", None])
def test_a_table_that_changes_under_way_is_said_to_have(
    engine: str, then: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.parquet"
    write_table(pa.table({"编号": [str(i) for i in range(3000)]}), path)
    digest = run.table_digest

    def digested(source: Path) -> str:
        """After it is first taken, the file is another."""
        found = digest(source)
        if then is None:
            source.unlink(missing_ok=True)
        else:
            source.write_bytes(then)
        return found

    monkeypatch.setattr(run, "table_digest", digested)
    code, said, made = told(path, engine, tmp_path / "o.csv")
    assert (code, made) == (3, {}) and "it was changed while it was being read" in said


@pytest.mark.parametrize(
    "error", [RuntimeError("Query interrupted"), duckdb.InterruptException("INTERRUPT Error: Interrupted!")]
)
def test_whoever_stops_a_query_stops_the_run(error: Exception) -> None:
    with pytest.raises(KeyboardInterrupt), working(None):
        raise error
    with pytest.raises(RuntimeError, match="otherwise"), working(None):
        raise RuntimeError("otherwise")
