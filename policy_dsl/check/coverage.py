"""What encodes each provision of the register and what carries each ambiguity, and where either is wanting.

That a provision is encoded, and by what, is found here. Whether it is encoded as it reads is for a person to see, with
the two side by side (`policy doc`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final, TypeVar

from attrs import field, fields, frozen

from .. import model as m
from ..diagnostics import Diagnostic, found
from ..language import syntax as s
from ..language.keywords import CLAUSES, KINDS, STAGE_WORDS, WORDS, clause_word, kind_word, word
from ..language.lexer import Lexicon
from ..register import Ambiguity, Provision, Register
from .scope import cited

N = TypeVar("N", bound=s.Node)

_KIND: Final = {w: k.key for k in (*KINDS, STAGE_WORDS) for w in (*k.zh, *k.en)}
_CLAUSE: Final = {w: k.key for k in CLAUSES for w in (*k.zh, *k.en)}
_GAP: Final = {w: k.key for k in WORDS if k.terminal == "GAP" for w in (*k.zh, *k.en)}
# What only tries a provision, keeps it, or declares words carries nothing; what is said beside a rule changes nothing.
_CARRIES_NOTHING: Final = frozenset(("case", "note", "vocabulary"))
_SAID_BESIDE: Final = frozenset(("basis", "layer", "remark"))


@frozen
class Encoding:
    """A declaration that rests on a provision; *line* is what a 存录 says of it."""

    declaration: s.Declaration = field(eq=False)
    line: str = ""

    @property
    def kind(self) -> str:
        return self.declaration.kind

    @property
    def name(self) -> str:
        return self.declaration.name.text if self.declaration.name else ""

    def told(self, lexicon: Lexicon, lang: str) -> str:
        return f"{kind_word(self.kind, lang)} {lexicon.written(self.name, lang)}"


@frozen
class Carrier:
    """What a register says carries an ambiguity: `解读 名称`, `参数 名称`, `规定 名称 由`, `未载明 附注`.

    *kind* is the key of a kind or of a gap, '' where there is no such word; *name* in Chinese, or a gap's note.
    """

    written: str
    kind: str = ""
    name: str = ""
    clause: str = ""
    known: bool = False

    def told(self, lexicon: Lexicon, lang: str) -> str:
        if not self.known:
            return self.written
        if self.kind in _GAP.values():
            return f"{word('GAP', self.kind, lang)} {self.name}"
        clause = f" {clause_word(self.clause, lang)}" if self.clause else ""
        return f"{kind_word(self.kind, lang)} {lexicon.written(self.name, lang)}{clause}"


@frozen
class Entry:
    """A provision with all that rests on it: what encodes it, what carries its ambiguities, the cases that cite it."""

    provision: Provision
    encodings: tuple[Encoding, ...]
    carriers: Mapping[str, tuple[Carrier, ...]]
    cases: tuple[s.Declaration, ...] = field(eq=False, default=())

    @property
    def kept(self) -> bool:
        """Whether it is only kept (存录), for there is nothing in it to execute."""
        return bool(self.encodings) and all(e.kind == "note" for e in self.encodings)

    def standing(self, a: Ambiguity) -> str:
        """'carried', 'no_effect', 'open', or 'unaccounted': what becomes of one of its ambiguities."""
        if a.open:
            return "open"
        if a.no_effect:
            return "no_effect"
        return "carried" if a.carried_by and all(c.known for c in self.carriers[a.id]) else "unaccounted"


@frozen
class Coverage:
    """The register of a regime held against its policies."""

    register: Register
    entries: tuple[Entry, ...]
    lexicon: Lexicon
    carriers: tuple[str, ...] = ()

    def findings(self) -> Iterator[Diagnostic]:
        """What is wanting, each at its place in the register."""
        for e in self.entries:
            if not e.encodings:
                yield found("P331", self.register.place(e.provision.id), id=e.provision.id)
            for a in e.provision.ambiguities:
                for c in e.carriers[a.id]:
                    if not c.known:
                        near = next(iter(get_close_matches(c.written, self.carriers, 1, 0.5)), "")
                        at = self.register.place(a.id, c.written)
                        yield found("P332", at, suggestion=near, name=c.written, id=a.id)
                if not a.accounted:
                    yield found("P333", self.register.place(a.id), id=a.id)
                elif a.open:
                    yield found("P334", self.register.place(a.id), id=a.id, what=a.open.both)

    @property
    def whole(self) -> bool:
        """Whether everything registered is accounted for; what is said to be open is not."""
        return not any(d.severity == "error" for d in self.findings())


def coverage(register: Register, policy: m.Policy) -> Coverage:
    """Every provision of a register with what a policy makes of it, in the order of the register."""
    if not register.provisions:
        return Coverage(register, (), policy.lexicon)
    encodings: dict[str, list[Encoding]] = {}
    cases: dict[str, list[s.Declaration]] = {}
    for d in declared(policy):
        if d.kind == "case":
            for id in dict.fromkeys(c.text for c in _all(d, s.Citation)):
                cases.setdefault(id, []).append(d)
        elif d.kind == "note":
            for id, line in _lines(d):
                encodings.setdefault(id, []).append(Encoding(d, line))
        else:
            # 依据 first, then what a row or a question of it cites.
            for id in dict.fromkeys((*cited(d), *(c.text for x in d.clauses for c in _all(x, s.Citation)))):
                encodings.setdefault(id, []).append(Encoding(d))
    book = _Carriers(policy)
    entries = tuple(
        Entry(
            p,
            tuple(encodings.get(id, ())),
            {a.id: tuple(map(book.carrier, a.carried_by)) for a in p.ambiguities},
            tuple(cases.get(id, ())),
        )
        for id, p in register.provisions.items()
    )
    return Coverage(register, entries, policy.lexicon, book.known)


def declared(policy: m.Policy) -> Iterator[s.Declaration]:
    """Every declaration, a procedure's stages after it."""
    for d in policy.declarations:
        yield d
        yield from d.stages


