"""The referral model's counts against the person-weeks, and the model against a regression on them one by one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from gevinst.backend import Backend
from gevinst.cohorts.trials import first_columns
from gevinst.curves import referrals as module
from gevinst.curves.referrals import ReferralCounts, referral_counts
from gevinst.effects.propensity import Factor, fit_logit, one_hot
from tests.effects.matched_engine import Opened, opened
from tests.effects.matched_reference import FINE, band
from tests.town import crowded_designs, crowded_town, relapsing_designs, relapsing_town

PRIOR = (1, 9, 18, 27, 40, 53, 66, 79, 92, 104)


@pytest.fixture(scope="module", params=["crowded", "relapsing"])
def town(request: pytest.FixtureRequest, duckdb_backend: Backend) -> Opened:
    if request.param == "crowded":
        return opened(crowded_town(37, 250), crowded_designs(), duckdb_backend)
    return opened(relapsing_town(71, 100), relapsing_designs(), duckdb_backend)


def counts_of(town: Opened, investment: str = "net") -> ReferralCounts:
    referrals = town.referrals
    until = first_columns(town.histories)
    return referral_counts(
        town.histories, referrals.targets[investment], referrals.starters[investment], until, town.covariates
    )


def person_weeks(town: Opened) -> list[tuple[tuple[int, ...], bool]]:
    """The bands of every person-week in which somebody could have been referred, and whether she was."""
    design, slow, first = town.designs[0], town.slow, town.histories.first_week
    starters = slow.starters(design)
    fine = {p: [int(one.fine[town.row(p)]) for one in town.covariates] for p in slow.people}
    found = []
    for week in range(first, town.town.horizon + 1):
        for person in slow.people:
            if slow.eligible(design, person, week):
                elapsed = band(slow.elapsed(person, design.benefit, week), FINE)
                prior = band(slow.prior(person, week, first), PRIOR)
                found.append(((elapsed, prior, *fine[person]), starters.get(person) == week))
    return found


def test_person_weeks_are_counted_by_their_bands(town: Opened) -> None:
    counts, rows = counts_of(town), person_weeks(town)
    trials, events = Counter(codes for codes, _ in rows), Counter(codes for codes, event in rows if event)
    told_trials, told_events = Counter(), Counter()
    for codes, at_risk, referred in zip(counts.codes[:, 1:].tolist(), counts.trials, counts.events, strict=True):
        told_trials[tuple(codes)] += at_risk
        told_events[tuple(codes)] += referred
    assert told_trials == pytest.approx(trials)
    assert {codes: n for codes, n in told_events.items() if n} == pytest.approx(events)
    names = [name for name, _, _ in counts.factors]
    assert names[:3] == ["quarter", "elapsed", "prior"]
    assert names[3:] == [one.name for one in town.covariates]


def test_the_score_is_that_of_a_regression_on_the_person_weeks_one_by_one(town: Opened) -> None:
    """The same penalised regression, its design written out with a row per person-week."""
    counts = counts_of(town)
    factors = [Factor(name, levels, ordered) for name, levels, ordered in counts.factors]
    times = counts.trials.astype(int)
    codes = np.repeat(counts.codes, times, axis=0)
    ends = np.cumsum(times)
    referred = np.concatenate([np.arange(n) < int(e) for n, e in zip(times, counts.events, strict=True)])
    assert ends[-1] == len(referred)
    design, penalty = one_hot(codes, factors)
    plain = fit_logit(design, referred.astype(float), np.ones(len(referred)), penalty)
    begin = 1 + factors[0].levels
    expected = one_hot(counts.codes, factors)[0][:, begin:] @ plain.coefficients[begin:]
    score, first = town.score("net"), town.histories.first_week
    slow, told = town.slow, {}
    for week in range(first, town.town.horizon + 1):
        for person in slow.people:
            if slow.eligible(town.designs[0], person, week):
                fine = [int(one.fine[town.row(person)]) for one in town.covariates]
                elapsed = band(slow.elapsed(person, town.designs[0].benefit, week), FINE)
                told[elapsed, band(slow.prior(person, week, first), PRIOR), *fine] = score(person, week)
    assert [told[tuple(codes)] for codes in counts.codes[:, 1:].tolist()] == pytest.approx(expected, abs=1e-7)


def test_many_person_weeks_are_thinned_and_no_referral_is_lost(town: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = counts_of(town)
    monkeypatch.setattr(module, "PERSON_WEEKS", int(whole.trials.sum()) // 3)
    thin = counts_of(town)
    assert thin.events.sum() == whole.events.sum()
    assert len(thin.codes) < len(whole.codes)
    assert thin.trials.sum() == pytest.approx(whole.trials.sum(), rel=0.1)


def test_an_investment_nobody_started_in_has_no_model(town: Opened) -> None:
    nobody = town.referrals.starters["net"]
    nobody = type(nobody)(nobody.row[:0], nobody.column[:0])
    until = first_columns(town.histories)
    counts = referral_counts(town.histories, town.referrals.targets["net"], nobody, until, town.covariates)
    assert counts.events.sum() == 0
