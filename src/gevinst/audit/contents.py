"""What is in an auditor's package: an edition with all it rests on but the data, and the twin in the data's place."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gevinst.audit.basis import Audited, audited, rests_on_persons, twin_of
from gevinst.audit.logs import ACCESS, EDITION_LOG, JOURNAL_LOG, access_counts, edition_log, journal_log
from gevinst.audit.printed import printed_in
from gevinst.audit.program import constraints, program
from gevinst.audit.twin_run import OF_THE_RUN, PLAN, PORTFOLIO, Plan, run_twin
from gevinst.audit.words import readme
from gevinst.checksums import SUMS, as_sums, differing, read_sums, sha256_of
from gevinst.editions.basis import Basis
from gevinst.editions.recipe import record_shown
from gevinst.editions.rerun import rerun
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, speaking
from gevinst.register.ledger_rules import LedgerTerms
from gevinst.register.protocol import ProtocolEntry, ProtocolRecord, fixed_before_data
from gevinst.register.store import open_store
from gevinst.register.yaml_file import portfolio_text
from gevinst.settings import Settings
from gevinst.sources.manifest import read_manifest

FORMAT = 1
PACKAGE, README, RERUN = "package.json", "README.md", "rerun.json"
EDITION_FOLDER, TWIN_MEMO = "edition", "twin/memo"
TOLD = ("municipality", "municipality_code", "language", "small_cell_threshold", "small_cell_rules",
        "small_cell_rounding", "minimum_participants", "replicates", "seed", "max_rejected_share", "synthetic",
        "reporting_lag_weeks", "encrypt_snapshots", "keep_snapshots_months", "keep_editions", "keep_persons_years")
"""The settings that are told: no addresses, no paths, no keys."""
FEW_PLACED = """\
# Færre end {few} placerede står som 1, færre end {few} deltagere står slet ikke.
# Fewer than {few} placed stand as 1, fewer than {few} participants not at all.
"""


def contents(settings: Settings, key: str) -> dict[str, bytes]:
    """The files of the package of an edition, by their place in the archive; words in the edition's language.

    Raises `package.damaged` where the edition's own files are not as they were left, `package.no-record` where its
    portfolio is gone, and the errors of reading, of the twin and of running its memo.
    """
    language = audited(settings, key).recipe.sealed["language"]
    with speaking(next(one for one in LANGUAGES if one == language)):
        one = audited(settings, key)
        _require_whole(one)
        files = _files(settings, one)
    files[SUMS] = as_sums({name: sha256_of(content) for name, content in files.items()})
    return files


def _files(settings: Settings, one: Audited) -> dict[str, bytes]:
    if one.basis is None:
        raise GevinstError("package.no-record", where=str(one.found.folder), edition=one.recipe.id)
    persons = rests_on_persons(one.basis)
    if one.recipe.said["snapshot"] is not None and not persons:
        raise GevinstError("twin.no-persons", where=str(one.found.folder), edition=one.recipe.id)
    files = {**_edition(one), **_record(settings, one, one.basis), **_logs(settings, one), **_program(settings)}
    files[RERUN] = _json(_rerun(settings, one))
    if persons:
        made = twin_of(one.basis, printed=printed_in(one.found.folder))
        files |= {f"twin/{name}": content for name, content in made.files.items()}
    files[PLAN] = _json(_plan(settings, one, one.basis, persons=persons).as_json())
    files |= _twin_memo(files)
    files[PACKAGE] = _json({"format": FORMAT, "edition": one.recipe.id, "portfolio": one.basis.portfolio.key,
                            "made_by": one.recipe.code_version, "twin": persons, "missing": list(one.missing)})
    files[README] = readme(one, persons=persons).encode()
    return files


def _rerun(settings: Settings, one: Audited) -> dict[str, Any]:
    """What came of running the edition again on the real data, here and now.

    Of a figure that differs only its name: two values of one count would tell what is between them.
    """
    try:
        done = rerun(settings, one.found)
    except GevinstError as fault:  # an auditor must know, and the package is not refused for it
        return {"compared": 0, "not_compared": None, "remarks": [fault.message().what], "differing": []}
    return {"compared": done.compared, "not_compared": done.not_compared, "remarks": list(done.remarks),
            "differing": [f"{each.file} {each.figure}" for each in done.differences]}


def _require_whole(one: Audited) -> None:
    folder = one.found.folder
    wrong = one.found.damaged
    if one.found.record is None:
        try:
            wrong = differing(folder, read_sums(folder))
        except (OSError, ValueError):
            wrong = (SUMS,)
    if wrong:
        raise GevinstError("package.damaged", where=str(folder), edition=folder.name, files=", ".join(wrong))


def _edition(one: Audited) -> dict[str, bytes]:
    """The edition's folder as it is, and its inputs and parameters as lists."""
    folder, sealed = one.found.folder, one.recipe.sealed
    names = [*read_sums(folder), SUMS]
    found = {f"{EDITION_FOLDER}/{name}": (folder / name).read_bytes() for name in names}
    found["inputs.csv"] = as_csv(("name", "sha256", "rows"), (
        (row["name"], row["sha256"], row["rows"]) for row in sealed["inputs"]))
    columns = ("name", "value", "valid", "source", "verified")
    found["parameters.csv"] = as_csv(columns, ([row[name] for name in columns] for row in sealed["parameters"]))
    return found


