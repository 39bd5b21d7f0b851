"""The analyst's functions: a folder of canonical files in, a table out, no workspace.

The files are read into a private temporary folder under a key made from what stands in them, so the same folder
gives the same figures anywhere, and what a killed process may leave cannot be turned back into ids without the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from gevinst.backend import open_duckdb
from gevinst.cohorts.build import build_cohort, together
from gevinst.cohorts.definition import Inflow
from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.cohorts.prepare import prepare
from gevinst.curves.curve import Definition, Maturity, Outcome
from gevinst.curves.estimate import Occupation
from gevinst.curves.estimate import estimate_curve as curve_of
from gevinst.curves.payments import payment_sums
from gevinst.curves.published import published_curves
from gevinst.economy.actual_cost import actual_costs
from gevinst.economy.saving import Saving
from gevinst.effects.design import StudyDesign
from gevinst.effects.replicates import weights
from gevinst.effects.study import Study, matching_published, study_investments
from gevinst.errors import GevinstError
from gevinst.follow_up.answers import effect_rows
from gevinst.follow_up.valued import Valued, value_study
from gevinst.parameters.benefits import benefits, normalise_benefit
from gevinst.parameters.book import national_book
from gevinst.parameters.definition_breaks import national_breaks
from gevinst.parameters.local import local_prices
from gevinst.private_folder import PrivateFolder
from gevinst.register.business_case import LaterParticipants
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.sources.content_key import content_key
from gevinst.sources.ingest import ImportReport, read_folder
from gevinst.sources.suppliers.built_in import built_in_suppliers
from gevinst.weeks import today, year_of

FOREVER = (date(1970, 1, 1), date(2100, 1, 1))


@dataclass(frozen=True)
class Opened:
    """A folder's person tables, open, and the report of how its rows fared."""

    tables: PersonTables
    report: ImportReport


@contextmanager
def open_folder(
    folder: str | Path, *, lag_weeks: int = 0, horizon: date | None = None, day: date | None = None
) -> Iterator[Opened]:
    """Read a folder of canonical files for as long as the block lasts; nothing is kept.

    `day` is the day after which a date is in the future; by default today.

    Raises the errors of `sources/ingest.py` and `register/person_tables.py`.
    """
    suppliers = built_in_suppliers()
    with PrivateFolder() as private:
        target, key = private.path, content_key(Path(folder), suppliers)
        report = read_folder(Path(folder), target, key=key, today=day or today(), suppliers=suppliers)
        backend = open_duckdb(scratch=target)
        try:
            yield Opened(open_person_tables(target, backend, lag_weeks=lag_weeks, horizon=horizon), report)
        finally:
            backend.close()


def supporting_benefits() -> frozenset[str]:
    """The benefits that count as public support."""
    return frozenset(key for key, benefit in benefits().items() if benefit.public_support)


def known_benefit(text: str) -> str:
    """The key of the benefit that `text` names; raises `analyst.unknown-benefit`."""
    key = normalise_benefit(text)
    if key is None:
        raise GevinstError("analyst.unknown-benefit", benefit=text, known=", ".join(sorted(benefits())))
    return key


def curve_in(
    tables: PersonTables,
    *,
    benefit: str,
    from_date: date | None = None,
    to_date: date | None = None,
    gap_weeks: int = 4,
    exit_gap_weeks: int | None = None,
    definition: Definition = "with_relapse",
    outcome: Outcome = "same",
    maturity: Maturity = "whole",
    weeks: int = 52,
) -> Occupation:
    """The curve of everyone whose new spell of `benefit` begins in the period."""
    key = known_benefit(benefit)
    support = supporting_benefits() | {key} if outcome == "any" else frozenset()
    prepared = prepare(
        tables,
        exit_after=exit_gap_weeks or gap_weeks,
        any_support=support,
        benefits=frozenset({key}),
        breaks=national_breaks(),
    )
    inflow = Inflow(key, from_date or FOREVER[0], to_date or FOREVER[1], gap_weeks)
    cohort = together((build_cohort(inflow, prepared, any_support=outcome == "any"),), "trials")
    return curve_of(cohort, weeks, label=key, benefit=key, definition=definition, outcome=outcome, maturity=maturity)


