"""What may be missing for a policy's conclusions: each thing once, of whichever row, in the policy's own order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from attrs import evolve, frozen

from . import model as m
from .decide import Gap, suppliers
from .explanation import LeafKey, Member, leaf_key
from .record import Row

_ANY: Final = Row("", {})


@frozen(eq=False)
class Item:
    """One thing that may be missing: the node that asks for it first, the list whose rows have it (None: the person, or
    nobody), its name in a record ("" for what no record says), why it is missing where a record says nothing of it, and
    who could supply it. *number* is its place in the policy's order."""

    number: int
    key: LeafKey
    node: m.Expr | Member
    list: str | None
    name: str
    kind: str
    who: tuple[str, ...]

    @property
    def of_rows(self) -> bool:
        """Whether each row of a list has its own."""
        return self.list is not None and not isinstance(self.node, Member)

    def gap(self, kind: str) -> Gap:
        """That it is missing in this way, of whichever row."""
        return Gap(self.key, self.node, _ANY if self.of_rows else None, kind, self.who, ())


def item_key(e: m.Expr | Member) -> LeafKey | None:
    """What a leaf is about, its row apart; None for what is not a leaf."""
    match e:
        case m.Field(list=of, name=name) | m.Happened(list=of, name=name):
            return "field", of, name
        case m.Finding(list=of, name=name):
            return "finding", of, name
    return leaf_key(e, ())


@lru_cache(maxsize=8)
def items(policy: m.Policy) -> Mapping[LeafKey, Item]:
    """Everything that may be missing, by key: in the order of the verdicts, each read from its first part on."""
    made: dict[LeafKey, Item] = {}
    for e in _leaves(policy):
        key = item_key(e)
        if key is not None and key not in made:
            list, name, kind = _told(e)
            made[key] = Item(len(made), key, e, list, name, kind, suppliers(e, policy))
    return made


def _leaves(policy: m.Policy) -> Iterator[m.Expr | Member]:
    for e in m.walk(*(x for w in policy.verdicts for x in (w.person, *w.elements.values()))):
        match e:
            case m.Fold(list=of):
                yield Member(of, None)
            case m.Strongest(rows=rows):
                for of, _ in rows:
                    yield Member(of, None)
            case m.Happened(learnt=learnt):
                yield e
                if learnt is not None:
                    yield learnt
            case _:
                yield e


def _told(e: m.Expr | Member) -> tuple[str | None, str, str]:
    """The list and the name in a record, and the kind of gap where a record says nothing."""
    match e:
        case m.Fact(name=name):
            return None, name, "not_asked"
        case m.Field(list=of, name=name) | m.Happened(list=of, name=name):
            return of, name, "not_asked"
        case m.Finding(list=of, name=name, alike=alike):
            return of, name, "not_found_alike" if alike else "pending"
        case m.Leaf(kind=kind) | m.Unprinted(kind=kind):
            return None, "", kind
        case Member(list=of):
            return of, "", "list_open"
    raise TypeError(e)


def in_order(policy: m.Policy, gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    """What is missing of a person in the policy's own order, each thing told as the policy first asks it."""
    known, placed = items(policy), []
    for gap in gaps:
        key = item_key(gap.node)
        assert key is not None
        placed.append((known[key], gap))
    return tuple(evolve(gap, node=item.node) for item, gap in sorted(placed, key=lambda x: x[0].number))
