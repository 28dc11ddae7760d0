"""The site of documentation is made of every page, each link followed; a built page with a dead link is found out."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
LANGUAGES = ("zh", "en")


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


docs = tool()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_assembled_with_its_links_followed(lang: str) -> None:
    pages = docs.present(lang)
    names = {f"{name}.md" for name in pages}
    for name, path in pages.items():
        text, files = docs.page(path, lang)
        assert text.startswith("# "), name
        assert not re.search(r"(?m)^<!-- ", text) and not re.search(r"(?m)^```\w+ (?!title=)", text), name
        for to in re.findall(r"\]\(([^)#]+)", docs.FENCED.sub("", text)):
            assert to in names | {f.name for f in files} or to.startswith("https:"), (name, to)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_docs_is_in_the_site_and_the_index_leads_to_it(lang: str) -> None:
    pages = docs.present(lang)
    assert {p for p in (ROOT / "docs").glob(f"*.{lang}.md")} <= set(pages.values())
    index, _ = docs.page(pages["index"], lang)
    assert not [name for name in pages if name != "index" and f"({name}.md" not in index]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_builder_is_told(lang: str) -> None:
    told = tomllib.loads(docs.configuration(lang))["project"]
    assert told["theme"]["font"] is False and told["theme"]["language"] == lang
    assert [to for entry in told["nav"] for to in entry.values()] == [f"{name}.md" for name in docs.present(lang)]
    assert Path(told["theme"]["custom_dir"]).is_dir()


def test_a_page_may_not_name_a_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    made = tmp_path / "page.md"
    made.write_text("[one](gone.md)\n", "utf-8")
    with pytest.raises(docs.Wrong, match=r"page\.md: gone\.md"):
        docs.page(made, "en")
    made.write_text("```\n[one](gone.md)\n```\n", "utf-8")
    assert docs.page(made, "en")[0] == made.read_text("utf-8")


FINE = '<h2 id="at">x</h2><a href="#at">x</a><a href="b.html#there">x</a><a href="sub/">x</a><a href="https://example.org/">x</a>'
BROKEN = {
    '<a href="gone.html">x</a>': "gone.html leads nowhere",
    '<a href="#gone">x</a>': "there is no such place",
    '<a href="b.html#gone">x</a>': "there is no such place",
    '<img src="gone.png">': "gone.png leads nowhere",
    '<script src="https://example.org/x.js"></script>': "<script> loads https",
    '<link rel="stylesheet" href="//example.org/x.css">': "<link> loads //",
    "<style>@import 'https://example.org/x.css';</style>": "loads https://example.org/x.css",
}


@pytest.mark.parametrize("added", ["", *BROKEN])
def test_dead_links_and_what_is_loaded_from_elsewhere_are_found(added: str, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "index.html").write_text("<p>x</p>", "utf-8")
    (tmp_path / "b.html").write_text('<h2 id="there">x</h2>', "utf-8")
    (tmp_path / "a.html").write_text(FINE + added, "utf-8")
    found = list(docs.faults(tmp_path))
    assert [BROKEN[added] in f for f in found] == ([True] if added else [])


def test_a_style_that_loads_from_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a { background: url(a.png) } b { background: url('https://example.org/b.png') }", "utf-8")
    assert list(docs.faults(tmp_path)) == ["a.css: loads https://example.org/b.png"]
