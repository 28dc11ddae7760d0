"""One mistake is one finding, at the words that are wrong, and what the remedy says mends it."""

from __future__ import annotations

import pytest

from policy_dsl.check import check
from policy_dsl.diagnostics import Diagnostic, render
from policy_dsl.language.fmt import fmt
from policy_dsl.language.numerals import misread_date, read_date, to_chinese
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack

BASE = """\
词汇 共用词汇 shared_words
    类 身份 identity：公务员 civil_servant、事业人员 institution_staff、等
    类 行为类型 conduct_kind：迟到 late、早退 early_leave、等
    事实 身份 identity：身份 随时间
    清单 行为 conduct（发生日）：发生日 happened_on：日期、类型 kind：行为类型
    清单 召回令 recall_order（召回日）：召回日 recalled_on：日期
    清单 环节事 stage_row（开始日）：所属召回 of_recall：召回令、名称 stage：环节名、开始日 started_on：日期
    效果 组织处理 handling 不利：召回 recall、免职 removal、调离岗位 off_post
    机关 县委 county_committee、组织部 organisation_department

制度 本县制度 county_regime
    依据：Q-01
    机关：县委
    施行：自 2023年3月1日 起
    适用：身份 为 公务员
    溯及：不溯及

救济 复核 review
    依据：Q-01
    可以不适用：测试条
    由：组织部

"""
RULE = """\
召回情形 测试条 test_rule
    对：每一 行为
    依据：Q-02
    当：类型 为 迟到
    应当：召回
    由：县委
"""
RULE_EN = """\
trigger test_rule 测试条
    for: each conduct
    basis: Q-02
    when: kind is late
    must: recall
    by: county_committee
"""
COUNT = RULE.replace("    对：每一 行为\n", "").replace(
    "类型 为 迟到", "行为（发生日 不早于 施行日）的次数 不少于 三次"
)
LISTED = RULE.replace(
    "当：类型 为 迟到", "有下列情形之一：\n        （一）类型 为 迟到；\n        （二）类型 为 早退；"
)
PROCEDURE = (
    """\
程序 后续 follow_up
    对：每一 召回令
    依据：Q-02
    记于：环节事
    环节 整改 mending
        依据：Q-02
        为期：七个工作日
        由：组织部
        应当：调离岗位
        之后：考察
    环节 考察 watching
        依据：Q-02
        由：组织部
        应当：免职

"""
    + RULE
)


def errors(text: str) -> list[Diagnostic]:
    source = Source("rules", BASE + text)
    return [d for d in check(Pack("q", (source,), {}, (source,))).findings if d.severity == "error"]


@pytest.mark.parametrize("text", [RULE, RULE_EN, COUNT, LISTED, PROCEDURE])
def test_without_a_mistake_there_is_no_finding(text: str) -> None:
    assert errors(text) == []


def one(text: str, right: str, wrong: str) -> Diagnostic:
    """The one finding in *text* with *wrong* in place of *right*."""
    assert text.count(right) >= 1
    found = errors(text.replace(right, wrong, 1))
    assert len(found) == 1, "\n".join(render(d, "zh") for d in found)
    for lang in ("zh", "en"):
        assert "\t" not in render(found[0], lang)
    return found[0]


CASCADES = [
    (RULE, "依据：Q-02", "依据：", "P103", "依据："),
    (RULE, "当：类型 为 迟到", "当：", "P103", "当："),
    (RULE, "应当：召回", "应当：", "P103", "应当："),
    (RULE, "由：县委", "由：", "P103", "由："),
    (RULE, "对：每一 行为", "对：", "P103", "对："),
    (RULE, "对：每一 行为", "对：每一", "P103", "每一"),
    (RULE, "类型 为 迟到", "类型 为 迟到 且", "P103", "且"),
    (RULE, "类型 为 迟到", "类型 为 迟到 或", "P103", "或"),
    (RULE_EN, "basis: Q-02", "basis:", "P103", "basis:"),
    (RULE_EN, "kind is late", "kind is late and", "P103", "and"),
    (RULE_EN, "for: each conduct", "for: each", "P103", "each"),
    (PROCEDURE, "七个工作日", "七个工作天", "P113", "七个工作天"),
    (PROCEDURE, "对：每一 召回令", "对：", "P103", "对："),
    (PROCEDURE, "记于：环节事", "记于：", "P103", "记于："),
    (PROCEDURE, "环节 整改 mending", "环节 整改", "P123", "整改"),
    (LISTED, "（二）类型 为 早退", "（二）类型 为", "P103", "为"),
]


