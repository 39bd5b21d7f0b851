"""Ledgers written by hand, and what stands in the table worked out by hand."""

from __future__ import annotations

import hashlib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES
from gevinst.register.ledger_rules_file import read_rules
from gevinst.sources.parts import find_parts
from gevinst.sources.report import report_lines
from gevinst.sources.suppliers.opus import OpusSupplier, default_supplier, open_ledger
from gevinst.sources.suppliers.opus_layout import LAYOUT_FILE, read_layout
from gevinst.sources.text import PIECE
from tests.sources.conftest import Contents, Imported, Intake

HEAD = "Bogføringsdato;Kontostreng;PSP-element;Posteringstekst;Beløb;Debet/Kredit"
LEDGER = "\n".join([
    HEAD,
    "02-03-2020;5.68.90-1-1-001-5.2;XG-0000000707-00001;Aktør, marts;1.234,56;Debet",
    "15-03-2020;5.68.90-1-1-001-5.2;XG-0000000707-00001;Kreditnota;234,56;Kredit",
    "31-12-2020;5.68.90-2-1-001-8.6;XG-0000000707-00001;Refusion;400,00;Kredit",
    "01-04-2020;5.57.73-1-1-007-5.2;;Kontanthjælp;10.000,00;Debet",
    "02-04-2020;6.45.53-1-1-001-1.1;;Løn;77,01;Debet",
    ""])
RULES = """
rules:
  - investment: jobnet
    psp: XG-0000000707-*
  - investment: "-"
    function: 5.57.*
"""


def supplier(folder: Path, rules: str = "", layout: str = "") -> OpusSupplier:
    """The reader of a workspace with these files."""
    folder.mkdir(exist_ok=True)
    for name, text in (("ledger_rules.yaml", rules), (LAYOUT_FILE, layout)):
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    found = read_rules(folder / "ledger_rules.yaml") if rules else None
    return OpusSupplier(read_layout(folder / LAYOUT_FILE), found)


def read(intake: Intake, tmp_path: Path, content: Contents, *, rules: str = RULES, layout: str = "",
         name: str = "opus marts.csv", **further: object) -> Imported:
    return intake({name: content}, suppliers=[supplier(tmp_path / "workspace", rules, layout)], **further)


def postings(done: Imported) -> Counter[tuple[object, ...]]:
    """Day, investment, øre and account of each posting, in whatever order."""
    rows = done.rows("postings", "date", "investment", "amount_dkk", "account")
    return Counter((day.isoformat(), investment, int(amount * 100), account)
                   for day, investment, amount, account in rows)


EXPECTED = Counter([
    ("2020-03-02", "jobnet", 123456, "5.68.90-1-1-001-5.2 PSP XG-0000000707-00001"),
    ("2020-03-15", "jobnet", -23456, "5.68.90-1-1-001-5.2 PSP XG-0000000707-00001"),
    ("2020-12-31", "jobnet", -40000, "5.68.90-2-1-001-8.6 PSP XG-0000000707-00001"),
    ("2020-04-01", "-", 1000000, "5.57.73-1-1-007-5.2"),
    ("2020-04-02", None, 7701, "6.45.53-1-1-001-1.1")])


def test_exports_that_overlap_are_refused_and_months_side_by_side_are_not(intake: Intake, tmp_path: Path) -> None:
    """January to June, and January to July of the same ledger: two postings a month, one of them always alike."""
    def months(first: int, last: int) -> str:
        return "\n".join([HEAD, *(f"05-{month:02d}-2020;5.68.90-1-1-001-5.2;;{text};{amount};Debet"
                                  for month in range(first, last + 1)
                                  for text, amount in (("Aktør", "100,00"), (f"Faktura {month}", "200,00"))), ""])

    for half, whole in (("a.csv", "b.csv"), ("b.csv", "a.csv")):
        with pytest.raises(GevinstError) as fault:
            intake({half: months(1, 6), whole: months(1, 12)}, suppliers=[supplier(tmp_path / "w")])
        assert (fault.value.code, fault.value.where) == ("ledger.delivered-twice", "b.csv")
        assert "12 posteringer står både her og i a.csv" in fault.value.message("da").what
    done = intake({"a.csv": months(1, 6), "b.csv": months(7, 12)}, suppliers=[supplier(tmp_path / "w")])
    assert sum(postings(done).values()) == 24


