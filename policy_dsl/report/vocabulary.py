"""The words of a policy: facts, lists with their fields, classes, effects, bodies, and what reads each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from attrs import evolve, frozen

from .. import model as m
from ..language import syntax as s
from ..language.fmt import Writer
from ..language.keywords import line_word
from ..language.references import references

SORTS: Final = ("fact", "list", "class", "order", "effect", "body")


@frozen
class Entry:
    """One word: its sort, the text that declares it in the tongue asked for, and the declarations that read it."""

    sort: str
    name: str
    english: str
    text: str
    read_by: tuple[str, ...]
    parts: tuple[Entry, ...] = ()


Word = tuple[str, str, str]


def vocabulary(policy: m.Policy, lang: str) -> list[Entry]:
    """Every word of the vocabulary, sort by sort, with what reads it in the policy as checked."""
    writer = Writer(policy.lexicon, lang)
    readers = _readers(policy)

    def read_by(sort: str, name: str, of: str = "") -> tuple[str, ...]:
        return tuple(readers.get((sort, of, name), ()))

    entries: list[Entry] = []
    for line in _lines(policy):
        of = line.name.text if line.name is not None else ""
        sort = {"list": "field", "effect": "effect", "body": "body"}.get(line.kind, "option")
        parts = tuple(
            Entry(
                sort, e.name.text, e.english, writer.entry(e), read_by(sort, e.name.text, of if sort == "field" else "")
            )
            for e in line.entries
            if isinstance(e, s.Entry | s.FieldLine)
        )
        if line.kind == "body":
            entries += parts
        elif line.name is not None:
            text = writer.line(evolve(line, comments=()))[0].strip()
            # An order is a class whose values have an order.
            as_what = "class" if line.kind == "order" else line.kind
            entries.append(Entry(line.kind, of, line.english, text, read_by(as_what, of), parts))
    return sorted(entries, key=lambda e: SORTS.index(e.sort))


def spoken(policy: m.Policy, name: str, lang: str) -> list[str]:
    """The lines of vocabulary that declare a name, as themselves or as a part."""
    writer = Writer(policy.lexicon, lang)
    found = []
    for line in _lines(policy):
        if line.name is not None and line.name.text == name:
            found.append(writer.line(evolve(line, comments=()))[0].strip())
        for e in line.entries:
            if isinstance(e, s.Entry | s.FieldLine) and e.name.text == name:
                of = f" {writer.name(line.name)}" if line.name is not None else ""
                found.append(f"{line_word(line.kind, lang)}{of} › {writer.entry(e)}")
    return found


def _lines(policy: m.Policy) -> Iterator[s.Line]:
    return (c for d in policy.declarations if d.kind == "vocabulary" for c in d.clauses if isinstance(c, s.Line))


def _readers(policy: m.Policy) -> dict[Word, dict[str, None]]:
    """By sort, list and name, the declarations that read it themselves, not by way of another."""
    readers: dict[Word, dict[str, None]] = {}

    def add(who: str, sort: str, name: str, of: str = "") -> None:
        readers.setdefault((sort, of, name), {})[who] = None

    for who, e in _direct(policy):
        match e:
            case m.Fact(name=name):
                add(who, "fact", name)
            case m.Field(list=of, name=name):
                add(who, "field", name, of)
            case m.Fold(list=of):
                add(who, "list", of)
    for rule in policy.rules:
        if rule.list is not None:
            add(rule.name, "list", rule.list)
        for o in rule.options:
            add(rule.name, "effect", o.effect)
    for d in policy.declarations:
        if d.kind in _APART:
            continue
        for one in (d, *d.stages):
            holder = one.name.text if one.name is not None else ""
            named = {n.text for c in one.clauses for n in references(c)}
            for name in named & set(policy.shape.bodies):
                add(holder, "body", name)
            for name in named & policy.shape.facts.keys() if d.kind == "regime" else ():
                add(holder, "fact", name)
    for fact in policy.shape.facts.values():
        add(fact.name, "class", fact.type.name)
    for shape in policy.shape.lists.values():
        for f in shape.fields.values():
            add(f"{shape.name}·{f.name}", "class", f.type.name)
    return readers


_APART: Final = ("vocabulary", "case", "note")


def _direct(policy: m.Policy) -> Iterator[tuple[str, m.Expr]]:
    """Every node of what a declaration says itself; what it refers to by name speaks for itself."""
    roots: list[tuple[str, m.Expr]] = []
    for name, e in policy.definitions.items():
        roots.append((name, e.body if isinstance(e, m.Named) else e))
    for r in policy.rules:
        own = (
            r.condition,
            *(o.fires for o in r.options),
            *(r.clock.done if r.clock is not None else ()),
            *(c for c, _ in r.decider.rows),
        )
        days = (r.clock.due if r.clock else None, *(r.during.days if r.during else ()))
        roots += [(r.name, e) for e in (*own, *days) if e is not None]
    for who, root in roots:
        stack = [root]
        while stack:
            e = stack.pop()
            yield who, e
            stack += () if isinstance(e, m.Named) else m.parts(e)


def told(entries: Iterable[Entry], policy: m.Policy, lang: str) -> str:
    """The words for a reader, sort by sort; after ← what reads them."""
    writer = Writer(policy.lexicon, lang)
    lines: list[str] = []
    sort = ""
    for e in entries:
        if e.sort != sort:
            sort = e.sort
            lines += ["", line_word(sort, lang)] if lines else [line_word(sort, lang)]
        if e.sort in ("list", "effect"):
            head = f"{e.name} {e.english}" if lang == "zh" else f"{e.english} {e.name}"
            lines.append(f"    {head}{_read(e, writer)}")
            lines += [f"        {p.text}{_read(p, writer)}" for p in e.parts]
        else:
            text = e.text.removeprefix(line_word(e.sort, lang)).strip()
            lines.append(f"    {text}{_read(e, writer)}")
    return "\n".join(lines)


def _read(e: Entry, writer: Writer) -> str:
    return f"  ← {writer.list.join(_name(r, writer) for r in e.read_by)}" if e.read_by else ""


def _name(name: str, writer: Writer) -> str:
    """A name, or a field after its list."""
    return "·".join(writer.lexicon.written(part, writer.lang) for part in name.split("·"))


def plain(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The words for other programs."""
    rows = []
    for e in entries:
        row: dict[str, Any] = {"sort": e.sort, "name": e.name, "english": e.english, "text": e.text}
        row["read_by"] = list(e.read_by)
        if e.parts:
            row["parts"] = plain(e.parts)
        rows.append(row)
    return rows
