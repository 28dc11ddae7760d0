"""A folder of policies and what stands beside it: the sources of one regime."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from .diagnostics import Unusable, found
from .language.source import NOWHERE, Source
from .model import Provision

COMMON = "common"
SUFFIX = ".policy"


@frozen
class Pack:
    """The texts of one regime with the shared vocabulary, and its register of provisions."""

    name: str
    sources: tuple[Source, ...]
    provisions: Mapping[str, Provision] = field(factory=dict)
    own: tuple[Source, ...] = ()
    issuer: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over every text of the pack, by name."""
        total = hashlib.sha256()
        for s in sorted(self.sources, key=lambda x: x.name):
            total.update(f"{s.name}\0{s.text}\0".encode())
        return total.hexdigest()


def find(regime: str, start: Path | None = None) -> Path:
    """The folder of a regime: a path, or a name under the nearest `policies` folder at or above *start*."""
    path = Path(regime)
    if path.is_dir():
        return path
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "policies" / regime).is_dir():
            return folder / "policies" / regime
    raise Unusable(
        [found("R100", NOWHERE, why=f"没有名为“{regime}”的制度文件夹\tthere is no folder of policies named “{regime}”")]
    )


def load(regime: str | Path) -> Pack:
    """The pack of a regime: its own texts, and those of the `common` folder beside it."""
    folder = find(str(regime)).resolve()
    own = _texts(folder)
    shared = _texts(folder.parent / COMMON) if folder.name != COMMON and (folder.parent / COMMON).is_dir() else ()
    if not own:
        raise Unusable(
            [found("R100", NOWHERE, why=f"“{folder}”里没有政策文件（{SUFFIX}）\t“{folder}” holds no {SUFFIX} file")]
        )
    provisions, issuer = _register(folder / "sources.toml")
    return Pack(folder.name, (*shared, *own), provisions, own, issuer)


def _texts(folder: Path) -> tuple[Source, ...]:
    return tuple(
        read(p, f"{folder.name}/{p.relative_to(folder).as_posix()}") for p in sorted(folder.rglob(f"*{SUFFIX}"))
    )


def read(path: Path, name: str | None = None) -> Source:
    """One text, UTF-8 with or without a byte order mark."""
    try:
        return Source(name or str(path), path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable([found("R100", NOWHERE, why=f"{path}：{error}\t{path}: {error}")]) from error


def _register(path: Path) -> tuple[dict[str, Provision], str]:
    """The provisions a regime's sources.toml registers, and who issued the document."""
    if not path.is_file():
        return {}, ""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Unusable([found("R100", NOWHERE, why=f"{path}：{error}\t{path}: {error}")]) from error
    fields = ("locator", "layer", "zh", "en")
    provisions = {
        id: Provision(id, **{k: str(row[k]) for k in fields if k in row})
        for id, row in table.get("provisions", {}).items()
    }
    return provisions, str(table.get("document", {}).get("issuer", ""))
