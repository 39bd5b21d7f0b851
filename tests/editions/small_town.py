"""A small town with two deliveries of which every late registration is known: canonical files and a workspace."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    Investment,
    Line,
    Portfolio,
    Protocol,
    RecordedFigure,
    TargetGroup,
)
from gevinst.register.snapshots import import_folder
from gevinst.register.store import open_store
from gevinst.settings import Settings, create_workspace

PERSONS = 150
PRICE = 450
WEEKS = 13
P20 = PriceLevel(2020)
FIRST, SECOND = date(2021, 3, 28), date(2022, 3, 27)  # Sundays: how far each delivery reaches
MONDAY = date(2020, 2, 3)
Start = tuple[int, date]


def starts(people: Iterable[int], first: date = MONDAY) -> list[Start]:
    """Participations of thirteen weeks, a few persons beginning each week."""
    return [(person, first + timedelta(weeks=at % 8)) for at, person in enumerate(people)]


ON_TIME = starts(range(0, 40))
LATE = starts(range(40, 50), date(2020, 6, 1))  # known in the second delivery only
NEW = starts(range(50, 62), date(2021, 5, 3))  # after the first delivery


def write_delivery(folder: Path, upto: date, participants: list[Start], *, price: int = 4000) -> Path:
    """Canonical files as known on a day: who takes part has a long spell, the others shorter ones."""
    folder.mkdir(parents=True)
    _write(folder / "spells.csv", ("person_id", "benefit", "start_date", "end_date"), (
        (f"P{person:04d}", "a-dagpenge", begin, end if end <= upto else "")
        for person in range(PERSONS) for begin, end in _spells(person) if begin <= upto))
    _write(folder / "participants.csv", ("person_id", "investment", "start_date", "end_date"), (
        (f"P{person:04d}", "net", begin, begin + timedelta(weeks=WEEKS, days=-1)) for person, begin in participants
        if begin <= upto))
    _write(folder / "prices.csv", ("benefit", "year", "dkk_per_week"), (
        ("a-dagpenge", year, price) for year in range(2017, 2023)))
    return folder


def _spells(person: int) -> list[tuple[date, date]]:
    first = date(2017, 1, 2) + timedelta(weeks=person % 50)
    early = (first, first + timedelta(weeks=8 + person % 30, days=-1))
    begin = date(2019, 12, 2) + timedelta(weeks=person % 8)
    if 50 <= person < 62:
        begin = date(2021, 3, 1)
    return [early, (begin, begin + timedelta(weeks=20 + (person * 7) % 40, days=-1))]


def _write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def portfolio(*, headline: str = "rest_of_target_group", expected: int | None = None) -> Portfolio:
    """One investment followed by curves, and one whose result is typed in."""
    budget = tuple(BudgetYear(year, Amount.dkk(200_000, P20), Amount.dkk(-500_000, P20)) for year in (2020, 2021))
    followed = Investment(
        "1", "net", "Jobnet", TargetGroup("ledige", "a-dagpenge"), budget=budget, referrals_from=date(2020, 1, 6),
        referrals_to=date(2021, 12, 26), dkk_per_participant_week=Amount.dkk(PRICE, CURRENT),
        protocol=Protocol(headline, 26))
    recorded = tuple(
        RecordedFigure(year, line, Basis.EXPECTED, Amount.dkk(kroner, CURRENT), "Skøn", date(2021, 2, 1))
        for year in (2020, 2021) for line, kroner in ((Line.INVESTMENT, 90_000), (Line.SAVING, expected or -150_000)))
    typed = Investment("2", "plads", "Pladser", TargetGroup("børn"), budget=budget, recorded=recorded)
    return Portfolio("p", "Prøve", "Prøveby", (2020, 2021), P20, (followed, typed), source="aftale")


def workspace(place: Path, **settings: object) -> Settings:
    """A workspace with the portfolio in it, of which no data are imported yet."""
    key = place / "key"
    place.mkdir(parents=True, exist_ok=True)
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    said = {"replicates": 10, "minimum_participants": 10, "key_file": key, **settings}
    made = create_workspace(place / "work", municipality="Prøveby", municipality_code="999", **said)
    save(made, portfolio())
    return made


def save(settings: Settings, record: Portfolio) -> None:
    """Put a version of the portfolio in the record."""
    with open_store(settings.store_url) as store:
        store.save_portfolio(record, "anna")


def deliver(settings: Settings, folder: Path, day: date) -> None:
    """Import a delivery as if on a day."""
    moment = datetime(day.year, day.month, day.day, 12).astimezone()
    import_folder(settings.workspace, folder, today=day, clock=lambda: moment)
