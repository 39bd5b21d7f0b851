"""A memo with everything in it: all kinds of blocks, two languages, and words that want to be code."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

import pytest

from gevinst.curves.curve import Curve, CurvePoint
from gevinst.language import MONTHS_DA, MONTHS_EN, Language, current, number, say, speaking
from gevinst.report.charts import (
    BudgetResultRow,
    budget_result_chart,
    curves_table,
    describe_budget_result,
    describe_curves,
    survival_chart,
)
from gevinst.report.tree import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Row,
    Table,
    number_cell,
    text_cell,
)

HOSTILE = 'Æbleøen så *fed* _skrå_ #panic("x") $x^2$ \\emph <script>alert(1)</script> {{ 7*7 }} &amp; @ref `kode`'
INJECTION = '=cmd|" /C calc"!A0'
WEEKS = (0, 4, 8, 13, 17, 21, 26, 30, 34, 39, 43, 47, 52)


def followed(label: str, rate: float, last: int, size: int) -> Curve:
    """A made-up curve with intervals, blank after week `last`."""
    points = []
    for week in range(53):
        share = 0.2 + 0.8 * math.exp(-rate * week)
        half = 1.96 * math.sqrt(share * (1 - share) / size)
        points.append(CurvePoint(week, share, max(share - half, 0), min(share + half, 1), size, round(share * size),
                                 size - 2 * week) if week <= last else CurvePoint(week, None, None, None, 0, 0, 0))
    return Curve(label, "without_relapse", "same", "kontanthjaelp", "available", tuple(points), size, size)


def million(value: str | None) -> Cell:
    """A cell in million kroner."""
    return number_cell(None if value is None else Decimal(value), 3, blank="–")


def summed(values: list[str | None], formula: str) -> tuple[Cell, ...]:
    """The sum cell of one column's values."""
    total = sum((Decimal(value) for value in values if value), Decimal(0))
    return (Cell(number(total, 3), total, "number", 3, formula=formula),)


def overview() -> Table:
    """Four years, two lines and their sum."""
    above = ["4.834", "3.233", "2.794", "2.426"]
    below = ["-1.773", "-3.827", "-7.822", "-10.394"]
    return Table(
        "overview", say(da="Samlet oversigt over investering og besparelse", en="Investment and saving in total"),
        (Column(say(da="Post", en="Item"), numeric=False), Column(say(da="Resultat 2020", en="Result 2020")),
         Column(say(da="Forventet 2021", en="Expected 2021")), Column("2022"), Column("2023")),
        (Row((text_cell(say(da="Investering (A)", en="Investment (A)")), *map(million, above))),
         Row((text_cell(say(da="Besparelse på forsørgelse (B)", en="Saving on benefits (B)")), *map(million, below))),
         Row((text_cell(say(da="I alt (A+B)", en="Total (A+B)")),
              *(cell for pair in zip(above, below, strict=True) for cell in summed(list(pair), "add:0,1"))), "total")),
        note=say(da="− betyder indtægt eller mindreforbrug.", en="− means income or less spending."),
        source="Budgetaftale 2020-2023, Fasit, DREAM og KMD Opus", number=1,
        unit=say(da="mio. kr., løbende priser", en="DKK million, current prices"))


def grouped() -> Table:
    """A case's table: two columns under each year, a blank cell, a suppressed one, and an empty corner."""
    above: list[str | None] = ["1.562", "0.742", "1.796", "1.122"]
    below: list[str | None] = ["-0.633", "-0.124", "-1.724", None]
    columns = [Column("", numeric=False)]
    for year in ("2020", "2021"):
        columns += [Column("Budget", year), Column(say(da="Forventet resultat", en="Expected result"), year)]
    suppressed = Cell(say(da="under 5", en="under 5"), None, "count")
    return Table(
        "case-2", say(da="Opfølgning på investeringscase: ", en="Follow-up on case: ") + HOSTILE, tuple(columns),
        (Row((text_cell("Investering"), *map(million, above))), Row((text_cell(INJECTION), *map(million, below))),
         Row((text_cell("I alt"), *(cell for pair in zip(above, below, strict=True)
                                    for cell in summed(list(pair), "sum:above"))), "total"),
         Row((text_cell("Personer"), Cell("12", 12, "count"), suppressed, Cell("7", 7, "count"),
              Cell("19", 19, "count", formula="add:3,3")))),
        number=2, unit="mio. kr.")


def wide() -> Table:
    """Thirteen columns of percentages, blank at the end."""
    shares = [1.0, 0.677, 0.568, 0.468, 0.419, 0.382, 0.346, 0.323, 0.306, 0.283, 0.272, 0.257, 0.256]
    def cells(shown: int) -> tuple[Cell, ...]:
        return tuple(Cell(number(share * 100, 1), share, "percent", 1) if at < shown else Cell("", None, "percent", 1)
                     for at, share in enumerate(shares))
    return Table(
        "curve", say(da="Overlevelseskurve", en="Survival curve"),
        (Column(say(da="Periode", en="Period"), numeric=False),
         *(Column(str(week), say(da="Uger efter start", en="Weeks after the start")) for week in WEEKS)),
        (Row((text_cell("2017-2019"), *cells(13))), Row((text_cell("2020"), *cells(10)))), number=3, unit="pct.",
        source="Jobindsats.dk")


