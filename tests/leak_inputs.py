"""A register full of made-up ids, as every supplier's files would have them, with ids where none should stand."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

REGISTER = Path(__file__).parent / "oracle" / "register_small"
STRANGERS = 40  # ids that only stand where they should not
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2)


def cpr_like(number: int) -> str:
    """A made-up number shaped like a CPR number; every other one fulfils modulus 11, some are substitutes."""
    day, month, year = number % 28 + 1, number // 28 % 12 + 1, 40 + number // 336 % 50
    kind = number % 7
    if kind == 5:
        day += 60
    start = f"{day:02d}{month:02d}{year:02d}"
    if kind == 6:
        return f"{start}{'ABCDEFGH'[number % 8]}{'KLMN'[number // 8 % 4]}{number // 32 % 10}{number // 320 % 10}"
    for serial in range(1000 + number * 7 % 8000, 10_000):
        one = f"{start}{serial:04d}"
        rest = sum(int(figure) * weight for figure, weight in zip(one[:9], _WEIGHTS, strict=True)) % 11
        if (number % 2 == 0) == (rest + int(one[9]) == 11 or rest + int(one[9]) == 0):
            return one
    raise AssertionError


def written(one: str, how: int) -> str:
    """An id as extracts have it: in one of the ways that are read as the same person."""
    ways = [one, f"{one[:6]}-{one[6:]}", f"{one[:6]} {one[6:]}", f" {one}", f"{one[:6]}-{one[6:].lower()}",
            f"{one[:2]}.{one[2:4]}.{one[4:6]}-{one[6:]}"]
    if one.startswith("0") and one.isdecimal():
        ways += [one[1:], f"{one[1:6]}-{one[6:]}"] * 2
    return ways[how % len(ways)]


def elsewhere(one: str, how: int) -> str:
    """An id as it stands where none should: in names of files, in remarks."""
    day, month, year, serial = one[:2], one[2:4], one[4:6], one[6:]
    ways = [f"{one[:6]}_{serial}", f"{day}-{month}-19{year}-{serial}", f"19{year}{month}{day}-{serial}",
            f"{day}_{month}_{year}_{serial}", f"{day}.{month}.{year}-{serial}"]
    if not serial.isdecimal():
        ways = ways[:2]
    return [written(one, how), *ways][how % (len(ways) + 1)]


PERSONS = [cpr_like(number) for number in range(1_500)]
OTHERS = [cpr_like(number) for number in range(5_000, 5_000 + STRANGERS)]


def rows_of(name: str) -> list[list[str]]:
    with (REGISTER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, rows: list[list[str]], *raw: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\n").writerows(rows)
        file.writelines(f"{line}\n" for line in raw)


def full_of_ids(folder: Path) -> Path:
    """The small register under made-up CPR numbers in every writing, with every kind of mistake."""
    folder.mkdir()
    strangers: Iterator[str] = (elsewhere(one, how) for how in range(1_000) for one in OTHERS)
    for name in ("spells", "participants", "persons"):
        head, *rows = rows_of(name)
        rows = [[written(PERSONS[int(row[0][1:])], place), *row[1:]] for place, row in enumerate(rows)]
        write(folder / f"{name}.csv", [head, *rows, *MISTAKES[name](strangers)], *RAW[name](strangers))
    for name in ("investments", "prices", "suspensions"):
        head, *rows = rows_of(name)
        write(folder / f"{name}.csv", [head, *rows])
    write(folder / "postings.csv", [
        ["date", "investment", "amount_dkk", "account", "text"],
        *(["2021-03-01", "jobnet", "100,00", "5.68.90", f"Til {next(strangers)} for kursus"] for _ in range(400)),
        *(["2021-03-01", "jobnet", "1,50", next(strangers), next(strangers)] for _ in range(40)),
        *(["2021-03-01", next(strangers), "2,00", "", f"Ref.:{next(strangers)}."] for _ in range(40)),
        ["2021-03-01", "jobnet", next(strangers), "", ""], [next(strangers), "jobnet", "3,00", "", ""]])
    write(folder / "published_curves.csv", [
        ["benefit", "definition", "cohort", "week", "share_pct", "source"],
        *(["a-dagpenge", "with_relapse", f"sag {one}", "0", "100", f"fra {one}"] for one in OTHERS)])
    (folder / f"{OTHERS[0]}.csv").write_text(f"cpr;note\n{OTHERS[1]};x\n")
    (folder / f"Udtræk {written(OTHERS[2], 1)}.txt").write_text(OTHERS[2])
    return folder


MISTAKES: dict[str, Callable[[Iterator[str]], list[list[str]]]] = {
    "spells": lambda ids: [row for _ in range(8) for row in (
        [next(ids), "a-dagpenge", "31-31-2020", ""], [next(ids), "a-dagpenge", "2020-13-01", next(ids)],
        [next(ids), next(ids), "2020-01-01", ""], [next(ids), f"kontanthjælp {next(ids)}", "2020-01-01", ""],
        [next(ids), "a-dagpenge", next(ids), ""], ["a-dagpenge", next(ids), "2020-01-01", "2020-02-01"],
        [next(ids), "a-dagpenge", "2020-05-01", "2020-01-01"], [next(ids), "a-dagpenge", "2199-01-01", ""],
        [next(ids), "a-dagpenge", "1950-01-01", ""], ["", next(ids), next(ids), next(ids)])],
    "participants": lambda ids: [row for _ in range(2) for row in (
        [next(ids), "jobnet", "2021-02-01", ""], [next(ids), next(ids), "2021-02-01", ""],
        [next(ids), "jobnet", next(ids), next(ids)])],
    "persons": lambda ids: [row for _ in range(8) for row in (
        [next(ids), f"barn {next(ids)}", "30", "lvu", "0", "0", "0", "707", ""],
        [next(ids), "K", "30", next(ids), "0", "0", "0", "707", ""],
        [next(ids), "K", "30", "lvu", "0", "0", "0", "707", next(ids)],
        [OTHERS[3], "K", next(ids)[:2], "lvu", "0", "0", "0", "707", ""],
        [OTHERS[3], "M", "31", "lvu", "0", "0", "0", "707", ""])],
}
RAW: dict[str, Callable[[Iterator[str]], list[str]]] = {
    "spells": lambda ids: [
        f"{next(ids)};a-dagpenge;2020-01-01;;{next(ids)}", next(ids), f'"{next(ids)};a-dagpenge;2020'],
    "participants": lambda ids: [f"{next(ids)};jobnet"],
    "persons": lambda ids: [f"{next(ids)};K"],
}


def refund_files(folder: Path) -> Path:
    """A supplier's own files, named with ids: paid weeks, and ids where a week, a benefit or an amount should be."""
    folder.mkdir()
    head = ("Uge;CPR nummer;Ydelse;Finansiering Kommunenavn;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;"
            "Refusionssats;Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb")
    rest = "Prøveby;1000,00;1000,00;20;200,00;;"
    good = [f"2023-0{1 + place % 9}-02;{written(one, place)};Kontanthjælp;{rest}"
            for place, one in enumerate(PERSONS[:400])]
    one, other = OTHERS[10], written(OTHERS[11], 1)
    bad = [f"{one};{other};Kontanthjælp;{rest}", f"2023-01-02;{other};{one};{rest}", f"2023-01-02;{one};{other};{rest}",
           f"2023-01-02;{one};Kontanthjælp;{one};{other};{one};{one};{one};{one};{one}", f"2023-01-02;{one}", one]
    first, second = (folder / f"yr-ydelsesrefusion-beregning {name} 2023-10-15.csv" for name in (other, OTHERS[12]))
    first.write_text("\n".join([head, *good[:200], *bad, ""]))
    second.write_text("\n".join([head, *good[200:], *bad[:2], ""]))
    return folder


