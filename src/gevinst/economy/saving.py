"""From weeks to kroner: what the participants' weeks cost beside what they would have cost.

    saving in year y = Σ over benefit b, step s of (actual − counterfactual weeks)[y, b, s] × weekly price(b, s, y)

A change in municipal expenditure, so a saving is negative (`docs/method/economy.md`). Because the comparison's weeks
carry their own refund step, it is a difference of costs, not of shares times an average rate. Both sides are valued
at the calendar year's own prices, whatever year the comparison lived in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.economy.actual_cost import ActualCosts
from gevinst.economy.valuation import LeftOut, PriceTable, price_table
from gevinst.effects.estimate import EffectReplicates, Floats, YearEffect
from gevinst.effects.replicates import interval
from gevinst.language import number, say
from gevinst.parameters.book import ParameterBook, Used, all_used
from gevinst.trace import Step

UNPRICED_LIMIT = 0.01
"""Up to this share of the weeks may be on benefits without a price before no kroner are given at all."""


@dataclass(frozen=True)
class Saving:
    """The kroner of one effect, under every replicate; row 0 is the estimate.

    `gross` and `net` `[replicate, year]` in DKK of each year's own prices. `unpriced` names benefits in which weeks
    were spent and for which there is no price, `unpriced_share` their share of all weeks; above `UNPRICED_LIMIT`
    the amounts may not be shown. `names` is what a reader calls the benefits, by their keys. `withheld` are the years
    that the effect has, but that may not be told.
    """

    years: tuple[int, ...]
    gross: Floats
    net: Floats
    used: tuple[Used, ...]
    unpriced: tuple[LeftOut, ...]
    unpriced_share: float
    prices: PriceTable
    names: Mapping[str, str] = field(default_factory=dict)
    withheld: tuple[int, ...] = ()

    @property
    def shown(self) -> bool:
        """Whether enough of the weeks have a price for kroner to be given."""
        return self.unpriced_share <= UNPRICED_LIMIT

    @property
    def by_year(self) -> tuple[YearEffect, ...]:
        """The intervals per year; empty where too many weeks have no price."""
        if not self.shown:
            return ()
        return tuple(
            YearEffect(year, interval(self.gross[:, y]), interval(self.net[:, y])) for y, year in enumerate(self.years)
        )


def value_effect(
    effect: EffectReplicates, book: ParameterBook, *, forecast_from: int | None = None,
    actual: ActualCosts | None = None,
) -> Saving:
    """Price an effect's person-weeks: by what such weeks did cost where `actual` knows it, else by rates and ladder.

    A benefit without a price is not taken as free, because a move to it would look like a saving: it is named in
    `unpriced`, and no kroner are given when it takes more than `UNPRICED_LIMIT` of the weeks. Raises the errors of
    `economy/valuation.price_table`.
    """
    difference = effect.actual_weeks - effect.counterfactual_weeks
    touched = np.any(np.abs(effect.actual_weeks[0]) + np.abs(effect.counterfactual_weeks[0]) > 0, axis=0)
    benefits = tuple(dict.fromkeys(b for (b, _), used in zip(effect.cells, touched, strict=True) if used))
    table = price_table(
        benefits, (0, 1, 2, 3), effect.years, book, forecast_from=forecast_from, unpriced="leave_out", actual=actual)
    gross, net = (np.zeros((len(difference), len(effect.years))) for _ in range(2))
    for c, (benefit, step) in enumerate(effect.cells):
        if benefit in table.benefits:
            place = table.benefits.index(benefit), 0 if step == OUTSIDE_LADDER else step
            gross += difference[:, :, c] * table.gross[place]
            net += difference[:, :, c] * table.net[place]
    weeks = np.maximum(effect.actual_weeks[0], effect.counterfactual_weeks[0])
    without_price = {(one.benefit, one.year): one for one in table.left_out}
    missing = sum(
        float(weeks[y, c])
        for y, year in enumerate(effect.years)
        for c, (benefit, step) in enumerate(effect.cells)
        if (one := without_price.get((benefit, year))) and one.holds(0 if step == OUTSIDE_LADDER else step)
    )
    share = missing / max(float(weeks.sum()), 1e-12)
    names = {key: book.benefit(key).name for key in benefits}
    return Saving(effect.years, gross, net, table.used, table.left_out, share, table, names,
                  tuple(year for year, _ in effect.withheld))


def explain_year(
    effect: EffectReplicates, saving: Saving, year: int, *, counted: str = "", together: Collection[int] = ()
) -> Step:
    """The ladder behind one year's saving: weeks with and without, by benefit and step, times price.

    `counted` says how many it rests on. Of the cells (places in `effect.cells`) in `together` only the sum of the
    kroner is told, in whole thousands: the weeks in them are of too few. Each line is the kroner of the weeks as they
    are printed; what they and the total are rounded by has a line of its own.
    """
    y = effect.years.index(year)
    parts, summed, merged, lines = list[Step](), 0.0, 0, 0.0
    for c, (benefit, step) in enumerate(effect.cells):
        actual, without = effect.actual_weeks[0, y, c], effect.counterfactual_weeks[0, y, c]
        if abs(actual) + abs(without) < 1e-9 or benefit not in saving.prices.benefits:
            continue
        b, s = saving.prices.benefits.index(benefit), 0 if step == OUTSIDE_LADDER else step
        price = saving.prices.net[b, s, y]
        if c in together:
            summed, merged = summed + float((actual - without) * price), merged + 1
            continue
        actual, without = round(float(actual), 1), round(float(without), 1)
        weeks = say(
            da=f"({number(actual, 1)} − {number(without, 1)}) uger × {number(price, 2)} kr.",
            en=f"({number(actual, 1)} − {number(without, 1)}) weeks × DKK {number(price, 2)}",
        )
        name = _cell_name(saving.names.get(benefit, benefit), step)
        parts.append(Step(name, _kroner((actual - without) * price), weeks))
        lines += round((actual - without) * price)
    if merged:
        why = say(
            da="lagt sammen, så få borgeres uger ikke kan ses", en="added up, so that the weeks of a few cannot be seen"
        )
        others = say(da="Andre ydelser og trin", en="Other benefits and steps")
        all_ = say(da="Alle ydelser og trin", en="All benefits and steps")
        parts.append(Step(others if parts else all_, _kroner(round(summed, -3)), why))
        lines += round(summed, -3)
    total = saving.net[0, y]
    if parts and abs(total - lines) >= 1:
        rounding = say(da="afrunding", en="rounding")
        parts.append(Step(rounding, _kroner(total - lines), say(
            da="uger vises med én decimal og summen i hele tusinde kroner",
            en="weeks are shown to one decimal and the sum in whole thousands")))
    return Step(
        say(da=f"Besparelse på forsørgelse {year}, netto efter refusion", en=f"Saving {year}, net of refund"),
        _kroner(total),
        say(
            da="Σ (deltagernes uger − uger uden indsats) × ugepris, pr. ydelse og trin på refusionstrappen",
            en="Σ (participants' weeks − weeks without) × weekly price, by benefit and refund step",
        ),
        counted,
        under=tuple(parts),
    )


def parameters_of(savings: Iterable[Saving], year: int) -> Step:
    """The parameters that the prices of `year` rest on, each once, with source and legal reference."""
    used = all_used(*(saving.used for saving in savings))
    first, last = date(year, 1, 1), date(year, 12, 31)
    of_year = [one for one in used if (one.valid_from or first) <= last and (one.valid_to or last) >= first]
    return Step(say(da=f"Parametre {year}", en=f"Parameters {year}"), "", under=tuple(one.as_step() for one in of_year))


def _kroner(dkk: float) -> str:
    return say(da=f"{number(dkk, 0)} kr.", en=f"DKK {number(dkk, 0)}")


def _cell_name(name: str, step: int) -> str:
    if step == OUTSIDE_LADDER:
        return name
    spans = ("1-4", "5-26", "27-52", "53+")
    return say(da=f"{name}, uge {spans[step]}", en=f"{name}, weeks {spans[step]}")
