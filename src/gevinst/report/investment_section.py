"""One section per investment: what it is, how it went, its curves, its estimators and its follow-up table."""

from __future__ import annotations

from gevinst.curves.curve import Curve
from gevinst.follow_up.edition import CurvePanel, Edition
from gevinst.follow_up.table import FollowUp, FollowUpYear, amount_of
from gevinst.language import NO_BREAK, long_date, number, percent, say
from gevinst.register.business_case import (
    Basis,
    FollowedBy,
    Investment,
    Line,
    ParticipantCount,
    Status,
    Stop,
)
from gevinst.report.amount_tables import computed_source, follow_up_table
from gevinst.report.amounts import few, million, persons
from gevinst.report.charts import at_risk_table, curves_table, describe_curves, survival_chart
from gevinst.report.charts.words import quoted
from gevinst.report.effects_section import effects_blocks
from gevinst.report.head_count import head_count_blocks
from gevinst.report.in_short import all_realised, last_result, running_year
from gevinst.report.overview import decisions, paragraphs
from gevinst.report.published_section import definition_words, shares_at
from gevinst.report.references import figure_ref, table_ref
from gevinst.report.sentences import against_budget, saving_interval, surplus
from gevinst.report.small_numbers import MINIMUM_PARTICIPANTS, too_few
from gevinst.report.tree import Block, Bullets, Figure, Heading, Paragraph

HELP_WEEKS = (26, 13, 52, 8, 4)  # the week the reading help tells of: the first of these that both curves reach


def investment_section(case: Investment, edition: Edition) -> list[Block]:
    """Everything the memo says of one investment."""
    table = edition.follow_up(case.number)
    blocks: list[Block] = [
        Heading(f"{case.number}. {case.title}", 2, f"investment-{case.number}"),
        *paragraphs(case.narrative.description),
        Paragraph(facts(case)),
        *decisions(case.decisions),
        *paragraphs(case.narrative.progress),
    ]
    if case.narrative.evidence:
        evidence = " ".join(case.narrative.evidence.split())
        blocks.append(Paragraph(say(da=f"Videngrundlag: {evidence}", en=f"Evidence: {evidence}"), "small"))
    counts = participants_sentences(case.participant_counts, edition.small_cell_threshold)
    blocks += [Paragraph(text) for text in counts]
    blocks += head_count_blocks(case, edition)
    for at, panel in enumerate(panel for panel in edition.panels if panel.investment == case.number):
        blocks += panel_blocks(panel, edition, at)
    blocks += effects_blocks(case.number, edition)
    blocks.append(follow_up_table(table, edition) if table.figures() else Paragraph(say(
        da="Der er ikke vedtaget et budget og ikke opgjort beløb for investeringen.",
        en="No budget has been adopted and no amounts have been stated for the investment.")))
    blocks += [Paragraph(text) for text in outcome_sentences(case, table, edition)]
    return blocks


def facts(case: Investment) -> str:
    """Status, groups, supplier and financing in whole sentences."""
    group, full_time = case.target_group.full_time_persons, case.full_time_participants
    parts = [_status(case)]
    if full_time is not None and group is not None:
        parts.append(say(
            da=f"Indsatsgruppen er på {persons(full_time)} fuldtidspersoner ud af en samlet målgruppe på "
               f"{persons(group)} fuldtidspersoner.",
            en=f"The intervention group is {persons(full_time)} full-time persons out of a target group of "
               f"{persons(group)} full-time persons."))
    elif full_time is not None:
        parts.append(say(da=f"Indsatsgruppen er på {persons(full_time)} fuldtidspersoner.",
                         en=f"The intervention group is {persons(full_time)} full-time persons."))
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


def participants_sentences(counts: tuple[ParticipantCount, ...], threshold: int) -> list[str]:
    """Planned, actual and expected full-time participants, a sentence per year; few who took part are withheld."""
    told = []
    for count in sorted(counts, key=lambda count: count.year):
        unit = say(da="fuldtidspersoner", en="full-time persons")
        parts = []
        if count.actual is not None:
            took_part = f"under {threshold}" if 0 < count.actual < threshold else persons(count.actual)
            parts.append(say(da=f"har {took_part} {unit} deltaget", en=f"{took_part} {unit} have taken part"))
        if count.expected is not None:
            parts.append(say(da=f"forventes {persons(count.expected)} {unit} at deltage",
                             en=f"{persons(count.expected)} {unit} are expected to take part"))
        planned = "" if count.planned is None else say(da=f"planen er {persons(count.planned)}",
                                                       en=f"the plan is {persons(count.planned)}")
        if parts:
            said = say(da=" og ", en=" and ").join(parts)
            told.append(say(da=f"I {count.year} {said}{'; ' + planned if planned else ''}.",
                            en=f"In {count.year}, {said}{'; ' + planned if planned else ''}."))
        elif planned:
            told.append(say(da=f"For {count.year} er planen {persons(count.planned or 0)} {unit}.",
                            en=f"For {count.year}, the plan is {persons(count.planned or 0)} {unit}."))
    return [" ".join(told)] if told else []


