"""Random policies, records and ways to learn, each from one seed.

`Conditions` grows conditions and values as trees the parser itself could have made, to the types of the vocabulary;
`Policies` grows whole packs of such trees; `person` a partly known record as plain data, and `learn` adds to one and
never takes back. Nothing grown is thrown away unseen: `grow` counts what does not check and fails above one in ten.
"""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from functools import cache
from typing import Any

from attrs import define, evolve, field, frozen

from policy_dsl import model as m
from policy_dsl.check import Checked, check
from policy_dsl.language import syntax as s
from policy_dsl.language.fmt import fmt
from policy_dsl.language.lexer import RESERVED, Lexicon
from policy_dsl.language.parse import lexicon, names
from policy_dsl.language.source import Source
from policy_dsl.model import Shape
from policy_dsl.pack import Pack
from policy_dsl.record import Reader, Record
from policy_dsl.values import DAY, TEXT, YES_NO, Type, number
from policy_dsl.working_days import Calendar

VOCABULARY = """\
词汇 试验词汇 trial_words
    # 有开口的类，有先后的序，寻常的类。
    类 身份 identity：公务员 civil_servant、事业人员 institution_staff、村社干部 village_cadre、等
    类 牌 card：红牌 red、黄牌 yellow、未亮牌 no_card
    序 职级 rank：办事员 clerk ＜ 科员 section_member ＜ 副科 deputy_section ＜ 正科 section
    序 情节 gravity：轻微 minor ＜ 较重 serious ＜ 严重 grave
    类 行为类型 conduct_kind：迟到 late、早退 early_leave、旷工 absence、饮酒 drinking、等
    类 考核结果 stage_result：合格 qualified、不合格 not_qualified
    事实 身份 identity：身份 随时间
    事实 职级 rank：职级 随时间 可无
    事实 党员 party_member：是否 随时间
    事实 已退休 retired：是否
    事实 有悔改 repentant：是否 可无
    事实 现牌 current_card：牌
    事实 单位 unit：文本 随时间
    事实 籍贯 home：文本 可无
    事实 出生日 born_on：日期
    事实 退休日 retired_on：日期 可无
    事实 工龄 seniority：年
    事实 罚款 fine：元 可无
    事实 绩效 merit：比例
    事实 综合分 score：分 随时间
    事实 谈话数 talks：次
    事实 借调期 secondment：个月 可无
    事实 病假 sick_leave：日
    事实 名次 place：数值 可无
    清单 行为 conduct（发生日）：发生日 happened_on：日期、类型 kind：行为类型、情节 gravity：情节 可无、天数 days_lost：日、损失 loss：元 可无、扣分 points_off：分、不良后果 ill_effect：是否、被胁迫 coerced：是否 可无、事由号 incident：文本、年度 for_year：年、知悉日 learnt_on：日期 可无
    清单 处理 measure（生效日）：生效日 effective_on：日期、止日 until_day：日期 可无、种类 type：任一效果、月数 months_set：个月 可无、所属行为 of_conduct：行为 可无、监察作出 by_supervision：是否、事由号 incident：文本 可无
    清单 环节 stage（开始日）：开始日 started_on：日期、所属行为 of_conduct：行为、名称 name：环节名、结束日 ended_on：日期 可无、结果 result：考核结果 可无、愿接收 willing：是否 可无
    清单 考核 appraisal（评定日）：评定日 assessed_on：日期、年度 for_year：年、牌 card：牌、名次差 place_gap：数值 可无、折扣 discount：比例
    效果 处分 sanction 不利 由轻到重：警告 warning ＜ 记过 demerit ＜ 撤职 removal
    效果 管理 handling 中性：谈话 talk、培训 training、跟踪 tracking
    效果 待遇 pay 不利：扣奖 award_cut（比例）、罚没 forfeit（元）、停薪 pay_stopped
    效果 宽免 leniency 有利：免责 exempt、减责 reduce
    机关 县委 county_committee、人事局 personnel_bureau、监察组 supervision_group、所在单位 own_unit
"""

TEXTS = ("甲", "乙", "丙")
NUMBERS: dict[str, tuple[str, ...]] = {
    "times": ("0", "1", "2", "3", "4"), "days": ("0", "1", "5", "10", "30"), "weeks": ("1", "2"), "working_days": ("0", "1", "5", "12"),
    "months": ("1", "2", "6", "12"), "years": ("2014", "2015", "2016", "2017", "2018", "3", "10"),
    "yuan": ("0", "100", "999.99", "20000", "-5"), "points": ("0", "3.5", "60", "-2", "-0.125"),
    "percent": ("0", "30", "12.5", "100"), "number": ("0", "1", "2.5", "7"),
}  # fmt: skip
# Some of the years that days fall in, and not all.
CALENDAR = Calendar.of({y: ((datetime.date(y, 5, 1), datetime.date(y, 10, 3)), (datetime.date(y, 10, 7),)) for y in (2015, 2016, 2017)})
UNITS_OF = {"days": ("days", "days", "weeks")}
EPOCH = datetime.date(2014, 1, 1).toordinal()
SPAN = 6 * 365
REMARKS = (
    "只此一例", "数额未载明，不得类推", "“不予追究”的含义、范围见原文；与第三条（二）对看", "时长：一个月 # 不是注释", "a remark in English",
    "依据（一）办理",
)  # fmt: skip
CITES = ("A-01", "B-12", "C-03.a", "甲法第三条", "甲法第三条第二款第（一）项", "《乙办法》第十二条之一")
# Heads that begin like a keyword, or with what a keyword leaves over (取小 and 取 小数): to be cut only one way.
HEADS = (
    "误工", "失察", "红牌", "同案", "累犯", "从轻", "不当", "有错", "自查", "本级", "取证", "无故", "为公", "至重", "由来", "和解",
    "因公", "等外", "三次", "年末差", "是非", "在近处", "处分", "行为类型", "小数", "大额", "者称", "次数差", "最高额", "合计外", "最近年",
    "种数上", "上限", "下限", "内勤", "于本县", "不明原因", "其余款", "末", "次",
)  # fmt: skip
TAILS = ("情形", "人员", "事项", "次数", "期限", "之日", "最高额", "合计数", "类型", "内")
MORE = "甲乙丙丁戊己庚辛"
ATOMS = (s.Name, s.Date, s.Quote, s.Gap, s.Quantity, s.Word, s.Apply, s.ApplyWord, s.Group, s.This, s.FieldOf, s.Measure, s.Crowded)
ORDER_OPS = ("at_least", "at_most", "over", "under")
DUTIES = ("must", "principle_must", "generally_must", "basically_must")
DAY_OPS = ("before", "after", "not_before", "not_after")


@cache
def vocabulary() -> tuple[Shape, Mapping[str, Type], Mapping[str, tuple[str, ...]], Lexicon]:
    """The vocabulary alone: its shape, classes, effect groups and names."""
    source = Source("vocabulary.policy", VOCABULARY)
    checked = check(Pack("vocabulary", (source,)))
    assert checked.policy is not None, checked.findings
    classes, groups = {}, {}
    for line in checked.documents[0].declarations[0].clauses:
        assert isinstance(line, s.Line)
        entries = tuple(e.name.text for e in line.entries if isinstance(e, s.Entry))
        if line.name is not None and line.kind in ("class", "order"):
            classes[line.name.text] = Type("finite", line.name.text, entries, line.kind == "order", open=line.open)
        if line.name is not None and line.kind == "effect":
            groups[line.name.text] = entries
    return checked.policy.shape, classes, groups, checked.lexicon


@frozen
class Defined:
    """A definition: what it is of, its type, how many lists deep it reads, whether it says 本."""

    name: str
    list: str | None
    type: Type
    depth: int
    this: bool


@frozen
class Ruled:
    """A rule or stage: its list, whether it imposes a duty, whether it is a national one."""

    name: str
    list: str | None
    duty: bool
    national: bool


@define
class World:
    """What the conditions of a policy may name."""

    facts: dict[str, Type]
    lists: dict[str, dict[str, Type]]
    definitions: list[Defined] = field(factory=list)
    parameters: dict[str, Type] = field(factory=dict)
    keyed: dict[str, tuple[Type, Type]] = field(factory=dict)
    readings: dict[str, tuple[str, ...]] = field(factory=dict)
    findings: dict[str, tuple[str | None, Type]] = field(factory=dict)
    stages: dict[str, str] = field(factory=dict)
    effects: tuple[str, ...] = ()

    @classmethod
    def new(cls) -> World:
        shape = vocabulary()[0]
        return cls(
            {n: f.type for n, f in shape.facts.items()},
            {n: {k: f.type for k, f in x.fields.items()} for n, x in shape.lists.items()},
            effects=tuple(shape.effects),
        )

    def type(self, t: Type) -> Type:
        """The types that name every stage or effect of the pack."""
        return evolve(t, options=tuple(self.stages)) if t.name == "stage_name" else t


