"""What is said of every record when two policies are compared: proved, or shown on a record the interpreter confirms."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import Any

import generate as g
import pytest
from attrs import evolve
from click.testing import CliRunner
from packs import day, policy, record
from test_compare import LATE, REGIME, beside, county, late

from policy_dsl import model as m
from policy_dsl.cli import main
from policy_dsl.commands.options import DONE
from policy_dsl.comparison.compared import Compared
from policy_dsl.comparison.population import population
from policy_dsl.comparison.proof import WAYS, Proof, Proved, Prover, Shown, prove
from policy_dsl.comparison.sides import Pair
from policy_dsl.comparison.strictness import mirrored
from policy_dsl.report.comparison import Telling
from policy_dsl.report.comparison_json import plain
from policy_dsl.report.comparison_proof import Proving
from policy_dsl.report.comparison_text import text
from policy_dsl.report.comparison_whole import whole

ROOT = Path(__file__).parent.parent
SECONDS = 60.0


def proved(of: Pair, effect: str) -> Proved:
    return next(x for x in prove(of, SECONDS).effects if x.effect == effect)


def confirmed(of: Pair, effect: str, x: Shown) -> None:
    """The record decided as a roster would be, under the readings it is shown in, comes out as said."""
    assert not x.supposed
    a, b = (
        evolve(
            s,
            as_of=s.as_of or x.as_of,
            readings={**{k: r for k, r in x.readings.items() if k in s.policy.readings}, **s.readings},
        )
        for s in of.sides
    )
    again = evolve(of, a=a, b=b)
    found = population(again, [record(evolve(of.a.policy, shape=of.shape, lexicon=of.lexicon), dict(x.raw))])
    [d] = [d for d in found.persons[0].differences if d.effect == effect and d.row is None]
    assert (d.a.lines[0], d.b.lines[0], d.relations[0]) == (x.a.status, x.b.status, x.relation)


def test_a_threshold_moved_by_one_is_found_with_a_witness() -> None:
    of = beside(late("三次"), late("二次"))
    found = proved(of, "召回")
    assert (found.ways["more"], found.ways["apart"]) == (False, False)
    [x] = found.shown
    assert x.relation == "milder" and (x.a.rules, x.b.rules) == ((), ("多次迟到",))
    rows = x.raw["行为"]["行"]
    assert len(rows) == 2 and all(r["类型"] == "迟到" for r in rows) and x.raw["行为"]["齐备"]
    # Nothing in it that it shows without.
    assert set(x.raw) <= {"编号", "行为"} and all(set(r) <= {"编号", "类型", "发生日"} for r in rows)
    confirmed(of, "召回", x)
    assert proved(beside(late("二次"), late("三次")), "召回").relations == ("stricter",)


def test_what_is_written_otherwise_and_means_the_same_is_proved_the_same() -> None:
    other = LATE.format(times="三次", must="应当", effect="召回").replace("三次以上", "超过 二次")
    of = beside(late("三次"), policy(REGIME + other))
    assert proved(of, "召回").relations == ("same",)
    found = Compared(of, proof=prove(of, SECONDS))
    assert "处处相同" in text("t", whole(found, "zh").parts) and not groups(of)


@pytest.mark.parametrize("name", ["fenggang", "daye"])
def test_a_regime_beside_itself_is_proved_the_same(name: str) -> None:
    p = county(name)
    found = prove(beside(p, p, "2018-10-31"), SECONDS)
    assert found.effects and all(x.relations == ("same",) for x in found.effects)
    assert set(found.ladders.values()) <= {("same",)}


def test_another_reading_is_another_regime() -> None:
    p = county("daye")
    of = beside(p, p, "2018-10-31", readings={"减责对象": "单位亦可"})
    of = evolve(of, a=evolve(of.a, readings={"减责对象": "限于个人"}))
    found = prove(of, SECONDS)
    assert {x.effect: x.relations for x in found.effects if x.relations != ("same",)} == {"减责": ("stricter",)}
    [x] = proved(of, "减责").shown
    assert x.raw["容错事项"]["行"][0]["主体"] == "单位主体"
    confirmed(of, "减责", x)


def test_the_order_of_the_two_mirrors_the_proof() -> None:
    of = beside(county("fenggang"), county("dongtou"), "2018-10-31")
    there, back = Prover(of, SECONDS), Prover(of.mirrored, SECONDS)
    turned = {"more": "less", "less": "more", "apart": "apart"}
    some = {}
    for effect in ("召回", "免职", "人事关系暂挂", "责令辞职", "提拔"):
        one, other = there.of(effect), back.of(effect)
        some[effect] = {way for way, x in one.items() if x is not False}
        assert some[effect] == {turned[way] for way, x in other.items() if x is not False}
        for x in one.values():
            if x not in (None, False):
                assert there.relation(effect, x) == mirrored(back.relation(effect, x) or "")
    assert some == {
        "召回": {"more", "less"},
        "免职": {"more", "less"},
        "人事关系暂挂": {"less"},
        "责令辞职": set(),
        "提拔": set(),
    }


def test_every_witness_of_two_counties_is_confirmed_by_the_interpreter() -> None:
    of = beside(county("daye"), county("wuzhong"), "2018-07-10")
    found = prove(of, SECONDS)
    shown = [(x.effect, s) for x in found.effects for s in x.shown]
    assert len(shown) > 15 and not [x.effect for x in found.effects if "open" in x.relations]
    for effect, s in shown:
        if not s.supposed:
            confirmed(of, effect, s)


def groups(of: Pair) -> dict[str, str]:
    return {g: r for g, _, r in Proving(Telling(Compared(of), "zh"), prove(of, SECONDS)).groups()}


def test_unordered_measures_are_incomparable_and_ordered_ones_are_not() -> None:
    assert groups(beside(late(effect="免职"), late(effect="降职"))) == {"负担": "incomparable"}
    assert groups(beside(late(effect="记过"), late(effect="警告"))) == {"处分": "group_stricter"}
    assert groups(beside(late(effect="警告"), late(effect="开除"))) == {"处分": "group_milder"}
    # A higher one that may be given, beside a lower one that must.
    assert groups(beside(late(effect="记过", must="可以"), late(effect="警告"))) == {"处分": "incomparable"}
    assert groups(beside(late(effect="免职和降职"), late(effect="降职"))) == {"负担": "group_stricter"}
    # A choice among more is not more.
    assert groups(beside(late(effect="免职、降职或者调离"), late(effect="免职或者降职"))) == {"负担": "incomparable"}


@pytest.mark.parametrize(("a", "b"), list(itertools.product(("应当", "可以", "不得", "不宜", "原则上应当"), repeat=2)))
def test_what_is_proved_of_one_rule_is_what_its_words_say(a: str, b: str) -> None:
    """Of two rules that differ in strength alone: never anything but what a record on which both arise shows."""
    of = beside(late(must=a), late(must=b))
    found = proved(of, "召回")
    rows = {"行为": {"行": [{"编号": str(i), "发生日": "2019-05-01", "类型": "迟到"} for i in range(3)], "齐备": True}}
    people = population(of, [record(of.a.policy, rows)])
    [relation] = [k for k, n in people.effects["召回"].relations[0].items() if n]
    assert found.relations == (relation,)


def test_what_one_side_cannot_do_needs_no_solver() -> None:
    """With no time at all what the rules' own flags exclude is still known, and the rest is not claimed."""
    found: Proof = prove(beside(late(), late(must="可以")), 0.0)
    [x] = found.effects
    assert x.ways == {"more": None, "less": None, "apart": False} and x.relations == ("open",)


