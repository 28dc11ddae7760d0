"""Text to tree: names first, then each declaration by itself, so that one mistake does not hide the next."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import lark
from attrs import evolve, frozen
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lexer import Lexer

from ..diagnostics import Diagnostic, Note, found
from . import syntax as s
from .keywords import CLAUSES, LINES, STAGE_WORDS, kind_word
from .lexer import RESERVED, Cut, Lexed, Lexicon, Token, lex
from .numerals import to_chinese
from .source import Block, Source, Span, blocks
from .wording import expectation


class _Ready(Lexer):
    """Lark is handed words already cut."""

    def __init__(self, lexer_conf: Any):
        pass

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[lark.Token]:
        return iter(lexer_state)


@frozen
class _Bracketed:
    """What stands in a name's brackets, with the brackets."""

    parts: tuple[Any, ...]
    span: Span


class _Build(lark.Transformer[Any, Any]):
    """Each rule of the grammar to its node; a node spans from its first word to its last."""

    def __init__(self) -> None:
        super().__init__(visit_tokens=False)
        self.comments: dict[int, tuple[str, ...]] = {}

    def above(self, token: Any) -> tuple[str, ...]:
        return self.comments.get(token.span.start, ())

    def many(self, c: list[Any]) -> tuple[Any, ...]:
        return tuple(x for x in c if not isinstance(x, Token) or x.type == "CITATION")

    def name(self, c: list[Any]) -> s.Name:
        return s.Name(str(c[0]), c[0].known, span=c[0].span)

    def date(self, c: list[Any]) -> s.Date:
        y, m, d = str(c[0]).split("-")
        return s.Date((int(y), int(m), int(d)), span=c[0].span)

    def quote(self, c: list[Any]) -> s.Quote:
        return s.Quote(str(c[0]), span=c[0].span)

    def text(self, c: list[Any]) -> s.Text:
        return s.Text(str(c[0]), span=c[0].span)

    def quantity(self, c: list[Any]) -> s.Quantity:
        number, unit = str(c[0]).split(" ")
        return s.Quantity(Decimal(number), unit, span=c[0].span)

    def keyword(self, c: list[Any]) -> s.Word:
        return s.Word(c[0].type, str(c[0]), span=c[0].span)

    def gap(self, c: list[Any]) -> s.Gap:
        return s.Gap(str(c[0]), str(c[1]) if len(c) > 1 else "", span=c[0].span.to(c[-1].span))

    def filters(self, c: list[Any]) -> _Bracketed:
        return _Bracketed(self.many(c), _over(*c))

    def apply(self, c: list[Any]) -> s.Apply:
        return s.Apply(c[0], c[1].parts, span=_over(*c))

    def apply_word(self, c: list[Any]) -> s.ApplyWord:
        return s.ApplyWord(str(c[0]), c[1].parts, span=_over(*c))

    def group(self, c: list[Any]) -> s.Group:
        return s.Group(c[1], span=_over(*c))

    def shifted(self, c: list[Any]) -> s.Shifted:
        return s.Shifted(c[1], c[3], span=_over(*c))

    def this(self, c: list[Any]) -> s.This:
        return s.This(c[1], span=_over(*c))

    def field_of(self, c: list[Any]) -> s.FieldOf:
        return s.FieldOf(c[0], c[2], span=_over(*c))

    def measure_plain(self, c: list[Any]) -> s.Measure:
        return s.Measure(c[0], None, str(c[2]), span=_over(*c))

    def measure(self, c: list[Any]) -> s.Measure:
        return s.Measure(c[0], c[2], str(c[3]), span=_over(*c))

    def crowded(self, c: list[Any]) -> s.Crowded:
        return s.Crowded(c[1] if c[0].type == "ANYSPAN" else None, c[-1], span=_over(*c))

    def arithmetic(self, c: list[Any]) -> s.Arithmetic:
        return s.Arithmetic({"PLUS": "+", "MINUS": "-", "TIMES": "*"}[c[1].type], c[0], c[2], span=_over(*c))

    def connective(self, c: list[Any]) -> Token:
        token: Token = c[0]
        return token

    def connected(self, c: list[Any]) -> s.Node:
        joints = c[1::2]
        if len({str(j) for j in joints}) > 1:
            raise Misformed("P110", next(j for j in joints if str(j) != str(joints[0])).span, joints[0].span)
        return s.Connected(str(joints[0]), tuple(c[::2]), span=_over(*c))

    def negation(self, c: list[Any]) -> s.Negation:
        return s.Negation(c[2], span=_over(*c))

    def comparison(self, c: list[Any]) -> s.Comparison:
        return s.Comparison(str(c[1]), c[0], c[2], span=_over(*c))

    def bounded(self, c: list[Any]) -> s.Comparison:
        return s.Comparison(str(c[2]), c[0], c[1], span=_over(*c))

    def between(self, c: list[Any]) -> s.Between:
        return s.Between(c[0], c[1], c[3], str(c[2]), str(c[4]), span=_over(*c))

    def within(self, c: list[Any]) -> s.Within:
        return s.Within(c[0], c[2], span=_over(*c))

    def some(self, c: list[Any]) -> s.Some:
        return s.Some(c[1], c[2].parts if len(c) > 2 else (), c[0].type == "NONE", span=_over(*c))

    def set(self, c: list[Any]) -> s.SetOf:
        return s.SetOf(tuple(x for x in c if not isinstance(x, Token)), any(_is(x, "ETC") for x in c), span=_over(*c))

    def claim(self, c: list[Any]) -> s.Claim:
        return s.Claim(str(c[0]), c[1], span=_over(*c))

    def implication(self, c: list[Any]) -> s.Implication:
        return s.Implication(c[1], c[3], span=_over(*c))

    def amount(self, c: list[Any]) -> s.Amount:
        return s.Amount(c[0], self.quantity([c[1]]), span=_over(*c))

    def follow(self, c: list[Any]) -> s.Follow:
        return s.Follow(c[1], span=_over(*c))

    def joint(self, c: list[Any]) -> Token:
        token: Token = c[0]
        return token

    def effects(self, c: list[Any]) -> s.Effects:
        parts = tuple(x for x in c if not isinstance(x, Token))
        joints = {x.type for x in c if isinstance(x, Token)} - {"ETC", "COMMA"}
        if len(joints) > 1:
            raise Misformed("P111", next(x for x in c if _is(x, "BOTH")).span, None)
        join = "any" if "EITHER" in joints else "all" if len(parts) > 1 else "one"
        return s.Effects(parts, join, any(_is(x, "ETC") for x in c), span=_over(*c))

    def period_open(self, c: list[Any]) -> s.Period:
        return s.Period(c[1], None, span=_over(*c))

    def period_closed(self, c: list[Any]) -> s.Period:
        return s.Period(c[1], c[4], span=_over(*c))

    def period_bounded(self, c: list[Any]) -> s.Period:
        return s.Period(None, c[1], str(c[0]), span=_over(*c))

    def limit(self, c: list[Any]) -> s.Limit:
        return s.Limit(c[0], str(c[1]), span=_over(*c))

    def key(self, c: list[Any]) -> tuple[Any, ...]:
        return self.many(c)

    def row(self, c: list[Any]) -> s.Row:
        return s.Row(c[1], c[3], self.above(c[0]), span=_over(c[0], c[3]))

    def rows(self, c: list[Any]) -> s.Rows:
        return s.Rows(tuple(c), span=_over(*c))

    def item_condition(self, c: list[Any]) -> s.Item:
        return s.Item(c[1], self.above(c[0]), span=_over(c[0], c[1]))

    def item_named(self, c: list[Any]) -> s.Alternative:
        return s.Alternative(*_pair(c[1], c[2]), c[4].text, self.above(c[0]), span=_over(c[0], c[4]))

    def question(self, c: list[Any]) -> s.Question:
        name, english = _pair(c[1], c[2])
        type = c[4] if _is(c[3], "LBRACK") else None
        text, cites = next(x for x in c if isinstance(x, s.Text)), c[-1]
        basis = tuple(s.Citation(str(x), span=x.span) for x in cites)
        return s.Question(name, english, type, text.text, basis, self.above(c[0]), span=_over(c[0], text))

    def clause(self, c: list[Any]) -> s.Clause:
        body = c[2]
        if isinstance(body, tuple):
            body = tuple(s.Citation(str(x), span=x.span) if isinstance(x, Token) else x for x in body)
        return s.Clause(str(c[0]), body, (), self.above(c[0]), span=_over(*c))

    def clause_items(self, c: list[Any]) -> s.Clause:
        return s.Clause(str(c[0]), c[2], tuple(c[3:]), self.above(c[0]), span=_over(*c))

    def clause_listed(self, c: list[Any]) -> s.Clause:
        return s.Clause(str(c[0]), None, tuple(c[2:]), self.above(c[0]), span=_over(*c))

    def clause_each(self, c: list[Any]) -> s.Clause:
        return s.Clause(str(c[0]), c[3], (), self.above(c[0]), span=_over(*c))

    def clause_files(self, c: list[Any]) -> s.Clause:
        body = s.Files(c[2], c[5] if len(c) > 3 else None, span=_over(*c[2:]))
        return s.Clause(str(c[0]), body, (), self.above(c[0]), span=_over(*c))

    def note_line(self, c: list[Any]) -> s.Clause:
        return s.Clause("line", c[0], (), self.above(c[0]), span=c[0].span)

    def assign(self, c: list[Any]) -> s.Assign:
        return s.Assign(c[0], c[1], span=_over(*c))

    def _given(
        self, kind: str, c: list[Any], name: s.Name | None, row: s.Node | None, values: Iterable[Any]
    ) -> s.Given:
        return s.Given(kind, name, row, tuple(values), self.above(c[0]), span=_over(*c))

    def given_fact(self, c: list[Any]) -> s.Given:
        return self._given("fact", c, c[1], None, [c[3]])

    def given_row(self, c: list[Any]) -> s.Given:
        return self._given("row", c, c[1], c[2], (x for x in c if isinstance(x, s.Assign)))

    def given_findings(self, c: list[Any]) -> s.Given:
        of = _is(c[2], "LPAR")
        return self._given(
            "findings", c, c[3] if of else None, c[4] if of else None, (x for x in c if isinstance(x, s.Assign))
        )

    def given_complete(self, c: list[Any]) -> s.Given:
        words = next(x for x in c if isinstance(x, tuple))
        return self._given("complete", c, None, next((x for x in c if isinstance(x, s.Date)), None), words)

    def expected(self, c: list[Any]) -> s.Expected:
        pick = {x.type: str(x) for x in c if isinstance(x, Token)}
        name = next((x for x in c if isinstance(x, s.Name)), None)
        return s.Expected(pick.get("LINE", ""), pick.get("STATUS", ""), name, span=_over(*c))

    def item_concluded(self, c: list[Any]) -> s.Concluded:
        tuples = [x for x in c if isinstance(x, tuple)]
        readings = next((t for t in tuples if t and isinstance(t[0], s.Comparison)), ())
        cites = next((t for t in tuples if t and isinstance(t[0], Token)), ())
        of = next((i for i, x in enumerate(c) if isinstance(x, s.Name)), None)
        return s.Concluded(
            readings,
            c[of] if of else None,
            c[of + 1] if of else None,
            tuple(x for x in c if isinstance(x, s.Expected)),
            tuple(s.Citation(str(x), span=x.span) for x in cites),
            self.above(c[0]),
            span=_over(*(x for x in c if not isinstance(x, tuple))),
        )

    def entry(self, c: list[Any]) -> s.Entry:
        return s.Entry(*_pair(c[0], c[1]), c[3] if len(c) > 2 else None, span=_over(*c))

    def field(self, c: list[Any]) -> s.FieldLine:
        return s.FieldLine(*_pair(c[0], c[1]), c[3], tuple(str(x) for x in c[4:]), span=_over(*c))

    def _line(self, c: list[Any], **more: Any) -> s.Line:
        entries = tuple(x for x in c if isinstance(x, s.Entry | s.FieldLine))
        name, english = _pair(c[1], c[2]) if _is(c[1], "NAME") else (None, "")
        return s.Line(str(c[0]), name, english, entries, comments=self.above(c[0]), span=_over(*c), **more)

    def class_line(self, c: list[Any]) -> s.Line:
        return self._line(c, open=_is(c[-1], "ETC"))

    def fact_line(self, c: list[Any]) -> s.Line:
        return self._line(c, type=c[4], marks=tuple(str(x) for x in c[5:]))

    def list_line(self, c: list[Any]) -> s.Line:
        return self._line(c, date=c[4])

    def effect_line(self, c: list[Any]) -> s.Line:
        return self._line(c, marks=tuple(str(x) for x in c if _is(x, "POLARITY") or _is(x, "RISING")))

    def body_line(self, c: list[Any]) -> s.Line:
        return self._line(c)

    def stage(self, c: list[Any]) -> s.Declaration:
        return s.Declaration("stage", *_pair(c[1], c[2]), tuple(c[3:]), (), self.above(c[0]), span=_over(*c))

    def declaration(self, c: list[Any]) -> s.Declaration:
        named = len(c) > 1 and _is(c[1], "NAME")
        name, english = _pair(c[1], c[2]) if named else (None, "")
        rest = c[3:] if named else c[1:]
        stages = tuple(x for x in rest if isinstance(x, s.Declaration))
        clauses = tuple(x for x in rest if not isinstance(x, s.Declaration))
        return s.Declaration(str(c[0]), name, english, clauses, stages, self.above(c[0]), span=_over(*c))


