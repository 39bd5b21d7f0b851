"""The heads of a workspace's logs: what follows a workspace, what shows, and what is told for ever."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.language import speaking
from gevinst.register.access_log import access_log, enter_look_up, look_ups
from gevinst.register.chained_log import ChainedLog
from gevinst.register.journal import enter, journal
from gevinst.register.kept_logs import Anew, state_of
from gevinst.register.log_words import state_lines
from gevinst.settings import ID_FILE, Settings, load_settings
from tests.register.protected import MOMENT, copied, make

LATER = MOMENT + timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace with a stored snapshot, an entry of it, and three look-ups."""
    made = make(tmp_path)
    made.key_file.parent.mkdir()
    enter(made, "import", MOMENT, snapshot="a")
    for person in (1, 2, 3):
        look_up(made, person)
    (made.snapshots / "20240201T090000000000Z-00000000").mkdir()
    return made


def look_up(settings: Settings, person: int = 1, at: datetime = MOMENT) -> None:
    enter_look_up(settings, at, by="Anna", purpose="klage", persons=[person], found=[])


def without_last(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(GevinstError) as fault:
        call()
    assert fault.value.message("en").do
    return fault.value.code


def heads(settings: Settings) -> list[Path]:
    return sorted(settings.key_file.parent.glob("*-head"))


def moved(settings: Settings, to: str = "moved") -> Settings:
    """The workspace in another folder, its key where it was."""
    return load_settings(settings.workspace.rename(settings.workspace.with_name(to)))


def test_an_id_is_made_with_the_workspace_and_names_both_heads(settings: Settings) -> None:
    mark = (settings.workspace / ID_FILE).read_text()
    assert [head.name for head in heads(settings)] == [f"test.key.{mark}.journal-head", f"test.key.{mark}.log-head"]
    assert {head.stat().st_mode & 0o777 for head in heads(settings)} == {0o600}
    assert (state_of(settings, "access").known, state_of(settings, "journal").known) == (3, 1)
    assert (settings.workspace / ".gitignore").read_text().splitlines()[-1] == "*"


def test_a_line_that_was_removed_shows_after_a_move(settings: Settings) -> None:
    there = moved(settings)
    assert len(look_ups(there)) == 3
    assert state_of(there, "access").known == 3
    without_last(access_log(there).path)
    assert refused(lambda: look_ups(there)) == "protection.log-cut"
    assert refused(lambda: look_up(there)) == "protection.log-cut"


def test_an_emptied_journal_shows_and_stops_what_would_write_in_it(settings: Settings) -> None:
    journal(settings).path.write_bytes(b"")
    assert refused(lambda: journal(settings).entries()) == "protection.log-cut"
    assert refused(lambda: enter(settings, "encrypt", LATER)) == "protection.log-cut"


def test_every_line_says_which_account(settings: Settings) -> None:
    (entry,) = journal(settings).entries()
    assert entry["account"] == look_ups(settings)[0].account


@pytest.mark.parametrize("lost", ["heads", "id"])
def test_a_log_without_a_head_is_said_aloud_and_remembered(settings: Settings, lost: str) -> None:
    for path in heads(settings) if lost == "heads" else [settings.workspace / ID_FILE]:
        path.unlink()
    without_last(access_log(settings).path)
    state = state_of(settings, "access")
    assert (state.lines, state.known, state.anew) == (2, None, ())
    with speaking("da"):
        (told,) = state_lines(state, "access", expected=True)
    assert told.startswith("OBS: Loggen over opslag har 2 linjer, men intet hoved")
    look_up(settings, at=LATER)
    state = state_of(settings, "access")
    assert (state.lines, state.known, state.anew) == (4, 4, (Anew(LATER, "head-made", 2),))
    with speaking("da"):
        told = state_lines(state, "access", expected=True)[1]
    assert told == ("OBS: Loggen over opslag fik nyt hoved den 02-02-2024 efter linje 2; "
                    "om der manglede linjer dér, kan ikke ses.")
    assert state_of(settings, "journal").anew == (Anew(LATER, "head-made", 1),)


def test_a_log_emptied_with_its_head_is_said_aloud_where_there_are_data(settings: Settings) -> None:
    for path in (*heads(settings), access_log(settings).path, settings.workspace / ID_FILE):
        path.unlink()
    state = state_of(settings, "access")
    with speaking("en"):
        assert state_lines(state, "access", expected=True)[0].startswith("NOTE: The log of look-ups has 0 lines")
        assert "unbroken" in state_lines(state, "access", expected=False)[0], "a new workspace"
    enter(settings, "encrypt", LATER)
    assert state_of(settings, "access").anew == (Anew(LATER, "head-made", 0),)


def test_a_head_named_by_the_path_is_taken_over(settings: Settings) -> None:
    """As the heads of access logs were named before workspaces had ids."""
    _, head = heads(settings)
    mark = hashlib.sha256(str(settings.workspace).encode()).hexdigest()[:12]
    old = head.rename(head.with_name(f"test.key.{mark}.log-head"))
    (settings.workspace / ID_FILE).unlink()
    assert state_of(settings, "access").known == 3
    look_up(settings)
    assert not old.exists()
    assert (state_of(settings, "access").known, state_of(settings, "access").anew) == (4, ())
    without_last(access_log(moved(settings)).path)
    assert refused(lambda: look_ups(load_settings(settings.workspace.with_name("moved")))) == "protection.log-cut"


def test_a_copy_gets_an_id_of_its_own_and_leaves_the_original_alone(settings: Settings) -> None:
    other = load_settings(Path(shutil.copytree(settings.workspace, settings.workspace.with_name("copy"))))
    assert state_of(other, "access").known is None, "the head is the original's"
    look_up(other, at=LATER)
    assert (other.workspace / ID_FILE).read_text() != (settings.workspace / ID_FILE).read_text()
    assert state_of(other, "access").anew == (Anew(LATER, "head-made", 3),)
    look_up(settings)
    assert (state_of(settings, "access").known, state_of(settings, "access").anew) == (4, ())
    shutil.rmtree(settings.workspace)
    assert state_of(other, "access").known == 5


def test_the_same_workspace_by_another_path_is_no_copy(settings: Settings) -> None:
    """As a drive that is mounted twice: the head says the one path, the program was given the other."""
    link = settings.workspace.with_name("link")
    link.symlink_to(settings.workspace)
    heads(settings)[1].write_text(heads(settings)[1].read_text().replace(str(settings.workspace), str(link)))
    assert state_of(settings, "access").known == 3


def test_a_restored_backup_goes_on_by_a_new_id(settings: Settings, tmp_path: Path) -> None:
    backup = shutil.copytree(settings.workspace, tmp_path / "backup")
    look_up(settings)
    shutil.rmtree(settings.workspace)
    shutil.copytree(backup, settings.workspace)
    shutil.rmtree(backup)
    assert refused(lambda: look_ups(settings)) == "protection.log-cut"
    (settings.workspace / ID_FILE).unlink()  # as the error says
    look_up(settings, at=LATER)
    assert state_of(settings, "access").anew == (Anew(LATER, "head-made", 3),)


def test_lines_that_came_without_the_head_are_told(settings: Settings) -> None:
    log = access_log(settings)
    for _ in range(2):
        ChainedLog(log.path).append({"at": MOMENT.isoformat(), "event": "looked-up", "by": "Bo", "account": "bo",
                                     "purpose": "x", "persons": [7], "found": []})
    state = state_of(settings, "access")
    assert (state.known, state.beyond) == (3, 2)
    with speaking("da"):
        assert "2 af linjerne er skrevet, uden at hovedet" in state_lines(state, "access", expected=True)[1]
    look_up(settings, at=LATER)
    state = state_of(settings, "access")
    assert (state.beyond, state.anew) == (0, (Anew(LATER, "head-behind", 3),))
    with speaking("da"):
        assert "havde den 02-02-2024 linjer efter linje 3" in state_lines(state, "access", expected=True)[1]


def test_without_the_folder_of_the_key_the_log_goes_on_and_says_so(settings: Settings) -> None:
    shutil.rmtree(settings.key_file.parent)
    enter(settings, "delete-snapshot", LATER, snapshot="a")
    assert not settings.key_file.parent.exists()
    assert (state_of(settings, "journal").lines, state_of(settings, "journal").known) == (2, None)


@pytest.mark.parametrize("code", ["workspace.not-writable", "workspace.disk-full"])
def test_a_folder_of_the_key_that_may_not_be_written_in(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    for head in heads(settings):
        head.unlink()

    def fails(_: ChainedLog) -> None:
        raise GevinstError(code)

    monkeypatch.setattr(ChainedLog, "begin_head", fails)
    if code == "workspace.not-writable":
        enter(settings, "encrypt", LATER)
        assert state_of(settings, "journal").lines == 2
    else:
        assert refused(lambda: enter(settings, "encrypt", LATER)) == code


def test_a_journal_of_an_older_program_is_read_and_goes_on(tmp_path: Path) -> None:
    settings = make(tmp_path)
    settings.key_file.parent.mkdir()
    (settings.workspace / ID_FILE).unlink()
    ChainedLog(journal(settings).path).append({"at": MOMENT.isoformat(), "event": "import", "snapshot": "a"})
    assert "account" not in journal(settings).entries()[0]
    enter(settings, "encrypt", LATER, snapshots=1)
    assert [one["event"] for one in journal(settings).entries()] == ["import", "head-made", "encrypt"]


def test_an_id_that_is_none_is_made_anew(settings: Settings) -> None:
    for content in (b"../../x", b"\xff", b""):
        (settings.workspace / ID_FILE).write_bytes(content)
        look_up(settings, at=datetime(2024, 3, 1, tzinfo=UTC))
        assert (settings.workspace / ID_FILE).read_text().isalpha()


def test_a_copied_place_with_its_key_is_whole(settings: Settings, tmp_path: Path) -> None:
    """A backup of both, restored elsewhere after the machine was lost."""
    other = copied(settings.workspace.parent, tmp_path / "restored")
    shutil.rmtree(settings.workspace)
    assert other.key_file.parent != settings.key_file.parent
    assert (state_of(other, "access").known, state_of(other, "journal").known) == (3, 1)
