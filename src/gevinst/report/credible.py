"""What may be told on page one: effects of sound methods; those with known biases only beside their weaknesses.

Page one is read alone. It tells only of effects whose method is free of the two biases that are known to be large:
participants who must have stayed on the benefit to take part (immortal time), and a business cycle booked as effect.
"""

from __future__ import annotations

from gevinst.follow_up.disclosure.counts import maybe_few
from gevinst.follow_up.disclosure.inventory import participants_key
from gevinst.follow_up.edition import Edition, EffectSummary
from gevinst.follow_up.lineage_words import few_took_part
from gevinst.register.business_case import Investment, Line

FREE_OF_KNOWN_BIAS = ("matched",)  # of `register.business_case.ESTIMATORS`
NO_CLAIM = "E"  # the evidence grade of a figure that cannot be used
BY_LOT = "rest_of_target_group"  # the estimator that compares with those who were not offered the effort


def credible(effect: EffectSummary, edition: Edition) -> bool:
    """Whether the difference is that of comparable groups: like is compared with like, or lot decided.

    Not where tests of the method found an effect where there can be none.
    """
    return _comparable(effect, edition) and not refuted(effect, edition)


def refuted(effect: EffectSummary, edition: Edition) -> bool:
    """Whether a comparison of like with like still cannot be used, for another reason than that few took part."""
    spoken_against = effect.evidence is not None and effect.evidence.grade == NO_CLAIM
    return spoken_against and _comparable(effect, edition) and not too_few(effect, edition)


def _comparable(effect: EffectSummary, edition: Edition) -> bool:
    return effect.estimator in FREE_OF_KNOWN_BIAS or by_lot(effect, edition)


def by_lot(effect: EffectSummary, edition: Edition) -> bool:
    """Whether lot decided who was offered the effort, and the effect is the difference to those who were not."""
    case = edition.portfolio.investment(effect.investment)
    return case.protocol.randomised and effect.estimator == BY_LOT


def too_few(effect: EffectSummary, edition: Edition) -> bool:
    """Whether the effect rests on so few participants that only its interval is printed."""
    return few_took_part(effect, edition)


def withheld(case: Investment, edition: Edition) -> bool:
    """Whether the main method's answer is not told at all, because it rests on so few that it would tell of each."""
    count = edition.released.counts.get(f"{case.number}/{participants_key(case.protocol.headline)}")
    told = any(effect.investment == case.number and effect.headline for effect in edition.effects)
    return count is not None and maybe_few(count) and not told


def headlines(edition: Edition) -> list[EffectSummary]:
    """The main method's answer for each investment that has one, in the order of the portfolio."""
    order = [part.investment for part in edition.follow_ups]
    return sorted((effect for effect in edition.effects if effect.headline),
                  key=lambda effect: order.index(effect.investment))


def has_amounts(edition: Edition) -> bool:
    """Whether the memo has any kroner in it; one of weeks alone has none."""
    return bool(edition.figures) or any(effect.by_year for effect in edition.effects)


def biased_amounts(edition: Edition) -> tuple[str, ...]:
    """The investments whose follow-up holds a saving computed by a method that is known to be biased."""
    computed = dict.fromkeys(
        part.investment for part in edition.follow_ups for year in part.years
        if Line.SAVING in year.outcome and year.outcome[Line.SAVING].source == "computed")
    sound = {effect.investment for effect in headlines(edition) if credible(effect, edition)}
    return tuple(number for number in computed if number not in sound)
