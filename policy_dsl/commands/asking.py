"""`policy show`, `list` and `vocabulary`: what a policy says of a name, which provisions it has, which words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from .completing import declared_names, regime_names
from .options import FINDINGS, LANG, TONGUE, checked_pack, tongue

if TYPE_CHECKING:
    from ..model import Policy

FORM = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for other programs."
)


@click.command("show")
@click.argument("name", shell_complete=declared_names)
@click.argument("regime", required=False, shell_complete=regime_names)
@LANG
@click.pass_context
def show_command(ctx: click.Context, name: str, regime: str | None, lang: str | None) -> None:
    """Show a provision, a word or a source, with all that refers to it.

    NAME in either language, or the id of a provision.  Without REGIME, every regime that has it.  Exit 1 if none has.
    """
    from ..report.provisions import meant, shown  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    found = near = ""
    for one in [regime] if regime else regime_names(ctx, None, ""):
        policy = _policy(one)
        if text := shown(policy, name, lang):
            click.echo(("\n" if found else "") + (text if regime else f"== {one} ==\n{text}"))
            found = one
        near = near or meant(policy, name)
    if not found:
        said = f"没有名为“{name}”的条款或词。" if lang == "zh" else f"No provision or word is named “{name}”."
        if near:
            said += f"是否指“{near}”？" if lang == "zh" else f" Did you mean “{near}”?"
        click.echo(said, err=True)
        ctx.exit(FINDINGS)


@click.command("list")
@click.argument("regime", shell_complete=regime_names)
@click.option("--kind", help="Only this kind: rule 规定, case 案例, …")
@click.option("--basis", help="Only what rests on this provision.")
@click.option("--layer", help="Only this layer: printed 载明, plan 计划, …")
@FORM
@LANG
@click.pass_context
def list_command(
    ctx: click.Context, regime: str, kind: str | None, basis: str | None, layer: str | None, form: str, lang: str | None
) -> None:
    """List what a regime declares: kind, name, basis, layer, place."""
    from ..language.keywords import KINDS, STAGE_WORDS, WORDS, Keyword, kind_word, word  # noqa: PLC0415
    from ..report.provisions import listed, plain  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)

    def key(option: str, wanted: str | None, words: tuple[Keyword, ...]) -> str | None:
        keys = {w: k.key for k in words for w in (*k.zh, *k.en)}
        if wanted is not None and wanted not in keys:
            options = "、".join((k.zh if lang == "zh" else k.en)[0] for k in words)
            raise click.UsageError(f"{option} {wanted}: {options}")
        return None if wanted is None else keys[wanted]

    only_kind = key("--kind", kind, (*(k for k in KINDS if k.key != "vocabulary"), STAGE_WORDS))
    only_layer = key("--layer", layer, tuple(k for k in WORDS if k.terminal == "LAYER"))
    policy = _policy(regime)
    rows = [
        r
        for r in listed(policy, _own(regime))
        if only_kind in (None, r.kind) and only_layer in (None, r.layer) and (basis is None or basis in r.basis)
    ]
    if form == "json":
        click.echo(json.dumps(plain(rows), ensure_ascii=False, indent=2))
        return
    for r in rows:
        on = f"  [{word('LAYER', r.layer, lang).replace('_', ' ')}]" if r.layer else ""
        name = policy.lexicon.written(r.name, lang)
        click.echo(f"{kind_word(r.kind, lang)} {name}  {'、'.join(r.basis)}{on}  {r.place}")


@click.command("vocabulary")
@click.argument("regime", shell_complete=regime_names)
@FORM
@LANG
@click.pass_context
def vocabulary_command(ctx: click.Context, regime: str, form: str, lang: str | None) -> None:
    """List the words a record and a policy may use, and what reads them."""
    from ..report.vocabulary import plain, told, vocabulary  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    policy = _policy(regime)
    entries = vocabulary(policy, lang)
    click.echo(
        json.dumps(plain(entries), ensure_ascii=False, indent=2) if form == "json" else told(entries, policy, lang)
    )


def _policy(regime: str) -> Policy:
    policy = checked_pack(regime).policy
    assert policy is not None
    return policy


def _own(regime: str) -> frozenset[str]:
    from ..pack import load  # noqa: PLC0415

    return frozenset(x.name for x in load(regime).own)
