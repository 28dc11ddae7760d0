"""A clerk's own workbook given back with the outcome beside each person and the reasons on a sheet of their own."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from ..decide import Decision
from ..diagnostics import Unusable, found
from ..language.source import NOWHERE
from ..record import Reader
from ..rosters.tables import PERSONS
from ..rosters.write import MOST_ROWS, UNKEPT, enter, saved
from ..shapes import ID
from .missing import lacks
from .standing import act_lines
from .summary import groups
from .terms import Terms
from .tree import Step, Tree, facts_of, head, told
from .words import Wording

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

# The columns beside a person, and the sheet of reasons: the reader of rosters passes over what is so named.
HEADINGS: Final = {
    "zh": ("说明·结论", "说明·未定", "说明·缺少什么"),
    "en": ("notes conclusion", "notes undetermined", "notes missing"),
}
REASONS: Final = {"zh": "说明·理由", "en": "notes reasons"}
_TITLES: Final = {"zh": ("编号", "理由", "依据"), "en": ("id", "reasons", "grounds")}
_MORE: Final = {"zh": "……（余见“说明·理由”）", "en": "… (the rest on “notes reasons”)"}
_LONGEST_CELL: Final = 32_767
_MOST_INDENT: Final = 15

# Parts of a workbook that would act on whoever opens it, or fetch from elsewhere: with them it is not touched.
_REFUSED: Final = {
    "xl/vbaProject": "宏\tmacros", "xl/macrosheets": "宏表\tmacro sheets",
    "xl/externalLinks": "外部链接\tlinks to other workbooks", "xl/activeX": "ActiveX 控件\tActiveX controls",
    "xl/embeddings": "嵌入的对象\tembedded objects",
}  # fmt: skip
# Parts that are not kept, or not wholly, when the workbook is written again.
_LOST: Final = {
    "xl/media": "图片\tpictures", "xl/charts": "图表\tcharts", "xl/drawings/drawing": "图形\tdrawn shapes",
    "xl/ctrlProps": "窗体控件\tform controls", "xl/threadedComments": "会话批注\tthreaded comments",
    "xl/pivotTables": "数据透视表\tpivot tables", "xl/slicers": "切片器\tslicers", "xl/queryTables": "查询\tqueries",
    "xl/connections": "数据连接\tdata connections", "customXml": "自定义数据\tcustom data",
}  # fmt: skip


def opened(path: Path) -> tuple[Workbook, list[str]]:
    """A workbook with its formatting, and what of it will not be kept ('zh\\ten'); Unusable if it holds macros or
    fetches from elsewhere."""
    from openpyxl import load_workbook  # noqa: PLC0415

    with zipfile.ZipFile(path) as package:
        names = package.namelist()
    held = [what for part, what in _REFUSED.items() if any(n.startswith(part) for n in names)]
    if held:
        zh, en = ("、".join(x.partition("\t")[i] for x in held) for i in (0, 2))
        why = (
            f"{path.name}：工作簿里有{zh}，不能原样写回；请另存一份没有它们的\t"
            f"{path.name}: the workbook holds {en.replace('、', ', ')}, which cannot be given back as they are; "
            "save a copy without them"
        )
        raise Unusable([found("R100", NOWHERE, why=why)])
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        book = load_workbook(path, rich_text=True)
    lost = [what for part, what in _LOST.items() if any(n.startswith(part) for n in names)]
    return book, lost + sorted({f"{w.message}\t{w.message}" for w in said})


class Annotation:
    """Writes decisions into a workbook, one after another."""

    def __init__(self, book: Workbook, reader: Reader, lang: str):
        from openpyxl.styles import Alignment, Font  # noqa: PLC0415

        self.book, self.reader, self.lang = book, reader, lang
        self.bold, self.wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        self.indented = [Alignment(wrap_text=True, vertical="top", indent=i) for i in range(_MOST_INDENT + 1)]
        for name in list(book.sheetnames):
            if name.startswith(tuple(REASONS.values())):
                del book[name]
        self.persons = next(s for s in book.worksheets if reader.key(s.title) == PERSONS)
        first = enumerate(self.persons[1], 1)
        titles = {column: str(cell.value).strip() for column, cell in first if cell.value is not None}
        ids = next(column for column, title in titles.items() if reader.key(title) == ID)
        self.columns = self._columns(titles)
        self.rows: dict[str, int] = {}
        for at, (cell,) in enumerate(self.persons.iter_rows(min_row=2, min_col=ids, max_col=ids), 2):
            # Text of several styles is a list of its parts.
            value = str(cell.value) if isinstance(cell.value, list) else cell.value
            if value is not None and (id := reader.identifier(value, ())) is not None:
                self.rows[id] = at
        self.reasons = self._reasons()

    def _columns(self, titles: dict[int, str]) -> list[int]:
        """Where the outcome goes: the columns of an earlier one, else new ones at the right."""
        ours = {title: i for heading in HEADINGS.values() for i, title in enumerate(heading)}
        there = {ours[title]: column for column, title in titles.items() if title in ours}
        columns: list[int] = []
        for i, heading in enumerate(HEADINGS[self.lang]):
            column = there.get(i) or max([*titles, *columns]) + 1
            columns.append(column)
            cell = self.persons.cell(1, column, heading)
            cell.font = self.bold
            self.persons.column_dimensions[cell.column_letter].width = 48
        return columns

    def _reasons(self) -> Worksheet:
        taken = sum(name.startswith(REASONS[self.lang]) for name in self.book.sheetnames)
        sheet: Worksheet = self.book.create_sheet(REASONS[self.lang] + (f" {taken + 1}" if taken else ""))
        sheet.append(_TITLES[self.lang])
        for cell in sheet[1]:
            cell.font = self.bold
        for letter, width in zip("ABC", (16, 110, 40), strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.freeze_panes = "A2"
        self.next = 2
        return sheet

    def add(self, decision: Decision) -> None:
        """Writes one person's outcome and reasons."""
        w = Wording(decision.policy, self.lang)
        for column, said in zip(self.columns, outcome(decision, w), strict=True):
            cell = self.write(self.persons, self.rows[decision.record.id], column, "\n".join(said))
            cell.alignment = self.wrapped
        lines = list(reasons(decision, w))
        if self.next + len(lines) > MOST_ROWS:
            self.reasons = self._reasons()
        sheet = self.reasons
        for at, (depth, text, basis) in enumerate(lines, self.next):
            self.write(sheet, at, 1, decision.record.id)
            cell = self.write(sheet, at, 2, text)
            cell.alignment = self.indented[min(depth, _MOST_INDENT)]
            if depth == 0:
                cell.font = self.bold
            self.write(sheet, at, 3, basis).alignment = self.wrapped
        self.next += len(lines)

    def write(self, sheet: Worksheet, row: int, column: int, text: str) -> Cell:
        """Text in a cell, never a formula, no longer than a cell holds; what it cannot hold is shown as �."""
        if len(text) > _LONGEST_CELL:
            text = text[: _LONGEST_CELL - len(_MORE[self.lang])] + _MORE[self.lang]
        return enter(cast("Cell", sheet.cell(row, column)), UNKEPT.sub("\ufffd", text) or None, Path(sheet.title))

    def saved(self) -> bytes:
        return saved(self.book, ours=False)


