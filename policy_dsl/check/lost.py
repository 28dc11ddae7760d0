"""What is found only because something else could not be read: it is not said, since mending that mends it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..diagnostics import Diagnostic
from ..language import syntax as s
from ..language.keywords import CLAUSES
from ..language.parse import Parsed, names
from ..language.source import Source, Span

_KEYS: Final = frozenset(k.key for k in CLAUSES)
# Without these nothing can be said of what the names of a declaration mean.
_BINDING: Final = ("for", "recorded_in")


def founded(findings: Iterable[Diagnostic], sources: Iterable[Source], parsed: Iterable[Parsed]) -> list[Diagnostic]:
    """The findings that stand however the clauses and declarations that were not read would have read."""
    parsed = tuple(parsed)
    lost = [span for one in parsed for span in one.lost]
    if not lost:
        return list(findings)
    unknown = {
        name for source in sources for zh, en, span, _ in names(source) if _within(span, lost) for name in (zh, en)
    }
    partly = [d for one in parsed for top in one.document.declarations for d in (top, *top.stages) if _unread(d, top)]
    called = {d.name.text for d in partly if d.name is not None}
    unbound = [d.span for d in partly if any(k in _BINDING for k in d.unread)]
    perhaps = [d.span for d in partly if any(k not in _KEYS for k in d.unread)]

    def stands(d: Diagnostic) -> bool:
        named = {side for key, value in d.values if key in ("name", "list") for side in value.split("\t")}
        if d.code[:2] not in ("P2", "P3"):
            return True
        if unknown & {*named, d.span.text} or (called & named and d.code != "P302"):
            return False
        return not _within(d.span, unbound) and not (d.code == "P208" and _within(d.span, perhaps))

    return [d for d in findings if stands(d)]


def _within(span: Span, places: Iterable[Span]) -> bool:
    return any(x.source is span.source and x.start <= span.start < x.end for x in places)


def _unread(d: s.Declaration, top: s.Declaration) -> bool:
    """Whether something of a declaration, or of what a stage stands in, was not read."""
    return bool(d.unread) or (d is not top and any(k in _BINDING for k in top.unread))
