"""Status, break-even, decision and stop rules of the investments in words, and as rows for a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.status import EarlyWarning
from gevinst.follow_up.status_words import desk_lines, rules_words, whose_rules
from gevinst.language import say

Row = Mapping[str, Any]


def status_lines(edition: Edition) -> list[str]:
    """Each investment's desk, and the rules its status follows."""
    lines = list[str]()
    for one in edition.warnings:
        title = f"{one.investment}. {edition.portfolio.investment(one.investment).title}"
        lines += [*desk_lines(one, title, edition.small_cell_threshold), ""]
    if edition.synthetic:
        lines += [say(da="Sandsynligheder og beregnede deltagere hviler på opdigtede persondata.",
                      en="Probabilities and computed participants rest on made-up personal data."), ""]
    return [*lines, whose_rules(), *(f"  {text}" for text in rules_words(edition.status_rules))]


def status_rows(edition: Edition) -> list[Row]:
    """A row per investment, unrounded."""
    return [_row(one) for one in edition.warnings]


def _row(one: EarlyWarning) -> Row:
    said = {str(each.rule): each.value for each in one.status.said}
    held, made, paid = one.break_even, one.decision, one.payback
    needed = None if held is None else held.needed
    by_budget = None if held is None else held.needed_budgeted
    return {
        "investment": one.investment,
        "status": str(one.status.light),
        "because_of": ",".join(str(each.rule) for each in one.status.deciding),
        **{f"rule_{name}": said.get(name) for name in
           ("outcome", "budget", "investment", "participants", "open", "maturity", "data")},
        "years": None if held is None else ",".join(map(str, held.years)),
        "cost_follows": None if held is None or held.cost is None else held.cost.shape,
        "fixed_dkk": None if held is None or held.cost is None else held.cost.fixed,
        "dkk_per_participant": None if held is None or held.cost is None else held.cost.per_participant,
        "participants": None if held is None else held.participants,
        "planned": None if held is None else held.planned,
        "saving_seen_dkk": None if held is None or held.saving is None else held.saving.estimate,
        "saving_budgeted_dkk": None if held is None else held.budgeted,
        "saving_needed_dkk": None if held is None else held.saving_needed,
        "weeks_seen": None if held is None else held.weeks,
        "weeks_needed": None if held is None else held.weeks_needed,
        "participants_needed": None if needed is None else needed.estimate,
        "participants_needed_least": None if needed is None else needed.least,
        "participants_needed_most": None if needed is None else needed.most,
        "participants_needed_by_budget": None if by_budget is None else by_budget.estimate,
        "paid_back_in": None if paid is None else paid.year,
        "paid_back_after_years": None if paid is None else paid.years,
        "go_on": None if made is None else made.go_on,
        "probability_wrong": None if made is None else made.wrong,
        "expected_loss_dkk": None if made is None else made.loss,
        "safe_below": None if made is None else made.safe,
        "safe_in_months": None if made is None else made.safe_in,
        "waiting_is_worth_dkk": None if made is None or made.wait is None else made.wait.engs,
        "no_decision_because": one.no_decision,
        "stop_rules": "; ".join(f"{each.rule.date.isoformat()} {each.rule.measure}: {each.outcome}"
                                for each in one.verdicts),
    }  # fmt: skip
