"""One section per investment: what it is, how it went, its curves, its estimators and its follow-up table."""

from __future__ import annotations

from decimal import Decimal

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.table import FollowUp, FollowUpYear
from gevinst.language import long_date, say
from gevinst.register.business_case import (
    Basis,
    FollowedBy,
    Investment,
    Line,
    ParticipantCount,
    Status,
    Stop,
)
from gevinst.report.amount_tables import follow_up_table
from gevinst.report.amounts import Stated, million, persons
from gevinst.report.covered import all_realised, covered_in, last_result, rest_told, running_year
from gevinst.report.credible import biased_amounts, too_few, withheld
from gevinst.report.curves_section import curve_blocks
from gevinst.report.effect.accounts import accounts_blocks
from gevinst.report.effect.page import effect_page
from gevinst.report.effects_section import effects_blocks
from gevinst.report.head_count import head_count_blocks
from gevinst.report.marks import marked
from gevinst.report.of_few import uncounted, withheld_told
from gevinst.report.overview import decisions, paragraphs
from gevinst.report.references import table_ref
from gevinst.report.sentences import against_budget, saving_interval, surplus
from gevinst.report.status_section import status_paragraphs
from gevinst.report.tree import Block, Heading, PageBreak, Paragraph


def investment_section(case: Investment, edition: Edition) -> list[Block]:
    """Everything the memo says of one investment."""
    table, page = edition.follow_up(case.number), effect_page(case.number, edition)
    blocks: list[Block] = [PageBreak()] if page else []  # who reads only this investment has it on a page
    blocks += [
        Heading(f"{case.number}. {case.title}", 2, f"investment-{case.number}"),
        *paragraphs(case.narrative.description),
        Paragraph(facts(case)),
        *page,
    ]
    if page:
        blocks.append(Heading(say(da="Opfølgning på budgettet", en="Follow-up of the budget"), 3,
                              f"followed-up-{case.number}"))
    blocks += [*decisions(case.decisions), *paragraphs(case.narrative.progress)]
    if case.narrative.evidence:
        evidence = " ".join(case.narrative.evidence.split())
        blocks.append(Paragraph(say(da=f"Videngrundlag: {evidence}", en=f"Evidence: {evidence}"), "small"))
    counts = participants_sentences(case.participant_counts, edition.small_cell_threshold, case.number)
    blocks += [Paragraph(text) for text in counts]
    blocks += head_count_blocks(case, edition)
    blocks.append(follow_up_table(table, edition) if table.figures() else Paragraph(say(
        da="Der er ikke vedtaget et budget og ikke opgjort beløb for investeringen.",
        en="No budget has been adopted and no amounts have been stated for the investment.")))
    blocks += [Paragraph(text) for text in outcome_sentences(case, table, edition)]
    blocks += [*accounts_blocks(case.number, edition), *status_paragraphs(case.number, edition)]
    blocks += [Paragraph(withheld_told(edition.small_cell_threshold))] if withheld(case, edition) else []
    followed = [*curve_blocks(case.number, edition), *effects_blocks(case.number, edition)]
    if followed:
        blocks.append(Heading(say(da="Borgernes uger på ydelse", en="Persons' weeks on benefit"), 3,
                              f"followed-{case.number}"))
    return [*blocks, *followed]


