"""What the forms of rosters share: persons as plain data, and a file that cannot be read."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from ..diagnostics import Unusable, found
from ..language.source import NOWHERE
from ..record import Reader

# Where it stands ("" where the data knows), and one person's record as plain data.
Person = tuple[str, Any]
# In the place of a person: what was reported since the last is of one whose text cannot be read, or, where that stands
# nowhere, of the tables as a whole.
UNREAD: Final = object()
# Gives the persons of a file; what it has to say of its reading it adds to the list, as 'zh\ten'.
Form = Callable[[Path, Reader, list[str]], Iterator[Person]]


class Misread(Exception):
    """What is not of its form, or says one thing twice; 'zh\\ten'."""


def unusable(path: Path, why: str) -> Unusable:
    """A file that cannot be read, and why ('zh\\ten')."""
    zh, tab, en = why.partition("\t")
    return Unusable([found("R100", NOWHERE, why=f"{path.name}：{zh}\t{path.name}: {en if tab else zh}")])


# The time all of the country keeps, ahead of UTC.
CHINA: Final = datetime.timedelta(hours=8)
_ZONE: Final = datetime.timezone(CHINA)


def plain(value: Any) -> Any:
    """Plain data as a record has it: without what is empty, a time as its day; a moment that says its time zone as the
    day it fell on in China."""
    if isinstance(value, dict):
        return {k: plain(x) for k, x in value.items() if x is not None}
    if isinstance(value, list):
        return [plain(x) for x in value]
    if isinstance(value, datetime.datetime):
        with suppress(OverflowError):
            value = value.astimezone(_ZONE) if value.tzinfo else value
        return value.date()
    return value
