"""Where a text declares names, and which of them stand there without a twin in the other language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from .keywords import LINES, STAGE_WORDS, WORDS
from .source import Block

# A word in either tongue: each character is looked at once.
CJK: Final = r"[\u3400-\u9fff〇]++"
LATIN: Final = r"[A-Za-z][A-Za-z0-9_]*+"
_SPACE: Final = r"[ \t\u3000]"
_ONE_TONGUE = re.compile(rf"(?:({CJK})(?:{_SPACE}++{CJK})*+|({LATIN})(?:{_SPACE}++{LATIN})*+)")
_RISING = re.compile("由轻到重|\\brising\\b")
_HEADS: Final = {
    "zh": re.compile("|".join(w for k in LINES for w in k.zh)),
    "en": re.compile(rf"(?:{'|'.join(w for k in LINES for w in k.en)})\b"),
}
_LINE: Final = {w: k.key for k in LINES for w in (*k.zh, *k.en)}
_STAGE_HEADS = re.compile("|".join((*STAGE_WORDS.zh, *STAGE_WORDS.en)))
_ITEM_HEADS = re.compile(r"[（(][^）)]*[）)]")
_COLON = re.compile("[：:]")
_NAME_ENDS = re.compile("[：:（(〔［[]")
# What parts the entries of a line of vocabulary.
_PARTED: Final = {"class": "、，,", "order": "＜<", "effect": "、，,＜<", "list": "、，,", "body": "、，,"}
_ETC: Final = frozenset(w for k in WORDS if k.terminal == "ETC" for w in (*k.zh, *k.en))
_WEIGHT: Final = frozenset(w for k in WORDS if k.terminal in ("POLARITY", "RISING") for w in (*k.zh, *k.en))


@frozen
class Alone:
    """A name without its twin: where it starts and ends, up to where nothing else stands, the tongue it lacks."""

    start: int
    end: int
    stop: int
    wanting: str


def stretches(block: Block) -> Iterator[tuple[int, int, str]]:
    """The parts of a block where names are declared, with what they declare: its head, stages, items of readings and
    findings, vocabulary; a line that ranks its entries counts as 'order'."""
    kind = block.kind or ""
    for at, (start, end) in enumerate(_lines(block)):
        text = block.source.text
        if at == 0:
            yield block.body, end, kind
        elif block.kind == "vocabulary":
            head = _HEADS["zh"].match(text, start, end) if block.lang == "zh" else None
            ranked = _RISING.search(text, start, end) is not None
            order = ranked or text.startswith(("序", "order "), start)
            yield head.end() if head else start, end, "order" if order else kind
        elif block.kind == "procedure" and (head := _STAGE_HEADS.match(text, start, end)):
            yield head.end(), end, kind
        elif block.kind in ("reading", "finding") and (head := _ITEM_HEADS.match(text, start, end)):
            colon = _COLON.search(text, head.end(), end)
            yield head.end(), colon.start() if colon else end, kind


def alone(block: Block) -> Iterator[Alone]:
    """The names of a block that stand where a name and its twin are wanted, and are in one tongue only."""
    text, vocabulary = block.source.text, block.kind == "vocabulary"
    for at, (start, end, _) in enumerate(stretches(block)):
        if at > 0 and vocabulary:
            break
        # An item without its colon is wanting in more than a name.
        if at == 0 or block.kind == "procedure" or text[end : end + 1] in ("：", ":"):
            yield from _alone(text, start, end if at == 0 else _name_end(text, start, end))
    if vocabulary:
        yield from _of_vocabulary(block)


def _of_vocabulary(block: Block) -> Iterator[Alone]:
    """The names of the lines of a vocabulary; a line without a heading goes on with the entries of the one above."""
    text, kind = block.source.text, ""
    for at, (start, end) in enumerate(_lines(block)):
        if at == 0:
            continue
        begin = start
        if head := _HEADS[block.lang].match(text, start, end):
            kind, begin = _LINE[head[0]], head.end()
            if kind != "body":
                stop = _name_end(text, begin, end)
                yield from _alone(text, begin, _unweighed(text, begin, stop) if kind == "effect" else stop)
                colon = _COLON.search(text, stop, end)
                begin = colon.end() if colon else end
        if kind not in _PARTED:
            continue
        marks = [i for i in range(begin, end) if text[i] in _PARTED[kind]]
        for a, b in zip((begin, *(i + 1 for i in marks)), (*marks, end), strict=True):
            if text[a:b].strip() not in _ETC:
                yield from _alone(text, a, _name_end(text, a, b))


def _name_end(text: str, start: int, end: int) -> int:
    found = _NAME_ENDS.search(text, start, end)
    return found.start() if found else end


def _unweighed(text: str, start: int, end: int) -> int:
    """Where the name of a group of effects ends: before 不利, and before 由轻到重."""
    for _ in range(2):
        bare = text[start:end].rstrip()
        *before, last = bare.rsplit(None, 1) or [""]
        if not before or last not in _WEIGHT:
            break
        end = start + len(bare) - len(last)
    return end


def _alone(text: str, start: int, end: int) -> Iterator[Alone]:
    """The name of a stretch, if all of it is in one tongue."""
    while start < end and text[start] in " \t\u3000":
        start += 1
    while end > start and text[end - 1] in " \t\u3000\r；;":
        end -= 1
    if found := _ONE_TONGUE.fullmatch(text, start, end):
        chinese = found[1] is not None
        yield Alone(start, found.end(1 if chinese else 2), end, "en" if chinese else "zh")


def _lines(block: Block) -> Iterator[tuple[int, int]]:
    """Where the lines of a block begin, indents left out, and end; neither blank ones nor comments."""
    text, at = block.source.text, block.start
    while at < block.end:
        end = text.find("\n", at, block.end)
        end = block.end if end < 0 else end
        start = next((i for i in range(at, end) if text[i] not in " \t\u3000"), end)
        at = end + 1
        if start < end and text[start] not in "#＃":
            yield start, end
