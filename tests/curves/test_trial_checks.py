"""Balance and pre-period against sums over the persons themselves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gevinst.backend import Backend
from gevinst.curves.trial_checks import GroupSums, covariate_sums, pre_period_sums
from gevinst.effects.matched import Matched
from tests.effects.matched_engine import Opened, opened, trials_of
from tests.town import crowded_designs, crowded_town, relapsing_designs, relapsing_town

Value = Callable[[int, int], float]


@pytest.fixture(scope="module", params=["crowded", "relapsing"])
def town(request: pytest.FixtureRequest, duckdb_backend: Backend) -> Opened:
    if request.param == "crowded":
        return opened(crowded_town(27), crowded_designs(), duckdb_backend)
    return opened(relapsing_town(61, 180), relapsing_designs(), duckdb_backend)


@pytest.fixture(scope="module")
def matched(town: Opened) -> Matched:
    found = town.matched("net", 20)
    assert found is not None
    return found


def groups(town: Opened, matched: Matched) -> list[list[tuple[int, int, float]]]:
    """Participants, pool, matched participants, matched comparison: person, week, weight."""
    design, slow = town.designs[0], town.slow
    starters = slow.starters(design)
    pool = []
    for week in sorted(set(starters.values())):
        there = [p for p in slow.people if slow.on(p, design.benefit, week) and slow.first_start(p) > week]
        pool += [(p, week, sum(w == week for w in starters.values()) / len(there)) for p in there]
    trials = trials_of(town, matched)
    return [
        [(person, week, 1.0) for person, week in starters.items()],
        pool,
        [(t.person, t.week, 1.0) for t in trials if t.taken],
        [(t.person, t.week, t.weight) for t in trials if not t.taken],
    ]


def sums(group: list[tuple[int, int, float]], value: Value) -> GroupSums:
    rows = [(weight, value(person, week)) for person, week, weight in group]
    return GroupSums(
        pytest.approx(sum(w for w, _ in rows)), pytest.approx(sum(w * w for w, _ in rows)),
        pytest.approx(sum(w * v for w, v in rows)), pytest.approx(sum(w * v * v for w, v in rows)),
    )  # fmt: skip


def test_balance_is_summed_over_the_persons(town: Opened, matched: Matched) -> None:
    slow, design, first = town.slow, town.designs[0], town.histories.first_week
    age, sex = town.town.covariates["age"], town.town.covariates["sex"]
    known = [float(value) for p in slow.people if (value := age.get(p)) is not None]
    mean = float(np.mean(known))
    expected: dict[tuple[str, str], Value] = {
        ("elapsed", ""): lambda p, w: float(slow.elapsed(p, design.benefit, w)),
        ("prior", ""): lambda p, w: float(slow.prior(p, w, first)),
        ("age", ""): lambda p, w: mean if age.get(p) is None else float(age[p]),
    }
    found = covariate_sums(town.histories, matched.target, matched.takers, town.covariates, matched.matching.trials)
    labels = sorted({str(sex[p]) if p in sex else "" for p in slow.people})
    for label in labels[1:] if len(labels) == 2 else labels:
        expected["sex", label] = lambda p, w, one=label: float((sex.get(p) or "") == one)
    rows = {(row.name, row.level): row for row in found}
    pairs = dict(zip(expected, list(rows)[:2], strict=False))
    for key, value in expected.items():
        level = key[1] or ("ikke oplyst" if key[0] == "sex" else "")
        row = rows[pairs[key]] if key in pairs else rows[key[0], level]
        for group, told in zip(
            groups(town, matched),
            (row.participants, row.pool, row.matched_participants, row.matched_comparison),
            strict=True,
        ):
            assert told == sums(group, value)


def test_the_pre_period_is_the_year_before_what_is_matched_on(town: Opened, matched: Matched) -> None:
    slow, first = town.slow, town.histories.first_week
    trials = [t for t in trials_of(town, matched) if t.week - first >= 156]
    found = pre_period_sums(town.histories, matched.matching.trials)

    def weeks(person: int, week: int) -> int:
        return sum(slow.supported(person, back) for back in range(week - 156, week - 104))

    own = [weeks(t.person, t.week) for t in trials if t.taken]
    total = sum(t.weight * weeks(t.person, t.week) for t in trials if not t.taken)
    assert found.participants == len(own)
    assert float(found.weeks.actual) == pytest.approx(np.mean(own))
    assert float(found.weeks.without) == pytest.approx(total / len(own))
    for influence in (found.weeks.actual_influence, found.weeks.without_influence):
        assert influence.sum() == pytest.approx(0, abs=1e-9)
