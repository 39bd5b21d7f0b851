"""One broken file through one reader, within a time and without a trace of what must not be told."""

from __future__ import annotations

import re
import shutil
import signal
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gevinst.errors import GevinstError
from tests.fuzz.mutations import mutated
from tests.fuzz.targets import Target

SECONDS = 20
ID = re.compile(r"(?<!\d)\d{6}-?\d{4}(?!\d)")


@dataclass(frozen=True)
class Finding:
    """A reader that did what it may not: `what` in a word, `how` in full, and the mutation that shows it."""

    target: str
    number: int
    what: str
    how: str


class _Hang(BaseException):
    """The reader takes too long; not an `Exception`, so that no reader catches it."""


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _Hang

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def try_bytes(name: str, target: Target, data: bytes, number: int = -1) -> Finding | None:
    """Read the bytes; nothing where they are read or refused as they should be."""
    folder = Path(tempfile.mkdtemp(prefix="gevinst-fuzz-"))
    try:
        with _within(SECONDS):
            target.read(data, folder)
    except GevinstError as fault:
        said = str(fault)
        if ID.search(said):
            return Finding(name, number, "tells an id", said)
    except _Hang:
        return Finding(name, number, "hangs", f"more than {SECONDS} seconds")
    except BaseException:  # noqa: BLE001
        return Finding(name, number, "traceback", traceback.format_exc())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return None


def fuzz(name: str, target: Target, numbers: range) -> Iterator[Finding]:
    """The findings among these mutations."""
    seeds = target.seeds()
    for number in numbers:
        found = try_bytes(name, target, mutated(seeds, number), number)
        if found is not None:
            yield found