def _is(x: Any, type: str) -> bool:
    return isinstance(x, Token) and x.type == type


def _over(*parts: Any) -> Span:
    flat = [x for p in parts for x in (p if isinstance(p, tuple) else (p,))]
    spans = [p.span for p in flat if hasattr(p, "span")]
    return Span(spans[0].source, spans[0].start, max(p.end for p in spans))


def _pair(a: Token, b: Token) -> tuple[s.Name, str]:
    """A name and its English twin, in either order."""
    first, second = a.span.text, b.span.text
    zh, en = (b, first) if first.isascii() else (a, second)
    return s.Name(zh.span.text, span=zh.span), en


class Misformed(Exception):
    """A declaration whose words parse and yet may not stand as they do."""

    def __init__(self, code: str, span: Span, other: Span | None):
        self.code, self.span, self.other = code, span, other


@cache
def _parser() -> tuple[lark.Lark, _Build]:
    """The parser; its tables are kept in the user's cache, since making them takes longer than checking a county."""
    build = _Build()
    grammar = files(__package__).joinpath("grammar.lark").read_text("utf-8")
    options: dict[str, Any] = {"parser": "lalr", "lexer": _Ready, "start": "declaration", "maybe_placeholders": False}
    kept = _cache_file(grammar)
    if kept is not None and kept.is_file():
        try:
            with kept.open("rb") as f:
                return lark.Lark.load(f), build
        except Exception:
            # Tables that cannot be read back are made anew.
            kept.unlink(missing_ok=True)
    parser = lark.Lark(grammar, **options)
    if kept is not None:
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = kept.with_suffix(f".{os.getpid()}")
            with beside.open("wb") as f:
                parser.save(f)
            beside.replace(kept)
    return parser, build


