"""The exposure clock beside the results: open weeks, and what undisturbed operation would have given."""

from __future__ import annotations

from decimal import Decimal

from gevinst.follow_up.bridge_words import partial_assumption
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.exposure import Day
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.follow_up.undisturbed import Undisturbed
from gevinst.language import number, say
from gevinst.money import Amount
from gevinst.register.business_case import Basis
from gevinst.report.amount_tables import computed_source, notes, sign_note
from gevinst.report.amounts import DECIMALS, Stated, million, sign, unit
from gevinst.report.effect.told import detail_of, is_sound
from gevinst.report.references import table_ref
from gevinst.report.sentences import capitalised
from gevinst.report.tree import Block, Cell, Column, Heading, Paragraph, Row, Table, number_cell, text_cell

RECORDED, COMPUTED = "undisturbed", "undisturbed-computed"


def exposure_tables(edition: Edition) -> list[Table]:
    """The tables of stated beside undisturbed; none where no planned week was closed."""
    rows = edition.deviations.clock.rows
    recorded = [row for row in rows if row.kind == "recorded"]
    computed = [row for row in rows if row.kind == "computed" and _sound(row, edition)]
    return [*([recorded_table(recorded, edition)] if recorded else []),
            *([computed_table(computed, edition)] if computed else [])]


def exposure_blocks(edition: Edition) -> list[Block]:
    """What undisturbed operation would have given, in a paragraph that points to the tables in the appendix."""
    tables = exposure_tables(edition)
    if not tables:
        return []
    refs = say(da=" og ", en=" and ").join(table_ref(table.key) for table in tables)
    return [Paragraph(say(
        da=f"{refs} viser ved siden af, hvad 12 måneders uforstyrret drift ville have givet. {_totals(edition)}Det er "
           "regnet ud og er ikke et resultat. Det er forudsat, at de, der ville være begyndt i de lukkede uger, ligner "
           "dem, der begyndte, og at besparelsen følger indsatsen.",
        en=f"{refs} show{'' if len(tables) > 1 else 's'} beside it what 12 months of undisturbed operation would have "
           f"given. {_totals(edition)}It is computed, and is not a result. It is assumed that those who would have "
           "begun in the closed weeks are like those who did, and that the saving follows the effort."))]


def exposure_appendix(edition: Edition) -> list[Block]:
    """The tables, under a heading of their own."""
    tables = exposure_tables(edition)
    heading = Heading(say(da="Bilag: 12 måneders uforstyrret drift", en="Appendix: 12 months of undisturbed operation"),
                      2, "appendix-undisturbed")
    return [heading, *tables] if tables else []


def _totals(edition: Edition) -> str:
    """The portfolio's saving as stated and undisturbed, year by year, as a sentence."""
    told = []
    for one in edition.deviations.clock.totals:
        if sign(one.saving) >= 0 or sign(one.undisturbed_saving) >= 0:
            continue
        stated = million(Stated(one.saving, figure_id(one.investment, "saving", one.year, one.basis)))
        undisturbed = million(Stated(one.undisturbed_saving, _id(one, "saving")))
        low, high = ("" if edge is None else million(Stated(edge, _id(one, "saving"))) for edge in (one.low, one.high))
        span = say(da=f", mellem {low} og {high}", en=f", between {low} and {high}") if low and high else ""
        told.append(say(
            da=f"For {one.year} er besparelsen opgjort til {stated}; uforstyrret ville den have været "
               f"{undisturbed}{span}. ",
            en=f"For {one.year} the saving is stated as {stated}; undisturbed it would have been "
               f"{undisturbed}{span}. "))
    return "".join(told)


def recorded_table(rows: list[Undisturbed], edition: Edition) -> Table:
    """Recorded results: weeks, participants and saving, actual and undisturbed, scaled by the open share."""
    follows = any(row.cost_follows for row in rows)
    columns = [*_first_columns(rows),
               *_pair(say(da="Deltagere", en="Participants")),
               *(_pair(say(da="Udgift", en="Cost")) if follows else []),
               *_pair(say(da="Besparelse", en="Saving")), Column(say(da="Spænd", en="Span"))]
    partial = edition.deviations.clock.partial_open
    shown = [Row((*_first_cells(row, rows), _count(row.participants, _id(row, "participants")),
                  _count(row.undisturbed_participants, _id(row, "participants")),
                  *(_cost_cells(row) if follows else []), *_saving_cells(row), _span(row)))
             for row in rows]
    shown += [Row((text_cell(_name(one)), *([text_cell("")] * (len(_kinds(rows)) + 2 + 2 * follows)),
                   *_saving_cells(one), _span(one)), "total")
              for one in edition.deviations.clock.totals]
    any_partial = any(row.exposure.partial for row in rows)
    return Table(
        RECORDED, say(da="Indberettede resultater og 12 måneders uforstyrret drift",
                      en="Recorded results and 12 months of undisturbed operation"),
        tuple(columns), tuple(shown),
        note=notes(
            sign_note(), say(da="Uforstyrret er det opgjorte delt med den åbne andel af ugerne.",
                             en="Undisturbed is the stated figure divided by the open share of the weeks."),
            f"{capitalised(partial_assumption(partial))}; {_span_words()}" if any_partial else "",
            say(da="Deltagere er fuldtidspersoner, ved optælling dem, der er talt.",
                en="Participants are full-time persons; where they are counted, those counted.")
            if any(row.participants is not None for row in rows) else "",
            "" if follows else say(da="Udgiften er den samme, for den følger ikke deltagerne.",
                                   en="The cost is the same, as it does not follow the participants."),
            _stopped(rows)),
        source="; ".join(dict.fromkeys(row.cited for row in rows if row.cited)) or edition.portfolio.source,
        unit=unit(rows[0].saving.level))


