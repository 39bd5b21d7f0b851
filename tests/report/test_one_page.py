"""What the page for a politician says, by what the answer rests on: never more than the memo, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gevinst.effects.estimate import Interval
from gevinst.follow_up.annual_cycle import Meeting, YearPlan
from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.edition import Correction, Edition, EffectSummary
from gevinst.follow_up.effect_detail import EffectDetail
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.realised import outcomes, recorded_figures
from gevinst.follow_up.status import EarlyWarning
from gevinst.follow_up.status_rules import Facts, StatusFound, StatusRules, status_of
from gevinst.follow_up.status_stop import Outcome, Verdict
from gevinst.follow_up.table import follow_up, portfolio_follow_up
from gevinst.follow_up.value_of_information import Decision
from gevinst.language import LANGUAGES, NO_BREAK, Language, speaking
from gevinst.money import CURRENT, Amount
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    HeadCount,
    Investment,
    Line,
    Portfolio,
    RecordedFigure,
    Status,
    StopMeasure,
    StopRule,
    TargetGroup,
)
from gevinst.report.memo import build_memo
from gevinst.report.one_page import all_pages, investment_page, one_page
from gevinst.report.one_page_answer import Ground, ground
from gevinst.report.one_page_chart import is_columns
from gevinst.report.one_page_next import next_dates
from gevinst.report.tree import Bullets, Document, Heading, Paragraph
from gevinst.report.tree import Figure as Picture

MIO = 1_000_000


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


@pytest.fixture
def true_persons(detailed_edition: Edition) -> Edition:
    """The edition with everything in it, as if its persons were not made up."""
    return replace(detailed_edition, synthetic=False)


def plain(text: str) -> str:
    return text.replace(NO_BREAK, " ")


def lead(page: Document) -> str:
    (text,) = (block.text for block in page.blocks if isinstance(block, Paragraph) and block.role == "lead")
    return plain(text)


def words(page: Document) -> str:
    told: list[str] = []
    for block in page.blocks:
        told += [block.text] if isinstance(block, Paragraph | Heading) else []
        told += block.items if isinstance(block, Bullets) else []
        told += [block.caption, block.note] if isinstance(block, Picture) else []
    for table in page.tables():
        told += [table.caption, table.unit, table.note, table.source]
        told += [cell.text for row in table.rows for cell in row.cells]
    return plain(" ".join(told))


def under(page: Document, heading: str) -> str:
    """What stands in the list under a heading."""
    at = next(at for at, block in enumerate(page.blocks) if isinstance(block, Heading) and block.text == heading)
    found = page.blocks[at + 1]
    assert isinstance(found, Bullets)
    return plain(" ".join(found.items))


def with_outcomes(edition: Edition, changed: dict[str, tuple[Figure, ...]]) -> Edition:
    """The edition with other outcomes of some investments."""
    parts = []
    for case in edition.portfolio.investments:
        chosen = changed.get(case.number)
        found = outcomes(recorded_figures(case), ()) if chosen is None else chosen
        parts.append(follow_up(case, edition.portfolio, found, CURRENT))
    whole = portfolio_follow_up(edition.portfolio, tuple(parts), CURRENT)
    figures = tuple(figure for part in (*parts, whole) for figure in part.figures())
    return replace(edition, follow_ups=tuple(parts), portfolio_follow_up=whole, figures=figures)


def outcome(number: str, year: int, invested: float, saved: float, *, basis: Basis = Basis.REALISED,
            computed: bool = False) -> tuple[Figure, Figure]:
    """A year's two figures, in million kroner."""
    low, high = (Amount.dkk(round((saved + edge) * MIO), CURRENT) if computed else None for edge in (-0.3, 0.3))
    return (
        Figure(number, Line.INVESTMENT, year, basis, Amount.dkk(round(invested * MIO), CURRENT), "recorded", "Opus"),
        Figure(number, Line.SAVING, year, basis, Amount.dkk(round(saved * MIO), CURRENT),
               "computed" if computed else "recorded", "beregnet" if computed else "Opus", low, high))


def accounted(edition: Edition, number: str, low: float, high: float) -> Edition:
    """The edition where the net of an investment's account, in million kroner, lies between two edges."""
    def changed(detail: EffectDetail) -> EffectDetail:
        net = Interval((low + high) / 2 * MIO, low * MIO, high * MIO)
        return replace(detail, accounts=tuple(replace(account, net=net) for account in detail.accounts))
    return replace(edition, details=tuple(changed(one) if one.investment == number else one for one in edition.details))


