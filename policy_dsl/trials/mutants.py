"""Mutants: the policy with one slip in it, built anew, and whether a case notices."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import attrs
from attrs import evolve, frozen

from .. import model as m
from ..check import Checked, build
from ..language import syntax as s
from ..language.keywords import RULE_KINDS
from ..language.source import Span
from ..pack import Pack
from .hearing import Base, CourtAgain, Heard, Likeness, heard_cases, masks, verdict_of
from .operators import Operator, operators

# Where slips are made, and the clauses in which they are not: they conclude nothing a case can state.
KINDS: Final = (*RULE_KINDS, "definition", "parameter", "procedure", "regime")
LEFT: Final = frozenset(
    ("basis", "layer", "remark", "possible", "by", "toward", "authority", "delegated", "recorded_in", "unit")
)

Put = Callable[[s.Node], s.Declaration]
X = TypeVar("X")


@frozen(eq=False)
class Slip:
    """One change to the texts: the kind of slip, the declaration it is in, what stood there, the declaration as it
    reads with it, and which declaration of which document that is."""

    operator: Operator
    declaration: s.Declaration
    before: s.Node
    changed: s.Declaration
    at: tuple[int, int]

    @property
    def span(self) -> Span:
        """The place: of the node, else of what it stands in."""
        node = self.before
        if isinstance(node, s.Declaration) and node.name is not None:
            return node.name.span
        return node.span if node.span.source.name else self.declaration.span

    def texts(self, documents: tuple[s.Document, ...]) -> tuple[s.Document, ...]:
        """The texts with the slip in them."""
        i, j = self.at
        return _with(documents, i, evolve(documents[i], declarations=_with(documents[i].declarations, j, self.changed)))


@frozen(eq=False)
class Mutant:
    """A slip with the policy it makes, and the effects on which that may conclude something else."""

    slip: Slip
    policy: m.Policy
    likeness: Likeness
    effects: tuple[str, ...]


@frozen(eq=False)
class Noticed:
    """A slip, and a case that does not hold with it."""

    slip: Slip
    by: s.Declaration


@frozen(eq=False)
class Trial:
    """What became of the slips tried: those noticed, and the mutants that survive; how many check no longer
    (*refused*), bear on nothing that a case can state (*idle*), or were left untried."""

    killed: tuple[Noticed, ...]
    survived: tuple[Mutant, ...]
    refused: int
    idle: int
    left: int
    heard: tuple[Heard, ...]
    base: Base

    @property
    def tried(self) -> int:
        return len(self.killed) + len(self.survived)

    @property
    def by_operator(self) -> dict[str, tuple[int, int]]:
        """For each kind of slip how many were killed, and how many survived."""
        dead = Counter(x.slip.operator.key for x in self.killed)
        alive = Counter(x.slip.operator.key for x in self.survived)
        return {k: (dead[k], alive[k]) for k in (o.key for o in operators(lambda _: ())) if dead[k] + alive[k]}


def slips(pack: Pack, checked: Checked) -> Iterator[Slip]:
    """Every slip in the regime's own texts, in the order of the texts."""
    assert checked.policy is not None
    readings = checked.policy.readings
    rows = operators(lambda name: readings[name].alternatives if name in readings else ())
    own = {x.name for x in pack.own}
    for i, document in enumerate(checked.documents):
        for j, d in enumerate(document.declarations):
            if d.kind in KINDS and d.span.source.name in own:
                for node, put in _places(d, _itself):
                    for operator in rows:
                        for after in operator.change(node):
                            yield Slip(operator, d, node, put(after), (i, j))


def _itself(d: s.Node) -> s.Declaration:
    assert isinstance(d, s.Declaration)
    return d


def _places(x: s.Node, put: Put) -> Iterator[tuple[s.Node, Put]]:
    """Every node a slip may be in, outermost first, with how the declaration reads once it is another."""
    yield x, put
    for f in attrs.fields(type(x)):
        inner = getattr(x, f.name)
        if isinstance(inner, s.Node):
            yield from _places(inner, _putting(x, f.name, put))
        elif isinstance(inner, tuple):
            for i, y in enumerate(inner):
                if isinstance(y, s.Node) and not (isinstance(y, s.Clause) and y.key in LEFT):
                    yield from _places(y, _putting_among(x, f.name, i, put))


