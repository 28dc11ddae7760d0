"""Cells laid out by SQL are those the Reader's records come to, relation by relation; who is not plain is left to it."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import generate as g
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow.parquet import write_table

from policy_dsl import model as m
from policy_dsl.above import Regime
from policy_dsl.check import check
from policy_dsl.columnar import Layout, Staged
from policy_dsl.columnar.cells import PEOPLE, REGISTER, STATES, Cell
from policy_dsl.decide import Question
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.pack import load
from policy_dsl.record import Reader, Record
from policy_dsl.rosters import Aside, sift
from policy_dsl.rosters.write import write_roster
from policy_dsl.staging import Laid, open_tables

POLICIES = Path(__file__).parent.parent / "policies"
COUNTIES = sorted(p.name for p in POLICIES.iterdir() if p.name not in ("common", "national"))
Raw = dict[str, Any]
Rows = list[tuple[Any, ...]]


@cache
def grown() -> Regime:
    policy = g.grow(3)[2].policy
    assert policy is not None
    return Regime(policy)


def asked(known: int = 0, day: int = g.EPOCH + 1200) -> Question:
    return Question(day, day - known, {}, frozenset(DEFAULT_LAYERS))


def every_cell(shape: m.Shape) -> list[Cell]:
    """Each fact, field and finding, and a history."""
    cells = [Cell(PEOPLE, "fact", f.name, f.type) for f in shape.facts.values()]
    cells += [Cell(f"变动·{f.name}", "fact", f.name, f.type) for f in shape.facts.values() if f.over_time]
    cells += [Cell(of, "field", f.name, f.type) for of, x in shape.lists.items() for f in x.fields.values()]
    return [*cells, *(Cell(q.list or PEOPLE, "finding", q.name, q.type) for q in shape.findings.values())]


def relations(connection: Any, cells: Iterable[Cell], shape: m.Shape) -> dict[str, Rows]:
    names = [PEOPLE, *shape.lists, REGISTER, STATES, *{c.table for c in cells if c.table.startswith("变动")}]
    found: dict[str, Rows] = {}
    # The column *row* orders, and says which row a state is of; how it counts is each one's own.
    turns: dict[tuple[str, int, int], int] = {}
    for name in names:
        rows = connection.execute(f'SELECT * FROM "{name}" ORDER BY ALL').fetchall()
        if name.startswith("变动"):
            rows = [(n, *others) for n, _, *others in rows]
        if name in shape.lists:
            turn: dict[int, int] = {}
            for i, (n, row, *others) in enumerate(rows):
                turn[n] = turn.get(n, 0) + (row >= 0)
                turns[name, n, row] = turn[n] if row >= 0 else -1
                rows[i] = (n, turns[name, n, row], *others)
        if name == STATES:
            rows = [(n, of, turns.get((of, n, row), row), *others) for n, of, row, *others in rows]
        found[name] = rows
    return found


def said(x: Record | Aside | None) -> list[tuple[str, str]]:
    """What is wrong with a person."""
    return [(d.code, d.message("zh")) for d in x.problems] if isinstance(x, Aside) else []


def left_of(path: Path, regime: Regime, question: Question, size: int = 1000, tight: bool = False) -> int:
    """How many are left to the Reader; everybody's cells are those of the Reader's records."""
    shape, everyone = regime.policy.shape, list(sift(path, regime.shape, regime.lexicon))
    cells = every_cell(shape)
    with duckdb.connect() as ours, duckdb.connect() as theirs:
        raw = open_tables(path, regime, ours)
        assert raw is not None
        laid = Laid(raw, regime, question, cells, Layout(), ours)
        sound = {n: laid.stood(x) for n, x in enumerate(everyone) if isinstance(x, Record)}
        staged = Staged(regime.policy, question, list(sound.values()), list(sound))
        laid = Laid(raw, regime, question, cells, staged.layout(cells) if tight else Layout(), ours)
        got: dict[str, Rows] = {}
        left = next_ = 0
        for batch in laid.batches(size):
            assert batch.first == next_
            next_ += batch.size
            left += len(batch.left)
            for n, x in batch.left.items():
                assert type(x) is type(everyone[n]) and x.id == everyone[n].id, n
                # English names a heading as the roster first wrote it, which is for whoever reads everybody to know.
                assert isinstance(x, Record) or said(x) == said(everyone[n])
            for name, rows in relations(ours, cells, shape).items():
                got.setdefault(name, []).extend(rows)
        assert next_ == len(everyone) == raw.size
        staged.put(theirs, cells, laid.layout)
        for name, rows in relations(theirs, cells, shape).items():
            assert sorted(got[name], key=repr) == sorted(rows, key=repr), name
    return left


# The forms.


def nested(path: Path, raws: Sequence[Raw]) -> Path:
    file = path / "名单.parquet"
    write_table(pa.Table.from_pylist(list(raws)), file)
    return file


def written(form: str, path: Path, raws: Sequence[Raw], regime: Regime, lang: str = "zh") -> Path:
    if form == "nested":
        return nested(path, raws)
    reader = Reader(regime.shape, regime.lexicon)
    if form == "duckdb":
        folder = written("parquet", path, raws, regime, lang)
        with duckdb.connect(str(path / "名单.duckdb")) as base:
            for file in folder.iterdir():
                base.execute(f"CREATE TABLE \"{file.stem}\" AS SELECT * FROM '{file}'")
        return path / "名单.duckdb"
    to = path / ("名单.jsonl" if form == "jsonl" else "名单")
    write_roster(to, raws, reader, form, lang)
    return to


FORMS = ("nested", "parquet", "csv", "jsonl", "duckdb")


class Plainly:
    """Records of plain spellings alone, each column of one kind."""

    def __init__(self, rng: random.Random, shape: m.Shape):
        self.rng, self.shape = rng, shape

    def cell(self, type: m.Type) -> Any:
        rng = self.rng
        if rng.random() < 0.2:
            return None
        if type.kind == "day":
            return datetime.date.fromordinal(g.EPOCH + rng.randrange(g.SPAN))
        if type.kind == "number":
            return rng.choice((0.5, 3.0, 12.25)) if type.unit in ("number", "percent") else rng.randrange(300)
        if type.kind == "finite" and type.options != ("否", "是"):
            return rng.choice((*type.options, "不明", *(["无"] if type.may_be_none else []))) if type.options else None
        if type.kind == "finite":
            return rng.choice(("是", "否", "yes", "待认定")) if type.may_be_none else rng.random() < 0.5
        return rng.choice(("甲", "乙 二", "（三）", "D-4", "不明", "无" if type.may_be_none else "戊"))

    def answer(self, type: m.Type) -> str:
        told = {"day": "2017-05-06", "number": "3"}
        return told.get(type.kind) or self.rng.choice((*type.options, "待认定", *(["无"] if type.may_be_none else [])))

    def person(self, id: str) -> Raw:
        raw: Raw = {"编号": id} | {f.name: self.cell(f.type) for f in self.shape.facts.values()}
        for of, shape in sorted(self.shape.lists.items(), key=lambda x: any(f.refers_to for f in x[1].fields.values())):
            rows = []
            for i in range(self.rng.randrange(4)):
                row = {"编号": f"{i + 1}"} | {f.name: self.cell(f.type) for f in shape.fields.values()}
                if shape.date:
                    row[shape.date] = datetime.date.fromordinal(g.EPOCH + self.rng.randrange(g.SPAN))
                for f in shape.fields.values():
                    if f.refers_to:
                        row[f.name] = self.rng.choice([None, *(x["编号"] for x in raw[f.refers_to]["行"])])
                rows.append(row)
            raw[of] = {"齐备": self.rng.choice(("是", "否", "不明", "2018-03-01", "2030-01-01")), "行": rows}
        raw["认定"] = [
            {"编号": f"{q.name}{row}", "问题": q.name, "所属": q.list, "所属编号": row, "答": self.answer(q.type), "理由": "查明"}
            for q in self.shape.findings.values()
            for row in ([None] if q.list is None else [x["编号"] for x in raw[q.list]["行"]])
            if self.rng.random() < 0.6
        ]  # fmt: skip
        return raw


def without_nothing(x: Any) -> Any:
    if isinstance(x, dict):
        return {k: without_nothing(y) for k, y in x.items() if y is not None}
    return [without_nothing(y) for y in x] if isinstance(x, list) else x


@pytest.mark.parametrize("form", FORMS)
def test_plain_records_leave_nobody(form: str, tmp_path: Path) -> None:
    regime = grown()
    one = Plainly(random.Random(form), regime.shape)
    raws = [one.person(f"K{i}") for i in range(40)]
    path = written(form, tmp_path, raws if form == "nested" else [without_nothing(x) for x in raws], regime)
    assert left_of(path, regime, asked(), 25, tight=form == "nested") == 0


def in_cells(raw: Raw) -> Raw:
    """A generated record as columns of text have it: no bounds, no histories."""
    made: Raw = {}
    for name, x in raw.items():
        if isinstance(x, dict) and "行" in x:
            rows = [{k: None if y is None else str(y) for k, y in row.items()} for row in x["行"]]
            done = x.get("齐备")
            made[name] = {
                "齐备": "是" if done is True else None if done is None else "否" if done is False else done,
                "行": rows,
            }
        elif name == "认定":
            made[name] = x
        elif not isinstance(x, list):
            made[name] = None if x is None else str(x)
    return made


@pytest.mark.parametrize("form", FORMS)
def test_generated_records_are_as_the_reader_has_them(form: str, tmp_path: Path) -> None:
    regime, rng = grown(), random.Random(form)
    raws = [g.person(rng, regime.shape, i % 3 == 0) | {"编号": f"{i}"} for i in range(40)]
    path = written(
        form,
        tmp_path,
        [in_cells(x) for x in raws] if form == "nested" else raws,
        regime,
        "en" if form == "csv" else "zh",
    )
    assert left_of(path, regime, asked(300 if form in ("nested", "csv") else 0), tight=form == "jsonl") > 0


ODD = (
    "", " ", " 是", "是 ", "是\u200b", "是", "否", "YES", "Yes", "true", "无", "不明", "待认定", "unanswerable", "n/a", "#N/A",
    "=A1", "'=1", "'是", "2018-05", "2018年5月1日", "2018/5/1", "2018-02-30", "2018-05-01", "20180501", "2018.10", "0.1", ".5",
    "1.0", "1.50", "-3", "3次", "3 times", "三次", "12%", "百分之十二", "1万", "1e5", "1E+15", "00123", "123456789012345678",
    "至少 2、至多 4", "红牌", "red", "红牌或黄牌", "红牌 或 黄牌", "a\"b", "a\\b", "a\nb", "a\tb", "\u3000是", "É", "𠮷", "是\ufe0f",
    "-0", "-0.0", "١٢", "٢٠١٨-٠٥-٠١", "1,000", "3个月", "3月", "2周", "5元", "0.000001", "12345.678901", "x\u2028y", "\u1160",
)  # fmt: skip
odd_cells = st.one_of(
    st.none(), st.sampled_from(ODD), st.text(st.characters(categories=("L", "N", "P", "S", "Zs", "M")), max_size=5)
)


@settings(max_examples=3, deadline=None)
@given(
    st.lists(st.lists(odd_cells, min_size=3, max_size=9), min_size=30, max_size=30),
    st.sampled_from(("nested", "jsonl", "csv")),
)
def test_an_odd_cell_is_read_as_the_reader_does_or_left(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[list[str | None]], form: str
) -> None:
    regime, path = grown(), tmp_path_factory.mktemp("odd")
    shape = regime.shape
    raws: list[Raw] = []
    for i, some in enumerate(drawn):
        facts = {f: some[(i + k) % len(some)] for k, f in enumerate(shape.facts)}
        of, listed = list(shape.lists.items())[i % len(shape.lists)]
        fields = {f: some[(i + k) % len(some)] for k, f in enumerate(listed.fields)}
        date = {listed.date: "2017-01-01"} if listed.date and i % 2 else {}
        rows = [{"编号": "1"} | fields | date]
        question = list(shape.findings.values())[i % len(shape.findings)]
        finding = {"问题": question.name, "答": some[0], "理由": some[1], "认定日": some[2] if i % 3 else None}
        if question.list == of or question.list is None:
            own = {} if question.list is None else {"所属": of, "所属编号": "1"}
            facts |= {"认定": [finding | own]}
        raws.append({"编号": f"{i}", **facts, of: {"齐备": some[-1], "行": rows}})
    if form == "nested":
        file = nested(path, raws)
    elif form == "jsonl":
        file = path / "名单.jsonl"
        file.write_text("".join(json.dumps(x, ensure_ascii=i % 2 == 0) + "\n" for i, x in enumerate(raws)), "utf-8")
    else:
        file = written("csv", path, [without_nothing(x) for x in raws], regime)
        with duckdb.connect() as connection:
            if open_tables(file, regime, connection) is None:
                return
    left_of(file, regime, asked())


@cache
def county(name: str) -> Regime:
    policy = check(load(str(POLICIES / name))).policy
    assert policy is not None
    return Regime(policy)


@pytest.mark.parametrize("name", COUNTIES)
def test_shipped_rosters(name: str, tmp_path: Path) -> None:
    regime = county(name)
    text = (POLICIES / name / "rosters" / "cadres.json").read_text("utf-8")
    raws = json.loads(text, parse_float=Decimal)["记录"]
    day = datetime.date(2026, 1, 1).toordinal()
    for form, known in (("jsonl", 0), ("csv", 400), ("parquet", 0)):
        (tmp_path / form).mkdir()
        path = written(form, tmp_path / form, raws, regime, "en" if form == "parquet" else "zh")
        left = left_of(path, regime, asked(known, day))
        assert known or left < len(raws) / 2


# What is off with the tables as a whole is the Reader's to say.


@pytest.mark.parametrize(
    "tables",
    [
        {"干部": ["编号,现牌", "1,红牌", "1,黄牌"]},
        {"干部": ["编号,现牌", ",红牌"]},
        {"干部": ["编号,现牌", "1 ,红牌"]},
        {"干部": ["编号,现牌,current_card", "1,红牌,"]},
        {"干部": ["编号,", "1,x"]},
        {"干部": ["编号", "1"], "生肖": ["干部编号", "1"]},
        {"干部": ["编号", "1"], "行为": ["干部编号,编号", "2,1"]},
        {"干部": ["编号", "1"], "行为": ["编号", "1"]},
        {"干部": ["编号", "1"], "齐备": ["干部编号,清单,齐备至,备注", "1,行为,是,x"]},
        {"干部": ["编号,现牌", "1,红牌", "", "2,红牌"]},
    ],
)
def test_what_is_off_as_a_whole_is_the_readers(tables: dict[str, list[str]], tmp_path: Path) -> None:
    for name, lines in tables.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with duckdb.connect() as connection:
        assert open_tables(tmp_path, grown(), connection) is None


def test_large_figures_and_decimals(tmp_path: Path) -> None:
    figures = ("20180501", "99999999999", "99999999999.999999", "0.01", "1000000000", "1000000001")
    rows = [
        {"编号": f"{i}", "罚款": Decimal(x).quantize(Decimal("0.000001")), "工龄": x} for i, x in enumerate(figures)
    ]
    left_of(nested(tmp_path, rows), grown(), asked())


def test_a_column_nobody_knows_leaves_who_has_something_in_it(tmp_path: Path) -> None:
    rows = [{"编号": "1", "现牌": "红牌", "生肖": None}, {"编号": "2", "现牌": "红牌", "生肖": "马"}]
    assert left_of(nested(tmp_path, rows), grown(), asked()) == 1
