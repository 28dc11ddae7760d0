"""A declaration cut into words: longest match over the keywords and the names the pack declares.

Chinese needs no spaces. A run of Chinese characters is cut so that each word, from the left, is the longest that
still lets the whole run be cut; every other complete cut is remembered, for `check` to ask whether it too would mean
something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, cast

import lark
from attrs import field, frozen

from ..diagnostics import Diagnostic, found
from .keywords import CLAUSES, LINES, STAGE_WORDS, WORDS, Keyword
from .numerals import (
    MOST,
    NUMERAL,
    TOO_LONG,
    TOO_LONG_EN,
    UNIT_KEYS,
    Date,
    Quantity,
    misread_date,
    read_date,
    read_quantity,
    unit_of,
    write_date,
)
from .source import HIDDEN, Block, Source, Span
from .twins import Alone, alone

# A text with more wrong in it is no policy: what follows is not read, and that is said.
MOST_FINDINGS: Final = 100
# The longest name, in characters: a name is read out, and written on a form.
LONGEST: Final = 60


class Token(lark.Token):
    """A word: its terminal, its key or canonical Chinese name, and its span."""

    span: Span
    known: bool

    def __new__(cls, type: str, value: str, span: Span, known: bool = True) -> Token:
        self = cast(Token, super().__new__(cls, type, value, start_pos=span.start, end_pos=span.end))
        self.span, self.known = span, known
        return self


@frozen
class Lexicon:
    """The names of a pack: each Chinese word with its one English twin."""

    english: Mapping[str, str] = field(factory=dict)
    chinese: Mapping[str, str] = field(factory=dict)
    longest: int = 0
    ranks: frozenset[str] = frozenset()

    @classmethod
    def of(cls, pairs: Mapping[str, str], ranks: frozenset[str] = frozenset()) -> Lexicon:
        """*ranks*: the names of an order's options, after which 以上 and 以下 stand."""
        return cls(dict(pairs), {en: zh for zh, en in pairs.items()}, max(map(len, pairs), default=0), ranks)

    def written(self, name: str, lang: str) -> str:
        """A name as *lang* writes it; a name without a twin is written as it stands."""
        return name if lang == "zh" else self.english.get(name, name)


@frozen
class Cut:
    """A run of Chinese that could be cut in more than one way: its span and the other cuts, as spaced text."""

    span: Span
    others: tuple[str, ...]


@frozen
class Lexed:
    """The words of one declaration, the comments by the place of the word they stand above, the open cuts."""

    tokens: tuple[Token, ...]
    comments: Mapping[int, tuple[str, ...]]
    last_comments: tuple[str, ...]
    cuts: tuple[Cut, ...]


def _by_first(rows: tuple[Keyword, ...]) -> dict[str, dict[str, Keyword]]:
    return {"zh": {w: k for k in rows for w in k.zh}, "en": {w: k for k in rows for w in k.en}}


_CLAUSE: Final = _by_first(CLAUSES)
_LINE: Final = _by_first(LINES)
_STAGE: Final = _by_first((STAGE_WORDS,))
_WORD: Final = _by_first(WORDS)
_MOST_WORD: Final = max(map(len, _WORD["zh"]))
RESERVED: Final = frozenset(_WORD["zh"]) | frozenset(_WORD["en"])

