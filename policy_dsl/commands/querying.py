"""`policy sql`: a regime as one SQL statement, for whoever keeps the database to read and to run."""

from __future__ import annotations

import click

from .completing import regime_names
from .options import AS_OF, KNOWN_AS_OF, LANG, LAYERS, READING, TONGUE, question_of, regime_of, tongue

DIALECTS = ("duckdb", "spark", "postgres")


@click.command("sql")
@click.argument("regime", shell_complete=regime_names)
@AS_OF
@KNOWN_AS_OF
@click.option("--dialect", type=click.Choice(DIALECTS), default="duckdb", help="Whose SQL it is.")
@click.option("--of", "of", help="The statement of the rows of this list, rather than of the persons.")
@READING
@LAYERS
@LANG
@click.pass_context
def sql_command(
    ctx: click.Context,
    regime: str,
    as_of: int,
    known_as_of: int | None,
    dialect: str,
    of: str | None,
    readings: tuple[str, ...],
    layers: str | None,
    lang: str | None,
) -> None:
    """Print a regime as one SQL statement.

    It reads tables of cells and gives a row for each person: what may be the status of each effect, as a mask, on the
    whole text and on what is printed. Comments name the provisions. What no SQL says is named at the head.
    """
    from ..columnar import compiled  # noqa: PLC0415
    from ..diagnostics import side  # noqa: PLC0415
    from ..values import shown_day  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    asked_of = regime_of(regime)
    policy, lexicon = asked_of.policy, asked_of.lexicon
    question, _ = question_of(asked_of, as_of, known_as_of, readings, layers)
    statement = compiled(policy, question)
    listed = None if of is None else lexicon.chinese.get(of, of)
    if listed is not None and listed not in statement.elements:
        have = ("、" if lang == "zh" else ", ").join(lexicon.written(x, lang) for x in statement.elements)
        raise click.UsageError(
            f"--of {of}：没有效果逐行判断这个清单；有：{have}"
            if lang == "zh"
            else f"--of {of}: no effect is judged of its rows; the lists are {have}"
        )
    zh = lang == "zh"
    days = shown_day(as_of), shown_day(question.known_as_of)
    head = [f"{policy.name if zh else policy.english}  {policy.digest}"]
    head.append(f"决定日 {days[0]}，知悉至 {days[1]}" if zh else f"decided as of {days[0]}, known as of {days[1]}")
    head += [f"{lexicon.written(n, lang)} = {lexicon.written(x, lang)}" for n, x in question.readings.items()]
    for r in statement.refused:
        effect, what = lexicon.written(r.effect, lang), side(r.what, lang)
        head.append(f"未写成 SQL：{effect}（{what}）" if zh else f"not in SQL: {effect} ({what})")
    click.echo("\n".join(f"-- {line}" for line in head))
    click.echo(statement.sql(dialect, listed) + ";")
