"""Published counts: persons and full-time persons on a benefit, by month.

The columns are found by their words ("Antal fuldtidspersoner", "Antal personer"); those that hold a share or a
change are passed over. The newest month rises when it is published again, because registrations come late.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from gevinst.errors import GevinstError
from gevinst.sources.cells import shown
from gevinst.sources.online.contracts import PublishedCount
from gevinst.sources.online.shapes import Rows, period_parts
from gevinst.sources.online.survival import period_column
from gevinst.sources.online.values import Unreadable, plain_words, published_number
from gevinst.sources.report import Note, note

FULL_TIME_PERSONS = "full_time_persons"
PERSONS = "persons"
_NOT_A_COUNT = ("pct", "procent", "andel", "udvikling", "ændring", "gennemsnit", "gnsn", "sæsonkorrigeret", "indeks")


def count_columns(columns: Iterable[str]) -> dict[str, str]:
    """The columns that count, by measure: the shortest name that fits.

    >>> count_columns(["Periode", "Antal personer", "Antal fuldtidspersoner", "Fuldtidspersoner i pct."])
    {'full_time_persons': 'Antal fuldtidspersoner', 'persons': 'Antal personer'}
    """
    counting = [name for name in columns if not any(word in plain_words(name) for word in _NOT_A_COUNT)]
    found = {}
    for measure, word in ((FULL_TIME_PERSONS, "fuldtidspersoner"), (PERSONS, "personer")):
        fitting = [name for name in counting if word in plain_words(name).split()]
        if fitting:
            found[measure] = min(fitting, key=lambda name: (len(name), name))
    return found


def read_counts(rows: Rows, benefit: str, municipality: str, source: str, where: str) -> tuple[list[PublishedCount],
                                                                                              list[Note]]:
    """The counts of the rows, one per month; months without a figure are left out.

    Raises `online.no-counts`, `online.shape`, `online.not-a-period`, `online.period-twice`, `online.count-range`,
    `online.only-blanks`.
    """
    columns = count_columns(rows.columns)
    if FULL_TIME_PERSONS not in columns:
        raise GevinstError("online.no-counts", where=where, columns=", ".join(map(shown, rows.columns[:8])) or "–")
    place = period_column(rows.columns, where)
    found: dict[date, PublishedCount] = {}
    odd = 0
    for row in rows.rows:
        month = _month(str(row[place] if row[place] is not None else ""), where)
        if month in found:
            raise GevinstError("online.period-twice", where=where, period=f"{month:%Y-%m}")
        read = {measure: published_number(row[name]) for measure, name in columns.items()}
        odd += sum(isinstance(value, Unreadable) for value in read.values())
        values = {measure: value for measure, value in read.items() if isinstance(value, Decimal)}
        if any(value < 0 for value in values.values()):
            raise GevinstError("online.count-range", where=where, period=f"{month:%Y-%m}")
        persons = values.get(PERSONS)
        found[month] = PublishedCount(benefit, month, municipality, None if persons is None else round(persons),
                                      values.get(FULL_TIME_PERSONS), source)
    kept = [one for month, one in sorted(found.items()) if (one.persons, one.full_time_persons) != (None, None)]
    if not kept:
        raise GevinstError("online.only-blanks", where=where)
    return kept, [note("online.unreadable-cells", cells=odd)] if odd else []


def _month(text: str, where: str) -> date:
    parts = period_parts(text)
    if parts is None or parts[1] != "M" or not 1 <= parts[2] <= 12:
        raise GevinstError("online.not-a-period", where=where, value=shown(text) or "–")
    return date(parts[0], parts[2], 1)
