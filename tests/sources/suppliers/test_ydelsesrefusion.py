"""Ydelsesrefusion's files, written by hand, and what stands in the table worked out by hand."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gevinst.backend import open_duckdb
from gevinst.errors import GevinstError
from gevinst.sources.ingest import read_folder
from gevinst.sources.parts import find_parts
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from gevinst.sources.report import report_lines
from gevinst.sources.suppliers.ydelsesrefusion import Ydelsesrefusion
from tests.sources.conftest import TODAY, Contents, Imported, Intake, write_folder

HEAD = ("Uge;CPR nummer;Ydelse;Finansiering Kommunenavn;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;"
        "Refusionssats;Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb")
JANUARY, FEBRUARY = "yr-ydelsesrefusion-beregning-2021-01-31.csv", "yr-ydelsesrefusion-beregning-2021-02-28.csv"
OWN = "Norddjurs"
ONE, TWO, THREE = "0101901234", "0202911235", "0303921236"


def row(week: str, person: str, benefit: str, gross: str, refund: str = "0,00", shared: str = "0,00", *,
        rate: str = "0", share: str = "0", place: str = OWN) -> str:
    return f"{week};{person};{benefit};{place};{gross};{gross};{rate};{refund};{share};{shared}"


def text(*rows: str) -> str:
    return "\n".join([HEAD, *rows, ""])


def read(intake: Intake, files: dict[str, Contents], **further: object) -> Imported:
    return intake(files, suppliers=(Ydelsesrefusion(),), **further)


def amounts(done: Imported) -> list[tuple[str, str, str, str, str, str, float | None]]:
    """Benefit, week, gross, refund, co-financing, net, the state's rate; in order of benefit and week."""
    rows = done.rows("payments", "benefit", "week", "gross_dkk", "refund_dkk", "cofinancing_dkk", "net_dkk",
                     "state_rate_pct")
    return sorted((one[0], str(one[1]), *(f"{amount:.2f}" for amount in one[2:6]), one[6]) for one in rows)


