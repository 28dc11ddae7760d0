"""Rosters as Parquet: one file with a column for each item and lists nested, or a folder with a file for each table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from ..record import Reader
from .csv_folder import folder_of, nothing_astray
from .forms import Person, plain, unusable
from .tables import Table, joined

SUFFIX: Final = ".parquet"
_BATCH: Final = 1000


def holds(path: Path) -> bool:
    """Whether a folder holds tables of this form and none of CSV."""
    kinds = {p.suffix.lower() for p in folder_of(path)}
    return SUFFIX in kinds and ".csv" not in kinds


def persons(path: Path, _: Reader, __: list[str]) -> Iterator[Person]:
    """The persons of one file, a row each."""
    for i, row in enumerate(_Rows(path), 1):
        yield f"第{i}人\tperson {i}", plain(row)


def folder(path: Path, reader: Reader, _: list[str]) -> Iterator[Person]:
    """The persons of a folder; its files are named like the sheets of a workbook."""
    nothing_astray(path, reader, SUFFIX)
    tables: list[Table] = [(p.stem, _Cells(p)) for p in folder_of(path) if p.suffix.lower() == SUFFIX]
    return joined(path, tables, reader)


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """While something of a file is read; Unusable where it cannot be, or holds what Python has no value for."""
    try:
        import pyarrow as pa  # noqa: PLC0415
    except ImportError as error:
        raise unusable(path, "读 .parquet 要装 pyarrow\treading .parquet needs pyarrow installed") from error
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the system's, of the file itself
        raise unusable(path, f"不是完好的 Parquet（{error}）\tnot a sound Parquet file ({error})") from error


def outline(path: Path) -> tuple[list[str], int, bool]:
    """The names of a file's columns, how many rows it has, and whether every program reads its columns alike."""
    with sound(path):
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415

        with ParquetFile(path) as file:
            schema = file.schema_arrow
            return list(schema.names), file.metadata.num_rows, all(map(_alike, schema.types))


def _alike(type: Any) -> bool:
    """Whether what Arrow makes of a column is what stands in the file: it keeps durations as figures, and types of its
    own as others, and has figures that others have not."""
    from pyarrow import types as t  # noqa: PLC0415

    if t.is_dictionary(type):
        return _alike(type.value_type)
    if t.is_list(type) or t.is_large_list(type):
        return _alike(type.value_type)
    if t.is_struct(type):
        return all(_alike(type.field(i).type) for i in range(type.num_fields))
    plain = (t.is_boolean, t.is_integer, t.is_float32, t.is_float64, t.is_string, t.is_large_string, t.is_date)
    return any(holds(type) for holds in (*plain, t.is_timestamp, t.is_decimal128, t.is_null))


@frozen
class _Rows:
    """The rows of a file by their columns, so many at a time."""

    path: Path

    def __iter__(self) -> Iterator[dict[str, Any]]:
        names, *_ = outline(self.path)
        if len(set(names)) < len(names):
            raise unusable(self.path, "两列同名\ttwo columns have one name")
        with sound(self.path):
            from pyarrow.parquet import ParquetFile  # noqa: PLC0415

            with ParquetFile(self.path) as file:
                for batch in file.iter_batches(_BATCH):
                    yield from batch.to_pylist(maps_as_pydicts="strict")


@frozen
class _Cells:
    """The same as a table: headings, then cells."""

    path: Path

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        headings: tuple[Any, ...] | None = None
        for row in _Rows(self.path):
            if headings is None:
                yield (headings := tuple(row))
            yield tuple(plain(cell) for cell in row.values())
