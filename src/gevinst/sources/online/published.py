"""What was made of downloads: canonical rows, in dated, hashed folders that are never changed.

    downloads/published/<UTC time>-<8 figures of the checksum>-<table>/
      published_curves.csv (or published_counts.csv)   canonical; may be put in a folder for `gevinst import`
      made-from.json                                   which downloads, and the file's checksum

A run reads them as they were at its moment: of a curve (or a count) that was fetched twice, the newest.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from gevinst.disk import told_plainly, write_private
from gevinst.errors import GevinstError
from gevinst.language import short_date, speaking
from gevinst.sources.online.contracts import PublishedCount
from gevinst.sources.online.downloads import DOWNLOADS, Download, make_incoming, settle, slug, stamp
from gevinst.sources.online.survival import PublishedCurve
from gevinst.tables import PUBLISHED_COUNTS, PUBLISHED_CURVES, Contract
from gevinst.version import __version__

PUBLISHED = "published"
MADE_FROM = "made-from.json"
_NAME = re.compile(r"(\d{8}T\d{6}\d{6}Z)-([0-9a-f]{8})-([a-z0-9-]+)")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """One stored result: when it was made (UTC), of which canonical table, its folder, file and checksum."""

    made: datetime
    table: str
    folder: Path
    sha256: str
    rows: int

    @property
    def file(self) -> Path:
        """Its canonical CSV file."""
        return self.folder / f"{self.table}.csv"

    @property
    def name(self) -> str:
        """How an edition names it among its inputs."""
        return f"{DOWNLOADS}/{PUBLISHED}/{self.folder.name}/{self.file.name}"


@dataclass(frozen=True)
class FetchedCurves:
    """Rows of `published_curves` that were fetched, curve by curve, each with the result it stands in."""

    curves: tuple[tuple[Result, tuple[Row, ...]], ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all curves."""
        return tuple(row for _, rows in self.curves for row in rows)

    @property
    def results(self) -> tuple[Result, ...]:
        """The results they stand in, the oldest first."""
        by_folder = {result.folder: result for result, _ in self.curves}
        return tuple(by_folder[folder] for folder in sorted(by_folder))


def source_line(source: str, table: str, area: str, downloads: Sequence[Download], *, day: date | None = None) -> str:
    """What a memo prints under a figure: source, table, area, the day it was fetched, the answer's checksum.

    `day` is that of a file saved by hand.
    """
    newest = max(downloads)
    with speaking("da"):
        said = short_date(day or newest.day)
    return f"{source}, {table}, {area}, hentet {said} (sha256 {newest.sha256[:8]})"


def curve_rows(curves: Iterable[PublishedCurve], source: str) -> list[Row]:
    """Curves as canonical rows."""
    return [{"benefit": curve.benefit, "definition": curve.definition, "cohort": curve.cohort, "week": week,
             "share_pct": format(share.normalize(), "f"), "source": source}
            for curve in curves for week, share in curve.points]


def count_rows(counts: Iterable[PublishedCount]) -> list[Row]:
    """Counts as canonical rows."""
    def written(value: Decimal | int | None) -> str:
        return "" if value is None else format(Decimal(value), "f")

    return [{"benefit": one.benefit, "month": one.month.isoformat(), "municipality": one.municipality,
             "persons": written(one.persons), "full_time_persons": written(one.full_time_persons),
             "source": one.source} for one in counts]