# -- the answer -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("invested", "saved", "basis", "said"), [
    (1.0, -3.5, Basis.REALISED, "I 2020 fik kommunen 2,5 mio. kr. mere igen, end indsatsen kostede."),
    (3.5, -1.0, Basis.REALISED, "I 2020 fik kommunen 2,5 mio. kr. mindre igen, end indsatsen kostede."),
    (2.5, -2.5, Basis.REALISED, "I 2020 fik kommunen lige så meget igen, som indsatsen kostede."),
    (2.52, -2.5, Basis.REALISED, "I 2020 fik kommunen lige så meget igen, som indsatsen kostede."),
    (1.0, -3.5, Basis.EXPECTED, "I 2020 forventes kommunen at få 2,5 mio. kr. mere igen, end indsatsen koster."),
    (2.0, 0.5, Basis.REALISED,
     "I 2020 fik kommunen ikke noget igen: Kommunens udgifter til forsørgelse blev 0,5 mio. kr. højere."),
    (2.0, 0.0, Basis.EXPECTED,
     "I 2020 forventes kommunen ikke at få noget igen: Kommunens udgifter til forsørgelse forventes uændrede."),
])
def test_recorded_amounts_are_answered_by_their_signs_as_printed(
    edition: Edition, invested: float, saved: float, basis: Basis, said: str
) -> None:
    case = replace(edition.portfolio.investment("5"), budget=())
    cases = (*edition.portfolio.investments[:4], case)
    bare = replace(edition, portfolio=replace(edition.portfolio, investments=cases))
    made = with_outcomes(bare, {"5": outcome("5", 2020, invested, saved, basis=basis)})
    assert ground(case, made) is Ground.RECORDED
    assert lead(investment_page("5", made)) == said


@pytest.mark.parametrize(("low", "high", "said"), [
    (-1.3, 0.5, "Det er usikkert, om indsatsen har tjent sig hjem: Det bedste bud for 2020–2021 er et overskud på 0,4 "
                "mio. kr., men det kan være alt fra et overskud på 1,3 mio. kr. til et underskud på 0,5 mio. kr."),
    (-1.3, -0.4, "Indsatsen ser ud til at have tjent sig hjem: I 2020–2021 fik kommunen mellem 0,4 mio. kr. og 1,3 "
                 "mio. kr. mere igen, end den kostede."),
    (0.3, 1.1, "Indsatsen ser ikke ud til at have tjent sig hjem: I 2020–2021 fik kommunen mellem 0,3 mio. kr. og 1,1 "
               "mio. kr. mindre igen, end den kostede."),
    (-1.3, -0.04, "Det er usikkert, om indsatsen har tjent sig hjem: Det bedste bud for 2020–2021 er et overskud på "
                  "0,7 mio. kr., men det kan være alt fra et overskud på 1,3 mio. kr. til hverken overskud eller "
                  "underskud."),
])
def test_a_computed_saving_is_answered_by_its_interval(
    true_persons: Edition, low: float, high: float, said: str
) -> None:
    made = with_outcomes(true_persons, {"4": outcome("4", 2020, 0.25, -0.32, computed=True)})
    assert ground(made.portfolio.investment("4"), made) is Ground.COMPUTED
    page = investment_page("4", accounted(made, "4", low, high))
    assert lead(page) == said
    assert "95" not in lead(page)
    assert "konfidens" not in words(page)


def test_a_computed_answer_says_that_its_persons_are_made_up(detailed_edition: Edition) -> None:
    made = with_outcomes(detailed_edition, {"4": outcome("4", 2020, 0.25, -0.32, computed=True)})
    page = investment_page("4", made)
    assert lead(page).startswith("Kun på opdigtede persondata: Det er usikkert")
    assert "Personoplysningerne er opdigtede." in words(page)
    assert "Personoplysningerne" not in words(investment_page("5", made)), "nothing on that page is of persons"


def effect(number: str, *, estimator: str = "matched", low: float = 0.3, high: float = 2.5,
           participants: int | Hidden = 230) -> EffectSummary:
    return EffectSummary(number, estimator, "Uset forskel.", True, 52, Interval((low + high) / 2, low, high),
                         participants, 50)


