"""A text above a county is decided apart and laid over: it changes nothing below, and nothing below changes it.

Everybody here is invented.
"""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import CliRunner, Result
from test_rosters import COUNTIES, ROOT, folder, policy, question
from test_schema import DECISION, faults

from policy_dsl import model as m
from policy_dsl import values as v
from policy_dsl.above import RELATIONS, Overlay, Regime, overlays, relations, seen_by
from policy_dsl.check import check
from policy_dsl.cli import main
from policy_dsl.commands.options import regime_of
from policy_dsl.decide import Conclusion, Decision, Question, decide
from policy_dsl.diagnostics import Unusable
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.pack import load
from policy_dsl.record import Reader, Record
from policy_dsl.report.json import dumps, plain
from policy_dsl.report.summary import summary
from policy_dsl.rosters import read_roster

JIA = """制度 甲县办法 jia_rules
    依据：J-01
    机关：县委
    施行：自 2016年1月1日 起
    溯及：及于既往

认定 甲县认定 jia_findings
    由：县委
        （一）该走 should_go：是否应当离开，J-01；
        （二）可走 could_go：是否可以离开，J-01；
        （三）宜走 had_better_go：是否原则上应当离开，J-01；
        （四）受保护 sheltered：县里是否不让降，J-01；

规定 应走 must_go
    依据：J-01
    当：该走
    应当：辞退、免职

规定 或走 may_go
    依据：J-02
    当：可走
    可以：辞退、解聘、提拔、组织调整
    由：县委

规定 原则走 in_principle_go
    依据：J-03
    当：宜走
    原则上应当：辞退

规定 县里不降 no_demotion_here
    依据：J-04
    当：受保护
    不得：降职、组织调整

规定 旷工警告 warned_for_absence
    对：每一 行为
    依据：J-05
    当：类型 为 旷工
    应当：警告
"""
SOURCES = 'above = ["national"]\n' + "".join(
    f'\n[provisions."J-0{n}"]\nlocator = "{n}"\nlayer = "printed"\nzh = "虚构"\nen = "invented"\n' for n in range(1, 6)
)


@cache
def regime(county: str) -> Regime:
    return regime_of(str(ROOT / "policies" / county))


@cache
def people(county: str) -> tuple[Record, ...]:
    whole = regime(county)
    return tuple(read_roster(folder(county) / "cadres.json", whole.shape, whole.lexicon))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("policies")
    for name in ("common", "national"):
        shutil.copytree(ROOT / "policies" / name, made / name)
    (made / "jia").mkdir()
    (made / "jia" / "rules.policy").write_text(JIA, "utf-8")
    (made / "jia" / "sources.toml").write_text(SOURCES, "utf-8")
    return made


@pytest.fixture(scope="module")
def jia(place: Path) -> Regime:
    return regime_of(str(place / "jia"))


def day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


def asked(on: str, readings: dict[str, str] | None = None, layers: frozenset[str] | None = None) -> Question:
    return Question(day(on), day(on), readings or {}, layers or frozenset(DEFAULT_LAYERS))


def person(whole: Regime, facts: dict[str, Any], **findings: str) -> Record:
    raw = {"编号": "甲", **facts, "认定": [{"问题": q, "答": a} for q, a in findings.items()]}
    reader = Reader(whole.shape, whole.lexicon)
    record = reader.record(raw, "")
    assert record is not None and not reader.found(), reader.found()
    return record


def over(decision: Decision) -> Overlay:
    (one,) = overlays(decision)
    return one


def meets(decision: Decision, effect: str, row: str | None = None) -> tuple[str, ...]:
    found = [p for p in over(decision).points if p.effect == effect and (p.row.id if p.row else None) == row]
    assert len(found) <= 1
    return found[0].possible if found else ()


def said(conclusions: tuple[Conclusion, ...]) -> list[Any]:
    return [
        (c.effect, c.list, c.row.id if c.row else None, c.printed, c.whole, [(t.readings, t.whole) for t in c.turns])
        for c in conclusions
    ]


# Laws.


@pytest.mark.parametrize("county", COUNTIES)
def test_a_text_above_changes_no_conclusion(county: str) -> None:
    """Conclusions, reasons and gaps: the same bytes as if no text stood above."""
    for record in people(county)[::4]:
        whole = plain(regime(county).decide(record, question(county)))
        assert whole.pop("overlays")
        alone = plain(
            decide(policy(county), seen_by(record, regime(county).shape, policy(county).shape), question(county))
        )
        assert alone.pop("overlays") == []
        assert dumps(whole) == dumps(alone), record.id


