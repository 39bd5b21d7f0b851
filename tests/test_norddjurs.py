"""The main job, end to end: from an empty folder to four memo files with the figures of the municipality's memo."""

import csv
import json
import shutil
from decimal import Decimal
from pathlib import Path

import docx
import pikepdf
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.errors import GevinstError

GOLDEN = Path(__file__).parent / "golden" / "cells.csv"
runner = CliRunner()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's workspace, made by the command a user types."""
    root = tmp_path_factory.mktemp("norddjurs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEVINST_KEY_FILE", str(root / "key"))
        result = runner.invoke(app, ["demo", "norddjurs", "--out", str(root / "work")])
    assert result.exit_code == 0, result.output
    assert "−10,529" in result.stdout
    return root / "work"


@pytest.fixture(scope="module")
def edition(workspace: Path) -> Path:
    (folder,) = (workspace / "editions").iterdir()
    return folder


def golden() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_all_files_are_there(edition: Path) -> None:
    names = {path.name for path in edition.iterdir()}
    assert names == {
        "memo.docx",
        "memo.pdf",
        "memo.html",
        "memo.xlsx",
        "figures.json",
        "explanations.json",
        "edition.json",
    }


def test_figures_json_holds_every_golden_amount(edition: Path) -> None:
    """Documents 000 (less its misprint) and 001: the budget; 002: budget, results and expectations."""
    figures = {f["id"]: f for f in json.loads((edition / "figures.json").read_text(encoding="utf-8"))["figures"]}
    checked = 0
    for cell in golden():
        if cell["document"][:3] not in ("000", "001", "002") or cell["line"] not in ("investment", "saving", "net"):
            continue
        if "sign is missing" in cell["note"] or (cell["investment"] == "total" and cell["basis"] == "budget"):
            continue
        unit = Decimal(1_000_000 if cell["unit"] == "mio. kr." else 1_000)
        expected = Decimal(cell["value"]) * unit
        who = "portfolio" if cell["investment"] == "total" else cell["investment"]
        bases = ("realised", "expected") if cell["basis"] != "budget" else ("budget",)
        found = [
            figures[f"{who}/{cell['line']}/{cell['year']}/{b}"]
            for b in bases
            if f"{who}/{cell['line']}/{cell['year']}/{b}" in figures
        ]
        if not found and expected == 0:
            continue  # the stopped investment's printed dashes
        assert [Decimal(f["value"]) for f in found] == [expected], cell
        checked += 1
    assert checked > 200


def test_sums_of_the_memo(edition: Path) -> None:
    figures = {f["id"]: f for f in json.loads((edition / "figures.json").read_text(encoding="utf-8"))["figures"]}
    assert figures["portfolio/net/total/expected"]["value"] == -10529000
    assert figures["3/net/total/expected"]["value"] == -8234000
    assert figures["4/net/total/expected"]["value"] == -4556000
    assert figures["portfolio/investment/total/budget"]["value"] == 20856000
    assert figures["portfolio/net/total/budget"]["value"] == -39960000


def test_word_excel_and_html_say_the_same(edition: Path) -> None:
    document = docx.Document(str(edition / "memo.docx"))
    cells = {cell.text.strip() for table in document.tables for row in table.rows for cell in row.cells}
    assert {"−10,529", "3,061", "−0,594", "−5,028", "−7,968", "−0,723", "1,122"} <= cells
    words = " ".join(paragraph.text.replace("\xa0", " ") for paragraph in document.paragraphs)
    assert "10,529 mio. kr." in words
    assert "8,234 mio. kr." in words
    html = (edition / "memo.html").read_text(encoding="utf-8").replace("\xa0", " ")
    assert "−10,529" in html
    assert 'lang="da"' in html
    book = CalamineWorkbook.from_path(str(edition / "memo.xlsx"))
    numbers = {
        round(value, 3)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for value in row
        if isinstance(value, float)
    }
    assert {-10.529, 3.061, -0.723, -8.234} <= numbers


def test_made_up_persons_are_said_to_be_so(edition: Path) -> None:
    assert "opdigte" in (edition / "memo.html").read_text(encoding="utf-8")
    assert json.loads((edition / "edition.json").read_text(encoding="utf-8"))["synthetic"] is True


def test_explain_prints_the_ladder(workspace: Path) -> None:
    result = runner.invoke(app, ["explain", "2", "2021", "-w", str(workspace)])
    assert result.exit_code == 0
    assert "Besparelse på forsørgelse (B) 2021, forventet = −723.000 kr." in result.stdout
    assert "statsrefusion" in result.stdout
    assert "Lov 994/2015" in result.stdout


def test_running_again_gives_the_same_edition_and_never_changes_it(workspace: Path, edition: Path) -> None:
    before = {path.name: path.read_bytes() for path in edition.iterdir()}
    shutil.copytree(edition, edition.parent.parent / "kept")
    shutil.rmtree(edition)
    result = runner.invoke(app, ["run", "-w", str(workspace), "--date", "2021-11-26"])
    assert result.exit_code == 0, result.output
    after = {path.name: path.read_bytes() for path in edition.iterdir()}
    assert before == after


def test_the_memo_is_short_and_page_one_claims_no_effect(edition: Path) -> None:
    with pikepdf.open(edition / "memo.pdf") as memo:
        assert len(memo.pages) <= 18
    page = (edition / "memo.html").read_text(encoding="utf-8")
    first = page[page.index('id="in-short"') : page.index('id="overview"')]
    assert "er skæve på kendte måder" in first
    assert "forlænget" not in first
    assert "forkortet" not in first


def test_an_unknown_year_is_told_plainly(workspace: Path) -> None:
    result = runner.invoke(app, ["explain", "9", "1999", "-w", str(workspace)])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "publish.no-explanation"


def test_no_person_leaves_the_snapshot(edition: Path) -> None:
    """The synthetic ids are S and seven figures; none may stand in anything that is published."""
    for path in edition.iterdir():
        if path.suffix in (".json", ".html"):
            assert "S000" not in path.read_text(encoding="utf-8")
