"""Every record at once: a variable for each thing a record may hold, within stated bounds; and records from models.

In a world everything is answered: each fact known, each list complete, each finding made, each reading chosen, even
what a text does not print said one way or the other. What nobody knows of a given record is free in its world.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

import z3
from attrs import frozen

from .. import model as m
from .. import values as v
from ..explanation import LeafKey, leaf_key
from ..language.keywords import LAYERS
from ..record import NOT_ASKED, History, Record, Row
from ..shapes import COMPLETE, FINDINGS, ID, ROWS
from ..values import Range, Type, Value
from ..working_days import Calendar
from . import terms as t
from .terms import Bool, Int, Ordered, Term

# The days of a record lie between these.
EARLIEST: Final = datetime.date(1930, 1, 1).toordinal()
LATEST: Final = datetime.date(2070, 12, 31).toordinal()
# How many rows a list may hold at least and at most, unless said otherwise.
FEWEST: Final = 2
MOST_ROWS: Final = 5


@frozen(eq=False)
class Slot:
    """A place for one row of a list: its number, whether it is there, and the row of a given record that it is."""

    id: str
    present: Bool
    row: Row | None = None


class World:
    """The variables of a shape, and what holds of them whatever is asked (*side*).

    *rows*: the most rows of each list. *record*: only what this record, as it stood, may still turn out to be.
    """

    def __init__(
        self,
        shape: m.Shape,
        rows: Mapping[str, int] | None = None,
        decided: tuple[int, int] = (EARLIEST, LATEST),
        record: Record | None = None,
        more: int = 1,
        differing: frozenset[m.Topic] = frozenset(),
    ):
        """*decided*: between which days it is decided. *more*: rows an incomplete list of *record* may hold besides.
        *differing*: the facts and findings in which this world may differ from one made alike, the lists of which it
        may have the last row while the other has not; all else it shares."""
        self.shape, self.rows, self.record, self.more = shape, rows or {}, record, more
        self.side: list[Bool] = []
        # That no two rows tied for the latest disagree.
        self.apart: list[Bool] = []
        self.day: Int = z3.Int("决定日")
        self.side.append(z3.And(self.day >= decided[0], self.day <= decided[1]))
        self.printed: Bool = z3.Bool("就已载明者")
        self.layers: dict[str, Bool] = {name: z3.Bool(f"层级 {name}") for name in LAYERS}
        self.leaves: dict[LeafKey, tuple[m.Leaf | m.Unprinted, Term]] = {}
        self.lists: dict[str, tuple[Slot, ...]] = {}
        self.facts: dict[str, tuple[tuple[Int | None, Term], ...]] = {}
        self.fields: dict[tuple[str, int, str], Term] = {}
        self.findings: dict[tuple[str, int | None], Term] = {}
        self.codes: dict[str, int] = {str(i): i for i in range(1, 10)}
        self.differing, self.own = differing, "′" if differing else ""
        self.fresh = 0
        # Days counted by the calendar of working days: from which, how many, to which, or none, by which calendar.
        self.worked: list[tuple[Int, Int, Int, Bool, Calendar]] = []
        # Dates and months already split, by the terms they are of, which are kept alive with them.
        self.kept: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    # Variables.

    def text(self, text: str) -> int:
        """The number that stands for a text; equal texts have equal numbers."""
        return self.codes.setdefault(text, len(self.codes) + 1)

    def auxiliary(self, name: str) -> Int:
        """A variable that stands for nothing in a record."""
        self.fresh += 1
        return z3.Int(f"{name}{self.own} #{self.fresh}")

    def variable(self, type: Type, name: str, top: Value, within: Bool = t.TRUE) -> Term:
        """A variable of a type that is what *top* says it may be, wherever *within* holds."""
        if isinstance(top, int):
            term = z3.Int(name)
            self.side.append(z3.Implies(within, t.among(term, top)))
            return term
        term = Ordered(z3.Int(name), z3.Bool(f"{name} 无") if top[2] else t.FALSE)
        self.side.append(z3.Implies(within, t.inside(term, self.held(type, top))))
        return term

    def held(self, type: Type, top: Range, beyond: int = 0) -> Range:
        """A range within the bounds of the world, or so much *beyond* them; a text is the number that stands for it."""
        if type.kind == "text":
            if top[0] == top[1]:
                code = self.text(str(top[0]))
                return code, code, top[2]
            return (v.INF, -v.INF, True) if top[0] > top[1] else (1, 10**6, top[2])
        if top[0] > top[1]:
            return top
        low, high = (EARLIEST, LATEST) if type.kind == "day" else (-t.most_of(type), t.most_of(type))
        return low - beyond if top[0] == -v.INF else top[0], high + beyond if top[1] == v.INF else top[1], top[2]

    def unsaid(self, e: m.Leaf) -> Value:
        """What something the text does not say may be: past everything a record may hold, where it has no bound."""
        return e.top if isinstance(e.top, int) or e.type.kind == "text" else self.held(e.type, e.top, 1)

    def corrected(self, model: Any) -> list[Bool]:
        """What holds of working days and is not so in a model: a later day, or more days, never end earlier."""
        said: list[Bool] = []
        found = Found(self, model)
        for day, count, end, none, calendar in self.worked:
            if found.holds(none):
                continue
            d, n = found.number(day), found.number(count)
            low, high = calendar.after(d, n)
            if not low <= found.number(end) <= high:
                said.append(z3.Or(none, z3.Implies(z3.And(day >= d, count >= n), end >= low)))
                said.append(z3.Or(none, z3.Implies(z3.And(day <= d, count <= n), end <= high)))
        return said

    def leaf(self, e: m.Leaf | m.Unprinted) -> Term:
        """What no record says."""
        key = leaf_key(e, ())
        if key not in self.leaves:
            # By its place, so that one policy is always asked about in the same words.
            span = None if e.source is None or (isinstance(e, m.Leaf) and e.kind == "reading") else e.source.span
            place = " ".join(map(str, (key or ())[2:] if span is None else (span.source.name, span.start, span.end)))
            name = f"{e.kind} {e.name} {place}"
            term: Term = z3.Bool(name) if isinstance(e, m.Unprinted) else self.variable(e.type, name, self.unsaid(e))
            self.leaves[key or ()] = e, term
        return self.leaves[key or ()][1]

    def fact(self, name: str, type: Type, at: Ordered | None) -> Term:
        """A fact of the person on a day (None: throughout); one that changes does so once."""
        if name not in self.facts:
            self.facts[name] = tuple(self.steps(name, type))
        (_, term), *later = self.facts[name]
        day = self.day if at is None else at.at
        for start, value in later:
            term = t.choose(day >= start, value, term)
        if at is not None and later and not z3.is_false(at.none):
            # On a day that does not exist nothing is known.
            self.fresh += 1
            anything = self.variable(type, f"{name} 无日{self.own} #{self.fresh}", type.top)
            term = t.choose(at.none, anything, term)
        return term

    def steps(self, name: str, type: Type) -> Iterator[tuple[Int | None, Term]]:
        given = self.record.facts.get(name) if self.record is not None else None
        if isinstance(given, History):
            yield None, self.variable(type, f"{name} 起初", type.top)
            for start, value in given.steps:
                yield z3.IntVal(start), self.variable(type, f"{name} 自 {start}", value)
            return
        own = self.own if ("fact", name) in self.differing else ""
        yield None, self.variable(type, name + own, type.top if given is None else given)
        if self.record is None and self.shape.facts[name].over_time:
            start = z3.Int(f"{name} 变动日{own}")
            self.side.append(z3.And(start > EARLIEST, start <= LATEST))
            yield start, self.variable(type, f"{name} 变动后{own}", type.top)

    def slots(self, of: str) -> tuple[Slot, ...]:
        """The places for rows of a list; a later one is taken only where every earlier one is."""
        if of not in self.lists:
            self.lists[of] = tuple(self.free(of) if self.record is None else self.given(of))
            date = self.shape.lists[of].date
            for i, slot in enumerate(self.lists[of]) if date else ():
                day = self.field(of, i, date)
                self.side.append(z3.Implies(slot.present, z3.And(day.at <= self.day, z3.Not(day.none))))
        return self.lists[of]

    def free(self, of: str) -> Iterator[Slot]:
        before, most = t.TRUE, self.rows.get(of, FEWEST)
        for i in range(most):
            more = ("list", of) in self.differing and i == most - 1
            present = z3.Bool(f"{of} {i + 1}{self.own if more else ''}")
            # The row that only one of two worlds has may follow on any.
            self.side.append(t.TRUE if more else z3.Implies(present, before))
            yield Slot(str(i + 1), present)
            before = present

    def given(self, of: str) -> Iterator[Slot]:
        """The rows of a record, and those that may stand besides in a list that is not complete."""
        rows = self.record.lists.get(of, NOT_ASKED) if self.record is not None else NOT_ASKED
        for row in rows.known:
            yield Slot(row.id or "", t.TRUE if row.sure else z3.Bool(f"{of} {row.id}"), row)
        taken = {row.id for row in rows.known}
        spare = (str(i) for i in range(1, 10**4) if str(i) not in taken)
        for row in rows.unlisted(LATEST):
            for _ in range(self.more):
                id = next(spare)
                yield Slot(id, z3.Bool(f"{of} {id}"), row)

    def field(self, of: str, i: int, name: str) -> Term:
        """A fact of a row."""
        if (of, i, name) not in self.fields:
            shape, slot = self.shape.lists[of].fields[name], self.slots(of)[i]
            if (of, i, name) in self.fields:
                return self.fields[of, i, name]
            top = shape.type.top if slot.row is None else slot.row.values.get(name, shape.type.top)
            term = self.variable(shape.type, f"{of} {slot.id} {name}", top, slot.present)
            self.fields[of, i, name] = term
            if shape.refers_to and self.record is None:
                named = (z3.And(r.present, term.at == self.text(r.id)) for r in self.slots(shape.refers_to))
                self.side.append(z3.Implies(slot.present, t.either((term.none, *named))))
            if name == m.LEARNT and self.record is None:
                self.side.append(z3.Implies(slot.present, z3.Or(term.none, term.at <= self.day)))
        return self.fields[of, i, name]

    def finding(self, name: str, of: str | None, i: int | None) -> Int:
        """What a body answered, of the person or of a row."""
        if (name, i) not in self.findings:
            type = self.shape.findings[name].type
            slot = None if of is None or i is None else self.slots(of)[i]
            top: Value = type.top
            if self.record is not None:
                top = self.record.findings.get((name, of, None if slot is None else slot.id), top)
            present = t.TRUE if slot is None else slot.present
            called = (name if slot is None else f"{of} {slot.id} {name}") + (
                self.own if ("finding", name) in self.differing else ""
            )
            self.findings[name, i] = self.variable(type, f"认定 {called}", top, present)
        return self.findings[name, i]


class Found:
    """One world that a model describes, as a record and a question the interpreter can be asked."""

    def __init__(self, world: World, model: Any):
        self.world, self.model = world, model
        self.words = {code: text for text, code in world.codes.items()}
        self.as_of = self.number(world.day)
        self.printed = self.holds(world.printed)

    def holds(self, term: Bool) -> bool:
        result: bool = z3.is_true(self.model.eval(term, model_completion=True))
        return result

    def number(self, term: Int) -> int:
        return int(self.model.eval(term, model_completion=True).as_long())

    def value(self, term: Term, type: Type) -> Value:
        """The one value a term has."""
        if not isinstance(term, Ordered):
            return 1 << (int(self.holds(term)) if z3.is_bool(term) else self.number(term))
        if self.holds(term.none):
            return type.none
        at = self.number(term.at)
        return v.point(self.words.get(at, f"文{at}") if type.kind == "text" else at)

    @property
    def layers(self) -> frozenset[str]:
        return frozenset(name for name, x in self.world.layers.items() if self.holds(x))

    @property
    def readings(self) -> dict[str, str]:
        """How each reading is taken."""
        return {
            e.name: e.type.options[self.number(term)]
            for e, term in self.world.leaves.values()
            if isinstance(e, m.Leaf) and e.kind == "reading"
        }

    @property
    def given(self) -> dict[LeafKey, Value]:
        """What is supposed of each thing the text does not say."""
        return {
            key: self.value(term, e.type)
            for key, (e, term) in self.world.leaves.items()
            if not (isinstance(e, m.Leaf) and e.kind in ("reading", "tie", "calendar"))
        }

    def term(self, key: LeafKey) -> Term:
        """What is supposed of one thing the text does not say, as a constant."""
        return self.constant(self.world.leaves[key][1])

    def constant(self, term: Term) -> Term:
        if isinstance(term, Ordered):
            return Ordered(self.constant(term.at), self.constant(term.none))
        return self.model.eval(term, model_completion=True)

    def fixed(self, but: Collection[LeafKey] = ()) -> list[Bool]:
        """That everything is as it is here, *but* what the text does not say of these."""
        world = self.world
        terms: list[Term] = [world.day, *world.layers.values(), *world.fields.values(), *world.findings.values()]
        terms += [x for steps in world.facts.values() for step in steps for x in step if x is not None]
        terms += [slot.present for slots in world.lists.values() for slot in slots]
        terms += [x for key, (_, x) in world.leaves.items() if key not in but]
        parts = [x for term in terms for x in ((term.at, term.none) if isinstance(term, Ordered) else (term,))]
        return [x == self.constant(x) for x in parts]

    def raw(self, topics: frozenset[m.Topic] | None = None) -> dict[str, Any]:
        """The record as plain data, its lists complete; with *topics*, only what turns on these."""
        world, shape = self.world, self.world.shape

        def wanted(*topic: object) -> bool:
            return topics is None or topic in topics

        raw: dict[str, Any] = {ID: "例"}
        for name, steps in world.facts.items():
            if wanted("fact", name):
                raw[name] = self.history(shape.facts[name].type, steps)
        for of, slots in world.lists.items():
            rows = [self.row(of, i, wanted) for i, slot in enumerate(slots) if self.holds(slot.present)]
            raw[of] = {COMPLETE: True, ROWS: rows}
        found: list[dict[str, Any]] = []
        for (name, i), term in world.findings.items():
            question = shape.findings[name]
            slot = world.lists[question.list][i] if question.list is not None and i is not None else None
            if wanted("finding", name) and (slot is None or self.holds(slot.present)):
                owner = {} if slot is None else {"所属": question.list, "所属编号": slot.id}
                found.append({"问题": name, **owner, "答": plain(self.value(term, question.type), question.type)})
        return raw | ({FINDINGS: found} if found else {})

    def history(self, type: Type, steps: tuple[tuple[Int | None, Term], ...]) -> Any:
        values = [(EARLIEST if day is None else self.number(day), self.value(x, type)) for day, x in steps]
        kept = [x for i, x in enumerate(values) if i == 0 or x[1] != values[i - 1][1]]
        if len(kept) == 1:
            return plain(kept[0][1], type)
        return [{"自": v.shown_day(day), "值": plain(x, type)} for day, x in kept]

    def row(self, of: str, i: int, wanted: Callable[..., bool]) -> dict[str, Any]:
        shape = self.world.shape.lists[of]
        row: dict[str, Any] = {ID: self.world.lists[of][i].id}
        for (list, j, name), term in self.world.fields.items():
            if (list, j) == (of, i) and (name == shape.date or wanted("field", of, name)):
                row[name] = plain(self.value(term, shape.fields[name].type), shape.fields[name].type)
        return row


def plain(value: Value, type: Type) -> Any:
    """A settled value as a record writes it."""
    if value == type.none and type.may_be_none:
        return "无"
    if isinstance(value, int):
        return type.options[value.bit_length() - 1]
    low = value[0]
    if type.kind == "day":
        return v.shown_day(low)
    if type.kind == "number":
        shown = v.shown_number(low, type.unit)
        return int(shown) if shown == shown.to_integral_value() else str(shown)
    return low


__all__ = ["EARLIEST", "LATEST", "Found", "Slot", "World", "plain"]
