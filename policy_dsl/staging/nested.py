"""One Parquet file with lists nested, read a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..record import Reader, Record
from ..rosters import Aside, told_apart
from ..rosters.forms import plain
from ..rosters.parquet import sound
from ..rosters.tables import PERSONS
from . import raw
from .raw import PREFIX, Raw, Told
from .spellings import one_file, quoted

_BATCH = quoted(f"{PREFIX}批")


class Nested(Raw):
    """The rows of a Parquet file."""

    def __init__(self, path: Path, reader: Reader, connection: Any):
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415

        self.path, self.reader, self.connection = path, reader, connection
        with sound(path), ParquetFile(path) as file:
            empty = file.schema_arrow.empty_table()
        raw.once(name.lower() for name in ("n", *empty.column_names))
        self._register(empty, 0)
        columns = [(name, type) for name, type in raw.columns_of(connection, _BATCH) if name != "n"]
        given = [(reader.key(name), name, f"c{i}", type, False) for i, (name, type) in enumerate(columns)]
        raw.once(item for item, *_ in given)
        # By numbers: a file may name its columns as we do.
        cells = "".join(f", {quoted(name)} AS {at}" for _, name, at, *_ in given)
        self.told = Told()
        self.told.views[PERSONS] = f"SELECT n{cells} FROM {_BATCH}"
        raw.persons(self.told, reader, given, f"({self.told.views[PERSONS]})")
        of_file = f"(SELECT NULL{cells} FROM read_parquet({one_file(path)}, hive_partitioning = FALSE))"
        self.size = raw.checked_ids(connection, raw.id_column(self.told.columns), of_file)

    def parts(self, size: int) -> Iterator[tuple[int, int]]:
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415

        first, kept, count = 0, [], 0
        with sound(self.path), ParquetFile(self.path) as file:
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
        import pyarrow as pa  # noqa: PLC0415

        with sound(self.path):
            # Of nobody, too: an empty list has no type of its own.
            wanted = pa.array([n - self.first for n in places], pa.int64())
            rows = self.table.take(wanted).to_pylist(maps_as_pydicts="strict")
        for n, row in zip(places, rows, strict=True):
            yield n, told_apart(self.reader, f"第{n + 1}人\tperson {n + 1}", plain(row))
