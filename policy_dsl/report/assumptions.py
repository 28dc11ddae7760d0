"""What is taken as so although nobody established it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from .. import model as m
from .. import values as v
from ..decide import Decision
from ..record import History


@frozen
class Assumption:
    """*kind* is cell (a cell marked so), in_force (a plan admitted as if it were in force), steady (a fact that changes
    over time, given without its dates) or ahead (a day of a row that lies after the day of decision: what else the row
    says was perhaps not so yet); *by* is whoever took it so."""

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
    steps = [x for c in decision.conclusions for x in c.why.walk()]
    used = {x.node.name for x in steps if isinstance(x.node, m.Fact)}
    for name, shape in decision.policy.shape.facts.items():
        value = decision.record.facts.get(name)
        if shape.over_time and name in used and value is not None and not isinstance(value, History):
            yield Assumption("steady", name, None, None, "记录填报单位")
    read = {(e.list, x.rows[e.slot].id) for x in steps if isinstance(e := x.node, m.Field) and e.slot is not None}
    today = decision.question.as_of
    for of, rows in decision.given.lists.items():
        fields = decision.policy.shape.lists[of].fields.values()
        days = [f.name for f in fields if f.type.kind == "day" and f.name != m.LEARNT]
        for row in (r for r in rows.known if (of, r.id) in read):
            for name in days:
                if today < v.as_range(row.values.get(name, v.NONE))[0] < v.INF:
                    yield Assumption("ahead", name, of, row.id, "记录填报单位")
