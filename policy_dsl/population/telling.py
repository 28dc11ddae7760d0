"""A run told on a terminal: how many, by group and by effect, and what is most often missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ..diagnostics import width
from .rates import Group, Rates
from .tables import heading

# As many of what is missing as are worth a line each; the tables of the result hold all.
_MOST: Final = 10
_MOST_OF_GROUP: Final = 3
_MOST_LINES: Final = 60
# Why somebody is not decided in sets.
_WHY: Final = {
    "form": "有的效果没有成列的写法\tan effect has no form in columns",
    "name": "有的清单与成批判断所用的表同名\ta list is named like a table that deciding in sets uses",
    "number": "同批有数字长得列里装不下\ta number in the batch is longer than a column holds",
    "reading": "取决于未选的解读\tit turns on a reading not chosen",
}


def told(rates: Rates, about: Mapping[str, Any]) -> str:
    """Everything but where it was written."""
    w, zh = rates.w, rates.w.zh
    persons, decided, open_, aside = (about[k] for k in ("persons", "decided", "undetermined", "set_aside"))
    lines = [f"{w.name(rates.policy.name)}  {w.say('as_of')} {about['as_of']}  {about['engine']}"]
    counts = (
        f"{persons} 人：已定 {decided}，未定 {open_}"
        if zh
        else f"{persons} persons: {decided} decided, {open_} undetermined"
    )
    lines.append(counts + ((f"；另搁置 {aside}" if zh else f"; {aside} set aside") if aside else ""))
    lines += _how(about, zh)
    for name, what in about["left_to_interpreter"].items():
        by = "由解释器判断" if zh else "judged by the interpreter"
        lines.append(f"{by}{w.colon}{w.name(name)}{w.paren(what)}")
    if rates.by:
        lines += ["", *_laid(_groups(rates), len(rates.by), zh)]
    if rates.told_effects():
        lines += ["", *_laid(_effects(rates), 1 + len(rates.by), zh)]
    if quiet := rates.quiet_effects():
        lines.append(f"{w.say('rest')}{w.paren(str(len(quiet)))}")
    if rates.missing:
        lines += ["", *_laid(_missing(rates), 0, zh)]
    return "\n".join(lines)


def _how(about: Mapping[str, Any], zh: bool) -> Iterator[str]:
    """How many were decided in sets, and how many by the interpreter, and why."""
    why = about["decided_by_interpreter"]
    if not why and not about["decided_in_sets"]:
        return
    told = (_WHY[k].split("\t")[not zh] for k in why)
    each = ("；" if zh else "; ").join(f"{x} {n}" for x, n in zip(told, why.values(), strict=True))
    of = (about["decided_in_sets"], sum(why.values()))
    said = "成批判断 {} 人，由解释器逐个判断 {} 人" if zh else "decided in sets: {}; one by one by the interpreter: {}"
    yield said.format(*of) + ((f"（{each}）" if zh else f" ({each})") if each else "")
    if many := about["read_one_by_one"]:
        yield f"其中逐个读取 {many} 人" if zh else f"of these read one by one: {many}"


def _groups(rates: Rates) -> Iterator[list[str]]:
    """A line for each group, with what its persons lack most often."""
    w = rates.w
    keys = ("persons", "decided", "undetermined")
    yield [*map(w.name, rates.by), *(heading(k, w.lang) for k in keys), w.say("missing")]
    for g in rates.groups:
        lacking = ((what, n) for (there, what), n in rates.lacking.items() if there == g)
        most = sorted(lacking, key=lambda x: (-x[1], x[0]))[:_MOST_OF_GROUP]
        open_ = rates.persons[g] - rates.decided[g]
        counts = (str(n) for n in (rates.persons[g], rates.decided[g], open_))
        yield [*g, *counts, w.semi.join(f"{what} {n}" for what, n in most)]


def _effects(rates: Rates) -> Iterator[list[str]]:
    """A line for each effect and group, a column for each outcome that occurs."""
    w, keys = rates.w, rates.keys()
    yield [heading("effect", w.lang), *map(w.name, rates.by), *map(rates.word, keys)]
    for effect in rates.told_effects():
        for g in rates.groups:
            yield [w.effect(effect), *g, *(str(rates.outcomes[g, effect, k]) for k in keys)]


def _missing(rates: Rates) -> Iterator[list[str]]:
    """What is missing most often, of everybody."""
    w = rates.w
    counts: Counter[Group] = Counter()
    for (_, fact, kind, who), n in rates.missing.items():
        counts[fact, kind, who] += n
    yield [heading(k, w.lang) for k in ("persons", "fact", "kind", "who")]
    for what, n in sorted(counts.items(), key=lambda x: (-x[1], x[0]))[:_MOST]:
        yield [str(n), *what]


def _laid(rows: Iterator[list[str]], texts: int, zh: bool) -> Iterator[str]:
    """Rows in columns: so many of text at the left, then figures, and what follows them as it stands; of very many the
    first, and how many more there are."""
    every = list(rows)
    found = every[: _MOST_LINES + 1]
    wide = [max(width(row[i]) for row in found) for i in range(len(found[0]))]
    for row in found:
        cells = [_padded(cell, wide[i], i >= texts and _is_figures(found, i)) for i, cell in enumerate(row)]
        yield "  ".join(cells).rstrip()
    if (more := len(every) - len(found)) > 0:
        yield f"另有 {more} 行，见结果" if zh else f"{more} more lines: see the result"


def _is_figures(rows: Sequence[Sequence[str]], column: int) -> bool:
    return all(row[column].isdecimal() for row in rows[1:])


def _padded(text: str, wide: int, right: bool) -> str:
    gap = " " * (wide - width(text))
    return gap + text if right else text + gap
