"""Whole explanations at speed: the compiled function's own values, made into the trees the walker would give.

The function of `compiled` hands back the value of every node, of the person and of each row; a second one, generated in
the same way, builds the trees from the top, only through what settles each node. A part that turns on a few facts of
the person alone is the same tree for everyone alike in them, and is kept for the next. Lists inside a row's condition
are left to the walker. The tests hold the trees equal.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from attrs import define, field, frozen

from . import model as m
from .compiled import Tracing
from .emit import expr, stmts
from .evaluate import Evaluation, behind, counted, doubts, row_part
from .explanation import Explanation, Frame, Member
from .record import History, Record, Row
from .statuses import SILENT, strongest_parts, verdict_parts
from .values import NO, UNKNOWN, YES, Value, settled

# A part is kept if it turns on no more than so many facts, and all are forgotten when there are so many.
FEW: Final = 6
KEPT: Final = 50_000

# The value of a list when no row of it counts: its explanation has no parts then.
NOTHING: Final[dict[str, Value]] = {"some": NO, "count": (0, 0, False)}

# What says the same of every record.
SAID: Final = m.Constant | m.Leaf | m.Unprinted | m.DecisionDay | m.Admitted

Cells = tuple[Any, ...]
Rows = tuple[Row, ...]


@define
class Seen:
    """One record's values: of the person, and of each row of each round of loops."""

    record: Record
    top: Cells
    rounds: tuple[list[tuple[Row, Cells]], ...]
    memo: list[Explanation | None]
    row_memo: dict[tuple[int, int], Explanation]
    walker: Evaluation | None = None
    found: dict[int, dict[int, Cells]] = field(factory=dict)

    def cells(self, round: int, row: Row) -> Cells:
        """The values of one row of a round."""
        if round not in self.found:
            self.found[round] = {id(x): cells for x, cells in self.rounds[round]}
        return self.found[round][id(row)]


# A function of the generated code: a node's explanation, for the rows in view and their values.
Build = Callable[[Seen, Rows, Cells], Explanation]


class Kept:
    """Parts of explanations that serve for everyone, by what they turn on."""

    def __init__(self) -> None:
        self.parts: list[dict[Hashable, Explanation]] = []
        self.many = 0

    def tidy(self) -> None:
        """Between two records, so that no record's explanation has the same part twice."""
        if self.many > KEPT:
            self.many = 0
            for part in self.parts:
                part.clear()


@frozen
class Explainer:
    """A policy under a frame: the explanation of every verdict, for the person and for each row. *tracing* is what the
    values were asked of, *builds* what makes a verdict's explanation, by its identity, with the round of its rows."""

    policy: m.Policy
    frame: Frame
    tracing: Tracing
    run: Callable[[Record], tuple[Cells, tuple[list[tuple[Row, Cells]], ...]]]
    parts: int
    builds: Mapping[int, tuple[int | None, Build]]
    kept: Kept

    def explain(self, record: Record) -> tuple[tuple[Explanation, ...], tuple[tuple[Explanation, ...], ...]]:
        """The person's explanations in the order of `policy.verdicts`, then those of each list's rows."""
        seen = self.seen(record)
        person = tuple([self.builds[id(w.person)][1](seen, (), ()) for w in self.policy.verdicts])
        rows = tuple([tuple(self.of_rows(seen, x)) for w in self.policy.verdicts for x in w.elements.values()])
        return person, rows

    def seen(self, record: Record) -> Seen:
        """A record's values, to be explained before the next record's."""
        self.kept.tidy()
        top, rounds = self.run(record)
        return Seen(record, top, rounds, [None] * self.parts, {})

    def of_rows(self, seen: Seen, x: m.Verdict) -> Iterator[Explanation]:
        round, build = self.builds[id(x)]
        for row, cells in () if round is None else seen.rounds[round]:
            if row.id is not None:
                yield build(seen, (row,), cells)

    def why(self, seen: Seen, verdict: m.Verdict | m.Strongest, row: Row | None) -> Explanation:
        """One explanation, of the person or of one row."""
        round, build = self.builds[id(verdict)]
        if row is None or round is None:
            return build(seen, (), ())
        return build(seen, (row,), seen.cells(round, row))


