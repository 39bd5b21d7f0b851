"""A study with its kroner: what each estimator's person-weeks, and the placebo's, are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gevinst.economy.actual_cost import ActualCosts
from gevinst.economy.saving import Saving, value_effect
from gevinst.effects.estimate import Floats, Interval
from gevinst.effects.replicates import interval
from gevinst.effects.study import Study
from gevinst.parameters.book import ParameterBook


@dataclass(frozen=True)
class Valued:
    """A study, the kroner of each of its effects by estimator, and of the pseudo-participants (None: none drawn)."""

    study: Study
    savings: Mapping[str, Saving]
    placebo: Saving | None = None


def value_study(study: Study, book: ParameterBook, actual: ActualCosts | None = None) -> Valued:
    """Price every estimator's person-weeks and the placebo's, by `actual` payments where there are any.

    Raises the errors of `economy/saving.value_effect`.
    """
    pseudo = None if study.matched is None else study.matched.placebo
    return Valued(
        study,
        {name: value_effect(effect, book, actual=actual) for name, effect in study.effects.items()},
        None if pseudo is None else value_effect(pseudo, book, actual=actual),
    )


def net_total(saving: Saving | None) -> Interval | None:
    """The net DKK of all years together; None where too many weeks have no price for kroner to be given."""
    return _total(saving, None if saving is None else saving.net)


def gross_total(saving: Saving | None) -> Interval | None:
    """The gross DKK of all years together; None as `net_total`."""
    return _total(saving, None if saving is None else saving.gross)


def _total(saving: Saving | None, kroner: Floats | None) -> Interval | None:
    if saving is None or kroner is None or not saving.shown:
        return None
    return interval(kroner.sum(axis=1))
