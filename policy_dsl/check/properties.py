"""Properties: what must hold of every case, resolved for a proof; a decision never uses them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from .. import model as m
from ..language import syntax as s
from .expressions import Elaborator
from .scope import Scope
from .symbols import Symbols

# What a clause may name.
_OF_PERSON: Final = "本人的事实或者对本人的认定\ta fact of the person or a finding on the person"
_RANKED: Final = "有轻重次序的效果\tan effect of an ordered group"
_EFFECT: Final = "效果或者效果组\tan effect or a group of effects"
_LIST: Final = "清单\ta list"
_INSTRUMENT: Final = "制度\ta regime"


def properties(symbols: Symbols, values: Elaborator) -> tuple[m.Property, ...]:
    """Every property of a pack, with what is wrong in it reported."""
    found = []
    for it in symbols.others:
        d = it.node
        if d.kind == "property" and d.name is not None:
            scope = Scope((), values.today, name=d.name.text)
            always = d.clause("always")
            body = None if always is None else _always(always.body, symbols, values, scope)
            named = {key: tuple(x for n in _words(d, key) for x in _NAMED[key](n, symbols)) for key in _NAMED}
            found.append(m.Property(d.name, body, named))
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


def _words(d: s.Declaration, key: str) -> tuple[s.Node, ...]:
    clause = d.clause(key)
    body = clause.body if clause is not None and isinstance(clause.body, tuple) else ()
    return tuple(n for n in body if isinstance(n, s.Node))


# What each clause names, resolved: nothing where it is none of what is wanted, which is reported.


def _of_person(n: s.Node, symbols: Symbols) -> Iterator[str]:
    name = n.text if isinstance(n, s.Name) else ""
    question = symbols.findings.get(name)
    if name in symbols.facts or (question is not None and question.list is None):
        yield name
    else:
        _wrong(n, symbols, _OF_PERSON)


def _listed(n: s.Node, symbols: Symbols) -> Iterator[str]:
    yield from _one_of(n, symbols, symbols.lists, _LIST)


def _instrument(n: s.Node, symbols: Symbols) -> Iterator[str]:
    yield from _one_of(n, symbols, symbols.regimes, _INSTRUMENT)


def _ranked(n: s.Node, symbols: Symbols) -> Iterator[str]:
    ranked = [name for name, effect in symbols.effects.items() if effect.rank is not None]
    yield from _one_of(n, symbols, ranked, _RANKED)


def _effects(n: s.Node, symbols: Symbols) -> Iterator[str]:
    """An effect, every effect of a group, or every effect there is."""
    if isinstance(n, s.Word) and n.key == "effect":
        yield from symbols.effects
    elif isinstance(n, s.Name) and n.text not in symbols.effects and n.text in symbols.groups:
        yield from symbols.groups[n.text]
    else:
        yield from _one_of(n, symbols, symbols.effects, _EFFECT)


def _one_of(n: s.Node, symbols: Symbols, among: Collection[str], want: str) -> Iterator[str]:
    if isinstance(n, s.Name) and n.text in among:
        yield n.text
    else:
        _wrong(n, symbols, want, among)


def _wrong(n: s.Node, symbols: Symbols, want: str, among: Iterable[str] | None = None) -> None:
    if not isinstance(n, s.Name):
        symbols.report("P202", n.span, name=n.span.text, have="别的写法\tsomething else", want=want)
    elif n.text not in set(symbols.all_names()):
        symbols.unknown(n, among)
    else:
        symbols.report("P202", n.span, name=n.text, have=symbols.role(n.text), want=want)


_NAMED: Final[dict[str, Callable[[s.Node, Symbols], Iterator[str]]]] = {
    "invariant": _of_person, "never_graver": _ranked, "never_lighter": _listed, "always_grounded": _effects,
    "always_decided": _effects, "no_effect_before": _instrument,
}  # fmt: skip
