"""Where decisions go, one after another: to the terminal, into a file, into the clerk's own workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from ..above import Regime
    from ..decide import Decision
    from ..rosters import Roster

FORMATS: Final = ("text", "json", "jsonl", "opinion", "csv", "xlsx")
Taker = Callable[["Decision"], Any]


@contextmanager
def output(form: str, lang: str, path: Path | None) -> Iterator[Taker]:
    """Takes decisions in a form; a file is moved into place when all of it is there."""
    from ..rosters.write import written  # noqa: PLC0415

    if form == "xlsx":
        if path is None:
            raise click.UsageError("--format xlsx: -o OUT.xlsx")
        with _sheet(lang, path) as take:
            yield take
    elif path is None:
        with _lines(form, lang, click.echo) as take:
            yield take
    else:
        # Spreadsheet programs take a file for UTF-8 by its mark.
        encoding = "utf-8-sig" if form == "csv" else "utf-8"
        with written(path) as beside, beside.open("w", encoding=encoding, newline="") as stream:

            def echo(text: str, nl: bool = True) -> None:
                stream.write(text + ("\n" if nl else ""))

            with _lines(form, lang, echo) as take:
                yield take


@contextmanager
def _lines(form: str, lang: str, echo: Callable[..., Any]) -> Iterator[Taker]:
    """Takes decisions as lines of text."""
    from ..report import json as as_json  # noqa: PLC0415
    from ..report.opinion import opinion  # noqa: PLC0415
    from ..report.summary import summary  # noqa: PLC0415

    first = True

    def listed(decision: Decision) -> None:
        nonlocal first
        echo(("[\n" if first else ",\n") + as_json.dumps(as_json.plain(decision)), nl=False)
        first = False

    takers: dict[str, Taker] = {
        "text": lambda d: echo(summary(d, lang)), "opinion": lambda d: echo(opinion(d, lang)),
        "jsonl": lambda d: echo(as_json.dumps(as_json.plain(d))), "json": listed,
    }  # fmt: skip
    yield takers[form] if form != "csv" else _rows(lang, lambda row: echo(_csv(row), nl=False))
    if form == "json":
        echo("[]" if first else "\n]")


def _csv(row: tuple[str, ...]) -> str:
    from ..rosters.write import line  # noqa: PLC0415

    stream = io.StringIO()
    csv.writer(stream).writerow([line(cell) for cell in row])
    return stream.getvalue()


def _rows(lang: str, put: Callable[[tuple[str, ...]], Any]) -> Taker:
    """Takes decisions as rows, the headings first."""
    from ..report.table import HEADINGS, rows  # noqa: PLC0415
    from ..report.words import Wording  # noqa: PLC0415

    put(HEADINGS[lang])

    def take(decision: Decision) -> None:
        for row in rows(decision, Wording(decision.policy, lang)):
            put(row)

    return take


@contextmanager
def _sheet(lang: str, path: Path) -> Iterator[Taker]:
    from ..rosters.write import Lines, put  # noqa: PLC0415

    lines = Lines(path)
    try:
        yield _rows(lang, lines.add)
    except BaseException:
        lines.close()
        raise
    put(path, lines.saved())


@contextmanager
def annotation(roster: Roster, regime: Regime, lang: str, path: Path) -> Iterator[Taker]:
    """Takes decisions into the roster's own workbook, or, for a roster of another form, into one made of it."""
    from ..record import Reader  # noqa: PLC0415
    from ..report.annotate import Annotation, opened  # noqa: PLC0415
    from ..rosters import write  # noqa: PLC0415

    reader = Reader(regime.shape, regime.lexicon)
    if roster.path.suffix.lower() == ".xlsx":
        book, lost = opened(roster.path)
        for what in lost:
            zh, _, en = what.partition("\t")
            said = f"写回的工作簿不保留：{zh}" if lang == "zh" else f"not kept in the workbook given back: {en}"
            click.echo(said, err=True)
    else:
        persons = [raw for _, raw in roster.raw()]
        book = write.workbook(path, persons, reader, lang=lang)
    made = Annotation(book, reader, lang)
    yield made.add
    write.put(path, made.saved())
