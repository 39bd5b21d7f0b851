"""The same downloads without a network: files that a person saved from the sources' web pages.

Each is kept as a download like any other, with the day it was saved, and what it holds becomes the same canonical rows.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.sources.cells import shown
from gevinst.sources.online.answers import decoded
from gevinst.sources.online.contracts import PublishedCount
from gevinst.sources.online.counts import read_counts
from gevinst.sources.online.downloads import Download, keep
from gevinst.sources.online.fetching import NAME, FetchedResult, code_of, same_place
from gevinst.sources.online.ids import refuse_ids
from gevinst.sources.online.jobindsats import SOURCE as JOBINDSATS
from gevinst.sources.online.jsonstat import is_jsonstat, read_jsonstat
from gevinst.sources.online.known_tables import Kind, known_tables
from gevinst.sources.online.published import count_rows, curve_rows, save_result, source_line
from gevinst.sources.online.px import is_px, read_px
from gevinst.sources.online.saved_tables import LARGEST, of_area, read_saved
from gevinst.sources.online.shapes import Rows
from gevinst.sources.online.statbank import SOURCE as STATBANK
from gevinst.sources.online.survival import PublishedCurve, baseline, curve_columns, read_curves
from gevinst.sources.report import Note
from gevinst.tables import PUBLISHED_COUNTS, PUBLISHED_CURVES

_TABLE = re.compile(r"(?<![a-z0-9])([a-z]{1,4}\d{2}[a-z]\d{2}|[a-z]{3,4}_?[a-z]\d{2})(?![a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Saved:
    """What is said of a saved file: the benefit (empty: by the table's id in the name), the area, the day it was saved.

    `own_area` and `own_code` are the municipality; another area's curves are named by it.
    """

    benefit: str
    area: str
    own_area: str
    day: date | None = None
    baseline: tuple[int, int] | None = None
    own_code: str = ""


@dataclass(frozen=True)
class Imported:
    """What became of one file: its download, and the rows made of it (`None`: StatBank's, which are only kept)."""

    download: Download
    result: FetchedResult | None


def import_saved(workspace: Path, path: Path, said: Saved, *, now: datetime) -> Imported:
    """Take in one saved file; all of it or nothing.

    Raises the errors of `read_saved`, `read_curves`, `read_counts` and `baseline`, `online.saved-missing`,
    `online.too-large`, `online.saved-benefit`, `online.holds-cpr`, and those of writing.
    """
    content, saved = _content(path)
    if _is_statbank(path, content):
        refuse_ids(path, content)
        return Imported(_kept(workspace, STATBANK, path.stem, path, content, said.day or saved, now), None)
    where = shown(path.name)
    rows = read_saved(path, content)
    curves = bool(curve_columns(rows.columns))
    table = _table(path)
    benefit = said.benefit or _benefit_of(table, "survival" if curves else "counts")
    if not benefit:
        raise GevinstError("online.saved-benefit", where=where)
    read = _read(of_area(rows, said.area, where), benefit, said, where)  # its faults come before anything is stored
    refuse_ids(path, content)
    day = said.day or saved
    download = _kept(workspace, JOBINDSATS, table or path.stem, path, content, day, now)
    line = source_line(NAME, table or where, said.area, (download,), day=day)
    contract, made = ((PUBLISHED_CURVES, curve_rows(read.curves, line)) if curves
                      else (PUBLISHED_COUNTS, count_rows(replace(one, source=line) for one in read.counts)))
    result = save_result(workspace, contract, made, [download], now=now)
    return Imported(download, FetchedResult(result, read.curves, read.counts, read.notes, read.whole_week))


@dataclass(frozen=True)
class _Read:
    """What a file holds: curves or counts."""

    curves: tuple[PublishedCurve, ...] = ()
    counts: tuple[PublishedCount, ...] = ()
    notes: tuple[Note, ...] = ()
    whole_week: int = 0


def _read(rows: Rows, benefit: str, said: Saved, where: str) -> _Read:
    if not curve_columns(rows.columns):
        counts, notes = read_counts(rows, benefit, code_of(said.area, (said.own_area, said.own_code)), "", where)
        return _Read(counts=tuple(counts), notes=tuple(notes))
    area = "" if same_place(said.area, said.own_area) else said.area
    read = read_curves(rows, benefit, where, area=area)
    mean = baseline(read.curves, *said.baseline, where, area=area) if said.baseline else ()
    return _Read((*mean, *read.curves), (), read.notes, read.whole_week)


def _content(path: Path) -> tuple[bytes, date]:
    """The file's bytes and the day it was last changed."""
    try:
        told = path.stat()
        if told.st_size > LARGEST:
            raise GevinstError("online.too-large", where=shown(path.name), limit=LARGEST // (1024 * 1024))
        return path.read_bytes(), datetime.fromtimestamp(told.st_mtime).astimezone().date()
    except OSError:
        raise GevinstError("online.saved-missing", where=shown(path.name)) from None


def _kept(workspace: Path, source: str, table: str, path: Path, content: bytes, day: date, now: datetime) -> Download:
    request = {"saved_by_hand": shown(path.name), "saved": day.isoformat()}
    ending = path.suffix.lower().lstrip(".")
    return keep(workspace, source, shown(table), content, ending=ending, request=request, now=now)


def _is_statbank(path: Path, content: bytes) -> bool:
    """Whether this is a JSON-stat or PX file, read to the end so that a broken one is not kept."""
    where = shown(path.name)
    if path.suffix.lower() == ".px" or (path.suffix.lower() == ".txt" and is_px(decoded(content[:4096]))):
        for _ in read_px(decoded(content), where):
            pass
        return True
    if path.suffix.lower() != ".json":
        return False
    try:
        payload = json.loads(decoded(content))
    except (ValueError, RecursionError):
        return False
    if not is_jsonstat(payload):
        return False
    for _ in read_jsonstat(payload, where):
        pass
    return True


def _table(path: Path) -> str:
    """The table's id in a file's name; empty where there is none."""
    found = _TABLE.search(path.stem)
    return found.group(1).lower() if found else ""


def _benefit_of(table: str, kind: Kind) -> str:
    return next((benefit for benefit, lines in known_tables(kind).items() if any(one.table == table for one in lines)),
                "")
