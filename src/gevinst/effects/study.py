"""One investment, studied: its participants, every comparison the ladder has data for, and the answers.

The design is fixed by the case before data are loaded (`register/business_case.Protocol`). All arms are counted in
one pass over the person tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gevinst.cohorts.build import Cohort, build_cohort, together
from gevinst.cohorts.definition import GapRule, Inflow, Participants
from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER, PaidWeeks
from gevinst.cohorts.prepare import Prepared
from gevinst.cohorts.seniority import refund_step
from gevinst.curves.arms import count_arms
from gevinst.curves.curve import Curve, Outcome
from gevinst.curves.estimate import estimate_curve
from gevinst.curves.tallies import ArmCounts
from gevinst.effects.estimate import EffectReplicates, Floats
from gevinst.effects.ladder import (
    compare,
    published_weeks_saved,
    without_from_arms,
    without_from_published,
)
from gevinst.language import say
from gevinst.weeks import monday

PARTICIPANTS, TARGET_GROUP, REST = "participants", "target_group", "rest_of_target_group"
FOLLOW_WEEKS = 208
"""How long after the start participants are followed for the kroner: four years, the length of a budget agreement."""


@dataclass(frozen=True)
class StudyDesign:
    """What the case says of how its effect is to be found.

    `first_day` and `last_day` bound the referrals; `baseline_years` are the years whose inflow is the baseline
    (none: the published curve, if there is one). `on_ladder` says whether the benefit's weeks climb the refund
    ladder.
    """

    investment: str
    benefit: str
    first_day: date
    last_day: date
    horizon_weeks: int = 52
    headline: str = REST
    baseline_years: tuple[int, ...] = ()
    new_after: GapRule = 4
    benefit_name: str = ""
    on_ladder: bool = True


@dataclass(frozen=True)
class Study:
    """What was found: effects by estimator, the curves of participants and rest, who was left out."""

    design: StudyDesign
    effects: dict[str, EffectReplicates]
    curves: tuple[Curve, ...]
    left_out: dict[str, int]
    participants: int
    target_group: int


def study_investment(
    design: StudyDesign,
    prepared: Prepared,
    paid: PaidWeeks | None,
    drawn: Floats,
    published: Sequence[Curve] = (),
) -> Study:
    """Answer the question with every estimator of the ladder that has data.

    `published` are curves from printed tables; the first with relapse to the same benefit serves as baseline where
    the register does not reach back to the baseline years.
    """
    cohorts = _cohorts(design, prepared)
    joined = together(tuple(cohorts.values()), "arms")
    horizon = prepared.tables.data_horizon
    reach = max(horizon - _earliest_start(design, prepared), design.horizon_weeks)
    arms = count_arms(joined, None if paid is None else paid.table, min(FOLLOW_WEEKS, reach))
    effects = {} if PARTICIPANTS not in arms else _effects(design, arms, drawn, published)
    return Study(
        design,
        effects,
        _curves(design, prepared, joined) if PARTICIPANTS in arms else (),
        cohorts[PARTICIPANTS].left_out,
        _size(arms, PARTICIPANTS),
        _size(arms, TARGET_GROUP),
    )


def _cohorts(design: StudyDesign, prepared: Prepared) -> dict[str, Cohort]:
    def inflow(first: date, last: date, label: str, *, never_participated: bool = False) -> Cohort:
        definition = Inflow(design.benefit, first, last, design.new_after)
        return build_cohort(definition, prepared, label=label, never_participated=never_participated)

    window = (design.first_day, design.last_day)
    takers = Participants(design.investment, design.benefit, *window)
    cohorts = {
        PARTICIPANTS: build_cohort(takers, prepared, label=PARTICIPANTS),
        TARGET_GROUP: inflow(*window, TARGET_GROUP),
        REST: inflow(*window, REST, never_participated=True),
    }
    first_known = monday(prepared.tables.first_week)
    for year in design.baseline_years:
        # A cohort that begins where the register does would take running spells for new ones.
        if date(year, 1, 1) > first_known:
            label = f"baseline-{year}"
            cohorts[label] = inflow(date(year, 1, 1), date(year, 12, 31), label)
    return cohorts


def _curves(design: StudyDesign, prepared: Prepared, joined: Cohort) -> tuple[Curve, ...]:
    """The curves of participants and rest: the same benefit first, then any public support."""
    window = (design.first_day, design.last_day)
    takers = Participants(design.investment, design.benefit, *window)
    inflow = Inflow(design.benefit, *window, design.new_after)
    of_any = together(
        (
            build_cohort(takers, prepared, label=PARTICIPANTS, any_support=True),
            build_cohort(inflow, prepared, label=REST, any_support=True, never_participated=True),
        ),
        "any",
    )
    names = {
        PARTICIPANTS: say(da="Deltagere", en="Participants"),
        REST: say(da="Resten af målgruppen", en="Rest of target group"),
    }
    outcomes: tuple[tuple[Outcome, Cohort], ...] = (("same", joined), ("any", of_any))
    return tuple(
        estimate_curve(
            replace(cohort, trials=cohort.trials.filter(cohort.trials.label == label)),
            design.horizon_weeks,
            label=name,
            benefit=design.benefit,
            outcome=outcome,
            maturity="available",
        ).curve
        for outcome, cohort in outcomes
        for label, name in names.items()
    )


def _earliest_start(design: StudyDesign, prepared: Prepared) -> int:
    tables = prepared.tables
    starts = [tables.first_week]
    if tables.participants is not None:
        rows = tables.participants.filter(tables.participants.investment == design.investment)
        first = tables.backend.to_arrow(rows.aggregate(first=rows.start_week.min())).to_pylist()[0]["first"]
        starts += [] if first is None else [int(first)]
    return max(starts)


def _effects(
    design: StudyDesign, arms: dict[str, ArmCounts], drawn: Floats, published: Sequence[Curve]
) -> dict[str, EffectReplicates]:
    taken = arms[PARTICIPANTS]
    effects = {
        name: compare(name, taken, without_from_arms([arms[name]], drawn), drawn, design.horizon_weeks)
        for name in (TARGET_GROUP, REST)
        if name in arms
    }
    earlier = [arm for label, arm in sorted(arms.items()) if label.startswith("baseline-")]
    if earlier:
        years = ", ".join(str(year) for year in design.baseline_years if f"baseline-{year}" in arms)
        without = without_from_arms(earlier, drawn)
        effects["baseline"] = compare("baseline", taken, without, drawn, design.horizon_weeks, years)
    elif published:
        effects["baseline"] = _beside_published(design, taken, published[0], drawn)
    return {name: effect for name, effect in effects.items() if effect.covered_weeks >= 0}


def _beside_published(design: StudyDesign, taken: ArmCounts, curve: Curve, drawn: Floats) -> EffectReplicates:
    weeks = taken.observed.shape[1] - 1
    steps = [refund_step(k + 1) if design.on_ladder else OUTSIDE_LADDER for k in range(weeks + 1)]
    without = without_from_published(curve, design.benefit, steps, weeks, len(drawn) - 1)
    effect = compare("baseline", taken, without, drawn, design.horizon_weeks, curve.label)
    horizon, saved = published_weeks_saved(curve, effect, design.horizon_weeks)
    return replace(effect, horizon_weeks=horizon, weeks_saved=saved)


def _size(arms: dict[str, ArmCounts], label: str) -> int:
    return int(arms[label].trials.sum()) if label in arms else 0
