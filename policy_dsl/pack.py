"""A folder of policies and what stands beside it: the sources of one regime."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from attrs import field, frozen

from . import register
from .calendars import CALENDAR, calendar, years
from .diagnostics import Diagnostic, Unusable, found
from .language.source import NOWHERE, Source
from .register import Provision, Register
from .toml_text import table
from .working_days import NOWHERE as UNCHARTED
from .working_days import Calendar, Year

COMMON = "common"
SUFFIX = ".policy"
# The largest text that is read, in bytes: a county's longest is a hundredth of it.
MOST_BYTES: Final = 2 * 2**20


@frozen
class Pack:
    """The texts of one regime with the shared vocabulary, its register of sources, and the folders of the texts above
    it, which are decided apart."""

    name: str
    sources: tuple[Source, ...]
    provisions: Mapping[str, Provision] = field(factory=dict)
    own: tuple[Source, ...] = ()
    paths: Mapping[str, Path] = field(factory=dict)
    above: tuple[Path, ...] = ()
    register: Register = field(factory=Register, kw_only=True)
    calendar: Calendar = field(default=UNCHARTED, kw_only=True)

    @property
    def digest(self) -> str:
        """SHA-256 over every text of the pack, by name, and over its calendar of working days."""
        total = hashlib.sha256()
        for s in sorted(self.sources, key=lambda x: x.name):
            total.update(f"{s.name}\0{s.text}\0".encode("utf-8", "surrogatepass"))
        if self.calendar.working:
            total.update(f"{self.calendar.first}\0{self.calendar.last}\0{self.calendar.working}\0".encode())
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
    said = _register(folder, problems)
    usual = _years(common, problems) if folder.name != COMMON else {}
    working = calendar(usual | _years(folder, problems), f"{folder.name}/{CALENDAR}", problems)
    above = tuple(folder.parent / name for name in said.above)
    for other in above:
        if other == folder or not other.is_dir():
            problems.append(
                _unread(folder / register.FILE, f"上位“{other.name}”不在旁边\tno folder “{other.name}” beside it")
            )
    if problems:
        raise Unusable(problems)
    paths = {x.name: folder.parent / x.name for x in (*shared, *own)}
    return Pack(folder.name, (*shared, *own), said.provisions, own, paths, above, register=said, calendar=working)


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


def _register(folder: Path, problems: list[Diagnostic]) -> Register:
    """What a regime's sources.toml registers; nothing where there is none."""
    source = _beside(folder, register.FILE, problems)
    return Register() if source is None else register.read(source, problems)


def _years(folder: Path, problems: list[Diagnostic]) -> dict[int, Year]:
    """The years of a folder's calendar, if it has one."""
    source = _beside(folder, CALENDAR, problems)
    raw = None if source is None else table(source, problems)
    return {} if raw is None else years(raw, f"{folder.name}/{CALENDAR}", problems)


def _beside(folder: Path, file: str, problems: list[Diagnostic]) -> Source | None:
    """A file that may stand beside the texts of a folder."""
    path = folder / file
    if not path.exists() and not path.is_symlink():
        return None
    return _text(path, folder, f"{folder.name}/{file}", problems)
