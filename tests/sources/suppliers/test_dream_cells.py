from __future__ import annotations

import decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from gevinst.sources.suppliers import dream_cells
from gevinst.sources.suppliers.dream_cells import OddCells


@pytest.mark.parametrize(("text", "code"), [
    ("111", 111), (" 111", 111), ("111.0", 111), ("111,00", 111), ("0111", 111), ("", 0), ("   ", 0), (".", 0),
    ("NA", 0), ("0", 0), ("32767", 32767), ("32768", -1), ("-1", -1), ("11O", -1), ("111.5", -1), ("1e2", -1),
])
def test_a_text_as_a_code(text: str, code: int) -> None:
    assert OddCells()[text] == code


@pytest.mark.parametrize("column", [
    pa.array([111, None, 730], pa.int16()), pa.array([111, None, 730], pa.int64()), pa.array([111.0, None, 730.0]),
    pa.array([111.0, float("nan"), 730.0]), pa.array(["111", None, " 730"]), pa.array(["111.0", " ", "730"]),
    pa.array(["111", None, "730"]).dictionary_encode(), pa.array([111, None, 730]).dictionary_encode(),
    pa.array([decimal.Decimal(111), None, decimal.Decimal(730)]), pa.array(["111", ".", "730"], pa.large_string()),
], ids=lambda column: str(column.type))
def test_a_column_however_it_is_typed(column: Any) -> None:
    assert OddCells().from_column(column).tolist() == [111, 0, 730]


def test_a_column_of_nothing() -> None:
    assert OddCells().from_column(pa.nulls(3)).tolist() == [0, 0, 0]


def test_numbers_that_are_no_codes_are_remembered() -> None:
    cells = OddCells()
    assert cells.from_numbers(np.array([111.0, 111.5, -3.0, 1e9, np.inf, np.nan])).tolist() == [111, -1, -2, -3, -4, 0]
    assert [cells.word(code) for code in (-1, -2, -3)] == ["111.5", "-3", "1e+09"]
    assert cells.from_column(pa.array([-3, 5], pa.int32())).tolist() == [-2, 5]


def test_a_cell_that_may_be_a_person_is_not_shown() -> None:
    cells = OddCells()
    assert cells.word(cells["0101901234"]) == "[…]"
    assert "0101901234" not in repr(cells._words)


def test_ever_more_odd_cells_share_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dream_cells, "_MOST", 3)
    cells = OddCells()
    assert cells.from_texts([f"x{letter}" for letter in "abcde"]).tolist() == [-1, -2, -3, -3, -3]
