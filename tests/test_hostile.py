"""Whatever is put to it: texts nobody meant as policy, data nobody meant as a record. Diagnostics, and nothing else.

The interpreter's own alarms count as well: a text that takes more than a few seconds is a failure here.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import generate as g
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from policy_dsl import model as m
from policy_dsl.catalogue import CATALOGUE
from policy_dsl.check import Checked, check
from policy_dsl.decide import Question, decide
from policy_dsl.diagnostics import render
from policy_dsl.language import keywords
from policy_dsl.language.source import Source
from policy_dsl.pack import Pack
from policy_dsl.record import Reader

SCALE = float(os.environ.get("LAWS_N", "1"))
POLICIES = Path(__file__).parent.parent / "policies"
SECONDS = 8.0
BASE = "制度 甲制 first_rules\n    依据：A-01\n    施行：自 2016年1月1日 起\n"


def tried(n: int, **strategies: Any) -> Callable[[Any], Any]:
    """A test over what a strategy makes, the same things every run."""

    def wrap(test: Any) -> Any:
        return settings(
            max_examples=max(1, int(n * SCALE)), derandomize=True, database=None, deadline=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        )(given(**strategies)(test))  # fmt: skip

    return wrap


SEEDS = st.integers(0, 2**32 - 1)


@contextmanager
def soon(seconds: float = SECONDS) -> Iterator[None]:
    """Within a time no honest text of that length would need; stopped there, not merely found late."""

    def stop(*_: object) -> None:
        raise AssertionError(f"took more than {seconds:.0f} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def told(checked: Checked) -> Checked:
    """Whatever is wrong can be said, in both tongues; a policy there is only where nothing is."""
    for finding in checked.findings[:200]:
        assert finding.code in CATALOGUE
        for lang in ("zh", "en"):
            shown = render(finding, lang)
            assert finding.code in shown and "\x1b" not in shown and "\u202e" not in shown
    assert checked.ok == (not any(f.severity == "error" for f in checked.findings))
    return checked


def put(*texts: str, vocabulary: bool = True) -> Checked:
    sources = tuple(Source(f"文{i}.policy", x) for i, x in enumerate(texts))
    return told(check(Pack("hostile", (*((g.VOCABULARY_SOURCE,) if vocabulary else ()), *sources))))


# Texts.


@tried(250, text=st.text(max_size=300))
def test_any_text_is_told_what_is_wrong_with_it(text: str) -> None:
    put(text, vocabulary=False)
    put("规定 乙 second\n    依据：A-01\n    当：" + text + "\n    应当：警告\n")


WORDS = [w for table in (keywords.KINDS, keywords.CLAUSES, keywords.LINES, keywords.WORDS, (keywords.STAGE_WORDS,)) for k in table for w in (*k.zh, *k.en)]
MARKS = list("：:，,、；;。（）()｛｝{}〔〕［］[]＋+－−-×＊*＜<＞>≥≤≠＝=“”\"「」'#＃%％.\n\t \u3000") + ["\n    ", "\n        （一）", ">=", "!=", "本", "的"]
FIGURES = ["三次", "零", "万万", "2018年5月", "2018年13月40日", "0年", "1.5分", "百分之三十", "百分之", "30%", "-5", "九千九百九十九", "2018-05-01", "year 2018", "3 times", "1.2.3", "〇"]
ODD = ["\u202e", "\u200b", "\ufeff", "\x00", "\x1b[31m", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "é", "👩‍⚖️", "𠮷", "٣", "²", "Ⅷ", "\U0010ffff", "ｅ", "{0}", "%s", "{name}"]


@cache
def soup() -> list[str]:
    return [*WORDS, *MARKS * 3, *FIGURES * 2, *ODD, *g.vocabulary()[3].english, *g.vocabulary()[3].chinese]


@tried(250, seed=SEEDS)
def test_words_in_any_order_are_told_what_is_wrong_with_them(seed: int) -> None:
    rng = random.Random(seed)
    glue = rng.choice(("", " ", "  "))
    text = glue.join(rng.choice(soup()) for _ in range(rng.randint(1, 60)))
    put(text)
    put(BASE + "规定 乙 second\n    依据：A-01\n    " + rng.choice(keywords.CLAUSES).zh[0] + "：" + text.replace("\n", "") + "\n")
    put("regime xx 甲制\n    basis: A-01\n    in_force: from 2016-01-01 onward\nrule second 乙\n    basis: A-01\n    " + rng.choice(keywords.CLAUSES).en[0] + ": " + text.replace("\n", "") + "\n")


@cache
def real() -> tuple[tuple[Source, ...], ...]:
    """The packs of the project: their texts, each with the shared vocabulary."""
    shared = [Source(p.name, p.read_text("utf-8")) for p in sorted((POLICIES / "common").rglob("*.policy"))]
    return tuple(
        (*shared, *(Source(str(p.name), p.read_text("utf-8")) for p in sorted(folder.rglob("*.policy"))))
        for folder in sorted(POLICIES.iterdir()) if folder.is_dir() and folder.name != "common"
    )  # fmt: skip


def damaged(text: str, rng: random.Random) -> str:
    """A text with something lost, doubled, moved or put in."""
    lines = text.split("\n")
    for _ in range(rng.choice((1, 1, 2, 4))):
        at, i = rng.randrange(len(text) + 1), rng.randrange(len(lines))
        match rng.choice(["cut", "cut", "insert", "insert", "swap", "line", "double", "indent", "join", "word"]):
            case "cut":
                text = text[:at] + text[at + rng.choice((1, 1, 2, 8, 40)) :]
            case "insert":
                text = text[:at] + rng.choice(soup()) + text[at:]
            case "swap":
                text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
            case "word":
                text = re.sub(re.escape(rng.choice(WORDS)), lambda _: rng.choice(WORDS), text, count=rng.choice((1, 1, 3)))
            case "line":
                lines = text.split("\n")
                text = "\n".join(lines[:i] + lines[i + 1 :])
            case "double":
                lines = text.split("\n")
                text = "\n".join(lines[: i + 1] + lines[i:])
            case "indent":
                text = text.replace("\n    ", "\n" + rng.choice(("", " ", "\t", "        ")), rng.choice((1, 3, -1)))
            case "join":
                text = text.replace("\n", rng.choice(("", " ", "\r", "\r\n", "\u2028", "\x0b")), rng.choice((1, 1, -1)))
    return text


@tried(60, seed=SEEDS)
def test_a_damaged_policy_is_told_what_is_wrong_with_it(seed: int) -> None:
    rng = random.Random(seed)
    pack = list(rng.choice(real()))
    i = rng.randrange(len(pack))
    pack[i] = Source(pack[i].name, damaged(pack[i].text, rng))
    told(check(Pack("damaged", tuple(pack))))


@tried(120, seed=SEEDS)
def test_a_damaged_policy_that_still_checks_decides(seed: int) -> None:
    """What was grown, one word replaced: what checks all the same is a policy like any other."""
    rng = random.Random(seed)
    _, pack, _ = g.grow(seed % 40)
    words = [*g.vocabulary()[3].english, *(w for k in keywords.WORDS for w in k.zh)]
    sources = [*pack.sources]
    i = rng.randrange(1, len(sources))
    spots = [x for x in re.finditer(r"[\u4e00-\u9fff]{1,5}", sources[i].text)]
    spot = rng.choice(spots)
    sources[i] = Source(sources[i].name, sources[i].text[: spot.start()] + rng.choice(words) + sources[i].text[spot.end() :])
    policy = told(check(Pack("damaged", tuple(sources)))).policy
    if policy is not None:
        raw, day = g.person(rng, policy.shape), g.a_day(rng)
        decide(policy, g.read(raw, policy), Question(day, day), what_if=False)


DEEP = {
    "brackets": lambda n: "（" * n + "已退休" + "）" * n,
    "brackets left open": lambda n: "（" * n,
    "brackets of every kind": lambda n: "（{〔" * n,
    "nots": lambda n: "并非（" * n + "已退休" + "）" * n,
    "lists": lambda n: "有 行为（" * n + "已退休" + "）" * n,
    "sums": lambda n: " + ".join(["谈话数"] * n) + " 超过 三次",
    "differences": lambda n: "谈话数" + " － 谈话数" * n + " 超过 三次",
    "days from days": lambda n: "自 " * n + "出生日" + " 起 三日" * n + " 早于 决定日",
    "fields of fields": lambda n: "行为" + "的类型" * n + " 为 迟到",
    "the least of the least": lambda n: "取小（" * n + "谈话数" + "）" * n + " 超过 三次",
    "conditions in a row": lambda n: " 且 ".join(["已退休"] * n),
    "options in a set": lambda n: "现牌 属于 {" + "、".join(["红牌"] * n) + "}",
    "joined without brackets": lambda n: " 且 已退休 或 党员" * n,
}  # fmt: skip


@pytest.mark.parametrize("what", DEEP)
@pytest.mark.parametrize("n", [60, 1000])
def test_nesting_without_end(what: str, n: int) -> None:
    with soon():
        checked = put(BASE + "定义 乙 second\n    依据：A-01\n    是指：" + DEEP[what](n) + "\n")
    if checked.policy is not None:
        raw = g.person(random.Random(0), checked.policy.shape)
        with soon():
            decide(checked.policy, g.read(raw, checked.policy), Question(736_000, 736_000))


def chain(n: int, kind: str) -> str:
    """Definitions, parameters or exceptions that lead one to the next."""
    digit = lambda i: "".join("子丑寅卯辰巳午未申酉"[int(c)] for c in f"{i:04}")
    lines = []
    for i in range(n):
        here, there = f"链{digit(i)}", f"链{digit(i + 1)}"
        if kind == "definitions":
            body = f"是指：{there}" if i < n - 1 else "是指：已退休"
            lines.append(f"定义 {here} link_{i}\n    依据：A-01\n    {body}\n")
        elif kind == "exceptions":
            body = f"不适用：{there}" if i < n - 1 else "应当：警告"
            lines.append(f"规定 {here} link_{i}\n    依据：A-01\n    当：已退休\n    {body}\n")
        elif kind == "instruments":
            body = f"上位：{there}" if i < n - 1 else "上位：甲制"
            lines.append(f"制度 {here} link_{i}\n    依据：A-01\n    {body}\n")
        else:
            body = f"    环节 {here} link_{i}\n        由：未载明\n" + (f"        之后：{there}\n" if i < n - 1 else "")
            lines.append(("程序 程 course\n    对：每一 行为\n    依据：A-01\n    记于：环节\n" if i == 0 else "") + body)
    return BASE + "".join(lines) + ("定义 用 user\n    依据：A-01\n    是指：链子子子子\n" if kind == "definitions" else "")


@pytest.mark.parametrize("kind", ["definitions", "exceptions", "instruments", "stages"])
def test_chains_without_end(kind: str) -> None:
    for n in (60, 400):
        with soon():
            checked = put(chain(n, kind))
        if checked.policy is not None and n == 60:
            raw = g.person(random.Random(0), checked.policy.shape)
            with soon():
                decide(checked.policy, g.read(raw, checked.policy), Question(736_000, 736_000), what_if=False)


LARGE = {
    "a name of 100,000 characters": lambda: BASE + "定义 " + "乙" * 100_000 + " second\n    依据：A-01\n    是指：已退休\n",
    "a name of 100,000 characters, used": lambda: BASE + "定义 " + "乙" * 100_000 + " second\n    依据：A-01\n    是指：已退休\n定义 丙 third\n    依据：A-01\n    是指：" + "乙" * 100_000 + "\n",
    "an English name of 100,000 characters": lambda: BASE + "定义 乙 " + "b" * 100_000 + "\n    依据：A-01\n    是指：已退休\n",
    "an unknown word of 100,000 characters": lambda: BASE + "定义 乙 second\n    依据：A-01\n    是指：" + "丙" * 100_000 + "\n",
    "100,000 keywords in a row": lambda: BASE + "定义 乙 second\n    依据：A-01\n    是指：" + "不是" * 50_000 + "\n",
    "100,000 figures in a row": lambda: BASE + "定义 乙 second\n    依据：A-01\n    是指：谈话数 超过 " + "九" * 100_000 + "次\n",
    "100,000 digits": lambda: BASE + "定义 乙 second\n    依据：A-01\n    是指：综合分 超过 " + "9" * 100_000 + "分\n",
    "thirty digits": lambda: BASE + "定义 乙 second\n    依据：A-01\n    是指：综合分 超过 " + "9" * 30 + "分\n",
    "thirty decimals": lambda: BASE + "定义 乙 second\n    依据：A-01\n    是指：综合分 超过 0." + "3" * 30 + "分\n",
    "ten thousand times ten thousand and so on": lambda: BASE + "定义 乙 second\n    依据：A-01\n    是指：谈话数 超过 一" + "万" * 3000 + "次\n",
    "a megabyte of Chinese": lambda: "".join(random.Random(0).choices("的是不为有或且自至本甲乙丙三十年月日", k=350_000)),
    "a megabyte of Chinese in a clause": lambda: BASE + "定义 乙 second\n    依据：A-01\n    是指：" + "".join(random.Random(1).choices("的是不为有或且自至本甲乙丙三十年月日", k=350_000)) + "\n",
    "a megabyte of marks": lambda: BASE + "定义 乙 second\n    依据：A-01\n    是指：" + "".join(random.Random(2).choices("（）{}“”：；、?!@^&~", k=400_000)) + "\n",
    "a megabyte of bytes": lambda: random.Random(3).randbytes(1_000_000).decode("latin-1"),
    "10,000 bad lines": lambda: BASE + "规定 乙 second\n    依据：A-01\n" + "    当：且且且\n" * 10_000,
    "10,000 headings": lambda: "定义 乙 second\n" * 10_000,
    "20,000 lines at the margin": lambda: "胡言乱语\n" * 20_000,
    "5,000 notes": lambda: BASE + "存录 乙 second\n" + "    A-01：只此一例\n" * 5_000,
    "a hundred words that can be cut in two ways": lambda: BASE + "定义 不是非 alpha\n    依据：A-01\n    是指：已退休\n定义 是非 beta\n    依据：A-01\n    是指：已退休\n" + "".join(f"规定 条{'甲乙丙丁戊己庚辛壬癸'[i // 10]}{'甲乙丙丁戊己庚辛壬癸'[i % 10]} rule_{i}\n    依据：A-01\n    当：已退休不是非\n    应当：警告\n" for i in range(100)),
    "a comment of a megabyte": lambda: BASE + "#" * 1_000_000 + "\n",
    "one line of a megabyte": lambda: BASE + "说明 " + "甲 " * 400_000,
}  # fmt: skip


@pytest.mark.parametrize("what", LARGE)
def test_size_without_end(what: str) -> None:
    text = LARGE[what]()
    with soon():
        put(text)


@pytest.mark.parametrize("odd", ODD)
def test_characters_that_hide_or_turn_what_follows_are_shown(odd: str) -> None:
    """A control or direction character in a name, a text, a citation or a condition never reaches the terminal."""
    for text in (
        f"定义 乙{odd}丙 second\n    依据：A-01\n    是指：已退休\n",
        f"定义 乙 second\n    依据：A-01{odd}\n    是指：已退休{odd}且党员\n",
        f"定义 乙 sec{odd}ond\n    依据：A-01\n    说明：{odd}\n    是指：单位 为 “{odd}”\n",
        f"{odd}定义 乙 second\n{odd}    依据：A-01\n    是指：{odd}\n",
        f"定义 乙 second{odd}\n    依据：A-01\n    是指{odd}：没有此{odd}名\n",
    ):
        for finding in put(BASE + text).findings:
            for lang in ("zh", "en"):
                assert not set(render(finding, lang)) & set("\u202e\u200b\ufeff\x00\x1b\x85\u2028\u2029\x0b\x0c\r")


# Data.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=12) | st.sampled_from([*g.TEXTS, "不明", "无", "=A1", "2016-05", "三次", "至少 2"]),
    lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(max_size=6) | st.sampled_from(["编号", "齐备", "行", "认定", "值", "自", "至少", "不早于", "来源"]), x, max_size=4),
    max_leaves=12,
)  # fmt: skip


@cache
def policy() -> m.Policy:
    """Something with findings, lists that refer to lists, and every type of fact."""
    for seed in range(100):
        _, _, checked = g.grow(seed)
        assert checked.policy is not None
        if len(checked.policy.shape.findings) > 1:
            return checked.policy
    raise AssertionError("no findings grown")


def offered(raw: Any) -> bool:
    """What the Reader makes of it: a record, or what is wrong; never neither. Whatever it takes can be decided."""
    reader = Reader(policy().shape, policy().lexicon)
    record = reader.record(raw, "某处")
    for problem in reader.problems:
        for lang in ("zh", "en"):
            assert problem.code in render(problem, lang)
    if record is None:
        assert reader.problems
        return False
    if not reader.problems:
        decide(policy(), record, Question(736_000, 736_000), what_if=False)
    return not reader.problems


@tried(300, raw=JSON)
def test_any_data_is_told_what_is_wrong_with_it(raw: Any) -> None:
    offered(raw)


class Offered:
    taken = 0
    refused = 0


def wild(rng: random.Random, depth: int = 3) -> Any:
    """Data of any form, as JSON or a spreadsheet may hold it."""
    roll = rng.random()
    if depth and roll < 0.15:
        return [wild(rng, depth - 1) for _ in range(rng.randrange(4))]
    if depth and roll < 0.35:
        keys = ["编号", "id", "齐备", "行", "认定", "值", "自", "至少", "至多", "不早于", "不晚于", "来源", "假定", "x", ""]
        return {rng.choice(keys): wild(rng, depth - 1) for _ in range(rng.randrange(4))}
    return rng.choice((
        None, True, False, 0, 1, -1, 10**18, 10**400, 1.5, float("nan"), float("inf"), -float("inf"), 1e300, "", " ", "不明", "无", "=1+1",
        "是", "yes", "2016-05-01", "2016年5月", "2016年13月", "0000", "9999-12-31", "不早于2016年", "三次", "-3", "9" * 40, "9" * 5000,
        "一" * 5000, "1e5", "至少2", "红牌", "red", "科员 或 副科", "\ud800", "\x00", "\u202e", "{0}", "甲" * 3000, b"x", Decimal("1.5"),
        Decimal("NaN"), Decimal("Infinity"), 2016.0, "2", "二周", "#REF!", "٣",
    ))  # fmt: skip


@tried(300, seed=SEEDS)
def test_a_record_with_anything_in_any_cell_is_told_what_is_wrong_with_it(seed: int) -> None:
    rng = random.Random(seed)
    raw = g.person(rng, policy().shape)
    spots: list[tuple[Any, Any]] = []

    def find(x: Any) -> None:
        for k, y in list(x.items()) if isinstance(x, dict) else list(enumerate(x)) if isinstance(x, list) else ():
            spots.append((x, k))
            find(y)

    find(raw)
    for _ in range(rng.choice((1, 1, 1, 3))):
        holder, key = rng.choice(spots)
        if isinstance(holder, dict) and rng.random() < 0.2:
            holder[str(wild(rng, 0))] = wild(rng)
        elif isinstance(holder, dict) or key < len(holder):
            holder[key] = wild(rng)
    if offered(raw):
        Offered.taken += 1
    else:
        Offered.refused += 1


def test_some_of_the_damaged_records_are_taken_and_some_refused() -> None:
    assert Offered.taken > 20 and Offered.refused > 20, (Offered.taken, Offered.refused)


NESTED = {
    "lists in a cell": lambda n: {"编号": "一", "现牌": deep(n, [])},
    "lists in a list": lambda n: {"编号": "一", "行为": deep(n, [])},
    "objects in a cell": lambda n: {"编号": "一", "罚款": deep(n, {})},
    "bounds of bounds": lambda n: {"编号": "一", "出生日": deep(n, {"不早于": None})},
    "completeness of completeness": lambda n: {"编号": "一", "齐备": deep(n, {"行为": None})},
    "a number of lists": lambda n: {"编号": deep(n, [])},
}  # fmt: skip


def deep(n: int, shell: Any) -> Any:
    x: Any = "2016"
    for _ in range(n):
        x = [x] if isinstance(shell, list) else {next(iter(shell), "至少"): x}
    return x


@pytest.mark.parametrize("what", NESTED)
def test_data_nested_without_end(what: str) -> None:
    """As deep as `json.loads` itself will read."""
    for n in (1, 2, 50, 300, 900):
        text = json.dumps(NESTED[what](n)) if n < 900 else None
        raw = NESTED[what](n) if text is None else json.loads(text)
        offered(raw)


@pytest.mark.parametrize("raw", [None, [], "", 0, True, {}, {"编号": None}, {"编号": ""}, {"编号": []}, {"编号": {}}, {"编号": True}, {"编号": 1.5},
                                 {"id": "一", "编号": "二"}, {1: 2, "编号": "一"}, {None: 1, "编号": "一"}, {"编号": "一", "齐备": "是"},
                                 {"编号": "一", "齐备": [{}]}, {"编号": "一", "认定": {}}, {"编号": "一", "认定": None}, {"编号": "一", "行为": None}, {"编号": "一", "行为": "无"},
                                 {"编号": "一", "认定": [None]}, {"编号": "一", "行为": [None]}, {"编号": "一", "职级": "副科", "rank": "正科"},
                                 {"编号": "一", "行为": {"行": [], "rows": [{"编号": "1"}]}}, {"编号": "一", "出生日": "0000"}, {"编号": "一", "谈话数": "二周"}])  # fmt: skip
def test_a_record_of_the_wrong_form(raw: Any) -> None:
    """Taken or refused; and refused wherever it would have to be guessed at."""
    assert not offered(raw), raw
