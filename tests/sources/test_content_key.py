from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gevinst.sources import content_key as module
from gevinst.sources.content_key import content_key

HEAD = "person_id;benefit;start_date;end_date"
ROWS = [f"{10_000 + n};a-dagpenge;2019-01-07;2020-06-{1 + n % 28:02d}" for n in range(500)]


def key(tmp_path: Path, rows: list[str], name: str = "spells.csv", end: str = "\n") -> bytes:
    folder = tmp_path / f"in{len(list(tmp_path.iterdir()))}"
    folder.mkdir()
    (folder / name).write_bytes((end.join([HEAD, *rows]) + end).encode())
    return content_key(folder)


def test_the_key_is_of_the_rows_and_of_nothing_else(tmp_path: Path) -> None:
    first = key(tmp_path, ROWS)
    assert len(first) == 32
    shuffled = [ROWS[at] for at in np.random.default_rng(7).permutation(len(ROWS))]
    assert first == key(tmp_path, shuffled) == key(tmp_path, ROWS, "SPELLS.CSV") == key(tmp_path, ROWS, end="\r\n")


def test_a_file_read_in_pieces_has_the_same_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = key(tmp_path, ROWS)
    for piece in (1, 7, 100, 5_000):
        monkeypatch.setattr(module, "_PIECE", piece)
        assert key(tmp_path, ROWS) == first


def test_every_change_of_a_row_is_another_key(tmp_path: Path) -> None:
    keys = [key(tmp_path, ROWS)]
    keys.append(key(tmp_path, ROWS[:-1]))
    keys.append(key(tmp_path, [*ROWS, ROWS[0]]))
    keys.append(key(tmp_path, [*ROWS, ""]))
    drawn = np.random.default_rng(8)
    for _ in range(60):
        rows = list(ROWS)
        at, place = drawn.integers(len(rows)), drawn.integers(5)
        rows[at] = rows[at][:place] + str((int(rows[at][place]) + 1) % 10) + rows[at][place + 1:]
        keys.append(key(tmp_path, rows))
    swapped = list(ROWS)  # the same signs in other lines
    swapped[0], swapped[1] = ROWS[0][:5] + ROWS[1][5:], ROWS[1][:5] + ROWS[0][5:]
    keys.append(key(tmp_path, swapped))
    assert len({*keys}) >= len(keys) - 1  # a row that is drawn twice


def test_long_lines_keep_their_places(tmp_path: Path) -> None:
    one, other = "a" * 5_000 + "b" + "a" * 4_095, "a" * 904 + "b" + "a" * 8_191
    assert len(one) == len(other)
    assert key(tmp_path, [one]) != key(tmp_path, [other])