def _lines(note: s.Declaration) -> Iterator[tuple[str, str]]:
    """What a 存录 keeps: the id of a provision, and what is said of it."""
    for c in note.clauses:
        if isinstance(c, s.Clause) and c.key == "line" and isinstance(c.body, s.Text):
            colon = "：" if "：" in c.body.text else ":"
            id, _, said = c.body.text.partition(colon)
            yield id.strip(), said.strip()


def _all(node: s.Node, kind: type[N]) -> Iterator[N]:
    """Every node of a kind in a tree."""
    if isinstance(node, kind):
        yield node
    for f in fields(type(node)):
        part = getattr(node, f.name)
        for one in part if isinstance(part, tuple) else (part,):
            if isinstance(one, s.Node):
                yield from _all(one, kind)


class _Carriers:
    """Everything of a policy that may carry an ambiguity, by how it is written in Chinese."""

    def __init__(self, policy: m.Policy):
        self.chinese = policy.lexicon.chinese
        self.declarations: dict[tuple[str, str], s.Declaration | None] = {}
        self.gaps: set[tuple[str, str]] = set()
        for d in declared(policy):
            if d.kind not in _CARRIES_NOTHING and d.name is not None:
                # A unit's text gives a value under the county's name: the county's comes first.
                self.declarations.setdefault((d.kind, d.name.text), d)
                self.gaps |= {(g.kind, g.note) for c in d.clauses for g in _all(c, s.Gap) if g.note}
        self.declarations |= {("finding", name): None for name in policy.shape.findings}
        for name in policy.readings:
            self.declarations.setdefault(("reading", name), None)

    @property
    def known(self) -> tuple[str, ...]:
        named = [f"{kind_word(kind, 'zh')} {name}" for kind, name in self.declarations]
        return (*named, *(f"{word('GAP', kind, 'zh')} {note}" for kind, note in sorted(self.gaps)))

    def carrier(self, written: str) -> Carrier:
        """What a register means by one line of `carried_by`."""
        head, _, rest = written.strip().partition(" ")
        rest = rest.strip()
        if head in _GAP:
            return Carrier(written, _GAP[head], rest, known=(_GAP[head], rest) in self.gaps)
        kind = _KIND.get(head, "")
        name, _, heading = rest.partition(" ")
        name, heading = self.chinese.get(name, name), heading.strip()
        clause = _CLAUSE.get(heading, "") if heading else ""
        known = (kind, name) in self.declarations
        if heading:
            d = self.declarations.get((kind, name))
            known = d is not None and clause not in ("", *_SAID_BESIDE) and d.clause(clause) is not None
        return Carrier(written, kind, name, clause, known)
