"""One record: what is known of one person, and in what state each cell is that is not known.

A cell holds a value, or 不明 (asked, not known), or nothing (not asked), or 无 (does not apply, or has not happened).
A list is complete until a day (齐备), or only a lower bound. Nothing ever defaults.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Set
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from attrs import evolve, field, frozen

from . import values as v
from .diagnostics import Diagnostic, found
from .language.lexer import Lexicon
from .language.numerals import MOST, days_of, misdated, normal, read_date, read_quantity
from .language.source import NOWHERE
from .model import FactShape, ListShape, QuestionShape, Shape
from .plain_data import digest, misfits
from .shapes import COMPLETE, ENGLISH_KEYS, FINDINGS, ID, ROWS
from .values import INF, Range, Type, Value, hull

STATES: Final = {
    "": "not_asked", "不明": "not_known", "not_known": "not_known", "待认定": "pending", "pending": "pending",
    "不能认定": "unanswerable", "unanswerable": "unanswerable", "未核实": "unverified", "unverified": "unverified",
}  # fmt: skip
NONE_WORDS: Final = ("无", "not_applicable")
# What a spreadsheet leaves where a formula failed: #N/A, #REF!, #DIV/0!, #SPILL! and their like.
_FAILED: Final = re.compile(r"#(?:N/A|GETTING_DATA|[A-Z0-9/_]+[!?])")
# More misfits than these nobody mends one by one; they are counted.
MOST_FINDINGS: Final = 100
YES_WORDS: Final = {True: 2, False: 1, "是": 2, "否": 1, "yes": 2, "no": 1, "no_answer": 1, "true": 2, "false": 1}
_ENGLISH: Final = {"是": "yes", "否": "no"}

_NOTED: Final = frozenset(("值", "来源", "假定"))
_WANTED: Final = {
    "day": "日期（如 2018-05-01、2018年5月）\ta date (2018-05-01, 2018-05)", "number": "数量\ta quantity",
    "text": "文字\ttext",
}  # fmt: skip
FINDING: Final = frozenset((ID, "问题", "所属", "所属编号", "答", "机关", "认定日", "理由", "取代"))

Place = tuple[str | None, str | None, str]
Of = tuple[str | None, str | None]
Ids = Mapping[str, Set[str | None]]

# Where in a file something stands, from the outside in: a part that differs by language is written 'zh\ten'.
Where = tuple[str, ...]


class Placed(dict[str, Any]):
    """A row that knows where its file keeps it."""

    where: Where = ()


@frozen
class History:
    """A fact that changes: its values with the days they hold from, earliest first."""

    steps: tuple[tuple[int, Value], ...]

    def at(self, day: Range, top: Value) -> Value:
        """What it may be on a day that lies somewhere in a range."""
        low, high, none = day
        if none or low > high:
            return top
        result: Value | None = None
        for i, (start, value) in enumerate(self.steps):
            until = self.steps[i + 1][0] - 1 if i + 1 < len(self.steps) else INF
            if start <= high and until >= low:
                result = value if result is None else hull(result, value)
        if not self.steps or low < self.steps[0][0]:
            return top
        return top if result is None else result


@frozen(eq=False)
class Row:
    """One row of a list. Not *sure*: it may not have happened by the day of decision, or not have been known by the day
    of knowledge; *doubts* are the fields that leave that open. Without a number: a row that may stand in an incomplete
    list."""

    id: str | None
    values: Mapping[str, Value]
    sure: bool = True
    doubts: tuple[str, ...] = ()


@frozen
class Rows:
    """The rows of a list; open: there may be more."""

    known: tuple[Row, ...] = ()
    open: bool = True
    complete_until: int | None = None
    date: str = ""

    def unlisted(self, as_of: int) -> tuple[Row, ...]:
        """The row that an incomplete list may hold besides: known only to fall in the time not covered."""
        if not self.open:
            return ()
        start = -INF if self.complete_until is None else self.complete_until + 1
        return (Row(None, {self.date: (start, as_of, False)} if self.date else {}, sure=False),)


NOT_ASKED: Final = Rows()


@frozen
class Answer:
    """A finding as recorded: by which body, on which day (or between which), why, and which earlier one it replaces."""

    id: str
    question: str
    of: tuple[str | None, str | None]
    value: Value | None
    state: str
    day: Range | None
    body: str
    reasons: str
    replaces: str


@frozen
class Record:
    """One person's record, every cell read."""

    id: str
    facts: Mapping[str, Value | History] = field(factory=dict)
    lists: Mapping[str, Rows] = field(factory=dict)
    findings: Mapping[tuple[str, str | None, str | None], Value] = field(factory=dict)
    states: Mapping[Place, str] = field(factory=dict)
    sources: Mapping[Place, str] = field(factory=dict)
    assumed: Mapping[Place, str] = field(factory=dict)
    answers: tuple[Answer, ...] = ()
    digest: str = ""


