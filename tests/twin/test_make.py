"""A twin as files: of what a workspace has, encrypted or late, and what the files say of themselves."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow.csv as pcsv
import pytest

from gevinst.audit.basis import of_snapshot, twin_of
from gevinst.errors import GevinstError
from gevinst.parameters.book import national_book
from gevinst.register.snapshots import import_folder
from gevinst.register.store import open_store
from gevinst.settings import Settings, create_workspace
from gevinst.sources.synthetic import SyntheticSpec, write_register
from gevinst.twin.folder import write_folder
from gevinst.twin.make import TwinFiles, drawn_files, read_twin
from tests.twin.made import TODAY, portfolio


def workspace(place: Path, **settings: object) -> Settings:
    """A workspace with a made-up municipality in it."""
    key = place / "key"
    place.mkdir(parents=True)
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    made = create_workspace(place / "w", municipality="Prøveby", municipality_code="999", key_file=key, **settings)
    with open_store(made.store_url) as store:
        store.save_portfolio(portfolio(), "anna")
    write_register(place / "files", SyntheticSpec(seed=4, persons=1_500))
    import_folder(made.workspace, place / "files", today=TODAY)
    return made


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> TwinFiles:
    return twin_of(of_snapshot(workspace(tmp_path_factory.mktemp("plain") / "at"), "newest", None))


def test_an_encrypted_snapshot_has_the_same_twin(plain: TwinFiles, tmp_path: Path) -> None:
    assert twin_of(of_snapshot(workspace(tmp_path / "at", encrypt_snapshots=True), "newest", None)) == plain


def test_weeks_that_are_not_yet_whole_are_drawn_and_not_counted(plain: TwinFiles, tmp_path: Path) -> None:
    """The twin reaches as far as the data; it was counted as far as they are whole."""
    made = workspace(tmp_path / "at", reporting_lag_weeks=6)
    late = twin_of(of_snapshot(made, "newest", None))
    assert late.model.last_week == plain.model.last_week
    assert late.files["register/spells.csv"] != plain.files["register/spells.csv"]
    last = [span.last for one in late.model.benefits for span in one.inflow]
    assert max(last) == late.model.last_week - 6


def test_a_stricter_municipality_has_a_coarser_twin(plain: TwinFiles, tmp_path: Path) -> None:
    strict = twin_of(of_snapshot(workspace(tmp_path / "at", small_cell_rules="acro"), "newest", None))
    assert (plain.model.few, plain.model.base) == (10, 5)
    assert (strict.model.few, strict.model.base) == (20, 10)
    assert len(strict.files["model.json"]) < len(plain.files["model.json"])


def test_what_is_about_no_person_is_as_it_was(plain: TwinFiles, tmp_path: Path) -> None:
    write_register(tmp_path, SyntheticSpec(seed=4, persons=1_500))
    for name in ("investments", "suspensions", "published_curves"):
        (tmp_path / "twin.csv").write_bytes(plain.files[f"register/{name}.csv"])
        real, made = (pcsv.read_csv(path) for path in (tmp_path / f"{name}.csv", tmp_path / "twin.csv"))
        order = [(column, "ascending") for column in real.column_names]
        assert real.sort_by(order).to_pylist() == made.select(real.column_names).sort_by(order).to_pylist()


def test_the_files_say_what_they_are(plain: TwinFiles) -> None:
    about = json.loads(plain.files["twin.json"])
    assert about["seed"] == plain.seed == 20200101
    assert about["drawn"] == ["register/participants.csv", "register/persons.csv", "register/spells.csv"]
    assert about["copied"] == ["register/investments.csv", "register/published_curves.csv", "register/suspensions.csv"]
    text = plain.files["README.md"].decode()
    assert text.index("# Syntetisk tvilling") < text.index("# Synthetic twin")
    assert "Ingen i disse filer findes" in text
    assert "04-01-2016" in text
    assert "2021-10-31" in text


def test_the_model_gives_the_files_again(plain: TwinFiles, tmp_path: Path) -> None:
    write_folder(plain.files, tmp_path / "twin")
    model, seed = read_twin(tmp_path / "twin")
    assert (model, seed) == (plain.model, plain.seed)
    again = drawn_files(model, seed, national_book())
    assert again == {name: plain.files[name] for name in again}
    assert len(again) == 3


@pytest.mark.parametrize(("name", "content"), [
    ("model.json", None), ("model.json", "{"), ("model.json", "[]"), ("model.json", '{"format": 1}'),
    ("model.json", '{"format": 99}'), ("model.json", "too many"), ("model.json", "too long"),
    ("twin.json", "{}"), ("twin.json", '{"seed": "x"}')])
def test_a_model_that_cannot_be_read_is_refused(
    plain: TwinFiles, tmp_path: Path, name: str, content: str | None
) -> None:
    write_folder(plain.files, tmp_path / "twin")
    path = tmp_path / "twin" / name
    path.unlink()
    model = json.loads(plain.files["model.json"])
    if content == "too many":
        model["benefits"][0]["inflow"][0]["persons"] = 10**12
    if content == "too long":
        model["last_week"] = 10**9
    if content is not None:
        path.write_text(json.dumps(model) if content.startswith("too") else content)
    with pytest.raises(GevinstError) as raised:
        read_twin(tmp_path / "twin")
    assert raised.value.code == "twin.unreadable"


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    write_folder({"a/b.txt": b"1"}, empty)
    assert (empty / "a" / "b.txt").read_bytes() == b"1"
    with pytest.raises(GevinstError) as raised:
        write_folder({"a/b.txt": b"2"}, empty)
    assert raised.value.code == "twin.exists"
    (tmp_path / "file").write_text("x")
    with pytest.raises(GevinstError) as raised:
        write_folder({"a": b"1"}, tmp_path / "file")
    assert raised.value.code == "twin.exists"
    with pytest.raises(GevinstError):
        write_folder({"a": b"1", "a/b": b"2"}, tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file"]


def test_the_register_knows_its_days(plain: TwinFiles) -> None:
    assert b"2021-10-31" in plain.files["register/spells.csv"], "a row speaks of the last day"
    assert date(2021, 10, 31).weekday() == 6
