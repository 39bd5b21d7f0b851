"""The memo: an edition as headings, sentences, tables and figures, from page one to the auditor's appendix.

Nothing is computed here. Every amount is a figure of the edition's follow-up tables, printed with its id; the
sentences are made from the same figures, and their words follow the signs.
"""

from __future__ import annotations

from gevinst.follow_up.edition import Edition
from gevinst.language import long_date, say, short_date, speaking
from gevinst.report.amounts import years_text
from gevinst.report.appendix import appendix_section
from gevinst.report.bridge_section import bridge_appendix, bridge_section
from gevinst.report.effect.appendix import effect_appendices
from gevinst.report.exposure_section import exposure_appendix
from gevinst.report.figure_ladders import figure_ladders
from gevinst.report.forecast_section import forecast_appendix
from gevinst.report.investment_section import investment_section
from gevinst.report.marks import marking, settled
from gevinst.report.method_page import method_section
from gevinst.report.overview import (
    budget_section,
    circumstances_section,
    in_short_section,
    overview_section,
    synthetic_warning,
)
from gevinst.report.published_section import considerations_section
from gevinst.report.quality_section import quality_section
from gevinst.report.references import numbered
from gevinst.report.since_last_section import correction_warning, since_last_section
from gevinst.report.status_section import status_appendix
from gevinst.report.tree import Block, Document, Heading


def build_memo(edition: Edition) -> Document:
    """The memo of an edition, in the edition's language."""
    with speaking(edition.language):
        return Document(
            title=memo_title(edition),
            language=edition.language,
            author=edition.portfolio.municipality,
            head=_head(edition),
            blocks=laid_out(edition),
            subject=edition.portfolio.title,
            created=edition.created.isoformat(),
            footer=_footer(edition),
            meta={"kind": say(da="Notat", en="Memo"), "edition": edition.id, "code_version": edition.code_version},
        )


def laid_out(edition: Edition) -> tuple[Block, ...]:
    """The memo's blocks, numbered, with the figures in them led to their ladders, which stand last."""
    with marking():
        blocks = settled(numbered(_blocks(edition)))
    return (*blocks, *figure_ladders(blocks, edition))


def memo_title(edition: Edition) -> str:
    """What the memo is called: the follow-up of the portfolio's years."""
    years = years_text(edition.portfolio.years)
    if not edition.portfolio_follow_up.budget_total:
        return say(da=f"Opfølgning på investeringer {years}", en=f"Follow-up of investments {years}")
    return say(da=f"Kvartalsvis opfølgning på investeringer for budget {years}",
               en=f"Quarterly follow-up of investments, budget {years}")


def _blocks(edition: Edition) -> list[Block]:
    blocks: list[Block] = [
        Heading(memo_title(edition), 1),
        *correction_warning(edition),
        *synthetic_warning(edition),
        *in_short_section(edition),
        *since_last_section(edition),
        *overview_section(edition),
        *budget_section(edition),
        *bridge_section(edition),
        *circumstances_section(edition),
        *considerations_section(edition),
    ]
    for part in edition.follow_ups:
        blocks += investment_section(edition.portfolio.investment(part.investment), edition)
    return [*blocks, *method_section(edition), *effect_appendices(edition), *forecast_appendix(edition),
            *status_appendix(edition), *quality_section(edition), *exposure_appendix(edition),
            *bridge_appendix(edition), *appendix_section(edition)]


def _head(edition: Edition) -> tuple[tuple[str, str], ...]:
    lines = (
        (say(da="Dato:", en="Date:"), short_date(edition.memo_date)),
        (say(da="Reference:", en="Reference:"), edition.portfolio.reference),
        (say(da="Journalnr.:", en="Journal no.:"), edition.portfolio.journal_number),
        (say(da="Til:", en="To:"), edition.portfolio.committee),
    )
    return tuple(line for line in lines if line[1])


def _footer(edition: Edition) -> str:
    made_up = say(da="Opdigtede persondata. ", en="Made-up personal data. ") if edition.synthetic else ""
    return made_up + say(da=f"Opfølgning pr. {long_date(edition.memo_date)}, udgave {edition.id}",
                         en=f"Follow-up of {long_date(edition.memo_date)}, edition {edition.id}")
