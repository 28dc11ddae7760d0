"""What trials of a regime's cases found: what they reach, and which slips none of them notices."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from .. import model as m
from ..cases import mask_words
from ..language import syntax as s
from ..language.fmt import Writer
from ..language.lexer import Lexicon
from ..language.source import Span
from ..trials.coverage import Goal, Reached
from ..trials.mutants import Slip, Trial
from ..trials.search import Hanging, Same, Telling
from ..values import shown_day
from .analysis import rows_said

KINDS: Final = {
    "provision": ("规定", "provisions"), "condition": ("条件", "conditions"), "exception": ("除外", "exceptions"),
    "option": ("效果选项", "options"), "transition": ("环节去向", "transitions"), "reading": ("解读", "readings"),
}  # fmt: skip
_WAYS: Final = {
    ("provision", "yes"): ("未见成立", "never arises"), ("provision", "no"): ("未见不成立", "never fails to arise"),
    ("condition", "yes"): ("未见为真", "never true"), ("condition", "no"): ("未见为假", "never false"),
    ("exception", "yes"): ("未见适用除外", "never taken"), ("exception", "no"): ("未见不适用除外", "always taken"),
    ("option", "yes"): ("未见得出", "never yielded"), ("transition", "yes"): ("未见走过", "never followed"),
    ("reading", "yes"): ("未见取此义", "never chosen"),
}  # fmt: skip
_MARK: Final = re.compile(r"^\s*(?:（[一二三四五六七八九十百]+）|\(\d+\) )")


class Said:
    """Trials in one tongue."""

    def __init__(self, lexicon: Lexicon, lang: str):
        self.lexicon, self.lang = lexicon, lang
        self.writer = Writer(lexicon, lang)

    def pick(self, pair: tuple[str, str]) -> str:
        return pair[self.lang == "en"]

    def name(self, name: str) -> str:
        return self.lexicon.written(name, self.lang)

    # What the cases reach.

    def what(self, g: Goal) -> str:
        """A condition as it is written; anything else by its name."""
        return g.what if g.kind == "condition" else self.name(g.what)

    def goal(self, g: Goal, open: bool) -> str:
        """One line: the place, the provision, what was never seen."""
        what = self.what(g)
        never = self.pick(_WAYS[g.kind, g.way])
        if open:
            never += self.pick(("（只见未定）", " (only ever unknown)"))
        of = self.name(g.declaration)
        sep = "：" if self.lang == "zh" else ": "
        return f"{g.span} {of}{sep}{what} {never}" if g.what != g.declaration else f"{g.span} {of}{sep}{never}"

    def reached(self, r: Reached) -> Iterator[str]:
        """The totals, and what is missing."""
        for kind, met, total in r.totals():
            yield f"{self.pick(KINDS[kind])} {met}/{total}"
        zh = f"{r.heard} 个案例，见到 {len(r.met)}/{len(r.goals)}（{r.share:.1f}%）"
        yield self.pick((zh, f"{r.heard} cases, {len(r.met)} of {len(r.goals)} seen ({r.share:.1f}%)"))
        for g in r.missing:
            yield self.goal(g, g in r.open)

    # What they would notice.

    def difference(self, slip: Slip) -> list[str]:
        """The lines that change, before (-) and after (+), without the numbers of items."""
        before, after = ([_MARK.sub("", x).strip() for x in self.lines(d)] for d in (slip.declaration, slip.changed))
        return [x for x in difflib.ndiff(before, after) if x[0] in "+-"]

    def lines(self, d: s.Declaration) -> list[str]:
        return self.writer.declaration(d)

    def statuses(self, masks: tuple[int, int]) -> str:
        """What is concluded: one status, or both lines where they differ."""
        whole, printed = (mask_words(x).split("\t")[self.lang == "en"] for x in masks)
        if whole == printed:
            return whole
        return self.pick(
            (f"就已载明者{printed}，全文{whole}", f"on what is printed {printed}, on the whole text {whole}")
        )

    def place(self, t: Telling | Hanging) -> str:
        effect, of, row = t.place
        where = f"{self.name(of)} {row.id}{'：' if self.lang == 'zh' else ': '}" if of and row else ""
        return where + self.name(effect)

    def survivor(self, slip: Slip, told: Telling | Hanging | Same | None) -> Iterator[str]:
        """One slip that no case notices, and the record that would."""
        kind = self.pick((slip.operator.zh, slip.operator.en))
        name = self.name(slip.declaration.name.text) if slip.declaration.name else ""
        yield f"{slip.span} {name}{self.pick((f'（{kind}）', f' ({kind})'))}"
        yield from (f"  {x}" for x in self.difference(slip))
        if isinstance(told, Same):
            yield f"  {self.same(told)}"
            return
        if isinstance(told, Hanging):
            yield f"  {self.hanging(told)}"
            return
        if told is None:
            yield "  " + self.pick(
                (
                    "没有找到能区分二者的记录（或许同义）",
                    "no record found that tells them apart (perhaps they mean the same)",
                )
            )
            return
        before, after = self.statuses(told.before), self.statuses(told.after)
        yield "  " + self.pick(
            (
                f"{self.place(told)}：原文{before}，改后{after}",
                f"{self.place(told)}: {before} as written, {after} with the slip",
            )
        )
        if told.known is not None and told.known.name is not None:
            known = self.name(told.known.name.text)
            yield "  " + self.pick(
                (
                    f"案例“{known}”就是这样的记录，只是没有说到这一项：",
                    f"the case “{known}” has this record, and states nothing of it:",
                )
            )
        yield from (f"    {x}" for x in self.lines(told.case))

    def same(self, x: Same) -> str:
        """Within which bounds no record tells a slip apart."""
        (first, last), rows = map(shown_day, x.days), rows_said(x.rows, self.lexicon, self.lang)
        return self.pick(
            (
                f"同义：决定日在 {first} 至 {last} 之间、{rows}的记录，没有一份能区分二者",
                f"equivalent within {first} to {last} and {rows}: no such record tells them apart",
            )
        )

    def hanging(self, x: Hanging) -> str:
        """What is not printed and would have to be supposed for a slip to make a difference."""
        before, after = (self.statuses((mask, mask)) for mask in (x.before, x.after))
        zh, en = "、".join(f"“{name}”" for name in x.things), ", ".join(f"“{name}”" for name in x.things)
        return self.pick(
            (
                f"要看没有载明的{zh}：设了它，{self.place(x)}才会原文{before}、改后{after}；案例说不出没有载明的",
                f"hangs on what is not printed, {en}: only supposing it is {self.place(x)} {before} as written and "
                f"{after} with the slip, and no case can state what is not printed",
            )
        )

    def trial(self, t: Trial, told: Sequence[Telling | Hanging | Same | None]) -> Iterator[str]:
        """What survives, and the totals."""
        for x, found in zip(t.survived, told, strict=True):
            yield from self.survivor(x.slip, found)
            yield ""
        apart, same, hang = (sum(isinstance(x, kind) for x in told) for kind in (Telling, Same, Hanging))
        proved = (f"，{same} 处证明同义", f", {same} proved equivalent") if same else ("", "")
        if hang:
            zh, en = f"，{hang} 处要看没有载明的", f", {hang} hang on what is not printed"
            proved = proved[0] + zh, proved[1] + en
        zh = (
            f"{t.tried} 处改动，案例看出 {len(t.killed)} 处，看不出 {len(t.survived)} 处"
            f"（其中 {apart} 处有记录能区分{proved[0]}）"
        )
        en = (
            f"{t.tried} slips tried: {len(t.killed)} noticed by a case, {len(t.survived)} not"
            f" ({apart} of these are told apart by a record{proved[1]})"
        )
        yield self.pick((zh, en))
        zh = f"另有 {t.refused} 处通不过检查，{t.idle} 处不影响案例能说的结论"
        en = f"besides: {t.refused} that check no longer, {t.idle} that bear on nothing a case can state"
        if t.left:
            zh, en = f"{zh}，{t.left} 处没有试", f"{en}, {t.left} left untried"
        yield self.pick((zh, en))


# For other programs.


def _at(span: Span) -> dict[str, Any]:
    line, column = span.source.place(span.start)
    return {"file": span.source.name, "line": line, "column": column}


def reached_json(r: Reached, said: Said) -> dict[str, Any]:
    """Totals by kind, and every goal that no case reaches."""
    return {
        "share": round(r.share, 2),
        "totals": {kind: {"seen": met, "of": total} for kind, met, total in r.totals()},
        "missing": [
            {**_at(g.span), "provision": said.name(g.declaration), "kind": g.kind,
             "what": said.what(g), "never": g.way, "only_unknown": g in r.open}
            for g in r.missing
        ],
    }  # fmt: skip


def trial_json(t: Trial, told: Sequence[Telling | Hanging | Same | None], said: Said) -> dict[str, Any]:
    """Totals by kind of slip, and every slip that no case notices, with the record that would."""
    return {
        "tried": t.tried, "killed": len(t.killed), "survived": len(t.survived), "refused": t.refused, "idle": t.idle,
        "untried": t.left,
        "by_kind": {k: {"killed": dead, "survived": alive} for k, (dead, alive) in t.by_operator.items()},
        "survivors": [
            {**_at(x.slip.span), "kind": x.slip.operator.key,
             "provision": said.name(x.slip.declaration.name.text) if x.slip.declaration.name else "",
             "difference": said.difference(x.slip),
             "told_apart": _told(found, said) if isinstance(found, Telling) else None,
             "equivalent_within": _within(found) if isinstance(found, Same) else None,
             "hangs_on": list(found.things) if isinstance(found, Hanging) else None}
            for x, found in zip(t.survived, told, strict=True)
        ],
    }  # fmt: skip


def _within(x: Same) -> dict[str, Any]:
    return {"decided": [shown_day(d) for d in x.days], "rows": dict(x.rows)}


def _told(t: Telling, said: Said) -> dict[str, Any]:
    def lines(masks: tuple[int, int]) -> dict[str, list[str]]:
        whole, printed = ([k for i, k in enumerate(m.STATUSES) if mask >> i & 1] for mask in masks)
        return {"printed": printed, "whole": whole}

    effect, of, row = t.place
    return {
        "effect": said.name(effect), "list": said.name(of) if of else None, "row": row.id if row else None,
        "as_written": lines(t.before), "with_the_slip": lines(t.after),
        "already_in": said.name(t.known.name.text) if t.known and t.known.name else None,
        "case": "\n".join(said.lines(t.case)),
    }  # fmt: skip
