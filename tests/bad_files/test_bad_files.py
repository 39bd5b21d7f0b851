"""One broken folder per mistake. Each gives a clear error or a listed reject, and the workspace stays as it was.

`expected.yaml` beside the files says what must come of them: an `error` with its place, or the `rejects` (file,
line, column, code), the note codes and the numbers of rows stored. All are imported on 1 February 2024.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES
from gevinst.register.journal import JOURNAL
from gevinst.register.snapshots import import_folder, snapshots
from gevinst.settings import create_workspace

FOLDER = Path(__file__).parent
CASES = sorted(path.name for path in FOLDER.iterdir() if (path / "expected.yaml").exists())
TODAY = date(2024, 2, 1)
ID = re.compile(rb"\d{10}|\d{6}-\d{4}")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that already holds a good snapshot."""
    base = tmp_path_factory.mktemp("bad")
    create_workspace(base / "workspace", municipality="Prøvekøbing", municipality_code="999",
                     key_file=base / "keys" / "test.key")
    (base / "good").mkdir()
    (base / "good" / "spells.csv").write_text("person_id;benefit;start_date;end_date\n1;a-dagpenge;2020-01-01;\n")
    import_folder(base / "workspace", base / "good", today=TODAY)
    return base / "workspace"


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in sorted(folder.rglob("*"))}


def ids_in(folder: Path) -> set[bytes]:
    """The ids in a folder's files, with and without hyphen."""
    content = b"".join(path.read_bytes().replace(b"\0", b"") for path in folder.rglob("*.csv") if path.is_file())
    plain = {found.replace(b"-", b"") for found in ID.findall(content)}
    return plain | {one[:6] + b"-" + one[6:] for one in plain}


def expected_of(case: str) -> dict[str, object]:
    said: dict[str, object] = yaml.safe_load((FOLDER / case / "expected.yaml").read_text(encoding="utf-8"))
    return said


@pytest.mark.parametrize("case", [case for case in CASES if "error" in expected_of(case)])
def test_a_clear_error_and_nothing_changed(case: str, workspace: Path) -> None:
    said, before = expected_of(case), contents(workspace)
    with pytest.raises(GevinstError) as fault:
        import_folder(workspace, FOLDER / case, today=TODAY)
    assert fault.value.code == said["error"]
    assert fault.value.where == str(said["where"]).format(folder=FOLDER / case)
    for language in LANGUAGES:
        text = " ".join(fault.value.message(language))
        assert "{" not in text
        assert not any(one.decode() in text for one in ids_in(FOLDER / case))
    assert contents(workspace) == before


@pytest.mark.parametrize("case", [case for case in CASES if "rejects" in expected_of(case)])
def test_a_listed_reject_and_the_rest_stored(case: str, workspace: Path) -> None:
    said, before = expected_of(case), contents(workspace)
    report = import_folder(workspace, FOLDER / case, today=TODAY)
    assert [[one.file, one.line, one.column, one.code] for one in report.rejects] == said["rejects"]
    assert {file.table: file.stored for file in report.files} == said["stored"]
    for table, codes in said.get("notes", {}).items():
        assert [one.code for one in report.file(table).notes] == codes
    for what in ("duplicates", "merged"):
        for table, count in said.get(what, {}).items():
            assert getattr(report.file(table), what) == count
    for reject in report.rejects:
        assert reject.value == said.get("says", reject.value)
    after = contents(workspace)
    grows = {"snapshots", JOURNAL}
    assert {name: after[name] for name in before if name not in grows} == {
        name: content for name, content in before.items() if name not in grows}
    assert after[JOURNAL][1].startswith(before[JOURNAL][1])
    written = b"".join(content for name, (_, content) in after.items() if name not in before)
    assert not any(one in written for one in ids_in(FOLDER / case))
    assert snapshots(workspace)[-1].folder == report.folder


def test_every_mistake_of_the_list_has_a_case() -> None:
    codes = {str(expected_of(case).get("error", "")) for case in CASES}
    codes |= {row[3] for case in CASES for row in expected_of(case).get("rejects", [])}
    assert len(CASES) == len({expected_of(case)["about"] for case in CASES})
    assert codes >= {"intake.empty-file", "intake.no-rows", "intake.no-header", "intake.too-many-rejects",
                     "intake.row-swapped-dates", "intake.row-future", "intake.row-unknown-benefit",
                     "intake.row-conflicting-key", "intake.row-unknown-person"}
