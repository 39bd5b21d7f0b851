"""Where the participants went: of one hundred, in per cent, and that a change of benefit is no saving."""

from __future__ import annotations

from dataclasses import replace

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import EffectDetail
from gevinst.language import MINUS, NO_BREAK
from gevinst.report.effect.destinations import destination_sentence, main_destinations, of_hundred_table, shares_table


def test_a_year_after_the_start_is_told_else_the_last_week(detail: EffectDetail) -> None:
    assert {share.week for share in main_destinations(detail)} == {52}
    early = replace(detail, destinations=tuple(share for share in detail.destinations if share.week == 26))
    assert {share.week for share in main_destinations(early)} == {26}


def test_the_difference_is_that_of_the_printed_numbers(detail: EffectDetail, detailed_edition: Edition) -> None:
    uneven = tuple(replace(share, with_effort=0.4551, without=0.5049) if share.key == "same_benefit" else share
                   for share in detail.destinations)
    table = of_hundred_table(replace(detail, destinations=uneven), detailed_edition)
    assert table is not None
    assert [cell.text for cell in table.rows[0].cells[:4]] == ["På A-dagpenge", "46", "50", f"{MINUS}4"]


def test_too_few_to_show_is_a_dash_that_is_explained(detail: EffectDetail, detailed_edition: Edition) -> None:
    table = of_hundred_table(detail, detailed_edition)
    assert table is not None
    pension = next(row for row in table.rows if row.cells[0].text == "På pension")
    assert [cell.text for cell in pension.cells[1:]] == ["–", "–", "–", ""]
    assert all(cell.value is None for cell in pension.cells)
    assert "for få deltagere til at vises (under 5)" in table.note


def test_every_week_known_is_in_the_appendix(detail: EffectDetail, detailed_edition: Edition) -> None:
    table = shares_table(detail, detailed_edition)
    assert table is not None
    assert [row.cells[0].text for row in table.rows if row.kind == "section"] == ["Uge 26", "Uge 52"]
    first = next(row for row in table.rows if row.kind == "body")
    assert [cell.text.replace(NO_BREAK, " ") for cell in first.cells] == [
        "På A-dagpenge", "46,0", "51,0", f"{MINUS}5,0", f"{MINUS}9,0 til {MINUS}1,0"]


def test_a_move_is_said_to_be_no_saving(detail: EffectDetail) -> None:
    same = tuple(replace(share, without=share.with_effort) for share in detail.destinations)
    assert "lige så mange som uden indsatsen. Kommunen betaler stadig for dem" in destination_sentence(
        replace(detail, destinations=same))
    assert destination_sentence(replace(detail, claim=False)) == ""
    withheld = tuple(replace(share, with_effort=None) for share in detail.destinations)
    assert destination_sentence(replace(detail, destinations=withheld)) == ""


def test_nothing_of_one_hundred_where_few_took_part(detail: EffectDetail, detailed_edition: Edition) -> None:
    assert of_hundred_table(replace(detail, claim=False), detailed_edition) is None
    assert of_hundred_table(replace(detail, destinations=()), detailed_edition) is None
    assert shares_table(replace(detail, destinations=()), detailed_edition) is None
