"""What a template says of itself in both languages: how it is filled in, its tables, the columns each roster has."""

from __future__ import annotations

from typing import Final

from ..shapes import COMPLETE, FINDINGS, ID
from .tables import CHANGES, NOTES, PERSON_ID, PERSONS

Both = tuple[str, str]

INSTRUCTIONS: Final[tuple[Both, ...]] = (
    ("每张表一样内容：“干部”一人一行，其余各表用“干部编号”与人相连。列名的批注写明这一列的意思和哪些条款读它。",
     "One sheet for each thing: “cadres” has a row a person; the others are joined to persons by the column “cadre”. The note on a heading says what the column means and which provisions read it."),
    ("蓝色的列，本制度有条款读它；灰色的列和灰色标签的表，本制度不读，可以不填。",
     "Blue columns are read by some provision of this regime; grey columns, and sheets with a grey tab, are read by none and may be left empty."),
    ("不知道的绝不猜、绝不代填。一格有四种情形：有值；“不明”＝问过而不知道；空着＝没有问过；“无”＝不适用或没有发生。批注写明可以填“无”的列才能填“无”。",
     "Nothing is guessed or filled in. A cell has a value; or “not_known”: asked, and not known; or is empty: not asked; or “not_applicable”: it does not apply or has not happened, where the note allows it."),
    ("还可以填：“待认定”“不能认定”“未核实”；只知大概的，日期写 2018-05、2018 或“不早于 2018-05-01、不晚于 2018-06-30”，数量写“至少 2”“至多 4”，选项写“迟到或早退”。",
     "Also: “pending”, “unanswerable”, “unverified”. What is known in part: a date as 2018-05, 2018 or “not_before 2018-05-01, not_after 2018-06-30”; a quantity as “at_least 2”, “at_most 4”; options as “late or early_leave”."),
    ("编号一律用文字，每人、每行一个，同一张表里同一个人的不重复；身份证号等长数字存成数字会丢失末几位，一经发现即退回。",
     "Numbers (编号) are text, one for each person and each row. A long number kept as a figure loses its last digits, and is refused."),
    ("日期列是文本格式，以免表格软件把“2018-05”改成五月一日。写成 1975.08 的，先在列名后标明：“出生日（年.月）”；一月写 1975.01，十月写 1975.10。也可标（年.月.日）（年月）（年月日）。",
     "Columns of dates are text, lest a spreadsheet make of 2018-05 the first of May. For dates such as 1975.08 say so in the heading: “born_on (yyyy.mm)”; January is 1975.01, October 1975.10. Also (yyyy.mm.dd), (yyyymm), (yyyymmdd)."),
    ("齐备：一张清单有没有漏列，影响结论。查全了的，在“齐备”表写“是”；查到某日为止的，写那个日期；没有查全或没有查过的，不写或写“否”。没有一行而齐备的，才等于“没有”。",
     "Complete: whether a list leaves anything out bears on the outcome. On the sheet “complete” write “yes” if it has been looked into in full, or the day until which it has; otherwise nothing, or “no”. Only a list that is complete and empty says that there is none."),
    ("认定：须由机关回答的问题写在“认定”表：问题、所属（清单）和所属编号（行）、答（是、否、待认定、不能认定）、机关、认定日、理由。改变先前的认定，另写一行，在“取代”里写先前那一行的编号；先前的一行不删。",
     "Findings: what a body must answer goes on the sheet “findings”: question, list and row it is of, answer (yes, no, pending, unanswerable), body, date, reasons. To change one, add a row with the earlier one's number under “replaces”; the earlier row stays."),
    ("知悉日：得知这一行的日子。问“到某日为止所知如何”时，那一天以后才知道的行不算；不知道哪天得知的，空着，问到较早的日子时就算可能知道。",
     "learnt_on: the day this row became known. Asked what was known by a day, rows learnt of later do not count; leave it empty where nobody knows: by an earlier day it was then perhaps known."),
    ("变动：随时间改变的事实（身份、单位等），在“变动”表每次变动写一行：事实、自（某日起）、值；“干部”表里这一格留空。",
     "Changes: a fact that changed over time has a row on the sheet “changes” for each value: fact, from (the day), value; its cell on “cadres” stays empty."),
    ("出处：一格从哪里来（来源），或者谁假定的（假定），写在“出处”表：清单（空着指“干部”表）、编号、项目（列名）。假定的值照用，但结论会写明是谁假定的。",
     "Provenance: where a cell comes from (source) or who assumed it (assumed_by) goes on the sheet “provenance”: list (empty: “cadres”), id, item (the column). What is assumed is used, and the outcome says who assumed it."),
    ("不要用公式、合并单元格；“说明”开头的表和列随便写，读名单时跳过。没有内容的表可以留着，也可以删去。",
     "No formulas, no merged cells. Sheets and columns whose name begins with “notes” are yours to write in and are passed over. Empty sheets may stay or go."),
)  # fmt: skip

