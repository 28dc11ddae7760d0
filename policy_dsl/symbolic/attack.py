"""Random records against what is claimed of every record: drawn about the numbers and days that a policy compares."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from .. import model as m
from .. import values as v
from ..explanation import Frame, leaf_key
from ..language.keywords import DEFAULT_LAYERS
from ..shapes import COMPLETE, FINDINGS, ID, ROWS
from ..values import Type, Value
from .asking import Claim, Witness
from .world import plain

ROUNDS: Final = 60
_MOST_ROWS: Final = 6


class Attack:
    """Records drawn at random for some claims, with everything they turn on filled in."""

    def __init__(
        self, policy: m.Policy, claims: Sequence[Claim], layers: Iterable[str], days: tuple[int, int], seed: int = 0
    ):
        self.policy, self.claims, self.shape = policy, claims, policy.shape
        self.layers = frozenset((*DEFAULT_LAYERS, *layers))
        self.first, self.last = days
        self.rng = random.Random(seed)
        nodes = list(m.walk(*(c.expr for c in claims)))
        self.topics = frozenset[m.Topic]().union(*(c.expr.topics for c in claims))
        self.leaves = {key: e for e in nodes if isinstance(e, m.Leaf | m.Unprinted) and (key := leaf_key(e, ()))}
        self.numbers: dict[tuple[str, str], list[Any]] = {}
        for e in nodes:
            value = e.value if isinstance(e, m.Constant) else None
            if isinstance(value, tuple) and value[0] == value[1]:
                self.numbers.setdefault((e.type.kind, e.type.unit), []).append(value[0])
        self.lists = sorted(
            {str(t[1]) for t in self.topics if t[0] in ("list", "field")} | {of for c in claims for of, _ in c.rows}
        )

    def refuted(self) -> Witness | None:
        """A record of which every claim is true, if one is drawn."""
        return next((w for w in self.drawn() if w.shows(self.policy, self.claims)), None)

    def drawn(self) -> Iterator[Witness]:
        for _ in range(ROUNDS):
            day = self.rng.randint(self.first, self.last)
            readings = {
                e.name: self.rng.choice(e.type.options)
                for e in self.leaves.values()
                if isinstance(e, m.Leaf) and e.kind == "reading"
            }
            given = {
                key: self.leaf(e, day)
                for key, e in self.leaves.items()
                if not (isinstance(e, m.Leaf) and e.kind in ("reading", "tie", "calendar"))
            }
            yield Witness(self.raw(day), Frame(day, readings, self.layers, self.rng.random() < 0.3), given)

    def leaf(self, e: m.Leaf | m.Unprinted, day: int) -> Value:
        if isinstance(e, m.Unprinted):
            return self.rng.choice((v.NO, v.YES))
        if isinstance(e.top, int):
            return 1 << self.rng.choice([i for i in range(e.top.bit_length()) if e.top >> i & 1])
        low, high, _ = e.top
        value = self.value(e.type, day)
        at = v.as_range(value)[0]
        return v.point(low if at < low else high if at > high else at)

    def value(self, type: Type, day: int) -> Value:
        """A value of a type, near what it is compared with."""
        rng = self.rng
        if type.may_be_none and rng.random() < 0.1:
            return type.none
        if type.finite:
            return 1 << rng.randrange(len(type.options)) if type.options else type.none
        known = self.numbers.get((type.kind, type.unit), [])
        if type.kind == "text":
            return v.point(rng.choice([*known, "甲", "乙", "1"]))
        if type.kind == "day":
            return v.point(
                max(
                    1,
                    rng.choice([day, day, *known, rng.randint(self.first, self.last)])
                    - rng.choice((-1, 0, 1, 30, 200, 400, 1000)),
                )
            )
        low = v.as_range(type.top)[0]
        number = rng.choice([0, v.SCALE[type.unit], *known]) * rng.choice((1, 1, 1, 0.5)) + rng.choice(
            (-1, 0, 0, 1)
        ) * rng.choice((1, v.SCALE[type.unit]))
        return v.point(max(int(number), low) if low != -v.INF else int(number))

    def raw(self, day: int) -> dict[str, Any]:
        rng, shape = self.rng, self.shape
        raw: dict[str, Any] = {ID: "例"}
        for name, f in shape.facts.items():
            if ("fact", name) in self.topics and (f.type.options or not f.type.finite or f.type.may_be_none):
                raw[name] = plain(self.value(f.type, day), f.type)
        wanted = {of for c in self.claims for of, _ in c.rows}
        for of in self.lists:
            rows = [self.row(of, str(i + 1), day) for i in range(rng.randint(1 if of in wanted else 0, _MOST_ROWS))]
            raw[of] = {COMPLETE: True, ROWS: rows}
        self.referred(raw)
        answers = list(self.answers(raw, day))
        return raw | ({FINDINGS: answers} if answers else {})

    def row(self, of: str, id: str, day: int) -> dict[str, Any]:
        row: dict[str, Any] = {ID: id}
        listed = self.shape.lists[of]
        for name, f in listed.fields.items():
            asked = ("field", of, name) in self.topics and not f.refers_to and name != m.LEARNT
            if (name == listed.date or asked) and (f.type.options or not f.type.finite or f.type.may_be_none):
                row[name] = plain(self.value(f.type, day), f.type)
        return row

    def referred(self, raw: dict[str, Any]) -> None:
        """References to rows there are."""
        for of in self.lists:
            for name, f in self.shape.lists[of].fields.items():
                ids = [r[ID] for r in raw[f.refers_to][ROWS]] if f.refers_to in raw else []
                for row in raw[of][ROWS] if ids and ("field", of, name) in self.topics else ():
                    row[name] = self.rng.choice(ids)

    def answers(self, raw: dict[str, Any], day: int) -> Iterator[dict[str, Any]]:
        for name, q in self.shape.findings.items():
            if ("finding", name) not in self.topics:
                continue
            for id in [None] if q.list is None else [r[ID] for r in raw.get(q.list, {ROWS: ()})[ROWS]]:
                owner = {} if id is None else {"所属": q.list, "所属编号": id}
                yield {"问题": name, **owner, "答": plain(self.value(q.type, day), q.type)}


__all__ = ["Attack"]
