"""The page of the whole portfolio: the answer, a line for each investment, and the three short texts."""

from __future__ import annotations

from collections.abc import Sequence

from gevinst.follow_up.annual_cycle import Entry
from gevinst.follow_up.edition import Edition
from gevinst.language import say
from gevinst.register.business_case import Line
from gevinst.report.amount_tables import notes
from gevinst.report.credible import biased_amounts
from gevinst.report.one_page_amounts import scale_of
from gevinst.report.one_page_answer import adopted, cost_and_return, laid_in, made_up, portfolio_answer
from gevinst.report.one_page_chart import year_chart
from gevinst.report.one_page_lines import CHART_UP_TO, lines_table
from gevinst.report.one_page_sure import what_next
from gevinst.report.one_page_together import how_sure_together, not_known_together, spells_together
from gevinst.report.tree import Block, Bullets, Heading, Paragraph


def portfolio_blocks(edition: Edition, coming: Sequence[Entry]) -> list[Block]:
    """What stands under the question on the page of the whole portfolio."""
    table = edition.portfolio_follow_up
    scale = scale_of(table.figures())
    told = not biased_amounts(edition)
    both = told and Line.NET in table.outcome_total  # else the two are not of the same
    cost = notes(cost_and_return(table, scale, told=both, several=True), adopted(table, scale, several=True),
                 laid_in(edition, scale))
    lead = portfolio_answer(edition, scale)
    spells = notes(*spells_together(edition))
    if spells and not table.figures():  # nothing is stated in kroner, and what the persons' spells say is the answer
        lead = made_up(edition) + spells
        cost = say(da="Hvad det er værd i kroner, er ikke gjort op.",
                   en="What that is worth in kroner has not been stated.")
    blocks: list[Block] = [Paragraph(lead, "lead")]
    blocks += [Paragraph(cost)] if cost else []
    chart = year_chart(table, edition, scale, told=told, alone=True) if len(edition.follow_ups) <= CHART_UP_TO else []
    return [*blocks, lines_table(edition, scale), *chart, *three_texts(
        how_sure_together(edition, scale), not_known_together(edition), what_next(None, edition, coming))]


def three_texts(sure: Sequence[str], unknown: Sequence[str], coming: Sequence[str]) -> list[Block]:
    """How sure it is, what is not known, and what comes next; those that say something."""
    parts = ((say(da="Hvor sikkert er det?", en="How sure is it?"), sure),
             (say(da="Hvad ved vi ikke?", en="What do we not know?"), unknown),
             (say(da="Hvad sker der nu?", en="What comes next?"), coming))
    blocks: list[Block] = []
    for title, texts in parts:
        blocks += [Heading(title, 2), Bullets(tuple(texts))] if texts else []
    return blocks
