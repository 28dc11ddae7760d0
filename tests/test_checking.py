"""What is wrong in a policy is found where it stands, once, and nothing that is written is passed over in silence."""

from __future__ import annotations

import pytest
from packs import REGIME, VOCABULARY, both, day, decided, findings, gap, gaps, policy, record, same

from policy_dsl.cases import run
from policy_dsl.check import check
from policy_dsl.compiled import compile
from policy_dsl.evaluate import Evaluation
from policy_dsl.explanation import Frame
from policy_dsl.language.fmt import fmt
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack
from policy_dsl.report.json import plain
from policy_dsl.report.opinion import opinion


def wrong(text: str, vocabulary: str = VOCABULARY) -> list[tuple[str, str]]:
    """The errors of a text: their codes, and the words they point at."""
    return [(d.code, d.span.text) for d in findings(text, vocabulary) if d.severity == "error"]


RULE = "规定 甲 rule_a\n    依据：A-01\n"
PARAMETER = "参数 例 instance\n    依据：A-01\n"
DEFINITION = "定义 例 instance\n    依据：A-01\n"
CHILD = "制度 子 child\n    依据：A-09\n"
STAGE = "程序 流程 process\n    对：每一 召回\n    依据：A-20\n    记于：环节\n    环节 学习 study\n        由：县委\n"

