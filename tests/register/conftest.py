"""The municipal documents' tables as workbooks, built from the golden cells with captions and labels as printed."""

from __future__ import annotations

import csv
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
import xlsxwriter
from hypothesis import strategies as st
from sqlalchemy import create_engine, make_url, text

from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import (
    CALENDAR_MONTH,
    ESTIMATORS,
    Basis,
    BudgetYear,
    Decision,
    DoubleCounting,
    FollowedBy,
    HeadCount,
    Investment,
    LaterParticipants,
    Line,
    Narrative,
    ParticipantCount,
    Portfolio,
    Protocol,
    Prudence,
    RecordedFigure,
    Status,
    Stop,
    StopMeasure,
    StopRule,
    Supplier,
    Suspension,
    TargetGroup,
)
from gevinst.sources.header import STORED_NAMES, plain_name

GOLDEN = Path(__file__).parents[1] / "golden"
Row = list[object]
DASH = "-"


@dataclass(frozen=True)
class Golden:
    """The printed cells: by document number, table, investment, line, year and basis."""

    cells: tuple[dict[str, str], ...]

    def of(self, document: str, table: str = "", investment: str = "") -> list[dict[str, str]]:
        """The cells of a document, of one of its tables, of one investment."""
        return [cell for cell in self.cells if cell["document"].startswith(document)
                and table in ("", cell["table"]) and investment in ("", cell["investment"])]

    def value(self, document: str, table: str, investment: str, line: str, year: int, basis: str) -> Decimal | None:
        """One figure, or `None` where nothing is printed."""
        found = [cell for cell in self.of(document, table, investment)
                 if (cell["line"], cell["year"], cell["basis"]) == (line, str(year), basis)]
        return Decimal(found[0]["value"]) if found else None


@pytest.fixture(scope="session")
def golden() -> Golden:
    """The golden cells of the municipal documents."""
    with (GOLDEN / "cells.csv").open(encoding="utf-8", newline="") as file:
        return Golden(tuple(csv.DictReader(file)))


