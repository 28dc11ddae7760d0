"""One Parquet file with lists nested, read a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..record import Reader, Record
from ..rosters import Aside, told_apart
from ..rosters.forms import plain
from . import raw
from .raw import PREFIX, Raw, Told, Unreadable
from .spellings import literal, quoted

_BATCH = quoted(f"{PREFIX}批")


class Nested(Raw):
    """The rows of a Parquet file."""

    def __init__(self, path: Path, reader: Reader, connection: Any):
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415

        self.path, self.reader, self.connection = path, reader, connection
        try:
            with ParquetFile(path) as file:
                empty = file.schema_arrow.empty_table()
        except (pa.ArrowException, OSError, ValueError) as error:
            raise Unreadable from error
        if len(set(empty.column_names)) < len(empty.column_names) or "n" in empty.column_names:
            raise Unreadable
        self._register(empty, 0)
        columns = raw.columns_of(connection, _BATCH)
        given = [(reader.key(name), name, quoted(name), type, False) for name, type in columns if name != "n"]
        raw.once(item for item, *_ in given)
        self.told = Told()
        raw.persons(self.told, reader, given, _BATCH)
        self.told.views["干部"] = f"SELECT * FROM {_BATCH}"
        self.size = raw.checked_ids(connection, raw.id_column(self.told.columns), f"read_parquet({literal(path)})")

    def parts(self, size: int) -> Iterator[tuple[int, int]]:
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415

        first, kept, count = 0, [], 0
        with ParquetFile(self.path) as file:
            for batch in file.iter_batches(size):
                kept.append(batch)
                count += batch.num_rows
                if count >= size:
                    self._register(pa.Table.from_batches(kept), first)
                    yield first, count
                    first, kept, count = first + count, [], 0
        if kept:
            self._register(pa.Table.from_batches(kept), first)
            yield first, count

    def _register(self, table: Any, first: int) -> None:
        import pyarrow as pa  # noqa: PLC0415

        self.first, self.table = first, table
        places = pa.array(range(first, first + table.num_rows), pa.int64())
        self.connection.register(_BATCH.strip('"'), table.append_column("n", places))

    def read(self, places: Sequence[int]) -> Iterator[tuple[int, Record | Aside]]:
        rows = self.table.take([n - self.first for n in places]).to_pylist(maps_as_pydicts="strict")
        for n, row in zip(places, rows, strict=True):
            yield n, told_apart(self.reader, f"第{n + 1}人\tperson {n + 1}", plain(row))
