"""`gevinst explain`: any figure opened from an edition's folder, the list of figures, and what is asked for wrongly."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gevinst.checksums import SUMS, as_sums, read_sums, sha256_of
from gevinst.cli import app
from gevinst.errors import GevinstError
from gevinst.workspace import run_workspace
from tests.editions import small_town

runner = CliRunner()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an edition on a small town's persons."""
    place = tmp_path_factory.mktemp("explain")
    settings = small_town.workspace(place)
    folder = small_town.write_delivery(place / "one", small_town.FIRST, small_town.ON_TIME)
    small_town.deliver(settings, folder, date(2021, 4, 1))
    run_workspace(settings.workspace, memo_date=date(2021, 4, 2), by="Anna")
    return settings.workspace


def explain(workspace: Path, *words: str) -> Result:
    return runner.invoke(app, ["explain", *words, "-w", str(workspace)])


def said(workspace: Path, *words: str) -> list[str]:
    result = explain(workspace, *words)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def fault(workspace: Path, *words: str) -> GevinstError:
    error = explain(workspace, *words).exception
    assert isinstance(error, GevinstError)
    return error


def folder_of(workspace: Path) -> Path:
    return next((workspace / "editions").iterdir())


def test_a_figure_tells_formula_counts_files_and_run(made: Path) -> None:
    told = said(made, "1/effect/rest_of_target_group/weeks_saved")
    assert told[0].startswith("Sparede uger på ydelsen pr. deltager, investering 1: Resten af målgruppen = ")
    assert "Σ uge 0 til 25 efter start: andel på ydelsen uden indsatsen − andel med" in told[0]
    assert ("  1/effect/rest_of_target_group/participants: Deltagere bag svaret, investering 1: "
            "Resten af målgruppen = 40") in told
    sealed = json.loads((folder_of(made) / "edition.json").read_text(encoding="utf-8"))
    spells = next(one for one in sealed["inputs"] if one["name"] == "spells.csv")
    assert f"  spells.csv = {spells['rows']} rækker  (sha256 {spells['sha256'][:12]})" in told
    assert f"  programversion = {sealed['code_version']}" in told
    assert any(line.startswith("95 %-interval = 10 gentagelser, startværdi ") for line in told)


def test_kroner_tell_the_parameters_of_their_year_with_the_law(made: Path) -> None:
    told = said(made, "1/effect/rest_of_target_group/2020/net")
    assert any(line.startswith("Parametre 2020") for line in told)
    assert any("Lov 994/2015" in line and "gælder fra " in line for line in told), "law and validity"
    assert any("uger × " in line for line in told)


def test_a_recorded_figure_tells_where_it_was_stated_and_when(made: Path) -> None:
    told = said(made, "2/saving/2020/expected")
    assert told[0].endswith("(Skøn)")
    assert told[1].strip() == "opgjort = 01-02-2021"
    assert not any(line.startswith("Filer") for line in told), "it rests on no file"


def test_a_sum_names_the_figures_it_is_a_sum_of(made: Path) -> None:
    told = said(made, "2/saving/total/expected")
    assert "  2020 = −150.000 kr. (løbende priser)" in told
    assert "  2/saving/2021/expected: Besparelse på forsørgelse (B) 2021, forventet, investering 2 = " \
           "−150.000 kr. (løbende priser)" in told


def test_a_point_of_a_curve_opens_the_curve(made: Path) -> None:
    told = said(made, "1/curve/same/with_relapse/0/13")
    assert told[0] == "1/curve/same/with_relapse/0/13 står i 1/curve/same/with_relapse/0:"
    assert any(line.startswith("  uge 13 = ") for line in told)


def test_as_json_it_is_the_same_ladder(made: Path) -> None:
    told = json.loads("\n".join(said(made, "1/effect/rest_of_target_group/weeks_saved", "--format", "json")))
    kept = json.loads((folder_of(made) / "explanations.json").read_text(encoding="utf-8"))
    assert told["explanation"] == kept["1/effect/rest_of_target_group/weeks_saved"]
    assert told["edition"] == folder_of(made).name
    assert set(told["ground"]) == {"interval", "ground/files", "ground/run"}
    assert set(told["rests_on"]) == {f"1/effect/rest_of_target_group/{name}" for name in ("participants", "comparison")}


def test_the_list_can_be_narrowed_by_a_part_or_a_pattern(made: Path) -> None:
    every = said(made, "--list")
    part = said(made, "--list", "weeks_saved")
    wild = said(made, "--list", "2/saving/*/budget")
    assert len(every) > 100
    assert 0 < len(part) < len(every)
    assert [line.split(": ")[0] for line in wild] == [
        "2/saving/2020/budget", "2/saving/2021/budget", "2/saving/total/budget"]
    as_json = json.loads("\n".join(said(made, "--list", "weeks_saved", "--format", "json")))
    assert [line.split(": ")[0] for line in part] == list(as_json)


