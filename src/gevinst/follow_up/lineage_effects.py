"""The ladders of the effects: weeks, kroner, how many they rest on, and what stands behind the main method."""

from __future__ import annotations

from collections.abc import Iterator

from gevinst.effects.estimate import Interval
from gevinst.follow_up.edition import Edition, EffectSummary
from gevinst.follow_up.effect_detail import Chance, EffectDetail, PaidBack, PortfolioEffect
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.follow_up.lineage_words import (
    COMPUTED,
    FILES,
    INTERVAL,
    counted,
    dkk,
    few_took_part,
    spanned,
    when,
    whose,
)
from gevinst.language import number, percent, say
from gevinst.trace import Step

Ladders = Iterator[tuple[str, Step]]


def effect_ladders(edition: Edition) -> Ladders:
    """Of every estimator of every investment, of what stands behind the main ones, and of the portfolio."""
    for effect in edition.effects:
        yield from _of_estimator(effect, edition)
    for detail in edition.details:
        yield from _of_chances(detail.investment, detail.chances if detail.claim else (), detail.estimator)
        for account in detail.accounts:
            yield from _of_account(account, detail)
        yield from _of_detail(detail, edition)
    if edition.portfolio_effect is not None:
        yield from _of_portfolio(edition.portfolio_effect, edition)


def _of_estimator(effect: EffectSummary, edition: Edition) -> Ladders:
    base, point = figure_id(effect.investment, "effect", effect.estimator), not few_took_part(effect, edition)
    named = f"{whose(effect.investment)}: {effect.name or effect.estimator}"
    beside = () if effect.comparison == 0 else (f"{base}/comparison",)
    rests = (f"{base}/participants", *beside, *COMPUTED)
    against = (Step(say(da="sammenlignet med", en="compared with"), effect.comparison_label),
               ) if effect.comparison_label else ()
    yield f"{base}/weeks_saved", Step(
        say(da="Sparede uger på ydelsen pr. deltager", en="Weeks on benefit saved per participant") + named,
        spanned(effect.weeks_saved, 1, say(da="uger", en="weeks"), point=point),
        say(da=f"Σ uge 0 til {effect.horizon_weeks - 1} efter start: andel på ydelsen uden indsatsen − andel med",
            en=f"Σ weeks 0 to {effect.horizon_weeks - 1} after the start: share on the benefit without − share with"),
        effect.weakness, under=against, see=rests)
    yield f"{base}/horizon_weeks", Step(
        say(da="Uger efter start, der regnes med", en="Weeks after the start that are counted") + named,
        number(effect.horizon_weeks),
        say(da="protokollens uger, dog højst så mange, som begge grupper kan følges",
            en="the protocol's weeks, but no more than both groups can be followed"), see=COMPUTED)
    yield f"{base}/participants", counted(
        say(da="Deltagere bag svaret", en="Participants behind the answer") + named, effect.participants, edition,
        say(da="startede i indsatsen, var på målgruppens ydelse i startugen, og kan sammenlignes",
            en="started in the effort, were on the target group's benefit in the week they started, and are compared"))
    if effect.comparison != 0:
        yield f"{base}/comparison", counted(
            say(da="Forløb, der sammenlignes med", en="Spells compared with") + named, effect.comparison, edition,
            say(da="en person kan have flere forløb", en="a person may have several spells"))
    if effect.notes:
        yield f"{base}/remarks", Step(
            say(da="Bemærkninger til svaret", en="Remarks on the answer") + named, "", "; ".join(effect.notes),
            see=COMPUTED)
    for year in effect.by_year:
        yield f"{base}/{year.year}/net", _net(named, year.year, year.net, rests, point=point)
    if effect.net_total is not None:
        each = tuple(f"{base}/{year.year}/net" for year in effect.by_year)
        yield f"{base}/total/net", Step(
            _net_label(None) + named, dkk(effect.net_total, point=point), say(da="Σ år", en="Σ years"),
            see=(*each, *rests))


def _net(named: str, year: int, net: Interval, rests: tuple[str, ...], *, point: bool) -> Step:
    return Step(
        _net_label(year) + named, dkk(net, point=point),
        say(da="Σ (deltagernes uger − uger uden indsats) × ugepris efter refusion, pr. ydelse og trin",
            en="Σ (participants' weeks − weeks without) × weekly price after refund, by benefit and step"),
        see=rests)


def _net_label(year: int | None) -> str:
    return say(da=f"Ændring i kommunens nettoudgift til forsørgelse {when(year)}",
               en=f"Change in the municipality's net expenditure on benefits {when(year)}")


def _of_chances(investment: str, chances: tuple[Chance, ...], estimator: str = "") -> Ladders:
    for chance in chances:
        base = figure_id(investment, "chance", chance.year)
        if investment == PORTFOLIO:
            of = figure_id(PORTFOLIO, "effect", chance.year, "net")
            against = figure_id(PORTFOLIO, "saving", chance.year, "budget")
        else:
            of = figure_id(investment, "effect", estimator, chance.year, "net")
            against = figure_id(investment, "saving", chance.year, "budget")
        rests = (of, figure_id(investment, "detail", "evidence"), *COMPUTED)
        named = "" if investment == PORTFOLIO else whose(investment)
        if chance.reaches_budget is not None:
            yield f"{base}/budget", Step(
                say(da=f"Sandsynlighed for, at budgettet er nået {when(chance.year)}",
                    en=f"Probability that the budget was reached {when(chance.year)}") + named,
                _chance(chance.reaches_budget),
                say(da="andel af gentagelserne, hvor besparelsen er mindst budgettets, i samme priser",
                    en="share of the replicates in which the saving is at least the budget's, at the same prices"),
                see=(against, *rests))
        if chance.covers_investment is not None:
            yield f"{base}/investment", Step(
                say(da=f"Sandsynlighed for, at investeringen er dækket {when(chance.year)}",
                    en=f"Probability that the investment was covered {when(chance.year)}") + named,
                _chance(chance.covers_investment),
                say(da="andel af gentagelserne, hvor besparelsen er mindst det, der er brugt",
                    en="share of the replicates in which the saving is at least what was spent"),
                see=rests)