@frozen
class Here:
    """Where a condition stands: the lists in view, and the stage whose facts are in view."""

    rows: tuple[str, ...] = ()
    stage: str | None = None

    @property
    def room(self) -> int:
        return 2 - len(self.rows)

    def inside(self, of: str) -> Here:
        return Here((*self.rows, of))


def fits(want: Type) -> Callable[[Type], bool]:
    """Types that compare with *want*."""
    if want.finite:
        return lambda t: t.finite and t.options == want.options
    return lambda t: t.kind == want.kind and t.unit == want.unit


class Conditions:
    """Conditions and values, type by type, in the shapes the grammar gives them."""

    def __init__(self, rng: random.Random, world: World):
        self.rng, self.world = rng, world
        # How often a date, a condition or a value is one the text does not print.
        self.gaps = rng.choice((0.0, 0.03, 0.1))
        self.clear = False

    # What is in view.

    def leaves(self, h: Here) -> list[tuple[s.Node, Type]]:
        w, rng = self.world, self.rng
        found: list[tuple[s.Node, Type]] = []
        inner = h.rows[-1] if h.rows else None
        fields = dict(w.lists[inner]) if inner else {}
        if h.stage is not None and len(h.rows) == 1:
            fields |= {f: evolve(t, may_be_none=True) for f, t in w.lists["环节"].items()}
        for f, t in fields.items():
            found += [(s.Name(f), w.type(t))] * 3
        for f, t in w.facts.items():
            if f not in fields:
                found.append((s.Name(f), w.type(t)))
                if rng.random() < 0.1:
                    found.append((s.FieldOf(s.Word("MOMENT", "decision_day"), s.Name(f)), w.type(t)))
        for f, (of, t) in w.findings.items():
            if of in (None, inner):
                found += [(s.Name(f), t)] * 2
        for f, t in w.parameters.items():
            found.append((s.Name(f), t))
        for d in w.definitions:
            if d.list is None or (d.list == inner and d.depth <= h.room and not (d.this and len(h.rows) > 1)):
                found.append((s.Name(d.name), d.type))
        if h.rows:
            of = h.rows[0]
            own = [*w.lists[of].items(), *((f, t) for f, (x, t) in w.findings.items() if x == of)]
            found += [(s.FieldOf(s.This(s.Name(of)), s.Name(f)), w.type(t)) for f, t in own]
            if inner is not None and rng.random() < 0.2 and h.stage is None:
                found += [(s.FieldOf(s.Name(inner), s.Name(f)), w.type(t)) for f, t in w.lists[inner].items()]
            if of == "行为" and inner is not None:
                for stage in w.stages:
                    found += [
                        (s.FieldOf(s.Name(stage), s.Name(f)), evolve(w.type(t), may_be_none=True))
                        for f, t in w.lists["环节"].items() if f not in ("名称", "所属行为")
                    ]  # fmt: skip
            found += [(s.This(s.Name(of)), TEXT)] * (of == "行为")
        return [x for x in found if not x[1].finite or x[1].options]

    def leaf(self, h: Here, ok: Callable[[Type], bool]) -> tuple[s.Node, Type] | None:
        found = [x for x in self.leaves(h) if ok(x[1])]
        return self.rng.choice(found) if found else None

    # Conditions.

    def truth(self, h: Here, d: int) -> s.Node:
        """A condition; joined ones need no brackets here."""
        if d > 0 and self.rng.random() < 0.4:
            op = self.rng.choice(("and", "or"))
            return s.Connected(op, tuple(self.unit(h, d - 1) for _ in range(self.rng.choice((2, 2, 3)))))
        return self.unit(h, d)

    def unit(self, h: Here, d: int) -> s.Node:
        """One condition that stands by itself."""
        rng = self.rng
        if rng.random() < self.gaps:
            return self.gap()
        while True:
            made = rng.choice(
                (self.plain, self.finite, self.finite, self.numbers, self.numbers, self.days, self.texts, self.taken)
                + ((self.negation, self.some, self.some, self.grouped, self.deep) if d > 0 else ())
            )(h, d)
            if made is not None:
                return made

    def gap(self) -> s.Node:
        kind = self.rng.choice(("unprinted", "unprinted", "masked", "unverified"))
        return s.Gap(kind, self.rng.choice(("", "另外三种情形", "见附件")))

    def plain(self, h: Here, d: int) -> s.Node | None:
        """A yes-or-no name, a definition, or one compared with 是 or 否."""
        found = self.leaf(h, lambda t: t.options == YES_NO.options)
        if found is None or self.rng.random() < 0.03:
            return s.Word("TRUTH", self.rng.choice(("yes", "no")))
        if self.rng.random() < 0.2:
            word = s.Word("TRUTH", self.rng.choice(("yes", "no")))
            return s.Comparison(self.rng.choice(("is", "is_not")), found[0], word)
        return found[0]

    def finite(self, h: Here, d: int) -> s.Node | None:
        rng = self.rng
        found = self.leaf(h, lambda t: t.kind == "finite" and t.options != YES_NO.options)
        if found is None:
            return None
        left, type = found
        if d > 0 and rng.random() < 0.2:
            left = self.measured(h, d, lambda t: t == type, ("latest",)) or left
        if rng.random() < 0.1 and (other := self.leaf(h, fits(type))):
            return s.Comparison(rng.choice(("is", "is_not")), left, other[0])
        options = tuple(s.Name(o) for o in rng.sample(type.options, rng.randint(1, max(1, len(type.options) - 1))))
        if type.ordered and rng.random() < 0.5:
            op = rng.choice((*ORDER_OPS, *DAY_OPS[2:]))
            if rng.random() < 0.2 and len(type.options) > 1:
                low, high = sorted(rng.sample(range(len(type.options)), 2))
                return s.Between(left, s.Name(type.options[low]), s.Name(type.options[high]))
            return s.Comparison(op, left, options[0])
        if type.name == "effect" and rng.random() < 0.3:
            ranked = [n for n, x in vocabulary()[0].effects.items() if x.rank is not None]
            return s.Comparison(rng.choice((*ORDER_OPS, *DAY_OPS[2:])), left, s.Name(rng.choice(ranked)))
        if type.name == "effect" and rng.random() < 0.4:
            return s.Comparison(rng.choice(("in", "not_in")), left, s.Name(rng.choice(list(vocabulary()[2]))))
        if rng.random() < 0.5:
            return s.Comparison(rng.choice(("in", "in", "not_in")), left, s.SetOf(options, rng.random() < 0.3))
        return s.Comparison(rng.choice(("is", "is", "is_not")), left, options[0])

    def numbers(self, h: Here, d: int) -> s.Node | None:
        rng = self.rng
        want = number(rng.choice(("times", "days", "months", "years", "yuan", "points", "percent", "number")))
        left = self.sum(want, h, d, constant=False)
        if left is None:
            return None
        if rng.random() < 0.15:
            low, high = sorted(self.amount(want).number for _ in range(2))
            strict = low < high and rng.random() < 0.2
            return s.Between(left, s.Quantity(low, want.unit), s.Quantity(high, want.unit), "over" if strict else "at_least", "at_most")
        right = self.amount(want) if d <= 0 or rng.random() < 0.6 else self.sum(want, h, d - 1)
        if isinstance(right, s.Quantity) and rng.random() < 0.1:
            right = evolve(right, unit="number")
        if want.unit == "years" and isinstance(right, s.Quantity) and right.number > 2000 and rng.random() < 0.5:
            right = s.Date((int(right.number), 0, 0))
        return s.Comparison(rng.choice((*ORDER_OPS, *ORDER_OPS, "is", "is_not")), left, right or self.amount(want))

    def days(self, h: Here, d: int) -> s.Node | None:
        rng = self.rng
        left = self.day(h, d, constant=False)
        if left is None:
            return None
        if rng.random() < 0.1 and not isinstance(left, s.Shifted):
            return s.Within(left, self.length())
        if rng.random() < 0.1 and not isinstance(left, s.Shifted):
            low, high = sorted(rng.randrange(SPAN) for _ in range(2))
            return s.Between(left, full(EPOCH + low), full(EPOCH + high))
        return s.Comparison(rng.choice((*DAY_OPS, *DAY_OPS, "is", "is_not")), left, self.day(h, d - 1))

    def texts(self, h: Here, d: int) -> s.Node | None:
        rng = self.rng
        found = self.leaf(h, lambda t: t.kind == "text")
        if found is None:
            return None
        other = self.leaf(h, lambda t: t.kind == "text")
        right = other[0] if other and rng.random() < 0.4 else s.Quote(rng.choice(TEXTS))
        return s.Comparison(rng.choice(("is", "is", "is_not")), found[0], right)

    def taken(self, h: Here, d: int) -> s.Node | None:
        if not self.world.readings or self.rng.random() < 0.5:
            return None
        name = self.rng.choice(list(self.world.readings))
        option = self.rng.choice(self.world.readings[name])
        right = s.Name(option) if not option.startswith("=") else quantity(option[1:])
        return s.Comparison("taken_as", s.Name(name), right)

    def negation(self, h: Here, d: int) -> s.Node:
        return s.Negation(self.truth(h, d - 1))

    def grouped(self, h: Here, d: int) -> s.Node:
        return s.Group(self.truth(h, d - 1))

    def some(self, h: Here, d: int) -> s.Node | None:
        if h.room <= 0:
            return None
        of = self.rng.choice(list(self.world.lists))
        return s.Some(s.Name(of), self.filters(h, d, of), self.rng.random() < 0.35)

    def deep(self, h: Here, d: int) -> s.Node | None:
        """A list read as a condition, or a count held against a small number: the commonest form of all."""
        if h.room <= 0:
            return None
        of = self.rng.choice(list(self.world.lists))
        parts = self.filters(h, d, of)
        if parts and self.rng.random() < 0.15:
            return s.Apply(s.Name(of), parts)
        owner = s.Apply(s.Name(of), parts) if parts else s.Name(of)
        return s.Comparison(self.rng.choice(ORDER_OPS), s.Measure(owner, None, "count"), self.amount(number("times")))

    def filters(self, h: Here, d: int, of: str) -> tuple[s.Node, ...]:
        return tuple(self.truth(h.inside(of), d - 1) for _ in range(self.rng.choice((0, 1, 1, 2))))

    # Values.

    def amount(self, type: Type) -> s.Quantity:
        unit = self.rng.choice(UNITS_OF.get(type.unit, (type.unit,)))
        return s.Quantity(Decimal(self.rng.choice(NUMBERS[unit])), unit)

    def sum(self, type: Type, h: Here, d: int, constant: bool = True) -> s.Node | None:
        """A number, perhaps worked out."""
        rng = self.rng
        if d > 0 and rng.random() < 0.25 and (left := self.sum(type, h, d - 1, constant=False)):
            if rng.random() < 0.3 and isinstance(left, ATOMS):
                factor = s.Quantity(Decimal(rng.choice((0, 1, 2, 3))), rng.choice(("times", "number")))
                return s.Arithmetic("*", factor, left) if rng.random() < 0.5 else s.Arithmetic("*", left, factor)
            right = self.atom(type, h, d - 1)
            return left if right is None else s.Arithmetic(rng.choice("+-"), left, right)
        return self.atom(type, h, d, constant)

    def atom(self, type: Type, h: Here, d: int, constant: bool = True) -> s.Node | None:
        rng = self.rng
        found = self.leaf(h, fits(type))
        choices: list[s.Node | None] = [found[0] if found else None] * 2
        if constant:
            choices.append(self.amount(type))
        if d > 0 and h.room > 0:
            choices += [self.measured(h, d, fits(type), ("sum", "max", "min", "latest"))]
            if type.unit == "times":
                choices += [self.counted(h, d)] * 2
            if type.unit == "years" and rng.random() < 0.5:
                choices.append(self.run(h, d))
        if d > 0 and rng.random() < 0.3:
            parts = tuple(x for _ in range(2) if (x := self.sum(type, h, d - 1, constant=False)) is not None)
            if parts:
                choices.append(s.ApplyWord(rng.choice(("least", "most")), parts))
            if inside := self.sum(type, h, d - 1, constant=False):
                choices.append(s.Group(inside))
        for name, (key, gives) in self.world.keyed.items():
            if fits(type)(gives) and (argument := self.leaf(h, fits(key))):
                choices.append(s.Apply(s.Name(name), (argument[0],)))
        made = [c for c in choices if c is not None]
        return rng.choice(made) if made else None

    def counted(self, h: Here, d: int) -> s.Node:
        of = self.rng.choice(list(self.world.lists))
        owner = self.owner(h, d, of)
        if self.rng.random() < 0.3:
            kinds = [f for f, t in self.world.lists[of].items() if f != "知悉日"]
            return s.Measure(owner, s.Name(self.rng.choice(kinds)), "kinds")
        count = s.Measure(owner, None, "count")
        if self.rng.random() < 0.3:
            return s.Crowded(self.length() if self.rng.random() < 0.5 else None, count)
        return count

    def owner(self, h: Here, d: int, of: str) -> s.Node:
        parts = self.filters(h, d, of)
        return s.Apply(s.Name(of), parts) if parts else s.Name(of)

    def run(self, h: Here, d: int) -> s.Node:
        of = self.rng.choice(("行为", "考核"))
        return s.Measure(self.owner(h, d, of), self.rng.choice((None, s.Name("年度"))), "run")

    def measured(self, h: Here, d: int, ok: Callable[[Type], bool], how: Sequence[str]) -> s.Node | None:
        """What the rows of a list come to, of the type asked for."""
        if h.room <= 0:
            return None
        found = [(of, f, t) for of, fields in self.world.lists.items() for f, t in fields.items() if ok(t) and f != "知悉日"]
        found += [(x.list, x.name, x.type) for x in self.world.definitions
                  if x.list and ok(x.type) and x.type.kind != "truth" and x.depth < h.room and not x.this]  # fmt: skip
        if not found:
            return None
        of, name, type = self.rng.choice(found)
        ways = [x for x in how if x == "latest" or (type.kind == "number" or (type.kind == "day" and x != "sum"))]
        return s.Measure(self.owner(h, d, of), s.Name(name), self.rng.choice(ways))

    def day(self, h: Here, d: int, constant: bool = True) -> s.Node:
        rng = self.rng
        found = self.leaf(h, lambda t: t.kind == "day")
        choices: list[s.Node | None] = [found[0] if found else None] * 3
        choices.append(s.Word("MOMENT", rng.choice(("decision_day", "decision_day", "start_day"))))
        if constant:
            choices += [self.date()] * 2
        if d > 0:
            inner = self.day(h, d - 1)
            choices.append(s.Shifted(inner, self.length()))
            choices.append(self.measured(h, d, lambda t: t.kind == "day", ("max", "min", "latest")))
            if rng.random() < 0.3 and (year := self.atom(number("years"), h, d - 1, constant=False)):
                choices.append(s.ApplyWord("year_end", (year,)))
            if rng.random() < 0.3:
                choices.append(s.ApplyWord(rng.choice(("least", "most")), (self.day(h, d - 1), self.day(h, d - 1))))
        return rng.choice([c for c in choices if c is not None])

    def date(self) -> s.Date:
        day = full(EPOCH + self.rng.randrange(SPAN))
        roll = self.rng.random()
        return day if roll < 0.7 or self.clear else s.Date((*day.parts[:2], 0)) if roll < 0.9 else s.Date((day.parts[0], 0, 0))

    def length(self) -> s.Quantity:
        # The calendar does not reach every day a period may: that is something left to ask.
        units = ("days", "days", "months", "years", *(() if self.clear else ("working_days", "weeks")))
        return self.amount(number(self.rng.choice(units))) if self.rng.random() < 0.8 else s.Quantity(Decimal(1), "years")