@pytest.mark.parametrize("county", COUNTIES)
def test_a_county_changes_nothing_above(county: str) -> None:
    """What is concluded above is what the national pack says of the same record by itself."""
    above = check(load(ROOT / "policies" / "national")).policy
    assert above is not None
    for record in people(county)[::4]:
        here = regime(county).decide(record, question(county)).above[0]
        alone = decide(above, seen_by(record, regime(county).shape, above.shape), question(county), what_if=False)
        assert said(here.conclusions) == said(alone.conclusions), record.id


@pytest.mark.parametrize("county", COUNTIES)
def test_decisions_keep_to_the_schema_with_what_is_laid_over(county: str) -> None:
    for record in people(county)[::9]:
        for on in (COUNTIES[county][0], "2021-06-01"):
            q = evolve(question(county), as_of=day(on), known_as_of=day(on))
            assert not faults(DECISION, json.loads(dumps(plain(regime(county).decide(record, q))))), (record.id, on)


def test_every_pair_of_statuses_has_a_relation() -> None:
    for a in m.STATUSES:
        for b in m.STATUSES:
            (one,) = relations(m.STATUS.option(a), m.STATUS.option(b))
            assert one in RELATIONS and (one == "none") == (b == "silent")


PAIRS = [
    ("must", "must_not", "conflict"), ("must_waivable", "must_not", "conflict"), ("principle_must", "must_not", "struck"),
    ("must_one_of", "must_not", "struck"), ("may", "must_not", "struck"), ("silent", "must_not", "bars"),
    ("must_not", "must_not", "agrees"), ("must_not", "must", "conflict"), ("must_not", "may", "unreached"),
    ("may", "must", "binds"), ("must", "may", "agrees"), ("must", "must", "agrees"), ("silent", "must", "adds"),
    ("silent", "may", "adds"), ("may", "conflict", "conflict"), ("must", "silent", "none"),
]  # fmt: skip


@pytest.mark.parametrize(("own", "theirs", "want"), PAIRS)
def test_how_two_statuses_stand(own: str, theirs: str, want: str) -> None:
    assert relations(m.STATUS.option(own), m.STATUS.option(theirs)) == (want,)


def test_what_is_open_keeps_every_relation_it_may_come_to() -> None:
    either = m.STATUS.option("must") | m.STATUS.option("may")
    assert relations(either, m.STATUS.option("must_not") | m.STATUS.option("silent")) == ("conflict", "struck", "none")


# One record for both.


def test_what_a_text_has_no_word_for_is_open_to_it() -> None:
    grade = v.Type("finite", "等次", ("优秀", "不称职"), may_be_none=True)
    wider = evolve(grade, options=("不称职", "合格", "优秀"))
    shapes = [m.Shape({"等次": m.FactShape("等次", t)}) for t in (wider, grade)]
    for mask, want in ((0b001, 0b010), (0b100, 0b001), (0b101, 0b011), (0b010, grade.top), (0b1000, grade.none)):
        seen = seen_by(Record("甲", {"等次": mask, "别的": 1}), shapes[0], shapes[1])
        assert seen.facts == {"等次": want}
    assert seen_by(Record("甲", {"等次": 0b001}), shapes[0], m.Shape()).facts == {}


def test_a_finding_reaches_only_the_text_that_asks_it(jia: Regime) -> None:
    record = person(jia, {"身份": "公务员"}, 该走="是", 有法定事由="否")
    decision = jia.decide(record, asked("2021-06-01"))
    assert {a.question for a in decision.record.answers} == {"该走"}
    assert {a.question for a in decision.above[0].record.answers} == {"有法定事由"}
    assert decision.record.digest == decision.above[0].record.digest == record.digest


# What meets.

SAFE = {"不胜任又拒安排": "否", "拒绝合理安排": "否", "经教育无转变": "否", "其他不得辞退": "否", "累计旷工超限": "否"}
CLEAN = {"身份": "公务员", "性别": "男", "医疗期": "否", "因公致残": "否", "齐备": ["行为", "年度考核", "处理"]}


