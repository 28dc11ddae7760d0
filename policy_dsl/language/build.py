"""What each rule of the grammar makes: a node that spans from its first word to its last."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import lark
from attrs import frozen

from . import syntax as s
from .keywords import word
from .lexer import Token
from .source import Span


@frozen
class _Bracketed:
    """What stands in a name's brackets, with the brackets."""

    parts: tuple[Any, ...]
    span: Span


class Build(lark.Transformer[Any, Any]):
    """A method for each rule of the grammar."""

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
        if c[0].type == "ANYSPAN" and isinstance(c[1], s.Quantity) and c[1].unit in NO_STRETCH:
            zh = "“任意”和“内”之间写一段时间，如“任意三个月内”"
            raise Misformed("P113", c[1].span, instead=f"{zh}\ta stretch of time, such as “in_any 3 months inside”")
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
        if isinstance(c[2], s.SetOf) and (among := _AMONG.get(str(c[1]))) is not None:
            zh, en = (f"写“{word('COMPARE', among, x)} {c[2].span.text}”" for x in ("zh", "en"))
            raise Misformed("P113", c[1].span.to(c[2].span), instead=in_own_words(c[2].span, zh, en))
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
            raise Misformed("P111", next(x for x in c if _is(x, "BOTH")).span)
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
        if c[0].type == "SPAN" and isinstance(body, s.Quantity):
            raise Misformed("P113", body.span, instead=from_a_day(body.span))
        if c[0].type == "EFFECTS":
            for part in _outcomes(body):
                if isinstance(part, s.Connected) and all(isinstance(x, s.Name) for x in part.parts):
                    raise Misformed("P113", part.span, instead=_joined(part))
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

    def since(self, c: list[Any]) -> s.Since:
        return s.Since(c[1], c[3], span=_over(*c))

    def _given(
        self, kind: str, c: list[Any], name: s.Name | None, row: s.Node | None, values: Iterable[Any]
    ) -> s.Given:
        return s.Given(kind, name, row, tuple(values), self.above(c[0]), span=_over(*c))

    def given_fact(self, c: list[Any]) -> s.Given:
        return self._given("fact", c, c[1], None, (x for x in c[3:] if not isinstance(x, Token)))

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


# What is said of one value, and of several.
_AMONG: Final = {"is": "in", "is_not": "not_in"}
NO_STRETCH: Final = ("times", "yuan", "points", "percent", "number")


def in_own_words(span: Span, zh: str, en: str) -> str:
    """'write this', in the language of the text at *span*: *zh* or *en*, each within its quotation marks."""
    text = en if span.text.isascii() else zh
    quoted = text[text.index("“") :]
    return f"写{quoted}\twrite {quoted}"


def from_a_day(length: Span) -> str:
    """How a period so long is written, from the day from which it runs."""
    zh, en = f"自 某日 起 {length.text}", f"from a_day onward {length.text}"
    shown = en if length.text.isascii() else zh
    return f"写“{shown}”，写明从哪一天算起\twrite “{shown}” and say from which day it runs"


def _outcomes(body: Any) -> Iterable[Any]:
    for effects in [r.outcome for r in body.rows] if isinstance(body, s.Rows) else [body]:
        yield from effects.parts if isinstance(effects, s.Effects) else (effects,)


def _joined(part: s.Connected) -> str:
    """Effects joined as conditions are, with the words that join effects."""
    joint = ("EITHER", "or_else") if part.op == "or" else ("BOTH", "both")
    lang = "en" if part.span.text.isascii() else "zh"
    shown = (f" {word(*joint, lang)} " if lang == "en" else word(*joint, lang)).join(x.span.text for x in part.parts)
    return f"写“{shown}”\twrite “{shown}”"


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
    """A declaration whose words parse and yet may not stand as they do; *instead*: what to write, as 'zh\\ten'."""

    def __init__(self, code: str, span: Span, other: Span | None = None, instead: str = ""):
        self.code, self.span, self.other, self.instead = code, span, other, instead
