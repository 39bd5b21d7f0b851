"""Investments followed by counting placements: the counts, what they are measured against, and a sentence."""

from __future__ import annotations

from calendar import monthrange

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import figure_id
from gevinst.language import MONTHS_DA, MONTHS_EN, long_date, say, short_date
from gevinst.register.business_case import HeadCount, Investment
from gevinst.report.amounts import count_cell, few
from gevinst.report.marks import marked
from gevinst.report.references import table_ref
from gevinst.report.tree import Block, Column, Paragraph, Row, Table, text_cell


def head_count_blocks(case: Investment, edition: Edition) -> list[Block]:
    """The latest count in words, and all counts as a table where there are several; nothing where none is recorded."""
    if not case.head_counts:
        return []
    counts = sorted(case.head_counts, key=lambda count: count.date)
    text = head_count_sentence(counts[-1], edition.small_cell_threshold, head_count_id(case, counts[-1]))
    follows = say(da="Investeringen følges ved at tælle ansættelser; der er derfor ingen overlevelseskurve.",
                  en="The investment is followed by counting placements; there is therefore no survival curve.")
    if len(counts) == 1:
        source = say(da=f"Kilde: {_cited(case, edition)}.", en=f"Source: {_cited(case, edition)}.")
        return [Paragraph(f"{text} {follows} {source}")]
    refers = say(da=f"Alle optællinger står i {table_ref(_key(case))}.",
                 en=f"All counts are in {table_ref(_key(case))}.")
    return [Paragraph(f"{text} {follows} {refers}"), head_count_table(case, edition)]


def head_count_sentence(count: HeadCount, threshold: int, figure: str = "") -> str:
    """How many are placed, and how many the case plans for.

    >>> from datetime import date
    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     head_count_sentence(HeadCount(date(2021, 11, 30), 5, 12), 5)
    'Ved udgangen af november 2021 var 5 ansat; målet er 12.'
    """
    actual, planned = (marked(figure, few(many, least)) for many, least in (
        (count.actual, threshold), (count.planned, 0)))
    day = count.date
    if day.day == monthrange(day.year, day.month)[1]:
        when_da = f"Ved udgangen af {MONTHS_DA[day.month - 1]} {day.year}"
        when_en = f"At the end of {MONTHS_EN[day.month - 1]} {day.year}"
    else:
        when_da, when_en = f"Den {long_date(day)}", f"On {long_date(day)}"
    was = "was" if count.actual == 1 and threshold <= 1 else "were"
    return say(da=f"{when_da} var {actual} ansat; målet er {planned}.",
               en=f"{when_en}, {actual} {was} employed; the aim is {planned}.")


def head_count_table(case: Investment, edition: Edition) -> Table:
    """Placements by day, actual and planned; small counts are not printed."""
    threshold = edition.small_cell_threshold
    rows = [Row((text_cell(short_date(count.date)),
                 count_cell(count.actual, threshold, figure=f"{head_count_id(case, count)}/actual"),
                 count_cell(count.planned, 0, figure=f"{head_count_id(case, count)}/planned")))
            for count in sorted(case.head_counts, key=lambda count: count.date)]
    return Table(
        _key(case),
        say(da=f"Investering {case.number}: ansættelser", en=f"Investment {case.number}: placements"),
        (Column(say(da="Dato", en="Date"), numeric=False), Column(say(da="Ansat", en="Employed")),
         Column(say(da="Mål", en="Aim"))),
        tuple(rows),
        note=say(da="Antal personer på dagen.", en="Persons on the day."),
        source=_cited(case, edition),
        unit=say(da="personer", en="persons"))


def _cited(case: Investment, edition: Edition) -> str:
    cited = "; ".join(dict.fromkeys(count.source for count in case.head_counts if count.source))
    return cited or case.source or edition.portfolio.source or edition.portfolio.title

def head_count_id(case: Investment, count: HeadCount) -> str:
    """The id of a count of placements on a day."""
    return figure_id(case.number, "head_count", count.date.isoformat())


def _key(case: Investment) -> str:
    return f"head-count/{case.number}"
