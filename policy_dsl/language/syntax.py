"""The tree as written: what the formatter prints, diagnostics point into, and `check` reads.

Equal trees mean equal texts: spans are left out of equality, and so is the tongue a text was written in. Names are
kept in Chinese, whichever tongue wrote them.
"""

from __future__ import annotations

from decimal import Decimal

from attrs import field, frozen

from .numerals import Date as DateParts
from .source import NOWHERE, Span


@frozen(kw_only=True)
class Node:
    span: Span = field(default=NOWHERE, eq=False, repr=False)


# Conditions and values.


@frozen
class Name(Node):
    """A word the pack declares, or one it does not."""

    text: str
    known: bool = field(default=True, eq=False)


@frozen
class Quantity(Node):
    """A number with its unit: 'times', 'months', 'yuan', 'percent', … or 'number' for none."""

    number: Decimal
    unit: str


@frozen
class Date(Node):
    """A calendar date, as far as it is printed: zero for a part that is not."""

    parts: DateParts


@frozen
class Quote(Node):
    text: str


@frozen
class Word(Node):
    """A keyword that stands by itself: 是, 决定日, 其余, 载明."""

    terminal: str
    key: str


@frozen
class Gap(Node):
    """未载明, 隐去 or 未核实, with its note: what is not there, and of which kind."""

    kind: str
    note: str = ""


@frozen
class Apply(Node):
    """行为（…）, 影响期（种类）: a name with bracketed parts; what it means depends on the name."""

    name: Name
    parts: tuple[Expr, ...]


@frozen
class ApplyWord(Node):
    """取小（…）, 取大（…）, 年末（…）."""

    key: str
    parts: tuple[Expr, ...]


@frozen
class This(Node):
    """本处理: the element under judgement."""

    name: Name


@frozen
class FieldOf(Node):
    """本处理的事由号, 集中教育的结果, 决定日的职级."""

    owner: Expr
    name: Name


@frozen
class Measure(Node):
    """行为（…）的次数, 行为（…）的天数合计: a list, what is measured of it, and how."""

    owner: Expr
    name: Name | None
    how: str


@frozen
class Crowded(Node):
    """任意十二个月内 行为（…）的次数: the most within any one period so long; without *amount*, within one calendar
    year (同一自然年内)."""

    amount: Expr | None
    part: Expr


@frozen
class Arithmetic(Node):
    """a + b, a − b, a × b."""

    sign: str
    left: Expr
    right: Expr


@frozen
class Shifted(Node):
    """自 生效日 起 六个月: a day so much later."""

    start: Expr
    amount: Expr


@frozen
class Group(Node):
    """A condition in brackets."""

    part: Expr


@frozen
class Connected(Node):
    """Conditions joined by 且 or by 或, never both."""

    op: str
    parts: tuple[Expr, ...]


@frozen
class Negation(Node):
    part: Expr


@frozen
class Comparison(Node):
    op: str
    left: Expr
    right: Expr


@frozen
class Between(Node):
    """确定处分期 甲 以上 乙 以下."""

    part: Expr
    low: Expr
    high: Expr
    low_op: str = "at_least"
    high_op: str = "at_most"


@frozen
class Within(Node):
    """亮牌日 在近十二个月内."""

    part: Expr
    amount: Expr


@frozen
class SetOf(Node):
    """{甲、乙、等}."""

    parts: tuple[Expr, ...]
    open: bool


@frozen
class Some(Node):
    """有 行为（…）, 没有 行为（…）."""

    name: Name
    parts: tuple[Expr, ...]
    none: bool


@frozen
class Claim(Node):
    """应当 召回, inside a property: that a conclusion has this status."""

    status: str
    name: Name


@frozen
class Implication(Node):
    premise: Expr
    claim: Expr


Expr = Node

# What follows, and periods.


@frozen
class Amount(Node):
    """扣发绩效奖 百分之三十: an effect and its measure."""

    effect: Expr
    quantity: Quantity


@frozen
class Follow(Node):
    """依 不溯及往年: left to a named rule."""

    name: Name