def test_a_ledger_becomes_postings_with_sign_account_and_investment(intake: Intake, tmp_path: Path) -> None:
    done = read(intake, tmp_path, LEDGER)
    assert postings(done) == EXPECTED
    file = done.report.file("postings")
    assert file is not None
    assert (file.rows, file.stored, file.rejected) == (5, 5, 0)
    sha256 = hashlib.sha256(RULES.encode()).hexdigest()[:12]
    assert done.notes("postings") == {
        "ledger.rules-used": {"file": "ledger_rules.yaml", "sha256": sha256},
        "ledger.matched": {"rows": 3, "kroner": 600}, "ledger.ruled-out": {"rows": 1, "kroner": 10000},
        "ledger.unmatched": {"rows": 1, "kroner": 77}}
    assert sum(done.table("postings").column("amount_dkk").to_pylist()) == Decimal("10677.01")


HEADLESS = LEDGER.split("\n", 1)[1]
WAYS: dict[str, tuple[str, str]] = {
    "cp1252": ("", "cp1252"), "UTF-8 with a mark": ("", "utf-8-sig"), "UTF-16": ("", "utf-16"),
    "titles above": ("Posteringsliste\nUdtrukket 01-02-2021;af økonomi\n\n", "utf-8")}


@pytest.mark.parametrize("way", WAYS)
def test_encodings_and_titles_change_nothing(way: str, intake: Intake, tmp_path: Path) -> None:
    above, encoding = WAYS[way]
    done = read(intake, tmp_path, (above + LEDGER).replace("\n", "\r\n").encode(encoding))
    assert postings(done) == EXPECTED


def test_tabs_capitals_and_columns_of_their_own(intake: Intake, tmp_path: Path) -> None:
    head = "Firma\tBOGFØRINGSDATO\tFunktion\tDranst\tGruppering\tArtskonto\tPSP element\tTekst\tDebet\tKredit"
    rows = ["0707\t2020-03-02\t56890\t1 Drift\t1\t40001000\tXG-0000000707-00001\tx\t1 234,56\t",
            "0707\t2020-03-15\t5.68.90 Driftsudgifter\t1\t001\t40001000 Ydelser\tXG-0000000707-00001\tx\t\t234,56",
            "0707\t31.12.2020\t05.68.90\tStatsrefusion\t1\t\tXG-0000000707-00001\tx\t0,00\t400,00"]
    done = read(intake, tmp_path, "\n".join([head, *rows]))
    assert postings(done) == Counter([
        ("2020-03-02", "jobnet", 123456, "5.68.90-1-001-40001000 PSP XG-0000000707-00001"),
        ("2020-03-15", "jobnet", -23456, "5.68.90-1-001-40001000 PSP XG-0000000707-00001"),
        ("2020-12-31", "jobnet", -40000, "5.68.90-2-001 PSP XG-0000000707-00001")])
    assert done.notes("postings")["columns-dropped"] == {"columns": "Firma"}


def test_signed_amounts_without_a_side(intake: Intake, tmp_path: Path) -> None:
    rows = ["1.234,56", "1.234,56-", "(1.234,56)", "\N{MINUS SIGN}1\N{THIN SPACE}234,56", "kr. 5", "-0,00"]
    text = "\n".join(["Bogf.dato;Konto;Beløb", *(f'01-02-2021;5.68.90;"{row}"' for row in rows)])
    done = read(intake, tmp_path, text, rules="")
    amounts = sorted(int(row["amount_dkk"] * 100) for row in done.table("postings").to_pylist())
    assert amounts == [-123456, -123456, -123456, 0, 500, 123456]
    assert done.notes("postings") == {"ledger.no-rules": {"rows": 6}}
    assert done.table("postings").column("investment").null_count == 6


