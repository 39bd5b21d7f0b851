"""The matched comparison: a sequence of emulated target trials, one per start week, pooled (`docs/method/effects.md`).

For a participant who starts in week s: those on the same benefit in week s, alike in duration, season and past, who
have taken part in nothing yet; both followed from s. Persons stay in `cohorts/trials.py`; sums come from
`curves/trial_sums.py`. Replicates are first-order: a figure plus the group's influence times its weight less one, where
the influence holds the participants, the cells' weights and the cells' means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.calibration import balanced
from gevinst.cohorts.censoring import cumulated_hazard, loss_to
from gevinst.cohorts.covariates import Covariate
from gevinst.cohorts.histories import Histories
from gevinst.cohorts.trials import Matching, ReferralModel, Starters, Takers, Target, first_columns, match
from gevinst.curves.referrals import referral_counts
from gevinst.curves.trial_ages import AgeSums
from gevinst.curves.trial_parts import Contrast
from gevinst.curves.trial_sums import Lost, TrialSums, trial_sums
from gevinst.effects.estimate import EffectReplicates, Floats
from gevinst.effects.profile import Profile
from gevinst.effects.referral import fit_referral
from gevinst.weeks import first_week

Ints = npt.NDArray[np.int64]
MINIMUM_OBSERVED = 5
"""Weeks after the start that fewer matched participants reach are taken as not observed."""


@dataclass(frozen=True)
class Referrals:
    """The referral models of all investments of a run, and what they say of who is lost when.

    `models` by investment (None: nobody was referred). `hazards` is the cumulated hazard `[person, week]` of being
    referred to any of them, None where comparators who take part later are kept.
    """

    targets: Mapping[str, Target]
    starters: Mapping[str, Starters]
    models: Mapping[str, ReferralModel | None]
    hazards: npt.NDArray[np.float32] | None


@dataclass(frozen=True)
class Matched:
    """One investment's matched comparison: who was matched to whom (behind the wall), and the sums."""

    target: Target
    takers: Takers
    matching: Matching
    sums: TrialSums


def fit_referrals(
    histories: Histories,
    targets: Mapping[str, Target],
    starters: Mapping[str, Starters],
    covariates: Sequence[Covariate],
    *,
    keep_later: bool = False,
) -> Referrals:
    """Fit the referral model of each investment and sum the hazards of them all."""
    until = first_columns(histories)
    models = {
        key: fit_referral(referral_counts(histories, target, starters[key], until, covariates))
        for key, target in targets.items()
    }
    if keep_later:
        return Referrals(targets, starters, models, None)
    losses = [loss_to(histories, targets[key], model, until) for key, model in models.items() if model is not None]
    return Referrals(targets, starters, models, cumulated_hazard(histories, losses, covariates, until))


def matched_comparison(
    histories: Histories, referrals: Referrals, investment: str, covariates: Sequence[Covariate], weeks: int,
    *, ages: bool = False,
) -> Matched | None:
    """The matched comparison of one investment, weeks 0 to `weeks`; None where nobody could be matched.

    Comparators are those who have taken part in nothing yet; with hazards they are censored when they first do, else
    followed on. `ages` as in `curves/trial_sums.py`.
    """
    target, model = referrals.targets[investment], referrals.models[investment]
    if model is None:
        return None
    first = first_columns(histories)
    takers = Takers(referrals.starters[investment], first)
    matching = match(histories, target, takers, covariates, model)
    if not len(matching.trials.cell):
        return None
    kept = Takers(takers.starters, np.full(len(first), histories.weeks)) if referrals.hazards is None else takers
    matching = balanced(histories, target, covariates, matching)
    sums = trial_sums(histories, target, kept, matching.trials, Lost(referrals.hazards), weeks, ages=ages)
    return Matched(target, takers, matching, sums)


def replicated(value: Floats, influence: Floats, drawn: Floats) -> Floats:
    """A figure under every replicate `[replicate, ...]`; row 0 is the figure itself."""
    groups = influence.shape[0]
    change = (drawn - 1) @ influence.reshape(groups, -1)
    found: Floats = value + change.reshape((len(drawn), *value.shape))
    return found


def answer(matched: Matched, histories: Histories, drawn: Floats, horizon_weeks: int) -> EffectReplicates:
    """The matched comparison as the ladder's other rungs answer: weeks saved and person-weeks, with replicates."""
    sums = matched.sums
    trials = matched.matching.trials
    participants = int(trials.taken.sum())
    enough = np.flatnonzero(sums.observed >= min(MINIMUM_OBSERVED, participants))
    covered = int(enough[-1]) if len(enough) else -1
    horizon = min(horizon_weeks, covered + 1)
    share_with = replicated(sums.same.actual, sums.same.actual_influence, drawn)
    share_without = replicated(sums.same.without, sums.same.without_influence, drawn)
    return EffectReplicates(
        "matched",
        participants=participants,
        comparison=sums.weights.trials,
        asked_weeks=horizon_weeks,
        horizon_weeks=horizon,
        covered_weeks=covered,
        uncovered=round(sums.uncovered),
        weeks_saved=(share_without[:, :horizon] - share_with[:, :horizon]).sum(axis=1),
        share_with=share_with,
        share_without=share_without,
        years=sums.years,
        cells=histories.kinds,
        actual_weeks=replicated(sums.paid.actual, sums.paid.actual_influence, drawn),
        counterfactual_weeks=replicated(sums.paid.without, sums.paid.without_influence, drawn),
        profile=None if sums.ages is None else _profile(sums.ages, sums.observed, histories.kinds, drawn),
        present=_present(matched, histories, covered),
    )


def _present(matched: Matched, histories: Histories, covered: int) -> tuple[int, ...]:
    """How many participants have counted weeks in each year."""
    trials = matched.matching.trials
    first = histories.first_week + trials.column[trials.taken]
    last = np.minimum(first + covered, histories.first_week + histories.weeks - 1)
    spans = [(first_week(year), first_week(year + 1)) for year in matched.sums.years]
    return tuple(int(((first < end) & (last >= begin)).sum()) for begin, end in spans)


def _profile(ages: AgeSums, observed: Floats, cells: tuple[tuple[str, int], ...], drawn: Floats) -> Profile:
    followed = replicated(ages.followed, ages.followed_influence, drawn)[:, :, None]
    # To first order a group of participants can weigh less than nothing; then there is no mean.
    weeks = np.where(followed > 0, followed, np.nan)
    actual, without = (
        replicated(weeks_paid, influence, drawn) / weeks
        for weeks_paid, influence in (
            (ages.paid.actual, ages.paid.actual_influence), (ages.paid.without, ages.paid.without_influence))
    )  # fmt: skip
    return Profile(cells, observed, actual, without)


def difference(figure: Contrast, drawn: Floats) -> Floats:
    """Without less with, under every replicate."""
    return replicated(figure.without - figure.actual, figure.without_influence - figure.actual_influence, drawn)
