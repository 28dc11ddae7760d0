"""`policy draw`: carry out a 名册, a lottery, a rank or a share of persons; and go over one that was carried out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from .completing import regime_names
from .options import (
    CHOSEN_BY,
    DONE,
    FINDINGS,
    KNOWN_AS_OF,
    LANG,
    LAYERS,
    READING,
    TONGUE,
    Asked,
    question_of,
    regime_of,
    roster_of,
    tongue,
)
from .templating import refuse_to_replace

if TYPE_CHECKING:
    from ..drawing import Drawing
    from ..model import Policy, Roster
    from ..rosters import Roster as Persons

_FILE: Final = click.Path(path_type=Path)
_SHOWN: Final = 20


@click.command("draw")
@click.argument("what", nargs=-1, metavar="REGIME NAME ROSTER", shell_complete=regime_names)
@click.option("--as-of", type=Asked(), help="The day of the draw, YYYY-MM-DD.")
@KNOWN_AS_OF
@click.option("--seed", help="Of a lottery: a text announced beforehand.")
@CHOSEN_BY
@READING
@LAYERS
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    help="text for people; json and csv for programs.",
)
@click.option("-o", "--output", "out", type=_FILE, help="Write the roster with what follows entered.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option(
    "--verify",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="RESULT.json",
    help="Compute a published result again: [REGIME] ROSTER.",
)
@LANG
@click.pass_context
def draw_command(
    ctx: click.Context,
    what: tuple[str, ...],
    as_of: int | None,
    known_as_of: int | None,
    seed: str | None,
    chosen_by: str,
    readings: tuple[str, ...],
    layers: str | None,
    form: str,
    out: Path | None,
    force: bool,
    verify: Path | None,
    lang: str | None,
) -> None:
    """Carry out a roster (名册): draw lots, rank, or take a share.

    NAME is the 名册 of the regime.  A lottery needs --seed, from where it was announced beforehand that it would come;
    anyone can go over its result with --verify.  Exit 1 if the result is undetermined, or does not agree.
    """
    from ..drawing import draw  # noqa: PLC0415
    from ..report.drawing import plain, rows, told  # noqa: PLC0415

    lang = ctx.meta[TONGUE] = tongue(lang)
    if verify is not None:
        if out is not None or as_of is not None or known_as_of is not None or seed is not None or readings or layers:
            raise click.UsageError("--verify: 其余都取自结果 everything else is taken from the result")
        ctx.exit(_verified(verify, what, lang))
    if len(what) != 3:
        raise click.UsageError("REGIME NAME ROSTER")
    regime, name, path = what
    if as_of is None:
        raise click.UsageError("--as-of YYYY-MM-DD 决定日")
    if out is not None:
        refuse_to_replace(out, force)
    asked_of = regime_of(regime)
    policy = asked_of.policy
    roster = _roster(policy, name)
    seed = _seed(roster, seed)
    if out is not None and not roster.yields:
        raise click.UsageError(f"-o: {name}: 没有写“得出”，无从写回 there is no “yields”, so nothing to enter")
    question, _ = question_of(asked_of, as_of, known_as_of, readings, layers, chosen_by)
    persons = roster_of(_there(path), asked_of)
    drawing = draw(policy, roster, persons, question, seed)
    if form == "csv":
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(rows(drawing, lang))
        click.echo(stream.getvalue(), nl=False)
    elif form == "json":
        click.echo(json.dumps(plain(drawing, Path(regime).resolve().name), ensure_ascii=False, indent=1))
    else:
        click.echo(told(drawing, lang), nl=False)
    if out is not None:
        _write(drawing, persons, out, lang)
    ctx.exit(DONE if drawing.status == "decided" else FINDINGS)


def _roster(policy: Policy, name: str) -> Roster:
    own = policy.lexicon.chinese.get(name, name)
    for x in policy.rosters:
        if x.name == own:
            return x
    have = "、".join(x.name for x in policy.rosters) or "无 none"
    raise click.UsageError(f"{name}: 没有这个名册 no such roster; 名册 rosters: {have}")


def _seed(roster: Roster, seed: str | None) -> str:
    """A seed that can be read out and typed in again; a lottery has one, and nothing else does."""
    if not roster.lot:
        if seed is not None:
            raise click.UsageError("--seed: 这个名册不抽签 this roster draws no lots")
        return ""
    if seed is None:
        raise click.UsageError("--seed: 抽签要有事先公布的种子 a lottery needs a seed announced beforehand")
    if not seed or seed != seed.strip() or not seed.isprintable():
        raise click.UsageError("--seed: 种子是一行看得见的字，首尾没有空格 a line of characters that show")
    return seed


def _there(path: str) -> str:
    if not Path(path).exists():
        raise click.UsageError(f"{path}: 没有这个文件 there is no such file")
    return path


def _write(drawing: Drawing, persons: Persons, out: Path, lang: str) -> None:
    """The roster with what follows entered."""
    from ..entering import entered  # noqa: PLC0415
    from ..record import Reader  # noqa: PLC0415
    from ..rosters.write import write_roster  # noqa: PLC0415

    reader = Reader(drawing.policy.shape, drawing.policy.lexicon)
    raws = (raw for _, raw in persons.raw())
    records, clashes = entered(drawing, zip(persons, raws, strict=True), reader, lang)
    if clashes:
        shown = "；".join(f"{id} {there}" for id, there in clashes[:_SHOWN]) + ("……" if len(clashes) > _SHOWN else "")
        name = drawing.policy.lexicon.written(drawing.roster.yields, lang)
        raise click.UsageError(f"-o: {name}: 已有别的值，不覆盖 other values are there and are not replaced: {shown}")
    write_roster(out, records, reader, lang=lang)


def _verified(path: Path, what: tuple[str, ...], lang: str) -> int:
    """Compute a result again, and say whether it agrees and where it does not."""
    from ..drawing import draw  # noqa: PLC0415
    from ..report.drawing import differences, plain  # noqa: PLC0415

    if len(what) not in (1, 2):
        raise click.UsageError("--verify RESULT.json [REGIME] ROSTER")
    was = _result(path)
    regime = what[0] if len(what) == 2 else was["pack"]
    asked_of = regime_of(regime)
    policy = asked_of.policy
    roster = _roster(policy, was["roster"])
    as_of, known = (Asked().convert(was[k], None, None) for k in ("as_of", "known_as_of"))
    chosen = tuple(f"{k}={x}" for k, x in was["readings"].items())
    layers = ",".join(was["layers"])
    question, _ = question_of(asked_of, as_of, known, chosen, layers, was["readings_chosen_by"])
    drawing = draw(policy, roster, roster_of(_there(what[-1]), asked_of), question, was["seed"] if roster.lot else "")
    now = json.loads(json.dumps(plain(drawing, was["pack"])))
    found = list(differences(was, now))
    zh = lang == "zh"
    for place, old, new in found:
        a, b = (json.dumps(x, ensure_ascii=False) for x in (old, new))
        click.echo(f"{place}：结果写作 {a}，重算为 {b}" if zh else f"{place}: published {a}, computed again {b}")
    if not found:
        click.echo("重算结果相符。" if zh else "It agrees.")
        return DONE
    click.echo(
        f"重算不符：{len(found)} 处。" if zh else f"Computed again, it does not agree: {len(found)} differences."
    )
    return FINDINGS


# What a result must hold to be computed again.
_NEEDED: Final[dict[str, type]] = {
    "pack": str, "roster": str, "as_of": str, "known_as_of": str, "seed": str, "readings": dict,
    "readings_chosen_by": str, "layers": list,
}  # fmt: skip


def _result(path: Path) -> dict[str, Any]:
    """A published result; Unusable if it is not one."""
    from ..report.drawing import SCHEMA  # noqa: PLC0415
    from ..rosters.forms import unusable  # noqa: PLC0415

    try:
        was = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise unusable(path, "不是 JSON\tnot JSON") from error
    if not isinstance(was, dict) or was.get("schema") != SCHEMA:
        raise unusable(path, f"不是抽取结果（{SCHEMA}）\tnot a result of `policy draw` ({SCHEMA})")
    for key, type in _NEEDED.items():
        texts = was.get(key)
        inside = texts.values() if isinstance(texts, dict) else texts if isinstance(texts, list) else ()
        if not isinstance(texts, type) or not all(isinstance(x, str) for x in inside):
            raise unusable(path, f"“{key}”缺失或写得不对\t“{key}” is missing or not as it should be")
    return was
