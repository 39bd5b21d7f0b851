"""Where the person tables live: DuckDB on one machine, Spark at national scale. The only file that names them.

Everything above this file is Ibis expressions, so the same cohort and the same counts come from either.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gevinst.errors import GevinstError
from gevinst.private_folder import PrivateFolder

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


_SEALED = b"PARE"  # how a Parquet file with an encrypted footer begins; others begin with PAR1
_ROW_GROUP = 122_880  # rows; DuckDB's own


@dataclass(frozen=True)
class Backend:
    """A connection and the few things that differ between engines.

    `file_key` gives the key of an encrypted Parquet file; without it such a file cannot be read. One that `seals`
    encrypts every file it writes under its key.
    """

    name: str
    connection: Any  # ibis.backends.BaseBackend
    session: Any = None  # the Spark session, where the engine is Spark
    file_key: Callable[[Path], bytes] | None = field(default=None, repr=False, compare=False)
    seals: bool = False
    _serial: Iterator[int] = field(default_factory=count, repr=False, compare=False)

    def read_parquet(self, path: Path | Sequence[Path], table_name: str) -> ir.Table:
        """The Parquet file at `path` as a table; or all files of a folder, or several, whose columns are the same.

        Raises `protection.locked` (the file is encrypted and no key is at hand), `protection.damaged` and
        `protection.spark`.
        """
        several = [path] if isinstance(path, Path) else path
        if any(map(is_sealed, several)):
            return self._read_sealed(several, table_name)
        with _whole_files(str(several[0])):
            if not isinstance(path, Path):
                return self.connection.read_parquet([str(one) for one in path], table_name=table_name)
            target = path / "*.parquet" if path.is_dir() and self.name == "duckdb" else path
            return self.connection.read_parquet(str(target), table_name=table_name)

    def _read_sealed(self, paths: Sequence[Path], table_name: str) -> ir.Table:
        """Encrypted files, decrypted by Arrow piece by piece as the engine asks for it; nothing plain is written.

        DuckDB's own reader would want the key in the text of a query.
        """
        import pyarrow.dataset as ds

        rows = ds.dataset([self._sealed(path) for path in paths])
        name = f"{table_name}_{next(self._serial)}"
        self.connection.con.register(name, rows)
        return self.connection.table(name)

    def _sealed(self, path: Path) -> Any:
        """One encrypted file."""
        import pyarrow.dataset as ds
        from pyarrow.parquet.encryption import create_decryption_properties

        if self.file_key is None:
            raise GevinstError("protection.locked", where=str(path))
        if self.session is not None:
            raise GevinstError("protection.spark", where=str(path))
        key = create_decryption_properties(self.file_key(path))
        how = ds.ParquetFileFormat(default_fragment_scan_options=ds.ParquetFragmentScanOptions(
            decryption_properties=key))
        try:
            return ds.dataset(path, format=how)
        except (OSError, ValueError) as fault:  # ValueError: Arrow's for a file that is no Parquet file
            raise GevinstError("protection.damaged", where=str(path)) from fault

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
            with _whole_files():
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
        """Run and fetch. Only `curves/counts.py` and the intake may fetch from person tables.

        Raises `protection.damaged` where a stored table turns out not to be as it was written; so do `keep` and
        `write_parquet`.
        """
        with _whole_files():
            return self.connection.to_pyarrow(expression)

    def write_parquet(self, expression: ir.Table, path: Path, key: bytes | None = None) -> None:
        """Run and write one Parquet file, encrypted under `key` where there is one (AES-GCM, 32 bytes)."""
        if key is None and self.seals and self.file_key is not None:
            key = self.file_key(path)
        with _whole_files():
            self._write_parquet(expression, path, key)

    def _write_parquet(self, expression: ir.Table, path: Path, key: bytes | None) -> None:
        if key is None:
            self.connection.to_parquet(expression, str(path))
            return
        import pyarrow.parquet as pq
        from pyarrow.parquet.encryption import create_encryption_properties

        # DuckDB refuses to encrypt without an extension from the net; `to_pyarrow_batches` of Ibis 12 calls what
        # DuckDB 2 no longer has.
        rows = self.connection.con.sql(self.connection.compile(expression)).to_arrow_reader(_ROW_GROUP)
        properties = create_encryption_properties(key)
        with pq.ParquetWriter(path, rows.schema, compression="snappy", encryption_properties=properties) as writer:
            for batch in rows:
                writer.write_batch(batch, row_group_size=_ROW_GROUP)

    def close(self) -> None:
        """Let the engine go; temporary tables go with it."""
        self.connection.disconnect()


_DAMAGED = re.compile(
    r"(?:Failed to read file|Could not read enough bytes from file) \"([^\"]+)\"|"
    r"reading the stream registered as '([^']+)' failed: IOError")


@contextmanager
def _whole_files(where: str = "") -> Iterator[None]:
    """Tell the engine's complaint that a stored table is damaged, found at the start or in the middle, as one of ours.

    What it cannot make out of a file at all it raises as its plain `Error`. `where` is the file that is being opened.
    """
    import duckdb

    try:
        yield
    except duckdb.Error as fault:
        found = _DAMAGED.search(str(fault))
        unread = where and isinstance(fault, (duckdb.InvalidInputException, duckdb.InternalException))
        if found is None and type(fault) is not duckdb.Error and not unread:
            raise
        named = re.sub(r"_\d+$", "", next(filter(None, found.groups()))) if found else ""  # a table's serial number
        raise GevinstError("protection.damaged", where=named or where) from fault


def is_sealed(path: Path) -> bool:
    """Whether a file is an encrypted Parquet file."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_SEALED)) == _SEALED


def engine_faults() -> tuple[type[Exception], ...]:
    """What the engine raises by itself, such as on a full disk: for those who must clean up after it."""
    import duckdb

    return (duckdb.Error,)


def out_of_memory(fault: BaseException) -> bool:
    """Whether the engine gave up because it had no more memory and nowhere to spill."""
    import duckdb

    return isinstance(fault, duckdb.OutOfMemoryException)


def open_duckdb(
    *, threads: int | None = None, memory: str | None = None, scratch: Path | None = None, spill: bool = True
) -> Backend:
    """An in-memory DuckDB. `memory` such as `"3GB"`; what does not fit is spilled to `scratch`.

    Without `spill` nothing is written: what does not fit is an error (`protection.no-room-in-memory`, where writing is
    told plainly).
    """
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
    if not spill:
        settings["temp_directory"] = ""
    own = None
    if spill and scratch is None:  # DuckDB's own choice is `.tmp` where the program was started, for all to read
        own = PrivateFolder()
        settings["temp_directory"] = str(own.path)
    connection = ibis.duckdb.connect(**settings)
    if own is not None:
        weakref.finalize(connection, own.remove)
    return Backend("duckdb", connection)


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
