"""From budget to result: the portfolio's bridge as a waterfall, and the tables year by year in the appendix.

Nothing is computed here: every amount is a figure of the edition, or a step of one of its bridges.
"""

from __future__ import annotations

from collections.abc import Sequence

from gevinst.follow_up.bridge import SEPARATED, Bridge, Cause, Missing
from gevinst.follow_up.bridge_drivers import left_out
from gevinst.follow_up.bridge_words import cause_meaning, cause_name, missing_words
from gevinst.follow_up.deviations import causes_shown, partly_known
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.language import say
from gevinst.money import Amount
from gevinst.register.business_case import Basis, Line
from gevinst.report.amount_tables import notes, sign_note, sources
from gevinst.report.amounts import DECIMALS, Said, Stated, as_printed, million, sign, stretches
from gevinst.report.charts.waterfall import WaterfallRow, describe_waterfall, waterfall_chart
from gevinst.report.charts.words import listed
from gevinst.report.credible import biased_amounts
from gevinst.report.references import figure_ref, table_ref
from gevinst.report.sentences import capitalised
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


def bridge_section(edition: Edition) -> list[Block]:
    """Why the portfolio's result is not its budget; nothing where there is no year with both."""
    found = edition.deviations.bridges_of(PORTFOLIO)
    if not found or found[-1].year is not None:
        return []
    whole = found[-1]
    return [
        Heading(say(da="Fra budget til resultat", en="From budget to result"), 2, "bridge"),
        Paragraph(_difference(whole, found)),
        *_biased(edition),
        _waterfall(whole, edition),
        Paragraph(_rest(whole, edition)),
    ]


def bridge_appendix(edition: Edition) -> list[Block]:
    """What each step means, and the bridges year by year: of the portfolio and of every investment."""
    single = [part for part in edition.follow_ups if edition.deviations.bridges_of(part.investment)]
    if not single:
        return []
    meanings = [f"{cause_name(cause)}: {cause_meaning(cause)}." for cause in Cause]
    return [
        Heading(say(da="Bilag: Fra budget til resultat år for år",
                    en="Appendix: From budget to result year by year"), 2, "appendix-bridge"),
        Paragraph(say(
            da="Trinnene går op til sidste øre. Et trin er nul, når det, der driver det, er som planlagt. Et plus er "
               "dårligere end budgettet, et minus bedre.",
            en="The steps foot to the last øre. A step is nought where what drives it is as planned. A plus is worse "
               "than the budget, a minus better.")),
        Bullets(tuple(meanings)),
        *(bridge_table(edition.deviations.bridges_of(one), edition)
          for one in (PORTFOLIO, *(part.investment for part in single))),
    ]


def bridge_table(bridges: Sequence[Bridge], edition: Edition) -> Table:
    """Budget, steps and result of one investment (or the portfolio), a column per year and one for all of them."""
    who = bridges[0].investment
    causes = causes_shown(bridges)
    rows = [Row((text_cell(say(da="Budget", en="Budget")),
                 *(_net_cell(one, one.budget, edition, budget=True) for one in bridges)))]
    rows += [Row((text_cell(cause_name(cause)), *(_step_cell(one, cause) for one in bridges))) for cause in causes]
    rows.append(Row((text_cell(say(da="Resultat eller forventet", en="Result or expected")),
                     *(_net_cell(one, one.result, edition, budget=False) for one in bridges)), "total"))
    named = say(da="alle investeringer", en="all investments") if who == PORTFOLIO else say(
        da=f"investering {who}", en=f"investment {who}")
    table = edition.portfolio_follow_up if who == PORTFOLIO else edition.follow_up(who)
    return Table(
        f"bridge/{who}",
        say(da=f"Fra budget til resultat, {named}: investering og besparelse lagt sammen",
            en=f"From budget to result, {named}: investment and saving taken together"),
        (Column("", numeric=False), *(_column(one) for one in bridges)), tuple(rows),
        note=notes(sign_note(), _in_rest(bridges, causes), _missing(who, edition), _rounding(bridges)),
        source=sources(table.figures(), edition), unit=_unit(bridges[0]))


def _unit(one: Bridge) -> str:
    budget, result = one.budget.level, one.result.level
    if budget == result:
        return say(da=f"mio. kr., {result}", en=f"DKK million, {result}")
    return say(da=f"mio. kr. Budget i {budget}, resultat i {result}; trinnene går fra det ene til det andet",
               en=f"DKK million. Budget in {budget}, result in {result}; the steps lead from one to the other")


