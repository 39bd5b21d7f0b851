"""What the reader is told beside the figures."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.disclosure.disclose import disclose
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.notes import budget_notes, left_out_notes, shared_weeks_note
from gevinst.follow_up.paid_off import HeldAgainst, held_against
from gevinst.follow_up.table import follow_up
from gevinst.language import speaking
from gevinst.money import CURRENT
from gevinst.parameters.book import national_book
from gevinst.register.business_case import Investment, Portfolio


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


def test_a_converted_budget_names_the_index(investment: Investment, portfolio: Portfolio) -> None:
    table = follow_up(investment, portfolio, (), CURRENT)
    (note,) = budget_notes(investment, held_against(investment, table, {}, (2020, 2021), national_book()))
    assert "omregnet til løbende priser med satsudviklingen for dagpenge og sygedagpenge 2021" in note


def test_a_budget_that_cannot_be_converted_is_said(investment: Investment) -> None:
    (note,) = budget_notes(investment, HeldAgainst({}, {}, unconverted=(2021, 2022)))
    assert "budgettet for 2021, 2022 kan ikke omregnes" in note
    assert budget_notes(investment, HeldAgainst({}, {2020: -1.0})) == ()


def test_weeks_that_two_benefits_share_are_told_where_they_are_enough() -> None:
    assert shared_weeks_note(4, 5) == ()
    assert shared_weeks_note(1200, 5)[0].startswith("I 1.200 uger")


def test_those_left_out_are_named_with_their_investment(case: CaseResult) -> None:
    assert case.valued is not None
    study = replace(case.valued.study, left_out={"credited_elsewhere": 12, "starts_after_horizon": 2})
    cases = [replace(case, valued=replace(case.valued, study=study)), CaseResult(case.investment)]
    notes = left_out_notes(cases, disclose({"1": study}, Rules()).counts)
    assert notes == (
        "Investering 1: under 5 deltagere begynder efter sidste dag med data.",
        "Investering 1: 12 deltagere har deltaget i en investering før; besparelsen regnes med dér.",
    )
