"""The main job, end to end: from an empty folder to four memo files with the figures of the municipality's memo."""

import csv
import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import pikepdf
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.demo import norddjurs
from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.forecast_output import forecast_lines, forecast_rows
from gevinst.language import speaking
from gevinst.lint.check import lint_memo, read_memo
from gevinst.report.memo import build_memo
from gevinst.sources.synthetic import Truth, simulate_register
from gevinst.workspace import Published

GOLDEN = Path(__file__).parent / "golden" / "cells.csv"
runner = CliRunner()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's workspace, made by the command a user types."""
    root = tmp_path_factory.mktemp("norddjurs")
    with pytest.MonkeyPatch.context() as patch:
        key = root / "key"
        key.write_bytes(bytes(range(32)))  # it decides the replicate groups, and so the last decimals of an interval
        key.chmod(0o600)
        patch.setenv("GEVINST_KEY_FILE", str(key))
        result = runner.invoke(app, ["demo", "norddjurs", "--out", str(root / "work")])
    assert result.exit_code == 0, result.output
    assert "−10,529" in result.stdout
    return root / "work"


@pytest.fixture(scope="module")
def edition(workspace: Path) -> Path:
    (folder,) = (workspace / "editions").iterdir()
    return folder


@pytest.fixture(scope="module")
def again(workspace: Path, edition: Path) -> Published:
    """The same run once more, after its files were put aside in `kept`."""
    kept = workspace / "kept"
    shutil.copytree(edition, kept)
    shutil.rmtree(edition)
    return norddjurs.run(workspace)


@pytest.fixture(scope="module")
def truth() -> Truth:
    """What the made-up investments really did."""
    _, found = simulate_register(norddjurs.municipality())
    return found


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
        "one-page.json",
        *(f"one-page{of}.{kind}" for of in ("", "-1", "-2", "-3", "-4", "-5") for kind in ("pdf", "html")),
        "figures.json",
        "explanations.json",
        "edition.json",
        "counts.json",
        "curves.json",
        "effects.json",
        "memo.json",
        "parameters",
        "SHA256SUMS",
    }


@pytest.mark.parametrize("kind", ["docx", "pdf", "html", "xlsx"])
def test_the_linter_finds_nothing_wrong_in_the_memo(kind: str, edition: Path) -> None:
    found = lint_memo(read_memo(edition / f"memo.{kind}"))
    assert [str(each.finding) for each in found if each.grave] == []


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


def test_running_again_gives_the_same_edition_and_never_changes_it(workspace: Path, again: Published) -> None:
    before, after = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (workspace / "kept", again.folder)
    )
    assert before == after


def test_the_matched_comparison_finds_the_truth_and_the_whole_target_group_is_weeks_off(
    again: Published, truth: Truth
) -> None:
    answers = {(one.investment, one.estimator): one for one in again.edition.effects}
    cases = {case.key: case.number for case in again.edition.portfolio.investments}
    for one in truth.investments:
        really = one.weeks_saved_seen(52)
        assert 0.5 < really < 5
        matched = answers[cases[one.key], "matched"].weeks_saved
        assert matched.low is not None
        assert matched.high is not None
        assert matched.low <= really <= matched.high, one.key
        naive = answers[cases[one.key], "target_group"].weeks_saved
        assert naive.high is not None
        assert naive.high < really - 1, "its interval does not hold the truth"
        assert naive.estimate < really - 4


def test_what_stands_behind_the_effects_is_told(again: Published, truth: Truth) -> None:
    edition = again.edition
    assert [detail.investment for detail in edition.details] == ["1", "2", "3", "4"]
    for detail, one in zip(edition.details, truth.investments, strict=True):
        assert detail.estimator == "matched"
        assert detail.seal is not None
        assert detail.seal.before_data is True
        assert detail.seal.fixed_on == norddjurs.MEMO_DATE
        count = detail.participants
        assert count is Hidden.PROTECTS or (isinstance(count, int) and count <= one.participants)
        assert len(detail.placebos) == 2
        assert max(abs(row.after or 0) for row in detail.balance) < max(abs(row.before) for row in detail.balance)
        assert [account.year for account in detail.accounts] == [2020, None]
    whole = edition.portfolio_effect
    assert whole is not None
    assert whole.investments == ("1", "2", "3", "4")
    assert [year for year, _ in whole.net_by_year] == [2020]
    parts = [detail.accounts[0].saving.estimate for detail in edition.details]
    assert whole.net_by_year[0][1].estimate == pytest.approx(sum(parts))


def test_the_part_for_the_council_is_short(edition: Path, again: Published) -> None:
    with pikepdf.open(again.folder / "memo.pdf") as memo, memo.open_outline() as outline:
        pages = [page.objgen for page in memo.pages]
        starts = {item.title: pages.index(item.destination[0].objgen) for item in outline.root[0].children}
    assert starts["Metode"] <= 21
    assert len(pages) <= 51


def test_page_one_tells_of_the_made_up_persons_and_no_method_that_is_biased(again: Published) -> None:
    page = (again.folder / "memo.html").read_text(encoding="utf-8").replace("\xa0", " ")
    first = page[page.index('id="in-short"') : page.index('id="overview"')]
    assert "Kun på de opdigtede persondata" in first
    assert "er skæve på kendte måder" not in first
    assert "Hele målgruppen" not in first


def test_a_forecast_that_the_memo_does_not_tell_says_so_on_the_screen(again: Published) -> None:
    """Without what the evidence is graded by nothing may be told as an effect."""
    ungraded = replace(again.edition, details=again.edition.details[:1])
    for edition in (again.edition, ungraded):
        memo = [table for table in build_memo(edition).tables() if table.key == "forecast"]
        told = {row.cells[0].text[0] for table in memo for row in table.rows}
        with speaking("da"):
            blocks = "\n".join(forecast_lines(edition)).split("Investering ")[1:]
        untold = {block[0] for block in blocks if "Står ikke i notatet" in block}
        assert untold == {one.investment for one in edition.forecasts} - told
        assert {row["investment"] for row in forecast_rows(edition) if not row["told_in_memo"]} == untold
    assert untold >= {"2", "3", "4"}


def test_explain_has_the_matched_comparison(workspace: Path, again: Published) -> None:
    result = runner.invoke(app, ["explain", "4", "2020", "-w", str(workspace)])
    assert result.exit_code == 0, result.output
    assert "Beregnet på borgerforløb: Borgere, der ligner deltagerne (hovedmetode)" in result.stdout


def test_an_unknown_year_is_told_plainly(workspace: Path) -> None:
    result = runner.invoke(app, ["explain", "9", "1999", "-w", str(workspace)])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "publish.no-explanation"


def test_no_person_leaves_the_snapshot(edition: Path) -> None:
    """The synthetic ids are S and seven figures; none may stand in anything that is published."""
    for path in edition.iterdir():
        if path.suffix in (".json", ".html"):
            assert "S000" not in path.read_text(encoding="utf-8")
