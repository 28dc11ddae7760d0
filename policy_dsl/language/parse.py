"""Text to tree: names first, then each declaration by itself, so that one mistake does not hide the next."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any, Final

import lark
from attrs import evolve, frozen
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer

from ..diagnostics import Diagnostic, Note, found
from . import slips
from . import syntax as s
from .build import Build, Misformed
from .faults import at, fault
from .lexer import LONGEST, MOST_FINDINGS, RESERVED, Cut, Lexed, Lexicon, Token, lex
from .numerals import to_chinese
from .source import HIDDEN, Block, Source, Span, blocks, code_points
from .twins import CJK, LATIN, alone, stretches

# A condition that goes deeper than any reader can follow is written as definitions; every later step goes down the
# tree by recursion, and counts on these bounds.
DEEPEST: Final = 20
_TALLEST: Final = 60
# How often a declaration is read again without the clause at fault, and how many words are read again in all in search
# of a cut that parses.
_MOST_REPAIRS: Final = 20
_MOST_WORDS_TRIED: Final = 100_000


class _Ready(Lexer):
    """Lark is handed words already cut."""

    def __init__(self, lexer_conf: Any):
        pass

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[lark.Token]:
        return iter(lexer_state)


@cache
def _parser() -> tuple[lark.Lark, Build]:
    """The parser; its tables are kept in the user's cache, since making them takes longer than checking a county."""
    build = Build()
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
    """One file read: its tree, the Chinese runs that could be cut otherwise, what is wrong, and what was not read for
    that."""

    document: s.Document
    cuts: tuple[tuple[s.Declaration, Block, Cut], ...]
    problems: tuple[Diagnostic, ...]
    lost: tuple[Span, ...] = ()


# A word, and its twin if one follows.
_ZH_EN = re.compile(rf"({CJK})(?:[ \t\u3000]++({LATIN}))?")
_EN_ZH = re.compile(rf"({LATIN})(?:[ \t\u3000]++({CJK}))?")
ETC = "之等"
_MOST_OPEN: Final = 99
_OPEN_LIST = re.compile(r"[、,，]\s*+(?:等|etc)\s*+[}｝]")


def names(source: Source) -> Iterator[tuple[str, str, Span, str]]:
    """Every name a file declares, before its words are cut: (Chinese, English, place, kind of declaration); one without
    a twin stands for both, so that it is known for a name where it is used."""
    for block in blocks(source):
        if block.kind is None:
            continue
        open_lists = sum(1 for _ in islice(_OPEN_LIST.finditer(source.text, block.start, block.end), _MOST_OPEN))
        for start, end, kind in stretches(block):
            pattern, zh, en = (_ZH_EN, 1, 2) if block.lang == "zh" else (_EN_ZH, 2, 1)
            for pair in pattern.finditer(source.text, start, end):
                if pair[2] is None:
                    continue
                place = Span(source, pair.start(zh), pair.end(zh))
                yield pair[zh], pair[en], place, kind
                for turn in range(1, 1 + open_lists if len(pair[0]) < 2 * LONGEST else 0):
                    # Each list that ends in 等 asks a question of its own.
                    yield etc_name(pair[zh], turn), etc_name(pair[en], turn), place, kind
        for one in alone(block):
            place = Span(source, one.start, one.end)
            yield place.text, place.text, place, block.kind


def etc_name(name: str, turn: int) -> str:
    """The name of what an open list leaves to be found: 甲之等, 甲之等二; rule_a_etc, rule_a_etc_2."""
    if name.isascii():
        return f"{name}_etc" + (f"_{turn}" if turn > 1 else "")
    return name + ETC + (to_chinese(turn) if turn > 1 else "")


