"""A workspace that a group may work in: what it gets, what stays the owner's, and what is refused to others.

Root may do anything, so that the second account is nobody, in the group, when the tests run as root; else it is the
same account, and only the rights are held against what they should be.
"""

from __future__ import annotations

import grp
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.editions.states import Person, advance, find
from gevinst.errors import GevinstError
from gevinst.guard import warned_if_open
from gevinst.register.sharing import follow_folder, is_shared, open_to_others, share
from gevinst.settings import Settings, load_settings
from gevinst.workspace import run_workspace
from tests.editions import small_town
from tests.register.protected import make, say_settings

ROOT, NOBODY = os.getuid() == 0, 65534
GROUP = grp.getgrgid(1 if ROOT else os.getgid()).gr_name

AS_ANOTHER = """
import os, sys
from pathlib import Path
from gevinst.editions.states import Person, advance, find
from gevinst.errors import GevinstError
from gevinst.register.account import account
from gevinst.settings import load_settings
os.umask(0o077)

def goes(workspace, key, state):
    try:
        return advance(load_settings(Path(workspace)), key, state, Person("Bo", account())).last.account
    except GevinstError as fault:
        return fault.code

workspace, warm, key, group, state, in_group = sys.argv[1:]
goes(warm, key, "checked"), goes(warm, key, "approved"), goes(warm, key, "published")  # all is loaded while it may be
if os.getuid() == 0:
    os.setgroups([int(group)] if in_group == "yes" else [])
    os.setgid(65534)
    os.setuid(65534)
print(goes(workspace, key, state))
try:
    list((Path(workspace) / "snapshots").iterdir())
except PermissionError:
    print("snapshots are closed")
"""


@pytest.fixture
def town() -> Iterator[Settings]:
    """A workspace with a draft, in a folder that any user may pass through, as pytest's own is not."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        before = os.umask(0o077)
        try:
            made = small_town.workspace(Path(place))
            run_workspace(made.workspace, memo_date=date(2021, 4, 2), recorded_only=True, by="Anna")
            shutil.copytree(made.workspace, made.workspace.with_name("as-it-was"))
            yield made
        finally:
            os.umask(before)


def draft(settings: Settings) -> str:
    (edition,) = (settings.workspace / "editions").iterdir()
    return edition.name


def as_another(settings: Settings, state: str, *, in_group: bool = True) -> list[str]:
    warm = shutil.copytree(settings.workspace.with_name("as-it-was"), settings.workspace.with_name(f"warm-{state}"))
    done = subprocess.run(
        [sys.executable, "-c", AS_ANOTHER, str(settings.workspace), str(warm), draft(settings),
         str(grp.getgrnam(GROUP).gr_gid), state, "yes" if in_group else "no"],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_another_account_in_the_group_approves_and_publishes(town: Settings) -> None:
    key, home = draft(town), town.workspace
    say_settings(town, shared_group=f'"{GROUP}"')
    assert share(home) == GROUP
    advance(load_settings(home), key, "checked", Person("Anna", "anna"))
    for state in ("approved", "published"):
        said = as_another(town, state)
        if ROOT:
            assert said == ["nobody", "snapshots are closed"]
    found = find(load_settings(home), key)
    assert found.damaged == ()
    assert found.record is not None
    assert found.record.state == "published"
    files = [path for path in found.folder.rglob("*") if path.is_file()]
    assert {mode(path) for path in files} == {0o440}
    assert {mode(path) & 0o007 for path in (home, *home.rglob("*"))} == {0}


def test_what_the_group_gets_and_what_it_does_not(town: Settings) -> None:
    home = town.workspace
    assert mode(home) == 0o700
    say_settings(town, shared_group=f'"{GROUP}"')
    assert "kan nu kontrollere, godkende og udgive" in CliRunner().invoke(app, ["share", "-w", str(home)]).stdout
    assert (mode(home), mode(home / "gevinst.toml"), mode(home / "gevinst.db")) == (0o2770, 0o640, 0o660)
    assert mode(home / "editions" / draft(town) / "memo.docx") == 0o660
    assert mode(home / "snapshots") == 0o700
    assert mode(home / "workspace-id") == 0o600
    assert home.stat().st_gid == grp.getgrnam(GROUP).gr_gid
    assert not open_to_others(home)
    written = home / "editions" / "new"
    written.mkdir(mode=0o700)
    (written / "file").write_text("x")
    follow_folder(home / "editions", written)
    assert (mode(written), mode(written / "file")) == (0o2770, 0o660)


def test_without_the_group_another_account_is_told_plainly(town: Settings) -> None:
    if ROOT:
        assert as_another(town, "checked") == ["workspace.not-readable", "snapshots are closed"]
        town.workspace.chmod(0o755)
        assert as_another(town, "approved", in_group=False)[0] == "workspace.not-readable", "and no bad TOML"
    else:
        (town.workspace / "gevinst.toml").chmod(0)
        with pytest.raises(GevinstError) as fault:
            load_settings(town.workspace)
        assert fault.value.code == "workspace.not-readable"


def test_who_may_go_in_is_warned_of_unless_it_is_the_group(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = make(tmp_path)
    home = settings.workspace
    os.chown(home, -1, grp.getgrnam(GROUP).gr_gid)
    for bits, opened in ((0o700, False), (0o2770, True), (0o705, True)):
        home.chmod(bits)
        assert open_to_others(home) is opened
    say_settings(settings, shared_group=f'"{GROUP}"')
    for bits, opened in ((0o2770, False), (0o2775, True)):
        home.chmod(bits)
        assert open_to_others(home) is opened
    warned_if_open(home)
    assert "shared_group" in capsys.readouterr().err
    assert not open_to_others(tmp_path), "no workspace"


def test_sharing_with_nobody_or_an_unknown_group(tmp_path: Path) -> None:
    settings = make(tmp_path)
    for said, code in ((None, "protection.no-shared-group"), ("no-such-group-9", "protection.no-group")):
        if said is not None:
            say_settings(settings, shared_group=f'"{said}"')
        with pytest.raises(GevinstError) as fault:
            share(settings.workspace)
        assert fault.value.code == code
        assert str(fault.value)
        assert mode(settings.workspace) == 0o700
    settings.workspace.chmod(0o770)
    assert open_to_others(settings.workspace)


def test_a_group_that_the_account_is_not_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make(tmp_path)
    say_settings(settings, shared_group=f'"{GROUP}"')

    def refuses(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", refuses)
    with pytest.raises(GevinstError) as fault:
        share(settings.workspace)
    assert fault.value.code == "protection.no-group"


def test_what_is_not_shared_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "file").chmod(0o600)
    follow_folder(tmp_path, tmp_path / "file")
    assert mode(tmp_path / "file") == 0o600
    assert not is_shared(tmp_path / "none")
