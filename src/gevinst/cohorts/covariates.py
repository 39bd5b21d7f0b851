"""Covariates in bands: fine ones for the referral model, coarse ones for exact cells.

Numbers are cut at their own quantiles (fine and coarse ones), which needs no knowledge of what they mean; those
with few values, and texts, are taken value by value. A missing value is a value of its own, never a reason to leave
a person out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gevinst.cohorts.histories import Histories
from gevinst.errors import GevinstError
from gevinst.language import say

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FINE_MOST, COARSE = 20, 4
PARTICIPANTS_PER_BAND = 20
"""A number has one fine band for so many participants, between `COARSE` and `FINE_MOST`: more would fit their luck."""
FEW_VALUES = 6
"""Numbers with no more distinct values than this are taken as they are."""
RARE = 0.005
"""Texts that fewer than this share of the persons have are put together as one."""
ELAPSED_EDGES = (
    1, 2, 3, 4, 5, 7, 10, 14, 18, 22, 27, 33, 40, 46, 53, 66, 79, 92, 105, 131, 157, 209
)  # fmt: skip
"""Where the fine bands of elapsed weeks begin; every band of `BAND_EDGES` begins one."""
BAND_EDGES = (5, 14, 27, 53, 105)
"""Where the bands of elapsed weeks begin: 0-4, 5-13, 14-26, 27-52, 53-104, 105+ (`docs/method/effects.md`)."""
PRIOR_EDGES = (1, 9, 18, 27, 40, 53, 66, 79, 92, 104)
PRIOR_COARSE = (27, 53, 79)
"""Bands of weeks on any support in the 104 weeks before: fine, and 0-26, 27-52, 53-78, 79-104."""


@dataclass(frozen=True)
class Covariate:
    """One covariate of N persons.

    `fine` and `coarse` are band numbers `[person]`; `ordered` says that neighbouring fine bands are alike. `values`
    are the numbers themselves (NaN where missing), None for texts; `labels` name the fine values of a text. `column`
    is the column of the persons file it was made of.
    """

    column: str
    name: str
    fine: Ints
    fine_levels: int
    ordered: bool
    coarse: Ints
    coarse_levels: int
    values: Floats | None = None
    labels: tuple[str, ...] = ()


def fine_bands(participants: int) -> int:
    """How many fine bands a number has.

    >>> fine_bands(60), fine_bands(200), fine_bands(5_000)
    (4, 10, 20)
    """
    return min(max(participants // PARTICIPANTS_PER_BAND, COARSE), FINE_MOST)


def covariates_of(histories: Histories, names: tuple[str, ...], bands: int = FINE_MOST) -> tuple[Covariate, ...]:
    """The named columns of the persons file for each person of the histories, numbers in so many fine bands."""
    if histories.covariates is None:
        return ()
    row = np.searchsorted(histories.person, np.asarray(histories.covariates["person"], np.int64))
    found: list[Covariate] = []
    for name in names:
        column = histories.covariates[name].combine_chunks()
        size = len(histories.person)
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            values = np.full(size, np.nan)
            values[row] = np.asarray(column.cast(pa.float64()).fill_null(float("nan")), np.float64)
            found += _numbers(name, values, bands)
        else:
            texts = np.full(size, "", dtype=object)
            texts[row] = [str(text) if text is not None else "" for text in column.to_pylist()]
            found.append(_texts(name, texts))
    return tuple(found)


def check_covariates(names: tuple[str, ...], known: tuple[str, ...]) -> None:
    """Raise `effect.unknown-covariate` where one is not a column of the persons file."""
    for name in names:
        if name not in known:
            raise GevinstError("effect.unknown-covariate", name=name, known=", ".join(known) or "–")


def _numbers(name: str, values: Floats, bands: int) -> list[Covariate]:
    known = np.isfinite(values)
    distinct = np.unique(values[known])
    missing = [] if known.all() else [_missing(name, known)]
    if not len(distinct):
        return missing
    # One who has no number is put in the middle band; that she has none is a covariate of its own.
    filled = np.where(known, values, np.quantile(distinct, 0.5, method="lower"))
    if len(distinct) <= FEW_VALUES:
        codes = np.searchsorted(distinct, filled)
        labels = tuple(f"{value:g}" for value in distinct)
        one = Covariate(name, name, codes, len(distinct), len(distinct) > 2, codes, len(distinct), values, labels)
        return [one, *missing]
    fine, coarse = (_edges(values[known], parts) for parts in (bands, COARSE))
    return [
        Covariate(
            name,
            name,
            np.searchsorted(fine, filled, side="right"),
            len(fine) + 1,
            True,
            np.searchsorted(coarse, filled, side="right"),
            len(coarse) + 1,
            values,
        ),
        *missing,
    ]


def _missing(name: str, known: npt.NDArray[np.bool_]) -> Covariate:
    codes = (~known).astype(np.int64)
    title = say(da=f"{name}: ikke oplyst", en=f"{name}: not given")
    return Covariate(name, title, codes, 2, False, codes, 2, codes.astype(np.float64), ("0", "1"))


def _edges(values: Floats, bands: int) -> Floats:
    """The inner borders of so many bands of equal size; fewer where many share a value."""
    inner = np.quantile(values, np.arange(1, bands) / bands, method="higher")
    edges: Floats = np.unique(inner[inner > values.min()])
    return edges


def _texts(name: str, texts: npt.NDArray[np.object_]) -> Covariate:
    distinct, codes = np.unique(texts.astype(str), return_inverse=True)
    share = np.bincount(codes, minlength=len(distinct)) / max(len(texts), 1)
    common = np.flatnonzero(share >= RARE)
    place = np.full(len(distinct), len(common), np.int64)
    place[common] = np.arange(len(common))
    labels = [str(distinct[number]) or say(da="ikke oplyst", en="not given") for number in common]
    if len(common) < len(distinct):
        labels.append(say(da="andet", en="other"))
    fine = place[codes]
    return Covariate(name, name, fine, len(labels), False, fine, len(labels), None, tuple(labels))


def banded(values: npt.NDArray[np.integer], edges: tuple[int, ...]) -> Ints:
    """The number of the band each value lies in; `edges` are where the second and later bands begin.

    >>> banded(np.array([0, 4, 5, 200]), BAND_EDGES).tolist()
    [0, 0, 1, 5]
    """
    table = np.searchsorted(np.asarray(edges), np.arange(edges[-1] + 1), side="right")
    return np.asarray(table[np.clip(values, 0, edges[-1])], np.int64)
