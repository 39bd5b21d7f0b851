"""At the import: what the cases of the record need and the delivery has not; and a delivery that is only tried."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.language import LANGUAGES
from gevinst.register.snapshots import covariate_columns
from gevinst.settings import Settings, create_workspace, load_settings
from gevinst.workspace import import_delivery
from tests.register.protected import contents

runner = CliRunner()
SPELLS = "person_id;benefit;start_date;end_date\n" + "".join(
    f"{10_000 + n};kontanthjaelp;2019-01-07;2020-06-28\n" for n in range(20))
PARTICIPANTS = "person_id;investment;start_date;end_date\n10001;koordineret-indsats;2020-02-03;2020-03-29\n"
PERSONS = "person_id;sex;education\n10001;m;1\n"
MATCHED_ON = "age_at_entry, health_problem, prior_benefit_weeks_2y"
NEEDS = ("intake.needs-participants", "intake.needs-benefit", "intake.needs-columns")


@pytest.fixture(params=[False, True], ids=["open", "encrypted"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A workspace with the bundled portfolio: two cases on kontanthjælp, two on A-dagpenge, one followed by heads."""
    made = create_workspace(tmp_path / "w", municipality="Prøvekøbing", municipality_code="999",
                            key_file=tmp_path / "keys" / "k", encrypt_snapshots=request.param)
    file = tmp_path / "n.yaml"
    for arguments in (["portfolio", "export", "norddjurs-2020-2023", str(file), "--bundled"],
                      ["portfolio", "import", str(file), "-w", str(made.workspace)]):
        assert runner.invoke(app, arguments).exit_code == 0
    return made