def test_a_question_asked_two_ways_under_one_name_settles_nothing() -> None:
    asked = "认定 若干 some_questions\n    由：县委\n        （一）恶劣 vile：{}，T-04；\n\n"
    rule = "召回情形 恶劣的 vile_ones\n    依据：T-02\n    当：恶劣\n    应当：召回\n    由：县委\n"
    a, b = (policy(REGIME + asked.format(x) + rule) for x in ("情节是否恶劣", "影响是否恶劣"))
    renamed = evolve(b, name="别的办法")
    assert proved(beside(a, renamed), "召回").relations == ("open",)
    assert proved(beside(a, a), "召回").relations == ("same",)
    # Of two versions of one regime it is one question in other words.
    assert proved(beside(a, b), "召回").relations == ("same",)


def test_two_units_differ_where_their_numbers_do() -> None:
    p = county("fenggang")
    layers = frozenset((*beside(p, p).a.layers, "hypothetical"))
    of = beside(p, p, "2017-06-30", unit="虚构镇", layers=layers)
    of = evolve(of, a=evolve(of.a, unit="虚构局", layers=layers))
    found = Prover(of, SECONDS)
    ways = found.of("召回")
    assert ways["apart"] is False and ways["more"] is not None and not isinstance(ways["more"], bool)
    [conduct] = [cell["行"] for name, cell in found.lean("召回", ways["more"]).raw.items() if name == "行为"]
    assert len(conduct) in (1, 2)


