"""What the grammar expects, in words an author knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from .keywords import WORDS

_SAID: Final = {
    "NAME": ("一个词", "a name"), "QUANTITY": ("数量", "a quantity"), "DATE": ("日期", "a date"),
    "STRING": ("“文字”", "“text”"), "TEXT": ("文字", "text"), "CITATION": ("条文的编号，如 A-01", "the id of a provision, such as A-01"),
    "ITEM": ("（一）", "(1)"), "COLON": ("：", ":"), "COMMA": ("、", ","), "SEMI": ("；", ";"), "LPAR": ("（", "("),
    "RPAR": ("）", ")"), "LBRACE": ("{", "{"), "RBRACE": ("}", "}"), "LBRACK": ("〔", "〔"), "RBRACK": ("〕", "〕"),
    "LT": ("＜", "<"), "COMPARE": ("为、属于、不少于等比较", "a comparison (is, in, at_least, …)"),
    "BOUND": ("以上、以下", "or_more, or_less"), "STATUS": ("应当、可以、不得等", "must, may, must_not, …"),
    "TYPE": ("类型", "a type"), "GAP": ("未载明", "unprinted"), "STATE": ("不明、无", "not_known, not_applicable"),
    "TRUTH": ("是、否", "yes, no_answer"), "POLARITY": ("不利、有利、中性", "burdensome, beneficial, neutral"),
    "FOLD": ("合计、最高、最低、最近、种数", "total, highest, lowest, latest, kinds"), "MARK": ("随时间、可无", "over_time, may_be_none"),
}  # fmt: skip
# What a value may begin with, and a condition; said as one, since a list of them all says nothing.
_VALUE: Final = frozenset(
    ("NAME", "DATE", "STRING", "QUANTITY", "LPAR", "GAP", "TRUTH", "MOMENT", "ELSE", "FROM", "THIS", "LEAST", "MOST",
     "YEAREND", "ANYSPAN", "SAMEYEAR")
)  # fmt: skip
_CONDITION: Final = frozenset(("NOT", "SOME", "NONE"))
_EFFECT: Final = frozenset(("RETRO", "FOLLOW"))
_CLAUSE_HEADS: Final = frozenset(
    ("CITED", "WORDS", "TEXTUAL", "SPAN", "LOGIC", "KEYED", "TABLE", "LISTED", "LIMITS", "FOR", "BY", "EFFECTS", "FILES",
     "GIVEN", "CONCLUDED")
)  # fmt: skip


def expectation(terminals: Iterable[str]) -> tuple[str, str]:
    """The words that could stand there, at most six, in both languages."""
    zh: list[str] = []
    en: list[str] = []
    wanted = set(terminals)
    if wanted & _CLAUSE_HEADS:
        wanted.discard("TEXT")
        zh.append("下一条款")
        en.append("the next clause")
    if wanted >= _VALUE:
        zh.append("效果、条件或值" if wanted >= _EFFECT else "条件" if wanted >= _CONDITION else "值")
        en.append(
            "an effect, a condition or a value"
            if wanted >= _EFFECT
            else "a condition"
            if wanted >= _CONDITION
            else "a value"
        )
        wanted -= _VALUE | _CONDITION | _EFFECT | {"IF"}
    for terminal in sorted(wanted - _CLAUSE_HEADS, key=lambda t: (t not in _SAID, t)):
        if terminal in _SAID:
            pair = _SAID[terminal]
        elif row := next((k for k in WORDS if k.terminal == terminal), None):
            pair = row.zh[0], row.en[0]
        else:
            continue
        zh.append(pair[0])
        en.append(pair[1])
    if len(zh) > 6:
        zh, en = [*zh[:6], "……"], [*en[:6], "…"]
    return " ".join(zh) or "此行结束", " ".join(en) or "the end of the line"
