"""Everybody in a table decided: the outcomes are those of the decisions, and any row is explained again in full."""

from __future__ import annotations

import datetime
import json
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import generate
import pytest
from attrs import evolve
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.above import Regime
from policy_dsl.cli import main
from policy_dsl.commands import running
from policy_dsl.commands.options import regime_of
from policy_dsl.compiled import PACKED
from policy_dsl.decide import Question, decide
from policy_dsl.diagnostics import Unusable
from policy_dsl.model import STATUS, Policy
from policy_dsl.pack import find
from policy_dsl.population.engines import ENGINES, Engine
from policy_dsl.population.kept import Kept, read_result
from policy_dsl.population.lines import Judge, Line, Lines, interpreter
from policy_dsl.population.outcome import Outcome, Population, atoms_of, of_decision, walked_atoms
from policy_dsl.population.rebuilding import confirm, question, record_of
from policy_dsl.population.tables import Tables
from policy_dsl.record import Record
from policy_dsl.report import json as as_json
from policy_dsl.report.tree import explain_text
from policy_dsl.rosters import Aside, read_roster, sift

ROOT = Path(__file__).parent.parent
DAYS = {"fenggang": "2016-09-30", "dongtou": "2018-10-31", "daye": "2018-07-10", "wuzhong": "2018-09-30", "moxian": "2022-03-31"}


def roster(county: str) -> Path:
    return ROOT / "policies" / county / "rosters" / "cadres.json"


@cache
def checked(folder: Path) -> Regime:
    return regime_of(str(folder))


def regime(county: str) -> Regime:
    return checked(ROOT / "policies" / county)


