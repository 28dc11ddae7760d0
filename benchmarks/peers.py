"""Other engines on the same workload, each told the rules of `rules.py` in its own language; those not installed say so."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from rules import (
    FLAGS,
    LENIENT,
    MAY_BE_MISSING,
    POINTS,
    RULES,
    Record,
    comparisons,
    measured,
    rung,
    satisfies,
    score,
    walked,
)

Run = Callable[[Sequence[Record]], list[Any]]
# What comparisons look at, each once; and of that, what is found in the list of incidents.
COMPARED = list(dict.fromkeys(what for rule in RULES.values() for _, what, _ in comparisons(rule)))
OF_LISTS = [x for x in COMPARED if isinstance(x, tuple)]


def told(rule: Any, a: dict[str, Any]) -> str:
    """A rule in the language whose pieces *a* holds: `flag`, `not`, `and`, `fact`, `missing`, `number`, `list`."""
    match rule:
        case str():
            return str(a["flag"].format(rule))
        case "not", part:
            return str(a["not"].format(told(part, a)))
        case "and", *parts:
            return str(a["and"].join(told(p, a) for p in parts))
    operator, what, bound = rule
    if isinstance(what, tuple):
        return f"{a['list'](what)} {operator} {bound}"
    text = f"{a['fact'].format(what)} {operator} {a.get('number', str)(bound)}"
    return str(a["missing"].format(a["fact"].format(what)) + text) if what in MAY_BE_MISSING else text


# Points and steps as two of the languages write them, of the names of rules that hold.
SUM = " + ".join(f"({t} ? {n} : 0)" for t, n in POINTS.items())
LENIENCY = " + ".join(f"({e} ? 1 : 0)" for e in LENIENT)
STEPS = (
    "(T9 {and} private_gain) {or} score >= 7 ? 6 : (score >= 5 {or} (T10 {and} score >= 3) ? 5 : "
    "(score >= 4 {or} (T1 {and} T2 {and} score >= 1) ? 4 : (score >= 3 ? 3 : (score >= 2 ? 2 : (score >= 1 ? 1 : 0)))))"
)


def python_walked() -> Run:
    return lambda records: [walked(r)[0] for r in records]


def python_walked_with_steps() -> Run:
    """Each step with what it saw and whether it holds."""

    def why(rule: Any, r: Record) -> tuple[Any, ...]:
        match rule:
            case str():
                return rule, r[rule], bool(r[rule])
            case "not", part:
                inner = why(part, r)
                return "not", inner, not inner[-1]
            case "and", *parts:
                steps = [why(p, r) for p in parts]
                return "and", steps, all(s[-1] for s in steps)
        sign, what, bound = rule
        seen = measured(what, r)
        return sign, what, seen, bound, satisfies(sign, seen, bound)

    def one(r: Record) -> int:
        steps = {name: why(rule, r) for name, rule in RULES.items()}
        found = {name for name, step in steps.items() if step[-1]}
        return rung(r, found, score(r, found))

    return lambda records: [one(r) for r in records]


def python_generated() -> Run:
    """One function of generated source; the incidents are gone through once."""
    names = {what: f"m{i}" for i, what in enumerate(OF_LISTS)}
    counted = {"count": "x['kind'] == {!r}", "severe": "x['severity'] >= {}", "loss": "True"}
    lines = [
        "def one(r):",
        f"    {' = '.join(names.values())} = 0",
        "    for x in r['incidents']:",
        "        day = x['day']",
    ]
    for what, name in names.items():
        more = "x['loss']" if what[0] == "loss" else "1"
        lines.append(f"        if day > {what[-1]} and {counted[what[0]].format(what[1])}: {name} += {more}")
    a = {
        "flag": "r['{}']",
        "fact": "r['{}']",
        "not": "(not {})",
        "and": " and ",
        "missing": "{} is not None and ",
        "list": names.__getitem__,
    }
    lines += ["    found = set()", "    points = 0"]
    for name, rule in RULES.items():
        lines.append(
            f"    if {told(rule, a)}: found.add({name!r})" + (f"; points += {POINTS[name]}" if name in POINTS else "")
        )
    lines += [
        "    if not (r['concealed'] or r['private_gain']): points -= min(2, len(found & LENIENT))",
        "    return rung(r, found, points)",
    ]
    scope: dict[str, Any] = {"LENIENT": set(LENIENT), "rung": rung}
    exec("\n".join(lines), scope)
    one = scope["one"]
    return lambda records: [one(r) for r in records]


def _zen() -> tuple[Any, str]:
    import zen

    def list_of(what: Any) -> str:
        match what:
            case "count", kind, since:
                return f"count(incidents, #.kind == '{kind}' and #.day > {since})"
            case "severe", level, since:
                return f"count(incidents, #.severity >= {level} and #.day > {since})"
        return f"sum(map(filter(incidents, #.day > {what[1]}), #.loss))"

    a = {"flag": "{}", "fact": "{}", "not": "not {}", "and": " and ", "missing": "{} != null and ", "list": list_of}
    points = f"{SUM} - ((concealed or private_gain) ? 0 : min([2, {LENIENCY}]))"
    steps = STEPS.format_map({"and": "and", "or": "or"})
    stages = [{name: told(rule, a) for name, rule in RULES.items()}, {"score": points}, {"rung": steps}]
    nodes = [{"id": "in", "type": "inputNode", "name": "in"}]
    for i, stage in enumerate(stages):
        expressions = [{"id": f"{i}{key}", "key": key, "value": value} for key, value in stage.items()]
        nodes.append(
            {
                "id": f"s{i}",
                "type": "expressionNode",
                "name": f"s{i}",
                "content": {"expressions": expressions, "passThrough": True},
            }
        )
    nodes.append({"id": "out", "type": "outputNode", "name": "out"})
    order = [n["id"] for n in nodes]
    edges = [{"id": f"e{x}", "sourceId": x, "targetId": y, "type": "edge"} for x, y in pairwise(order)]
    return zen.ZenEngine(
        {"loader": {"type": "static", "content": {"policy": {"nodes": nodes, "edges": edges}}}}
    ), "policy"


def zen() -> Run:
    engine, key = _zen()
    return lambda records: [engine.evaluate(key, r)["result"]["rung"] for r in records]


def zen_with_trace() -> Run:
    engine, key = _zen()
    return lambda records: [engine.evaluate(key, r, {"trace": True})["result"]["rung"] for r in records]


def cel() -> Run:
    """CEL has no sum: the host adds up losses."""
    import cel

    def list_of(what: Any) -> str:
        match what:
            case "count", kind, since:
                return f"incidents.filter(i, i.kind == '{kind}' && i.day > {since}).size()"
            case "severe", level, since:
                return f"incidents.filter(i, i.severity >= {level} && i.day > {since}).size()"
        return f"total(incidents.filter(i, i.day > {what[1]}).map(i, i.loss))"

    a = {"flag": "{}", "fact": "{}", "not": "!{}", "and": " && ", "missing": "{} != null && ", "list": list_of}
    programs = {name: cel.compile(told(rule, a)) for name, rule in RULES.items()}
    lenient, steps = cel.compile(LENIENCY), cel.compile(STEPS.format_map({"and": "&&", "or": "||"}))
    points = cel.compile(f"{SUM} - (concealed || private_gain ? 0 : (lenient > 2 ? 2 : lenient))")

    def one(r: Record) -> int:
        context = cel.Context(r)
        context.add_function("total", sum)
        found = {name: p.execute(context) for name, p in programs.items()}
        found |= {"concealed": r["concealed"], "private_gain": r["private_gain"]}
        found["lenient"] = lenient.execute(found)
        found["score"] = points.execute(found)
        return int(steps.execute(found))

    return lambda records: [one(r) for r in records]


def rego() -> Run:
    """rego-cpp, not OPA's own engine."""
    import regopy

    def list_of(what: Any) -> str:
        match what:
            case "count", kind, since:
                return f'count([1 | some i in input.incidents; i.kind == "{kind}"; i.day > {since}])'
            case "severe", level, since:
                return f"count([1 | some i in input.incidents; i.severity >= {level}; i.day > {since}])"
        return f"sum([i.loss | some i in input.incidents; i.day > {what[1]}])"

    a = {
        "flag": "input.{}",
        "fact": "input.{}",
        "not": "not {}",
        "and": "; ",
        "missing": "{} != null; ",
        "list": list_of,
    }
    text = ["package policy", "import rego.v1"]
    text += [f'found contains "{name}" if {{ {told(rule, a)} }}' for name, rule in RULES.items()]
    text += [
        f"points := {json.dumps(POINTS)}", f"lenient := {json.dumps(LENIENT)}",
        "raw := sum([points[t] | some t in found; points[t]])", "barred if input.concealed", "barred if input.private_gain",
        "credit := 0 if barred", "credit := min([2, count([e | some e in found; e in lenient])]) if not barred",
        "score := raw - credit", "default rung := 0", 'rung := 6 if { "T9" in found; input.private_gain }',
        "else := 6 if score >= 7", "else := 5 if score >= 5", 'else := 5 if { "T10" in found; score >= 3 }',
        "else := 4 if score >= 4", 'else := 4 if { "T1" in found; "T2" in found; score >= 1 }',
        "else := 3 if score >= 3", "else := 2 if score >= 2", "else := 1 if score >= 1",
    ]  # fmt: skip
    interpreter = regopy.Interpreter()
    interpreter.add_module("policy", "\n".join(text))
    bundle = interpreter.build(None, ["policy/rung"])

    def one(r: Record) -> int:
        interpreter.set_input(regopy.Input(r))
        said = json.loads(str(interpreter.query_bundle_entrypoint(bundle, "policy/rung")))
        return int((said if "expressions" in said else said["result"][0])["expressions"][0])

    return lambda records: [one(r) for r in records]


