"""Inputs nobody meant: each reader and the checker on damaged texts and data, which must end in diagnostics or an answer.

python tests/fuzz.py [target …] --minutes 5   keeps whatever fails in tests/corpus, where the tests try it ever after.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import generate as g

from policy_dsl import model as m
from policy_dsl.catalogue import CATALOGUE
from policy_dsl.check import check
from policy_dsl.decide import Question, decide
from policy_dsl.diagnostics import Diagnostic, Unusable, render
from policy_dsl.language import keywords
from policy_dsl.language.fmt import fmt
from policy_dsl.language.source import HIDDEN, Source
from policy_dsl.pack import Pack, load
from policy_dsl.record import Record
from policy_dsl.report.json import dumps, plain
from policy_dsl.report.tree import explain_text
from policy_dsl.rosters import read_roster

CORPUS = Path(__file__).parent / "corpus"
POLICIES = Path(__file__).parent.parent / "policies"
DAY = 736_330


def told(findings: tuple[Diagnostic, ...] | list[Diagnostic]) -> None:
    """Whatever is wrong can be said in both languages, on lines that show as they are."""
    for finding in findings[:50]:
        assert finding.code in CATALOGUE
        for lang in ("zh", "en"):
            assert not HIDDEN.search(render(finding, lang))


def decided(policy: m.Policy, records: list[Record]) -> None:
    for record in records[:3]:
        decision = decide(policy, record, Question(DAY, DAY), what_if=False)
        for lang in ("zh", "en"):
            explain_text(decision, lang, False)
        dumps(plain(decision))


# Targets: what may be handed in, as bytes. A target raises only if there is a fault.


def policy_text(data: bytes) -> None:
    """A text beside the test vocabulary: checked, formatted, decided."""
    source = Source("fuzzed.policy", data.decode("utf-8", "replace").replace("\r\n", "\n"))
    checked = check(Pack("fuzzed", (g.VOCABULARY_SOURCE, source)))
    told(checked.findings)
    assert checked.ok == (not any(f.severity == "error" for f in checked.findings))
    if checked.policy is not None:
        for document in checked.documents:
            fmt(document, checked.lexicon, "en")
        decided(checked.policy, [g.read(g.person(random.Random(len(data)), checked.policy.shape), checked.policy)])


@cache
def policy() -> m.Policy:
    """One with findings, lists that refer to lists, and every type of fact."""
    for seed in range(100):
        if (found := g.grow(seed)[2].policy) is not None and len(found.shape.findings) > 1:
            return found
    raise AssertionError("no findings grown")


def roster(name: str) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(data)
            _read(path)

    return target


def _read(path: Path) -> None:
    try:
        records = read_roster(path, policy().shape, policy().lexicon)
    except Unusable as error:
        assert error.diagnostics
        told(list(error.diagnostics))
    else:
        decided(policy(), records)


def workbook(data: bytes) -> None:
    """A workbook whose parts are those of a sound one, but for those the JSON in *data* gives as text."""
    try:
        parts = json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return
    if isinstance(parts, dict):
        roster("r.xlsx")(zipped({k: x for k, x in parts.items() if isinstance(x, str)}))


def zipped(parts: dict[str, str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r.xlsx")
        whole = {**sound_parts(), **parts}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in whole.items():
                archive.writestr(name or "x", text.encode("utf-8", "replace"))
        return path.read_bytes()


@cache
def sound_parts() -> dict[str, str]:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "干部"
    for row in (["编号", "党员", "谈话数", "出生日"], ["甲", "是", 3, "1970-01-01"], ["乙", "不明", 2, "1980年"]):
        book.active.append(row)
    listed = book.create_sheet("行为")
    for row in (["干部编号", "编号", "类型"], ["甲", "1", "迟到"]):
        listed.append(row)
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as archive:
        return {n: archive.read(n).decode() for n in archive.namelist()}


def register(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.policy").write_text("# 空\n", "utf-8")
        Path(folder, "sources.toml").write_bytes(data)
        try:
            load(folder)
        except Unusable as error:
            told(list(error.diagnostics))


PERSONS = "编号,党员,谈话数,出生日\n甲,是,3,1970-01-01\n乙,不明,2,1980年\n"
CONDUCT = "干部编号,编号,类型\n甲,1,迟到\n"


def csv_folder(data: bytes) -> None:
    """A folder of two tables, parted in *data* by a line of three hyphens."""
    persons, _, conduct = data.partition(b"\n---\n")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "干部.csv").write_bytes(persons)
        Path(folder, "行为.csv").write_bytes(conduct)
        _read(Path(folder))


def parquet(data: bytes) -> None:
    """A table whose columns are those of a JSON object, each a list of texts, figures, lists or nothing; or the bytes
    of a file as they are."""
    import pyarrow
    from pyarrow import parquet as written

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r.parquet")
        try:
            columns = json.loads(data.decode())
            written.write_table(pyarrow.table(columns), path)
        except (ValueError, TypeError, AttributeError, RecursionError, OverflowError, pyarrow.ArrowException):
            path.write_bytes(sound_parquet()[: len(data)] + data)
        _read(path)


@cache
def sound_parquet() -> bytes:
    import io

    import pyarrow
    from pyarrow import parquet as written

    made = io.BytesIO()
    written.write_table(pyarrow.table(json.loads(COLUMNS)), made)
    return made.getvalue()


COLUMNS = json.dumps({"编号": ["甲", "乙"], "党员": ["是", None], "谈话数": [3, 2], "行为": [[{"编号": "1", "类型": "迟到"}], []]})


TARGETS: dict[str, Callable[[bytes], None]] = {
    "policy": policy_text,
    "json": roster("r.json"),
    "jsonl": roster("r.jsonl"),
    "parts": workbook,
    "csv": csv_folder,
    "columns": parquet,
    "toml": register,
}


# Damage.

WORDS = [w for table in (keywords.KINDS, keywords.CLAUSES, keywords.LINES, keywords.WORDS) for k in table for w in (*k.zh, *k.en)]
ODD = [
    "\u202e", "\u200b", "\ufeff", "\x00", "\x1b[31m", "\r", "\x0b", "\x0c", "\x85", "\u2028", "é", "𠮷", "٣", "²", "ｅ", "{0}", "%s", "9" * 40,
    "一" * 40, "（" * 30, "万", "-5", "1e999", "NaN", "null", "true", "{}", "[]", "[" * 40, '"":', '"编号":', "0000", "9999-12-31", "不早于", "=1+1", "#REF!",
    "：", "；", "、", "，", "\n", "\n    ", "    ", "“", "”", '"', "'", "\\", "#", "至少", "2018年13月", "百分之", "等", "的", "<!DOCTYPE x>", "&lt;", "<c/>", 'r="ZZZ1"', 't="e"',
]  # fmt: skip


@cache
def seeds(target: str) -> list[str]:
    """What is damaged: the corpus, and what stands in the repository or is grown."""
    texts = [p.read_bytes().decode("utf-8", "replace") for p in sorted(CORPUS.glob(f"*.{target}"))]
    match target:
        case "policy":
            texts += [s.text for seed in range(12) for s in g.grow(seed)[1].sources[1:]]
        case "json" | "jsonl":
            people = [g.person(random.Random(i), policy().shape) for i in range(12)]
            texts += [json.dumps(p, ensure_ascii=False, default=str) for p in people]
            texts.append("\n".join(texts[-3:]) if target == "jsonl" else f"[{','.join(texts[-3:])}]")
        case "parts":
            texts += [json.dumps({n: x}) for n, x in sound_parts().items()]
        case "csv":
            texts.append(f"{PERSONS}\n---\n{CONDUCT}")
        case "columns":
            texts.append(COLUMNS)
        case "toml":
            texts += [(p / "sources.toml").read_text("utf-8")[:2000] for p in sorted(POLICIES.iterdir()) if (p / "sources.toml").exists()]
    return texts


def damaged(target: str, rng: random.Random) -> bytes:
    """A seed with something cut, put in, doubled, moved or taken from another."""
    text = rng.choice(seeds(target))
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(text) + 1)
        end = min(len(text), at + rng.choice((1, 1, 2, 8, 40)))
        match rng.randrange(7):
            case 0:
                text = text[:at] + text[end:]
            case 1 | 2:
                text = text[:at] + rng.choice(rng.choice((WORDS, ODD))) + text[at:]
            case 3:
                text = text[:end] + text[at:]
            case 4:
                lines = text.split("\n")
                rng.shuffle(lines)
                text = "\n".join(lines)
            case 5:
                other = rng.choice(seeds(target))
                start = rng.randrange(len(other) + 1)
                text = text[:at] + other[start : start + rng.choice((10, 100))] + text[at:]
            case _:
                spots = list(re.finditer(r"[\u4e00-\u9fff]+|\w+", text))
                if spots:
                    spot = rng.choice(spots)
                    text = text[: spot.start()] + rng.choice((*WORDS, *ODD)) + text[spot.end() :]
    data = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.05 and data:
        spot = rng.randrange(len(data))
        data = data[:spot] + bytes([rng.randrange(256)]) + data[spot + 1 :]
    return data


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("targets", nargs="*", choices=[[], *TARGETS], default=[])
    options.add_argument("--minutes", type=float, default=1.0)
    options.add_argument("--seed", type=int, default=None)
    asked = options.parse_args()
    rng = random.Random(asked.seed)
    until, tried, failed = time.monotonic() + asked.minutes * 60, 0, set[Any]()
    while time.monotonic() < until:
        target = rng.choice(asked.targets or list(TARGETS))
        data = damaged(target, rng)
        tried += 1
        begun = time.monotonic()
        try:
            TARGETS[target](data)
            if (took := time.monotonic() - begun) > 20:
                raise TimeoutError(f"{took:.0f} s")
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            if (kind := (target, type(error), where.filename, where.lineno)) not in failed:
                failed.add(kind)
                kept = CORPUS / f"{hashlib.sha256(data).hexdigest()[:10]}.{target}"
                kept.write_bytes(data)
                print(f"{kept.name}: {type(error).__name__}: {str(error)[:200]} ({Path(where.filename).name}:{where.lineno})")
    print(f"{tried} tried, {len(failed)} kinds of failure")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