def estimate_curve(
    folder: str | Path,
    *,
    benefit: str,
    from_date: str | date | None = None,
    to_date: str | date | None = None,
    gap_weeks: int = 4,
    exit_gap_weeks: int | None = None,
    definition: Definition = "with_relapse",
    outcome: Outcome = "same",
    maturity: Maturity = "whole",
    weeks: int | Sequence[int] = 52,
) -> pa.Table:
    """The survival curve of an inflow cohort as a table: week, share, low, high, observed, receiving, at_risk.

    `folder` holds canonical files; dates are ISO text or dates, both included; a spell is new, and has ended,
    after `gap_weeks` whole weeks without the benefit (`exit_gap_weeks` where ending differs). `weeks` is the last
    week or the weeks wanted. Shares are unrounded; a week the maturity rule blanks is null.

    Raises the intake's errors and `analyst.unknown-benefit`.
    """
    wanted = list(range(weeks + 1)) if isinstance(weeks, int) else sorted(set(weeks))
    with open_folder(folder) as opened:
        found = curve_in(
            opened.tables,
            benefit=benefit,
            from_date=_day(from_date),
            to_date=_day(to_date),
            gap_weeks=gap_weeks,
            exit_gap_weeks=exit_gap_weeks,
            definition=definition,
            outcome=outcome,
            maturity=maturity,
            weeks=wanted[-1],
        )
    names = ("week", "share", "low", "high", "observed", "receiving", "at_risk")
    points = [point for point in found.curve.points if point.week in wanted]
    columns = {name: [getattr(point, name) for point in points] for name in names}
    kinds = {"share": pa.float64(), "low": pa.float64(), "high": pa.float64()}
    return pa.table({name: pa.array(values, kinds.get(name, pa.int64())) for name, values in columns.items()})


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def effect_in(
    tables: PersonTables,
    investment: str,
    *,
    match_on: Sequence[str] = (),
    horizon_weeks: int = 52,
    later_participants: LaterParticipants = "censor",
    replicates: int = 1000,
    seed: int = 20200101,
) -> tuple[Study, Mapping[str, Saving]]:
    """As `valued_effect_in`, without the placebo's kroner."""
    found = valued_effect_in(
        tables,
        investment,
        match_on=match_on,
        horizon_weeks=horizon_weeks,
        later_participants=later_participants,
        replicates=replicates,
        seed=seed,
    )
    return found.study, found.savings


def valued_effect_in(
    tables: PersonTables,
    investment: str,
    *,
    match_on: Sequence[str] = (),
    horizon_weeks: int = 52,
    later_participants: LaterParticipants = "censor",
    replicates: int = 1000,
    seed: int = 20200101,
) -> Valued:
    """Study one investment of a folder's `investments` file, with kroner where there are prices.

    `match_on` are columns of the persons file; `later_participants` says what becomes of comparators who take part
    later: `censor` them then, or `keep` following them. The other investments of the file only say who may be lost to
    them. Raises `analyst.no-investments-file`, `analyst.unknown-investment` and the errors of `effects/study.py`.
    """
    every = designs_in(tables, tuple(match_on), horizon_weeks)
    designs = {design.investment: replace(design, later_participants=later_participants) for design in every}
    if investment not in designs:
        raise GevinstError("analyst.unknown-investment", investment=investment, known=", ".join(sorted(designs)))
    design = designs.pop(investment)
    book = national_book()
    prices = tables.other("prices")
    if prices is not None:
        book = book.with_prices(local_prices(tables.backend.to_arrow(prices), "prices"))
    published = published_curves(
        [] if (printed := tables.other("published_curves")) is None else tables.backend.to_arrow(printed).to_pylist()
    )
    prepared = prepare(tables, any_support=supporting_benefits(), breaks=book.breaks)
    paid = paid_weeks(tables, book.benefits)
    drawn = weights(replicates, seed)
    matching = {investment: matching_published(design, published)}
    study = study_investments((design,), prepared, paid, drawn, matching, others=tuple(designs.values()))[investment]
    sums = payment_sums(tables, paid)
    return value_study(study, book, None if sums is None else actual_costs(sums, book))


