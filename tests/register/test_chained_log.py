from __future__ import annotations

import json
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.register.chained_log import ChainedLog


@pytest.fixture
def log(tmp_path: Path) -> ChainedLog:
    (tmp_path / "keys").mkdir()
    made = ChainedLog(tmp_path / "log.jsonl", tmp_path / "keys" / "head")
    for number in range(4):
        made.append({"number": number, "word": "æøå"})
    return made


def broken(log: ChainedLog) -> tuple[str, str]:
    with pytest.raises(GevinstError) as fault:
        log.entries()
    with pytest.raises(GevinstError) as again:
        log.append({"number": 9})
    assert again.value.code == fault.value.code
    return fault.value.code, fault.value.where.rpartition(":")[2]


def test_what_is_added_stays(log: ChainedLog) -> None:
    assert log.entries() == tuple({"number": number, "word": "æøå"} for number in range(4))
    assert {path.stat().st_mode & 0o777 for path in (log.path, log.head) if path} == {0o600}
    assert ChainedLog(log.path.with_name("none.jsonl")).entries() == ()


@pytest.mark.parametrize(("line", "shows_at"), [(0, "1"), (1, "2"), (2, "3")])
def test_a_line_taken_out_shows(log: ChainedLog, line: int, shows_at: str) -> None:
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(lines[:line] + lines[line + 1:]))
    assert broken(log) == ("protection.log-broken", shows_at)


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_line_changed_or_put_in_shows(log: ChainedLog, line: int) -> None:
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join([*lines[:line], lines[line].replace(b"number", b"numbar"), *lines[line + 1:]]))
    assert broken(log) == ("protection.log-broken", str(line + 2))
    log.path.write_bytes(b"".join([*lines[:line + 1], lines[line], *lines[line + 1:]]))
    assert broken(log) == ("protection.log-broken", str(line + 2))


@pytest.mark.parametrize("line", [b"{", b"[]", b"{}", b"\xff", b""])
def test_a_line_that_is_no_entry_shows(log: ChainedLog, line: bytes) -> None:
    with log.path.open("ab") as file:
        file.write(line + b"\n")
    assert broken(log) == ("protection.log-broken", "5")


def test_lines_taken_from_the_end_show_by_the_head(log: ChainedLog) -> None:
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(lines[:-1]))
    assert broken(log)[0] == "protection.log-cut"
    log.path.unlink()
    assert broken(log)[0] == "protection.log-cut"
    last = json.loads(lines[-1]) | {"number": 99}
    log.path.write_bytes(b"".join([*lines[:-1], json.dumps(last, ensure_ascii=False).encode() + b"\n"]))
    assert broken(log)[0] == "protection.log-cut"


def test_a_crash_between_log_and_head_and_half_a_line(log: ChainedLog) -> None:
    assert log.head is not None
    head = log.head.read_bytes()
    log.append({"number": 4})
    log.head.write_bytes(head)
    assert len(log.entries()) == 5
    with log.path.open("ab") as file:
        file.write(b'{"number": 5, "wo')
    assert len(log.entries()) == 5
    log.append({"number": 5})
    assert [entry["number"] for entry in log.entries()] == list(range(6))
    assert log.path.read_bytes().count(b"\n") == 6


def test_a_log_or_a_head_that_cannot_be_read(log: ChainedLog) -> None:
    assert log.head is not None
    log.head.write_text("{}")
    assert broken(log)[0] == "protection.log-unreadable"
    log.path.unlink()
    log.path.mkdir()
    assert broken(log)[0] == "protection.log-unreadable"
