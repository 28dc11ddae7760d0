"""What came of a roster under two policies, told in one tongue: counts, matrices, reasons, persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, TypeVar

from ..comparison.population import LINES, SILENT, Difference, Example, Person, Population, Tally, shape_of
from ..evaluate import Evaluation
from .comparison import Cell, Part, Table, Telling, line
from .masking import Mask
from .tree import Tree
from .words import Wording

T = TypeVar("T")
_STANDING: Final = ("different", "open", "same")
_RELATIONS: Final = ("stricter", "milder", "firmer", "looser", "incomparable", "open", "same")
# How many reasons, persons and examples a page or a terminal shows; JSON and the workbook hold all.
MOST_REASONS: Final = 30
MOST_PERSONS: Final = 100
MOST_EXAMPLES: Final = 3


class People:
    """Tells one population; with *masked*, nothing that may tell who a person is. *all_* leaves no rows out."""

    def __init__(self, telling: Telling, found: Population, masked: bool = False, all_: bool = False):
        self.t, self.found, self.all = telling, found, all_
        self.mask = Mask() if masked else None
        self.words = tuple(Wording(side.policy, telling.lang, self.mask) for side in found.pair.sides)
        self.say, self.w = telling.say, telling.tellers[0].w

    def standing(self) -> Part:
        columns = tuple(self.say(k) for k in ("line", *_STANDING))
        rows = [
            line(self.say(name), *(str(counts[k]) for k in _STANDING))
            for name, counts in zip(LINES, self.found.standing, strict=True)
        ]
        notes = [self.say("roster", self.found.total), self.say("neutral_note")]
        if any(self.found.unshared):
            notes.append(self.say("unshared") + self.w.colon)
            for name, counts in zip(self.t.names, self.found.unshared, strict=True):
                told = (f"{self.w.name(x)}{self.w.paren(str(n))}" for x, n in ranked(counts))
                notes += [f"{name}{self.w.colon}{self.w.list_sep.join(told)}"] if counts else []
        else:
            notes.append(self.say("unshared_none"))
        return Part(
            "population",
            self.say("population"),
            tuple(notes),
            (Table(self.say("persons"), columns, tuple(rows), True),),
        )

    # By effect and group.

    def _told(self, tallies: dict[str, Tally]) -> list[str]:
        """Those in which not everybody's outcome is the same."""
        return [k for k, t in tallies.items() if any(set(r) - {"same"} for r in t.relations)]

    def groups(self) -> Part:
        rows: list[tuple[Cell, ...]] = []
        for name in self._told(self.found.groups):
            shapes = [e for e in self.found.pair.shape.effects.values() if e.group == name]
            order = self.say("unordered" if shapes[0].rank is None else "ordered")
            kind = f"{self.say(shapes[0].polarity)}{self.w.semi}{order}"
            rows += self._rows((self.w.name(name), kind), self.found.groups[name])
        return self._counted("persons_by_group", ("group", "polarity"), rows)

    def effects(self) -> Part:
        rows: list[tuple[Cell, ...]] = []
        for name in self._told(self.found.effects):
            shape = shape_of(self.found.pair, name)
            kind = self.say(shape.polarity) if shape is not None else ""
            rows += self._rows((self.t.effect(name), kind), self.found.effects[name])
        return self._counted("persons_by_effect", ("effect", "polarity"), rows)

    def _rows(self, heads: tuple[str, ...], tally: Tally) -> Iterator[tuple[Cell, ...]]:
        """A row for each text, or one where the two count alike."""
        if tally.relations[0] == tally.relations[1]:
            yield line(*heads, self.say("either"), *self._counts(tally, 0))
            return
        for i, text in enumerate(LINES):
            yield line(*heads, self.say(text), *self._counts(tally, i))

    def _counts(self, tally: Tally, i: int) -> list[str]:
        return [str(tally.relations[i][k]) for k in _RELATIONS]

    def _counted(self, key: str, heads: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> Part:
        kinds = (f"short_{k}" if k in ("firmer", "looser") else k for k in _RELATIONS)
        columns = tuple(self.say(k) for k in (*heads, "line", *kinds))
        return Part(key, self.say(key), (), (Table(self.say(key), columns, tuple(rows), True),) if rows else ())

    def matrices(self) -> Part:
        """Of every effect both lead to and that comes out unlike for somebody, A's outcomes by B's."""
        tables = []
        led = [{w.effect for w in side.policy.verdicts} for side in self.found.pair.sides]
        for name in (e for e in self._told(self.found.effects) if e in led[0] & led[1]):
            tally = self.found.effects[name]
            for i, text in enumerate(LINES):
                if i == 0 or tally.matrix[0] != tally.matrix[1]:
                    tables.append(self._matrix(name, self.say(text), tally.matrix[i]))
        return Part("matrix", self.say("matrices"), (), tuple(tables))

    def _matrix(self, effect: str, text: str, counts: Counter[tuple[int, int]]) -> Table:
        down, across = (sorted({pair[i] for pair in counts}) for i in (0, 1))
        columns = (self.say("a_to_b"), *(self.w.status(x) for x in across))
        rows = tuple(line(self.w.status(x), *(str(counts[x, y]) for y in across)) for x in down)
        return Table(self.say("matrix", self.t.effect(effect), text), columns, rows, True)

    # Why.

    def reasons(self) -> Part:
        """Why outcomes differ, the commonest first; then what the differing outcomes read."""
        told = [(r, n) for r, n in ranked(self.found.reasons) if r.kind != "open"]
        shown = told if self.all else told[:MOST_REASONS]
        rows = tuple(
            line(
                str(n), self.t.effect(r.effect), self.say(f"why_{r.kind}"),
                *(self._listed(w, names) for w, names in zip(self.words, (r.a, r.b), strict=True)),
            )
            for r, n in shown
        )  # fmt: skip
        columns = tuple(self.say(k) for k in ("persons", "effect", "reason", "rules_a", "rules_b"))
        tables = [Table(self.say("reasons"), columns, rows, True)] if rows else []
        if self.found.topics:
            read = tuple(line(str(n), self.w.name(x)) for x, n in ranked(self.found.topics))
            tables.append(
                Table(
                    self.say("facts_ranked"),
                    (self.say("persons"), self.say("fact")),
                    read[: None if self.all else MOST_REASONS],
                    True,
                )
            )
        tables += [self._example(self.found.examples[r]) for r, _ in told[:MOST_EXAMPLES]]
        notes = [self.say("nobody")] if not told else [self._shown(len(shown), len(told))]
        return Part("reasons", self.say("reasons"), tuple(n for n in notes if n), tuple(tables))

    def _listed(self, w: Wording, names: tuple[str, ...]) -> Cell:
        return (w.list_sep.join(w.name(x) for x in names),) if names else ("—",)

    def _shown(self, shown: int, whole: int) -> str:
        return "" if shown == whole else f"{self.say('shown', shown, whole)}{self.w.semi}{self.say('all_of_them')}"

    def _example(self, x: Example) -> Table:
        """One person of whom it can be seen, with both explanations side by side."""
        subject = self.words[0].subject(x.record)
        steps = tuple(self._steps(i, x) for i in (0, 1))
        return Table(
            self.say("example", subject, self._where(x.difference)),
            ("", *self.t.names),
            (line(self.say("reason"), *steps),),
        )

    def _steps(self, i: int, x: Example) -> Cell:
        """The reasons of one side, a line a step, on the text on which the two differ."""
        w, given = self.words[i], (x.a, x.b)[i]
        c = (x.difference.a, x.difference.b)[i].conclusion
        if c is None:
            return (self.say("why_only_b" if i == 0 else "why_only_a"),)
        tree = Tree(w, given)
        printed = x.difference.differs(0)
        why = c.why_printed if printed else c.why
        if c.row is None and why.value == SILENT:
            # Why it does not arise.
            side = self.found.pair.sides[i]
            verdict = next(v.person for v in side.policy.verdicts if v.effect == c.effect)
            why = Evaluation(given, side.question.frame(printed), rejected=True).why(verdict, ())
        head = f"{w.lines(c.printed, c.whole)}"
        return (head, *(text for step in tree.steps(why) for text in tree.lines(step)))

    # What is missing, and who.

    def missing(self) -> Part:
        """What keeps outcomes open on either side, by how many persons wait for it."""
        names = {x for counts in self.found.missing for x in counts}
        both = [(x, self.found.missing[0][x], self.found.missing[1][x]) for x in names]
        told = sorted(both, key=lambda x: (-x[1] - x[2], x[0]))
        shown = told if self.all else told[:MOST_REASONS]
        rows = tuple(line(self._missing(x), str(a), str(b)) for x, a, b in shown)
        table = Table(self.say("missing"), (self.say("missing_what"), *self.t.names), rows, True)
        note = self._shown(len(shown), len(told))
        return Part("missing", self.say("missing"), (note,) if note else (), (table,) if rows else ())

    def _missing(self, name: str) -> str:
        side = next((w for w in self.words if name.partition("·")[0] in w.lexicon.english), self.words[0])
        return side.leaf_name(name) if "·" not in name else side.name(name)

    def persons(self) -> Part:
        """Everybody whose outcomes are certain to differ, effect by effect, with both texts of both."""
        certain = [p for p in self.found.persons if p.differs(0) or p.differs(1)]
        people = certain if self.all else certain[:MOST_PERSONS]
        rows = [row for p in people for row in self._person(p)]
        columns = tuple(
            self.say(k) for k in ("number", "effect", "of", "a_line", "b_line", "relation", "rules_a", "rules_b")
        )
        note = self._shown(len(people), len(certain))
        return Part(
            "people",
            self.say("people"),
            (note,) if note else (),
            (Table(self.say("people"), columns, tuple(rows), True),) if rows else (),
        )

    def _person(self, p: Person) -> Iterator[tuple[Cell, ...]]:
        for d in p.differences:
            if d.differs(0) or d.differs(1):
                w = self.words[0]
                lines = [self._lines(x.lines) for x in (d.a, d.b)]
                relation = next((r for r in d.relations if r not in ("same", "open")), "incomparable")
                rules = [self._listed(v, x.rules) for v, x in zip(self.words, (d.a, d.b), strict=True)]
                element = w.element(d.list, d.row)
                yield line(w.subject(p.record), self.t.effect(d.effect), element, *lines, self.say(relation), *rules)

    def _lines(self, masks: tuple[int, int]) -> Cell:
        if masks[0] == masks[1]:
            return (self.w.status(masks[0]),)
        return tuple(f"{self.say(k)} {self.w.status(x)}" for k, x in zip(LINES, masks, strict=True))

    def _where(self, d: Difference) -> str:
        return f"{self.t.effect(d.effect)}{self.w.paren(self.words[0].element(d.list, d.row))}"


def ranked(counts: Counter[T]) -> list[tuple[T, int]]:
    """The most first; of as many, in the order of their names."""
    return sorted(counts.items(), key=lambda x: (-x[1], str(x[0])))
