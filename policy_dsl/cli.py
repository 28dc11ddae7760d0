"""The command `policy`: check, fmt, decide, explain, test."""

from __future__ import annotations

import datetime
import locale
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from . import __version__

if TYPE_CHECKING:
    from .check import Checked
    from .decide import Question
    from .model import Policy
    from .record import Record

_TONGUE: Final = "policy_dsl.tongue"
DONE, FINDINGS, MISUSE, UNUSABLE, OURS = range(5)
_FORMATS: Final = ("text", "json", "jsonl", "opinion")


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
    "--lang", type=click.Choice(["zh", "en"]), help="Language of messages 语言 (default: the locale's)."
)


class Asked(click.ParamType[int]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return datetime.date.fromisoformat(str(value)).toordinal()
        except ValueError:
            self.fail(f"{value!r}: YYYY-MM-DD", param, ctx)


class Guarded(click.Group):
    """Turns what cannot be used into diagnostics and our own faults into one line."""

    def invoke(self, ctx: click.Context) -> Any:
        from .diagnostics import Unusable, render  # noqa: PLC0415

        try:
            return super().invoke(ctx)
        except Unusable as error:
            lang = tongue(ctx.meta.get(_TONGUE))
            for d in error.diagnostics:
                click.echo(render(d, lang), err=True)
            ctx.exit(UNUSABLE)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("POLICY_TRACEBACK"):
                raise
            click.echo(
                f"policy: 程序自身的错误 internal error: {type(error).__name__}: {error} (POLICY_TRACEBACK=1)", err=True
            )
            ctx.exit(OURS)


@click.group(cls=Guarded, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="policy")
def main() -> None:
    """Policies of cadre management as declared rules, run against records, with explained decisions.

    以声明式规则写干部管理政策，对记录运行，给出说明理由的决定。
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _checked(regime: str, lang: str) -> Checked:
    """The checked pack; its errors end the command."""
    from .check import check  # noqa: PLC0415
    from .diagnostics import Unusable  # noqa: PLC0415
    from .pack import load  # noqa: PLC0415

    checked = check(load(regime))
    if not checked.ok:
        raise Unusable(d for d in checked.findings if d.severity == "error")
    return checked


@main.command("check")
@click.argument("regimes", nargs=-1, required=True)
@LANG
@click.pass_context
def check_command(ctx: click.Context, regimes: tuple[str, ...], lang: str | None) -> None:
    """Find what is wrong in a regime's policies 检查政策.  Exit 1 on errors."""
    from .check import check  # noqa: PLC0415
    from .diagnostics import counts, render  # noqa: PLC0415
    from .pack import load  # noqa: PLC0415

    lang = ctx.meta[_TONGUE] = tongue(lang)
    failed = False
    for regime in regimes:
        checked = check(load(regime))
        for d in checked.findings:
            click.echo(render(d, lang) + "\n")
        click.echo(f"{regime}: {counts(checked.findings, lang)}")
        failed = failed or not checked.ok
    ctx.exit(FINDINGS if failed else DONE)


@main.command("fmt")
@click.argument("regimes", nargs=-1, required=True)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a file is not canonical 只检查.")
@click.option("--diff", is_flag=True, help="Show what would change 显示差异.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Print the text in this tongue 以此语言输出.")
@click.pass_context
def fmt_command(ctx: click.Context, regimes: tuple[str, ...], only_check: bool, diff: bool, lang: str | None) -> None:
    """Put policies into their one canonical form 排版.

    With --lang zh|en the texts are printed in that tongue, word for word, and no file is changed.
    """
    import difflib  # noqa: PLC0415

    from .check import check  # noqa: PLC0415
    from .diagnostics import Unusable  # noqa: PLC0415
    from .language.fmt import fmt  # noqa: PLC0415
    from .pack import find, load  # noqa: PLC0415

    ctx.meta[_TONGUE] = tongue(lang)
    to = None if only_check or diff else lang
    changed = 0
    for regime in regimes:
        pack = load(regime)
        checked = check(pack)
        bad = [d for d in checked.findings if d.severity == "error" and d.code.startswith("P1")]
        if bad:
            raise Unusable(bad)
        folder = find(regime)
        for source, document in zip(pack.sources, checked.documents, strict=True):
            if source not in pack.own:
                continue
            text = fmt(document, checked.lexicon, to or document.lang)
            if to:
                click.echo(f"# {source.name}\n" + text if len(pack.own) > 1 else text, nl=False)
                continue
            if text == source.text:
                continue
            changed += 1
            if diff:
                lines = difflib.unified_diff(
                    source.text.splitlines(True), text.splitlines(True), source.name, source.name
                )
                click.echo("".join(lines), nl=False)
            elif only_check:
                click.echo(source.name)
            else:
                _write(folder / Path(source.name).relative_to(folder.resolve().name), text)
                click.echo(source.name)
    ctx.exit(FINDINGS if changed and (only_check or diff) else DONE)


def _write(path: Path, text: str) -> None:
    """Whole or not at all: written beside and moved into place."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def _question(
    policy: Policy, as_of: int, known: int | None, readings: tuple[str, ...], layers: str | None
) -> tuple[Question, bool]:
    from .decide import Question  # noqa: PLC0415
    from .language.keywords import DEFAULT_LAYERS, LAYERS, WORDS  # noqa: PLC0415

    chosen: dict[str, str] = {}
    every = False
    for r in readings:
        if r == "all":
            every = True
            continue
        name, equals, alternative = r.partition("=")
        name, alternative = policy.lexicon.chinese.get(name, name), policy.lexicon.chinese.get(alternative, alternative)
        reading = policy.readings.get(name)
        if not equals or reading is None:
            raise click.UsageError(f"--reading NAME=ALTERNATIVE; 解读 readings: {'、'.join(policy.readings)}")
        if alternative not in reading.alternatives:
            raise click.UsageError(f"{name}: {'、'.join(reading.alternatives)}")
        chosen[name] = alternative
    admitted = set(DEFAULT_LAYERS)
    if layers:
        words = {w: k.key for k in WORDS if k.terminal == "LAYER" for w in (*k.zh, *k.en)}
        plus = layers.startswith("+")
        given = [x.strip() for x in layers.lstrip("+").replace("、", ",").split(",") if x.strip()]
        unknown = [x for x in given if x not in words]
        if unknown:
            raise click.UsageError(f"--layers: {', '.join(unknown)}; {', '.join(LAYERS)}")
        admitted = (admitted if plus else set()) | {words[x] for x in given}
    return Question(as_of, known if known is not None else as_of, chosen, frozenset(admitted)), every


def _roster(path: str, policy: Policy) -> list[Record]:
    from .rosters import read_roster  # noqa: PLC0415

    return read_roster(Path(path), policy.shape, policy.lexicon)


_ASKED = [
    click.argument("regime"),
    click.argument("roster", type=click.Path(exists=True, dir_okay=False)),
    click.option("--as-of", type=Asked(), required=True, help="The day of decision 决定日, YYYY-MM-DD."),
    click.option(
        "--known-as-of", type=Asked(), help="Only what was known by this day 所知截至 (default: the day of decision)."
    ),
    click.option(
        "--reading",
        "--readings",
        "readings",
        multiple=True,
        help="NAME=ALTERNATIVE 选定解读; 'all': every one, as without any.",
    ),
    click.option("--layers", help="Layers admitted 层级, comma separated; +plan adds to the usual ones."),
]


def asked(f: Any) -> Any:
    for option in reversed(_ASKED):
        f = option(f)
    return f


@main.command("decide")
@asked
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="text",
    help="text, json (an array), jsonl (one a line), opinion.",
)
@click.option("--fail-on", type=click.Choice(["undetermined"]), help="Exit 1 if a decision is undetermined.")
@LANG
@click.pass_context
def decide_command(
    ctx: click.Context,
    regime: str,
    roster: str,
    as_of: int,
    known_as_of: int | None,
    readings: tuple[str, ...],
    layers: str | None,
    form: str,
    fail_on: str | None,
    lang: str | None,
) -> None:
    """Decide every record of a roster 对名单作出决定."""
    from .decide import decide  # noqa: PLC0415
    from .report import json as as_json  # noqa: PLC0415
    from .report.opinion import opinion  # noqa: PLC0415
    from .report.summary import summary  # noqa: PLC0415

    lang = ctx.meta[_TONGUE] = tongue(lang)
    policy = _checked(regime, lang).policy
    assert policy is not None
    question, _ = _question(policy, as_of, known_as_of, readings, layers)
    open_ = False
    first = True
    for record in _roster(roster, policy):
        decision = decide(policy, record, question)
        open_ = open_ or decision.status == "undetermined"
        if form == "text":
            click.echo(summary(decision, lang))
        elif form == "opinion":
            click.echo(opinion(decision, lang))
        elif form == "jsonl":
            click.echo(as_json.dumps(as_json.plain(decision)))
        else:
            click.echo(("[\n" if first else ",\n") + as_json.dumps(as_json.plain(decision)), nl=False)
        first = False
    if form == "json":
        click.echo("[]" if first else "\n]")
    ctx.exit(FINDINGS if fail_on and open_ else DONE)


@main.command("explain")
@asked
@click.option("--id", "ids", multiple=True, help="Only these 编号.")
@click.option("--effect", "effects", multiple=True, help="Only these effects 效果.")
@click.option("--why-not", is_flag=True, help="Also why what does not arise does not 为何不.")
@click.option("--format", "form", type=click.Choice(["text", "opinion", "json"]), default="text")
@LANG
@click.pass_context
def explain_command(
    ctx: click.Context,
    regime: str,
    roster: str,
    as_of: int,
    known_as_of: int | None,
    readings: tuple[str, ...],
    layers: str | None,
    ids: tuple[str, ...],
    effects: tuple[str, ...],
    why_not: bool,
    form: str,
    lang: str | None,
) -> None:
    """Give the reasons of a decision, step by step 说明理由."""
    from attrs import evolve  # noqa: PLC0415

    from .decide import decide  # noqa: PLC0415
    from .report import json as as_json  # noqa: PLC0415
    from .report.opinion import opinion  # noqa: PLC0415
    from .report.tree import explain_text  # noqa: PLC0415

    lang = ctx.meta[_TONGUE] = tongue(lang)
    policy = _checked(regime, lang).policy
    assert policy is not None
    question, _ = _question(policy, as_of, known_as_of, readings, layers)
    wanted = {policy.lexicon.chinese.get(e, e) for e in effects}
    if unknown := wanted - {w.effect for w in policy.verdicts}:
        raise click.UsageError(
            f"--effect: {'、'.join(sorted(unknown))}; {'、'.join(w.effect for w in policy.verdicts)}"
        )
    records = _roster(roster, policy)
    if missing := set(ids) - {r.id for r in records}:
        raise click.UsageError(f"--id: {', '.join(sorted(missing))}")
    for record in records:
        if ids and record.id not in ids:
            continue
        decision = decide(policy, record, question, rejected=why_not)
        if wanted:
            kept = tuple(c for c in decision.conclusions if c.effect in wanted)
            gaps = tuple(g for g in decision.gaps if any(effect in wanted for effect, _, _ in g.changes))
            decision = evolve(decision, conclusions=kept, gaps=gaps)
        if form == "json":
            click.echo(as_json.dumps(as_json.plain(decision, why_not)))
        else:
            click.echo(explain_text(decision, lang, why_not) if form == "text" else opinion(decision, lang))


@main.command("test")
@click.argument("regimes", nargs=-1, required=True)
@LANG
@click.pass_context
def test_command(ctx: click.Context, regimes: tuple[str, ...], lang: str | None) -> None:
    """Run the worked examples of a regime 运行案例.  Exit 1 if one fails."""
    from .cases import run  # noqa: PLC0415
    from .diagnostics import render  # noqa: PLC0415

    lang = ctx.meta[_TONGUE] = tongue(lang)
    failed = passed = 0
    for regime in regimes:
        policy = _checked(regime, lang).policy
        assert policy is not None
        for case in policy.cases:
            outcome = run(policy, case)
            passed, failed = passed + outcome.passed, failed + (not outcome.passed)
            for d in outcome.problems:
                click.echo(f"{case.name.text if case.name else ''}\n{render(d, lang)}\n")
    click.echo(f"{passed} 例成立，{failed} 例不成立" if lang == "zh" else f"{passed} passed, {failed} failed")
    ctx.exit(FINDINGS if failed else DONE)


if __name__ == "__main__":
    main()
