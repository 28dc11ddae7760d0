"""Amounts, periods and last days beside the conclusions they belong to, in every form a person reads."""

from __future__ import annotations

import pytest
from packs import REGIME, at, decided
from pages import article, read

from policy_dsl.decide import Decision
from policy_dsl.model import STATUS
from policy_dsl.report.annotate import outcome
from policy_dsl.report.opinion import opinion
from policy_dsl.report.page import decision_page
from policy_dsl.report.summary import summary
from policy_dsl.report.table import rows
from policy_dsl.report.terms import Terms
from policy_dsl.report.tree import explain_text
from policy_dsl.report.words import Wording

BAR = REGIME + "影响期 甲 rule_a\n    对：每一 行为\n    依据：A-01\n    不得：提拔\n    期间：自 发生日 起 六个月\n"
BOTH = BAR + "\n规定 乙 rule_b\n    对：每一 行为\n    依据：A-02\n    不得：提拔\n"
REMEDY = (
    REGIME + "救济 甲 rule_a\n    对：每一 处理\n    依据：A-01\n    可以：登记\n    由：县委\n    向：组织部\n"
    "    期限：自 知悉日 起 三十日\n"
)
CUT = REGIME + "规定 甲 rule_a\n    依据：A-01\n    当：退休\n    应当：扣奖 %s\n"
FIRST_DAY_OUT = {"期间起算": "当日不计", "末日遇休": "不顺延", "期满当日": "当日在内"}
CONDUCT = {"行为": [{"编号": "1", "发生日": "2024-04-01"}]}


def forms(d: Decision, lang: str) -> dict[str, str]:
    """Every form a person reads."""
    w = Wording(d.policy, lang)
    return {
        "text": summary(d, lang),
        "explain": explain_text(d, lang),
        "opinion": opinion(d, lang),
        "page": article(read(decision_page(d, lang)), lang).text,
        "table": "\n".join("；".join(r) for r in rows(d, w)),
        "annotated": "\n".join(line for part in outcome(d, w) for line in part),
    }


def periods_said(d: Decision) -> tuple[str, str]:
    """What stands beside the conclusion on the act, in either tongue."""
    bar = at(d, "提拔", "1")
    zh, en = (Terms(d, Wording(d.policy, lang)).of(bar) for lang in ("zh", "en"))
    return zh, en


@pytest.mark.parametrize(
    ("on", "zh", "en"),
    [
        ("2024-09-30", "未满", "running"),
        ("2024-10-01", "未满", "running"),
        ("2024-10-02", "已过", "over"),
        ("2026-01-01", "已过", "over"),
    ],
)
def test_a_prohibition_says_in_every_form_whether_its_period_is_over(on: str, zh: str, en: str) -> None:
    d = decided(BAR, CONDUCT, on, readings=FIRST_DAY_OUT)
    assert at(d, "提拔", "1").whole == STATUS.option("must_not")
    said = {"zh": f"自 2024-04-01 至 2024-10-01（{zh}）", "en": f"from 2024-04-01 until 2024-10-01 ({en})"}
    for lang, expected in said.items():
        for form, text in forms(d, lang).items():
            assert expected in text, (form, text)


def test_a_period_that_may_be_over_is_not_said_to_be() -> None:
    d = decided(BAR, CONDUCT, "2024-10-01")
    assert periods_said(d) == (
        "自 2024-04-01 止于 2024-09-30至2024-10-31间某日（是否已过未定）",
        "from 2024-04-01 until a day between 2024-09-30 and 2024-10-31 (whether it is over is unknown)",
    )


def test_where_one_of_two_bars_is_over_the_rule_is_named() -> None:
    d = decided(BOTH, CONDUCT, "2026-01-01", readings=FIRST_DAY_OUT)
    assert periods_said(d)[0] == "甲：自 2024-04-01 至 2024-10-01（已过）"


