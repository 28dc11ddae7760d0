"""Whom a table holds, what is wrong with whom, and what is to decide them, before anybody is decided."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from attrs import evolve

from ..above import Regime
from ..decide import Question
from ..diagnostics import Diagnostic
from ..rosters import Aside, Sifted, sift
from .engines import ENGINES, by_itself
from .working import working

# So many persons at a time.
_PART: Final = 100_000


def sifted(path: Path, regime: Regime, question: Question, engine: str | None = None) -> tuple[Sifted, str]:
    """A table gone through once, and the engine for it: that one, else by how many persons there are. Where they are
    decided in sets and the form allows, by SQL, and read only where SQL cannot."""
    found = None
    if ENGINES[engine or by_itself(_PART)].sets is not None:
        found = _by_sql(path, regime, question, engine)
    table = found or sift(path, regime.shape, regime.lexicon)
    return table, engine or by_itself(len(table))


def _by_sql(path: Path, regime: Regime, question: Question, engine: str | None) -> Sifted | None:
    """None where SQL does not read the table, or it is not to."""
    import duckdb  # noqa: PLC0415

    from ..columnar import Layout  # noqa: PLC0415
    from ..staging import Laid, open_tables  # noqa: PLC0415

    with working(None) as base:
        raw = open_tables(path, regime, base)
        if raw is None or ENGINES[engine or by_itself(raw.size)].sets is None:
            return None
        aside = 0
        wrong: list[Diagnostic] = []
        try:
            for x in Laid(raw, regime, question, (), Layout(), base).left(_PART):
                if isinstance(x, Aside):
                    aside += 1
                    wrong += x.problems
        except (duckdb.DataError, duckdb.InvalidInputException):
            # A cell that DuckDB has no value for; the Reader may have one, or says what is wrong.
            return evolve(sift(path, regime.shape, regime.lexicon), by_sql=False)
        return Sifted(path, regime.shape, regime.lexicon, raw.size, raw.size - aside, (), frozenset(), tuple(wrong))
