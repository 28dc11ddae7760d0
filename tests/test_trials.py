"""Trials of cases: what they reach, which slips they notice, and the records that tell the others apart."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from packs import REGIME, VOCABULARY

from policy_dsl import model as m
from policy_dsl.cases import agrees, run
from policy_dsl.check import Checked, check
from policy_dsl.cli import main
from policy_dsl.comparison.slips import settled
from policy_dsl.language import syntax as s
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack, load
from policy_dsl.report.trials import Said
from policy_dsl.trials.coverage import Reached, reached
from policy_dsl.trials.hearing import Base, hear, heard_cases
from policy_dsl.trials.mutants import Bench, Mutant, Trial, made, slips, tried
from policy_dsl.trials.operators import OPERATORS, operators
from policy_dsl.trials.search import Hanging, Same, Telling, expected, statable, telling

POLICIES = Path(__file__).parent.parent / "policies"

RULES = """召回情形 屡犯召回 repeat_recall
    依据：T-02
    当：行为（类型 为 迟到）的次数 三次以上 且 职级 副科以上
    应当：召回

除外 患病除外 not_when_ill
    依据：T-03
    当：患病
    不适用：屡犯召回

"""


def case(name: str, late: int, rank: str, ill: str, outcome: str, early: int = 0, on: str = "2020年1月1日") -> str:
    kinds = [*["迟到"] * late, *["早退"] * early]
    rows = "".join(
        f"        （{'四五六七八'[i]}）行为 {i + 1}：发生日 2015年5月{i + 1}日、类型 {kind}、事由号 “{i}”；\n"
        for i, kind in enumerate(kinds)
    )
    return (
        f"案例 {name}\n    依据：T-02\n    决定日：{on}\n    事实：\n        （一）职级：{rank}；\n"
        f"        （二）患病：{ill}；\n        （三）齐备：行为；\n{rows}    结论：\n        （一）{outcome} 召回；\n\n"
    )


BOTH_SIDES = (
    case("例甲 thrice", 3, "副科", "否", "应当")
    + case("例乙 twice", 2, "正科", "否", "不发生", early=1)
    + case("例丙 four_times", 4, "科员", "否", "不发生")
    + case("例丁 thrice_ill", 3, "正科", "是", "不发生")
    + case("例庚 on_the_eve", 3, "正科", "否", "不发生", on="2016年5月31日")
    + case("例辛 on_the_first_day", 3, "正科", "否", "应当", on="2016年6月1日")
)


@cache
def lab(text: str) -> tuple[Pack, Checked]:
    sources = (Source("vocabulary.policy", VOCABULARY), Source("lab.policy", REGIME + RULES + text))
    pack = Pack("lab", sources, {}, sources[1:])
    checked = check(pack)
    assert checked.policy is not None, [d.message("zh") for d in checked.findings]
    return pack, checked


@cache
def county(name: str) -> tuple[Pack, Checked]:
    pack = load(POLICIES / name)
    return pack, check(pack)


def survivors(text: str) -> list[str]:
    """The changed lines of every slip that no case of a small policy notices."""
    pack, checked = lab(text)
    said = Said(checked.lexicon, "zh")
    return sorted("".join(x[2:] for x in said.difference(m.slip) if x[0] == "+") for m in tried(pack, checked).survived)


def what_is_reached(text: str) -> Reached:
    pack, checked = lab(text)
    assert checked.policy is not None
    base = Base(checked.policy)
    return reached(pack, checked, base, heard_cases(base))


# Slips.


def written(slips_of: str, key: str) -> set[str]:
    """What one kind of slip makes of the small policy's rules."""
    pack, checked = lab(slips_of)
    said = Said(checked.lexicon, "zh")
    found = [x for x in slips(pack, checked) if x.operator.key == key and x.declaration.kind != "regime"]
    return {"；".join(line[2:] for line in said.difference(x) if line[0] == "+") for x in found}


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("bound", {"当：行为（类型 为 迟到）的次数 超过 三次 且 职级 副科以上", "当：行为（类型 为 迟到）的次数 三次以上 且 职级 超过 副科"}),
        ("amount", {"当：行为（类型 为 迟到）的次数 四次以上 且 职级 副科以上", "当：行为（类型 为 迟到）的次数 二次以上 且 职级 副科以上"}),
        ("join", {"当：行为（类型 为 迟到）的次数 三次以上 或 职级 副科以上"}),
        ("modality", {"可以：召回；由：未载明"}),
        ("waiver", {"可以不适用：屡犯召回；由：未载明"}),
    ],
)  # fmt: skip
def test_a_slip_is_the_text_with_one_thing_otherwise(key: str, wanted: set[str]) -> None:
    assert written("", key) == wanted


