"""Which provisions of two policies answer to each other: by what they give and what they turn on, never by name alone.

A provision is a bag of weighted features of the shared vocabulary; two are as alike as the weight they share is part of
the weight they have. Within a category the most alike are set side by side first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import field, frozen

from .. import model as m
from .sides import Pair, Side

# The categories in the order they are told; what is headed 规定 alone comes last.
CATEGORIES: Final = (
    "trigger", "exemption", "disposition", "exception", "consequence", "influence", "remedy", "stage", "rule",
)  # fmt: skip

# What a provision gives weighs most; then whose matter it is, and what its condition reads.
_WEIGHTS: Final = {
    "effect": 3.0, "sets_aside": 3.0, "group": 1.5, "list": 1.5, "first": 1.0, "owes": 1.0, "leads": 0.5, "flag": 0.5,
    "fact": 0.5, "field": 0.5, "finding": 0.5, "class": 0.5, "option": 0.25,
}  # fmt: skip
_READS: Final = frozenset(("fact", "field", "finding", "class", "option"))
_LEAST: Final = 0.25
# Under another heading only what is very much alike is the same thing.
_LEAST_ACROSS: Final = 0.5

Feature = tuple[str, ...]


@frozen(eq=False)
class Provision:
    """One rule or stage, with what marks it out."""

    rule: m.Rule
    features: frozenset[Feature]

    @property
    def reads(self) -> frozenset[Feature]:
        """What its condition turns on."""
        return frozenset(f for f in self.features if f[0] in _READS)


@frozen(eq=False)
class Aligned:
    """Two provisions that answer to each other, or one that nothing answers to; how alike they are, from 0 to 1."""

    a: m.Rule | None
    b: m.Rule | None
    alike: float
    shared: tuple[str, ...] = field(default=())

    @property
    def rule(self) -> m.Rule:
        """The one there is; the first, if there are two."""
        found = self.a or self.b
        assert found is not None
        return found

    @property
    def category(self) -> str:
        return self.rule.category


def aligned(pair: Pair) -> tuple[Aligned, ...]:
    """Every provision of both, side by side where they answer to each other: by category, then in the order of A."""
    first, second = (provisions(side) for side in pair.sides)
    met: list[Aligned] = []
    used: set[int] = set()
    for alike, x, y in _candidates(first, second):
        if id(x) not in used and id(y) not in used:
            used |= {id(x), id(y)}
            met.append(Aligned(x.rule, y.rule, alike, _named(x.reads & y.reads)))
    alone = [Aligned(x.rule, None, 0.0) for x in first if id(x) not in used]
    alone += [Aligned(None, y.rule, 0.0) for y in second if id(y) not in used]
    order = {id(x.rule): i for of in (first, second) for i, x in enumerate(of)}
    rows = sorted(met, key=lambda r: order[id(r.rule)]) + alone
    return tuple(sorted(rows, key=lambda r: CATEGORIES.index(r.category)))


def _candidates(first: list[Provision], second: list[Provision]) -> list[tuple[float, Provision, Provision]]:
    """The pairs that may answer to each other, the most alike first; of two equally alike, those of one text, then of
    one name. The order is the same whichever side is called first."""
    found = []
    for i, x in enumerate(first):
        for j, y in enumerate(second):
            alike = likeness(x.features, y.features)
            least = _LEAST if x.rule.category == y.rule.category else _LEAST_ACROSS
            # Grounds that read nothing in common are not one ground, though both lead to one effect.
            apart = bool(x.reads or y.reads) and not x.reads & y.reads and not (x.rule.procedure and y.rule.procedure)
            if alike >= least and not apart:
                same = x.rule.span == y.rule.span, x.rule.name == y.rule.name
                found.append(((-alike, not same[0], not same[1], abs(i - j), i + j), (alike, x, y)))
    return [pair for _, pair in sorted(found, key=lambda p: p[0])]


def likeness(a: frozenset[Feature], b: frozenset[Feature]) -> float:
    """The weight of what two share, as a part of the weight of what either has."""
    whole = sum(_WEIGHTS[f[0]] for f in a | b)
    return sum(_WEIGHTS[f[0]] for f in a & b) / whole if whole else 1.0


def provisions(side: Side) -> list[Provision]:
    """The rules and stages an author wrote that may govern, in the order of the policy."""
    rules = {r.name: r for r in side.rules}
    led_to = {effect for r in rules.values() if r.clock is not None for effect, _ in r.clock.next}
    written = (r for r in rules.values() if not (r.procedure and r.category == "rule"))
    return [Provision(r, frozenset(_features(r, side.policy.shape, rules, led_to))) for r in written]


def _features(rule: m.Rule, shape: m.Shape, rules: Mapping[str, m.Rule], led_to: set[str | None]) -> Iterator[Feature]:
    for option in rule.options:
        yield "effect", option.effect
        yield "group", _group(option.effect, shape)
        yield "flag", option.flag
    for other in rules.values():
        if rule.name in other.defeated_by or any(rule.name in o.waivers for o in other.options):
            yield from (("sets_aside", o.effect) for o in other.options)
    if rule.list is not None:
        yield "list", rule.list
    if rule.clock is not None:
        yield from (("owes", body) for body in rule.clock.owed_by)
        yield from (("leads", _group(effect, shape)) for effect, _ in rule.clock.next)
    if rule.procedure and rule.name not in led_to:
        yield ("first",)
    yield from _read(m.walk(rule.condition), shape)


def _read(nodes: Iterable[m.Expr], shape: m.Shape) -> Iterator[Feature]:
    """The facts, fields, findings, classes and options a condition reads."""
    for e in nodes:
        match e:
            case m.Fact(name=name):
                yield "fact", name
            case m.Field(list=of, name=name):
                yield "field", of, name
            case m.Finding(name=name):
                yield "finding", name
            case m.Is(part=part, options=options) if not isinstance(part, m.Leaf) and len(part.type.options) > 2:
                yield "class", part.type.name
                yield from (("option", x) for i, x in enumerate(part.type.options) if options >> i & 1)


def _group(effect: str | None, shape: m.Shape) -> str:
    found = shape.effects.get(effect or "")
    return found.group if found is not None else ""


def _named(features: Iterable[Feature]) -> tuple[str, ...]:
    """What two conditions both read, by name: facts, fields after their list, findings."""
    return tuple(sorted("·".join(f[1:]) for f in features if f[0] in ("fact", "field", "finding")))