def _record(settings: Settings, one: Audited, basis: Basis) -> dict[str, bytes]:
    """The portfolio as it was adopted, and each investment's protocol: its plans, checksums and days."""
    until = datetime.fromisoformat(one.recipe.said["record"]["saved_at"])
    with open_store(settings.store_url) as store:
        entries = store.protocol_entries(basis.portfolio.key, until)
    records = basis.options.protocols
    plans = {f"protocols/{_file_name(entry, entries)}": entry.plan.encode("ascii") for entry in entries}
    numbers = {case.key: case.number for case in basis.portfolio.investments}
    first_data = basis.options.first_data
    rows = [_protocol_row(numbers.get(name, ""), name, record, first_data) for name, record in sorted(records.items())]
    head = ("number", "investment", "sha256", "fixed_on", "fixed_sha256", "changes", "fixed_before_data")
    return {PORTFOLIO: _portfolio(basis).encode(), "protocols/protocols.csv": as_csv(head, rows), **plans}


def _portfolio(basis: Basis) -> str:
    """The portfolio as an edition holds it, and what is to be known of that."""
    rules = basis.options.rules
    return FEW_PLACED.format(few=rules.threshold) + portfolio_text(record_shown(basis.portfolio, rules))


def _file_name(entry: ProtocolEntry, entries: Sequence[ProtocolEntry]) -> str:
    """A plan's file: its SHA-256 is the protocol's checksum."""
    mine = [other for other in entries if other.investment == entry.investment]
    return f"{entry.investment}-{mine.index(entry) + 1}.json"


def _protocol_row(number: str, key: str, record: ProtocolRecord, first_data: datetime | None) -> list[Any]:
    early = fixed_before_data(record, first_data)
    changes = "; ".join(f"{one.changed_on.isoformat()} {one}" for one in record.changes)
    return [number, key, record.sha256, record.fixed_on.isoformat(), record.fixed_sha256, changes,
            "" if early is None else early]


def _logs(settings: Settings, one: Audited) -> dict[str, bytes]:
    return {EDITION_LOG: _json(edition_log(settings, one.found.folder.name)),
            JOURNAL_LOG: _json(journal_log(settings)), ACCESS: _json(access_counts(settings))}


def _program(settings: Settings) -> dict[str, bytes]:
    said = {name: getattr(settings, name) for name in TOLD}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in said.items() if value is not None]
    return {"program/program.json": _json(program()), "program/constraints.txt": constraints().encode(),
            "settings.toml": "\n".join([*lines, ""]).encode()}


def _plan(settings: Settings, one: Audited, basis: Basis, *, persons: bool) -> Plan:
    """How the memo is run from the twin: as the edition was, by the moments of its record and its data."""
    terms = {name: str(value) for name, value in asdict(basis.options.ledger_terms).items()}
    usual = {name: str(value) for name, value in asdict(LedgerTerms()).items()}
    saved = datetime.fromisoformat(one.recipe.said["record"]["saved_at"])
    taken = read_manifest(basis.snapshot).created if basis.snapshot is not None and persons else saved
    return Plan(
        settings.municipality, settings.municipality_code,
        {name: getattr(basis.settings, name) for name in OF_THE_RUN}, one.recipe.memo_date, basis.options.language,
        saved.astimezone(UTC), _moment(basis.snapshot, taken), persons, basis.options.partial_open,
        {} if terms == usual else terms)


def _moment(snapshot: Path | None, otherwise: datetime) -> datetime:
    """When the data were imported, as the snapshot's name says."""
    if snapshot is None:
        return otherwise.astimezone(UTC)
    return datetime.strptime(snapshot.name.partition("-")[0], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)


def _twin_memo(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The memo run from the twin, as whoever opens the package will run it."""
    with tempfile.TemporaryDirectory(prefix="gevinst-package-") as scratch:
        package = Path(scratch) / "package"
        for name, content in files.items():
            (package / name).parent.mkdir(parents=True, exist_ok=True)
            (package / name).write_bytes(content)
        folder = run_twin(package, Path(scratch) / "opened").folder
        made = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    # The parameters are those of the edition, which are in the package already.
    return {f"{TWIN_MEMO}/{name}": content for name, content in made.items() if not name.startswith("parameters/")
            and name != SUMS}


def as_csv(head: Sequence[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A table for a spreadsheet: UTF-8 with a mark, semicolons between."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