def _cache_file(grammar: str) -> Path | None:
    """Where the tables of this grammar are kept, in a folder only the user can write; None if there is no home."""
    home = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("HOME") and os.path.join(os.environ["HOME"], ".cache"))
    if not home:
        return None
    key = hashlib.sha256(f"{lark.__version__} {sys.version} {grammar}".encode()).hexdigest()[:20]
    return Path(home) / "policy-dsl" / f"grammar-{key}"


@frozen
class Parsed:
    """One file read: its tree, the Chinese runs that could be cut otherwise, and what is wrong."""

    document: s.Document
    cuts: tuple[tuple[s.Declaration, Block, Cut], ...]
    problems: tuple[Diagnostic, ...]


_CJK = r"[\u3400-\u9fff〇]+"
_ZH_EN = re.compile(rf"({_CJK})\s+([A-Za-z][A-Za-z0-9_]*)")
_EN_ZH = re.compile(rf"([A-Za-z][A-Za-z0-9_]*)\s+({_CJK})")
_RISING = re.compile("由轻到重|\\brising\\b")
_LINE_HEADS = re.compile("|".join(w for k in LINES for w in k.zh))
_STAGE_HEADS = re.compile("|".join((*STAGE_WORDS.zh, *STAGE_WORDS.en)))
ETC = "之等"
_OPEN_LIST = re.compile(r"[、,，]\s*(?:等|etc)\s*[}｝]")
_ITEM_HEADS = re.compile(r"[（(][^）)]*[）)]")


