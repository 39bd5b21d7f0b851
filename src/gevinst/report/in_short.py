"""Page one: three to five sentences for the reader who reads nothing else."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition, EffectSummary
from gevinst.follow_up.table import FollowUp, FollowUpYear
from gevinst.language import long_date, say
from gevinst.money import total
from gevinst.register.business_case import Basis, Line
from gevinst.report.amounts import finished, million, sign, years_text
from gevinst.report.charts.words import listed
from gevinst.report.sentences import parts_of_period, whole_period, year_in_short
from gevinst.report.small_numbers import too_few


def in_short(edition: Edition) -> tuple[str, ...]:
    """What was invested and saved, what is expected in all, against which budget, by which cases, how sure."""
    points = [_last_result(edition), _period(edition), _budget(edition), _cases(edition), _sureness(edition)]
    return tuple(finished(point) for point in points if point)


def all_realised(table: FollowUp) -> bool:
    """Whether every outcome of the table is a result."""
    return all(year.basis is Basis.REALISED for year in table.years if year.outcome)


def last_result(table: FollowUp) -> FollowUpYear | None:
    """The last year whose outcome is a whole result; None when there is none yet."""
    whole = [year for year in table.years if Line.NET in year.outcome and year.basis is Basis.REALISED]
    return whole[-1] if whole else None


def running_year(table: FollowUp) -> FollowUpYear | None:
    """The first year whose outcome is expected; None when all are results."""
    return next((year for year in table.years if Line.NET in year.outcome and year.basis is Basis.EXPECTED), None)


def _last_result(edition: Edition) -> str:
    year = last_result(edition.portfolio_follow_up)
    if year is None:
        return ""
    outcome = {line: figure.amount for line, figure in year.outcome.items()}
    return year_in_short(year.year, year.basis, outcome[Line.INVESTMENT], outcome[Line.SAVING], outcome[Line.NET])


def _period(edition: Edition) -> str:
    table = edition.portfolio_follow_up
    if Line.NET not in table.outcome_total:
        return ""
    outcome, done = table.outcome_total, all_realised(table)
    years = years_text(edition.portfolio.years)
    parts = parts_of_period(years, outcome[Line.INVESTMENT].amount, outcome[Line.SAVING].amount, done=done)
    return f"{parts} {whole_period(years, outcome[Line.NET].amount, done=done)}"


def _budget(edition: Edition) -> str:
    net = edition.portfolio_follow_up.budget_total.get(Line.NET)
    if net is None:
        return ""
    size, level, way = million(net.amount), net.amount.level, sign(net.amount)
    if way == 0:
        return say(da=f"Da investeringerne blev vedtaget, var forventningen, at de gik lige op ({level}).",
                   en=f"When the investments were adopted, they were expected to balance ({level}).")
    da, en = ("nettobesparelse", "net saving") if way < 0 else ("nettoudgift", "net cost")
    text = say(da=f"Da investeringerne blev vedtaget, var forventningen en {da} på {size} ({level}).",
               en=f"When the investments were adopted, a {en} of {size} was expected ({level}).")
    prudence = edition.portfolio.prudence
    if prudence is not None and prudence.laid_in:
        laid_in = total((amount for _, amount in prudence.laid_in), level)
        text += say(da=f" Af forsigtighed er kun {million(laid_in)} lagt ind i budgettet.",
                    en=f" For prudence only {million(laid_in)} is laid into the budget.")
    if level != edition.portfolio_follow_up.outcome_level:
        text += say(da=" Budget og resultat står i hver sit prisniveau og kan ikke trækkes direkte fra hinanden.",
                    en=" Budget and result are in different price levels and cannot be subtracted directly.")
    return text


def _cases(edition: Edition) -> str:
    """Which investments pay and which do not, the largest surplus by name, and which were stopped."""
    nets = {part.investment: part.outcome_total[Line.NET].amount for part in edition.follow_ups
            if Line.NET in part.outcome_total}
    done = all_realised(edition.portfolio_follow_up)
    if not nets:
        return ""
    paying = [number for number, net in nets.items() if sign(net) < 0]
    losing = [number for number, net in nets.items() if sign(net) > 0]
    text = say(
        da=f"{len(paying)} af {len(nets)} investeringer {'gav' if done else 'forventes at give'} overskud over hele "
           "perioden.",
        en=f"{len(paying)} of {len(nets)} investments {'gave' if done else 'are expected to give'} a surplus over the "
           "whole period.")
    if paying:
        best = min(paying, key=lambda number: nets[number].ore)
        text += say(da=f" Størst er overskuddet i investering {best} med {million(nets[best])}.",
                    en=f" The largest is in investment {best} with {million(nets[best])}.")
    if losing:
        told = listed([say(da=f"investering {number} ({million(nets[number])})",
                           en=f"investment {number} ({million(nets[number])})") for number in losing])
        text += say(da=f" Der {'var' if done else 'forventes'} underskud i {told}.",
                    en=f" A deficit {'came of' if done else 'is expected in'} {told}.")
    return text + _stopped(edition)


def _stopped(edition: Edition) -> str:
    stopped = [(case.number, case.stop.date) for case in edition.portfolio.investments if case.stop is not None]
    return "".join(say(da=f" Investering {number} blev stoppet den {long_date(day)}.",
                       en=f" Investment {number} was stopped on {long_date(day)}.") for number, day in stopped)


def _sureness(edition: Edition) -> str:
    savings = [figure for part in edition.follow_ups for year in part.years
               for line, figure in year.outcome.items() if line is Line.SAVING]
    computed = {figure.investment for figure in savings if figure.source == "computed"}
    order = [part.investment for part in edition.follow_ups]
    headlines = sorted((effect for effect in edition.effects if effect.headline),
                       key=lambda effect: order.index(effect.investment))
    if not savings:
        text = say(da="Notatet viser uger på ydelse, ikke beløb.",
                   en="The memo shows weeks on benefit, not amounts.") if headlines else ""
    elif not computed:
        text = say(
            da="Besparelserne er indberettede tal, ikke beregnet på borgernes forløb i dette notat. "
               "Deres usikkerhed er derfor ikke målt, men den er der.",
            en="The savings are recorded figures, not computed from persons' spells in this memo. "
               "Their uncertainty is therefore not measured, but it is there.")
    else:
        text = say(
            da=f"Besparelsen er anslået ud fra borgernes uger på ydelse i {len(computed)} af "
               f"{len(edition.follow_ups)} investeringer; resten er indberettede tal.",
            en=f"The saving is estimated from persons' weeks on benefit in {len(computed)} of "
               f"{len(edition.follow_ups)} investments; the rest are recorded figures.",
        ) if len(computed) < len(edition.follow_ups) else say(
            da="Besparelserne er anslået ud fra borgernes uger på ydelse.",
            en="The savings are estimated from persons' weeks on benefit.")
    doubt = _doubt(headlines)
    if doubt and edition.synthetic:
        doubt = say(da=" Kun på de opdigtede persondata:", en=" On the made-up personal data only:") + doubt
    return (text + doubt).strip()


def _doubt(headlines: list[EffectSummary]) -> str:
    """What the main methods say of the time on benefit: shorter, longer, undecided, or too few to say."""
    small = [effect.investment for effect in headlines if too_few(effect)]
    spans = {effect.investment: (effect.weeks_saved.low, effect.weeks_saved.high) for effect in headlines
             if not too_few(effect)}
    known = {number: (low, high) for number, (low, high) in spans.items() if low is not None and high is not None}
    shorter = [number for number, (low, _) in known.items() if low > 0]
    longer = [number for number, (_, high) in known.items() if high < 0]
    unsure = [number for number in known if number not in (*shorter, *longer)]
    told = (
        (shorter, say(da=f" Hovedmetoden anslår, at indsatsen har forkortet tiden på ydelse i investering "
                         f"{listed(shorter)}.",
                      en=" The main method estimates that the effort has shortened the time on benefit in investment "
                         f"{listed(shorter)}.")),
        (longer, say(da=f" Hovedmetoden anslår, at indsatsen har forlænget tiden på ydelse i investering "
                         f"{listed(longer)}.",
                      en=" The main method estimates that the effort has lengthened the time on benefit in investment "
                         f"{listed(longer)}.")),
        (unsure, say(da=f" For investering {listed(unsure)} kan det ikke afgøres, om indsatsen har forkortet tiden på "
                        "ydelse.",
                     en=" Whether the effort has shortened the time on benefit cannot be told for investment "
                        f"{listed(unsure)}.")),
        (small, say(da=f" Investering {listed(small)} har for få deltagere til, at der kan gives ét tal for effekten.",
                    en=f" Too few took part in investment {listed(small)} for a single figure of the effect.")),
    )
    return "".join(text for numbers, text in told if numbers)
