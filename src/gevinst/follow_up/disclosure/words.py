"""What a hidden count is called, in a sentence and in a cell, and the note that says why."""

from __future__ import annotations

from collections.abc import Iterable

from gevinst.follow_up.disclosure.counts import Hidden, Shown
from gevinst.language import number, say


def told(count: Shown | None, threshold: int) -> str:
    """A count in a sentence, before the noun; None is too few.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     [told(count, 5) for count in (1200, Hidden.FEW, Hidden.PROTECTS)]
    ['1.200', 'under 5', 'et skjult antal']
    """
    if count is None or count is Hidden.FEW:
        return f"under {threshold}"  # the same words in both languages
    if isinstance(count, Hidden):
        return say(da="et skjult antal", en="a hidden number of")
    return number(count)


def sign(count: Shown | None, threshold: int) -> str:
    """A count in a cell of a table."""
    if isinstance(count, Hidden) and count is not Hidden.FEW:
        return say(da="skjult", en="hidden")
    return told(count, threshold)


def hidden_note(counts: Iterable[Shown | None], threshold: int) -> str:
    """What the signs among the counts mean; empty where there is none.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     hidden_note([7, Hidden.PROTECTS], 5), hidden_note([7], 5)
    ('»Skjult«: så et andet tal ikke kan regnes ud.', '')
    """
    seen = set(counts)
    notes = []
    if Hidden.FEW in seen or None in seen:
        notes.append(say(da=f"»Under {threshold}«: skjult, fordi det er færre end {threshold} personer.",
                         en=f"“Under {threshold}”: hidden because it is fewer than {threshold} persons."))
    if Hidden.PROTECTS in seen:
        notes.append(say(da="»Skjult«: så et andet tal ikke kan regnes ud.",
                         en="“Hidden”: so that another number cannot be worked out."))
    if Hidden.EITHER in seen:
        notes.append(say(da=f"»Skjult«: færre end {threshold} personer, eller så et andet tal ikke kan regnes ud.",
                         en=f"“Hidden”: fewer than {threshold} persons, or so that another number cannot be worked "
                            "out."))
    return " ".join(notes)
