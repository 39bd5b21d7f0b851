"""Whatever a supplier calls, orders and writes its columns, the right mapping imports the same tables."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from gevinst.parameters.benefits import normalise_benefit
from gevinst.sources.cells import UNIX_DAY
from gevinst.sources.checks import Rules, check_rows
from gevinst.sources.pseudonym import IN_MEMORY_KEY, Pseudonymiser
from gevinst.sources.reading import Source, open_source
from gevinst.sources.suppliers.date_formats import EXCEL
from gevinst.sources.suppliers.mapped_source import MappedSource
from gevinst.sources.suppliers.mapping import ColumnRule, FileMapping, Filter
from gevinst.sources.suppliers.mapping_reader import read_mapping
from gevinst.sources.suppliers.mapping_writer import mapping_text
from gevinst.tables import SPELLS

STRFTIME = {"dd-mm-yyyy": "%d-%m-%Y", "dd.mm.yy": "%d.%m.%y", "yyyymmdd": "%Y%m%d", "mm/dd/yyyy": "%m/%d/%Y",
            "yyyy-mm-dd hh:mm:ss": "%Y-%m-%d 13:45:00", "dd/mm/yyyy hh:mm": "%d/%m/%Y 07:01"}
CODES = {"sygedagpenge": "2.2 Sygedagpenge", "kontanthjaelp": "6.4", "a-dagpenge": "Forsikret ledig"}
NAMES = {"person_id": "CPR-nr.", "benefit": "Målgruppe", "start_date": "Fra", "end_date": "Til", "degree": "Tid",
         "amount_dkk": "Beløb", "status": "Status"}
Row = dict[str, Any]


@st.composite
def spells(draw: st.DrawFn) -> list[Row]:
    rows = []
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.dates(date(2018, 1, 1), date(2022, 1, 1)))
        length = draw(st.none() | st.integers(0, 400))
        rows.append({
            "person_id": f"0{draw(st.integers(1, 9))}0190{draw(st.integers(0, 9999)):04}",
            "benefit": draw(st.sampled_from(sorted(CODES))), "start_date": start,
            "end_date": None if length is None else start + timedelta(days=length),
            "degree": draw(st.sampled_from([0.25, 0.5, 1])), "amount_dkk": draw(st.integers(-10**8, 10**8))})
    return rows


def kroner(ore: int, decimal: str) -> str:
    """An amount with thousands and decimals."""
    text = f"{abs(ore) / 100:,.2f}"
    text = text.translate(str.maketrans(",.", ".,")) if decimal == "," else text
    return f"{text}-" if ore < 0 else text


def canonical(rows: list[Row]) -> str:
    """The canonical file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["person_id", "benefit", "start_date", "end_date", "degree", "amount_dkk"])
    for row in rows:
        writer.writerow([row["person_id"], row["benefit"], row["start_date"], row["end_date"] or "", row["degree"],
                         f"{row['amount_dkk'] / 100:.2f}"])
    return out.getvalue()


def checked(source: Source, rejects: int = 0) -> Any:
    """The rows as they are stored, in the file's order."""
    rules = Rules("levering", SPELLS, date(2024, 2, 1).toordinal() - UNIX_DAY, normalise_benefit,
                  Pseudonymiser(IN_MEMORY_KEY))
    done = [check_rows(rows, rules) for rows in source.rows()]
    assert sum(len(one.rejects) for one in done) == rejects
    return pa.concat_tables([one.accepted for one in done]).drop_columns("line").combine_chunks()


@given(spells(), st.sampled_from(sorted([*STRFTIME, EXCEL])), st.sampled_from(",."), st.sampled_from(";\t|"),
       st.sampled_from(["utf-8", "cp1252", "utf-8-sig"]), st.booleans(), st.randoms(use_true_random=False))
def test_a_renamed_reordered_reformatted_file_gives_the_same_table(
    rows: list[Row], form: str, decimal: str, separator: str, encoding: str, excel: bool, shuffled: Random
) -> None:
    order = list(NAMES)
    shuffled.shuffle(order)

    def cell(row: Row, name: str) -> Any:
        value = row.get(name)
        match name:
            case "status":
                return shuffled.choice(["Aktiv", "Afsluttet"])
            case "benefit":
                return CODES[value].upper() + "  "
            case "amount_dkk":
                return value / 100 if excel else kroner(value, decimal)
            case "degree":
                return value if excel else str(value).replace(".", decimal)
            case "person_id":
                return shuffled.choice([value, f"{value[:6]}-{value[6:]}", float(value) if excel else value[1:]])
            case _ if value is None:
                return None if excel else "-"
            case _ if form == EXCEL:
                serial = (value - date(1899, 12, 30)).days
                return serial if excel else str(serial)
        return value if excel and shuffled.random() < 0.5 else value.strftime(STRFTIME[form])

    dropped = {"person_id": "0101901111", "benefit": "kontanthjaelp", "start_date": date(2020, 1, 1), "end_date": None,
               "degree": 1, "amount_dkk": 0}
    table = [[cell(row, name) for name in order] for row in rows] + [[cell(dropped, name) for name in order]]
    table[-1][order.index("status")] = "Annulleret"
    days = {name: ColumnRule((NAMES[name],), date=form, blank=("-",)) for name in ("start_date", "end_date")}
    by = FileMapping(
        "prove", "Prøve", date(2024, 2, 1), "spells", ("levering*",), (
            ("person_id", ColumnRule((NAMES["person_id"],), cpr=True)),
            ("benefit", ColumnRule((NAMES["benefit"],), codes=tuple((code, key) for key, code in CODES.items()))),
            *days.items(), *((name, ColumnRule((NAMES[name],))) for name in ("degree", "amount_dkk"))),
        (Filter(False, "Status", "in", ("annulleret",)),), decimal="" if excel else decimal)
    with TemporaryDirectory() as place:
        folder = Path(place)
        mapped, plain = folder / "prove.yaml", folder / "spells.csv"
        mapped.write_text(mapping_text(by), encoding="utf-8")
        plain.write_text(canonical(rows), encoding="utf-8")
        file = write(folder, [[NAMES[name] for name in order], *table], excel, separator, encoding)
        assert read_mapping(mapped) == by
        found, expected = checked(MappedSource(file, by)), checked(open_source(plain, SPELLS))
    assert found.equals(expected)
    assert len(found) == len(rows)


def write(folder: Path, table: list[list[Any]], excel: bool, separator: str, encoding: str) -> Path:
    """A line of title, and the table, as text or as a workbook."""
    path = folder / f"levering.{'xlsx' if excel else 'csv'}"
    if not excel:
        out = io.StringIO()
        csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows([["Udtræk", "æøå"], *table])
        path.write_bytes(out.getvalue().encode(encoding))
        return path
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        page.write(0, 0, "Udtræk")
        for at, row in enumerate(table, start=2):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(at, column, value, day)
                else:
                    page.write(at, column, value)
    return path