def test_totals_and_repeated_headers_are_left_out_and_counted(intake: Intake, tmp_path: Path) -> None:
    lines = HEADLESS.splitlines()
    text = "\n".join([HEAD, *lines[:3], "Mellemsum 2020;;;;600,00;Debet", HEAD, *lines[3:], ";;;;;",
                      ";;;;10.677,01;Debet"])
    done = read(intake, tmp_path, text)
    assert postings(done) == EXPECTED
    notes = done.notes("postings")
    assert notes["ledger.totals-left-out"] == {"rows": 2}
    assert notes["ledger.headers-repeated"] == {"rows": 1}
    assert notes["blank-rows"] == {"rows": 1}
    assert notes["ledger.total-agrees"] == {}


def test_a_total_that_does_not_agree_is_told(intake: Intake, tmp_path: Path) -> None:
    text = "\n".join(["Bogf.dato;Konto;Debet;Kredit", "01-02-2021;5.68.90;500,00;", "I alt;;900,00;100,50"])
    notes = read(intake, tmp_path, text).notes("postings")
    assert notes["ledger.total-differs"] == {"total": 800, "sum": 500}


def test_a_posting_that_speaks_of_totals_is_a_posting(intake: Intake, tmp_path: Path) -> None:
    text = f"{HEAD}\n02-03-2020;5.68.90;;I alt for marts;5,00;Debet\n"
    assert sum(postings(read(intake, tmp_path, text)).values()) == 1


def test_rejects_name_line_and_reason_and_nothing_of_the_cell(intake: Intake, tmp_path: Path) -> None:
    text = "\n".join([
        HEAD,
        "02-03-2020;5.68.90;;x;12,3,4;Debet",
        "02-03-2020;5.68.90;;x;;Debet",
        "02-03-2020;5.68.90;;x;5,00;Måske",
        "02-03-2020;5.68.90;;x;-5,00;Kredit",
        "32-03-2020;5.68.90;;x;5,00;Kredit",
        ";5.68.90;;x;5,00;Kredit",
        "02-03-2030;5.68.90;;x;5,00;Kredit",
        "02-03-2020;5.68.90;;x;1.000.000.000.000,00;Debet",
        "02-03-2020;5.68.90;;x",
        ""])
    done = read(intake, tmp_path, text)
    assert done.rejects() == [
        ("opus marts.csv", 2, "amount_dkk", "not-a-number"), ("opus marts.csv", 3, "amount_dkk", "missing-cell"),
        ("opus marts.csv", 4, "side", "side-unknown"), ("opus marts.csv", 5, "side", "sign-twice"),
        ("opus marts.csv", 6, "date", "bad-date"), ("opus marts.csv", 7, "date", "missing-cell"),
        ("opus marts.csv", 8, "date", "future"), ("opus marts.csv", 9, "amount_dkk", "out-of-range"),
        ("opus marts.csv", 10, "", "ragged")]
    assert not [one.value for one in done.report.rejects if one.value and one.value != "4"]


def test_both_sides_filled_is_a_reject(intake: Intake, tmp_path: Path) -> None:
    text = "Bogf.dato;Konto;Debet;Kredit\n01-02-2021;5.68.90;500,00;1,00\n01-02-2021;5.68.90;500,00;\n"
    assert read(intake, tmp_path, text).rejects() == [("opus marts.csv", 2, "debit", "both-sides")]


def test_mostly_rejects_is_the_wrong_file(intake: Intake, tmp_path: Path) -> None:
    text = f"{HEAD}\n02-03-2020;5.68.90;;x;-5,00;Kredit\n02-03-2020;5.68.90;;x;5,00;Kredit\n"
    with pytest.raises(GevinstError) as fault:
        read(intake, tmp_path, text, max_rejected_share=0.1)
    assert fault.value.code == "intake.too-many-rejects"