@pytest.fixture(scope="session")
def golden_groups() -> list[dict[str, str]]:
    """The sizes of the target and intervention groups, and how each investment is followed."""
    with (GOLDEN / "groups.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LINES = (("investment", "Investering i indsats"), ("saving", "Besparelse på forsørgelse"))
NORDDJURS = (
    "Koordineret indsats for aktivitetsparate kontanthjælpsmodtagere med komplekse problemstillinger",
    "Intensiveret indsats for aktivitetsparate kontanthjælpsmodtagere med mere end et års ledighed",
    "Intensiveret indsats med fokus på småjob i samarbejde med virksomhedsledere i Norddjurs Kommune",
    "Jobsøgningsnetværk for alle ledige med fokus på ordinære job",
    "Rekruttering til sundhedsområdet i Norddjurs Kommune",
)
YEARS = (2020, 2021, 2022, 2023)


def _number(value: Decimal | None, empty: object = DASH, nought: object = 0) -> object:
    """A cell as a controller types it: a number, or the sign that is printed for nothing."""
    if value is None:
        return empty
    return nought if value == 0 else float(value)


def annex_000(golden: Golden) -> list[Row]:
    """Budget annex 4 of Norddjurs: five cases in 2020 prices, and an overview in another unit."""
    rows: list[Row] = [["Bilag 4: Aktiv investeringsstrategi i arbejdsmarkedspolitikken"], []]
    for number, title in enumerate(NORDDJURS, start=1):
        heading = f"{number}. – {title}" if number == 1 else f"{number}. {title}."
        rows += [[heading], ["Beskrivelse af investeringen"], []]
        rows.append(["(i 2020 pl)", *YEARS])
        for line, label in (*LINES, ("net", "Total")):
            cells = [golden.value("000", "business case", str(number), line, year, "budget") for year in YEARS]
            rows.append([label, *(_number(cell, nought=DASH) for cell in cells)])
        rows.append([])
    rows += [["Samlet oversigt over virkningen af investeringstiltagene:"], [], ["EAU investeringsforslag", *YEARS]]
    for number in range(1, 6):
        cells = [golden.value("000", "overview", str(number), "net", year, "budget") for year in YEARS]
        rows.append([f"Forslag {number}", *(_number(cell, empty="") for cell in cells)])
    totals = [golden.value("000", "overview", "total", "net", year, "budget") for year in YEARS]
    rows.append(["I alt mindre forsørgelse", *(f"{int(total or 0):,}".replace(",", ".") for total in totals)])
    return rows


def template_001(golden: Golden) -> list[Row]:
    """The follow-up template of Norddjurs: budget beside empty columns for what is realised."""
    rows: list[Row] = [["Udmøntning af investeringsstrategier for budget 2020-2023"], []]
    for number, title in enumerate(NORDDJURS, start=1):
        rows += [[f"Opfølgning på investeringscase: {title}"], []]
        rows.append(["i 2020 p/l", *(cell for year in YEARS for cell in (year, ""))])
        rows.append(["", *(word for _ in YEARS for word in ("Budget", "Realiseret"))])
        for line, label in (*LINES, ("net", "Besparelse i alt")):
            cells = [golden.value("001", "follow-up template", str(number), line, year, "budget") for year in YEARS]
            rows.append([label, *(part for cell in cells for part in (_number(cell), ""))])
        rows += [["Kilde: KMD Opus og Fasit"], []]
    return rows


CAPTIONS_002 = {
    "Tabel 3": "Tabel 3", "Tabel 4": "Tabel 4", "Tabel 5a": "Tabel 5", "Tabel 5b": "Tabel 5", "Tabel 6": "Tabel 6",
}
SURPLUS_002 = {
    "Tabel 5a": "Investeringen giver dermed overskud i 2021 og samlet forventes et overskud på 8,234 mio. kr i "
                "investeringsperioden.",
    "Tabel 5b": "Investeringen giver dermed overskud i 2021 ogs samlet forventes et overskud på 4,556 mio. kr. i hele "
                "investeringsperioden.",
}


def memo_002(golden: Golden) -> list[Row]:
    """The quarterly memo of Norddjurs: a table of totals, a table of curves, and a table for each investment."""
    rows: list[Row] = [["Kvartalsvis opfølgning på investeringer for budget 2020-2023"], []]
    rows.append(["Tabel 1 - samlet oversigt over investering samt besparelse ved investering fordelt på år"])
    rows += [["i mio. kr. løbende priser", "Resultat", "Forventet"], ["", *YEARS]]
    for line, label in (("investment", "Forventet investering i det pågældende år (A)"),
                        ("saving", "Forventet besparelse på forsørgelse i det pågældende år (B)"),
                        ("net", "Forventet i alt  (B-A)")):
        figures = [golden.value("002", "Tabel 1", "total", line, year, "expected") for year in YEARS]
        rows.append([label, *map(_number, figures)])
    rows += [["Kilde: Budgetaftale 2020-2023, Fasit, DREAM og KMD Opus"], ["Note: - betyder indtægt/mindreforbrug"], []]
    rows.append(["Samlet set forventes kommunens samlede nettobesparelse ved investeringerne ved uforstyrret drift i "
                 "resten af perioden at blive på 10,529 mio. kr."])
    rows += [[], ["Tabel 2 - Overlevelseskurve for A-dagpengemodtagere i Norddjurs Kommune"],
             ["m. tilbagefald til den samme ydelse"], ["Periode", "0 uger", "4 uger", "8 uger", "13 uger"],
             ["Gennemsnit 2017-2019", 100.0, 67.7, 56.8, 46.8], ["2020", 100.0, 65.5, 53.6, 43.9],
             ["1. halvår 2021", 100.0, 62.5, 50.3, 39.4], ["Kilde: Jobindsats.dk, 5. november 2021"], []]
    for number, (table, caption) in enumerate(CAPTIONS_002.items(), start=1):
        rows += [[f"{number}. {NORDDJURS[number - 1]}"], [], [f"{caption} - Opfølgning på investeringscase: "
                                                             f"{NORDDJURS[number - 1]}"]]
        rows.append(["Løbende priser", *(cell for year in YEARS for cell in (year, ""))])
        rows.append(["", *(["Budget", "Resultat"] + ["Budget", "Forventet resultat"] * 3)])
        for line, label in (*LINES, ("net", "I alt")):
            figures = [golden.value("002", table, str(number), line, year, basis) for year in YEARS
                       for basis in ("budget", "realised" if year == 2020 else "expected")]
            rows.append([label, *(_number(figure) for figure in figures)])
        rows += [["Kilde: Budgetaftale 2020-2023, Fasit, DREAM og KMD Opus"], [SURPLUS_002.get(table, "")], []]
    return rows


AARHUS = (
    ("Forsikrede", "Ekstraordinær beskæftigelsesindsats grundet Corona-krisen", "SF/EL/V", 2021,
     "Det bemærkes at investeringen giver en nettogevinst på ca. 6,1 mio. kr. i budgetperioden."),
    ("Forsikrede", "Flere ledige forsikrede i job", "V/EL", 2020,
     "Det bemærkes at investeringen giver en nettogevinst på ca. 5,9 mio. kr. i budgetperioden."),
    ("Uddannelseshjælp", "Flere unge hurtigere i uddannelse og job", "EL", 2020,
     "Det bemærkes at investeringen giver en nettoudgift på ca. 3,0 mio. kr. i budgetperioden."),
    ("Sygedagpenge", "Styrket samarbejde med den sygemeldtes arbejdsgiver", "", 2020,
     "Det bemærkes at investeringen giver en nettogevinst på omkring 0,3 mio. kr. i budgetperioden."),
    ("Blandet", "Flere handicappede og ledige med begrænsninger i job", "", 2021,
     "Det bemærkes at investeringen giver en mindre nettogevinst i budgetperioden."),
    ("Kontant-/uddannelseshjælp", "§17.4 - Flere ikke-vestlige i job og uddannelse", "EL", 2021,
     "Det bemærkes at investeringen giver en nettoudgift på ca. 4,8 mio. kr. i budgetperioden."),
)


def annex_004(golden: Golden) -> list[Row]:
    """The investment proposals of Aarhus: an overview in thousands, and six cases, three under wrong years."""
    years = (2021, 2022, 2023, 2024)
    rows: list[Row] = [["Investeringsforslag"],
                       ["Nedenstående tabel viser en oversigt over investeringsinitiativer til en samlet investering "
                        "på 30 mio. kr. årligt."], []]
    rows += [["Investeringsinitiativer"], ["Investering i tusind kr.", "", *years, "Budgetforslag"]]
    for number, (group, title, parties, _, _) in enumerate(AARHUS, start=1):
        cells = [golden.value("004", "overview", str(number), "investment", year, "budget") for year in years]
        rows.append([group, title, *(_number(cell) for cell in cells), parties])
    totals = [golden.value("004", "overview", "total", "investment", year, "budget") for year in years]
    rows += [["Samlet investering", "", *(f"{int(total or 0):,}".replace(",", ".") for total in totals)], []]
    for number, (_, title, _, first, sentence) in enumerate(AARHUS, start=1):
        rows += [[title.replace(" - ", " – ")], ["1. Flere job- og virksomhedskonsulenter"], ["Business Case"],
                 ["Nedenfor vurderes indsatsens økonomiske potentiale."], []]
        rows.append(["Mio. kr.", *range(first, first + 4)])
        for line, label in (("investment", "Investering"), ("saving", "Besparelse (-)"), ("net", "Gevinst (-)")):
            cells = [golden.value("004", "business case", str(number), line, year, "budget") for year in years]
            rows.append([label, *(_number(cell) for cell in cells)])
        rows += [[], [sentence], []]
    return rows


DOCUMENTS: dict[str, tuple[str, Callable[[Golden], list[Row]]]] = {
    "000": ("Bilag 4", annex_000), "001": ("Udmøntning", template_001), "002": ("Notat", memo_002),
    "004": ("Bilag 4", annex_004),
}


@pytest.fixture
def save_sheets(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes sheets of rows to a workbook: `save_sheets({"Ark": [[...], ...]})`."""

    def save(sheets: dict[str, list[Row]], name: str = "bog.xlsx") -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            for title, rows in sheets.items():
                page = book.add_worksheet(title)
                for at, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        if isinstance(cell, str):
                            page.write_string(at, column, cell)
                        else:
                            page.write_number(at, column, cell)
        return path

    return save


@pytest.fixture
def document_rows(golden: Golden) -> Callable[[str], tuple[str, list[Row]]]:
    """The sheet name and rows of a municipal document, by its number."""
    return lambda number: (DOCUMENTS[number][0], DOCUMENTS[number][1](golden))


@pytest.fixture
def document_workbook(
    document_rows: Callable[[str], tuple[str, list[Row]]], save_sheets: Callable[..., Path]
) -> Callable[[str], Path]:
    """A municipal document as a workbook with one sheet, by its number."""

    def build(number: str) -> Path:
        sheet, rows = document_rows(number)
        return save_sheets({sheet: rows}, f"{number}.xlsx")

    return build


SMALL = """\
key: prove
title: Prøve
municipality: Prøveby
years: [2020, 2021]
unit: mio. kr.
price_level: 2020
investments:
  - number: 1
    key: sag
    title: En sag
    target_group: {description: Alle, benefit: kontanthjaelp}
    budget:
      - {year: 2020, investment: 3.079, saving: -2.703}
      - {year: 2021, investment: 3.079, saving: -4.655}
"""


@pytest.fixture(scope="session")
def small_yaml() -> str:
    """A small portfolio as YAML, without faults."""
    return SMALL


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store: a SQLite file, and a database of its own on a real PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    server = postgres_server()
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def postgres_server() -> str:
    """The address of the PostgreSQL to test on. Without one the tests fail: they are never skipped."""
    url = os.environ.get("GEVINST_TEST_POSTGRES", "")
    if not url:
        pytest.fail("GEVINST_TEST_POSTGRES is not set: run the tests as\n"
                    '  GEVINST_TEST_POSTGRES="$(scripts/test-postgres.sh start)" pytest ...')
    return url


@pytest.fixture
def postgres_url() -> str:
    """The address of the test server's own database."""
    return postgres_server()


WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40)
MakePortfolios = Callable[[st.SearchStrategy[str]], st.SearchStrategy[Portfolio]]


@pytest.fixture(scope="session")
def any_portfolio() -> MakePortfolios:
    """Makes the strategy of all portfolios whose texts are drawn from a given strategy."""
    return portfolios


def portfolios(words: st.SearchStrategy[str]) -> st.SearchStrategy[Portfolio]:
    """Any portfolio that can be kept: every field filled or not, any order, any price level."""
    said = words.filter(lambda text: bool(text.strip()))
    items = said.filter(lambda text: "\n" not in text)
    years = st.lists(st.integers(2015, 2035), min_size=1, max_size=4, unique=True).map(lambda y: tuple(sorted(y)))
    own = st.sampled_from([PriceLevel(2020), CURRENT])
    return st.tuples(years, own).flatmap(lambda drawn: _portfolio(words, said, items, *drawn))


LEVELS = st.sampled_from([PriceLevel(2019), PriceLevel(2020), CURRENT])
ORE = st.integers(-(10**12), 10**12)
AMOUNTS = st.builds(Amount, ORE, LEVELS)
DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
PERSONS = st.decimals(0, 9999, places=1)


def _by_year(years: tuple[int, ...], least: int | None = None) -> st.SearchStrategy[tuple[tuple[int, Amount], ...]]:
    amounts = AMOUNTS if least is None else st.builds(Amount, st.integers(least, 10**12), LEVELS)
    return st.lists(st.tuples(st.sampled_from(years), amounts), max_size=3, unique_by=lambda pair: pair[0]).map(tuple)


def _pairs(days: st.SearchStrategy[date]) -> st.SearchStrategy[tuple[date, date]]:
    return st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))


