"""The answer on the page for a politician: one sentence on what came of the money, or why it cannot be said.

Never more than the memo says: where the memo tells no result because the method is biased, refuted by its own tests, or
rests on too few, the page says that. Where the saving is computed, the sentence follows its interval.
"""

from __future__ import annotations

from enum import StrEnum

from gevinst.follow_up.edition import Edition, EffectSummary
from gevinst.follow_up.effect_detail import EffectDetail, PaidBack
from gevinst.follow_up.table import FollowUp
from gevinst.language import say
from gevinst.money import Amount, total
from gevinst.register.business_case import Investment, Line, Status
from gevinst.report.amount_tables import notes
from gevinst.report.amounts import stretches
from gevinst.report.charts.words import listed
from gevinst.report.covered import all_realised, covered, how_many_told
from gevinst.report.credible import biased_amounts, credible, headlines, refuted, too_few, withheld
from gevinst.report.effect.accounts import amount
from gevinst.report.effect.told import detail_of, is_sound
from gevinst.report.one_page_amounts import Scale, surplus_named, years_with


class Ground(StrEnum):
    """What an answer rests on, or why there is none."""

    RECORDED = "recorded"  # amounts that were typed in
    COMPUTED = "computed"  # a saving computed from persons' spells by a sound method
    WEEKS = "weeks"  # weeks on benefit by a sound method, and no amounts
    FEW = "few"  # too few took part
    BIASED = "biased"  # the method has a known bias
    REFUTED = "refuted"  # tests of the method found an effect where there can be none
    PART = "part"  # only one side of the account is known
    NOTHING = "nothing"  # neither results nor expectations
    NOT_BEGUN = "not_begun"


TOLD = (Ground.RECORDED, Ground.COMPUTED)
"""Where the net amount is told."""
UNTOLD = (Ground.FEW, Ground.BIASED, Ground.REFUTED)
"""Where there is a result that may not be told as one."""


def ground(case: Investment, edition: Edition) -> Ground:
    """What the answer for an investment rests on."""
    table, effect = edition.follow_up(case.number), headline(case.number, edition)
    if computed(table):
        if effect is not None and credible(effect, edition) and too_few(effect, edition):
            return Ground.FEW
        if case.number in biased_amounts(edition):
            return _unsound(effect, edition)
    if Line.NET in table.outcome_total:
        return Ground.COMPUTED if computed(table) else Ground.RECORDED
    if table.outcome_total:
        return Ground.PART
    if effect is not None and not credible(effect, edition):
        return _unsound(effect, edition)
    if effect is not None:
        return Ground.FEW if too_few(effect, edition) else Ground.WEEKS
    if withheld(case, edition):
        return Ground.FEW
    return Ground.NOT_BEGUN if case.status is Status.PROPOSED else Ground.NOTHING


def _unsound(effect: EffectSummary | None, edition: Edition) -> Ground:
    if effect is not None and refuted(effect, edition):
        return Ground.REFUTED
    return Ground.FEW if effect is not None and too_few(effect, edition) else Ground.BIASED


def headline(investment: str, edition: Edition) -> EffectSummary | None:
    """The main method's answer for an investment."""
    return next((effect for effect in headlines(edition) if effect.investment == investment), None)


def sound_detail(investment: str, edition: Edition) -> EffectDetail | None:
    """What stands behind the effect, where it may be told with a figure."""
    detail = detail_of(investment, edition)
    return detail if detail is not None and detail.claim and is_sound(detail, edition) else None


def computed(table: FollowUp) -> bool:
    """Whether a saving in the table is computed from persons' spells."""
    return any(Line.SAVING in year.outcome and year.outcome[Line.SAVING].source == "computed" for year in table.years)


def account_of(investment: str, edition: Edition) -> tuple[PaidBack, str] | None:
    """What was spent and came back in all years with a result, and which years those are; None where not told."""
    detail = sound_detail(investment, edition)
    if detail is None:
        return None
    whole = next((account for account in detail.accounts if account.year is None), None)
    if whole is None or whole.net.low is None or whole.net.high is None:
        return None
    return whole, stretches([account.year for account in detail.accounts if account.year is not None])


