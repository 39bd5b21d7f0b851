"""Status, break-even, decision and stop rules in words. The words follow the figures; no colour is ever alone."""

from __future__ import annotations

from math import ceil, floor

from gevinst.follow_up.break_even import BreakEven, Cost, Needed, Payback
from gevinst.follow_up.status import EarlyWarning, NoDecision
from gevinst.follow_up.status_rules import Facts, Light, Rule, Said, StatusFound, StatusRules
from gevinst.follow_up.status_stop import Verdict, Why
from gevinst.follow_up.value_of_information import Decision
from gevinst.language import number, percent, say, short_date
from gevinst.money import CURRENT, Amount
from gevinst.register.business_case import Basis, StopMeasure
from gevinst.register.stop_rules import CHANCES, fulfilled_by

SIGNS = {Light.GREEN: "✓", Light.YELLOW: "!", Light.RED: "×", Light.UNDECIDED: "?", Light.NONE: "–"}
"""A sign for each status, so that it is told without colour; all are in the memo's letters."""


def light_name(light: Light) -> str:
    """`gul`."""
    return {
        Light.GREEN: say(da="grøn", en="green"),
        Light.YELLOW: say(da="gul", en="yellow"),
        Light.RED: say(da="rød", en="red"),
        Light.UNDECIDED: say(da="kan ikke afgøres", en="cannot be decided"),
        Light.NONE: say(da="ingen status", en="no status"),
    }[light]


def light_text(light: Light) -> str:
    """Sign and word: `! Gul`."""
    name = light_name(light)
    return f"{SIGNS[light]} {name[:1].upper()}{name[1:]}"


def rule_name(rule: Rule) -> str:
    """What a rule is called."""
    return {
        Rule.STOP_RULE: say(da="Stopregel", en="Stop rule"),
        Rule.OUTCOME: say(da="Besparelse mod budget", en="Saving beside budget"),
        Rule.BUDGET: say(da="Budget nået", en="Budget reached"),
        Rule.INVESTMENT: say(da="Investering dækket", en="Investment covered"),
        Rule.PARTICIPANTS: say(da="Deltagere mod plan", en="Participants beside plan"),
        Rule.OPEN: say(da="Åben tid", en="Time open"),
        Rule.MATURITY: say(da="Fulgt tid", en="Time followed"),
        Rule.DATA: say(da="Data", en="Data"),
    }[rule]


def chance(probability: float) -> str:
    """A probability in whole per cent, never printed as certain."""
    if 0 <= probability < 0.005:
        return say(da=f"under {percent(0.01, 0)}", en=f"below {percent(0.01, 0)}")
    if 0.995 < probability <= 1:
        return say(da=f"over {percent(0.99, 0)}", en=f"above {percent(0.99, 0)}")
    return percent(probability, 0)


def said_words(said: Said, facts: Facts) -> str:
    """What one rule says, with its figure."""
    value = said.value or 0.0
    if said.rule is Rule.STOP_RULE:
        days = ", ".join(short_date(day) for day in facts.fulfilled)
        return say(da=f"den aftalte stopregel er opfyldt ({days})", en=f"the agreed stop rule is fulfilled ({days})")
    if said.rule is Rule.OUTCOME:
        return _outcome(value, facts)
    if said.rule is Rule.BUDGET:
        return say(da=f"budget nået med sandsynlighed {chance(value)}",
                   en=f"budget reached with probability {chance(value)}")
    if said.rule is Rule.INVESTMENT:
        return say(da=f"investering dækket med sandsynlighed {chance(value)}",
                   en=f"investment covered with probability {chance(value)}")
    if said.rule is Rule.PARTICIPANTS:
        if said.value is None:
            return say(da="så få deltagere, at antallet ikke vises", en="so few participants that they are not told")
        share = percent(value, 0)
        return say(da=f"deltagere: {share} af planen", en=f"participants: {share} of the plan")
    if said.rule is Rule.OPEN:
        shut = "" if facts.closed is None else say(
            da=f"ingen kan henvises til og med {short_date(facts.closed)}",
            en=f"nobody can be referred until {short_date(facts.closed)}")
        open_ = say(da=f"åben {percent(value, 0)} af tiden", en=f"open {percent(value, 0)} of the time")
        return shut if said.beside else f"{open_} ({shut})" if shut else open_
    if said.rule is Rule.MATURITY:
        return say(da=f"fulgt {percent(value, 0)} af horisonten", en=f"followed {percent(value, 0)} of the horizon")
    months = number(floor(value))
    grave = say(da="et alvorligt fund om datas kvalitet", en="a serious finding on the quality of the data")
    old = say(da=f"data er {months} måneder gamle", en=f"the data are {months} months old")
    return grave if said.beside else f"{old}; {grave}" if facts.serious else old


