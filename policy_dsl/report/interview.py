"""What a conversation says: the question, its choices, why it is asked, what may be answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from .. import values as v
from ..decide import Decision
from ..model import Finding
from ..whatif.interview import Asking
from ..whatif.settling import Supposing
from .words import Wording

# How many of the effects that wait are named; ? names them all.
NAMED: Final = 5

SAID: Final[dict[str, tuple[str, str]]] = {
    "ask": ("{what}？", "{what}?"),
    "row": ("{where} 的 {what}？", "{what} of {where}?"),
    "list_first": ("有没有 {what}？", "Is there any {what}?"),
    "list_more": ("{what} 已填{n}行，还有吗？", "{what}: {n} on record. Is there any more?"),
    "list_how": (
        "1 加（添一行）  2 完（到决定日没有，或者没有别的）  3 不明；或者写某日（到此日为止齐备）",
        "1 add (one more row)  2 done (none, or no more, until the day decided)  3 unknown; or a day (all until then)",
    ),
    "who": ("由 {who} 认定", "found by {who}"),
    "nobody": ("由谁认定，原文未载明", "by whom it is found, the source does not print"),
    "why": ("影响：{effects}", "it bears on: {effects}"), "others": ("等{n}项", " and {n} more"),
    "if": ("若答 {answer} → {then}", "if {answer} → {then}"),
    "day": ("日期，如 2018-05-01；只知年月的，写 2018-05", "a date: 2018-05-01; 2018-05 if the day is not known"),
    "number": (
        "数量，可带单位；只知大概的，写 至少 2、至多 4",
        "a quantity, with or without its unit; not exact: at_least 2, at_most 4",
    ),
    "text": ("文字", "text"), "refers": ("{of} 的编号", "the number of a row of {of}"),
    "over_time": (
        "前后不同的，写 2015-01-01 甲；2018-05-01 乙",
        "if it changed: 2015-01-01 A; 2018-05-01 B",
    ),
    "none": ("无", "none"),
    "help": (
        "不明 = 问过而不知；返回 = 退回上一问；？ = 为何问；退出 = 到此为止",
        "unknown = asked and not known; back = the question before; ? = why; quit = end here",
    ),
    "wrong": ("未能采用：{why}", "Not taken: {why}"),
    "no_back": ("这是第一问。", "This is the first question."),
    "row_begun": ("{what}：", "{what}:"),
    "settled": ("不必再问：所问的都已定。", "There is nothing more to ask: what was asked is settled."),
    "exhausted": (
        "没有可以再问的了；余下的未定，见“尚缺”。",
        "Nothing more can be asked; what is left open is told under “missing”.",
    ),
    "ended": ("问到此为止。", "Ended here."),
    "written": ("记录已写入 {path}", "The record is in {path}"),
}  # fmt: skip

# What may be typed in the place of a value, in either tongue.
WORDS: Final[dict[str, str]] = {
    "返回": "back", "back": "back", "退出": "quit", "quit": "quit", "?": "why", "？": "why", "加": "add", "add": "add",
    "有": "add", "yes": "add", "没有": "done", "no": "done",
    "完": "done", "done": "done", "齐备": "done", "complete": "done",
    "不明": "不明", "unknown": "不明", "not_known": "不明", "不能认定": "不能认定", "unanswerable": "不能认定",
    "待认定": "待认定", "pending": "待认定", "无": "无", "none": "无", "not_applicable": "无",
}  # fmt: skip

# A list's own choices, as they are numbered.
_OF_LIST: Final = {"1": "add", "2": "done", "3": "pass"}


class Interviewing:
    """Says the questions of one conversation in one tongue."""

    def __init__(self, w: Wording):
        self.w = w

    def say(self, key: str, **of: object) -> str:
        return SAID[key][0 if self.w.zh else 1].format(**of)

    def question(self, asking: Asking, decision: Decision, rows: int) -> Iterator[str]:
        """The question, its choices, and what waits for it."""
        w, shape = self.w, decision.policy.shape
        if asking.kind == "list":
            yield self.say("list_more" if rows else "list_first", what=w.name(asking.name), n=rows)
            yield "  " + self.say("list_how")
        else:
            what = w.source(asking.gap.node) if isinstance(asking.gap.node, Finding) else w.name(asking.name)
            where = w.element(asking.list, asking.row) if asking.list is not None else ""
            yield self.say("row", where=where, what=what) if where else self.say("ask", what=what)
            if asking.kind == "finding":
                question = shape.findings[asking.name]
                ground = w.paren(w.list_sep.join(question.basis)) if question.basis else ""
                if question.text:
                    yield f"  {question.text}{ground}"
                unprinted = asking.gap.who == ("未载明",)
                yield "  " + (self.say("nobody") if unprinted else self.say("who", who=w.supplier(asking.gap)))
            yield from (f"  {line}" for line in self.choices(asking, decision))
        names = list(dict.fromkeys(w.effect(c.effect) for c in asking.waiting))
        more = self.say("others", n=len(names) if w.zh else len(names) - NAMED) if len(names) > NAMED else ""
        yield "  " + self.say("why", effects=w.list_sep.join(names[:NAMED]) + more)

    def choices(self, asking: Asking, decision: Decision) -> Iterator[str]:
        """What may be answered."""
        type = asking.type
        assert type is not None
        w = self.w
        fields = decision.policy.shape.lists[asking.list].fields if asking.kind == "field" and asking.list else {}
        of = fields[asking.name].refers_to if fields else ""
        if of:
            have = w.list_sep.join(r.id or "" for r in decision.given.lists[of].known)
            yield self.say("refers", of=w.name(of)) + (w.paren(have) if have else "")
        elif type.finite:
            yield "  ".join(f"{i} {w.option(o)}" for i, o in enumerate(options(type), 1))
        else:
            yield self.say(type.kind)
        if type.may_be_none and not type.finite:
            yield self.say("none")
        if asking.kind == "fact" and decision.policy.shape.facts[asking.name].over_time:
            yield self.say("over_time")

    def why(self, asking: Asking, decision: Decision) -> Iterator[str]:
        """Which outcomes wait and on what ground, and what each answer worth supposing would make of them."""
        w = self.w
        for c in asking.waiting:
            ground = tuple(dict.fromkeys(b for g in c.grounds if g.fires.value == v.UNKNOWN for b in g.basis))
            cited = f"  {w.say('basis')} {w.list_sep.join(ground)}" if ground else ""
            yield f"  {w.line_of(c)}{cited}"
        supposing = Supposing(decision)
        for label, value in supposing.answers(asking.gap, asking.waiting):
            zh, tab, en = label.partition("\t")
            then = supposing.results(asking.gap, value, asking.waiting)
            moved = [(c, mask) for c, mask in zip(asking.waiting, then, strict=True) if mask != c.whole]
            if moved:
                told = w.semi.join(f"{w.effect(c.effect)} {w.status(mask)}" for c, mask in moved)
                yield "  " + self.say("if", answer=en if tab and not w.zh else w.option(zh), then=told)


def options(type: v.Type) -> Sequence[str]:
    """The options of a type as they are numbered in a question: 是 before 否, 无 last."""
    named = tuple(reversed(type.options)) if type.options == v.YES_NO.options else type.options
    return (*named, "无") if type.may_be_none else named


def meant(text: str, type: v.Type | None, w: Wording) -> tuple[str, str]:
    """What was typed: ('value', a value as the record keeps it), or a word of the conversation. An option's own name
    goes before the words."""
    typed = text.strip()
    if type is not None and type.finite:
        named = options(type)
        if typed.isdecimal() and 1 <= int(typed) <= len(named):
            return "value", named[int(typed) - 1]
        chinese = w.lexicon.chinese.get(typed, typed)
        if chinese in type.options:
            return "value", chinese
    if type is None and typed in _OF_LIST:
        return _OF_LIST[typed], ""
    word = WORDS.get(typed.lower(), "")
    if word in ("不明", "不能认定", "待认定", "无"):
        return ("done" if word == "无" else "pass") if type is None else "value", word
    if word in ("add", "done") and type is not None:
        # Where a value is wanted these are only words.
        return "value", typed
    return (word, "") if word else ("value", typed)
