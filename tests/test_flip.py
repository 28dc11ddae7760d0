"""What outcomes turn on: every change shown changes the outcome, nothing smaller does, near misses, settling answers."""

from __future__ import annotations

import json
import random
from itertools import combinations, product
from pathlib import Path
from typing import Any

import generate as g
import pytest
from click.testing import CliRunner, Result
from packs import REGIME, at, decided, policy, record, words
from test_laws import law

from policy_dsl import model as m
from policy_dsl.cli import main
from policy_dsl.decide import Conclusion, Decision, Question, decide
from policy_dsl.report.flips import turning_text
from policy_dsl.report.flips_json import dumps, plain
from policy_dsl.values import settled
from policy_dsl.whatif import flips as search
from policy_dsl.whatif.alternatives import Alternatives
from policy_dsl.whatif.cells import Added, Cell, Change, cells, changed, forgotten, protected, value_of
from policy_dsl.whatif.flips import Flips, Trials, flips, nearest
from policy_dsl.whatif.outcomes import place_of, verdict_of
from policy_dsl.whatif.settling import settlings
from policy_dsl.whatif.shortfalls import near_misses

POLICIES = Path(__file__).parent.parent / "policies"
COUNTED = (
    REGIME
    + """规定 饮酒三次 drinks
    依据：T-02
    当：行为（类型 为 饮酒，属实）的次数 三次以上
    应当：免职

认定 问行为 on_conduct
    对：每一 行为
    依据：T-03
    由：组织部
        （一）属实 established：是否属实，T-03；
"""
)
SCORED = REGIME + "规定 低分 low\n    依据：T-02\n    当：得分 不足 60分 且 退休 为 否\n    应当：调离\n"


def drunk(*ids: str, kind: str = "饮酒") -> dict[str, Any]:
    return {
        "行为": {
            "齐备": True,
            "行": [{"编号": i, "发生日": f"2019-0{n}-01", "类型": kind} for n, i in enumerate(ids, 1)],
        },
        "认定": [{"问题": "属实", "所属": "行为", "所属编号": i, "答": "是"} for i in ids],
    }


def of(d: Decision, effect: str, most: int = 2, wanted: int = 0, **names: set[str]) -> Flips:
    return flips(d, [c for c in d.conclusions if c.effect == effect], most, protected(d.policy.shape, **names), wanted)


def told(found: Flips, effect: str = "") -> list[tuple[tuple[str, ...], set[str]]]:
    """The changes found, each as (what is changed, how the outcome then stands)."""
    return [
        (tuple(name(c) for c in f.changes), words(f.status))
        for t in found.turnings
        for f in t.flips
        if not effect or t.conclusion.effect == effect
    ]


def name(c: Change) -> str:
    of_row = "".join(x for x in (c.cell.list, c.cell.row) if x)
    return f"{'+' if isinstance(c.value, Added) else '-' if c.value is None else ''}{of_row}{c.cell.name}"


def test_a_count_falls_by_any_of_its_rows() -> None:
    found = told(of(decided(COUNTED, drunk("甲", "乙", "丙")), "免职"))
    silent = {"silent"}
    assert found == [
        *[((f"行为{i}类型",), silent) for i in "丙乙甲"[:0]],
        *[x for i in sorted("甲乙丙") for x in [((f"行为{i}类型",), silent), ((f"-行为{i}",), silent)]],
        *[((f"行为{i}属实",), silent) for i in sorted("甲乙丙")],
    ]


def test_one_incident_short() -> None:
    d = decided(COUNTED, drunk("甲", "乙"))
    (miss,) = near_misses(d, d.conclusions)
    assert miss.part.short == 1 and not miss.part.over and [c.effect for c in miss.conclusions] == ["免职"]
    zh, en = (turning_text(of(d, "免职"), [miss], [], lang) for lang in ("zh", "en"))
    assert "现为 二次；差一次" in zh and "1 time short" in en
    found = told(of(d, "免职"))
    assert (("+行为",), {"must"}) in found and all(len(changes) == 1 for changes, _ in found)


def test_two_incidents_short_is_no_near_miss_of_one_part_but_tells_how_far() -> None:
    d = decided(COUNTED, drunk("甲"))
    (miss,) = near_misses(d, d.conclusions)
    assert miss.part.short == 2
    # One row more is not enough, and of two rows more nothing is tried: the search says that it found none.
    assert told(of(d, "免职")) == []


def test_nothing_counted_is_no_near_miss() -> None:
    d = decided(COUNTED, {"行为": {"齐备": True, "行": []}})
    assert not list(near_misses(d, d.conclusions))


