"""The appendix on actual payments: the ladder's figure beside what was paid, and how far the payments reach."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.lineage_checks import payment_id
from gevinst.follow_up.payment_check import PaymentCheck, PaymentRow
from gevinst.language import number, percent, say
from gevinst.report.amounts import EN_DASH
from gevinst.report.marks import marked, marked_numbers
from gevinst.report.references import table_ref
from gevinst.report.tree import Block, Bullets, Cell, Column, Heading, Paragraph, Row, Table, number_cell, text_cell

KEY, REACH = "payments", "payments/reach"
_STEPS = (f"1{EN_DASH}4", f"5{EN_DASH}26", f"27{EN_DASH}52")


def payments_section(edition: Edition) -> list[Block]:
    """What a week did cost beside the ladder's figure; nothing where there are no payments."""
    check = edition.payment_check
    if check is None:
        return []
    blocks: list[Block] = [
        Heading(say(da="Faktiske udbetalinger og refusionstrappen", en="Actual payments and the refund ladder"), 3,
                "appendix-payments"),
        Paragraph(_what_is_used(check)),
    ]
    if check.rows:
        blocks.append(differences_table(edition, check))
    return [*blocks, Bullets(_reach(check, edition.small_cell_threshold))]


def _what_is_used(check: PaymentCheck) -> str:
    used, rows = sum(row.used for row in check.rows), len(check.rows)
    where = say(da=f"{table_ref(KEY)} viser begge tal. ", en=f"{table_ref(KEY)} shows both figures. ") if rows else ""
    weeks, persons = number(check.minimum_weeks), number(check.minimum_persons)
    told = marked(REACH, str(used))
    return where + say(
        da=f"Hvor der er udbetalinger for mindst {weeks} uger til mindst {persons} borgere, er ugeprisen den faktiske "
           "nettoudgift; ellers er den sats × kommunens andel. Den faktiske er brugt i "
           f"{told} af {rows} viste rækker.",
        en=f"Where there are payments for at least {weeks} weeks to at least {persons} persons, the weekly price is "
           "the actual net cost; else it is rate × municipal share. The actual one is used in "
           f"{told} of {rows} rows shown.")


def differences_table(edition: Edition, check: PaymentCheck) -> Table:
    """One row per benefit, year and step: the ladder's price, the actual one, the difference; other refund rates."""
    gross, net = say(da="Brutto", en="Gross"), say(da="Netto", en="Net")
    rate, actual = say(da="Sats", en="Rate"), say(da="Faktisk", en="Actual")
    refund = say(da="Uger", en="Weeks")
    return Table(
        KEY,
        say(da="Ugepris efter trappen og efter udbetalingerne", en="Weekly price by the ladder and by the payments"),
        (Column(say(da="Ydelse", en="Benefit"), numeric=False), Column(say(da="År", en="Year"), numeric=False),
         Column(say(da="Uge på ydelser", en="Week on benefits"), numeric=False),
         Column(rate, gross), Column(actual, gross),
         Column(say(da="Trappe", en="Ladder"), net), Column(actual, net),
         Column(say(da="Forskel", en="Difference"), net),
         Column(say(da="I alt", en="All"), refund),
         Column(say(da="Anden sats", en="Other refund"), refund),
         Column(say(da="Uden udbetaling", en="No payment"), refund)),
        tuple(_row(row, edition) for row in check.rows),
        note=say(
            da="Forskel: faktisk minus trappe. Anden sats: uger, hvor staten har betalt en anden andel end den, "
               "trinnet giver. En tom celle: ingen sats, for få borgere, eller et tal, som et andet kunne regnes ud "
               "af. * Rækken har for få uger eller borgere til at være ugepris; der gælder trappens tal.",
            en="Difference: actual less ladder. Other refund: weeks in which the state paid another share than the "
               "step's. An empty cell: no rate, too few persons, or a number that another could be worked out from. "
               "* The row has too few weeks or persons to be the weekly price; there the ladder's figure holds."),
        source="; ".join((_files(check), say(da="programmets satser og refusionstrappe",
                                             en="the program's rates and refund ladder"))),
        unit=say(da="kr. pr. uge på fuld tid; antal uger", en="DKK per full-time week; number of weeks"))


