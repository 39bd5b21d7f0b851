"""What a twin may take from the edition it goes with: numbers that are printed, and nothing that is hidden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gevinst.audit.printed import Printed, printed_in
from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.disclosure.released import Released, as_json


def said(folder: Path, counts: dict[str, int | str]) -> Printed:
    shown = {key: Hidden(one) if isinstance(one, str) else one for key, one in counts.items()}
    (folder / "counts.json").write_text(json.dumps(as_json(Released("p", counts=shown))))
    return printed_in(folder)


def test_numbers_of_participants(tmp_path: Path) -> None:
    counts: dict[str, int | str] = {
        "1/participants": 136, "1/registered": 140, "2/participants": "protects", "2/registered": 150,
        "3/participants": "few", "3/registered": "protects", "1/rest": 7}
    assert said(tmp_path, counts) == Printed({"1": 136, "2": 150}, None)


def test_paid_weeks_are_of_printed_numbers(tmp_path: Path) -> None:
    """300 of 340 weeks where both are printed; of what is left of the totals 700 of 720."""
    counts: dict[str, int | str] = {
        "payments/a/none/2020/weeks": 300, "payments/a/none/2020/unpaid": 40, "payments/a/1/2020/weeks": 650,
        "payments/a/1/2020/unpaid": "few", "payments/a/1/2020/other": 17, "payments/a/2/2020/weeks": "few",
        "payments/a/2/2020/unpaid": 0, "payments/paid": 1_000, "payments/unpaid": 60}
    told = said(tmp_path, counts).paid
    assert told is not None
    assert told.cells == {("a", OUTSIDE_LADDER, 2020): 88}
    assert told.rest == 97


@pytest.mark.parametrize("hidden", ["payments/paid", "payments/unpaid"])
def test_where_a_total_is_hidden_all_the_others_are_paid(tmp_path: Path, hidden: str) -> None:
    told = said(tmp_path, {"payments/paid": 1_000, "payments/unpaid": 60, hidden: "protects"}).paid
    assert told is not None
    assert told.rest == 100


def test_counts_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "counts.json").write_text("{}")
    with pytest.raises(GevinstError) as raised:
        printed_in(tmp_path)
    assert raised.value.code == "edition.unreadable"