def lexicon(declared: Iterable[tuple[str, str, Span, str]], problems: list[Diagnostic]) -> Lexicon:
    """The names of a pack; two twins for one word, one twin for two words, reserved words and what is too long go
    to *problems*."""
    pairs: dict[str, str] = {}
    ranks: set[str] = set()
    first: dict[str, Span] = {}
    back: dict[str, tuple[str, Span]] = {}
    lonely: list[str] = []
    for zh, en, span, kind in declared:
        if zh == en:
            # Reported where it stands.
            lonely.append(zh)
            continue
        if span.text in (zh, en) and max(len(zh), len(en)) > LONGEST:
            problems.append(found("P109", span, name=max(zh, en, key=len), most=LONGEST))
            continue
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
    pairs |= {x: x for x in lonely if x not in pairs and x not in back and x not in RESERVED and len(x) <= LONGEST}
    return Lexicon.of(pairs, frozenset(ranks))


def parse(source: Source, words: Lexicon) -> Parsed:
    """The tree of one file; a declaration that does not parse is reported, and read again without what is at fault."""
    problems: list[Diagnostic] = []
    declarations: list[s.Declaration] = []
    lost: list[Span] = []
    cuts: list[tuple[s.Declaration, Block, Cut]] = []
    last: tuple[str, ...] = ()
    lang = "zh"
    hidden = [Span(source, *m.span()) for m in islice(HIDDEN.finditer(source.text), MOST_FINDINGS)]
    problems += [found("P105", span, character=code_points(span.text)) for span in hidden]
    for i, block in enumerate(blocks(source)):
        if len(problems) >= MOST_FINDINGS:
            problems.append(found("P106", Span(source, block.start, block.start + 1), count=len(problems)))
            break
        lang = block.lang if i == 0 else lang
        if block.kind is None:
            end = source.text.find("\n", block.body)
            end = len(source.text) if end < 0 else end
            indented = source.text[block.body].isspace()
            problems.append(found("P104" if indented else "P100", Span(source, block.body, max(end, block.body + 1))))
            lost.append(Span(source, block.body, end))
            continue
        wrong: list[Diagnostic] = []
        lexed = lex(block, words, wrong)
        last = lexed.last_comments
        unread: list[Span] = []
        declaration = parse_block(lexed, block, words, wrong, unread)
        if wrong and any(block.start <= span.start < block.end for span in hidden):
            # What does not show may be all that is wrong: it goes first.
            wrong = []
        if wrong and (other := _another_cut(lexed, block, words)) is not None:
            # The longest words do not read on, and others do: those are meant.
            declaration, wrong, unread = other, [], []
            lexed = evolve(lexed, cuts=())
        problems += wrong
        lost += unread
        if declaration is not None:
            declarations.append(declaration)
            cuts += [(declaration, block, cut) for cut in lexed.cuts]
    if not declarations and not problems:
        last = tuple(line.strip()[1:].strip() for line in source.text.split("\n") if line.strip())
    return Parsed(s.Document(tuple(declarations), last, lang), tuple(cuts), tuple(problems), tuple(lost))


def _another_cut(lexed: Lexed, block: Block, words: Lexicon) -> s.Declaration | None:
    """The declaration under the first other cut of one run that parses, as far as that can be tried in bounded work."""
    tries = _MOST_WORDS_TRIED // (len(lexed.tokens) + 1)
    for cut in lexed.cuts[:50]:
        for n in range(1, len(cut.others) + 1):
            if (tries := tries - 1) < 0:
                return None
            if (found := reparse(block, cut, n, words)) is not None:
                return found
    return None


