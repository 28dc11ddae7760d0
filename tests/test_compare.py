"""Two policies beside each other: by provisions and by persons, mirrored, in every form, without ever guessing."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import CliRunner
from openpyxl import load_workbook
from packs import day, policy, record

from policy_dsl import model as m
from policy_dsl.check import check
from policy_dsl.cli import main
from policy_dsl.commands.options import DONE, MISUSE, UNUSABLE
from policy_dsl.comparison.alignment import aligned, likeness, provisions
from policy_dsl.comparison.compared import Compared
from policy_dsl.comparison.population import Population, population
from policy_dsl.comparison.sides import Pair, Side, pair
from policy_dsl.comparison.strictness import mirrored, of_effect, of_group
from policy_dsl.pack import load
from policy_dsl.report.comparison import Telling
from policy_dsl.report.comparison_json import plain
from policy_dsl.report.comparison_page import comparison_page
from policy_dsl.report.comparison_sheets import workbook
from policy_dsl.report.comparison_text import text
from policy_dsl.report.comparison_whole import whole
from policy_dsl.rosters import read_roster

ROOT = Path(__file__).parent.parent
COUNTIES = ("fenggang", "dongtou", "daye", "wuzhong", "moxian")
DAYS = {"fenggang": "2016-09-30", "dongtou": "2018-10-31", "daye": "2018-07-10"}

REGIME = "制度 试验办法 lab_rules\n    依据：T-01\n    机关：县委\n    施行：自 2016年6月1日 起\n    溯及：不溯及\n\n"
LATE = """召回情形 多次迟到 often_late
    依据：T-02
    当：行为（类型 为 迟到）的次数 {times}以上
    {must}：{effect}
    由：县委
