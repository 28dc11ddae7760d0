"""One side in the world both share: its own day, readings, layers and unit, its own numbers for options."""

from __future__ import annotations

import z3

from .. import model as m
from ..explanation import LeafKey, leaf_key
from ..symbolic import terms as t
from ..symbolic.encode import Encoding, View
from ..symbolic.terms import Int, Ordered, Term
from ..symbolic.world import World
from ..values import Type
from .sides import Side


class SideEncoding(Encoding):
    """The terms of one side."""

    def __init__(
        self, world: World, side: Side, alike: frozenset[str], versions: dict[tuple[str, str], LeafKey] | None
    ):
        """*alike*: the readings both have. *versions*: of two versions of one regime, the one key under which each
        thing neither text says is kept."""
        super().__init__(world)
        self.side, self.shared, self.versions = side, alike, versions
        self.open: dict[str, tuple[m.Leaf, Int]] = {}
        self.other: dict[LeafKey, LeafKey] = {}

    def encoded(self, e: m.Expr, view: View) -> Term:
        match e:
            case m.DecisionDay() if self.side.as_of is not None:
                return Ordered(z3.IntVal(self.side.as_of), t.FALSE)
            case m.Admitted(layer=layer):
                return t.TRUE if layer in self.side.layers else t.FALSE
            case m.Fact(name=name) if self.side.unit and name in self.side.unit_facts:
                return t.point(self.world.text(self.side.unit))
        term = super().encoded(e, view)
        match e:
            case m.Fact(name=name):
                return self.own(term, self.world.shape.facts[name].type, e.type)
            case m.Field(list=of, name=name):
                return self.own(term, self.world.shape.lists[of].fields[name].type, e.type)
            case m.Finding(name=name):
                return self.own(term, self.world.shape.findings[name].type, e.type)
        return term

    def own(self, term: Term, common: Type, here: Type) -> Term:
        """The number an option has here; of one that has none here, a number no option has."""
        if not here.finite or common.options == here.options:
            return term
        result = z3.IntVal(len(here.options) + 1)
        for i, name in enumerate((*common.options, "无")):
            number = len(here.options) if name == "无" else here.options.index(name) if name in here.options else None
            if number is not None:
                result = z3.If(term == i, z3.IntVal(number), result)
        return result

    def leaf(self, e: m.Leaf | m.Unprinted) -> Term:
        if not isinstance(e, m.Leaf) or e.kind != "reading":
            return self.unsaid(e)
        if e.name in self.side.readings:
            return z3.IntVal(e.type.options.index(self.side.readings[e.name]))
        if e.name in self.shared:
            return self.world.leaf(e)
        if e.name not in self.open:
            self.world.fresh += 1
            self.open[e.name] = e, self.world.variable(e.type, f"{e.name} #{self.world.fresh}", e.top)
        return self.open[e.name][1]

    def unsaid(self, e: m.Leaf | m.Unprinted) -> Term:
        """What the text does not say: each thing a variable of its own, whatever another text calls a thing at the same
        place; but two versions of a text leave the same unsaid."""
        key = leaf_key(e, ()) or ()
        leaves = self.world.leaves
        if self.versions is not None and isinstance(e, m.Leaf):
            first = self.versions.setdefault((e.kind, e.name), key)
            if first in leaves and first != key and leaves[first][0].type == e.type:
                self.other[key] = first
                return leaves[first][1]
        if key not in leaves:
            self.world.fresh += 1
            name = f"{e.kind} {e.name} #{self.world.fresh}"
            leaves[key] = e, z3.Bool(name) if isinstance(e, m.Unprinted) else self.world.variable(e.type, name, e.top)
        return leaves[key][1]