@pytest.mark.parametrize(
    ("finding", "want"), [("该走", "conflict"), ("可走", "struck"), ("宜走", "struck"), ("受保护", "bars")]
)
def test_a_bar_above_strikes_or_conflicts_and_the_option_stays(jia: Regime, finding: str, want: str) -> None:
    silent = {"该走", "可走", "宜走", "受保护"} - {finding}
    decision = jia.decide(
        person(jia, CLEAN, **SAFE, **{finding: "是"}, **dict.fromkeys(silent, "否")), asked("2021-06-01")
    )
    assert meets(decision, "辞退") == (want,)
    here = next(c for c in decision.conclusions if c.effect == "辞退" and c.row is None)
    assert here.whole == m.STATUS.option(
        {"该走": "must", "可走": "may", "宜走": "principle_must", "受保护": "silent"}[finding]
    )
    point = next(p for p in over(decision).points if p.effect == "辞退")
    assert {b for g in point.grounds for b in g.basis} >= {"N-1.88"}


@pytest.mark.parametrize(("days", "want"), [("十五日", "conflict"), ("十六日", "agrees")])
def test_the_bound_of_absence_decides_whether_they_conflict(jia: Regime, days: str, want: str) -> None:
    row = {"编号": "1", "发生日": "2021-03-01", "类型": "旷工", "天数": days}
    reader = Reader(jia.shape, jia.lexicon)
    findings = [{"问题": q, "答": a} for q, a in {**SAFE, "该走": "是"}.items()]
    findings.append({"问题": "属实", "所属": "行为", "所属编号": "1", "答": "是"})
    record = reader.record({"编号": "甲", **CLEAN, "行为": [row], "认定": findings}, "")
    assert record is not None and not reader.found()
    assert meets(jia.decide(record, asked("2021-06-01")), "辞退") == (want,)


def test_a_bar_below_never_reaches_above(jia: Regime) -> None:
    facts = {**CLEAN, "年度考核": [{"编号": "1", "评定日": "2021-01-20", "年度": "2020年", "等次": "不称职"}]}
    findings = {**SAFE, "受保护": "是", "不适宜不胜任": "是"}
    decision = jia.decide(person(jia, facts, **findings), asked("2021-06-01"))
    assert meets(decision, "组织调整") == ("conflict",), "the county bars what the nation requires"
    theirs = {c.effect: c.whole for c in decision.above[0].conclusions if c.row is None}
    assert theirs["组织调整"] == m.STATUS.option("must")


def test_a_bar_on_the_person_reaches_every_row(jia: Regime) -> None:
    facts = {"身份": "公务员", "行为": [{"编号": "1", "发生日": "2021-03-01", "类型": "旷工", "天数": "一日"}]}
    decision = jia.decide(person(jia, facts, 有法定事由="否"), asked("2021-06-01"))
    assert meets(decision, "警告", "1") == ("conflict",) and meets(decision, "警告") == ()
    decision = jia.decide(person(jia, facts, 有法定事由="是", 处分有据="是"), asked("2021-06-01"))
    assert meets(decision, "警告", "1") == ()


@pytest.mark.parametrize(("on", "want"), [("2021-08-30", ("struck",)), ("2021-09-02", ())])
def test_no_promotion_while_a_sanction_runs(jia: Regime, on: str, want: tuple[str, ...]) -> None:
    measure = {"编号": "1", "生效日": "2021-03-01", "种类": "警告"}
    facts = {"身份": "公务员", "领导职务": "否", "党员": "否", "处理": [measure], "齐备": ["处理", "年度考核"]}
    assert meets(jia.decide(person(jia, facts, 可走="是"), asked(on)), "提拔") == want


# Remedies.


def remedies(decision: Decision) -> dict[tuple[str, str], dict[str, Any]]:
    (one,) = plain(decision)["overlays"]
    return {(r["element"]["id"], r["name"]): r for r in one["remedies"]}


READ = {"期间起算": "当日不计", "末日遇休": "不顺延"}


@pytest.mark.parametrize(
    ("rest", "last", "on", "past"),
    [
        ("不顺延", "2021-06-05", "2021-06-05", False), ("不顺延", "2021-06-05", "2021-06-06", True),
        ("顺延", "2021-06-07", "2021-06-07", False), ("顺延", "2021-06-07", "2021-06-08", True),
    ],
)  # fmt: skip
def test_a_measure_on_record_has_its_last_day(jia: Regime, rest: str, last: str, on: str, past: bool) -> None:
    """Thirty days of 6 May 2021 end on a Saturday."""
    measure = {"编号": "1", "生效日": "2021-05-06", "种类": "免职", "本人知悉日": "2021-05-06"}
    decision = jia.decide(person(jia, {"身份": "公务员", "处理": [measure]}), asked(on, {**READ, "末日遇休": rest}))
    for name in ("申请复核", "提出申诉"):
        found = remedies(decision)["1", name]
        assert found["modality"] == "may" and found["periods"][0]["last_day"]["high"] == last
    for lang, word in (("zh", "已过"), ("en", "past")):
        assert (word in summary(decision, lang).split(last)[1][:9]) is past


