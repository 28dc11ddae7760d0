"""All that a comparison found: by provisions, of every record, and on the persons of a roster."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from .alignment import Aligned, aligned
from .population import Population
from .sides import Pair

if TYPE_CHECKING:
    from .proof import Proof


@frozen(eq=False)
class Compared:
    """Two sides beside each other; no *proof* and no *population* where they were not asked for."""

    pair: Pair
    population: Population | None = None
    proof: Proof | None = None

    @cached_property
    def rows(self) -> tuple[Aligned, ...]:
        """Their provisions, those that answer to each other side by side."""
        return aligned(self.pair)
