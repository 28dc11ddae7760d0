"""What every command shares: languages, exit codes, and the options that put a question."""

from __future__ import annotations

import datetime
import locale
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from .completing import reading_names, regime_names

if TYPE_CHECKING:
    from ..above import Regime
    from ..check import Checked
    from ..decide import Conclusion, Decision, Question
    from ..language.lexer import Lexicon
    from ..model import Policy, Shape
    from ..record import Record
    from ..rosters import Roster

TONGUE: Final = "policy_dsl.tongue"
DONE, FINDINGS, MISUSE, UNUSABLE, OURS = range(5)


def tongue(lang: str | None) -> str:
    """'zh' or 'en': what was asked for, else the locale's."""
    if lang:
        return lang
    name = (
        os.environ.get("LC_ALL")
        or os.environ.get("LC_MESSAGES")
        or os.environ.get("LANG")
        or locale.getlocale()[0]
        or ""
    )
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


LANG = click.option(
    "--lang", type=click.Choice(["zh", "en"]), is_eager=True, help="Language of messages (default: the system's)."
)


class Asked(click.ParamType[int]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            # Python reads 20180501 and weeks as well: a slip of the keyboard would be another day.
            day = datetime.date.fromisoformat(str(value))
            if day.isoformat() != value:
                raise ValueError
            return day.toordinal()
        except ValueError:
            self.fail(f"{value!r}: YYYY-MM-DD", param, ctx)


def difference(name: str, before: str, after: str) -> str:
    """What changes between two texts of a file, as a unified diff."""
    import difflib  # noqa: PLC0415

    return "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True), name, name))


def every(named: tuple[str, ...], shared: bool = False) -> tuple[str, ...]:
    """The regimes named; none named, all of the nearest `policies` folder, and with *shared* what they share."""
    from ..pack import COMMON, find, regimes  # noqa: PLC0415

    found = named or tuple(regimes())
    if not found:
        raise click.UsageError("REGIME: 此处没有 policies 文件夹 there is no `policies` folder here")
    if shared and not named and (common := find(found[0]).parent / COMMON).is_dir():
        return (*found, str(common))
    return found


def checked_pack(regime: str) -> Checked:
    """The checked pack; its errors end the command."""
    from ..check import check  # noqa: PLC0415
    from ..diagnostics import Unusable  # noqa: PLC0415
    from ..pack import load  # noqa: PLC0415

    checked = check(load(regime))
    if not checked.ok:
        raise Unusable(d for d in checked.findings if d.severity == "error")
    return checked


def regime_of(name: str) -> Regime:
    """A regime with the texts above it, each checked by itself; errors in any end the command."""
    from ..above import Regime  # noqa: PLC0415
    from ..pack import load  # noqa: PLC0415

    policy, *above = (checked_pack(str(p)).policy for p in (name, *load(name).above))
    assert policy is not None
    return Regime(policy, tuple(p for p in above if p is not None))


def question_of(
    regime: Regime, as_of: int, known: int | None, readings: tuple[str, ...], layers: str | None, chosen_by: str = ""
) -> tuple[Question, bool]:
    from ..decide import Question  # noqa: PLC0415
    from ..language.keywords import DEFAULT_LAYERS, LAYERS, WORDS, word  # noqa: PLC0415

    lang = tongue(click.get_current_context().meta.get(TONGUE))

    def named(names: Iterable[str]) -> str:
        return ("、" if lang == "zh" else ", ").join(regime.lexicon.written(n, lang) for n in names)

    chosen: dict[str, str] = {}
    every = False
    for r in readings:
        if r == "all":
            every = True
            continue
        name, equals, alternative = r.partition("=")
        name, alternative = (regime.lexicon.chinese.get(x, x) for x in (name, alternative))
        reading = regime.readings.get(name)
        if not equals or reading is None:
            have = named(regime.readings)
            raise click.UsageError(
                f"--reading {r}：应写“解读=某义”，解读有：{have}"
                if lang == "zh"
                else f"--reading {r}: NAME=ALTERNATIVE is wanted; the readings are {have}"
            )
        if alternative not in reading.alternatives:
            have = named(reading.alternatives)
            raise click.UsageError(
                f"--reading {r}：{name} 只能取：{have}" if lang == "zh" else f"--reading {r}: it may be taken as {have}"
            )
        if chosen.setdefault(name, alternative) != alternative:
            both = named((chosen[name], alternative))
            raise click.UsageError(
                f"--reading {named((name,))}：一个解读只取一义，给了两个：{both}"
                if lang == "zh"
                else f"--reading {named((name,))}: one reading is taken in one sense, and two are given: {both}"
            )
    admitted = set(DEFAULT_LAYERS)
    if layers is not None:
        words = {w: k.key for k in WORDS if k.terminal == "LAYER" for w in (*k.zh, *k.en)}
        plus = layers.startswith("+")
        given = [x.strip() for x in layers.lstrip("+").replace("、", ",").split(",") if x.strip()]
        unknown = [x for x in given if x not in words]
        if unknown or not given:
            have = ("、" if lang == "zh" else ", ").join(word("LAYER", x, lang) for x in LAYERS)
            raise click.UsageError(
                f"--layers {layers}：层级有：{have}" if lang == "zh" else f"--layers {layers}: the layers are {have}"
            )
        admitted = (admitted if plus else set()) | {words[x] for x in given}
    return Question(as_of, known if known is not None else as_of, chosen, frozenset(admitted), chosen_by), every


def roster_of(path: str, regime: Regime) -> Roster:
    """A roster of one regime."""
    return read_by(path, regime.shape, regime.lexicon)


def read_by(path: str, shape: Shape, lexicon: Lexicon) -> Roster:
    """A roster; what was taken for what in reading it is said on the error stream."""
    from ..rosters import open_roster  # noqa: PLC0415

    roster = open_roster(Path(path), shape, lexicon)
    for note in roster.notes:
        zh, _, en = note.partition("\t")
        click.echo(zh if click.get_current_context().meta[TONGUE] == "zh" else en, err=True)
    return roster


def effects_of(policy: Policy, named: Iterable[str], lang: str) -> set[str]:
    """The effects named, in either tongue, by their Chinese names."""
    wanted = {policy.lexicon.chinese.get(e, e) for e in named}
    if unknown := wanted - {w.effect for w in policy.verdicts}:
        given, have = (
            ("、" if lang == "zh" else ", ").join(policy.lexicon.written(x, lang) for x in names)
            for names in (sorted(unknown), [w.effect for w in policy.verdicts])
        )
        raise click.UsageError(
            f"--effect {given}：没有这样的效果；有：{have}"
            if lang == "zh"
            else f"--effect {given}: there is no such effect; there are {have}"
        )
    return wanted


def only(decision: Decision, wanted: set[str]) -> Decision:
    """What a decision says of these effects, and what they wait for."""
    from attrs import evolve  # noqa: PLC0415

    def kept(x: Decision) -> tuple[Conclusion, ...]:
        return tuple(c for c in x.conclusions if c.effect in wanted)

    gaps = tuple(g for g in decision.gaps if any(effect in wanted for effect, _, _ in g.changes))
    above = tuple(evolve(a, conclusions=kept(a)) for a in decision.above)
    return evolve(decision, conclusions=kept(decision), gaps=gaps, above=above)


def records_of(path: str, regime: Regime, ids: tuple[str, ...], lang: str) -> list[Record]:
    """The records of a roster, or only those of these numbers."""
    records = list(roster_of(path, regime))
    if ids and (missing := set(ids) - {r.id for r in records}):
        given = ", ".join(sorted(missing))
        raise click.UsageError(
            f"--id {given}：名单里没有这个编号" if lang == "zh" else f"--id {given}: the roster has no such number"
        )
    return [r for r in records if not ids or r.id in ids]


AS_OF: Final = click.option("--as-of", type=Asked(), required=True, help="The day of decision, YYYY-MM-DD.")
KNOWN_AS_OF: Final = click.option(
    "--known-as-of", type=Asked(), help="Only what was known by this day (default: the day of decision)."
)
CHOSEN_BY: Final = click.option("--chosen-by", default="", help="Who chose the readings: kept in the decision.")
LAYERS: Final = click.option(
    "--layers", help="Layers of the sources admitted, comma separated; +plan adds plans to the usual ones."
)


def _reading(more: str = "") -> Callable[[Any], Any]:
    return click.option(
        "--reading",
        "--readings",
        "readings",
        multiple=True,
        shell_complete=reading_names,
        help="Choose a reading: NAME=ALTERNATIVE; once for each." + more,
    )


READING: Final = _reading()
_ASKED: Final = [
    click.argument("regime", shell_complete=regime_names),
    click.argument("roster", type=click.Path(exists=True)),
    AS_OF,
    KNOWN_AS_OF,
    CHOSEN_BY,
    _reading(" 'all' tries every one, as without any."),
    LAYERS,
]


def asked(f: Any) -> Any:
    for option in reversed(_ASKED):
        f = option(f)
    return f


def asked_or_kept(f: Any) -> Any:
    """The same options where a result may be asked instead: it holds the question, and names the roster."""
    optional = [
        click.argument("regime", shell_complete=regime_names),
        click.argument("roster", required=False, metavar="ROSTER"),
        click.option("--as-of", type=Asked(), help="The day of decision, YYYY-MM-DD."),
    ]
    for option in reversed([*optional, *_ASKED[3:]]):
        f = option(f)
    return f


def required(ctx: click.Context, roster: str | None, as_of: int | None) -> tuple[str, int]:
    """A roster that is there, and the day, where no result stands in for them."""
    named = {x.name: x for x in ctx.command.params}
    if roster is None:
        raise click.MissingParameter(ctx=ctx, param=named["roster"])
    if as_of is None:
        raise click.MissingParameter(ctx=ctx, param=named["as_of"])
    return str(click.Path(exists=True).convert(roster, named["roster"], ctx)), as_of
