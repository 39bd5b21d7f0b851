"""The record's verbs as a user meets them: a changed protocol is said, recorded and shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.cli_portfolio import portfolio_app
from gevinst.language import speaking
from gevinst.register.snapshots import import_folder
from gevinst.settings import create_workspace

runner = CliRunner()
PORTFOLIO = """\
key: prove
title: Prøve
municipality: Prøveby
years: [2020, 2021]
unit: mio. kr.
price_level: 2020
investments:
  - number: 1
    key: sag
    title: En sag
    target_group: {description: Alle, benefit: kontanthjaelp}
    protocol: {headline: baseline}
"""
PERSONS = {
    "spells.csv": "person_id;benefit;start_date;end_date\n10000;a-dagpenge;2020-01-01;2020-03-01\n",
    "persons.csv": "person_id;sex\n10000;K\n",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    place = tmp_path / "work"
    create_workspace(place, municipality="Prøveby", municipality_code="999", key_file=tmp_path / "key")
    return place


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "prove.yaml"
    path.write_text(PORTFOLIO, encoding="utf-8")
    return path


def load_persons(workspace: Path, folder: Path) -> None:
    folder.mkdir()
    for name, text in PERSONS.items():
        (folder / name).write_text(text, encoding="utf-8")
    import_folder(workspace, folder)


def told(*arguments: str | Path) -> tuple[str, str]:
    """What a verb says on standard output and on standard error."""
    with speaking("da"):
        result = runner.invoke(portfolio_app, list(map(str, arguments)))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout, result.stderr


def test_a_protocol_cannot_be_changed_silently_by_importing_again(workspace: Path, file: Path, tmp_path: Path) -> None:
    assert told("import", file, "-w", workspace) == ("prove: version 1 er gemt.\n", "")
    first, _ = told("protocol", "-w", workspace)
    assert "Hovedmetode:              tidligere år" in first
    assert "Ingen afvigelser" in first
    load_persons(workspace, tmp_path / "in")
    file.write_text(PORTFOLIO.replace("{headline: baseline}", "{headline: matched, match_on: [sex, alder]}"))
    out, warned = told("import", file, "-w", workspace)
    assert out == "prove: version 2 er gemt.\n"
    assert [line.split("] ")[0] for line in warned.splitlines()] == [
        f"{file}: advarsel [register.{code}" for code in ("protocol-changed", "protocol-changed", "match-on-missing")]
    assert "Hovedmetode: tidligere år → matchet" in warned
    assert told("import", file, "-w", workspace)[1].count("advarsel") == 1  # only the covariate that is not there
    shown, _ = told("protocol", "1", "-w", workspace, "--portfolio", "prove")
    assert ", før borgernes data første gang blev indlæst" in shown
    assert shown.count(" → ") == 2


def test_a_protocol_that_comes_after_the_data_is_told_at_once(workspace: Path, file: Path, tmp_path: Path) -> None:
    load_persons(workspace, tmp_path / "in")
    _, warned = told("import", file, "-w", workspace)
    assert "[register.protocol-after-data]" in warned
    assert ", EFTER at borgernes data første gang blev indlæst" in told("protocol", "sag", "-w", workspace)[0]


def test_an_investment_that_is_not_there_is_an_error(workspace: Path, file: Path) -> None:
    told("import", file, "-w", workspace)
    result = runner.invoke(portfolio_app, ["protocol", "9", "-w", str(workspace)])
    assert getattr(result.exception, "code", "") == "register.unknown-investment"