def _tuples(items: Any, by: Callable[[Any], object] | None = None) -> st.SearchStrategy[Any]:
    return st.lists(items, max_size=2, unique_by=by).map(tuple)


def stop_rule(measure: StopMeasure, day: date, amount: Amount, text: str, source: str) -> StopRule:
    """A rule whose limit suits its measure: an amount, or a number made of it."""
    if measure in (StopMeasure.SAVING, StopMeasure.NET):
        return StopRule(day, measure, None, amount, text, source)
    number = Decimal(amount.ore % 1000 + 1).scaleb(-3)  # 0.001 to 1
    return StopRule(day, measure, number, None, text, source)


def _budget(years: tuple[int, ...]) -> st.SearchStrategy[Any]:
    def year(at: int, level: PriceLevel, investment: int, saving: int) -> BudgetYear:
        return BudgetYear(at, Amount(investment, level), Amount(saving, level))

    return _tuples(st.builds(year, st.sampled_from(years), LEVELS, ORE, ORE), by=lambda budget: budget.year)


def _investment(
    words: st.SearchStrategy[str], said: st.SearchStrategy[str], items: st.SearchStrategy[str], years: tuple[int, ...],
    number: int,
) -> st.SearchStrategy[Investment]:
    recorded = st.builds(RecordedFigure, st.sampled_from(years), st.sampled_from([Line.INVESTMENT, Line.SAVING]),
                         st.sampled_from([Basis.REALISED, Basis.EXPECTED]), AMOUNTS, said, DAYS)
    counts = st.builds(ParticipantCount, st.sampled_from(years), *(st.none() | PERSONS for _ in range(3)), words)
    weeks = st.integers(1, 520)
    stop = st.builds(Stop, DAYS, said, _by_year(years, least=0))
    rule = st.builds(stop_rule, st.sampled_from(StopMeasure), DAYS, AMOUNTS, words, words)
    referrals = _pairs(DAYS).flatmap(lambda pair: st.sampled_from([(None, None), pair, (pair[0], None)]))
    status = st.sampled_from([Status.RUNNING, Status.ENDED, Status.PROPOSED])
    return st.tuples(st.none() | stop, status, referrals).flatmap(
        lambda drawn: st.builds(
            Investment, number=st.just(str(number)), key=st.just(f"sag-{number}"), title=said,
            target_group=st.builds(TargetGroup, said, words, st.integers(0, 300), st.none() | PERSONS),
            narrative=st.builds(Narrative, words, words, words, words, words), followed_by=st.sampled_from(FollowedBy),
            status=st.just(Status.STOPPED if drawn[0] else drawn[1]), stop=st.just(drawn[0]),
            full_time_participants=st.none() | PERSONS, budget=_budget(years), proposers=_tuples(items),
            supplier=st.none() | st.builds(Supplier, said, st.booleans(), words), referrals_from=st.just(drawn[2][0]),
            referrals_to=st.just(drawn[2][1]), planned_weeks=st.none() | weeks,
            dkk_per_participant_week=st.none() | AMOUNTS, decisions=_tuples(st.builds(Decision, DAYS, said, said)),
            recorded=_tuples(recorded, by=lambda f: (f.year, f.line, f.basis, f.as_of)),
            stop_rules=_tuples(rule, by=lambda r: (r.date, r.measure)),
            head_counts=_tuples(st.builds(HeadCount, DAYS, st.integers(0, 999), st.integers(0, 999), words),
                                by=lambda count: count.date),
            participant_counts=_tuples(counts, by=lambda count: count.year), financing=words, source=words,
            protocol=protocols(items),
        ))


