"""A folder of files in, pseudonymous Parquet out; all of it or nothing.

    read → check → pseudonymise → stage → merge → count → seal

Each file is read once, as a stream (`reading`, `checks`, `staging`); ids are hashed before the first byte is
written. What needs all rows together (repeats, overlaps, unknown persons) is done on the staged, pseudonymous
rows in the backend (`merge`). The manifest is written last.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from gevinst.backend import Backend, open_duckdb
from gevinst.disk import clear, sync_folder, told_plainly
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, Language, number, percent, short_date, speaking
from gevinst.parameters.benefits import normalise_benefit
from gevinst.sources import merge
from gevinst.sources.cells import UNIX_DAY, without_cpr
from gevinst.sources.checks import Rules
from gevinst.sources.covariates import MOST_LEVELS
from gevinst.sources.manifest import Manifest, write_manifest
from gevinst.sources.parts import Part, Supplier, find_parts
from gevinst.sources.payments import finish_payments
from gevinst.sources.postings import finish_postings
from gevinst.sources.pseudonym import Pseudonymiser, key_id, salt_of
from gevinst.sources.report import (
    FilePart,
    FileReport,
    ImportReport,
    Note,
    Reject,
    grouped_rejects,
    note,
    ranked,
)
from gevinst.sources.staging import REJECTS_FILE, RejectLog, Staged, StagedTable, stage
from gevinst.version import __version__

__all__ = ["ImportReport", "Reject", "read_folder"]

MAX_REJECTED_SHARE = 0.10
SCRATCH = ".scratch"


def read_folder(
    folder: Path, target: Path, *, key: bytes, today: date,
    benefit_of: Callable[[str], str | None] = normalise_benefit, suppliers: Sequence[Supplier] = (),
    max_rejected_share: float = MAX_REJECTED_SHARE, threads: int | None = None, memory: str | None = None,
    file_key: Callable[[Path], bytes] | None = None, covariates: Collection[str] | None = None,
) -> ImportReport:
    """Read the canonical files in `folder`, and those of `suppliers`, into the empty directory `target`.

    Writes one Parquet file per table, `rejects.csv` and `manifest.json`, all readable by the owner only. `key`
    makes the pseudonyms (32 bytes); days after `today` are in the future; `benefit_of` gives the key of a
    benefit's name. A file of which more than `max_rejected_share` is rejected is taken to be the wrong file.
    `threads` and `memory` (such as `"3GB"`) bound the engine. With `file_key`, which gives each file's key (32
    bytes), every table is encrypted from its first byte, and the engine does not spill to the disk.

    Raises `GevinstError` with the `intake.*` and `workspace.*` codes of `messages/`, and leaves `target` empty.
    """
    if any(target.iterdir()):
        raise GevinstError("intake.target-not-empty", where=str(target))
    parts, notes = find_parts(folder, suppliers)
    pseudonymiser, names = Pseudonymiser(key), _names(parts)

    def rules(part: Part) -> Rules:
        return Rules(names[part.path], part.contract, today.toordinal() - UNIX_DAY, benefit_of, pseudonymiser,
                     covariates)

    try:
        with told_plainly(target):
            report = _read(
                parts, rules, notes, target, key, _Bounds(
                    max_rejected_share, threads, memory, file_key, None if covariates is None else MOST_LEVELS))
            sync_folder(target)
            return report
    except BaseException:
        clear(target)
        raise


def _names(parts: Sequence[Part]) -> dict[Path, str]:
    """What each file is called in reports and rejects: its name without a person's id, and unlike any other's."""
    names: dict[Path, str] = {}
    for path in dict.fromkeys(part.path for part in parts):
        name = without_cpr(path.name)
        alike = sum(without_cpr(other.name) == name for other in names)
        names[path] = f"{name} ({alike + 1})" if alike else name
    return names


@dataclass(frozen=True)
class _Bounds:
    """How much of the machine an import may use, how much of a file may be rejected, and what may be written plain."""

    max_rejected_share: float
    threads: int | None
    memory: str | None
    file_key: Callable[[Path], bytes] | None
    most_levels: int | None


def _read(parts: Sequence[Part], rules: Callable[[Part], Rules], notes: tuple[Note, ...], target: Path, own_key: bytes,
          bounds: _Bounds) -> ImportReport:
    scratch = target / SCRATCH
    scratch.mkdir(mode=0o700)
    with RejectLog(target, cells=bounds.file_key is None) as log:
        tables: dict[str, list[Staged]] = {}
        for part in parts:
            several = tables.setdefault(part.contract.name, [])
            path = scratch / f"{part.contract.name}-{len(several)}.parquet"
            key = bounds.file_key and bounds.file_key(path)
            several.append(stage(part, rules(part), path, log, key, number=len(several)))
            _refuse_wrong_file(several[-1], log, bounds.max_rejected_share)
            _refuse_two_ends(several)
        staged = [StagedTable(tuple(several)) for several in tables.values()]
        closed = bounds.file_key is not None
        backend = replace(
            open_duckdb(threads=bounds.threads, memory=bounds.memory, scratch=scratch, spill=not closed),
            file_key=bounds.file_key, seals=closed)
        try:
            reports = _finish(staged, backend, target, log, bounds)
            has_spells = (target / "spells.parquet").exists()
            data_from, data_to = merge.data_period(backend, target) if has_spells else (None, None)
            # What still runs in a source's newest week mentions no day of it.
            said = [one.data_to for several in tables.values() for one in several if one.data_to is not None]
            data_to = max([*said, *([] if data_to is None else [data_to])], default=None)
        finally:
            backend.close()
    clear(scratch)
    scratch.rmdir()
    rejects_sha256 = hashlib.sha256((target / REJECTS_FILE).read_bytes()).hexdigest()
    key_name = key_id(own_key)
    write_manifest(target, Manifest(
        datetime.now(UTC), __version__, key_name, data_from, data_to, reports, notes, rejects_sha256, salt_of(own_key)))
    return ImportReport(reports, tuple(log.first), notes, data_from, data_to, key_name, target)


def _finish(staged: Sequence[StagedTable], backend: Backend, target: Path, log: RejectLog,
            bounds: _Bounds) -> tuple[FileReport, ...]:
    """Staged rows to stored tables, in the order that participants find the persons already there."""
    personal = [one for one in staged if one.contract.personal]
    if personal and merge.collisions(personal, backend):
        raise GevinstError("intake.pseudonym-collision")
    finish: dict[str, Callable[[StagedTable, Backend, Path], merge.Finished]] = {
        "spells": merge.finish_spells, "persons": partial(merge.finish_persons, most_levels=bounds.most_levels),
        "participants": merge.finish_participants, "payments": finish_payments, "postings": finish_postings}
    reports = []
    for one in staged:
        finished = finish.get(one.contract.name, merge.finish_other)(one, backend, target)
        log.add(finished.rejects, one.contract.name)
        for part in one.parts:
            _refuse_wrong_file(part, log, bounds.max_rejected_share)
        reports.append(_file_report(one, finished, log))
    return tuple(reports)


def _file_report(staged: StagedTable, finished: merge.Finished, log: RejectLog) -> FileReport:
    table = staged.contract.name
    parts = tuple(
        FilePart(one.name, one.sha256, one.rows, log.rejected(one.name, table), one.supplier) for one in staged.parts)
    rows, rejected = sum(part.rows for part in parts), sum(part.rejected for part in parts)
    reasons = sum((log.counts.get((part.name, table), Counter()) for part in parts), Counter[str]())
    several = len(parts) > 1
    checksums = hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest()
    return FileReport(
        name=f"{parts[0].name} (+{len(parts) - 1})" if several else parts[0].name, table=table,
        sha256=checksums if several else parts[0].sha256, rows=rows, accepted=rows - rejected, rejected=rejected,
        duplicates=finished.duplicates, merged=finished.merged, stored=finished.stored,
        notes=_added(one for part in staged.parts for one in part.notes) + finished.notes,
        reasons=ranked(reasons), parts=parts)


def _added(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Notes of several parts: those that only count rows are added, others that say the same are said once."""
    found: dict[tuple[str, tuple[tuple[str, str | int], ...]], int | None] = {}
    for one in notes:
        words = tuple(pair for pair in one.values if pair[0] != "rows")
        rows = next((int(value) for name, value in one.values if name == "rows"), None)
        before = found.get((one.code, words))
        found[one.code, words] = rows if before is None else before + (rows or 0)
    return tuple(  # no rows is a number of rows too
        note(code, **dict(words), **({} if rows is None else {"rows": rows})) for (code, words), rows in found.items())


