"""A delivery beside the one before it: what a forgotten file or an older month looks like."""

from __future__ import annotations

from gevinst.language import short_date
from gevinst.sources.manifest import Manifest
from gevinst.sources.report import ImportReport, Note, note


def beside_the_last(report: ImportReport, earlier: Manifest) -> tuple[Note, ...]:
    """What the user should know: tables that the earlier delivery had and this one has not, and an earlier end.

    Nothing is refused: a delivery stands alone, and may rightly be smaller.
    """
    there = {file.table for file in report.files}
    gone = [file.table for file in earlier.files if file.table not in there]
    notes = [note("intake.tables-gone", tables=", ".join(gone))] if gone else []
    if report.data_to and earlier.data_to and report.data_to < earlier.data_to:
        notes.append(note("intake.ends-earlier", last=short_date(report.data_to), before=short_date(earlier.data_to)))
    return tuple(notes)
