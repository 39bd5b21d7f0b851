"""The placebo finds nothing where nothing was done, whatever the real effect is, and finds what is put there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gevinst.backend import Backend
from gevinst.cohorts.histories import Histories
from gevinst.cohorts.pseudo import pseudo_takers
from gevinst.cohorts.trials import Starters, Takers, Trials, first_columns
from gevinst.effects import matched_study
from gevinst.effects.replicates import weights
from tests.effects.matched_engine import studied
from tests.town import Town, crowded_designs, crowded_town

DRAWN = weights(400, 7)


def leaving_at_the_start(town: Town) -> Town:
    """The same town, but participants leave every benefit in the week after they start: an enormous effect."""
    start: dict[int, int] = {}
    for person, _, week in town.starts:
        start[person] = min(week, start.get(person, week))
    spells = [(person, benefit, begin, min(end, start.get(person, end) + 1), degree)
              for person, benefit, begin, end, degree in town.spells if begin <= start.get(person, begin)]
    return replace(town, spells=tuple(spells))


def placebo_of(town: Town, backend: Backend) -> tuple[float, float, float, float]:
    """Estimate, low and high of the placebo's weeks, and the weeks found for the real participants."""
    found = studied(town, crowded_designs(), backend, DRAWN)
    (one,) = (found[key] for key in list(found)[:1])
    assert one.placebo is not None
    saved = one.placebo.weeks_saved
    low, high = np.quantile(saved[1:], [0.025, 0.975])
    return float(saved[0]), float(low), float(high), float(one.effect.weeks_saved[0])


def test_a_large_effect_is_not_found_again_on_those_who_took_no_part(duckdb_backend: Backend) -> None:
    _, low, high, real = placebo_of(leaving_at_the_start(crowded_town(5, 1_500)), duckdb_backend)
    assert real > 5
    assert low <= 0 <= high


def test_pseudo_participants_who_leave_sooner_are_found(
    duckdb_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of those drawn by lot only the half that leaves first is kept: the placebo must see weeks that nobody saved."""

    def leavers(histories: Histories, trials: Trials, seed: int) -> Takers:
        drawn = pseudo_takers(histories, trials, seed).starters
        on = histories.state[drawn.row] != 0
        after = np.arange(histories.weeks) >= drawn.column[:, None]
        weeks = (on & after).sum(axis=1)
        few = weeks <= np.median(weeks)
        kept = Starters(drawn.row[few], drawn.column[few])
        first = first_columns(histories)
        until = first.copy()
        until[kept.row] = np.minimum(first[kept.row], kept.column)
        return Takers(kept, until, own_until=first)

    monkeypatch.setattr(matched_study, "pseudo_takers", leavers)
    estimate, low, _, _ = placebo_of(crowded_town(5, 1_500), duckdb_backend)
    assert estimate > 2
    assert low > 0


def test_no_placebo_where_nobody_can_be_drawn(
    duckdb_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(histories: Histories, *_: object) -> Takers:
        none = np.zeros(0, np.int64)
        return Takers(Starters(none, none), first_columns(histories), own_until=first_columns(histories))

    monkeypatch.setattr(matched_study, "pseudo_takers", nobody)
    found = studied(crowded_town(5, 300), crowded_designs(), duckdb_backend, DRAWN)
    assert found
    assert all(one.placebo is None for one in found.values())
