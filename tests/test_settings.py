from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from gevinst import settings
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES
from gevinst.settings import create_workspace, load_settings

REQUIRED = 'municipality = "Norddjurs Kommune"\nmunicipality_code = "707"\n'


@pytest.fixture(autouse=True)
def _no_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(settings.KEY_VARIABLE, raising=False)


def written(folder: Path, text: str) -> Path:
    (folder / "gevinst.toml").write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path) -> GevinstError:
    with pytest.raises(GevinstError) as fault:
        load_settings(folder)
    for language in LANGUAGES:
        assert "{" not in "".join(fault.value.message(language))
    return fault.value


def test_what_is_not_said_has_its_default(tmp_path: Path) -> None:
    found = load_settings(written(tmp_path, REQUIRED))
    assert found.municipality == "Norddjurs Kommune"
    assert (found.language, found.small_cell_threshold, found.minimum_participants) == ("da", 5, 20)
    assert (found.replicates, found.seed) == (1000, settings.SEED)
    assert found.max_rejected_share == 0.10
    assert (found.engine_memory, found.engine_threads) == (None, None)
    assert found.store_url == f"sqlite:///{tmp_path.resolve().as_posix()}/gevinst.db"
    assert found.key_file == settings.default_key_file()
    assert not found.key_file.is_relative_to(tmp_path)
    assert (found.snapshots, found.parameters) == (tmp_path / "snapshots", tmp_path / "parameters")


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    found = load_settings(written(tmp_path, REQUIRED + (
        'language = "en"\nstore_url = "postgresql+psycopg://server/gevinst"\nkey_file = "../keys/a.key"\n'
        'small_cell_threshold = 3\nminimum_participants = 10\nreplicates = 200\nseed = 7\nmax_rejected_share = 0.05\n'
        'encrypt_snapshots = true\nsnapshot_key_file = "../keys/b.key"\nkeep_snapshots_months = 24\n'
        'keep_editions = 2\nkeep_persons_years = 6\ndream_covariates_on = 2019-12-31\nown_account_to_approve = true\n'
        'person_columns = ["herkomst"]\nengine_memory = "3GB"\nengine_threads = 2\n')))
    assert found == settings.Settings(
        workspace=tmp_path.resolve(), municipality="Norddjurs Kommune", municipality_code="707", language="en",
        store_url="postgresql+psycopg://server/gevinst", key_file=tmp_path.resolve() / "../keys/a.key",
        small_cell_threshold=3, minimum_participants=10, replicates=200, seed=7, max_rejected_share=0.05,
        snapshot_key_file=tmp_path.resolve() / "../keys/b.key", encrypt_snapshots=True, keep_snapshots_months=24,
        keep_editions=2, keep_persons_years=6, dream_covariates_on=date(2019, 12, 31), own_account_to_approve=True,
        person_columns=("herkomst",), engine_memory="3GB", engine_threads=2)


def test_the_environment_decides_where_the_key_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.KEY_VARIABLE, "/safe/place.key")
    assert load_settings(written(tmp_path, REQUIRED + 'key_file = "../a.key"\n')).key_file == Path("/safe/place.key")


def test_a_mark_in_front_of_the_file_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "gevinst.toml").write_bytes(REQUIRED.encode("utf-8-sig"))
    assert load_settings(tmp_path).municipality_code == "707"


@pytest.mark.parametrize("line", [
    "municipality = 7", 'municipality = " "', "municipality_code = 707", 'municipality_code = "7071"',
    'language = "de"', 'store_url = "gevinst.db"', 'key_file = ""', "small_cell_threshold = 0",
    "small_cell_threshold = true", "minimum_participants = 2.5", "replicates = 0", "seed = -1",
    "max_rejected_share = 10", 'max_rejected_share = "a"', 'engine_memory = "much"', "engine_threads = 0",
    'person_columns = "herkomst"', "person_columns = [1]", 'person_columns = [""]',
    'dream_covariates_on = "2019-12-31"', "dream_covariates_on = 2019-12-31T00:00:00", "own_account_to_approve = 1",
])
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, line: str) -> None:
    name = line.split(" ")[0]
    rest = "".join(f"{one}\n" for one in REQUIRED.splitlines() if one.split(" ")[0] != name)
    fault = refused(written(tmp_path, rest + line))
    assert (fault.code, fault.values["name"]) == ("workspace.setting-wrong", name)


