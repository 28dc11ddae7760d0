"""Mutants: the policy with one slip in it, built anew, and whether a case notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import attrs
from attrs import evolve, field, frozen

from .. import model as m
from ..check import Checked, build
from ..diagnostics import found
from ..language import syntax as s
from ..language.keywords import RULE_KINDS
from ..language.source import Span
from ..pack import Pack
from .hearing import Base, CourtAgain, Heard, Likeness, hear, masks, verdict_of
from .operators import Operator, operators

# What is changed, and the clauses in which it is not: they conclude nothing a case can state.
KINDS = (*RULE_KINDS, "definition", "parameter", "procedure", "regime")
LEFT = frozenset(("basis", "layer", "remark", "possible", "by", "toward", "authority", "delegated", "recorded_in", "unit"))

Put = Callable[[s.Node], s.Document]


@frozen(eq=False)
class Slip:
    """One change to the texts: the operator, what stood there, what stands there now, and the texts with it."""

    operator: Operator
    declaration: s.Declaration
    before: s.Node
    after: s.Node
    documents: tuple[s.Document, ...]

    @property
    def span(self) -> Span:
        """The place: of the node, else of what it stands in."""
        return self.before.span if self.before.span.source.name else self.declaration.span


@frozen(eq=False)
class Mutant:
    """A slip with the policy it makes, and what of that policy differs."""

    slip: Slip
    policy: m.Policy
    likeness: Likeness
    effects: tuple[str, ...]
    killed_by: s.Declaration | None = None


@frozen(eq=False)
class Trial:
    """What became of the slips tried: mutants killed and surviving; how many checked no longer, or bear on nothing that
    a case can state; and how many were left untried."""

    killed: tuple[Mutant, ...]
    survived: tuple[Mutant, ...]
    refused: int
    idle: int
    left: int = 0
    heard: tuple[Heard, ...] = field(factory=tuple)
    base: Base | None = None

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
        if document.span.source.name not in own and not _stands_in(document, own):
            continue
        for j, d in enumerate(document.declarations):
            if d.kind not in KINDS:
                continue

            def put(new: s.Node, i: int = i, j: int = j, document: s.Document = document) -> tuple[s.Document, ...]:
                assert isinstance(new, s.Declaration)
                changed = (*document.declarations[:j], new, *document.declarations[j + 1 :])
                one = evolve(document, declarations=changed)
                return (*checked.documents[:i], one, *checked.documents[i + 1 :])

            for node, rebuilt in _places(d, put):
                for operator in rows:
                    for after in operator.change(node):
                        yield Slip(operator, d, node, after, rebuilt(after))


def _stands_in(document: s.Document, own: set[str]) -> bool:
    return any(d.span.source.name in own for d in document.declarations)


Rebuilt = Callable[[s.Node], tuple[s.Document, ...]]


def _places(x: s.Node, put: Rebuilt) -> Iterator[tuple[s.Node, Rebuilt]]:
    """Every node a slip may be in, outermost first, with how the texts read once it is another."""
    yield x, put
    for f in attrs.fields(type(x)):
        inner = getattr(x, f.name)
        if isinstance(inner, s.Node):
            if not isinstance(inner, s.Name):
                yield from _places(inner, lambda new, f=f: put(evolve(x, **{f.name: new})))  # type: ignore[misc]
        elif isinstance(inner, tuple):
            for i, y in enumerate(inner):
                if not isinstance(y, s.Node) or (isinstance(y, s.Clause) and y.key in LEFT):
                    continue

                def at(
                    new: s.Node, name: str = f.name, inner: tuple[object, ...] = inner, i: int = i
                ) -> tuple[s.Document, ...]:
                    return put(evolve(x, **{name: (*inner[:i], new, *inner[i + 1 :])}))

                yield from _places(y, at)


def made(pack: Pack, checked: Checked, base: Base, slip: Slip) -> Mutant | None | str:
    """The mutant of a slip; 'refused' where it checks no longer, 'idle' where nothing that can be stated differs."""
    policy, problems = build(pack, slip.documents, checked.lexicon)
    if policy is None or any(p.severity == "error" for p in problems):
        return "refused"
    likeness = base.likeness(policy)
    effects = tuple(
        e for e in dict.fromkeys((*base.verdicts, *likeness.verdicts))
        if e not in likeness.verdicts or e not in base.verdicts or likeness.changed(likeness.verdicts[e].person)
    )  # fmt: skip
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
        again: CourtAgain | None = None
        for x in sitting.stated:
            if x.effect not in mutant.effects:
                continue
            verdicts = like.verdicts.get(x.effect)
            judged = verdict_of(verdicts, x.of) if verdicts is not None else None
            if judged is not None and not like.changed(judged):
                continue
            again = again or CourtAgain(sitting.court, like)
            if not x.holds(*masks(verdicts, x.of, x.row, again)):
                return True
    return False


def heard_cases(base: Base) -> tuple[Heard, ...]:
    """The cases of a policy, each prepared once; those that do not hold to begin with tell nothing."""
    found_ = (hear(base.policy, case) for case in base.policy.cases)
    return tuple(h for h in found_ if h is not None and _holds(base, h))


def _holds(base: Base, h: Heard) -> bool:
    return all(x.holds(*masks(base.verdicts.get(x.effect), x.of, x.row, s.court)) for s in h.sittings for x in s.stated)


def tried(
    pack: Pack, checked: Checked, limit: int | None = None, told: Callable[[int], None] = lambda _: None
) -> Trial:
    """Try every slip, or *limit* of them taken evenly over the texts; *told* hears how many are done."""
    assert checked.policy is not None
    base = Base(checked.policy)
    bench = Bench(heard_cases(base))
    every = list(slips(pack, checked))
    chosen = every if limit is None or limit >= len(every) else [every[i * len(every) // limit] for i in range(limit)]
    killed: list[Mutant] = []
    survived: list[Mutant] = []
    failed = Counter[str]()
    for n, slip in enumerate(chosen):
        told(n)
        mutant = made(pack, checked, base, slip)
        if mutant is None or isinstance(mutant, str):
            failed[str(mutant)] += 1
            continue
        by = bench.killer(mutant)
        (survived if by is None else killed).append(mutant if by is None else evolve(mutant, killed_by=by.case))
    return Trial(
        tuple(killed), tuple(survived), failed["refused"], failed["idle"], len(every) - len(chosen), bench.heard, base
    )
