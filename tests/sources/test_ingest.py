from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from gevinst.errors import GevinstError
from gevinst.sources.ingest import read_folder
from gevinst.sources.pseudonym import IN_MEMORY_KEY, Pseudonymiser
from gevinst.weeks import week_of

ORACLE = Path(__file__).parents[1] / "oracle" / "register_small"
Intake = Callable[..., object]


def fault_of(call: Callable[[], object]) -> GevinstError:
    with pytest.raises(GevinstError) as fault:
        call()
    return fault.value


def pseudonym(one: str) -> int:
    return int(Pseudonymiser(IN_MEMORY_KEY).identify([one]).person[0])


def test_the_stored_columns_are_the_contract_with_the_next_stage(intake: Intake) -> None:
    done = intake({path.name: path.read_text() for path in ORACLE.glob("*.csv")})

    def columns(table: str) -> list[tuple[str, str]]:
        return [(field.name, str(field.type)) for field in done.table(table).schema]

    assert columns("spells") == [
        ("person", "int64"), ("replicate", "int16"), ("benefit", "string"), ("start_date", "date32[day]"),
        ("end_date", "date32[day]"), ("start_week", "int32"), ("end_week", "int32"), ("degree", "double"),
        ("amount_dkk", "decimal128(18, 2)"), ("municipality", "string")]
    assert columns("participants") == [
        ("person", "int64"), ("replicate", "int16"), ("investment", "string"), ("start_date", "date32[day]"),
        ("end_date", "date32[day]"), ("start_week", "int32"), ("end_week", "int32")]
    assert columns("persons")[:4] == [
        ("person", "int64"), ("replicate", "int16"), ("left_register_date", "date32[day]"), ("left_week", "int32")]
    assert dict(columns("persons")[4:]) == {
        "age_at_entry": "double", "education": "string", "health_problem": "double", "municipality": "double",
        "non_western": "double", "prior_benefit_weeks_2y": "double", "sex": "string"}
    assert columns("prices") == [("benefit", "string"), ("year", "int64"), ("dkk_per_week", "decimal128(18, 6)")]
    assert columns("suspensions") == [
        ("from_date", "date32[day]"), ("to_date", "date32[day]"), ("investment", "string")]
    assert columns("investments")[2:5] == [
        ("min_spell_weeks", "int64"), ("referrals_from", "date32[day]"), ("referrals_to", "date32[day]")]


def test_the_small_register_is_stored_as_it_is(intake: Intake) -> None:
    """Truth: the file read by the standard library, row by row."""
    done = intake({path.name: path.read_text() for path in ORACLE.glob("*.csv")}, max_rejected_share=0)
    with (ORACLE / "spells.csv").open() as file:
        said = list(csv.DictReader(file))
    expected = sorted(
        (pseudonym(row["person_id"]), row["benefit"], date.fromisoformat(row["start_date"]),
         date.fromordinal(date.fromisoformat(row["end_date"]).toordinal() + 1) if row["end_date"] else None)
        for row in said)
    assert done.rows("spells", "person", "benefit", "start_date", "end_date") == expected
    for start, end, first, after in done.rows("spells", "start_date", "end_date", "start_week", "end_week"):
        assert first == week_of(start)
        assert after == (None if end is None else week_of(date.fromordinal(end.toordinal() - 1)) + 1)
    starts = [date.fromisoformat(row["start_date"]) for row in said]
    ends = [date.fromisoformat(row["end_date"]) for row in said if row["end_date"]]
    assert (done.report.data_from, done.report.data_to) == (min(starts), max(starts + ends))
    assert [(one.table, one.rows, one.stored) for one in done.report.files] == [
        ("spells", 3364, 3364), ("persons", 1500, 1500), ("participants", 319, 319), ("investments", 2, 2),
        ("suspensions", 0, 0), ("prices", 40, 40)]


def test_files_are_private_and_nothing_else_is_left(intake: Intake) -> None:
    done = intake({path.name: path.read_text() for path in ORACLE.glob("*.csv")})
    assert {path.name: path.stat().st_mode & 0o777 for path in done.folder.iterdir()} == dict.fromkeys(
        ["spells.parquet", "persons.parquet", "participants.parquet", "investments.parquet", "suspensions.parquet",
         "prices.parquet", "rejects.csv", "manifest.json"], 0o600)


