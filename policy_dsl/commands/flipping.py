"""`policy flip`: the least that would make an outcome otherwise, what falls short by one part, what would settle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .completing import effect_names
from .options import LANG, TONGUE, asked, effects_of, question_of, records_of, regime_of, tongue

if TYPE_CHECKING:
    from ..above import Regime


@click.command("flip")
@asked
@click.option("--id", "ids", multiple=True, help="Only the persons of these numbers (编号).")
@click.option(
    "--effect", "effects", multiple=True, shell_complete=effect_names, help="Only these effects (效果), such as recall."
)
@click.option("--to", "status", help="Only what would give this status, such as must.")
@click.option(
    "--changes",
    type=click.Choice(["1", "2", "3"]),
    default="2",
    show_default=True,
    help="How many changes at once are tried.",
)
@click.option("--protect", multiple=True, help="Take this fact, field, list or finding as beyond change.")
@click.option("--allow", multiple=True, help="Suppose this one otherwise too, which is taken to be beyond change.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for other programs."
)
@LANG
@click.pass_context
def flip_command(
    ctx: click.Context,
    regime: str,
    roster: str,
    as_of: int,
    known_as_of: int | None,
    chosen_by: str,
    readings: tuple[str, ...],
    layers: str | None,
    ids: tuple[str, ...],
    effects: tuple[str, ...],
    status: str | None,
    changes: str,
    protect: tuple[str, ...],
    allow: tuple[str, ...],
    form: str,
    lang: str | None,
) -> None:
    """Tell what each outcome turns on: the smallest changes that would make it otherwise.

    Beside them the rules that fall short by one part, and the answers that would settle what is open.  Who a person is
    and when things happened are taken to be beyond change.  Without --effect, of what arises.
    """
    from ..decide import decide  # noqa: PLC0415
    from ..report import flips_json as as_json  # noqa: PLC0415
    from ..report.flips import turning_text  # noqa: PLC0415
    from ..report.tree import told  # noqa: PLC0415
    from ..values import settled  # noqa: PLC0415
    from ..whatif.cells import protected  # noqa: PLC0415
    from ..whatif.flips import flips  # noqa: PLC0415
    from ..whatif.settling import settlings  # noqa: PLC0415
    from ..whatif.shortfalls import near_misses  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    asked_of = regime_of(regime)
    question, _ = question_of(asked_of, as_of, known_as_of, readings, layers, chosen_by)
    wanted = effects_of(asked_of.policy, effects, lang)
    to = _status(status, lang)
    kept = protected(
        asked_of.policy.shape,
        *(_named(asked_of, option, names, lang) for option, names in (("--protect", protect), ("--allow", allow))),
    )
    for i, record in enumerate(records_of(roster, asked_of, ids, lang)):
        decision = decide(*asked_of.put(asked_of.policy, record, question), what_if=False)
        arising, quiet = told(decision)
        chosen = [c for c in (*arising, *quiet) if c.effect in wanted] if wanted else arising
        found = flips(decision, chosen, int(changes), kept, to)
        near = [
            n
            for n in near_misses(decision, decision.conclusions)
            if not wanted or any(c.effect in wanted for c in n.conclusions)
        ]
        opens = [settlings(decision, c) for c in chosen if not settled(c.whole)]
        if form == "json":
            click.echo(as_json.dumps(as_json.plain(found, near, opens)))
        else:
            click.echo(("\n" if i else "") + turning_text(found, near, opens, lang), nl=False)


def _status(named: str | None, lang: str) -> int:
    """The status asked for, in either tongue; 0 for none."""
    from ..language.keywords import WORDS  # noqa: PLC0415
    from ..model import STATUS  # noqa: PLC0415

    if named is None:
        return 0
    words = {w: k.key for k in WORDS if k.terminal == "STATUS" and k.key != "open" for w in (*k.zh, *k.en)}
    if named not in words:
        have = [(k.zh if lang == "zh" else k.en)[0] for k in WORDS if k.terminal == "STATUS" and k.key != "open"]
        raise click.UsageError(
            f"--to {named}：没有这样的结论；有：{'、'.join(have)}"
            if lang == "zh"
            else f"--to {named}: there is no such status; there are {', '.join(have)}"
        )
    return STATUS.option(words[named])


def _named(regime: Regime, option: str, names: tuple[str, ...], lang: str) -> set[str]:
    """Facts, fields, lists and findings of the record, by their Chinese names."""
    shape = regime.policy.shape
    have = {*shape.facts, *shape.lists, *shape.findings, *(f for x in shape.lists.values() for f in x.fields)}
    wanted = {regime.policy.lexicon.chinese.get(n, n) for n in names}
    for name in sorted(wanted - have):
        raise click.UsageError(
            f"{option} {name}：记录里没有这样的事实、栏目、清单或认定"
            if lang == "zh"
            else f"{option} {name}: a record has no such fact, field, list or finding"
        )
    return wanted
