"""Where the participants are some weeks after their start, beside where they would have been."""

from __future__ import annotations

from gevinst.effects.estimate import Interval
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import DestinationShare, EffectDetail
from gevinst.follow_up.figure_ids import figure_id
from gevinst.language import NO_BREAK, number, say
from gevinst.report.amount_tables import computed_source, notes
from gevinst.report.effect.phrases import of_hundred
from gevinst.report.effect.told import YEAR_WEEKS, is_sound, since_start
from gevinst.report.marks import marked
from gevinst.report.rounding import shares_note
from gevinst.report.tree import Cell, Column, Row, Table, text_cell

BLANK = "–"


def main_destinations(detail: EffectDetail) -> tuple[DestinationShare, ...]:
    """The destinations a year after the start, else in the last week that is known."""
    weeks = {share.week for share in detail.destinations}
    told = YEAR_WEEKS if YEAR_WEEKS in weeks else max(weeks, default=0)
    return tuple(share for share in detail.destinations if share.week == told)


def destination_sentence(detail: EffectDetail) -> str:
    """Whether some only moved to another benefit, which is no saving; empty where it cannot be said."""
    other = next((share for share in main_destinations(detail) if share.key == "other_benefit"), None)
    if other is None or other.with_effort is None or other.without is None or not detail.claim:
        return ""
    base, when = destination_id(detail.investment, other), since_start(other.week)
    took_part = marked(f"{base}/with", str(of_hundred(other.with_effort)))
    without = marked(f"{base}/without", str(of_hundred(other.without)))
    if of_hundred(other.with_effort) == of_hundred(other.without):
        text = say(da=f"{took_part} af 100 deltagere er på en anden ydelse {when}, lige så mange som uden indsatsen.",
                   en=f"{took_part} of 100 participants are on another benefit {when}, as many as without the effort.")
    else:
        text = say(da=f"{took_part} af 100 deltagere er på en anden ydelse {when}, mod {without} uden indsatsen.",
                   en=f"{took_part} of 100 participants are on another benefit {when}, against {without} without the "
                      "effort.")
    return text + say(da=" Kommunen betaler stadig for dem, så et skift af ydelse er ikke en besparelse.",
                      en=" The municipality still pays for them, so a change of benefit is not a saving.")


def of_hundred_table(detail: EffectDetail, edition: Edition) -> Table | None:
    """Of one hundred participants, where they are; only where they are, if the comparison is known to be biased.

    None where too few took part, or nothing is known.
    """
    shares = main_destinations(detail)
    if not shares or not detail.claim:
        return None
    sound, number_of = is_sound(detail, edition), detail.investment
    columns = [Column("", numeric=False), Column(say(da="Med indsatsen", en="With the effort"))]
    columns += [Column(say(da="Uden indsatsen", en="Without the effort")), Column(say(da="Forskel", en="Difference")),
                Column(say(da="95 %-interval", en="95% interval"))] if sound else []
    rows = tuple(Row((text_cell(share.name), *_hundred_cells(share, destination_id(number_of, share), sound=sound)))
                 for share in shares)
    when = since_start(shares[0].week)
    return Table(
        f"destinations/{number_of}",
        say(da=f"Investering {number_of}: hvor 100 deltagere er {when}",
            en=f"Investment {number_of}: where 100 participants are {when}"),
        tuple(columns), rows,
        note=notes(say(da="Afrundet til hele personer.", en="Rounded to whole persons."), _too_few(rows, edition)),
        source=computed_source(edition), unit=say(da="af 100 deltagere", en="of 100 participants"))


