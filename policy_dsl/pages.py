"""The page of each diagnostic: why it is one, a text that causes it, how it is shown, and the same text mended.

A page is read by `policy rule`, and run by the tests: what it shows is what happens.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from importlib.resources import files
from typing import Final

from attrs import frozen

from .catalogue import CATALOGUE, Entry

FOLDER: Final = files("policy_dsl") / "diagnostics_pages"
VOCABULARY: Final = "_vocabulary.policy"
EXAMPLE: Final = "example.policy"
LANGUAGES: Final = ("zh", "en")
# What each kind of block stands for; a `run` is what is done with the others, a line an act.
_FILES: Final = {
    "policy": EXAMPLE, "json": "record.json", "workbook": "roster.xlsx", "toml": "sources.toml", "run": "run.txt",
}  # fmt: skip
FENCE: Final = re.compile(r"^```(\w+)( mended)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@frozen
class Block:
    """A fenced block: what stands after the fence, and the text inside."""

    kind: str
    mended: bool
    text: str

    @property
    def file(self) -> str:
        """The name of the file it stands for: its first line may give one."""
        if named := re.match(r"# file: (\S+)\n", self.text):
            return named[1]
        return _FILES[self.kind]


@frozen
class Page:
    """One page as read."""

    text: str

    @property
    def heading(self) -> str:
        return self.text.partition("\n")[0]

    @property
    def prose(self) -> list[str]:
        """The paragraphs outside the fences, but for the heading: one in Chinese, one in English."""
        return [p for p in re.split(r"\n{2,}", FENCE.sub("", self.text).strip()) if not p.startswith("#")]

    @property
    def blocks(self) -> list[Block]:
        return [Block(kind, bool(mended), text) for kind, mended, text in FENCE.findall(self.text)]

    def why(self, lang: str) -> str:
        """When it is reported and why it matters."""
        return self.prose[LANGUAGES.index(lang)]

    def causes(self, mended: bool) -> dict[str, Block]:
        """What causes the finding, by file; mended, the files that are mended stand in place of their namesakes."""
        found: dict[str, Block] = {}
        for b in self.blocks:
            if b.kind not in LANGUAGES and (mended or not b.mended):
                found[b.file] = b
        return found

    def mends(self) -> dict[str, Block]:
        """The files that are written anew to mend it."""
        return {b.file: b for b in self.blocks if b.mended}

    def shown(self, lang: str) -> str:
        """The finding as `policy check` shows it."""
        (block,) = [b for b in self.blocks if b.kind == lang]
        return block.text

    def rewritten(self, heading: str, renderings: dict[str, str]) -> Page:
        """The page with its heading and renderings replaced; nothing else changes."""

        def put(found: re.Match[str]) -> str:
            kind = found[1]
            return f"```{kind}\n{renderings[kind]}```" if kind in renderings else found[0]

        return Page(heading + FENCE.sub(put, self.text)[len(self.heading) :])


def page(code: str) -> Page:
    """The page of a code of the catalogue."""
    return Page((FOLDER / f"{code}.md").read_text("utf-8"))


def heading_of(entry: Entry) -> str:
    """`# P200 没有名为“…”的词。 Nothing is named “…”.`"""
    return f"# {entry.code} {sentence(entry, 'zh')} {sentence(entry, 'en')}"


def sentence(entry: Entry, lang: str) -> str:
    """What a code says, with … for what it names each time."""
    return re.sub(r"\{\w+\}", "…", entry.message(lang))


def remedy(entry: Entry, lang: str) -> str:
    """How to mend it, with … for what it names each time."""
    return re.sub(r"\{\w+\}", "…", entry.remedy(lang))


def meant(code: str) -> str:
    """The code somebody most likely meant, told by its characters; '' if none is near."""
    near = get_close_matches(code.upper(), CATALOGUE, 1, 0.7)
    return near[0] if near else ""


_TITLES: Final = {
    "why": ("何时报告，为何要紧", "When it is reported, and why it matters"),
    "cause": ("会这样报告的一例", "A text that causes it"),
    "shown": ("报告的样子", "How it is shown"),
    "remedy": ("改法", "How to mend it"),
    "mended": ("改好以后", "The same, mended"),
}


def plain(code: str) -> dict[str, object]:
    """A code and its page as plain data, for other programs."""
    entry, p = CATALOGUE[code], page(code)
    return {
        "code": code,
        "severity": entry.severity,
        "says": {lang: sentence(entry, lang) for lang in LANGUAGES},
        "why": {lang: p.why(lang) for lang in LANGUAGES},
        "remedy": {lang: remedy(entry, lang) for lang in LANGUAGES},
        "cause": {name: b.text for name, b in p.causes(mended=False).items()},
        "shown": {lang: p.shown(lang) for lang in LANGUAGES},
        "mended": {name: b.text for name, b in p.mends().items()},
    }


def told(code: str, lang: str, severity: str) -> str:
    """A code and its page, for a reader on a terminal; *severity* is the word for how grave it is."""
    entry, p = CATALOGUE[code], page(code)
    parts = {
        "why": p.why(lang),
        "cause": _texts(p.causes(mended=False)),
        "shown": p.shown(lang),
        "remedy": remedy(entry, lang),
        "mended": _texts(p.mends()),
    }
    lines = [f"{code} {severity}", sentence(entry, lang)]
    for key, text in parts.items():
        lines += ["", _TITLES[key][LANGUAGES.index(lang)]]
        lines += [f"    {line}".rstrip() for line in text.strip().splitlines()]
    return "\n".join(lines)


def _texts(blocks: dict[str, Block]) -> str:
    return "\n\n".join(b.text.strip() for b in blocks.values())
