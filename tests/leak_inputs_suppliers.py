"""Suppliers' own files full of ids: DREAM, Opus, mapped extracts, saved web tables; and what is typed of them."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from gevinst.weeks import label, week_of
from tests.leak_inputs import OTHERS, PERSONS, written

FIRST_WEEK = week_of(date(2020, 1, 6))
WEEKS = 110
FIRST_DAY = date(2020, 1, 6)
STRANGER, SECOND, THIRD, FOURTH = OTHERS[20:24]


def dream_file(path: Path, persons: list[str], *, broken: bool = False) -> Path:
    """A wide file of codes by week, the number as CPR in `lobenr`; `broken`: ids among the codes and the columns."""
    names = [f"y_{label(FIRST_WEEK + week)[2:].replace('-W', '')}" for week in range(WEEKS)]
    head = ["lobenr", "kon", *names]
    rows = []
    for place, one in enumerate(persons):
        start, stay = place % 40, 8 + place % 50
        codes = ["111" if start <= week < start + stay else "" for week in range(WEEKS)]
        rows.append([one, "12"[place % 2], *codes])
    if broken:
        head[1] = STRANGER
        rows[3][5:8], rows[4][9] = [STRANGER, written(SECOND, 1), SECOND], f"111 {STRANGER}"
    path.parent.mkdir(exist_ok=True)
    if path.suffix == ".parquet":
        columns = {name: [row[at] for row in rows] for at, name in enumerate(head)}
        if not broken:
            columns["lobenr"] = [int(one) if one.isdecimal() else 0 for one in columns["lobenr"]]
        pq.write_table(pa.table(columns), path)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([head, *rows])
    return path


def dream_folder(folder: Path, ending: str) -> Path:
    """A DREAM file, named with an id, and participants beside it; Parquet has the numbers as numbers, zeros lost."""
    persons = [one for one in PERSONS if one.isdecimal() or ending == "csv"][:400]
    ids = [written(one, place) if ending == "csv" else str(int(one)) for place, one in enumerate(persons)]
    dream_file(folder / f"dream {written(STRANGER, 1)}.{ending}", ids)
    lines = [f"{one};jobnet;{FIRST_DAY + timedelta(weeks=place % 40 + 3)};" for place, one in enumerate(ids[:120])]
    (folder / "participants.csv").write_text(
        "\n".join(["person_id;investment;start_date;end_date", *lines, f"{STRANGER};jobnet;{SECOND};", ""]))
    return folder


OPUS_HEAD = "Bogf.dato;Regnskabsår;Kontostreng;PSP-element;Tekst;Beløb;Debet/Kredit"


def opus_text(*, broken: bool = False) -> str:
    """A ledger dump with ids in the text, the account and the PSP element; `broken`: in dates and amounts, mostly."""
    one, other = STRANGER, written(SECOND, 1)
    lines = [f"31-03-{2020 + place % 2};{2020 + place % 2};5.68.90-1-1-001-5.2;XG-0000000707-00001;"
             f"Til {written(id_, place)}, ref. {id_};1.000,00;Debet" for place, id_ in enumerate(PERSONS[:120])]
    lines += [f"31-03-2020;2020;{one};XG-0000000707-00001;{other};10,00;Debet",
              f"31-03-2020;2020;{other};{one};;11,00;Debet",
              f"31-03-2020;2020;5.57.78-1-1-{one};{other};{one};12,00;Kredit",
              f"31-03-2020;2020;6.45.53-1-1-001-1.1;XG-{one}-00001;løn;13,00;Debet",
              f"{one};2020;5.68.90-1-1-001-5.2;;x;14,00;Debet",
              f"31-03-2020;{one};5.68.90-1-1-001-5.2;;x;{other};Debet",
              f"31-03-2020;2020;5.68.90-1-1-001-5.2;;x;15,00;{one}", f"{one};{other}"]
    if broken:
        lines = [f"{one};{other};{one};{other};{one};{one};{other}"] * 30
    return "\n".join([f"Posteringsliste;{one}", "", OPUS_HEAD, *lines, ""])


def opus_folder(folder: Path) -> Path:
    """The dump beside spells and participants."""
    folder.mkdir()
    (folder / f"Opus {written(THIRD, 1)}.csv").write_bytes(opus_text().encode("cp1252"))
    spells = [f"{one};a-dagpenge;{FIRST_DAY};2020-08-02" for one in PERSONS[:60]]
    (folder / "spells.csv").write_text("\n".join(["person_id;benefit;start_date;end_date", *spells, ""]))
    starts = [f"{one};jobnet;{FIRST_DAY + timedelta(weeks=4)};2020-04-26" for one in PERSONS[:30]]
    (folder / "participants.csv").write_text("\n".join(["person_id;investment;start_date;end_date", *starts, ""]))
    return folder


RULES = """rules:
  - {investment: jobnet, psp: XG-0000000707-*}
  - {investment: "-", function: [5.57.*]}
