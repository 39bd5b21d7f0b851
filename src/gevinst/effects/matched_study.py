"""The matched comparison of every investment of a run, with its checks: balance, placebo, pre-period.

The persons around all target groups are laid out once (`cohorts/histories.py`), and all referral models fitted, because
a comparator of one investment may be lost to another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gevinst.cohorts.build import build_cohort
from gevinst.cohorts.calibration import balanced
from gevinst.cohorts.censoring import Loss, cumulated_hazard
from gevinst.cohorts.covariates import Covariate, check_covariates, covariates_of, fine_bands
from gevinst.cohorts.histories import NEVER, Histories, build_histories
from gevinst.cohorts.paid_weeks import PaidWeeks
from gevinst.cohorts.prepare import Prepared
from gevinst.cohorts.pseudo import pseudo_takers
from gevinst.cohorts.trials import STEPS_OF_MATCHING, Starters, Takers, Target, match
from gevinst.curves.referrals import referral_counts
from gevinst.curves.trial_checks import CovariateSums, covariate_sums, pre_period_sums
from gevinst.curves.trial_sums import DESTINATION_WEEKS, DESTINATIONS, Credit, Lost, Weights, trial_sums
from gevinst.effects.design import StudyDesign
from gevinst.effects.estimate import EffectReplicates, Floats, with_credit
from gevinst.effects.matched import (
    Matched,
    Referrals,
    answer,
    difference,
    fit_referrals,
    matched_comparison,
    replicated,
)
from gevinst.effects.referral import fit_referral
from gevinst.errors import GevinstError
from gevinst.parameters.benefits import Benefit
from gevinst.weeks import monday, sunday, week_of

FOLLOW_WEEKS = 208
"""How long after the start participants are followed for the kroner: four years, the length of a budget agreement."""
PLACEBO_SEED = 19930401
NOT_COVARIATES = ("person", "replicate", "left_register_date", "left_week")


@dataclass(frozen=True)
class Destinations:
    """Where participants are, and would have been: shares `[replicate, destination, week]` at `weeks`."""

    names: tuple[str, ...]
    weeks: tuple[int, ...]
    actual: Floats
    without: Floats


@dataclass(frozen=True)
class MatchedFindings:
    """What the matched comparison of one investment found, and what it rests on; nothing of it is about a person.

    `support_weeks_saved` `[replicate]`: weeks saved on any public support. `unmatched` participants are outside common
    support; `by_step` were matched at each step of `steps`. `candidates` persons could have been comparators.
    `placebo` is the same comparison for pseudo-participants, None where none could be drawn. `lent` are person-weeks
    that other investments are credited with, because participants started in them later and the case splits.
    `pre_period` `[replicate]`: weeks on support the year before what is matched on, comparison less
    `pre_period_participants`.
    """

    effect: EffectReplicates
    support_weeks_saved: Floats
    destinations: Destinations
    balance: tuple[CovariateSums, ...]
    weights: Weights
    steps: tuple[str, ...]
    by_step: tuple[int, ...]
    unmatched: int
    candidates: int
    placebo: EffectReplicates | None
    lent: Mapping[str, EffectReplicates]
    pre_period: Floats | None
    pre_period_participants: int


def study_matched(
    designs: Sequence[StudyDesign],
    prepared: Prepared,
    paid: PaidWeeks | None,
    drawn: Floats,
    known: Mapping[str, Benefit],
    wanted: Collection[str],
) -> dict[str, MatchedFindings]:
    """The matched comparison of the `wanted` investments; the other designs only say who may be lost to what.

    Raises `effect.no-persons-file` and `effect.unknown-covariate` where it cannot be matched as the case says.
    """
    asked = [design for design in designs if design.investment in wanted]
    names = _covariate_names(asked, prepared)
    spells_of = tuple((design.benefit, design.new_after) for design in designs)
    first = min(week_of(design.first_day) for design in designs)
    histories = build_histories(prepared, paid, spells_of, known, first, names)
    starters = {design.investment: _starters(design, prepared, histories) for design in designs}
    open_to = {design.investment: _target(design, histories) for design in designs}
    found: dict[str, MatchedFindings] = {}
    models: dict[tuple[tuple[str, ...], str, int], Referrals] = {}
    for design in asked:
        bands = fine_bands(len(starters[design.investment].row))
        key = (design.match_on, design.later_participants, bands)
        covariates = covariates_of(histories, design.match_on, bands)
        if key not in models:
            keep = design.later_participants == "keep"
            models[key] = fit_referrals(histories, open_to, starters, covariates, keep_later=keep)
        findings = _findings(design, histories, models[key], covariates, drawn)
        if findings is not None:
            found[design.investment] = findings
    for name, lender in list(found.items()):
        for investment, effect in lender.lent.items():
            # One that has no answer of its own cannot be credited.
            credited = investment if investment in found else name
            own = found[credited]
            found[credited] = replace(own, effect=with_credit(own.effect, effect))
    return found


def _covariate_names(designs: Sequence[StudyDesign], prepared: Prepared) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for design in designs for name in design.match_on))
    persons = prepared.tables.persons
    if names and persons is None:
        raise GevinstError("effect.no-persons-file", names=", ".join(names))
    if persons is not None:
        check_covariates(names, tuple(c for c in persons.columns if c not in NOT_COVARIATES))
    return names


def _starters(design: StudyDesign, prepared: Prepared, histories: Histories) -> Starters:
    cohort = build_cohort(design.takers, prepared)
    rows = prepared.tables.backend.to_arrow(cohort.trials.select("person", "time_origin").order_by("person"))
    person = np.asarray(rows["person"], np.int64)
    column = np.asarray(rows["time_origin"], np.int64) - histories.first_week
    return Starters(np.searchsorted(histories.person, person), column)


def _target(design: StudyDesign, histories: Histories) -> Target:
    """The weeks with at least a day on which somebody could be referred."""
    opened = np.zeros(histories.weeks, bool)
    for column in range(histories.weeks):
        week = histories.first_week + column
        first, last = monday(week), sunday(week)
        shut = any(begin <= first and last <= end for begin, end in design.closed)
        opened[column] = design.first_day <= last and first <= design.last_day and not shut
    return Target(design.investment, design.benefit, opened, design.new_after)


def _findings(
    design: StudyDesign,
    histories: Histories,
    referrals: Referrals,
    covariates: Sequence[Covariate],
    drawn: Floats,
) -> MatchedFindings | None:
    starters = referrals.starters[design.investment]
    if not len(starters.row):
        return None
    weeks = min(FOLLOW_WEEKS, max(histories.weeks - 1 - int(starters.column.min()), design.horizon_weeks))
    forecast = design.headline == "matched"  # only the main method's effect is carried forward
    matched = matched_comparison(histories, referrals, design.investment, covariates, weeks, ages=forecast)
    if matched is None:
        return None
    lent: dict[str, EffectReplicates] = {}
    if design.double_counting == "split":
        matched, lent = _split(matched, histories, referrals, weeks, drawn, design.horizon_weeks)
    effect = answer(matched, histories, drawn, design.horizon_weeks)
    if effect.horizon_weeks < 1:
        return None
    sums, trials = matched.sums, matched.matching.trials
    support = difference(sums.support, drawn)[:, : effect.horizon_weeks].sum(axis=1)
    balance = covariate_sums(histories, matched.target, matched.takers, covariates, trials)
    before = pre_period_sums(histories, trials)
    placebo = _placebo(design, histories, referrals, matched, covariates, drawn, weeks)
    reached = tuple(week for week in DESTINATION_WEEKS if week <= effect.covered_weeks)
    places = sums.destinations
    return MatchedFindings(
        effect,
        support,
        Destinations(
            DESTINATIONS,
            reached,
            replicated(places.actual, places.actual_influence, drawn)[:, :, : len(reached)],
            replicated(places.without, places.without_influence, drawn)[:, :, : len(reached)],
        ),
        balance,
        sums.weights,
        tuple(step.key for step in STEPS_OF_MATCHING),
        matched.matching.matched_by_step,
        len(matched.matching.unmatched.row),
        matched.matching.candidates,
        placebo,
        lent,
        difference(before.weeks, drawn) if before.participants else None,
        before.participants,
    )


def _split(
    matched: Matched, histories: Histories, referrals: Referrals, weeks: int, drawn: Floats, horizon: int
) -> tuple[Matched, dict[str, EffectReplicates]]:
    """Half of what participants save after they start in a second investment is that investment's."""
    second = histories.second_start.astype(np.int64)
    since = np.where(second == NEVER, histories.weeks, np.clip(second - histories.first_week, 0, histories.weeks))
    twice = histories.second_investment >= 0

    def credited(before: float, after: Floats) -> Matched:
        takers = matched.takers
        if referrals.hazards is None:
            takers = Takers(takers.starters, np.full(len(histories.person), histories.weeks))
        trials, lost = matched.matching.trials, Lost(referrals.hazards)
        sums = trial_sums(
            histories, matched.target, takers, trials, lost, weeks, Credit(since, before, after),
            ages=matched.sums.ages is not None,
        )  # fmt: skip
        return replace(matched, sums=sums)

    starters = matched.takers.starters.row
    lent = {}
    for number in sorted(set(histories.second_investment[starters[twice[starters]]].tolist())):
        theirs = np.where(histories.second_investment == number, 0.5, 0.0)
        lent[histories.investments[number]] = answer(credited(0.0, theirs), histories, drawn, horizon)
    return credited(1.0, np.where(twice, 0.5, 1.0)), lent


