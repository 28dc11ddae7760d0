"""Advice on a pack as a whole: words nobody uses, provisions no case tries, grounds nobody registered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Final

from attrs import frozen

from .. import model as m
from ..diagnostics import Diagnostic, found
from ..language import syntax as s
from ..language.keywords import RULE_KINDS, kind_word
from ..language.references import cites, references
from .scope import cited

_ID: Final = re.compile(r"[A-Z]{1,3}-\d{1,3}(?:\.[a-z])?")
_USED_BY_NAME: Final = ("parameter", "definition", "reading")


def upkeep(policy: m.Policy, own: frozenset[str]) -> list[Diagnostic]:
    """Advice on the texts named in *own*; what stands in a shared vocabulary may serve another regime.

    Asked only of a pack without errors: what could not be read may be what uses a word.
    """
    theirs = tuple(d for d in policy.declarations if d.span.source.name in own)
    if not policy.rules:
        return []  # Words alone: they are for others to use.
    advice = [*_unused(policy, theirs), *_untried(policy, theirs)]
    return [*advice, *_unregistered(policy, theirs)] if policy.provisions else advice


def _unused(policy: m.Policy, own: tuple[s.Declaration, ...]) -> Iterator[Diagnostic]:
    """A case only tries: a word that nothing but cases names changes no decision."""
    used = {n.text for d in policy.declarations if d.kind != "case" for n in references(d)}
    for kind, name in _declared(own):
        if name.text not in used:
            kinds = f"{kind_word(kind, 'zh')}\t{kind_word(kind, 'en')}"
            yield found("P404", name.span, name=name.text, kind=kinds)


def _declared(own: tuple[s.Declaration, ...]) -> Iterator[tuple[str, s.Name]]:
    for d in own:
        # What a unit gives under the county's name is used where the county's is.
        if d.kind in _USED_BY_NAME and d.name is not None:
            yield d.kind, d.name
        elif d.kind == "finding" and (by := d.clause("by")) is not None:
            yield from ((d.kind, q.name) for q in by.items if isinstance(q, s.Question))


def _untried(policy: m.Policy, own: tuple[s.Declaration, ...]) -> Iterator[Diagnostic]:
    """A provision is tried by a case that cites its ground and concludes on an effect of its.

    Said only where there are cases at all: a text that has none yet is not told so of every line.
    """
    cases = [Tried.by(d) for d in own if d.kind == "case"]
    effects = {r.name: {o.effect for o in r.options} for r in policy.rules}
    for d in _provisions(own) if cases else ():
        if d.name is None or not (grounds := set(cited(d))):
            continue
        if not any(case.are(grounds, effects.get(d.name.text, set())) for case in cases):
            yield found("P405", d.name.span, name=d.name.text)


@frozen
class Tried:
    """What a case tries: the grounds it cites, and the effects it concludes on."""

    grounds: frozenset[str]
    effects: frozenset[str]

    @classmethod
    def by(cls, case: s.Declaration) -> Tried:
        outcomes = case.clause("outcomes")
        effects = () if outcomes is None else references(outcomes)
        return cls(frozenset(c.text for c in cites(case)), frozenset(n.text for n in effects))

    def are(self, grounds: Set[str], effects: Set[str]) -> bool:
        """Whether one of the grounds is among them with one of the effects; with none given, with any."""
        return not self.grounds.isdisjoint(grounds) and (not effects or not self.effects.isdisjoint(effects))


def _provisions(own: tuple[s.Declaration, ...]) -> Iterator[s.Declaration]:
    for d in own:
        if d.kind in RULE_KINDS:
            yield d
        yield from d.stages


def _unregistered(policy: m.Policy, own: tuple[s.Declaration, ...]) -> Iterator[Diagnostic]:
    for d in own:
        for citation in cites(d):
            if _ID.fullmatch(citation.text) and citation.text not in policy.provisions:
                yield found("P407", citation.span, id=citation.text)
