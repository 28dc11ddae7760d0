"""A regime as a document: complete, in both languages, self-contained, and the same for equal input. All is invented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pages import read

from policy_dsl.cli import main
from policy_dsl.pack import load
from policy_dsl.register import MODALITIES

LANGUAGES = ("zh", "en")
ROOT = Path(__file__).parent.parent
NASTY = "<script>alert(1)</script> & \"'` *粗* [链](javascript:x) | # \\ `````"

POLICY = """\
词汇 试验词汇 lab_words
    类 类型 kind：迟到 late、早退 early
    清单 行为 conduct（发生日）：发生日 happened_on：日期、类型 kind：类型
    清单 环节 stage（开始日）：开始日 started_on：日期、所属行为 of_conduct：行为、名称 name：环节名、结束日 ended_on：日期 可无
    效果 组织处理 handling 不利：召回 recall
    效果 事务 affairs 中性：学习 study
    机关 县委 committee

制度 试验办法 lab_rules
    依据：T-01
    机关：县委
    施行：自 2016年6月1日 起
    溯及：不溯及

召回情形 迟到召回 recall_for_lateness
    对：每一 行为
    依据：T-01
    当：类型 为 迟到
    应当：召回
    说明：NASTY

程序 学习程序 study_procedure
    对：每一 行为
    依据：T-02
    记于：环节
    环节 学习 study
        依据：T-02
        由：县委
        为期：一周

存录 宗旨 purpose
    T-03：只说 <b>目的</b>

案例 清白 clean
    依据：T-01
    决定日：2018年6月1日
    事实：
        （一）齐备：行为；
    结论：
        （一）不发生 召回；
"""
REGISTER = """\
[document]
title = '某县 <i>办法</i>'
issuer = "某县"

[provisions."T-01"]
locator = "一 [L3] <u>"
layer = "printed"
modality = ["must", "may"]
zh = '''NASTY'''
en = '''NASTY english'''

[provisions."T-01".ambiguities.a]
zh = "谁来<决定>。"
en = "Who <decides>."
carried_by = ["召回情形 迟到召回 当"]

[provisions."T-01".ambiguities.b]
zh = "多久。"
en = "How long."
open = { zh = "期限<没有>写", en = "the <limit> is missing" }

[provisions."T-02"]
locator = "二 [L4]"
zh = "学习。"
en = "Study."

[provisions."T-03"]
locator = "三 [L5]"
zh = "目的。"
en = "The purpose."

