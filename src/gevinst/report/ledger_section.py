"""The appendix on the ledger: what was posted beside budget and delivery, the alarms, and what belongs to no case."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.ledger_alarms import Alarm, alarms
from gevinst.follow_up.reconciliation import CaseLedger, LedgerCheck, LedgerYear, Tally
from gevinst.language import number, say
from gevinst.money import CURRENT, Amount
from gevinst.report.marks import marked, marked_numbers
from gevinst.report.references import table_ref
from gevinst.report.tree import Block, Bullets, Cell, Column, Heading, Paragraph, Row, Table, number_cell, text_cell

KEY, LOOSE = "ledger", "ledger-loose"
MOST_ACCOUNTS = 20  # a longer list is for `gevinst ledger unmatched`


def ledger_section(edition: Edition) -> list[Block]:
    """The ledger held against budget and delivery; nothing where there is no ledger."""
    check = edition.ledger
    if check is None:
        return []
    blocks: list[Block] = [
        Heading(say(da="Posteringer, budget og levering", en="Postings, budget and delivery"), 3, "appendix-ledger"),
        Paragraph(_summary(check))]
    if any(case.years for case in check.cases):
        blocks.append(ledger_table(check))
    found = alarms(check)
    if found:
        blocks.append(Bullets(tuple(alarm_line(one) for one in found)))
    else:
        blocks.append(Paragraph(say(da="Ingen af reglerne for afvigelser er overskredet.",
                                    en="None of the rules on deviations is exceeded.")))
    return [*blocks, loose_table(check)] if check.loose else blocks


def alarm_line(one: Alarm) -> str:
    """An alarm in one line: the investment, the year, what was found."""
    place = [say(da=f"Investering {one.investment}", en=f"Investment {one.investment}")] if one.investment else []
    place += [str(one.year)] if one.year is not None else []
    figure = figure_id(one.investment, "ledger", one.year) if one.investment else "ledger/alarms"
    what = marked_numbers(figure, one.what)
    return f"{', '.join(place)}: {what}" if place else what


def _summary(check: LedgerCheck) -> str:
    parts = ((check.matched, say(da="henført til en investering", en="matched to an investment")),
             (check.ruled_out, say(da="uden for investeringerne ifølge reglerne",
                                   en="outside the investments by the rules")),
             (check.unmatched, say(da="uden en regel, der passer", en="without a rule that fits")),
             (check.unknown, say(da="til investeringer, som porteføljen ikke har",
                                 en="of investments that the portfolio does not have")))
    def counted(part: Tally) -> str:
        return marked_numbers("ledger/postings", f"{number(part.rows)} ({_kroner(part.amount)})")

    told = "; ".join(f"{counted(part)} {words}" for part, words in parts if part.rows)
    whole = counted(check.ledger)
    where = table_ref(KEY) if any(case.years for case in check.cases) else ""
    return say(da=f"Indlæste posteringer: {whole}, heraf {told}." + (f" {where} viser dem pr. år." if where else ""),
               en=f"Postings imported: {whole}, of which {told}." + (f" {where} shows them by year." if where else ""))


def _kroner(amount: Amount) -> str:
    figures = number(amount.in_dkk)
    return say(da=f"netto {figures} kr.", en=f"net DKK {figures}")


def ledger_table(check: LedgerCheck) -> Table:
    """A row per investment and year; an empty cell is not known, or may not be printed."""
    rows: list[Row] = []
    for case in check.cases:
        rows.append(Row((text_cell(_title(case)),), "section"))
        rows += [_row(case, year) for year in case.years]
        if len(case.years) > 1:
            rows.append(_row(case, case.whole))
    posted, weeks = say(da="Bogført", en="Posted"), say(da="Leveret", en="Delivered")
    return Table(
        KEY, say(da="Posteringer holdt op mod budget og leverede deltageruger",
                 en="Postings beside budget and delivered participant weeks"),
        (Column(say(da="År", en="Year"), numeric=False), Column(say(da="Budget", en="Budget")),
         Column(say(da="Drift", en="Running"), posted), Column(say(da="Refusion", en="Refund"), posted),
         Column(say(da="Netto", en="Net"), posted),
         Column(say(da="Uger", en="Weeks"), weeks), Column(say(da="Værdi", en="Value"), weeks),
         Column(say(da="Betalt minus leveret", en="Paid less delivered")),
         Column(say(da="Betalt pr. uge", en="Paid per week"))),
        tuple(rows), note=_note(check),
        source=say(da="Økonomisystemets posteringer, budgettet og deltagerlisten",
                   en="The ledger's postings, the budget and the list of participants"),
        unit=say(da="kr., løbende priser", en="DKK, current prices"))


def _title(case: CaseLedger) -> str:
    name = f"{case.number}. {case.title}"
    if case.price is None:
        return name
    price = marked(figure_id(case.number, "ledger", None, "price"),
                   number(case.price.in_dkk, 0 if case.price.ore % 100 == 0 else 2))
    return say(da=f"{name}; aftalt {price} kr. pr. deltageruge", en=f"{name}; DKK {price} agreed per participant week")


def _row(case: CaseLedger, year: LedgerYear) -> Row:
    base = figure_id(case.number, "ledger", year.year)
    label = say(da="I alt", en="All") if year.year is None else str(year.year)
    if year.year is not None and not year.complete:
        label += "*"
    weeks = Cell("", None, "count") if year.weeks is None else Cell(
        number(year.weeks), year.weeks, "count", figure=f"{base}/weeks")
    return Row((text_cell(label), _amount(year.budget, f"{base}/budget"), _amount(year.paid, f"{base}/running"),
                _amount(year.refund, f"{base}/refund"), _amount(year.net, f"{base}/net"), weeks,
                _amount(year.value, f"{base}/value"), _amount(year.paid_less_delivered, f"{base}/paid_less_delivered"),
                _amount(year.unit_price, f"{base}/unit_price")), "total" if year.year is None else "body")


def _amount(amount: Amount | None, figure: str) -> Cell:
    return number_cell(None if amount is None else amount.in_dkk, 0, figure=figure)


def _note(check: LedgerCheck) -> str:
    limit, kroner = number(check.terms.percent, 0 if check.terms.percent % 1 == 0 else 1), number(check.terms.kroner)
    parts = [say(
        da="Drift er dranst 1 og det, der ikke har en dranst; refusion er dranst 2; netto er summen. Værdi er leverede "
           "deltageruger gange aftalt pris. Betalt er driften. En afvigelse nævnes, når den er over "
           f"{limit} % og over {kroner} kr.",
        en="Running is dranst 1 and what has no dranst; refund is dranst 2; net is their sum. Value is delivered "
           f"participant weeks times the agreed price. Paid is the running costs. A deviation is told above {limit}% "
           f"and above DKK {kroner}.")]
    years = [year for case in check.cases for year in case.years]
    if any(year.adopted is not None and year.budget is None for year in years):
        levels = sorted({str(year.adopted.level) for year in years
                         if year.adopted is not None and year.adopted.level != CURRENT})
        parts.append(say(
            da=f"Et budget i {', '.join(levels)} er kun vist, hvor det kan omregnes til årets priser.",
            en=f"A budget in {', '.join(levels)} is only shown where it can be converted to the year's prices."))
    if any(not year.complete for year in years):
        parts.append(say(da="* Året er ikke slut i deltagerdata, og leveringen er ikke bedømt.",
                         en="* The year has not ended in the participants' data, and its delivery is not judged."))
    if any(year.few for year in years):
        parts.append(say(da="Uger af for få deltagere er ikke vist, og heller ikke uger, de kunne regnes ud af.",
                         en="Weeks of too few participants are not shown, nor weeks that they could be worked out "
                            "from."))
    if not check.delivery_known:
        parts.append(say(da="Der er ingen deltagerliste.", en="There is no list of participants."))
    return " ".join(parts)


def loose_table(check: LedgerCheck) -> Table:
    """The accounts with postings that belong to no investment, the largest amounts first."""
    shown = check.loose[:MOST_ACCOUNTS]
    rest = check.loose[MOST_ACCOUNTS:]
    named = any(one.investment for one in check.loose)
    rows = [Row((text_cell(one.account or say(da="uden konto", en="no account")), text_cell(one.name),
                 *((text_cell(one.investment),) if named else ()), text_cell(", ".join(map(str, one.years))),
                 Cell(number(one.tally.rows), one.tally.rows, "count", figure=f"ledger/loose/{at}/rows"),
                 _amount(one.tally.amount, f"ledger/loose/{at}/net"))) for at, one in enumerate(shown)]
    note = say(da=f"De {len(rest)} konti med de mindste beløb er ikke vist.",
               en=f"The {len(rest)} accounts with the smallest amounts are not shown.") if rest else ""
    return Table(
        LOOSE, say(da="Posteringer, der ikke hører til en investering i porteføljen",
                   en="Postings that belong to no investment of the portfolio"),
        (Column(say(da="Konto", en="Account"), numeric=False), Column(say(da="Navn", en="Name"), numeric=False),
         *((Column(say(da="Investering", en="Investment"), numeric=False),) if named else ()),
         Column(say(da="År", en="Years"), numeric=False),
         Column(say(da="Posteringer", en="Postings")), Column(say(da="Netto", en="Net"))),
        tuple(rows), note=note, source=say(da="Økonomisystemets posteringer", en="The ledger's postings"),
        unit=say(da="kr., løbende priser", en="DKK, current prices"))
