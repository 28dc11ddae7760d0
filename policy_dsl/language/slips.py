"""What official writing says and the language says otherwise: what to write instead, a row each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from attrs import frozen

from ..diagnostics import Diagnostic, found
from .keywords import CLAUSES, RULE_KINDS
from .lexer import Token
from .numerals import NUMERAL
from .source import Span

_N = rf"[{NUMERAL}\d]"


@frozen
class Slip:
    """A way of writing, and what stands for it, as 'zh\\ten' where that takes more than a word."""

    pattern: re.Pattern[str]
    instead: str


def _rows(text: str) -> tuple[Slip, ...]:
    """A row is: spellings | what to write, or what to do in Chinese | the same in English."""
    rows = []
    for line in text.strip().splitlines():
        spellings, *instead = (part.strip() for part in line.split(" | "))
        rows.append(Slip(re.compile("|".join(spellings.split())), "\t".join(instead)))
    return tuple(rows)


# Inside a line. A word is named as the language's only where it means exactly the same.
_WORDS: Final = {
    "zh": _rows(rf"""
        不得少于 不能少于 不应少于 大于或?等于 不低于 不小于 至少 最少 达到 (?<![未不])(?:达|满)(?=\s*{_N}) | 不少于
        未满 | 不满
        不得多于 不得超过 不能超过 不应超过 小于或?等于 不多于 不高于 不大于 至多 最多 | 不超过
        (?<!不)(?:多于|大于|高于) | 超过
        (?<!不)(?:少于|小于|低于) | 不足
        不等于 不为 | 不是
        (?<![于或不])等于 | 为
        (?:及|或者|或|（含）|\(含\)|含)以上 | 以上
        (?:及|或者|或|（含）|\(含\)|含)以下 | 以下
        (?P<n>{_N}+)\s*个?\s*工作天 | {{n}}个工作日
        (?P<d>\d{{4}}年\d{{1,2}}月\d{{1,2}})号 | {{d}}日
        {_N}+年半 | 合成月数，如一年半写“十八个月”  | in months: a year and a half is “十八个月”
        (?:最近|近)半年 | 在近六个月
        半年 | 六个月
        (?:{_N}+个?)?季度 | 指连续三个月的，写“三个月”；自然季度没有写法，照原文记入存录 | “三个月” for three months running; a calendar quarter cannot be written: keep the text in a note
        任一 任何 | 任意
        最近(?={_N}) 近(?={_N}) | 在近
        并且 而且 | 且
        之内 内的 | 内
    """),
    "en": _rows(r"""
        \bat\sleast\b \bno\sless\sthan\b \bnot\sless\sthan\b \bno\sfewer\sthan\b | at_least
        \bat\smost\b \bno\smore\sthan\b \bnot\smore\sthan\b | at_most
        \b(?:more|greater|longer)\sthan\b \bexceeds\b | over
        \b(?:less|fewer|shorter)\sthan\b | under
        \bequals\b \bequal\sto\b | is
        \bis\snot\b \bisn't\b | is_not
        \bor\smore\b \band\smore\b \band\sabove\b | or_more
        \bor\sless\b \bor\sfewer\b | or_less
        \bhalf\sa\syear\b | 6 months
        \bquarters?\b | “3 months” for three months running; a calendar quarter cannot be written: keep the text in a note
        \bin\sany\b | in_any
    """),
}  # fmt: skip

# At the head of a clause. What is not exactly a heading of the language says what the choice is.
_HEADS: Final = {
    "zh": {
        **dict.fromkeys(("必须", "须", "应", "应该", "需", "需要", "应予", "应当予以", "务必"), "应当"),
        **dict.fromkeys(("禁止", "严禁", "不准", "不可", "不可以", "不能", "不许", "不得有"), "不得"),
        **dict.fromkeys(("可", "得", "能", "可予", "可以予以"), "可以"),
        **dict.fromkeys(("如果", "若", "如", "条件", "凡"), "当"),
        **dict.fromkeys(("根据", "依照", "按照", "依", "法条", "出处"), "依据"),
        **dict.fromkeys(("时限", "限期", "期限为"), "期限"),
        **dict.fromkeys(("主体", "决定机关", "决定者", "由谁", "应当由"), "由"),
        **dict.fromkeys(("对于", "针对", "对象"), "对"),
        **dict.fromkeys(("备注", "注"), "说明"),
        **dict.fromkeys(("原则应当", "原则上应", "原则上须"), "原则上应当"),
        **dict.fromkeys(("一般应", "一般须"), "一般应当"),
        **dict.fromkeys(("情形之一", "有下列情形", "下列情形之一", "有以下情形之一", "具有下列情形之一"), "有下列情形之一"),
        "宜": "没有“宜”这一款：看原文轻重，写“一般应当：”或者“可以：”\tthere is no clause “宜”: write “一般应当：” or “可以：”, as strong as the text has it",
        **dict.fromkeys(("不应", "不应当", "不应该"), "看原文轻重，写“不得：”或者“不宜：”\twrite “不得：” or “不宜：”, as strong as the text has it"),
        "优先": "没有“优先”这一款：写“可以：”或者“一般应当：”，把怎样优先照原文写进“说明：”\tthere is no clause “优先”: write “可以：” or “一般应当：”, and what the text puts first under “说明：”",
    },
    "en": {
        **dict.fromkeys(("shall", "has_to", "needs_to", "required"), "must"),
        **dict.fromkeys(("prohibited", "forbidden", "shall_not", "cannot", "may_not"), "must_not"),
        **dict.fromkeys(("can", "could", "allowed"), "may"),
        **dict.fromkeys(("if", "condition", "where", "provided"), "when"),
        **dict.fromkeys(("ground", "under", "according_to"), "basis"),
        **dict.fromkeys(("who", "body", "decided_by"), "by"),
        **dict.fromkeys(("time_limit", "due"), "deadline"),
        **dict.fromkeys(("note", "comment"), "remark"),
        "should": "there is no clause “should”: write “generally_must:” or “may:”, as strong as the text has it",
    },
}  # fmt: skip
# What more than rules can have.
_ANYWHERE: Final = frozenset(("依据", "说明", "对", "由", "basis", "remark", "for", "by"))
_OTHER_TONGUE: Final = {w: (k.en[0], k.zh[0]) for k in CLAUSES for w in (*k.zh, *k.en)}


def written(what: Span, instead: str) -> Diagnostic:
    """The finding that a thing is not written so, and how it is; *instead* as 'zh\\ten'."""
    return found("P113", what, what=what.text, instead=instead)


def write(word: str) -> str:
    """'write this', in both languages."""
    return f"写“{word}”\twrite “{word}”"


def head(span: Span, text: str, kind: str, lang: str) -> Diagnostic | None:
    """What to write for a heading the language does not have, or has in its other tongue only, where a declaration of
    this kind can have what stands for it."""
    mark = "：" if lang == "zh" else ":"
    if (closed := re.sub(r"\s", "", text)) in _OTHER_TONGUE and closed != text:
        return written(span, write(closed + mark))
    if text in _OTHER_TONGUE:
        own = _OTHER_TONGUE[text][1 if lang == "zh" else 0]
        zh = f"标题与本条同用一种语言，写“{own}{mark}”"
        return written(span, f"{zh}\theadings are in the language of their declaration: write “{own}{mark}”")
    instead = _HEADS[lang].get(text)
    if instead is None or (kind not in (*RULE_KINDS, "procedure") and instead not in _ANYWHERE):
        return None
    if instead in _OTHER_TONGUE:
        return written(span, write(instead + mark))
    return written(span, instead if "\t" in instead else f"{instead}\t{instead}")


def unknown(tokens: Sequence[Token], lang: str) -> tuple[int, Diagnostic] | None:
    """The first word nobody declared, where a name may stand, that the language writes otherwise: its place, and how."""
    for i, t in enumerate(tokens):
        if t.type == "NAME" and not t.known and any(x.pattern.fullmatch(t.span.text) for x in _WORDS[lang]):
            diagnostic = word(tokens, t.span.start, t.span.end, lang)
            if diagnostic is not None:
                return i, diagnostic
    return None


def word(tokens: Sequence[Token], start: int, end: int, lang: str) -> Diagnostic | None:
    """The first way of writing from *start* up to *end* that the language has another word for; never within a declared
    name or within quoted text."""
    source = tokens[0].span.source
    # A word of the language is not a slip by itself; several side by side may be: 三次或者以上.
    own = {(t.span.start, t.span.end) for t in tokens if t.type != "NAME"}
    quoted = ("STRING", "TEXT", "CITATION", "NOTE")
    sure = [t.span for t in tokens if (t.type == "NAME" and t.known) or t.type in quoted]
    first: tuple[int, Slip, re.Match[str]] | None = None
    for slip in _WORDS[lang]:
        for m in slip.pattern.finditer(source.text, start, end):
            if m.span() in own or any(x.start < m.end() and m.start() < x.end for x in sure):
                continue
            if first is None or m.start() < first[0]:
                first = (m.start(), slip, m)
    if first is None:
        return None
    _, slip, m = first
    instead = slip.instead.format(**m.groupdict())
    return written(Span(source, *m.span()), instead if "\t" in instead or "“" in instead else write(instead))
