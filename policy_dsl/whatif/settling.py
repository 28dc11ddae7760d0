"""What is missing of a record: the smallest sets of answers that would settle an outcome, and what to ask first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod
from typing import Final

from attrs import evolve, frozen

from .. import model as m
from ..decide import Conclusion, Decision, Gap, answered_by, probes
from ..evaluate import Evaluation
from ..explanation import Explanation, LeafKey, Member, leaf_key
from ..values import Value, settled
from .outcomes import place_of, verdict_of

# Why something is missing that an answer would supply: nobody was asked, or the answer was not exact.
ASKABLE: Final = frozenset(("not_asked", "not_known", "pending", "imprecise", "list_open", "not_found_alike"))
# How many answers are tried of one outcome, and how many questions are weighed.
TRIALS: Final = 1000
WEIGHED: Final = 12
MOST: Final = 3


@frozen(eq=False)
class Answered:
    """An answer supposed to something missing."""

    gap: Gap
    label: str


@frozen(eq=False)
class Settling:
    """Answers that together settle an outcome, whatever else is not known; *certain*: so does every other answer to the
    same questions."""

    answers: tuple[Answered, ...]
    status: int
    certain: bool = False


@frozen(eq=False)
class Open:
    """An outcome that waits: the smallest sets of answers that settle it, for each status; what no answer supplies
    (readings, what is not printed); *capped*: not everything was tried."""

    conclusion: Conclusion
    ways: tuple[Settling, ...]
    beyond: tuple[Gap, ...]
    capped: bool


class Supposing:
    """One decision's record, with answers supposed to what is missing of it."""

    def __init__(self, decision: Decision):
        self.decision = decision
        self.whole = Evaluation(decision.given, decision.question.frame(False))
        self.leaves: dict[LeafKey, Explanation] = {}
        for c in decision.conclusions:
            for e in c.why.missing():
                key = leaf_key(e.node, e.rows)
                if key is not None:
                    self.leaves.setdefault(key, e)
        self.tried = 0

    def answers(self, gap: Gap, waiting: Sequence[Conclusion]) -> list[tuple[str, Value]]:
        """The answers worth supposing."""
        leaf = self.leaves.get(gap.key)
        return [] if leaf is None else list(probes(gap.key, leaf, list(waiting)))

    def status(self, c: Conclusion, given: Mapping[LeafKey, tuple[m.Topic, Value]]) -> int:
        """What an outcome comes to if these are the answers, however the text is read."""
        self.tried += 1
        trial = self.under(given)
        return self.of(c, trial)

    def under(self, given: Mapping[LeafKey, tuple[m.Topic, Value]]) -> Evaluation:
        """The record with these answers."""
        return self.whole.but(self.whole.frame, (t for t, _ in given.values()), {k: x for k, (_, x) in given.items()})

    def results(self, gap: Gap, value: Value, waiting: Sequence[Conclusion]) -> list[int]:
        """What each outcome comes to if this is the answer."""
        trial = self.under({gap.key: (answered_by(gap.node), value)})
        return [self.of(c, trial) for c in waiting]

    def of(self, c: Conclusion, trial: Evaluation) -> int:
        mask = trial.why(verdict_of(self.decision.policy, c), () if c.row is None else (c.row,)).value
        assert isinstance(mask, int)
        return mask


def askable(gap: Gap) -> bool:
    """Whether whoever keeps the record, or a body, could answer it: not what a row nobody listed would say, nor what
    the text does not."""
    return gap.kind in ASKABLE and (isinstance(gap.node, Member) or gap.row is None or gap.row.id is not None)


def of_row(gap: Gap) -> str | None:
    """The row it concerns."""
    return gap.row.id if gap.row is not None else None


def gaps_of(decision: Decision, c: Conclusion) -> list[Gap]:
    """What an outcome waits for."""
    return [g for g in decision.gaps if place_of(c) in g.changes]


