"""A Pygments lexer: a policy in colours, wherever Pygments is asked (documents, web pages, `pygmentize`).

It is the language's own lexer, so its words are those of the keyword table and no others. Chinese has no spaces between
words: a keyword inside a longer word (当 in 当选人员) is none. A run of characters that cannot be cut into keywords and
declared names is therefore shown as one name. Declared are the names of the text itself, and those of the files given
as the option `vocabulary`, separated by commas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pygments.lexer import Lexer
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    _TokenType,
)

from .language.keywords import CLAUSES, LINES, STAGE_WORDS, WORDS
from .language.lexer import Lexicon, Token, lex
from .language.parse import names
from .language.source import Source, blocks

# What each terminal of the language looks like: headings apart from words inside a line.
HEADINGS: Final[dict[str, _TokenType]] = {
    "KIND": Keyword.Declaration,
    **{k.terminal: Keyword.Namespace for k in CLAUSES},
    **{k.terminal: Keyword.Type for k in LINES},
    STAGE_WORDS.terminal: Keyword.Declaration,
}
_INSIDE: Final[dict[str, _TokenType]] = {
    **dict.fromkeys(("COMPARE", "BOUND", "AND", "OR", "NOT", "EITHER", "BOTH"), Operator.Word),
    **dict.fromkeys(("TYPE", "MARK", "POLARITY", "RISING"), Keyword.Type),
    **dict.fromkeys(("TRUTH", "STATE", "STATUS", "LINE", "LAYER", "RETRO"), Keyword.Constant),
    "GAP": Keyword.Pseudo,
}
INSIDE: Final[dict[str, _TokenType]] = {k.terminal: _INSIDE.get(k.terminal, Keyword) for k in WORDS}
LITERALS: Final[dict[str, _TokenType]] = {
    "NAME": Name,
    "QUANTITY": Number,
    "DATE": Number,
    "STRING": String,
    "TEXT": String.Doc,
    "NOTE": String.Doc,
    "CITATION": Name.Label,
    "ITEM": Punctuation,
}
_GAP = re.compile(r"(?m)([#＃].*$)|([^#＃]+|.)")


class PolicyLexer(Lexer):
    """Colours for a policy, in either tongue."""

    name = "Policy"
    aliases = ["policy"]  # noqa: RUF012
    filenames = ["*.policy"]  # noqa: RUF012
    url = ""

    def __init__(self, **options: Any):
        super().__init__(**options)
        files = [f for f in str(options.get("vocabulary", "")).split(",") if f.strip()]
        self.known = {zh: en for f in files for zh, en in _declared(Source(f, Path(f.strip()).read_text("utf-8")))}

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        """Every character of the text once, in order."""
        source = Source("", text)
        lexicon = Lexicon.of({**self.known, **dict(_declared(source))})
        at = 0
        for block in (b for b in blocks(source) if b.kind is not None):
            for start, end, kind in _pieces(lex(block, lexicon, []).tokens):
                yield from _between(text, at, start)
                yield start, kind, text[start:end]
                at = end
        yield from _between(text, at, len(text))

    @staticmethod
    def analyse_text(text: str) -> float:
        """How likely a text is a policy: how many of its lines at the margin are headings."""
        found = [b.kind is not None for b in blocks(Source("", text))]
        return sum(found) / len(found) if found else 0.0


def _declared(source: Source) -> Iterator[tuple[str, str]]:
    return ((zh, en) for zh, en, _, _ in names(source))


def _pieces(tokens: tuple[Token, ...]) -> Iterator[tuple[int, int, _TokenType]]:
    """Tokens with their colours; words that touch, one of them unknown, are one name."""
    held: list[Token] = []
    for token in (*tokens, None):
        if held and (token is None or not _touch(held[-1], token)):
            if all(t.known for t in held):
                yield from ((t.span.start, t.span.end, _colour(t)) for t in held)
            else:
                yield held[0].span.start, held[-1].span.end, Name
            held = []
        if token is not None:
            held.append(token)


def _touch(left: Token, right: Token) -> bool:
    """Whether two words stand in one run of Chinese characters."""
    return left.span.end == right.span.start and _runs(left.span.text[-1:]) and _runs(right.span.text[:1])


def _runs(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or character == "〇"


def _colour(token: Token) -> _TokenType:
    return LITERALS.get(token.type) or HEADINGS.get(token.type) or INSIDE.get(token.type) or Punctuation


def _between(text: str, start: int, end: int) -> Iterator[tuple[int, _TokenType, str]]:
    """What is between two words: comments, and what is no word."""
    for found in _GAP.finditer(text, start, end):
        yield found.start(), Comment.Single if found[1] is not None else Text, found[0]