def unsettled(account: PaidBack, scale: Scale) -> bool:
    """Whether the interval of an account's net holds both a surplus and a deficit, as printed."""
    low, high = (amount(edge or 0.0, account.level) for edge in (account.net.low, account.net.high))
    return scale.sign(low) * scale.sign(high) <= 0


def answer(case: Investment, edition: Edition, scale: Scale) -> str:
    """What came of the money of one investment, in a sentence."""
    table, why = edition.follow_up(case.number), ground(case, edition)
    if why is Ground.COMPUTED:
        found = account_of(case.number, edition)
        told = net_answer(table, scale, hedged=True) if found is None else _computed(*found, scale)
        return made_up(edition) + told
    if why is Ground.RECORDED:
        return net_answer(table, scale)
    if why is Ground.WEEKS:
        return made_up(edition) + _weeks(headline(case.number, edition))
    return no_answer(why, edition)


def made_up(edition: Edition) -> str:
    """What stands before a finding about persons where the persons are made up."""
    return say(da="Kun på opdigtede persondata: ", en="On made-up personal data only: ") if edition.synthetic else ""


def net_answer(table: FollowUp, scale: Scale, *, hedged: bool = False, several: bool = False) -> str:
    """The net of all years with an outcome, in words that follow its sign and the saving's."""
    outcome = {line: figure.amount for line, figure in table.outcome_total.items()}
    years, done, way = years_with(table), all_realised(table), scale.sign(outcome[Line.NET])
    got = _got(years, done=done, hedged=hedged)
    if scale.sign(outcome[Line.SAVING]) >= 0 and scale.sign(outcome[Line.INVESTMENT]) > 0:
        benefits = benefits_became(outcome[Line.SAVING], scale, done=done)
        nothing = got.replace(" at få", " ikke at få noget") if " at få" in got else f"{got} ikke noget"
        return say(da=f"{nothing} igen: Kommunens {benefits}.",
                   en=f"{got} nothing back: the municipality's {benefits}.")
    cost = _cost(done=done, several=several)
    if way == 0:
        return say(da=f"{got} lige så meget igen, som {cost}.", en=f"{got} as much back as {cost}.")
    size = scale.size(outcome[Line.NET])
    return say(da=f"{got} {size} {'mere' if way < 0 else 'mindre'} igen, end {cost}.",
               en=f"{got} {size} {'more' if way < 0 else 'less'} back than {cost}.")


def _got(years: str, *, done: bool, hedged: bool) -> str:
    if hedged:
        return say(da=f"Det bedste bud er, at kommunen i {years} {'fik' if done else 'får'}",
                   en=f"The best estimate is that in {years} the municipality {'got' if done else 'will get'}")
    return say(da=f"I {years} {'fik kommunen' if done else 'forventes kommunen at få'}",
               en=f"In {years} the municipality {'got' if done else 'is expected to get'}")


def _cost(*, done: bool, several: bool) -> str:
    return say(da=f"{'indsatserne' if several else 'indsatsen'} {'kostede' if done else 'koster'}",
               en=f"the {'efforts' if several else 'effort'} {'cost' if done or several else 'costs'}")


def benefits_became(saving: Amount, scale: Scale, *, done: bool) -> str:
    """What became of the expenditure on benefits, as a clause without its owner."""
    way, size = scale.sign(saving), scale.size(saving)
    if way == 0:
        return say(da=f"udgifter til forsørgelse {'blev' if done else 'forventes'} uændrede",
                   en=f"expenditure on benefits {'was' if done else 'is expected to be'} unchanged")
    return say(da=f"udgifter til forsørgelse {'blev' if done else 'forventes at blive'} {size} "
                  f"{'lavere' if way < 0 else 'højere'}",
               en=f"expenditure on benefits {'was' if done else 'is expected to be'} {size} "
                  f"{'lower' if way < 0 else 'higher'}")