def designs_in(tables: PersonTables, match_on: tuple[str, ...], horizon_weeks: int) -> tuple[StudyDesign, ...]:
    """The design of every investment of a folder's `investments` file. Raises `analyst.no-investments-file`."""
    table = tables.other("investments")
    if table is None:
        raise GevinstError("analyst.no-investments-file", where=str(tables.folder))
    suspended = tables.other("suspensions")
    periods = [] if suspended is None else tables.backend.to_arrow(suspended).to_pylist()
    designs = []
    for row in tables.backend.to_arrow(table).to_pylist():
        first = row["referrals_from"]
        closed = [p for p in periods if p["investment"] in (None, "", row["investment"])]
        designs.append(
            StudyDesign(
                row["investment"],
                row["target_benefit"],
                first,
                row["referrals_to"],
                horizon_weeks,
                baseline_years=tuple(y for y in range(first.year - 3, first.year) if y >= year_of(tables.first_week)),
                on_ladder=benefits()[row["target_benefit"]].clock == "counts",
                match_on=match_on,
                # A stored period ends on the day after its last.
                closed=tuple((p["from_date"], p["to_date"] - timedelta(days=1)) for p in closed),
            )
        )
    return tuple(designs)


def estimate_effect(
    folder: str | Path,
    *,
    investment: str,
    match_on: Sequence[str] = (),
    horizon_weeks: int = 52,
    later_participants: LaterParticipants = "censor",
    replicates: int = 1000,
    seed: int = 20200101,
) -> pa.Table:
    """Every estimator's answer for one investment as a table, a figure a row.

    Columns: estimator, year, measure, estimate, low, high, week, name. `measure` is one of

    - `weeks_saved` per participant over the horizon (positive is good), and `weeks_saved_any_support`;
    - `gross_dkk` and `net_dkk` by year, `gross_total_dkk` and `net_total_dkk` of all years: changes in municipal
      expenditure, so a saving is negative; none where a benefit has no price;
    - `participants_used`, `outside_common_support`, `comparison` (trials), `comparison_persons`, `effective_persons`;
    - of `matched`: `placebo_weeks_saved` and `placebo_net_total_dkk` by test (`name`), `balance_before` and
      `balance_after` by covariate (`name`), `share_with_effort`, `share_without` and `share_difference` by `week` and
      destination (`name`), `e_value` and `e_value_limit`.

    `match_on` and `later_participants` as in `valued_effect_in`. Raises its errors and the intake's.
    """
    with open_folder(folder) as opened:
        valued = valued_effect_in(
            opened.tables,
            investment,
            match_on=match_on,
            horizon_weeks=horizon_weeks,
            later_participants=later_participants,
            replicates=replicates,
            seed=seed,
        )
    rows = tuple(effect_rows(valued))
    return pa.table(
        {
            "estimator": pa.array([row.estimator for row in rows], pa.string()),
            "year": pa.array([row.year for row in rows], pa.int64()),
            "measure": pa.array([row.measure for row in rows], pa.string()),
            "estimate": pa.array([row.found.estimate for row in rows], pa.float64()),
            "low": pa.array([row.found.low for row in rows], pa.float64()),
            "high": pa.array([row.found.high for row in rows], pa.float64()),
            "week": pa.array([row.week for row in rows], pa.int64()),
            "name": pa.array([row.name or None for row in rows], pa.string()),
        }
    )
