"""What a drafter's other tools use: completion on the command line, hooks before a commit, colours."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pygments import highlight as coloured
from pygments.formatters import HtmlFormatter
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String, Text

from policy_dsl.cli import main
from policy_dsl.commands.options import DONE, FINDINGS, MISUSE
from policy_dsl.highlight import HEADINGS, INSIDE, PolicyLexer
from policy_dsl.language.keywords import CLAUSES, KINDS, LINES, STAGE_WORDS, WORDS

ROOT = Path(__file__).parent.parent
TEXTS = sorted((ROOT / "policies").rglob("*.policy"))


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, args, prog_name="policy", env={"LC_ALL": None, "LANG": "C.UTF-8", "POLICY_TRACEBACK": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


# Completion.


def completed(*words: str, shell: str = "bash") -> list[str]:
    """What a shell is offered for the last word, in the folder of the test."""
    env = {"_POLICY_COMPLETE": f"{shell}_complete", "COMP_WORDS": shlex.join(["policy", *words]) if words[-1] else shlex.join(["policy", *words[:-1]]) + " "}
    env["COMP_CWORD"] = words[-1] if shell == "fish" else str(len(words))
    result = CliRunner().invoke(main, [], prog_name="policy", env={**env, "POLICY_TRACEBACK": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    if shell == "zsh":
        return result.stdout.splitlines()[1::3]
    return [line.partition(",")[2].partition("\t")[0] for line in result.stdout.splitlines() if line]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_regimes_effects_and_readings_are_completed(here: None, shell: str) -> None:
    counties = sorted(p.parent.name for p in (ROOT / "policies").glob("*/sources.toml"))
    for command in ("check", "test", "fmt", "decide", "explain", "list", "vocabulary"):
        assert completed(command, "", shell=shell) == counties
    assert completed("check", counties[0][:2], shell=shell) == [counties[0]]
    assert completed("show", "联席会召回", "", shell=shell) == counties
    assert completed("explain", "fenggang", "roster.json", "--effect", "召", shell=shell) == ["召回", "召回整改"]
    assert completed("decide", "fenggang", "roster.json", "--reading", "应", shell=shell) == ["应召尽召=羁束", "应召尽召=裁量"]
    assert completed("show", "联席会", shell=shell) == ["联席会召回"]
    assert completed("show", "recall_at", shell=shell) == ["recall_at_meeting"]
    assert completed("rule", "p40", shell=shell)[0] == "P400"


def test_completion_offers_what_can_be_read_of_a_text_with_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "policies", tmp_path / "policies", ignore=shutil.ignore_patterns("rosters"))
    with (tmp_path / "policies" / "fenggang" / "recall.policy").open("a", encoding="utf-8") as text:
        text.write("\n规定 半条 half\n    当：\n")
    monkeypatch.chdir(tmp_path)
    assert completed("explain", "fenggang", "r.json", "--effect", "召") == ["召回", "召回整改"]
    assert completed("decide", "fenggang", "r.json", "--reading", "应") == ["应召尽召=羁束", "应召尽召=裁量"]
    (tmp_path / "policies" / "fenggang" / "sources.toml").write_text("=", "utf-8")
    assert completed("explain", "fenggang", "r.json", "--effect", "召") == []


def test_nothing_is_offered_where_there_are_no_policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert completed("check", "") == completed("show", "召") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed_and_reads(shell: str) -> None:
    script = run("completion", shell).stdout
    assert f"_POLICY_COMPLETE={shell}_complete" in script and " policy" in script
    if shell == "bash" and shutil.which("bash"):
        assert subprocess.run(["bash", "-n"], input=script, text=True, check=False, timeout=20).returncode == 0
    assert run("completion", "tcsh").exit_code == MISUSE


# Hooks.


def hooks() -> dict[str, list[str]]:
    """Each hook of the file with the words of its entry."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    found = {}
    for hook in re.split(r"(?m)^- ", text)[1:]:
        rows = dict(re.findall(r"(?m)^(?:  )?(\w+): (.+)$", hook))
        assert rows["language"] == "python" and rows["pass_filenames"] == "false"
        assert re.search(rows["files"], "policies/某县/recall.policy")
        assert not re.search(rows["files"], "policies/某县/rosters/README.md")
        found[rows["id"]] = shlex.split(rows["entry"])
    return found


def hooked(id: str, folder: Path, *args: str) -> int:
    """The hook's entry as pre-commit runs it: in the root of the repository, without file names."""
    first, *entry = hooks()[id]
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert first in scripts
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "policy_dsl", *entry, *args]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False, timeout=60).returncode


def test_the_hooks_pass_what_is_right_and_stop_what_is_not(tmp_path: Path) -> None:
    assert set(hooks()) == {"policy-check", "policy-fmt"}
    shutil.copytree(ROOT / "policies", tmp_path / "policies", ignore=shutil.ignore_patterns("rosters"))
    text = tmp_path / "policies" / "fenggang" / "recall.policy"
    right = text.read_text("utf-8")
    assert hooked("policy-check", tmp_path) == DONE
    text.write_text(right.replace("    依据：", "  依据:", 1), "utf-8")
    # A formatter changes the file, and pre-commit stops at a changed file.
    assert hooked("policy-fmt", tmp_path) == DONE and text.read_text("utf-8") == right
    text.write_text(right.replace("可以：召回", "可以：召唤"), "utf-8")
    assert hooked("policy-check", tmp_path) == hooked("policy-check", tmp_path, "fenggang") == FINDINGS
    assert hooked("policy-check", tmp_path, "daye") == DONE