_CJK = r"\u3400-\u9fff〇"
_RUN = re.compile(rf"[{_CJK}○0-9０-９.%％]+")
_TAIL = re.compile(rf"[{_CJK}○0-9０-９.%％]+$")
_ASCII = re.compile(r"'s\b|[A-Za-z_][A-Za-z0-9_]*")
_ITEM = re.compile(rf"[（(](?:[{NUMERAL}]+|\d+)[）)]")
# What official writing begins an item with, besides （一）.
_MARK = re.compile(
    rf"第?(?:\d{{1,2}}|[{NUMERAL}]{{1,3}})(?:[、．)）]|\.(?!\d))|第[{NUMERAL}]{{1,3}}[，,项：:]|[（(](?:[{NUMERAL}]+|\d+)[、．.\s]"
    r"|[①-⑳⑴-⒛㈠-㈩]|[-－—–•·●][ \t\u3000]*(?!\d)"
)
_QUOTES: Final = {"“": "”", '"': '"', "「": "」"}
_HEAD_WORD = {
    "zh": re.compile(rf"[{_CJK}]+"),
    "en": re.compile(r"[a-z][a-z0-9_]*"),
}
_ITEMED: Final = frozenset(("LISTED", "BY", "TEXTUAL", "EFFECTS", "TABLE", "KEYED", "GIVEN", "CONCLUDED"))
_PUNCTUATION: Final = {
    **dict.fromkeys("：:", "COLON"), **dict.fromkeys("，,、", "COMMA"), **dict.fromkeys("；;。", "SEMI"),
    **dict.fromkeys("（(", "LPAR"), **dict.fromkeys("）)", "RPAR"), **dict.fromkeys("｛{", "LBRACE"),
    **dict.fromkeys("｝}", "RBRACE"), **dict.fromkeys("〔［[", "LBRACK"), **dict.fromkeys("〕］]", "RBRACK"),
    **dict.fromkeys("＋+", "PLUS"), **dict.fromkeys("－−-", "MINUS"), **dict.fromkeys("×＊*", "TIMES"),
    **dict.fromkeys("＜<", "LT"),
}  # fmt: skip
_SYMBOLS: Final = (
    (">=", "at_least"), ("<=", "at_most"), ("!=", "is_not"), ("≥", "at_least"), ("≤", "at_most"), ("≠", "is_not"),
    ("＞", "over"), (">", "over"), ("＜", "under"), ("<", "under"), ("＝", "is"), ("=", "is"),
)  # fmt: skip
_SPACE = " \t\u3000\r\n"