WRONG = {
    "a layer misspelt": (RULE + "    层级：计画\n    应当：召回\n", ("P202", "计画")),
    "a second layer": (RULE + "    层级：载明、计划\n    应当：召回\n", ("P202", "计划")),
    "a second regime above": (CHILD + "    上位：试验办法、不存在\n", ("P202", "不存在")),
    "an unknown regime above": (CHILD + "    上位：不存在\n", ("P200", "不存在")),
    "a definition with a start": (DEFINITION + "    施行：自 2018年1月1日 起\n    是指：怀孕\n", ("P300", "施行：自 2018年1月1日 起")),
    "a deadline that is a length": (RULE + "    应当：召回\n    期限：三十日\n", ("P113", "三十日")),
    "a moment that is no date": (RULE + "    应当：召回\n    时点：职级\n", ("P202", "职级")),
    "a start that is no date": (RULE + "    应当：召回\n    施行：自 职级 起\n", ("P202", "职级")),
    "a period without a start": (RULE + "    应当：召回\n    期间：三个月\n", ("P113", "三个月")),
    "a period of no stage": (RULE + "    应当：召回\n    期间：某某段\n", ("P200", "某某段")),
    "a period before a day": (RULE + "    应当：召回\n    期间：早于 2018年1月1日\n", ("P317", "早于 2018年1月1日")),
    "done by what is no date": (RULE + "    应当：召回\n    完成：职级\n", ("P202", "职级")),
    "done by what nobody declared": (RULE + "    应当：召回\n    完成：某某日\n", ("P200", "某某日")),
    "an amount in another unit": (RULE + "    应当：扣奖 三次\n", ("P202", "三次")),
    "a bound in another unit": (RULE + "    应当：扣奖 三次以上\n", ("P202", "三次")),
    "an amount of what has none": (RULE + "    应当：召回 3元\n", ("P202", "召回")),
    "an amount compared for likeness": (RULE + "    应当：扣奖 为 3元\n", ("P202", "扣奖 为 3元")),
    "a list of values that goes on": (DEFINITION + "    是指：怀孕 等\n", ("P202", "怀孕 等")),
    "two meanings": (DEFINITION + "    是指：怀孕\n    同时符合：\n        （一）患病；\n", ("P312", "同时符合：\n        （一）患病")),
    "a value beside possible ones": (PARAMETER + "    取值：三日\n    可能：三日、五日\n", ("P312", "可能：三日、五日")),
    "possible values in two units": (PARAMETER + "    可能：三日、四次\n", ("P202", "四次")),
    "a possible value among bounds": (PARAMETER + "    可能：一次、三次以上\n", ("P202", "一次")),
    "a key left out": (PARAMETER + "    按：职级\n        （一）正科：三日；\n        （二）科员：五日；\n", ("P314", "例")),
    "a key given twice": (PARAMETER + "    按：职级\n        （一）正科：三日；\n        （二）正科：五日；\n        （三）其余：未载明；\n", ("P201", "正科")),
    "a key of another class": (PARAMETER + "    按：职级\n        （一）合格：三日；\n        （二）其余：五日；\n", ("P205", "合格")),
    "rows of two units": (PARAMETER + "    按：职级\n        （一）正科：三日；\n        （二）其余：四次；\n", ("P202", "四次")),
    "keyed by no class": (PARAMETER + "    按：入职日\n        （一）正科：三日；\n", ("P202", "入职日")),
    "a keyed parameter that names itself": (PARAMETER + "    按：职级\n        （一）正科：三日；\n        （二）其余：例（职级）；\n", ("P305", "例（职级）")),
    "a second regime on top": (CHILD, ("P320", "子")),
    "a regime above itself": (CHILD + "    上位：子\n", ("P305", "子")),
    "a regime replaced by what is none": (CHILD + "    上位：试验办法\n    接替：不存在\n", ("P200", "不存在")),
    "a reach left to no rule": (CHILD + "    上位：试验办法\n    溯及：依 错规\n", ("P200", "错规")),
    "a reach that is no reach": (CHILD + "    上位：试验办法\n    溯及：怀孕\n", ("P202", "怀孕")),
    "a scope of a regime without rules": (CHILD + "    上位：试验办法\n    适用：身份 为 法官\n", ("P205", "法官")),
    "a reach by a condition of a regime without rules": (CHILD + "    上位：试验办法\n    溯及：\n        （一）身份 为 法官：不溯及；\n        （二）其余：及于既往；\n", ("P205", "法官")),
    "what makes no difference": ("性质 例 instance\n    依据：A-01\n    不变于：某某词\n", ("P200", "某某词")),
    "what is never graver": ("性质 例 instance\n    依据：A-01\n    不重于：某某词\n", ("P200", "某某词")),
    "how long a stage lasts": (STAGE + "        为期：三次\n", ("P317", "三次")),
    "what is filed": (STAGE + "        提交：某某书，由 县委\n", ("P200", "某某书")),
    "who files it": (STAGE + "        提交：结束日，由 某某处\n", ("P200", "某某处")),
    "where it is recorded": (STAGE.replace("记于：环节", "记于：某某表"), ("P200", "某某表")),
    "where a stage leads": (STAGE + "        之后：学习、学习\n", ("P202", "学习、学习")),
    "a body that is text": (RULE + "    可以：召回\n    由：“某局”\n", ("P202", "“某局”")),
    "a case that says no status": (RULE + "    应当：召回\n\n案例 空 empty\n    决定日：2018年6月1日\n    事实：\n        （一）怀孕：是；\n    结论：\n        （一）召回；\n", ("P302", "召回")),
    "a case about no list": (RULE + "    应当：召回\n\n案例 空 empty\n    决定日：2018年6月1日\n    事实：\n        （一）怀孕：是；\n    结论：\n        （一）某某表 1：应当 召回；\n", ("P200", "某某表")),
    "a definition named like a fact": ("定义 怀孕 pregnant\n    依据：A-01\n    是指：患病\n", ("P201", "怀孕")),
    "a finding named like a fact": ("认定 例 instance\n    由：县委\n        （一）怀孕 pregnant：是否怀孕，A-01；\n", ("P201", "怀孕")),
    "two meanings of one name": ("解读 例 instance\n    依据：A-01\n    问：怎样读\n        （一）从宽 wide：都算；\n        （二）从宽 wide：都不算；\n", ("P201", "从宽")),
    "an effect nobody ranks": (RULE + "    当：有 处理（种类 召回以上）\n    应当：召回\n", ("P204", "种类 召回以上")),
    "an option by itself": (RULE + "    当：迟到\n    应当：召回\n", ("P202", "迟到")),
    "a word of a row outside it": (RULE + "    当：类型 为 迟到\n    应当：召回\n", ("P208", "类型")),
    "bounds the wrong way round": (PARAMETER + "    授权：五次以上、二次以下\n", ("P322", "二次")),
    "bounds the wrong way round, the upper first": (PARAMETER + "    授权：二次以下、五次以上\n", ("P322", "二次")),
    "bounds that meet where one leaves out the meeting point": (PARAMETER + "    授权：五次以外、五次以下\n", ("P322", "五次")),
    "possible bounds the wrong way round": (PARAMETER + "    可能：五日以上、二日以下\n", ("P322", "二日")),
    "a lower bound given twice": (PARAMETER + "    授权：二次以上、五次以上\n", ("P301", "五次以上")),
    "a bound delegated in another unit": (PARAMETER + "    授权：二次以上、五日以下\n", ("P202", "五日")),
    "a bound that is not written out": (PARAMETER.replace("例 instance", "数 number") + "    取值：三次\n\n" + PARAMETER + "    授权：数 以上\n    单位：次\n", ("P202", "数")),
    "an amount the wrong way round": (RULE + "    应当：扣奖 5000元以上 3000元以下\n", ("P322", "3000元")),
    "an amount with two lower bounds": (RULE + "    应当：扣奖 3000元以上 5000元以上\n", ("P202", "扣奖 3000元以上 5000元以上")),
    "a range of numbers the wrong way round": (RULE + "    当：行为的次数 五次以上 三次以下\n    应当：提醒\n", ("P322", "三次")),
    "a range of ranks the wrong way round": (RULE + "    当：职级 正科以上 科员以下\n    应当：提醒\n", ("P322", "科员")),
    "in force until before it began": (CHILD + "    上位：试验办法\n    施行：自 2018年1月1日 起 至 2017年12月31日\n", ("P322", "2017年12月31日")),
    "in force until the month before it began": (CHILD + "    上位：试验办法\n    施行：自 2018年2月 起 至 2018年1月\n", ("P322", "2018年1月")),
    "a rule in force until before it began": (RULE + "    应当：提醒\n    施行：自 2018年1月1日 起 至 2017年12月31日\n", ("P322", "2017年12月31日")),
    "a period that ends before it begins": (RULE + "    不得：提拔\n    期间：自 2018年1月1日 起 至 2017年12月31日\n", ("P322", "2017年12月31日")),
    "a question without an answer": ("解读 例 instance\n    依据：A-01\n    问：怎样读\n", ("P302", "问：怎样读")),
    "a body that is an effect": (RULE + "    可以：召回\n    由：免职\n", ("P202", "免职")),
    "each of what is no list": (RULE + "    对：每一 身份\n    应当：召回\n", ("P202", "身份")),
    "a reading nobody declared": (RULE + "    当：读法口径 取 从宽\n    应当：召回\n", ("P200", "读法口径")),
    "a reading nobody declared in a case": (RULE + "    应当：召回\n\n案例 空 empty\n    决定日：2018年6月1日\n    事实：\n        （一）怀孕：是；\n    结论：\n        （一）溯及口径 取 甲：应当 召回；\n", ("P200", "溯及口径")),
    "an unknown clause": (RULE + "    当：怀孕\n    条件：患病\n    应当：召回\n", ("P113", "条件")),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_it_is_found_once_and_where_it_stands(name: str) -> None:
    text, expected = WRONG[name]
    assert wrong(REGIME + text) == [expected]


RIGHT = {
    "bounds that meet": PARAMETER + "    授权：五次以上、五次以下\n",
    "bounds in either order": PARAMETER + "    授权：五次以下、二次以上\n",
    "bounds next to one another": PARAMETER + "    授权：四次以外、五次以下\n",
    "possible bounds that meet": PARAMETER + "    可能：五日以上、五日以下\n",
    "an amount that meets": RULE + "    应当：扣奖 3000元以上 3000元以下\n",
    "a range of one number": RULE + "    当：行为的次数 三次以上 三次以下\n    应当：提醒\n",
    "a range of one rank": RULE + "    当：职级 正科以上 正科以下\n    应当：提醒\n",
    "in force for one day": CHILD + "    上位：试验办法\n    施行：自 2018年1月1日 起 至 2018年1月1日\n",
    "in force within one month": CHILD + "    上位：试验办法\n    施行：自 2018年1月31日 起 至 2018年1月\n",
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_range_that_holds_one_value_is_a_range(name: str) -> None:
    assert wrong(REGIME + RIGHT[name]) == []


def test_no_clause_is_lost_with_an_unknown_one() -> None:
    """The clause above one that does not parse is read; what the lost one may have said is not said to be missing."""
    assert wrong(f"{REGIME}{RULE}    当：某某事\n    条件：患病\n    应当：召回\n") == [
        ("P200", "某某事"),
        ("P113", "条件"),
    ]
    assert wrong(f"{REGIME}{RULE}    应当：：召回\n") == [("P101", "：")]
    assert wrong(f"{REGIME}{RULE}    应该：召回\n") == [("P113", "应该")]
    assert wrong(f"{REGIME}规定 甲 rule_a\n    根据：A-01\n    可能：召回\n") == [
        ("P113", "根据"),
        ("P300", "可能：召回"),
    ]


LONELY = {
    "处置 从重处置": "从重处置",
    "处置 迟到处置": "迟到处置",
    "处置 一般 处置": "一般",
    "处置 迟到": "迟到",
    "处置 heavier": "heavier",
    "disposition heavier": "heavier",
    "disposition 从重处置": "从重处置",
}


@pytest.mark.parametrize("head", LONELY)
def test_a_name_without_its_twin_is_said_once(head: str) -> None:
    """Even where the name is made of words there are, and where it is used further on."""
    body = "    依据：A-01\n    应当：提醒\n" if head.startswith("处置") else "    basis: A-01\n    must: reminder\n"
    assert wrong(f"{REGIME}{head}\n{body}") == [("P123", LONELY[head])]
    assert wrong(f"{REGIME}{head}\n{body}\n除外 乙 rule_b\n    依据：A-02\n    不适用：{LONELY[head]}\n")[0] == ("P123", LONELY[head])
    assert wrong(f"{REGIME}处置 迟到处置 late_measure\n    依据：A-01\n    应当：提醒\n") == []


LONELY_INSIDE = {
    "a stage": (STAGE.replace("学习 study", "学习"), "学习"),
    "a reading": ("解读 例 instance\n    依据：A-01\n    问：怎样读\n        （一）从宽 wide：都算；\n        （二）从严：都不算，也不等；\n", "从严"),
    "a finding": ("认定 例 instance\n    由：县委\n        （一）已经查实：是否查实，A-01；\n", "已经查实"),
    "a finding of a class": ("认定 例 instance\n    由：县委\n        （一）查得〔评定〕：查得怎样，A-01；\n", "查得"),
}


@pytest.mark.parametrize("name", LONELY_INSIDE)
def test_a_name_inside_a_declaration_has_its_twin_too(name: str) -> None:
    text, lonely = LONELY_INSIDE[name]
    assert wrong(REGIME + text) == [("P123", lonely)]


LONELY_LINES = {
    "类 等级 step：优等 top、良 、等": ["良"],
    "类 等级：优等 top、良等 good": ["等级"],
    "序 等级 step：良等 ＜ 优等 top": ["良等"],
    "事实 党龄：年": ["党龄"],
    "清单 谈话 talk（谈话日）：谈话日：日期、方式 manner：文本": ["谈话日"],
    "清单 谈话（谈话日）：谈话日 talked_on：日期 可无": ["谈话"],
    "效果 帮扶 helping 中性：列入提醒名单": ["列入提醒名单"],
    "效果 帮扶 不利 由轻到重：批评 critique ＜ 重罚（元）": ["帮扶", "重罚"],
    "机关 纪委 discipline、派出所": ["派出所"],
    "机关 纪委 discipline、\n        派出所": ["派出所"],
    "类 等级 step：优等 top、等": [],
    "效果 帮扶 helping 不利 由轻到重：批评 critique ＜ 重罚 fine（元）": [],
}


@pytest.mark.parametrize("line", LONELY_LINES)
def test_a_word_of_the_vocabulary_has_its_twin(line: str) -> None:
    assert wrong(REGIME, f"{VOCABULARY}    {line}\n") == [("P123", x) for x in LONELY_LINES[line]]


UNTYPED = {
    "事实 任职届数 terms：届数": ("届数", "数值"),
    "事实 任职日 from_day：日其": ("日其", "日"),
    "事实 等级 step：职及 可无": ("职及", "职级"),
    "清单 谈话 talk（谈话日）：谈话日 talked_on：日期、方式 manner：文体": ("文体", "文本"),
    "清单 谈话 talk（谈话日）：谈话日 talked_on：日期、所涉 about：行围": ("行围", "行为"),
}


@pytest.mark.parametrize("line", UNTYPED)
def test_a_type_nobody_declared_is_no_text(line: str) -> None:
    found = [d for d in findings(REGIME, f"{VOCABULARY}    {line}\n") if d.severity == "error"]
    assert [(d.code, d.span.text, d.suggestion) for d in found] == [("P200", *UNTYPED[line])]


def test_a_fact_may_be_the_number_of_a_row() -> None:
    assert wrong(REGIME, f"{VOCABULARY}    事实 所涉 about：行为\n") == []


def test_a_word_without_its_twin_is_known_for_a_word_where_it_is_used() -> None:
    words = f"{VOCABULARY}    效果 帮扶 helping 中性：列入提醒名单\n"
    assert wrong(f"{REGIME}{RULE}    应当：列入提醒名单\n", words) == [("P123", "列入提醒名单")]


def test_a_second_declaration_is_found_in_the_later_file_with_the_first_beside_it() -> None:
    """Whatever the files are called: what is shared comes first; a fact is not told by the class of its name."""
    for line, name in (("事实 职级 rank：职级", "职级"), ("机关 县委 committee", "县委")):
        more = Source("a/more.policy", f"词汇 别的词汇 more_words\n    {line}\n")
        sources = (Source("common/words.policy", VOCABULARY), more, Source("a/lab.policy", REGIME))
        (found,) = (d for d in check(Pack("lab", sources, {}, sources[1:])).findings if d.severity == "error")
        assert (found.code, found.span.source.name, found.span.text) == ("P201", "a/more.policy", name)
        first = found.others[0].span
        assert (first.source.name, first.text) == ("common/words.policy", name)
        head = VOCABULARY.rindex("\n", 0, first.start) + 1
        assert VOCABULARY[head:].strip().startswith(line.split(" ")[0])


MARKS = "    类 评定 mark：合格 passed、不合格 failed\n"
TWICE = {
    "事实 怀孕 pregnant：是否": "P201",
    "清单 某表 table（某日）：某日 some_day：日期、某日 some_day：日期": "P201",
    "清单 某表 table（级别）：级别 level：职级": "P202",
}


@pytest.mark.parametrize("line", TWICE)
def test_a_vocabulary_says_each_thing_once(line: str) -> None:
    assert [code for code, _ in wrong(REGIME, f"{VOCABULARY}    {line}\n")] == [TWICE[line]]


def test_a_class_has_each_option_once() -> None:
    twice = VOCABULARY.replace(MARKS, "    类 评定 mark：合格 passed、不合格 failed、合格 passed\n")
    assert wrong(REGIME, twice) == [("P201", "合格")]


# Units.

DELEGATED = """参数 次数线 limit
    依据：T-05
    授权：三次以上

规定 甲 rule_a
    依据：T-06
    当：行为（类型 为 迟到）的次数 不少于 次数线
    应当：提醒

制度 某镇细则 town_rules
    依据：某镇细则第一条
    上位：试验办法
    单位：“某镇”
    施行：自 2018年1月1日 起

参数 次数线 limit
    依据：某镇细则第三条
    取值：{}
"""
UNITS = REGIME.replace("    机关", "    下级：单位\n    机关") + DELEGATED
BY_DATE = "\n        （一）决定日 早于 2019年1月1日：{}；\n        （二）其余：四次；"


def test_a_units_value_is_held_to_what_is_delegated() -> None:
    assert wrong(UNITS.format("“甲”")) == [("P202", "“甲”")]
    assert wrong(UNITS.format("五日")) == [("P202", "五日")]
    assert wrong(UNITS.format("二次")) == [("P311", "二次")]
    assert wrong(UNITS.format("三次")) == []
    assert wrong(UNITS.format(BY_DATE.format("二次"))) == [("P311", "二次")]
    assert wrong(UNITS.format(BY_DATE.format("三次"))) == []


def late(n: int) -> dict[str, object]:
    rows = [{"编号": str(i), "发生日": "2018-05-20", "类型": "迟到"} for i in range(n)]
    return {"行为": {"齐备": True, "行": rows}, "单位": "某镇"}


def test_a_units_table_is_read_by_date() -> None:
    text = UNITS.format(BY_DATE.format("三次"))
    assert both(decided(text, late(3), on="2018-12-31"), "提醒") == same("must")
    assert both(decided(text, late(3), on="2019-01-01"), "提醒") == same("silent")


def test_a_gap_in_a_units_own_text_is_for_the_unit_to_fill() -> None:
    d = decided(UNITS.format("未载明"), late(3))
    assert gap(d, "次数线").who == ("本人所在单位",) and gap(d, "次数线").kind == "unprinted"


# What is not printed is not 无.

KEYED = """参数 观察期 watch
    依据：T-01
    按：职级
        （一）正科：三日；
        （二）其余：{}；

规定 甲 rule_a
    依据：T-02
    当：并非（观察期（职级） 超过 二日）
    应当：召回
"""


def test_the_rest_of_a_table_is_what_it_says_and_never_nothing() -> None:
    unprinted, said = REGIME + KEYED.format("未载明"), REGIME + KEYED.format("二日")
    for rank in ("科员", "副科"):
        assert both(decided(unprinted, {"职级": rank}), "召回") == same("silent", "must")
        assert both(decided(said, {"职级": rank}), "召回") == same("must")
    assert both(decided(unprinted, {"职级": "正科"}), "召回") == same("silent")


# Effects a text ranks.

RANKED = f"{REGIME}{RULE}    当：有 处理（种类 {{}}）\n    应当：提醒\n"
GRADES = ("警告", "记过", "开除")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("警告以上", "警告记过开除"), ("记过以上", "记过开除"), ("超过 记过", "开除"), ("开除以上", "开除"),
        ("记过以下", "警告记过"), ("不足 记过", "警告"), ("不足 警告", ""), ("警告以上 记过以下", "警告记过"),
    ],
)  # fmt: skip
def test_effects_of_a_ranked_group_compare_by_rank(condition: str, holds: str) -> None:
    p = policy(RANKED.format(condition))
    frame = Frame(day("2020-01-01"), {}, frozenset(("printed",)), False)
    compiled = compile(p, frame)
    for grade in (*GRADES, "召回", "提醒"):
        raw = {"处理": {"齐备": True, "行": [{"编号": "1", "生效日": "2019-01-01", "种类": grade}]}}
        d = decided(p, raw)
        assert both(d, "提醒") == same("must" if grade in holds else "silent"), grade
        walked = Evaluation(record(p, raw), frame)
        for (effect, of), found in zip(compiled.verdicts, compiled.statuses(record(p, raw))[0], strict=True):
            (person,) = [v.person for v in p.verdicts if v.effect == effect and of is None]
            assert found == walked.why(person, ()).value


