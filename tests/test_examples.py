"""The examples a reader copies from: each checks, keeps the canonical form, passes its cases, and holds no Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from policy_dsl.check import check
from policy_dsl.cli import main
from policy_dsl.commands.options import DONE
from policy_dsl.pack import load

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(p for p in (ROOT / "examples").iterdir() if p.is_dir())
REGIMES = [*EXAMPLES, *sorted(p.parent for p in (ROOT / "policies").glob("*/sources.toml"))]


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda p: p.name)
@pytest.mark.parametrize("command", [["check"], ["test"], ["fmt", "--check"]], ids=lambda c: c[0])
def test_an_example_is_sound(folder: Path, command: list[str]) -> None:
    found = CliRunner().invoke(main, [*command, str(folder)])
    assert found.exit_code == DONE, found.output
    assert not list(folder.rglob("*.py"))


@pytest.mark.parametrize("folder", REGIMES, ids=lambda p: p.name)
def test_every_provision_is_declared_or_noted(folder: Path) -> None:
    """Each provision a regime registers is cited outside its cases, and each it cites of its own is registered."""
    pack = load(folder)
    texts = [d for s in pack.own for d in re.split(r"(?m)^(?=\S)", s.text) if not d.startswith(("案例", "#"))]
    own = {id[0] for id in pack.provisions}
    cited = {id for d in texts for id in re.findall(r"\b[A-Z]-\d[\w.]*\w|\b[A-Z]-\d", d) if id[0] in own}
    assert pack.provisions and cited == pack.provisions.keys()


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda p: p.name)
def test_the_words_an_example_shares_are_the_shared_ones(folder: Path) -> None:
    """A word of the shared vocabulary has the same twin, and an effect the same group, in the example."""
    mine, common = check(load(folder)).policy, check(load(ROOT / "policies" / "fenggang")).policy
    assert mine is not None and common is not None
    for name, effect in mine.shape.effects.items():
        if name in common.shape.effects:
            assert effect == common.shape.effects[name], name
