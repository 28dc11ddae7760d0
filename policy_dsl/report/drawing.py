"""A lottery, rank or share carried out, as it is told: text, JSON, a table; and where two of them differ."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from .. import model as m
from .. import values as v
from ..check.scope import cited
from ..drawing import Drawing, Lack, Outcome, Standing, period
from ..language.keywords import LAYERS
from ..values import NO, UNKNOWN, YES, Range, settled
from .json import TRUTH
from .words import GAPS, Wording

SCHEMA: Final = "policy-draw/1"
# What a published result says of how the lots were drawn: it stays while the procedure does, however that is worded.
ALGORITHM: Final = "SHA-256(seed/编号), smallest first"

_SAID: Final[dict[str, tuple[str, str]]] = {
    "as_of": ("决定日", "as of"),
    "known_as_of": ("所知截至", "known as of"),
    "period": ("期", "period"),
    "basis": ("依据", "basis"),
    "by": ("由", "by"),
    "yields": ("得出", "yields"),
    "seed": ("种子", "seed"),
    "chosen": ("所选解读", "readings chosen"),
    "under": ("解读", "read as"),
    "in_range": ("范围以内", "in the range:"),
    "list": ("名单摘要", "digest of the list"),
    "all": ("全体", "everybody"),
    "number": ("取", "taken"),
    "persons": ("人", ""),
    "taken": ("抽中", "drawn"),
    "last": ("列入", "taken"),
    "open": ("未定", "undetermined"),
    "order": ("次序", "In order"),
    "tied": ("并列", "tied"),
    "outside": ("范围以外", "outside the range:"),
    "nobody": ("名单无人在范围以内", "nobody on the roster is in the range"),
    "missing": ("尚缺", "missing"),
    "who": ("可提供者", "who could supply it"),
    "text": ("原文", "the text"),
    "not_printed": ("未载明", "not printed"),
}
# Why it is open whether somebody is taken.
WHY: Final[dict[str, tuple[str, str]]] = {
    "": ("", ""),
    "inside": ("是否在范围以内未定", "not settled whether in the range"),
    "group": ("所属的组未定", "the group is not settled"),
    "value": ("排名所依的值未定", "the value ranked by is not settled"),
    "others": ("随他人未定的情况而定", "waits for what is not settled of others"),
    "number": ("取多少人未定", "not settled how many are taken"),
    "tie": ("与同值者并列，跨在界上", "in a tie across the bound"),
    "body": ("取哪几人由机关定", "a body decides who"),
    "reading": ("取决于解读", "turns on how it is read"),
}
# The procedure, for whoever carries it out again with nothing but a program for SHA-256.
PROCEDURE: Final = (
    "把种子、一个斜杠“/”和编号连写成一行，取其 SHA-256（UTF-8）。"
    "范围以内的人按所得的值由小到大排列，排在最前的若干人抽中，抽几人见下。",
    "Write the seed, a slash “/” and the person's number as one line and take its SHA-256 (UTF-8). "
    "Put those in the range in the order of these values, smallest first; so many as stated are drawn.",
)
RANKING: Final = (
    "值大的在前；值相等的并列，不因名单的先后分高下。按占比取的，从末尾取；并列跨在界上的，由机关定。",
    "The greatest value is first; equal values share a place, whatever the order of the roster. "
    "A share is taken from the end; of those in a tie across its bound, a body decides.",
)
HEADINGS: Final = {
    "zh": ("解读", "编号", "范围以内", "组", "SHA-256", "值", "名次", "取否", "未定之由"),
    "en": ("readings", "id", "in_range", "group", "sha256", "value", "place", "taken", "open_because"),
}


def plain(d: Drawing, pack: str) -> dict[str, Any]:
    """The whole result; *pack* names the folder of the policies."""
    policy, r, q = d.policy, d.roster, d.question
    zh, en = Wording(policy, "zh"), Wording(policy, "en")
    return {
        "schema": SCHEMA,
        "pack": pack,
        "regime": policy.name,
        "regime_en": policy.english,
        "policy_digest": policy.digest,
        "roster": r.name,
        "roster_en": policy.lexicon.written(r.name, "en"),
        "basis": list(cited(r.span)),
        "way": way(d),
        "algorithm": ALGORITHM if d.roster.lot else None,
        "as_of": _day(q.as_of),
        "known_as_of": _day(q.known_as_of),
        "period": period(r, q.as_of),
        "seed": d.seed,
        "readings": dict(sorted(q.readings.items())),
        "readings_chosen_by": q.chosen_by,
        "layers": [x for x in LAYERS if x in q.layers],
        "yields": r.yields,
        "by": list(r.by),
        "status": d.status,
        "outcomes": [_outcome(o, d, zh) for o in d.outcomes],
        "missing": [
            {"id": x.id, "what": what(x, zh), "what_en": what(x, en), "kind": x.kind, "who": list(x.who)}
            for x in d.missing
        ],
    }


def way(d: Drawing) -> str:
    """lottery, rank, rank and share, or share alone."""
    if d.roster.lot:
        return "lottery"
    if d.roster.ranked is None:
        return "share"
    return "rank" if d.roster.share is None else "rank_and_share"


def what(x: Lack, w: Wording) -> str:
    """What is missing, with the row it concerns."""
    node = x.why.node
    if isinstance(node, m.Field | m.Finding | m.Happened) and node.list is not None and node.slot is not None:
        row = x.why.rows[node.slot]
        element = w.element(node.list, row.id) if row.id else w.name(node.list) + w.paren(w.say("row_unlisted"))
        return f"{element} {w.source(node)}"
    return w.lacking(x.why)


def _day(n: int) -> str:
    return datetime.date.fromordinal(n).isoformat()


def _outcome(o: Outcome, d: Drawing, w: Wording) -> dict[str, Any]:
    return {
        "readings": dict(o.readings),
        "list_digest": o.digest,
        "groups": [
            {"group": _group(p.group, d, w), "size": list(p.size), "number": list(p.number)} for p in o.portions
        ],
        "persons": [_person(x, d, w) for x in o.standings],
    }


def _person(x: Standing, d: Drawing, w: Wording) -> dict[str, Any]:
    return {
        "id": x.id,
        "in_range": TRUTH[x.inside],
        "group": None if x.group is None else _group(x.group, d, w),
        "sha256": x.hash or None,
        "value": _value(x, d, w) or None,
        "place": None if x.place is None else _place(x.place),
        "taken": None if d.roster.share is None else TRUTH[x.taken],
        "open": x.open or None,
    }


def _group(group: tuple[v.Value, ...], d: Drawing, w: Wording) -> list[str]:
    return [w.value(x, e.type) for x, e in zip(group, d.roster.every, strict=True)]


def _value(x: Standing, d: Drawing, w: Wording) -> str:
    return w.value(x.value, d.roster.ranked.type) if x.value is not None and d.roster.ranked is not None else ""


def _place(place: Range) -> str:
    low, high, _ = place
    return str(low) if low == high else f"{low}—{high}"


def _procedure(d: Drawing, lang: str) -> str:
    text = PROCEDURE if d.roster.lot else RANKING if d.roster.ranked is not None else ("", "")
    return text[lang == "en"]


# A table.


def rows(d: Drawing, lang: str) -> Iterator[tuple[str, ...]]:
    """A row for each person under each way of reading, the headings first."""
    w = Wording(d.policy, lang)
    yield HEADINGS[lang]
    for o in d.outcomes:
        for x in o.standings:
            group = w.list_sep.join(_group(x.group, d, w)) if x.group is not None else ""
            place = "" if x.place is None else _place(x.place)
            taken = w.say(TRUTH[x.taken]) if d.roster.share is not None else ""
            yield (
                _readings(o, w), x.id, w.say(TRUTH[x.inside]), group, x.hash, _value(x, d, w), place, taken,
                WHY[x.open][lang == "en"],
            )  # fmt: skip


def _readings(o: Outcome, w: Wording) -> str:
    return w.list_sep.join(_taken(k, x, w) for k, x in o.readings.items())


def _taken(reading: str, alternative: str, w: Wording) -> str:
    return f"{w.name(reading)} {w.word('COMPARE', 'taken_as')} {w.name(alternative)}"


# Text.


def told(d: Drawing, lang: str) -> str:
    """What came of it, so that anyone can go over it again."""
    return "\n".join(_Telling(d, lang).lines()) + "\n"


class _Telling:
    def __init__(self, d: Drawing, lang: str):
        self.d, self.w, self.lang = d, Wording(d.policy, lang), lang
        self.sep = "  "

    def say(self, key: str) -> str:
        return _SAID[key][self.lang == "en"]

    def lines(self) -> Iterator[str]:
        d, w = self.d, self.w
        r, q = d.roster, d.question
        on = _day(q.as_of)
        yield f"{w.name(d.policy.name)} {w.name(r.name)} — {w.say(d.status)}"
        known = w.say("same_day") if q.known_as_of == q.as_of else _day(q.known_as_of)
        head = [f"{self.say('as_of')} {on}", f"{self.say('known_as_of')} {known}"]
        if text := period(r, q.as_of):
            head.append(f"{self.say('period')} {text}")
        yield self.sep.join(head)
        by = w.names(r.by) if r.by else self.say("not_printed")
        ground = [f"{self.say('basis')} {w.list_sep.join(cited(r.span))}", f"{self.say('by')} {by}"]
        if r.yields:
            ground.append(f"{self.say('yields')} {w.name(r.yields)}")
        yield self.sep.join(ground)
        if q.readings:
            chosen = w.list_sep.join(_taken(k, x, w) for k, x in q.readings.items())
            yield f"{self.say('chosen')} {chosen}{w.paren(q.chosen_by) if q.chosen_by else ''}"
        if r.lot:
            yield f"{self.say('seed')} “{d.seed}”"
        if text := _procedure(d, self.lang):
            yield text
        for alike in _alike(d.outcomes):
            yield from self.outcome(alike)
        yield from self.persons()
        if d.missing:
            yield self.say("missing") + w.colon.rstrip()
            yield from map(self.lack, d.missing)

    def outcome(self, alike: list[Outcome]) -> Iterator[str]:
        """What ways of reading that come to the same come to."""
        d, w, o = self.d, self.w, alike[0]
        for one in alike if o.readings else ():
            yield f"{self.say('under')} {_readings(one, w)}"
        size = len(o.listed)
        yield f"  {self.say('in_range')} {self.count((size, size))}{self.sep}{self.say('list')} {o.digest}"
        for p in o.portions if d.roster.share is not None else ():
            found = [x for x in o.standings if x.group == p.group and x.inside != NO]
            name = w.list_sep.join(_group(p.group, d, w)) or self.say("all")
            size_of, number = self.count(p.size), self.count(p.number)
            yield f"  {name}{w.colon}{size_of}{w.comma}{self.say('number')} {number}{w.paren(self.share())}"
            if taken := [x.id for x in self.ordered(found) if x.taken == YES]:
                yield f"    {self.say('taken' if d.roster.lot else 'last')}{w.colon}{w.list_sep.join(taken)}"
            for why in dict.fromkeys(x.open for x in found if x.open):
                ids = w.list_sep.join(x.id for x in self.ordered(found) if x.open == why)
                yield f"    {self.say('open')}{w.paren(self.why(why))}{w.colon}{ids}"

    def share(self) -> str:
        """How many are taken, as the text has it."""
        share, ways = self.d.roster.share, self.d.roster.rounding
        assert share is not None
        said = [self.w.source(share)]
        if len(ways) == 1 and share.type.unit == "percent":
            said.append(self.w.name(ways[0]))
        return self.w.comma.join(said)

    def why(self, key: str) -> str:
        return WHY[key][self.lang == "en"]

    def count(self, n: tuple[int, int]) -> str:
        text = str(n[0]) if n[0] == n[1] else f"{n[0]}—{n[1]}"
        return f"{text} {self.say('persons')}".rstrip()

    def ordered(self, found: Iterable[Standing]) -> list[Standing]:
        """In a lottery by the value drawn by; in a rank by place; else by number."""
        return sorted(found, key=lambda x: (x.hash, x.place[:2] if x.place is not None else (v.INF, 0), x.id))

    def persons(self) -> Iterator[str]:
        """Everybody in the range or perhaps in it, whichever way it is read; how many are outside."""
        d, w = self.d, self.w
        inside = [x for x in d.standings if x.inside != NO]
        by_group: dict[str, list[Standing]] = {}
        for x in inside:
            unknown = WHY["group"][self.lang == "en"]
            by_group.setdefault(unknown if x.group is None else w.list_sep.join(_group(x.group, d, w)), []).append(x)
        yield self.say("order") if inside else self.say("nobody")
        for name, found in sorted(by_group.items()):
            if name:
                yield f"  {name}"
            shared = Counter(x.place for x in found)
            for x in self.ordered(found):
                shown = [x.id, *([x.hash] if x.hash else [])]
                if x.place is not None:
                    tied = settled(x.place) and shared[x.place] > 1
                    shown += [_place(x.place) + (w.paren(self.say("tied")) if tied else ""), _value(x, d, w)]
                if d.roster.share is not None and x.taken == YES:
                    shown.append(self.say("taken" if d.roster.lot else "last"))
                if x.open or x.inside == UNKNOWN:
                    shown.append(f"{self.say('open')}{w.paren(self.why(x.open or 'inside'))}")
                yield f"{'    ' if name else '  '}{self.sep.join(shown)}"
        outside = len(d.standings) - len(inside)
        if outside:
            yield f"{self.say('outside')} {self.count((outside, outside))}"

    def lack(self, x: Lack) -> str:
        whose = self.say("text") if x.id is None else x.id
        kind = GAPS[x.kind][self.lang == "en"]
        who = f"{self.say('who')}{self.w.colon}{self.w.names(x.who)}"
        return f"  - {whose}{self.w.colon}{what(x, self.w)}{self.w.paren(kind)}{self.w.semi}{who}"


def _alike(outcomes: tuple[Outcome, ...]) -> list[list[Outcome]]:
    """Ways of reading by what they come to."""
    by: dict[object, list[Outcome]] = {}
    for o in outcomes:
        what = tuple((x.inside, x.group, x.taken, x.place) for x in o.standings)
        by.setdefault((what, tuple(p.number for p in o.portions)), []).append(o)
    return list(by.values())


# Going over it again.


def differences(was: Any, now: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    """Where two results differ: (the way to it, as published, as computed again); persons are told by their numbers."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*was, *now)):
            yield from differences(was.get(key), now.get(key), (*place, str(key)))
    elif isinstance(was, list) and isinstance(now, list) and place[-1:] == ("persons",):
        if len(_by_id(was)) != len(was):
            yield " ".join(place), len(was), len(_by_id(was))
        yield from differences(_by_id(was), _by_id(now), place)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for i, (a, b) in enumerate(zip(was, now, strict=True), 1):
            yield from differences(a, b, (*place, str(i)))
    elif was != now or type(was) is not type(now):
        yield " ".join(place), was, now


def _by_id(persons: list[Any]) -> dict[str, Any]:
    return {str(x.get("id")) if isinstance(x, dict) else f"#{i}": x for i, x in enumerate(persons)}


__all__ = ["SCHEMA", "differences", "plain", "rows", "told", "way"]
