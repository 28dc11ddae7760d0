"""The outcome of one person: every status on both lines, what is missing, and the atoms it all came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from attrs import frozen

from .. import model as m
from ..above import Regime
from ..compiled import atoms
from ..decide import Court, Decision, Gap, Question, look_into
from ..details import Detail, told
from ..evaluate import Evaluation
from ..knowledge import as_known
from ..leaves import in_order
from ..record import Record, Row
from ..rosters import Aside, Sifted
from ..statuses import SILENT
from ..values import Value, settled
from .engines import ENGINES
from .lines import Judge, Lines
from .looking import Courts

# An effect, the list and row it is judged of (none: the person), its masks on what is printed and on the whole text.
Place = tuple[str, str | None, Row | None, int, int]


@frozen
class Element:
    """An effect on one row of a list, where it arises or may."""

    effect: str
    list: str
    row: str
    printed: int
    whole: int


@frozen(eq=False)
class Outcome:
    """What a policy says of one person: of each effect, in the policy's order, the masks of statuses on what is printed
    and on the whole text; each row's; the effects with a conclusion that is not settled; what is missing for them, in
    the policy's order; and the packed atoms of the two lines."""

    record: Record
    statuses: tuple[tuple[int, int], ...]
    elements: tuple[Element, ...]
    open: tuple[str, ...]
    gaps: tuple[Gap, ...]
    atoms: tuple[int, int]

    @property
    def status(self) -> str:
        """'decided' when every conclusion is settled, as a decision has it."""
        return "undetermined" if self.open else "decided"


@frozen(eq=False)
class Population:
    """A regime put to everybody in a table. The texts above it are decided when a decision is rebuilt, not here.

    *details*: what is told of everybody besides their outcomes."""

    regime: Regime
    question: Question
    table: Sifted
    engine: str
    details: tuple[Detail, ...] = ()

    @property
    def policy(self) -> m.Policy:
        return self.regime.policy

    @cached_property
    def asked(self) -> Question:
        return self.regime.asked(self.policy, self.question)

    # Made when somebody is decided one by one: in sets nobody may be.

    @cached_property
    def judge(self) -> Judge:
        return ENGINES[self.engine].judge(self.policy, self.asked)

    @cached_property
    def court(self) -> Callable[[Record], Court]:
        return Courts(self.policy, self.asked).court

    def outcomes(self) -> Iterator[Outcome | Aside]:
        """Everybody one by one, in the table's order."""
        return (x if isinstance(x, Aside) else self.outcome(x) for x in self.table)

    def told(self, record: Record) -> Iterator[tuple[Detail, Row | None, Value]]:
        """What else the rules tell of one person, readings that are not chosen left open."""
        given = self.given(record)
        line = Evaluation(given, self.asked.frame(False))
        return told(self.details, given, lambda e, rows: line.why(e, rows).value)

    def given(self, record: Record) -> Record:
        """A record in the words of the county's own policy, as it stood on the days asked about."""
        seen = self.regime.put(self.policy, record, self.question)[1] if self.regime.above else record
        return as_known(seen, self.policy.shape, self.asked.as_of, self.asked.known_as_of)

    def outcome(self, record: Record) -> Outcome:
        """One person. What the engine settles stands; of what it leaves open the walker tells which readings it turns
        on, and what is missing."""
        given = self.given(record)
        lines = self.judge(given)
        told = list(_told(self.policy, given, lines))
        open_ = [i for i, (*_, a, b) in enumerate(told) if a != b or not settled(b)]
        gaps: list[Gap] = []
        if open_:
            asked = [told[i][:3] for i in open_]
            conclusions, gaps = look_into(self.policy, self.court(given), asked)
            for i, c in zip(open_, conclusions, strict=True):
                verdicts, of, row, printed, whole = told[i]
                if c.printed & ~printed or c.whole & ~whole:
                    # An engine may leave more open than the walker, which tries the readings; it may not say otherwise.
                    both = f"the engine has {printed, whole}, the walker {c.printed, c.whole}"
                    raise RuntimeError(f"{record.id} {verdicts.effect}: {both}")
                told[i] = verdicts, of, row, c.printed, c.whole
        places = ((verdicts.effect, of, row, a, b) for verdicts, of, row, a, b in told)
        return _outcome(self.policy, record, places, gaps, (lines[0][1], lines[1][1]))


def of_decision(decision: Decision, packed: tuple[int, int]) -> Outcome:
    """What of a decision a result keeps."""
    places = ((c.effect, c.list, c.row, c.printed, c.whole) for c in decision.conclusions)
    return _outcome(decision.policy, decision.record, places, decision.gaps, packed)


def _outcome(
    policy: m.Policy, record: Record, places: Iterable[Place], gaps: Sequence[Gap], packed: tuple[int, int]
) -> Outcome:
    statuses: list[tuple[int, int]] = []
    elements: list[Element] = []
    open_: dict[str, None] = {}
    for effect, of, row, printed, whole in places:
        if row is None:
            statuses.append((printed, whole))
        elif (printed, whole) != (SILENT, SILENT):
            elements.append(Element(effect, of or "", row.id or "", printed, whole))
        if printed != whole or not settled(whole):
            open_[effect] = None
    return Outcome(record, tuple(statuses), tuple(elements), tuple(open_), in_order(policy, gaps), packed)


def _told(
    policy: m.Policy, given: Record, lines: Lines
) -> Iterator[tuple[m.Verdicts, str | None, Row | None, int, int]]:
    """An engine's lines by place, in the order of a decision's conclusions."""
    both = zip(lines[0][0], lines[1][0], strict=True)
    for verdicts in policy.verdicts:
        yield verdicts, None, None, *next(both)
        for of in verdicts.elements:
            for row, *masks in zip(given.lists[of].known, *next(both), strict=True):
                yield verdicts, of, row, masks[0], masks[1]


# Atoms.


def atoms_of(policy: m.Policy) -> tuple[m.Expr, ...]:
    """The atoms of a policy, in the order they are packed."""
    return tuple(atoms([v.person for v in policy.verdicts]))


def walked_atoms(policy: m.Policy, decision: Decision) -> tuple[int, int]:
    """The atoms of a decision as the walker judges them: on what is printed, and on the whole text."""
    kept = atoms_of(policy)
    lines = [Evaluation(decision.given, decision.question.frame(printed)) for printed in (True, False)]
    first, second = (sum(_truth(line, a) << 2 * i for i, a in enumerate(kept)) for line in lines)
    return first, second


def _truth(line: Evaluation, atom: m.Expr) -> int:
    value = line.why(atom, ()).value
    assert isinstance(value, int)
    return value
