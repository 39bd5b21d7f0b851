"""What changed since the latest published edition: the main figures, and what made them change.

Also what a corrected edition says on its first page. Nothing is computed: parts and differences come with the edition.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.follow_up.lineage_since import since_id
from gevinst.follow_up.since_last import CAUSES, Cause, Change, SinceLast, Value, cause_name, not_stated
from gevinst.language import long_date, say
from gevinst.money import Amount, PriceLevel
from gevinst.register.business_case import Line
from gevinst.report.amount_tables import notes, sign_note
from gevinst.report.amounts import DECIMALS, EN_DASH, Stated, million, sign, stretches, unit
from gevinst.report.charts.words import listed
from gevinst.report.references import table_ref
from gevinst.report.tree import Block, Cell, Column, Heading, Paragraph, Row, Table, number_cell, text_cell
from gevinst.report.typography import typeset

KEY = "since-last"


def correction_warning(edition: Edition) -> list[Block]:
    """Says on the first page which edition this one corrects, and why; else nothing."""
    if edition.correction is None:
        return []
    day, wrong = long_date(edition.correction.memo_date), edition.correction.corrects
    reason = edition.correction.reason.rstrip(".")
    return [Paragraph(typeset(say(
        da=f"Dette notat retter notatet af {day} (udgave {wrong}). Årsag: {reason}.",
        en=f"This memo corrects the memo of {day} (edition {wrong}). Reason: {reason}.")), "warning")]


def since_last_section(edition: Edition) -> list[Block]:
    """The section "Siden sidst"; nothing where there is no earlier published edition."""
    since = edition.since_last
    if since is None:
        return []
    heading = Heading(say(da="Siden sidst", en="Since last time"), 2, KEY)
    changes = _main(edition, since)
    day = long_date(since.memo_date)
    if not changes:
        text = _unknown(since) or say(
            da=f"Ingen af hovedtallene er ændret siden notatet af {day} (udgave {since.edition}).",
            en=f"None of the main figures has changed since the memo of {day} (edition {since.edition}).")
        return [heading, Paragraph(typeset(text))]
    table = _table(edition, since, changes)
    return [heading, Paragraph(typeset(_sentence(edition, since, changes))), table,
            *(Paragraph(typeset(text), "small") for text in since.notes)]


def _unknown(since: SinceLast) -> str:
    if since.changes or not since.notes:
        return ""
    return say(da=f"Notatet kan ikke holdes op mod den seneste udgave ({since.edition}): {since.notes[0]}",
               en=f"The memo cannot be held against the latest edition ({since.edition}): {since.notes[0]}")


def _main(edition: Edition, since: SinceLast) -> list[tuple[str, Change]]:
    """The main figures that changed as printed: the portfolio's totals, then each investment's net total."""
    lines = {Line.INVESTMENT: say(da="Investering i alt", en="Investment in total"),
             Line.SAVING: say(da="Besparelse i alt", en="Saving in total"),
             Line.NET: say(da="I alt", en="In total")}
    named = [(name, f"{PORTFOLIO}/{line}/total/outcome") for line, name in lines.items()]
    named += [(say(da=f"Investering {part.investment}, i alt", en=f"Investment {part.investment}, in total"),
               f"{part.investment}/{Line.NET}/total/outcome") for part in edition.follow_ups]
    found = ((name, since.change(figure)) for name, figure in named)
    return [(name, one) for name, one in found if one is not None and one.comparable and _shown(one)]


def _shown(change: Change) -> bool:
    """Whether a reader of the table would see that it changed."""
    return not change.on_both or change.now is None or sign(_amount(change.difference, change.now)) != 0


def _amount(number: Fraction, like: Value) -> Amount:
    """Kroner as an amount; the fractions of amounts have whole øre."""
    return Amount.dkk(Decimal(number.numerator) / Decimal(number.denominator), PriceLevel.parse(like.level))


def _sentence(edition: Edition, since: SinceLast, changes: list[tuple[str, Change]]) -> str:
    day = long_date(since.memo_date)
    first = say(da=f"{table_ref(KEY)} viser, hvad der er ændret siden notatet af {day} (udgave {since.edition}), og "
                   "hvad ændringen skyldes.",
                en=f"{table_ref(KEY)} shows what has changed since the memo of {day} (edition {since.edition}), and "
                   "why.")
    if since.on_one_side:
        return first + _not_the_same(since)
    net = since.change(f"{PORTFOLIO}/{Line.NET}/total/outcome")
    if net is None or net.was is None or net.now is None or net not in [one for _, one in changes]:
        return first
    moved = _amount(net.difference, net.now)
    size = million(Stated(moved, f"{since_id(net)}/difference"))
    way = say(da="bedre" if moved.ore < 0 else "dårligere", en="better" if moved.ore < 0 else "worse")
    told = [cause_name(cause) for cause in sorted(net.parts, key=lambda cause: -abs(net.parts[cause]))
            if sign(_amount(net.parts[cause], net.now)) == sign(moved)][:2]
    why = say(da=f" Det skyldes mest {listed(told)}.", en=f" Most of it comes from {listed(told)}.") if told else ""
    period = stretches([year.year for year in edition.portfolio_follow_up.years if Line.NET in year.outcome])
    return first + say(da=f" Samlet er resultatet for {period} {size} {way} end sidst.",
                       en=f" In total the outcome of {period} is {size} {way} than last time.") + why


def _not_the_same(since: SinceLast) -> str:
    """That the totals of the two memos are of different investments and years; which, of the investments'."""
    years = {number: [year for name, year in since.on_one_side if name == number]
             for number, _ in since.on_one_side if number != PORTFOLIO}
    told = [say(da=f"investering {number} i {stretches(found)}", en=f"investment {number} in {stretches(found)}")
            for number, found in years.items() if found]
    return say(da=f" Kun det ene af de to notater har et resultat for {listed(told)}, så de samlede tal er hverken "
                  "blevet bedre eller dårligere; de dækker ikke det samme.",
               en=f" Only one of the two memos has an outcome for {listed(told)}, so the totals have become neither "
                  "better nor worse; they do not cover the same.")


