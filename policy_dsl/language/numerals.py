"""Numbers, quantities and dates as official documents write them."""

from __future__ import annotations

import calendar
import datetime
import re
from decimal import Decimal
from typing import Final

DIGITS: Final = "零一二三四五六七八九"
_VALUE: Final = {**{c: i for i, c in enumerate(DIGITS)}, "〇": 0, "○": 0, "两": 2}
_PLACE: Final = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
NUMERAL: Final = "零〇○一二三四五六七八九十百千万两"

# unit key, Chinese as written after a number, English, further Chinese spellings. The canonical number is in Chinese
# numerals for those marked True: counts and durations; figures for money, points and plain numbers.
UNITS: Final = (
    ("times", "次", "times", (), True),
    ("months", "个月", "months", ("月",), True),
    ("years", "年", "years", (), True),
    ("days", "日", "days", ("天",), True),
    ("working_days", "个工作日", "working days", ("工作日",), True),
    ("weeks", "周", "weeks", ("个星期",), True),
    ("yuan", "元", "yuan", (), False),
    ("points", "分", "points", (), False),
)
UNIT_KEYS: Final = frozenset(u[0] for u in UNITS)
_UNIT_OF: Final = {spelling: u[0] for u in UNITS for spelling in (u[1], *u[3])}
_ENGLISH_UNIT: Final = {u[2]: u[0] for u in UNITS} | {u[2].rstrip("s"): u[0] for u in UNITS}
_ROW: Final = {u[0]: u for u in UNITS}


def from_chinese(text: str) -> int:
    """三百六十五 → 365; two or more bare digits are read one by one (二〇一六 → 2016)."""
    if len(text) > 1 and all(c in _VALUE for c in text):
        return int("".join(str(_VALUE[c]) for c in text))
    total, section, digit = 0, 0, 0
    for c in text:
        if c in _VALUE:
            digit = _VALUE[c]
        elif _PLACE[c] == 10_000:
            total, section, digit = (total + section + digit or 1) * 10_000, 0, 0
        else:
            section, digit = section + (digit or 1) * _PLACE[c], 0
    return total + section + digit


def to_chinese(n: int) -> str:
    """365 → 三百六十五; for 0 ≤ n < 10000."""
    if n < 10:
        return DIGITS[n]
    text, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // place % 10
        if digit:
            text += ("零" if gap else "") + ("" if not text and place == 10 and digit == 1 else DIGITS[digit]) + name
            gap = False
        elif text:
            gap = True
    return text


# No law counts beyond these: further digits are a slip of the keyboard, and arithmetic stays exact within them.
MOST: Final = 10**15
_FIGURES = r"-?\d{1,16}(?:\.\d{1,10})?(?!\d)"
_NUMERALS = rf"[{NUMERAL}]{{1,30}}"
_SHARE_ZH = re.compile(rf"百分之({_NUMERALS}|{_FIGURES[2:]})|({_FIGURES})[%％]")
_SPELT = "|".join(sorted(_UNIT_OF, key=len, reverse=True))
_QUANTITY_ZH = re.compile(rf"(?:({_NUMERALS})|({_FIGURES})(万)?)({_SPELT})?")
TOO_LONG: Final = re.compile(rf"(?:\d{{17,}}(?:\.\d+)?|\d+\.\d{{11,}}|[{NUMERAL}]{{31,}})万?({_SPELT})?")
_EN_UNITS = "|".join(sorted(_ENGLISH_UNIT, key=len, reverse=True))
TOO_LONG_EN: Final = re.compile(rf"(?:\d{{17,}}(?:\.\d+)?|\d+\.\d{{11,}})(?: ?({_EN_UNITS})\b)?")
_DATE_ZH = re.compile(
    rf"(\d{{4}}|[{DIGITS}〇○]{{4}})年(?:(\d{{1,2}}|[{NUMERAL}]{{1,3}})月(?:(\d{{1,2}}|[{NUMERAL}]{{1,3}})日)?)?"
)
# As other papers write a day: 2023.3.1, 2023/3/1, 2023-03-01; a month only as no difference of numbers is written.
_DATE_OTHERWISE = re.compile(r"(\d{4})(?:([-－./／．])(\d{1,2})\2(\d{1,2})|[-－/／](0\d|1[0-2]))(?![\d.])")
_DATE_EN = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?![\d-])|year (\d{4})\b")
_QUANTITY_EN = re.compile(rf"({_FIGURES})(?:(%)| ?({_EN_UNITS})\b)?")

Quantity = tuple[Decimal, str]
Date = tuple[int, int, int]


