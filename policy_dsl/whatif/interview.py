"""A conversation that builds a record: asks only what still matters, the most telling first, and can always go back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any, Final

from attrs import evolve, frozen

from .. import values as v
from ..above import Regime
from ..decide import Conclusion, Decision, Gap, Question, decide
from ..diagnostics import Diagnostic
from ..explanation import LeafKey, Member
from ..model import Fact, Field, Finding, Happened, QuestionShape
from ..record import Reader, Record
from ..shapes import COMPLETE, FINDINGS, ID, ROWS
from .outcomes import place_of
from .settling import ask_order, of_row

# What answers besides a value: that it is not known, that the body cannot tell, that it has not been found yet.
NOT_KNOWN: Final = "不明"
STATES: Final = ("不明", "不能认定", "待认定")
# A value since a day, of a fact that changes.
_SINCE: Final = re.compile(r"\s*(?:自\s*|from\s+)?(\d{4}-\d\d-\d\d)\s*起?\s*[：:，,]?\s*(.+?)\s*")


@frozen(eq=False)
class Conversation:
    """A record as far as it has been told, as plain data; what was asked already; the row being told of."""

    raw: Mapping[str, Any]
    asked: frozenset[LeafKey] = frozenset()
    row: tuple[str, str] | None = None


@frozen(eq=False)
class Asking:
    """One question: of a fact, a field of a row, a finding, or whether a list is complete; the outcomes that wait."""

    gap: Gap
    kind: str
    name: str
    list: str | None
    row: str | None
    type: v.Type | None
    waiting: tuple[Conclusion, ...]


def begun(raw: Mapping[str, Any], reader: Reader) -> Conversation:
    """A conversation that goes on from a record, put into Chinese headings, each list saying itself how far it is
    complete."""
    data = {k: deepcopy(x) for k, x in reader.keyed(raw, ()).items()}
    complete = data.pop(COMPLETE, None) or {}
    if isinstance(complete, list):
        complete = dict.fromkeys(complete, True)
    for of in reader.shape.lists:
        if of in data and (reader.is_list(data[of], of) or of not in reader.shape.facts):
            listed = reader.keyed(data[of], ()) if isinstance(data[of], dict) else {ROWS: data[of]}
            data[of] = listed | {ROWS: [reader.keyed(row, ()) for row in listed.get(ROWS, [])]}
    for of, until in reader.keyed(complete, ()).items():
        data[of] = data.get(of, {ROWS: []}) | {COMPLETE: until}
    if FINDINGS in data:
        data[FINDINGS] = [reader.keyed(one, ()) for one in data[FINDINGS]]
    return Conversation(data)


def read(c: Conversation, regime: Regime) -> tuple[Record | None, list[Diagnostic]]:
    """The record told so far, and what is wrong with it."""
    reader = Reader(regime.shape, regime.lexicon)
    for english in regime.lexicon.chinese:
        # What is wrong is told in either tongue, though the record has its headings in one.
        reader.key(english)
    record = reader.record(deepcopy(dict(c.raw)), "")
    return record, reader.found()


def decided(c: Conversation, regime: Regime, question: Question) -> Decision:
    """What the county's own policy says of the record told so far."""
    record, problems = read(c, regime)
    assert record is not None and not problems, [p.message("en") for p in problems]
    return decide(*regime.put(regime.policy, record, question), what_if=False)


def questions(c: Conversation, decision: Decision, effects: Collection[str] = ()) -> list[Asking]:
    """What may still be asked that matters to these effects (to any, if none is named), the most telling first; a row
    that has been begun is told to its end before anything else, its date first."""
    waiting = [x for x in decision.conclusions if not x.settled and (not effects or x.effect in effects)]
    worth = ask_order(decision, waiting)
    gaps = [g for g in worth if g.key not in c.asked and g.kind != "not_known" and not _dated(c, g)]
    gaps.sort(key=lambda g: (c.row is None or (_list(g), of_row(g)) != c.row, not _date(g, decision)) if c.row else ())
    return [_asking(g, decision, tuple(x for x in waiting if place_of(x) in g.changes)) for g in gaps]


def next_question(c: Conversation, decision: Decision, effects: Collection[str] = ()) -> Asking | None:
    """What is most worth asking; nothing, when no answer would settle anything more."""
    return next(iter(questions(c, decision, effects)), None)


