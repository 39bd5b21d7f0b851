"""Every reader of files from outside, as something that takes bytes: it reads them or raises a `GevinstError`.

A target's seeds are sound files, small, of the kind the reader meets. `read` takes the bytes and an empty folder.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import xlsxwriter

from gevinst.errors import GevinstError
from gevinst.follow_up.calendar_file import read_calendar
from gevinst.follow_up.disclosure.cells import Relation
from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.disclosure.released import Released, earlier_editions
from gevinst.follow_up.disclosure.released import as_json as counts_json
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.disclosure.steps import Step
from gevinst.lint.check import lint_files
from gevinst.parameters.benefits import normalise_benefit
from gevinst.parameters.local import open_book
from gevinst.register.ledger_rules_file import read_rules
from gevinst.register.workbook import read_workbook, write_workbook
from gevinst.register.yaml_file import read_portfolio
from gevinst.report.letterhead import open_letterhead
from gevinst.settings import load_settings
from gevinst.sources.cells import UNIX_DAY
from gevinst.sources.checks import Rules as CheckRules
from gevinst.sources.manifest import read_manifest
from gevinst.sources.online.jsonstat import read_jsonstat
from gevinst.sources.online.px import read_px
from gevinst.sources.online.saved_tables import read_saved
from gevinst.sources.online.shapes import read_catalogue, read_description, read_rows
from gevinst.sources.parts import Part, Supplier, canonical_part
from gevinst.sources.pseudonym import IN_MEMORY_KEY, Pseudonymiser
from gevinst.sources.staging import RejectLog, stage
from gevinst.sources.suppliers.dream import Dream
from gevinst.sources.suppliers.dream_codes import code_list
from gevinst.sources.suppliers.mapped_source import MappedSupplier
from gevinst.sources.suppliers.mapping_reader import read_mapping
from gevinst.sources.suppliers.opus import default_supplier
from gevinst.sources.suppliers.opus_layout import read_layout
from gevinst.sources.suppliers.ydelsesrefusion import Ydelsesrefusion
from gevinst.weeks import week_of
from tests.lint.making import Block, as_page, as_pdf, as_sheet, as_word, document, transcription
from tests.parameters.test_local import INDEX, LADDER, RATES
from tests.sources.suppliers import dream_cases
from tests.sources.suppliers.test_opus import LEDGER
from tests.ydelsesrefusion_files import HEAD as YR_HEAD

TESTS = Path(__file__).parents[1]
REGISTER = TESTS / "oracle" / "register_small"
PORTFOLIO = TESTS.parent / "src" / "gevinst" / "register" / "portfolios" / "norddjurs-2020-2023.yaml"
TODAY = date(2024, 2, 1)
MAPPING = """\
key: udtraek
supplier: Prøve
made: 2024-02-01
table: spells
files: ['udtræk*']
columns:
  person_id: Borger
  benefit: {from: Ydelse, codes: {KTH: kontanthjaelp, DP: a-dagpenge}, unlisted: leave_out}
  start_date: {from: Fra, date: dd-mm-yyyy}
  end_date: {from: Til, date: dd-mm-yyyy, blank: ['-']}
filters:
  - {drop: Ydelse, in: [X]}
"""
RULES = """\
rules:
  - {investment: jobnet, psp: XG-*, dranst: [1, 2], from: 2020-01-01}
  - {investment: '-', function: 5.57.*}
