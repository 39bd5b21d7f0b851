"""What is printed beside an estimator: its weakness, unless lot has put it right."""

from __future__ import annotations

import pytest

from gevinst.effects.ladder import ESTIMATORS
from gevinst.follow_up.panels import brief_weakness_of, weakness_of
from gevinst.language import Language, speaking
from gevinst.register.business_case import Investment, Protocol, TargetGroup


def case(*, randomised: bool) -> Investment:
    return Investment("1", "sag", "En sag", TargetGroup("Ledige"), protocol=Protocol(randomised=randomised))


@pytest.mark.parametrize("key", list(ESTIMATORS))
def test_without_lot_every_estimator_keeps_its_weakness(key: str) -> None:
    assert weakness_of(case(randomised=False), ESTIMATORS[key]) == ESTIMATORS[key].weakness


@pytest.mark.parametrize(("language", "said"), [("da", "Lodtrækning afgjorde"), ("en", "Lot decided")])
def test_lot_puts_the_difference_to_the_rest_right_and_nothing_else(language: Language, said: str) -> None:
    with speaking(language):
        told = {key: weakness_of(case(randomised=True), estimator) for key, estimator in ESTIMATORS.items()}
        assert [key for key, text in told.items() if text.startswith(said)] == ["rest_of_target_group"]
        assert told["baseline"] == ESTIMATORS["baseline"].weakness


def test_the_table_has_the_weakness_in_a_few_words() -> None:
    for language in ("da", "en"):
        with speaking(language):
            brief = {key: brief_weakness_of(case(randomised=False), one) for key, one in ESTIMATORS.items()}
            assert all(0 < len(text) <= 90 < len(ESTIMATORS[key].weakness) for key, text in brief.items())
            by_lot = brief_weakness_of(case(randomised=True), ESTIMATORS["rest_of_target_group"])
            assert by_lot not in brief.values()
            assert brief_weakness_of(case(randomised=True), ESTIMATORS["baseline"]) == brief["baseline"]
