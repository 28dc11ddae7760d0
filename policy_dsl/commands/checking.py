"""`policy check` and `policy test`: what is wrong in a regime's texts, and whether its worked examples hold."""

from __future__ import annotations

import click

from .options import DONE, FINDINGS, LANG, TONGUE, checked_pack, tongue


@click.command("check")
@click.argument("regimes", nargs=-1, required=True)
@LANG
@click.pass_context
def check_command(ctx: click.Context, regimes: tuple[str, ...], lang: str | None) -> None:
    """Find what is wrong in a regime's policies 检查政策.  Exit 1 on errors."""
    from ..check import check  # noqa: PLC0415
    from ..diagnostics import counts, shown  # noqa: PLC0415
    from ..pack import load  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    failed = False
    for regime in regimes:
        checked = check(load(regime))
        for text in shown(checked.findings, lang):
            click.echo(text + "\n")
        click.echo(f"{regime}: {counts(checked.findings, lang)}")
        failed = failed or not checked.ok
    ctx.exit(FINDINGS if failed else DONE)


@click.command("test")
@click.argument("regimes", nargs=-1, required=True)
@LANG
@click.pass_context
def test_command(ctx: click.Context, regimes: tuple[str, ...], lang: str | None) -> None:
    """Run the worked examples of a regime 运行案例.  Exit 1 if one fails."""
    from ..cases import run  # noqa: PLC0415
    from ..diagnostics import render  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    failed = passed = 0
    for regime in regimes:
        policy = checked_pack(regime).policy
        assert policy is not None
        for case in policy.cases:
            outcome = run(policy, case)
            passed, failed = passed + outcome.passed, failed + (not outcome.passed)
            for d in outcome.problems:
                click.echo(f"{case.name.text if case.name else ''}\n{render(d, lang)}\n")
    click.echo(f"{passed} 例成立，{failed} 例不成立" if lang == "zh" else f"{passed} passed, {failed} failed")
    ctx.exit(FINDINGS if failed else DONE)
