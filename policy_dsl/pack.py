"""A folder of policies and what stands beside it: the sources of one regime."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from .diagnostics import Diagnostic, Unusable, found
from .language.keywords import LAYERS
from .language.lexer import MOST_FINDINGS
from .language.source import HIDDEN, NOWHERE, Source, Span, code_points
from .model import Provision

COMMON = "common"
SUFFIX = ".policy"
REGISTER = "sources.toml"
# The largest text that is read, in bytes: a county's longest is a hundredth of it.
MOST_BYTES: Final = 2 * 2**20
_FIELDS: Final = ("locator", "layer", "zh", "en")


@frozen
class Pack:
    """The texts of one regime with the shared vocabulary, and its register of provisions."""

    name: str
    sources: tuple[Source, ...]
    provisions: Mapping[str, Provision] = field(factory=dict)
    own: tuple[Source, ...] = ()
    issuer: str = ""
    paths: Mapping[str, Path] = field(factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over every text of the pack, by name."""
        total = hashlib.sha256()
        for s in sorted(self.sources, key=lambda x: x.name):
            total.update(f"{s.name}\0{s.text}\0".encode("utf-8", "surrogatepass"))
        return total.hexdigest()


def find(regime: str, start: Path | None = None) -> Path:
    """The folder of a regime: a path, or a name under the nearest `policies` folder at or above *start*."""
    path = Path(regime)
    # A name no file system takes names no folder.
    with suppress(OSError):
        if path.is_dir():
            return path
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "policies" / regime).is_dir():
                return folder / "policies" / regime
    raise Unusable(
        [found("R100", NOWHERE, why=f"没有名为“{regime}”的制度文件夹\tthere is no folder of policies named “{regime}”")]
    )


def regimes(start: Path | None = None) -> list[str]:
    """The names of the regimes under the nearest `policies` folder at or above *start*."""
    here = (start or Path.cwd()).resolve()
    folder = next((f / "policies" for f in (here, *here.parents) if (f / "policies").is_dir()), None)
    found = folder.iterdir() if folder is not None else ()
    return sorted(f.name for f in found if f.is_dir() and f.name != COMMON and any(f.glob(f"*{SUFFIX}")))


def write(path: Path, text: str) -> None:
    """Whole or not at all: written beside and moved into place."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def load(regime: str | Path) -> Pack:
    """The pack of a regime: its own texts, and those of the `common` folder beside it; raises Unusable with everything
    that cannot be read."""
    problems: list[Diagnostic] = []
    folder = find(str(regime)).resolve()
    own = _texts(folder, problems)
    common = folder.parent / COMMON
    shared = _texts(common, problems) if folder.name != COMMON and common.is_dir() else ()
    if not own and not problems:
        problems.append(_unread(folder, f"没有政策文件（{SUFFIX}）\tholds no {SUFFIX} file"))
    provisions, issuer = _register(folder / REGISTER, folder, problems)
    if problems:
        raise Unusable(problems)
    paths = {x.name: folder.parent / x.name for x in (*shared, *own)}
    return Pack(folder.name, (*shared, *own), provisions, own, issuer, paths)


def _unread(path: Path, why: str) -> Diagnostic:
    zh, _, en = why.partition("\t")
    return found("R100", NOWHERE, why=f"“{path}”：{zh}\t“{path}”: {en or zh}")


def _texts(folder: Path, problems: list[Diagnostic]) -> tuple[Source, ...]:
    """The texts of a folder and the folders in it, by name; folders whose name begins with a dot are a tool's own."""
    paths: list[Path] = []

    def refused(error: OSError) -> None:
        problems.append(_unread(Path(error.filename or folder), str(error.strerror)))

    for here, folders, files in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in folders:
            path = Path(here, name)
            if path.is_symlink():
                problems.append(_unread(path, "是指向文件夹的链接，不跟过去\ta link to a folder is not followed"))
            elif path.suffix == SUFFIX:
                problems.append(_unread(path, "是文件夹，不是政策文件\tis a folder, not a policy file"))
        paths += [Path(here, name) for name in files if name.endswith(SUFFIX)]
    texts = (_text(p, folder, f"{folder.name}/{p.relative_to(folder).as_posix()}", problems) for p in sorted(paths))
    return tuple(x for x in texts if x is not None)


def _text(path: Path, folder: Path, name: str, problems: list[Diagnostic]) -> Source | None:
    """One text, UTF-8 with or without a byte order mark, that lies in *folder* wherever a link may lead; None, and
    reported, if it cannot be read."""
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            why = "是指向文件夹以外的链接，不读\tis a link that leads out of the folder, and is not read"
        elif not path.is_file():
            why = "不是文件\tis not a file"
        elif path.stat().st_size > MOST_BYTES:
            why = f"超过 {MOST_BYTES >> 20} MB\tis larger than {MOST_BYTES >> 20} MB"
        else:
            return Source(name, path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        why = f"第{line}行不是 UTF-8 编码\tline {line} is not in UTF-8"
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or str(error)
    problems.append(_unread(path, why))
    return None


def _register(path: Path, folder: Path, problems: list[Diagnostic]) -> tuple[dict[str, Provision], str]:
    """The provisions a regime's sources.toml registers, and who issued the document."""
    if not path.exists() and not path.is_symlink():
        return {}, ""
    if (source := _text(path, folder, path.name, problems)) is None:
        return {}, ""
    for hidden in islice(HIDDEN.finditer(source.text), MOST_FINDINGS):
        problems.append(found("P105", Span(source, *hidden.span()), character=code_points(hidden[0])))
    try:
        table: dict[str, Any] = tomllib.loads(source.text)
    except RecursionError:
        problems.append(_unread(path, "套得太深\tis nested too deep"))
        return {}, ""
    except ValueError as error:
        problems.append(_unread(path, str(error)))
        return {}, ""

    def bad(code: str, *where: str, **values: str) -> None:
        problems.append(found(code, NOWHERE, where=" ".join((path.name, *where)), **values))

    for name in table.keys() - {"document", "provisions"}:
        bad("R101", name=name)
    document, rows = table.get("document", {}), table.get("provisions", {})
    for name, part in (("document", document), ("provisions", rows)):
        if not isinstance(part, dict):
            bad("R111", name, want="一张表\ta table")
    provisions: dict[str, Provision] = {}
    for id, row in rows.items() if isinstance(rows, dict) else ():
        if not isinstance(row, dict):
            bad("R111", id, want="一张表\ta table")
            continue
        for name, x in row.items():
            if name not in _FIELDS:
                bad("R101", id, name=name)
            elif not isinstance(x, str):
                bad("R102", id, name, value=str(x), want="文字\ttext")
            elif name == "layer" and x not in LAYERS:
                bad("R102", id, name, value=x, want=", ".join(LAYERS))
        provisions[id] = Provision(id, **{k: row[k] for k in _FIELDS if isinstance(row.get(k), str)})
    issuer = document.get("issuer", "") if isinstance(document, dict) else ""
    if not isinstance(issuer, str):
        bad("R102", "document", "issuer", value=str(issuer), want="文字\ttext")
        issuer = ""
    return provisions, issuer