def panel_blocks(panel: CurvePanel, edition: Edition, at: int) -> list[Block]:
    """The curves with their bands, how many they rest on, and help to read them."""
    key = f"curves/{panel.investment}/{at}" if at else f"curves/{panel.investment}"
    risk = at_risk_table(
        panel.curves, key=f"{key}/at-risk", smallest=edition.small_cell_threshold,
        caption=say(da=f"Investering {panel.investment}: antal forløb under risiko",
                    en=f"Investment {panel.investment}: number at risk"),
        note=say(da="Tallet er antallet af forløb, som ugens andel hviler på. En streg: ugen er endnu ikke fulgt.",
                 en="The number is the spells that the week's share rests on. A dash: the week is not yet followed."),
        source=_curve_source(panel.curves, edition))
    figure = Figure(
        key,
        say(da=f"Investering {panel.investment}: {_shares_of(panel)} uge for uge efter start",
            en=f"Investment {panel.investment}: {_shares_of(panel)} week by week after the start"),
        describe_curves(panel.curves), survival_chart(panel.curves),
        curves_table(panel.curves, caption=say(da=f"Investering {panel.investment}: kurverne",
                                               en=f"Investment {panel.investment}: the curves"),
                     note=say(da="Fra og til er et 95 %-interval.", en="From and to are a 95% interval."),
                     source=_curve_source(panel.curves, edition)),
        note=say(da="Det lyse bånd er et 95 %-interval.", en="The pale band is a 95% interval."),
        source=_curve_source(panel.curves, edition))
    if not panel.curves:
        return [] if at else registration(panel, edition.small_cell_threshold)
    help_text = reading_help(panel, figure_ref(key))
    blocks: list[Block] = [figure, *([Paragraph(help_text)] if help_text else [])]
    if at:  # a second panel shows another outcome of the same persons
        return blocks
    return [*registration(panel, edition.small_cell_threshold), *blocks, *([risk] if risk.rows else [])]


def _shares_of(panel: CurvePanel) -> str:
    """What the panel's curves are shares of, as the middle of a caption."""
    if not panel.curves:
        return panel.benefit_name
    first = panel.curves[0]
    kind = definition_words(first.definition)
    if first.outcome == "any":
        return say(da=f"andel på offentlig forsørgelse i alt ({kind})", en=f"share on any public support ({kind})")
    return say(da=f"andel, der modtager {panel.benefit_name} ({kind}),",
               en=f"share receiving {panel.benefit_name} ({kind})")


def registration(panel: CurvePanel, threshold: int) -> list[Block]:
    """How many are in the target group and took part, in persons, and who is left out; small counts are withheld."""
    group, took_part = few(panel.in_target_group, threshold), few(panel.participants, threshold)
    text = say(da=f"I registret er {group} personer i målgruppen, og {took_part} personer har deltaget.",
               en=f"The register holds {group} persons in the target group, and {took_part} persons have taken part.")
    if not panel.left_out:
        return [Paragraph(text)]
    text += say(da=" Ikke med i kurverne, med antal:", en=" Left out of the curves, with counts:")
    return [Paragraph(text), Bullets(tuple(f"{why}: {few(count, threshold)}" for why, count in panel.left_out))]


def reading_help(panel: CurvePanel, ref: str) -> str:
    """The first two curves in one week, said in plain words; empty where there is no week to tell of."""
    if not panel.curves:
        return ""
    first, *others = panel.curves
    other = others[0] if others else None
    shared = set(shares_at(first)) & (set(shares_at(other)) if other is not None else set(shares_at(first)))
    week = next((week for week in HELP_WEEKS if week in shared), None)
    if week is None:
        return ""
    here = percent(shares_at(first)[week]) + say(da=f" af gruppen {quoted(first.label)}",
                                                 en=f" of the group {quoted(first.label)}") + _band(first, week)
    against = "" if other is None else say(
        da=f" mod {percent(shares_at(other)[week])} i {quoted(other.label)}{_band(other, week)}",
        en=f", against {percent(shares_at(other)[week])} in {quoted(other.label)}{_band(other, week)}")
    on_da = {"same": panel.benefit_name, "any": "offentlig forsørgelse"}[first.outcome]
    on_en = {"same": panel.benefit_name, "any": "public support"}[first.outcome]
    if first.definition == "with_relapse":
        return say(da=f"Læsehjælp til {ref}: {week} uger efter start er {here} på {on_da}{against}.",
                   en=f"How to read {ref}: {week} weeks after the start, {here} receive {on_en}{against}.")
    return say(da=f"Læsehjælp til {ref}: {week} uger efter start har {here} endnu ikke forladt {on_da}{against}.",
               en=f"How to read {ref}: {week} weeks after the start, {here} have not yet left {on_en}{against}.")


