"""Whom a table holds, and what is wrong with whom, before anybody is decided."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ..above import Regime
from ..decide import Question
from ..diagnostics import Diagnostic
from ..rosters import Aside, Sifted, sift
from .engines import ENGINES
from .working import working

# So many persons at a time.
_PART: Final = 100_000


def sifted(path: Path, regime: Regime, question: Question, engine: str) -> Sifted:
    """A table gone through once: where sets decide it and its form allows, by SQL, read only where SQL cannot."""
    if ENGINES[engine].sets is not None:
        from ..columnar import Layout  # noqa: PLC0415
        from ..staging import Laid, open_tables  # noqa: PLC0415

        with working(None) as base:
            raw = open_tables(path, regime, base)
            if raw is not None:
                aside = 0
                wrong: list[Diagnostic] = []
                for x in Laid(raw, regime, question, (), Layout(), base).left(_PART):
                    if isinstance(x, Aside):
                        aside += 1
                        wrong += x.problems
                return Sifted(
                    path, regime.shape, regime.lexicon, raw.size, raw.size - aside, (), frozenset(), tuple(wrong)
                )
    return sift(path, regime.shape, regime.lexicon)