def test_the_order_of_rows_changes_nothing(intake: Intake) -> None:
    files = {path.name: path.read_text() for path in ORACLE.glob("*.csv")}
    shuffled = {}
    for name, text in files.items():
        head, *rows = text.splitlines()
        order = np.random.default_rng(len(rows)).permutation(len(rows))
        shuffled[name] = "\n".join([head, *(rows[place] for place in order), ""])
    one, other = intake(files), intake(shuffled)
    for path in one.folder.glob("*.parquet"):
        assert pq.read_table(path).equals(pq.read_table(other.folder / path.name)), path.name


def test_csv_in_every_dress_gives_the_same_tables(intake: Intake) -> None:
    plain = ("person_id,benefit,start_date,end_date,degree,amount_dkk,municipality\n"
             "0101901234,kontanthjaelp,2020-01-01,2020-01-31,0.5,1234.50,Århus\n"
             "0202901234,a-dagpenge,2020-02-01,,1.0,,\n")
    danish = ("CPR nr.;Ydelse;Startdato;Slutdato;Degree;Beløb kr;Kommune\r\n"
              "010190-1234;Kontanthjælp;01-01-2020;31.01.2020;0,5;1.234,50;Århus\r\n\r\n"
              ";;;;;;\r\n202901234;A_DAGPENGE;1/2/2020;31-12-9999;1;;\r\n").replace("CPR nr.", "CPR nr")
    dresses = {
        "utf-8": danish.encode(), "bom": danish.encode("utf-8-sig"), "cp1252": danish.encode("cp1252"),
        "utf-16": danish.encode("utf-16"), "tabs": danish.replace(";", "\t").encode("cp1252"),
        "quoted": "\n".join(";".join(f'"{cell}"' for cell in row.split(";")) for row in danish.split("\r\n")
                            if row).encode()}
    expected = intake({"spells.csv": plain}).table("spells")
    for dress, content in dresses.items():
        done = intake({"spells.csv": content}, max_rejected_share=0)
        assert done.table("spells").equals(expected), dress
        assert done.notes("spells")["zero-restored"] == {"rows": 1}
        assert done.notes("spells")["open-ends"] == {"rows": 1}
        if dress in ("cp1252", "utf-16"):
            assert done.notes("spells")["recoded"] == {"encoding": dress}


def test_parquet_with_types_gives_the_same_tables(intake: Intake) -> None:
    text = ("person_id,benefit,start_date,end_date,degree,amount_dkk,municipality\n"
            "101901234,kontanthjaelp,2020-01-01,2020-01-31,0.5,1234.50,707\n2102901234,a-dagpenge,2020-02-01,,1.0,,\n")
    expected = intake({"spells.csv": text})
    days = pa.array(["2020-01-01", "2020-02-01"])
    common = {"benefit": pa.array(["kontanthjaelp", "a-dagpenge"]).dictionary_encode(), "degree": [0.5, 1.0],
              "municipality": ["707", None]}
    dates = pa.array([date(2020, 1, 31), None], pa.date32())
    variants = {
        "integers": {"person_id": [101901234, 2102901234], "start_date": days.cast(pa.timestamp("us")),
                     "end_date": dates, "amount_dkk": [1234.5, float("nan")]},
        "floats": {"person_id": [101901234.0, 2102901234.0], "start_date": days.cast(pa.timestamp("ns")),
                   "end_date": dates.cast(pa.date64()), "amount_dkk": pa.array([Decimal("1234.50"), None])},
        "text": {"person_id": ["0101901234", "210290-1234"], "start_date": ["2020-01-01", "01-02-2020"],
                 "end_date": ["31-01-2020", ""], "amount_dkk": ["1.234,50", ""]},
        "zoned": {"person_id": pa.array(["0101901234", "2102901234"], pa.large_string()),
                  "start_date": days.cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC")),
                  "end_date": dates, "amount_dkk": pa.array([1234.5, None], pa.float32())},
    }
    for name, columns in variants.items():
        done = intake({"spells.parquet": pa.table({**columns, **common})}, max_rejected_share=0)
        assert done.table("spells").equals(expected.table("spells")), name


