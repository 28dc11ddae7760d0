"""Where a word stands: files, spans in them, and blocks of lines that each hold one declaration."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

from attrs import field, frozen

from .keywords import KINDS

# Characters that do not show, or move what stands beside them: controls but for the end of a line and the tab, marks of
# direction, joiners, fillers and selectors of no width, lone surrogates, and the separators some programs take for the
# end of a line and others do not.
HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+|\r(?!\n)"
)


def code_points(text: str, most: int = 3) -> str:
    """'U+200B U+202E': what a text that does not show is made of."""
    return " ".join(f"U+{ord(c):04X}" for c in text[:most]) + (" …" if len(text) > most else "")


@frozen
class Source:
    """One text: the name it is reported by, and its characters."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        return (0, *(m.end() for m in re.finditer("\n", self.text)))

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both from one; columns count characters."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end]


@frozen(eq=False)
class Span:
    """The characters from *start* up to *end* of a source."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        return Span(self.source, self.start, max(self.end, other.end))

    def __str__(self) -> str:
        line, column = self.source.place(self.start)
        return f"{self.source.name}:{line}:{column}"


NOWHERE = Span(Source("", ""), 0, 0)

_HEAD = {
    lang: re.compile(
        "("
        + "|".join(sorted((w for k in KINDS for w in getattr(k, lang)), key=len, reverse=True))
        + ")"
        + ("" if lang == "zh" else r"\b")
    )
    for lang in ("zh", "en")
}
_KIND_OF = {w: k.key for k in KINDS for w in (*k.zh, *k.en)}


@frozen
class Block:
    """The lines of one declaration: from a heading at the left margin to the next."""

    source: Source = field(repr=False)
    start: int
    end: int
    lang: str
    kind: str | None
    body: int


def blocks(source: Source) -> list[Block]:
    """A text cut at its headings; what stands before the first one, or has no known heading, has no kind. A line ends
    at a line feed and nowhere else.

    Comment lines directly above a heading belong to it.
    """
    starts: list[tuple[int, str, str | None, int]] = []
    pending: int | None = None
    offset = 0
    for line in source.text.split("\n"):
        bare = line.strip()
        if bare.startswith(("#", "＃")):
            pending = offset if pending is None else pending
        elif bare and (not line[0].isspace() or not starts):
            start = offset if pending is None else pending
            for lang in ("zh", "en"):
                if found := _HEAD[lang].match(line):
                    starts.append((start, lang, _KIND_OF[found[1]], offset + found.end()))
                    break
            else:
                starts.append((start, starts[-1][1] if starts else "zh", None, offset))
            pending = None
        elif bare:
            pending = None
        offset += len(line) + 1
    ends = [*(s[0] for s in starts[1:]), len(source.text)][: len(starts)]
    return [Block(source, s, e, lang, kind, body) for (s, lang, kind, body), e in zip(starts, ends, strict=True)]
