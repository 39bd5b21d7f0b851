"""A workspace with a published edition of the small town, and the auditor's package of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from gevinst.audit.archive import packed
from gevinst.audit.contents import contents
from gevinst.editions.states import Person, advance
from gevinst.settings import Settings, load_settings
from gevinst.workspace import run_workspace
from tests.editions import small_town

ANNA, BO = Person("Anna", "anna"), Person("Bo", "bo")


@dataclass(frozen=True)
class Packed:
    """A workspace, an edition in it, and the files of its package."""

    settings: Settings
    edition: str
    files: Mapping[str, bytes]


def deliver_more(folder: Path) -> None:
    """What the small town lacks: postings, payments, and a column on the persons."""
    (folder / "postings.csv").write_text(
        "date,investment,amount_dkk,account,text\n2020-03-05,net,61250.00,5.68.90 Jobnet,Faktura til Jens\n"
        "2020-04-05,net,41000.00,5.68.90 Jobnet,Faktura\n", encoding="utf-8")
    (folder / "persons.csv").write_text("person_id,sex\n" + "".join(
        f"P{person:04d},{'KM'[person % 2]}\n" for person in range(small_town.PERSONS)), encoding="utf-8")
    weeks = [small_town.MONDAY + timedelta(weeks=week) for week in range(8)]
    (folder / "payments.csv").write_text(
        "person_id,benefit,week,gross_dkk,refund_dkk,cofinancing_dkk\n" + "".join(
            f"P{person:04d},a-dagpenge,{week.isoformat()},4000,,2400\n" for person in range(small_town.PERSONS)
            if not 50 <= person < 62 for week in weeks), encoding="utf-8")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    place = tmp_path_factory.mktemp("packed")
    settings = small_town.workspace(place)
    folder = small_town.write_delivery(place / "one", small_town.FIRST, small_town.ON_TIME)
    deliver_more(folder)
    (settings.workspace / "calendar.yaml").write_text("partial_weeks_open: 0.25\n")
    (settings.workspace / "ledger_rules.yaml").write_text("rules: []\nlimits: {percent: 12.5, kroner: 500}\n")
    settings.parameters.mkdir()
    (settings.parameters / "rate_groups.yaml").write_text("{}\n")
    small_town.deliver(settings, folder, date(2021, 4, 1))
    other = run_workspace(settings.workspace, memo_date=date(2021, 4, 1), recorded_only=True, by="Anna")
    edition = run_workspace(settings.workspace, memo_date=date(2021, 4, 2), by="Anna").edition.id
    for state, who in (("checked", ANNA), ("approved", BO), ("published", ANNA)):
        advance(settings, edition, state, who)
    advance(settings, other.edition.id, "checked", BO, "set i møde")
    return Packed(settings, edition, contents(settings, edition))


@pytest.fixture
def package(made: Packed, tmp_path: Path) -> Path:
    """The package as a file."""
    path = tmp_path / "package.zip"
    path.write_bytes(packed(made.files))
    return path


@pytest.fixture
def copied(made: Packed, tmp_path: Path) -> Settings:
    """A copy of the workspace, to be spoilt."""
    target = shutil.copytree(made.settings.workspace, tmp_path / "copy", copy_function=shutil.copy2)
    return load_settings(Path(target))


@pytest.fixture
def changed(made: Packed) -> Callable[..., dict[str, bytes]]:
    """`changed(**{name: content})`: the package's files with others, None for one that is gone."""
    def change(files: Mapping[str, bytes | None]) -> dict[str, bytes]:
        return {name: content for name, content in {**made.files, **files}.items() if content is not None}

    return change