HEAD = "person_id;benefit;start_date;end_date"


def broken_folders(place: Path) -> list[Path]:
    """One folder per mistake that stops an import, ids in the very place it is about."""
    one, other = OTHERS[4], written(OTHERS[5], 1)
    files = {
        "no header": ("spells.csv", f"{one};a-dagpenge;2020-01-01;\n{other};a-dagpenge;2020-01-01;\n"),
        "header of ids": ("spells.csv", f"{HEAD};{one};{one}\n{other};a-dagpenge;2020;\n"),
        "mostly wrong": ("spells.csv", f"{HEAD}\n" + f"{other};{one};{other};{one}\n" * 9),
        "not text": ("spells.csv", f"{HEAD}\n{one}\0;a-dagpenge;2020-01-01;\n"),
        "one long line": ("spells.csv", f"{other};" * 100_000),
        f"mappe {other}": ("spells.txt", one),
    }
    made = []
    for name, (file, text) in files.items():
        (place / name).mkdir(parents=True)
        (place / name / file).write_text(text, encoding="utf-8")
        made.append(place / name)
    persons = place / "column of ids"
    persons.mkdir()
    (persons / "spells.csv").write_text(f"{HEAD}\n{one};a-dagpenge;2020-01-01;\n")
    (persons / "persons.csv").write_text(f"person_id;{one}\n{one};1\n")
    parquet = place / "parquet"
    parquet.mkdir()
    pq.write_table(pa.table({"person_id": [int(OTHERS[0])], one: [1], "benefit": [other], "start_date": [one],
                             "end_date": [{"id": one}]}), parquet / "spells.parquet")
    return [*made, persons, parquet, place / f"findes ikke {other}" / one]