def full(day: int) -> s.Date:
    """A date printed to the day."""
    d = datetime.date.fromordinal(day)
    return s.Date((d.year, d.month, d.day))


def quantity(text: str) -> s.Quantity:
    amount, unit = text.split(" ")
    return s.Quantity(Decimal(amount), unit)


def depth(e: object, w: World) -> int:
    """How many lists deep an expression reads rows of."""
    inner = max((depth(x, w) for x in children(e)), default=0)
    match e:
        case s.Some() | s.Measure():
            return 1 + inner
        case s.Apply(name=name) if name.text in w.lists:
            return 1 + inner
        case s.FieldOf(owner=s.Name(text=text)) if text in w.stages:
            return 1
        case s.Name(text=text):
            return max((x.depth for x in w.definitions if x.name == text and x.list), default=0)
    return inner


def says_this(e: object) -> bool:
    """Whether an expression says 本, or reads a stage of the element in view."""
    return isinstance(e, s.This | s.FieldOf) or any(map(says_this, children(e)))


def children(e: object) -> Iterable[object]:
    if isinstance(e, tuple):
        return e
    if not isinstance(e, s.Node):
        return ()
    own = (getattr(e, a) for a in e.__attrs_attrs__names()) if hasattr(e, "__attrs_attrs__names") else (
        getattr(e, a.name) for a in type(e).__attrs_attrs__ if a.name != "span")  # fmt: skip
    # A measure's owner is the list it reads, not one more.
    if isinstance(e, s.Measure) and isinstance(e.owner, s.Apply):
        return (e.owner.parts,)
    return tuple(x for x in own if isinstance(x, s.Node | tuple))


