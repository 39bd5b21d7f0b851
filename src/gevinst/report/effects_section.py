"""What the effort did to weeks and kroner: the estimators side by side, each with its known weakness."""

from __future__ import annotations

from gevinst.follow_up.disclosure.counts import Hidden, Shown
from gevinst.follow_up.edition import Edition, EffectSummary, Interval
from gevinst.follow_up.figure_ids import figure_id
from gevinst.language import NO_BREAK, number, say
from gevinst.money import CURRENT
from gevinst.register.business_case import ESTIMATORS
from gevinst.report.amount_tables import computed_source, notes, sign_note
from gevinst.report.amounts import DECIMALS, EN_DASH, count_cell, few, stretches, unit
from gevinst.report.break_notes import crossed
from gevinst.report.charts import EstimatorRow, describe_estimators, estimator_chart
from gevinst.report.charts.charts import told_rows
from gevinst.report.charts.words import listed, quoted
from gevinst.report.credible import credible, headlines, refuted, too_few
from gevinst.report.effect.told import comparison_cell, detail_of, effect_id, grade_words, method_name
from gevinst.report.marks import marked, marked_numbers
from gevinst.report.of_few import interval_alone, no_single_figure
from gevinst.report.references import table_ref
from gevinst.report.rounding import rounding_note
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
    number_cell,
    text_cell,
)

WEEK_DECIMALS = 1


def effects_blocks(investment: str, edition: Edition) -> list[Block]:
    """The estimators of one investment: sentences, weeks, chart and kroner; nothing where none was computed."""
    effects = _ordered([effect for effect in edition.effects if effect.investment == investment])
    if not effects:
        return []
    blocks: list[Block] = [Paragraph(_headline(investment, effects, edition))]
    unsure = two_uncertainties(effects, edition)
    blocks += [Paragraph(unsure)] if unsure else []
    blocks.append(_weeks_table(investment, effects, edition))
    blocks += _chart(investment, effects, edition)
    if any(effect.by_year for effect in effects):
        blocks.append(_kroner_table(investment, effects, edition))
    told = remarks(effects)
    return [*blocks, Bullets(told)] if told else blocks


def weeks_overview(edition: Edition) -> list[Block]:
    """The main methods' weeks, an investment a row, where they are sound: page one of a memo without amounts."""
    sound = [effect for effect in headlines(edition) if credible(effect, edition)]
    if not sound:
        return []
    threshold, graded = edition.small_cell_threshold, any(effect.evidence is not None for effect in sound)
    rows = [Row((text_cell(f"{effect.investment}. {edition.portfolio.investment(effect.investment).title}"),
                 number_cell(None if too_few(effect, edition) else effect.weeks_saved.estimate, WEEK_DECIMALS,
                             figure=effect_id(effect, "weeks_saved")),
                 text_cell(_bracket(effect.weeks_saved, WEEK_DECIMALS, 1), figure=effect_id(effect, "weeks_saved")),
                 count_cell(effect.participants, threshold, figure=effect_id(effect, "participants")),
                 comparison_cell(effect, threshold),
                 *([text_cell("" if effect.evidence is None else effect.evidence.grade)] if graded else [])))
            for effect in sound]
    horizons = _horizons(sound)
    table = Table(
        "weeks-overview", say(da="Sparede uger på ydelse pr. deltager efter hovedmetoden",
                              en="Weeks on benefit saved per participant by the main method"),
        (Column(say(da="Investering", en="Investment"), numeric=False),
         Column(say(da="Sparede uger", en="Weeks saved")), Column(say(da="95 %-interval", en="95% interval")),
         Column(say(da="Deltagere", en="Participants")), Column(say(da="Sammenlignet med", en="Compared with")),
         *([Column(say(da="Grundlag", en="Evidence"), numeric=False)] if graded else [])),
        tuple(rows),
        note=notes(say(da=f"Over {horizons} uger efter start. Et positivt tal er færre uger på ydelse.",
                       en=f"Over {horizons} weeks after the start. A positive number is fewer weeks on benefit."),
                   *_grades(sound)),
        source=computed_source(edition), unit=say(da="uger pr. deltager; antal forløb",
                                                  en="weeks per participant; number of spells"))
    return [Heading(say(da="Samlet oversigt", en="Overview"), 2, "overview"), table]


