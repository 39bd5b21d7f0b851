"""The portfolio over persons: on page one where every main method in it is sound, else not at all."""

from __future__ import annotations

from dataclasses import replace

from gevinst.effects.estimate import Interval
from gevinst.follow_up.edition import Edition
from gevinst.language import MINUS, NO_BREAK
from gevinst.report.effect.portfolio import portfolio_blocks, portfolio_told, sound_portfolio
from gevinst.report.memo import build_memo
from gevinst.report.tree import Heading, Paragraph, Table


def plain(text: str) -> str:
    return text.replace(NO_BREAK, " ")


def test_page_one_tells_the_saving_its_interval_and_the_chance(detailed_edition: Edition) -> None:
    real = replace(detailed_edition, synthetic=False)
    assert plain(portfolio_told(real)) == (
        "Regnet over personer, så ingen tælles to gange, gav investering 2 og 4 en besparelse på forsørgelse på 0,800 "
        "mio. kr. i 2020–2021 (95 %-interval: fra 0,160 mio. kr. til 1,200 mio. kr.). Sandsynligheden for, at "
        "besparelsen har dækket investeringerne, er 83 pct. Sandsynligheden for, at besparelsen har nået budgettet, er "
        "48 pct. 14 borgere deltog i mere end én investering; deres besparelse er kun regnet med én gang.")
    blocks = build_memo(real).blocks
    overview = next(at for at, block in enumerate(blocks) if isinstance(block, Heading) and block.key == "overview")
    assert any(isinstance(block, Paragraph) and block.text.startswith("Regnet over personer") for block in
               blocks[:overview])


def test_made_up_persons_are_said_to_be_so(detailed_edition: Edition) -> None:
    assert portfolio_told(detailed_edition).startswith("Kun på de opdigtede persondata: Regnet over personer")


def test_one_biased_method_keeps_it_all_off_page_one(detailed_edition: Edition) -> None:
    whole = detailed_edition.portfolio_effect
    assert whole is not None
    mixed = replace(detailed_edition, portfolio_effect=replace(whole, investments=("2", "3", "4")))
    assert sound_portfolio(mixed) is None
    assert portfolio_told(mixed) == ""
    assert portfolio_blocks(mixed) == []
    assert not any(table.key == "portfolio-effect" for table in build_memo(mixed).tables())
    assert portfolio_told(replace(detailed_edition, portfolio_effect=None)) == ""


def test_the_table_has_years_and_total(detailed_edition: Edition) -> None:
    table = portfolio_blocks(detailed_edition)[1]
    assert isinstance(table, Table)
    assert [[plain(cell.text) for cell in row.cells] for row in table.rows] == [
        ["2020", f"{MINUS}0,320", f"{MINUS}0,512 til {MINUS}0,032", "22", "41"],
        ["2021", f"{MINUS}0,480", f"{MINUS}0,768 til {MINUS}0,048", "55", "88"],
        ["I alt", f"{MINUS}0,800", f"{MINUS}1,200 til {MINUS}0,160", "48", "83"]]


def test_few_in_two_investments_are_not_counted_aloud_and_none_is_not_told(detailed_edition: Edition) -> None:
    whole = detailed_edition.portfolio_effect
    assert whole is not None
    few = replace(detailed_edition, portfolio_effect=replace(whole, counted_once=None))
    assert "under 5 borgere deltog i mere end én investering" in portfolio_told(few)
    none = replace(detailed_edition, portfolio_effect=replace(whole, counted_once=0))
    assert "mere end én" not in portfolio_told(none)


def test_an_interval_with_both_signs_names_both(detailed_edition: Edition) -> None:
    whole = detailed_edition.portfolio_effect
    assert whole is not None
    wide = replace(detailed_edition, portfolio_effect=replace(whole, net_total=Interval(-1e5, -6e5, 4e5)))
    assert "fra en besparelse på forsørgelse på 0,600 mio. kr. til en merudgift til forsørgelse på 0,400 mio. kr." in (
        plain(portfolio_told(wide)))


def test_a_total_that_is_not_known_is_not_made_up(detailed_edition: Edition) -> None:
    whole = detailed_edition.portfolio_effect
    assert whole is not None
    told = plain(portfolio_told(replace(detailed_edition, portfolio_effect=replace(whole, net_total=None))))
    assert told.startswith("Kun på de opdigtede persondata: Sandsynligheden for")
    one_year = replace(whole, net_total=None, net_by_year=whole.net_by_year[:1])
    assert "0,320 mio. kr. i 2020 (95" in plain(portfolio_told(replace(detailed_edition, portfolio_effect=one_year)))
