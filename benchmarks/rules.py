"""The workload beside its policy text: records grown from a seed, the rules as data, and what they come to, in Python.

Twelve triggers and ten grounds of leniency over a cadre's facts and dated incidents, a score of both, and a ladder of
six measures. `workload/workload.policy` says the same in this project's language.
"""

from __future__ import annotations

import datetime
import operator as op
import random
from collections.abc import Iterator
from typing import Any

DECIDED = datetime.date(2025, 6, 30).toordinal()
# A window of so many days, as the first day that no longer counts.
HALF, YEAR, TWO = DECIDED - 180, DECIDED - 365, DECIDED - 730
KINDS = {
    "petition": "信访",
    "safety": "安全",
    "budget": "预算",
    "discipline": "纪律",
    "environment": "环保",
    "absence": "缺勤",
}
# Yes-or-no facts, each with how often it is so.
FLAGS = {
    "concealed": 0.04, "refused_rectify": 0.03, "private_gain": 0.05, "pilot_reform": 0.15, "procedure_followed": 0.7,
    "force_majeure": 0.06, "rectified": 0.5, "collective_decision": 0.55, "sought_approval": 0.4, "approved": 0.3,
    "self_reported": 0.15, "first_offence": 0.7, "emergency": 0.1, "legacy_problem": 0.12, "no_clear_rule": 0.1,
    "consulted_expert": 0.25,
}  # fmt: skip

# A rule is a flag, ("not", rule), ("and", rule, …), or a comparison (operator, what, number); what is compared is a fact,
# ("count", kind, since), ("severe", level, since) = how many that severe, or ("loss", since).
RULES: dict[str, Any] = {
    "T1": ("==", "appraisal", 1),
    "T2": ("and", ("<=", "appraisal", 2), ("<=", "prev_appraisal", 2)),
    "T3": ("<", "satisfaction", 60.0),
    "T4": ("<", "kpi", 0.7),
    "T5": (">=", ("count", "safety", YEAR), 2),
    "T6": (">=", ("count", "petition", YEAR), 3),
    "T7": (">=", ("severe", 4, TWO), 1),
    "T8": (">", ("loss", YEAR), 5_000_000),
    "T9": "concealed",
    "T10": "refused_rectify",
    "T11": (">=", ("count", "absence", HALF), 2),
    "T12": ("and", (">=", "discipline_level", 2), (">=", "years_in_post", 1.0)),
    "E1": ("and", "pilot_reform", "procedure_followed", ("not", "private_gain")),
    "E2": ("and", "force_majeure", "rectified"),
    "E3": (
        "and",
        "collective_decision",
        "procedure_followed",
        ("not", "private_gain"),
        ("not", "concealed"),
        "consulted_expert",
    ),
    "E4": ("and", "sought_approval", "approved", ("not", "private_gain")),
    "E5": ("and", ("<", "years_in_post", 1.0), (">=", "appraisal", 2)),
    "E6": ("and", "self_reported", "rectified", "first_offence"),
    "E7": ("and", "emergency", ("<", ("loss", YEAR), 1_000_000), ("not", "private_gain")),
    "E8": ("and", "legacy_problem", ("<", "years_in_post", 2.0)),
    "E9": ("and", "no_clear_rule", "consulted_expert", "collective_decision"),
    "E10": ("and", "rectified", ("<", ("severe", 3, TWO), 1), "first_offence"),
}
TRIGGERS = [name for name in RULES if name[0] == "T"]
LENIENT = [name for name in RULES if name[0] == "E"]
POINTS = {name: {"T7": 2, "T9": 3, "T10": 3, "T12": 2}.get(name, 1) for name in TRIGGERS}
MEASURES = ("谈话", "告诫", "停职", "调离", "降级使用", "免除职务")
# What a rule may find missing; a missing fact satisfies no comparison.
MAY_BE_MISSING = ("prev_appraisal", "satisfaction")

COMPARE = {"==": op.eq, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}

Record = dict[str, Any]


def comparisons(rule: Any) -> Iterator[Any]:
    """The comparisons in a rule."""
    if not isinstance(rule, str):
        if rule[0] in COMPARE:
            yield rule
        for part in rule[1:] if rule[0] in ("and", "not") else ():
            yield from comparisons(part)


def records(n: int, seed: int = 1) -> list[Record]:
    """So many cadres; a few have no earlier appraisal, or no poll."""
    r = random.Random(seed)
    out: list[Record] = []
    for i in range(n):
        record: Record = {
            "id": i,
            "appraisal": r.choices((1, 2, 3, 4), (3, 12, 65, 20))[0],
            "prev_appraisal": None if r.random() < 0.04 else r.choices((1, 2, 3, 4), (3, 15, 62, 20))[0],
            "satisfaction": None if r.random() < 0.05 else round(min(max(r.gauss(78, 11), 0.0), 100.0), 1),
            "kpi": round(min(max(r.gauss(0.92, 0.14), 0.0), 1.5), 3),
            "years_in_post": round(r.gammavariate(2, 2), 1),
            "discipline_level": r.choices((0, 1, 2, 3), (86, 8, 4, 2))[0],
            **{flag: r.random() < often for flag, often in FLAGS.items()},
        }
        record["incidents"] = [
            {
                "kind": r.choices(tuple(KINDS), (34, 16, 14, 8, 10, 18))[0],
                "day": DECIDED - r.randrange(1100),
                "severity": r.choices((1, 2, 3, 4, 5), (45, 30, 17, 6, 2))[0],
                "loss": round(r.lognormvariate(11, 2)),
            }
            for _ in range(sum(r.random() < 0.04 for _ in range(100)))
        ]
        out.append(record)
    return out


def measured(what: Any, r: Record) -> Any:
    """What a comparison looks at."""
    if isinstance(what, str):
        return r[what]
    if what[0] == "count":
        _, kind, since = what
        return sum(1 for x in r["incidents"] if x["day"] > since and x["kind"] == kind)
    if what[0] == "severe":
        _, level, since = what
        return sum(1 for x in r["incidents"] if x["day"] > since and x["severity"] >= level)
    return sum(x["loss"] for x in r["incidents"] if x["day"] > what[1])


def holds(rule: Any, r: Record) -> bool:
    """Walks one rule."""
    if isinstance(rule, str):
        return bool(r[rule])
    sign = rule[0]
    if sign == "and":
        return all(holds(p, r) for p in rule[1:])
    if sign == "not":
        return not holds(rule[1], r)
    return satisfies(sign, measured(rule[1], r), rule[2])


def satisfies(sign: str, x: Any, bound: Any) -> bool:
    return x is not None and bool(COMPARE[sign](x, bound))


def score(r: Record, found: set[str]) -> int:
    points = sum(POINTS[t] for t in TRIGGERS if t in found)
    return points if r["concealed"] or r["private_gain"] else points - min(2, sum(e in found for e in LENIENT))


def rung(r: Record, found: set[str], points: int) -> int:
    """The first step of the ladder that holds, 6 the gravest, 0 none."""
    if ("T9" in found and r["private_gain"]) or points >= 7:
        return 6
    if points >= 5 or ("T10" in found and points >= 3):
        return 5
    if points >= 4 or ({"T1", "T2"} <= found and points >= 1):
        return 4
    return max(0, min(points, 3))


def walked(r: Record) -> tuple[int, set[str]]:
    """The rung and the rules that hold."""
    found = {name for name, rule in RULES.items() if holds(rule, r)}
    return rung(r, found, score(r, found)), found