def save_result(workspace: Path, contract: Contract, rows: Sequence[Row], made_from: Iterable[Download], *,
                now: datetime) -> Result:
    """Store canonical rows. Raises `workspace.disk-full`, `workspace.not-writable`, `workspace.write-failed`."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [column.name for column in contract.columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    sha256 = hashlib.sha256(content).hexdigest()
    said = {"table": contract.name, "made": now.astimezone(UTC).isoformat(), "sha256": sha256, "rows": len(rows),
            "program": f"gevinst {__version__}",
            "downloads": [{"folder": one.folder.name, "source": one.source, "sha256": one.sha256} for one in made_from]}
    home = workspace / DOWNLOADS / PUBLISHED
    with told_plainly(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming = make_incoming(home)
        try:
            write_private(incoming / f"{contract.name}.csv", content)
            write_private(incoming / MADE_FROM, json.dumps(said, ensure_ascii=False, indent=1).encode())
            folder = settle(incoming, home, f"{stamp(now)}-{sha256[:8]}-{slug(contract.name)}")
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
    return Result(now.astimezone(UTC), contract.name, folder, sha256, len(rows))


def results(workspace: Path, contract: Contract, as_of: datetime | None = None) -> tuple[Result, ...]:
    """The stored results of a canonical table, the oldest first; those made by `as_of` where it is given.

    Raises `online.result-changed` for one that cannot be read or is no longer what was stored.
    """
    home = workspace / DOWNLOADS / PUBLISHED
    if not home.is_dir():
        return ()
    wanted = slug(contract.name)
    found = []
    for folder in sorted(home.iterdir()):
        name = _NAME.fullmatch(folder.name)
        if name and name.group(3) == wanted:
            found.append(_result(folder))
    moment = None if as_of is None else as_of.astimezone(UTC)
    return tuple(one for one in found if moment is None or one.made <= moment)


def _result(folder: Path) -> Result:
    try:
        said = json.loads((folder / MADE_FROM).read_text(encoding="utf-8"))
        result = Result(datetime.fromisoformat(said["made"]), said["table"], folder, said["sha256"], said["rows"])
        if hashlib.sha256(result.file.read_bytes()).hexdigest() != result.sha256:
            raise ValueError(folder)
    except (OSError, ValueError, KeyError, TypeError):
        raise GevinstError("online.result-changed", where=str(folder)) from None
    return result


def _rows(result: Result) -> list[dict[str, str]]:
    with result.file.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fetched_curves(workspace: Path, as_of: datetime | None = None) -> FetchedCurves:
    """The curves that were fetched, typed as `published_curves` is stored; a whole curve by its newest fetch.

    Raises `online.result-changed`.
    """
    newest: dict[tuple[str, str, str], tuple[Result, list[Row]]] = {}
    for result in results(workspace, PUBLISHED_CURVES, as_of):
        curves: dict[tuple[str, str, str], list[Row]] = {}
        for row in _rows(result):
            key = (row["benefit"], row["definition"], row["cohort"])
            curves.setdefault(key, []).append({**row, "week": _whole(row["week"], result),
                                               "share_pct": float(_exact(row["share_pct"], result))})
        newest |= {key: (result, rows) for key, rows in curves.items()}
    return FetchedCurves(tuple((newest[key][0], tuple(newest[key][1])) for key in sorted(newest)))


def published_counts(workspace: Path, as_of: datetime | None = None) -> tuple[PublishedCount, ...]:
    """The counts that were fetched, each by its newest fetch, ordered by benefit, month and municipality.

    Raises `online.result-changed`.
    """
    newest: dict[tuple[str, date, str], PublishedCount] = {}
    for result in results(workspace, PUBLISHED_COUNTS, as_of):
        for row in _rows(result):
            month = date.fromisoformat(row["month"])
            persons = _whole(row["persons"], result) if row["persons"] else None
            full_time = _exact(row["full_time_persons"], result) if row["full_time_persons"] else None
            newest[row["benefit"], month, row["municipality"]] = PublishedCount(
                row["benefit"], month, row["municipality"], persons, full_time, row["source"])
    return tuple(newest[key] for key in sorted(newest))


def fetched_counts(workspace: Path, as_of: datetime | None = None) -> tuple[Row, ...]:
    """The same as rows of the canonical table, to be set beside an import's own `published_counts`."""
    return tuple(asdict(one) for one in published_counts(workspace, as_of))


def not_imported(fetched: FetchedCurves, imported: Iterable[Row]) -> FetchedCurves:
    """The fetched curves that an import does not hold already: what a person has put into the import was meant."""
    there = {(row["benefit"], row["definition"], row["cohort"]) for row in imported}
    return FetchedCurves(tuple((result, rows) for result, rows in fetched.curves
                               if (rows[0]["benefit"], rows[0]["definition"], rows[0]["cohort"]) not in there))


def _whole(text: str, result: Result) -> int:
    value = _exact(text, result)
    return int(value)


def _exact(text: str, result: Result) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise GevinstError("online.result-changed", where=str(result.folder)) from None
