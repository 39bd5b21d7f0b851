"""Made-up files in each supplier's format, large enough to time the intake.

Persons' ids are substitute numbers (60 added to the day of birth), drawn: they are nobody's. The share of distinct
texts in a column decides what reading it costs, so it is drawn after what the columns are: few benefits and accounts,
some thousand days, and amounts and posting texts of which every second is like no other.

    python benchmarks/intake_files.py canonical FOLDER ROWS
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

Ints = npt.NDArray[np.int64]
FIRST_MONDAY = np.datetime64("2022-01-03")
MONTHS = 24  # of monthly files
BENEFITS = ("Kontanthjælp", "A-dagpenge", "Sygedagpenge", "Ressourceforløb", "Ledighedsydelse", "Førtidspension")
WEEKLY_ORE = np.array([[271_350, 301_200, 180_900, 90_450, 361_540], [453_500, 362_800, 423_300, 226_750, 302_300],
                       [465_500, 350_100, 411_000, 232_750, 279_300], [271_350, 301_200, 180_900, 90_450, 361_540],
                       [403_600, 310_450, 279_400, 201_800, 161_450], [472_900, 401_950, 354_600, 236_450, 189_150]])
STATE_PCT = np.array([80, 40, 30, 20])
KEYS = ("kontanthjaelp", "a-dagpenge", "sygedagpenge", "ressourceforloeb", "ledighedsydelse", "foertidspension")
PLACES = 4_000  # accounts and PSP elements that are used together
PIECE = 500_000  # rows drawn and written at a time

MAPPING = """\
key: forloeb
supplier: Momentum
made: 2026-11-21
table: spells
files: ["forloeb*.csv"]
decimal: ","
columns:
  person_id: {from: CPR-nummer, cpr: true}
  benefit:
    from: Ydelse
    codes: {Kontanthjælp: kontanthjaelp, A-dagpenge: a-dagpenge, Sygedagpenge: sygedagpenge,
            Ressourceforløb: ressourceforloeb, Ledighedsydelse: ledighedsydelse, Førtidspension: foertidspension}
    unlisted: refuse
  start_date: {from: Fra dato, date: dd.mm.yyyy}
  end_date: {from: Til dato, date: dd.mm.yyyy, blank: ["-"]}
  amount_dkk: {from: Beløb}
filters:
  - {drop: Status, in: [Annulleret]}
"""
RULES = """\
rules:
  - investment: jobnet
    psp: XG-0000000007-*
  - investment: virksomhedsnet
    function: 5.68.*
    from: 2022-03-01
  - investment: kurser
    text: kursus
  - investment: "-"
    function: [5.57.*, 5.58.*]