class Reader:
    """Reads plain data (dicts, lists, strings, numbers) as records of one shape; every misfit is reported by place."""

    def __init__(self, shape: Shape, lexicon: Lexicon):
        self.shape, self.lexicon = shape, lexicon
        self.problems: list[Diagnostic] = []
        self.unlisted = 0
        self.keys: dict[str, str] = {}
        self.spelt: dict[str, str] = {}
        self.references: list[tuple[str, str, Where]] = []

    def bad(self, code: str, where: Where, **values: object) -> None:
        """Report a misfit; beyond a number they are only counted."""
        if len(self.problems) >= MOST_FINDINGS:
            self.unlisted += 1
            return
        sides = [(zh, en if tab else self.spelt.get(zh, zh)) for zh, tab, en in (w.partition("\t") for w in where if w)]
        zh, en = (" ".join(side) for side in zip(*sides, strict=True)) if sides else ("", "")
        self.problems.append(found(code, NOWHERE, suggestion="", where=f"{zh}\t{en}", **values))

    def found(self) -> list[Diagnostic]:
        """Every misfit, and how many more there were."""
        more = [found("R113", NOWHERE, count=self.unlisted)] if self.unlisted else []
        return [*self.problems, *more]

    def key(self, name: object) -> str:
        """A heading in Chinese, whichever tongue wrote it."""
        text = str(name).strip()
        if text not in self.keys:
            self.keys[text] = ENGLISH_KEYS.get(text) or self.lexicon.chinese.get(text, text)
            self.spelt.setdefault(self.keys[text], text)
        return self.keys[text]

    def keyed(self, raw: Mapping[Any, Any], where: Where) -> dict[str, Any]:
        """An object by the Chinese names of its items; an item written twice is reported, never lost."""
        data: dict[str, Any] = {}
        for k, x in raw.items():
            name = self.key(k)
            if name in data:
                self.bad("R111", (*where, name), want="一项只写一次\tan item written once")
            data[name] = x
        return data

    def identifier(self, raw: Any, where: Where) -> str | None:
        """A 编号 as text; None, and reported, if it is missing or was kept as a figure that loses digits."""
        if isinstance(raw, float | Decimal) and not (isinstance(raw, float) and raw.is_integer() and abs(raw) < 10**15):
            self.bad("R107", where, value=raw)
            return None
        if isinstance(raw, bool) or not isinstance(raw, str | int | float | None):
            self.bad("R102", where, value=raw, want="编号（文字）\ta number, as text")
            return None
        text = "" if raw is None else str(int(raw) if isinstance(raw, float) else raw).strip()
        if text.startswith("=") or _FAILED.fullmatch(text):
            self.bad("R109", where)
            return None
        if not text:
            self.bad("R104", where)
        return text or None

    def record(self, raw: Any, place: str) -> Record | None:
        """One record; None if it cannot be told whose it is."""
        where = self.place(raw, (), place)
        if not isinstance(raw, dict):
            self.bad("R111", where, want="一个人的记录\tone person's record")
            return None
        wrong = list(islice(misfits(raw), MOST_FINDINGS))
        for code, way, values in wrong:
            self.bad(code, (*where, *map(self.key, way)), **values)
        if wrong:
            return None
        data = self.keyed(raw, where)
        id = self.identifier(data.pop(ID, None), where)
        if id is None:
            return None
        where = (*where, f"{ID} {id}\tNo. {id}")
        facts: dict[str, Value | History] = {}
        lists: dict[str, Rows] = {}
        notes = Notes({}, {}, {})
        raw_findings: Any = data.pop(FINDINGS, [])
        for name, cell in data.items():
            if name in self.shape.facts and not self.is_list(cell, name):
                self.fact(self.shape.facts[name], cell, (*where, name), notes, facts)
            elif name in self.shape.lists:
                lists[name] = self.rows(self.shape.lists[name], cell, (*where, name), notes)
            elif name == COMPLETE:
                continue
            else:
                self.bad("R101", where, name=self.spelt[name])
        self.completeness(data.get(COMPLETE), lists, (*where, COMPLETE))
        ids = {of: {r.id for r in rows.known} for of, rows in lists.items()}
        for of, row, at in self.references:
            if row not in ids.get(of, ()):
                self.bad("R106", at, value=f"{of} {row}")
        self.references.clear()
        answers = self.findings(raw_findings, ids, (*where, FINDINGS))
        live = self.live(answers, (*where, FINDINGS))
        found_ = {(a.question, *a.of): a.value for a in live if a.value is not None}
        states = notes.states | {(*a.of, a.question): a.state for a in live if a.value is None}
        return Record(id, facts, lists, found_, states, notes.sources, notes.assumed, answers, digest(raw))

    def is_list(self, cell: Any, name: str) -> bool:
        rows = isinstance(cell, list) or (isinstance(cell, dict) and ROWS in map(self.key, cell))
        return rows and name in self.shape.lists

    # Cells.

    def fact(self, shape: FactShape, cell: Any, where: Where, notes: Notes, facts: dict[str, Value | History]) -> None:
        if shape.over_time and isinstance(cell, list):
            facts[shape.name] = History(tuple(self.steps(shape.type, cell, where)))
            return
        value = self.noted(shape.type, cell, where, (None, None, shape.name), notes)
        if value is not None:
            facts[shape.name] = value

    def steps(self, type: Type, raw: Iterable[Any], where: Where) -> list[tuple[int, Value]]:
        """The values of a fact over time, each with the day it holds from, earliest first."""
        steps: dict[int, Value] = {}
        for i, step in enumerate(raw, 1):
            at = self.place(step, where, i)
            data = self.keyed(step, at) if isinstance(step, dict) else {}
            start = self.cell(v.DAY, data.get("自"), (*at, "自"))[0]
            value = self.cell(type, data.get("值"), (*at, "值"))[0]
            if not isinstance(start, tuple) or start[0] != start[1] or not data.keys() <= {"自", "值"}:
                self.bad("R111", at, want="{自: 某日, 值: …}\t{from: a day, value: …}")
            elif int(start[0]) in steps:
                self.bad("R111", at, want="每个起日只有一个值\tone value from each day")
            else:
                steps[int(start[0])] = type.top if value is None else value
        return sorted(steps.items())

    def place(self, raw: Any, where: Where, turn: int | str) -> Where:
        """Where a row stands: as its file says, else by its turn."""
        return raw.where if isinstance(raw, Placed) else (*where, str(turn))

    def noted(self, type: Type, cell: Any, where: Where, place: Place, notes: Notes) -> Value | None:
        """A cell, which may carry its source or say who assumed it."""
        if isinstance(cell, dict) and _NOTED & {self.key(k) for k in cell}:
            inner = self.keyed(cell, where)
            for name in inner.keys() - _NOTED:
                self.bad("R101", where, name=self.spelt[name])
            cell = inner.get("值")
            if source := self.words(inner.get("来源"), (*where, "来源")):
                notes.sources[place] = source
            if assumed := self.words(inner.get("假定"), (*where, "假定")):
                notes.assumed[place] = assumed
        value, state = self.cell(type, cell, where)
        if state:
            notes.states[place] = state
        return value

    def cell(self, type: Type, cell: Any, where: Where) -> tuple[Value | None, str]:
        """A value, or None with the state of the cell."""
        text = cell.strip() if isinstance(cell, str) else cell
        if text is None or (isinstance(text, str) and text in STATES):
            return None, STATES[text or ""]
        if isinstance(text, str) and text in NONE_WORDS:
            if not type.may_be_none:
                self.bad("R108", where[:-1], name=where[-1])
                return None, "not_known"
            return type.none, ""
        if isinstance(text, str) and (text.startswith("=") or _FAILED.fullmatch(text)):
            self.bad("R109", where)
            return None, "not_known"
        try:
            value = _READERS[type.kind](self, type, text)
        except (ValueError, ArithmeticError):
            value = "R102"  # a figure longer than numbers are read
        if isinstance(value, str):
            self.bad(value, where, value=text, want=self.wanted(type))
            return None, "not_known"
        return value, ""

    def words(self, raw: Any, where: Where) -> str:
        """Text that is only shown: where something comes from, who decided it, why."""
        if raw is None or (isinstance(raw, str | int | datetime.date) and not isinstance(raw, bool)):
            text = "" if raw is None else str(raw).strip()
            if not (text.startswith("=") or _FAILED.fullmatch(text)):
                return text
            self.bad("R109", where)
        else:
            self.bad("R102", where, value=raw, want=_WANTED["text"])
        return ""

    def wanted(self, type: Type) -> str:
        if type.kind == "finite":
            shown = "、".join(type.options[:12]) + ("……" if len(type.options) > 12 else "")
            english = ", ".join(_ENGLISH.get(o) or self.lexicon.written(o, "en") for o in type.options[:12])
            return f"{shown}\t{english}"
        return _WANTED[type.kind]

    def finite(self, type: Type, x: Any) -> Value | str:
        if type.options == v.YES_NO.options:
            word = x.lower() if isinstance(x, str) else x
            return YES_WORDS[word] if isinstance(word, bool | str) and word in YES_WORDS else "R102"
        if isinstance(x, str) and (name := self.lexicon.chinese.get(x, x)) in type.options:
            return type.option(name)
        # One of several: what it may still be.
        several = x if isinstance(x, list) else re.split(r"\s*或\s*| or ", x) if isinstance(x, str) else []
        names = [self.lexicon.chinese.get(one, one) for one in several if isinstance(one, str)]
        sure = names and len(names) == len(several) and all(n in type.options for n in names)
        return sum({type.option(n) for n in names}) if sure else "R102"

    def bounds(self, x: Any, low: str, high: str) -> dict[str, Any] | None:
        """A lower and an upper bound: an object, or the line a spreadsheet's cell has for it (至少 2、至多 4)."""
        if isinstance(x, dict):
            data = {self.key(k): y for k, y in x.items()}
            # A bound is a value, not again an interval; one written twice would lose the other.
            whole = len(data) == len(x) and not any(isinstance(y, dict | list) for y in data.values())
            return data if whole and data and data.keys() <= {low, high} else None
        data = {}
        for part in re.split("[、，,；;]", x) if isinstance(x, str) else ():
            for word in (low, high, *(en for en, zh in ENGLISH_KEYS.items() if zh in (low, high))):
                if part.strip().startswith(word):
                    if self.key(word) in data:
                        return None
                    data[self.key(word)] = part.strip()[len(word) :].strip()
                    break
            else:
                return None
        return data or None

    def between(self, type: Type, data: Mapping[str, Any], words: tuple[str, str], least: v.Bound) -> Value | str:
        """What lies between two bounds, either of which may be missing."""
        low, high = (
            _READERS[type.kind](self, type, data[w]) if w in data else v.point(x) for w, x in zip(words, (least, INF))
        )
        if isinstance(low, str) or isinstance(high, str):
            return "R102"
        return (low[0], high[1], False) if low[0] <= high[1] else "R110"

    def day(self, type: Type, x: Any) -> Value | str:
        if isinstance(x, datetime.datetime):
            x = x.date()
        if isinstance(x, datetime.date):
            return v.point(x.toordinal())
        if (data := self.bounds(x, "不早于", "不晚于")) is not None:
            return self.between(type, data, ("不早于", "不晚于"), 1)
        if not isinstance(x, str):
            return misdated(x)
        text = x.replace("/", "-")
        for lang in ("zh", "en"):
            read = read_date(text, 0, lang)
            if read is not None and read[0] == len(text):
                days = days_of(read[1])
                return "R110" if days is None else (*days, False)
        if re.fullmatch(r"\d{4}", text):
            days = days_of((int(text), 0, 0))
            return "R110" if days is None else (*days, False)
        return misdated(x)

    def number(self, type: Type, x: Any) -> Value | str:
        if isinstance(x, bool):
            return "R102"
        if (data := self.bounds(x, "至少", "至多")) is not None:
            return self.between(type, data, ("至少", "至多"), v.as_range(type.top)[0])
        amount, unit = Decimal("NaN"), "number"
        if isinstance(x, int | float | Decimal):
            amount = Decimal(str(x))
        for lang in ("zh", "en") if isinstance(x, str) else ():
            read = read_quantity(x, 0, lang)
            if read is not None and read[0] == len(x):
                amount, unit = read[1]
        if unit not in ("number", type.unit) and (unit, type.unit) != ("weeks", "days"):
            return "R102"
        if not amount.is_finite() or abs(amount) > MOST:
            return "R102"
        if unit != type.unit and unit == "weeks":
            amount *= 7
        scaled = v.units(normal(amount), type.unit)
        if scaled is None or v.as_range(type.top)[0] > scaled:
            return "R102"
        return v.point(scaled)

    def text(self, type: Type, x: Any) -> Value | str:
        if isinstance(x, float | Decimal):
            return "R107"
        return v.point(str(x)) if isinstance(x, str | int) and not isinstance(x, bool) else "R102"

    # Lists.

    def rows(self, shape: ListShape, raw: Any, where: Where, notes: Notes) -> Rows:
        data = self.keyed(raw, where) if isinstance(raw, dict) else {ROWS: raw}
        complete, rows = data.get(COMPLETE), data.get(ROWS, [])
        for name in data.keys() - {COMPLETE, ROWS}:
            self.bad("R101", where, name=self.spelt[name])
        if not isinstance(rows, list):
            self.bad("R111", where, want="行的列表\ta list of rows")
            rows = []
        known: dict[str, Row] = {}
        for i, one in enumerate(rows, 1):
            at = self.place(one, where, i)
            row = self.row(shape, one, at, notes)
            if row is None or row.id is None:
                continue
            if row.id in known:
                self.bad("R103", at, value=row.id)
            known[row.id] = row
        open, until = self.complete(complete, (*where, COMPLETE))
        return Rows(tuple(known.values()), open, until, shape.date)

    def row(self, shape: ListShape, raw: Any, where: Where, notes: Notes) -> Row | None:
        if not isinstance(raw, dict):
            self.bad("R111", where, want="一行\ta row")
            return None
        data = self.keyed(raw, where)
        id = self.identifier(data.pop(ID, None), where)
        if id is None:
            return None
        values: dict[str, Value] = {}
        for name, cell in data.items():
            if name == "来源":
                if source := self.words(cell, (*where, name)):
                    notes.sources[shape.name, id, ""] = source
                continue
            if name not in shape.fields:
                self.bad("R101", where, name=self.spelt[name])
                continue
            of = shape.fields[name]
            value = self.noted(of.type, cell, (*where, name), (shape.name, id, name), notes)
            if value is not None:
                values[name] = value
                if of.refers_to and value != of.type.none:
                    self.references.append((of.refers_to, str(v.as_range(value)[0]), (*where, name)))
        return Row(id, values)

    def complete(self, raw: Any, where: Where) -> tuple[bool, int | None]:
        """(open, complete until)."""
        if raw is None or raw is False or (isinstance(raw, str) and raw.strip() in ("否", "no", *STATES)):
            return True, None
        if raw is True or raw in ("是", "yes"):
            return False, None
        day = self.day(v.DAY, raw.strip() if isinstance(raw, str) else raw)
        if isinstance(day, str | int):
            self.bad("R102", where, value=raw, want="是、否或日期\tyes, no or a date")
            return True, None
        return True, int(day[0])

    def completeness(self, raw: Any, lists: dict[str, Rows], where: Where) -> None:
        """齐备 of the whole record: which lists are complete, and until when."""
        if raw is None:
            return
        if isinstance(raw, list) and all(isinstance(name, str) for name in raw):
            raw = dict.fromkeys(raw, True)
        if not isinstance(raw, dict):
            self.bad("R111", where, want="{清单: 是、否或日期}\t{list: yes, no or a date}")
            return
        for key, until in self.keyed(raw, where).items():
            if key not in self.shape.lists:
                self.bad("R101", where, name=self.spelt[key])
                continue
            open, day = self.complete(until, (*where, key))
            lists[key] = evolve(lists.get(key, Rows(date=self.shape.lists[key].date)), open=open, complete_until=day)

    # Findings.

    def findings(self, raw: Any, ids: Ids, where: Where) -> tuple[Answer, ...]:
        if not isinstance(raw, list):
            self.bad("R111", where, want="认定的列表\ta list of findings")
            return ()
        answers: list[tuple[Where, Answer]] = []
        by_id: dict[str, Answer] = {}
        for i, one in enumerate(raw, 1):
            at = self.place(one, where, i)
            if (answer := self.finding(one, ids, at)) is None:
                continue
            if answer.id in by_id:
                self.bad("R103", at, value=answer.id)
            if answer.id:
                by_id[answer.id] = answer
            answers.append((at, answer))
        ended: set[str] = set()
        for at, answer in answers:
            seen: set[str] = set()
            last: Answer | None = answer
            while last is not None and last.replaces and last.id not in ended:
                old = by_id.get(last.replaces)
                seen.add(last.id)
                if old is None or old.id in seen or (old.question, old.of) != (last.question, last.of):
                    self.bad("R106", (*at, "取代"), value=last.replaces)
                    break
                last = old
            # Each link is followed once, however many findings lead to it.
            ended |= seen
        return tuple(a for _, a in answers)

    def finding(self, raw: Any, ids: Ids, where: Where) -> Answer | None:
        if not isinstance(raw, dict):
            self.bad("R111", where, want="一项认定\ta finding")
            return None
        data = self.keyed(raw, where)
        for key in data.keys() - FINDING:
            self.bad("R101", where, name=self.spelt[key])
        name = self.key(self.words(data.get("问题"), (*where, "问题")))
        question = self.shape.findings.get(name)
        if question is None:
            self.bad("R101", where, name=self.spelt[name])
            return None
        of, row = self.owner(question, data, ids, where)
        value, state = self.cell(question.type, data.get("答"), (*where, "答"))
        day = self.cell(v.DAY, data.get("认定日"), (*where, "认定日"))[0]
        made = v.as_range(day) if day is not None and day != v.NONE else None
        id, body, reasons, replaces = (self.words(data.get(k), (*where, k)) for k in (ID, "机关", "理由", "取代"))
        return Answer(id, name, (of, row), value, state or "", made, body, reasons, replaces)

    def owner(self, question: QuestionShape, data: Mapping[str, Any], ids: Ids, where: Where) -> Of:
        named = self.key(self.words(data.get("所属"), (*where, "所属")) or question.list or "")
        row = self.words(data.get("所属编号"), (*where, "所属编号"))
        if named != (question.list or "") or (row if question.list is None else row not in ids.get(named, ())):
            self.bad("R106", where, value=f"{named} {row}".strip())
        return (question.list, row) if question.list else (None, None)

    def live(self, answers: tuple[Answer, ...], where: Where) -> list[Answer]:
        """The findings nobody replaced; two that disagree refuse the record."""
        replaced = {a.replaces for a in answers if a.replaces}
        kept: dict[tuple[str, tuple[str | None, str | None]], Answer] = {}
        for a in answers:
            if a.id and a.id in replaced:
                continue
            other = kept.setdefault((a.question, a.of), a)
            if (other.value, other.state) != (a.value, a.state):
                self.bad("R105", where, question=a.question)
        return list(kept.values())


@frozen
class Notes:
    """What cells say besides their value, by place."""

    states: dict[Place, str]
    sources: dict[Place, str]
    assumed: dict[Place, str]


_READERS: Final[dict[str, Any]] = {
    "finite": Reader.finite, "day": Reader.day, "number": Reader.number, "text": Reader.text,
}  # fmt: skip
