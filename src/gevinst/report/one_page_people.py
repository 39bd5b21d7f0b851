"""What became of the persons, for a politician: of one hundred who took part, or how many were placed.

Only a sound method with participants enough is shown beside what would have happened; else only what happened is told.
"""

from __future__ import annotations

from dataclasses import dataclass

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import EffectDetail, FrequencyPoint
from gevinst.language import say
from gevinst.register.business_case import Investment
from gevinst.report.amount_tables import notes
from gevinst.report.charts.frequency_pair import OffBenefit, describe_frequency_pair, frequency_pair_chart
from gevinst.report.effect.destinations import main_destinations
from gevinst.report.effect.phrases import of_hundred
from gevinst.report.effect.told import after, detail_of, main_point
from gevinst.report.head_count import head_count_sentence
from gevinst.report.one_page_answer import made_up, sound_detail
from gevinst.report.tree import Block, Figure, Paragraph


@dataclass(frozen=True)
class Hundred:
    """Of one hundred participants how many are off the benefit, in which week, and whether the difference is sure."""

    week: int
    off: OffBenefit
    sure: bool


def hundred_of(investment: str, edition: Edition) -> Hundred | None:
    """The hundred of an investment; None where what would have happened may not be told."""
    detail = sound_detail(investment, edition)
    point = None if detail is None else main_point(detail)
    if point is None:
        return None
    low, high = point.difference.low, point.difference.high
    sure = low is not None and high is not None and of_hundred(low) * of_hundred(high) > 0
    return Hundred(point.week, OffBenefit(_off(point.with_effort), _off(point.without)), sure)


def _off(share_on: float) -> int:
    return 100 - of_hundred(share_on)


def people_blocks(case: Investment, edition: Edition) -> list[Block]:
    """What became of those who took part: a sentence, and a picture where there is something to hold it against."""
    blocks: list[Block] = []
    hundred, detail = hundred_of(case.number, edition), detail_of(case.number, edition)
    if hundred is not None and detail is not None:
        blocks += [_picture(case, hundred, detail, edition)]
    elif detail is not None and detail.claim and (point := main_point(detail)) is not None:
        blocks += [Paragraph(made_up(edition) + _only_happened(point))]
    if case.head_counts:
        last = max(case.head_counts, key=lambda count: count.date)
        blocks.append(Paragraph(head_count_sentence(last, edition.small_cell_threshold)))
    return blocks


def hundred_sentence(hundred: Hundred) -> str:
    """How many of one hundred are off the benefit, and how many would have been."""
    off, when = hundred.off, after(hundred.week)
    text = say(da=f"Af 100, der deltog, var {off.with_effort} ude af ydelsen {when}.",
               en=f"Of 100 who took part, {off.with_effort} were off the benefit {when}.")
    if off.apart == 0:
        return notes(text, say(da="Uden indsatsen ville lige så mange have været det.",
                               en="Without the effort as many would have been."))
    return notes(text, say(da=f"Uden indsatsen ville {off.without} have været det.",
                           en=f"Without the effort {off.without} would have been."))


def _only_happened(point: FrequencyPoint) -> str:
    return say(da=f"Af 100, der deltog, var {_off(point.with_effort)} ude af ydelsen {after(point.week)}. Hvor mange "
                  "det ellers ville have været, ved vi ikke.",
               en=f"Of 100 who took part, {_off(point.with_effort)} were off the benefit {after(point.week)}. How many "
                  "it would have been otherwise, we do not know.")


def difference_span(point: FrequencyPoint) -> str:
    """How uncertain the difference of one hundred is, in words; empty where it has no interval."""
    low, high = point.difference.low, point.difference.high
    if low is None or high is None:
        return ""
    first, last = of_hundred(low), of_hundred(high)
    if first * last <= 0:
        return say(da=f"Forskellen kan være tilfældig: alt fra {_more(first)} til {_more(last)} er muligt.",
                   en=f"The difference may be chance: anything from {_more(first)} to {_more(last)} is possible.")
    near, far = sorted((abs(first), abs(last)))
    da, en = ("flere", "more") if first > 0 else ("færre", "fewer")
    return say(da=f"Forskellen er usikker: mellem {near} og {far} {da} ude.",
               en=f"The difference is uncertain: between {near} and {far} {en} off it.")


def _more(count: int) -> str:
    if count == 0:
        return say(da="ingen forskel", en="no difference")
    return say(da=f"{abs(count)} {'flere' if count > 0 else 'færre'}",
               en=f"{abs(count)} {'more' if count > 0 else 'fewer'}")


def moved_on(detail: EffectDetail) -> str:
    """How many of those off the benefit are on another one; empty where that may not be told."""
    other = next((share for share in main_destinations(detail) if share.key == "other_benefit"), None)
    if other is None or other.with_effort is None:
        return ""
    count = of_hundred(other.with_effort)
    return say(da=f"{count} af de 100 var på en anden ydelse, som kommunen også betaler til.",
               en=f"{count} of the 100 were on another benefit, which the municipality pays for too.") if count else ""


def _picture(case: Investment, hundred: Hundred, detail: EffectDetail, edition: Edition) -> Figure:
    point = main_point(detail)
    span = "" if point is None else difference_span(point)
    benefit = edition.benefit_names.get(case.target_group.benefit, "")
    which = say(da=f"Ydelsen er {benefit}.", en=f"The benefit is {benefit}.") if benefit else ""
    caption = made_up(edition) + hundred_sentence(hundred)
    # Its two numbers stand in the caption, so there is no table behind it to unfold.
    return Figure(f"hundred/{case.number}", caption, describe_frequency_pair(hundred.off),
                  frequency_pair_chart(hundred.off), note=notes(span, which, moved_on(detail)))
