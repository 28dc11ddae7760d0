"""The connection that a population is decided in, within bounds of memory, and what it cannot keep in them on disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from .results import Result, unwritten

# How much memory it may take, as DuckDB writes it (4GB, 500MiB); without it half of what the machine has.
MEMORY: Final = "POLICY_MEMORY"


@contextmanager
def working(result: Result | None) -> Iterator[Any]:
    """A connection to nothing but memory, and to a folder for what exceeds it: within the result in the making, else
    the system's own for such things. Raises Unusable where there is no room."""
    import duckdb  # noqa: PLC0415

    with ExitStack() as stack:
        spill = Path(stack.enter_context(tempfile.TemporaryDirectory())) if result is None else result.beside / "spill"
        try:
            yield stack.enter_context(duckdb.connect(config=settings(spill)))
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            bound = f" ({MEMORY})" if isinstance(error, duckdb.OutOfMemoryException) else ""
            why = OSError(str(error).splitlines()[0] + bound)
            raise unwritten(spill if result is None else result.path, why) from error
        except (duckdb.InterruptException, RuntimeError) as error:
            # So DuckDB tells of whoever stops the program while a query runs.
            if "interrupted" in str(error).lower():
                raise KeyboardInterrupt from error
            raise


def settings(spill: Path) -> dict[str, Any]:
    """What bounds a connection."""
    told = {"temp_directory": str(spill)}
    limit = os.environ.get(MEMORY) or _half()
    return told | ({"memory_limit": limit} if limit else {})


def _half() -> str:
    """Half of the machine's memory; nothing where the system does not tell."""
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') // 2**21}MiB"
    except (AttributeError, ValueError, OSError):
        return ""
