"""Every estimator's answer for the analyst, as plain values: nested for a program, and in rows for a table.

Nothing is suppressed here: it is printed for the one who holds the persons' files, not published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from gevinst.curves.trial_sums import WEIGHT_AT_MOST
from gevinst.effects.estimate import EffectReplicates, Interval
from gevinst.effects.ladder import ESTIMATORS
from gevinst.effects.matched_study import Destinations, MatchedFindings
from gevinst.effects.replicates import interval
from gevinst.effects.unknown_difference import e_values
from gevinst.follow_up.alike import differences
from gevinst.follow_up.effect_detail import PlaceboResult
from gevinst.follow_up.graded import MATCHED, Terms, evidence_of
from gevinst.follow_up.placebos import covers_zero, placebo_results
from gevinst.follow_up.valued import Valued, gross_total, net_total

Plain = dict[str, Any]
"""What JSON holds."""


@dataclass(frozen=True)
class EffectRow:
    """One figure of one estimator: `measure` says which, `year` or `week` when, `name` of what; bounds may be None."""

    estimator: str
    measure: str
    year: int | None
    found: Interval
    week: int | None = None
    name: str = ""


def answers(valued: Valued) -> Plain:
    """Everything found for one investment; amounts in DKK, a saving negative; weeks saved positive when good."""
    study = valued.study
    return {
        "investment": study.design.investment,
        "benefit": study.design.benefit,
        "match_on": list(study.design.match_on),
        "later_participants": study.design.later_participants,
        "participants": study.participants,
        "left_out": study.left_out,
        "estimators": {name: _answer(valued, name) for name in study.effects},
    }


def _answer(valued: Valued, name: str) -> Plain:
    study, saving = valued.study, valued.savings[name]
    effect, matched = study.effects[name], study.matched if name == MATCHED else None
    evidence = evidence_of(effect, valued, Terms())
    return {
        "weeks_saved": plain(interval(effect.weeks_saved)),
        "weeks_saved_any_support": None if matched is None else plain(interval(matched.support_weeks_saved)),
        "horizon_weeks": effect.horizon_weeks,
        "participants_used": effect.participants,
        "left_out": study.left_out | ({} if matched is None else {"outside_common_support": matched.unmatched}),
        "comparison": effect.comparison,
        "comparison_persons": None if matched is None else matched.weights.persons,
        "effective_persons": None if matched is None else matched.weights.effective,
        "uncovered_participant_weeks": effect.uncovered,
        "by_year": [
            {"year": year.year, "gross_dkk": plain(year.gross), "net_dkk": plain(year.net)} for year in saving.by_year
        ],
        "gross_total": plain(gross_total(saving)),
        "net_total": plain(net_total(saving)),
        "unpriced_benefits": sorted({one.benefit for one in saving.unpriced}),
        "weakness": ESTIMATORS[name].weakness,
        "evidence": {
            "grade": evidence.grade,
            "name": evidence.name,
            "meaning": evidence.meaning,
            "reasons": list(evidence.reasons),
        },
        **({} if matched is None else _behind_matched(valued, matched)),
    }


def _behind_matched(valued: Valued, matched: MatchedFindings) -> Plain:
    """What only the matched comparison has: its checks, and how it was made."""
    found = e_value_of(matched.effect)
    keep = valued.study.design.later_participants == "keep"
    return {
        "candidates": matched.candidates,
        "steps_of_matching": [
            {"step": step, "participants": count} for step, count in zip(matched.steps, matched.by_step, strict=True)
        ],
        "balance": [
            {"name": one.name, "level": one.level, "before": both[0], "after": both[1]}
            for one in matched.balance
            if (both := differences(one)) is not None
        ],
        "placebo": {one.kind: _placebo(one) for one in placebo_results(matched, valued.placebo)},
        "destinations": [_destinations(matched.destinations, at) for at in range(len(matched.destinations.weeks))],
        "e_value": None if found is None else {"estimate": _finite(found[0]), "limit": _finite(found[1])},
        "censoring": None
        if keep
        else {
            "share": matched.weights.censored,
            "largest_weight": matched.weights.largest,
            "weight_limit": WEIGHT_AT_MOST,
            "truncated_share": matched.weights.truncated,
        },
    }


def e_value_of(effect: EffectReplicates) -> tuple[float, float | None] | None:
    """The E-value of an effect and of its interval, from mean weeks on the benefit over the horizon."""
    inside = slice(0, effect.horizon_weeks)
    return e_values(effect.share_with[:, inside].sum(axis=1), effect.share_without[:, inside].sum(axis=1))


def _placebo(made: PlaceboResult) -> Plain | None:
    if made.weeks is None:
        return None
    found: Plain = {
        "weeks_saved": plain(made.weeks),
        "participants": made.participants,
        "covers_zero": None if made.weeks is None else covers_zero(made.weeks),
        "passed": made.passed,
    }
    if made.kind == "pseudo_participants":
        found["net_total_dkk"] = plain(made.net_dkk)
    return found


def _destinations(found: Destinations, at: int) -> Plain:
    shares: Plain = {"week": found.weeks[at]}
    for number, name in enumerate(found.names):
        actual, without = found.actual[:, number, at], found.without[:, number, at]
        shares[name] = {
            "with_effort": _finite(float(actual[0])),
            "without": _finite(float(without[0])),
            "difference": plain(interval(actual - without)),
        }
    return shares


def effect_rows(valued: Valued) -> Iterator[EffectRow]:
    """The same in rows, estimator by estimator; what has no interval has an estimate only."""
    study = valued.study
    for name, effect in study.effects.items():
        yield EffectRow(name, "weeks_saved", None, interval(effect.weeks_saved))
        saving = valued.savings[name]
        for year in saving.by_year:
            yield EffectRow(name, "gross_dkk", year.year, year.gross)
            yield EffectRow(name, "net_dkk", year.year, year.net)
        for measure, total in (("gross_total_dkk", gross_total(saving)), ("net_total_dkk", net_total(saving))):
            if total is not None:
                yield EffectRow(name, measure, None, total)
        yield EffectRow(name, "participants_used", None, Interval(effect.participants))
        yield EffectRow(name, "comparison", None, Interval(effect.comparison))
        if name == MATCHED and study.matched is not None:
            yield from _matched_rows(valued, study.matched)


def _matched_rows(valued: Valued, matched: MatchedFindings) -> Iterator[EffectRow]:
    yield EffectRow(MATCHED, "weeks_saved_any_support", None, interval(matched.support_weeks_saved))
    for measure, value in (
        ("outside_common_support", matched.unmatched),
        ("comparison_persons", matched.weights.persons),
        ("effective_persons", matched.weights.effective),
    ):
        yield EffectRow(MATCHED, measure, None, Interval(value))
    for made in placebo_results(matched, valued.placebo):
        if made.weeks is not None:
            yield EffectRow(MATCHED, "placebo_weeks_saved", None, made.weeks, name=made.kind)
        if made.net_dkk is not None:
            yield EffectRow(MATCHED, "placebo_net_total_dkk", None, made.net_dkk, name=made.kind)
    for one in matched.balance:
        both = differences(one)
        for measure, apart in zip(("balance_before", "balance_after"), both or (), strict=False):
            yield EffectRow(MATCHED, measure, None, Interval(apart), name=f"{one.name}: {one.level}".rstrip(": "))
    yield from _destination_rows(matched.destinations)
    found = e_value_of(matched.effect)
    if found is not None:
        yield EffectRow(MATCHED, "e_value", None, Interval(found[0]))
        if found[1] is not None:
            yield EffectRow(MATCHED, "e_value_limit", None, Interval(found[1]))


def _destination_rows(found: Destinations) -> Iterator[EffectRow]:
    for at, week in enumerate(found.weeks):
        for number, name in enumerate(found.names):
            actual, without = found.actual[:, number, at], found.without[:, number, at]
            for measure, share in (
                ("share_with_effort", actual),
                ("share_without", without),
                ("share_difference", np.subtract(actual, without)),
            ):
                yield EffectRow(MATCHED, measure, None, interval(share), week, name)


def plain(found: Interval | None) -> dict[str, float | None] | None:
    """An interval as JSON holds it; None where there is none."""
    if found is None:
        return None
    return {"estimate": _finite(found.estimate), "low": _finite(found.low), "high": _finite(found.high)}


def _finite(value: float | None) -> float | None:
    """The number, or None where it could not be computed: NaN is not JSON."""
    return value if value is not None and isfinite(value) else None
