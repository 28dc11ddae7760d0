"""A chart of bars drawn as SVG: what a table beside it says in figures."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

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
    drawn: list[Content] = [
        el("title", title, id=f"{id}-title"),
        el(
            "defs",
            el(
                "pattern",
                el("rect", width=6, height=6),
                el("path", d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5"),
                id=f"hatch-{lang}",
                width=6,
                height=6,
                patternUnits="userSpaceOnUse",
            ),
        ),
    ]
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
