"""How alike participants and comparison are, before and after weighting: the love plot and its table."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import BalanceRow, EffectDetail
from gevinst.follow_up.figure_ids import figure_id, slug
from gevinst.language import number, say
from gevinst.report.amount_tables import computed_source, notes
from gevinst.report.charts import BalancePoint, balance_chart, describe_balance
from gevinst.report.charts.effect_charts import BALANCE_LIMITS, in_order
from gevinst.report.charts.words import quoted
from gevinst.report.marks import marked
from gevinst.report.references import figure_ref, table_ref
from gevinst.report.tree import Block, Column, Figure, Heading, Paragraph, Row, Table, number_cell, text_cell

_SMALL, _LARGE = BALANCE_LIMITS
_DECIMALS = 2
_DRAWN = 40  # covariates that a page has room for


def balance_blocks(detail: EffectDetail, edition: Edition) -> list[Block]:
    """Sentences, love plot and table; nothing where nothing was compared."""
    if not detail.balance:
        return []
    key = f"balance/{detail.investment}"
    return [Heading(say(da="Hvor ens grupperne er", en="How alike the groups are"), 3, f"balance-{detail.investment}"),
            Paragraph(notes(_what(key), balance_sentence(detail.balance, balance_id(detail)))),
            _figure(key, detail, edition),
            balance_table(key, detail, edition)]


def _what(key: str) -> str:
    return say(
        da=f"{figure_ref(key)} og {table_ref(key)} viser forskellen mellem deltagerne og dem, de sammenlignes med, i "
           f"hver egenskab, målt i standardafvigelser. Under {number(_SMALL, 1)} regnes normalt for lille og over "
           f"{number(_LARGE, 1)} for stor.",
        en=f"{figure_ref(key)} and {table_ref(key)} show the difference between participants and those they are "
           f"compared with in each covariate, in standard deviations. Below {number(_SMALL, 1)} is commonly taken as "
           f"small, and above {number(_LARGE, 1)} as large.")


def balance_sentence(rows: tuple[BalanceRow, ...], figure: str = "") -> str:
    """How many covariates lie beyond the small limit before and after, and which is the worst left."""
    before = marked(figure, str(sum(abs(row.before) > _SMALL for row in rows)))
    weighted = [(abs(row.after), row.name) for row in rows if row.after is not None]
    first = say(da=f"Før vægtning er {before} af {len(rows)} forskelle over {number(_SMALL, 1)}.",
                en=f"Before weighting, {before} of {len(rows)} differences are above {number(_SMALL, 1)}.")
    if not weighted:
        return notes(first, say(da="Metoden vægter ikke, så forskellene er der endnu.",
                                en="The method does not weight, so the differences are still there."))
    beyond = sum(size > _SMALL for size, _ in weighted)
    size, name = max(weighted)
    largest = marked(figure, number(size, _DECIMALS))
    if beyond == 0:
        return notes(first, say(da=f"Efter vægtning er ingen over; den største er {largest} ({quoted(name)}).",
                                en=f"After weighting none is; the largest is {largest} ({quoted(name)})."))
    still = marked(figure, str(beyond))
    return notes(first, say(da=f"Efter vægtning er {still} stadig over; den største er {largest} ({quoted(name)}).",
                            en=f"After weighting {still} still are; the largest is {largest} ({quoted(name)})."))


def _figure(key: str, detail: EffectDetail, edition: Edition) -> Figure:
    points = sorted(_points(detail), key=lambda point: -max(abs(point.before), abs(point.after or 0.0)))[:_DRAWN]
    left_out = "" if len(points) == len(detail.balance) else say(
        da=f"Kun de {_DRAWN} største forskelle er tegnet.", en=f"Only the {_DRAWN} largest differences are drawn.")
    return Figure(
        key, say(da=f"Investering {detail.investment}: forskelle mellem grupperne før og efter vægtning",
                 en=f"Investment {detail.investment}: differences between the groups before and after weighting"),
        describe_balance(points), balance_chart(points), None,
        note=notes(left_out, say(da=f"Tallene med fortegn står i {table_ref(key)}.",
                                 en=f"The figures with their signs are in {table_ref(key)}.")),
        source=computed_source(edition))


def balance_table(key: str, detail: EffectDetail, edition: Edition) -> Table:
    """The standardised differences with their signs, the largest before weighting first."""
    base = balance_id(detail)
    rows = tuple(Row((text_cell(point.name),
                      number_cell(point.before, _DECIMALS, figure=f"{base}/{slug(point.name)}/before"),
                      number_cell(point.after, _DECIMALS, blank="–", figure=f"{base}/{slug(point.name)}/after")))
                 for point in in_order(_points(detail)))
    return Table(
        key, say(da=f"Investering {detail.investment}: forskelle mellem deltagere og sammenligning",
                 en=f"Investment {detail.investment}: differences between participants and comparison"),
        (Column(say(da="Egenskab", en="Covariate"), numeric=False),
         Column(say(da="Før vægtning", en="Before weighting")),
         Column(say(da="Efter vægtning", en="After weighting"))), rows,
        note=say(da="Et positivt tal betyder, at egenskaben er hyppigere eller større blandt deltagerne. Forskellen i "
                    "gennemsnit er delt med standardafvigelsen blandt deltagerne.",
                 en="A positive number means that the covariate is more common or larger among participants. The "
                    "difference in means is divided by the standard deviation among participants."),
        source=computed_source(edition), unit=say(da="standardafvigelser", en="standard deviations"))


def balance_id(detail: EffectDetail) -> str:
    """The id of the differences between the groups."""
    return figure_id(detail.investment, "detail", "balance")


def _points(detail: EffectDetail) -> list[BalancePoint]:
    return [BalancePoint(row.name, row.before, row.after) for row in detail.balance]
