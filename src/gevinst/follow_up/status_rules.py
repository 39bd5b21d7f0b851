"""The status of an investment by rules that are stated: green, yellow or red, and which rule made it so.

Each rule looks at one thing and has two limits: below the one it gives yellow, below the other red. The status is the
gravest that any rule gives. It is green only where a rule about money could be decided and none gives anything graver;
else it cannot be decided yet. The limits are this program's choice, neither law nor any municipality's: an
installation writes its own in `gevinst.toml`. A limit of nought takes it out.

docs/method/early-warning.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from gevinst.errors import GevinstError
from gevinst.language import number
from gevinst.register.business_case import Basis, Status


class Light(StrEnum):
    """The status. `NONE`: the investment does not run, and has none."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    UNDECIDED = "undecided"
    NONE = "none"


GRAVITY = (Light.GREEN, Light.YELLOW, Light.RED)


class Rule(StrEnum):
    """What a status can rest on, in the order they are told."""

    STOP_RULE = "stop_rule"  # the case's own
    OUTCOME = "outcome"  # saving expected this year, else the last result, beside the budget's
    BUDGET = "budget"  # probability that the saving reached the budget's
    INVESTMENT = "investment"  # probability that it covered the investment, once the budget counts on that
    PARTICIPANTS = "participants"  # beside the plan of the open weeks
    OPEN = "open"  # how much of the planned time was open
    MATURITY = "maturity"  # how much of the case's horizon the participants have been followed
    DATA = "data"  # how old the data are, and whether a finding on their quality is serious


MONEY = (Rule.OUTCOME, Rule.BUDGET, Rule.INVESTMENT)
SHARES = (*MONEY, Rule.PARTICIPANTS, Rule.OPEN, Rule.MATURITY)


@dataclass(frozen=True)
class StatusRules:
    """The limits: shares from 0 to 1, and months. Below `…_yellow` a rule gives yellow, below `…_red` red.

    `wrong_decision` is the probability of a wrong decision below which it is called safe to stop or go on.
    """

    outcome_yellow: float = 0.90
    outcome_red: float = 0.50
    budget_yellow: float = 0.50
    budget_red: float = 0.10
    investment_yellow: float = 0.80
    investment_red: float = 0.20
    participants_yellow: float = 0.90
    participants_red: float = 0.60
    open_yellow: float = 0.75
    maturity_yellow: float = 0.50
    data_months: float = 6
    wrong_decision: float = 0.10

    @classmethod
    def of(cls, limits: Mapping[str, float]) -> StatusRules:
        """The rules by an installation's settings, named `status_…`.

        Raises `status.limits-crossed` where a limit of red is above that of yellow.

        >>> StatusRules.of({"status_outcome_red": 0.4}).outcome_red
        0.4
        """
        said = {one.name: limits[f"status_{one.name}"] for one in fields(cls) if f"status_{one.name}" in limits}
        rules = replace(cls(), **said)
        for rule in SHARES:
            yellow, red = rules.limits(rule)
            if yellow and red > yellow:
                raise GevinstError("status.limits-crossed", name=f"status_{rule}_red", red=number(red, 2),
                                   other=f"status_{rule}_yellow", yellow=number(yellow, 2))
        return rules

    def limits(self, rule: Rule) -> tuple[float, float]:
        """The limits of a rule about a share: yellow, and red (0: never)."""
        return {
            Rule.OUTCOME: (self.outcome_yellow, self.outcome_red),
            Rule.BUDGET: (self.budget_yellow, self.budget_red),
            Rule.INVESTMENT: (self.investment_yellow, self.investment_red),
            Rule.PARTICIPANTS: (self.participants_yellow, self.participants_red),
            Rule.OPEN: (self.open_yellow, 0.0),
            Rule.MATURITY: (self.maturity_yellow, 0.0),
        }[rule]


