"""Tables that foot give nothing; one changed cell gives exactly one finding, in the cell, with the figure it had."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst.lint.assemble import assemble
from gevinst.lint.check import lint_memo
from gevinst.lint.findings import Located
from gevinst.lint.raw import RawBlock, RawCell, RawTable, RawText

FIGURES = st.integers(-99_999, 99_999)
GRIDS = st.tuples(st.integers(2, 6), st.integers(2, 6)).flatmap(
    lambda size: st.lists(st.lists(FIGURES, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]))
DECIMALS = st.sampled_from([0, 1, 3])


def printed(value: int, decimals: int, signs: str = "-") -> str:
    """As Danish memos print it: a decimal comma, points between thousands, either minus."""
    text = f"{abs(Decimal(value).scaleb(-decimals)):,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    return (signs if value < 0 else "") + text


def footing(grid: list[list[int]]) -> list[list[int]]:
    """The grid with a total column and a total row."""
    rows = [[*row, sum(row)] for row in grid]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def lint_grid(grid: list[list[int]], decimals: int, header: list[str], near: str) -> list[Located]:
    labels = [*(f"Indsats {letter}" for letter in "ABCDEFGH"[: len(grid) - 1]), "I alt"]
    rows = [["", *header]] + [[label, *(printed(value, decimals) for value in row)]
                              for label, row in zip(labels, grid, strict=True)]
    table = RawTable(tuple(tuple(RawCell(text) for text in row) for row in rows))
    blocks: list[RawBlock] = [RawText("Notat", heading=1), RawText(near), table]
    return lint_memo(assemble(blocks, Path("notat.docx")), adopted=())


def years(grid: list[list[int]]) -> list[str]:
    return [*(str(2020 + at) for at in range(len(grid[0]) - 1)), "I alt"]


def places(grid: list[list[int]]) -> list[str]:
    return [*(f"Afdeling {at}" for at in "ABCDEF"[: len(grid[0]) - 1]), "I alt"]


@settings(max_examples=80, deadline=None)
@given(GRIDS, DECIMALS)
def test_tables_that_foot_give_nothing(grid: list[list[int]], decimals: int) -> None:
    whole = footing(grid)
    assert lint_grid(whole, decimals, years(whole), "Mio. kr., 2020 p/l") == []
    assert lint_grid(whole, decimals, places(whole), "Antal borgere") == []


@settings(max_examples=150, deadline=None)
@given(GRIDS, DECIMALS, st.data())
def test_one_changed_cell_gives_one_finding_there(grid: list[list[int]], decimals: int, data: Any) -> None:
    # three rows and columns at least: in a smaller table more than one cell may be the wrong one
    whole = footing([[*row, 7 + at] for at, row in enumerate([*grid, [3] * len(grid[0])])])
    row = data.draw(st.integers(0, len(whole) - 1))
    column = data.draw(st.integers(0, len(whole[0]) - 1))
    right = whole[row][column]
    wrong = right + data.draw(st.sampled_from([-1, 1])) * data.draw(st.integers(20, 50_000))
    whole[row][column] = wrong
    (found,) = lint_grid(whole, decimals, years(whole), "Mio. kr., 2020 p/l")
    assert found.finding.severity == "error"
    assert (found.place.row, found.place.column) == (
        "I alt" if row == len(whole) - 1 else f"Indsats {'ABCDEFGH'[row]}", years(whole)[column])
    assert found.should_be is not None
    rounding = Decimal(len(whole) + len(whole[0])).scaleb(-decimals)
    assert abs(found.should_be - Decimal(right).scaleb(-decimals)) <= rounding


@settings(max_examples=60, deadline=None)
@given(GRIDS, st.data())
def test_rounding_alone_is_never_an_error(grid: list[list[int]], data: Any) -> None:
    """Cells printed with one decimal less than they were added up with."""
    whole = [[round(Decimal(value) / 10) for value in row] for row in footing(grid)]
    found = lint_grid(whole, 1, years(whole), "Mio. kr., 2020 p/l")
    assert {each.finding.code for each in found} <= {"footing.rounding"}
    assert not any(each.grave for each in found)