# Whole policies.


@frozen
class Grown:
    """A pack as grown: its trees, the names they use, and its texts."""

    documents: tuple[s.Document, ...]
    words: Lexicon
    titles: tuple[str, ...]

    def pack(self, lang: str = "zh", documents: Sequence[s.Document] | None = None) -> Pack:
        texts = [fmt(d, self.words, lang) for d in documents or self.documents]
        return Pack("trial", (VOCABULARY_SOURCE, *(Source(n, t) for n, t in zip(self.titles, texts, strict=False))), calendar=CALENDAR)


VOCABULARY_SOURCE = Source("vocabulary.policy", VOCABULARY)


class Policies:
    """One random pack."""

    def __init__(self, rng: random.Random, clear: bool = False):
        """*clear*: nothing unprinted, no reading, no period to be read either way: what a known record must settle."""
        self.rng, self.clear = rng, clear
        self.world = World.new()
        self.pairs: dict[str, str] = dict(vocabulary()[3].english)
        self.conditions = Conditions(rng, self.world)
        self.rules: list[Ruled] = []
        self.bodies = ("县委", "人事局", "监察组", "所在单位")
        self.count = 0

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    # Names.

    def name(self, english: str) -> s.Name:
        """A new word; many begin or end like keywords or like one another."""
        text = self.rng.choice(HEADS) + self.rng.choice(TAILS)
        while text in self.pairs or text in RESERVED:
            text += self.rng.choice(MORE)
        self.count += 1
        self.pairs[text] = f"{english}_{self.count}"
        return s.Name(text)

    def both(self, name: s.Name) -> tuple[s.Name, str]:
        return name, self.pairs[name.text]

    # Small parts.

    def basis(self) -> s.Clause:
        cites = tuple(s.Citation(c) for c in self.rng.sample(CITES, self.rng.randint(1, 3)))
        return s.Clause("basis", cites)

    def comments(self) -> tuple[str, ...]:
        return tuple(self.rng.choice(("说明一句。", "a comment", "")) for _ in range(self.rng.choice((0, 0, 0, 0, 1, 2))))

    def remark(self) -> list[s.Clause]:
        return [s.Clause("remark", s.Text(self.rng.choice(REMARKS)), (), self.comments())] if self.chance(0.2) else []

    def layer(self) -> list[s.Clause]:
        layers = ("printed", "practice", "principle", "national", "interpretation", "plan", "hypothetical")
        return [s.Clause("layer", (s.Word("LAYER", self.rng.choice(layers)),))] if self.chance(0.15) else []

    def one(self, node: s.Node) -> s.Effects:
        return s.Effects((node,), "one", False)

    def declaration(self, kind: str, name: s.Name, clauses: Iterable[s.Clause], stages: tuple[s.Declaration, ...] = ()) -> s.Declaration:
        return s.Declaration(kind, *self.both(name), tuple(clauses), stages, self.comments())

    def body(self) -> tuple[s.Node, ...]:
        if self.chance(0.2):
            return (s.Gap("unprinted", self.rng.choice(("", "由谁决定"))),)
        return tuple(s.Name(b) for b in self.rng.sample(self.bodies, self.rng.choice((1, 1, 2))))

    def rows(self, h: Here, outcome: Callable[[], s.Node], rest: float = 0.5) -> s.Rows:
        c, n = self.conditions, self.rng.choice((1, 2, 2, 3))
        rows = [
            s.Row(tuple(c.truth(h, 1) for _ in range(self.rng.choice((1, 1, 1, 2)))), outcome(), self.comments())
            for _ in range(n)
        ]
        if self.chance(rest):
            rows.append(s.Row((s.Word("ELSE", "otherwise"),), outcome()))
        return s.Rows(tuple(rows))

    # Instruments.

    def force(self) -> list[s.Clause]:
        c, roll = self.conditions, self.rng.random()
        start = full(EPOCH + 365 + self.rng.randrange(3 * 365))
        if self.clear or roll < 0.45:
            return [s.Clause("in_force", s.Period(start, None))]
        if roll < 0.6:
            return [s.Clause("in_force", s.Period(s.Date((*start.parts[:2], 0)) if self.chance(0.7) else s.Date((start.parts[0], 0, 0)), None))]
        if roll < 0.7:
            end = full(datetime.date(*start.parts).toordinal() + self.rng.randrange(2000))
            return [s.Clause("in_force", s.Period(start, end))]
        if roll < 0.8:
            return [s.Clause("in_force", c.gap())]
        if roll < 0.9:
            return [s.Clause("in_force", s.Period(None, s.Date((*start.parts[:2], 0)), self.rng.choice(DAY_OPS)))]
        return []

    def reach(self) -> list[s.Clause]:
        words = ("milder_of_both", "not_back", "back")
        if self.clear:
            return [s.Clause("reach_back", self.one(s.Word("RETRO", self.rng.choice(words))))]
        match self.rng.choice(["word", "word", "rows", "gap", "follow", "none"]):
            case "word":
                return [s.Clause("reach_back", self.one(s.Word("RETRO", self.rng.choice(words))))]
            case "rows":
                return [s.Clause("reach_back", self.rows(Here(), lambda: self.one(s.Word("RETRO", self.rng.choice(words)))))]
            case "gap":
                return [s.Clause("reach_back", self.one(s.Gap("unprinted")))]
            case "follow":
                return [s.Clause("reach_back", self.one(s.Follow(s.Name("?"))))]
        return []

    def regime(self, above: s.Name | None, **more: tuple[s.Node, ...]) -> s.Declaration:
        rng = self.rng
        clauses = [self.basis()]
        if self.chance(0.6):
            clauses.append(s.Clause("authority", self.body()))
        if above is not None:
            clauses.append(s.Clause("above", (above,)))
        else:
            clauses.append(s.Clause("units", s.Name("单位")))
        clauses += [s.Clause(k, x) for k, x in more.items()]
        clauses += self.force()
        if self.chance(0.3):
            clauses.append(s.Clause("scope", self.conditions.truth(Here(), 1)))
        if above is None or self.chance(0.4):
            clauses += self.reach()
        clauses += self.remark()
        rng.shuffle(clauses)
        return self.declaration("regime", self.name("regime"), clauses)

    # Parameters, readings, findings, definitions.

    def parameter(self) -> s.Declaration:
        rng, w = self.rng, self.world
        type = number(rng.choice(("times", "times", "days", "months", "yuan", "points", "percent", "number")))
        amount = lambda: s.Quantity(Decimal(rng.choice(NUMBERS[type.unit])), type.unit)
        name, clauses = self.name("parameter"), [self.basis()]
        unit = s.Clause("unit", (s.Word("TYPE", type.unit),))
        form = rng.choice(["value", "value", "rows", "keyed"] if self.clear else ["value", "rows", "gap", "possible", "delegated", "keyed"])
        match form:
            case "value":
                clauses.append(s.Clause("value", self.one(amount())))
            case "rows":
                clauses.append(s.Clause("value", self.rows(Here(), lambda: self.one(amount()))))
                type = evolve(type, may_be_none=True)
            case "gap":
                clauses += [unit, s.Clause("value", self.one(self.conditions.gap()))]
            case "possible":
                numbers = rng.sample(NUMBERS[type.unit], 2)
                clauses.append(s.Clause("possible", tuple(s.Quantity(Decimal(n), type.unit) for n in numbers)))
                w.readings[name.text] = tuple(f"={n} {type.unit}" for n in numbers)
            case "delegated":
                low, high = sorted(Decimal(n) for n in rng.sample(NUMBERS[type.unit], 2))
                limits = [s.Limit(s.Quantity(low, type.unit), "at_least"), s.Limit(s.Quantity(high, type.unit), "at_most")]
                clauses.append(s.Clause("delegated", tuple(limits[: rng.choice((1, 2, 2))])))
                self.delegated[name.text] = (low, type.unit)
            case "keyed":
                key = rng.choice([t for t in vocabulary()[1].values()])
                options = list(key.options)
                rng.shuffle(options)
                cut = rng.randint(1, len(options))
                rows = [s.Row(tuple(map(s.Name, part)), self.one(amount()), self.comments()) for part in (options[:cut], options[cut:]) if part]
                clauses.append(s.Clause("keyed_by", s.Name(key.name), tuple(rows)))
                w.keyed[name.text] = key, type
        if form != "keyed":
            w.parameters[name.text] = type
        return self.declaration("parameter", name, [*clauses, *self.remark()])

    def reading(self) -> s.Declaration:
        name = self.name("reading")
        options = tuple(self.name("option") for _ in range(self.rng.choice((2, 2, 3))))
        items = tuple(s.Alternative(*self.both(o), self.rng.choice(REMARKS), self.comments()) for o in options)
        self.world.readings[name.text] = tuple(o.text for o in options)
        clause = s.Clause("question", s.Text("这一句怎样读"), items)
        return self.declaration("reading", name, [self.basis(), clause])

    def finding(self, of: str | None) -> s.Declaration:
        items = []
        for _ in range(self.rng.choice((1, 2))):
            name = self.name("finding")
            kind = self.rng.choice((None, None, "情节", "牌"))
            self.world.findings[name.text] = of, YES_NO if kind is None else vocabulary()[1][kind]
            cites = tuple(s.Citation(c) for c in self.rng.sample(CITES[:5], self.rng.randint(1, 2)))
            text = self.rng.choice(("是否属实", "轻重如何，依当时情形", "按第三条（一）认定"))
            items.append(s.Question(*self.both(name), None if kind is None else s.Name(kind), text, cites, self.comments()))
        clauses = [] if of is None else [s.Clause("for", s.Name(of))]
        clauses.append(s.Clause("by", self.body(), tuple(items)))
        return self.declaration("finding", self.name("findings"), clauses)

    def definition(self, of: str | None, depth_: int = 3, kind: str = "") -> s.Declaration:
        rng, w, c = self.rng, self.world, self.conditions
        h = Here() if of is None else Here((of,))
        name, type = self.name("definition"), Type("truth", "是非", ("否", "是"))
        kind = kind or rng.choice(["means", "means", "any_of", "all_of", "rows", "number", "number", "numbers", "day", "class"])
        made: s.Node | None = None
        want = number(rng.choice(("times", "times", "days", "yuan", "points", "years", "months")))
        match kind:
            case "number":
                made, type = c.sum(want, h, depth_, constant=False), evolve(want, may_be_none=True)
            case "day":
                made, type = c.day(h, depth_, constant=False), evolve(DAY, may_be_none=True)
            case "class":
                found = c.leaf(h, lambda t: t.kind == "finite" and t.options != YES_NO.options and t.name not in ("effect", "stage_name"))
                made, type = (None, type) if found is None else (found[0], evolve(found[1], may_be_none=True))
        if made is not None:
            clause = s.Clause("means", self.one(made))
        elif kind == "rows":
            clause = s.Clause("means", self.rows(h, lambda: self.one(c.truth(h, depth_ - 1))))
        elif kind == "numbers":
            amount = lambda: self.one(s.Gap("unprinted")) if self.chance(c.gaps) else self.one(s.Quantity(Decimal(rng.choice(NUMBERS[want.unit])), want.unit))
            rows = self.rows(h, amount)
            if all(isinstance(r.outcome, s.Effects) and isinstance(r.outcome.parts[0], s.Gap) for r in rows.rows):
                rows = s.Rows((evolve(rows.rows[0], outcome=self.one(s.Quantity(Decimal(3), want.unit))), *rows.rows[1:]))
            clause, type = s.Clause("means", rows), evolve(want, may_be_none=True)
        elif kind in ("any_of", "all_of"):
            items = tuple(s.Item(c.truth(h, depth_ - 1), self.comments()) for _ in range(rng.choice((2, 3))))
            clause, type = s.Clause(kind, None, items), Type("truth", "是非", ("否", "是"))
        else:
            clause, type = s.Clause("means", self.one(c.truth(h, depth_))), Type("truth", "是非", ("否", "是"))
        clauses = [*([] if of is None else [s.Clause("for", s.Name(of))]), self.basis(), clause]
        body = [x for x in (clause.body, clause.items) if x]
        if of is None and type.kind == "truth" and not self.clear and self.chance(0.1):
            clauses.append(s.Clause("delegated", (s.Quantity(Decimal(1), "times"),)))
            self.delegated[name.text] = None
        w.definitions.append(Defined(name.text, of, type, depth(tuple(body), w), says_this(tuple(body))))
        return self.declaration("definition", name, [*clauses, *self.remark()])

    # Rules.

    def effects(self, h: Here) -> s.Effects:
        rng = self.rng
        n = rng.choice((1, 1, 2, 3))
        parts = tuple(self.effect(e, h) for e in rng.sample([*self.world.effects, "处分", "宽免"] if n == 1 else self.world.effects, n))
        join = "one" if n == 1 else rng.choice(("any", "all"))
        return s.Effects(parts, join, self.chance(0.2))

    def effect(self, name: str, h: Here) -> s.Node:
        rng = self.rng
        unit = {"扣奖": "percent", "罚没": "yuan"}.get(name)
        part: s.Node = s.Name(name)
        if unit is not None and self.chance(0.7):
            a, b = (s.Quantity(x, unit) for x in sorted(Decimal(x) for x in rng.sample(NUMBERS[unit], 2)))
            match rng.choice(["exact", "bound", "between", "conditional"]):
                case "exact":
                    return s.Amount(part, a)
                case "bound":
                    return s.Comparison(rng.choice(ORDER_OPS), part, a)
                case "between":
                    return s.Between(part, a, b)
            return s.Amount(s.Apply(s.Name(name), (self.conditions.truth(h, 1),)), a)
        return s.Apply(s.Name(name), (self.conditions.truth(h, 1),)) if self.chance(0.2) else part

    def modality(self, h: Here) -> list[s.Clause]:
        """One or two clauses of 应当, 可以, 不得 and their like."""
        keys = self.rng.sample(
            ("must", "must", "must", "may", "may", "must_not", "should_not", "principle_must", "generally_must", "basically_must"),
            self.rng.choice((1, 1, 1, 2)),
        )
        return [
            s.Clause(k, self.rows(h, lambda: self.effects(h)) if self.chance(0.2) else self.effects(h), (), self.comments())
            for k in dict.fromkeys(keys)
        ]

    def conditions_of(self, h: Here) -> list[s.Clause]:
        c = self.conditions
        clauses = []
        if self.chance(0.7):
            clauses.append(s.Clause("when", c.truth(h, 2), (), self.comments()))
        if not clauses or self.chance(0.2):
            items = tuple(s.Item(c.truth(h, 2), self.comments()) for _ in range(self.rng.choice((1, 2, 3))))
            clauses.append(s.Clause(self.rng.choice(("any_of", "all_of")), None, items))
        return clauses

    def bys(self, h: Here) -> s.Clause:
        if self.chance(0.2):
            return s.Clause("by", self.rows(h, lambda: self.one(self.body()[0])))
        return s.Clause("by", self.body())

    def extras(self, h: Here) -> list[s.Clause]:
        c, clauses = self.conditions, []
        if self.chance(0.2):
            clauses.append(s.Clause("toward", self.body()))
        if self.chance(0.2):
            choices = [s.Shifted(c.day(h, 0), c.length()), s.Gap("unprinted"), s.Period(None, full(EPOCH + 900), "not_after")]
            clauses.append(s.Clause("deadline", self.rng.choice(choices)))
        if self.chance(0.2):
            end = self.rng.choice((None, s.Gap("unprinted"), full(EPOCH + 1500), s.Shifted(c.day(h, 0), c.length())))
            clauses.append(s.Clause("during", self.rng.choice((s.Period(c.day(h, 0), end), s.Gap("unprinted", "多久")))))
        if self.chance(0.1) and (found := c.leaf(h, lambda t: t.kind == "day")) and isinstance(found[0], s.Name):
            clauses.append(s.Clause("done_by", (found[0],)))
        if self.chance(0.15) and (found := c.leaf(h, lambda t: t.kind == "day")):
            clauses.append(s.Clause("moment", found[0]))
        if self.chance(0.1):
            clauses += self.force()
        return clauses + self.layer() + self.remark()

    def rule(self) -> s.Declaration:
        kind = self.rng.choice(("rule", "trigger", "trigger", "exemption", "disposition", "consequence", "influence", "remedy"))
        of = self.rng.choice((None, "行为", "行为", "处理", "考核"))
        of = of or ("行为" if kind == "exemption" else None)
        h = Here() if of is None else Here((of,))
        clauses = [self.basis(), *self.conditions_of(h), *self.modality(h), self.bys(h), *self.extras(h)]
        if of is not None:
            clauses.insert(0, s.Clause("for", s.Name(of)))
        name = self.name("rule")
        self.ruled(name, of, clauses)
        return self.declaration(kind, name, clauses)

    def ruled(self, name: s.Name, of: str | None, clauses: Iterable[s.Clause], duty: bool = False) -> None:
        layers = [c.body for c in clauses if c.key == "layer"]
        duty = duty or any(c.key in DUTIES for c in clauses)
        self.rules.append(Ruled(name.text, of, duty, layers == [(s.Word("LAYER", "national"),)]))

    def exception(self) -> s.Declaration:
        """An exception to rules, stages or exceptions before it; now and then with an effect of its own."""
        key = self.rng.choice(("disapplies", "disapplies", "may_disapply"))
        layer = self.layer()
        national = layer and layer[0].body == (s.Word("LAYER", "national"),)
        open_to = [r for r in self.rules if (r.duty or key == "disapplies") and (national or not r.national)]
        if not open_to:
            return self.rule()
        targets = self.rng.sample(open_to, min(len(open_to), self.rng.choice((1, 1, 2))))
        lists = {r.list for r in targets}
        of = targets[0].list if len(lists) == 1 and self.chance(0.7) else None
        h = Here() if of is None else Here((of,))
        clauses = [self.basis(), *self.conditions_of(h), s.Clause(key, tuple(s.Name(r.name) for r in targets))]
        if key == "may_disapply" or self.chance(0.3):
            clauses.append(self.bys(h))
        if self.chance(0.1):
            clauses += [x for x in self.modality(h) if x.key in ("must", "must_not") and isinstance(x.body, s.Effects) and x.body.join != "any"]
        if of is not None:
            clauses.insert(0, s.Clause("for", s.Name(of)))
        name = self.name("exception")
        clauses += [*layer, *self.remark()]
        self.ruled(name, of, clauses)
        return self.declaration(self.rng.choice(("exception", "exception", "rule")), name, clauses)

    # A procedure.

    def procedure(self) -> s.Declaration:
        """Stages of one matter, each leading on or to nowhere printed; some are effects of the vocabulary as well."""
        rng = self.rng
        stages = [s.Name("谈话"), s.Name("培训"), self.name("stage"), s.Name("跟踪")][: rng.choice((2, 3, 4))]
        self.world.stages |= {n.text: "行为" for n in stages}
        made = []
        for i, stage in enumerate(stages):
            h = Here(("行为",), stage.text)
            clauses: list[s.Clause] = [self.basis()] if self.chance(0.7) else []
            later = [*stages[i + 1 :], s.Gap("unprinted", rng.choice(("", "去哪里")))]
            target = lambda later=later: self.one(rng.choice(later))
            if self.chance(0.8):
                clauses.append(s.Clause("then", self.rows(h, target, 0.3) if self.chance(0.7) else target()))
            if self.chance(0.3):
                clauses.append(s.Clause("when", self.conditions.truth(h, 1)))
            if self.chance(0.4):
                clauses += self.modality(h)
            clauses.append(self.bys(h))
            if self.chance(0.4):
                clauses.append(s.Clause("lasts", self.conditions.amount(number("months"))))
            if self.chance(0.3):
                clauses.append(s.Clause("files", s.Files(s.Name("结束日"), rng.choice((None, s.Name("人事局"))))))
            made.append(s.Declaration("stage", *self.both(stage), tuple(clauses), (), self.comments()))
            self.ruled(stage, "行为", clauses, duty=stage.text in self.world.effects)
        head = [s.Clause("for", s.Name("行为")), self.basis(), s.Clause("recorded_in", (s.Name("环节"),))]
        return self.declaration("procedure", self.name("procedure"), head, tuple(made))

    # The rest.

    def rest(self) -> list[s.Declaration]:
        rng, c, found = self.rng, self.conditions, []
        if self.chance(0.4):
            lines = tuple(s.Clause("line", s.Text(f"{cite}：{rng.choice(REMARKS)}"), (), self.comments()) for cite in CITES[:2])
            found.append(self.declaration("note", self.name("note"), lines))
        if self.chance(0.3):
            claim = rng.choice((s.Claim("must", s.Name("警告")), s.Claim("silent", s.Name("撤职")), c.unit(Here(), 0)))
            found.append(self.declaration("property", self.name("property"), [self.basis(), s.Clause("always", s.Implication(c.truth(Here(), 1), claim))]))
        if self.chance(0.3):
            found.append(self.case())
        return found

    def steps(self, values: tuple[s.Node, ...]) -> tuple[s.Node, ...]:
        """A fact of a case: one value, or what it was from some days on."""
        rng = self.rng
        days = sorted({EPOCH + rng.randrange(SPAN) for _ in range(rng.randint(0, 3))})
        return tuple(s.Since(full(x), rng.choice(values)) for x in days) or (rng.choice(values),)

    def case(self) -> s.Declaration:
        rng = self.rng
        day = lambda: full(EPOCH + rng.randrange(SPAN))
        assign = lambda n, x: s.Assign(s.Name(n), x)
        facts = (
            s.Given("fact", s.Name("身份"), None, (s.Name("公务员"),), self.comments()),
            s.Given("fact", s.Name("单位"), None, (s.Quote("甲"),)),
            s.Given("fact", s.Name("职级"), None, self.steps((s.Name("科员"), s.Name("副科"), s.Word("STATE", "not_known"), s.Word("STATE", "not_applicable")))),
            s.Given("fact", s.Name("党员"), None, self.steps((s.Word("TRUTH", "yes"), s.Word("TRUTH", "no")))),
            s.Given("fact", s.Name("罚款"), None, (rng.choice((s.Quantity(Decimal(20000), "yuan"), s.Word("STATE", "not_applicable"))),)),
            s.Given("row", s.Name("行为"), s.Quantity(Decimal(1), "number"), (assign("发生日", day()), assign("类型", s.Name("迟到")), assign("不良后果", s.Word("TRUTH", "no")))),
            s.Given("row", s.Name("处理"), s.Quote("二"), (assign("生效日", s.Date((2016, 5, 0))), assign("种类", s.Name("警告")))),
            s.Given("complete", None, None, (s.Name("行为"), s.Name("处理"))),
            s.Given("complete", None, day(), (s.Name("考核"),)),
        )  # fmt: skip
        mine = [n for n, (of, t) in self.world.findings.items() if of is None and t == YES_NO]
        if mine:
            facts = (*facts, s.Given("findings", None, None, (assign(mine[0], s.Word("TRUTH", "yes")), )))
        statuses = ("must", "silent", "open", "may", "must_one_of", "principle_must", "principle_one_of")
        # Whatever has no status of its own has that of the effect before it.
        expected = lambda first=(): s.Expected(rng.choice(("", "printed", "whole")), rng.choice((*first, *statuses)), s.Name(rng.choice(self.world.effects)))
        taken = tuple(s.Comparison("taken_as", s.Name(n), s.Name(o[0])) for n, o in self.world.readings.items() if not o[0].startswith("="))[:2]
        outcomes = (
            s.Concluded((), None, None, (expected(), expected(("",))), (), self.comments()),
            s.Concluded(taken, s.Name("行为"), s.Quantity(Decimal(1), "number"), (expected(),), (s.Citation("A-01"),)),
        )
        clauses = [
            s.Clause("basis", (s.Citation("A-01"),)), s.Clause("decided_on", day()), s.Clause("facts", None, facts),
            s.Clause("outcomes", None, outcomes), s.Clause("reasons", (s.Citation("A-01"), s.Citation("B-12"))),
        ]  # fmt: skip
        return self.declaration("case", self.name("case"), clauses)

    # The pack.

    def grow(self, rules: int | None = None, definitions: int | None = None) -> Grown:
        rng = self.rng
        self.delegated: dict[str, tuple[Decimal, str] | None] = {}
        if not self.clear:
            self.world.readings |= {"施行前事项": ("不及于", "及于"), "期间起算": ("当日不计", "当日计入"), "月末对应": ("落在月末", "落在次月首日")}
            self.world.readings |= {"周与日": ("日历周", "工作周"), "末日遇休": ("不顺延", "顺延"), "期满当日": ("当日在内", "当日在外")}
        else:
            self.conditions.gaps, self.conditions.clear = 0.0, True
        rules = rng.randint(2, 6) if rules is None else rules
        definitions = rng.randint(0, 6) if definitions is None else definitions
        first: list[s.Declaration] = []
        if not self.clear:
            first += [self.reading() for _ in range(rng.choice((0, 1, 2)))]
        for of in (None, "行为", "处理"):
            if self.chance(0.5):
                first.append(self.finding(of))
        first += [self.parameter() for _ in range(rng.choice((0, 1, 2, 3)))]
        procedure = [self.procedure()] if rules and self.chance(0.35) else []
        first += [self.definition(rng.choice((None, None, "行为", "行为", "处理", "考核", "环节"))) for _ in range(definitions)]
        root = self.regime(None)
        made: list[list[s.Declaration]] = [[root]]
        for _ in range(rng.choice((0, 0, 1, 2)) if rules else 0):
            made.append([self.regime(root.name)])
        if not self.clear and rules and self.chance(0.2):
            made.append([self.regime(root.name, layer=(s.Word("LAYER", "plan"),))])
        body = [*procedure, *(self.rule() for _ in range(rules))]
        body += [self.exception() for _ in range(rng.choice((0, 0, 1, 2, 3)) if self.rules else 0)]
        body += [*first, *(self.rest() if rules else [])]
        rng.shuffle(body)
        for d in body:
            rng.choice(made).append(d)
        if self.delegated and self.chance(0.7):
            made.append(self.unit_text(root.name))
        documents = self.files([self.resolved(part) for part in made])
        pairs = Lexicon.of({**vocabulary()[3].english, **self.pairs})
        return Grown(documents, pairs, tuple(f"{i}.policy" for i in range(len(documents))))

    def unit_text(self, root: s.Name | None) -> list[s.Declaration]:
        """A unit's own rules: what the county left to units, within its bounds."""
        made = [self.regime(root, unit=(s.Quote(self.rng.choice(TEXTS[:2])),))]
        for name, bound in self.delegated.items():
            if bound is not None:
                clause = s.Clause("value", self.one(s.Quantity(*bound)))
                made.append(self.declaration("parameter", s.Name(name), [self.basis(), clause]))
            else:
                clause = s.Clause("means", self.one(self.conditions.truth(Here(), 1)))
                made.append(self.declaration("definition", s.Name(name), [self.basis(), clause]))
        return made

    def resolved(self, part: list[s.Declaration]) -> list[s.Declaration]:
        """依 names a rule of the pack; a text without rules is silent instead."""
        plain = [r.name for r in self.rules if r.name not in self.world.stages]
        follow = s.Clause("reach_back", self.one(s.Follow(s.Name(self.rng.choice(plain))))) if plain else None
        found = []
        for d in part:
            clauses = []
            for c in d.clauses:
                if isinstance(c, s.Clause) and isinstance(c.body, s.Effects) and isinstance(c.body.parts[0], s.Follow):
                    clauses += [follow] if follow is not None else []
                else:
                    clauses.append(c)
            found.append(evolve(d, clauses=tuple(clauses)))
        return found

    def files(self, parts: list[list[s.Declaration]]) -> tuple[s.Document, ...]:
        """The instruments over one to three files; a text belongs to the regime above it in its file."""
        files: list[list[s.Declaration]] = [[] for _ in range(self.rng.choice((1, 1, 2, 3)))]
        for part in parts:
            self.rng.choice(files).extend(part)
        last = ("写完了",) if self.chance(0.2) else ()
        return tuple(s.Document(tuple(f), last if i == 0 else ()) for i, f in enumerate(files) if f)


