"""Build the pages of documentation into `build/site`, in Chinese and in English, and look at every link.

The pages stand in `docs/` and beside what they describe; nothing is copied by hand. What is built can be put anywhere,
or opened where it is: it loads nothing from the network.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from attrs import frozen
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

ROOT: Final = Path(__file__).resolve().parent.parent
BUILD: Final = ROOT / "build" / "docs"
SITE: Final = ROOT / "build" / "site"
LOOK: Final = ROOT / "tools" / "docs"
LANGUAGES: Final = {"zh": "中文", "en": "English"}
TITLE: Final = {"zh": "政策语言", "en": "The policy language"}

# The pages in their order: a file for both languages, or one with {lang}; and what the list of pages calls it.
PAGES: Final = {
    "index": ("docs/index.{lang}.md", "谁读什么", "Who reads what"),
    "first-regime": ("docs/first-regime.{lang}.md", "一刻钟写出第一个制度", "A first regime"),
    "drafting": ("docs/drafting.{lang}.md", "起草用的命令", "The commands of drafting"),
    "rosters": ("docs/rosters.{lang}.md", "名单怎样填", "Rosters"),
    "reading-a-decision": ("docs/reading-a-decision.{lang}.md", "怎样读一份决定", "How to read a decision"),
    "populations": ("docs/populations.{lang}.md", "整张表的结论", "Everybody decided"),
    "commands": ("docs/commands.{lang}.md", "全部命令", "All commands"),
    "sources": ("docs/sources.{lang}.md", "登记来源", "Registering sources"),
    "language": ("policy_dsl/LANGUAGE.md", "语言手册（英文）", "The language"),
    "schemas": ("docs/schemas.{lang}.md", "数据的格式", "The schemas"),
    "benchmarks": ("benchmarks/README.md", "与别的引擎的比较（英文）", "Beside other engines"),
}

FENCED: Final = re.compile(r"(?ms)^(```.*?^```$)")
OPENING: Final = re.compile(r"^```(\w+)([^\n]*)")
LINK: Final = re.compile(r"\[([^\]]*)\]\(([^)\s#]*)(#[^)\s]*)?\)")
COMMENT: Final = re.compile(r"(?m)^<!-- .* -->\n+")
# A line end inside a Chinese sentence, which a browser would show as a space.
FOLD: Final = re.compile(r"(?<=[\u3001-\u9fff，；：）”])\n(?=[\u3400-\u9fff（“])")
# A bar in code in a table, which the builder takes as it stands.
BAR: Final = re.compile(r"(?m)^\|.*\|$")
OUTSIDE: Final = re.compile(r"^(?:https?:)?//")
# What a style loads from elsewhere.
STYLE: Final = re.compile(r"(?:@import\s+|url\(\s*)[\"']?((?:https?:)?//[^\"')]+)")


class Wrong(Exception):
    """What keeps the pages from being built, one line each."""


def source(name: str, lang: str) -> Path:
    """The file a page is made from."""
    return ROOT / PAGES[name][0].format(lang=lang)


def present(lang: str) -> dict[str, Path]:
    """The pages of a language, by name."""
    return {name: source(name, lang) for name in PAGES}


def page(path: Path, lang: str) -> tuple[str, set[Path]]:
    """A page as the site wants it, and the files it hands out: links between pages follow them, those to what is not
    part of the site become plain text, and blocks keep their kind and the name of their file."""
    pages = {p.resolve(): f"{name}.md" for name, p in present(lang).items()}
    files: set[Path] = set()

    def link(found: re.Match[str]) -> str:
        words, to, at = found[1], found[2], found[3] or ""
        if OUTSIDE.match(to) or not to:
            return found[0]
        target = (path.parent / to).resolve()
        if not target.exists():
            raise Wrong(f"{path.relative_to(ROOT)}: {to}: no such file")
        if target in pages:
            return f"[{words}]({pages[target]}{at})"
        if target.suffix == ".json":
            files.add(target)
            return f"[{words}]({target.name})"
        return words

    def opening(found: re.Match[str]) -> str:
        named = re.search(r"\bfile=(\S+)", found[2])
        return f"```{found[1]}" + (f' title="{named[1]}"' if named else "")

    parts = FENCED.split(path.read_text("utf-8"))
    for i, part in enumerate(parts):
        if part.startswith("```"):
            parts[i] = OPENING.sub(opening, part)
        else:
            text = LINK.sub(link, FOLD.sub("", COMMENT.sub("", part)))
            parts[i] = BAR.sub(lambda row: re.sub(r"`[^`]+`", lambda code: code[0].replace("\\|", "|"), row[0]), text)
    return "".join(parts), files


def configuration(lang: str) -> str:
    """What the site's builder is told, as TOML; JSON's strings and arrays are TOML's."""
    zh = lang == "zh"
    other = "en" if zh else "zh"
    titles = {name: PAGES[name][1 if zh else 2] for name in present(lang)}
    nav = ", ".join(f'{{ "{title}" = "{name}.md" }}' for name, title in titles.items())
    words = ",".join(str(p) for p in (ROOT / "policies/common/vocabulary.policy", BUILD / "words.policy"))
    return (LOOK / "zensical.toml").read_text("utf-8").format(
        title=TITLE[lang], lang=lang, nav=nav, other=other, other_name=LANGUAGES[other], name=LANGUAGES[lang],
        look=json.dumps(str(LOOK / "theme")), words=json.dumps(words),
    )  # fmt: skip


