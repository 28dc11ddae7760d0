"""`policy new`: a folder for a county to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from .options import LANG, TONGUE, tongue


@click.command("new")
@click.argument("county")
@click.option("--title", default="新制度", show_default=True, help="The regime's Chinese name.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of policies (default: the nearest `policies`, or a new one here).",
)
@click.option(
    "--above",
    multiple=True,
    metavar="FOLDER",
    help="A folder beside it whose texts stand above it (default: national, if it is there).",
)
@LANG
@click.pass_context
def new_command(
    ctx: click.Context, county: str, title: str, into: Path | None, above: tuple[str, ...], lang: str | None
) -> None:
    """Begin a county: a folder that checks, with the questions to answer.

    COUNTY is the folder's name, in small letters. Nothing is ever overwritten.
    """
    from ..beginning import fault, lay_out  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    policies = into or _nearest()
    if wrong := fault(county, title):
        raise click.UsageError(wrong.split("\t")[lang == "en"])
    if (policies / county).exists():
        raise click.UsageError(
            f"{policies / county} 已经存在，不改动它。"
            if lang == "zh"
            else f"{policies / county} exists already; it is left as it is."
        )
    for path in lay_out(policies, county, title, above):
        click.echo(path)
    where = county if into is None else str(policies / county)
    click.echo(
        f"\n先答 regime.policy 里的问题，再写条款；随时运行：\n  policy check {where}\n  policy test {where}"
        if lang == "zh"
        else f"\nAnswer the questions in regime.policy, then write the provisions; at any time:\n"
        f"  policy check {where}\n  policy test {where}"
    )


def _nearest() -> Path:
    here = Path.cwd()
    found = next((f / "policies" for f in (here, *here.parents) if (f / "policies").is_dir()), here / "policies")
    return found.relative_to(here) if found.is_relative_to(here) else found