def outcome(decision: Decision, w: Wording) -> tuple[list[str], list[str], list[str]]:
    """What is settled, what is not, and what is missing, a line each."""
    kept, quiet = told(decision)
    terms = Terms(decision, w)
    alike = groups(kept, terms)
    settled, unsettled = (
        [terms.line_of(g[0], tuple(c.effect for c in g)) for g in alike if g[0].settled == which]
        for which in (True, False)
    )
    if quiet:
        settled.append(f"{w.say('rest')}{w.paren(str(len(quiet)))}")
    settled += act_lines(decision, w)
    who = w.say("who") + w.colon
    return settled, unsettled, [f"{x.what}{w.paren(x.kind)}{w.semi}{who}{x.who}" for x in lacks(decision, w)]


def reasons(decision: Decision, w: Wording) -> Iterator[tuple[int, str, str]]:
    """The reasons of one decision: how deep a line stands, the line, the provisions it rests on."""
    tree = Tree(w, decision.given)
    for i, line in enumerate(head(decision, w)):
        yield i and 1, line, ""
    terms = Terms(decision, w)
    for c in told(decision)[0]:
        basis = w.list_sep.join(dict.fromkeys(b for g in c.grounds if g.fires.value != 1 for b in g.basis))
        yield 1, f"◆ {terms.line_of(c)}", basis
        for line in facts_of(c, w):
            yield 2 + (len(line) - len(line.lstrip())) // 2, line.strip(), ""
        for step in tree.steps(c.why):
            yield from _steps(step, 2, tree)
    for line in act_lines(decision, w):
        yield 1, line, ""
    for x in lacks(decision, w):
        bears = f"{w.say('would_change')}{w.colon}{w.list_sep.join(x.bears)}"
        yield 1, f"{w.say('missing')}{w.colon}{x.what}{w.paren(x.kind)}", ""
        yield 2, f"{w.say('who')}{w.colon}{x.who}{w.semi}{bears}", ""
        for answer, changes in x.answers:
            changed = w.semi.join(f"{status} {w.list_sep.join(effects)}" for status, effects in changes)
            yield 2, f"{w.say('if')} {answer} → {changed}", ""


def _steps(step: Step, depth: int, tree: Tree) -> Iterator[tuple[int, str, str]]:
    yield depth, next(tree.lines(step)), tree.wording.list_sep.join(step.basis)
    for part in () if step.seen else step.parts:
        yield from _steps(part, depth + 1, tree)
