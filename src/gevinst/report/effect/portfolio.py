"""The computed savings of all cases together, over persons, so that no one is counted twice."""

from __future__ import annotations

from gevinst.effects.estimate import Interval
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import PortfolioEffect
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.language import NO_BREAK, number, say
from gevinst.money import CURRENT
from gevinst.report.amount_tables import computed_source, notes, sign_note
from gevinst.report.amounts import DECIMALS, Stated, few, million, sign, stretches, unit
from gevinst.report.charts.words import listed
from gevinst.report.credible import credible, headlines
from gevinst.report.effect.accounts import amount, chance_cell
from gevinst.report.effect.phrases import chances_told
from gevinst.report.marks import marked
from gevinst.report.references import table_ref
from gevinst.report.sentences import saving_named
from gevinst.report.tree import Block, Cell, Column, Paragraph, Row, Table, number_cell, text_cell


def sound_portfolio(edition: Edition) -> PortfolioEffect | None:
    """The portfolio's effect where every investment in it has a sound main method; else None."""
    whole = edition.portfolio_effect
    sound = {effect.investment for effect in headlines(edition) if credible(effect, edition)}
    return whole if whole is not None and whole.investments and set(whole.investments) <= sound else None


def portfolio_told(edition: Edition) -> str:
    """What the cases saved together, how sure that is, and the chance that it was enough; empty where not sound."""
    whole = sound_portfolio(edition)
    if whole is None:
        return ""
    years = stretches([year for year, _ in whole.net_by_year])
    net = whole.net_total or (whole.net_by_year[0][1] if len(whole.net_by_year) == 1 else None)
    figure = figure_id(PORTFOLIO, "effect", None if whole.net_total else whole.net_by_year[0][0], "net")
    of_the_persons = say(da="Kun på de opdigtede persondata: ", en="On the made-up personal data only: "
                         ) if edition.synthetic else ""
    if net is None:
        return notes(f"{of_the_persons}{chances_told(whole.chances, several=True, investment=PORTFOLIO)}")
    named = saving_named(Stated(amount(net.estimate, CURRENT), figure))
    whose = listed(whole.investments)
    text = of_the_persons + say(
        da=f"Regnet over personer, så ingen tælles to gange, gav investering {whose} {named} i {years}",
        en=f"Counted over persons, so that no one is counted twice, investment {whose} gave {named} in {years}")
    chances = chances_told(whole.chances, several=True, investment=PORTFOLIO)
    return notes(f"{text}{_around(net, figure)}.", chances, _once(whole, edition))


def _around(net: Interval, figure: str) -> str:
    if net.low is None or net.high is None:
        return ""
    low, high = (Stated(amount(edge, CURRENT), figure) for edge in (net.low, net.high))
    if sign(low) * sign(high) > 0:
        first, last = sorted((low, high), key=lambda edge: abs(edge.amount.ore))
        return say(da=f" (95 %-interval: fra {million(first)} til {million(last)})",
                   en=f" (95% interval: from {million(first)} to {million(last)})")
    return say(da=f" (95 %-interval: fra {saving_named(low)} til {saving_named(high)})",
               en=f" (95% interval: from {saving_named(low)} to {saving_named(high)})")


def _once(whole: PortfolioEffect, edition: Edition) -> str:
    if whole.counted_once == 0:
        return ""
    count = marked(f"{PORTFOLIO}/effect/counted_once", few(whole.counted_once, edition.small_cell_threshold))
    return say(da=f"{count} borgere deltog i mere end én investering; deres besparelse er kun regnet med én gang.",
               en=f"{count} persons took part in more than one investment; their saving is counted only once.")


def portfolio_blocks(edition: Edition) -> list[Block]:
    """The table of the overview; nothing where the portfolio's effect is not sound."""
    whole = sound_portfolio(edition)
    if whole is None or not whole.net_by_year:
        return []
    table = portfolio_table(whole, edition)
    told = say(
        da=f"{table_ref(table.key)} viser den besparelse, der er beregnet på borgernes forløb, uden indberettede tal.",
        en=f"{table_ref(table.key)} shows the saving computed from persons' spells, without recorded figures.")
    return [Paragraph(told), table]


def portfolio_table(whole: PortfolioEffect, edition: Edition) -> Table:
    """The change in net expenditure by year with its interval, and the chances."""
    chances = {chance.year: chance for chance in whole.chances}
    told: list[tuple[int | None, Interval]] = [*whole.net_by_year]
    told += [(None, whole.net_total)] if whole.net_total is not None else []
    rows = []
    for year, net in told:
        chance = chances.get(year)
        rows.append(Row((
            text_cell(say(da="I alt", en="Total") if year is None else str(year)),
            number_cell(net.estimate / 1e6, DECIMALS, figure=figure_id(PORTFOLIO, "effect", year, "net")),
            _span(net, figure_id(PORTFOLIO, "effect", year, "net")),
            chance_cell(chance.reaches_budget if chance else None, figure_id(PORTFOLIO, "chance", year, "budget")),
            chance_cell(chance.covers_investment if chance else None,
                        figure_id(PORTFOLIO, "chance", year, "investment"))), "total" if year is None else "body"))
    probability = say(da="Sandsynlighed, pct.", en="Probability, per cent")
    whose = listed(whole.investments)
    return Table(
        "portfolio-effect",
        say(da=f"Beregnet besparelse på forsørgelse i investering {whose}, regnet over personer",
            en=f"Computed saving on benefits in investment {whose}, counted over persons"),
        (Column(say(da="År", en="Year"), numeric=False), Column(say(da="Ændring", en="Change")),
         Column(say(da="95 %-interval", en="95% interval")),
         Column(say(da="Budget nået", en="Budget reached"), probability),
         Column(say(da="Investering dækket", en="Investment covered"), probability)), tuple(rows),
        note=notes(sign_note(), say(da="Netto efter statens refusion, efter hovedmetoderne.",
                                    en="Net of the state's refund, by the main methods."), _once(whole, edition)),
        source=computed_source(edition), unit=unit(CURRENT))


def _span(net: Interval, figure: str) -> Cell:
    if net.low is None or net.high is None:
        return Cell("")
    low, high = number(net.low / 1e6, DECIMALS), number(net.high / 1e6, DECIMALS)
    return text_cell(say(da=f"{low} til{NO_BREAK}{high}", en=f"{low} to{NO_BREAK}{high}"), figure=figure)