def test_where_no_row_is_there_one_is_made_of_what_the_rule_asks() -> None:
    text = COUNTED.replace("三次以上", "一次以上")
    d = decided(text, {"行为": {"齐备": True, "行": []}})
    ((changes, status),) = told(of(d, "免职"))
    assert changes == ("+行为",) and status == {"must"}
    flip = of(d, "免职").turnings[0].flips[0]
    added = flip.changes[0].value
    assert isinstance(added, Added) and words(flip.status) == {"must"}
    assert d.policy.shape.lists["行为"].fields["类型"].type.option("饮酒") == added.row.values["类型"]


def test_an_open_list_makes_no_row_more_a_change() -> None:
    """Of a list that may hold more, one more row is an answer, never a change."""
    d = decided(
        COUNTED, {k: x for k, x in drunk("甲", "乙", "丙").items()} | {"行为": drunk("甲", "乙", "丙")["行为"]["行"]}
    )
    assert at(d, "免职").settled
    assert not [c for changes, _ in told(of(d, "免职")) for c in changes if c.startswith("+")]


@pytest.mark.parametrize(
    ("score", "short", "then"),
    [("58", None, "60"), ("60", 1, "59.999"), ("59.999", None, "60"), ("61", 1000, "59.999")],
)
def test_a_bound_is_met_at_the_nearest_value(score: str, short: int | None, then: str) -> None:
    d = decided(SCORED, {"得分": float(score), "退休": "否"})
    found = of(d, "调离", most=1, allow={"得分"})
    values = [f.changes[0].value for t in found.turnings for f in t.flips if f.changes[0].cell.name == "得分"]
    near = list(near_misses(d, d.conclusions))
    assert [n.part.short for n in near] == ([] if short is None else [short])
    assert [v for v in values if isinstance(v, tuple) and v[0] <= v[1]] == [(int(float(then) * 1000),) * 2 + (False,)]
    assert all(n.part.over for n in near)


def test_who_a_person_is_and_when_things_happened_are_beyond_change() -> None:
    text = (
        REGIME
        + "规定 甲 rule_a\n    依据：T-02\n    当：怀孕 为 否 且 行为（发生日 不早于 2019年3月1日）的次数 一次以上\n    应当：召回\n"
    )
    d = decided(text, {"怀孕": "否", **{"行为": drunk("甲", "乙", "丙")["行为"]}})
    assert "怀孕" in protected(d.policy.shape) and "发生日" in protected(d.policy.shape)
    assert told(of(d, "召回")) == [(("-行为丙",), {"silent"})]
    freed = told(of(d, "召回", allow={"怀孕", "发生日"}))
    assert (("怀孕",), {"silent"}) in freed and (("行为丙发生日",), {"silent"}) in freed
    assert told(of(d, "召回", protect={"行为"})) == []


def test_two_branches_need_two_changes_and_three_three() -> None:
    either = (
        REGIME
        + "规定 甲 rule_a\n    依据：T-02\n    当：患病 为 是 或 退休 为 是 或 得分 不少于 60分\n    应当：召回\n"
    )
    allow = {"患病", "退休"}
    d = decided(either, {"患病": "是", "退休": "是", "得分": 10})
    assert told(of(d, "召回", most=1, allow=allow)) == []
    assert told(of(d, "召回", allow=allow)) == [(("患病", "退休"), {"silent"})]
    d = decided(either, {"患病": "是", "退休": "是", "得分": 70})
    assert told(of(d, "召回", allow=allow)) == []
    three = told(of(d, "召回", most=3, allow=allow | {"得分"}))
    assert {frozenset(changes) for changes, _ in three} == {frozenset(("患病", "退休", "得分"))}


def test_to_one_status_only() -> None:
    text = REGIME + (
        "规定 甲 rule_a\n    依据：T-02\n    当：得分 不少于 60分\n    由：组织部\n    可以：召回\n\n"
        "规定 乙 rule_b\n    依据：T-03\n    当：得分 不少于 80分\n    应当：召回\n"
    )
    d = decided(text, {"得分": 70})
    assert {frozenset(s) for _, s in told(of(d, "召回", allow={"得分"}))} == {
        frozenset(("must",)),
        frozenset(("silent",)),
    }
    (only,) = told(of(d, "召回", allow={"得分"}, wanted=m.STATUS.option("must")))
    assert only == (("得分",), {"must"})
    after = of(d, "召回", allow={"得分"}, wanted=m.STATUS.option("must")).turnings[0].flips[0].after
    assert after is not None and "T-03" in {b for x in after.grounds for b in x.basis}