def _outcome(value: float, facts: Facts) -> str:
    share, year = percent(value, 0), facts.outcome_year
    if facts.outcome_basis is Basis.REALISED:
        return say(da=f"besparelse {year}: {share} af budgettets", en=f"saving {year}: {share} of the budget's")
    return say(da=f"forventet besparelse {year}: {share} af budgettets",
               en=f"expected saving {year}: {share} of the budget's")


def why_words(found: StatusFound) -> str:
    """Why the status is what it is: the rules that made it so with their figures, or why there is none."""
    if found.light is Light.NONE:
        return say(da="Investeringen løber ikke.", en="The investment is not running.")
    if found.light is Light.UNDECIDED:
        return _sentence(_undecided(found.facts))
    told = "; ".join(said_words(one, found.facts) for one in found.deciding)
    return _sentence(told)


def _undecided(facts: Facts) -> str:
    if facts.no_claim:
        return say(da="for få har deltaget til, at der siges noget om besparelsen",
                   en="too few took part for anything to be said of the saving")
    if facts.biased:
        return say(da="besparelsen er beregnet med en metode, der er skæv på en kendt måde",
                   en="the saving is computed by a method with a known bias")
    return say(da="der er ikke opgjort nogen besparelse at holde op mod budgettet",
               en="no saving is stated that can be held against the budget")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def rules_words(rules: StatusRules) -> tuple[str, ...]:
    """The rules with their limits, as they are printed; those that are taken out are not told."""
    what = {
        Rule.OUTCOME: say(da="årets forventede besparelse, ellers det seneste resultat, i forhold til budgettets",
                          en="the saving expected of the year, else the last result, beside the budget's"),
        Rule.BUDGET: say(da="sandsynligheden for, at besparelsen i årene med resultat nåede budgettets",
                         en="the probability that the saving of the years with a result reached the budget's"),
        Rule.INVESTMENT: say(da="sandsynligheden for, at den dækkede udgiften, når budgettet regner med det",
                             en="the probability that it covered the cost, once the budget counts on that"),
        Rule.PARTICIPANTS: say(da="i forhold til planen i de uger, der var åbne",
                               en="beside the plan in the weeks that were open"),
        Rule.OPEN: say(da="den del af den planlagte tid, der var åben",
                       en="the share of the planned time that was open"),
        Rule.MATURITY: say(da="hvor meget af sagens horisont deltagerne er fulgt",
                           en="how much of the case's horizon the participants are followed"),
    }
    told = [say(da=f"{rule_name(Rule.STOP_RULE)}: rød, når en aftalt stopregel er opfyldt.",
                en=f"{rule_name(Rule.STOP_RULE)}: red when an agreed stop rule is fulfilled.")]
    for rule, words in what.items():
        yellow, red = rules.limits(rule)
        limits = [say(da=f"gul under {percent(yellow, 0)}", en=f"yellow below {percent(yellow, 0)}")] * bool(yellow)
        limits += [say(da=f"rød under {percent(red, 0)}", en=f"red below {percent(red, 0)}")] * bool(red)
        told += [f"{rule_name(rule)}: {words}; {', '.join(limits)}."] if limits else []
    if rules.data_months:
        name, months = rule_name(Rule.DATA), number(rules.data_months)
        told.append(say(da=f"{name}: gul over {months} måneder eller ved et alvorligt fund om deres kvalitet.",
                        en=f"{name}: yellow above {months} months or at a serious finding on their quality."))
    return tuple(told)


