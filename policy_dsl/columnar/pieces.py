"""A statement in pieces: each a table of its own, for an engine that plans a long one badly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from sqlglot import exp

# DuckDB moves what is below an aggregate or a join into it, column by column: beyond so many of them, planning takes
# longer than the work.
SHORT: Final = 2


def pieces(whole: exp.Select, short: int = SHORT) -> Iterator[tuple[str, exp.Select]]:
    """The selects to run in order, by the name of the table each becomes; the last is the statement's own, named "".

    A statement that gathers no more than *short* times stays whole.
    """
    made: dict[str, exp.Select] = {
        x.alias: x.this for x in (whole.args["with_"].expressions if whole.args.get("with_") else ())
    }
    final = whole.copy()
    final.set("with_", None)
    gathered = {name for name, select in made.items() if select.args.get("group")}
    read = Counter(t.name for select in (*made.values(), final) for t in select.find_all(exp.Table))
    apart = {name for name in made if read[name] > 1 or name in gathered}
    # An aggregate stands above a table, never above a chain of selects.
    apart |= {t.name for name in gathered for t in made[name].find_all(exp.Table) if t.name in made}
    if len(gathered) <= short:
        yield "", whole
        return
    outputs: dict[str, list[str]] = {}
    for name, select in made.items():
        outputs[name] = _outputs(select, outputs)
    wanted = {c.name for select in (*made.values(), final) for c in select.find_all(exp.Column)}
    for name in (*(n for n in made if n in apart), ""):
        select = final if not name else made[name]
        if name and name not in gathered:
            # What nothing further on reads is not kept.
            kept = [n for n in outputs[name] if n in wanted]
            inner = exp.Subquery(this=select.copy(), alias=exp.TableAlias(this=exp.to_identifier("x", quoted=True)))
            select = exp.select(*(exp.column(n, quoted=True) for n in kept)).from_(inner)
        select = select.copy()
        for before, part in _chain(select, made, apart):
            select.with_(exp.to_identifier(before, quoted=True), as_=part.copy(), copy=False)
        yield name, select


def _chain(select: exp.Select, made: dict[str, exp.Select], apart: set[str]) -> list[tuple[str, exp.Select]]:
    """The selects that one is made of, first things first, as far as they are no tables of their own."""
    found: list[tuple[str, exp.Select]] = []
    for t in select.find_all(exp.Table):
        if t.name in made and t.name not in apart:
            found += [*_chain(made[t.name], made, apart), (t.name, made[t.name])]
    return found


def _outputs(select: exp.Select, known: dict[str, list[str]]) -> list[str]:
    """The columns a select gives."""
    names: list[str] = []
    source = select.args["from_"].this.name
    for e in select.expressions:
        star = isinstance(e, exp.Star) or (isinstance(e, exp.Column) and isinstance(e.this, exp.Star))
        names += known[source] if star else [e.alias_or_name]
    return names
