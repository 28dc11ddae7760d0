"""The plain spellings of a cell as SQL: its value, its state, and whether only the Reader can tell.

What is read here is read as `record.Reader` would; whoever has anything that is not spelled plainly is *left* to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from .. import values as v
from ..columnar.cells import Cell
from ..columnar.staging import told
from ..language.lexer import Lexicon
from ..language.numerals import UNITS
from ..record import NONE_WORDS, STATES, YES_WORDS
from ..values import Type

# Kinds of columns: VARCHAR, whole numbers, BOOLEAN, DATE, DECIMAL of few places, DOUBLE, and a cell as JSON has it. Any
# other is odd: whoever has something there is left.
TEXT: Final = "text"
WHOLE: Final = "whole"
TRUTH: Final = "truth"
DAY: Final = "day"
DECIMAL: Final = "decimal"
REAL: Final = "real"
JSON: Final = "json"
ODD: Final = "odd"

# What every form keeps as it stands: letters, figures and the usual marks, no blank at either end; nothing that JSON
# escapes, and nothing that a spreadsheet may have made.
_MARKS: Final = r"(-<>-\[\]-~\p{L}\p{N}、。《》〈〉「」『』【】〔〕（），．：；？！“”‘’—…·×÷℃￥"
PLAIN: Final = rf"[!$%&{_MARKS}](?:[ !#-'={_MARKS}]*[!#-'={_MARKS}])?"
# What a long figure turns to where it is written as text; in a column of numbers that name things it has lost digits.
FIGURE: Final = r"\p{Nd}(\.\p{Nd}+)?E\+\p{Nd}\p{Nd}+|\p{Nd}+\.0+"
_NUMBER: Final = r"-?[0-9]{1,11}(?:\.[0-9]{1,6})?"
_ISO: Final = r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
# Whole numbers up to here are figures that every engine keeps, and so are numbers up to here in millionths.
_MOST: Final = 10**12
_WHOLE: Final = 10**9
_PARTS: Final = 10**6


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(x: object) -> str:
    """A value as SQL."""
    if x is None or isinstance(x, bool):
        return {None: "NULL", True: "TRUE", False: "FALSE"}[x]
    return str(x) if isinstance(x, int) else "'" + str(x).replace("'", "''") + "'"


def one_file(path: Path) -> str:
    """The one file of a name as SQL, whatever in it would stand for others."""
    return literal(re.sub(r"[*?\[]", r"[\g<0>]", str(path)))


def either(tests: Iterable[str]) -> str:
    """Whether any of these holds, none of them unknown."""
    return "(" + (" OR ".join(dict.fromkeys(x for x in tests if x != "FALSE")) or "FALSE") + ")"


def day_number(date: str) -> str:
    """The ordinal of a DATE."""
    return f"({date} - DATE '0001-01-01' + 1)"


@frozen
class Column:
    """A column of a raw table: its name in the digest, the item it is of, its cell as SQL, and of what kind it is.

    *names*: it holds numbers that name things.
    """

    name: str
    item: str
    sql: str
    kind: str
    names: bool = False


@frozen
class Spelt:
    """A column read as a type: masks by spelling, or the value as SQL; whether it is 无, its state, whether it is left.

    No part is NULL but the value and the state. *first* is what is worked out before, by the name the parts have for
    it.
    """

    cell: str
    type: Type
    words: Mapping[str, int]
    value: str
    none: str
    state: str
    left: str
    first: tuple[tuple[str, str], ...] = ()

    def columns(self, cell: Cell, plain: bool) -> list[str]:
        """What the columns of the cell hold, as SQL; *cell* is of the same type."""
        nothing = told(cell, plain, None)
        if cell.type.finite:
            by_mask = {mask: told(cell, plain, mask) for mask in self.words.values()}
            return [
                self._chosen({word: by_mask[mask][i] for word, mask in self.words.items()}, nothing[i])
                for i in range(len(nothing))
            ]
        floor = literal(nothing[0])
        value = f"({self.value})"
        low = value if plain or floor == "NULL" else f"coalesce({value}, {floor})"
        if not cell.type.may_be_none:
            return [low] if plain else [low, value]
        if self.none == "FALSE":
            none = f"CASE WHEN {value} IS NOT NULL THEN FALSE END"
        else:
            none = f"CASE WHEN {self.none} THEN TRUE WHEN {value} IS NOT NULL THEN FALSE END"
            low = low if low == value else f"CASE WHEN NOT {self.none} THEN {low} END"
        return [low, none] if plain else [low, value, none]

    def _chosen(self, by_word: Mapping[str, Any], otherwise: Any) -> str:
        words: dict[Any, list[str]] = {}
        for word, x in by_word.items():
            words.setdefault(x, []).append(word)
        if not words:
            return literal(otherwise)
        whens = " ".join(f"WHEN {self.cell} IN ({', '.join(of)}) THEN {literal(x)}" for x, of in words.items())
        return f"CASE {whens} ELSE {literal(otherwise)} END"


def nothing(type: Type) -> Spelt:
    """What a column says that is not there."""
    return Spelt("NULL", type, {}, "NULL", "FALSE", "NULL", "FALSE")


def spelt(column: Column | None, type: Type, lexicon: Lexicon) -> Spelt:
    """How a column reads as a type."""
    if column is None:
        return nothing(type)
    x, kind = column.sql, column.kind
    left = f"{x} IS NOT NULL"
    unread = Spelt(x, type, {}, "NULL", "FALSE", "NULL", f"({left})")
    if type.finite:
        words = {literal(_written(word, kind)): mask for word, mask in _options(type, lexicon, kind).items()}
        if kind == TRUTH:
            words = {word: mask for word, mask in words.items() if word in ("TRUE", "FALSE")}
        elif kind not in (TEXT, JSON):
            return unread
        states = _states(kind) if kind != TRUTH else {}
        known = [*words, *(literal(s) for s in states)]
        wrong = f"({left} AND {x} NOT IN ({', '.join(known)}))" if known else f"({left})"
        return Spelt(x, type, words, "NULL", "FALSE", _state(x, states), wrong)
    worked = {"day": _day, "number": _number, "text": _text}[type.kind](column, type)
    if worked is None:
        return unread
    at = quoted(f"{column.item}·{type.kind}{type.unit}")
    # What costs is worked out once; what is left to do with it is said wherever it is wanted.
    value, first = (worked[1].format(at), ((at, worked[0]),)) if worked[0] else (worked[1], ())
    if kind not in (TEXT, JSON):
        return Spelt(x, type, {}, value, "FALSE", "NULL", f"({left} AND {value} IS NULL)", first)
    states = _states(kind)
    none = "FALSE"
    words_: list[str | bool] = list(states)
    if type.may_be_none:
        nones = [_written(w, kind) for w in NONE_WORDS]
        none = f"({left} AND {x} IN ({', '.join(map(literal, nones))}))"
        words_ += nones
    wrong = f"({left} AND {value} IS NULL AND {x} NOT IN ({', '.join(map(literal, words_))}))"
    return Spelt(x, type, {}, value, none, _state(x, states), wrong, first)


def _written(word: str | bool, kind: str) -> str | bool:
    """A word as a column of a kind has it."""
    if kind == JSON:
        return str(word).lower() if isinstance(word, bool) else f'"{word}"'
    return word


def _states(kind: str) -> dict[str, str]:
    states = {str(_written(word, kind)): state for word, state in STATES.items()}
    return states | ({"null": STATES[""]} if kind == JSON else {})


def _state(x: str, states: Mapping[str, str]) -> str:
    if not states:
        return "NULL"
    return f"CASE {x} " + " ".join(f"WHEN {literal(w)} THEN {literal(s)}" for w, s in states.items()) + " END"


def _options(type: Type, lexicon: Lexicon, kind: str) -> dict[str | bool, int]:
    """The masks of the words of a finite type."""
    if type.options == v.YES_NO.options:
        words: dict[str | bool, int] = {w: mask for w, mask in YES_WORDS.items() if isinstance(w, str | bool)}
    else:
        spellings = (*type.options, *(lexicon.english[o] for o in type.options if o in lexicon.english))
        words = {w: type.option(o) for w in spellings if (o := lexicon.chinese.get(w, w)) in type.options}
    words = {w: mask for w, mask in words.items() if isinstance(w, bool) or w not in STATES}
    words = {w: mask for w, mask in words.items() if w not in NONE_WORDS}
    if kind not in (TRUTH, JSON):
        words = {w: mask for w, mask in words.items() if not isinstance(w, bool)}
    if type.may_be_none:
        words |= {w: v.as_mask(type.none) for w in NONE_WORDS}
    return words


def inner(column: Column) -> str:
    """The text of a cell of VARCHAR or of JSON, without its quotes; of the latter, a figure as well."""
    x = column.sql
    return f"CASE WHEN {x}[1] = '\"' THEN {x}[2:-2] ELSE {x} END" if column.kind == JSON else x


# What is worked out first ("": nothing), and the value, in which {} stands for it.
Worked = tuple[str, str]


def _day(column: Column, _: Type) -> Worked | None:
    if column.kind == DAY:
        date = f"CASE WHEN year({column.sql}) BETWEEN 1000 AND 2999 THEN {column.sql} END"
        return day_number(f"({date})"), "{}"
    if column.kind not in (TEXT, JSON):
        return None
    pattern = f'"{_ISO}"' if column.kind == JSON else _ISO
    text = f"{column.sql}[2:-2]" if column.kind == JSON else column.sql
    date = f"CASE WHEN regexp_full_match({column.sql}, '{pattern}') THEN TRY_CAST({text} AS DATE) END"
    return day_number(f"({date})"), "{}"


def _number(column: Column, type: Type) -> Worked | None:
    """A number is worked out in millionths, which every unit divides; of a DOUBLE they are exact where they give it
    back, for no two numbers of fifteen digits have one DOUBLE."""
    x, scale = column.sql, v.SCALE[type.unit]
    floor = v.as_range(type.top)[0]
    least = -_MOST if floor == -v.INF else floor
    if column.kind == WHOLE:
        return "", f"(CASE WHEN {x} BETWEEN {least} AND {_MOST} THEN CAST({x} AS BIGINT) * {scale} END)"
    if column.kind == DECIMAL:
        wide = f"CAST({x} AS DECIMAL(26, 6)) * {_PARTS}"
        millionths = f"CASE WHEN {x} BETWEEN {-_WHOLE} AND {_WHOLE} THEN CAST({wide} AS BIGINT) END"
    elif column.kind == REAL:
        few = f"abs({x}) < {_WHOLE} AND ({x} = 0 OR abs({x}) >= 0.001)"
        near = f"CASE WHEN {few} THEN CAST(round({x} * 1e6) AS BIGINT) END"
        millionths = f"CASE WHEN ({near}) / 1e6 = {x} THEN {near} END"
    elif column.kind in (TEXT, JSON):
        figure = f"nullif(regexp_extract({inner(column)}, '^({_NUMBER}){_units(type.unit)}$', 1), '')"
        wide = f"CAST(TRY_CAST({figure} AS DECIMAL(18, 6)) AS DECIMAL(26, 6))"
        millionths = f"CAST({wide} * {_PARTS} AS BIGINT)"
    else:
        return None
    step = _PARTS // scale
    sound = f"{{}} >= {least} AND {{}} % {step} = 0" if step > 1 else f"{{}} >= {least}"
    return millionths, f"(CASE WHEN {sound} THEN {{}} // {step} END)".replace("{}", "{0}")


def _units(unit: str) -> str:
    """The ways to write a unit after a number, as a pattern; it may be missing."""
    if unit == "percent":
        return "(?:%|％)?"
    for key, zh, en, others, _ in UNITS:
        if key == unit:
            return f"(?:{'|'.join((zh, *others))}| ?(?:{en}|{en.rstrip('s')}))?"
    return ""


def _text(column: Column, _: Type) -> Worked | None:
    x = column.sql
    if column.kind == WHOLE:
        return "", f"(CASE WHEN {x} BETWEEN {-_MOST} AND {_MOST} THEN CAST({x} AS VARCHAR) END)"
    if column.kind not in (TEXT, JSON):
        return None
    said = ", ".join(literal(w) for w in (*STATES, *NONE_WORDS))
    if column.kind == JSON:
        text = inner(column)
        ok = f"regexp_full_match({x}, '\"(?:{_sql(PLAIN)})\"|-?[1-9][0-9]{{0,11}}|0')"
    else:
        text = x
        ok = f"regexp_full_match({x}, '{_sql(PLAIN)}')"
        if column.names:
            ok += f" AND NOT regexp_full_match({x}, '{FIGURE}')"
    return f"CASE WHEN {ok} AND {text} NOT IN ({said}) THEN {text} END", "{}"


def _sql(pattern: str) -> str:
    return pattern.replace("'", "''")


def words_left(column: Column | None) -> str:
    """Whether text that is only shown, or a number that names something, is not plainly spelled; never NULL."""
    if column is None:
        return "FALSE"
    x = column.sql
    if column.kind == WHOLE:
        return f"({x} IS NOT NULL AND {x} NOT BETWEEN {-_MOST} AND {_MOST})"
    if column.kind not in (TEXT, JSON):
        return f"({x} IS NOT NULL)"
    figure = f" OR regexp_full_match({x}, '{FIGURE}')" if column.names else ""
    if column.kind == JSON:
        ok = f"regexp_full_match({x}, '\"(?:{_sql(PLAIN)})?\"|-?[1-9][0-9]{{0,11}}|0')"
        return f"({x} IS NOT NULL AND NOT {ok})"
    return f"({x} IS NOT NULL AND {x} <> '' AND (NOT regexp_full_match({x}, '{_sql(PLAIN)}'){figure}))"


def as_json(column: Column, tables: bool) -> str:
    """A cell in the digest, with its name, as SQL; NULL where there is none. *tables*: as a record joined from tables
    has it."""
    x, key = column.sql, f"{_json(column.name)}:"
    match column.kind:
        case "odd":  # who has something there is left
            return "NULL"
        case "truth":
            yes, no = literal(f"{key}true"), literal(f"{key}false")
            return f"CASE {x} WHEN TRUE THEN {yes} WHEN FALSE THEN {no} END"
        case "text" | "day" | "decimal":
            return _with(key + '"', x, '"')
        case "real" if tables:
            whole, text = f"CAST(TRY_CAST({x} AS BIGINT) AS VARCHAR)", f"'\"' || CAST({x} AS VARCHAR) || '\"'"
            return _with(key, x, "", f"CASE WHEN {x} = trunc({x}) THEN {whole} ELSE {text} END")
    return _with(key, x, "")


def _with(before: str, x: str, after: str, text: str = "") -> str:
    more = f", {literal(after)}" if after else ""
    return f"CASE WHEN {x} IS NOT NULL THEN concat({literal(before)}, {text or x}{more}) END"


def piece(name: str, text: str) -> str:
    """What a name holds, whose text is told by SQL."""
    return f"{literal(_json(name) + ':')} || ({text})"


def object_of(pieces: Iterable[tuple[str, str]]) -> str:
    """The JSON of an object as SQL, of names and the pieces that have them, NULL where it has none."""
    return f"concat('{{', concat_ws(',', {', '.join(text for _, text in sorted(pieces)) or 'NULL'}), '}}')"


def _json(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
