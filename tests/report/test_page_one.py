"""Page one is read alone: it tells of sound effects only, and says of the others that they are biased."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from gevinst.effects.estimate import Interval
from gevinst.follow_up.edition import Edition, EffectSummary
from gevinst.follow_up.realised import outcomes, recorded_figures
from gevinst.follow_up.table import follow_up, portfolio_follow_up
from gevinst.language import NO_BREAK, speaking
from gevinst.money import CURRENT
from gevinst.register.business_case import ESTIMATORS, Line, Portfolio
from gevinst.report.credible import biased_amounts, credible
from gevinst.report.in_short import in_one_sentence, in_short
from gevinst.report.investment_section import outcome_sentences
from gevinst.report.memo import build_memo
from gevinst.report.tree import Bullets, Heading, Paragraph

FINDINGS = ("forkortet", "forlænget", "kan det ikke afgøres")


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


def plain(text: str) -> str:
    return text.replace(NO_BREAK, " ")


def effect(investment: str, estimator: str, low: float, high: float, participants: int = 100) -> EffectSummary:
    return EffectSummary(investment, estimator, "Uset forskel.", True, 52, Interval((low + high) / 2, low, high),
                         participants, 50)


def by_lot(edition: Edition, *numbers: str) -> Edition:
    """The edition with lot deciding who took part in these investments."""
    cases = tuple(replace(case, protocol=replace(case.protocol, randomised=True)) if case.number in numbers else case
                  for case in edition.portfolio.investments)
    return replace(edition, portfolio=replace(edition.portfolio, investments=cases))


def page_one(edition: Edition) -> str:
    """Every word from the title to the end of the overview's sentences."""
    told = []
    for block in build_memo(edition).blocks:
        if isinstance(block, Heading) and block.key in ("budget", "circumstances", "considerations"):
            break
        told += [block.text] if isinstance(block, Paragraph | Heading) else []
        told += block.items if isinstance(block, Bullets) else []
    return plain(" ".join(told))


def test_page_one_says_how_sure_the_figures_are(edition: Edition, full_edition: Edition) -> None:
    assert "indberettede tal, som de er oplyst til kommunalbestyrelsen" in in_short(edition)[-1]
    sure = in_short(full_edition)[-1]
    assert "i 1 af 5 investeringer" in sure
    assert "For investering 4 kan det ikke afgøres" in sure
    assert "Investering 2 har for få deltagere" in sure


@pytest.mark.parametrize(("low", "high", "said"), [
    (0.1, 2.0, "Hovedmetoden anslår, at indsatsen har forkortet tiden på ydelse i investering 4."),
    (-2.0, -0.1, "Hovedmetoden anslår, at indsatsen har forlænget tiden på ydelse i investering 4."),
    (-0.1, 2.0, "For investering 4 kan det ikke afgøres, om indsatsen har forkortet tiden på ydelse."),
])
def test_page_one_follows_the_interval_of_a_sound_main_method(
    full_edition: Edition, low: float, high: float, said: str
) -> None:
    told = in_short(replace(full_edition, effects=(effect("4", "matched", low, high),)))[-1]
    assert said in told
    assert told.count("tiden på ydelse") == 1


@pytest.mark.parametrize(("low", "high", "said"), [
    (0.4, 1.6, "Forskellen pr. deltager er 1,0 uger i investering 4 (95 %-interval 0,4–1,6)."),
    (-1.6, -0.4, "Forskellen pr. deltager er 1,0 uger i investering 4 (95 %-interval 0,4–1,6)."),
])
def test_a_finding_has_its_size(full_edition: Edition, low: float, high: float, said: str) -> None:
    assert said in plain(in_short(replace(full_edition, effects=(effect("4", "matched", low, high),)))[-1])


@pytest.mark.parametrize("estimator", [name for name in ESTIMATORS if name != "matched"])
@pytest.mark.parametrize(("low", "high"), [(5.0, 9.0), (-9.0, -5.0), (-1.0, 1.0)])
def test_an_effect_with_a_known_bias_is_no_finding(
    edition: Edition, estimator: str, low: float, high: float
) -> None:
    biased = replace(edition, effects=(effect("3", estimator, low, high),))
    assert not credible(biased.effects[0], biased)
    told = page_one(biased)
    assert not any(word in told for word in FINDINGS)
    assert "er skæve på kendte måder og derfor ikke et resultat" in told
    assert "i afsnittene om de enkelte investeringer" in told
    assert "som de er oplyst til kommunalbestyrelsen" in told


def test_sound_and_biased_effects_are_told_apart(edition: Edition) -> None:
    mixed = replace(edition, effects=(effect("2", "matched", 0.5, 2.5), effect("3", "baseline", -9, -5)))
    told = in_short(mixed)[-1]
    assert "forkortet tiden på ydelse i investering 2." in told
    assert "indtil videre kan laves for investering 3, er skæve" in told
    assert "forlænget" not in told


def test_lot_makes_the_difference_to_the_rest_a_finding(edition: Edition) -> None:
    effects = (effect("2", "rest_of_target_group", 0.5, 2.5), effect("3", "rest_of_target_group", -1, 1))
    told = in_short(replace(by_lot(edition, "2", "3"), effects=effects))[-1]
    assert "Lodtrækning afgjorde, hvem der fik tilbuddet." in told
    assert "forkortet tiden på ydelse i investering 2." in told
    assert "For investering 3 kan det ikke afgøres" in told
    assert "skæve" not in told


