"""A chart of bars drawn as SVG: what a table beside it says in figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from ..diagnostics import width
from .markup import Content, Markup, el

_WIDTH, _NAMES, _ROW, _BAR = 720, 210, 26, 14


@frozen
class Bar:
    """A name and its parts, each with the class that colours it and how many."""

    name: str
    parts: tuple[tuple[str, int], ...]


def chart(bars: Sequence[Bar], classes: Sequence[tuple[str, str]], most: int, title: str, id: str, lang: str) -> Markup:
    """Stacked bars to one scale of *most*, with a key to the *classes* (class, name); it is one picture to a voice."""
    height = _ROW * (len(bars) + 1) + 10
    room = _WIDTH - _NAMES - 40
    drawn: list[Content] = [el("title", title, id=f"{id}-title"), _hatched(lang)]
    at = _NAMES
    for kind, name in classes:
        drawn += [
            el("rect", x=at, y=2, width=14, height=_BAR, class_=kind),
            el("text", name, x=at + 20, y=14),
        ]
        at += 40 + 14 * len(name) if lang == "zh" else 40 + 8 * len(name)
    for i, bar in enumerate(bars, 1):
        y = i * _ROW + 8
        drawn.append(el("text", bar.name, x=_NAMES - 10, y=y + 11, text_anchor="end"))
        x = float(_NAMES)
        for kind, count in bar.parts:
            wide = room * count / most if most else 0
            if count:
                drawn.append(el("rect", x=f"{x:.1f}", y=y, width=f"{wide:.1f}", height=_BAR, class_=kind))
            x += wide
        drawn.append(el("text", str(sum(n for _, n in bar.parts)), x=f"{x + 6:.1f}", y=y + 11))
    drawn.append(el("path", d=f"M{_NAMES} {_ROW}V{height - 4}", class_="axis"))
    return el(
        "svg",
        drawn,
        viewBox=f"0 0 {_WIDTH} {height}",
        role="img",
        aria_labelledby=f"{id}-title",
        class_=f"chart {lang}",
    )


def _hatched(lang: str) -> Markup:
    """The ground of what is undetermined: told from the others without colour."""
    lines = el("path", d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5")
    ground = el("rect", width=6, height=6)
    return el(
        "defs", el("pattern", ground, lines, id=f"hatch-{lang}", width=6, height=6, patternUnits="userSpaceOnUse")
    )


# A picture by itself: the colours of statuses, the duties dark, what does not arise light.
_FILLS: Final = {
    "silent": "#e3e3dc", "may": "#8ab661", "may_unadvised": "#c2c25a", "should_not": "#d9904a",
    "basically_one_of": "#7cc4b8", "generally_one_of": "#5bb0a2", "principle_one_of": "#43988a",
    "must_one_of": "#2d7d6e", "must_waivable": "#2f6ca3", "basically_must": "#6aa5d2", "generally_must": "#5593c6",
    "principle_must": "#3f7fb5", "must": "#1f4e79", "must_not": "#b1493d", "conflict": "#6d3f8c",
}  # fmt: skip
_COLUMN, _MARGIN, _WIDE = 7, 16, 480


def drawing(bars: Sequence[Bar], classes: Sequence[tuple[str, str]], most: int, title: str, lang: str) -> Markup:
    """The same as a file of its own: bars to one scale of *most*, each part with its count, the key above them.

    *classes* are statuses and 'undetermined', each with its name.
    """
    names = max((width(b.name) for b in bars), default=0) * _COLUMN + 2 * _MARGIN
    whole = names + _WIDE + 4 * _MARGIN
    shown: list[Content] = []
    x, y = _MARGIN, 40
    for kind, name in classes:
        wide = 40 + width(name) * _COLUMN
        if x + wide > whole and x > _MARGIN:
            x, y = _MARGIN, y + _ROW
        shown += [el("rect", x=x, y=y, width=14, height=_BAR, class_=kind), el("text", name, x=x + 20, y=y + 12)]
        x += wide
    top = y + _ROW + 6
    for i, bar in enumerate(bars):
        y = top + i * _ROW
        shown.append(el("text", bar.name, x=names - 10, y=y + 11, text_anchor="end"))
        shown += _parts(bar, dict(classes), names, y, _WIDE / most if most else 0)
    height = top + len(bars) * _ROW + 6
    shown.append(el("path", d=f"M{names} {top - 4}V{height - 4}", class_="axis"))
    style = "text{font:12px sans-serif;fill:#222}.head{font-size:15px}.count{font-size:10px;text-anchor:middle}"
    style += ".axis{stroke:#222;fill:none}.undetermined{fill:url(#hatch-one);stroke:#7a5200}"
    style += "pattern rect{fill:#fff}pattern path{stroke:#7a5200}.light{fill:#fff}"
    style += ".dark{paint-order:stroke;stroke:#fff;stroke-width:3px}"
    style += "".join(f".{kind}{{fill:{_FILLS[kind]}}}" for kind, _ in classes if kind in _FILLS)
    head: list[Content] = [el("title", title, id="title"), el("style", style), _hatched("one")]
    head += [el("rect", width=whole, height=height, fill="#fff"), el("text", title, x=_MARGIN, y=24, class_="head")]
    return el(
        "svg", head, shown, xmlns="http://www.w3.org/2000/svg", width=whole, height=height,
        viewBox=f"0 0 {whole} {height}", role="img", aria_labelledby="title", lang="zh-CN" if lang == "zh" else "en",
    )  # fmt: skip


def _parts(bar: Bar, names: dict[str, str], x: float, y: int, one: float) -> list[Content]:
    """The parts of a bar, each told by its name, and by its count where there is room; the total after them."""
    drawn: list[Content] = []
    for kind, count in bar.parts:
        wide = one * count
        if count:
            told = el("title", f"{names[kind]} {count}")
            drawn.append(el("rect", told, x=f"{x:.1f}", y=y, width=f"{wide:.1f}", height=_BAR, class_=kind))
        if count and wide > _COLUMN * (len(str(count)) + 1):
            # On hatching, figures stand out by a white edge.
            pale = kind in ("silent", "undetermined", "may", "may_unadvised", "basically_one_of")
            middle = f"{x + wide / 2:.1f}"
            drawn.append(el("text", str(count), x=middle, y=y + 11, class_="count dark" if pale else "count light"))
        x += wide
    return [*drawn, el("text", str(sum(n for _, n in bar.parts)), x=f"{x + 6:.1f}", y=y + 11)]
