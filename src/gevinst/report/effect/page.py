"""An investment's effect for the reader who decides: of one hundred persons, of weeks, of kroner, and how sure it is.

Only a sound main method is told as what the effort did; of one with a known bias only what happened is told, and
that it says nothing of why. Below the minimum number of participants only the interval is printed.
"""

from __future__ import annotations

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import EffectDetail
from gevinst.follow_up.figure_ids import figure_id
from gevinst.language import say
from gevinst.report.amount_tables import computed_source, notes
from gevinst.report.charts import OfHundred, describe_hundred, frequency_chart
from gevinst.report.charts.words import quoted
from gevinst.report.credible import refuted
from gevinst.report.effect.accounts import paid_back_sentence
from gevinst.report.effect.destinations import destination_sentence, of_hundred_table
from gevinst.report.effect.phrases import (
    chances_told,
    evidence_told,
    frequency_sentence,
    frequency_span,
    of_hundred,
    still_sentence,
    support_told,
    weeks_of_few,
    weeks_told,
)
from gevinst.report.effect.told import (
    detail_of,
    failed_placebo,
    is_sound,
    main_point,
    method_name,
    since_start,
    summary_of,
)
from gevinst.report.references import table_ref
from gevinst.report.tree import Block, Bullets, Cell, Column, Figure, Heading, Paragraph, Row, Table, text_cell


def effect_page(investment: str, edition: Edition) -> list[Block]:
    """What came of the effort; nothing where nothing stands behind its effect."""
    detail = detail_of(investment, edition)
    if detail is None:
        return []
    blocks: list[Block] = [Heading(say(da="Hvad kom der ud af indsatsen?", en="What came of the effort?"), 3,
                                   f"effect-{investment}")]
    if not is_sound(detail, edition):
        blocks += _biased(detail, edition)
    elif not detail.claim:
        blocks += _of_few(detail, edition)
    else:
        blocks += _sound(detail, edition)
    destinations = of_hundred_table(detail, edition)
    return [*blocks, destinations] if destinations is not None else blocks


def _sound(detail: EffectDetail, edition: Edition) -> list[Block]:
    point = main_point(detail)
    blocks: list[Block] = []
    if point is not None:
        figure = figure_id(detail.investment, "frequency", point.week)
        blocks += [Paragraph(frequency_sentence(point, figure), "lead"), *_picture(detail, edition)]
    moved = destination_sentence(detail) or say(da="At flytte til en anden ydelse er ikke en besparelse.",
                                                en="A move to another benefit is not a saving.")
    points = (weeks_told(detail), notes(support_told(detail), moved),
              notes(paid_back_sentence(detail), chances_told(detail.chances, investment=detail.investment)),
              notes(_doubt(detail), evidence_told(detail.evidence, investment=detail.investment)))
    return [*blocks, Bullets(tuple(text for text in points if text))]


def _of_few(detail: EffectDetail, edition: Edition) -> list[Block]:
    points = (weeks_of_few(detail, edition.minimum_participants, edition.small_cell_threshold),
              paid_back_sentence(detail), evidence_told(detail.evidence, investment=detail.investment))
    return [Bullets(tuple(text for text in points if text))]


def _biased(detail: EffectDetail, edition: Edition) -> list[Block]:
    """What happened to the participants, and that the method cannot tell why."""
    summary, point = summary_of(detail, edition), main_point(detail)
    named = "" if summary is None else f" {quoted(method_name(summary))}"
    ladder = "" if summary is None else table_ref(f"effects/{detail.investment}")
    why = say(da=f"Hovedmetoden{named} er skæv på en kendt måde.", en=f"The main method{named} has a known bias.")
    if summary is not None and refuted(summary, edition):
        why = say(da=f"Prøver af hovedmetoden{named} fandt en virkning, hvor der ingen kan være.",
                  en=f"Tests of the main method{named} found an effect where there can be none.")
    warning = notes(why, say(
        da="Derfor siges det ikke her, hvad indsatsen har virket, eller om den har tjent sig hjem.",
        en="It is therefore not said here what the effort did, or whether it has paid off."))
    where = say(da=f"Metodernes svar står i {ladder} med deres svagheder.",
                en=f"The methods' answers are in {ladder}, with their weaknesses.") if ladder else ""
    blocks: list[Block] = [Paragraph(notes(warning, where), "warning")]
    unknown = say(da=" Hvor mange det ville have været uden indsatsen, vides ikke.",
                  en=" How many it would have been without the effort is not known.")
    told = [still_sentence(point, figure_id(detail.investment, "frequency", point.week)) + unknown
            ] if point is not None and detail.claim else []
    return [*blocks, Bullets((*told, evidence_told(detail.evidence, investment=detail.investment)))]


def _doubt(detail: EffectDetail) -> str:
    if not failed_placebo(detail):
        return ""
    return say(da="En prøve, hvis svar skal være nul, gav ikke nul. Læs derfor tallene med forbehold.",
               en="A test whose answer must be nought did not give nought. Read the figures with that in mind.")


def _picture(detail: EffectDetail, edition: Edition) -> list[Block]:
    """One hundred participants as a picture, with the two numbers behind it."""
    point = main_point(detail)
    if point is None:
        return []
    hundred, number_of = OfHundred(of_hundred(point.with_effort), of_hundred(point.without)), detail.investment
    when = since_start(point.week)
    caption = say(da=f"Investering {number_of}: 100 deltagere {when}",
                  en=f"Investment {number_of}: 100 participants {when}")
    source = computed_source(edition)
    figure = figure_id(number_of, "frequency", point.week)
    rows = tuple(Row((text_cell(name), Cell(str(count), count, "count", figure=f"{figure}/{of}")))
                 for name, count, of in (
        (say(da="Med indsatsen", en="With the effort"), hundred.with_effort, "with"),
        (say(da="Uden indsatsen", en="Without the effort"), hundred.without, "without")))
    data = Table(f"hundred/{number_of}", caption,
                 (Column("", numeric=False), Column(say(da="Stadig på ydelsen", en="Still on the benefit"))), rows,
                 note=frequency_span(point, figure) or say(da="Afrundet til hele personer.",
                                                           en="Rounded to whole persons."),
                 source=source, unit=say(da="af 100 deltagere", en="of 100 participants"))
    note = notes(say(da="Hvert tegn er én deltager af 100.", en="Each sign is one participant of 100."),
                 frequency_span(point, figure))
    return [Figure(f"hundred/{number_of}", caption, describe_hundred(hundred), frequency_chart(hundred), data,
                   note=note, source=source)]
