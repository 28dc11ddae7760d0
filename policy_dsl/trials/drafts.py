"""A case while it is being made up: its facts as loose cells, and the case they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from attrs import evolve, field, frozen

from ..decide import Question
from ..language import syntax as s
from ..language.numerals import Date

Cells = tuple[tuple[str, s.Node], ...]
# A fact's one value, or what it was from each day on.
Facts = tuple[tuple[str, tuple[s.Node, ...]], ...]
# Of what a finding is: of the person (None), or of a row of a list, by its number.
Of = tuple[str, s.Node] | None
FACTS: Final = ("fact", "row", "findings", "complete")


@frozen
class Line:
    """One row of a list: the list, its number, its cells."""

    list: str
    id: s.Node
    cells: Cells


@frozen
class Draft:
    """What a case says of itself, part by part; *chosen* are the readings it is judged under."""

    decided_on: Date
    facts: Facts = ()
    rows: tuple[Line, ...] = ()
    findings: tuple[tuple[Of, str, s.Node], ...] = ()
    complete: tuple[tuple[str, s.Node | None], ...] = ()
    chosen: Mapping[str, str] = field(factory=dict)
    others: tuple[s.Clause, ...] = ()

    def smaller(self) -> Iterator[Draft]:
        """With one thing less said, each in turn."""
        for i, row in enumerate(self.rows):
            without = tuple(f for f in self.findings if f[0] is None or f[0] != (row.list, row.id))
            yield evolve(self, rows=self.rows[:i] + self.rows[i + 1 :], findings=without)
        for name in ("findings", "facts", "complete"):
            parts = getattr(self, name)
            for i in range(len(parts)):
                yield evolve(self, **{name: parts[:i] + parts[i + 1 :]})
        for i, (name, told) in enumerate(self.facts):
            shorter = [told[:j] + told[j + 1 :] for j in range(len(told))] if len(told) > 1 else []
            shorter += [(x.value,) for x in told if isinstance(x, s.Since) and len(told) == 1]
            for less_told in shorter:
                yield evolve(self, facts=(*self.facts[:i], (name, less_told), *self.facts[i + 1 :]))
        for i, row in enumerate(self.rows):
            for j in range(len(row.cells)):
                less = evolve(row, cells=row.cells[:j] + row.cells[j + 1 :])
                yield evolve(self, rows=(*self.rows[:i], less, *self.rows[i + 1 :]))
        for name in self.chosen:
            yield evolve(self, chosen={k: x for k, x in self.chosen.items() if k != name})


def draft_of(case: s.Declaration, question: Question) -> Draft | None:
    """The draft a case comes from; None for one without a day."""
    day, clause = case.clause("decided_on"), case.clause("facts")
    if day is None or not isinstance(day.body, s.Date):
        return None
    facts: list[tuple[str, tuple[s.Node, ...]]] = []
    rows: list[Line] = []
    findings: list[tuple[Of, str, s.Node]] = []
    complete: list[tuple[str, s.Node | None]] = []
    for g in clause.items if clause is not None else ():
        if not isinstance(g, s.Given):
            continue
        cells = tuple((a.name.text, a.value) for a in g.values if isinstance(a, s.Assign))
        if g.kind == "fact" and g.name is not None:
            facts.append((g.name.text, g.values))
        elif g.kind == "row" and g.name is not None and g.row is not None:
            rows.append(Line(g.name.text, g.row, cells))
        elif g.kind == "findings":
            of = None if g.name is None or g.row is None else (g.name.text, g.row)
            findings += [(of, q, x) for q, x in cells]
        elif g.kind == "complete":
            complete += [(n.text, g.row) for n in g.values if isinstance(n, s.Name)]
    others = tuple(c for c in case.clauses if isinstance(c, s.Clause) and c.key in ("layer", "known_on"))
    return Draft(
        day.body.parts, tuple(facts), tuple(rows), tuple(findings), tuple(complete), dict(question.readings), others
    )


def case_of(d: Draft, name: str, english: str, outcomes: tuple[s.Concluded, ...] = ()) -> s.Declaration:
    """The case a draft makes."""
    given = [s.Given("fact", s.Name(n), None, x) for n, x in d.facts]
    given += [s.Given("row", s.Name(r.list), r.id, tuple(s.Assign(s.Name(n), x) for n, x in r.cells)) for r in d.rows]
    for of in dict.fromkeys(of for of, _, _ in d.findings):
        answers = tuple(s.Assign(s.Name(q), x) for o, q, x in d.findings if o == of)
        given.append(s.Given("findings", s.Name(of[0]) if of else None, of[1] if of else None, answers))
    for until in dict.fromkeys(until for _, until in d.complete):
        given.append(s.Given("complete", None, until, tuple(s.Name(n) for n, u in d.complete if u == until)))
    clauses = (
        *(c for c in d.others if c.key == "layer"),
        s.Clause("decided_on", s.Date(d.decided_on)),
        *(c for c in d.others if c.key == "known_on"),
        s.Clause("facts", None, tuple(given)),
        s.Clause("outcomes", None, outcomes),
    )
    return s.Declaration("case", s.Name(name), english, clauses)


def chosen_of(d: Draft) -> tuple[s.Expr, ...]:
    """The readings a draft is judged under, as a line of outcomes says them."""
    return tuple(s.Comparison("taken_as", s.Name(k), s.Name(x)) for k, x in sorted(d.chosen.items()))
