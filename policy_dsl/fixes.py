"""What can be mended without asking: unseen characters, answers to advice no longer given; and, asked for, spelling.

Another name is never put in unasked, since it may mean something else. Where it is asked for, it is put in only if one
declared name, and no second, is a single character away, and if checking the texts again then finds fewer errors and
none of a new kind.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve, frozen

from .check import Checked, check
from .check.allowances import allowances
from .diagnostics import Diagnostic
from .language.source import Source
from .pack import Pack

ROUNDS: Final = 20
# What a paste brings that takes no room: zero-width spaces and joiners, byte order marks, soft hyphens. Marks that turn
# the direction of writing are not among them: without one, a text reads otherwise than its author saw it.
UNSEEN: Final = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")


@frozen
class Edit:
    """Other characters in place of some of a text; *sure* where nothing but the mistake is changed by it."""

    source: Source
    start: int
    end: int
    text: str
    sure: bool = True


def mend(pack: Pack, names: bool = False) -> Pack:
    """The pack with every edit made that can be; *names*: also where a name is misspelt."""
    checked = check(pack)
    refused: set[tuple[str, str, str]] = set()
    for _ in range(ROUNDS):
        edits = [e for e in _edits(pack, checked, names) if _key(e) not in refused]
        if not edits:
            break
        if sure := [e for e in edits if e.sure]:
            # What hid may have kept the rest of its declaration from being read: there may be more to find now.
            pack = edited(pack, sure)
            checked = check(pack)
            continue
        for trial in (edits, *([e] for e in edits)):
            changed = edited(pack, trial)
            again = check(changed)
            if _better(again, checked):
                pack, checked = changed, again
                break
            if len(trial) == 1:
                refused.add(_key(trial[0]))
    return pack


def _key(e: Edit) -> tuple[str, str, str]:
    return e.source.name, e.source.text[e.start : e.end], e.text


def edited(pack: Pack, edits: Iterable[Edit]) -> Pack:
    """The pack with some of its texts changed; edits do not overlap."""
    texts = {x.name: x.text for x in pack.sources}
    for e in sorted(edits, key=lambda e: -e.start):
        text = texts[e.source.name]
        texts[e.source.name] = text[: e.start] + e.text + text[e.end :]
    anew = {x.name: x if x.text == texts[x.name] else Source(x.name, texts[x.name]) for x in pack.sources}
    return evolve(pack, sources=tuple(anew.values()), own=tuple(anew[x.name] for x in pack.own))


def _better(after: Checked, before: Checked) -> bool:
    """Fewer errors and none of a new kind; with as many errors, fewer findings."""
    errors = [Counter(d.code for d in c.findings if d.severity == "error") for c in (after, before)]
    if errors[0] - errors[1]:
        return False
    return errors[0] != errors[1] or len(after.findings) < len(before.findings)


def _edits(pack: Pack, checked: Checked, names: bool) -> Iterator[Edit]:
    own = {x.name for x in pack.own}
    taken: set[tuple[str, int]] = set()
    for d in checked.findings:
        source, start = d.span.source, d.span.start
        edit = _edit(d, checked, names) if source.name in own and (source.name, start) not in taken else None
        if edit is not None:
            taken.add((source.name, start))
            yield edit


def _edit(d: Diagnostic, checked: Checked, names: bool) -> Edit | None:
    source, start, end = d.span.source, d.span.start, d.span.end
    if d.code == "P408":
        stale = {a.span.start for a in allowances(source) if not a.fault}
        if start not in stale:
            return None
        begin = source.text.rfind("\n", 0, start) + 1
        after = source.text.find("\n", end)
        return Edit(source, begin, len(source.text) if after < 0 else after + 1, "")
    if d.code == "P105" and set(d.span.text) <= UNSEEN:
        return Edit(source, start, end, "")
    if d.code == "P102" and unicodedata.category(d.span.text[:1] or "a") == "Zs":
        return Edit(source, start, end, " ")
    if names and d.code in ("P200", "P205"):
        meant = _one_away(d.span.text, checked)
        return Edit(source, start, end, meant, sure=False) if meant else None
    return None


def _one_away(word: str, checked: Checked) -> str:
    """The one declared name a single character away; '' if there is none, or more than one, or the word is short."""
    chinese = not word.isascii()
    if len(word) < (3 if chinese else 5):
        return ""
    among = checked.lexicon.english if chinese else checked.lexicon.chinese
    near = [n for n in among if n != word and _near(word, n)]
    return near[0] if len(near) == 1 else ""


def _near(a: str, b: str) -> bool:
    """Whether one character added, left out, replaced, or two neighbours exchanged make one of the other."""
    if abs(len(a) - len(b)) > 1:
        return False
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    tail_a, tail_b = a[head:], b[head:]
    if len(a) == len(b):
        swapped = tail_a[1::-1] + tail_a[2:] if len(tail_a) > 1 else tail_a
        return tail_a[1:] == tail_b[1:] or swapped == tail_b
    longer, shorter = (tail_a, tail_b) if len(a) > len(b) else (tail_b, tail_a)
    return longer[1:] == shorter