def names(source: Source) -> Iterator[tuple[str, str, Span, str]]:
    """Every name a file declares, before its words are cut: (Chinese, English, place, kind of declaration)."""
    for block in blocks(source):
        if block.kind is None:
            continue
        for start, end, kind in _naming_stretches(block):
            pattern, zh, en = (_ZH_EN, 1, 2) if block.lang == "zh" else (_EN_ZH, 2, 1)
            for pair in pattern.finditer(source.text, start, end):
                place = Span(source, pair.start(zh), pair.end(zh))
                yield pair[zh], pair[en], place, kind
                for turn in range(1, 1 + len(_OPEN_LIST.findall(source.text, block.start, block.end))):
                    # Each list that ends in 等 asks a question of its own.
                    yield etc_name(pair[zh], turn), etc_name(pair[en], turn), place, kind


def etc_name(name: str, turn: int) -> str:
    """The name of what an open list leaves to be found: 甲之等, 甲之等二; rule_a_etc, rule_a_etc_2."""
    if name.isascii():
        return f"{name}_etc" + (f"_{turn}" if turn > 1 else "")
    return name + ETC + (to_chinese(turn) if turn > 1 else "")


def _naming_stretches(block: Block) -> Iterator[tuple[int, int, str]]:
    """The parts of a block where names are declared, with what they declare: its head, stages, items of readings and
    findings, vocabulary; a line that ranks its entries counts as 'order'."""
    kind = block.kind or ""
    text, at, headed = block.source.text, block.start, False
    while at < block.end:
        end = text.find("\n", at, block.end)
        end = block.end if end < 0 else end
        start = next((i for i in range(at, end) if text[i] not in " \t\u3000"), end)
        at = end + 1
        if start == end or text[start] in "#＃":
            continue
        if not headed:
            headed = True
            yield block.body, end, kind
        elif block.kind == "vocabulary":
            head = _LINE_HEADS.match(text, start, end) if block.lang == "zh" else None
            ranked = _RISING.search(text, start, end) is not None
            order = ranked or text.startswith(("序", "order "), start)
            yield head.end() if head else start, end, "order" if order else kind
        elif block.kind == "procedure" and (head := _STAGE_HEADS.match(text, start, end)):
            yield head.end(), end, kind
        elif block.kind in ("reading", "finding") and (head := _ITEM_HEADS.match(text, start, end)):
            colon = re.compile("[：:]").search(text, head.end(), end)
            yield head.end(), colon.start() if colon else end, kind


