"""What each word of a pack stands for: the vocabulary's shape of the record, and the names the policies declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from attrs import define, field

from ..diagnostics import Diagnostic, Note, found
from ..language import syntax as s
from ..language.keywords import RULE_KINDS, kind_word, word
from ..language.source import Span
from ..model import EffectShape, FactShape, ListShape, Provision, QuestionShape
from ..shapes import ENGLISH_KEYS, OWN_WORDS
from ..values import DAY, TEXT, YES_NO, Type, number

_OWN_KINDS: Final = {"fact": "事实\ta fact", "list": "清单\ta list", "field": "清单里的项\ta field"}
_SIMPLE: Final = {"truth": YES_NO, "day": DAY, "text": TEXT}
BUILT_IN_READINGS: Final = {
    "施行前事项": (
        "earlier_matters_rule",
        "施行前发生、施行后处理的事项，不利或有利的规定及不及于它",
        ("不及于", "及于"),
    ),
    "新旧轻重": ("which_is_milder", "同一事项按新旧两个版本整体比较，哪个较轻", ("旧的较轻", "新的较轻")),
    "期间起算": ("first_day_rule", "期间开始的当日计不计在内", ("当日不计", "当日计入")),
    "月末对应": ("month_end_rule", "到期的月没有对应日时落在哪一天", ("落在月末", "落在次月首日")),
    "取整办法": ("rounding_rule", "按比例算出的人数不是整数时怎样取整", ("进一", "舍去", "四舍五入")),
    "周与日": ("week_rule", "以周计算的期间，一周是七日还是五个工作日", ("日历周", "工作周")),
    "末日遇休": (
        "rest_day_rule",
        "期限、期间的最后一日是休息日时，到该日为止还是到其后第一个工作日",
        ("不顺延", "顺延"),
    ),
    "期满当日": ("last_day_rule", "期限、期间的最后一日当日，是否还在期内", ("当日在内", "当日在外")),
}

BUILT_IN_ENGLISH: Final = {
    "不及于": "not_reaching", "及于": "reaching", "旧的较轻": "old_milder", "新的较轻": "new_milder",
    "当日不计": "first_day_out", "当日计入": "first_day_in", "落在月末": "to_month_end",
    "落在次月首日": "to_next_month", "进一": "rounded_up", "舍去": "rounded_down", "四舍五入": "rounded_half_up",
    "日历周": "calendar_week", "工作周": "working_week", "不顺延": "not_put_off", "顺延": "put_off",
    "当日在内": "last_day_in", "当日在外": "last_day_out",
}  # fmt: skip


@define
class Declared:
    """One declaration with the instrument it belongs to."""

    node: s.Declaration
    regime: str | None


@define
class Symbols:
    """Every name of a pack, by role, and what was found wrong on the way."""

    problems: list[Diagnostic] = field(factory=list)
    classes: dict[str, Type] = field(factory=dict)
    facts: dict[str, FactShape] = field(factory=dict)
    lists: dict[str, ListShape] = field(factory=dict)
    groups: dict[str, tuple[str, ...]] = field(factory=dict)
    effects: dict[str, EffectShape] = field(factory=dict)
    bodies: dict[str, str] = field(factory=dict)
    findings: dict[str, QuestionShape] = field(factory=dict)
    readings: dict[str, Declared] = field(factory=dict)
    parameters: dict[str, Declared] = field(factory=dict)
    definitions: dict[str, Declared] = field(factory=dict)
    rules: dict[str, Declared] = field(factory=dict)
    procedures: dict[str, Declared] = field(factory=dict)
    stages: dict[str, tuple[str, s.Declaration]] = field(factory=dict)
    regimes: dict[str, Declared] = field(factory=dict)
    unit_texts: dict[str, list[Declared]] = field(factory=dict)
    others: list[Declared] = field(factory=list)
    provisions: dict[str, Provision] = field(factory=dict)
    cases: dict[str, Declared] = field(factory=dict)
    # Where each name was declared first, by the table it is in: 职级 may be a class and a fact.
    spans: dict[tuple[int, str], Span] = field(factory=dict)
    # The question each open list asks, by the list's node: 甲之等, 甲之等二.
    alike_questions: dict[int, str] = field(factory=dict)
    bare: dict[str, Span] = field(factory=dict)
    # The types of facts and fields that are neither the language's own nor a class: each is to be a list.
    types: list[s.Name] = field(factory=list)

    def report(self, code: str, span: Span, *others: Note, suggestion: str = "", **values: object) -> None:
        self.problems.append(found(code, span, *others, suggestion=suggestion, **values))

    def all_names(self) -> Iterable[str]:
        for table in (
            self.facts,
            self.lists,
            self.effects,
            self.groups,
            self.bodies,
            self.findings,
            self.readings,
            self.parameters,
            self.definitions,
            self.rules,
            self.stages,
            self.regimes,
            self.classes,
        ):
            yield from table
        for shape in self.lists.values():
            yield from shape.fields
        for type in self.classes.values():
            yield from type.options

    def alike(self, name: str, among: Iterable[str] | None = None) -> str:
        """The declared word a misspelt one most likely meant; '' if none is close."""
        close = get_close_matches(name, sorted({*(self.all_names() if among is None else among)} - {name}), 1, 0.5)
        return close[0] if close else ""

    def role(self, name: str) -> str:
        """What a name is, in words, as 'zh\\ten'."""
        for table, zh, en in (
            (self.rules, "规定", "a rule"),
            (self.stages, "环节", "a stage"),
            (self.lists, "清单", "a list"),
            (self.definitions, "定义", "a definition"),
            (self.parameters, "参数", "a parameter"),
            (self.readings, "解读", "a reading"),
            (self.findings, "认定", "a finding"),
            (self.facts, "事实", "a fact"),
            (self.effects, "效果", "an effect"),
            (self.groups, "效果组", "a group of effects"),
            (self.bodies, "机关", "a body"),
            (self.regimes, "制度", "a regime"),
            (self.classes, "类", "a class"),
        ):
            if name in table:
                return f"{zh}\t{en}"
        for type in self.classes.values():
            if name in type.options:
                return f"“{type.name}”的一个值\ta value of “{type.name}”"
        return "未声明的词\tan undeclared word"

    def unknown(self, name: s.Name, among: Iterable[str] | None = None) -> None:
        self.report("P200", name.span, suggestion=self.alike(name.text, among), name=name.text)

    def wanted(self, name: s.Name, table: Mapping[str, object], want: str) -> bool:
        """Whether a name is in a table; if not, it is reported for what it is instead, or as one nobody declared."""
        if name.text in table:
            return True
        if (have := self.role(name.text)).startswith("未声明"):
            self.unknown(name, table)
        else:
            self.report("P202", name.span, name=name.text, have=have, want=want)
        return False

    # Declarations.

    def once(self, table: Mapping[str, object], name: s.Name) -> bool:
        if name.text in table:
            first = self.spans.get((id(table), name.text), name.span)
            self.report("P201", name.span, Note(first, "前一处", "declared first here"), name=name.text)
            return False
        self.spans[id(table), name.text] = name.span
        return True

    def all_different(self, names: Iterable[s.Name]) -> None:
        """The entries of one line or question: no two alike."""
        seen: dict[str, Span] = {}
        for n in names:
            if n.text in seen:
                self.report("P201", n.span, Note(seen[n.text], "前一处", "declared first here"), name=n.text)
            seen.setdefault(n.text, n.span)

    def only_meaning(self, name: s.Name) -> None:
        """What a bare name in a condition stands for: one fact, finding of the person, definition, parameter or
        reading."""
        if name.text in self.bare:
            first = Note(self.bare[name.text], "前一处", "declared first here")
            self.report("P201", name.span, first, name=name.text)
        self.bare.setdefault(name.text, name.span)

    def collect(self, documents: Iterable[s.Document]) -> None:
        """Vocabulary first, then everything else; a declaration belongs to the regime above it, or to the root."""
        documents = list(documents)
        for kind in ("class", "effect", "body", "list", "fact"):
            for document in documents:
                for d in document.declarations:
                    for line in d.clauses:
                        if (isinstance(line, s.Line) and line.kind == kind) or (
                            kind == "class" and isinstance(line, s.Line) and line.kind == "order"
                        ):
                            self.line(line)
        for document in documents:
            for d in document.declarations:
                if d.kind == "procedure":
                    for stage in d.stages:
                        if stage.name is not None and d.name is not None and self.once(self.stages, stage.name):
                            self.stages[stage.name.text] = d.name.text, stage
        for document in documents:
            regime: str | None = None
            for d in document.declarations:
                if d.kind == "regime" and d.name is not None:
                    regime = d.name.text
                self.declaration(Declared(d, regime))
        # A procedure that was refused has no stages.
        for name in [n for n, (procedure, _) in self.stages.items() if procedure not in self.procedures]:
            del self.stages[name]

    def declaration(self, it: Declared) -> None:
        d = it.node
        if d.kind == "vocabulary":
            return
        if d.kind == "note":
            self.others.append(it)
            return
        if d.name is None:
            self.report("P302", d.span, clause=f"{kind_word(d.kind, 'zh')}名称\tname of the {kind_word(d.kind, 'en')}")
            return
        if d.kind in ("parameter", "definition") and it.regime is not None and self.unit_of(it.regime):
            self.unit_texts.setdefault(d.name.text, []).append(it)
            return
        if d.kind in (*RULE_KINDS, "procedure", "roster") and it.regime is not None and self.unit_of(it.regime):
            self.report("P310", d.name.span, name=d.name.text)
            return
        table = {
            "regime": self.regimes,
            "reading": self.readings,
            "parameter": self.parameters,
            "definition": self.definitions,
            "procedure": self.procedures,
        }.get(d.kind)
        if d.kind in RULE_KINDS:
            table = self.rules
        if d.kind == "case":
            if self.once(self.cases, d.name):
                self.cases[d.name.text] = it
            self.others.append(it)
        elif d.kind == "finding":
            self.questions(it)
        elif table is None:
            self.others.append(it)
        elif self.once(table, d.name):
            table[d.name.text] = it
            if d.kind in ("definition", "parameter", "reading"):
                self.only_meaning(d.name)
            question = d.clause("question")
            if d.kind == "reading" and question is not None and not question.items:
                # To be read in no way at all would leave nothing to decide under.
                self.report("P302", question.span, clause="（一）名称：怎样读\t(1) name: how it is read")
            self.all_different(a.name for a in (question.items if question else ()) if isinstance(a, s.Alternative))

    def unit_of(self, regime: str) -> str | None:
        it = self.regimes.get(regime)
        clause = it.node.clause("unit") if it else None
        if clause is None or not isinstance(clause.body, tuple):
            return None
        first = clause.body[0]
        return first.text if isinstance(first, s.Quote | s.Name) else None

    def questions(self, it: Declared) -> None:
        d = it.node
        by, each = d.clause("by"), d.clause("for")
        of = each.body.text if each is not None and isinstance(each.body, s.Name) else None
        if of is not None and each is not None and isinstance(each.body, s.Name):
            self.wanted(each.body, self.lists, "清单\ta list")
        if by is None:
            return  # P302 says so already.
        who = self.body_names(by.body if isinstance(by.body, tuple) else ())
        for q in by.items:
            if not isinstance(q, s.Question) or not self.once(self.findings, q.name):
                continue
            if of is None:
                self.only_meaning(q.name)
            type = YES_NO
            if q.type is not None:
                if q.type.text in self.classes:
                    type = self.classes[q.type.text]
                else:
                    self.unknown(q.type, self.classes)
            self.findings[q.name.text] = QuestionShape(
                q.name.text, of, type, q.text, who, tuple(b.text for b in q.basis)
            )

    def body_names(self, nodes: Iterable[s.Node]) -> tuple[str, ...]:
        """The bodies of a 由 or 向; a gap is kept by its word."""
        names = []
        for n in nodes:
            if isinstance(n, s.Gap):
                names.append(word("GAP", n.kind, "zh"))
            elif isinstance(n, s.Name):
                self.wanted(n, self.bodies, "机关\ta body")
                names.append(n.text)
            else:
                have = "别的写法\tsomething else"
                self.report("P202", n.span, name=n.span.text, have=have, want="机关\ta body")
        return tuple(names)

    # Vocabulary.

    def line(self, x: s.Line) -> None:
        if x.kind == "body":
            for e in x.entries:
                if isinstance(e, s.Entry) and self.once(self.bodies, e.name):
                    self.bodies[e.name.text] = e.english
            return
        if x.name is None:
            return
        name = x.name.text
        entries = [e for e in x.entries if isinstance(e, s.Entry)]
        if x.kind in ("class", "order"):
            if self.once(self.classes, x.name):
                self.all_different(e.name for e in entries)
                options = tuple(e.name.text for e in entries)
                self.classes[name] = Type("finite", name, options, x.kind == "order", open=x.open)
        elif x.kind == "effect":
            polarity = next((m for m in x.marks if m != "rising"), "neutral")
            for i, e in enumerate(entries):
                if self.once(self.effects, e.name):
                    unit = e.type.key if isinstance(e.type, s.Word) else ""
                    rank = i if "rising" in x.marks else None
                    self.effects[e.name.text] = EffectShape(e.name.text, name, polarity, rank, unit)
            self.groups[name] = tuple(e.name.text for e in entries)
        elif x.kind == "list":
            self.list_line(x, name)
        elif x.kind == "fact" and x.type is not None and self.once(self.facts, x.name):
            self.not_own("fact", x)
            self.only_meaning(x.name)
            self.facts[name] = self.shape_of(name, x.type, x.marks)

    def list_line(self, x: s.Line, name: str) -> None:
        fields: dict[str, FactShape] = {}
        self.all_different(f.name for f in x.entries if isinstance(f, s.FieldLine))
        # A list may refer to itself or to one declared later: what a field refers to is looked up by name.
        for f in x.entries:
            if isinstance(f, s.FieldLine):
                fields[f.name.text] = self.shape_of(f.name.text, f.type, f.marks)
        date = x.date.text if x.date is not None else ""
        if date not in fields and x.date is not None:
            self.unknown(x.date, fields)
        elif x.date is not None and fields[date].type.kind != "day":
            self.report("P202", x.date.span, name=date, have="别的一类值\tof another type", want="日期\ta date")
        self.not_own("list", x)
        for f in x.entries:
            if isinstance(f, s.FieldLine):
                self.not_own("field", f)
        if x.name is not None and self.once(self.lists, x.name):
            self.lists[name] = ListShape(name, date, fields)

    def not_own(self, kind: str, x: s.Line | s.FieldLine) -> None:
        """No name is a word that the record keeps for itself, in either tongue."""
        if x.name is not None:
            taken = [x.name.text] if x.name.text in OWN_WORDS[kind] else []
            taken += [x.english] if ENGLISH_KEYS.get(x.english, x.name.text) != x.name.text else []
            for name in taken:
                self.report("P212", x.name.span, name=name, kind=_OWN_KINDS[kind])

    def shape_of(self, name: str, node: s.Node, marks: tuple[str, ...]) -> FactShape:
        none, over_time = "may_be_none" in marks, "over_time" in marks
        if isinstance(node, s.Word):
            if node.key in _SIMPLE:
                base = _SIMPLE[node.key]
            elif node.key in ("stage_name", "effect"):
                # Filled in once the stages and effects of the pack are known.
                base = Type("finite", node.key)
            else:
                base = number(node.key)
        elif isinstance(node, s.Name) and node.text in self.classes:
            base = self.classes[node.text]
        elif isinstance(node, s.Name):
            # The name of a list: the number of one of its rows. Whether there is such a list is asked afterwards.
            self.types.append(node)
            return FactShape(name, Type("text", node.text, may_be_none=none), over_time, node.text)
        else:
            base = TEXT
        type = Type(base.kind, base.name, base.options, base.ordered, base.unit, none, base.open)
        return FactShape(name, type, over_time)
