"""`policy template`: the empty roster of a regime, for clerks to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from .options import LANG, TONGUE, regime_of, tongue


@click.command("template")
@click.argument("regime")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it (default: REGIME-roster).")
@click.option(
    "--format", "form", type=click.Choice(["xlsx", "csv"]), default="xlsx", help="A workbook, or a folder of tables."
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@LANG
@click.pass_context
def template_command(
    ctx: click.Context, regime: str, output: Path | None, form: str, force: bool, lang: str | None
) -> None:
    """Write the empty roster of a regime for clerks to fill in.

    Each column says what it means and which provisions ask for it, those of the texts above among them."""
    from ..rosters.template import template, template_folder  # noqa: PLC0415
    from ..rosters.write import put  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    policy = regime_of(regime).together
    stem = Path(regime).resolve().name
    path = output or Path(f"{stem}-roster.xlsx" if form == "xlsx" else f"{stem}-roster")
    refuse_to_replace(path, force and form == "xlsx")
    if form == "xlsx":
        put(path, template(policy, lang))
    else:
        template_folder(path, policy, lang)
    click.echo(path)


def refuse_to_replace(path: Path, force: bool) -> None:
    """A file that is there stays, unless it was said that it may go; a folder stays unless it is empty."""
    if path.is_dir():
        if any(path.iterdir()):
            raise click.UsageError(f"{path}: 文件夹里已有文件 the folder is not empty")
    elif path.exists() and not force:
        raise click.UsageError(f"{path}: 已有此文件，要覆盖须写 --force; the file exists: --force replaces it")
    if not path.absolute().parent.is_dir():
        raise click.UsageError(f"{path.parent}: 没有这个文件夹 there is no such folder")