def delivery(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def needed(settings: Settings, folder: Path, *, keep: bool = True) -> dict[str, list[dict[str, str]]]:
    notes = [one for one in import_delivery(settings.workspace, folder, keep=keep).notes if one.code in NEEDS]
    for one in notes:
        texts = {f"{one.text(language)} {one.advice(language)}" for language in LANGUAGES}
        assert len(texts) == len(LANGUAGES)
        assert not any("{" in text for text in texts)
    return {code: [{name: str(value) for name, value in one.values} for one in notes if one.code == code]
            for code in NEEDS}


def test_what_the_cases_lack_is_told_by_number(settings: Settings, tmp_path: Path) -> None:
    found = needed(settings, delivery(tmp_path / "in", spells=SPELLS, participants=PARTICIPANTS, persons=PERSONS))
    assert [one["case"] for one in found["intake.needs-participants"]] == ["2", "3", "4"]
    assert {one["key"] for one in found["intake.needs-participants"]} == {
        "intensiveret-indsats", "smaajob", "jobsoegningsnetvaerk"}
    assert [(one["case"], one["benefit_da"], one["benefit_en"]) for one in found["intake.needs-benefit"]] == [
        ("3", "A-dagpenge", "unemployment insurance benefit"), ("4", "A-dagpenge", "unemployment insurance benefit")]
    assert {one["columns"] for one in found["intake.needs-columns"]} == {MATCHED_ON}
    assert {one["portfolio"] for one in found["intake.needs-columns"]} == {"norddjurs-2020-2023"}


def test_nothing_is_lacking_where_everything_is_there_or_no_persons_are_meant(
    settings: Settings, tmp_path: Path
) -> None:
    cases = ("koordineret-indsats", "intensiveret-indsats", "smaajob", "jobsoegningsnetvaerk")
    whole = delivery(
        tmp_path / "whole",
        spells=SPELLS + "10001;a-dagpenge;2020-06-29;2020-12-27\n",
        participants=PARTICIPANTS.splitlines()[0] + "\n" + "".join(f"10001;{key};2020-02-03;\n" for key in cases),
        persons=f"person_id;sex;education;{MATCHED_ON.replace(', ', ';')}\n10001;m;1;40;0;10\n")
    assert not any(needed(settings, whole).values())
    prices = delivery(tmp_path / "prices", prices="benefit;year;dkk_per_week\na-dagpenge;2020;4000\n")
    assert not any(needed(settings, prices).values())


def test_a_delivery_that_is_only_tried_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    folder = delivery(tmp_path / "in", spells=SPELLS + "10030;kontanthjaelp;2020-02-30;\n", participants=PARTICIPANTS)
    before = contents(settings.workspace)
    result = runner.invoke(app, ["import", str(folder), "-w", str(settings.workspace), "--try"])
    assert result.exit_code == 0, result.output
    assert "spells.csv: 21 rækker, 1 afvist" in result.stdout
    assert "linje 22" in result.stdout
    assert "rejects.csv" not in result.stdout, "it is gone"
    assert "Investering 2" in result.stdout
    assert result.stdout.endswith("Kun prøvet: intet er gemt.\n")
    assert contents(settings.workspace) == before
    assert needed(settings, folder, keep=False) == needed(settings, folder), "trying says what importing will"
    assert len(list(load_settings(settings.workspace).snapshots.glob("2*"))) == 1


def test_a_refused_delivery_is_refused_when_tried_too(settings: Settings, tmp_path: Path) -> None:
    folder = delivery(tmp_path / "in", participants=PARTICIPANTS)
    result = runner.invoke(app, ["import", str(folder), "-w", str(settings.workspace), "--try"])
    assert result.exit_code != 0
    assert "Kun prøvet" not in result.stdout


def test_of_persons_only_what_a_case_or_the_settings_name_is_stored(settings: Settings, tmp_path: Path) -> None:
    files = {"spells": SPELLS, "participants": PARTICIPANTS, "persons": (
        "person_id;sex;age_at_entry;adresse;herkomst;telefon\n10001;m;40;Storegade 1;dansk;20123456\n")}
    folder = delivery(tmp_path / "in", **files)

    def imported() -> tuple[tuple[str, ...], dict[str, object]]:
        report = import_delivery(settings.workspace, folder)
        assert not report.repeated
        file = report.file("persons")
        assert file is not None
        return covariate_columns(report.folder), {
            one.code: dict(one.values)["columns"] for one in file.notes if one.code.startswith("intake.covariates")}

    columns, told = imported()
    assert columns == ("age_at_entry", "sex")
    assert told == {"intake.covariates-kept": "age_at_entry, sex",
                    "intake.covariates-not-asked": "herkomst", "intake.covariates-identify": "adresse, telefon"}
    toml = settings.workspace / "gevinst.toml"
    toml.write_text(f'{toml.read_text(encoding="utf-8")}\nperson_columns = ["Herkomst", "adresse"]\n', encoding="utf-8")
    columns, told = imported()  # the same files, but another answer: a new snapshot
    assert columns == ("age_at_entry", "herkomst", "sex")
    assert told["intake.covariates-identify"] == "adresse, telefon"
    for path in settings.snapshots.rglob("*"):
        assert path.is_dir() or b"Storegade" not in path.read_bytes()


def test_before_there_is_a_case_no_further_column_is_stored(tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "w", municipality="Prøvekøbing", municipality_code="999",
                            key_file=tmp_path / "keys" / "k")
    report = import_delivery(made.workspace, delivery(tmp_path / "in", spells=SPELLS, persons=PERSONS))
    assert covariate_columns(report.folder) == ()
    notes = {one.code: one for one in report.files[1].notes}
    assert notes["intake.covariates-not-asked"].text("da") == (
        "Disse kolonner er ikke gemt, for ingen sags protokol sammenligner på dem: education, sex.")
    assert "person_columns" in notes["intake.covariates-not-asked"].advice("en")


def test_names_where_an_investment_should_stand_are_noticed_and_not_told(settings: Settings, tmp_path: Path) -> None:
    head = PARTICIPANTS.splitlines()[0]
    rows = f"{head}\n10001;koordineret-indsats;2020-02-03;\n10002;Karen Hansen;2020-02-03;\n10003;Bo;2020-02-03;\n"
    made = create_workspace(tmp_path / "without", municipality="Prøvekøbing", municipality_code="999",
                            key_file=tmp_path / "keys" / "other")
    for name, workspace, expected in (
        ("one", settings.workspace, {"number": 3, "named": "fremmed"}),
        ("two", made.workspace, {"number": 1, "named": "–"}),
    ):
        folder = delivery(tmp_path / name, spells=SPELLS, participants=rows + "10004;fremmed;2020-02-03;\n")
        (found,) = (one for one in import_delivery(workspace, folder).notes if one.code == "intake.unknown-investments")
        assert dict(found.values) == expected
        for language in LANGUAGES:
            assert "Karen" not in found.text(language) + found.advice(language)
    known = import_delivery(settings.workspace, delivery(tmp_path / "three", spells=SPELLS, participants=PARTICIPANTS))
    assert not [one for one in known.notes if one.code == "intake.unknown-investments"]
