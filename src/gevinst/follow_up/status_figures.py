"""Status, break-even and decision as figures with ids, as numbers in full, and as the ladders behind them.

`2/break-even/total/saving-needed` and the like are DKK; numbers of participants, probabilities and months are in
`effects.json`, as `status/2/decision/safe_in`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gevinst.follow_up.break_even import BreakEven
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.status import EarlyWarning
from gevinst.follow_up.status_rules import StatusRules
from gevinst.follow_up.status_words import (
    chance,
    decision_words,
    light_name,
    light_text,
    needed_words,
    rule_name,
    rules_words,
    said_words,
    shape_words,
    whose_rules,
)
from gevinst.follow_up.value_of_information import Decision
from gevinst.language import number, say
from gevinst.money import CURRENT, Amount
from gevinst.register.business_case import Basis, Line
from gevinst.trace import Step

Number = float | int | str | None


def status_figures(found: EarlyWarning) -> tuple[Figure, ...]:
    """The amounts of one investment's desk, DKK per full-time participant and year, or per participant."""
    return (*_of_break_even(found.break_even), *_of_decision(found.decision))


def _of_break_even(found: BreakEven | None) -> Iterator[Figure]:
    if found is None:
        return
    saving = found.saving
    amounts = {
        "saving-seen": None if saving is None else -saving.estimate,
        "saving-budgeted": None if found.budgeted is None else -found.budgeted,
        "saving-needed": None if found.saving_needed is None else -found.saving_needed,
        "saving-needed-planned": None if found.saving_needed_planned is None else -found.saving_needed_planned,
    }
    for name, dkk in amounts.items():
        if dkk is None:
            continue
        bounds = (saving.high, saving.low) if saving is not None and name == "saving-seen" else (None, None)
        low, high = (None if edge is None else Amount.from_estimate(-edge, found.level) for edge in bounds)
        yield Figure(found.investment, Line.SAVING, None, Basis.REALISED, Amount.from_estimate(dkk, found.level),
                     "computed" if found.computed else "recorded", _years(found), low, high,
                     f"break-even/{name}")  # fmt: skip


def _of_decision(found: Decision | None) -> Iterator[Figure]:
    if found is None:
        return
    cited = _weeks(found)
    for name, line, dkk in (("saving", Line.SAVING, -found.saving), ("cost", Line.INVESTMENT, found.cost),
                            ("margin", Line.NET, -found.margin), ("loss", Line.NET, found.loss)):  # fmt: skip
        yield Figure(found.investment, line, None, Basis.EXPECTED, Amount.from_estimate(dkk, CURRENT), "computed",
                     cited, derived=f"decision/{name}")  # fmt: skip


def status_numbers(found: Iterable[EarlyWarning]) -> dict[str, Number]:
    """Every number that is no amount: `status/2/light`, `status/2/break_even/needed`, `status/2/decision/safe_in`."""
    numbers: dict[str, Number] = {}
    for one in found:
        name = f"status/{one.investment}"
        numbers[f"{name}/light"] = str(one.status.light)
        numbers |= {f"{name}/rule/{said.rule}": said.value for said in one.status.said}
        if one.break_even is not None:
            held = one.break_even
            for key, needed in (("needed", held.needed), ("needed_budgeted", held.needed_budgeted)):
                if needed is not None:
                    numbers |= {f"{name}/break_even/{key}": needed.estimate,
                                f"{name}/break_even/{key}/least": needed.least,
                                f"{name}/break_even/{key}/most": needed.most}  # fmt: skip
            numbers |= {f"{name}/break_even/participants": held.participants,
                        f"{name}/break_even/planned": held.planned, f"{name}/break_even/weeks": held.weeks,
                        f"{name}/break_even/weeks_needed": held.weeks_needed}  # fmt: skip
        if one.payback is not None:
            numbers |= {f"{name}/payback/year": one.payback.year, f"{name}/payback/years": one.payback.years}
        if one.decision is not None:
            made = one.decision
            numbers |= {f"{name}/decision/wrong": made.wrong, f"{name}/decision/safe_in": made.safe_in,
                        f"{name}/decision/sd": made.sd}  # fmt: skip
            numbers |= {f"{name}/decision/wrong_in/{each.months}": each.wrong for each in made.path}
        numbers |= {f"{name}/stop/{each.rule.date}/{each.rule.measure}": each.outcome for each in one.verdicts}
    return numbers