def test_an_effect_that_is_not_known_may_rank_anywhere() -> None:
    d = decided(RANKED.format("记过以上"), {"处理": {"齐备": True, "行": [{"编号": "1", "生效日": "2019-01-01"}]}})
    assert both(d, "提醒") == same("silent", "must")
    assert {name for _, name in gaps(d)} == {"种类"}


# A choice keeps the strength of the duty to choose.

CHOICES = {
    "应当": "must_one_of",
    "原则上应当": "principle_one_of",
    "一般应当": "generally_one_of",
    "基本应当": "basically_one_of",
}


@pytest.mark.parametrize("modality", CHOICES)
def test_a_choice_keeps_its_strength(modality: str) -> None:
    text = f"{REGIME}{RULE}    {modality}：提醒或者登记\n    由：县委\n\n规定 乙 rule_b\n    依据：A-02\n    当：怀孕\n    {{}}：提醒\n    由：县委\n"
    d = decided(text.format("不得"), {"怀孕": "否"})
    assert both(d, "提醒") == both(d, "登记") == same(CHOICES[modality])
    (measure,) = plain(d)["measures"]
    assert measure["open"] == ["提醒", "登记"] and measure["chosen_by"] == ["县委"]
    d = decided(text.format("不得"), {"怀孕": "是"})
    assert both(d, "提醒") == same("must_not") and both(d, "登记") == same(CHOICES[modality])
    assert both(decided(text.format("应当"), {"怀孕": "是"}), "提醒") == same("must")
    assert both(decided(text.format("可以"), {"怀孕": "是"}), "提醒") == same(CHOICES[modality])


