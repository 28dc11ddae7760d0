"""The policy as checked, which the engines run: names resolved, typed, exceptions arranged, citations bound.

A condition or value is one of the nodes below; everything else of the language is built from them by `check`. Slots
number the rows in view: 0 is the element under judgement, or the outermost list's row; 1 the row of a list inside it.
Nodes are compared by identity: each is one place of the policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from attrs import field, frozen

from .language import syntax as s
from .language.lexer import Lexicon
from .register import Provision
from .shapes import EffectShape, FactShape, ListShape, QuestionShape, Shape
from .values import TRUTH, Type, Value
from .working_days import NOWHERE, Calendar

# The field of a row that says when it became known.
LEARNT: Final = "知悉日"

# What an expression turns on, without the row: a fact, a field, a finding, a reading, a list's being complete.
Topic = tuple[object, ...]


@frozen(kw_only=True, eq=False)
class Expr:
    """A condition or value; *source* is what the author wrote, for the explanation to show."""

    type: Type = TRUTH
    source: s.Node | None = field(default=None, repr=False)
    slots: frozenset[int] = frozenset()

    @cached_property
    def reach(self) -> int:
        """How many of the rows in view it reads."""
        return max(self.slots, default=-1) + 1

    @cached_property
    def topics(self) -> frozenset[Topic]:
        """Everything it turns on, whichever rows are in view."""
        return frozenset(own_topics(self)).union(*(p.topics for p in parts(self)))


@frozen(eq=False)
class Constant(Expr):
    value: Value


@frozen(eq=False)
class Fact(Expr):
    """A fact of the person; one that changes over time is read at *moment*."""

    name: str
    moment: Expr | None = None


@frozen(eq=False)
class Field(Expr):
    """A fact of a row."""

    list: str
    name: str
    slot: int


@frozen(eq=False)
class Happened(Expr):
    """Whether a row had happened by the day of decision, and was known by the day of knowledge: open where its date may
    lie later, or the day on which it was *learnt*."""

    list: str
    name: str
    slot: int
    learnt: Field | None = None


@frozen(eq=False)
class RowId(Expr):
    """The number of a row."""

    list: str
    slot: int


@frozen(eq=False)
class Finding(Expr):
    """What a named body answered to a question, of the person or of a row.

    *alike*: whether a value beyond those a text lists (等) is to be treated like them. Until a body finds so, that is
    false on what is printed.
    """

    name: str
    list: str | None
    slot: int | None
    alike: bool = False


@frozen(eq=False)
class Leaf(Expr):
    """What no record says: a reading nobody chose, or what the text does not print, masks, leaves to another text.

    *kind* is reading, unprinted, masked, unverified, not_obtained, tie, calendar; *top* what it may be all the same.
    """

    name: str
    kind: str
    top: Value
    who: tuple[str, ...] = ()
    note: str = ""
    basis: tuple[str, ...] = ()


@frozen(eq=False)
class Unprinted(Expr):
    """A condition the text does not print: unknown on the whole text, false on what is printed."""

    name: str
    kind: str
    who: tuple[str, ...] = ()
    note: str = ""


@frozen(eq=False)
class DecisionDay(Expr):
    pass


@frozen(eq=False)
class Admitted(Expr):
    """Whether the decision admits a layer."""

    layer: str


@frozen(eq=False)
class Named(Expr):
    """A definition, rule or stage, by name: evaluated once for each row it concerns."""

    name: str
    body: Expr
    role: str = "definition"
    basis: tuple[str, ...] = ()


@frozen(eq=False)
class Not(Expr):
    part: Expr


@frozen(eq=False)
class All(Expr):
    parts: tuple[Expr, ...]


@frozen(eq=False)
class Any(Expr):
    parts: tuple[Expr, ...]


@frozen(eq=False)
class Is(Expr):
    """A finite value is one of these options, or, where the list is open, perhaps alike."""

    part: Expr
    options: int
    alike: Finding | None = None


@frozen(eq=False)
class Same(Expr):
    """Two finite values are the same option."""

    left: Expr
    right: Expr


@frozen(eq=False)
class Equal(Expr):
    """Two ordered values are equal."""

    left: Expr
    right: Expr


@frozen(eq=False)
class AtLeast(Expr):
    """left ≥ right; > when strict."""

    left: Expr
    right: Expr
    strict: bool = False


@frozen(eq=False)
class Choose(Expr):
    condition: Expr
    then: Expr
    otherwise: Expr


@frozen(eq=False)
class Add(Expr):
    parts: tuple[Expr, ...]


@frozen(eq=False)
class Scale(Expr):
    factor: int
    part: Expr


@frozen(eq=False)
class Extreme(Expr):
    """The greatest, or the least."""

    parts: tuple[Expr, ...]
    most: bool


@frozen(eq=False)
class Shift(Expr):
    """A day so many days, working days, weeks, months or years later (sign 1) or earlier (−1).

    *readings*: whether the first day counts, and what the unit leaves open (where a month end goes, what a week is).
    *calendar* tells working days, *uncharted* stands for the days it does not reach, where the unit needs it.
    """

    day: Expr
    amount: Expr
    unit: str
    sign: int
    readings: tuple[Leaf, ...]
    calendar: Calendar = NOWHERE
    uncharted: Leaf | None = None


@frozen(eq=False)
class YearEnd(Expr):
    part: Expr


@frozen(eq=False)
class Fold(Expr):
    """What the rows of a list for which *where* holds come to: some, count, sum, max, min, latest, kinds, run."""

    list: str
    slot: int
    how: str
    where: Expr
    value: Expr | None = None
    day: Expr | None = None
    tie: Leaf | None = None
    happened: Happened | None = None


@frozen(eq=False)
class Contribution:
    """What one rule adds to an effect: a flag, the condition it arises under, and when its duty may be set aside."""

    flag: str
    fires: Expr
    waived: Expr | None = None


@frozen(eq=False)
class Verdict(Expr):
    """What the rules together make of one effect, of the person or of one row."""

    effect: str
    flags: tuple[Contribution, ...]


@frozen(eq=False)
class Strongest(Expr):
    """The person's line of an effect: the strongest of the person's own verdict and those of every row."""

    effect: str
    own: Verdict
    rows: tuple[tuple[str, Verdict], ...]


# Every status an effect can have, in the order of a Verdict's mask.
STATUSES: Final = (
    "silent", "may", "may_unadvised", "should_not", "basically_one_of", "generally_one_of", "principle_one_of",
    "must_one_of", "must_waivable", "basically_must", "generally_must", "principle_must", "must", "must_not",
    "conflict",
)  # fmt: skip
STATUS: Final = Type("finite", "status", STATUSES)

# Flags a contribution may carry; *waivable* is a duty that is in fact open to be set aside.
FLAGS: Final = (
    "conflict", "must_not", "must", "principle_must", "generally_must", "basically_must", "waivable", "one_of",
    "principle_one_of", "generally_one_of", "basically_one_of", "may", "should_not",
)  # fmt: skip
# A duty to choose one of several, by the strength of the duty, and the status it gives each of them.
CHOICES: Final = {
    "must": ("one_of", "must_one_of"), "principle_must": ("principle_one_of", "principle_one_of"),
    "generally_must": ("generally_one_of", "generally_one_of"),
    "basically_must": ("basically_one_of", "basically_one_of"),
}  # fmt: skip
# From weak to strong, for the person's line over several rows: a duty on one row outweighs a bar on another.
STRENGTH: Final = (
    "silent", "must_not", "should_not", "may_unadvised", "may", "basically_one_of", "generally_one_of",
    "principle_one_of", "must_one_of", "must_waivable", "basically_must", "generally_must", "principle_must", "must",
    "conflict",
)  # fmt: skip


def status_of(flags: frozenset[str]) -> str:
    """The status that rules firing together give an effect. A must against a must-not is a conflict, never resolved."""
    if "conflict" in flags:
        return "conflict"
    if "must_not" in flags:
        return "conflict" if flags & {"must", "waivable"} else "must_not"
    for strength in ("must", "principle_must", "generally_must", "basically_must"):
        if strength in flags:
            return strength
    if "waivable" in flags:
        return "must_waivable"
    for flag, status in CHOICES.values():
        if flag in flags:
            return status
    if "may" in flags:
        return "may_unadvised" if "should_not" in flags else "may"
    return "should_not" if "should_not" in flags else "silent"


# Who could supply what a unit's own text leaves out, or what no unit's text was obtained for.
OWN_UNIT: Final = "本人所在单位"


# The policy.


@frozen(eq=False)
class Instrument:
    """A text with authority and dates."""

    name: str
    basis: tuple[str, ...]
    layer: str
    authority: tuple[str, ...]
    start: Expr
    end: Expr | None
    above: str | None
    unit: str | None
    retroactive: str = ""


@frozen
class Reading:
    """A named choice of meaning: a 解读, a parameter with possible values, or one that is built in."""

    name: str
    question: str
    alternatives: tuple[str, ...]
    notes: Mapping[str, str]
    basis: tuple[str, ...]
    built_in: bool = False


@frozen(eq=False)
class Decider:
    """Who decides: rows of condition and bodies; a body may be unprinted."""

    rows: tuple[tuple[Expr | None, tuple[str, ...]], ...]


@frozen(eq=False)
class Amount:
    """How much: from *low* to *high*, one expression where it is exact; an end may be open, or itself excluded."""

    low: Expr | None
    high: Expr | None
    above: bool = False
    below: bool = False


@frozen(eq=False)
class Option:
    """One effect a rule leads to: its flag, the condition under which this rule yields it, and its amount."""

    effect: str
    flag: str
    fires: Expr
    open_list: bool
    join: str
    amount: Amount | None = None
    condition: Expr | None = None
    base: Expr | None = None
    group: int = 0
    waived: Expr | None = None
    waivers: tuple[str, ...] = ()


@frozen(eq=False)
class Period:
    """From when until when something lasts; whether it is running on the day of decision."""

    begin: Expr | None
    end: Expr | None
    running: Expr

    @property
    def days(self) -> tuple[Expr, ...]:
        return tuple(x for x in (self.begin, self.end) if x is not None)


@frozen(eq=False)
class Clock:
    """The days of a stage or a duty: the first, the last, those that show it done; whether by the day of decision it
    has begun, is done, is late; who owes what is to be handed in; where it leads (None: not printed), and when."""

    begin: Expr | None
    due: Expr | None
    done: tuple[Expr, ...]
    begun: Expr | None
    finished: Expr | None
    late: Expr | None
    owed_by: tuple[str, ...] = ()
    next: tuple[tuple[str | None, Expr], ...] = ()


@frozen(eq=False)
class Rule:
    """A provision that concludes: for the person (list None) or for each row of a list."""

    name: str
    category: str
    instrument: Instrument
    list: str | None
    basis: tuple[str, ...]
    layer: str
    fires: Expr
    ready: Expr
    options: tuple[Option, ...]
    decider: Decider
    toward: tuple[str, ...]
    defeated_by: tuple[str, ...]
    exceptions: tuple[Expr, ...]
    condition: Expr
    during: Period | None
    clock: Clock | None
    span: s.Node
    procedure: str = ""


@frozen(eq=False)
class Verdicts:
    """What is decided of one effect: for the person, and for each row of the lists that bear on it."""

    effect: str
    person: Strongest
    elements: Mapping[str, Verdict]


@frozen(eq=False)
class Roster:
    """Whom a 名册 concerns, in which groups; how many it takes (*lot*: by lot; *rounding*: several if not printed)."""

    name: str
    within: Expr
    every: tuple[Expr, ...]
    period: str
    ranked: Expr | None
    share: Expr | None
    lot: bool
    rounding: tuple[str, ...]
    yields: str
    by: tuple[str, ...]
    span: s.Declaration


@frozen
class Concluded:
    """That a conclusion on the person has a status."""

    effect: str
    status: str


@frozen(eq=False)
class Property:
    """A property as declared: *always*: whenever the first holds (None: of every record), so does the second; and what
    each of its other clauses names: facts and findings, lists, effects, instruments."""

    name: s.Name
    always: tuple[Expr | Concluded | None, Expr | Concluded] | None
    named: Mapping[str, tuple[str, ...]]


@frozen(eq=False)
class Policy:
    """A checked pack: one county with its vocabulary."""

    name: str
    english: str
    digest: str
    shape: Shape
    lexicon: Lexicon
    provisions: Mapping[str, Provision]
    instruments: tuple[Instrument, ...]
    readings: Mapping[str, Reading]
    definitions: Mapping[str, Expr]
    rules: tuple[Rule, ...]
    verdicts: tuple[Verdicts, ...]
    authority: tuple[str, ...]
    cases: tuple[s.Declaration, ...]
    declarations: tuple[s.Declaration, ...] = ()
    rosters: tuple[Roster, ...] = ()
    properties: tuple[Property, ...] = ()
    # What names the person's unit, where units write rules of their own.
    unit: Expr | None = None


def parts(e: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside one."""
    match e:
        case Fact(moment=moment):
            return () if moment is None else (moment,)
        case Named(body=body):
            return (body,)
        case Is(part=part, alike=alike):
            return (part,) if alike is None else (part, alike)
        case Not(part=part) | Scale(part=part) | YearEnd(part=part):
            return (part,)
        case All(parts=inner) | Any(parts=inner) | Add(parts=inner) | Extreme(parts=inner):
            return inner
        case Same(left=a, right=b) | Equal(left=a, right=b) | AtLeast(left=a, right=b):
            return a, b
        case Choose(condition=c, then=a, otherwise=b):
            return c, a, b
        case Shift(day=day, amount=amount, readings=readings, uncharted=uncharted):
            return (day, amount, *readings, *(() if uncharted is None else (uncharted,)))
        case Fold(where=where, value=value, day=day, tie=tie, happened=happened):
            return (where, *(x for x in (value, day, tie, happened) if x is not None))
        case Verdict(flags=flags):
            return tuple(x for c in flags for x in (c.fires, c.waived) if x is not None)
        case Strongest(own=own, rows=rows):
            return (own, *(x for _, x in rows))
    return ()