@pytest.mark.parametrize(("number", "why", "said"), [
    ("2", Ground.FEW, "Det kan vi ikke svare på: Svaret skal hvile på mindst 20 deltagere"),
    ("3", Ground.BIASED, "Det kan vi ikke svare på: Virkningen er regnet ud på en måde, der er skæv"),
])
def test_no_result_is_told_that_the_memo_does_not_tell(
    true_persons: Edition, number: str, why: Ground, said: str
) -> None:
    made = with_outcomes(true_persons, {number: outcome(number, 2020, 1.5, -4.4, computed=True)})
    page = investment_page(number, made)
    assert ground(made.portfolio.investment(number), made) is why
    assert lead(page).startswith(said)
    assert "4,4" not in words(page), "the saving"
    assert "−2,9" not in words(page), "the net"
    assert not any(is_columns(block) for block in page.blocks)
    assert "I 2020 kostede indsatsen 1,5 mio. kr." in words(page), "what it cost is known"


def test_a_method_refuted_by_its_tests_gives_no_answer(true_persons: Edition) -> None:
    made = with_outcomes(true_persons, {"4": outcome("4", 2020, 1.5, -4.4, computed=True)})
    graded = tuple(replace(one, evidence=replace(one.evidence, grade="E")) if one.evidence and one.headline
                   and one.investment == "4" else one for one in made.effects)
    made = replace(made, effects=graded)
    page = investment_page("4", made)
    assert lead(page) == "Det kan vi ikke svare på: Prøver af regnemetoden fandt en virkning, hvor der ingen kan være."
    assert "Hvor mange det ellers ville have været, ved vi ikke." in words(page)
    assert not [block for block in page.blocks if isinstance(block, Picture)], "no picture of what would have been"


@pytest.mark.parametrize(("low", "high", "said"), [
    (0.3, 2.5, "Deltagerne ser ud til at være kommet hurtigere ud af ydelsen. Hvad det er værd i kroner, er ikke gjort "
               "op."),
    (-2.5, -0.3, "Deltagerne ser ud til at være blevet længere på ydelsen. Hvad det er værd i kroner, er ikke gjort "
                 "op."),
    (-0.3, 2.5, "Det kan ikke afgøres, om indsatsen har hjulpet deltagerne hurtigere ud af ydelsen."),
])
def test_where_there_are_no_amounts_the_weeks_answer(
    true_persons: Edition, low: float, high: float, said: str
) -> None:
    made = with_outcomes(true_persons, {"4": ()})
    made = replace(made, effects=(effect("4", low=low, high=high),))
    assert lead(investment_page("4", made)) == said


@pytest.mark.parametrize(("status", "why", "said"), [
    (Status.RUNNING, Ground.NOTHING, "Det er for tidligt at svare: Der er endnu ingen resultater."),
    (Status.PROPOSED, Ground.NOT_BEGUN, "Det er for tidligt at svare: Investeringen er ikke begyndt."),
])
def test_an_investment_without_results_has_an_honest_page(
    edition: Edition, status: Status, why: Ground, said: str
) -> None:
    case = replace(edition.portfolio.investment("3"), status=status)
    cases = tuple(case if one.number == "3" else one for one in edition.portfolio.investments)
    made = with_outcomes(replace(edition, portfolio=replace(edition.portfolio, investments=cases)), {"3": ()})
    assert ground(case, made) is why
    page = investment_page("3", made)
    assert lead(page) == said
    assert "var forventningen et overskud på 12,9 mio. kr." in words(page), "the budget is known"


@pytest.mark.parametrize(("language", "recorded_only", "said"), [
    ("da", True, "Det kan vi ikke svare på: Der er ikke indberettet et resultat, og notatet er lavet uden borgernes "
                 "data."),
    ("en", True, "We cannot tell: no result was recorded, and the memo is made without persons' data."),
    ("da", False, "Det kan vi ikke svare på: Der er ikke indberettet et resultat, og borgernes data gav heller ikke "
                  "et."),
    ("en", False, "We cannot tell: no result was recorded, and persons' data gave none either."),
])
def test_after_the_years_it_is_not_too_early(
    edition: Edition, language: Language, recorded_only: bool, said: str
) -> None:
    last = edition.portfolio.years[-1]
    horizon = None if recorded_only else date(last, 12, 31)
    made = replace(with_outcomes(edition, {"3": ()}), language=language, data_horizon=horizon)
    within, after = (replace(made, memo_date=day) for day in (date(last, 12, 31), date(last + 1, 1, 1)))
    assert (within.period_over, after.period_over) == (False, True)
    assert lead(investment_page("3", after)) == said
    early = {"da": "Det er for tidligt at svare", "en": "It is too early to tell"}[language]
    assert lead(investment_page("3", within)).startswith(early)
    for told, status in ((outcome("3", 2020, 0.5, -1.0)[:1], Status.RUNNING), ((), Status.PROPOSED)):
        case = replace(edition.portfolio.investment("3"), status=status)
        cases = tuple(case if one.number == "3" else one for one in edition.portfolio.investments)
        record = replace(edition.portfolio, investments=cases)
        other = with_outcomes(replace(after, portfolio=record), {"3": told})
        assert lead(investment_page("3", other)).startswith(
            {"da": "Det kan vi ikke svare på", "en": "We cannot tell"}[language])


