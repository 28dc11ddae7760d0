"""How deep a condition goes once every name in it is read out: definitions upon definitions have an end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..diagnostics import Diagnostic, found
from ..language import syntax as s

# What checking and deciding go down by recursion; no provision in force reads out to a quarter of it.
DEEPEST: Final = 80


def too_deep(documents: tuple[s.Document, ...]) -> list[Diagnostic]:
    """The definitions, parameters and other declarations that read out deeper than that, each once; what is deep only
    for using one of them is not reported again."""
    made: dict[str, s.Declaration] = {}
    for document in documents:
        for d in document.declarations:
            if d.kind in ("definition", "parameter") and d.name is not None:
                made.setdefault(d.name.text, d)
    uses = {name: list(_names(d)) for name, d in made.items()}
    total: dict[str, int] = {}
    problems: list[Diagnostic] = []

    def measure(uses: list[tuple[str, int]], d: s.Declaration) -> int:
        deep = max((depth + total.get(name, 0) for name, depth in uses), default=0)
        if deep <= DEEPEST:
            return deep
        problems.append(found("P108", d.name.span if d.name else d.span, most=20))
        return 0

    for name in made:
        stack = [name]
        while stack:
            waiting = [n for n, _ in uses[stack[-1]] if n in made and n not in total]
            if stack[-1] in total:
                stack.pop()
            elif waiting:
                # A circle is measured as if it ended here; it is reported as a circle.
                total.update(dict.fromkeys(set(waiting) & set(stack), 0))
                stack += [n for n in waiting if n not in total]
            else:
                total[stack[-1]] = measure(uses[stack[-1]], made[stack[-1]])
    for document in documents:
        for d in document.declarations:
            if d.kind not in ("definition", "parameter", "vocabulary", "note"):
                measure(list(_names(d)), d)
    return problems


def _names(d: s.Declaration) -> Iterator[tuple[str, int]]:
    """Every name in a declaration with how deep it stands under its clause; where nothing is named, the depth alone."""
    stack: list[tuple[object, int]] = [(c, 0) for c in (*d.clauses, *d.stages)]
    while stack:
        x, depth = stack.pop()
        if isinstance(x, tuple):
            stack += [(y, depth) for y in x]
        elif isinstance(x, s.Name):
            yield x.text, depth
        elif isinstance(x, s.Node):
            yield "", depth
            stack += [(getattr(x, f.name), depth + 1) for f in type(x).__attrs_attrs__ if f.name != "span"]


__all__ = ["too_deep"]