def remarks(effects: list[EffectSummary]) -> tuple[str, ...]:
    """What the reader must know of the answers, each said once; with the methods' names where it is not of all."""
    named: dict[str, list[str]] = {}
    for effect in effects:
        for note in effect.notes:
            named.setdefault(note, []).append(method_name(effect))
    about = {note: effect_id(effect, "remarks") for effect in effects for note in effect.notes}
    told = {note: marked_numbers(about[note], note) for note in named}
    whose = {note: "" if len(names) == len(effects) else f"{listed([quoted(name) for name in names])}: "
             for note, names in named.items()}
    return tuple(whose[note] + told[note] for note in named)


def _ordered(effects: list[EffectSummary]) -> list[EffectSummary]:
    ladder = {key: rank for rank, key in enumerate(ESTIMATORS)}
    return sorted(effects, key=lambda effect: (ladder.get(effect.estimator, len(ladder)), effect.estimator))


def _headline(investment: str, effects: list[EffectSummary], edition: Edition) -> str:
    ref = table_ref(f"effects/{investment}")
    intro = say(da=f"{ref} viser, hvad hver metode når frem til, og dens kendte svaghed; svaghederne står helt ud i "
                   "afsnittet Metode.",
                en=f"{ref} shows what each method finds, and its known weakness; the section Method tells them "
                   "in full.")
    headline = next((effect for effect in effects if effect.headline), None)
    if headline is None:
        return intro
    name = quoted(method_name(headline))
    main = say(da=f"Hovedmetoden er {name}.", en=f"The main method is {name}.")
    told = "" if detail_of(investment, edition) is not None else weeks_sentence(headline, edition)
    return notes(intro, main, told, _caution(headline, edition))


def _caution(headline: EffectSummary, edition: Edition) -> str:
    """Why the main method's figure is not what the effort did; empty where it may be."""
    if credible(headline, edition):
        return ""
    if refuted(headline, edition):
        return say(da="Prøver af metoden fandt en virkning, hvor der ingen kan være, så tallet kan ikke læses som "
                      "virkningen af indsatsen.",
                   en="Tests of the method found an effect where there can be none, so the figure must not be read as "
                      "the effect of the effort.")
    return say(da="Metoden er skæv på en kendt måde, så tallet kan ikke læses som virkningen af indsatsen.",
               en="The method has a known bias, so the figure must not be read as the effect of the effort.")


def two_uncertainties(effects: list[EffectSummary], edition: Edition) -> str:
    """How much chance may move the main method's answer, beside how far the methods are from each other."""
    told = [effect for effect in effects if not too_few(effect, edition)]
    if len(told) < 2:
        return ""
    detail = detail_of(told[0].investment, edition)
    saved = [effect.weeks_saved.estimate for effect in told]
    spread = detail.spread if detail is not None and detail.spread is not None else (min(saved), max(saved))
    figure = figure_id(told[0].investment, "detail", "spread") if detail is not None and detail.spread else effect_id(
        told[0], "weeks_saved")
    low, high = (marked(figure, number(edge, WEEK_DECIMALS)) for edge in spread)
    method = say(da=f"Valget af metode: Metodernes svar ligger mellem {low} og {high} sparede uger pr. deltager.",
                 en=f"The choice of method: the methods' answers lie between {low} and {high} weeks saved per "
                    "participant.")
    span = next((_span(effect) for effect in told if effect.headline), "")
    if not span:
        return method
    return notes(
        say(da="Usikkerheden er af to slags.", en="The uncertainty is of two kinds."),
        say(da=f"Tilfældige udsving: Hovedmetodens svar kan være fra {span} (95 %-interval).",
            en=f"Chance: the main method's answer may be from {span} (95% interval)."), method,
        say(da="Den anden er ikke regnet med i den første.", en="The second is not counted in the first."))


