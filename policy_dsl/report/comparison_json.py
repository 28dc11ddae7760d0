"""A comparison as JSON: the same parts by stable keys, names in both languages, persons and counts in full."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from .. import __version__
from .. import model as m
from ..comparison.alignment import Aligned
from ..comparison.compared import Compared
from ..comparison.population import LINES, Difference, Outcome, Population, Reason, Tally, shape_of
from ..comparison.sides import Side
from .comparison import Telling
from .comparison_people import ranked
from .comparison_proof import Proving

if TYPE_CHECKING:
    from ..comparison.proof import Proof, Shown

SCHEMA: Final = "policy-compare/1"


def dumps(compared: Compared) -> str:
    return json.dumps(plain(compared), ensure_ascii=False, indent=1)


def plain(compared: Compared) -> dict[str, Any]:
    """Everything a comparison found, as plain data."""
    zh, en = Telling(compared, "zh"), Telling(compared, "en")
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "program": f"policy-dsl {__version__}",
        "a": _side(compared.pair.a),
        "b": _side(compared.pair.b),
        "provisions": [_row(r, zh, en) for r in compared.rows],
    }
    if compared.proof is not None:
        found["proof"] = _proof(compared.proof, zh, en)
    if compared.population is not None:
        found["population"] = _population(compared.population, en)
    return found


def _side(side: Side) -> dict[str, Any]:
    return {
        "regime": side.policy.name,
        "regime_en": side.policy.english,
        "called": side.called,
        "policy_digest": side.policy.digest,
        "as_of": None if side.as_of is None else _day(side.as_of),
        "known_as_of": None if side.as_of is None else _day(side.question.known_as_of),
        "layers": sorted(side.layers),
        "readings": dict(sorted(side.readings.items())),
        "chosen_by": side.chosen_by,
        "unit": side.unit or None,
    }


def _day(n: int) -> str:
    return datetime.date.fromordinal(n).isoformat()


def _row(r: Aligned, zh: Telling, en: Telling) -> dict[str, Any]:
    sides = [_provision(i, rule, zh, en) for i, rule in enumerate((r.a, r.b))]
    both = r.a is not None and r.b is not None
    return {
        "category": r.category,
        "alike": round(r.alike, 4) if both else None,
        "both_read": list(r.shared),
        "differs": list(zh.differing(r)) if both else None,
        "a": sides[0],
        "b": sides[1],
    }


def _provision(i: int, rule: m.Rule | None, zh: Telling, en: Telling) -> dict[str, Any] | None:
    if rule is None:
        return None
    facets = zip(zh.facets(i, rule).items(), en.facets(i, rule).values(), strict=True)
    return {
        "name": rule.name,
        "name_en": en.tellers[i].w.name(rule.name),
        "effects": list(dict.fromkeys(o.effect for o in rule.options)),
        "basis": list(rule.basis),
        "layer": rule.layer,
        "in_force": {1: False, 2: True}.get(zh.pair.sides[i].in_force(rule.instrument)),
        "facets": {key: {"zh": list(a), "en": list(b)} for (key, a), b in facets},
    }


# Every record.


def _proof(proof: Proof, zh: Telling, en: Telling) -> dict[str, Any]:
    tellings = Proving(zh, proof), Proving(en, proof)
    return {
        "rows": dict(proof.rows),
        "days": [_day(n) for n in proof.days],
        "effects": [
            {
                "effect": x.effect,
                "effect_en": en.effect(x.effect),
                "relations": list(x.relations),
                "ways": {
                    way: s if s is None or isinstance(s, bool) else _shown(s, tellings) for way, s in x.ways.items()
                },
            }
            for x in proof.effects
        ],
        "groups": [{"group": g, "polarity": kind, "relation": r} for g, kind, r in tellings[0].groups()],
    }


def _shown(x: Shown, tellings: tuple[Proving, Proving]) -> dict[str, Any]:
    sides = zip("ab", (x.a, x.b), strict=True)
    return {
        "relation": x.relation,
        "record": x.raw,
        "as_of": _day(x.as_of),
        "readings": dict(sorted(x.readings.items())),
        "supposed": [dict(zip(("what", "as"), tellings[0].supposed(k, n), strict=True)) for k, n in x.supposed.items()],
        "said": {t.t.lang: list(t.record(x)) for t in tellings},
        **{key: {"status": _statuses(s.status), "arise": list(s.rules)} for key, s in sides},
    }


# Persons.


def _population(found: Population, en: Telling) -> dict[str, Any]:
    return {
        "persons": found.total,
        "standing": {text: dict(sorted(c.items())) for text, c in zip(LINES, found.standing, strict=True)},
        "groups": [{"group": name, **_tally(t)} for name, t in found.groups.items()],
        "effects": [_effect(found, name, t, en) for name, t in found.effects.items()],
        "reasons": [_reason(r, n, found) for r, n in ranked(found.reasons)],
        "read": _ranked(found.topics),
        "missing": {key: _ranked(c) for key, c in zip("ab", found.missing, strict=True)},
        "unshared": {key: _ranked(c) for key, c in zip("ab", found.unshared, strict=True)},
        "different": [
            {"id": p.id, "record_digest": p.record.digest, "differences": [_difference(d) for d in p.differences]}
            for p in found.persons
        ],
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {text: dict(sorted(c.items())) for text, c in zip(LINES, tally.relations, strict=True)}


def _effect(found: Population, name: str, tally: Tally, en: Telling) -> dict[str, Any]:
    shape = shape_of(found.pair, name)
    matrix = {
        text: [{"a": _statuses(a), "b": _statuses(b), "persons": n} for (a, b), n in sorted(counts.items())]
        for text, counts in zip(LINES, tally.matrix, strict=True)
    }
    about = {} if shape is None else {"group": shape.group, "polarity": shape.polarity, "rank": shape.rank}
    return {"effect": name, "effect_en": en.effect(name), **about, "relations": _tally(tally), "matrix": matrix}


def _reason(r: Reason, persons: int, found: Population) -> dict[str, Any]:
    example = found.examples[r].record.id
    return {
        "effect": r.effect, "why": r.kind, "rules_a": list(r.a), "rules_b": list(r.b), "persons": persons,
        "example": example,
    }  # fmt: skip


def _difference(d: Difference) -> dict[str, Any]:
    return {
        "effect": d.effect,
        "element": None if d.list is None else {"list": d.list, "id": d.row},
        "a": _outcome(d.a),
        "b": _outcome(d.b),
        "relation": dict(zip(LINES, d.relations, strict=True)),
        "certain": {text: d.differs(i) for i, text in enumerate(LINES)},
        "why": d.kind,
    }


def _outcome(x: Outcome) -> dict[str, Any]:
    lines = {text: _statuses(mask) for text, mask in zip(LINES, x.lines, strict=True)}
    return {**lines, "has_rules": x.conclusion is not None, "rules": list(x.rules)}


def _statuses(mask: int) -> list[str]:
    return [k for i, k in enumerate(m.STATUSES) if mask >> i & 1]


def _ranked(counts: Counter[str]) -> list[dict[str, Any]]:
    return [{"name": name, "persons": n} for name, n in ranked(counts)]