@pytest.mark.parametrize(("text", "right", "wrong", "code", "marked"), CASCADES)
def test_what_was_lost_with_a_clause_is_not_reported(text: str, right: str, wrong: str, code: str, marked: str) -> None:
    found = one(text, right, wrong)
    assert (found.code, found.span.text) == (code, marked)


DEFINITION = "定义 某定 def_a\n    依据：Q-02\n    对：每一 行为\n    是指：类型 为 迟到\n\n" + RULE.replace("类型 为 迟到", "某定")
PARAMETER = "参数 次数线 limit\n    依据：Q-02\n    取值：三次\n\n" + COUNT.replace("三次", "次数线")
WORDS_OF = "词汇 县词 county_words\n    事实 在岗 on_post：是否\n\n" + RULE.replace("类型 为 迟到", "类型 为 迟到 且 在岗")
OTHERS = [
    (DEFINITION, "是指：类型 为 迟到", "是指：类型 为", "P103"),
    (DEFINITION, "对：每一 行为", "对：每一", "P103"),
    (DEFINITION, "某定 def_a", "某定", "P123"),
    (DEFINITION, "定义 某定", "定羲 某定", "P100"),
    (PARAMETER, "取值：三次", "取值：", "P103"),
    (WORDS_OF, "在岗 on_post：是否", "在岗：是否", "P123"),
    (WORDS_OF, "在岗 on_post：是否", "在岗 on_post", "P103"),
]


@pytest.mark.parametrize(("text", "right", "wrong", "code"), OTHERS)
def test_nothing_is_said_of_a_name_whose_declaration_was_not_read(text: str, right: str, wrong: str, code: str) -> None:
    assert errors(text) == []
    assert one(text, right, wrong).code == code


@pytest.mark.parametrize("mark", ["1、", "一、", "①", "1.", "1）", "1) ", "第一、", "- ", "⑴", "㈠"])
def test_items_marked_otherwise_are_read_and_reported_once(mark: str) -> None:
    second = mark.translate(str.maketrans("1一①⑴㈠", "2二②⑵㈡"))
    text = LISTED.replace("（二）", second)
    found = one(text, "（一）", mark)
    assert (found.code, found.span.text) == ("P113", mark.strip())
    assert "（一）" in found.remedy("zh")
    # The items are read: what is wrong inside them is found in the same run.
    assert [d.code for d in errors(text.replace("（一）", mark).replace("早退", "早走"))] == ["P113", "P205"]


def test_items_without_a_mark_are_one_finding() -> None:
    text = LISTED.replace("（二）", "")
    assert "（一）" in one(text, "（一）", "").remedy("zh")


def test_a_second_clause_that_is_wrong_is_still_found() -> None:
    text = RULE.replace("依据：Q-02", "依据：").replace("由：县委", "由：县尉")
    assert [(d.code, d.span.text) for d in errors(text)] == [("P103", "依据："), ("P200", "县尉")]


COLONS = [
    (RULE, "依据：Q-02", "依据 Q-02", "依据：", "依据"),
    (RULE, "依据：Q-02", "依据 《办法》第三条", "依据：", "依据"),
    (RULE, "应当：召回", "应当 召回", "应当：", "应当"),
    (RULE, "应当：召回", "应当召回", "应当：", "应当"),
    (RULE, "由：县委", "由，县委", "由：", "由"),
    (RULE, "当：类型", "当 类型", "当：", "当"),
    (RULE, "对：每一", "对 每一", "对：", "对"),
    (LISTED, "有下列情形之一：", "有下列情形之一", "有下列情形之一：", "有下列情形之一"),
    (PROCEDURE, "为期：七个", "为期 七个", "为期：", "为期"),
    (PROCEDURE, "记于：环节事", "记于 环节事", "记于：", "记于"),
    (RULE_EN, "basis: Q-02", "basis Q-02", "basis:", "basis"),
    (RULE_EN, "must: recall", "must recall", "must:", "must"),
    (RULE_EN, "by: county", "by county", "by:", "by"),
]


