"""The command as a user meets it: every subcommand, both languages, exit codes, forms of output, unusable inputs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from policy_dsl import __version__
from policy_dsl.cli import main
from policy_dsl.commands.options import DONE, FINDINGS, MISUSE, OURS, UNUSABLE

ROOT = Path(__file__).parent.parent
DAYS = {
    "fenggang": "2016-09-30",
    "dongtou": "2019-12-31",
    "daye": "2018-07-10",
    "wuzhong": "2018-09-30",
    "moxian": "2022-03-31",
}
FOLDER = tempfile.TemporaryDirectory()
CHINESE = re.compile("[\u4e00-\u9fff]")


def regime(county: str) -> str:
    return str(ROOT / "policies" / county)


def roster(county: str, form: str = "json") -> str:
    return str(ROOT / "policies" / county / "rosters" / f"cadres.{form}")


def run(*args: str, env: dict[str, str] | None = None) -> Result:
    """The command in this process, in a locale that says nothing unless told; never with a traceback."""
    quiet = {"LC_ALL": None, "LC_MESSAGES": None, "LANG": "C.UTF-8", "POLICY_TRACEBACK": None}
    result = CliRunner().invoke(main, args, env={**quiet, **(env or {})})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@cache
def few(county: str, *ids: str) -> str:
    """A roster of some of those in a county's: of each eighth, if none is named."""
    people = json.loads(Path(roster(county)).read_text("utf-8"))["记录"]
    chosen = [p for p in people if p["编号"] in ids] if ids else people[::8]
    assert len(chosen) == len(ids) or not ids
    path = Path(FOLDER.name) / f"{county}{'-'.join(ids)}.json"
    path.write_text(json.dumps(chosen, ensure_ascii=False), "utf-8")
    return str(path)


def asked(command: str, county: str, *options: str, form: str = "json", table: str = "") -> list[str]:
    return [command, regime(county), table or roster(county, form), "--as-of", DAYS[county], *options]


def decisions(county: str, *options: str, table: str = "") -> list[dict[str, Any]]:
    result = run(*asked("decide", county, "--format", "jsonl", *options, table=table))
    assert result.exit_code == DONE, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def of(found: list[dict[str, Any]], person: str) -> dict[str, Any]:
    return next(d for d in found if d["subject"] == person)


def status(d: dict[str, Any], effect: str, of_list: str | None = None, id: str = "1") -> list[str]:
    element = None if of_list is None else {"list": of_list, "id": id}
    return next(e["whole"] for e in d["effects"] if (e["name"], e["element"]) == (effect, element))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The policies in a folder of the test's own."""
    shutil.copytree(ROOT / "policies", tmp_path / "policies", ignore=shutil.ignore_patterns("rosters"))
    return tmp_path / "policies"


# Starting.