def test_a_refunded_and_a_co_financed_week(intake: Intake) -> None:
    """Social assistance of 2,700 kr. with 40 % refund costs 1,620; A-dagpenge of 4,000 co-financed by 60 % 2,400."""
    done = read(intake, {JANUARY: text(
        row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40"),
        row("2021-01-04", TWO, "A-dagpenge", "4000,00", shared="2400,00", share="60"))})
    assert amounts(done) == [
        ("a-dagpenge", "2021-01-04", "4000.00", "0.00", "2400.00", "2400.00", 40.0),
        ("kontanthjaelp", "2021-01-04", "2700.00", "1080.00", "0.00", "1620.00", 40.0)]
    report = done.report.file("payments")
    assert report is not None
    assert (report.rows, report.stored, report.duplicates, report.merged) == (2, 2, 0, 0)
    assert report.parts[0].supplier == "ydelsesrefusion"
    assert done.notes("payments")["columns-dropped"] == {"columns": "indberetning_udbetalingsbeløb"}
    week = done.rows("payments", "week", "week_index")[0]
    assert week == (date(2021, 1, 4), (date(2021, 1, 4) - date(1990, 1, 1)).days // 7)


def test_corrections_in_later_files_are_added_up(intake: Intake) -> None:
    """Paid 2,700 at 40 %; in February it is 2,500 at 30 %: the old row taken back, the new one put in its place."""
    done = read(intake, {
        JANUARY: text(row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40")),
        FEBRUARY: text(
            row("2021-01-04", ONE, "Kontanthjælp", "-2700,00", "-1080,00", rate="40"),
            row("2021-01-04", ONE, "Kontanthjælp", "2500,00", "750,00", rate="30"),
            row("2021-02-01", ONE, "Kontanthjælp", "2700,00", "810,00", rate="30"))})
    # The rates differ among the rows, so the week's rate is that of the sums: 750 / 2,500.
    assert amounts(done) == [
        ("kontanthjaelp", "2021-01-04", "2500.00", "750.00", "0.00", "1750.00", 30.0),
        ("kontanthjaelp", "2021-02-01", "2700.00", "810.00", "0.00", "1890.00", 30.0)]
    report = done.report.file("payments")
    assert report is not None
    assert (report.rows, report.accepted, report.stored, report.merged, report.duplicates) == (4, 4, 2, 2, 0)


def test_several_encrypted_files_give_what_open_ones_do(intake: Intake, tmp_path: Path) -> None:
    """Each staged file has a key of its own; they are read as one table all the same."""
    def file_key(path: Path) -> bytes:
        return hashlib.sha256(path.name.encode()).digest()

    files: dict[str, Contents] = {
        JANUARY: text(row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40")),
        FEBRUARY: text(row("2021-01-04", ONE, "Kontanthjælp", "-700,00", "-280,00", rate="40"),
                       row("2021-02-01", TWO, "A-dagpenge", "4000,00", shared="2400,00", share="60"))}
    target = tmp_path / "closed"
    target.mkdir()
    read_folder(write_folder(tmp_path / "files", files), target, key=IN_MEMORY_KEY, today=TODAY,
                suppliers=(Ydelsesrefusion(),), threads=1, file_key=file_key)
    backend = replace(open_duckdb(threads=1), file_key=file_key)
    for table in ("payments", "spells"):
        stored = backend.to_arrow(backend.read_parquet(target / f"{table}.parquet", table))
        assert stored.to_pylist() == read(intake, files).table(table).to_pylist()


def test_a_payment_taken_back_is_no_week(intake: Intake) -> None:
    done = read(intake, {
        JANUARY: text(row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40"),
                      row("2021-01-11", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40")),
        FEBRUARY: text(row("2021-01-04", ONE, "Kontanthjælp", "-2700,00", "-1080,00", rate="40"))})
    assert [one[1] for one in amounts(done)] == ["2021-01-11"]
    assert done.notes("payments")["payments.zero-sums"] == {"rows": 1}


def test_taken_back_and_paid_anew_counts_once(intake: Intake) -> None:
    """The last file repeats the first one's row word for word; leaving it out would leave the week unpaid."""
    paid = row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40")
    done = read(intake, {
        JANUARY: text(paid),
        FEBRUARY: text(row("2021-01-04", ONE, "Kontanthjælp", "-2700,00", "-1080,00", rate="40")),
        "yr-ydelsesrefusion-beregning-2021-03-31.csv": text(
            paid, row("2021-03-01", ONE, "Kontanthjælp", "2700,00", "810,00", rate="30"))})
    assert amounts(done)[0][2:6] == ("2700.00", "1080.00", "0.00", "1620.00")
    assert done.notes("payments")["payments.repeated-among-files"] == {"rows": 1}


def test_a_row_twice_in_one_file_is_one_row(intake: Intake) -> None:
    paid = row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40")
    done = read(intake, {JANUARY: text(paid, paid, row("2021-01-04", TWO, "Kontanthjælp", "100,00"))})
    assert amounts(done)[1][2] == "2700.00"
    report = done.report.file("payments")
    assert report is not None
    assert (report.rows, report.duplicates, report.merged, report.stored) == (3, 1, 0, 2)


def test_a_file_twice_is_read_once(intake: Intake) -> None:
    content = text(row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40"))
    copy = "yr-ydelsesrefusion-beregning-kopi-2021-01-31.csv"
    done = read(intake, {JANUARY: content, copy: content})
    assert amounts(done)[0][2] == "2700.00"
    # "-2021" sorts before "-kopi", so the copy is the later one.
    assert done.notes("payments")["payments.same-file"] == {"files": copy}
    report = done.report.file("payments")
    assert report is not None
    assert report.duplicates == 1


def test_a_month_delivered_twice_is_refused(intake: Intake) -> None:
    rows = [row("2021-01-04", f"{1000 + n}", "Kontanthjælp", "2700,00", "1080,00") for n in range(150)]
    with pytest.raises(GevinstError) as caught:
        read(intake, {JANUARY: text(*rows), FEBRUARY: text(*rows[:120], rows[0].replace("01-04", "02-01"))})
    assert caught.value.code == "payments.delivered-twice"
    assert "120 af filens 121 rækker står ordret i yr-ydelsesrefusion-beregning-2021-01-31.csv" in str(caught.value)
    fewer = [*rows[:50], *(one.replace("01-04", "02-01") for one in rows[:60])]
    done = read(intake, {JANUARY: text(*rows), FEBRUARY: text(*fewer)})
    assert done.notes("payments")["payments.repeated-among-files"] == {"rows": 50}


def test_corrections_of_a_payment_that_is_not_there(intake: Intake) -> None:
    done = read(intake, {JANUARY: text(
        row("2020-11-02", ONE, "Kontanthjælp", "-700,00", "-210,00", rate="30"),
        row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "810,00", rate="30"))})
    assert amounts(done)[0] == ("kontanthjaelp", "2020-11-02", "-700.00", "-210.00", "0.00", "-490.00", 30.0)
    assert done.notes("payments")["payments.negative-sums"] == {"rows": 1}
    assert len(done.rows("spells")) == 1  # no spell is made of what was taken back


def test_without_share_or_with_both(intake: Intake) -> None:
    """Without a share the municipality bears its own payments and none of the unemployment fund's."""
    done = read(intake, {JANUARY: text(
        row("2021-01-04", ONE, "Kontanthjælp", "2700,00"), row("2021-01-04", TWO, "A-dagpenge", "4000,00"),
        row("2021-01-11", ONE, "Kontanthjælp", "2700,00", "810,00", "100,00"),
        row("2021-01-11", TWO, "A-dagpenge", "4000,00", "100,00", "2400,00"))})
    assert [(one[0], one[5]) for one in amounts(done)] == [
        ("a-dagpenge", "0.00"), ("a-dagpenge", "2400.00"), ("kontanthjaelp", "2700.00"), ("kontanthjaelp", "1890.00")]
    assert done.notes("payments")["payments.no-share"] == {"rows": 2}
    assert done.notes("payments")["payments.both-shares"] == {"rows": 2}


def test_the_states_contribution_to_flex_jobs_is_left_out(intake: Intake) -> None:
    done = read(intake, {JANUARY: text(
        row("2021-01-04", ONE, "Fleksløntilskud", "3000,00", "600,00", rate="20"),
        row("2021-01-04", ONE, "Fleksbidrag fra staten", "900,00"),
        row("2021-01-04", TWO, " FLEKSBIDRAG FRA STATEN ", "900,00"))})
    assert [one[0] for one in amounts(done)] == ["fleksloentilskud"]
    assert done.notes("payments")["payments.flex-contribution"] == {"rows": 2}


def test_what_another_municipality_finances(intake: Intake) -> None:
    done = read(intake, {JANUARY: text(
        row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40"),
        row("2021-01-11", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40", place="Syddjurs"),
        row("2021-01-18", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40"),
        row("2021-01-25", ONE, "Kontanthjælp", "2700,00", "1080,00", rate="40", place=""))})
    rows = sorted(done.rows("payments", "week", "gross_dkk", "net_dkk", "elsewhere_dkk"))
    assert [tuple(map(int, one[1:])) for one in rows] == [(2700, 1620, 0), (0, 0, 2700), (2700, 1620, 0),
                                                          (2700, 1620, 0)]
    assert done.notes("payments")["payments.elsewhere"] == {"rows": 1, "own": OWN}
    assert done.rows("spells", "start_date", "end_date") == [(date(2021, 1, 4), date(2021, 2, 1))]


def test_an_extract_of_many_municipalities_has_no_own_one(intake: Intake) -> None:
    done = read(intake, {JANUARY: text(*(
        row("2021-01-04", f"100{n}", "Kontanthjælp", "2700,00", "1080,00", place=f"By {n}") for n in range(4)))})
    assert {one[5] for one in amounts(done)} == {"1620.00"}
    assert done.notes("payments")["payments.many-municipalities"] == {}


def test_spells_are_made_of_weeks_in_a_row(intake: Intake) -> None:
    weeks = ("2021-01-04", "2021-01-11", "2021-01-18", "2021-02-01")
    done = read(intake, {JANUARY: text(
        *(row(week, ONE, "Kontanthjælp", "2700,50", "1080,00") for week in weeks),
        row("2021-01-18", ONE, "A-dagpenge", "100,00", shared="60,00"))})
    spells = done.rows("spells", "benefit", "start_date", "end_date", "degree", "amount_dkk")
    assert sorted(spells) == [
        ("a-dagpenge", date(2021, 1, 18), date(2021, 1, 25), 1.0, Decimal("100.00")),
        ("kontanthjaelp", date(2021, 1, 4), date(2021, 1, 25), 1.0, Decimal("8101.50")),
        ("kontanthjaelp", date(2021, 2, 1), date(2021, 2, 8), 1.0, Decimal("2700.50"))]
    assert done.notes("payments")["payments.spells-derived"] == {"rows": 3}
    assert (done.report.data_from, done.report.data_to) == (date(2021, 1, 4), date(2021, 2, 7))


def test_spells_of_the_delivery_are_kept(intake: Intake) -> None:
    done = read(intake, {
        JANUARY: text(row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "1080,00")),
        "spells.csv": f"person_id;benefit;start_date;end_date\n{ONE};kontanthjaelp;2021-01-01;\n"})
    assert done.rows("spells", "start_date") == [(date(2021, 1, 1),)]
    assert "payments.spells-derived" not in done.notes("payments")
    assert done.rows("spells", "person") == done.rows("payments", "person")


def test_participants_are_known_by_their_payments(intake: Intake) -> None:
    done = read(intake, {
        JANUARY: text(row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "1080,00")),
        "participants.csv": f"person_id;investment;start_date;end_date\n{ONE};net;2021-01-04;\n"})
    assert len(done.rows("participants")) == 1


def test_a_lost_leading_zero_is_the_same_person(intake: Intake) -> None:
    done = read(intake, {JANUARY: text(
        row("2021-01-04", ONE, "Kontanthjælp", "2700,00"), row("2021-01-04", ONE[1:], "Kontanthjælp", "-700,00"))})
    assert [one[2] for one in amounts(done)] == ["2000.00"]
    assert done.notes("payments")["zero-restored"] == {"rows": 1}


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_the_file_s_letters(intake: Intake, encoding: str) -> None:
    content = text(row("2021-01-04", ONE, "Kontanthjælp", "2.700,50", "1080,20")).replace("\n", "\r\n")
    done = read(intake, {"udtræk januar.csv": content.encode(encoding)})
    assert amounts(done) == [("kontanthjaelp", "2021-01-04", "2700.50", "1080.20", "0.00", "1620.30", 0.0)]


@pytest.mark.parametrize(("cell", "gross"), [
    ("12,345", "12.345000"), ("-12,345", "-12.345000"), ("12,345-", "-12.345000"), ("1.234,50", "1234.500000"),
    ("2700", "2700.000000"), (" 2700,5 ", "2700.500000")])
def test_a_decimal_comma_is_never_thousands(intake: Intake, cell: str, gross: str) -> None:
    done = read(intake, {JANUARY: text(row("2021-01-04", ONE, "Kontanthjælp", cell))})
    assert str(done.rows("payments", "gross_dkk")[0][0]) == gross


def test_what_cannot_be_read_is_rejected_by_line(intake: Intake) -> None:
    good = row("2021-01-04", ONE, "Kontanthjælp", "2700,00")
    done = read(intake, {JANUARY: text(
        good, row("2021-13-04", TWO, "Kontanthjælp", "1,00"), row("2021-01-04", TWO, "Ukendtydelse", "1,00"),
        row("2021-01-04", TWO, "Kontanthjælp", "1.234"), row("2021-01-04", TWO, "Kontanthjælp", ""),
        row("2024-02-05", TWO, "Kontanthjælp", "1,00"), row("2021-01-04", "", "Kontanthjælp", "1,00"))})
    assert done.rejects() == [
        (JANUARY, 3, "week", "bad-date"), (JANUARY, 4, "benefit", "unknown-benefit"),
        (JANUARY, 5, "gross_dkk", "ambiguous-number"), (JANUARY, 6, "gross_dkk", "missing-cell"),
        (JANUARY, 7, "week", "future"), (JANUARY, 8, "person_id", "missing-cell")]
    assert len(amounts(done)) == 1
    told = "\n".join(report_lines(done.report))
    assert ONE not in told
    assert TWO not in told


def test_empty_shares_are_zero_and_odd_rates_are_worked_out(intake: Intake) -> None:
    done = read(intake, {JANUARY: text(
        row("2021-01-04", ONE, "Kontanthjælp", "2700,00", "1080,00", "", rate="efter aftale", share=""),
        row("2021-01-04", TWO, "Kontanthjælp", "2700,00", "1080,00", "", rate="0,4"),
        row("2021-01-05", THREE, "Kontanthjælp", "2700,00", "1080,00", "", rate="40 %"))})
    assert {one[1:] for one in amounts(done)} == {("2021-01-04", "2700.00", "1080.00", "0.00", "1620.00", 40.0)}
    assert done.notes("payments")["payments.rates-unread"] == {"rows": 1}
    assert done.notes("payments")["payments.not-mondays"] == {"rows": 1}


def test_a_file_is_known_by_its_name_or_its_columns(tmp_path: Path) -> None:
    yr = Ydelsesrefusion()
    named = tmp_path / JANUARY.upper()
    named.write_text("noget andet\n")
    headed = tmp_path / "udtræk.txt"
    headed.write_text(HEAD)
    other = tmp_path / "spells.csv"
    other.write_text("person_id;benefit;start_date;end_date\n")
    broken = tmp_path / "x.csv"
    broken.write_bytes(b"\0\0\0")
    empty = tmp_path / "y.csv"
    empty.touch()
    book = tmp_path / "yr-ydelsesrefusion-beregning-2021-01-31.xlsx"
    book.touch()
    assert [bool(yr.parts(path)) for path in (named, headed, other, broken, empty, book)] == [
        True, True, False, False, False, False]
    assert [part.contract.name for part in find_parts(tmp_path, (yr,))[0]] == ["spells", "payments", "payments"]


def test_a_file_of_the_name_without_the_columns_is_refused(intake: Intake) -> None:
    with pytest.raises(GevinstError) as caught:
        read(intake, {JANUARY: "noget andet\n1\n"})
    assert caught.value.code == "intake.no-header"
    with pytest.raises(GevinstError) as caught:
        read(intake, {JANUARY: HEAD.replace("Refusionsbeløb;", "")})
    assert caught.value.code == "intake.missing-columns"
    assert "refusionsbeløb" in str(caught.value)


def test_rates_and_municipality_may_be_absent(intake: Intake) -> None:
    head = "Ydelse;Uge;CPR nummer;Medfinansieringsbeløb;Refusionsbeløb;Beregnet udbetalingsbeløb\n"
    done = read(intake, {"andet.csv": head + f"Kontanthjælp;2021-01-04;{ONE};0,00;800,00;1000,00\n"})
    assert amounts(done) == [("kontanthjaelp", "2021-01-04", "1000.00", "800.00", "0.00", "200.00", 80.0)]


def test_canonical_payments_need_no_supplier(intake: Intake) -> None:
    done = intake({"payments.csv": "person_id;benefit;week;gross_dkk;refund_dkk;cofinancing_dkk\n"
                                   f"{ONE};sygedagpenge;04-01-2021;4465,00;1786,00;\n"})
    assert amounts(done) == [("sygedagpenge", "2021-01-04", "4465.00", "1786.00", "0.00", "2679.00", 40.0)]


def test_nothing_depends_on_the_order_of_rows_or_files(intake: Intake) -> None:
    rows = [row(f"2021-01-{day:02}", f"100{n}", "Kontanthjælp", f"{700 + n},00", "100,00", rate=str(40 - 10 * (n % 2)),
                place=OWN if n else "Syddjurs") for n in range(5) for day in (4, 11, 18)]
    one = read(intake, {JANUARY: text(*rows[:8]), FEBRUARY: text(*rows[5:])})
    other = read(intake, {FEBRUARY: text(*reversed(rows[5:])), JANUARY: text(*reversed(rows[:8]))})
    assert one.table("payments").equals(other.table("payments"))
    assert one.notes("payments") == other.notes("payments")


def test_spells_made_of_payments_have_the_columns_of_read_ones(intake: Intake) -> None:
    made = read(intake, {JANUARY: text(row("2021-01-04", ONE, "Kontanthjælp", "2700,00"))}).table("spells")
    told = intake({"spells.csv": f"person_id;benefit;start_date;end_date\n{ONE};kontanthjaelp;2021-01-04;2021-01-10\n"})
    expected = told.table("spells")
    assert (made.column_names, made.schema.types) == (expected.column_names, expected.schema.types)
    assert made.drop_columns("amount_dkk").to_pylist() == expected.drop_columns("amount_dkk").to_pylist()
