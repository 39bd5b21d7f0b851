"""The first part of the memo: in short, the overview, the budget as adopted, and the circumstances."""

from __future__ import annotations

from decimal import Decimal

from gevinst.follow_up.definition_breaks import BUDGET
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.language import long_date, number, percent, say
from gevinst.money import Amount, total
from gevinst.register.business_case import Basis, Decision, Line, Prudence
from gevinst.report.amount_tables import (
    amount_cell,
    budget_table,
    by_case_table,
    notes,
    overview_table,
    sign_note,
    sources,
)
from gevinst.report.amounts import DECIMALS, Stated, million, sign, unit_of_two, years_text
from gevinst.report.break_notes import crossed, time_marks
from gevinst.report.charts import BudgetResultRow, budget_result_chart, describe_budget_result
from gevinst.report.charts.breaks import mark_years
from gevinst.report.charts.words import listed
from gevinst.report.covered import last_result, running_year
from gevinst.report.credible import biased_amounts
from gevinst.report.effect.portfolio import portfolio_blocks, portfolio_told
from gevinst.report.effects_section import weeks_overview
from gevinst.report.exposure_section import exposure_blocks
from gevinst.report.in_short import in_one_sentence, in_short
from gevinst.report.marks import marked
from gevinst.report.references import table_ref
from gevinst.report.sentences import capitalised, without_the_effort, year_in_table
from gevinst.report.status_section import status_overview
from gevinst.report.tree import (
    Block,
    Bullets,
    Cell,
    Column,
    Figure,
    Heading,
    Paragraph,
    Row,
    Table,
    text_cell,
)
from gevinst.report.typography import typeset


def paragraphs(text: str) -> list[Block]:
    """A text of the record, paragraph by paragraph: blank lines divide them."""
    return [Paragraph(" ".join(part.split())) for part in text.split("\n\n") if part.strip()]


def synthetic_warning(edition: Edition) -> list[Block]:
    """Says that the persons are made up, and what then follows for each kind of figure; else nothing."""
    if not edition.synthetic:
        return []
    recorded = [figure for figure in edition.figures if figure.source == "recorded"]
    named = sources(recorded, edition)
    place = edition.portfolio.municipality
    return [Paragraph(say(
        da=f"Personoplysningerne bag dette notat er opdigtede. Kurver, sparede uger og beregnede effekter siger derfor "
           f"intet om {place}. De indberettede budgetter og resultater er ikke opdigtede; de kommer fra: {named}.",
        en=f"The personal data behind this memo are made up. Curves, weeks saved and computed effects therefore say "
           f"nothing about {place}. The recorded budgets and results are not made up; they come from: {named}."),
        "warning")]


def in_short_section(edition: Edition) -> list[Block]:
    """The sentences of page one: the answer first, then what lies behind it."""
    answer = in_one_sentence(edition)
    together = portfolio_told(edition)
    return [Heading(say(da="Kort fortalt", en="In short"), 2, "in-short"),
            *([Paragraph(answer, "lead")] if answer else []), Bullets(in_short(edition)),
            *([Paragraph(typeset(together))] if together else [])]


def overview_section(edition: Edition) -> list[Block]:
    """Table 1 with its sentences, and the outcome of each investment."""
    table, ref = edition.portfolio_follow_up, table_ref("overview")
    if not table.figures():
        return weeks_overview(edition)
    blocks: list[Block] = [Heading(say(da="Samlet oversigt", en="Overview"), 2, "overview")]
    if not table.outcome_total:
        yet_da, yet_en = ("", "") if edition.period_over else (" endnu", " as yet")
        blocks.append(Paragraph(say(da=f"Der er{yet_da} hverken resultater eller forventninger at vise.",
                                    en=f"There are{yet_en} neither results nor expectations to show.")))
        return blocks
    blocks.append(overview_table(edition))
    biased = biased_amounts(edition)
    if biased:
        blocks.append(Paragraph(biased_note(biased, ref), "warning"))
    for year in (last_result(table), running_year(table)):
        if year is None or biased:
            continue
        amounts = year.outcome
        text = year_in_table(ref, year.year, year.basis, amounts[Line.INVESTMENT], amounts[Line.SAVING],
                             amounts[Line.NET])
        blocks.append(Paragraph(notes(text, without_the_effort(amounts[Line.SAVING], year.year, year.basis))))
    return [*blocks, by_case_table(edition), *status_overview(edition), *portfolio_blocks(edition)]


