"""What decisions say, in both languages: statuses, states, values and steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import evolve

from .. import model as m
from .. import values as v
from ..decide import Conclusion, Gap, Ground
from ..explanation import Explanation, Member
from ..language import syntax as s
from ..language.fmt import Writer
from ..language.keywords import word
from ..language.lexer import Lexicon
from ..language.numerals import write_quantity
from ..record import Record
from ..values import Value, settled
from .masking import Mask

SAID: Final[dict[str, tuple[str, str]]] = {
    "decided": ("已定", "decided"), "undetermined": ("未定", "undetermined"), "settled": ("已定", "settled"),
    "yes": ("是", "yes"), "no": ("否", "no"), "unknown": ("未定", "unknown"), "none": ("无", "does not apply"),
    "printed_line": ("就已载明者", "on what is printed"), "whole_line": ("全文", "on the whole text"),
    "person": ("本人", "the person"), "by": ("由", "by"), "basis": ("依据", "basis"), "open": ("可选", "open"),
    "struck": ("不得选", "struck out"), "not_limited": ("不限于所列", "not limited to these"),
    "depends_on": ("取决于", "depends on"), "turns_on": ("取决于解读", "turns on how it is read"), "same_whichever": ("无论怎样解读都一样", "the same whichever way it is read"),
    "missing": ("尚缺", "missing"), "who": ("可提供者", "who could supply it"), "would_change": ("影响", "it bears on"),
    "just_over": ("略高于 {}", "just over {}"), "just_under": ("略低于 {}", "just under {}"), "if": ("若答", "if"), "facts": ("事实", "Facts"), "findings": ("认定", "Findings"), "ground": ("依据", "Ground"),
    "applies": ("适用", "Application"), "exceptions": ("例外", "Exceptions"), "exception": ("例外", "exception"), "readings": ("解读", "Readings"),
    "conclusion": ("结论", "Conclusion"), "as_of": ("决定日", "Decided as of"), "known_as_of": ("所知截至", "Known as of"),
    "layers": ("层级", "Layers"), "chosen": ("所选", "chosen"), "none_chosen": ("未选", "none chosen"), "same_day": ("同日", "the same day"),
    "not_looked_into": ("尚未查明", "not yet looked into"), "fired": ("成立", "arises"), "not_fired": ("不成立", "does not arise"),
    "awaits_exception": ("只待除外", "awaits only an exception"), "assumed": ("假定", "assumed"), "as_above": ("见前", "as above"),
    "from": ("自", "from"), "until": ("至", "until"), "deadline": ("最后一日", "Last day"), "not_considered": ("未予考虑", "Not considered"),
    "rest": ("其余各项均不发生", "Nothing else arises"), "row_unlisted": ("未列出的行（清单未齐备）", "a row not listed (the list is not complete)"),
    "alike": ("是否与所列者同类", "whether it is alike to those listed"), "plan": ("计划，未见施行", "a plan, not seen in force"),
    "in_force": ("施行", "in force"), "start_unknown": ("施行日未知", "start day unknown"), "day_not_printed": ("日未载明", "day not printed"), "layer": ("层级", "layer"), "toward": ("向", "toward"), "decided_by_none": ("未载明", "not printed"),
    "amount_open": ("额度未定", "amount unknown"), "until_open": ("止期未载明", "its end is not printed"), "ends_on": ("止于", "until"), "until_unknown": ("止期未定", "its end is unknown"), "still_running": ("未满", "running"),
    "amount_to": ("至", " to "), "perhaps_begun": ("是否已开始未定", "whether it has begun is unknown"),
    "over": ("已过", "over"), "not_begun": ("未开始", "not begun"), "perhaps_over": ("是否已过未定", "whether it is over is unknown"),
    "not_past": ("未过", "not past"), "perhaps_past": ("是否已过未定", "whether it is past is unknown"),
    "capped": ("解读组合过多，逐一列出", "too many combinations of readings: shown one at a time"),
    "remedies": ("救济", "Remedies"), "none_printed": ("原文未载", "none printed"), "version": ("版本", "versions"),
    "stages": ("环节", "Stages"), "awaited": ("应进入，未见开始", "reached, and not begun"), "running_stage": ("进行中", "running"),
    "begun": ("已开始", "begun"), "overdue": ("期满未完成", "past its last day, and not done"), "done": ("已完成", "done"), "done_late": ("逾期完成", "done late"), "open_stage": ("未定", "undetermined"),
    "due": ("最后一日", "last day"), "owed_by": ("应提交者", "owed by"), "next": ("之后", "next"), "perhaps": ("或", "perhaps"),
    "acted": ("记录所载之举", "what the record says was done"), "without_ground": ("以决定日论本制度未得出此举，或另有依据", "as of this day this regime does not lead to it; it may rest on another ground"),
    "laid_over": ("覆于其上（不改本制度的结论）", "Laid over it (this regime's conclusions stand)"),
    "met": ("与结论相遇", "Where it meets the conclusions"), "besides": ("此外", "Besides"),
    "may_appeal": ("对已作处理的救济", "Remedies against what was done"), "could_appeal": ("若于决定日作出并告知，可用的救济", "Remedies, were it done and told on the day of decision"),
    "missing_above": ("此层尚缺", "Missing there"), "own_says": ("本制度", "this regime"), "above_says": ("此层", "the text above"),
    "conflict": ("冲突", "in conflict"), "binds": ("由可以变为应当", "made a duty"), "unreached": ("本制度的不得及不到此层", "this regime's bar does not reach it"),
    "adds": ("此层另加", "added above"), "bars": ("此层不得", "forbidden above"), "agrees": ("相合", "in accord"), "past": ("已过", "past"), "apart": ("无涉", "no bearing"),
    "not_listed": ("此层没有列出", "none listed there"), "not_listed_open": ("就已载明者没有列出；全文未定", "on what is printed none; on the whole text undetermined"),
    "barred": ("本制度不得如此", "this regime bars it"), "opinion_of": ("适用说明", "Opinion on the application of"), "on": ("对 编号", "to No."),
}  # fmt: skip

GAPS: Final[dict[str, tuple[str, str]]] = {
    "not_asked": ("没有问", "not asked"), "not_known": ("问过而不明", "asked and not known"), "pending": ("待认定", "a finding is pending"),
    "unanswerable": ("不能认定，再问无益", "the body cannot tell; asking again will not help"), "unverified": ("未核实", "unverified"),
    "reading": ("解读未选", "no reading chosen"), "unprinted": ("原文未载明", "not printed in the source"), "masked": ("原文隐去", "masked in the source"),
    "not_obtained": ("未取得单位细则", "the unit's text was not obtained"), "not_found_alike": ("须认定是否同类", "a body must find whether it is alike"),
    "imprecise": ("只知其大概", "known only in part"), "tie": ("同日数行，先后未载", "which of one day came last is not recorded"), "list_open": ("清单未齐备", "the list is not complete"),
    "calendar": ("没有那时的放假安排", "no calendar of rest days for that time"),
}  # fmt: skip

NOWHERE: Final = "去向未载明"
_WHO: Final = {
    "解读者": ("作出解读的人", "whoever chooses the reading"), "本人所在单位": ("本人所在单位", "the person's unit"),
    "记录填报单位": ("记录填报单位", "whoever keeps the record"), "国务院办公厅": ("国务院办公厅", "the General Office of the State Council"),
    "未载明": ("未载明", "not printed"), "隐去": ("隐去", "masked"), "未核实": ("未核实", "unverified"),
}  # fmt: skip
_FREE: Final = {
    "text": ("文字", "text "), "number": ("编号", "number "), "source": ("来源", "source "), "reasons": ("理由", "reasons "),
    "body": ("机关", "body "), "unit": ("单位", "unit "), "assumed_by": ("何人", "who "), "chosen_by": ("选定者", "who "),
}  # fmt: skip


class Wording:
    """Says things of one policy in one tongue; with a mask, without the words a record alone brings."""

    def __init__(self, policy: m.Policy, lang: str, mask: Mask | None = None):
        self.policy, self.lang, self.mask = policy, lang, mask
        self.lexicon: Lexicon = policy.lexicon
        self.writer = Writer(policy.lexicon, lang)
        self.zh = lang == "zh"
        self.colon, self.semi, self.comma, self.list_sep, self.equals = (
            ("：", "；", "，", "、", "＝") if self.zh else (": ", "; ", ", ", ", ", " = ")
        )

    def word(self, terminal: str, key: str) -> str:
        """A keyword, as it reads in a sentence."""
        return word(terminal, key, self.lang).replace("_", " ")

    def paren(self, text: str) -> str:
        return f"（{text}）" if self.zh else f" ({text})"

    def say(self, key: str) -> str:
        return SAID[key][0 if self.zh else 1]

    def name(self, zh: str) -> str:
        """A declared name; compound names part by part."""
        parts = (self.effect(p) if p == NOWHERE else self.lexicon.written(p, self.lang) for p in zh.split("·"))
        return "·".join(parts)

    def who(self, zh: str) -> str:
        return _WHO[zh][0 if self.zh else 1] if zh in _WHO else self.name(zh)

    def names(self, names: tuple[str, ...]) -> str:
        return ("、" if self.zh else ", ").join(dict.fromkeys(self.who(n) for n in names))

    def deciders(self, grounds: Iterable[Ground]) -> str:
        """Who decides under some grounds; the one or the other, where that turns on what is not known."""
        joint: list[str] = []
        either: list[str] = []
        for g in grounds:
            if len(g.ways) < 2:
                joint += g.by
                continue
            # Whoever may set the duty aside is besides.
            joint += (b for b in g.by if not any(b in way for way in g.ways))
            names = ("或" if self.zh else " or ").join(map(self.names, g.ways))
            on = self.list_sep.join(dict.fromkeys(self.lacking(e) for e in g.way_turns))
            either.append(names + self.paren(f"{self.say('depends_on')} {on}"))
        return self.semi.join(([self.names(tuple(joint))] if joint else []) + list(dict.fromkeys(either)))

    def supplier(self, g: Gap) -> str:
        """Who could supply what is missing, the very unit where it is one's text."""
        return self.names(g.who) + (f"“{self.free(g.unit, 'unit')}”" if g.unit else "")

    def status(self, mask: int) -> str:
        keys = [k for i, k in enumerate(m.STATUSES) if mask >> i & 1]
        text = ("或" if self.zh else " or ").join(self.word("STATUS", k) for k in keys)
        return text if len(keys) == 1 else (f"未定（{text}）" if self.zh else f"undetermined ({text})")

    def lines(self, printed: int, whole: int) -> str:
        """A status; both lines where the text is not wholly printed."""
        if printed == whole:
            return self.status(whole)
        lines = (("printed_line", printed), ("whole_line", whole))
        return self.comma.join(f"{self.say(line)} {self.status(mask)}" for line, mask in lines)

    def gap(self, kind: str) -> str:
        return GAPS[kind][0 if self.zh else 1]

    def element(self, of: str | None, id: str | None) -> str:
        return self.say("person") if of is None else f"{self.name(of)}{'' if self.zh else ' '}{self.number(id)}"

    def subject(self, record: Record) -> str:
        """Whose record it is: the 编号, or, where that may tell who it is, the beginning of the record's digest."""
        shown = self.mask is None or self.mask.keeps(record.id)
        return record.id if shown else self.withheld(f"{_FREE['number'][0 if self.zh else 1]}{record.digest[:8]}")

    def number(self, id: str | None) -> str:
        """The 编号 of a row."""
        return str(id) if id is None or self.mask is None or self.mask.keeps(id) else self.free(id, "number")

    def free(self, text: str, kind: str = "text") -> str:
        """Words that stand in the record alone, of a kind: a unit, a title, a source, reasons."""
        if self.mask is None or not text:
            return text
        if kind in ("body", "chosen_by") and text in self.policy.shape.bodies:
            return self.who(text)
        return self.withheld(f"{_FREE[kind][0 if self.zh else 1]}{self.mask.turn(text)}")

    def withheld(self, what: str) -> str:
        """What stands in the place of something kept back: 〔略 来源3〕."""
        return f"〔略 {what}〕" if self.zh else f"[withheld: {what}]"

    def value(self, value: Value, type: v.Type) -> str:
        """What something may still be."""
        if isinstance(value, int):
            options = [*type.options, "无"]
            if type.kind == "truth":
                return self.say(("", "no", "yes", "unknown")[value])
            if value == type.top:
                return self.say("unknown")
            return ("或" if self.zh else " or ").join(self.option(o) for i, o in enumerate(options) if value >> i & 1)
        low, high, none = value
        if low > high:
            return self.say("none")
        if value == type.top or (low == -v.INF and high == v.INF):
            return self.say("unknown")
        if type.kind == "text":
            return f"“{low}”" if low == high else self.say("unknown")
        a, b = self.bound(low, type), self.bound(high, type)
        if low == high:
            return a
        text = f"{a}—{b}"
        if type.kind == "day":
            text = self.some_day(low, high)
        elif high == v.INF:
            text = ("{}以上", "{} or more")[0 if self.zh else 1].format(a)
        elif low == -v.INF:
            text = ("{}以下", "{} or less")[0 if self.zh else 1].format(b)
        return text + (f"或{self.say('none')}" if none and self.zh else f" or {self.say('none')}" if none else "")

    def bound(self, x: v.Bound, type: v.Type) -> str:
        if x in (v.INF, -v.INF):
            return "…"
        if type.kind == "day":
            return v.shown_day(x)
        if type.unit == "years" and x > 1000:
            return f"{x}年" if self.zh else str(x)
        return write_quantity(v.shown_number(x, type.unit), type.unit, self.lang)

    def some_day(self, low: v.Bound, high: v.Bound) -> str:
        """A day known only within bounds: some day within them, lest they read as a term."""
        between, latest, earliest = (
            ("{}至{}间某日", "至迟{}", "至早{}")
            if self.zh
            else ("a day between {} and {}", "{} at the latest", "{} at the earliest")
        )
        a, b = self.bound(low, v.DAY), self.bound(high, v.DAY)
        return latest.format(b) if low == -v.INF else earliest.format(a) if high == v.INF else between.format(a, b)

    def start(self, value: Value, kind: str = "unprinted") -> str:
        """From when a text is in force; *kind* is why the day is not known, if it is not."""
        if settled(value):
            return f"{self.say('in_force')} {self.value(value, v.DAY)}"
        low, high, _ = v.as_range(value)
        if (low, high) == (-v.INF, v.INF):
            return f"{self.say('start_unknown')}{self.paren(self.gap(kind))}"
        why = self.say("day_not_printed") if kind == "unprinted" else self.gap(kind)
        day = self.some_day(low, high)
        from_ = f"in force from {day}"
        if self.zh:
            from_ = f"{day[:2]}自{day[2:]}起施行" if day.startswith("至") else f"自{day}起施行"
        return from_ + self.paren(why)

    def option(self, zh: str) -> str:
        if zh == "无":
            return self.say("none")
        if zh in ("是", "否"):
            return self.say("yes" if zh == "是" else "no")
        return self.name(zh)

    # Steps.

    def source(self, e: m.Expr) -> str:
        """What the author wrote, in this tongue; the sense of what the engine adds."""
        match e:
            case m.Finding(alike=True):
                return f"{self.written(e.source)} {self.say('alike')}"
            case m.Fact(name=name) | m.Finding(name=name) | m.Named(name=name):
                return self.name(name)
            case m.Field(name=name):
                return self.name(name)
            case m.Happened() if e.source is not None:
                return self.writer.expr(e.source)
            case m.Fold(source=s.Some(none=True) as none):
                # What 没有 denies: that there is one.
                return self.writer.expr(evolve(none, none=False))
            case m.Leaf(name=name, kind="reading"):
                return self.name(name)
            case m.Leaf(kind="calendar"):
                return "放假安排" if self.zh else "the calendar of rest days"
            case m.Leaf(name=name):
                return self.leaf_name(name)
            case m.DecisionDay():
                return self.say("as_of")
            case m.Admitted(layer=layer):
                return f"{self.say('layer')} {word('LAYER', layer, self.lang)}"
            case m.Unprinted(kind=kind, note=note):
                return (
                    word("GAP", kind, self.lang).replace("_", " ") + (f"（{note}）" if note else "")
                    if kind != "not_obtained"
                    else self.name(e.name)
                )
            case m.Constant():
                return self.value(e.value, e.type)
        return self.written(e.source)

    def leaf_name(self, name: str) -> str:
        base, dot, note = name.partition("·")
        if note == "同日先后":
            return f"{self.name(base)}{self.comma}{self.gap('tie')}"
        if base.endswith("的施行日"):
            base = f"{self.name(base[:-4])}{'的施行日' if self.zh else ' start day'}"
        else:
            base = self.name(base)
        return base + (f"·{note}" if dot else "")

    def written(self, source: s.Node | None) -> str:
        if source is None:
            return "…"
        if isinstance(source, s.Declaration):
            return self.name(source.name.text) if source.name else ""
        if isinstance(source, s.Clause):
            return (
                self.say("in_force")
                if source.key == "in_force"
                else source.key
                if source.body is None and not source.items
                else self.clause(source)
            )
        if isinstance(source, s.Row):
            return ("、" if self.zh else ", ").join(self.writer.expr(k) for k in source.keys)
        if isinstance(source, s.Rows):
            return self.semi.join(self.writer.item_body(r) for r in source.rows)
        return self.writer.expr(source)

    def clause(self, c: s.Clause) -> str:
        if c.key in ("any_of", "all_of"):
            joint = word("OR" if c.key == "any_of" else "AND", "or" if c.key == "any_of" else "and", self.lang)
            return f" {joint} ".join(self.writer.item_body(i) for i in c.items)
        return self.writer.expr(c.body) if isinstance(c.body, s.Node) else c.key

    def gap_name(self, gap: Gap, of_row: bool = True) -> str:
        """What is missing, with the row it concerns; or only with its list."""
        if isinstance(gap.node, Member):
            return f"{self.name(gap.node.list)}{self.colon}{self.say('row_unlisted')}"
        text = self.source(gap.node)
        if gap.row is not None and isinstance(gap.node, m.Field | m.Finding | m.Happened) and gap.node.list:
            if not of_row:
                return f"{self.name(gap.node.list)} {text}"
            return (
                f"{self.element(gap.node.list, gap.row.id)} {text}"
                if gap.row.id
                else f"{self.name(gap.node.list)}{self.paren(self.say('row_unlisted'))} {text}"
            )
        return text

    def lacking(self, e: Explanation) -> str:
        """A leaf that is missing, by name."""
        if isinstance(e.node, Member):
            return f"{self.name(e.node.list)}{self.colon}{self.say('row_unlisted')}"
        return self.source(e.node)

    def effect(self, name: str) -> str:
        return self.word("NOWHERE", "nowhere") if name == NOWHERE else self.name(name)

    def line_of(self, c: Conclusion, names: tuple[str, ...] = ()) -> str:
        """应当 召回, on one line or on two where the text is not wholly printed; several alike effects at once."""
        effects = self.list_sep.join(self.effect(n) for n in names or (c.effect,))
        element = self.element(c.list, c.row.id if c.row else None)
        where = self.paren(element)
        if c.printed == c.whole:
            return f"{effects}{where}{self.colon}{self.status(c.whole)}"
        both = f"{self.say('printed_line')} {self.status(c.printed)}{self.semi}{self.say('whole_line')} {self.status(c.whole)}"
        return f"{effects}{where}{self.colon}{both}"

    def result(self, e: Explanation) -> str:
        node = e.node
        if isinstance(node, Member):
            return self.say(("", "no", "yes", "unknown")[e.value]) if isinstance(e.value, int) else ""
        if isinstance(node, m.Verdict | m.Strongest) and isinstance(e.value, int):
            return self.status(e.value)
        if self.mask is not None and node.type.kind == "text" and not isinstance(e.value, int):
            low, high, _ = e.value
            if low == high and isinstance(low, str):
                refers = isinstance(node, m.RowId) or (
                    isinstance(node, m.Field) and bool(self.policy.shape.lists[node.list].fields[node.name].refers_to)
                )
                return f"“{self.number(low)}”" if refers else self.free(low)
        return self.value(e.value, node.type)
