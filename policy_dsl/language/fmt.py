"""Tree to text: the one canonical form, in either tongue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from . import syntax as s
from .keywords import clause_word, kind_word, line_word, word
from .lexer import Lexicon, parts_between
from .numerals import item_mark, write_date, write_quantity

INDENT: Final = "    "
_POSTFIX: Final = {"at_least", "at_most"}
_LITERAL: Final = (s.Quantity, s.Date)
_STRENGTH: Final = {
    "min": "FOLD",
    "max": "FOLD",
    "sum": "FOLD",
    "latest": "FOLD",
    "kinds": "FOLD",
    "run": "RUN",
    "count": "COUNT",
}


class Writer:
    """Writes nodes in one tongue with one pack's names."""

    def __init__(self, lexicon: Lexicon, lang: str):
        self.lexicon, self.lang = lexicon, lang
        zh = lang == "zh"
        self.colon, self.semi, self.comma, self.list = ("：", "；", "，", "、") if zh else (":", ";", ", ", ", ")
        self.open, self.close = ("（", "）") if zh else (" (", ")")
        self.after_colon = "" if zh else " "

    # Words.

    def name(self, name: s.Name | None) -> str:
        return "" if name is None else self.lexicon.written(name.text, self.lang)

    def word(self, terminal: str, key: str) -> str:
        return word(terminal, key, self.lang)

    def joined(self, parts: Iterable[str], sep: str) -> str:
        return sep.join(parts)

    def brackets(self, parts: tuple[s.Expr, ...]) -> str:
        return f"{self.open}{self.joined(map(self.expr, parts), self.comma)}{self.close}"

    # Conditions and values.

    def expr(self, e: s.Node) -> str:
        """A condition or value on one line."""
        match e:
            case s.Name():
                return self.name(e)
            case s.Quantity(number=number, unit=unit):
                return write_quantity(number, unit, self.lang)
            case s.Date(parts=parts):
                return write_date(parts, self.lang)
            case s.Quote(text=text):
                # A text that holds one kind of quotation mark is put in another.
                open, close = next(q for q in ("“”", "「」", '""') if q[1] not in text)
                return f"{open}{text}{close}"
            case s.Word(terminal=terminal, key=key):
                return self.word(terminal, key)
            case s.Gap(kind=kind, note=note):
                return self.word("GAP", kind) + (f"（{note}）" if note else "")
            case s.Apply(name=name, parts=parts):
                return self.name(name) + self.brackets(parts)
            case s.ApplyWord(key=key, parts=parts):
                terminal = {"least": "LEAST", "most": "MOST", "year_end": "YEAREND"}[key]
                return self.word(terminal, key) + self.brackets(parts)
            case s.This(name=name):
                return self.tight("本", self.name(name)) if self.lang == "zh" else f"this {self.name(name)}"
            case s.FieldOf(owner=owner, name=name):
                if self.lang == "zh":
                    return self.tight(self.expr(owner), self.word("OF", "of"), self.name(name))
                return f"{self.expr(owner)}{self.word('OF', 'of')} {self.name(name)}"
            case s.Measure(owner=owner, name=name, how=how):
                measure = self.word(_STRENGTH[how], how)
                if self.lang == "zh":
                    return self.tight(self.expr(owner), self.word("OF", "of"), self.name(name), measure)
                field = "" if name is None else f"{self.name(name)} "
                return f"{self.expr(owner)}{self.word('OF', 'of')} {field}{measure}"
            case s.Crowded(amount=amount, part=part):
                if amount is None:
                    span = self.tight(self.word("SAMEYEAR", "same_year"), "内" if self.lang == "zh" else "")
                elif self.lang == "zh":
                    span = self.tight(self.word("ANYSPAN", "any_span"), self.expr(amount), "内")
                else:
                    span = f"{self.word('ANYSPAN', 'any_span')} {self.expr(amount)} {self.word('INSIDE', 'inside')}"
                return f"{span} {self.expr(part)}"
            case s.Arithmetic(sign=sign, left=left, right=right):
                shown = {"+": "＋", "-": "－", "*": "×"}[sign] if self.lang == "zh" else sign
                return f"{self.expr(left)} {shown} {self.expr(right)}"
            case s.Shifted(start=start, amount=amount) | s.Since(start=start, value=amount):
                return (
                    f"{self.word('FROM', 'from')} {self.expr(start)} {self.word('START', 'start')} {self.expr(amount)}"
                )
            case s.Group(part=part):
                return f"（{self.expr(part)}）" if self.lang == "zh" else f"({self.expr(part)})"
            case s.Connected(op=op, parts=parts):
                return self.joined(map(self.expr, parts), f" {self.word(op.upper(), op)} ")
            case s.Negation(part=part):
                return self.word("NOT", "not") + self.brackets((part,))
            case s.Comparison(op=op, left=left, right=right):
                return self.comparison(op, left, right)
            case s.Between(part=part, low=low, high=high, low_op=low_op, high_op=high_op):
                bounds = f"{self.bound(low, low_op)} {self.bound(high, high_op)}"
                return f"{self.expr(part)} {bounds}"
            case s.Within(part=part, amount=amount):
                if self.lang == "zh":
                    return f"{self.expr(part)} " + self.tight("在近", self.expr(amount), "内")
                return f"{self.expr(part)} {self.word('WITHIN', 'within')} {self.expr(amount)}"
            case s.SetOf(parts=parts, open=open):
                etc = [self.word("ETC", "etc")] if open else []
                return "{" + self.joined([*map(self.expr, parts), *etc], self.list) + "}"
            case s.Some(name=name, parts=parts, none=none):
                some = self.word("NONE", "none_of") if none else self.word("SOME", "some")
                return f"{some} {self.name(name)}" + (self.brackets(parts) if parts else "")
            case s.Claim(status=status, name=name):
                return f"{self.word('STATUS', status)} {self.name(name)}"
            case s.Implication(premise=premise, claim=claim):
                return f"{self.word('IF', 'if')} {self.expr(premise)} {self.word('THEN', 'then')} {self.expr(claim)}"
            case s.Amount(effect=effect, quantity=quantity):
                return f"{self.expr(effect)} {self.expr(quantity)}"
            case s.Follow(name=name):
                return f"{self.word('FOLLOW', 'follow')} {self.name(name)}"
            case s.Effects():
                return self.effects(e)
            case s.Period():
                return self.period(e)
            case s.Limit(part=part, op=op):
                return self.bound(part, op)
            case s.Files(name=name, by=by):
                agent = "" if by is None else f"{self.comma}{self.word('AGENT', 'by')} {self.name(by)}"
                return self.name(name) + agent
            case s.Text(text=text) | s.Citation(text=text):
                return text
        raise TypeError(e)

    def tight(self, *pieces: str) -> str:
        """Chinese words set close, with a space only where they would otherwise be cut differently."""
        text = pieces[0]
        for piece in pieces[1:]:
            text += piece if not piece or parts_between(text, piece, self.lexicon) else f" {piece}"
        return text

    def bound(self, part: s.Node, op: str) -> str:
        if self.lang == "zh":
            return self.tight(self.expr(part), self.word("BOUND", op))
        return f"{self.expr(part)} {self.word('BOUND', op)}"

    def comparison(self, op: str, left: s.Node, right: s.Node) -> str:
        """以上 and 以下 stand after a literal or an option; otherwise the comparison stands between."""
        literal = isinstance(right, s.Quantity) or (isinstance(right, s.Name) and right.text in self.lexicon.ranks)
        if self.lang == "zh" and op in _POSTFIX and literal:
            return f"{self.expr(left)} {self.bound(right, op)}"
        return f"{self.expr(left)} {self.word('COMPARE', op)} {self.expr(right)}"

    def effects(self, e: s.Effects) -> str:
        parts = [self.expr(p) for p in e.parts]
        zh = self.lang == "zh"
        if e.join == "any" and len(parts) > 1:
            joint = "或者" if zh else f" {self.word('EITHER', 'or_else')} "
            text = self.list.join(parts[:-1]) + joint + parts[-1]
        elif e.join == "all" and len(parts) > 1:
            text = self.list.join(parts[:-1]) + ("和" if zh else f" {self.word('BOTH', 'both')} ") + parts[-1]
        else:
            text = self.list.join(parts)
        return text + (f" {self.word('ETC', 'etc')}" if e.open else "")

    def period(self, e: s.Period) -> str:
        if e.op and e.end is not None:
            return f"{self.word('COMPARE', e.op)} {self.expr(e.end)}"
        start = f"{self.word('FROM', 'from')} {self.expr(e.start or e)} {self.word('START', 'start')}"
        return start if e.end is None else f"{start} {self.word('UNTIL', 'until')} {self.expr(e.end)}"

    # Items.

    def item(self, n: int, item: s.Node) -> str:
        mark = item_mark(n, self.lang) + ("" if self.lang == "zh" else " ")
        return mark + self.item_body(item) + self.semi

    def item_body(self, item: s.Node) -> str:
        colon = self.colon + self.after_colon
        match item:
            case s.Item(part=part):
                return self.expr(part)
            case s.Row(keys=keys, outcome=outcome):
                return f"{self.list.join(map(self.expr, keys))}{colon}{self.expr(outcome)}"
            case s.Alternative(name=name, english=english, text=text):
                return f"{self.both(name, english)}{colon}{text}"
            case s.Question(name=name, english=english, type=type, text=text, basis=basis):
                kind = "" if type is None else f"〔{self.name(type)}〕"
                return f"{self.both(name, english)}{kind}{colon}{text}，{'、'.join(b.text for b in basis)}"
            case s.Given():
                return self.given(item)
            case s.Concluded():
                return self.concluded(item)
        raise TypeError(item)

    def both(self, name: s.Name, english: str) -> str:
        return f"{name.text} {english}" if self.lang == "zh" else f"{english} {name.text}"

    def given(self, g: s.Given) -> str:
        colon = self.colon + self.after_colon
        values = self.list.join(
            f"{self.name(v.name)} {self.expr(v.value)}" if isinstance(v, s.Assign) else self.expr(v) for v in g.values
        )
        if g.kind == "fact":
            return f"{self.name(g.name)}{colon}{values}"
        row = "" if g.row is None else f" {self.expr(g.row)}"
        if g.kind == "row":
            return f"{self.name(g.name)}{row}{colon}{values}"
        if g.kind == "findings":
            of = "" if g.name is None else f"{self.open}{self.name(g.name)}{row}{self.close}"
            return f"{self.word('FINDINGS', 'findings')}{of}{colon}{values}"
        until = f"{self.word('UNTIL', 'until')} {self.expr(g.row)}" if g.row is not None else ""
        until = until if self.lang == "zh" or not until else " " + until
        return f"{self.word('COMPLETE', 'complete')}{until}{colon}{values}"

    def concluded(self, c: s.Concluded) -> str:
        colon = self.colon + self.after_colon
        text = ""
        if c.readings:
            text += self.joined(map(self.expr, c.readings), f" {self.word('AND', 'and')} ") + colon
        if c.list is not None and c.row is not None:
            text += f"{self.name(c.list)} {self.expr(c.row)}{colon}"
        text += self.list.join(self.expected(x) for x in c.expected)
        if c.because:
            text += f"{self.comma}{self.word('BECAUSE', 'because')} {'、'.join(b.text for b in c.because)}"
        return text

    def expected(self, x: s.Expected) -> str:
        line = f"{self.word('LINE', x.line)} " if x.line else ""
        status = f"{self.word('STATUS', x.status)} " if x.status else ""
        return line + status + (self.name(x.name) if x.name else self.word("NOWHERE", "nowhere"))

    # Clauses and declarations.

    def clause(self, c: s.Clause, indent: str) -> list[str]:
        lines = [f"{indent}# {comment}".rstrip() for comment in c.comments]
        if c.key == "line" and isinstance(c.body, s.Text):
            return [*lines, indent + c.body.text]
        head = f"{indent}{clause_word(c.key, self.lang)}{self.colon}"
        items: tuple[s.Node, ...] = c.items
        if isinstance(c.body, s.Rows):
            items = c.body.rows
        elif isinstance(c.body, tuple):
            head += self.after_colon + self.list_of(c.body)
        elif c.key == "for" and c.body is not None:
            head += self.after_colon + f"{self.word('EACH', 'each')} {self.expr(c.body)}"
        elif c.body is not None:
            head += self.after_colon + self.expr(c.body)
        lines.append(head)
        for n, item in enumerate(items, 1):
            lines += [f"{indent}{INDENT}# {comment}".rstrip() for comment in getattr(item, "comments", ())]
            lines.append(indent + INDENT + self.item(n, item))
        return lines

    def list_of(self, body: tuple[s.Node, ...]) -> str:
        sep = "、" if all(isinstance(b, s.Citation) for b in body) else self.list
        return sep.join(map(self.expr, body))

    def line(self, x: s.Line) -> list[str]:
        lines = [f"{INDENT}# {comment}".rstrip() for comment in x.comments]
        head = f"{INDENT}{line_word(x.kind, self.lang)} "
        colon = self.colon + self.after_colon
        entries = [self.entry(e) for e in x.entries]
        if x.kind == "body":
            return [*lines, head + self.list.join(entries)]
        if x.name is None:
            raise TypeError(x)
        head += self.both(x.name, x.english)
        if x.kind == "list":
            head += f"{self.open}{self.name(x.date)}{self.close}"
        marks = "".join(f" {self.mark(m)}" for m in x.marks)
        if x.kind == "fact" and x.type is not None:
            return [*lines, f"{head}{colon}{self.expr(x.type)}{marks}"]
        if x.kind == "effect":
            head += marks
        rising = x.kind == "order" or "rising" in x.marks
        sep = (" ＜ " if self.lang == "zh" else " < ") if rising else self.list
        etc = [self.word("ETC", "etc")] if x.open else []
        return [*lines, head + colon + sep.join([*entries, *etc])]

    def mark(self, key: str) -> str:
        terminal = "RISING" if key == "rising" else "POLARITY" if key in ("burden", "benefit", "neutral") else "MARK"
        return self.word(terminal, key)

    def entry(self, e: s.Node) -> str:
        if isinstance(e, s.FieldLine):
            marks = "".join(f" {self.mark(m)}" for m in e.marks)
            return f"{self.both(e.name, e.english)}{self.colon}{self.after_colon}{self.expr(e.type)}{marks}"
        if isinstance(e, s.Entry):
            type = f"{self.open}{self.expr(e.type)}{self.close}" if e.type is not None else ""
            return self.both(e.name, e.english) + type
        raise TypeError(e)

    def declaration(self, d: s.Declaration, indent: str = "") -> list[str]:
        lines = [f"{indent}# {comment}".rstrip() for comment in d.comments]
        name = f" {self.both(d.name, d.english)}" if d.name is not None else ""
        lines.append(f"{indent}{kind_word(d.kind, self.lang)}{name}")
        for c in d.clauses:
            lines += self.line(c) if isinstance(c, s.Line) else self.clause(c, indent + INDENT)
        for stage in d.stages:
            lines += self.declaration(stage, indent + INDENT)
        return lines


def fmt(document: s.Document, lexicon: Lexicon, lang: str) -> str:
    """The canonical text of a file."""
    writer = Writer(lexicon, lang)
    parts = ["\n".join(writer.declaration(d)) for d in document.declarations]
    if document.comments:
        parts.append("\n".join(f"# {c}".rstrip() for c in document.comments))
    return "\n\n".join(parts) + "\n" if parts else ""
