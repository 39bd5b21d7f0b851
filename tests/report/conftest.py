"""Editions to print: the five investments of Norddjurs with their recorded results, and one with made-up persons."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from gevinst.curves.curve import Curve, CurvePoint
from gevinst.effects.estimate import Interval, YearEffect
from gevinst.effects.evidence import EvidenceFacts, grade
from gevinst.follow_up.edition import CurvePanel, Edition, EffectSummary, InputFile, ParameterUsed
from gevinst.follow_up.effect_detail import (
    BalanceRow,
    Chance,
    DestinationShare,
    Deviation,
    EffectDetail,
    Evidence,
    FlowStep,
    FrequencyPoint,
    PaidBack,
    PlaceboResult,
    PortfolioEffect,
    ProtocolSeal,
)
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.realised import outcomes, recorded_figures
from gevinst.follow_up.table import follow_up, portfolio_follow_up
from gevinst.language import speaking
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    Decision,
    FollowedBy,
    HeadCount,
    Investment,
    Line,
    Narrative,
    ParticipantCount,
    Portfolio,
    Prudence,
    RecordedFigure,
    Status,
    Stop,
    Supplier,
    Suspension,
    TargetGroup,
)

GOLDEN = Path(__file__).parents[1] / "golden"
YEARS = (2020, 2021, 2022, 2023)
LEVEL = PriceLevel(2020)
SOURCE = "Budgetaftale 2020-2023, Fasit, DREAM og KMD Opus"
BUDGET_DOCUMENT, RESULT_DOCUMENT = "001_da9b72a6b8c2420c.txt", "002_9718254bd10db089.txt"


@pytest.fixture(scope="session")
def cells() -> list[dict[str, str]]:
    """The printed tables of the municipal documents, a cell a row."""
    with (GOLDEN / "cells.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _mio(value: str, level: PriceLevel) -> Amount:
    return Amount.dkk(Decimal(value) * 1_000_000, level)


def _case(number: str, title: str, cells: list[dict[str, str]]) -> Investment:
    budget = {(row["line"], int(row["year"])): _mio(row["value"], LEVEL) for row in cells
              if row["document"] == BUDGET_DOCUMENT and row["investment"] == number}
    recorded = tuple(
        RecordedFigure(int(row["year"]), Line(row["line"]), Basis(row["basis"]), _mio(row["value"], CURRENT), SOURCE,
                       date(2021, 11, 26))
        for row in cells if row["document"] == RESULT_DOCUMENT and row["investment"] == number
        and row["line"] in ("investment", "saving") and row["basis"] in ("realised", "expected"))
    return Investment(
        number, f"sag-{number}", title, TargetGroup("Ledige borgere", "a-dagpenge", 0, Decimal(300)),
        Narrative("Et tæt forløb\nmed ugentlige møder.", progress="Første afsnit.\n\nAndet afsnit."),
        full_time_participants=Decimal(60), recorded=recorded,
        budget=tuple(BudgetYear(year, budget["investment", year], budget["saving", year]) for year in YEARS))


@pytest.fixture(scope="session")
def portfolio(cells: list[dict[str, str]]) -> Portfolio:
    """The five investments as the documents print them."""
    titles = ("Koordineret indsats", "Intensiveret indsats", "Småjob", "Jobsøgningsnetværk", "Rekruttering")
    one, two, three, four, five = (_case(str(at), title, cells) for at, title in enumerate(titles, 1))
    one = replace(one, status=Status.STOPPED, stop=Stop(
        date(2021, 4, 28), "Det er usikkert, om gevinsten kan hentes", ((2021, _mio("2.053", CURRENT)),)),
        decisions=(Decision(date(2021, 4, 28), "Erhvervs- og Arbejdsmarkedsudvalget", "Investeringen afsluttes."),))
    two = replace(two, participant_counts=(ParticipantCount(2021, Decimal(40), None, Decimal(30), "Fasit"),),
                  supplier=Supplier("En leverandør", pay_by_results=True, terms="Afregnes pr. leveret uge"))
    four = replace(four, participant_counts=(
        ParticipantCount(2020, Decimal(40), Decimal(22)), ParticipantCount(2021, Decimal(40), None, Decimal(6))))
    five = replace(five, followed_by=FollowedBy.HEAD_COUNT, financing="Overføres til sundhedslønsum",
                   target_group=TargetGroup("Flygtninge og indvandrere", "", 0, Decimal(110)),
                   head_counts=(HeadCount(date(2021, 5, 31), 3, 12, "Fasit"), HeadCount(date(2021, 11, 30), 5, 12)))
    laid_in = tuple((int(row["year"]), _mio(row["value"], LEVEL)) for row in cells if row["basis"] == "budgeted")
    return Portfolio(
        "norddjurs-2020-2023", "Investeringer på arbejdsmarkedsområdet", "Norddjurs Kommune", YEARS, LEVEL,
        (one, two, three, four, five), Prudence(Decimal("0.5"), date(2019, 9, 12), "Budgetaftale 2020-2023", laid_in),
        (Decision(date(2021, 5, 18), "Kommunalbestyrelsen", "Investering 1 afsluttes."),),
        (Suspension(date(2020, 3, 11), date(2020, 5, 26), "Coronavirus"),
         Suspension(date(2020, 12, 9), date(2021, 4, 15), "Coronavirus", "4", partial=True)),
        "Anna Prøve", "19/20405", "Erhvervs- og Arbejdsmarkedsudvalget", SOURCE,
        "Indsatsen begyndte senere end planlagt.\n\nEn del af indsatsen var afbrudt.")


def _recorded_edition(portfolio: Portfolio) -> Edition:
    parts = tuple(follow_up(case, portfolio, outcomes(recorded_figures(case), ()), CURRENT)
                  for case in portfolio.investments)
    whole = portfolio_follow_up(portfolio, parts, CURRENT)
    figures = tuple(figure for part in (*parts, whole) for figure in part.figures())
    made = datetime(2021, 11, 26, 9, 30, tzinfo=UTC)
    return Edition("u-2021-11", made, date(2021, 11, 26), "da", portfolio, parts, whole, figures, code_version="0.1.0")


@pytest.fixture(scope="session")
def make_edition() -> Callable[[Portfolio], Edition]:
    """Makes an edition of a portfolio's recorded figures."""
    return _recorded_edition


