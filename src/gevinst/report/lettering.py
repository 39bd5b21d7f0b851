"""Which letters can be printed: the shipped fonts, and what becomes of a character they do not have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from gevinst.report.tree import Document

FONTS = Path(__file__).parent / "fonts"
FAMILY = "IBM Plex Sans"
UNPRINTABLE = "?"

# No file format here may hold these: they are not characters of XML 1.0, or no characters at all.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_STAND_INS = {"\u2010": "-", "\u2011": "-", "\u2012": "\u2013", "\u2015": "\u2014", "\u200b": "", "\u2060": "",
              "\ufeff": "", "\u2009": "\u00a0", "\u202f": "\u00a0", "\t": " ", "\r": "", "\n": "\n"}

def cleaned(document: Document) -> Document:
    """The document without characters that no file may hold: control characters and lone surrogates.

    >>> cleaned(Document("a\\x00b", "da", "", (("Dato", "\\x07 1"),), ())).head
    (('Dato', ' 1'),)
    """
    fresh: Document = _clean(document)
    return fresh


def without_forbidden(text: str) -> str:
    """The text without those characters."""
    return _FORBIDDEN.sub("", text)


def _clean(node: Any) -> Any:
    if isinstance(node, str):
        return without_forbidden(node)
    if node is None or isinstance(node, int | float):
        return node
    if isinstance(node, tuple | list):
        return type(node)(_clean(part) for part in node)
    if isinstance(node, Mapping):
        return {_clean(key): _clean(value) for key, value in node.items()}
    if is_dataclass(node) and not isinstance(node, type):
        return replace(node, **{each.name: _clean(getattr(node, each.name)) for each in fields(node)})
    return node


def printable(text: str) -> str:
    """The text with only characters that the shipped font can draw; others become a question mark.

    PDF/A and PDF/UA refuse a file with a missing letter, and one odd sign in a case's story must not keep a
    municipality from its memo.

    >>> printable("Ærø ≥ 5 \\N{NON-BREAKING HYPHEN}x \\N{GRINNING FACE}")
    'Ærø ≥ 5 -x ?'
    """
    covered = _covered()
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        if letter in _STAND_INS:
            letters.append(_STAND_INS[letter])
        elif letter in covered:
            letters.append(letter)
        else:
            plainer = unicodedata.normalize("NFKC", letter)
            letters.append(plainer if all(part in covered for part in plainer) else UNPRINTABLE)
    return "".join(letters)


@cache
def _covered() -> frozenset[str]:
    found: set[str] = set()
    for line in (FONTS / "coverage.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            first, _, last = line.partition("-")
            found.update(chr(code) for code in range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)
