"""One decision in every form: the text, the opinion, the JSON, the page, the table and the annotated roster agree."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from test_rosters import COUNTIES, ROOT, folder

from policy_dsl.cli import main
from policy_dsl.commands import options
from policy_dsl.language.keywords import WORDS

# What else is asked: the usual question, and one with less known and more admitted.
ASKED: dict[str, tuple[str, ...]] = {
    "usual": (),
    "earlier": ("--known-as-of", "2016-09-01", "--layers", "+hypothetical,plan"),
}


def run(*args: str) -> str:
    result = CliRunner().invoke(main, args, env={"LANG": "C"})
    assert result.exit_code == 0, result.output
    return result.stdout


# One check of each policy serves every command.
once = cache(options.checked_pack)
STATUS = {k.key: k.zh[0] for k in WORDS if k.terminal == "STATUS"}
# One conclusion as a form tells it: the effect, the row it is on (none: the person), and what is said of it.
Said = tuple[str, str, str]
LINE = re.compile(
    r"^(?:[一二三四五六七八九十百]+、|  (?! ))?(?P<names>[^\s（：]+?)(?:（(?P<where>[^：）]+)）)?：(?P<said>[^\s，][^，]*)"
)


def line_of(statuses: list[str]) -> str:
    """One line of a conclusion, as the Chinese forms write it."""
    words = "或".join(STATUS[s] for s in statuses)
    return words if len(statuses) == 1 else f"未定（{words}）"


def of_json(e: dict[str, Any]) -> Said:
    """A conclusion of the JSON, in the words of the others."""
    printed, whole = line_of(e["printed"]), line_of(e["whole"])
    where = "" if e["element"] is None else e["element"]["list"] + e["element"]["id"]
    return e["name"], where, whole if printed == whole else f"就已载明者 {printed}；全文 {whole}"


def told(lines: list[str], all: set[Said]) -> Iterator[Said]:
    """What the lines of a form say of effects; a line of anything else names none."""
    names = {name for name, _, _ in all}
    for line in lines:
        if (found := LINE.match(line)) and set(found["names"].split("、")) <= names:
            where = "" if found["where"] in (None, "本人") else found["where"]
            yield from ((name, where, found["said"]) for name in found["names"].split("、"))


def plainly(text: str) -> str:
    """What a page says, without its marks."""
    text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S)
    return html.unescape(re.sub(r"<[^>]*>", "", text))


@pytest.mark.parametrize("county", COUNTIES)
@pytest.mark.parametrize("question", ASKED)
def test_every_form_says_the_same_of_a_decision(
    county: str, question: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "checked_pack", once)
    people = json.loads((folder(county) / "cadres.json").read_text("utf-8"))["记录"]
    roster = tmp_path / "some.json"
    # Others at each question: of every eleventh person each form is made.
    roster.write_text(json.dumps(people[list(ASKED).index(question) + 1 :: 11], ensure_ascii=False), "utf-8")
    asked = (
        str(ROOT / "policies" / county),
        str(roster),
        "--as-of",
        COUNTIES[county][0],
        "--lang",
        "zh",
        *ASKED[question],
    )
    decide = ("decide", *asked, "-q")
    decisions = [json.loads(line) for line in run(*decide, "--format", "jsonl").splitlines()]
    texts, opinions = by_person(run(*decide)), by_person(run(*decide, "--format", "opinion"))
    table = list(csv.DictReader(io.StringIO(run(*decide, "--format", "csv"))))
    run(*decide, "--annotate", str(tmp_path / "annotated.xlsx"))
    run(*decide, "--report", str(tmp_path / "pages"), "--show-names")
    sheet = openpyxl.load_workbook(tmp_path / "annotated.xlsx")["干部"].values
    headings = [str(x) for x in next(sheet)]
    beside = {str(row[0]): dict(zip(headings, row, strict=True)) for row in sheet}
    assert {d["subject"] for d in decisions} == texts.keys() == opinions.keys() == beside.keys()
    for d in decisions:
        id, every = d["subject"], {of_json(e) for e in d["effects"]}
        said = {of_json(e) for e in d["effects"] if e["printed"] != ["silent"] or e["whole"] != ["silent"]}
        notes = beside[id]
        forms = {
            "text": texts[id].splitlines(),
            "opinion": opinions[id].splitlines(),
            "annotated": f"{notes['说明·结论'] or ''}\n{notes['说明·未定'] or ''}".splitlines(),
        }
        for form, lines in forms.items():
            of_form = set(told(lines, every))
            assert of_form <= said, (id, form, of_form - said)
            # The person's line is told apart only where it says something the rows do not.
            left = said - of_form
            assert all(
                not where and any(x[0] == name and x[2] == what for x in of_form) for name, where, what in left
            ), (id, form, left)
        rows = {
            (
                r["效果"],
                r["清单"] + r["行编号"],
                r["就已载明者"] if r["就已载明者"] == r["全文"] else f"就已载明者 {r['就已载明者']}；全文 {r['全文']}",
            ): r
            for r in table
            if r["编号"] == id and r["效果"]
        }
        assert rows.keys() == said, (id, rows.keys() ^ said)
        status = "已定" if d["status"] == "decided" else "未定"
        page = plainly((tmp_path / "pages" / f"{id}.html").read_text("utf-8"))
        assert {r["是否已定"] for r in table if r["编号"] == id} == {status}
        assert f"对 编号 {id} — {status}" in texts[id] and f"对 编号 {id} 的适用说明{status}" in page
        assert all(what in page and what in opinions[id] for _, _, what in said)
        for e in d["effects"]:
            if (key := of_json(e)) in said:
                assert set(re.split("、", rows[key]["依据"])) - {""} == {b["id"] for b in e["basis"]}, (id, key)
                assert all(b["id"] in page and b["id"] in opinions[id] for b in e["basis"])
        missing = [f"{g['what']}（{g['kind_zh']}）" for g in d["missing"]]
        assert [x.partition("；可提供者")[0] for x in (notes["说明·缺少什么"] or "").splitlines()] == missing
        assert [x[4:].partition("；可提供者")[0] for x in texts[id].splitlines() if x.startswith("  - ")] == missing
        assert all(g["what"] in page for g in d["missing"])
        named = {x for r in rows.values() for x in r["尚缺"].split("；") if x}
        assert named == set(missing), (id, named ^ set(missing))


def by_person(text: str) -> dict[str, str]:
    """What is printed of each person."""
    parts = re.split(r"(?m)^(?=(?:就 )?\S+ 对 编号 )", text)
    return {p.split("编号 ", 1)[1].split()[0]: p for p in parts if p.strip()}
