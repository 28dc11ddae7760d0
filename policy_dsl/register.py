"""The register of a regime's sources: its documents, the passages its provisions rest on, what they leave unclear.

A register is a `sources.toml`; `docs/sources` says how it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from attrs import evolve, field, frozen

from .diagnostics import Diagnostic, found
from .language.keywords import LAYERS
from .language.numerals import days_of, read_date
from .language.source import NOWHERE, Source, Span
from .toml_text import table

FILE: Final = "sources.toml"

# What the source itself does in a passage, in both languages.
MODALITIES: Final[Mapping[str, tuple[str, str]]] = {
    "must": ("应当", "must"), "may": ("可以", "may"), "forbid": ("不得", "forbid"), "practice": ("做法", "practice"),
    "example": ("事例", "example"), "plan": ("计划", "plan"), "principle": ("原则", "principle"),
    "document": ("文件", "document"), "silent": ("未写", "silent"),
}  # fmt: skip


@frozen
class Said:
    """A sentence in both languages."""

    zh: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    def __call__(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    @property
    def both(self) -> str:
        return f"{self.zh}\t{self.en}"


@frozen
class Document:
    """A text the provisions are drawn from; *sha256* is of its normalised text, *file* what it was kept as."""

    id: str
    title: str = ""
    issuer: str = ""
    date: str = ""
    kind: str = ""
    file: str = ""
    sha256: str = ""


@frozen
class Ambiguity:
    """Something a passage leaves unclear, and what becomes of it: things that carry it, why it has no effect, or what
    is still missing."""

    id: str
    said: Said
    carried_by: tuple[str, ...] = ()
    no_effect: Said = Said()
    open: Said = Said()

    @property
    def accounted(self) -> bool:
        return bool(self.carried_by or self.no_effect or self.open)


@frozen
class Provision:
    """One provision: where it stands in which document, on which layer, what it says in our own words.

    *lines* are the lines of the normalised text, in the order the locator names them; *digest* is of those lines.
    """

    id: str
    locator: str = ""
    layer: str = "printed"
    zh: str = ""
    en: str = ""
    modality: tuple[str, ...] = ()
    document: str = ""
    lines: tuple[int, ...] = ()
    digest: str = ""
    ambiguities: tuple[Ambiguity, ...] = ()


@frozen
class Register:
    """A register as read: documents and provisions by id, and the folders beside it that hold the texts above."""

    source: Source = NOWHERE.source
    documents: Mapping[str, Document] = field(factory=dict)
    provisions: Mapping[str, Provision] = field(factory=dict)
    above: tuple[str, ...] = ()

    def place(self, id: str, text: str = "") -> Span:
        """Where an entry stands: its heading, or *text* inside it, as in `F-01` or `F-01.a`."""
        return place(self.source, ("provisions", *_parted(id)), text)


def _parted(id: str) -> tuple[str, ...]:
    provision, dot, letter = id.rpartition(".")
    return (provision, "ambiguities", letter) if dot else (id,)


def place(source: Source, table: tuple[str, ...], text: str = "") -> Span:
    """The heading of a table of the file, or *text* in it; the file's beginning where it is written in another way."""
    keys = r"\s*\.\s*".join(rf"""["']?{re.escape(k)}["']?""" for k in table)
    heading = re.search(rf"(?m)^\[\s*{keys}\s*\]", source.text)
    if heading is None:
        return Span(source, 0, len(source.text.partition("\n")[0]))
    if text:
        end = re.compile(r"(?m)^\[").search(source.text, heading.end())
        at = source.text.find(text, heading.end(), end.start() if end else len(source.text))
        if at >= 0:
            return Span(source, at, at + len(text))
    return Span(source, heading.start(), heading.end())


# Reading.

_NEEDED: Final = ("zh", "en")


