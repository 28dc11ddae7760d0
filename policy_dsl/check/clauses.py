"""Which clauses each kind of declaration takes, which it cannot do without, and which are not executed yet."""

from __future__ import annotations

from typing import Final

from ..diagnostics import Note
from ..language import syntax as s
from ..language.keywords import CLAUSES, RULE_KINDS, WORDS, clause_word, kind_word
from .symbols import Symbols

_COMMON: Final = frozenset(("basis", "layer", "remark"))
MODAL: Final = ("must", "principle_must", "generally_must", "basically_must", "may", "must_not", "should_not")
_RULE: Final = _COMMON | {
    "in_force",
    "for",
    "when",
    "any_of",
    "all_of",
    "disapplies",
    "may_disapply",
    "by",
    "toward",
    "deadline",
    "during",
    "done_by",
    "moment",
    *MODAL,
}

TAKES: Final[dict[str, frozenset[str]]] = {
    "regime": _COMMON | {"in_force", "authority", "scope", "reach_back", "above", "replaces", "unit", "units"},
    "parameter": _COMMON | {"value", "keyed_by", "delegated", "possible", "unit"},
    "reading": _COMMON | {"question"},
    "finding": _COMMON | {"for", "by"},
    "definition": _COMMON | {"for", "means", "any_of", "all_of", "delegated"},
    "procedure": _COMMON | {"in_force", "for", "recorded_in"},
    "stage": (_RULE - {"for"}) | {"lasts", "files", "then"},
    "roster": _COMMON | {"range", "every", "drawn", "ranked", "share", "rounding", "possible", "yields", "by"},
    "property": _COMMON
    | {"always", "invariant", "never_graver", "never_lighter", "always_grounded", "always_decided", "no_effect_before"},
    "case": frozenset(("basis", "layer", "remark", "decided_on", "known_on", "facts", "outcomes", "reasons")),
    "note": frozenset(("line", "remark")),
    **dict.fromkeys(RULE_KINDS, _RULE),
}
NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "regime": ("basis",),
    "parameter": ("basis",),
    "reading": ("basis", "question"),
    "finding": ("by",),
    "definition": ("basis",),
    "procedure": ("basis", "for", "recorded_in"),
    "roster": ("basis", "range"),
    "property": ("basis",),
    "case": ("decided_on", "facts", "outcomes"),
    **dict.fromkeys(RULE_KINDS, ("basis",)),
}
_KEYS: Final = frozenset(k.key for k in CLAUSES)
# What takes one word; only a case may name several layers.
ONE_WORD: Final = ("layer", "above", "replaces", "unit", "recorded_in", "rounding", "yields")
# Of these at most one: each says by itself where a value, or a meaning, comes from.
ALTERNATIVES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "parameter": (("value", "keyed_by", "possible"), ("keyed_by", "delegated")),
    "definition": (("means", "any_of", "all_of"),),
    "roster": (("drawn", "ranked"), ("drawn", "share")),
}


def check_clauses(d: s.Declaration, symbols: Symbols) -> None:
    """Clauses that do not belong, stand twice or are missing."""
    if d.kind == "vocabulary":
        return
    seen: dict[str, s.Clause] = {}
    takes = TAKES.get(d.kind, frozenset())
    for c in d.clauses:
        if isinstance(c, s.Line):
            symbols.report("P300", c.span, kind=_word(d.kind), clause=c.kind)
        elif c.key not in takes:
            symbols.report("P300", c.span, kind=_word(d.kind), clause=_clause(c.key))
        elif c.key in seen and c.key != "line":
            symbols.report("P301", c.span, clause=_clause(c.key))
        else:
            seen[c.key] = c
            _words(d, c, symbols)
    for keys in ALTERNATIVES.get(d.kind, ()):
        together = [seen[k] for k in keys if k in seen]
        for c in together[1:]:
            note = Note(together[0].span, "另一处", "the other one")
            symbols.report("P312", c.span, note, clause=_clause(c.key), other=_clause(together[0].key))
    # A clause under a heading nobody knows may be any of those that seem to be missing.
    for key in () if _lost(d) else NEEDS.get(d.kind, ()):
        if key not in seen and key not in d.unread:
            symbols.report("P302", d.name.span if d.name else d.span, clause=_clause(key))
    concludes = any(k in seen or k in d.unread for k in (*MODAL, "disapplies", "may_disapply"))
    if d.kind in RULE_KINDS and not _lost(d) and not concludes:
        symbols.report(
            "P302",
            d.name.span if d.name else d.span,
            clause="应当、可以、不得或不适用\tmust, may, must_not or disapplies",
        )
    if (
        d.kind == "roster"
        and not _lost(d)
        and not any(k in seen or k in d.unread for k in ("drawn", "ranked", "share"))
    ):
        what = "抽取、排名或占比\tdrawn, ranked or share"
        symbols.report("P302", d.name.span if d.name else d.span, clause=what)
    if d.kind == "exemption" and "for" not in seen and "for" not in d.unread and not _lost(d):
        symbols.report("P308", d.name.span if d.name else d.span)
    if d.kind in RULE_KINDS or d.kind in ("stage", "roster"):
        _needs_by(d, seen, symbols)
    for stage in d.stages:
        check_clauses(stage, symbols)


def _lost(d: s.Declaration) -> bool:
    """Whether a clause under a heading nobody knows went unread."""
    return any(key not in _KEYS for key in d.unread)


def _words(d: s.Declaration, c: s.Clause, symbols: Symbols) -> None:
    """A clause of one word has one, and a layer is one there is."""
    words = c.body if isinstance(c.body, tuple) else ()
    if c.key in ONE_WORD and d.kind != "case":
        for n in words[1:]:
            have, want = "第二个词\ta second word", "一个词\tone word"
            symbols.report("P202", n.span, name=n.span.text, have=have, want=want)
    for n in words if c.key == "layer" else ():
        if not (isinstance(n, s.Word) and n.terminal == "LAYER"):
            name, spellings = n.span.text, [w for k in WORDS if k.terminal == "LAYER" for w in (*k.zh, *k.en)]
            alike = symbols.alike(name, spellings)
            symbols.report("P202", n.span, suggestion=alike, name=name, have=symbols.role(name), want="层级\ta layer")


def _needs_by(d: s.Declaration, seen: dict[str, s.Clause], symbols: Symbols) -> None:
    if "by" in seen or "by" in d.unread or _lost(d):
        return
    for key in ("may", "may_disapply", "should_not", "share"):
        if key in seen:
            symbols.report("P303", seen[key].span, why=_clause(key))
            return
    for key in MODAL:
        body = seen[key].body if key in seen else None
        choices = [r.outcome for r in body.rows] if isinstance(body, s.Rows) else [body]
        if any(isinstance(c, s.Effects) and c.join == "any" and len(c.parts) > 1 for c in choices):
            symbols.report("P303", seen[key].span, why="或者\tor_else")
            return


def _word(kind: str) -> str:
    return f"{kind_word(kind, 'zh')}\t{kind_word(kind, 'en')}"


def _clause(key: str) -> str:
    return f"{clause_word(key, 'zh')}\t{clause_word(key, 'en')}" if key != "line" else "line"