def at_risk(curves: list[Curve]) -> Table:
    """Counts with dashes where a week is blank: words in a column of numbers."""
    def count(curve: Curve, week: int) -> Cell:
        point = curve.points[week]
        return Cell("–", None, "count") if point.share is None else Cell(number(point.at_risk), point.at_risk, "count")
    return Table("at-risk", say(da="Antal forløb under risiko", en="Number at risk"),
                 (Column(say(da="Gruppe", en="Group"), numeric=False),
                  *(Column(str(week), say(da="Uger efter start", en="Weeks after the start")) for week in WEEKS)),
                 tuple(Row((text_cell(curve.label), *(count(curve, week) for week in WEEKS))) for curve in curves),
                 number=4, unit=say(da="antal", en="number"))


def long() -> Table:
    """Sixty months in sections: more than a page."""
    months = MONTHS_DA if current() == "da" else MONTHS_EN
    rows: list[Row] = []
    for year in range(2018, 2023):
        rows.append(Row((text_cell(str(year)), Cell(""), Cell("")), "section"))
        rows += [Row((text_cell(f"{month} {year}"), number_cell(-100000 - 9000 * at - year, 0),
                      number_cell(-80000 - 8500 * at - year, 0))) for at, month in enumerate(months)]
    return Table("months", say(da="Budget og resultat pr. måned", en="Budget and result per month"),
                 (Column(say(da="Måned", en="Month"), numeric=False), Column("Budget"), Column("Resultat")),
                 tuple(rows), number=5, unit="kr.")


def memo(language: Language) -> Document:
    """The whole memo."""
    with speaking(language):
        curves = [followed("Deltagere", 0.05, 45, 140), followed("Sammenligning <b>", 0.03, 52, 900)]
        rows = [BudgetResultRow(2020, "budget", -0.633), BudgetResultRow(2020, "realised", -0.124, -0.3, 0.05)]
        blocks: tuple[Block, ...] = (
            Paragraph(say(da="Det blev aftalt at investere.", en="The agreement was to invest."), "lead"),
            Paragraph(HOSTILE), overview(), Paragraph(INJECTION),
            Bullets(("første punkt", HOSTILE, "tredje punkt")),
            Heading(say(da="Metodeovervejelser", en="Method"), 2, "method"), grouped(),
            Bullets(("Først dette", "Så dette"), ordered=True), Heading("Under", 3), wide(),
            Figure("survival", say(da="Deltagere og sammenligning", en="Participants and comparison"),
                   describe_curves(curves), survival_chart(curves), curves_table(curves), number=1,
                   note=say(da="Båndet er 95 pct.-intervallet.", en="The band is the 95% interval."), source="DREAM"),
            at_risk(curves),
            Paragraph(say(da="Skønnet hviler på få deltagere.", en="The estimate rests on few."), "warning"),
            PageBreak(), Heading(say(da="Økonomi", en="Economy"), 2), long(),
            Figure("budget", say(da="Besparelse på forsørgelse", en="Saving on benefits"),
                   describe_budget_result(rows, unit="mio. kr."), budget_result_chart(rows, unit="mio. kr."), number=2),
            Bullets(("Forfra",), ordered=True), Heading(say(da="Under igen", en="Below"), 2),
            Heading(say(da="Til sidst", en="Last"), 2), Paragraph("Aftryk 3f2a…", "small"))
        return Document(
            say(da="Kvartalsvis opfølgning på investeringer", en="Quarterly follow-up on investments"), language,
            "Eksempel Kommune", ((say(da="Dato:", en="Date:"), "26-11-2021"), ("Reference:", "Eva Ørum"),
                                 (say(da="Journalnr.:", en="Journal no.:"), "19/20405")),
            blocks, subject=say(da="Opfølgning", en="Follow-up"), created="2021-11-26T12:00:00+01:00",
            footer="Eksempel Kommune · 19/20405", meta={"kind": say(da="Notat", en="Memo"), "keywords": "investering"})


@pytest.fixture(scope="session")
def danish() -> Document:
    """The memo in Danish."""
    return memo("da")


@pytest.fixture(scope="session")
def english() -> Document:
    """The memo in English."""
    return memo("en")


@pytest.fixture(scope="session")
def hostile() -> str:
    """Words with everybody's markup in them."""
    return HOSTILE


@pytest.fixture(scope="session")
def injection() -> str:
    """Words that Excel would run."""
    return INJECTION


@pytest.fixture(scope="session")
def printed_rows() -> Callable[[Document], list[list[str]]]:
    """The rows a memo must show, in order: those of its tables, then those behind its figures."""

    def rows(document: Document) -> list[list[str]]:
        behind = [figure.data for figure in document.figures() if figure.data is not None]
        return [[cell.text for cell in row.cells] if row.kind != "section" else [row.cells[0].text]
                for table in (*document.tables(), *behind) for row in table.rows]

    return rows
