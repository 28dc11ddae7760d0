"""What a cell might have been instead: options a policy tells apart, values beside its bounds, a row more or fewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from attrs import field, frozen

from .. import model as m
from .. import values as v
from ..evaluate import Evaluation, in_view
from ..explanation import Frame
from ..record import History, Record, Row
from ..values import YES, Value, settled
from .cells import Added, Cell, value_of

# No more ways than this to meet one condition of a row, and rows to add to one list.
WAYS: Final = 6
ROWS: Final = 16

# What a row would have to say to meet a condition: its fields, and what was found of it.
Wish = Mapping[tuple[str, str], Value]


@frozen(eq=False)
class Alternatives:
    """What each cell of one record might have been, for one policy."""

    policy: m.Policy
    given: Record
    as_of: int
    nodes: tuple[m.Expr, ...]
    walker: Evaluation = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "walker", Evaluation(self.given, Frame(self.as_of)))

    @classmethod
    def of(cls, policy: m.Policy, given: Record, as_of: int) -> Alternatives:
        roots = [x for w in policy.verdicts for x in (w.person, *w.elements.values())]
        return cls(policy, given, as_of, tuple(m.walk(*roots)))

    def values(self, cell: Cell) -> list[Value | Added | None]:
        """Whatever else the cell might say; for a list, a row more; for a row, that it is not there."""
        if cell.kind == "row":
            return [] if self.referred(cell) else [None]
        if cell.kind == "list":
            return list(self.rows(cell.list or ""))
        now = value_of(self.given, cell)
        if now is None:
            return []
        type = self.type(cell)
        if type.finite:
            return list(self.options(cell, type, now))
        if type.kind == "text" or isinstance(now, History | int) or not settled(now):
            return []
        return list(self.beside(cell, type, now))

    def type(self, cell: Cell) -> v.Type:
        shape = self.policy.shape
        if cell.kind == "finding":
            return shape.findings[cell.name].type
        return (shape.facts if cell.list is None else shape.lists[cell.list].fields)[cell.name].type

    def asks(self, e: m.Expr, cell: Cell) -> bool:
        """Whether a node asks for this cell."""
        match e:
            case m.Fact(name=name):
                return cell.kind == "fact" and name == cell.name
            case m.Field(list=of, name=name):
                return cell.kind == "field" and (of, name) == (cell.list, cell.name)
            case m.Finding(name=name, alike=False):
                return cell.kind == "finding" and name == cell.name
        return False

    def options(self, cell: Cell, type: v.Type, now: Value | History) -> Iterator[Value]:
        """The options that the record does not give, those together that the policy nowhere tells apart."""
        told = [e.options for e in self.nodes if isinstance(e, m.Is) and e.alike is None and self.asks(e.part, cell)]
        apart = any(
            self.asks(p, cell)
            for e in self.nodes
            if not isinstance(e, m.Is) or e.alike is not None
            for p in m.parts(e)
        )  # fmt: skip
        given = 0
        for x in [y for _, y in now.steps] if isinstance(now, History) else [now]:
            given |= v.as_mask(x)
        # A history with several values is told from each of them held throughout.
        given = given if settled(given) else 0
        alike: dict[object, int] = {}
        for i in range(len(type.options) + type.may_be_none):
            if not given >> i & 1:
                # 无 is never merely one option among others.
                key: object = i if apart or i == len(type.options) else tuple(x >> i & 1 for x in told)
                alike[key] = alike.get(key, 0) | 1 << i
        yield from alike.values()

    def beside(self, cell: Cell, type: v.Type, now: Value) -> Iterator[Value]:
        """The values just below, at and above everything the cell is compared with, whatever is added to it there."""
        at = v.as_range(now)[0]
        rows = [r for r in self.given.lists[cell.list].known if r.id == cell.row] if cell.list else []
        topic = ("field", cell.list, cell.name) if cell.list else (cell.kind, cell.name)
        found: set[int] = set()
        for e in self.nodes:
            if not isinstance(e, m.AtLeast | m.Equal) or topic not in e.topics:
                continue
            view = tuple(rows) * e.reach if e.reach <= 1 else in_view((), e.reach - 1, rows[0]) if rows else None
            if view is None or len(view) < e.reach:
                continue
            left, right = (v.as_range(self.walker.why(x, view).value) for x in (e.left, e.right))
            if settled(left) and settled(right) and isinstance(left[0], int) and isinstance(right[0], int):
                for away in (right[0] - left[0], left[0] - right[0]):
                    found |= {at + away + d for d in (-1, 0, 1)}
            elif settled(right) and isinstance(right[0], int):
                found |= {right[0] + d for d in (-1, 0, 1)}
        least = v.as_range(type.top)[0]
        for x in sorted(found - {at}, key=lambda x: (abs(x - at), x)):
            if x >= least and (type.kind != "day" or 0 < x < 3_652_060):
                yield v.point(x)
        if type.may_be_none:
            yield type.none

    # Rows.

    def referred(self, cell: Cell) -> bool:
        """Whether another row of the record refers to this one, which could then not be missing."""
        for of, shape in self.policy.shape.lists.items():
            for f in shape.fields.values():
                if f.refers_to == cell.list:
                    for row in self.given.lists[of].known if of in self.given.lists else ():
                        x = row.values.get(f.name)
                        if x is not None and not isinstance(x, int) and x[0] == cell.row:
                            return True
        return False

    def rows(self, of: str) -> Iterator[Added]:
        """Rows there might be besides: one more like each that is there, and one that meets what rules ask of a row."""
        known = self.given.lists[of].known if of in self.given.lists else ()
        taken = {r.id for r in known}
        id = next(str(i) for i in range(1, len(taken) + 2) if str(i) not in taken)
        made: dict[object, Added] = {}
        for row in sorted(known, key=lambda r: r.id or ""):
            findings = {name: x for (name, li, r), x in self.given.findings.items() if (li, r) == (of, row.id)}
            for values in self.copies(of, row):
                made.setdefault(_key(values, findings), Added(Row(id, values), findings))
        for wish in self.wished(of):
            values = {
                f.name: v.point(self.as_of) for f in self.policy.shape.lists[of].fields.values() if f.type.kind == "day"
            }
            values |= {name: x for (kind, name), x in wish.items() if kind == "field"}
            findings = {name: x for (kind, name), x in wish.items() if kind == "finding"}
            made.setdefault(_key(values, findings), Added(Row(id, values), findings))
        yield from list(made.values())[:ROWS]

    def copies(self, of: str, row: Row) -> Iterator[Mapping[str, Value]]:
        """The same again; the same in another matter; the same a year earlier or later."""
        yield row.values
        fields = self.policy.shape.lists[of].fields
        texts = {
            n: v.point(f"{x[0]}′")
            for n, x in row.values.items()
            if not isinstance(x, int)
            and fields[n].type.kind == "text"
            and not fields[n].refers_to
            and settled(x)
            and isinstance(x[0], str)
        }
        if texts:
            yield {**row.values, **texts}
        for n, x in row.values.items():
            if fields[n].type.unit == "years" and not isinstance(x, int) and settled(x) and isinstance(x[0], int):
                yield from ({**row.values, **texts, n: v.point(x[0] + d)} for d in (-1, 1))

    def wished(self, of: str) -> Iterator[Wish]:
        """What a row of a list would have to say, by each rule of its rows and each condition that asks for one."""
        seen: set[int] = set()
        for e in (
            *(r.fires for r in self.policy.rules if r.list == of),
            *(f.where for f in self.nodes if isinstance(f, m.Fold) and f.list == of and f.reach == 0),
        ):
            if id(e) not in seen:
                seen.add(id(e))
                yield from self.wishes(e, YES)

    def wishes(self, e: m.Expr, want: int) -> Sequence[Wish]:
        """What a row (the only one in view) would have to say for a condition to come out as wanted; nothing, where it
        does not depend on the row alone. What comes of it is tried, not trusted."""
        match e:
            case m.Named(body=body):
                return self.wishes(body, want)
            case m.Not(part=part):
                return self.wishes(part, v.negation(want))
            case m.All(parts=parts) | m.Any(parts=parts):
                if isinstance(e, m.All) == (want == YES):
                    return _together([self.wishes(p, want) for p in parts])
                return [w for p in parts for w in self.wishes(p, want)][:WAYS]
            case m.Is(part=m.Field() | m.Finding() as part, options=options) if part.slots == {0}:
                mask = options if want == YES else v.as_mask(part.type.top) & ~options
                # Of what is unwanted, first what is declared, 无 last.
                bits = [1 << i for i in range(mask.bit_length()) if mask >> i & 1]
                kind = "field" if isinstance(part, m.Field) else "finding"
                return [{(kind, part.name): bit} for bit in bits[: WAYS // 2]] or [{}]
            case m.AtLeast(left=left, right=right, strict=strict):
                return self.bounds(left, right, 1 if strict else 0, want)
            case m.Equal(left=left, right=right) if want == YES:
                return self.bounds(left, right, 0, want)
        return [{}]

    def bounds(self, left: m.Expr, right: m.Expr, step: int, want: int) -> Sequence[Wish]:
        """A field beside a bound that no row changes."""
        for one, other, sign in ((left, right, 1), (right, left, -1)):
            if isinstance(one, m.Field) and one.slot == 0 and one.type.kind == "number" and other.reach == 0:
                bound = v.as_range(self.walker.why(other, ()).value)
                if settled(bound) and isinstance(bound[0], int):
                    x = bound[0] + sign * (step if want == YES else step - 1)
                    return [{("field", one.name): v.point(x)}] if x >= v.as_range(one.type.top)[0] else []
        return [{}]


def _together(ways: Sequence[Sequence[Wish]]) -> Sequence[Wish]:
    """One of each, where they agree."""
    made: list[Wish] = [{}]
    for part in ways:
        merged: list[Wish] = []
        for a, b in product(made, part):
            both = {**a, **b}
            for k in a.keys() & b.keys():
                x, y = a[k], b[k]
                both[k] = x & y if isinstance(x, int) and isinstance(y, int) else max(x, y, key=str)
            if all(both.values()):
                merged.append(both)
        made = merged[: WAYS * 2]
    return made


def _key(values: Mapping[str, Value], findings: Mapping[str, Value]) -> object:
    return tuple(sorted(values.items(), key=str)), tuple(sorted(findings.items(), key=str))