def facts(case: Investment) -> str:
    """Status, groups, supplier and financing in whole sentences."""
    group, full_time = (
        "" if size is None else marked(figure_id(case.number, "case", name), persons(size)) for name, size in (
            ("target_group", case.target_group.full_time_persons), ("group", case.full_time_participants)))
    parts = [_status(case)]
    if full_time and group:
        parts.append(say(
            da=f"Indsatsgruppen er på {full_time} fuldtidspersoner ud af en samlet målgruppe på {group} "
               "fuldtidspersoner.",
            en=f"The intervention group is {full_time} full-time persons out of a target group of {group} full-time "
               "persons."))
    elif full_time:
        parts.append(say(da=f"Indsatsgruppen er på {full_time} fuldtidspersoner.",
                         en=f"The intervention group is {full_time} full-time persons."))
    if case.target_group.description:
        parts.append(say(da=f"Målgruppe: {_ended(case.target_group.description)}",
                         en=f"Target group: {_ended(case.target_group.description)}"))
    if case.supplier is not None:
        parts.append(say(da=f"Leverandør: {_ended(case.supplier.name)}", en=f"Supplier: {_ended(case.supplier.name)}"))
        if case.supplier.pay_by_results:
            parts.append(say(da="Betalingen afhænger af resultaterne.", en="Payment depends on results."))
        if case.supplier.terms:
            parts.append(_ended(case.supplier.terms))
    if case.financing:
        parts.append(say(da=f"Finansiering: {_ended(case.financing)}", en=f"Financing: {_ended(case.financing)}"))
    return " ".join(parts)


def _status(case: Investment) -> str:
    return {
        Status.PROPOSED: say(da="Investeringen er foreslået og ikke begyndt.",
                             en="The investment is proposed and has not begun."),
        Status.RUNNING: say(da="Investeringen er i gang.", en="The investment is running."),
        Status.STOPPED: say(da="Investeringen er stoppet.", en="The investment has been stopped."),
        Status.ENDED: say(da="Investeringen er afsluttet.", en="The investment has ended."),
    }[case.status]


