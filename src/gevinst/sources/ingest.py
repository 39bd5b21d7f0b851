"""A folder of canonical files in, pseudonymous Parquet out; all of it or nothing.

    read → check → pseudonymise → stage → merge → count → seal

Each file is read once, as a stream (`reading`, `checks`, `staging`); ids are hashed before the first byte is
written. What needs all rows together (repeats, overlaps, unknown persons) is done on the staged, pseudonymous
rows in the backend (`merge`). The manifest is written last.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from gevinst.backend import Backend, open_duckdb
from gevinst.disk import clear, sync_folder, told_plainly
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, Language, number, percent, speaking
from gevinst.parameters.benefits import normalise_benefit
from gevinst.sources import merge
from gevinst.sources.cells import UNIX_DAY, shown
from gevinst.sources.checks import Rules
from gevinst.sources.manifest import Manifest, write_manifest
from gevinst.sources.pseudonym import Pseudonymiser, key_id
from gevinst.sources.report import FileReport, ImportReport, Note, Reject, grouped_rejects, note, ranked
from gevinst.sources.staging import REJECTS_FILE, RejectLog, Staged, stage
from gevinst.tables import CONTRACTS
from gevinst.version import __version__

__all__ = ["ImportReport", "Reject", "read_folder"]

MAX_REJECTED_SHARE = 0.10
SUFFIXES = (".csv", ".parquet")
SCRATCH = ".scratch"
# Spells and persons first: participants are held against them.
ORDER = ("spells", "persons", "participants", "postings", "investments", "suspensions", "prices", "published_curves")


def read_folder(
    folder: Path, target: Path, *, key: bytes, today: date,
    benefit_of: Callable[[str], str | None] = normalise_benefit, max_rejected_share: float = MAX_REJECTED_SHARE,
    threads: int | None = None, memory: str | None = None,
) -> ImportReport:
    """Read the canonical files in `folder` into the empty directory `target`.

    Writes one Parquet file per table, `rejects.csv` and `manifest.json`, all readable by the owner only. `key`
    makes the pseudonyms (32 bytes); days after `today` are in the future; `benefit_of` gives the key of a
    benefit's name. A file of which more than `max_rejected_share` is rejected is taken to be the wrong file.
    `threads` and `memory` (such as `"3GB"`) bound the engine.

    Raises `GevinstError` with the `intake.*` and `workspace.*` codes of `messages/`, and leaves `target` empty.
    """
    if any(target.iterdir()):
        raise GevinstError("intake.target-not-empty", where=str(target))
    files, notes = find_files(folder)
    pseudonymiser = Pseudonymiser(key)
    rules = {
        table: Rules(path.name, CONTRACTS[table], today.toordinal() - UNIX_DAY, benefit_of, pseudonymiser)
        for table, path in files.items()
    }
    try:
        with told_plainly(target):
            report = _read(files, rules, notes, target, key_id(key), max_rejected_share, threads, memory)
            sync_folder(target)
            return report
    except BaseException:
        clear(target)
        raise


def find_files(folder: Path) -> tuple[dict[str, Path], tuple[Note, ...]]:
    """The canonical files of a folder by table, and a note of the files that are not read.

    Raises `intake.folder-missing`, `intake.folder-unreadable`, `intake.nothing-found`, `intake.two-files` and
    `intake.file-missing` (there are participants or persons but no spells).
    """
    if not folder.is_dir():
        raise GevinstError("intake.folder-missing", where=str(folder))
    found: dict[str, Path] = {}
    others = []
    try:
        there = sorted(folder.iterdir())
    except OSError as fault:
        raise GevinstError("intake.folder-unreadable", where=str(folder)) from fault
    for path in there:
        table = path.stem.lower()
        if path.suffix.lower() in SUFFIXES and table in CONTRACTS:
            if table in found:
                raise GevinstError("intake.two-files", where=str(folder), one=found[table].name, other=path.name)
            found[table] = path
        elif not path.name.startswith("."):
            others.append(shown(path.name))
    if not found:
        raise GevinstError("intake.nothing-found", where=str(folder), names=", ".join(ORDER))
    if "spells" not in found and found.keys() & {"persons", "participants"}:
        raise GevinstError("intake.file-missing", where=str(folder), file="spells")
    notes = (note("intake.files-ignored", files=", ".join(others)),) if others else ()
    return {table: found[table] for table in ORDER if table in found}, notes


def _read(files: dict[str, Path], rules: dict[str, Rules], notes: tuple[Note, ...], target: Path, key_name: str,
          max_rejected_share: float, threads: int | None, memory: str | None) -> ImportReport:
    scratch = target / SCRATCH
    scratch.mkdir(mode=0o700)
    with RejectLog(target) as log:
        staged = []
        for table, path in files.items():
            staged.append(stage(path, rules[table], scratch, log))
            _refuse_wrong_file(staged[-1], log, max_rejected_share)
        backend = open_duckdb(threads=threads, memory=memory, scratch=scratch)
        try:
            reports = _finish(staged, backend, target, log, max_rejected_share)
            has_spells = "spells" in files
            data_from, data_to = merge.data_period(backend, target) if has_spells else (None, None)
        finally:
            backend.close()
    clear(scratch)
    scratch.rmdir()
    rejects_sha256 = hashlib.sha256((target / REJECTS_FILE).read_bytes()).hexdigest()
    write_manifest(target, Manifest(
        datetime.now(UTC), __version__, key_name, data_from, data_to, reports, notes, rejects_sha256))
    return ImportReport(reports, tuple(log.first), notes, data_from, data_to, key_name, target)


def _finish(staged: Sequence[Staged], backend: Backend, target: Path, log: RejectLog,
            max_rejected_share: float) -> tuple[FileReport, ...]:
    """Staged rows to stored tables, in the order that participants find the persons already there."""
    personal = [one for one in staged if one.contract.personal]
    if personal and merge.collisions(personal, backend):
        raise GevinstError("intake.pseudonym-collision")
    finish = {"spells": merge.finish_spells, "persons": merge.finish_persons,
              "participants": merge.finish_participants}
    reports = []
    for one in staged:
        finished = finish.get(one.contract.name, merge.finish_other)(one, backend, target)
        log.add(finished.rejects)
        _refuse_wrong_file(one, log, max_rejected_share)
        reports.append(_file_report(one, finished, log))
    return tuple(reports)


def _file_report(staged: Staged, finished: merge.Finished, log: RejectLog) -> FileReport:
    rejected = log.rejected(staged.name)
    return FileReport(
        name=staged.name, table=staged.contract.name, sha256=staged.sha256, rows=staged.rows,
        accepted=staged.rows - rejected, rejected=rejected, duplicates=finished.duplicates, merged=finished.merged,
        stored=finished.stored, notes=staged.notes + finished.notes,
        reasons=ranked(log.counts.get(staged.name, Counter())))


def _refuse_wrong_file(staged: Staged, log: RejectLog, max_rejected_share: float) -> None:
    """Refuse a file that mostly does not fit, and a file of persons without a row."""
    if staged.rows == 0 and staged.contract.personal:
        raise GevinstError("intake.no-rows", where=staged.name)
    rejected = log.rejected(staged.name)
    if rejected <= max_rejected_share * staged.rows:
        return
    first = tuple(one for one in log.first if one.file == staged.name)
    values: dict[str, str] = {}
    for language in LANGUAGES:
        values |= _refusal(language, staged.rows, rejected, max_rejected_share, first)
    raise GevinstError("intake.too-many-rejects", where=staged.name, **values)


def _refusal(language: Language, rows: int, rejected: int, limit: float, first: tuple[Reject, ...]) -> dict[str, str]:
    with speaking(language):
        reasons = grouped_rejects(first, language)[:5]
        return {f"rows_{language}": number(rows), f"rejected_{language}": number(rejected),
                f"limit_{language}": percent(limit, 0), f"reasons_{language}": "\n    ".join(["", *reasons])}