def process(*args: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """The command as its own process."""
    clean = {k: x for k, x in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON", "POLICY_"))}
    done = subprocess.run(
        [sys.executable, "-m", "policy_dsl", *args],
        env=clean | env,
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    return done


@pytest.mark.parametrize("args", [[], ["--help"], ["--version"], ["decide", "--help"]])
def test_help_loads_neither_parser_nor_spreadsheets(args: list[str]) -> None:
    code = (
        "import sys\nfrom policy_dsl.cli import main\ntry:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print('loaded', *sorted({'lark', 'openpyxl'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1].split() == ["loaded"]


def test_version_and_help() -> None:
    assert run("--version").stdout == f"policy, version {__version__}\n"
    assert {"check", "fmt", "decide", "explain", "test"} <= set(run("--help").stdout.split())
    assert "Usage: " in run().output


def test_the_command_as_a_process() -> None:
    assert process("check", "daye").returncode == DONE
    done = process(
        "explain", "daye", roster("daye"), "--as-of", DAYS["daye"], "--id", "DY02", "--lang", "zh", PYTHONUTF8="1"
    )
    assert done.returncode == DONE and "情形甲" in done.stdout.decode()


def test_a_reader_that_goes_away_is_no_fault() -> None:
    command = [sys.executable, "-m", "policy_dsl", *asked("decide", "fenggang")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as job:
        assert job.stdout is not None and job.stderr is not None
        job.stdout.readline()
        job.stdout.close()
        assert b"Traceback" not in job.stderr.read()
        assert job.wait(60) in (DONE, FINDINGS)


# Languages.

COMMANDS = {
    "check": ["check", regime("dongtou")],
    "test": ["test", regime("daye")],
    "decide": asked("decide", "daye", table=few("daye")),
    "opinion": asked("decide", "daye", "--format", "opinion", table=few("daye")),
    "explain": asked("explain", "daye", "--id", "DY16", "--why-not"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_language_by_option_and_by_locale(name: str) -> None:
    """Each command by the option and the locale; which locale means which language, by the one that answers soonest."""
    zh, en = (run(*COMMANDS[name], "--lang", lang) for lang in ("zh", "en"))
    assert zh.exit_code == en.exit_code == DONE and zh.stdout != en.stdout
    assert CHINESE.search(zh.stdout)
    locales = [
        ({"LANG": "zh_CN.UTF-8"}, zh), ({"LANG": "en_GB.UTF-8"}, en), ({"LC_ALL": "zh_TW.Big5", "LANG": "en_US"}, zh),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_US"}, zh), ({"LC_ALL": "C", "LANG": "zh_CN"}, en), ({"LANG": "fr_FR"}, en),
    ]  # fmt: skip
    for env, want in locales if name == "check" else locales[:2]:
        assert run(*COMMANDS[name], env=env).stdout == want.stdout, env


def test_an_unusable_input_is_told_in_the_language_asked_for(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    command = ["decide", regime("daye"), str(bad), "--as-of", "2018-07-10"]
    for env in ({"LANG": "zh_CN.UTF-8"}, {"LANG": "en_US.UTF-8"}):
        assert not CHINESE.search(run(*command, "--lang", "en", env=env).stderr), env
        assert CHINESE.search(run(*command, "--lang", "zh", env=env).stderr), env


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "gb18030", "utf-8"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_terminal_makes_it_fall(encoding: str, lang: str, tmp_path: Path) -> None:
    """Characters a terminal does not have are replaced, in output and in messages."""
    people = tmp_path / "r.json"
    people.write_text(json.dumps([{"编号": "𠮷🙂é", "身份": "公务员", "单位": "𠮷镇"}], ensure_ascii=False), "utf-8")
    decide = process(
        "decide", "fenggang", str(people), "--as-of", "2016-09-30", "--lang", lang, PYTHONIOENCODING=encoding
    )
    # Where a terminal says it is ascii, click writes UTF-8 all the same.
    assert decide.returncode == DONE and decide.stdout.decode("utf-8" if encoding == "ascii" else encoding)
    people.write_text('[{"编号": "一", "𠮷🙂": 1}]', "utf-8")
    refused = process(
        "decide", "fenggang", str(people), "--as-of", "2016-09-30", "--lang", lang, PYTHONIOENCODING=encoding
    )
    assert refused.returncode == UNUSABLE and b"R101" in refused.stderr
    assert process("--help", PYTHONIOENCODING=encoding).returncode == DONE


# Exit codes.


def test_done_and_findings(copy: Path) -> None:
    assert run("check", regime("fenggang"), regime("dongtou"), regime("daye")).exit_code == DONE
    assert run("test", regime("wuzhong"), regime("daye")).exit_code == DONE
    text = (copy / "daye" / "cases.policy").read_text("utf-8")
    (copy / "daye" / "cases.policy").write_text(
        text.replace("可以 免责、可以 减责", "不得 免责、可以 减责", 1), "utf-8"
    )
    failing = run("test", str(copy / "daye"), "--lang", "en")
    assert failing.exit_code == FINDINGS and "C100" in failing.stdout and "1 failed" in failing.stdout
    (copy / "daye" / "extra.policy").write_text("制度 试验 trial\n    依据：Y-01\n    机关：无此机关\n", "utf-8")
    broken = run("check", str(copy / "daye"), str(copy / "fenggang"), "--lang", "en")
    assert broken.exit_code == FINDINGS and "P200" in broken.stdout and "fenggang" in broken.stdout


def test_a_policy_with_errors_decides_nothing(copy: Path) -> None:
    (copy / "daye" / "extra.policy").write_text("制度 试验 trial\n    依据：Y-01\n    机关：无此机关\n", "utf-8")
    for command in ("decide", "explain"):
        result = run(command, str(copy / "daye"), roster("daye"), "--as-of", DAYS["daye"])
        assert result.exit_code == UNUSABLE and "P200" in result.stderr and not result.stdout
    assert run("test", str(copy / "daye")).exit_code == UNUSABLE


def test_fail_on_undetermined(tmp_path: Path) -> None:
    assert run(*asked("decide", "daye", "--fail-on", "undetermined")).exit_code == FINDINGS
    one = tmp_path / "one.json"
    people = json.loads(Path(roster("daye")).read_text("utf-8"))["记录"]
    one.write_text(json.dumps([p for p in people if p["编号"] in ("DY01", "DY02")], ensure_ascii=False), "utf-8")
    decided = run("decide", regime("daye"), str(one), "--as-of", DAYS["daye"], "--fail-on", "undetermined")
    assert decided.exit_code == DONE


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["bogus"], "bogus"),
        (["list"], "REGIME"),
        (["decide", "daye"], "ROSTER"),
        (["decide", "daye", "nowhere.json", "--as-of", "2018-07-10"], "nowhere.json"),
        (["decide", "daye", "R"], "--as-of"),
        (["decide", "daye", "R", "--as-of", "2018-02-30"], "YYYY-MM-DD"),
        (["decide", "daye", "R", "--as-of", "today"], "YYYY-MM-DD"),
        (["decide", "daye", "R", "--as-of", "2018-07-10", "--known-as-of", "x"], "YYYY-MM-DD"),
        (["decide", "daye", "R", "--as-of", "2018-07-10", "--reading", "既往事项", "--lang", "zh"], "应写“解读=某义”"),
        (["decide", "daye", "R", "--as-of", "2018-07-10", "--reading", "既往事项=随便"], "it may be taken as pending_too, from_its_start"),
        (["decide", "daye", "R", "--as-of", "2018-07-10", "--reading", "没有=随便"], "earlier_matters, "),
        (["decide", "daye", "R", "--as-of", "2018-07-10", "--layers", "gossip"], "gossip"),
        (["decide", "daye", "R", "--as-of", "2018-07-10", "--format", "xml"], "jsonl"),
        (["decide", "daye", "R", "--as-of", "2018-07-10", "--fail-on", "decided"], "undetermined"),
        (["decide", "daye", "R", "--as-of", "2018-07-10", "--lang", "fr"], "zh"),
        # Dates of other forms, a reading given twice, layers that name none: nothing is picked in silence.
        (["decide", "daye", "R", "--as-of", "20180710"], "YYYY-MM-DD"),
        (["decide", "daye", "R", "--as-of", "2018-W28-2"], "YYYY-MM-DD"),
        (["decide", "daye", "R", "--as-of", "2018-07-10", "--reading", "既往事项=及于未结", "--reading", "earlier_matters=from_its_start"], "two are given: pending_too, from_its_start"),
        (["decide", "daye", "R", "--as-of", "2018-07-10", "--layers", "+"], "the layers are printed"),
        (["decide", "daye", "R", "--as-of", "2018-07-10", "--layers", "", "--lang", "zh"], "层级有：载明"),
        (["explain", "daye", "R", "--as-of", "2018-07-10", "--id", "DY99"], "DY99"),
        (["explain", "daye", "R", "--as-of", "2018-07-10", "--effect", "飞升", "--lang", "en"], "four_not_affected"),
        (["explain", "daye", "R", "--as-of", "2018-07-10", "--format", "jsonl"], "opinion"),
    ],
)  # fmt: skip
def test_misuse(args: list[str], says: str) -> None:
    args = [regime("daye") if a == "daye" else roster("daye") if a == "R" else a for a in args]
    result = run(*args)
    assert result.exit_code == MISUSE and says in result.stderr and not result.stdout


def test_a_fault_of_ours_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("policy_dsl.above.decide", fault)
    result = run(*asked("decide", "daye"))
    assert result.exit_code == OURS and result.stderr.count("\n") == 1
    assert "ZeroDivisionError: a fault" in result.stderr and CHINESE.search(result.stderr)
    told = CliRunner().invoke(main, asked("decide", "daye"), env={"POLICY_TRACEBACK": "1"})
    assert isinstance(told.exception, ZeroDivisionError)


# Inputs that cannot be used.


def unusable(path: Path, county: str = "fenggang") -> str:
    result = run("decide", regime(county), str(path), "--as-of", DAYS[county], "--lang", "zh")
    assert result.exit_code == UNUSABLE and not result.stdout, result.output
    return result.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.json", b"not json"),
        ("r.json", b"\xff\xfe\x00"),
        ("r.json", b""),
        ("r.jsonl", b'{"a": 1\n'),
        ("r.xlsx", b"not a zip"),
        ("r.xlsx", b""),
        ("r.csv", b"a,b\n"),
        ("roster", b"{}"),
    ],
)
def test_a_file_that_is_not_what_it_says(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    said = unusable(path)
    assert "R100" in said and name in said


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("a.txt", "a")
    assert "R100" in unusable(path)


def test_no_folder_of_policies(tmp_path: Path) -> None:
    for args in (
        ["check", "nowhere"],
        ["test", str(tmp_path)],
        ["fmt", "nowhere"],
        ["decide", "nowhere", roster("daye"), "--as-of", "2018-01-01"],
    ):
        result = run(*args)
        assert result.exit_code == UNUSABLE and "R100" in result.stderr, args
    (tmp_path / "bad.policy").write_bytes("制度".encode("gbk"))
    assert run("check", str(tmp_path)).exit_code == UNUSABLE


def test_a_workbook_s_misfits_come_all_at_once_by_sheet_row_and_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    people = book.worksheets[0]
    people.title = "干部"
    for row in (["编号", "身份", "出生年"], ["甲", "皇帝", None], ["甲", "公务员", None], [330325198001011234, "公务员", None], ["丙", "公务员", 1980]):  # fmt: skip
        people.append(row)
    conduct = book.create_sheet("行为")
    for row in (["干部编号", "编号", "发生日", "类型", "场合"], ["甲", 1.5, "2016-08-01", "迟到", "上班"], ["甲", "2", "=TODAY()", "迟到", "路上"], ["丁", "3", "2016-08-01", "迟到", "上班"]):  # fmt: skip
        conduct.append(row)
    book.create_sheet("工资").append(["干部编号"])
    path = tmp_path / "r.xlsx"
    book.save(path)
    said = unusable(path)
    for code, place in (
        ("R102", "干部 第2行 编号 甲 身份"), ("R103", "干部 第3行"), ("R107", "干部 第4行"), ("R101", "干部 第5行"),
        ("R107", "行为 第2行"), ("R109", "行为 第3行 发生日"), ("R102", "行为 第3行 场合"), ("R106", "行为 第4行"), ("R101", "工资"),
    ):  # fmt: skip
        assert re.search(rf"\[{code}\][^\n]*{place}", said), (code, place, said)


def test_json_misfits_come_all_at_once_too(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    people = [{"编号": "甲", "身份": "皇帝"}, {"编号": "甲", "属相": "鼠"}, {"编号": 3.25}, {"身份": "公务员"}, "乙"]
    path.write_text(json.dumps(people, ensure_ascii=False), "utf-8")
    said = unusable(path)
    assert [code for code in ("R101", "R102", "R103", "R104", "R107", "R111") if code not in said] == []


def test_a_case_is_explained_under_each_choice_its_outcomes_make() -> None:
    of = ("explain", regime("dongtou"), "--case")
    shown = run(*of, "往年事由不补发", "--why-not", "--effect", "补发绩效奖", "--format", "json", "--lang", "zh")
    (decision,) = [json.loads(shown.stdout)]
    assert (decision["subject"], decision["as_of"]) == ("往年事由不补发", "2018-12-31")
    assert decision["readings"] == {"溯及往年": "从严", "事由时点": "按年度", "扣发含义": "合格补发"}
    # By its other name, and twice where its outcomes choose twice.
    several = run(*of, "section_is_not_repaid", "--lang", "en").stdout
    assert several.count("No. 科级回炉合格不补发") == 2 and "taken as" in several
    for wrong, code in ((["无此案例"], MISUSE), (["往年事由不补发", "--as-of", "2018-12-31"], MISUSE)):
        for lang in ("zh", "en"):
            done = run(*of, *wrong, "--lang", lang)
            assert done.exit_code == code and "--case" in done.stderr
