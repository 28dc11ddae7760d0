"""What is taken as so although nobody established it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from .. import model as m
from ..decide import Decision
from ..record import History


@frozen
class Assumption:
    """*kind* is cell (a cell marked so), in_force (a plan admitted as if it were in force) or steady (a fact that
    changes over time, given without its dates); *by* is whoever took it so."""

    kind: str
    name: str
    of: str | None
    id: str | None
    by: str


def assumptions(decision: Decision) -> Iterator[Assumption]:
    """Everything a decision takes as so."""
    for (of, id, name), who in sorted(decision.record.assumed.items(), key=str):
        yield Assumption("cell", name, of, id, who)
    if "plan" in decision.question.layers:
        for name in sorted({r.instrument.name for r in decision.policy.rules if r.layer == "plan"}):
            yield Assumption("in_force", name, None, None, "--layers")
    used = {x.node.name for c in decision.conclusions for x in c.why.walk() if isinstance(x.node, m.Fact)}
    for name, shape in decision.policy.shape.facts.items():
        value = decision.record.facts.get(name)
        if shape.over_time and name in used and value is not None and not isinstance(value, History):
            yield Assumption("steady", name, None, None, "记录填报单位")