def explainer(policy: m.Policy, frame: Frame) -> Explainer:
    """Compile a policy for explanations."""
    trees = _Trees(policy, frame)
    of: dict[int, tuple[int | None, ast.Name]] = {}
    for w in policy.verdicts:
        of[id(w.person)] = None, trees.function(w.person, None)
        for x in w.elements.values():
            round = trees.tracing.round_of[id(x)]
            of[id(x)] = round, trees.function(x, round)
    made = trees.made()
    builds = {i: (round, made[f.id]) for i, (round, f) in of.items()}
    return Explainer(policy, frame, trees.tracing, trees.tracing.made(), len(trees.names), builds, trees.kept)


def left(e: m.Expr) -> bool:
    """Whether an explanation is left to the walker: of lists inside a row's condition, of ties, of working days."""
    if isinstance(e, m.Shift):
        return e.uncharted is not None
    return isinstance(e, m.Fold) and (e.slot != 0 or bool(e.reach) or e.tie is not None)


class _Trees:
    """Writes the functions: one for each node that is asked for in more than one place, the rest inside them."""

    def __init__(self, policy: m.Policy, frame: Frame):
        self.tracing, self.frame = Tracing(policy, frame), frame
        self.kept = Kept()
        self.scope: dict[str, Any] = {
            "E": Explanation, "settled": settled, "kept": self.kept, "rest": partial(rest, self), "fold": fold,
            "doubts": doubts, "strongest": strongest, "verdict_parts": verdict_parts, "History": History,
        }  # fmt: skip
        self.code: list[ast.stmt] = []
        self.names: dict[tuple[int, int | None], str] = {}
        self.said: dict[int, ast.Name] = {}
        self.grounds: dict[int, dict[Any, m.Expr] | None] = {}
        roots = [x for w in policy.verdicts for x in (w.person, *w.elements.values())]
        self.places = Counter(id(x) for x in roots for _ in range(2))
        for e in m.walk(*roots):
            # What stands under a row is asked for once a row, and again for the row that may stand in an open list.
            often = 2 if e.reach or isinstance(e, m.Fold | m.Strongest) else 1
            for p in m.parts(e):
                self.places[id(p)] += often

    def made(self) -> dict[str, Any]:
        """What has been written, as functions by their names."""
        module = ast.fix_missing_locations(ast.Module(self.code, []))
        exec(builtins.compile(module, "<explanations>", "exec"), self.scope)
        return self.scope

    def constant(self, value: Any, stem: str) -> ast.Name:
        name = f"{stem}{len(self.scope)}"
        self.scope[name] = value
        return ast.Name(name, ast.Load())

    def function(self, e: m.Expr, round: int | None) -> ast.Name:
        """The name of the function that explains a node."""
        at = round if e.reach else None
        key = id(e), at
        if key not in self.names:
            i = len(self.names)
            name = self.names[key] = f"explain{i}"
            head = ast.parse(f"def {name}(seen, rows, cells):\n    top = seen.top").body[0]
            assert isinstance(head, ast.FunctionDef)
            head.body += self.of_a_row(e, at) if at is not None else self.of_the_person(e, i)
            self.code.append(head)
        return ast.Name(self.names[key], ast.Load())

    def of_a_row(self, e: m.Expr, round: int) -> list[ast.stmt]:
        if not self.shared(e):
            return stmts("return tree", tree=self.tree(e, round))
        return stmts(
            "key = i, id(rows[0])\nfound = seen.row_memo.get(key)\nif found is None:\n"
            "    found = seen.row_memo[key] = tree\nreturn found",
            i=ast.Constant(id(e)), tree=self.tree(e, round),
        )  # fmt: skip

    def of_the_person(self, e: m.Expr, i: int) -> list[ast.stmt]:
        """What stands twice in a record's explanation is made once; what turns on a few facts, once for everyone."""
        ground = self.ground(e)
        made: list[ast.stmt] = []
        if ground is not None:
            part: dict[Hashable, Explanation] = {}
            self.kept.parts.append(part)
            made = stmts(
                "key = facts\nfound = part.get(key)\nif found is None:\n    found = part[key] = tree\n"
                "    kept.many += 1\nreturn found",
                facts=ast.Tuple([self.value(x, None) for x in ground.values()], ast.Load()),
                part=self.constant(part, "part"), tree=self.tree(e, None, within=True),
            )  # fmt: skip
            for x in ground.values():
                if isinstance(x, m.Fold):
                    nothing = self.constant(NOTHING[x.how], "nothing")
                    (test,) = stmts("if value == nothing:\n    pass", value=self.value(x, None), nothing=nothing)
                    assert isinstance(test, ast.If)
                    test.body, made = made, [test]
            if isinstance(made[-1], ast.Return):
                return made
        if not self.shared(e):
            return made + stmts("return tree", tree=self.tree(e, None))
        return made + stmts(
            "found = seen.memo[i]\nif found is None:\n    found = seen.memo[i] = tree\nreturn found",
            i=i, tree=self.tree(e, None),
        )  # fmt: skip

    def ground(self, e: m.Expr) -> dict[Any, m.Expr] | None:
        """The few facts, findings and lists that an explanation turns on; None if it turns on more."""
        if id(e) not in self.grounds:
            found: dict[Any, m.Expr] | None = {}
            if isinstance(e, m.Strongest) or e.reach or (isinstance(e, m.Fact) and e.moment is not None):
                found = None
            elif isinstance(e, m.Fold):
                found = {id(e): e} if e.how in NOTHING and not left(e) else None
            elif isinstance(e, m.Fact | m.Finding):
                found = {(type(e), e.name): e}
            for p in () if found is None or isinstance(e, m.Fold) else m.parts(e):
                more = self.ground(p)
                found = None if found is None or more is None or len(found | more) > FEW else found | more
            self.grounds[id(e)] = found
        return self.grounds[id(e)]

    def part(self, e: m.Expr, round: int | None, within: bool = False) -> ast.expr:
        """A part of a tree: said of everyone, by a function of its own, or made on the spot. *within*: inside a part
        that is kept."""
        of_its_own = self.shared(e) or not (within or e.reach or not m.parts(e) or self.ground(e) is None)
        return self.called(e, round) if of_its_own or isinstance(e, SAID) else self.tree(e, round, within)

    def shared(self, e: m.Expr) -> bool:
        return self.places[id(e)] > (2 if e.reach else 1)

    def called(self, e: m.Expr, round: int | None) -> ast.expr:
        if isinstance(e, SAID):
            if id(e) not in self.said:
                self.said[id(e)] = self.constant(Evaluation(Record(""), self.frame).why(e, ()), "said")
            return self.said[id(e)]
        return expr("f(seen, rows, cells)", f=self.function(e, round))

    def value(self, e: m.Expr, round: int | None) -> ast.expr:
        """Where the node's value stands: among the person's, or among a row's."""
        if e.reach and round is not None:
            return expr("cells[i]", i=self.tracing.at(e, round))
        return expr("top[i]", i=self.tracing.at(e, None))

    def tree(self, e: m.Expr, round: int | None, within: bool = False) -> ast.expr:
        """The node's explanation, of its parts."""
        if left(e):
            return expr("rest(node, seen, rows)", node=self.constant(e, "node"))
        whole = {
            "node": self.constant(e, "node"),
            "value": self.value(e, round),
            "here": ast.Name("rows", ast.Load()) if e.reach else ast.Tuple([], ast.Load()),
        }
        if isinstance(e, m.Fold):
            return expr("fold(node, value, seen, round, where, at, said, measured)", **whole, **self.of_list(e))
        if isinstance(e, m.Strongest) and e.rows:
            return expr("strongest(node, value, seen, own, mask, lists)", **whole, **self.of_lists(e))
        if isinstance(e, m.Fact) and e.reach:
            # Without a history it says the same at any moment.
            whole["here"] = expr(
                "rows if isinstance(seen.record.facts.get(name), History) else ()", name=ast.Constant(e.name)
            )
        because = self.because(e, round, whole["value"], within)
        return expr("E(node, value, because, here)", because=because, **whole)

    def because(self, e: m.Expr, round: int | None, value: ast.expr, within: bool) -> ast.expr:
        """The parts that settle a node or leave it open."""
        parts = [self.part(p, round, within) for p in m.parts(e) if not isinstance(e, m.Verdict | m.Choose)]
        match e:
            case m.Happened():
                return expr("doubts(node, rows)", node=self.constant(e, "node"))
            case m.All(parts=inner) | m.Any(parts=inner):
                # Those of its own value: one settles, or the unknown ones leave it open, or all agree.
                some = [
                    expr("(x,) if a == value else ()", x=x, a=self.value(p, round), value=value)
                    for x, p in zip(parts, inner, strict=True)
                ]
                return ast.Tuple([ast.Starred(x, ast.Load()) for x in some], ast.Load())
            case m.Choose(condition=condition):
                asked, then, otherwise = (self.called(p, round) for p in m.parts(e))
                return expr(
                    "(c, a) if asked == 2 else (c, b) if asked == 1 else (a, b) if settled(value) else (c, a, b)",
                    asked=self.value(condition, round), c=asked, a=then, b=otherwise, value=value,
                )  # fmt: skip
            case m.Verdict(flags=(m.Contribution(fires=fires, waived=None),)):
                return ast.Tuple([self.part(fires, round, within)], ast.Load())
            case m.Verdict():
                return self.contributions(e, round, value)
            case m.Shift():
                ways = expr("() if settled(value) else ways", ways=ast.Tuple(parts[2:], ast.Load()), value=value)
                return ast.Tuple([*parts[:2], ast.Starred(ways, ast.Load())], ast.Load())
            case m.Is(part=part, options=options, alike=m.Finding()):
                far = ((1 << len(part.type.options)) - 1) & ~options
                asked = expr("(y,) if a & far else ()", y=parts[1], a=self.value(part, round), far=far)
                return ast.Tuple([parts[0], ast.Starred(asked, ast.Load())], ast.Load())
            case m.Fact(name=name, moment=m.Expr() as moment):
                return expr(
                    "(x,) if isinstance(seen.record.facts.get(name), History) and not settled(at) else ()",
                    name=ast.Constant(name), at=self.value(moment, round), x=parts[0],
                )  # fmt: skip
        return ast.Tuple(parts, ast.Load())

    def contributions(self, e: m.Verdict, round: int | None, value: ast.expr) -> ast.expr:
        """Of a verdict, what arises, or may; what sets a duty aside, where the duty may arise."""
        pair = "(f, a)"
        pairs: list[ast.expr] = [
            expr(pair, f=self.function(c.fires, round), a=self.value(c.fires, round)) for c in e.flags
        ]
        for c in e.flags:
            if c.waived is not None:
                waiver = expr(pair, f=self.function(c.waived, round), a=self.value(c.waived, round))
                if_due = expr("(p,) if a != 1 else ()", p=waiver, a=self.value(c.fires, round))
                pairs.append(ast.Starred(if_due, ast.Load()))
        found = ast.Tuple(pairs, ast.Load())
        return expr("tuple([f(seen, rows, cells) for f, _ in verdict_parts(value, found)])", value=value, found=found)

    def of_list(self, e: m.Fold) -> dict[str, Any]:
        round = self.tracing.round_of[id(e)]
        where, at, said = self.of_each(e.where, round)
        measured = None if e.value is None else self.function(e.value, round)
        return {"round": round, "where": where, "at": at, "said": said, "measured": measured or ast.Constant(None)}

    def of_lists(self, e: m.Strongest) -> dict[str, Any]:
        lists: list[ast.expr] = []
        for of, x in e.rows:
            round = self.tracing.round_of[id(x)]
            lists.append(ast.Tuple([ast.Constant(of), ast.Constant(round), *self.of_each(x, round)], ast.Load()))
        own, mask = self.function(e.own, None), self.value(e.own, None)
        return {"own": own, "mask": mask, "lists": ast.Tuple(lists, ast.Load())}

    def of_each(self, e: m.Expr, round: int) -> tuple[ast.expr, ast.expr, ast.expr]:
        """What is asked of each row: its function, where its value stands among the row's, or else the value."""
        if e.reach:
            return self.function(e, round), ast.Constant(self.tracing.at(e, round)), ast.Constant(0)
        return self.function(e, round), ast.Constant(None), self.value(e, None)