def _computed(account: PaidBack, years: str, scale: Scale) -> str:
    """Whether the effort has paid off in the years with a result, by the interval of its account."""
    if unsettled(account, scale):
        best = surplus_named(amount(account.net.estimate, account.level), scale)
        return say(da=f"Det er usikkert, om indsatsen har tjent sig hjem: Det bedste bud for {years} er {best}, men "
                      f"det kan være alt fra {net_span(account, scale)}.",
                   en=f"It is uncertain whether the effort has paid off: the best estimate for {years} is {best}, but "
                      f"it may be anything from {net_span(account, scale)}.")
    paid = (account.net.estimate or 0.0) < 0
    if paid:
        return say(da=f"Indsatsen ser ud til at have tjent sig hjem: I {years} fik kommunen mellem "
                      f"{_between(account, scale)} mere igen, end den kostede.",
                   en=f"The effort seems to have paid off: in {years} the municipality got between "
                      f"{_between(account, scale)} more back than it cost.")
    return say(da=f"Indsatsen ser ikke ud til at have tjent sig hjem: I {years} fik kommunen mellem "
                  f"{_between(account, scale)} mindre igen, end den kostede.",
               en=f"The effort does not seem to have paid off: in {years} the municipality got between "
                  f"{_between(account, scale)} less back than it cost.")


def net_span(account: PaidBack, scale: Scale) -> str:
    """`et overskud på 1,3 mio. kr. til et underskud på 0,5 mio. kr.`, the surplus first."""
    low, high = (surplus_named(amount(edge or 0.0, account.level), scale)
                 for edge in (account.net.low, account.net.high))
    return say(da=f"{low} til {high}", en=f"{low} to {high}")


def _between(account: PaidBack, scale: Scale) -> str:
    return between(amount(account.net.low or 0.0, account.level), amount(account.net.high or 0.0, account.level), scale)


def between(one: Amount, other: Amount, scale: Scale) -> str:
    """`0,4 mio. kr. og 1,3 mio. kr.`, the smaller first."""
    return say(da=" og ", en=" and ").join(scale.size(edge) for edge in sorted((one, other), key=_size_of))


def _size_of(one: Amount) -> int:
    return abs(one.ore)


def _weeks(effect: EffectSummary | None) -> str:
    """What a sound method says of the time on benefit, where nothing is stated in kroner."""
    low, high = (None, None) if effect is None else (effect.weeks_saved.low, effect.weeks_saved.high)
    not_in_kroner = say(da="Hvad det er værd i kroner, er ikke gjort op.",
                        en="What that is worth in kroner has not been stated.")
    if low is not None and low > 0:
        return notes(say(da="Deltagerne ser ud til at være kommet hurtigere ud af ydelsen.",
                         en="The participants seem to have left the benefit sooner."), not_in_kroner)
    if high is not None and high < 0:
        return notes(say(da="Deltagerne ser ud til at være blevet længere på ydelsen.",
                         en="The participants seem to have stayed longer on the benefit."), not_in_kroner)
    return say(da="Det kan ikke afgøres, om indsatsen har hjulpet deltagerne hurtigere ud af ydelsen.",
               en="It cannot be told whether the effort has helped the participants off the benefit sooner.")


def no_answer(why: Ground, edition: Edition) -> str:
    """Why it cannot be said what came of the money."""
    least = edition.minimum_participants
    cannot = say(da="Det kan vi ikke svare på: ", en="We cannot tell: ") if edition.period_over else say(
        da="Det er for tidligt at svare: ", en="It is too early to tell: ")
    return {
        Ground.FEW: say(
            da=f"Det kan vi ikke svare på: Svaret skal hvile på mindst {least} deltagere, ellers kan tilfældigheder "
               "fylde mere end indsatsen.",
            en=f"We cannot tell: the answer must rest on at least {least} participants, or chance may weigh more than "
               "the effort."),
        Ground.BIASED: say(
            da="Det kan vi ikke svare på: Virkningen er regnet ud på en måde, der er skæv, så tallet ikke er et "
               "resultat.",
            en="We cannot tell: the effect is computed in a way that is biased, so the figure is no result."),
        Ground.REFUTED: say(
            da="Det kan vi ikke svare på: Prøver af regnemetoden fandt en virkning, hvor der ingen kan være.",
            en="We cannot tell: tests of the method found an effect where there can be none."),
        Ground.PART: cannot + say(
            da="Regnskabet for indsatsen er ikke helt, så udgift og besparelse kan ikke holdes op mod hinanden.",
            en="the account is not whole, so cost and saving cannot be held against each other."),
        Ground.NOT_BEGUN: cannot + say(da="Investeringen er ikke begyndt.", en="the investment has not begun."),
    }.get(why, cannot + (_no_result(edition) if edition.period_over else say(
        da="Der er endnu ingen resultater.", en="there are no results yet.")))


