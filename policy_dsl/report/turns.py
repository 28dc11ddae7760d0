"""The readings a conclusion turns on, said shortly: a tree of readings instead of every combination."""

from __future__ import annotations

from collections.abc import Sequence

from ..decide import Turn
from .words import Wording

Branch = tuple[str, tuple[tuple[tuple[str, ...], "Branch | Turn"], ...]]


def branches(turns: Sequence[Turn]) -> Branch | Turn:
    """The smallest tree of readings that gives each combination its result; alternatives with one result are joined."""
    if len({(t.printed, t.whole) for t in turns}) == 1:
        return turns[0]
    names = [n for n in turns[0].readings if len({t.readings.get(n) for t in turns}) > 1]
    tried = []
    for name in names:
        by: dict[str, list[Turn]] = {}
        for t in turns:
            by.setdefault(t.readings.get(name, ""), []).append(t)
        joined: list[tuple[tuple[str, ...], Branch | Turn]] = []
        for alternative, rest in by.items():
            inner = branches(rest)
            at = next((i for i, (_, x) in enumerate(joined) if _alike(x, inner)), None)
            if at is None:
                joined.append(((alternative,), inner))
            else:
                joined[at] = (*joined[at][0], alternative), joined[at][1]
        tried.append((name, tuple(joined)))
    return min(tried, key=lambda b: (_leaves(b), names.index(b[0])))


def _leaves(b: Branch | Turn) -> int:
    return 1 if isinstance(b, Turn) else sum(_leaves(x) for _, x in b[1])


def _alike(a: Branch | Turn, b: Branch | Turn) -> bool:
    if isinstance(a, Turn) or isinstance(b, Turn):
        return isinstance(a, Turn) and isinstance(b, Turn) and (a.printed, a.whole) == (b.printed, b.whole)
    return (
        a[0] == b[0]
        and len(a[1]) == len(b[1])
        and all(x[0] == y[0] and _alike(x[1], y[1]) for x, y in zip(a[1], b[1], strict=True))
    )


def turn_lines(turns: Sequence[Turn], w: Wording, capped: bool = False) -> list[str]:
    """The tree, a branch a line."""
    if not turns:
        return []
    if capped:
        return [f"{taken(t, w)} → {result(t, w)}" for t in turns]
    tree = branches(turns)
    return [] if isinstance(tree, Turn) else list(_lines(tree, w, ""))


def _lines(b: Branch, w: Wording, pad: str) -> list[str]:
    name, ways = b
    out = []
    for alternatives, inner in ways:
        chosen = f"{w.name(name)} {w.word('COMPARE', 'taken_as')} {(w.list_sep).join(w.name(a) for a in alternatives)}"
        if isinstance(inner, Turn):
            out.append(f"{pad}{chosen} → {result(inner, w)}")
        else:
            out.append(f"{pad}{chosen}{w.colon}")
            out += _lines(inner, w, pad + "  ")
    return out


def taken(t: Turn, w: Wording) -> str:
    """A combination of readings."""
    return w.list_sep.join(f"{w.name(k)} {w.word('COMPARE', 'taken_as')} {w.name(x)}" for k, x in t.readings.items())


def result(t: Turn, w: Wording) -> str:
    """One status, or one on each line where the text is not wholly printed."""
    if t.printed == t.whole:
        return w.status(t.whole)
    return f"{w.say('printed_line')} {w.status(t.printed)}{w.semi}{w.say('whole_line')} {w.status(t.whole)}"