def lexicon(declared: Iterable[tuple[str, str, Span, str]], problems: list[Diagnostic]) -> Lexicon:
    """The names of a pack; two twins for one word, one twin for two words and reserved words go to *problems*."""
    pairs: dict[str, str] = {}
    ranks: set[str] = set()
    first: dict[str, Span] = {}
    back: dict[str, tuple[str, Span]] = {}
    for zh, en, span, kind in declared:
        if kind == "order":
            ranks.add(zh)
        if zh in RESERVED or en in RESERVED:
            problems.append(found("P120", span, name=zh if zh in RESERVED else en))
        elif pairs.setdefault(zh, en) != en:
            problems.append(
                found(
                    "P121",
                    span,
                    Note(first[zh], f"此处英文名为 {pairs[zh]}", f"here its English name is {pairs[zh]}"),
                    name=zh,
                    english=en,
                )
            )
        elif back.setdefault(en, (zh, span))[0] != zh:
            problems.append(
                found(
                    "P122",
                    span,
                    Note(back[en][1], f"此处 {en} 指“{back[en][0]}”", f"here {en} is “{back[en][0]}”"),
                    name=zh,
                    english=en,
                )
            )
        first.setdefault(zh, span)
    return Lexicon.of(pairs, frozenset(ranks))


def parse(source: Source, words: Lexicon) -> Parsed:
    """The tree of one file; a declaration that does not parse is reported, and read again without what is at fault."""
    problems: list[Diagnostic] = []
    declarations: list[s.Declaration] = []
    cuts: list[tuple[s.Declaration, Block, Cut]] = []
    last: tuple[str, ...] = ()
    lang = "zh"
    for i, block in enumerate(blocks(source)):
        lang = block.lang if i == 0 else lang
        if block.kind is None:
            end = source.text.find("\n", block.body)
            end = len(source.text) if end < 0 else end
            problems.append(found("P100", Span(source, block.body, max(end, block.body + 1))))
            continue
        wrong: list[Diagnostic] = []
        lexed = lex(block, words, wrong)
        last = lexed.last_comments
        declaration = parse_block(lexed, block, wrong)
        if wrong and (other := _another_cut(lexed, block, words)) is not None:
            # The longest words do not read on, and others do: those are meant.
            declaration, wrong = other, []
            lexed = evolve(lexed, cuts=())
        problems += wrong
        if declaration is not None:
            declarations.append(declaration)
            cuts += [(declaration, block, cut) for cut in lexed.cuts]
    if not declarations and not problems:
        last = tuple(line.strip()[1:].strip() for line in source.text.splitlines() if line.strip())
    return Parsed(s.Document(tuple(declarations), last, lang), tuple(cuts), tuple(problems))


