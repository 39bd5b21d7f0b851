"""From draft to published: what the memo says on the way, what never changes, and damage that is found."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import docx
import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from gevinst.checksums import SUMS, differing, read_sums
from gevinst.cli import app
from gevinst.editions import states
from gevinst.editions.output import show_lines
from gevinst.editions.states import Person, advance, damage, editions_of, find
from gevinst.errors import GevinstError
from gevinst.language import Language, long_date, speaking
from gevinst.publish import MEMO_FILES
from gevinst.register.account import account
from gevinst.register.clock import day_of
from gevinst.report.one_page_files import is_page
from gevinst.settings import Settings, load_settings
from gevinst.workspace import run_workspace
from tests.editions import small_town

ANNA, BO = Person("Anna", "anna"), Person("Bo", "bo")
runner = CliRunner()


def refused(code: str, call: Callable[[], object]) -> GevinstError:
    with pytest.raises(GevinstError) as fault:
        call()
    assert fault.value.code == code
    assert fault.value.message("en").do
    return fault.value


def pdf_text(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode().replace("\xa0", " ")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_memo_says_the_state_and_the_figures_stay_as_they_were(recorded: Settings, draft: Path) -> None:
    said = {
        "draft": ("Udkast", "Udkast. Tallene er ikke kontrolleret, og notatet er ikke godkendt."),
        "checked": ("Kontrolleret, ikke godkendt", "Tallene er kontrolleret af Anna. Notatet er ikke godkendt."),
        "approved": ("Godkendt, ikke udgivet", "Notatet er godkendt af Bo. Det er ikke udgivet."),
    }
    before = contents(draft)
    for state, (mark, warning) in said.items():
        if state == "checked":
            advance(recorded, draft.name, "checked", ANNA)
        elif state == "approved":
            advance(recorded, draft.name, "approved", BO)
        word = docx.Document(str(draft / "memo.docx"))
        assert word.sections[0].header.paragraphs[0].text == mark
        assert warning in [paragraph.text.replace("\xa0", " ") for paragraph in word.paragraphs]
        pages = pdf_text(draft / "memo.pdf").split("\f")[:-1]
        assert all(mark in page[:400] for page in pages)
        assert warning.split(".")[0] in " ".join(pages[0].split())
        html = (draft / "memo.html").read_text(encoding="utf-8").replace("\xa0", " ")
        assert f'<p class="mark">{mark}</p>' in html
        assert warning in html
        now = contents(draft)
        assert {name for name in now if now[name] != before[name] and not is_page(name)} <= {*MEMO_FILES, SUMS}
    record = advance(recorded, draft.name, "published", ANNA)
    assert record.state == "published"
    html = (draft / "memo.html").read_text(encoding="utf-8").replace("\xa0", " ")
    assert "Udkast" not in html
    assert 'class="mark"' not in html
    assert "godkendt af Bo" in html
    word = docx.Document(str(draft / "memo.docx"))
    assert [paragraph.text for paragraph in word.sections[0].header.paragraphs if paragraph.text] == []
    marked = {*MEMO_FILES, SUMS, *(name for name in before if is_page(name))}
    assert {name for name, was in before.items() if contents(draft)[name] == was} == {*before} - marked


def test_a_published_edition_is_closed_and_its_sums_are_those_of_sha256sum(closed: Path) -> None:
    recorded, draft = load_settings(closed.parents[1]), closed
    modes = {oct(path.stat().st_mode)[-3:] for path in draft.rglob("*") if path.is_file()}
    assert modes == {"400"}
    assert oct(draft.stat().st_mode)[-3:] == "500"
    subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=draft, check=True, capture_output=True)
    assert differing(draft, read_sums(draft)) == ()
    refused("edition.is-published", lambda: advance(recorded, draft.name, "checked", BO))
    again = run_workspace(recorded.workspace, memo_date=date(2021, 4, 2), recorded_only=True, by="Carl")
    assert again.folder != draft, "with a published edition behind it, a memo says what changed since"


def test_where_it_is_asked_for_the_approval_comes_from_another_account(recorded: Settings, draft: Path) -> None:
    strict = replace(recorded, own_account_to_approve=True)
    advance(strict, draft.name, "checked", ANNA)
    same = Person("Bo", account())
    refused("edition.same-account", lambda: advance(strict, draft.name, "approved", same))
    record = advance(strict, draft.name, "approved", Person("Bo", "another"))
    assert (record.last.own_account, record.same_account) == (True, False)
    assert "[egen konto krævet]" in "\n".join(show_lines(find(recorded, draft.name)))


def test_an_approval_from_the_authors_account_is_said_for_good(recorded: Settings, draft: Path) -> None:
    """Whatever the setting says before and after, and whoever the environment says it was."""
    same = Person("Bo", account())
    advance(recorded, draft.name, "checked", ANNA)
    record = advance(recorded, draft.name, "approved", same)
    assert (record.last.own_account, record.same_account) == (False, True)
    strict = replace(recorded, own_account_to_approve=True)
    said = "godkendt af Bo fra samme brugerkonto, som det er lavet fra"
    html = (draft / "memo.html").read_text(encoding="utf-8").replace("\xa0", " ")
    assert f"Notatet er {said}. Det er ikke udgivet." in html
    advance(strict, draft.name, "published", ANNA)
    html = (draft / "memo.html").read_text(encoding="utf-8").replace("\xa0", " ")
    assert said in html
    shown = "\n".join(show_lines(find(strict, draft.name)))
    assert "[egen konto ikke krævet]" in shown
    assert "samme konto" in shown


def test_the_environment_does_not_say_who_approves(
    recorded: Settings, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER"):
        monkeypatch.setenv(name, "boholm")
    advance(recorded, draft.name, "checked", ANNA)
    result = runner.invoke(app, ["edition", "approve", draft.name, "-w", str(recorded.workspace), "--as", "Bo Holm"])
    assert "samme konto" in result.stderr
    assert "boholm" not in result.output
    record = find(recorded, draft.name).record
    assert record is not None
    assert record.last.account == account()


def test_what_the_log_says_of_the_setting_cannot_be_changed(recorded: Settings, draft: Path) -> None:
    advance(recorded, draft.name, "checked", ANNA)
    advance(recorded, draft.name, "approved", BO)
    for value in ("1", "NULL"):
        engine = create_engine(recorded.store_url)
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE edition_event SET own_account = {value} WHERE state = 'approved'"))
        engine.dispose()
        refused("edition.log-broken", lambda: find(recorded, draft.name))


def test_the_author_does_not_approve(recorded: Settings, draft: Path) -> None:
    advance(recorded, draft.name, "checked", ANNA)
    before = contents(draft)
    refused("edition.same-person", lambda: advance(recorded, draft.name, "approved", Person("ANNA", "bo")))
    refused("edition.wrong-order", lambda: advance(recorded, draft.name, "published", BO))
    assert contents(draft) == before


@pytest.mark.parametrize("spoil", ["change", "remove", "add", "sums"])
def test_damage_of_a_published_edition_is_found(closed: Path, spoil: str) -> None:
    recorded, draft = load_settings(closed.parents[1]), closed
    draft.chmod(0o700)
    file = draft / "figures.json"
    file.chmod(0o600)
    if spoil == "change":
        file.write_text(file.read_text().replace("90000", "90001"))
    elif spoil == "remove":
        file.unlink()
    elif spoil == "add":
        (draft / "figures-2.json").write_text("{}")
    else:  # a change with a list of checksums that fits it
        file.write_text("{}")
        sums = read_sums(draft)
        sums["figures.json"] = states.sha256_of(b"{}")
        (draft / SUMS).chmod(0o600)
        (draft / SUMS).write_bytes(states.as_sums(sums))
    found = find(recorded, draft.name)
    assert found.damaged == {"add": ("figures-2.json",), "sums": (SUMS,)}.get(spoil, ("figures.json",))
    listed = runner.invoke(app, ["edition", "list", "-w", str(recorded.workspace)]).stdout
    assert "BESKADIGET" in listed


def test_a_memo_that_was_edited_by_hand_goes_no_further(recorded: Settings, draft: Path) -> None:
    with (draft / "memo.docx").open("ab") as file:
        file.write(b"x")
    fault = refused("edition.damaged", lambda: advance(recorded, draft.name, "checked", ANNA))
    assert fault.values["files"] == "memo.docx"
    record = find(recorded, draft.name).record
    assert record is not None
    assert record.state == "draft"


def test_what_an_open_editor_leaves_is_no_damage(recorded: Settings, draft: Path) -> None:
    for name in ("~$memo.docx", ".~lock.memo.docx#", ".DS_Store"):
        (draft / name).write_bytes(b"x")
    assert find(recorded, draft.name).damaged == ()


@pytest.mark.parametrize("written", [0, 2, 4, 7])
def test_a_process_that_dies_between_log_and_files_is_finished_by_the_next(
    recorded: Settings, draft: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    real, done = Path.replace, list[Path]()

    def dies(self: Path, target: Path) -> Path:
        if len(done) == written:
            raise KeyboardInterrupt
        done.append(target)
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            advance(recorded, draft.name, "checked", ANNA)
    found = find(recorded, draft.name)
    assert found.record is not None
    assert found.record.state == "checked"
    assert found.damaged == ()
    assert "Kontrolleret, ikke godkendt" in (draft / "memo.html").read_text(encoding="utf-8")
    assert not list(draft.glob("*.coming"))


def test_an_event_taken_from_the_end_of_the_log_shows_in_the_files(recorded: Settings, draft: Path) -> None:
    advance(recorded, draft.name, "checked", ANNA)
    engine = create_engine(recorded.store_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM edition_event WHERE state = 'checked'"))
    engine.dispose()
    assert find(recorded, draft.name).damaged == (SUMS,)


def test_a_correction_says_what_it_corrects_and_why(
    closed: Path, take_all_the_way: Callable[[Settings, str], None]
) -> None:
    recorded, key = load_settings(closed.parents[1]), closed.name
    at = ["-w", str(recorded.workspace)]
    base = ["edition", "correct", key, *at, "--recorded-only"]
    result = runner.invoke(app, base)
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "edition.no-reason"
    result = runner.invoke(app, [*base, "--reason", "Prisen var forkert.", "--as", "Carl"])
    assert result.exit_code == 0, result.output
    (correction,) = (one for one in editions_of(recorded) if one.folder.name != key)
    assert correction.record is not None
    assert (correction.record.corrects, correction.record.author) == (key, "Carl")
    html = (correction.folder / "memo.html").read_text(encoding="utf-8").replace("\xa0", " ")
    assert f"Dette notat retter notatet af 2. april 2021 (udgave {key}). Årsag: Prisen var forkert." in html
    assert "Siden sidst" in html
    assert "Ingen af hovedtallene er ændret" in html
    sealed = json.loads((correction.folder / "edition.json").read_text(encoding="utf-8"))
    assert sealed["correction"] == {"corrects": key, "reason": "Prisen var forkert."}
    take_all_the_way(recorded, correction.folder.name)
    assert f"rettet af {correction.folder.name}" in runner.invoke(app, ["edition", "show", key, *at]).stdout


def test_only_a_published_edition_is_corrected(recorded: Settings, draft: Path) -> None:
    at = ["-w", str(recorded.workspace), "--recorded-only"]
    result = runner.invoke(app, ["edition", "correct", draft.name, *at, "--reason", "Prisen var forkert"])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "edition.not-published"


def test_editions_by_the_beginning_of_their_names(recorded: Settings, draft: Path) -> None:
    assert find(recorded, draft.name[:4]).folder == draft
    refused("edition.unknown", lambda: find(recorded, "zzz"))
    refused("edition.unknown", lambda: find(recorded, ""))
    shutil.copytree(draft, draft.with_name(f"{draft.name[:6]}-copy"))
    refused("edition.which", lambda: find(recorded, draft.name[:5]))


def test_an_edition_of_an_older_form_is_listed_and_left_alone(recorded: Settings, draft: Path) -> None:
    old = draft.with_name("0123456789ab")
    shutil.copytree(draft, old)
    (old / SUMS).unlink()
    sealed = json.loads((old / "edition.json").read_text(encoding="utf-8"))
    del sealed["recipe"]
    (old / "edition.json").write_text(json.dumps(sealed), encoding="utf-8")
    refused("edition.older-form", lambda: advance(recorded, old.name, "checked", BO))
    listed = runner.invoke(app, ["edition", "list", "-w", str(recorded.workspace)]).stdout
    assert "0123456789ab  uden status (ældre form)" in listed
    assert "draft" not in listed
    assert runner.invoke(app, ["edition", "show", old.name, "-w", str(recorded.workspace)]).exit_code == 0


def test_an_edition_whose_folder_is_gone_is_damaged(recorded: Settings, draft: Path) -> None:
    shutil.rmtree(draft)
    (found,) = editions_of(recorded)
    assert found.damaged == (SUMS,)
    assert found.record is not None
    assert damage(draft, found.record) == (SUMS,)
    refused("edition.damaged", lambda: advance(recorded, draft.name, "checked", BO))


def test_a_memo_tree_that_is_none_is_told(recorded: Settings, draft: Path) -> None:
    (draft / "memo.json").write_text("{}")
    sums = read_sums(draft)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(states, "damage", lambda *_: ())
        refused("edition.unreadable", lambda: advance(recorded, draft.name, "checked", BO))
    assert read_sums(draft) == sums


def test_the_words_of_the_commands(recorded: Settings, draft: Path) -> None:
    at = ["-w", str(recorded.workspace)]
    assert "udkast" in runner.invoke(app, ["edition", "list", *at]).stdout
    result = runner.invoke(app, ["edition", "check", draft.name, *at, "--comment", "Afstemt", "--as", "Carl"])
    assert "kontrolleret af Carl" in result.stdout
    result = runner.invoke(app, ["edition", "approve", draft.name[:5], *at, "--as", "Bo"])
    assert "godkendt af Bo" in result.stdout
    assert "samme konto" in result.stderr, "one user of the operating system with two names is told"
    result = runner.invoke(app, ["edition", "publish", draft.name, *at])
    assert "udgivet" in result.stdout
    shown = runner.invoke(app, ["edition", "show", draft.name, *at]).stdout
    assert "Afstemt" in shown
    assert "samme konto" in shown
    assert "Filerne er, som de blev efterladt." in shown
    assert str(draft) in shown


@pytest.mark.parametrize(("language", "memo", "made"), [
    ("da", "Notatets dato: 02-04-2021 (valgt; udgavens log siger, hvornår den er lavet)", "(lavet "),
    ("en", "Memo date: 2021-04-02 (chosen; the edition's log says when it was made)", "(made "),
])
def test_the_memo_s_date_is_not_told_as_the_day_it_was_made(
    recorded: Settings, language: Language, memo: str, made: str
) -> None:
    """The date is chosen; the clock's is in the log, and in the memo once the log has it."""
    draft = run_workspace(recorded.workspace, memo_date=date(2021, 4, 2), recorded_only=True, by="Anna",
                          language=language).folder

    def told() -> str:
        return unescape((draft / "memo.html").read_text(encoding="utf-8")).replace("\xa0", " ")

    assert memo in told()
    assert made not in told()
    assert "Dannet" not in told()
    assert "created" not in json.loads((draft / "edition.json").read_text(encoding="utf-8"))
    record = advance(recorded, draft.name, "checked", ANNA)
    with speaking(language):
        day = long_date(day_of(record.events[0].at))
        shown = show_lines(find(recorded, draft.name))
    assert f"{made}{day})" in told()
    assert [line for line in shown if f"{made[:-1]})" in line] == shown[2:3]
    assert any("02-04-2021" in line or "2021-04-02" in line for line in shown[4:])


def test_no_name_and_no_editions_are_told(tmp_path: Path) -> None:
    recorded = small_town.workspace(tmp_path)
    result = runner.invoke(app, ["edition", "list", "-w", str(recorded.workspace)])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "edition.none"
    refused("edition.no-name", lambda: states.person("  "))


def test_a_cpr_number_for_a_name_is_not_kept() -> None:
    assert "010170" not in states.person("Anna 010170-1234").name


def test_the_letterhead_stays_with_the_edition(recorded: Settings) -> None:
    paper = docx.Document()
    paper.sections[0].header.paragraphs[0].text = "Prøveby Kommune"
    paper.add_paragraph("{{indhold}}")
    kept = io.BytesIO()
    paper.save(kept)
    made = run_workspace(recorded.workspace, memo_date=date(2021, 4, 2), recorded_only=True, by="Anna",
                         letterhead=kept.getvalue())
    for state, mark in (("draft", "Udkast"), ("checked", "Kontrolleret, ikke godkendt")):
        if state == "checked":
            advance(recorded, made.edition.id, "checked", ANNA)
        header = docx.Document(str(made.folder / "memo.docx")).sections[0].header
        assert [paragraph.text for paragraph in header.paragraphs] == [mark, "Prøveby Kommune"]
