"""`# 允许 P405：理由`: advice a drafter has considered and answers, where it stands; one that answers nothing is told.

On a line above a declaration it covers the declaration; elsewhere, the line below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from attrs import frozen

from ..catalogue import CATALOGUE
from ..diagnostics import Diagnostic, found
from ..language.source import Source, Span, blocks

_COMMENT: Final = re.compile(r"(?m)^[ \t\u3000]*([#＃][ \t\u3000]*(?:允许|allow)[ \t\u3000]+([A-Za-z]\d{3})\b(.*))$")
_REASON: Final = re.compile(r"[ \t\u3000]*[：:][ \t\u3000]*\S")


@frozen
class Allowance:
    """One comment: which code it allows, over which characters, and what keeps it from counting ('' if nothing)."""

    code: str
    span: Span
    start: int
    end: int
    fault: str

    def covers(self, d: Diagnostic) -> bool:
        return (
            not self.fault
            and d.code == self.code
            and d.span.source == self.span.source
            and self.start <= d.span.start < self.end
        )


def allowances(source: Source) -> list[Allowance]:
    """Every such comment of a text."""
    return [_read(source, c) for c in _COMMENT.finditer(source.text)]


def _read(source: Source, c: re.Match[str]) -> Allowance:
    code = c[2].upper()
    fault = ""
    if code not in CATALOGUE:
        fault = f"没有代码 {code}\tthere is no code {code}"
    elif not _may_be_allowed(code):
        fault = f"{code} 不是可以允许的提醒\t{code} is not advice that can be allowed"
    elif not _REASON.match(c[3]):
        fault = "没有写理由\tit gives no reason"
    start, end = _below(source, c.end())
    return Allowance(code, Span(source, c.start(1), c.end(1)), start, end, fault)


def _may_be_allowed(code: str) -> bool:
    return code.startswith("P4") and code != "P408" and CATALOGUE[code].severity != "error"


def _below(source: Source, at: int) -> tuple[int, int]:
    """What stands below a comment: the declaration, where its heading is next; else one line."""
    while 0 <= at < len(source.text):
        start = at + 1
        at = source.text.find("\n", start)
        at = len(source.text) if at < 0 else at
        line = source.text[start:at]
        if not line.strip() or line.strip()[0] in "#＃":
            continue
        if line[0].isspace():
            return start, at
        block = next((b for b in blocks(source) if b.start <= start < b.end), None)
        return start, block.end if block is not None else at
    return at, at


def allowed(
    findings: Iterable[Diagnostic], sources: Iterable[Source], own: frozenset[str], complete: bool
) -> list[Diagnostic]:
    """The findings that are left. Unless errors kept advice from being given, a comment without effect is one."""
    kept = list(findings)
    given = [a for source in sources for a in allowances(source)]
    for a in given:
        left = [d for d in kept if not a.covers(d)]
        if complete and len(left) == len(kept) and a.span.source.name in own:
            left.append(found("P408", a.span, why=a.fault or f"这里没有 {a.code}\tthere is no {a.code} here"))
        kept = left
    return kept