def test_after_the_review_fifteen_days(jia: Regime) -> None:
    facts = {
        "身份": "公务员",
        "处理": [{"编号": "1", "生效日": "2021-04-01", "种类": "免职"}],
        "申诉": [{"编号": "1", "申请日": "2021-04-08", "所属处理": "1", "复核": "是", "向监察机关": "否", "收到日": "2021-05-06"}],
    }
    found = [
        r
        for r in plain(jia.decide(person(jia, facts), asked("2021-06-01", READ)))["overlays"][0]["remedies"]
        if r["element"]["list"] == "申诉" and r["name"] == "提出申诉"
    ]
    assert [p["last_day"]["high"] for r in found for p in r["periods"] if "last_day" in p][:1] == ["2021-05-21"]


def test_every_outcome_tells_what_could_be_done_about_it(jia: Regime) -> None:
    record = person(jia, {"身份": "公务员"}, 可走="是", 该走="是")
    (one,) = plain(jia.decide(record, asked("2021-06-01", READ)))["overlays"]
    could = {(r["element"]["id"], r["name"]): r for r in one["remedies_if_done"]}
    assert could["辞退", "申请复核"]["modality"] == "may"
    assert could["辞退", "申请复核"]["periods"][0]["last_day"]["text"] == "2021-07-01"
    assert could["解聘", "申请复核"]["printed"] == ["silent"] and len(could["解聘", "申请复核"]["whole"]) == 2
    assert not [r for r in one["remedies"] if r["element"]["id"] == "辞退"], "what is supposed is not on record"


# Asking.


def cli(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_the_national_layer_can_be_left_out(jia: Regime, place: Path, tmp_path: Path) -> None:
    record = person(jia, CLEAN, 该走="是")
    without = jia.decide(record, asked("2021-06-01", layers=frozenset({"printed"})))
    assert without.above == () and plain(without)["overlays"] == []
    roster = tmp_path / "cadres.json"
    roster.write_text(json.dumps([{"编号": "甲", **CLEAN}], ensure_ascii=False), "utf-8")
    words = ("decide", str(place / "jia"), str(roster), "--as-of", "2021-06-01", "--lang")
    for lang, title in (("zh", "国家公职人员管理"), ("en", "national_public_staff")):
        assert title in cli(*words, lang).stdout
        left_out = cli(*words, lang, "--layers", "printed")
        assert left_out.exit_code == 0 and title not in left_out.stdout


def test_a_reading_of_the_text_above_can_be_chosen(place: Path, tmp_path: Path) -> None:
    roster = tmp_path / "cadres.json"
    roster.write_text(json.dumps([{"编号": "甲", "身份": "公务员"}], ensure_ascii=False), "utf-8")
    words = ["decide", str(place / "jia"), str(roster), "--as-of", "2021-06-01", "--format", "json", "--reading"]
    (one,) = json.loads(cli(*words, "county_awards=part_of_pay").stdout)
    assert one["readings"] == {} and one["overlays"][0]["readings"] == {"县定奖励": "属工资"}
    assert cli(*words, "county_awards=neither").exit_code == 2


@pytest.mark.parametrize("above", ['"nation"', '"jia"', '"../jia"', "1"])
def test_what_stands_above_is_a_folder_beside(place: Path, tmp_path: Path, above: str) -> None:
    shutil.copytree(place / "jia", tmp_path / "jia")
    (tmp_path / "jia" / "sources.toml").write_text(f"above = [{above}]\n", "utf-8")
    with pytest.raises(Unusable) as refused:
        load(tmp_path / "jia")
    assert {d.code for d in refused.value.diagnostics} <= {"R100", "P330"}


def shown(decision: Decision) -> Iterator[str]:
    for lang in ("zh", "en"):
        yield summary(decision, lang)


def test_it_is_told_in_both_languages(jia: Regime) -> None:
    zh, en = shown(jia.decide(person(jia, CLEAN, **SAFE, 该走="是", 可走="否", 宜走="否"), asked("2021-06-01")))
    assert "冲突：辞退（本人） — 本制度 应当；此层 不得（N-1.15.2、N-1.88）" in zh
    assert "in conflict: dismissal (the person) — this regime must; the text above must not (N-1.15.2, N-1.88)" in en