@pytest.mark.parametrize(("on", "zh", "en"), [("2024-05-01", "未过", "not past"), ("2024-05-02", "已过", "past")])
def test_a_remedy_says_its_last_day_and_whether_that_is_past(on: str, zh: str, en: str) -> None:
    row = {"编号": "1", "生效日": "2024-04-01", "知悉日": "2024-04-01", "种类": "警告"}
    d = decided(REMEDY, {"处理": [row]}, on, readings=FIRST_DAY_OUT)
    for lang, said in (("zh", f"最后一日 2024-05-01（{zh}）"), ("en", f"last day 2024-05-01 ({en})")):
        for form, text in forms(d, lang).items():
            assert said in text, (form, text)
    # Once: the person's own line would say it again.
    assert opinion(d, "zh").splitlines()[-1] == f"救济：登记（处理1）：可以，最后一日 2024-05-01（{zh}）"


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        ("30元", "30元", "30 yuan"),
        ("30元以上50元以下", "30元至50元", "30 yuan to 50 yuan"),
        ("30元以上", "至少 30元", "at least 30 yuan"),
    ],
)
def test_an_amount_stands_beside_its_conclusion(amount: str, zh: str, en: str) -> None:
    d = decided(CUT % amount, {"退休": "是"})
    for lang, said in (("zh", f"应当，{zh}"), ("en", f"must, {en}")):
        for form in ("text", "explain", "opinion", "annotated"):
            assert said in forms(d, lang)[form], form


def test_options_with_other_amounts_are_told_apart() -> None:
    text = CUT.replace("应当：扣奖 %s", "可以：扣奖 30元、免职\n    由：县委")
    assert "  扣奖（本人）：可以，30元\n" in summary(decided(text, {"退休": "是"}), "zh")
    assert "  免职（本人）：可以\n" in summary(decided(text, {"退休": "是"}), "zh")


@pytest.mark.parametrize(("layer", "said"), [("解释", "  层级 解释"), ("载明", "")])
def test_a_layer_that_is_not_the_text_s_own_is_named(layer: str, said: str) -> None:
    text = CUT % "30元" + f"    层级：{layer}\n"
    assert f"      依据 A-01{said}\n" in summary(decided(text, {"退休": "是"}), "zh")


@pytest.mark.parametrize(
    ("start", "zh", "en"),
    [
        ("自 2016年6月1日 起", "，施行 2016-06-01", ", in force 2016-06-01"),
        (
            "自 2016年6月 起",
            "，自2016-06-01至2016-06-30间某日起施行（日未载明）",
            ", in force from a day between 2016-06-01 and 2016-06-30 (day not printed)",
        ),
        (
            "不晚于 2016年6月1日",
            "，至迟自2016-06-01起施行（日未载明）",
            ", in force from 2016-06-01 at the latest (day not printed)",
        ),
        ("未载明", "，施行日未知（原文未载明）", ", start day unknown (not printed in the source)"),
    ],
)
def test_a_start_day_that_is_not_printed_does_not_read_as_a_term(start: str, zh: str, en: str) -> None:
    d = decided(CUT.replace("自 2016年6月1日 起", start) % "30元", {"退休": "是"})
    for lang, said in (("zh", zh), ("en", en)):
        assert f"{said}\n" in opinion(d, lang)
        assert said in article(read(decision_page(d, lang)), lang).text


@pytest.mark.parametrize(("rows", "none", "some"), [([], "是", "否"), (CONDUCT["行为"], "否", "是")])
def test_what_none_of_denies_is_told_as_what_there_is(rows: list[dict[str, str]], none: str, some: str) -> None:
    text = CUT.replace("当：退休", "当：没有 行为（发生日 早于 2025年1月1日）") % "30元"
    told = explain_text(decided(text, {"行为": {"齐备": True, "行": rows}}, "2026-01-01"), "zh", why_not=True)
    within = "行为（发生日 早于 2025年1月1日）"
    assert f" 没有 {within} — {none}\n" in told and f" 有 {within} — {some}\n" in told


PLAN = CUT.replace("应当：扣奖 %s", "应当：警告或者记过 等\n    由：县委\n    层级：计划")