def _putting(x: s.Node, name: str, put: Put) -> Put:
    of: Any = x  # whose fields are known by name alone
    return lambda new: put(evolve(of, **{name: new}))


def _putting_among(x: s.Node, name: str, i: int, put: Put) -> Put:
    of: Any = x
    return lambda new: put(evolve(of, **{name: _with(getattr(of, name), i, new)}))


def _with(parts: tuple[X, ...], i: int, new: X) -> tuple[X, ...]:
    return (*parts[:i], new, *parts[i + 1 :])


def made(pack: Pack, checked: Checked, base: Base, slip: Slip) -> Mutant | str:
    """The mutant of a slip; 'refused' where it checks no longer, 'idle' where nothing that can be stated differs."""
    policy, problems = build(pack, slip.texts(checked.documents), checked.lexicon)
    if policy is None or any(p.severity == "error" for p in problems):
        return "refused"
    likeness = base.likeness(policy)
    new = likeness.verdicts
    effects = tuple(
        e
        for e in dict.fromkeys((*base.verdicts, *new))
        if e not in new or e not in base.verdicts or likeness.changed(new[e].person)
    )
    return Mutant(slip, policy, likeness, effects) if effects else "idle"


class Bench:
    """The cases that judge mutants; those that caught the last slips of the same declaration are asked first."""

    def __init__(self, heard: Sequence[Heard]):
        self.heard = tuple(heard)
        self.caught: dict[int, list[Heard]] = {}

    def killer(self, mutant: Mutant) -> Heard | None:
        """A case that states something the mutant does not conclude."""
        first = self.caught.setdefault(id(mutant.slip.declaration), [])
        for h in (*first, *(h for h in self.heard if h not in first)):
            if not h.effects.isdisjoint(mutant.effects) and _notices(mutant, h):
                if h in first:
                    first.remove(h)
                first.insert(0, h)
                return h
        return None


def _notices(mutant: Mutant, h: Heard) -> bool:
    like = mutant.likeness
    for sitting in h.sittings:
        again = CourtAgain(sitting.court, like)
        for x in sitting.stated:
            if x.effect not in mutant.effects:
                continue
            verdicts = like.verdicts.get(x.effect)
            judged = verdict_of(verdicts, x.of) if verdicts is not None else None
            if (judged is None or like.changed(judged)) and not x.holds(*masks(verdicts, x.of, x.row, again)):
                return True
    return False


def tried(pack: Pack, checked: Checked, limit: int | None = None) -> Trial:
    """Try every slip, or *limit* of them taken evenly over the texts."""
    assert checked.policy is not None
    base = Base(checked.policy)
    bench = Bench(heard_cases(base))
    every = list(slips(pack, checked))
    chosen = every if limit is None or limit >= len(every) else [every[i * len(every) // limit] for i in range(limit)]
    killed: list[Noticed] = []
    survived: list[Mutant] = []
    failed = Counter[str]()
    with _collecting_seldom() as collect:
        for n, slip in enumerate(chosen):
            if n % 100 == 0:
                collect()
            mutant = made(pack, checked, base, slip)
            if isinstance(mutant, str):
                failed[mutant] += 1
            elif (by := bench.killer(mutant)) is None:
                survived.append(mutant)
            else:
                killed.append(Noticed(slip, by.case))
    return Trial(
        tuple(killed), tuple(survived), failed["refused"], failed["idle"], len(every) - len(chosen), bench.heard, base
    )


@contextmanager
def _collecting_seldom() -> Iterator[Callable[[], int]]:
    """Without the collector of cycles, but when called: each policy built is one great cycle, and looking for it again
    and again takes a third of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield gc.collect
    finally:
        if on:
            gc.enable()