class Tally:
    """What became of everything grown: how many packs, how many did not check, and on what codes."""

    grown = 0
    failed = 0
    codes: Counter[str] = Counter()
    seeds: list[int] = []


@cache
def grow(seed: int, clear: bool = False, **size: int) -> tuple[Grown, Pack, Checked]:
    """A pack that checks. One that does not is counted, and the next is tried; more than one in ten fails the run."""
    for turn in range(20):
        grown = Policies(random.Random(f"{seed} {turn}"), clear).grow(**size)
        pack = grown.pack()
        checked = check(pack)
        Tally.grown += 1
        if checked.policy is not None:
            return grown, pack, checked
        Tally.failed += 1
        Tally.codes.update({f.code for f in checked.findings if f.severity == "error"})
        Tally.seeds.append(seed)
        assert Tally.failed <= 3 + Tally.grown / 10, (Tally.failed, Tally.grown, Tally.codes, Tally.seeds[-10:])
    raise AssertionError(f"no policy from seed {seed}: {[f.code for f in checked.findings]}")


@cache
def sheet(seed: int, clear: bool = False) -> tuple[Pack, m.Policy, dict[str, str | None]]:
    """Twelve definitions and what they need, with the list each is of: conditions and values by the dozen."""
    grown, pack, checked = grow(seed, clear=clear, rules=0, definitions=12)
    assert checked.policy is not None
    lists: dict[str, str | None] = {}
    for document in grown.documents:
        for d in document.declarations:
            if d.kind == "definition" and d.name is not None and d.name.text in checked.policy.definitions:
                each = d.clause("for")
                lists[d.name.text] = each.body.text if each is not None and isinstance(each.body, s.Name) else None
    return pack, checked.policy, lists


