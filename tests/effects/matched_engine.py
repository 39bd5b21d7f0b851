"""The engine's matched comparison of a town, opened up for tests: trials, scores, hazards and figures.

The one place in the tests that calls the parts of `effects/matched_study.py` one by one. Who starts and which weeks are
open is said by the reference, so that the engine's own reading of them is tested by `study_matched`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gevinst.backend import Backend
from gevinst.cohorts.covariates import Covariate, covariates_of, fine_bands
from gevinst.cohorts.histories import Histories, build_histories
from gevinst.cohorts.paid_weeks import PaidWeeks, paid_weeks
from gevinst.cohorts.prepare import Prepared
from gevinst.cohorts.trials import Starters, Target
from gevinst.effects.design import StudyDesign
from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.matched import Matched, Referrals, answer, fit_referrals, matched_comparison
from gevinst.effects.matched_study import MatchedFindings, study_matched
from gevinst.parameters.benefits import benefits
from gevinst.weeks import week_of
from tests.effects.matched_reference import Slow, Trial
from tests.town import Town, prepared_of


@dataclass(frozen=True)
class Opened:
    """A town on the engine with its referral models fitted."""

    town: Town
    slow: Slow
    designs: tuple[StudyDesign, ...]
    prepared: Prepared
    paid: PaidWeeks
    histories: Histories
    covariates: tuple[Covariate, ...]
    referrals: Referrals

    def row(self, person: int) -> int:
        """A person's row."""
        return int(np.searchsorted(self.histories.person, person))

    def score(self, investment: str):
        """The referral score of a person-week."""
        model, target = self.referrals.models[investment], self.referrals.targets[investment]
        assert model is not None
        everybody, weeks = np.indices(self.histories.state.shape)
        scores = model.score(self.histories, target, self.covariates, everybody.ravel(), weeks.ravel())
        by_person = scores.reshape(self.histories.state.shape)
        place = {person: row for row, person in enumerate(self.histories.person.tolist())}
        return lambda person, week: float(by_person[place[person], week - self.histories.first_week])

    def slow_cumulated(self) -> dict[int, list[float]] | None:
        """L of each person and week by slow loops, None where those who take part later are kept."""
        if self.referrals.hazards is None:
            return None
        models = self.referrals.models
        scores = {design.investment: self.score(design.investment) for design in self.designs
                  if models[design.investment] is not None}
        first = self.histories.first_week
        return self.slow.cumulated(self.slow.hazards(list(self.designs), scores, first), first)

    def coarse(self) -> dict[int, tuple[int, ...]]:
        """The coarse covariates of each person."""
        return {
            person: tuple(int(one.coarse[row]) for one in self.covariates)
            for row, person in enumerate(self.histories.person.tolist())
        }

    def cumulated(self) -> np.ndarray | None:
        """L of each row and week."""
        return self.referrals.hazards

    def matched(self, investment: str, weeks: int) -> Matched | None:
        """One investment's comparison."""
        return matched_comparison(self.histories, self.referrals, investment, self.covariates, weeks)

    def answer(self, investment: str, weeks: int, drawn: np.ndarray) -> EffectReplicates:
        """Its figures, with replicates."""
        matched = self.matched(investment, weeks)
        assert matched is not None
        horizon = next(d.horizon_weeks for d in self.designs if d.investment == investment)
        return answer(matched, self.histories, drawn, horizon)

    def pieces(self) -> dict[tuple[int, int], list[tuple[tuple[str, int], float]]]:
        """What each person-week is paid as: (benefit, step) and degree."""
        found: dict[tuple[int, int], list[tuple[tuple[str, int], float]]] = {}
        for row in self.prepared.tables.backend.to_arrow(self.paid.table).to_pylist():
            for week in range(row["start_week"], row["end_week"]):
                found.setdefault((row["person"], week), []).append(((row["benefit"], row["step"]), row["degree"]))
        return found


def studied(
    town: Town, designs: Sequence[StudyDesign], backend: Backend, drawn: np.ndarray, *, shuffled: int | None = None
) -> dict[str, MatchedFindings]:
    """The whole, as the pipeline asks for it."""
    prepared = prepared_of(town, backend, shuffled=shuffled)
    paid = paid_weeks(prepared.tables, benefits())
    return study_matched(designs, prepared, paid, drawn, benefits(), {design.investment for design in designs})


def opened(town: Town, designs: Sequence[StudyDesign], backend: Backend) -> Opened:
    """Lay out the weeks and fit the referral models of all designs."""
    prepared = prepared_of(town, backend)
    paid = paid_weeks(prepared.tables, benefits())
    spells_of = [(design.benefit, design.new_after) for design in designs]
    names = designs[0].match_on
    histories = build_histories(
        prepared, paid, spells_of, benefits(), min(week_of(d.first_day) for d in designs), names
    )
    slow = Slow(town)
    slow.people = histories.person.tolist()
    starters = {design.investment: _starters(slow, design, histories) for design in designs}
    weeks = [histories.first_week + column for column in range(histories.weeks)]
    open_to = {
        design.investment: Target(
            design.investment, design.benefit, np.array([slow.open(design, week) for week in weeks]), design.new_after
        )
        for design in designs
    }
    # As many bands as the study takes for so few participants.
    covariates = covariates_of(histories, names, fine_bands(0))
    keep = designs[0].later_participants == "keep"
    referrals = fit_referrals(histories, open_to, starters, covariates, keep_later=keep)
    return Opened(town, slow, tuple(designs), prepared, paid, histories, covariates, referrals)


def _starters(slow: Slow, design: StudyDesign, histories: Histories) -> Starters:
    found = sorted(slow.starters(design).items())
    person = np.array([one for one, _ in found], np.int64)
    column = np.array([week for _, week in found], np.int64) - histories.first_week
    return Starters(np.searchsorted(histories.person, person), column)


def trials_of(opened_town: Opened, matched: Matched) -> list[Trial]:
    """The engine's trials as persons and weeks."""
    trials, histories = matched.matching.trials, opened_town.histories
    return [
        Trial((int(cell),), int(histories.person[row]), int(column) + histories.first_week, bool(taken), float(weight))
        for cell, row, column, taken, weight in zip(
            trials.cell, trials.row, trials.column, trials.taken, trials.weight, strict=True
        )
    ]
