"""`policy new`: what it lays out checks, is canonical, holds its cases, asks its questions, and overwrites nothing."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from policy_dsl.beginning import TEXTS
from policy_dsl.check import check
from policy_dsl.cli import main
from policy_dsl.commands.options import DONE, MISUSE, UNUSABLE
from policy_dsl.pack import load

ROOT = Path(__file__).parent.parent


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, args, env={"LC_ALL": None, "LANG": "C.UTF-8", "POLICY_TRACEBACK": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture(params=["alone", "beside the shared vocabulary"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    if request.param != "alone":
        shutil.copytree(ROOT / "policies" / "common", tmp_path / "policies" / "common")
    return tmp_path / "policies"


def test_a_new_county_checks_and_its_cases_hold(place: Path) -> None:
    result = run("new", "jia", "--title", "甲县干部召回", "--lang", "zh")
    assert result.exit_code == DONE and "policy check jia" in result.stdout
    assert {p.name for p in (place / "jia").iterdir()} == set(TEXTS)
    assert all(f"policies/jia/{name}\n" in result.stdout for name in TEXTS)
    assert check(load(place / "jia")).findings == ()
    assert run("check", "jia").exit_code == run("fmt", "jia", "--check").exit_code == DONE
    tried = run("test", "jia", "--lang", "en")
    assert tried.exit_code == DONE and tried.stdout == "2 passed, 0 failed\n"
    assert run("check", "common").exit_code == run("fmt", "common", "--check").exit_code == DONE
    twin = run("fmt", "jia", "--lang", "en").stdout
    assert "regime jia_regime 甲县干部召回\n" in twin


def test_it_asks_what_a_drafter_must_answer_in_both_languages(place: Path) -> None:
    run("new", "jia")
    text = (place / "jia" / "regime.policy").read_text("utf-8")
    for asked in ("机关：未载明", "施行：未载明", "适用：未载明", "溯及：未载明", "存录 新制度待答", "下级：单位"):
        assert asked in text
    questions = [line for line in text.splitlines() if "？" in line]
    assert len(questions) >= 9 and all("?" in q or "." in q for q in questions)
    register = tomllib.loads((place / "jia" / "sources.toml").read_text("utf-8"))
    assert list(register["provisions"]) == ["J-01", "J-02", "J-03"]


def test_nothing_is_settled_that_the_drafter_has_not_settled(place: Path) -> None:
    """Dates and reach filled in, the second case no longer holds: what was undetermined has become a duty."""
    run("new", "jia")
    path = place / "jia" / "regime.policy"
    filled = (
        path.read_text("utf-8")
        .replace("施行：未载明", "施行：自 2020年1月1日 起")
        .replace("适用：未载明", "适用：身份 为 公务员")
    )
    path.write_text(filled.replace("溯及：未载明", "溯及：不溯及"), "utf-8")
    assert "得出的是“应当”" in run("test", "jia", "--lang", "zh").stdout


@pytest.mark.parametrize(("lang", "said"), [("zh", "已经存在"), ("en", "exists already")])
def test_it_never_overwrites(place: Path, lang: str, said: str) -> None:
    (place / "jia").mkdir(parents=True)
    (place / "jia" / "kept.txt").write_text("here before", "utf-8")
    result = run("new", "jia", "--lang", lang)
    assert result.exit_code == MISUSE and said in result.stderr
    assert [p.name for p in (place / "jia").iterdir()] == ["kept.txt"]


@pytest.mark.parametrize(
    "args",
    [
        ["甲县"],
        ["Jia"],
        ["1jia"],
        ["../jia"],
        ["jia/yi"],
        ["common"],
        ["and"],
        ["jia", "--title", "Jia County"],
        ["jia", "--title", "等"],
        ["jia", "--title", ""],
    ],
)
def test_a_name_that_cannot_be_one_is_refused(place: Path, args: list[str]) -> None:
    for lang in ("zh", "en"):
        assert run("new", *args, "--lang", lang).exit_code == MISUSE
    assert not place.exists() or {p.name for p in place.iterdir()} <= {"common"}


def test_what_the_shared_words_make_unusable_is_taken_away_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    common = tmp_path / "policies" / "common"
    common.mkdir(parents=True)
    (common / "words.policy").write_text("词汇 共用 shared\n    机关 市委 city\n", "utf-8")
    result = run("new", "jia", "--lang", "zh")
    assert result.exit_code == UNUSABLE and "没有名为“" in result.stderr
    assert [p.name for p in common.parent.iterdir()] == ["common"]
    assert [p.name for p in common.iterdir()] == ["words.policy"]


def test_into_another_folder(tmp_path: Path) -> None:
    assert run("new", "jia", "--into", str(tmp_path / "乙")).exit_code == DONE
    assert check(load(tmp_path / "乙" / "jia")).findings == ()


def above(county: Path) -> list[str] | None:
    said: list[str] | None = tomllib.loads((county / "sources.toml").read_text("utf-8")).get("above")
    return said


def test_the_national_layer_stands_above_where_it_is_there(tmp_path: Path) -> None:
    """It is named where it is there, another where one is asked for, and none where there is none."""
    shutil.copytree(ROOT / "policies" / "common", tmp_path / "common")
    assert run("new", "jia", "--into", str(tmp_path)).exit_code == DONE and above(tmp_path / "jia") is None
    shutil.copytree(ROOT / "policies" / "national", tmp_path / "national")
    assert run("new", "yi", "--into", str(tmp_path)).exit_code == DONE and above(tmp_path / "yi") == ["national"]
    assert check(load(tmp_path / "yi")).findings == () and load(tmp_path / "yi").above == (tmp_path / "national",)
    two = run("new", "bing", "--into", str(tmp_path), "--above", "jia", "--above", "national")
    assert two.exit_code == DONE and above(tmp_path / "bing") == ["jia", "national"]
    for wrong in ("ding", "nowhere", "../elsewhere", 'a"b'):
        refused = run("new", "ding", "--into", str(tmp_path), "--above", wrong, "--lang", "en")
        assert refused.exit_code == UNUSABLE and refused.stderr and not (tmp_path / "ding").exists(), wrong
