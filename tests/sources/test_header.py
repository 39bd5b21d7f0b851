from __future__ import annotations

import pytest

from gevinst.errors import GevinstError
from gevinst.sources.header import layout, split_header
from gevinst.tables import PERSONS, PRICES, SPELLS


@pytest.mark.parametrize(("line", "separator"), [
    ("person_id;benefit;start_date;end_date", ";"), ("person_id,benefit,start_date,end_date", ","),
    ("person_id\tbenefit\tstart_date\tend_date", "\t"), ('"person_id";"benefit";"start_date";"end_date"', ";"),
    ("note, with comma;benefit;start_date;end_date;person_id", ";"),
])
def test_the_separator_is_the_one_that_finds_the_columns(line: str, separator: str) -> None:
    found, cells = split_header(line, SPELLS)
    assert found == separator
    assert {"person_id", "benefit", "start_date", "end_date"} <= {cell.strip() for cell in cells}


def test_names_in_any_writing_and_in_danish() -> None:
    found = layout(["Slutdato", " Person ID", "START-DATE", "Ydelse", "kommunenr"], SPELLS, "spells.csv:1")
    assert {name: place for place, name in found.wanted} == {
        "end_date": 0, "person_id": 1, "start_date": 2, "benefit": 3, "municipality": 4}
    assert found.names == ("person_id", "benefit", "start_date", "end_date", "municipality")


def test_further_columns_are_dropped_by_name_but_kept_in_an_open_table() -> None:
    cells = ["person_id", "benefit", "start_date", "end_date", "Sagsbehandler", ""]
    assert layout(cells, SPELLS, "").dropped == ("?", "sagsbehandler")
    persons = layout(["Sex", "person_id", "Age At Entry", "kommune"], PERSONS, "")
    assert persons.names == ("person_id", "age_at_entry", "kommune", "sex")


def test_a_file_without_header_does_not_have_its_first_person_printed() -> None:
    with pytest.raises(GevinstError) as fault:
        layout(["0101901234", "kontanthjælp", "2021-01-01", ""], SPELLS, "spells.csv:1")
    assert fault.value.code == "intake.no-header"
    assert "0101901234" not in str(fault.value)
    with pytest.raises(GevinstError) as fault:
        layout(["person_id", "0101901234", "start_date"], SPELLS, "spells.csv:1")
    assert fault.value.code == "intake.missing-columns"
    assert fault.value.values["columns"] == "benefit, end_date"
    assert "0101901234" not in str(fault.value)


def test_columns_that_stand_twice() -> None:
    with pytest.raises(GevinstError) as fault:
        layout(["benefit", "Ydelse", "year", "dkk_per_week"], PRICES, "prices.csv:1")
    assert (fault.value.code, fault.value.values["columns"]) == ("intake.duplicate-columns", "benefit")
    with pytest.raises(GevinstError) as fault:
        layout(["person_id", "Sex", "sex"], PERSONS, "")
    assert fault.value.code == "intake.duplicate-columns"
    assert layout(["benefit", "year", "dkk_per_week", "note", "note"], PRICES, "").dropped == ("note",)


def test_names_that_the_stored_tables_use_themselves() -> None:
    with pytest.raises(GevinstError) as fault:
        layout(["person_id", "Replicate"], PERSONS, "")
    assert fault.value.code == "intake.reserved-column"
