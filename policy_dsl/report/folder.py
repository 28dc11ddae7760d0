"""Pages written to disk, whole or not at all: beside where they go, then moved into place."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

SCHEMA: Final = "policy-report/1"
MANIFEST: Final = "manifest.json"
INDEX: Final = "index.html"
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_RESERVED: Final = re.compile(r"(?i)(index|manifest|con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class Refused(Exception):
    """Pages that cannot go where they were to: why, in both languages."""

    def __init__(self, path: Path, zh: str, en: str):
        super().__init__(f"{path}: {en}")
        self.zh, self.en = f"“{path}”：{zh}", f"“{path}”: {en}"


def file_names(numbers: Sequence[tuple[str, str]]) -> list[str]:
    """A file name for each (编号, digest of the record): the 编号 where it is a plain word and none differs from it by
    case alone, else its plain signs with the beginning of the digest."""
    names = []
    taken = Counter(id.casefold() for id, _ in numbers)
    for id, digest in numbers:
        plain = _PLAIN.fullmatch(id) and not _RESERVED.fullmatch(id) and not id.endswith(".")
        if plain and taken[id.casefold()] == 1:
            names.append(f"{id}.html")
        else:
            signs = re.sub("[^A-Za-z0-9]+", "-", id).strip("-")[:40].strip("-")
            names.append(f"{signs}~{digest[:16]}.html" if signs else f"~{digest[:16]}.html")
    return names


def write_file(path: Path, text: str) -> None:
    """One file, in place only when it is whole."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(text.encode())
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _failed(path, error) from error


class Folder:
    """A folder of pages in the making, used as a context: it takes its place when all went well, and leaves nothing
    behind when something did not."""

    def __init__(self, path: Path, reads: Sequence[Path] = (), force: bool = False):
        self.path, self.files = path, dict[str, str]()
        _check(path, reads, force)

    def __enter__(self) -> Folder:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.beside = Path(tempfile.mkdtemp(prefix=f".{self.path.name[:40]}.", dir=self.path.parent))
        except OSError as error:
            raise _failed(self.path, error) from error
        return self

    def write(self, name: str, text: str) -> None:
        """One file of the folder."""
        raw = text.encode()
        (self.beside / name).write_bytes(raw)
        self.files[name] = hashlib.sha256(raw).hexdigest()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                manifest = {"schema": SCHEMA, "files": dict(sorted(self.files.items()))}
                (self.beside / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
                os.chmod(self.beside, 0o777 & ~_umask())
                into_place(self.beside, self.path)
        except OSError as problem:
            raise _failed(self.path, problem) from problem
        finally:
            shutil.rmtree(self.beside, ignore_errors=True)
        if isinstance(error, OSError):
            raise _failed(self.path, error) from error


def into_place(beside: Path, path: Path) -> None:
    """A file or folder moved where it goes; a folder that was there goes only once the new one stands."""
    if not path.exists() or not (path.is_dir() or beside.is_dir()):
        beside.replace(path)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{path.name[:40]}.", dir=path.parent))
    path.rename(aside / "before")
    try:
        beside.rename(path)
    except OSError:
        (aside / "before").rename(path)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _check(path: Path, reads: Sequence[Path], force: bool) -> None:
    """Refuses a place whose replacing would lose what is not ours."""
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise Refused(path, "那里不是文件夹", "there is something there that is no folder")
    if not path.exists():
        return
    here = path.resolve()
    for other in (Path.cwd(), *reads):
        at = other.resolve()
        if at == here or here in at.parents:
            raise Refused(
                path, f"本次要读取的“{other.name}”就在其中", f"it holds “{other.name}”, which this very run needs"
            )
    if not force and not _ours(path):
        raise Refused(
            path,
            "其中有不是本命令写下的、或写后改过的文件；换一个文件夹，或加 --force 整个取代",
            "it holds files this command did not write, or that were changed since; "
            "name another folder, or replace it whole with --force",
        )


def _ours(path: Path) -> bool:
    """Whether a folder is empty, or holds only what a report wrote there, unchanged."""
    inside = {p.name: p for p in path.iterdir()}
    if not inside:
        return True
    with suppress(OSError, ValueError, AttributeError, TypeError):
        manifest = json.loads(inside.pop(MANIFEST, path / MANIFEST).read_text("utf-8"))
        files: Mapping[str, str] = manifest["files"] if manifest["schema"] == SCHEMA else {}
        return all(
            p.is_file() and not p.is_symlink() and files.get(name) == hashlib.sha256(p.read_bytes()).hexdigest()
            for name, p in inside.items()
        )
    return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _failed(path: Path, error: OSError) -> Refused:
    why = error.strerror or type(error).__name__
    return Refused(path, why, why)