def test_an_account_that_cannot_be_read_is_kept_as_it_stands(intake: Intake, tmp_path: Path) -> None:
    head = "Bogf.dato;Kontostreng;Dranst;Beløb;Tekst"
    text = f"{head}\n01-02-2021;Kassebilag;1;5,00;Jobnet\n01-02-2021;5.68.90-1;2;5,00;x\n01-02-2021;;;5,00;x\n"
    rules = "rules:\n  - {investment: jobnet, text: jobnet}\n"
    done = read(intake, tmp_path, text, rules=rules)
    assert postings(done) == Counter([
        ("2021-02-01", "jobnet", 500, "Kassebilag 1"), ("2021-02-01", None, 500, "5.68.90-2"),
        ("2021-02-01", None, 500, None)])
    notes = done.notes("postings")
    assert notes["ledger.account-unread"] == {"rows": 1}
    assert notes["ledger.account-conflict"] == {"rows": 1}


def test_another_accounting_year_is_told(intake: Intake, tmp_path: Path) -> None:
    text = "Bogf.dato;Regnskabsår;Konto;Beløb\n15-01-2021;2020;5.68.90;5,00\n15-01-2021;2021;5.68.90;5,00\n"
    assert read(intake, tmp_path, text).notes("postings")["ledger.year-differs"] == {"rows": 1}


def test_a_workspace_says_otherwise(intake: Intake, tmp_path: Path) -> None:
    layout = """
columns:
  date: [Dag]
  side: [Kode]
debit_words: [S]
credit_words: [H]
decimal: "."
minus_with_side: reverses
keep_text: false
"""
    rules = "rules:\n  - {investment: jobnet, text: kursus}\n"
    text = "Dag;Konto;Tekst;Beløb;Kode\n01-02-2021;5.68.90;Kursus i marts;1,234.50;S\n01-02-2021;5.68.90;x;-1.00;H\n"
    done = read(intake, tmp_path, text, rules=rules, layout=layout)
    assert postings(done) == Counter([
        ("2021-02-01", "jobnet", 123450, "5.68.90"), ("2021-02-01", None, 100, "5.68.90")])
    assert done.table("postings").column("text").null_count == 2
    notes = done.notes("postings")
    assert set(notes) >= {"ledger.text-not-stored", "ledger.layout-used"}


def test_no_cpr_number_is_stored_or_told(intake: Intake, tmp_path: Path) -> None:
    cells = ("5.68.90;;Til 010190-1234", "0101901234;;x", "101901234;;x", "5.68.90;0101901234;x", "5.68.90;101901234;x")
    text = "\n".join([HEAD, *(f"02-03-2020;{cell};5,00;Debet" for cell in cells)])
    done = read(intake, tmp_path, text)
    everything = b"".join(path.read_bytes() for path in done.folder.rglob("*") if path.is_file())
    everything += "".join(report_lines(done.report)).encode()
    assert b"10190" not in everything
    assert done.notes("postings")["cpr-hidden"] == {"rows": 5}


def test_small_pieces_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "opus.csv"
    path.write_bytes(LEDGER.encode())
    ours = supplier(tmp_path / "workspace", RULES)

    def read_in(piece: int) -> tuple[list[object], list[str], object]:
        source = open_ledger(path, ours.layout, ours.rules, piece=piece)
        batches = list(source.rows())
        rows = [row for batch in batches for row in batch.cells.to_pylist()]
        lines = [line for batch in batches for line in batch.lines.tolist()]
        return rows, lines, getattr(source, "notes", ())

    assert read_in(PIECE) == read_in(len(HEAD.encode()) + 2)
    assert read_in(PIECE)[1] == [2, 3, 4, 5, 6]


def test_several_files_are_united(intake: Intake, tmp_path: Path) -> None:
    files = {"a.csv": LEDGER, "b.txt": LEDGER.replace("2020", "2021"),
             "postings.csv": "date;investment;amount_dkk;account;text\n2022-01-01;;5;5.68.90;x\n"}
    done = intake(files, suppliers=[supplier(tmp_path / "workspace", RULES)])
    assert sum(postings(done).values()) == 11
    assert postings(done)["2022-01-01", None, 500, "5.68.90"] == 1