def weeks_sentence(effect: EffectSummary, edition: Edition) -> str:
    """What one estimator says of the weeks; only the interval where there are too few participants."""
    weeks, horizon, minimum = effect.weeks_saved, effect.horizon_weeks, edition.minimum_participants
    if too_few(effect, edition):
        span = _span(effect)
        text = no_single_figure(effect.participants, minimum, edition.small_cell_threshold,
                                effect_id(effect, "participants"))
        return text + (say(da=f" Intervallet går fra {span}.", en=f" The interval runs from {span}.") if span else "")
    text = _weeks_in_words(effect, horizon) + _around(effect) + "."
    if weeks.low is not None and weeks.high is not None and weeks.low <= 0 <= weeks.high:
        text += say(da=" Intervallet omfatter nul: Det kan ikke afgøres, om indsatsen har forkortet tiden på ydelse.",
                    en=" The interval includes zero: it cannot be told whether the effort has shortened the time on "
                       "benefit.")
    return text


def _weeks_in_words(effect: EffectSummary, horizon: int) -> str:
    """The estimate as a clause; what is printed as 0,0 is neither fewer nor more."""
    saved = effect.weeks_saved.estimate
    size = marked(effect_id(effect, "weeks_saved"), number(abs(saved), WEEK_DECIMALS))
    weeks = marked(effect_id(effect, "horizon_weeks"), str(horizon))
    within = say(da=f"i de første {weeks} uger", en=f"in the first {weeks} weeks")
    if number(abs(saved), WEEK_DECIMALS) == number(0, WEEK_DECIMALS):
        return say(da=f"Ifølge den havde deltagerne {within} lige så mange uger på ydelse som uden indsatsen",
                   en=f"By it, participants had as many weeks on benefit {within} as without the effort")
    return say(
        da=f"Ifølge den havde deltagerne {within} {size} {'færre' if saved > 0 else 'flere'} uger på ydelse pr. person "
           "end uden indsatsen",
        en=f"By it, participants had {size} {'fewer' if saved > 0 else 'more'} weeks on benefit per person {within} "
           "than without the effort")


def _around(effect: EffectSummary) -> str:
    """The interval after the estimate, in the estimate's direction; with both words where it holds both."""
    weeks = effect.weeks_saved
    if weeks.low is None or weeks.high is None:
        return ""
    low, high = (marked(effect_id(effect, "weeks_saved"), number(abs(edge), WEEK_DECIMALS))
                 for edge in (weeks.low, weeks.high))
    if weeks.low < 0 < weeks.high:
        return say(da=f" (95 %-interval: fra {low} flere til {high} færre)",
                   en=f" (95% interval: from {low} more to {high} fewer)")
    first, last = (low, high) if weeks.low >= 0 else (high, low)
    return say(da=f" (95 %-interval: {first}{EN_DASH}{last} uger)", en=f" (95% interval: {first}{EN_DASH}{last} weeks)")


def _span(effect: EffectSummary) -> str:
    """`0,4 til 3,1 sparede uger`; empty where there is no interval."""
    if effect.weeks_saved.low is None or effect.weeks_saved.high is None:
        return ""
    low, high = (marked(effect_id(effect, "weeks_saved"), number(edge, WEEK_DECIMALS))
                 for edge in (effect.weeks_saved.low, effect.weeks_saved.high))
    return say(da=f"{low} til {high} sparede uger", en=f"{low} to {high} weeks saved")


def _label(effect: EffectSummary) -> str:
    """The method's name, with the years or the table it compares with, and whether it is the main one."""
    told = [_years(effect.comparison_label)] if effect.comparison_label else []
    told += [say(da="hovedmetode", en="main method")] if effect.headline else []
    name = method_name(effect)
    return f"{name} ({'; '.join(told)})" if told else name


def _years(label: str) -> str:
    """A list of years as spans; any other label as it is."""
    years = label.split(", ")
    return stretches([int(year) for year in years]) if all(year.isdigit() for year in years) else label