def test_half_an_account_is_no_answer(edition: Edition) -> None:
    made = with_outcomes(edition, {"3": outcome("3", 2020, 0.5, -1.0)[:1]})
    page = investment_page("3", made)
    assert ground(made.portfolio.investment("3"), made) is Ground.PART
    assert lead(page).startswith("Det er for tidligt at svare: Regnskabet for indsatsen er ikke helt")
    assert "I 2020 kostede indsatsen 0,5 mio. kr." in words(page)


def test_the_page_says_no_more_than_the_memo(true_persons: Edition) -> None:
    """Page one of the memo keeps silent where a saving is biased; so does the page of the portfolio."""
    made = with_outcomes(true_persons, {"3": outcome("3", 2020, 1.5, -4.4, computed=True)})
    assert "Derfor siges det ikke her, hvad investeringerne har givet." in " ".join(
        item for block in build_memo(made).blocks if isinstance(block, Bullets) for item in block.items)
    page = one_page(made)
    assert lead(page) == "Det kan vi ikke svare samlet på: Besparelsen i investering 3 kan ikke læses som et resultat."
    (table,) = page.tables()
    third, total = table.rows[2], table.rows[-1]
    assert [cell.text for cell in third.cells[2:4]] == ["–", "–"]
    assert [cell.text for cell in total.cells[2:4]] == ["–", "–"]
    assert "Investering 3: Resultatet kan ikke bruges som svar og vises ikke her." in table.note


def test_a_portfolio_without_amounts_answers_by_the_weeks(true_persons: Edition) -> None:
    cases = tuple(replace(case, budget=(), recorded=()) for case in true_persons.portfolio.investments)
    bare = replace(true_persons, portfolio=replace(true_persons.portfolio, investments=cases))
    page = one_page(with_outcomes(bare, {}))
    assert lead(page) == (
        "Borgerne ser ud til at have været kortere på ydelsen i investering 4. I investering 2 er der for få "
        "deltagere. I investering 3 kan sammenligningen ikke bruges.")
    assert "Hvad det er værd i kroner, er ikke gjort op." in words(page)
    (table,) = page.tables()
    assert [column.header for column in table.columns] == ["Investering", "Med", "Uden", "Status"]
    assert table.unit == ""
    assert len(table.rows) == 5, "no total of nothing"
    assert under(page, "Hvor sikkert er det?") == "Grundlaget er B (godt) i investering 4."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_portfolio_with_nothing_at_all_has_a_page(
    language: Language, portfolio: Portfolio, make_edition: Callable[[Portfolio], Edition]
) -> None:
    cases = tuple(replace(case, budget=(), recorded=(), head_counts=()) for case in portfolio.investments)
    edition = replace(make_edition(replace(portfolio, investments=cases)), language=language)
    pages = all_pages(edition)
    said = {"da": "Det er for tidligt at svare: Der er endnu ingen resultater.",
            "en": "It is too early to tell: there are no results yet."}
    assert {lead(page) for page in pages.values()} == {said[language]}


@pytest.mark.parametrize(("low", "high", "said"), [
    (-1.2, -0.2, "Regnet ud på borgernes forløb er besparelsen i investering 4 i 2020–2021 mellem 0,2 mio. kr. og 1,2 "
                 "mio. kr."),
    (-1.2, 0.3, "Regnet ud på borgernes forløb er besparelsen i investering 4 i 2020–2021 alt fra 1,2 mio. kr. til en "
                "merudgift på 0,3 mio. kr."),
    (0.3, 0.8, "Regnet ud på borgernes forløb er der ingen besparelse i investering 4 i 2020–2021, men en merudgift på "
               "mellem 0,3 mio. kr. og 0,8 mio. kr."),
])
def test_what_the_spells_make_of_the_whole_is_told_between_two_amounts(
    true_persons: Edition, low: float, high: float, said: str
) -> None:
    whole = true_persons.portfolio_effect
    assert whole is not None
    assert "Regnet ud" not in words(one_page(true_persons)), "one of the two has too few participants"
    net = Interval((low + high) / 2 * MIO, low * MIO, high * MIO)
    made = replace(true_persons, portfolio_effect=replace(whole, investments=("4",), net_total=net))
    assert said in under(one_page(made), "Hvor sikkert er det?")


