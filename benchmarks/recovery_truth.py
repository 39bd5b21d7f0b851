"""What an investment truly saved, in kroner: the participants' weeks as they were and as they would have been.

Both potential outcomes go through the refund clock and the prices that the estimators use. Counted are the weeks from a
participant's start to the end of the data, because that is what a result can hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER, paid_weeks
from gevinst.economy.valuation import price_table
from gevinst.parameters.book import ParameterBook
from gevinst.register.person_tables import PersonTables
from gevinst.sources.synthetic import InvestmentTruth
from gevinst.sources.synthetic_tables import pseudonyms, stored_spells

STEPS = (0, 1, 2, 3)


@dataclass(frozen=True)
class TrueSaving:
    """DKK by calendar year, a change in municipal expenditure: a saving is negative."""

    years: tuple[int, ...]
    gross: tuple[float, ...]
    net: tuple[float, ...]


def true_saving(truth: InvestmentTruth, spells: pa.Table, tables: PersonTables, book: ParameterBook) -> TrueSaving:
    """The saving of one investment. `spells` are the canonical spells that `tables` were opened from."""
    happened = spells.filter(pc.is_in(spells["person_id"], pa.array(truth.person_ids)))
    # Different seeds give the same person two pseudonyms: one as she was, one as she would have been.
    worlds = ((1, happened, 1.0), (2, truth.counterfactual_spells, -1.0))
    stored = pa.concat_tables([stored_spells(table, seed) for seed, table, _ in worlds])
    both = replace(tables, spells=tables.backend.from_arrow(stored, "both_worlds"), participants=None, persons=None)
    paid = tables.backend.to_arrow(paid_weeks(both, book.benefits).table)
    persons = np.concatenate([pseudonyms(pa.array(truth.person_ids), seed)[0] for seed, _, _ in worlds])
    start, sign = np.tile(truth.start_week, 2), np.repeat([one for _, _, one in worlds], truth.participants)
    order = np.argsort(persons)
    row = order[np.searchsorted(persons[order], paid["person"].to_numpy())]
    begins = np.maximum(paid["start_week"].to_numpy(), start[row])
    weeks = np.maximum(paid["end_week"].to_numpy() - begins, 0) * paid["degree"].to_numpy() * sign[row]
    return _priced(weeks, paid, book)


def _priced(weeks: np.ndarray, paid: pa.Table, book: ParameterBook) -> TrueSaving:
    benefit = paid["benefit"].combine_chunks().dictionary_encode()
    names = benefit.dictionary.to_pylist()
    year, step = paid["year"].to_numpy(), paid["step"].to_numpy()
    counted = weeks != 0
    years = tuple(int(one) for one in np.unique(year[counted]))
    table = price_table(names, STEPS, years, book)
    at = (np.asarray(benefit.indices)[counted], np.where(step == OUTSIDE_LADDER, 0, step)[counted],
          np.searchsorted(years, year[counted]))
    sums: Mapping[str, np.ndarray] = {
        level: np.bincount(at[2], weeks[counted] * prices[at], minlength=len(years))
        for level, prices in (("gross", table.gross), ("net", table.net))
    }
    return TrueSaving(years, tuple(sums["gross"].tolist()), tuple(sums["net"].tolist()))
