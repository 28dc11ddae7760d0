"""The command `policy`: its subcommands, and what becomes of what goes wrong in one."""

from __future__ import annotations

import os
import sys
from typing import Any, Final

import click

from . import __version__
from .commands.analyzing import analyze_command
from .commands.asking import list_command, show_command, vocabulary_command
from .commands.beginning import new_command
from .commands.checking import check_command
from .commands.codes import rule_command
from .commands.comparing import compare_command
from .commands.completing import completion_command
from .commands.deciding import decide_command, explain_command
from .commands.documenting import doc_command
from .commands.drawing import draw_command
from .commands.flipping import flip_command
from .commands.formatting import fmt_command
from .commands.helping import Group, Speaking
from .commands.interviewing import ask_command
from .commands.options import OURS, TONGUE, UNUSABLE, tongue
from .commands.querying import sql_command
from .commands.running import run_command
from .commands.sourcing import sources_command
from .commands.templating import template_command
from .commands.testing import test_command

COMMANDS: Final = (
    check_command,
    fmt_command,
    decide_command,
    explain_command,
    run_command,
    flip_command,
    ask_command,
    compare_command,
    draw_command,
    test_command,
    analyze_command,
    rule_command,
    template_command,
    sources_command,
    doc_command,
    new_command,
    show_command,
    list_command,
    vocabulary_command,
    sql_command,
    completion_command,
)  # fmt: skip

# Libraries that only some commands and forms of file need, by the extra of the package that brings them.
EXTRAS: Final = {
    "openpyxl": "xlsx", "pyarrow": "columnar", "duckdb": "columnar", "sqlglot": "columnar", "pyspark": "spark",
    "py4j": "spark", "z3": "symbolic",
}  # fmt: skip


class Guarded(Group):
    """Turns what cannot be used into diagnostics and our own faults into one line."""

    context_class = Speaking

    def invoke(self, ctx: click.Context) -> Any:
        from .diagnostics import Unusable, shown  # noqa: PLC0415

        try:
            return super().invoke(ctx)
        except Unusable as error:
            lang = tongue(ctx.meta.get(TONGUE))
            for text in shown(error.diagnostics, lang):
                click.echo(text, err=True)
            ctx.exit(UNUSABLE)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except OSError as error:
            click.echo(_refused(error), err=True)
            ctx.exit(UNUSABLE)
        except Exception as error:
            if isinstance(error, ModuleNotFoundError) and error.name in EXTRAS:
                zh = tongue(ctx.meta.get(TONGUE)) == "zh"
                extra = f"pip install 'policy-dsl[{EXTRAS[error.name]}]'"
                said = f"要装 {error.name}（{extra}）" if zh else f"{error.name} must be installed ({extra})"
                click.echo(said, err=True)
                ctx.exit(UNUSABLE)
            if os.environ.get("POLICY_TRACEBACK"):
                raise
            click.echo(
                f"policy: 程序自身的错误 internal error: {type(error).__name__}: {error} (POLICY_TRACEBACK=1)", err=True
            )
            ctx.exit(OURS)

    def main(self, *args: Any, **settings: Any) -> Any:
        try:
            return super().main(*args, **settings)
        except OSError as error:  # the help itself may have nowhere to go
            click.echo(_refused(error), err=True)
            sys.exit(UNUSABLE)


def _refused(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"policy: 读不到或写不出 cannot read or write: {where}{error.strerror or error}"


@click.group(cls=Guarded, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="policy")
def main() -> None:
    """Policies of cadre management as declared rules, run against records, with explained decisions.

    policy COMMAND --help tells of each command.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main()
