"""The frame of every page: one file that asks nothing of a network, both languages in it, made to be read and printed.

The page allows its own style and script by their digests, and nothing else. Which language shows is a choice of buttons
that need no script; what shows is what prints.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from .labels import label
from .markup import Content, Markup, css_text, digest, el, in_tongue

LANGUAGES: Final = ("zh", "en")


@cache
def asset(name: str) -> str:
    """A style or script that goes into the page."""
    return (Path(__file__).parent / name).read_text("utf-8")


def words(text: str, lang: str) -> Markup:
    """Text in the tongue of its article."""
    return in_tongue(text, lang)


def said(key: str, lang: str, *values: object) -> Markup:
    """A label of the page."""
    return in_tongue(label(key, lang).format(*values), lang)


def page(titles: dict[str, str], articles: dict[str, Markup], lang: str, tools: tuple[str, ...]) -> str:
    """A whole page: its articles by language, *lang* shown first; *tools* are the buttons its script offers."""
    style = asset("page.css") + "".join(_running_head(x, titles[x]) for x in LANGUAGES)
    script = asset("page.js")
    own = f"style-src {digest(style)}; script-src {digest(script)}"
    policy = f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"
    both = (*LANGUAGES, "both")
    choice = el(
        "fieldset",
        el("legend", _both("language")),
        [
            el(
                "label",
                el("input", type="radio", name="language", id=f"show-{x}", value=x, checked=x == lang),
                el("span", {"zh": "中文", "en": "English"}.get(x) or _both("both"), lang=x if x in LANGUAGES else None),
            )
            for x in both
        ],
    )
    buttons = [el("button", _both(t), type="button", data_do=t, hidden=True) for t in tools]
    body = (
        el("header", choice, el("div", buttons, class_="tools"), class_="bar"),
        el("main", [el("article", articles[x], lang=x, class_=x) for x in LANGUAGES]),
    )
    head = (
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="robots", content="noindex"),
        el("title", titles[lang]),
        el("style", Markup(style)),
    )
    whole = el("html", "\n", el("head", head), "\n", el("body", body, el("script", Markup(script))), "\n", lang=lang)
    return f"<!doctype html>\n{whole}\n"


def _both(key: str) -> Content:
    return el("span", label(key, "zh"), lang="zh"), " ", el("span", label(key, "en"), lang="en")


def _running_head(lang: str, title: str) -> str:
    """The title above every printed page, and its number below."""
    before, between, after = label("page_of", lang).split("{}")
    number = f"{css_text(before)} counter(page) {css_text(between)} counter(pages) {css_text(after)}"
    return (
        f"@page {lang} {{ @top-left {{ content: {css_text(title)}; }} @bottom-right {{ content: {number}; }} }}\n"
        f"article.{lang} {{ page: {lang}; }}\n"
    )


def section(lang: str, id: str, heading: Content, *content: Content, **attributes: str) -> Markup:
    """A part of an article under its own heading."""
    name = f"{lang}-{id}"
    return el(
        "section", el("h2", heading, id=f"{name}-h"), *content, id=name, aria_labelledby=f"{name}-h", **attributes
    )


def table(
    lang: str, caption: Content, columns: tuple[str, ...], rows: list[list[Content]], **attributes: str
) -> Markup:
    """A table with labels for its columns; the first cell of a row is its heading. Every cell names its column, for
    screens too narrow for a table."""
    names = [label(c, lang) for c in columns]
    body = [
        el(
            "tr",
            el("th", row[0], scope="row"),
            [el("td", cell, data_label=name) for name, cell in zip(names[1:], row[1:], strict=True)],
        )
        for row in rows
    ]
    return el(
        "table",
        el("caption", caption),
        el("thead", el("tr", [el("th", words(n, lang), scope="col") for n in names])),
        el("tbody", body),
        **attributes,
    )
