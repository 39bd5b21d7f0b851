"""Figures as they are told: rounded once, at the door, so that no file has more of them than the memo prints.

A mean over P participants less one over R others is a fraction, and with all its digits P and R can be read from it,
however they are hidden; and of two editions the weeks of the one participant who came between them. Weeks are told to
a tenth and kroner to whole thousands, as the memo has them. Every replicate is moved by as much as the estimate, so
that intervals, sums and probabilities go on fitting each other.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gevinst.economy.saving import Saving
from gevinst.effects.estimate import EffectReplicates, Floats
from gevinst.effects.matched_study import MatchedFindings
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.forecast import Fan, Forecast, YearForecast

WEEKS = 0.1
KRONER = 1000.0


def as_told(case: CaseResult) -> CaseResult:
    """The case with its weeks and kroner rounded."""
    if case.valued is None:
        return case
    study = case.valued.study
    effects = {key: _effect(effect) for key, effect in study.effects.items()}
    valued = replace(
        case.valued,
        study=replace(study, effects=effects, matched=None if study.matched is None else _findings(study.matched)),
        savings={key: _saving(saving) for key, saving in case.valued.savings.items()},
        placebo=None if case.valued.placebo is None else _saving(case.valued.placebo),
    )
    return replace(case, valued=valued)


def moved(values: Floats, step: float) -> Floats:
    """Replicates `[replicate, ...]` moved so that the estimates, row 0, are whole steps.

    >>> moved(np.array([1.2148, 1.0, 1.5]), 0.1).round(4).tolist()
    [1.2, 0.9852, 1.4852]
    """
    told: Floats = values + (nearest(values[0], step) - values[0])
    told[0] = nearest(values[0], step)
    return told


def nearest(value: np.float64 | Floats, step: float) -> np.float64 | Floats:
    """The nearest whole step."""
    whole = np.round(value / step) + 0.0  # no minus before nought
    return whole * step if step >= 1 else whole / round(1 / step)


def _effect(effect: EffectReplicates) -> EffectReplicates:
    return replace(effect, weeks_saved=moved(effect.weeks_saved, WEEKS))


def _saving(saving: Saving) -> Saving:
    return replace(saving, gross=moved(saving.gross, KRONER), net=moved(saving.net, KRONER))


def _findings(found: MatchedFindings) -> MatchedFindings:
    return replace(
        found,
        effect=_effect(found.effect),
        support_weeks_saved=moved(found.support_weeks_saved, WEEKS),
        placebo=None if found.placebo is None else _effect(found.placebo),
        pre_period=None if found.pre_period is None else moved(found.pre_period, WEEKS),
    )


def forecast_as_told(forecast: Forecast) -> Forecast:
    """The forecast in whole thousands; its bounds are moved with it."""
    return replace(
        forecast,
        years=tuple(_year(year) for year in forecast.years),
        other_rules={rule: tuple(map(_thousands, told)) for rule, told in forecast.other_rules.items()},
        by_pace=tuple(map(_thousands, forecast.by_pace)),
    )


def _year(year: YearForecast) -> YearForecast:
    coming = _thousands(year.coming)
    return replace(
        year,
        coming=coming,
        expected=_fan(year.expected, _thousands(year.expected.estimate)),
        starts=round(year.starts, 1),
        extrapolated=round(year.extrapolated, 3),
        from_coming=round(year.from_coming, 3),
    )


def _fan(fan: Fan, estimate: float) -> Fan:
    by = estimate - fan.estimate
    low50, high50, low80, high80, low95, high95 = (
        None if edge is None else edge + by
        for edge in (fan.low50, fan.high50, fan.low80, fan.high80, fan.low95, fan.high95)
    )
    return Fan(estimate, low50, high50, low80, high80, low95, high95)


def _thousands(value: float) -> float:
    return float(nearest(np.float64(value), KRONER))
