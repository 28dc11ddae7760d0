"""The laws: a tree and its texts are one; learning never overturns; order means nothing; nothing raises.

Each law is tried on policies and records grown from a seed (see `generate`). LAWS_N scales how many.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import generate as g
import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from policy_dsl import model as m
from policy_dsl.check import check
from policy_dsl.compiled import compile
from policy_dsl.decide import Decision, Question, answered_by, decide
from policy_dsl.diagnostics import render
from policy_dsl.evaluate import Evaluation
from policy_dsl.explanation import Explanation, Frame, Member, leaf_key
from policy_dsl.knowledge import as_known
from policy_dsl.language import syntax as s
from policy_dsl.language.fmt import Writer, fmt
from policy_dsl.language.keywords import DEFAULT_LAYERS
from policy_dsl.language.lexer import Lexicon, Token, lex
from policy_dsl.language.parse import ETC, parse
from policy_dsl.language.source import Source, blocks
from policy_dsl.pack import Pack, load
from policy_dsl.record import Reader, Record, Row
from policy_dsl.tracing import explainer
from policy_dsl.values import INF, YES, Value, point, settled, shown_day, within

SCALE = float(os.environ.get("LAWS_N", "1"))
POLICIES = Path(__file__).parent.parent / "policies"
REGIMES = sorted(p.name for p in POLICIES.iterdir() if p.is_dir() and p.name != "common")
LAYERS = frozenset(DEFAULT_LAYERS)
# Checking is dearer than deciding: a law draws its policy from this many, and a record of its own each time.
POOL = max(10, int(70 * SCALE))


def law(n: int) -> Callable[[Any], Any]:
    """A test over seeds, the same ones every run; *n* of them, times LAWS_N."""

    def wrap(test: Any) -> Any:
        return settings(
            max_examples=max(1, int(n * SCALE)), derandomize=True, database=None, deadline=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        )(given(seed=st.integers(0, 2**32 - 1))(test))  # fmt: skip

    return wrap


# A tree and its texts.


def reread(text: str, words: Lexicon) -> s.Document:
    parsed = parse(Source("reread.policy", text), words)
    assert not parsed.problems, [render(p, "zh") for p in parsed.problems[:2]]
    return parsed.document


def difference(a: object, b: object, path: str = "") -> str:
    """The first place where two trees part."""
    if type(a) is not type(b):
        return f"{path}: {a!r} != {b!r}"
    if isinstance(a, tuple) and isinstance(b, tuple):
        if len(a) != len(b):
            return f"{path}: {a!r} != {b!r}"
        return next((d for i, (x, y) in enumerate(zip(a, b, strict=True)) if (d := difference(x, y, f"{path}[{i}]"))), "")
    if isinstance(a, s.Node):
        names = [f.name for f in type(a).__attrs_attrs__ if f.eq]
        return next((d for n in names if (d := difference(getattr(a, n), getattr(b, n), f"{path}.{n}"))), "")
    return "" if a == b else f"{path}: {a!r} != {b!r}"


def same_tree(a: s.Document, b: s.Document) -> None:
    if a != b:
        raise AssertionError(difference(a, b))


def both_tongues(tree: s.Document, words: Lexicon) -> None:
    """parse∘fmt is the identity in each tongue and across them, and fmt has one form for one tree."""
    zh, en = fmt(tree, words, "zh"), fmt(tree, words, "en")
    from_zh, from_en = reread(zh, words), reread(en, words)
    same_tree(from_zh, tree)
    same_tree(from_en, tree)
    assert fmt(from_en, words, "zh") == zh and fmt(from_zh, words, "en") == en
    assert fmt(reread(fmt(from_en, words, "zh"), words), words, "zh") == zh


@law(100)
def test_a_tree_and_its_texts_are_one(seed: int) -> None:
    grown = g.Policies(random.Random(seed)).grow()
    for tree in grown.documents:
        both_tongues(tree, grown.words)


@law(80)
def test_a_condition_and_its_texts_are_one(seed: int) -> None:
    """Deeper than any policy needs, with everything there is to name."""
    rng = random.Random(seed)
    grower = g.Policies(rng)
    grown = grower.grow(rules=3)
    conditions = g.Conditions(rng, grower.world)
    items = []
    for _ in range(6):
        rows = rng.choice(((), ("行为",), ("处理",), ("行为", "处理")))
        stage = rng.choice((None, *grower.world.stages)) if rows == ("行为",) else None
        items.append(s.Item(conditions.truth(g.Here(rows, stage), 5)))
    clauses = (s.Clause("basis", (s.Citation("A-01"),)), s.Clause("all_of", None, tuple(items)))
    words = Lexicon.of({**grown.words.english, "深浅": "depths"})
    both_tongues(s.Document((s.Declaration("definition", s.Name("深浅"), "depths", clauses),)), words)


@pytest.mark.parametrize("regime", [*REGIMES, "common"])
def test_a_policy_of_ours_and_its_texts_are_one(regime: str) -> None:
    checked = check(load(POLICIES / regime))
    assert checked.documents
    for tree in checked.documents:
        both_tongues(tree, checked.lexicon)


QUOTED = {
    "a quotation mark within quotation marks": '单位 为 "甲”乙"',
    "a bracket in quotation marks": "单位 为 「甲）乙」",
    "a negative bound after a name": "综合分 不少于 -5分",
    "a negative bound between two": "综合分 -5分以上 -1分以下",
    "a small share": "综合分 超过 0.0000001分",
    "a large sum": "罚款 超过 100000000元",
    "a name after 本, where 本 and the name are a name too": "有 行为（本 级 为 是）",
}


@pytest.mark.parametrize("what", QUOTED)
def test_what_parses_is_written_so_that_it_parses_alike(what: str) -> None:
    text = f"定义 试一试 trial\n    依据：A-01\n    是指：{QUOTED[what]}\n"
    words = Lexicon.of({**g.vocabulary()[3].english, "试一试": "trial", "级": "grade_x", "本级": "own_grade"})
    both_tongues(reread(text, words), words)


# Spaces between Chinese words.


def respaced(text: str, words: Lexicon, join: bool, rng: random.Random) -> str:
    """The text with the spaces between its words taken out, or put in, at every place or at some."""
    source = Source("spaces.policy", text)
    changes: list[tuple[int, int, str]] = []
    for block in blocks(source):
        tokens: list[Token] = list(lex(block, words, []).tokens)
        for a, b in zip(tokens, tokens[1:], strict=False):
            gap = text[a.span.end : b.span.start]
            # Two figures are no two words: written together they are another figure.
            figures = a.type in ("QUANTITY", "DATE") and b.type in ("QUANTITY", "DATE")
            if "\n" in gap or figures or rng.random() < 0.2:
                continue
            chinese = ord(text[a.span.end - 1]) > 0x3000 and ord(text[b.span.start]) > 0x3000
            if join and gap.strip() == "" and gap and chinese:
                changes.append((a.span.end, b.span.start, ""))
            if not join and not gap and a.type != "CITATION" and b.type not in ("TEXT", "CITATION"):
                changes.append((a.span.end, a.span.end, rng.choice((" ", "  ", "\u3000"))))
    for start, end, new in reversed(changes):
        text = text[:start] + new + text[end:]
    return text


class Respaced:
    """How often a joined text is read otherwise, and said to be so."""

    joined = 0
    ambiguous = 0


@law(100)
def test_spaces_between_chinese_words_mean_nothing(seed: int) -> None:
    """Taking spaces out may leave two readings: then, and only then, the checker says P130."""
    grown, pack, checked = g.grow(seed % POOL)
    rng = random.Random(seed)
    for i, tree in enumerate(grown.documents):
        source = pack.sources[i + 1]
        same_tree(reread(respaced(source.text, checked.lexicon, False, rng), checked.lexicon), tree)
        text = respaced(source.text, checked.lexicon, True, rng)
        parsed = parse(Source(source.name, text), checked.lexicon)
        Respaced.joined += 1
        if parsed.problems or parsed.document != tree:
            Respaced.ambiguous += 1
            found = check(Pack("trial", (*pack.sources[: i + 1], Source(source.name, text), *pack.sources[i + 2 :]), calendar=pack.calendar))
            codes = {f.code for f in found.findings if f.severity == "error"}
            assert codes == {"P130"}, (codes, difference(parsed.document, tree))
    assert Respaced.ambiguous <= 3 + Respaced.joined / 5


# Evaluating.


def explanations(policy: m.Policy, lists: Mapping[str, str | None], record: Record, frame: Frame) -> dict[Any, Explanation]:
    """Every definition, of the person and of each row."""
    court = Evaluation(record, frame)
    found = {}
    for name, of in lists.items():
        for row in (None,) if of is None else record.lists[of].known:
            rows = () if row is None else (row,)
            found[name, None if row is None else row.id] = court.why(policy.definitions[name], rows)
    return found


def verdicts(policy: m.Policy, record: Record, frame: Frame) -> dict[Any, Explanation]:
    """Every verdict, of the person and of each row."""
    return judged_by(Evaluation(record, frame), policy, record)


def judged_by(court: Evaluation, policy: m.Policy, record: Record) -> dict[Any, Explanation]:
    found = {}
    for w in policy.verdicts:
        found[w.effect, None, None] = court.why(w.person, ())
        for of, verdict in w.elements.items():
            for row in record.lists[of].known:
                found[w.effect, of, row.id] = court.why(verdict, (row,))
    return found


def asked(day: int) -> Question:
    """One question for a day: what is decided on it, by what was known then or some time before."""
    return Question(day, day - (0, 0, 150, 600)[day % 4])


def known(raw: g.Raw, policy: m.Policy, day: int) -> Record:
    return as_known(g.read(raw, policy), policy.shape, day, asked(day).known_as_of)


def frames(day: int, readings: Mapping[str, str] | None = None) -> tuple[Frame, Frame]:
    return Frame(day, readings or {}, LAYERS, False), Frame(day, readings or {}, LAYERS, True)


Judged = list[dict[Any, Explanation]]


def lessons(raw: g.Raw, policy: m.Policy, rng: random.Random, n: int, judge: Callable[[g.Raw], Judged]) -> Iterable[tuple[Judged, Judged, g.Place]]:
    """What is made of a record before and after each of *n* things learnt, one after another."""
    before = judge(raw)
    for _ in range(n):
        try:
            raw, place = g.learn(raw, rng, policy.shape)
        except StopIteration:
            return
        after = judge(raw)
        yield before, after, place
        before = after


def leaves(e: Explanation) -> set[Any]:
    return {leaf_key(x.node, x.rows) for x in e.missing()}


def said(e: m.Expr, policy: m.Policy) -> str:
    """What the author wrote of a node."""
    node = e.source
    try:
        return Writer(policy.lexicon, "zh").expr(node) if isinstance(node, s.Node) else ""
    except TypeError:
        return node.span.text if isinstance(node, s.Node) else ""


def hunted(e: Explanation, wrong: Callable[[Explanation], bool], policy: m.Policy) -> str:
    """The smallest part of an explanation that is wrong in the same way."""
    smallest = min((x for x in e.walk() if wrong(x)), key=lambda x: sum(1 for _ in x.walk()), default=e)
    parts = [(type(x.node).__name__, x.value, leaf_key(x.node, x.rows)) for x in smallest.walk()][:8]
    return f"{said(smallest.node, policy) if isinstance(smallest.node, m.Expr) else smallest.node} {parts}"


def narrows(before: dict[Any, Explanation], after: dict[Any, Explanation], place: object, policy: m.Policy) -> None:
    for key, e in after.items():
        if key in before and not within(e.value, before[key].value):
            was = {(id(x.node), tuple(r.id for r in x.rows)): x.value for x in before[key].walk()}

            def wider(x: Explanation, was: Mapping[Any, Value] = was) -> bool:
                old = was.get((id(x.node), tuple(r.id for r in x.rows)))
                return old is not None and not isinstance(x.node, Member) and not within(x.value, old)

            raise AssertionError(f"learning {place} of {key}: {before[key].value} became {e.value}: {hunted(e, wider, policy)}")


# Learning.


@law(180)
def test_learning_never_overturns_a_definition(seed: int) -> None:
    _, policy, lists = g.sheet(seed % POOL)
    rng = random.Random(seed)
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    judge = lambda raw: [explanations(policy, lists, known(raw, policy, day), frames(day)[0])]
    for before, after, place in lessons(raw, policy, rng, 8, judge):
        narrows(before[0], after[0], place, policy)


@law(100)
def test_learning_never_overturns_a_verdict(seed: int) -> None:
    """Of the person and of each row that is still there, on what is printed and on the whole text."""
    _, _, checked = g.grow(seed % POOL)
    policy = checked.policy
    assert policy is not None
    rng = random.Random(seed)
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    judge = lambda raw: [verdicts(policy, known(raw, policy, day), frame) for frame in frames(day)]
    for before, after, place in lessons(raw, policy, rng, 6, judge):
        for old, new in list(zip(before, after, strict=True))[: 1 if answers_etc(place) else 2]:
            narrows(old, new, place, policy)


def answers_etc(place: g.Place) -> bool:
    """Whether a body answered what 等 leaves open: that alone adds to what is printed, where it was not so until then."""
    return place[0] == "finding" and ETC in str(place[1])


@law(25)
def test_learning_never_overturns_a_decision(seed: int) -> None:
    """The whole of it: split by reading, on both lines; and a settled one stays as it is."""
    _, _, checked = g.grow(seed % POOL)
    policy = checked.policy
    assert policy is not None
    rng = random.Random(seed)
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    judge = lambda raw: [statuses(decide(policy, g.read(raw, policy), asked(day), what_if=False))]
    for [old], [new], place in lessons(raw, policy, rng, 4, judge):
        for key, (printed, whole) in new.items():
            if key in old:
                was_printed, was_whole = old[key]
                narrower = whole & ~was_whole == 0 and (answers_etc(place) or printed & ~was_printed == 0)
                assert narrower, (place, key, old[key], (printed, whole))
                if settled(was_whole) and was_printed == was_whole:
                    assert (printed, whole) == old[key], (place, key)


def statuses(decision: Decision) -> dict[Any, tuple[int, int]]:
    return {(c.effect, c.list, c.row.id if c.row else None): (c.printed, c.whole) for c in decision.conclusions}


@law(100)
def test_what_is_printed_says_no_less_than_the_whole_text(seed: int) -> None:
    _, _, checked = g.grow(seed % POOL)
    policy = checked.policy
    assert policy is not None
    rng = random.Random(seed)
    record, day = g.person(rng, policy.shape), g.a_day(rng)
    whole, printed = (verdicts(policy, known(record, policy, day), frame) for frame in frames(day))
    narrows(whole, printed, "that nothing else is printed", policy)


@law(100)
def test_choosing_a_reading_never_overturns(seed: int) -> None:
    _, policy, lists = g.sheet(seed % POOL)
    rng = random.Random(seed)
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    record, chosen = known(raw, policy, day), {}
    before = explanations(policy, lists, record, frames(day)[0])
    for name in rng.sample(sorted(policy.readings), len(policy.readings)):
        chosen[name] = rng.choice(policy.readings[name].alternatives)
        after = explanations(policy, lists, record, frames(day, chosen)[0])
        narrows(before, after, chosen, policy)
        before = after


# What is missing.


def accounted(found: Mapping[Any, Explanation], policy: m.Policy) -> None:
    for key, e in found.items():
        if settled(e.value) == bool(leaves(e)):
            raise AssertionError(f"{key} is {e.value}, missing {leaves(e)}: {hunted(e, lambda x: settled(x.value) == bool(leaves(x)), policy)}")


@law(200)
def test_something_is_missing_exactly_while_it_is_open(seed: int) -> None:
    _, policy, lists = g.sheet(seed % POOL)
    rng = random.Random(seed)
    for _ in range(2):
        raw, day = g.person(rng, policy.shape), g.a_day(rng)
        for frame in frames(day):
            accounted(explanations(policy, lists, known(raw, policy, day), frame), policy)


@law(80)
def test_something_is_missing_exactly_while_a_verdict_is_open(seed: int) -> None:
    _, _, checked = g.grow(seed % POOL)
    policy = checked.policy
    assert policy is not None
    rng = random.Random(seed)
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    for frame in frames(day):
        accounted(verdicts(policy, known(raw, policy, day), frame), policy)


@law(40)
def test_every_open_conclusion_waits_for_a_gap(seed: int) -> None:
    _, _, checked = g.grow(seed % POOL)
    policy = checked.policy
    assert policy is not None
    rng = random.Random(seed)
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    decision = decide(policy, g.read(raw, policy), asked(day), what_if=False)
    waiting = {change for gap in decision.gaps for change in gap.changes}
    for c in decision.conclusions:
        assert c.settled == ((c.effect, c.list, c.row.id if c.row else None) not in waiting), (c.effect, c.printed, c.whole)


@law(180)
def test_learning_what_is_not_missing_changes_nothing(seed: int) -> None:
    _, policy, lists = g.sheet(seed % POOL)
    rng = random.Random(seed)
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    judge = lambda raw: [explanations(policy, lists, known(raw, policy, day), frames(day)[0])]
    for [old], [new], place in lessons(raw, policy, rng, 8, judge):
        for key, e in new.items():
            if key in old and e.value != old[key].value and place not in leaves(old[key]):
                unasked = lambda x, place=place: place not in leaves(x)
                raise AssertionError(
                    f"{key}: learning {place} made {old[key].value} into {e.value}, and only {leaves(old[key])} was"
                    f" missing: {hunted(old[key], unasked, policy)}"
                )


@law(30)
def test_what_an_answer_is_said_to_change_is_what_it_changes(seed: int) -> None:
    """Each answer a decision weighs, given in the record, leads to the statuses the decision promised."""
    _, _, checked = g.grow(seed % POOL)
    policy = checked.policy
    assert policy is not None
    rng = random.Random(seed)
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    decision = decide(policy, g.read(raw, policy), asked(day))
    weighed = [(gap, label, results) for gap in decision.gaps for label, results in gap.answers]
    for gap, label, results in rng.sample(weighed, min(len(weighed), 6)):
        if (answered := given_to(raw, gap.key, label.partition("\t")[0], policy, asked(day).known_as_of)) is None:
            continue
        found = verdicts(policy, known(answered, policy, day), frames(day)[0])
        for effect, of, row, mask in results:
            if (effect, of, row) in found:
                assert found[effect, of, row].value == mask, (gap.key, label, effect, of, row, mask, found[effect, of, row].value)


def given_to(raw: g.Raw, key: tuple[Any, ...], label: str, policy: m.Policy, known_on: int) -> g.Raw | None:
    """The record with one answer in its place; None where the answer is no cell (a reading, a list, a history)."""
    raw = deepcopy(raw)
    cell: Any = label if not label.replace(".", "").replace("-", "", 1).isdigit() else float(label)
    match key:
        case ("fact", name) if not isinstance(raw.get(name), list):
            raw[name] = cell
        case ("field", of, id, name) if name != "知悉日":  # when it was learnt is about the record, not in it
            next(r for r in raw[of]["行"] if r["编号"] == id)[name] = cell
        case ("finding", name, id):
            q = policy.shape.findings[name]
            answers = raw.setdefault("认定", [])
            answers[:] = [a for a in answers if (a["问题"], a.get("所属编号")) != (name, id)]
            new = {"编号": "新", "问题": name, "答": cell, "认定日": shown_day(known_on)}
            answers.append(new if id is None else {**new, "所属": q.list, "所属编号": id})
        case _:
            return None
    return raw


@law(70)
def test_a_record_in_which_nothing_is_left_to_ask_settles_everything(seed: int) -> None:
    """Under chosen readings, and where nothing of the text is unprinted."""
    _, policy, lists = g.sheet(seed % POOL, clear=True)
    _, _, checked = g.grow(seed % POOL, clear=True)
    whole = checked.policy
    assert whole is not None
    rng = random.Random(seed)
    for p, judge in ((policy, lambda p, r, f: explanations(p, lists, r, f)), (whole, verdicts)):
        raw, day = g.person(rng, p.shape, known=True), g.a_day(rng)
        chosen = {n: rng.choice(r.alternatives) for n, r in p.readings.items()}
        today = as_known(g.read(raw, p), p.shape, day, day)
        for key, e in judge(p, today, frames(day, chosen)[1]).items():
            assert settled(e.value), (key, e.value, hunted(e, lambda x: not settled(x.value), p))


# Order.


def open_lists(x: Any) -> int:
    """How many lists end in 等."""
    if isinstance(x, tuple):
        return sum(map(open_lists, x))
    if not isinstance(x, s.Node):
        return 0
    inside = sum(open_lists(getattr(x, f.name)) for f in type(x).__attrs_attrs__ if f.name != "span")
    return inside + (isinstance(x, s.SetOf) and x.open)


def reordered(x: Any, rng: random.Random) -> Any:
    """The same tree with everything that has no order in another: never the rows of a table."""
    if isinstance(x, tuple):
        return tuple(reordered(y, rng) for y in x)
    if not isinstance(x, s.Node) or (isinstance(x, s.Declaration) and open_lists(x) > 1):
        # Questions that several open lists of one provision ask are numbered in the order they are written.
        return x
    inner = {f.name: reordered(getattr(x, f.name), rng) for f in type(x).__attrs_attrs__ if f.name != "span"}
    mixed = lambda parts: tuple(rng.sample(parts, len(parts)))
    match x:
        case s.Connected() | s.SetOf() | s.Effects() | s.Apply() | s.Some() | s.ApplyWord():
            inner["parts"] = mixed(inner["parts"])
        case s.Clause(key="any_of" | "all_of"):
            inner["items"] = mixed(inner["items"])
        case s.Clause(key="disapplies" | "may_disapply"):
            inner["body"] = mixed(inner["body"])
        case s.Declaration():
            inner["clauses"] = mixed(inner["clauses"])
    return type(x)(**inner)


def sections(tree: s.Document) -> list[list[s.Declaration]]:
    """A file by its instruments: each regime with what belongs to it."""
    found: list[list[s.Declaration]] = []
    for d in tree.declarations:
        if d.kind == "regime" or not found:
            found.append([])
        found[-1].append(d)
    return found


def rearranged(grown: g.Grown, rng: random.Random) -> Pack:
    """The same pack with its declarations, instruments and files in another order."""
    trees = []
    for tree in grown.documents:
        parts = []
        for part in rng.sample(sections(tree), len(sections(tree))):
            head, rest = part[:1], part[1:]
            parts += head + rng.sample(rest, len(rest))
        trees.append(evolve(tree, declarations=tuple(parts)))
    pack = grown.pack("zh", [reordered(t, rng) for t in trees])
    renamed = [Source(f"{rng.random()}.policy", x.text) for x in pack.sources]
    return Pack("trial", tuple(rng.sample(renamed, len(renamed))), calendar=pack.calendar)


def shuffled(raw: g.Raw, rng: random.Random) -> g.Raw:
    """The same record with its rows, findings and items in another order."""
    raw = deepcopy(raw)
    for x in raw.values():
        if isinstance(x, dict) and "行" in x:
            rng.shuffle(x["行"])
        elif isinstance(x, list):
            rng.shuffle(x)
    keys = list(raw)
    rng.shuffle(keys)
    return {k: raw[k] for k in keys}


@law(60)
def test_the_order_of_declarations_files_and_items_means_nothing(seed: int) -> None:
    rng = random.Random(seed)
    grown, _, checked = g.grow(seed % POOL)
    again = check(rearranged(grown, rng))
    policy, other = checked.policy, again.policy
    assert policy is not None and other is not None, [render(f, "zh") for f in again.findings if f.severity == "error"][:2]
    assert policy.definitions.keys() == other.definitions.keys() and policy.readings.keys() == other.readings.keys()
    for _ in range(2):
        raw, day = g.person(rng, policy.shape), g.a_day(rng)
        for frame in frames(day):
            same_values(verdicts(policy, known(raw, policy, day), frame), verdicts(other, known(raw, other, day), frame))


@law(30)
def test_the_order_of_what_a_definition_reads_means_nothing(seed: int) -> None:
    rng = random.Random(seed)
    grown, _, checked = g.grow(seed % POOL, rules=0, definitions=12)
    again = check(rearranged(grown, rng))
    policy, other = checked.policy, again.policy
    assert policy is not None and other is not None, [render(f, "zh") for f in again.findings if f.severity == "error"][:2]
    lists = {n: next((of for of, x in lists_of(grown) if x == n), None) for n in policy.definitions}
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    whole, _ = frames(day)
    same_values(explanations(policy, lists, known(raw, policy, day), whole), explanations(other, lists, known(raw, other, day), whole))


def lists_of(grown: g.Grown) -> Iterable[tuple[str, str]]:
    for tree in grown.documents:
        for d in tree.declarations:
            if d.name is not None and (each := d.clause("for")) is not None and isinstance(each.body, s.Name):
                yield each.body.text, d.name.text


def same_values(a: Mapping[Any, Explanation], b: Mapping[Any, Explanation]) -> None:
    assert a.keys() == b.keys()
    for key, e in a.items():
        assert e.value == b[key].value, (key, e.value, b[key].value)


@law(100)
def test_the_order_of_rows_means_nothing(seed: int) -> None:
    _, policy, lists = g.sheet(seed % POOL)
    rng = random.Random(seed)
    for _ in range(3):
        raw, day = g.person(rng, policy.shape), g.a_day(rng)
        whole, _ = frames(day)
        first = explanations(policy, lists, known(raw, policy, day), whole)
        second = explanations(policy, lists, known(shuffled(raw, rng), policy, day), whole)
        same_values(first, second)
        assert {k: leaves(e) for k, e in first.items()} == {k: leaves(e) for k, e in second.items()}


# One meaning in two tongues and in two engines.


@law(50)
def test_the_english_twin_means_the_same(seed: int) -> None:
    grown, _, checked = g.grow(seed % POOL)
    twin = check(grown.pack("en"))
    policy, other = checked.policy, twin.policy
    assert policy is not None and other is not None, [render(f, "en") for f in twin.findings if f.severity == "error"][:2]
    rng = random.Random(seed)
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    whole, _ = frames(day)
    same_values(verdicts(policy, known(raw, policy, day), whole), verdicts(other, known(raw, other, day), whole))
    assert {n: r.alternatives for n, r in policy.readings.items()} == {n: r.alternatives for n, r in other.readings.items()}


@law(14)
def test_the_compiled_function_says_what_the_walker_says(seed: int) -> None:
    _, _, checked = g.grow(seed % POOL)
    policy = checked.policy
    assert policy is not None
    rng = random.Random(seed)
    day = g.a_day(rng)
    for frame in frames(day):
        compiled = compile(policy, frame)
        for _ in range(3):
            record = known(g.person(rng, policy.shape), policy, day)
            walked = verdicts(policy, record, frame)
            for (effect, of), found in zip(compiled.verdicts, compiled.statuses(record)[0], strict=True):
                rows: tuple[Row | None, ...] = (None,) if of is None else record.lists[of].known
                for row, mask in zip(rows, (found,) if of is None else found, strict=True):
                    assert mask == walked[effect, of, row.id if row else None].value, (effect, of)


class Trees:
    """Numbers trees so that two have one number just when they are the same, step by step; rows go by their number."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}
        self.numbered: dict[int, tuple[int, Explanation]] = {}

    def number(self, e: Explanation) -> int:
        if id(e) not in self.numbered:
            step = e.node if isinstance(e.node, Member) else id(e.node)
            told = step, e.value, tuple(r.id for r in e.rows), tuple(map(self.number, e.because))
            # Kept with its number, so that its identity stays its own.
            self.numbered[id(e)] = self.numbers.setdefault(told, len(self.numbers)), e
        return self.numbered[id(e)][0]

    def same(self, a: Explanation, b: Explanation) -> bool:
        return self.number(a) == self.number(b)