def test_rejects_are_listed_each_with_line_column_and_reason(intake: Intake, spells: Callable[..., str]) -> None:
    done = intake({"spells.csv": spells(
        "1;a-dagpenge;2020-01-01;2020-01-31",
        "2;a-dagpenge;2020-02-30;",           # 3: no such day
        "3;a-dagpenge;2020-03-01;2020-02-01",  # 4: swapped
        "4;a-dagpenge;2024-02-02;",           # 5: starts tomorrow
        "5;a-dagpenge;2020-01-01;2024-02-02",  # 6: ends tomorrow
        "6;borgerløn;2020-01-01;",            # 7: unknown benefit
        "7;a-dagpenge;1969-12-31;",           # 8
        ";a-dagpenge;2020-01-01;",            # 9
        "8;;2020-01-01;",                     # 10
        "9;a-dagpenge;;2020-01-31",           # 11
        "10;a-dagpenge;2020-01-01",           # 12: a field short
        '11;"a-dagpenge;2020-01-01;',          # 13: open quote
        "1,01E+09;a-dagpenge;2020-01-01;",    # 14
        "12;a-dagpenge;2024-02-01;2024-02-01",  # today is no future
    )})
    assert done.rejects() == [("spells.csv", *row) for row in [
        (3, "start_date", "bad-date"), (4, "end_date", "swapped-dates"), (5, "start_date", "future"),
        (6, "end_date", "future"), (7, "benefit", "unknown-benefit"), (8, "start_date", "before-1970"),
        (9, "person_id", "missing-cell"), (10, "benefit", "missing-cell"), (11, "start_date", "missing-cell"),
        (12, "", "ragged"), (13, "", "unclosed-quote"), (14, "person_id", "rounded-id")]]
    file = done.report.file("spells")
    assert (file.rows, file.accepted, file.rejected, file.stored) == (14, 2, 12, 2)
    with (done.folder / "rejects.csv").open(encoding="utf-8-sig") as listed:
        rows = list(csv.DictReader(listed, delimiter=";"))
    assert [(row["file"], int(row["line"]), row["column"]) for row in rows] == [one[:3] for one in done.rejects()]
    assert rows[4]["value"] == "borgerløn"
    assert rows[4]["da"] == "ydelsen »borgerløn« i benefit kendes ikke"
    assert rows[4]["en"] == "the benefit “borgerløn” in benefit is not known"
    assert rows[9]["da"] == "rækken har 3 felter, et andet antal end overskriften"


def test_numbers_that_a_spell_cannot_have(intake: Intake) -> None:
    head = "person_id;benefit;start_date;end_date;degree;amount_dkk"
    rows = ["0;1", "1,01;1", "-0,5;1", "fuld;1", "0,5;1.234", "0,5;0,345", "0,5;12 kr", "0,5;1e13"]
    text = "\n".join([head, "0;a-dagpenge;2020-01-01;;0,01;0", *(
        f"{n};a-dagpenge;2020-01-01;;{row}" for n, row in enumerate(rows, 1))])
    assert [(line, column, code) for _, line, column, code in intake({"spells.csv": text}).rejects()] == [
        (3, "degree", "out-of-range"), (4, "degree", "out-of-range"), (5, "degree", "out-of-range"),
        (6, "degree", "not-a-number"), (7, "amount_dkk", "ambiguous-number"), (8, "amount_dkk", "not-whole-ore"),
        (9, "amount_dkk", "not-a-number"), (10, "amount_dkk", "out-of-range")]


def test_a_participant_may_have_a_planned_end_but_not_a_planned_start(
    intake: Intake, spells: Callable[..., str]
) -> None:
    done = intake({"spells.csv": spells("1;a-dagpenge;2020-01-01;"), "participants.csv": (
        "person_id;investment;start_date;end_date\n1;a;2024-01-01;2030-01-01\n1;b;2024-03-01;\n2;a;2024-01-01;\n"
        "1;010190-1234;2024-01-01;\n")})
    assert done.rows("participants", "investment", "end_date") == [("a", date(2030, 1, 2))]
    assert done.rejects() == [("participants.csv", 3, "start_date", "future"),
                              ("participants.csv", 5, "investment", "holds-cpr"),
                              ("participants.csv", 4, "person_id", "unknown-person")]


