"""Findings for other programs: JSON, SARIF 2.1.0, and the annotations of GitHub's runners.

Lines and columns count from one, columns in characters (Unicode code points), as everywhere in this project; SARIF is
told so by its columnKind. A file is named relative to the folder the command runs in, or, outside it, in full.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from .. import __version__
from ..catalogue import CATALOGUE
from ..diagnostics import Diagnostic
from ..language.source import Span
from ..pages import LANGUAGES, remedy, sentence

SCHEMA_VERSION: Final = 1
Paths = Mapping[str, Path]


def _file(span: Span, paths: Paths) -> str:
    path = paths.get(span.source.name)
    if path is None:
        return span.source.name
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _place(span: Span, paths: Paths) -> dict[str, Any] | None:
    """Where a span stands; None for what stands in no text."""
    if not span.source.text:
        return None
    line, column = span.source.place(span.start)
    end_line, end_column = span.source.place(max(span.end, span.start))
    return {"file": _file(span, paths), "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def as_json(findings: Iterable[Diagnostic], paths: Paths, lang: str) -> str:
    """Every finding with both languages; *lang* makes no difference."""
    rows = [
        {
            "code": d.code,
            "severity": d.severity,
            "message": {x: d.message(x) for x in LANGUAGES},
            "remedy": {x: d.remedy(x) for x in LANGUAGES},
            "suggestion": d.suggestion,
            "place": _place(d.span, paths),
            "others": [{"place": _place(n.span, paths), "zh": n.zh, "en": n.en} for n in d.others],
        }
        for d in findings
    ]
    counts = {s: sum(r["severity"] == s for r in rows) for s in ("error", "warning", "note")}
    whole = {"schema_version": SCHEMA_VERSION, "columns": "unicode code points", "counts": counts, "findings": rows}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def as_sarif(findings: Iterable[Diagnostic], paths: Paths, lang: str) -> str:
    """A SARIF 2.1.0 log of one run, with a rule for each code that occurs."""
    findings = list(findings)
    codes = sorted({d.code for d in findings})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": sentence(CATALOGUE[code], lang)},
            "help": {"text": remedy(CATALOGUE[code], lang)},
            "defaultConfiguration": {"level": CATALOGUE[code].severity},
        }
        for code in codes
    ]
    results = [
        {
            "ruleId": d.code,
            "ruleIndex": codes.index(d.code),
            "level": d.severity,
            "message": {"text": f"{d.message(lang)} {d.remedy(lang)}".strip()},
            "locations": _locations([(d.span, "")], paths),
            "relatedLocations": _locations([(n.span, n.zh if lang == "zh" else n.en) for n in d.others], paths),
            "partialFingerprints": {"policyFinding/v1": _fingerprint(d)},
        }
        for d in findings
    ]
    run = {
        "tool": {"driver": {"name": "policy", "version": __version__, "rules": rules}},
        "language": "zh-CN" if lang == "zh" else "en",
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _locations(spans: Iterable[tuple[Span, str]], paths: Paths) -> list[dict[str, Any]]:
    found = []
    for span, label in spans:
        at = _place(span, paths)
        if at is None:
            continue
        region = {
            "startLine": at["line"],
            "startColumn": at["column"],
            "endLine": at["end_line"],
            "endColumn": at["end_column"],
        }
        uri = quote(at["file"]) if not os.path.isabs(at["file"]) else Path(at["file"]).as_uri()
        location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
        found.append({**location, "message": {"text": label}} if label else location)
    return found


def _fingerprint(d: Diagnostic) -> str:
    """The same for the same finding after lines were moved: its code, its file and what stands in its line."""
    line = d.span.source.line(d.span.source.place(d.span.start)[0]) if d.span.source.text else ""
    told = "\0".join((d.code, d.span.source.name, line.strip(), d.span.text))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def as_github(findings: Iterable[Diagnostic], paths: Paths, lang: str) -> str:
    """A workflow command a finding: `::warning file=…,line=…::what and how to mend it`."""
    lines = []
    for d in findings:
        kind = "notice" if d.severity == "note" else d.severity
        at = _place(d.span, paths)
        where = {} if at is None else {"file": at["file"], "line": at["line"], "endLine": at["end_line"]}
        if at is not None and at["line"] == at["end_line"]:
            # Columns are refused where a finding runs over several lines.
            where |= {"col": at["column"], "endColumn": at["end_column"]}
        values = ",".join(f"{k}={_escaped(str(x), ':,')}" for k, x in {**where, "title": d.code}.items())
        lines.append(f"::{kind} {values}::{_escaped(d.message(lang) + chr(10) + d.remedy(lang))}")
    return "\n".join(lines)


def _escaped(text: str, also: str = "") -> str:
    for c in "%\r\n" + also:
        text = text.replace(c, f"%{ord(c):02X}")
    return text


FORMATS: Final[Mapping[str, Callable[[Iterable[Diagnostic], Paths, str], str]]] = {
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}
