"""The verb that finds the page for a politician, and the page through an edition's states."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.checksums import SUMS, as_sums, read_sums, sha256_of
from gevinst.cli import app
from gevinst.editions import states
from gevinst.editions.pages import copied, page_of
from gevinst.editions.states import Person, advance, find
from gevinst.errors import GevinstError
from gevinst.publish import MEMO_FILES
from gevinst.report.one_page_files import TREES
from gevinst.settings import Settings
from gevinst.workspace import run_workspace

ANNA, BO = Person("Anna", "anna"), Person("Bo", "bo")
runner = CliRunner()


def words(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().replace("\xa0", " ").split())


def test_the_verb_answers_in_a_sentence_and_says_where_the_page_is(recorded: Settings, draft: Path) -> None:
    done = runner.invoke(app, ["one-page", "-w", str(recorded.workspace), "--investment", "2"])
    assert done.exit_code == 0, done.output
    question, answer, *files = done.stdout.replace("\xa0", " ").splitlines()
    assert question == "Hvad fik vi for pengene i investering 2?"
    assert answer == "I 2020–2021 forventes kommunen at få 120.000 kr. mere igen, end indsatsen koster."
    assert files == [str(draft / "one-page-2.pdf"), str(draft / "one-page-2.html")]
    assert answer in words(draft / "one-page-2.pdf")


def test_the_verb_takes_an_edition_by_the_beginning_of_its_name(recorded: Settings, draft: Path) -> None:
    done = runner.invoke(app, ["one-page", "-w", str(recorded.workspace), "--edition", draft.name[:6]])
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == "Hvad fik vi for pengene?"
    assert str(draft / "one-page.pdf") in done.stdout


def test_a_copy_is_put_in_a_folder(recorded: Settings, draft: Path, tmp_path: Path) -> None:
    out = tmp_path / "til" / "udvalget"
    done = runner.invoke(app, ["one-page", "-w", str(recorded.workspace), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in out.iterdir()) == ["one-page.html", "one-page.pdf"]
    assert (out / "one-page.pdf").read_bytes() == (draft / "one-page.pdf").read_bytes()


def test_a_folder_that_cannot_be_written_in_is_told_of(recorded: Settings, draft: Path, tmp_path: Path) -> None:
    file = tmp_path / "fil"
    file.write_text("x")
    with pytest.raises(GevinstError) as fault:
        copied(page_of(recorded, None, None), file)
    assert fault.value.code == "onepage.cannot-write"
    assert find(recorded, draft.name).damaged == ()


@pytest.mark.parametrize("asked", ["9", "", "one"])
def test_an_investment_that_is_not_there_is_told_with_those_that_are(recorded: Settings, asked: str) -> None:
    with pytest.raises(GevinstError) as fault:
        page_of(recorded, None, asked)
    assert fault.value.code == "onepage.investment"
    assert fault.value.values["known"] == "1, 2"


def test_an_edition_from_before_the_pages_has_none_and_its_memo_is_marked_all_the_same(
    recorded: Settings, draft: Path
) -> None:
    record = find(recorded, draft.name).record
    assert record is not None
    assert {TREES, "one-page.pdf"} & {path.name for path in draft.iterdir()}
    for path in draft.glob("one-page*"):
        path.unlink()
    with pytest.raises(GevinstError) as fault:
        page_of(recorded, draft.name, None)
    assert fault.value.code == "onepage.none"
    assert set(states._memo(draft, record)) == set(MEMO_FILES)


@pytest.mark.parametrize("name", ["one-page.pdf", TREES])
def test_a_damaged_page_is_not_handed_out(recorded: Settings, draft: Path, name: str) -> None:
    (draft / name).write_bytes(b"x")
    with pytest.raises(GevinstError) as fault:
        page_of(recorded, draft.name, None)
    assert fault.value.code == "edition.damaged"
    assert fault.value.values["files"] == name


@pytest.mark.parametrize("sums_too", [False, True])
def test_an_answer_changed_by_hand_is_not_told(recorded: Settings, draft: Path, *, sums_too: bool) -> None:
    tree = draft / TREES
    text = tree.read_text(encoding="utf-8")
    assert "120.000" in text
    tree.write_text(text.replace("120.000", "920.000"), encoding="utf-8")
    if sums_too:
        (draft / SUMS).write_bytes(as_sums({**read_sums(draft), TREES: sha256_of(tree.read_bytes())}))
    done = runner.invoke(app, ["one-page", "-w", str(recorded.workspace), "--investment", "2"])
    assert isinstance(done.exception, GevinstError)
    assert done.exception.code == "edition.damaged"
    assert done.stdout == ""


def test_the_page_is_marked_with_the_state_as_the_memo_is(recorded: Settings, draft: Path) -> None:
    trees = (draft / TREES).read_bytes()
    assert "Udkast. Tallene er ikke kontrolleret" in words(draft / "one-page.pdf")
    advance(recorded, draft.name, "checked", ANNA)
    assert "Kontrolleret, ikke godkendt" in words(draft / "one-page-1.pdf")
    advance(recorded, draft.name, "approved", BO)
    advance(recorded, draft.name, "published", ANNA)
    said = words(draft / "one-page.pdf")
    assert "godkendt af Bo" in said
    assert "Udkast" not in said
    assert 'class="mark"' not in (draft / "one-page-2.html").read_text(encoding="utf-8")
    assert (draft / TREES).read_bytes() == trees
    assert find(recorded, draft.name).damaged == ()
    assert oct((draft / "one-page.pdf").stat().st_mode)[-3:] == "400"


def test_the_pages_tell_the_dates_of_the_workspace(recorded: Settings) -> None:
    (recorded.workspace / "calendar.yaml").write_text(
        "meetings:\n  - {date: 2021-05-19, body: Arbejdsmarkedsudvalget}\n", encoding="utf-8")
    made = run_workspace(recorded.workspace, memo_date=date(2021, 4, 6), recorded_only=True, by="Anna")
    page = (made.folder / "one-page.html").read_text(encoding="utf-8").replace("\xa0", " ")
    assert "<li>Møde i Arbejdsmarkedsudvalget: 19. maj 2021.</li>" in page
    assert "<li>Næste opfølgning er senest 30. juni 2021.</li>" in page, "the memo's own month is April"