def _weeks_table(investment: str, effects: list[EffectSummary], edition: Edition) -> Table:
    """The ladder: weeks with interval, net kroner and evidence where they are known, and the known weakness."""
    kroner = any(effect.net_total is not None for effect in effects)
    graded = any(effect.evidence is not None for effect in effects)
    columns = [Column(say(da="Sammenlignet med", en="Compared with"), numeric=False),
               Column(say(da="Sparede uger", en="Weeks saved")), Column(say(da="95 %-interval", en="95% interval"))]
    columns.append(Column(say(da="Mio. kr.", en="DKK million")) if kroner else Column(say(da="Antal", en="Number")))
    columns += [Column(say(da="Grundlag", en="Evidence"), numeric=False)] if graded else []
    columns.append(Column(say(da="Kendt svaghed", en="Known weakness"), numeric=False))
    rows = tuple(_rung(effect, edition, kroner=kroner, graded=graded) for effect in effects)
    unit_words = say(da="uger pr. deltager", en="weeks per participant")
    if kroner:
        unit_words = say(da=f"{unit_words}; ændring i kommunens nettoudgift i alt, {unit(CURRENT)}",
                         en=f"{unit_words}; change in the municipality's net expenditure in all, {unit(CURRENT)}")
    return Table(
        f"effects/{investment}",
        say(da=f"Investering {investment}: sparede uger på ydelse pr. deltager",
            en=f"Investment {investment}: weeks on benefit saved per participant"),
        tuple(columns), rows, note=_weeks_note(effects, edition, kroner=kroner), source=computed_source(edition),
        unit=unit_words)


def _rung(effect: EffectSummary, edition: Edition, *, kroner: bool, graded: bool) -> Row:
    weeks, blank = effect.weeks_saved, too_few(effect, edition)
    saved = effect_id(effect, "weeks_saved")
    cells = [text_cell(_label(effect)), number_cell(None if blank else weeks.estimate, WEEK_DECIMALS, figure=saved),
             text_cell(_bracket(weeks, WEEK_DECIMALS, 1), figure=saved)]
    cells.append(_kroner_cells(effect, None, effect.net_total, blank=blank)[0] if kroner else
                 comparison_cell(effect, edition.small_cell_threshold))
    cells += [text_cell("" if effect.evidence is None else effect.evidence.grade)] if graded else []
    return Row((*cells, text_cell(effect.brief or effect.weakness)))


def _weeks_note(effects: list[EffectSummary], edition: Edition, *, kroner: bool) -> str:
    horizons = _horizons(effects)
    participants = {effect.participants: effect for effect in reversed(effects)}
    order: list[Shown] = [*sorted(count for count in participants if isinstance(count, int))]
    order += [sign for sign in Hidden if sign in participants]
    each = [marked(effect_id(participants[count], "participants"), few(count, edition.small_cell_threshold))
            for count in order]
    counted = say(da=" eller ", en=" or ").join(each)  # by method: they are not to be added up
    over = say(da=f"Over {horizons} uger efter start; {counted} deltagere. Et positivt tal er færre uger på ydelse.",
               en=f"Over {horizons} weeks after the start; {counted} participants. A positive number is fewer weeks on "
                  "benefit.")
    counts = "" if kroner else say(da="Antal er forløb, der sammenlignes med.",
                                   en="Number is the spells compared with.")
    small = [effect.participants for effect in effects if too_few(effect, edition)]
    few_took_part = interval_alone(small, edition.minimum_participants) if small else ""
    return notes(over, counts, sign_note() if kroner else "", *_grades(effects), few_took_part)


def _horizons(effects: list[EffectSummary]) -> str:
    """The weeks after the start that are counted, each number once."""
    of_weeks = {effect.horizon_weeks: effect_id(effect, "horizon_weeks") for effect in reversed(effects)}
    return listed([marked(of_weeks[weeks], str(weeks)) for weeks in sorted(of_weeks)])


def _grades(effects: list[EffectSummary]) -> list[str]:
    """What the grades given mean, from the strongest."""
    grades = {effect.evidence.grade: grade_words(effect.evidence) for effect in effects if effect.evidence is not None}
    return [grades[grade] for grade in sorted(grades)]


