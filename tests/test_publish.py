"""An edition is published whole or not at all."""

import errno
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.parameters.book import national_book
from gevinst.pipeline import run
from gevinst.publish import latest, publish
from gevinst.register import bundled
from gevinst.run_options import RunOptions

OPTIONS = RunOptions(date(2021, 11, 26), datetime(2021, 11, 26, 12, tzinfo=UTC))


@pytest.fixture(scope="module")
def edition():
    return run(bundled.portfolio("norddjurs-2020-2023"), None, national_book(), OPTIONS)


def test_a_full_disk_in_the_middle_leaves_nothing(edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    real = Path.write_bytes

    def until_full(self: Path, data: bytes) -> int:
        if len(written) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(self.name)
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", until_full)
    with pytest.raises(GevinstError) as fault:
        publish(edition, tmp_path / "editions")
    assert fault.value.code == "publish.cannot-write"
    assert len(written) == 2
    assert list((tmp_path / "editions").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(edition, tmp_path: Path) -> None:
    (tmp_path / "editions").write_text("in the way")
    with pytest.raises(GevinstError) as fault:
        publish(edition, tmp_path / "editions")
    assert fault.value.code == "publish.cannot-write"


def test_a_published_edition_is_never_written_over(edition, tmp_path: Path) -> None:
    folder = publish(edition, tmp_path)
    (folder / "memo.html").write_text("as it was")
    assert publish(edition, tmp_path) == folder
    assert (folder / "memo.html").read_text() == "as it was"
    assert latest(tmp_path) == folder


def test_the_same_inputs_give_the_same_id_and_others_another(edition) -> None:
    again = run(bundled.portfolio("norddjurs-2020-2023"), None, national_book(), OPTIONS)
    other = run(bundled.portfolio("aarhus-2021-2024"), None, national_book(), OPTIONS)
    assert edition.id == again.id
    assert edition.id != other.id
