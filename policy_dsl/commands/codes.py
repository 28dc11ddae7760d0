"""`policy rule`: what a diagnostic means, why it matters, a text that causes it and the same text mended."""

from __future__ import annotations

import click

from .completing import codes
from .options import LANG, TONGUE, tongue


@click.command("rule")
@click.argument("wanted", metavar="[CODE]...", nargs=-1, shell_complete=codes)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for other programs."
)
@LANG
@click.pass_context
def rule_command(ctx: click.Context, wanted: tuple[str, ...], form: str, lang: str | None) -> None:
    """Tell what a finding means.

    CODE is what stands in brackets in a finding, such as P200. Without one, every code in a line.
    """
    import json  # noqa: PLC0415

    from ..catalogue import CATALOGUE  # noqa: PLC0415
    from ..diagnostics import severity_word  # noqa: PLC0415
    from ..pages import meant, plain, sentence, told  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    asked = [c.upper() for c in wanted]
    for code in asked:
        if code not in CATALOGUE:
            near = meant(code)
            said = f"没有代码 {code}。" if lang == "zh" else f"There is no code {code}."
            if near:
                said += f"是否指 {near}？" if lang == "zh" else f" Did you mean {near}?"
            raise click.UsageError(said)
    if form == "json":
        click.echo(json.dumps([plain(c) for c in asked or CATALOGUE], ensure_ascii=False, indent=2))
        return
    if not asked:
        for code, entry in CATALOGUE.items():
            click.echo(f"{code} {severity_word(entry.severity, lang)}  {sentence(entry, lang)}")
        return
    click.echo("\n\n".join(told(c, lang, severity_word(CATALOGUE[c].severity, lang)) for c in asked))
