"""From trees to a policy: names, types, meaning; every finding of a run, and the policy when none is an error."""

from __future__ import annotations

from attrs import evolve, frozen

from .. import model as m
from ..diagnostics import Diagnostic, Note, found, ordered
from ..language import syntax as s
from ..language.keywords import RULE_KINDS
from ..language.lexer import Lexicon
from ..language.parse import Parsed, lexicon, names, parse, reparse
from ..pack import Pack
from ..values import YES_NO
from .agreement import agreement
from .allowances import allowed
from .clauses import check_clauses
from .coverage import Coverage, coverage
from .depths import too_deep
from .expressions import Elaborator
from .lints import lint
from .lost import founded
from .procedures import NOWHERE
from .properties import properties
from .references import check_references
from .rosters import rosters
from .rules import RuleBook
from .scope import Scope
from .symbols import BUILT_IN_ENGLISH, BUILT_IN_READINGS, Symbols
from .upkeep import upkeep
from .verdicts import verdicts
from .worked import check_cases


@frozen
class Checked:
    """What checking a pack came to: the policy if its texts are right, all findings, the trees and the names.

    *coverage* holds the register of sources against the policy; what is wanting there does not stop a policy from
    being run.
    """

    policy: m.Policy | None
    findings: tuple[Diagnostic, ...]
    documents: tuple[s.Document, ...]
    lexicon: Lexicon
    coverage: Coverage | None = None

    @property
    def ok(self) -> bool:
        return self.policy is not None


def check(pack: Pack) -> Checked:
    """Check a pack of sources."""
    problems: list[Diagnostic] = []
    declared = [n for source in pack.sources for n in names(source)]
    words = lexicon(declared, problems)
    built_in = {zh: en for zh, (en, _, _) in BUILT_IN_READINGS.items()} | BUILT_IN_ENGLISH
    words = Lexicon.of({**built_in, **words.english}, words.ranks)
    parsed = [parse(source, words) for source in pack.sources]
    problems += [p for one in parsed for p in one.problems]
    documents = tuple(p.document for p in parsed)
    deep = too_deep(documents)
    problems += deep
    if deep or any(p.code == "P106" for p in problems):
        # What is only half read, or goes too deep to be read out, would be wrong for that alone.
        return Checked(None, ordered(problems), documents, words)
    policy, more = build(pack, documents, words)
    problems += founded(more, pack.sources, parsed)
    if not any(p.severity == "error" for p in problems):
        problems += second_cuts(pack, parsed, words)
    failed = any(p.severity == "error" for p in problems)
    own = frozenset(x.name for x in pack.own)
    if policy is not None and not failed:
        problems += [*upkeep(policy, own), *agreement(policy, own)]
    problems = allowed(problems, pack.sources, own, not failed)
    if policy is None or failed:
        # Whatever could not be read may be what encodes a provision.
        return Checked(None, ordered(problems), documents, words)
    covered = coverage(pack.register, policy)
    return Checked(policy, ordered((*problems, *covered.findings())), documents, words, covered)


def build(pack: Pack, documents: tuple[s.Document, ...], words: Lexicon) -> tuple[m.Policy | None, list[Diagnostic]]:
    """The model of a pack's trees, with what is wrong in them."""
    symbols = Symbols(provisions=dict(pack.provisions))
    # The root must be known before units' texts are told from the county's: regimes first.
    symbols.collect(_regimes_first(documents))
    for document in documents:
        for d in document.declarations:
            check_clauses(d, symbols)
    values = Elaborator(symbols, pack.calendar)
    book = RuleBook(symbols, values)
    book.root = next(
        (n for n, it in symbols.regimes.items() if it.node.clause("above") is None and it.node.clause("unit") is None),
        None,
    )
    units = symbols.regimes[book.root].node.clause("units") if book.root else None
    values.unit_named = units.body if units is not None and isinstance(units.body, s.Node) else None
    if symbols.unit_texts and book.root is not None and units is None:
        root = symbols.regimes[book.root].node
        symbols.report("P302", root.name.span if root.name else root.span, clause="下级\tunits")
    for name in symbols.regimes:
        book.instrument(name)
        book.scope_condition(name, Scope((), values.today))
    book.link_exceptions()
    rules = [r for n in symbols.rules if (r := book.rule(n)) is not None]
    rules += [r for n in symbols.stages if (r := book.rule(n)) is not None]
    rules += [r for n in symbols.procedures if (r := book.destinations(n)) is not None]
    definitions: dict[str, m.Expr] = {}
    for name, it in symbols.definitions.items():
        of = values.list_of(name)
        if of is not None and of not in symbols.lists:
            symbols.report("P200", it.node.span, suggestion=symbols.alike(of, symbols.lists), name=of)
            continue
        scope = Scope((of,) if of else (), values.today)
        definitions[name] = values.definition(name, 0 if of else None, scope, it.node)
    for name, it in symbols.parameters.items():
        if it.node.clause("keyed_by") is None:
            values.parameter(name, it.node, None)
        else:
            values.check_keyed(name)
    for name, texts in symbols.unit_texts.items():
        home = symbols.parameters.get(name) or symbols.definitions.get(name)
        for it in texts:
            if it.node.name is None:
                continue
            if home is None:
                symbols.report("P310", it.node.name.span, name=name)
            elif home.node.clause("delegated") is None:
                place = home.node.name.span if home.node.name else home.node.span
                symbols.report(
                    "P310", it.node.name.span, Note(place, "县里的规定", "the county's provision"), name=name
                )
    check_references(symbols, values, book)
    check_cases(symbols, values)
    proved = properties(symbols, values)
    lint(symbols, rules, definitions.values())
    drawn = rosters(symbols, values, book)
    policy = evolve(
        _policy(pack, documents, words, symbols, values, book, rules, definitions), rosters=drawn, properties=proved
    )
    return policy, symbols.problems