def test_options_nothing_tells_apart_are_one_change() -> None:
    d = decided(COUNTED, drunk("甲", "乙", "丙"))
    (values,) = {
        f.changes[0].value
        for t in of(d, "免职").turnings
        for f in t.flips
        if f.changes[0].cell == Cell("field", "类型", "行为", "甲")
    }
    kind = d.policy.shape.lists["行为"].fields["类型"].type
    assert values == sum(kind.option(o) for o in kind.options if o != "饮酒")


def test_a_cap_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "RUNS", 5)
    d = decided(COUNTED, drunk("甲", "乙", "丙"))
    found = of(d, "免职")
    assert found.capped and found.runs <= 6
    assert "未能试遍" in turning_text(found, [], [], "zh") and not plain(found, [], [])["all_tried"]


# What would settle.


def test_the_smallest_answers_that_settle() -> None:
    d = decided(SCORED, {}, what_if=False)
    (c,) = [c for c in d.conclusions if c.effect == "调离"]
    found = settlings(d, c)
    ways = {(tuple(a.gap.key[1] for a in s.answers), words(s.status).pop()) for s in found.ways}
    assert (("退休",), "silent") in ways and (("得分",), "silent") in ways
    # To have it arise takes both, and is told although one is enough to exclude it.
    assert (("得分", "退休"), "must") in ways or (("退休", "得分"), "must") in ways
    assert not found.capped and not found.beyond


def test_what_no_answer_settles_waits_for_the_text() -> None:
    text = REGIME + "规定 甲 rule_a\n    依据：T-02\n    当：未载明（另外几种）\n    应当：召回\n"
    d = decided(text, {})
    found = settlings(d, at(d, "召回"))
    assert not found.ways and [g.kind for g in found.beyond] == ["unprinted"]


# Laws.


def trial(seed: int) -> tuple[m.Policy, Any, Decision]:
    rng = random.Random(seed)
    _, _, checked = g.grow(seed % 5, rules=5)
    p = checked.policy
    assert p is not None
    record = g.read(g.person(rng, p.shape, known=True), p)
    on = g.a_day(rng)
    return p, record, decide(p, record, Question(on, on), what_if=False)


def open_to_change(d: Decision) -> list[Conclusion]:
    return [c for c in d.conclusions if settled(c.whole) or settled(c.printed)]


def all_cells(d: Decision) -> list[Cell]:
    return list(cells(d.given, {t for c in open_to_change(d) for t in verdict_of(d.policy, c).topics}))


@law(8)
def test_whatever_a_change_leads_to_is_possible_when_it_is_forgotten(seed: int) -> None:
    """What the search leaves out rests on this."""
    p, record, d = trial(seed)
    trials = Trials(p, d.question, {place_of(c): False for c in d.conclusions})
    ways = Alternatives.of(p, d.given, d.question.as_of)
    for cell in all_cells(d):
        wide = trials.statuses(forgotten(record, (cell,)))
        for value in ways.values(cell):
            narrow = trials.statuses(changed(record, (Change(cell, value),)))
            for place, mask in narrow.items():
                assert place not in wide or mask & ~wide[place] == 0, (cell, value, place)


@law(8)
def test_every_change_shown_changes_the_outcome_and_no_single_one_is_left_out(seed: int) -> None:
    p, record, d = trial(seed)
    asked = open_to_change(d)
    found = flips(d, asked, 1)
    ways = Alternatives.of(p, d.given, d.question.as_of)
    trials = Trials(p, d.question, {place_of(t.conclusion): t.printed for t in found.turnings})
    before = trials.statuses(record)
    tried = [Change(cell, x) for cell in all_cells(d) for x in ways.values(cell)]
    then = [trials.statuses(changed(record, (c,))) for c in tried]
    assert not found.capped
    for t in found.turnings:
        place = place_of(t.conclusion)
        all_of_it = [
            search.Flip((c,), x[place])
            for c, x in zip(tried, then, strict=True)
            if place in x and not x[place] & before[place]
        ]
        assert len(nearest(all_of_it, record)) == len(t.flips) + t.more, place
        for f in t.flips:
            other = decide(p, changed(record, f.changes), d.question, what_if=False)
            (after,) = [c for c in other.conclusions if place_of(c) == place]
            now, new = ((c.printed if t.printed else c.whole) for c in (t.conclusion, after))
            assert not now & new and new & ~f.status == 0 and f.after is not None