def test_every_kind_of_slip_is_made_of_the_counties() -> None:
    """A kind that nothing in any shipped text can suffer would be untested."""
    kinds = {x.operator.key for name in ("fenggang", "dongtou", "national") for x in slips(*county(name))}
    assert kinds == {o.key for o in operators(lambda _: ())}
    assert len({o.key for o in OPERATORS}) == len(OPERATORS)


def test_cases_on_both_sides_of_every_bound_leave_no_slip() -> None:
    assert survivors(BOTH_SIDES) == []


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ("例甲 thrice", "当：行为（类型 为 迟到）的次数 三次以上 且 职级 超过 副科"),
        ("例乙 twice", "当：行为（类型 为 迟到）的次数 二次以上 且 职级 副科以上"),
        ("例丙 four_times", "当：行为（类型 为 迟到）的次数 三次以上"),
        ("例丁 thrice_ill", "当：否"),
    ],
)
def test_without_a_case_its_slip_survives(gone: str, left: str) -> None:
    parts = [x for x in BOTH_SIDES.split("案例 ") if x and not x.startswith(gone)]
    assert left in survivors("".join("案例 " + x for x in parts))


def some(of: tuple[Mutant, ...], n: int) -> list[Mutant]:
    return random.Random(7).sample(list(of), min(n, len(of)))


@pytest.mark.parametrize("name", ["daye", "wuzhong"])
def test_what_is_shared_judges_as_the_whole_policy_does(name: str) -> None:
    """A mutant's cases, run on the mutant as any policy's are, fail and hold as the trial said."""
    pack, checked = county(name)
    assert checked.policy is not None
    base = Base(checked.policy)
    chosen = random.Random(11).sample(list(slips(pack, checked)), 9)
    mutants = [x for slip in chosen if isinstance(x := made(pack, checked, base, slip), Mutant)]
    assert len(mutants) > 5
    heard = heard_cases(base)
    killed = 0
    for mutant in mutants:
        by = Bench(heard).killer(mutant)
        for h in {x.case.english: x for x in (heard[0], heard[-1], by) if x is not None}.values():
            alone = Bench([h]).killer(mutant) is not None
            whole = any(d.code in ("C100", "C102") for d in run(mutant.policy, h.case).problems)
            killed += whole
            assert alone == whole, (str(mutant.slip.span), mutant.slip.operator.key, h.case.name)
    assert killed >= len(mutants) - 2


def told(name: str, trial: Trial) -> Iterator[tuple[Mutant, s.Declaration]]:
    for x in trial.survived:
        found = telling(trial.base, x, trial.heard, 0.4)
        if found is not None:
            yield x, found.case


def test_a_record_told_apart_is_a_case_that_holds_and_kills() -> None:
    """Every record handed back is run by the interpreter: it holds as written, and no longer with the slip."""
    pack, checked = lab(case("例甲 thrice", 3, "副科", "否", "应当"))
    trial = tried(pack, checked)
    found = list(told("lab", trial))
    assert len(found) >= 6
    for mutant, made_up in found:
        assert run(trial.base.policy, made_up).passed, made_up
        assert not run(mutant.policy, made_up).passed, (mutant.slip.operator.key, made_up)


def test_a_case_states_exactly_what_two_policies_differ_in() -> None:
    """What it says of an effect holds of the one and not of the other, wherever a case can state the difference."""
    lines = [(whole, printed) for whole in (1, 2, 3) for printed in (1, 2, 3) if printed & ~whole == 0]

    def holds(stated: tuple[s.Expected, ...], masks: tuple[int, int]) -> bool:
        by = {"whole": masks[0], "printed": masks[1]}
        return all(agrees(x.status, by[n], n, x.line) for x in stated for n in by if x.line in ("", n))

    for before, after in product(lines, lines):
        stated = expected("免职", before)
        assert holds(stated, before)
        assert holds(stated, after) != any(map(statable, before, after)), (before, after)


