"""The parts of the memo: small numbers, estimators, stops, counts, published curves and the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from gevinst.curves.curve import Curve, CurvePoint
from gevinst.effects.estimate import Interval, YearEffect
from gevinst.follow_up.edition import Edition, EffectSummary
from gevinst.language import MINUS, speaking
from gevinst.money import CURRENT, PriceLevel
from gevinst.register.business_case import (
    FollowedBy,
    HeadCount,
    ParticipantCount,
    Portfolio,
    Prudence,
    Status,
)
from gevinst.report.amounts import unit_of_two
from gevinst.report.appendix import registration_table
from gevinst.report.curves_section import reading_help
from gevinst.report.effects_section import effects_blocks, remarks, weeks_sentence
from gevinst.report.head_count import head_count_blocks, head_count_sentence, head_count_table
from gevinst.report.how_found import sums_table
from gevinst.report.in_short import in_short
from gevinst.report.investment_section import (
    facts,
    investment_section,
    outcome_sentences,
    participants_sentences,
)
from gevinst.report.ladder_table import ladder_table
from gevinst.report.memo import build_memo
from gevinst.report.overview import prudence_text, suspension_table
from gevinst.report.published_section import considerations_section
from gevinst.report.terminal import portfolio_table, summary
from gevinst.report.tree import Figure, Paragraph, Table


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def effect(weeks: float, low: float, high: float, participants: int = 100, comparison: int = 50) -> EffectSummary:
    answer = Interval(weeks, low, high)
    return EffectSummary("1", "matched", "Uset forskel.", True, 52, answer, participants, comparison)


@pytest.mark.parametrize(("weeks", "said"), [
    (1.44, "1,4 færre uger på ydelse pr. person end uden indsatsen"),
    (-2.0, "2,0 flere uger på ydelse pr. person end uden indsatsen"),
    (0.04, "lige så mange uger på ydelse som uden indsatsen"),
    (-0.04, "lige så mange uger på ydelse som uden indsatsen"),
])
def test_weeks_saved_are_fewer_weeks(edition: Edition, weeks: float, said: str) -> None:
    assert said in weeks_sentence(effect(weeks, weeks - 1, weeks + 1), edition)


@pytest.mark.parametrize(("low", "high", "said"), [
    (0.4, 2.5, "(95 %-interval: 0,4–2,5 uger)"), (-12.8, -5.1, "(95 %-interval: 5,1–12,8 uger)"),
    (-0.3, 4.8, "(95 %-interval: fra 0,3 flere til 4,8 færre)"),
])
def test_the_interval_goes_the_way_of_the_sentence(edition: Edition, low: float, high: float, said: str) -> None:
    assert said in weeks_sentence(effect((low + high) / 2, low, high), edition)


def test_an_interval_with_nought_in_it_is_said_to_be_undecided(edition: Edition) -> None:
    assert "Det kan ikke afgøres" in weeks_sentence(effect(1.0, -0.2, 2.2), edition)
    assert "Det kan ikke afgøres" not in weeks_sentence(effect(1.0, 0.2, 1.8), edition)


def test_under_twenty_participants_give_an_interval_and_no_point(edition: Edition) -> None:
    text = weeks_sentence(effect(3.3, 1.1, 5.5, participants=19), edition)
    assert "3,3" not in text
    assert "Det er for få (under 20)" in text
    assert "Intervallet går fra 1,1 til 5,5 sparede uger." in text
    assert "3,3" in weeks_sentence(effect(3.3, 1.1, 5.5, participants=20), edition)


def test_how_many_are_too_few_is_the_editions_own(full_edition: Edition) -> None:
    stricter = replace(full_edition, minimum_participants=300)
    assert "Det er for få (under 300)" in weeks_sentence(effect(3.3, 1.1, 5.5, participants=299), stricter)
    assert "3,3" in weeks_sentence(effect(3.3, 1.1, 5.5, participants=300), stricter)
    told = "\n".join(text for block in build_memo(stricter).blocks if isinstance(block, Paragraph)
                     for text in [block.text])
    assert "Med færre end 300 deltagere vises kun intervallet." in told
    drawn = next(block for block in effects_blocks("4", stricter) if isinstance(block, Figure))
    assert all(row["value"] is None for row in drawn.spec["datasets"]["rows"]), "230 took part"
    assert not any(row.kind == "section" and "hovedmetoden" in row.cells[0].text for row in sums_table(stricter).rows)


def test_under_five_participants_are_not_counted_aloud(edition: Edition) -> None:
    assert "under 5 deltagere" in weeks_sentence(effect(3.3, 1.1, 5.5, participants=4), edition)
    assert "4 deltagere" not in weeks_sentence(effect(3.3, 1.1, 5.5, participants=4), edition)


def test_the_estimators_stand_in_the_ladders_order_with_their_weakness(full_edition: Edition) -> None:
    weeks = next(block for block in effects_blocks("4", full_edition) if isinstance(block, Table))
    assert [row.cells[0].text for row in weeks.rows] == [
        "Hele målgruppen", "Resten af målgruppen", "Tidligere år", "Borgere, der ligner deltagerne (hovedmetode)"]
    assert all(row.cells[-1].text.startswith("Svaghed ved") for row in weeks.rows)
    assert [row.cells[3].text for row in weeks.rows] == ["412", "412", "offentliggjort kurve", "412"]
    assert plain(weeks.rows[3].cells[2].text) == f"{MINUS}0,6 til 3,4"


def test_a_case_with_few_participants_has_intervals_and_no_points(full_edition: Edition) -> None:
    blocks = effects_blocks("2", full_edition)
    for table in (block for block in blocks if isinstance(block, Table)):
        assert all(row.cells[1].text == "" for row in table.rows)
        assert all(row.cells[1].value is None for row in table.rows)
        assert all(" til" in row.cells[2].text for row in table.rows)
    (drawn,) = (block for block in blocks if isinstance(block, Figure))
    rows = drawn.spec["datasets"]["rows"]
    assert [row["value"] for row in rows] == [None] * 4
    assert all(row["low"] is not None and row["high"] is not None for row in rows)
    assert "Punktet" not in drawn.note


def test_a_remark_of_one_method_names_it() -> None:
    one, other = effect(1, 0, 2), replace(effect(1, 0, 2), name="Tidligere år", notes=("Trykt tabel.", "Fælles."))
    assert remarks([replace(one, notes=("Fælles.",)), other]) == ("Fælles.", "»Tidligere år«: Trykt tabel.")


def test_kroner_are_net_and_in_million(full_edition: Edition) -> None:
    table = next(block for block in effects_blocks("4", full_edition)
                 if isinstance(block, Table) and block.key == "effect-kroner/4")
    assert [column.group for column in table.columns] == ["", "2020", "2020", "2021", "2021"]
    assert table.rows[0].cells[1].text == f"{MINUS}0,350"
    assert plain(table.rows[0].cells[2].text) == f"{MINUS}0,600 til 0,040"


def test_kroner_by_year_that_do_not_give_their_total_say_so(full_edition: Edition) -> None:
    def note(first: float, second: float, whole: float) -> str:
        years = tuple(YearEffect(year, Interval(kroner, None, None), Interval(kroner, None, None))
                      for year, kroner in ((2020, first), (2021, second)))
        effects = tuple(replace(one, by_year=years, net_total=Interval(whole, None, None))
                        for one in full_edition.effects)
        return next(block.note for block in effects_blocks("4", replace(full_edition, effects=effects))
                    if isinstance(block, Table) and block.key == "effect-kroner/4")

    assert "afrundet hver for sig" in note(-1_400.0, -1_400.0, -2_800.0)
    assert "afrundet" not in note(-1_000.0, -2_000.0, -3_000.0)


def test_no_surplus_is_claimed_from_few_participants(full_edition: Edition) -> None:
    few = tuple(replace(one, participants=12) for one in full_edition.effects)
    case = full_edition.portfolio.investment("4")
    table = full_edition.follow_up("4")
    computed = replace(table, years=(table.years[0],))
    told = " ".join(outcome_sentences(case, computed, replace(full_edition, effects=few)))
    assert "færre end 20 deltagere" in told
    assert "overskud på" not in told
    assert "færre end 20" not in " ".join(outcome_sentences(case, computed, full_edition))


def test_a_computed_year_tells_its_interval(full_edition: Edition) -> None:
    case, table = full_edition.portfolio.investment("4"), full_edition.follow_up("4")
    told = plain(" ".join(outcome_sentences(case, table, full_edition)))
    assert "fra en besparelse på forsørgelse på 0,600 mio. kr. til en merudgift til forsørgelse på 0,040" in told
    assert "usikkert, om indsatsen har sparet penge" in told


def test_the_registration_tells_computed_from_recorded(full_edition: Edition) -> None:
    rows = {row.cells[0].text[0]: [cell.text for cell in row.cells] for row in registration_table(full_edition).rows}
    assert rows["4"][1:3] == ["indberettet (2020–2023)", "beregnet (2020); indberettet (2021–2023)"]
    assert rows["4"][4] == "31-10-2021 og 26-11-2021"
    assert rows["1"][1:3] == ["indberettet (2020–2021)", "indberettet (2020–2021)"]


def test_participants_planned_actual_and_expected() -> None:
    told = participants_sentences((
        ParticipantCount(2021, Decimal(40), None, Decimal("30.5")), ParticipantCount(2020, Decimal(40), Decimal(22)),
        ParticipantCount(2022, Decimal(40), None), ParticipantCount(2023, None, Decimal(3))), 5)
    assert told == ["I 2020 har 22 fuldtidspersoner deltaget; planen er 40. I 2021 forventes 30,5 fuldtidspersoner at "
                    "deltage; planen er 40. For 2022 er planen 40 fuldtidspersoner. I 2023 har under 5 "
                    "fuldtidspersoner deltaget."]
    assert participants_sentences((), 5) == []


def test_placements_on_the_last_and_on_another_day() -> None:
    assert head_count_sentence(HeadCount(date(2021, 11, 15), 3, 12), 5) == (
        "Den 15. november 2021 var under 5 ansat; målet er 12.")
    assert head_count_sentence(HeadCount(date(2020, 2, 29), 0, 12), 5) == (
        "Ved udgangen af februar 2020 var 0 ansat; målet er 12.")


def test_one_count_of_placements_is_a_sentence_with_its_source(edition: Edition, portfolio: Portfolio) -> None:
    case = portfolio.investment("5")
    (told,) = head_count_blocks(replace(case, head_counts=(replace(case.head_counts[1], source="Fasit"),)), edition)
    assert isinstance(told, Paragraph)
    assert told.text.startswith("Ved udgangen af november 2021 var 5 ansat; målet er 12.")
    assert told.text.endswith("Kilde: Fasit.")


def test_a_small_count_of_placements_is_not_kept(portfolio: Portfolio, edition: Edition) -> None:
    table = head_count_table(portfolio.investment("5"), edition)
    assert [(cell.text, cell.value) for cell in (row.cells[1] for row in table.rows)] == [("under 5", None), ("5", 5)]


def test_the_facts_of_a_case_are_whole_sentences(portfolio: Portfolio) -> None:
    told = facts(portfolio.investment("2"))
    assert "40 fuldtidspersoner" not in told
    assert "Indsatsgruppen er på 60 fuldtidspersoner ud af en samlet målgruppe på 300 fuldtidspersoner." in told
    assert "Leverandør: En leverandør. Betalingen afhænger af resultaterne. Afregnes pr. leveret uge." in told
    assert facts(replace(portfolio.investment("2"), status=Status.ENDED)).startswith("Investeringen er afsluttet.")


def test_a_case_followed_by_counting_has_no_curve(edition: Edition, portfolio: Portfolio) -> None:
    case = portfolio.investment("5")
    assert case.followed_by is FollowedBy.HEAD_COUNT
    blocks = investment_section(case, edition)
    assert not any(isinstance(block, Figure) for block in blocks)
    assert any(isinstance(block, Table) and block.key == "head-count/5" for block in blocks)


def test_a_suspension_counts_both_its_days(edition: Edition) -> None:
    rows = [[cell.text for cell in row.cells] for row in suspension_table(edition).rows]
    # 2020-03-11 to 2020-05-26: 21 days of March, 30 of April, 26 of May
    assert rows[0] == ["11. marts 2020 til 26. maj 2020", "77", "alle investeringer", "helt", "Coronavirus"]
    assert rows[1][1:4] == ["128", "investering 4", "delvis"]


def test_the_refund_ladder_is_a_row_per_benefit(full_edition: Edition) -> None:
    table = ladder_table(full_edition)
    assert table is not None
    assert [column.header for column in table.columns] == ["Ydelse", "1–4", "5–26", "fra 27", "Gælder", "Lovhenvisning"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["A-dagpenge", "80", "40", "30", "fra 01-01-2016", "Lov 994/2015 § 5 stk. 3"]]
    assert ladder_table(replace(full_edition, parameters=full_edition.parameters[-1:])) is None


@pytest.mark.parametrize(("factor", "said"), [("0.5", "halvdelen, 19,980"), ("0.25", "25 % af det, 9,990")])
def test_prudence_is_told_from_the_record(edition: Edition, factor: str, said: str) -> None:
    told = plain(prudence_text(Prudence(Decimal(factor), None, "Aftalen"), edition))
    assert f"kun at regne med {said} mio. kr." in told
    assert "Der er lagt" not in told


def test_the_reading_help_takes_a_week_both_curves_reach(full_edition: Edition) -> None:
    panel = next(panel for panel in full_edition.panels if panel.investment == "4")
    told = plain(reading_help([panel], "figur 3"))
    assert told.startswith("Læsehjælp til figur 3: 26 uger efter start er 27,6 % af gruppen »Deltagere«")
    assert "(95 %-interval: 22,6–32,6 %)" in told
    short = replace(panel.curves[1], points=panel.curves[1].points[:10])
    assert "8 uger efter start" in reading_help([replace(panel, curves=(panel.curves[0], short))], "figur 3")
    none = replace(panel.curves[1], points=panel.curves[1].points[:2])
    assert reading_help([replace(panel, curves=(panel.curves[0], none))], "figur 3") == ""


def _printed_curve(label: str, shares: dict[int, float]) -> Curve:
    points = tuple(CurvePoint(week, share, None, None, 0, 0, 0) for week, share in shares.items())
    return Curve(label, "with_relapse", "same", "a-dagpenge", "whole", points, 0, 0, "Jobindsats", published=True)


@pytest.mark.parametrize(("then", "now", "said"), [
    (0.468, 0.394, "7,4 procentpoint lavere end i »2019« (46,8 %)"),
    (0.394, 0.468, "7,4 procentpoint højere end i »2019« (39,4 %)"),
    (0.4004, 0.3996, "det samme som i »2019«"),
])
def test_published_shares_are_compared_as_printed(edition: Edition, then: float, now: float, said: str) -> None:
    curves = (_printed_curve("2020", {0: 1.0, 13: now}), _printed_curve("2019", {0: 1.0, 13: then, 26: 0.3}))
    blocks = considerations_section(replace(edition, published=curves))
    assert any(said in plain(block.text) for block in blocks if isinstance(block, Paragraph))
    table = next(block for block in blocks if isinstance(block, Table))
    assert [row.cells[0].text for row in table.rows] == ["2019", "2020"], "older cohorts stand first"


def test_in_short_names_the_cases_that_lose(edition: Edition) -> None:
    told = plain(" ".join(in_short(edition)))
    assert "3 af 5 investeringer forventes at give overskud" in told
    assert "Størst er overskuddet i investering 3 med 8,234 mio. kr." in told
    assert "Der forventes underskud i investering 1 (3,859 mio. kr.) og investering 2 (0,384 mio. kr.)." in told
    assert "Investering 1 blev stoppet den 28. april 2021." in told
    assert "kun 20,000 mio. kr. lagt ind i budgettet" in told
    assert "hvert sit" not in told


def test_the_unit_tells_two_price_levels_apart() -> None:
    assert unit_of_two(PriceLevel(2020), PriceLevel(2020)) == "mio. kr., p/l 2020"
    assert unit_of_two(PriceLevel(2020), CURRENT) == (
        "mio. kr. Budget i p/l 2020, resultat i løbende priser; budgettet er ikke omregnet")


def shown(renderable: object) -> str:
    console = Console(file=StringIO(), width=140, color_system=None)
    console.print(renderable)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_terminal_prints_the_portfolio(edition: Edition) -> None:
    lines = shown(portfolio_table(edition)).splitlines()
    total = next(line for line in lines if "I alt (A+B)" in line)
    assert [part.strip() for part in total.split("│")[2:-1]] == [
        "3,061", f"{MINUS}0,594", f"{MINUS}5,028", f"{MINUS}7,968", f"{MINUS}10,529"]
    assert any("1. Koordineret indsats (stoppet)" in line for line in lines)
    assert any("løbende priser" in line for line in lines)


def test_a_narrow_terminal_cuts_no_word(edition: Edition) -> None:
    screen = StringIO()
    Console(file=screen, width=72).print(portfolio_table(edition))
    assert "…" not in screen.getvalue()
    names = "".join(line.split("│")[1].strip() for line in screen.getvalue().splitlines() if line.startswith("│"))
    for part in edition.follow_ups:
        assert part.title.replace(" ", "") in names.replace(" ", "")


def test_the_terminal_speaks_the_editions_language(edition: Edition) -> None:
    told = shown(summary(replace(edition, language="en", synthetic=True)))
    assert "Total (A+B)" in told
    assert "-10.529" in told.replace(MINUS, "-")
    assert "made up" in told