def protocols(items: st.SearchStrategy[str]) -> st.SearchStrategy[Protocol]:
    """Any protocol that can be kept, with covariates named as an import names columns."""
    weeks = st.integers(1, 520)
    names = items.map(plain_name).filter(lambda name: bool(name) and plain_name(name) == name and not {*name} & {*",;"}
                                         and name not in {"person_id", "left_register_date", *STORED_NAMES})
    return st.builds(
        Protocol, st.sampled_from(ESTIMATORS), weeks, _tuples(names, by=lambda name: name),
        _tuples(st.integers(2000, 2019)), weeks | st.just(CALENDAR_MONTH), st.booleans(),
        st.sampled_from(get_args(LaterParticipants)), st.sampled_from(get_args(DoubleCounting)))


def _portfolio(
    words: st.SearchStrategy[str], said: st.SearchStrategy[str], items: st.SearchStrategy[str], years: tuple[int, ...],
    own: PriceLevel,
) -> st.SearchStrategy[Portfolio]:
    investments = st.integers(0, 2).flatmap(
        lambda count: st.tuples(*(_investment(words, said, items, years, number) for number in range(count))))
    factor = st.decimals("0.01", 1, places=2)

    def whole(cases: tuple[Investment, ...]) -> st.SearchStrategy[Portfolio]:
        names = st.sampled_from(["", *(name for case in cases for name in (case.number, case.key))])
        suspension = st.builds(lambda pair, *rest: Suspension(*pair, *rest), _pairs(DAYS), words, names, st.booleans())
        return st.builds(
            Portfolio, key=st.sampled_from(["p", "prove-2020", "a_1-b2"]), title=said, municipality=said,
            years=st.just(years), price_level=st.just(own), investments=st.just(cases),
            prudence=st.none() | st.builds(Prudence, factor, st.none() | DAYS, said, _by_year(years)),
            decisions=_tuples(st.builds(Decision, DAYS, said, said)), suspensions=_tuples(suspension), reference=words,
            journal_number=words, committee=words, source=words, background=words)

    return investments.flatmap(whole)