def whose_rules() -> str:
    """That the limits are the program's, and can be changed."""
    return say(da="Status er den alvorligste, nogen regel giver. Grænserne er programmets forslag; de er hverken lov "
                  "eller vedtaget og kan ændres i opsætningen.",
               en="The status is the gravest that any rule gives. The limits are the program's proposal; they are "
                  "neither law nor adopted, and can be changed in the settings.")


def shape_words(cost: Cost) -> str:
    """What of the cost is taken as fixed, and what as following the participants."""
    other = "" if cost.agreed_at is None else say(da=f" (prisen er i {cost.agreed_at} og ikke regnet om)",
                                                  en=f" (the price is in {cost.agreed_at} and not converted)")
    return _shape(cost) + other


def _shape(cost: Cost) -> str:
    return {
        "fixed": say(da="hele udgiften er regnet som fast, for sagen har ingen pris pr. deltager",
                     en="all of the cost is taken as fixed, since the case has no price per participant"),
        "price": say(da="den aftalte pris pr. deltageruge følger deltagerne, og resten er regnet som fast",
                     en="the agreed price per participant week follows the participants, the rest is taken as fixed"),
        "all-price": say(da="hele udgiften følger deltagerne efter den aftalte pris",
                         en="all of the cost follows the participants by the agreed price"),
        "by-results": say(da="leverandøren betales efter resultat, så hele udgiften er regnet at følge deltagerne",
                          en="the supplier is paid by results, so all of the cost is taken to follow the participants"),
    }[cost.shape]


def participants_text(value: float) -> str:
    """A number of participants that is enough, rounded up: `41`."""
    return number(ceil(value - 1e-9))


def needed_words(needed: Needed | None, cost: Cost | None) -> str:
    """How many participants a year pay for the cost, with the interval; never negative or without end."""
    if needed is None or cost is None:
        return say(da="ikke kendt", en="not known")
    if not cost.fixed:
        return _each_pays(needed)
    least = None if needed.least is None else participants_text(needed.least)
    if needed.estimate is None:
        if least is not None:
            return say(da=f"intet antal (højst usikkert: {least} kan være nok)",
                       en=f"no number (most uncertain: {least} may be enough)")
        return say(da="intet antal", en="no number")
    found = participants_text(needed.estimate)
    if not needed.known or least is None:
        return found
    if needed.most is None:
        return say(da=f"{found} (mindst {least}; måske er intet antal nok)",
                   en=f"{found} (at least {least}; perhaps no number is enough)")
    return say(da=f"{found} ({least} til {participants_text(needed.most)})",
               en=f"{found} ({least} to {participants_text(needed.most)})")


def _each_pays(needed: Needed) -> str:
    if needed.estimate is None:
        return say(da="intet antal: hver deltager koster mere, end den sparer",
                   en="no number: each participant costs more than it saves")
    return say(da="alle antal: hver deltager sparer mere, end den koster",
               en="any number: each participant saves more than it costs")


def payback_words(found: Payback | None) -> str:
    """When it has paid for itself, or that it does not in the years known."""
    if found is None:
        return ""
    if found.year is None or found.years is None:
        return say(da=f"ikke tjent ind ved udgangen af {found.last}", en=f"not paid back by the end of {found.last}")
    done = found.expected
    if found.years == 0:
        return say(da=f"tjent ind {'ventes ' if done else ''}fra {found.year}",
                   en=f"paid back {'expected ' if done else ''}from {found.year}")
    years = number(found.years, 1)
    return say(da=f"{'ventes tjent ind' if done else 'tjent ind'} i {found.year} (efter {years} år)",
               en=f"{'expected to be paid back' if done else 'paid back'} in {found.year} (after {years} years)")


