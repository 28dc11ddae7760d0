"""What one provision says, facet by facet, in its author's words: so that two can be set side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve, frozen

from .. import model as m
from ..comparison.sides import Side
from ..language import syntax as s
from ..language.keywords import word
from ..values import NO, YES, settled
from .comparison_words import say
from .words import Wording

# The facets in the order they are told; those in the second row say where a provision stands, not what it provides.
FACETS: Final = ("leads", "when", "terms", "numbers", "time", "by", "then", "exceptions", "unprinted", "turns_on")
PLACES: Final = ("ground", "standing")
_STRENGTHS: Final = (
    "must", "principle_must", "generally_must", "basically_must", "may", "must_not", "should_not", "disapplies",
    "may_disapply",
)  # fmt: skip
_CLAUSES: Final = {
    "leads": _STRENGTHS, "when": ("for", "when", "any_of", "all_of", "moment"),
    "time": ("lasts", "deadline", "during", "done_by", "files"), "by": ("by", "toward"), "then": ("then",),
}  # fmt: skip
_MEANS: Final = ("means", "any_of", "all_of", "delegated")
_VALUES: Final = ("keyed_by", "value", "delegated", "possible")
_START: Final = "的施行日"
_GAPS: Final = ("unprinted", "masked", "unverified", "not_obtained")

Facets = Mapping[str, tuple[str, ...]]


@frozen(eq=False)
class Teller:
    """Tells the provisions of one side in one tongue."""

    side: Side
    w: Wording

    @classmethod
    def of(cls, side: Side, lang: str) -> Teller:
        return cls(side, Wording(side.policy, lang))

    def facets(self, rule: m.Rule) -> Facets:
        """Every facet of a provision that says something, a line each."""
        told = {
            **{key: tuple(self._clauses(rule.span, keys)) for key, keys in _CLAUSES.items()},
            "terms": tuple(self.terms(rule)), "numbers": tuple(self.numbers(rule)),
            "exceptions": tuple(self.exceptions(rule)), "unprinted": tuple(self.gaps(roots(rule))),
            "turns_on": tuple(self.w.name(x) for x in readings(roots(rule), self.side.policy)),
            "ground": tuple(self.grounds(rule.basis)), "standing": tuple(self.standing(rule)),
        }  # fmt: skip
        if rule.list is not None and rule.procedure:
            each = f"{word('EACH', 'each', self.w.lang)} {self.w.name(rule.list)}"
            told["when"] = (each, *told["when"])
        return {key: told[key] for key in (*FACETS, *PLACES) if told[key]}

    def clause(self, c: s.Clause) -> list[str]:
        """A clause as its author wrote it, a line an item."""
        lines = [x.strip() for x in self.w.writer.clause(evolve(c, comments=()), "")]
        return [x for x in lines if not x.startswith("#")]

    def _clauses(self, d: s.Node, keys: Iterable[str]) -> Iterator[str]:
        for c in d.clauses if isinstance(d, s.Declaration) else ():
            if isinstance(c, s.Clause) and c.key in keys:
                yield from self.clause(c)

    def terms(self, rule: m.Rule) -> Iterator[str]:
        """The definitions a provision rests on, each with what it means."""
        for e in self._named(rule, "definition"):
            if isinstance(e.source, s.Declaration):
                means = " ".join(self._clauses(e.source, _MEANS))
                yield f"{self.w.name(e.name)}{self.w.colon}{means}"

    def numbers(self, rule: m.Rule) -> Iterator[str]:
        yield from (self.number(e) for e in self._named(rule, "parameter"))

    def number(self, e: m.Named) -> str:
        """A parameter: what is said of it, and what it comes to on this side, where that is settled."""
        said = " ".join(self._clauses(e.source, _VALUES)) if e.source is not None else ""
        text = f"{self.w.name(e.name)}{self.w.colon}{said}"
        value = None if e.slots or self.side.as_of is None else self.side.of_nobody(e).value
        if value is None or not settled(value):
            return text
        return text + self.w.paren(say("comes_to", self.w.lang).format(self.w.value(value, e.type)))

    def _named(self, rule: m.Rule, role: str) -> list[m.Named]:
        """What a provision rests on that has a name, each once, the outermost first; of what units write themselves
        only the unit's named."""
        others = {i.name for i in self.side.policy.instruments if i.unit and not self.side.governs(i)}
        found = (e for e in m.walk(*roots(rule)) if isinstance(e, m.Named) and e.role == role)
        by_name = {e.name: e for e in found if e.name.partition("·")[0] not in others}
        return list(reversed(by_name.values()))

    def exceptions(self, rule: m.Rule) -> Iterator[str]:
        """What sets it aside, and what may, each with its condition."""
        rules = {r.name: r for r in self.side.policy.rules}
        waivers = [n for o in rule.options for n in o.waivers]
        for name in dict.fromkeys((*rule.defeated_by, *waivers)):
            condition = self.w.source(rules[name].condition) if name in rules else ""
            may = self.w.paren(say("may", self.w.lang)) if name in waivers else ""
            yield f"{self.w.name(name)}{may}{self.w.colon}{condition}"

    def gaps(self, found: Iterable[m.Expr]) -> Iterator[str]:
        """What the text does not say, of which kind, and who could."""
        told: dict[str, None] = {}
        for e in m.walk(*found):
            # From when a text is in force is told of the text.
            if isinstance(e, m.Leaf | m.Unprinted) and e.kind in _GAPS and not e.name.endswith(_START):
                name = self.w.leaf_name(e.name) if isinstance(e, m.Leaf) else self.w.source(e)
                note = f"{self.w.semi}{e.note}" if e.note and e.note not in name else ""
                told[f"{name}{self.w.paren(self.w.gap(e.kind))}{note}"] = None
        yield from told

    def grounds(self, ids: Iterable[str]) -> Iterator[str]:
        for id in dict.fromkeys(ids):
            p = self.side.policy.provisions.get(id)
            yield f"{id}{self.w.paren(p.locator)}" if p is not None and p.locator else id

    def standing(self, rule: m.Rule) -> Iterator[str]:
        """Its layer, the text it belongs to, and whether either keeps it from applying."""
        layer = self.w.word("LAYER", rule.layer)
        if rule.layer not in self.side.layers:
            layer += self.w.paren(say("not_printed_here", self.w.lang))
        yield f"{layer}{self.w.semi}{self.w.name(rule.instrument.name)}"
        yield from self.force(rule.instrument)

    def force(self, instrument: m.Instrument) -> Iterator[str]:
        """That a text is not in force on the day, or may not be."""
        truth = self.side.in_force(instrument)
        if truth != YES:
            yield say("not_in_force" if truth == NO else "perhaps_in_force", self.w.lang)


def roots(rule: m.Rule) -> tuple[m.Expr, ...]:
    """Everything a provision's own text turns on: its condition, its amounts, its days, who decides."""
    clock = rule.clock
    days = () if clock is None else (clock.begin, clock.due, *clock.done, *(x for _, x in clock.next))
    amounts = (x for o in rule.options if o.amount is not None for x in (o.amount.low, o.amount.high))
    own = (
        rule.condition,
        *(o.condition for o in rule.options),
        *amounts,
        *(rule.during.days if rule.during is not None else ()),
        *days,
    )
    return tuple(x for x in (*own, *(c for c, _ in rule.decider.rows)) if x is not None)


def readings(found: Iterable[m.Expr], policy: m.Policy) -> tuple[str, ...]:
    """The readings that an author declared and these turn on."""
    leaves = (e.name for e in m.walk(*found) if isinstance(e, m.Leaf) and e.kind == "reading")
    declared = (n for n in leaves if n in policy.readings and not policy.readings[n].built_in)
    return tuple(dict.fromkeys(declared))
