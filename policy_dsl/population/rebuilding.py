"""A decision made again of what a result keeps, the policy and the one record; it must be the same decision."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..above import Regime
from ..decide import Decision, Question
from ..diagnostics import Diagnostic, Unusable, found
from ..language.source import NOWHERE, Span
from ..record import Record
from ..rosters import Aside, find
from ..rosters.forms import unusable
from . import tables as t
from .kept import Kept
from .outcome import Outcome, atoms_of, of_decision, walked_atoms
from .run import atom_names, atoms_digest

_TRUTH = ("", "否\tno", "是\tyes", "未定\tunknown")


def question(kept: Kept) -> Question:
    """The question a result answers."""
    about = kept.about
    try:
        as_of, known = (datetime.date.fromisoformat(about[k]).toordinal() for k in ("as_of", "known_as_of"))
    except ValueError as error:
        raise unusable(kept.path, "日期写得不对\tits dates are not as they should be") from error
    layers = frozenset(map(str, about["layers"]))
    return Question(as_of, known, dict(about["readings"]), layers, about["readings_chosen_by"])


def record_of(kept: Kept, regime: Regime, id: str, table: Path | None = None) -> Record:
    """The record of one person, as it was when the result was made: in the table the result names, or in another.

    Raises Unusable where the policy or the record is another now, or where nothing was decided of that person.
    """
    row = _row(kept, id)
    _same(_policies(kept, regime))
    path = table if table is not None else kept.path.absolute().parent / str(kept.about["table"].get("path"))
    if not path.exists():
        raise unusable(path, "没有这个名单，请用 --records 指明\tthere is no such roster; name it with --records")
    one = find(path, regime.shape, regime.lexicon, id)
    if one is None:
        raise Unusable([found("R202", NOWHERE, id=id, where=f"名单“{path.name}”\tthe roster “{path.name}”")])
    if isinstance(one, Aside):
        raise Unusable(one.problems)
    then = str(row[t.heading("record_digest", kept.lang)])
    _same([(f"编号“{id}”的记录\trecord of “{id}”", then, one.digest)])
    return one


def _row(kept: Kept, id: str) -> dict[str, Any]:
    rows = kept.rows(t.PERSONS, id)
    if len(rows) == 1:
        return dict(rows[0])
    if rows:
        raise unusable(kept.path, f"编号“{id}”有两行\tthere are two rows of “{id}”")
    aside = [str(x[t.heading("message", kept.lang)]) for x in kept.rows(t.ASIDE, id)]
    if aside:
        raise Unusable([found("R204", NOWHERE, id=id, why="；".join(aside))])
    raise Unusable([found("R202", NOWHERE, id=id, where=f"结果“{kept.path.name}”\tthe result “{kept.path.name}”")])


def _policies(kept: Kept, regime: Regime) -> Iterator[tuple[str, str, str]]:
    """What was decided by, then and now."""
    yield (
        f"政策“{regime.policy.name}”\tpolicy “{regime.policy.english}”",
        kept.about["policy_digest"],
        regime.policy.digest,
    )
    now = {p.name: p for p in regime.above}
    for name in dict.fromkeys((*kept.about["above"], *now)):
        english = now[name].english if name in now else name
        digests = kept.about["above"].get(name, ""), now[name].digest if name in now else ""
        yield f"上位“{name}”\ttext above “{english}”", *digests
    yield "原子\tlist of atoms", str(kept.about["atoms"].get("digest")), atoms_digest(regime.policy)


def _same(pairs: Any) -> None:
    """Everything that is another now, at once."""
    differ = [
        found("R201", NOWHERE, what=what, then=then[:16] or "无\tnone", now=now[:16] or "无\tnone")
        for what, then, now in pairs
        if then != now
    ]
    if differ:
        raise Unusable(differ)


def confirm(kept: Kept, regime: Regime, decision: Decision) -> None:
    """Holds a decision made again, by the walker, against what the result keeps: every status on both lines, every row,
    every atom. Unusable, naming each that is another."""
    tables = t.Tables(regime.policy, kept.lang)
    outcome = of_decision(decision, walked_atoms(regime.policy, decision))
    row = _row(kept, decision.record.id)
    differ = [*_cells(tables, outcome, row), *_rows(kept, tables, outcome), *_atoms(tables, outcome, row, regime)]
    if differ:
        raise Unusable(differ)


def _cells(tables: t.Tables, outcome: Outcome, row: dict[str, Any]) -> Iterator[Diagnostic]:
    columns = tables.columns()[t.PERSONS]
    for column, now in zip(columns, tables.person(outcome), strict=True):
        then = row.get(column.name)
        if not column.figures and (then or "") != now:
            yield _other(column.name, str(then or ""), str(now))
        elif column.name == t.heading("undetermined_effects", tables.lang) and _figure(then) != now:
            yield _other(column.name, str(then), str(now))


def _rows(kept: Kept, tables: t.Tables, outcome: Outcome) -> Iterator[Diagnostic]:
    names = [c.name for c in tables.columns()[t.ELEMENTS]]
    then = {tuple(str(x.get(n) or "") for n in names) for x in kept.rows(t.ELEMENTS, outcome.record.id)}
    now = {tuple(map(str, x)) for x in tables.elements(outcome)}
    for x in sorted(then ^ now):
        there, here = ("有\tthere", "无\tnot there") if x in then else ("无\tnot there", "有\tthere")
        yield _other(" ".join(x[1:]), there, here)


def _atoms(tables: t.Tables, outcome: Outcome, row: dict[str, Any], regime: Regime) -> Iterator[Diagnostic]:
    cells = [_figure(row.get(name)) for name in tables.atom_names()]
    kept = tables.unpacked(cells)
    names = atom_names(regime.policy)
    for line, then, now in zip(("printed", "whole"), kept, outcome.atoms, strict=True):
        for i, (atom, name) in enumerate(zip(atoms_of(regime.policy), names, strict=True)):
            a, b = then >> 2 * i & 3, now >> 2 * i & 3
            if a != b:
                what = f"原子 {i + 1}（{t.HEADINGS[line]}）{name}\tatom {i + 1} ({line}) {name}"
                span = atom.source.span if atom.source is not None else NOWHERE
                yield _other(what, _TRUTH[a] or "空\tnone", _TRUTH[b], span)


def _figure(cell: Any) -> int:
    """A whole number, however its form keeps it; -1 for what is none."""
    try:
        return int(str(cell))
    except ValueError:
        return -1


def _other(what: str, then: str, now: str, span: Span = NOWHERE) -> Diagnostic:
    return found("R203", span, what=what, then=then, now=now)
