"""`policy compare`: two counties, two versions of one, two readings, two units beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .completing import reading_names, regime_names
from .options import LANG, TONGUE, Asked, checked_pack, question_of, read_by, tongue
from .progress import watched
from .templating import refuse_to_replace

if TYPE_CHECKING:
    from ..comparison.compared import Compared
    from ..comparison.population import Population
    from ..comparison.proof import Proof
    from ..comparison.sides import Pair, Side
    from ..model import Policy

FORMATS = ("text", "json", "html", "xlsx")


@click.command("compare")
@click.argument("a", metavar="A", shell_complete=regime_names)
@click.argument("b", metavar="B", shell_complete=regime_names)
@click.option("--as-of", type=Asked(), help="The day of decision of both, YYYY-MM-DD; without it nobody is judged.")
@click.option("--as-of-b", type=Asked(), help="Another day for B: with one regime named twice, two versions of it.")
@click.option("--known-as-of", type=Asked(), help="Only what was known by this day (default: the day of decision).")
@click.option(
    "--reading",
    "readings",
    multiple=True,
    shell_complete=reading_names,
    help="Choose a reading for whichever has it: NAME=ALTERNATIVE; once for each.",
)
@click.option("--reading-b", "readings_b", multiple=True, help="Choose a reading for B alone.")
@click.option("--unit", default="", help="The unit whose own rules are taken, and in which everybody is taken to be.")
@click.option("--unit-b", default=None, help="Another unit for B.")
@click.option("--layers", help="Layers of the sources admitted, comma separated; +plan adds plans to the usual ones.")
@click.option("--layers-b", help="Other layers for B.")
@click.option("--chosen-by", default="", help="Who chose the readings: kept in the decision.")
@click.option(
    "--records",
    "roster",
    type=click.Path(exists=True),
    help="A roster to decide under both: who is treated differently.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    help="For people, for programs, as a page, as a workbook.",
)
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to a file instead of the terminal.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--show-names", is_flag=True, help="On pages, also what may tell who the person is (default: withheld).")
@click.option(
    "--prove/--no-prove", default=True, help="Also ask of every record who is stricter (install policy-dsl[symbolic])."
)
@click.option(
    "--seconds", type=click.FloatRange(min=0.1), default=8.0, show_default=True, help="How long to ask that at most."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of progress.")
@LANG
@click.pass_context
def compare_command(
    ctx: click.Context,
    a: str,
    b: str,
    as_of: int | None,
    as_of_b: int | None,
    known_as_of: int | None,
    readings: tuple[str, ...],
    readings_b: tuple[str, ...],
    unit: str,
    unit_b: str | None,
    layers: str | None,
    layers_b: str | None,
    chosen_by: str,
    roster: str | None,
    form: str,
    out: Path | None,
    force: bool,
    show_names: bool,
    prove: bool,
    seconds: float,
    quiet: bool,
    lang: str | None,
) -> None:
    """Set two regimes beside each other: by provisions, on every record, and, with --records, by persons.

    A and B are names of county folders in `policies`, or paths to them: two counties, an older copy and the present
    one, or one regime twice with another day, reading or unit for B. Of texts above them, none is taken in.
    """
    from ..comparison.compared import Compared  # noqa: PLC0415
    from ..comparison.sides import pair  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    zh = lang == "zh"
    for name, given, wanted in (
        ("--as-of-b", as_of_b is not None, as_of is not None),
        ("--known-as-of", known_as_of is not None, as_of is not None),
        ("--records", roster is not None, as_of is not None),
    ):
        if given and not wanted:
            raise click.UsageError(f"{name} 要与 --as-of 同用" if zh else f"{name} goes with --as-of")
    if form == "xlsx" and out is None:
        raise click.UsageError("--format xlsx: -o OUT.xlsx")
    if show_names and form != "html":
        raise click.UsageError("--show-names 只用于 --format html" if zh else "--show-names goes with --format html")
    if out is not None:
        refuse_to_replace(out, force)
    policies = {name: _policy(name) for name in dict.fromkeys((a, b))}
    sides = []
    for which, name in enumerate((a, b)):
        own, other = policies[name], policies[(b, a)[which]]
        day = as_of if which == 0 or as_of_b is None else as_of_b
        admitted = layers if which == 0 or layers_b is None else layers_b
        of_unit = unit if which == 0 or unit_b is None else unit_b
        chosen = _readings(own, other, readings, readings_b if which else ())
        sides.append(_side(own, name, day, known_as_of, chosen, admitted, of_unit, chosen_by))
    if any((unit, unit_b)) and not any(side.unit_facts for side in sides):
        text = "--unit：两方都没有单位细则" if zh else "--unit: neither has rules that units write"
        raise click.UsageError(text)
    beside = pair(sides[0], sides[1])
    found = None if roster is None else _decided(beside, roster, lang, quiet)
    proof = _proved(beside, seconds, lang) if prove else None
    _write(Compared(beside, found, proof), form, lang, out, show_names)


def _policy(name: str) -> Policy:
    policy = checked_pack(name).policy
    assert policy is not None
    return policy


def _readings(own: Policy, other: Policy, both: tuple[str, ...], alone: tuple[str, ...]) -> tuple[str, ...]:
    """What is chosen for one side: what was said of it alone; of what was said of both, what it has, or neither has."""
    named = {_reading(x, own) for x in alone}
    kept = (x for x in both if _reading(x, own) in own.readings or _reading(x, other) not in other.readings)
    return (*(x for x in kept if _reading(x, own) not in named), *alone)


def _reading(given: str, policy: Policy) -> str:
    name = given.partition("=")[0]
    return policy.lexicon.chinese.get(name, name)


def _side(
    policy: Policy,
    called: str,
    as_of: int | None,
    known: int | None,
    readings: tuple[str, ...],
    layers: str | None,
    unit: str,
    chosen_by: str,
) -> Side:
    from ..above import Regime  # noqa: PLC0415
    from ..comparison.sides import Side  # noqa: PLC0415

    q, _ = question_of(Regime(policy), 1 if as_of is None else as_of, known, readings, layers, chosen_by)
    governed = unit if policy.unit is not None else ""
    return Side(policy, called, as_of, known, q.readings, q.layers, governed, chosen_by)


def _decided(beside: Pair, path: str, lang: str, quiet: bool) -> Population:
    """A roster decided under both; what was taken for what in reading it is said on the error stream."""
    from ..comparison.population import population  # noqa: PLC0415

    roster = read_by(path, beside.shape, beside.lexicon)
    return population(beside, watched(roster, len(roster), lang, quiet))


def _proved(beside: Pair, seconds: float, lang: str) -> Proof | None:
    """What can be said of every record; None, and said so, where what that needs is not installed."""
    try:
        from ..comparison.proof import prove  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        zh, en = (
            "没有装 z3，不判断所有可能的记录：须装 policy-dsl[symbolic]",
            "z3 is not installed, so nothing is said of every record: install policy-dsl[symbolic]",
        )
        click.echo(zh if lang == "zh" else en, err=True)
        return None
    return prove(beside, seconds)


def _write(compared: Compared, form: str, lang: str, out: Path | None, names: bool) -> None:
    """The comparison in one form, to the terminal or whole into a file."""
    from ..report.comparison_whole import whole  # noqa: PLC0415
    from ..rosters.write import put  # noqa: PLC0415

    if form == "xlsx":
        from ..report.comparison_sheets import workbook  # noqa: PLC0415

        assert out is not None
        told = whole(compared, lang, all_=True)
        raw = workbook(told.title, told.parts, out)
    elif form == "html":
        from ..report.comparison_page import comparison_page  # noqa: PLC0415

        raw = comparison_page(compared, lang, names).encode()
    elif form == "json":
        from ..report.comparison_json import dumps  # noqa: PLC0415

        raw = (dumps(compared) + "\n").encode("utf-8", "surrogatepass")
    else:
        from ..report.comparison_text import text  # noqa: PLC0415

        told = whole(compared, lang, all_records=False)
        raw = text(told.title, told.parts).encode("utf-8", "replace")
    if out is not None:
        put(out, raw)
    else:
        click.echo(raw if form == "html" else raw.decode(), nl=False)