def test_an_edition_is_named_by_the_beginning_of_its_id(made: Path) -> None:
    assert said(made, "2", "2020", "--edition", folder_of(made).name[:5]) == said(made, "2", "2020")


def test_an_unknown_figure_names_the_nearest(made: Path) -> None:
    error = fault(made, "1/effect/rest_of_target_group/weeks")
    assert error.code == "explain.unknown"
    assert "1/effect/rest_of_target_group/weeks_saved" in error.values["known"]
    assert "weeks_saved" in error.message("en").do
    assert fault(made, "1/effect/rest_of_target_group/weeks_saved/of_few").code == "explain.unknown", "a made-up part"


def test_a_persons_number_asked_for_is_not_repeated(made: Path) -> None:
    error = fault(made, "0101011234")
    assert error.code == "explain.unknown"
    assert "0101011234" not in str(error)


def test_what_is_asked_for_wrongly_is_told(made: Path) -> None:
    assert fault(made).code == "explain.nothing-asked"
    assert fault(made, "--list", "no-such-figure").code == "explain.none-like"
    assert fault(made, "9", "1999").code == "publish.no-explanation"
    assert fault(made, "2", "2020", "--edition", "nope").code == "publish.no-edition"
    assert fault(made, "2", "2020", "--edition", "../editions").code == "publish.no-edition"
    assert fault(made, "2", "2020", "--format", "xml").code == "cli.choice"


def forged(workspace: Path, text: str) -> Path:
    """The edition's folder with other explanations, and a list of checksums that fits them."""
    folder = folder_of(workspace)
    (folder / "explanations.json").write_text(text, encoding="utf-8")
    sums = {**read_sums(folder), "explanations.json": sha256_of(text.encode())}
    (folder / SUMS).write_bytes(as_sums(sums))
    return folder


def another_figure(workspace: Path) -> str:
    kept = (folder_of(workspace) / "explanations.json").read_text(encoding="utf-8")
    assert "−150.000" in kept
    return kept.replace("−150.000", "−950.000")


def test_a_figure_changed_by_hand_is_not_told(made: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(made, tmp_path / "work"))
    file = folder_of(workspace) / "explanations.json"
    file.write_text(another_figure(workspace), encoding="utf-8")
    for words in (["2/saving/2020/expected"], ["2", "2020"], ["--list"]):
        for edition in ([], ["--edition", folder_of(workspace).name]):
            error = fault(workspace, *words, *edition)
            assert error.code == "edition.damaged"
            assert error.values["files"] == "explanations.json"
            assert explain(workspace, *words, *edition).stdout == ""


def test_a_figure_forged_with_its_checksums_has_the_record_against_it(made: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(made, tmp_path / "work"))
    forged(workspace, another_figure(workspace))
    error = fault(workspace, "2/saving/2020/expected")
    assert error.code == "edition.damaged"
    assert error.values["files"] == SUMS


def test_editions_alone_are_held_against_their_own_checksums(made: Path, tmp_path: Path) -> None:
    """A folder of editions that was given to somebody has no record beside it."""
    workspace = tmp_path / "given"
    shutil.copytree(made / "editions", workspace / "editions")
    assert said(workspace, "2/saving/2020/expected")
    shutil.copy(made / "gevinst.toml", workspace)
    assert said(workspace, "2/saving/2020/expected"), "nor has one whose record is gone"
    (folder_of(workspace) / "explanations.json").write_text(another_figure(workspace), encoding="utf-8")
    assert fault(workspace, "2/saving/2020/expected").code == "edition.damaged"


def test_an_edition_that_is_none_is_told(made: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "given"
    shutil.copytree(made / "editions", workspace / "editions")
    for broken in ("{", "[]", '{"a": {"label": 1}}', '{"a": 3}'):
        forged(workspace, broken)
        assert fault(workspace, "2", "2020").code == "explain.unreadable"
    (folder_of(workspace) / SUMS).unlink()
    assert fault(workspace, "2", "2020").code == "explain.unreadable"


def test_an_edition_without_its_memo_still_opens_its_ladders(made: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(made, tmp_path / "work"))
    (folder_of(workspace) / "memo.json").unlink()
    assert said(workspace, "1/curve/same/with_relapse/0")
    assert fault(workspace, "1/curve/same/with_relapse/0/13").code == "explain.unknown"
