"""What a record may hold: the facts, lists, findings and effects that a vocabulary declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from .values import Type

# What a record says of itself: whose it is, which of its lists are complete, what was found; and of a row.
ID: Final = "编号"
COMPLETE: Final = "齐备"
FINDINGS: Final = "认定"
ROWS: Final = "行"
SOURCE: Final = "来源"
ENGLISH_KEYS: Final = {
    "id": ID, "complete": COMPLETE, "findings": FINDINGS, "rows": ROWS, "value": "值", "source": SOURCE,
    "assumed_by": "假定", "from": "自", "since": "自", "question": "问题", "list": "所属", "row": "所属编号",
    "answer": "答", "body": "机关", "date": "认定日", "reasons": "理由", "replaces": "取代", "at_least": "至少",
    "at_most": "至多", "not_before": "不早于", "not_after": "不晚于", "records": "记录", "cadres": "干部",
    "cadre": "干部编号", "until": "齐备至", "changes": "变动", "fact": "事实", "provenance": "出处", "item": "项目",
}  # fmt: skip
# What therefore no fact, list or field may be called (齐备 and 认定 are the language's own); a list, nor like the other
# tables of a roster.
OWN_WORDS: Final = {
    "fact": frozenset((ID, "记录")),
    "list": frozenset((ID, "记录", "干部", "变动", "出处")),
    "field": frozenset((ID, SOURCE, "干部编号")),
}


@frozen
class FactShape:
    """A fact of the person or a field of a row: its type, and whether it has a history."""

    name: str
    type: Type
    over_time: bool = False
    refers_to: str = ""


@frozen
class ListShape:
    name: str
    date: str
    fields: Mapping[str, FactShape]


@frozen
class QuestionShape:
    """A finding: what is asked, of which list's rows (None: of the person), by whom, on what ground."""

    name: str
    list: str | None
    type: Type
    text: str
    by: tuple[str, ...]
    basis: tuple[str, ...]


@frozen
class EffectShape:
    name: str
    group: str
    polarity: str
    rank: int | None
    unit: str = ""


@frozen
class Shape:
    """What a record may hold."""

    facts: Mapping[str, FactShape] = field(factory=dict)
    lists: Mapping[str, ListShape] = field(factory=dict)
    findings: Mapping[str, QuestionShape] = field(factory=dict)
    effects: Mapping[str, EffectShape] = field(factory=dict)
    bodies: tuple[str, ...] = ()
