"""DREAM files through the whole intake: wide codes in, spells and persons out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst.errors import GevinstError
from gevinst.progress import Progress, silent
from gevinst.sources.suppliers import dream_files
from gevinst.sources.suppliers.dream import Dream, DreamPersons, DreamSpells
from gevinst.weeks import first_week, week_of
from tests.sources.suppliers.dream_cases import BENEFIT, Person, columns, csv_text, header, name, spells_of

READER = Dream(bar=silent)
Intake = Callable[..., Any]
W2052 = first_week(2021) - 2


def spell_rows(path: Path, reader: Dream = READER) -> list[tuple[Any, ...]]:
    """The rows that the reader gives for the table of spells."""
    source = reader.parts(path)[0].open()
    return sorted(tuple(row.values()) for rows in source.rows() for row in rows.cells.to_pylist())


def fault_of(read: Callable[[], object]) -> GevinstError:
    with pytest.raises(GevinstError) as fault:
        read()
    return fault.value


def by_id(rows: list[tuple[Any, ...]], ids: Mapping[int, str]) -> list[tuple[Any, ...]]:
    return sorted((ids.get(row[0], row[0]), *row[1:]) for row in rows)


def hand_made(*rows: str, weeks: str = "y_2051,y_2052,y_2053,y_2101,y_2102") -> str:
    return "\n".join([f"lobenr,{weeks}", *rows, ""])


# What a file becomes, by hand

def test_the_weeks_of_one_person_by_hand(intake: Intake) -> None:
    """2020 has a week 53, from Monday 28 December to Sunday 3 January."""
    stored = intake({"dream.csv": hand_made("A,,111,213,,730")}, suppliers=[READER])
    assert stored.rows("spells", "benefit", "start_date", "end_date", "start_week", "end_week") == [
        ("a-dagpenge", date(2020, 12, 21), date(2021, 1, 4), week_of(date(2020, 12, 21)), week_of(date(2021, 1, 4))),
        ("kontanthjaelp", date(2021, 1, 11), None, week_of(date(2021, 1, 11)), None)]
    assert stored.rows("persons", "left_register_date") == [(None,)]


@pytest.mark.parametrize(("row", "spells"), [
    (",,,,", []),
    ("111,111,111,111,111", [("a-dagpenge", "2020-12-14", None)]),
    ("111,111,111,111,", [("a-dagpenge", "2020-12-14", "2021-01-10")]),
    ("111,,111,,", [("a-dagpenge", "2020-12-14", "2020-12-20"), ("a-dagpenge", "2020-12-28", "2021-01-03")]),
    (",,,,111", [("a-dagpenge", "2021-01-11", None)]),
    ("730,733,737,739,731", [("kontanthjaelp", "2020-12-14", None)]),  # one benefit, five activities
    ("730,785,730,,", [("jobafklaring", "2020-12-21", "2020-12-27"), ("kontanthjaelp", "2020-12-14", "2020-12-20"),
                       ("kontanthjaelp", "2020-12-28", "2021-01-03")]),
    ("111,0,100,,111", [("a-dagpenge", "2020-12-14", "2020-12-20"), ("a-dagpenge", "2021-01-11", None)]),
    ("111,997,997,111,", [("a-dagpenge", "2020-12-14", "2020-12-20"), ("a-dagpenge", "2021-01-04", "2021-01-10")]),
    ("890,890,998,998,998", [("folkepension", "2020-12-28", None), ("sygedagpenge", "2020-12-14", "2020-12-27")]),
])
def test_a_row_of_codes_as_spells(tmp_path: Path, row: str, spells: list[tuple[str, ...]]) -> None:
    path = tmp_path / "dream.csv"
    path.write_text(hand_made(f"A,{row}", "B,,,111,,"))
    assert [row[1:] for row in spell_rows(path) if row[0] == "A"] == spells


@pytest.mark.parametrize(("year", "monday_53"), [
    (1992, date(1992, 12, 28)), (1998, date(1998, 12, 28)), (2004, date(2004, 12, 27)), (2009, date(2009, 12, 28)),
    (2015, date(2015, 12, 28)), (2020, date(2020, 12, 28))])
def test_a_spell_in_week_53(tmp_path: Path, year: int, monday_53: date) -> None:
    path = tmp_path / "dream.csv"
    figures = f"{year % 100:02d}"
    path.write_text(f"lobenr,y_{figures}51,y_{figures}52,y_{figures}53,y_{(year + 1) % 100:02d}01\nA,,,111,\n")
    assert spell_rows(path)[0][2:] == (monday_53.isoformat(), date.fromordinal(monday_53.toordinal() + 6).isoformat())


def test_the_first_weeks_of_dream(tmp_path: Path) -> None:
    path = tmp_path / "dream.csv"
    path.write_text("lobenr,y_9131,y_9132,y_9133,y_9134\nA,111,111,,\n")
    assert spell_rows(path) == [("A", "a-dagpenge", "1991-07-29", "1991-08-11")]


def test_death_and_emigration(intake: Intake) -> None:
    stored = intake({"dream.csv": hand_made("A,111,999,999,999,999", "B,111,,997,997,997", "C,111,997,997,,111",
                                            "D,111,999,,111,", "E,111,111,111,998,998")}, suppliers=[READER])
    left = [day for (day,) in stored.rows("persons", "left_register_date")]
    assert sorted(day for day in left if day) == [date(2020, 12, 21), date(2020, 12, 28)]
    assert len(left) == 5
    notes = stored.notes("persons")
    assert notes["dream.returned"] == {"rows": 1}
    assert notes["dream.after-death"] == {"rows": 1}


# Round trip

WEEKS = 30
FIRST = first_week(2021) - 12
CODES = st.dictionaries(st.integers(FIRST, FIRST + WEEKS - 1), st.sampled_from(sorted(BENEFIT)), max_size=20)
PERSONS = st.lists(CODES, min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(persons=PERSONS, form=st.sampled_from(["{}", "{}.0", " {}", "{:04d}"]),
       separator=st.sampled_from([",", ";", "\t"]), blank=st.sampled_from(["", " ", ".", "NA"]))
def test_weeks_to_a_text_file_to_spells(
    tmp_path_factory: pytest.TempPathFactory, persons: list[Person], form: str, separator: str, blank: str,
) -> None:
    path = tmp_path_factory.mktemp("dream") / "dream.csv"
    path.write_text(csv_text(persons, FIRST, FIRST + WEEKS - 1, form=form, separator=separator, blank=blank))
    expected = sorted(spells_of(persons, FIRST, FIRST + WEEKS - 1))
    if expected:
        assert spell_rows(path) == expected
    else:
        assert fault_of(lambda: spell_rows(path)).code == "dream.no-benefit"


@settings(max_examples=30, deadline=None)
@given(persons=PERSONS, kind=st.sampled_from([pa.int16(), pa.float64(), pa.string()]),
       cells=st.sampled_from([1, 60, 1 << 20]), shuffle=st.randoms())
def test_weeks_to_parquet_to_spells(
    tmp_path_factory: pytest.TempPathFactory, persons: list[Person], kind: Any, cells: int, shuffle: Any,
) -> None:
    path = tmp_path_factory.mktemp("dream") / "dream.parquet"
    found = columns(persons, FIRST, FIRST + WEEKS - 1)
    order = list(found)
    shuffle.shuffle(order)
    pq.write_table(pa.table({one: pa.array(found[one]) if one == "lobenr" else
                             pa.array(found[one], pa.int16()).cast(kind) for one in order}), path)
    expected = sorted(spells_of(persons, FIRST, FIRST + WEEKS - 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dream_files, "CELLS", cells)
        if expected:
            assert spell_rows(path) == expected
        else:
            assert fault_of(lambda: spell_rows(path)).code == "dream.no-benefit"


def test_the_three_formats_store_the_same(intake: Intake) -> None:
    """The SAS file of `dream_sas.R`, and the same written out as text and as Parquet."""
    import pyreadstat

    sas = Path(__file__).parent / "dream.sas7bdat"
    cells, about = pyreadstat.read_sas7bdat(sas, output_format="dict")
    table = pa.table({one: cells[one] for one in about.column_names})
    lines = [",".join(table.column_names)]
    lines += [",".join("" if cell is None else str(cell) for cell in row.values()) for row in table.to_pylist()]
    stored = [intake({"dream.sas7bdat": sas.read_bytes()}, suppliers=[READER]),
              intake({"dream.csv": "\n".join([*lines, ""])}, suppliers=[READER]),
              intake({"dream.parquet": table}, suppliers=[READER])]
    for table_name in ("spells", "persons"):
        first = stored[0].rows(table_name)
        assert first
        assert stored[1].rows(table_name) == first
        assert stored[2].rows(table_name) == first


# Persons

def test_covariates_of_a_stated_day(intake: Intake) -> None:
    text = "\n".join([
        "lobenr,kon,alder9131,ak19,ak20,ak21,nykom2019,nykom2021,branche_2020_12,grad_2020_12," + ",".join(
            header(W2052, W2052 + 3)[1:]),
        "A,1,20,01,02,03,707,751,620000,1,111,,,", "B,2,-4.5,,,,,,,,,111,,", "C,2,200,,9,,,,,,,,111,"])
    stored = intake({"dream.csv": text}, suppliers=[Dream(bar=silent, covariates_on=date(2020, 6, 1))])
    rows = {row["kon"] * 1000 + (row["alder"] or 0): (row["akasse"], row["nykom"])
            for row in stored.table("persons").to_pylist()}
    # From 29 July 1991 to 1 June 2020 there are 28 years and 10 months.
    assert rows == {1048: (2, 707), 2024: (None, None), 2000: (9, None)}
    notes = stored.notes("persons")
    assert notes["dream.covariates"] == {
        "columns": "ak20 → akasse, alder9131 → alder, kon → kon, nykom2019 → nykom", "day": "2020-06-01"}
    assert stored.notes("spells")["dream.columns-left"] == {
        "columns": "ak (1), branche (1), grad (1), nykom (1)"}


def test_covariates_of_the_newest_week_when_no_day_is_stated(tmp_path: Path) -> None:
    path = tmp_path / "dream.csv"
    path.write_text("pnr,nykom,nykom2021,nykom2022,alder,y_2051,y_2052,y_2053,y_2101\nA,7,8,9,33,111,,,\n")
    (rows,) = READER.parts(path)[1].open().rows()
    assert rows.cells.to_pylist() == [{"person_id": "A", "left_register_date": None, "alder": "33", "nykom": "8"}]


def test_persons_are_read_with_the_spells_and_kept_no_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "dream.csv"
    path.write_text(hand_made("A,111,,,,", "B,,,,,"))
    spells, persons = READER.parts(path)
    source = spells.open()
    assert isinstance(source, DreamSpells)
    list(source.rows())
    read = {"passes": 0}
    whole = dream_files.WideCsv.batches

    def counted(self: dream_files.WideCsv, *asked: Any) -> Iterator[dream_files.Batch]:
        read["passes"] += 1
        return whole(self, *asked)

    monkeypatch.setattr(dream_files.WideCsv, "batches", counted)
    for passes in (0, 1):  # what was kept is used once; the next reading reads the file
        other = persons.open()
        assert isinstance(other, DreamPersons)
        (rows,) = other.rows()
        assert rows.cells["person_id"].to_pylist() == ["A", "B"]
        assert rows.lines.tolist() == [2, 3]
        assert (other.sha256, other.encoding) == (source.sha256, "utf-8")
        assert read["passes"] == passes


def test_a_person_without_an_id_is_left_out(intake: Intake) -> None:
    stored = intake({"dream.csv": hand_made("A,111,,,,", ",111,,111,,", "C,,,730,,")}, suppliers=[READER])
    assert [(file, line, column, code) for file, line, column, code in stored.rejects()] == [
        ("dream.csv", 3, "person_id", "missing-cell")] * 2  # two spells; of the person there is nothing to say
    assert len(stored.rows("persons")) == 2
    assert len(stored.rows("spells")) == 2


def test_a_cpr_number_is_the_same_person_as_in_another_file(intake: Intake) -> None:
    stored = intake({
        "dream.csv": hand_made("0101901234,111,111,,,").replace("lobenr", "CPR-nr"),
        "participants.csv": "person_id;investment;start_date;end_date\n010190-1234;inv;2020-12-20;\n",
    }, suppliers=[READER])
    assert stored.rows("participants", "person") == stored.rows("spells", "person")
    everything = b"".join(path.read_bytes() for path in stored.folder.iterdir())
    assert b"0101901234" not in everything
    assert b"010190" not in everything


def test_rows_of_another_length_are_left_out_of_both_tables(intake: Intake) -> None:
    stored = intake({"dream.csv": hand_made("A,111,,,,", "B,111", "C,730,,,,")}, suppliers=[READER])
    assert stored.rejects() == [("dream.csv", 3, "", "ragged")] * 2
    assert len(stored.rows("persons")) == 2


def test_persons_of_a_dream_file_and_of_another_are_one(intake: Intake) -> None:
    """Each says what it knows; two that contradict each other are both left out."""
    dream = "lobenr,kon," + ",".join(header(W2052, W2052 + 3)[1:]) + "\nA,1,111,999,,\nB,2,111,,,\nC,1,,730,,\n"
    persons = "person_id;kon;education;left_register_date\nA;1;3;\nC;2;1;\nD;2;2;2020-05-01\n"
    stored = intake({"dream.csv": dream, "persons.csv": persons}, suppliers=[READER])
    assert sorted(stored.rows("persons", "kon", "education", "left_register_date"), key=repr) == [
        (1.0, 3.0, date(2020, 12, 28)), (2.0, 2.0, date(2020, 5, 1)), (2.0, None, None)]
    assert sorted(stored.rejects()) == [("dream.csv", 4, "person_id", "conflicting-key"),
                                        ("persons.csv", 3, "person_id", "conflicting-key")]


# Codes

def test_unknown_codes_are_listed_and_the_whole_file_refused(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dream_files, "PIECE", 40)  # the unknown codes stand in several pieces
    text = hand_made("A,431,431,431,111,", "B,111,,,431,", "C,,500,7x3,,0101901234", "D,111,,,,")
    fault = fault_of(lambda: intake({"dream.csv": text}, suppliers=[READER]))
    assert (fault.code, fault.where) == ("dream.unknown-codes", "dream.csv")
    assert fault.values["codes_da"] == "431 (4 uger), 500 (1 uger), »7x3« (1 uger), »[…]« (1 uger)"
    assert fault.values["codes_en"].startswith("431 (4 weeks)")
    assert "dream_codes.csv" in str(fault)
    assert "0101901234" not in str(fault)


def test_many_unknown_codes_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "dream.csv"
    path.write_text(hand_made(*(f"P{code},{code},,,," for code in range(300, 330))))
    codes = fault_of(lambda: spell_rows(path)).values["codes_da"]
    assert codes.count("uger") == 20
    assert codes.endswith("og 10 andre")


def test_a_local_code_list_lets_the_file_in(intake: Intake, tmp_path: Path) -> None:
    local = tmp_path / "dream_codes.csv"
    text = hand_made("A,431,431,,,", "B,114,114,,,", "C,,135,216,,")
    reader = Dream(codes_file=local, bar=silent)
    fault = fault_of(lambda: intake({"dream.csv": text}, suppliers=[reader]))
    assert fault.values["file"] == str(local)
    local.write_text("code;name_da;benefit;source\n431;x;seniorpension;manual\n114;y;none;manual\n", encoding="utf-8")
    stored = intake({"dream.csv": text}, suppliers=[reader])
    assert sorted(stored.rows("spells", "benefit")) == [("a-dagpenge",), ("kontanthjaelp",), ("seniorpension",)]
    notes = stored.notes("spells")
    assert notes["dream.local-codes"] == {"codes": "114 → none; 431 → seniorpension"}
    assert notes["dream.choices"] == {"codes": "216 → a-dagpenge; 135 → kontanthjaelp", "weeks": 2}


def test_a_benefit_of_the_workspace(tmp_path: Path) -> None:
    local = tmp_path / "dream_codes.csv"
    local.write_text("code;name_da;benefit;source\n431;x;vores;manual\n", encoding="utf-8")
    path = tmp_path / "dream.csv"
    path.write_text(hand_made("A,431,,,,"))
    reader = Dream(codes_file=local, benefit_of=lambda word: "egen" if word == "vores" else None, bar=silent)
    assert spell_rows(path, reader)[0][1] == "egen"


# What a reader is told

def test_what_is_told_of_a_reading(intake: Intake) -> None:
    stored = intake({"dream.csv": hand_made("A,111,,,,", "B,111,111,111,111,111", "C,,730,,,730")}, suppliers=[READER])
    notes = stored.notes("spells")
    assert notes["dream.read"] == {"persons": 3, "spells": 4, "first": "2020-W51", "last": "2021-W02"}
    assert notes["dream.cut-left"] == {"rows": 2, "first": "2020-W51"}
    assert notes["dream.running"] == {"rows": 2, "last": "2021-W02"}
    assert "dream.not-for-stocks" in notes
    assert "dream.choices" not in notes
    assert {part.supplier for file in stored.report.files for part in file.parts} == {"dream"}


def test_the_last_day_a_file_speaks_of(tmp_path: Path) -> None:
    path = tmp_path / "dream.csv"
    path.write_text(hand_made("A,111,,,,"))
    source = READER.parts(path)[0].open()
    assert isinstance(source, DreamSpells)
    assert source.data_to == date(2021, 1, 17)


def test_what_is_known_to_the_end_of_the_newest_week_is_known_to_it(intake: Intake) -> None:
    """A runs into the newest week and nobody begins or ends in it, so that no row names a day of it."""
    stored = intake({"dream.csv": hand_made("A,111,111,111,111,111", "B,730,,,,")}, suppliers=[READER])
    assert stored.report.data_to == date(2021, 1, 17)


def test_two_months_side_by_side_are_refused(intake: Intake) -> None:
    """A left in the newest week: the older file alone would have A on benefit for ever."""
    older = hand_made("A,111,111,111,111", weeks="y_2051,y_2052,y_2053,y_2101")
    newer = hand_made("A,111,111,111,111,")
    fault = fault_of(lambda: intake({"jan.csv": older, "feb.csv": newer + "B,,,,,111\n"}, suppliers=[READER]))
    assert fault.code == "intake.two-ends"
    assert fault.where == "jan.csv"
    assert "10-01-2021" in fault.message("da").what
    assert "feb.csv går til og med 17-01-2021" in fault.message("da").what


def test_progress_is_told_in_the_files_own_unit(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    @contextmanager
    def bar(label: str) -> Iterator[Progress]:
        assert label in ("dream.csv", "dream.parquet")
        yield lambda done, total: told.append((done, total))

    text = csv_text([{W2052 + 3: 111, W2052 + 4: 111}] * 50, W2052, W2052 + 4)
    path = tmp_path / "dream.csv"
    path.write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dream_files, "PIECE", 200)
        spell_rows(path, Dream(bar=bar))
    assert len(told) > 2
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {total for _, total in told} == {len(text)} == {told[-1][0]}
    told.clear()
    path = tmp_path / "dream.parquet"
    pq.write_table(pa.table(columns([{W2052 + 4: 111}] * 50, W2052, W2052 + 4)), path)
    spell_rows(path, Dream(bar=bar))
    assert told == [(50, 50)]


# Which files are DREAM's

@pytest.mark.parametrize(("file", "text"), [
    ("notes.txt", "hello\n"), ("empty.csv", ""), ("blank.csv", "\n\n"), ("other.csv", "cpr;uge\n1;2\n"),
    ("book.xlsx", "PK\x03\x04"), ("dream.csv.bak", csv_text([{}], W2052, W2052 + 5)), ("bytes.csv", "a\0b,c\n"),
    ("few.csv", csv_text([{}], W2052, W2052 + 2)), ("quote.csv", '"'),
])
def test_files_of_others_are_left_alone(tmp_path: Path, file: str, text: str) -> None:
    path = tmp_path / file
    path.write_text(text)
    assert READER.parts(path) == ()


def test_a_parquet_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"x": [1]}), path)
    assert READER.parts(path) == ()


# One mistake in each file

@pytest.mark.parametrize(("text", "code", "columns_named"), [
    ("lobenr,y_2151,y_2152,y_2153,y_2201\nA,111,,,\n", "dream.no-such-week", "y_2153"),
    ("lobenr,y_2400,y_2401,y_2402,y_2403\nA,111,,,\n", "dream.no-such-week", "y_2400"),
    ("lobenr,y_2401,y_2402,y_2403,Y_2403\nA,111,,,\n", "dream.week-twice", "y_2403, Y_2403"),
    ("lobenr,y_2401,y_2402,y_2404,y_2405\nA,111,,,\n", "dream.weeks-missing", "y_2403"),
    ("id_nr,y_2401,y_2402,y_2403,y_2404\nA,111,,,\n", "dream.no-id", None),
    ("lobenr,cpr,y_2401,y_2402,y_2403,y_2404\nA,1,111,,,\n", "dream.two-ids", "lobenr, cpr"),
])
def test_one_mistake_in_the_header(
    intake: Intake, text: str, code: str, columns_named: str | None,
) -> None:
    fault = fault_of(lambda: intake({"dream.csv": text}, suppliers=[READER]))
    assert (fault.code, fault.where) == (code, "dream.csv")
    assert fault.values.get("columns") == columns_named


def weeks_of_many(*blank: int, persons: int = 25) -> str:
    codes = {W2052 + place: 111 for place in range(6) if place not in blank}
    return csv_text([codes] * persons, W2052, W2052 + 5)


@pytest.mark.parametrize(("blank", "named"), [
    ((5,), name(W2052 + 5)), ((2,), name(W2052 + 2)), ((4, 5), f"{name(W2052 + 4)}, {name(W2052 + 5)}")])
def test_a_week_that_is_blank_for_everybody(intake: Intake, blank: tuple[int, ...], named: str) -> None:
    fault = fault_of(lambda: intake({"dream.csv": weeks_of_many(*blank)}, suppliers=[READER]))
    assert (fault.code, fault.values["columns"]) == ("dream.empty-weeks", named)


def test_weeks_that_may_well_be_blank(tmp_path: Path) -> None:
    path = tmp_path / "dream.csv"
    path.write_text(weeks_of_many(5, persons=19))  # few persons can all leave in a week
    assert len(spell_rows(path)) == 19
    path.write_text(weeks_of_many(0, 1))  # nobody before the first code
    assert len(spell_rows(path)) == 25


def test_a_file_without_a_benefit(intake: Intake) -> None:
    fault = fault_of(lambda: intake({"dream.csv": hand_made("A,,,,,", "B,997,,,,")}, suppliers=[READER]))
    assert fault.code == "dream.no-benefit"


@pytest.mark.parametrize(("file", "contents"), [
    ("dream.csv", hand_made()), ("dream.parquet", pa.table(columns([], W2052, W2052 + 5)))])
def test_a_file_without_a_row(intake: Intake, file: str, contents: Any) -> None:
    assert fault_of(lambda: intake({file: contents}, suppliers=[READER])).code == "intake.no-rows"


def test_a_broken_file_of_each_kind(intake: Intake) -> None:
    assert fault_of(lambda: intake({"d.parquet": b"PAR1"}, suppliers=[READER])).code == "intake.parquet"
    assert fault_of(lambda: intake({"d.sas7bdat": b"SAS"}, suppliers=[READER])).code == "dream.sas"


def test_a_week_beyond_today_is_a_matter_for_the_checks(intake: Intake) -> None:
    stored = intake({"dream.csv": hand_made("A,111,111,,,111", "B,730,,,,")}, suppliers=[READER],
                    today=date(2021, 1, 5))
    assert stored.rejects() == [("dream.csv", 2, "start_date", "future")]


def test_batches_do_not_change_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(4)
    persons = [{W2052 + int(week): int(draw.choice(sorted(BENEFIT))) for week in draw.integers(0, 40, 12)}
               for _ in range(60)]
    path = tmp_path / "dream.csv"
    path.write_text(csv_text(persons, W2052, W2052 + 39))
    whole = spell_rows(path)
    monkeypatch.setattr(dream_files, "PIECE", 500)
    assert spell_rows(path) == whole == sorted(spells_of(persons, W2052, W2052 + 39))
