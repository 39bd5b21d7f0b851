"""Names of accounts: every one says where it is from, and those that are not verified say so."""

from datetime import date

import pytest

from gevinst.language import speaking
from gevinst.sources.suppliers.chart_of_accounts import account_name, chart
from gevinst.sources.suppliers.opus_account import Account, read_account

# What was read in a public source, and what was not.
VERIFIED = {"5.46.60", "5.46.61", "5.48.65", "5.57.71", "5.57.72", "5.57.73", "5.57.74", "5.57.75", "5.57.78",
            "5.57.79", "5.58.80", "5.58.83", "5.68.90"}
UNVERIFIED = {"5.58.81", "5.58.82", "5.68.91", "5.68.95", "5.68.96", "5.68.98", "6.45.53"}


def test_the_chart_is_what_is_known_and_says_how_well() -> None:
    assert {number for number, function in chart().items() if function.confidence.verified} == VERIFIED
    assert {number for number, function in chart().items() if not function.confidence.verified} == UNVERIFIED
    assert all(function.source for function in chart().values())


@pytest.mark.parametrize("number", sorted(VERIFIED | UNVERIFIED))
def test_every_number_is_an_account(number: str) -> None:
    assert read_account(number) == Account(number)
    assert all(len(grouping) == 3 and grouping.isdigit() for grouping in chart()[number].groupings)
    with speaking("en"):
        assert account_name(Account(number)).endswith("(not verified)") is (number in UNVERIFIED)


def test_a_grouping_is_named_from_the_day_it_holds() -> None:
    account = Account("5.68.90", 1, 1, "112")
    with speaking("en"):
        assert account_name(account, date(2022, 1, 1)).endswith("resource schemes")
        assert account_name(account, date(2024, 1, 1)).endswith("resource schemes (name as of 2022)")
        assert account_name(account, date(2021, 12, 31)).endswith("employment effort")
        assert account_name(Account("5.22.07")) == account_name(Account()) == ""