class _Reader:
    """One pass over one block."""

    def __init__(self, block: Block, lexicon: Lexicon, problems: list[Diagnostic], chosen: Mapping[int, int]):
        self.block, self.lexicon, self.problems, self.chosen = block, lexicon, problems, chosen
        self.source: Source = block.source
        self.text, self.lang = block.source.text, block.lang
        self.tokens: list[Token] = []
        self.comments: dict[int, tuple[str, ...]] = {}
        self.pending: list[str] = []
        self.cuts: list[Cut] = []
        self.citing = False
        # The clause whose items are being read, and whether one of them has been reported for its mark.
        self.itemed, self.misnumbered = False, False
        self.alone = {x.start: x for x in alone(block)}
        # Up to where each closing quotation mark is known not to stand, so that a line is searched for it once.
        self.unclosed: dict[str, int] = {}

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def emit(self, type: str, value: str, start: int, end: int, known: bool = True) -> None:
        if type == "TYPE" and (q := self.bare_number()) is not None and value in UNIT_KEYS:
            # 20000 元: a unit after a space is the number's own.
            self.tokens.pop()
            type, value, start = "QUANTITY", f"{q.split(' ')[0]} {value}", q.span.start
        self.tokens.append(Token(type, value, self.span(start, end), known))

    def bare_number(self) -> Token | None:
        """The word before, if it is a number without a unit."""
        last = self.tokens[-1] if self.tokens else None
        return last if last is not None and last.type == "QUANTITY" and last.endswith(" number") else None

    def starter(self, start: int) -> None:
        """A head, clause or item begins here: the comments above it are its own."""
        if self.pending:
            self.comments[start] = tuple(self.pending)
            self.pending = []

    def read(self) -> Lexed:
        block, text = self.block, self.text
        offset, first = block.start, True
        while offset < block.end:
            end = text.find("\n", offset, block.end)
            end = block.end if end < 0 else end
            at = offset
            while at < end and text[at] in _SPACE:
                at += 1
            stop = end
            while stop > at and text[stop - 1] in _SPACE:
                stop -= 1
            if len(self.problems) >= MOST_FINDINGS:
                break
            if at < stop:
                if text[at] in "#＃":
                    self.pending.append(text[at + 1 : stop].strip())
                elif first:
                    first = False
                    self.head(at, stop)
                else:
                    self.line(at, stop)
            offset = end + 1
        return Lexed(tuple(self.tokens), self.comments, tuple(self.pending), tuple(self.cuts))

    def head(self, at: int, stop: int) -> None:
        self.starter(at)
        self.emit("KIND", self.block.kind or "", at, self.block.body)
        self.words(self.block.body, stop)

    def line(self, at: int, stop: int) -> None:
        """A line after the first: it may begin a clause, a stage, a line of vocabulary or an item, or go on."""
        kind = self.block.kind
        word = _HEAD_WORD[self.lang].match(self.text, at)
        if word:
            after = word.end()
            while after < stop and self.text[after] in _SPACE:
                after += 1
            colon = after < stop and self.text[after] in "：:"
            if colon and kind not in ("note", "vocabulary") and (k := _CLAUSE[self.lang].get(word[0])):
                self.starter(at)
                self.emit(k.terminal, k.key, at, word.end())
                self.emit("COLON", ":", after, after + 1)
                self.citing = k.terminal == "CITED"
                self.itemed, self.misnumbered = k.terminal in _ITEMED, False
                self.body(k, after + 1, stop)
                return
            table = _LINE if kind == "vocabulary" else _STAGE if kind == "procedure" else None
            if table and (head := self.longest_head(table[self.lang], word[0])):
                self.starter(at)
                self.emit(table[self.lang][head].terminal, table[self.lang][head].key, at, at + len(head))
                self.words(at + len(head), stop)
                return
        if self.citing and self.tokens[-1].type == "COMMA":
            self.citations(at, stop)
            return
        if kind == "note":
            self.starter(at)
            self.emit("TEXT", self.text[at:stop].rstrip("；;"), at, stop)
            return
        self.words(self.mark(at, stop), stop)

    def mark(self, at: int, stop: int) -> int:
        """An item that begins in another way than （一） is read as an item, and reported once in its clause."""
        mark = _MARK.match(self.text, at, stop)
        if not mark or not self.itemed or self.tokens[-1].type in ("COMMA", "COMPARE", "AND", "OR", "LBRACE", "LPAR"):
            return at
        if mark[0][0] in "-－—–•·●" and self.tokens[-1].type not in ("COLON", "SEMI"):
            return at
        self.starter(at)
        self.emit("ITEM", mark[0], at, mark.end())
        if not self.misnumbered:
            self.misnumbered = True
            instead = "每一项以“（一）”“（二）”……开头\tbegin each item with (1), (2), …"
            what = mark[0].strip(_SPACE)
            self.problems.append(found("P113", self.span(at, at + len(what)), what=what, instead=instead))
        return mark.end()

    def longest_head(self, table: Mapping[str, Keyword], word: str) -> str | None:
        """Chinese heads may run into the name that follows; English ones may not."""
        if self.lang == "en":
            return word if word in table else None
        return next((h for h in sorted(table, key=len, reverse=True) if word.startswith(h)), None)

    def body(self, k: Keyword, at: int, stop: int) -> None:
        if k.terminal == "TEXTUAL":
            self.free_text(at, stop)
        elif k.terminal == "CITED":
            self.citations(at, stop)
        else:
            self.words(at, stop)

    def free_text(self, at: int, stop: int) -> None:
        while at < stop and self.text[at] in _SPACE:
            at += 1
        end = stop
        while end > at and self.text[end - 1] in "；;" + _SPACE:
            end -= 1
        self.emit("TEXT", self.text[at:end], at, max(end, at))

    def citations(self, at: int, stop: int) -> None:
        while at < stop:
            c = self.text[at]
            if c in _SPACE:
                at += 1
            elif c in "，,、":
                self.emit("COMMA", ",", at, at + 1)
                at += 1
            elif c in "；;。":
                self.emit("SEMI", ";", at, at + 1)
                at += 1
            else:
                end = at
                while end < stop and self.text[end] not in "，,、；;。":
                    end += 1
                while self.text[end - 1] in _SPACE:
                    end -= 1
                self.emit("CITATION", self.text[at:end], at, end)
                at = end

    def words(self, at: int, stop: int) -> None:
        """The rest of a line, word by word."""
        text, kind, begin = self.text, self.block.kind, at
        while at < stop:
            c = text[at]
            if c in _SPACE:
                at += 1
            elif (lonely := self.alone.get(at)) is not None:
                at = self.lonely(lonely)
            elif (at == begin or self.tokens[-1].type in ("COLON", "SEMI")) and (item := _ITEM.match(text, at, stop)):
                self.starter(at)
                self.emit("ITEM", item[0], at, item.end())
                at = item.end()
            elif c in _QUOTES and (close := self.closing(at, stop)) > 0:
                self.emit("STRING", text[at + 1 : close], at, close + 1)
                at = close + 1
            elif (c in "（(") and self.tokens and self.tokens[-1].type == "GAP":
                close = next((i for i in range(at, stop) if text[i] in "）)"), stop)
                self.emit("NOTE", text[at + 1 : close], at, min(close + 1, stop))
                at = min(close + 1, stop)
            elif kind in ("reading", "finding") and c in "：:" and self.named_item():
                self.emit("COLON", ":", at, at + 1)
                self.named_text(at + 1, stop)
                return
            elif symbol := self.symbol(at):
                self.emit("COMPARE", symbol[1], at, at + len(symbol[0]))
                at += len(symbol[0])
            elif self.negative_figure(at) and (q := read_quantity(text, at, self.lang)):
                self.quantity(q[1], at, q[0])
                at = q[0]
            elif c.isdigit() and (date := misread_date(text, at, self.lang)):
                at = self.misread(date, at)
            elif c in _PUNCTUATION:
                self.emit(_PUNCTUATION[c], c, at, at + 1)
                at += 1
            elif word := _ASCII.match(text, at, stop):
                at = self.ascii_word(word[0], at, stop)
            elif run := _RUN.match(text, at, stop):
                at = self.figures(at, stop) if self.lang == "en" and c.isdigit() else self.runs(run[0], at)
            elif hidden := HIDDEN.match(text, at, stop):
                # Reported with its file.
                at = hidden.end()
            else:
                end = at + 1
                while end < stop and text[end] == c:
                    end += 1
                shown = c if c.isprintable() else f"U+{ord(c):04X}"
                self.problems.append(found("P102", self.span(at, end), character=shown))
                at = end
            if len(self.problems) >= MOST_FINDINGS:
                return
            if self.tokens and self.tokens[-1].type == "BECAUSE":
                self.citations(at, stop)
                return

    def lonely(self, name: Alone) -> int:
        """A name whose twin was forgotten is reported, and stands for both: what follows reads on."""
        wanting = "英文名\tEnglish name" if name.wanting == "en" else "中文名\tChinese name"
        self.problems.append(
            found("P123", self.span(name.start, name.end), name=self.text[name.start : name.end], missing=wanting)
        )
        for _ in range(2):
            self.emit("NAME", self.text[name.start : name.end], name.start, name.end)
        return name.stop

    def closing(self, at: int, stop: int) -> int:
        """Where the quotation mark at *at* is closed on its line, or -1."""
        mark = _QUOTES[self.text[at]]
        if at < self.unclosed.get(mark, 0):
            return -1
        close = self.text.find(mark, at + 1, stop)
        if close < 0:
            self.unclosed[mark] = stop
        return close

    def quantity(self, q: Quantity, at: int, end: int) -> None:
        if abs(q[0]) > MOST:
            self.problems.append(found("P107", self.span(at, end)))
        self.emit("QUANTITY", f"{q[0]} {q[1]}", at, end)

    def too_long(self, figures: re.Match[str], at: int) -> None:
        """Figures that are not read: some number stands there, so that what follows still reads on."""
        end = at + len(figures[0])
        self.problems.append(found("P107", self.span(at, end)))
        self.emit("QUANTITY", f"0 {unit_of(figures[1])}", at, end)

    def named_item(self) -> bool:
        """Whether the words so far end in （一）名 name, or in （一）名 name〔类〕: free text follows the colon."""
        types = [t.type for t in self.tokens[-6:]]
        return types[-3:] == ["ITEM", "NAME", "NAME"] or types == ["ITEM", "NAME", "NAME", "LBRACK", "NAME", "RBRACK"]

    def named_text(self, at: int, stop: int) -> None:
        if self.block.kind == "reading":
            self.free_text(at, stop)
            return
        end = stop
        while end > at and self.text[end - 1] in "；;" + _SPACE:
            end -= 1
        # A finding's item ends in its citations: the parts after the last commas that look like one.
        parts = [at, *(i + 1 for i in range(at, end) if self.text[i] in "，,、")]
        tail = len(parts)
        while tail > 1 and re.fullmatch(
            CITATION_SHAPE, self.text[parts[tail - 1] : self.part_end(parts, tail - 1, end)].strip()
        ):
            tail -= 1
        if tail == len(parts):
            self.free_text(at, stop)
            return
        self.free_text(at, parts[tail] - 1)
        self.emit("COMMA", ",", parts[tail] - 1, parts[tail])
        self.citations(parts[tail], end)

    @staticmethod
    def part_end(parts: list[int], i: int, end: int) -> int:
        return parts[i + 1] - 1 if i + 1 < len(parts) else end

    def symbol(self, at: int) -> tuple[str, str] | None:
        if self.block.kind == "vocabulary":
            return None
        return next((s for s in _SYMBOLS if self.text.startswith(s[0], at)), None)

    def negative_figure(self, at: int) -> bool:
        """A minus sign directly before a figure, where no value stands before it to subtract from."""
        if self.text[at] != "-" or not self.text[at + 1 : at + 2].isdigit():
            return False
        if self.text[at - 1] in _SPACE:
            # a -5分以上 is a bound below zero; a - 5 and a-5 subtract.
            return True
        return not self.tokens or self.tokens[-1].type not in (
            "NAME",
            "QUANTITY",
            "RPAR",
            "DATE",
            "COUNT",
            "FOLD",
            "RUN",
        )

    def misread(self, date: tuple[int, Date], at: int) -> int:
        """A date written as other papers do is read as that date, and reported."""
        span, instead = self.span(at, date[0]), write_date(date[1], self.lang)
        self.problems.append(found("P113", span, what=span.text, instead=f"写“{instead}”\twrite “{instead}”"))
        self.emit("DATE", "{}-{}-{}".format(*date[1]), at, date[0])
        return date[0]

    def figures(self, at: int, stop: int) -> int:
        if date := read_date(self.text, at, "en"):
            self.emit("DATE", "{}-{}-{}".format(*date[1]), at, date[0])
            return date[0]
        if long := TOO_LONG_EN.match(self.text, at, stop):
            self.too_long(long, at)
            return long.end()
        q = read_quantity(self.text, at, "en")
        if q is None:
            self.problems.append(found("P102", self.span(at, at + 1), character=self.text[at]))
            return at + 1
        self.quantity(q[1], at, q[0])
        return q[0]

    def ascii_word(self, word: str, at: int, stop: int) -> int:
        if word == "year" and (date := read_date(self.text, at, "en")):
            self.emit("DATE", "{}-{}-{}".format(*date[1]), at, date[0])
            return date[0]
        end = at + len(word)
        if (zh := self.lexicon.chinese.get(word)) is not None:
            self.emit("NAME", zh, at, end)
        elif (k := _WORD["en"].get(word)) and self.lang == "en":
            self.emit(k.terminal, k.key, at, end)
        else:
            self.emit("NAME", word, at, end, known=False)
        return end

    def runs(self, run: str, at: int) -> int:
        """A run of Chinese, but for figures longer than numbers are read."""
        begin = 0
        for long in TOO_LONG.finditer(run):
            if long.start() > begin:
                self.run(run[begin : long.start()], at + begin)
            self.too_long(long, at + long.start())
            begin = long.end()
        if begin < len(run):
            self.run(run[begin:], at + begin)
        return at + len(run)

    def run(self, run: str, at: int) -> None:
        """A run of Chinese: the longest-first complete cut, or the best incomplete one with its unknown words."""
        cuts = list(_cuts(run, self.lexicon, 9))
        if cuts:
            for piece in cuts[self.chosen.get(at, 0)]:
                self.piece(piece, at)
            # A run that is one declared word is that word: nobody reads 红牌召回 as 红牌 and 召回 side by side.
            if len(cuts) > 1 and len(cuts[0]) > 1:
                others = tuple(" ".join(run[p[2] : p[3]] for p in cut) for cut in cuts[1:])
                self.cuts.append(Cut(self.span(at, at + len(run)), others))
            return
        i = 0
        while i < len(run):
            start = i
            while i < len(run) and not _anchors(run, i, self.lexicon):
                i += 1
            if i > start:
                self.emit("NAME", run[start:i], at + start, at + i, known=False)
            if i < len(run):
                piece = _anchors(run, i, self.lexicon)[0]
                self.piece(piece, at)
                i = piece[3]

    def piece(self, piece: Piece, at: int) -> None:
        """A word of a run that begins at *at*."""
        if piece[0] == "QUANTITY":
            number, unit = piece[1].split(" ")
            self.quantity((Decimal(number), unit), at + piece[2], at + piece[3])
        else:
            self.emit(piece[0], piece[1], at + piece[2], at + piece[3])


