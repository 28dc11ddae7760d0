"""What an evaluation returns: one tree of steps, each with what it may still be and only what settles it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from . import model as m
from .record import Row
from .values import Value, settled


@frozen
class Frame:
    """What a decision is made under: the day, the readings chosen, the layers admitted, and whether what is not
    printed is left open (the whole text) or out (on what is printed)."""

    as_of: int
    readings: Mapping[str, str] = field(factory=dict)
    layers: frozenset[str] = frozenset()
    printed: bool = False


class Explanation:
    """A node, what it may still be, and the parts that determine it; *rows* are the rows in view."""

    __slots__ = ("because", "node", "rows", "value")

    def __init__(
        self, node: m.Expr | Member, value: Value, because: tuple[Explanation, ...] = (), rows: tuple[Row, ...] = ()
    ):
        self.node = node
        self.value = value
        self.because = because
        self.rows = rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Explanation) and (
            self.node == other.node
            and self.value == other.value
            and self.rows == other.rows
            and self.because == other.because
        )

    def __hash__(self) -> int:
        return id(self)

    def walk(self) -> Iterator[Explanation]:
        """Every step, each once, from the conclusion down."""
        seen: set[int] = set()
        stack = [self]
        while stack:
            e = stack.pop()
            if id(e) not in seen:
                seen.add(id(e))
                yield e
                stack.extend(reversed(e.because))

    def missing(self) -> Iterator[Explanation]:
        """The leaves whose learning can still change the value; none exactly when it is settled."""
        seen: set[int] = set()
        stack = [self]
        while stack:
            e = stack.pop()
            value = e.value
            # Of a mask, `settled` spelt out: this is gone through at every node of every decision.
            if (value & (value - 1) == 0 if isinstance(value, int) else settled(value)) or id(e) in seen:
                continue
            seen.add(id(e))
            if e.because:
                stack += e.because[::-1]
            else:
                yield e


@frozen
class Member:
    """Not an expression: the place of one row in an explanation; no number for rows not listed yet."""

    list: str
    id: str | None


LeafKey = tuple[Any, ...]


def leaf_key(e: m.Expr | Member, rows: tuple[Row, ...]) -> LeafKey | None:
    """What a leaf is about, whichever node asks it: one key for one question. None for what is not a leaf."""
    match e:
        case m.Fact(name=name):
            return "fact", name
        case m.Field(list=of, name=name, slot=slot):
            return "field", of, rows[slot].id, name
        case m.Happened(list=of, name=name, slot=slot):
            return "field", of, rows[slot].id, name
        case m.Finding(name=name, slot=slot):
            return "finding", name, None if slot is None else rows[slot].id
        case m.Leaf(name=name, kind="reading"):
            return "reading", name
        case m.Leaf(name=name, kind=kind, source=place) | m.Unprinted(name=name, kind=kind, source=place):
            # Two places that print no more than “2018年5月” are two days, however alike they are written.
            return kind, name, id(e if place is None else place)
        case Member(list=of, id=None):
            return "list", of
    return None
