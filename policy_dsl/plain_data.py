"""Plain data before it is read as a record: text for names, no deeper than a record, every character one that shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from .language.source import HIDDEN, code_points

# A record is a list of rows of cells with bounds in them: a third of this.
DEEPEST: Final = 20
# A text in a cell may run over several lines.
_LINE_ENDS: Final = str.maketrans("\r\n\t\u2028\u2029", "     ")

Misfit = tuple[str, tuple[str, ...], dict[str, str]]


def digest(raw: object) -> str:
    """SHA-256 over the record in canonical JSON: order of keys never matters."""
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def misfits(raw: Any) -> Iterator[Misfit]:
    """What no record may hold, wherever it stands: (code, the way to it, what the sentence names)."""
    stack: list[tuple[Any, tuple[str, ...]]] = [(raw, ())]
    while stack:
        x, way = stack.pop()
        if isinstance(x, str):
            yield from _unseen(x, way)
        elif len(way) >= DEEPEST and isinstance(x, dict | list | tuple):
            want = f"不超过{DEEPEST}层的数据\tdata no more than {DEEPEST} deep"
            yield "R111", way[:3], {"want": want}
        elif isinstance(x, dict):
            for k in x:
                if isinstance(k, str):
                    yield from _unseen(k, way)
                else:
                    yield "R111", way, {"want": "文字作名称\ttext for a name"}
            stack += [(y, (*way, str(k))) for k, y in reversed(x.items())]
        elif isinstance(x, list | tuple):
            stack += [(y, (*way, str(i))) for i, y in reversed(list(enumerate(x, 1)))]


def _unseen(text: str, way: tuple[str, ...]) -> Iterator[Misfit]:
    if not text.isprintable() and (hidden := HIDDEN.search(text.translate(_LINE_ENDS))):
        yield "R112", way, {"value": text, "character": code_points(hidden[0])}


__all__ = ["digest", "misfits"]
