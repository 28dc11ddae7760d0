"""The texts behind a register: how they are normalised, what is digested, and what no longer stands where it stood.

A text is normalised so: UTF-8 without a byte order mark, lines ended by a line feed alone, no line ends after the last
character. The digest of a document is the SHA-256 of that. The digest of a passage is the SHA-256 of the lines its
locator names, in that order, each without the space around it, joined by a line feed: setting a text anew with other
indents moves no passage.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

from .diagnostics import Unusable, found
from .language.source import NOWHERE
from .register import Document, Provision, Register, place

_CITED: Final = re.compile(r"\[(L\d[\dL\s,、，–-]*)\]")


def normalised(raw: bytes) -> str:
    """The text of a document; raises UnicodeDecodeError where it is not UTF-8."""
    return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def passage(text: str, lines: tuple[int, ...]) -> str | None:
    """The lines of a normalised text, numbered from one, in the order given; None where one lies beyond its end."""
    all_lines = text.split("\n")
    if any(n > len(all_lines) for n in lines):
        return None
    return "\n".join(all_lines[n - 1].strip() for n in lines)


def cited_lines(locator: str) -> tuple[int, ...]:
    """The lines a locator names, as in 二(一) [L25]；导语 [L7-9]: (25, 7, 8, 9)."""
    ends = (re.findall(r"\d+", part) for group in _CITED.findall(locator) for part in re.split("[,、，]", group))
    return tuple(dict.fromkeys(n for e in ends if e for n in range(int(e[0]), int(e[-1]) + 1)))


# What stands, and what moved.

# From best to worst. What is not `same` has moved, or was never registered.
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "same": ("相符", "as registered"),
    "moved": ("移到了别的行", "moved to other lines"),
    "differs": ("与登记的摘要不符", "differs from the digest registered"),
    "beyond": ("所指的行超出全文", "lies beyond the end of the text"),
    "missing": ("没有找到这一文件", "the document was not found"),
    "unregistered": ("没有登记摘要", "no digest is registered"),
}


@frozen
class Compared:
    """One document (provision '') or passage held against the texts.

    *lines* are those registered, *now* those where the same lines stand today, *digest* what stands there today.
    """

    document: str
    provision: str
    state: str
    lines: tuple[int, ...] = ()
    now: tuple[int, ...] = ()
    digest: str = ""
    file: str = ""


def compared(register: Register, folder: Path) -> tuple[Compared, ...]:
    """Every document of a register, each with its passages after it, against the texts of a folder."""
    texts = {id: _text_of(d, folder) for id, d in register.documents.items()}
    out = []
    for id, d in register.documents.items():
        file, text = texts[id]
        out.append(_document(d, file, text))
        out += [_passage(p, text) for p in register.provisions.values() if p.document == id]
    homeless = (p for p in register.provisions.values() if p.document not in texts)
    return (*out, *(Compared(p.document, p.id, "missing", p.lines) for p in homeless))


def _text_of(d: Document, folder: Path) -> tuple[str, str | None]:
    """The file a document is kept in and its text: the one named, else the one with its digest."""
    named = folder / d.file if d.file else None
    if named is not None and named.is_file():
        try:
            return named.name, normalised(named.read_bytes())
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable([found("R100", NOWHERE, why=f"{named}：{error}\t{named}: {error}")]) from error
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        try:
            text = normalised(path.read_bytes())
        except (OSError, UnicodeDecodeError):
            continue
        if d.sha256 and digest(text) == d.sha256:
            return path.name, text
    return "", None


def _document(d: Document, file: str, text: str | None) -> Compared:
    if text is None:
        return Compared(d.id, "", "missing", file=d.file)
    now = digest(text)
    state = "unregistered" if not d.sha256 else "same" if now == d.sha256 else "differs"
    return Compared(d.id, "", state, digest=now, file=file)


def _passage(p: Provision, text: str | None) -> Compared:
    lines = p.lines or cited_lines(p.locator)
    if text is None:
        return Compared(p.document, p.id, "missing", lines)
    stands = passage(text, lines) if lines else None
    now = digest(stands) if stands is not None else ""
    if not p.digest or not lines:
        return Compared(p.document, p.id, "unregistered", lines, digest=now)
    if now == p.digest:
        return Compared(p.document, p.id, "same", lines, lines, now)
    if shifted := _shifted(text, p, lines):
        return Compared(p.document, p.id, "moved", lines, shifted, now)
    return Compared(p.document, p.id, "beyond" if stands is None else "differs", lines, digest=now)


def _shifted(text: str, p: Provision, lines: tuple[int, ...]) -> tuple[int, ...]:
    """Where the lines of a passage stand now, all moved alike; the nearest place, () if none."""
    count = text.count("\n") + 1
    for by in sorted(range(1 - min(lines), count - max(lines) + 1), key=lambda n: (abs(n), n)):
        there = tuple(n + by for n in lines)
        stands = passage(text, there)
        if stands is not None and digest(stands) == p.digest:
            return there
    return ()


def pinned(register: Register, checked: Iterable[Compared]) -> str:
    """The text of a register with the digests it lacks written in; what is registered stays as it is."""
    put: list[tuple[int, str]] = []
    for c in checked:
        if c.state != "unregistered" or not c.digest:
            continue
        if c.provision:
            p = register.provisions[c.provision]
            new = [] if p.lines else [f"lines = [{', '.join(map(str, c.lines))}]"]
            new.append(f'digest = "{c.digest}"')
            at = place(register.source, ("provisions", c.provision), "locator")
        else:
            new = [f'sha256 = "{c.digest}"']
            at = place(register.source, ("documents", c.document) if c.document else ("document",))
        end = register.source.text.find("\n", at.end)
        put.append((end if end >= 0 else len(register.source.text), "".join(f"\n{line}" for line in new)))
    text = register.source.text
    for at_end, new_lines in sorted(put, reverse=True):
        text = text[:at_end] + new_lines + text[at_end:]
    return text