def _refuse_wrong_file(staged: Staged, log: RejectLog, max_rejected_share: float) -> None:
    """Refuse a file that mostly does not fit, and a file of persons without a row."""
    if staged.rows == 0 and staged.contract.personal:
        raise GevinstError("intake.no-rows", where=staged.name)
    rejected = log.rejected(staged.name, staged.contract.name)
    if rejected <= max_rejected_share * staged.rows:
        return
    first = tuple(one for one in log.first if one.file == staged.name)
    values: dict[str, str] = {}
    for language in LANGUAGES:
        values |= _refusal(language, staged.rows, rejected, max_rejected_share, first)
    raise GevinstError("intake.too-many-rejects", where=staged.name, **values)


def _refuse_two_ends(several: Sequence[Staged]) -> None:
    """Refuse deliveries of two months side by side: whoever still ran in the older one would run for ever."""
    newest = several[-1]
    for one in several[:-1]:
        if one.supplier == newest.supplier and one.data_to and newest.data_to and one.data_to != newest.data_to:
            older, newer = sorted((one, newest), key=lambda staged: (staged.data_to or date.min, staged.name))
            raise GevinstError("intake.two-ends", where=older.name, other=newer.name,
                               older=short_date(older.data_to or date.min), newer=short_date(newer.data_to or date.min))


def _refusal(language: Language, rows: int, rejected: int, limit: float, first: tuple[Reject, ...]) -> dict[str, str]:
    with speaking(language):
        reasons = grouped_rejects(first, language)[:5]
        return {f"rows_{language}": number(rows), f"rejected_{language}": number(rejected),
                f"limit_{language}": percent(limit, 0), f"reasons_{language}": "\n    ".join(["", *reasons])}
