"""Sentences of an effect that need no training to be read: of one hundred persons, of weeks, and of chances.

The words follow the figures as printed: what is printed as 0,0 is neither more nor fewer.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from gevinst.effects.estimate import Interval
from gevinst.follow_up.effect_detail import Chance, EffectDetail, Evidence, FrequencyPoint
from gevinst.follow_up.figure_ids import figure_id
from gevinst.language import NO_BREAK, number, say
from gevinst.report.amount_tables import notes
from gevinst.report.effect.told import after, grade_words, in_the_first
from gevinst.report.marks import marked, marked_numbers
from gevinst.report.of_few import no_single_figure

WEEKS = 1  # decimals
_HARDLY, _ALMOST = 0.005, 0.995  # a probability below or beyond these is not printed as certain


def of_hundred(share: float) -> int:
    """How many of one hundred, rounded half up as it is printed.

    >>> of_hundred(0.455), of_hundred(0.4549)
    (46, 45)
    """
    return int((Decimal(repr(float(share))) * 100).to_integral_value(ROUND_HALF_UP))


def frequency_sentence(point: FrequencyPoint, figure: str = "") -> str:
    """How many of one hundred participants are still on the benefit, and how many would have been."""
    took_part, without = of_hundred(point.with_effort), of_hundred(point.without)
    still = still_sentence(point, figure)
    if took_part == without:
        return f"{still} " + say(da="Uden indsatsen ville det have været lige så mange.",
                                 en="Without the effort it would have been as many.")
    beside = marked(f"{figure}/without" if figure else "", str(without))
    return f"{still} " + say(da=f"Uden indsatsen ville det have været{NO_BREAK}{beside}.",
                             en=f"Without the effort it would have been{NO_BREAK}{beside}.")


def still_sentence(point: FrequencyPoint, figure: str = "") -> str:
    """How many of one hundred participants are still on the benefit, and no more than that."""
    took_part = marked(f"{figure}/with" if figure else "", str(of_hundred(point.with_effort)))
    when = after(point.week)
    return say(da=f"Af 100 deltagere er {took_part} stadig på ydelsen {when}.",
               en=f"Of 100 participants, {took_part} are still on the benefit {when}.")


def frequency_span(point: FrequencyPoint, figure: str = "") -> str:
    """How uncertain the difference of one hundred is; empty where there is no interval."""
    low, high = point.difference.low, point.difference.high
    if low is None or high is None:
        return ""
    first, last = of_hundred(low), of_hundred(high)
    low_told, high_told = (marked(figure, str(abs(edge))) for edge in (first, last))
    span = fewer_span(low_told, high_told, first, last)
    return say(da=f"Forskellen er usikker: Den kan være fra {span} af 100 (95 %-interval).",
               en=f"The difference is uncertain: it may be from {span} of 100 (95% interval).")


def fewer_span(low: str, high: str, first: Decimal | int, last: Decimal | int) -> str:
    """`1 til 9 færre`, `2 flere til 9 færre`; `first` and `last` are the edges as printed, positive is fewer."""
    if first < 0 < last:
        return say(da=f"{low} flere til {high} færre", en=f"{low} more to {high} fewer")
    if last <= 0 and first < 0:
        return say(da=f"{high} til {low} flere", en=f"{high} to {low} more")
    return say(da=f"{low} til {high} færre", en=f"{low} to {high} fewer")


def weeks_span(weeks: Interval, figure: str = "") -> str:
    """`0,3 til 2,5 færre uger`; empty where there is no interval."""
    if weeks.low is None or weeks.high is None:
        return ""
    low, high = (marked(figure, number(abs(edge), WEEKS)) for edge in (weeks.low, weeks.high))
    span = fewer_span(low, high, _printed(weeks.low), _printed(weeks.high))
    return say(da=f"{span} uger", en=f"{span} weeks")


def undecided(weeks: Interval) -> bool:
    """Whether the interval holds nought."""
    return weeks.low is not None and weeks.high is not None and weeks.low <= 0 <= weeks.high


def weeks_told(detail: EffectDetail) -> str:
    """Weeks on the benefit saved per participant, how uncertain that is, and whether it can be told from nought."""
    weeks, when = detail.weeks_saved, in_the_first(detail.horizon_weeks)
    figure = figure_id(detail.investment, "effect", detail.estimator, "weeks_saved")
    size = marked(figure, number(abs(weeks.estimate), WEEKS))
    if number(abs(weeks.estimate), WEEKS) == number(0, WEEKS):
        text = say(da=f"Indsatsen skønnes hverken at have forkortet eller forlænget tiden på ydelsen {when}.",
                   en="The effort is estimated neither to have shortened nor lengthened the time on the benefit "
                      f"{when}.")
    elif weeks.estimate > 0:
        text = say(da=f"Indsatsen skønnes at have sparet {size} uger på ydelsen pr. deltager {when}.",
                   en=f"The effort is estimated to have saved {size} weeks on the benefit per participant {when}.")
    else:
        text = say(da=f"Indsatsen skønnes at have kostet {size} ekstra uger på ydelsen pr. deltager {when}.",
                   en=f"The effort is estimated to have cost {size} more weeks on the benefit per participant {when}.")
    span = weeks_span(weeks, figure)
    unsure = say(da=f"Tallet er usikkert og kan være fra {span} (95 %-interval).",
                 en=f"The figure is uncertain and may be from {span} (95% interval).") if span else ""
    nought = say(da="Det kan derfor ikke afgøres, om indsatsen har forkortet tiden på ydelsen.",
                 en="It can therefore not be told whether the effort has shortened the time on the benefit.")
    return notes(text, unsure, nought if undecided(weeks) else "")


def weeks_of_few(detail: EffectDetail, minimum: int, threshold: int) -> str:
    """Only the interval, and why there is no single figure."""
    base = figure_id(detail.investment, "effect", detail.estimator)
    span = weeks_span(detail.weeks_saved, f"{base}/weeks_saved")
    text = no_single_figure(detail.participants, minimum, threshold, f"{base}/participants")
    if not span:
        return text
    return text + say(da=f" Svaret kan være fra {span} på ydelsen pr. deltager (95 %-interval).",
                      en=f" The answer may be from {span} on the benefit per participant (95% interval).")


def support_told(detail: EffectDetail) -> str:
    """The same with any public support counted; empty where it is not known."""
    weeks = detail.weeks_any_support
    if weeks is None or not detail.claim:
        return ""
    figure = figure_id(detail.investment, "detail", "any_support")
    size, span = marked(figure, number(abs(weeks.estimate), WEEKS)), weeks_span(weeks, figure)
    around = say(da=f" (95 %-interval: {span})", en=f" (95% interval: {span})") if span else ""
    if number(abs(weeks.estimate), WEEKS) == number(0, WEEKS):
        return say(da=f"Regnes al offentlig forsørgelse med, er der ingen forskel i antallet af uger{around}.",
                   en=f"With any public support counted, there is no difference in weeks{around}.")
    if weeks.estimate > 0:
        return say(da=f"Regnes al offentlig forsørgelse med, er skønnet {size} sparede uger{around}.",
                   en=f"With any public support counted, the estimate is {size} weeks saved{around}.")
    return say(da=f"Regnes al offentlig forsørgelse med, er skønnet {size} ekstra uger{around}.",
               en=f"With any public support counted, the estimate is {size} more weeks{around}.")


def chance_words(probability: float) -> str:
    """A probability in whole per cent; never printed as certain.

    >>> from gevinst.language import NO_BREAK, speaking
    >>> with speaking("da"):
    ...     [chance_words(p).replace(NO_BREAK, " ") for p in (0.834, 0.997, 0.0)]
    ['83 pct.', 'over 99 pct.', 'under 1 pct.']
    """
    unit = say(da=f"{NO_BREAK}pct.", en="%")
    if probability >= _ALMOST:
        return say(da="over ", en="over ") + f"99{unit}"
    if probability < _HARDLY:
        return say(da="under ", en="under ") + f"1{unit}"
    return f"{number(probability * 100)}{unit}"


def chances_told(chances: tuple[Chance, ...], *, several: bool = False, investment: str = "") -> str:
    """The probability of having paid off, and of having reached the budget, over all years with a result.

    `several`: of more than one investment together.
    """
    whole = next((chance for chance in chances if chance.year is None), None)
    if whole is None:
        return ""
    told = []
    if whole.covers_investment is not None:
        words = _chance(whole.covers_investment, investment, "investment")
        whose_da, whose_en = ("investeringerne", "investments") if several else ("investeringen", "investment")
        told.append(say(da=f"Sandsynligheden for, at besparelsen har dækket {whose_da}, er {words}.",
                        en=f"The probability that the saving has covered the {whose_en} is {words}."))
    if whole.reaches_budget is not None:
        words = _chance(whole.reaches_budget, investment, "budget")
        told.append(say(da=f"Sandsynligheden for, at besparelsen har nået budgettet, er {words}.",
                        en=f"The probability that the saving has reached the budget is {words}."))
    return " ".join(told)


def _chance(probability: float, investment: str, of: str) -> str:
    """A probability before a full stop, with the id of the figure it is where the investment is known."""
    figure = figure_id(investment, "chance", None, of) if investment else ""
    return marked(figure, chance_words(probability).removesuffix("."))


def evidence_told(evidence: Evidence, *, reasons: bool = True, investment: str = "") -> str:
    """How sure we are: the grade, what it means, and why it was given."""
    head = say(da=f"Grundlaget for tallet er {grade_words(evidence)}",
               en=f"The evidence for the figure is {grade_words(evidence)}")
    if not reasons:
        return head
    figure = figure_id(investment, "detail", "evidence") if investment else ""
    return notes(head, *(marked_numbers(figure, _stopped(reason)) for reason in evidence.reasons))


def _printed(weeks: float) -> Decimal:
    """The figure as it is printed, so that what is printed as 0,0 is neither more nor fewer."""
    return Decimal(repr(float(weeks))).quantize(Decimal(1).scaleb(-WEEKS), rounding=ROUND_HALF_UP)


def _stopped(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."
