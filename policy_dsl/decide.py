"""A decision: everything a policy says of one record on one day, with what it rests on and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Final

from attrs import field, frozen

from . import model as m
from . import values as v
from .evaluate import Evaluation
from .explanation import Explanation, Frame, LeafKey, Member, leaf_key
from .knowledge import as_known
from .language.keywords import DEFAULT_LAYERS
from .record import Record, Row
from .values import NO, UNKNOWN, YES, Value, hull, settled

READING_CAP: Final = 64
PROBE_CAP: Final = 12


@frozen
class Question:
    """What is asked of a policy: the day decided, what was known when, the readings chosen and by whom, the layers
    admitted."""

    as_of: int
    known_as_of: int
    readings: Mapping[str, str] = field(factory=dict)
    layers: frozenset[str] = frozenset(DEFAULT_LAYERS)
    chosen_by: str = ""

    def frame(self, printed: bool, readings: Mapping[str, str] | None = None) -> Frame:
        return Frame(self.as_of, {**self.readings, **(readings or {})}, self.layers, printed)


@frozen(eq=False)
class Ground:
    """One option of one rule that bears on a conclusion, and whether it arises. *by* is whoever may decide: all of
    them, or one of several *ways*, which *way_turns*, were it known, would tell."""

    rule: m.Rule
    option: m.Option
    fires: Explanation
    by: tuple[str, ...]
    basis: tuple[str, ...]
    ways: tuple[tuple[str, ...], ...] = ()
    way_turns: tuple[Explanation, ...] = ()

    @property
    def awaits_exception(self) -> bool:
        """Whether everything holds but an exception nobody has looked into yet (只待除外)."""
        if self.fires.value != UNKNOWN or not self.rule.exceptions:
            return False
        barred = {id(x) for x in self.rule.exceptions}
        open_parts = [p for p in _conjuncts(self.fires) if p.value == UNKNOWN]
        return bool(open_parts) and all(isinstance(p.node, m.Not) and id(p.node.part) in barred for p in open_parts)


def _conjuncts(e: Explanation) -> Iterator[Explanation]:
    if isinstance(e.node, m.All | m.Named):
        for p in e.because:
            yield from _conjuncts(p)
    else:
        yield e


@frozen(eq=False)
class Turn:
    """What a conclusion comes to under one combination of the readings it turns on."""

    readings: Mapping[str, str]
    printed: int
    whole: int


@frozen(eq=False)
class Conclusion:
    """What is decided of one effect on one element: the status on what is printed, and on the whole text."""

    effect: str
    row: Row | None
    list: str | None
    printed: int
    whole: int
    why: Explanation
    why_printed: Explanation
    grounds: tuple[Ground, ...]
    turns: tuple[Turn, ...]
    same_whichever: tuple[str, ...]
    capped: bool = False

    @property
    def settled(self) -> bool:
        """Settled, and the same on both lines."""
        return settled(self.whole) and self.printed == self.whole

    @property
    def arises(self) -> bool:
        """Whether there is anything to say: it follows, or may."""
        return self.whole != 1 or self.printed != 1


@frozen(eq=False)
class Gap:
    """Something missing: what, of which kind, who could supply it (*unit*: the very unit whose text was not obtained,
    where that is known), which conclusions wait for it, and what each answer would make of them."""

    key: LeafKey
    node: m.Expr | Member
    row: Row | None
    kind: str
    who: tuple[str, ...]
    changes: tuple[tuple[str, str | None, str | None], ...]
    answers: tuple[tuple[str, tuple[tuple[str, str | None, str | None, int], ...]], ...] = ()
    unit: str = ""


@frozen(eq=False)
class Decision:
    """What one policy says of one record; *above* holds what the texts above it say, decided apart (`above.py`)."""

    policy: m.Policy
    record: Record
    question: Question
    conclusions: tuple[Conclusion, ...]
    gaps: tuple[Gap, ...]
    given: Record
    above: tuple[Decision, ...] = ()

    @property
    def status(self) -> str:
        """'decided' when every conclusion is settled on the whole text."""
        return "decided" if all(c.settled for c in self.conclusions) else "undetermined"

    @property
    def only(self) -> tuple[str, ...]:
        """The effects it is confined to; none where it is of all that the policy may lead to."""
        told = tuple(dict.fromkeys(c.effect for c in self.conclusions))
        return told if len(told) < len(self.policy.verdicts) else ()


# The alternatives of some readings, by name.
Alternatives = Mapping[str, tuple[str, ...]]


def combinations(readings: Alternatives) -> Iterator[Mapping[str, str]]:
    """Every combination of alternatives, that of the last reading changing first."""
    return (dict(zip(readings, pick, strict=True)) for pick in product(*readings.values()))


class Court:
    """The evaluations of one record, one for each frame, shared by every conclusion. What is asked of it here may be
    answered faster elsewhere (see `population.looking`), to the same effect."""

    def __init__(self, record: Record, question: Question, rejected: bool):
        self.record, self.question = record, question
        self.lines = tuple(Evaluation(record, question.frame(x), rejected=rejected) for x in (False, True))
        self.held: dict[tuple[bool, tuple[tuple[str, str], ...]], Evaluation] = {}

    def under(self, printed: bool, readings: Mapping[str, str] | None = None) -> Evaluation:
        """The evaluation of one line, under the readings of the question and these."""
        line = self.lines[printed]
        if not readings:
            return line
        key = printed, tuple(sorted(readings.items()))
        if key not in self.held:
            self.held[key] = line.but(self.question.frame(printed, readings), (("reading", name) for name in readings))
        return self.held[key]

    def why(self, printed: bool, verdict: m.Verdict | m.Strongest, rows: tuple[Row, ...]) -> Explanation:
        """What an effect comes to on one line, and why."""
        return self.under(printed).why(verdict, rows)

    def masks(
        self, printed: bool, verdict: m.Verdict | m.Strongest, rows: tuple[Row, ...], readings: Alternatives
    ) -> Sequence[int]:
        """What an effect comes to on one line under every combination of some readings, in their order."""
        return [_mask(self.under(printed, x).why(verdict, rows)) for x in combinations(readings)]


def decide(
    policy: m.Policy, record: Record, question: Question, what_if: bool = True, rejected: bool = False
) -> Decision:
    """Decide one record; *what_if* asks of each missing thing what each answer would change, *rejected* keeps the
    rows that were left out, for why-not."""
    given = as_known(record, policy.shape, question.as_of, question.known_as_of)
    court = Court(given, question, rejected)
    asked = [(verdicts, of, row) for verdicts in policy.verdicts for of, row in places(verdicts, given)]
    conclusions = [_judged(policy, *a, court) for a in asked]
    gaps = tuple(_gaps(policy, conclusions, court, what_if))
    return Decision(policy, record, question, tuple(conclusions), gaps, given)


def judge(
    policy: m.Policy, given: Record, question: Question, asked: Iterable[tuple[m.Verdicts, str | None, Row | None]]
) -> tuple[Conclusion, ...]:
    """Only these effects at these places, on a record as it stood."""
    court = Court(given, question, False)
    return tuple(_judged(policy, *a, court) for a in asked)


def look_into(
    policy: m.Policy, court: Court, asked: Iterable[tuple[m.Verdicts, str | None, Row | None]]
) -> tuple[list[Conclusion], list[Gap]]:
    """The same without its grounds, with what is missing for those that stay open; what each answer would change is
    not asked."""
    conclusions = [conclude(w.effect, verdict_of(w, of), of, row, court) for w, of, row in asked]
    return conclusions, list(_gaps(policy, conclusions, court, False))


def _judged(policy: m.Policy, verdicts: m.Verdicts, of: str | None, row: Row | None, court: Court) -> Conclusion:
    rows = () if row is None else (row,)
    grounds = tuple(_grounds(policy, verdicts.effect, of, rows, court))
    return conclude(verdicts.effect, verdict_of(verdicts, of), of, row, court, grounds)


def verdict_of(verdicts: m.Verdicts, of: str | None) -> m.Verdict | m.Strongest:
    """What judges an effect of the person, or of a list's rows."""
    return verdicts.person if of is None else verdicts.elements[of]