def decision_words(found: Decision) -> str:
    """The better bet now, how likely it is to be wrong, and when that falls below the limit."""
    bet = say(da="at fortsætte", en="to go on") if found.go_on else say(da="at stoppe", en="to stop")
    limit = percent(found.safe, 0)
    now = say(da=f"Det bedste bud nu er {bet}; det er forkert med sandsynlighed {chance(found.wrong)}.",
              en=f"The best bet now is {bet}; it is wrong with probability {chance(found.wrong)}.")
    loss = Amount.from_estimate(found.loss, CURRENT).in_dkk
    now += say(da=f" Det ventede tab ved at beslutte nu er {number(loss)} kr.",
               en=f" The loss expected of deciding now is DKK {number(loss)}.")
    if found.safe_in == 0:
        return now + say(da=f" Sandsynligheden er under grænsen på {limit}.",
                         en=f" The probability is below the limit of {limit}.")
    return now + " " + safe_words(found)


def safe_words(found: Decision) -> str:
    """When a decision is safe: `om 9 måneder`, in a sentence."""
    limit = percent(found.safe, 0)
    if found.safe_in is None:
        return say(da=f"Sandsynligheden kommer ikke under {limit} inden for sagens år, så vidt det kan ses nu.",
                   en=f"The probability does not come below {limit} within the case's years, as far as is seen now.")
    months = number(found.safe_in)
    unit = say(da="måned" if found.safe_in == 1 else "måneder", en="month" if found.safe_in == 1 else "months")
    return say(da=f"Om {months} {unit} ventes sandsynligheden at være under {limit}.",
               en=f"In {months} {unit} the probability is expected to be below {limit}.")


def months_text(found: Decision) -> str:
    """The months until a decision is safe, for a cell."""
    if found.safe_in is None:
        return say(da="ikke i perioden", en="not in the period")
    return say(da="nu", en="now") if found.safe_in == 0 else number(found.safe_in)


def no_decision_words(why: NoDecision) -> str:
    """Why it is not said when a decision is safe, as the end of a sentence."""
    return {
        "": "",
        "no-persons": say(da="der er ingen effekt beregnet på borgere", en="no effect is computed from persons"),
        "too-few": say(da="for få har deltaget", en="too few took part"),
        "method": say(da="metoden er skæv på en kendt måde", en="the method has a known bias"),
        "no-forecast": say(da="der er ingen forventning", en="there is no forecast"),
        "no-starts": say(da="der ventes ingen nye deltagere", en="no new participants are expected"),
        "few-starts": say(da="der ventes så få nye deltagere, at det ikke vises",
                          en="so few new participants are expected that it is not told"),
        "no-cost": say(da="hvad indsatsen har kostet, er ikke kendt", en="what the effort has cost is not known"),
        "no-stay": say(da="hvor længe en deltager bliver, er ikke kendt",
                       en="how long a participant stays is not known"),
    }[why]


def verdict_name(found: Verdict) -> str:
    """`opfyldt`."""
    return {
        "fulfilled": say(da="opfyldt", en="fulfilled"),
        "not-fulfilled": say(da="ikke opfyldt", en="not fulfilled"),
        "undecided": say(da="kan ikke afgøres", en="cannot be decided"),
        "not-due": say(da="ses på senere", en="looked at later"),
    }[found.outcome]


def verdict_words(found: Verdict, threshold: int) -> str:
    """What was agreed, and what became of it, with the figure."""
    day = short_date(found.rule.date)
    agreed = say(da=f"Stopreglen, der ses på den {day} ({fulfilled_by(found.rule)})",
                 en=f"The stop rule looked at on {day} ({fulfilled_by(found.rule)})")
    source = f" {_ended(found.rule.source)}" if found.rule.source else ""
    if found.outcome == "not-due":
        return say(da=f"{agreed}, er endnu ikke nået.", en=f"{agreed} is not due yet.") + _source(source)
    why = f": {undecided_words(found.why, threshold)}" if found.outcome == "undecided" else _figure(found, threshold)
    is_da = "" if found.outcome == "undecided" else "er "
    is_en = "" if found.outcome == "undecided" else "is "
    return say(da=f"{agreed}, {is_da}{verdict_name(found)}{why}.",
               en=f"{agreed} {is_en}{verdict_name(found)}{why}.") + _source(source)


