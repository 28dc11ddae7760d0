"""What a record may hold: the facts, lists, findings and effects that a vocabulary declares."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from .values import Type


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
