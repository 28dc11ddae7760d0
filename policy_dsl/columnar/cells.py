"""The contract of input: which relations and columns a statement reads, and what a cell says in them.

`干部` has a row for each person (n, 编号); each list has a relation of its own name with a row for each of its rows
(n, row, 编号, 确定), as the record stood on the days of the question: one that may not count is not 确定, one that an
incomplete list may hold besides has no 编号 and the row −1; *row* only orders. A fact over time has the relation
`变动·…` of its steps. `名册` has everybody's number and the digest of their record.

Columns are by kind of value: a truth as BOOLEAN; another class as a mask in whole numbers; an ordered value as one
column where every cell is exact or unknown (*plain*), else as its low and high end. Where it may be 无, another BOOLEAN
says whether it is.

What is missing is asked of two things besides. `存疑·…`, a BOOLEAN of a list's row that is never NULL, says whether a
field leaves open that the row counts (the *doubts* of a row as it stood; false on rows that are 确定 or not listed).
`状态` (n, 清单, 行, 项目, 态) says of a cell that is not settled why, wherever that is not simply that the record has
nothing of it: its state (not_known, pending, …; `record.states`), or imprecise where it holds more than one value. A
fact that has a history is imprecise; so is a date that leaves open whether its row counts, unless nothing is known of
it. 清单 and 行 are the list and the row (as in its relation), for a cell of the person 干部 and −1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from attrs import field, frozen

from .. import values as v
from ..model import Shape
from ..values import Type
from .sql import case, coalesce, eq, number, truth
from .terms import Mask, Span, Term, is_truth, words_of

PEOPLE: Final = "干部"
N: Final = "n"
ROW: Final = "row"
ID: Final = "编号"
SURE: Final = "确定"
CHANGED: Final = "变"
FROM: Final = "自"
UNTIL: Final = "至"
REGISTER: Final = "名册"
DIGEST: Final = "摘要"
STATES: Final = "状态"
LIST: Final = "清单"
OF_ROW: Final = "行"
ITEM: Final = "项目"
STATE: Final = "态"
IMPRECISE: Final = "imprecise"


@frozen
class Cell:
    """One column of meaning: a fact, a field, a finding, the doubt that a field casts on its row, or the reading that a
    person is decided under, in the relation of persons or of a list."""

    table: str
    kind: str
    name: str
    type: Type = field(eq=False)
    alike: bool = False

    @property
    def stem(self) -> str:
        marks = {"finding": "认定", "doubt": "存疑", "reading": "解读"}
        return f"{marks[self.kind]}·{self.name}" if self.kind in marks else self.name

    def columns(self, plain: bool) -> tuple[str, ...]:
        """The columns it takes, in order."""
        stem, none = self.stem, (f"{self.stem}·无",) if self.type.may_be_none else ()
        if self.alike or is_truth(self.type):
            return (stem,)
        if self.type.finite:
            return (stem, *(f"{stem}·{i}" for i in range(2, words_of(self.type) + 1)))
        return (stem, *none) if plain else (f"{stem}·低", f"{stem}·高", *none)

    def sql_types(self, plain: bool) -> tuple[str, ...]:
        """What each of them is kept as."""
        end = {"text": "VARCHAR", "day": "INTEGER"}.get(self.type.kind, "BIGINT")
        one = "SMALLINT" if self.alike else "BOOLEAN" if is_truth(self.type) else _mask_type(self.type)
        return tuple(
            "BOOLEAN" if name.endswith("·无") and name != self.stem else one if self.type.finite else end
            for name in self.columns(plain)
        )


def _mask_type(type: Type) -> str:
    return "SMALLINT" if len(type.options) < 15 else "INTEGER" if len(type.options) < 31 else "BIGINT"


@frozen
class Layout:
    """What is known of the cells before any is read, by which a statement may be simpler: columns that are *plain*,
    lists of which every row is *sure*, lists that are *closed*, facts that are *steady*: without a history; and cells
    that are *full*: each one value, never 无 where it is ordered."""

    plain: frozenset[tuple[str, str]] = frozenset()
    sure: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    steady: frozenset[str] = frozenset()
    full: frozenset[tuple[str, str]] = frozenset()


def history(fact: str) -> str:
    """The relation of the steps of a fact."""
    return f"变动·{fact}"


def read(cell: Cell, plain: bool, at: Callable[[str], Any], printed: bool = False, full: bool = False) -> Term:
    """What a cell says; *at* gives a column by name, *full* as a layout has it."""
    names, type = cell.columns(plain), cell.type
    if cell.alike:
        # Nobody having answered is no on what is printed, and unknown on the whole text.
        x = at(names[0])
        unanswered = [(eq(coalesce(x, number(0)), number(0)), truth(False))] if printed else []
        return case((eq(x, number(2)), truth(True)), (eq(x, number(1)), truth(False)), *unanswered)
    if is_truth(type):
        return at(names[0])
    if type.finite:
        return Mask(tuple(at(n) for n in names), full)
    none = at(names[-1]) if type.may_be_none and not full else False
    if not plain:
        return Span(at(names[0]), at(names[1]), none)
    x, floor = at(names[0]), v.as_range(type.top)[0] if type.kind != "text" else -v.INF
    return Span(x if floor in (-v.INF, "") else coalesce(x, number(int(floor))), x, none, x, floor)


def finding(shape: Shape, name: str, of: str | None, alike: bool) -> Cell:
    return Cell(of or PEOPLE, "finding", name, shape.findings[name].type, alike)
