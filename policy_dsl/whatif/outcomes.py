"""Where an outcome stands, and the verdict that gives it."""

from __future__ import annotations

from typing import Final

from .. import model as m
from ..decide import Conclusion

# Effect, list, row.
Place = tuple[str, str | None, str | None]

# What of a policy's questions a record answers, and a reading of its text, or its author, does not.
OF_RECORD: Final = frozenset(("fact", "field", "finding", "list"))


def place_of(c: Conclusion) -> Place:
    """Where a conclusion stands."""
    return c.effect, c.list, None if c.row is None else c.row.id


def verdicts_of(policy: m.Policy, effect: str) -> m.Verdicts:
    """What gives an effect, for the person and for the rows of lists."""
    return next(w for w in policy.verdicts if w.effect == effect)


def verdict_of(policy: m.Policy, c: Conclusion) -> m.Verdict | m.Strongest:
    """What gives a conclusion."""
    verdicts = verdicts_of(policy, c.effect)
    return verdicts.person if c.list is None else verdicts.elements[c.list]


def of_record(e: m.Expr) -> bool:
    """Whether it turns on anything that a record says."""
    return any(t[0] in OF_RECORD for t in e.topics)
