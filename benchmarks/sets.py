"""Who decides the workload by sets: this project's statement, the same by hand, and OpenFisca.

Each function is given what was drawn, makes it ready in its engine's own form, and gives what is to be timed and what
then reads the rungs (−1: open, for a fact that is missing).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import Any

import columns
import numpy as np
import rules
from columns import Drawn
from ours import MUST, SILENT
from peers import COMPARED, OF_LISTS, told
from rules import COMPARE, FLAGS, LENIENT, MEASURES, POINTS, RULES

Ready = tuple[Callable[[], Any], Callable[[Any], Any]]
KINDS = list(rules.KINDS)
NAMES = {what: f"m{i}" for i, what in enumerate(OF_LISTS)}
OPEN = MUST | SILENT
# Which measure each line of the ladder gives, the first line that holds being the one.
LADDER = (5, 5, 4, 4, 3, 3, 2, 1, 0)
# As much as DuckDB may hold; what is more goes to its disk.
MEMORY = "4GB"


def connected() -> Any:
    import duckdb

    folder = tempfile.mkdtemp(prefix="population")
    base = duckdb.connect(os.path.join(folder, "cells.duckdb"))
    base.execute(
        f"SET memory_limit = '{MEMORY}'; SET temp_directory = '{folder}'; SET preserve_insertion_order = false"
    )
    return base


def settled(masks: list[Any]) -> Any:
    """The gravest measure that must be taken; −1 where any is open."""
    rung = np.zeros(len(masks[0]), np.int8)
    for i, mask in enumerate(masks):
        rung = np.where(mask == MUST, i + 1, rung)
    for mask in masks:
        assert ((mask == MUST) | (mask == SILENT) | (mask == OPEN)).all()
        rung = np.where(mask == OPEN, -1, rung)
    return rung


def _read(base: Any, name: str) -> Any:
    chosen = ", ".join(f'"{x}"' for x in MEASURES)
    found = base.sql(f'SELECT {chosen} FROM "{name}" ORDER BY n').fetchnumpy()
    return settled([found[x] for x in MEASURES])


def _ours(d: Drawn, with_atoms: bool, plain: bool) -> Ready:
    from policy_dsl.columnar import decide

    made, base = columns.statement(with_atoms, plain), connected()
    assert not made.refused and not made.loose
    columns.hold(base, made)
    columns.lay_out(base, d, made)
    return lambda: decide(base, made).persons, lambda name: _read(base, name)


def ours(d: Drawn) -> Ready:
    return _ours(d, False, True)


def ours_with_atoms(d: Drawn) -> Ready:
    return _ours(d, True, True)


def ours_for_any_cells(d: Drawn) -> Ready:
    return _ours(d, False, False)


def ours_for_any_cells_with_atoms(d: Drawn) -> Ready:
    return _ours(d, True, False)


def _measured_in_sql(what: Any) -> str:
    match what:
        case "count", kind, since:
            return f"count(*) FILTER (kind = {KINDS.index(kind)} AND day > {since})"
        case "severe", level, since:
            return f"count(*) FILTER (severity >= {level} AND day > {since})"
    return f"coalesce(sum(loss) FILTER (day > {what[1]}), 0)"


def by_hand() -> str:
    """What somebody who knows SQL and the rules would write; NULL is what is not known, as Kleene has it."""
    told_in = {"flag": "{}", "fact": "{}", "not": "NOT {}", "and": " AND ", "missing": "", "list": NAMES.__getitem__}
    told_rules = {name: told(rule, told_in).replace("==", "=") for name, rule in RULES.items()}
    open_ = [
        name for name, rule in RULES.items() if any(w in rules.MAY_BE_MISSING for _, w, _ in rules.comparisons(rule))
    ]
    credit = " + ".join(f"{e}::INT" for e in LENIENT)
    reaches = {n: f"CASE WHEN low >= {n} THEN true WHEN low + more < {n} THEN false END" for n in (1, 2, 3, 4, 5, 7)}
    steps = [
        "T9 AND private_gain", reaches[7], reaches[5], f"T10 AND {reaches[3]}", reaches[4], f"T1 AND T2 AND {reaches[1]}",
        reaches[3], reaches[2], reaches[1],
    ]  # fmt: skip
    first = [" AND ".join([f"s{i}", *(f"NOT s{j}" for j in range(i))]) for i in range(len(steps))]
    fires = [" OR ".join(f"({f})" for f, to in zip(first, LADDER, strict=True) if to == i) for i in range(6)]
    return f"""
