"""One policy under analysis: where its provisions stand, what is asked of them, and what a finding is."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from .. import model as m
from ..diagnostics import Diagnostic, Note, found
from ..language import syntax as s
from ..language.source import Span
from .asking import Claim, Inquiry, Witness
from .encode import View
from .terms import Bool

Rows = tuple[tuple[str, str], ...]


@frozen(eq=False)
class Finding:
    """What an analysis came to: said like every finding of a text, with the record that shows it."""

    diagnostic: Diagnostic
    witness: Witness | None = None
    claims: tuple[Claim, ...] = ()
    # What is said to be true of no record together, and the layers that are admitted besides the usual ones.
    never: tuple[Claim, ...] = ()
    layers: frozenset[str] = frozenset()
    # Where two records are needed to show it: the second.
    other: Witness | None = None


@frozen(eq=False)
class Place:
    """Where an expression is asked: its rows in view, that they are there, and their numbers."""

    view: View = ()
    there: tuple[Bool, ...] = ()
    rows: Rows = ()


class Survey(Inquiry):
    """The questions of one policy, with how its provisions are named and where they stand."""

    def named(self, *rules: m.Rule | str) -> str:
        """Names of provisions, in both languages."""
        names = [r if isinstance(r, str) else r.name for r in rules]
        english = [self.policy.lexicon.written(n, "en") for n in names]
        return f"{'、'.join(names)}\t{', '.join(english)}"

    def place(self, e: m.Expr, of: str | None = None) -> Place | None:
        """Rows for what an expression reads of rows in view; None where it reads two of one list, or only an inner."""
        lists = {0: of} if of is not None else {}
        for x in m.walk(e):
            if isinstance(x, m.Field | m.Finding | m.Happened | m.RowId) and x.slot in e.slots and x.list is not None:
                lists[x.slot or 0] = x.list
        if len(set(lists.values())) < len(lists) or sorted(lists) != list(range(len(lists))):
            return None
        view = (0,) * (max(lists, default=-1) + 1)
        slots = [(lists[i], self.world.slots(lists[i])[0]) for i in sorted(lists)]
        rows = tuple((name, slot.id) for name, slot in slots)
        return Place(view, tuple(slot.present for _, slot in slots), rows)

    def of_rule(self, rule: m.Rule) -> Place:
        view, there, rows = self.there(rule.list)
        return Place(view, tuple(there), rows)

    def rules(self) -> Iterator[m.Rule]:
        """The provisions an author wrote."""
        for r in self.policy.rules:
            if isinstance(r.span, s.Declaration) and r.span.name is not None and r.span.name.text == r.name:
                yield r

    def undecided(self, span: Span, zh: str, en: str, *rules: m.Rule) -> Finding:
        """What was not settled in time; {0}, {1} stand for the names of rules."""
        english = [f"“{self.policy.lexicon.written(r.name, 'en')}”" for r in rules]
        what = f"{zh.format(*(f'“{r.name}”' for r in rules))}\t{en.format(*english)}"
        return Finding(found("A190", span, what=what, seconds=f"{self.seconds:g}"))

    def unproved(self, name: s.Name) -> Finding:
        """A property that was not settled in time."""
        english = self.policy.lexicon.written(name.text, "en")
        return self.undecided(name.span, f"性质“{name.text}”", f"the property “{english}”")


def name_of(rule: m.Rule) -> Span:
    """Where a provision's name stands."""
    name = rule.span.name if isinstance(rule.span, s.Declaration) else None
    return (name or rule.span).span


def conjuncts(e: m.Expr) -> Iterator[m.Expr]:
    """What must hold together for a condition to hold."""
    match e:
        case m.Named(body=m.All() as body, role="rule" | "stage"):
            yield from conjuncts(body)
        case m.All(parts=parts):
            for p in parts:
                yield from conjuncts(p)
        case m.Admitted():
            return
        case _:
            yield e


def note(e: m.Expr, zh: str, en: str) -> tuple[Note, ...]:
    """The place an expression was written at; none for what the language supplies."""
    return (Note(e.source.span, zh, en),) if e.source is not None and e.source.span.source.text else ()