def test_persons_with_one_row_are_kept_repeated_counted_and_torn_rejected(
    intake: Intake, spells: Callable[..., str]
) -> None:
    done = intake({"spells.csv": spells("1;a-dagpenge;2020-01-01;"), "persons.csv": (
        "person_id;sex;income;left_register_date\n0101901234;M;1,5;\n010190-1234;M;1.5;\n2;K;;01-02-2020\n"
        "3;K;1e3;\n3;M;1e3;\n4;;-2;\n")})
    assert sorted(done.rows("persons", "sex", "income", "left_register_date", "left_week"), key=str) == sorted([
        ("M", 1.5, None, None), ("K", None, date(2020, 2, 1), week_of(date(2020, 2, 1))), (None, -2.0, None, None)],
        key=str)
    assert done.rejects() == [("persons.csv", 5, "person_id", "conflicting-key"),
                              ("persons.csv", 6, "person_id", "conflicting-key")]
    file = done.report.file("persons")
    assert (file.rows, file.duplicates, file.rejected, file.stored) == (6, 1, 2, 3)


def test_a_covariate_is_a_number_where_all_its_cells_are(intake: Intake, spells: Callable[..., str]) -> None:
    done = intake({"spells.csv": spells("1;a-dagpenge;2020-01-01;"), "persons.csv": (
        "person_id;plain;comma;mixed;thousands;exponent;empty;big\n1;+5;1,5; 3 ;1.234;1e3;;9\n2;-7;2.5;tre;999;2E-2;;\n"
        f"3;;;;;;;{'9' * 40}\n")})
    assert {field.name: str(field.type) for field in done.table("persons").schema if field.name not in (
        "person", "replicate", "left_register_date", "left_week")} == {
        "big": "string", "comma": "double", "empty": "double", "exponent": "double", "mixed": "string",
        "plain": "double", "thousands": "double"}
    assert sorted(done.rows("persons", "plain", "comma", "mixed", "thousands", "exponent"), key=str) == sorted([
        (5.0, 1.5, "3", 1.234, 1000.0), (-7.0, 2.5, "tre", 999.0, 0.02), (None,) * 5], key=str)
    assert done.notes("persons") == {"read-as-decimals": {"columns": "thousands"}}


def test_a_person_whose_rows_conflict_is_not_known_to_participants(intake: Intake, spells: Callable[..., str]) -> None:
    done = intake({
        "spells.csv": spells("1;a-dagpenge;2020-01-01;"), "persons.csv": "person_id;sex\n3;K\n3;M\n4;M\n",
        "participants.csv": ("person_id;investment;start_date;end_date\n"
                             "3;a;2021-01-01;\n4;a;2021-01-01;\n1;a;2021-01-01;\n")})
    assert done.rejects()[-1] == ("participants.csv", 2, "person_id", "unknown-person")
    assert done.report.file("participants").stored == 2


