"""What an analysis found, told: each finding with the smallest record that shows it, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from .. import model as m
from .. import values as v
from ..diagnostics import render
from ..language.keywords import DEFAULT_LAYERS, word
from ..language.lexer import Lexicon
from ..shapes import COMPLETE, ENGLISH_KEYS, FINDINGS, ID, ROWS
from .findings import Paths, as_json, as_sarif

if TYPE_CHECKING:
    from ..symbolic.asking import Witness
    from ..symbolic.questions import Analysed, Finding, Survey

_ENGLISH: Final = {zh: en for en, zh in ENGLISH_KEYS.items()}
# How lists and days are bounded, said with every result.
_SCOPE: Final = {
    "zh": "问遍决定日在 {first} 至 {last} 之间、{rows}的一切记录；答案都由解释器复核。",
    "en": "Asked of every record decided between {first} and {last} with {rows}; the interpreter confirms each answer.",
}  # fmt: skip


def told(survey: Survey, finding: Finding, lang: str) -> str:
    """A finding as `check` shows one, and its record below."""
    lines = [render(finding.diagnostic, lang)]
    if finding.witness is not None:
        lines += [f"  {line}" for line in record_lines(survey, finding.witness, lang)]
    if finding.witness is not None and finding.other is not None:
        lines.append("  另一份只有这一处不同：" if lang == "zh" else "  the other differs in this alone:")
        first = {*record_lines(survey, finding.witness, lang)}
        lines += [f"  {line}" for line in record_lines(survey, finding.other, lang) if line not in first]
    return "\n".join(lines)


def record_lines(survey: Survey, w: Witness, lang: str) -> Iterator[str]:
    """A record a line each: the question it is put under, what is supposed, then what it holds."""
    zh, written = lang == "zh", survey.policy.lexicon.written
    day = v.shown_day(w.frame.as_of)
    line = (
        ("就已载明者" if zh else "on what is printed") if w.frame.printed else ("就全文" if zh else "on the whole text")
    )
    yield f"最小的记录（决定日 {day}，{line}）：" if zh else f"a smallest record (decided {day}, {line}):"
    if extra := sorted(w.frame.layers - set(DEFAULT_LAYERS)):
        yield ("  采用层级：" if zh else "  layers admitted: ") + ("、" if zh else ", ").join(
            word("LAYER", x, lang) for x in extra
        )
    for name, option in w.frame.readings.items():
        yield f"  {name} 取 {option}" if zh else f"  {written(name, 'en')} taken as {written(option, 'en')}"
    for name, shown in supposed(survey, w, lang):
        yield f"  设未载明的“{name}”为{shown}" if zh else f"  supposing of what is not printed, “{name}”: {shown}"
    for name, cell in w.raw.items():
        if name == FINDINGS:
            for f in cell:
                of = (
                    f"（{f['所属']} {f['所属编号']}）"
                    if zh and "所属" in f
                    else f" ({written(f['所属'], 'en')} {f['所属编号']})"
                    if "所属" in f
                    else ""
                )
                yield (
                    f"  认定 {f['问题']}{of}：{f['答']}"
                    if zh
                    else f"  finding {written(f['问题'], 'en')}{of}: {_said(f['答'], lang, written)}"
                )
        elif isinstance(cell, dict):
            yield from _list_lines(name, cell, lang, written)
        elif name != ID:
            yield f"  {_said(name, lang, written)}{'：' if zh else ': '}{_said(cell, lang, written)}"


def _list_lines(name: str, cell: Mapping[str, Any], lang: str, written: Any) -> Iterator[str]:
    zh = lang == "zh"
    complete = ("，齐备" if zh else ", complete") if cell.get(COMPLETE) else ""
    if not cell[ROWS]:
        yield f"  {name}：没有{complete}" if zh else f"  {written(name, 'en')}: none{complete}"
    for i, row in enumerate(cell[ROWS]):
        cells = [f"{_said(k, lang, written)} {_said(x, lang, written)}" for k, x in row.items() if k != ID]
        shown = ("、" if zh else ", ").join(cells) + (complete if i == len(cell[ROWS]) - 1 else "")
        yield f"  {_said(name, lang, written)} {row[ID]}{'：' if zh else ': '}{shown}"


def _said(x: Any, lang: str, written: Any) -> str:
    if isinstance(x, list):
        between = "，" if lang == "zh" else ", "
        return between.join(
            (f"自 {s['自']} {s['值']}" if lang == "zh" else f"from {s['自']} {written(str(s['值']), 'en')}") for s in x
        )
    text = str(x)
    return (
        text
        if lang == "zh"
        else "not_applicable"
        if text == "无"
        else {"是": "yes", "否": "no"}.get(text, written(text, "en"))
    )


def supposed(survey: Survey, w: Witness, lang: str) -> Iterator[tuple[str, str]]:
    """What the witness supposes of each thing the text does not say."""
    for key, value in w.given.items():
        e = survey.world.leaves[key][0]
        yield e.name, valued(value, e, lang, survey.policy)


def valued(value: v.Value, e: m.Leaf | m.Unprinted, lang: str, policy: m.Policy) -> str:
    if isinstance(value, int):
        yes = ("不成立", "成立") if lang == "zh" else ("does not hold", "holds")
        index = value.bit_length() - 1
        return yes[index] if e.type.kind == "truth" else policy.lexicon.written((*e.type.options, "无")[index], lang)
    if value[0] > value[1]:
        return "无" if lang == "zh" else "not_applicable"
    return v.shown_day(value[0]) if e.type.kind == "day" else str(v.shown_number(value[0], e.type.unit))


def proofs(analysed: Analysed, lang: str) -> Iterator[str]:
    """What became of each property."""
    words = {"proved": ("已证明", "proved"), "refuted": ("不成立", "refuted"), "undecided": ("未断定", "undecided")}
    for proof in analysed.proofs:
        name, word_ = proof.name.text, words[proof.outcome][lang == "en"]
        english = analysed.survey.policy.lexicon.written(name, "en")
        yield f"性质“{name}”：{word_}" if lang == "zh" else f"property “{english}”: {word_}"


def scope(survey: Survey, lang: str) -> str:
    """Within which bounds it was asked."""
    first, last = (v.shown_day(x) for x in survey.decided)
    counts = {of: len(slots) for of, slots in survey.world.lists.items()}
    return _SCOPE[lang].format(first=first, last=last, rows=rows_said(counts, survey.policy.lexicon, lang))


def rows_said(counts: Mapping[str, int], lexicon: Lexicon, lang: str) -> str:
    """How many rows each list may hold."""
    usual = min(counts.values(), default=2)
    more = {of: n for of, n in counts.items() if n > usual}
    if lang == "zh":
        return f"每个清单至多{usual}行" + (
            "（" + "、".join(f"{of}{n}行" for of, n in more.items()) + "）" if more else ""
        )
    named = ", ".join(f"{lexicon.written(of, 'en')} {n}" for of, n in more.items())
    return f"at most {usual} rows a list" + (f" ({named})" if more else "")


def plain(survey: Survey, finding: Finding) -> dict[str, Any] | None:
    """The record for programs; None where nothing can be shown."""
    w = finding.witness
    if w is None:
        return None
    return {
        "as_of": v.shown_day(w.frame.as_of),
        "line": "printed" if w.frame.printed else "whole",
        "layers": sorted(w.frame.layers),
        "readings": dict(w.frame.readings),
        "supposed": dict(supposed(survey, w, "zh")),
        "record": dict(w.raw),
        "other_record": None if finding.other is None else dict(finding.other.raw),
    }


def program(analysed: Sequence[tuple[str, Analysed]], form: str, paths: Paths, lang: str) -> str:
    """All findings as JSON or SARIF, each with its record; in JSON also what became of each property."""
    results = [(one.survey, f) for _, one in analysed for f in one.findings]
    made = {"json": as_json, "sarif": as_sarif}[form]([f.diagnostic for _, f in results], paths, lang)
    whole = json.loads(made)
    if form == "json":
        whole["properties"] = [
            {"regime": regime, "name": p.name.text, "outcome": p.outcome}
            for regime, one in analysed
            for p in one.proofs
        ]
    rows = whole["findings"] if form == "json" else whole["runs"][0]["results"]
    for row, (survey, finding) in zip(rows, results, strict=True):
        if form == "json":
            row["witness"] = plain(survey, finding)
        elif finding.witness is not None:
            row["properties"] = {"witness": plain(survey, finding)}
    return json.dumps(whole, ensure_ascii=False, indent=2)
