"""Where the person tables live: DuckDB on one machine, Spark at national scale. The only file that names them.

Everything above this file is Ibis expressions, so the same cohort and the same counts come from either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


@dataclass(frozen=True)
class Backend:
    """A connection and the few things that differ between engines."""

    name: str
    connection: Any  # ibis.backends.BaseBackend
    session: Any = None  # the Spark session, where the engine is Spark
    _serial: Iterator[int] = field(default_factory=count, repr=False, compare=False)

    def read_parquet(self, path: Path, table_name: str) -> ir.Table:
        """The Parquet file at `path` (or all files of a folder) as a table."""
        target = path / "*.parquet" if path.is_dir() and self.name == "duckdb" else path
        return self.connection.read_parquet(str(target), table_name=table_name)

    def from_arrow(self, table: pa.Table, table_name: str) -> ir.Table:
        """A small table from memory, by name."""
        name = f"{table_name}_{next(self._serial)}"
        if self.session is not None:
            self.session.createDataFrame(table).createOrReplaceTempView(name)
        else:
            # Not `create_table`: with the sqlglot that Ibis 12 resolves to, it writes a DROP VIEW without a name.
            self.connection.con.register(name, table)
        return self.connection.table(name)

    def keep(self, expression: ir.Table, table_name: str) -> ir.Table:
        """Compute once and keep for the rest of the run, because several later expressions read it."""
        # A fresh name each time, because dropping fails for the same reason; all of it is temporary anyway.
        name = f"{table_name}_{next(self._serial)}"
        if self.session is None:
            return self.connection.create_table(name, expression, temp=True)
        self.session.sql(self.connection.compile(expression)).cache().createOrReplaceTempView(name)
        return self.connection.table(name)

    def let_go(self, kept: ir.Table) -> None:
        """Free what `keep` kept, when a run goes through large data piece by piece."""
        if self.session is None:
            self.connection.con.execute(f'DROP TABLE "{kept.op().name}"')
        else:
            self.session.catalog.uncacheTable(kept.op().name)
            self.session.catalog.dropTempView(kept.op().name)

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Run and fetch. Only `curves/counts.py` and the intake may fetch from person tables."""
        return self.connection.to_pyarrow(expression)

    def write_parquet(self, expression: ir.Table, path: Path) -> None:
        """Run and write one Parquet file."""
        self.connection.to_parquet(expression, str(path))

    def close(self) -> None:
        """Let the engine go; temporary tables go with it."""
        self.connection.disconnect()


def engine_faults() -> tuple[type[Exception], ...]:
    """What the engine raises by itself, such as on a full disk: for those who must clean up after it."""
    import duckdb

    return (duckdb.Error,)


def open_duckdb(*, threads: int | None = None, memory: str | None = None, scratch: Path | None = None) -> Backend:
    """An in-memory DuckDB. `memory` such as `"3GB"`; what does not fit is spilled to `scratch`."""
    import ibis

    settings: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": False,  # nothing may depend on row order, and keeping it costs memory
        "perfect_ht_threshold": 24,  # counting by one dense integer key: a third of the time of the default 12
    }
    if threads is not None:
        settings["threads"] = threads
    if memory is not None:
        settings["memory_limit"] = memory
    if scratch is not None:
        settings["temp_directory"] = str(scratch)
    return Backend("duckdb", ibis.duckdb.connect(**settings))


def open_spark(settings: Mapping[str, str] | None = None) -> Backend:
    """Spark through its own session; local mode unless `settings` says otherwise. Needs `gevinst[spark]`."""
    import ibis
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("gevinst")
    options = {
        "spark.master": "local[2]",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC",
        **(settings or {}),
    }
    for key, value in options.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    return Backend("spark", ibis.pyspark.connect(session), session)