# Records, as plain data.

Raw = dict[str, Any]


def iso(day: int) -> str:
    return datetime.date.fromordinal(day).isoformat()


class People:
    """One person's record as plain data: every state a cell can be in, and lists more or less complete."""

    def __init__(self, rng: random.Random, shape: Shape, known: bool = False):
        """*known*: every cell filled with a value, every list complete, no two rows of one day."""
        self.rng, self.shape, self.known = rng, shape, known
        self.days = rng.sample(range(SPAN), 40)

    def person(self) -> Raw:
        rng, raw = self.rng, {"编号": "一"}
        for name, f in self.shape.facts.items():
            if f.over_time and rng.random() < 0.3:
                starts = sorted(rng.sample(range(EPOCH - 500 if not self.known else 1, EPOCH + SPAN), rng.randint(1, 3)))
                if self.known:
                    starts[0] = 1
                raw[name] = [{"自": iso(day), "值": self.optional("值", f.type).get("值")} for day in starts]
            else:
                raw |= self.optional(name, f.type)
        lists = sorted(self.shape.lists, key=lambda n: any(f.refers_to for f in self.shape.lists[n].fields.values()))
        for name in lists:
            if self.known or rng.random() < 0.75:
                raw[name] = self.rows(name, raw)
        raw["认定"] = self.findings(raw)
        if not raw["认定"] and rng.random() < 0.5:
            del raw["认定"]
        return raw

    def rows(self, name: str, raw: Raw) -> Raw:
        rng = self.rng
        roll = rng.random()
        done: Any = True if self.known or roll < 0.4 else iso(EPOCH + rng.randrange(SPAN)) if roll < 0.6 else rng.choice((False, None, "", "不明"))
        rows = [self.row(name, str(i + 1), raw) for i in range(rng.choice((0, 1, 1, 2, 2, 3)))]
        # A row of a matter that is not in the record would leave something to ask.
        owners = [f for f in self.shape.lists[name].fields.values() if f.refers_to and not f.type.may_be_none]
        if self.known and any(f.name not in row for f in owners for row in rows):
            rows = []
        rng.shuffle(rows)
        return {"齐备": done, "行": rows} if done is not None or rng.random() < 0.5 else {"行": rows}

    def row(self, name: str, id: str, raw: Raw, after: int | None = None) -> Raw:
        row: Raw = {"编号": id}
        shape = self.shape.lists[name]
        for f in shape.fields.values():
            if f.name == "知悉日":
                row |= {f.name: "无"} if self.known else {f.name: self.value(f.type)} if self.rng.random() < 0.4 else {}
            elif f.name == shape.date and after is not None:
                start = after + 1
                row[f.name] = iso(start + self.rng.randrange(1200)) if self.rng.random() < 0.6 else {"不早于": iso(start + self.rng.randrange(300))}
            elif f.name == shape.date and self.known:
                row[f.name] = iso(EPOCH + self.days.pop())
            elif f.refers_to:
                ids = [r["编号"] for r in raw.get(f.refers_to, {}).get("行", ())]
                if ids and (self.known or self.rng.random() < 0.8):
                    row[f.name] = self.rng.choice(ids)
                elif f.type.may_be_none and (self.known or self.rng.random() < 0.5):
                    row[f.name] = "无"
            else:
                row |= self.optional(f.name, f.type)
        return row

    def findings(self, raw: Raw) -> list[Raw]:
        found: list[Raw] = []
        for q in self.shape.findings.values():
            owners = [None] if q.list is None else [r["编号"] for r in raw.get(q.list, {}).get("行", ())]
            for row in owners:
                if self.known or self.rng.random() < 0.6:
                    found.append(self.answer(q, row, str(len(found) + 1)))
        return found

    def answer(self, q: m.QuestionShape, row: str | None, id: str) -> Raw:
        cell = self.value(q.type) if self.known or self.rng.random() < 0.8 else self.rng.choice(("待认定", "不能认定"))
        one: Raw = {"编号": id, "问题": q.name, "答": cell}
        return one | ({} if row is None else {"所属": q.list, "所属编号": row})

    def optional(self, name: str, type: Type) -> Raw:
        roll = self.rng.random()
        if self.known or roll < 0.72:
            return {name: self.value(type)}
        return {} if roll < 0.85 else {name: self.rng.choice(("不明", "", None))}

    def value(self, type: Type) -> Any:
        rng = self.rng
        if type.may_be_none and rng.random() < 0.15:
            return "无"
        vague = not self.known and rng.random() < 0.25
        if type.kind == "finite":
            if vague and len(type.options) > 2:
                return " 或 ".join(rng.sample(type.options, rng.randint(2, len(type.options) - 1)))
            return rng.choice(type.options) if type.options else "无" if type.may_be_none else ""
        if type.kind == "text":
            return rng.choice(TEXTS)
        if type.kind == "day":
            day = EPOCH + rng.randrange(SPAN)
            if not vague:
                return iso(day)
            match rng.choice(["month", "year", "from", "until", "both"]):
                case "month":
                    return iso(day)[:7]
                case "year":
                    return iso(day)[:4]
                case "from":
                    return {"不早于": iso(day)}
                case "until":
                    return {"不晚于": iso(day)}
            return {"不早于": iso(day), "不晚于": iso(day + rng.randrange(400))}
        if vague:
            low, high = sorted((rng.choice(NUMBERS[type.unit]) for _ in range(2)), key=Decimal)
            return rng.choice(({"至少": figure(low)}, {"至多": figure(high)}, {"至少": figure(low), "至多": figure(high)}))
        return figure(rng.choice(NUMBERS[type.unit]))