@law(5)
def test_no_pair_is_left_out_where_no_single_change_does(seed: int) -> None:
    """Against every pair there is, on a few cells."""
    p, record, d = trial(seed)
    asked = open_to_change(d)[:6]
    rng = random.Random(seed)
    every = all_cells(d)
    few = {c.name for c in rng.sample(every, min(3, len(every))) if c.name}
    kept = frozenset({c.name for c in every if c.name} - few)
    found = flips(d, asked, 2, kept)
    if found.capped:
        return
    ways = Alternatives.of(p, d.given, d.question.as_of)
    topics = {t for c in asked for t in verdict_of(p, c).topics}
    pool = list(cells(d.given, topics, kept))
    trials = Trials(p, d.question, {place_of(t.conclusion): t.printed for t in found.turnings})
    before = trials.statuses(record)
    wanting = {place_of(t.conclusion) for t in found.turnings if not t.flips}
    budget = 1500
    for a, b in combinations(pool, 2):
        for x, y in product(ways.values(a), ways.values(b)):
            budget -= 1
            if budget < 0:
                return
            masks = trials.statuses(changed(record, (Change(a, x), Change(b, y))))
            assert not [q for q in wanting if q in masks and not masks[q] & before[q]], (a, b)


@law(5)
def test_order_of_the_record_means_nothing(seed: int) -> None:
    p, _, d = trial(seed)
    raw = g.person(random.Random(seed), p.shape, known=True)
    for listed in raw.values():
        if isinstance(listed, dict) and "行" in listed:
            listed["行"] = listed["行"][::-1]
    turned = decide(p, g.read(dict(reversed(raw.items())), p), d.question, what_if=False)

    def every(x: Decision) -> dict[object, list[tuple[Any, int]]]:
        found = flips(x, open_to_change(x), 1)
        return {
            place_of(t.conclusion): [(tuple(c.cell for c in f.changes), f.status) for f in t.flips]
            for t in found.turnings
        }

    assert every(d) == every(turned)


@law(12)
def test_an_answer_said_to_settle_settles(seed: int) -> None:
    rng = random.Random(seed)
    _, _, checked = g.grow(seed % 5, rules=5)
    p = checked.policy
    assert p is not None
    on = g.a_day(rng)
    d = decide(p, g.read(g.person(rng, p.shape), p), Question(on, on), what_if=False)
    for c in [c for c in d.conclusions if not settled(c.whole)][:4]:
        for s in settlings(d, c).ways:
            assert s.status & c.whole and settled(s.status)
            for other in settlings(d, c).ways:
                # Nothing needless: no set told of holds one told of that gives the same.
                mine, theirs = ({a.gap.key for a in x.answers} for x in (s, other))
                assert not (s.status == other.status and theirs < mine)


# The command.


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["flip", *args], env={"LC_ALL": "C"})


FENGGANG = (str(POLICIES / "fenggang"), str(POLICIES / "fenggang" / "rosters" / "cadres.json"), "--as-of", "2018-10-31")


def test_the_command_in_both_tongues_and_as_data() -> None:
    zh, en = (run(*FENGGANG, "--id", "FG28", "--lang", lang) for lang in ("zh", "en"))
    assert zh.exit_code == en.exit_code == 0, zh.output
    assert len(zh.stdout.splitlines()) == len(en.stdout.splitlines())
    assert "若 环节2 结果 为 合格或无，不是 不合格" in zh.stdout and "F-26" in zh.stdout
    data = json.loads(run(*FENGGANG, "--id", "FG28", "--format", "json").stdout)
    assert data["schema"] == "policy-flips/1" and data["all_tried"]
    for outcome in data["outcomes"]:
        for flip in outcome["flips"]:
            assert not set(flip["then"][outcome["line"]]) & set(outcome[outcome["line"]])
            assert flip["changes"][0]["text"] != flip["changes"][0]["text_en"]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--effect", "nothing"), "no such effect"),
        (("--to", "perhaps"), "no such status"),
        (("--protect", "nobody"), "no such fact"),
        (("--id", "X"), "no such number"),
    ],
)
def test_what_is_misspelt_is_told(option: tuple[str, str], said: str) -> None:
    result = run(*FENGGANG, *option, "--lang", "en")
    assert result.exit_code == 2 and said in result.stderr


def test_equal_inputs_give_equal_bytes() -> None:
    d = decided(COUNTED, drunk("甲", "乙", "丙"))
    assert dumps(plain(of(d, "免职"), [], [])) == dumps(plain(of(d, "免职"), [], []))
    assert value_of(record(policy(COUNTED), drunk("甲")), Cell("row", "", "行为", "甲")) is None
