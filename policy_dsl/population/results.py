"""Results written: Parquet, DuckDB, CSV or a workbook; whole, or not there at all."""

from __future__ import annotations

import csv
import json
import secrets
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol

from ..diagnostics import Unusable, found
from ..language.source import NOWHERE
from ..report.folder import Refused, into_place
from ..rosters.write import MOST_ROWS, enter, line, saved
from .about import ABOUT, RUN, SCHEMA, about_of, sheet_name
from .tables import Column, Row, quoted

_BATCH: Final = 2000

Columns = Mapping[str, tuple[Column, ...]]


class Writer(Protocol):
    """What writes one form into a folder that is new."""

    def add(self, table: str, row: Row) -> None: ...

    def put(self, table: str, batch: Any) -> None: ...

    def finish(self, about: Mapping[str, Any]) -> Path: ...

    def close(self) -> None: ...


def dumps(about: Mapping[str, Any]) -> str:
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"


class _Csv:
    """A folder with a file for each table."""

    def __init__(self, beside: Path, columns: Columns, lang: str):
        self.folder, self.stack = beside / "result", ExitStack()
        self.folder.mkdir()
        self.files: dict[str, Any] = {}
        for table, cells in columns.items():
            # Spreadsheet programs take a file for UTF-8 by its mark.
            path = self.folder / f"{table}.csv"
            stream = self.stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            self.files[table] = csv.writer(stream)
            self.files[table].writerow([c.name for c in cells])

    def add(self, table: str, row: Row) -> None:
        self.files[table].writerow([line(cell) for cell in row])

    def put(self, table: str, batch: Any) -> None:
        self.files[table].writerows(zip(*(_each(column, line) for column in batch.columns), strict=True))

    def finish(self, about: Mapping[str, Any]) -> Path:
        self.stack.close()
        (self.folder / ABOUT).write_text(dumps(about), "utf-8")
        return self.folder

    def close(self) -> None:
        self.stack.close()


class _Batches(ABC):
    """Rows gathered until there are enough of them to write at once."""

    def __init__(self, columns: Columns):
        self.columns = columns
        self.rows: dict[str, list[Row]] = {table: [] for table in columns}

    def add(self, table: str, row: Row) -> None:
        self.rows[table].append(row)
        if len(self.rows[table]) >= _BATCH:
            self.flush(table)

    def put(self, table: str, batch: Any) -> None:
        self.flush(table)
        self.write(table, batch)

    def flush(self, table: str) -> None:
        import pyarrow as pa  # noqa: PLC0415

        columns, rows = self.columns[table], self.rows[table]
        types = pa.schema([(c.name, pa.int64() if c.figures else pa.string()) for c in columns])
        cells = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
        self.write(table, pa.table([pa.array(x, f.type) for x, f in zip(cells, types, strict=True)], schema=types))
        self.rows[table] = []

    @abstractmethod
    def write(self, table: str, batch: Any) -> None:
        """Put the rows gathered for a table behind those written before."""


class _Parquet(_Batches):
    """A folder with a file for each table."""

    def __init__(self, beside: Path, columns: Columns, lang: str):
        super().__init__(columns)
        self.folder = beside / "result"
        self.folder.mkdir()
        self.files: dict[str, Any] = {}

    def write(self, table: str, batch: Any) -> None:
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415

        if table not in self.files:
            self.files[table] = ParquetWriter(self.folder / f"{table}.parquet", batch.schema)
        if batch.num_rows:
            self.files[table].write_table(batch)

    def finish(self, about: Mapping[str, Any]) -> Path:
        for table in self.columns:
            self.flush(table)
        self.close()
        (self.folder / ABOUT).write_text(dumps(about), "utf-8")
        return self.folder

    def close(self) -> None:
        while self.files:
            self.files.popitem()[1].close()


class _Duckdb(_Batches):
    """One file with the tables, and one more that says what run they are of."""

    def __init__(self, beside: Path, columns: Columns, lang: str):
        import duckdb  # noqa: PLC0415

        super().__init__(columns)
        self.path = beside / "result"
        with _as_of_the_system():
            self.base = duckdb.connect(str(self.path))
            for table, cells in columns.items():
                told = (f"{quoted(c.name)} {'BIGINT' if c.figures else 'VARCHAR'}" for c in cells)
                self.base.execute(f"CREATE TABLE {quoted(table)} ({', '.join(told)})")

    def write(self, table: str, batch: Any) -> None:
        with _as_of_the_system():
            self.base.register("batch", batch)
            self.base.execute(f"INSERT INTO {quoted(table)} SELECT * FROM batch")
            self.base.unregister("batch")

    def finish(self, about: Mapping[str, Any]) -> Path:
        for table in self.columns:
            self.flush(table)
        with _as_of_the_system():
            self.base.execute(f"CREATE TABLE {RUN} (key VARCHAR, value JSON)")
            told = [(k, json.dumps(x, ensure_ascii=False)) for k, x in about.items()]
            self.base.executemany(f"INSERT INTO {RUN} VALUES (?, ?)", told)
            self.base.execute("CHECKPOINT")
            self.base.close()
        return self.path

    def close(self) -> None:
        self.base.close()


@contextmanager
def _as_of_the_system() -> Iterator[None]:
    """What DuckDB has against writing, as any other file's error."""
    import duckdb  # noqa: PLC0415

    try:
        yield
    except duckdb.Error as error:
        raise OSError(str(error).splitlines()[0]) from error