def figure(text: str) -> int | float:
    return int(text) if "." not in text else float(text)


def person(rng: random.Random, shape: Shape, known: bool = False) -> Raw:
    """A partly known record; with *known*, one in which nothing is left to ask."""
    return People(rng, shape, known).person()


# Learning.

Place = tuple[Any, ...]


def learn(record: Raw, rng: random.Random, shape: Shape) -> tuple[Raw, Place]:
    """The record with one thing more known, and what that was, as `evaluate.leaf_key` names it; a fact's history keeps
    its days. Nothing known is ever taken back. Raises StopIteration when there is nothing left to learn."""
    raw = deepcopy(record)
    ways = list(lessons(raw, rng, shape))
    rng.shuffle(ways)
    for place, teach in ways:
        if teach():
            return raw, place
    raise StopIteration


def lessons(raw: Raw, rng: random.Random, shape: Shape) -> Iterable[tuple[Place, Callable[[], bool]]]:
    """Everything that may be learnt: a place, and a change to *raw* (False if nothing could be added there)."""
    people = People(rng, shape)
    for name, f in shape.facts.items():
        cell = raw.get(name)
        if isinstance(cell, list) and f.over_time:
            for step in cell:
                yield ("fact", name), lambda step=step, f=f: narrow(step, "值", f.type, rng)
            yield ("fact", name), lambda cell=cell, f=f: earlier(cell, f.type, people)
        else:
            yield ("fact", name), lambda name=name, f=f: narrow(raw, name, f.type, rng)
    for name, x in shape.lists.items():
        listed = raw.get(name)
        rows = listed["行"] if listed else []
        for row in rows:
            for f in x.fields.values():
                if f.name == "知悉日" and row.get(f.name) in (*UNKNOWN_CELLS, "无"):
                    # A record says what is known on the day of decision, unless it says when it became known.
                    continue
                if f.refers_to:
                    yield ("field", name, row["编号"], f.name), lambda row=row, f=f: refer(row, f, raw, rng)
                else:
                    yield ("field", name, row["编号"], f.name), lambda row=row, f=f: narrow(row, f.name, f.type, rng)
        for _ in range(4):
            yield ("list", name), lambda name=name: lengthen(raw, name, people)
            yield ("list", name), lambda name=name: close(raw, name, rng)
    for q in shape.findings.values():
        owners = [None] if q.list is None else [r["编号"] for r in raw.get(q.list, {}).get("行", ())]
        for row in owners:
            yield ("finding", q.name, row), lambda q=q, row=row: answer(raw, q, row, people)