def shares_table(detail: EffectDetail, edition: Edition) -> Table | None:
    """The destinations in every week known, in per cent with intervals; None where nothing is known."""
    weeks = sorted({share.week for share in detail.destinations})
    if not weeks:
        return None
    rows: list[Row] = []
    for week in weeks:
        rows.append(Row((text_cell(say(da=f"Uge {week}", en=f"Week {week}")),), "section"))
        rows += [Row((text_cell(share.name), *_percent_cells(share, destination_id(detail.investment, share))))
                 for share in detail.destinations if share.week == week]
    number_of = detail.investment
    return Table(
        f"outcomes/{number_of}",
        say(da=f"Investering {number_of}: hvor deltagerne er, uger efter start",
            en=f"Investment {number_of}: where the participants are, weeks after the start"),
        outcome_columns(say(da="Hvor", en="Where")), tuple(rows),
        note=notes(say(da="Forskellen er med indsatsen minus uden, i procentpoint.",
                       en="The difference is with the effort less without, in percentage points."),
                   shares_note(rows), _too_few(tuple(rows), edition)),
        source=computed_source(edition), unit=say(da="pct.", en="per cent"))


def outcome_columns(first: str) -> tuple[Column, ...]:
    """The columns of a table of shares with the effort and without."""
    return (Column(first, numeric=False), Column(say(da="Med indsatsen", en="With the effort")),
            Column(say(da="Uden indsatsen", en="Without the effort")), Column(say(da="Forskel", en="Difference")),
            Column(say(da="95 %-interval", en="95% interval")))


def destination_id(investment: str, share: DestinationShare) -> str:
    """The id of where participants are in a week."""
    return figure_id(investment, "destination", share.week, share.key)


def share_cell(share: float | None, figure: str = "") -> Cell:
    """A share in per cent with one decimal; a dash where it is of too few persons."""
    return Cell(BLANK if share is None else number(share * 100, 1), share, "percent", 1, figure)


def points_cell(difference: float | None, figure: str = "") -> Cell:
    """A difference of shares in percentage points."""
    return Cell(BLANK if difference is None else number(difference * 100, 1),
                None if difference is None else difference * 100, "number", 1, figure)


def span_cell(interval: Interval | None, decimals: int, figure: str = "") -> Cell:
    """An interval of a difference of shares, in percentage points or of one hundred."""
    if interval is None or interval.low is None or interval.high is None:
        return Cell("")
    low, high = (number(edge * 100, decimals) for edge in (interval.low, interval.high))
    return Cell(say(da=f"{low} til{NO_BREAK}{high}", en=f"{low} to{NO_BREAK}{high}"), figure=figure)


def _hundred_cells(share: DestinationShare, figure: str, *, sound: bool) -> list[Cell]:
    """The difference is that of the printed numbers, so that it is what a reader gets."""
    took_part = None if share.with_effort is None else of_hundred(share.with_effort)
    without = None if share.without is None else of_hundred(share.without)
    if not sound:
        return [_whole(took_part, f"{figure}/with")]
    difference = None if took_part is None or without is None else took_part - without
    return [_whole(took_part, f"{figure}/with"), _whole(without, f"{figure}/without"),
            _whole(difference, f"{figure}/difference"), span_cell(share.difference, 0, f"{figure}/difference")]


def _whole(count: int | None, figure: str) -> Cell:
    return Cell(BLANK if count is None else number(count), count, "number", figure=figure)


def _percent_cells(share: DestinationShare, figure: str) -> list[Cell]:
    difference = None if share.difference is None else share.difference.estimate
    return [share_cell(share.with_effort, f"{figure}/with"), share_cell(share.without, f"{figure}/without"),
            points_cell(difference, f"{figure}/difference"), span_cell(share.difference, 1, f"{figure}/difference")]


def _too_few(rows: tuple[Row, ...], edition: Edition) -> str:
    if not any(cell.text == BLANK for row in rows for cell in row.cells):
        return ""
    threshold = edition.small_cell_threshold
    return say(da=f"{BLANK}: tallet hviler på for få deltagere til at vises (under {threshold}), eller et sådant tal "
                  "kunne regnes ud af det.",
               en=f"{BLANK}: the figure rests on too few participants to be shown (under {threshold}), or such a "
                  "figure could be worked out from it.")
