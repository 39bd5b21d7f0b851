"""The small town with few of everything: what its memo hides, so that an attacker has something to look for.

`Few` says how many of each. Two towns that differ in it alone have memos that print the same.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from gevinst.audit import contents as packing
from gevinst.audit.contents import contents
from gevinst.settings import Settings
from gevinst.workspace import run_workspace
from tests.audit.conftest import Packed
from tests.editions import small_town

DAYS = date(2021, 3, 28), date(2021, 9, 26)  # Sundays: how far the data of the two packages reach
LATE = 3  # who take part in the second delivery only
PAID_FROM, PAID_WEEKS = date(2020, 2, 3), 12
ABSENT, FROM = range(100, 112), 5  # twelve who are not paid in the weeks from the sixth on
UNPAID, OTHER, ODD = (30, 31), (40, 41), 50
ODD_GROSS, ODD_WEEK = "7913.37", 6
"""One person's payment in one week, which nobody else has."""
INVOICE = "61237.40"
EDUCATION = "kort", "kort", "lang"
LEAST = "2020-01-20"  # the day on which one participant starts and no other


@dataclass(frozen=True)
class Few:
    """How many rows are rejected or repeated, and how many participants were not on the benefit.

    `unpaid` are the weeks in which two get nothing, `other` those in which two have another refund; `rare` are those
    with an education of their own.
    """

    rejected: int = 2
    repeated: int = 3
    off_benefit: int = 3
    unpaid: int = 3
    other: int = 4
    rare: int = 3


def workspace(place: Path, **settings: object) -> Settings:
    """A workspace with the town's portfolio."""
    return small_town.workspace(place, **settings)


def edition(made: Settings, few: Few, at: int, place: Path) -> str:
    """The edition on the first (0) or the second (1) of the days."""
    folder = write(place / f"delivery-{at}", few, at)
    small_town.deliver(made, folder, DAYS[at] + timedelta(days=4))
    return run_workspace(made.workspace, memo_date=DAYS[at] + timedelta(days=5), by="Anna").edition.id


def packages(place: Path, few: Few) -> tuple[Packed, ...]:
    """The packages of an edition on each of the days, in one workspace; the first with everything."""
    made = workspace(place)
    first, second = (edition(made, few, at, place) for at in range(len(DAYS)))
    return Packed(made, first, contents(made, first)), Packed(made, second, without_memo(made, second))


def without_memo(made: Settings, key: str) -> Mapping[str, bytes]:
    """A package without what is made from its other files: the twin's memo; and without a second run of the edition."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "_twin_memo", lambda files: {})
        patch.setattr(packing, "_rerun", lambda settings, one: {})
        return contents(made, key)


def write(folder: Path, few: Few, at: int) -> Path:
    """The files of a delivery."""
    taking = [*small_town.starts(range(20 + LATE * at)), (21, date.fromisoformat(LEAST))]
    off = [(64 + 8 * n, date(2020, 12, 7)) for n in range(few.off_benefit)]  # whose spells are over by then
    small_town.write_delivery(folder, DAYS[at], [*taking, *off])
    with (folder / "spells.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((f"P{80 + n:04d}", "a-dagpenge", "2020-13-45", "") for n in range(few.rejected))
        first = (folder / "spells.csv").read_text(encoding="utf-8").splitlines()[1]
        file.writelines(f"{first}\n" for _ in range(few.repeated))
    _rows(folder / "persons.csv", ("person_id", "sex", "education"), (
        (f"P{person:04d}", "KM"[person % 2], "fisker" if 90 <= person < 90 + few.rare else EDUCATION[person % 3])
        for person in range(small_town.PERSONS)))
    _rows(folder / "payments.csv", ("person_id", "benefit", "week", "gross_dkk", "refund_dkk", "cofinancing_dkk"),
          _payments(few))
    _rows(folder / "postings.csv", ("date", "investment", "amount_dkk", "account", "text"), [
        ("2020-03-05", "net", INVOICE, "5.68.90 Jobnet", "Faktura til Jens"),
        ("2020-04-05", "net", "41000.00", "5.68.90 Jobnet", "Faktura")])
    return folder


def _payments(few: Few) -> Iterator[tuple[object, ...]]:
    for person in range(small_town.PERSONS):
        for week in range(PAID_WEEKS):
            if (person in ABSENT and week >= FROM) or (person in UNPAID and week < few.unpaid):
                continue
            gross = ODD_GROSS if (person, week) == (ODD, ODD_WEEK) else "4000"
            part = "0.5" if person in OTHER and week < few.other else "0.6"
            yield (f"P{person:04d}", "a-dagpenge", (PAID_FROM + timedelta(weeks=week)).isoformat(), gross, "",
                   f"{float(gross) * float(part):.2f}")


def _rows(path: Path, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