def _row(row: PaymentRow, edition: Edition) -> Row:
    name, base = edition.benefit_names.get(row.benefit, row.benefit), payment_id(row)
    amounts = (("ladder_gross", row.ladder_gross), ("actual_gross", row.actual_gross), ("ladder_net", row.ladder_net),
               ("actual_net", row.actual_net), ("difference", row.difference))
    weeks = (("weeks", row.weeks), ("other_rate", row.other_rate), ("unpaid", row.unpaid))
    return Row((
        text_cell(name if row.used else f"{name} *"), text_cell(str(row.year)), text_cell(_step(row.step)),
        *(number_cell(dkk, 0, figure=f"{base}/{what}") for what, dkk in amounts),
        *(_count(count, f"{base}/{what}") for what, count in weeks)))


def _step(step: int | None) -> str:
    if step is None:
        return say(da="uden trappe", en="no ladder")
    return _STEPS[step] if step < len(_STEPS) else say(da="fra 53", en="from 53")


def _count(value: int | None, figure: str) -> Cell:
    return Cell("", None, "count") if value is None else Cell(number(value), value, "count", figure=figure)


def _files(check: PaymentCheck) -> str:
    if not check.files:
        return say(da="Udbetalinger pr. uge", en="Payments per week")
    if len(check.files) <= 2:
        return ", ".join(check.files)
    return say(da=f"{check.files[0]} til {check.files[-1]} ({number(len(check.files))} filer)",
               en=f"{check.files[0]} to {check.files[-1]} ({number(len(check.files))} files)")


def _reach(check: PaymentCheck, threshold: int) -> tuple[str, ...]:
    """What the payments do not say: weeks without, weeks outside, and cells that are not shown."""
    few = say(da="Et antal", en="Some")  # of too few persons, or to be taken from another
    points = []
    if check.unpaid_weeks:
        share = "" if check.unpaid_share is None else f" ({percent(check.unpaid_share)})"
        weeks = number(check.unpaid_weeks)
        points.append(say(
            da=f"{weeks} uger på ydelse{share} i den tid, filerne dækker, har ingen udbetaling. De er regnet til "
               "samme pris som de andre, så besparelsen kan være sat for højt.",
            en=f"{weeks} weeks on benefit{share} in the time that the files cover have no payment. They are valued "
               "like the others, so the saving may be too high."))
    if check.unplaced_weeks != 0:
        weeks = few if check.unplaced_weeks is None else number(check.unplaced_weeks)
        cost = "" if check.unplaced_net is None else say(
            da=f" ({number(check.unplaced_net, 0)} kr. netto)", en=f" (net DKK {number(check.unplaced_net, 0)})")
        points.append(say(
            da=f"{weeks} uger med udbetaling{cost} er ikke uger på den ydelse i forløbene, fx fordi ugen deles af to "
               "ydelser; de indgår ikke i ugepriserne.",
            en=f"{weeks} weeks with a payment{cost} are no weeks on that benefit among the spells, as when two "
               "benefits share the week; they are in no weekly price."))
    if check.uncovered_weeks != 0:
        weeks = few if check.uncovered_weeks is None else number(check.uncovered_weeks)
        points.append(say(
            da=f"{weeks} uger ligger uden for den tid, filerne dækker (under halvdelen på ydelsen har en udbetaling i "
               "ugen), og er ikke brugt.",
            en=f"{weeks} weeks lie outside the time that the files cover (fewer than half of those on the benefit have "
               "a payment in the week), and are not used."))
    if check.hidden:
        points.append(say(da=f"Ikke vist, fordi de har under {threshold} borgere: {number(check.hidden)} af rækkerne.",
                          en=f"Not shown, because they have under {threshold} persons: {number(check.hidden)} rows."))
    return tuple(marked_numbers(REACH, point) for point in points)