@law(40)
def test_the_compiled_explanations_are_the_walkers(seed: int) -> None:
    _, _, checked = g.grow(seed % POOL)
    policy = checked.policy
    assert policy is not None
    rng = random.Random(seed)
    day = g.a_day(rng)
    readings = {name: rng.choice(r.alternatives) for name, r in policy.readings.items() if rng.random() < 0.3}
    compiled = explainer(policy, rng.choice(frames(day, readings)))
    elements = [(w.effect, of) for w in policy.verdicts for of in w.elements]
    for _ in range(3):
        trees = Trees()
        record = known(g.person(rng, policy.shape), policy, day)
        walked = verdicts(policy, record, compiled.frame)
        person, rows = compiled.explain(record)
        for w, found in zip(policy.verdicts, person, strict=True):
            assert trees.same(found, walked[w.effect, None, None]), w.effect
        for (effect, of), each in zip(elements, rows, strict=True):
            for row, found in zip(record.lists[of].known, each, strict=True):
                assert trees.same(found, walked[effect, of, row.id]), (effect, of, row.id)


@law(40)
def test_what_does_not_turn_on_a_difference_need_not_be_judged_again(seed: int) -> None:
    """An evaluation that leans on another says what one from scratch says: of other readings, of answers supposed."""
    _, _, checked = g.grow(seed % POOL)
    policy = checked.policy
    assert policy is not None
    rng = random.Random(seed)
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    record, frame = known(raw, policy, day), rng.choice(frames(day))
    first = Evaluation(record, frame)
    before = judged_by(first, policy, record)
    open_leaves = {leaf_key(x.node, x.rows): x for e in before.values() for x in e.missing()}
    suppositions: list[tuple[Frame, list[m.Topic], dict[Any, Value]]] = []
    for _ in range(2):
        chosen = {n: rng.choice(r.alternatives) for n, r in policy.readings.items() if rng.random() < 0.5}
        suppositions.append((evolve(frame, readings=chosen), [("reading", n) for n in chosen], {}))
    for key, leaf in rng.sample(sorted(open_leaves.items(), key=str), min(len(open_leaves), 4)):
        supposed = YES if isinstance(leaf.node, Member) else supposable(leaf, rng)
        if supposed is not None:
            suppositions.append((frame, [answered_by(leaf.node)], {key: supposed}))
    for other, apart, given_ in suppositions:
        trees, leaning = Trees(), judged_by(first.but(other, apart, given_), policy, record)
        for place, e in judged_by(Evaluation(record, other, given_), policy, record).items():
            assert trees.same(leaning[place], e), (place, apart, given_)


