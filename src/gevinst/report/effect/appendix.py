"""The appendix that lets a statistician judge an effect: an investment at a time."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import EffectDetail, FrequencyPoint
from gevinst.follow_up.figure_ids import figure_id
from gevinst.language import number, say
from gevinst.report.amount_tables import computed_source, notes
from gevinst.report.amounts import count_cell
from gevinst.report.charts.words import quoted
from gevinst.report.effect.balance import balance_blocks
from gevinst.report.effect.cohort import cohort_blocks, matching_blocks
from gevinst.report.effect.destinations import outcome_columns, points_cell, share_cell, shares_table, span_cell
from gevinst.report.effect.phrases import evidence_told
from gevinst.report.effect.placebo import hidden_blocks, placebo_blocks
from gevinst.report.effect.protocol import protocol_blocks
from gevinst.report.effect.told import comparison_cell, effect_id, method_name, summary_of
from gevinst.report.references import table_ref
from gevinst.report.rounding import shares_note
from gevinst.report.tree import Block, Cell, Column, Heading, Paragraph, Row, Table, text_cell


def effect_appendices(edition: Edition) -> list[Block]:
    """An appendix for each investment that something stands behind, in the portfolio's order."""
    order = [part.investment for part in edition.follow_ups]
    details = sorted(edition.details, key=lambda detail: order.index(detail.investment))
    return [block for detail in details for block in _appendix(detail, edition)]


def _appendix(detail: EffectDetail, edition: Edition) -> list[Block]:
    number_of, summary = detail.investment, summary_of(detail, edition)
    title = say(da=f"Bilag: Effekten af investering {number_of}", en=f"Appendix: The effect of investment {number_of}")
    named = "" if summary is None else say(da=f"Hovedmetoden er {quoted(method_name(summary))}.",
                                           en=f"The main method is {quoted(method_name(summary))}.")
    return [
        Heading(title, 2, f"effect-appendix-{number_of}"),
        Paragraph(notes(named, evidence_told(detail.evidence, investment=number_of))),
        *protocol_blocks(detail, edition),
        *cohort_blocks(detail, edition),
        *matching_blocks(detail, edition),
        *balance_blocks(detail, edition),
        *placebo_blocks(detail, edition),
        *hidden_blocks(detail),
        *_outcomes(detail, edition),
        *_ground(detail, edition),
    ]


def _outcomes(detail: EffectDetail, edition: Edition) -> list[Block]:
    """The share on the benefit and the destinations, in per cent with intervals; nothing where too few took part."""
    if not detail.claim:
        return []
    blocks: list[Block] = []
    if detail.frequencies:
        blocks.append(_frequencies_table(detail, edition))
    destinations = shares_table(detail, edition)
    blocks += [destinations] if destinations is not None else []
    if not blocks:
        return []
    refs = say(da=" og ", en=" and ").join(table_ref(block.key) for block in blocks if isinstance(block, Table))
    show_en = "show" if len(blocks) > 1 else "shows"
    return [Heading(say(da="Udfald", en="Outcomes"), 3, f"outcomes-{detail.investment}"),
            Paragraph(say(da=f"{refs} viser, hvor deltagerne er med indsatsen, og hvor de efter hovedmetoden ville "
                             "have været uden.",
                          en=f"{refs} {show_en} where participants are with the effort, and where by the main method "
                             "they would have been without.")), *blocks]


def _frequencies_table(detail: EffectDetail, edition: Edition) -> Table:
    number_of = detail.investment
    rows = tuple(_frequency_row(point, figure_id(number_of, "frequency", point.week))
                 for point in sorted(detail.frequencies, key=_week))
    return Table(
        f"frequencies/{number_of}",
        say(da=f"Investering {number_of}: andel på samme ydelse",
            en=f"Investment {number_of}: share on the same benefit"),
        outcome_columns(say(da="Uge", en="Week")),
        rows,
        note=notes(say(da="Uger efter start. Forskellen er uden indsatsen minus med, i procentpoint; positivt er godt.",
                       en="Weeks after the start. The difference is without the effort less with it, in percentage "
                          "points; positive is good."), shares_note(rows)),
        source=computed_source(edition), unit=say(da="pct.", en="per cent"))


def _week(point: FrequencyPoint) -> int:
    return point.week


def _frequency_row(point: FrequencyPoint, figure: str) -> Row:
    return Row((Cell(str(point.week), point.week, "count"), share_cell(point.with_effort, f"{figure}/with"),
                share_cell(point.without, f"{figure}/without"),
                points_cell(point.difference.estimate, f"{figure}/difference"),
                span_cell(point.difference, 1, f"{figure}/difference")))


def _ground(detail: EffectDetail, edition: Edition) -> list[Block]:
    """What each method rests on, and the replicates behind the intervals."""
    effects = [effect for effect in edition.effects if effect.investment == detail.investment]
    if not effects:
        return []
    threshold, number_of = edition.small_cell_threshold, detail.investment
    rows = tuple(Row((
        text_cell(method_name(effect)),
        count_cell(effect.participants, threshold, figure=effect_id(effect, "participants")),
        comparison_cell(effect, threshold),
        Cell(number(effect.horizon_weeks), effect.horizon_weeks, "count", figure=effect_id(effect, "horizon_weeks"))))
        for effect in effects)
    table = Table(
        f"ground/{number_of}",
        say(da=f"Investering {number_of}: hvad metodernes svar hviler på",
            en=f"Investment {number_of}: what the methods' answers rest on"),
        (Column(say(da="Metode", en="Method"), numeric=False), Column(say(da="Deltagere", en="Participants")),
         Column(say(da="Forløb, der sammenlignes med", en="Spells compared with")),
         Column(say(da="Uger efter start", en="Weeks after the start"))), rows,
        note=say(da="En person kan have flere forløb i sammenligningen.",
                 en="A person may have several spells in the comparison."),
        source=computed_source(edition), unit=say(da="antal", en="number"))
    draws = say(
        da=f"Intervallerne kommer af {number(edition.replicates)} gentagne stikprøver af personerne, dannet med "
           f"startværdien {edition.seed}, hele vejen til kroner. For den parrede sammenligning er stikprøven regnet i "
           "første orden: hver gruppes betydning for tallet gennem deltagere, celler og sammenligning. Sandsynligheden "
           "for at blive visiteret er taget, som den er.",
        en=f"The intervals come from {number(edition.replicates)} repeated samples of the persons, drawn with seed "
           f"{edition.seed}, all the way to kroner. For the matched comparison the sample is taken to first order: "
           "each group's part in the figure through participants, cells and comparators. The probability of being "
           "referred is taken as it is.")
    return [Heading(say(da="Gentagelser", en="Replicates"), 3, f"replicates-{number_of}"),
            *([Paragraph(draws)] if edition.replicates else []), table]
