"""`policy doc`: a regime as a document, each provision of its sources beside what encodes it."""

from __future__ import annotations

from pathlib import Path

import click

from .completing import regime_names
from .options import LANG, TONGUE, tongue


@click.command("doc")
@click.argument("regime", shell_complete=regime_names)
@click.option("--format", "form", type=click.Choice(["md", "html"]), default="md", help="Markdown, or one HTML page.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of the terminal."
)
@LANG
@click.pass_context
def doc_command(ctx: click.Context, regime: str, form: str, output: Path | None, lang: str | None) -> None:
    """Set each provision beside the policy that encodes it.

    The HTML page holds both languages and shows --lang first.
    """
    from ..check import check  # noqa: PLC0415
    from ..diagnostics import Unusable  # noqa: PLC0415
    from ..pack import load, write  # noqa: PLC0415
    from ..report.document import book, html, markdown  # noqa: PLC0415
    from ..report.frame import LANGUAGES  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    checked = check(load(regime))
    if checked.policy is None or checked.coverage is None:
        raise Unusable(d for d in checked.findings if d.severity == "error")
    books = {x: book(checked.policy, checked.coverage, x) for x in LANGUAGES}
    text = markdown(books[lang]) if form == "md" else html(books, lang)
    if output is None:
        click.echo(text, nl=False)
    else:
        try:
            write(output, text)
        except OSError as error:
            raise click.UsageError(f"{output}: 写不了 cannot be written: {error.strerror}") from error
        click.echo(output)