@pytest.mark.parametrize("modality", CHOICES)
def test_only_a_duty_to_choose_without_exception_conflicts_when_nothing_is_left(modality: str) -> None:
    text = f"{REGIME}{RULE}    {modality}：提醒或者登记\n    由：县委\n\n规定 乙 rule_b\n    依据：A-02\n    不得：提醒、登记\n"
    assert both(decided(text), "提醒") == same("conflict" if modality == "应当" else "must_not")


def test_cases_say_so_and_both_tongues_have_the_word() -> None:
    text = f"{REGIME}{RULE}    原则上应当：提醒或者登记\n    由：县委\n\n案例 空 empty\n    决定日：2018年6月1日\n    事实：\n        （一）怀孕：是；\n    结论：\n        （一）原则上应当择一 提醒；\n"
    p = policy(text)
    assert all(run(p, case).passed for case in p.cases)
    assert "原则上应当择一" in opinion(decided(p), "zh") and "in principle must one of" in opinion(decided(p), "en")


# Amounts.


@pytest.mark.parametrize(
    ("amount", "low", "high"),
    [
        ("20000元", ("20000", False), ("20000", False)), ("20000元以上", ("20000", False), None), ("超过 20000元", ("20000", True), None),
        ("20000元以下", None, ("20000", False)), ("不足 20000元", None, ("20000", True)),
        ("10000元以上 20000元以下", ("10000", False), ("20000", False)), ("10000元以外 20000元以下", ("10000", True), ("20000", False)),
        ("20000元以下 10000元以上", ("10000", False), ("20000", False)),
    ],
)  # fmt: skip
def test_an_amount_keeps_whether_its_bounds_are_in_it(
    amount: str, low: tuple[str, bool] | None, high: tuple[str, bool] | None
) -> None:
    d = decided(f"{REGIME}{RULE}    应当：扣奖 {amount}\n")
    (period,) = next(e for e in plain(d)["effects"] if e["name"] == "扣奖")["periods"]
    found = period["amount"]
    ends = (found["exactly"],) * 2 if "exactly" in found else (found["from"], found["to"])
    assert [None if e is None else (e["low"], e.get("excluded", False)) for e in ends] == [low, high]
    assert ("exactly" in found) == (amount == "20000元")
    assert ("应当，超过" in opinion(d, "zh")) == bool(low and low[1])


