"""Awkward records and data, end to end: each gives a named note or error, never a crash or a wrong sum."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.curves.curve import Curve, CurvePoint
from gevinst.effects.study import StudyDesign, matching_published
from gevinst.errors import GevinstError
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.parameters.benefits import benefits
from gevinst.parameters.book import national_book
from gevinst.pipeline import run
from gevinst.register import bundled
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    Investment,
    Line,
    Portfolio,
    Protocol,
    RecordedFigure,
    TargetGroup,
)
from gevinst.register.portfolio_file import read_portfolio_file, write_portfolio_file
from gevinst.register.protocol import ProtocolEntry, checksum, plan_of, record_of
from gevinst.run_options import RunOptions
from gevinst.weeks import monday, week_of

OPTIONS = RunOptions(date(2021, 11, 26), datetime(2021, 11, 26, 12, tzinfo=UTC), replicates=20)
P20 = PriceLevel(2020)
START = week_of(date(2020, 2, 3))


def case(number: str, **changes) -> Investment:
    made = Investment(
        number,
        f"case-{number}",
        f"Case {number}",
        TargetGroup("ledige", "a-dagpenge"),
        budget=(BudgetYear(2020, Amount(1, P20), Amount(-2, P20)),),
        referrals_from=date(2020, 1, 1),
        referrals_to=date(2020, 12, 31),
        protocol=Protocol("rest_of_target_group", 26),
    )
    return replace(made, **changes)


def portfolio(*cases: Investment) -> Portfolio:
    return Portfolio("p", "Prøve", "Prøveby", (2020, 2021), P20, cases, source="aftale")


@pytest.fixture
def tables(make_tables):
    """Sixty on A-dagpenge from early 2020; every third takes part in case 1 two weeks later, a few in another."""
    spells = [(p, "a-dagpenge", monday(START + p % 5), monday(START + p % 5 + 8 + p % 20)) for p in range(60)]
    rows = [(p, "case-1", monday(START + p % 5 + 2), None) for p in range(0, 60, 3)]
    rows += [(p, "ukendt", monday(START + p % 5 + 2), None) for p in range(1, 22, 3)]
    return make_tables(spells, horizon=START + 80, participants=rows)


def test_results_of_one_price_level_give_tables_of_that_level() -> None:
    typed = tuple(
        RecordedFigure(2020, line, Basis.REALISED, Amount(100, P20), "memo", date(2021, 1, 1))
        for line in (Line.INVESTMENT, Line.SAVING)
    )
    edition = run(portfolio(case("1", recorded=typed)), None, national_book(), OPTIONS)
    assert edition.portfolio_follow_up.outcome_level == P20
    mixed = (*typed, replace(typed[0], year=2021, amount=Amount(1, CURRENT)))
    with pytest.raises(GevinstError) as fault:
        run(portfolio(case("1", recorded=mixed)), None, national_book(), OPTIONS)
    assert fault.value.code == "run.mixed-outcomes"
    assert "1" in str(fault.value)


def test_what_cannot_be_computed_is_said(tables) -> None:
    awkward = portfolio(
        case("1", dkk_per_participant_week=Amount(90000, P20)),
        case("2", protocol=Protocol("matched", 26)),
        case("3", protocol=Protocol("baseline", 26, baseline_years=(2017, 2018))),
    )
    notes = "\n".join(run(awkward, tables, national_book(), OPTIONS).notes)
    assert "prisen pr. deltageruge står i p/l 2020" in notes
    assert "»ukendt«, som ikke er i porteføljen" in notes
    assert notes.startswith("7 deltagerforløb") or "\n7 deltagerforløb" in notes


def test_a_headline_without_data_is_said(tables) -> None:
    asked = portfolio(case("1", protocol=Protocol("baseline", 26, baseline_years=(2017, 2018))))
    edition = run(asked, tables, national_book(), OPTIONS)
    notes = "\n".join(edition.notes)
    assert "hovedmetoden »Tidligere år« kunne ikke beregnes" in notes
    assert "2017, 2018 er udeladt" in notes
    assert Line.SAVING not in edition.follow_up("1").years[0].outcome


def test_the_matched_comparison_reaches_the_edition(tables) -> None:
    few = replace(OPTIONS, minimum_participants=5, replicates=200)
    edition = run(portfolio(case("1", protocol=Protocol("matched", 26))), tables, national_book(), few)
    (detail,) = edition.details
    assert detail.estimator == "matched"
    assert detail.participants == next(one for one in edition.effects if one.headline).participants
    assert detail.evidence == next(one for one in edition.effects if one.headline).evidence
    saving = edition.follow_up("1").years[0].outcome[Line.SAVING]
    assert saving.source == "computed"
    assert edition.portfolio_effect is not None
    assert edition.portfolio_effect.investments == ("1",)
    assert float(saving.amount.in_dkk) == pytest.approx(edition.portfolio_effect.net_by_year[0][1].estimate, abs=0.01)
    steps = [step.label for step in edition.explanations["1/2020"].under]
    assert "Beregnet på borgerforløb: Borgere, der ligner deltagerne (hovedmetode)" in steps


def test_a_headline_on_too_few_participants_is_in_no_sum(tables) -> None:
    many = replace(OPTIONS, minimum_participants=21)
    edition = run(portfolio(case("1")), tables, national_book(), many)
    assert edition.portfolio_effect is None
    assert [detail.claim for detail in edition.details] == [False]


def test_the_protocols_record_is_sealed_in_and_counts_in_the_name(tables) -> None:
    plans = [plan_of(Protocol("rest_of_target_group", horizon)) for horizon in (52, 26)]
    entries = [
        ProtocolEntry("case-1", version, datetime(2020, version, 1, tzinfo=UTC), checksum(plan), plan)
        for version, plan in enumerate(plans, start=1)
    ]
    sealed = replace(
        OPTIONS, protocols={"case-1": record_of(entries)}, first_data=datetime(2020, 1, 15, tzinfo=UTC)
    )
    edition = run(portfolio(case("1")), tables, national_book(), sealed)
    (detail,) = edition.details
    assert detail.seal is not None
    assert detail.seal.before_data is True
    assert [one.now for one in detail.seal.deviations] == ["26"]
    assert edition.id != run(portfolio(case("1")), tables, national_book(), OPTIONS).id


def test_a_benefit_by_another_name_is_known_and_an_unknown_one_is_refused(tables) -> None:
    named = portfolio(case("1", target_group=TargetGroup("ledige", "A-dagpenge")))
    assert run(named, tables, national_book(), OPTIONS).effects
    unknown = portfolio(case("1", target_group=TargetGroup("ledige", "hokuspokus")))
    with pytest.raises(GevinstError) as fault:
        run(unknown, tables, national_book(), OPTIONS)
    assert fault.value.code == "parameters.unknown-benefit"


def test_spells_without_participants_give_a_memo_without_effects(make_tables) -> None:
    tables = make_tables([(1, "a-dagpenge", monday(START), None)], horizon=START + 10)
    edition = run(portfolio(case("1")), tables, national_book(), OPTIONS)
    assert edition.effects == ()


def test_weeks_that_may_stand_too_low_on_the_ladder_are_said(tables) -> None:
    """Everyone is on benefit from the register's first weeks: what came before is unknown for all."""
    notes = run(portfolio(case("1")), tables, national_book(), OPTIONS).notes
    assert sum("kan stå et trin for lavt på refusionstrappen" in note for note in notes) == 1


