"""The outcome of one person: every status on both lines, what is missing, and the atoms it all came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from attrs import evolve, field, frozen

from .. import model as m
from ..above import Regime
from ..compiled import atoms
from ..decide import Decision, Gap, Question, decide
from ..evaluate import Evaluation
from ..knowledge import as_known
from ..record import Record
from ..rosters import Aside, Sifted
from ..statuses import SILENT
from ..values import settled
from .engines import ENGINES, Line


@frozen(order=True)
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
    and on the whole text; each row's; the effects with a conclusion that is not settled; what is missing for them; and
    the packed atoms of the two lines."""

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
    """A regime put to everybody in a table. The texts above it are decided when a decision is rebuilt, not here."""

    regime: Regime
    question: Question
    table: Sifted
    engine: str
    policy: m.Policy = field(init=False)
    asked: Question = field(init=False)

    @policy.default
    def _policy(self) -> m.Policy:
        return self.regime.policy

    @asked.default
    def _asked(self) -> Question:
        return self.regime.asked(self.regime.policy, self.question)

    def outcomes(self) -> Iterator[Outcome | Aside]:
        """Everybody, in the table's order."""
        engine = ENGINES[self.engine]
        judge = engine.judge(self.policy, self.asked)
        persons = iter(self.table)
        while batch := list(islice(persons, engine.batch)):
            seen = [self.seen(x) for x in batch if isinstance(x, Record)]
            given = [as_known(x, self.policy.shape, self.asked.as_of, self.asked.known_as_of) for x in seen]
            made = zip(seen, given, judge(given), strict=True)
            for x in batch:
                yield x if isinstance(x, Aside) else self.outcome(x, *next(made))

    def seen(self, record: Record) -> Record:
        """A record in the words of the county's own policy."""
        return self.regime.put(self.policy, record, self.question)[1] if self.regime.above else record

    def outcome(self, record: Record, seen: Record, given: Record, lines: tuple[Line, Line]) -> Outcome:
        """Where an engine's lines settle everything, that is the outcome; of what stays open the walker tells which
        readings it turns on and what is missing."""
        printed, whole = lines
        packed = printed[1], whole[1]
        statuses, elements, open_ = _read(self.policy, given, printed[0], whole[0])
        if open_:
            decision = decide(self.policy, seen, self.asked, what_if=False)
            made = of_decision(decision, packed)
            _within(self.policy, made.statuses, statuses)
            return evolve(made, record=record)
        return Outcome(record, statuses, elements, (), (), packed)


def of_decision(decision: Decision, packed: tuple[int, int]) -> Outcome:
    """What of a decision a result keeps."""
    found = decision.conclusions
    return Outcome(
        decision.record,
        tuple((c.printed, c.whole) for c in found if c.row is None),
        tuple(
            Element(c.effect, c.list or "", c.row.id or "", c.printed, c.whole)
            for c in found
            if c.row is not None and c.arises
        ),
        tuple(dict.fromkeys(c.effect for c in found if not c.settled)),
        decision.gaps,
        packed,
    )


def _read(
    policy: m.Policy, given: Record, printed: Sequence[object], whole: Sequence[object]
) -> tuple[tuple[tuple[int, int], ...], tuple[Element, ...], bool]:
    """An engine's lines: each effect of the person, the rows on which one arises, and whether anything is open."""
    statuses: list[tuple[int, int]] = []
    elements: list[Element] = []
    open_ = False
    lines = zip(printed, whole, strict=True)
    for verdicts in policy.verdicts:
        a, b = next(lines)
        assert isinstance(a, int) and isinstance(b, int)
        statuses.append((a, b))
        open_ = open_ or a != b or not settled(b)
        for of in verdicts.elements:
            a, b = next(lines)
            assert isinstance(a, Sequence) and isinstance(b, Sequence)
            for row, x, y in zip(given.lists[of].known, a, b, strict=True):
                open_ = open_ or x != y or not settled(y)
                if x != SILENT or y != SILENT:
                    elements.append(Element(verdicts.effect, of, row.id or "", x, y))
    return tuple(statuses), tuple(elements), open_


def _within(policy: m.Policy, walked: Sequence[tuple[int, int]], judged: Sequence[tuple[int, int]]) -> None:
    """An engine may leave more open than the walker, which tries the readings, and never less or otherwise."""
    for verdicts, mine, theirs in zip(policy.verdicts, walked, judged, strict=True):
        if mine[0] & ~theirs[0] or mine[1] & ~theirs[1]:
            raise RuntimeError(f"{verdicts.effect}: the engine has {theirs}, the walker {mine}")


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
