"""What was found of every record, told in one tongue: of each effect what A may be to B, and a record that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from .. import model as m
from .. import values as v
from ..comparison.population import shape_of
from ..explanation import LeafKey, leaf_key
from ..shapes import COMPLETE, FINDINGS, ID, ROWS
from .comparison import Part, Table, Telling, line
from .tree import Tree

if TYPE_CHECKING:
    from ..comparison.proof import Proof, Proved, Seen, Shown

# How many differences a terminal shows with their records; a page, a workbook and JSON show all.
MOST_SHOWN: Final = 12
_SIDE: Final = {"stricter": "milder", "milder": "stricter", "firmer": "looser", "looser": "firmer"}
_CHOICE: Final = frozenset(flag for flag, _ in m.CHOICES.values())


class Proving:
    """Tells one proof."""

    def __init__(self, telling: Telling, proof: Proof, all_: bool = False):
        self.t, self.proof, self.all = telling, proof, all_
        self.say, self.tellers, self.w = telling.say, telling.tellers, telling.tellers[0].w

    # What holds of every record.

    def verdicts(self) -> Part:
        """Of every effect and group what A may be to B."""
        columns = tuple(self.say(k) for k in ("effect", "polarity", "on_every_record"))
        rows = []
        for x in self.proof.effects:
            shape = shape_of(self.t.pair, x.effect)
            kind = self.say(shape.polarity) if shape is not None else ""
            rows.append(line(self.t.effect(x.effect), kind, self.stated(x)))
        tables = [Table(self.say("by_effect"), columns, tuple(rows), True)]
        groups = [line(self.w.name(g), self.say(k), self.say(r)) for g, k, r in self.groups()]
        if groups:
            heads = tuple(self.say(k) for k in ("group", "polarity", "on_every_record"))
            tables.insert(0, Table(self.say("by_group"), heads, tuple(groups), True))
        return Part("proof", self.say("proof"), (self.bounds(), self.say("confirmed")), tuple(tables))

    def bounds(self) -> str:
        """Within what everything is said."""
        usual = min(self.proof.rows.values(), default=0)
        more = [f"{self.w.name(of)} {n}" for of, n in self.proof.rows.items() if n > usual]
        rows = f"{usual}" + (self.w.paren(self.w.list_sep.join(more)) if more else "")
        first, last = map(v.shown_day, self.proof.days)
        return self.say("bounds", rows, first if first == last else self.say("between", first, last))

    def stated(self, x: Proved) -> str:
        """What A sometimes is, and what it never is."""
        found = [r for r in x.relations if r not in ("same", "open")]
        told = [self.say(f"sometimes_{r}") for r in found]
        if {"stricter", "milder"} <= set(found) or {"firmer", "looser"} <= set(found):
            told.append(self.say("incomparable"))
        elif len(found) == 1 and found[0] in _SIDE and "open" not in x.relations:
            told.append(self.say(f"never_{_SIDE[found[0]]}"))
        if not found:
            told.append(self.say("always_same" if "open" not in x.relations else "unsettled"))
        elif "open" in x.relations:
            told.append(self.say("rest_unsettled"))
        return self.w.semi.join(told)

    def groups(self) -> Iterator[tuple[str, str, str]]:
        """Of every group of which effects come out unlike: its polarity, and what A is to B on all of it."""
        yield from self._ladders()
        by: dict[str, list[tuple[m.EffectShape, Proved]]] = {}
        for x in self.proof.effects:
            if (shape := shape_of(self.t.pair, x.effect)) is not None:
                by.setdefault(shape.group, []).append((shape, x))
        for group, members in by.items():
            found = {r for _, x in members for r in x.relations} - {"same"}
            if len(members) > 1 and found and group not in self.proof.ladders:
                yield group, members[0][0].polarity, self._of_group(members, found)

    def _of_group(self, members: Sequence[tuple[m.EffectShape, Proved]], found: set[str]) -> str:
        if len({shape.polarity for shape, _ in members}) > 1 or "incomparable" in found:
            return "incomparable"
        if "open" in found:
            return "unsettled"
        effects = {shape.name for shape, _ in members}
        chosen = all(self._chooses(i, effects) for i in (0, 1))
        return f"group_{found.pop()}" if len(found) == 1 and not chosen else "incomparable"

    def _ladders(self) -> Iterator[tuple[str, str, str]]:
        for group, relations in self.proof.ladders.items():
            polarity = next(e.polarity for e in self.t.pair.shape.effects.values() if e.group == group)
            found = set(relations) - {"same"}
            if "open" in found:
                yield group, polarity, "unsettled"
            elif found:
                yield (
                    group,
                    polarity,
                    f"group_{found.pop()}" if found < set(_SIDE) and len(found) == 1 else "incomparable",
                )

    def _chooses(self, i: int, effects: set[str]) -> bool:
        """Whether a side leaves some of these to a choice of one among several."""
        options = (o for rule in self.t.pair.sides[i].rules for o in rule.options)
        return any(o.effect in effects and o.flag in _CHOICE for o in options)

    # Where they differ.

    def differences(self) -> Part:
        """Every way in which outcomes differ, with a record and both explanations; alike ones told once."""
        alike: dict[tuple[object, ...], list[tuple[str, Shown]]] = {}
        for x in self.proof.effects:
            for shown in x.shown:
                key = shown.relation, *((s.status, s.rules, s.why is None) for s in (shown.a, shown.b))
                alike.setdefault(key, []).append((x.effect, shown))
        told = list(alike.values())
        kept = told if self.all else told[:MOST_SHOWN]
        notes = (
            (self.say("shown", len(kept), len(told)) + self.w.semi + self.say("all_elsewhere"),)
            if len(kept) < len(told)
            else ()
        )
        return Part("differences", self.say("differences"), notes, tuple(self._difference(x) for x in kept))

    def _difference(self, found: list[tuple[str, Shown]]) -> Table:
        effects = self.w.list_sep.join(self.t.effect(e) for e, _ in found)
        effect, x = found[0]
        rows = [
            line(self.say("when"), *(tuple(self._condition(i, effect, s)) for i, s in enumerate((x.a, x.b)))),
            line(self.say("outcome"), *(self.w.status(s.status) for s in (x.a, x.b))),
            line(self.say("reasons_steps"), *(tuple(self._steps(i, s)) for i, s in enumerate((x.a, x.b)))),
        ]
        title = f"{effects}{self.w.colon}{self.say(x.relation)}"
        record = f"{self.say('record')}{self.w.colon}{self.w.semi.join(self.record(x))}"
        return Table(title, ("", *self.t.names), tuple(rows), notes=(record,))

    def _condition(self, i: int, effect: str, seen: Seen) -> Iterator[str]:
        """The provisions that arise, each with its condition in its author's words; or that none does."""
        if seen.why is None:
            yield self.say("why_only_b" if i == 0 else "why_only_a")
            return
        t = self.tellers[i]
        leading = {r.name: r for r in t.side.rules if any(o.effect == effect for o in r.options)}
        arising = [leading[name] for name in seen.rules if name in leading]
        for rule in arising:
            when = " ".join(t.facets(rule).get("when", ()))
            yield f"{t.w.name(rule.name)}{t.w.colon}{when}"
        if not arising:
            yield self.say("none_arises", t.w.list_sep.join(t.w.name(n) for n in leading))

    def _steps(self, i: int, seen: Seen) -> Iterator[str]:
        """The reasons of one side, a line a step."""
        if seen.why is None:
            yield "—"
            return
        tree = Tree(self.tellers[i].w, seen.given)
        for step in tree.steps(seen.why):
            yield from tree.lines(step)

    def record(self, x: Shown) -> Iterator[str]:
        """The record in words: the day, each fact, each row, each finding; the readings; what is supposed."""
        yield f"{self.say('as_of')} {v.shown_day(x.as_of)}" if self.t.pair.a.as_of is None else self.say("made")
        for name, cell in x.raw.items():
            if name in (ID, FINDINGS):
                continue
            if isinstance(cell, dict):
                rows = [self._row(row) for row in cell[ROWS]]
                complete = [self.say("complete")] if cell.get(COMPLETE) else []
                yield f"{self._name(name)} {self.w.list_sep.join([*rows, *complete])}"
            else:
                yield f"{self._name(name)} {self._said(cell)}"
        for f in x.raw.get(FINDINGS, ()):
            of = f"{self._name(f['所属'])} {f['所属编号']} " if "所属" in f else ""
            yield f"{of}{self._name(f['问题'])} {self._said(f['答'])}"
        taken = self.w.word("COMPARE", "taken_as")
        yield from (f"{self._name(k)} {taken} {self._name(r)}" for k, r in sorted(x.readings.items()))
        for key, value in x.supposed.items():
            yield self.say("supposing", *self.supposed(key, value))

    def _row(self, row: Mapping[str, Any]) -> str:
        cells = self.w.comma.join(f"{self._name(k)} {self._said(x)}" for k, x in row.items() if k != ID)
        return f"{row[ID]}{self.w.paren(cells)}" if cells else str(row[ID])

    def _name(self, name: str) -> str:
        return self.t.pair.lexicon.written(name, self.t.lang)

    def _said(self, cell: Any) -> str:
        """A cell as it is written; a fact that changes with the days it changes."""
        if isinstance(cell, list):
            return self.w.comma.join(f"{self.w.say('from')} {x['自']} {self._said(x['值'])}" for x in cell)
        return self.w.option(cell) if cell in ("是", "否", "无") else self._name(str(cell))

    def supposed(self, key: LeafKey, value: v.Value) -> tuple[str, str]:
        """What is supposed of what: a leaf by its name, and its value."""
        for t in self.tellers:
            for verdict in t.side.policy.verdicts:
                for e in m.walk(verdict.person):
                    if isinstance(e, m.Leaf | m.Unprinted) and leaf_key(e, ()) == key:
                        return t.w.source(e), t.w.value(value, e.type)
        return str(key[1]), ""