@pytest.mark.parametrize(("text", "right", "wrong", "written", "marked"), COLONS)
def test_a_missing_colon_is_named(text: str, right: str, wrong: str, written: str, marked: str) -> None:
    found = one(text, right, wrong)
    assert (found.code, found.span.text) == ("P112", marked)
    assert f"“{written}”" in found.remedy("zh")
    assert f"“{written}”" in found.remedy("en")


WORDS = [
    ("达到 三次", "达到", "不少于"), ("满三次", "满", "不少于"), ("至少三次", "至少", "不少于"),
    ("不低于 三次", "不低于", "不少于"), ("大于等于三次", "大于等于", "不少于"), ("大于或等于三次", "大于或等于", "不少于"),
    ("不得少于 三次", "不得少于", "不少于"), ("多于三次", "多于", "超过"), ("大于 三次", "大于", "超过"),
    ("少于三次", "少于", "不足"), ("低于 三次", "低于", "不足"), ("未满三次", "未满", "不满"),
    ("最多三次", "最多", "不超过"), ("不高于三次", "不高于", "不超过"), ("等于 三次", "等于", "为"),
    ("三次及以上", "及以上", "以上"), ("三次或以上", "或以上", "以上"), ("三次或者以上", "或者以上", "以上"),
    ("三次及以下", "及以下", "以下"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "marked", "instead"), WORDS)
def test_a_legal_word_is_named_with_what_means_the_same(wrong: str, marked: str, instead: str) -> None:
    found = one(COUNT, "不少于 三次", wrong)
    assert (found.code, found.span.text) == ("P113", marked)
    assert f"写“{instead}”" in found.remedy("zh")
    assert errors(COUNT.replace("不少于 三次", wrong.replace(marked, instead))) == []


STRETCHES = [
    ("任意半年内 ", "半年", "六个月"), ("任何六个月内 ", "任何", "任意"), ("任一六个月内 ", "任一", "任意"),
    ("任意 六个月内的 ", "内的", "内"), ("任意六个月之内 ", "之内", "内"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "marked", "instead"), STRETCHES)
def test_a_stretch_of_time_is_named_with_what_means_the_same(wrong: str, marked: str, instead: str) -> None:
    found = one(COUNT, "行为（", wrong + "行为（")
    assert (found.code, found.span.text) == ("P113", marked)
    assert f"写“{instead}”" in found.remedy("zh")
    assert errors(COUNT.replace("行为（", wrong.replace(marked, instead) + "行为（")) == []


def test_a_quarter_has_two_meanings_and_the_drafter_chooses() -> None:
    found = one(COUNT, "行为（", "任意一个季度内 行为（")
    assert (found.code, found.span.text) == ("P113", "一个季度")
    assert "三个月" in found.remedy("zh")
    assert "自然季度" in found.remedy("zh")


@pytest.mark.parametrize(
    ("wrong", "marked", "instead"),
    [("at least 3 times", "at least", "at_least"), ("more than 3 times", "more than", "over"), ("3 times or more", "or more", "or_more")],
)  # fmt: skip
def test_an_english_word_is_named_with_what_means_the_same(wrong: str, marked: str, instead: str) -> None:
    text = RULE_EN.replace("    for: each conduct\n", "")
    right = "conduct (happened_on not_before start_day) 's count "
    found = one(text, "kind is late", right + wrong)
    assert (found.code, found.span.text) == ("P113", marked)
    assert errors(text.replace("kind is late", right + wrong.replace(marked, instead))) == []


def test_a_declared_name_is_never_taken_for_a_slip() -> None:
    """达标半年 holds 达 and 半年, and is the author's own word."""
    text = "定义 达标半年 good_half\n    依据：Q-02\n    是指：身份 为 公务员\n\n" + COUNT
    assert errors(text.replace("不少于 三次", "不少于 三次 且 达标半年")) == []
    assert one(text, "不少于 三次", "达到 三次 且 达标半年").span.text == "达到"


