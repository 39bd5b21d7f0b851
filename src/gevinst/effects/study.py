"""Investments, studied: their participants, every comparison the ladder has data for, and the answers.

The design is fixed by the case before data are loaded (`register/business_case.Protocol`). All arms of all
investments are counted in one pass over the person tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from gevinst.cohorts.build import Cohort, build_cohort, left_out, together
from gevinst.cohorts.definition import Inflow
from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER, PaidWeeks
from gevinst.cohorts.prepare import Prepared
from gevinst.cohorts.seniority import refund_step
from gevinst.curves.arms import count_arms
from gevinst.curves.curve import Curve, Outcome
from gevinst.curves.estimate import estimate_curves
from gevinst.curves.tallies import ArmCounts
from gevinst.effects.design import REST, StudyDesign
from gevinst.effects.estimate import EffectReplicates, Floats
from gevinst.effects.ladder import (
    Without,
    compare,
    cycle_adjusted,
    occupied,
    published_weeks_saved,
    without_from_arms,
    without_from_published,
)
from gevinst.effects.matched_study import FOLLOW_WEEKS, MatchedFindings, study_matched
from gevinst.language import say
from gevinst.parameters.benefits import Benefit, benefits
from gevinst.weeks import monday

PARTICIPANTS, TARGET_GROUP, BASELINE, REST_THEN = "participants", "target_group", "baseline-", "rest-"


@dataclass(frozen=True)
class Study:
    """What was found: effects by estimator, the curves of participants and rest, who was left out.

    `matched` is what lies behind the estimator of that name, where it could be computed.
    """

    design: StudyDesign
    effects: dict[str, EffectReplicates]
    curves: tuple[Curve, ...]
    left_out: dict[str, int]
    participants: int
    target_group: int
    baseline_years: tuple[int, ...] = ()
    matched: MatchedFindings | None = None


def study_investments(
    designs: Sequence[StudyDesign],
    prepared: Prepared,
    paid: PaidWeeks | None,
    drawn: Floats,
    published: Mapping[str, Sequence[Curve]] = MappingProxyType({}),
    *,
    known: Mapping[str, Benefit] | None = None,
    others: Sequence[StudyDesign] = (),
) -> dict[str, Study]:
    """Answer the question for each design with every estimator of the ladder that has data, by investment.

    `published` are curves from printed tables by investment; the first serves as baseline where the register does
    not reach back to the baseline years. `known` are the benefits (None: the national ones). `others` are further
    investments that a comparator may be lost to; they are not studied. Raises the errors of
    `effects/matched_study.py`.
    """
    if not designs:
        return {}
    among = benefits() if known is None else known
    matched = study_matched([*designs, *others], prepared, paid, drawn, among, {d.investment for d in designs})
    cohorts = {_label(design, arm): c for design in designs for arm, c in _cohorts(design, prepared).items()}
    joined = together(tuple(cohorts.values()), "arms")
    reach = prepared.tables.data_horizon - _earliest_start(designs, prepared)
    weeks = min(FOLLOW_WEEKS, max(reach, *(design.horizon_weeks for design in designs)))
    taking = [_label(design, PARTICIPANTS) for design in designs]
    counted = count_arms(joined, None if paid is None else paid.table, weeks, taking)
    curves = _curves(designs, prepared)
    losses = left_out([design.takers for design in designs], prepared)
    studies = {}
    for design in designs:
        own = _label(design, "")
        arms = {label.removeprefix(own): arm for label, arm in counted.items() if label.startswith(own)}
        found = PARTICIPANTS in arms
        studies[design.investment] = Study(
            design,
            _effects(design, arms, drawn, published.get(design.investment, ()), matched.get(design.investment))
            if found
            else {},
            tuple(curve for label, curve in curves.items() if label.startswith(own)) if found else (),
            losses[design.investment],
            _size(arms, PARTICIPANTS),
            _size(arms, TARGET_GROUP),
            tuple(int(arm.removeprefix(BASELINE)) for arm in sorted(arms) if arm.startswith(BASELINE)),
            matched.get(design.investment),
        )
    return studies


def _label(design: StudyDesign, arm: str) -> str:
    return f"{design.investment}\t{arm}"


def _cohorts(design: StudyDesign, prepared: Prepared) -> dict[str, Cohort]:
    def inflow(first: date, last: date, arm: str, *, never_participated: bool = False) -> Cohort:
        definition = Inflow(design.benefit, first, last, design.new_after)
        return build_cohort(definition, prepared, label=_label(design, arm), never_participated=never_participated)

    window = (design.first_day, design.last_day)
    cohorts = {
        PARTICIPANTS: build_cohort(design.takers, prepared, label=_label(design, PARTICIPANTS)),
        TARGET_GROUP: inflow(*window, TARGET_GROUP),
        REST: inflow(*window, REST, never_participated=True),
    }
    first_known = monday(prepared.tables.first_week)
    for year in design.baseline_years:
        # A cohort that begins where the register does would take running spells for new ones.
        if date(year, 1, 1) > first_known:
            whole_year = date(year, 1, 1), date(year, 12, 31)
            cohorts[f"{BASELINE}{year}"] = inflow(*whole_year, f"{BASELINE}{year}")
            cohorts[f"{REST_THEN}{year}"] = inflow(*whole_year, f"{REST_THEN}{year}", never_participated=True)
    return cohorts


def _curves(designs: Sequence[StudyDesign], prepared: Prepared) -> dict[str, Curve]:
    """The curves of participants and rest by label: the same benefit, and any public support."""
    names = {
        PARTICIPANTS: say(da="Deltagere", en="Participants"),
        REST: say(da="Resten af målgruppen", en="Rest of target group"),
    }
    outcomes: tuple[Outcome, ...] = ("same", "any")
    cohorts, named = [], {}
    for design in designs:
        window = (design.first_day, design.last_day)
        inflow = Inflow(design.benefit, *window, design.new_after)
        for outcome in outcomes:
            if outcome == "any" and design.benefit not in prepared.any_support:
                continue
            any_support = outcome == "any"
            for arm, name in names.items():
                label = _label(design, f"{outcome} {arm}")
                part = (
                    build_cohort(design.takers, prepared, label=label, any_support=any_support)
                    if arm == PARTICIPANTS
                    else build_cohort(inflow, prepared, label=label, any_support=any_support, never_participated=True)
                )
                cohorts.append(part)
                named[label] = Curve(name, "with_relapse", outcome, design.benefit, "available", (), 0, 0)
    weeks = max(design.horizon_weeks for design in designs)
    found = estimate_curves(together(tuple(cohorts), "curves"), weeks, named, cut_at_risk=False)
    return {label: found[label].curve for label in named if label in found}


def _earliest_start(designs: Sequence[StudyDesign], prepared: Prepared) -> int:
    tables = prepared.tables
    if tables.participants is None:
        return tables.first_week
    keys = [design.investment for design in designs]
    rows = tables.participants.filter(tables.participants.investment.isin(keys))
    first = tables.backend.to_arrow(rows.aggregate(first=rows.start_week.min())).to_pylist()[0]["first"]
    return tables.first_week if first is None else max(int(first), tables.first_week)


def _effects(
    design: StudyDesign,
    arms: dict[str, ArmCounts],
    drawn: Floats,
    published: Sequence[Curve],
    matched: MatchedFindings | None,
) -> dict[str, EffectReplicates]:
    taken = arms[PARTICIPANTS]
    share_with = occupied(taken, drawn)

    def beside(name: str, without: Without, label: str = "") -> EffectReplicates:
        return compare(name, taken, without, drawn, design.horizon_weeks, label, share_with)

    comparisons = {name: without_from_arms([arms[name]], drawn) for name in (TARGET_GROUP, REST) if name in arms}
    effects = {name: beside(name, without) for name, without in comparisons.items()}
    earlier = [arm for label, arm in sorted(arms.items()) if label.startswith(BASELINE)]
    if earlier:
        years = ", ".join(str(year) for year in design.baseline_years if f"{BASELINE}{year}" in arms)
        baseline = without_from_arms(earlier, drawn)
        effects["baseline"] = beside("baseline", baseline, years)
        then = [arm for label, arm in sorted(arms.items()) if label.startswith(REST_THEN)]
        if REST in comparisons and len(then) == len(earlier):
            adjusted = cycle_adjusted(baseline, comparisons[REST], without_from_arms(then, drawn))
            effects["cycle_adjusted"] = beside("cycle_adjusted", adjusted, years)
    elif published:
        effects["baseline"] = _beside_published(design, taken, published[0], drawn)
    if matched is not None:
        effects["matched"] = matched.effect
    return {name: effect for name, effect in effects.items() if effect.covered_weeks >= 0 and effect.horizon_weeks > 0}


def _beside_published(design: StudyDesign, taken: ArmCounts, curve: Curve, drawn: Floats) -> EffectReplicates:
    weeks = taken.observed.shape[1] - 1
    steps = [refund_step(k + 1) if design.on_ladder else OUTSIDE_LADDER for k in range(weeks + 1)]
    without = without_from_published(curve, design.benefit, steps, weeks, len(drawn) - 1)
    # The table knows one benefit only; weeks on others would stand on the participants' side alone.
    effect = compare("baseline", _only(taken, design.benefit), without, drawn, design.horizon_weeks, curve.label)
    horizon, saved = published_weeks_saved(curve, effect, design.horizon_weeks)
    return replace(effect, horizon_weeks=horizon, weeks_saved=saved)


def _only(arm: ArmCounts, benefit: str) -> ArmCounts:
    kept = [c for c, cell in enumerate(arm.cells) if cell[0] == benefit]
    return replace(arm, cells=tuple(arm.cells[c] for c in kept), paid=arm.paid[:, kept])


def matching_published(design: StudyDesign, published: Sequence[Curve]) -> tuple[Curve, ...]:
    """Published curves that can stand as the design's baseline, the latest first.

    Same benefit, with relapse, and of several years that end before the first referral; where the protocol names
    the baseline years, just those.
    """
    found = []
    for curve in published:
        years = [int(year) for year in re.findall(r"(?:19|20)\d\d", curve.label)]
        if curve.benefit != design.benefit or curve.definition != "with_relapse" or len(set(years)) < 2:
            continue
        wanted = design.published_years
        named = (min(years), max(years)) == (min(wanted), max(wanted)) if wanted else True
        if max(years) < design.first_day.year and named:
            found.append((max(years), curve))
    return tuple(curve for _, curve in sorted(found, key=lambda pair: (-pair[0], pair[1].label)))


def _size(arms: dict[str, ArmCounts], label: str) -> int:
    return int(arms[label].trials.sum()) if label in arms else 0
