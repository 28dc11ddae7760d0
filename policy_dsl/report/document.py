"""A regime as a document: each provision of its sources beside what encodes it, its cases and what it leaves unclear.

The same parts are written as Markdown and as a page. Nothing is worked out here: what encodes what is read off the
coverage of the register, and the text of a declaration is what the formatter writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen

from .. import model as m
from ..check.coverage import Coverage, Encoding, Entry
from ..diagnostics import visible
from ..language.fmt import Writer
from ..language.keywords import kind_word
from .frame import LANGUAGES, page, section
from .markup import Content, Markup, anchor, el, in_tongue
from .sources import layer, modality, standing, summary

_SAID: Final = {
    "title": ("{}：条款与政策对照", "{}: provisions beside their policy"), "sources": ("所据文件", "Sources"),
    "coverage": ("覆盖", "Coverage"), "provisions": ("条款", "Provisions"), "place": ("位置", "Place"),
    "layer": ("层次", "Layer"), "modality": ("语气", "Modality"), "says": ("大意", "In substance"),
    "policy": ("政策", "Policy"), "kept": ("存录", "Kept as a note"),
    "nothing": ("没有一条政策写它。", "Encoded by nothing."),
    "unclear": ("不明之处", "What it leaves unclear"), "cases": ("案例", "Cases"),
    "issuer": ("发布", "Issued by"), "date": ("日期", "Date"), "kind": ("性质", "Kind"), "digest": ("摘要", "Digest"),
    "own_words": (
        "大意是登记者自己的话，不是原文；以原文为准。",
        "The substance is in the registrar's own words and is not the text; the text prevails.",
    ),
}  # fmt: skip


@frozen
class Part:
    """One provision as shown: its head by label, what encodes it, what it leaves unclear, its cases."""

    id: str
    head: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]
    kept: tuple[str, ...]
    unclear: tuple[tuple[str, str, str], ...]
    cases: tuple[str, ...]


@frozen
class Book:
    """A regime as shown in one tongue: its title, its documents by label, the totals, the provisions."""

    lang: str
    title: str
    documents: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    totals: tuple[str, ...]
    parts: tuple[Part, ...]

    def say(self, key: str) -> str:
        return _say(key, self.lang)


def _say(key: str, lang: str) -> str:
    return _SAID[key][lang != "zh"]


def book(policy: m.Policy, coverage: Coverage, lang: str) -> Book:
    """What there is to show of a regime."""
    name = policy.name if lang == "zh" else policy.english
    documents = tuple(
        (d.title or d.id, _labelled(lang, issuer=d.issuer, date=d.date, kind=d.kind, digest=d.sha256))
        for d in coverage.register.documents.values()
    )
    writer = Writer(policy.lexicon, lang)
    parts = tuple(_part(e, coverage, writer) for e in coverage.entries)
    return Book(lang, _say("title", lang).format(name), documents, tuple(summary(coverage, lang)), parts)


def _labelled(lang: str, **values: str) -> tuple[tuple[str, str], ...]:
    return tuple((_say(key, lang), value) for key, value in values.items() if value)


def _part(e: Entry, coverage: Coverage, writer: Writer) -> Part:
    p, lang = e.provision, writer.lang
    source = coverage.register.documents.get(p.document)
    several = len(coverage.register.documents) > 1
    place = f"{source.title or source.id}　{p.locator}" if source is not None and several else p.locator
    said = p.zh if lang == "zh" else p.en
    return Part(
        p.id,
        _labelled(lang, place=place, layer=layer(p.layer, lang), modality=modality(p, lang), says=said),
        tuple(_text(x, writer) for x in e.encodings if x.kind != "note"),
        tuple(x.line for x in e.encodings if x.kind == "note"),
        tuple((a.id, a.said(lang), standing(e, a, coverage.lexicon, lang)) for a in p.ambiguities),
        tuple(f"{kind_word('case', lang)} {writer.name(d.name)}" for d in e.cases if d.name is not None),
    )


def _text(x: Encoding, writer: Writer) -> str:
    """The declaration in its canonical form; a procedure without its stages, which stand where they are cited."""
    return "\n".join(writer.declaration(evolve(x.declaration, stages=())))


# Markdown.

_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def markdown(b: Book) -> str:
    """The document as Markdown; every character of a source or a policy stands for itself."""
    return "\n".join(_markdown(b)) + "\n"


def _markdown(b: Book) -> Iterator[str]:
    yield f"# {_plain(b.title)}"
    yield from ("", f"## {b.say('sources')}", "")
    for title, rows in b.documents:
        yield f"- **{_plain(title)}**"
        yield from (f"  - {_plain(label)}{_colon(b.lang)}{_plain(value)}" for label, value in rows)
    yield from ("", b.say("own_words"), "", f"## {b.say('coverage')}", "")
    yield from (f"- {_plain(line)}" for line in b.totals)
    yield from ("", f"## {b.say('provisions')}")
    for p in b.parts:
        yield from ("", f"### {_plain(p.id)}", "")
        yield from (f"- **{_plain(label)}**{_colon(b.lang)}{_plain(value)}" for label, value in p.head)
        yield ""
        yield f"**{b.say('policy')}**"
        for text in p.texts:
            shown = "\n".join(map(visible, text.split("\n")))
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", shown)), default=0))
            yield from ("", f"{fence}policy", shown, fence)
        for line in p.kept:
            yield from ("", f"{b.say('kept')}{_colon(b.lang)}{_plain(line)}")
        if not p.texts and not p.kept:
            yield from ("", b.say("nothing"))
        if p.unclear:
            yield from ("", f"**{b.say('unclear')}**", "")
            for id, said, becomes in p.unclear:
                yield f"- {_plain(id)}{_colon(b.lang)}{_plain(said)}"
                yield f"  - {_plain(becomes)}"
        if p.cases:
            yield from ("", f"**{b.say('cases')}**", "")
            yield from (f"- {_plain(case)}" for case in p.cases)


def _colon(lang: str) -> str:
    return "：" if lang == "zh" else ": "


def _plain(text: str) -> str:
    """One line of text in which no character means anything to Markdown."""
    return _MARKS.sub(r"\\\1", visible(" ".join(text.split())))


# A page.


def html(books: dict[str, Book], lang: str) -> str:
    """The document as one page in both languages, *lang* shown first; it asks nothing of a network."""
    articles = {x: _article(books[x]) for x in LANGUAGES}
    return page({x: books[x].title for x in LANGUAGES}, articles, lang, ("print",))


def _article(b: Book) -> Markup:
    documents = [(el("h3", in_tongue(title, b.lang)), _list(b, rows)) for title, rows in b.documents]
    return Markup(
        "".join(
            (
                el("header", el("h1", in_tongue(b.title, b.lang)), class_="title"),
                section(b.lang, "sources", b.say("sources"), documents, el("p", b.say("own_words"), class_="note")),
                section(b.lang, "coverage", b.say("coverage"), el("ul", [el("li", t) for t in b.totals])),
                section(b.lang, "provisions", b.say("provisions"), [_provision(b, p) for p in b.parts]),
            )
        )
    )


def _provision(b: Book, p: Part) -> Markup:
    id = anchor(b.lang, "provision", p.id)
    texts: list[Content] = [el("pre", el("code", in_tongue(t, b.lang))) for t in p.texts]
    texts += [el("p", b.say("kept"), _colon(b.lang), in_tongue(line, b.lang)) for line in p.kept]
    source: list[Content] = [_list(b, p.head)]
    if p.unclear:
        told = [
            el("li", id_, _colon(b.lang), in_tongue(said, b.lang), el("p", in_tongue(becomes, b.lang), class_="note"))
            for id_, said, becomes in p.unclear
        ]
        source += [el("h4", b.say("unclear")), el("ul", told)]
    policy: list[Content] = texts or [el("p", b.say("nothing"), class_="status open")]
    if p.cases:
        policy += [el("h4", b.say("cases")), el("ul", [el("li", in_tongue(c, b.lang)) for c in p.cases])]
    return el(
        "section",
        el("h3", el("a", p.id, href=f"#{id}")),
        el("div", el("div", source), el("div", el("h4", b.say("policy")), policy), class_="beside"),
        id=id,
        class_="provision",
    )


def _list(b: Book, rows: tuple[tuple[str, str], ...]) -> Markup:
    items = [el("div", el("dt", label), el("dd", in_tongue(value, b.lang))) for label, value in rows]
    return el("dl", items, class_="parts")
