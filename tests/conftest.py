"""What every test shares: a command checks the same texts once, however often it is run in one process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import policy_dsl.check
from policy_dsl.check import Checked, check
from policy_dsl.pack import Pack


@pytest.fixture(scope="session", autouse=True)
def the_same_text_once() -> Iterator[None]:
    """For the commands, which look `check` up when they run; a test that calls it by itself gets it as it is."""
    known: dict[object, list[tuple[Pack, Checked]]] = {}

    def once(pack: Pack) -> Checked:
        alike = known.setdefault(pack.sources, [])
        found = next((checked for seen, checked in alike if seen == pack), None)
        if found is None:
            found = check(pack)
            alike.append((pack, found))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy_dsl.check, "check", once)
        yield