def _band(curve: Curve, week: int) -> str:
    point = next(point for point in curve.points if point.week == week)
    if point.low is None or point.high is None:
        return ""
    low, high = number(point.low * 100, 1), number(point.high * 100, 1)
    return say(da=f" (95 %-interval {low}-{high}{NO_BREAK}%)", en=f" (95% interval {low}-{high}%)")


def _curve_source(curves: tuple[Curve, ...], edition: Edition) -> str:
    named = "; ".join(dict.fromkeys(curve.source for curve in curves if curve.source))
    return named or computed_source(edition)


def outcome_sentences(case: Investment, table: FollowUp, edition: Edition) -> list[str]:
    """What the follow-up table shows, in words that follow its signs."""
    ref = table_ref(f"follow-up/{case.number}")
    shows = say(da=f"{ref} viser, at", en=f"{ref} shows that")
    told: list[str] = []
    for one in (last_result(table), running_year(table)):
        told += [said] if one is not None and (said := _year_sentence("" if told else shows, one)) else []
    blocks = [" ".join(told)] if told else []
    small = [effect for effect in edition.effects
             if effect.investment == case.number and effect.headline and too_few(effect)]
    year = running_year(table) or last_result(table)
    saving = year.outcome.get(Line.SAVING) if year else None
    if small and saving is not None and saving.source == "computed":
        blocks.append(say(
            da=f"Beløbene er beregnet på færre end {MINIMUM_PARTICIPANTS} deltagere. Der siges derfor ikke, om "
               "investeringen giver overskud eller underskud.",
            en=f"The amounts are computed from fewer than {MINIMUM_PARTICIPANTS} participants. It is therefore not "
               "said whether the investment gives a surplus or a deficit."))
    else:
        blocks.append(surplus(
            year.year if year else None, amount_of(year.outcome, Line.NET) if year else None,
            year.basis if year else Basis.EXPECTED, amount_of(table.outcome_total, Line.NET), done=all_realised(table)))
    blocks += intervals(table)
    if any(effect.investment == case.number for effect in edition.effects) and _recorded_results(table):
        weeks = table_ref(f"effects/{case.number}")
        blocks.append(say(
            da=f"Opfølgningen bruger de indberettede tal. Metodernes egne skøn står i {weeks}.",
            en=f"The follow-up uses the recorded figures. The methods' own estimates are in {weeks}."))
    if case.stop is not None:
        blocks.append(stop_text(case.stop, table))
    if case.followed_by is FollowedBy.HEAD_COUNT:
        blocks.append(say(da="Besparelsen er indberettet; den er ikke anslået ud fra overlevelseskurver.",
                          en="The saving is recorded; it is not estimated from survival curves."))
    return [text for text in blocks if text]


def _recorded_results(table: FollowUp) -> bool:
    savings = [year.outcome[Line.SAVING] for year in table.years if Line.SAVING in year.outcome]
    return any(figure.source == "recorded" and figure.basis is Basis.REALISED for figure in savings)


def _year_sentence(where: str, year: FollowUpYear) -> str:
    actual, budget = amount_of(year.outcome, Line.SAVING), amount_of(year.budget, Line.SAVING)
    if actual is None or budget is None:
        return ""
    return against_budget(where, year.year, year.basis, actual, budget)


def intervals(table: FollowUp) -> list[str]:
    """The uncertainty of each computed year's saving."""
    told = []
    for year in table.years:
        figure = year.outcome.get(Line.SAVING)
        if figure is not None and figure.low is not None and figure.high is not None:
            told.append(saving_interval(year.year, figure.low, figure.high))
    return [" ".join(told)] if told else []


def stop_text(stop: Stop, table: FollowUp) -> str:
    """When and why an investment stopped, what had been spent, and what went back to the treasury."""
    text = say(da=f"Investeringen blev stoppet den {long_date(stop.date)}. {_ended(stop.text) if stop.text else ''}",
               en=f"The investment was stopped on {long_date(stop.date)}. {_ended(stop.text) if stop.text else ''}")
    parts = [text.strip()]
    spent = {year.year: year for year in table.years}
    for year, returned in stop.returned:
        row = spent.get(year)
        amount = amount_of(row.outcome, Line.INVESTMENT) if row else None
        if amount is not None and row is not None:
            done = row.basis is Basis.REALISED
            parts.append(say(
                da=f"I {year} {'er der brugt' if done else 'forventes der brugt'} {million(amount)} på indsatsen.",
                en=f"In {year}, {million(amount)} {'was' if done else 'is expected to be'} spent on the effort."))
        parts.append(say(da=f"For {year} er {million(returned)} ført tilbage til kommunens kasse.",
                         en=f"For {year}, {million(returned)} has been returned to the treasury."))
    return " ".join(parts)