def places(verdicts: m.Verdicts, record: Record) -> Iterator[tuple[str | None, Row | None]]:
    """Where an effect is judged: of the person, and of each row that bears on it."""
    yield None, None
    for of in verdicts.elements:
        for row in record.lists[of].known if of in record.lists else ():
            yield of, row


@frozen(eq=False)
class Standing:
    """What one effect comes to on one element: both lines, why, and what it turns on (see Conclusion)."""

    printed: int
    whole: int
    why: Explanation
    why_printed: Explanation
    turns: tuple[Turn, ...]
    same_whichever: tuple[str, ...]
    capped: bool


def conclude(
    effect: str,
    verdict: m.Verdict | m.Strongest,
    of: str | None,
    row: Row | None,
    court: Court,
    grounds: tuple[Ground, ...] = (),
) -> Conclusion:
    """One effect on one element, with the grounds that bear on it."""
    x = standing(verdict, () if row is None else (row,), court)
    return Conclusion(
        effect, row, of, x.printed, x.whole, x.why, x.why_printed, grounds, x.turns, x.same_whichever, x.capped
    )


def standing(verdict: m.Verdict | m.Strongest, rows: tuple[Row, ...], court: Court) -> Standing:
    """One effect on one element, under every combination of the readings it may turn on."""
    whole, printed = court.why(False, verdict, rows), court.why(True, verdict, rows)
    value, value_printed = _mask(whole), _mask(printed)
    found: dict[str, tuple[str, ...]] = {}
    for leaf in (*whole.missing(), *printed.missing()):
        if isinstance(leaf.node, m.Leaf) and leaf.node.kind == "reading":
            found[leaf.node.name] = leaf.node.type.options
    if not found:
        return Standing(value_printed, value, whole, printed, (), (), False)
    readings = {n: found[n] for n in sorted(found)}
    capped = prod(map(len, readings.values())) > READING_CAP
    made = [
        Turn(chosen, b, a)
        for some in ([{n: x} for n, x in readings.items()] if capped else [readings])
        for chosen, a, b in zip(
            combinations(some),
            court.masks(False, verdict, rows, some),
            court.masks(True, verdict, rows, some),
            strict=True,
        )
    ]
    if not capped:
        value, value_printed = 0, 0
        for t in made:
            value, value_printed = value | t.whole, value_printed | t.printed
    matter = [n for n in readings if _matters(n, made)]
    # One at a time proves nothing about two together.
    same = () if capped else tuple(n for n in readings if n not in matter)
    return Standing(value_printed, value, whole, printed, _merged(matter, made), same, capped)


