"""What is said where an answer rests on too few participants, or on a hidden number that may be too few.

A hidden number must not be told by the words: "under 20" is only said where the number itself is printed.
"""

from __future__ import annotations

from collections.abc import Iterable

from gevinst.follow_up.disclosure.counts import Hidden, Shown
from gevinst.language import say
from gevinst.report.amounts import few
from gevinst.report.marks import marked


def uncounted(count: Shown | None, minimum: int) -> bool:
    """Whether what is printed does not say that they are fewer than the `minimum`: it is hidden, or rounded."""
    return count >= minimum if isinstance(count, int) else count not in (None, Hidden.FEW)


def no_single_figure(count: Shown | None, minimum: int, threshold: int, figure: str = "") -> str:
    """Why one figure of the effect is not given; `figure` is the id of the count.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     no_single_figure(12, 20, 5)
    ...     no_single_figure(Hidden.PROTECTS, 20, 5)
    'Der er 12 deltagere i opgørelsen. Det er for få (under 20) til at give ét tal for effekten.'
    'Det præcise antal deltagere er ikke vist og kan være under 20. Derfor gives der ikke ét tal for effekten.'
    """
    if uncounted(count, minimum):
        hidden = say(da="ikke vist", en="not shown")
        told = marked(figure, hidden) if figure else hidden
        return say(da=f"Det præcise antal deltagere er {told} og kan være under {minimum}. Derfor gives der ikke ét "
                      "tal for effekten.",
                   en=f"The exact number of participants is {told} and may be under {minimum}. One figure of the "
                      "effect is therefore not given.")
    number = few(count, threshold)
    told = marked(figure, number) if figure else number
    return say(da=f"Der er {told} deltagere i opgørelsen. Det er for få (under {minimum}) til at give ét tal for "
                  "effekten.",
               en=f"There are {told} participants in the count. That is too few (under {minimum}) to give one figure "
                  "of the effect.")


def interval_alone(counts: Iterable[Shown | None], minimum: int) -> str:
    """The note of a table in which some answers are told by their interval alone; `counts` are those they rest on."""
    if any(uncounted(count, minimum) for count in counts):
        return say(da=f"Under {minimum} deltagere, eller måske under {minimum}: kun intervallet vises.",
                   en=f"Under {minimum} participants, or perhaps under {minimum}: only the interval is shown.")
    return say(da=f"Under {minimum} deltagere: kun intervallet vises.",
               en=f"Under {minimum} participants: only the interval is shown.")


def withheld_told(threshold: int) -> str:
    """Why the main method's answer is not told at all."""
    return say(da=f"Hovedmetodens resultat er ikke vist. Det hviler på færre end {threshold} deltagere, eller på et "
                  "antal, der er skjult, og ville fortælle om de enkelte.",
               en=f"The main method's result is not shown. It rests on fewer than {threshold} participants, or on a "
                  "number that is hidden, and would tell of each of them.")