@pytest.mark.parametrize(
    ("lang", "options", "taken"),
    [
        (
            "zh",
            "  - 甲（A-01）（本人）：可选 警告、记过（不限于所列）；由谁选择：县委",
            ["试验办法视为已施行；以命令选项 --layers 假定", "退休；何人假定：某人"],
        ),
        (
            "en",
            "  - rule_a (A-01) (the person): open warning, demerit (not limited to these); who chooses: committee",
            ["lab_rules taken as in force; assumed by the command's --layers", "retired; assumed by: 某人"],
        ),
    ],
)
def test_the_opinion_tells_what_is_taken_as_so_and_what_is_left_to_choose(
    lang: str, options: str, taken: list[str]
) -> None:
    d = decided(PLAN, {"退休": {"值": "是", "假定": "某人"}}, layers=("plan",))
    text = opinion(d, lang)
    assert options in text.splitlines()
    page = article(read(decision_page(d, lang, names=True)), lang).text
    assert all(f"  - {x}\n" in text and x in page for x in taken)


EITHER = (
    CUT % "30元" + "    由：\n        （一）怀孕 且 患病：未载明（由谁没有写）；\n        （二）其余：县委、组织部；\n"
)


@pytest.mark.parametrize(
    ("facts", "zh", "en"),
    [
        (
            {},
            "未载明或县委、组织部（取决于 怀孕、患病）",
            "not printed or committee, department (depends on pregnant, ill)",
        ),
        (
            {"怀孕": "是"},
            "未载明或县委、组织部（取决于 患病）",
            "not printed or committee, department (depends on ill)",
        ),
        ({"怀孕": "否"}, "县委、组织部", "committee, department"),
        ({"怀孕": "是", "患病": "是"}, "未载明", "not printed"),
    ],
)
def test_one_body_or_the_other_is_not_told_as_both(facts: dict[str, str], zh: str, en: str) -> None:
    d = decided(EITHER, {"退休": "是", **facts})
    for lang, said in (("zh", f"由 {zh}"), ("en", f"by {en}")):
        for form in ("text", "explain", "opinion", "page"):
            assert said in forms(d, lang)[form], form
        assert said.split(" ", 1)[1] in forms(d, lang)["table"]


SCORED = REGIME + "规定 甲 rule_a\n    依据：A-01\n    当：得分 %s\n    应当：提醒\n"


@pytest.mark.parametrize(
    ("bound", "zh", "en"),
    [
        ("不少于 60分", ["略低于 60 → 不发生 提醒", "60 → 应当 提醒"], ["just under 60 → does not arise reminder", "60 → must reminder"]),
        ("超过 60分", ["60 → 不发生 提醒", "略高于 60 → 应当 提醒"], ["60 → does not arise reminder", "just over 60 → must reminder"]),
        ("超过 0分", ["0 → 不发生 提醒", "略高于 0 → 应当 提醒"], ["0 → does not arise reminder", "just over 0 → must reminder"]),
    ],
)  # fmt: skip
def test_the_answers_tried_are_the_bounds_a_reader_would_try(bound: str, zh: list[str], en: list[str]) -> None:
    d = decided(SCORED % bound, what_if=True)
    for lang, said, word in (("zh", zh, "若答 "), ("en", en, "if ")):
        assert [
            x.strip()
            for x in summary(d, lang).splitlines()
            if x.startswith(" " * 6 + word) and x[6:].split()[1] not in ("无", "does")
        ] == [word + x for x in said]


def test_neighbouring_days_that_fare_alike_share_a_line() -> None:
    d = decided(
        REGIME + "规定 甲 rule_a\n    依据：A-01\n    当：入职日 早于 2019年1月1日\n    应当：提醒\n", what_if=True
    )
    assert [x.strip() for x in summary(d, "zh").splitlines() if "若答" in x] == [
        "若答 2018-12-31 → 应当 提醒",
        "若答 2019-01-01或2019-01-02 → 不发生 提醒",
    ]


def test_an_english_line_has_english_marks() -> None:
    bars = "\n除外 丙 rule_c\n    依据：A-03\n    当：怀孕\n    不适用：甲\n"
    d = decided(CUT % "30元" + bars, {"退休": {"值": "是", "假定": "X"}, "怀孕": "否"})
    told = explain_text(d, "en")
    assert "exception rule_c — does not arise" in told and "[assumed: X]" in told
    assert not set("、；：，（）") & set(told)
