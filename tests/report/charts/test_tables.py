"""The tables under a chart: blanks are dashes, small counts leave no trace."""

from __future__ import annotations

from collections.abc import Callable

from gevinst.curves.curve import Curve
from gevinst.language import speaking
from gevinst.report.charts import curves_table


def test_how_many_each_share_rests_on(followed: Callable[..., Curve], published: list[Curve]) -> None:
    curves = [followed("Deltagere", 0.05, 45, 140), followed("Få", 0.05, 45, 28), published[0]]
    with speaking("da"):
        table = curves_table(curves, (0, 8, 52), smallest=5)
    counted = [at for at, column in enumerate(table.columns) if column.header == "Antal"]
    assert [table.columns[at].group for at in counted] == ["Deltagere", "Få"], "published curves have no counts"
    assert [[row.cells[at].text for at in counted] for row in table.rows] == [
        ["140", "28"], ["116", "under 5"], ["–", "–"]]
    assert table.rows[1].cells[counted[1]].value is None, "a renderer that writes values must not give it away"
    with speaking("en"):
        assert curves_table(curves, (8,), smallest=30).rows[0].cells[counted[1]].text == "under 30"
    assert not any(column.header == "Antal" for column in curves_table(curves).columns), "only where asked for"


def test_large_counts_have_thousands(followed: Callable[..., Curve]) -> None:
    with speaking("da"):
        assert curves_table([followed("Alle", 0.05, 45, 12_345)], (0,), smallest=5).rows[0].cells[-1].text == "12.345"


def test_shares_of_the_printed_table(published: list[Curve]) -> None:
    with speaking("da"):
        table = curves_table(published)
    assert [column.group for column in table.columns] == ["", "mean 2017-2019", "2020", "2021H1"]
    printed = {row.cells[0].value: [cell.text for cell in row.cells[1:]] for row in table.rows}
    assert printed[13] == ["46,8", "43,9", "39,4"]
    assert printed[52] == ["25,6", "–", "–"]
    assert table.rows[-1].cells[3].value is None


def test_intervals_stand_beside_the_share(followed: Callable[..., Curve]) -> None:
    with speaking("da"):
        table = curves_table([followed("Deltagere", 0.05, 20, 140)])
    assert [column.header for column in table.columns] == ["Uge", "Andel", "95 % fra", "95 % til"]
    assert [row.cells[0].value for row in table.rows] == [0, 4, 8, 13, 17], "weeks that no curve reaches are left out"
    share, low, high = (cell.value for cell in table.rows[3].cells[1:])
    assert low < share < high