@pytest.fixture(scope="session")
def published() -> tuple[Curve, ...]:
    """Table 2 of the memo of November 2021, cohort by cohort; blank weeks are blank."""
    with (GOLDEN / "survival_table_2.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    weeks = sorted({int(row["week"]) for row in rows})
    curves = []
    for cohort in dict.fromkeys(row["cohort"] for row in rows):
        shares = {int(row["week"]): float(Decimal(row["share_pct"]) / 100) for row in rows if row["cohort"] == cohort}
        points = tuple(CurvePoint(week, shares.get(week), None, None, 0, 0, 0) for week in weeks)
        curves.append(Curve(cohort, "with_relapse", "same", "a-dagpenge", "whole", points, 0, 0,
                            "Jobindsats.dk, 5. november 2021", published=True))
    return tuple(curves)


@pytest.fixture(scope="session")
def edition(portfolio: Portfolio, published: tuple[Curve, ...]) -> Edition:
    """The memo of November 2021: recorded results and a published table, no persons."""
    return replace(_recorded_edition(portfolio), published=published)


def _curve(label: str, half_life: float, trials: int) -> Curve:
    points = []
    for week in range(53):
        share = 0.5 ** (week / half_life)
        points.append(CurvePoint(week, share, max(share - 0.05, 0.0), min(share + 0.05, 1.0), trials,
                                 round(trials * share), max(trials - 3 * week, 2)))
    return Curve(label, "with_relapse", "same", "a-dagpenge", "available", tuple(points), trials, trials, "spells.csv")


NAMES = {"target_group": "Hele målgruppen", "rest_of_target_group": "Resten af målgruppen", "baseline": "Tidligere år",
         "cycle_adjusted": "Tidligere år, rettet for konjunkturen", "matched": "Borgere, der ligner deltagerne"}


def _effects(investment: str, participants: int, *, headline: str = "matched") -> tuple[EffectSummary, ...]:
    answers = {"target_group": 4.2, "rest_of_target_group": 3.9, "baseline": 5.1, "matched": 1.4}
    return tuple(EffectSummary(
        investment, key, f"Svaghed ved {key}.", key == headline, 52, Interval(weeks, weeks - 2.0, weeks + 2.0),
        participants, 0 if key == "baseline" else 412,
        (YearEffect(2020, Interval(-900_000.0, -1_400_000.0, -300_000.0), Interval(-350_000.0, -600_000.0, 40_000.0)),
         YearEffect(2021, Interval(-990_000.0, -1.5e6, -4e5), Interval(-450_000.0, -700_000.0, -140_000.0))),
        notes=("Tre uger er ikke dækket.",), name=NAMES[key]) for key, weeks in answers.items())


@pytest.fixture(scope="session")
def full_edition(edition: Edition, portfolio: Portfolio) -> Edition:
    """An edition with everything in it: made-up persons, curves, estimators, parameters and files."""
    curves = (_curve("Deltagere", 14, 230), _curve("Resten af målgruppen", 20, 600))
    sha = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    computed = (
        Figure("4", Line.SAVING, 2020, Basis.REALISED, Amount.dkk(-350_000, CURRENT), "computed",
               "beregnet på borgerforløb", Amount.dkk(-600_000, CURRENT), Amount.dkk(40_000, CURRENT)),)
    parts = []
    for case in portfolio.investments:
        recorded = [figure for figure in recorded_figures(case)
                    if (case.number, figure.year, figure.line) != ("4", 2020, Line.SAVING)]
        parts.append(follow_up(case, portfolio, outcomes(recorded, computed if case.number == "4" else ()), CURRENT))
    whole = portfolio_follow_up(portfolio, tuple(parts), CURRENT)
    return replace(
        edition, synthetic=True, seed=7, replicates=1000, data_horizon=date(2021, 10, 31),
        follow_ups=tuple(parts), portfolio_follow_up=whole,
        figures=tuple(figure for part in (*parts, whole) for figure in part.figures()),
        panels=(CurvePanel("4", "a-dagpenge", "A-dagpenge", curves, 230, 830, (("Uden startdato", None), ("Døde", 7))),
                CurvePanel("2", "kontanthjaelp", "kontanthjælp", curves, None, 300)),
        effects=(*_effects("4", 230), *_effects("2", 12)),
        parameters=(
            *(ParameterUsed(f"statsrefusion, A-dagpenge, fra uge {week}", f"{rate} pct. statsrefusion", "",
                            "fra 01-01-2016", "Retsinformation", "Lov 994/2015 § 5 stk. 3")
              for week, rate in ((1, 80), (27, 30), (5, 40))),
            ParameterUsed("Kontanthjælp, sats", "2.700", "kr. pr. uge", "2021", "Egen opgørelse", verified=False,
                          local=True)),
        inputs=(InputFile("spells.csv", sha, 12_345, 12_300, 45, ("45 rækker uden dato",)),),
        notes=("Data går til og med oktober 2021.",))


LADDER = (
    ("target_group", Interval(4.2, 2.9, 5.5), -2_310_000.0,
     "Målgruppen indeholder deltagerne selv; deltagerne har nødvendigvis været på ydelsen, til de startede, mens "
     "målgruppen følges fra forløbets start; og de, der visiteres, kan være anderledes end resten."),
    ("rest_of_target_group", Interval(3.9, 2.5, 5.3), -2_150_000.0,
     "Deltagerne har nødvendigvis været på ydelsen, til de startede, mens resten følges fra forløbets start; og de, "
     "der visiteres, kan være anderledes end resten."),
    ("baseline", Interval(5.1, 3.6, 6.6), -2_790_000.0,
     "Regner konjunkturen med som effekt: er ledigheden faldet af andre grunde, ser det ud som en besparelse."),
    ("cycle_adjusted", Interval(2.6, 0.4, 4.8), -1_430_000.0,
     "De, der visiteres, kan være anderledes end resten."),
    ("matched", Interval(1.4, 0.3, 2.5), -800_000.0,
     "Forskelle, som data ikke viser, fx motivation eller helbred."),
)
CHECKED = EvidenceFacts("", False, 230, 20, 0.046, 0.06, 612.4, True, True, None, True)


def _evidence(estimator: str, participants: int) -> Evidence:
    facts = CHECKED if estimator == "matched" else EvidenceFacts("", False, participants, 20)
    with speaking("da"):
        return grade(replace(facts, estimator=estimator, participants=participants))


def _ladder(investment: str, participants: int, headline: str) -> tuple[EffectSummary, ...]:
    return tuple(EffectSummary(
        investment, key, weakness, key == headline, 52, weeks, participants, 0 if key == "baseline" else 1_840,
        tuple(YearEffect(year, Interval(3 * share * net, 4.4 * share * net, 0.4 * share * net),
                         Interval(share * net, 1.6 * share * net, 0.1 * share * net))
              for year, share in ((2020, 0.4), (2021, 0.6))),
        comparison_label="2017, 2018, 2019" if key in ("baseline", "cycle_adjusted") else "", name=NAMES[key],
        net_total=Interval(net, 1.5 * net, 0.2 * net),
        evidence=_evidence(key, participants))
        for key, weeks, net, weakness in LADDER)


BALANCE = (
    ("Mand", -0.08, 0.01), ("Alder: 18-29 år", 0.31, 0.03), ("Alder: 30-39 år", 0.06, -0.01),
    ("Alder: 40-49 år", -0.11, 0.02), ("Alder: 50-59 år", -0.17, -0.04), ("Alder: 60 år og derover", -0.12, 0.0),
    ("Uger på ydelsen før start: 0-4", 0.42, 0.0), ("Uger på ydelsen før start: 5-13", 0.13, 0.0),
    ("Uger på ydelsen før start: 14-26", -0.21, 0.0), ("Uger på ydelsen før start: 27-52", -0.19, 0.0),
    ("Uger på ydelsen før start: 53-104", -0.14, 0.0),
    ("Uger på offentlig forsørgelse i de seneste to år", -0.24, -0.06),
    ("Visitationsgruppe: jobparat", 0.16, 0.05), ("Start i 1. kvartal", 0.09, 0.0), ("Start i 2. kvartal", -0.07, 0.0),
)

FLOW = (
    FlowStep("Registreret med start i indsatsen", 262),
    FlowStep("Modtog ikke A-dagpenge i startugen", 17, left_out=True),
    FlowStep("Startede efter den sidste uge med data", None, left_out=True),
    FlowStep("Deltagere i opgørelsen", 241),
    FlowStep("Uden for fælles grundlag: ingen ligner dem", 11, left_out=True),
    FlowStep("Med i effekten", 230),
    FlowStep("Borgere på A-dagpenge i de uger, hvor deltagerne startede", 8_412, arm="comparison"),
    FlowStep("Har deltaget i en anden investering", 310, left_out=True, arm="comparison"),
    FlowStep("Ligner ingen deltager", 6_262, left_out=True, arm="comparison"),
    FlowStep("Sammenlignes med deltagerne", 1_840, arm="comparison"),
)

SAVED: dict[int | None, Interval] = {2020: Interval(-320_000.0, -512_000.0, -32_000.0),
                                     2021: Interval(-480_000.0, -768_000.0, -48_000.0),
                                     None: Interval(-800_000.0, -1_200_000.0, -160_000.0)}

CHANCES = (Chance(2020, 0.22, 0.41), Chance(2021, 0.55, 0.88), Chance(None, 0.48, 0.83))

WHERE_TO = (("same_benefit", "På A-dagpenge", 0.46, 0.51), ("other_benefit", "På en anden ydelse", 0.09, 0.08),
            ("education", "I uddannelse (SU)", 0.06, 0.05), ("pension", "På pension", None, None),
            ("left_register", "Flyttet eller død", 0.03, 0.03), ("self_support", "Selvforsørgende", 0.34, 0.31))


def _destinations(week: int) -> tuple[DestinationShare, ...]:
    return tuple(DestinationShare(
        key, name, week, with_effort, without,
        None if with_effort is None or without is None else Interval(
            with_effort - without, with_effort - without - 0.04, with_effort - without + 0.04))
        for key, name, with_effort, without in WHERE_TO)


def _placebos(*, passed: bool | None = True) -> tuple[PlaceboResult, ...]:
    return (
        PlaceboResult("pseudo_participants", "Opdigtede deltagere",
                      "Borgere, der ikke deltog, er udtrukket som deltagere og behandlet på samme måde.", 230,
                      None if passed is None else Interval(0.2, -0.9, 1.3) if passed else Interval(1.3, 0.2, 2.4),
                      None if passed is None else Interval(-90_000.0, -610_000.0, 430_000.0), passed),
        PlaceboResult("pre_period", "Året før start",
                      "Deltagernes uger på forsørgelse, før indsatsen kunne virke.", 198,
                      Interval(-0.1, -1.0, 0.8), None, True))


def _detail(investment: str, participants: int, estimator: str = "matched") -> EffectDetail:
    sha = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"
    return EffectDetail(
        investment, estimator, participants >= 20, participants, 1_840, 612.4, 52, Interval(1.4, 0.3, 2.5),
        Interval(1.1, -0.1, 2.3), (1.4, 5.1),
        tuple(FrequencyPoint(week, with_effort, without, Interval(without - with_effort, without - with_effort - 0.04,
                                                                  without - with_effort + 0.04))
              for week, with_effort, without in ((13, 0.71, 0.74), (26, 0.55, 0.60), (52, 0.46, 0.51))),
        (*_destinations(26), *_destinations(52)),
        CHANCES, _evidence(estimator, participants), 1.86, 1.31,
        tuple(BalanceRow(*row) for row in BALANCE), FLOW, _placebos(),
        ProtocolSeal(sha, date(2019, 12, 19), True, (
            Deviation("Antal uger, der måles over", "26", "52", date(2021, 3, 1)),)),
        0.047, 3.8, 0.012,
        ("194 deltagere: i celler af ydelse, varighed, kvartal, alder og køn, uge for uge.",
         "36 deltagere: i lag af den anslåede sandsynlighed for at deltage, fordi cellerne var for tynde."),
        (("Over 104 uger på ydelsen før start", 7), ("60 år og derover, jobparat", None)),
        tuple(PaidBack(year, spent, SAVED[year], replace(
            SAVED[year], estimate=SAVED[year].estimate + spent, low=(SAVED[year].low or 0.0) + spent,
            high=(SAVED[year].high or 0.0) + spent))
            for year, spent in ((2020, 250_000.0), (2021, 325_000.0), (None, 575_000.0))))


@pytest.fixture(scope="session")
def detailed_edition(full_edition: Edition) -> Edition:
    """The full edition with what stands behind its effects: one sound, one of few participants, one biased."""
    biased = replace(_detail("3", 85, "baseline"), e_value=None, e_value_limit=None, effective_persons=None,
                     comparison_persons=None, balance=(), flow=FLOW[:6], placebos=(), rules=(), unsupported=(),
                     censored_share=None, largest_weight=None, truncated_share=None, seal=None)
    return replace(
        full_edition,
        effects=(*_ladder("4", 230, "matched"), *_ladder("2", 12, "matched"), *_ladder("3", 85, "baseline")),
        details=(_detail("4", 230), _detail("2", 12), biased),
        portfolio_effect=PortfolioEffect(
            ("2", "4"), tuple((year, SAVED[year]) for year in (2020, 2021)),
            CHANCES, 14, SAVED[None]))