def parse_block(
    lexed: Lexed, block: Block, words: Lexicon, problems: list[Diagnostic], lost: list[Span] | None = None
) -> s.Declaration | None:
    """One declaration from its words, or what can be read of it; what cannot goes to *lost*."""
    tokens = list(lexed.tokens)
    lost = [] if lost is None else lost
    unread: list[tuple[int, str]] = []
    whole = Span(block.source, block.start, block.end)
    if (deep := _too_deep(tokens)) is not None:
        problems.append(found("P108", deep, most=DEEPEST))
        lost.append(whole)
        return None
    for _ in range(_MOST_REPAIRS):
        if not tokens:
            break
        parser, build = _parser()
        build.comments = dict(lexed.comments)
        try:
            tree = parser.parse(tokens)
            if (deep := _too_tall(tree)) is not None:
                problems.append(found("P108", deep, most=DEEPEST))
                break
            result: s.Declaration = build.transform(tree)
            if (slip := slips.unknown(tokens, block.lang)) is None:
                return _with_unread(result, unread)
            wrong = at(tokens, *slip)
        except UnexpectedInput as error:
            wrong = fault(tokens, *_where(error, tokens), block, words)
        except lark.exceptions.VisitError as error:
            if not isinstance(error.orig_exc, Misformed):
                raise
            what = error.orig_exc
            note = () if what.other is None else (Note(what.other, "另一处", "the other one"),)
            place = next(i for i, t in enumerate(tokens) if t.span.start >= what.span.start)
            wrong = at(tokens, place, found(what.code, what.span, *note, what=what.span.text, instead=what.instead))
        aside = tokens[wrong.start].span.to(tokens[wrong.stop - 1].span)
        _report(wrong.diagnostic, aside, problems)
        if wrong.start == 0:
            break
        lost.append(aside)
        unread.append((sum(t.type == "STAGE" for t in tokens[: wrong.start]), wrong.key))
        del tokens[wrong.start : wrong.stop]
    else:
        problems.append(found("P106", wrong.diagnostic.span, count=_MOST_REPAIRS))
    lost.append(whole)
    return None


def _where(error: UnexpectedInput, tokens: list[Token]) -> tuple[int, set[str]]:
    """The place of the word that cannot stand there, and what could."""
    expected = getattr(error, "accepts", None) or getattr(error, "expected", None) or ()
    token = getattr(error, "token", None)
    return next((i for i, t in enumerate(tokens) if t is token), len(tokens)), set(expected)


def _report(wrong: Diagnostic, aside: Span, problems: list[Diagnostic]) -> None:
    """A clause set aside is reported once: a character that could not be read may be all that is wrong with it, and
    what follows a heading without its colon was not to be read as it was."""
    within = [p for p in problems if p.code == "P102" and aside.start <= p.span.start < aside.end]
    if within and wrong.code != "P112":
        problems[:] = [p for p in problems if not any(p is x for x in within[1:])]
        return
    problems[:] = [p for p in problems if not any(p is x for x in within)]
    problems.append(wrong)


def _with_unread(d: s.Declaration, unread: list[tuple[int, str]]) -> s.Declaration:
    """The declaration and its stages, each with the clauses of its own that could not be read."""
    stages = tuple(
        evolve(stage, unread=keys) if (keys := tuple(k for n, k in unread if n == i)) else stage
        for i, stage in enumerate(d.stages, 1)
    )
    return evolve(d, stages=stages, unread=tuple(k for n, k in unread if n == 0)) if unread else d


def _too_deep(tokens: list[Token]) -> Span | None:
    """The bracket that opens one level too many."""
    depth = 0
    for t in tokens:
        if t.type in ("LPAR", "LBRACE"):
            depth += 1
            if depth > DEEPEST:
                return t.span
        elif t.type in ("RPAR", "RBRACE"):
            depth = max(0, depth - 1)
    return None


def _too_tall(tree: Any) -> Span | None:
    """The first word of what is nested too deep: brackets in brackets, or operation upon operation."""
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > _TALLEST:
            return _first(level[0])
        level = [x for t in level for x in t.children if isinstance(x, lark.Tree)]
    return None


def _first(tree: Any) -> Span:
    while isinstance(tree, lark.Tree):
        tree = tree.children[0]
    span: Span = tree.span
    return span


def reparse(block: Block, cut: Cut, n: int, words: Lexicon) -> s.Declaration | None:
    """The declaration with the *n*th other cut of one run of Chinese; None if it does not parse."""
    problems: list[Diagnostic] = []
    lexed = lex(block, words, problems, {cut.span.start: n})
    result = parse_block(lexed, block, words, problems)
    return None if problems else result