def test_tables_without_persons(intake: Intake) -> None:
    done = intake({
        "postings.csv": ("date;investment;amount_dkk;account;text\n01-02-2021;jobnet;-1.000,50;5.57.73;Tilbage fra "
                         "010190-1234\n01-02-2021;jobnet;5;;\n01-02-2021;jobnet;5;;\n01-02-2099;jobnet;5;;\n"),
        "prices.csv": "benefit;year;dkk_per_week\nA-dagpenge;2020;4064,919875\na_dagpenge;2020;4064.919875\n"
                      "kontanthjælp;2020;1\nkontanthjælp;2020;2\nkontanthjælp;1980;2\n",
        "suspensions.csv": "from_date;to_date\n11-03-2020;26-05-2020\n11-03-2020;26-05-2020\n2020-05-01;2020-04-01\n",
        "published_curves.csv": "benefit;definition;cohort;week;share_pct;source\nkontanthjælp;With relapse;2017-2019;"
                                "13;67,700;x\nkontanthjælp;uden;2017-2019;13;67,7;x\nkontanthjælp;with_relapse;a;1,5;1;x\n"
                                "kontanthjælp;with_relapse;a;1;101;x\n"})
    assert done.rows("postings", "amount_dkk", "text") == [
        (Decimal("-1000.50"), "Tilbage fra […]"), (Decimal("5.00"), None), (Decimal("5.00"), None)]
    assert done.notes("postings") == {"cpr-hidden": {"rows": 1}}
    assert done.rows("prices") == [("a-dagpenge", 2020, Decimal("4064.919875"))]
    assert done.rows("suspensions") == [(date(2020, 3, 11), date(2020, 5, 27), None)]
    assert done.rows("published_curves", "definition", "week", "share_pct") == [("with_relapse", 13, 67.7)]
    assert done.rejects() == [
        ("postings.csv", 5, "date", "future"), ("suspensions.csv", 4, "to_date", "swapped-dates"),
        ("prices.csv", 6, "year", "out-of-range"), ("published_curves.csv", 3, "definition", "unknown-definition"),
        ("published_curves.csv", 4, "week", "not-whole-number"),
        ("published_curves.csv", 5, "share_pct", "out-of-range"),
        ("prices.csv", 4, "benefit, year", "conflicting-key"), ("prices.csv", 5, "benefit, year", "conflicting-key"),
    ]
    assert (done.report.data_from, done.report.data_to) == (None, None)


def test_a_file_that_mostly_does_not_fit_is_refused_with_its_reasons(
    intake: Intake, spells: Callable[..., str]
) -> None:
    good = [f"{n};a-dagpenge;2020-01-01;" for n in range(18)]
    at_the_limit = spells(*good, "18;a-dagpenge;i går;", "0101901234;ukendt 0101901234;2020-01-01;")
    assert intake({"spells.csv": at_the_limit}, max_rejected_share=0.10).report.rejected == 2
    fault = fault_of(lambda: intake({"spells.csv": at_the_limit + "19;x;x;x\n"}, max_rejected_share=0.10))
    assert fault.code == "intake.too-many-rejects"
    text = fault.message("da").what
    assert "3 af 21 rækker" in text
    assert "10\N{NO-BREAK SPACE}%" in text
    assert "spells.csv, linje 20: start_date er ikke en dato" in text
    assert "spells.csv, line 20: start_date is not a date" in fault.message("en").what
    assert "010190" not in text


def test_unknown_participants_and_torn_persons_count_towards_the_limit(
    intake: Intake, spells: Callable[..., str]
) -> None:
    good = spells("1;a-dagpenge;2020-01-01;")
    participants = "person_id;investment;start_date;end_date\n1;a;2021-01-01;\n2;a;2021-01-01;\n"
    fault = fault_of(lambda: intake({"spells.csv": good, "participants.csv": participants}, max_rejected_share=0.4))
    assert (fault.code, fault.where) == ("intake.too-many-rejects", "participants.csv")
    fault = fault_of(lambda: intake(
        {"spells.csv": good, "persons.csv": "person_id;a\n1;1\n1;2\n"}, max_rejected_share=0.4))
    assert (fault.code, fault.where) == ("intake.too-many-rejects", "persons.csv")


def test_the_target_must_be_empty_and_is_left_alone_when_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    fault = fault_of(lambda: read_folder(ORACLE, tmp_path, key=IN_MEMORY_KEY, today=date(2024, 1, 1)))
    assert fault.code == "intake.target-not-empty"
    assert (tmp_path / "mine").read_text() == "x"


def cpr_numbers(count: int) -> list[str]:
    chance = np.random.default_rng(2)
    parts = chance.integers([1, 1, 40, 0], [29, 13, 100, 10_000], (count, 4))
    return [f"{day:02d}{month:02d}{year:02d}{serial:04d}" for day, month, year, serial in parts.tolist()]