def supposable(leaf: Explanation, rng: random.Random) -> Value | None:
    if isinstance(leaf.node, m.Happened):
        # What may be supposed is its date.
        return None
    if isinstance(leaf.value, int):
        return rng.choice([1 << i for i in range(leaf.value.bit_length()) if leaf.value >> i & 1])
    low, high, _ = leaf.value
    return None if isinstance(low, str) or low > high else point(low if low > -INF else high if high < INF else 7)


# Nothing raises, and nothing depends on the run.


def picture(decision: Decision) -> tuple[Any, ...]:
    """Everything a decision says, as plain data."""
    place = lambda x: (x.list, x.row.id if x.row else None)
    return (
        decision.status,
        tuple(
            (c.effect, place(c), c.printed, c.whole, c.same_whichever, c.capped, drawn(c.why), drawn(c.why_printed),
             tuple((dict(t.readings), t.printed, t.whole) for t in c.turns),
             tuple((x.rule.name, x.option.effect, x.option.flag, x.fires.value, x.by) for x in c.grounds))
            for c in decision.conclusions
        ),
        tuple((type(x.node).__name__, x.row.id if x.row else None, x.kind, x.who, x.changes, x.answers) for x in decision.gaps),
    )  # fmt: skip


def drawn(e: Explanation) -> tuple[Any, ...]:
    return tuple((type(x.node).__name__, x.value, tuple(r.id for r in x.rows), len(x.because)) for x in e.walk())