def test_without_a_name_every_regime_is_meant(here: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = run("check", "--lang", "zh").stdout
    counties = [p.parent.name for p in (ROOT / "policies").glob("*/sources.toml")]
    assert all(f"{c}: " in checked for c in counties)
    assert run("fmt", "--check").exit_code == DONE
    monkeypatch.chdir(tmp_path)
    for command in ("check", "fmt", "test"):
        assert run(command).exit_code == MISUSE


# Colours.


def tokens(text: str, **options: str) -> list[tuple[object, str]]:
    return [(kind, word) for kind, word in PolicyLexer(**options).get_tokens(text) if word.strip()]


def colour(text: str, word: str) -> object:
    return next(kind for kind, found in tokens(text) if found == word)


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_every_character_is_kept_and_none_is_an_error(path: Path) -> None:
    text = path.read_text("utf-8")
    made = list(PolicyLexer().get_tokens_unprocessed(text))
    assert "".join(word for _, _, word in made) == text
    assert all(text[at : at + len(word)] == word for at, _, word in made)
    assert not any(kind in Error for _, kind, _ in made)


def test_the_words_are_those_of_the_keyword_table() -> None:
    """A colour for every terminal of the table and for no other, and every word of it in its place is coloured so."""
    assert HEADINGS.keys() == {k.terminal for k in (*KINDS, *CLAUSES, *LINES, STAGE_WORDS)}
    assert INSIDE.keys() == {k.terminal for k in WORDS}
    for lang in ("zh", "en"):
        name = "甲 a" if lang == "zh" else "a 甲"
        rule, words, procedure = ("规定", "词汇", "程序") if lang == "zh" else ("rule", "vocabulary", "procedure")
        for k in KINDS:
            for w in getattr(k, lang):
                assert tokens(f"{w} {name}\n")[0] == (Keyword.Declaration, w)
        for k in CLAUSES:
            for w in getattr(k, lang):
                assert (Keyword.Namespace, w) in tokens(f"{rule} {name}\n    {w}: \n")
        for k in LINES:
            for w in getattr(k, lang):
                assert (Keyword.Type, w) in tokens(f"{words} {name}\n    {w} {name}\n")
        for w in getattr(STAGE_WORDS, lang):
            assert (Keyword.Declaration, w) in tokens(f"{procedure} {name}\n    {w} {name}\n")
        for k in WORDS:
            for w in getattr(k, lang):
                clause = "当" if lang == "zh" else "when"
                assert (INSIDE[k.terminal], w) in tokens(f"{rule} {name}\n    {clause}: ( {w} )\n"), w


@pytest.mark.parametrize("word", ["当选人员", "不得人心", "有效", "应当者", "由来", "自行", "且慢", "和谐", "等级"])
def test_a_keyword_inside_a_word_is_none(word: str) -> None:
    for text in (f"规定 甲 a\n    当：{word} 为 是\n", f"规定 甲 a\n    当：{word}为是\n"):
        inside = [(kind, found) for kind, found in tokens(text)[5:] if found[0] in word]
        assert inside and all(kind is Name for kind, _ in inside), inside


def test_declared_names_are_cut_from_the_words_beside_them() -> None:
    vocabulary = "词汇 词 words\n    清单 行为 conduct（发生日）：发生日 happened_on：日期\n"
    rule = "规定 甲 a\n    当：行为的次数不少于三次\n"
    cut = [(Name, "行为"), (Keyword, "的"), (Keyword, "次数"), (Operator.Word, "不少于"), (Number, "三次")]
    assert tokens(vocabulary + rule)[-5:] == cut
    assert tokens(rule)[-1] == (Name, "行为的次数不少于三次")


def test_the_vocabulary_may_be_given(tmp_path: Path) -> None:
    (tmp_path / "v.policy").write_text("词汇 词 words\n    清单 行为 conduct（发生日）：发生日 happened_on：日期\n", "utf-8")
    rule = "规定 甲 a\n    当：行为的次数不少于三次\n"
    assert (Name, "行为") in tokens(rule, vocabulary=str(tmp_path / "v.policy"))


def test_text_comments_and_grounds_have_their_own_colours() -> None:
    text = "# 一句\n解读 甲解 reading_a\n    依据：F-01、F-02\n    问：应当怎样读\n        （一）宽 wide：不得从严；\n    # 又一句\n"
    assert colour(text, "# 一句") is Comment.Single
    assert colour(text, "F-02") is Name.Label
    assert colour(text, "应当怎样读") is colour(text, "不得从严") is String.Doc
    assert colour("规定 甲 a\n    当：乙 为 “应当”\n", "“应当”") is String
    assert tokens("这不是政策：应当\n") == [(Text, "这不是政策：应当\n")]


def test_pygments_finds_it_by_its_entry_point() -> None:
    entry = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["pygments.lexers"]
    assert entry == {"policy": f"{PolicyLexer.__module__}:{PolicyLexer.__name__}"}
    assert PolicyLexer.filenames == ["*.policy"] and PolicyLexer.aliases == ["policy"]
    page = coloured("规定 甲 a\n    当：怀孕\n", PolicyLexer(), HtmlFormatter())
    assert '<span class="kd">规定</span>' in page and '<span class="kn">当</span>' in page


def test_a_policy_is_told_from_other_texts() -> None:
    assert PolicyLexer.analyse_text(TEXTS[0].read_text("utf-8")) == 1.0
    assert PolicyLexer.analyse_text((ROOT / "Makefile").read_text("utf-8")) == 0.0