"""
RULES_OF_IDS = f"""rules:
  - {{investment: jobnet, text: "{STRANGER}"}}
  - {{investment: "{written(SECOND, 1)}", psp: "{STRANGER}"}}
limits: {{percent: "{STRANGER}"}}
"""
EXTRACT_HEAD = ("CPR-nr.", "Navn", "Målgruppe", "Start", "Slut", "Bemærkning", "Ansvarlig", "Lokation")


def extract_rows() -> list[list[str]]:
    """An extract in neutral columns: ids in the remarks, the place, the end date, the benefit."""
    rows = [[written(one, place), f"Borger {place}", ("2.2 Sygedagpenge", "6.7 Jobafklaring")[place % 2],
             f"0{place % 9 + 1}.02.2021", "31.12.2021", f"se {written(OTHERS[place % 40], place)}", OTHERS[place % 40],
             written(OTHERS[place % 3], 1)] for place, one in enumerate(PERSONS[:60])]
    rows += [[STRANGER, "", written(SECOND, 1), "01.02.2021", "", "", "", ""],
             [STRANGER, "", "2.2 Sygedagpenge", SECOND, "", "", "", ""],
             [STRANGER, "", "2.2 Sygedagpenge", "01.02.2021", written(SECOND, 1), "", "", ""],
             [f"{STRANGER} og {SECOND}", "", "2.2 Sygedagpenge", "01.02.2021", "", "", "", ""]]
    return rows


def extract(path: Path) -> Path:
    """The extract as CSV or as a workbook with ids in the names of its sheets."""
    path.parent.mkdir(exist_ok=True)
    rows = [[f"Udtræk for {STRANGER}"], [], list(EXTRACT_HEAD), *extract_rows()]
    if path.suffix == ".csv":
        with path.open("w", encoding="cp1252", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
        return path
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": True}) as book:
        book.set_properties({"author": STRANGER})
        for name in (f"Borger {written(SECOND, 1)}", f"Om {THIRD}"):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows if name.startswith("Borger") else [[THIRD]]):
                sheet.write_row(at, 0, row)
    return path


BENEFITS = ("--code", "benefit:2.2 Sygedagpenge=sygedagpenge", "--code", "benefit:6.7 Jobafklaring=jobafklaring")


def mapping_commands(inputs: Path, at: list[str]) -> list[list[str]]:
    """`gevinst map` with ids wherever something can be said to it."""
    text, book = extract(inputs / f"Fasit {written(THIRD, 1)} 2024.csv"), extract(inputs / f"Fasit {FOURTH} 2024.xlsx")
    start = ["--set", "start_date=Start", "--date", "start_date=dd.mm.yyyy"]
    end = ["--set", "end_date=Slut", "--date", "end_date=dd.mm.yyyy"]
    make = ["map", str(text), *at, "--for", "spells", "--yes", *start, *end]
    told = ["--name", "fasit", "--files", "Fasit*.csv", *BENEFITS]
    sheet = f"Borger {written(SECOND, 1)}"
    return [
        [*make, "--try"],
        ["map", str(book), *at, "--for", "spells", "--yes", "--try", "--sheet", sheet, *start],
        ["map", str(book), *at, "--for", "spells", "--yes", "--name", "ark", "--files", "Fasit*.xlsx", "--sheet", "1",
         *start, *BENEFITS],
        ["map", str(book), *at, "--for", "spells", "--yes", "--sheet", STRANGER],
        [*make, *told],
        ["map", "--list", *at],
        ["map", "--show", "fasit", *at],
        ["map", "--show", STRANGER, *at],
        [*make, "--name", written(STRANGER, 1)],
        [*make, "--name", "a", "--files", f"Fasit {STRANGER}*"],
        [*make, "--name", "b", "--supplier", written(STRANGER, 1)],
        [*make, "--name", "c", "--set", f"municipality=={STRANGER}"],
        [*make, "--name", "d", "--code", f"benefit:{STRANGER}=sygedagpenge"],
        [*make, "--name", "e", "--code", f"benefit:2.2 Sygedagpenge={STRANGER}"],
        [*make, "--name", "f", "--filter", f"drop Bemærkning in {STRANGER}"],
        [*make, "--name", "g", "--blank", f"end_date={written(STRANGER, 1)}"],
        [*make, "--name", "h", "--set", f"benefit={STRANGER}"],
        [*make, "--name", "i", "--date", f"start_date={STRANGER}"],
        [*make, "--name", "j", "--set", f"{STRANGER}=Start"],
        [*make, "--like", STRANGER],
        ["map", str(inputs / f"{STRANGER}.csv"), *at],
        ["map", str(text), *at, "--for", STRANGER, "--yes"],
    ]


def saved_tables(folder: Path) -> dict[str, Path]:
    """Tables that somebody saved from a web page, with ids where a public table would have figures or names."""
    folder.mkdir()
    head = ["Periode", "Område", *(f"Overlevelseskurve: {week}. uge" for week in (1, 2))]
    month = ["Periode", "Område", "Antal personer", "Antal fuldtidspersoner"]
    one, other = STRANGER, written(SECOND, 1)
    texts = {
        f"y01a02 {written(THIRD, 1)}.csv": [month, ["2021M01", "Prøveby", "1.412", "1.234,5"]],
        "y01a02 celler.csv": [month, ["2021M01", "Prøveby", one, other], [one, "Prøveby", "3", "4"]],
        "y01a02 noter.csv": [[f"Gemt af {one}"], month, ["2021M01", "Prøveby", "1.412", "1.234,5"], [other]],
        "y01a02 sted.csv": [month, ["2021M01", one, "1.412", "1.234,5"]],
        "y01b01 kurver.csv": [head, ["2021", one, "90,0", other]],
        f"{FOURTH}.csv": [[one, other], [one]],
    }
    found = {}
    for name, rows in texts.items():
        found[name] = folder / name
        with found[name].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
    payload = {"columns": month, "rows": [["2021M01", "Prøveby", "1.412", "1.234,5"], ["2021M02", other, one, None]]}
    found["json"] = folder / "y01a02 svar.json"
    found["json"].write_text(json.dumps(payload), encoding="utf-8")
    stat = {"version": "2.0", "class": "dataset", "id": ["x"], "size": [1], "value": [1], "label": one,
            "dimension": {"x": {"label": other, "category": {"index": {one: 0}, "label": {one: other}}}}}
    found["statbank"] = folder / f"folk1a {other}.json"
    found["statbank"].write_text(json.dumps(stat), encoding="utf-8")
    found["px"] = folder / "folk1a.px"
    found["px"].write_text(f'CHARSET="ANSI";\nTITLE="{one}";\nSTUB="a";\nHEADING="b";\nVALUES("a")="{other}";\n'
                           f'VALUES("b")="1";\nDATA=\n1;\n', encoding="cp1252")
    return found


def saved_commands(folder: Path, at: list[str]) -> list[list[str]]:
    """`gevinst fetch import` of each, and with ids in what is said of them."""
    files = saved_tables(folder)
    first = str(next(iter(files.values())))
    return [*(["fetch", "import", str(path), *at, "--benefit", "a-dagpenge", "--area", "Prøveby"]
              for path in files.values()),
            ["fetch", "import", first, *at, "--area", STRANGER],
            ["fetch", "import", first, *at, "--benefit", written(STRANGER, 1)],
            ["fetch", "import", first, *at, "--saved", STRANGER],
            ["fetch", "import", first, *at, "--baseline", STRANGER],
            ["fetch", "import", str(folder / f"{STRANGER}.xlsx"), *at],
            ["fetch", "list", *at]]
