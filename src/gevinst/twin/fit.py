"""The model of a register's synthetic twin: everything that is counted of it, put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from gevinst.cohorts.careers import careers_of
from gevinst.curves.twin_background import columns_of, degrees_of, leaves_of, municipalities_of
from gevinst.curves.twin_bands import Rule
from gevinst.curves.twin_life import benefit_models
from gevinst.curves.twin_model import TwinModel
from gevinst.curves.twin_money import Told, paid_periods, paid_shares, posted
from gevinst.curves.twin_participation import Offer, investment_models
from gevinst.errors import GevinstError
from gevinst.parameters.benefits import Benefit, normalise_benefit
from gevinst.register.business_case import FollowedBy, Portfolio, closed_periods
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import week_of


@dataclass(frozen=True)
class Terms:
    """What a twin is fitted by: the smallest count that is printed, how counts are rounded, the reporting lag.

    `printed` are numbers of participants that an edition prints, by the investment's number; `paid` is what it says of
    the weeks that were paid.
    """

    threshold: int = 5
    rounding: int = 0
    lag_weeks: int = 0
    printed: Mapping[str, int] = field(default_factory=dict)
    paid: Told | None = None


def fit(tables: PersonTables, portfolio: Portfolio, known: Mapping[str, Benefit], terms: Terms) -> TwinModel:
    """Count the register by the rule that the terms give. Raises `twin.too-few` where no benefit has enough persons."""
    rule = Rule.of(terms.threshold, terms.rounding)
    offers = offers_of(portfolio, known, terms.printed)
    careers = careers_of(tables, tuple(offer.key for offer in offers))
    targets = {number: careers.benefits.index(offer.benefit) for number, offer in enumerate(offers)
               if offer.benefit in careers.benefits}
    benefits, paces = benefit_models(careers, targets, degrees_of(tables, rule), rule)
    if not any(one.present or one.inflow for one in benefits):
        raise GevinstError("twin.too-few", few=rule.few)
    overlap = round(careers.overlap, 3) if careers.overlapping >= rule.few else 0.0
    return TwinModel(
        rule.few, rule.base, careers.first_week, careers.last_week + terms.lag_weeks, benefits,
        leaves_of(careers, rule), investment_models(careers, offers, paces, rule),
        columns_of(tables, careers, benefits, rule), municipalities_of(tables, rule),
        paid_shares(tables, known, rule, terms.paid), paid_periods(tables, rule),
        posted(tables, frozenset(one.key for one in portfolio.investments)), overlap)


def offers_of(portfolio: Portfolio, known: Mapping[str, Benefit], printed: Mapping[str, int]) -> tuple[Offer, ...]:
    """The investments that are followed by curves, as the record has them.

    A week is closed when nobody could be referred on its Monday, the day on which a twin's persons start.
    """
    return tuple(
        Offer(one.key, normalise_benefit(one.target_group.benefit, known) or one.target_group.benefit,
              one.target_group.min_spell_weeks,
              tuple((week_of(first + timedelta(days=6)), week_of(last))
                    for first, last in closed_periods(portfolio, one)), printed.get(one.number))
        for one in portfolio.investments
        if one.followed_by is FollowedBy.CURVES and one.target_group.benefit)