"""
EXTRACT = [("Borger", "Ydelse", "Fra", "Til"), ("010190-1234", "KTH", "04-01-2021", "31-01-2021"),
           ("P7", "DP", "01-02-2021", "-"), ("P8", "X", "01-02-2021", ""), ("P9", "NY", "01-02-2021", "")]


@dataclass(frozen=True)
class Target:
    """A reader, and sound files to break."""

    seeds: Callable[[], Sequence[bytes]]
    read: Callable[[bytes, Path], None]


def _staged(name: str, parts_of: Callable[[Path], Sequence[Part]], data: bytes, folder: Path) -> None:
    """Through reading, checks and pseudonyms, as an import does it."""
    path = folder / name
    path.write_bytes(data)
    pseudonymiser = Pseudonymiser(IN_MEMORY_KEY)
    target = folder / "target"
    target.mkdir()
    with RejectLog(target) as log:
        for number, part in enumerate(parts_of(path)):
            rules = CheckRules(name, part.contract, TODAY.toordinal() - UNIX_DAY, normalise_benefit, pseudonymiser)
            stage(part, rules, target / f"{number}.parquet", log)


def _canonical(path: Path) -> Sequence[Part]:
    part = canonical_part(path)
    assert part is not None
    return (part,)


def _of(supplier: Supplier) -> Callable[[Path], Sequence[Part]]:
    return supplier.parts


def _mapped(path: Path) -> Sequence[Part]:
    mapping = path.parent / "udtraek.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    return MappedSupplier(read_mapping(mapping)).parts(path)


def _head(name: str, lines: int = 12) -> bytes:
    return b"".join((REGISTER / name).read_bytes().splitlines(keepends=True)[:lines])


def _parquet(name: str) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.csv.read_csv(io.BytesIO(_head(name, 40))), buffer)
    return buffer.getvalue()


def _dream() -> bytes:
    first = week_of(date(2020, 11, 2))
    persons = [dict.fromkeys(range(first, first + 9), 111), dict.fromkeys(range(first + 2, first + 12), 730), {}]
    return dream_cases.csv_text(persons, first, first + 12).encode()


def _dream_parquet() -> bytes:
    first = week_of(date(2020, 11, 2))
    persons = [dict.fromkeys(range(first, first + 9), 111), dict.fromkeys(range(first + 2, first + 12), 730), {}]
    buffer = io.BytesIO()
    pq.write_table(pa.table(dream_cases.columns(persons, first, first + 12)), buffer)
    return buffer.getvalue()


def _yr() -> bytes:
    rows = [("2021-01-04", "0101901234", "Kontanthjælp", "Norddjurs", "2000,00", "2000,00", "80", "1600,00", "0", "0"),
            ("2021-01-11", "101901234", "A-dagpenge", "Norddjurs", "-4000,5", "-4000,5", "0", "0", "80", "-3200,40"),
            ("2021-01-11", "0101901235", "Fleksbidrag fra staten", "Syddjurs", "1", "1", "0", "0", "0", "0")]
    return "\n".join(";".join(row) for row in [YR_HEAD, *rows]).encode("cp1252")


def _sheet() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("Ark1")
        for at, row in enumerate(EXTRACT):
            for column, cell in enumerate(row):
                page.write(at, column, cell)
        page.write(7, 0, 101901234)
        page.write_datetime(7, 2, date(2021, 1, 4), book.add_format({"num_format": "dd-mm-yyyy"}))
    return buffer.getvalue()


def _portfolio_workbook() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "portfolio.xlsx"
        write_workbook(read_portfolio(PORTFOLIO), path)
        return path.read_bytes()


def _letterhead() -> bytes:
    buffer = io.BytesIO()
    paper = docx.Document()
    paper.add_paragraph("{{titel}} {{dato}}")
    paper.add_paragraph("{{indhold}}")
    paper.save(buffer)
    return buffer.getvalue()


def _settings(data: bytes, folder: Path) -> None:
    (folder / "gevinst.toml").write_bytes(data)
    load_settings(folder)


def _local(data: bytes, folder: Path) -> None:
    """Each of a workspace's files of parameters holds the same bytes in turn; most of them are then the wrong file."""
    for name in ("rates", "refund_ladder", "indices"):
        here = folder / name
        here.mkdir()
        (here / f"{name}.yaml").write_bytes(data)
        try:
            open_book(here)
        except GevinstError as fault:
            str(fault)


def _file(name: str, read: Callable[[Path], object], data: bytes, folder: Path) -> None:
    path = folder / name
    path.write_bytes(data)
    read(path)


def _manifest(data: bytes, folder: Path) -> None:
    (folder / "manifest.json").write_bytes(data)
    read_manifest(folder)


def _answers(data: bytes, _: Path) -> None:
    """What a server says: as JSON first, for what is not JSON is refused before these readers see it."""
    try:
        payload = json.loads(data)
    except (ValueError, RecursionError):
        return
    for read in (read_catalogue, read_description, read_rows):
        try:
            read(payload, "svar")
        except GevinstError as fault:
            str(fault)
    for _row in _until_fault(read_jsonstat(payload, "svar")):
        pass


def _until_fault(rows: Iterator[object]) -> Iterator[object]:
    try:
        yield from rows
    except GevinstError as fault:
        str(fault)