"""


def late(times: str = "三次", must: str = "应当", effect: str = "召回", more: str = "") -> m.Policy:
    return policy(REGIME + LATE.format(times=times, must=must, effect=effect) + more)


@cache
def county(name: str) -> m.Policy:
    found = check(load(ROOT / "policies" / name)).policy
    assert found is not None
    return found


def beside(a: m.Policy, b: m.Policy, on: str | None = "2020-01-01", **second: Any) -> Pair:
    when = None if on is None else day(on)
    side = Side(a, "a", when)
    return pair(side, evolve(Side(b, "b", when), **second))


def conduct(n: int, complete: bool = True, **more: Any) -> dict[str, Any]:
    rows = [{"编号": str(i), "发生日": "2019-05-01", "类型": "迟到"} for i in range(n)]
    return {"行为": {"行": rows, **({"齐备": True} if complete else {})}, "身份": "公务员", **more}


def people(of: Pair, *raws: dict[str, Any]) -> Population:
    named = [{"编号": f"P{i}", **raw} for i, raw in enumerate(raws)]
    shaped = evolve(of.a.policy, shape=of.shape, lexicon=of.lexicon)
    return population(of, [record(shaped, raw) for raw in named])


def standing(found: Population) -> list[dict[str, int]]:
    return [dict(c) for c in found.standing]


# With itself.


@pytest.mark.parametrize("name", COUNTIES)
def test_a_regime_beside_itself_has_no_difference(name: str) -> None:
    p = county(name)
    of = beside(p, p, None)
    rows = aligned(of)
    assert rows and all(r.a is r.b for r in rows)
    zh = Telling(Compared(of), "zh")
    assert not any(zh.differing(r) for r in rows)
    assert {r.rule.name for r in rows} == {x.rule.name for x in provisions(of.a)}


@pytest.mark.parametrize("name", DAYS)
def test_a_roster_under_one_regime_twice_differs_nowhere(name: str) -> None:
    p = county(name)
    of = beside(p, p, DAYS[name])
    found = population(of, read_roster(ROOT / f"policies/{name}/rosters/cadres.json", of.shape, of.lexicon)[:12])
    assert found.total == 12 and not any("different" in c for c in found.standing)
    assert {r.kind for r in found.reasons} <= {"open"} and not found.topics


# By persons.


def test_a_threshold_moved_by_one_is_seen_on_whoever_stands_between() -> None:
    found = people(beside(late("三次"), late("二次")), *(conduct(n) for n in range(5)))
    assert {int(p.id[1:]) for p in found.persons if p.differs(0)} == {2}
    [d] = next(p for p in found.persons if p.id == "P2").differences
    assert (d.effect, d.kind, d.a.rules, d.b.rules) == ("召回", "arises_b", (), ("多次迟到",))
    assert standing(found)[0] == {"same": 4, "different": 1}


def test_a_roster_that_does_not_say_leaves_it_undetermined_and_names_what_is_missing() -> None:
    found = people(beside(late("三次"), late("二次")), conduct(0, complete=False), conduct(4, complete=False))
    assert standing(found) == [{"open": 1, "same": 1}, {"open": 1, "same": 1}]
    assert not any(p.differs(0) for p in found.persons)
    assert "行为" in found.missing[0] and "行为" in found.missing[1]


def test_what_is_open_and_yet_certainly_unlike_is_told_as_unlike() -> None:
    """A rule that must or may, whichever way it is read, beside one that is silent: unlike whatever the reading."""
    reading = "解读 宽严 rigour\n    依据：T-03\n    问：裁量还是羁束\n        （一）羁束 bound：应当；\n        （二）裁量 free：可以；\n\n"
    more = "召回情形 另一情形 another\n    依据：T-02\n    当：行为（类型 为 迟到）的次数 三次以上 且 宽严 取 羁束\n    应当：召回\n    由：县委\n"
    open_ = policy(REGIME + reading + LATE.format(times="三次", must="可以", effect="召回") + more)
    silent = late("九次")
    found = people(beside(open_, silent), conduct(3))
    assert standing(found)[0] == {"different": 1}
    [d] = found.persons[0].differences
    assert d.relations == ("stricter", "stricter") and d.kind == "arises_a"


def test_the_order_of_the_two_mirrors_the_result() -> None:
    a, b = county("fenggang"), county("dongtou")
    of = beside(a, b, "2018-10-31")
    roster = read_roster(ROOT / "policies/dongtou/rosters/cadres.json", of.shape, of.lexicon)[:10]
    back = of.mirrored
    again = read_roster(ROOT / "policies/dongtou/rosters/cadres.json", back.shape, back.lexicon)[:10]
    one, other = population(of, roster), population(back, again)
    assert [dict(c) for c in one.standing] == [dict(c) for c in other.standing]
    for name, tally in one.effects.items():
        for i in (0, 1):
            assert {mirrored(k): n for k, n in tally.relations[i].items()} == dict(other.effects[name].relations[i])
            assert {(y, x): n for (x, y), n in tally.matrix[i].items()} == dict(other.effects[name].matrix[i])
    turned = {"only_a": "only_b", "only_b": "only_a", "arises_a": "arises_b", "arises_b": "arises_a"}
    assert {(r.effect, turned.get(r.kind, r.kind), r.b, r.a): n for r, n in one.reasons.items()} == {
        (r.effect, r.kind, r.a, r.b): n for r, n in other.reasons.items()
    }
    assert one.missing == other.missing[::-1] and one.unshared == other.unshared[::-1]


@pytest.mark.parametrize(("a", "b"), list(itertools.combinations(COUNTIES, 2)))
def test_what_answers_to_what_is_the_same_whichever_is_named_first(a: str, b: str) -> None:
    there = {(r.a and r.a.name, r.b and r.b.name, r.alike) for r in aligned(beside(county(a), county(b), None))}
    back = {(r.b and r.b.name, r.a and r.a.name, r.alike) for r in aligned(beside(county(b), county(a), None))}
    assert there == back


# Strictness.


def shapes(polarity: str, ordered: bool, n: int = 3) -> list[m.EffectShape]:
    return [m.EffectShape(str(i), "组", polarity, i if ordered else None) for i in range(n)]


def statuses(*names: str) -> dict[str, int]:
    return {str(i): m.STATUS.option(x) for i, x in enumerate(names)}


@pytest.mark.parametrize(
    ("polarity", "a", "b", "relation"),
    [
        ("burden", "must", "may", "stricter"), ("burden", "must_not", "silent", "milder"), ("burden", "should_not", "must_not", "stricter"),
        ("benefit", "must", "may", "milder"), ("benefit", "must_not", "silent", "stricter"), ("neutral", "must", "may", "firmer"),
        ("neutral", "silent", "principle_must", "looser"), ("burden", "must", "must", "same"), ("burden", "conflict", "must", "incomparable"),
    ],
)  # fmt: skip
def test_one_effect_is_stricter_only_where_the_vocabulary_says_which_way(
    polarity: str, a: str, b: str, relation: str
) -> None:
    effect = m.EffectShape("x", "组", polarity, None)
    x, y = m.STATUS.option(a), m.STATUS.option(b)
    assert of_effect(effect, x, y) == relation
    assert of_effect(effect, y, x) == mirrored(relation)
    assert of_effect(effect, x | m.STATUS.option("conflict"), y) in ("open", "incomparable")
    assert of_effect(None, x, y) == ("same" if a == b else "incomparable")


def test_every_two_outcomes_are_related_one_way_only_and_the_order_has_no_circle() -> None:
    effect = m.EffectShape("x", "组", "burden", None)
    masks = [m.STATUS.option(x) for x in m.STATUSES]
    stricter = {(x, y) for x in masks for y in masks if of_effect(effect, x, y) == "stricter"}
    assert all((y, x) not in stricter for x, y in stricter)
    assert all((x, z) in stricter for x, y in stricter for w, z in stricter if y == w)


@pytest.mark.parametrize(
    ("ordered", "a", "b", "relation"),
    [
        # A higher measure instead of a lower one: comparable only where the text orders them.
        (True, ("silent", "must", "silent"), ("must", "silent", "silent"), "stricter"), (False, ("silent", "must", "silent"), ("must", "silent", "silent"), "incomparable"),
        # A higher one that is only possible beside a lower one that is sure.
        (True, ("silent", "may", "silent"), ("must", "silent", "silent"), "incomparable"), (True, ("must", "may", "silent"), ("must", "silent", "silent"), "stricter"),
        # The same top, another measure below it.
        (True, ("may", "must", "silent"), ("silent", "must", "silent"), "incomparable"), (True, ("silent", "silent", "must_not"), ("silent", "silent", "silent"), "milder"),
        # More burdens and none less; a choice among more is not more.
        (False, ("must", "must", "silent"), ("must", "silent", "silent"), "stricter"), (False, ("must_one_of", "must_one_of", "must_one_of"), ("must_one_of", "must_one_of", "silent"), "incomparable"),
        (False, ("must_one_of", "must_one_of", "silent"), ("silent", "silent", "silent"), "stricter"), (False, ("must", "silent", "silent"), ("must", "silent", "silent"), "same"),
    ],
)  # fmt: skip
def test_a_group_is_stricter_only_where_that_can_be_said_of_all_of_it(
    ordered: bool, a: tuple[str, ...], b: tuple[str, ...], relation: str
) -> None:
    group = shapes("burden", ordered)
    assert of_group(group, statuses(*a), statuses(*b)) == relation
    assert of_group(group, statuses(*b), statuses(*a)) == mirrored(relation)
    assert of_group(shapes("benefit", ordered), statuses(*a), statuses(*b)) in (
        mirrored(relation),
        relation if relation in ("incomparable", "same") else "",
    )
    half_open = {**statuses(*a), "0": m.STATUS.option("must") | m.STATUS.option("silent")}
    assert of_group(group, half_open, statuses(*b)) == "open"


def test_unordered_measures_are_told_to_be_incomparable() -> None:
    of = beside(late(effect="免职"), late(effect="降职"))
    found = people(of, conduct(3))
    assert dict(found.groups["负担"].relations[0]) == {"incomparable": 1}
    for lang, said in (("zh", "不可比"), ("en", "incomparable")):
        told = text("t", whole(Compared(of, found), lang).parts)
        row = next(x for x in told.splitlines() if x.strip().startswith({"zh": "负担", "en": "burdens"}[lang]))
        assert said in told and re.search(r"0 +0 +0 +0 +1 +0 +0$", row)


def test_an_ordered_measure_is_told_to_be_stricter() -> None:
    found = people(beside(late(effect="记过"), late(effect="警告")), conduct(3))
    assert dict(found.groups["处分"].relations[0]) == {"stricter": 1}
    assert dict(found.effects["警告"].relations[0]) == {"milder": 1}


# By provisions.


def rows(a: m.Policy, b: m.Policy) -> set[tuple[str | None, str | None]]:
    return {(r.a and r.a.name, r.b and r.b.name) for r in aligned(beside(a, b, None))}


def test_provisions_answer_to_each_other_by_what_they_say_not_by_their_names() -> None:
    tail = "召回情形 {} {}\n    依据：T-02\n    当：有 考核（等第 为 不合格）\n    应当：召回\n    由：县委\n"
    a = late(more=tail.format("考核差的", "poor"))
    b = policy(
        REGIME
        + tail.format("多次迟到", "often_late")
        + LATE.format(times="四次", must="应当", effect="召回").replace("多次迟到 often_late", "考核差的 poor")
    )
    assert rows(a, b) == {("多次迟到", "考核差的"), ("考核差的", "多次迟到")}


def test_grounds_that_read_nothing_in_common_do_not_answer_to_each_other() -> None:
    b = policy(
        REGIME
        + "召回情形 多次迟到 often_late\n    依据：T-02\n    当：有 考核（等第 为 不合格）\n    应当：召回\n    由：县委\n"
    )
    assert rows(late(), b) == {("多次迟到", None), (None, "多次迟到")}


def test_likeness_is_from_nought_to_one_and_the_same_both_ways() -> None:
    every = [x.features for c in COUNTIES for x in provisions(Side(county(c), c))]
    for x in every[::7]:
        assert likeness(x, x) == 1
        assert all(0 <= likeness(x, y) == likeness(y, x) <= 1 for y in every[::5])


def test_what_differs_is_named_and_nothing_else() -> None:
    of = beside(late("三次"), late("二次", must="可以"), None)
    [r] = aligned(of)
    zh, en = (Telling(Compared(of), lang) for lang in ("zh", "en"))
    assert zh.differing(r) == en.differing(r) == ("leads", "when")
    assert "二次以上" in " ".join(zh.facets(1, r.b)["when"]) and "3 times" in " ".join(en.facets(0, r.a)["when"])


def test_two_days_are_two_versions() -> None:
    p = county("dongtou")
    of = beside(p, p, "2018-01-01", as_of=day("2020-01-01"), called="a")
    found = aligned(of)
    alone = {r.b.name for r in found if r.b is not None and r.a is None}
    assert {"人编分离", "一线回炉", "调配停奖"} <= alone and not [r for r in found if r.b is None]
    assert {"红牌召回", "落聘召回"} <= {r.a.name for r in found if r.a is not None}
    zh = Telling(Compared(of), "zh")
    assert zh.names == ("甲 洞头干部召回（2018-01-01）", "乙 洞头干部召回（2020-01-01）")
    assert any("召回办法" in n for p_ in whole(Compared(of), "zh").parts if p_.key == "structure" for n in p_.notes)


def test_two_units_have_their_own_numbers() -> None:
    p = county("fenggang")
    layers = frozenset((*Side(p, "").layers, "hypothetical"))
    a = Side(p, "fenggang", day("2016-09-30"), layers=layers, unit="虚构镇")
    of = pair(a, evolve(a, unit="虚构局"))
    rows_ = next(x for x in whole(Compared(of), "zh").parts if x.key == "parameters").tables[0].rows
    assert [
        ("三次" in r[1][0], "一次" in r[2][0].partition("本方为")[2]) for r in rows_ if r[0] == ("日常作风次数",)
    ] == [(True, True)]
    raw = {"编号": "一", "身份": "公务员", "行为": {"行": [{"编号": "1", "发生日": "2016-09-01", "类型": "迟到", "场合": "上班", "知悉日": "2016-09-01"}], "齐备": True},
           "认定": [{"问题": "属实", "所属": "行为", "所属编号": "1", "答": "是"}]}  # fmt: skip
    shaped = evolve(p, shape=of.shape, lexicon=of.lexicon)
    seen = of.seen(record(shaped, raw))
    assert [x.facts["单位"] for x in seen] == [("虚构镇", "虚构镇", False), ("虚构局", "虚构局", False)]


def test_what_only_one_side_has_a_word_for_is_said() -> None:
    a, b = county("dongtou"), county("fenggang")
    of = beside(a, b, "2018-10-31")
    raw = {"编号": "一", "身份": "公务员", "认定": [{"问题": "不胜任", "答": "是"}]}
    found = people(of, raw)
    assert dict(found.unshared[0]) == {} and dict(found.unshared[1]) == {"不胜任": 1}
    assert "不胜任" in text("t", whole(Compared(of, found), "zh").parts)


# The forms.


@pytest.fixture(scope="module")
def compared() -> Compared:
    of = beside(county("fenggang"), county("dongtou"), "2018-10-31")
    roster = read_roster(ROOT / "policies/dongtou/rosters/cadres.json", of.shape, of.lexicon)[:14]
    return Compared(of, population(of, roster))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_forms_agree(compared: Compared, lang: str, tmp_path: Path) -> None:
    telling = Telling(compared, lang)
    parts = whole(compared, lang, all_=True).parts
    assert compared.population is not None
    told, page = text(telling.title, parts), comparison_page(compared, lang, names=True)
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(telling.title, parts, path))
    cells = {
        str(c)
        for sheet in load_workbook(path)
        for row in sheet.iter_rows(values_only=True)
        for c in row
        if c is not None
    }
    bare = re.sub(r"<[^>]+>", "", page)
    data = plain(compared)
    # Every provision of either stands in every form.
    for row in data["provisions"]:
        for side in (row["a"], row["b"]):
            name = side and side["name" if lang == "zh" else "name_en"]
            assert name is None or (name in told and name in bare and any(name in c for c in cells))
    # Every count of the text is that of the data.
    for i, line in enumerate(("printed", "whole")):
        counts = data["population"]["standing"][line]
        assert sum(counts.values()) == data["population"]["persons"] == 14
        assert counts == dict(compared.population.standing[i])
        said = next(x for x in told.splitlines() if x.strip().startswith(telling.say(line)))
        assert said.split()[-3:] == [str(counts.get(k, 0)) for k in ("different", "open", "same")]
    differing = [
        p["id"]
        for p in data["population"]["different"]
        if any(d["certain"]["printed"] or d["certain"]["whole"] for d in p["differences"])
    ]
    assert differing and all(f"\n  {id} " in told and id in cells for id in differing)
    assert json.loads(json.dumps(data)) == data


def test_a_page_withholds_who_it_is_about(compared: Compared) -> None:
    assert compared.population is not None
    odd = next(p.record for p in compared.population.persons if p.differs(0))
    found = population(compared.pair, [evolve(odd, id="张三丰")])
    other = Compared(compared.pair, found)
    assert "张三丰" not in comparison_page(other, "zh") and "张三丰" in comparison_page(other, "zh", names=True)


def test_nothing_a_record_holds_acts_in_any_form(tmp_path: Path) -> None:
    """Text of a record or a policy is text: in a page, in a workbook, in a terminal."""
    evil = "=HYPERLINK(1)<script>alert(1)</script>\u202e"
    a = late(more=f"存录 备注 remarks\n    T-05：文件，{evil[:-1]}\n")
    of = beside(a, late("二次"), called=evil)
    found = people(of, conduct(2))
    found = population(of, [evolve(found.persons[0].record, id=evil)])
    both = Compared(of, found)
    page = comparison_page(both, "zh", names=True)
    assert "<script>alert" not in page and "\u202e" not in page and page.count("<script>") == 1
    parts = whole(both, "zh", all_=True).parts
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook("=1+1", parts, path))
    for sheet in load_workbook(path):
        for row in sheet.iter_rows():
            assert not [c.coordinate for c in row if c.data_type == "f"]
    assert any("=HYPERLINK" in str(c.value) for sheet in load_workbook(path) for row in sheet.iter_rows() for c in row)


# The command.


def run(*args: str) -> Any:
    return CliRunner().invoke(main, ["compare", "--no-prove", *args], prog_name="policy")


@pytest.mark.parametrize(("form", "lang"), [("text", "zh"), ("json", "en"), ("html", "en"), ("xlsx", "zh")])
def test_the_command_writes_every_form(form: str, lang: str, tmp_path: Path) -> None:
    out = tmp_path / f"out.{form}"
    args = ["daye", "wuzhong", "--format", form, "--lang", lang, "-o", str(out)]
    assert run(*args).exit_code == DONE and out.stat().st_size > 1000
    assert run(*args).exit_code == MISUSE
    assert form == "xlsx" or run(*args[:-2]).output.strip() == out.read_text("utf-8").strip()


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["daye", "nowhere"], UNUSABLE), (["daye"], MISUSE), (["daye", "daye", "--as-of-b", "2020-01-01"], MISUSE), (["daye", "daye", "--format", "xlsx"], MISUSE),
        (["daye", "daye", "--show-names"], MISUSE), (["daye", "daye", "--unit", "某镇"], MISUSE), (["fenggang", "daye", "--unit", "虚构镇"], DONE),
        (["daye", "fenggang", "--reading", "应召尽召=羁束"], DONE), (["daye", "fenggang", "--reading", "应召尽召=随便"], MISUSE), (["daye", "daye", "--reading", "应召尽召=羁束"], MISUSE),
        (["fenggang", "fenggang", "--reading", "all_who_should=bound", "--reading-b", "all_who_should=discretionary"], DONE), (["dongtou", "dongtou", "--layers-b", "+plan"], DONE),
    ],
)  # fmt: skip
def test_what_may_be_asked(args: list[str], code: int) -> None:
    result = run(*args, "--lang", "en")
    assert result.exit_code == code, result.output


def test_two_readings_of_one_regime(tmp_path: Path) -> None:
    """Under the one reading whoever has a ground must be recalled, under the other may be: said of both, for neither is
    a burden by the vocabulary."""
    raw = {"编号": "一", "身份": "公务员", "单位": [{"自": "2010-01-01", "值": "虚构局"}], "行为": {"行": [{"编号": "1", "发生日": "2016-09-01", "类型": "迟到", "场合": "上班", "知悉日": "2016-09-01"}], "齐备": True},
           "认定": [{"问题": "属实", "所属": "行为", "所属编号": "1", "答": "是"}, {"问题": "属小毛病", "所属": "行为", "所属编号": "1", "答": "否"}], "处理": {"行": [], "齐备": True}, "召回": {"行": [], "齐备": True}}  # fmt: skip
    roster = tmp_path / "r.json"
    roster.write_text(json.dumps([raw], ensure_ascii=False), "utf-8")
    chosen = [
        "--reading",
        "提醒前置=不必先提醒",
        "--reading",
        "日常表现=县列即计",
        "--layers",
        "+hypothetical",
        "--reading",
        "应召尽召=羁束",
        "--reading-b",
        "应召尽召=裁量",
    ]
    result = run("fenggang", "fenggang", "--as-of", "2016-09-30", "--records", str(roster), "--format", "json", *chosen)
    assert result.exit_code == DONE, result.output
    data = json.loads(result.output)
    assert (data["a"]["readings"]["应召尽召"], data["b"]["readings"]["应召尽召"]) == ("羁束", "裁量")
    [d] = [d for d in data["population"]["different"][0]["differences"] if d["effect"] == "召回"]
    assert (d["a"]["printed"], d["b"]["printed"], d["relation"]["printed"]) == (["must"], ["may"], "firmer")
    assert d["why"] == "unlike"


def test_an_older_copy_beside_the_present_one(tmp_path: Path) -> None:
    """A threshold moved in a copy of a folder: one provision differs, in its condition alone."""
    for name in ("old", "new"):
        shutil.copytree(ROOT / "policies", tmp_path / name, ignore=shutil.ignore_patterns("rosters"))
    at = tmp_path / "old/dongtou/procedure.policy"
    old = at.read_text("utf-8")
    assert "为期：三个月" in old
    at.write_text(old.replace("为期：三个月", "为期：二个月"), "utf-8")
    result = run(str(tmp_path / "old/dongtou"), str(tmp_path / "new/dongtou"), "--format", "json")
    assert result.exit_code == DONE, result.output
    differing = {r["a"]["name"]: r["differs"] for r in json.loads(result.output)["provisions"] if r["differs"]}
    assert differing == {"一线回炉": ["time"]}
