"""A workspace with persons in it, for the tests of protection: made-up numbers shaped like CPR numbers."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.parquet.encryption import create_decryption_properties

from gevinst.register.encryption import seal_of
from gevinst.register.snapshots import import_folder
from gevinst.settings import Settings, create_workspace, load_settings
from gevinst.sources.pseudonym import Pseudonymiser, normalise_id
from gevinst.sources.report import ImportReport

TODAY = date(2024, 2, 1)
MOMENT = datetime(2024, 2, 1, 9, tzinfo=UTC)
SPELLS = "person_id;benefit;start_date;end_date\n"
PARTICIPANTS = "person_id;investment;start_date;end_date\n"
# Two who were last seen long ago, one who still gets a benefit, one who came back, one who only took part lately.
GONE, LONG_GONE, HERE, BACK, TOOK_PART = "010150-1234", "020250-1234", "030350-1234", "040450-1234", "050550-1234"
EVERYBODY = (GONE, LONG_GONE, HERE, BACK, TOOK_PART)


def make(place: Path, folder: str = "workspace", **settings: object) -> Settings:
    """A workspace in `place/folder`, its keys in `place/keys`."""
    return create_workspace(place / folder, municipality="Prøvekøbing", municipality_code="999",
                            key_file=Path("..") / "keys" / "test.key", **settings)


def copied(place: Path, to: Path) -> Settings:
    """A workspace made by `make` with its keys and files, as it stands, somewhere else."""
    shutil.copytree(place, to, dirs_exist_ok=True)
    return load_settings(to / "workspace")


def say_settings(settings: Settings, **said: object) -> None:
    """Add lines to the settings."""
    with (settings.workspace / "gevinst.toml").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = {str(value).lower()}\n" for name, value in said.items())


def fill(folder: Path) -> Path:
    """Five persons, one of whom takes part; prices without persons."""
    folder.mkdir(exist_ok=True)
    (folder / "spells.csv").write_text(
        SPELLS + f"{GONE};a-dagpenge;2015-01-05;2015-06-30\n{LONG_GONE};kontanthjaelp;2014-01-06;2016-12-31\n"
        f"{HERE};a-dagpenge;2012-01-02;\n{BACK};a-dagpenge;2013-01-07;2013-05-05\n{BACK};a-dagpenge;2023-01-02;2023-03-05\n"
        f"{TOOK_PART};a-dagpenge;2015-01-05;2015-06-30\n")
    (folder / "participants.csv").write_text(PARTICIPANTS + f"{TOOK_PART};kursus;2023-05-01;2023-08-06\n")
    (folder / "persons.csv").write_text(
        "person_id;sex\n" + "".join(f"{one};{'km'[place % 2]}\n" for place, one in enumerate(EVERYBODY)))
    (folder / "prices.csv").write_text("benefit;year;dkk_per_week\na-dagpenge;2020;4000\n")
    return folder


def load(settings: Settings, folder: Path, moment: datetime = MOMENT) -> ImportReport:
    """Import as if at `moment`."""
    return import_folder(settings.workspace, folder, today=moment.date(), clock=lambda: moment)


def table(path: Path) -> pa.Table:
    """A stored table, encrypted or not."""
    seal = seal_of(path.parent)
    return pq.ParquetFile(
        path, decryption_properties=seal and create_decryption_properties(seal.file_key(path))).read()


def tables(folder: Path) -> dict[str, list[dict[str, object]]]:
    """All tables of a snapshot as rows."""
    return {path.stem: table(path).to_pylist() for path in sorted(folder.glob("*.parquet"))}


def pseudonyms(settings: Settings, *ids: str) -> list[int]:
    """The pseudonyms of ids under the workspace's key."""
    found = Pseudonymiser(settings.key_file.read_bytes()).identify([normalise_id(one) for one in ids])
    return [int(one) for one in found.person]


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Modes and bytes of everything in a folder."""
    return {str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in sorted(folder.rglob("*"))}