CITATION_SHAPE: Final = (
    rf"[A-Z]{{1,3}}-\d{{1,3}}(?:\.[a-z\d]{{1,6}})*|[《》{_CJK}]+第[{NUMERAL}\d]+条(?:之[{NUMERAL}]+)?"
    rf"(?:第[{NUMERAL}\d]+款)?(?:第（?[{NUMERAL}\d]+）?项)?"
)

Piece = tuple[str, str, int, int]


def _pieces(run: str, at: int, lexicon: Lexicon) -> list[Piece]:
    """Every word that may begin at *at*, longest first; a name before a keyword of the same length."""
    found: list[Piece] = []
    for length in range(min(len(run) - at, max(lexicon.longest, _MOST_WORD)), 0, -1):
        text = run[at : at + length]
        if text in lexicon.english:
            found.append(("NAME", text, at, at + length))
        elif k := _WORD["zh"].get(text):
            found.append((k.terminal, k.key, at, at + length))
    c = run[at]
    if c.isdigit() or c in NUMERAL:
        if date := read_date(run, at, "zh"):
            found.append(("DATE", "{}-{}-{}".format(*date[1]), at, date[0]))
        elif quantity := read_quantity(run, at, "zh"):
            found.append(("QUANTITY", f"{quantity[1][0]} {quantity[1][1]}", at, quantity[0]))
    elif c == "百" and (quantity := read_quantity(run, at, "zh")):
        found.append(("QUANTITY", f"{quantity[1][0]} {quantity[1][1]}", at, quantity[0]))
    return sorted(found, key=lambda p: -p[3])


