"""Asking a policy: `show`, `list` and `vocabulary`, held to the checked model and to the texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from policy_dsl import model as m
from policy_dsl.check import check
from policy_dsl.cli import main
from policy_dsl.commands.options import DONE, FINDINGS, MISUSE
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack, load
from policy_dsl.report.provisions import known, shown

ROOT = Path(__file__).parent.parent
COUNTIES = sorted(p.parent.name for p in (ROOT / "policies").glob("*/sources.toml"))

LAB = """词汇 试验词汇 lab_words
    类 身份 standing：公务员 civil、村干部 village
    事实 身份 standing：身份
    事实 怀孕 pregnant：是否
    事实 没人读 unread：是否
    清单 行为 conduct（发生日）：发生日 happened_on：日期、天数 days_away：日
    清单 召回 recall（发生日）：发生日 happened_on：日期
    效果 负担 burdens 不利：免职 removal
    机关 县委 committee、组织部 department

制度 试验办法 lab_rules
    依据：T-01
    机关：县委
    施行：未载明
    适用：身份 为 公务员
    溯及：不溯及

解读 天数读法 how_to_count
    依据：T-02
    问：天数怎样读
        （一）宽 wide：不计首日；
        （二）严 strict：计首日；

定义 离岗 away
    依据：T-02
    是指：有 行为（天数 三日以上，天数读法 取 严）

规定 免职条 removal_rule
    依据：T-02
    当：离岗
    应当：免职

除外 孕期除外 not_pregnant
    依据：T-03
    当：怀孕
    不适用：免职条

除外 孕期仍免 even_so
    依据：T-04
    当：没有 召回
    不适用：孕期除外

案例 一例 case_one
    依据：T-02、T-03
    决定日：2020年1月1日
    事实：
        （一）身份：公务员；
    结论：
        （一）未定 免职；
