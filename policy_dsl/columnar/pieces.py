"""A statement in pieces: each a table of its own, for an engine that plans a long one badly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Final

from sqlglot import exp

# DuckDB moves what is below an aggregate or a join into it, column by column: beyond so many of them, planning takes
# longer than the work.
SHORT: Final = 2


def pieces(whole: exp.Select, short: int = SHORT) -> Iterator[tuple[str, exp.Select]]:
    """The selects to run in order, by the name of the table each becomes; the last is the statement's own, named "".

    A statement that gathers no more than *short* times stays whole. Each is a copy: whoever writes it may change it.
    """
    made: dict[str, exp.Select] = {
        x.alias: x.this for x in (whole.args["with_"].expressions if whole.args.get("with_") else ())
    }
    gathered = {name for name, select in made.items() if select.args.get("group")}
    if len(gathered) <= short:
        yield "", whole.copy()
        return
    made[""] = _bare(whole)
    tables: dict[str, list[str]] = {}
    wanted: set[str] = set()
    for name, select in made.items():
        tables[name] = []
        for x in select.walk():
            if isinstance(x, exp.Table):
                tables[name].append(x.name)
            elif isinstance(x, exp.Column):
                wanted.add(x.name)
    read = Counter(name for names in tables.values() for name in names)
    apart = {name for name in made if read[name] > 1 or name in gathered}
    # An aggregate stands above a table, never above a chain of selects.
    apart |= {t for name in gathered for t in tables[name] if t in made}
    outputs: dict[str, list[str]] = {}
    for name, select in made.items():
        if name:
            outputs[name] = _outputs(select, outputs)
    for name in (*(n for n in made if n in apart), ""):
        select = made[name].copy()
        if name and name not in gathered:
            # What nothing further on reads is not kept.
            kept = (exp.column(n, quoted=True) for n in outputs[name] if n in wanted)
            inner = exp.Subquery(this=select, alias=exp.TableAlias(this=exp.to_identifier("x", quoted=True)))
            select = exp.select(*kept, copy=False).from_(inner, copy=False)
        for before in _chain(name, tables, apart):
            select.with_(exp.to_identifier(before, quoted=True), as_=made[before].copy(), copy=False)
        yield name, select


def _bare(whole: exp.Select) -> exp.Select:
    """The statement's own select, without those it is made of."""
    return exp.Select(**{k: deepcopy(v) for k, v in whole.args.items() if k != "with_"})


def _chain(name: str, tables: dict[str, list[str]], apart: set[str]) -> list[str]:
    """The selects that one is made of, first things first, as far as they are no tables of their own."""
    found: list[str] = []
    for t in tables[name]:
        if t in tables and t not in apart:
            found += [*_chain(t, tables, apart), t]
    return found


def _outputs(select: exp.Select, known: dict[str, list[str]]) -> list[str]:
    """The columns a select gives."""
    names: list[str] = []
    source = select.args["from_"].this.name
    for e in select.expressions:
        star = isinstance(e, exp.Star) or (isinstance(e, exp.Column) and isinstance(e.this, exp.Star))
        names += known[source] if star else [e.alias_or_name]
    return names