def test_what_was_laid_into_the_budget_is_told_where_it_is_less(edition: Edition) -> None:
    assert "overskud på 40,0 mio. kr. Af forsigtighed blev kun 20,0 mio. kr. lagt ind i budgettet." in words(
        one_page(edition))
    bare = replace(edition, portfolio=replace(edition.portfolio, prudence=None))
    assert "forsigtighed" not in words(one_page(bare))


def test_a_recorded_answer_is_held_beside_what_the_spells_make_of_it(true_persons: Edition) -> None:
    made = with_outcomes(true_persons, {})
    assert ground(made.portfolio.investment("4"), made) is Ground.RECORDED
    sure = under(investment_page("4", made), "Hvor sikkert er det?")
    assert ("Med udgiften til indsatsen er det i 2020–2021 alt fra et overskud på 0,6 mio. kr. til et underskud på 0,4 "
            "mio. kr.") in sure


# -- persons ----------------------------------------------------------------------------------------------------


def test_of_one_hundred_is_told_and_drawn(true_persons: Edition) -> None:
    (picture,) = (block for block in investment_page("4", true_persons).blocks if isinstance(block, Picture))
    assert plain(picture.caption) == ("Af 100, der deltog, var 54 ude af ydelsen efter et år. Uden indsatsen ville 49 "
                                      "have været det.")
    assert plain(picture.note).startswith("Forskellen er usikker: mellem 1 og 9 flere ude.")
    assert "9 af de 100 var på en anden ydelse, som kommunen også betaler til." in plain(picture.note)
    assert "Med indsatsen: 54 af 100 er ude af ydelsen" in picture.alt


@pytest.mark.parametrize(("difference", "said"), [
    (Interval(-0.03, -0.08, 0.02), "Forskellen kan være tilfældig: alt fra 8 færre til 2 flere er muligt."),
    (Interval(0.05, 0.0, 0.1), "Forskellen kan være tilfældig: alt fra ingen forskel til 10 flere er muligt."),
    (Interval(-0.05, -0.1, -0.02), "Forskellen er usikker: mellem 2 og 10 færre ude."),
])
def test_how_uncertain_the_hundred_is(true_persons: Edition, difference: Interval, said: str) -> None:
    details = tuple(replace(one, frequencies=tuple(replace(point, difference=difference) for point in one.frequencies))
                    for one in true_persons.details)
    assert said in words(investment_page("4", replace(true_persons, details=details)))


def test_without_points_that_may_be_told_there_is_no_hundred(true_persons: Edition) -> None:
    details = tuple(replace(one, frequencies=()) for one in true_persons.details)
    page = investment_page("4", replace(true_persons, details=details))
    assert "Af 100" not in words(page)
    (table,) = one_page(replace(true_persons, details=details)).tables()
    assert [column.header for column in table.columns] == [
        "Investering", f"Budget i{NO_BREAK}alt", "Resultat 2020", f"Forventet i{NO_BREAK}alt", "Status"]


def test_too_few_have_no_hundred(true_persons: Edition) -> None:
    page = investment_page("2", true_persons)
    assert "Af 100" not in words(page)
    assert "Borgernes forløb siger ikke noget sikkert: Der er for få deltagere." in words(page)
    (table,) = one_page(true_persons).tables()
    assert [cell.text for cell in table.rows[1].cells[4:6]] == ["–", "–"]
    assert [cell.text for cell in table.rows[3].cells[4:6]] == ["54", "49"]


def test_placements_are_counted_and_few_are_hidden(edition: Edition) -> None:
    assert "Ved udgangen af november 2021 var 5 ansat; målet er 12." in words(investment_page("5", edition))
    case = replace(edition.portfolio.investment("5"), head_counts=(HeadCount(date(2021, 11, 30), 3, 12),))
    cases = (*edition.portfolio.investments[:4], case)
    page = investment_page("5", replace(edition, portfolio=replace(edition.portfolio, investments=cases)))
    assert "var under 5 ansat" in words(page)
    assert "Hvor mange der var kommet i job uden indsatsen." in under(page, "Hvad ved vi ikke?")


# -- how sure, what is not known, what comes next -----------------------------------------------------------------