def _ended(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."


def participants_sentences(
    counts: tuple[ParticipantCount, ...], threshold: int, investment: str = ""
) -> list[str]:
    """Planned, actual and expected full-time participants, a sentence per year; few who took part are withheld."""
    told = []

    def said(year: int, many: Decimal) -> str:
        return marked(figure_id(investment, "participants", year), persons(many))

    for count in sorted(counts, key=lambda count: count.year):
        unit = say(da="fuldtidspersoner", en="full-time persons")
        parts = []
        if count.actual is not None:
            took_part = f"under {threshold}" if 0 < count.actual < threshold else said(count.year, count.actual)
            parts.append(say(da=f"har {took_part} {unit} deltaget", en=f"{took_part} {unit} have taken part"))
        if count.expected is not None:
            parts.append(say(da=f"forventes {said(count.year, count.expected)} {unit} at deltage",
                             en=f"{said(count.year, count.expected)} {unit} are expected to take part"))
        plan = "" if count.planned is None else said(count.year, count.planned)
        planned = say(da=f"planen er {plan}", en=f"the plan is {plan}") if plan else ""
        if parts:
            both = say(da=" og ", en=" and ").join(parts)
            told.append(say(da=f"I {count.year} {both}{'; ' + planned if planned else ''}.",
                            en=f"In {count.year}, {both}{'; ' + planned if planned else ''}."))
        elif planned:
            told.append(say(da=f"For {count.year} er planen {plan} {unit}.",
                            en=f"For {count.year}, the plan is {plan} {unit}."))
    return [" ".join(told)] if told else []


def outcome_sentences(case: Investment, table: FollowUp, edition: Edition) -> list[str]:
    """What the follow-up table shows, in words that follow its signs."""
    ref = table_ref(f"follow-up/{case.number}")
    shows = say(da=f"{ref} viser, at", en=f"{ref} shows that")
    told: list[str] = []
    for one in (last_result(table), running_year(table)):
        told += [said] if one is not None and (said := _year_sentence("" if told else shows, one)) else []
    year = running_year(table) or last_result(table)
    of = covered_in(table, edition)
    caution = _caution(case.number, year, edition)
    told.append(caution or surplus(
        year.year if year else None, year.outcome.get(Line.NET) if year else None,
        year.basis if year else Basis.EXPECTED, table.outcome_total.get(Line.NET), done=all_realised(table),
        years=of.period if of.no_years else ""))
    told.append(rest_told(of) if of.years else "")
    blocks = [" ".join(text for text in told if text)]
    blocks += intervals(table)
    if any(effect.investment == case.number for effect in edition.effects) and _recorded_results(table):
        weeks = table_ref(f"effects/{case.number}")
        blocks.append(say(
            da="Hvor der er indberettet et tal, bruger opfølgningen det. Hvad metoderne selv når frem til, står i "
               f"{weeks}.",
            en=f"Where a figure was recorded, the follow-up uses it. What the methods themselves find is in {weeks}."))
    if case.stop is not None:
        blocks.append(stop_text(case.stop, table))
    if case.followed_by is FollowedBy.HEAD_COUNT:
        blocks.append(say(da="Besparelsen er indberettet; den er ikke anslået ud fra overlevelseskurver.",
                          en="The saving is recorded; it is not estimated from survival curves."))
    return [text for text in blocks if text]


def _caution(investment: str, year: FollowUpYear | None, edition: Edition) -> str:
    """Why it is not said whether an investment pays: too few took part, or the method has a known bias."""
    small = [effect for effect in edition.effects
             if effect.investment == investment and effect.headline and too_few(effect, edition)]
    saving = year.outcome.get(Line.SAVING) if year else None
    if small and saving is not None and saving.source == "computed":
        least = edition.minimum_participants
        hidden = any(uncounted(effect.participants, least) for effect in small)
        fewer = say(da=f"et antal deltagere, der kan være under {least}",
                    en=f"a number of participants that may be under {least}") if hidden else say(
                    da=f"færre end {least} deltagere", en=f"fewer than {least} participants")
        return say(
            da=f"Beløbene er beregnet på {fewer}. Der siges derfor ikke, om investeringen giver overskud eller "
               "underskud.",
            en=f"The amounts are computed from {fewer}. It is therefore not said whether the investment gives a "
               "surplus or a deficit.")
    if investment in biased_amounts(edition):
        return say(
            da="Besparelsen er beregnet med en metode, der er skæv på en kendt måde. Der siges derfor ikke, om "
               "investeringen giver overskud eller underskud.",
            en="The saving is computed by a method with a known bias. It is therefore not said whether the investment "
               "gives a surplus or a deficit.")
    return ""


def _recorded_results(table: FollowUp) -> bool:
    savings = [year.outcome[Line.SAVING] for year in table.years if Line.SAVING in year.outcome]
    return any(figure.source == "recorded" and figure.basis is Basis.REALISED for figure in savings)


def _year_sentence(where: str, year: FollowUpYear) -> str:
    actual, budget = year.outcome.get(Line.SAVING), year.budget.get(Line.SAVING)
    if actual is None or budget is None:
        return ""
    return against_budget(where, year.year, year.basis, actual, budget)


def intervals(table: FollowUp) -> list[str]:
    """The uncertainty of each computed year's saving."""
    told = []
    for year in table.years:
        figure = year.outcome.get(Line.SAVING)
        if figure is not None and figure.low is not None and figure.high is not None:
            told.append(saving_interval(year.year, Stated(figure.low, figure.id), Stated(figure.high, figure.id)))
    return [" ".join(told)] if told else []


def stop_text(stop: Stop, table: FollowUp) -> str:
    """When and why an investment stopped, what had been spent, and what went back to the treasury."""
    text = say(da=f"Investeringen blev stoppet den {long_date(stop.date)}. {_ended(stop.text) if stop.text else ''}",
               en=f"The investment was stopped on {long_date(stop.date)}. {_ended(stop.text) if stop.text else ''}")
    parts = [text.strip()]
    spent = {year.year: year for year in table.years}
    for year, gone_back in stop.returned:
        row, returned = spent.get(year), Stated(gone_back, figure_id(table.investment, "returned", year))
        amount = row.outcome.get(Line.INVESTMENT) if row else None
        if amount is not None and row is not None:
            done = row.basis is Basis.REALISED
            parts.append(say(
                da=f"I {year} {'er der brugt' if done else 'forventes der brugt'} {million(amount)} på indsatsen.",
                en=f"In {year}, {million(amount)} {'was' if done else 'is expected to be'} spent on the effort."))
        parts.append(say(da=f"For {year} er {million(returned)} ført tilbage til kommunens kasse.",
                         en=f"For {year}, {million(returned)} has been returned to the treasury."))
    return " ".join(parts)