def _px(data: bytes, _: Path) -> None:
    for _row in read_px(data.decode("cp1252", errors="replace"), "svar"):
        pass


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


ANSWERS = (
    _json([{"TableID": "y01b01", "TableName": "Overlevelse", "Updated": "2024-01-01"}]),
    _json({"TableID": "y01b01", "Measures": [{"ID": "m1", "Name": "Antal"}], "Dimensions": [
        {"ID": "_nykom", "Name": "Kommune", "Values": ["Norddjurs", "Syddjurs"]}]}),
    _json({"Variables": [{"Name": "Periode"}, {"Name": "Antal"}], "Data": [["2023M01", "1.234,5"], ["2023M02", ".."]]}),
    _json({"version": "2.0", "class": "dataset", "id": ["Tid"], "size": [2], "value": [1, None],
           "dimension": {"Tid": {"category": {"index": {"2021": 0, "2022": 1}}}}}),
    _json({"dataset": {"dimension": {"id": ["Tid"], "size": [2], "Tid": {"category": {"index": ["2021", "2022"]}}},
                       "value": {"0": 1.5}}}),
)
SAVED = """\
Periode;Område;Overlevelseskurve m. tilbagefald til den valgte ydelse, 13 uger
2020;Norddjurs;45,2
2021;Norddjurs;..
"""
SETTINGS = b"""\
municipality = "Norddjurs"
municipality_code = "707"
language = "da"
small_cell_threshold = 5
"""
MANIFEST = {
    "format": 1, "created": "2024-01-01T00:00:00+00:00", "program": "0.1.0", "key_id": "ab", "data_from": None,
    "data_to": None, "files": [], "notes": [], "rejects_sha256": "x",
}
PX = 'CHARSET="ANSI";\nSTUB="kommune";\nHEADING="tid";\nVALUES("kommune")="Norddjurs","Syddjurs";\n' \
     'VALUES("tid")="2021","2022";\nDATA=\n1 2\n3 "..";\n'

PAYMENTS = """\
person_id;benefit;week;gross_dkk;refund_dkk;cofinancing_dkk
0101901234;kontanthjaelp;2021-01-04;2000,00;1600,00;
0101901234;a-dagpenge;2021-01-11;-4000,50;;-3200,40
"""
DREAM_CODES = "code;name_da;benefit;source\n998;prøve;a-dagpenge;egen\n999;andet;none;egen\n"
LAYOUT = "columns:\n  amount: [Sum kr.]\n  date: [Dag]\ndebit_words: [Ud]\ndecimal: ','\n"
CALENDAR = """\
follow_up_months: [4, 6, 9, 11]
agenda_days: 4
closed_every_year: [24-12]
closed_days: [2026-05-15]
meetings:
  - {body: Økonomiudvalget, date: 2026-11-24, agenda_out: 2026-11-18, follow_up: true}
partial_weeks_open: 0.5
"""
COUNTS = counts_json(Released(
    "p", {"1/participants": 60, "1/outside_support": Hidden.FEW}, ("1/rest",),
    (Relation("1/participants", ("1/in_effect", "1/outside_support")),),
    {"1/any/participants": {0: Step(0, 1.0, 60), 4: Step(4, 0.5, 60)}}, Rules(), {"1/delivered/2020": 53}))


