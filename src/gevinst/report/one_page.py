"""“Hvad fik vi for pengene?”: one page for the whole portfolio and one for each investment, for who decides.

A page has the question, the answer in a sentence, what it cost and what came back, what became of one hundred who took
part, one small table, and three short texts: how sure it is, what is not known, what comes next. Nothing is computed
here, and nothing is said more firmly than in the memo; see `docs/guide/one-page.md`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gevinst.follow_up.annual_cycle import Entry
from gevinst.follow_up.edition import Edition
from gevinst.language import NO_BREAK, long_date, say, short_date, speaking
from gevinst.register.business_case import Investment
from gevinst.report.amounts import years_text
from gevinst.report.effect.told import detail_of
from gevinst.report.one_page_amounts import ended, scale_of, shortened
from gevinst.report.one_page_answer import TOLD, answer, ground, what_it_cost
from gevinst.report.one_page_chart import year_chart
from gevinst.report.one_page_people import people_blocks
from gevinst.report.one_page_portfolio import portfolio_blocks, three_texts
from gevinst.report.one_page_sure import how_sure, not_known, what_next
from gevinst.report.one_page_table import year_table
from gevinst.report.references import numbered
from gevinst.report.tree import Block, Document, Figure, Heading, Paragraph, Table

TITLE, COMMENT, NAME = 110, 160, 60
"""So many letters a page has room for of a title, of another text that somebody typed, and of a name."""


def one_page(edition: Edition, coming: Sequence[Entry] = ()) -> Document:
    """The page of the whole portfolio; `coming` are the next dates of the annual cycle."""
    with speaking(edition.language):
        question = say(da="Hvad fik vi for pengene?", en="What did we get for the money?")
        return _document(edition, question, shortened(edition.portfolio.title, TITLE),
                         [*_synthetic(edition, told=bool(edition.details)), *portfolio_blocks(edition, coming)])


def investment_page(number: str, edition: Edition, coming: Sequence[Entry] = ()) -> Document:
    """The page of one investment; `KeyError` if there is none with this number."""
    with speaking(edition.language):
        case = edition.portfolio.investment(edition.follow_up(number).investment)
        question = say(da=f"Hvad fik vi for pengene i investering{NO_BREAK}{number}?",
                       en=f"What did we get for the money in investment{NO_BREAK}{number}?")
        of_persons = detail_of(number, edition) is not None
        return _document(edition, question, shortened(case.title, TITLE),
                         [*_synthetic(edition, told=of_persons), *_blocks(case, edition, coming)])


def all_pages(edition: Edition, coming: Sequence[Entry] = ()) -> dict[str, Document]:
    """The page of the portfolio under an empty name, then those of the investments by their numbers."""
    return {"": one_page(edition, coming),
            **{part.investment: investment_page(part.investment, edition, coming) for part in edition.follow_ups}}


def _document(edition: Edition, question: str, subtitle: str, blocks: Sequence[Block]) -> Document:
    made_up = say(da="Opdigtede persondata. ", en="Made-up personal data. ") if edition.synthetic else ""
    laid_out: list[Block] = [Paragraph(subtitle, "small"), Heading(question, 1), *_correction(edition), *blocks]
    return Document(
        title=question, language=edition.language, author=shortened(edition.portfolio.municipality, NAME),
        head=((say(da="Dato:", en="Date:"), short_date(edition.memo_date)),),
        blocks=_unnumbered(numbered(laid_out)), subject=subtitle, created=edition.created.isoformat(),
        footer=made_up + say(
            da=f"Opfølgning pr. {long_date(edition.memo_date)}, udgave {edition.id}. Alle tal, kilder og forbehold "
               "står i notatet.",
            en=f"Follow-up of {long_date(edition.memo_date)}, edition {edition.id}. All figures, sources and caveats "
               "are in the memo."),
        meta={"kind": years_text(edition.portfolio.years), "edition": edition.id,
              "code_version": edition.code_version})


def _correction(edition: Edition) -> list[Block]:
    """Which follow-up this one corrects, and why."""
    if edition.correction is None:
        return []
    day, reason = long_date(edition.correction.memo_date), ended(shortened(edition.correction.reason, COMMENT))
    return [Paragraph(say(da=f"Retter opfølgningen pr. {day}. Årsag: {reason}",
                          en=f"Corrects the follow-up of {day}. Reason: {reason}"), "warning")]


def _synthetic(edition: Edition, *, told: bool) -> list[Block]:
    """That the persons are made up, on a page that tells something of them."""
    if not (edition.synthetic and told):
        return []
    place = shortened(edition.portfolio.municipality, NAME)
    return [Paragraph(say(
        da=f"Personoplysningerne er opdigtede. Det, der står om borgerne, siger intet om {place}. Indberettede beløb "
           "er ikke opdigtede.",
        en=f"The personal data are made up. What is said of persons says nothing about {place}. Recorded amounts are "
           "not made up."), "warning")]


def _blocks(case: Investment, edition: Edition, coming: Sequence[Entry]) -> list[Block]:
    table, why = edition.follow_up(case.number), ground(case, edition)
    scale = scale_of(table.figures())
    blocks: list[Block] = [Paragraph(answer(case, edition, scale), "lead")]
    blocks += [Paragraph(text) for text in (what_it_cost(case, edition, scale), _who(case)) if text]
    people = people_blocks(case, edition)
    told = why in TOLD or not table.outcome_total
    found = year_table(table, edition, scale, told=told)
    blocks += [*people, *([found] if found is not None else [])]
    if not any(isinstance(block, Figure) for block in people):
        blocks += year_chart(table, edition, scale, told=told, alone=False)
    return [*blocks, *three_texts(how_sure(case, edition, scale), not_known(case, edition),
                                  what_next(case, edition, coming))]


def _who(case: Investment) -> str:
    """Whom the effort is for: the first clause of what the record says."""
    who = shortened(re.split(r"; |\. ", case.target_group.description)[0], COMMENT)
    return say(da=f"Indsatsen er for: {ended(who)}", en=f"The effort is for: {ended(who)}") if who else ""


def _unnumbered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """A page with one table and one picture needs no numbers on them."""
    return tuple(replace(block, number=0) if isinstance(block, Table | Figure) else block for block in blocks)