def _chance(probability: float) -> str:
    """Never told as certain, as in the memo."""
    if probability >= 0.995:
        return say(da="over 99 %", en="over 99%")
    return say(da="under 1 %", en="under 1%") if probability < 0.005 else percent(probability, 0)


def _of_account(account: PaidBack, detail: EffectDetail) -> Ladders:
    base, year = figure_id(detail.investment, "account", account.year), account.year
    named = f" {when(year)}{whose(detail.investment)}"
    net = figure_id(detail.investment, "effect", detail.estimator, year, "net")
    yield f"{base}/spent", Step(
        say(da="Investeret", en="Invested") + named, dkk(Interval(account.spent)),
        say(da="posteringer, ellers det, der er indberettet", en="postings, else what was recorded"),
        see=(*([figure_id(detail.investment, "account", one.year, "spent") for one in detail.accounts if one.year]
               if year is None else [figure_id(detail.investment, "investment", year, basis)
                                     for basis in ("realised", "expected")]), FILES))
    yield f"{base}/saving", Step(
        say(da="Ændring i udgiften til forsørgelse, hovedmetoden", en="Change in expenditure on benefits, main method")
        + named, dkk(account.saving, point=detail.claim),
        see=(net, figure_id(detail.investment, "detail", "evidence"), *COMPUTED))
    yield f"{base}/net", Step(
        say(da="Investeret og forsørgelse lagt sammen", en="Invested and benefits together") + named,
        dkk(account.net, point=detail.claim), say(da="investeret + ændring", en="invested + change"),
        see=(f"{base}/spent", f"{base}/saving", INTERVAL))


def _of_detail(detail: EffectDetail, edition: Edition) -> Ladders:
    base, named = figure_id(detail.investment, "detail"), whose(detail.investment)
    headline = figure_id(detail.investment, "effect", detail.estimator, "weeks_saved")
    if detail.weeks_any_support is not None and detail.claim:
        yield f"{base}/any_support", Step(
            say(da="Sparede uger på al offentlig forsørgelse pr. deltager",
                en="Weeks on any public support saved per participant") + named,
            spanned(detail.weeks_any_support, 1, say(da="uger", en="weeks")),
            say(da="som sparede uger, men en uge på en anden ydelse tæller med",
                en="as weeks saved, but a week on another benefit counts"),
            see=(headline, *COMPUTED))
    if detail.spread is not None:
        each = tuple(figure_id(one.investment, "effect", one.estimator, "weeks_saved") for one in edition.effects
                     if one.investment == detail.investment)
        low, high = (number(edge, 1) for edge in detail.spread)
        yield f"{base}/spread", Step(
            say(da="Valget af metode: mindste og største svar", en="The choice of method: least and largest answer")
            + named, say(da=f"{low} til {high} uger", en=f"{low} to {high} weeks"),
            say(da="min og max over metoderne", en="min and max over the methods"), see=each)
    if detail.e_value is not None and detail.claim:
        limit = () if detail.e_value_limit is None else (
            Step(say(da="for den grænse af intervallet, der er nærmest nul", en="of the limit nearest nought"),
                 number(detail.e_value_limit, 2)),)
        yield f"{base}/e_value", Step(
            say(da="E-værdi", en="E-value") + named, number(detail.e_value, 2),
            say(da="R + √(R × (R − 1)), R = middeluger på ydelsen uden indsatsen ÷ med, eller omvendt når under 1",
                en="R + √(R × (R − 1)), R = mean weeks on the benefit without ÷ with, or its inverse where below 1"),
            "VanderWeele & Ding 2017", under=limit, see=(headline, *COMPUTED))
    yield f"{base}/evidence", Step(
        say(da="Grundlaget for tallet", en="The evidence for the figure") + named,
        f"{detail.evidence.grade} ({detail.evidence.name})" if detail.evidence.name else detail.evidence.grade,
        detail.evidence.meaning, under=tuple(Step(reason, "") for reason in detail.evidence.reasons),
        see=(headline, f"{base}/balance", f"{base}/placebo"))


def _of_portfolio(whole: PortfolioEffect, edition: Edition) -> Ladders:
    base = figure_id(PORTFOLIO, "effect")
    mains = {one.investment: one.estimator for one in edition.effects if one.headline}

    def parts(year: int | None) -> tuple[str, ...]:
        known = [one for one in whole.investments if one in mains]
        return (*(figure_id(one, "effect", mains[one], year, "net") for one in known),
                *(figure_id(one, "detail", "evidence") for one in known))

    told: list[tuple[int | None, Interval]] = [*whole.net_by_year]
    told += [(None, whole.net_total)] if whole.net_total is not None else []
    for year, net in told:
        yield figure_id(PORTFOLIO, "effect", year, "net"), Step(
            _net_label(year) + say(da=", alle investeringer", en=", all investments"), dkk(net),
            say(da="Σ over personer, så ingen tælles to gange; gentagelserne er fælles, så sammenhængen er med",
                en="Σ over persons, so that no one counts twice; the replicates are common, so correlation is kept"),
            see=(*parts(year), f"{base}/counted_once", *COMPUTED))
    yield f"{base}/counted_once", counted(
        say(da="Deltagere i mere end én investering, regnet med én gang",
            en="Participants in more than one investment, counted once"), whole.counted_once, edition)
    yield from _of_chances(PORTFOLIO, whole.chances)
