"""Pages for reviewers: whole, linked, escaped, masked, the same in both languages and in every run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import CliRunner, Result
from packs import REGIME, decided, policy
from pages import Element, article, read

from policy_dsl.check import check
from policy_dsl.cli import main
from policy_dsl.decide import Decision, Question, decide
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.model import Provision
from policy_dsl.pack import load
from policy_dsl.report.folder import MANIFEST, Folder, Refused, file_names
from policy_dsl.report.json import plain
from policy_dsl.report.labels import LABELS, label
from policy_dsl.report.markup import Markup, anchor, css_text, el, put, seen
from policy_dsl.report.masking import Mask
from policy_dsl.report.opinion import headings, opinion
from policy_dsl.report.page import decision_page
from policy_dsl.report.tree import Step, Tree
from policy_dsl.report.words import Wording
from policy_dsl.rosters import read_roster

ROOT = Path(__file__).parent.parent
DAYS = {"fenggang": "2016-09-30", "dongtou": "2019-12-31", "daye": "2018-07-10"}
LANGUAGES = ("zh", "en")
# One of each county, and those of Dongtou that show a settled choice, readings in readings, and a line on each side.
PEOPLE = [("dongtou", "DT15"), ("dongtou", "DT02"), ("dongtou", "DT01"), ("fenggang", "FG08"), ("daye", "DY16")]
SPACE = re.compile(r"\s+")


def roster(county: str) -> str:
    return str(ROOT / "policies" / county / "rosters" / "cadres.json")


@cache
def decision(county: str, id: str) -> Decision:
    p = check(load(ROOT / "policies" / county)).policy
    assert p is not None
    records = read_roster(Path(roster(county)), p.shape, p.lexicon)
    record = next(r for r in records if r.id == id)
    from datetime import date

    day = date.fromisoformat(DAYS[county]).toordinal()
    return decide(p, record, Question(day, day, {}, frozenset(DEFAULT_LAYERS)))


@cache
def shown(county: str, id: str) -> Element:
    return read(decision_page(decision(county, id), "zh"))


EXPLAIN = ("explain", "dongtou", roster("dongtou"), "--as-of", DAYS["dongtou"])


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, args, env={"LC_ALL": None, "LC_MESSAGES": None, "LANG": "C.UTF-8"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def skeleton(e: Element, lang: str) -> Iterator[tuple[str, ...]]:
    """The elements of an article without its words: what must be alike in every language."""
    for x in e.inside:
        if isinstance(x, Element):
            quoted = x.tag == "span" and set(x.attrs) == {"lang"}
            if x.tag != "wbr" and not quoted:
                names = ("id", "href", "aria-labelledby", "class")
                yield x.tag, *(re.sub(rf"^(#?){lang}-", r"\1", x.attrs.get(n) or "") for n in names)
            yield from skeleton(x, lang)


# Structure.


@pytest.mark.parametrize(("county", "id"), PEOPLE)
def test_every_link_leads_somewhere_on_the_page_and_no_place_has_two_names(county: str, id: str) -> None:
    page = shown(county, id)
    ids = [x.attrs["id"] for x in page.every() if "id" in x.attrs]
    assert len(ids) == len(set(ids))
    links = [str(x.attrs["href"]) for x in page.every("a")]
    assert links and all(x.startswith("#") and x[1:] in ids for x in links)
    for x in page.every():
        for name in str(x.attrs.get("aria-labelledby") or "").split():
            assert name in ids, name


@pytest.mark.parametrize(("county", "id"), PEOPLE)
def test_a_link_stays_in_its_language(county: str, id: str) -> None:
    for lang in LANGUAGES:
        for link in article(shown(county, id), lang).every("a"):
            assert str(link.attrs["href"]).startswith(f"#{lang}-")


@pytest.mark.parametrize(("county", "id"), PEOPLE)
def test_both_languages_are_told_whole(county: str, id: str) -> None:
    page = shown(county, id)
    zh, en = (list(skeleton(article(page, lang), lang)) for lang in LANGUAGES)
    assert zh == en and len(zh) > 100


@pytest.mark.parametrize(("county", "id"), PEOPLE)
def test_every_ground_and_every_step_is_linked_to_its_provision(county: str, id: str) -> None:
    d = decision(county, id)
    effects = [x for x in plain(d)["effects"] if x["whole"] != ["silent"] or x["printed"] != ["silent"]]
    wanted = {b["id"] for x in effects for b in x["basis"]}

    def flat(steps: Iterable[Step]) -> Iterator[Step]:
        for s in steps:
            yield s
            yield from flat(s.parts)

    for lang in LANGUAGES:
        a = article(shown(county, id), lang)
        cited = {x.text: str(x.attrs["href"]) for x in a.every("a", class_="cite")}
        assert wanted and wanted <= set(cited)
        w = Wording(d.policy, lang)
        told = [s for h in headings(d, w, Tree(w, d.record))[0] for s in flat(h.steps)]
        assert [s for s in told if s.basis]
        lines = {x.attrs["id"]: x for x in a.every("li") if "id" in x.attrs}
        for s in told:
            if s.number:
                line = lines[f"{lang}-s-{s.number}"]
                first = line.inside[0]
                assert isinstance(first, Element)
                summary = first.every("summary")[0] if first.tag == "details" else first
                assert [x.text for x in summary.every("a", class_="cite")] == list(dict.fromkeys(s.basis))
        for id_, href in cited.items():
            (entry,) = a.every("section", id=href[1:])
            assert entry.one("h3").text == id_ and len(entry.every("dt")) >= 2
            p = d.policy.provisions.get(id_)
            said = (p.locator, p.zh if lang == "zh" else p.en) if p else (LABELS["not_registered"][lang == "en"],)
            assert all(x in entry.text for x in said)


@pytest.mark.parametrize(("county", "id"), PEOPLE)
def test_the_page_says_what_the_text_says(county: str, id: str) -> None:
    """Every line of the opinion stands on the page, in its order, save for what a page shows by form."""
    d = decision(county, id)
    page = read(decision_page(d, "zh", names=True))
    for lang in LANGUAGES:
        a = article(page, lang)
        said = SPACE.sub("", a.one("section", id=f"{lang}-reasons").text)
        rows = [x for x in opinion(d, lang).splitlines() if re.match(r" {6,}", x)]
        steps = [SPACE.sub("", re.sub(r"[（(].*|—.*|\[.*", "", re.sub(r"^\s*(\d+)\. ", r"\1.", x))) for x in rows]
        at = 0
        numbered = [x for x in steps if re.match(r"\d+\.", x)]
        assert numbered
        for line in numbered:
            found = said.find(line, at)
            assert found >= 0, line
            at = found
        parts = {label(x, lang): x for x in ("missing", "options", "assumptions")}
        parts[Wording(d.policy, lang).say("missing")] = "missing"
        part = ""
        for line in opinion(d, lang).splitlines():
            part = part if line.startswith(" ") else parts.get(line.rstrip(" :："), "")
            if part and (match := re.match(r" {2}- (.*?)[（(；;]", line)):
                assert SPACE.sub("", match[1]) in SPACE.sub("", a.one("section", id=f"{lang}-{part}").text)


def test_the_parts_of_a_heading_come_in_their_fixed_order() -> None:
    order = ["facts", "findings", "ground", "applies", "exceptions", "readings", "conclusion"]
    for county, id in PEOPLE:
        for part in article(shown(county, id), "zh").every("section", class_="conclusion"):
            kinds = [str(x.attrs["class"]) for x in part.one("dl", class_="parts").inside if isinstance(x, Element)]
            assert kinds == [k for k in order if k in kinds] and kinds[-1] == "conclusion"


def test_the_head_names_what_was_asked_of_what() -> None:
    d = decision("dongtou", "DT15")
    head = article(shown("dongtou", "DT15"), "zh").one("dl", class_="head")
    text = head.text
    assert d.policy.digest in text and d.record.digest in text
    assert all(x in text for x in ("2019-12-31", "同日", "载明", "未选", "洞头干部召回"))


def test_two_lines_where_the_text_is_not_wholly_printed() -> None:
    heading = article(shown("dongtou", "DT01"), "zh").one("section", id="zh-c-1").one("h3")
    assert [x.text for x in heading.every(class_="line")] == ["就已载明者 不发生", "全文 未定（不发生或应当）"]
    assert not article(shown("dongtou", "DT15"), "zh").one("section", id="zh-c-1").one("h3").every(class_="line")


def test_what_is_missing_says_who_and_what_each_answer_would_change() -> None:
    (row,) = article(shown("dongtou", "DT15"), "zh").one("section", id="zh-missing").one("tbody").every("tr")
    cells = [x.text for x in row.every() if x.tag in ("th", "td")]
    assert cells == [
        "缺1：措施清单",
        "解读未选",
        "作出解读的人",
        "降职",
        "若答 三项 → 不发生 降职若答 四项 → 应当择一 降职",
    ]
    links = [x for x in article(shown("dongtou", "DT15"), "zh").every("a", href="#zh-g-1")]
    assert len(links) == 1, "the step that waits for it leads to it"


def test_open_options_name_who_chooses_and_recommend_nothing() -> None:
    (row,) = article(shown("dongtou", "DT15"), "zh").one("section", id="zh-options").one("tbody").every("tr")
    cells = [x.text for x in row.every() if x.tag in ("th", "td")]
    assert cells[1:] == ["召回1", "调离岗位、改任非领导职务、免职（不限于所列）", "降职", "—", "未载明"]


def test_a_reading_leads_to_the_conclusions_that_turn_on_it() -> None:
    section = article(shown("dongtou", "DT02"), "zh").one("section", id="zh-readings")
    row = next(r for r in section.one("tbody").every("tr") if r.one("th").text == "分支口径")
    turning = [str(x.attrs["href"]) for x in row.every("td")[-1].every("a")]
    d = decision("dongtou", "DT02")
    assert turning == [
        f"#zh-c-{n}"
        for n, part in enumerate(article(shown("dongtou", "DT02"), "zh").every("section", class_="conclusion"), 1)
        if any("分支口径" in x.text for x in part.every("ul", class_="turns"))
    ]
    assert turning and any("分支口径" in t.readings for c in d.conclusions for t in c.turns)


@pytest.mark.parametrize("retired", ["否", "是", "不明"])
def test_an_act_against_the_conclusion_is_shown_beside_it(retired: str) -> None:
    text = REGIME + "规定 甲 rule_a\n    依据：T-02\n    当：退休\n    应当：召回\n\n"
    raw = {"退休": retired, "处理": [{"编号": "1", "生效日": "2018-01-01", "种类": "召回"}], "齐备": ["处理"]}
    told = article(read(decision_page(decided(text, raw), "zh")), "zh").every("section", id="zh-acted")
    assert bool(told) is (retired == "否")
    if told:
        assert told[0].one("li").text.startswith("处理1 召回 — 以决定日论本制度未得出此举") and told[0].one(
            "li"
        ).text.endswith("召回（本人）：不发生")


def test_whoever_chose_a_reading_is_named_only_where_names_are_shown() -> None:
    chosen = ("--id", "DT15", "--reading", "措施清单=四项", "--chosen-by", "某甲", "--format", "html", "--lang", "zh")
    withheld, shown_ = (run(*EXPLAIN, *chosen, *more).stdout for more in ((), ("--show-names",)))
    assert "某甲" not in withheld and re.search(r"〔略 选定者\d〕", withheld) and "由 某甲" in shown_


def test_a_chosen_reading_is_not_said_to_make_no_difference() -> None:
    page = run(
        "explain",
        "dongtou",
        roster("dongtou"),
        "--as-of",
        DAYS["dongtou"],
        "--id",
        "DT15",
        "--reading",
        "措施清单=四项",
        "--format",
        "html",
        "--lang",
        "zh",
    )
    rows = article(read(page.stdout), "zh").one("section", id="zh-readings").one("tbody").every("tr")
    (row,) = [r for r in rows if r.one("th").text == "措施清单"]
    assert [x.text for x in row.every("td")][-2:] == ["四项", "已选，其他取义未比较"]


# One file that asks nothing of a network, and reads without script.


def test_nothing_is_fetched() -> None:
    page = shown("dongtou", "DT15")
    for x in page.every():
        assert x.tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "source", "video", "audio"}
        assert not {"src", "srcset", "style", "action"} & set(x.attrs)
        assert not [k for k in x.attrs if k.startswith("on")]
    for style in page.every("style"):
        assert not re.search(r"url\((?!#)", style.text) and "@import" not in style.text
    (script,) = page.every("script")
    assert not re.search(r"fetch|XMLHttp|WebSocket|import\(|innerHTML|eval|document\.write|https?:", script.text)


def test_the_page_allows_its_own_style_and_script_alone() -> None:
    import base64
    import hashlib

    page = shown("dongtou", "DT15")
    rule = str(page.one("meta", **{"http-equiv": "Content-Security-Policy"}).attrs["content"])
    for tag in ("style", "script"):
        mark = base64.b64encode(hashlib.sha256(page.one(tag).text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{mark}'" in rule
    assert "default-src 'none'" in rule and "unsafe" not in rule


def test_it_is_read_by_voice_and_keyboard() -> None:
    page = shown("dongtou", "DT02")
    assert page.one("html").attrs["lang"] == "zh"
    for lang in LANGUAGES:
        a = article(page, lang)
        assert len(a.every("h1")) == 1
        levels = [int(x.tag[1]) for x in a.every() if re.fullmatch("h[1-6]", x.tag)]
        assert all(b <= a_ + 1 for a_, b in zip(levels, levels[1:], strict=False))
        for t in a.every("table"):
            assert t.one("caption").text and all(x.attrs.get("scope") for x in t.every("th"))
    radios = page.every("input", type="radio")
    assert [r.attrs["value"] for r in radios] == ["zh", "en", "both"] and all(
        any(r in x.inside for x in page.every("label")) for r in radios
    )
    assert all(b.attrs["type"] == "button" and "hidden" in b.attrs for b in page.every("button")), (
        "shown by script only"
    )


def test_every_label_is_in_both_languages_with_the_same_places_to_fill() -> None:
    for key, (zh, en) in LABELS.items():
        assert zh and en and zh.count("{}") == en.count("{}"), key
        assert not re.search("[\u4e00-\u9fff]", en), key


# Escaping.

HOSTILE = "</p><script>alert(1)</script><!-- \" ' & ]]> </style>"
BIDI = "abc\u202edcba\u2066x\u200bz\x07"


def hostile_decision(names: tuple[str, str] = (HOSTILE, f"{HOSTILE}2")) -> Decision:
    text = REGIME + (
        "认定 查实 inquiry\n    对：每一 行为\n    由：组织部\n        （一）属实 proven：是否属实，T-50；\n\n"
        "规定 甲 rule_a\n    对：每一 行为\n    依据：T-02\n    当：属实 且 金额 超过 5元\n    应当：召回\n\n"
        "规定 乙 rule_b\n    依据：T-03\n    当：行为的事由号种数 不少于 二次 且 悔改\n    应当：免职\n\n"
    )
    one, two = names
    raw = {
        "编号": one,
        "悔改": {"值": "是", "假定": one},
        "行为": [
            {"编号": "1", "发生日": "2018-01-01", "类型": "迟到", "事由号": one, "金额": {"值": "9元", "来源": two}},
            {
                "编号": two,
                "发生日": "2018-01-02",
                "类型": "迟到",
                "事由号": two,
                "金额": {"值": "9元", "来源": one},
            },
        ],
        "齐备": ["行为"],
        "认定": [
            {
                "编号": "a",
                "问题": "属实",
                "所属": "行为",
                "所属编号": "1",
                "答": "是",
                "机关": one,
                "理由": two,
                "认定日": "2018-02-01",
            }
        ],
    }
    p = policy(text)
    provision = Provision("T-02", locator=HOSTILE, zh=HOSTILE, en=BIDI)
    return decided(evolve(p, provisions={"T-02": provision, 'T-"><b': provision}), raw, what_if=True)


@pytest.mark.parametrize("names", [True, False])
def test_what_a_record_or_a_policy_says_is_text(names: bool) -> None:
    page = decision_page(hostile_decision(), "zh", names=names)
    root = read(page)
    assert len(root.every("script")) == 1 and len(root.every("style")) == 1
    assert "alert(1)" not in root.one("script").text
    assert HOSTILE in article(root, "zh").text, "the provision's words are told as they are"
    assert "<!--" not in page.replace("&lt;!--", "")
    assert ("⟨U+202E⟩" in page) and not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x07]", page)
    assert (HOSTILE in root.one("title").text) is names


def test_a_running_head_cannot_end_its_string_or_its_style() -> None:
    page = decision_page(hostile_decision(), "en", names=True)
    style = read(page).one("style").text
    assert "alert" not in style.replace("\\", "") or "<" not in style
    assert css_text('a"</style>\\') == '"a\\22 \\3c \\2f style\\3e \\5c "'


def test_elements_escape_all_that_is_no_element() -> None:
    assert el("p", '<&>"', class_='"><') == '<p class="&quot;&gt;&lt;">&lt;&amp;&gt;&quot;</p>'
    assert put(Markup("<b>") + "<i>") == "&lt;b&gt;&lt;i&gt;", "joined with text an element is text"
    assert seen("a\u202eb\ud800") == "a⟨U+202E⟩b⟨U+D800⟩"
    assert seen("一、“二”\n") == "一、“二”\n"


def test_two_places_never_share_an_id() -> None:
    names = ["D-01", "D_01", "D 01", "D/01", "D_2f_01", "Ｄ-01", "", "_"]
    assert len({anchor("zh", "p", n) for n in names}) == len(names)
    assert all(re.fullmatch("[A-Za-z0-9_-]+", anchor("zh", "p", n)) for n in names)


# Masking.


def test_what_may_tell_who_it_is_is_withheld_unless_asked_for() -> None:
    secret = "欧阳某某在某乡", "110101199001011234"
    d = hostile_decision(secret)
    page = decision_page(d, "zh")
    assert not any(x in page for x in secret)
    for lang, mark in (("zh", LABELS["masked"][0]), ("en", LABELS["masked"][1])):
        assert mark in article(read(page), lang).text
    assert d.record.digest[:8] in article(read(page), "zh").one("h1").text
    open_page = decision_page(d, "zh", names=True)
    assert all(x in open_page for x in secret)
    assert LABELS["shown"][0] in open_page and LABELS["masked"][0] not in open_page


def test_equal_words_have_equal_numbers_and_others_have_others() -> None:
    text = article(read(decision_page(hostile_decision(("欧阳某某", "东方某某")), "zh")), "zh").text
    numbers = dict(re.findall(r"〔略 (来源|文字|机关|理由|何人)(\d+)〕", text))
    found = set(re.findall(r"〔略 (?:来源|文字|机关|理由|何人|编号)(\d)〕", text))
    assert found == {"1", "2"} and {"来源", "文字", "机关", "理由"} <= set(numbers)


@pytest.mark.parametrize("number", ["DT15", "1", "WZ-2018-0031", "a1", "2018.3", "A_12", "1234567890"])
def test_a_number_that_tells_nothing_is_kept(number: str) -> None:
    assert Mask().keeps(number)


@pytest.mark.parametrize(
    "number",
    [
        "欧阳某某",
        "张1",
        "ouyang1",
        "zhang-3",
        "11010119900101123X",
        "110101-19900101-1234",
        "13800000000",
        "138-0000-0000",
        "ABC",
        "",
        "x1\u202e",
        "../1",
        "1" * 25,
    ],
)
def test_a_number_that_may_tell_who_it_is_is_not(number: str) -> None:
    assert not Mask().keeps(number)


# The same, every time.


def test_the_same_bytes_for_the_same_inputs(tmp_path: Path) -> None:
    """In this process and in another, which hashes otherwise and lives in another zone."""
    args = [*EXPLAIN, "--id", "DT15", "--format", "html", "--lang", "en"]
    env = {**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai"}
    command = [sys.executable, "-m", "policy_dsl", *args, "-o", str(tmp_path / "x.html")]
    subprocess.run(command, cwd=ROOT, env=env, check=True)
    assert (tmp_path / "x.html").read_bytes() == run(*args).stdout_bytes


# The commands.


def explain(*more: str) -> Result:
    return run(*EXPLAIN, *more)


def test_a_page_is_of_one_person() -> None:
    result = explain("--format", "html", "--lang", "zh")
    assert result.exit_code == 2 and "--report" in result.output and "--id" in result.output


@pytest.mark.parametrize("option", [["-o", "x.html"], ["--show-names"]])
def test_an_option_of_pages_means_nothing_without_one(option: list[str]) -> None:
    for lang in LANGUAGES:
        result = explain("--id", "DT15", *option, "--lang", lang)
        assert result.exit_code == 2 and "--format html" in result.output


def test_a_page_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    result = explain("--id", "DT15", "--format", "html", "-o", str(tmp_path / "none" / "x.html"), "--lang", "en")
    assert result.exit_code == 2 and "x.html" in result.output and not list(tmp_path.iterdir())


def test_the_page_of_one_effect() -> None:
    page = article(read(explain("--id", "DT15", "--effect", "demotion", "--format", "html").stdout), "zh")
    (part,) = page.every("section", class_="conclusion")
    assert "降职" in part.one("h3").text


@pytest.mark.parametrize(("lang", "only"), [("zh", "（只就“免职”而言）"), ("en", " (on removal alone)")])
def test_a_page_of_some_effects_says_that_its_status_is_of_these_alone(lang: str, only: str) -> None:
    asked = ("--id", "DT15", "--lang", lang)
    some = (*asked, "--effect", "免职")
    page = article(read(explain(*some, "--format", "html").stdout), lang)
    assert page.one(class_="standing").text.startswith({"zh": "已定", "en": "decided"}[lang] + only)
    assert page.one("h1").text.endswith(only)
    assert explain(*some).stdout.splitlines()[0].endswith(only)
    told = explain(*some, "--format", "opinion").stdout
    assert told.splitlines()[0].endswith(only)
    # Which remedies there are is not told of one effect.
    assert not page.every(id=f"{lang}-remedies") and {"zh": "\n救济", "en": "\nRemedies"}[lang] not in told
    # The whole decision is not confined, and is undetermined.
    assert explain(*asked).stdout.splitlines()[0].endswith({"zh": "未定", "en": "undetermined"}[lang])


# A folder of pages.


def report(folder: Path, *more: str, people: str | None = None) -> Result:
    return run("decide", "daye", people or roster("daye"), "--as-of", DAYS["daye"], "--report", str(folder), *more)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "pages"
    result = report(folder, "--lang", "zh")
    assert result.exit_code == 0 and "index.html" in result.output
    return folder


def test_a_page_a_person_and_an_index_that_leads_to_it(made: Path) -> None:
    index = read((made / "index.html").read_text("utf-8"))
    people = json.loads(Path(roster("daye")).read_text("utf-8"))["记录"]
    files = {p.name for p in made.iterdir()} - {MANIFEST, "index.html"}
    assert len(files) == len(people)
    for lang in LANGUAGES:
        rows = article(index, lang).one("table", class_="people").one("tbody").every("tr")
        links = [str(r.one("a").attrs["href"]) for r in rows]
        assert {x.partition("#")[0] for x in links} == files and {x.partition("#")[2] for x in links} == {lang}
        assert [r.one("th").text for r in rows] == [p["编号"] for p in people]
    one = read((made / sorted(files)[0]).read_text("utf-8"))
    assert all(article(one, lang).one("p", class_="home").one("a").attrs["href"] == "index.html" for lang in LANGUAGES)
    zh, en = (list(skeleton(article(index, lang), lang)) for lang in LANGUAGES)
    assert [x[0] for x in zh] == [x[0] for x in en]


def test_the_counts_are_those_of_the_decisions(made: Path) -> None:
    found = [
        json.loads(x)
        for x in run("decide", "daye", roster("daye"), "--as-of", DAYS["daye"], "--format", "jsonl").stdout.splitlines()
    ]
    a = article(read((made / "index.html").read_text("utf-8")), "zh")

    def table(id: str) -> dict[str, list[str]]:
        rows = a.one("section", id=id).one("table").one("tbody").every("tr")
        return {r.one("th").text: [c.text for c in r.every("td")] for r in rows}

    open_ = sum(d["status"] == "undetermined" for d in found)
    assert table("zh-by-status") == {"已定": [str(len(found) - open_)], "未定": [str(open_)], "人员": [str(len(found))]}
    effects = table("zh-by-effect")
    assert effects
    for name, cells in effects.items():
        told = [
            [e for e in d["effects"] if e["name"] == name and (e["whole"] != ["silent"] or e["printed"] != ["silent"])]
            for d in found
        ]
        waits = sum(any(not e["settled"] for e in es) for es in told)
        barred = sum(bool(es) and all(e["settled"] and e["whole"] == ["must_not"] for e in es) for es in told)
        follows = sum(bool(es) for es in told) - waits - barred
        assert cells == [str(follows), str(barred), str(waits), str(len(found) - waits - barred - follows)], name
    svg = a.one("svg")
    assert svg.attrs["role"] == "img" and svg.one("title").text
    named = [t.text for t in svg.every("text") if t.attrs.get("text-anchor") == "end"]
    assert named == list(effects)
    kinds = {g["what"] for d in found for g in d["missing"] if g["element"] is None}
    assert kinds <= set(table("zh-by-missing"))


def test_a_report_is_made_again_over_itself_with_the_same_bytes(made: Path, tmp_path: Path) -> None:
    before = {p.name: p.read_bytes() for p in made.iterdir()}
    assert report(made, "--lang", "zh").exit_code == 0
    assert {p.name: p.read_bytes() for p in made.iterdir()} == before
    assert [p.name for p in made.parent.iterdir()] == [made.name], "nothing is left beside it"


def fill(
    folder: Path, force: bool = False, reads: tuple[Path, ...] = (), files: tuple[str, ...] = ("index.html", "a.html")
) -> None:
    with Folder(folder, reads, force) as out:
        for name in files:
            out.write(name, f"<p>{name}</p>\n")


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine\n")
    for lang in LANGUAGES:
        result = report(folder, "--lang", lang)
        assert result.exit_code == 2 and "--force" in result.output
    assert [p.name for p in folder.iterdir()] == ["notes.txt"] and list(tmp_path.iterdir()) == [folder]
    fill(folder, force=True)
    assert sorted(p.name for p in folder.iterdir()) == ["a.html", "index.html", MANIFEST]
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("name", ["notes.txt", "index.html", "a.html", MANIFEST])
def test_what_was_changed_since_is_not_ours(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "pages"
    fill(folder)
    fill(folder, files=("index.html",))
    assert sorted(p.name for p in folder.iterdir()) == ["index.html", MANIFEST], "its own is replaced whole"
    fill(folder)
    (folder / name).write_text("edited\n")
    with pytest.raises(Refused):
        fill(folder)
    assert (folder / name).read_text() == "edited\n" and list(tmp_path.iterdir()) == [folder]


def test_a_folder_in_a_folder_of_ours_is_not_ours(tmp_path: Path) -> None:
    fill(tmp_path / "pages")
    (tmp_path / "pages" / "more").mkdir()
    with pytest.raises(Refused):
        fill(tmp_path / "pages")


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    fill(tmp_path / "pages")
    assert (tmp_path / "pages" / "index.html").is_file()


def test_what_the_run_reads_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = tmp_path / "in" / "cadres.json"
    people.parent.mkdir()
    people.write_text(Path(roster("daye")).read_text("utf-8"), "utf-8")
    link = tmp_path / "link"
    link.symlink_to(people.parent)
    for folder in (people.parent, tmp_path, link, people):
        with pytest.raises(Refused):
            fill(folder, True, (people,))
    assert report(people.parent, "--force", people=str(people)).exit_code == 2
    monkeypatch.chdir(people.parent)
    with pytest.raises(Refused):
        fill(tmp_path, True)
    assert people.exists() and link.is_symlink()


def test_a_report_that_fails_midway_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import policy_dsl.report.page as page

    told: list[str] = []

    def fails(d: Decision, *args: Any, **how: Any) -> str:
        told.append(d.record.id)
        if len(told) == 3:
            raise OSError(28, "No space left on device")
        return "<p>another</p>\n"

    monkeypatch.setattr(page, "decision_page", fails)
    fill(tmp_path / "pages")
    before = {p.name: p.read_bytes() for p in (tmp_path / "pages").iterdir()}
    result = report(tmp_path / "pages", "--lang", "en")
    assert result.exit_code == 2 and "No space left" in result.output and len(told) == 3
    assert {p.name: p.read_bytes() for p in (tmp_path / "pages").iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["pages"]


def test_a_folder_that_cannot_take_its_place_gives_way_to_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pages"
    fill(folder)
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if self.name.startswith(".pages.") and target == folder:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(Refused, match="Input/output"):
        fill(folder, files=("other.html",))
    assert sorted(p.name for p in folder.iterdir()) == ["a.html", "index.html", MANIFEST]
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("option", ["--show-names"])
def test_an_option_of_reports_means_nothing_without_one(option: str) -> None:
    assert run("decide", "daye", roster("daye"), "--as-of", DAYS["daye"], option).exit_code == 2


def test_a_report_takes_no_other_form(tmp_path: Path) -> None:
    assert report(tmp_path / "a", "--format", "json").exit_code == 2 and not (tmp_path / "a").exists()


@pytest.mark.parametrize("anybody", [True, False])
def test_a_report_with_open_decisions_fails_if_asked(tmp_path: Path, anybody: bool) -> None:
    """On one person of whom nothing is said, and on nobody."""
    people = tmp_path / "one.json"
    people.write_text(json.dumps([{"编号": "DY1"}] if anybody else []), "utf-8")
    done = report(tmp_path / "a", "--fail-on", "undetermined", people=str(people))
    assert done.exit_code == (1 if anybody else 0)
    text = (tmp_path / "a" / "index.html").read_text("utf-8")
    assert ("名册无人" in text) is not anybody


def test_file_names_are_safe_and_never_meet() -> None:
    ids = [
        "DT01",
        "dt01",
        "Dt01",
        "../../etc/passwd",
        "..",
        ".",
        "",
        "a/b",
        "a\\b",
        "con",
        "NUL.txt",
        "index",
        "manifest.json",
        "欧阳某某",
        "x" * 400,
        "x" * 401,
        "a b",
        "a:b",
        "-rf",
        ".hidden",
        "a.",
        "ok-1",
        "\x00",
        "🙂",
        "DT01~",
    ]
    numbers = [(id, f"{n:064x}"[::-1]) for n, id in enumerate(ids, 1)]
    names = file_names(numbers)
    assert len({n.casefold() for n in names}) == len(ids)
    for id, name in zip(ids, names, strict=True):
        assert re.fullmatch(r"[A-Za-z0-9~][A-Za-z0-9._~-]*\.html", name) and len(name) <= 64, (id, name)
        assert name.split(".")[0].lower() not in {"index", "manifest", "con", "nul"}
    assert names[ids.index("ok-1")] == "ok-1.html"


def test_a_withheld_number_is_no_file_name(tmp_path: Path) -> None:
    people = tmp_path / "cadres.json"
    people.write_text(json.dumps([{"编号": "欧阳某某"}, {"编号": "110101199001011234"}, {"编号": "DY1"}]), "utf-8")
    assert report(tmp_path / "a", people=str(people)).exit_code == 0
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert "DY1.html" in files and not any("110101" in f or "欧阳" in f for f in files)
    text = "".join(p.read_text("utf-8") for p in (tmp_path / "a").iterdir())
    assert "欧阳某某" not in text and "110101199001011234" not in text
    assert report(tmp_path / "b", "--show-names", people=str(people)).exit_code == 0
    assert "欧阳某某" in (tmp_path / "b" / "index.html").read_text("utf-8")


# The page that explains it.


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_guide_is_of_these_pages(lang: str, tmp_path: Path) -> None:
    """Its commands run, and the parts it names stand on the page."""
    guide = (ROOT / "docs" / f"reading-a-decision.{lang}.md").read_text("utf-8")
    commands = [line.split()[1:] for line in guide.split("```")[1].strip().splitlines()]
    for words in commands:
        here = [
            str(tmp_path / x) if x in ("DT15.html", "pages") else str(ROOT / x) if x.startswith("policies/") else x
            for x in words
        ]
        assert run(*here).exit_code == 0
    a = article(read((tmp_path / "DT15.html").read_text("utf-8")), lang)
    named = guide.split("## ")
    headings = {x.text for x in a.every("h2")}
    assert all(x in guide or x.lower() in guide.lower() for x in headings - {LABELS["reasons"][lang == "en"]}), headings
    parts = re.findall(r"(?m)^\| (\S+) \|", named[3])
    assert {x.text for x in a.every("dt")} >= set(parts) - {
        "段",
        "part",
        "---",
        *("认定" if lang == "zh" else "Findings",),
    }
    assert (tmp_path / "pages" / "index.html").is_file() and (tmp_path / "pages" / "DT15.html").is_file()
