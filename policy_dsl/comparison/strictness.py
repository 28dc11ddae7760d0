"""Which of two outcomes bears harder on a person: only where the vocabulary says so, and never guessed.

Of one effect: a burden is stricter the more it binds, a benefit the less; a neutral effect is neither, it only binds
more or less. Of a group whose effects a text orders: one outcome is stricter if it reaches at least as far up at every
strength. Of a group without an order: only if it is nowhere milder, and no choice among several is set against another
choice. Everything else is incomparable (不可比).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .. import model as m
from ..values import settled

# What A is to B. The first two are of burdens and benefits; the next two of neutral effects; *open* is not settled.
RELATIONS: Final = ("stricter", "milder", "firmer", "looser", "incomparable", "same", "open")
_MIRROR: Final = {"stricter": "milder", "milder": "stricter", "firmer": "looser", "looser": "firmer"}
_BARS: Final = ("must_not", "should_not")
# From what binds least to what binds most: a bar holds the effect off, and so stands below silence.
LEVELS: Final = (*_BARS, *(s for s in m.STRENGTH if s not in (*_BARS, "conflict")))
_CHOICES: Final = frozenset(status for _, status in m.CHOICES.values())

Statuses = Mapping[str, int]


def mirrored(relation: str) -> str:
    """What B is to A."""
    return _MIRROR.get(relation, relation)


def of_effect(effect: m.EffectShape | None, a: int, b: int) -> str:
    """What A's outcome is to B's on one effect; *a* and *b* are masks of statuses. While they are not settled, what
    holds whichever they turn out to be."""
    possible = {_of_statuses(effect, x, y) for x in _each(a) for y in _each(b)}
    return possible.pop() if len(possible) == 1 else "open"


def _of_statuses(effect: m.EffectShape | None, a: int, b: int) -> str:
    if a == b:
        return "same"
    first, second = _level(a), _level(b)
    if first is None or second is None or effect is None:
        return "incomparable"
    more = first > second
    if effect.polarity == "neutral":
        return "firmer" if more else "looser"
    return "stricter" if more == (effect.polarity == "burden") else "milder"


def _each(mask: int) -> list[int]:
    return [1 << i for i in range(len(m.STATUSES)) if mask >> i & 1]


def of_group(effects: Sequence[m.EffectShape], a: Statuses, b: Statuses) -> str:
    """What A's outcome is to B's on all the effects of one group, by the statuses of each."""
    if not all(settled(x[e.name]) for e in effects for x in (a, b)):
        return "open"
    relations = {of_effect(e, a[e.name], b[e.name]) for e in effects}
    if relations == {"same"}:
        return "same"
    polarities = {e.polarity for e in effects}
    if "incomparable" in relations or len(polarities) > 1:
        return "incomparable"
    if ordered(effects):
        return _of_ladder(effects, a, b)
    if _choices(a) and _choices(b) and _choices(a) != _choices(b):
        return "incomparable"
    differing = relations - {"same"}
    return differing.pop() if len(differing) == 1 else "incomparable"


def ordered(effects: Sequence[m.EffectShape]) -> bool:
    """Whether a text puts these effects in an order."""
    return all(e.rank is not None for e in effects)


def _of_ladder(effects: Sequence[m.EffectShape], a: Statuses, b: Statuses) -> str:
    """Of an ordered group: how far up each reaches at every strength, bars included."""
    reach = []
    for statuses in (a, b):
        levels = {e.rank or 0: _level(statuses[e.name]) or 0 for e in effects}
        reach.append([max((r + 1 for r, x in levels.items() if x >= at), default=0) for at in range(1, len(LEVELS))])
    higher = any(x > y for x, y in zip(*reach, strict=True))
    lower = any(x < y for x, y in zip(*reach, strict=True))
    if higher == lower:
        return "incomparable"
    polarity = effects[0].polarity
    if polarity == "neutral":
        return "firmer" if higher else "looser"
    return "stricter" if higher == (polarity == "burden") else "milder"


def _level(mask: int) -> int | None:
    """How much a settled status binds; None for a conflict, which is on no scale."""
    status = m.STATUSES[mask.bit_length() - 1]
    return LEVELS.index(status) if status in LEVELS else None


def _choices(statuses: Statuses) -> frozenset[str]:
    """The effects that are one of several to be chosen."""
    return frozenset(e for e, mask in statuses.items() if m.STATUSES[mask.bit_length() - 1] in _CHOICES)