def _table(edition: Edition, since: SinceLast, changes: list[tuple[str, Change]]) -> Table:
    whole = [one for _, one in changes if one.on_both]
    shown: list[Cause] = [cause for cause in CAUSES if any(cause in one.parts for one in whole)]
    unsplit = any(one.unsplit for one in whole)
    level = edition.portfolio_follow_up.outcome_level
    columns = [Column(say(da="Tal", en="Figure"), numeric=False), Column(say(da="Sidst", en="Last time")),
               Column(say(da="Nu", en="Now")), Column(say(da="Forskel", en="Difference"))]
    group = say(da="Heraf", en="Of which")
    columns += [Column(cause_name(cause).capitalize(), group) for cause in shown]
    columns += [Column(say(da="Ikke opdelt", en="Not split"), group)] if unsplit else []
    among = {cause for one in whole for cause in one.between}
    between = listed([cause_name(cause) for cause in CAUSES if cause in among])
    note = notes(sign_note(), say(
        da="Delene er regnet ud ved at skifte én ting ad gangen i en fast rækkefølge. De giver tilsammen forskellen; "
           "de trykte tal er afrundet hver for sig.",
        en="The parts are computed by exchanging one thing at a time, in a fixed order. They add up to the difference; "
           "printed figures are rounded one by one."),
        say(da=f"Ikke opdelt: {between} kan ikke skilles ad.",
            en=f"Not split: {between} cannot be told apart.") if unsplit else "",
        say(da="Hvor det ene notat ikke har tallet, er der ingen forskel at vise.",
            en="Where one of the memos has not the figure, there is no difference to show.")
        if len(whole) < len(changes) else "")
    rows = tuple(Row((text_cell(name), *_cells(one, shown, unsplit=unsplit))) for name, one in changes)
    return Table(KEY, say(da="Ændringer siden den seneste udgave", en="Changes since the latest edition"),
                 tuple(columns), rows, note=note, unit=unit(level),
                 source=say(da=f"Udgave {since.edition} og denne udgave", en=f"Edition {since.edition} and this one"))


def _cells(change: Change, shown: list[Cause], *, unsplit: bool) -> tuple[Cell, ...]:
    base = since_id(change)
    if change.was is None or change.now is None:
        stated = [Cell(not_stated()) if value is None else _cell(value.number, f"{base}/{what}")
                for what, value in (("was", change.was), ("now", change.now))]
        return (*stated, *(Cell(EN_DASH) for _ in ["difference", *shown, *["unsplit"] * unsplit]))
    numbers = [("was", change.was.number), ("now", change.now.number), ("difference", change.difference),
               *((cause, change.parts.get(cause, Fraction(0))) for cause in shown)]
    numbers += [("unsplit", change.unsplit)] if unsplit else []
    return tuple(_cell(one, f"{base}/{what}") for what, one in numbers)


def _cell(kroner: Fraction, figure: str) -> Cell:
    return number_cell(Decimal(kroner.numerator) / Decimal(kroner.denominator) / 1_000_000, DECIMALS, figure=figure)