def _mask(e: Explanation) -> int:
    assert isinstance(e.value, int)
    return e.value


def _matters(name: str, made: list[Turn]) -> bool:
    """Whether two combinations that differ only in this reading differ in result."""
    seen: dict[tuple[tuple[str, str], ...], tuple[int, int]] = {}
    for t in made:
        rest = tuple([(k, x) for k, x in t.readings.items() if k != name])
        result = t.printed, t.whole
        if seen.setdefault(rest, result) != result:
            return True
    return False


def _merged(matter: list[str], made: list[Turn]) -> tuple[Turn, ...]:
    """One turn for each combination of the readings that matter."""
    if not matter:
        return ()
    merged: dict[tuple[tuple[str, str], ...], Turn] = {}
    for t in made:
        key = tuple([(n, t.readings[n]) for n in matter if n in t.readings])
        if key and key not in merged:
            merged[key] = t if len(key) == len(t.readings) else Turn(dict(key), t.printed, t.whole)
    return tuple(merged.values())


def _grounds(policy: m.Policy, effect: str, of: str | None, rows: tuple[Row, ...], court: Court) -> Iterator[Ground]:
    """The rules that bear on the effect here, whether they arise or may; for the person, those of every row as well."""
    whole = court.under(False)
    for rule in policy.rules:
        if rule.list is not None and of is not None and rule.list != of:
            continue
        for option in rule.options:
            if option.effect != effect or (of and rule.list is None and option.flag not in ("must_not", "should_not")):
                # Of the person's own rules only bars reach a row.
                continue
            if rule.list is None or of is not None:
                here = rows if rule.list is not None else ()
                yield _ground(policy, rule, option, here, whole)
            else:
                yield _of_rows(policy, rule, option, whole)


def _of_rows(policy: m.Policy, rule: m.Rule, option: m.Option, whole: Evaluation) -> Ground:
    """A rule of rows, on the row where it most nearly arises."""
    assert rule.list is not None
    best: Ground | None = None
    for row in whole.rows(rule.list):
        here = _ground(policy, rule, option, (row,), whole)
        if best is None or _nearness(here) > _nearness(best):
            best = here
    return best or Ground(rule, option, Explanation(option.fires, NO), (), rule.basis)


