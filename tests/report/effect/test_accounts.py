"""What was spent and what came back: signs, totals, chances, and nothing pointed where few took part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gevinst.effects.estimate import Interval
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import EffectDetail
from gevinst.language import MINUS, NO_BREAK
from gevinst.money import CURRENT, PriceLevel
from gevinst.report.effect.accounts import (
    accounts_blocks,
    accounts_table,
    chance_cell,
    net_span,
    paid_back_sentence,
)


def plain(text: str) -> str:
    return text.replace(NO_BREAK, " ")


def test_the_table_has_the_years_and_their_sum(detail: EffectDetail, detailed_edition: Edition) -> None:
    table = accounts_table(detail, detailed_edition)
    assert table is not None
    assert [[plain(cell.text) for cell in row.cells] for row in table.rows] == [
        ["2020", "0,250", f"{MINUS}0,320", f"{MINUS}0,070", f"{MINUS}0,262 til 0,218", "22", "41"],
        ["2021", "0,325", f"{MINUS}0,480", f"{MINUS}0,155", f"{MINUS}0,443 til 0,277", "55", "88"],
        ["I alt", "0,575", f"{MINUS}0,800", f"{MINUS}0,225", f"{MINUS}0,625 til 0,415", "48", "83"]]
    assert table.rows[-1].kind == "total"


def test_few_participants_leave_only_the_interval(detail: EffectDetail, detailed_edition: Edition) -> None:
    table = accounts_table(replace(detail, claim=False), detailed_edition)
    assert table is not None
    assert [column.header for column in table.columns][-1] == "95 %-interval", "no chances are claimed"
    assert all(row.cells[2].value is None and row.cells[3].value is None for row in table.rows)
    assert all(row.cells[1].value is not None for row in table.rows), "what was spent is known"


def test_the_price_level_is_the_accounts_own(detail: EffectDetail, detailed_edition: Edition) -> None:
    level = PriceLevel(2020)
    table = accounts_table(replace(detail, accounts=tuple(replace(one, level=level) for one in detail.accounts)),
                           detailed_edition)
    assert table is not None
    assert table.unit == "mio. kr., p/l 2020"


def test_a_biased_method_has_no_accounts(detailed_edition: Edition) -> None:
    assert accounts_blocks("3", detailed_edition) == []
    assert accounts_blocks("1", detailed_edition) == []
    assert len(accounts_blocks("4", detailed_edition)) == 2


def test_a_loss_is_called_a_cost(detail: EffectDetail) -> None:
    loss = tuple(replace(one, net=Interval(150_000.0, 90_000.0, 210_000.0)) for one in detail.accounts)
    told = plain(paid_back_sentence(replace(detail, accounts=loss)))
    assert "Samlet er det en nettoudgift på 0,150 mio. kr." in told
    assert "fra 0,090 mio. kr. til 0,210 mio. kr. i nettoudgift" in told
    assert paid_back_sentence(replace(detail, accounts=())) == ""
    assert paid_back_sentence(replace(detail, accounts=detail.accounts[:2])) == "", "there is no sum to tell"


@pytest.mark.parametrize(("low", "high", "said"), [
    (-600_000.0, -100_000.0, "fra 0,100 mio. kr. til 0,600 mio. kr. i nettobesparelse"),
    (-600_000.0, 100_000.0, "fra en nettobesparelse på 0,600 mio. kr. til en nettoudgift på 0,100 mio. kr."),
    (-600_000.0, 400.0, "fra en nettobesparelse på 0,600 mio. kr. til hverken en nettobesparelse eller en nettoudgift"),
    (None, 1.0, ""),
])
def test_the_net_interval_in_words(low: float | None, high: float, said: str) -> None:
    assert plain(net_span(Interval(0.0, low, high), CURRENT)) == said


@pytest.mark.parametrize(("probability", "text", "value"), [
    (0.834, "83", 0.834), (0.999, "over 99", None), (0.0, "under 1", None), (None, "", None)])
def test_a_chance_in_a_cell(probability: float | None, text: str, value: float | None) -> None:
    cell = chance_cell(probability)
    assert (cell.text, cell.value) == (text, value)


def test_a_table_whose_printed_figures_do_not_add_up_says_so(detail: EffectDetail, detailed_edition: Edition) -> None:
    words = "afrundet hver for sig"
    exact, rounded = (accounts_table(replace(detail, accounts=tuple(
        replace(one, spent=one.spent + more) for one in detail.accounts)), detailed_edition) for more in (0.0, 400.0))
    assert exact is not None
    assert rounded is not None
    assert words not in exact.note, "0,250 + 0,325 = 0,575"
    assert words not in rounded.note, "every figure is printed as before"
    kroner = [Interval(estimate, None, None) for estimate in (-1_400.0, -1_400.0, -2_800.0)]
    first, second, whole = (replace(one, spent=0.0, saving=made, net=made)
                            for one, made in zip(detail.accounts, kroner, strict=True))
    apart = accounts_table(replace(detail, accounts=(first, second, whole)), detailed_edition)
    assert apart is not None
    assert words in apart.note, "-0,001 and -0,001 are not -0,003"
    few = accounts_table(replace(detail, accounts=(first, second, whole), claim=False), detailed_edition)
    assert few is not None
    assert words not in few.note, "what is not printed needs no note"