def settlings(decision: Decision, c: Conclusion) -> Open:
    """For each status an outcome may still have, the smallest sets of questions some answers to which settle it so: of
    one question, else of two, else of three. Where no answer settles it, it waits for what is *beyond* asking."""
    supposing = Supposing(decision)
    gaps = sorted(gaps_of(decision, c), key=lambda g: order(g, decision))
    asked = [(g, found) for g in gaps if askable(g) and (found := supposing.answers(g, [c]))]
    beyond = tuple(g for g in gaps if not askable(g) and g.kind != "list_open")
    ways: list[Settling] = []
    capped = False
    for size in range(1, min(MOST, len(asked)) + 1):
        reached = 0
        for s in ways:
            reached |= s.status
        if capped or reached == c.whole:
            break
        for chosen in combinations(asked, size):
            settling, whole = _answered(supposing, c, chosen)
            capped = capped or not whole
            sure = whole and not any(isinstance(g.node, Member) for g, _ in chosen)
            sure = sure and len(settling) == prod(len(answers) for _, answers in chosen)
            ways += [evolve(s, certain=sure) for s in settling if not s.status & reached]
    return Open(c, tuple(ways), beyond, capped)


def _answered(
    supposing: Supposing, c: Conclusion, chosen: Sequence[tuple[Gap, list[tuple[str, Value]]]]
) -> tuple[list[Settling], bool]:
    """The answers to these questions that settle an outcome, and whether all were tried."""
    found: list[Settling] = []
    for given in product(*(answers for _, answers in chosen)):
        if supposing.tried >= TRIALS:
            return found, False
        mask = supposing.status(
            c, {g.key: (answered_by(g.node), x) for (g, _), (_, x) in zip(chosen, given, strict=True)}
        )
        if settled(mask):
            told = tuple(Answered(g, label) for (g, _), (label, _) in zip(chosen, given, strict=True))
            found.append(Settling(told, mask))
    return found, True


def worth_asking(decision: Decision, waiting: Collection[Conclusion], gaps: Collection[Gap]) -> list[Gap]:
    """Questions in the order worth asking: that one first whose answers settle most of the outcomes that wait, on the
    average; then whichever leaves least open; then whichever most outcomes wait for. What the record lists first never
    matters."""
    supposing = Supposing(decision)
    by_place = {place_of(c): c for c in waiting}

    def waits(g: Gap) -> list[Conclusion]:
        return [by_place[p] for p in g.changes if p in by_place]

    first = sorted(gaps, key=lambda g: (-len(waits(g)), order(g, decision)))

    def worth(g: Gap) -> tuple[float, float]:
        answers = supposing.answers(g, waits(g))
        done = left = 0
        for _, x in answers:
            masks = supposing.results(g, x, waits(g))
            done += sum(settled(mask) for mask in masks)
            left += sum(mask.bit_count() - c.whole.bit_count() for mask, c in zip(masks, waits(g), strict=True))
        return (-done / len(answers), left / len(answers)) if answers else (0, 0)

    weighed = {g.key: worth(g) for g in first[:WEIGHED]}
    return sorted(first, key=lambda g: (*weighed.get(g.key, (1, 0)), -len(waits(g)), order(g, decision)))


def order(gap: Gap, decision: Decision) -> tuple[object, ...]:
    """Where a question stands among its like: facts of the person as the vocabulary lists them, then the rows of each
    list, its date first, whether it is complete, findings last."""
    shape = decision.policy.shape
    match gap.node:
        case m.Fact(name=name):
            return 0, list(shape.facts).index(name), 0, "", 0
        case m.Field(list=of, name=name) | m.Happened(list=of, name=name):
            listed = shape.lists[of]
            return (
                1,
                list(shape.lists).index(of),
                0,
                of_row(gap) or "",
                -1 if name == listed.date else list(listed.fields).index(name),
            )
        case Member(list=of):
            return 1, list(shape.lists).index(of), 1, "", 0
        case m.Finding(name=name):
            return 2, list(shape.findings).index(name), 0, of_row(gap) or "", 0
    return 3, 0, 0, str(gap.key), 0


def ask_order(decision: Decision, waiting: Collection[Conclusion]) -> Iterator[Gap]:
    """Everything that may be asked, in the order worth asking."""
    places = {place_of(c) for c in waiting}
    yield from worth_asking(decision, waiting, [g for g in decision.gaps if askable(g) and places & set(g.changes)])
