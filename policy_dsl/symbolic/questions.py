"""What is asked of a whole policy, a row each; and what is said of every record, attacked before anyone sees it.

What is found names the provisions and, wherever a record can show it, carries a smallest one that the interpreter has
confirmed; what was not decided in the time given is itself a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from attrs import frozen

from .. import model as m
from .applying import always, branches, lasting, never
from .attack import Attack
from .leading import gaps, stages, unsettled
from .meeting import conflicts, exceptions, pairs
from .proving import Proof, prove
from .rungs import rungs
from .survey import Finding, Survey

# How many rows more each list may hold when what was found is asked again.
_WIDER: Final = 2

Analysis = Callable[[Survey], Iterator[Finding]]
ANALYSES: Final[tuple[Analysis, ...]] = (
    never, always, branches, lasting, pairs, exceptions, rungs, conflicts, gaps, stages, unsettled,
)  # fmt: skip


@frozen(eq=False)
class Analysed:
    """What asking everything of a policy came to, in the order of its text; what became of each property."""

    survey: Survey
    findings: tuple[Finding, ...]
    proofs: tuple[Proof, ...]


def analyse(policy: m.Policy, seconds: float = 5.0, effort: int | None = None) -> Analysed:
    """Everything asked of a policy; *effort*: at most so many of the solver's own steps a question."""
    survey = Survey(policy, seconds, effort=effort)
    wider: list[Survey] = []
    findings = [f for ask in ANALYSES for x in ask(survey) if (f := _withstood(survey, x, wider)) is not None]
    proved = list(prove(survey, policy.properties))
    findings += [f for _, more in proved for f in more]
    ordered = tuple(sorted(findings, key=lambda f: f.diagnostic.order))
    return Analysed(survey, ordered, tuple(p for p, _ in proved))


def _withstood(survey: Survey, finding: Finding, wider: list[Survey]) -> Finding | None:
    """What is said of every record, asked again with longer lists and of random records; None if it was not so."""
    if not finding.never:
        return finding
    if not wider:
        wider.append(Survey(survey.policy, survey.seconds, _WIDER))
    conditions = [c for claim in finding.never for c in wider[0].claimed(claim)]
    answer = wider[0].possible(*conditions, *wider[0].admitted(*finding.layers))
    if answer is None:
        d = finding.diagnostic
        return survey.undecided(d.span, d.message("zh").rstrip("。"), d.message("en").rstrip("."))
    attack = Attack(survey.policy, finding.never, finding.layers, survey.decided)
    return None if answer or attack.refuted() is not None else finding


__all__ = ["ANALYSES", "Analysed", "Finding", "Survey", "analyse"]
