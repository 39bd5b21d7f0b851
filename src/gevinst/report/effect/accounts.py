"""What went into an investment and what came back, year by year, with the chance that it was enough."""

from __future__ import annotations

from gevinst.effects.estimate import Interval
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import Chance, EffectDetail, PaidBack
from gevinst.follow_up.figure_ids import figure_id
from gevinst.language import number, say
from gevinst.money import Amount, PriceLevel
from gevinst.register.business_case import Basis
from gevinst.report.amount_tables import computed_source, notes, sign_note
from gevinst.report.amounts import DECIMALS, Said, Stated, million, sign, stretches, unit
from gevinst.report.effect.phrases import chance_words
from gevinst.report.effect.told import detail_of, is_sound
from gevinst.report.of_few import interval_alone
from gevinst.report.references import table_ref
from gevinst.report.rounding import rounding_note
from gevinst.report.sentences import support
from gevinst.report.tree import Block, Cell, Column, Paragraph, Row, Table, number_cell, text_cell


def paid_back_sentence(detail: EffectDetail) -> str:
    """What the effort cost, what came back, and what that is together; empty where it is not known."""
    whole = next((account for account in detail.accounts if account.year is None), None)
    if whole is None:
        return ""
    years = stretches([account.year for account in detail.accounts if account.year is not None])
    base = figure_id(detail.investment, "account", None)
    spent = Stated(amount(whole.spent, whole.level), f"{base}/spent")
    net = Stated(amount(whole.net.estimate, whole.level), f"{base}/net")
    if not detail.claim:
        span = net_span(whole.net, whole.level, f"{base}/net")
        return say(da=f"Indsatsen kostede {million(spent)} i {years}. Når besparelsen er trukket fra, kan det være "
                      f"alt {span} (95 %-interval, {whole.level}).",
                   en=f"The effort cost {million(spent)} in {years}. With the saving taken off, it may be anything "
                      f"{span} (95% interval, {whole.level}).") if span else ""
    got = support(Stated(amount(whole.saving.estimate, whole.level), f"{base}/saving"), Basis.REALISED)
    text = say(da=f"I {years} kostede indsatsen {million(spent)}. Hovedmetoden anslår, at {got}.",
               en=f"In {years} the effort cost {million(spent)}. The main method estimates that {got}.")
    together = say(da=f"Samlet er det {net_named(net)} ({whole.level}).",
                   en=f"Together that is {net_named(net)} ({whole.level}).")
    span = net_span(whole.net, whole.level, f"{base}/net")
    unsure = say(da=f"Det kan være alt {span} (95 %-interval).", en=f"It may be anything {span} (95% interval).")
    return notes(text, together, unsure if span else "")


def amount(kroner: float, level: PriceLevel) -> Amount:
    """A computed number of kroner as an amount."""
    return Amount.from_estimate(kroner, level)


def net_named(net: Said) -> str:
    """A net amount as a noun that follows its sign."""
    way = sign(net)
    if way == 0:
        return say(da="hverken en nettobesparelse eller en nettoudgift", en="neither a net saving nor a net cost")
    return say(da=f"en {'nettobesparelse' if way < 0 else 'nettoudgift'} på {million(net)}",
               en=f"a net {'saving' if way < 0 else 'cost'} of {million(net)}")


def net_span(net: Interval, level: PriceLevel, figure: str = "") -> str:
    """`fra en nettobesparelse på … til en nettoudgift på …`, the saving first; empty where there is no interval."""
    if net.low is None or net.high is None:
        return ""
    low, high = (Stated(amount(edge, level), figure) for edge in (net.low, net.high))
    if sign(low) * sign(high) > 0:
        first, last = sorted((low, high), key=lambda edge: abs(edge.amount.ore))
        da, en = ("nettobesparelse", "saving") if sign(low) < 0 else ("nettoudgift", "cost")
        return say(da=f"fra {million(first)} til {million(last)} i {da}",
                   en=f"from {million(first)} to {million(last)} of net {en}")
    return say(da=f"fra {net_named(low)} til {net_named(high)}", en=f"from {net_named(low)} to {net_named(high)}")