def test_no_id_reaches_the_disk_or_an_error(intake: Intake, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Every byte that is written or said is searched for every id used, in every way it was written."""
    numbers = cpr_numbers(60)
    ways: list[Callable[[str], str]] = [str, lambda one: f"{one[:6]}-{one[6:]}", lambda one: f"{one[:6]} {one[6:]}"]
    good = [f"{ways[n % 3](one)};a-dagpenge;2020-01-01;" for n, one in enumerate(numbers)]
    bad = [f"{numbers[0]};{numbers[1]};2020-01-01;", f"{numbers[2]};a-dagpenge;{numbers[3]};",
           f"{numbers[4]};a-dagpenge", f'"{numbers[5]};a-dagpenge;2020-01-01;', f"x;{ways[1](numbers[6])};2020-01-01;",
           f"{numbers[7]};a-dagpenge;2020-01-01;{numbers[8]};{numbers[9]}"]
    files = {
        "spells.csv": "\n".join(["person_id;benefit;start_date;end_date", *good, *bad]),
        "persons.csv": "\n".join(["person_id;note;" + numbers[10], *(f"{one};x;1" for one in numbers[:20]),
                                  f"{numbers[30]};{ways[1](numbers[31])};1", f"{numbers[0]};y;1"]),
        "participants.csv": "\n".join(["person_id;investment;start_date;end_date;mor",
                                       *(f"{one};a;2021-01-01;;{numbers[0]}" for one in numbers[:20]),
                                       "0909991234;a;2021-01-01;;"]),
        "postings.csv": ("date;investment;amount_dkk;account;text\n"
                         f"2021-01-01;a;5;{numbers[3]};til {ways[1](numbers[4])}\n")}
    said = [str(fault_of(lambda: intake(files, max_rejected_share=0.01)))]
    files["persons.csv"] = files["persons.csv"].replace(numbers[10], "tal")
    done = intake(files, max_rejected_share=0.5)
    assert len(done.report.rejects) == 10
    said += [repr(done.report), *capfd.readouterr()]
    content = b"".join(path.read_bytes() for path in sorted(done.folder.rglob("*")) if path.is_file())
    content += " ".join(said).encode()
    for table in done.folder.glob("*.parquet"):  # also behind the compression
        content += str(pq.read_table(table).to_pydict()).encode()
    for one in [*numbers, "0909991234"]:
        assert all(way(one).encode() not in content for way in ways)


def test_a_header_that_is_a_persons_number_is_not_kept_as_a_covariate(
    intake: Intake, spells: Callable[..., str]
) -> None:
    good = spells("1;a-dagpenge;2020-01-01;")
    fault = fault_of(lambda: intake({"spells.csv": good, "persons.csv": "person_id;010190-1234\n1;2\n"}))
    assert fault.code == "intake.column-holds-id"
    assert "010190" not in str(fault)


def test_a_million_rows_with_one_bad_one(intake: Intake) -> None:
    rows = 1_000_000
    starts = np.datetime_as_string(np.datetime64("2015-01-01") + np.arange(rows) % 2000).astype(object)
    table = pa.table({"person_id": pa.array(np.arange(rows) // 4 + 1_000_000).cast(pa.string()),
                      "benefit": pa.array(["a-dagpenge"] * rows), "start_date": pa.array(starts, pa.string()),
                      "end_date": pa.array(starts, pa.string())})
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(table, sink)
    text = sink.getvalue().to_pybytes()
    line = 765_432  # the header is line 1
    lines = text.split(b"\n")
    lines[line - 1] = lines[line - 1].replace(b"a-dagpenge", b"a-dagpenge med mere")
    done = intake({"spells.csv": b"\n".join(lines)}, max_rejected_share=0.10)
    assert done.rejects() == [("spells.csv", line, "benefit", "unknown-benefit")]
    file = done.report.file("spells")
    assert (file.rows, file.accepted, file.rejected) == (rows, rows - 1, 1)
    assert file.stored + file.merged + file.duplicates == rows - 1


def test_the_manifest_says_what_was_read(intake: Intake, spells: Callable[..., str]) -> None:
    import hashlib

    text = spells("1;a-dagpenge;2020-01-01;2020-02-01", "2;a-dagpenge;2020-01-01;", "3;x;2020-01-01;")
    done = intake({"spells.csv": text})
    said = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))
    assert said["format"] == 1
    assert (said["data_from"], said["data_to"]) == ("2020-01-01", "2020-02-01")
    assert said["files"][0]["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert said["files"][0]["reasons"] == {"intake.row-unknown-benefit": 1}
    assert datetime.fromisoformat(said["created"]).utcoffset() is not None
