"""`policy fmt`: the one canonical form of a text, in either tongue."""

from __future__ import annotations

from pathlib import Path

import click

from .options import DONE, FINDINGS, TONGUE, tongue


@click.command("fmt")
@click.argument("regimes", nargs=-1, required=True)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a file is not canonical 只检查.")
@click.option("--diff", is_flag=True, help="Show what would change 显示差异.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Print the text in this tongue 以此语言输出.")
@click.pass_context
def fmt_command(ctx: click.Context, regimes: tuple[str, ...], only_check: bool, diff: bool, lang: str | None) -> None:
    """Put policies into their one canonical form 排版.

    With --lang zh|en the texts are printed in that tongue, word for word, and no file is changed.
    """
    import difflib  # noqa: PLC0415

    from ..check import check  # noqa: PLC0415
    from ..diagnostics import Unusable  # noqa: PLC0415
    from ..language.fmt import fmt  # noqa: PLC0415
    from ..pack import find, load  # noqa: PLC0415

    ctx.meta[TONGUE] = tongue(lang)
    to = None if only_check or diff else lang
    changed = 0
    for regime in regimes:
        pack = load(regime)
        checked = check(pack)
        bad = [d for d in checked.findings if d.severity == "error" and d.code.startswith("P1")]
        if bad:
            raise Unusable(bad)
        folder = find(regime)
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
                lines = difflib.unified_diff(
                    source.text.splitlines(True), text.splitlines(True), source.name, source.name
                )
                click.echo("".join(lines), nl=False)
            elif only_check:
                click.echo(source.name)
            else:
                _write(folder / Path(source.name).relative_to(folder.resolve().name), text)
                click.echo(source.name)
    ctx.exit(FINDINGS if changed and (only_check or diff) else DONE)


def _write(path: Path, text: str) -> None:
    """Whole or not at all: written beside and moved into place."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, "utf-8")
    beside.replace(path)