WITH found AS (
    SELECT cid, {", ".join(f"{_measured_in_sql(what)} AS {name}" for what, name in NAMES.items())} FROM incident GROUP BY cid
), fact AS (
    SELECT c.*, {", ".join(f"coalesce(f.{name}, 0) AS {name}" for name in NAMES.values())}
    FROM cadre c LEFT JOIN found f ON f.cid = c.id
), rule AS (
    SELECT id, concealed, private_gain, {", ".join(f"{x} AS {name}" for name, x in told_rules.items())} FROM fact
), score AS (
    SELECT id, private_gain, T1, T2, T9, T10,
        {" + ".join(f"{n} * coalesce({t}, false)::INT" if t in open_ else f"{n} * {t}::INT" for t, n in POINTS.items())}
        - CASE WHEN concealed OR private_gain THEN 0 ELSE least(2, {credit}) END AS low,
        {" + ".join(f"{POINTS[t]} * ({t} IS NULL)::INT" for t in open_)} AS more
    FROM rule
), step AS (
    SELECT id, {", ".join(f"{x} AS s{i}" for i, x in enumerate(steps))} FROM score
)
SELECT id AS n, {", ".join(f'CASE WHEN {f} THEN {MUST} WHEN NOT ({f}) THEN {SILENT} ELSE {OPEN} END AS "{x}"' for f, x in zip(fires, MEASURES, strict=True))}
FROM step"""


def duckdb_by_hand(d: Drawn) -> Ready:
    base = connected()
    for name, given in zip(("cadre", "incident"), columns.tables(d), strict=True):
        base.register("given", given)
        base.execute(f"CREATE TABLE {name} AS FROM given")
        base.unregister("given")
    query = f"CREATE OR REPLACE TEMP TABLE decided AS {by_hand()}"
    return lambda: base.execute(query) and "decided", lambda name: _read(base, name)


def told_in_python(rule: Any, flag: Callable[[str], Any], compared: Callable[[str, Any, Any], Any]) -> Any:
    """A rule as what the operators of arrays or expressions make of it."""
    match rule:
        case str():
            return flag(rule)
        case "not", part:
            return ~told_in_python(part, flag, compared)
        case "and", *parts:
            return reduce(and_, [told_in_python(p, flag, compared) for p in parts])
    return compared(*rule)


def polars(d: Drawn) -> Ready:
    """The same as by hand in SQL: its truths are three-valued too."""
    import polars as pl

    cadres, incidents = (pl.from_arrow(x) for x in columns.tables(d))

    def measured(what: Any) -> Any:
        match what:
            case "count", kind, since:
                return ((pl.col("kind") == KINDS.index(kind)) & (pl.col("day") > since)).sum()
            case "severe", level, since:
                return ((pl.col("severity") >= level) & (pl.col("day") > since)).sum()
        return pl.col("loss").filter(pl.col("day") > what[1]).sum()

    found = incidents.lazy().group_by("cid").agg(measured(what).alias(name) for what, name in NAMES.items())
    facts = cadres.lazy().join(found, left_on="id", right_on="cid", how="left", maintain_order="left")
    facts = facts.with_columns(pl.col(*NAMES.values()).fill_null(0))
    whole = facts.with_columns(
        told_in_python(r, pl.col, lambda sign, what, bound: COMPARE[sign](pl.col(NAMES.get(what, what)), bound)).alias(
            name
        )
        for name, r in RULES.items()
    )
    credit = pl.min_horizontal(pl.lit(2), pl.sum_horizontal(pl.col(e).cast(pl.Int32) for e in LENIENT))
    low = pl.sum_horizontal(n * pl.col(t).fill_null(False).cast(pl.Int32) for t, n in POINTS.items())
    more = pl.sum_horizontal(n * pl.col(t).is_null().cast(pl.Int32) for t, n in POINTS.items() if t in ("T2", "T3"))
    whole = whole.with_columns(
        low=low - pl.when(pl.col("concealed") | pl.col("private_gain")).then(0).otherwise(credit), more=more
    )

    def reaches(n: int) -> Any:
        high = pl.col("low") + pl.col("more")
        return pl.when(pl.col("low") >= n).then(True).when(high < n).then(False)

    steps = [
        pl.col("T9") & pl.col("private_gain"), reaches(7), reaches(5), pl.col("T10") & reaches(3), reaches(4),
        pl.col("T1") & pl.col("T2") & reaches(1), reaches(3), reaches(2), reaches(1),
    ]  # fmt: skip
    whole = whole.select("id", *(x.alias(f"s{i}") for i, x in enumerate(steps)))
    first = [reduce(and_, [pl.col(f"s{i}"), *(~pl.col(f"s{j}") for j in range(i))]) for i in range(len(steps))]
    fires = [reduce(or_, [f for f, to in zip(first, LADDER, strict=True) if to == i]) for i in range(6)]
    whole = whole.select(
        "id",
        *(
            pl.when(f).then(MUST).when(~f).then(SILENT).otherwise(OPEN).alias(x)
            for f, x in zip(fires, MEASURES, strict=True)
        ),
    )
    return whole.collect, lambda made: settled([made[x].to_numpy() for x in MEASURES])


def ladder(score: Any, found: dict[str, Any], private_gain: Any) -> Any:
    """The rung of known facts, for arrays."""
    steps = [
        (found["T9"] & private_gain) | (score >= 7), (score >= 5) | (found["T10"] & (score >= 3)),
        (score >= 4) | (found["T1"] & found["T2"] & (score >= 1)), score >= 3, score >= 2, score >= 1,
    ]  # fmt: skip
    return np.select(steps, [6, 5, 4, 3, 2, 1], 0)


def numpy(d: Drawn) -> Ready:
    """Known or not: what is missing satisfies no comparison."""
    x, inc, n = d.facts, d.incidents, d.size

    def measured(what: Any) -> Any:
        match what:
            case "count", kind, since:
                return np.bincount(inc["cid"][(inc["kind"] == KINDS.index(kind)) & (inc["day"] > since)], minlength=n)
            case "severe", level, since:
                return np.bincount(inc["cid"][(inc["severity"] >= level) & (inc["day"] > since)], minlength=n)
        chosen = inc["day"] > what[1]
        return np.bincount(inc["cid"][chosen], inc["loss"][chosen], minlength=n)

    def run() -> Any:
        seen = {what: measured(what) for what in OF_LISTS}

        def compared(sign: str, what: Any, bound: Any) -> Any:
            holds = COMPARE[sign](seen[what] if what in seen else x[what], bound)
            return holds & ~d.missing[what] if what in d.missing else holds

        found = {name: told_in_python(rule, x.__getitem__, compared) for name, rule in RULES.items()}
        score = sum(p * found[t].astype(np.int32) for t, p in POINTS.items())
        credit = np.minimum(2, sum(found[e].astype(np.int32) for e in LENIENT))
        return ladder(score - np.where(x["concealed"] | x["private_gain"], 0, credit), found, x["private_gain"])

    return run, lambda made: made


def openfisca(d: Drawn) -> Ready:
    """Incidents are its persons, cadres its groups. It has nothing unknown: what is missing is a fact of its own; and no
    group may be empty, so a cadre without incidents is given one that counts nowhere. Built, told and calculated."""
    from openfisca_core.entities import Entity, GroupEntity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    when = "2025-06"
    incident = Entity("incident", "incidents", "", "")
    cadre = GroupEntity("cadre", "cadres", "", "", roles=[{"key": "event", "plural": "events", "label": "", "doc": ""}])
    system = TaxBenefitSystem([incident, cadre])

    def variable(name: str, of: Any, kind: type[Any], formula: Any = None) -> None:
        said = {"value_type": kind, "entity": of, "definition_period": DateUnit.MONTH, "label": name}
        system.add_variable(type(name, (Variable,), said if formula is None else said | {"formula": formula}))

    def measured(what: Any) -> Any:
        match what:
            case "count", kind, since:
                return lambda c, p: c.sum((c.members("kind", p) == KINDS.index(kind)) & (c.members("day", p) > since))
            case "severe", level, since:
                return lambda c, p: c.sum((c.members("severity", p) >= level) & (c.members("day", p) > since))
        return lambda c, p: c.sum(c.members("loss", p) * (c.members("day", p) > what[1]))

    def ruled(rule: Any) -> Any:
        def formula(c: Any, p: Any) -> Any:
            def compared(sign: str, what: Any, bound: Any) -> Any:
                seen = c(NAMES.get(what, what), p)
                # Its numbers are of 32 bits.
                holds = COMPARE[sign](seen, np.float32(bound) if isinstance(bound, float) else bound)
                return holds & ~c(f"no_{what}", p) if what in d.missing else holds

            return told_in_python(rule, lambda name: c(name, p), compared)

        return formula

    def score(c: Any, p: Any) -> Any:
        credit = np.minimum(2, sum(c(e, p).astype(np.int32) for e in LENIENT))
        points = sum(n * c(t, p).astype(np.int32) for t, n in POINTS.items())
        return points - np.where(c("concealed", p) | c("private_gain", p), 0, credit)

    for name in ("kind", "day", "severity", "loss"):
        variable(name, incident, float if name == "loss" else int)
    for name, x in d.facts.items():
        if name != "id":
            variable(name, cadre, bool if name in FLAGS else int if x.dtype.kind == "i" else float)
    for name in d.missing:
        variable(f"no_{name}", cadre, bool)
    for what, name in NAMES.items():
        variable(name, cadre, float if what[0] == "loss" else int, measured(what))
    for name, rule in RULES.items():
        variable(name, cadre, bool, ruled(rule))
    variable("score", cadre, int, score)
    steps = ("T1", "T2", "T9", "T10")
    variable("rung", cadre, int, lambda c, p: ladder(c("score", p), {t: c(t, p) for t in steps}, c("private_gain", p)))

    empty = np.setdiff1d(d.facts["id"], d.incidents["cid"])
    of = np.concatenate([d.incidents["cid"], empty])
    facts = {
        name: np.concatenate([d.incidents[name], np.full(len(empty), -1 if name == "kind" else 0)])
        for name in ("kind", "day", "severity", "loss")
    }
    facts |= {name: x for name, x in d.facts.items() if name != "id"}
    facts |= {f"no_{name}": x for name, x in d.missing.items()}

    def run() -> Any:
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("incident", np.arange(len(of)))
        groups = builder.declare_entity("cadre", d.facts["id"])
        builder.join_with_persons(groups, of, roles=np.array(["event"] * len(of)))
        simulation = builder.build(system)
        for name, x in facts.items():
            simulation.set_input(name, when, x)
        return simulation.calculate("rung", when)

    return run, lambda made: made


# What comparisons look at is told as it is drawn.
assert all(x in columns.NUMBERS or x in OF_LISTS for x in COMPARED)
