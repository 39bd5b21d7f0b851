"""What a DREAM file says of the persons themselves: id, sex, age, unemployment fund, municipality, and when they left.

Columns that repeat by year (`akYY`, `nykomYYYY`) are taken from the newest year that is not after a stated day, so
that a covariate can be held before what it is to explain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from gevinst.errors import GevinstError
from gevinst.sources.header import known_name, plain_name
from gevinst.sources.suppliers.dream_runs import Ints
from gevinst.sources.suppliers.dream_weeks import PIVOT, listed, week_in
from gevinst.tables import PERSONS
from gevinst.weeks import monday

IDS = {"lobenr", "løbenr", "loebenr", "lbnr", "pnr"}
SEX = {"kon", "køn", "koen"}
COVARIATES = ("akasse", "alder", "kon", "nykom")
_AGE = re.compile(r"alder(\d{4})?", re.ASCII)
_FUND = re.compile(r"ak_?(\d{2})", re.ASCII)
_PLACE = re.compile(r"nykom_?(\d{4})?", re.ASCII)
_DAYS_A_YEAR = 365.25
OLDEST = 120


@dataclass(frozen=True)
class PersonColumns:
    """The columns of persons, by place: the id, and the covariates found. `age_day` is the day of the age column."""

    id: int
    covariates: Mapping[str, int]
    age_day: date | None
    used: frozenset[int]


def person_columns(names: Sequence[str], on: date, where: str) -> PersonColumns:
    """Find them. Raises `dream.no-id` and `dream.two-ids`."""
    plain = [plain_name(name) for name in names]
    ids = [place for place, name in enumerate(plain)
           if name in IDS or known_name(name, PERSONS) == "person_id"]
    if not ids:
        raise GevinstError("dream.no-id", where=where)
    if len(ids) > 1:
        raise GevinstError("dream.two-ids", where=where, columns=listed([names[place] for place in ids]))
    found: dict[str, int] = {}
    families = {"alder": [place for place, name in enumerate(plain) if _AGE.fullmatch(name)],
                "kon": [place for place, name in enumerate(plain) if name in SEX],
                "akasse": _by_year(plain, _FUND, on), "nykom": _by_year(plain, _PLACE, on)}
    for name, places in families.items():
        if places:
            found[name] = places[-1]
    age = _AGE.fullmatch(plain[found["alder"]]) if "alder" in found else None
    week = week_in(f"y_{age.group(1)}") if age and age.group(1) else None
    used = frozenset({ids[0], *(place for places in families.values() for place in places)})
    return PersonColumns(ids[0], dict(sorted(found.items())), None if week is None else monday(week), used)


def _by_year(plain: Sequence[str], shape: re.Pattern[str], on: date) -> list[int]:
    """The places of a family's columns not after the day `on`, by year; one without a year comes first."""
    dated = []
    for place, name in enumerate(plain):
        found = shape.fullmatch(name)
        if found:
            figures = found.group(1) or "0000"
            year = int(figures) if len(figures) == 4 else int(figures) + (1900 if int(figures) >= PIVOT else 2000)
            if year <= on.year:
                dated.append((year, place))
    return [place for _, place in sorted(dated)]


def age_on(texts: pa.Array, from_day: date | None, on: date) -> pa.Array:
    """Ages in whole years on a day, as text, from ages on `from_day`; null where there is no age.

    An age in whole years may be a year too low afterwards, because the birthday is not known.

    >>> age_on(pa.array(["30", "-4,5", None, "x"]), date(1991, 7, 29), date(2021, 7, 29)).to_pylist()
    ['60', '25', None, None]
    """
    years = 0.0 if from_day is None else (on - from_day).days / _DAYS_A_YEAR
    return _by_distinct(texts, lambda text: _older(text, years))


def _older(text: str, years: float) -> str | None:
    try:
        age = float(text.replace(",", ".")) + years
    except ValueError:
        return None
    return str(int(np.floor(age + 0.01))) if 0 <= age <= OLDEST else None  # 0.01: leap days


def _by_distinct(texts: pa.Array, of: Callable[[str], str | None]) -> pa.Array:
    coded = texts.dictionary_encode()
    meant = pa.array([None if text is None else of(text) for text in coded.dictionary.to_pylist()], pa.string())
    return meant.take(coded.indices)


def person_cells(ids: Any, others: Mapping[str, pa.Array], columns: PersonColumns, on: date, left: Ints,
                 mondays: pa.Array) -> pa.Table:
    """The rows of a batch as the table `persons` wants them. `left` is a week column's place, or −1."""
    gone = pa.array(np.where(left < 0, 0, left).astype(np.int32), mask=left < 0)
    cells: dict[str, Any] = {"person_id": ids, "left_register_date": pa.DictionaryArray.from_arrays(gone, mondays)}
    for name in columns.covariates:
        texts = age_on(others[name], columns.age_day, on) if name == "alder" else others[name]
        cells[name] = texts.dictionary_encode()
    return pa.table(cells)
