"""Which names a declaration refers to, as distinct from those it declares, and what it cites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import fields

from . import syntax as s

# What stands here declares a word; everywhere else a name refers to one.
_DECLARES: Final = {
    s.Declaration: "name",
    s.Entry: "name",
    s.FieldLine: "name",
    s.Line: "name",
    s.Alternative: "name",
    s.Question: "name",
}


_CHILDREN: Final[dict[type[s.Node], tuple[str, ...]]] = {}


def _children(kind: type[s.Node]) -> tuple[str, ...]:
    if kind not in _CHILDREN:
        _CHILDREN[kind] = tuple(f.name for f in fields(kind) if f.name not in ("span", "comments", _DECLARES.get(kind)))
    return _CHILDREN[kind]


def within(node: s.Node) -> Iterator[s.Node]:
    """A node and all that it is made of, but for the names it declares."""
    yield node
    for name in _children(type(node)):
        part = getattr(node, name)
        for one in part if isinstance(part, tuple) else (part,):
            if isinstance(one, s.Node):
                yield from within(one)


def references(node: s.Node) -> Iterator[s.Name]:
    """The names that refer to something declared elsewhere."""
    return (n for n in within(node) if isinstance(n, s.Name))


def cites(node: s.Node) -> Iterator[s.Citation]:
    """The provisions it cites, wherever in it they stand."""
    return (n for n in within(node) if isinstance(n, s.Citation))