"""


def policy(text: str = LAB) -> m.Policy:
    source = Source("lab/lab.policy", text)
    ids = {f"T-0{i}": m.Provision(f"T-0{i}", f"第{i}条", "printed", f"第{i}条大意。", f"What article {i} says.") for i in range(1, 5)}
    checked = check(Pack("lab", (source,), ids, (source,))).policy
    assert checked is not None
    result: m.Policy = checked
    return result


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, args, env={"LC_ALL": None, "LANG": "C.UTF-8", "POLICY_TRACEBACK": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def part(text: str, title: str) -> list[str]:
    """The lines under a heading, without their margin."""
    lines = text.splitlines()
    start = lines.index(title) + 1
    end = next((i for i in range(start, len(lines)) if not lines[i].startswith("    ")), len(lines))
    return [line[4:] for line in lines[start:end]]


# show


def test_a_rule_with_all_that_bears_on_it() -> None:
    text = shown(policy(), "免职条", "zh")
    assert "规定 免职条 removal_rule" in text and "当：离岗" in text
    assert part(text, "依据所说") == ["T-02  第2条  第2条大意。"]
    assert part(text, "属于") == ["试验办法  [载明]"]
    assert part(text, "除外") == ["└ 孕期除外：怀孕", "    └ 孕期仍免：没有 召回"]
    assert part(text, "取决于的解读") == ["天数读法：宽、严  天数怎样读"]
    assert part(text, "缺口") == ["试验办法的施行日：原文未载明（县委）"]
    assert part(text, "案例") == ["案例 一例  lab/lab.policy:43"]
    assert part(text, "用到它的") == ["除外 孕期除外  lab/lab.policy:33"]


def test_the_same_in_english_and_by_the_english_name() -> None:
    text = shown(policy(), "removal_rule", "en")
    assert text == shown(policy(), "免职条", "en")
    assert "rule removal_rule 免职条" in text and "when: away" in text
    assert part(text, "What its grounds say") == ["T-02  第2条  What article 2 says."]
    assert part(text, "What sets it aside") == ["└ not_pregnant: pregnant", "    └ even_so: no recall"]
    assert part(text, "Gaps") == ["lab_rules start day: not printed in the source (committee)"]
    assert part(text, "What refers to it") == ["exception not_pregnant  lab/lab.policy:33"]


def test_an_exception_names_what_it_sets_aside() -> None:
    text = shown(policy(), "孕期除外", "zh")
    assert part(text, "不适用") == ["规定 免职条  lab/lab.policy:28"]
    assert part(text, "除外") == ["└ 孕期仍免：没有 召回"]
    assert part(text, "案例") == ["案例 一例  lab/lab.policy:43"]


def test_words_readings_and_provisions_are_shown_too() -> None:
    p = policy()
    assert part(shown(p, "身份", "zh"), "词汇") == ["类 身份 standing：公务员 civil、村干部 village", "事实 身份 standing：身份"]
    assert part(shown(p, "天数", "zh"), "词汇") == ["清单 行为 › 天数 days_away：日"]
    assert part(shown(p, "天数", "zh"), "用到它的") == ["定义 离岗  lab/lab.policy:24"]
    assert part(shown(p, "免职", "zh"), "用到它的") == ["规定 免职条  lab/lab.policy:28"]
    assert part(shown(p, "天数读法", "zh"), "用到它的") == ["定义 离岗  lab/lab.policy:24"]
    cited = shown(p, "T-02", "en")
    assert cited.startswith("T-02  第2条  [printed]\n    What article 2 says.")
    assert part(cited, "What cites it") == [
        "reading how_to_count  lab/lab.policy:18",
        "definition away  lab/lab.policy:24",
        "rule removal_rule  lab/lab.policy:28",
        "case case_one  lab/lab.policy:43",
    ]
    assert shown(p, "没有这个", "zh") == ""


@pytest.mark.parametrize("county", COUNTIES)
def test_every_name_of_every_county_is_shown_in_both_languages(county: str) -> None:
    p = check(load(ROOT / "policies" / county)).policy
    assert p is not None
    for name in known(p):
        for lang in ("zh", "en"):
            assert shown(p, name, lang), name
    # What the model says sets a rule aside is what is shown as doing so.
    for rule in p.rules:
        for by in rule.defeated_by:
            assert f"└ {by}：" in shown(p, rule.name, "zh") or "·" in rule.name


def test_show_as_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert run("show", "联席会召回", "fenggang", "--lang", "zh").stdout.startswith("召回情形  fenggang/recall.policy:")
    everywhere = run("show", "召回", "--lang", "zh")
    assert everywhere.exit_code == DONE and all(f"== {c} ==" in everywhere.stdout for c in COUNTIES)
    only = run("show", "F-15", "--lang", "en").stdout
    assert only.startswith("== fenggang ==") and "== dongtou ==" not in only
    for lang, said in (("zh", "没有名为“联席会召会”的条款或词。是否指“联席会召回”？"), ("en", "No provision or word is named “联席会召会”. Did you mean “联席会召回”?")):
        wrong = run("show", "联席会召会", "fenggang", "--lang", lang)
        assert wrong.exit_code == FINDINGS and wrong.stderr.strip() == said
    assert "Did you mean “recall_at_meeting”" in run("show", "recall_at_meting", "fenggang", "--lang", "en").stderr


def test_an_alternative_leads_to_its_reading() -> None:
    assert part(shown(policy(), "严", "zh"), "一种读法") == ["天数读法  天数怎样读"]
    assert part(shown(policy(), "落在月末", "zh"), "一种读法")[0].startswith("月末对应  ")


# list


def rows(*args: str) -> list[dict[str, Any]]:
    result = run("list", *args, "--format", "json")
    assert result.exit_code == DONE
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("county", COUNTIES)
def test_the_list_is_of_every_own_declaration(county: str) -> None:
    folder = str(ROOT / "policies" / county)
    pack = load(folder)
    p = check(pack).policy
    assert p is not None
    own = {s.name for s in pack.own}
    # Words are listed by policy vocabulary.
    mine = [d for d in p.declarations if d.span.source.name in own and d.kind != "vocabulary"]
    named = [d for x in mine for d in (x, *x.stages) if d.name]
    listed = rows(folder)
    assert [r["name"] for r in listed] == [d.name.text for d in named if d.name]
    layers = {r.name: r.layer for r in p.rules}
    assert all(r["layer"] == layers[r["name"]] for r in listed if r["name"] in layers)
    for r in listed:
        file, line = r["place"].rsplit(":", 1)
        text = (ROOT / "policies" / file).read_text("utf-8").splitlines()[int(line) - 1]
        assert text.split()[1] == r["name"] and p.lexicon.english[r["name"]] == r["english"]


def test_the_list_is_narrowed_by_kind_ground_and_layer() -> None:
    dongtou = str(ROOT / "policies" / "dongtou")
    everything = rows(dongtou)
    for zh, en in (("案例", "case"), ("环节", "stage"), ("除外", "exception")):
        found = rows(dongtou, "--kind", zh)
        assert found and found == rows(dongtou, "--kind", en) == [r for r in everything if r["kind"] == en]
    planned = rows(dongtou, "--layer", "计划", "--kind", "rule")
    assert planned == [r for r in everything if (r["kind"], r["layer"]) == ("rule", "plan")]
    on = rows(dongtou, "--basis", "D-49")
    assert on and on == [r for r in everything if "D-49" in r["basis"]]
    assert rows(dongtou, "--basis", "D-4") == []
    for option in ("--kind", "--layer"):
        wrong = run("list", dongtou, option, "无", "--lang", "zh")
        assert wrong.exit_code == MISUSE and ("规定" in wrong.stderr or "载明" in wrong.stderr)


def test_the_list_in_both_languages() -> None:
    folder = str(ROOT / "policies" / "fenggang")
    assert "召回情形 联席会召回  F-15、F-34  [载明]  fenggang/recall.policy:" in run("list", folder, "--lang", "zh").stdout
    assert "trigger recall_at_meeting  F-15、F-34  [printed]  fenggang/recall.policy:" in run("list", folder, "--lang", "en").stdout


# vocabulary


def words(tmp_path: Path, text: str = LAB, lang: str = "zh") -> tuple[list[dict[str, Any]], str]:
    folder = tmp_path / "policies" / "lab"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lab.policy").write_text(text, "utf-8")
    data = json.loads(run("vocabulary", str(folder), "--format", "json", "--lang", lang).stdout)
    return data, run("vocabulary", str(folder), "--lang", lang).stdout


def test_the_words_with_what_reads_them(tmp_path: Path) -> None:
    data, text = words(tmp_path)
    read = {(e["sort"], e["name"]): e["read_by"] for e in data}
    parts = {(e["name"], p["name"]): p["read_by"] for e in data for p in e.get("parts", ())}
    assert read["fact", "没人读"] == []
    assert read["fact", "怀孕"] == ["孕期除外"]
    assert read["fact", "身份"] == ["试验办法"]
    assert read["class", "身份"] == ["身份"]
    assert read["body", "县委"] == ["试验办法"] and read["body", "组织部"] == []
    # One name in two lists: each field has its own readers.
    assert read["list", "行为"] == ["离岗"] and parts["行为", "天数"] == ["离岗"]
    assert read["list", "召回"] == ["孕期仍免"] and "离岗" not in parts["召回", "发生日"]
    assert parts["负担", "免职"] == ["免职条"]
    assert "        天数 days_away：日  ← 离岗" in text and "    没人读 unread：是否\n" in text


def test_the_words_in_english(tmp_path: Path) -> None:
    _, text = words(tmp_path, lang="en")
    assert text.startswith("fact\n    standing 身份: standing  ← lab_rules\n")
    assert "        days_away 天数: in_days  ← away" in text


def test_every_word_of_the_shared_vocabulary_is_told() -> None:
    folder = str(ROOT / "policies" / "dongtou")
    p = check(load(folder)).policy
    assert p is not None
    data = json.loads(run("vocabulary", folder, "--format", "json").stdout)
    by_sort = {s: {e["name"] for e in data if e["sort"] == s} for s in ("fact", "list", "body")}
    assert by_sort["fact"] == p.shape.facts.keys() and by_sort["list"] == p.shape.lists.keys()
    assert by_sort["body"] == set(p.shape.bodies)
    effects = {x["name"] for e in data if e["sort"] == "effect" for x in e["parts"]}
    assert effects == p.shape.effects.keys()
    fields = {(e["name"], x["name"]) for e in data if e["sort"] == "list" for x in e["parts"]}
    assert fields == {(of.name, f) for of in p.shape.lists.values() for f in of.fields}
