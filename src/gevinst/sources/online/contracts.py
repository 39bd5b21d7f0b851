"""The canonical table of published counts: how many were on a benefit in a month, by what the source publishes.

It holds no persons. The data-quality report sets the register's own counts beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gevinst.tables import Column, Contract

FULL_TIME_PERSONS = "full_time_persons"
PERSONS = "persons"

PUBLISHED_COUNTS = Contract(
    "published_counts",
    key=("benefit", "area", "month", "measure"),
    columns=(
        Column("benefit", "benefit", "Ydelsens navn", "The benefit's key"),
        Column("area", "text", "Kommune eller Hele landet", "Municipality or the whole country (Hele landet)"),
        Column("month", "date", "Den første i måneden", "The first of the month"),
        Column("measure", "text", "full_time_persons eller persons", "full_time_persons or persons"),
        Column("value", "decimal", "Antallet", "The number", low=0),
        Column("source", "text", "Kilde, tabel og hentedag", "Source, table and the day it was fetched"),
    ),
)


@dataclass(frozen=True)
class PublishedCount:
    """One row of `published_counts`. `month` is its first day."""

    benefit: str
    area: str
    month: date
    measure: str
    value: Decimal
    source: str
