"""Pages read back: the elements a parser finds, and what a reader of one language sees."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "input", "br", "wbr"}


class Element:
    """An element with its attributes and what is in it."""

    def __init__(self, tag: str, attrs: dict[str, str | None]):
        self.tag, self.attrs = tag, attrs
        self.inside: list[Element | str] = []

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attrs}>"

    def every(self, tag: str = "", **wanted: str) -> list[Element]:
        """Every element in it, at any depth, with this tag and these attributes; class_ asks for one class of several."""
        found = []
        for x in self.inside:
            if isinstance(x, Element):
                kinds = (x.attrs.get("class") or "").split()
                fits = all(v in kinds if k == "class_" else x.attrs.get(k) == v for k, v in wanted.items())
                found += [x] if fits and tag in ("", x.tag) else []
                found += x.every(tag, **wanted)
        return found

    def one(self, tag: str = "", **wanted: str) -> Element:
        (found,) = self.every(tag, **wanted)
        return found

    @property
    def text(self) -> str:
        return "".join(x if isinstance(x, str) else x.text for x in self.inside)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [k for k, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        element = Element(tag, dict(attrs))
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(page: str) -> Element:
    """A page, every element of it closed in its turn."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [reader.root], f"never closed: {reader.open[1:]}"
    return reader.root


def article(page: Element, lang: str) -> Element:
    return page.one("article", lang=lang)
