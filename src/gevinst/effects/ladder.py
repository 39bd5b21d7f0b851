"""The estimator ladder: the same question answered from several comparisons, each with its known weakness.

All answer, for those who took part and week by week from their start: what would the share on benefit, and the
paid weeks, have been without the investment? Input is counts by replicate group, so every answer comes with its
replicates. `matched` is computed in `effects/matched.py`, from trials that start with the participants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gevinst.curves.ages import band_starts, by_band
from gevinst.curves.curve import Curve
from gevinst.curves.estimators import state_occupation, trapezoid_mean
from gevinst.curves.tallies import ArmCounts
from gevinst.effects.estimate import EffectReplicates, Floats
from gevinst.effects.profile import Profile
from gevinst.effects.replicates import reweighted
from gevinst.language import say

MINIMUM_OBSERVED = 5
"""Fewer trials than this in a week of the comparison, and the week is taken as not observed."""


@dataclass(frozen=True)
class Estimator:
    """A rung of the ladder: its key, what it is called, and the weakness printed beside every figure of it.

    `brief` is the weakness in the few words that a column of a table has room for.
    """

    key: str
    name_da: str
    name_en: str
    weakness_da: str
    weakness_en: str
    brief_da: str
    brief_en: str

    @property
    def name(self) -> str:
        """What a reader calls it."""
        return say(da=self.name_da, en=self.name_en)

    @property
    def weakness(self) -> str:
        """What is known to be wrong with it."""
        return say(da=self.weakness_da, en=self.weakness_en)

    @property
    def brief(self) -> str:
        """The same in a few words."""
        return say(da=self.brief_da, en=self.brief_en)


ESTIMATORS: dict[str, Estimator] = {
    estimator.key: estimator
    for estimator in (
        Estimator(
            "target_group",
            "Hele målgruppen",
            "The whole target group",
            "Målgruppen indeholder deltagerne selv; deltagerne har nødvendigvis været på ydelsen, til de startede, "
            "mens målgruppen følges fra forløbets start; og de, der visiteres, kan være anderledes end resten.",
            "The target group contains the participants; participants must have stayed on the benefit until they "
            "started while the target group is followed from the start of the spell; and those who are referred may "
            "differ from the rest.",
            "Deltagerne er selv med; følges fra forløbets start; de visiterede kan være anderledes",
            "Contains the participants; followed from the spell's start; those referred may differ",
        ),
        Estimator(
            "rest_of_target_group",
            "Resten af målgruppen",
            "The rest of the target group",
            "Deltagerne har nødvendigvis været på ydelsen, til de startede, mens resten følges fra forløbets start; og "
            "de, der visiteres, kan være anderledes end resten.",
            "Participants must have stayed on the benefit until they started while the rest are followed from the "
            "start of the spell; and those who are referred may differ from the rest.",
            "Følges fra forløbets start; de visiterede kan være anderledes",
            "Followed from the spell's start; those referred may differ",
        ),
        Estimator(
            "baseline",
            "Tidligere år",
            "Earlier years",
            "Regner konjunkturen med som effekt: er ledigheden faldet af andre grunde, ser det ud som en besparelse. "
            "Deltagerne følges, fra de starter i indsatsen, de tidligere år fra forløbets start.",
            "Counts the business cycle as effect: where unemployment has fallen for other reasons it looks like a "
            "saving. Participants are followed from their start in the effort, the earlier years from the start of "
            "the spell.",
            "Regner konjunkturen med som effekt; følges fra forløbets start",
            "Counts the business cycle as effect; followed from the spell's start",
        ),
        Estimator(
            "cycle_adjusted",
            "Tidligere år, rettet for konjunkturen",
            "Earlier years, adjusted for the business cycle",
            "Konjunkturen er trukket fra, men de, der visiteres, kan være anderledes end resten, og deltagerne har "
            "nødvendigvis været på ydelsen, til de startede.",
            "The business cycle is taken out, but those who are referred may differ from the rest, and participants "
            "must have stayed on the benefit until they started.",
            "Følges fra forløbets start; de visiterede kan være anderledes",
            "Followed from the spell's start; those referred may differ",
        ),
        Estimator(
            "matched",
            "Borgere, der ligner deltagerne",
            "Persons like the participants",
            "Deltagerne sammenlignes med borgere, der på samme tid var lige så længe på ydelsen og ligner dem på det, "
            "der er i data. Forskelle, som ikke er i data, er der ikke rettet for.",
            "Participants are compared with persons who at the same time had been on the benefit as long and who are "
            "like them in what the data hold. Differences that are not in the data are not adjusted for.",
            "Forskelle, der ikke er i data",
            "Differences that are not in the data",
        ),
    )
}


@dataclass(frozen=True)
class Without:
    """What the participants would have had without the investment, by replicate and week since the start.

    `share` `[replicate, week]` on the same benefit; `occupancy` `[replicate, cell, week]` full-time weeks paid per
    trial by (benefit, refund step); `known` how many weeks are known; `trials` what it rests on.
    """

    share: Floats
    occupancy: Floats
    cells: tuple[tuple[str, int], ...]
    known: int
    trials: int


def without_from_arms(arms: Sequence[ArmCounts], drawn: Floats) -> Without:
    """The comparison as the simple mean of `arms`: one group, or the cohorts of several earlier years."""
    shares, occupancies, known, trials = [], [], [], 0
    cells = tuple(sorted({cell for arm in arms for cell in _benefit_steps(arm)}))
    for arm in arms:
        observed = reweighted(arm.observed, drawn)
        shares.append(occupied(arm, drawn))
        with np.errstate(invalid="ignore", divide="ignore"):
            occupancies.append(reweighted(_over_years(arm, cells), drawn) / observed[:, None, :])
        known.append(_weeks_known(arm, MINIMUM_OBSERVED))
        trials += int(arm.trials.sum())
    return Without(np.mean(shares, axis=0), np.mean(occupancies, axis=0), cells, min(known), trials)


def cycle_adjusted(baseline: Without, rest_now: Without, rest_then: Without) -> Without:
    """Earlier years plus what has changed since for those who did not take part: baseline + (now - then).

    A difference in differences of curves, week by week. The replicates are the same persons' weights in all three.
    """
    cells = tuple(sorted({*baseline.cells, *rest_now.cells, *rest_then.cells}))

    def widened(one: Without) -> Floats:
        wide = np.zeros((one.occupancy.shape[0], len(cells), one.occupancy.shape[2]))
        wide[:, [cells.index(cell) for cell in one.cells]] = one.occupancy
        return wide

    return Without(
        baseline.share + rest_now.share - rest_then.share,
        widened(baseline) + widened(rest_now) - widened(rest_then),
        cells,
        min(baseline.known, rest_now.known, rest_then.known),
        baseline.trials + rest_now.trials,
    )


def compare(
    estimator: str,
    participants: ArmCounts,
    without: Without,
    drawn: Floats,
    horizon_weeks: int,
    label: str = "",
    share_with: Floats | None = None,
) -> EffectReplicates:
    """The effect for the participants (ATT) beside `without`.

    Weeks saved are the difference of restricted means over `horizon_weeks`, or as far as both groups are known.
    Person-weeks are scaled to the actual number of participants, because the question is about those who took
    part, not about how many they might have been. `share_with` is `occupied(participants, drawn)`, where it is at hand.
    """
    n = int(participants.trials.sum())
    covered = min(without.known, _weeks_known(participants, min(MINIMUM_OBSERVED, n)))
    horizon = min(horizon_weeks, covered + 1)
    share_with = occupied(participants, drawn) if share_with is None else share_with
    scale = n / np.where((drawn @ participants.trials) > 0, drawn @ participants.trials, np.nan)
    inside = slice(0, covered + 1)
    lived = [y for y, _ in enumerate(participants.years) if participants.exposure[:, y].any()]
    years = tuple(participants.years[y] for y in lived)
    exposure = reweighted(participants.exposure[:, lived][..., inside], drawn) * scale[:, None, None]
    cells = tuple(sorted({*without.cells, *_benefit_steps(participants)}))
    counterfactual = np.zeros((len(drawn), len(years), len(cells)))
    mine = [cells.index(cell) for cell in without.cells]
    counterfactual[:, :, mine] = np.einsum("ryk,rck->ryc", exposure, without.occupancy[..., inside])
    actual = reweighted(_by_year(participants, years, cells, covered), drawn) * scale[:, None, None]
    return EffectReplicates(
        estimator,
        participants=n,
        comparison=without.trials,
        asked_weeks=horizon_weeks,
        horizon_weeks=horizon,
        covered_weeks=covered,
        uncovered=int(participants.observed[:, covered + 1 :].sum()),
        weeks_saved=(without.share[:, :horizon] - share_with[:, :horizon]).sum(axis=1),
        share_with=share_with,
        share_without=without.share,
        years=years,
        cells=cells,
        actual_weeks=actual,
        counterfactual_weeks=counterfactual,
        comparison_label=label,
        profile=_profile(participants, without, drawn, cells, covered) if covered >= 0 else None,
        present=_present(participants.exposure[:, lived][..., inside]),
    )


def _present(exposure: Floats) -> tuple[int, ...]:
    """How many at least were observed in each year, from the participant-weeks `[group, year, week]`.

    Whoever is in a year in her k-th week is one person, so there are as many as in the week that most are in.
    """
    weeks: Floats = exposure.sum(axis=0)
    return tuple(round(float(year.max(initial=0.0))) for year in weeks)


def _profile(
    participants: ArmCounts, without: Without, drawn: Floats, cells: tuple[tuple[str, int], ...], covered: int
) -> Profile:
    """Both sides per participant-week, in the bands of weeks since the start that both groups reach."""
    observed = participants.observed[:, : covered + 1].astype(np.float64)
    weeks = reweighted(observed, drawn)
    followed = by_band(weeks)
    over = np.where(followed > 0, followed, np.nan)[:, :, None]
    paid = reweighted(by_band(_over_years(participants, cells)[..., : covered + 1]), drawn)
    counterfactual = np.zeros((*over.shape[:2], len(cells)))
    mine = [cells.index(cell) for cell in without.cells]
    borders = (*band_starts(covered), covered + 1)
    for band, (begin, end) in enumerate(pairwise(borders)):
        there = without.occupancy[..., begin:end]
        counterfactual[:, band, mine] = np.einsum("rk,rck->rc", weeks[:, begin:end], there)
    return Profile(cells, observed.sum(axis=0), paid.transpose(0, 2, 1) / over, counterfactual / over)


def without_from_published(curve: Curve, benefit: str, steps: Sequence[int], weeks: int, replicates: int) -> Without:
    """The comparison from a published curve, straight lines between its weeks.

    A printed table has no counts, so it adds no sampling uncertainty of its own (said beside the figure). Its
    members are taken to climb the refund ladder from their first week on the benefit: `steps[k]` is the step of
    week k.
    """
    grid, shares = zip(*((p.week, p.share) for p in curve.points if p.share is not None), strict=True)
    known = min(weeks, grid[-1])
    share = np.interp(np.arange(weeks + 1, dtype=np.float64), np.asarray(grid, np.float64), np.asarray(shares))
    share[known + 1 :] = np.nan
    kinds = sorted(set(steps))
    occupancy = np.array([np.where(np.asarray(steps[: weeks + 1]) == step, share, 0.0) for step in kinds])
    occupancy[:, known + 1 :] = np.nan
    whole = (1 + replicates, 1)
    return Without(
        np.tile(share, whole), np.tile(occupancy, (*whole, 1)), tuple((benefit, step) for step in kinds), known, 0
    )


def published_weeks_saved(curve: Curve, effect: EffectReplicates, horizon_weeks: int) -> tuple[int, Floats]:
    """Weeks saved beside a published curve, both curves integrated by the trapezoid rule on its own weeks.

    A weekly sum for one curve and trapezoids for the other would differ by half a week without any effect. The
    horizon is the last published week within `horizon_weeks` that the participants reach.
    """
    grid = [p.week for p in curve.points if p.share is not None]
    grid = [week for week in grid if week <= min(horizon_weeks, effect.covered_weeks)]
    if len(grid) < 2 or grid[0] != 0:
        return 0, np.full(len(effect.share_with), np.nan)
    before = trapezoid_mean(grid, [p.share for p in curve.points if p.week in grid and p.share is not None])
    after = np.array([trapezoid_mean(grid, row[grid]) for row in effect.share_with])
    return grid[-1], before - after


def occupied(arm: ArmCounts, drawn: Floats) -> Floats:
    """The share of an arm on the benefit `[replicate, week]`."""
    counts = (reweighted(x, drawn) for x in (arm.observed, arm.starts, arm.ends, arm.cut))
    return state_occupation(*counts, cut_at_risk=False)


def _weeks_known(arm: ArmCounts, least: int) -> int:
    """The last week that at least `least` trials reach; -1 when none does."""
    enough = np.flatnonzero(arm.observed.sum(axis=0) >= max(least, 1))
    return int(enough[-1]) if len(enough) else -1


def _benefit_steps(arm: ArmCounts) -> tuple[tuple[str, int], ...]:
    return tuple(sorted({(benefit, step) for benefit, step, _ in arm.cells}))


def _by_year(arm: ArmCounts, years: tuple[int, ...], cells: tuple[tuple[str, int], ...], covered: int) -> Floats:
    """Paid weeks to week `covered` since the start, by calendar year and (benefit, step): `[group, year, cell]`."""
    summed = np.zeros((arm.paid.shape[0], len(years), len(cells)))
    for c, (benefit, step, year) in enumerate(arm.cells):
        if year in years:
            weeks = arm.paid[:, c, : covered + 1].sum(axis=-1)
            summed[:, years.index(year), cells.index((benefit, step))] += weeks
    return summed


def _over_years(arm: ArmCounts, cells: tuple[tuple[str, int], ...]) -> Floats:
    """Paid weeks by (benefit, step), the calendar years added together: `[group, cell, week]`."""
    place = {cell: i for i, cell in enumerate(cells)}
    summed = np.zeros((arm.paid.shape[0], len(cells), arm.paid.shape[2]))
    for c, (benefit, step, _) in enumerate(arm.cells):
        summed[:, place[benefit, step]] += arm.paid[:, c]
    return summed
