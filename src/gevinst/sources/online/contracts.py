"""Published counts as they are passed about before they become rows of the canonical table `published_counts`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WHOLE_COUNTRY_CODE = "000"  # Statistics Denmark's code for the whole country


@dataclass(frozen=True)
class PublishedCount:
    """A benefit in a month. `month` is its first day; `municipality` a code where it is known, else the area's name."""

    benefit: str
    month: date
    municipality: str
    persons: int | None
    full_time_persons: Decimal | None
    source: str
