"""What is found only because something else could not be read: it is not said, since mending that mends it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ..diagnostics import Diagnostic
from ..language import syntax as s
from ..language.keywords import CLAUSES
from ..language.parse import Parsed, names
from ..language.source import Source, Span, blocks

_WORD: Final = re.compile(r"[\u3400-\u9fff〇]+|[A-Za-z][A-Za-z0-9_]*")
_KEYS: Final = frozenset(k.key for k in CLAUSES)
# Without these nothing can be said of what the names of a declaration mean.
_BINDING: Final = ("for", "recorded_in")


def founded(findings: Iterable[Diagnostic], sources: Iterable[Source], parsed: Iterable[Parsed]) -> list[Diagnostic]:
    """The findings that stand however the clauses and declarations that were not read would have read."""
    parsed = tuple(parsed)
    lost = [span for one in parsed for span in one.lost]
    if not lost:
        return list(findings)
    unknown = _declared(sources, lost)
    every = [(d, top) for one in parsed for top in one.document.declarations for d in (top, *top.stages)]
    partly = [d for d, top in every if d.unread or (d is not top and any(k in _BINDING for k in top.unread))]
    called = {d.name.text for d in partly if d.name is not None}
    untyped = [d for d in partly if d.kind in ("parameter", "definition")]
    unbound = [
        d.span for d, top in every if any(k in _BINDING for k in (*d.unread, *top.unread)) or _for(top) in unknown
    ]
    perhaps = [d.span for d in partly if any(k not in _KEYS for k in d.unread)]

    def stands(d: Diagnostic) -> bool:
        if d.code[:2] not in ("P2", "P3"):
            return True
        values = dict(d.values)
        named = {side for key in ("name", "list") for side in values.get(key, "").split("\t")}
        if unknown & {*named, d.span.text} or (called & named and d.code != "P302"):
            return False
        if d.code == "P302" and _within(d.span, [x.span for x in untyped]):
            return values["clause"].startswith("依据")
        if d.code[:2] == "P2" and any(x.name and x.name.text in d.span.text for x in untyped):
            return False
        return not _within(d.span, unbound) and not (d.code == "P208" and _within(d.span, perhaps))

    return [d for d in findings if stands(d)]


def _declared(sources: Iterable[Source], lost: list[Span]) -> set[str]:
    """The names that what was not read declares: those that came with their twin, and what a heading or a line of
    vocabulary says."""
    unknown: set[str] = set()
    for source in sources:
        own = [x for x in lost if x.source is source]
        unknown |= {n for zh, en, span, _ in names(source) if _within(span, own) for n in (zh, en)} if own else set()
        for block in blocks(source) if own else ():
            for x in own:
                if block.start <= x.start < block.end and (x.start <= block.body or block.kind == "vocabulary"):
                    begin = max(x.start, block.body)
                    unknown |= set(_WORD.findall(source.text[begin : x.end].partition("\n")[0]))
    return unknown - {""}


def _for(d: s.Declaration) -> str:
    each = d.clause("for")
    return each.body.text if each is not None and isinstance(each.body, s.Name) else ""


def _within(span: Span, places: Iterable[Span]) -> bool:
    return any(x.source is span.source and x.start <= span.start < x.end for x in places)
