"""Which benefits lack a price, told by name and share, and never of few."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from gevinst.effects.estimate import EffectReplicates
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.unpriced import Unpriced, no_price_words, unpriced_of, weeks_on
from gevinst.forecast_output import as_json, forecast_lines, without
from gevinst.language import speaking

NAMES = {"fleksjob": "Fleksjob", "ressourceforloeb": "Ressourceforløb"}


@pytest.fixture
def effect(case: CaseResult) -> EffectReplicates:
    """Of one year: 600 weeks on fleksjob (of at least 12 persons), 53 on ressourceforløb (may be one person's)."""
    made = case.effect
    assert made is not None
    weeks = np.array([[[600.0, 53.0, 5_000.0]]])
    return replace(made, years=(2021,), cells=(("fleksjob", 1), ("ressourceforloeb", 2), ("a-dagpenge", 1)),
                   actual_weeks=weeks, counterfactual_weeks=weeks / 2)


def test_a_benefit_that_few_are_on_is_not_named(effect: EffectReplicates) -> None:
    found = unpriced_of(("ressourceforloeb", "fleksjob"), 0.115, effect, NAMES, Rules())
    assert found == Unpriced(("Fleksjob",), others=True, share=0.115)
    assert unpriced_of(("ressourceforloeb",), 0.01, effect, NAMES, Rules()) == Unpriced((), others=True, share=None)
    assert unpriced_of(("fleksjob",), 0.1, effect, NAMES, Rules()) == Unpriced(("Fleksjob",), others=False, share=0.1)
    assert unpriced_of(("fleksjob",), 0.1, effect, NAMES, Rules(threshold=13)).benefits == ()
    assert unpriced_of(("kontanthjaelp",), 0.1, effect, NAMES, Rules()) == Unpriced(), "nobody's weeks lack that price"
    assert weeks_on(("fleksjob", "ressourceforloeb"), effect) == pytest.approx(653 / 5_653)


@pytest.mark.parametrize(("found", "da", "en"), [
    (Unpriced(("Fleksjob",), False, 0.115), "12 % er på Fleksjob.", "12% are on Fleksjob."),
    (Unpriced(("Fleksjob",), True, 0.002), "1 % er på Fleksjob og ydelser, som så få er på, at de ikke nævnes.",
     "1% are on Fleksjob and benefits that so few are on that they are not named."),
    (Unpriced((), True, None), "de er på ydelser, som så få er på, at de ikke nævnes.",
     "they are on benefits that so few are on that they are not named."),
    (Unpriced(), "for mange af ugerne har ingen pris.", "too many of the weeks have no price."),
])
def test_the_reason_in_words(found: Unpriced, da: str, en: str) -> None:
    for language, said in (("da", da), ("en", en)):
        with speaking("da" if language == "da" else "en"):
            told = no_price_words(found).replace("\xa0", " ")
            assert told.startswith(no_price_words(None))
            shown = SimpleNamespace(forecasts=(), no_forecast={"1": "no-price"}, unpriced={"1": found})
            (line,) = forecast_lines(cast(Edition, shown))
        assert said in told
        assert line.replace("\xa0", " ").endswith(f"{told}.")
        assert json.loads(as_json((), **without(cast(Edition, shown))))["unpriced"]["1"]["share"] == found.share
        assert told.endswith("prices")
