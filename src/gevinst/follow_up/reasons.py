"""Why some participants are not in the figures, in words."""

from __future__ import annotations

from gevinst.effects.study import Study
from gevinst.follow_up.disclosure.counts import Counts, Shown
from gevinst.language import say

LEFT_OUT = (
    "starts_after_horizon",
    "starts_before_register",
    "starts_in_suspension",
    "repeated_participation",
    "credited_elsewhere",
    "not_on_benefit_at_start",
)
"""The reasons in the order they are applied (`cohorts/build.left_out`): their counts and the participants make up all
those registered."""


def left_out_words(*, split: bool = False) -> dict[str, str]:
    """Each reason as the end of a sentence about the participants; `split`: a saving is shared by two investments."""
    elsewhere = (
        say(
            da="har deltaget i en investering før; besparelsen deles mellem de to",
            en="took part in an investment before; what is saved is shared by the two",
        )
        if split
        else say(
            da="har deltaget i en investering før; besparelsen regnes med dér",
            en="took part in an investment before; what is saved is credited there",
        )
    )
    return {
        "starts_after_horizon": say(da="begynder efter sidste dag med data", en="start after the last day with data"),
        "starts_before_register": say(
            da="begynder, før data om borgerne begynder", en="start before the data on persons begin"
        ),
        "starts_in_suspension": say(
            da="står til at begynde i en periode, hvor ingen kunne begynde",
            en="are said to start in a period in which nobody could",
        ),
        "repeated_participation": say(
            da="har deltaget før; kun den første gang tælles", en="took part before; only the first time counts"
        ),
        "credited_elsewhere": elsewhere,
        "not_on_benefit_at_start": say(
            da="modtog ikke målgruppens ydelse i startugen",
            en="did not receive the target group's benefit in the week they started",
        ),
    }


def left_out_reasons(number: str, study: Study, counts: Counts) -> tuple[tuple[str, Shown], ...]:
    """Why some participants are not in the figures, in words, with their number; of those there are."""
    words = left_out_words(split=study.design.double_counting == "split")
    return tuple((words[key], counts[f"{number}/left_out/{key}"]) for key in LEFT_OUT if study.left_out.get(key))
