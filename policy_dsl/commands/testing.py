"""`policy test`: whether a regime's worked examples hold, what they reach, and what they would not notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .completing import regime_names
from .options import DONE, FINDINGS, LANG, TONGUE, checked_pack, every, tongue

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..check import Checked
    from ..model import Policy
    from ..trials.hearing import Base
    from ..trials.mutants import Mutant
    from ..trials.search import Hanging, Same, Telling


@click.command("test")
@click.argument("regimes", nargs=-1, shell_complete=regime_names)
@click.option("--coverage", is_flag=True, help="Also show what of the policy no case reaches.")
@click.option("--at-least", type=click.FloatRange(0, 100), help="With --coverage: exit 1 below so many percent.")
@click.option("--mutate", is_flag=True, help="Also try slips in the texts, and show those that no case notices.")
@click.option("--limit", type=click.IntRange(1), help="With --mutate: at most so many slips of each regime.")
@click.option(
    "--seconds",
    type=click.FloatRange(0),
    default=2.0,
    help="With --mutate: how long to look for a record that tells a slip apart (2 for each if not given).",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for other programs."
)
@LANG
@click.pass_context
def test_command(
    ctx: click.Context,
    regimes: tuple[str, ...],
    coverage: bool,
    at_least: float | None,
    mutate: bool,
    limit: int | None,
    seconds: float,
    form: str,
    lang: str | None,
) -> None:
    """Run the worked examples of a regime.

    Without REGIMES, every one of the nearest `policies` folder. Exit 1 if one fails, or if with --mutate a record is
    found that tells a slip apart.
    """
    import json  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    failed = passed = 0
    wanting = False
    told: list[dict[str, Any]] = []
    for regime in every(regimes):
        checked = checked_pack(regime)
        assert checked.policy is not None
        good, bad = _run(checked.policy, lang, form)
        passed, failed = passed + good, failed + bad
        data: dict[str, Any] = {"regime": regime, "passed": good, "failed": bad}
        if coverage:
            data["coverage"], less = _reached(regime, checked, at_least or 0, lang, form)
            wanting |= less
        if mutate:
            data["slips"], less = _tried(regime, checked, limit, seconds, lang, form)
            wanting |= less
        told.append(data)
    if form == "json":
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{passed} 例成立，{failed} 例不成立" if lang == "zh" else f"{passed} passed, {failed} failed")
    ctx.exit(FINDINGS if failed or wanting else DONE)


def _run(policy: Policy, lang: str, form: str) -> tuple[int, int]:
    """How many cases hold, and how many do not; what fails is shown."""
    from ..cases import run  # noqa: PLC0415
    from ..diagnostics import render  # noqa: PLC0415

    failed = 0
    for case in policy.cases:
        outcome = run(policy, case)
        failed += not outcome.passed
        for d in outcome.problems:
            click.echo(f"{case.name.text if case.name else ''}\n{render(d, lang)}\n", err=form == "json")
    return len(policy.cases) - failed, failed


def _reached(regime: str, checked: Checked, at_least: float, lang: str, form: str) -> tuple[dict[str, Any], bool]:
    """What the cases reach, and whether that is less than asked for."""
    from ..pack import load  # noqa: PLC0415
    from ..report.trials import Said, reached_json  # noqa: PLC0415
    from ..trials.coverage import reached  # noqa: PLC0415
    from ..trials.hearing import Base, heard_cases  # noqa: PLC0415

    assert checked.policy is not None
    base, said = Base(checked.policy), Said(checked.lexicon, lang)
    found = reached(load(regime), checked, base, heard_cases(base))
    for line in said.reached(found) if form == "text" else ():
        click.echo(line)
    return reached_json(found, said), found.share < at_least


def _tried(
    regime: str, checked: Checked, limit: int | None, seconds: float, lang: str, form: str
) -> tuple[dict[str, Any], bool]:
    """Which slips no case notices, and whether a record tells one of them apart."""
    from ..pack import load  # noqa: PLC0415
    from ..report.trials import Said, trial_json  # noqa: PLC0415
    from ..trials.mutants import tried  # noqa: PLC0415
    from ..trials.search import Telling, telling  # noqa: PLC0415

    said = Said(checked.lexicon, lang)
    trial = tried(load(regime), checked, limit)
    solver = _solver() if seconds else None
    told: list[Telling | Hanging | Same | None] = []
    for x in trial.survived:
        found = telling(trial.base, x, trial.heard, seconds)
        told.append(solver(trial.base, x, seconds) if found is None and solver is not None else found)
    for line in said.trial(trial, told) if form == "text" else ():
        click.echo(line)
    return trial_json(trial, told, said), any(isinstance(x, Telling) for x in told)


def _solver() -> Callable[[Base, Mutant, float], Telling | Hanging | Same | None] | None:
    """What is asked of every record once a search has found nothing; None without the solver."""
    try:
        from ..comparison.slips import settled  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        return None
    return settled
