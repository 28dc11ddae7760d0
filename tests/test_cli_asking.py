"""What a command is asked on the command line, and how texts are laid out and put into the other language by it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from test_cli import DAYS, asked, copy, decisions, few, of, regime, roster, run, status

from policy_dsl.commands.options import DONE, FINDINGS, UNUSABLE

__all__ = ["copy"]

# What is asked.


def test_the_forms_of_a_decision() -> None:
    lines = decisions("daye")
    array = json.loads(run(*asked("decide", "daye", "--format", "json")).stdout)
    roster_read = json.loads(Path(roster("daye", "json")).read_text("utf-8"))["记录"]
    assert array == lines and [d["subject"] for d in array] == [r["编号"] for r in roster_read] and len(array) > 30
    assert json.loads(run(*asked("decide", "daye", "--format", "json", "--lang", "zh")).stdout) == array
    text = run(*asked("decide", "daye", "--lang", "zh")).stdout
    opinion = run(*asked("decide", "daye", "--format", "opinion", "--lang", "zh")).stdout
    for person in (d["subject"] for d in lines):
        assert person in text and person in opinion
    assert "适用说明" in opinion and "适用说明" not in text


def test_an_empty_roster(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text("[]")
    for form, want in (("json", "[]\n"), ("jsonl", ""), ("text", "")):
        result = run("decide", regime("daye"), str(path), "--as-of", "2018-07-10", "--format", form)
        assert (result.exit_code, result.stdout) == (DONE, want)


def test_the_workbook_from_the_command() -> None:
    found = run(*asked("decide", "dongtou", "--format", "jsonl", form="xlsx"))
    assert [json.loads(line)["effects"] for line in found.stdout.splitlines()] == [
        d["effects"] for d in decisions("dongtou")
    ]


def test_the_day_of_decision_and_of_knowledge() -> None:
    table = few("dongtou", "DT24")
    now, then = decisions("dongtou", table=table), decisions("dongtou", "--known-as-of", "2019-03-01", table=table)
    assert of(now, "DT24")["known_as_of"] == "2019-12-31" and of(then, "DT24")["known_as_of"] == "2019-03-01"
    assert status(of(now, "DT24"), "召回", "积分考核") == ["must"]
    assert not [e for e in of(then, "DT24")["effects"] if e["element"] == {"list": "积分考核", "id": "1"}]
    early = run("decide", regime("dongtou"), table, "--as-of", "2019-01-31", "--format", "jsonl")
    assert of([json.loads(x) for x in early.stdout.splitlines()], "DT24")["as_of"] == "2019-01-31"


def test_readings_by_either_name_and_either_language() -> None:
    def told(*options: str) -> list[dict[str, Any]]:
        return decisions("fenggang", *options, table=few("fenggang", "FG01", "FG09"))

    counted = ("--reading", "日常表现=县列即计")
    open_, chosen = told(*counted), told(*counted, "--reading", "应召尽召=裁量")
    assert status(of(open_, "FG09"), "召回") == ["silent", "may", "must"]
    assert status(of(chosen, "FG09"), "召回") == ["silent", "may"]
    assert of(chosen, "FG09")["readings"] == {"日常表现": "县列即计", "应召尽召": "裁量"}
    assert told(*counted, "--readings", "all_who_should=discretionary") == chosen
    assert told("--readings", "all") == told("--reading", "all") == told() != chosen


def test_layers_added_and_replaced() -> None:
    table = few("dongtou", "DT32")
    plan = decisions("dongtou", "--layers", "+plan", table=table)
    assert status(of(plan, "DT32"), "免职") == ["must_one_of"]
    assert status(of(decisions("dongtou", table=table), "DT32"), "免职") == ["silent"]
    assert of(plan, "DT32")["layers"]["admitted"][:4] == ["printed", "practice", "example", "plan"]
    only = decisions("dongtou", "--layers", "载明、plan", table=table)
    assert of(only, "DT32")["layers"]["admitted"] == ["printed", "plan"]
    assert decisions("dongtou", "--layers", "+计划", table=table) == plan


def test_explain_some_persons_and_effects() -> None:
    one = run(*asked("explain", "dongtou", "--id", "DT15", "--effect", "降职", "--lang", "zh"))
    assert (
        one.exit_code == DONE
        and "措施清单" in one.stdout
        and "DT16" not in one.stdout
        and "人事关系暂挂（" not in one.stdout
    )
    english = run(*asked("explain", "dongtou", "--id", "DT15", "--effect", "demotion", "--lang", "en"))
    assert english.exit_code == DONE and "demotion" in english.stdout
    two = run(*asked("explain", "dongtou", "--id", "DT15", "--id", "DT16", "--format", "json"))
    assert [json.loads(line)["subject"] for line in two.stdout.splitlines()] == ["DT15", "DT16"]
    opinion = run(*asked("explain", "dongtou", "--id", "DT15", "--format", "opinion", "--lang", "zh"))
    assert "适用说明" in opinion.stdout


def test_explain_why_not() -> None:
    plain = run(*asked("explain", "dongtou", "--id", "DT17", "--lang", "zh"))
    why_not = run(*asked("explain", "dongtou", "--id", "DT17", "--lang", "zh", "--why-not"))
    assert "◆ 免职" not in plain.stdout and "◆ 免职" in why_not.stdout
    short, long = (
        json.loads(run(*asked("explain", "dongtou", "--id", "DT17", "--format", "json", *x)).stdout)
        for x in ([], ["--why-not"])
    )
    assert len(long["explanation"]) == len(long["effects"]) > len(short["explanation"])


# Layout.


def files(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in sorted(folder.rglob("*.policy"))}


def printed(folder: Path, county: str, lang: str) -> dict[str, str]:
    """The texts `fmt --lang` prints, by file."""
    result = run("fmt", str(folder / county), "--lang", lang)
    assert result.exit_code == DONE, result.output
    names = [n for n in files(folder) if n.startswith(f"{county}/")]
    if len(names) == 1:
        return {names[0]: result.stdout}
    parts = re.split(rf"(?m)^# ({'|'.join(map(re.escape, names))})\n", result.stdout)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_shipped_policies_are_canonical() -> None:
    every = [regime(c) for c in ("common", *DAYS)]
    assert run("fmt", "--check", *every).exit_code == DONE and run("fmt", "--diff", *every).stdout == ""


def test_fmt_checks_shows_and_writes(copy: Path) -> None:
    before = files(copy)
    path = copy / "daye" / "regime.policy"
    path.write_text(before["daye/regime.policy"].replace("机关：", "机关：  ", 1), "utf-8")
    check = run("fmt", "--check", str(copy / "daye"))
    assert (check.exit_code, check.stdout) == (FINDINGS, "daye/regime.policy\n")
    diff = run("fmt", "--diff", str(copy / "daye"))
    assert diff.exit_code == FINDINGS and "-    机关：  " in diff.stdout and "+    机关：" in diff.stdout
    assert files(copy) != before
    assert run("fmt", str(copy / "daye")).exit_code == DONE
    assert files(copy) == before and not list(copy.rglob("*.new"))


def test_fmt_leaves_a_text_it_cannot_read(copy: Path) -> None:
    path = copy / "daye" / "regime.policy"
    path.write_text("制度 大冶容错 daye_tolerance\n    依据：Y-01、、\n", "utf-8")
    before = files(copy)
    result = run("fmt", str(copy / "daye"))
    assert result.exit_code == UNUSABLE and "P1" in result.stderr and files(copy) == before


def test_every_policy_goes_into_english_and_back(copy: Path) -> None:
    chinese = files(copy)
    english = {
        name: text for county in ("common", "national", *DAYS) for name, text in printed(copy, county, "en").items()
    }
    assert files(copy) == chinese and english.keys() == chinese.keys()
    for name, text in english.items():
        (copy / name).write_text(text, "utf-8")
    assert run("fmt", "--check", *(str(copy / c) for c in ("common", "national", *DAYS))).exit_code == DONE
    assert run("test", str(copy / "daye"), str(copy / "wuzhong")).exit_code == DONE
    back = {
        name: text for county in ("common", "national", *DAYS) for name, text in printed(copy, county, "zh").items()
    }
    assert back == chinese
    for county in ("daye", "wuzhong"):
        decide = ["decide", str(copy / county), few(county), "--as-of", DAYS[county], "--format", "jsonl"]
        told = [json.loads(line) for line in run(*decide).stdout.splitlines()]
        assert [d["effects"] for d in told] == [d["effects"] for d in decisions(county, table=few(county))] != []


def test_a_regime_named_by_the_folder_one_stands_in(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copy / "daye")
    assert run("check", ".").exit_code == DONE
    assert run("check", "fenggang").exit_code == DONE
    assert run("fmt", "--check", ".").exit_code == DONE
