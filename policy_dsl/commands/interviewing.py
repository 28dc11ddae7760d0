"""`policy ask`: a conversation that asks what still matters, and ends with the decision and the record it built."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .completing import effect_names, regime_names
from .options import (
    AS_OF,
    CHOSEN_BY,
    LANG,
    LAYERS,
    READING,
    TONGUE,
    effects_of,
    only,
    question_of,
    regime_of,
    roster_of,
    tongue,
)
from .templating import refuse_to_replace

if TYPE_CHECKING:
    from ..above import Regime
    from ..decide import Question
    from ..report.interview import Interviewing
    from ..whatif.interview import Asking, Conversation


@click.command("ask")
@click.argument("regime", shell_complete=regime_names)
@AS_OF
@click.option("--effect", "effects", multiple=True, shell_complete=effect_names, help="Ask only what bears on this.")
@click.option(
    "--record", "start", type=click.Path(exists=True), help="Go on from this record: a roster with one person in it."
)
@click.option("--id", "id", default="1", show_default=True, help="The number of a record begun here.")
@click.option("-o", "--output", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write the record here.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@CHOSEN_BY
@READING
@LAYERS
@LANG
@click.pass_context
def ask_command(
    ctx: click.Context,
    regime: str,
    as_of: int,
    effects: tuple[str, ...],
    start: str | None,
    id: str,
    out: Path | None,
    force: bool,
    chosen_by: str,
    readings: tuple[str, ...],
    layers: str | None,
    lang: str | None,
) -> None:
    """Ask what a decision still needs to know, one question at a time.

    Only what still matters is asked, what settles most first.  It ends with the decision, explained, and the record.
    """
    from ..record import Reader  # noqa: PLC0415
    from ..report.interview import Interviewing  # noqa: PLC0415
    from ..report.tree import explain_text  # noqa: PLC0415
    from ..report.words import Wording  # noqa: PLC0415
    from ..rosters.write import as_json, write_roster  # noqa: PLC0415
    from ..shapes import ID  # noqa: PLC0415
    from ..whatif.interview import begun, read  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    asked_of = regime_of(regime)
    question, _ = question_of(asked_of, as_of, None, readings, layers, chosen_by)
    wanted = effects_of(asked_of.policy, effects, lang)
    if out is not None:
        refuse_to_replace(out, force)
    reader = Reader(asked_of.shape, asked_of.lexicon)
    first = begun(_start(start, asked_of) if start else {ID: id}, reader)
    says = Interviewing(Wording(asked_of.policy, lang))
    ended = _held(first, asked_of, question, wanted, says)
    record, problems = read(ended, asked_of)
    assert record is not None and not problems
    decision = asked_of.decide(record, question)
    click.echo("\n" + explain_text(only(decision, wanted) if wanted else decision, lang), nl=False)
    if out is not None:
        write_roster(out, [ended.raw], reader, lang=lang)
        click.echo(says.say("written", path=out))
    else:
        click.echo("\n" + as_json(ended.raw))


def _start(path: str, regime: Regime) -> Mapping[str, Any]:
    """The one record of a roster, as plain data; anything unsound in it ends the command."""
    roster = roster_of(path, regime)
    persons = [raw for _, raw in roster.raw()]
    if len(persons) != 1:
        raise click.UsageError(f"--record {path}：要有且只有一个人 just one person is wanted")
    found: Mapping[str, Any] = persons[0]
    return found


def _held(
    first: Conversation, regime: Regime, question: Question, wanted: set[str], says: Interviewing
) -> Conversation:
    """The conversation, from question to question, until nothing is left to ask or whoever answers ends it."""
    from ..whatif.interview import decided, next_question  # noqa: PLC0415

    past = [first]
    click.echo(says.say("help"))
    while True:
        now = past[-1]
        decision = decided(now, regime, question)
        asking = next_question(now, decision, wanted)
        if asking is None:
            done = all(c.settled for c in decision.conclusions if not wanted or c.effect in wanted)
            click.echo("\n" + says.say("settled" if done else "exhausted"))
            return now
        rows = len(now.raw.get(asking.name, {}).get("行", [])) if asking.kind == "list" else 0
        click.echo("\n" + "\n".join(says.question(asking, decision, rows)))
        while True:
            click.echo("> ", nl=False)
            sys.stdout.flush()
            line = sys.stdin.readline()
            if not line:
                click.echo()
            step = _step(now, asking, line or "quit", regime, question, says)
            if isinstance(step, str):
                if step == "quit":
                    click.echo(says.say("ended"))
                    return now
                if step == "why":
                    click.echo("\n".join(says.why(asking, decision)))
                elif step == "back" and len(past) > 1:
                    past.pop()
                    break
                elif step == "back":
                    click.echo(says.say("no_back"))
                continue
            past.append(step)
            break


def _step(
    now: Conversation, asking: Asking, line: str, regime: Regime, question: Question, says: Interviewing
) -> Conversation | str:
    """What an answer leads to: the conversation with it, or a word about the conversation; '' if it was not taken."""
    from .. import values as v  # noqa: PLC0415
    from ..diagnostics import visible  # noqa: PLC0415
    from ..report.interview import meant  # noqa: PLC0415
    from ..whatif.interview import answered, one_more, passed  # noqa: PLC0415

    if not line.strip():
        return ""
    what, value = meant(line, asking.type, says.w)
    if what in ("back", "quit", "why"):
        return what
    if asking.kind == "list":
        if what == "add":
            return one_more(now, asking.name)
        if what == "pass":
            return passed(now, asking)
        value = v.shown_day(question.as_of) if what == "done" else value
    then, problems = answered(now, asking, value, regime)
    for p in problems:
        click.echo(says.say("wrong", why=visible(p.message(says.w.lang))))
    return "" if problems else then