def _nearness(g: Ground) -> int:
    return (0, 0, 2, 1)[_mask(g.fires)]


def _ground(policy: m.Policy, rule: m.Rule, option: m.Option, rows: tuple[Row, ...], whole: Evaluation) -> Ground:
    """One option with whoever decides, and, where its duty may be set aside, whoever may do that."""
    ways, turns = _deciders(rule, rows, whole)
    bodies, basis = tuple(b for way in ways for b in way), rule.basis
    if option.waived is not None and whole.why(option.waived, rows).value != NO:
        for other in policy.rules:
            if other.name in option.waivers:
                bodies += tuple(b for way in _deciders(other, rows if other.list else (), whole)[0] for b in way)
                basis += other.basis
    return Ground(
        rule,
        option,
        whole.why(option.fires, rows),
        tuple(dict.fromkeys(bodies)),
        tuple(dict.fromkeys(basis)),
        ways,
        turns,
    )


def _deciders(
    rule: m.Rule, rows: tuple[Row, ...], court: Evaluation
) -> tuple[tuple[tuple[str, ...], ...], tuple[Explanation, ...]]:
    """Whoever may be the one to decide, by the table of the rule's 由; what would tell which, where it may be the one
    or the other."""
    may: dict[tuple[str, ...], None] = {}
    missing: dict[object, Explanation] = {}
    for condition, bodies in rule.decider.rows:
        why = None if condition is None else court.why(condition, rows)
        if why is None or why.value != NO:
            may.setdefault(bodies)
        if why is None or why.value == YES:
            break
        if why.value != NO:
            missing |= {leaf_key(x.node, x.rows): x for x in why.missing()}
    return tuple(may), tuple(missing.values()) if len(may) > 1 else ()


# What is missing.


def _gaps(policy: m.Policy, conclusions: list[Conclusion], court: Court, what_if: bool) -> Iterator[Gap]:
    leaves: dict[LeafKey, Explanation] = {}
    waiting: dict[LeafKey, list[Conclusion]] = {}
    for c in conclusions:
        if c.settled:
            continue
        for e in c.why.missing():
            key = leaf_key(e.node, e.rows)
            if key is None or (isinstance(e.node, m.Leaf) and e.node.name in c.same_whichever):
                continue
            leaves.setdefault(key, e)
            at = waiting.setdefault(key, [])
            if c not in at:
                at.append(c)
    verdicts = {w.effect: w for w in policy.verdicts}
    for key, e in leaves.items():
        changes = tuple((c.effect, c.list, c.row.id if c.row else None) for c in waiting[key])
        row = (
            e.rows[e.node.slot]
            if isinstance(e.node, m.Field | m.Finding | m.Happened) and e.node.slot is not None
            else None
        )
        answers = (
            tuple(_answers(key, e, waiting[key], verdicts, court)) if what_if and len(leaves) <= PROBE_CAP * 2 else ()
        )
        kind = gap_kind(e.node, row, court.record)
        unit = _unit(policy, court) if kind == "not_obtained" else ""
        yield Gap(key, e.node, row, kind, suppliers(e.node, policy), changes, answers, unit)


def _unit(policy: m.Policy, court: Court) -> str:
    """The unit whose text governs the person; none where it is not known, or turns on how it is read."""
    value = court.under(False).why(policy.unit, ()).value if policy.unit is not None else UNKNOWN
    return value[0] if settled(value) and isinstance(value, tuple) and isinstance(value[0], str) else ""


def gap_kind(node: m.Expr | Member, row: Row | None, record: Record) -> str:
    """Why it is missing: not asked, asked and not known, pending, unanswerable, a list not complete, a reading not
    chosen, or not printed, masked, unverified, not obtained."""
    match node:
        case m.Fact(name=name):
            return "imprecise" if name in record.facts else record.states.get((None, None, name), "not_asked")
        case m.Field(list=of, name=name) | m.Happened(list=of, name=name):
            if row is not None and row.id is None:
                return "list_open"
            if (state := record.states.get((of, row.id if row else None, name))) is not None:
                return state
            value = row.values.get(name) if row is not None else None
            return "not_asked" if value is None or (not isinstance(value, int) and value[0] == -v.INF) else "imprecise"
        case m.Finding(name=name, list=of, alike=alike):
            pending = "not_found_alike" if alike else "pending"
            return record.states.get((of, row.id if row else None, name), pending)
        case m.Leaf(kind=kind) | m.Unprinted(kind=kind):
            return kind
    return "list_open"


