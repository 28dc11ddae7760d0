"""The register of a regime told, as text and as data: what there is, what encodes it, what no longer stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from ..check.coverage import Coverage, Entry
from ..diagnostics import visible
from ..language.keywords import word
from ..language.lexer import Lexicon
from ..passages import STATES, Compared
from ..register import MODALITIES, Ambiguity, Provision, Register

STANDINGS: Final = {
    "carried": ("有承担", "carried"), "no_effect": ("没有影响", "no effect"), "open": ("待承担", "open"),
    "unaccounted": ("没有交代", "not accounted for"),
}  # fmt: skip


def layer(key: str, lang: str) -> str:
    return word("LAYER", key, lang).replace("_", " ")


def modality(p: Provision, lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(MODALITIES[x][lang != "zh"] for x in p.modality)


def document_name(register: Register, id: str) -> str:
    d = register.documents.get(id)
    return (d.title if d is not None else "") or id


def standing(entry: Entry, a: Ambiguity, lexicon: Lexicon, lang: str) -> str:
    """What becomes of an ambiguity, in one line: by what it is carried, why it has no effect, what is missing."""
    key, zh = entry.standing(a), lang == "zh"
    colon, semi = ("：", "；") if zh else (": ", "; ")
    carriers = semi.join(c.told(lexicon, lang) for c in entry.carriers[a.id])
    said = a.open(lang) if key == "open" else a.no_effect(lang) if key == "no_effect" else carriers
    in_part = f"{'部分有承担' if zh else 'carried in part'}{colon}{carriers}{semi}"
    return (in_part if key == "open" and carriers else "") + STANDINGS[key][not zh] + (f"{colon}{said}" if said else "")


# What there is.


def listed(register: Register, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    for d in register.documents.values():
        yield visible(f"{d.id + '  ' if d.id else ''}{d.title}")
        yield visible("    " + ("；" if zh else "; ").join(x for x in (d.issuer, d.date, d.kind) if x))
        yield f"    sha256 {d.sha256 or '—'}"
        of = [p for p in register.provisions.values() if p.document == d.id]
        for p in of:
            about = ("，" if zh else ", ").join(x for x in (layer(p.layer, lang), modality(p, lang)) if x)
            yield visible(f"  {p.id}  {p.locator}  [{about}]")
            yield visible(f"      {p.zh if zh else p.en}")
        unclear = sum(len(p.ambiguities) for p in of)
        yield f"  {len(of)} 条，不明之处 {unclear} 处" if zh else f"  {len(of)} provisions, {unclear} ambiguities"


def listed_data(register: Register) -> dict[str, Any]:
    """The register as data: documents and provisions with all that is registered of them."""
    return {
        "documents": [
            {"id": d.id, "title": d.title, "issuer": d.issuer, "date": d.date, "kind": d.kind, "sha256": d.sha256}
            for d in register.documents.values()
        ],
        "provisions": [
            {
                "id": p.id, "document": p.document, "locator": p.locator, "lines": list(p.lines), "digest": p.digest,
                "layer": p.layer, "modality": list(p.modality), "zh": p.zh, "en": p.en,
                "ambiguities": [{"id": a.id, "zh": a.said.zh, "en": a.said.en} for a in p.ambiguities],
            }
            for p in register.provisions.values()
        ],
    }  # fmt: skip


# What encodes it.


def covered(coverage: Coverage, lang: str) -> Iterator[str]:
    lexicon = coverage.lexicon
    for e in coverage.entries:
        p = e.provision
        about = ("，" if lang == "zh" else ", ").join(x for x in (layer(p.layer, lang), modality(p, lang)) if x)
        yield visible(f"{p.id}  {p.locator}  [{about}]")
        for x in e.encodings:
            yield visible(f"    {x.told(lexicon, lang)}" + (f"  {x.line}" if x.line else ""))
        if not e.encodings:
            yield "    没有一条政策写它" if lang == "zh" else "    encoded by nothing"
        for a in p.ambiguities:
            yield visible(f"    {a.id}  {a.said(lang)}")
            yield visible(f"        {standing(e, a, lexicon, lang)}")
    yield ""
    yield from summary(coverage, lang)


def totals(coverage: Coverage) -> dict[str, int]:
    entries = coverage.entries
    standings = Counter(e.standing(a) for e in entries for a in e.provision.ambiguities)
    return {
        "provisions": len(entries),
        "encoded": sum(bool(e.encodings) and not e.kept for e in entries),
        "kept": sum(e.kept for e in entries),
        "unencoded": sum(not e.encodings for e in entries),
        "ambiguities": sum(standings.values()),
        **{key: standings[key] for key in STANDINGS},
    }


def summary(coverage: Coverage, lang: str) -> Iterator[str]:
    n = totals(coverage)
    if lang == "zh":
        yield f"条款 {n['provisions']} 条：写成政策 {n['encoded']}，存录 {n['kept']}，没有写 {n['unencoded']}。"
        by_zh = "，".join(f"{zh} {n[key]}" for key, (zh, _) in STANDINGS.items())
        yield f"不明之处 {n['ambiguities']} 处：{by_zh}。"
    else:
        kinds = f"{n['encoded']} encoded, {n['kept']} kept as notes, {n['unencoded']} encoded by nothing"
        yield f"{n['provisions']} provisions: {kinds}."
        by_en = ", ".join(f"{n[key]} {en}" for key, (_, en) in STANDINGS.items())
        yield f"{n['ambiguities']} ambiguities: {by_en}."


def covered_data(coverage: Coverage) -> dict[str, Any]:
    lexicon = coverage.lexicon

    def ambiguity(e: Entry, a: Ambiguity) -> dict[str, Any]:
        reasons = {k: {"zh": x.zh, "en": x.en} for k, x in (("no_effect", a.no_effect), ("open", a.open)) if x}
        carriers = [
            {"written": c.written, "zh": c.told(lexicon, "zh"), "en": c.told(lexicon, "en"), "exists": c.known}
            for c in e.carriers[a.id]
        ]
        said = {"id": a.id, "zh": a.said.zh, "en": a.said.en, "standing": e.standing(a)}
        return {**said, "carried_by": carriers, **reasons}

    return {
        "totals": totals(coverage),
        "provisions": [
            {
                "id": e.provision.id, "locator": e.provision.locator, "layer": e.provision.layer,
                "modality": list(e.provision.modality), "kept": e.kept,
                "encoded_by": [
                    {"kind": x.kind, "zh": x.name, "en": lexicon.written(x.name, "en"), "line": x.line}
                    for x in e.encodings
                ],
                "cases": [d.name.text for d in e.cases if d.name is not None],
                "ambiguities": [ambiguity(e, a) for a in e.provision.ambiguities],
            }
            for e in coverage.entries
        ],
    }  # fmt: skip


# What no longer stands.


def verified(checked: Iterable[Compared], register: Register, lang: str) -> Iterator[str]:
    """What moved, a line each, and how many stand."""
    checked = list(checked)
    for c in checked:
        if c.state != "same":
            yield visible(f"{_what(c, register, lang)}  {STATES[c.state][lang != 'zh']}{_where(c, lang)}")
    same = sum(c.state == "same" for c in checked)
    if lang == "zh":
        yield f"相符 {same} 处，不符 {len(checked) - same} 处。"
    else:
        yield f"{same} as registered, {len(checked) - same} not."


def _what(c: Compared, register: Register, lang: str) -> str:
    if not c.provision:
        return f"{'文件' if lang == 'zh' else 'document'} {document_name(register, c.document) or c.file}"
    if not c.lines:
        return f"{c.provision}"
    numbers = ("、" if lang == "zh" else ", ").join(map(str, c.lines))
    lines = f"（第 {numbers} 行）" if lang == "zh" else f" (line{'s' if len(c.lines) > 1 else ''} {numbers})"
    return f"{c.provision}{lines}"


def _where(c: Compared, lang: str) -> str:
    if c.state == "moved":
        numbers = ("、" if lang == "zh" else ", ").join(map(str, c.now))
        return f"：现在第 {numbers} 行" if lang == "zh" else f": now at {numbers}"
    if c.state in ("differs", "unregistered") and c.digest:
        return f"：现在的摘要 {c.digest}" if lang == "zh" else f": what stands there has the digest {c.digest}"
    return ""


def verified_data(checked: Iterable[Compared]) -> list[dict[str, Any]]:
    return [
        {
            "document": c.document, "provision": c.provision or None, "state": c.state, "lines": list(c.lines),
            "now": list(c.now), "digest": c.digest, "file": c.file,
        }
        for c in checked
    ]  # fmt: skip
