"""What a text above makes of a decision, told beside it: where they meet, what the person may do and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from .. import model as m
from ..above import Overlay, Point, overlays
from ..decide import Conclusion, Decision
from ..values import NO, settled
from .terms import Terms
from .words import Wording

_SILENT: Final = m.STATUS.option("silent")


@frozen
class Line:
    """A line with the provisions it rests on."""

    text: str
    basis: tuple[str, ...] = ()


@frozen
class Told:
    """One text above in one tongue: its name, and its parts, each under a key of what is said."""

    title: str
    parts: tuple[tuple[str, tuple[Line, ...]], ...]


def told_over(decision: Decision, w: Wording) -> Iterator[Told]:
    """Every text above, as it is told."""
    for overlay in overlays(decision):
        theirs = Wording(overlay.above.policy, w.lang, w.mask)
        met = [p for p in overlay.points if p.own is not None and p.own.arises]
        alone = [p for p in overlay.points if p not in met and p.whole == p.printed and settled(p.whole)]
        terms = Terms(overlay.above, theirs)
        parts = {
            "met": tuple(_met(met, theirs, terms)),
            "besides": tuple(_besides(alone, theirs, terms)),
            "may_appeal": tuple(_remedies(overlay.above, overlay.remedies, theirs, True)),
            "could_appeal": tuple(_remedies(overlay.if_done, overlay.if_done.conclusions, theirs, False)),
            "missing_above": tuple(_missing(overlay, met, theirs)),
        }
        yield Told(theirs.name(overlay.above.policy.name), tuple((k, x) for k, x in parts.items() if x))


def overlay_lines(decision: Decision, w: Wording) -> Iterator[str]:
    """The same, a line each."""
    for told in told_over(decision, w):
        yield f"{w.say('laid_over')}{w.colon}{told.title}"
        for key, lines in told.parts:
            yield f"  {w.say(key)}{w.colon}"
            for line in lines:
                cited = w.paren(w.list_sep.join(line.basis)) if line.basis else ""
                yield f"    - {line.text}{cited}"


def _met(points: Iterable[Point], w: Wording, terms: Terms) -> Iterator[Line]:
    """What the text above makes of each conclusion; effects that fare alike at one place share a line."""
    by: dict[object, list[Point]] = {}
    for p in points:
        assert p.own is not None
        by.setdefault(
            (p.possible, p.list, p.row, p.own.whole, p.own.printed, p.whole, p.printed, basis_of(p), terms.of(p)), []
        ).append(p)
    for alike in by.values():
        p = alike[0]
        assert p.own is not None
        said = ("或" if w.zh else " or ").join(w.say("apart" if r == "none" else r) for r in p.possible)
        relation = said if p.certain else f"{w.say('undetermined')}{w.paren(said)}"
        what = w.list_sep.join(w.effect(x.effect) for x in alike)
        here = w.paren(w.element(p.list, p.row.id if p.row else None))
        statuses = f"{w.say('own_says')} {w.lines(p.own.printed, p.own.whole)}{w.semi}"
        statuses += f"{w.say('above_says')} {w.lines(p.printed, p.whole)}"
        statuses += f"{w.comma}{text}" if (text := terms.of(p)) else ""
        yield Line(f"{relation}{w.colon}{what}{here} — {statuses}", basis_of(p))


def _besides(points: Iterable[Point], w: Wording, terms: Terms) -> Iterator[Line]:
    """What only the text above says, by what it says and on what ground."""
    by: dict[tuple[int, str, str, tuple[str, ...]], list[str]] = {}
    for p in points:
        place = w.element(p.list, p.row.id if p.row else None)
        by.setdefault((p.whole, place, terms.of(p), basis_of(p)), []).append(w.effect(p.effect))
    for (mask, place, text, basis), effects in by.items():
        said = f"{w.comma}{text}" if text else ""
        yield Line(f"{w.status(mask)} {w.list_sep.join(effects)}{w.paren(place)}{said}", basis)


def basis_of(p: Point) -> tuple[str, ...]:
    """The provisions above that a point rests on."""
    return tuple(dict.fromkeys(b for g in p.grounds for b in g.basis))


def _remedies(decision: Decision, found: Iterable[Conclusion], w: Wording, done: bool) -> Iterator[Line]:
    """Each remedy with toward whom and its last day; against measures only supposed, those that fare alike together,
    and those against which the text above lists none."""
    terms = Terms(decision, w)
    by: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    listed: set[str] = set()
    for c in found:
        if c.row is None or c.row.id is None or c.whole == c.printed == _SILENT:
            continue
        if not done and c.printed == _SILENT:
            continue
        live = [g for g in c.grounds if g.fires.value != NO]
        toward = tuple(dict.fromkeys(x for g in live for x in g.rule.toward))
        text = f"{w.effect(c.effect)}{w.comma}{w.lines(c.printed, c.whole)}"
        text += f"{w.comma}{w.say('toward')} {w.names(toward)}" if toward else ""
        days = dict.fromkeys(said for g in live if (said := terms.ground(g, c)))
        text += "".join(w.comma + said for said in days)
        of = w.element(c.list, c.row.id) if done else w.effect(c.row.id)
        listed.add(c.row.id)
        by.setdefault((text, tuple(dict.fromkeys(b for g in live for b in g.basis))), []).append(of)
    for (text, basis), measures in by.items():
        yield Line(f"{w.list_sep.join(measures)} → {text}", basis)
    if not done:
        rest = dict.fromkeys(str(c.row.id) for c in found if c.row is not None and c.row.id not in listed)
        if rest:
            open_ = any(c.whole != _SILENT for c in found if c.row is not None and c.row.id in rest)
            said = w.say("not_listed_open" if open_ else "not_listed")
            yield Line(f"{w.list_sep.join(w.effect(x) for x in rest)} → {said}")


def _missing(overlay: Overlay, met: Iterable[Point], w: Wording) -> Iterator[Line]:
    """What would settle the points that are open because the text above is."""
    wanted = {p.effect for p in met if not settled(p.whole) or p.whole != p.printed}
    for gap in overlay.above.gaps:
        bears = dict.fromkeys(effect for effect, _, _ in gap.changes if effect in wanted)
        if bears:
            what = f"{w.gap_name(gap)}{w.paren(w.gap(gap.kind))}{w.semi}{w.say('who')}{w.colon}{w.names(gap.who)}"
            shown = w.list_sep.join(w.effect(x) for x in bears)
            yield Line(f"{what}{w.semi}{w.say('would_change')}{w.colon}{shown}")
