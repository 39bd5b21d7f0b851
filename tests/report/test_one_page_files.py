"""The pages for a politician as files: one A4 page each, tagged, sound to the linter, marked with the state."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest

from gevinst.follow_up.annual_cycle import Meeting, YearPlan
from gevinst.follow_up.edition import Correction, Edition
from gevinst.language import LANGUAGES, NO_BREAK, Language
from gevinst.lint.check import lint_memo, read_memo
from gevinst.money import CURRENT, Amount
from gevinst.register.business_case import BudgetYear, Line, Portfolio
from gevinst.report import as_html
from gevinst.report.one_page import all_pages, investment_page, one_page
from gevinst.report.one_page_files import SIZES, as_one_page, kept, page_files, read_kept, stems
from gevinst.report.one_page_next import next_dates
from gevinst.report.state_mark import StateMark
from tests.report.test_memo_pdf import text_sizes, words_of

DRAFT = StateMark("draft", date(2021, 11, 26), "Anna")
A4 = (595.28, 841.89)


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def longest(edition: Edition, make_edition: Callable[[Portfolio], Edition], investments: int) -> Edition:
    """The edition with all free texts as long as anybody could type them, and as many investments."""
    words = "Tværfaglig helhedsorienteret beskæftigelsesindsats for aktivitetsparate kontanthjælpsmodtagere med " * 5
    cases = tuple(
        replace(case, number=str(at), key=f"sag-{at}", title=words,
                target_group=replace(case.target_group, description=words), source=words)
        for at in range(1, investments + 1)
        for case in (edition.portfolio.investments[(at - 1) % 5],))
    portfolio = replace(edition.portfolio, title=words, municipality=words, source=words, investments=cases)
    made = make_edition(portfolio)
    details = tuple(detail for detail in edition.details if detail.investment in {case.number for case in cases})
    return replace(made, details=details, effects=edition.effects, synthetic=True, language=edition.language,
                   data_horizon=edition.data_horizon, benefit_names={"a-dagpenge": "A-dagpenge"},
                   correction=Correction("u-2021-08", date(2021, 8, 27), words))


Files = dict[Language, dict[str, bytes]]


@pytest.fixture(scope="module")
def made(detailed_edition: Edition) -> Files:
    """The pages of the edition with everything in it, in both languages."""
    return {language: page_files(all_pages(replace(detailed_edition, language=language)), DRAFT)
            for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_one_page_of_a4_in_type_that_can_be_read(language: Language, made: Files) -> None:
    assert sorted(made[language]) == sorted(
        f"one-page{of}.{kind}" for of in ("", "-1", "-2", "-3", "-4", "-5") for kind in ("pdf", "html"))
    for name, content in made[language].items():
        if not name.endswith(".pdf"):
            continue
        pdf = opened(content)
        assert len(pdf.pages) == 1, name
        assert tuple(float(edge) for edge in pdf.pages[0].mediabox[2:]) == pytest.approx(A4, abs=0.1)
        sizes = list(text_sizes(pdf.pages[0], pdf.pages[0].Resources))
        assert min(sizes) >= 7.99, name
        assert max(sizes) < 25, "the question"


@pytest.mark.parametrize(("language", "investments"), [("da", 5), ("da", 7), ("da", 12), ("da", 30), ("en", 7)])
def test_the_longest_texts_and_many_investments_stay_on_one_page(
    language: Language, investments: int, detailed_edition: Edition, make_edition: Callable[[Portfolio], Edition]
) -> None:
    edition = replace(longest(detailed_edition, make_edition, investments), language=language)
    plan = YearPlan(meetings=(Meeting(date(2021, 12, 15), "Udvalg " * 60, "m"),))
    coming = next_dates(plan, edition.memo_date, edition.portfolio.key)
    for page in (one_page(edition, coming), investment_page("4", edition, coming)):
        pdf = opened(as_one_page(replace(page, mark="Kontrolleret, ikke godkendt")))
        assert len(pdf.pages) == 1
        assert min(text_sizes(pdf.pages[0], pdf.pages[0].Resources)) >= 7.99


def test_ten_years_stay_on_one_page(portfolio: Portfolio, make_edition: Callable[[Portfolio], Edition]) -> None:
    years = tuple(range(2020, 2030))
    level = portfolio.price_level
    budget = tuple(BudgetYear(year, Amount.dkk(1_000_000, level), Amount.dkk(-2_000_000, level)) for year in years)
    cases = tuple(replace(case, budget=budget) for case in portfolio.investments)
    edition = make_edition(replace(portfolio, years=years, investments=cases))
    for page in (one_page(edition), investment_page("1", edition)):
        assert len(opened(as_one_page(page)).pages) == 1


def test_the_pdf_is_tagged_and_its_picture_has_words(made: Files) -> None:
    pdf = opened(made["da"]["one-page-4.pdf"])
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "da-DK"
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["pdfaid:part"] == "2"
    assert "Med indsatsen: 54 af 100 er ude af ydelsen" in pdf_alternatives(pdf)
    kinds = structure(pdf.Root.StructTreeRoot)
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 3
    assert "/H3" not in kinds
    assert "/TH" in kinds


def structure(element: object) -> list[str]:
    below = element.get("/K") if isinstance(element, pikepdf.Dictionary) else None
    children = list(below) if isinstance(below, pikepdf.Array) else [] if below is None else [below]
    own = [str(element.S)] if isinstance(element, pikepdf.Dictionary) and "/S" in element else []
    return [*own, *(kind for child in children for kind in structure(child))]


def pdf_alternatives(pdf: pikepdf.Pdf) -> str:
    return " ".join(str(found.Alt) for found in pdf.objects
                    if isinstance(found, pikepdf.Dictionary) and "/Alt" in found)


def faults(files: dict[str, bytes], folder: Path) -> list[str]:
    """What the linter says of files, its remarks left out."""
    found = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        found += [f"{name}: {each.finding}" for each in lint_memo(read_memo(path)) if each.grave]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_linter_finds_nothing_wrong(language: Language, made: Files, tmp_path: Path) -> None:
    assert faults(made[language], tmp_path) == []


def test_the_linter_finds_nothing_wrong_in_recorded_results(edition: Edition, tmp_path: Path) -> None:
    html = {f"page-{number}.html": as_html.render(page).encode() for number, page in all_pages(edition).items()}
    assert faults(html, tmp_path) == []


def test_the_html_holds_everything_and_asks_for_nothing(made: Files) -> None:
    files = made["da"]
    page = files["one-page-4.html"].decode()
    assert "<script" not in page
    assert "http-equiv=\"Content-Security-Policy\"" in page
    assert "src=\"http" not in page
    assert '<p class="mark">Udkast</p>' in page
    assert "<nav" not in page, "a page of three headings needs no list of contents"
    assert page.count("<h1>") == 1
    assert "Vis tallene bag" in files["one-page.html"].decode(), "the columns' numbers stand nowhere else"
    for name, content in files.items():
        if name.endswith(".html"):
            text = content.decode()
            led_to = set(re.findall(r'href="#([^"]+)"', text))
            assert led_to <= set(re.findall(r'id="([^"]+)"', text)), name


def test_the_same_pages_give_the_same_bytes_and_come_back_from_their_trees(detailed_edition: Edition) -> None:
    pages = all_pages(detailed_edition)
    again = read_kept(kept(pages))
    assert again == pages
    assert page_files({"4": again["4"]}, DRAFT) == page_files({"4": pages["4"]}, DRAFT)


def test_a_page_is_set_in_the_largest_type_that_fits(detailed_edition: Edition) -> None:
    plain = opened(as_one_page(investment_page("5", replace(detailed_edition, synthetic=False))))
    sizes = text_sizes(plain.pages[0], plain.pages[0].Resources)
    assert any(size == pytest.approx(SIZES[0], abs=0.01) for size in sizes)


def test_names_of_files_hold_no_odd_letters() -> None:
    assert stems(["", "1", "../2", "æ ø", "1"[:1] + "0" * 30, "A"]) == {
        "": "one-page", "1": "one-page-1", "../2": "one-page-2", "æ ø": "one-page-no3", "1" + "0" * 30: "one-page-no4",
        "A": "one-page-a"}


def test_the_published_page_says_who_approved_it(detailed_edition: Edition) -> None:
    mark = StateMark("published", date(2021, 12, 1), "Anna", "Anna", "Bo")
    files = page_files({"": one_page(detailed_edition)}, mark)
    words = words_of(opened(files["one-page.pdf"]), 0).replace(NO_BREAK, " ")
    assert "godkendt af Bo" in words
    assert "Udkast" not in words


def test_one_line_of_the_portfolio_is_each_investment(detailed_edition: Edition) -> None:
    words = words_of(opened(as_one_page(one_page(detailed_edition))), 0).replace(NO_BREAK, " ")
    for title in ("1. Koordineret indsats", "4. Jobsøgningsnetværk", "5. Rekruttering", "Stoppet i april 2021"):
        assert title in words


def test_amounts_of_the_page_are_figures_of_the_edition(edition: Edition) -> None:
    ids = {figure.id: figure for figure in edition.figures}
    cells = [cell for page in all_pages(edition).values() for table in page.tables() for row in table.rows
             for cell in row.cells if cell.figure]
    assert len(cells) > 60
    for cell in cells:
        assert Decimal(str(cell.value)) in (
            ids[cell.figure].amount.millions, ids[cell.figure].amount.millions * 1000)


def test_small_amounts_are_told_in_thousands(
    portfolio: Portfolio, make_edition: Callable[[Portfolio], Edition]
) -> None:
    small = tuple(replace(case, recorded=tuple(
        replace(row, amount=Amount(row.amount.ore // 20, CURRENT)) for row in case.recorded), budget=())
        for case in portfolio.investments)
    edition = make_edition(replace(portfolio, investments=small))
    page = investment_page("5", edition)
    (table,) = page.tables()
    assert table.unit.startswith("tusind kr.")
    net = edition.follow_up("5").outcome_total[Line.NET].amount
    whole = f"{abs(round(net.millions * 1000)):,}".replace(",", ".")
    said = " ".join(block.text for block in page.blocks if hasattr(block, "text")).replace(NO_BREAK, " ")
    assert f"{whole}.000 kr." in said or f"{whole} kr." in said


