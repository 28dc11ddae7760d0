"""Acts of the record set beside the conclusions: what somebody did stays a fact, and the conclusion stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from . import model as m
from .decide import Conclusion, Decision
from .record import Row
from .values import as_range, settled

# How an act stands to the conclusion on its effect, by every status the conclusion may still have.
_AGAINST: Final = {"silent": "without_ground", "must_not": "barred"}


@frozen(eq=False)
class Act:
    """A row that says an effect was given: *relation* is in_accord, without_ground (this regime does not lead to it),
    barred (it says 不得), or open (the conclusion is not settled on that)."""

    list: str
    row: Row
    effect: str
    conclusion: Conclusion
    relation: str


def acts(decision: Decision) -> Iterator[Act]:
    """Every act the record tells for certain, of an effect the regime knows, in the order of lists and rows."""
    for of, shape in decision.policy.shape.lists.items():
        kinds = [f for f in shape.fields.values() if f.type.name == "effect"]
        for row in decision.given.lists[of].known:
            for field in kinds:
                mask = row.values.get(field.name)
                if not row.sure or not isinstance(mask, int) or not settled(mask) or mask == field.type.none:
                    continue
                effect = field.type.options[mask.bit_length() - 1]
                if (c := _judged(decision, shape, row, effect)) is not None:
                    yield Act(of, row, effect, c, _relation(c))


def _judged(decision: Decision, shape: m.ListShape, row: Row, effect: str) -> Conclusion | None:
    """The conclusion an act answers to: on the matter its row points to, else the person's."""
    own = None
    for c in decision.conclusions:
        if c.effect != effect:
            continue
        if c.row is None:
            own = c
        elif any(f.refers_to == c.list and _points(row, f.name) == c.row.id for f in shape.fields.values()):
            return c
    return own


def _points(row: Row, name: str) -> object:
    value = row.values.get(name)
    return None if value is None or not settled(value) else as_range(value)[0]


def _relation(c: Conclusion) -> str:
    left = {_AGAINST.get(k, "in_accord") for i, k in enumerate(m.STATUSES) if (c.whole | c.printed) >> i & 1}
    return left.pop() if len(left) == 1 else "open"
