"""Where a condition stands, and what every part of the elaborator shares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final

from attrs import evolve, frozen

from .. import model as m
from ..diagnostics import Note
from ..language import syntax as s
from ..language.keywords import word
from ..values import DAY, TEXT, TRUTH, UNKNOWN, Type, settled
from ..working_days import NOWHERE, Calendar
from .symbols import BUILT_IN_READINGS, Symbols

UNIT_ZH: Final = {
    "times": "次",
    "days": "日",
    "working_days": "工作日",
    "weeks": "周",
    "months": "个月",
    "years": "年",
    "yuan": "元",
    "points": "分",
    "percent": "比例",
    "number": "数值",
}


# What a calendar of working days is called where it is missing.
CALENDAR: Final = "放假安排"


@frozen
class Scope:
    """Where a condition stands: the rows in view ("" for one that is out of view) and which of them is “本”, the moment
    facts are read at, the bodies that could supply a gap."""

    rows: tuple[str, ...] = ()
    moment: m.Expr | None = None
    start: m.Expr | None = None
    who: tuple[str, ...] = ()
    name: str = ""
    basis: tuple[str, ...] = ()
    stage: tuple[str, str] | None = None
    own: int = 0

    @property
    def inner(self) -> str | None:
        return self.rows[-1] if self.rows else None

    @property
    def unseen(self) -> tuple[str, ...]:
        """The rows in view of what is said of the person alone: none, but the moment may be a row's, whose place stays
        taken."""
        return ("",) * (self.moment.reach if self.moment is not None else 0)


class Ground(ABC):
    """What the parts of the elaborator share: the names, one node for one thing, and how to say what is wrong."""

    @abstractmethod
    def truth(self, e: s.Node, scope: Scope) -> m.Expr:
        """A condition."""

    @abstractmethod
    def value(self, e: s.Node, scope: Scope, expected: Type | None) -> m.Expr:
        """A value; *expected* tells which class an option belongs to."""

    @abstractmethod
    def either(self, e: s.Node, scope: Scope, expected: Type | None = None) -> m.Expr:
        """A condition or a value, whichever it is; a yes-or-no fact counts as a condition."""

    @abstractmethod
    def definition(self, name: str, slot: int | None, scope: Scope, e: s.Node) -> m.Expr:
        """A definition, seen from where it is used."""

    @abstractmethod
    def parameter(self, name: str, e: s.Node, argument: m.Expr | None) -> m.Expr:
        """A parameter, with what it is keyed by."""

    def __init__(self, symbols: Symbols, calendar: Calendar = NOWHERE):
        self.symbols = symbols
        self.calendar = calendar
        self.uncharted = m.Leaf(name=CALENDAR, kind="calendar", top=TEXT.top, type=TEXT)
        self.today = m.DecisionDay(type=DAY)
        self.built_in = {
            name: m.Leaf(name=name, kind="reading", top=UNKNOWN, type=Type("finite", name, alternatives), note=question)
            for name, (_, question, alternatives) in BUILT_IN_READINGS.items()
        }
        self.leaves: dict[str, m.Leaf] = {}
        self.memo: dict[tuple[object, ...], m.Expr] = {}
        self.open: list[str] = []
        self.used: set[str] = set()
        self.stage_recorded: Callable[[str], str | None] = lambda _: None
        self.stage_field: Callable[[str, str, Scope, s.Node], m.Expr | None] = lambda *_: None
        self.instrument_of: Callable[[str | None], m.Instrument | None] = lambda _: None
        self.unit_named: s.Node | None = None

    def wrong(
        self, code: str, node: s.Node, *notes: Note, shape: Type = TRUTH, suggestion: str = "", **values: object
    ) -> m.Expr:
        self.symbols.report(code, node.span, *notes, suggestion=suggestion, **values)
        return m.Constant(value=shape.top, type=shape, source=node)

    def mismatch(self, node: s.Node, have: m.Expr, want: Type) -> m.Expr:
        """A value of one type where one of another is wanted."""
        words = self.type_words(m.Constant(value=want.top, type=want))
        return self.wrong("P202", node, shape=want, name=node.span.text, have=self.type_words(have), want=words)

    def type_words(self, e: m.Expr) -> str:
        t = e.type
        if t.kind == "truth":
            return "条件\ta condition"
        if t.kind == "day":
            return "日期\ta date"
        if t.kind == "text":
            return "文本\ttext"
        if t.kind == "number":
            return f"数量（{UNIT_ZH.get(t.unit, t.unit)}）\ta quantity ({t.unit})"
        zh, _, en = self.type_name(t).partition("\t")
        return f"“{zh}”的值\ta value of “{en}”"

    def type_name(self, t: Type) -> str:
        """A class's name, or the language's own word, as 'zh\\ten'."""
        own = (
            (word("TYPE", t.name, x) for x in ("zh", "en")) if t.name in ("effect", "stage_name") else (t.name, t.name)
        )
        return "\t".join(own)

    def once(self, key: tuple[object, ...], make: Callable[[], m.Expr]) -> m.Expr:
        """One node for one thing, so that it is evaluated once."""
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]

    def comparable(self, a: Type, b: Type) -> bool:
        if a.finite or b.finite:
            return a.finite and b.finite and a.options == b.options
        if a.kind == "number" and b.kind == "number":
            return a.unit == b.unit
        return a.kind == b.kind

    def in_days(self, *values: m.Expr) -> tuple[m.Expr, ...]:
        """Weeks beside days, each as seven days: how long something lasted is a measure, not a period to be counted."""
        if not any(x.type.unit == "days" for x in values):
            return values
        return tuple(
            m.Scale(factor=7, part=x, type=evolve(x.type, name="days", unit="days"), source=x.source, slots=x.slots)
            if x.type.unit == "weeks"
            else x
            for x in values
        )

    def inverted(self, low: m.Expr, high: m.Expr, lower: s.Node, upper: s.Node, strict: bool = False) -> bool:
        """Whether no value lies between two bounds, *lower* and *upper* as written; that is reported, since a value
        within them would be no value at all."""
        ends = [x.value if isinstance(x, m.Constant) else x.top if isinstance(x, m.Leaf) else None for x in (low, high)]
        least, most = (x if isinstance(x, int) or x is None else x[i] for i, x in enumerate(ends))
        if least is None or most is None or not self.comparable(low.type, high.type):
            return False
        if self.broken(low) or self.broken(high) or least < most or (least == most and not strict):
            return False
        place = Note(lower.span, "下限", "the lower bound")
        self.symbols.report("P322", upper.span, place, low=lower.span.text, high=upper.span.text)
        return True

    def filled(self, type: Type) -> Type:
        """The types that name every stage or every effect of the pack."""
        if type.kind == "finite" and type.name == "stage_name":
            return evolve(type, options=tuple(self.symbols.stages))
        if type.kind == "finite" and type.name == "effect":
            return evolve(type, options=tuple(self.symbols.effects))
        return type

    def broken(self, e: m.Expr) -> bool:
        return isinstance(e, m.Constant) and not settled(e.value)

    def unit_of_person(self) -> m.Expr | None:
        """The unit whose text governs the person: one for the whole decision, whatever is judged; None without 下级."""
        named = self.unit_named
        return None if named is None else self.once(("unit",), lambda: self.value(named, Scope((), self.today), TEXT))

    def single(self, n: s.Node) -> s.Node:
        if isinstance(n, s.Effects):
            if n.open:
                have = "没有列完的几个值\tvalues not all listed"
                self.symbols.report("P202", n.span, name=n.span.text, have=have, want="一个值\tone value")
            elif len(n.parts) != 1:
                self.symbols.report(
                    "P202", n.span, name="、", have="几个并列的值\tseveral values", want="一个值\tone value"
                )
            return n.parts[0]
        return n

    def row_field(self, of: str, name: str, slot: int, e: s.Node) -> m.Expr:
        shape = self.symbols.lists[of].fields[name]
        return self.once(
            ("field", of, name, slot),
            lambda: m.Field(
                list=of, name=name, slot=slot, type=self.filled(shape.type), source=e, slots=frozenset((slot,))
            ),
        )

    def list_of(self, definition: str) -> str | None:
        clause = self.symbols.definitions[definition].node.clause("for")
        return clause.body.text if clause is not None and isinstance(clause.body, s.Name) else None


def cited(d: s.Declaration) -> tuple[str, ...]:
    """The citations of a declaration's 依据."""
    clause = d.clause("basis")
    if clause is None or not isinstance(clause.body, tuple):
        return ()
    return tuple(c.text for c in clause.body if isinstance(c, s.Citation))


def denied(condition: m.Expr, row: s.Row) -> m.Expr:
    """That a row of a table, read from the top down, does not hold: said as its denial."""
    written = row.keys[0] if len(row.keys) == 1 else s.Connected("or", row.keys, span=row.span)
    return m.Not(part=condition, source=s.Negation(written), slots=condition.slots)


def slots_of(*parts: m.Expr) -> frozenset[int]:
    return frozenset().union(*(p.slots for p in parts)) if parts else frozenset()