def test_a_slip_of_the_day_is_told_apart_by_a_fact_that_changed() -> None:
    """What a person was at the conduct and is at the decision: without a history no record has the two differ."""
    rule = (
        "定义 末次行为日 last_conduct\n    依据：T-02\n    是指：行为的发生日最近\n\n"
        "定义 当时职级 rank_then\n    依据：T-02\n    是指：\n"
        "        （一）患病：末次行为日的职级；\n        （二）其余：决定日的职级；\n\n"
        "规定 当时免职 removal_then\n    依据：T-02\n    当：当时职级 为 正科\n    应当：免职\n\n"
    )
    pack, checked = lab(rule + case("例甲 thrice", 3, "副科", "否", "应当"))
    trial = tried(pack, checked)
    slipped = [x for x in trial.survived if x.slip.declaration.english == "rank_then"]
    changed = 0
    for mutant in slipped:
        found = telling(trial.base, mutant, trial.heard, 3)
        if found is not None:
            assert run(trial.base.policy, found.case).passed and not run(mutant.policy, found.case).passed
            facts = found.case.clause("facts")
            given = facts.items if facts is not None else ()
            changed += any(isinstance(g, s.Given) and g.kind == "fact" and len(g.values) > 1 for g in given)
    assert changed


def test_a_policy_that_says_the_same_is_not_told_apart() -> None:
    """且 of the same condition twice: leaving one out changes nothing."""
    twice = "召回情形 两次写 said_twice\n    依据：T-02\n    当：患病 且 患病\n    应当：免职\n\n"
    pack, checked = lab(twice)
    trial = tried(pack, checked)
    same = [x for x in trial.survived if x.slip.declaration.english == "said_twice" and x.slip.operator.key == "drop"]
    assert all(telling(trial.base, x, trial.heard, 0.3) is None for x in same[1:])


# Where the search finds nothing, every record is asked.


def settled_of(text: str, english: str, slip: str) -> tuple[Trial, Mutant, Telling | Hanging | Same | None]:
    trial = tried(*lab(text))
    [x] = [x for x in trial.survived if x.slip.declaration.english == english and x.slip.operator.key == slip][:1]
    return trial, x, settled(trial.base, x, 20)


def test_what_only_one_amount_tells_apart_is_found_by_the_solver() -> None:
    """Two counts of one list that must both be met: no case is near, and the record still is one that holds and kills."""
    near = "召回情形 两头 between\n    依据：T-02\n    当：行为（类型 为 迟到）的次数 四次以上 且 行为（类型 为 早退）的次数 二次以上\n    应当：免职\n\n"
    for slip in ("amount", "join", "bound"):
        trial, x, found = settled_of(near, "between", slip)
        assert isinstance(found, Telling), slip
        assert run(trial.base.policy, found.case).passed and not run(x.policy, found.case).passed


UNSAID = "召回情形 待补 to_be_supplied\n    依据：T-02\n    当：{}\n    应当：免职\n\n"


@pytest.mark.parametrize(
    ("when", "things"),
    [
        ("患病 且 未载明（另外的情形）", ["另外的情形"]),
        ("患病 且 未载明（甲项） 且 未载明（乙项）", ["甲项", "乙项"]),
        # Either is enough.
        ("患病 且 （未载明（甲项） 或 未载明（乙项））", None),
    ],
)  # fmt: skip
def test_what_hangs_on_what_is_not_printed_is_said(when: str, things: list[str] | None) -> None:
    """Whether it is must or may shows only where the rule applies, which nothing in a case can bring about."""
    trial, x, found = settled_of(UNSAID.format(when), "to_be_supplied", "modality")
    assert isinstance(found, Hanging) and m.STATUSES[found.before.bit_length() - 1] == "must"
    names = [name.rpartition("·")[2] for name in found.things]
    assert names == things if things else len(names) == 1
    assert telling(trial.base, x, trial.heard, 0.3) is None
    assert found.place[0] == "免职" and found.after == m.STATUS.option("may")


def test_what_is_printed_hangs_on_nothing() -> None:
    *_, found = settled_of(UNSAID.format("患病 且 职级 正科以上"), "to_be_supplied", "modality")
    assert isinstance(found, Telling)