def biased_note(investments: tuple[str, ...], ref: str) -> str:
    """Under a table whose savings are partly computed by a method with known biases."""
    return say(
        da=f"Besparelsen i {ref} er for investering {listed(investments)} beregnet med en metode, der er skæv på "
           "kendte måder. Den kan derfor ikke læses som investeringernes resultat.",
        en=f"The saving in {ref} is for investment {listed(investments)} computed by a method with known biases. It "
           "must not be read as the result of the investments.")


def chart_blocks(edition: Edition) -> list[Block]:
    """Budget and outcome side by side, year by year; nothing where there are no net amounts."""
    table = edition.portfolio_follow_up
    rows, body = [], []
    for year in table.years:
        budget, outcome = year.budget.get(Line.NET), year.outcome.get(Line.NET)
        if budget is not None:
            rows.append(BudgetResultRow(year.year, "budget", budget.amount.millions))
        if outcome is not None:
            low, high = outcome.low, outcome.high
            rows.append(BudgetResultRow(
                year.year, "realised" if outcome.basis is Basis.REALISED else "expected", outcome.amount.millions,
                None if low is None else low.millions, None if high is None else high.millions))
        kind = say(da="resultat", en="result") if year.basis is Basis.REALISED else say(da="forventet", en="expected")
        body.append(Row((text_cell(f"{year.year} ({kind})"), amount_cell(budget), amount_cell(outcome))))
    if not rows:
        return []
    unit = unit_of_two(table.budget_level, table.outcome_level)
    axis = say(da="mio. kr.", en="DKK million")
    data = Table("overview-chart", say(da="Tallene i figuren", en="The figures of the chart"),
                 (Column(say(da="År", en="Year"), numeric=False), Column(say(da="Budget", en="Budget")),
                  Column(say(da="Resultat eller forventet", en="Result or expected"))), tuple(body),
                 note=sign_note(), source=sources(table.figures(), edition), unit=unit)
    drawn = mark_years(budget_result_chart(rows, unit=axis), time_marks(edition, BUDGET),
                       sorted({row.year for row in rows}))
    return [Figure(
        "overview", say(da="Budget, resultat og forventning: investering og besparelse lagt sammen, pr. år",
                        en="Budget, result and expectation: investment and saving taken together, by year"),
        describe_budget_result(rows, unit=axis, decimals=DECIMALS), drawn, data,
        note=notes(f"{capitalised(unit)}.", say(da="Søjler under nul er en nettobesparelse.",
                                   en="Columns below zero are a net saving."), crossed(edition, BUDGET)),
        source=sources(table.figures(), edition))]


def budget_section(edition: Edition) -> list[Block]:
    """The budget as the council adopted it, how much of it was counted on, and the chart of budget and result."""
    table = edition.portfolio_follow_up
    if not table.budget_total:
        return chart_blocks(edition)
    blocks: list[Block] = [Heading(say(da="Budgettet som vedtaget", en="The budget as adopted"), 2, "budget")]
    blocks += [Paragraph(_adopted(edition))] if Line.NET in table.budget_total else []
    blocks.append(budget_table(edition))
    if edition.portfolio.prudence is not None:
        blocks.append(Paragraph(prudence_text(edition.portfolio.prudence, edition)))
    return [*blocks, *chart_blocks(edition)]


def _adopted(edition: Edition) -> str:
    budget = edition.portfolio_follow_up.budget_total
    years, level = years_text(edition.portfolio.years), edition.portfolio.price_level
    saved = budget[Line.SAVING]
    support_da = {-1: f"en besparelse på forsørgelse på {million(saved)}", 0: "ingen besparelse på forsørgelse",
                  1: f"en merudgift til forsørgelse på {million(saved)}"}[sign(saved)]
    support_en = {-1: f"a saving on benefits of {million(saved)}", 0: "no saving on benefits",
                  1: f"an extra cost of benefits of {million(saved)}"}[sign(saved)]
    put_in = million(budget[Line.INVESTMENT])
    return say(da=f"I {years} er der i alt budgetteret med {put_in} til indsats og {support_da} ({level}). "
                  f"{table_ref('budget')} viser de to lagt sammen for hver investering.",
               en=f"For {years} the budget holds {put_in} for the effort and {support_en} ({level}). "
                  f"{table_ref('budget')} shows the two taken together for each investment.")


