"""The empty roster of a regime: a table for persons and each list, and for each column what it means and who asks."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from .. import model as m
from .. import values as v
from ..language.keywords import word
from ..language.numerals import UNITS
from ..model import FactShape
from ..shapes import COMPLETE, FINDINGS, ID
from ..values import Type
from .instructions import BESIDES, BEYOND, COLUMNS, INSTRUCTIONS, KINDS, TABLES
from .tables import CHANGES, LAST, NOTES, PERSON_ID, PERSONS, facts_of
from .write import named, saved, written

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FIXED: Final = {
    FINDINGS: (PERSON_ID, ID, "问题", "所属", "所属编号", "答", "机关", "认定日", "理由", "取代"),
    COMPLETE: (PERSON_ID, "清单", "齐备至"), CHANGES: (PERSON_ID, "事实", "自", "值"),
    NOTES: (PERSON_ID, "清单", ID, "项目", "来源", "假定"),
}  # fmt: skip
_STATES: Final = {
    "是": "yes", "否": "no", "不明": "not_known", "无": "not_applicable", "待认定": "pending",
    "不能认定": "unanswerable",
}  # fmt: skip
_UNITS: Final = {u[0]: (u[1], u[2]) for u in UNITS} | {"number": ("数值", "number"), "percent": ("比例", "share")}
_ROLES: Final = {
    "rule": ("规定", "rule"), "definition": ("定义", "definition"), "parameter": ("参数", "parameter"),
    "scope": ("适用范围", "scope of"), "force": ("施行", "force of"),
}  # fmt: skip
_SHOWN: Final = 8
_WIDEST: Final = 40

Both = tuple[str, str]
Readers = Mapping[tuple[str | None, str], tuple[Both, ...]]


@frozen
class Column:
    """A column: its heading, what it means and who reads it in both languages, and what may be chosen."""

    item: str
    meaning: Both
    readers: tuple[Both, ...] = ()
    options: tuple[str, ...] = ()


@frozen
class Sheet:
    """A table of the template; *asked*: some provision of the regime reads it."""

    name: str
    columns: tuple[Column, ...]
    asked: bool


# Who asks.


def readers(policy: m.Policy) -> dict[tuple[str | None, str], tuple[Both, ...]]:
    """For each fact (None, name), fact of a row (list, name) and finding, the rules and definitions that read it."""
    found: dict[tuple[str | None, str], dict[Both, None]] = {}

    def note(who: Both, *roots: m.Expr) -> None:
        for e in _here(*roots):
            match e:
                case m.Fact(name=name):
                    found.setdefault((None, name), {})[who] = None
                case m.Field(list=of, name=name) | m.Happened(list=of, name=name) | m.Finding(list=of, name=name):
                    found.setdefault((of, name), {})[who] = None
                case m.Fold(list=of):
                    found.setdefault((of, ""), {})[who] = None

    bodies: list[m.Expr] = []
    for rule in policy.rules:
        options = [
            x for o in rule.options for x in (o.fires, o.waived, *((o.amount.low, o.amount.high) if o.amount else ()))
        ]
        deciders = [condition for condition, _ in rule.decider.rows]
        rest = (*options, *deciders, *rule.exceptions, *(rule.during.days if rule.during else ()), *_days(rule.clock))
        whole = [x for x in (rule.fires, rule.ready, rule.condition, *rest) if x is not None]
        bodies += whole
        who = _provision("rule", rule.name, rule.basis, policy)
        note(who, *whole)
        if rule.list is not None:
            found.setdefault((rule.list, ""), {})[who] = None
    for e in m.walk(*policy.definitions.values(), *bodies):
        # A rule that another sets aside is among the rules.
        if isinstance(e, m.Named) and e.role in _ROLES and e.role not in ("rule", "stage"):
            note(_provision(e.role, e.name, e.basis, policy), e.body)
    return {place: tuple(who) for place, who in found.items()}


def _days(clock: m.Clock | None) -> tuple[m.Expr | None, ...]:
    """The days a clock reads."""
    return () if clock is None else (clock.begin, clock.due, *clock.done, *(x for _, x in clock.next))


def _here(*roots: m.Expr) -> Iterator[m.Expr]:
    """Every node under the roots, but for what a name stands for."""
    seen: set[int] = set()
    stack = list(roots)
    while stack:
        e = stack.pop()
        if id(e) not in seen:
            seen.add(id(e))
            yield e
            stack += () if isinstance(e, m.Named) else m.parts(e)


def _provision(role: str, name: str, basis: tuple[str, ...], policy: m.Policy) -> Both:
    nowhere, none = (word("NOWHERE", "nowhere", lang) for lang in ("zh", "en"))
    english = "·".join(none if p == nowhere else policy.lexicon.written(p, "en") for p in name.split("·"))
    zh, en = _ROLES[role]
    cited = (f"（{'、'.join(basis)}）", f" ({', '.join(basis)})") if basis else ("", "")
    return f"{zh}“{name}”{cited[0]}", f"{en} {english}{cited[1]}"


# What there is to fill in.


def sheets(policy: m.Policy) -> list[Sheet]:
    """The tables of a regime: persons, the lists it reads, 认定 and the like, then the lists it does not read."""
    who = readers(policy)
    shape = policy.shape
    made = {PERSONS: [_fixed(PERSONS, ID), *(_column(f, None, policy, who) for f in shape.facts.values())]}
    for name, listed in shape.lists.items():
        columns = [_fixed(name, PERSON_ID), _fixed(name, ID)]
        columns += [_column(f, name, policy, who) for f in listed.fields.values()]
        made[name] = [*columns, _fixed(name, "来源")]
    made |= {name: [_fixed(name, item, policy) for item in items] for name, items in _FIXED.items()}
    asked = {of or PERSONS for of, _ in who} | {PERSONS, *LAST}
    kept = [Sheet(name, tuple(columns), name in asked) for name, columns in made.items()]
    return sorted(kept, key=lambda x: (not x.asked, x.name in LAST, x.name != PERSONS))


def _column(f: FactShape, of: str | None, policy: m.Policy, who: Readers) -> Column:
    here = who.get((of, f.name), ())
    besides = ["none"] if f.type.may_be_none else []
    besides += ["over_time"] if f.over_time else []
    if of and f.name == policy.shape.lists[of].date:
        # Whoever counts the rows of a list asks of each whether it had happened.
        besides.append("date")
        here = tuple(dict.fromkeys((*here, *who.get((of, ""), ()))))
    besides += ["learnt"] if f.name == m.LEARNT else []
    said = [_kind(f, policy), *(BESIDES[b] for b in besides)]
    return Column(f.name, ("".join(zh for zh, _ in said), "".join(en for _, en in said)), here, _options(f.type))


def _kind(f: FactShape, policy: m.Policy) -> Both:
    """What may stand in a cell."""
    type = f.type
    zh, en = KINDS["reference" if f.refers_to else "yes_no" if type.options == v.YES_NO.options else type.kind]
    if f.refers_to:
        return zh.format(f.refers_to), en.format(policy.lexicon.written(f.refers_to, "en"))
    if type.kind == "number":
        unit = _UNITS[type.unit]
        return zh.format(unit[0]), en.format(unit[1])
    shown = type.options[:_SHOWN]
    more = ("……", ", …") if len(type.options) > _SHOWN else ("", "")
    english = ", ".join(_written(o, "en", policy) for o in shown)
    return zh.format("、".join(shown) + more[0]), en.format(english + more[1])


def _fixed(table: str, item: str, policy: m.Policy | None = None) -> Column:
    options: tuple[str, ...] = ()
    if policy is not None:
        shape = policy.shape
        answers = [o for q in shape.findings.values() for o in q.type.options if o not in ("是", "否")]
        options = {
            "问题": tuple(shape.findings), "所属": tuple(shape.lists), "清单": tuple(shape.lists), "机关": shape.bodies,
            "答": tuple(dict.fromkeys(("是", "否", "待认定", "不能认定", *answers))), "齐备至": ("是", "否"),
            "事实": tuple(f.name for f in shape.facts.values() if f.over_time),
        }.get(item, ())  # fmt: skip
    return Column(item, COLUMNS.get((table, item)) or COLUMNS["", item], (), options)


def _options(type: Type) -> tuple[str, ...]:
    if type.kind != "finite":
        return ()
    options = ("是", "否") if type.options == v.YES_NO.options else type.options
    return (*options, "不明", *(("无",) if type.may_be_none else ()))


def _written(option: str, lang: str, policy: m.Policy) -> str:
    return option if lang == "zh" else _STATES.get(option) or policy.lexicon.written(option, "en")


# Written down.


def remarks(column: Column, few: bool = False) -> tuple[str, str]:
    """What a column means and who reads it; *few*: the first of many."""
    who = column.readers[:_SHOWN] if few else column.readers
    more = len(column.readers) - len(who)
    zh, en = column.meaning
    if who:
        zh += "。\n读它的：" + "、".join(x for x, _ in who) + (f"等 {len(column.readers)} 处" if more else "")
        en += ".\nRead by: " + ", ".join(x for _, x in who) + (f" and {more} more" if more else "")
    return zh, en


def template(policy: m.Policy, lang: str) -> bytes:
    """The empty workbook, as bytes."""
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    book.properties.creator = ""
    _read_me(book.worksheets[0], policy, lang)
    tables = sheets(policy)
    choices: dict[tuple[str, ...], str] = {}
    for table in tables:
        _sheet(book, table, choices, policy, lang)
    _register(book, tables, policy, lang)
    options = book.create_sheet(_remark("选项", "options", lang))
    options.sheet_state = "hidden"
    for at, chosen in enumerate(choices, 1):
        for down, option in enumerate(chosen, 1):
            options.cell(down, at, _written(option, lang, policy))
    return saved(book)


def _remark(zh: str, en: str, lang: str) -> str:
    """A sheet for people to read; the reader passes it over."""
    return f"说明·{zh}" if lang == "zh" else f"notes {en}"


def _read_me(sheet: Worksheet, policy: m.Policy, lang: str) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    sheet.title = named("说明", lang, policy.lexicon)
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 70
    sheet.append([f"{policy.name}：名单模板", f"{policy.english}: template of a roster"])
    for row in INSTRUCTIONS:
        sheet.append(row)
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 1)


def _sheet(book: Workbook, table: Sheet, choices: dict[tuple[str, ...], str], policy: m.Policy, lang: str) -> None:
    from openpyxl.comments import Comment  # noqa: PLC0415
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    sheet = book.create_sheet(named(table.name, lang, policy.lexicon))
    sheet.freeze_panes = "C2" if table.columns[0].item == PERSON_ID else "B2"
    sheet.sheet_properties.tabColor = "4472C4" if table.asked else "BFBFBF"
    numbers = {f.name for f in facts_of(table.name, policy.shape).values() if f.type.kind == "number"}
    for at, column in enumerate(table.columns, 1):
        letter = get_column_letter(at)
        cell = sheet.cell(1, at, named(column.item, lang, policy.lexicon))
        cell.font = Font(bold=True)
        read = bool(column.readers) or column.item in (ID, PERSON_ID, m.LEARNT) or table.name in LAST
        cell.fill = PatternFill("solid", fgColor="DDEBF7" if read else "EDEDED")
        cell.comment = Comment("\n".join(remarks(column, few=True)), "policy", height=220, width=360)
        widest = max([2 * len(column.item), len(str(cell.value)), *(2 * len(o) for o in column.options)])
        sheet.column_dimensions[letter].width = min(_WIDEST, max(12, widest + 4))
        # Text: a spreadsheet would drop the zeros of 007, and make of 2018-05 the first of May.
        sheet.column_dimensions[letter].number_format = "General" if column.item in numbers else "@"
        if column.options:
            where = choices.setdefault(column.options, get_column_letter(len(choices) + 1))
            name = _remark("选项", "options", lang)
            check = DataValidation("list", f"'{name}'!${where}$1:${where}${len(column.options)}", allow_blank=True)
            check.errorStyle, check.showErrorMessage = "warning", True
            check.errorTitle = "不在所列之内 not one of these"
            check.error = BEYOND
            check.add(f"{letter}2:{letter}1048576")
            sheet.add_data_validation(check)


def _register(book: Workbook, tables: list[Sheet], policy: m.Policy, lang: str) -> None:
    """Every column with all that is said of it, on a sheet that can be searched."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    sheet = book.create_sheet(_remark("各列", "columns", lang))
    for row in _rows(tables, policy, lang):
        sheet.append(row)
    for letter, width in zip("ABCD", (16, 18, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "C2"
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 1)


def _rows(tables: list[Sheet], policy: m.Policy, lang: str) -> Iterator[tuple[str, ...]]:
    yield "表 table", "列 column", "含义", "meaning"
    for table in tables:
        name = named(table.name, lang, policy.lexicon)
        about = TABLES.get(table.name) or TABLES["" if table.asked else "unasked"]
        yield name, "", *about
        for column in table.columns:
            yield name, named(column.item, lang, policy.lexicon), *remarks(column)
    who = readers(policy)
    for q in policy.shape.findings.values():
        bodies = tuple(policy.lexicon.written(b, lang) for b in q.by)
        zh, en = f"问题：{q.text}", f"a question to {', '.join(bodies)}"
        asked = Column(q.name, (zh, en), who.get((q.list, q.name), ()))
        where = "、".join(named(x, lang, policy.lexicon) for x in (FINDINGS, q.list or PERSONS))
        yield where, named(q.name, lang, policy.lexicon), *remarks(asked)


def template_folder(path: Path, policy: m.Policy, lang: str) -> None:
    """The empty folder of CSV: headings alone, and beside them what they mean."""
    tables = sheets(policy)
    with written(path) as beside:
        beside.mkdir()
        for table in tables:
            columns = tuple(named(c.item, lang, policy.lexicon) for c in table.columns)
            _table(beside, named(table.name, lang, policy.lexicon), [columns])
        _table(beside, named("说明", lang, policy.lexicon), list(INSTRUCTIONS))
        _table(beside, _remark("各列", "columns", lang), list(_rows(tables, policy, lang)))


def _table(folder: Path, name: str, rows: list[tuple[str, ...]]) -> None:
    # Spreadsheet programs take a file for UTF-8 by its mark.
    with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
