"""Broken answers and broken files end in an error with a code: no traceback, no hang, nothing stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gevinst.errors import GevinstError
from gevinst.settings import Settings
from gevinst.sources.online.jsonstat import read_jsonstat
from gevinst.sources.online.offline import Saved, import_saved
from gevinst.sources.online.shapes import read_catalogue, read_description, read_rows
from gevinst.sources.online.statbank import read_info
from gevinst.sources.online.survival import read_curves
from tests.sources.online.servers import FakeJobindsats
from tests.sources.online.statbank_server import AREAS, KINDS, TIMES, FakeStatBank
from tests.sources.online.test_offline import saved, table

ROUNDS = 60
BYTES = (b"null", b"1e999", b'""', b"[]", b"{}", b"NaN", b"9" * 30, b"\xff", b"\x00", b";", b'"', b"2020M13", b"\r")
VALUES: tuple[Any, ...] = (None, 1, -1, "", [], {}, "x", True, 1e308, "9" * 50, [None], {"a": 1}, float("nan"), "<5")
CHOSEN = {"OMRÅDE": list(AREAS), "YDELSESTYPE": list(KINDS), "Tid": TIMES}


class Luck:
    """Choices by a stored seed."""

    def __init__(self, seed: int) -> None:
        self._drawn = np.random.Generator(np.random.PCG64(seed))

    def below(self, number: int) -> int:
        return int(self._drawn.integers(number))

    def choice(self, among: Sequence[Any]) -> Any:
        return among[self.below(len(among))]


def broken_bytes(luck: Luck, content: bytes) -> bytes:
    made = bytearray(content)
    for _ in range(luck.choice((1, 2, 8))):
        at = luck.below(len(made) + 1)
        made[at : at + luck.choice((0, 1, 16, len(made)))] = luck.choice(BYTES)
    return bytes(made)


def broken_json(luck: Luck, payload: Any) -> Any:
    made = json.loads(json.dumps(payload))
    for _ in range(luck.choice((1, 2, 4))):
        node, place = made, None
        while isinstance(node, dict | list) and node and luck.below(7):
            place = (node, luck.choice(list(node)) if isinstance(node, dict) else luck.below(len(node)))
            node = node[place[1]]
        if place is not None:
            place[0][place[1]] = deepcopy(luck.choice(VALUES))
    return made


def refusal(read: Callable[[], Any]) -> str | None:
    """The message where it refuses; anything but a `GevinstError` fails the test."""
    try:
        read()
    except GevinstError as fault:
        return str(fault)
    return None


@pytest.mark.parametrize("seed", range(3))
def test_broken_answers(seed: int) -> None:
    luck, fake, bank = Luck(seed), FakeJobindsats(), FakeStatBank()
    cells = table(fake)
    rows, figures = {"columns": cells[0], "rows": cells[1:]}, {"dataset": bank.jsonstat(CHOSEN, CHOSEN)}
    readers: list[tuple[Any, Callable[[Any], Any]]] = [
        (fake.catalogue(), lambda one: read_catalogue(one, "here")),
        (fake.description(), lambda one: read_description(one, "here")),
        (bank.info(), lambda one: read_info(one, "here")),
        (figures, lambda one: list(read_jsonstat(one, "here"))),
        (rows, lambda one: read_curves(read_rows(one, "here"), "a-dagpenge", "here")),
    ]
    for _ in range(ROUNDS):
        for payload, read in readers:
            assert refusal(partial(read, broken_json(luck, payload))) != ""


@pytest.mark.parametrize("name", ["y01b01.json", "y01b01_utf8.csv", "y01b01.xlsx", "auk01.px"])
def test_broken_files(name: str, tmp_path: Path, make_workspace: Callable[..., Settings]) -> None:
    workspace, path = make_workspace().workspace, tmp_path / name
    if name.endswith(".px"):
        path.write_bytes(FakeStatBank().px(CHOSEN).encode("cp1252"))
    else:
        saved(path, table(FakeJobindsats()), FakeJobindsats())
    luck, content = Luck(len(name)), path.read_bytes()
    for _ in range(ROUNDS):
        path.write_bytes(broken_bytes(luck, content))
        before = sorted(workspace.rglob("*"))
        said = Saved("", "Norddjurs", "Norddjurs Kommune", date(2026, 11, 5), (2018, 2019), "707")
        told = refusal(partial(import_saved, workspace, path, said, now=datetime.now(UTC)))
        assert told is None or sorted(workspace.rglob("*")) == before