def computed_table(rows: list[Undisturbed], edition: Edition) -> Table:
    """What was computed from persons: weeks, starts per open week, and saving, actual and undisturbed."""
    follows = any(row.cost_follows for row in rows)
    starts = say(da="Starter", en="Starts")
    columns = [*_first_columns(rows), Column(say(da="pr. åben uge", en="per open week"), starts),
               Column(say(da="uforstyrret", en="undisturbed"), starts),
               *(_pair(say(da="Udgift", en="Cost")) if follows else []),
               *_pair(say(da="Besparelse", en="Saving")), Column(say(da="95 %-interval", en="95% interval"))]
    shown = [Row((*_first_cells(row, rows), _pace(row),
                  _count(row.undisturbed_participants, _id(row, "participants"), 0),
                  *(_cost_cells(row) if follows else []), *_saving_cells(row), _span(row)))
             for row in rows]
    return Table(
        COMPUTED, say(da="Beregnet på borgerforløb og 12 måneders uforstyrret drift",
                      en="Computed from persons and 12 months of undisturbed operation"),
        tuple(columns), tuple(shown),
        note=notes(sign_note(), say(
            da="De lukkede uger er givet de åbne ugers tempo, og hver start tæller med de uger, den kan følges i året. "
               "Intervallet gælder uforstyrret drift og dækker tilfældigheder i både besparelse og tempo.",
            en="The closed weeks are given the pace of the open ones, and each start counts by the weeks it can be "
               "followed in the year. The interval is of undisturbed operation and covers chance in saving and pace."),
            _stopped(rows)),
        source=computed_source(edition), unit=unit(rows[0].saving.level))


def _sound(row: Undisturbed, edition: Edition) -> bool:
    detail = detail_of(row.investment, edition)
    return detail is not None and is_sound(detail, edition)


def _stopped(rows: list[Undisturbed]) -> str:
    return say(da="Uger efter et stop er ikke regnet med.", en="Weeks after a stop are not counted.") if any(
        row.exposure.stopped for row in rows) else ""


def _kinds(rows: list[Undisturbed]) -> list[Day]:
    return [day for day in (Day.OPEN, Day.PARTIAL, Day.CLOSED) if any(row.exposure.weeks(day) for row in rows)]


def _first_columns(rows: list[Undisturbed]) -> list[Column]:
    weeks = say(da="Uger", en="Weeks")
    names = {Day.OPEN: say(da="åbne", en="open"), Day.PARTIAL: say(da="delvis", en="in part"),
             Day.CLOSED: say(da="lukkede", en="closed")}
    return [Column(say(da="Investering", en="Investment"), numeric=False),
            *(Column(names[day], weeks) for day in _kinds(rows))]


def _first_cells(row: Undisturbed, rows: list[Undisturbed]) -> list[Cell]:
    return [text_cell(_name(row)), *(number_cell(row.exposure.weeks(day), 1, figure=f"{_id(row, 'saving')}/weeks")
                                     for day in _kinds(rows))]


def _id(row: Undisturbed, name: str) -> str:
    """The id of a figure of the clock; what was computed from persons is called so."""
    return figure_id(row.investment, "undisturbed", row.year, name + ("-computed" if row.kind == "computed" else ""))


def _name(row: Undisturbed) -> str:
    expected = "" if row.basis is Basis.REALISED else say(da=" (forventet)", en=" (expected)")
    who = say(da="I alt", en="Total") if row.investment == PORTFOLIO else row.investment
    return f"{who}, {row.year}{expected}"


def _pair(name: str) -> list[Column]:
    return [Column(say(da="opgjort", en="stated"), name), Column(say(da="uforstyrret", en="undisturbed"), name)]


def _saving_cells(row: Undisturbed) -> list[Cell]:
    undisturbed = _id(row, "saving")
    actual = f"{undisturbed}/actual" if row.kind == "computed" else f"{row.investment}/saving/{row.year}/{row.basis}"
    return [number_cell(row.saving.millions, DECIMALS, figure=actual),
            number_cell(row.undisturbed_saving.millions, DECIMALS, figure=undisturbed)]


def _cost_cells(row: Undisturbed) -> list[Cell]:
    figure = _id(row, "investment" if row.cost_follows else "cost")
    return [_amount(row.cost, _id(row, "cost")), _amount(row.undisturbed_cost, figure)]


def _amount(amount: Amount | None, figure: str) -> Cell:
    return number_cell(None if amount is None else amount.millions, DECIMALS, figure=figure if amount else "")


def _count(count: Decimal | None, figure: str, decimals: int = 1) -> Cell:
    if count is None:
        return Cell("–", None, "number")
    whole = decimals == 0 or count == count.to_integral_value()
    return Cell(number(count, 0 if whole else decimals), count, "number", 0 if whole else decimals, figure)


def _span_words() -> str:
    return say(da="spændet går fra helt åbne til helt lukkede.", en="the span goes from wholly open to wholly closed.")


def _pace(row: Undisturbed) -> Cell:
    return Cell("–", None, "number") if row.pace is None else number_cell(
        row.pace, 1, figure=_id(row, "participants"))


def _span(row: Undisturbed) -> Cell:
    """Both ends in million kroner: of an interval the lower first, of an assumption the lesser."""
    if row.low is None or row.high is None:
        return Cell("–")
    ends = row.low.millions, row.high.millions
    first, last = ends if row.kind == "computed" else sorted(ends, key=abs)
    return text_cell(say(da=f"{number(first, DECIMALS)} til {number(last, DECIMALS)}",
                         en=f"{number(first, DECIMALS)} to {number(last, DECIMALS)}"), figure=_id(row, "saving"))