def _another_cut(lexed: Lexed, block: Block, words: Lexicon) -> s.Declaration | None:
    """The declaration under the first other cut of one run that parses."""
    for cut in lexed.cuts[:50]:
        for n in range(1, len(cut.others) + 1):
            if (found := reparse(block, cut, n, words)) is not None:
                return found
    return None


def parse_block(lexed: Lexed, block: Block, problems: list[Diagnostic]) -> s.Declaration | None:
    """One declaration from its words, or what can be read of it."""
    tokens = list(lexed.tokens)
    unread: list[str] = []
    while tokens:
        parser, build = _parser()
        build.comments = dict(lexed.comments)
        try:
            result: s.Declaration = build.transform(parser.parse(tokens))
            return evolve(result, unread=tuple(unread)) if unread else result
        except UnexpectedInput as error:
            place, diagnostic = _unexpected(error, tokens, block)
        except lark.exceptions.VisitError as error:
            if not isinstance(error.orig_exc, Misformed):
                raise
            wrong = error.orig_exc
            note = () if wrong.other is None else (Note(wrong.other, "另一处", "the other one"),)
            diagnostic = found(wrong.code, wrong.span, *note)
            place = next(i for i, t in enumerate(tokens) if t.span.start >= wrong.span.start)
        problems.append(diagnostic)
        start = next((i for i in range(min(place, len(tokens) - 1), 0, -1) if _begins_clause(tokens, i)), 0)
        if start == 0:
            return None
        stop = next((i for i in range(start + 1, len(tokens)) if _begins_clause(tokens, i)), len(tokens))
        unread.append(str(tokens[start]))
        del tokens[start : max(stop, start + 1)]
    return None


def _begins_clause(tokens: list[Token], i: int) -> bool:
    t = tokens[i]
    at_line_start = "\n" in t.span.source.text[tokens[i - 1].span.end : t.span.start]
    headed = t.type != "NAME" or (i + 1 < len(tokens) and tokens[i + 1].type == "COLON")
    return at_line_start and headed and t.type not in ("ITEM", "LPAR")


def _unexpected(error: UnexpectedInput, tokens: list[Token], block: Block) -> tuple[int, Diagnostic]:
    expected: set[str] = set(getattr(error, "accepts", None) or getattr(error, "expected", None) or ())
    if isinstance(error, UnexpectedToken) and isinstance(error.token, Token):
        place = next(i for i, t in enumerate(tokens) if t is error.token)
        head = place if error.token.type == "NAME" else place - 1 if error.token.type == "COLON" else 0
        if head and _begins_clause(tokens, head) and tokens[head].type == "NAME":
            return place, _no_such_clause(tokens[head], block)
        span = error.token.span
        what = span.text
        code = "P101"
    else:
        place, span = len(tokens), Span(block.source, tokens[-1].span.end - 1, tokens[-1].span.end)
        what, code = span.text, "P103"
    zh, en = expectation(expected)
    return place, found(code, span, what=what, expected=f"{zh}\t{en}")


def _no_such_clause(head: Token, block: Block) -> Diagnostic:
    words = [w for k in CLAUSES for w in (k.zh if block.lang == "zh" else k.en)]
    alike = next(iter(get_close_matches(head.span.text, words, 1, 0.5)), "")
    kind = f"{kind_word(block.kind or '', 'zh')}\t{kind_word(block.kind or '', 'en')}"
    return found("P300", head.span, suggestion=alike, kind=kind, clause=head.span.text)


def reparse(block: Block, cut: Cut, n: int, words: Lexicon) -> s.Declaration | None:
    """The declaration with the *n*th other cut of one run of Chinese; None if it does not parse."""
    problems: list[Diagnostic] = []
    lexed = lex(block, words, problems, {cut.span.start: n})
    result = parse_block(lexed, block, problems)
    return None if problems else result
