"""A TOML text read as the table it is; what hides in it, or keeps it from being read, is reported."""

from __future__ import annotations

import re
import tomllib
from itertools import islice
from typing import Any

from .diagnostics import Diagnostic, Note, found
from .language.lexer import MOST_FINDINGS
from .language.source import HIDDEN, NOWHERE, Source, Span, code_points


def _misformed(source: Source, error: str) -> Diagnostic:
    """Where a text stops being TOML; of what is written twice, also the first place."""
    line, column = (int(x) for x in at.groups()) if (at := _PLACE.search(error)) else (source.text.count("\n") + 1, 1)
    lines = source.text.split("\n")
    starts = [0]
    for x in lines:
        starts.append(starts[-1] + len(x) + 1)
    line = min(line, len(lines))
    here = lines[line - 1]
    if error.startswith(("Cannot declare", "Cannot overwrite", "Cannot mutate", "Duplicate")):
        head = here.partition("=")[0].strip()
        span = Span(source, starts[line - 1], starts[line - 1] + len(here.rstrip()))
        # A key is written again in its own table only.
        table_starts = [i for i in range(line - 1) if lines[i].startswith("[")] if not head.startswith("[") else []
        since = table_starts[-1] if table_starts else 0
        before = next((i for i in range(since, line - 1) if lines[i].partition("=")[0].strip() == head), None)
        first = (
            ()
            if before is None
            else (
                Note(
                    Span(source, starts[before], starts[before] + len(lines[before].rstrip())),
                    "前一处",
                    "the one before",
                ),
            )
        )
        why = f"“{source.name}”：“{head}”写了两次\t“{source.name}”: “{head}” is written twice"
        return found("R100", span, *first, why=why)
    start = min(starts[line - 1] + column - 1, max(starts[line - 1], starts[line] - 1))
    why = f"“{source.name}”：从这里起不是 TOML 的写法\t“{source.name}”: from here on this is not TOML"
    return found("R100", Span(source, start, min(start + 1, len(source.text))), why=why)


_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def table(source: Source, problems: list[Diagnostic]) -> dict[str, Any] | None:
    """What a text holds; None, and reported, if it is not TOML."""
    for hidden in islice(HIDDEN.finditer(source.text), MOST_FINDINGS):
        problems.append(found("P105", Span(source, *hidden.span()), character=code_points(hidden[0])))
    try:
        return tomllib.loads(source.text)
    except RecursionError:
        why = "套得太深\tis nested too deep"
    except ValueError as error:
        problems.append(_misformed(source, str(error)))
        return None
    zh, _, en = why.partition("\t")
    problems.append(found("R100", NOWHERE, why=f"“{source.name}”：{zh}\t“{source.name}”: {en}"))
    return None
