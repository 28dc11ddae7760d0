"""Every word of the language in both tongues: one table, read by the lexer, the formatter and the docs.

A row is (terminal of the grammar, key, Chinese words, English words); the first word of each is the canonical one.
Three tables, because three places ask: the head of a declaration, the head of a clause, and inside a line.
Head words may serve as names elsewhere; words of the third table may not.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen


@frozen
class Keyword:
    """One word of the language: its grammar terminal, its key in the tree, and how each tongue writes it."""

    terminal: str
    key: str
    zh: tuple[str, ...]
    en: tuple[str, ...]


def _rows(text: str) -> tuple[Keyword, ...]:
    rows = []
    for line in text.strip().splitlines():
        terminal, key, zh, en = (part.strip() for part in line.split("|"))
        rows.append(Keyword(terminal, key, tuple(zh.split()), tuple(en.split())))
    return tuple(rows)


# The head of a declaration, at the left margin.
KINDS: Final = _rows("""
KIND | regime     | 制度     | regime
KIND | vocabulary | 词汇     | vocabulary
KIND | parameter  | 参数     | parameter
KIND | reading    | 解读     | reading
KIND | finding    | 认定     | finding
KIND | definition | 定义     | definition
KIND | rule       | 规定     | rule
KIND | trigger    | 召回情形 | trigger
KIND | exemption  | 容错情形 | exemption
KIND | disposition | 处置    | disposition
KIND | exception  | 除外     | exception
KIND | consequence | 后果    | consequence
KIND | influence  | 影响期   | influence_period
KIND | remedy     | 救济     | remedy
KIND | procedure  | 程序     | procedure
KIND | roster     | 名册     | roster
KIND | property   | 性质     | property
KIND | case       | 案例     | case
KIND | note       | 存录     | note
""")

# The categories of a rule: one node, told apart by what it is.
RULE_KINDS: Final = ("rule", "trigger", "exemption", "disposition", "exception", "consequence", "influence", "remedy")

# The head of a clause: the first word of a line, before a colon.
CLAUSES: Final = _rows("""
CITED   | basis      | 依据   | basis
CITED   | reasons    | 理由   | reasons
WORDS   | layer      | 层级   | layer
TEXTUAL | remark     | 说明   | remark
TEXTUAL | question   | 问     | question
WORDS   | authority  | 机关   | authority
SPAN    | in_force   | 施行   | in_force
LOGIC   | scope      | 适用   | scope
TABLE   | reach_back | 溯及   | reach_back
WORDS   | above      | 上位   | above
WORDS   | replaces   | 接替   | replaces
WORDS   | unit       | 单位   | unit
LOGIC   | units      | 下级   | units
TABLE   | value      | 取值   | value
KEYED   | keyed_by   | 按     | keyed_by
LIMITS  | delegated  | 授权   | delegated
LIMITS  | possible   | 可能   | possible
FOR     | for        | 对     | for
BY      | by         | 由     | by
BY      | toward     | 向     | toward
TABLE   | means      | 是指   | means
LISTED  | any_of     | 有下列情形之一 | any_of
LISTED  | all_of     | 同时符合 | all_of
LOGIC   | when       | 当     | when
EFFECTS | must       | 应当   | must
EFFECTS | principle_must | 原则上应当 | in_principle_must
EFFECTS | generally_must | 一般应当 | generally_must
EFFECTS | basically_must | 基本应当 | basically_must
EFFECTS | may        | 可以   | may
EFFECTS | must_not   | 不得   | must_not
EFFECTS | should_not | 不宜   | should_not
WORDS   | disapplies | 不适用 | disapplies
WORDS   | may_disapply | 可以不适用 | may_disapply
SPAN    | deadline   | 期限   | deadline
SPAN    | during     | 期间   | during
WORDS   | done_by    | 完成   | done_by
LOGIC   | moment     | 时点   | moment
WORDS   | recorded_in | 记于  | recorded_in
LOGIC   | lasts      | 为期   | lasts
FILES   | files      | 提交   | files
TABLE   | then       | 之后   | then
LOGIC   | range      | 范围   | range
WORDS   | every      | 每     | every
LOGIC   | drawn      | 抽取   | drawn
LOGIC   | ranked     | 排名   | ranked
LOGIC   | share      | 占比   | share
WORDS   | rounding   | 取整   | rounding
WORDS   | yields     | 得出   | yields
LOGIC   | always     | 恒有   | always
WORDS   | invariant  | 不变于 | invariant_under
WORDS   | never_graver | 不重于 | never_graver
WORDS   | never_lighter | 增而不轻 | never_lighter_with
WORDS   | always_grounded | 必有依据 | always_grounded
WORDS   | always_decided | 必有决定者 | always_with_decider
WORDS   | no_effect_before | 施行前无效力 | no_effect_before_start_of
LOGIC   | decided_on | 决定日 | decided_on
LOGIC   | known_on   | 所知截至 | known_as_of
GIVEN   | facts      | 事实   | facts
CONCLUDED | outcomes | 结论   | outcomes
""")

# The head of a line of vocabulary.
LINES: Final = _rows("""
CLASS  | class  | 类   | class
ORDER  | order  | 序   | order
FACT   | fact   | 事实 | fact
LIST   | list   | 清单 | list
EFFECT | effect | 效果 | effect
BODY   | body   | 机关 | body
""")

# The head of a stage, inside a procedure.
STAGE_WORDS: Final = Keyword("STAGE", "stage", ("环节",), ("stage",))

# Inside a line. These, and only these, may not be names.
WORDS: Final = _rows("""
AND     | and      | 且       | and
OR      | or       | 或       | or
EITHER  | or_else  | 或者     | or_else
BOTH    | both     | 和       | together_with
NOT     | not      | 并非     | not
SOME    | some     | 有       | some
NONE    | none_of  | 没有     | no
COMPARE | is       | 为       | is
COMPARE | is_not   | 不是     | is_not
COMPARE | in       | 属于     | in
COMPARE | not_in   | 不属于   | not_in
COMPARE | at_least | 不少于   | at_least
COMPARE | at_most  | 不超过   | at_most
COMPARE | over     | 超过     | over
COMPARE | under    | 不足 不满 | under
COMPARE | before   | 早于     | before
COMPARE | after    | 晚于     | after
COMPARE | not_before | 不早于 | not_before
COMPARE | not_after | 不晚于  | not_after
COMPARE | taken_as | 取       | taken_as
BOUND   | at_least | 以上     | or_more
BOUND   | at_most  | 以下 以内 | or_less
BOUND   | over     | 以外     | or_beyond
WITHIN  | within   | 在近     | within_last
INSIDE  | inside   | 内       | inside
ANYSPAN | any_span | 任意     | in_any
SAMEYEAR | same_year | 同一自然年 | in_one_calendar_year
COUNT   | count    | 次数     | count
RUN     | run      | 连续年数 | consecutive_years
FOLD    | sum      | 合计     | total
FOLD    | max      | 最高     | highest
FOLD    | min      | 最低     | lowest
FOLD    | latest   | 最近     | latest
FOLD    | kinds    | 种数     | kinds
OF      | of       | 的       | 's
THIS    | this     | 本       | this
EACH    | each     | 每一     | each
FROM    | from     | 自       | from
START   | start    | 起       | onward
UNTIL   | until    | 至       | until
LEAST   | least    | 取小     | the_lesser
MOST    | most     | 取大     | the_greater
YEAREND | year_end | 年末     | year_end
MOMENT  | decision_day | 决定日 | decision_day
MOMENT  | start_day | 施行日  | start_day
ELSE    | otherwise | 其余    | otherwise
GAP     | unprinted | 未载明  | unprinted
GAP     | masked   | 隐去     | masked
GAP     | unverified | 未核实 | unverified
ETC     | etc      | 等       | etc
IF      | if       | 若       | if
THEN    | then     | 则       | then
AGENT   | by       | 由       | by
BECAUSE | because  | 因       | because
TRUTH   | yes      | 是       | yes
TRUTH   | no       | 否       | no_answer
STATE   | not_known | 不明    | not_known
STATE   | not_applicable | 无 | not_applicable
STATE   | unanswerable | 不能认定 | unanswerable
COMPLETE | complete | 齐备   | complete
FINDINGS | findings | 认定   | findings_on
FOLLOW  | follow   | 依       | following
STATUS  | must     | 应当     | must
STATUS  | principle_must | 原则上应当 | in_principle_must
STATUS  | generally_must | 一般应当 | generally_must
STATUS  | basically_must | 基本应当 | basically_must
STATUS  | must_waivable | 应当可免 | must_waivable
STATUS  | must_one_of | 应当择一 | must_one_of
STATUS  | principle_one_of | 原则上应当择一 | in_principle_must_one_of
STATUS  | generally_one_of | 一般应当择一 | generally_must_one_of
STATUS  | basically_one_of | 基本应当择一 | basically_must_one_of
STATUS  | may      | 可以     | may
STATUS  | may_unadvised | 可以而不宜 | may_unadvised
STATUS  | should_not | 不宜   | should_not
STATUS  | must_not | 不得     | must_not
STATUS  | silent   | 不发生   | does_not_arise
STATUS  | conflict | 冲突     | conflict
STATUS  | open     | 未定     | undetermined
LINE    | printed  | 就已载明者 | on_the_printed
LINE    | whole    | 全文     | on_the_whole
NOWHERE | nowhere  | 去向未载明 | destination_unprinted
RISING  | rising   | 由轻到重 | rising
POLARITY | burden  | 不利     | burdensome
POLARITY | benefit | 有利     | beneficial
POLARITY | neutral | 中性     | neutral
MARK    | over_time | 随时间  | over_time
MARK    | may_be_none | 可无  | may_be_none
TYPE    | truth    | 是否     | yes_no
TYPE    | day      | 日期     | a_date
TYPE    | text     | 文本     | a_text
TYPE    | stage_name | 环节名 | stage_name
TYPE    | effect   | 任一效果 | any_effect
TYPE    | number   | 数值     | a_number
TYPE    | times    | 次       | in_times
TYPE    | days     | 日 天    | in_days
TYPE    | working_days | 工作日 个工作日 | in_working_days
TYPE    | weeks    | 周       | in_weeks
TYPE    | months   | 个月 月  | in_months
TYPE    | years    | 年       | in_years
TYPE    | points   | 分       | in_points
TYPE    | yuan     | 元       | in_yuan
TYPE    | percent  | 比例     | in_percent
RETRO   | milder_of_both | 从旧兼从轻 | old_unless_milder
RETRO   | not_back | 不溯及   | not_back
RETRO   | back     | 及于既往 | reaches_back
LAYER   | printed  | 载明     | printed
LAYER   | practice | 做法     | practice
LAYER   | example  | 事例     | example
LAYER   | plan     | 计划     | plan
LAYER   | principle | 原则    | principle
LAYER   | national | 国家     | national
LAYER   | comparator | 参照   | comparator
LAYER   | interpretation | 解释 | interpretation
LAYER   | hypothetical | 假设 | hypothetical
""")

# Layers a decision admits unless told otherwise: a plan is not in force, a comparator is another county's, a
# hypothesis is nobody's.
DEFAULT_LAYERS: Final = ("printed", "practice", "example", "principle", "national", "interpretation")
LAYERS: Final = tuple(k.key for k in WORDS if k.terminal == "LAYER")

LANGUAGES: Final = ("zh", "en")

_KIND = {k.key: k for k in KINDS}
_CLAUSE = {k.key: k for k in CLAUSES}
_LINE = {k.key: k for k in LINES}
_WORD = {(k.terminal, k.key): k for k in WORDS}


def written(keyword: Keyword, lang: str) -> str:
    """How *lang* ('zh' or 'en') writes a keyword canonically."""
    return keyword.zh[0] if lang == "zh" else keyword.en[0]


def kind_word(key: str, lang: str) -> str:
    """The heading of a kind of declaration."""
    return written(STAGE_WORDS if key == "stage" else _KIND[key], lang)


def clause_word(key: str, lang: str) -> str:
    """The heading of a clause."""
    return written(_CLAUSE[key], lang)


def line_word(key: str, lang: str) -> str:
    """The heading of a line of vocabulary."""
    return written(_LINE[key], lang)


def word(terminal: str, key: str, lang: str) -> str:
    """A word inside a line."""
    return written(_WORD[terminal, key], lang)


def clause_terminal(key: str) -> str:
    """The shape of a clause's body: the grammar terminal its heading becomes."""
    return _CLAUSE[key].terminal
