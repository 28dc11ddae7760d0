"""What a page keeps to itself of whoever a record is about."""

from __future__ import annotations

import re
from typing import Final

# A 编号 given by whoever keeps the records: short, a figure in it, no word that could be a name, and fewer figures than
# an identity number, a telephone number or a card has, however they are grouped.
_NUMBER: Final = re.compile(r"[A-Za-z0-9]+([-_./][A-Za-z0-9]+)*")
_LETTERS: Final = 4
_FIGURES: Final = 10
_LENGTH: Final = 24


class Mask:
    """Withholds the words of a record: equal words get equal numbers, so that a comparison can still be followed."""

    def __init__(self) -> None:
        self.turns: dict[str, int] = {}

    def turn(self, text: str) -> int:
        """The number that stands for a text, from 1."""
        return self.turns.setdefault(text, len(self.turns) + 1)

    def keeps(self, number: str) -> bool:
        """Whether a 编号 tells nothing of who it is."""
        figures = sum(x.isdigit() for x in number)
        words = max(map(len, re.findall("[A-Za-z]+", number)), default=0)
        short = len(number) <= _LENGTH and 0 < figures <= _FIGURES and words <= _LETTERS
        return short and _NUMBER.fullmatch(number) is not None