def test_too_few_participants_give_no_figure_in_the_table(tables) -> None:
    options = replace(OPTIONS, minimum_participants=21)
    assert not any(f.source == "computed" for f in run(portfolio(case("1")), tables, national_book(), options).figures)
    enough = replace(OPTIONS, minimum_participants=20)
    found = run(portfolio(case("1")), tables, national_book(), enough).figures
    assert any(f.source == "computed" and f.line is Line.SAVING for f in found)


def test_a_week_in_which_the_benefit_changes_is_paid_once_and_a_long_overlap_twice(make_tables) -> None:
    wednesday = date(2020, 3, 4)
    spells = [
        (1, "a-dagpenge", monday(START), wednesday),
        (1, "kontanthjaelp", wednesday, monday(START + 8)),
        (2, "a-dagpenge", monday(START), monday(START + 10)),
        (2, "kontanthjaelp", monday(START + 2), monday(START + 10)),
    ]
    tables = make_tables(spells, horizon=START + 20)
    paid = paid_weeks(tables, benefits())
    rows = tables.backend.to_arrow(paid.table).to_pylist()
    weeks = {p: sum(r["end_week"] - r["start_week"] for r in rows if r["person"] == p) for p in (1, 2)}
    assert weeks == {1: 8, 2: 18}
    assert paid.shared_weeks == 1


def printed(label: str, benefit: str = "a-dagpenge") -> Curve:
    points = (CurvePoint(0, 1.0, None, None, 0, 0, 0), CurvePoint(4, 0.7, None, None, 0, 0, 0))
    return Curve(label, "with_relapse", "same", benefit, "whole", points, 0, 0, "", published=True)


def test_a_printed_curve_must_be_of_the_benefit_and_of_earlier_years() -> None:
    design = StudyDesign("x", "a-dagpenge", date(2021, 1, 1), date(2021, 12, 31))
    curves = [printed("2020"), printed("2017-2019"), printed("2019-2021"), printed("2017-2019", "kontanthjaelp")]
    assert [curve.label for curve in matching_published(design, curves)] == ["2017-2019"]
    named = replace(design, published_years=(2016, 2017, 2018))
    assert matching_published(named, curves) == ()


def test_no_person_may_stand_in_the_record(tmp_path: Path) -> None:
    whole = bundled.portfolio("norddjurs-2020-2023")
    file = tmp_path / "p.yaml"
    write_portfolio_file(whole, file)
    assert read_portfolio_file(file) == whole
    write_portfolio_file(replace(whole, background="Sagen om 010588-2036 blev drøftet."), file)
    with pytest.raises(GevinstError) as fault:
        read_portfolio_file(file)
    assert fault.value.code == "register.holds-cpr"
    assert "2036" not in str(fault.value)