@dataclass(frozen=True)
class Facts:
    """What the rules look at; None: not known, or not to be told.

    `participants` is the share of the plan in the weeks that were open, `few` that there are too few to tell it, and
    `at_most` what it then is at most. `outcome` is the saving of `outcome_year` over the budget's. `counts_on_cover`:
    by the budget the investment was to be covered by now. `followed` is the share of the case's horizon participants
    have been followed, `age` of the data in months, `serious` that a finding on their quality is. `closed` is a day on
    which nobody can be referred, `fulfilled` the days of the stop rules that are fulfilled. `no_claim`: too few took
    part for what is computed from persons to be told; `biased`: it is computed by a method with a known bias.
    """

    investment: str
    state: Status = Status.RUNNING
    participants: float | None = None
    few: bool = False
    at_most: float | None = None
    outcome: float | None = None
    outcome_year: int | None = None
    outcome_basis: Basis = Basis.REALISED
    converted: bool = True
    budget: float | None = None
    cover: float | None = None
    counts_on_cover: bool = False
    open_share: float | None = None
    followed: float | None = None
    closed: date | None = None
    age: float | None = None
    serious: bool = False
    fulfilled: tuple[date, ...] = ()
    no_claim: bool = False
    biased: bool = False


@dataclass(frozen=True)
class Said:
    """What one rule says; `value` is the share, or the months, that it looked at (None: too few to tell).

    `beside`: the value is within its limits, and the colour comes from what stands beside it (`Facts.serious`,
    `Facts.closed`).
    """

    rule: Rule
    light: Light
    value: float | None
    beside: bool = False


@dataclass(frozen=True)
class StatusFound:
    """The status of an investment, with what each rule that could be decided says; `facts` are what they looked at."""

    investment: str
    light: Light
    said: tuple[Said, ...]
    facts: Facts

    @property
    def deciding(self) -> tuple[Said, ...]:
        """The rules that made it what it is; none where it cannot be decided or the investment does not run."""
        return tuple(one for one in self.said if one.light is self.light)


def status_of(facts: Facts, rules: StatusRules) -> StatusFound:
    """The status by these rules.

    >>> found = status_of(Facts("2", participants=0.5, outcome=1.1), StatusRules())
    >>> found.light, [(str(one.rule), str(one.light)) for one in found.said]
    (<Light.RED: 'red'>, [('outcome', 'green'), ('participants', 'red')])
    """
    if facts.state is not Status.RUNNING:
        return StatusFound(facts.investment, Light.NONE, (), facts)
    found = [one for rule in Rule if (one := _said(rule, facts, rules)) is not None]
    gravest = max((one.light for one in found), key=GRAVITY.index, default=Light.GREEN)
    if gravest is Light.GREEN and not any(one.rule in MONEY for one in found):
        return StatusFound(facts.investment, Light.UNDECIDED, tuple(found), facts)
    return StatusFound(facts.investment, gravest, tuple(found), facts)


def _said(rule: Rule, facts: Facts, rules: StatusRules) -> Said | None:
    if rule is Rule.STOP_RULE:
        return Said(rule, Light.RED, None) if facts.fulfilled else None
    if rule is Rule.DATA:
        if facts.age is None or not rules.data_months:
            return None
        old = facts.age > rules.data_months
        return Said(rule, Light.YELLOW if old or facts.serious else Light.GREEN, facts.age, facts.serious and not old)
    yellow, red = rules.limits(rule)
    if not yellow and not red:
        return None
    if rule is Rule.PARTICIPANTS and facts.few:
        below = facts.at_most is not None and facts.at_most < max(red, 0.0)
        return Said(rule, Light.RED, None) if below else None
    value = _value(rule, facts)
    if value is None:
        return None
    light = Light.RED if value < red else Light.YELLOW if value < yellow else Light.GREEN
    if rule is Rule.OPEN and facts.closed is not None:
        return Said(rule, Light.YELLOW, value, light is Light.GREEN)
    return Said(rule, light, value)


def _value(rule: Rule, facts: Facts) -> float | None:
    return {
        Rule.OUTCOME: facts.outcome,
        Rule.BUDGET: facts.budget,
        Rule.INVESTMENT: facts.cover if facts.counts_on_cover else None,
        Rule.PARTICIPANTS: facts.participants,
        Rule.OPEN: facts.open_share,
        Rule.MATURITY: facts.followed,
    }[rule]
