"""All estimators, replicates, placebo and kroner for a municipality of five investments, beside a plain sketch.

    python benchmarks/effects_municipality.py draw FOLDER PERSONS      a made-up municipality, as the intake stores it
    python benchmarks/effects_municipality.py gevinst FOLDER RESULT    everything, with the seconds of each stage
    python benchmarks/effects_municipality.py sketch FOLDER RESULT     one point estimate per investment

The sketch is the least that deserves the name: numpy on a person-week table, comparators of the same week, benefit,
band of elapsed weeks, sex and age band, no censoring weights, no score, no replicates, no kroner, no checks.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from measure import say

from gevinst.sources.synthetic import SyntheticInvestment, SyntheticSpec, simulate_register
from gevinst.sources.synthetic_tables import write_stored
from gevinst.version import __version__

NAMES = ("sex", "age_at_entry", "education", "health_problem", "prior_benefit_weeks_2y")
CASES = (("alfa", "kontanthjaelp", 60), ("beta", "kontanthjaelp", 100), ("gamma", "a-dagpenge", 400),
         ("delta", "a-dagpenge", 300), ("epsilon", "sygedagpenge", 400))  # participants per 20,000 persons
PRICES = {"a-dagpenge": 4_400.0, "kontanthjaelp": 2_700.0, "sygedagpenge": 4_400.0, "ressourceforloeb": 2_900.0}
LAST_DAY = date(2021, 10, 31)


def draw(folder: Path, persons: int) -> None:
    """Write the stored tables; about one person in ten is never on benefit and not in them."""
    folder.mkdir(parents=True, exist_ok=True)
    cases = tuple(SyntheticInvestment(key, benefit, 1, 26, 100.0, 0.2, wanted_participants=wanted * persons // 20_000)
                  for key, benefit, wanted in CASES)
    spec = SyntheticSpec(persons=persons * 11 // 10, seed=5, investments=cases, prices=PRICES, data_to=LAST_DAY)
    tables, _ = simulate_register(spec)
    write_stored(folder, tables, spec.seed)


def study(folder: Path, result: Path) -> None:
    """What a run of the workspace does with persons, from the stored tables to kroner with intervals."""
    from gevinst.analyst import designs_in, supporting_benefits
    from gevinst.backend import open_duckdb
    from gevinst.cohorts.paid_weeks import paid_weeks
    from gevinst.cohorts.prepare import prepare
    from gevinst.economy.saving import value_effect
    from gevinst.effects.matched_study import study_matched
    from gevinst.effects.replicates import interval, weights
    from gevinst.effects.study import study_investments
    from gevinst.parameters.book import national_book
    from gevinst.parameters.local import local_prices
    from gevinst.register.person_tables import open_person_tables

    backend = open_duckdb(threads=2)
    tables = open_person_tables(folder, backend, horizon=LAST_DAY)
    begun = time.perf_counter()
    designs = designs_in(tables, NAMES, 52)
    book = national_book().with_prices(local_prices(backend.to_arrow(tables.other("prices")), "prices"))
    prepared = prepare(tables, any_support=supporting_benefits())
    paid = paid_weeks(tables, book.benefits)
    ready = time.perf_counter()
    drawn = weights(1000, 1)
    found = study_investments(designs, prepared, paid, drawn)
    studied = time.perf_counter()
    for one in found.values():
        for effect in one.effects.values():
            assert value_effect(effect, book).net.shape[0] == 1001
    done = time.perf_counter()
    study_matched(designs, prepared, paid, drawn, book.benefits, {design.investment for design in designs})
    again = time.perf_counter()
    stages = {"spells, runs and refund clock": ready - begun, "matched, with placebo and checks": again - done,
              "the other estimators and curves": studied - ready - (again - done), "kroner": done - studied}
    estimates = {key: interval(one.effects["matched"].weeks_saved).estimate for key, one in found.items()}
    result.write_text(json.dumps({"stages": stages, "estimates": estimates}), encoding="ascii")
    say(done - begun, f"gevinst {__version__}")


def sketch(folder: Path, result: Path) -> None:
    """The plain sketch."""
    tables = {name: pq.read_table(folder / f"{name}.parquet") for name in ("spells", "participants", "persons")}
    begun = time.perf_counter()
    spells, joined, persons = tables["spells"], tables["participants"], tables["persons"]
    ids = np.sort(np.asarray(persons["person"]))
    low = int(np.min(np.asarray(spells["start_week"])))
    weeks = int(np.max(np.asarray(spells["start_week"]))) - low + 60
    order = np.argsort(np.asarray(persons["person"]))
    age = np.searchsorted([30, 40, 50], np.asarray(persons["age_at_entry"])[order])
    person_cell = age * 2 + (np.asarray(persons["sex"].to_pylist())[order] == "M")
    started = np.full(len(ids), weeks)
    rows = np.searchsorted(ids, np.asarray(joined["person"]))
    np.minimum.at(started, rows, np.asarray(joined["start_week"]) - low)
    estimates = {}
    for key, benefit, _ in CASES:
        mine = np.asarray(spells["benefit"].to_pylist()) == benefit
        row = np.searchsorted(ids, np.asarray(spells["person"])[mine])
        first = np.asarray(spells["start_week"])[mine] - low
        last = np.asarray(spells["end_week"].fill_null(low + weeks))[mine] - low
        change = np.zeros((len(ids), weeks + 1), np.int8)
        np.add.at(change, (row, first), 1)
        np.add.at(change, (row, np.minimum(last, weeks)), -1)
        on = np.cumsum(change, axis=1)[:, :weeks] > 0
        begin = np.where(on & ~np.pad(on, ((0, 0), (1, 0)))[:, :weeks], np.arange(weeks), 0)
        elapsed = np.arange(weeks) - np.maximum.accumulate(begin, axis=1)
        taking = rows[np.asarray(joined["investment"].to_pylist()) == key]
        saved = []
        for week in np.unique(started[taking]):
            if week + 53 > weeks:
                continue
            there = np.flatnonzero(on[:, week] & (started > week))
            taken = taking[(started[taking] == week) & on[taking, week]]
            band = np.searchsorted([5, 14, 27, 53, 105], elapsed[:, week], side="right")
            cell = person_cell * 6 + band
            mean = np.zeros((48, 52))
            np.add.at(mean, cell[there], on[there, week : week + 52])
            size = np.bincount(cell[there], minlength=48)
            taken = taken[size[cell[taken]] > 0]
            saved += [(mean[cell[p]] / size[cell[p]] - on[p, week : week + 52]).sum() for p in taken]
        estimates[key] = float(np.mean(saved))
    result.write_text(json.dumps({"estimates": estimates}), encoding="ascii")
    say(time.perf_counter() - begun, f"numpy {np.__version__}")


if __name__ == "__main__":
    what, where = sys.argv[1], Path(sys.argv[2])
    if what == "draw":
        draw(where, int(sys.argv[3]))
    else:
        {"gevinst": study, "sketch": sketch}[what](where, Path(sys.argv[3]))