@frozen
class Effects(Node):
    """One; or 'any' one of several (或者); or 'all' (和, or none named); open when it ends in 等."""

    parts: tuple[Expr, ...]
    join: str
    open: bool


@frozen
class Period(Node):
    """自 甲 起 至 乙; either end may be absent. With *op*, a single bound: 早于 甲."""

    start: Expr | None
    end: Expr | None
    op: str = ""


@frozen
class Limit(Node):
    """一次以上, as a bound."""

    part: Expr
    op: str


# Items, clauses, declarations.


@frozen
class Text(Node):
    text: str


@frozen
class Citation(Node):
    text: str


@frozen
class Item(Node):
    """（一）条件；"""

    part: Expr
    comments: tuple[str, ...] = ()


@frozen
class Row(Node):
    """（一）条件：结果；"""

    keys: tuple[Expr, ...]
    outcome: Node
    comments: tuple[str, ...] = ()


@frozen
class Rows(Node):
    rows: tuple[Row, ...]


@frozen
class Alternative(Node):
    """（一）从严 strict：what this reading says."""

    name: Name
    english: str
    text: str
    comments: tuple[str, ...] = ()


@frozen
class Question(Node):
    """（一）属实 established：the question, its ground; 〔类〕 when the answer is not yes or no."""

    name: Name
    english: str
    type: Name | None
    text: str
    basis: tuple[Citation, ...]
    comments: tuple[str, ...] = ()


@frozen
class Assign(Node):
    name: Name
    value: Expr


@frozen
class Since(Node):
    """自 2015年1月1日 起 科员: what a fact is from a day on, until the next such day."""

    start: Date
    value: Expr


@frozen
class Given(Node):
    """A line of a case's facts: of the person, of a row, of findings, or which lists are complete."""

    kind: str
    name: Name | None
    row: Expr | None
    values: tuple[Node, ...]
    comments: tuple[str, ...] = ()


@frozen
class Expected(Node):
    """就已载明者 不发生 免责: line ('' for both), status, effect ('' for the unprinted destination)."""

    line: str
    status: str
    name: Name | None


@frozen
class Concluded(Node):
    """A line of a case's outcomes: under which readings, of which row, what follows, on what grounds."""

    readings: tuple[Expr, ...]
    list: Name | None
    row: Expr | None
    expected: tuple[Expected, ...]
    because: tuple[Citation, ...]
    comments: tuple[str, ...] = ()


@frozen
class Files(Node):
    name: Name
    by: Name | None


@frozen
class Entry(Node):
    """公务员 civil_servant, with what it is measured in where it is an effect that has an amount."""

    name: Name
    english: str
    type: Node | None = None


@frozen
class FieldLine(Node):
    name: Name
    english: str
    type: Node
    marks: tuple[str, ...]


@frozen
class Line(Node):
    """A line of vocabulary: class, order, fact, list, effect or body."""

    kind: str
    name: Name | None
    english: str
    entries: tuple[Node, ...]
    marks: tuple[str, ...] = ()
    type: Node | None = None
    date: Name | None = None
    open: bool = False
    comments: tuple[str, ...] = ()


@frozen
class Clause(Node):
    """A heading and its body: a node, a tuple of nodes, or both a body and items."""

    key: str
    body: Node | tuple[Node, ...] | None
    items: tuple[Node, ...] = ()
    comments: tuple[str, ...] = ()


@frozen
class Declaration(Node):
    """One declaration, with its clauses in the order written; *unread* are those that did not parse."""

    kind: str
    name: Name | None
    english: str
    clauses: tuple[Clause | Line, ...]
    stages: tuple[Declaration, ...] = ()
    comments: tuple[str, ...] = ()
    unread: tuple[str, ...] = field(default=(), eq=False)

    def clause(self, *keys: str) -> Clause | None:
        """The first clause under one of these headings."""
        return next((c for c in self.clauses if isinstance(c, Clause) and c.key in keys), None)


@frozen
class Document(Node):
    """One file."""

    declarations: tuple[Declaration, ...]
    comments: tuple[str, ...] = ()
    lang: str = field(default="zh", eq=False)
