"""Pages in a real browser: read on a wide and a narrow screen, in both languages, without script, and printed.

`make browser` runs these; `make test` does not. They drive Chromium by its command line: what a page is asked is a script
added to a copy of it, whose answer is read from the document it leaves.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from policy_dsl.cli import main

ROOT = Path(__file__).parent.parent.parent
ROSTER = str(ROOT / "policies" / "dongtou" / "rosters" / "cadres.json")
ASKED = ("dongtou", ROSTER, "--as-of", "2019-12-31")
LANGUAGES = ("zh", "en")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@cache
def browser() -> str:
    """BROWSER if it names one, else the first Chromium on the path; without one these tests fail and say so."""
    for name in (os.environ.get("BROWSER"), *NAMES):
        if name and (found := shutil.which(name)):
            return found
    pytest.fail("no Chromium is installed here: install it, or name one in BROWSER", pytrace=False)


def chromium(folder: Path, *args: str) -> str:
    base = [browser(), "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={folder / 'profile'}"]
    # Chromium has no sandbox for root, as in a container.
    base += ["--no-sandbox"] if os.geteuid() == 0 else []
    done = subprocess.run([*base, *args], capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@cache
def page(person: str = "DT02", lang: str = "zh") -> str:
    """One decision of an invented person, as the command writes it."""
    return _written("explain", *ASKED, "--id", person, "--format", "html", "--lang", lang)


@cache
def index() -> str:
    with tempfile.TemporaryDirectory() as folder:
        _written("decide", *ASKED, "--report", f"{folder}/pages", "--lang", "zh")
        return Path(folder, "pages", "index.html").read_text("utf-8")


def _written(command: str, regime: str, *args: str) -> str:
    result = CliRunner().invoke(main, [command, str(ROOT / "policies" / regime), *args])
    assert result.exit_code == 0, result.output
    return result.stdout


def ask(folder: Path, text: str, script: str, at: str = "", width: int = 0) -> Any:
    """What a script makes of a page once it has loaded, as plain data; *width* shows it in a frame so wide."""
    # The copy may run the question besides its own script; everything else stays forbidden.
    text = re.sub(r"script-src [^;]*;", "script-src 'unsafe-inline';", text)
    text = text.replace("style-src", "frame-src 'self'; style-src")
    answer = "const out = document.createElement('pre'); out.id = 'answer'; out.textContent = JSON.stringify(got); top.document.body.append(out);"
    run = f"<script>addEventListener('load', () => {{ const got = (() => {{ {script} }})(); {answer} }});</script>"
    whole = text.replace("</body>", f"{run}</body>")
    if width:
        whole = (
            f'<!doctype html><body><iframe width="{width}" height="900" srcdoc="{html.escape(whole)}"></iframe></body>'
        )
    (folder / "asked.html").write_text(whole, "utf-8")
    left = chromium(folder, "--virtual-time-budget=4000", "--dump-dom", f"file://{folder / 'asked.html'}{at}")
    found = re.findall(r'<pre id="answer">(.*?)</pre>', left, re.DOTALL)
    assert len(found) == 1, left[-500:]
    return json.loads(html.unescape(found[0]))


def printed(folder: Path, text: str) -> bytes:
    (folder / "printed.html").write_text(text, "utf-8")
    chromium(
        folder, "--no-pdf-header-footer", f"--print-to-pdf={folder / 'out.pdf'}", f"file://{folder / 'printed.html'}"
    )
    return (folder / "out.pdf").read_bytes()


def bare() -> str:
    """A page without its script."""
    return re.sub(r"<script>.*?</script>", "", page(), flags=re.DOTALL)


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


SEEN = "const seen = (x) => x.checkVisibility(); const all = (what) => [...document.querySelectorAll(what)];"


def test_its_own_style_and_script_run_and_nothing_else(tmp_path: Path) -> None:
    """The page as written, under its own rule: its script ran if its buttons show; a script put into it does not."""
    text = page().replace("</body>", "<script>document.body.dataset.other = 1</script></body>")
    (tmp_path / "page.html").write_text(text, "utf-8")
    left = chromium(tmp_path, "--dump-dom", f"file://{tmp_path / 'page.html'}")
    buttons = re.findall(r"<button[^>]*>", left)
    assert len(buttons) == 3 and not any("hidden" in b for b in buttons)
    assert "data-other" not in left


@pytest.mark.parametrize("choice", ["zh", "en", "both"])
def test_one_language_shows_at_a_time_or_both(tmp_path: Path, choice: str) -> None:
    script = f"{SEEN} document.getElementById('show-{choice}').click(); return all('article').filter(seen).map((a) => a.lang);"
    assert ask(tmp_path, page(), script) == (["zh", "en"] if choice == "both" else [choice])


def test_the_language_asked_for_shows_first(tmp_path: Path) -> None:
    for lang in LANGUAGES:
        assert ask(tmp_path, page(lang=lang), f"{SEEN} return all('article').filter(seen).map((a) => a.lang);") == [
            lang
        ]


def test_a_link_from_elsewhere_leads_to_its_language_and_opens_what_it_stands_in(tmp_path: Path) -> None:
    deep = max(re.findall(r'<a href="#(en-s-\d+)"', page()), key=lambda x: int(x.rpartition("-")[2]))
    script = f"{SEEN} return [all('article').filter(seen).map((a) => a.lang), seen(document.getElementById('{deep}').firstElementChild)];"
    assert ask(tmp_path, page(), script, at=f"#{deep}") == [["en"], True]


def test_steps_open_and_close(tmp_path: Path) -> None:
    script = f"""{SEEN}
        const open = () => all('article.zh details').filter((d) => d.open).length;
        const press = (what) => document.querySelector(`[data-do=${{what}}]`).click();
        const counts = [all('article.zh details').length, open()];
        press('open_all'); counts.push(open());
        press('close_all'); counts.push(open());
        document.querySelector('article.zh summary').click(); counts.push(open());
        return counts;"""
    total, at_first, opened, closed, one = ask(tmp_path, page(), script)
    assert 0 < at_first < total == opened and (closed, one) == (0, 1)


def test_it_reads_without_script(tmp_path: Path) -> None:
    """Its own script taken out, the language still changes, steps still open, and no button promises what is not there."""
    script = f"""{SEEN}
        const got = [all('button').filter(seen).length, all('article').filter(seen).map((a) => a.lang)];
        document.getElementById('show-en').click(); got.push(all('article').filter(seen).map((a) => a.lang));
        const step = document.querySelector('article.en details:not([open]) > summary'); step.click(); got.push(step.parentElement.open);
        return got;"""
    assert ask(tmp_path, bare(), script) == [0, ["zh"], ["en"], True]


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_wider_than_the_screen(tmp_path: Path, width: int, lang: str) -> None:
    script = f"""{SEEN} document.getElementById('show-{lang}').click(); all('details').forEach((d) => {{ d.open = true; }});
        const wide = innerWidth;
        return [wide, all('article.{lang} *').filter((x) => seen(x) && !x.closest('caption, thead') && x.getBoundingClientRect().right > wide + 1).map((x) => x.tagName + ' ' + x.textContent.slice(0, 40))];"""
    for text in (page(), index()):
        shown, over = ask(tmp_path, text, script, width=width)
        assert width - 20 <= shown <= width and over == []


CONTRAST = """
    const parts = (c) => c.match(/[\\d.]+/g).map(Number);
    const light = (c) => { const [r, g, b] = parts(c).slice(0, 3).map((x) => { x /= 255; return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const ground = (x) => { for (let at = x; at; at = at.parentElement) { const c = getComputedStyle(at).backgroundColor; const p = parts(c); if (p.length < 4 || p[3] > 0) return c; } return 'rgb(255,255,255)'; };
    const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
    return all('body *').filter((x) => seen(x) && !x.closest('svg') && [...x.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
        .map((x) => [ratio(getComputedStyle(x).color, ground(x)), x.tagName + '.' + x.className]).filter(([r]) => r < 4.5);
"""


def test_every_word_stands_out_from_its_ground(tmp_path: Path) -> None:
    """A contrast of at least 4.5 to 1, by the definition of WCAG 2."""
    for text in (page(), index()):
        assert ask(tmp_path, text, f"{SEEN} document.getElementById('show-both').click(); {CONTRAST}") == []


def test_everything_to_press_can_be_reached_by_key(tmp_path: Path) -> None:
    script = f"{SEEN} return all('a, button, input, select, summary').filter((x) => seen(x) && x.tabIndex < 0).length;"
    assert ask(tmp_path, page(), script) == 0 and ask(tmp_path, index(), script) == 0


def test_the_index_sorts_and_sifts(tmp_path: Path) -> None:
    script = f"""{SEEN}
        const people = document.querySelector('article.zh table.people');
        const rows = () => [...people.tBodies[0].rows].filter(seen).map((r) => r.cells[0].textContent);
        const press = (n) => people.tHead.rows[0].cells[n].querySelector('button').click();
        const got = [rows()];
        press(0); press(0); got.push(rows()); const last = people.tHead.rows[0].cells.length - 1;
        press(last); got.push([...people.tBodies[0].rows].map((r) => r.cells[last].textContent));
        const find = document.querySelector('article.zh .find');
        find.querySelector('input').value = 'DT1'; find.querySelector('input').dispatchEvent(new Event('input')); got.push(rows());
        find.querySelector('select').value = 'decided'; find.querySelector('select').dispatchEvent(new Event('change')); got.push(rows());
        got.push(find.querySelector('output').textContent);
        return got;"""
    first, down, missing, some, fewer, count = ask(tmp_path, index(), script)
    roster = [r["编号"] for r in json.loads(Path(ROSTER).read_text("utf-8"))["记录"]]
    assert first == roster and down == sorted(roster, reverse=True)
    assert missing == sorted(missing, key=int) and len(set(missing)) > 2
    assert {x[:3] for x in some} == {"DT1"} and 0 < len(fewer) < len(some)
    assert count == f"{len(fewer)} / {len(first)}"


def test_print_is_a4_opens_every_step_and_prints_the_language_chosen(tmp_path: Path) -> None:
    closed = page().replace(" open>", ">")
    assert closed != page()
    opened = page().replace("<details>", "<details open>")
    zh = printed(tmp_path, closed)
    assert sheets(zh) == sheets(printed(tmp_path, opened)) > 3
    assert all(
        abs(float(w) - 595) < 2 and abs(float(h) - 842) < 2
        for w, h in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", zh)
    )
    en = printed(tmp_path, page(lang="en"))
    both = (
        page().replace(" checked", "", 1).replace('id="show-both" value="both"', 'id="show-both" value="both" checked')
    )
    assert sheets(printed(tmp_path, both)) == sheets(zh) + sheets(en), (
        "one language after the other, each from a new sheet"
    )


def test_print_without_script_opens_every_step_as_well(tmp_path: Path) -> None:
    assert sheets(printed(tmp_path, bare().replace(" open>", ">"))) == sheets(printed(tmp_path, page()))