class _Reader:
    """Reads the tables of one file; every misfit is kept with its place."""

    def __init__(self, source: Source, problems: list[Diagnostic]):
        self.source, self.problems = source, problems

    def wrong(self, table: tuple[str, ...], key: str, why: str) -> None:
        self.problems.append(found("P330", place(self.source, table, key), where=".".join(table), why=why))

    def table(self, value: Any, table: tuple[str, ...], kinds: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
        """The items of a table by its *kinds*, each of which reads a value or raises ValueError with what it wants."""
        if not isinstance(value, dict):
            self.wrong(table, "", "这里应是一张表\ta table is wanted here")
            return {}
        items = {}
        for key, x in value.items():
            if key not in kinds:
                known = ", ".join(kinds)
                self.wrong(table, key, f"没有“{key}”这一项，可写 {known}\tthere is no item “{key}”; there are {known}")
                continue
            try:
                items[key] = kinds[key](x)
            except ValueError as error:
                zh, _, en = str(error).partition("\t")
                self.wrong(table, key, f"“{key}”{zh}\t“{key}” {en}")
        return items

    def tables(self, value: Any, table: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        if isinstance(value, dict):
            yield from value.items()
        else:
            self.wrong(table, "", "这里应是一张表\ta table is wanted here")

    def register(self, raw: dict[str, Any]) -> Register:
        for key in raw.keys() - {"above", "document", "documents", "provisions"}:
            self.wrong((key,), "", f"没有“{key}”这一部分\tthere is no part “{key}”")
        documents = {}
        if "document" in raw:
            documents[""] = Document("", **self.table(raw["document"], ("document",), _DOCUMENT))
        for id, value in self.tables(raw.get("documents", {}), ("documents",)):
            documents[id] = Document(id, **self.table(value, ("documents", id), _DOCUMENT))
        provisions = {}
        for id, value in self.tables(raw.get("provisions", {}), ("provisions",)):
            provisions[id] = self.provision(id, value, documents)
        return Register(self.source, documents, provisions, self.above(raw.get("above", [])))

    def above(self, value: Any) -> tuple[str, ...]:
        """Which folders beside this one hold the texts above it: names, never paths."""
        if isinstance(value, list) and all(isinstance(x, str) and re.fullmatch(r"[\w-]+", x) for x in value):
            return tuple(value)
        self.wrong(("above",), "", "应是文件夹名的列表\tis to be a list of names of folders")
        return ()

    def provision(self, id: str, value: Any, documents: Mapping[str, Document]) -> Provision:
        table = ("provisions", id)
        items = self.table(value, table, _PROVISION)
        self.complete(items, table, _NEEDED)
        unclear = tuple(
            self.ambiguity(f"{id}.{letter}", (*table, "ambiguities", letter), x)
            for letter, x in self.tables(items.pop("ambiguities", {}), (*table, "ambiguities"))
        )
        if "document" not in items and len(documents) == 1:
            items["document"] = next(iter(documents))
        elif documents and items.get("document", "") not in documents:
            known = ", ".join(documents)
            self.wrong(table, "", f"“document”应是 {known} 之一\t“document” is to be one of {known}")
        return evolve(Provision(id, **items), ambiguities=unclear)

    def ambiguity(self, id: str, table: tuple[str, ...], value: Any) -> Ambiguity:
        items = self.table(value, table, _AMBIGUITY)
        self.complete(items, table, _NEEDED)
        if "no_effect" in items and ("carried_by" in items or "open" in items):
            self.wrong(table, "no_effect", "既说没有影响，又说有所承担\tit has no effect and is carried: one is wrong")
        said = Said(items.pop("zh", ""), items.pop("en", ""))
        return Ambiguity(id, said, **items)

    def complete(self, items: Mapping[str, Any], table: tuple[str, ...], needed: tuple[str, ...]) -> None:
        for key in needed:
            if key not in items:
                self.wrong(table, "", f"缺“{key}”\t“{key}” is missing")


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("应是文字\tis to be text")
    return value


def _date(value: Any) -> str:
    """A day as text, or what is known of it; one that is written as a date is in the calendar."""
    for lang in ("zh", "en"):
        read = read_date(_string(value), 0, lang)
        if read is not None and read[0] == len(value) and days_of(read[1]) is None:
            raise ValueError("应是日历上有的日子\tis to be a day of the calendar")
    return _string(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("应是文字\tis to be text")
    return value


def _sha256(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{64}", value):
        raise ValueError("应是六十四位小写的十六进制数\tis to be 64 lower-case hexadecimal digits")
    return value


def _lines(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or not value or not all(type(x) is int and x > 0 for x in value):
        raise ValueError("应是行号，如 [25, 7]\tis to be numbers of lines, as in [25, 7]")
    return tuple(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("应是一列文字\tis to be a list of texts")
    return tuple(map(_text, value))


def _layer(value: Any) -> str:
    if value not in LAYERS:
        raise ValueError(f"应是 {', '.join(LAYERS)} 之一\tis to be one of {', '.join(LAYERS)}")
    return str(value)


def _modality(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(x in MODALITIES for x in value):
        raise ValueError(f"应是 {', '.join(MODALITIES)} 中的一项或几项\tis to list some of {', '.join(MODALITIES)}")
    return tuple(value)


def _said(value: Any) -> Said:
    if not isinstance(value, dict) or value.keys() != {"zh", "en"}:
        raise ValueError("应写成 { zh = …, en = … }\tis to be written { zh = …, en = … }")
    return Said(_text(value["zh"]), _text(value["en"]))


_DOCUMENT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "title": _string, "issuer": _string, "date": _date, "kind": _string, "file": _string, "sha256": _sha256,
}  # fmt: skip
_PROVISION: Final[Mapping[str, Callable[[Any], Any]]] = {
    "locator": _text, "layer": _layer, "modality": _modality, "document": _text, "lines": _lines, "digest": _sha256,
    "zh": _text, "en": _text, "ambiguities": lambda x: x,
}  # fmt: skip
_AMBIGUITY: Final[Mapping[str, Callable[[Any], Any]]] = {
    "zh": _text, "en": _text, "carried_by": _texts, "no_effect": _said, "open": _said,
}  # fmt: skip


def read(source: Source, problems: list[Diagnostic]) -> Register:
    """The register a text holds; what is wrong in it is added to *problems*, each at its place."""
    raw = table(source, problems)
    return Register() if raw is None else _Reader(source, problems).register(raw)