@pytest.mark.parametrize(("name", "content"), [
    ("spells.csv", "person_id;benefit;start_date;end_date\n1;a-dagpenge;2020-01-01;\n"),
    ("yr.csv", "Uge;CPR nummer;Ydelse;Refusionsbeløb\n2021-01-04;0101901234;Sygedagpenge;5,00\n"),
    ("fasit.csv", "Art;Beløb;Beløb;Startdato\nx;1;2;01-02-2021\n"),
    ("billede.csv", b"\x89PNG\r\n\0\0"), ("tom.csv", ""), ("brev.docx", b"PK\x03\x04"), ("opus.pdf", HEAD)])
def test_other_files_are_none_of_ours(name: str, content: Contents, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else b"%b" % content)
    assert default_supplier().parts(path) == ()


@pytest.mark.parametrize(("head", "da", "en"), [
    ("Bogf.dato;PSP-element;Kroner", "beløb", "amount"), ("Dag;PSP-element;Beløb", "bogføringsdato", "posting date"),
    ("Bogf.dato;Dranst;Beløb", "konto eller PSP-element", "account or PSP element")])
def test_a_ledger_but_for_a_column_is_refused_by_what_is_missing(head: str, da: str, en: str, tmp_path: Path) -> None:
    (tmp_path / "opus.csv").write_text(f"{head}\n1;2;3\n", encoding="utf-8")
    with pytest.raises(GevinstError) as fault:
        find_parts(tmp_path, [default_supplier()])
    assert (fault.value.code, fault.value.where) == ("ledger.columns-missing", "opus.csv")
    assert f"for {da}." in fault.value.message("da").what
    assert f"for {en}." in fault.value.message("en").what


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "opus.csv").write_text("Titel\nBogf.dato;Konto;Beløb;beløb\n", encoding="utf-8")
    with pytest.raises(GevinstError) as fault:
        find_parts(tmp_path, [default_supplier()])
    assert (fault.value.code, fault.value.where) == ("ledger.column-twice", "opus.csv:2")


def test_a_file_that_lost_its_header_since_it_was_recognised(tmp_path: Path) -> None:
    path = tmp_path / "opus.csv"
    for content, code in (("a;b\n1;2\n", "ledger.columns-missing"), ("", "intake.empty-file")):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(GevinstError) as fault:
            open_ledger(path, read_layout())
        assert fault.value.code == code


@pytest.mark.parametrize(("layout", "code", "line"), [
    ("columns:\n  dato: [x]\n", "parameters.unknown-key", 2), ("colums:\n  date: [x]\n", "parameters.unknown-key", 1),
    ("decimal: komma\n", "ledger.layout-word", 1), ("minus_with_side: maybe\n", "ledger.layout-word", 1),
    ("debit_words: [K]\n", "ledger.layout-word", None), ("keep_text: perhaps\n", "parameters.wrong-kind", 1),
    ("columns:\n  date: Dag\n", "parameters.wrong-kind", 2)])
def test_a_layout_with_a_fault_is_refused_by_line(layout: str, code: str, line: int | None, tmp_path: Path) -> None:
    (tmp_path / LAYOUT_FILE).write_text(layout, encoding="utf-8")
    with pytest.raises(GevinstError) as fault:
        read_layout(tmp_path / LAYOUT_FILE)
    assert fault.value.code == code
    if line is not None:
        assert fault.value.where == f"{LAYOUT_FILE}:{line}"
    for language in LANGUAGES:
        assert "{" not in " ".join(fault.value.message(language))


def test_every_note_can_be_said(intake: Intake, tmp_path: Path) -> None:
    for text in (LEDGER, f"{LEDGER};;;;10.677,01;Debet\n"):
        report = read(intake, tmp_path, text).report
        assert "{" not in "\n".join(report_lines(report))