@pytest.fixture(autouse=True)
def checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each policy is checked once for all the commands of these tests."""
    for module in ("running", "deciding"):
        monkeypatch.setattr(f"policy_dsl.commands.{module}.regime_of", lambda name: checked(find(name).resolve()))


def asked(county: str, **more: Any) -> Question:
    day = datetime.date.fromisoformat(DAYS[county]).toordinal()
    return evolve(Question(day, day), **more)


def policy(*args: str, code: int = 0, lang: str = "en") -> Result:
    result = CliRunner().invoke(main, [*args, "--lang", lang], env={"POLICY_TRACEBACK": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result


def run(county: str, out: Path, *options: str, table: Path | None = None, **how: Any) -> Result:
    return policy("run", str(ROOT / "policies" / county), str(table or roster(county)), "--as-of", DAYS[county], "-o", str(out), *options, **how)


def population(county: str, engine: str = "interpreter", **more: Any) -> Population:
    r = regime(county)
    return Population(r, asked(county, **more), sift(roster(county), r.shape, r.lexicon), engine)


def outcomes(of: Population) -> list[Outcome]:
    found = list(of.outcomes())
    assert not any(isinstance(x, Aside) for x in found)
    return [x for x in found if isinstance(x, Outcome)]


def said(x: Outcome) -> Any:
    return x.record.id, x.statuses, x.elements, x.open, x.atoms, [(g.key, g.kind, g.who) for g in x.gaps]


# What is decided.


@pytest.mark.parametrize("county", ["fenggang", "daye", "moxian"])
def test_outcomes_are_those_of_the_decisions(county: str) -> None:
    made = outcomes(population(county))
    assert [x.record.id for x in made] == [r["编号"] for r in json.loads(roster(county).read_text("utf-8"))["记录"]]
    for x in made[::3]:
        decision = decide(*regime(county).put(regime(county).policy, x.record, asked(county)), what_if=False)
        assert said(x) == said(of_decision(decision, walked_atoms(regime(county).policy, decision)))
        assert x.status == decision.status
    # Both what an engine settles by itself and what is left to the walker; of Fenggang's roster nobody is settled.
    assert {x.status for x in made} == {"undetermined", "decided"} - ({"decided"} if county == "fenggang" else set())


def test_readings_layers_and_days_of_the_question_are_those_decided_by() -> None:
    name, reading = next((n, r) for n, r in regime("dongtou").policy.readings.items() if "溯及" in n)
    day = datetime.date(2018, 3, 1).toordinal()
    more = {"readings": {name: reading.alternatives[0]}, "known_as_of": day, "layers": frozenset({"printed"})}
    plain, other = outcomes(population("dongtou")), outcomes(population("dongtou", **more))
    assert [x.statuses for x in plain] != [x.statuses for x in other]
    for x in other[::8]:
        decision = regime("dongtou").decide(x.record, asked("dongtou", **more))
        assert said(x) == said(of_decision(decision, walked_atoms(regime("dongtou").policy, decision)))


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_outcomes_of_grown_policies_are_those_of_the_decisions(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    grown = generate.grow(seed)[2].policy
    assert grown is not None
    rng = random.Random(seed)
    day = generate.a_day(rng)
    path = tmp_path_factory.mktemp("grown") / "r.jsonl"
    raws = [generate.person(rng, grown.shape, known=i % 2 == 0) | {"编号": str(i)} for i in range(4)]
    path.write_text("".join(json.dumps(x, ensure_ascii=False, default=str) + "\n" for x in raws), "utf-8")
    of = Population(Regime(grown), Question(day, day), sift(path, grown.shape, grown.lexicon), "interpreter")
    for x in outcomes(of):
        decision = decide(grown, x.record, of.question, what_if=False)
        assert said(x) == said(of_decision(decision, walked_atoms(grown, decision)))


# Engines.


def loose(policy: Policy, question: Question) -> Judge:
    """An engine that settles nothing of the statuses."""
    judge = interpreter(policy, question)

    def opened(line: Line) -> Line:
        top = STATUS.top
        return tuple(top if isinstance(x, int) else (top,) * len(x) for x in line[0]), line[1]

    def of(record: Record) -> Lines:
        printed, whole = judge(record)
        return opened(printed), opened(whole)

    return of


def wrong(policy: Policy, question: Question) -> Judge:
    """An engine that is sure of another status of the first effect wherever it is open."""
    judge = interpreter(policy, question)

    def turned(line: Line) -> Line:
        first, *others = line[0]
        return (STATUS.option("conflict") if first & (first - 1) else first, *others), line[1]

    def of(record: Record) -> Lines:
        printed, whole = judge(record)
        return turned(printed), turned(whole)

    return of


def test_what_an_engine_leaves_open_is_settled_as_the_walker_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "loose", Engine(loose))
    plain, other = outcomes(population("daye")), outcomes(population("daye", "loose"))
    assert list(map(said, plain)) == list(map(said, other))


def test_an_engine_that_says_otherwise_than_the_walker_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "wrong", Engine(wrong))
    with pytest.raises(RuntimeError, match="the engine has"):
        outcomes(population("daye", "wrong"))


def test_the_command_offers_the_engines_there_are() -> None:
    assert tuple(ENGINES) == running.ENGINES


# Atoms.


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_packed_atoms_come_back(data: st.DataObject) -> None:
    tables = Tables(regime("moxian").policy, "en")
    many = len(atoms_of(regime("moxian").policy))
    assert many > 2 * PACKED and tables.chunks == -(-many // PACKED)
    most = 4**many - 1
    pair = data.draw(st.integers(0, most)), data.draw(st.sampled_from([0, 1, most, most - 1]))
    x = Outcome(Record("1"), (), (), (), (), pair)
    cells = tables.packed(x)
    assert len(cells) == len(tables.atom_names()) and all(0 <= c < 2**63 for c in cells)
    assert tables.unpacked(cells) == pair


# Explained again.


FORM_OF = {"dongtou": "duckdb", "daye": "csv", "wuzhong": "xlsx"}


@pytest.mark.parametrize("county", FORM_OF)
def test_a_row_of_a_result_is_explained_as_the_roster_is(county: str, tmp_path: Path) -> None:
    """In full: every conclusion, ground, step, gap and answer, and what the texts above make of it."""
    out = tmp_path / f"out.{FORM_OF[county]}"
    run(county, out, lang="zh" if county == "daye" else "en")
    kept = read_result(out)
    records = {r.id: r for r in read_roster(roster(county), regime(county).shape, regime(county).lexicon)}
    for id in sorted(records)[::12]:
        record, again = record_of(kept, regime(county), id), question(kept)
        assert (record.id, record.digest) == (id, records[id].digest) and again == asked(county)
        decision = regime(county).decide(record, again, rejected=True)
        confirm(kept, regime(county), decision)
        direct = regime(county).decide(records[id], asked(county), rejected=True)
        assert as_json.dumps(as_json.plain(decision, True)) == as_json.dumps(as_json.plain(direct, True))
        for lang in ("zh", "en"):
            assert explain_text(decision, lang, True) == explain_text(direct, lang, True)


def test_the_command_prints_the_same_from_a_result(tmp_path: Path) -> None:
    out = tmp_path / "out.duckdb"
    name, reading = next(iter(regime("dongtou").policy.readings.items()))
    chosen = ("--reading", f"{name}={reading.alternatives[0]}", "--chosen-by", "某委", "--known-as-of", "2018-10-01", "--layers", "+计划")
    few = tmp_path / "few.json"
    everybody = json.loads(roster("dongtou").read_text("utf-8"))["记录"]
    few.write_text(json.dumps([x for x in everybody if x["编号"] in ("DT11", "DT15")], ensure_ascii=False), "utf-8")
    run("dongtou", out, *chosen, table=few)
    county = str(ROOT / "policies" / "dongtou")
    for shown in (("--format", "text", "--why-not"), ("--format", "opinion"), ("--format", "html"), ("--format", "json", "--effect", "召回")):
        direct = policy("explain", county, str(few), "--as-of", DAYS["dongtou"], "--id", "DT15", *chosen, *shown)
        again = policy("explain", "--from", str(out), county, "DT15", *shown)
        assert direct.stdout == again.stdout and "DT15" in direct.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    table = folder / "cadres.json"
    table.write_bytes(roster("dongtou").read_bytes())
    run("dongtou", folder / "out.csv", table=table)
    return folder


def copied(made: Path, to: Path) -> Path:
    """A result with its roster, both moved."""
    (to / "out.csv").mkdir()
    for path in (made / "out.csv").iterdir():
        (to / "out.csv" / path.name).write_bytes(path.read_bytes())
    (to / "cadres.json").write_bytes((made / "cadres.json").read_bytes())
    return to / "out.csv"


def explained(result: Path, id: str = "DT15", *options: str, code: int = 3, lang: str = "en") -> str:
    return policy("explain", "--from", str(result), str(ROOT / "policies" / "dongtou"), id, *options, code=code, lang=lang).output


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_result_moved_with_its_roster_is_still_explained(made: Path, tmp_path: Path) -> None:
    out = copied(made, tmp_path)
    assert "DT15" in explained(out, code=0)
    (tmp_path / "cadres.json").rename(tmp_path / "others.json")
    assert "--records" in explained(out)
    assert "DT15" in explained(out, "DT15", "--records", str(tmp_path / "others.json"), code=0)


def test_what_differs_is_named(made: Path, tmp_path: Path) -> None:
    out = copied(made, tmp_path)
    other = policy("explain", "--from", str(out), str(ROOT / "policies" / "daye"), "DT15", code=3).output
    assert "R201" in other and "policy “daye_tolerance”" in other and "list of atoms" in other
    edit(tmp_path / "cadres.json", '"DT15"', '"DT15", "党员": "是"')
    for lang, says in (("en", "The record of “DT15” is not the one"), ("zh", "编号“DT15”的记录与作出结果时的不同")):
        text = explained(out, lang=lang)
        assert says in text and text.count("R201") == 1
    assert "DT16" in explained(out, "DT16", code=0)


def test_the_text_above_is_held_to_the_result_too(made: Path, tmp_path: Path) -> None:
    out = copied(made, tmp_path)
    (name,) = json.loads((out / "run.json").read_text("utf-8"))["above"]
    edit(out / "run.json", regime("dongtou").above[0].digest, "0" * 64)
    assert f"上位“{name}”与作出结果时的不同" in explained(out, lang="zh")


def test_nobody_of_that_number_in_the_result_or_in_the_roster(made: Path, tmp_path: Path) -> None:
    out = copied(made, tmp_path)
    assert "R202" in explained(out, "XX") and "the result “out.csv”" in explained(out, "XX")
    edit(tmp_path / "cadres.json", '"DT15"', '"DT95"')
    assert "the roster “cadres.json”" in explained(out)


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("persons", "does not arise,", "must,", "_printed is kept as “must” and comes to “does not arise”"),
        ("persons", "undetermined (does not arise or must)", "may", "recall_whole is kept as “may” and comes to “undetermined"),
        ("elements", "must", "may", "is kept as “there” and comes to “not there”"),
    ],
)
def test_an_altered_status_is_found(made: Path, tmp_path: Path, table: str, old: str, new: str, says: str) -> None:
    out = copied(made, tmp_path)
    path = out / f"{table}.csv"
    rows = path.read_text("utf-8").splitlines(True)
    at, id = next((i, row.partition(",")[0].strip("\ufeff")) for i, row in enumerate(rows) if i and old in row)
    rows[at] = rows[at].replace(old, new, 1)
    path.write_text("".join(rows), "utf-8")
    text = explained(out, id)
    assert "R203" in text and says in text


def test_a_row_that_was_taken_out_is_found(made: Path, tmp_path: Path) -> None:
    out = copied(made, tmp_path)
    path = out / "elements.csv"
    head, first, *others = path.read_text("utf-8").splitlines(True)
    path.write_text("".join([head, *others]), "utf-8")
    assert "is kept as “not there” and comes to “there”" in explained(out, first.partition(",")[0])


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_any_altered_atom_is_found_and_named(made: Path, data: st.DataObject) -> None:
    kept = read_result(made / "out.csv")
    of = regime("dongtou").policy
    record = record_of(kept, regime("dongtou"), "DT15")
    decision = decide(of, regime("dongtou").put(of, record, question(kept))[1], question(kept), what_if=False)
    tables = Tables(of, "en")
    many = len(atoms_of(of))
    line, i, flip = data.draw(st.integers(0, 1)), data.draw(st.integers(0, many - 1)), data.draw(st.integers(1, 3))
    column = tables.atom_names()[line * tables.chunks + i // PACKED]

    class Altered(Kept):
        def rows(self, table: str, id: str) -> list[Any]:
            return [{k: str(int(x) ^ flip << 2 * (i % PACKED)) if k == column else x for k, x in row.items()} for row in super().rows(table, id)]

    confirm(kept, regime("dongtou"), decision)
    with pytest.raises(Unusable) as caught:
        confirm(Altered(kept.path, kept.about), regime("dongtou"), decision)
    (found,) = caught.value.diagnostics
    assert found.code == "R203" and f"atom {i + 1} ({('printed', 'whole')[line]})" in found.message("en")
    source = atoms_of(of)[i].source
    assert source is None or found.span == source.span


def test_a_result_names_its_regime(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = policy("explain", "--from", str(made / "out.csv"), "DT15").stdout
    assert text == explained(made / "out.csv", code=0)
    monkeypatch.chdir(tmp_path)
    assert "no folder of policies named “dongtou”" in policy("explain", "--from", str(made / "out.csv"), "DT15", code=3).output


@pytest.mark.parametrize("option", [("--as-of", "2018-10-31"), ("--reading", "all"), ("--layers", "+计划"), ("--id", "DT15"), ("--chosen-by", "某")])
def test_what_the_result_says_may_not_be_said_again(made: Path, option: tuple[str, str]) -> None:
    assert "--from" in explained(made / "out.csv", "DT15", *option, code=2)


def test_what_is_no_result_is_refused(made: Path, tmp_path: Path) -> None:
    out = copied(made, tmp_path)
    for path in (tmp_path / "cadres.json", tmp_path, tmp_path / "x.xlsx"):
        if path.suffix == ".xlsx":
            path.write_bytes(b"PK no workbook")
        assert "not a result of `policy run`" in explained(path)
    about = json.loads((out / "run.json").read_text("utf-8"))
    for key in ("policy_digest", "readings", "as_of"):
        (out / "run.json").write_text(json.dumps({**about, key: 7}), "utf-8")
        assert re.search(f"“{key}” is missing or not as it should be", explained(out))
    (out / "run.json").write_text(json.dumps({**about, "as_of": "2018-13-01"}), "utf-8")
    assert "dates are not as they should be" in explained(out)
    (out / "run.json").write_text(json.dumps(about), "utf-8")
    (out / "persons.csv").unlink()
    assert "“persons” cannot be read" in explained(out)
