"""Where a declaration does not read on: what is at fault, and which of its words are set aside with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from attrs import frozen

from ..diagnostics import Diagnostic, found
from . import slips
from .build import from_a_day
from .keywords import CLAUSES, LINES, kind_word, word
from .lexer import Lexicon, Token
from .numerals import UNITS
from .source import Block, Span
from .wording import expectation

_HEADS: Final = frozenset(k.terminal for k in (*CLAUSES, *LINES)) | {"STAGE", "TEXT"}
_HEADED = re.compile(r"[^\s：:（(〔\[{“\"'，,、；;。]+[ \t\u3000]*[：:]")
_SPACED = re.compile(
    "(?:" + "|".join(r"[ \t\u3000]*".join(w) for k in CLAUSES for w in k.zh if len(w) > 2) + ")[ \t\u3000]*[：:]"
)
_UNHEADED: Final = {
    lang: re.compile("(" + "|".join(sorted(words, key=len, reverse=True)) + r")(?![A-Za-z0-9_])")
    for lang, words in (("zh", [w for k in CLAUSES for w in k.zh]), ("en", [w for k in CLAUSES for w in k.en]))
}
_KEY_OF: Final = {w: k.key for k in CLAUSES for w in (*k.zh, *k.en)}
_AMONG: Final = {"is": "in", "in": "in", "is_not": "not_in", "not_in": "not_in"}
# What joins two things: where the second is missing, the joint may be what is too much.
_JOINTS: Final = ("AND", "OR", "EITHER", "BOTH", "COMMA", "PLUS", "MINUS", "TIMES", "LT")


@frozen
class Fault:
    """What is wrong; the words from *start* up to *stop* are set aside with the clause *key* they belong to, and all of
    the declaration where *start* is 0."""

    diagnostic: Diagnostic
    start: int
    stop: int
    key: str


def fault(tokens: Sequence[Token], place: int, expected: set[str], block: Block, words: Lexicon) -> Fault:
    """What is at fault where *tokens* do not read on at *place*, and one of the terminals *expected* could stand."""
    if (i := _without_colon(tokens, place, block)) is not None:
        head = _head_word(tokens[i], block)
        span = Span(block.source, tokens[i].span.start, tokens[i].span.start + len(head))
        headed = head + ("：" if block.lang == "zh" else ":")
        return Fault(found("P112", span, clause=head, headed=headed), i, _end(tokens, i), _KEY_OF[head])
    if (i := _unknown_head(tokens, place)) is not None:
        return Fault(_no_such_clause(tokens[i], block), i, _end(tokens, i), _head_text(tokens[i]))
    unfinished = place > 0 and _ends(tokens, place)
    start = _begin(tokens, place - 1 if unfinished else place)
    unfinished = unfinished and (place == len(tokens) or start > 0)
    diagnostic = slips.word(tokens, tokens[start].span.start, _line_end(tokens, place - unfinished), block.lang)
    diagnostic = diagnostic or _several(tokens, place) or _bound(tokens, start, place)
    diagnostic = diagnostic or _cut_name(tokens, place, words)
    if (
        diagnostic is None
        and unfinished
        and "BOUND" in expected <= {"BOUND", "PLUS", "MINUS"}
        and tokens[place - 1].type == "NAME"
    ):
        # Only a bound makes one thing of two values side by side, and of two names nobody would.
        place, unfinished = place - 1, False
        expected = {"COMMA", "EITHER", "BOTH"} if tokens[start].type == "EFFECTS" else {"COMPARE", "AND", "OR"}
        diagnostic = _joint(tokens, place - 1)
    if diagnostic is None:
        diagnostic = (_unfinished if unfinished else _unexpected)(tokens, place, expected)
    return Fault(diagnostic, start, _end(tokens, start), str(tokens[start]))


def at(tokens: Sequence[Token], place: int, diagnostic: Diagnostic) -> Fault:
    """The clause that holds the word at *place*, set aside for *diagnostic*."""
    start = _begin(tokens, min(place, len(tokens) - 1))
    return Fault(diagnostic, start, _end(tokens, start), str(tokens[start]))


def _ends(tokens: Sequence[Token], place: int) -> bool:
    """Whether what stands before *place* is over there: its declaration, its clause or its item."""
    if place == len(tokens) or begins_clause(tokens, place):
        return True
    return tokens[place].type == "SEMI" and tokens[place - 1].type != "SEMI"


def _at_line_start(tokens: Sequence[Token], i: int) -> bool:
    return i > 0 and "\n" in tokens[i].span.source.text[tokens[i - 1].span.end : tokens[i].span.start]


def begins_clause(tokens: Sequence[Token], i: int) -> bool:
    """Whether a clause, a stage or a line of vocabulary begins at a word, known or not."""
    t = tokens[i]
    if not _at_line_start(tokens, i) or t.type in ("ITEM", "LPAR"):
        return False
    return t.type in _HEADS or (tokens[0] != "vocabulary" and _headed(t) is not None)


def _headed(t: Token) -> re.Match[str] | None:
    """What stands before a colon as a heading does, with the colon."""
    text, at = t.span.source.text, t.span.start
    return _HEADED.match(text, at) or _SPACED.match(text, at)


def _begin(tokens: Sequence[Token], place: int) -> int:
    return next((i for i in range(place, 0, -1) if begins_clause(tokens, i)), 0)


def _end(tokens: Sequence[Token], start: int) -> int:
    """Up to where a clause goes; what stands under a stage goes with the head of the stage."""
    if start == 0:
        return len(tokens)
    stage = tokens[start].type == "STAGE"
    ends = (i for i in range(start + 1, len(tokens)) if begins_clause(tokens, i))
    return next((i for i in ends if not stage or tokens[i].type == "STAGE"), len(tokens))


def _head_text(t: Token) -> str:
    head = _headed(t)
    return head[0].rstrip("：: \t\u3000") if head else t.span.text


def _unknown_head(tokens: Sequence[Token], place: int) -> int | None:
    """The word at *place*, or the last at the start of a line before it, if it heads a clause and is no heading."""
    line = next((i for i in range(min(place, len(tokens) - 1), 0, -1) if _at_line_start(tokens, i)), 0)
    if not line or tokens[line].type in _HEADS or not begins_clause(tokens, line):
        return None
    return line


def _without_colon(tokens: Sequence[Token], place: int, block: Block) -> int | None:
    """The heading of a clause, at the start of a line of what does not read on, that no colon follows."""
    if block.kind in ("vocabulary", "note"):
        return None
    first = _begin(tokens, place - 1)
    for i in range(first + 1, min(place, len(tokens) - 1) + 1):
        if _at_line_start(tokens, i) and not begins_clause(tokens, i) and _head_word(tokens[i], block):
            return i
    return None


def _head_word(t: Token, block: Block) -> str:
    """The heading at a word that is no declared name: it ends with the word, or a space or a mark follows it."""
    head = _UNHEADED[block.lang].match(t.span.source.text, t.span.start)
    if head is None or (t.type == "NAME" and t.known):
        return ""
    follows = t.span.source.text[head.end() : head.end() + 1]
    return head[0] if head.end() == t.span.end or not follows.isalnum() else ""


def _line_end(tokens: Sequence[Token], place: int) -> int:
    t = tokens[min(place, len(tokens) - 1)]
    end = t.span.source.text.find("\n", t.span.end)
    return len(t.span.source.text) if end < 0 else end


def _cut_name(tokens: Sequence[Token], place: int, words: Lexicon) -> Diagnostic | None:
    """A word nobody declared that a declared one, or a number, begins or ends: 县委 in 县委常委会."""
    for i in (place, place - 1):
        if not 0 < i < len(tokens) or tokens[i].type != "NAME" or tokens[i].known:
            continue
        if (joint := _joint(tokens, i)) is not None:
            return joint
        first, last = i, i
        while first > 0 and tokens[first].type == "NAME" and _touch(tokens[first - 1], tokens[first]):
            first -= 1
        while last + 1 < len(tokens) and tokens[last + 1].type == "NAME" and _touch(tokens[last], tokens[last + 1]):
            last += 1
        if first == last:
            continue
        span = tokens[first].span.to(tokens[last].span)
        if tokens[first].type == "QUANTITY":
            units = "、".join(u[1] for u in UNITS)
            return slips.written(span, f"写数和单位，单位有：{units}\ta number and one of these units: {units}")
        alike = next(
            iter(get_close_matches(span.text, sorted({*words.english, *words.chinese} - {span.text}), 1, 0.5)), ""
        )
        return found("P200", span, suggestion=alike, name=span.text)
    return None


def _joint(tokens: Sequence[Token], i: int) -> Diagnostic | None:
    """A word between two declared names that joins them in ordinary speech: 县委及组织部, 召回并免职."""
    joins = tokens[i].span.text in ("及", "与", "以及", "并", "并且", "同", "会同", "连同", "暨")
    sides = (*tokens[i - 1 : i], *tokens[i + 1 : i + 2])
    if not joins or len(sides) < 2 or not all((t.type == "NAME" and t.known) or t.type == "COMMA" for t in sides):
        return None
    within = next((t for t in reversed(tokens[:i]) if t.type in _HEADS), None)
    instead = "、" if within is None or within.type != "EFFECTS" else "和"
    span = tokens[i - 1].span.to(tokens[i].span) if tokens[i - 1].type == "COMMA" else tokens[i].span
    return slips.written(span, slips.write(instead))


def _several(tokens: Sequence[Token], place: int) -> Diagnostic | None:
    """Several values beside a comparison, without the braces that make them a set: 属于 迟到、早退."""
    last = min(place, len(tokens) - 1)
    compare = next((i for i in range(last, 0, -1) if tokens[i].type == "COMPARE"), 0)
    among = _AMONG.get(str(tokens[compare]))
    if not compare or among is None:
        return None
    opened = compare + 1 < len(tokens) and tokens[compare + 1].type in ("LPAR", "LBRACK")
    at, values = compare + 1 + opened, []
    while at < len(tokens) and tokens[at].type in ("NAME", "QUANTITY", "STRING"):
        values.append(tokens[at].span.text)
        at += 1
        if (
            at + 1 < len(tokens)
            and tokens[at].type in ("COMMA", "OR", "EITHER", "BOTH")
            and not begins_clause(tokens, at + 1)
        ):
            at += 1
        else:
            break
    if not (compare < place < at) or (len(values) < 2 and not opened):
        return None
    closed = opened and at < len(tokens) and tokens[at].type in ("RPAR", "RBRACK")
    span = tokens[compare].span.to(tokens[at if closed else at - 1].span)
    lang = "en" if span.text.isascii() else "zh"
    shown = word("COMPARE", among, lang) + " {" + (", " if lang == "en" else "、").join(values) + "}"
    return slips.written(span, slips.write(shown))


def _bound(tokens: Sequence[Token], start: int, place: int) -> Diagnostic | None:
    """A bound after a number that has one already, or after a period, which has none: 超过三次以上, 期限：十日内."""
    if place >= len(tokens) or tokens[place].type not in ("BOUND", "INSIDE") or tokens[place - 1].type != "QUANTITY":
        return None
    bound, number = tokens[place].span, tokens[place - 1].span
    if tokens[start].type == "SPAN":
        span = number.to(bound)
        from_day = any(t.type == "FROM" for t in tokens[start:place])
        return slips.written(span, slips.write(number.text) if from_day else from_a_day(number))
    compare = tokens[place - 2]
    if compare.type != "COMPARE" or tokens[place].type != "BOUND":
        return None
    zh = f"“{compare.span.text}”“{bound.text}”只写一个：以上、以下含本数，超过、不足不含本数"
    en = (
        f"one of “{compare.span.text}” and “{bound.text}”: 以上 and 以下 take the number in, 超过 and 不足 leave it out"
    )
    if compare.span.text.isascii():
        en = f"one of “{compare.span.text}” and “{bound.text}”: or_more and or_less take the number in, over and under"
        en += " leave it out"
    return slips.written(compare.span.to(bound), f"{zh}\t{en}")


def _touch(a: Token, b: Token) -> bool:
    return a.span.end == b.span.start and a.type in ("NAME", "QUANTITY")


def _unexpected(tokens: Sequence[Token], place: int, expected: set[str]) -> Diagnostic:
    token = tokens[place]
    zh, en = expectation(expected)
    if "ITEM" in expected and tokens[place - 1].type in ("COLON", "SEMI") and _at_line_start(tokens, place):
        zh, en = "以“（一）”“（二）”……开头的一项", "an item, which begins with (1), (2), …"
    return found("P101", token.span, what=token.span.text, expected=f"{zh}\t{en}")


def _unfinished(tokens: Sequence[Token], place: int, expected: set[str]) -> Diagnostic:
    """What stops too soon, at its last word; a heading by itself, with its colon."""
    last = tokens[place - 1]
    zh, en = expectation(expected)
    if last.type in _JOINTS:
        zh, en = (
            f"{zh}；后面没有了的，删去“{last.span.text}”",
            f"{en}; if nothing is to follow, remove “{last.span.text}”",
        )
    span = tokens[place - 2].span.to(last.span) if last.type == "COLON" else last.span
    return found("P103", span, what=last.span.text, expected=f"{zh}\t{en}")


def _no_such_clause(head: Token, block: Block) -> Diagnostic:
    written = _head_text(head)
    span = Span(block.source, head.span.start, head.span.start + len(written))
    if (slip := slips.head(span, written, block.kind or "", block.lang)) is not None:
        return slip
    # What differs by a “not” says the opposite.
    words = [w for k in CLAUSES for w in getattr(k, block.lang) if _denied(w) == _denied(written)]
    alike = "".join(get_close_matches(written, words, 1, 0.5))
    kind = f"{kind_word(block.kind or '', 'zh')}\t{kind_word(block.kind or '', 'en')}"
    return found("P300", span, suggestion=alike, kind=kind, clause=written)


def _denied(word: str) -> bool:
    return "不" in word or "not" in word
