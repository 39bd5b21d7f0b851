"""A total is told as of the years and investments it is of, and what is not stated yet is said."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.since_last import not_stated
from gevinst.language import LANGUAGES, NO_BREAK, Language, speaking
from gevinst.lint.check import lint_memo, read_memo
from gevinst.register.business_case import Basis, Investment, Line, Portfolio, RecordedFigure, Status
from gevinst.report import as_html
from gevinst.report.covered import covered, rest_told, total_note
from gevinst.report.in_short import in_one_sentence, in_short
from gevinst.report.investment_section import outcome_sentences
from gevinst.report.memo import build_memo
from gevinst.report.one_page import all_pages, one_page
from gevinst.report.terminal import portfolio_table
from gevinst.report.tree import Bullets, Document, Paragraph, Table
from tests.report.printed_figures import unnamed_in_sentences

MakeEdition = Callable[[Portfolio], Edition]
Keep = Callable[[Investment, RecordedFigure], bool]


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


@pytest.fixture
def keeping(portfolio: Portfolio, make_edition: MakeEdition) -> Callable[[Keep], Edition]:
    """The edition in which only some of what was recorded is stated, and nothing was stopped."""
    def made(keep: Keep) -> Edition:
        cases = tuple(replace(case, stop=None, status=Status.RUNNING, recorded=tuple(
            replace(one, basis=Basis.REALISED) for one in case.recorded if keep(case, one)))
            for case in portfolio.investments)
        return make_edition(replace(portfolio, investments=cases))

    return made


@pytest.fixture
def one_of_five(keeping: Callable[[Keep], Edition]) -> Edition:
    """Only investment 2, and of it only 2021."""
    return keeping(lambda case, one: (case.number, one.year) == ("2", 2021))


@pytest.fixture
def uneven(keeping: Callable[[Keep], Edition]) -> Edition:
    """In 2021 the cost of three investments and the saving of one."""
    return keeping(lambda case, one: one.year == 2021 and (
        case.number == "2" or (one.line is Line.INVESTMENT and case.number in "34")))


def words(document: Document) -> str:
    told = []
    for block in document.blocks:
        told += [block.text] if isinstance(block, Paragraph) else []
        told += block.items if isinstance(block, Bullets) else []
    return " ".join(told).replace(NO_BREAK, " ")


def table(document: Document, key: str) -> Table:
    return next(one for one in document.tables() if one.key == key)


def test_page_one_tells_of_the_years_and_investments_that_are_stated(one_of_five: Edition) -> None:
    lead = in_one_sentence(one_of_five).replace(NO_BREAK, " ")
    assert lead.startswith("Samlet set gav den opgjorte investering (1 af 5) kommunen en netto")
    assert lead.endswith("i 2021. Investering 1, 3, 4 og 5 og årene 2020, 2022–2023 er ikke opgjort endnu.")
    points = " ".join(in_short(one_of_five)).replace(NO_BREAK, " ")
    assert "I 2021 blev der investeret" in points
    assert points.count("blev der investeret") == 1, "one year is told once"
    assert "Kun 1 af 5 investeringer er opgjort. Den gav" in points
    assert "overskud i 2021." in points
    assert "Budgettet gælder alle investeringer i 2020–2023 og kan ikke holdes op mod et resultat af en del." in points
    for word in ("2020–2023 blev der", "hele perioden", "investeringsperioden"):
        assert word not in words(build_memo(one_of_five)), word
    section = " ".join(outcome_sentences(one_of_five.portfolio.investment("2"), one_of_five.follow_up("2"),
                                         one_of_five)).replace(NO_BREAK, " ")
    assert "i 2021. Årene 2020, 2022–2023 er ikke opgjort endnu." in section


def test_a_year_without_an_outcome_is_not_said_to_be_expected(one_of_five: Edition) -> None:
    for key in ("overview", "by-case"):
        columns = table(build_memo(one_of_five), key).columns
        assert [column.group for column in columns[1:5]] == ["Ikke opgjort", "Resultat", "Ikke opgjort", "Ikke opgjort"]


def test_the_tables_say_what_the_total_is_of(one_of_five: Edition) -> None:
    document = build_memo(one_of_five)
    for key in ("overview", "by-case"):
        assert "Resultatet i alt dækker kun 2021 for 1 af 5 investeringer." in table(document, key).note
    apart = "Budgettet i alt er for 2020–2023, resultatet i alt kun for 2021; de to kan ikke holdes op mod hinanden."
    assert apart in table(document, "follow-up/2").note
    pages = all_pages(one_of_five)
    assert apart in table(pages["2"], "one-page/2").note
    assert ("Budgettet i alt er for alle 5 investeringer i 2020–2023, resultatet i alt kun for 1 af dem i 2021; de to "
            "kan ikke holdes op mod hinanden.") in table(pages[""], "one-page/portfolio").note
    assert "Investering 1, 3, 4 og 5 og årene 2020, 2022–2023 er ikke opgjort endnu." in words(pages[""])
    assert "Det gælder 1 af 5 investeringer; resten er ikke opgjort endnu." in words(pages[""])


def test_some_years_of_an_investment_may_lack(keeping: Callable[[Keep], Edition]) -> None:
    edition = keeping(lambda case, one: case.number != "3" or one.year == 2020)
    assert covered(edition).some == ("1", "3"), "investment 1, which runs here, was stated for two years"
    assert in_one_sentence(edition).endswith("For investering 1 og 3 er kun nogle af årene opgjort.")
    assert total_note(covered(edition)) == "For investering 1 og 3 er kun nogle af årene opgjort."
    assert "hele perioden" not in " ".join(in_short(edition))


def test_several_of_five(keeping: Callable[[Keep], Edition]) -> None:
    edition = keeping(lambda case, _: case.number in "23")
    assert "de opgjorte investeringer (2 af 5)" in in_one_sentence(edition)
    assert "Kun 2 af 5 investeringer er opgjort." in " ".join(in_short(edition))


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_linter_reads_it(one_of_five: Edition, uneven: Edition, language: Language, tmp_path: Path) -> None:
    for made in (one_of_five, uneven):
        path = tmp_path / "memo.html"
        path.write_text(as_html.render(build_memo(replace(made, language=language))), encoding="utf-8")
        assert [f"{each.finding}" for each in lint_memo(read_memo(path)) if each.grave] == []


def test_how_many_are_stated_has_an_id(one_of_five: Edition, uneven: Edition) -> None:
    for made in (one_of_five, uneven):
        assert unnamed_in_sentences(build_memo(made), made.portfolio) == []


def test_where_all_is_stated_nothing_is_added(edition: Edition) -> None:
    """The municipality's own memo: every year is a result or expected, and one investment was stopped."""
    assert covered(edition).whole
    assert rest_told(covered(edition)) == ""
    lead = in_one_sentence(edition).replace(NO_BREAK, " ")
    assert lead.startswith("Samlet set forventes investeringerne at give kommunen en nettobesparelse på ")
    assert lead.endswith(" i 2020–2023.")
    points = " ".join(in_short(edition))
    assert "Over årene 2020–2023 forventes der investeret" in points
    assert "overskud over hele perioden." in points
    document = build_memo(edition)
    assert not any("kun for" in one.note or "dækker kun" in one.note for one in document.tables())
    assert "ikke opgjort endnu" not in words(document)


