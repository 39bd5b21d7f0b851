"""One municipality of the recovery study: drawn, studied by every estimator, and held against its own truth.

A run is a line of figures. Weeks are per participant over 52 weeks; kroner are DKK over all participants, weeks up to
the end of the data, negative when saved.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from recovery_scenarios import COVARIATES, KEY, SCENARIOS, municipality
from recovery_truth import TrueSaving, true_saving

from gevinst.analyst import effect_in
from gevinst.backend import open_duckdb
from gevinst.economy.saving import Saving, value_effect
from gevinst.effects.estimate import EffectReplicates, Interval
from gevinst.effects.matched_study import MatchedFindings
from gevinst.effects.replicates import interval
from gevinst.parameters.book import ParameterBook, national_book
from gevinst.parameters.local import local_prices
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.sources.synthetic import SyntheticSpec, Truth, simulate_register
from gevinst.sources.synthetic_tables import write_stored

WEEKS = 52
YEARS = (2019, 2020, 2021, 2022)
MEASURES = ("weeks", "gross", "net", *(f"net_{year}" for year in YEARS))
ASKED = {  # the figures kept of each estimator
    **dict.fromkeys(("target_group", "rest_of_target_group", "baseline", "cycle_adjusted"), ("weeks", "net")),
    "matched": MEASURES,
    "placebo": ("weeks", "net"),  # of `matched`: pseudo-participants, and the time before the start
    "pre_period": ("weeks",),
}
BOUNDS = ("estimate", "low", "high")
_HEAD = ("seed", "participants", "left_out", "seconds_drawn", "seconds_studied")
COLUMNS = (
    *_HEAD,
    "true_weeks_followed",
    *(f"true_{measure}" for measure in MEASURES),
    *(f"{name}_{measure}_{bound}" for name, measures in ASKED.items() for measure in measures for bound in BOUNDS),
)
Row = dict[str, float]


@dataclass(frozen=True)
class Opened:
    """A municipality with its tables open, and what is true of it."""

    spec: SyntheticSpec
    canonical: dict[str, pa.Table]
    tables: PersonTables
    truth: Truth


@contextmanager
def opened(spec: SyntheticSpec, *, threads: int | None = 1) -> Iterator[Opened]:
    """Draw the municipality and open its tables for as long as the block lasts, without files of its rows as text."""
    canonical, truth = simulate_register(spec)
    with TemporaryDirectory(prefix="gevinst-recovery-") as scratch:
        write_stored(Path(scratch), canonical, spec.seed)
        backend = open_duckdb(threads=threads)
        try:
            tables = open_person_tables(Path(scratch), backend, horizon=spec.data_to)
            yield Opened(spec, canonical, tables, truth)
        finally:
            backend.close()


def run_once(scenario: str, participants: int, seed: int, *, replicates: int = 1000) -> Row:
    """A line of the study: what was true and what was found."""
    begun = time.perf_counter()
    with opened(municipality(SCENARIOS[scenario], participants, seed)) as town:
        book = book_of(town.tables)
        truth = town.truth.of(KEY)
        saved = true_saving(truth, town.canonical["spells"], town.tables, book)
        drawn = time.perf_counter()
        study, savings = effect_in(town.tables, KEY, match_on=COVARIATES, horizon_weeks=WEEKS, replicates=replicates)
        done = time.perf_counter()
    row: Row = {
        "seed": seed,
        "participants": truth.participants,
        "left_out": truth.participants - (study.matched.effect.participants if study.matched else 0),
        "seconds_drawn": drawn - begun,
        "seconds_studied": done - drawn,
        "true_weeks_followed": truth.weeks_saved_seen(WEEKS),
        "true_weeks": truth.weeks_saved(WEEKS),
        **_true_kroner(saved),
    }
    found = {name: figures(effect, savings[name]) for name, effect in study.effects.items()}
    found |= checks(study.matched, book)
    for name, answers in found.items():
        for measure, answer in answers.items():
            for bound, value in zip(BOUNDS, (answer.estimate, answer.low, answer.high), strict=True):
                row[f"{name}_{measure}_{bound}"] = float("nan") if value is None else value
    return row


def figures(effect: EffectReplicates, saving: Saving) -> dict[str, Interval]:
    """An estimator's answers, with intervals."""
    found = {"weeks": interval(effect.weeks_saved)}
    if saving.shown:
        found |= {"gross": interval(saving.gross.sum(axis=1)), "net": interval(saving.net.sum(axis=1))}
        for year in YEARS:
            at = [y for y, one in enumerate(saving.years) if one == year]
            found[f"net_{year}"] = interval(saving.net[:, at].sum(axis=1))
    return found


def checks(matched: MatchedFindings | None, book: ParameterBook) -> dict[str, dict[str, Interval]]:
    """What the placebo tests of `matched` found where there is nothing to find."""
    found = {}
    if matched is not None and matched.placebo is not None:
        found["placebo"] = figures(matched.placebo, value_effect(matched.placebo, book))
    if matched is not None and matched.pre_period is not None:
        found["pre_period"] = {"weeks": interval(matched.pre_period)}
    return found


def book_of(tables: PersonTables) -> ParameterBook:
    """National parameters with the municipality's own prices."""
    prices = tables.other("prices")
    assert prices is not None
    return national_book().with_prices(local_prices(tables.backend.to_arrow(prices), "prices"))


def _true_kroner(saved: TrueSaving) -> Row:
    by_year = dict(zip(saved.years, saved.net, strict=True))
    return {
        "true_gross": float(np.sum(saved.gross)),
        "true_net": float(np.sum(saved.net)),
        **{f"true_net_{year}": by_year.get(year, 0.0) for year in YEARS},
    }
