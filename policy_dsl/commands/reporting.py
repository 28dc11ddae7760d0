"""The pages of `policy explain --format html` and `policy decide --report`: their options, and where they go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..above import Regime
    from ..decide import Decision, Question
    from ..record import Record

_SHOW_NAMES = click.option(
    "--show-names", is_flag=True, help="On pages, also what may tell who the person is (default: withheld)."
)


def pages(f: Any) -> Any:
    """The options of `explain` that concern its page."""
    where: Any = click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write the page to this file.")
    return where(_SHOW_NAMES(f))


def report(f: Any) -> Any:
    """The options of `decide` that concern its folder of pages."""
    where: Any = click.option(
        "--report", "folder", type=click.Path(), help="Write a page a person and an index into this folder."
    )
    return where(_SHOW_NAMES(f))


def needs_report(
    folder: str | None, form: str | None, out: Path | None, annotated: Path | None, show_names: bool, lang: str
) -> bool:
    """Whether a folder of pages was asked for: no other output goes with it, nor --show-names without it."""
    others = {
        f"--format {form}": form not in (None, "text"),
        "-o": out is not None,
        "--annotate": annotated is not None,
    }
    for name in (n for n, given in others.items() if given and folder is not None):
        raise click.UsageError(f"--report 不与 {name} 同用" if lang == "zh" else f"--report takes no {name}")
    if folder is None and show_names:
        name = "--show-names"
        raise click.UsageError(f"{name} 只与 --report 同用" if lang == "zh" else f"{name} goes with --report")
    return folder is not None


def write_report(
    regime: Regime, records: Sequence[Record], question: Question, folder: str, reads: Sequence[str], **how: Any
) -> bool:
    """Decide every record and write the folder, whole or not at all; whether every decision is settled. *how* is lang,
    names and force; *reads* are what the command reads, which the folder may not hold."""
    from ..report.folder import INDEX, Folder, Refused, file_names  # noqa: PLC0415
    from ..report.index import index_page, line  # noqa: PLC0415
    from ..report.masking import Mask  # noqa: PLC0415
    from ..report.page import decision_page  # noqa: PLC0415

    lang, names, zh = how["lang"], how["names"], how["lang"] == "zh"
    mask = Mask()
    numbers = [(r.id if names or mask.keeps(r.id) else "", r.digest) for r in records]
    lines = []
    try:
        with Folder(Path(folder), [Path(x) for x in reads], how["force"]) as out:
            for record, file in zip(records, file_names(numbers), strict=True):
                decision = regime.decide(record, question)
                out.write(file, decision_page(decision, lang, names=names, home=INDEX))
                lines.append(line(decision, file, names))
            out.write(INDEX, index_page(regime.policy, question, lines, lang, names))
    except Refused as error:
        raise click.UsageError(f"--report: {error.zh if zh else error.en}") from error
    click.echo(f"已写 {len(lines)} 人：{folder}/{INDEX}" if zh else f"{len(lines)} persons written: {folder}/{INDEX}")
    return all(x.status == "decided" for x in lines)


def page_for(
    form: str, output: str | None, people: int, show_names: bool, lang: str
) -> Callable[[Decision, bool], None] | None:
    """What writes the page of one decision, if a page was asked for."""
    zh = lang == "zh"
    if form != "html":
        if output is not None or show_names:
            name = "-o" if output is not None else "--show-names"
            raise click.UsageError(f"{name} 只用于 --format html" if zh else f"{name} goes with --format html")
        return None
    if people != 1:
        text = (
            "--format html 一次写一人，请用 --id 指定；整个名单用 decide --report"
            if zh
            else "--format html writes the page of one person, named by --id; decide --report writes a whole roster's"
        )
        raise click.UsageError(text)

    def write(decision: Decision, why_not: bool) -> None:
        from ..report.folder import Refused, write_file  # noqa: PLC0415
        from ..report.page import decision_page  # noqa: PLC0415

        text = decision_page(decision, lang, why_not, show_names)
        if output is None or output == "-":
            click.echo(text.encode(), nl=False)
        else:
            try:
                write_file(Path(output), text)
            except Refused as error:
                raise click.UsageError(f"-o: {error.zh if zh else error.en}") from error

    return write
