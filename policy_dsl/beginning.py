"""A new county's folder: a policy that checks and whose case holds, with the questions a drafter must answer."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from .cases import run
from .check import check
from .diagnostics import Unusable
from .language.lexer import RESERVED
from .pack import COMMON, load

NATIONAL: Final = "national"
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


def lay_out(policies: Path, name: str, title: str, above: tuple[str, ...] = ()) -> list[Path]:
    """Write a county's folder under *policies*, and a shared vocabulary if there is none; the files written. *above*:
    the folders whose texts stand above it, the national one where none is named and it is there.

    What the shared vocabulary there makes unusable is taken away again and told.
    """
    shared = policies / COMMON / VOCABULARY
    stand = above or tuple(n for n in (NATIONAL,) if (policies / n / "sources.toml").is_file() and n != name)
    said = {"name": name, "title": title, "id": name[0].upper(), "above": _above(stand)}
    written = [] if shared.parent.is_dir() else [_put(shared, VOCABULARY, said)]
    folder = policies / name
    try:
        written += [_put(folder / text, text, said) for text in TEXTS]
        _holds(folder)
    except Exception:
        shutil.rmtree(folder, ignore_errors=True)
        if shared in written:
            shutil.rmtree(shared.parent)
        raise
    return written


def _above(folders: tuple[str, ...]) -> str:
    """The line of the register that names the texts above, behind a # where there is none."""
    return f"above = {json.dumps(folders, ensure_ascii=False)}" if folders else f'# above = ["{NATIONAL}"]'


def _put(path: Path, template: str, said: Mapping[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (files("policy_dsl") / "skeleton" / template).read_text("utf-8")
    path.write_text(text.format_map(said), "utf-8")
    return path


def _holds(folder: Path) -> None:
    checked = check(load(folder))
    if checked.policy is None:
        raise Unusable(d for d in checked.findings if d.severity == "error")
    problems = [d for case in checked.policy.cases for d in run(checked.policy, case).problems]
    if problems:
        raise Unusable(problems)
