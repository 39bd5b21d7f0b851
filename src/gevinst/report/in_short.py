"""Page one: what the investments come to in one sentence, and three to five points for who reads nothing else."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.language import long_date, say
from gevinst.money import total
from gevinst.register.business_case import Line
from gevinst.report.amounts import Stated, million, sign, stretches
from gevinst.report.charts.words import listed
from gevinst.report.covered import Covered, all_realised, covered, last_result, rest_told, who
from gevinst.report.credible import biased_amounts
from gevinst.report.marks import marked
from gevinst.report.one_page_answer import Ground, no_answer
from gevinst.report.sentences import invested, parts_of_period, whole_period, year_in_short
from gevinst.report.sureness import sureness
from gevinst.report.typography import typeset


def in_short(edition: Edition) -> tuple[str, ...]:
    """What was invested and saved, what was budgeted, which cases pay, and how sure the figures are.

    Where a saving is computed by a method that is known to be biased, nothing is said of what was saved.
    """
    points = ([_invested(edition) + _stopped(edition), _budget(edition)] if biased_amounts(edition) else
              [_period(edition), _last_result(edition), _budget(edition), _cases(edition)])
    sure, points = sureness(edition), [point for point in points if point]
    return tuple(typeset(point) for point in ([*points, " ".join(sure)] if points and sure else [*points, *sure]))


def in_one_sentence(edition: Edition) -> str:
    """What the investments come to, over the years and of the investments that are stated, and what is not yet.

    Why it cannot be said, where cost and saving cannot be held together; empty where the method has a known bias and
    where nothing is stated in kroner.
    """
    table = edition.portfolio_follow_up
    net, of = table.outcome_total.get(Line.NET), covered(edition)
    if biased_amounts(edition) or not table.figures():
        return ""
    if net is None:
        return no_answer(Ground.PART if table.outcome_total else Ground.NOTHING, edition)
    return " ".join(text for text in (
        whole_period(of.period, net, done=all_realised(table), who=who(of)), rest_told(of)) if text)


def _period(edition: Edition) -> str:
    table = edition.portfolio_follow_up
    if Line.NET not in table.outcome_total:
        return ""
    outcome, of, last = table.outcome_total, covered(edition), last_result(table)
    if last is not None and of.years == (last.year,):  # what is said of that year is said of all
        return ""
    return parts_of_period(of.period, outcome[Line.INVESTMENT], outcome[Line.SAVING],
                           done=all_realised(table))


def _last_result(edition: Edition) -> str:
    year = last_result(edition.portfolio_follow_up)
    if year is None:
        return ""
    outcome = year.outcome
    return year_in_short(year.year, year.basis, outcome[Line.INVESTMENT], outcome[Line.SAVING], outcome[Line.NET])


def _invested(edition: Edition) -> str:
    """What was put in, year by year, without what came of it."""
    told = [say(da="at ", en="that ") + invested(year.outcome[Line.INVESTMENT], year.year, year.basis)
            for year in edition.portfolio_follow_up.years if Line.INVESTMENT in year.outcome]
    return say(da=f"Notatet viser, {listed(told)}.", en=f"The memo shows {listed(told)}.") if told else ""


def _budget(edition: Edition) -> str:
    net = edition.portfolio_follow_up.budget_total.get(Line.NET)
    if net is None:
        return ""
    size, level, way = million(net), net.amount.level, sign(net)
    if way == 0:
        return say(da=f"Da investeringerne blev vedtaget, var forventningen, at de gik lige op ({level}).",
                   en=f"When the investments were adopted, they were expected to balance ({level}).")
    da, en = ("nettobesparelse", "net saving") if way < 0 else ("nettoudgift", "net cost")
    text = say(da=f"Da investeringerne blev vedtaget, var forventningen en {da} på {size} ({level}).",
               en=f"When the investments were adopted, a {en} of {size} was expected ({level}).")
    prudence = edition.portfolio.prudence
    if prudence is not None and prudence.laid_in:
        laid_in = Stated(total((amount for _, amount in prudence.laid_in), level), f"{PORTFOLIO}/laid_in/total")
        if abs(laid_in.amount.ore) < abs(net.amount.ore):
            text += say(da=f" Af forsigtighed blev kun {million(laid_in)} lagt ind i budgettet.",
                        en=f" For prudence only {million(laid_in)} was laid into the budget.")
        else:
            text += say(da=f" Der blev lagt {million(laid_in)} ind i budgettet.",
                        en=f" {million(laid_in)} was laid into the budget.")
    outcome = edition.portfolio_follow_up.outcome_level
    if edition.portfolio_follow_up.outcome_total and level != outcome:
        text += say(da=f" Budgettet er i {level} og resultaterne i {outcome}, så de to kan ikke trækkes direkte fra "
                       "hinanden.",
                    en=f" The budget is in {level} and the results in {outcome}, so the two cannot be subtracted "
                       "directly.")
    of = covered(edition)
    if of.years and not of.whole:
        years = stretches([year.year for year in edition.portfolio_follow_up.years if year.budget])
        text += say(da=f" Budgettet gælder alle investeringer i {years} og kan ikke holdes op mod et resultat af en "
                       "del.",
                    en=f" The budget is for all investments in {years} and cannot be held against an outcome of a "
                       "part.")
    return text


def _cases(edition: Edition) -> str:
    """Which investments pay and which do not, the largest surplus by name, and which were stopped."""
    nets = {part.investment: part.outcome_total[Line.NET] for part in edition.follow_ups
            if Line.NET in part.outcome_total}
    done = all_realised(edition.portfolio_follow_up)
    if not nets:
        return ""
    paying = [number for number, net in nets.items() if sign(net) < 0]
    losing = [number for number, net in nets.items() if sign(net) > 0]
    text = _how_many(len(nets), len(paying), edition)
    if len(paying) == len(nets) == 1:
        text += say(da=f" Det er på {million(nets[paying[0]])}.", en=f" It is {million(nets[paying[0]])}.")
    elif paying:
        best = min(paying, key=lambda number: nets[number].amount.ore)
        text += say(da=f" Størst er overskuddet i investering {best} med {million(nets[best])}.",
                    en=f" The largest is in investment {best} with {million(nets[best])}.")
    if losing:
        told = listed([say(da=f"investering {number} ({million(nets[number])})",
                           en=f"investment {number} ({million(nets[number])})") for number in losing])
        text += say(da=f" Der {'var' if done else 'forventes'} underskud i {told}.",
                    en=f" {'There was a deficit' if done else 'A deficit is expected'} in {told}.")
    return text + _stopped(edition)


def _how_many(stated: int, paying: int, edition: Edition) -> str:
    """How many investments pay, of those with both cost and saving, in the years that are stated."""
    done, of, all_ = all_realised(edition.portfolio_follow_up), covered(edition), len(edition.follow_ups)
    when, count = _when(of), marked(f"{PORTFOLIO}/paying", str(paying))
    gave = say(da="gav" if done else "forventes at give", en="gave" if done else "are expected to give")
    if stated == all_:
        return say(da=f"{count} af {all_} investeringer {gave} overskud {when}.",
                   en=f"{count} of {all_} investments {gave} a surplus {when}.")
    both = "" if stated == len(of.investments) else say(da=" med både udgift og besparelse",
                                                        en=" with both cost and saving")
    many = marked(f"{PORTFOLIO}/{'stated_both' if both else 'stated'}", str(stated))
    only = say(da=f"Kun {many} af {all_} investeringer er opgjort{both}.",
               en=f"Only {many} of {all_} investments {'is' if stated == 1 else 'are'} stated{both}.")
    if stated == 1:
        return f"{only} {_the_one(when, pays=bool(paying), done=done)}"
    return only + say(da=f" {count} af dem {gave} overskud {when}.", en=f" {count} of them {gave} a surplus {when}.")


def _the_one(when: str, *, pays: bool, done: bool) -> str:
    if done:
        return say(da=f"Den gav {'' if pays else 'ikke '}overskud {when}.",
                   en=f"It {'gave' if pays else 'did not give'} a surplus {when}.")
    return say(da=f"Den forventes {'' if pays else 'ikke '}at give overskud {when}.",
               en=f"It is {'' if pays else 'not '}expected to give a surplus {when}.")


def _when(of: Covered) -> str:
    if of.no_years or of.some:
        return say(da=f"i {of.period}", en=f"in {of.period}")
    return say(da="over hele perioden", en="over the whole period")


def _stopped(edition: Edition) -> str:
    stopped = [(case.number, case.stop.date) for case in edition.portfolio.investments if case.stop is not None]
    return "".join(say(da=f" Investering {number} blev stoppet den {long_date(day)}.",
                       en=f" Investment {number} was stopped on {long_date(day)}.") for number, day in stopped)
