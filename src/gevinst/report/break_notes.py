"""What stands under a figure that crosses a break in the definitions, and what is drawn in one of calendar time."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition
from gevinst.language import say
from gevinst.report.charts.breaks import TimeMark


def crossed(edition: Edition, where: str) -> str:
    """The breaks that a figure crosses, in words; empty where it crosses none. `where` as in `BreakNote`."""
    found = edition.breaks_of(where)
    if not found:
        return ""
    texts = " ".join(note.text for note in found)
    return say(da=f"Tallene går hen over et brud i definitionerne. {texts}",
               en=f"The figures cross a break in the definitions. {texts}")


def time_marks(edition: Edition, where: str) -> list[TimeMark]:
    """The breaks as they are drawn in a chart of calendar time."""
    return [TimeMark(note.day, note.label) for note in edition.breaks_of(where)]
