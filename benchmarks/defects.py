"""What notices a defect put into a shipped policy: checking the text, its cases, or an analysis of every record."""

from __future__ import annotations

import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path

from attrs import evolve, field, frozen

from policy_dsl.cases import run
from policy_dsl.check import Checked, check
from policy_dsl.diagnostics import Diagnostic
from policy_dsl.model import Policy
from policy_dsl.pack import Pack, load
from policy_dsl.symbolic.attack import Attack
from policy_dsl.symbolic.questions import Analysed, Finding, analyse

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from seeded import DEFECTS, POLICIES, with_defect

KINDS = {
    "contradicting": "contradicting", "dead": "dead", "overlapping": "overlapping",
    "gap": "gap-making", "bound": "bound-shifting",
}  # fmt: skip
UNDECIDED = "A190"
# So many times random records are drawn against what is said of every record.
ATTACKS = 20


@frozen(eq=False)
class Noticed:
    """What each way of looking says of one defect that it does not say of the text without it."""

    kind: str
    refused: bool
    check: tuple[Diagnostic, ...]
    cases: bool | None = None
    analysis: tuple[Finding, ...] = ()
    undecided: int = 0
    gone: int = 0
    wrong: tuple[Finding, ...] = field(default=())


@cache
def county(name: str, seconds: float) -> tuple[Pack, Checked, Analysed]:
    pack = load(POLICIES / name)
    checked = check(pack)
    assert checked.policy is not None and all(run(checked.policy, c).passed for c in checked.policy.cases)
    return pack, checked, analyse(checked.policy, seconds)


def said(d: Diagnostic) -> tuple[str, str]:
    """A finding, wherever it stands: a defect moves what follows it."""
    return d.code, d.message("en")


def new(after: tuple[Diagnostic, ...], before: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    left = Counter(map(said, before))
    found = []
    for d in after:
        if left[said(d)]:
            left[said(d)] -= 1
        else:
            found.append(d)
    return tuple(found)


def true(policy: Policy, analysed: Analysed, f: Finding) -> bool:
    """Whether the interpreter bears a finding out: its record shows it, and no record drawn at random refutes it."""
    shown = f.witness is None or f.witness.shows(policy, f.claims)
    days = analysed.survey.decided
    drawn = (Attack(policy, f.never, f.layers, days, seed).refuted() for seed in range(1, ATTACKS + 1))
    return shown and (not f.never or all(w is None for w in drawn))


def noticed(name: str, kind: str, old: str, after: str, seconds: float) -> Noticed:
    pack, checked, analysed = county(name, seconds)
    text = with_defect(pack, old, after)
    put = evolve(
        pack,
        sources=tuple(text if x.name == text.name else x for x in pack.sources),
        own=tuple(text if x.name == text.name else x for x in pack.own),
    )
    again = check(put)
    found = new(again.findings, checked.findings)
    if again.policy is None:
        return Noticed(kind, True, found)
    then = analyse(again.policy, seconds)
    fresh = {id(d) for d in new(tuple(f.diagnostic for f in then.findings), of(analysed))}
    findings = tuple(f for f in then.findings if id(f.diagnostic) in fresh)
    settled = tuple(f for f in findings if f.diagnostic.code != UNDECIDED)
    return Noticed(
        kind,
        False,
        found,
        not all(run(again.policy, c).passed for c in again.policy.cases),
        settled,
        len(findings) - len(settled),
        len(new(of(analysed), of(then))),
        tuple(f for f in settled if not true(again.policy, then, f)),
    )


def of(analysed: Analysed) -> tuple[Diagnostic, ...]:
    return tuple(f.diagnostic for f in analysed.findings)


def rate(n: int, of: int) -> str:
    return f"{n} ({100 * n / of:.0f}%)"


def main(seconds: float) -> None:
    start = time.process_time()
    every: list[Noticed] = []
    for name, kind, old, after, _ in DEFECTS:
        x = noticed(name, kind, old, after, seconds)
        every.append(x)
        codes = " ".join(dict.fromkeys(d.code for d in (*x.check, *(f.diagnostic for f in x.analysis))))
        by = [w for w, on in (("check", x.check), ("cases", x.cases), ("analyze", x.analysis)) if on]
        print(f"{name} {kind} {old[:24]}: {', '.join(by)} [{codes}]", file=sys.stderr, flush=True)
    print(
        "| kind | defects | `policy check` | of these refused | the cases | `policy analyze` | analyze or check | any |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind in (*KINDS, None):
        rows = [x for x in every if kind in (x.kind, None)]
        cells = [
            str(len(rows)),
            rate(sum(bool(x.check) for x in rows), len(rows)),
            str(sum(x.refused for x in rows)),
            rate(sum(bool(x.cases) for x in rows), len(rows)),
            rate(sum(bool(x.analysis) for x in rows), len(rows)),
            rate(sum(bool(x.analysis or x.check) for x in rows), len(rows)),
            rate(sum(bool(x.analysis or x.check or x.cases) for x in rows), len(rows)),
        ]
        print(f"| {KINDS[kind] if kind else 'all'} | {' | '.join(cells)} |")
    shown = [f for x in every for f in x.analysis]
    by_code = Counter(f.diagnostic.code for f in shown)
    print(f"\nnew findings of the analysis: {len(shown)} {dict(sorted(by_code.items()))}, not borne out by the")
    print(f"interpreter: {sum(len(x.wrong) for x in every)}; undecided: {sum(x.undecided for x in every)};")
    print(f"defects that only make a finding go away: {sum(bool(x.gone) and not x.analysis for x in every)};")
    print(f"by check: {dict(sorted(Counter(d.code for x in every for d in x.check).items()))}")
    names = dict.fromkeys(name for name, *_ in DEFECTS)
    before = {n: Counter(d.code for d in of(county(n, seconds)[2])) for n in names}
    print(f"findings on the unchanged texts: { {n: dict(c) for n, c in before.items()} }")
    print(f"{time.process_time() - start:.0f} s of one core, at most {seconds:g} s a question")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
