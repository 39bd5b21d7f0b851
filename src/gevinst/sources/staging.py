"""One part through reading and checking, into a Parquet file of pseudonymous rows in the target's scratch folder.

Rows stream: memory holds a few pieces of the file, however long it is.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.parquet.encryption import create_encryption_properties

from gevinst.disk import new_private_file
from gevinst.sources.checks import Rules, check_rows
from gevinst.sources.columns import stored_type
from gevinst.sources.covariates import choose
from gevinst.sources.parts import CANONICAL, Part
from gevinst.sources.reading import read_ahead
from gevinst.sources.report import KEPT_IN_MEMORY, Note, Reject, note
from gevinst.tables import Contract

REJECTS_FILE = "rejects.csv"
NO_CELL = "…"
REJECT_COLUMNS = ("file", "line", "column", "code", "value", "da", "en")


class RejectLog:
    """`rejects.csv`, and the first 1,000 rejects in memory. Use as a context manager.

    The list lies beside the tables in clear, so where these are encrypted it has no `cells` in it.
    """

    def __init__(self, folder: Path, *, cells: bool = True) -> None:
        self._cells = cells
        self.first: list[Reject] = []
        self.counts: dict[tuple[str, str], Counter[str]] = {}  # by file and table
        self._file = io.TextIOWrapper(new_private_file(folder / REJECTS_FILE), "utf-8-sig", newline="")
        self._writer = csv.writer(self._file, delimiter=";", lineterminator="\n")
        self._writer.writerow(REJECT_COLUMNS)

    def __enter__(self) -> RejectLog:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, rejects: Iterable[Reject], table: str) -> None:
        """Write them down, as left out of a table."""
        for one in rejects:
            self.counts.setdefault((one.file, table), Counter())[one.code] += 1
            if len(self.first) < KEPT_IN_MEMORY:
                self.first.append(one)
            self._write(one if self._cells else without_cell(one))

    def _write(self, one: Reject) -> None:
        # A cell that begins like a formula would be run by the spreadsheet the list is opened in.
        value = f"'{one.value}" if one.value.startswith(("=", "+", "-", "@")) else one.value
        self._writer.writerow((one.file, one.line, one.column, one.code, value, one.reason("da"), one.reason("en")))

    def rejected(self, file: str, table: str) -> int:
        """How many rows of a file have been left out of a table so far."""
        return self.counts.get((file, table), Counter()).total()


def without_cell(one: Reject) -> Reject:
    """The reject without the word that was refused. Where no column is named the value is a count of fields."""
    return replace(one, value=NO_CELL, shape=None) if one.column and (one.value or one.shape) else one


def without_cells(listed: bytes) -> bytes:
    """A list of rejects without the words that were refused; it is the same where there are none."""
    first, *rows = csv.reader(io.StringIO(listed.decode("utf-8-sig"), newline=""), delimiter=";")
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\n")
    writer.writerow(first)
    for file, line, column, code, value, *reasons in rows:
        plain = without_cell(Reject(file, int(line), column, code, value))
        writer.writerow((file, line, column, code, plain.value,
                         *((plain.reason("da"), plain.reason("en")) if plain.value != value else reasons)))
    return written.getvalue().encode("utf-8-sig")


@dataclass(frozen=True)
class Staged:
    """A part's accepted rows in `path`. `wordy` are the further columns that are not all numbers.

    `data_to` is the last day that the source speaks of, where it knows more of that than its rows say.
    """

    contract: Contract
    name: str
    sha256: str
    rows: int
    path: Path
    further: tuple[str, ...]
    wordy: frozenset[str]
    notes: tuple[Note, ...]
    supplier: str = CANONICAL
    data_to: date | None = None


@dataclass(frozen=True)
class StagedTable:
    """All parts of one table; there is at least one."""

    parts: tuple[Staged, ...]

    @property
    def contract(self) -> Contract:
        """What the table must hold."""
        return self.parts[0].contract

    @property
    def further(self) -> tuple[str, ...]:
        """The further columns of any part, by name."""
        return tuple(sorted({name for part in self.parts for name in part.further}))

    @property
    def wordy(self) -> frozenset[str]:
        """The further columns in which something is not a number."""
        return frozenset(name for part in self.parts for name in part.wordy)


def stage(part: Part, rules: Rules, path: Path, log: RejectLog, key: bytes | None = None, number: int = 0) -> Staged:
    """Read, check and write one part to `path`, encrypted under `key` where there is one.

    `number` is its place among the parts of its table; it is written beside every row, as `part`. Raises what opening
    and reading it raises, and `OSError`.
    """
    contract = part.contract
    source = part.open()
    columns = {column.name for column in contract.columns}
    chosen = choose([name for name in source.layout.names if name not in columns], part.supplier, rules.covariates)
    further, left_out = chosen.kept, [*chosen.not_asked, *chosen.identifying]
    rows, noted, wordy, thousands = 0, Counter[str](), set[str](), set[str]()
    schema = staged_schema(contract, further).append(pa.field("part", pa.int32()))
    words = ["part", *(field.name for field in schema if field.type == pa.string())]
    with (
        new_private_file(path) as file,
        # Read once and thrown away: packing it would cost more than it saves.
        pq.ParquetWriter(file, schema, compression="none", use_dictionary=words, write_statistics=False,
                         encryption_properties=None if key is None else create_encryption_properties(key)) as writer,
        closing(read_ahead(source.rows())) as batches,
    ):
        for batch in batches:
            checked = check_rows(replace(batch, cells=batch.cells.drop_columns(left_out)), rules)
            rows += checked.rows
            noted += checked.noted
            wordy |= checked.wordy
            thousands |= checked.thousands
            log.add(checked.rejects, contract.name)
            place = pa.repeat(pa.scalar(number, pa.int32()), len(checked.accepted))
            writer.write_table(checked.accepted.append_column("part", place))
    notes = [note(code, rows=times) for code, times in sorted(noted.items())]
    notes += getattr(source, "notes", ())
    if source.encoding in ("cp1252", "utf-16"):
        notes.append(note("intake.recoded", encoding=source.encoding))
    if source.layout.dropped:
        notes.append(note("intake.columns-dropped", columns=", ".join(source.layout.dropped)))
    notes += [] if rules.covariates is None else chosen.notes()
    if thousands - wordy:
        notes.append(note("intake.read-as-decimals", columns=", ".join(sorted(thousands - wordy))))
    if rows == 0:
        notes.append(note("intake.no-rows"))
    return Staged(
        contract, rules.file, source.sha256, rows, path, further, frozenset(wordy), tuple(notes), part.supplier,
        getattr(source, "data_to", None),
    )


def staged_schema(contract: Contract, further: tuple[str, ...]) -> pa.Schema:
    """The columns of a staged file: the line, the pseudonym, the contract's columns, the further ones as text."""
    fields: list[tuple[str, pa.DataType]] = [("line", pa.int64())]
    if contract.personal:
        fields += [("person", pa.int64()), ("check", pa.int64()), ("replicate", pa.int16())]
    fields += [(column.name, stored_type(column)) for column in contract.columns if column.type != "person"]
    return pa.schema(fields + [(name, pa.string()) for name in further])
