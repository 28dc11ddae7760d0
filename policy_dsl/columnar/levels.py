"""Chains of selects: a level ranges over persons, over the rows of a list, or over rows beside rows.

Each of its layers adds columns made of those before; what a list's rows come to is joined in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from attrs import define, field
from sqlglot import exp

from .cells import ROW, N
from .sql import column, eq, full, own

# A column in layer k of segment s stands at s × SEGMENT + k.
SEGMENT = 1000


@define(eq=False)
class Level:
    """What one chain ranges over: *source* is its relation of cells, *outer* the level whose rows it stands beside;
    without a source they are the very rows of that level, once more."""

    name: str
    source: str | None
    slot: int
    outer: Level | None = None
    wait: int = 0
    cells: dict[str, None] = field(factory=dict)
    imports: dict[str, str] = field(factory=dict)
    columns: dict[str, tuple[int, Any, str]] = field(factory=dict)
    at: dict[str, int] = field(factory=dict)
    children: list[Level] = field(factory=list)
    aggregates: dict[str, Any] = field(factory=dict)
    known: dict[Any, Any] = field(factory=dict)
    said: dict[Any, str] = field(factory=dict)
    there: set[str] = field(factory=set)

    @property
    def keys_below(self) -> tuple[str, ...]:
        """The columns by which it stands in a level beside it: of itself, and of every row it stands beside."""
        return (N,) if self.outer is None else (*self.outer.keys_below, f"{ROW}·{self.slot}")

    @property
    def keys(self) -> tuple[str, ...]:
        """The same columns as it has them itself."""
        return (N,) if self.outer is None else (*self.outer.keys_below, ROW)

    def depth(self, e: Any) -> int:
        """The layer in which everything an expression reads is there."""
        return max((self.at.get(c.name, 0) for c in e.find_all(exp.Column)), default=0)

    def cell(self, name: str) -> Any:
        self.cells.setdefault(name)
        return self.column(name)

    def column(self, name: str) -> Any:
        """A column of its own, marked where it is known never to be NULL."""
        return column(name, there=name in self.there)

    def let(self, e: Any, stem: str, note: str = "") -> Any:
        """Gives an expression a column of its own; one that has a column keeps it, unless a provision names it."""
        if not note and e in self.said:
            return self.column(self.said[e])
        name = f"{stem}_{len(self.columns) + len(self.imports) + len(self.at) + 1}"
        depth = self.depth(e) + 1
        self.columns[name] = depth, own(e), note
        self.said.setdefault(e, name)
        self.at[name] = depth
        if full(e):
            self.there.add(name)
        return self.column(name)

    def brought(self, name: str) -> Any:
        """A column of the level outside, here."""
        if name not in self.imports:
            self.imports[name] = f"{name}·外{self.slot}"
            if self.outer is not None and name in self.outer.there:
                self.there.add(self.imports[name])
        return self.column(self.imports[name])

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What is made only once for a level."""
        if key not in self.known:
            self.known[key] = make()
        return self.known[key]

    def joined(self, child: Level, e: Any, stem: str) -> Any:
        """What the rows of a level beside it come to, as a column here."""
        name = f"{stem}_{len(child.aggregates) + 1}·{child.name}"
        child.aggregates[name] = e
        self.at[name] = child.wait * SEGMENT
        return column(name)

    @property
    def segments(self) -> int:
        """How many rounds of gathering it has: all that its columns or a level beside it wait for."""
        return max((*(d // SEGMENT for d in self.at.values()), *(c.wait - 1 for c in self.children)), default=0)

    def first(self) -> exp.Select:
        """The cells it reads, beside the rows of the level outside where it reads those."""
        wanted = [N, *([ROW] if self.outer is not None else []), *self.cells]
        cells = [column(c, "c") for c in dict.fromkeys(wanted)]
        outer = self.outer
        if outer is None or (not self.imports and outer.outer is None):
            assert self.source is not None
            return exp.select(*cells, copy=False).from_(table(self.source, "c"), copy=False)
        beside = outer.last(self.wait - 1)
        brought: list[Any] = [exp.alias_(column(a, "o"), b, quoted=True, copy=False) for a, b in self.imports.items()]
        rows = zip(outer.keys[1:], outer.keys_below[1:], strict=True)
        brought += (exp.alias_(column(a, "o"), b, quoted=True, copy=False) for a, b in rows)
        # The cells are a person's; the rows of the level outside are those of what it stands beside in turn.
        both = (N,) if self.source is not None or outer.outer is None else outer.outer.keys_below
        on = exp.and_(*(eq(column(k, "c"), column(k, "o")) for k in both))
        return (
            exp.select(*cells, *brought, copy=False)
            .from_(table(self.source or beside, "c"), copy=False)
            .join(table(beside, "o"), on=on, copy=False)
        )

    def last(self, segment: int) -> str:
        """The name of the last select of a segment."""
        depths = [d for d, _, _ in self.columns.values() if d // SEGMENT == segment]
        return self._named(segment, max(depths, default=segment * SEGMENT) % SEGMENT)

    def _named(self, segment: int, layer: int) -> str:
        return "_".join([self.name, *([f"后{segment}"] if segment else []), *([str(layer)] if layer else [])])


def selects(level: Level, upto: int | None = None) -> Iterable[tuple[str, exp.Expression]]:
    """The selects of a level and of those it waits for, in order, by name; *upto*: as far as that segment."""
    for segment in range((level.segments if upto is None else upto) + 1):
        base = level._named(segment, 0)
        if segment == 0:
            yield base, level.first()
        else:
            waited = [c for c in level.children if c.wait == segment and c.aggregates]
            for child in waited:
                yield from selects(child)
                yield f"{child.name}_合", _gathered(child)
            yield base, _joined(level, segment, waited)
        before = base
        layers = sorted({d for d, _, _ in level.columns.values() if d // SEGMENT == segment})
        for depth in layers:
            made = [(name, e, note) for name, (d, e, note) in level.columns.items() if d == depth]
            name = level._named(segment, depth % SEGMENT)
            columns = (exp.Star(), *(_named(*x) for x in made))
            yield name, exp.select(*columns, copy=False).from_(table(before), copy=False)
            before = name


def _named(name: str, e: Any, note: str) -> Any:
    alias = exp.alias_(own(e), name, quoted=True, copy=False)
    if note:
        alias.add_comments([f" {note} "])
    return alias


def table(name: str, alias: str | None = None, schema: str | None = None) -> exp.Table:
    return exp.Table(
        this=exp.to_identifier(name, quoted=True),
        db=exp.to_identifier(schema, quoted=True) if schema else None,
        alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)) if alias else None,
    )


def _gathered(child: Level) -> exp.Expression:
    """What the rows of a level come to, for each row of the level outside."""
    assert child.outer is not None
    keys = [column(k) for k in child.outer.keys_below]
    made = [exp.alias_(own(e), name, quoted=True, copy=False) for name, e in child.aggregates.items()]
    chosen = exp.select(*keys, *made, copy=False).from_(table(child.last(child.segments)), copy=False)
    return chosen.group_by(*(column(k) for k in child.outer.keys_below), copy=False)


def _joined(level: Level, segment: int, waited: Sequence[Level]) -> exp.Expression:
    """The level with what was gathered for it."""
    chosen = exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier("o", quoted=True)))
    chosen = chosen.from_(table(level.last(segment - 1), "o"), copy=False)
    for i, child in enumerate(waited):
        alias = f"g{i + 1}"
        chosen.select(*(column(name, alias) for name in child.aggregates), copy=False)
        pairs = zip(level.keys, level.keys_below, strict=True)
        on = exp.and_(*(eq(column(a, "o"), column(b, alias)) for a, b in pairs))
        chosen.join(table(f"{child.name}_合", alias), on=on, join_type="left", copy=False)
    return chosen


def statement(parts: Iterable[tuple[str, exp.Expression]], final: exp.Select) -> exp.Select:
    """One statement of all that is needed, then *final*."""
    made = dict(parts)
    read = Counter(t.name for select in (*made.values(), final) for t in select.find_all(exp.Table))
    for name, select in made.items():
        if not read[name]:
            continue
        # What several read is worked out once: planned anew for each reader, plans grow without bound.
        kept = True if read[name] > 1 else None
        final = final.with_(exp.to_identifier(name, quoted=True), as_=select, materialized=kept, copy=False)
    return final
