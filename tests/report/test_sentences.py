"""The words of every sentence follow the signs of its amounts, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.language import LANGUAGES, Language, speaking
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import Basis
from gevinst.report import sentences

HALF_A_PRINTED_STEP = 50_000  # øre: below 500 kr. an amount prints as 0,000 mio. kr.

# Large amounts, small ones, and those on either side of what still prints as nought.
ore = st.one_of(
    st.integers(-5_000_000_000, 5_000_000_000),
    st.integers(-200_000, 200_000),
    st.sampled_from([0, HALF_A_PRINTED_STEP - 1, HALF_A_PRINTED_STEP, 1 - HALF_A_PRINTED_STEP, -HALF_A_PRINTED_STEP]),
)
amounts = ore.map(lambda value: Amount(value, CURRENT))
outcome = st.sampled_from([Basis.REALISED, Basis.EXPECTED])
languages = st.sampled_from(LANGUAGES)

WORDS = {  # what says that an amount is a saving, a cost, or nought
    "da": {"net": ("nettobesparelse", "nettoudgift"), "case": ("overskud", "underskud"),
           "support": ("lavere", "højere"), "noun": ("en besparelse", "merudgift")},
    "en": {"net": ("net saving", "net cost"), "case": ("surplus", "deficit"), "support": ("lower", "higher"),
           "noun": ("a saving", "extra cost")},
}


def way(amount: Amount) -> int:
    """The sign of what is printed, worked out in øre."""
    return 0 if abs(amount.ore) < HALF_A_PRINTED_STEP else (1 if amount.ore > 0 else -1)


def assert_word(text: str, language: Language, kind: str, amount: Amount) -> None:
    """The saving word stands exactly where the amount is a saving, and the cost word where it is a cost."""
    saving, cost = WORDS[language][kind]
    found = (re.search(rf"\b{saving}", text) is not None, re.search(rf"\b{cost}", text) is not None)
    assert found == {-1: (True, False), 0: (False, False), 1: (False, True)}[way(amount)], text


def printed(amount: Amount, language: Language) -> str:
    """The size with three decimals, made without the code under test."""
    thousands = (abs(amount.ore) + HALF_A_PRINTED_STEP) // (2 * HALF_A_PRINTED_STEP)
    text = f"{thousands // 1000:,}.{thousands % 1000:03d}"
    return text.translate(str.maketrans(",.", ".,")) if language == "da" else text


@given(amounts, outcome, languages)
def test_the_difference_is_named_by_its_sign(net: Amount, basis: Basis, language: Language) -> None:
    with speaking(language):
        text = sentences.difference(net, basis)
    assert_word(text, language, "net", net)
    assert (printed(net, language) in text) == (way(net) != 0)


@given(amounts, outcome, languages)
def test_expenditure_on_benefits_goes_the_way_of_its_sign(saving: Amount, basis: Basis, language: Language) -> None:
    with speaking(language):
        text = sentences.support(saving, basis)
    assert_word(text, language, "support", saving)


@given(amounts, outcome, languages)
def test_without_the_effort_it_would_have_been_the_other_way(saving: Amount, basis: Basis, language: Language) -> None:
    with speaking(language):
        text = sentences.without_the_effort(saving, 2021, basis)
    assert_word(text, language, "support", -saving)


@given(amounts, amounts, outcome, st.booleans(), languages)
def test_surplus_and_deficit(year: Amount, total: Amount, basis: Basis, done: bool, language: Language) -> None:
    with speaking(language):
        text = sentences.surplus(2021, year, basis, total, done=done)
    first, second = text.split(", ", 1)
    assert_word(first, language, "case", year)
    assert_word(second, language, "case", total)
    assert (printed(total, language) in second) == (way(total) != 0)
    against = {"da": "men ", "en": "but "}[language]
    assert second.startswith(against) == (way(year) * way(total) < 0)


@given(amounts, st.booleans(), languages)
def test_the_whole_period(net: Amount, done: bool, language: Language) -> None:
    with speaking(language):
        text = sentences.whole_period("2020-2023", net, done=done)
    if way(net) == 0:
        assert {"da": "hverken nettobesparelse eller nettoudgift", "en": "neither a net saving nor a net cost"}[
            language] in text
    else:
        assert_word(text, language, "net", net)
        assert printed(net, language) in text


@given(amounts, amounts, amounts, outcome, languages)
def test_a_year_in_a_table(
    investment: Amount, saving: Amount, net: Amount, basis: Basis, language: Language
) -> None:
    with speaking(language):
        told = [sentences.year_in_table("Tabel 1", 2021, basis, investment, saving, net),
                sentences.year_in_short(2021, basis, investment, saving, net)]
    for text in told:
        put_in, rest = re.split(r"(?:, og|, and) ", text, maxsplit=1)
        got, together = rest.split(". ", 1) if way(saving) == 0 or language == "en" else rest.split("re. ", 1)
        income = {"da": "indtægt", "en": "income"}[language]
        assert (income in put_in) == (way(investment) < 0)
        assert_word(got + "re.", language, "support", saving)
        assert_word(together, language, "net", net)


@given(amounts, amounts, outcome, languages)
def test_budget_and_result_are_each_named_by_their_own_sign(
    actual: Amount, budget: Amount, basis: Basis, language: Language
) -> None:
    with speaking(language):
        text = sentences.against_budget("", 2021, basis, actual, budget)
    got, planned = text.split({"da": " mod ", "en": " against "}[language])
    if way(actual) < 0 and way(budget) < 0:
        assert {"da": "Besparelsen", "en": "The saving"}[language] in got
        assert printed(budget, language) in planned
    else:
        assert_word(got, language, "noun", actual)
        assert_word(planned, language, "noun", budget)


@given(amounts, amounts, languages)
def test_an_interval_that_holds_both_signs_is_called_uncertain(one: Amount, other: Amount, language: Language) -> None:
    low, high = sorted((one, other), key=lambda amount: amount.ore)
    with speaking(language):
        text = sentences.saving_interval(2020, low, high)
    uncertain = {"da": "usikkert, om", "en": "uncertain whether"}[language] in text
    assert uncertain == (way(low) <= 0 <= way(high))


@given(st.lists(amounts, min_size=3, max_size=3), outcome)
def test_an_expectation_is_called_expected_and_a_result_is_not(found: list[Amount], basis: Basis) -> None:
    investment, saving, net = found
    with speaking("da"):
        text = sentences.year_in_table("Tabel 1", 2021, basis, investment, saving, net)
    assert ("forvente" in text) == (basis is Basis.EXPECTED)


@pytest.fixture
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


def _mio(value: str) -> Amount:
    return Amount.dkk(Decimal(value) * 1_000_000, CURRENT)


@pytest.mark.usefixtures("danish")
def test_the_sentences_of_the_memo_of_november_2021() -> None:
    plain = sentences.surplus(
        2021, _mio("-1.723"), Basis.EXPECTED, _mio("-8.234"), done=False).replace("\N{NO-BREAK SPACE}", " ")
    assert plain == ("Investeringen forventes dermed at give overskud i 2021, og samlet forventes et overskud på "
                     "8,234 mio. kr. i investeringsperioden.")
    plain = sentences.year_in_table(
        "Tabel 1", 2021, Basis.EXPECTED, _mio("3.233"), _mio("-3.827"), _mio("-0.594")).replace("\xa0", " ")
    assert plain == ("Tabel 1 viser, at der i 2021 forventes investeret 3,233 mio. kr. i indsats, og at udgifterne til "
                     "forsørgelse forventes at blive 3,827 mio. kr. lavere. Det giver en forskel på 0,594 mio. kr., "
                     "som er en forventet nettobesparelse.")


@pytest.mark.usefixtures("danish")
def test_the_budgets_price_level_is_said_only_where_it_differs() -> None:
    actual = Amount.dkk(-124_000, CURRENT)
    other = sentences.against_budget("", 2020, Basis.REALISED, actual, Amount.dkk(-633_000, PriceLevel(2020)))
    same = sentences.against_budget("", 2020, Basis.REALISED, actual, Amount.dkk(-633_000, CURRENT))
    assert "(p/l 2020)" in other
    assert "(" not in same


def test_nothing_is_said_of_a_surplus_that_is_not_known() -> None:
    assert sentences.surplus(None, None, Basis.EXPECTED, None, done=False) == ""
