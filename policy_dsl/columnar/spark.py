"""Runs a statement in Spark: the cells of a DuckDB connection handed over, the conclusions brought back beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from sqlglot import exp

from .levels import table
from .pieces import pieces
from .running import Results, wanted
from .statement import Statement, said

# Two threads of this process, unless a cluster or a server is named: `local[8]`, `spark://…`, `yarn`, `sc://…`.
HERE: Final = "local[2]"
_QUIET: Final = {
    "spark.app.name": "policy",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_LOCAL: Final = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
# What the text relies on: names are told apart by case, and what does not fit a type is an error, never NULL.
_SESSION: Final = {"spark.sql.caseSensitive": "true", "spark.sql.ansi.enabled": "true"}


@contextmanager
def session(url: str = "") -> Iterator[Any]:
    """A Spark session of its own, ended at the end: of Spark Connect for a URL `sc://…`, else with that master. Raises
    OSError, in a line, for whatever Spark cannot do."""
    from py4j.protocol import Py4JError  # noqa: PLC0415
    from pyspark.errors import PySparkException  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    try:
        builder: Any = SparkSession.builder
        if url.startswith("sc://"):
            builder = builder.remote(url)
        else:
            builder = builder.master(url or HERE)
            for name, value in {**_QUIET, **(_LOCAL if (url or HERE).startswith("local") else {})}.items():
                builder = builder.config(name, value)
        made = builder.getOrCreate()
        try:
            for name, value in _SESSION.items():
                made.conf.set(name, value)
            yield made
        finally:
            made.stop()
    except (PySparkException, Py4JError) as error:
        # Its first two lines say what went wrong, those after them where in Spark's own code.
        said = " ".join(str(error).split("\n")[:2])
        raise OSError(f"Spark{f' ({url})' if url else ''}: {said}") from error


def decide(connection: Any, statement: Statement, spark: Any, prefix: str = "结论") -> Results:
    """Decides everybody in the cells of a DuckDB connection, in a Spark session; the results are temporary tables,
    as `running.decide` leaves them.

    Cells and results go through the session itself, as Arrow: a cluster needs no folder in common with this machine.
    """
    made, statements = wanted(statement, prefix)
    with ExitStack() as ended:
        for name, columns in _read(statement).items():
            chosen = exp.select(*(exp.column(c, quoted=True) for c in columns)).from_(table(name))
            _view(spark, name, _handed(spark, connection.sql(chosen.sql(dialect="duckdb"))), ended)
        for result, whole in statements:
            for name, select in pieces(whole, short=0):
                frame = spark.sql(said(select, "spark"))
                if name:
                    # Worked out once and cut off: Spark would plan it anew for every select that reads it.
                    _view(spark, name, frame.localCheckpoint(), ended)
                else:
                    _back(connection, result, frame.toArrow())
    return made


def _read(statement: Statement) -> dict[str, list[str]]:
    """The relations of cells a statement reads, each with the columns it reads."""
    found: dict[str, dict[str, None]] = {}
    for whole in (statement.persons, *statement.elements.values()):
        with_ = whole.args.get("with_")
        parts = {x.alias: x.this for x in (with_.expressions if with_ else ())}
        for select in (*parts.values(), whole):
            source = select.args["from_"].this
            if isinstance(source, exp.Table) and source.name not in parts:
                columns = [c.name for c in select.find_all(exp.Column) if c.table in ("", source.alias)]
                found.setdefault(source.name, {}).update(dict.fromkeys(columns))
    return {name: list(columns) for name, columns in found.items()}


def _handed(spark: Any, cells: Any) -> Any:
    given = cells.to_arrow_table()
    if given.num_rows:
        return spark.createDataFrame(given)
    # Over a connection, what is empty has to be told its types.
    heads = zip(cells.columns, cells.types, strict=True)
    told = (
        exp.ColumnDef(this=exp.to_identifier(name, quoted=True), kind=exp.DataType.build(str(kind), dialect="duckdb"))
        for name, kind in heads
    )
    return spark.createDataFrame([], ", ".join(x.sql(dialect="spark") for x in told))


def _view(spark: Any, name: str, frame: Any, ended: ExitStack) -> None:
    # A view's name is read as SQL reads it, dropped it is not.
    frame.createOrReplaceTempView(table(name).sql(dialect="spark"))
    ended.callback(spark.catalog.dropTempView, name)


def _back(connection: Any, name: str, made: Any) -> None:
    connection.register("回", made)
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table(name).sql(dialect='duckdb')} AS FROM 回")
    finally:
        connection.unregister("回")
