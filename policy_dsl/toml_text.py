"""A TOML text read as the table it is; what hides in it, or keeps it from being read, is reported."""

from __future__ import annotations

import tomllib
from itertools import islice
from typing import Any

from .diagnostics import Diagnostic, found
from .language.lexer import MOST_FINDINGS
from .language.source import HIDDEN, NOWHERE, Source, Span, code_points


def table(source: Source, problems: list[Diagnostic]) -> dict[str, Any] | None:
    """What a text holds; None, and reported, if it is not TOML."""
    for hidden in islice(HIDDEN.finditer(source.text), MOST_FINDINGS):
        problems.append(found("P105", Span(source, *hidden.span()), character=code_points(hidden[0])))
    try:
        return tomllib.loads(source.text)
    except RecursionError:
        why = "套得太深\tis nested too deep"
    except ValueError as error:
        why = f"{error}\t{error}"
    zh, _, en = why.partition("\t")
    problems.append(found("R100", NOWHERE, why=f"“{source.name}”：{zh}\t“{source.name}”: {en}"))
    return None
