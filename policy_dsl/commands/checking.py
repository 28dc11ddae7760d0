"""`policy check`: what is wrong in a regime's texts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .completing import regime_names
from .options import DONE, FINDINGS, LANG, TONGUE, UNUSABLE, difference, every, tongue

if TYPE_CHECKING:
    from ..diagnostics import Diagnostic


@click.command("check")
@click.argument("regimes", nargs=-1, shell_complete=regime_names)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    help="text for people; for programs json, sarif (2.1.0), github (annotations).",
)
@click.option(
    "--fix", is_flag=True, help="Mend what is safe to mend: unseen characters, an “allow” that has outlived its advice."
)
@click.option(
    "--fix-names", is_flag=True, help="Also put the one near name for a misspelt one; look with --diff first."
)
@click.option(
    "--diff", is_flag=True, help="Show what would be mended, and change nothing; exit 1 if anything would be."
)
@click.option("--watch", is_flag=True, help="Check again whenever a file changes (install policy-dsl[watch]).")
@LANG
@click.pass_context
def check_command(
    ctx: click.Context,
    regimes: tuple[str, ...],
    form: str,
    fix: bool,
    fix_names: bool,
    diff: bool,
    watch: bool,
    lang: str | None,
) -> None:
    """Find what is wrong in a regime's policies.

    Without REGIMES, every one of the nearest `policies` folder. Exit 1 on errors.
    """
    lang = ctx.meta[TONGUE] = tongue(lang)
    regimes = every(regimes)
    changed = False
    if fix or fix_names or diff:
        for regime in regimes:
            changed |= _mended(regime, fix_names, diff)
        if diff:
            ctx.exit(FINDINGS if changed else DONE)
    if not watch:
        ctx.exit(checked_once(regimes, form, lang))
    from .watching import changes  # noqa: PLC0415

    ctx.exit(checked_again(regimes, form, lang, changes(regimes, lang)))


def checked_again(regimes: tuple[str, ...], form: str, lang: str, changes: Iterable[object]) -> int:
    """Check, and check again at each change until there are no more; the exit code of the last time."""
    code = checked_once(regimes, form, lang)
    for _ in changes:
        click.echo("——" if lang == "zh" else "--", err=True)
        code = checked_once(regimes, form, lang)
    return code


def checked_once(regimes: tuple[str, ...], form: str, lang: str) -> int:
    """Check every regime and show what was found; one that cannot be read does not keep the others from it."""
    from ..check import check  # noqa: PLC0415
    from ..diagnostics import Unusable, counts, ordered, shown  # noqa: PLC0415
    from ..pack import load  # noqa: PLC0415
    from ..report.findings import FORMATS  # noqa: PLC0415

    code = DONE
    findings: list[Diagnostic] = []
    paths: dict[str, Path] = {}
    for regime in regimes:
        try:
            pack = load(regime)
        except Unusable as unusable:
            code = UNUSABLE
            findings += unusable.diagnostics
            for text in shown(unusable.diagnostics, lang) if form == "text" else ():
                click.echo(text, err=True)
            continue
        checked = check(pack)
        findings += checked.findings
        paths |= pack.paths
        if any(d.severity == "error" for d in checked.findings) and code == DONE:
            code = FINDINGS
        if form == "text":
            for text in shown(checked.findings, lang):
                click.echo(text + "\n")
            click.echo(f"{regime}: {counts(checked.findings, lang)}")
    if form != "text":
        # What stands in a shared text was found once for each regime.
        click.echo(FORMATS[form](ordered(findings), paths, lang))
    return code


def _mended(regime: str, names: bool, diff: bool) -> bool:
    """Mend a regime's texts, or show what would be; whether anything changes."""
    from ..fixes import mend  # noqa: PLC0415
    from ..pack import load, write  # noqa: PLC0415

    pack = load(regime)
    texts = {x.name: x.text for x in mend(pack, names).own}
    changed = [x for x in pack.own if texts[x.name] != x.text]
    for source in changed:
        if diff:
            click.echo(difference(source.name, source.text, texts[source.name]), nl=False)
        else:
            write(pack.paths[source.name], texts[source.name])
            click.echo(source.name, err=True)
    return bool(changed)
