"""`policy fmt`: the one canonical form of a text, in either tongue."""

from __future__ import annotations

import click

from .completing import regime_names
from .options import DONE, FINDINGS, TONGUE, difference, every, tongue


@click.command("fmt")
@click.argument("regimes", nargs=-1, shell_complete=regime_names)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a file is not canonical.")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Print the text in this language.")
@click.pass_context
def fmt_command(ctx: click.Context, regimes: tuple[str, ...], only_check: bool, diff: bool, lang: str | None) -> None:
    """Put policies into their one canonical form.

    Without REGIMES, every one of the nearest `policies` folder, and what they share.

    With --lang the texts are printed in that language, word for word, and no file is changed.
    """
    from ..check import check  # noqa: PLC0415
    from ..diagnostics import Unusable  # noqa: PLC0415
    from ..language.fmt import fmt  # noqa: PLC0415
    from ..pack import load, write  # noqa: PLC0415

    ctx.meta[TONGUE] = tongue(lang)
    to = None if only_check or diff else lang
    changed = 0
    for regime in every(regimes, shared=True):
        pack = load(regime)
        checked = check(pack)
        bad = [d for d in checked.findings if d.severity == "error" and d.code.startswith("P1")]
        if bad:
            raise Unusable(bad)
        for source, document in zip(pack.sources, checked.documents, strict=True):
            if source not in pack.own:
                continue
            text = fmt(document, checked.lexicon, to or document.lang)
            if to:
                click.echo(f"# {source.name}\n" + text if len(pack.own) > 1 else text, nl=False)
                continue
            if text == source.text:
                continue
            changed += 1
            if diff:
                click.echo(difference(source.name, source.text, text), nl=False)
            elif only_check:
                click.echo(source.name)
            else:
                write(pack.paths[source.name], text)
                click.echo(source.name)
    ctx.exit(FINDINGS if changed and (only_check or diff) else DONE)
