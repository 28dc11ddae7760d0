"""A new county's folder: a policy that checks and whose case holds, with the questions a drafter must answer."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Final

from .cases import run
from .check import check
from .diagnostics import Unusable
from .language.lexer import RESERVED
from .pack import COMMON, load

TEXTS: Final = ("sources.toml", "regime.policy", "rules.policy", "cases.policy")
VOCABULARY: Final = "vocabulary.policy"
NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
TITLE: Final = re.compile(r"[\u3400-\u9fff〇]+")


def fault(name: str, title: str) -> str:
    """What keeps a name and a title from being a county's, as 'zh\\ten'; '' if nothing does."""
    if not NAME.fullmatch(name) or name == COMMON or name in RESERVED:
        return (
            f"“{name}”不能作县名：用小写字母、数字和 _，以字母开头\t"
            f"“{name}” cannot be a county's name: write small letters, figures and _"
        )
    if not TITLE.fullmatch(title) or title in RESERVED:
        return f"“{title}”不能作制度名：只用汉字\t“{title}” cannot be a title: Chinese characters only, no keyword"
    return ""


def lay_out(policies: Path, name: str, title: str) -> list[Path]:
    """Write a county's folder under *policies*, and a shared vocabulary if there is none; the files written.

    What the shared vocabulary there makes unusable is taken away again and told.
    """
    shared = policies / COMMON / VOCABULARY
    written = [] if shared.parent.is_dir() else [_put(shared, VOCABULARY, name, title)]
    folder = policies / name
    try:
        written += [_put(folder / text, text, name, title) for text in TEXTS]
        _holds(folder)
    except Exception:
        shutil.rmtree(folder, ignore_errors=True)
        if shared in written:
            shutil.rmtree(shared.parent)
        raise
    return written


def _put(path: Path, template: str, name: str, title: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (files("policy_dsl") / "skeleton" / template).read_text("utf-8")
    path.write_text(text.format(name=name, title=title, id=name[0].upper()), "utf-8")
    return path


def _holds(folder: Path) -> None:
    checked = check(load(folder))
    if checked.policy is None:
        raise Unusable(d for d in checked.findings if d.severity == "error")
    problems = [d for case in checked.policy.cases for d in run(checked.policy, case).problems]
    if problems:
        raise Unusable(problems)
