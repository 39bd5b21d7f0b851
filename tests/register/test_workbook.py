"""The workbook: what is written reads back equal, formulas carry their values, faults name sheet and cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, Language, speaking
from gevinst.money import Amount
from gevinst.register import bundled
from gevinst.register.business_case import (
    CALENDAR_MONTH,
    ESTIMATORS,
    Basis,
    DoubleCounting,
    FollowedBy,
    LaterParticipants,
    Line,
    Portfolio,
    Status,
    StopMeasure,
)
from gevinst.register.check import check_portfolio_file
from gevinst.register.workbook import read_workbook, write_template, write_workbook
from gevinst.register.workbook_layout import sheets

NORDDJURS = bundled.portfolio("norddjurs-2020-2023")
EXCEL_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff",
                                   include_characters="\n\t"), max_size=30)


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_written_reads_back_equal(
    data: st.DataObject, any_portfolio: Callable[..., st.SearchStrategy[Portfolio]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    portfolio = data.draw(any_portfolio(EXCEL_TEXT))
    path = tmp_path_factory.getbasetemp() / "round.xlsx"
    write_workbook(portfolio, path)
    assert read_workbook(path) == portfolio


@pytest.mark.parametrize("name", bundled.names())
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bundled_portfolios_read_back_equal_in_any_language(
    name: str, language: Language, tmp_path: Path
) -> None:
    path = tmp_path / "again.xlsx"
    with speaking(language):
        write_workbook(bundled.portfolio(name), path)
    assert read_workbook(path) == bundled.portfolio(name)
    assert {f.code for f in check_portfolio_file(path)} <= {"footing.shared-target-group"}


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    path = tmp_path / "norddjurs.xlsx"
    with speaking("da"):
        write_workbook(NORDDJURS, path)
    return path


def edit(path: Path, sheet: str, changes: dict[str, Any]) -> Path:
    """Type into cells, as a controller would, and save."""
    book = openpyxl.load_workbook(path)
    for cell, value in changes.items():
        book[sheet][cell] = value
    book.save(path)
    return path


def places(path: Path) -> list[tuple[str, str]]:
    return [(f.code, f.where) for f in check_portfolio_file(path) if f.code != "footing.shared-target-group"]


def test_net_and_the_overview_are_live_formulas_with_their_values(filled: Path) -> None:
    formulas = openpyxl.load_workbook(filled)
    assert formulas["Budget"]["E2"].value == '=IF(AND(C2="",D2=""),"",C2+D2)'
    assert formulas["Oversigt"]["D2"].value == "=B2+C2"
    assert formulas["Oversigt"]["B2"].value == "=SUMIFS('Budget'!C:C,'Budget'!B:B,A2,'Budget'!F:F,\"=\")"
    values = CalamineWorkbook.from_path(filled)
    budget = values.get_sheet_by_name("Budget").to_python()
    assert budget[1][:5] == ["1", 2020.0, 3.079, -2.703, 0.376]
    # The sums of budget annex 4, and its overview's totals: -1.629, -6.765, -13.358, -18.208
    overview = values.get_sheet_by_name("Oversigt").to_python()
    assert [[round(float(cell), 3) for cell in row] for row in overview[1:5]] == [
        [2020, 6.703, -8.332, -1.629], [2021, 6.712, -13.477, -6.765], [2022, 5.26, -18.618, -13.358],
        [2023, 2.181, -20.389, -18.208]]


def test_a_template_has_every_sheet_with_notes_lists_and_formats(tmp_path: Path) -> None:
    path = tmp_path / "tom.xlsx"
    with speaking("da"):
        write_template(path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        "Vejledning", "Portefølje", "Investeringer", "Budget", "Resultater", "Beslutninger", "Suspenderinger",
        "Placeringer", "Deltagere", "Tilbageført", "Stopregler", "Lagt i budgettet", "Oversigt"]
    budget = book["Budget"]
    assert [cell.value for cell in budget[1]] == ["Investering nr. *", "År *", "Investering i indsats *",
                                                  "Besparelse på forsørgelse *", "I alt", "Prisniveau"]
    assert budget["D1"].comment.text == "Negativt beløb i filens enhed."
    assert budget["E50"].value.startswith("=IF(")
    assert budget.column_dimensions["C"].width > 15
    lists = {rule.formula1 for rule in book["Investeringer"].data_validations.dataValidation}
    assert '"foreslået,løber,stoppet,afsluttet"' in lists
    assert book["Portefølje"]["B5"].value == "mio. kr."
    assert {code for code, _ in places(path)} == {"register.missing-cell"}


def test_a_template_that_is_filled_in_by_hand_is_a_portfolio(tmp_path: Path) -> None:
    path = tmp_path / "tom.xlsx"
    with speaking("da"):
        write_template(path)
    edit(path, "Portefølje", {"B1": "prove", "B2": "Prøve", "B3": "Prøveby", "B4": "2020, 2021", "B5": "1.000 kr.",
                              "B6": 2020})
    edit(path, "Investeringer", {"A2": 1, "B2": "sag", "C2": "En sag", "F2": "Alle", "D2": "Løber"})
    edit(path, "Budget", {"A2": 1, "B2": 2020, "C2": 3079, "D2": "-2.703",
                          "A3": "sag", "B3": 2021, "C3": 0, "D3": "−1,5"})
    budget = read_workbook(path).investments[0].budget
    level = NORDDJURS.price_level
    assert [(b.year, b.investment, b.saving) for b in budget] == [
        (2020, Amount.dkk(3_079_000, level), Amount.dkk(-2_703_000, level)), (2021, Amount.zero(level),
                                                                             Amount.dkk(-1_500, level))]


@pytest.mark.parametrize(("sheet", "changes", "code", "where"), [
    ("Budget", {"C7": "mange"}, "register.not-a-number", "Budget!C7"),
    ("Budget", {"B7": 2020.5}, "register.not-a-whole-number", "Budget!B7"),
    ("Budget", {"A7": "9"}, "register.unknown-investment", "Budget!A7"),
    ("Budget", {"A7": None}, "register.missing-cell", "Budget!A7"),
    ("Budget", {"D7": None}, "register.missing-cell", "Budget!D7"),
    ("Budget", {"B7": 2030}, "register.year-outside", "Budget!B7"),
    ("Budget", {"B3": 2020}, "register.duplicate-entry", "Budget!B3"),
    ("Budget", {"F7": "gammel"}, "money.price-level", "Budget!F7"),
    ("Budget", {"C7": 0.000000001}, "money.not-whole-ore", "Budget!C7"),
    ("Budget", {"E2": 0.476}, "footing.row-does-not-foot", "Budget!E2"),
    ("Budget", {"D2": 2.703, "E2": 0.376}, "footing.sign-error", "Budget!D2"),
    ("Budget", {"D2": 2.703}, "footing.saving-positive", "Budget!D2"),
    ("Budget", {"G1": "Bemærkning"}, "register.unknown-column", "Budget!G1"),
    ("Budget", {"B1": None}, "register.missing-column", "Budget!A1"),
    ("Portefølje", {"B4": "2020-2023"}, "register.not-a-whole-number", "Portefølje!B4"),
    ("Portefølje", {"B5": "euro"}, "register.unknown-unit", "Portefølje!B5"),
    ("Portefølje", {"A6": None}, "register.missing-line", "Portefølje!A1"),
    ("Portefølje", {"B12": 1.5}, "register.out-of-range", "Portefølje!B12"),
    ("Portefølje", {"B12": None}, "register.missing-cell", "Portefølje!B12"),
    ("Investeringer", {"B3": "koordineret-indsats"}, "register.duplicate-investment", "Investeringer!B3"),
    ("Investeringer", {"D3": "sover"}, "register.not-a-choice", "Investeringer!D3"),
    ("Investeringer", {"D2": "løber"}, "register.stop-and-status", "Investeringer!D2"),
    ("Investeringer", {"T2": None, "U2": None}, "register.stop-without-date", "Tilbageført!C2"),
    ("Investeringer", {"AG3": "måned"}, "register.new-spell-rule", "Investeringer!AG3"),
    ("Investeringer", {"AG3": 0}, "register.out-of-range", "Investeringer!AG3"),
    ("Investeringer", {"AG3": 4.5}, "register.new-spell-rule", "Investeringer!AG3"),
    ("Investeringer", {"AI3": "glemmes"}, "register.not-a-choice", "Investeringer!AI3"),
    ("Investeringer", {"AJ3": "begge"}, "register.not-a-choice", "Investeringer!AJ3"),
    ("Investeringer", {"AE3": "sex\nAlder"}, "register.match-on-name", "Investeringer!AE3"),
    ("Investeringer", {"AH1": "Uger før afgang"}, "register.unknown-column", "Investeringer!AH1"),
    ("Resultater", {"H3": "32-13-2021"}, "register.not-a-date", "Resultater!H3"),
    ("Suspenderinger", {"D2": "måske"}, "register.not-yes-no", "Suspenderinger!D2"),
    ("Suspenderinger", {"C2": "9"}, "register.unknown-investment-or-all", "Suspenderinger!C2"),
    ("Beslutninger", {"A2": "9"}, "register.unknown-investment-or-all", "Beslutninger!A2"),
    ("Lagt i budgettet", {"A3": 2020}, "register.duplicate-entry", "Lagt i budgettet!A3"),
])
def test_a_fault_is_named_by_sheet_and_cell(
    filled: Path, sheet: str, changes: dict[str, Any], code: str, where: str
) -> None:
    edit(filled, sheet, changes)
    assert (code, where) in places(filled)
    if code != "footing.saving-positive":
        with pytest.raises(GevinstError):
            read_workbook(filled)


def test_the_protocol_is_filled_in_with_the_words_of_the_lists(filled: Path) -> None:
    edit(filled, "Investeringer", {
        "AC2": "matchet", "AE2": "sex\nage_at_entry", "AG2": "kalendermåned", "AI2": "følges videre",
        "AJ2": "deles ligeligt", "AG3": 8, "AG4": "8"})
    first, second, third = (case.protocol for case in read_workbook(filled).investments[:3])
    assert (first.headline, first.match_on, first.new_spell_after) == ("matched", ("sex", "age_at_entry"),
                                                                       CALENDAR_MONTH)
    assert (first.later_participants, first.double_counting) == ("keep", "split")
    assert (second.new_spell_after, third.new_spell_after) == (8, 8)
    assert (second.later_participants, second.double_counting) == ("censor", "first")


@pytest.mark.parametrize("typed", ["sex, age_at_entry, education", "sex\nage_at_entry\n\neducation",
                                   "sex; age_at_entry,\n education,"])
def test_what_is_matched_on_is_typed_with_commas_or_line_breaks(filled: Path, typed: str) -> None:
    edit(filled, "Investeringer", {"AE2": typed})
    assert read_workbook(filled).investments[0].protocol.match_on == ("sex", "age_at_entry", "education")
    assert places(edit(filled, "Investeringer", {"AE2": "sex, sex"})) == [
        ("register.duplicate-entry", "Investeringer!AE2")]


@pytest.mark.parametrize("header", ["Uger før afgang", "Weeks that make an exit"])
def test_a_workbook_from_before_the_rule_had_a_month_is_still_read(filled: Path, header: str) -> None:
    edit(filled, "Investeringer", {"AG1": header, "AG2": 8})
    assert read_workbook(filled).investments[0].protocol.new_spell_after == 8


def test_the_faults_of_a_stop_rule_are_told_in_danish(filled: Path) -> None:
    day = date(2021, 7, 1)
    rules = {"A2": 1, "B2": day, "C2": "startede borgere", "D2": 40, "A3": 1, "B3": day, "C3": "startede borgere",
             "D3": 30, "A4": 1, "B4": day, "C4": "besparelse", "A5": 1, "B5": day, "C5": "fuldtidspersoner",
             "A6": 1, "B6": day, "C6": "sandsynlighed for dækket investering", "D6": 50}
    edit(filled, "Stopregler", rules)
    with speaking("da"):
        told = [finding.message("da") for finding in check_portfolio_file(filled)
                if finding.where.startswith("Stopregler!")]
    assert [what for what, _ in told] == [
        "Stopreglen ser på et beløb (besparelse), men har ikke et beløb som grænse.",
        "Stopreglen ser på et antal eller en sandsynlighed (fuldtidspersoner), men har ikke et tal som grænse.",
        "50 er ikke en grænse, som en stopregel kan have.",
        "01-07-2021, startede borgere står to gange."]
    with speaking("da"):
        unknown = check_portfolio_file(edit(filled, "Stopregler", {"A6": "9"}))
    (what, do), = (one.message("da") for one in unknown if one.where == "Stopregler!A6")
    assert "»9«" in what
    assert "tomt" not in do, "the column must be filled in"


def test_one_fault_gives_one_finding(filled: Path) -> None:
    assert places(edit(filled, "Budget", {"C7": "mange"})) == [("register.not-a-number", "Budget!C7")]


def test_user_text_is_never_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "formula.xlsx"
    risky = replace(NORDDJURS, title="=HYPERLINK(\"http://x\")", committee="+1", reference="@x")
    write_workbook(risky, path)
    assert read_workbook(path) == risky
    assert openpyxl.load_workbook(path)["Portefølje"]["B2"].data_type == "s"


def test_what_excel_cannot_hold_is_refused_with_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    level = NORDDJURS.price_level
    year = replace(NORDDJURS.investments[0].budget[0], investment=Amount(1_234_567_890_123_456_789, level))
    first = replace(NORDDJURS.investments[0], budget=(year,))
    for portfolio, where in (
        (replace(NORDDJURS, investments=(first,)), "Budget!C2"),
        (replace(NORDDJURS, title="a\x01"), "Portefølje!B2"),
        (replace(NORDDJURS, background="x" * 32_768), "Portefølje!B11"),
        (replace(NORDDJURS, investments=(replace(first, budget=(), proposers=("a\nb",)),)), "Investeringer!K2"),
    ):
        with speaking("da"), pytest.raises(GevinstError) as caught:
            write_workbook(portfolio, path)
        assert (caught.value.code, caught.value.where) == ("register.not-for-excel", where)
        assert not path.exists()


def test_files_that_are_no_portfolio_workbooks(tmp_path: Path, save_sheets: Callable[..., Path]) -> None:
    text = tmp_path / "text.xlsx"
    text.write_text("ikke et regneark", encoding="utf-8")
    other = save_sheets({"Ark1": [["a", 1]]})
    for path, code in ((text, "register.not-a-workbook"), (tmp_path / "none.xlsx", "register.file-missing"),
                       (other, "register.not-a-portfolio")):
        with pytest.raises(GevinstError) as caught:
            read_workbook(path)
        assert (caught.value.code, caught.value.where) == (code, str(path))
    assert places(other) == [("footing.no-tables", str(other))]


def test_the_layout_offers_every_choice_the_record_has_and_no_name_twice() -> None:
    layout = sheets()
    offered = {(key, c.field): set(c.choices) for key, sheet in layout.items() for c in sheet.columns if c.choices}
    assert offered == {
        ("investments", "status"): set(Status), ("investments", "followed_by"): set(FollowedBy),
        ("investments", "protocol.headline"): set(ESTIMATORS),
        ("investments", "protocol.later_participants"): set(get_args(LaterParticipants)),
        ("investments", "protocol.double_counting"): set(get_args(DoubleCounting)),
        ("recorded", "line"): set(Line) - {Line.NET},
        ("recorded", "basis"): set(Basis) - {Basis.BUDGET}, ("stop_rules", "measure"): set(StopMeasure)}
    for sheet in layout.values():
        for language in LANGUAGES:
            names = [column.name[language].casefold() for column in sheet.columns]
            assert len(set(names)) == len(names)
            assert len(sheet.name[language]) <= 31