def test_a_recorded_answer_is_uncertain(edition: Edition) -> None:
    page = investment_page("3", edition)
    assert under(page, "Hvor sikkert er det?") == (
        "Usikkert. Besparelsen er et indberettet tal og ikke regnet ud på borgernes forløb. Usikkerheden er ikke målt.")
    assert "Hvordan 2021–2023 ender. Tallene er forventninger." in under(page, "Hvad ved vi ikke?")


@pytest.mark.parametrize(("low", "high", "grade", "placebo", "said"), [
    (-1.3, -0.4, "B", True, "Rimelig sikkert: Tallet peger i én retning, og grundlaget er godt."),
    (-1.3, 0.4, "B", True, "Usikkert: Det kan være blevet både overskud og underskud."),
    (-1.3, -0.4, "C", True, "Usikkert: Tallet peger i én retning, men grundlaget har svagheder."),
    (-1.3, -0.4, "B", False, "Usikkert: Tallet peger i én retning, men grundlaget har svagheder."),
])
def test_how_sure_follows_interval_grade_and_tests(
    true_persons: Edition, low: float, high: float, grade: str, placebo: bool, said: str
) -> None:
    made = accounted(with_outcomes(true_persons, {"4": outcome("4", 2020, 0.25, -0.32, computed=True)}), "4", low, high)
    details = tuple(replace(one, evidence=replace(one.evidence, grade=grade), placebos=tuple(
        replace(each, passed=placebo) for each in one.placebos)) for one in made.details)
    sure = under(investment_page("4", replace(made, details=details)), "Hvor sikkert er det?")
    assert sure.startswith(said)
    assert ("En prøve, hvis svar skal være nul, gav dog ikke nul." in sure) is not placebo
    assert f"Grundlaget for tallet er {grade}" in sure


def test_the_page_names_what_it_does_not_know(true_persons: Edition) -> None:
    unknown = under(investment_page("4", true_persons), "Hvad ved vi ikke?")
    assert "Om deltagerne var anderledes end dem, de sammenlignes med" in unknown
    assert "Hvad der sker senere end et år efter start." in unknown
    drawn = tuple(replace(case, protocol=replace(case.protocol, randomised=True))
                  for case in true_persons.portfolio.investments)
    lot = replace(true_persons, portfolio=replace(true_persons.portfolio, investments=drawn), effects=tuple(
        replace(one, estimator="rest_of_target_group") if one.headline else one for one in true_persons.effects
        if one.headline or one.estimator != "rest_of_target_group"), details=tuple(
        replace(one, estimator="rest_of_target_group") for one in true_persons.details))
    assert "anderledes" not in under(investment_page("4", lot), "Hvad ved vi ikke?"), "lot decided who took part"


def test_the_next_dates_are_told(edition: Edition) -> None:
    meetings = (Meeting(date(2021, 12, 15), "Arbejdsmarkedsudvalget", "m1"),
                Meeting(date(2022, 1, 19), "Arbejdsmarkedsudvalget", "m2"),
                Meeting(date(2021, 11, 30), "Kulturudvalget", "m3", portfolio="anden"))
    coming = next_dates(YearPlan(meetings=meetings), edition.memo_date, edition.portfolio.key)
    assert [entry.key for entry in coming] == ["m1", "2022-04"]
    told = under(one_page(edition, coming), "Hvad sker der nu?")
    assert told == ("Møde i Arbejdsmarkedsudvalget: 15. december 2021. Næste opfølgning er senest 29. april 2022. "
                    "Opfølgningen går til og med 2023.")
    assert "Investeringen blev stoppet den 28. april 2021." in under(investment_page("1", edition), "Hvad sker der nu?")


def test_a_correction_is_told_first(edition: Edition) -> None:
    made = replace(edition, correction=Correction("u-2021-08", date(2021, 8, 27), "Forkert sats"))
    for page in all_pages(made).values():
        assert "Retter opfølgningen pr. 27. august 2021. Årsag: Forkert sats." in words(page)


def warned(edition: Edition, number: str, found: StatusFound, *verdicts: Verdict) -> Edition:
    return replace(edition, warnings=(EarlyWarning(number, found, verdicts=verdicts),))