# What may stand in a cell, by kind; the braces take the options, the unit or the list.
KINDS: Final[dict[str, Both]] = {
    "finite": ("{}，选一项；只知是其中几项的写“甲或乙”", "one of {}; “a or b” where it is one of several"),
    "yes_no": ("是或否", "yes or no"),
    "day": ("日期，如 2018-05-01；只知年月的写 2018-05", "a date such as 2018-05-01; 2018-05 where only the month is known"),
    "number": ("数量（{}）；不确切的写“至少 2”“至多 4”", "a quantity ({}); “at_least 2”, “at_most 4” if not exact"),
    "text": ("文字", "text"),
    "reference": ("“{}”表里那一行的编号", "the number of a row of “{}”"),
}  # fmt: skip
# What is said besides of a fact that may be 无, has a history, dates its row, or says when the row became known.
BESIDES: Final[dict[str, Both]] = {
    "none": ("；不适用或没有发生的填“无”", "; “not_applicable” where it does not apply or has not happened"),
    "over_time": ("；有变化的，这里留空，写在“变动”表", "; where it changed, leave it empty and use the sheet “changes”"),
    "date": ("；这一行发生的日子，决定日以后的不算", "; the day the row happened: what lies after the day of decision does not count"),
    "learnt": ("；问“所知截至”某日的，那一天以后才知道的行不算", "; a row learnt of after the day asked about (--known-as-of) does not count"),
}  # fmt: skip
# What a spreadsheet says to whoever enters what is not among the choices.
BEYOND: Final = "可以写“甲或乙”等，读名单时会核对。“a or b” and the like may be written; all is checked on reading."

TABLES: Final[dict[str, Both]] = {
    PERSONS: ("一人一行", "a row for each person"),
    FINDINGS: ("机关的认定，一项一行", "what bodies found, a row each"),
    COMPLETE: ("哪张清单查全了，查到哪一天", "which lists are complete, and until when"),
    CHANGES: ("随时间改变的事实，一次变动一行", "facts that changed, a row for each value"),
    NOTES: ("某一格的来源，或谁假定的", "where a cell comes from, or who assumed it"),
    "": ("清单，一事一行", "a list, a row for each event"),
    "unasked": ("清单；本制度没有条款读它", "a list; no provision of this regime reads it"),
}  # fmt: skip

COLUMNS: Final[dict[tuple[str, str], Both]] = {
    (PERSONS, ID): ("此人的编号，文字，不重复", "the person's number, as text, used once"),
    ("", PERSON_ID): ("“干部”表里此人的编号", "the person's number on the sheet “cadres”"),
    ("", ID): ("这一行的编号，文字，在此人的这张清单里不重复", "the row's number, as text, used once in this person's list"),
    ("", "来源"): ("这一行从哪里来，文字", "where the row comes from, as text"),
    (FINDINGS, ID): ("这项认定的编号；要被取代的必须有", "the finding's number; needed if another is to replace it"),
    (FINDINGS, "问题"): ("所认定的问题，从所列中选", "the question answered, one of those listed"),
    (FINDINGS, "所属"): ("问题所问的清单；问本人的空着", "the list the question is about; empty if about the person"),
    (FINDINGS, "所属编号"): ("所问的是清单里的哪一行：那一行的编号", "which row of the list: its number"),
    (FINDINGS, "答"): ("是、否；还没有结果的“待认定”，认定不了的“不能认定”", "yes or no; “pending” if not yet answered, “unanswerable” if the body cannot tell"),
    (FINDINGS, "机关"): ("作出认定的机关", "the body that found"),
    (FINDINGS, "认定日"): ("作出认定的日期", "the day it found"),
    (FINDINGS, "理由"): ("认定的理由，文字", "the reasons, as text"),
    (FINDINGS, "取代"): ("被这一项取代的认定的编号", "the number of the finding this one replaces"),
    (COMPLETE, "清单"): ("哪张清单", "which list"),
    (COMPLETE, "齐备至"): ("查全了填“是”，查到某日为止填日期，没有查全填“否”", "“yes” if complete, the day until which it is, or “no”"),
    (CHANGES, "事实"): ("“干部”表里哪一列", "which column of the sheet “cadres”"),
    (CHANGES, "自"): ("从哪一天起，须是确切的一天", "from which day; one exact day"),
    (CHANGES, "值"): ("从那天起的值，写法与该列相同", "its value from that day, written as in that column"),
    (NOTES, "清单"): ("那一格在哪张清单；“干部”表的空着", "the list the cell is in; empty for the sheet “cadres”"),
    (NOTES, ID): ("那一格所在行的编号；“干部”表的空着", "the number of the cell's row; empty for the sheet “cadres”"),
    (NOTES, "项目"): ("那一格的列名", "the heading of the cell's column"),
    (NOTES, "来源"): ("那一格的值从哪里来", "where the cell's value comes from"),
    (NOTES, "假定"): ("那一格的值是谁假定的", "who assumed the cell's value"),
}  # fmt: skip
