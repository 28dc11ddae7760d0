"""What is wrong with a text or a record, said once for people and programs: one type, rendered in two languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from .catalogue import CATALOGUE, Entry
from .language.source import HIDDEN, Span

MARGIN: Final = 2
# The most characters of a text that a sentence quotes, and the most findings one command prints.
LONGEST: Final = 400
MOST_SHOWN: Final = 200


@frozen
class Note:
    """Another place that is involved, and how."""

    span: Span
    zh: str
    en: str


@frozen
class Diagnostic:
    """One finding: a stable code, what stands there, the exact place, other places, and what its sentence
    names."""

    code: str
    span: Span
    values: tuple[tuple[str, str], ...] = ()
    others: tuple[Note, ...] = ()
    suggestion: str = ""

    @property
    def entry(self) -> Entry:
        return CATALOGUE[self.code]

    @property
    def severity(self) -> str:
        """'error', 'warning' or 'note'."""
        return self.entry.severity

    def message(self, lang: str) -> str:
        """One sentence saying what is wrong."""
        return self.entry.message(lang).format(**{k: side(v, lang) for k, v in self.values})

    def remedy(self, lang: str) -> str:
        """One sentence saying how to mend it."""
        text = self.entry.remedy(lang).format(**{k: side(v, lang) for k, v in self.values})
        if self.suggestion:
            text += f" 是否指“{self.suggestion}”？" if lang == "zh" else f" Did you mean “{self.suggestion}”?"
        return text.strip()

    @property
    def order(self) -> tuple[str, int, str]:
        return self.span.source.name, self.span.start, self.code


def side(value: str, lang: str) -> str:
    """A value written 'zh\\ten' shows the side asked for."""
    zh, tab, en = value.partition("\t")
    return en if tab and lang == "en" else zh


def found(code: str, span: Span, *others: Note, suggestion: str = "", **values: object) -> Diagnostic:
    """A diagnostic of *code* at *span*; *values* fill its sentence, each shortened to what can be read at a glance."""
    said = {k: "\t".join(_short(side) for side in str(v).split("\t")) for k, v in values.items()}
    return Diagnostic(code, span, tuple(sorted(said.items())), others, suggestion)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 2] + "……"


def width(text: str) -> int:
    """Columns a text takes on a terminal: a Chinese character takes two, a combining mark none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def visible(text: str) -> str:
    """The text with control, direction and invisible characters shown as �, so that nothing hides or moves what
    follows."""
    text = HIDDEN.sub(lambda m: "\ufffd" * len(m[0]), text)
    return "".join(c if c == "\t" or unicodedata.category(c) not in _UNSEEN else "\ufffd" for c in text)


_UNSEEN: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")
_SEVERITY: Final = {
    "error": {"zh": "错误", "en": "error"},
    "warning": {"zh": "警告", "en": "warning"},
    "note": {"zh": "提示", "en": "note"},
}


def severity_word(severity: str, lang: str) -> str:
    """错误, 警告, 提示."""
    return _SEVERITY[severity][lang]


def render(diagnostic: Diagnostic, lang: str) -> str:
    """The diagnostic as a compiler shows it: sentence, place, the line with carets under it, other places, remedy."""
    lines = [f"{severity_word(diagnostic.severity, lang)}[{diagnostic.code}]: {visible(diagnostic.message(lang))}"]
    places: list[tuple[Span, str]] = [(diagnostic.span, "")]
    places += [(n.span, n.zh if lang == "zh" else n.en) for n in diagnostic.others]
    gutter = max(len(str(s.source.place(s.start)[0])) for s, _ in places)
    for i, (span, label) in enumerate(places):
        arrow = "-->" if i == 0 else ":::"
        if span.source.name:
            lines.append(f"{' ' * gutter}{arrow} {visible(str(span))}")
        if span.source.text:
            lines += _excerpt(span, label, gutter)
        elif label:
            lines.append(f"{' ' * gutter} = {visible(label)}")
    if remedy := diagnostic.remedy(lang):
        lines.append(f"{' ' * gutter} = {'改法' if lang == 'zh' else 'help'}: {visible(remedy)}")
    return "\n".join(lines)


def _excerpt(span: Span, label: str, gutter: int) -> list[str]:
    number, column = span.source.place(span.start)
    raw = span.source.line(number)
    start, most = max(0, column - 81), 160
    text = visible(raw[start : start + most].replace("\t", " "))
    before = width(text[: column - 1 - start])
    marked = text[column - 1 - start : column - 1 - start + max(1, span.end - span.start)]
    carets = "^" * max(1, width(marked))
    tail = f" {visible(label)}" if label else ""
    return [
        f"{' ' * gutter} |",
        f"{number:>{gutter}} | {text}",
        f"{' ' * gutter} | {' ' * before}{carets}{tail}",
    ]


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place, each once."""
    kept: dict[object, Diagnostic] = {}
    for d in diagnostics:
        kept.setdefault((d.order, d.values), d)
    return tuple(sorted(kept.values(), key=lambda d: d.order))


def shown(diagnostics: Iterable[Diagnostic], lang: str) -> Iterator[str]:
    """The diagnostics rendered, up to a number; then how many more there are."""
    diagnostics = list(diagnostics)
    for d in diagnostics[:MOST_SHOWN]:
        yield render(d, lang)
    if (more := len(diagnostics) - MOST_SHOWN) > 0:
        yield f"另有{more}处没有列出。" if lang == "zh" else f"{more} more not listed."


def counts(diagnostics: Iterable[Diagnostic], lang: str) -> str:
    """'2 errors, 1 warning', or nothing to report."""
    diagnostics = list(diagnostics)
    parts = []
    for severity, name in _SEVERITY.items():
        n = sum(d.severity == severity for d in diagnostics)
        if n:
            parts.append(f"{name['zh']}{n}处" if lang == "zh" else f"{n} {severity}{'s' if n > 1 else ''}")
    if not parts:
        return "未发现问题。" if lang == "zh" else "No findings."
    return "、".join(parts) + "。" if lang == "zh" else ", ".join(parts) + "."


class Unusable(Exception):
    """An input that cannot be used at all; it carries every diagnostic, so that none is lost."""

    def __init__(self, diagnostics: Iterable[Diagnostic]):
        self.diagnostics = ordered(diagnostics)
        super().__init__("; ".join(d.message("en") for d in self.diagnostics))