def suppliers(node: m.Expr | Member, policy: m.Policy) -> tuple[str, ...]:
    """Who could supply what is missing: the body that finds, the authority of the very text, whoever keeps the record;
    not printed where the text names none. Whoever published a text cannot say what it leaves out."""
    match node:
        case m.Finding(name=name) if policy.shape.findings[name].by:
            return policy.shape.findings[name].by
        case m.Finding():
            return policy.authority or ("未载明",)
        case m.Leaf(kind="reading"):
            return ("解读者",)
        case m.Leaf(kind="tie"):
            return ("记录填报单位",)
        case m.Leaf(kind="calendar"):
            return ("国务院办公厅",)
        case m.Leaf(kind="not_obtained") | m.Unprinted(kind="not_obtained"):
            return (m.OWN_UNIT,)
        case m.Leaf(who=who) | m.Unprinted(who=who):
            return tuple(w for w in who if w in policy.shape.bodies or w == m.OWN_UNIT) or ("未载明",)
    return ("记录填报单位",)


def _answers(
    key: LeafKey, e: Explanation, waiting: list[Conclusion], verdicts: Mapping[str, m.Verdicts], court: Court
) -> Iterator[tuple[str, tuple[tuple[str, str | None, str | None, int], ...]]]:
    """Each answer worth asking about, and the status it would give each conclusion that waits for it."""
    topic = answered_by(e.node)
    whole = court.under(False)
    for label, value in probes(key, e, waiting):
        trial = whole.but(whole.frame, (topic,), {key: value})
        results = []
        for c in waiting:
            verdict = verdict_of(verdicts[c.effect], c.list)
            results.append(
                (
                    c.effect,
                    c.list,
                    c.row.id if c.row else None,
                    _mask(trial.why(verdict, () if c.row is None else (c.row,))),
                )
            )
        yield label, tuple(results)


def answered_by(node: m.Expr | Member) -> m.Topic:
    """The topic that an answer to a leaf settles."""
    return ("list", node.list) if isinstance(node, Member) else m.own_topics(node)[0]


def _under_its_name(e: Explanation) -> Explanation:
    """A parameter's own leaf, where a name only passes it on."""
    while isinstance(e.node, m.Named) and len(e.because) == 1:
        e = e.because[0]
    return e


def probes(key: LeafKey, e: Explanation, waiting: list[Conclusion]) -> Iterator[tuple[str, Value]]:
    """The answers to try: each option of a class; below, at and above each bound a number or day is compared with."""
    node = e.node
    if isinstance(node, Member):
        yield "齐备\tcomplete", YES
        return
    if isinstance(node, m.Field | m.Happened) and not e.rows[node.slot].sure:
        # Its date decides whether the row counts at all, which one supposed value of a cell does not tell.
        return
    if node.type.finite:
        assert isinstance(e.value, int)
        for i, option in enumerate((*node.type.options, "无")):
            if e.value >> i & 1 and i < PROBE_CAP:
                yield option, 1 << i
        return
    if node.type.kind == "text":
        return
    bounds: set[int] = set()
    for c in waiting:
        for x in c.why.walk():
            if isinstance(x.node, m.AtLeast | m.Equal) and len(x.because) == 2:
                for one, other in (x.because, x.because[::-1]):
                    leaf = _under_its_name(one)
                    asked = leaf_key(leaf.node, leaf.rows) == key and settled(other.value)
                    if asked and not isinstance(other.value, int) and isinstance(other.value[0], int):
                        bounds |= {other.value[0] + d for d in (-1, 0, 1)}
    low, high, none = v.as_range(e.value)
    for b in sorted(bounds):
        if low <= b <= high and len(bounds) <= PROBE_CAP:
            yield v.shown_day(b) if node.type.kind == "day" else str(v.shown_number(b, node.type.unit)), v.point(b)
    if none and bounds:
        yield "无", node.type.none


__all__ = ["Conclusion", "Decision", "Gap", "Ground", "Question", "Turn", "decide", "hull", "judge", "look_into"]
