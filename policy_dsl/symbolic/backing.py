"""What every effect must have behind it: a ground, somebody who decides, a text in force; or a record without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from .. import model as m
from ..diagnostics import Note, found
from ..language import syntax as s
from ..language.keywords import WORDS
from ..values import NO, YES
from .asking import Claim
from .survey import Finding, Survey, name_of

# A provision, and one outcome of it.
Ruled = tuple[m.Rule, m.Option]

_NEVER: Final = m.Constant(value=NO)
# What says that something must not be: nobody has to decide it.
_BARS: Final = ("must_not", "should_not")
# What stands for a body that is not printed.
_UNNAMED: Final = frozenset(word for k in WORDS if k.terminal == "GAP" for word in k.zh)


def grounded(survey: Survey, name: s.Name, effect: str) -> Iterator[Finding]:
    """Whatever is said of an effect, some provision that says it rests on one of the register."""
    register = survey.policy.provisions

    def has(r: m.Rule) -> m.Expr:
        return m.Constant(value=YES if any(id in register for id in r.basis) else NO)

    lacks = "而得出它的“{}”没有登记在册的依据\tand “{}”, which leads to it, rests on nothing in the register"
    yield from _backed(survey, name, effect, has, lacks, bars=True)


def decided(survey: Survey, name: s.Name, effect: str) -> Iterator[Finding]:
    """Wherever an effect follows or may, one of the provisions that lead to it says who decides."""
    lacks = "而得出它的“{}”没有写明由谁决定\tand “{}”, which leads to it, names nobody who decides"
    yield from _backed(survey, name, effect, _decider, lacks, bars=False)


def _decider(r: m.Rule) -> m.Expr:
    """That a named body decides: the first row of the table that holds names one."""
    ways: list[m.Expr] = []
    above: list[m.Expr] = []
    for condition, bodies in r.decider.rows:
        here = [*above, *(() if condition is None else (condition,))]
        if not _UNNAMED.issuperset(bodies):
            ways.append(_all(here))
        if condition is not None:
            above.append(m.Not(part=condition, slots=condition.slots))
    return _any(ways)


def _backed(
    survey: Survey, name: s.Name, effect: str, has: Callable[[m.Rule], m.Expr], lacks: str, bars: bool
) -> Iterator[Finding]:
    """Of the person, and of each list's rows: where it follows, one of the provisions it follows from *has* it."""
    bears = [
        (r, o) for r in survey.policy.rules for o in r.options
        if o.effect == effect and (bars or o.flag not in _BARS)
    ]  # fmt: skip
    for of in dict.fromkeys(r.list for r, _ in bears):
        here = [(r, o) for r, o in bears if r.list == of]
        ways = [(o.fires, has(r)) for r, o in here]
        if not all(isinstance(x, m.Constant) and x.value == YES for _, x in ways):
            without = _any([_all([f, m.Not(part=x, slots=x.slots)]) for f, x in ways])
            claims = ((without, YES), (_any([_all([f, x]) for f, x in ways]), NO))
            yield from _refuted(survey, name, of, here, claims, lacks)


def before(survey: Survey, name: s.Name, instrument: str) -> Iterator[Finding]:
    """No provision of an instrument, or of what stands under it, says anything on a day before it is in force."""
    home = next((i for i in survey.policy.instruments if i.name == instrument), None)
    if home is None:
        return
    early = m.AtLeast(left=home.start, right=m.DecisionDay(type=home.start.type), strict=True)
    zh, en = survey.named(instrument).split("\t")
    lacks = f"而那时“{zh}”还没有施行（得出它的是“{{}}”）\twhile “{en}” is not in force yet (it follows from “{{}}”)"
    bears = [(r, o) for r in survey.policy.rules if _under(survey, r, instrument) for o in r.options]
    for of in dict.fromkeys(r.list for r, _ in bears):
        here = [(r, o) for r, o in bears if r.list == of]
        claims = ((early, YES), (_any([o.fires for _, o in here]), YES))
        yield from _refuted(survey, name, of, here, claims, lacks)


def _under(survey: Survey, rule: m.Rule, instrument: str) -> bool:
    by_name = {i.name: i for i in survey.policy.instruments}
    at: m.Instrument | None = rule.instrument
    while at is not None and at.name != instrument:
        at = by_name.get(at.above) if at.above is not None else None
    return at is not None


def _refuted(
    survey: Survey,
    name: s.Name,
    of: str | None,
    here: Sequence[Ruled],
    claimed: Sequence[tuple[m.Expr, int]],
    lacks: str,
) -> Iterator[Finding]:
    """A record on which all that is claimed is so, with the provisions that apply on it."""
    rows = survey.there(of)[2]
    claims = tuple(Claim(e, value, rows) for e, value in claimed)
    conditions = [*(c for x in claims for c in survey.claimed(x)), *survey.admitted()]
    answer = survey.possible(*conditions)
    if answer is False:
        return
    witness = survey.shown(claims, *conditions) if answer else None
    if witness is None:
        yield survey.unproved(name)
        return
    apply = [(r, o) for r, o in here if witness.value(survey.policy, Claim(o.fires, YES, rows)) == YES]
    rules = list({r.name: r for r, _ in apply}.values())
    said = survey.named(*rules).split("\t")
    values = {
        "name": survey.named(name.text),
        "effect": survey.named(*dict.fromkeys(o.effect for _, o in apply)),
        "lacks": "\t".join(x.format(names) for x, names in zip(lacks.split("\t"), said, strict=True)),
    }
    notes = (Note(name_of(r), "得出它的规定", "what leads to it") for r in rules)
    yield Finding(found("A205", name.span, *notes, **values), witness, claims)


def _all(parts: Sequence[m.Expr]) -> m.Expr:
    return m.All(parts=tuple(parts), slots=frozenset().union(*(p.slots for p in parts)))


def _any(parts: Sequence[m.Expr]) -> m.Expr:
    return m.Any(parts=tuple(parts), slots=frozenset().union(*(p.slots for p in parts))) if parts else _NEVER