def _ledger_book() -> bytes:
    """The ledger as a workbook, with amounts as numbers."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("Posteringer")
        for row, cells in enumerate(line.split(";") for line in LEDGER.splitlines()):
            for column, cell in enumerate(cells):
                page.write(row, column, cell)
    return buffer.getvalue()


def _linted(name: str, data: bytes, folder: Path) -> None:
    path = folder / name
    path.write_bytes(data)
    lint_files([path])


def _memo(make: Callable[[Sequence[Block], Path], Path], name: str) -> Callable[[], list[bytes]]:
    """A memo with a few tables of the first document, in a form."""
    def made() -> list[bytes]:
        with TemporaryDirectory() as folder:
            return [make(transcription(document("002"))[:12], Path(folder) / name).read_bytes()]

    return made


def _workspace_file(name: str, read: Callable[[Path], object], data: bytes, folder: Path) -> None:
    (folder / name).write_bytes(data)
    read(folder)


def _counts(data: bytes, folder: Path) -> None:
    (folder / "e").mkdir()
    (folder / "e" / "counts.json").write_bytes(data)
    earlier_editions(folder, "p")


TARGETS: dict[str, Target] = {
    "payments.csv": Target(lambda: [PAYMENTS.encode()], partial(_staged, "payments.csv", _canonical)),
    "opus.xlsx": Target(lambda: [_ledger_book()], partial(_staged, "opus.xlsx", _of(default_supplier()))),
    "ledger_layout.yaml": Target(lambda: [LAYOUT.encode()], partial(_file, "ledger_layout.yaml", read_layout)),
    "dream_codes.csv": Target(lambda: [DREAM_CODES.encode()], partial(_file, "dream_codes.csv", code_list)),
    "calendar.yaml": Target(lambda: [CALENDAR.encode()], partial(_workspace_file, "calendar.yaml", read_calendar)),
    "counts.json": Target(lambda: [_json(COUNTS)], _counts),
    "memo.docx": Target(_memo(as_word, "m.docx"), partial(_linted, "memo.docx")),
    "memo.html": Target(_memo(as_page, "m.html"), partial(_linted, "memo.html")),
    "memo.xlsx": Target(_memo(as_sheet, "m.xlsx"), partial(_linted, "memo.xlsx")),
    "memo.pdf": Target(_memo(as_pdf, "m.pdf"), partial(_linted, "memo.pdf")),
    "spells.csv": Target(lambda: [_head("spells.csv")], partial(_staged, "spells.csv", _canonical)),
    "participants.csv": Target(lambda: [_head("participants.csv")], partial(_staged, "participants.csv", _canonical)),
    "persons.csv": Target(lambda: [_head("persons.csv")], partial(_staged, "persons.csv", _canonical)),
    "spells.parquet": Target(lambda: [_parquet("spells.csv")], partial(_staged, "spells.parquet", _canonical)),
    "ydelsesrefusion.csv": Target(lambda: [_yr()], partial(
        _staged, "yr-ydelsesrefusion-beregning-2021-01-31.csv", _of(Ydelsesrefusion()))),
    "dream.csv": Target(lambda: [_dream()], partial(_staged, "dream.csv", _of(Dream()))),
    "dream.parquet": Target(lambda: [_dream_parquet()], partial(_staged, "dream.parquet", _of(Dream()))),
    "dream.sas7bdat": Target(lambda: [(TESTS / "sources/suppliers/dream.sas7bdat").read_bytes()], partial(
        _staged, "dream.sas7bdat", _of(Dream()))),
    "mapped.csv": Target(lambda: ["\n".join(";".join(row) for row in EXTRACT).encode("cp1252")], partial(
        _staged, "udtræk.csv", _mapped)),
    "mapped.xlsx": Target(lambda: [_sheet()], partial(_staged, "udtræk.xlsx", _mapped)),
    "opus.csv": Target(lambda: [LEDGER.encode("cp1252")], partial(_staged, "opus.csv", _of(default_supplier()))),
    "mapping.yaml": Target(lambda: [MAPPING.encode()], partial(_file, "udtraek.yaml", read_mapping)),
    "ledger_rules.yaml": Target(lambda: [RULES.encode()], partial(_file, "ledger_rules.yaml", read_rules)),
    "portfolio.yaml": Target(lambda: [PORTFOLIO.read_bytes()], partial(_file, "portfolio.yaml", read_portfolio)),
    "portfolio.xlsx": Target(lambda: [_portfolio_workbook()], partial(_file, "portfolio.xlsx", read_workbook)),
    "rates.yaml": Target(lambda: [RATES.encode(), LADDER.encode(), INDEX.encode()], _local),
    "letterhead.docx": Target(lambda: [_letterhead()], lambda data, _: void(open_letterhead(data))),
    "gevinst.toml": Target(lambda: [SETTINGS], _settings),
    "manifest.json": Target(lambda: [_json(MANIFEST)], _manifest),
    "answers.json": Target(lambda: ANSWERS, _answers),
    "saved.csv": Target(lambda: [SAVED.encode()], lambda data, _: void(read_saved(Path("y01b01.csv"), data))),
    "saved.json": Target(lambda: ANSWERS, lambda data, _: void(read_saved(Path("y01b01.json"), data))),
    "saved.xlsx": Target(lambda: [_sheet()], lambda data, _: void(read_saved(Path("y01b01.xlsx"), data))),
    "table.px": Target(lambda: [PX.encode()], _px),
}


def void(_: object) -> None:
    """What is read is of no matter here."""