def own_topics(e: Expr) -> tuple[Topic, ...]:
    """What a node asks itself, its parts apart: one question, unless it is of several lists."""
    match e:
        case Fact(name=name):
            return (("fact", name),)
        case Happened(list=of, name=name, learnt=Field(name=learnt)):
            return (("field", of, name), ("field", of, learnt))
        case Field(list=of, name=name) | Happened(list=of, name=name):
            return (("field", of, name),)
        case Finding(name=name):
            return (("finding", name),)
        case Leaf(name=name, kind=kind):
            return ((kind, name),)
        case Unprinted():
            return (("unprinted", id(e)),)
        case Fold(list=of):
            return (("list", of),)
        case Strongest(rows=rows):
            return tuple(("list", of) for of, _ in rows)
    return ()


def walk(*roots: Expr) -> Iterator[Expr]:
    """Every node under the roots, each once, parts before wholes."""
    seen: set[int] = set()
    stack: list[tuple[Expr, bool]] = [(r, False) for r in reversed(roots)]
    while stack:
        e, done = stack.pop()
        if done:
            yield e
        elif id(e) not in seen:
            seen.add(id(e))
            stack.append((e, True))
            stack += [(p, False) for p in reversed(parts(e))]


__all__ = ["EffectShape", "FactShape", "ListShape", "Provision", "QuestionShape", "Shape"]
