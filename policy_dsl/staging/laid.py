"""Cells laid out from raw tables by SQL, batch by batch, and by the Reader where a person is not plainly readable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import evolve, frozen

from ..above import Regime
from ..columnar import Layout, Staged
from ..columnar import cells as c
from ..columnar.cells import PEOPLE, Cell
from ..columnar.staging import told
from ..decide import Question
from ..knowledge import as_known
from ..model import LEARNT, ListShape
from ..record import STATES, Record
from ..rosters import Aside
from ..shapes import ENGLISH_KEYS, FINDINGS, ID
from ..values import DAY
from . import spellings as s
from .raw import LINE, PREFIX, Listed, Raw, id_column, number, text_of
from .spellings import Column, Spelt, either, literal, quoted, spelt

# The tables of a batch as they are read, before who is left is known.
_READ: Final = "读·"
_LEFT: Final = "余"
# How a list is complete: not at all, until a day, or as it stands.
_OPEN: Final = -1
_CLOSED: Final = 99_999_999
# What a row of the findings or of a list may say that is only shown.
_SHOWN: Final = ("机关", "理由", "取代", ID)


@frozen(eq=False)
class Batch:
    """Persons from one place on, now in the relations; *left* are those the Reader made something of, by place."""

    first: int
    size: int
    left: Mapping[int, Record | Aside]


@frozen(eq=False)
class Laid:
    """Raw tables put as cells for a question: as the county's own policy sees them, as they stood on its days.

    Without *texts* nobody's digest can be told."""

    raw: Raw
    regime: Regime
    question: Question
    cells: Sequence[Cell]
    layout: Layout
    connection: Any
    texts: bool = True

    def batches(self, size: int) -> Iterator[Batch]:
        """Everybody, in the roster's order; while a batch is in hand, the relations of the contract hold it."""
        for first, count in self._parts(size):
            yield Batch(first, count, self._batch())

    def left(self, size: int) -> Iterator[Record | Aside]:
        """What the Reader makes of whom SQL cannot read; nobody is laid out."""
        here = evolve(self, texts=bool(self.raw.kept))
        for _ in self._parts(size):
            if places := here._read():
                yield from (x for _, x in self.raw.read(places))

    def _parts(self, size: int) -> Iterator[tuple[int, int]]:
        for first, count in self.raw.parts(size):
            for name, select in self.raw.told.views.items():
                self._run(f"CREATE OR REPLACE TEMP VIEW {quoted(PREFIX + name)} AS {select}")
            yield first, count

    def _read(self) -> list[int]:
        """Reads the tables of a batch; the places of those who are left."""
        for of in self.raw.told.lists:
            if of != FINDINGS:
                self._read_list(of)
        self._read_findings()
        self._read_persons()
        return [n for (n,) in self._run(f"SELECT n FROM {_table(PEOPLE)} WHERE odd· ORDER BY n")]

    def _batch(self) -> dict[int, Record | Aside]:
        places = self._read()
        self._run(f"CREATE OR REPLACE TEMP TABLE {quoted(_LEFT)} AS SELECT n FROM {_table(PEOPLE)} WHERE odd·")
        Staged(self._policy, self.question).put(self.connection, self.cells, self.layout)
        self._put(" WHERE NOT odd·" if places else "", f" ANTI JOIN {quoted(_LEFT)} USING (n)" if places else "")
        left = dict(self.raw.read(places)) if places else {}
        sound = {n: self.stood(x) for n, x in left.items() if isinstance(x, Record)}
        if sound:
            staged = Staged(self._policy, self.question, list(sound.values()), list(sound))
            staged.put(self.connection, self.cells, self.layout, add=True)
        return left

    @property
    def _policy(self) -> Any:
        return self.regime.policy

    def stood(self, record: Record) -> Record:
        seen = self.regime.put(self._policy, record, self.question)[1] if self.regime.above else record
        return as_known(seen, self._policy.shape, self.question.as_of, self.question.known_as_of)

    def _run(self, query: str) -> list[tuple[Any, ...]]:
        return list(self.connection.execute(query).fetchall())

    def _spelt(self, column: Column | None, type: Any) -> Spelt:
        return spelt(column, type, self.regime.lexicon)

    # Reading: values, states and texts of every cell beside each other.

    def _made(self, name: str, selected: Sequence[tuple[str, str]], source: str) -> None:
        select = f"SELECT {', '.join(f'{sql} AS {quoted(head)}' for head, sql in selected)} FROM {source}"
        whole = self.raw.checked(select) if name == PEOPLE else select
        self._run(f"CREATE OR REPLACE TEMP TABLE {_table(name)} AS {whole}")

    def _cells(
        self, table: str, items: Mapping[str, Any], columns: Sequence[Column]
    ) -> tuple[list[tuple[str, str]], list[str], dict[str, str]]:
        """What the cells of a table come to, when they are not plain, and what is worked out first; a cell's columns
        are named as in the contract, its state STATE·item."""
        wanted = {x.name: x for x in self.cells if x.table == table and x.kind in ("fact", "field")}
        found: list[tuple[str, str]] = []
        odd: list[str] = []
        first: dict[str, str] = {}
        by_item = {column.item: column for column in columns}
        for name, fact in items.items():
            read = self._spelt(by_item.get(name), fact.type)
            if name in wanted:
                cell = wanted[name]
                plain = (cell.table, cell.stem) in self.layout.plain
                found += zip(cell.columns(plain), read.columns(cell, plain), strict=True)
            if read.state != "NULL" and name not in self._foreign:
                found.append((f"{c.STATE}·{name}", read.state))
            odd.append(read.left)
            first |= read.first
        return found, odd, first

    @property
    def _foreign(self) -> frozenset[str]:
        """What only a text above asks."""
        return frozenset(self.regime.shape.findings.keys() - self._policy.shape.findings.keys())

    def _read_list(self, of: str) -> None:
        listed, shape = self.raw.told.lists[of], self._policy.shape.lists[of]
        q, columns = self.question, listed.columns
        id = id_column(columns)
        found, odd, first = self._cells(of, shape.fields, columns)
        known = {ID, "来源", *shape.fields}
        odd += [*listed.odd, f"{number(id)} IS NULL", s.words_left(id), s.words_left(listed.column("来源"))]
        odd += [f"{x.sql} IS NOT NULL" for x in columns if x.item not in known]
        day = self._day(listed, shape, shape.date)
        learnt = self._day(listed, shape, LEARNT) if self._has_learnt(shape) else None
        happened = f"coalesce({day} <= {q.as_of}, TRUE)" if day else "TRUE"
        if learnt is not None:
            heard = f"coalesce({learnt} <= {q.known_as_of}, TRUE)"
        else:
            heard = "TRUE" if q.known_as_of >= q.as_of or not day else f"coalesce({day} <= {q.known_as_of}, TRUE)"
        if day:
            odd.append(f"{day} IS NULL")
        if learnt and q.known_as_of < q.as_of:
            odd.append(f"({happened} AND {learnt} IS NULL)")
        refers = [
            (f"指·{name}", f"CASE WHEN NOT {read.none} THEN {read.value} END")
            for name, f in shape.fields.items()
            if f.refers_to and (column := listed.column(name)) and (read := self._spelt(column, f.type))
        ]
        text = self._text(listed)
        head = [("n", "n"), (LINE, LINE), (ID, number(id)), ("日·", day or str(q.as_of)), ("在·", happened)]
        head += [("知·", heard), ("文·", text), ("odd·", either(odd)), *refers]
        self._made(of, [*head, *found], _worked(quoted(PREFIX + of), first))

    def _text(self, listed: Listed) -> str:
        """A row in the digest, where it is not told by the column that has it nested."""
        if listed.nested or not self.texts:
            return "''"
        return s.object_of((x.name, s.as_json(x, self.raw.tables)) for x in listed.columns)

    def _has_learnt(self, shape: ListShape) -> bool:
        return LEARNT in shape.fields and shape.fields[LEARNT].type.kind == "day"

    def _day(self, listed: Listed, shape: ListShape, name: str) -> str:
        """The day a row bears, as SQL; NULL where it is not exact."""
        if not name:
            return ""
        if shape.fields[name].type.kind != "day":
            return "NULL"
        return self._spelt(listed.column(name), shape.fields[name].type).value

    def _read_findings(self) -> None:
        listed = self.raw.told.lists.get(FINDINGS)
        if listed is None:
            return
        asked, lists = self.regime.shape.findings, self._policy.shape.lists
        q, at = self.question, listed.column
        question, owner, row, answer = at("问题"), at("所属"), at("所属编号"), at("答")
        # Worked out before all else: most of what follows asks which question it is.
        name, said = "问·", "主·"
        source = self._naming(quoted(PREFIX + FINDINGS), name, question, asked)
        source = self._naming(source, said, owner, lists)
        odd = [*listed.odd, f"{name} IS NULL", *(s.words_left(at(item)) for item in (*_SHOWN, "所属编号"))]
        known = {*_SHOWN, "问题", "所属", "所属编号", "答", "认定日"}
        odd += [f"{x.sql} IS NOT NULL" for x in listed.columns if x.item not in known]
        # One that takes the place of another is not read here.
        odd += [f"nullif({number(x)}, '') IS NOT NULL" for x in (at("取代"),) if x is not None]
        lists_of = [f"WHEN {literal(k)} THEN {literal(x.list)}" for k, x in asked.items() if x.list]
        of_list = f"CASE {name} {' '.join(lists_of)} END" if lists_of else "NULL::VARCHAR"
        if owner is not None:
            odd.append(f"({number(owner)} IS NOT NULL AND ({said} IS NULL OR {said} IS DISTINCT FROM ({of_list})))")
        of_row = number(row) if row is not None else "NULL::VARCHAR"
        odd.append(f"({of_row} IS NULL) <> (({of_list}) IS NULL)")
        made = self._spelt(at("认定日"), DAY)
        odd.append(made.left)
        unheard = "TRUE" if q.known_as_of < q.as_of else "FALSE"
        odd.append(f"coalesce({made.value} > {q.known_as_of}, {unheard})" if at("认定日") else unheard)
        states: list[str] = []
        first = dict(made.first)
        answers: list[tuple[str, str]] = []
        for type, names in self._by_type().items():
            read = self._spelt(answer, type)
            among = f"{name} IN ({', '.join(map(literal, names))})"
            odd.append(f"coalesce({among} AND {read.left}, FALSE)")
            states.append(f"WHEN {among} THEN {read.state}")
            first |= read.first
        if answer is None:
            states = []
        for cell, names in self._answers().values():
            plain = (cell.table, cell.stem) in self.layout.plain
            answers += zip(names, self._spelt(answer, asked[cell.name].type).columns(cell, plain), strict=True)
        state = f"CASE {' '.join(states)} END" if states else "'not_asked'"
        # A finding without an answer has the state of an empty cell.
        state = f"CASE WHEN {answer.sql} IS NULL THEN 'not_asked' ELSE {state} END" if answer else state
        text = self._text(listed)
        id = at(ID)
        head = [("n", "n"), (LINE, LINE), (ID, number(id) if id else "NULL::VARCHAR"), ("问", name), ("属", of_list)]
        head += [("行", of_row), ("态", state), ("文·", text), ("odd·", either(f"coalesce({x}, TRUE)" for x in odd))]
        self._made(FINDINGS, [*head, *answers], _worked(source, first))

    def _naming(self, source: str, head: str, column: Column | None, among: Mapping[str, Any]) -> str:
        """A relation with the name that a column gives in either tongue, in Chinese; NULL where it is none of these."""
        if column is None or column.kind not in (s.TEXT, s.JSON):
            return f"(SELECT *, NULL::VARCHAR AS {quoted(head)} FROM {source})"
        lexicon = self.regime.lexicon
        words = {w: lexicon.chinese.get(w, w) for name in among for w in (name, lexicon.written(name, "en"))}
        whens = " ".join(
            f"WHEN {literal(w)} THEN {literal(n)}" for w, n in words.items() if n in among and w not in ENGLISH_KEYS
        )
        # A column of its own first: an arm of a choice works out again whatever it compares.
        said = quoted(f"{head}文")
        text = f"(SELECT *, {s.inner(column)} AS {said} FROM {source})"
        return f"(SELECT *, {f'CASE {said} {whens} END' if whens else 'NULL::VARCHAR'} AS {quoted(head)} FROM {text})"

    def _by_type(self) -> dict[Any, list[str]]:
        found: dict[Any, list[str]] = {}
        for name, x in self.regime.shape.findings.items():
            found.setdefault(x.type, []).append(name)
        return found

    def _answers(self) -> dict[Any, tuple[Cell, list[str]]]:
        """The columns of answers, one set for all that are answered and kept alike: with a cell of those."""
        found: dict[Any, tuple[Cell, list[str]]] = {}
        for x in self.cells:
            if x.kind == "finding" and (key := self._alike(x)) not in found:
                heads = x.columns((x.table, x.stem) in self.layout.plain)
                found[key] = x, [f"答·{len(found)}·{i}" for i in range(len(heads))]
        return found

    def _alike(self, x: Cell) -> Any:
        return self.regime.shape.findings[x.name].type, x.type, x.alike, (x.table, x.stem) in self.layout.plain

    def _read_persons(self) -> None:
        told_, shape = self.raw.told, self._policy.shape
        found, odd, first = self._cells(PEOPLE, shape.facts, told_.columns)
        id = id_column(told_.columns)
        odd += [*told_.odd, s.words_left(id)]
        odd += [f"{x.sql} IS NOT NULL" for x in told_.columns if x.item != ID and x.item not in shape.facts]
        joined = ""
        for of in told_.lists:
            joined += f" LEFT JOIN ({self._together(of)}) AS {quoted(of)} USING (n)"
            odd.append(f"coalesce({quoted(of)}.odd·, FALSE)")
        then: dict[str, str] = {}
        for of in shape.lists:
            until, wrong, worked = self._until(of)
            odd += wrong
            first |= worked
            then[quoted(f"止·{of}")] = until
            found.append((f"齐·{of}", self._stood_until(of, f"p.{quoted(f'止·{of}')}")))
        pieces = [(x.name, s.as_json(x, self.raw.tables)) for x in told_.columns]
        text = s.object_of([*pieces, *told_.pieces]) if self.texts else "''"
        head = [("n", "p.n"), (ID, number(id)), ("文·", text), ("odd·", either(odd))]
        head += [(name, name) for name in self.raw.kept]
        everybody = _worked(quoted(PREFIX + PEOPLE), first)
        self._made(
            PEOPLE,
            [*head, *found],
            f"(SELECT *, {_named(then)} FROM {everybody}) AS p{joined}" if then else f"{everybody} AS p{joined}",
        )

    def _together(self, of: str) -> str:
        """What a person's rows of a list come to: their text, whether any is odd, what was not yet known of them."""
        twice = f"count({quoted(ID)}) > count(DISTINCT {quoted(ID)})"
        source = _table(of)
        odd = ["bool_or(odd·)", twice]
        if of == FINDINGS:
            odd.append("count(*) > count(DISTINCT (问, 行))")
            for name in {x.list for x in self.regime.shape.findings.values() if x.list}:
                odd.append(self._astray(source, "属 = " + literal(name) + " AND 行 IS NOT NULL", "行", name))
        else:
            for name, f in self._policy.shape.lists[of].fields.items():
                if f.refers_to and self.raw.told.lists[of].column(name):
                    at = quoted(f"指·{name}")
                    odd.append(self._astray(source, f"{at} IS NOT NULL", at, f.refers_to))
        missing = "min(日·) FILTER (WHERE 在· AND NOT 知·)" if of != FINDINGS else "NULL"
        hidden = "bool_or(在· AND NOT 知·)" if of != FINDINGS else "FALSE"
        text = "" if self.raw.told.lists[of].nested else f"string_agg(文·, ',' ORDER BY {LINE}) AS {text_of(of)}, "
        return f"SELECT n, {text}{either(odd)} AS odd·, {missing} AS 未·, {hidden} AS 隐· FROM {source} GROUP BY n"

    def _astray(self, source: str, where: str, row: str, of: str) -> str:
        """Whether any of a person's rows speaks of a row of a list that is not there."""
        if of not in self.raw.told.lists:
            return f"bool_or({where})"
        there = f"SELECT 1 FROM {_table(of)} AS t WHERE t.n = a.n AND t.{quoted(ID)} = a.{row}"
        return f"n IN (SELECT n FROM {source} AS a WHERE {where} AND NOT EXISTS ({there}))"

    def _until(self, of: str) -> tuple[str, list[str], dict[str, str]]:
        """Until when a list is complete as it says itself, as SQL; when that is not plainly said; what is worked out
        first."""
        says: list[str] = []
        odd: list[str] = []
        first: dict[str, str] = {}
        for i, column in enumerate(self.raw.told.complete.get(of, ())):
            day = self._spelt(evolve(column, item=f"齐{i}·{of}"), DAY)
            first |= day.first
            if column.kind == s.TRUTH:
                says.append(f"CASE {column.sql} WHEN TRUE THEN {_CLOSED} WHEN FALSE THEN {_OPEN} END")
                continue
            if column.kind not in (s.TEXT, s.JSON):
                says.append(day.value)
                odd.append(day.left)
                continue
            mark = (lambda w: f'"{w}"') if column.kind == s.JSON else str
            closed, open = ["是", "yes"], ["否", "no", *STATES]
            yes, no = [mark(w) for w in closed], [mark(w) for w in open]
            if column.kind == s.JSON:
                yes, no = [*yes, "true"], [*no, "false", "null"]
            said = (
                f"CASE WHEN {column.sql} IN ({', '.join(map(literal, yes))}) THEN {_CLOSED} "
                f"WHEN {column.sql} IN ({', '.join(map(literal, no))}) THEN {_OPEN} ELSE {day.value} END"
            )
            says.append(said)
            odd.append(f"({column.sql} IS NOT NULL AND ({said}) IS NULL)")
        return f"coalesce({', '.join([*says, str(_OPEN)])})", odd, first

    def _stood_until(self, of: str, until: str) -> str:
        """Until when a list was complete as it stood: NULL for not at all, CLOSED where nothing is open."""
        q = self.question
        known = q.known_as_of
        day = f"least({until}, {known})"
        if known < q.as_of:
            stood = f"CASE {until} WHEN {_OPEN} THEN NULL WHEN {_CLOSED} THEN {known} ELSE {day} END"
        else:
            later = f"CASE WHEN {day} < {q.as_of} THEN {day} ELSE {_CLOSED} END"
            stood = f"CASE {until} WHEN {_OPEN} THEN NULL WHEN {_CLOSED} THEN {_CLOSED} ELSE {later} END"
        if of not in self.raw.told.lists:
            return stood
        rows = quoted(of)
        first = f"{rows}.未·"
        covered = f"({until} IN ({_OPEN}, {_CLOSED}) OR coalesce({first} <= {until}, TRUE))"
        return f"CASE WHEN coalesce({rows}.隐·, FALSE) AND {covered} THEN NULL ELSE {stood} END"

    # Laying out.

    def _put(self, sound: str, but: str) -> None:
        """Fills the relations with those who are not left."""
        for of in self._policy.shape.lists:
            self._put_list(of, sound, but)
        people = [x for x in self.cells if x.table == PEOPLE and x.kind != "changed"]
        facts = sorted({x.name for x in self.cells if x.table.startswith(c.history(""))})
        selected = ["p.n", f"p.{quoted(ID)}", *self._selected(people, "p", False), *("FALSE" for _ in facts)]
        found = self._pivot(PEOPLE)
        joined = f" LEFT JOIN ({found}) AS f USING (n)" if found else ""
        people_of = f"(SELECT * FROM {_table(PEOPLE)}{sound}) AS p"
        self._run(f"INSERT INTO {quoted(PEOPLE)} SELECT {', '.join(selected)} FROM {people_of}{joined}")
        self._run(f"INSERT INTO {quoted(c.REGISTER)} SELECT n, {quoted(ID)}, sha256(文·) FROM {_table(PEOPLE)}{sound}")
        self._states(sound, but)

    def _selected(self, cells: Sequence[Cell], of: str, row: bool) -> Iterator[str]:
        for cell in cells:
            plain = (cell.table, cell.stem) in self.layout.plain
            nothing = told(cell, plain, None)
            for head, x in zip(cell.columns(plain), nothing, strict=True):
                if cell.kind == "doubt":
                    # A row whose date is not exact is left.
                    yield "FALSE"
                elif cell.kind != "finding":
                    yield f"{of}.{quoted(head)}"
                elif FINDINGS not in self.raw.told.lists:
                    yield literal(x)
                else:
                    at = f"f.{quoted(head)}"
                    yield (
                        at if x is None else f"CASE WHEN f.{quoted('有·' + cell.name)} THEN {at} ELSE {literal(x)} END"
                    )

    def _pivot(self, table: str) -> str:
        """The findings of each person, or of each row of a list, beside each other."""
        cells = [x for x in self.cells if x.table == table and x.kind == "finding"]
        if not cells or FINDINGS not in self.raw.told.lists:
            return ""
        made, answers = [], self._answers()
        for cell in cells:
            asked = f"问 = {literal(cell.name)}"
            made.append(f"bool_or({asked}) AS {quoted('有·' + cell.name)}")
            heads = cell.columns((cell.table, cell.stem) in self.layout.plain)
            for head, answer in zip(heads, answers[self._alike(cell)][1], strict=True):
                made.append(f"max({quoted(answer)}) FILTER (WHERE {asked}) AS {quoted(head)}")
        keys = ["n"] if table == PEOPLE else ["n", "行"]
        where = "属 IS NULL" if table == PEOPLE else f"属 = {literal(table)}"
        return f"SELECT {', '.join(keys + made)} FROM {_table(FINDINGS)} WHERE {where} GROUP BY {', '.join(keys)}"

    def _put_list(self, of: str, sound: str, but: str) -> None:
        cells = [x for x in self.cells if x.table == of]
        if of in self.raw.told.lists:
            selected = ["r.n", f"r.{LINE}", f"r.{quoted(ID)}", "TRUE", *self._selected(cells, "r", True)]
            found = self._pivot(of)
            joined = f" LEFT JOIN ({found}) AS f ON f.n = r.n AND f.行 = r.{quoted(ID)}" if found else ""
            rows = f"(SELECT * FROM {_table(of)}{but} WHERE 在· AND 知·) AS r"
            self._run(f"INSERT INTO {quoted(of)} SELECT {', '.join(selected)} FROM {rows}{joined}")
        shape, until = self._policy.shape.lists[of], quoted(f"齐·{of}")
        unlisted = ["n", "-1", "NULL", "FALSE"]
        for cell in cells:
            plain = (cell.table, cell.stem) in self.layout.plain
            if cell.kind == "doubt":
                unlisted.append("FALSE")
            elif cell.kind != "finding" and cell.name == shape.date:
                low, day = f"{until} + 1", self.question.as_of
                ends = [f"CASE WHEN {low} = {day} THEN {day} END"] if plain else [low, str(day)]
                unlisted += [*ends, *(["FALSE"] if cell.type.may_be_none else [])]
            else:
                unlisted += [literal(x) for x in told(cell, plain, None)]
        people = f"(SELECT * FROM {_table(PEOPLE)}{sound})"
        still = f"{until} IS NULL OR {until} < {_CLOSED}"
        self._run(f"INSERT INTO {quoted(of)} SELECT {', '.join(unlisted)} FROM {people} WHERE {still}")

    def _states(self, sound: str, but: str) -> None:
        for table in (PEOPLE, *self.raw.told.lists):
            if table == FINDINGS:
                foreign = [f"问 <> {literal(x)}" for x in self._foreign]
                where = " AND ".join(["态 IS NOT NULL", *foreign])
                asked = f"(SELECT n, 属, 行, 问, 态 FROM {_table(table)}{but} WHERE {where}) AS f"
                own = f"SELECT n, {literal(PEOPLE)}, -1, 问, 态 FROM {asked} WHERE 属 IS NULL"
                of_rows = [
                    f"SELECT f.n, 属, r.{LINE}, 问, 态 FROM {asked} JOIN {_table(of)} AS r"
                    f" ON f.n = r.n AND f.行 = r.{quoted(ID)} WHERE 属 = {literal(of)} AND 在· AND 知·"
                    for of in self.raw.told.lists
                    if of != FINDINGS
                ]
                self._run(f"INSERT INTO {quoted(c.STATES)} {' UNION ALL '.join([own, *of_rows])}")
                continue
            of = f"{literal(PEOPLE)}, -1" if table == PEOPLE else f"{literal(table)}, {LINE}"
            mark = f"{c.STATE}·"
            heads = [h for (h,) in self._run(f"SELECT column_name FROM (DESCRIBE {_table(table)})")]
            states = [h for h in heads if h.startswith(mark)]
            if not states:
                continue
            counts = ", ".join(f"count({quoted(h)})" for h in states)
            for head, count in zip(states, self._run(f"SELECT {counts} FROM {_table(table)}")[0], strict=True):
                if count:
                    item = literal(head.removeprefix(mark))
                    stands = "" if table == PEOPLE else " AND 在· AND 知·"
                    source = f"{_table(table)}{but} WHERE {quoted(head)} IS NOT NULL{stands}"
                    self._run(f"INSERT INTO {quoted(c.STATES)} SELECT n, {of}, {item}, {quoted(head)} FROM {source}")


def _worked(source: str, first: Mapping[str, str]) -> str:
    """A relation with what is worked out of it first."""
    return f"(SELECT *, {_named(first)} FROM {source})" if first else source


def _named(worked: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} AS {at}" for at, sql in worked.items())


def _table(name: str) -> str:
    return quoted(_READ + name)