def test_a_setting_that_does_not_exist_is_refused_by_name(tmp_path: Path) -> None:
    fault = refused(written(tmp_path, REQUIRED + "small_cells = 3\n[engine]\nthreads = 2\n"))
    assert fault.code == "workspace.unknown-setting"
    assert fault.values["names"] == "engine, small_cells"


def test_a_setting_that_must_be_there(tmp_path: Path) -> None:
    fault = refused(written(tmp_path, 'municipality = "Norddjurs"\n'))
    assert (fault.code, fault.values["name"]) == ("workspace.setting-missing", "municipality_code")


@pytest.mark.parametrize("content", [
    b"municipality = Norddjurs\n", b'municipality = "Norddjurs', b'municipality = "\xe6"\n'])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "gevinst.toml").write_bytes(content)
    assert refused(tmp_path).code == "workspace.settings-unreadable"


def test_the_line_of_a_fault_is_said(tmp_path: Path) -> None:
    assert refused(written(tmp_path, REQUIRED + "seed = = 1\n")).where.endswith("gevinst.toml, line 3")


def test_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    assert refused(tmp_path).code == "workspace.not-found"
    assert refused(tmp_path / "none").code == "workspace.not-found"
    (tmp_path / "file").touch()
    assert refused(tmp_path / "file").code == "workspace.not-found"


def test_a_new_workspace(tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "a" / "b", municipality='Kommunen "Ærø"', municipality_code="492",
                            key_file=tmp_path / "k.key", small_cell_threshold=3, engine_memory=None)
    assert made == load_settings(tmp_path / "a" / "b")
    assert (made.municipality, made.small_cell_threshold, made.key_file) == ('Kommunen "Ærø"', 3, tmp_path / "k.key")
    assert made.snapshots.is_dir()
    assert (made.workspace / "gevinst.toml").stat().st_mode & 0o777 == 0o600
    assert made.workspace.stat().st_mode & 0o777 == 0o700
    with pytest.raises(GevinstError) as fault:
        create_workspace(tmp_path / "a" / "b", municipality="Ærø", municipality_code="492")
    assert fault.value.code == "workspace.exists"
    assert load_settings(tmp_path / "a" / "b") == made


def test_a_new_workspace_s_file_says_what_each_setting_is_for_and_usually_is(tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "w", municipality="Ærø", municipality_code="492")
    file = tmp_path / "w" / "gevinst.toml"
    text = file.read_text(encoding="utf-8")
    assert "# færrest personer, et tal må hvile på for at blive vist: et helt tal, mindst 1 / " in text
    assert "# small_cell_threshold = 5\n" in text
    file.write_text(re.sub(r"^# (\w+ = .+)$", r"\1", text, flags=re.MULTILINE), encoding="utf-8")
    assert "\nsmall_cell_threshold = 5\n" in file.read_text(encoding="utf-8")
    assert load_settings(tmp_path / "w") == made


def test_a_day_is_written_as_a_day(tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "w", municipality="Prøvekøbing", municipality_code="999",
                            key_file=tmp_path / "k", dream_covariates_on=date(2019, 12, 31))
    assert made.dream_covariates_on == date(2019, 12, 31)
    assert "\ndream_covariates_on = 2019-12-31\n" in (tmp_path / "w" / settings.FILE).read_text(encoding="utf-8")


def test_a_workspace_with_wrong_settings_is_not_made(tmp_path: Path) -> None:
    for wrong, code in [({"seed": -1}, "workspace.setting-wrong"), ({"sed": 1}, "workspace.unknown-setting")]:
        with pytest.raises(GevinstError) as fault:
            create_workspace(tmp_path / "w", municipality="Ærø", municipality_code="492", **wrong)
        assert fault.value.code == code
        assert not (tmp_path / "w").exists()


def test_where_a_workspace_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(GevinstError) as fault:
        create_workspace(tmp_path / "file" / "w", municipality="Ærø", municipality_code="492")
    assert fault.value.code == "workspace.write-failed"
