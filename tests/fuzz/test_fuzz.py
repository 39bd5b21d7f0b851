"""The short form: some broken files per reader. `benchmarks/fuzz.py` has the long one, and one led by coverage."""

from __future__ import annotations

from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.sources.ingest import read_folder
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from tests.fuzz.fuzzing import fuzz, try_bytes
from tests.fuzz.mutations import mutated
from tests.fuzz.targets import REGISTER, TARGETS, TODAY, Target

FILES = 40
IMPORTS = 25


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_broken_files_are_read_or_refused(name: str) -> None:
    target = TARGETS[name]
    for seed in target.seeds():
        assert try_bytes(name, target, seed) is None
    findings = list(fuzz(name, target, range(FILES)))
    assert not findings, "\n\n".join(f"{one.number}: {one.what}\n{one.how}" for one in findings[:3])


MET = {"memo.pdf": (739, 2578), "opus.xlsx": (8103,), "counts.json": (8813,), "calendar.yaml": (2654,),
       "memo.docx": (4, 34)}
"""Mutations by number that a reader once fell over: a font of a thousand million glyphs, a page whose size is no
number, a workbook of a million million texts (which ended the process), an endless count, an alias that holds itself,
and packages of which a part is damaged."""


@pytest.mark.parametrize("name", sorted(MET))
def test_what_a_reader_once_fell_over_is_refused(name: str) -> None:
    for number in MET[name]:
        assert not list(fuzz(name, TARGETS[name], range(number, number + 1))), number


def test_a_broken_delivery_leaves_nothing_behind(tmp_path: Path) -> None:
    """Whole imports, all of it or nothing."""
    refused = 0
    sound = {path.name: path.read_bytes() for path in sorted(REGISTER.glob("*.csv"))}
    small = {name: b"".join(data.splitlines(keepends=True)[:60]) for name, data in sound.items()}
    for number in range(IMPORTS):
        folder, target = tmp_path / f"in{number}", tmp_path / f"out{number}"
        folder.mkdir()
        target.mkdir()
        broken = sorted(small)[number % len(small)]
        for name, data in small.items():
            (folder / name).write_bytes(mutated([data], number) if name == broken else data)
        try:
            read_folder(folder, target, key=IN_MEMORY_KEY, today=TODAY, max_rejected_share=0.95, threads=1)
        except GevinstError:
            refused += 1
            assert list(target.iterdir()) == []
        else:
            assert (target / "manifest.json").exists()
    assert 0 < refused < IMPORTS


def _falls_over(data: bytes, _: Path) -> None:
    if b"\0" in data:
        raise ValueError(data)


def _tells(data: bytes, _: Path) -> None:
    raise GevinstError("intake.empty-file", where=data.decode())


def test_the_search_finds_a_reader_that_falls_over_or_tells_an_id() -> None:
    weak = Target(lambda: [b"a;b\n1;2\n"], _falls_over)
    assert {one.what for one in fuzz("weak", weak, range(300))} == {"traceback"}
    found = try_bytes("talkative", Target(lambda: [], _tells), b"010190-1234")
    assert found is not None
    assert found.what == "tells an id"