def accounts_blocks(investment: str, edition: Edition) -> list[Block]:
    """The table of what was spent and what came back; nothing where it is not known, or the method is biased."""
    detail = detail_of(investment, edition)
    if detail is None or not is_sound(detail, edition):
        return []
    table = accounts_table(detail, edition)
    if table is None:
        return []
    told = say(da=f"{table_ref(table.key)} viser år for år, hvad der er beregnet på borgernes forløb.",
               en=f"{table_ref(table.key)} shows year by year what is computed from persons' spells.")
    return [Paragraph(told), table]


def accounts_table(detail: EffectDetail, edition: Edition) -> Table | None:
    """Spent, saved and the two together by year, with the chances; None where nothing is known.

    No points are printed where too few took part.
    """
    if not detail.accounts:
        return None
    chances = {chance.year: chance for chance in detail.chances}
    rows = [_row(detail.investment, account, chances.get(account.year), claim=detail.claim)
            for account in detail.accounts]
    probability = say(da="Sandsynlighed, pct.", en="Probability, per cent")
    columns = [Column(say(da="År", en="Year"), numeric=False), Column(say(da="Investeret", en="Invested")),
               Column(say(da="Forsørgelse", en="Benefits")), Column(say(da="Lagt sammen", en="Together")),
               Column(say(da="95 %-interval", en="95% interval")),
               Column(say(da="Budget nået", en="Budget reached"), probability),
               Column(say(da="Investering dækket", en="Investment covered"), probability)]
    if not any(row.cells[at].text for row in rows for at in (5, 6)):
        columns, rows = columns[:5], [Row(row.cells[:5], row.kind) for row in rows]
    number_of = detail.investment
    return Table(
        f"accounts/{number_of}",
        say(da=f"Investering {number_of}: hvad indsatsen kostede, og hvad der kom tilbage",
            en=f"Investment {number_of}: what the effort cost, and what came back"),
        tuple(columns), tuple(rows),
        note=notes(sign_note(), say(
            da="Forsørgelse er ændringen i kommunens nettoudgift efter statens refusion, beregnet med hovedmetoden.",
            en="Benefits is the change in the municipality's net expenditure after the state's refund, by the main "
               "method."), rounding_note(_sums(detail)),
            "" if detail.claim else interval_alone([detail.participants], edition.minimum_participants)),
        source=computed_source(edition), unit=unit(detail.accounts[0].level))


def _sums(detail: EffectDetail) -> list[tuple[list[float], float]]:
    """The sums a reader can add up in the table, across and down: what is printed of them."""
    years = [account for account in detail.accounts if account.year is not None]
    whole = next((account for account in detail.accounts if account.year is None), None)
    across = [([one.spent, one.saving.estimate], one.net.estimate) for one in detail.accounts if detail.claim]
    if whole is None:
        return across
    down = [([one.spent for one in years], whole.spent)]
    if detail.claim:
        down += [([one.saving.estimate for one in years], whole.saving.estimate),
                 ([one.net.estimate for one in years], whole.net.estimate)]
    return [*across, *down]


def _row(investment: str, account: PaidBack, chance: Chance | None, *, claim: bool) -> Row:
    base, likely = figure_id(investment, "account", account.year), figure_id(investment, "chance", account.year)
    name = say(da="I alt", en="Total") if account.year is None else str(account.year)
    points = [(account.saving.estimate / 1e6 if claim else None, f"{base}/saving"),
              (account.net.estimate / 1e6 if claim else None, f"{base}/net")]
    low, high = account.net.low, account.net.high
    span = "" if low is None or high is None else say(
        da=f"{number(low / 1e6, DECIMALS)} til {number(high / 1e6, DECIMALS)}",
        en=f"{number(low / 1e6, DECIMALS)} to {number(high / 1e6, DECIMALS)}")
    cells = (text_cell(name), number_cell(account.spent / 1e6, DECIMALS, figure=f"{base}/spent"),
             *(number_cell(point, DECIMALS, figure=figure) for point, figure in points),
             text_cell(span, figure=f"{base}/net"),
             chance_cell(chance.reaches_budget if chance and claim else None, f"{likely}/budget"),
             chance_cell(chance.covers_investment if chance and claim else None, f"{likely}/investment"))
    return Row(cells, "total" if account.year is None else "body")


def chance_cell(probability: float | None, figure: str = "") -> Cell:
    """A probability in whole per cent without its unit; blank where it cannot be said."""
    if probability is None:
        return Cell("", None, "percent")
    words = chance_words(probability).removesuffix(".").removesuffix("pct").removesuffix("%").strip()
    return Cell(words, probability if words.isdigit() else None, "percent", figure=figure)

