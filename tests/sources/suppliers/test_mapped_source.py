"""Text files read by a mapping: what becomes of each row, held against rows worked out by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES
from gevinst.sources.suppliers.mapped_source import MappedSource, mapping_suppliers, open_extract
from gevinst.sources.suppliers.mapping import Reading
from tests.sources.conftest import Intake
from tests.sources.suppliers.mapping_cases import mapping, notes_of, read_all, write_mapping

SIMPLE = "columns: {person_id: Nr, benefit: Ydelse, start_date: Start, end_date: Slut}\n"
HEADER = "Nr;Ydelse;Start;Slut\n"
ROW = "a1;sygedagpenge;2021-01-01;2021-01-31\n"
READ = ("a1", "sygedagpenge", "2021-01-01", "2021-01-31")

Case = Callable[..., tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], MappedSource]]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """`case(mapping, file)` reads the file by the mapping."""

    def read(text: str, content: str | bytes, *, table: str = "spells", name: str = "udtræk.csv",
             piece: int = 1 << 20) -> Any:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_all(path, mapping(tmp_path / "mappings", text, table=table), piece=piece)

    return read


def fault_of(call: Callable[[], object]) -> GevinstError:
    with pytest.raises(GevinstError) as caught:
        call()
    assert all("{" not in caught.value.message(language).what for language in LANGUAGES)
    return caught.value


@pytest.mark.parametrize("content", [
    HEADER + ROW,
    (HEADER + ROW).replace(";", ","),
    (HEADER + ROW).replace(";", "\t"),
    (HEADER + ROW).replace(";", "|"),
    "\ufeff" + HEADER + ROW,
    "\ufeff\ufeff" + HEADER + ROW,
    "sep=;\n" + HEADER + ROW,
    "Udtræk af forløb\nDannet; 3. februar 2024\n\n" + HEADER + ROW,
    "\n\n" + HEADER + ROW,
    "  NR ;ydelse; start ;SLUT;Andet\n" + ROW.replace("\n", ";x\n"),
    "Slut;Start;Ydelse;Nr\n2021-01-31;2021-01-01;sygedagpenge;a1\n",
    "Nr;Ydelse;\"Start\n\";\"Slut\"\n" + ROW,
    HEADER + ROW.replace("a1", " a1  ").replace(";2021-01-31", ";2021-01-31 "),
    (HEADER + ROW).replace("\n", "\r\n"),
    (HEADER + ROW).rstrip("\n"),
    ("Ø\n" + HEADER + ROW).encode("cp1252"),
    (HEADER + ROW).encode("utf-16"),
])  # fmt: skip
def test_one_table_however_it_is_written(case: Case, content: str | bytes) -> None:
    rows, refused, source = case(SIMPLE, content)
    assert [row[1:] for row in rows] == [READ]
    assert not refused
    assert not notes_of(source)
    raw = content.encode() if isinstance(content, str) else content
    assert source.sha256 == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize("encoding", ["cp850", "latin-1", "cp1252", "utf-8", "utf-16-le"])
def test_an_encoding_that_is_told(case: Case, encoding: str) -> None:
    text = "Nr;Målgruppe;Start;Slut\n" + ROW.replace("sygedagpenge", "Kontanthjælp")
    by = SIMPLE.replace("Ydelse", "Målgruppe") + f"encoding: {encoding}\n"
    rows, _, source = case(by, text.encode(encoding))
    assert rows[0][2] == "Kontanthjælp"
    assert source.encoding == encoding
    rows, _, source = case(by, text.encode("utf-8-sig"))
    assert rows[0][2] == "Kontanthjælp"
    assert source.encoding == "utf-8-sig"


def test_bytes_that_are_not_in_the_encoding_told(case: Case) -> None:
    assert fault_of(lambda: case(SIMPLE + "encoding: utf-8\n", b"Nr;\xe6\n")).code == "intake.encoding"


def test_lines_keep_their_numbers_through_titles_blanks_filters_and_pieces(case: Case) -> None:
    body = "".join(f"a{line};{'sygedagpenge' if line % 3 else 'x'};2021-01-01;\n" for line in range(4, 204))
    rows, refused, source = case(
        SIMPLE + "filters: [{drop: Ydelse, in: [X]}]\n", "Titel\n\n" + HEADER + body + ";;;\n;\n", piece=300)
    assert [row[0] for row in rows] == [line for line in range(4, 204) if line % 3]
    assert all(row[1] == f"a{row[0]}" for row in rows)
    assert refused == [(205, "", "RAGGED", "")]
    assert notes_of(source) == {
        "filtered 1": {"number": 1, "filter": "drop Ydelse in X", "rows": sum(not line % 3 for line in range(4, 204))},
        "intake.blank-rows": {"rows": 1}}


def test_the_header_s_line_may_be_told(case: Case) -> None:
    twice = HEADER + ROW + HEADER + ROW.replace("a1", "a2")
    assert [row[:2] for row in case(SIMPLE, twice)[0]] == [(2, "a1"), (3, "Nr"), (4, "a2")]
    assert [row[:2] for row in case(SIMPLE + "header_row: 3\nseparator: ;\n", twice)[0]] == [(4, "a2")]
    assert fault_of(lambda: case(SIMPLE + "header_row: 9\n", twice)).code == "mapping.header-row"
    assert fault_of(lambda: case(SIMPLE + "header_row: 2\n", twice)).code == "mapping.no-header"


def test_columns_with_one_name_are_told_apart_and_nameless_ones_have_a_place(case: Case) -> None:
    rows, _, _ = case("columns: {person_id: '#1', benefit: Ydelse, start_date: Dato, end_date: Dato (2)}\n",
                      ";Ydelse;Dato;Dato\n" + ROW)
    assert rows == [(2, *READ)]


def test_the_first_cell_that_is_not_empty_counts(case: Case) -> None:
    rows, _, _ = case(
        "columns: {person_id: Nr, benefit: {constant: sygedagpenge}, start_date: Start,\n"
        " end_date: {first_of: [Faktisk, Planlagt], blank: ['-', ukendt]}}\n",
        "Nr;Start;Faktisk;Planlagt\n1;2021-01-01;2021-02-01;2021-03-01\n2;2021-01-01;;2021-03-01\n"
        "3;2021-01-01; - ;2021-02-01\n4;2021-01-01;Ukendt;\n")
    assert [row[4] for row in rows] == ["2021-02-01", "2021-03-01", "2021-02-01", None]
    assert {row[2] for row in rows} == {"sygedagpenge"}


def test_codes_may_depend_on_two_columns(case: Case) -> None:
    by = ("columns:\n  person_id: Nr\n  start_date: Start\n  end_date: Slut\n  benefit:\n    joined: [Gruppe, Mål]\n"
          "    codes: {syg | 2.2: sygedagpenge, 'Syg | ': kontanthjaelp, '| 6.7': jobafklaring, '': ledighedsydelse}\n")
    rows, refused, _ = case(by, "Nr;Start;Slut;Gruppe;Mål\n1;2021-01-01;;Syg;2.2\n2;2021-01-01;;SYG ;\n"
                                "3;2021-01-01;;;6.7\n4;2021-01-01;;;\n5;2021-01-01;;Syg;6.7\n6;2021-01-01;;Syg;2.2\n")
    assert [row[2] for row in rows] == ["sygedagpenge", "kontanthjaelp", "jobafklaring", "ledighedsydelse",
                                        "sygedagpenge"]
    assert refused == [(6, "benefit", "UNLISTED_CODE", "Syg | 6.7")]


CODED = "columns: {{person_id: Nr, investment: {{from: Tilbud, codes: {{A: '1', b: '2', C: null}}, unlisted: {0}}}, "\
        "start_date: Start, end_date: Slut}}\n"
OFFERS = "Nr;Tilbud;Start;Slut\n" + "".join(f"{n};{offer};2021-01-01;\n" for n, offer in enumerate("aB CDDE#"))


@pytest.mark.parametrize(("policy", "kept", "refused", "noted"), [
    ("refuse", ["1", "2", None], [(6, "D"), (7, "D"), (8, "E"), (9, "#")], {}),
    ("keep", ["1", "2", None, "D", "D", "E", "#"], [], {}),
    ("leave_out", ["1", "2", None], [], {"unlisted-out": {"column": "investment", "rows": 4,
                                                          "codes": "D (2), # (1), E (1)"}}),
])  # fmt: skip
def test_codes_that_are_not_listed(case: Case, policy: str, kept: list[str], refused: list[tuple[int, str]],
                                   noted: dict[str, object]) -> None:
    rows, no, source = case(CODED.format(policy), OFFERS, table="participants")
    assert [row[2] for row in rows] == kept
    assert no == [(line, "investment", "UNLISTED_CODE", word) for line, word in refused]
    assert notes_of(source) == {"code-out": {"column": "investment", "rows": 1}, **noted}


def test_unlisted_codes_never_show_a_number_of_a_person(case: Case) -> None:
    for policy in ("refuse", "leave_out"):
        _, refused, source = case(CODED.format(policy), "Nr;Tilbud;Start;Slut\n1;010190-1234;2021-01-01;\n",
                                  table="participants")
        assert "0190" not in str(refused) + str(source.notes)


@pytest.mark.parametrize(("one", "left"), [
    ("{keep: Status, in: [aktiv, ' Slut ']}", "aAs"),
    ("{drop: Status, not_in: [Aktiv, Slut]}", "aAs"),
    ("{drop: Status, in: [AKTIV]}", "sxe"),
    ("{keep: Status, not_in: [AKTIV]}", "sxe"),
    ("{drop: Status, empty: true}", "aAsx"),
    ("{keep: Status, empty: false}", "aAsx"),
    ("{keep: Status, empty: true}", "e"),
    ("{drop: Status, begins_with: [sl, Xy]}", "aAe"),
    ("{keep: Status, begins_with: SL}", "s"),
    ("{keep: Start, from: 2021-01-02, date: dd.mm.yyyy}", "Asxe"),
    ("{keep: Start, from: 2021-01-02, to: 2021-01-03, date: dd.mm.yyyy}", "Axe"),
    ("{drop: Start, to: 2021-01-02, date: dd.mm.yyyy}", "sxe"),
])  # fmt: skip
def test_filters(case: Case, one: str, left: str) -> None:
    """A day that is empty (e) or none (x) is never removed by a filter of days."""
    rows, refused, source = case(
        SIMPLE.replace("Ydelse", "{constant: su}").replace("Slut", "Start") + f"filters: [{one}]\n",
        "Nr;Status;Start\na;Aktiv;01.01.2021\nA; AKTIV;02.01.2021\ns;slut;04.01.2021\nx;xyz;i går\ne;;\n")
    assert "".join(row[1] for row in rows) == left
    assert not refused
    assert notes_of(source)["filtered 1"]["rows"] == 5 - len(left)


def test_a_row_is_counted_by_the_first_filter_that_takes_it(case: Case) -> None:
    _, _, source = case(SIMPLE + "filters: [{drop: Nr, in: [a1]}, {drop: Nr, begins_with: a}, {drop: Nr, in: [q]}]\n",
                        HEADER + ROW + ROW.replace("a1", "a2") + ROW.replace("a1", "b"))
    assert [values["rows"] for values in notes_of(source).values()] == [1, 1, 0]


@pytest.mark.parametrize(("form", "cells", "iso"), [
    ("dd-mm-yyyy", "31-12-2021 1-2-2021 2021-12-31 31/12/2021 31-12-21 12-31-2021", "31 1 31 ? ? ?"),
    ("dd.mm.yy", "31.12.21 01.02.69 01.02.70 31.12.2021", "2021-12-31 2069-02-01 1970-02-01 ?"),
    ("mm/dd/yyyy", "12/31/2021 31/12/2021", "31 ?"),
    ("yyyymmdd", "20211231 211231 99991231", "31 ? 9999-12-31"),
    ("ddmmyy", "311221 31122021", "31 ?"),
    ("excel", "44561 44561.75 44561,0 60 9999999 x", "31 31 31 ? ? ?"),
    ("ÅÅÅÅ-MM-DD TT:MM", "2021-12-31T13:45 2021-12-31_13:45:00.5 2021-12-31", "31 31 31"),
    ("dd-mm-yyyy hh:mm", "31-12-2021_23:59 31-12-2021", "31 31"),
    ("dd. mmm yyyy", "31._december_2021 31.dec_2021 1._maj_2021 31._foo_2021", "31 31 2021-05-01 ?"),
    ("yyyy-mm", "2021-02 2021-13", "1 ?"),
])  # fmt: skip
def test_dates(case: Case, form: str, cells: str, iso: str) -> None:
    words = {"31": "2021-12-31", "1": "2021-02-01"}
    rows, _, _ = case(
        f"columns: {{person_id: Nr, benefit: Nr, start_date: Nr, end_date: {{from: Dag, date: {form}}}}}\n",
        "Nr|Dag\n" + "".join(f"1|{cell.replace('_', ' ')}\n" for cell in cells.split()))
    assert [row[4] for row in rows] == [words.get(one, one) for one in iso.split()]


def test_a_last_day_that_is_the_day_after_is_moved(case: Case) -> None:
    by = SIMPLE.replace("Slut}", "{from: Slut, shift_days: -1}}")
    cells = {"2021-03-01": "2021-02-28", "1.1.2021": "2020-12-31", "": None, "9999-12-31": "9999-12-31", "x": "?"}
    rows, _, _ = case(by, HEADER + "".join(f"1;su;2021-01-01;{cell}\n" for cell in cells))
    assert [row[4] for row in rows] == list(cells.values())


@pytest.mark.parametrize(("decimal", "cells", "read"), [
    (",", "1.234 1234,5 1.234,50- -12 1,234.5 1,234 1.2 +7 kr.5", "1234 1234.5 1234.50- -12 ? 1.2340 ? +7 ?"),
    (".", "1,234 1234.5 1,234.50- 1.234 1,2", "1234 1234.5 1234.50- 1.2340 ?"),
    ("", "1.234 1234,5 x", "1.234 1234,5 x"),
])  # fmt: skip
def test_numbers_by_the_decimal_sign(case: Case, decimal: str, cells: str, read: str) -> None:
    by = SIMPLE.replace("}", ", amount_dkk: Kr}") + (f"decimal: '{decimal}'\n" if decimal else "")
    rows, _, _ = case(by, "Nr|Ydelse|Start|Slut|Kr\n" + "".join(f"1|su|2021-01-01||{cell}\n" for cell in cells.split()))
    assert [row[5] for row in rows] == read.split()


def test_what_is_not_shaped_like_a_cpr_number_may_be_refused(case: Case) -> None:
    ids = ["0101901234", "010190-1234", "101901234", "101901234.0", "610190-1234", "010190-A123", "1.01901E+09",
           "I alt", "4001901234", "12345", "0113901234"]
    rows, refused, source = case("columns: {person_id: {from: Nr, cpr: true}}\n",
                                 "Nr;x\n" + "".join(f"{one};\n" for one in ids), table="persons")
    assert [row[1] for row in rows] == ["0101901234", "010190-1234", "0101901234", "0101901234", *ids[4:7]]
    assert refused == [(line, "person_id", "NOT_CPR", "") for line in range(9, 13)]
    assert notes_of(source) == {"intake.zero-restored": {"rows": 2}}


def test_an_error_of_the_spreadsheet_is_refused_and_not_empty(case: Case) -> None:
    errors = ["#N/A", "#I/T", "#REF!", "#DIVISION/0!", "#VÆRDI!", "########"]
    rows, refused, _ = case(SIMPLE, HEADER + "".join(f"1;su;2021-01-01;{one}\n" for one in errors) + ROW)
    assert rows == [(8, *READ)]
    assert refused == [(line, "end_date", "ERROR_CELL", "") for line in range(2, 8)]


def test_a_changed_layout_names_what_is_gone_and_what_looks_like_it(case: Case) -> None:
    found = fault_of(lambda: case(SIMPLE, "Titel\nNr;Ydelsestype;Start dato;Slut;0101901234\n"))
    assert (found.code, found.where) == ("mapping.columns-gone", "udtræk.csv:2")
    assert found.values == {"columns": "Ydelse (≈ Ydelsestype), Start (≈ Start dato)",
                            "there": "Ydelsestype, Start dato"}


def test_a_file_without_its_header_shows_nothing_of_its_rows(case: Case) -> None:
    found = fault_of(lambda: case(SIMPLE, "010190-1234;sygedagpenge;2021-01-01;\n"))
    assert found.code == "mapping.no-header"
    assert "0190" not in str(found)
    assert "sygedagpenge" not in str(found)


def test_what_cannot_be_read_at_all(case: Case, tmp_path: Path) -> None:
    assert fault_of(lambda: case(SIMPLE, "")).code == "intake.empty-file"
    assert fault_of(lambda: case(SIMPLE, "\n\n")).code == "intake.empty-file"
    assert fault_of(lambda: case(SIMPLE, b"PK\x03\x04")).code == "intake.workbook"
    assert fault_of(lambda: case(SIMPLE, "x", name="udtræk.pdf")).code == "mapping.file-kind"
    assert fault_of(lambda: open_extract(tmp_path / "none.csv", Reading())).code == "intake.unreadable-file"
    assert fault_of(lambda: open_extract(tmp_path, Reading())).code == "intake.not-a-file"


def test_a_workspace_s_mappings_are_its_suppliers(tmp_path: Path) -> None:
    folder = tmp_path / "mappings"
    assert mapping_suppliers(folder) == ()
    write_mapping(folder, SIMPLE)
    write_mapping(folder, "columns: {person_id: Nr}\nunverified: true\n", table="persons", key="borgere")
    suppliers = mapping_suppliers(folder)
    assert [one.key for one in suppliers] == ["borgere", "udtraek"]
    path = tmp_path / "UDTRÆK 2024.CSV"
    path.write_text(HEADER + ROW, encoding="utf-8")
    parts = [part for one in suppliers for part in one.parts(path)]
    assert [(part.contract.name, part.supplier) for part in parts] == [("persons", "borgere"), ("spells", "udtraek")]
    source = parts[0].open()
    assert isinstance(source, MappedSource)
    assert [rows.cells.to_pydict() for rows in source.rows()] == [{"person_id": ["a1"]}]
    assert "mapping.unverified" in {one.code for one in source.notes}
    for other in ("andet.csv", "udtræk.pdf"):
        assert not [part for one in suppliers for part in one.parts(tmp_path / other)]
    write_mapping(folder, "columns: 1\n", key="brudt")
    assert fault_of(lambda: mapping_suppliers(folder)).code == "mapping.wrong-kind"


def test_one_file_feeds_two_tables_of_an_import(intake: Intake, tmp_path: Path) -> None:
    """The counts foot: rows = stored + refused, and what the mapping left out is in the notes."""
    folder = tmp_path / "mappings"
    write_mapping(folder, SIMPLE + "filters: [{drop: Status, in: [Annulleret]}]\n")
    write_mapping(folder, "columns: {person_id: Nr, investment: {from: Tilbud, codes: {Mentor: '2'}, unlisted: "
                          "leave_out}, start_date: Start, end_date: Slut}\n", table="participants", key="tilbud")
    file = ("Udtræk af forløb\nNr;Ydelse;Start;Slut;Status;Tilbud\n"
            "010190-1234;sygedagpenge;01-02-2021;28-02-2021;Aktiv;Mentor\n"
            "020190-1234;sygedagpenge;01-02-2021;31-12-9999;Aktiv;Andet\n"
            "030190-1234;sygedagpenge;01-02-2021;;Annulleret;Andet\n"
            "040190-1234;trylleri;01-02-2021;;Aktiv;\n")
    done = intake({"Udtræk jan.csv": file}, suppliers=mapping_suppliers(folder))
    assert {(one.table, one.rows, one.rejected, one.stored) for one in done.report.files} == {
        ("spells", 3, 1, 2), ("participants", 2, 1, 1)}
    assert [row[1:] for row in done.rejects()] == [(6, "benefit", "unknown-benefit"), (6, "investment", "missing-cell")]
    assert done.notes("spells")["mapping.filtered"]["rows"] == 1
    assert done.notes("participants")["mapping.unlisted-out"]["codes"] == "Andet (2)"
    assert b"0190" not in b"".join(path.read_bytes() for path in done.folder.iterdir())