def test_what_it_hangs_on_is_told_in_both_tongues(tmp_path: Path) -> None:
    here = tmp_path / "policies" / "lab"
    here.mkdir(parents=True)
    (here / "vocabulary.policy").write_text(VOCABULARY, "utf-8")
    text = REGIME + UNSAID.format("患病 且 未载明（另外的情形）") + case("例甲 ill_once", 0, "副科", "是", "未定")
    (here / "lab.policy").write_text(text.replace("未定 召回", "未定 免职"), "utf-8")
    asked = ("test", str(here), "--mutate", "--seconds", "0.3")
    zh, en = (policy(*asked, "--lang", lang)[1] for lang in ("zh", "en"))
    assert "要看没有载明的“待补·另外的情形”：设了它，免职才会原文应当、改后可以" in zh and "处要看没有载明的" in zh
    assert "hangs on what is not printed, “待补·另外的情形”: only supposing it is removal must as written and may with" in en
    found = json.loads(policy(*asked, "--format", "json")[1])[0]["slips"]["survivors"]
    assert ["待补·另外的情形"] in [x["hangs_on"] for x in found]


def test_a_slip_that_changes_nothing_is_proved_to_and_only_that() -> None:
    twice = "召回情形 两次写 said_twice\n    依据：T-02\n    当：患病 且 患病\n    应当：免职\n\n"
    trial = tried(*lab(twice))
    found = [(x, settled(trial.base, x, 20)) for x in trial.survived if x.slip.declaration.english == "said_twice"]
    assert {x.slip.operator.key for x, y in found if isinstance(y, Same)} == {"drop", "join"}
    for x, y in found:
        assert isinstance(y, Same) or (isinstance(y, Telling) and not run(x.policy, y.case).passed), x.slip.operator.key


def test_what_two_sides_of_the_solver_say_is_never_at_odds_with_the_search() -> None:
    """What is proved equivalent, no search tells apart."""
    trial = tried(*lab(case("例甲 thrice", 3, "副科", "否", "应当")))
    for x in trial.survived:
        by_search, by_solver = telling(trial.base, x, trial.heard, 0.4), settled(trial.base, x, 20)
        assert by_search is None or not isinstance(by_solver, Same), x.slip.operator.key


