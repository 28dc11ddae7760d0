"""Worked examples: what a case says of itself becomes a record, and what it concludes is held against the decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from . import model as m
from .check.worked import row_id
from .decide import Conclusion, Decision, Question, decide
from .diagnostics import Diagnostic, Note, found
from .language import syntax as s
from .language.keywords import DEFAULT_LAYERS, word
from .language.numerals import days_of, write_date, write_quantity
from .language.source import Span
from .record import Reader, Record, Where
from .shapes import COMPLETE, FINDINGS, ID
from .values import settled


@frozen
class Outcome:
    """One case run: what does not hold."""

    case: s.Declaration
    problems: tuple[Diagnostic, ...]

    @property
    def passed(self) -> bool:
        return not self.problems


@frozen
class Posed:
    """What a case asks: its record, and each line of its outcomes under the readings that line chooses."""

    record: Record
    lines: tuple[tuple[s.Concluded, Question], ...]


def posed(policy: m.Policy, case: s.Declaration, problems: list[Diagnostic]) -> Posed | None:
    """The record and the questions of a case; None, and reported, where it cannot be read."""
    record = record_of(policy, case, problems)
    day = _day(case, "decided_on", problems)
    known = _day(case, "known_on", problems) if case.clause("known_on") else day
    if record is None or day is None or known is None or problems:
        return None
    layers = frozenset(DEFAULT_LAYERS) | _layers(case)
    clause = case.clause("outcomes")
    items = [x for x in (clause.items if clause is not None else ()) if isinstance(x, s.Concluded)]
    lines = ((x, Question(day, known, _readings(policy, x, problems), layers)) for x in items)
    return Posed(record, tuple(lines))


def run(policy: m.Policy, case: s.Declaration) -> Outcome:
    """Run one case of a policy."""
    problems: list[Diagnostic] = []
    asked = posed(policy, case, problems)
    if asked is None:
        return Outcome(case, tuple(problems))
    cited: set[str] = set()
    decided: dict[tuple[tuple[str, str], ...], Decision] = {}
    for item, question in asked.lines:
        key = tuple(sorted(question.readings.items()))
        if key not in decided:
            decided[key] = decide(policy, asked.record, question, what_if=False)
        cited |= _held(item, decided[key], problems)
    reasons = case.clause("reasons")
    for c in reasons.body if reasons is not None and isinstance(reasons.body, tuple) else ():
        if isinstance(c, s.Citation) and c.text not in cited:
            problems.append(found("C101", c.span, basis=c.text))
    return Outcome(case, tuple(problems))


def record_of(policy: m.Policy, case: s.Declaration, problems: list[Diagnostic]) -> Record | None:
    """The record a case describes."""
    raw: dict[str, Any] = {ID: case.name.text if case.name else "案例", FINDINGS: [], COMPLETE: {}}
    clause = case.clause("facts")
    given = [g for g in (clause.items if clause is not None else ()) if isinstance(g, s.Given)]
    for names in ([g.name for g in given if g.kind == "fact"], *([_named(x) for x in g.values] for g in given)):
        problems += _twice(names, policy)
    # Where each entry stands, by the place that a record's findings name.
    places: dict[str, Span] = {}
    for g in given:
        if g.kind == "fact" and g.name is not None:
            places[f"{ID} {raw[ID]} {g.name.text}"] = g.name.span.to(g.values[-1].span)
        if g.kind == "fact" and isinstance(g.values[0], s.Since):
            raw |= _history(policy, g, (f"{ID} {raw[ID]}\tNo. {raw[ID]}",), problems)
        elif g.kind == "fact" and g.name is not None:
            raw[g.name.text] = _cell(g.values[0])
        elif g.kind == "row" and g.name is not None and g.row is not None:
            row = {ID: row_id(g.row), **{a.name.text: _cell(a.value) for a in g.values if isinstance(a, s.Assign)}}
            rows = raw.setdefault(g.name.text, [])
            rows.append(row)
            at = f"{ID} {raw[ID]} {g.name.text} {len(rows)}"
            places |= {f"{at} {a.name.text}": a.span for a in g.values if isinstance(a, s.Assign)}
            places[at] = g.name.span.to(g.row.span)
        elif g.kind == "findings":
            for a in g.values:
                if isinstance(a, s.Assign):
                    finding = {"问题": a.name.text, "答": _cell(a.value)}
                    if g.name is not None and g.row is not None:
                        finding |= {"所属": g.name.text, "所属编号": row_id(g.row)}
                    raw[FINDINGS].append(finding)
                    places[f"{ID} {raw[ID]} {FINDINGS} {len(raw[FINDINGS])}"] = a.span
        elif g.kind == "complete":
            until: Any = write_date(g.row.parts, "zh") if isinstance(g.row, s.Date) else True
            raw[COMPLETE] |= {n.text: until for n in g.values if isinstance(n, s.Name)}
    reader = Reader(policy.shape, policy.lexicon)
    record = reader.record(raw, "")
    facts = clause.span if clause is not None else case.span
    problems += [evolve(p, span=_place(p, places, facts)) for p in reader.problems]
    return record


def _place(problem: Diagnostic, places: Mapping[str, Span], facts: Span) -> Span:
    """The entry of a case that a misfit of its record is about; its facts as a whole if it is about none."""
    where = dict(problem.values).get("where", "").partition("\t")[0]
    within = [at for at in places if where == at or where.startswith(f"{at} ")]
    return places[max(within, key=len)] if within else facts


def _named(x: s.Node) -> s.Name | None:
    """What an item of a row, or of a list of lists that are complete, is about."""
    name = x.name if isinstance(x, s.Assign) else x
    return name if isinstance(name, s.Name) else None


def _twice(names: Iterable[s.Name | None], policy: m.Policy) -> Iterator[Diagnostic]:
    """What is said of one thing twice: which of the two counts would have to be guessed."""
    first: dict[str, s.Name] = {}
    for name in names:
        if name is not None and first.setdefault(name.text, name) is not name:
            before = Note(first[name.text].span, "前一处", "the one before")
            yield found("P301", name.span, before, clause=f"{name.text}\t{policy.lexicon.written(name.text, 'en')}")


def _history(policy: m.Policy, g: s.Given, where: Where, problems: list[Diagnostic]) -> dict[str, Any]:
    """What a fact was from which day on, as a roster says it; what is wrong is reported where it stands."""
    if g.name is None:
        return {}
    name = f"{g.name.text}\t{policy.lexicon.written(g.name.text, 'en')}"
    shape = policy.shape.facts.get(g.name.text)
    if shape is None or not shape.over_time:
        why = "它不是标明“随时间”的事实\tit is not a fact marked over_time"
        problems.append(found("C103", g.name.span, name=name, why=why))
        return {}
    reader = Reader(policy.shape, policy.lexicon)
    wrong: list[Diagnostic] = []
    last: tuple[int, s.Date] | None = None
    steps = [x for x in g.values if isinstance(x, s.Since)]
    for x in steps:
        days = days_of(x.start.parts)
        if days is None or days[0] != days[1]:
            why = "起日没有写到日历上的某一天\tthis is no single day of the calendar"
            wrong.append(found("C103", x.start.span, name=name, why=why))
        elif last is not None and days[0] <= last[0]:
            why = "起日不晚于前一个起日\tthis day is not after the one before it"
            before = Note(last[1].span, "前一个", "the one before")
            wrong.append(found("C103", x.start.span, before, name=name, why=why))
        else:
            last = days[0], x.start
        reader.cell(shape.type, _cell(x.value), (*where, name))
        wrong += [evolve(p, span=x.value.span) for p in reader.problems]
        reader.problems.clear()
    problems += wrong
    said = [{"自": write_date(x.start.parts, "zh"), "值": _cell(x.value)} for x in steps]
    return {} if wrong else {g.name.text: said}


def _cell(e: s.Node) -> Any:
    match e:
        case s.Name(text=text) | s.Quote(text=text):
            return text
        case s.Quantity(number=number, unit="number"):
            return int(number) if number == int(number) else number
        case s.Quantity(number=number, unit=unit):
            return write_quantity(number, unit, "zh")
        case s.Date(parts=parts):
            return write_date(parts, "zh")
        case s.Word(terminal=terminal, key=key):
            return word(terminal, key, "zh")
    return None


def _day(case: s.Declaration, key: str, problems: list[Diagnostic]) -> int | None:
    clause = case.clause(key)
    if clause is not None and isinstance(clause.body, s.Date):
        days = days_of(clause.body.parts)
        if days is not None and days[0] == days[1]:
            return days[0]
    span = clause.span if clause is not None else case.span
    problems.append(found("P302", span, clause="决定日（到日）\tdecided_on (to the day)"))
    return None


def _layers(case: s.Declaration) -> frozenset[str]:
    clause = case.clause("layer")
    body = clause.body if clause is not None and isinstance(clause.body, tuple) else ()
    return frozenset(w.key for w in body if isinstance(w, s.Word))


def _readings(policy: m.Policy, item: s.Concluded, problems: list[Diagnostic]) -> Mapping[str, str]:
    chosen: dict[str, str] = {}
    for r in item.readings:
        if isinstance(r, s.Comparison) and isinstance(r.left, s.Name):
            reading, label = policy.readings.get(r.left.text), str(_cell(r.right))
            if reading is None or label not in reading.alternatives:
                options = "、".join(reading.alternatives) if reading else "、".join(policy.readings)
                problems.append(found("P205", r.span, name=label, type=r.left.text, options=options))
            else:
                chosen[r.left.text] = label
    return chosen


def _held(item: s.Concluded, decision: Decision, problems: list[Diagnostic]) -> set[str]:
    """Hold one line of outcomes against a decision; returns what its conclusions cite."""
    cited: set[str] = set()
    status, line = "", ""
    row = row_id(item.row) if item.row is not None else None
    for x in item.expected:
        status, line = x.status or status, x.line or line if not x.status else x.line
        effect = x.name.text if x.name is not None else "去向未载明"
        at = next((c for c in decision.conclusions if c.effect == effect and (c.row.id if c.row else None) == row
                   and (item.list is None or c.list == item.list.text)), None)  # fmt: skip
        if at is None:
            known = item.list is None or any(r.id == row for r in decision.given.lists[item.list.text].known)
            if not (status == "silent" and effect in decision.policy.shape.effects and known):
                problems.append(found("C102", x.span, *_unseen(item, decision), effect=effect))
            continue
        cited |= citations(at)
        for name, mask in (("printed", at.printed), ("whole", at.whole)):
            if line in ("", name) and not agrees(status, mask, name, line):
                problems.append(found("C100", x.span, want=status_words(status), have=mask_words(mask)))
                break
    for c in item.because:
        if c.text not in cited:
            problems.append(found("C101", c.span, basis=c.text))
    return cited


def _unseen(item: s.Concluded, decision: Decision) -> tuple[Note, ...]:
    """That a row of the facts was not there yet on the days of the case."""
    if item.list is None or item.row is None:
        return ()
    id, of = row_id(item.row), item.list.text
    told, seen = (any(r.id == id for r in x.lists[of].known) for x in (decision.record, decision.given))
    if seen or not told:
        return ()
    zh = "到决定日还没有这一行：它的日期更晚，或者当时还不知道"
    en = "by the day of decision there was no such row: its date is later, or it was not yet known"
    return (Note(item.row.span, zh, en),)


def agrees(status: str, mask: int, name: str, line: str) -> bool:
    if status == "open":
        return not settled(mask) or (name == "printed" and line == "")
    return mask == m.STATUS.option(status)


def status_words(status: str) -> str:
    """A status in both languages, as 'zh\\ten'."""
    return f"{word('STATUS', status, 'zh')}\t{word('STATUS', status, 'en')}"


def mask_words(mask: int) -> str:
    """The statuses still possible, in both languages."""
    keys = [k for i, k in enumerate(m.STATUSES) if mask >> i & 1]
    zh, en = "或".join(word("STATUS", k, "zh") for k in keys), " or ".join(word("STATUS", k, "en") for k in keys)
    return f"未定（{zh}）\tundetermined ({en})" if len(keys) > 1 else f"{zh}\t{en}"


def citations(conclusion: Conclusion) -> set[str]:
    """Every ground a conclusion cites: of the rules that bear on it and of the steps that settle it."""
    cited = {b for g in conclusion.grounds for b in g.basis}
    for e in conclusion.why.walk():
        if isinstance(e.node, m.Named | m.Leaf):
            cited.update(e.node.basis)
        if isinstance(e.node, m.Fold) and isinstance(e.node.where, m.Named):
            # A list without rows: the rule that looked for one is what the answer rests on.
            cited.update(e.node.where.basis)
    return cited