def test_without_a_day_the_witness_names_one() -> None:
    of = beside(late("三次"), late("二次"), None)
    [x] = proved(of, "召回").shown
    assert x.as_of >= day("2016-06-01")
    told = text("t", whole(Compared(of, proof=prove(of, SECONDS)), "en").parts)
    assert "Decided as of 20" in told and "between" in told


def test_two_days_are_two_versions() -> None:
    p = county("dongtou")
    of = beside(p, p, "2018-01-01", as_of=day("2018-12-31"))
    found = {x.effect: x.relations for x in prove(of, SECONDS).effects}
    assert "milder" in found["人事关系暂挂"] and "stricter" not in found["人事关系暂挂"]
    assert found["扣减考绩奖"] != ("stricter",)


def test_a_version_leaves_unsaid_what_the_other_does(tmp_path: Path) -> None:
    """Two copies of one text are the same, though what each does not print is a thing of its own to the engine."""
    unprinted = "参数 红线 red_line\n    依据：T-06\n    单位：次\n    取值：未载明\n\n"
    rule = LATE.format(times="三次", must="应当", effect="召回").replace("三次以上", "不少于 红线")
    a = policy(REGIME + unprinted + rule)
    b = policy(REGIME + unprinted + rule + "\n")
    assert a is not b and proved(beside(a, b), "召回").relations == ("same",)
    # Of two regimes nothing says that the two lines are one.
    assert set(proved(beside(a, evolve(b, name="别的办法")), "召回").relations) & {"stricter", "milder", "open"}


def test_the_forms_say_the_same_of_every_record() -> None:
    of = beside(county("daye"), county("fenggang"), "2018-10-31")
    found = Compared(of, proof=prove(of, SECONDS))
    assert found.proof is not None
    data = plain(found)["proof"]
    assert json.loads(json.dumps(data)) == data
    for lang in ("zh", "en"):
        telling = Telling(found, lang)
        told = text("t", whole(found, lang).parts)
        for x in data["effects"]:
            assert telling.effect(x["effect"]) in told
            for way, shown in x["ways"].items():
                assert way in WAYS and (
                    shown in (None, False) or (shown["relation"] in x["relations"] and shown["said"][lang])
                )
        assert {g["group"] for g in data["groups"]} == {g for g, _, _ in Proving(telling, found.proof).groups()}


def run(*args: str) -> Any:
    return CliRunner().invoke(main, ["compare", *args], prog_name="policy")


def test_the_command_asks_of_every_record_unless_told_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, not_asked = run("daye", "daye", "--lang", "zh"), run("daye", "daye", "--lang", "zh", "--no-prove")
    assert asked.exit_code == not_asked.exit_code == DONE
    assert "所有可能的记录" in asked.output and "所有可能的记录" not in not_asked.output


def test_statuses_a_rule_cannot_give_are_never_claimed() -> None:
    from policy_dsl.comparison.proof import _possible

    p = late(must="可以", more="除外 患病者 ill_ones\n    依据：T-02\n    当：患病\n    不得：召回\n")
    verdict = next(w.person for w in p.verdicts if w.effect == "召回")
    assert _possible(verdict) == {"silent", "may", "must_not"} and _possible(None) == {"silent"}
    assert set(_possible(verdict)) <= set(m.STATUSES)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_proved_never_to_be_is_never_met(seed: int) -> None:
    """Two policies grown at random: no record drawn at random is decided in a way that was proved impossible."""
    first, second = (g.grow(100 + 2 * seed + i, clear=True, rules=3, definitions=2)[2].policy for i in (0, 1))
    assert first is not None and second is not None
    rng = random.Random(seed)
    met = 0
    of = beside(first, second, g.iso(g.a_day(rng)))
    found = prove(of, 20.0)
    relations = {x.effect: x.relations for x in found.effects if "open" not in x.relations}
    assert relations
    shaped = evolve(first, shape=of.shape, lexicon=of.lexicon)
    for _ in range(25):
        raw = g.People(rng, of.shape, known=True).person()
        if any(len(raw[name]["行"]) > most for name, most in found.rows.items() if name in raw):
            continue
        # A fact of these worlds changes at most once.
        raw = {k: x[:2] if isinstance(x, list) and k in of.shape.facts else x for k, x in raw.items()}
        people = population(of, [g.read(raw, shaped)])
        for effect, allowed in relations.items():
            [relation] = [k for k, n in people.effects[effect].relations[0].items() if n]
            assert relation in (*allowed, "same", "open"), (effect, relation, allowed, raw)
            met += relation in allowed
    assert met