"""


def canonical(folder: Path, rows: int) -> None:
    """`spells.csv`: spells over ten years."""
    rng = np.random.default_rng(11)
    with (folder / "spells.csv").open("wb") as file:
        file.write(b"person_id,benefit,start_date,end_date,degree,amount_dkk,municipality\n")
        for count in _pieces(rows):
            start, end = _periods(rng, count)
            ended = pc.if_else(pa.array(rng.random(count) < 0.1), "", _iso(end))
            degree = pa.array(np.array(["1", "1", "1", "0.5", "0.75"])[rng.integers(0, 5, count)])
            _write(file, ",", [_ids(rng.integers(0, max(rows // 10, 1), count)), _drawn(rng, KEYS, count), _iso(start),
                               ended, degree, _amounts(rng.integers(5_000, 9_000_000, count), "."),
                               pa.array(np.full(count, "707"))])


def mapped(folder: Path, rows: int) -> None:
    """`forloeb.csv`, which is read by `MAPPING`: other names, other dates, codes, hyphens in ids."""
    rng = np.random.default_rng(12)
    with (folder / "forloeb.csv").open("wb") as file:
        file.write("CPR-nummer;Ydelse;Fra dato;Til dato;Beløb;Status;Sagsbehandler\n".encode())
        for count in _pieces(rows):
            start, end = _periods(rng, count)
            ended = pc.if_else(pa.array(rng.random(count) < 0.1), "-", pc.strftime(end, "%d.%m.%Y"))
            ids = pc.replace_substring_regex(_ids(rng.integers(0, max(rows // 10, 1), count)), r"^(\d{6})", r"\1-")
            status = pa.array(np.where(rng.random(count) < 0.03, "Annulleret", "Aktiv"))
            initials = pa.array(np.char.mod("sb%d", rng.integers(0, 400, count)))
            _write(file, ";", [ids, _drawn(rng, BENEFITS, count), pc.strftime(start, "%d.%m.%Y"), ended,
                               _thousands(_amounts(rng.integers(5_000, 9_000_000, count), ",")), status, initials])


def ydelsesrefusion(folder: Path, rows: int) -> None:
    """Monthly files: each month's weeks of most persons, and corrections of the weeks before."""
    rng = np.random.default_rng(13)
    weeks = MONTHS * 52 // 12
    persons = max(int(rows / weeks / 0.83), 1)
    of_person = rng.integers(0, len(BENEFITS), persons)
    for month in range(MONTHS):
        first, after = month * weeks // MONTHS, (month + 1) * weeks // MONTHS
        paid = np.argwhere(rng.random((after - first, persons)) < 0.8)
        week, person = paid[:, 0] + first, paid[:, 1]
        benefit = of_person[person]
        gross = WEEKLY_ORE[benefit, rng.integers(0, 5, len(person))]
        gross = np.where(rng.random(len(person)) < 0.4, gross - rng.integers(0, 80_000, len(person)), gross)
        corrected = np.flatnonzero((rng.random(len(person)) < 0.04) & (week > 0))
        week = np.concatenate([week, np.maximum(week[corrected] - rng.integers(1, 9, len(corrected)), 0)])
        person, benefit = (np.concatenate([one, one[corrected]]) for one in (person, benefit))
        gross = np.concatenate([gross, -gross[corrected] // 7])
        day = str(np.datetime64("2022-02-01") + np.timedelta64(month * 30, "D"))
        with (folder / f"yr-ydelsesrefusion-beregning-{day}.csv").open("wb") as file:
            file.write(("Uge;CPR nummer;Ydelse;Finansiering Kommunenavn;Indberetning udbetalingsbeløb;"
                        "Beregnet udbetalingsbeløb;Refusionssats;Refusionsbeløb;Medfinansieringssats;"
                        "Medfinansieringsbeløb\n").encode())
            _write(file, ";", _payments(rng, week, person, benefit, gross))


def _payments(rng: np.random.Generator, week: Ints, person: Ints, benefit: Ints, gross: Ints) -> list[pa.Array]:
    shared = (benefit == 1) | (benefit == 5)
    state = STATE_PCT[np.minimum((week + person) // 26 % 4, 3)]
    refund = np.where(shared, 0, gross * state // 100)
    cofinanced = np.where(shared, gross * (100 - state) // 100, 0)
    paid = _amounts(gross, ",")
    place = pa.array(np.where(rng.random(len(week)) < 0.01, "Randers", "Norddjurs"))
    return [_iso(pa.array(FIRST_MONDAY + 7 * week)), _ids(person), pa.array(np.array(BENEFITS)[benefit]), place, paid,
            paid, pa.array(np.where(shared, 0, state).astype(str)), _amounts(refund, ","),
            pa.array(np.where(shared, 100 - state, 0).astype(str)), _amounts(cofinanced, ",")]


def opus(folder: Path, rows: int) -> None:
    """`opus.csv`: a ledger with account string, PSP element, text, amount, and side in words."""
    rng = np.random.default_rng(14)
    accounts = np.array([f"5.{main}.{function}-{dranst}-1-{grouping:03d}-{art}" for main in (57, 58, 68, 46)
                         for function in (71, 73, 80, 90) for dranst in (1, 2) for grouping in (1, 3, 7, 12, 16)
                         for art in ("1.1", "2.9", "4.0", "5.2")])
    elements = np.array(["", *(f"XG-{number:010d}-{part:05d}" for number in range(40) for part in range(8))])
    used = np.stack([rng.integers(0, len(accounts), PLACES), rng.integers(0, len(elements), PLACES)])
    plain = np.array(["Løn", "Husleje", "Kursus, jobsøgning", "Mentor", "Refusion", "Omkontering", "Tolk", "Kørsel"])
    with (folder / "opus.csv").open("wb") as file:
        file.write(("Bogføringsdato;Bilagsnummer;Kontostreng;PSP-element;Posteringstekst;Leverandør;Beløb;"
                    "Debet/Kredit\n").encode())
        for count in _pieces(rows):
            days = pa.array(FIRST_MONDAY + rng.integers(0, 1095, count))
            account, element = used[:, rng.integers(0, PLACES, count)]
            number = rng.integers(10_000, 99_999, count).astype(str)
            text = np.where(rng.random(count) < 0.5, plain[rng.integers(0, len(plain), count)],
                            np.char.add(np.char.add("Faktura ", number), np.char.mod(" lev. %d",
                                                                                     rng.integers(0, 900, count))))
            amounts = np.where(rng.random(count) < 0.3, rng.integers(1, 500, count) * 10_000,
                               rng.integers(100, 20_000_000, count))
            _write(file, ";", [pc.strftime(days, "%d-%m-%Y"), pa.array(np.char.add("51", number)),
                               pa.array(accounts[account]), pa.array(elements[element]), pa.array(text),
                               pa.array(np.char.mod("%d", rng.integers(1000, 9999, count))),
                               _thousands(_amounts(amounts, ",")), _drawn(rng, ("Debet", "Debet", "Kredit"), count)])


def _pieces(rows: int) -> list[int]:
    return [min(PIECE, rows - begun) for begun in range(0, rows, PIECE)]


def _periods(rng: np.random.Generator, count: int) -> tuple[pa.Array, pa.Array]:
    start = np.datetime64("2014-01-06") + rng.integers(0, 3_500, count)
    return pa.array(start), pa.array(start + rng.integers(6, 400, count))


def _ids(person: Ints) -> pa.Array:
    """A substitute number for each number of a person; no two persons have the same."""
    years, rest = np.divmod(person, 31 * 12)
    day, month = np.divmod(rest, 12)
    number = (61 + day) * 10**8 + (1 + month) * 10**6 + (years % 100) * 10**4 + 1000 + years // 100
    return pa.array(number).cast(pa.string())


def _iso(days: pa.Array) -> pa.Array:
    return days.cast(pa.string())


def _amounts(ore: Ints, point: str) -> pa.Array:
    """Øre as kroner, `1234,56`."""
    exact = pa.array(ore).cast(pa.decimal128(38, 0))
    kroner = pa.Array.from_buffers(pa.decimal128(38, 2), len(exact), exact.buffers())
    return pc.replace_substring(kroner.cast(pa.string()), ".", point)


def _thousands(amounts: pa.Array) -> pa.Array:
    """`1234,56` as `1.234,56`; under a million."""
    return pc.replace_substring_regex(amounts, r"(\d)(\d{3},)", r"\1.\2")


def _drawn(rng: np.random.Generator, words: npt.ArrayLike, count: int) -> pa.Array:
    listed = np.asarray(words)
    return pa.array(listed[rng.integers(0, len(listed), count)])


def _write(file: object, sign: str, columns: list[pa.Array]) -> None:
    table = pa.table(columns, names=[f"{place}" for place in range(len(columns))])
    pa.csv.write_csv(table, file, pa.csv.WriteOptions(include_header=False, delimiter=sign, quoting_style="none"))


FORMATS: dict[str, Callable[[Path, int], None]] = {
    "canonical": canonical, "ydelsesrefusion": ydelsesrefusion, "mapped": mapped, "opus": opus}


def draw(name: str, folder: Path, rows: int) -> None:
    """The files of a format where there are none; a folder that was left half-drawn is drawn anew."""
    done = folder / ".done"
    if done.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    FORMATS[name](folder, rows)
    done.touch()


if __name__ == "__main__":
    draw(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