def _no_result(edition: Edition) -> str:
    """Why there is no result though the years are over."""
    if edition.data_horizon is None:
        return say(da="Der er ikke indberettet et resultat, og notatet er lavet uden borgernes data.",
                   en="no result was recorded, and the memo is made without persons' data.")
    return say(da="Der er ikke indberettet et resultat, og borgernes data gav heller ikke et.",
               en="no result was recorded, and persons' data gave none either.")


def what_it_cost(case: Investment, edition: Edition, scale: Scale) -> str:
    """What the effort costs, what comes back, and what was counted on when it was adopted."""
    table, why = edition.follow_up(case.number), ground(case, edition)
    return notes(cost_and_return(table, scale, told=why in TOLD), adopted(table, scale))


def cost_and_return(table: FollowUp, scale: Scale, *, told: bool, several: bool = False) -> str:
    """The two sides of the account over all years with an outcome; only the cost where no saving may be told."""
    spent, saving = table.outcome_total.get(Line.INVESTMENT), table.outcome_total.get(Line.SAVING)
    if spent is None:
        return ""
    done, years = all_realised(table), years_with(table, Line.INVESTMENT)
    way, size = scale.sign(spent.amount), scale.size(spent.amount)
    effort_da, effort_en = ("indsatserne", "the efforts") if several else ("indsatsen", "the effort")
    are = "are" if several else "is"
    if way < 0:
        cost = say(da=f"I {years} {'gav' if done else 'forventes'} {effort_da} {'' if done else 'at give '}en indtægt "
                      f"på {size}",
                   en=f"In {years} {effort_en} {'gave' if done else f'{are} expected to give'} an income of {size}")
    else:
        cost = say(da=f"I {years} {'kostede' if done else 'forventes'} {effort_da} {'' if done else 'at koste '}{size}",
                   en=f"In {years} {effort_en} {'cost' if done else f'{are} expected to cost'} {size}")
    if not told or saving is None:
        return f"{cost}."
    benefits = benefits_became(saving.amount, scale, done=done)
    return say(da=f"{cost}, og kommunens {benefits}.", en=f"{cost}, and the municipality's {benefits}.")


def adopted(table: FollowUp, scale: Scale, *, several: bool = False) -> str:
    """What was counted on when the money was granted; empty where there is no whole budget."""
    net = table.budget_total.get(Line.NET)
    if net is None:
        return ""
    return say(da=f"Da {'investeringerne' if several else 'investeringen'} blev vedtaget, var forventningen "
                  f"{surplus_named(net.amount, scale)}.",
               en=f"When the {'investments were' if several else 'investment was'} adopted, "
                  f"{surplus_named(net.amount, scale)} was expected.")


def laid_in(edition: Edition, scale: Scale) -> str:
    """How much of what was counted on was laid into the budget; empty where it is all of it, or not known."""
    net, prudence = edition.portfolio_follow_up.budget_total.get(Line.NET), edition.portfolio.prudence
    if net is None or prudence is None or not prudence.laid_in:
        return ""
    laid = total((part for _, part in prudence.laid_in), net.amount.level)
    if abs(laid.ore) >= abs(net.amount.ore):
        return ""
    return say(da=f"Af forsigtighed blev kun {scale.size(laid)} lagt ind i budgettet.",
               en=f"For prudence only {scale.size(laid)} was laid into the budget.")


def portfolio_answer(edition: Edition, scale: Scale) -> str:
    """What came of the money of all investments together, in a sentence."""
    table, biased = edition.portfolio_follow_up, biased_amounts(edition)
    if biased:
        return say(
            da=f"Det kan vi ikke svare samlet på: Besparelsen i investering {listed(biased)} kan ikke læses som et "
               "resultat.",
            en=f"We cannot give one answer: the saving in investment {listed(biased)} must not be read as a result.")
    if Line.NET not in table.outcome_total:
        return no_answer(Ground.PART if table.outcome_total else Ground.NOTHING, edition)
    told = net_answer(table, scale, several=True, hedged=any(computed(part) for part in edition.follow_ups))
    return notes(told, how_many_told(covered(edition)))