def assemble(lang: str) -> Path:
    """Lay out everything the pages of one language are built from; the folder."""
    folder = BUILD / lang
    (folder / "docs").mkdir(parents=True)
    for name, path in present(lang).items():
        text, files = page(path, lang)
        (folder / "docs" / f"{name}.md").write_text(text, "utf-8")
        for file in files:
            shutil.copy(file, folder / "docs" / file.name)
    shutil.copy(LOOK / "pages.css", folder / "docs" / "pages.css")
    (folder / "zensical.toml").write_text(configuration(lang), "utf-8")
    return folder


def build() -> None:
    """Build both languages, and the page that leads to either."""
    try:
        find_lexer_class_by_name("policy")
    except ClassNotFound:
        raise Wrong("Pygments does not know the language: install this package again (pip install -e .)") from None
    for folder in (BUILD, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    BUILD.mkdir(parents=True)
    # The language's page has a vocabulary of its own, which colours its blocks.
    words = re.search(r"(?ms)^```policy vocabulary\n(.*?)^```$", source("language", "zh").read_text("utf-8"))
    (BUILD / "words.policy").write_text(words[1] if words else "", "utf-8")
    for lang in LANGUAGES:
        folder = assemble(lang)
        done = subprocess.run(
            [sys.executable, "-m", "zensical", "build", "--clean", "--strict"],
            cwd=folder, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONUTF8": "1"},
        )  # fmt: skip
        if done.returncode:
            raise Wrong(f"zensical, {lang}:\n{done.stdout}{done.stderr}")
        shutil.copytree(folder / "site", SITE / lang)
        (SITE / lang / "404.html").unlink()
        (worker,) = (SITE / lang).glob("assets/javascripts/workers/search.*.js")
        told = f"const searchWorker = {json.dumps(worker.read_text('utf-8'))};\n"
        (SITE / lang / "offline.js").write_text((LOOK / "offline.js").read_text("utf-8") + told, "utf-8")
    shutil.copy(LOOK / "index.html", SITE / "index.html")


@frozen
class Reference:
    """What an element of a page refers to, and whether the page loads it by itself."""

    tag: str
    to: str
    loaded: bool


class Reader(HTMLParser):
    """A built page: its references and the places that can be referred to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.references: list[Reference] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        self.places |= {given[k] for k in ("id", "name") if k in given}
        for key in ("href", "src", "srcset", "data", "action"):
            if given.get(key):
                loaded = tag not in ("a", "form") and not (
                    tag == "link" and given.get("rel") in ("canonical", "alternate")
                )
                self.references.append(Reference(tag, given[key], loaded))


def faults(site: Path) -> Iterator[str]:
    """Links that lead nowhere, and whatever is loaded from elsewhere, a line each."""
    pages = {p: Reader(p.read_text("utf-8")) for p in sorted(site.rglob("*.html"))}
    for path, reader in pages.items():
        here = path.relative_to(site)
        for x in reader.references:
            parts = urlsplit(x.to)
            if parts.scheme in ("data", "mailto"):
                continue
            if parts.scheme or parts.netloc:
                if x.loaded:
                    yield f"{here}: <{x.tag}> loads {x.to}"
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target = target / "index.html"
            if not target.exists():
                yield f"{here}: {x.to} leads nowhere"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].places:
                yield f"{here}: {x.to}: there is no such place"
    for path in (*sorted(site.rglob("*.css")), *pages):
        for found in STYLE.findall(path.read_text("utf-8")):
            yield f"{path.relative_to(site)}: loads {found}"


def main() -> int:
    try:
        build()
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 1
    found = sorted(set(faults(SITE)))
    for line in found:
        print(line, file=sys.stderr)
    print(SITE.relative_to(ROOT) / "index.html")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
