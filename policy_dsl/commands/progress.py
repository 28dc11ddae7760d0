"""How far a long command has come, told on a terminal and nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TextIO, TypeVar

T = TypeVar("T")
_EVERY: Final = 0.2


def watched(
    items: Iterable[T],
    total: int,
    lang: str,
    quiet: bool = False,
    to: TextIO | None = None,
    count: Callable[[T], int] = lambda _: 1,
) -> Iterator[T]:
    """The items, with a line on the error stream that says how many have passed, and at the end how long it took.
    *count* says for how many records one stands."""
    stream = to or sys.stderr
    if quiet or not stream.isatty():
        yield from items
        return
    start = shown = time.monotonic()
    done = 0
    try:
        for item in items:
            done += count(item)
            yield item
            now = time.monotonic()
            if now - shown >= _EVERY:
                shown = now
                left = _clock((now - start) / max(done, 1) * (total - done))
                rest = f"约余 {left}" if lang == "zh" else f"about {left} left"
                stream.write(f"\r\x1b[K{done}/{total}  {_clock(now - start)}  {rest}")
                stream.flush()
    finally:
        took = _clock(time.monotonic() - start)
        stream.write(f"\r\x1b[K{f'{done} 人，用时 {took}' if lang == 'zh' else f'{done} records in {took}'}\n")


def _clock(seconds: float) -> str:
    """2:05, or 1:02:05."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
