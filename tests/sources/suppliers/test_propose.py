"""What a file is taken to hold, and the mapping that is proposed of it: guesses, each on a file made for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.parameters.benefits import normalise_benefit
from gevinst.sources.suppliers.choices import chosen_rule, filter_choice, header_named, with_rule
from gevinst.sources.suppliers.mapped_source import open_extract
from gevinst.sources.suppliers.mapping import ColumnRule, FileMapping, Filter, Reading
from gevinst.sources.suppliers.mapping_files import examples
from gevinst.sources.suppliers.options import Options, with_options
from gevinst.sources.suppliers.preview import preview
from gevinst.sources.suppliers.profile import FileProfile, profile, values_of
from gevinst.sources.suppliers.propose import Known, guess_table, missing_columns, propose
from gevinst.sources.suppliers.told import mapping_lines, preview_lines, profile_lines

KNOWN = Known(normalise_benefit, ("mentor", "virksomhedsrettet-indsats"))
DAY = date(2024, 2, 1)


def profiled(folder: Path, text: str, most_rows: int = 200_000, name: str = "udtræk.csv") -> FileProfile:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return profile(open_extract(path, Reading()), most_rows)


def column_of(folder: Path, header: str, *cells: str) -> tuple[str, ...]:
    """Kind, first format of dates, decimal sign."""
    one = profiled(folder, f"nr;{header}\n" + "".join(f"{row};{cell}\n" for row, cell in enumerate(cells))).columns[1]
    return one.kind, *one.dates[:1], *([one.decimal] if one.decimal else [])


@pytest.mark.parametrize(("header", "cells", "holds"), [
    ("CPR", ["010190-1234", "311299-0001", "-"], ("cpr",)),
    ("x", ["101901234", "0101901234", "0101901234"], ("cpr",)),
    ("Konto", ["5577310012", "5577310013", "9977310012"], ("number",)),
    ("Start", ["31-12-2021", "01-02-2021", ""], ("date", "dd-mm-yyyy")),
    ("Start", ["31.12.21", "01.02.21"], ("date", "dd.mm.yy")),
    ("Start", ["2021-12-31", "2021-02-01", "9999-12-31"], ("date", "yyyy-mm-dd")),
    ("Start", ["2021-12-31 13:45:10", "2021-02-01"], ("date", "yyyy-mm-dd hh:mm:ss")),
    ("Start", ["31-12-2021 13:45", "01-02-2021 00:00"], ("date", "dd-mm-yyyy hh:mm")),
    ("Startdato", ["44561", "44562"], ("date", "excel")),
    ("Beløb", ["44561", "44562"], ("number",)),
    ("Start", ["20211231", "20210201"], ("date", "yyyymmdd")),
    ("Start", ["31122021", "01022021"], ("date", "ddmmyyyy")),
    ("Start", ["311221", "010221"], ("date", "ddmmyy")),
    ("Postnr", ["8500", "8586", "8500"], ("number",)),
    ("Start", ["3. marts 2021", "12. dec. 2021"], ("date", "dd. mmm yyyy")),
    ("Kr", ["1.234,50", "7,00"], ("number", ",")),
    ("Kr", ["1,234.50", "7.00"], ("number", ".")),
    ("Kr", ["1.234", "7.000"], ("number", ",")),
    ("Kr", ["12.5", "7.25"], ("number", ".")),
    ("Kr", ["1234", "7"], ("number",)),
    ("Status", ["Aktiv", "Slut", "Aktiv", "Slut"], ("code",)),
    ("Status", ["Aktiv", "Slut"], ("text",)),
    ("Fornavn", ["Bo", "Ib", "Bo", "Ib"], ("text",)),
    ("Mail", ["a@b.dk", "a@b.dk"], ("text",)),
    ("Kontakt", ["a@b.dk", "a@b.dk"], ("text",)),
    ("Slut", ["-", "NULL", ""], ("empty",)),
    ("Slut", ["", ""], ("empty",)),
])  # fmt: skip
def test_what_a_column_holds(tmp_path: Path, header: str, cells: list[str], holds: tuple[str, ...]) -> None:
    assert column_of(tmp_path, header, *cells) == holds


def test_names_and_ids_are_never_told(tmp_path: Path) -> None:
    rows = "".join(f"{day:02}0190-1234;Bo Hansen;Bo Hansen;Vej {day};{day}00190;Aktiv\n" for day in range(1, 21))
    seen = profiled(tmp_path, "Nr;Navn;Hvem;Adresse;Journal;Status\n" + rows + "I alt;;;;;\n")
    said = "\n".join(profile_lines(seen))
    assert "Aktiv (20)" in said
    for secret in ("0190", "Vej 1"):
        assert secret not in said


def test_a_long_file_is_looked_through_in_part(tmp_path: Path) -> None:
    seen = profiled(tmp_path, "Nr;Status\n" + "1;a\n" * 50)
    assert (seen.rows, seen.whole, seen.columns[1].values) == (50, True, (("a", 50),))
    path = tmp_path / "lang.csv"
    path.write_text("Nr;Status\n" + "1;a\n" * 50 + "I alt;\n", encoding="utf-8")
    part = profile(open_extract(path, Reading(), piece=30), 10)
    assert part.whole is False
    assert 10 <= part.rows < 50
    assert part.total is None
    assert values_of(open_extract(path, Reading()), ColumnRule(("Nr", "Status"), joined=True)) == (
        ("1 | a", 50), ("I alt | ", 1))
    assert values_of(open_extract(path, Reading()), ColumnRule(("Nr",)), most=1) is None


FILES = {
    "spells": ("CPR-nummer;Ydelsestype;Fra dato;Til dato;Kommune\n" + "0101901234;Sygedagpenge;01-02-2021;;707\n" * 3,
               {"person_id": "CPR-nummer", "benefit": "Ydelsestype", "start_date": "Fra dato", "end_date": "Til dato",
                "municipality": "Kommune"}),
    "participants": ("Borger;Tilbud;Startdato;Forventet slut\n" + "010190-1234;Mentor;01-02-2021;01-03-2021\n" * 3,
                     {"person_id": "Borger", "investment": "Tilbud", "start_date": "Startdato",
                      "end_date": "Forventet slut"}),
    "persons": ("Personnummer;Køn;Alder;Dødsdato\n" + "0101901234;K;40;\n0101901235;M;41;01-02-2021\n" * 3,
                {"person_id": "Personnummer", "left_register_date": "Dødsdato", "køn": "Køn", "alder": "Alder"}),
    "postings": ("Bogføringsdato;Projekt;Beløb i kr.;Kontostreng;Tekst\n" + "01-02-2021;Mentor;1.234,50;5.57;løn\n" * 3,
                 {"date": "Bogføringsdato", "investment": "Projekt", "amount_dkk": "Beløb i kr.",
                  "account": "Kontostreng", "text": "Tekst"}),
}  # fmt: skip


@pytest.mark.parametrize("table", FILES)
def test_the_columns_are_found_by_their_danish_names(tmp_path: Path, table: str) -> None:
    text, sources = FILES[table]
    seen = profiled(tmp_path, text)
    one = propose(seen, "udtræk.csv", table, DAY, KNOWN)
    assert {name: rule.sources[0] for name, rule in one.columns} == sources
    assert not missing_columns(one)
    assert guess_table(seen) == table
    done = preview(tmp_path / "udtræk.csv", one, benefit_of=normalise_benefit, today=DAY)
    assert (done.rejected, done.rows) == (0, text.count("\n") - 1)
    if table == "postings":
        assert one.decimal == ","
        assert dict(one.columns)["investment"].codes == (("Mentor", "mentor"),)


def test_a_canonical_file_needs_no_codes_and_no_formats_but_its_own(tmp_path: Path) -> None:
    text = "person_id,benefit,start_date,end_date,degree\n" + "1,a-dagpenge,2021-01-01,2021-02-01,0.5\n" * 3
    one = propose(profiled(tmp_path, text), "x.csv", "spells", DAY, KNOWN)
    assert [rule.sources for _, rule in one.columns] == [
        ("person_id",), ("benefit",), ("start_date",), ("end_date",), ("degree",)]
    assert dict(one.columns)["benefit"] == ColumnRule(("benefit",))
    assert one.decimal == "."


def test_an_actual_end_goes_before_a_planned_one(tmp_path: Path) -> None:
    text = "CPR;Indsats;Start;Planlagt slut;Faktisk slut\n" + "0101901234;x;01-01-2021;01-02-2021;-\n" * 2
    rule = dict(propose(profiled(tmp_path, text), "x.csv", "participants", DAY, KNOWN).columns)["end_date"]
    assert (rule.sources, rule.blank) == (("Faktisk slut", "Planlagt slut"), ("-",))


@pytest.fixture
def seen(tmp_path: Path) -> FileProfile:
    return profiled(tmp_path, "CPR;Til dato;A + B;Til\n0101901234;01.02.21;x;y\n0101901234;02.02.21;x;y\n")


EMPTY = FileMapping("x", "X", DAY, "spells", ("x*",), ())


def test_a_choice_of_a_column(seen: FileProfile) -> None:
    def choose(text: str) -> ColumnRule | None:
        return chosen_rule(text, "end_date", EMPTY, seen, KNOWN)

    assert choose(" - ") is None
    assert choose("= 9999-12-31 ") == ColumnRule(constant="9999-12-31")
    assert choose("2") == choose("TIL  DATO") == ColumnRule(("Til dato",), date="dd.mm.yy")
    assert choose("A + B") == ColumnRule(("A + B",))
    assert choose("2 + Til") == ColumnRule(("Til dato", "Til"), date="dd.mm.yy")
    assert choose("1&4") == ColumnRule(("CPR", "Til"), joined=True)
    with pytest.raises(GevinstError) as caught:
        header_named("Til datø", seen)
    assert caught.value.values["column"] == "Til datø (≈ Til dato)"
    assert with_rule(with_rule(EMPTY, "end_date", choose("2")), "person_id", choose("1")).columns[0][0] == "person_id"
    assert with_rule(with_rule(EMPTY, "end_date", choose("2")), "end_date", None) == EMPTY


@pytest.mark.parametrize(("text", "one"), [
    ("drop Til dato empty", Filter(False, "Til dato", "empty")),
    ("udelad Til tom", Filter(False, "Til", "empty")),
    ("keep Til in in, til", Filter(True, "Til", "in", ("in", "til"))),
    ("behold A + B ikke i x,y", Filter(True, "A + B", "not_in", ("x", "y"))),
    ("DROP 3 begynder med Ny by", Filter(False, "A + B", "begins_with", ("Ny by",))),
    ("drop Til dato fra 2021-01-01", Filter(False, "Til dato", "between", first=date(2021, 1, 1), date="dd.mm.yy")),
    ("keep Til dato til 01-01-2021", Filter(True, "Til dato", "between", last=date(2021, 1, 1), date="dd.mm.yy")),
])  # fmt: skip
def test_a_filter_as_it_is_typed(seen: FileProfile, text: str, one: Filter) -> None:
    assert filter_choice(text, EMPTY, seen) == one


def test_a_filter_asked_for_twice_is_one(seen: FileProfile) -> None:
    twice = Options(filters=("drop Til empty", "udelad Til tom"))
    assert with_options(EMPTY, twice, seen, KNOWN).filters == (Filter(False, "Til", "empty"),)


@pytest.mark.parametrize("text", ["", "drop", "drop Til", "drop Til i", "keep Til dato fra igår", "fjern Til tom"])
def test_what_is_no_filter(seen: FileProfile, text: str) -> None:
    with pytest.raises(GevinstError) as caught:
        filter_choice(text, EMPTY, seen)
    assert caught.value.code == "mapping.option"


def test_the_preview_shows_days_and_amounts_but_no_ids(tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text("Nr;Y;Fra;Til;Kr\n0101901234;su;01-02-2021;;1234,50\n0101901235;su;01-03-2021;01-02-2021;1\n"
                    "x;0101901234;01-02-2021;;2\n0201901234;su;01-02-2031;;3\n", encoding="utf-8")
    by = FileMapping("u", "U", DAY, "spells", ("u*",), (
        ("person_id", ColumnRule(("Nr",), cpr=True)), ("benefit", ColumnRule(("Y",))),
        ("start_date", ColumnRule(("Fra",))), ("end_date", ColumnRule(("Til",))), ("amount_dkk", ColumnRule(("Kr",)))))
    done = preview(path, by, benefit_of=normalise_benefit, today=DAY)
    assert [(row.line, row.cells, bool(row.reason)) for row in done.first] == [
        (2, ("[…]", "su", "01-02-2021", "", "1234,50"), False),
        (3, ("[…]", "su", "01-03-2021", "01-02-2021", "1"), True),
        (4, (), True), (5, ("[…]", "su", "01-02-2031", "", "3"), True)]
    assert (done.rows, done.rejected, sum(times for _, times in done.reasons)) == (4, 3, 3)
    said = "\n".join([*preview_lines(done), *mapping_lines(by)])
    assert "0190" not in said
    assert "4 rækker: 1 kommer med, 3 afvises." in said
    assert len(preview(path, by, benefit_of=normalise_benefit, today=DAY, most=2).first) == 2


def test_the_examples_say_that_they_are_not_verified() -> None:
    assert {one.supplier for one in examples()} >= {"Fasit", "Momentum"}
    for one in examples():
        assert one.unverified
        assert one.note.startswith("Eksempel, som ingen har holdt op mod et rigtigt udtræk")
        assert "eksempel, som ingen har holdt op mod" in "\n".join(mapping_lines(one))
        assert not missing_columns(one)
