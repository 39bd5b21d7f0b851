"""The account string in the ways it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.sources.suppliers.opus_account import Account, read_account

FUNCTIONS = st.builds(lambda a, b, c: f"{a}.{b:02d}.{c:02d}", st.integers(0, 8), st.integers(0, 99), st.integers(0, 99))
GROUPINGS = st.integers(0, 999).map(lambda number: f"{number:03d}")
ARTS = st.one_of(st.integers(0, 9).map(str), st.builds(lambda a, b: f"{a}.{b}", st.integers(0, 9), st.integers(0, 9)),
                 st.integers(10_000_000, 99_999_999).map(str))
PSPS = st.builds(lambda a, b: f"XG-{a:010d}-{b:05d}", st.integers(0, 10**10 - 1), st.integers(0, 10**5 - 1))
FIGURES = st.integers(0, 9)
ACCOUNTS = st.builds(
    Account, st.one_of(st.just(""), FUNCTIONS), st.one_of(st.none(), FIGURES), st.one_of(st.none(), FIGURES),
    st.one_of(st.just(""), GROUPINGS), st.one_of(st.just(""), ARTS), st.one_of(st.just(""), PSPS))
WHOLE = Account("5.57.73", 1, 1, "007", "5.2")


@given(account=ACCOUNTS)
def test_an_account_reads_back_as_it_was(account: Account) -> None:
    assert read_account(str(account)) == (account if account != Account() else None)


@pytest.mark.parametrize("text", [
    "5.57.73-1-1-007-5.2", "05.57.73-1-1-007-52", "5.57.73.1.1.007.52", "05 57 73 1 1 007 5.2", "5/57/73/1/1/007/52",
    "5-57-73-1-1-007-5-2", "557731100752", "0557731100752", "Konto 5.57.73-1-1-007-5.2 Kontanthjælp, 50 % refusion",
    "5.57.73 dranst 1 ejerforhold 1 grp. 007 art 5.2", "55773 dr. 1 ejer 1 gr. 7 art 52",
    "  5.57.73–1–1–007–5.2  "])
def test_one_account_written_in_many_ways(text: str) -> None:
    assert read_account(text) == WHOLE


@pytest.mark.parametrize(("text", "account"), [
    ("5.57.73", Account("5.57.73")),
    ("55773", Account("5.57.73")),
    ("055773", Account("5.57.73")),
    ("557732", Account("5.57.73", 2)),
    ("557732008", Account("5.57.73", 2, None, "008")),
    ("5.57.73-2", Account("5.57.73", 2)),
    ("5.57.73-2-008", Account("5.57.73", 2, None, "008")),
    ("5.57.73-2-1", Account("5.57.73", 2, 1)),
    ("5.57.73.008", Account("5.57.73", None, None, "008")),
    ("5.68.90-1-5.2", Account("5.68.90", 1, None, "", "5.2")),
    ("5.68.90-1-1-001-40001000", Account("5.68.90", 1, 1, "001", "40001000")),
    ("5.68.90-1-1-001 XG-0000000707-00012", Account("5.68.90", 1, 1, "001", "", "XG-0000000707-00012")),
    ("PSP-element: XG-0000000707-00012", Account(psp="XG-0000000707-00012")),
    ("Artskonto 40001000, PSP 707.12", Account(art="40001000", psp="707.12")),
])
def test_what_is_not_stated_stays_open(text: str, account: Account) -> None:
    assert read_account(text) == account


@pytest.mark.parametrize("text", [
    "", "Kassebilag", "5", "5.57", "557", "5.5.5", "5577", "55773100", "5.57.73-12", "5.57.73-1-1-1-1-1", "15.57.73",
    "5.57.73 dranst 12", "9876543210123456", "5.57.73-1-1-0071-5.2"])
def test_what_is_no_account_is_not_made_one(text: str) -> None:
    assert read_account(text) is None


@given(text=st.text(max_size=30))
def test_any_text_is_an_account_that_reads_back_or_none(text: str) -> None:
    found = read_account(text)
    assert found is None or isinstance(found, Account)


@given(day=st.integers(1, 31), month=st.integers(1, 12), rest=st.integers(0, 999_999), substitute=st.booleans())
def test_a_cpr_number_is_never_taken_for_an_account(day: int, month: int, rest: int, substitute: bool) -> None:
    number = f"{day + 60 * substitute:02d}{month:02d}{rest:06d}"
    for text in (number, number.lstrip("0"), f"{number[:6]}-{number[6:]}", f"{number[:6]} {number[6:]}"):
        if len(text) >= 9:
            assert read_account(text) is None
