"""The bridge and the exposure clock in words: what each step is called, what it means, and the ladder behind it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from gevinst.follow_up.bridge import Bridge, Cause, Drivers, Missing
from gevinst.follow_up.exposure import Day, Exposure
from gevinst.follow_up.undisturbed import Undisturbed
from gevinst.language import number, percent, say
from gevinst.money import Amount
from gevinst.trace import Step


def cause_name(cause: Cause) -> str:
    """What a reader calls a step."""
    return {
        Cause.VOLUME: say(da="Deltagere", en="Participants"),
        Cause.TIMING: say(da="Lukkede uger", en="Closed weeks"),
        Cause.EFFECT: say(da="Effekt pr. deltager", en="Effect per participant"),
        Cause.PRICE: say(da="Pris og refusion", en="Price and refund"),
        Cause.STOP: say(da="Tidligt stop", en="Early stop"),
        Cause.SPENDING: say(da="Udgift til indsats", en="Spending on the effort"),
        Cause.REST: say(da="Rest", en="Rest"),
    }[cause]


def cause_meaning(cause: Cause) -> str:
    """What a step means, in a sentence."""
    return {
        Cause.VOLUME: say(
            da="flere eller færre, end de åbne uger havde plads til, gange planens besparelse pr. deltager",
            en="more or fewer than the open weeks had room for, times the plan's saving per participant",
        ),
        Cause.TIMING: say(
            da="den del af planens besparelse, der falder på uger, hvor henvisningen var afbrudt",
            en="the part of the plan's saving that falls on weeks in which referrals were suspended",
        ),
        Cause.EFFECT: say(
            da="hvad hver deltager sparede i forhold til planen, i budgettets priser",
            en="what each participant saved beside the plan, at the budget's prices",
        ),
        Cause.PRICE: say(
            da="ændrede satser, refusion og prisniveau for de samme uger",
            en="changed rates, refund and price level for the same weeks",
        ),
        Cause.STOP: say(
            da="planens besparelse efter stoppet, mindre de penge til indsatsen, der kom tilbage",
            en="the plan's saving after the stop, less the money for the effort that came back",
        ),
        Cause.SPENDING: say(
            da="forskellen mellem brugt og budgetteret til indsatsen, ud over stoppet",
            en="the difference between spent and budgeted on the effort, beside the stop",
        ),
        Cause.REST: say(
            da="det, der ikke kan skilles ud, og som får summen til at gå op",
            en="what cannot be told apart, and makes the sum foot",
        ),
    }[cause]


def missing_words(missing: Missing) -> str:
    """Why a step lies in the rest, as the end of a sentence."""
    return {
        Missing.PLAN: say(da="planen har intet deltagertal", en="the plan has no number of participants"),
        Missing.PARTICIPANTS: say(
            da="deltagertallet er ikke opgjort for alle år", en="the participants were not counted in every year"
        ),
        Missing.FEW: say(da="der er for få deltagere til at vise det", en="there are too few participants to show it"),
        Missing.EFFECT: say(
            da="resultatet er ikke beregnet på borgerforløb", en="the result was not computed from persons"
        ),
        Missing.INDEX: say(
            da="omregningen fra budgettets prisniveau kendes ikke",
            en="the conversion from the budget's price level is not known",
        ),
    }[missing]


def formula(cause: Cause) -> str:
    """How a step is got, in words and signs."""
    return {
        Cause.VOLUME: say(
            da="budgetteret besparelse × (deltagere ÷ planlagte − (1 − andel efter stop) × åben andel)",
            en="budgeted saving × (participants ÷ planned − (1 − share after stop) × open share)",
        ),
        Cause.TIMING: say(
            da="budgetteret besparelse × (1 − andel efter stop) × (åben andel − 1)",
            en="budgeted saving × (1 − share after stop) × (open share − 1)",
        ),
        Cause.EFFECT: say(
            da="besparelse i budgettets priser − budgetteret besparelse × deltagere ÷ planlagte",
            en="saving at the budget's prices − budgeted saving × participants ÷ planned",
        ),
        Cause.PRICE: say(
            da="besparelse − besparelse i budgettets priser", en="saving − saving at the budget's prices"
        ),
        Cause.STOP: say(
            da="−budgetteret besparelse × andel efter stop − investering, der kom tilbage",
            en="−budgeted saving × share after stop − investment returned",
        ),
        Cause.SPENDING: say(
            da="brugt − budgetteret investering + investering, der kom tilbage ved stoppet",
            en="spent − budgeted investment + investment returned at the stop",
        ),
        Cause.REST: say(da="resultat − budget − de andre trin", en="result − budget − the other steps"),
    }[cause]


def bridge_step(found: Bridge, cause: Cause | None) -> Step:
    """The ladder of one step, or of the whole bridge (`cause` None)."""
    year = "" if found.year is None else f" {found.year}"
    if cause is None:
        steps = tuple(bridge_step(found, one) for one, amount in found.steps.items() if amount is None or amount.ore)
        label = say(da=f"Fra budget til resultat{year}", en=f"From budget to result{year}")
        return Step(label, "", say(da="budget + trin = resultat", en="budget + steps = result"), under=(
            Step(say(da="budget", en="budget"), _kroner(found.budget)), *steps,
            Step(say(da="resultat", en="result"), _kroner(found.result))))  # fmt: skip
    amount = found.steps[cause]
    value = _kroner(amount) if amount is not None else say(da="i resten", en="in the rest")
    if len(found.drivers) == 1:
        why = "; ".join(dict.fromkeys(missing_words(reason) for _, _, reason in found.unknown.get(cause, ())))
        return Step(cause_name(cause), value, formula(cause), why, under=_under(found.drivers[0], cause))
    left = {(where, when) for where, when, _ in found.unknown.get(cause, ())}
    named = ", ".join(f"{where} ({when})" for where, when in sorted(left))
    rest = say(da=f"i resten for investering {named}", en=f"in the rest for investment {named}") if left else ""
    return Step(cause_name(cause), value, say(da="Σ år og investeringer", en="Σ years and investments"), rest)


def _under(drivers: Drivers, cause: Cause) -> tuple[Step, ...]:
    budget = Step(say(da="budgetteret besparelse", en="budgeted saving"), _kroner(drivers.budget_saving))
    open_share = Step(say(da="åben andel af ugerne før et stop", en="open share of the weeks before a stop"),
                      _share(drivers.open_share))  # fmt: skip
    stopped = Step(say(da="andel af ugerne efter stop", en="share of the weeks after the stop"),
                   _share(drivers.stopped_share))  # fmt: skip
    took_part = [
        Step(say(da="planlagte deltagere", en="planned participants"), _count(drivers.planned),
             source=drivers.planned_source),
        Step(say(da="deltagere", en="participants"), _count(drivers.participants), source=drivers.participants_source),
    ]  # fmt: skip
    at_prices = _at_prices(drivers)
    spent = Step(say(da="brugt", en="spent"), _kroner(drivers.result_investment))
    adopted = Step(say(da="budgetteret investering", en="budgeted investment"), _kroner(drivers.budget_investment))
    came_back = () if drivers.returned is None else (
        Step(say(da="ført tilbage", en="returned"), _kroner(drivers.returned)),)  # fmt: skip
    saving = Step(say(da="besparelse", en="saving"), _kroner(drivers.result_saving))
    return {
        Cause.VOLUME: (budget, *took_part, open_share, stopped),
        Cause.TIMING: (budget, open_share, stopped),
        Cause.EFFECT: (budget, *took_part, *at_prices),
        Cause.PRICE: (saving, *at_prices),
        Cause.STOP: (budget, stopped, *came_back),
        Cause.SPENDING: (spent, adopted, *came_back),
        Cause.REST: (),
    }[cause]


def _at_prices(drivers: Drivers) -> tuple[Step, ...]:
    if drivers.at_planned_prices is not None:
        label = say(da="de samme uger i budgettets priser", en="the same weeks at the budget's prices")
        return (Step(label, _kroner(drivers.at_planned_prices)),)
    if drivers.price_factor is None:
        return ()
    return (Step(say(da="indeks fra budgettets prisniveau", en="index from the budget's price level"),
                 number(drivers.price_factor, 4)),)  # fmt: skip


def undisturbed_step(row: Undisturbed, partial_open: Decimal) -> Step:
    """The ladder of an undisturbed saving beside the actual one."""
    weeks = row.exposure
    if not weeks.planned:
        how = say(da="Σ investeringer", en="Σ investments")
        label = say(da=f"Besparelse ved uforstyrret drift {row.year}", en=f"Saving at undisturbed operation {row.year}")
        was = Step(say(da="besparelse, som den var", en="saving as it was"), _kroner(row.saving), source=row.cited)
        return Step(label, _kroner(row.undisturbed_saving), how, under=(was,))
    if row.kind == "recorded":
        how = say(da="besparelse ÷ åben andel", en="saving ÷ open share")
        under = [_weeks_step(weeks), Step(say(da="åben andel", en="open share"), _share(weeks.open_share(partial_open)),
                                          partial_assumption(partial_open))]  # fmt: skip
    else:
        how = say(
            da="besparelse × Σ starter ved uforstyrret drift × uger fulgt ÷ Σ starter × uger fulgt",
            en="saving × Σ starts at undisturbed operation × weeks followed ÷ Σ starts × weeks followed",
        )
        under = [_weeks_step(weeks)]
        if row.pace is not None:
            under.append(Step(say(da="starter pr. åben uge", en="starts per open week"), number(row.pace, 1)))
    actual = Step(say(da="besparelse, som den var", en="saving as it was"), _kroner(row.saving), source=row.cited)
    label = say(da=f"Besparelse ved uforstyrret drift {row.year}", en=f"Saving at undisturbed operation {row.year}")
    kind = say(da="regnet ud; ikke et resultat", en="computed; not a result")
    return Step(label, _kroner(row.undisturbed_saving), how, kind, under=(actual, *under))


def partial_assumption(partial_open: Decimal) -> str:
    """What is assumed of partly closed weeks."""
    share = percent(float(partial_open), 0)
    return say(da=f"delvist lukkede uger regnes som {share} åbne (antagelse)",
               en=f"partly closed weeks count as {share} open (assumption)")  # fmt: skip


def _weeks_step(weeks: Exposure) -> Step:
    parts = {
        Day.OPEN: say(da="åbne", en="open"),
        Day.PARTIAL: say(da="delvist lukkede", en="partly closed"),
        Day.CLOSED: say(da="lukkede", en="closed"),
        Day.STOPPED: say(da="efter stop", en="after the stop"),
    }
    told = ", ".join(f"{number(weeks.weeks(day), 1)} {name}" for day, name in parts.items() if weeks.weeks(day))
    return Step(say(da="planlagte uger", en="planned weeks"), number(weeks.planned_weeks, 1), told)


def _share(share: Fraction) -> str:
    return percent(float(share))


def _count(count: Decimal | None) -> str:
    return say(da="ikke opgjort", en="not counted") if count is None else number(count, 1)


def _kroner(amount: Amount) -> str:
    return say(da=f"{number(amount.in_dkk)} kr. ({amount.level})", en=f"DKK {number(amount.in_dkk)} ({amount.level})")