def read_quantity(text: str, at: int, lang: str) -> tuple[int, Quantity] | None:
    """The quantity at *at*, longest match: (end, (number, unit key)), the unit 'number' if none is written."""
    if lang == "en":
        if not (found := _QUANTITY_EN.match(text, at)):
            return None
        unit = "percent" if found[2] else _ENGLISH_UNIT[found[3]] if found[3] else "number"
        return found.end(), (normal(Decimal(found[1])), unit)
    if found := _SHARE_ZH.match(text, at):
        number = found[1] or found[2]
        value = Decimal(from_chinese(number)) if number[0] in NUMERAL else Decimal(number)
        return found.end(), (normal(value), "percent")
    if not (found := _QUANTITY_ZH.match(text, at)):
        return None
    value = Decimal(from_chinese(found[1])) if found[1] else Decimal(found[2]) * (10_000 if found[3] else 1)
    return found.end(), (normal(value), unit_of(found[4]))


def unit_of(spelling: str | None) -> str:
    """The key of a unit as it is written; 'number' if none is."""
    return _UNIT_OF.get(spelling) or _ENGLISH_UNIT[spelling] if spelling else "number"


def read_date(text: str, at: int, lang: str) -> tuple[int, Date] | None:
    """The date at *at*: (end, (year, month, day)), zero for a part not written."""
    if not (found := (_DATE_ZH if lang == "zh" else _DATE_EN).match(text, at)):
        return None
    year = found[1] or found[4] if lang == "en" else found[1]
    return found.end(), (_figure(year), _figure(found[2]), _figure(found[3]))


def _figure(written: str | None) -> int:
    return 0 if not written else int(written) if written.isdigit() else from_chinese(written)


def misread_date(text: str, at: int, lang: str) -> tuple[int, Date] | None:
    """The date at *at* as other papers write it and *lang* does not: (end, date)."""
    if not (found := _DATE_OTHERWISE.match(text, at)) or read_date(text, at, lang):
        return None
    date = int(found[1]), int(found[3] or found[5]), int(found[4] or 0)
    return None if days_of(date) is None else (found.end(), date)


def normal(number: Decimal) -> Decimal:
    """One form for equal finite numbers: 1.50 and 1.5 are the same, and no digit of either is lost."""
    sign, digits, exponent = number.as_tuple()
    if not any(digits) or not isinstance(exponent, int):
        return number if number else Decimal(0)
    if 0 < exponent <= 20:
        return Decimal((sign, digits + (0,) * exponent, 0))
    while exponent < 0 and digits[-1:] == (0,):
        digits, exponent = digits[:-1], exponent + 1
    return Decimal((sign, digits, exponent))


def write_quantity(number: Decimal, unit: str, lang: str) -> str:
    """The canonical form: 三次, 百分之三十, 20000元; 3 times, 30%, 20000 yuan."""
    whole = number == number.to_integral_value()
    spelt = to_chinese(int(number)) if whole and 0 <= number < 10_000 else None
    figures = f"{number:f}"
    if unit == "percent":
        return f"{figures}%" if lang == "en" or spelt is None else f"百分之{spelt}"
    if unit == "number":
        return figures
    _, zh, en, _, in_words = _ROW[unit]
    if lang == "en":
        return f"{figures} {en.rstrip('s') if number == 1 and en != 'yuan' else en}"
    return (spelt if in_words and spelt else figures) + zh


def write_date(date: Date, lang: str) -> str:
    """2018年5月 or 2018-05, as far as it is printed."""
    year, month, day = date
    if lang == "en":
        return f"year {year}" if not month else f"{year}-{month:02}" + (f"-{day:02}" if day else "")
    return f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")


def days_of(date: Date) -> tuple[int, int] | None:
    """The first and last day it may be, as ordinals; None if there is no such date."""
    year, month, day = date
    try:
        first = datetime.date(year, month or 1, day or 1)
        last = first if day else datetime.date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    except ValueError:
        return None
    return first.toordinal(), last.toordinal()


_DAY_NUMBER = re.compile(r"\d{1,5}(?:\.\d+)?")
_POINTED = re.compile(r"\d{4}\.\d{1,2}(?:\.\d{1,2})?\.?|\d{6}|\d{8}")


def misdated(x: object) -> str:
    """The code of what is no date: a spreadsheet's day number (R121), or a year and month not told apart (R122)."""
    text = str(x).strip()
    if isinstance(x, bool):
        return "R102"
    return "R122" if _POINTED.fullmatch(text) else "R121" if _DAY_NUMBER.fullmatch(text) else "R102"


def item_mark(n: int, lang: str) -> str:
    """（一） or (1)."""
    return f"（{to_chinese(n)}）" if lang == "zh" else f"({n})"
