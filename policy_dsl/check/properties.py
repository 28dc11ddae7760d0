"""Properties: what must hold of every case, resolved for a proof; a decision never uses them."""

from __future__ import annotations

from typing import Final

from .. import model as m
from ..language import syntax as s
from .expressions import Elaborator
from .scope import Scope
from .symbols import Symbols

# What may be said to make no difference, with the words for it.
_OF_PERSON: Final = "本人的事实或者对本人的认定\ta fact of the person or a finding on the person"
_RANKED: Final = "有轻重次序的效果\tan effect of an ordered group"


def properties(symbols: Symbols, values: Elaborator) -> tuple[m.Property, ...]:
    """Every property of a pack, with what is wrong in it reported."""
    found = []
    for it in symbols.others:
        d = it.node
        if d.kind == "property" and d.name is not None:
            scope = Scope((), values.today, name=d.name.text)
            always = d.clause("always")
            found.append(
                m.Property(
                    d.name,
                    None if always is None else _always(always.body, symbols, values, scope),
                    tuple(n for n in _names(d, "invariant") if _of_person(n, symbols)),
                    tuple(n for n in _names(d, "never_graver") if _ranked(n, symbols)),
                    tuple(n for n in _names(d, "never_lighter") if _listed(n, symbols)),
                )
            )
    return tuple(found)


def _always(
    body: object, symbols: Symbols, values: Elaborator, scope: Scope
) -> tuple[m.Expr | m.Concluded | None, m.Expr | m.Concluded] | None:
    premise, claim = (body.premise, body.claim) if isinstance(body, s.Implication) else (None, body)
    if not isinstance(claim, s.Node):
        return None
    return None if premise is None else _claim(premise, symbols, values, scope), _claim(claim, symbols, values, scope)


def _claim(part: s.Node, symbols: Symbols, values: Elaborator, scope: Scope) -> m.Expr | m.Concluded:
    if not isinstance(part, s.Claim):
        return values.truth(part, scope)
    if part.name.text not in symbols.effects:
        symbols.unknown(part.name, symbols.effects)
    return m.Concluded(part.name.text, part.status)


def _names(d: s.Declaration, key: str) -> tuple[s.Name, ...]:
    clause = d.clause(key)
    body = clause.body if clause is not None and isinstance(clause.body, tuple) else ()
    return tuple(n for n in body if isinstance(n, s.Name))


def _of_person(n: s.Name, symbols: Symbols) -> bool:
    if n.text not in set(symbols.all_names()):
        symbols.unknown(n)
        return False
    question = symbols.findings.get(n.text)
    if n.text in symbols.facts or (question is not None and question.list is None):
        return True
    symbols.report("P202", n.span, name=n.text, have=symbols.role(n.text), want=_OF_PERSON)
    return False


def _listed(n: s.Name, symbols: Symbols) -> bool:
    if n.text not in symbols.lists:
        symbols.unknown(n, symbols.lists)
    return n.text in symbols.lists


def _ranked(n: s.Name, symbols: Symbols) -> bool:
    effect = symbols.effects.get(n.text)
    if effect is None:
        symbols.unknown(n, symbols.effects)
        return False
    if effect.rank is None:
        symbols.report("P202", n.span, name=n.text, have=symbols.role(n.text), want=_RANKED)
    return effect.rank is not None
