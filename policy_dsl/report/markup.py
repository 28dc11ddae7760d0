"""Elements of a page: what is put into one is text and is escaped, unless it is an element itself."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from html import escape
from typing import Final

# What is not seen, or makes what follows read the other way round: control characters, marks of direction, spaces of no
# width, halves of pairs and noncharacters. A page shows them by number.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_VOID: Final = frozenset(("meta", "input", "br"))
_HAN: Final = re.compile(
    "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]*[\u3400-\u9fff][\u3000-\u303f\u3400-\u9fff\uff00-\uffef]*"
)


class Markup(str):
    """What is safe in a page as it stands. Joined with plain text it is plain text again."""

    __slots__ = ()


Content = str | None | Iterable["Content"]


def seen(text: str) -> str:
    """Text with whatever is not seen shown by its number."""
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def put(content: Content) -> Markup:
    """Content as it stands in a page."""
    if content is None:
        return Markup()
    if isinstance(content, Markup):
        return content
    if isinstance(content, str):
        return Markup(escape(seen(content)))
    return Markup("".join(map(put, content)))


def el(tag: str, *content: Content, **attributes: str | bool | int | None) -> Markup:
    """An element; `class_` and `for_` are written without their stroke, and `aria_label` with a hyphen."""
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if x is True else f'="{escape(seen(str(x)))}"')
        for name, x in attributes.items()
        if x is not None and x is not False
    )
    inside = "" if tag in _VOID else f"{put(content)}</{tag}>"
    return Markup(f"<{tag}{written}>{inside}")


def in_tongue(text: str, lang: str) -> Markup:
    """Text of one tongue. Chinese words standing in English are marked as such, for voices and fonts; an English name
    of several words may break between them."""
    if lang == "zh":
        return put(text)
    out: list[Content] = []
    end = 0
    for found in _HAN.finditer(text):
        out += [text[end : found.start()], el("span", found[0], lang="zh")]
        end = found.end()
    return Markup(put([*out, text[end:]]).replace("_", "_<wbr>"))


def anchor(*parts: str) -> str:
    """An id for a place in a page: two places never share one, as only the last part may hold a hyphen."""
    return "-".join(re.sub("[^A-Za-z0-9-]", lambda x: f"_{ord(x[0]):x}_", p) for p in parts)


def css_text(text: str) -> str:
    """A string of CSS. Every sign that is no letter or figure is written by its number: nothing can end it."""
    return '"' + re.sub("[^A-Za-z0-9]", lambda x: f"\\{ord(x[0]):x} ", seen(text)) + '"'


def digest(text: str) -> str:
    """The mark by which a page allows its own script and style, and no others."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
