"""Room for an answer on its way to the disk, and what a fetch that was killed leaves behind."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from gevinst.sources.online.downloads import ABANDONED_SECONDS, DOWNLOADS, INCOMING, downloads, keep_stream

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_what_a_killed_fetch_left_goes_when_it_cannot_be_under_way_any_more(tmp_path: Path) -> None:
    home = tmp_path / DOWNLOADS / "jobindsats"
    old, fresh = home / f"{INCOMING}old", home / f"{INCOMING}fresh"
    for left in (old, fresh):
        left.mkdir(parents=True)
        (left / "body.json").write_text("{")
    long_ago = fresh.stat().st_mtime - ABANDONED_SECONDS - 60
    os.utime(old, (long_ago, long_ago))
    with keep_stream(tmp_path, "jobindsats", "y01", ending="json") as stream:
        stream.file.write(b"{}")
        kept = stream.done({}, NOW)
    assert sorted(path.name for path in home.iterdir()) == sorted([fresh.name, kept.folder.name])
    assert [one.folder for one in downloads(tmp_path)] == [kept.folder], "half an answer is no download"


def test_an_answer_that_was_not_finished_leaves_nothing(tmp_path: Path) -> None:
    with keep_stream(tmp_path, "jobindsats", "y01", ending="json") as stream:
        stream.file.write(b"{")
    assert list((tmp_path / DOWNLOADS / "jobindsats").iterdir()) == []