def _column(one: Bridge) -> Column:
    kind = say(da="Resultat", en="Result") if one.basis is Basis.REALISED else say(da="Forventet", en="Expected")
    if one.stopped:
        kind = say(da="Stoppet", en="Stopped")
    if one.year is None:
        years = sorted({drivers.year for drivers in one.drivers})
        return Column(stretches(years), say(da="I alt", en="Total"))
    return Column(str(one.year), kind)


def _net_cell(one: Bridge, amount: Amount, edition: Edition, *, budget: bool) -> Cell:
    """A net amount under the id it is registered by; one that is registered nowhere (nought after a stop) as an end of
    the bridge."""
    place = one.investment, Line.NET, one.year
    ids = [figure.id for figure in edition.figures
           if not figure.derived and (figure.investment, figure.line, figure.year) == place
           and (figure.basis is Basis.BUDGET) is budget and figure.amount == amount]
    end = figure_id(one.investment, "bridge", one.year, "budget" if budget else "result")
    return number_cell(amount.millions, DECIMALS, figure=ids[0] if ids else end, formula="" if budget else "sum:above")


def _step_cell(one: Bridge, cause: Cause) -> Cell:
    amount = one.steps[cause]
    if amount is None:
        return number_cell(None, DECIMALS, blank=say(da="i rest", en="in rest"))
    return number_cell(amount.millions, DECIMALS, figure=_step_id(one, cause))


def _step_id(one: Bridge, cause: Cause | str) -> str:
    return figure_id(one.investment, "bridge", one.year, str(cause))


def _in_rest(bridges: Sequence[Bridge], causes: Sequence[Cause]) -> str:
    return "" if all(one.steps[cause] is not None for one in bridges for cause in causes) else say(
        da="»I rest«: trinnet kan ikke skilles ud og ligger i resten.",
        en="“In rest”: the step cannot be told apart and lies in the rest.")


def _missing(who: str, edition: Edition) -> str:
    """Which investments the portfolio's bridge is without."""
    gone = left_out(edition.deviations.bridges, edition.follow_ups) if who == PORTFOLIO else ()
    if not gone:
        return ""
    named = listed([f"{investment} ({stretches([year for one, year in gone if one == investment])})"
                    for investment in dict.fromkeys(one for one, _ in gone)])
    return say(da=f"Uden investering {named}, som intet resultat har.",
               en=f"Without investment {named}, which has no result.")


def _rounding(bridges: Sequence[Bridge]) -> str:
    for one in bridges:
        steps = sum((as_printed(step) for step in one.steps.values() if step is not None), as_printed(one.budget))
        if steps != as_printed(one.result):
            return say(da="Tallene er afrundet hver for sig og kan derfor afvige fra summen på sidste decimal.",
                       en="Figures are rounded one by one and may differ from the sum in the last decimal.")
    return ""


def _waterfall(whole: Bridge, edition: Edition) -> Figure:
    unit = say(da="mio. kr.", en="DKK million")
    causes = [cause for cause in causes_shown([whole]) if whole.steps[cause] is not None]
    rows = [WaterfallRow(say(da="Budget", en="Budget"), "budget", whole.budget.millions)]
    rows += [WaterfallRow(cause_name(cause), "rest" if cause is Cause.REST else "step", step.millions)
             for cause in causes if (step := whole.steps[cause]) is not None]
    rows.append(WaterfallRow(_result_name(whole), "result", whole.result.millions))
    figures = [_step_id(whole, one) for one in ("budget", *causes, "result")]
    years = stretches(sorted({drivers.year for drivers in whole.drivers}))
    caption = say(da=f"Fra budget til resultat {years}, alle investeringer: investering og besparelse lagt sammen",
                  en=f"From budget to result {years}, all investments: investment and saving taken together")
    source = sources(edition.portfolio_follow_up.figures(), edition)
    data = Table("bridge-chart", say(da="Tallene i figuren", en="The figures of the chart"),
                 (Column(say(da="Trin", en="Step"), numeric=False), Column(say(da="Beløb", en="Amount"))),
                 tuple(Row((text_cell(row.label), number_cell(row.amount, DECIMALS, figure=figure)))
                       for row, figure in zip(rows, figures, strict=True)),
                 note=sign_note(), source=source, unit=_unit(whole))
    return Figure("bridge", caption, describe_waterfall(rows, unit=unit, decimals=DECIMALS),
                  waterfall_chart(rows, unit=unit, decimals=DECIMALS), data,
                  note=notes(f"{capitalised(_unit(whole))}.", _missing(PORTFOLIO, edition),
                             say(da="Et trin mod højre er dårligere end budgettet, mod venstre bedre.",
                                 en="A step to the right is worse than the budget, to the left better.")),
                  source=source)


