"""One of several values, written as ordinary speech has it and not as a set: 类型 为 迟到 或 早退."""

from __future__ import annotations

from typing import Final

from ..diagnostics import Diagnostic
from ..language import syntax as s
from ..language.keywords import word
from ..language.slips import write, written
from .symbols import Symbols

_AMONG: Final = {"is": "in", "in": "in", "is_not": "not_in", "not_in": "not_in"}


def without_braces(e: s.Node, symbols: Symbols) -> Diagnostic | None:
    """What to write where values of one class stand beside a comparison as if each were a condition, or where one
    value stands for a set; None where nothing of the kind does."""
    parts = e.parts if isinstance(e, s.Connected) and e.op == "or" else (e,)
    for i, part in enumerate(parts):
        if not isinstance(part, s.Comparison) or part.op not in _AMONG or not isinstance(part.right, s.Name):
            continue
        options = _class_of(part.right, symbols)
        values = [part.right]
        for other in parts[i + 1 :]:
            if not (isinstance(other, s.Name) and other.text in options and _class_of(other, symbols)):
                break
            values.append(other)
        if options and (len(values) > 1 or part.op in ("in", "not_in")):
            span = part.span.to(values[-1].span)
            lang = "en" if span.text.isascii() else "zh"
            shown = (", " if lang == "en" else "、").join(x.span.text for x in values)
            text = f"{part.left.span.text} {word('COMPARE', _AMONG[part.op], lang)} {{{shown}}}"
            return written(span, write(text))
    return None


def _class_of(name: s.Name, symbols: Symbols) -> tuple[str, ...]:
    """The values of the class of which a word is a value, if it is nothing else."""
    if not symbols.role(name.text).startswith("“"):
        return ()
    return next(t.options for t in symbols.classes.values() if name.text in t.options)