def cedar() -> Run:
    """Cedar has no lists to count, no fractions and no order of policies: the host measures the lists, makes whole
    numbers, adds up points and takes the gravest step; Cedar decides the rules and the steps."""
    import cedarpy

    names = {what: f"m{i}" for i, what in enumerate(OF_LISTS)}
    facts = [x for x in COMPARED if isinstance(x, str)]
    a = {
        "flag": "context.{}", "fact": "context.{}", "not": "!{}", "and": " && ", "missing": "{0} > -1 && ",
        "list": lambda what: f"context.{names[what]}", "number": lambda x: str(round(x * 1000)),
    }  # fmt: skip
    steps = {
        6: "(context.T9 && context.private_gain) || context.score >= 7", 5: "context.score >= 5 || (context.T10 && context.score >= 3)",
        4: "context.score >= 4 || (context.T1 && context.T2 && context.score >= 1)", 3: "context.score >= 3", 2: "context.score >= 2", 1: "context.score >= 1",
    }  # fmt: skip
    policies = [
        f'permit(principal, action == Action::"rules", resource) when {{ {told(rule, a)} }};' for rule in RULES.values()
    ]
    policies += [
        f'permit(principal, action == Action::"steps", resource) when {{ {step} }};' for step in steps.values()
    ]
    answers = {f"policy{i}": x for i, x in enumerate([*RULES, *steps])}
    texts, nobody = cedarpy.PolicySet.from_str("\n".join(policies)), cedarpy.Entities.from_json_str("[]")

    def ask(action: str, contexts: list[dict[str, Any]]) -> list[list[Any]]:
        asked = [
            {"principal": 'Cadre::"x"', "action": f'Action::"{action}"', "resource": 'Regime::"x"', "context": c}
            for c in contexts
        ]
        return [[answers[p] for p in x.diagnostics.reasons] for x in cedarpy.is_authorized_batch(asked, texts, nobody)]

    def context(r: Record) -> dict[str, Any]:
        whole = {f: -1 if r[f] is None else round(r[f] * 1000) for f in facts}
        return {f: r[f] for f in FLAGS} | whole | {name: measured(what, r) for what, name in names.items()}

    def run(records: Sequence[Record]) -> list[Any]:
        found = [set(x) for x in ask("rules", [context(r) for r in records])]
        contexts = [
            {t: t in x for t in ("T1", "T2", "T9", "T10")} | {"private_gain": r["private_gain"], "score": score(r, x)}
            for r, x in zip(records, found)
        ]
        return [max(x, default=0) for x in ask("steps", contexts)]

    return run


