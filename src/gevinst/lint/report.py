"""Findings as a person reads them, as JSON and as CSV; without what looks like a CPR number, whoever wrote it there."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from gevinst.language import number, say
from gevinst.lint.findings import Located
from gevinst.lint.reading import Reading
from gevinst.register.findings import Severity
from gevinst.register.printed_tables import decimals_of
from gevinst.sources.cells import without_cpr

_FIELDS = ("file", "severity", "code", "page", "cell", "table", "row", "column", "text", "what", "do", "should_be",
           "rounding")


@dataclass(frozen=True)
class Linted:
    """A file with its findings, and how much of it was read."""

    path: Path
    found: tuple[Located, ...]
    reading: Reading

    @property
    def grave(self) -> bool:
        """There is an error or a warning."""
        return any(each.grave for each in self.found)


def as_text(files: Sequence[Linted]) -> str:
    """File by file: each finding with its place, what it is and what to do, how much was read, and a count."""
    lines: list[str] = []
    for file in files:
        lines += [*([""] if lines else []), str(file.path)]
        for each in file.found:
            what, do = each.finding.message()
            lines.append(f"  {each.finding.severity.label} · {each.place} [{each.finding.code}]")
            lines += [f"    {line}" for line in (what, do, _right(each)) if line]
        lines += [f"  {file.reading}", f"  {_count(file.found)}"]
    return without_cpr("\n".join(lines))


def _right(each: Located) -> str:
    right = each.should_be
    if right is None:
        return ""
    shown = _number(right)
    if not each.slack:
        return say(da=f"De andre tal giver {shown}.", en=f"The other figures give {shown}.")
    slack = number(each.slack, decimals_of(each.slack.normalize()))
    return say(da=f"De andre tal giver {shown}; afrunding kan forklare op til {slack} i forskel.",
               en=f"The other figures give {shown}; rounding may explain up to {slack}.")


def _number(value: Decimal) -> str:
    return number(value, decimals_of(value))


def _count(found: Iterable[Located]) -> str:
    kinds = [each.finding.severity for each in found]
    if not kinds:
        return say(da="Ingen fejl fundet.", en="No faults found.")
    errors, warnings, notes = (kinds.count(kind) for kind in (Severity.ERROR, Severity.WARNING, Severity.NOTE))
    return say(
        da=f"{errors} fejl, {warnings} {'advarsel' if warnings == 1 else 'advarsler'}, "
           f"{notes} {'bemærkning' if notes == 1 else 'bemærkninger'}.",
        en=f"{errors} {'error' if errors == 1 else 'errors'}, {warnings} {'warning' if warnings == 1 else 'warnings'}, "
           f"{notes} {'remark' if notes == 1 else 'remarks'}.",
    )


def as_json(files: Sequence[Linted]) -> str:
    """A list of files with their findings and what was read; figures as text with a decimal point."""
    made = [{"file": without_cpr(str(file.path)), "read": asdict(file.reading),
             "findings": [_record(file.path, each) for each in file.found]} for file in files]
    return json.dumps(made, ensure_ascii=False, indent=2)


def as_csv(files: Sequence[Linted]) -> str:
    """A line per finding, with semicolons and a header, as Danish spreadsheets open it."""
    made = io.StringIO()
    writer = csv.DictWriter(made, _FIELDS, delimiter=";", lineterminator="\n")
    writer.writeheader()
    for file in files:
        for each in file.found:
            writer.writerow({name: _unarmed(value) for name, value in _record(file.path, each).items()})
    return made.getvalue()


def _unarmed(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula, made text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "@", "\t", "\r") else value


def _record(path: Path, each: Located) -> dict[str, Any]:
    what, do = each.finding.message()
    place = each.place
    said = {
        "file": str(path), "severity": each.finding.severity.value, "code": each.finding.code, "page": place.page,
        "cell": place.cell, "table": place.table, "row": place.row, "column": place.column, "text": place.text,
        "what": what, "do": do, "should_be": None if each.should_be is None else str(each.should_be),
        "rounding": None if each.slack is None else str(each.slack),
    }
    return {name: without_cpr(value) if isinstance(value, str) else value for name, value in said.items()}