@pytest.mark.parametrize("solver", [True, False])
def test_the_command_says_what_is_proved_if_it_can(
    tmp_path: Path, solver: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not solver:
        monkeypatch.setitem(sys.modules, "z3", None)
        for name in [x for x in sys.modules if x.startswith(("policy_dsl.symbolic.", "policy_dsl.comparison."))]:
            monkeypatch.delitem(sys.modules, name)
    text = (
        REGIME
        + "召回情形 两次写 said_twice\n    依据：T-02\n    当：患病 且 患病\n    应当：免职\n\n"
        + case("例甲 ill_once", 0, "副科", "是", "不发生")
    )
    here = tmp_path / "policies" / "lab"
    here.mkdir(parents=True)
    (here / "vocabulary.policy").write_text(VOCABULARY, "utf-8")
    (here / "lab.policy").write_text(text.replace("不发生 召回", "应当 免职"), "utf-8")
    asked = ("test", str(here), "--mutate", "--seconds", "0.1")
    zh, en = (policy(*asked, "--lang", lang)[1] for lang in ("zh", "en"))
    found = json.loads(policy(*asked, "--format", "json")[1])[0]["slips"]["survivors"]
    assert ("同义：决定日在" in zh, "equivalent within 20" in en) == (solver, solver)
    assert ("或许同义" in zh, "perhaps they mean the same" in en) == (not solver, not solver)
    assert any(x["equivalent_within"] is not None for x in found) == solver


def test_a_case_that_fails_already_judges_nothing() -> None:
    wrong = case("例戊 wrong", 3, "副科", "否", "不发生")
    pack, checked = lab(wrong)
    assert checked.policy is not None
    assert not heard_cases(Base(checked.policy))
    assert hear(checked.policy, checked.policy.cases[0]) is not None
    assert not tried(pack, checked).killed


def test_a_limit_is_taken_evenly() -> None:
    pack, checked = lab(BOTH_SIDES)
    every = len(list(slips(pack, checked)))
    trial = tried(pack, checked, 5)
    assert trial.tried + trial.refused + trial.idle == 5
    assert trial.left == every - 5


# Coverage.


def missing(text: str) -> set[tuple[str, str, str]]:
    return {(g.kind, g.what, g.way) for g in what_is_reached(text).missing}


def test_cases_on_both_sides_reach_everything() -> None:
    assert missing(BOTH_SIDES) == set()
    assert what_is_reached(BOTH_SIDES).share == 100


def test_what_one_case_leaves() -> None:
    assert missing(case("例甲 thrice", 3, "副科", "否", "应当")) == {
        ("provision", "屡犯召回", "no"), ("provision", "患病除外", "yes"), ("exception", "患病除外", "yes"),
        ("condition", "患病", "yes"), ("condition", "职级 副科以上", "no"),
        ("condition", "行为（类型 为 迟到）的次数 三次以上", "no"), ("condition", "类型 为 迟到", "no"),
    }  # fmt: skip


def test_without_a_case_nothing_is_reached() -> None:
    r = what_is_reached("")
    assert r.share == 0 and len(r.missing) == len(r.goals) > 8


def test_what_is_evaluated_and_not_stated_is_not_reached() -> None:
    """A case that says nothing of recall tries none of it."""
    other = case("例甲 thrice", 3, "副科", "否", "应当").replace("应当 召回", "不发生 免职")
    assert {k for k, _, _ in missing(other)} >= {"provision", "condition", "option"}


def test_what_is_only_ever_unknown_is_marked() -> None:
    r = what_is_reached(case("例己 not_known_rank", 3, "不明", "否", "未定"))
    open_conditions = {g.what for g in r.open}
    assert "职级 副科以上" in open_conditions and "患病" not in open_conditions


def test_what_rests_on_the_unprinted_need_not_arise() -> None:
    pack, checked = county("fenggang")
    assert checked.policy is not None
    base = Base(checked.policy)
    goals = reached(pack, checked, base, heard_cases(base)).goals
    assert ("召回影响期", "no") in {(g.what, g.way) for g in goals}
    assert ("召回影响期", "yes") not in {(g.what, g.way) for g in goals}


# The command.


def policy(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, args, catch_exceptions=False)
    return result.exit_code, result.stdout


@pytest.fixture
def folder(tmp_path: Path) -> str:
    here = tmp_path / "policies" / "lab"
    here.mkdir(parents=True)
    (here / "vocabulary.policy").write_text(VOCABULARY, "utf-8")
    (here / "lab.policy").write_text(REGIME + RULES + case("例甲 thrice", 3, "副科", "否", "应当"), "utf-8")
    return str(here)


def test_the_command_in_both_languages(folder: str) -> None:
    code, zh = policy("test", folder, "--coverage", "--lang", "zh")
    assert code == 0 and "屡犯召回：未见不成立" in zh and "1 例成立" in zh
    code, en = policy("test", folder, "--coverage", "--lang", "en")
    assert code == 0 and "repeat_recall: never fails to arise" in en
    code, zh = policy("test", folder, "--mutate", "--seconds", "0.3", "--lang", "zh")
    assert code == 1 and "案例 新案例 new_case" in zh and "+ 当：行为（类型 为 迟到）的次数 超过 三次" not in zh
    code, en = policy("test", folder, "--mutate", "--seconds", "0.3", "--lang", "en")
    assert code == 1 and " as written, " in en


def test_a_threshold_is_held(folder: str) -> None:
    assert policy("test", folder, "--coverage", "--at-least", "10", "--lang", "en")[0] == 0
    assert policy("test", folder, "--coverage", "--at-least", "90", "--lang", "en")[0] == 1


def test_for_other_programs(folder: str) -> None:
    code, text = policy(
        "test", folder, "--coverage", "--mutate", "--limit", "12", "--seconds", "0.2", "--format", "json"
    )
    (data,) = json.loads(text)
    assert code in (0, 1) and data["passed"] == 1 and data["failed"] == 0
    assert {"file", "line", "column", "provision", "kind", "what", "never", "only_unknown"} == set(
        data["coverage"]["missing"][0]
    )
    found = data["slips"]
    assert found["killed"] + found["survived"] == found["tried"]
    assert all(x["line"] > 0 and x["difference"] for x in found["survivors"])
