"""The switches of the made-up municipality, each against what can be reckoned from the tables alone.

Rates are found by likelihood from person-weeks, with the multipliers that the covariates in `persons` say a person has;
who is preferred is judged by the score of Cox's model, each start against all who could have started that week.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from gevinst.sources.synthetic import (
    Boom,
    HiddenTrait,
    Suspended,
    SyntheticInvestment,
    SyntheticSpec,
    Truth,
    simulate_register,
    without_effect,
)
from gevinst.sources.synthetic_calibration import RATES
from gevinst.sources.synthetic_people import AGE_BOUNDS, LABELS, LEAVE, PRIOR_BOUNDS
from gevinst.weeks import monday, week_of

A, K = "a-dagpenge", "kontanthjaelp"
FIRST, LAST = date(2016, 1, 4), date(2021, 12, 26)
ZERO = week_of(FIRST)
WEEKS = week_of(LAST) + 1 - ZERO
FROM, TO = date(2019, 1, 7), date(2020, 12, 27)
EFFORT = SyntheticInvestment("effort", A, 1, 13, 500.0, 0.0, referrals_from=FROM, referrals_to=TO,
                             wanted_participants=1_500)
PLAIN = SyntheticSpec(seed=11, persons=12_000, data_from=FIRST, data_to=LAST, mix={A: 1.0}, investments=(EFFORT,),
                      suspensions=(), creaming=0.0, cycle_by_entry=False)
EVERYTHING = replace(
    PLAIN, investments=(replace(EFFORT, exit_hazard_increase=0.3, min_spell_weeks=8),), creaming=1.5,
    age_gradient=-0.2, prior_gradient=-0.2, booms=(Boom(date(2020, 3, 2), 1.3),), hidden=HiddenTrait(0.4, 1.6, 2.0),
    suspensions=(Suspended(date(2020, 3, 11), date(2020, 5, 26)),), cycle_by_entry=True)


@dataclass(frozen=True)
class Lives:
    """Every person-week on A-dagpenge, from the tables; persons who left the register are left out.

    `elapsed` `[person, week]`: weeks on the run so far, -1 when off, -2 when the run began before the data.
    `start` `[person]`: the week of the first participation, or after everything.
    """

    ids: list[str]
    persons: dict[str, np.ndarray]
    elapsed: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]

    @property
    def pace(self) -> np.ndarray:
        """The multiplier on the rate of leaving that the covariates amount to (without gradients)."""
        value = {name: np.array([LABELS[name].index(str(x)) for x in self.persons[name]])
                 for name in ("sex", "education", "health_problem", "municipality")}
        value["age"] = np.searchsorted(AGE_BOUNDS, self.persons["age_at_entry"].astype(int), "right") - 1
        value["prior"] = np.searchsorted(PRIOR_BOUNDS, self.persons["prior_benefit_weeks_2y"].astype(int), "right") - 1
        return np.prod([np.array(LEAVE[name])[number] for name, number in value.items()], axis=0)


def lives(tables: dict[str, pa.Table], investment: str = "effort", benefit: str = A) -> Lives:
    stayed = [row for row in tables["persons"].to_pylist() if row["left_register_date"] is None]
    ids = [row["person_id"] for row in stayed]
    row_of = {one: row for row, one in enumerate(ids)}
    elapsed = np.full((len(ids), WEEKS), -1)
    for spell in tables["spells"].to_pylist():
        if spell["benefit"] == benefit and spell["person_id"] in row_of:
            low, high = week_of(spell["start_date"]) - ZERO, week_of(spell["end_date"] or LAST) - ZERO
            known = -2 if spell["start_date"] == FIRST else np.arange(high - low + 1)
            elapsed[row_of[spell["person_id"]], low : high + 1] = known
    start = np.full(len(ids), WEEKS)
    for joined in tables["participants"].to_pylist():
        if joined["investment"] == investment and joined["person_id"] in row_of:
            start[row_of[joined["person_id"]]] = week_of(joined["start_date"]) - ZERO
    return Lives(ids, {name: np.array([row[name] for row in stayed]) for name in stayed[0]}, elapsed, start)


def leaving_factor(found: Lives, which: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """What the rate of leaving is multiplied by in the person-weeks `which`, and its standard error.

    By maximum likelihood: in a week in which the rate is x the chance of having left before the next is
    1 - exp(-f x), with x the published step of the duration times the person's multiplier.
    """
    step = np.concatenate([np.full(until - begins, rate) for begins, (until, rate) in zip(
        [0, *(until for until, _ in RATES)], RATES, strict=False)])
    seen = which[:, :-1] & (found.elapsed[:, :-1] >= 0)
    person, week = np.nonzero(seen)
    x = step[found.elapsed[person, week]] * found.pace[person]
    left = found.elapsed[person, week + 1] == -1
    factor = float(np.sum(left) / np.sum(x))
    for _ in range(30):  # Newton's steps on the log likelihood
        gone = np.exp(-factor * x[left])
        slope = np.sum(x[left] * gone / (1 - gone)) - np.sum(x[~left])
        bend = np.sum(x[left] ** 2 * gone / (1 - gone) ** 2)
        factor += slope / bend
    return factor, float(1 / np.sqrt(bend))


def preference(found: Lives, x: np.ndarray, within: np.ndarray | None = None) -> float:
    """The standardised score of `x` in Cox's model of starting, by calendar week, weeks on the benefit and `within`.

    Standard normal where referral does not look at `x`; positive where it prefers high values.
    """
    group = np.zeros(len(x), int) if within is None else within
    score = variance = 0.0
    for week in range(week_of(FROM) - ZERO, week_of(TO) + 1 - ZERO):
        there = (found.elapsed[:, week] >= 1) & (found.start >= week)
        key = np.minimum(found.elapsed[:, week], 60) * 10 + group
        for row in np.flatnonzero((found.start == week) & there):
            rivals = x[there & (key == key[row])]
            score += x[row] - rivals.mean()
            variance += rivals.var()
    return float(score / np.sqrt(variance))


def columns(found: Lives) -> dict[str, np.ndarray]:
    """The covariates as numbers."""
    return {
        "woman": (found.persons["sex"] == "K").astype(float),
        "age": found.persons["age_at_entry"].astype(float),
        "unskilled": (found.persons["education"] == "grundskole").astype(float),
        "ill": found.persons["health_problem"].astype(float),
        "prior": found.persons["prior_benefit_weeks_2y"].astype(float),
        "place": (found.persons["municipality"] == "901").astype(float),
    }


@pytest.fixture(scope="module")
def plain() -> Lives:
    return lives(simulate_register(PLAIN)[0])


@pytest.fixture(scope="module")
def everything() -> tuple[dict[str, pa.Table], Truth]:
    return simulate_register(EVERYTHING)


def test_no_effect_leaves_both_outcomes_equal_whatever_else_is_switched_on() -> None:
    tables, truth = simulate_register(without_effect(EVERYTHING))
    found = truth.of("effort")
    assert found.participants > 1_000
    for both in (found.on_same, found.on_any):
        assert np.array_equal(both.without, both.with_it)
    theirs = [row for row in tables["spells"].to_pylist() if row["person_id"] in set(found.person_ids)]
    assert theirs == found.counterfactual_spells.to_pylist() == truth.counterfactual_spells.to_pylist()
    assert found.weeks_saved(52) == found.weeks_saved_seen(52) == 0


def test_referral_does_not_depend_on_the_effect(everything: tuple[dict[str, pa.Table], Truth]) -> None:
    with_it, without_it = everything[1].of("effort"), simulate_register(without_effect(EVERYTHING))[1].of("effort")
    assert with_it.person_ids == without_it.person_ids
    assert np.array_equal(with_it.start_week, without_it.start_week)


def test_the_effect_is_the_stated_factor_from_the_week_of_the_start() -> None:
    effort = replace(EFFORT, exit_hazard_increase=0.4, wanted_participants=4_000)
    found = lives(simulate_register(replace(PLAIN, persons=30_000, investments=(effort,)))[0])
    since = np.arange(WEEKS)[None, :] - found.start[:, None]
    for which, expected in ((since >= 0, 1.4), (since == 0, 1.4), (since < 0, 1.0)):  # before: everybody's weeks
        factor, error = leaving_factor(found, which)
        assert factor == pytest.approx(expected, abs=3.5 * error)
        assert error < 0.11


@pytest.mark.parametrize("of", [1.3, 0.7])
def test_a_boom_changes_the_rate_of_leaving_for_everybody_from_its_week(of: float) -> None:
    boom = date(2020, 3, 4)  # a Wednesday: the whole week counts
    spec = replace(PLAIN, persons=60_000, investments=(), booms=(Boom(boom, of), Boom(date(2021, 3, 1), 1.0)))
    tables, _ = simulate_register(spec)
    found, week = lives(tables), np.broadcast_to(np.arange(WEEKS), (1, WEEKS))
    first, second = week_of(boom) - ZERO, week_of(date(2021, 3, 1)) - ZERO
    for low, high, expected in ((0, first, 1.0), (first, first + 3, of), (first + 3, second, of), (second, WEEKS, 1.0)):
        which = np.broadcast_to((week >= low) & (week < high), found.elapsed.shape)
        factor, error = leaving_factor(found, which)
        assert factor == pytest.approx(expected, abs=3.5 * error)
        assert error < abs(of - 1) / 6
    calm = lives(simulate_register(replace(spec, booms=()))[0])
    stayed = np.isin(found.ids, calm.ids), np.isin(calm.ids, found.ids)
    assert np.array_equal(found.elapsed[stayed[0], : first + 1], calm.elapsed[stayed[1], : first + 1])


def test_without_creaming_nothing_that_is_known_of_a_person_decides_her_start(plain: Lives) -> None:
    for name, x in columns(plain).items():
        assert abs(preference(plain, x)) < 3, name


def test_without_creaming_participants_and_the_eligible_are_alike(plain: Lives) -> None:
    """The same without a model: the means of those who start and of the person-weeks they were drawn from."""
    weeks = np.arange(WEEKS)
    window = (weeks >= week_of(FROM) - ZERO) & (weeks <= week_of(TO) - ZERO)
    at_risk = np.sum((plain.elapsed >= 1) & window & (plain.start[:, None] >= weeks), axis=1)
    joined = plain.start < WEEKS
    for name, x in columns(plain).items():
        error = x[joined].std() / np.sqrt(joined.sum())
        assert x[joined].mean() == pytest.approx(np.average(x, weights=at_risk), abs=3.5 * error), name


def test_creaming_prefers_those_with_good_prospects() -> None:
    found = lives(simulate_register(replace(PLAIN, creaming=1.5))[0])
    assert preference(found, np.log(found.pace)) > 8
    assert preference(found, columns(found)["ill"]) < -5


def test_creaming_on_a_gradient_selects_within_the_bands_too() -> None:
    spec = replace(PLAIN, creaming=2.0, age_gradient=-0.4, prior_gradient=-0.4)
    found, flat = lives(simulate_register(spec)[0]), lives(simulate_register(replace(PLAIN, creaming=2.0))[0])
    for name, bounds in (("age", AGE_BOUNDS), ("prior", PRIOR_BOUNDS)):
        assert preference(found, columns(found)[name], np.searchsorted(bounds, columns(found)[name], "right")) < -4
        assert abs(preference(flat, columns(flat)[name], np.searchsorted(bounds, columns(flat)[name], "right"))) < 3
    others = np.broadcast_to(np.arange(WEEKS) < week_of(FROM) - ZERO, found.elapsed.shape)
    young, old = found.persons["age_at_entry"] < 25, found.persons["age_at_entry"] > 55
    rates = [leaving_factor(found, others & part[:, None])[0] for part in (young, old)]
    assert rates[0] > 1.5 * rates[1]  # the gradient is in the rate of leaving as well


def test_a_hidden_trait_differs_between_participants_and_eligible_and_no_column_shows_it() -> None:
    tables, truth = simulate_register(replace(PLAIN, hidden=HiddenTrait(0.4, 1.6, 2.0)))
    found = lives(tables)
    has_it = np.isin(found.ids, list(truth.hidden_trait)).astype(float)
    assert has_it.mean() == pytest.approx(0.4, abs=0.02)
    assert preference(found, has_it) > 8
    for name, x in columns(found).items():
        assert abs(np.corrcoef(has_it, x)[0, 1]) < 3.5 / np.sqrt(len(x)), name
        assert abs(preference(found, x)) < 3, name
    before = np.broadcast_to(np.arange(WEEKS) < week_of(FROM) - ZERO, found.elapsed.shape)
    for part, expected in ((has_it == 1, 1.6), (has_it == 0, 1.0)):
        factor, error = leaving_factor(found, before & part[:, None])
        assert factor == pytest.approx(expected, abs=3.5 * error)


def test_a_trait_that_referral_does_not_look_at_confounds_nothing() -> None:
    tables, truth = simulate_register(replace(PLAIN, hidden=HiddenTrait(0.4, 1.6, 1.0)))
    found = lives(tables)
    assert abs(preference(found, np.isin(found.ids, list(truth.hidden_trait)).astype(float))) < 3


def test_entry_is_delayed_as_long_as_it_is_told_to_be() -> None:
    soon = replace(EFFORT, referral_by_duration=((4, 1.0),))
    late = replace(EFFORT, min_spell_weeks=13, referral_by_duration=((26, 1.0), (52, 4.0)))
    for effort, low, high in ((soon, 1, 4), (late, 14, 52)):
        found = lives(simulate_register(replace(PLAIN, investments=(effort,)))[0])
        joined = np.flatnonzero(found.start < WEEKS)
        waited = found.elapsed[joined, found.start[joined]]
        assert len(joined) > 800
        assert (waited.min(), waited.max()) == (low, high)
    window = np.arange(WEEKS)[None, :] <= week_of(TO) - ZERO
    window = window & (np.arange(WEEKS)[None, :] >= week_of(FROM) - ZERO) & (found.start[:, None] >= np.arange(WEEKS))
    rate = [np.sum((waited >= a) & (waited <= b)) / np.sum(window & (found.elapsed >= a) & (found.elapsed <= b))
            for a, b in ((14, 26), (27, 52))]
    assert rate[1] / rate[0] == pytest.approx(4, rel=0.2)


@pytest.mark.parametrize("shortest", [1, 4])
def test_nobody_comes_back_before_the_shortest_gap(shortest: int) -> None:
    on = lives(simulate_register(replace(PLAIN, shortest_gap=shortest))[0]).elapsed != -1
    row, week = np.nonzero(on)
    gaps = np.diff(week)[np.diff(row) == 0] - 1
    assert gaps[gaps > 0].min() == shortest


@pytest.mark.parametrize("wanted", [None, 1_500])
def test_nobody_starts_in_a_suspension(wanted: int | None) -> None:
    closed = (Suspended(date(2019, 3, 11), date(2019, 5, 26)), Suspended(date(2020, 1, 1), date(2020, 2, 29), "effort"),
              Suspended(date(2020, 6, 1), date(2020, 6, 30), "another"))
    effort = replace(EFFORT, wanted_participants=wanted, full_time_participants=200)
    tables, _ = simulate_register(replace(PLAIN, investments=(effort,), suspensions=closed))
    starts = [row["start_date"] for row in tables["participants"].to_pylist()]
    assert len(starts) > 700
    assert not [day for day in starts if any(s.start <= day <= s.end for s in closed[:2])]
    assert [day for day in starts if closed[2].start <= day <= closed[2].end]


def test_as_many_take_part_as_are_wanted() -> None:
    for seed in range(3):
        other = replace(EFFORT, key="other", benefit=K, wanted_participants=150, creaming=0.5)
        rival = replace(EFFORT, key="rival", wanted_participants=600)
        spec = replace(EVERYTHING, seed=seed, mix={A: 0.8, K: 0.2}, investments=(EFFORT, other, rival))
        tables, truth = simulate_register(spec)
        for investment in spec.investments:
            wanted = investment.wanted_participants or 0
            assert truth.of(investment.key).participants == pytest.approx(wanted, abs=4 * wanted**0.5)
        ids = tables["participants"]["person_id"]
        assert len(ids.unique()) == len(ids)  # one investment each


def test_participants_are_on_the_benefit_of_their_own_target_group() -> None:
    other = replace(EFFORT, key="other", benefit=K, wanted_participants=150)
    tables, _ = simulate_register(replace(PLAIN, mix={A: 0.8, K: 0.2}, investments=(EFFORT, other)))
    for investment, benefit in (("effort", A), ("other", K)):
        found = lives(tables, investment, benefit)
        joined = np.flatnonzero(found.start < WEEKS)
        assert np.all(found.elapsed[joined, found.start[joined]] != -1)


def test_some_take_part_in_two_when_they_may() -> None:
    both = (replace(EFFORT, exit_hazard_increase=0.3), replace(EFFORT, key="other", exit_hazard_increase=0.0))
    tables, truth = simulate_register(replace(PLAIN, investments=both, share_in_two=0.5))
    starts: dict[str, list[tuple[date, str]]] = {}
    for row in tables["participants"].to_pylist():
        starts.setdefault(row["person_id"], []).append((row["start_date"], row["investment"]))
    twice = {one: sorted(rows) for one, rows in starts.items() if len(rows) > 1}
    assert len(twice) > 100
    assert all(len(rows) == 2 and rows[0][0] < rows[1][0] and rows[0][1] != rows[1][1] for rows in twice.values())
    on = {investment: lives(tables, investment) for investment in ("effort", "other")}
    for found in on.values():
        joined = np.flatnonzero(found.start < WEEKS)
        assert np.all(found.elapsed[joined, found.start[joined]] != -1)
    # The second does nothing, so taking it away changes nobody, and the first stands for all that was saved.
    assert truth.of("other").weeks_saved(52) == 0
    assert truth.of("effort").weeks_saved(52) > 1
    theirs = set(truth.of("effort").person_ids)
    none = [row for row in truth.counterfactual_spells.to_pylist() if row["person_id"] in theirs]
    assert truth.of("effort").counterfactual_spells.to_pylist() == none


def test_without_one_of_two_the_other_still_works() -> None:
    both = (replace(EFFORT, exit_hazard_increase=0.3), replace(EFFORT, key="other", exit_hazard_increase=0.3))
    _, truth = simulate_register(replace(PLAIN, investments=both, share_in_two=1.0))
    twice = sorted(set(truth.of("effort").person_ids) & set(truth.of("other").person_ids))
    assert len(twice) > 200
    for found in truth.investments:
        without_one, without_any = (
            [slice_of(table, person).to_pylist() for person in twice]
            for table in (found.counterfactual_spells, truth.counterfactual_spells)
        )
        changed = sum(one != none for one, none in zip(without_one, without_any, strict=True))
        assert 20 < changed < len(twice)  # the other one helped some of them


def slice_of(table: pa.Table, person: str) -> pa.Table:
    return table.filter(pa.compute.equal(table["person_id"], person))


def on_in_week(rows: list[dict], person: str, benefit: str | None, week: int) -> bool:
    """Walk the days of the week."""
    days = [monday(week) + timedelta(days=day) for day in range(7)]
    return any(
        row["person_id"] == person and benefit in (None, row["benefit"])
        and any(row["start_date"] <= day <= (row["end_date"] or LAST) for day in days)
        for row in rows
    )


def test_the_truth_is_what_a_walk_through_the_days_finds(everything: tuple[dict[str, pa.Table], Truth]) -> None:
    tables, truth = everything
    found = truth.of("effort")
    saving = np.flatnonzero((found.on_same.saved(52) != 0) & (found.seen_weeks >= 52))[:6]
    for i in (*saving.tolist(), 0, 1):
        person, start = found.person_ids[i], int(found.start_week[i])
        happened = slice_of(tables["spells"], person).to_pylist()
        otherwise = slice_of(found.counterfactual_spells, person).to_pylist()
        for benefit, both in ((A, found.on_same), (None, found.on_any)):
            without, with_it = ([on_in_week(rows, person, benefit, start + k) for k in range(52)]
                                for rows in (otherwise, happened))
            assert both.saved(52)[i] == sum(without) - sum(with_it)
            assert both.without[i, :52].tolist() == without


def test_the_truth_that_can_be_seen_is_the_mean_over_those_still_followed() -> None:
    late = replace(EVERYTHING, investments=(replace(EVERYTHING.investments[0], referrals_to=LAST),))
    found = simulate_register(late)[1].of("effort")
    expected = 0.0
    for week in range(52):
        effects = [int(found.on_same.without[i, week]) - int(found.on_same.with_it[i, week])
                   for i in range(found.participants) if monday(int(found.start_week[i]) + week) < LAST]
        expected += sum(effects) / len(effects) if effects else 0.0
    assert found.weeks_saved_seen(52) == pytest.approx(expected, abs=1e-9)
    assert found.weeks_saved_seen(52) != pytest.approx(found.weeks_saved(52), abs=1e-3)
    assert found.seen_weeks.min() < 10


def test_prices_are_written_for_every_year_of_the_data() -> None:
    tables, _ = simulate_register(replace(PLAIN, persons=500, prices={K: 2_700.0}))
    assert [tuple(row.values()) for row in tables["prices"].to_pylist()] == [
        (K, year, 2_700.0) for year in range(2016, 2022)]
