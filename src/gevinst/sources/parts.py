"""What a folder holds: canonical files and suppliers' own, each as parts on their way into the canonical tables.

A supplier's reader gives rows of text with the canonical columns, so that one set of checks, rejects, pseudonyms and
merging serves them all. Nothing is guessed: a file that no supplier knows is named and not read, and a file that two
suppliers would read into the same table is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, say, speaking
from gevinst.sources.cells import without_cpr
from gevinst.sources.reading import Source, open_source
from gevinst.sources.report import Note, note
from gevinst.tables import CONTRACTS, Contract

CANONICAL = "canonical"
SUFFIXES = (".csv", ".parquet")
LOCK = "~$"  # what Excel puts before the name of a workbook that is open
LISTED = 10
NEED_SPELLS = {"persons", "participants"}
GIVE_SPELLS = {"spells", "payments"}
# Spells and persons first: participants are held against them.
FIRST = ("spells", "payments", "persons", "participants")
ORDER = (*(name for name in FIRST if name in CONTRACTS), *(name for name in CONTRACTS if name not in FIRST))


@dataclass(frozen=True)
class Part:
    """A file, or one view of it, on its way into one canonical table.

    `open` opens it for one reading; `supplier` is `canonical`, a supplier's key, or a mapping's.
    """

    path: Path
    contract: Contract
    open: Callable[[], Source]
    supplier: str


class Supplier(Protocol):
    """A system that writes files in its own format."""

    @property
    def key(self) -> str:
        """What it is called in reports."""

    def parts(self, path: Path) -> tuple[Part, ...]:
        """The parts of a file of this supplier's; none where it is not one. Looks at its name and header only."""


def find_parts(folder: Path, suppliers: Sequence[Supplier] = ()) -> tuple[tuple[Part, ...], tuple[Note, ...]]:
    """The parts of all files of a folder, in the order they are to be read, and a note of the files that are not read.

    Raises `intake.folder-missing`, `intake.folder-unreadable`, `intake.nothing-found`, `intake.two-files`,
    `intake.two-readings` and `intake.file-missing` (there are participants or persons but no spells), and what a
    supplier raises about a file that it knows.
    """
    if not folder.is_dir():
        raise GevinstError("intake.folder-missing", where=str(folder))
    try:
        there = sorted(folder.iterdir())
    except OSError as fault:
        raise GevinstError("intake.folder-unreadable", where=str(folder)) from fault
    canonical: dict[str, Part] = {}
    parts: list[Part] = []
    others: list[Path] = []
    for path in there:
        one = canonical_part(path)
        if one is not None:
            earlier = canonical.setdefault(one.contract.name, one)
            if earlier is not one:
                raise GevinstError("intake.two-files", where=str(folder), one=earlier.path.name, other=path.name)
        elif not path.name.startswith("."):
            found = [part for supplier in suppliers for part in supplier.parts(path)] if path.is_file() else []
            _refuse_two_readings(found, path)
            parts += found
            if not found:
                others.append(path)
    parts = [*canonical.values(), *parts]
    _refuse_too_little(parts, folder, others)
    ordered = sorted(parts, key=lambda part: (ORDER.index(part.contract.name), part.path.name))
    return tuple(ordered), _unread(others)


def _unread(others: Sequence[Path]) -> tuple[Note, ...]:
    """The files that were not read; a lock of Excel's says that somebody has the workbook open."""
    locks = [without_cpr(path.name.removeprefix(LOCK)) for path in others if path.name.startswith(LOCK)]
    files = [without_cpr(path.name) for path in others if not path.name.startswith(LOCK)]
    return (*((note("intake.files-ignored", files=", ".join(files)),) if files else ()),
            *((note("intake.open-elsewhere", files=", ".join(locks)),) if locks else ()))


def _as_it_is(path: Path) -> str:
    """The name of what lies in a folder, and why it cannot be read where that can be seen at once."""
    name = without_cpr(path.name)
    if path.is_dir():
        return say(da=f"{name} (en mappe)", en=f"{name} (a folder)")
    if path.is_file() and path.stat().st_size == 0:
        return say(da=f"{name} (tom)", en=f"{name} (empty)")
    return name


def canonical_part(path: Path) -> Part | None:
    """The part of a file with a canonical name; None where it has another."""
    table = path.stem.lower()
    if path.suffix.lower() not in SUFFIXES or table not in CONTRACTS:
        return None
    contract = CONTRACTS[table]
    return Part(path, contract, partial(open_source, path, contract), CANONICAL)


def _refuse_two_readings(parts: Iterable[Part], path: Path) -> None:
    seen: dict[str, Part] = {}
    for part in parts:
        earlier = seen.setdefault(part.contract.name, part)
        if earlier is not part:
            raise GevinstError(
                "intake.two-readings", where=path.name, one=earlier.supplier, other=part.supplier,
                table=part.contract.name)


def _refuse_too_little(parts: Sequence[Part], folder: Path, others: Sequence[Path]) -> None:
    tables = {part.contract.name for part in parts}
    if not tables:
        values = {}
        for language in LANGUAGES:
            with speaking(language):
                values[f"there_{language}"] = ", ".join(map(_as_it_is, others[:LISTED])) + (
                    " …" if len(others) > LISTED else "") or say(da="ingenting", en="nothing")
        raise GevinstError("intake.nothing-found", where=str(folder), names=", ".join(ORDER), **values)
    if tables & NEED_SPELLS and not tables & GIVE_SPELLS:
        raise GevinstError("intake.file-missing", where=str(folder), file="spells")
