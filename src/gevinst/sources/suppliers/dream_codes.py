"""What DREAM's codes mean: the shipped list, and the workspace's own rows in its place.

The shipped list is `data/dream_codes.csv`: codes and names as one public implementation had them about 2016-17,
which benefit each is read as, and whether that follows from the name (`named`) or is this program's choice
(`choice`). Later codes are not in it; a workspace adds them in `parameters/dream_codes.csv`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from gevinst.errors import GevinstError
from gevinst.parameters.benefits import normalise_benefit
from gevinst.sources.cells import shown
from gevinst.sources.header import plain_name
from gevinst.sources.suppliers.dream_runs import ABROAD, DEAD, NO_BENEFIT, UNKNOWN, Meanings

FILE = Path(__file__).parent / "data" / "dream_codes.csv"
LOCAL_FILE = "dream_codes.csv"  # in the workspace's folder of parameters
HIGHEST = 32_767
MEANINGS = {"none": NO_BENEFIT, "abroad": ABROAD, "dead": DEAD}
REQUIRED = ("code", "name_da", "benefit", "source")
_CHOICE = "choice"


@dataclass(frozen=True)
class Code:
    """One code. `benefit` is a benefit's key or, where it is none, `none`, `abroad` or `dead`.

    `verified` says that the benefit follows from the code's name in a public source, or was given locally.
    """

    code: int
    name_da: str
    benefit: str
    source: str
    verified: bool
    local: bool = False


@dataclass(frozen=True)
class CodeList:
    """The codes by number."""

    codes: Mapping[int, Code]

    @property
    def benefits(self) -> tuple[str, ...]:
        """The benefits that codes are read as, in the order that `meanings` numbers them."""
        return tuple(sorted({one.benefit for one in self.codes.values()} - MEANINGS.keys()))

    def meanings(self) -> Meanings:
        """At each code the number of its benefit, or one of the negative meanings of `dream_runs`."""
        number = {benefit: place for place, benefit in enumerate(self.benefits)} | MEANINGS
        meanings = np.full(HIGHEST + 1, UNKNOWN, np.int16)
        meanings[0] = NO_BENEFIT
        for code, one in self.codes.items():
            meanings[code] = number[one.benefit]
        return meanings


def code_list(local: Path | None = None, benefit_of: Callable[[str], str | None] = normalise_benefit) -> CodeList:
    """The shipped codes, and those of the file `local` in their place; it need not exist.

    `local` is a CSV file with the columns `code`, `name_da`, `benefit` and `source`. Raises `dream.codes-unreadable`,
    `dream.codes-columns`, `dream.code-number`, `dream.code-twice`, `dream.code-benefit` and `dream.code-source`.

    >>> codes = code_list().codes
    >>> codes[733].benefit, codes[785].benefit, codes[999].benefit, codes[71 * 10].verified
    ('kontanthjaelp', 'jobafklaring', 'dead', False)
    """
    own = _local_codes(local, benefit_of) if local is not None and local.exists() else {}
    return CodeList(MappingProxyType({**_shipped(), **own}))


@cache
def _shipped() -> Mapping[int, Code]:
    with FILE.open(encoding="utf-8", newline="") as file:
        codes = [Code(int(row["code"]), row["name_da"], row["benefit"] or row["meaning"], row["source"],
                      row["mapping"] != _CHOICE) for row in csv.DictReader(file)]
    return {one.code: one for one in codes}


def _local_codes(path: Path, benefit_of: Callable[[str], str | None]) -> dict[int, Code]:
    found: dict[int, Code] = {}
    for line, row in _rows(path):
        where = f"{path.name}:{line}"
        number = row["code"].strip()
        if not number.isdecimal() or not 0 < int(number) <= HIGHEST:
            raise GevinstError("dream.code-number", where=where, highest=HIGHEST)
        if int(number) in found:
            raise GevinstError("dream.code-twice", where=where, number=number)
        word = row["benefit"].strip()
        benefit = word if word in MEANINGS else benefit_of(word) if word else None
        if benefit is None:
            raise GevinstError("dream.code-benefit", where=where, number=number, benefit=shown(word),
                               words=", ".join(MEANINGS))
        if not row["source"].strip():
            raise GevinstError("dream.code-source", where=where, number=number)
        found[int(number)] = Code(int(number), row["name_da"].strip(), benefit, row["source"].strip(), True, True)
    return found


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows that are not blank, with their lines."""
    try:
        text = _text(path.read_bytes())
        head = text.partition("\n")[0]
        reader = csv.reader(text.splitlines(), delimiter=max(";,\t", key=head.count), strict=True)
        names = [plain_name(cell) for cell in next(reader, [])]
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except (OSError, csv.Error, UnicodeDecodeError) as fault:
        raise GevinstError("dream.codes-unreadable", where=str(path)) from fault
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise GevinstError("dream.codes-columns", where=str(path), columns=", ".join(missing))
    return [(line, dict.fromkeys(REQUIRED, "") | dict(zip(names, cells, strict=False))) for line, cells in lines]


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")