def _regimes_first(documents: tuple[s.Document, ...]) -> tuple[s.Document, ...]:
    """The file that holds the root regime before the others, so that it is the root whatever the files are called; the
    others in their order, so that what a file shared by several regimes declares comes before what one of them adds."""

    def rooted(document: s.Document) -> bool:
        return any(
            d.kind == "regime" and d.clause("above") is None and d.clause("unit") is None for d in document.declarations
        )

    return tuple(sorted(documents, key=rooted, reverse=True))


def _policy(
    pack: Pack,
    documents: tuple[s.Document, ...],
    words: Lexicon,
    symbols: Symbols,
    values: Elaborator,
    book: RuleBook,
    rules: list[m.Rule],
    definitions: dict[str, m.Expr],
) -> m.Policy:
    facts = {n: evolve(f, type=values.filled(f.type)) for n, f in symbols.facts.items()}
    lists = {
        n: evolve(x, fields={k: evolve(f, type=values.filled(f.type)) for k, f in x.fields.items()})
        for n, x in symbols.lists.items()
    }
    shape = m.Shape(facts, lists, symbols.findings, symbols.effects, tuple(symbols.bodies))
    readings = {name: _reading(name, leaf, symbols) for name, leaf in {**values.leaves, **values.built_in}.items()}
    for name in symbols.readings:
        if name not in readings and (leaf := values.reading(s.Name(name))) is not None:
            readings[name] = _reading(name, leaf, symbols)
    home = book.instrument(None)
    cases = tuple(it.node for it in symbols.others if it.node.kind == "case")
    declarations = tuple(d for document in documents for d in document.declarations)
    return m.Policy(
        name=book.root or pack.name,
        english=words.written(book.root or pack.name, "en"),
        digest=pack.digest,
        shape=shape,
        lexicon=words,
        provisions=dict(pack.provisions),
        instruments=tuple(book.instruments.values()),
        readings=readings,
        definitions=definitions,
        rules=tuple(rules),
        verdicts=verdicts(rules, symbols.effects),
        authority=home.authority if home else (),
        cases=cases,
        declarations=declarations,
        unit=values.unit_of_person(),
    )


def _reading(name: str, leaf: m.Leaf, symbols: Symbols) -> m.Reading:
    if name in BUILT_IN_READINGS:
        return m.Reading(name, leaf.note, leaf.type.options, {}, (), built_in=True)
    it = symbols.readings.get(name)
    clause = it.node.clause("question") if it is not None else None
    if clause is None or not isinstance(clause.body, s.Text):
        return m.Reading(name, "", leaf.type.options, {}, leaf.basis)
    notes = {a.name.text: a.text for a in clause.items if isinstance(a, s.Alternative)}
    return m.Reading(name, clause.body.text, leaf.type.options, notes, leaf.basis)


def second_cuts(pack: Pack, parsed: list[Parsed], words: Lexicon) -> list[Diagnostic]:
    """Runs of Chinese whose other cut parses and checks as well: the author must say which is meant."""
    problems = []
    for one in parsed:
        for declaration, block, cut in one.cuts:
            for n, other in enumerate(cut.others, 1):
                changed = reparse(block, cut, n, words)
                if changed is None or changed == declaration:
                    continue
                documents = tuple(
                    evolve(
                        p.document,
                        declarations=tuple(changed if d is declaration else d for d in p.document.declarations),
                    )
                    for p in parsed
                )
                _, more = build(pack, documents, words)
                if not any(p.severity == "error" for p in more):
                    problems.append(found("P130", cut.span, text=cut.span.text, other=other))
                    break
    return problems


__all__ = ["NOWHERE", "RULE_KINDS", "YES_NO", "Checked", "build", "check"]