def _placebo(
    design: StudyDesign,
    histories: Histories,
    referrals: Referrals,
    matched: Matched,
    covariates: Sequence[Covariate],
    drawn: Floats,
    weeks: int,
) -> EffectReplicates | None:
    """The whole comparison again, for persons who did not take part drawn in the participants' stead."""
    takers = pseudo_takers(histories, matched.matching.trials, PLACEBO_SEED)
    target = matched.target
    if not len(takers.starters.row):
        return None
    model = fit_referral(referral_counts(histories, target, takers.starters, takers.until, covariates))
    if model is None:
        return None
    matching = match(histories, target, takers, covariates, model)
    if not len(matching.trials.cell):
        return None
    matching = balanced(histories, target, covariates, matching)
    real = referrals.hazards
    if real is None:
        followed, lost = Takers(takers.starters, np.full(len(histories.person), histories.weeks)), Lost()
    else:
        # Comparators are lost to the pseudo investment or to a real one, pseudo-participants only to a real one.
        pseudo = cumulated_hazard(histories, [Loss(target, model, takers.starters, takers.until)], covariates)
        followed, lost = takers, Lost(pseudo + real, real)
    sums = trial_sums(histories, target, followed, matching.trials, lost, weeks)
    found = answer(Matched(target, takers, matching, sums), histories, drawn, design.horizon_weeks)
    return found if found.horizon_weeks > 0 else None
