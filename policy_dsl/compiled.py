"""The same meaning as one generated function: for one policy under one frame, statuses and packed atoms.

The code is built as `ast` nodes from the checked model: what an author wrote enters it only as constants. A finite
value is a local that holds a mask; an ordered one is two or three locals (lowest, highest, may be 无). Folds over one
list that do not wait for one another share a loop; an expression that stands twice is evaluated once. The walker in
`evaluate` defines the meaning; the tests hold this to it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from typing import Any, Final

from attrs import frozen

from . import model as m
from .emit import Block, Code, Emitter, Mask, Span, expr, stmts
from .explanation import Frame
from .folds import FOLDS
from .record import Record
from .statuses import RANKED, SILENT, UNRANKED, statuses_of
from .values import NO, YES

Output = tuple[str | None, m.Verdict | m.Strongest]

# As many atoms as are kept in one number, two bits each: every program holds it exactly, a spreadsheet too.
PACKED: Final = 26


@frozen
class Compiled:
    """A policy under a frame, ready to run: one call a record."""

    policy: m.Policy
    frame: Frame
    atoms: tuple[m.Expr, ...]
    verdicts: tuple[tuple[str, str | None], ...]
    run: Callable[[Record], tuple[tuple[Any, ...], int]]

    def statuses(self, record: Record) -> tuple[tuple[Any, ...], int]:
        """For each verdict a mask (of the person) or a tuple of masks (a list's rows), and the packed atoms."""
        return self.run(record)


def compile(policy: m.Policy, frame: Frame) -> Compiled:
    """The function of a policy under a frame. It takes records as `knowledge.as_known` leaves them."""
    outputs: list[tuple[str, str | None, m.Verdict | m.Strongest]] = []
    for w in policy.verdicts:
        outputs.append((w.effect, None, w.person))
        outputs += [(w.effect, of, x) for of, x in w.elements.items()]
    kept = tuple(atoms([x for _, of, x in outputs if of is None]))
    run = Function(frame).function([(of, x) for _, of, x in outputs], kept)
    return Compiled(policy, frame, kept, tuple((effect, of) for effect, of, _ in outputs), run)


class Tracing:
    """The function that hands back the values asked for: of nodes of the person, and of each row of a round."""

    def __init__(self, policy: m.Policy, frame: Frame):
        self.function = Function(frame)
        outputs: list[Output] = []
        for w in policy.verdicts:
            outputs.append((None, w.person))
            outputs += w.elements.items()
        self.rounds = self.function.rounds(outputs)
        self.round_of = {id(e): n for n, (_, members) in enumerate(self.rounds) for e in members}
        rounds: list[int | None] = [None, *range(len(self.rounds))]
        self.asked: dict[int | None, dict[int, tuple[int, m.Expr]]] = {n: {} for n in rounds}

    def at(self, e: m.Expr, round: int | None) -> int:
        """Where the value of a node will stand: among the person's, or among a row's."""
        asked = self.asked[round]
        return asked.setdefault(id(e), (len(asked), e))[0]

    def made(self) -> Callable[[Record], tuple[tuple[Any, ...], tuple[list[Any], ...]]]:
        """The function, once everything has been asked for."""
        of_person, *of_rows = ([e for _, e in asked.values()] for asked in self.asked.values())
        return self.function.traced(self.rounds, of_person, of_rows)


def atoms(outputs: list[m.Verdict | m.Strongest]) -> Iterator[m.Expr]:
    """The outermost truth values of the person that no connective makes: what an explanation is rebuilt from."""
    for e in m.walk(*outputs):
        connective = m.All | m.Any | m.Not | m.Named | m.Choose | m.Constant | m.Admitted
        if (
            e.type.kind == "truth"
            and not e.slots
            and not isinstance(e, connective)
            and not isinstance(e, m.Verdict | m.Strongest)
        ):
            yield e


def unpack(kept: tuple[m.Expr, ...], packed: int) -> dict[int, int]:
    """The truth values of a row's atoms, by the identity of their node."""
    return {id(a): packed >> 2 * i & 3 for i, a in enumerate(kept)}


class Function(Emitter):
    """Writes the function of a policy."""

    def fold(self, e: m.Fold, block: Block) -> Code:
        """A fold that stands inside a row's condition, or waits for another: a loop of its own."""
        if id(e) in self.results:
            return self.results[id(e)]
        code, start, step = self.folding(e)
        inner = Block(e.slot, block)
        block.body += start
        step(inner)
        self.loop(e.list, e.slot, inner, block)
        return code(block)

    def loop(self, of: str, slot: int, inner: Block, block: Block) -> None:
        name = inner.rows[slot]
        members, row, cells = self.fresh("l"), ast.Name(name + "r", ast.Load()), ast.Name(name, ast.Load())
        head = stmts("members = lists.get(of, NOT_ASKED)", members=members, of=of)
        loop = stmts(
            "for row in (members.known + members.unlisted(day) if members.open else members.known):\n"
            "    cells = row.values",
            row=row, members=members, cells=cells, day=self.frame.as_of,
        )  # fmt: skip
        assert isinstance(loop[0], ast.For)
        loop[0].body += inner.body
        block.body += head + loop

    def enter(self, inner: Block) -> str:
        if inner.slot not in inner.rows:
            self.count += 1
            inner.rows[inner.slot] = f"m{self.count}"
        return inner.rows[inner.slot]

    def folding(self, e: m.Fold) -> tuple[Callable[[Block], Code], list[ast.stmt], Callable[[Block], None]]:
        """How a fold starts, what it does with a row, and what it comes to."""
        low, high, total = self.fresh("lo"), self.fresh("hi"), self.fresh("all")

        def where(inner: Block) -> tuple[ast.expr, ast.expr]:
            row = ast.Name(self.enter(inner) + "r", ast.Load())
            w = self.mask(e.where, inner)
            return (ast.Constant(w) if isinstance(w, int) else w), row

        if e.how == "some":

            def step_some(inner: Block) -> None:
                w, row = where(inner)
                inner.body += stmts(
                    "if w != 1 and s != 2:\n    s = 2 if w == 2 and row.sure else 3", w=w, s=low, row=row
                )

            return (lambda _: low), stmts("s = 1", s=low), step_some
        if e.how == "count":

            def step_count(inner: Block) -> None:
                w, row = where(inner)
                inner.body += stmts(
                    "if w != 1:\n    if row.id is None:\n        hi = INF\n    else:\n        hi += 1\n"
                    "        if w == 2 and row.sure:\n            lo += 1",
                    w=w, hi=high, lo=low, row=row,
                )  # fmt: skip

            return (lambda _: Span(low, high, None)), stmts("lo = hi = 0", lo=low, hi=high), step_count
        return self.gathered(e, total, where)

    def gathered(
        self, e: m.Fold, total: ast.Name, where: Any
    ) -> tuple[Callable[[Block], Code], list[ast.stmt], Callable[[Block], None]]:
        """Other folds: the rows as judged are handed to the walker's own fold."""
        of = self.constant(lambda judged: FOLDS[e.how](e, judged), "fold")

        def step(inner: Block) -> None:
            w, row = where(inner)
            value: ast.expr = ast.Constant(None)
            if e.value is not None:
                code = self.code(e.value, inner)
                value = (
                    self.closed(code)
                    if isinstance(code, Span)
                    else ast.Constant(code)
                    if isinstance(code, int)
                    else code
                )
            inner.body += stmts(
                "if w != 1:\n    all.append(Judged(row, w if row.sure else 3, value, None, None))",
                w=w,
                all=total,
                row=row,
                value=value,
            )

        def result(block: Block) -> Code:
            value = self.let(block, expr("of(all)", of=of, all=total))
            return value if e.type.finite else self.opened(e.type, value, block)

        return result, stmts("all = []", all=total), step

    def depth(self, e: m.Expr) -> int:
        """How many rounds of loops over lists must have run before *e* can be evaluated for the person."""
        if id(e) not in self.depth_of:
            inner = max((self.depth(p) for p in m.parts(e)), default=0)
            own = isinstance(e, m.Fold) and e.slot == 0 and not e.slots
            self.depth_of[id(e)] = inner + own
            self.keep.append(e)
        return self.depth_of[id(e)]

    def verdict(self, flags: tuple[m.Contribution, ...], block: Block) -> Mask:
        """Every combination of truths, looked up: two bits for each flag, and two more for each duty's waiver."""
        by: dict[str, list[Mask]] = {}
        pairs: list[tuple[str, Mask, Mask]] = []
        for c in flags:
            if c.waived is None:
                by.setdefault(c.flag, []).append(self.mask(c.fires, block))
            else:
                pairs.append((c.flag, self.mask(c.fires, block), self.mask(c.waived, block)))
        names = sorted(by, key=m.FLAGS.index)
        truths = [self.junction(by[n], YES, NO, block) for n in names] + [x for _, f, w in pairs for x in (f, w)]

        def of(given: tuple[int, ...]) -> int:
            plain = [(n, t, None) for n, t in zip(names, given, strict=False)]
            rest = given[len(names) :]
            waived = [(flag, rest[2 * i], rest[2 * i + 1]) for i, (flag, _, _) in enumerate(pairs)]
            return statuses_of([*plain, *waived])

        fixed = [t for t in truths if isinstance(t, int)]
        if len(fixed) == len(truths):
            return of(tuple(fixed))
        index: ast.expr = ast.Constant(0)
        for i, t in enumerate(map(self.as_expr, truths)):
            index = t if i == 0 else expr("a | t << n", a=index, t=t, n=2 * i)
        if len(truths) <= 5:
            table = []
            for n in range(1 << 2 * len(truths)):
                given = tuple(n >> 2 * i & 3 for i in range(len(truths)))
                table.append(of(given) if all(given) else 0)
            return self.let(block, expr("table[i]", table=self.constant(tuple(table), "status"), i=index))
        call = self.constant(of, "status")
        return self.let(block, expr("of(given)", of=call, given=ast.Tuple(list(map(self.as_expr, truths)), ast.Load())))

    def strongest(self, e: m.Strongest, block: Block) -> Mask:
        """The person's line, of the rounds' own accounts: what rows may be, and the weakest that one certainly is."""
        own = self.mask(e.own, block)
        strengths, back = self.constant(RANKED, "rank"), self.constant(UNRANKED, "unrank")
        mine = self.let(block, expr("t[a]", t=strengths, a=self.as_expr(own)))
        every: ast.expr = mine
        floor: ast.expr = self.let(block, expr("a & -a", a=mine))
        for _, x in e.rows:
            some, least = self.account[id(x)]
            every = expr("a | b", a=every, b=some)
            floor = self.let(block, expr("a if a > b else b", a=floor, b=least))
        return self.let(block, expr("t[a & -b]", t=back, a=every, b=floor))

    def function(self, outputs: list[Output], kept: tuple[m.Expr, ...]) -> Callable[[Record], Any]:
        """The function of one policy: round by round of loops, then the statuses and the atoms."""
        top = self.top
        top.body += stmts("facts = record.facts\nlists = record.lists\nfindings = record.findings")
        each: dict[int, ast.Name] = {id(x): self.fresh("each") for of, x in outputs if of is not None}
        for of, members in self.rounds(outputs):
            self.round(of, members, each)
        done = [each[id(x)] if of is not None else self.as_expr(self.mask(x, top)) for of, x in outputs]
        packed: ast.expr = ast.Constant(0)
        for i, a in enumerate(kept):
            digit = self.as_expr(self.mask(a, top))
            packed = digit if i == 0 else expr("a | d << n", a=packed, d=digit, n=2 * i)
        top.body += stmts("return done, packed", done=ast.Tuple(list(done), ast.Load()), packed=packed)
        return self.made()

    def rounds(self, outputs: list[Output]) -> list[tuple[str, list[m.Fold | m.Verdict]]]:
        """The loops to run, in order: folds of the person that wait for no other come first; a fold said twice is
        listed twice, and evaluated once."""
        found: dict[tuple[int, str], list[m.Fold | m.Verdict]] = {}
        for e in m.walk(*(x for _, x in outputs)):
            if isinstance(e, m.Fold) and e.slot == 0 and not e.slots:
                found.setdefault((self.depth(e), e.list), []).append(e)
        for of, x in outputs:
            if of is not None and isinstance(x, m.Verdict):
                found.setdefault((self.depth(x) + 1, of), []).append(x)
        return [(of, members) for (_, of), members in sorted(found.items(), key=lambda r: r[0])]

    def traced(
        self, rounds: list[tuple[str, list[m.Fold | m.Verdict]]], of_person: list[m.Expr], of_rows: list[list[m.Expr]]
    ) -> Callable[[Record], Any]:
        """The same function, which hands back what nodes came to."""
        top = self.top
        top.body += stmts("facts = record.facts\nlists = record.lists\nfindings = record.findings")
        kept: list[ast.expr] = []
        for (of, members), nodes in zip(rounds, of_rows, strict=True):
            rows = self.fresh("rows")
            top.body += stmts("rows = []", rows=rows)
            self.round(of, members, {}, (rows, nodes))
            kept.append(rows)
        values = [self.as_value(self.code(e, top)) for e in of_person]
        found = ast.Tuple([ast.Tuple(values, ast.Load()), ast.Tuple(kept, ast.Load())], ast.Load())
        top.body += stmts("return found", found=found)
        return self.made()

    def as_value(self, code: Code) -> ast.expr:
        return self.closed(code) if isinstance(code, Span) else self.as_expr(code)

    def made(self, given: str = "record") -> Callable[..., Any]:
        """What has been written, as a function of what it is given."""
        head = ast.parse(f"def decide({given}):\n    pass").body[0]
        assert isinstance(head, ast.FunctionDef)
        head.body = self.top.body
        module = ast.fix_missing_locations(ast.Module([head], []))
        exec(builtins.compile(module, "<policy>", "exec"), self.scope)
        run: Callable[..., Any] = self.scope["decide"]
        return run

    def reckon(self, e: m.Verdict, status: ast.expr, row: ast.Name, inner: Block) -> list[ast.stmt]:
        """Keep account of a row's statuses for the person's line."""
        some, least = self.account.setdefault(id(e), (self.fresh("some"), self.fresh("least")))
        strengths = self.constant(RANKED, "rank")
        inner.body += stmts(
            "s = t[status if row.sure else status | silent]\nsome |= s\nif s & -s > least:\n    least = s & -s",
            s=self.fresh(), t=strengths, status=status, row=row, silent=SILENT, some=some, least=least,
        )  # fmt: skip
        return stmts("some = 0\nleast = 1", some=some, least=least)

    def round(
        self,
        of: str,
        members: list[m.Fold | m.Verdict],
        each: dict[int, ast.Name],
        seen: tuple[ast.Name, list[m.Expr]] | None = None,
    ) -> None:
        """One loop over a list: every fold that is ready, the statuses of its rows, and each row's values if asked."""
        inner = Block(0, self.top)
        self.enter(inner)
        after: list[tuple[m.Fold, Callable[[Block], Code]]] = []
        starts: list[ast.stmt] = []
        for e in members:
            if isinstance(e, m.Fold):
                if self.kind(e) in {self.kind(f) for f, _ in after}:
                    continue
                code, start, step = self.folding(e)
                starts += start
                step(inner)
                after.append((e, code))
            else:
                status, row = self.as_expr(self.mask(e, inner)), ast.Name(inner.rows[0] + "r", ast.Load())
                if id(e) in each:
                    starts += stmts("all = []", all=each[id(e)])
                    inner.body += stmts(
                        "if row.id is not None:\n    all.append(status)", row=row, all=each[id(e)], status=status
                    )
                starts += self.reckon(e, status, row, inner)
        if seen is not None:
            rows, nodes = seen
            cells = [self.as_value(self.code(x, inner)) for x in nodes]
            row = ast.Name(inner.rows[0] + "r", ast.Load())
            pair = ast.Tuple([row, ast.Tuple(cells, ast.Load())], ast.Load())
            inner.body += stmts("rows.append(pair)", rows=rows, pair=pair)
        self.top.body += starts
        self.loop(of, 0, inner, self.top)
        for e, code in after:
            self.top.known[self.kind(e)] = code(self.top)
