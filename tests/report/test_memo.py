"""The memo as a whole: numbered tables, notes and sources, figures printed as they are, nothing left unfilled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gevinst.follow_up.edition import Edition
from gevinst.language import MINUS
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.bundled import portfolio as bundled
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    Investment,
    Line,
    Portfolio,
    RecordedFigure,
    TargetGroup,
)
from gevinst.report.memo import build_memo
from gevinst.report.tree import Bullets, Document, Figure, Heading, Paragraph, Table

MakeEdition = Callable[[Portfolio], Edition]
HALF_A_PRINTED_STEP = 50_000  # øre


def prose(document: Document) -> Iterator[str]:
    """Every running text of the memo."""
    for block in document.blocks:
        if isinstance(block, Paragraph | Heading):
            yield block.text
        elif isinstance(block, Bullets):
            yield from block.items


def tables(document: Document) -> list[Table]:
    """Every table, those behind figures too."""
    return [*document.tables(), *(figure.data for figure in document.figures() if figure.data is not None)]


def every_text(document: Document) -> Iterator[str]:
    """All that a reader may meet."""
    yield from (document.title, document.author, document.subject, document.footer, *prose(document))
    yield from (text for line in document.head for text in line)
    for table in tables(document):
        yield from (table.caption, table.note, table.source, table.unit)
        yield from (text for column in table.columns for text in (column.header, column.group))
        yield from (cell.text for row in table.rows for cell in row.cells)
    for figure in document.figures():
        yield from (figure.caption, figure.alt, figure.note, figure.source)


@pytest.fixture(scope="module", params=["edition", "full_edition", "detailed_edition"])
def told(request: pytest.FixtureRequest) -> tuple[Edition, Document]:
    edition: Edition = request.getfixturevalue(request.param)
    return edition, build_memo(edition)


def test_the_head_is_date_reference_and_journal_number(edition: Edition) -> None:
    document = build_memo(edition)
    assert document.meta["kind"] == "Notat"
    assert document.head[:3] == (
        ("Dato:", "26-11-2021"), ("Reference:", "Anna Prøve"), ("Journalnr.:", "19/20405"))
    assert document.title == "Kvartalsvis opfølgning på investeringer for budget 2020–2023"
    assert [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1] == [
        document.title]


def test_tables_and_figures_are_numbered_once_and_in_order(told: tuple[Edition, Document]) -> None:
    _, document = told
    assert [table.number for table in document.tables()] == list(range(1, len(document.tables()) + 1))
    assert [figure.number for figure in document.figures()] == list(range(1, len(document.figures()) + 1))
    assert len({table.key for table in document.tables()}) == len(document.tables())


def test_every_table_and_figure_that_is_named_is_there(told: tuple[Edition, Document]) -> None:
    _, document = told
    numbers = {"tabel": {table.number for table in document.tables()},
               "figur": {figure.number for figure in document.figures()}}
    found = [match for text in every_text(document)
             for match in re.finditer(r"(tabel|figur)\xa0(\d+)", text, re.IGNORECASE)]
    assert found
    assert all(int(match[2]) in numbers[match[1].lower()] for match in found)


def test_a_reference_inside_a_sentence_has_a_small_letter(told: tuple[Edition, Document]) -> None:
    _, document = told
    for text in every_text(document):
        for match in re.finditer(r"(Tabel|Figur)\xa0\d+", text):
            assert match.start() == 0 or text[: match.start()].rstrip()[-1] in ".!?", text


def test_every_table_and_figure_has_note_and_source(told: tuple[Edition, Document]) -> None:
    _, document = told
    for table in tables(document):
        assert table.note, table.key
        assert table.source, table.key
    for figure in document.figures():
        assert figure.note, figure.key
        assert figure.source, figure.key
        assert figure.alt, figure.key


def test_tables_of_amounts_say_what_a_minus_means_and_their_price_level(told: tuple[Edition, Document]) -> None:
    edition, document = told
    figures = {figure.id for figure in edition.figures}
    of_amounts = [table for table in document.tables() if table.key != "sums" and any(
        cell.figure in figures for row in table.rows for cell in row.cells)]
    assert len(of_amounts) == 8
    for table in of_amounts:
        assert f"{MINUS} betyder" in table.note
        assert "mio. kr." in table.unit
        assert "løbende priser" in table.unit or "p/l 2020" in table.unit


def test_each_amount_is_its_figure_rounded(told: tuple[Edition, Document]) -> None:
    edition, document = told
    figures = {figure.id: figure.amount for figure in edition.figures}
    printed: set[str] = set()
    for table in (table for table in tables(document) if table.key != "sums"):  # that one is in kroner
        for cell in (cell for row in table.rows for cell in row.cells if cell.figure in figures):
            exact = Decimal(figures[cell.figure].ore) / 100_000_000
            rounded = exact.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
            assert Decimal(cell.text.replace(".", "").replace(",", ".").replace(MINUS, "-")) == rounded
            assert cell.value == exact
            printed.add(cell.figure)
    assert printed == set(figures), "every figure of the edition is printed"


def test_excel_formulas_are_true(told: tuple[Edition, Document]) -> None:
    _, document = told
    checked = 0
    for table in document.tables():
        for at, row in enumerate(table.rows):
            for column, cell in enumerate(row.cells):
                if not cell.formula:
                    continue
                if cell.formula == "sum:above":
                    parts = [above.cells[column].value for above in table.rows[:at] if above.kind == "body"]
                else:
                    assert cell.formula.startswith("add:")
                    parts = [table.rows[int(other)].cells[column].value for other in cell.formula[4:].split(",")]
                assert sum(Decimal(str(part)) for part in parts if part is not None) == cell.value
                checked += 1
    assert checked >= 30


def test_nothing_is_left_unfilled(told: tuple[Edition, Document]) -> None:
    _, document = told
    for text in every_text(document):
        assert not re.search(r"\bNone\b|\bnan\b|[{}]|\ue000|\ue001|kr\.\.(?!\.)|  ", text), text
        assert "Basis." not in text
        assert "Line." not in text


def test_an_edition_of_made_up_persons_says_so_first(full_edition: Edition, edition: Edition) -> None:
    document = build_memo(full_edition)
    warning = document.blocks[1]
    assert isinstance(warning, Paragraph)
    assert warning.role == "warning"
    assert "opdigtede" in warning.text
    assert "Norddjurs Kommune" in warning.text
    assert "Budgetaftale 2020–2023, Fasit, DREAM og KMD Opus" in warning.text
    assert document.footer.startswith("Opdigtede persondata.")
    assert not any(isinstance(block, Paragraph) and block.role == "warning" for block in build_memo(edition).blocks)


def test_page_one_is_three_to_five_points(told: tuple[Edition, Document]) -> None:
    _, document = told
    points = next(block for block in document.blocks if isinstance(block, Bullets))
    assert 3 <= len(points.items) <= 5


def test_every_parameter_stands_in_the_refund_ladder_or_in_the_appendix(full_edition: Edition) -> None:
    document = build_memo(full_edition)
    table = next(table for table in document.tables() if table.key == "parameters")
    rows = {row.cells[0].text: [cell.text for cell in row.cells] for row in table.rows}
    assert list(rows) == ["Kontanthjælp, sats (ikke bekræftet, lokal)"]
    ladder = next(table for table in document.tables() if table.key == "refund-ladder")
    assert [cell.text for cell in ladder.rows[0].cells][:4] == ["A-dagpenge", "80", "40", "30"]
    assert any("1 af 4 er ikke bekræftet i en offentlig kilde, og 1 er fastsat lokalt." in text
               for text in prose(document))


def test_a_refund_rate_that_is_not_confirmed_says_so(full_edition: Edition) -> None:
    unsure = tuple(replace(used, verified=False) for used in full_edition.parameters)
    document = build_memo(replace(full_edition, parameters=unsure))
    ladder = next(table for table in document.tables() if table.key == "refund-ladder")
    assert ladder.rows[0].cells[0].text == "A-dagpenge (ikke bekræftet)"
    assert "ikke fundet i en offentlig kilde" in ladder.note


def test_the_run_can_be_repeated_from_the_appendix(full_edition: Edition) -> None:
    facts = [block for block in build_memo(full_edition).blocks if isinstance(block, Bullets)][-1].items
    assert "Udgave: u-2021-11" in facts
    assert "Startværdi for tilfældige tal: 7" in facts
    assert "Gentagne stikprøver bag intervallerne: 1.000" in facts
    assert "Data til og med: 31-10-2021" in facts


def test_the_same_edition_gives_the_same_memo(full_edition: Edition) -> None:
    assert build_memo(full_edition) == build_memo(full_edition)


ore = st.one_of(st.integers(-3_000_000_000, 3_000_000_000), st.integers(-90_000, 90_000))


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """One to three investments over two years with any amounts, the first year a result where there is one."""
    level = draw(st.sampled_from([PriceLevel(2020), CURRENT]))
    cases = []
    for at in range(draw(st.integers(1, 3))):
        budget = tuple(BudgetYear(year, Amount(draw(ore), level), Amount(draw(ore), level)) for year in (2020, 2021))
        recorded = tuple(
            RecordedFigure(year, line, basis, Amount(draw(ore), CURRENT), "Kilde A", date(2021, 6, 30))
            for year, basis in ((2020, Basis.REALISED), (2021, draw(st.sampled_from(list(Basis)[1:]))))
            if draw(st.integers(0, 5)) for line in (Line.INVESTMENT, Line.SAVING))
        cases.append(Investment(str(at + 1), f"sag{at}", "En sag", TargetGroup("Ledige"), budget=budget,
                                recorded=recorded))
    return Portfolio("p", "Investeringer", "En kommune", (2020, 2021), level, tuple(cases), source="Kilde A")


def way(amount: Amount) -> int:
    """The sign of what is printed."""
    return 0 if abs(amount.ore) < HALF_A_PRINTED_STEP else (1 if amount.ore > 0 else -1)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(portfolio=portfolios())
def test_no_memo_says_the_opposite_of_its_figures(portfolio: Portfolio, make_edition: MakeEdition) -> None:
    edition = make_edition(portfolio)
    document = build_memo(edition)
    texts = list(prose(document))
    total = edition.portfolio_follow_up.outcome_total.get(Line.NET)
    overall = [text for text in texts if text.startswith("Samlet set")]
    if total is not None:
        assert overall
    for text in overall:
        assert total is not None
        said = ("en nettobesparelse på" in text, "en nettoudgift på" in text)
        assert said == {-1: (True, False), 0: (False, False), 1: (False, True)}[way(total.amount)]
    sums = re.compile(r"[Ss]amlet (?:blev der|gik den|forventes der|forventes et|forventes den) .*? i "
                      r"(?:investeringsperioden|2020|2021)\.")
    cases = [text for text in texts if sums.search(text)]
    nets = [part.outcome_total[Line.NET].amount for part in edition.follow_ups if Line.NET in part.outcome_total]
    assert len(cases) == len(nets)
    for text, net in zip(cases, nets, strict=True):
        (last,) = sums.findall(text)
        said = ("overskud" in last, "underskud" in last)
        assert said == {-1: (True, False), 0: (False, False), 1: (False, True)}[way(net)], text
    for table in tables(document):
        assert table.note
        assert table.source


def test_a_portfolio_without_results_still_makes_a_memo(portfolio: Portfolio, make_edition: MakeEdition) -> None:
    cases = tuple(replace(case, recorded=(), head_counts=(), stop=None) for case in portfolio.investments)
    document = build_memo(make_edition(replace(portfolio, investments=cases, prudence=None, suspensions=())))
    points = next(block for block in document.blocks if isinstance(block, Bullets)).items
    assert any("39,960" in point for point in points)
    assert not any(re.search(r"\bNone\b", text) for text in every_text(document))
    assert not any("underskud" in text for text in prose(document) if "investeringsperioden" in text)


def test_figures_are_drawn_from_data_that_can_be_read(full_edition: Edition) -> None:
    document = build_memo(full_edition)
    kinds = {block.key.split("/")[0] for block in document.blocks if isinstance(block, Figure)}
    assert kinds == {"overview", "published", "curves", "effects"}
    curves = next(figure for figure in document.figures() if figure.key == "curves/4")
    assert curves.data is not None
    first = {column.header: cell.text for column, cell in zip(curves.data.columns, curves.data.rows[0].cells,
                                                              strict=True) if column.group in ("", "Deltagere")}
    assert first == {"Uge": "0", "Andel": "100,0", "95\xa0% fra": "95,0", "95\xa0% til": "100,0", "Antal": "230"}


def test_a_portfolio_of_proposals_alone_makes_a_memo(make_edition: MakeEdition) -> None:
    document = build_memo(make_edition(bundled("aarhus-2021-2024")))
    texts = list(prose(document))
    assert "Der er endnu hverken resultater eller forventninger at vise." in texts
    assert any(text.startswith("Investeringen er foreslået og ikke begyndt.") for text in texts)
    # The annex: 30 mio. kr. a year in four years for six proposals.
    budget = next(table for table in document.tables() if table.key == "budget")
    invested = next(row for row in budget.rows if row.cells[0].text == "Heraf investering i indsats")
    assert [cell.text for cell in invested.cells[1:]] == ["30,000"] * 4 + ["120,000"]
    assert not any("forventes investeringerne" in text for text in texts)
