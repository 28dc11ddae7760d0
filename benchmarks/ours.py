"""This project on the workload: read, decided by the compiled function, explained in full, decided by the walker."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rules import DECIDED, KINDS, MEASURES
from rules import Record as Raw

from policy_dsl import model as m
from policy_dsl.check import check
from policy_dsl.compiled import compile
from policy_dsl.evaluate import Evaluation
from policy_dsl.explanation import Frame
from policy_dsl.knowledge import as_known
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.pack import load
from policy_dsl.record import Reader, Record
from policy_dsl.tracing import explainer

Run = Callable[[Sequence[Any]], list[Any]]
SILENT, MUST = m.STATUS.option("silent"), m.STATUS.option("must")


@cache
def policy() -> m.Policy:
    checked = check(load(str(Path(__file__).parent / "workload")))
    assert checked.policy is not None, [d.code for d in checked.findings]
    return checked.policy


def frame() -> Frame:
    return Frame(DECIDED, {}, frozenset(DEFAULT_LAYERS))


def written(r: Raw) -> dict[str, Any]:
    """A record as a clerk's file has it: by the vocabulary's names, dates as dates, a list with whether it is complete."""
    names = policy().lexicon.chinese
    rows = [
        {
            "编号": str(i), "发生日": datetime.date.fromordinal(x["day"]), "事件类": KINDS[x["kind"]],
            "程度": x["severity"], "损失额": x["loss"],
        }
        for i, x in enumerate(r["incidents"])
    ]  # fmt: skip
    facts = {names[k]: x for k, x in r.items() if k not in ("id", "incidents")}
    return {"编号": str(r["id"]), **facts, "事件": {"齐备": True, "行": rows}}


def read(raws: Sequence[dict[str, Any]]) -> list[Record]:
    reader = Reader(policy().shape, policy().lexicon)
    found = [reader.record(x, "") for x in raws]
    assert not reader.problems
    return [as_known(x, policy().shape, DECIDED, DECIDED) for x in found if x is not None]


def rung(statuses: Sequence[int]) -> int | None:
    """The gravest measure that must be taken; None while a fact that is missing could change it."""
    if any(s not in (SILENT, MUST) for s in statuses):
        return None
    order = [MEASURES.index(w.effect) + 1 for w in policy().verdicts]
    return max((n for n, s in zip(order, statuses) if s == MUST), default=0)


def reading() -> Run:
    return read


def atoms() -> Run:
    run = compile(policy(), frame()).run
    return lambda records: [run(r)[0] for r in records]


def trees() -> Run:
    """Every step of every verdict, built and let go."""
    explain = explainer(policy(), frame()).explain
    return lambda records: [tuple([e.value for e in explain(r)[0]]) for r in records]


def walker() -> Run:
    people, asked = [w.person for w in policy().verdicts], frame()

    def one(r: Record) -> tuple[Any, ...]:
        court = Evaluation(r, asked)
        return tuple([court.why(e, ()).value for e in people])

    return lambda records: [one(r) for r in records]


def steps(records: Sequence[Record]) -> float:
    """How many different steps an explanation of a record has, on average."""
    explain = explainer(policy(), frame()).explain
    return sum(len({id(x) for e in explain(r)[0] for x in e.walk()}) for r in records) / len(records)