UNKNOWN_CELLS = (None, "", "不明")


def narrow(data: Raw, name: str, type: Type, rng: random.Random) -> bool:
    """A cell filled, or said more exactly."""
    cell = data.get(name)
    people = People(rng, Shape())
    if cell in UNKNOWN_CELLS:
        if type.finite and not type.options and not type.may_be_none:
            return False
        data[name] = people.value(type)
        return True
    if isinstance(cell, str) and " 或 " in cell:
        options = cell.split(" 或 ")
        data[name] = " 或 ".join(rng.sample(options, rng.randint(1, len(options) - 1)))
        return True
    if type.kind == "day" and cell != "无":
        low, high = day_bounds(cell)
        if low == high:
            return False
        a = low + rng.randrange(min(high - low, 1500) + 1)
        data[name] = iso(a) if rng.random() < 0.7 else {"不早于": iso(low), "不晚于": iso(a)}
        return True
    if isinstance(cell, dict):
        low = Decimal(str(cell["至少"])) if "至少" in cell else None
        high = Decimal(str(cell["至多"])) if "至多" in cell else None
        if low is not None and low == high:
            return False
        inside = [x for x in map(Decimal, NUMBERS[type.unit]) if (low is None or low <= x) and (high is None or x <= high)]
        x = figure(str(rng.choice(inside)))
        data[name] = x if rng.random() < 0.6 else {**cell, rng.choice(("至少", "至多")): x}
        return True
    return False


def day_bounds(cell: Any) -> tuple[int, int]:
    if isinstance(cell, dict):
        low = datetime.date.fromisoformat(cell["不早于"]).toordinal() if "不早于" in cell else EPOCH
        high = datetime.date.fromisoformat(cell["不晚于"]).toordinal() if "不晚于" in cell else low + 2000
        return min(low, high), high
    parts = [int(x) for x in cell.split("-")]
    first = datetime.date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
    if len(parts) == 3:
        return first.toordinal(), first.toordinal()
    after = datetime.date(first.year + 1, 1, 1) if len(parts) == 1 or first.month == 12 else datetime.date(first.year, first.month + 1, 1)
    return first.toordinal(), after.toordinal() - 1


def earlier(cell: list[Raw], type: Type, people: People) -> bool:
    """What held before the first day of a history."""
    first = min(datetime.date.fromisoformat(x["自"]).toordinal() for x in cell) if cell else EPOCH + 600
    cell.append({"自": iso(first - 1 - people.rng.randrange(700)), "值": people.value(type)})
    return True


def refer(row: Raw, f: m.FactShape, raw: Raw, rng: random.Random) -> bool:
    ids = [r["编号"] for r in raw.get(f.refers_to, {}).get("行", ())]
    if row.get(f.name) not in UNKNOWN_CELLS or not ids:
        return False
    row[f.name] = rng.choice(ids)
    return True


def lengthen(raw: Raw, name: str, people: People) -> bool:
    """A row more, in a list that may hold more: dated in the time not covered."""
    listed = raw.setdefault(name, {"行": []})
    done = listed.get("齐备")
    if done is True:
        return False
    after = datetime.date.fromisoformat(done).toordinal() if isinstance(done, str) and done not in UNKNOWN_CELLS else None
    taken = {r["编号"] for r in listed["行"]}
    id = next(str(i) for i in range(1, 99) if str(i) not in taken)
    listed["行"].insert(people.rng.randint(0, len(listed["行"])), people.row(name, id, raw, after))
    return True


def close(raw: Raw, name: str, rng: random.Random) -> bool:
    """A list known to be complete, or complete for longer. Rows with days not known may fall anywhere: they are listed."""
    listed = raw.setdefault(name, {"行": []})
    done = listed.get("齐备")
    if done is True:
        return False
    start = datetime.date.fromisoformat(done).toordinal() if isinstance(done, str) and done not in UNKNOWN_CELLS else EPOCH
    listed["齐备"] = True if rng.random() < 0.5 else iso(start + 1 + rng.randrange(1000))
    return True


def answer(raw: Raw, q: m.QuestionShape, row: str | None, people: People) -> bool:
    answers = raw.setdefault("认定", [])
    for one in answers:
        if one["问题"] == q.name and one.get("所属编号") == row:
            if one["答"] in ("待认定", "不能认定"):
                one["答"] = None
            return narrow(one, "答", q.type, people.rng)
    answers.append({**people.answer(q, row, str(len(answers) + 1)), "答": people.value(q.type)})
    return True


def read(raw: Any, policy: m.Policy) -> Record:
    """The record the Reader makes of what was grown; it accepts all of it."""
    reader = Reader(policy.shape, policy.lexicon)
    record = reader.record(deepcopy(raw), "试验")
    assert record is not None and not reader.problems, [p.message("zh") for p in reader.problems]
    return record


def a_day(rng: random.Random) -> int:
    """A day to decide on."""
    return EPOCH + 700 + rng.randrange(1200)


@cache
def words_of(*sources: Source) -> Lexicon:
    """The names a pack declares."""
    problems: list[Any] = []
    return lexicon([n for x in sources for n in names(x)], problems)