# Each printed place is its own unknown.


def test_one_month_printed_twice_is_two_days() -> None:
    """Nothing says that two texts that print no more than a month mean the same day of it."""
    rule = "规定 {0} rule_{1}\n    依据：T-0{1}\n    当：入职日 早于 2018年5月\n    应当：{2}\n\n"
    text = REGIME + rule.format("甲", 1, "提醒") + rule.format("乙", 2, "登记")
    d = decided(text, {"入职日": "2018-05-10"}, what_if=True)
    assert both(d, "提醒") == both(d, "登记") == same("silent", "must")
    assert [g.changes for g in d.gaps] == [(("提醒", None, None),), (("登记", None, None),)]
    assert all(len(results) == 1 for g in d.gaps for _, results in g.answers)


def test_one_place_used_twice_is_one_day() -> None:
    text = f"{REGIME}{DEFINITION}    是指：入职日 早于 2018年5月\n\n" + "".join(
        f"规定 {n} rule_{i}\n    依据：T-0{i}\n    当：例\n    应当：{x}\n\n"
        for i, (n, x) in enumerate((("甲", "提醒"), ("乙", "登记")))
    )
    (only,) = decided(text, {"入职日": "2018-05-10"}).gaps
    assert only.changes == (("提醒", None, None), ("登记", None, None))