class _Xlsx:
    """A workbook with a sheet for each table; a whole number of more digits than a sheet keeps is text."""

    def __init__(self, beside: Path, columns: Columns, lang: str):
        from openpyxl import Workbook  # noqa: PLC0415

        self.path, self.columns, self.lang = beside / "result", columns, lang
        self.book = Workbook(write_only=True)
        self.sheets: dict[str, Any] = {}
        self.counts: dict[str, int] = {}
        for table, cells in columns.items():
            self.begin(table, [c.name for c in cells])

    def begin(self, table: str, names: Sequence[str]) -> None:
        self.sheets[table], self.counts[table] = self.book.create_sheet(sheet_name(table, self.lang)), 0
        self.sheets[table].freeze_panes = "B2"
        self.add(table, names)

    def add(self, table: str, row: Row) -> None:
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

        if self.counts[table] == MOST_ROWS:
            raise OSError(f"一张表装不下 {MOST_ROWS} 行以上，请改写成 Parquet 或 DuckDB a sheet holds no more rows")
        self.counts[table] += 1
        sheet = self.sheets[table]
        kept = (str(x) if isinstance(x, int) and abs(x) >= 10**15 else x for x in row)
        sheet.append([enter(WriteOnlyCell(sheet), None if x == "" else x, self.path) for x in kept])

    def put(self, table: str, batch: Any) -> None:
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            self.add(table, row)

    def finish(self, about: Mapping[str, Any]) -> Path:
        self.begin(RUN, ("key", "value"))
        for key, value in about.items():
            self.add(RUN, (key, json.dumps(value, ensure_ascii=False)))
        self.path.write_bytes(saved(self.book))
        return self.path

    def close(self) -> None:
        for sheet in self.sheets.values():
            # What it still holds of a file that failed would complain when it is collected.
            for end in (sheet, sheet._writer):
                with suppress(Exception):
                    end.close()


def _each(column: Any, how: Callable[[Any], str]) -> list[str]:
    """What becomes of every cell of a column; done once for each that is there."""
    found = column.combine_chunks().dictionary_encode()
    made = list(map(how, found.dictionary.to_pylist()))
    return [made[i] for i in found.indices.to_pylist()]


# By the form: what writes it.
WRITERS: Final[Mapping[str, Callable[[Path, Columns, str], Writer]]] = {
    "parquet": _Parquet, "duckdb": _Duckdb, "csv": _Csv, "xlsx": _Xlsx,
}  # fmt: skip


class Result:
    """A result in the making, used as a context: it takes its place when all went well, and is removed when something
    did not. While it is made it stands beside, as NAME.partial-…; a run that was killed leaves that and no more."""

    def __init__(self, path: Path, form: str, columns: Columns, lang: str, reads: Sequence[Path], force: bool = False):
        self.path, self.form, self.columns, self.lang = path, form, columns, lang
        try:
            _check(path, reads, force)
        except OSError as error:
            raise unwritten(path, error) from error

    def __enter__(self) -> Result:
        try:
            self.beside = self.path.with_name(f"{self.path.name}.partial-{secrets.token_hex(4)}")
            self.beside.mkdir()
        except OSError as error:
            raise unwritten(self.path, error) from error
        try:
            self.writer = WRITERS[self.form](self.beside, self.columns, self.lang)
        except BaseException as error:
            shutil.rmtree(self.beside, ignore_errors=True)
            if isinstance(error, OSError):
                raise unwritten(self.path, error) from error
            raise
        return self

    def add(self, table: str, row: Row) -> None:
        """One row of one table."""
        try:
            self.writer.add(table, row)
        except OSError as error:
            raise unwritten(self.path, error) from error

    def put(self, table: str, batch: Any) -> None:
        """Many rows of one table, as an Arrow table with its columns."""
        try:
            self.writer.put(table, batch)
        except OSError as error:
            raise unwritten(self.path, error) from error

    def finish(self, about: Mapping[str, Any]) -> None:
        """All is there, and what it is all about: it takes its place."""
        try:
            made = self.writer.finish({"schema": SCHEMA, "form": self.form, "lang": self.lang, **about})
            into_place(made, self.path)
        except OSError as error:
            raise unwritten(self.path, error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            # What closes badly after a failure says nothing that the failure did not.
            with suppress(Exception):
                self.writer.close()
        shutil.rmtree(self.beside, ignore_errors=True)


def unwritten(path: Path, error: OSError) -> Unusable:
    """A result that could not be written, and why."""
    return Unusable([found("R200", NOWHERE, path=path.name, why=error.strerror or str(error))])


def _check(path: Path, reads: Sequence[Path], force: bool) -> None:
    """Refuses a place whose replacing would lose what is not a result, or what this very run reads."""
    if not path.absolute().parent.is_dir():
        raise Refused(path, "没有这个文件夹", "there is no such folder")
    if path.is_symlink():
        raise Refused(path, "那里是链接", "there is a link there")
    if not path.exists():
        return
    here = path.resolve()
    for other in (x.resolve() for x in (Path.cwd(), *reads)):
        if other == here or here in other.parents:
            raise Refused(path, "本次要读取的就在其中", "it holds what this very run needs")
    if path.is_dir() and not (path / ABOUT).is_file() and any(path.iterdir()):
        raise Refused(path, "是文件夹，且不是 policy run 的结果", "it is a folder, and no result of `policy run`")
    if not path.is_dir() and not (path.is_file() and about_of(path)):
        raise Refused(path, "那里已有的不是 policy run 的结果", "what is there is no result of `policy run`")
    if not force:
        raise Refused(path, "已有此结果，要取代须加 --force", "it is there already: --force replaces it")
