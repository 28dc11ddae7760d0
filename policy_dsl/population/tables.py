"""The tables of a result: their columns in either tongue, and the rows that outcomes come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import frozen

from .. import model as m
from ..compiled import PACKED
from ..decide import Gap
from ..details import PARTS, Detail
from ..diagnostics import visible
from ..record import Row as Listed
from ..report.words import NOWHERE, Wording
from ..rosters import Aside
from ..values import Value
from .outcome import Outcome, atoms_of

PERSONS: Final = "persons"
ELEMENTS: Final = "elements"
ASIDE: Final = "aside"
GROUPS: Final = "groups"
RATES: Final = "rates"
MISSING: Final = "missing"
DETAILS: Final = "details"
# What a sheet of a workbook is called, for whoever opens one.
SHEETS: Final = {
    PERSONS: ("人员", "persons"), ELEMENTS: ("各行", "elements"), ASIDE: ("搁置", "aside"), GROUPS: ("分组", "groups"),
    RATES: ("结论人数", "rates"), MISSING: ("所缺人数", "missing"),
    DETAILS: ("细目", "details"), "run": ("运行", "run"),
}  # fmt: skip
HEADINGS: Final = {
    "id": "编号", "record_digest": "记录摘要", "status": "是否已定", "undetermined_effects": "未定效果数",
    "missing": "尚缺", "printed": "就已载明者", "whole": "全文", "list": "清单", "row": "行编号", "effect": "效果",
    "place": "位置", "code": "代码", "message": "问题", "persons": "人数", "decided": "已定人数",
    "undetermined": "未定人数", "outcome": "结论", "fact": "事项", "kind": "情形", "who": "可提供者",
    "rule": "条款", "part": "细目", "value": "内容", "atoms_printed": "原子_就已载明者", "atoms_whole": "原子_全文",
}  # fmt: skip

Cell = str | int
Row = Sequence[Cell]
# What is missing, why, and who could supply it, in words.
Lacking = tuple[str, str, str]


@frozen
class Column:
    """A column of a table: its heading, and whether it holds whole numbers."""

    name: str
    figures: bool = False


def heading(key: str, lang: str) -> str:
    return HEADINGS[key] if lang == "zh" else key


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def lacking(w: Wording, gaps: Iterable[Gap]) -> list[Lacking]:
    """What is missing, in words. Of a list it is said once, whichever row it is of."""
    return list(dict.fromkeys((w.gap_name(g, of_row=False), w.gap(g.kind), w.names(g.who)) for g in gaps))


class Tables:
    """The tables of one run in one tongue; *by* are the facts persons are grouped by, *details* what else is told."""

    def __init__(self, policy: m.Policy, lang: str, by: Sequence[str] = (), details: Sequence[Detail] = ()):
        self.w, self.lang, self.policy, self.by = Wording(policy, lang), lang, policy, tuple(by)
        self.details = tuple(details)
        self.chunks = -(-len(atoms_of(policy)) // PACKED)

    def columns(self) -> dict[str, tuple[Column, ...]]:
        """Every table with its columns."""
        by = tuple(self.w.name(x) for x in self.by)
        return {
            PERSONS: self._columns(
                "id record_digest status #undetermined_effects missing", self.statuses(), self.atom_names()
            ),
            ELEMENTS: self._columns("id list row effect printed whole"),
            ASIDE: self._columns("id place code message"),
            GROUPS: (*map(Column, by), *self._columns("#persons #decided #undetermined")),
            RATES: (*map(Column, by), *self._columns("effect outcome #persons")),
            MISSING: (*map(Column, by), *self._columns("fact kind who #persons")),
            **({DETAILS: self._columns("id list row rule effect part value")} if self.details else {}),
        }

    def _columns(self, keys: str, texts: Sequence[str] = (), figures: Sequence[str] = ()) -> tuple[Column, ...]:
        """Columns by key, # for whole numbers; then more by name."""
        first = (Column(heading(k.lstrip("#"), self.lang), k.startswith("#")) for k in keys.split())
        return (*first, *map(Column, texts), *(Column(x, True) for x in figures))

    def statuses(self) -> list[str]:
        """The columns of an effect: recall_printed, recall_whole."""
        lines = [heading(line, self.lang) for line in ("printed", "whole")]
        return [f"{self.w.effect(v.effect)}_{line}" for v in self.policy.verdicts for line in lines]

    def atom_names(self) -> list[str]:
        """The columns of the atoms: first those on what is printed."""
        lines = [heading(f"atoms_{line}", self.lang) for line in ("printed", "whole")]
        return [f"{line}_{i + 1}" for line in lines for i in range(self.chunks)]

    def person(self, x: Outcome) -> Row:
        w = self.w
        missing = w.semi.join(dict.fromkeys(fact for fact, *_ in lacking(w, x.gaps)))
        return (
            x.record.id, x.record.digest, w.say(x.status), len(x.open), missing,
            *(w.status(mask) for lines in x.statuses for mask in lines), *(self.packed(x)),
        )  # fmt: skip

    def packed(self, x: Outcome) -> tuple[int, ...]:
        """The atoms of both lines, so many to a whole number."""
        return tuple(line >> 2 * PACKED * i & (1 << 2 * PACKED) - 1 for line in x.atoms for i in range(self.chunks))

    def unpacked(self, cells: Sequence[int]) -> tuple[int, int]:
        """The packed atoms of the two lines, of the cells they were kept in."""
        lines = cells[: self.chunks], cells[self.chunks :]
        printed, whole = (sum(n << 2 * PACKED * i for i, n in enumerate(line)) for line in lines)
        return printed, whole

    def elements(self, x: Outcome) -> Iterator[Row]:
        w = self.w
        for e in x.elements:
            yield x.record.id, w.name(e.list), e.row, w.effect(e.effect), w.status(e.printed), w.status(e.whole)

    def detail(self, id: str, x: Detail, row: Listed | None, value: Value) -> Row:
        """A row for one thing that is told of a person, or of a row of a list."""
        listed = "" if row is None else row.id or ""
        return id, self.detail_list(x), listed, *self.detail_of(x), self.detail_value(x, value)

    def detail_list(self, x: Detail) -> str:
        return self.w.name(x.rule.list) if x.rule.list is not None else ""

    def detail_of(self, x: Detail) -> tuple[str, str, str]:
        """The rule, the effect where it is of an option, and what of it is told."""
        leads = f" {self.w.effect(x.stage or NOWHERE)}" if x.part == "next" else ""
        effect = "" if x.option is None else self.w.effect(x.option.effect)
        return self.w.name(x.rule.name), effect, PARTS[x.part][self.lang == "en"] + leads

    def detail_value(self, x: Detail, value: Value) -> str:
        return self.w.value(value, x.node.type)

    def aside(self, x: Aside) -> Iterator[Row]:
        """A row for each thing that is wrong; its sentence says where in the record."""
        zh, tab, en = x.where.partition("\t")
        where = en if tab and self.lang == "en" else zh
        for d in x.problems:
            # What does not show in a cell is named by its sentence, and would not be kept by every form.
            yield x.id, where, d.code, visible(d.message(self.lang))