def _source(source: str) -> str:
    return say(da=f" Aftalt:{source}", en=f" Agreed:{source}") if source else ""


def _ended(text: str) -> str:
    return text if text.rstrip().endswith(".") else f"{text.rstrip()}."


def _figure(found: Verdict, threshold: int) -> str:
    if found.amount is not None:
        kroner = number(found.amount.in_dkk)
        return say(da=f": {kroner} kr. ({found.amount.level})", en=f": DKK {kroner} ({found.amount.level})")
    if found.number is None:
        few = found.rule.measure in (StopMeasure.STARTS, StopMeasure.FULL_TIME)
        return say(da=f": tallet vises ikke (under {threshold} kan indgå)",
                   en=f": the number is not told (under {threshold} may be in it)") if few else ""
    if found.rule.measure in CHANCES:
        return f": {chance(float(found.number))}"
    places = 0 if found.number == found.number.to_integral_value() else 1
    return f": {number(found.number, places)}"


def undecided_words(why: Why, threshold: int) -> str:
    """Why a stop rule cannot be decided."""
    return {
        "": "",
        "no-data": say(da="antallet er ikke opgjort", en="the number was not counted"),
        "data-end": say(da="data når ikke til dagen", en="the data do not reach the day"),
        "no-result": say(da="ikke alle år, reglen ser på, har et resultat",
                         en="not all years the rule looks at have a result"),
        "too-few": say(da="for få har deltaget", en="too few took part"),
        "method": say(da="besparelsen er beregnet med en metode, der er skæv på en kendt måde",
                      en="the saving is computed by a method with a known bias"),
        "level": say(da="reglens prisniveau er et andet end resultatets, og det kan ikke regnes om",
                     en="the rule's price level is another than the result's, and cannot be converted"),
        "hidden": say(da=f"svaret ville vise et antal under {threshold}",
                      en=f"the answer would tell a number under {threshold}"),
    }[why]


def break_even_words(found: BreakEven) -> str:
    """How many participants a year pay for the investment, seen and budgeted, and what is taken of the cost."""
    years = str(found.years[0]) if len(found.years) == 1 else f"{found.years[0]}–{found.years[-1]}"
    cost = "" if found.cost is None else say(da=f" Udgiften i {years}: {shape_words(found.cost)}.",
                                             en=f" The cost in {years}: {shape_words(found.cost)}.")
    seen, promised = (needed_words(one, found.cost) for one in (found.needed, found.needed_budgeted))
    plan = ""
    if found.planned is not None:
        planned = number(found.planned, 0 if found.planned == round(found.planned) else 1)
        plan = say(da=f"; planen er {planned}", en=f"; the plan is {planned}")
    return say(
        da=f"Fuldtidspersoner om året, før den er tjent ind: {seen} med den sete effekt, {promised} med "
           f"budgettets{plan}.{cost}",
        en=f"Full-time participants a year for it to pay: {seen} at the effect seen, {promised} at the "
           f"budget's{plan}.{cost}")  # fmt: skip


def desk_lines(found: EarlyWarning, title: str, threshold: int) -> list[str]:
    """Everything of one investment as lines for a terminal."""
    lines = [f"{title}: {light_text(found.status.light)}", f"  {why_words(found.status)}"]
    lines += [f"  {verdict_words(one, threshold)}" for one in found.verdicts]
    if found.break_even is not None:
        lines.append(f"  {break_even_words(found.break_even)}")
    if found.payback is not None:
        lines.append("  " + say(da="Tilbagebetaling: ", en="Payback: ") + payback_words(found.payback) + ".")
    if found.decision is not None:
        lines.append(f"  {decision_words(found.decision)}")
    elif found.no_decision:
        why = no_decision_words(found.no_decision)
        lines.append("  " + say(da=f"Hvornår det er sikkert at stoppe eller fortsætte, siges ikke: {why}.",
                                en=f"When it is safe to stop or go on is not said: {why}."))
    return lines
