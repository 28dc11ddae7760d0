"""A comparison as one page: what the text says, from the same parts, in both languages, with a chart of the persons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..comparison.compared import Compared
from .chart import Bar, chart
from .comparison import Cell, Part, Table
from .comparison_people import People
from .comparison_whole import Whole, whole
from .comparison_words import say
from .frame import LANGUAGES, page, section, words
from .markup import Content, Markup, el, put

_DEEPEST: Final = 9
_CHARTED: Final = ("stricter", "milder", "otherwise", "open")


def comparison_page(compared: Compared, lang: str, names: bool = False) -> str:
    """The whole page, *lang* shown first. Unless *names*, what may tell who a person is is withheld."""
    told = {x: whole(compared, x, masked=not names) for x in LANGUAGES}
    titles = {x: w.title for x, w in told.items()}
    return page(titles, {x: _article(w, x) for x, w in told.items()}, lang, ("print",))


def _article(told: Whole, lang: str) -> Markup:
    head = el(
        "header",
        el("p", say("kicker", lang), class_="kicker"),
        el("h1", words(told.title, lang)),
        class_="title",
    )
    charts = {"persons_by_effect": _chart(told.people, lang)} if told.people is not None else {}
    return put([head, *(_part(p, lang, charts.get(p.key)) for p in told.parts)])


def _part(part: Part, lang: str, drawn: Content = None) -> Markup:
    notes = [el("p", words(n, lang), class_="note") for n in part.notes]
    tables = [_table(t, lang, t.title != part.title) for t in part.tables]
    return section(lang, part.key, words(part.title, lang), notes, drawn, tables)


def _table(table: Table, lang: str, headed: bool) -> Content:
    rows = [
        el(
            "tr",
            el("th", _cell(row[0], lang), scope="row"),
            [el("td", _cell(c, lang), data_label=n) for n, c in zip(table.columns[1:], row[1:], strict=True)],
        )
        for row in table.rows
    ]
    return (
        el("h3", words(table.title, lang)) if headed else None,
        [el("p", words(n, lang), class_="note") for n in table.notes],
        el(
            "table",
            el("caption", words(table.title, lang)),
            el("thead", el("tr", [el("th", words(c, lang), scope="col") for c in table.columns])),
            el("tbody", rows),
            class_="wide" if table.grid else "sides listed" if len(table.columns) > 3 else "sides",
        ),
    )


def _cell(cell: Cell, lang: str) -> Content:
    """Lines one under another; those of a tree keep their depth."""
    if len(cell) < 2:
        return words("".join(cell) or "—", lang)
    return [el("div", words(x.lstrip(), lang), class_=f"in{min(_depth(x), _DEEPEST)}") for x in cell]


def _depth(line: str) -> int:
    return (len(line) - len(line.lstrip())) // 2


def _chart(people: People, lang: str) -> Content:
    """Persons by effect, on what is printed."""
    bars = []
    for name, tally in people.found.effects.items():
        counts = tally.relations[0]
        parts = {k: counts[k] for k in ("stricter", "milder", "open")}
        parts["otherwise"] = counts["firmer"] + counts["looser"] + counts["incomparable"]
        if any(parts.values()):
            bars.append(Bar(people.t.effect(name), tuple((k, parts[k]) for k in _CHARTED)))
    if not bars:
        return None
    keys: Sequence[tuple[str, str]] = [(k, say(k, lang)) for k in _CHARTED]
    most = max(sum(n for _, n in b.parts) for b in bars)
    return chart(bars, keys, most, say("chart", lang), f"{lang}-compared", lang)