def _dated(c: Conversation, g: Gap) -> bool:
    """Whether it is of a fact whose history is on record: an answer would replace what is known of other days."""
    return isinstance(g.node, Fact) and isinstance(c.raw.get(g.node.name), list)


def _list(g: Gap) -> str | None:
    return g.node.list if isinstance(g.node, Field | Happened | Finding | Member) else None


def _date(g: Gap, decision: Decision) -> bool:
    """Whether it asks for the date of a row."""
    return isinstance(g.node, Field | Happened) and decision.policy.shape.lists[g.node.list].date == g.node.name


def _asking(g: Gap, decision: Decision, waiting: tuple[Conclusion, ...]) -> Asking:
    shape, of, row = decision.policy.shape, _list(g), of_row(g)
    match g.node:
        case Member():
            return Asking(g, "list", g.node.list, of, None, None, waiting)
        case Finding(name=name):
            return Asking(g, "finding", name, shape.findings[name].list, row, shape.findings[name].type, waiting)
        case Field(name=name) | Happened(name=name):
            assert of is not None
            return Asking(g, "field", name, of, row, shape.lists[of].fields[name].type, waiting)
    name = str(g.key[1])
    return Asking(g, "fact", name, None, None, shape.facts[name].type, waiting)


# Answers.


def answered(c: Conversation, asking: Asking, text: str, regime: Regime) -> tuple[Conversation, list[Diagnostic]]:
    """The conversation with an answer: a value or a state in words, or the day until which a list is complete;
    unchanged, with what is wrong, if it is none."""
    raw = deepcopy(dict(c.raw))
    if asking.kind == "fact":
        raw[asking.name] = _over_time(asking, text, regime) or text
    elif asking.kind == "field":
        rows = raw[asking.list or ""][ROWS]
        next(r for r in rows if str(r[ID]) == asking.row)[asking.name] = text
        _refer(raw, regime.shape.lists[asking.list or ""].fields[asking.name].refers_to, text)
    elif asking.kind == "list":
        raw.setdefault(asking.name, {ROWS: []})[COMPLETE] = text
    else:
        _find(raw, asking, text, regime.shape.findings[asking.name])
    then = evolve(c, raw=raw, asked=c.asked | {asking.gap.key}, row=None if asking.kind == "list" else c.row)
    _, problems = read(then, regime)
    return (c, problems) if problems else (then, [])


def _refer(raw: dict[str, Any], of: str, id: str) -> None:
    """Whoever names a row of another list says that it is there, unless that list is said to be complete."""
    if of and id not in (*STATES, "无"):
        listed = raw.setdefault(of, {ROWS: []})
        if COMPLETE not in listed and id not in {str(r[ID]) for r in listed[ROWS]}:
            listed[ROWS].append({ID: id})


def _over_time(asking: Asking, text: str, regime: Regime) -> list[dict[str, str]] | None:
    """“2015-01-01 科员；2018-05-01 副科”: each value with the day it holds from."""
    if not regime.shape.facts[asking.name].over_time:
        return None
    parts = [_SINCE.fullmatch(part) for part in re.split("[；;]", text)]
    return [{"自": p[1], "值": p[2]} for p in parts if p is not None] if all(parts) else None


def _find(raw: dict[str, Any], asking: Asking, text: str, shape: QuestionShape) -> None:
    """The answer of a body, in the place of one that only waited."""
    findings: list[dict[str, Any]] = raw.setdefault(FINDINGS, [])
    owner = {"所属": shape.list, "所属编号": asking.row} if shape.list is not None else {}
    for one in findings:
        if (
            one.get("问题") == asking.name
            and str(one.get("所属编号") or "") == (asking.row or "")
            and not one.get("取代")
        ):
            one["答"] = text
            return
    findings.append({"问题": asking.name, **owner, "答": text})


def one_more(c: Conversation, of: str) -> Conversation:
    """A row more in a list, of which nothing is known yet."""
    raw = deepcopy(dict(c.raw))
    listed = raw.setdefault(of, {ROWS: []})
    taken = {str(r[ID]) for r in listed[ROWS]}
    id = next(str(i) for i in range(1, len(taken) + 2) if str(i) not in taken)
    listed[ROWS].append({ID: id})
    return evolve(c, raw=raw, row=(of, id))


def passed(c: Conversation, asking: Asking) -> Conversation:
    """A question nobody can answer: not asked again."""
    return evolve(c, asked=c.asked | {asking.gap.key}, row=None)