def test_where_cost_and_saving_are_not_of_the_same_it_is_too_early_to_tell(uneven: Edition) -> None:
    lead = in_one_sentence(uneven)
    assert lead.startswith("Det er for tidligt at svare: Regnskabet for indsatsen er ikke helt")
    assert lead in words(one_page(uneven)), "the two say the same"
    assert words(build_memo(uneven)).startswith(lead)
    assert "Kun 1 af 5 investeringer er opgjort med både udgift og besparelse." in words(build_memo(uneven))
    assert "lavere" not in words(one_page(uneven)), "the saving of one is not held against the cost of three"
    said = "Der er ingen sum af A og B: Udgiften er opgjort for investering 2, 3 og 4, besparelsen for investering 2."
    for key in ("overview", "by-case"):
        assert said in table(build_memo(uneven), key).note


def test_where_nothing_is_stated_it_is_too_early_to_tell(keeping: Callable[[Keep], Edition]) -> None:
    assert in_one_sentence(keeping(lambda *_: False)) == (
        "Det er for tidligt at svare: Der er endnu ingen resultater.")


def test_after_the_years_nothing_is_merely_not_stated_yet(
    one_of_five: Edition, keeping: Callable[[Keep], Edition]
) -> None:
    day = date(one_of_five.portfolio.years[-1] + 1, 1, 1)
    never = ("opgjort endnu", "stated yet", "endnu hverken", "as yet neither", "for tidligt", "too early")
    for language, told in (("da", "er ikke opgjort."), ("en", "are not stated.")):
        for made in (one_of_five, keeping(lambda *_: False)):
            after = replace(made, memo_date=day, language=language)
            both = words(build_memo(after)) + words(one_page(after))
            assert [one for one in never if one in both] == []
        assert told in words(build_memo(replace(one_of_five, memo_date=day, language=language)))


@pytest.mark.parametrize(("language", "none", "expected"), [
    ("da", "Ikke opgjort", "Forventet resultat"), ("en", "Not stated", "Expected result")])
def test_a_year_without_an_outcome_is_not_called_expected(
    one_of_five: Edition, language: Language, none: str, expected: str
) -> None:
    made = replace(one_of_five, language=language)
    heads = {column.group: column.header for column in table(build_memo(made), "follow-up/2").columns
             if column.header != "Budget"}
    assert [heads[str(year)] for year in (2020, 2022, 2023)] == [none] * 3
    assert expected not in heads.values()
    screen = io.StringIO()
    Console(file=screen, width=200).print(portfolio_table(made))
    with speaking(language):
        assert screen.getvalue().count(not_stated()) == 3


def test_both_languages_say_it(one_of_five: Edition, uneven: Edition) -> None:
    for language in LANGUAGES:
        for made in (one_of_five, uneven):
            assert words(build_memo(replace(made, language=language)))
    with speaking("en"):
        assert "the stated investments (1 of 5)" in in_one_sentence(one_of_five)
        assert "Only 1 of 5 investments is stated." in " ".join(in_short(one_of_five))
        assert "are not stated yet" in in_one_sentence(one_of_five)