def _anchors(run: str, at: int, lexicon: Lexicon) -> list[Piece]:
    """Words sure enough to end an unknown one: names, figures, and keywords of two characters or more."""
    return [
        p
        for p in _pieces(run, at, lexicon)
        if p[0] in ("NAME", "DATE", "QUANTITY") or p[3] - p[2] > 1 or run[at] in "为且或的"
    ]


def _cuts(run: str, lexicon: Lexicon, most: int) -> Iterator[list[Piece]]:
    """Complete cuts of a run, longest words first, at most *most* of them."""
    size = len(run)
    options = [_pieces(run, at, lexicon) for at in range(size)]
    leads_on = [False] * size + [True]
    for at in range(size - 1, -1, -1):
        options[at] = [p for p in options[at] if leads_on[p[3]]]
        leads_on[at] = bool(options[at])
    # A path is a linked list, last word first.
    stack: list[tuple[int, Any]] = [(0, None)] if leads_on[0] else []
    while stack and most:
        at, path = stack.pop()
        if at < size:
            stack += [(p[3], (p, path)) for p in reversed(options[at])]
            continue
        cut: list[Piece] = []
        while path:
            piece, path = path
            cut.append(piece)
        yield cut[::-1]
        most -= 1


def parts_between(left: str, right: str, lexicon: Lexicon) -> bool:
    """Whether two texts written without a space are still cut where they meet."""
    tail = _TAIL.search(left)
    head = _RUN.match(right)
    if tail is None or head is None:
        return True
    cut = next(_cuts(tail[0] + head[0], lexicon, 1), None)
    return cut is None or len(tail[0]) in {p[2] for p in cut}


def lex(block: Block, lexicon: Lexicon, problems: list[Diagnostic], chosen: Mapping[int, int] | None = None) -> Lexed:
    """The words of a block; what no word can be goes to *problems*. *chosen*: which cut to take of a run, by its start,
    instead of the longest-first one."""
    return _Reader(block, lexicon, problems, chosen or {}).read()