HEADS = [
    (RULE, "应当：", "必须：", "应当："), (RULE, "应当：", "须：", "应当："), (RULE, "应当：", "禁止：", "不得："),
    (RULE, "当：", "如果：", "当："), (RULE, "当：", "若：", "当："),
    (RULE, "应当：", "可：", "可以："), (RULE, "依据：", "根据：", "依据："), (RULE, "对：", "对于：", "对："),
    (RULE, "应当：", "一般 应当：", "一般应当："), (RULE, "应当：", "must：", "应当："), (RULE, "当：", "when：", "当："),
    (RULE_EN, "must:", "shall:", "must:"), (RULE_EN, "when:", "if:", "when:"), (RULE_EN, "when:", "当:", "when:"),
    (RULE_EN, "must:", "prohibited:", "must_not:"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right", "wrong", "instead"), HEADS)
def test_a_heading_that_does_not_exist_is_met_with_the_nearest(text: str, right: str, wrong: str, instead: str) -> None:
    found = one(text, "    " + right, "    " + wrong)
    assert (found.code, found.span.text) == ("P113", wrong[:-1])
    assert f"“{instead}”" in found.remedy("zh")
    assert f"“{instead}”" in found.remedy("en")
    # What is no duty cannot be waived, as the base has it.
    assert {d.code for d in errors(text.replace("    " + right, "    " + instead))} <= {"P318"}


@pytest.mark.parametrize(("wrong", "one_of"), [("宜", "可以"), ("优先", "一般应当"), ("不应当", "不宜")])
def test_a_heading_that_may_mean_two_leaves_the_choice(wrong: str, one_of: str) -> None:
    found = one(RULE, "应当：", wrong + "：")
    assert (found.code, found.span.text) == ("P113", wrong)
    assert f"“{one_of}：”" in found.remedy("zh")
    assert f"“{one_of}：”" in found.remedy("en")


def test_no_heading_is_suggested_that_the_declaration_cannot_have() -> None:
    found = one("参数 次数线 limit\n    依据：Q-02\n    取值：三次\n\n" + RULE, "取值：三次", "取值：三次\n    必须：召回")
    assert (found.code, found.span.text, found.suggestion) == ("P300", "必须", "")


@pytest.mark.parametrize("wrong", ["宜", "优先", "依椐", "适宜", "不准予"])
def test_no_heading_is_met_with_its_opposite(wrong: str) -> None:
    found = one(RULE, "应当", wrong)
    assert ("不" in found.suggestion) == (bool(found.suggestion) and "不" in wrong)
    assert "不宜" not in found.remedy("zh")


@pytest.mark.parametrize(
    ("right", "wrong", "marked", "meant"),
    [
        ("由：县委", "由：县委常委会", "县委常委会", "县委"),
        ("由：县委", "由：组织部长", "组织部长", "组织部"),
        ("由：县委", "由：新县委", "新县委", "县委"),
        ("应当：召回", "应当：召回人", "召回人", "召回"),
        ("对：每一 行为", "对：每一 行为人", "行为人", "行为"),
        ("类型 为 迟到", "类型 为 迟到者", "迟到者", "迟到"),
        ("类型 为 迟到", "类型号 为 迟到", "类型号", "类型"),
    ],
)
def test_a_name_that_begins_with_a_declared_one_is_not_cut(right: str, wrong: str, marked: str, meant: str) -> None:
    found = one(RULE, right, wrong)
    assert (found.code, found.span.text, found.suggestion) == ("P200", marked, meant)


@pytest.mark.parametrize(
    "written",
    ["二〇二三年三月一日", "二零二三年三月一日", "二○二三年三月一日", "2023年三月一日", "二〇二三年03月01日"],
)
def test_a_day_in_chinese_numerals_is_read_and_rewritten(written: str) -> None:
    base = Source("rules", BASE.replace("2023年3月1日", written) + RULE)
    checked = check(Pack("q", (base,), {}, (base,)))
    assert not [d for d in checked.findings if d.severity == "error"]
    assert "施行：自 2023年3月1日 起" in fmt(checked.documents[0], checked.lexicon, "zh")


@pytest.mark.parametrize("text", ["一九九九年十二月三十一日", "二〇二〇年十月二十日", "二〇二四年二月二十九日"])
def test_every_part_of_such_a_day_is_read(text: str) -> None:
    end, (year, month, day) = read_date(text, 0, "zh") or (0, (0, 0, 0))
    assert end == len(text)
    spelt = "".join("〇一二三四五六七八九"[int(c)] for c in str(year))
    assert f"{spelt}年{to_chinese(month)}月{to_chinese(day)}日" == text


def test_a_month_or_a_year_alone_is_a_date_and_a_duration_is_not() -> None:
    assert read_date("二〇二三年三月", 0, "zh") == (7, (2023, 3, 0))
    assert read_date("二〇二三年", 0, "zh") == (5, (2023, 0, 0))
    assert read_date("三年", 0, "zh") is None
    assert read_date("二千零二十三年", 0, "zh") is None


DATES = ["2023.3.1", "2023.03.01", "2023-03-01", "2023-3-1", "2023/3/1", "2023－03－01", "2023年3月1号"]


@pytest.mark.parametrize("wrong", DATES)
@pytest.mark.parametrize("right", ["当：类型 为 迟到", "    施行"])
def test_a_date_written_otherwise_is_told_how_it_is_written(right: str, wrong: str) -> None:
    text = RULE if right.startswith("当") else RULE.replace("    由：", "    施行：自 2023年3月1日 起\n    由：")
    changed = (right, f"当：发生日 不早于 {wrong}") if right.startswith("当") else ("2023年3月1日", wrong)
    found = one(text, *changed)
    assert (found.code, found.span.text) == ("P113", wrong)
    assert "“2023年3月1日”" in found.remedy("zh")
    assert errors(text.replace(changed[0], changed[1].replace(wrong, "2023年3月1日"))) == []


@pytest.mark.parametrize("wrong", ["2023.3.1", "2023/03/01"])
def test_an_english_date_is_told_how_it_is_written(wrong: str) -> None:
    found = one(RULE_EN, "kind is late", f"happened_on not_before {wrong}")
    assert (found.code, found.span.text) == ("P113", wrong)
    assert "“2023-03-01”" in found.remedy("en")


def test_a_difference_of_numbers_is_no_date() -> None:
    for text in ("2023-3", "2023-13", "2023 - 03 - 01", "20230301", "2023.5"):
        assert misread_date(text, 0, "zh") is None


SETS = [
    (RULE, "类型 为 迟到", "类型 为 迟到 或 早退", "类型 为 迟到 或 早退", "类型 属于 {迟到、早退}"),
    (RULE, "类型 为 迟到", "类型 为 迟到或早退", "类型 为 迟到或早退", "类型 属于 {迟到、早退}"),
    (RULE, "类型 为 迟到", "类型 属于 迟到 或 早退", "类型 属于 迟到 或 早退", "类型 属于 {迟到、早退}"),
    (RULE, "类型 为 迟到", "类型 属于 迟到", "类型 属于 迟到", "类型 属于 {迟到}"),
    (RULE, "类型 为 迟到", "类型 属于 迟到、早退", "属于 迟到、早退", "属于 {迟到、早退}"),
    (RULE, "类型 为 迟到", "类型 属于 （迟到、早退）", "属于 （迟到、早退）", "属于 {迟到、早退}"),
    (RULE, "类型 为 迟到", "类型 属于 [迟到、早退]", "属于 [迟到、早退]", "属于 {迟到、早退}"),
    (RULE, "类型 为 迟到", "类型 为 迟到、早退", "为 迟到、早退", "属于 {迟到、早退}"),
    (RULE, "类型 为 迟到", "类型 为 {迟到、早退}", "为 {迟到、早退}", "属于 {迟到、早退}"),
    (RULE, "类型 为 迟到", "类型 不是 {迟到、早退}", "不是 {迟到、早退}", "不属于 {迟到、早退}"),
    (RULE, "类型 为 迟到", "类型 为 迟到 或者 早退", "为 迟到 或者 早退", "属于 {迟到、早退}"),
    (RULE_EN, "kind is late", "kind is late or early_leave", "kind is late or early_leave", "kind in {late, early_leave}"),
    (RULE_EN, "kind is late", "kind in late, early_leave", "in late, early_leave", "in {late, early_leave}"),
    (RULE, "应当：召回", "应当：召回或免职", "召回或免职", "召回或者免职"),
    (RULE, "应当：召回", "应当：召回 且 免职", "召回 且 免职", "召回和免职"),
    (RULE_EN, "must: recall", "must: recall or removal", "recall or removal", "recall or_else removal"),
    (RULE_EN, "must: recall", "must: recall and removal", "recall and removal", "recall together_with removal"),
    (RULE, "应当：召回", "应当：召回\n    期限：自 发生日 起 半年", "半年", "六个月"),
    (RULE, "应当：召回", "应当：召回\n    期限：自 发生日 起 十日内", "十日内", "十日"),
    (RULE, "应当：召回", "应当：召回\n    期限：自 发生日 起 十日以内", "十日以内", "十日"),
]


@pytest.mark.parametrize(("text", "right", "wrong", "marked", "instead"), SETS)
def test_the_remedy_gives_what_to_write(text: str, right: str, wrong: str, marked: str, instead: str) -> None:
    found = one(text, right, wrong)
    assert (found.code, found.span.text) == ("P113", marked)
    assert f"写“{instead}”" in found.remedy("zh")
    assert f"write “{instead}”" in found.remedy("en")
    assert errors(text.replace(right, wrong.replace(marked, instead))) == []


@pytest.mark.parametrize(
    ("text", "after", "wrong", "marked", "instead"),
    [
        (RULE, "应当：召回", "期限：十个工作日", "十个工作日", "自 某日 起 十个工作日"),
        (RULE, "应当：召回", "期限：十个工作日内", "十个工作日内", "自 某日 起 十个工作日"),
        (RULE, "应当：召回", "期间：六个月", "六个月", "自 某日 起 六个月"),
        (RULE_EN, "must: recall", "deadline: 10 working days", "10 working days", "from a_day onward 10 working days"),
    ],
)
def test_a_period_without_its_first_day_is_told_to_name_it(text: str, after: str, wrong: str, marked: str, instead: str) -> None:
    found = one(text, after, f"{after}\n    {wrong}")
    assert (found.code, found.span.text) == ("P113", marked)
    assert f"“{instead}”" in found.remedy("zh")
    filled = instead.replace("某日", "发生日").replace("a_day", "happened_on")
    assert errors(text.replace(after, f"{after}\n    {wrong.replace(marked, filled)}")) == []


def test_a_number_of_times_is_no_stretch_of_time() -> None:
    found = one(COUNT, "行为（", "任意三次内 行为（")
    assert (found.code, found.span.text) == ("P113", "三次")
    assert "任意三个月内" in found.remedy("zh")


@pytest.mark.parametrize(("wrong", "bound"), [("超过三次以上", "以上"), ("不足 三次以下", "以下"), ("不少于三次以上", "以上")])
def test_a_number_bounded_twice_is_bounded_once(wrong: str, bound: str) -> None:
    found = one(COUNT, "不少于 三次", wrong)
    assert (found.code, found.span.text) == ("P113", wrong)
    assert errors(COUNT.replace("不少于 三次", wrong.removesuffix(bound))) == []


def test_a_value_by_itself_is_told_the_condition() -> None:
    found = one(COUNT, "发生日 不早于 施行日", "发生日 不早于 施行日，类型 为 迟到、早退")
    assert (found.code, found.span.text) == ("P202", "早退")
    assert "{早退、…}" in found.remedy("zh")


@pytest.mark.parametrize(
    ("right", "wrong", "marked", "instead"),
    [
        ("由：县委", "由：县委及组织部", "及", "、"),
        ("由：县委", "由：县委 会同 组织部", "会同", "、"),
        ("应当：召回", "应当：召回并免职", "并", "和"),
        ("应当：召回", "应当：召回以及免职", "以及", "和"),
        ("应当：召回", "应当：召回，并 免职", "，并", "和"),
    ],
)
def test_two_names_are_joined_as_the_clause_joins_them(right: str, wrong: str, marked: str, instead: str) -> None:
    found = one(RULE, right, wrong)
    assert (found.code, found.span.text) == ("P113", marked)
    assert f"“{instead}”" in found.remedy("zh")
    assert errors(RULE.replace(right, wrong.replace(marked, instead))) == []


@pytest.mark.parametrize(
    ("right", "wrong", "marked", "wanted"),
    [("应当：召回", "应当：召回 免职", "免职", "或者"), ("当：类型 为 迟到", "当：类型 迟到", "迟到", "为、属于")],
)
def test_two_names_side_by_side_want_something_between(right: str, wrong: str, marked: str, wanted: str) -> None:
    found = one(RULE, right, wrong)
    assert (found.code, found.span.text) == ("P101", marked)
    assert wanted in found.remedy("zh")


def test_a_number_with_an_unknown_unit_is_told_the_units() -> None:
    found = one(COUNT, "不少于 三次", "不少于 三回")
    assert (found.code, found.span.text) == ("P113", "三回")
    assert "次" in found.remedy("zh")