def _bracket(interval: Interval, decimals: int, scale: float) -> str:
    if interval.low is None or interval.high is None:
        return ""
    low, high = number(interval.low * scale, decimals), number(interval.high * scale, decimals)
    return say(da=f"{low} til{NO_BREAK}{high}", en=f"{low} to{NO_BREAK}{high}")


def _kroner_table(investment: str, effects: list[EffectSummary], edition: Edition) -> Table:
    years = sorted({year.year for effect in effects for year in effect.by_year})
    columns = [Column(say(da="Sammenlignet med", en="Compared with"), numeric=False)]
    totals = len(years) > 1 and any(effect.net_total is not None for effect in effects)
    for over in [*(str(year) for year in years), *([say(da="I alt", en="Total")] if totals else [])]:
        columns += [Column(say(da="Ændring", en="Change"), over),
                    Column(say(da="95 %-interval", en="95% interval"), over)]
    rows = []
    for effect in effects:
        by_year = {year.year: year.net for year in effect.by_year}
        cells: list[Cell] = [text_cell(_label(effect))]
        for year in years:
            cells += _kroner_cells(effect, year, by_year.get(year), blank=too_few(effect, edition))
        cells += _kroner_cells(effect, None, effect.net_total, blank=too_few(effect, edition)) if totals else []
        rows.append(Row(tuple(cells)))
    return Table(
        f"effect-kroner/{investment}",
        say(da=f"Investering {investment}: ændring i kommunens nettoudgift til forsørgelse",
            en=f"Investment {investment}: change in the municipality's net expenditure on benefits"),
        tuple(columns), tuple(rows),
        note=notes(sign_note(), say(da="Netto er efter statens refusion. Investeringen er ikke regnet med.",
                                    en="Net is after the state's refund. The investment is not included."),
                   rounding_note(([year.net.estimate for year in one.by_year], one.net_total.estimate)
                                 for one in effects if one.net_total is not None and not too_few(one, edition))),
        source=computed_source(edition), unit=unit(CURRENT))


def _kroner_cells(effect: EffectSummary, year: int | None, net: Interval | None, *, blank: bool) -> list[Cell]:
    if net is None:
        return [number_cell(None, DECIMALS), Cell("")]
    million, figure = net.estimate / 1e6, effect_id(effect, year, "net")
    point = number_cell(None if blank else million, DECIMALS, figure=figure)
    return [point, text_cell(_bracket(net, DECIMALS, 1e-6), figure=figure)]


def _chart(investment: str, effects: list[EffectSummary], edition: Edition) -> list[Block]:
    """All answers in one figure; intervals alone where too few took part."""
    rows = [EstimatorRow(method_name(effect), None if too_few(effect, edition) else effect.weeks_saved.estimate,
                         effect.weeks_saved.low, effect.weeks_saved.high, effect.headline, rank)
            for rank, effect in enumerate(effects, 1)]
    if not told_rows(rows):
        return []
    per = say(da="sparede uger pr. deltager", en="weeks saved per participant")
    main = say(da="Hovedmetoden er fremhævet.", en="The main method stands out."
               ) if len(rows) > 1 and any(row.headline for row in rows) else ""
    dots = any(row.value is not None for row in rows)
    drawn = say(da="Punktet er skønnet, linjen er 95 %-intervallet." if dots else "Linjen er 95 %-intervallet.",
                en="The dot is the estimate, the line the 95% interval." if dots else "The line is the 95% interval.")
    figures = say(da=f"Tallene står i {table_ref(f'effects/{investment}')}.",
                  en=f"The figures are in {table_ref(f'effects/{investment}')}.")
    return [Figure(
        f"effects/{investment}",
        say(da=f"Investering {investment}: metodernes svar", en=f"Investment {investment}: the methods' answers"),
        describe_estimators(rows, unit=per), estimator_chart(rows, unit=per), None,
        note=notes(figures, drawn, main, crossed(edition, f"effects/{investment}")), source=computed_source(edition))]