@pytest.mark.parametrize(("facts", "cell", "said"), [
    (Facts("3", outcome=1.1), "✓ Grøn", "Status: grøn."),
    (Facts("3", outcome=0.7, outcome_year=2021), "! Gul", "Status: gul."),
    (Facts("3", outcome=0.3, outcome_year=2021), "× Rød", "Status: rød."),
    (Facts("3"), "? Kan ikke afgøres", "Status: kan ikke afgøres."),
    (Facts("3", state=Status.ENDED), "I gang", ""),
])
def test_the_status_is_told_with_what_made_it_so(edition: Edition, facts: Facts, cell: str, said: str) -> None:
    made = warned(edition, "3", status_of(facts, StatusRules()))
    (table,) = one_page(made).tables()
    assert plain(table.rows[2].cells[-1].text) == cell
    told = under(investment_page("3", made), "Hvad sker der nu?")
    assert said in told
    assert ("Status" in told) is bool(said)
    if facts.outcome_year:
        assert "af budgettets" in told
    assert ("Status følger reglerne i notatet." in table.note) is bool(said)


def test_a_stopped_investment_has_no_colour(edition: Edition) -> None:
    made = warned(edition, "1", status_of(Facts("1", outcome=0.1), StatusRules()))
    (table,) = one_page(made).tables()
    assert table.rows[0].cells[-1].text == "Stoppet i april 2021"
    assert "rød" not in words(investment_page("1", made))


@pytest.mark.parametrize(("outcome_", "said"), [
    ("fulfilled", "Den aftalte stopregel (31. december 2021) er opfyldt."),
    ("not-fulfilled", "Den aftalte stopregel (31. december 2021) er ikke opfyldt."),
    ("undecided", "Den aftalte stopregel (31. december 2021) kan ikke afgøres."),
    ("not-due", "Den aftalte stopregel gøres op den 31. december 2021."),
])
def test_what_was_agreed_of_stopping_is_told(edition: Edition, outcome_: Outcome, said: str) -> None:
    rule = StopRule(date(2021, 12, 31), StopMeasure.STARTS, Decimal(20))
    made = warned(edition, "3", status_of(Facts("3"), StatusRules()), Verdict("3", rule, outcome_))
    assert said in under(investment_page("3", made), "Hvad sker der nu?")


@pytest.mark.parametrize(("go_on", "safe_in", "said"), [
    (True, 0, "at fortsætte; det er forkert med sandsynlighed 12 %."),
    (False, 9, "at stoppe; det er forkert med sandsynlighed 12 %. Om 9 måneder ventes det at kunne siges med større "
               "sikkerhed."),
    (True, 1, "Om 1 måned ventes det"),
    (True, None, "Det ventes ikke at blive sikrere i perioden."),
])
def test_a_status_and_a_bet_on_made_up_persons_say_so(
    detailed_edition: Edition, go_on: bool, safe_in: int | None, said: str
) -> None:
    bet = Decision("4", 52, 900.0, 500.0, 300.0, go_on, 40.0, 0.12, 1000.0, 0.1, safe_in, ())
    found = EarlyWarning("4", status_of(Facts("4", outcome=0.3, outcome_year=2021), StatusRules()), decision=bet)
    made = replace(detailed_edition, warnings=(found,))
    told = under(investment_page("4", made), "Hvad sker der nu?")
    assert "Kun på opdigtede persondata: Status: rød." in told
    assert "Kun på opdigtede persondata: Det bedste bud nu er at" in told
    assert said in told
    (table,) = one_page(made).tables()
    assert "bygger også på opdigtede persondata" in table.note


# -- the words --------------------------------------------------------------------------------------------------

JARGON = ("refusion", "estimator", "kontrafaktisk", "konfidens", "95 %", "p-værdi", "netto efter", "overlevelseskurve",
          "signifikant")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_speaks_in_terms_of_art(language: Language, detailed_edition: Edition, edition: Edition) -> None:
    for made in (detailed_edition, edition):
        for page in all_pages(replace(made, language=language)).values():
            said = words(page).lower()
            assert [word for word in JARGON if word in said] == []
            sentences = re.split(r"(?<=[a-zæøå])[.:?] ", said)
            assert max(len(sentence.split()) for sentence in sentences[:4]) <= 30


def test_numbers_are_written_as_the_language_writes_them(detailed_edition: Edition) -> None:
    danish = words(investment_page("4", detailed_edition))
    assert not re.search(r"\d\.\d mio", danish)
    english = words(investment_page("4", replace(detailed_edition, language="en")))
    assert re.search(r"DKK \d+\.\d million", english)
    assert not re.search(r"\d,\d(?!\d\d)", english)
    assert "mio." not in english


def test_no_sentence_of_the_other_language_is_on_a_page(detailed_edition: Edition) -> None:
    for number, page in all_pages(replace(detailed_edition, language="en")).items():
        said = words(page)
        for word in ("indsatsen", "kommunen", "Usikkert", "ydelsen", "ude af"):
            assert word not in said, (number, word)


