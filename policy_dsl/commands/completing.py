"""Completion on the command line: `policy completion`, and what regimes, effects, readings and names may be written.

A text that is being written may have errors: what can be read of it is offered all the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..check import Checked


def regime_names(ctx: click.Context, param: click.Parameter | None, incomplete: str) -> list[str]:
    """The regimes under the nearest `policies` folder."""
    from ..pack import regimes  # noqa: PLC0415

    return [name for name in regimes() if name.startswith(incomplete)]


def effect_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The effects of the regime already written."""
    from ..language import syntax as s  # noqa: PLC0415

    names = []
    for checked in _written(ctx):
        for d in (d for document in checked.documents for d in document.declarations if d.kind == "vocabulary"):
            lines = (c for c in d.clauses if isinstance(c, s.Line) and c.kind == "effect")
            names += [e.name.text for line in lines for e in line.entries if isinstance(e, s.Entry)]
    return _begin(names, incomplete)


def reading_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """NAME=ALTERNATIVE for every reading of the regime already written, those that are built in among them."""
    from ..check.symbols import BUILT_IN_READINGS  # noqa: PLC0415
    from ..language import syntax as s  # noqa: PLC0415

    options = {name: list(alternatives) for name, (_, _, alternatives) in BUILT_IN_READINGS.items()}
    for checked in _written(ctx):
        for d in (d for document in checked.documents for d in document.declarations if d.kind == "reading"):
            question = d.clause("question")
            if d.name is not None and question is not None:
                options[d.name.text] = [a.name.text for a in question.items if isinstance(a, s.Alternative)]
    return _begin(["all", *(f"{name}={a}" for name, alternatives in options.items() for a in alternatives)], incomplete)


def declared_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Whatever any regime declares, in either tongue."""
    from ..diagnostics import Unusable  # noqa: PLC0415
    from ..language.parse import names  # noqa: PLC0415
    from ..pack import load, regimes  # noqa: PLC0415

    found: list[str] = []
    for regime in regimes():
        with suppress(Unusable):
            found += [word for source in load(regime).sources for zh, en, _, _ in names(source) for word in (zh, en)]
    return _begin(found, incomplete)


def codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from ..catalogue import CATALOGUE  # noqa: PLC0415

    return _begin(list(CATALOGUE), incomplete.upper())


def _begin(names: list[str], incomplete: str) -> list[str]:
    return [name for name in dict.fromkeys(names) if name.startswith(incomplete)]


def _written(ctx: click.Context) -> Iterator[Checked]:
    """The regime already on the line, as far as it can be read."""
    from ..check import check  # noqa: PLC0415
    from ..diagnostics import Unusable  # noqa: PLC0415
    from ..pack import load, regimes  # noqa: PLC0415

    # An option still without its value keeps click from telling the arguments: they are looked for among the words.
    words = os.environ.get("COMP_WORDS", "").split()
    regime = ctx.params.get("regime") or next((w for w in words if w in regimes()), None)
    if regime is not None:
        with suppress(Unusable):
            yield check(load(regime))


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands with the Tab key.

    \b
    bash:  policy completion bash > ~/.policy-completion.bash   # and source it in ~/.bashrc
    zsh:   policy completion zsh > ~/.policy-completion.zsh     # and source it in ~/.zshrc
    fish:  policy completion fish > ~/.config/fish/completions/policy.fish
    """
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(ctx.find_root().command, {}, "policy", "_POLICY_COMPLETE").source())