[provisions."T-04"]
locator = "四 [L6]"
zh = "没有写。"
en = "Not encoded."
"""


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    county = tmp_path / "lab"
    county.mkdir()
    (county / "lab.policy").write_text(POLICY.replace("NASTY", NASTY), "utf-8")
    (county / "sources.toml").write_text(REGISTER.replace("NASTY", NASTY), "utf-8")
    return county


def run(county: Path | str, *options: str) -> Result:
    result = CliRunner().invoke(main, ["doc", str(county), *options], env={"POLICY_TRACEBACK": "1"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def doc(county: Path | str, *options: str) -> str:
    result = run(county, *options)
    assert result.exit_code == 0, result.output
    return result.stdout


def part(text: str, id: str) -> str:
    """What Markdown says of one provision."""
    return text.partition(f"### {id}\n")[2].partition("\n### ")[0]


WANT = {
    "zh": {
        "T-01": ("应当、可以", "制度 试验办法 lab_rules", "召回情形 迟到召回 recall_for_lateness", "有承担：召回情形 迟到召回 当", "待承担：期限", "案例 清白"),
        "T-02": ("程序 学习程序 study_procedure", "环节 学习 study", "为期：一周"), "T-03": ("存录：只说",), "T-04": ("没有一条政策写它",),
    },
    "en": {
        "T-01": ("must, may", "regime lab_rules 试验办法", "trigger recall_for_lateness 迟到召回", "carried: trigger recall", "open: the", "case clean"),
        "T-02": ("procedure study_procedure 学习程序", "stage study 学习", "lasts: 1 week"), "T-03": ("Kept as a note: 只说",), "T-04": ("Encoded by nothing",),
    },
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_provision_stands_beside_what_encodes_it(lab: Path, lang: str) -> None:
    text = doc(lab, "--lang", lang)
    for id, wanted in WANT[lang].items():
        for words in wanted:
            assert words in part(text, id).replace("\\", ""), (id, words)
    assert "T-02" not in part(text, "T-03") and "T-03" not in part(text, "T-02")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_what_markdown_says(lab: Path, lang: str) -> None:
    article = read(doc(lab, "--format", "html", "--lang", "zh")).one("article", lang=lang)
    for id, wanted in WANT[lang].items():
        shown = article.one("section", id=f"{lang}-provision-{id}").text
        for words in wanted:
            assert words in shown, (id, words)


def test_a_stage_stands_once_where_it_is_cited(lab: Path) -> None:
    assert part(doc(lab, "--lang", "zh"), "T-02").count("环节 学习 study") == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_of_a_source_is_taken_for_markup(lab: Path, lang: str) -> None:
    page = read(doc(lab, "--format", "html", "--lang", lang))
    assert len(page.every("script")) == 1 and not [
        a for a in page.every("a") if not (a.attrs["href"] or "").startswith("#")
    ]
    for tag in ("i", "u", "b"):
        assert not page.every(tag)
    article = page.one("article", lang=lang)
    assert NASTY in article.one("section", id=f"{lang}-provision-T-01").one("dl").text.replace("\u200b", "")
    assert NASTY in "".join(x.text for x in article.every("pre"))


def test_nothing_of_a_source_means_anything_to_markdown(lab: Path) -> None:
    text = doc(lab, "--lang", "zh")
    outside = re.sub(r"(?ms)^(`{3,})policy\n.*?^\1$", "", text)
    assert not re.search(r"(?<!\\)[<&|`\[\]]", outside)
    # The fence is longer than any run of backticks inside.
    fence = re.search(r"(?m)^(`{3,})policy\n(?=召回情形)", text)
    assert fence is not None and len(fence[1]) > 5 and NASTY in text


def test_the_page_asks_nothing_of_a_network_and_shows_the_language_asked_for(lab: Path) -> None:
    for lang in LANGUAGES:
        page = read(text := doc(lab, "--format", "html", "--lang", lang))
        assert not re.search(r"@import|url\((?!#)|https?:|fetch\(", text)
        assert not [e for e in page.every() if "src" in e.attrs or not (e.attrs.get("href") or "#").startswith("#")]
        assert page.one("input", id=f"show-{lang}").attrs.get("checked", "no") != "no"
        assert "checked" not in page.one("input", id=f"show-{({'zh': 'en', 'en': 'zh'})[lang]}").attrs


def test_ids_are_unique_and_links_lead_somewhere(lab: Path) -> None:
    page = read(doc(lab, "--format", "html", "--lang", "zh"))
    ids = [e.attrs["id"] for e in page.every() if "id" in e.attrs]
    assert len(ids) == len(set(ids))
    assert {(a.attrs["href"] or "")[1:] for a in page.every("a")} <= set(ids)


@pytest.mark.parametrize("options", [("--format", "md"), ("--format", "html")])
def test_equal_input_gives_equal_bytes(lab: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    out = tmp_path / "out"
    assert run(lab, *options, "--lang", "en", "-o", str(out)).exit_code == 0
    first = out.read_bytes()
    assert run(lab, *options, "--lang", "en", "-o", str(out)).exit_code == 0
    assert out.read_bytes() == first == doc(lab, *options, "--lang", "en").encode()


def test_what_cannot_be_written_is_said(lab: Path, tmp_path: Path) -> None:
    assert run(lab, "-o", str(tmp_path / "nowhere" / "out.md")).exit_code == 2


def test_a_policy_with_errors_is_not_shown(lab: Path) -> None:
    path = lab / "lab.policy"
    path.write_text(path.read_text("utf-8").replace("应当：召回", "应当：召唤"), "utf-8")
    assert run(lab).exit_code == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_county_of_the_project_is_shown_whole(lang: str) -> None:
    text = doc(str(ROOT / "policies" / "daye"), "--lang", lang).replace("\\", "")
    for p in load(ROOT / "policies" / "daye").provisions.values():
        shown = part(text, p.id)
        assert (p.zh if lang == "zh" else p.en) in shown and p.locator in shown
        assert all(MODALITIES[x][lang != "zh"] in shown for x in p.modality)
        assert all(a.id in shown and a.said(lang) in shown for a in p.ambiguities)