def test_the_amounts_are_in_one_unit_and_its_prices_are_said(
    portfolio: Portfolio, make_edition: Callable[[Portfolio], Edition]
) -> None:
    page = investment_page("3", make_edition(portfolio))
    (table,) = page.tables()
    assert table.unit == "mio. kr. Minus er en besparelse."
    assert "Budgettet er i 2020-priser, resten i løbende priser, så de kan ikke trækkes fra hinanden." in table.note
    assert [row.cells[0].text for row in table.rows] == [
        "Udgift til indsatsen", "Ændring i forsørgelse", "Lagt sammen", "Budget, lagt sammen"]
    assert [(column.group, column.header) for column in table.columns[1:]] == [
        ("Resultat", "2020"), ("Forventet", "2021"), ("Forventet", "2022"), ("Forventet", "2023"),
        ("I alt", "2020–2023")]


def printed(text: str) -> Decimal:
    return Decimal(text.replace(",", ".").replace("−", "-")) if text else Decimal(0)


def test_printed_figures_add_up_or_the_page_says_why_not(edition: Edition) -> None:
    decimals = set()
    for number, page in all_pages(edition).items():
        (table,) = page.tables()
        cells = [[cell.text for cell in row.cells[1:]] for row in table.rows]
        decimals |= {len(text.partition(",")[2]) for row in cells for text in row if "," in text}
        if number:
            wrong = [row for row in cells if sum(map(printed, row[:-1]), Decimal(0)) != printed(row[-1])]
            wrong += [list(column) for column in zip(*cells[:3], strict=True)
                      if printed(column[0]) + printed(column[1]) != printed(column[2])]
        else:
            columns = list(zip(*(row[:-1] for row in cells), strict=True))
            wrong = [list(column) for column in columns
                     if sum(map(printed, column[:-1]), Decimal(0)) != printed(column[-1])]
        assert ("Tallene er afrundet hver for sig." in table.note) is bool(wrong), number
    assert decimals == {1, 2}, "two decimals only where one does not add up"


def test_the_first_of_many_years_are_left_to_the_memo(
    portfolio: Portfolio, make_edition: Callable[[Portfolio], Edition]
) -> None:
    years = tuple(range(2016, 2026))
    level = portfolio.price_level
    budget = tuple(BudgetYear(year, Amount.dkk(1_250_000, level), Amount.dkk(-2_000_000, level)) for year in years)
    cases = tuple(replace(case, budget=budget, recorded=()) for case in portfolio.investments)
    (table,) = investment_page("2", make_edition(replace(portfolio, years=years, investments=cases))).tables()
    assert [column.header for column in table.columns[1:]] == [*map(str, years[2:]), "2016–2025"]
    assert "De første år står i notatet." in table.note
    assert "afrundet" not in table.note, "that the years shown are not the total is not for rounding"


def test_only_what_the_record_says_shortly_is_told_of_whom_it_is_for(edition: Edition) -> None:
    case = edition.portfolio.investment("3")
    said = replace(case, target_group=TargetGroup("Unge under 30; de følges på den ydelse, som kurven gælder"))
    cases = tuple(said if one.number == "3" else one for one in edition.portfolio.investments)
    page = investment_page("3", replace(edition, portfolio=replace(edition.portfolio, investments=cases)))
    assert "Indsatsen er for: Unge under 30." in words(page)


def typed(case: Investment, source: str) -> Investment:
    rows = tuple(RecordedFigure(year, line, Basis.REALISED, Amount.dkk(Decimal(kroner), CURRENT), source,
                                date(2021, 2, 1))
                 for year in (2020, 2021) for line, kroner in ((Line.INVESTMENT, 90_000), (Line.SAVING, -150_000)))
    return replace(case, recorded=rows, budget=())


def test_a_long_source_is_cut_between_words(
    portfolio: Portfolio, make_edition: Callable[[Portfolio], Edition]
) -> None:
    cases = (typed(portfolio.investments[0], "Opgørelse fra økonomiafdelingen " * 20), *portfolio.investments[1:])
    page = investment_page("1", make_edition(replace(portfolio, investments=cases)))
    (table,) = page.tables()
    assert len(table.source) <= 132
    assert table.source.endswith("økonomiafdelingen …")
    assert table.unit == "tusind kr., løbende priser. Minus er en besparelse."
    assert lead(page) == "I 2020–2021 fik kommunen 120.000 kr. mere igen, end indsatsen kostede."
