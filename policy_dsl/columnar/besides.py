"""What a decision tells besides its conclusions, in columns: which options arise, amounts, periods, days and stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlglot import exp

from .. import model as m
from .. import values as v
from ..decide import Question
from .cells import ID, ROW, Cell, Layout, N
from .columns import NotColumnar, View
from .levels import Level, selects, statement, table
from .sql import column, own
from .terms import WORD, Mask, Span, Term, as_sql, is_truth, words_of
from .verdicts import Judging


@frozen(eq=False)
class Told:
    """One thing a rule tells on the whole text: *part* is what of the rule, *name* what its columns begin with."""

    rule: m.Rule
    part: str
    node: m.Expr
    option: m.Option | None = None
    name: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """A truth as BOOLEAN; another class as words of a mask; what is ordered as its ends and whether it is 无."""
        if is_truth(self.node.type):
            return (self.name,)
        if self.node.type.finite:
            return tuple(f"{self.name}·{i + 1}" for i in range(words_of(self.node.type)))
        return tuple(f"{self.name}·{end}" for end in ("低", "高", "无"))

    def value(self, row: Mapping[str, Any]) -> v.Value:
        """What the columns of a row hold, as what it may still be; an end that is not there is as far as it can be."""
        cells, type = [row[c] for c in self.columns], self.node.type
        if is_truth(type):
            return v.UNKNOWN if cells[0] is None else v.YES if cells[0] else v.NO
        if type.finite:
            return int(sum(word << WORD * i for i, word in enumerate(cells)))
        if cells[2]:
            return type.none
        first, last = v.TOP_TEXT if type.kind == "text" else (-v.INF, v.INF)
        low, high = (first if cells[0] is None else cells[0], last if cells[1] is None else cells[1])
        return low, high, cells[2] is None


def told(rule: m.Rule) -> Iterator[Told]:
    """Everything a rule tells: of each option whether it arises and how much it is, from when until when it lasts, and
    of a stage or duty whether it is reached, begun, done or late, its days, and where it leads."""
    for i, option in enumerate(rule.options, 1):
        yield Told(rule, "arises", option.fires, option, f"{rule.name}·{i}")
        ends = (option.amount.low, option.amount.high) if option.amount is not None else ()
        for end, e in zip(("from", "to"), ends, strict=False):
            if e is not None:
                yield Told(rule, end, e, option, f"{rule.name}·{i}·{end}")
    parts: list[tuple[str, m.Expr | None]] = []
    if rule.during is not None:
        parts += [("begins", rule.during.begin), ("ends", rule.during.end), ("running", rule.during.running)]
    if (clock := rule.clock) is not None:
        parts += [("reached", rule.fires), ("begin", clock.begin), ("due", clock.due)]
        parts += [("begun", clock.begun), ("finished", clock.finished), ("late", clock.late)]
        parts += [(f"done {i}", e) for i, e in enumerate(clock.done, 1)]
        parts += [(f"next {i}", e) for i, (_, e) in enumerate(clock.next, 1)]
    for part, node in parts:
        if node is not None:
            yield Told(rule, part, node, None, f"{rule.name}·{part}")


@frozen(eq=False)
class Telling:
    """The statement of what rules of the person tell (list None), or of the rows of one list: n (row, 编号), and the
    columns of everything *told*; *refused* names what has no columnar form, and why."""

    list: str | None
    select: exp.Select
    told: tuple[Told, ...]
    refused: tuple[tuple[Told, str], ...]
    cells: tuple[Cell, ...]


def tellings(policy: m.Policy, question: Question, layout: Layout | None = None) -> dict[str | None, Telling]:
    """What the rules of a policy tell under a question, by the list they are of; without a *layout*, for any cells."""
    by: dict[str | None, list[Told]] = {}
    for rule in policy.rules:
        if rule.layer in question.layers:
            by.setdefault(rule.list, []).extend(told(rule))
    return {of: _telling(policy, question, layout or Layout(), of, things) for of, things in by.items()}


def _telling(policy: m.Policy, question: Question, layout: Layout, of: str | None, things: Sequence[Told]) -> Telling:
    writer = Judging(policy, question, layout, tuple(x.node for x in things))
    level = writer.people
    if of is not None:
        level = writer.child(writer.people, of, 0, 1 + max(writer.wait(x.node, -1) for x in things))
    made: list[Told] = []
    refused: list[tuple[Told, str]] = []
    columns: list[Any] = []
    for x in things:
        try:
            cells = _columns(x, writer.code(x.node, level, View()))
        except NotColumnar as error:
            refused.append((x, str(error)))
            continue
        made.append(x)
        columns += cells
    level.cell(ID)
    keys = [column(N), column(ID)] if of is None else [column(N), column(ROW), column(ID)]
    parts = list(_parts(writer, level))
    final = exp.select(*keys, *columns).from_(table(level.last(level.segments)))
    listed = True if of is None else writer.listed(level, of)
    whole = statement(parts, final if listed is True else final.where(listed))
    return Telling(of, whole, tuple(made), tuple(refused), tuple(writer.cells.values()))


def _parts(writer: Judging, level: Level) -> Iterator[tuple[str, exp.Expression]]:
    yield from writer.charts.items()
    if level is not writer.people and level.imports:
        yield from selects(writer.people, level.wait - 1)
    yield from selects(level)


def _columns(x: Told, term: Term) -> Iterator[Any]:
    """A term as the columns of what it is told of."""
    parts: tuple[Any, ...] = (term,)
    if isinstance(term, Mask):
        parts = term.words
    elif isinstance(term, Span):
        parts = term.low, term.high, term.none
    for name, part in zip(x.columns, parts, strict=True):
        e = exp.Boolean(this=part) if isinstance(part, bool) else as_sql(part)
        yield exp.alias_(own(e), name, quoted=True)
