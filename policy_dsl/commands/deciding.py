"""`policy decide` and `policy explain`: what follows from a record, and why."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .completing import effect_names
from .options import (
    DONE,
    FINDINGS,
    LANG,
    TONGUE,
    asked,
    asked_or_kept,
    effects_of,
    only,
    question_of,
    records_of,
    regime_of,
    required,
    roster_of,
    tongue,
)
from .progress import watched
from .reporting import needs_report, page_for, pages, report, write_report
from .running import rebuilt
from .templating import refuse_to_replace
from .writing import FORMATS, annotation, output

if TYPE_CHECKING:
    from ..above import Regime
    from ..decide import Question
    from ..diagnostics import Diagnostic
    from ..record import Record

_OUT = click.Path(path_type=Path, dir_okay=False)


@click.command("decide")
@asked
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="text (the default), json (an array), jsonl (one decision a line), opinion (for the file); "
    "csv, xlsx: a row for each person and effect.",
)
@click.option("-o", "--output", "out", type=_OUT, help="Write to a file instead of the terminal.")
@click.option(
    "--annotate",
    "annotated",
    type=_OUT,
    metavar="OUT.xlsx",
    help="Give the roster's workbook back with outcome and reasons.",
)
@click.option("--force", is_flag=True, help="Replace what is there, the roster itself included.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of progress.")
@click.option("--fail-on", type=click.Choice(["undetermined"]), help="Exit 1 if a decision is undetermined.")
@report
@LANG
@click.pass_context
def decide_command(
    ctx: click.Context,
    regime: str,
    roster: str,
    as_of: int,
    known_as_of: int | None,
    chosen_by: str,
    readings: tuple[str, ...],
    layers: str | None,
    form: str | None,
    out: Path | None,
    annotated: Path | None,
    force: bool,
    quiet: bool,
    fail_on: str | None,
    folder: str | None,
    show_names: bool,
    lang: str | None,
) -> None:
    """Decide every record of a roster.

    REGIME is the name of a county's folder in `policies`.

    ROSTER is .json, .jsonl, .xlsx, .parquet, a DuckDB or SQLite file, or a folder with a .csv (or .parquet) for each
    table.
    """
    lang = ctx.meta[TONGUE] = tongue(lang)
    asked_of = regime_of(regime)
    question, _ = question_of(asked_of, as_of, known_as_of, readings, layers, chosen_by)
    if needs_report(folder, form, out, annotated, show_names, lang):
        reads = (regime, roster)
        done = write_report(
            asked_of,
            list(roster_of(roster, asked_of)),
            question,
            str(folder),
            reads,
            lang=lang,
            names=show_names,
            force=force,
        )
        ctx.exit(FINDINGS if fail_on and not done else DONE)
    for path in (out, annotated):
        if path is not None:
            refuse_to_replace(path, force)
    if annotated is not None and annotated.suffix.lower() != ".xlsx":
        raise click.UsageError(f"--annotate: {annotated.name}: .xlsx")
    if annotated is not None and out is not None and annotated.resolve() == out.resolve():
        raise click.UsageError("-o, --annotate: 写到同一文件 one file for both")
    records = roster_of(roster, asked_of)
    open_ = False
    with ExitStack() as stack:
        takers = []
        if annotated is not None:
            takers.append(stack.enter_context(annotation(records, asked_of, lang, annotated)))
        if annotated is None or form is not None or out is not None:
            takers.append(stack.enter_context(output(form or "text", lang, out)))
        # Decisions printed on the terminal are progress enough.
        printed = out is None and (annotated is None or form is not None) and sys.stdout.isatty()
        for record in watched(records, len(records), lang, quiet or printed):
            decision = asked_of.decide(record, question)
            open_ = open_ or decision.status == "undetermined"
            for take in takers:
                take(decision)
    ctx.exit(FINDINGS if fail_on and open_ else DONE)


@click.command("explain")
@asked_or_kept
@click.option(
    "--from",
    "result",
    type=click.Path(path_type=Path, exists=True),
    metavar="RESULT",
    help="Explain one person of a result of `policy run`: --from RESULT [REGIME] ID.",
)
@click.option(
    "--records",
    type=click.Path(path_type=Path, exists=True),
    help="The roster of that result, where it is not where the result says.",
)
@click.option("--case", help="Explain a case (案例), for each choice of readings that its outcomes make.")
@click.option("--id", "ids", multiple=True, help="Only the persons of these numbers (编号).")
@click.option(
    "--effect", "effects", multiple=True, shell_complete=effect_names, help="Only these effects (效果), such as recall."
)
@click.option("--why-not", is_flag=True, help="Also why what does not arise does not.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "opinion", "json", "html"]),
    default="text",
    help="text: step by step; opinion: for the file; json: for programs; html: one person's page.",
)
@pages
@LANG
@click.pass_context
def explain_command(
    ctx: click.Context,
    regime: str,
    roster: str | None,
    as_of: int | None,
    known_as_of: int | None,
    chosen_by: str,
    readings: tuple[str, ...],
    layers: str | None,
    result: Path | None,
    records: Path | None,
    case: str | None,
    ids: tuple[str, ...],
    effects: tuple[str, ...],
    why_not: bool,
    form: str,
    output: str | None,
    show_names: bool,
    lang: str | None,
) -> None:
    """Give the reasons of a decision, step by step.

    REGIME is the name of a county's folder in `policies`.

    ROSTER is .json, .jsonl, .xlsx, .parquet, a DuckDB or SQLite file, or a folder with a .csv (or .parquet) for each
    table.

    With --from, the question and the roster are those of the result; the decision is made again, and it is an error if
    a status or an atom is not the one that was kept.
    """
    from ..report import json as as_json  # noqa: PLC0415
    from ..report.opinion import opinion  # noqa: PLC0415
    from ..report.tree import explain_text  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    asking: list[tuple[Record, Question]]
    if case is not None:
        if result is not None or records is not None or roster is not None or as_of is not None or ids:
            raise click.UsageError(
                "--case: 名单和日期都取自案例" if lang == "zh" else "--case: roster and day are its own"
            )
        asked_of = regime_of(regime)
        asking = _case(asked_of, case, lang)
    elif result is not None:
        if as_of is not None or known_as_of is not None or readings or layers is not None or chosen_by or ids:
            raise click.UsageError("--from: 其余都取自结果 everything else is taken from the result")
        asked_of, question, of_result = rebuilt(result, (regime,) if roster is None else (regime, roster), records)
        asking = [(of_result, question)]
    else:
        if records is not None:
            raise click.UsageError("--records: 只与 --from 同用 goes with --from")
        roster, as_of = required(ctx, roster, as_of)
        asked_of = regime_of(regime)
        question, _ = question_of(asked_of, as_of, known_as_of, readings, layers, chosen_by)
        asking = [(record, question) for record in records_of(roster, asked_of, ids, lang)]
    policy = asked_of.policy
    wanted = effects_of(policy, effects, lang)
    page = page_for(form, output, len(asking), show_names, lang)
    for record, question in asking:
        decision = asked_of.decide(record, question, rejected=why_not)
        if wanted:
            decision = only(decision, wanted)
        if page is not None:
            page(decision, why_not)
        elif form == "json":
            click.echo(as_json.dumps(as_json.plain(decision, why_not)))
        else:
            click.echo(explain_text(decision, lang, why_not) if form == "text" else opinion(decision, lang))


def _case(regime: Regime, name: str, lang: str) -> list[tuple[Record, Question]]:
    """The record of a case, with each question that its outcomes put."""
    from ..cases import posed  # noqa: PLC0415
    from ..diagnostics import Unusable  # noqa: PLC0415

    policy = regime.policy
    found = {x.name.text: x for x in policy.cases if x.name is not None}
    declared = found.get(policy.lexicon.chinese.get(name, name))
    if declared is None:
        raise click.UsageError(
            f"--case {name}：没有这个案例" if lang == "zh" else f"--case {name}: there is no such case"
        )
    problems: list[Diagnostic] = []
    asked = posed(policy, declared, problems)
    if asked is None or problems:
        raise Unusable(problems)
    questions = {tuple(sorted(question.readings.items())): question for _, question in asked.lines}
    return [(asked.record, question) for question in questions.values()]
