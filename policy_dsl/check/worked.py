"""Worked examples as written: what can be told of a case's facts, outcomes and days without deciding it."""

from __future__ import annotations

from .. import model as m
from ..language import syntax as s
from ..language.numerals import days_of
from ..shapes import SOURCE
from ..values import YES_NO, Type
from .expressions import Elaborator
from .scope import Scope
from .symbols import Symbols


def row_id(e: s.Node) -> str:
    """The number of a row, as text."""
    return str(e.number) if isinstance(e, s.Quantity) else e.text if isinstance(e, s.Quote) else ""


def check_cases(symbols: Symbols, values: Elaborator) -> None:
    """Every case of a pack: names, options, types and days, each at its place."""
    for it in symbols.others:
        if it.node.kind == "case":
            _case(it.node, symbols, values)


def _case(d: s.Declaration, symbols: Symbols, values: Elaborator) -> None:
    for key in ("decided_on", "known_on"):
        clause = d.clause(key)
        if clause is not None and isinstance(clause.body, s.Date) and days_of(clause.body.parts) is None:
            values.date(clause.body, None)
    facts, outcomes = d.clause("facts"), d.clause("outcomes")
    given = [g for g in (facts.items if facts is not None else ()) if isinstance(g, s.Given)]
    rows = {(g.name.text, row_id(g.row)) for g in given if g.kind == "row" and g.name is not None and g.row is not None}
    for g in given:
        if g.kind == "findings":
            _findings(d, g, rows, symbols, values)
        elif g.kind == "complete":
            for n in g.values:
                if isinstance(n, s.Name):
                    symbols.wanted(n, symbols.lists, "清单\ta list")
        elif g.kind == "row" and g.name is not None:
            _row(d, g, g.name, symbols, values)
        elif g.name is not None and symbols.wanted(g.name, symbols.facts, "事实\ta fact"):
            type = values.filled(symbols.facts[g.name.text].type)
            for x in g.values:
                _cell(d, g.name, x.value if isinstance(x, s.Since) else x, type, values)
    for item in outcomes.items if outcomes is not None else ():
        if isinstance(item, s.Concluded):
            _outcome(item, symbols, values)


def _row(d: s.Declaration, g: s.Given, name: s.Name, symbols: Symbols, values: Elaborator) -> None:
    if not symbols.wanted(name, symbols.lists, "清单\ta list"):
        return
    fields = symbols.lists[name.text].fields
    for a in g.values:
        if isinstance(a, s.Assign) and a.name.text in fields:
            _cell(d, a.name, a.value, values.filled(fields[a.name.text].type), values)
        elif isinstance(a, s.Assign) and a.name.text not in (SOURCE, "source"):
            symbols.unknown(a.name, fields)


def _findings(d: s.Declaration, g: s.Given, rows: set[tuple[str, str]], symbols: Symbols, values: Elaborator) -> None:
    of = (g.name.text, row_id(g.row)) if g.name is not None and g.row is not None else None
    if g.name is not None and not symbols.wanted(g.name, symbols.lists, "清单\ta list"):
        return
    if of is not None and of not in rows and g.row is not None:
        symbols.report("R106", g.row.span, where=_of(d), value=" ".join(of))
    for a in g.values:
        if isinstance(a, s.Assign) and symbols.wanted(a.name, symbols.findings, "认定\ta finding"):
            _cell(d, a.name, a.value, symbols.findings[a.name.text].type, values)


def _of(d: s.Declaration) -> str:
    return f"案例 {d.name.text}\tcase {d.english}" if d.name is not None else "案例\ta case"


def _cell(d: s.Declaration, name: s.Name, e: s.Node, type: Type, values: Elaborator) -> None:
    """What is said of a fact or a field, as far as its type tells: text may stand for anything."""
    truth = type.options == YES_NO.options
    match e:
        case s.Quote():
            return
        case s.Word(terminal="STATE", key=key):
            if key == "not_applicable" and not type.may_be_none:
                values.symbols.report("R108", e.span, where=_of(d), name=name.text)
            return
        case s.Date(parts=parts) if days_of(parts) is None:
            values.date(e, None)
            return
        case s.Date(parts=(_, month, _)) if type.kind == "day" or (type.unit == "years" and not month):
            return
        case s.Quantity() if type.kind == "number":
            amount = values.quantity(e, Scope(), type)
            if not values.broken(amount) and not values.comparable(amount.type, type):
                values.mismatch(e, amount, type)
            return
        case s.Word(terminal="TRUTH") if truth:
            return
        case s.Name(text=text) if type.finite:
            if text not in type.options:
                values.not_an_option(e, type)
            return
    if type.kind != "text":
        want = values.type_words(m.Constant(value=type.top, type=type))
        values.wrong("P202", e, name=e.span.text, have=_have(e, values), want=want)


def _have(e: s.Node, values: Elaborator) -> str:
    match e:
        case s.Date():
            return "日期\ta date"
        case s.Quantity():
            return values.type_words(values.quantity(e, Scope(), None))
        case s.Name(text=text):
            return values.symbols.role(text)
    return "是或否\tyes or no"


def _outcome(item: s.Concluded, symbols: Symbols, values: Elaborator) -> None:
    for r in item.readings:
        if isinstance(r, s.Comparison) and isinstance(r.left, s.Name):
            values.taken(r)
    if item.list is not None:
        symbols.wanted(item.list, symbols.lists, "清单\ta list")
    if item.expected and not item.expected[0].status:
        symbols.report("P302", item.expected[0].span, clause="应当、可以、不发生等\tmust, may, does_not_arise, …")
    for x in item.expected:
        if x.name is not None:
            symbols.wanted(x.name, symbols.effects, "效果\tan effect")
