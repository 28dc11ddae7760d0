"""What clauses name must exist: instruments, lists, bodies, effects."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Note
from ..language import syntax as s
from ..language.keywords import WORDS
from .expressions import Elaborator
from .procedures import Procedures
from .scope import Scope
from .symbols import Declared, Symbols


def check_references(symbols: Symbols, values: Elaborator, book: Procedures) -> None:
    """Every name that no rule's elaboration comes across."""
    _types(symbols)
    for name, it in symbols.regimes.items():
        _regime(name, it, symbols, values, book)


def _types(symbols: Symbols) -> None:
    own = [w for k in WORDS if k.terminal == "TYPE" for w in k.zh]
    for n in symbols.types:
        if n.text not in symbols.lists:
            symbols.unknown(n, (*own, *symbols.classes, *symbols.lists))


def _regime(name: str, it: Declared, symbols: Symbols, values: Elaborator, book: Procedures) -> None:
    """One root; what is replaced and followed exists."""
    d = it.node
    if d.clause("above") is None and name != book.root and book.root is not None and d.name is not None:
        root = symbols.regimes[book.root].node
        note = Note((root.name or root).span, "最上面的制度", "the one on top")
        symbols.report("P320", d.name.span, note, name=name)
    replaces = d.clause("replaces")
    for n in replaces.body if replaces is not None and isinstance(replaces.body, tuple) else ():
        if not (isinstance(n, s.Name) and n.text in symbols.regimes):
            alike = symbols.alike(n.span.text, symbols.regimes)
            symbols.report("P200", n.span, suggestion=alike, name=n.span.text)
        elif n.text == name:
            symbols.report("P305", n.span, circle=f"{name} → {name}")
    back, home = d.clause("reach_back"), book.instrument(name)
    for row in back.body.rows if back is not None and isinstance(back.body, s.Rows) else ():
        values.any_key(row, Scope((), values.today, home.start if home is not None else None, name=name))
    for part in _outcomes(back.body) if back is not None else ():
        if isinstance(part, s.Follow):
            if part.name.text not in symbols.rules:
                symbols.unknown(part.name, symbols.rules)
        elif not isinstance(part, s.Gap) and not (isinstance(part, s.Word) and part.terminal == "RETRO"):
            have, want = symbols.role(part.span.text), "不溯及、从旧兼从轻、及于既往或依某规定"
            want += "\tnot_back, old_unless_milder, reaches_back or following a rule"
            symbols.report("P202", part.span, name=part.span.text, have=have, want=want)


def _outcomes(body: object) -> Iterator[s.Node]:
    """What a clause says, by itself or in each row."""
    for effects in [r.outcome for r in body.rows] if isinstance(body, s.Rows) else [body]:
        if isinstance(effects, s.Effects):
            yield from effects.parts