@pytest.mark.parametrize("estimator", ["target_group", "baseline"])
def test_lot_does_not_put_other_comparisons_right(edition: Edition, estimator: str) -> None:
    told = in_short(replace(by_lot(edition, "2"), effects=(effect("2", estimator, 0.5, 2.5),)))[-1]
    assert "Lodtrækning" not in told
    assert not any(word in told for word in FINDINGS)


@pytest.fixture
def computed(full_edition: Edition) -> Edition:
    """Investment 4's saving is computed; its main method compares with earlier years."""
    effects = tuple(replace(one, headline=one.estimator == "baseline") for one in full_edition.effects)
    return replace(full_edition, effects=effects)


def test_an_amount_computed_with_a_known_bias_is_not_summed_up(full_edition: Edition, computed: Edition) -> None:
    assert biased_amounts(full_edition) == ()
    assert biased_amounts(computed) == ("4",)
    assert in_one_sentence(full_edition).startswith("Samlet set")
    assert in_one_sentence(computed) == ""
    told = page_one(computed)
    for word in ("nettobesparelse på 1", "overskud", "underskud", "lavere", *FINDINGS):
        assert word not in told, word
    assert "blev investeret 4,834 mio. kr. i indsats" in told
    assert "Besparelsen i investering 4 er beregnet på borgernes forløb med en metode, som er skæv" in told
    assert "Besparelsen i tabel 1 er for investering 4 beregnet med en metode, der er skæv" in told


def test_the_section_says_why_no_surplus_is_claimed(computed: Edition) -> None:
    told = " ".join(outcome_sentences(computed.portfolio.investment("4"), computed.follow_up("4"), computed))
    assert "med en metode, der er skæv på en kendt måde" in told
    assert "overskud på" not in told
    other = " ".join(outcome_sentences(computed.portfolio.investment("3"), computed.follow_up("3"), computed))
    assert "overskud på" in other, "recorded figures are told as they are"


MakeEdition = Callable[[Portfolio], Edition]


@pytest.fixture
def weeks_alone(full_edition: Edition, portfolio: Portfolio, make_edition: MakeEdition) -> Edition:
    """Persons but no amounts: no budget, nothing recorded, no prices."""
    cases = tuple(replace(case, recorded=(), budget=(), stop=None) for case in portfolio.investments)
    effects = tuple(replace(one, by_year=()) for one in full_edition.effects)
    return replace(make_edition(replace(portfolio, investments=cases, prudence=None)), effects=effects,
                   panels=full_edition.panels)


def test_a_memo_of_weeks_alone_says_so_and_has_no_table_of_amounts(weeks_alone: Edition) -> None:
    document = build_memo(weeks_alone)
    assert document.title == "Opfølgning på investeringer 2020–2023"
    assert not any("kr." in table.unit for table in document.tables())
    told = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert sum("ikke opgjort beløb for investeringen" in text for text in told) == 5
    assert in_short(weeks_alone)[0] == "Notatet viser uger på ydelse, ikke beløb."
    assert not any("kroner" in text or "refusion" in text for text in told)


def test_a_memo_of_weeks_alone_has_no_empty_table(weeks_alone: Edition) -> None:
    document = build_memo(replace(weeks_alone, minimum_participants=1))  # else a few points are withheld
    for table in document.tables():
        assert table.rows, table.key
        assert all(any(row.cells[at].text for row in table.rows) for at in range(1, len(table.columns))), table.key
    assert not {"overview", "by-case", "budget", "registration", "sums"} & {table.key for table in document.tables()}


def test_a_memo_of_weeks_alone_has_its_weeks_on_page_one(weeks_alone: Edition) -> None:
    table = next(table for table in build_memo(weeks_alone).tables() if table.key == "weeks-overview")
    assert table.number == 1
    assert [[plain(cell.text) for cell in row.cells[:4]] for row in table.rows] == [
        ["2. Intensiveret indsats", "", "−0,6 til 3,4", "12"], ["4. Jobsøgningsnetværk", "1,4", "−0,6 til 3,4", "230"]]
    biased = tuple(replace(one, headline=one.estimator == "baseline") for one in weeks_alone.effects)
    keys = {table.key for table in build_memo(replace(weeks_alone, effects=biased)).tables()}
    assert "weeks-overview" not in keys


def test_a_portfolio_with_one_line_of_two_is_not_said_to_add_up(
    portfolio: Portfolio, make_edition: MakeEdition
) -> None:
    one, *others = portfolio.investments
    lacking = replace(one, recorded=tuple(figure for figure in one.recorded if figure.line is not Line.INVESTMENT))
    whole = replace(portfolio, investments=(lacking, *others))
    parts = tuple(follow_up(case, whole, outcomes(recorded_figures(case), ()), CURRENT) for case in whole.investments)
    assert Line.NET not in portfolio_follow_up(whole, parts, CURRENT).years[0].outcome
    table = next(table for table in build_memo(make_edition(whole)).tables() if table.key == "by-case")
    assert table.rows[-1].cells[1].formula == "", "investment 1 has no net figure in 2020"
    assert table.rows[-1].cells[3].formula == "sum:above"