def _result_name(whole: Bridge) -> str:
    return say(da="Resultat", en="Result") if whole.basis is Basis.REALISED else say(da="Forventet", en="Expected")


def _difference(whole: Bridge, bridges: Sequence[Bridge]) -> str:
    """How far result and budget are apart, and which steps weigh most."""
    apart = Stated(Amount(whole.result.ore - whole.budget.ore, whole.level),
                   figure_id(whole.investment, "bridge", whole.year))
    years = stretches([one.year for one in bridges if one.year is not None])
    done = whole.basis is Basis.REALISED
    figure, table = figure_ref("bridge"), table_ref(f"bridge/{PORTFOLIO}")
    shown = say(da=f"{figure} viser hvorfor, og {table} i bilaget viser det år for år.",
                en=f"{figure} shows why, and {table} of the appendix shows it year by year.")
    if sign(apart) == 0:
        same = say(da=f"Resultatet for {years} er som budgetteret.", en=f"The result for {years} is as budgeted.")
        return notes(same, shown)
    way = say(da="dårligere" if sign(apart) > 0 else "bedre", en="worse" if sign(apart) > 0 else "better")
    is_ = say(da="er" if done else "forventes at blive", en="is" if done else "is expected to be")
    text = say(da=f"Det samlede resultat for {years} {is_} {million(apart)} {way} end budgettet.",
               en=f"The total result for {years} {is_} {million(apart)} {way} than the budget.")
    known = [(cause, step) for cause in SEPARATED if (step := whole.steps[cause]) is not None and sign(step)]
    heaviest = sorted(known, key=lambda one: -abs(one[1].ore))[:3]
    if heaviest:
        told = listed([_weighs(cause, Stated(step, _step_id(whole, cause))) for cause, step in heaviest])
        text += say(da=f" Mest vejer {told}.", en=f" What weighs most is {told}.")
    return notes(text, shown)


def _weighs(cause: Cause, step: Said) -> str:
    way = say(da="dårligere", en="worse") if sign(step) > 0 else say(da="bedre", en="better")
    return f"{cause_name(cause).lower()} ({million(step)} {way})"


def _rest(whole: Bridge, edition: Edition) -> str:
    """What lies in the rest, and why."""
    rest = whole.steps[Cause.REST]
    if not whole.unknown or rest is None:
        return say(da="Alle trin er skilt ud; der er ingen rest at forklare.",
                   en="Every step is told apart; there is no rest to explain.")
    size = million(Stated(rest, _step_id(whole, Cause.REST)))
    text = say(da=f"Resten på {size} kan ikke skilles ud.", en=f"The rest of {size} cannot be told apart.")
    parts = listed([_unknown(whole, cause, len(edition.follow_ups)) for cause in SEPARATED if cause in whole.unknown])
    return notes(text, say(da=f"Den rummer {parts}.", en=f"It holds {parts}."))


def _unknown(whole: Bridge, cause: Cause, investments: int) -> str:
    """A cause that lies in the rest: of which investments, and why."""
    where = partly_known([whole], cause)
    reasons = {reason for _, _, reason in whole.unknown[cause]}
    why = "; ".join(missing_words(reason) for reason in Missing if reason in reasons)
    named = say(da="alle investeringer", en="all investments") if len(where) == investments else say(
        da=f"investering {listed(list(where))}", en=f"investment {listed(list(where))}")
    return f"{cause_name(cause).lower()} ({named}: {why})"


def _biased(edition: Edition) -> list[Block]:
    biased = biased_amounts(edition)
    if not biased:
        return []
    return [Paragraph(say(
        da=f"Besparelsen for investering {listed(biased)} er beregnet med en metode, der er skæv på kendte måder; det "
           "samme gælder da trinnene.",
        en=f"The saving of investment {listed(biased)} is computed by a method with known biases; the same then holds "
           "for the steps."),
        "warning")]
