"""`policy analyze`: what a regime says of every record at once, asked of a solver."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .completing import regime_names
from .options import DONE, FINDINGS, LANG, TONGUE, checked_pack, every, tongue

if TYPE_CHECKING:
    from ..symbolic.questions import Analysed


@click.command("analyze")
@click.argument("regimes", nargs=-1, shell_complete=regime_names)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    help="text for people; json and sarif (2.1.0) for programs.",
)
@click.option(
    "--timeout",
    "seconds",
    type=click.FloatRange(min=0.01),
    default=5.0,
    help="Seconds for each question; what they do not settle is reported as undecided.",
)
@LANG
@click.pass_context
def analyze_command(ctx: click.Context, regimes: tuple[str, ...], form: str, seconds: float, lang: str | None) -> None:
    """Find what no single record shows: provisions that never apply, coincide, clash or leave a gap.

    Each finding names the provisions and shows a smallest record.  Without REGIMES, every one of the nearest `policies`
    folder.  Install policy-dsl[symbolic].  Exit 1 on findings.
    """
    from ..diagnostics import counts  # noqa: PLC0415
    from ..pack import load  # noqa: PLC0415
    from ..report.analysis import program, proofs, scope, told  # noqa: PLC0415
    from ..symbolic.questions import analyse  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    results: list[tuple[str, Analysed]] = []
    paths: dict[str, Path] = {}
    for regime in every(regimes):
        checked = checked_pack(regime)
        assert checked.policy is not None
        analysed = analyse(checked.policy, seconds)
        survey, found = analysed.survey, analysed.findings
        results.append((regime, analysed))
        paths |= load(regime).paths
        if form == "text":
            for f in found:
                click.echo(told(survey, f, lang) + "\n")
            click.echo(f"{regime}: {counts([f.diagnostic for f in found], lang)}")
            for line in proofs(analysed, lang):
                click.echo(f"  {line}")
            click.echo(f"  {scope(survey, lang)}")
    if form != "text":
        click.echo(program(results, form, paths, lang))
    ctx.exit(FINDINGS if any(one.findings for _, one in results) else DONE)