# Spellings.


@pytest.mark.parametrize("figures", ["20000元", "20000 元", "２００００元", "２万元", "２００００　元"])
def test_figures_are_read_however_they_are_typed(figures: str) -> None:
    text = f"{REGIME}{RULE}    当：有 行为（金额 {figures}以上）\n    应当：提醒\n"
    assert wrong(text) == []
    for money, status in (("19999.99元", "silent"), ("20000元", "must")):
        rows = [{"编号": "1", "发生日": "2019-01-01", "金额": money}]
        assert both(decided(text, {"行为": {"齐备": True, "行": rows}}), "提醒") == same(status)
    checked = check(Pack("lab", (Source("v.policy", VOCABULARY), Source("lab.policy", text))))
    assert "金额 20000元以上" in fmt(checked.documents[1], checked.lexicon, "zh")


def test_full_width_dates_and_the_end_of_a_year() -> None:
    for written in ("年末（２０１８年）", "年末（2018年）", "２０１８年１２月３１日"):
        text = f"{REGIME}{RULE}    当：入职日 晚于 {written}\n    应当：提醒\n"
        assert both(decided(text, {"入职日": "2018-12-31"}), "提醒") == same("silent")
        assert both(decided(text, {"入职日": "2019-01-01"}), "提醒") == same("must")


