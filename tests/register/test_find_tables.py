"""Tables are found in the many ways that municipal sheets lay them out, and nothing else is taken for one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gevinst.money import CURRENT, PriceLevel
from gevinst.register.business_case import Basis
from gevinst.register.find_tables import Grid, find_document
from gevinst.register.printed_tables import PrintedDocument, PrintedTable, Role
from gevinst.register.units import Unit


def document(*rows: list[object]) -> PrintedDocument:
    return find_document([Grid(rows, lambda row, column: f"{row}:{column}")])


def only(*rows: list[object]) -> PrintedTable:
    (table,) = document(*rows).tables
    return table


def columns(table: PrintedTable) -> list[tuple[int | None, Basis | None]]:
    return [(column.year, column.basis) for column in table.columns]


def test_budget_and_result_stand_under_merged_years() -> None:
    table = only(["Løbende priser", 2020.0, "", 2021.0, ""], ["", "Budget", "Resultat", "Budget", "Forventet resultat"],
                 ["Investering", 1.0, 2.0, 3.0, 4.0])
    assert columns(table) == [(2020, Basis.BUDGET), (2020, Basis.REALISED), (2021, Basis.BUDGET),
                              (2021, Basis.EXPECTED)]
    assert table.price_level == CURRENT
    assert [cell.value for cell in table.rows[0].cells] == [1, 2, 3, 4]


def test_result_and_expected_stand_over_the_years_and_reach_right() -> None:
    table = only(["", "Resultat", "Forventet", ""], ["i mio. kr. løbende priser", 2020, 2021, 2022],
                 ["Besparelse", -1, -2, -3])
    assert columns(table) == [(2020, Basis.REALISED), (2021, Basis.EXPECTED), (2022, Basis.EXPECTED)]
    assert table.unit is Unit.MILLION


def test_words_stand_beside_the_years_in_one_cell() -> None:
    table = only(["1.000 kr., 2021 p/l", "Budget 2020", "Resultat 2020", "Budget 2021"], ["Investering", 1, 2, 3])
    assert columns(table) == [(2020, Basis.BUDGET), (2020, Basis.REALISED), (2021, Basis.BUDGET)]
    assert (table.unit, table.price_level) == (Unit.THOUSAND, PriceLevel(2021))


@pytest.mark.parametrize("header", ["I alt", "Total", "2020-2023", "Samlet"])
def test_a_column_of_totals_has_no_year(header: str) -> None:
    assert columns(only(["", 2020, 2021, header], ["Investering", 1, 2, 3]))[-1] == (None, None)


def test_unit_price_level_and_caption_stand_above_the_table() -> None:
    table = only(["Tabel 7b - Investeringer"], ["Beløb i 1.000 kr., p/l 2022"], [], ["", 2022, 2023],
                 ["Investering", 1, 2])
    assert (table.number, table.caption) == ("7b", "Tabel 7b - Investeringer")
    assert (table.unit, table.price_level) == (Unit.THOUSAND, PriceLevel(2022))
    assert (table.caption_where, table.where, table.years_where) == ("0:0", "3:1", "3:1")


def test_an_amount_in_a_long_sentence_states_no_unit() -> None:
    table = only(["Det blev aftalt at investere 20,856 mio. kr. i perioden, for dermed at bringe flere i job."],
                 ["", 2020, 2021], ["Investering", 1, 2])
    assert table.unit is None


def test_the_unit_of_one_table_is_not_that_of_the_next() -> None:
    first, second = document(["Mio. kr.", 2020, 2021], ["Investering", 1, 2], [], ["", 2020, 2021],
                             ["Investering", 1, 2]).tables
    assert (first.unit, second.unit) == (Unit.MILLION, None)


def test_figures_that_look_like_years_are_no_header() -> None:
    table = only(["1.000 kr.", 2020, 2021, 2022], ["Investering", 1999, 2020, 2050],
                 ["Besparelse", -2020, -2021, -2022])
    assert [row.role for row in table.rows] == [Role.INVESTMENT, Role.SAVING]


def test_a_table_of_weeks_is_no_table_of_years() -> None:
    assert document(["Periode", "0 uger", "4 uger"], ["2020", 100.0, 65.5], ["2021", 100.0, 62.5]).tables == ()


def test_the_body_ends_before_the_source_line() -> None:
    table = only(["", 2020, 2021], ["Investering", 1, 2], ["Kilde: KMD Opus"], ["Andet", 5, 6])
    assert [row.label for row in table.rows] == ["Investering"]


def test_a_label_in_two_columns_is_one_label_and_notes_to_the_right_are_left_out() -> None:
    table = only(["", "", 2020, 2021, "Parti"], ["Forsikrede", "Flere i job", 1, 2, "SF"])
    assert table.rows[0].label == "Forsikrede Flere i job"
    assert table.rows[0].where == "1:1"
    assert len(table.rows[0].cells) == 2


def test_dashes_blanks_and_words_in_cells() -> None:
    (row,) = only(["", 2020, 2021, 2022, 2023], ["Investering", "-", "", "ukendt", "1.234,5"]).rows
    assert [(c.value, c.blank, c.readable) for c in row.cells] == [
        (None, False, True), (None, True, True), (None, False, False), (Decimal("1234.5"), False, True)]


@pytest.mark.parametrize(("sentence", "value"), [
    ("Det bemærkes at investeringen giver en nettogevinst på ca. 6,1 mio. kr. i budgetperioden.", "-6.1"),
    ("Det bemærkes at investeringen giver en nettoudgift på ca. 3,0 mio. kr. i budgetperioden.", "3.0"),
    ("Samlet forventes et overskud på 8,234 mio. kr i investeringsperioden.", "-8.234"),
    ("Der forventes et underskud på 1,2 mio. kr. i hele perioden.", "1.2"),
    ("Investeringen gav dermed overskud i 2023, men samlet blev der et underskud på 1,2 mio. kr. i perioden.", "1.2"),
    ("Investeringen gav dermed underskud i 2023, men samlet blev der et overskud på 1,2 mio. kr. i perioden.", "-1.2"),
    ("I hele perioden blev det en nettoudgift. Samlet giver nettogevinst og nettoudgift tilsammen en nettoudgift på "
     "2,5 mio. kr. i perioden.", "2.5"),
    ("The investment thus gave a surplus in 2021, but over the investment period a deficit of DKK 1.200 million was "
     "the result.", "1.200"),
    ("Over the whole period a net saving of about DKK 8.2 million is expected.", "-8.2"),
    ("Samlet set forventes kommunens samlede nettobesparelse ved investeringerne ved uforstyrret drift i resten af "
     "perioden at blive på 10,529 mio. kr.", "-10.529"),
])
def test_sentences_that_state_a_net_sum(sentence: str, value: str) -> None:
    (stated,) = document(["", 2020, 2021], ["Investering", 1, 2], [sentence]).sums
    assert (stated.value, stated.unit, stated.table, stated.where) == (Decimal(value), Unit.MILLION, 0, "2:0")


@pytest.mark.parametrize("sentence", [
    "Investeringen giver en mindre nettogevinst i budgetperioden.",
    "Dette giver en forskel på 0,594 mio. kr. i perioden.",
    "Investeringen giver en nettogevinst på 6,1 mio. kr. i 2021.",
    "Det blev et overskud på 6,1 mio. kr. i 2021. I resten af perioden ventes intet.",
])
def test_sentences_that_state_no_net_sum_over_the_period(sentence: str) -> None:
    assert document(["", 2020, 2021], ["Investering", 1, 2], [sentence]).sums == ()


def test_a_sentence_speaks_of_the_table_above_it_or_else_of_the_next() -> None:
    said = ["Samlet et overskud på 1,0 mio. kr. i perioden."]
    sums = document(said, ["", 2020, 2021], ["A", 1, 2], said, ["", 2020, 2021], ["B", 1, 2], said).sums
    assert [stated.table for stated in sums] == [0, 0, 1]
