"""`policy sources`: the register of a regime's sources, what encodes it, and whether it still stands in the texts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .asking import FORM
from .helping import Group
from .options import DONE, FINDINGS, LANG, TONGUE, tongue

if TYPE_CHECKING:
    from ..check.coverage import Coverage
    from ..register import Register

TEXTS = click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="The folder the texts are kept in.",
)


@click.group("sources", cls=Group)
def sources_command() -> None:
    """What a regime's sources say, what encodes it, and whether they still say it."""


@sources_command.command("list")
@click.argument("regime")
@FORM
@LANG
@click.pass_context
def list_command(ctx: click.Context, regime: str, form: str, lang: str | None) -> None:
    """List the documents and passages registered."""
    from ..report.sources import listed, listed_data  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    register = registered(regime)
    put(form, listed_data(register) if form == "json" else None, listed(register, lang))


@sources_command.command("coverage")
@click.argument("regime")
@FORM
@LANG
@click.pass_context
def coverage_command(ctx: click.Context, regime: str, form: str, lang: str | None) -> None:
    """Show what encodes each provision and what carries each ambiguity.

    Exit 1 if something is left out.
    """
    from ..report.sources import covered, covered_data  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    coverage = coverage_of(regime)
    put(form, covered_data(coverage) if form == "json" else None, covered(coverage, lang))
    ctx.exit(DONE if coverage.whole else FINDINGS)


@sources_command.command("verify")
@click.argument("regime")
@TEXTS
@FORM
@LANG
@click.pass_context
def verify_command(ctx: click.Context, regime: str, texts: Path, form: str, lang: str | None) -> None:
    """Hold the digests of documents and passages against the texts.

    Exit 1 if one is gone or has moved.
    """
    from ..passages import compared  # noqa: PLC0415
    from ..report.sources import verified, verified_data  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    register = registered(regime)
    checked = compared(register, texts)
    put(form, verified_data(checked) if form == "json" else None, verified(checked, register, lang))
    ctx.exit(DONE if all(c.state == "same" for c in checked) else FINDINGS)


@sources_command.command("pin")
@click.argument("regime")
@TEXTS
@LANG
@click.pass_context
def pin_command(ctx: click.Context, regime: str, texts: Path, lang: str | None) -> None:
    """Write the lines and digests the register lacks; what is registered stays."""
    from ..pack import find, write  # noqa: PLC0415
    from ..passages import compared, pinned  # noqa: PLC0415
    from ..register import FILE  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    register = registered(regime)
    checked = compared(register, texts)
    text = pinned(register, checked)
    if text != register.source.text:
        write(find(regime) / FILE, text)
    n = sum(c.state == "unregistered" and bool(c.digest) for c in checked)
    click.echo(f"补登摘要 {n} 个。" if lang == "zh" else f"{n} digests written.")


def registered(regime: str) -> Register:
    """The register of a regime; what is wrong in it ends the command."""
    from ..pack import load  # noqa: PLC0415

    return load(regime).register


def coverage_of(regime: str) -> Coverage:
    """The register of a regime against its policies; errors in the texts end the command, what is left out does not."""
    from ..check import check  # noqa: PLC0415
    from ..diagnostics import Unusable  # noqa: PLC0415
    from ..pack import load  # noqa: PLC0415

    checked = check(load(regime))
    if checked.coverage is None:
        raise Unusable(d for d in checked.findings if d.severity == "error")
    return checked.coverage


def put(form: str, data: Any, lines: Iterable[str]) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if form == "json" else "\n".join(lines))
