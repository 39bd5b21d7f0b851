"""The appendix on payments: what is printed, in both languages, and the same table as a sheet of the workbook."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.payment_check import PaymentCheck, PaymentRow
from gevinst.language import speaking
from gevinst.report import as_excel
from gevinst.report.memo import build_memo
from gevinst.report.payments_section import payments_section
from gevinst.report.tree import Bullets, Document, Paragraph, Table

ROWS = (
    PaymentRow("sygedagpenge", 1, 2021, 2000, 4460.0, 2676.0, 4000.4, 2200.0, 50, 40, used=True),
    PaymentRow("fleksydelse", None, 2021, 60, None, None, 3000.0, 3000.0, None, None, used=False),
)
CHECK = PaymentCheck(ROWS, 1, 12_345, 655, 9, Decimal("500.40"), 0, 100, 10, ("jan.csv", "feb.csv"))


@pytest.fixture
def paid(edition: Edition) -> Edition:
    return replace(edition, payment_check=CHECK, benefit_names={"sygedagpenge": "sygedagpenge"})


def table_in(document: Document) -> Table:
    return next(table for table in document.tables() if table.key == "payments")


def bullets(edition: Edition) -> tuple[str, ...]:
    return next(block.items for block in payments_section(edition) if isinstance(block, Bullets))


def test_without_payments_nothing_is_said(edition: Edition) -> None:
    assert payments_section(edition) == []


def test_the_ladder_stands_beside_what_was_paid(paid: Edition) -> None:
    table = table_in(build_memo(paid))
    assert table.caption == "Ugepris efter trappen og efter udbetalingerne"
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["sygedagpenge", "2021", "5–26", "4.460", "4.000", "2.676", "2.200", "−476", "2.000", "50", "40"],
        ["fleksydelse *", "2021", "uden trappe", "", "3.000", "", "3.000", "", "60", "", ""]]
    assert "jan.csv, feb.csv; programmets satser" in table.source


def test_what_the_payments_do_not_reach(paid: Edition) -> None:
    with speaking("da"):
        text = bullets(paid)
        assert text[0].startswith("655 uger på ydelse (5,0\N{NO-BREAK SPACE}%) i den tid, filerne dækker, har ")
        assert text[1].startswith("9 uger med udbetaling (500 kr. netto) er ikke uger på den ydelse")
        assert text[2] == "Ikke vist, fordi de har under 5 borgere: 1 af rækkerne."
        few = replace(CHECK, unpaid_weeks=None, unplaced_weeks=None, unplaced_net=None, uncovered_weeks=None, hidden=0)
        text = bullets(replace(paid, payment_check=few))
        assert text[0].startswith("Et antal uger med udbetaling er ikke uger")
        assert text[1].startswith("Et antal uger ligger uden for den tid")
        assert len(text) == 2


def test_the_rule_is_said_in_the_language_of_the_edition(paid: Edition) -> None:
    with speaking("en"):
        said = next(block.text for block in payments_section(paid) if isinstance(block, Paragraph))
        assert "at least 100 weeks to at least 10 persons" in said
        assert "used in 1 of 2 rows shown" in said
        many = replace(CHECK, files=("a.csv", "b.csv", "c.csv"), rows=())
        assert not [one for one in payments_section(replace(paid, payment_check=many)) if isinstance(one, Table)]
    with speaking("da"):
        table = next(one for one in payments_section(replace(paid, payment_check=replace(CHECK, files=()))) if
                     isinstance(one, Table))
        assert table.source.startswith("Udbetalinger pr. uge; ")


def test_the_workbook_has_the_differences_as_numbers(paid: Edition) -> None:
    document = build_memo(paid)
    book = openpyxl.load_workbook(io.BytesIO(as_excel.render(document)))
    caption = f"Tabel {table_in(document).number}. Ugepris efter trappen og efter udbetalingerne"
    (sheet,) = [one for one in book.worksheets if one["A1"].value and caption in str(one["A1"].value)]
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (row,) = [row for row in values if row[0] == "sygedagpenge"]
    assert row[3:9] == [4460, 4000.4, 2676, 2200, -476, 2000]