@law(25)
def test_the_whole_decision_is_the_same_each_time(seed: int) -> None:
    _, pack, checked = g.grow(seed % POOL)
    policy, again = checked.policy, check(pack).policy
    assert policy is not None and again is not None
    rng = random.Random(seed)
    raw, day = g.person(rng, policy.shape), g.a_day(rng)
    question = asked(day)
    first = picture(decide(policy, g.read(raw, policy), question))
    assert first == picture(decide(policy, g.read(raw, policy), question))
    assert first == picture(decide(again, g.read(raw, again), question))


RUN = """
import random, sys
import generate as g
from test_laws import picture
from policy_dsl.check import check
from policy_dsl.decide import Question, decide
from policy_dsl.pack import load
for regime in sys.argv[1:]:
    policy = check(load(regime)).policy
    raw = g.person(random.Random(regime[-4:]), policy.shape)
    print(picture(decide(policy, g.read(raw, policy), Question(736900, 736900))))
"""


def test_no_decision_depends_on_how_the_interpreter_hashes() -> None:
    outputs = []
    for seed in ("1", "2"):
        paths = os.pathsep.join((str(Path(__file__).parent), str(POLICIES.parent)))
        run = subprocess.run(
            [sys.executable, "-c", RUN, *(str(POLICIES / r) for r in REGIMES)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        outputs.append(run.stdout)
    assert outputs[0] == outputs[1] and len(outputs[0]) > 1000


EXTREMES: dict[str, tuple[Any, ...]] = {
    "day": ("0001-01-01", "9999-12-31", {"不早于": "9999-12-01"}, {"不晚于": "0001-01-02"}, "2016", "2016-02", "无", "不明", {"不早于": "0001-01-01", "不晚于": "9999-12-31"}),
    "number": (0, 1, 10**15, {"至少": 0}, {"至多": 10**15}, {"至少": 1, "至多": 10**15}, "无", "不明", None, 3, "三"),
    "text": ("", "不明", "无", "甲", "龥", "é", "a" * 1000, "=", 7, "\U0010ffff", "\ue000"),
    "finite": ("无", "不明", None, "", True, False),
}


class Extreme(g.People):
    """Records at the edges of what the Reader accepts."""

    def value(self, type: Any) -> Any:
        choices = EXTREMES[type.kind]
        if type.finite and self.rng.random() < 0.7:
            choices = type.options or choices
        return self.rng.choice(choices)


class Accepted:
    """How many of the records at the edges the Reader took."""

    offered = 0
    taken = 0


@law(50)
def test_a_checked_policy_never_raises_on_a_record_the_reader_takes(seed: int) -> None:
    _, _, checked = g.grow(seed % POOL)
    policy = checked.policy
    assert policy is not None
    rng = random.Random(seed)
    for turn in range(3):
        reader = Reader(policy.shape, policy.lexicon)
        raw = pruned(Extreme(rng, policy.shape).person(), policy, reader)
        record = reader.record(raw, "")
        Accepted.offered += 1
        if record is None or reader.problems:
            continue
        Accepted.taken += 1
        day = rng.choice((1, 3_652_059, 736_000, 736_000))
        decide(policy, record, Question(day, rng.choice((day, 1, 736_000))), what_if=turn == 0)
    assert Accepted.taken >= Accepted.offered * 0.8 - 3, (Accepted.taken, Accepted.offered)


def pruned(raw: g.Raw, policy: m.Policy, reader: Reader) -> g.Raw:
    """The record without the cells that the Reader refuses by themselves, so that most of it is put to the policy."""

    def ok(type: Any, cell: Any) -> bool:
        reader.cell(type, cell, ("",))
        fine = not reader.problems
        reader.problems.clear()
        return fine

    for name, f in policy.shape.facts.items():
        if name in raw and not isinstance(raw[name], list) and not ok(f.type, raw[name]):
            del raw[name]
        if isinstance(raw.get(name), list):
            raw[name] = [step for step in raw[name] if ok(f.type, step.get("值"))]
    for name, x in policy.shape.lists.items():
        for row in raw.get(name, {}).get("行", ()):
            for f in x.fields.values():
                if f.name in row and not f.refers_to and not ok(f.type, row[f.name]):
                    del row[f.name]
    for one in raw.get("认定", []):
        if not ok(policy.shape.findings[one["问题"]].type, one["答"]):
            one["答"] = None
    return raw


EDGES = {
    "a definition of yes or no, of the latest row": "定义 查实 found_so\n    对：每一 行为\n    依据：A-01\n    是指：不良后果\n定义 用 user\n    依据：A-01\n    是指：并非（行为的查实最近）",
    "the kinds of a definition of yes or no": "定义 查实 found_so\n    对：每一 行为\n    依据：A-01\n    是指：不良后果\n定义 用 user\n    依据：A-01\n    是指：行为的查实种数 超过 一次",
    "a run of years over what is no year": "定义 用 user\n    依据：A-01\n    是指：行为的类型连续年数 超过 1年",
    "a run of years over days": "定义 用 user\n    依据：A-01\n    是指：行为的发生日连续年数 超过 1年",
    "a keyed parameter of a number": "参数 线 line\n    依据：A-01\n    按：职级\n        （一）科员：三次；\n定义 用 user\n    依据：A-01\n    是指：谈话数 超过 线（谈话数）",
    "a keyed parameter of another class": "参数 线 line\n    依据：A-01\n    按：职级\n        （一）科员：三次；\n定义 用 user\n    依据：A-01\n    是指：谈话数 超过 线（现牌）",
    "a keyed parameter of a condition": "参数 线 line\n    依据：A-01\n    按：职级\n        （一）科员：三次；\n定义 用 user\n    依据：A-01\n    是指：谈话数 超过 线（已退休）",
    "a keyed parameter of a text": "参数 线 line\n    依据：A-01\n    按：单位\n        （一）“甲”：三次；\n定义 用 user\n    依据：A-01\n    是指：谈话数 超过 线（单位）",
    "possible values of two kinds": "参数 线 line\n    依据：A-01\n    可能：三次、五日\n定义 用 user\n    依据：A-01\n    是指：谈话数 超过 线",
    "possible values of two sorts": "参数 线 line\n    依据：A-01\n    可能：三次、科员\n定义 用 user\n    依据：A-01\n    是指：谈话数 超过 线",
    "one possible value": "参数 线 line\n    依据：A-01\n    可能：三次\n定义 用 user\n    依据：A-01\n    是指：谈话数 超过 线",
    "a parameter that is a condition": "参数 线 line\n    依据：A-01\n    取值：是\n定义 用 user\n    依据：A-01\n    是指：线 或 并非（线）",
    "a parameter whose unit is a class": "参数 线 line\n    依据：A-01\n    单位：职级\n    取值：未载明\n定义 用 user\n    依据：A-01\n    是指：职级 为 线",
    "a person's rule that lasts as long as a stage": "程序 程 course\n    对：每一 行为\n    依据：A-01\n    记于：环节\n    环节 甲步 step_a\n        由：未载明\n        之后：乙步\n    环节 乙步 step_b\n        由：未载明\n规定 用 user\n    依据：A-01\n    当：已退休\n    应当：警告\n    期间：甲步",
    "a rule of another list that lasts as long as a stage": "程序 程 course\n    对：每一 行为\n    依据：A-01\n    记于：环节\n    环节 甲步 step_a\n        由：未载明\n        之后：\n            （一）结果 为 合格：乙步；\n    环节 乙步 step_b\n        由：未载明\n规定 用 user\n    对：每一 处理\n    依据：A-01\n    当：已退休\n    应当：警告\n    期间：乙步",
    "a person's exception to a stage": "程序 程 course\n    对：每一 行为\n    依据：A-01\n    记于：环节\n    环节 甲步 step_a\n        由：未载明\n        之后：乙步\n    环节 乙步 step_b\n        由：未载明\n除外 用 user\n    依据：A-01\n    当：已退休\n    不适用：乙步",
    "a stage that disapplies a person's rule": "程序 程 course\n    对：每一 行为\n    依据：A-01\n    记于：环节\n    环节 甲步 step_a\n        由：未载明\n        不适用：用\n规定 用 user\n    依据：A-01\n    当：已退休\n    应当：警告",
    "a stage that disapplies a rule of another list": "程序 程 course\n    对：每一 行为\n    依据：A-01\n    记于：环节\n    环节 甲步 step_a\n        由：未载明\n        当：结果 为 合格\n        不适用：用\n规定 用 user\n    对：每一 处理\n    依据：A-01\n    当：已退休\n    应当：警告",
    "a time that may not be": "规定 用 user\n    对：每一 处理\n    依据：A-01\n    当：党员\n    时点：止日\n    应当：警告",
    "an extreme of texts": "定义 用 user\n    依据：A-01\n    是指：取大（单位，籍贯） 为 “甲”",
    "a table of gaps": "定义 用 user\n    依据：A-01\n    是指：\n        （一）已退休：未载明；\n        （二）其余：未载明；",
    "a table of gaps as a number": "定义 线 line\n    依据：A-01\n    是指：\n        （一）已退休：未载明；\n        （二）其余：未载明；\n定义 用 user\n    依据：A-01\n    是指：谈话数 超过 线",
    "a table of texts": "定义 线 line\n    依据：A-01\n    是指：\n        （一）已退休：“甲”；\n        （二）党员：单位；\n定义 用 user\n    依据：A-01\n    是指：籍贯 为 线",
    "the least of classes": "定义 用 user\n    依据：A-01\n    是指：取小（职级，职级） 为 科员",
    "a year that is a class": "定义 用 user\n    依据：A-01\n    是指：年末（职级） 早于 决定日",
    "a product of constants": "定义 用 user\n    依据：A-01\n    是指：三次 × 三次 超过 二次",
    "a negative product": "定义 用 user\n    依据：A-01\n    是指：自 决定日 起 借调期 × -3 早于 决定日",
    "a definition in a circle through a list": "定义 用 user\n    依据：A-01\n    是指：有 行为（他）\n定义 他 other\n    对：每一 行为\n    依据：A-01\n    是指：用",
    "a parameter in a circle": "参数 线 line\n    依据：A-01\n    取值：线",
    "two parameters in a circle": "参数 线 line\n    依据：A-01\n    取值：圈\n参数 圈 loop\n    依据：A-01\n    取值：线",
    "a parameter and a definition in a circle": "参数 线 line\n    依据：A-01\n    取值：\n        （一）用：三次；\n定义 用 user\n    依据：A-01\n    是指：谈话数 超过 线",
    "a scope in a circle": "定义 用 user\n    依据：A-01\n    是指：决定日 不早于 施行日 或 用",
    "an instrument above itself": "制度 乙制 other_rules\n    依据：A-01\n    上位：乙制\n规定 用 user\n    依据：A-01\n    当：已退休\n    应当：警告",
    "two instruments above each other": "制度 乙制 other_rules\n    依据：A-01\n    上位：丙制\n制度 丙制 third_rules\n    依据：A-01\n    上位：乙制\n规定 用 user\n    依据：A-01\n    当：已退休\n    应当：警告",
    "an end before the start": "制度 乙制 other_rules\n    依据：A-01\n    上位：甲制\n    施行：自 2018年1月1日 起 至 2017年1月1日\n规定 用 user\n    依据：A-01\n    当：已退休\n    应当：警告",
    "in force from what is no day": "制度 乙制 other_rules\n    依据：A-01\n    上位：甲制\n    施行：自 三次 起\n规定 用 user\n    依据：A-01\n    当：已退休\n    应当：警告",
    "in force from a fact": "制度 乙制 other_rules\n    依据：A-01\n    上位：甲制\n    施行：自 出生日 起\n规定 用 user\n    依据：A-01\n    当：已退休\n    应当：警告",
    "an amount in another unit": "规定 用 user\n    依据：A-01\n    当：已退休\n    应当：停薪 三次、扣奖 五日",
    "an effect that is a group and a stage of no procedure": "规定 用 user\n    依据：A-01\n    当：环节的名称种数 超过 一次 或 环节的名称最近 不是 环节的名称最近\n    应当：处分",
    "an exception to itself": "规定 用 user\n    依据：A-01\n    当：已退休\n    不适用：用",
    "an exception named twice": "规定 用 user\n    依据：A-01\n    当：已退休\n    不适用：他、他\n规定 他 other\n    依据：A-01\n    应当：警告",
    "no conditions": "规定 用 user\n    依据：A-01\n    应当：警告",
    "a delegated number of another kind": "参数 线 line\n    依据：A-01\n    授权：三次以上\n制度 乙制 other_rules\n    依据：A-01\n    上位：甲制\n    单位：“甲”\n参数 线 line\n    依据：A-01\n    取值：科员\n",
    "a delegated definition in a circle": "定义 用 user\n    依据：A-01\n    是指：已退休\n    授权：一次\n制度 乙制 other_rules\n    依据：A-01\n    上位：甲制\n    单位：“甲”\n定义 用 user\n    依据：A-01\n    是指：用",
    "the same unit twice": "参数 线 line\n    依据：A-01\n    授权：三次以上\n制度 乙制 other_rules\n    依据：A-01\n    上位：甲制\n    单位：“甲”\n参数 线 line\n    依据：A-01\n    取值：四次\n参数 线 line\n    依据：A-01\n    取值：五次\n",
}
BASE = "制度 甲制 first_rules\n    依据：A-01\n    下级：单位\n    施行：自 2016年1月1日 起\n"


@pytest.mark.parametrize("what", EDGES)
def test_what_is_odd_is_refused_or_decided(what: str) -> None:
    """Whatever checks is put to records; whatever does not is told why."""
    checked = check(Pack("edge", (g.VOCABULARY_SOURCE, Source("edge.policy", BASE + EDGES[what] + "\n"))))
    for finding in checked.findings:
        assert render(finding, "zh") and render(finding, "en")
    if checked.policy is None:
        assert any(f.severity == "error" for f in checked.findings)
        return
    lists = {n: next((f.list for f in m.walk(e) if isinstance(f, m.Field) and f.slot == 0 and e.slots), None) for n, e in checked.policy.definitions.items()}
    for seed in range(12):
        rng = random.Random(seed)
        raw, day = g.person(rng, checked.policy.shape), g.a_day(rng)
        record = known(raw, checked.policy, day)
        decide(checked.policy, g.read(raw, checked.policy), asked(day))
        for frame in frames(day):
            explanations(checked.policy, lists, record, frame)


# What is meant by single words, where a policy as grown would not show it.


def value_of(text: str, raw: g.Raw, day: int = 736_330) -> Value:
    """The definition 用 under a few lines of policy."""
    checked = check(Pack("one", (g.VOCABULARY_SOURCE, Source("one.policy", BASE + text + "\n"))))
    assert checked.policy is not None, [render(f, "zh") for f in checked.findings]
    policy = checked.policy
    record = as_known(g.read({"编号": "一", **raw}, policy), policy.shape, day, day)
    return Evaluation(record, frames(day)[0]).why(policy.definitions["用"], ()).value


def test_a_constant_may_stand_on_either_side_of_a_product() -> None:
    for text in ("借调期 × 2 超过 三个月", "2 × 借调期 超过 三个月", "借调期 × 二次 超过 三个月"):
        assert value_of(f"定义 用 user\n    依据：A-01\n    是指：{text}", {"借调期": 2}) == 2


def test_the_rest_of_a_keyed_parameter_is_whatever_no_row_names() -> None:
    text = "参数 线 line\n    依据：A-01\n    按：现牌\n        （一）红牌：一次；\n        （二）其余：五次；\n定义 用 user\n    依据：A-01\n    是指：谈话数 不少于 线（现牌）"
    assert [value_of(text, {"谈话数": 3, "现牌": card}) for card in ("红牌", "黄牌", "未亮牌")] == [2, 1, 1]


def test_a_parameter_with_possible_values_is_a_reading_wherever_it_is_taken() -> None:
    """Whatever is declared or read first, and however its numbers are spelt."""
    taken = "定义 用 user\n    依据：A-01\n    是指：线 取 三次"
    for numbers in ("三次、五次", "3次、5次"):
        parameter = f"参数 线 line\n    依据：A-01\n    可能：{numbers}"
        rule = "规定 甲条 rule_a\n    依据：A-01\n    当：线 取 三次\n    应当：警告"
        for order in ((taken, parameter), (parameter, taken), (rule, taken, parameter)):
            assert value_of("\n".join(order), {}) == 3


def test_a_definition_means_the_same_wherever_it_is_used() -> None:
    """本 is the row the definition is about, also where the definition is used inside another row's list."""
    text = "定义 同类 alike\n    对：每一 行为\n    依据：A-01\n    是指：类型 为 本行为的类型\n定义 各异 all_alike\n    对：每一 行为\n    依据：A-01\n    是指：没有 行为（并非（同类））\n定义 用 user\n    依据：A-01\n    是指：没有 行为（并非（各异））"
    rows = [{"编号": str(i), "发生日": "2016-01-01", "类型": kind} for i, kind in enumerate(("迟到", "旷工"))]
    checked = check(Pack("one", (g.VOCABULARY_SOURCE, Source("one.policy", BASE + text + "\n"))))
    if checked.policy is not None:
        assert value_of(text, {"行为": {"齐备": True, "行": rows}}) == 2


def test_a_unit_text_of_the_wrong_type_is_not_passed_over() -> None:
    text = "参数 线 line\n    依据：A-01\n    授权：三次以上\n制度 乙制 other_rules\n    依据：A-01\n    上位：甲制\n    单位：“甲”\n参数 线 line\n    依据：A-01\n    取值：五日\n"
    checked = check(Pack("one", (g.VOCABULARY_SOURCE, Source("one.policy", BASE + text))))
    assert any(f.severity == "error" for f in checked.findings)


def test_two_values_of_a_fact_from_one_day_are_never_settled_by_their_order() -> None:
    text = "定义 用 user\n    依据：A-01\n    是指：党员"
    policy = check(Pack("one", (g.VOCABULARY_SOURCE, Source("one.policy", BASE + text + "\n")))).policy
    assert policy is not None
    for steps in (("是", "否"), ("否", "是")):
        reader = Reader(policy.shape, policy.lexicon)
        record = reader.record({"编号": "一", "党员": [{"自": "2016-01-01", "值": x} for x in steps]}, "")
        assert reader.problems or (record is not None and Evaluation(record, frames(736_330)[0]).why(policy.definitions["用"], ()).value == 3)


# How much of what is grown is of use.


@cache
def survey() -> Counter[str]:
    found: Counter[str] = Counter()
    for seed in range(max(10, int(40 * SCALE))):
        grown = g.Policies(random.Random(f"survey {seed}")).grow()
        found["grown"] += 1
        policy = check(grown.pack()).policy
        if policy is None:
            continue
        found["checked"] += 1
        rng = random.Random(seed)
        raw, day = g.person(rng, policy.shape), g.a_day(rng)
        for e in verdicts(policy, known(raw, policy, day), frames(day)[0]).values():
            found["verdicts"] += 1
            found["open"] += not settled(e.value)
            found["silent"] += e.value == 1
    return found


def test_more_than_nine_in_ten_of_the_policies_grown_check() -> None:
    found = survey()
    assert found["checked"] >= 0.9 * found["grown"], found


def test_what_is_grown_is_neither_all_open_nor_all_silent() -> None:
    found = survey()
    assert 0.15 * found["verdicts"] < found["open"] < 0.8 * found["verdicts"], found
    assert found["silent"] < 0.75 * found["verdicts"], found


def test_every_kind_of_node_is_grown() -> None:
    """Each node of the model, and each of the trees an author may write, occurs in what is tried."""
    trees: set[str] = set()
    nodes: set[str] = set()
    folds: set[str] = set()
    for seed in range(40):
        grown, _, checked = g.grow(seed % POOL)
        policy = checked.policy
        assert policy is not None

        def see(x: object) -> None:
            if isinstance(x, s.Node):
                trees.add(type(x).__name__)
            for y in x if isinstance(x, tuple) else [getattr(x, f.name) for f in type(x).__attrs_attrs__] if isinstance(x, s.Node) else ():
                see(y)

        for tree in grown.documents:
            see(tree)
        for e in m.walk(*(x for w in policy.verdicts for x in (w.person, *w.elements.values())), *policy.definitions.values()):
            nodes.add(type(e).__name__)
            if isinstance(e, m.Fold):
                folds.add(e.how)
    written = {n for n, x in vars(s).items() if isinstance(x, type) and issubclass(x, s.Node)}
    assert written - trees <= {"Node", "Expr", "Entry", "FieldLine", "Line"}, written - trees
    modelled = {n for n, x in vars(m).items() if isinstance(x, type) and issubclass(x, m.Expr)}
    assert modelled - nodes <= {"Expr"}, modelled - nodes
    assert folds == {"some", "count", "sum", "max", "min", "latest", "kinds", "run", "most_within", "most_in_year"}, folds


