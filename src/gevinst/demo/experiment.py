"""The experiment from file to edition: canonical files, the same intake as anybody's, the same pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from gevinst.backend import open_duckdb
from gevinst.cohorts.build import Cohort, build_cohort, together
from gevinst.cohorts.definition import Inflow, Participants
from gevinst.cohorts.prepare import prepare
from gevinst.curves.estimate import Estimate, Occupation, estimate_curve, weeks_saved
from gevinst.demo import pennsylvania
from gevinst.editions.basis import input_files
from gevinst.effects.replicates import weights
from gevinst.effects.study import Study, study_investments
from gevinst.follow_up.edition import Edition
from gevinst.pipeline import run
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.run_options import RunOptions
from gevinst.sources.ingest import read_folder
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from gevinst.sources.report import ImportReport
from gevinst.studies import design_of
from gevinst.weeks import week_of

PENNSYLVANIA_DAY = date(1991, 1, 1)


@contextmanager
def opened(
    write: Callable[[Path], None], *, today: date, benefit_of: Callable[[str], str | None], horizon: date
) -> Iterator[tuple[PersonTables, ImportReport]]:
    """Person tables from canonical files that `write` makes, for as long as the block lasts; nothing is kept."""
    with TemporaryDirectory(prefix="gevinst-demo-") as scratch:
        files, stored = Path(scratch, "files"), Path(scratch, "stored")
        files.mkdir()
        stored.mkdir()
        write(files)
        report = read_folder(files, stored, key=IN_MEMORY_KEY, today=today, benefit_of=benefit_of)
        backend = open_duckdb(scratch=stored)
        try:
            yield open_person_tables(stored, backend, horizon=horizon), report
        finally:
            backend.close()


@contextmanager
def _pennsylvania(data: Path) -> Iterator[tuple[PersonTables, ImportReport]]:
    claimants = pennsylvania.read_claimants(data)
    with opened(
        lambda folder: pennsylvania.write_canonical(claimants, folder),
        today=PENNSYLVANIA_DAY,
        benefit_of=pennsylvania.benefit_of(),
        horizon=pennsylvania.KNOWN_TO,
    ) as (tables, report):
        yield replace(tables, first_week=week_of(pennsylvania.KNOWN_FROM)), report


def study_pennsylvania(data: Path, *, horizon_weeks: int = 52) -> dict[int, Study]:
    """The six offers studied, by number, from `penn_jae.dat`; point estimates only."""
    portfolio, book = pennsylvania.portfolio(), pennsylvania.book()
    with _pennsylvania(data) as (tables, _):
        designs = [
            replace(
                design_of(investment, portfolio, tables, book.benefits),
                horizon_weeks=horizon_weeks,
                baseline_years=(),
            )
            for investment in portfolio.investments
        ]
        studies = study_investments(designs, prepare(tables), None, weights(0, 1))
        return {int(investment.number): studies[investment.key] for investment in portfolio.investments}


def pennsylvania_weeks_saved(data: Path, weeks: int) -> dict[int, Estimate]:
    """Weeks saved per offer within `weeks`, with the sampling error of the difference of restricted means."""
    portfolio = pennsylvania.portfolio()
    with _pennsylvania(data) as (tables, _):
        prepared = prepare(tables)

        def occupation(cohort: Cohort) -> Occupation:
            return estimate_curve(
                together((cohort,), "one"), weeks, label="", benefit=pennsylvania.BENEFIT, maturity="available"
            )

        period = (portfolio.investments[0].referrals_from, portfolio.investments[0].referrals_to)
        inflow = Inflow(pennsylvania.BENEFIT, period[0] or date.min, period[1] or date.max)
        without = occupation(build_cohort(inflow, prepared, never_participated=True))
        return {
            int(case.number): weeks_saved(
                without, occupation(build_cohort(Participants(case.key, pennsylvania.BENEFIT), prepared)), weeks
            )
            for case in portfolio.investments
        }


def pennsylvania_edition(data: Path) -> Edition:
    """The memo's edition of the experiment, in English."""
    with _pennsylvania(data) as (tables, report):
        options = RunOptions(
            memo_date=PENNSYLVANIA_DAY,
            created=datetime.combine(PENNSYLVANIA_DAY, time(12), UTC),
            language="en",
            inputs=input_files(report.files, "en"),
        )
        return run(pennsylvania.portfolio(), tables, pennsylvania.book(), options)