def status_steps(found: EarlyWarning, rules: StatusRules) -> dict[str, Step]:
    """The ladder behind each figure, by its id, and behind the status (`2/status`)."""
    steps = {f"{found.investment}/status": _status(found, rules)}
    if found.break_even is not None:
        step = _break_even(found.break_even)
        steps |= {f"{found.investment}/break-even": step}
        steps |= {figure.id: step for figure in _of_break_even(found.break_even)}
    if found.decision is not None:
        step = _decision(found.decision)
        steps |= {f"{found.investment}/decision": step}
        steps |= {figure.id: step for figure in _of_decision(found.decision)}
    return steps


def _status(found: EarlyWarning, rules: StatusRules) -> Step:
    said = tuple(Step(rule_name(one.rule), light_name(one.light), said_words(one, found.status.facts))
                 for one in found.status.said)  # fmt: skip
    limits = Step(say(da="Reglerne", en="The rules"), "", whose_rules(),
                  under=tuple(Step(text, "") for text in rules_words(rules)))  # fmt: skip
    return Step(say(da="Status", en="Status"), light_text(found.status.light), under=(*said, limits))


def _break_even(found: BreakEven) -> Step:
    rows = [
        (say(da="Besparelse pr. fuldtidsperson om året", en="Saving per full-time participant a year"),
         None if found.saving is None else _kroner(found.saving.estimate)),
        (say(da="Budgetteret besparelse pr. fuldtidsperson om året", en="Budgeted saving per full-time participant"),
         None if found.budgeted is None else _kroner(found.budgeted)),
        (say(da="Fast udgift om året", en="Fixed cost a year"),
         None if found.cost is None else _kroner(found.cost.fixed)),
        (say(da="Udgift pr. fuldtidsperson om året", en="Cost per full-time participant a year"),
         None if found.cost is None else _kroner(found.cost.per_participant)),
        (say(da="Fuldtidspersoner om året", en="Full-time participants a year"),
         None if found.participants is None else number(found.participants, 1)),
        (say(da="Planlagte fuldtidspersoner", en="Full-time participants planned"),
         None if found.planned is None else number(found.planned, 1)),
    ]  # fmt: skip
    return Step(
        say(da="Break-even", en="Break-even"), needed_words(found.needed, found.cost),
        say(da="fast udgift ÷ (besparelse − udgift pr. deltager); besparelse pr. deltager = fast udgift ÷ deltagere + "
               "udgift pr. deltager",
            en="fixed cost ÷ (saving − cost per participant); saving per participant = fixed cost ÷ participants + "
               "cost per participant"),
        f"{_years(found)}; {shape_words(found.cost)}" if found.cost is not None else _years(found),
        under=tuple(Step(label, value) for label, value in rows if value is not None),
    )  # fmt: skip


def _decision(found: Decision) -> Step:
    path = tuple(Step(say(da=f"Om {one.months} måneder", en=f"In {one.months} months"), chance(one.wrong))
                 for one in found.path if one.months % 6 == 0)  # fmt: skip
    return Step(
        say(da="Stoppe eller fortsætte", en="Stop or go on"), decision_words(found),
        say(da="P(forkert) = andelen af gentagelser, hvor besparelse − udgift pr. deltager har det andet fortegn",
            en="P(wrong) = the share of replicates in which saving − cost per participant has the other sign"),
        _weeks(found),
        under=(
            Step(say(da="Besparelse pr. deltager", en="Saving per participant"), _kroner(found.saving)),
            Step(say(da="Udgift til en deltager mere", en="Cost of one more participant"), _kroner(found.cost)),
            Step(say(da="Standardafvigelse", en="Standard deviation"), _kroner(found.sd)),
            Step(say(da="Ventet tab ved at beslutte nu", en="Loss expected of deciding now"), _kroner(found.loss),
                 say(da="kommende deltagere × middel af tabet i gentagelserne",
                     en="participants to come × mean of the loss in the replicates")),
            *path,
        ),
    )  # fmt: skip


def _years(found: BreakEven) -> str:
    return say(da=f"årene med resultat: {_listed(found.years)}", en=f"years with a result: {_listed(found.years)}")


def _listed(years: tuple[int, ...]) -> str:
    return ", ".join(map(str, years))


def _weeks(found: Decision) -> str:
    return say(da=f"de første {found.weeks} uger efter start", en=f"the first {found.weeks} weeks after the start")


def _kroner(dkk: float) -> str:
    return say(da=f"{number(dkk)} kr.", en=f"DKK {number(dkk)}")