# What the generated code calls.


def fold(
    e: m.Fold,
    whole: Value,
    seen: Seen,
    round: int,
    where: Build,
    at: int | None,
    said: int,
    measured: Build | None,
) -> Explanation:
    """A list: the rows that count or may, or, for 有, those that settle it."""
    because = []
    only_sure = e.how == "some" and whole == YES
    for row, cells in seen.rounds[round]:
        state = said if at is None else cells[at]
        if state == NO or (only_sure and (state != YES or not row.sure)):
            continue
        here = (row,)
        first = where(seen, here, cells)
        parts = (first,) if measured is None else (first, measured(seen, here, cells))
        if row.id is None:
            because.append(Explanation(Member(e.list, None), UNKNOWN, (), here))
            because += [leaf for x in parts for leaf in behind(x, 0)]
            continue
        if not row.sure and e.happened is not None:
            parts = (*parts, counted(e.happened, here))
        sure = YES
        for p in parts:
            if not settled(p.value):
                sure = UNKNOWN
        because.append(Explanation(Member(e.list, row.id), sure, parts, here))
    return Explanation(e, whole, tuple(because))


def strongest(
    e: m.Strongest,
    value: int,
    seen: Seen,
    own: Build,
    mask: int,
    lists: Sequence[tuple[str, int, Build, int | None, int]],
) -> Explanation:
    """The person's line: the person's own verdict and those of every row that may reach it."""
    parts: list[tuple[Callable[[], Explanation], int]] = [(partial(own, seen, (), ()), mask)]
    for of, round, build, at, said in lists:
        for row, cells in seen.rounds[round]:
            mask = (said if at is None else cells[at]) | (0 if row.sure else SILENT)
            parts.append((partial(_row, of, row, build, seen, cells, mask), mask))
            if row.id is None:
                parts += [(partial(_same, leaf), mask) for leaf in behind(build(seen, (row,), cells), 0)]
    return Explanation(e, value, tuple([part() for part in strongest_parts(value, parts)]))


def _row(of: str, row: Row, build: Build, seen: Seen, cells: Cells, mask: int) -> Explanation:
    return row_part(of, row, build(seen, (row,), cells), mask)


def _same(said: Explanation) -> Explanation:
    return said


def rest(trees: _Trees, e: m.Expr, seen: Seen, rows: Rows) -> Explanation:
    """What is left to the walker."""
    if seen.walker is None:
        seen.walker = _Rest(seen, trees)
    return seen.walker.why(e, rows)


class _Rest(Evaluation):
    """The walker, for what is left to it; what the functions make of the person it takes from them."""

    def __init__(self, seen: Seen, trees: _Trees):
        super().__init__(seen.record, trees.frame)
        self.seen, self.trees = seen, trees

    def judge(self, e: m.Expr, rows: Rows) -> Explanation:
        scope, key = self.trees.scope, (id(e), None)
        made: Explanation
        if id(e) in self.trees.said:
            made = scope[self.trees.said[id(e)].id]
        elif not e.reach and not left(e) and key in self.trees.names:
            made = scope[self.trees.names[key]](self.seen, (), ())
        else:
            made = super().judge(e, rows)
        return made