def test_citations_go_on_after_a_comma() -> None:
    p = policy(
        f"{REGIME}规定 甲 rule_a\n    依据：A-01、\n        A-02，A-03、\n        公务员法第一条\n    应当：召回\n"
    )
    assert p.rules[0].basis == ("A-01", "A-02", "A-03", "公务员法第一条")


def test_a_period_from_a_day_for_so_long() -> None:
    short = (
        f"{REGIME}规定 甲 rule_a\n    对：每一 处理\n    依据：A-01\n    应当：提醒\n    期间：自 生效日 起 三个月\n"
    )
    long = short.replace("起 三个月", "起 至 自 生效日 起 三个月")
    raw = {"处理": [{"编号": "1", "生效日": "2019-10-15", "种类": "警告"}]}
    one, other = (plain(decided(text, raw)) for text in (short, long))
    assert one["effects"] == other["effects"] and any(e["periods"] for e in one["effects"])


@pytest.mark.parametrize(
    "line, words",
    [
        ("事实 编号 number：文本", ["编号"]),
        ("事实 记录 note：文本", ["记录"]),
        ("事实 次序 records：文本", ["次序"]),
        ("清单 出处 origin（某日）：某日 some_day：日期", ["出处"]),
        ("清单 变更 changes（某日）：某日 some_day：日期、来源 from_where：文本", ["变更", "来源"]),
        ("清单 流水 entries（某日）：某日 date：日期、编号 entry_number：文本", ["某日", "编号"]),
        # What is said of another kind of thing is no word of its own.
        ("事实 来源 origin：文本", []),
        ("事实 干部编号 cadre_number：文本", []),
        ("清单 流水 entries（某日）：某日 some_day：日期、变动 change：文本", []),
    ],
)
def test_no_name_is_a_word_that_the_record_keeps_for_itself(line: str, words: list[str]) -> None:
    assert wrong("", VOCABULARY + f"    {line}\n") == [("P212", x) for x in words]
