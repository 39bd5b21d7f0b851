"""What leaves the wall of the matched comparison: sums by group, whichever way the trials are cut into pieces."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace

import numpy as np
import pytest

from gevinst.backend import Backend
from gevinst.curves import trial_sums as module
from gevinst.curves.trial_parts import Contrast
from gevinst.curves.trial_sums import TrialSums
from tests.effects.matched_engine import Opened, opened, trials_of
from tests.town import START, A, Town, crowded_designs, crowded_town, design_of, relapsing_designs, relapsing_town

WEEKS = 60


@pytest.fixture(scope="module", params=["crowded", "relapsing"])
def town(request: pytest.FixtureRequest, duckdb_backend: Backend) -> Opened:
    if request.param == "crowded":
        return opened(crowded_town(17), crowded_designs(), duckdb_backend)
    return opened(relapsing_town(51, 180), relapsing_designs(), duckdb_backend)


def sums_of(town: Opened) -> TrialSums:
    matched = town.matched("net", WEEKS)
    assert matched is not None
    return matched.sums


def alike(one: object, two: object) -> None:
    """Every figure the same, within what the order of a sum can do."""
    if isinstance(one, Contrast):
        for field in fields(one):
            alike(getattr(one, field.name), getattr(two, field.name))
    elif isinstance(one, np.ndarray):
        assert one == pytest.approx(two, abs=1e-10, nan_ok=True)
    else:
        assert one == two


def test_the_size_of_the_pieces_is_of_no_matter(town: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece is never less than a cell, and one cell alone may be more than a piece."""
    whole = sums_of(town)
    for size in (1, 3_000):
        monkeypatch.setattr(module, "CHUNK", size)
        pieces = sums_of(town)
        for field in fields(whole):
            if field.name != "weights":
                alike(getattr(whole, field.name), getattr(pieces, field.name))
        assert pieces.weights == replace(
            whole.weights, effective=pytest.approx(whole.weights.effective),
            censored=pytest.approx(whole.weights.censored),
        )


def test_how_the_weights_are_spread(town: Opened) -> None:
    """Kish's effective number over persons, the share that is lost, and the largest weight, from the trials."""
    matched = town.matched("net", WEEKS)
    assert matched is not None
    trials = trials_of(town, matched)
    by_person: dict[int, float] = defaultdict(float)
    lost = 0.0
    cumulated, first = town.slow_cumulated(), town.histories.first_week
    assert cumulated is not None
    largest = 0.0
    for trial in (one for one in trials if not one.taken):
        by_person[trial.person] += trial.weight
        end = min(trial.week + WEEKS, town.town.horizon)
        start = town.slow.first_start(trial.person)
        lost += trial.weight if start <= end else 0
        sums = cumulated[trial.person]
        reached = int(min(end, start - 1))
        largest = max(largest, float(np.exp(sums[reached - first] - sums[trial.week - first])))
    spread = matched.sums.weights
    total = sum(by_person.values())
    assert (spread.trials, spread.persons) == (sum(not t.taken for t in trials), len(by_person))
    assert spread.effective == pytest.approx(total**2 / sum(weight**2 for weight in by_person.values()))
    assert spread.censored == pytest.approx(lost / total)
    assert spread.largest == pytest.approx(largest, rel=1e-6)
    assert spread.truncated == 0


def test_a_weight_beyond_the_limit_is_cut_and_counted(town: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sums_of(town)
    limit = 1.05
    assert whole.weights.largest > limit
    monkeypatch.setattr(module, "WEIGHT_AT_MOST", limit)
    cut = sums_of(town)
    assert cut.weights.largest == whole.weights.largest
    assert 0 < cut.weights.truncated < 1
    assert np.abs(cut.same.without - whole.same.without).max() < 0.2


def test_nobody_is_followed_beyond_the_horizon(duckdb_backend: Backend) -> None:
    """Two start 5 and 8 weeks before the data end: so many are followed for so many weeks."""
    horizon = START + 200
    spells = [(person, A, horizon - 12, horizon + 9, 1.0) for person in range(1, 21)]
    town = opened(
        Town(tuple(spells), ((1, "net", horizon - 5), (2, "net", horizon - 8)), horizon),
        [design_of("net", START + 150, horizon)],
        duckdb_backend,
    )
    matched = town.matched("net", 20)
    assert matched is not None
    assert matched.sums.observed.tolist() == [2] * 6 + [1] * 3 + [0] * 12
    assert np.isnan(matched.sums.same.actual[9:]).all()
    assert matched.sums.same.without[:9] == pytest.approx(1)
    answered = town.answer("net", 20, np.ones((1, 200)))
    assert (answered.covered_weeks, answered.horizon_weeks, answered.asked_weeks) == (5, 6, 26)
    # One benefit of which the participants have weeks 0 to 5 and 0 to 8, and those in their stead the same.
    assert answered.actual_weeks[0].sum() == pytest.approx(6 + 9)
    assert answered.counterfactual_weeks[0].sum() == pytest.approx(6 + 9)


def test_one_who_leaves_the_register_is_on_nothing_from_then_on(duckdb_backend: Backend) -> None:
    begun = START + 160
    spells = tuple((person, A, begun, begun + 60, 1.0) for person in range(1, 9))
    starts = ((1, "net", begun + 4), (2, "net", begun + 4))
    town = opened(
        Town(spells, starts, START + 260, left={1: begun + 10, 8: begun + 14}),
        [design_of("net", begun, begun + 20)],
        duckdb_backend,
    )
    matched = town.matched("net", 20)
    assert matched is not None
    assert matched.sums.same.actual == pytest.approx([1] * 6 + [0.5] * 15)
    assert matched.sums.same.without == pytest.approx([1] * 10 + [5 / 6] * 11)
    gone = matched.sums.destinations.actual[list(module.DESTINATIONS).index("left_register"), 0]
    assert gone == pytest.approx(0.5)