def clingo() -> Run:
    """Answer sets, of all records together; whole numbers only."""
    import clingo

    def list_of(what: Any) -> str:
        match what:
            case "count", kind, since:
                return f"#count {{ J : incident(C,J,{kind},D,_,_), D > {since} }}"
            case "severe", level, since:
                return f"#count {{ J : incident(C,J,_,D,S,_), S >= {level}, D > {since} }}"
        return f"#sum {{ L,J : incident(C,J,_,D,_,L), D > {what[1]} }}"

    def atom(rule: Any, i: int = 0) -> str:
        match rule:
            case str():
                return f"flag(C,{rule})"
            case "not", part:
                return f"not {atom(part)}"
            case "and", *parts:
                return ", ".join(atom(p, j) for j, p in enumerate(parts))
        operator, what, bound = rule
        operator = "=" if operator == "==" else operator
        return (
            f"{list_of(what)} {operator} {bound}"
            if isinstance(what, tuple)
            else f"fact(C,{what},V{i}), V{i} {operator} {round(bound * 1000)}"
        )

    program = [f"found(C,{name.lower()}) :- cadre(C), {atom(rule)}." for name, rule in RULES.items()]
    program += [f"points({t.lower()},{n})." for t, n in POINTS.items()] + [f"lenient({e.lower()})." for e in LENIENT]
    program += """
        raw(C,S) :- cadre(C), S = #sum { P,T : found(C,T), points(T,P) }.
        mild(C,N) :- cadre(C), N = #count { E : found(C,E), lenient(E) }.
        barred(C) :- flag(C,concealed). barred(C) :- flag(C,private_gain).
        credit(C,0) :- barred(C). credit(C,2) :- mild(C,N), N > 2, not barred(C). credit(C,N) :- mild(C,N), N <= 2, not barred(C).
        score(C,S-N) :- raw(C,S), credit(C,N).
        step(C,6) :- found(C,t9), flag(C,private_gain). step(C,6) :- score(C,S), S >= 7.
        step(C,5) :- score(C,S), S >= 5. step(C,5) :- found(C,t10), score(C,S), S >= 3.
        step(C,4) :- score(C,S), S >= 4. step(C,4) :- found(C,t1), found(C,t2), score(C,S), S >= 1.
        step(C,N) :- score(C,S), N = 1..3, S >= N. step(C,0) :- cadre(C).
        rung(C,R) :- cadre(C), R = #max { X : step(C,X) }.
        #show rung/2.""".splitlines()
    text = "\n".join(program)

    def said(r: Record) -> str:
        c = r["id"]
        out = [f"cadre({c})."] + [f"flag({c},{f})." for f in FLAGS if r[f]]
        out += [
            f"fact({c},{f},{round(x * 1000)})."
            for f, x in r.items()
            if f != "id" and f not in FLAGS and f != "incidents" and x is not None
        ]
        out += [
            f"incident({c},{j},{x['kind']},{x['day']},{x['severity']},{x['loss']})."
            for j, x in enumerate(r["incidents"])
        ]
        return " ".join(out)

    def run(records: Sequence[Record]) -> list[Any]:
        control = clingo.Control(["--warn=none"])
        control.add("base", [], text + "\n".join(map(said, records)))
        control.ground([("base", [])])
        with control.solve(yield_=True) as models:
            found = {x.arguments[0].number: x.arguments[1].number for x in next(iter(models)).symbols(shown=True)}
        return [found[r["id"]] for r in records]

    return run
