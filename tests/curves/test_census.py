"""The census against the cohorts counted one at a time."""

from datetime import date

import numpy as np
import pytest

from gevinst.cohorts.build import build_cohort
from gevinst.cohorts.definition import Inflow
from gevinst.cohorts.prepare import prepare
from gevinst.curves.census import census
from gevinst.curves.counts import exit_counts, state_counts
from gevinst.weeks import week_of

QUARTERS = {1: ((1, 1), (3, 31)), 2: ((4, 1), (6, 30)), 3: ((7, 1), (9, 30)), 4: ((10, 1), (12, 31))}


@pytest.mark.parametrize("new_after", [1, 4])
def test_every_cell_equals_its_cohort(duckdb_tables, new_after: int) -> None:
    found = census(duckdb_tables, weeks=60, new_after=new_after)
    prepared = prepare(duckdb_tables, exit_after=new_after)
    chosen = [i for i, cell in enumerate(found.cells) if cell[1:3] in (("a-dagpenge", 2019), ("kontanthjaelp", 2023))]
    assert len(chosen) == 8
    for i in chosen:
        _, benefit, year, quarter = found.cells[i]
        first, last = (date(year, *day) for day in QUARTERS[quarter])
        cohort = build_cohort(Inflow(benefit, first, last, new_after), prepared)
        counts, exits = state_counts(cohort, 60), exit_counts(cohort, 60)
        assert found.entries[i] == counts.trials[0]
        assert np.array_equal(found.observed[i], counts.observed[0])
        assert np.array_equal(found.receiving[i], counts.receiving[0])
        assert np.array_equal(found.at_risk[i], exits.at_risk[0])
        assert np.array_equal(found.exits[i], exits.events[0])


def test_every_entry_is_in_one_cell(duckdb_tables) -> None:
    found = census(duckdb_tables, weeks=10)
    prepared = prepare(duckdb_tables)
    for benefit in ("a-dagpenge", "sygedagpenge"):
        cohort = build_cohort(Inflow(benefit, date(2000, 1, 1), date(2030, 1, 1)), prepared)
        in_cells = sum(n for cell, n in zip(found.cells, found.entries, strict=True) if cell[1] == benefit)
        assert in_cells == state_counts(cohort, 0).trials[0]


def test_without_first_exits_the_rest_is_the_same(duckdb_tables) -> None:
    full, short = census(duckdb_tables, weeks=30), census(duckdb_tables, weeks=30, first_exits=False)
    assert np.array_equal(full.receiving, short.receiving)
    assert short.exits.shape == (len(short.cells), 0)


@pytest.mark.parametrize("order", [1, -1])
def test_the_earlier_day_is_the_entry_when_two_spells_begin_in_one_week(make_tables, order: int) -> None:
    """30 December 2019 and 2 January 2020 are one week and two quarters; the order of rows must not decide."""
    rows = [
        (1, "a-dagpenge", date(2019, 12, 30), date(2019, 12, 31)),
        (1, "a-dagpenge", date(2020, 1, 2), date(2020, 1, 4)),
    ][::order]
    found = census(make_tables(rows, horizon=week_of(date(2020, 6, 28))), weeks=4)
    assert [cell[1:] for cell in found.cells] == [("a-dagpenge", 2019, 4)]
    assert found.receiving.tolist() == [[1, 0, 0, 0, 0]]
