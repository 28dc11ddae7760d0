"""What the forms of rosters share: persons as plain data, and a file that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ..diagnostics import Unusable, found
from ..language.source import NOWHERE
from ..record import Reader

# Where it stands ("" where the data knows), and one person's record as plain data.
Person = tuple[str, Any]
# Gives the persons of a file; what it has to say of its reading it adds to the list, as 'zh\ten'.
Form = Callable[[Path, Reader, list[str]], Iterator[Person]]


class Misread(Exception):
    """What is not of its form, or says one thing twice; 'zh\\ten'."""


def unusable(path: Path, why: str) -> Unusable:
    """A file that cannot be read, and why ('zh\\ten')."""
    zh, tab, en = why.partition("\t")
    return Unusable([found("R100", NOWHERE, why=f"{path.name}：{zh}\t{path.name}: {en if tab else zh}")])
