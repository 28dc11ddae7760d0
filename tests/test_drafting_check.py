"""`policy check` for programs and at work: its formats, what it mends, how it watches; and `policy rule`."""

from __future__ import annotations

import builtins
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from policy_dsl.catalogue import CATALOGUE
from policy_dsl.check import check
from policy_dsl.cli import main
from policy_dsl.commands.checking import checked_again
from policy_dsl.commands.options import DONE, FINDINGS, MISUSE, UNUSABLE
from policy_dsl.fixes import mend
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack
from policy_dsl.pages import page

ROOT = Path(__file__).parent.parent

WORDS = """词汇 试验词汇 lab_words
    类 身份 standing：公务员 civil、村干部 village
    事实 身份 standing：身份
    事实 领导职务 leading_post：是否
    事实 参加工作日 joined_on：日期
    效果 负担 burdens 不利：召回 recall、免职 removal
    机关 县委 committee

制度 试验办法 lab_rules
    依据：T-01
    机关：县委
    施行：自 2016年6月1日 起
    溯及：不溯及

"""
RULE = "规定 领导召回 recall_of_leaders\n    依据：T-01\n    当：{}\n    应当：召回\n"


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, args, env={"LC_ALL": None, "LANG": "C.UTF-8", "POLICY_TRACEBACK": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A county of the test's own, in the folder the command runs in."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "policies" / "某县"
    folder.mkdir(parents=True)
    (folder / "regime.policy").write_text(WORDS + RULE.format("领导职务"), "utf-8")
    return folder


def wrong(county: Path, condition: str = "领导职位") -> None:
    (county / "regime.policy").write_text(WORDS + RULE.format(condition), "utf-8")


# Formats.

# What a reader of SARIF relies on, from the standard: the parts this project writes, nothing else allowed.
TEXT = {"type": "object", "properties": {"text": {"type": "string", "minLength": 1}}, "required": ["text"], "additionalProperties": False}
COUNT = {"type": "integer", "minimum": 1}
REGION = {
    "type": "object",
    "properties": dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), COUNT),
    "required": ["startLine", "startColumn", "endLine", "endColumn"],
    "additionalProperties": False,
}
LOCATION = {
    "type": "object",
    "properties": {
        "physicalLocation": {
            "type": "object",
            "properties": {
                "artifactLocation": {"type": "object", "properties": {"uri": {"type": "string", "pattern": r"^[\x21-\x7e]+$"}}, "required": ["uri"], "additionalProperties": False},
                "region": REGION,
            },
            "required": ["artifactLocation", "region"],
            "additionalProperties": False,
        },
        "message": TEXT,
    },
    "required": ["physicalLocation"],
    "additionalProperties": False,
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF = {
    "type": "object",
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "tool": {
                        "type": "object",
                        "properties": {
                            "driver": {
                                "type": "object",
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": TEXT,
                                                "help": TEXT,
                                                "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}, "additionalProperties": False},
                                            },
                                            "required": ["id"],
                                            "additionalProperties": False,
                                        },
                                    },
                                },
                                "required": ["name"],
                                "additionalProperties": False,
                            }
                        },
                        "required": ["driver"],
                        "additionalProperties": False,
                    },
                    "language": {"type": "string", "pattern": r"^[a-z]{2}(-[A-Z]{2})?$"},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": LEVEL,
                                "message": TEXT,
                                "locations": {"type": "array", "items": LOCATION},
                                "relatedLocations": {"type": "array", "items": LOCATION},
                                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                            },
                            "required": ["message"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["tool", "results"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["version", "runs"],
    "additionalProperties": False,
}


def sarif(*regimes: str, lang: str = "zh") -> dict[str, Any]:
    log: dict[str, Any] = json.loads(run("check", *regimes, "--format", "sarif", "--lang", lang).stdout)
    jsonschema.validate(log, SARIF)
    (one,) = log["runs"]
    for result in one["results"]:
        assert one["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    found: dict[str, Any] = one
    return found


def test_sarif_points_at_the_words_in_characters(county: Path) -> None:
    wrong(county)
    one = sarif("某县")
    assert (one["columnKind"], one["language"]) == ("unicodeCodePoints", "zh-CN")
    (result,) = one["results"]
    (location,) = result["locations"]
    region = location["physicalLocation"]["region"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "policies/%E6%9F%90%E5%8E%BF/regime.policy"
    line = (county / "regime.policy").read_text("utf-8").splitlines()[region["startLine"] - 1]
    assert region["endLine"] == region["startLine"]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "领导职位"
    assert "没有名为“领导职位”的词" in result["message"]["text"]
    assert "“领导职位”" in sarif("某县", lang="en")["results"][0]["message"]["text"]


def test_sarif_of_every_kind_of_place(county: Path) -> None:
    """Other places, no findings, a finding without a place, a file outside the folder."""
    assert sarif("某县")["results"] == []
    (county / "regime.policy").write_text(WORDS + RULE.format("领导职务") * 2, "utf-8")
    (twice, *_) = sarif("某县")["results"]
    assert twice["relatedLocations"][0]["message"]["text"] == "前一处"
    (nowhere,) = sarif("无此县")["results"]
    assert (nowhere["ruleId"], nowhere["locations"]) == ("R100", [])
    wrong(county)
    inside = county.parent / "里"
    inside.mkdir()
    os.chdir(inside)
    (found,) = sarif("某县")["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("file:///")


def test_a_fingerprint_outlives_moved_lines(county: Path) -> None:
    wrong(county)
    (before,) = sarif("某县")["results"]
    text = (county / "regime.policy").read_text("utf-8")
    (county / "regime.policy").write_text("# 一句\n" + text, "utf-8")
    (after,) = sarif("某县")["results"]
    assert before["locations"] != after["locations"]
    assert before["partialFingerprints"] == after["partialFingerprints"]


def test_json_holds_both_languages_and_counts(county: Path) -> None:
    wrong(county)
    result = run("check", "某县", "--format", "json")
    told = json.loads(result.stdout)
    assert result.exit_code == FINDINGS
    assert told["counts"] == {"error": 1, "warning": 0, "note": 0} and told["schema_version"] == 1
    (found,) = told["findings"]
    assert found["code"] == "P200" and found["suggestion"] == "领导职务"
    assert found["place"] == {"file": "policies/某县/regime.policy", "line": 17, "column": 7, "end_line": 17, "end_column": 11}
    assert "领导职位" in found["message"]["zh"] and found["message"]["en"].startswith("Nothing is named")


def test_github_annotations_escape_what_would_end_them(county: Path) -> None:
    wrong(county)
    line = run("check", "某县", "--format", "github", "--lang", "zh").stdout.strip()
    assert line.startswith("::error file=policies/某县/regime.policy,line=17,endLine=17,col=7,endColumn=11,title=P200::")
    assert "\n" not in line and "%0A" in line
    odd = county.with_name("甲,乙:丙%")
    county.rename(odd)
    line = run("check", str(odd), "--format", "github").stdout.strip()
    assert "file=policies/甲%2C乙%3A丙%25/regime.policy," in line
    # One command a line, with its values between the first and the second pair of colons.
    assert re.fullmatch(r"::(error|warning|notice) [^:]*::[^\r\n]*", line)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_every_format_has_the_same_exit_codes(county: Path, form: str) -> None:
    assert run("check", "某县", "--format", form).exit_code == DONE
    wrong(county)
    assert run("check", "某县", "--format", form).exit_code == FINDINGS
    assert run("check", "无此县", "某县", "--format", form).exit_code == UNUSABLE


def test_a_regime_that_cannot_be_read_does_not_hide_the_next(county: Path) -> None:
    wrong(county)
    told = json.loads(run("check", "无此县", "某县", "--format", "json").stdout)
    assert [f["code"] for f in told["findings"]] == ["R100", "P200"]
    text = run("check", "无此县", "某县", "--lang", "zh")
    assert "R100" in text.stderr and "P200" in text.stdout


def test_a_shared_text_is_annotated_once() -> None:
    one, two = (json.loads(run("check", *(str(ROOT / "policies" / c) for c in counties), "--format", "json").stdout)["findings"] for counties in (["dongtou"], ["dongtou", "dongtou"]))
    assert one == two


# Mending.


def mended(text: str, names: bool = False) -> str:
    own = Source("lab.policy", WORDS + text)
    (after,) = mend(Pack("lab", (own,), {}, (own,)), names).own
    assert after.text.startswith(WORDS)
    return after.text.removeprefix(WORDS)


def test_characters_nobody_sees_are_taken_out() -> None:
    dirty = RULE.format("领导\u200b职务\ufeff").replace("依据", "\u2060依据").replace("当：", "当：\u00a0")
    assert mended(dirty) == RULE.format("领导职务").replace("当：", "当： ")


def test_a_mark_that_turns_the_writing_is_left_to_the_drafter() -> None:
    turned = RULE.format("领导\u202e职务")
    assert mended(turned) == turned


def test_a_character_that_is_seen_stays() -> None:
    for shown in ("领导职务…", "领导职务！"):
        assert mended(RULE.format(shown), names=True) == RULE.format(shown)


def test_only_an_outlived_allowance_is_taken_out() -> None:
    assert mended("# 一句\n# 允许 P402：过时\n" + RULE.format("领导职务")) == "# 一句\n" + RULE.format("领导职务")
    for kept in ("# 允许 P402\n", "# 允许 P200：不能\n", "# 允许 P999：没有\n"):
        assert mended(kept + RULE.format("领导职务")) == kept + RULE.format("领导职务")
    used = "参数 线 limit\n    依据：T-01\n    取值：三次\n\n"
    assert mended("# 允许 P404：待用\n" + used + RULE.format("领导职务")).startswith("# 允许 P404")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("领导职位", "领导职务"),
        ("领职务", "领导职务"),
        ("领导导职务", "领导职务"),
        ("领职导务", "领导职务"),
        ("leading_pots", "leading_post"),
        ("领导岗位", ""),
        ("职务", ""),
        ("领导", ""),
    ],
)
def test_a_name_is_mended_only_when_asked_and_one_character_away(word: str, meant: str) -> None:
    assert mended(RULE.format(word)) == RULE.format(word)
    assert mended(RULE.format(word), names=True) == RULE.format(meant or word)


def test_two_near_names_are_a_question_for_the_drafter() -> None:
    more = "定义 领导职级 leading_rank\n    依据：T-01\n    是指：领导职务\n\n"
    assert mended(more + RULE.format("领导职位"), names=True) == more + RULE.format("领导职位")


def test_a_near_name_of_the_wrong_sort_is_not_put_in() -> None:
    """The day of joining is no condition: the mended text would be wrong in another way."""
    assert mended(RULE.format("参加工作月"), names=True) == RULE.format("参加工作月")
    assert mended(RULE.format("参加工作月 早于 2010年1月1日"), names=True) == RULE.format("参加工作日 早于 2010年1月1日")


def test_what_can_be_mended_is_mended_beside_what_cannot() -> None:
    both = RULE.format("参加工作月 或 领导职位").replace("召回\n", "召唤回\n")
    after = mended(both, names=True)
    assert "领导职务" in after and "参加工作月" in after and "召唤回" not in after


def test_diff_shows_and_fix_writes(county: Path) -> None:
    wrong(county)
    before = (county / "regime.policy").read_text("utf-8")
    assert run("check", "某县", "--fix").exit_code == FINDINGS
    assert (county / "regime.policy").read_text("utf-8") == before
    shown = run("check", "某县", "--fix-names", "--diff")
    assert shown.exit_code == FINDINGS and "+    当：领导职务" in shown.stdout and "-    当：领导职位" in shown.stdout
    assert (county / "regime.policy").read_text("utf-8") == before
    done = run("check", "某县", "--fix-names")
    assert done.exit_code == DONE and done.stderr == "某县/regime.policy\n"
    assert (county / "regime.policy").read_text("utf-8") == before.replace("领导职位", "领导职务")
    assert run("check", "某县", "--diff").exit_code == DONE


def test_the_shared_vocabulary_is_never_mended_on_the_way(county: Path) -> None:
    common = county.parent / "common"
    common.mkdir()
    (common / "vocabulary.policy").write_text("# 允许 P404：过时\n词汇 共用 shared\n    机关 市委 city\n", "utf-8")
    before = (common / "vocabulary.policy").read_text("utf-8")
    assert run("check", "某县", "--fix").exit_code == DONE
    assert (common / "vocabulary.policy").read_text("utf-8") == before


# Watching.


def test_every_change_is_checked_until_there_are_no_more(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def changes() -> Any:
        wrong(county)
        yield 1
        (county / "regime.policy").unlink()
        yield 2
        wrong(county, "领导职务")
        yield 3
        wrong(county)
        yield 4

    assert checked_again(("某县",), "text", "en", changes()) == FINDINGS
    out = capsys.readouterr()
    assert out.out.count("No findings.") == 2 and out.out.count("error[P200]") == 2 and out.err.count("error[R100]") == 1


def test_watching_answers_a_saved_file(county: Path) -> None:
    watching = subprocess.Popen(
        [sys.executable, "-u", "-m", "policy_dsl", "check", "某县", "--watch", "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        encoding="utf-8",
    )
    answered = threading.Event()

    def save() -> None:
        """Again and again: nothing says when the watcher has begun to look."""
        while not answered.wait(0.3):
            wrong(county)

    saving = threading.Thread(target=save)
    try:
        assert watching.stdout is not None
        assert watching.stdout.readline() == "某县: No findings.\n"
        saving.start()
        assert watching.stdout.readline().startswith("error[P200]")
    finally:
        answered.set()
        watching.kill()
        watching.communicate(timeout=20)


@pytest.mark.parametrize(("lang", "said"), [("zh", "需要 watchfiles"), ("en", "needs watchfiles")])
def test_without_the_extra_watching_says_what_to_install(
    county: Path, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "watchfiles":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    result = run("check", "某县", "--watch", "--lang", lang)
    assert result.exit_code == MISUSE and said in result.stderr and "policy-dsl[watch]" in result.stderr


# What a code means.


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_is_told_with_its_page(lang: str) -> None:
    lines = run("rule", "--lang", lang).stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(CATALOGUE)
    told = run("rule", *CATALOGUE, "--lang", lang).stdout
    for code in CATALOGUE:
        assert page(code).why(lang) in told
        for block in page(code).blocks:
            if block.kind in ("zh", "en"):
                assert (block.text.splitlines()[0] in told) == (block.kind == lang)
            else:
                assert all(line in told for line in block.text.splitlines())


def test_rule_as_data_and_misspelt(county: Path) -> None:
    (told,) = json.loads(run("rule", "p200", "--format", "json").stdout)
    assert (told["code"], told["severity"]) == ("P200", "error")
    assert told["why"]["zh"].endswith("。") and told["cause"]["example.policy"] != told["mended"]["example.policy"]
    assert [r["code"] for r in json.loads(run("rule", "--format", "json").stdout)] == list(CATALOGUE)
    for lang, said in (("zh", "没有代码 P20。是否指 P"), ("en", "There is no code P20. Did you mean P")):
        result = run("rule", "P20", "--lang", lang)
        assert result.exit_code == MISUSE and said in result.stderr
    assert "Did you mean" not in run("rule", "这个", "--lang", "en").stderr


def test_the_texts_of_a_page_do_what_the_page_says() -> None:
    """What `policy rule` shows as cause and as mended, checked as a drafter would after copying it."""
    cause, better = (page("P200").causes(mended=m)["example.policy"].text for m in (False, True))
    words = (ROOT / "policy_dsl" / "diagnostics_pages" / "_vocabulary.policy").read_text("utf-8")
    found = [[d.code for d in check(Pack("page", (Source("words.policy", words), Source("own.policy", t)))).findings] for t in (cause, better)]
    assert found == [["P200"], []]
