"""How a ledger export is read: header words, words for debit and credit, the decimal sign. The user may edit it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.parameters.marked_yaml import Node, read
from gevinst.sources.suppliers.opus_amount import Decimal, MinusWithSide, Sides

BUNDLED = Path(__file__).parent / "data" / "opus_layout.yaml"
LAYOUT_FILE = "ledger_layout.yaml"  # in the workspace
FIELDS = ("date", "amount", "debit", "credit", "side", "account", "function", "dranst", "ownership", "grouping", "art",
          "psp", "text", "year")
ADDRESS = ("account", "function", "psp", "art")  # one of them says where a posting belongs
TELLING = ("psp", "grouping", "dranst")  # no file but a ledger has them
_ENTRIES = ("source", "columns", "debit_words", "credit_words", "total_words", "decimal", "minus_with_side",
            "keep_text")
_DECIMALS: Mapping[str, Decimal] = {",": ",", ".": "."}
_MINUS: Mapping[str, MinusWithSide] = {"refuse": "refuse", "reverses": "reverses", "repeats": "repeats"}


@dataclass(frozen=True)
class OpusLayout:
    """How to read a ledger's file. `columns` are the header words by field, plain, the preferred first.

    `own` says that a workspace's file has had its say; `sha256` is then that file's.
    """

    columns: Mapping[str, tuple[str, ...]]
    sides: Sides
    total_words: tuple[str, ...]
    decimal: Decimal
    keep_text: bool
    own: bool = False
    sha256: str = ""

    def places(self, header: tuple[str, ...]) -> dict[str, int]:
        """Where each field stands in a header; fields that are not there are left out."""
        named = [plain(cell) for cell in header]
        found = {field: next((word for word in words if word in named), None) for field, words in self.columns.items()}
        return {field: named.index(word) for field, word in found.items() if word is not None}


def plain(cell: str) -> str:
    """A header word as it is compared: letters and figures only, small.

    >>> plain(" Bogf.dato "), plain("PSP-element"), plain("Debet/Kredit")
    ('bogfdato', 'pspelement', 'debetkredit')
    """
    return re.sub(r"[\W_]", "", cell.casefold())


def refuse_twice(header: tuple[str, ...], places: Mapping[str, int], where: str) -> None:
    """Raise `ledger.column-twice` where two columns have the header of a field."""
    named = [plain(cell) for cell in header]
    for field, place in places.items():
        if named.count(named[place]) > 1:
            raise GevinstError("ledger.column-twice", where=where, word=header[place].strip(), field=field)


def missing(places: Mapping[str, int]) -> tuple[str, ...]:
    """What a ledger's header lacks: `date`, `amount` (one column, or debit and credit), `account`."""
    lacking = [] if "date" in places else ["date"]
    if not ("amount" in places or {"debit", "credit"} <= places.keys()):
        lacking.append("amount")
    if not any(field in places for field in ADDRESS):
        lacking.append("account")
    return tuple(lacking)


def read_layout(path: Path | None = None) -> OpusLayout:
    """The layout that ships, with what the file at `path` says instead; without a path, or a file there, as it ships.

    Raises the errors of `marked_yaml.read`, `ledger.layout-word` and `parameters.wrong-kind`.
    """
    entries = read(BUNDLED).mapping(_ENTRIES, ())
    columns = _columns(entries["columns"])
    own = path is not None and path.exists()
    sha256 = ""
    if path is not None and own:
        said = read(path).mapping((), _ENTRIES)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        if "columns" in said:
            columns |= _columns(said["columns"])
        entries = {**entries, **said}
    debit, credit = (_words(entries[name]) for name in ("debit_words", "credit_words"))
    both = sorted(debit & credit)
    if both:
        raise entries["credit_words"].fault("ledger.layout-word", name="credit_words", word=both[0],
                                            allowed_da="ord, der ikke står i debit_words",
                                            allowed_en="words that are not in debit_words")
    return OpusLayout(
        columns, Sides(debit, credit, _MINUS[_choice(entries["minus_with_side"], "minus_with_side", _MINUS)]),
        tuple(sorted(_words(entries["total_words"]))), _DECIMALS[_choice(entries["decimal"], "decimal", _DECIMALS)],
        entries["keep_text"].boolean(), own, sha256)


def _columns(node: Node) -> dict[str, tuple[str, ...]]:
    return {field: tuple(plain(word.text()) for word in words.items())
            for field, words in node.mapping((), FIELDS).items()}


def _words(node: Node) -> frozenset[str]:
    return frozenset(word.text().casefold().rstrip(".") for word in node.items())


def _choice(node: Node, name: str, allowed: Mapping[str, object]) -> str:
    said = node.text()
    if said not in allowed:
        words = ", ".join(allowed)
        raise node.fault("ledger.layout-word", name=name, word=said, allowed_da=words, allowed_en=words)
    return said
