"""`policy run`: a regime put to everybody in a table, the outcome kept with what it came from."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from .options import DONE, FINDINGS, LANG, TONGUE, asked, question_of, regime_of, tongue
from .progress import watched
from .templating import refuse_to_replace

if TYPE_CHECKING:
    from ..above import Regime
    from ..decide import Question
    from ..record import Record
    from ..rosters import Sifted

ENGINES: Final = ("interpreter", "duckdb", "spark")
FORMS: Final = ("parquet", "duckdb", "csv", "xlsx")
# Names that promise another form than Parquet.
_OTHER_FORMS: Final = ("xls", "json", "jsonl", "db", "sqlite", "sqlite3", "tsv", "txt", "html", "svg", "pdf")


@click.command("run")
@asked
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="What decides (default: duckdb of 10,000 persons or more, where it is installed; else the interpreter).",
)
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), help="Write the result here.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="Its form, where its name does not end in one: parquet and csv are folders.",
)
@click.option("--force", is_flag=True, help="Replace a result that is there.")
@click.option("--group-by", "by", metavar="FACTS", help="Count by these facts of the person: unit,rank.")
@click.option(
    "--chart", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT.svg", help="Draw the outcomes by group."
)
@click.option(
    "--on-error",
    type=click.Choice(["stop", "aside"]),
    default="stop",
    help="A person whose record is not sound: stop before anything is decided, or set aside.",
    show_default=True,
)
@click.option(
    "--details", "detailed", is_flag=True, help="Write what rules tell besides: options, amounts, periods, stages."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of progress.")
@LANG
@click.pass_context
def run_command(
    ctx: click.Context,
    regime: str,
    roster: str,
    as_of: int,
    known_as_of: int | None,
    chosen_by: str,
    readings: tuple[str, ...],
    layers: str | None,
    engine: str | None,
    out: Path | None,
    form: str | None,
    force: bool,
    by: str | None,
    chart: Path | None,
    on_error: str,
    detailed: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Decide everybody in a table, count the outcomes, and keep each with what it came from.

    REGIME is the name of a county's folder in `policies`.

    ROSTER is .json, .jsonl, .xlsx, .parquet, a DuckDB or SQLite file, or a folder with a .csv (or .parquet) for each
    table.

    Any row of the result is explained in full by `policy explain --from RESULT ID`. Exit 1 if somebody was set aside.
    """
    from ..details import details  # noqa: PLC0415
    from ..population.outcome import Population  # noqa: PLC0415
    from ..population.rates import Rates  # noqa: PLC0415
    from ..population.results import Result  # noqa: PLC0415
    from ..population.run import run  # noqa: PLC0415
    from ..population.tables import Tables  # noqa: PLC0415
    from ..population.telling import told  # noqa: PLC0415
    from ..report.folder import Refused, write_file  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    asked_of = regime_of(regime)
    question, _ = question_of(asked_of, as_of, known_as_of, readings, layers, chosen_by)
    facts = _facts(asked_of, by, lang)
    path = Path(roster)
    if chart is not None:
        refuse_to_replace(chart, force)
        if chart.resolve() in (path.resolve(), out.resolve() if out is not None else None):
            raise click.UsageError(f"--chart: {chart}: 另有用处 it is needed for something else")
    if detailed and out is None:
        raise click.UsageError("--details 要写到 -o 所指的结果里" if lang == "zh" else "--details are written with -o")
    told_of = tuple(details(asked_of.policy, question.layers)) if detailed else ()
    tables = Tables(asked_of.policy, lang, facts, told_of)
    rates = Rates(asked_of.policy, question, facts, lang)
    try:
        result = None
        if out is not None:
            result = Result(out, _form(out, form, lang), tables.columns(), lang, [path], force)
        table, decides = _sifted(path, asked_of, question, engine, on_error, lang)
        population = Population(asked_of, question, table, decides, told_of)
        with ExitStack() as stack:
            if result is not None:
                stack.enter_context(result)
            about = run(
                population,
                rates,
                tables,
                result,
                Path(regime).resolve().name,
                lambda done: watched(done, len(population.table), lang, quiet, count=int),
            )
        if chart is not None:
            title = f"{rates.w.name(asked_of.policy.name)} {about['as_of']}"
            write_file(chart, rates.chart(title) + "\n")
    except Refused as error:
        raise click.UsageError(error.zh if lang == "zh" else error.en) from error
    click.echo(told(rates, about))
    for written in (out, chart):
        if written is not None:
            click.echo(f"已写 {written}" if lang == "zh" else f"Written: {written}")
    ctx.exit(FINDINGS if about["set_aside"] else DONE)


def _form(out: Path, form: str | None, lang: str) -> str:
    """The form asked for, else by the name, else Parquet."""
    named = out.suffix.lower().removeprefix(".")
    if form is None and named in _OTHER_FORMS:
        have = ", ".join(FORMS)
        zh, en = f"结果不写成 .{named}；有：{have}", f"a result is not written as .{named}; there are {have}"
        raise click.UsageError(f"-o {out}: {zh if lang == 'zh' else en}")
    return form or (named if named in FORMS else FORMS[0])


def _facts(regime: Regime, by: str | None, lang: str) -> tuple[str, ...]:
    """The facts to group by, by their Chinese names."""
    lexicon, facts = regime.lexicon, regime.policy.shape.facts
    given = [x.strip() for x in (by or "").replace("、", ",").split(",") if x.strip()]
    named = tuple(dict.fromkeys(lexicon.chinese.get(x, x) for x in given))
    if by is not None and (not named or not set(named) <= facts.keys()):
        wrong = ", ".join(x for x in given if lexicon.chinese.get(x, x) not in facts)
        have = ("、" if lang == "zh" else ", ").join(lexicon.written(x, lang) for x in facts)
        raise click.UsageError(
            f"--group-by {wrong}：没有这样的事实；有：{have}"
            if lang == "zh"
            else f"--group-by {wrong}: there is no such fact; there are {have}"
        )
    return named


def _sifted(
    path: Path, regime: Regime, question: Question, engine: str | None, on_error: str, lang: str
) -> tuple[Sifted, str]:
    """The table, gone through once, and what is to decide it; unless what is unsound may be set aside, all of it is
    reported at once."""
    from ..diagnostics import Unusable  # noqa: PLC0415
    from ..population.sifting import sifted  # noqa: PLC0415

    table, chosen = sifted(path, regime, question, engine)
    for note in table.notes:
        zh, _, en = note.partition("\t")
        click.echo(zh if lang == "zh" else en, err=True)
    if on_error == "stop" and table.sound < len(table):
        raise Unusable(table.problems())
    return table, chosen


def rebuilt(path: Path, named: tuple[str, ...], records: Path | None) -> tuple[Regime, Question, Record]:
    """One person of a result, decided again and held against what it keeps; *named*: a regime's folder, where it is not
    the one the result names, and the number."""
    from ..population.kept import read_result  # noqa: PLC0415
    from ..population.rebuilding import confirm, question, record_of  # noqa: PLC0415

    kept = read_result(path)
    *other, id = named
    regime = regime_of(other[0] if other else kept.about["regime"])
    record, asked_of = record_of(kept, regime, id, records), question(kept)
    confirm(kept, regime, regime.decide(record, asked_of))
    return regime, asked_of, record