def prudence_text(prudence: Prudence, edition: Edition) -> str:
    """How much of the net potential was laid into the budget, by year, from the record."""
    held = f"{PORTFOLIO}/laid_in/counted"
    potential = Stated(edition.portfolio.net_potential(), held)
    counted = Stated(potential.amount.scaled(prudence.factor), held)
    half = prudence.factor == Decimal("0.5")
    part = say(da="halvdelen", en="one half") if half else marked(held, percent(float(prudence.factor), 0))
    when = "" if prudence.decided is None else say(da=f" {long_date(prudence.decided)}",
                                                   en=f" on {long_date(prudence.decided)}")
    if sign(potential) >= 0:
        text = say(da="Af forsigtighed blev kun en del af potentialet regnet med.",
                   en="For prudence only a part of the potential was counted on.")
    else:
        text = say(
            da=f"Potentialet er en nettobesparelse på {million(potential)}. Af forsigtighed blev det besluttet{when} "
               f"kun at regne med {part}{'' if half else ' af det'}, {million(counted)}.",
            en=f"The potential is a net saving of {million(potential)}. For prudence it was decided{when} to count on "
               f"only {part} of it, {million(counted)}.")
    if prudence.laid_in:
        laid = listed([say(da=f"{_laid(amount, year)} i {year}", en=f"{_laid(amount, year)} in {year}")
                       for year, amount in prudence.laid_in])
        whole = Stated(total((amount for _, amount in prudence.laid_in), edition.portfolio.price_level),
                       f"{PORTFOLIO}/laid_in/total")
        text += say(da=f" Der er lagt en besparelse ind i budgettet på {laid}, i alt {million(whole)}.",
                    en=f" A saving is laid into the budget of {laid}, in total {million(whole)}.")
    return text + say(da=f" Kilde: {prudence.source}.", en=f" Source: {prudence.source}.") if prudence.source else text


def _laid(amount: Amount, year: int) -> str:
    """A laid-in saving as a plain number; one that is not a saving keeps its sign."""
    return marked(f"{PORTFOLIO}/laid_in/{year}", number(-amount.millions, DECIMALS))


def circumstances_section(edition: Edition) -> list[Block]:
    """What happened around the investments: background, decisions, and periods without referrals."""
    portfolio = edition.portfolio
    blocks = [*paragraphs(portfolio.background), *decisions(portfolio.decisions)]
    if portfolio.suspensions:
        blocks += [Paragraph(_exposure()), suspension_table(edition), *exposure_blocks(edition)]
    if not blocks:
        return []
    return [Heading(say(da="Omstændigheder", en="Circumstances"), 2, "circumstances"), *blocks]


def decisions(made: tuple[Decision, ...]) -> list[Block]:
    """Decisions by date: body and what was decided."""
    if not made:
        return []
    return [Bullets(tuple(f"{long_date(one.date)}, {one.body}: {one.text}" if one.body else
                          f"{long_date(one.date)}: {one.text}"
                          for one in sorted(made, key=lambda one: one.date)))]


def _exposure() -> str:
    return say(
        da=f"I de perioder, der står i {table_ref('suspensions')}, kunne borgere slet ikke eller kun delvis henvises "
           "til indsatsen. Resultaterne er ikke regnet om til et år uden afbrydelser; de viser det, der skete.",
        en=f"In the periods of {table_ref('suspensions')} citizens could not, or only in part, be referred to the "
           "effort. Results are not converted to a year without interruptions; they show what happened.")


def suspension_table(edition: Edition) -> Table:
    """Periods in which no one, or only some, could be referred."""
    rows = []
    for one in sorted(edition.portfolio.suspensions, key=lambda one: one.start):
        whom = say(da="alle investeringer", en="all investments")
        if one.investment:
            number_of = edition.portfolio.investment(one.investment).number
            whom = say(da=f"investering {number_of}", en=f"investment {number_of}")
        extent = say(da="delvis", en="in part") if one.partial else say(da="helt", en="wholly")
        days = (one.end - one.start).days + 1
        period = say(da=f"{long_date(one.start)} til {long_date(one.end)}",
                     en=f"{long_date(one.start)} to {long_date(one.end)}")
        rows.append(Row((text_cell(period), Cell(number(days), days, "count"), text_cell(whom), text_cell(extent),
                         text_cell(one.text))))
    return Table(
        "suspensions", say(da="Perioder med afbrudt henvisning", en="Periods of suspended referrals"),
        (Column(say(da="Periode", en="Period"), numeric=False), Column(say(da="Dage", en="Days")),
         Column(say(da="Gælder", en="Concerns"), numeric=False),
         Column(say(da="Omfang", en="Extent"), numeric=False),
         Column(say(da="Bemærkning", en="Remark"), numeric=False)),
        tuple(rows), note=say(da="Begge dage er regnet med.", en="Both days are included."),
        source=edition.portfolio.source or edition.portfolio.title)
